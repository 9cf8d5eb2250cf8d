"""Correlations, their p-values and the doors on them, against COINr 1.1.14, SciPy and pandas, and by construction."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats as scipy_stats

from podium.errors import DataError
from podium.index import correlation as correlation_module
from podium.index.associations import (
    ancestor_correlations,
    correlations,
    denominator_correlations,
    flagged_correlations,
)
from podium.index.build import Built
from podium.index.correlation import KINDS, correlation_matrix
from podium.index.significance import kendall_tails, p_values, spearman_tails


@pytest.fixture(scope="module")
def folder(reference: Path) -> Path:
    """COINr's analyses."""
    return reference / "08_analysis"


@pytest.fixture(scope="module")
def gappy() -> np.ndarray:
    """Forty units with gaps, some of them with ties."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(40, 8))
    x[:, 5:] = np.round(x[:, 5:])
    x[rng.random(x.shape) < 0.1] = np.nan
    return x


@pytest.mark.parametrize("kind", KINDS)
def test_matrices_of_raw_indicators_equal_coinr(asem: Built, folder: Path, kind: Any) -> None:
    """All 49 × 49 coefficients of raw figures with gaps are COINr's."""
    theirs = pd.read_csv(folder / f"corr_raw_L1_{kind}.csv")
    ours = correlations(asem, step="Raw", kind=kind).pivot(index="first", columns="second", values="correlation")
    np.testing.assert_allclose(ours.loc[list(theirs), list(theirs)], theirs, rtol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_p_values_of_raw_indicators_equal_coinr(asem: Built, folder: Path, kind: Any) -> None:
    """All p-values are R's: t, the series of AS 89 without ties, Kendall exact or normal.

    Below 1e-13 R's exact Kendall is the rounding error of ``1 - P``, ours is the smaller tail itself.
    """
    theirs = pd.read_csv(folder / f"pvals_raw_{kind}.csv", index_col=0)
    ours = correlations(asem, step="Raw", kind=kind).pivot(index="first", columns="second", values="p")
    floor = 1e-14 if kind == "kendall" else 0.0
    np.testing.assert_allclose(ours.loc[theirs.index, list(theirs)], theirs, rtol=1e-9, atol=floor)


@pytest.mark.parametrize("kind", KINDS)
def test_indicators_against_the_index_equal_coinr(asem: Built, folder: Path, kind: Any) -> None:
    """Each indicator with the index, by every kind."""
    theirs = pd.read_csv(folder / f"corr_agg_L1_L4_{kind}.csv").set_index("Var2")["Correlation"]
    ours = correlations(asem, step="Aggregated", kind=kind, levels=(4, 1)).set_index("second")["correlation"]
    np.testing.assert_allclose(ours[theirs.index], theirs, rtol=1e-9)


def _pairs(theirs: pd.DataFrame) -> pd.Series:
    return theirs.set_index(["Var1", "Var2"])["Correlation"]


@pytest.mark.parametrize(("name", "options"), [("pval0.05", {"max_p": 0.05}), ("directions", {"directed": True})])
def test_long_tables_equal_coinr(asem: Built, folder: Path, name: str, options: dict[str, Any]) -> None:
    """Correlations with p above 0.05 are missing; with directions, negative indicators are turned."""
    theirs = _pairs(pd.read_csv(folder / f"corr_raw_{name}.csv"))
    ours = correlations(asem, step="Raw", kind="pearson", **options).set_index(["first", "second"])["correlation"]
    assert len(ours) == len(theirs)
    np.testing.assert_allclose(ours.loc[theirs.index], theirs, rtol=1e-9)


def test_within_groups_equal_coinr(asem: Built, folder: Path) -> None:
    """Pillars of the same sub-index, and no other pair."""
    theirs = _pairs(pd.read_csv(folder / "corr_agg_L2_grouplev3.csv"))
    ours = correlations(asem, step="Aggregated", kind="pearson", levels=(2, 2), within=3)
    ours_ = ours.set_index(["first", "second"])["correlation"]
    assert set(ours_.index) == set(theirs.index)
    np.testing.assert_allclose(ours_.loc[theirs.index], theirs, rtol=1e-9)


def test_with_parent_and_family_equal_coinr(asem: Built, folder: Path) -> None:
    """Each indicator with its pillar, its sub-index and the index."""
    family = ancestor_correlations(asem, level=1, kind="pearson")
    theirs = _pairs(pd.read_csv(folder / "corr_agg_L1_L2_withparent.csv"))
    parents = family[family["steps"] == 1].set_index(["ancestor", "item"])["correlation"]
    assert set(parents.index) == set(theirs.index)
    np.testing.assert_allclose(parents.loc[theirs.index], theirs, rtol=1e-9)
    theirs = pd.read_csv(folder / "corr_agg_family.csv")
    level = theirs["Var1"].map({"Pillar": 2, "Sub-index": 3, "Index": 4})
    ours = family.set_index(["level", "item"])["correlation"]
    assert len(ours) == len(theirs)
    np.testing.assert_allclose(ours.loc[list(zip(level, theirs["Var2"], strict=True))], theirs["Correlation"], rtol=1e-9)


@pytest.mark.parametrize(("name", "limit"), [("high", {"above": 0.75}), ("low", {"below": -0.4})])
def test_flags_equal_coinr(asem: Built, folder: Path, name: str, limit: dict[str, float]) -> None:
    """The pairs within pillars beyond a threshold, rounded to three decimals as COINr does."""
    theirs = pd.read_csv(folder / f"corr_flags_{name}.csv")
    ours = flagged_correlations(asem, step="Normalised", kind="pearson", within=2, **limit)
    found = {(r.group, frozenset((r.first, r.second))): round(r.correlation, 3) for r in ours.itertuples()}
    expected = {(r.Group, frozenset((r.Ind1, r.Ind2))): r.Corr for r in theirs.itertuples()}
    assert found == pytest.approx(expected)


def test_denominators_equal_coinr(asem: Built, folder: Path) -> None:
    """The indicators that go with area, energy, GDP or population."""
    theirs = pd.read_csv(folder / "denom_corr.csv").set_index(["Ind", "Denom"])["Corr"]
    ours = denominator_correlations(asem, step="Raw", kind="pearson", above=0.6, by=["Area", "Energy", "GDP", "Population"])
    found = ours.set_index(["item", "by"])["correlation"]
    assert set(found.index) == set(theirs.index)
    np.testing.assert_allclose(found.loc[theirs.index], theirs, rtol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_pairs_equal_scipy_one_by_one(gappy: np.ndarray, kind: Any) -> None:
    """Coefficients are SciPy's on the units of each pair; so are p-values where SciPy has R's rule."""
    by = {"pearson": scipy_stats.pearsonr, "spearman": scipy_stats.spearmanr, "kendall": scipy_stats.kendalltau}[kind]
    r, p = correlation_matrix(gappy, kind=kind), p_values(gappy, kind=kind)
    for i, j in itertools.combinations(range(gappy.shape[1]), 2):
        both = ~np.isnan(gappy[:, [i, j]]).any(axis=1)
        slow = by(gappy[both, i], gappy[both, j])
        assert r[i, j] == pytest.approx(slow.statistic, abs=1e-12)
        ties = max(i, j) >= 5
        if kind == "pearson" or ties:
            expected = scipy_stats.kendalltau(gappy[both, i], gappy[both, j], method="asymptotic").pvalue if kind == "kendall" else slow.pvalue
            assert p[i, j] == pytest.approx(expected, rel=1e-9)


def test_exact_kendall_equals_scipys_exact_test() -> None:
    """Exact p-values without ties are SciPy's, far into the tail."""
    rng = np.random.default_rng(1)
    for n in (3, 7, 12, 30, 49):
        x = rng.normal(size=n)
        for y in (rng.normal(size=n), x + 0.1 * rng.normal(size=n), -x):
            exact = scipy_stats.kendalltau(x, y, method="exact")
            assert kendall_tails(np.array([exact.statistic]), np.array([n]))[0] == pytest.approx(exact.pvalue, rel=1e-9)


@pytest.mark.parametrize("n", [4, 6, 7])
def test_exact_spearman_equals_counting_all_orders(n: int) -> None:
    """Up to nine units the p-value is a count over every order of the second column."""
    x = np.arange(float(n))
    rhos = np.array([scipy_stats.pearsonr(x, np.array(o)).statistic for o in itertools.permutations(x)])
    for rho in np.unique(rhos.round(9)):
        tail = min((rhos >= rho - 1e-9).mean(), (rhos <= rho + 1e-9).mean())
        assert spearman_tails(np.array([rho]), np.array([float(n)]))[0] == pytest.approx(min(1.0, 2 * tail))


def test_perfect_agreement_of_many_units_is_certain() -> None:
    """The same order and its reverse have the small p-value of the series, and no order can exceed 1."""
    n = np.array([20.0, 20.0, 20.0])
    p = spearman_tails(np.array([1.0, -1.0, 0.0]), n)
    assert p[:2] == pytest.approx(5.976e-06, rel=1e-3) and p[2] == pytest.approx(1, abs=0.01)


def test_constants_and_short_pairs_have_no_correlation() -> None:
    """Against a constant, also one only on the shared units, and below two units there is none."""
    x = np.array([[0.1, 1.0, np.nan], [0.1, 2.0, np.nan], [0.1, np.nan, 3.0], [0.1, 4.0, 5.0]])
    x = np.column_stack([x, [2.0, 2.0, 9.0, 2.0]])
    for kind in KINDS:
        r = correlation_matrix(x, kind=kind)
        assert np.isnan(r[0]).all() and np.isnan(r[1, 2]) and np.isnan(r[1, 3]) and not np.isnan(r[2, 3])


def test_an_outlier_outside_the_pair_costs_no_digits() -> None:
    """A unit that only one column has moves nothing, however large."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(30, 2))
    x[0] = (1e12, np.nan)
    alone = np.corrcoef(x[1:].T)[0, 1]
    assert correlation_matrix(x, kind="pearson")[0, 1] == pytest.approx(alone, rel=1e-10)


def test_many_units_take_the_other_way_to_the_same_tau(gappy: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the size that fits into memory, tau is counted pair by pair, with the same result."""
    whole = correlation_matrix(gappy, kind="kendall")
    monkeypatch.setattr(correlation_module, "WHOLE", 10)
    np.testing.assert_allclose(correlation_matrix(gappy, kind="kendall"), whole, rtol=1e-12)


def test_small_blocks_of_ranks_change_nothing(gappy: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranking column by column gives what ranking all at once gives."""
    whole = correlation_matrix(gappy, kind="spearman")
    monkeypatch.setattr(correlation_module, "BLOCK", 1)
    np.testing.assert_array_equal(correlation_matrix(gappy, kind="spearman"), whole)


def test_wrong_questions_are_refused(asem: Built) -> None:
    """An unknown kind, level or item, groups asked of indicators, and no threshold are named."""
    with pytest.raises(DataError, match="tau"):
        correlations(asem, step="Raw", kind="tau")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="no level 7"):
        correlations(asem, step="Raw", kind="pearson", levels=(7, 1))
    with pytest.raises(DataError, match="has no groups"):
        correlations(asem, step="Raw", kind="pearson", levels=(2, 1))
    with pytest.raises(DataError, match="Nothing not in the tree"):
        correlations(asem, step="Raw", kind="pearson", codes=["Nothing"])
    with pytest.raises(DataError, match="above"):
        flagged_correlations(asem, step="Raw", kind="pearson", within=2)
    with pytest.raises(DataError, match="nothing stands above"):
        ancestor_correlations(asem, level=4, kind="pearson")
    with pytest.raises(DataError, match="Fame"):
        denominator_correlations(asem, step="Raw", kind="pearson", above=0.5, by=["Fame"])


@settings(deadline=None)  # two cores, many workers
@given(arrays(float, (15, 3), elements=st.integers(-9, 9).map(float) | st.just(np.nan)), st.randoms(), st.sampled_from(KINDS))
def test_order_and_scale_change_nothing(x: np.ndarray, random: Any, kind: Any) -> None:
    """Units in another order, and indicators on another scale, have the same correlations; a turned one the opposite."""
    order = list(range(len(x)))
    random.shuffle(order)
    r = correlation_matrix(x, kind=kind)
    np.testing.assert_allclose(correlation_matrix(x[order], kind=kind), r, atol=1e-9)
    np.testing.assert_allclose(correlation_matrix(3 * x + 5, kind=kind), r, atol=1e-9)
    np.testing.assert_allclose(correlation_matrix(x, -x, kind=kind), -r, atol=1e-9)
    np.testing.assert_allclose(r, r.T, atol=1e-12)
