"""Which units take part."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from podium.errors import DataError, SpecError
from podium.index.build import build
from podium.index.screen import screening
from podium.index.spec import load_spec

SPEC = """
name: small
data: {table: data.csv, layout: wide, columns: {unit: unit}}
tree: {code: all, children: [{code: p, children: [a, b]}, {code: q, children: [c, d]}]}
steps:
  screen: SCREEN
  normalise: {method: none}
  aggregate: {method: arithmetic}
"""
TABLE = "unit,a,b,c,d\nX,1,2,3,4\nY,,,3,4\nZ,0,0,1,2\nW,,2,,3\n"


def units(folder: Path, screen: str) -> tuple[str, ...]:
    """The units that a screen leaves."""
    (folder / "index.yaml").write_text(SPEC.replace("SCREEN", screen), encoding="utf-8")
    (folder / "data.csv").write_text(TABLE, encoding="utf-8")
    return build(load_spec(folder / "index.yaml")).units


@pytest.mark.parametrize(
    ("name", "options", "keep", "drop"),
    [("byNA_0.95", {"min_available": 0.95}, [], []), ("byzeros_0.95", {"min_nonzero": 0.95}, [], []),
     ("byNAandzeros_force", {"min_available": 0.95, "min_nonzero": 0.95}, ["BRN"], ["AUT"])],
)  # fmt: skip
def test_screens_of_coinr(shared: Path, name: str, options: dict[str, float], keep: list[str], drop: list[str]) -> None:
    """COINr 1.1.14, Screen by missing values, by zeros, by both with units forced in and out: every column of its summary."""
    folder = shared / "ref" / "coinr"
    theirs = pd.read_csv(folder / "06_screen" / f"{name}_summary.csv").set_index("uCode")
    meta = pd.read_csv(folder / "00_input" / "ASEM_iMeta.csv")
    raw = pd.read_csv(folder / "01_pipeline" / "1_Raw.csv").set_index("uCode").loc[theirs.index]
    raw = raw[[c for c in raw.columns if c in set(meta.loc[meta["Type"] == "Indicator", "iCode"])]]
    forced = [raw.index.isin(u) for u in (keep, drop)]
    ours = screening(raw.to_numpy(float), **options, keep=forced[0], drop=forced[1]).frame(list(raw.index))
    for mine, column in {"missing": "N_missing", "zero": "N_zero", "available": "Dat_Avail", "nonzero": "Non_Zero"}.items():
        np.testing.assert_allclose(ours[mine], theirs[column], rtol=1e-12)
    np.testing.assert_array_equal(ours["missing"] + ours["zero"], theirs["N_miss_or_zero"])
    np.testing.assert_array_equal(ours["included"], theirs["Included"])
    if "min_available" in options:
        np.testing.assert_array_equal(ours["low_data"], theirs["LowData"])
    if "min_nonzero" in options:
        np.testing.assert_array_equal(ours["low_nonzero"], theirs["LowNonZero"])


@pytest.mark.parametrize(
    ("screen", "left"),
    [("{min_available: 1}", "XZ"), ("{min_nonzero: 0.6}", "XYW"), ("{min_available: 0.5, min_nonzero: 0.6}", "XYW"),
     ("{group_min_available: 0.5}", "XZW"), ("{min_available: 1, keep: [Y], drop: [X]}", "YZ"), ("{min_available: 0.75}", "XZ")],
)  # fmt: skip
def test_screen_by_hand(tmp_path: Path, screen: str, left: str) -> None:
    """By missing figures, zeros, both, in each child of the root, and by name, on a table one can count."""
    assert units(tmp_path, screen) == tuple(left)


def test_forced_units_must_exist_and_agree(tmp_path: Path) -> None:
    """Both faults are named at once."""
    with pytest.raises(SpecError) as caught:
        units(tmp_path, "{min_available: 0.5, keep: [X, Q], drop: [X]}")
    assert "no unit Q" in str(caught.value)
    assert "keeps and drops X" in str(caught.value)


def test_division_by_zero_is_named(tmp_path: Path) -> None:
    """A denominator of 0 names every unit and indicator that it would divide, and not those without a figure."""
    text = SPEC.replace("  screen: SCREEN\n", "  denominate: {by: d, indicators: [a, b]}\n")
    (tmp_path / "index.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "data.csv").write_text("unit,a,b,c,d\nX,1,2,3,0\nY,,3,3,4\nZ,,,1,0\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        build(load_spec(tmp_path / "index.yaml"))
    assert [f.message for f in caught.value.faults] == ["a of X would be divided by 0", "b of X would be divided by 0"]
