"""Compiled winsorising of one indicator in `LANES` draws at a time: whole vector registers, near at hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from podium.robustness._kernels import compiled

__all__ = ["LANES", "shape_from", "shapes", "winsorise"]

LANES = 16
LEFT = 1e-5
"""With less than this part of a sum of powers left, it is added up anew."""


@compiled
def shape_from(n: Any, s2: Any, s3: Any, s4: Any) -> Any:
    """Skewness and excess kurtosis (type 2) from sums of powers of deviations."""
    if n < 3 or s2 == 0.0:
        return np.nan, np.nan
    skew = np.sqrt(n) * s3 / (s2 * np.sqrt(s2)) * np.sqrt(n * (n - 1.0)) / (n - 2.0)
    if n < 4:
        return skew, np.nan
    return skew, ((n + 1.0) * (n * s4 / (s2 * s2) - 3.0) + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0))


@compiled
def shapes(x: Any, work: Any, skew: Any, kurt: Any) -> None:
    """Fill skewness and kurtosis of each draw of ``x[unit, draw]``: `treat.skewness`.

    ``work[4, draw]`` becomes the mean and the sums of squares, cubes and fourth powers of the deviations from it.
    """
    n, draws = x.shape
    mean, s2, s3, s4 = work[0], work[1], work[2], work[3]
    for d in range(draws):
        mean[d] = s2[d] = s3[d] = s4[d] = 0.0
    for i in range(n):
        row = x[i]
        for d in range(draws):
            mean[d] += row[d]
    for d in range(draws):
        mean[d] /= n
    for i in range(n):
        row = x[i]
        for d in range(draws):
            t = row[d] - mean[d]
            t2 = t * t
            s2[d] += t2
            s3[d] += t2 * t
            s4[d] += t2 * t2
    for d in range(draws):
        skew[d], kurt[d] = shape_from(n, s2[d], s3[d], s4[d])


@compiled
def shapes_within(y: Any, least: Any, most: Any, work: Any, skew: Any, kurt: Any) -> None:
    """The same of ``y[unit, LANES]`` where figures below ``least`` or above ``most`` count as these."""
    n = len(y)
    held = np.empty((n, LANES))
    for i in range(n):
        row, out = y[i], held[i]
        for d in range(LANES):
            v = row[d] if row[d] > least[d] else least[d]
            out[d] = v if v < most[d] else most[d]
    shapes(held, work, skew, kurt)


@compiled
def outermost(y: Any, least: Any, most: Any, sign: Any, edge: Any, near: Any, far: Any, count: Any) -> None:
    """Fill the greatest figure of each draw, how many have it, the next and the least; of opposites with sign -1.

    Figures beyond ``least`` and ``most`` count as these. Without a next one ``near`` is minus infinity.
    """
    for d in range(LANES):
        edge[d], near[d], far[d], count[d] = -np.inf, -np.inf, np.inf, 0.0
    for i in range(len(y)):
        row = y[i]
        for d in range(LANES):
            v = row[d] if row[d] > least[d] else least[d]
            v = (v if v < most[d] else most[d]) * sign[d]
            old = edge[d]
            inner = v if v < old else old
            inner = near[d] if v == old else inner
            near[d] = inner if inner > near[d] else near[d]
            more = count[d] + 1.0 if v == old else count[d]
            count[d] = 1.0 if v > old else more
            edge[d] = v if v > old else old
            far[d] = v if v < far[d] else far[d]


@compiled
def pull(
    active: Any, edge: Any, near: Any, sign: Any, count: Any, sums: Any, whole: Any, n: Any, skew: Any, kurt: Any
) -> Any:
    """Update skewness and kurtosis of the active lanes, where so many figures move from ``edge`` to ``near``.

    ``sums[power - 1]`` of the deviations from ``sums[4]`` become those after; ``whole`` are those before any move. True
    where so little of a sum is left that its last digits are lost.
    """
    lost = False
    for d in range(LANES):
        if active[d] > 0.0:
            t, v = edge[d] * sign[d] - sums[4, d], near[d] * sign[d] - sums[4, d]
            t2, v2 = t * t, v * v
            sums[0, d] += count[d] * (v - t)
            sums[1, d] += count[d] * (v2 - t2)
            sums[2, d] += count[d] * (v2 * v - t2 * t)
            sums[3, d] += count[d] * (v2 * v2 - t2 * t2)
            m, s2, s3, s4 = sums[0, d] / n, sums[1, d], sums[2, d], sums[3, d]
            q2 = s2 - n * m * m
            q3 = s3 - 3.0 * m * s2 + 2.0 * n * m * m * m
            q4 = s4 - 4.0 * m * s3 + 6.0 * m * m * s2 - 3.0 * n * m * m * m * m
            lost |= not (q2 > LEFT * whole[1, d] and q4 > LEFT * whole[3, d])
            skew[d], kurt[d] = shape_from(n, q2, q3, q4)
    return lost


@compiled
def winsorise(
    y: Any, sums: Any, skew: Any, kurt: Any, points: Any, skew_limit: Any, kurtosis_limit: Any, force: Any
) -> None:
    """Pull in the outermost of the values ``y[unit, LANES]`` in place, draw by draw: `treat.winsorised`.

    ``skew`` and ``kurt`` ``(LANES,)`` are those before, and become those after; ``sums[power - 1]`` are those of the
    deviations from ``sums[4]``. Until the end it is only kept between which two figures each draw lies.
    """
    n = len(y)
    least, most = np.full(LANES, -np.inf), np.full(LANES, np.inf)
    low, high, count = np.zeros(LANES), np.zeros(LANES), np.empty(LANES)
    active, sign = np.ones(LANES), np.empty(LANES)
    edge, near, far = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    whole = sums.copy()
    while True:
        several = 0
        for d in range(LANES):
            wanted = force or (abs(skew[d]) >= skew_limit and kurt[d] >= kurtosis_limit)
            if not wanted or (points >= 0 and low[d] + high[d] >= points):
                active[d] = 0.0
            several += active[d] > 0.0
            sign[d] = 1.0 if skew[d] >= 0.0 else -1.0
        if several == 0:
            break
        outermost(y, least, most, sign, edge, near, far, count)
        for d in range(LANES):
            if not near[d] > -np.inf or near[d] == far[d]:
                active[d] = 0.0
            elif active[d] > 0.0 and sign[d] > 0.0:
                most[d], high[d] = near[d], count[d]
            elif active[d] > 0.0:
                least[d], low[d] = -near[d], count[d]
        if pull(active, edge, near, sign, count, sums, whole, n, skew, kurt):
            shapes_within(y, least, most, np.empty((4, LANES)), skew, kurt)
    for i in range(n):
        row = y[i]
        for d in range(LANES):
            v = row[d] if row[d] > least[d] else least[d]
            row[d] = v if v < most[d] else most[d]
