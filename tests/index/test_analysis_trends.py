"""Trends of series over time, by hand, against NumPy's least squares, and on COINr's panel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from podium.data.dataset import Dataset
from podium.errors import DataError, SpecError
from podium.index.build import Built, build_panel
from podium.index.spec import load_spec
from podium.index.trends import KINDS, growth_rate, interpolated, last_points, percentage_change, register_trend, trends

YEARS = np.arange(2018.0, 2022.0)


@pytest.fixture(scope="module")
def panel(reference: Path) -> pd.DataFrame:
    """COINr's panel of five years, with gaps knocked into it."""
    return pd.read_csv(reference / "12_panel" / "impute_input_1500NA.csv")


def test_growth_rates_by_hand() -> None:
    """From 1 to 8 in three years is 100 % a year, over a gap too; equal ends 0, from 0 infinite, through 0 none."""
    y = np.array([[1, -1, 0, 0, 5, 2.0], [np.nan, 2, 1, 3, np.nan, 2], [4, 4, 1, 9, np.nan, 3], [8, 8, 0, 1, np.nan, 2]])
    np.testing.assert_allclose(growth_rate(y, YEARS), [1, np.nan, 0, np.inf, np.nan, 0])


def test_percentage_changes_by_hand() -> None:
    """Two values are taken as they are, three by a line; equal values do not change; one is not enough."""
    y = np.array([[1, 1, 3, 5.0], [np.nan, np.nan, 3, np.nan], [np.nan, 4, np.nan, np.nan], [4, 8, 3, np.nan]])
    slope, intercept = np.polyfit([0, 2, 3], [1, 4, 8], 1)
    np.testing.assert_allclose(percentage_change(y, YEARS), [100, 100 * slope / intercept, 0, np.nan])
    assert percentage_change(y, YEARS, per=10)[0] == pytest.approx(1000)


def test_latest_points_by_hand() -> None:
    """The last three times count back from the last value; a series that just reaches back counts, a shorter one not."""
    y = np.array([[1, 1.0, np.nan], [2, 2, 4], [3, 3, 5], [4, np.nan, np.nan]])
    np.testing.assert_array_equal(last_points(y, 3), [[np.nan, 1, np.nan], [2, 2, 4], [3, 3, 5], [4, np.nan, np.nan]])
    np.testing.assert_array_equal(np.isnan(last_points(y[:, :2], 4)).all(axis=0), [False, True])


def test_interpolation_by_hand() -> None:
    """Gaps are filled on the line between neighbours at the times asked for, ends and lone values are not."""
    y = np.array([[1, np.nan, np.nan], [np.nan, 2, np.nan], [np.nan, np.nan, 7], [7, 4, np.nan]])
    np.testing.assert_allclose(interpolated(y, YEARS, YEARS), [[1, np.nan, np.nan], [3, 2, np.nan], [5, 3, 7], [7, 4, np.nan]])
    np.testing.assert_allclose(interpolated(y, YEARS, np.array([2019.0]))[:, 0], [1, 3, np.nan, 7])


def _slow_growth(y: np.ndarray, x: np.ndarray) -> float:
    known = np.flatnonzero(~np.isnan(y))
    if len(known) < 2:
        return np.nan
    a, b = y[known[0]], y[known[-1]]
    if a == b:
        return 0.0
    with np.errstate(all="ignore"):
        return float(np.float64(b / np.float64(a)) ** (1 / (x[known[-1]] - x[known[0]])) - 1)


def _slow_change(y: np.ndarray, x: np.ndarray) -> float:
    known = np.flatnonzero(~np.isnan(y))
    if len(known) < 2:
        return np.nan
    if len(set(y[known])) == 1:
        return 0.0
    with np.errstate(all="ignore"):
        slope, intercept = np.polyfit(x[known] - x[known[0]], y[known], 1)
        start = y[known[0]] if len(known) == 2 else intercept
        return float(100 * slope / np.float64(start))


@pytest.mark.parametrize(("kind", "slow"), [("growth_rate", _slow_growth), ("percentage_change", _slow_change)])
@pytest.mark.parametrize("latest", [None, 3])
def test_a_whole_panel_equals_a_slow_count(panel: pd.DataFrame, kind: str, slow: Any, latest: int | None) -> None:
    """All 51 × 49 series with gaps, whole or by their last three years, equal series counted one by one."""
    ours = trends(panel, kind=kind, unit="uCode", time="Time", latest=latest).set_index(["item", "unit"])
    for unit, rows in panel.sort_values("Time").groupby("uCode"):
        x = rows["Time"].to_numpy(float)
        for item in list(panel)[2:]:
            y = rows[item].to_numpy(float)
            held = ours.loc[(item, unit)]
            assert held["available"] == pytest.approx((~np.isnan(y)).mean())
            if latest is not None and (~np.isnan(y)).any():
                end = np.flatnonzero(~np.isnan(y))[-1]
                y = y[end - 2 : end + 1] if end >= 2 else np.full(1, np.nan)
                x_ = x[end - 2 : end + 1] if end >= 2 else x[:1]
            else:
                x_ = x
            np.testing.assert_allclose(held["trend"], slow(y, x_), rtol=1e-7, atol=1e-9)


def test_interpolated_trends_use_the_filled_series(panel: pd.DataFrame) -> None:
    """Growth does not change by filling gaps between the ends, but slopes and the last points do."""
    plain = trends(panel, kind="growth_rate", unit="uCode", time="Time")
    filled = trends(panel, kind="growth_rate", unit="uCode", time="Time", interpolate="all")
    np.testing.assert_allclose(plain["trend"], filled["trend"], rtol=1e-12)
    np.testing.assert_array_equal(plain["available"], filled["available"])
    last = trends(panel, kind="growth_rate", unit="uCode", time="Time", latest=2)
    both = trends(panel, kind="growth_rate", unit="uCode", time="Time", latest=2, interpolate="all")
    assert both["trend"].notna().sum() > last["trend"].notna().sum()
    np.testing.assert_array_equal(last["available_latest"], both["available_latest"])


def test_some_times_directions_and_new_times(panel: pd.DataFrame) -> None:
    """Times can be chosen, trends turned, and values read off between years."""
    some = trends(panel, kind="growth_rate", unit="uCode", time="Time", times=[2018, 2020])
    cut = trends(panel[panel["Time"].isin([2018, 2020])], kind="growth_rate", unit="uCode", time="Time")
    np.testing.assert_allclose(some["trend"], cut["trend"], rtol=1e-12)
    np.testing.assert_allclose(some["available"], cut["available"])
    turned = trends(panel, kind="growth_rate", unit="uCode", time="Time", directions=dict.fromkeys(list(panel)[2:], -1))
    np.testing.assert_allclose(turned["trend"], -trends(panel, kind="growth_rate", unit="uCode", time="Time")["trend"])
    between = trends(panel, kind="growth_rate", unit="uCode", time="Time", interpolate=[2018.5])
    assert between["available"].max() == pytest.approx(5 / 6)


def test_own_trends_can_be_registered(panel: pd.DataFrame) -> None:
    """A measure of one's own is found under its name."""
    register_trend("last_value", lambda y, t: y[-1])
    try:
        ours = trends(panel, kind="last_value", unit="uCode", time="Time")
    finally:
        del KINDS["last_value"]
    last = panel[panel["Time"] == 2022].set_index("uCode")["LPI"]
    np.testing.assert_array_equal(ours[ours["item"] == "LPI"].set_index("unit")["trend"], last.sort_index())


def test_editions_of_a_dataset_are_times(asem: Built) -> None:
    """A dataset whose editions are years has trends; one whose editions are not is refused."""
    one = asem.dataset
    cells = {n: np.concatenate([getattr(one, n)] * 2) for n in ("errors", "years", "censored")}
    values = np.concatenate([one.values, one.values * 1.1])
    data = Dataset(("2020", "2022"), one.units, one.indicators, values, unit_table=one.unit_table, codebook=one.codebook, **cells)
    grown = trends(data, kind="growth_rate")
    with_values = grown.loc[grown["trend"].notna() & (grown["trend"] != 0), "trend"]
    np.testing.assert_allclose(with_values, np.sqrt(1.1) - 1)
    with pytest.raises(DataError, match="not named by years"):
        trends(Dataset(("a", "b"), one.units, one.indicators, values, unit_table=one.unit_table, codebook=one.codebook, **cells), kind="growth_rate")


def test_wrong_questions_are_refused(panel: pd.DataFrame) -> None:
    """Kinds, columns and times that are not there, and a doubled row, are named."""
    for call, message in (
        (lambda: trends(panel, kind="up", unit="uCode", time="Time"), "no trend 'up'"),
        (lambda: trends(panel, kind="growth_rate"), "no column 'unit'"),
        (lambda: trends(panel, kind="growth_rate", unit="uCode", time="Time", times=[1999]), "no time 1999"),
        (lambda: trends(panel, kind="growth_rate", unit="uCode", time="Time", interpolate=[1999]), "outside"),
        (lambda: trends(pd.concat([panel, panel[:1]]), kind="growth_rate", unit="uCode", time="Time"), "AUS has two rows of 2018"),
    ):
        with pytest.raises(DataError, match=message):
            call()


@settings(deadline=None)  # two cores, many workers
@given(st.lists(st.integers(1, 100), min_size=4, max_size=4), st.integers(1, 50), st.permutations(range(4)))
def test_scale_and_order_of_rows_change_nothing(y: list[int], factor: int, order: list[int]) -> None:
    """Rates are of any unit of measure, and rows may come in any order."""
    frame = pd.DataFrame({"unit": "A", "time": YEARS, "x": np.array(y, float), "z": np.array(y, float) * factor})
    for kind in KINDS:
        found = trends(frame.iloc[order], kind=kind)["trend"].to_numpy()
        np.testing.assert_allclose(found[0], found[1], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(found, trends(frame, kind=kind)["trend"], rtol=1e-12)


def test_trends_of_a_built_panel_are_those_of_coinrs_table(reference: Path, tmp_path: Path) -> None:
    """The dataset of a panel, its table of raw figures, and COINr's own table have the same trends; scores have some too."""
    tables = {n: str(reference / "00_input" / f) for n, f in (("data", "ASEM_iData_p.csv"), ("meta", "ASEM_iMeta.csv"))}
    path = tmp_path / "panel.yaml"
    steps = {"normalise": {"method": "minmax", "range": [0, 100], "over": "panel"}, "aggregate": {"method": "arithmetic"}}
    path.write_text(yaml.safe_dump({"name": "asem", "data": {"coinr": tables, "panel": True}, "steps": steps}), encoding="utf-8")
    built = build_panel(load_spec(path))
    raw = pd.read_csv(reference / "12_panel" / "example_Raw.csv")
    for kind in KINDS:
        theirs = trends(raw, kind=kind, unit="uCode", time="Time").set_index(["item", "unit"])["trend"]
        ours = trends(built.dataset, kind=kind).set_index(["item", "unit"])["trend"]
        np.testing.assert_allclose(ours[theirs.index], theirs, rtol=1e-9)
        stacked = trends(built.tables["Raw"].reset_index(), kind=kind, time="edition").set_index(["item", "unit"])["trend"]
        np.testing.assert_allclose(stacked[theirs.index], theirs, rtol=1e-9)
    index = trends(built.scores.reset_index(), kind="percentage_change", time="edition").set_index(["item", "unit"])["trend"]
    by_hand = built.scores["Index"].unstack("edition").loc["AUT"].to_numpy()
    slope, start = np.polyfit(range(5), by_hand, 1)
    assert index["Index", "AUT"] == pytest.approx(100 * slope / start)


@pytest.mark.parametrize("over", ["panel", "edition"])
def test_weights_of_a_panel_are_learnt_over_it_or_over_each_edition(reference: Path, tmp_path: Path, over: str) -> None:
    """Over the panel all editions have one set of weights, over the edition each its own; silence is refused."""
    tables = {n: str(reference / "00_input" / f) for n, f in (("data", "ASEM_iData_p.csv"), ("meta", "ASEM_iMeta.csv"))}
    path = tmp_path / "panel.yaml"
    steps: dict[str, Any] = {"normalise": {"method": "minmax", "range": [0, 100], "over": "panel"}, "aggregate": {"method": "arithmetic"},
                             "weights": {"method": "pca", "loadings": "squared", "over": over}}  # fmt: skip
    content = {"name": "asem", "data": {"coinr": tables, "panel": True}, "steps": steps}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    built = build_panel(load_spec(path))
    sets = {tuple(np.round(b.tree.weights, 12)) for b in built.built.values()}
    assert len(sets) == (1 if over == "panel" else 5)
    del steps["weights"]["over"]
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(SpecError, match="lacks `over`"):
        build_panel(load_spec(path))
