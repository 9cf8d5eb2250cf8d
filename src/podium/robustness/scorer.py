"""Scores of many draws of weights from one normalised table: what does not change between draws is worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.aggregate import Tree, tree_scores
from podium.robustness.elementary import exponential

__all__ = ["Engine", "Scorer", "compile_scorer", "effective", "finished", "weighted_sums"]

Engine = Literal["numpy", "kernels"]
Nodes = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]
MEANS = {"arithmetic": 0, "geometric": 1, "harmonic": 2}


@dataclass(frozen=True, eq=False)
class Alike:
    """Units grouped by what they miss: ``order`` ``(unit,)`` puts them in a row, group g from ``first[g]`` on.

    ``seen`` ``(group, item)`` says what they have, ``parts`` ``(unit, indicator)`` are the figures in that order, 0
    where missing.
    """

    order: npt.NDArray[np.intp]
    first: npt.NDArray[np.intp]
    seen: npt.NDArray[np.bool_]
    parts: Array


@dataclass(frozen=True, eq=False)
class Scorer:
    """One normalised table ready to be scored under any weights.

    ``kind`` says how. ``linear``: complete data and one mean throughout, so that the score is a sum over effective
    weights (of logarithms where the mean is geometric). ``walk``: arithmetic, geometric and harmonic means up the tree,
    with missing figures. ``general``: any other aggregation, node by node.

    ``parts`` ``(unit, indicator)`` holds the figures as the mean above takes them, ``there`` ``(unit, item)`` what has
    a value, ``means`` the code of each group's mean and of the one above it, ``nodes`` the tree as kernels take it.
    """

    kind: Literal["linear", "walk", "general"]
    tree: Tree
    table: Array
    units: tuple[str, ...]
    parts: Array
    there: npt.NDArray[np.bool_]
    means: tuple[tuple[int, int], ...]
    nodes: Nodes

    @cached_property
    def alike(self) -> Alike | None:
        """The units of a walk grouped by what they miss: in each group the score is a sum over effective weights again.

        None where the means up the tree are of several kinds.
        """
        if self.kind != "walk" or len({own for own, _ in self.means}) > 1:
            return None
        return _alike(self.parts, self.there)

    def scores(self, weights: Array, shares: Array | None = None, *, engine: Engine = "numpy") -> Array:
        """Return the root's scores.

        Parameters
        ----------
        weights
            ``(item, draw)`` weights within the parent, of any positive scale.
        shares
            ``(indicator, draw)`` effective weights, where they are known already.
        engine
            NumPy, or the compiled kernels that give the same.

        Returns
        -------
        ``(unit, draw)``; NaN where a unit has too little data.

        Raises
        ------
        ComputationError
            If a mean has no value in a draw, naming node, unit and child.
        """
        if self.kind == "general":
            return self._slowly(weights)
        if self.kind == "linear":
            shares = effective(self.tree, weights, self.nodes, engine=engine) if shares is None else shares
            out = finished(self.means[-1][0], _sums(self.parts, shares, engine), engine=engine)
        else:
            out = _walk(self, weights, engine)
        if np.isfinite(out.sum()):  # nothing is odd where even the sum is finite
            return out
        odd = np.flatnonzero((~np.isfinite(out) & self.there[:, -1:]).any(axis=0))
        if len(odd):  # a weight of 0 that leaves a group without any, or a mean without a value
            out[:, odd] = self._slowly(weights[:, odd])
        return out

    def _slowly(self, weights: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            slow = tree_scores(self.tree, self.table, weights.T, units=self.units)
        return np.ascontiguousarray(slow[..., -1].T)


def compile_scorer(tree: Tree, table: Array, units: tuple[str, ...], *, built: bool = False) -> Scorer:
    """Return a normalised table ``(unit, indicator)`` ready to be scored under any weights.

    A table that was ``built`` has been scored at the tree's own weights before and is not tried again.

    Raises
    ------
    ComputationError
        If a mean has no value at the tree's own weights, naming node, unit and child.
    """
    if not built:
        with np.errstate(divide="ignore", invalid="ignore"):
            tree_scores(tree, table, units=units)  # raises what the aggregation refuses
    there, nodes = _there(tree, table), compile_nodes(tree)
    codes = {g.item: MEANS.get(g.method, 3) for g in tree.groups}
    plain = all(g.normalise is None and g.shown is None and g.decimals is None for g in tree.groups)
    means = tuple((codes[g.item], codes.get(tree.parent[g.item], 3)) for g in tree.groups)
    above = np.array([codes[tree.parent[k]] for k in range(tree.indicators)])
    known = there[:, : tree.indicators]
    if 3 in codes.values() or not plain or bool((known & (table <= 0) & (above > 0)).any()):
        return Scorer("general", tree, table, units, table, there, means, nodes)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(above == 1, np.log(table), np.where(above == 2, 1.0 / table, table))
    kind: Literal["linear", "walk"] = "linear" if len(set(codes.values())) == 1 and bool(there.all()) else "walk"
    return Scorer(kind, tree, table, units, np.ascontiguousarray(parts), there, means, nodes)


def _alike(parts: Array, there: npt.NDArray[np.bool_]) -> Alike:
    seen, group = np.unique(there, axis=0, return_inverse=True)
    order = np.argsort(group, kind="stable")
    first = np.searchsorted(group[order], np.arange(len(seen) + 1))
    held = np.where(there[:, : parts.shape[1]], parts, 0.0)
    return Alike(order, first, seen, np.ascontiguousarray(held[order]))


def _there(tree: Tree, table: Array) -> npt.NDArray[np.bool_]:
    """Which items have a value ``(unit, item)``, whatever the weights."""
    out = np.zeros((len(table), len(tree.items)), dtype=bool)
    out[:, : tree.indicators] = ~np.isnan(table)
    for group in tree.groups:
        kids = out[:, list(group.children)]
        out[:, group.item] = kids.any(axis=1) & (kids.mean(axis=1) >= group.min_available)
    return out


def effective(tree: Tree, weights: Array, nodes: Nodes | None = None, *, engine: Engine = "numpy") -> Array:
    """Return the indicators' weights in the root, ``(item, draw)`` → ``(indicator, draw)``; they sum to 1.

    NaN below a group whose weights are all 0.
    """
    out = np.empty(weights.shape)
    if engine == "kernels":
        from podium.robustness import _kernels

        _kernels.effective(*(nodes or compile_nodes(tree)), weights, out)
        return out[: tree.indicators]
    out[tree.groups[-1].item] = 1.0
    with np.errstate(invalid="ignore", divide="ignore"):
        for group in reversed(tree.groups):
            kids = list(group.children)
            part = weights[kids]
            total = part[0].copy()
            for row in part[1:]:  # in order, as the kernel adds
                total += row
            out[kids] = part * np.where(total != 0, out[group.item] / total, np.nan)
    return out[: tree.indicators]


def weighted_sums(x: Array, w: Array) -> Array:
    """Return ``sum_k x[unit, k] w[k, draw]``, from the first k to the last; the same for equal rows of x."""
    out = np.zeros((len(x), w.shape[1]))
    for k in range(x.shape[1]):
        out += x[:, k, None] * w[k]
    return out


def compile_nodes(tree: Tree) -> Nodes:
    """Where each group's children start, the children, and each group's item."""
    kids = np.array([k for g in tree.groups for k in g.children], dtype=np.intp)
    start = np.cumsum([0, *(len(g.children) for g in tree.groups)]).astype(np.intp)
    return start, kids, np.array([g.item for g in tree.groups], dtype=np.intp)


def _sums(x: Array, w: Array, engine: Engine) -> Array:
    if engine == "numpy":
        return weighted_sums(x, w)
    from podium.robustness import _kernels

    out = np.empty((len(x), w.shape[1]))
    _kernels.weighted_sums(x, w, out)
    return out


def finished(mean: int, sums: Array, *, engine: Engine = "numpy") -> Array:
    """The score from the sum of the figures as a mean takes them; `sums` may be used up."""
    if mean == 1 and engine == "kernels":
        from podium.robustness import _kernels_random

        _kernels_random.exponentials(sums)
    elif mean == 1:
        return exponential(sums)
    if mean == 2:
        with np.errstate(divide="ignore"):
            return np.asarray(np.divide(1.0, sums, out=sums))
    return sums


def _walk(s: Scorer, weights: Array, engine: Engine) -> Array:
    """Scores up the tree ``(unit, draw)``; the weight of what is missing goes to its siblings."""
    if engine == "numpy":
        return _walk_numpy(s, weights)
    from podium.robustness import _kernels

    start, kids, item = s.nodes
    if s.alike is not None:
        a = s.alike
        sums = np.empty((len(a.order), weights.shape[1]))
        _kernels.walk_alike(a.parts, a.first, a.seen, start, kids, item, weights, np.empty(weights.shape), sums)
        out = np.empty_like(sums)
        out[a.order] = finished(s.means[-1][0], sums, engine=engine)
        return out
    means = np.array(s.means, dtype=np.intp)
    out = np.empty((len(s.table), weights.shape[1]))
    scratch = np.empty((2 * len(item) + 1, weights.shape[1]))
    _kernels.walk(s.parts, s.there, start, kids, item, means[:, 0], means[:, 1], weights, scratch, out)
    return out


def _walk_numpy(s: Scorer, weights: Array) -> Array:
    held: dict[int, Array] = {k: s.parts[:, k, None] for k in range(s.tree.indicators)}
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for group, (own, above) in zip(s.tree.groups, s.means, strict=True):
            value = np.zeros((len(s.table), weights.shape[1]))
            total = np.zeros_like(value)
            for k in group.children:
                share = np.where(s.there[:, k, None], weights[k], 0.0)
                value += np.where(s.there[:, k, None], held[k], 0.0) * share
                total += share
            value = np.where(total != 0, value / total, np.nan)
            if own != above:
                value = finished(own, value)
                if above == 1:
                    value = np.where(value > 0, np.log(value), np.nan)
                elif above == 2:
                    value = np.where(value > 0, 1.0 / value, np.nan)
            held[group.item] = value
    root = s.tree.groups[-1].item
    return np.where(s.there[:, root, None], held[root], np.nan)


