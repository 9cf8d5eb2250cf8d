"""Every aggregation holds what its registry entry says of it, and each has a check outside our code."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from podium.index import frontier, means, sums
from podium.index.combine import Method, RefusedError
from podium.index.methods import METHODS

QUICK = settings(max_examples=25, deadline=None)
TABLES = hnp.arrays(float, st.tuples(st.integers(3, 6), st.integers(2, 4)), elements=st.integers(1, 60).map(float))


def combined(x: np.ndarray, how: Method) -> np.ndarray:
    """Scores with weights 1, 2, 3 … on a scale up to 100."""
    w = np.broadcast_to(np.arange(1.0, x.shape[1] + 1), x.shape)
    options: dict[str, Any] = {k: v for k, v in {"top": 100.0, "exponent": 2.0}.items() if k in how.options}
    return how.combine(x, w if how.raw else w / w.sum(axis=-1, keepdims=True), **options)


@pytest.mark.parametrize("name", [m for m in METHODS if METHODS[m].internal])
@QUICK
@given(x=TABLES)
def test_internal_methods_stay_between_their_children(name: str, x: np.ndarray) -> None:
    """The result lies between the least and the greatest child."""
    out = combined(x, METHODS[name])
    assert (out >= x.min(axis=1) - 1e-9).all()
    assert (out <= x.max(axis=1) + 1e-9).all()


@pytest.mark.parametrize("name", [m for m in METHODS if METHODS[m].homogeneous])
@QUICK
@given(x=TABLES, factor=st.sampled_from([0.5, 1.5]))
def test_homogeneous_methods_scale(name: str, x: np.ndarray, factor: float) -> None:
    """All values times a number give the result times that number."""
    np.testing.assert_allclose(combined(x * factor, METHODS[name]), combined(x, METHODS[name]) * factor, rtol=1e-9)


@pytest.mark.parametrize("name", [m for m in METHODS if METHODS[m].translation])
@QUICK
@given(x=TABLES, shift=st.sampled_from([-0.5, 30.0]))
def test_methods_that_follow_a_shift(name: str, x: np.ndarray, shift: float) -> None:
    """All values plus a number give the result plus that number."""
    np.testing.assert_allclose(combined(x + shift, METHODS[name]), combined(x, METHODS[name]) + shift, rtol=1e-9)


@pytest.mark.parametrize("name", [m for m in METHODS if METHODS[m].monotone and not METHODS[m].across])
@QUICK
@given(x=TABLES, data=st.data())
def test_monotone_methods_never_punish_a_rise(name: str, x: np.ndarray, data: st.DataObject) -> None:
    """A child that rises lowers no score."""
    child = data.draw(st.integers(0, x.shape[1] - 1))
    more = x.copy()
    more[:, child] += 7
    assert (combined(more, METHODS[name]) >= combined(x, METHODS[name]) - 1e-9).all()


@pytest.mark.parametrize("name", sorted(METHODS))
def test_what_is_not_claimed_does_not_hold(name: str) -> None:
    """Properties that an entry denies fail on some table: the registry is neither silent nor boastful."""
    how, rng = METHODS[name], np.random.default_rng(3)
    tables = [rng.integers(1, 60, (4, 3)).astype(float) for _ in range(60)]
    if not how.homogeneous and not how.across and name != "count":
        assert any(not np.allclose(combined(x * 1.5, how), combined(x, how) * 1.5) for x in tables)
    if not how.translation:
        assert any(not np.allclose(combined(x + 7, how), combined(x, how) + 7) for x in tables)
    if not how.internal:
        assert any((combined(x, how) > x.max(axis=1) + 1e-9).any() or (combined(x, how) < x.min(axis=1) - 1e-9).any() for x in tables)
    if not how.symmetric:
        assert any(not np.allclose(how.combine(x, np.ones(x.shape)), how.combine(x[:, ::-1], np.ones(x.shape))) for x in tables)


@pytest.mark.parametrize("name", [m for m in METHODS if METHODS[m].domain in ("positive", "nonnegative")])
def test_values_outside_a_domain_are_refused_or_have_a_meaning(name: str) -> None:
    """Negative values are refused by methods that need none, and never give a silent NaN."""
    x = np.array([[-2.0, 3.0, 4.0], [1.0, 2.0, 5.0]])
    try:
        out = combined(x, METHODS[name])
    except RefusedError as refused:
        assert refused.bad[0, 0]
    else:
        assert np.isfinite(out).all()


def test_means_against_scipy() -> None:
    """Geometric, harmonic and power means of SciPy, on random positive values and weights."""
    rng = np.random.default_rng(8)
    x, w = rng.uniform(0.1, 9, (50, 5)), rng.dirichlet(np.ones(5), 50)
    np.testing.assert_allclose(means.geometric(x, w), stats.gmean(x, axis=1, weights=w), rtol=1e-12)
    np.testing.assert_allclose(means.harmonic(x, w), stats.hmean(x, axis=1, weights=w), rtol=1e-12)
    for p in (-2.0, 0.5, 3.0):
        np.testing.assert_allclose(means.power(x, w, exponent=p), stats.pmean(x, p, axis=1, weights=w), rtol=1e-12)
    np.testing.assert_allclose(means.power(x, w, exponent=0.0), means.geometric(x, w))


def test_mazziotta_pareto_by_hand() -> None:
    """M − S²/M of 90 and 110 is 100 − 100/100; with the sample variance 100 − 200/100."""
    x, w = np.array([[90.0, 110.0]]), np.array([[0.5, 0.5]])
    assert means.mpi(x, w)[0] == pytest.approx(99)
    assert means.mpi(x, w, penalty=1.0)[0] == pytest.approx(101)
    assert means.mpi(x, w, ddof=1)[0] == pytest.approx(98)


def test_first_and_count_by_hand() -> None:
    """The first child with a weight; the weight of the children above a limit."""
    x = np.array([[1.0, 7.0], [1.0, 7.0]])
    w = np.array([[1.0, 1.0], [0.0, 1.0]])
    np.testing.assert_array_equal(sums.first(x, w), [1, 7])
    np.testing.assert_array_equal(sums.count(x, w, above=1.0), [1, 1])


def by_vertices(table: np.ndarray, unit: int, low: float, high: float) -> float:
    """Benefit of the doubt with two children: the best vertex of the feasible weights, found by trying all pairs of lines."""
    row = table[unit]
    lines = [(t[0], t[1], 1.0) for t in table] + [(-1.0, 0.0, 0.0), (0.0, -1.0, 0.0)]
    for k in range(2):
        share = np.eye(2)[k] * row
        lines += [(*(low * row - share), 0.0), (*(share - high * row), 0.0)]
    best = 0.0
    for (a, b, c), (d, e, f) in itertools.combinations(lines, 2):
        det = a * e - b * d
        if abs(det) > 1e-12:
            v = np.array([(c * e - b * f) / det, (a * f - c * d) / det])
            if all(p * v[0] + q * v[1] <= r + 1e-9 for p, q, r in lines):
                best = max(best, float(row @ v))
    return best


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.2, 1.0), (0.3, 0.6)])
def test_benefit_of_the_doubt_against_all_vertices(low: float, high: float) -> None:
    """Cherchye et al. (2007), with bounds of the shares, against the enumeration of every vertex of the weights."""
    x = np.random.default_rng(4).uniform(1, 10, (9, 2))
    ours = frontier.benefit_of_doubt(x, np.full(x.shape, 0.5), least=low, most=high)
    np.testing.assert_allclose(ours, [by_vertices(x, k, low, high) for k in range(9)], rtol=1e-7)


def test_benefit_of_the_doubt_leaves_dominated_units_out_of_the_constraints() -> None:
    """Units that another dominates bind nothing: the scores with and without them agree, and they are found."""
    x = np.array([[4.0, 1.0], [1.0, 4.0], [1.0, 1.0], [4.0, 1.0], [0.5, 3.0]])
    np.testing.assert_array_equal(frontier.undominated(x), [True, True, False, True, False])
    part = frontier.benefit_of_doubt(x[:2], np.full((2, 2), 0.5))
    np.testing.assert_allclose(frontier.benefit_of_doubt(x, np.full(x.shape, 0.5))[:2], part)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"least": 0.6}, "shares"), ({"most": 0.4}, "shares"), ({"least": [0.1, 0.2, 0.3]}, "one share or 2, not 3"), ({"least": -0.1}, "shares")],
)  # fmt: skip
def test_impossible_bounds_are_refused(options: dict[str, Any], message: str) -> None:
    """Bounds that no shares can meet, or too many of them."""
    with pytest.raises(RefusedError, match=message):
        frontier.benefit_of_doubt(np.ones((2, 2)), np.full((2, 2), 0.5), **options)


@pytest.mark.parametrize("options", [{"order": [1, 2, 3]}, {"order": [-1, 2]}, {"order": [1, 1], "orness": 0.5}, {"orness": 2}])
def test_impossible_orders_are_refused(options: dict[str, Any]) -> None:
    """An order of another length, with a negative weight, or beside an orness."""
    with pytest.raises(RefusedError):
        means.owa(np.ones((2, 2)), np.full((2, 2), 0.5), **options)
