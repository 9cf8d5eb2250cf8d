"""Principal components and Cronbach's alpha, against COINr 1.1.14 and by construction."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from podium.errors import ComputationError, DataError
from podium.index.build import Built
from podium.index.components import component_table, principal_components
from podium.index.reliability import alpha_without, cronbach_alpha, pairwise_covariance, reliability


@pytest.mark.parametrize("level", [1, 2, 3])
def test_components_equal_coinr(asem: Built, reference: Path, level: int) -> None:
    """Standard deviations, shares and, up to sign, loadings of every component of every group are COINr's."""
    ours = component_table(asem, step="Aggregated", level=level)
    theirs = pd.read_csv(reference / "07_weights" / f"pca_sdev_L{level}.csv").set_index(["group", "pc"])
    once = ours.drop_duplicates(["group", "component"]).set_index(["group", "component"]).loc[theirs.index]
    np.testing.assert_allclose(once["sdev"], theirs["sdev"], rtol=1e-9)
    np.testing.assert_allclose(once["share"], theirs["frac_var"], rtol=1e-9)
    loadings = pd.read_csv(reference / "07_weights" / f"pca_loadings_L{level}.csv")
    loadings["pc"] = loadings["Var2"].str.removeprefix("PC").astype(int)
    held = ours.set_index(["group", "component", "item"])["loading"]
    for (group, pc), rows in loadings.groupby(["group", "pc"]):
        mine = held.loc[[(group, pc, c) for c in rows["iCode"]]].to_numpy()
        sign = np.sign(mine @ rows["Freq"].to_numpy())
        np.testing.assert_allclose(sign * mine, rows["Freq"], rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "step", "level", "by_group"),
    [("L1", "Aggregated", 1, True), ("L2", "Aggregated", 2, True), ("L3", "Aggregated", 3, True),
     ("L1_nogroups", "Aggregated", 1, False), ("raw_L1", "Raw", 1, True)],
)  # fmt: skip
def test_first_loadings_equal_coinrs_weights(
    asem: Built, reference: Path, name: str, step: str, level: int, by_group: bool
) -> None:
    """Loadings of component 1, up to the sign of a group, also over all groups and over units with gaps left out."""
    theirs = pd.read_csv(reference / "07_weights" / f"pca_weights_{name}.csv").query("Level == @level").set_index("iCode")["Weight"]
    ours = component_table(asem, step=step, level=level, by_group=by_group).query("component == 1")
    assert len(ours) == len(theirs)
    for _, rows in ours.groupby("group"):
        expected = theirs[rows["item"]].to_numpy()
        mine = rows["loading"].to_numpy()
        np.testing.assert_allclose(np.sign(mine @ expected) * mine, expected, rtol=1e-9, atol=1e-13)


def test_two_columns_by_hand() -> None:
    """Two standardised columns with correlation r have components 1 + r and 1 - r, loaded equally."""
    x = np.random.default_rng(0).normal(size=(30, 2))
    r = np.corrcoef(x.T)[0, 1]
    found = principal_components(x)
    np.testing.assert_allclose(sorted(found.sdev**2), sorted([1 + r, 1 - r]), rtol=1e-12)
    np.testing.assert_allclose(np.abs(found.loadings), np.sqrt(0.5), rtol=1e-12)


@settings(deadline=None)  # two cores, many workers
@given(arrays(float, (20, 4), elements=st.floats(-100, 100, allow_subnormal=False), unique=True))
def test_components_keep_the_variance_and_are_orthogonal(x: np.ndarray) -> None:
    """Shares sum to 1, loadings are orthonormal and turned to a positive sum, and rescaling a column changes nothing."""
    if (x.std(axis=0) < 1e-3).any():
        return
    found, scaled = principal_components(x), principal_components(x * [1, 10, 100, 0.1])
    assert found.share.sum() == pytest.approx(1) and (np.diff(found.share) <= 1e-12).all()
    np.testing.assert_allclose(found.loadings.T @ found.loadings, np.eye(4), atol=1e-9)
    assert (found.loadings.sum(axis=0) > -1e-8).all()
    np.testing.assert_allclose(scaled.sdev, found.sdev, rtol=1e-6, atol=1e-6)


def test_what_has_no_components_is_named(asem: Built) -> None:
    """A constant column, too few complete units, and groups asked of indicators are refused with a remedy."""
    x = np.random.default_rng(0).normal(size=(5, 2))
    with pytest.raises(ComputationError, match="column 2 is constant"):
        principal_components(np.column_stack([x[:, 0], np.ones(5)]))
    with pytest.raises(ComputationError, match="fewer than two units"):
        principal_components(np.where(np.arange(5)[:, None] > 0, np.nan, x))
    with pytest.raises(DataError, match="has no groups"):
        component_table(asem, step="Raw", level=2)


def test_alpha_equals_coinr(asem: Built, reference: Path) -> None:
    """Cronbach's alpha of every group at every level, of raw and of normalised figures, is COINr's."""
    theirs = pd.read_csv(reference / "08_analysis" / "cronbach.csv")
    for step, rows in theirs.groupby("dset"):
        ours = reliability(asem, step=str(step)).loc[rows["group"]]
        np.testing.assert_allclose(ours["alpha"], rows["alpha"], rtol=1e-9)
        np.testing.assert_array_equal(ours["items"], rows["n"])


def test_alpha_by_hand() -> None:
    """Copies of one column have alpha 1, standardised also copies on other scales; one column alone has none."""
    x = np.random.default_rng(4).normal(size=(50, 1))
    assert cronbach_alpha(np.tile(x, 3), standardised=False) == pytest.approx(1)
    assert cronbach_alpha(x * [1, 10, 100], standardised=True) == pytest.approx(1)
    assert cronbach_alpha(x * [1, 10, 100], standardised=False) < 1
    assert np.isnan(cronbach_alpha(x, standardised=False))


def test_alpha_is_the_textbook_formula_without_gaps() -> None:
    """Without gaps it is k/(k-1) (1 - Σ variances / variance of the sum)."""
    x = np.random.default_rng(5).normal(size=(40, 4)) + np.random.default_rng(6).normal(size=(40, 1))
    expected = 4 / 3 * (1 - x.var(axis=0, ddof=1).sum() / x.sum(axis=1).var(ddof=1))
    assert cronbach_alpha(x, standardised=False) == pytest.approx(expected)
    assert alpha_without(x, standardised=False)[0] == pytest.approx(cronbach_alpha(x[:, 1:], standardised=False))


def test_covariances_over_the_units_of_each_pair_are_pandas() -> None:
    """With gaps, covariances are pandas' pairwise ones."""
    x = np.random.default_rng(8).normal(size=(20, 3))
    x[:4, 0] = np.nan
    x[10:13, 2] = np.nan
    np.testing.assert_allclose(pairwise_covariance(x), pd.DataFrame(x).cov(), rtol=1e-12)
