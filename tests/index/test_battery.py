"""One battery of invariants for every registered normalisation, aggregation, change of outliers and imputation.

A method that is registered is tested here by itself: relabelled and permuted units and indicators, another unit of
measurement, a duplicated unit, a row without any figure, one unit alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from podium.index import aggregate, impute, normalise, treat
from podium.index.normalise import Parameters

QUICK = settings(max_examples=15, deadline=None)
NORMALISATIONS = sorted(normalise.METHODS)
AGGREGATIONS = sorted(aggregate.METHODS)


@st.composite
def tables(draw: st.DrawFn, rows: tuple[int, int] = (3, 8), columns: tuple[int, int] = (2, 4)) -> np.ndarray:
    """Figures of units and indicators: two decimals, ties, no constant column."""
    shape = draw(st.tuples(st.integers(*rows), st.integers(*columns)))
    cells = hnp.arrays(float, shape, elements=st.integers(100, 9999).map(lambda n: n / 100))
    return draw(cells.filter(lambda x: bool((x.max(axis=0) > x.min(axis=0)).all())))


def parameters(x: np.ndarray, method: str, *, scale: float = 1.0, shift: float = 0.0, reference: int = 1) -> Parameters:
    """What a method may need, on the indicator's unit times `scale` plus `shift`."""
    n = x.shape[-1]

    def post(v: float) -> np.ndarray:
        return np.full(n, v * scale + shift)

    return Parameters(
        low=1, high=100, mean=50, sd=10, factor=3, direction=np.ones(n), lower=post(0), upper=post(110), target=post(120),
        reference=reference, edges=(0.25, 0.5), classes=(0.0, 50.0, 100.0),
    )  # fmt: skip


def normalised(x: np.ndarray, method: str, given: Parameters) -> np.ndarray:
    """Learnt and applied in one go."""
    return normalise.normalise(x, normalise.learn(x, method, given), method=method, parameters=given)


@pytest.mark.parametrize("method", NORMALISATIONS)
@QUICK
@given(x=tables(), seed=st.integers(0, 99))
def test_normalisation_follows_permuted_units_and_indicators(method: str, x: np.ndarray, seed: int) -> None:
    """Rows and columns in another order give the same values in that order."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(len(x)), rng.permutation(x.shape[1])
    one = normalised(x, method, parameters(x, method))
    at = int(np.flatnonzero(rows == 1)[0])
    other = normalised(x[np.ix_(rows, columns)], method, parameters(x, method, reference=at))
    np.testing.assert_allclose(other, one[np.ix_(rows, columns)], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("method", [m for m in NORMALISATIONS if normalise.METHODS[m].invariant])
@QUICK
@given(x=tables(), scale=st.sampled_from([0.25, 2.0, 1024.0]), shift=st.sampled_from([0.0, -64.0, 512.0]))
def test_normalisation_does_not_see_the_unit_of_measurement(method: str, x: np.ndarray, scale: float, shift: float) -> None:
    """A positive multiple, and where the method says so a shift, with posts and targets changed too, leave it alone."""
    shift = shift if "shift" in normalise.METHODS[method].invariant else 0.0
    one = normalised(x, method, parameters(x, method))
    other = normalised(x * scale + shift, method, parameters(x, method, scale=scale, shift=shift))
    np.testing.assert_allclose(other, one, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("method", NORMALISATIONS)
@QUICK
@given(x=tables())
def test_normalisation_treats_a_duplicated_unit_like_its_twin(method: str, x: np.ndarray) -> None:
    """Two equal rows have equal values."""
    twins = np.vstack([x, x[:1]])
    out = normalised(twins, method, parameters(x, method))
    np.testing.assert_array_equal(out[0], out[-1])


@pytest.mark.parametrize("method", NORMALISATIONS)
@QUICK
@given(x=tables())
def test_normalisation_leaves_a_missing_row_missing_and_out_of_account(method: str, x: np.ndarray) -> None:
    """A unit without figures gets none and changes no other's."""
    out = normalised(np.vstack([x, np.full((1, x.shape[1]), np.nan)]), method, parameters(x, method))
    assert np.isnan(out[-1]).all()
    np.testing.assert_allclose(out[:-1], normalised(x, method, parameters(x, method)), rtol=1e-12)


@pytest.mark.parametrize("method", NORMALISATIONS)
@QUICK
@given(x=tables())
def test_normalisation_keeps_the_order_of_units(method: str, x: np.ndarray) -> None:
    """A higher figure has no lower value: every method is monotone."""
    out = normalised(x, method, parameters(x, method))
    for k in range(x.shape[1]):
        order = np.argsort(x[:, k], kind="stable")
        assert not (np.diff(out[order, k]) < -1e-9).any()


@pytest.mark.parametrize("method", NORMALISATIONS)
def test_normalisation_of_one_unit(method: str) -> None:
    """One unit alone has a value, or none where the method needs a spread; it never fails."""
    x = np.array([[3.0, 5.0]])
    out = normalised(x, method, parameters(x, method, reference=0))
    assert out.shape == (1, 2)
    assert np.isnan(out).all() or np.isfinite(out).all()
    assert np.isfinite(out).all() or normalise.METHODS[method].spread


@pytest.mark.parametrize("method", NORMALISATIONS)
@pytest.mark.parametrize("figure", [1e6, -1e6])
def test_frozen_normalisation_has_a_value_beyond_what_it_learnt(method: str, figure: float) -> None:
    """A record in a frozen normalisation has a value that is no worse than the best, or the worst, learnt."""
    x = np.array([[3.0, 8.0], [5.0, 7.0], [9.0, 4.0]])
    p = parameters(x, method)
    learnt = normalise.learn(x, method, p)
    before = normalise.normalise(x, learnt, method=method, parameters=p)
    beyond = normalise.normalise(np.full((1, 2), figure), learnt, method=method, parameters=p)
    assert np.isfinite(beyond).all()
    assert (beyond >= before - 1e-9).all() if figure > 0 else (beyond <= before + 1e-9).all()


@pytest.mark.parametrize("method", NORMALISATIONS)
def test_normalisation_broadcasts_over_draws(method: str) -> None:
    """A leading axis of draws gives what each draw gives alone."""
    x = np.random.default_rng(3).uniform(1, 99, (4, 6, 3))
    p = parameters(x[0], method)
    np.testing.assert_allclose(normalised(x, method, p), np.stack([normalised(one, method, p) for one in x]), rtol=1e-12)


def combined(x: np.ndarray, method: str, weights: np.ndarray | None = None) -> np.ndarray:
    """Scores of one node over all columns."""
    how = aggregate.METHODS[method]
    w = np.ones(x.shape[1]) if weights is None else weights
    there = ~np.isnan(x)
    share = np.where(there, w, 0.0)
    share = share if how.raw else share / share.sum(axis=-1, keepdims=True)
    options: dict[str, Any] = {"top": 200.0} if "top" in how.options else {}
    return how.combine(np.where(there, x, 1.0), share, **options)


ORDERED = {m for m in AGGREGATIONS if not aggregate.METHODS[m].symmetric}  # the first child is not like the others


@pytest.mark.parametrize("method", AGGREGATIONS)
@QUICK
@given(x=tables(), seed=st.integers(0, 99))
def test_aggregation_follows_permuted_units_and_children(method: str, x: np.ndarray, seed: int) -> None:
    """Units in another order have their scores in that order; the order of children does not matter."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(len(x)), rng.permutation(x.shape[1])
    w = np.arange(1.0, x.shape[1] + 1)
    one = combined(x, method, w)
    np.testing.assert_allclose(combined(x[rows], method, w), one[rows], rtol=1e-8, atol=1e-8)
    if method not in ORDERED:
        np.testing.assert_allclose(combined(x[:, columns], method, w[columns]), one, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("method", AGGREGATIONS)
@QUICK
@given(x=tables())
def test_aggregation_gives_twins_one_score(method: str, x: np.ndarray) -> None:
    """Two equal rows have equal scores."""
    out = combined(np.vstack([x, x[:1]]), method)
    np.testing.assert_allclose(out[0], out[-1], rtol=1e-9)


@pytest.mark.parametrize("method", AGGREGATIONS)
def test_aggregation_of_one_unit_and_one_child(method: str) -> None:
    """One unit, and one child, have a score; it never fails."""
    assert np.isfinite(combined(np.array([[3.0, 5.0]]), method)).all()
    assert np.isfinite(combined(np.array([[3.0], [5.0]]), method)).all()


@pytest.mark.parametrize("method", AGGREGATIONS)
def test_aggregation_broadcasts_over_draws(method: str) -> None:
    """A leading axis of draws gives what each draw gives alone."""
    x = np.random.default_rng(4).uniform(1, 99, (3, 5, 4))
    w = np.full(4, 0.25)
    how = aggregate.METHODS[method]
    options: dict[str, Any] = {"top": 200.0} if "top" in how.options else {}
    whole = how.combine(x, np.broadcast_to(w, x.shape), **options)
    parts = [how.combine(one, np.broadcast_to(w, one.shape), **options) for one in x]
    np.testing.assert_allclose(whole, np.stack(parts), rtol=1e-9)


@pytest.mark.parametrize("name", sorted(treat.CHANGES))
@QUICK
@given(x=tables(rows=(5, 12), columns=(1, 1)), seed=st.integers(0, 99))
def test_change_of_outliers_keeps_the_order_and_follows_permutations(name: str, x: np.ndarray, seed: int) -> None:
    """A change of a whole indicator is monotone, follows its units and leaves missing cells missing."""
    rows = np.random.default_rng(seed).permutation(len(x))
    rule = treat.Rule(name, always=True)
    (t,) = treat.learn_treatments(x, [rule])
    out = treat.apply_treatment(x, (t,))[:, 0]
    assert (np.diff(out[np.argsort(x[:, 0], kind="stable")]) >= -1e-9).all()
    (again,) = treat.learn_treatments(x[rows], [rule])
    np.testing.assert_allclose(treat.apply_treatment(x[rows], (again,))[:, 0], out[rows], rtol=1e-6, atol=1e-9)
    assert np.isnan(treat.apply_treatment(np.array([[np.nan]]), (t,))).all()


@QUICK
@given(x=tables(rows=(5, 12), columns=(1, 1)), scale=st.sampled_from([0.5, 4.0]), shift=st.sampled_from([0.0, 256.0]))
def test_winsorising_does_not_see_the_unit_of_measurement(x: np.ndarray, scale: float, shift: float) -> None:
    """The same points are moved, to the same neighbours."""
    how = [treat.Rule(max_points=3, skew=1.0, kurtosis=1.0)]
    one, low, high = treat.winsorised(x, how)
    other, low2, high2 = treat.winsorised(x * scale + shift, how)
    assert (low, high) == (low2, high2)
    np.testing.assert_allclose(other, one * scale + shift)


def estimates(x: np.ndarray, method: str) -> np.ndarray:
    """Estimates of one imputation, for units in two groups."""
    groups = ["north" if k % 2 else "south" for k in range(len(x))] if method.startswith("group") else None
    context = impute.Context([list(range(x.shape[1]))], np.ones(x.shape[1]), groups, np.nan_to_num(x[:, 0], nan=5.0), k=2, draws=3)
    out = impute.METHODS[method](x, context)
    return out.mean(axis=0) if out.ndim == 3 else out


IMPUTATIONS = sorted(impute.METHODS)
UNORDERED = {"multiple", "group_mean", "group_median"}  # the first draws; groups are given by place here


@pytest.fixture(scope="module")
def gaps() -> np.ndarray:
    """A correlated table of 30 units and 4 indicators with a tenth of its cells missing."""
    rng = np.random.default_rng(11)
    x = rng.normal(size=(30, 1)) + 0.5 * rng.normal(size=(30, 4)) + 7
    x[rng.random(x.shape) < 0.1] = np.nan
    return x


@pytest.mark.parametrize("method", [m for m in IMPUTATIONS if m not in UNORDERED])
def test_imputation_follows_permuted_units(method: str, gaps: np.ndarray) -> None:
    """Units in another order have their estimates in that order; drawing and groups aside."""
    rows = np.random.default_rng(2).permutation(len(gaps))
    np.testing.assert_allclose(estimates(gaps[rows], method), estimates(gaps, method)[rows], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("method", [m for m in IMPUTATIONS if m != "regression"])
def test_imputation_does_not_see_the_unit_of_measurement(method: str, gaps: np.ndarray) -> None:
    """Every indicator times 8 plus 64 has its estimates so changed."""
    np.testing.assert_allclose(estimates(gaps * 8 + 64, method), estimates(gaps, method) * 8 + 64, rtol=1e-3)


@pytest.mark.parametrize("method", IMPUTATIONS)
def test_imputation_keeps_known_cells_and_fills_others_within_reason(method: str, gaps: np.ndarray) -> None:
    """What is known stays; what is filled lies within three ranges of the indicator."""
    from podium.index.impute import fill

    out = fill(gaps, estimates(gaps, method))
    known = ~np.isnan(gaps)
    np.testing.assert_array_equal(out[known], gaps[known])
    low, high = np.nanmin(gaps, axis=0), np.nanmax(gaps, axis=0)
    filled = np.where(known, low, out)
    assert ((filled >= low - 2 * (high - low)) & (filled <= high + 2 * (high - low)))[~np.isnan(filled)].all()


@pytest.mark.parametrize("method", ["mean", "median", "knn", "em", "multiple"])
def test_imputation_of_a_row_without_figures(method: str, gaps: np.ndarray) -> None:
    """A unit without any figure gets what the others say, or nothing; it never fails."""
    x = np.vstack([gaps, np.full((1, 4), np.nan)])
    out = estimates(x, method)
    assert out.shape == x.shape
    assert np.isnan(out[-1]).all() if method == "knn" else np.isfinite(out[-1]).all()
