"""Panels: one edition for each time of a table."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from podium.errors import DataError, SpecError
from podium.index.assemble import assemble
from podium.index.spec import Spec

STEPS = {"normalise": {"method": "minmax", "range": [0, 100]}, "aggregate": {"method": "arithmetic"}}
TREE = {"code": "index", "children": ["roads", "rails"]}


def spec(folder: Path, data: dict[str, Any], **more: Any) -> Spec:
    """A specification of two indicators beside its tables."""
    return Spec.model_validate({"name": "panel", "data": data, "tree": TREE, "steps": STEPS,
                                "file": str(folder / "index.yaml"), **more})  # fmt: skip


LONG = "iso,indicator,year,value\nKOR,roads,2019,2\nKOR,roads,2018,1\nJPN,roads,2018,3\nJPN,rails,2019,4\n"


def test_long_table_has_an_edition_for_each_time(tmp_path: Path) -> None:
    """Every cell stands in the edition of its own time; nothing is carried forward."""
    (tmp_path / "t.csv").write_text(LONG)
    data = {"table": "t.csv", "panel": True, "columns": {"unit": "iso", "time": "year"}}
    got, _ = assemble(spec(tmp_path, data))
    assert (got.editions, got.units, got.indicators) == (("2018", "2019"), ("JPN", "KOR"), ("roads", "rails"))
    nan = np.nan
    np.testing.assert_array_equal(got.values, [[[3, nan], [1, nan]], [[nan, 4], [2, nan]]])
    np.testing.assert_array_equal(got.years, [[[2018, nan], [2018, nan]], [[nan, 2019], [2019, nan]]])


def test_without_panel_the_latest_year_is_taken(tmp_path: Path) -> None:
    """The same table without `panel` is one edition, as before."""
    (tmp_path / "t.csv").write_text(LONG)
    got, _ = assemble(spec(tmp_path, {"table": "t.csv", "columns": {"unit": "iso", "time": "year"}}))
    np.testing.assert_array_equal(got.values, [[[3, 4], [2, np.nan]]])


def test_wide_table_with_a_column_of_times(tmp_path: Path) -> None:
    """A wide panel keeps what it says of units, for each edition where it changes."""
    (tmp_path / "t.csv").write_text(
        "unit,time,group,roads,rails\nKOR,2018,a,1,2\nJPN,2018,b,3,4\nKOR,2019,c,5,\nTWN,2019,a,7,8\n"
    )
    got, _ = assemble(spec(tmp_path, {"table": "t.csv", "layout": "wide", "panel": True}))
    assert got.units == ("KOR", "JPN", "TWN")
    np.testing.assert_array_equal(got.values[1], [[5, np.nan], [np.nan, np.nan], [7, 8]])
    assert got.unit_tables is not None
    assert got.table(0)["group"].tolist()[:2] == ["a", "b"]
    assert got.table(1)["group"]["KOR"] == "c"
    assert got.unit_table["group"].tolist() == ["c", "b", "a"]
    assert got.pick(["TWN", "KOR"]).table(1)["group"].tolist() == ["a", "c"]


def test_listed_editions_choose_the_times(tmp_path: Path) -> None:
    """Editions named in the specification are taken alone, in order of time, under their names."""
    (tmp_path / "t.csv").write_text(LONG)
    data = {"table": "t.csv", "panel": True, "columns": {"unit": "iso", "time": "year"}}
    got, _ = assemble(spec(tmp_path, data, editions=[{"name": "second", "year": 2019}]))
    assert (got.editions, got.values.shape) == (("second",), (1, 2, 2))
    with pytest.raises(SpecError, match="no figure is of the time of the edition third"):
        assemble(spec(tmp_path, data, editions=[{"name": "third", "year": 2020}]))
    with pytest.raises(SpecError, match="two editions are of the year 2019"):
        assemble(spec(tmp_path, data, editions=[{"name": "b", "year": 2019}, {"name": "a", "year": 2019}]))


def test_unit_twice_in_a_time_is_named(tmp_path: Path) -> None:
    """The same unit and time twice is a fault with its line."""
    (tmp_path / "t.csv").write_text("unit,time,roads,rails\nKOR,2018,1,2\nKOR,2018,3,4\n")
    with pytest.raises(DataError, match=r"t\.csv:3: unit KOR in 2018 occurs twice"):
        assemble(spec(tmp_path, {"table": "t.csv", "layout": "wide", "panel": True}))


def test_coinr_panel_as_it_is(tmp_path: Path, shared: Path) -> None:
    """COINr's panel example: five years, units by code, as many gaps as the file has, 2018 equal to the data of one year."""
    folder = shared / "ref/coinr/00_input"
    one, many = (
        assemble(Spec.model_validate({
            "name": "asem", "steps": STEPS, "file": str(folder / "index.yaml"),
            "data": {"coinr": {"data": name, "meta": "ASEM_iMeta.csv"}, "panel": panel},
        }))[0] for name, panel in (("ASEM_iData.csv", False), ("ASEM_iData_p.csv", True))
    )  # fmt: skip
    assert many.editions == ("2018", "2019", "2020", "2021", "2022")
    assert many.values.shape == (5, 51, 49)
    with (folder / "ASEM_iData_p.csv").open(encoding="utf-8") as file:
        gaps = sum(row[code] == "NA" for row in csv.DictReader(file) for code in many.indicators)
    assert int(np.isnan(many.values).sum()) == gaps > 0
    assert many.units == one.units == tuple(sorted(one.units))
    assert many.indicators == one.indicators
    np.testing.assert_array_equal(many.table(0)["GDP"], one.unit_table["GDP"])


def test_times_may_be_texts(tmp_path: Path) -> None:
    """Quarters and dates are editions in order of their text, 2018.0 is 2018, and a figure without a time is a fault."""
    rows = "unit,indicator,time,value\nKOR,roads,2019-Q1,1\nKOR,roads,2018-Q4,2\nKOR,rails,2018-Q4,3\n"
    (tmp_path / "t.csv").write_text(rows)
    got, _ = assemble(spec(tmp_path, {"table": "t.csv", "panel": True}))
    assert got.editions == ("2018-Q4", "2019-Q1")
    np.testing.assert_array_equal(got.years[:, 0, 0], [2018, 2019])
    (tmp_path / "t.csv").write_text("unit,indicator,time,value\nKOR,roads,2018.0,1\nKOR,rails,2018,2\nKOR,rails,10000,2\n")
    assert assemble(spec(tmp_path, {"table": "t.csv", "panel": True}))[0].editions == ("2018", "10000")
    (tmp_path / "t.csv").write_text(rows + "KOR,rails,,4\n")
    with pytest.raises(DataError, match=r"t\.csv:5: rails for KOR has no time"):
        assemble(spec(tmp_path, {"table": "t.csv", "panel": True}))
    (tmp_path / "t.csv").write_text(rows.replace("2018-Q4,3", "2019-Q2,3"))
    with pytest.raises(SpecError, match="several times fall in the year of the edition x"):
        assemble(spec(tmp_path, {"table": "t.csv", "panel": True}, editions=[{"name": "x", "year": 2019}]))


def test_tables_of_units_with_and_without_times(tmp_path: Path) -> None:
    """A table of units says what holds always, or at each time; what the table of figures says beside stays."""
    (tmp_path / "t.csv").write_text("unit,time,area,roads,rails\nKOR,2018,9,1,2\nJPN,2018,8,3,4\nKOR,2019,9,5,6\n")
    (tmp_path / "u.csv").write_text("unit,pop\nJPN,100\nKOR,50\n")
    (tmp_path / "v.csv").write_text("unit,time,pop\nJPN,2018,100\nKOR,2018,50\nKOR,2019,51\nKOR,2020,52\n")
    data = {"table": "t.csv", "layout": "wide", "panel": True}
    always, _ = assemble(spec(tmp_path, {**data, "units": "u.csv"}))
    assert always.table(0).loc["KOR", ["pop", "area"]].tolist() == [50, 9]
    by_time, _ = assemble(spec(tmp_path, {**data, "units": "v.csv"}))
    assert [by_time.table(k).loc["KOR", "pop"] for k in (0, 1)] == [50, 51]
    assert by_time.table(0).loc["JPN", "area"] == 8
    assert np.isnan(by_time.table(1).loc["JPN", "pop"])


def test_a_thousand_units_by_two_hundred_indicators_by_ten_years_wide() -> None:
    """A wide panel of that size from a data frame is placed in a few seconds of processor time, each figure right."""
    import time

    import pandas as pd

    rng = np.random.default_rng(3)
    figures = rng.normal(size=(10_000, 200))
    frame = pd.DataFrame(figures, columns=[f"i{k}" for k in range(200)])
    frame.insert(0, "unit", np.tile([f"U{k:04d}" for k in range(1000)], 10))
    frame.insert(1, "time", np.repeat(np.arange(2010, 2020), 1000))
    began = time.process_time()
    made = Spec.model_validate({"name": "big", "data": {"layout": "wide", "panel": True}, "steps": STEPS,
                                "tree": {"code": "index", "children": [f"i{k}" for k in range(200)]}})  # fmt: skip
    got, _ = assemble(made, tables=frame.sample(frac=1, random_state=1))
    assert time.process_time() - began < 8
    order = [got.units.index(f"U{k:04d}") for k in range(1000)]
    np.testing.assert_array_equal(got.values[:, order], figures.reshape(10, 1000, 200))
