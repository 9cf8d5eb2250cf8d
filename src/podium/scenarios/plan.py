"""The search for a plan: margins tabulated lever by lever, a program for the least effort, the last step by trial."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from podium.data.dataset import Array
from podium.index.cut import cut_rows
from podium.scenarios.programs import Table, cheapest, hull
from podium.scenarios.race import Race

__all__ = ["Planner"]

PLACES, ROUNDS = 13, 3
SUBSETS = 200_000
FINE = 2_001


class Planner:
    """Plans of one race ``(lever,)``, in the indicators' units.

    ``start`` is where the levers stand, ``end`` where all are at their bounds. Margins are tabulated around a plan;
    where they add up over levers (arithmetic means, geometric ones as logarithms, harmonic ones as reciprocals) the
    table is exact at its places, else the next round starts from what the last one found. The plan found is then shrunk
    until less of it fails.
    """

    def __init__(self, race: Race, share: float) -> None:
        self.race, self.share = race, share
        self.start = np.array([r.start for r in race.levers])
        self.end = np.array([r.end for r in race.levers])
        self._fine = [self._curve(j) for j in range(len(self.start))]
        self._tables: dict[bytes, tuple[Table, list[Array]]] = {}

    def _curve(self, j: int) -> tuple[Array, Array]:
        """Places of a lever from start to end, and the effort of each."""
        x = np.linspace(self.start[j], self.end[j], FINE)
        return x, np.maximum.accumulate(self._effort(j, x))

    def _effort(self, j: int, x: Array) -> Array:
        """Effort of a lever at places ``(place,)``: its cost, or standard deviations in the scale the index reads."""
        r, own = self.race.levers[j], self.race.built
        if r.cost is not None:
            return np.asarray(np.abs(x - r.start) * r.cost)
        at = own.pipeline.leaves.index(r.leaf)
        p, fitted = cut_rows(own.pipeline, own.fitted, [self.race.row])
        base = own.dataset.values[-1]
        figures = np.broadcast_to(base[self.race.row], (len(x) + 1, base.shape[1])).copy()
        figures[:, self.race.columns[j][0]] = np.append(x, r.start)
        total = np.zeros(len(x))
        for k, (part, _) in enumerate(p.versions):
            spread = float(np.nanstd(own.pipeline.directed(base, k, own.fitted.branches[k])[:, at], ddof=1))
            read = p.directed(figures[:, None, :], k, fitted.branches[k])[:, 0, at]
            if spread > 0:
                total += part * np.abs(read[:-1] - read[-1]) / spread
        return total

    def efforts(self, point: Array) -> Array:
        """The effort of each lever of a plan."""
        return np.array([self._effort(j, point[j : j + 1])[0] for j in range(len(point))])

    def lower(self) -> float | None:
        """Return an effort that no plan goes below: that of the index itself alone; None where there is none."""
        table, _ = self._table(self.start, None)
        return hull(table) if not table.bent.any() else None

    def _places(self, j: int, around: Array | None, width: float) -> Array:
        """The places of a lever at which margins are tabulated: even in effort, dense about the last plan."""
        x, effort = self._fine[j]
        if around is None:
            levels = np.linspace(0.0, effort[-1], PLACES)
        else:
            own = float(np.interp(around[j], *(x, effort) if x[-1] >= x[0] else (x[::-1], effort[::-1])))
            near = own + np.linspace(-width, width, PLACES - 3) * effort[-1]
            levels = np.unique(np.clip(np.concatenate([[0.0, own, effort[-1]], near]), 0.0, effort[-1]))
            levels = np.concatenate([levels, np.full(PLACES - len(levels), effort[-1])])
        return np.asarray(np.interp(levels, effort, x))

    def _table(self, at: Array, around: Array | None, width: float = 1.0) -> tuple[Table, list[Array]]:
        """Margins tabulated about a plan; every lever has its start first."""
        key = at.tobytes() + (b"" if around is None else around.tobytes()) + str(width).encode()
        if key in self._tables:
            return self._tables[key]
        places = [self._places(j, around, width) for j in range(len(at))]
        plans = [at]
        for j, x in enumerate(places):
            for value in x:
                one = at.copy()
                one[j] = value
                plans.append(one)
        held = np.concatenate([self.race.margins(np.array(part)) for part in _parts(plans)])
        own = held[0]
        each = held[1:].reshape(len(at), PLACES, -1)
        gains = each - each[:, :1]
        effort = np.array([self._effort(j, x) for j, x in enumerate(places)])
        found = Table(own - (own - each[:, 0]).sum(axis=0), gains, np.maximum.accumulate(effort, axis=1)), places
        self._tables[key] = found
        return found

    def cheapest(self, only: tuple[int, ...] | None = None) -> tuple[Array, bool]:
        """Return the plan of least effort, of some levers or all, and whether that is proved."""
        at, around, width = self.start, None, 1.0
        point, proved = self._ends(only), False
        found = [point]
        for turn in range(ROUNDS):
            table, places = self._table(at, around, width)
            solved = cheapest(_restricted(table, only), self.share)
            if solved is None:
                break
            weights, proved = solved
            point = np.array([w @ x for w, x in zip(weights, places, strict=True)])
            found.append(np.where(weights[:, 0] >= 1.0, self.start, point))
            around, width = found[-1], 0.15 * 0.2**turn
            at = self.start if self._adds_up(found[-1], table, weights) else found[-1]
        shrunk = [self._shrunk(p) for p in found[-2:]]
        costs = [float(self.efforts(p).sum()) for p in shrunk]
        return self._polished(shrunk[int(np.argmin(costs))]), proved

    def _ends(self, only: tuple[int, ...] | None) -> Array:
        if only is None:
            return self.end
        out = self.start.copy()
        out[list(only)] = self.end[list(only)]
        return out

    def _adds_up(self, point: Array, table: Table, weights: Array) -> bool:
        """Whether the table foretells a plan's margins no better than they are."""
        told = table.start + np.einsum("jb,jbd->d", weights, table.gains)
        return bool((self.race.margins(point[None])[0] >= told - 1e-9 * np.maximum(np.abs(told), 1.0)).all())

    def _holding(self, points: Array) -> Array:
        m = np.concatenate([self.race.margins(part) for part in _parts(list(points))])
        return np.asarray(((m[:, :-1] >= 0).mean(axis=1) >= self.share - 1e-12) & (m[:, -1] >= 0))

    def _shrunk(self, point: Array) -> Array:
        """The least multiple of a plan that holds, no lever beyond its bound; all at their bounds where none does."""
        span = self.end - self.start
        with np.errstate(divide="ignore", invalid="ignore"):
            most = np.nanmax(np.where(point != self.start, span / (point - self.start), np.nan), initial=1.0)

        def path(t: Array) -> Array:
            moved = t[:, None] * (point - self.start)
            return np.asarray(self.start + np.where(span >= 0, np.minimum(moved, span), np.maximum(moved, span)))

        if not self._holding(path(np.array([most])))[0]:
            return self.end
        return np.asarray(path(np.array([self._least(lambda t: self._holding(path(t)), float(most))]))[0])

    @staticmethod
    def _least(fine: Callable[[Array], Array], most: float) -> float:
        """The least number at which something holds that holds at the most, to 10⁻⁹ of it."""
        low, high = 0.0, most
        while high - low > 1e-9 * most:
            grid = np.linspace(low, high, 65)
            at = int(np.argmax(fine(grid[1:]))) + 1
            low, high = float(grid[at - 1]), float(grid[at])
        return high

    def _polished(self, point: Array) -> Array:
        """The plan with each lever, the dearest first, as little pulled as the others allow."""
        out = point.copy()
        for j in np.argsort(-self.efforts(point)):
            if out[j] == self.start[j]:
                continue

            def path(t: Array, j: int = int(j)) -> Array:
                plans = np.broadcast_to(out, (len(t), len(out))).copy()
                plans[:, j] = self.start[j] + t * (out[j] - self.start[j])
                return plans

            if self._holding(path(np.zeros(1)))[0]:
                out[j] = self.start[j]
            elif not self._holding(path(np.array([1 - 1e-7])))[0]:
                continue
            else:
                least = self._least(lambda t: self._holding(path(t)), 1.0)
                out[j] = path(np.array([least]))[0, j]
        return out

    def sparsest(self) -> tuple[Array, bool]:
        """Return the plan of the fewest levers, and of the least effort among those, and whether that is proved.

        All sets of so many levers at their bounds are looked at, as long as there are not too many.
        """
        table, _ = self._table(self.start, None)
        ends = table.gains[:, -1]
        seen = 0
        for size in range(1, len(ends) + 1):
            sets = list(itertools.islice(itertools.combinations(range(len(ends)), size), SUBSETS))
            seen += len(sets)
            told = self._told(table.start, ends, sets)
            order = [sets[k] for k in np.argsort(-told, kind="stable")]
            good = self._first_good(order, np.sort(told)[::-1])
            if good:
                plans = [self.cheapest(only=s) for s in good[:2]]
                cost = [float(self.efforts(p).sum()) for p, _ in plans]
                at = int(np.argmin(cost))
                return plans[at][0], plans[at][1] and len(good) <= 2
            if seen >= SUBSETS:
                break
        return self.cheapest()

    def _told(self, start: Array, ends: Array, sets: list[tuple[int, ...]]) -> Array:
        """The share of draws that the table foretells for each set; -1 where the index itself would not hold."""
        out = np.empty(len(sets))
        for first in range(0, len(sets), 2_000):
            part = np.array(sets[first : first + 2_000])
            margins = start + ends[part].sum(axis=1)
            share = (margins[:, :-1] >= 0).mean(axis=1)
            out[first : first + 2_000] = np.where(margins[:, -1] >= 0, share, share - 1.0)
        return out

    def _first_good(self, order: list[tuple[int, ...]], told: Array) -> list[tuple[int, ...]]:
        """The sets, of those most likely to, that hold at their bounds."""
        likely = [s for s, t in zip(order, told, strict=True) if t >= self.share - 0.05][:120] or order[:8]
        points = np.array([self._ends(s) for s in likely])
        fine = self._holding(points)
        good = [s for s, ok in zip(likely, fine, strict=True) if ok]
        table, _ = self._table(self.start, None)
        told_effort = []
        for s in good[:12]:
            solved = cheapest(_restricted(table, s), self.share)
            told_effort.append(np.inf if solved is None else float((solved[0] * table.effort).sum()))
        return [good[k] for k in np.argsort(told_effort, kind="stable")]


def _restricted(table: Table, only: tuple[int, ...] | None) -> Table:
    """The table with all levers but some held at their start."""
    if only is None:
        return table
    gains = np.zeros_like(table.gains)
    gains[list(only)] = table.gains[list(only)]
    return Table(table.start, gains, table.effort)


def _parts(plans: list[Array]) -> list[Array]:
    """Plans in portions that fit the memory."""
    return [np.array(plans[k : k + 256]) for k in range(0, len(plans), 256)]
