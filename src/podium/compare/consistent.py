"""The weights that reproduce a rounded score: a polyhedron, its extremes, or the proof that it is empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import gcd

import numpy as np

from podium.data.dataset import Array

__all__ = ["Gap", "Rows", "gap", "integer_ratios", "reproduces", "share_intervals"]

TIGHT = 1e-6
"""A miss below this part of the rounding is none: what linear programming and floating point leave over."""
MOST_TRIED = 5_000


@dataclass(frozen=True, eq=False)
class Rows:
    """What each published row demands of coefficients ``alpha >= 0`` and an offset.

    The score is ``offset + sum alpha_c x_c``; ``low`` and ``high`` ``(row, component)`` are the least and the greatest
    that x can have been before it was rounded (with its direction), ``least`` and ``most`` ``(row,)`` the same of the
    score, so a row is reproduced where ``offset + alpha @ low <= most`` and ``offset + alpha @ high >= least``.
    With `pure` the score is a mean: no offset, coefficients that sum to 1. ``offset`` says whether one is allowed.
    """

    low: Array
    high: Array
    least: Array
    most: Array
    offset: bool = True
    pure: bool = False

    @property
    def unit(self) -> Array:
        """Half of what rounding can hide in each score: the unit of misses."""
        width = (self.most - self.least) / 2
        return np.asarray(np.where(width > 0, width, np.median(width[width > 0]) if (width > 0).any() else 1.0))

    def scaled(self, low: Array, high: Array) -> Rows:
        """The rows in components divided by a spread known to lie between two values, ``(component,)`` each."""
        return replace(self, low=np.minimum(self.low / low, self.low / high),
                       high=np.maximum(self.high / low, self.high / high))  # fmt: skip

    def only(self, keep: list[int]) -> Rows:
        """The rows with some of the components."""
        return replace(self, low=self.low[:, keep], high=self.high[:, keep])

    def system(self) -> tuple[Array, Array]:
        """The rows as ``A (alpha, offset) <= b``, each in units of its rounding."""
        unit = self.unit[:, None]
        one = np.full((len(self.least), 1), 1.0 if self.offset else 0.0)
        upper, lower = np.hstack([self.low, one]) / unit, -np.hstack([self.high, one]) / unit
        return np.vstack([upper, lower]), np.concatenate([self.most / unit[:, 0], -self.least / unit[:, 0]])


@dataclass(frozen=True, eq=False)
class Gap:
    """How near any coefficients come: the least greatest miss, in half units of the score's last decimal.

    Where it is above 0 nothing reproduces the score, and ``multipliers`` ``(2 row,)`` prove it: with them the rows
    add up to a contradiction, whatever the coefficients.
    """

    miss: float
    alpha: Array
    offset: float
    multipliers: Array

    @property
    def empty(self) -> bool:
        """Whether nothing reproduces the score."""
        return self.miss > TIGHT

    def proves(self, rows: Rows) -> bool:
        """Whether the multipliers hold up: weighted rows have no negative coefficient and a right-hand side below 0."""
        system, right = rows.system()
        scale = np.abs(system).max(axis=0) + 1e-300
        summed = self.multipliers @ system
        total = self.multipliers.sum()
        floor = summed[:-1].min() if not rows.pure else 0.0
        shift = 0.0
        if rows.pure:  # the coefficients sum to 1, so that the least entry may be added to the right-hand side
            shift = float(summed[:-1].min())
            floor = 0.0
        balanced = abs(summed[-1]) <= 1e-7 * scale[-1] * total and floor >= -1e-7 * float(scale.max()) * total
        return bool(balanced and self.multipliers @ right - shift < 0)


def gap(rows: Rows) -> Gap:
    """Return the coefficients with the least greatest miss, by linear programming."""
    from scipy.optimize import linprog

    system, right = rows.system()
    n, k = system.shape
    centre, spread = _standard(rows)
    shifted = np.hstack([(system[:, :-1] - np.outer(system[:, -1], centre)) / spread, system[:, -1:]])
    bounds = [(0.0, None)] * (k - 1) + [(None, None) if rows.offset else (0.0, 0.0), (0.0, None)]
    equal = np.array([[*(1.0 / spread), 0.0, 0.0]]) if rows.pure else None
    solved = linprog(np.append(np.zeros(k), 1.0), A_ub=np.hstack([shifted, -np.ones((n, 1))]), b_ub=right,
                     A_eq=equal, b_eq=[1.0] if rows.pure else None, bounds=bounds, method="highs")  # fmt: skip
    if solved.x is None:
        return Gap(np.inf, np.full(k - 1, np.nan), np.nan, np.zeros(n))
    alpha = solved.x[: k - 1] / spread
    return Gap(float(solved.x[-1]), alpha, float(solved.x[k - 1] - centre @ alpha), -solved.ineqlin.marginals)


def _standard(rows: Rows) -> tuple[Array, Array]:
    """A centre and a spread for each component, so that the program is well scaled."""
    middle = (rows.low + rows.high) / 2
    centre = middle.mean(axis=0) if rows.offset else np.zeros(middle.shape[1])
    spread = np.abs(middle - centre).max(axis=0)
    return centre, np.where(spread > 0, spread, 1.0)


def share_intervals(rows: Rows) -> tuple[Array, Array]:
    """Return the least and greatest share of each coefficient in their sum, over all that reproduce the score.

    The share is a ratio of linear functions; with coefficients and offset divided by the sum of the coefficients it is
    linear (Charnes & Cooper 1962, doi:10.1002/nav.3800090303).
    """
    from scipy.optimize import linprog

    unit = rows.unit
    one = np.full((len(unit), 1), 1.0 if rows.offset else 0.0)
    middle = rows.least + (rows.most - rows.least) / 2
    typical = float(np.abs(middle).max()) or 1.0
    centre = (rows.low + rows.high).mean(axis=0) / 2 if rows.offset else np.zeros(rows.low.shape[1])
    upper = np.hstack([rows.low - centre, one, -(rows.most / typical)[:, None]]) / unit[:, None] * typical
    lower = np.hstack([centre - rows.high, -one, (rows.least / typical)[:, None]]) / unit[:, None] * typical
    k = rows.low.shape[1]
    system = np.vstack([upper, lower])
    equal, one_row = [np.append(np.ones(k), [0.0, 0.0])], [1.0]
    if rows.pure:
        equal, one_row = [*equal, np.append(np.zeros(k + 1), 1.0)], [1.0, typical]
    bounds = [(0.0, None)] * k + [(None, None) if rows.offset else (0.0, 0.0), (0.0, None)]
    low, high = np.zeros(k), np.ones(k)
    for c in range(k):
        for sign, into in ((1.0, low), (-1.0, high)):
            solved = linprog(sign * np.eye(k + 2)[c], A_ub=system, b_ub=np.zeros(len(system)), A_eq=np.array(equal),
                             b_eq=one_row, bounds=bounds, method="highs")  # fmt: skip
            if solved.status == 0:
                into[c] = sign * solved.fun
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def reproduces(rows: Rows, shares: Array) -> tuple[bool, float, float]:
    """Say whether coefficients in these proportions reproduce the score; return a factor and an offset that do.

    The slack ``min(most - k u) - max(least - k v)`` is concave in the factor k, so that its greatest value is found by
    narrowing an interval in three.
    """
    u, v = rows.low @ shares, rows.high @ shares
    if rows.pure:
        u, v = u / shares.sum(), v / shares.sum()
        good = bool((u <= rows.most + TIGHT * rows.unit).all() and (v >= rows.least - TIGHT * rows.unit).all())
        return good, 1.0 / float(shares.sum()), 0.0
    middle, score = (u + v) / 2, (rows.least + rows.most) / 2
    if not rows.offset:
        with np.errstate(divide="ignore", invalid="ignore"):
            most = np.nanmin(np.where(u > 0, (rows.most + TIGHT * rows.unit) / u, np.inf))
            least = np.nanmax(np.where(v > 0, (rows.least - TIGHT * rows.unit) / v, 0.0))
        return bool(least <= most), float((least + most) / 2), 0.0
    about = middle - middle.mean()
    if float(about @ about) == 0:
        return False, 0.0, 0.0
    factor = float(about @ score) / float(about @ about)

    def slack(k: float) -> float:
        return float((rows.most + TIGHT * rows.unit - k * u).min() - (rows.least - TIGHT * rows.unit - k * v).max())

    low, high = max(0.0, factor * 0.8), factor * 1.2
    left = score - score.mean() - factor * about
    hidden = float((rows.most - rows.least).max()) / 2 + high * float((v - u).max()) / 2
    # least squares has the least mean square: where that is above what can be hidden, nothing reproduces the score
    if factor <= 0 or float(left @ left) > len(left) * (hidden * (1 + TIGHT)) ** 2:
        return False, 0.0, 0.0
    for _ in range(90):
        one, two = low + (high - low) / 3, high - (high - low) / 3
        low, high = (one, high) if slack(one) < slack(two) else (low, two)
    best = (low + high) / 2
    offset = float((rows.most - best * u).min() + (rows.least - best * v).max()) / 2
    return slack(best) >= 0, best, offset


def integer_ratios(rows: Rows, low: Array, high: Array, most: int) -> tuple[list[tuple[int, ...]], bool]:
    """Return the whole-number proportions with a sum of at most `most` that reproduce the score, smallest sum first.

    Only proportions within the intervals of the shares are tried. Also returns whether all of them were.
    """
    found: list[tuple[int, ...]] = []
    tried = 0
    for total in range(1, most + 1):
        for numbers in _within(low * total, high * total, total):
            if gcd(*numbers) != 1:
                continue
            tried += 1
            if tried > MOST_TRIED:
                return found, False
            if reproduces(rows, np.array(numbers, dtype=float))[0]:
                found.append(numbers)
                if len(found) >= 20:
                    return found, False
    return found, True


def _within(low: Array, high: Array, total: int) -> Iterator[tuple[int, ...]]:
    """Whole numbers within bounds that sum to a total."""
    first = [max(int(np.ceil(x - 1e-9)), 0) for x in low]
    last = [int(np.floor(x + 1e-9)) for x in high]
    if any(a > b for a, b in zip(first, last, strict=True)):
        return
    after_low = [sum(first[k:]) for k in range(len(first) + 1)]
    after_high = [sum(last[k:]) for k in range(len(last) + 1)]

    def extend(done: tuple[int, ...], left: int) -> Iterator[tuple[int, ...]]:
        k = len(done)
        if k == len(first):
            if left == 0:
                yield done
            return
        for x in range(max(first[k], left - after_high[k + 1]), min(last[k], left - after_low[k + 1]) + 1):
            yield from extend((*done, x), left - x)

    yield from extend((), total)
