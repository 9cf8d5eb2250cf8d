"""Compiled treatment of one indicator in many draws; each kernel equals a function of `index.treat` or `transform`."""

from __future__ import annotations

from typing import Any

import numpy as np

from podium.robustness._kernels import compiled
from podium.robustness._kernels_winsorise import LANES, shapes, winsorise

__all__ = ["change_column", "hold_column", "treat_column"]



@compiled
def treat_column(x: Any, rule: Any) -> None:
    """Winsorise one indicator ``x[unit, draw]`` draw by draw, or change it: `treat.learn_treatment` and its result.

    ``rule`` holds: largest number of points (-1: any), limits of skewness and kurtosis, 1 to force, 1 to follow by a
    logarithm where that does not suffice, 1 to take the logarithm of the winsorised figures.
    """
    n, draws = x.shape
    skew, kurt, moments = np.empty(draws), np.empty(draws), np.empty((4, draws))
    shapes(x, moments, skew, kurt)
    which = np.empty(draws + LANES, dtype=np.int64)
    several = 0
    for d in range(draws):
        if rule[3] != 0.0 or (abs(skew[d]) >= rule[1] and kurt[d] >= rule[2]):
            which[several] = d
            several += 1
    if several == 0:
        return
    for j in range(several, several + LANES):  # the last draw again, so that all lanes are filled
        which[j] = which[several - 1]
    y, sums = np.empty((n, LANES)), np.empty((5, LANES))
    for first in range(0, several, LANES):
        some = which[first : first + LANES]
        for j in range(LANES):
            d = some[j]
            sums[0, j], sums[4, j] = 0.0, moments[0, d]
            sums[1, j], sums[2, j], sums[3, j] = moments[1, d], moments[2, d], moments[3, d]
        for i in range(n):
            for j in range(LANES):
                y[i, j] = x[i, some[j]]
        treat_lanes(x, y, some, min(several - first, LANES), sums, skew[some], kurt[some], rule)


@compiled
def treat_lanes(x: Any, y: Any, some: Any, several: Any, sums: Any, skew: Any, kurt: Any, rule: Any) -> None:
    """Treat some draws of x, whose figures are ``y[unit, LANES]``, and put them back."""
    n = len(y)
    winsorise(y, sums, skew, kurt, int(rule[0]), rule[1], rule[2], rule[3] != 0.0)
    for j in range(several):
        d = some[j]
        fails = abs(skew[j]) >= rule[1] and kurt[j] >= rule[2]
        if not fails or rule[4] == 0.0 or rule[5] != 0.0:
            for i in range(n):
                x[i, d] = y[i, j]
        if fails and rule[4] != 0.0:
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
