"""What chance alone brings about in an index without a fault: from where on a figure is evidence, and not only odd.

A threshold that is crossed makes a note. A warning also needs that an index of one common factor would hardly cross
it by chance, however many indicators, pairs and groups are looked at: each family of tests may raise one false warning
in two hundred such indices (Bonferroni). Correlations are tested by ranks, as normal scores, so that neither long tails
nor an outlier decide.
"""

from __future__ import annotations

import numpy as np
from scipy.special import bdtrc, ndtri, stdtrit

from podium.data.dataset import Array
from podium.index.rank import ranks

__all__ = ["FAMILY", "above_by_error", "below_usual", "beyond_gaps", "excess", "normal_scores", "surprise", "with_rest"]

FAMILY = 0.005
"""The probability that one of a family of tests raises a false warning."""


def surprise(tests: int) -> float:
    """Return how many standard errors make a warning where so many figures are tested, one-sided."""
    return float(-ndtri(FAMILY / max(tests, 1)))


def normal_scores(x: Array) -> Array:
    """Return columns ``(unit, item)`` by their ranks, as quantiles ``r / (n + 1)`` of a normal law; NaN stays."""
    placed = ranks(-x.T, ties="average").T
    return np.asarray(ndtri(placed / (np.sum(~np.isnan(x), axis=0) + 1)))


def excess(r: Array, expected: Array, n: Array) -> Array:
    """Return by how many standard errors correlations exceed what is expected, on Fisher's scale ``atanh r``.

    Fisher (1921), the standard error is ``1 / sqrt(n - 3)``; all arguments of one shape.
    """
    bound = 1 - 1e-9
    gap = np.arctanh(np.clip(r, -bound, bound)) - np.arctanh(np.clip(expected, -bound, bound))
    return np.asarray(gap * np.sqrt(np.maximum(n - 3, 0)))


def with_rest(others: int, r: float) -> float:
    """Return how an item correlates with the mean of some others where all of them correlate by `r`."""
    return r * float(np.sqrt(others / (1 + (others - 1) * r)))


def below_usual(r: float, expected: float, n: int, tests: int) -> bool:
    """Whether a correlation of `n` units is surely below one that is expected."""
    return bool(excess(np.array(r), np.array(expected), np.array(n)) < -surprise(tests))


def beyond_gaps(missing: int, of: int, whole: int, cells: int, tests: int) -> bool:
    """Whether `missing` of `of` figures are more gaps than chance would put into one of so many rows or columns.

    The rate is that of the other figures: `whole` of `cells` are missing in the table. Binomial tail.
    """
    rest = max(cells - of, 1)
    rate = min(max((whole - missing + 0.5) / (rest + 1), 0.0), 1.0)
    return bool(missing > 0 and bdtrc(missing - 1, of, rate) * tests < FAMILY)


def above_by_error(value: float, error: float, n: int, tests: int) -> bool:
    """Whether a positive estimate with a standard error is surely above 0; Student's t with ``n - 1`` degrees."""
    return value > -float(stdtrit(max(n - 1, 1), FAMILY / max(tests, 1))) * error
