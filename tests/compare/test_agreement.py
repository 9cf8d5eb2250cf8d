"""Measures of agreement."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from podium.compare.agreement import agreement, kendall, spearman, top_overlap
from podium.errors import DataError


def test_identical_and_reversed_rankings_by_hand() -> None:
    """The same order agrees fully, the reversed one not at all."""
    x = np.arange(1.0, 9)
    same, reverse = agreement(x, x, k=3), agreement(x, x[::-1], k=3)
    assert (same.kendall, same.spearman, same.top, same.largest) == pytest.approx((1, 1, 1, 0), abs=1e-12)
    assert reverse.kendall == pytest.approx(-1) and reverse.spearman == pytest.approx(-1)
    assert (reverse.top, reverse.largest, reverse.mean) == (0, 7, 4)


def test_one_swap_by_hand() -> None:
    """One swapped neighbour pair of four: tau = 1 - 2/6, rho = 1 - 6·2/(4·15)."""
    x, y = np.array([1.0, 2, 3, 4]), np.array([1.0, 3, 2, 4])
    assert kendall(x, y) == pytest.approx(2 / 3) and spearman(x, y) == pytest.approx(0.8)


def test_spearman_with_ties_equals_scipy() -> None:
    """Ties are averaged as in SciPy's spearmanr."""
    rng = np.random.default_rng(5)
    x, y = rng.integers(0, 6, 40).astype(float), rng.integers(0, 6, 40).astype(float)
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)


def test_missing_values_and_constants() -> None:
    """A pair with a NaN is left out; against a constant there is no correlation."""
    x, y = np.array([1.0, 2, np.nan, 4, 5]), np.array([1.0, 2, 3, 5, 4])
    assert agreement(x, y).units == 4
    assert np.isnan(spearman(np.ones(4), np.arange(4.0))) and np.isnan(kendall(np.ones(4), np.arange(4.0)))


def test_overlap_at_the_top_counts_ties_in_full() -> None:
    """Two units tied for second place are both among the first two of their ranking."""
    assert top_overlap(np.array([1.0, 2, 2, 4]), np.array([1.0, 2, 3, 4]), 2) == pytest.approx(2 / 3)


def test_rankings_without_common_units_are_refused() -> None:
    """Vectors of different length, or without a common unit, have no agreement."""
    with pytest.raises(DataError, match="Align"):
        agreement(np.ones(3), np.ones(4))
    with pytest.raises(DataError, match="no unit in common"):
        agreement(np.array([np.nan, 1]), np.array([1, np.nan]))
