"""Compiled errors and steps, draw by draw; each equals a function that its docstring names, and a test says so."""

from __future__ import annotations

from typing import Any

import numpy as np

from podium.robustness._kernels import compiled
from podium.robustness.figures import CENTRE, EXPONENTIAL, LOGARITHM, ROOT_HALF, TAIL, F

__all__ = ["add_errors", "regenerate", "weighted_sums_each"]

ONE, TWO, HALF, STEP, LN2, FIVE, THREE = F(1), F(2), F(0.5), F(2.0**-24), F(0.69314718), F(5), F(3)
SHIFT, ROOT_TWO, LOG2E, LN2_HIGH, LN2_LOW = F(2.5), F(1.41421356), F(1.44269504), F(0.693359375), F(-2.12194440e-4)
TILE = 512


@compiled
def shape_of(v: Any, n: Any) -> Any:
    """Skewness and excess kurtosis (type 2) of the first n values, NaN where there is none: `treat.skewness`."""
    mean = 0.0
    for i in range(n):
        mean += v[i]
    mean /= n
    s2 = s3 = s4 = 0.0
    for i in range(n):
        t = v[i] - mean
        s2 += t * t
        s3 += t * t * t
        s4 += t * t * t * t
    return shape_from(n, s2, s3, s4)


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
def winsorise(y: Any, n: Any, points: Any, skew_limit: Any, kurtosis_limit: Any, force: Any) -> Any:
    """Pull in the outermost of n values in place and say whether they pass: `treat.winsorised`."""
    low = high = 0
    skew, kurt = shape_of(y, n)
    while (force or (abs(skew) >= skew_limit and kurt >= kurtosis_limit)) and (points < 0 or low + high < points):
        upper = skew >= 0.0
        edge = y[0]
        for i in range(n):
            edge = max(edge, y[i]) if upper else min(edge, y[i])
        nearest = -np.inf if upper else np.inf
        farthest = np.inf if upper else -np.inf
        for i in range(n):
            if y[i] != edge:
                nearest = max(nearest, y[i]) if upper else min(nearest, y[i])
                farthest = min(farthest, y[i]) if upper else max(farthest, y[i])
        if not np.isfinite(nearest) or nearest == farthest:
            break
        moved = 0
        for i in range(n):
            if y[i] == edge:
                y[i] = nearest
                moved += 1
        if upper:
            high = moved
        else:
            low = moved
        skew, kurt = shape_of(y, n)
    return not (abs(skew) >= skew_limit and kurt >= kurtosis_limit)


@compiled
def fill_column(x: Any, gap_unit: Any, gap_group: Any, member_start: Any, members: Any, median: Any) -> None:
    """Fill the gaps of one indicator ``x[unit, draw]`` with the mean or median of their group: `impute.centres`."""
    draws = x.shape[1]
    held = np.empty(x.shape[0])
    for g in range(len(gap_unit)):
        target = x[gap_unit[g]]
        first, last = member_start[gap_group[g]], member_start[gap_group[g] + 1]
        for d in range(draws):
            n = 0
            total = 0.0
            for at in range(first, last):
                v = x[members[at], d]
                if median:  # an insertion sort; groups are small
                    i = n
                    while i > 0 and held[i - 1] > v:
                        held[i] = held[i - 1]
                        i -= 1
                    held[i] = v
                total += v
                n += 1
            if median and n > 0:
                target[d] = held[n // 2] if n % 2 == 1 else 0.5 * (held[n // 2 - 1] + held[n // 2])
            elif n > 0:
                target[d] = total / n


@compiled
def treat_column(x: Any, rule: Any) -> None:
    """Winsorise one indicator ``x[unit, draw]`` draw by draw, or change it: `treat.learn_treatment` and its result.

    ``rule`` holds: largest number of points (-1: any), limits of skewness and kurtosis, 1 to force, 1 to follow by a
    logarithm where that does not suffice, 1 to take the logarithm of the winsorised figures.
    """
    n, draws = x.shape
    mean = np.zeros(draws)
    s2, s3, s4 = np.zeros(draws), np.zeros(draws), np.zeros(draws)
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
    y = np.empty(n)
    force = rule[3] != 0.0
    for d in range(draws):
        skew, kurt = shape_from(n, s2[d], s3[d], s4[d])
        if not force and not (abs(skew) >= rule[1] and kurt >= rule[2]):
            continue
        for i in range(n):
            y[i] = x[i, d]
        passes = winsorise(y, n, int(rule[0]), rule[1], rule[2], force)
        if passes or rule[4] == 0.0:
            for i in range(n):
                x[i, d] = y[i]
            continue
        if rule[5] == 0.0:
            for i in range(n):
                y[i] = x[i, d]
        low, high = y[0], y[0]
        for i in range(n):
            low, high = min(low, y[i]), max(high, y[i])
        for i in range(n):
            x[i, d] = np.log(y[i] - low + 0.01 * (high - low))


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
    whole = np.empty((figures.shape[1], draws))
    x = np.empty((len(keep), draws))
    bad = 0
    for k in range(len(series)):
        for u in range(whole.shape[0]):
            f = factor[k, u]
            one, source = whole[u], figures[series[k], u]
            for d in range(draws):
                one[d] = source[d] * f
        a, b = gaps[k], gaps[k + 1]
        if len(stored) > 0:
            for g in range(a, b):
                for d in range(draws):
                    whole[gap_unit[g], d] = stored[pick[d], k, gap_unit[g]]
        else:
            fill_column(whole, gap_unit[a:b], gap_group[a:b], member_start, members, median)
        n = 0
        for i in range(len(keep)):
            n += whole[keep[i], 0] == whole[keep[i], 0]
        complete = n == whole.shape[0]
        part = whole if complete else x[:n]
        if not complete:
            n = 0
            for i in range(len(keep)):
                if whole[keep[i], 0] == whole[keep[i], 0]:
                    x[n] = whole[keep[i]]
                    n += 1
        bad |= change_column(part, changes[k])
        if treated[k] == 1:
            treat_column(part, treats[k])
        elif treated[k] == 2:
            bad |= hold_column(part, treats[k])
        bad |= scale_column(part, direction[k], methods[k], ends[k, 0], ends[k, 1])
        n = 0
        for i in range(len(keep)):
            row = out[k, i]
            if complete:
                one = whole[i]
                for d in range(draws):
                    row[d] += share * one[d]
            elif whole[keep[i], 0] == whole[keep[i], 0]:
                for d in range(draws):
                    row[d] += share * x[n, d]
                n += 1
            else:
                for d in range(draws):
                    row[d] = np.nan
    return bad


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


@compiled
def deviates(bits: Any, z: Any, y: Any, m: Any, e: Any) -> None:
    """Fill ``z`` with standard normal deviates from random bits: `figures.normals`. The others are scratch."""
    n = len(bits)
    yi, mi = y.view(np.int32), m.view(np.int32)
    for d in range(n):
        share = (F(np.int32(bits[d] >> np.uint32(8))) + HALF) * STEP
        z[d] = ONE - share if bits[d] & np.uint32(1) else share - ONE
        y[d] = share * (TWO - share)
    for d in range(n):
        e[d] = F(np.int32(yi[d] >> np.int32(23)) - np.int32(126))
        mi[d] = (yi[d] & np.int32(0x7FFFFF)) | np.int32(0x3F000000)
    for d in range(n):
        small = m[d] < ROOT_HALF
        x = (m[d] + m[d] if small else m[d]) - ONE
        power = e[d] - ONE if small else e[d]
        p = LOGARITHM[0] * x + LOGARITHM[1]
        p = p * x + LOGARITHM[2]
        p = p * x + LOGARITHM[3]
        p = p * x + LOGARITHM[4]
        p = p * x + LOGARITHM[5]
        p = p * x + LOGARITHM[6]
        p = p * x + LOGARITHM[7]
        p = p * x + LOGARITHM[8]
        square = x * x
        m[d] = -(x + (p * x * square - HALF * square) + power * LN2)
    for d in range(n):
        a = m[d] - SHIFT
        p = CENTRE[0] * a + CENTRE[1]
        p = p * a + CENTRE[2]
        p = p * a + CENTRE[3]
        p = p * a + CENTRE[4]
        p = p * a + CENTRE[5]
        p = p * a + CENTRE[6]
        p = p * a + CENTRE[7]
        y[d] = p * a + CENTRE[8]
    for d in range(n):
        if m[d] >= FIVE:  # one in 290
            a = np.sqrt(m[d]) - THREE
            p = TAIL[0] * a + TAIL[1]
            p = p * a + TAIL[2]
            p = p * a + TAIL[3]
            p = p * a + TAIL[4]
            p = p * a + TAIL[5]
            p = p * a + TAIL[6]
            p = p * a + TAIL[7]
            y[d] = p * a + TAIL[8]
    for d in range(n):
        z[d] = z[d] * ROOT_TWO * y[d]


@compiled
def add_errors(bits: Any, series: Any, relative: Any, amounts: Any, figures: Any) -> None:
    """Put random errors on ``figures[series, unit, draw]`` in place: `figures.sample_errors`."""
    units, draws = figures.shape[1], figures.shape[2]
    n = units * draws
    z, scale = np.empty(n, dtype=F), np.empty(draws, dtype=F)
    bits_of = scale.view(np.int32)
    y, m, e = np.empty(TILE, dtype=F), np.empty(TILE, dtype=F), np.empty(TILE, dtype=F)
    for k in range(len(series)):
        for at in range(0, n, TILE):
            size = min(TILE, n - at)
            deviates(bits[k, at : at + size], z[at : at + size], y[:size], m[:size], e[:size])
        for u in range(units):
            out, one = figures[series[k], u], z[u * draws : (u + 1) * draws]
            if not relative[k]:
                for d in range(draws):
                    out[d] += amounts[k, u] * np.float64(one[d])
                continue
            amount = F(amounts[k, u])
            for d in range(draws):
                x = one[d] * amount
                power = np.floor(x * LOG2E + HALF)
                r = x - power * LN2_HIGH
                r = r - power * LN2_LOW
                p = EXPONENTIAL[0] * r + EXPONENTIAL[1]
                p = p * r + EXPONENTIAL[2]
                p = p * r + EXPONENTIAL[3]
                p = p * r + EXPONENTIAL[4]
                p = p * r + EXPONENTIAL[5]
                one[d] = p * (r * r) + r + ONE
                bits_of[d] = np.int32((np.int32(power) + np.int32(127)) << np.int32(23))
            for d in range(draws):
                out[d] *= np.float64(one[d] * scale[d])
