"""Corner cases that COINr's README lists by their calls, worked out by hand from its definitions."""

from __future__ import annotations

import numpy as np
import pytest

from podium.index.normalise import Parameters, learn, normalise
from podium.index.rank import ranks
from podium.index.trends import growth_rate, percentage_change

A = np.array([3.0, 3.0, 1.0, np.nan, 5.0])
B = np.array([1.0, 2.0, 2.0, 2.0, np.nan])


def test_ranks_with_ties_and_missing_values() -> None:
    """1 is the highest, ties take the least rank, a missing value has none (`rank_df`)."""
    np.testing.assert_array_equal(ranks(np.stack([A, B])), [[2, 2, 4, np.nan, 1], [4, 1, 1, 1, np.nan]])


@pytest.mark.parametrize(
    ("method", "expected"),
    [("rank", [2, 2, 1, np.nan, 4]), ("percentile_rank", [1 / 3, 1 / 3, 0, np.nan, 1]), ("borda", [1, 1, 0, np.nan, 3])],
)
def test_rank_normalisations_with_ties_and_missing_values(method: str, expected: list[float]) -> None:
    """`n_rank`, `n_prank` and `n_borda`: the larger the better, over the values that are there."""
    x, given = A[:, None], Parameters()
    np.testing.assert_allclose(normalise(x, learn(x, method, given), method=method, parameters=given)[:, 0], expected)


def test_growth_over_a_gap_and_from_below_zero() -> None:
    """`CAGR` of 1, –, 4, 8 is 1, of -1 … 8 it has no value; `prc_change` of 1 … 4 in three years is 100 a year."""
    t = np.arange(2018.0, 2022.0)
    y = np.array([[1, -1], [np.nan, 2], [4, 4], [8, 8]])
    np.testing.assert_allclose(growth_rate(y, t), [1, np.nan])
    slope, start = np.polyfit([0.0, 2, 3], [1.0, 4, 8], 1)
    assert percentage_change(y[:, 0], t) == pytest.approx(100 * slope / start)
    assert percentage_change(np.array([1.0, 4]), np.array([2018.0, 2021])) == pytest.approx(100)
