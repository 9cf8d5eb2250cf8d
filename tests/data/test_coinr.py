"""COINr's iData and iMeta as they are, and everything COINr objects to."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from podium.data.dataset import Dataset
from podium.index.spec import Node

Faults = Callable[..., list[str]]
COINR = {"coinr": {"data": "d.csv", "meta": "m.csv"}}
META = [
    ["Level", "iCode", "iName", "Direction", "Weight", "Unit", "Target", "Denominator", "Parent", "Type",
     "goalpost_lower", "goalpost_upper", "dist2targ_cap_max"],
    ["1", "a", "Ay", "1", "1", "kg", "9.5", "pop", "P", "Indicator", "0", "10", "TRUE"],
    ["1", "b", "Bee", "-1", "2", "%", "NA", "NA", "P", "Indicator", "NA", "NA", "NA"],
    ["1", "c", "Cee", "1", "1", "%", "NA", "NA", "Q", "Indicator", "NA", "NA", "NA"],
    ["2", "P", "Pillar", "1", "0.5", "Score", "NA", "NA", "I", "Aggregate", "NA", "NA", "NA"],
    ["2", "Q", "Quality", "1", "0.5", "Score", "NA", "NA", "I", "Aggregate", "NA", "NA", "NA"],
    ["3", "I", "Index", "1", "1", "Score", "NA", "NA", "NA", "Aggregate", "NA", "NA", "NA"],
    ["NA", "g", "Group", "NA", "NA", "NA", "NA", "NA", "NA", "Group", "NA", "NA", "NA"],
    ["NA", "pop", "Heads", "NA", "NA", "NA", "NA", "NA", "NA", "Denominator", "NA", "NA", "NA"],
    ["NA", "note", "Note", "NA", "NA", "NA", "NA", "NA", "NA", "Other", "NA", "NA", "NA"],
]  # fmt: skip
DATA = [
    ["uName", "uCode", "g", "pop", "note", "a", "b", "c"],
    ["Japan", "JPN", "x", "100", "n1", "1", "2", "3"],
    ["Austria", "AUT", "NA", "50", "n2", "4", "NA", "6"],
]


def written(rows: list[list[str]]) -> str:
    """Rows as R's write.csv has them."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\n").writerows(rows)
    return out.getvalue()


def changed(rows: list[list[str]], where: dict[tuple[int, str], str]) -> str:
    """The table with cells changed, by row and head."""
    copy = [list(r) for r in rows]
    for (row, head), cell in where.items():
        copy[row][rows[0].index(head)] = cell
    return written(copy)


def test_both_tables_as_they_are(read: Any) -> None:
    """Units by code, columns in iData's order, metadata of every type, the tree with its weights."""
    got, tree = read(COINR, {"d.csv": written(DATA), "m.csv": written(META)}, leaves=())
    assert isinstance(got, Dataset) and isinstance(tree, Node)
    assert (got.units, got.indicators) == (("AUT", "JPN"), ("a", "b", "c"))
    np.testing.assert_array_equal(got.values, [[[4, np.nan, 6], [1, 2, 3]]])
    a = got.codebook["a"]
    assert (a.label(), a.unit, a.direction, a.denominator, a.target, a.lower, a.upper) == ("Ay", "kg", 1, "pop", 9.5, 0, 10)
    assert (got.codebook["b"].direction, got.codebook["b"].target) == (-1, None)
    assert got.unit_table["pop"].tolist() == [50.0, 100.0]
    assert got.unit_table["g"].isna().tolist() == [True, False]
    assert got.unit_table["name"].tolist() == ["Austria", "Japan"]
    assert [(n.code, n.weight) for n in tree.walk()] == [("I", 1), ("P", 0.5), ("a", 1), ("b", 2), ("Q", 0.5), ("c", 1)]
    assert list(got.files) == ["d.csv", "m.csv"]


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_data_frames_give_what_the_files_give(read: Any, shared: Path, kind: str) -> None:
    """ASEM's two tables as data frames of either library, without a file."""
    folder = shared / "ref/coinr/00_input"
    paths = {"iData": folder / "ASEM_iData.csv", "iMeta": folder / "ASEM_iMeta.csv"}
    frames: dict[str, Any] = {k: pd.read_csv(p) for k, p in paths.items()}
    if kind == "polars":
        frames = {k: pl.from_pandas(f) for k, f in frames.items()}
    got, tree = read({}, leaves=(), tables=frames)
    theirs, their_tree = read({"coinr": {"data": str(paths["iData"]), "meta": str(paths["iMeta"])}}, leaves=())
    np.testing.assert_array_equal(got.values, theirs.values)
    assert (got.units, got.indicators, tree) == (theirs.units, theirs.indicators, their_tree)


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ({(1, "Type"): "Thing"}, "m.csv:2: the Type of a is 'Thing'. Use one of Indicator, Aggregate"),
        ({(1, "iCode"): ""}, "m.csv:2: the row has no iCode"),
        ({(2, "iCode"): "a"}, "m.csv:3: the iCode a occurs twice, first in line 2"),
        ({(1, "Level"): "NA"}, "m.csv:2: the Level of a is missing"),
        ({(1, "Level"): "1.5"}, "m.csv:2: the Level of a is 1.5, not a whole number"),
        ({(1, "Level"): "2"}, "m.csv:2: the indicator a is at Level 2"),
        ({(4, "Level"): "1"}, "m.csv:5: the aggregate P is at Level 1"),
        ({(6, "Level"): "4"}, "m.csv: no row is at Level 3"),
        ({(1, "Direction"): "0"}, "m.csv:2: the Direction of a is 0, not 1 or -1"),
        ({(1, "Direction"): "NA"}, "m.csv:2: the Direction of a is missing"),
        ({(1, "Weight"): "heavy"}, "m.csv:2: the Weight of a is 'heavy', not a finite number"),
        ({(1, "Weight"): "-1"}, "m.csv:2: the Weight of a is negative (-1)"),
        ({(1, "Target"): "inf"}, "m.csv:2: the Target of a is 'inf', not a finite number"),
        ({(1, "Parent"): "X"}, "m.csv:2: the Parent of a is X, which is no iCode of Type Aggregate"),
        ({(1, "Parent"): "b"}, "m.csv:2: the Parent of a is b, which is no iCode of Type Aggregate"),
        ({(1, "Parent"): "I"}, "m.csv:2: a is at Level 1 but its Parent I at Level 3"),
        ({(3, "Parent"): "P"}, "m.csv:6: the aggregate Q is nobody's Parent"),
        ({(4, "Parent"): "NA"}, "m.csv: has 2 aggregates or indicators without a Parent, not one: P, I"),
        ({(6, "Parent"): "P"}, "m.csv:2: the parents of a, b, c, P, Q, I form a cycle"),
        ({(1, "Denominator"): "Population"}, "m.csv:2: the Denominator of a is Population"),
    ],
)
def test_faults_of_imeta(faults: Faults, where: dict[tuple[int, str], str], says: str) -> None:
    """Each thing that check_iMeta() stops at is named with its line."""
    got = faults(COINR, {"d.csv": written(DATA), "m.csv": changed(META, where)}, leaves=())
    assert any(says in f for f in got), got


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([[*DATA[0][:1], "code", *DATA[0][2:]], *DATA[1:]], "d.csv:1: has no column 'uCode'"),
        ([[*r[:7]] for r in DATA], "d.csv:1: has no column c, which iMeta lists in line 4"),
        ([["uName", "uCode", "grp", *r[3:]] if k == 0 else r for k, r in enumerate(DATA)], "d.csv:1: the column grp is not among"),
        ([*DATA, ["Japan again", "JPN", "x", "1", "n", "1", "1", "1"]], "d.csv:4: unit JPN occurs twice, first in line 2"),
        ([*DATA, ["Nowhere", "", "x", "1", "n", "1", "1", "1"]], "d.csv:4: the row has no unit"),
        ([*DATA, ["K", "KOR", "x", "1", "n", "high", "1", "1"]], "d.csv:4: a of KOR is 'high', not a finite number"),
        ([*DATA, ["K", "KOR", "x", "many", "n", "1", "1", "1"]], "d.csv:4: pop of KOR is 'many', not a finite number"),
        ([[*r, "a" if k == 0 else "1"] for k, r in enumerate(DATA)], "d.csv:1: the head 'a' stands more than once"),
        ([[*r, "Time" if k == 0 else str(2017 + k)] for k, r in enumerate(DATA)], "d.csv:1: is a panel of 2 times, 2018 to 2019"),
    ],
)
def test_faults_of_idata(faults: Faults, rows: list[list[str]], says: str) -> None:
    """Each thing that check_iData() and new_coin() stop at is named with its line."""
    got = faults(COINR, {"d.csv": written(rows), "m.csv": written(META)}, leaves=())
    assert any(says in f for f in got), got


def test_a_unit_and_time_twice_in_a_panel(faults: Faults) -> None:
    """In a panel a unit stands once in each Time."""
    rows = [[*r, "Time" if k == 0 else "2018"] for k, r in enumerate([*DATA, DATA[1]])]
    got = faults({**COINR, "panel": True}, {"d.csv": written(rows), "m.csv": written(META)}, leaves=())
    assert got[0].startswith("d.csv:4: unit JPN in 2018 occurs twice, first in line 2")


def test_faults_of_both_tables_at_once(faults: Faults) -> None:
    """Columns, directions and cells at fault are named in one run; an absent table is said to be absent."""
    both = {"d.csv": changed(DATA, {(1, "a"): "x", (2, "c"): "y"}), "m.csv": written(META)}
    assert [f.split(" is ")[0] for f in faults(COINR, both, leaves=())] == ["d.csv:2: a of JPN", "d.csv:3: c of AUT"]
    assert "there is no such file" in faults({"coinr": {"data": "none.csv", "meta": "m.csv"}}, both, leaves=())[0]
    frame = pd.DataFrame([dict(zip(DATA[0], r, strict=True)) for r in DATA[1:]])
    assert "iMeta is not given" in faults({}, leaves=(), tables={"iData": frame})[0]


def test_namibia_is_a_unit_not_a_gap(read: Any) -> None:
    """NA means missing among figures and groups, and Namibia among units."""
    rows = [*DATA, ["Namibia", "NA", "NA", "NA", "NA", "NA", "1", "2"]]
    got, _ = read({**COINR, "countries": True}, {"d.csv": written(rows), "m.csv": written(META)}, leaves=())
    assert got.units == ("AUT", "JPN", "NAM")
    assert np.isnan(got.values[0, 2, 0]) and np.isnan(got.unit_table["pop"]["NAM"])
