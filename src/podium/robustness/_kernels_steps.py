"""Compiled steps of the index done anew in each draw; each kernel equals a function of the index, which it names.

``x`` is one indicator, ``(unit, draw)``: it and what a step needs beside it stay in the cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from podium.robustness._kernels import compiled
from podium.robustness._kernels_noise import TILE, put_errors
from podium.robustness._kernels_random import logarithms
from podium.robustness._kernels_treat import change_column, hold_column, treat_column
from podium.robustness.figures import F

__all__ = ["regenerate", "regenerate_scores", "weighted_sums_each"]


@compiled
def fill_column(x: Any, gap_unit: Any, gap_group: Any, member_start: Any, members: Any, median: Any) -> None:
    """Fill the gaps of one indicator ``x[unit, draw]`` with the mean or median of their group: `impute.centres`."""
    draws = x.shape[1]
    held = np.empty(x.shape[0])
    for g in range(len(gap_unit)):
        target = x[gap_unit[g]]
        first, last = member_start[gap_group[g]], member_start[gap_group[g] + 1]
        n = last - first
        if n == 0:
            continue
        if not median:
            target[:] = 0.0
            for at in range(first, last):
                row = x[members[at]]
                for d in range(draws):
                    target[d] += row[d]
            for d in range(draws):
                target[d] /= n
            continue
        for d in range(draws):
            for k in range(n):  # an insertion sort; groups are small
                v = x[members[first + k], d]
                i = k
                while i > 0 and held[i - 1] > v:
                    held[i] = held[i - 1]
                    i -= 1
                held[i] = v
            target[d] = held[n // 2] if n % 2 == 1 else 0.5 * (held[n // 2 - 1] + held[n // 2])


@compiled
def scale_column(x: Any, direction: Any, method: Any, first: Any, second: Any) -> Any:
    """Normalise one indicator ``x[unit, draw]`` in place; 1 where a draw has no spread, else 0.

    ``method`` 0 leaves the figures, 1 is ``first + second (x - min) / (max - min)``, 2 is ``first + second (x - mean) /
    sd``.
    """
    n, draws = x.shape
    if direction < 0:
        for i in range(n):
            row = x[i]
            for d in range(draws):
                row[d] = -row[d]
    if method == 0:
        return 0
    centre, spread = x[0].copy(), x[0].copy()
    if method == 1:
        for i in range(1, n):
            row = x[i]
            for d in range(draws):
                centre[d] = row[d] if row[d] < centre[d] else centre[d]
                spread[d] = row[d] if row[d] > spread[d] else spread[d]
        for d in range(draws):
            spread[d] -= centre[d]
    else:
        for i in range(1, n):
            row = x[i]
            for d in range(draws):
                centre[d] += row[d]
        for d in range(draws):
            centre[d] /= n
            spread[d] = 0.0
        for i in range(n):
            row = x[i]
            for d in range(draws):
                spread[d] += (row[d] - centre[d]) * (row[d] - centre[d])
        for d in range(draws):
            spread[d] = np.sqrt(spread[d] / (n - 1))
    flat = 0
    for d in range(draws):
        if not spread[d] > 0.0:
            flat = 1
        spread[d] = second / spread[d]
    for i in range(n):
        row = x[i]
        for d in range(draws):
            row[d] = first + spread[d] * (row[d] - centre[d])
    return flat


@compiled
def make_column(
    k: Any, whole: Any, x: Any, gaps: Any, gap_unit: Any, gap_group: Any, member_start: Any, members: Any, median: Any,
    stored: Any, pick: Any, keep: Any, changes: Any, treats: Any, treated: Any, direction: Any, methods: Any,
    ends: Any, known: Any,
) -> Any:  # fmt: skip
    """Fill, change, treat and normalise indicator k: from ``whole[unit, draw]`` into the first rows of x.

    ``known[kept unit]`` becomes the row of each unit kept, -1 where it has no figure. Returns the number of rows, and 1
    where a step has no value in some draw.
    """
    a, b = gaps[k], gaps[k + 1]
    if len(stored) > 0:
        for g in range(a, b):
            for d in range(whole.shape[1]):
                whole[gap_unit[g], d] = stored[pick[d], k, gap_unit[g]]
    else:
        fill_column(whole, gap_unit[a:b], gap_group[a:b], member_start, members, median)
    n = 0
    for i in range(len(keep)):
        known[i] = -1
        if whole[keep[i], 0] == whole[keep[i], 0]:
            known[i] = n
            x[n] = whole[keep[i]]
            n += 1
    part = x[:n]
    bad = change_column(part, changes[k])
    if treated[k] == 1:
        treat_column(part, treats[k])
    elif treated[k] == 2:
        bad |= hold_column(part, treats[k])
    bad |= scale_column(part, direction[k], methods[k], ends[k, 0], ends[k, 1])
    return n, bad


@compiled
def regenerate(
    figures: Any, series: Any, factor: Any, gaps: Any, gap_unit: Any, gap_group: Any, member_start: Any, members: Any,
    median: Any, stored: Any, pick: Any, keep: Any, changes: Any, treats: Any, treated: Any, direction: Any,
    methods: Any, ends: Any, share: Any, out: Any,
) -> Any:  # fmt: skip
    """Add ``share`` times the normalised tables of datasets ``figures[series, unit, draw]`` to ``out[indicator, ...]``.

    Every step is done anew in each draw. Gaps are filled from their group, or from ``stored[table, indicator, unit]``
    by the table that each draw picks. Returns 1 where a step has no value in some draw, else 0: `Pipeline.normalised`.
    """
    draws = figures.shape[2]
    whole, x = np.empty((figures.shape[1], draws)), np.empty((len(keep), draws))
    known = np.empty(len(keep), dtype=np.int64)
    bad = 0
    for k in range(len(series)):
        for u in range(whole.shape[0]):
            f = factor[k, u]
            one, source = whole[u], figures[series[k], u]
            for d in range(draws):
                one[d] = source[d] * f
        _, worse = make_column(k, whole, x, gaps, gap_unit, gap_group, member_start, members, median, stored, pick,
                               keep, changes, treats, treated, direction, methods, ends, known)  # fmt: skip
        bad |= worse
        for i in range(len(keep)):
            row = out[k, i]
            if known[i] < 0:
                row[:] = np.nan
            else:
                one = x[known[i]]
                for d in range(draws):
                    row[d] += share * one[d]
    return bad


@compiled
def regenerate_scores(
    base: Any, bits: Any, error_start: Any, errors: Any, relative: Any, amounts: Any, series: Any, factor: Any,
    gaps: Any, gap_unit: Any, gap_group: Any, member_start: Any, members: Any, median: Any, stored: Any, pick: Any,
    keep: Any, changes: Any, treats: Any, treated: Any, direction: Any, methods: Any, ends: Any, mean: Any,
    shares: Any, out: Any,
) -> Any:  # fmt: skip
    """Fill ``out[kept unit, draw]`` with sums of normalised figures over effective weights ``shares[indicator, draw]``.

    The same as `regenerate` on the figures of `add_errors` and `weighted_sums_each` on its tables, one indicator after
    the other, so that no table of all is ever written. The errors of series s are ``errors[error_start[s]:error_start[s
    + 1]]``. ``mean`` 1 takes logarithms of the figures, 2 reciprocals. Returns 1 where something has no value.
    """
    draws = out.shape[1]
    whole, x = np.empty((base.shape[1], draws)), np.empty((len(keep), draws))
    known = np.empty(len(keep), dtype=np.int64)
    z, work = np.empty(whole.size, dtype=F), np.empty((4, max(TILE, draws)), dtype=F)
    least = np.empty(draws)
    out[:] = 0.0
    for k in range(len(series)):
        s = series[k]
        for u in range(whole.shape[0]):
            whole[u] = base[s, u]
        for at in range(error_start[s], error_start[s + 1]):
            e = errors[at]
            put_errors(bits[e], relative[e], amounts[e], whole, z, work)
        for u in range(whole.shape[0]):
            if factor[k, u] != 1.0:
                f, one = factor[k, u], whole[u]
                for d in range(draws):
                    one[d] *= f
        n, bad = make_column(k, whole, x, gaps, gap_unit, gap_group, member_start, members, median, stored, pick,
                             keep, changes, treats, treated, direction, methods, ends, known)  # fmt: skip
        if bad != 0 or n < len(keep):
            return 1
        if mean != 0:
            least[:] = x[0]
            for i in range(n):
                row = x[i]
                for d in range(draws):
                    least[d] = row[d] if row[d] < least[d] else least[d]
            if not least.min() > 1e-300:
                return 1
        if mean == 1:
            logarithms(x)
        share = shares[k]
        for i in range(n):
            row, one = out[i], x[i]
            if mean == 2:
                for d in range(draws):
                    row[d] += 1.0 / one[d] * share[d]
            else:
                for d in range(draws):
                    row[d] += one[d] * share[d]
    return 0


@compiled
def weighted_sums_each(y: Any, w: Any, out: Any) -> None:
    """Fill ``out[unit, draw]`` with ``sum_k y[k, unit, draw] w[k, draw]``, each draw with a table of its own."""
    for u in range(y.shape[1]):
        row = out[u]
        for d in range(y.shape[2]):
            row[d] = 0.0
    for k in range(y.shape[0]):
        share = w[k]
        for u in range(y.shape[1]):
            row, one = out[u], y[k, u]
            for d in range(y.shape[2]):
                row[d] += one[d] * share[d]
