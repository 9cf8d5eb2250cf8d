"""Data frames of pandas, polars and pyarrow in place of files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import podium
from podium.data.tables import from_frame
from podium.index.spec import Spec

Faults = Callable[..., list[str]]
WIDE = {"layout": "wide"}
FRAME = pd.DataFrame({"unit": ["KOR", "JPN", "USA"], "g": pd.Categorical(["x", "y", "x"]), "a": [1.5, np.nan, 3], "b": [1, 2, 3]})


@pytest.mark.parametrize(
    "frame",
    [
        FRAME, FRAME.set_index("unit"), FRAME.set_index("unit").rename_axis(None), FRAME.convert_dtypes(),
        FRAME.astype({"a": object, "b": str}), pl.from_pandas(FRAME), pa.Table.from_pandas(FRAME),
        pa.Table.from_pandas(FRAME).to_batches()[0], {"table": FRAME.to_dict("list")},
    ],
    ids=["pandas", "named index", "labels as index", "nullable", "objects", "polars", "pyarrow", "record batch", "columns"],
)  # fmt: skip
def test_one_frame_in_every_library(read: Any, frame: Any) -> None:
    """Whatever holds them, the same figures and groups come out."""
    got, _ = read(WIDE, tables=frame)
    assert got.units == ("KOR", "JPN", "USA")
    np.testing.assert_array_equal(got.values, [[[1.5, 1], [np.nan, 2], [3, 3]]])
    assert got.unit_table["g"].tolist() == ["x", "y", "x"]


def test_long_frames_with_missing_and_errors(read: Any) -> None:
    """A long frame of polars, nulls and NaN alike missing, standard errors kept."""
    frame = pl.DataFrame({"unit": ["KOR", "KOR", "JPN"], "indicator": ["a", "b", "a"], "value": [1.0, None, float("nan")],
                          "error": [0.1, None, None]})  # fmt: skip
    got, _ = read({}, tables={"table": frame})
    np.testing.assert_array_equal(got.values, [[[np.nan, np.nan], [1, np.nan]]])
    assert got.errors[0, 1, 0] == 0.1


def test_build_from_frames_alone() -> None:
    """`podium.build(spec, data=…)` needs no file, and the tree may come from the codebook's groups."""
    book = pl.DataFrame({"code": ["a", "b"], "group": ["P", "P"], "weight": [3, 1], "direction": [1, -1]})
    units = pd.DataFrame({"unit": ["JPN", "KOR", "USA"], "heads": [2.0, 1.0, 3.0]})
    spec = Spec.model_validate({"name": "frames", "data": WIDE, "steps": {
        "normalise": {"method": "minmax", "range": [0, 100]}, "aggregate": {"method": "arithmetic"}}})  # fmt: skip
    built = podium.build(spec, data={"table": FRAME.fillna(2.25), "codebook": book, "units": units})
    assert [built.score_of(u) for u in ("KOR", "JPN", "USA")] == pytest.approx([25, 0.75 * 50 + 0.25 * 50, 75])
    assert built.dataset.unit_table["heads"].tolist() == [1.0, 2.0, 3.0]
    again = podium.build(built.spec, dataset=built.dataset)
    np.testing.assert_array_equal(again.score_table, built.score_table)


def test_receipts_tell_frames_apart(read: Any) -> None:
    """The same frame has the same hash in every library; another figure has another."""
    plain = FRAME.astype({"g": "string", "unit": "string"})
    hashes = [read(WIDE, tables=f)[0].files["data frame table"] for f in (plain, pl.from_pandas(plain), plain.assign(b=[1, 2, 4]))]
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (FRAME.assign(a=[1, "x", 3]), "data frame table:2: a of JPN is 'x', not a finite number"),
        (FRAME.assign(a=[1, np.inf, 3]), "data frame table:2: a of JPN is 'inf', not a finite number"),
        (FRAME.assign(a=[True, False, True]), "data frame table:1: a of KOR is 'true', not a finite number"),
        (FRAME.assign(a=pd.Timestamp("2020-01-01")), "a of KOR is '2020-01-01', not a finite number"),
        (FRAME.drop(columns="a"), "has no column 'a'"),
        (FRAME.drop(columns="unit"), "has no column 'unit'"),
        (pd.concat([FRAME, FRAME[:1]]).reset_index(drop=True), "data frame table:4: unit KOR occurs twice, first in line 1"),
        (FRAME.iloc[:0], "has heads but no rows"),
        (pd.DataFrame(), "has no columns"),
        (FRAME["a"], "Series is no table"),
        (pl.LazyFrame({"unit": ["KOR"]}), "LazyFrame is no table"),
        (np.eye(3), "ndarray is no table"),
        ([1, 2], "list is no table"),
        (pl.DataFrame({"unit": ["K"], "a": [[1, 2]], "b": [1]}), "a of K is '[1, 2]', not a finite number"),
        ({"tabel": FRAME}, "no table is called tabel. Use table, codebook"),
    ],
)
def test_what_is_no_table_of_figures(faults: Faults, frame: Any, says: str) -> None:
    """A frame at fault is named with its row, counted from 1; what is no frame is called so."""
    assert says in faults(WIDE, tables=frame)[0]


def test_frames_of_other_libraries_need_only_to_pandas() -> None:
    """An object that can become a frame of pandas is enough."""

    class Frame:
        def to_pandas(self) -> pd.DataFrame:
            return FRAME

    assert list(from_frame(Frame(), name="f").columns) == ["unit", "g", "a", "b"]
