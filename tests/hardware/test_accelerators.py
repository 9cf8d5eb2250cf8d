"""The user's own accelerators beside those that ship."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from podium.evidence.facts import Fact, Source
from podium.evidence.importers.epoch import hardware_facts
from podium.hardware.accelerators import Accelerator, accelerator, accelerators, beside, from_facts
from podium.hardware.capacity import worth


def fact(subject: str, field: str, value: float | None, text: str = "") -> Fact:
    """A fact on an accelerator, as an import makes it."""
    told = (Source("Maker", url="https://example.org/list"), Source("Maker", url="https://example.org/sheet"))
    return Fact("", subject, f"accelerator:{field}", "", value, "", text=text, sources=told)


def test_an_own_chip_is_worth_what_its_facts_say() -> None:
    """A chip of twice the H100's dense 8-bit rate is worth two, only where it stands beside the others."""
    own = from_facts([
        fact("Rebellions X", "vendor", None, "Rebellions"), fact("Rebellions X", "int8", 2 * 1.979e15),
        fact("Rebellions X", "dense16", 1e15), fact("Rebellions X", "memory", 144e9),
    ])  # fmt: skip
    with beside(own):
        assert worth("Rebellions X", "dense8") == pytest.approx(2.0, abs=0.005)
        assert accelerator("rebellions x").memory == 144e9
        assert accelerator("Rebellions X").url == "https://example.org/sheet"
    assert "Rebellions X" not in accelerators()


def test_an_own_figure_replaces_the_one_that_ships_and_no_other() -> None:
    """A corrected memory of the H200 leaves its rates as they are."""
    before = accelerators()["NVIDIA H200 SXM"]
    with beside(from_facts([fact("NVIDIA H200 SXM", "memory", 1.0), fact("NVIDIA H200 SXM", "memory", 150e9)])):
        after = accelerators()["NVIDIA H200 SXM"]
    assert (after.memory, after.dense8, after.vendor) == (150e9, before.dense8, before.vendor)


def test_the_published_table_imported_says_what_ships(shared: Path) -> None:
    """Epoch AI's table in a ledger gives the figures of the bundled table for every chip of it."""
    own = from_facts(hardware_facts(shared / "data" / "ai_race" / "epoch_ml_hardware.csv"))
    shipped = accelerators()
    assert len(shipped) == 130 and shipped.keys() <= own.keys()
    for name, chip in shipped.items():
        same = replace(own[name], **{k: getattr(chip, k) for k in ("url", *close(own[name], chip))})
        assert same == chip


def close(a: Accelerator, b: Accelerator) -> list[str]:
    """Fields that agree to a millionth: what ships is rounded to seven digits."""
    pairs = {k: (getattr(a, k), getattr(b, k)) for k in ("dense8", "dense16", "fp4", "bandwidth", "memory")}
    return [k for k, (x, y) in pairs.items() if x is not None and y is not None and math.isclose(x, y, rel_tol=1e-6)]
