"""Statistics, availability and screening, against COINr 1.1.14, pandas and SciPy, and by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats as scipy_stats

from podium.errors import DataError
from podium.index.build import Built
from podium.index.statistics import (
    Thresholds,
    availability,
    by_unit,
    flags,
    moments,
    screening,
    significant,
    statistics,
)

COLUMNS = {
    "Min": "min", "Max": "max", "Mean": "mean", "Median": "median", "Std": "sd", "Skew": "skew", "Kurt": "kurtosis",
    "N.Avail": "available", "N.NonZero": "nonzero", "N.Unique": "unique", "N.Same": "same",
    "Frc.Avail": "share_available", "Frc.NonZero": "share_nonzero", "Frc.Unique": "share_unique", "Frc.Same": "share_same",
}  # fmt: skip
FLAGS = {"Flag.Avail": ("few", "LOW"), "Flag.NonZero": ("zeros", "LOW"), "Flag.Unique": ("repeated", "LOW"),
         "Flag.SkewKurt": ("outliers", "OUT")}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "step", "figures"),
    [("stats_raw_full", "Raw", None), ("stats_raw_3sf", "Raw", 3), ("stats_aggregated_full", "Aggregated", None)],
)
def test_statistics_equal_coinr(asem: Built, reference: Path, name: str, step: str, figures: int | None) -> None:
    """Every statistic and flag of raw and of aggregated figures is COINr's, unrounded and to three figures."""
    theirs = pd.read_csv(reference / "06_screen" / f"{name}.csv", index_col="iCode")
    ours = statistics(asem, step=step, figures=figures).loc[theirs.index]
    for column, name_ in COLUMNS.items():
        np.testing.assert_allclose(ours[name_].to_numpy(float), theirs[column], rtol=1e-9, atol=1e-13)
    for column, (name_, word) in FLAGS.items():
        assert list(ours[name_]) == list(theirs[column] == word)


def test_quantiles_are_of_type_seven(asem: Built) -> None:
    """Quantiles are pandas' own, which are R's default."""
    raw, ours = asem.tables["Raw"], statistics(asem, step="Raw")
    for name, q in (("q05", 0.05), ("q25", 0.25), ("q75", 0.75), ("q95", 0.95)):
        np.testing.assert_allclose(ours[name], raw.quantile(q), rtol=1e-12)


def test_moments_equal_scipy_and_pandas() -> None:
    """Skew and kurtosis are SciPy's bias-corrected ones, the rest pandas'."""
    x = np.random.default_rng(3).gamma(2.0, size=(40, 3))
    x[5, 1] = np.nan
    ours, frame = moments(x), pd.DataFrame(x)
    np.testing.assert_allclose(ours["skew"], scipy_stats.skew(x, bias=False, nan_policy="omit"), rtol=1e-10)
    np.testing.assert_allclose(ours["kurtosis"], scipy_stats.kurtosis(x, bias=False, nan_policy="omit"), rtol=1e-10)
    np.testing.assert_allclose(ours["sd"], frame.std(), rtol=1e-12)
    np.testing.assert_array_equal(ours["unique"], frame.nunique())


def test_small_and_empty_columns_by_hand() -> None:
    """An empty column has NaN and counts of 0, one value has no spread, two zeros are no outliers."""
    x = np.array([[np.nan, 3.0, 0.0], [np.nan, np.nan, 0.0], [np.nan, np.nan, 5.0]])
    ours = moments(x)
    assert np.isnan(ours["mean"][0]) and ours["available"][0] == 0 and np.isnan(ours["sd"][1])
    assert (ours["nonzero"][2], ours["same"][2], ours["share_same"][2]) == (1, 2, pytest.approx(2 / 3))
    marks = flags(ours, 3, Thresholds())
    assert marks["few"].tolist() == [True, True, False] and not marks["outliers"].any()


def test_thresholds_decide_the_flags(asem: Built) -> None:
    """Above the greatest skew nothing is an outlier, at a threshold of 1 every gap is too few."""
    none = statistics(asem, step="Raw", limits=Thresholds(skew=100))
    all_gaps = statistics(asem, step="Raw", limits=Thresholds(available=1.0))
    assert not none["outliers"].any()
    assert list(all_gaps["few"]) == list(all_gaps["available"] < 51)


def test_significant_figures_by_hand() -> None:
    """Three figures are kept, whatever the size; NaN stays."""
    np.testing.assert_array_equal(significant(np.array([123456.0, 0.00123456, -9.996, np.nan]), 3), [123000, 0.00123, -10.0, np.nan])


def test_availability_equals_coinr(asem: Built, reference: Path) -> None:
    """Missing values and zeros of each unit, and shares below every group at every level, are COINr's."""
    theirs = pd.read_csv(reference / "06_screen" / "data_avail_summary.csv", index_col="uCode")
    ours = availability(asem, step="Raw").loc[theirs.index]
    np.testing.assert_allclose(ours.to_numpy(float), theirs.to_numpy(float), rtol=1e-12)
    theirs = pd.read_csv(reference / "06_screen" / "data_avail_by_group.csv", index_col="uCode")
    ours = availability(asem, step="Raw", groups=True).loc[theirs.index, list(theirs)]
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


SCREENS = [
    ("06_screen/byNA_0.95_summary", "Raw", "missing", 0.95, 0.05, (), ()),
    ("06_screen/byzeros_0.95_summary", "Raw", "zeros", 2 / 3, 0.95, (), ()),
    ("06_screen/byNAandzeros_force_summary", "Raw", "both", 0.95, 0.95, ("BRN",), ("AUT",)),
    ("01_pipeline/4_Screened_summary", "Imputed", "missing", 0.9, 0.05, (), ()),
]


@pytest.mark.parametrize(("file", "step", "by", "available", "nonzero", "keep", "drop"), SCREENS)
def test_screening_equals_coinr(
    asem: Built, reference: Path, file: str, step: str, by: str, available: float, nonzero: float,
    keep: tuple[str, ...], drop: tuple[str, ...],
) -> None:  # fmt: skip
    """By missing values, by zeros, by both with units forced in and out: every column of COINr's summary."""
    theirs = pd.read_csv(reference / f"{file}.csv", index_col="uCode")
    units = np.array(asem.units)
    ours = screening(asem.arrays[step], by=by, min_available=available, min_nonzero=nonzero,
                     keep=np.isin(units, keep), drop=np.isin(units, drop))  # type: ignore[arg-type]  # fmt: skip
    table = pd.DataFrame(ours, index=units).loc[theirs.index]
    for column, name in zip(theirs, table, strict=True):
        np.testing.assert_allclose(table[name].to_numpy(float), theirs[column].to_numpy(float), rtol=1e-12, err_msg=column)


def test_units_that_pass_are_coinrs(asem: Built, reference: Path) -> None:
    """The units that COINr's screened table has are those included."""
    theirs = pd.read_csv(reference / "06_screen" / "byNA_0.95_data.csv")["uCode"]
    ours = screening(asem.arrays["Raw"], by="missing", min_available=0.95, min_nonzero=0.05)["included"]
    assert [u for u, kept in zip(asem.units, ours, strict=True) if kept] == list(theirs)


def test_a_unit_without_data_by_hand() -> None:
    """It has no share of non-zero values, is few, and can still be kept by name; `drop` wins over `keep`."""
    x = np.array([[np.nan, np.nan], [0.0, 1.0]])
    found = screening(x, by="both", min_available=0.5, min_nonzero=0.9, keep=np.array([True, True]), drop=np.array([False, True]))
    assert np.isnan(by_unit(x)["share_nonzero"][0])
    assert found["few"].tolist() == [True, False] and found["zeros"].tolist() == [False, True]
    assert found["included"].tolist() == [True, False]


def test_unknown_tables_are_named(asem: Built) -> None:
    """A table that the index does not have is refused with those it has; groups have no availability."""
    with pytest.raises(DataError, match="Denominated"):
        statistics(asem, step="Cooked")
    with pytest.raises(DataError, match="before Aggregated"):
        availability(asem, step="Aggregated")


@settings(deadline=None)  # two cores, many workers
@given(arrays(float, (12, 3), elements=st.integers(-50, 50).map(float) | st.just(np.nan)), st.randoms())
def test_the_order_of_units_changes_nothing(x: np.ndarray, random: object) -> None:
    """Permuted units have the same statistics; a column times 2 has the same shape."""
    order = list(range(len(x)))
    random.shuffle(order)  # type: ignore[attr-defined]
    first, second, doubled = moments(x), moments(x[order]), moments(2 * x)
    for name in first:
        np.testing.assert_allclose(first[name], second[name], rtol=1e-9, atol=1e-12)
    for name in ("skew", "kurtosis", "unique", "same"):
        np.testing.assert_allclose(first[name], doubled[name], rtol=1e-9, atol=1e-12)
