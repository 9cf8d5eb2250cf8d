"""What it takes to repeat a result."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from podium.errors import InputError
from podium.index.build import build
from podium.index.receipt import digest, load_receipt, make_receipt, spec_of
from podium.index.results import write_folder, write_text
from podium.index.spec import load_spec


def test_digest_sees_every_bit_and_the_shape() -> None:
    """One changed last bit, or another shape, is another hash."""
    x = np.arange(6.0)
    y = x.copy()
    y[3] = np.nextafter(y[3], 9)
    assert len({digest(x), digest(y), digest(x.reshape(2, 3))}) == 3


def test_receipt_leads_back_to_the_specification(tmp_path: Path) -> None:
    """A bundled index is named, its edition and inputs kept, and nothing has changed since."""
    built = build(load_spec("ai-race", edition="2023"))
    receipt = make_receipt("build", built, digest(built.score_table))
    assert receipt["specification"] == "ai-race"
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(receipt), encoding="utf-8")
    spec, changed = spec_of(load_receipt(path), tmp_path)
    assert changed == []
    assert spec.edition == "2023"


def test_file_without_receipt_is_refused(tmp_path: Path) -> None:
    """Other JSON, and no JSON at all, are one clear error."""
    path = tmp_path / "x.json"
    for text in ("[1]", "{}", "no json"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="receipt"):
            load_receipt(path)


def test_nothing_half_written(tmp_path: Path) -> None:
    """Where the folder cannot be written there is one message and no trace."""
    built = build(load_spec("starter"))
    blocker = tmp_path / "file"
    blocker.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot write"):
        write_folder(built, blocker / "out", formats=["csv"], receipt={})
    with pytest.raises(InputError, match="cannot write"):
        write_text(blocker / "a.html", "x")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
