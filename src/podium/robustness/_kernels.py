"""Compiled arithmetic of the draws; each kernel equals a NumPy function, which its tests name.

Draws are the last axis, so that a loop over them runs on whole vector registers. Nothing is reordered or fused, so that
the sums are those of NumPy bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit

__all__ = [
    "compiled", "count_bins", "count_ranks", "effective", "pack", "place_packed", "rank_pairs", "sum_leaders",
    "sum_places", "sum_shifts", "walk", "weighted_sums",
]  # fmt: skip

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(kernel: Kernel) -> Kernel:
    """The function compiled when first called, kept on disk, and run without Python's lock.

    Division is NumPy's: a check for zero before each would keep loops out of vector registers.
    """
    made: Kernel = njit(cache=True, nogil=True, error_model="numpy")(kernel)
    return made


@compiled
def weighted_sums(x: Any, w: Any, out: Any) -> None:
    """Fill ``out[unit, draw]`` with ``sum_k x[unit, k] w[k, draw]``, from the first k to the last."""
    units, parts = x.shape
    u = 0
    while u + 2 <= units:  # two units and four parts at a time: what is loaded serves eight products
        one, two = out[u], out[u + 1]
        one[:] = 0.0
        two[:] = 0.0
        k = 0
        while k + 4 <= parts:
            x0, x1, x2, x3 = x[u, k], x[u, k + 1], x[u, k + 2], x[u, k + 3]
            y0, y1, y2, y3 = x[u + 1, k], x[u + 1, k + 1], x[u + 1, k + 2], x[u + 1, k + 3]
            w0, w1, w2, w3 = w[k], w[k + 1], w[k + 2], w[k + 3]
            for d in range(w.shape[1]):
                v0, v1, v2, v3 = w0[d], w1[d], w2[d], w3[d]
                one[d] = one[d] + x0 * v0 + x1 * v1 + x2 * v2 + x3 * v3
                two[d] = two[d] + y0 * v0 + y1 * v1 + y2 * v2 + y3 * v3
            k += 4
        add_products(x[u, k:], w[k:], one)
        add_products(x[u + 1, k:], w[k:], two)
        u += 2
    if u < units:
        out[u] = 0.0
        add_products(x[u], w, out[u])


@compiled
def add_products(x: Any, w: Any, row: Any) -> None:
    """Add ``sum_k x[k] w[k, draw]`` to a row, from the first k to the last."""
    for k in range(len(x)):
        one, share = x[k], w[k]
        for d in range(len(row)):
            row[d] = row[d] + one * share[d]


@compiled
def rank_pairs(scores: Any, places: Any, wins: Any) -> None:
    """Fill ``places[unit, draw]`` with the number of units ahead; add to ``wins[a, b]`` the draws with a ahead of b.

    A NaN is neither ahead nor behind.
    """
    units, draws = scores.shape
    for u in range(units):
        for d in range(draws):
            places[u, d] = 0
    for a in range(units):
        one, place = scores[a], places[a]
        for b in range(a + 1, units):
            two, other = scores[b], places[b]
            won = np.int64(0)
            lost = np.int64(0)
            for d in range(draws):
                x = np.int64(one[d] > two[d])
                y = np.int64(two[d] > one[d])
                other[d] += x
                place[d] += y
                won += x
                lost += y
            wins[a, b] += won
            wins[b, a] += lost


@compiled
def count_ranks(scores: Any, places: Any, histogram: Any) -> None:
    """Add to ``histogram[unit, place]`` the draws in which a unit with a score has so many ahead of it."""
    units, draws = places.shape
    for u in range(units):
        row = histogram[u]
        for d in range(draws):
            if scores[u, d] == scores[u, d]:
                row[places[u, d]] += 1


@compiled
def count_bins(x: Any, low: Any, step: Any, counts: Any) -> None:
    """Add to ``counts[unit, bin]`` the draws whose value lies in a bin; the first and last bins are open-ended."""
    units, draws = x.shape
    bins = counts.shape[1]
    for u in range(units):
        row, start, width = counts[u], low[u], 1.0 / step[u]
        for d in range(draws):
            v = np.float64(x[u, d])
            if v == v:
                at = np.floor((v - start) * width) + 1.0
                k = 0 if at < 0.0 else (bins - 1 if at > bins - 1 else np.int64(at))
                row[k] += 1


@compiled
def add_child(k: Any, indicators: Any, y: Any, u: Any, scratch: Any, share: Any, value: Any) -> None:
    """Add a child's value times its weight to ``value[draw]``: an indicator of unit u, or a group worked out before."""
    if k < indicators:
        x = y[u, k]
        for d in range(len(value)):
            value[d] += x * share[d]
    else:
        child = scratch[k - indicators]
        for d in range(len(value)):
            value[d] += child[d] * share[d]


@compiled
def lift(value: Any, own: Any, parent: Any) -> None:
    """Turn a group's sum ``value[draw]`` into what the mean above it takes; NaN where there is none."""
    draws = len(value)
    if own == parent:
        return
    if own == 1:
        for d in range(draws):
            value[d] = np.exp(value[d])
    elif own == 2:
        for d in range(draws):
            value[d] = 1.0 / value[d] if value[d] != 0.0 else np.nan
    if parent == 1:
        for d in range(draws):
            value[d] = np.log(value[d]) if value[d] > 0.0 else np.nan
    elif parent == 2:
        for d in range(draws):
            value[d] = 1.0 / value[d] if value[d] > 0.0 else np.nan


@compiled
def walk(
    y: Any, there: Any, start: Any, kids: Any, item: Any, own: Any, parent: Any, w: Any, scratch: Any, out: Any
) -> None:
    """Fill ``out[unit, draw]`` with the root's scores up a tree of means.

    ``y[unit, indicator]`` holds the indicators as their parent's mean takes them (logarithms below a geometric mean,
    reciprocals below a harmonic one); ``own`` and ``parent`` are the means (0 arithmetic, 1 geometric, 2 harmonic, 3
    none) of each group and of the group above it; group g has the children ``kids[start[g]:start[g + 1]]``.
    """
    units, indicators = y.shape
    draws, groups = w.shape[1], len(item)
    for g in range(groups):  # what a group's weights sum to where no child is missing
        total = scratch[groups + 1 + g]
        total[:] = 0.0
        for at in range(start[g], start[g + 1]):
            share = w[kids[at]]
            for d in range(draws):
                total[d] += share[d]
    for u in range(units):
        for g in range(groups):
            value, part = scratch[item[g] - indicators], scratch[groups]
            value[:] = 0.0
            part[:] = 0.0
            complete = True
            for at in range(start[g], start[g + 1]):
                complete = complete and there[u, kids[at]]
            for at in range(start[g], start[g + 1]):
                if there[u, kids[at]]:
                    share = w[kids[at]]
                    add_child(kids[at], indicators, y, u, scratch, share, value)
                    if not complete:
                        for d in range(draws):
                            part[d] += share[d]
            total = scratch[groups + 1 + g] if complete else part
            for d in range(draws):
                value[d] = value[d] / total[d] if total[d] != 0.0 else np.nan
            lift(value, own[g], parent[g])
        root = scratch[item[groups - 1] - indicators]
        for d in range(draws):
            out[u, d] = root[d] if there[u, item[groups - 1]] else np.nan


@compiled
def walk_alike(
    y: Any, first: Any, seen: Any, start: Any, kids: Any, item: Any, w: Any, shares: Any, out: Any
) -> None:
    """Fill ``out[unit, draw]`` with sums over effective weights of units grouped by what they miss.

    Those of group g are ``y[first[g]:first[g + 1]]`` and have ``seen[g, item]``; the weight of what they miss goes to
    its siblings. ``shares[item, draw]`` is scratch.
    """
    groups = len(item)
    for g in range(len(seen)):
        if not seen[g, item[groups - 1]]:
            out[first[g] : first[g + 1]] = np.nan
            continue
        shares[item[groups - 1]] = 1.0
        for k in range(groups - 1, -1, -1):
            share_out(seen[g], kids[start[k] : start[k + 1]], w, shares[item[k]], shares, seen[g, item[k]])
        weighted_sums(y[first[g] : first[g + 1]], shares[: y.shape[1]], out[first[g] : first[g + 1]])


@compiled
def share_out(seen: Any, kids: Any, w: Any, above: Any, shares: Any, there: Any) -> None:
    """Give the children of a node that are seen their part of what the node has, the others nothing."""
    draws = w.shape[1]
    total = np.zeros(draws)
    for k in kids:
        shares[k] = 0.0
        if seen[k]:
            row = w[k]
            for d in range(draws):
                total[d] += row[d]
    if not there:
        return
    for d in range(draws):
        total[d] = above[d] / total[d] if total[d] != 0.0 else np.nan
    for k in kids:
        if seen[k]:
            row, share = w[k], shares[k]
            for d in range(draws):
                share[d] = row[d] * total[d]


@compiled
def sum_shifts(places: Any, nominal: Any, out: Any) -> None:
    """Fill ``out[draw]`` with the sum over units of how far each is from its nominal place."""
    units, draws = places.shape
    for d in range(draws):
        out[d] = 0
    for u in range(units):
        if nominal[u] >= 0:
            for d in range(draws):
                out[d] += abs(places[u, d] - nominal[u])


@compiled
def sum_leaders(places: Any, scores: Any, weights: Any, sums: Any) -> None:
    """Add to ``sums[unit, indicator]`` the weights of the draws in which the unit has nobody ahead."""
    units, draws = places.shape
    when = np.empty(draws, dtype=np.int64)
    for u in range(units):
        n = 0
        for d in range(draws):
            if places[u, d] == 0 and scores[u, d] == scores[u, d]:
                when[n] = d
                n += 1
        if n > 0:
            for k in range(weights.shape[0]):
                row = weights[k]
                total = 0.0
                for i in range(n):
                    total += row[when[i]]
                sums[u, k] += total


@compiled
def effective(start: Any, kids: Any, item: Any, w: Any, out: Any) -> None:
    """Fill ``out[item, draw]`` with effective weights: the shares within each group, multiplied down from the root."""
    draws = w.shape[1]
    groups = len(item)
    total = np.empty(draws)
    root = out[item[groups - 1]]
    for d in range(draws):
        root[d] = 1.0
    for g in range(groups - 1, -1, -1):
        above = out[item[g]]
        for d in range(draws):
            total[d] = w[kids[start[g]], d]
        for at in range(start[g] + 1, start[g + 1]):
            row = w[kids[at]]
            for d in range(draws):
                total[d] += row[d]
        for d in range(draws):
            total[d] = above[d] / total[d] if total[d] != 0.0 else np.nan
        for at in range(start[g], start[g + 1]):
            row, share = w[kids[at]], out[kids[at]]
            for d in range(draws):
                share[d] = row[d] * total[d]


@compiled
def pack(scores: Any, width: Any, keys: Any) -> None:
    """Fill ``keys[draw, unit]`` with whole numbers in the order of ``scores[unit, draw]``, the unit in the low bits.

    The low ``width`` bits of a score give way to the unit; `place_packed` mends what that confuses. NaN comes last.
    """
    units, draws = scores.shape
    low = (np.int64(1) << width) - np.int64(1)
    turned = np.empty(draws)
    bits = turned.view(np.int64)
    for u in range(units):
        for d in range(draws):
            v = scores[u, d]
            turned[d] = -np.inf if v != v else v + 0.0  # no negative zero
        for d in range(draws):
            b = bits[d]
            b = b ^ ((b >> np.int64(63)) & np.int64(0x7FFFFFFFFFFFFFFF))  # whole numbers in the order of the scores
            keys[d, u] = (~b & ~low) | np.int64(u)  # the highest score first


@compiled
def place_packed(scores: Any, width: Any, keys: Any, places: Any) -> None:
    """Fill ``places[unit, draw]`` with the number of units ahead, from sorted `pack`; equal scores share a place.

    Units whose keys agree but for the unit are put in the order of their full scores.
    """
    draws, units = keys.shape
    low = (np.int64(1) << width) - np.int64(1)
    order = np.empty(units, dtype=np.int64)
    rows = np.empty((8, units))  # eight draws share a line of the cache
    placed = np.empty((8, units), dtype=np.int64)
    for start in range(0, draws, 8):
        several = min(8, draws - start)
        for u in range(units):
            for j in range(several):
                rows[j, u] = scores[u, start + j]
        for j in range(several):
            row, out, key = rows[j], placed[j], keys[start + j]
            for k in range(units):
                order[k] = key[k] & low
            for k in range(1, units):
                i = k
                unit = order[k]
                while i > 0 and key[i] | low == key[i - 1] | low and row[order[i - 1]] < row[unit]:
                    order[i] = order[i - 1]
                    i -= 1
                order[i] = unit
            place = 0
            for k in range(units):
                v = row[order[k]]
                if k > 0 and v != row[order[k - 1]]:
                    place = k
                out[order[k]] = place if v == v else 0
        for u in range(units):
            for j in range(several):
                places[u, start + j] = placed[j, u]


@compiled
def sum_places(
    places: Any, scores: Any, nominal: Any, sums: Any, squares: Any, shifts: Any, least: Any, most: Any
) -> None:
    """Add to the sums of place, square and distance from the nominal place of each unit, and widen its range."""
    units, draws = places.shape
    for u in range(units):
        total = square = shift = np.int64(0)
        low, high = least[u], most[u]
        for d in range(draws):
            if scores[u, d] == scores[u, d]:
                p = np.int64(places[u, d])
                total += p
                square += p * p
                shift += abs(p - nominal[u])
                low = min(low, p)
                high = max(high, p)
        sums[u] += total
        squares[u] += square
        shifts[u] += shift if nominal[u] >= 0 else 0
        least[u], most[u] = low, high


