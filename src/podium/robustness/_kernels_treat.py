"""Compiled treatment of one indicator in many draws; each kernel equals a function of `index.treat` or `transform`."""

from __future__ import annotations

from typing import Any

import numpy as np

from podium.robustness._kernels import compiled

__all__ = ["change_column", "hold_column", "treat_column"]

LANES = 16


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
def shapes(x: Any, least: Any, most: Any, work: Any, skew: Any, kurt: Any) -> None:
    """Fill skewness and kurtosis of each draw of ``x[unit, draw]``: `treat.skewness`.

    Figures below ``least[draw]`` or above ``most[draw]`` count as these; ``work[4, draw]`` is scratch.
    """
    n, draws = x.shape
    mean, s2, s3, s4 = work[0], work[1], work[2], work[3]
    for d in range(draws):
        mean[d] = s2[d] = s3[d] = s4[d] = 0.0
    for i in range(n):
        row = x[i]
        for d in range(draws):
            v = row[d] if row[d] > least[d] else least[d]
            mean[d] += v if v < most[d] else most[d]
    for d in range(draws):
        mean[d] /= n
    for i in range(n):
        row = x[i]
        for d in range(draws):
            v = row[d] if row[d] > least[d] else least[d]
            t = (v if v < most[d] else most[d]) - mean[d]
            t2 = t * t
            s2[d] += t2
            s3[d] += t2 * t
            s4[d] += t2 * t2
    for d in range(draws):
        skew[d], kurt[d] = shape_from(n, s2[d], s3[d], s4[d])


@compiled
def outermost(y: Any, least: Any, most: Any, sign: Any, edge: Any, near: Any, far: Any, count: Any) -> None:
    """Fill the greatest figure of each draw, how many have it, the next and the least; of opposites with sign -1.

    Figures beyond ``least`` and ``most`` count as these. Without a next one ``near`` is minus infinity.
    """
    n, draws = y.shape
    for d in range(draws):
        edge[d], near[d], far[d], count[d] = -np.inf, -np.inf, np.inf, 0.0
    for i in range(n):
        row = y[i]
        for d in range(draws):
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
def winsorise(
    y: Any, work: Any, skew: Any, kurt: Any, points: Any, skew_limit: Any, kurtosis_limit: Any, force: Any
) -> None:
    """Pull in the outermost of the values ``y[unit, draw]`` in place, draw by draw: `treat.winsorised`.

    ``skew`` and ``kurt`` ``(draw,)`` are those before, and become those after. Until the end it is only kept between
    which two figures each draw lies.
    """
    n, draws = y.shape
    least, most = np.full(draws, -np.inf), np.full(draws, np.inf)
    low, high, count = np.zeros(draws), np.zeros(draws), np.empty(draws)
    active, sign = np.ones(draws), np.empty(draws)
    edge, near, far = np.empty(draws), np.empty(draws), np.empty(draws)
    while True:
        several = 0
        for d in range(draws):
            wanted = force or (abs(skew[d]) >= skew_limit and kurt[d] >= kurtosis_limit)
            if not wanted or (points >= 0 and low[d] + high[d] >= points):
                active[d] = 0.0
            several += active[d] > 0.0
            sign[d] = 1.0 if skew[d] >= 0.0 else -1.0
        if several == 0:
            break
        outermost(y, least, most, sign, edge, near, far, count)
        for d in range(draws):
            if not near[d] > -np.inf or near[d] == far[d]:
                active[d] = 0.0
            elif active[d] > 0.0 and sign[d] > 0.0:
                most[d], high[d] = near[d], count[d]
            elif active[d] > 0.0:
                least[d], low[d] = -near[d], count[d]
        shapes(y, least, most, work, skew, kurt)
    for i in range(n):
        row = y[i]
        for d in range(draws):
            v = row[d] if row[d] > least[d] else least[d]
            row[d] = v if v < most[d] else most[d]


@compiled
def treat_column(x: Any, rule: Any) -> None:
    """Winsorise one indicator ``x[unit, draw]`` draw by draw, or change it: `treat.learn_treatment` and its result.

    ``rule`` holds: largest number of points (-1: any), limits of skewness and kurtosis, 1 to force, 1 to follow by a
    logarithm where that does not suffice, 1 to take the logarithm of the winsorised figures.
    """
    n, draws = x.shape
    work, skew, kurt = np.empty((4, draws)), np.empty(draws), np.empty(draws)
    shapes(x, np.full(draws, -np.inf), np.full(draws, np.inf), work, skew, kurt)
    which = np.empty(draws + LANES, dtype=np.int64)
    several = 0
    for d in range(draws):
        if rule[3] != 0.0 or (abs(skew[d]) >= rule[1] and kurt[d] >= rule[2]):
            which[several] = d
            several += 1
    if several == 0:
        return
    while several % LANES != 0:  # the last draw again and again: loops of whole vector registers are quicker
        which[several] = which[several - 1]
        several += 1
    some = which[:several]
    skew, kurt = skew[some], kurt[some]
    y = np.empty((n, several))
    for i in range(n):
        for j in range(several):
            y[i, j] = x[i, which[j]]
    winsorise(y, np.empty((4, several)), skew, kurt, int(rule[0]), rule[1], rule[2], rule[3] != 0.0)
    for i in range(n):
        for j in range(several):
            fails = abs(skew[j]) >= rule[1] and kurt[j] >= rule[2]
            if not fails or rule[4] == 0.0 or rule[5] != 0.0:
                x[i, which[j]] = y[i, j]
    if rule[4] == 0.0:
        return
    for j in range(several):
        if abs(skew[j]) >= rule[1] and kurt[j] >= rule[2] and (j == 0 or which[j] != which[j - 1]):
            d = which[j]
            low, high = x[0, d], x[0, d]
            for i in range(n):
                low, high = min(low, x[i, d]), max(high, x[i, d])
            for i in range(n):
                x[i, d] = np.log(x[i, d] - low + 0.01 * (high - low))


@compiled
def change_column(x: Any, rule: Any) -> Any:
    """Transform one indicator ``x[unit, draw]`` in place; 1 where a figure has no value: `transform.transform`.

    ``rule`` holds: method (0 none, 1 logarithm, 2 power, 3 cap), scale, offset, exponent, lower and upper cap.
    """
    if rule[0] == 0.0:
        return 0
    bad = 0
    for i in range(x.shape[0]):
        row = x[i]
        for d in range(x.shape[1]):
            v = min(max(row[d], rule[4]), rule[5])
            if rule[0] != 3.0:
                v = rule[1] * v + rule[2]
                if v < 0.0 or (v == 0.0 and (rule[0] == 1.0 or rule[3] < 0.0)):
                    bad = 1
                    v = 1.0
                v = np.log(v) if rule[0] == 1.0 else (np.sqrt(v) if rule[3] == 0.5 else v ** rule[3])
            row[d] = v
    return bad


@compiled
def hold_column(x: Any, rule: Any) -> Any:
    """Treat one indicator ``x[unit, draw]`` as learnt before; 1 where a figure has no value: `treat.apply_treatment`.

    ``rule`` holds: the figures at which to cut, 1 to take logarithms then, the least and the greatest figure learnt.
    """
    bad = 0
    for i in range(x.shape[0]):
        row = x[i]
        for d in range(x.shape[1]):
            v = min(max(row[d], rule[0]), rule[1])
            if rule[2] != 0.0:
                v = v - rule[3] + 0.01 * (rule[4] - rule[3])
                if not v > 0.0:
                    bad = 1
                    v = 1.0
                v = np.log(v)
            row[d] = v
    return bad
