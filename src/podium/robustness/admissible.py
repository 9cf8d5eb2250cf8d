"""The admissible weights of an index as sets: what may stand within each parent, and the extremes over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise, product
from math import comb

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.aggregate import Group, Tree
from podium.index.spec import Spec
from podium.index.uncertainties import WeightNoise
from podium.robustness.weights import compile_weights

__all__ = ["GroupSet", "corners", "highest", "noise_sets", "nominal_set", "top", "top_shares", "weight_sets"]

Mask = npt.NDArray[np.bool_]
MOST_BASES = 60_000
"""Vertices of a group's set are listed where at most so many bases have to be tried; beyond, a linear program."""


@dataclass(frozen=True, eq=False)
class GroupSet:
    """The weights admitted within one parent; a share is a weight divided by the sum of its siblings' weights.

    Weights ``w`` are admitted where ``low <= w <= high`` (a free common scale makes no difference), their shares
    lie between ``share_low`` and ``share_high``, ``w_a >= w_b`` for each pair of positions in ``order``, and the
    weights at the positions ``part`` sum to ``total`` where such are given.
    All arrays are ``(child,)``; ``weights`` are the nominal ones. ``scaled`` is False where low and high say
    nothing, ``bounded`` where the bounds of the shares say nothing.
    """

    weights: Array
    low: Array
    high: Array
    share_low: Array
    share_high: Array
    order: tuple[tuple[int, int], ...] = ()
    scaled: bool = True
    bounded: bool = False
    part: tuple[int, ...] = ()
    total: float = 0.0

    @property
    def plain(self) -> bool:
        """Whether nothing but a box holds."""
        return self.scaled and not self.bounded and not self.order and not self.part

    @cached_property
    def member(self) -> Array:
        """Some admitted weights: the middle of the box where nothing else holds."""
        if self.plain:
            return np.asarray((self.low + self.high) / 2)
        return self.scaled_weights(top_shares(self, np.zeros(len(self.weights))))

    @cached_property
    def fixed(self) -> bool:
        """Whether one vector of shares alone is admitted."""
        if len(self.weights) == 1:
            return True
        return (self.scaled and bool((self.low == self.high).all())) or bool((self.share_low == self.share_high).all())

    @property
    def shares(self) -> Array:
        """The nominal shares."""
        return np.asarray(self.weights / self.weights.sum())

    def rows(self) -> list[tuple[Array, float, float]]:
        """The set as homogeneous rows ``a·y + b·scale + c·parent <= 0`` of effective weights ``y`` of the children.

        The parent's effective weight is the sum of its children's. A scale of the weights is free in every parent,
        so that ``low·scale <= y <= high·scale`` says that ``y / scale`` lies in the box.
        """
        k = len(self.weights)
        eye = np.eye(k)
        out: list[tuple[Array, float, float]] = []
        for c in range(k):
            if self.scaled:
                out += [(eye[c], -float(self.high[c]), 0.0), (-eye[c], float(self.low[c]), 0.0)]
            if self.bounded:
                out += [(eye[c], 0.0, -float(self.share_high[c])), (-eye[c], 0.0, float(self.share_low[c]))]
        out += [(eye[b] - eye[a], 0.0, 0.0) for a, b in self.order]
        if self.part:
            some = eye[list(self.part)].sum(axis=0)
            out += [(some, -self.total, 0.0), (-some, self.total, 0.0)]
        return out

    def scaled_weights(self, shares: Array) -> Array:
        """Admitted weights with these shares, clipped into the box where arithmetic left it by a rounding error."""
        if not self.scaled:
            return np.asarray(shares * self.weights.sum())
        if self.part:
            return np.asarray(np.clip(shares * (self.total / shares[list(self.part)].sum()), self.low, self.high))
        with np.errstate(divide="ignore", invalid="ignore"):
            least = np.nanmax(np.where(self.high > 0, shares / self.high, 0.0))
            most = np.nanmin(np.where((self.low > 0) & (shares > 0), shares / self.low, np.inf))
        scale = least if not np.isfinite(most) else np.sqrt(least * most)
        return np.asarray(np.clip(shares / scale, self.low, self.high))

    @cached_property
    def vertices(self) -> Array | None:
        """The vertices of the set of shares, ``(vertex, child)``; None where they are too many to list."""
        k = len(self.weights)
        if self.part:
            return None
        rows = [a for a, _, _ in _unscaled(self)]
        limits = [float(h) for _, _, h in _unscaled(self)]
        if comb(len(rows), k - 1) > MOST_BASES:
            return None
        normal, limit = np.array(rows), np.array(limits)
        picks = np.array(list(combinations(range(len(rows)), k - 1)), dtype=np.intp)
        system = np.concatenate([np.ones((len(picks), 1, k)), normal[picks]], axis=1)
        right = np.concatenate([np.ones((len(picks), 1)), limit[picks]], axis=1)
        good = np.abs(np.linalg.det(system)) > 1e-12
        found = np.linalg.solve(system[good], right[good][..., None])[..., 0]
        inside = (found @ normal.T <= limit + 1e-9).all(axis=1)
        return np.unique(np.round(np.maximum(found[inside], 0.0), 14), axis=0)


def _unscaled(group: GroupSet) -> list[tuple[Array, float, float]]:
    """Rows ``a·share <= h`` of a set without its free scale."""
    k = len(group.weights)
    eye = np.eye(k)
    out = [(-eye[c], 0.0, 0.0) for c in range(k)]
    if group.bounded:
        out += [(eye[c], 0.0, float(group.share_high[c])) for c in range(k)]
        out += [(-eye[c], 0.0, -float(group.share_low[c])) for c in range(k) if group.share_low[c] > 0]
    if group.scaled:
        out += [(eye[c], 0.0, 0.0) for c in range(k) if group.high[c] == 0]
        out += [(eye[c] * group.low[d] - eye[d] * group.high[c], 0.0, 0.0)
                for c in range(k) for d in range(k) if c != d and group.low[d] > 0]  # fmt: skip
    out += [(eye[b] - eye[a], 0.0, 0.0) for a, b in group.order]
    return out


def nominal_set(weights: Array) -> GroupSet:
    """The set that admits the nominal weights alone."""
    zero, one = np.zeros(len(weights)), np.ones(len(weights))
    return GroupSet(weights, weights, weights, zero, one)


def noise_sets(tree: Tree, amount: float, levels: Sequence[int] | None = None) -> tuple[GroupSet, ...]:
    """The sets that admit every weight times 1 - amount to 1 + amount, for the children of each group in order.

    `levels` limits this to items of these levels; None takes all.
    """
    out = []
    for group in tree.groups:
        w = tree.weights[list(group.children)]
        noisy = np.array([levels is None or tree.level[c] in levels for c in group.children])
        part = np.where(noisy, amount, 0.0)
        zero, one = np.zeros(len(w)), np.ones(len(w))
        out.append(GroupSet(w, w * (1 - part), w * (1 + part), zero, one))
    return tuple(out)


def weight_sets(spec: Spec, tree: Tree) -> tuple[tuple[GroupSet, ...], ...]:
    """What the specification's ``uncertainties.weights`` admits: alternatives, each with one set a group in order.

    Noise and intervals bound weights before they are divided by their sum; Dirichlet laws and the simplex admit every
    share; an order admits shares that descend, within their bounds. Each set of experts and each item left out (and
    leaving out none) is an alternative.

    Raises
    ------
    SpecError
        If a law names what is not in the tree.
    """
    laws = spec.uncertainties.free.weights
    compile_weights(laws, tree, np.random.SeedSequence(0))
    place = {code: k for k, code in enumerate(tree.items)}
    given: list[list[dict[int, float]]] = []
    for law in laws:
        if law.kind == "experts":
            named = sorted({c for s in law.sets for c in s})
            given.append([{place[c]: float(s.get(c, tree.weights[place[c]])) for c in named} for s in law.sets])
        elif law.kind == "leave_out":
            codes = [*(tree.items[: tree.indicators] if "each indicator" in law.codes else ()), *law.codes]
            given.append([{}, *({place[c]: 0.0} for c in dict.fromkeys(codes) if c in place)])
    return tuple(_sets(laws, tree, place, {k: v for part in parts for k, v in part.items()})
                 for parts in product(*given))  # fmt: skip


def _sets(
    laws: Sequence[WeightNoise], tree: Tree, place: dict[str, int], held: dict[int, float]
) -> tuple[GroupSet, ...]:
    """One set a group, with some items held at a weight."""
    low, high, free = tree.weights.copy(), tree.weights.copy(), np.zeros(len(tree.items), dtype=bool)
    level = np.array(tree.level)
    for law in laws:
        below = next((g.children for g in tree.groups if g.item == place.get(law.below or "")), ())
        items = np.flatnonzero(level == law.level) if law.below is None else np.array(below, dtype=np.intp)
        if law.kind == "noise":
            low[items], high[items] = tree.weights[items] * (1 - law.amount), tree.weights[items] * (1 + law.amount)
        elif law.kind in ("dirichlet", "simplex"):
            free[items[tree.weights[items] > 0]] = True
        for code, (least, most) in law.intervals.items():
            low[place[code]], high[place[code]] = least, most
    for item, weight in held.items():
        low[item] = high[item] = weight
        free[item] &= weight != 0
    out = []
    for group in tree.groups:
        ordered = [x for x in laws if x.kind == "order" and place[(*x.order, *x.bounds)[0]] in group.children]
        out.append(_group_set(tree, group, low, high, free, ordered[-1] if ordered else None))
        kids = list(group.children)
        if out[-1].scaled and not high[kids].any() and tree.parent[group.item] >= 0:
            low[group.item] = high[group.item] = 0.0  # nothing below has a weight: its siblings take it
            out[-1] = nominal_set(tree.weights[kids])
    return tuple(out)


def _group_set(
    tree: Tree, group: Group, low: Array, high: Array, free: npt.NDArray[np.bool_], order: WeightNoise | None
) -> GroupSet:
    kids = list(group.children)
    w, zero, one = tree.weights[kids], np.zeros(len(kids)), np.ones(len(kids))
    gone = high[kids] == 0
    if order is not None:
        at = {tree.items[k]: j for j, k in enumerate(kids)}
        ends = np.array([order.bounds.get(tree.items[k], (0.0, 1.0)) for k in kids], dtype=float)
        pairs = tuple((at[a], at[b]) for a, b in pairwise(order.order))
        pairs = tuple((a, b) for a, b in pairs if not gone[a] and not gone[b])
        ends[gone] = 0.0
        return GroupSet(w, zero, one, ends[:, 0], np.minimum(ends[:, 1], 1.0), pairs, False, True)
    loose = free[kids]
    if loose.any() and (loose | gone | (w == 0)).all():
        return GroupSet(w, zero, one, zero, np.where(loose, 1.0, 0.0), (), False, True)
    if loose.any():
        some = tuple(int(k) for k in np.flatnonzero(loose))
        total = float(w[loose].sum())
        return GroupSet(w, np.where(loose, 0.0, low[kids]), np.where(loose, total, high[kids]), zero, one, (), True,
                        False, some, total)  # fmt: skip
    return GroupSet(w, low[kids], high[kids], zero, one)


def top(group: GroupSet, values: Array, available: Mask | None = None) -> Array:
    """Return the greatest weighted mean of values over the admitted weights, ``(..., child)`` → ``(...)``.

    With `available` ``(..., child)`` the weights of the children that are not there go to the others, in proportion.
    The maximum is then exact for weights within a box and for sets whose vertices are listed, else an upper bound.

    For a box the mean is a ratio of two linear functions, so that it is greatest where the children with the
    greatest values have their upper weight and all others their lower; every cut of that order is tried.
    """
    if available is None and group.fixed:
        weights = group.member
        return np.asarray(values @ (weights / weights.sum()))
    if available is None and not group.order and not group.part and group.bounded != group.scaled:
        return _box(values, group.low, group.high, None) if group.scaled else _knapsack(group, values)
    if available is not None and group.plain:
        return _box(values, group.low, group.high, available)
    vertices = group.vertices
    if vertices is not None:
        return _at_vertices(vertices, values, available)
    if available is None:
        flat = values.reshape(-1, values.shape[-1])
        return np.array([float(v @ _program(group, v)) for v in flat]).reshape(values.shape[:-1])
    return _box(values, np.zeros(len(group.weights)), np.ones(len(group.weights)), available)


def _box(values: Array, low: Array, high: Array, available: Mask | None) -> Array:
    """The greatest mean for weights within a box, by Dinkelbach's method (1967, doi:10.1287/mnsc.13.7.492).

    From any mean, weights that are high for the children above it and low for those below it give a greater one; a
    mean that no longer grows is the greatest. That takes a handful of steps.
    """
    spread = high - low
    there = np.ones(len(low), dtype=bool) if available is None else available
    v = values if available is None else np.where(available, values, 0.0)
    base, first = there @ low, v @ low
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.asarray((v @ high) / (there @ high))
        for _ in range(len(low) + 2):
            above = ((v >= mean[..., None]) & there).astype(float)
            total = base + above @ spread
            above *= v
            better = np.where(total > 0, (first + above @ spread) / total, mean)
            if not (better > mean).any():
                break
            mean = np.fmax(mean, better)
    return mean


def _knapsack(group: GroupSet, values: Array) -> Array:
    order = np.argsort(-values, axis=-1)
    room = (group.share_high - group.share_low)[order]
    left = 1.0 - group.share_low.sum()
    before = np.cumsum(room, axis=-1) - room
    given = np.clip(left - before, 0.0, room)
    return np.asarray((group.share_low * values).sum(axis=-1)
                      + (given * np.take_along_axis(values, order, axis=-1)).sum(axis=-1))  # fmt: skip


def _at_vertices(vertices: Array, values: Array, available: Mask | None) -> Array:
    if available is None:
        return np.asarray((values @ vertices.T).max(axis=-1))
    there = np.broadcast_to(available, values.shape).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (np.where(available, values, 0.0) @ vertices.T) / (there @ vertices.T)
    return np.asarray(np.nanmax(np.where(np.isfinite(means), means, -np.inf), axis=-1))


def top_shares(group: GroupSet, values: Array) -> Array:
    """Return admitted shares at which the weighted mean of values ``(child,)`` is greatest."""
    if group.plain:
        order = np.argsort(-values)
        best = np.asarray(group.weights, dtype=float)
        most = -np.inf
        for cut in range(1, len(order) + 1):
            w = group.low.copy()
            w[order[:cut]] = group.high[order[:cut]]
            if w.sum() > 0 and (mean := float(w @ values / w.sum())) > most:
                best, most = w, mean
        return np.asarray(best / best.sum())
    if group.vertices is not None:
        return np.asarray(group.vertices[int(np.argmax(group.vertices @ values))])
    return _program(group, values)


def corners(group: GroupSet, count: int, rng: np.random.Generator) -> Array:
    """Return some admitted shares ``(draw, child)``: corners of the box or vertices; the first are nominal."""
    k = len(group.weights)
    if group.plain:
        w = np.where(rng.random((count, k)) < 0.5, group.low, group.high)
        w[w.sum(axis=1) == 0] = group.weights
    else:
        w = np.stack([top_shares(group, v) for v in rng.standard_normal((count, k))])
    w[0] = group.weights
    return np.asarray(w / w.sum(axis=1, keepdims=True))


def _program(group: GroupSet, values: Array) -> Array:
    """Shares that maximise a weighted mean, by linear programming."""
    from scipy.optimize import linprog

    k = len(values)
    rows = np.array([[*a, b] for a, b, _ in group.rows()])
    right = np.array([-c for _, _, c in group.rows()])
    solved = linprog(-np.append(values, 0.0), A_ub=rows, b_ub=right, A_eq=[[1.0] * k + [0.0]], b_eq=[1.0],
                     bounds=(0, None), method="highs")  # fmt: skip
    return np.asarray(np.maximum(solved.x[:k], 0.0) / np.maximum(solved.x[:k], 0.0).sum())


def highest(groups: Sequence[Group], sets: Sequence[GroupSet], table: Array) -> Array:
    """Return the greatest score of the last group over the admitted weights, ``(..., item)`` → ``(...)``.

    The scores are weighted arithmetic means up the tree. Since each parent's weights are chosen on their own and
    enter with a weight of at least 0, the greatest value of a tree is found from the bottom up. `table` holds the
    values of the items below these groups; those of the groups are written into a copy.
    """
    out = np.array(table, dtype=float)
    for group, admitted in zip(groups, sets, strict=True):
        out[..., group.item] = top(admitted, out[..., list(group.children)])
    return np.asarray(out[..., groups[-1].item])
