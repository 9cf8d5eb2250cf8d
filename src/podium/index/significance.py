"""P-values of correlation coefficients."""

from __future__ import annotations

from functools import cache

import numpy as np

from podium.data.dataset import Array
from podium.index.correlation import Kind, alike, correlation_matrix, sorted_columns

__all__ = ["kendall_tails", "p_values", "spearman_tails"]


def p_values(x: Array, y: Array | None = None, *, kind: Kind, coefficients: Array | None = None) -> Array:
    """Return two-sided p-values of no association for every pair of columns; those of a column with itself are 0.

    Pearson: ``t = r sqrt((n-2)/(1-r²))`` with n - 2 degrees of freedom. Spearman without ties: exact up to 9 units,
    else the Edgeworth series of Best & Roberts (1975, AS 89, doi:10.2307/2347111) as R's ``cor.test`` has it, up to
    1,290 units; with ties, and beyond, the t of Pearson. Kendall without ties below 50 units: exact; else the normal
    approximation with the variance corrected for ties (Kendall 1970).

    Parameters
    ----------
    x, y
        ``(unit, indicator)``; NaN is missing and left out pair by pair. `y` None takes `x` itself.
    coefficients
        What `correlation_matrix` returned for the same arguments; None computes it.

    Returns
    -------
    ``(columns of x, columns of y)``; NaN where there is no correlation or, for Pearson and ties, less than 3 units.
    """
    other = x if y is None else y
    r = correlation_matrix(x, y, kind=kind) if coefficients is None else coefficients
    n = (~np.isnan(x)).astype(float).T @ (~np.isnan(other)).astype(float)
    p = _t_tail(r, n)
    if kind != "pearson":
        ties_x, ties_y = _ties(x, other), np.moveaxis(_ties(other, x), 0, 1)
        plain = (ties_x[..., 0] == 0) & (ties_y[..., 0] == 0)
        if kind == "kendall":
            p = _normal_tail(r, n, ties_x, ties_y)
        plain &= ~np.isnan(r) & (n < (50 if kind == "kendall" else 1291))
        p[plain] = (kendall_tails if kind == "kendall" else spearman_tails)(r[plain], n[plain])
    if y is None:
        np.fill_diagonal(p, 0.0)
    return p


def _t_tail(r: Array, n: Array) -> Array:
    from scipy.special import betainc

    with np.errstate(invalid="ignore", divide="ignore"):
        free = n - 2
        # the t's tail as an incomplete beta function: 1 - r² is exact where t would overflow
        p = betainc(np.where(free > 0, free, np.nan) / 2, 0.5, (1 - r) * (1 + r))
    return np.asarray(p)


def _ties(x: Array, y: Array) -> Array:
    """Sums over ties of each column of `x` among the units of each column of `y`: ``(x, y, 3)``.

    They are of t(t-1), t(t-1)(t-2) and t(t-1)(2t+5) over groups of t equal values.
    """
    out = np.zeros((x.shape[1], y.shape[1], 3))
    held_x = sorted_columns(x)
    for columns, mask in alike(y):
        held, number, below = held_x.among(mask)
        before = held * (number - below - 1)  # 0, 1 … t - 1 within a tie
        pairs, triples = 2 * before.sum(axis=1), 3 * (before * (before - 1)).sum(axis=1)
        out[:, columns] = np.stack([pairs, triples, 2 * triples + 9 * pairs], axis=-1)[:, None]
    return out


def _normal_tail(tau: Array, n: Array, ties_x: Array, ties_y: Array) -> Array:
    from scipy.special import erfc

    pairs = n * (n - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        untied = np.sqrt((pairs - ties_x[..., 0]) * (pairs - ties_y[..., 0])) / 2
        plain = (pairs * (2 * n + 5) - ties_x[..., 2] - ties_y[..., 2]) / 18
        paired = ties_x[..., 0] * ties_y[..., 0] / (2 * pairs)
        triple = ties_x[..., 1] * ties_y[..., 1] / (9 * pairs * (n - 2))
        variance = plain + paired + np.where(n > 2, triple, 0.0)
        z = tau * untied / np.sqrt(variance)
    return np.asarray(erfc(np.abs(z) / np.sqrt(2)))


@cache
def _inversions(n: int) -> tuple[float, ...]:
    """The share of orders of n things with at most 0, 1, 2 … inversions, summed from the smallest."""
    counts = np.ones(1, dtype=object)
    for k in range(2, n + 1):
        grown = np.zeros(len(counts) + k - 1, dtype=object)
        for shift in range(k):
            grown[shift : shift + len(counts)] += counts
        counts = grown
    total = counts.sum()
    return tuple(int(c) / int(total) for c in np.cumsum(counts))


def kendall_tails(tau: Array, n: Array) -> Array:
    """Return exact two-sided p-values of Kendall's tau without ties, ``min(1, 2 min(P(T <= t), P(T >= t)))``.

    They are summed from the smaller tail, so that they stay exact where R's ``1 - P`` loses its digits below 1e-15.
    """
    out = np.empty(len(tau))
    for k, (t, units) in enumerate(zip(tau, n.astype(int), strict=True)):
        pairs = units * (units - 1) // 2
        concordant = round((t + 1) * pairs / 2)
        out[k] = min(1.0, 2 * _inversions(int(units))[min(concordant, pairs - concordant)])
    return out


@cache
def _square_sums(n: int) -> Array:
    """P(S >= 0, 2, 4 …) for the sum S of squared rank differences over all orders of n things."""
    found: dict[tuple[int, int], int] = {(0, 0): 1}  # which ranks are taken, the sum so far → orders
    for place in range(n):
        grown: dict[tuple[int, int], int] = {}
        for (taken, total), count in found.items():
            for rank in range(n):
                if not taken >> rank & 1:
                    key = (taken | 1 << rank, total + (rank - place) ** 2)
                    grown[key] = grown.get(key, 0) + count
        found = grown
    counts = np.zeros((n**3 - n) // 6 + 2)
    for (_, total), count in found.items():
        counts[total // 2] = count
    return np.asarray(np.cumsum(counts[::-1])[::-1] / counts.sum())


EDGEWORTH = (0.2274, 0.2531, 0.1745, 0.0758, 0.1033, 0.3932, 0.0879, 0.0151, 0.0072, 0.0831, 0.0131, 4.6e-4)


def spearman_tails(rho: Array, n: Array) -> Array:
    """Return two-sided p-values of Spearman's rho without ties: exact up to 9 units, else the series of AS 89.

    The series can leave 0 to 1 in the far tails and is cut there, so small p-values are no better than that:
    it gives 6e-6 to twenty units in the same order, and 0 where the series falls below 0.
    """
    from scipy.special import ndtr

    middle = (n**3 - n) / 6
    total = 2 * np.round(middle * (1 - rho) / 2)  # the sum of squared differences of two orders is even
    upper = total > middle
    at = np.where(upper, total, total + 2)
    c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12 = EDGEWORTH
    with np.errstate(invalid="ignore", divide="ignore"):
        b = 1 / n
        x = (6 * (at - 1) * b / (n**2 - 1) - 1) * np.sqrt(n - 1)
        y = x * x
        tilt = y * b * (c7 + c8 * b - y * (c9 - c10 * b + y * b * (c11 - c12 * y)))
        u = x * b * (c1 + b * (c2 + c3 * b) + y * (-c4 + b * (c5 + c6 * b) - tilt)) / np.exp(y / 2)
        p = np.where(upper, u + ndtr(-x), ndtr(x) - u)
    p = np.where(~upper & (at > 2 * middle), 1.0, p)
    for k in np.flatnonzero(n <= 9):
        share = _square_sums(int(n[k]))[int(at[k]) // 2]
        p[k] = share if upper[k] else 1 - share
    return np.asarray(np.minimum(1.0, 2 * np.clip(p, 0.0, 1.0)))
