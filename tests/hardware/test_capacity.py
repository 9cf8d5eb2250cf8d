"""What AI machines are worth."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from podium.errors import EvidenceError
from podium.hardware.accelerators import accelerator, accelerators, candidates
from podium.hardware.capacity import stock, worth
from podium.hardware.sites import clusters, coming
from podium.hardware.systems import system


def test_ratios_are_those_of_the_datasheets() -> None:
    """Dense 8-bit operations per second over those of the H100 (1.979e15): H200 1, B200 2.274, A100 0.315."""
    assert worth("H200", "dense8") == pytest.approx(1.0, abs=0.005)
    assert worth("B200", "dense8") == pytest.approx(2.274, abs=0.005)
    assert worth("A100", "dense8") == pytest.approx(0.315, abs=0.005)


def test_a_dgx_is_eight_chips() -> None:
    """A DGX B200 is 8 × B200, under every convention that the chip has."""
    assert system("DGX B200").count == 8
    for convention in ("dense8", "dense16", "bandwidth", "memory"):
        assert worth("DGX B200", convention) == pytest.approx(8 * worth("B200", convention))


def test_headline_is_the_vendors_and_no_datasheet_ratio() -> None:
    """The vendor's 15 × stands beside 2.3 × by datasheet; both are given, neither hides the other."""
    assert worth("DGX B200", "headline") / worth("DGX H100", "headline") == pytest.approx(15)
    assert worth("DGX B200", "dense8") / worth("DGX H100", "dense8") == pytest.approx(2.274, abs=0.01)


def test_national_stocks_equal_the_published_sums(shared: Path) -> None:
    """All 251 reference sums over Epoch AI's clusters come out of the bundled table.

    Four years of the USA differ by one cluster of 333 H100 equivalents, whose only successor Epoch calls unlikely.
    """
    table = pd.read_csv(shared / "data" / "ai_race" / "compute_country_year.csv")
    rows = table[table["status"] == "existing"].to_dict("records")
    assert len(rows) > 200
    for row in rows:
        ours = stock(row["iso3"], f"{row['year']:.0f}-12-31").value
        extra = 333.5 if row["iso3"] == "USA" and 2020 <= row["year"] <= 2023 else 0.0
        assert ours == pytest.approx(row["h100_equivalents"] + extra, rel=1e-3, abs=1.0)


def test_stock_admits_what_sources_miss() -> None:
    """The interval of a stock starts at what is recorded and ends far above it."""
    held = stock("KOR", "2024-12-31")
    assert held.low <= held.value < held.high
    assert held.high / held.value >= 5


def test_unnamed_chip_is_a_set_of_candidates() -> None:
    """In November 2024 a next-generation GPU may be a B200, but also an H200 or GB200; not an A100."""
    names = candidates("2024-11-14")
    assert "NVIDIA B200" in names
    assert len(names) >= 3
    assert not any("A100" in n for n in names)


@pytest.mark.parametrize("spelling", ["B200", "NVIDIA B200", "엔비디아 B200", "b200 GPU"])
def test_spellings_of_newspapers(spelling: str) -> None:
    """A chip is found in any usual spelling."""
    assert accelerator(spelling).name == "NVIDIA B200"


def test_unknown_machine_is_named() -> None:
    """A machine that nobody knows is an error, never a guess."""
    with pytest.raises(EvidenceError, match="Z9000"):
        accelerator("Z9000")
    with pytest.raises(EvidenceError, match="convention"):
        worth("B200", "gigahertz")


def test_every_chip_names_its_source() -> None:
    """No figure stands without an address."""
    assert all(a.url for a in accelerators().values())


def test_plans_known_on_a_date() -> None:
    """What was not public by a date is not counted as known then."""
    held, unknown = coming("2023-12-31", "2024-11-14")
    assert all(c.known_by("2024-11-14") for c in held)
    assert unknown > 0
    assert {c.status for c in clusters()} <= {"Existing", "Planned", "Decommissioned"}
