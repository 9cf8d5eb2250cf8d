"""Compiled counting of ranks, pairs and scores; each kernel counts what the NumPy of `tally` counts.

Pairs are compared as whole numbers of 16 bits, sixteen at once in a vector register; what these confuse is found by the
sum of the places and mended from the scores themselves.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from podium.robustness._kernels import compiled

__all__ = ["compare_pairs", "count_draws", "mend_pairs", "squeeze"]

SHORT, WHOLE = np.int16, np.int32
STEPS, MIDDLE = 65_000.0, np.int32(32_500)


@compiled
def squeeze(scores: Any, rows: Any, keys: Any) -> Any:
    """Fill ``keys[row, draw]`` with whole numbers in the order of the scores of the units that have any.

    ``rows[row]`` becomes the unit of each row. Scores closer than a 65,000th of a draw's range may share a key. Returns
    the number of rows; -1 where a unit has a score in some draws only, or an infinite one.
    """
    units, draws = scores.shape
    n = 0
    for u in range(units):
        row = scores[u]
        finite = 0
        nothing = 0
        for d in range(draws):
            finite += abs(row[d]) < np.inf
            nothing += row[d] != row[d]
        if finite == draws:
            rows[n] = u
            n += 1
        elif nothing < draws:
            return -1
    if n == 0:
        return 0
    low, high = scores[rows[0]].copy(), scores[rows[0]].copy()
    for k in range(1, n):
        row = scores[rows[k]]
        for d in range(draws):
            low[d] = row[d] if row[d] < low[d] else low[d]
            high[d] = row[d] if row[d] > high[d] else high[d]
    for d in range(draws):
        span = high[d] - low[d]
        high[d] = STEPS / span if 1e-290 < span < np.inf else 0.0
    for k in range(n):
        row, key = scores[rows[k]], keys[k]
        for d in range(draws):
            x = (row[d] - low[d]) * high[d]
            key[d] = SHORT(WHOLE(x if high[d] > 0.0 else 0.0) - MIDDLE)
    return n


@compiled
def compare_pairs(keys: Any, n: Any, places: Any, wins: Any) -> None:
    """Fill ``places[row, draw]`` with how many of n rows have a greater key; add to ``wins[a, b]``, a before b.

    ``wins[b, a]`` takes all other draws, those with equal keys too, which `mend_pairs` looks at.
    """
    draws = keys.shape[1]
    for k in range(n):
        for d in range(draws):
            places[k, d] = SHORT(0)
    a = 0
    while a + 1 < n:  # two rows at a time: one load and store of the third for both
        one, two = keys[a], keys[a + 1]
        first, second = places[a], places[a + 1]
        won = SHORT(0)
        for d in range(draws):
            x = SHORT(one[d] > two[d])
            second[d] = SHORT(second[d] + x)
            first[d] = SHORT(first[d] + SHORT(two[d] > one[d]))
            won = SHORT(won + x)
        wins[a, a + 1] += won
        wins[a + 1, a] += draws - won
        for b in range(a + 2, n):
            three, third = keys[b], places[b]
            won = SHORT(0)
            also = SHORT(0)
            for d in range(draws):
                key = three[d]
                x = SHORT(one[d] > key)
                y = SHORT(two[d] > key)
                third[d] = SHORT(third[d] + SHORT(x + y))
                first[d] = SHORT(first[d] + SHORT(key > one[d]))
                second[d] = SHORT(second[d] + SHORT(key > two[d]))
                won = SHORT(won + x)
                also = SHORT(also + y)
            wins[a, b] += won
            wins[b, a] += draws - won
            wins[a + 1, b] += also
            wins[b, a + 1] += draws - also
        a += 2


@compiled
def mend_pairs(scores: Any, rows: Any, n: Any, places: Any, wins: Any) -> None:
    """Put rows that share a place in the order of their scores; equal scores share it, and neither wins."""
    draws = scores.shape[1]
    total = np.zeros(draws, dtype=WHOLE)
    for k in range(n):
        row = places[k]
        for d in range(draws):
            total[d] = WHOLE(total[d] + row[d])
    order, number = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    for d in range(draws):
        if total[d] == n * (n - 1) // 2:
            continue
        number[:] = 0
        for k in range(n):
            p = np.int64(places[k, d])
            order[p + number[p]] = k
            number[p] += 1
        at = 0
        while at < n:
            several = number[at]
            for i in range(at, at + several):
                for j in range(i + 1, at + several):
                    a, b = order[i], order[j]  # rows come in order, so a is before b
                    one, two = scores[rows[a], d], scores[rows[b], d]
                    if one > two:
                        wins[a, b] += 1
                        wins[b, a] -= 1
                        places[b, d] += SHORT(1)
                    elif two > one:
                        places[a, d] += SHORT(1)
                    else:
                        wins[b, a] -= 1
            at += several


@compiled
def count_draws(
    scores: Any, rows: Any, n: Any, places: Any, weights: Any, nominal: Any, low: Any, step: Any, histogram: Any,
    bins: Any, sums: Any, squares: Any, leading: Any, moments: Any,
) -> None:  # fmt: skip
    """Add the draws of n units to the counts of `tally.Tally`, given how many units are ahead of each.

    ``places`` are by row, ``nominal`` and what is added to by unit; ``moments`` takes the sum and the sum of squares
    of the mean distance from the nominal places.
    """
    draws = scores.shape[1]
    last = float(bins.shape[1] - 1)
    at = np.empty(draws, dtype=WHOLE)
    when = np.empty(draws + 1, dtype=np.int64)
    shift = np.zeros(draws, dtype=WHOLE)
    for k in range(n):
        u = rows[k]
        row, place = scores[u], places[k]
        start, width = low[u], 1.0 / step[u]
        for d in range(draws):
            x = np.floor((row[d] - start) * width) + 1.0
            x = x if x > 0.0 else 0.0
            at[d] = WHOLE(x if x < last else last)
        counts, ranks = bins[u], histogram[u]
        m = 0
        for d in range(draws):
            counts[at[d]] += 1
            p = place[d]
            ranks[p] += 1
            when[m] = d
            m += p == 0
        add_powers(row, sums, squares, u)
        if m > 0:
            for i in range(weights.shape[0]):
                share, total = weights[i], 0.0
                for j in range(m):
                    total += share[when[j]]
                leading[u, i] += total
    several = 0
    held = np.zeros(len(nominal), dtype=np.int64)
    for k in range(n):
        held[rows[k]] = k + 1
    for u in range(len(nominal)):
        if nominal[u] >= 0:
            several += 1
            own = WHOLE(nominal[u])
            if held[u] > 0:
                place = places[held[u] - 1]
                for d in range(draws):
                    shift[d] = WHOLE(shift[d] + abs(WHOLE(place[d]) - own))
            else:
                for d in range(draws):
                    shift[d] = WHOLE(shift[d] + own)
    for d in range(draws):
        mean = shift[d] / max(several, 1)
        moments[0] += mean
        moments[1] += mean * mean


@compiled
def add_powers(row: Any, sums: Any, squares: Any, u: Any) -> None:
    """Add the sum of a row, and of its squares, in four strands."""
    a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = 0.0
    d = 0
    while d + 4 <= len(row):
        w, x, y, z = row[d], row[d + 1], row[d + 2], row[d + 3]
        a0, a1, a2, a3 = a0 + w, a1 + x, a2 + y, a3 + z
        b0, b1, b2, b3 = b0 + w * w, b1 + x * x, b2 + y * y, b3 + z * z
        d += 4
    while d < len(row):
        a0, b0 = a0 + row[d], b0 + row[d] * row[d]
        d += 1
    sums[u] += (a0 + a1) + (a2 + a3)
    squares[u] += (b0 + b1) + (b2 + b3)
