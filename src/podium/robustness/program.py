"""Scores as linear functions of effective weights, and the 0-1 program that asks for the fewest rivals ahead."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.aggregate import Group, Tree
from podium.robustness.admissible import GroupSet, highest, top

__all__ = ["GAP", "Cut", "Program", "Rivals", "Task", "linear_program", "quiet", "tightenings"]

Cut = tuple[dict[int, float], float]
"""A row ``sum v z <= limit`` of 0-1 variables: the values v by rival, and the limit."""

GAP = 1e-6
"""HiGHS holds rows and whole numbers to this tolerance; bounds are rounded with it."""

SHY, SHY_PRICE = 2e-5, 200.0
"""A linear program keeps rivals behind by up to this part of their reach where that is cheap, so that its weights are
free of ties; its bound is at most 0.004 lower for it."""


@dataclass(frozen=True, eq=False)
class Program:
    """Scores over the admissible weights as ``constant + coefficients @ x`` with ``rows @ x`` within limits, x >= 0.

    ``coefficients`` is ``(unit, column)``. For a node with effective weight e and children's effective weights
    ``y_c``, the admitted ones are ``sum y_c = e`` and ``low_c s <= y_c <= high_c s`` with a scale ``s >= 0`` of the
    node's own: where e > 0, ``y_c / s`` lies in the box and its shares are ``y_c / e``; where e = 0 all are 0, as every
    product with a zero parent is. So the set of products of shares down the tree, though each factor is chosen on
    its own, is the polyhedron of these rows, and a score is linear on it.

    Where units lack different children the shares of those that are there differ; each such pattern has columns of
    its own, tied to those of the whole group by the range of the factor between them. ``exact`` is False then: the
    polyhedron holds more than the admissible weights, so that its bounds hold but need not be reached.
    """

    constant: Array
    coefficients: Array
    rows: Array
    lower: Array
    upper: Array
    places: tuple[tuple[int, tuple[int, ...], int], ...]
    exact: bool

    def weights(self, tree: Tree, sets: Sequence[GroupSet], x: Array) -> Array:
        """Admitted weights within each parent ``(item,)`` with the effective weights of a solution."""
        out = tree.weights.copy()
        for group, admitted in zip(tree.groups, sets, strict=True):
            out[list(group.children)] = admitted.member
        for index, columns, _ in self.places:
            part = np.maximum(x[list(columns)], 0.0)
            if part.sum() > 1e-12:
                out[list(tree.groups[index].children)] = sets[index].scaled_weights(part / part.sum())
        return out


@dataclass(eq=False)
class _Writer:
    """Columns and rows as they are written; a mass is a column (-1: the constant 1) times a factor."""

    tree: Tree
    sets: Sequence[GroupSet]
    table: Array
    active: frozenset[int]
    constant: Array
    entries: list[tuple[npt.NDArray[np.intp], int, Array]] = field(default_factory=list)
    triplets: list[tuple[int, int, float]] = field(default_factory=list)
    limits: list[tuple[float, float]] = field(default_factory=list)
    places: list[tuple[int, tuple[int, ...], int]] = field(default_factory=list)
    columns: int = 0
    exact: bool = True

    def new(self, count: int) -> list[int]:
        self.columns += count
        return list(range(self.columns - count, self.columns))

    def row(self, terms: Sequence[tuple[int, float]], lower: float, upper: float) -> None:
        """Add a row; a term of column -1 is a constant, moved to the limits."""
        shift = sum(v for c, v in terms if c < 0)
        at = len(self.limits)
        self.triplets += [(at, c, v) for c, v in terms if c >= 0 and v != 0]
        self.limits.append((lower - shift, upper - shift))

    def write(
        self, item: int, mass: tuple[int, float], units: npt.NDArray[np.intp],
        whole: dict[int, tuple[int, float]] | None, factor: tuple[float, float],
    ) -> dict[int, tuple[int, float]]:  # fmt: skip
        """Write a group with its effective weight for the units that see it so; return the masses of all items below.

        `whole` gives the masses of the items below in the pattern with all children, None where this is it; `factor`
        is the range of this pattern's masses in them.
        """
        index = next(k for k, g in enumerate(self.tree.groups) if g.item == item)
        group, admitted = self.tree.groups[index], self.sets[index]
        there = ~np.isnan(self.table[units][:, list(group.children)])
        full = np.ones(len(group.children), dtype=bool)
        found = whole
        if found is None:
            found = self._pattern(index, mass, full, units[there.all(axis=1)], None, factor)
        patterns = np.unique(there, axis=0) if len(units) else np.zeros((0, len(full)), dtype=bool)
        for pattern in patterns:
            if whole is None and pattern.all():
                continue
            chosen = units[(there == pattern).all(axis=1)]
            wide = _renormalised(admitted, pattern)
            both = (factor[0] * wide[0], factor[1] * wide[1])
            if both[1] - both[0] < 1e-12 * both[0]:
                both = (both[0], both[0])
            self.exact &= both[0] == both[1]
            self._pattern(index, mass, pattern, chosen, found, both)
        return found

    def _pattern(
        self, index: int, mass: tuple[int, float], pattern: npt.NDArray[np.bool_], units: npt.NDArray[np.intp],
        whole: dict[int, tuple[int, float]] | None, factor: tuple[float, float],
    ) -> dict[int, tuple[int, float]]:  # fmt: skip
        group, admitted = self.tree.groups[index], self.sets[index]
        at = np.flatnonzero(pattern)
        kids = [group.children[k] for k in at]
        if admitted.fixed:
            shares = admitted.low if admitted.scaled else admitted.share_low
            part = shares[at] / shares[at].sum() if len(admitted.weights) > 1 else np.ones(1)
            masses = {kid: (mass[0], mass[1] * float(s)) for kid, s in zip(kids, part, strict=True)}
        else:
            masses = self._free(index, mass, at, whole is None)
            if whole is not None:
                self._tie(masses, whole, factor)
        found = dict(masses)
        for kid in kids:
            if kid in self.active:
                found |= self.write(kid, masses[kid], units, whole, factor)
            elif len(units):
                column, times = masses[kid]
                if column < 0:
                    self.constant[units] += times * self.table[units, kid]
                else:
                    self.entries.append((units, column, times * self.table[units, kid]))
        return found

    def _free(
        self, index: int, mass: tuple[int, float], at: npt.NDArray[np.intp], reference: bool
    ) -> dict[int, tuple[int, float]]:
        group, admitted = self.tree.groups[index], self.sets[index]
        columns = self.new(len(at))
        scale = self.new(1)[0] if admitted.scaled else -2
        place = {int(k): c for k, c in zip(at, columns, strict=True)}
        self.row([*((c, 1.0) for c in columns), (mass[0], -mass[1])], 0.0, 0.0)
        whole = len(at) == len(group.children)
        for a, b, c in admitted.rows():
            if not whole and (c != 0 or any(int(k) not in place for k in np.flatnonzero(a))):
                continue
            terms = [(place[int(k)], float(a[k])) for k in np.flatnonzero(a)]
            terms += [(scale, b)] if b != 0 else []
            terms += [(mass[0], c * mass[1])] if c != 0 else []
            self.row(terms, -np.inf, 0.0)
        if reference:
            self.places.append((index, tuple(columns), scale))
        return {group.children[k]: (place[int(k)], 1.0) for k in at}

    def _tie(
        self, masses: dict[int, tuple[int, float]], whole: dict[int, tuple[int, float]], factor: tuple[float, float]
    ) -> None:
        for kid, (column, times) in masses.items():
            if column >= 0 and kid in whole:
                other, by = whole[kid]
                self.row([(other, factor[0] * by), (column, -times)], -np.inf, 0.0)
                if np.isfinite(factor[1]):
                    self.row([(column, times), (other, -factor[1] * by)], -np.inf, 0.0)


def _renormalised(admitted: GroupSet, pattern: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The range of what the shares of the children there are multiplied by."""
    there = pattern.astype(float)
    most = float(top(admitted, there))
    least = -float(top(admitted, -there))
    return 1.0 / most, (1.0 / least if least > 0 else np.inf)


def linear_program(tree: Tree, sets: Sequence[GroupSet], table: Array, active: Sequence[int]) -> Program:
    """Return the scores of the root as linear functions over a polyhedron.

    Parameters
    ----------
    table
        ``(unit, item)``: the values of indicators and of groups whose weights are certain, on the scale on which
        they are averaged; NaN is missing. Items of `active` groups are not read, except for where they are NaN.
    active
        Items of the groups whose score depends on the weights, the root among them.
    """
    from scipy.sparse import csr_array

    writer = _Writer(tree, sets, table, frozenset(active), np.zeros(len(table)))
    writer.write(tree.groups[-1].item, (-1, 1.0), np.arange(len(table)), None, (1.0, 1.0))
    coefficients = np.zeros((len(table), writer.columns))
    for units, column, values in writer.entries:
        coefficients[units, column] += values
    at = np.array([(r, c) for r, c, _ in writer.triplets], dtype=np.intp).reshape(-1, 2)
    data = [v for _, _, v in writer.triplets]
    limits = np.array(writer.limits).reshape(-1, 2)
    rows = csr_array((data, (at[:, 0], at[:, 1])), shape=(len(limits), writer.columns))
    return Program(writer.constant, coefficients, rows.toarray(), limits[:, 0], limits[:, 1], tuple(writer.places),
                   writer.exact)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Task:
    """Differences ``constant + coefficients @ x`` of rivals from a target, of which few are to be above 0.

    ``most`` and ``least`` ``(rival,)`` are their extremes.
    """

    constant: Array
    coefficients: Array
    most: Array
    least: Array

    @property
    def reach(self) -> Array:
        """How far each difference goes: the unit of margins."""
        return np.asarray(self.most - self.least)

    @property
    def margins(self) -> Array:
        """1 for each rival that must keep the margin, 0 where it can be level at best."""
        return np.asarray(np.where(self.least < 0, 1.0, 0.0))


class Rivals:
    """The 0-1 program of a task: its rows stand, objectives and bounds change.

    Its variables are the columns x of the polyhedron, one z for each rival (0: its difference is at most 0) and a
    margin t: ``difference / reach + t <= (most / reach + t) z``. A z of 2 frees a rival altogether.
    """

    def __init__(self, task: Task, program: Program, cuts: Sequence[Cut]) -> None:
        from scipy.sparse import csc_array

        self.task, (k, n) = task, task.coefficients.shape
        self.rivals, self.columns = k, n
        room = np.maximum(task.most / task.reach, 1e-6)
        self.uncut = len(program.lower) + k
        table = np.zeros((self.uncut + len(cuts), n + k + 1))
        table[: len(program.lower), :n] = program.rows
        table[len(program.lower) : self.uncut, :n] = task.coefficients / task.reach[:, None]
        table[len(program.lower) : self.uncut, n : n + k] = np.diag(-room)
        table[len(program.lower) : self.uncut, -1] = task.margins
        for r, (terms, _) in enumerate(cuts):
            table[self.uncut + r, [n + c for c in terms]] = list(terms.values())
        lower = np.concatenate([program.lower, np.full(k + len(cuts), -np.inf)])
        upper = np.concatenate([program.upper, -task.constant / task.reach, [limit for _, limit in cuts]])
        self.rows = csc_array(table), csc_array(table[: self.uncut])
        self.limits = lower, upper

    def least(
        self, *, whole: bool = False, time_limit: float = np.inf, margin: float = 0.0, most: Array | None = None
    ) -> tuple[Array | None, Array, float, bool]:
        """Return x with the least sum of z, that z, a lower bound of the sum, and whether it was reached in time.

        `most` ``(rival,)`` bounds the z from above: 0 where a rival must not be ahead.
        """
        top_z = np.ones(self.rivals) if most is None else most
        wide = 0.0 if whole else SHY
        cost = np.append(np.ones(self.rivals), 0.0 if whole else -SHY_PRICE)
        solved = self._solve(cost, (np.zeros(self.rivals), top_z, margin, margin + wide), whole, time_limit)
        bound = solved.mip_dual_bound if whole else (solved.fun if solved.status == 0 else None)
        if solved.x is None:
            return None, top_z, -np.inf if bound is None else float(bound), solved.status in (0, 2)
        n = self.columns
        return solved.x[:n], solved.x[n:-1], -np.inf if bound is None else float(bound), solved.status == 0

    def centred(self, down: npt.NDArray[np.bool_]) -> Array | None:
        """Return the point where some differences are furthest below 0; None where they cannot all be below it."""
        if not down.any():
            return None
        z = np.where(down, 0.0, 2.0)
        solved = self._solve(np.append(np.zeros(self.rivals), -1.0), (z, z, -1.0, 1.0), False, np.inf)
        return None if solved.x is None else np.asarray(solved.x[: self.columns])

    def above(self, x: Array) -> Array:
        """The differences at x, in parts of their reach."""
        return np.asarray((self.task.constant + self.task.coefficients @ x) / self.task.reach)

    def _solve(self, cost: Array, box: tuple[Array, Array, float, float], whole: bool, time_limit: float) -> Any:
        from scipy.optimize import Bounds, LinearConstraint, milp

        n = self.columns
        low = np.concatenate([np.zeros(n), box[0], [box[2]]])
        high = np.concatenate([np.full(n, np.inf), box[1], [box[3]]])
        integral = np.concatenate([np.zeros(n), np.ones(self.rivals), [0.0]]) if whole else None
        freed = bool((box[0] == 2).any())  # a freed rival obeys no cut either
        end = self.uncut if freed else len(self.limits[0])
        held = LinearConstraint(self.rows[int(freed)], self.limits[0][:end], self.limits[1][:end])
        options = {"time_limit": max(time_limit, 0.05)} if np.isfinite(time_limit) else {}
        return milp(np.concatenate([np.zeros(n), cost]), constraints=held, integrality=integral,
                    bounds=Bounds(low, high), options=options)  # fmt: skip


def tightenings(
    groups: Sequence[Group], sets: Sequence[GroupSet], differences: Array, reach: Array, tried: Array
) -> list[Cut]:
    """Return rows that the 0-1 variables of rivals obey, ``sum v z <= limit``.

    Two kinds: of two rivals one is always ahead, since some mean of their differences stays above 0 over all weights;
    and one is behind wherever the other is, since its difference stays below a multiple of the other's.

    Parameters
    ----------
    differences
        ``(rival, item)``: the rival's values less the target's, by item.
    reach
        ``(rival,)``: the range of each difference, which sets the scale of the means that are tried.
    tried
        Differences at some admissible weights ``(rival, draw)``: what fails there is not looked at further.
    """
    k = len(differences)
    d, seen = differences / reach[:, None], tried / reach[:, None]
    implied = np.zeros((k, k), dtype=bool)
    for times in (0.5, 1.0, 2.0):
        first, second = np.nonzero(~implied & ~np.eye(k, dtype=bool))
        hopeful = (seen[second] <= times * seen[first]).all(axis=1)
        first, second = first[hopeful], second[hopeful]
        implied[first, second] |= highest(groups, sets, d[second] - times * d[first]) <= 0
    implied &= ~(implied.T & (np.arange(k)[:, None] > np.arange(k)))
    through = (implied.astype(np.float32) @ implied.astype(np.float32)) > 0
    out = [({int(b): 1.0, int(a): -1.0}, 0.0) for a, b in zip(*np.nonzero(implied & ~through), strict=True)]
    return out + _cliques(groups, sets, d, seen)


def _cliques(groups: Sequence[Group], sets: Sequence[GroupSet], d: Array, seen: Array) -> list[Cut]:
    k = len(d)
    clash = np.zeros((k, k), dtype=bool)
    for share in (0.3, 0.5, 0.7):
        first, second = np.nonzero(np.triu(~clash, 1))
        hopeful = (share * seen[first] + (1 - share) * seen[second] > 0).all(axis=1)
        first, second = first[hopeful], second[hopeful]
        mean = share * d[first] + (1 - share) * d[second]
        clash[first, second] |= -highest(groups, sets, -mean) > 1e-9
    clash |= clash.T
    covered = np.zeros((k, k), dtype=bool)
    out: list[Cut] = []
    for a, b in zip(*np.nonzero(np.triu(clash)), strict=True):
        if covered[a, b]:
            continue
        members = [int(a), int(b)]
        for c in np.flatnonzero(clash[a] & clash[b]):
            if clash[c, members].all():
                members.append(int(c))
        covered[np.ix_(members, members)] = True
        out.append((dict.fromkeys(members, -1.0), 1.0 - len(members)))
    return out


@contextmanager
def quiet() -> Iterator[None]:
    """Send what HiGHS writes to the process's standard output nowhere (some versions print debugging lines)."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
