"""Children combined into parents, level by level up the tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array
from podium.errors import ComputationError, Fault
from podium.index.spec import Node

__all__ = ["METHODS", "Group", "Tree", "compile_tree", "effective_weights", "register_aggregation", "tree_scores"]

Combine = Callable[[Array, Array], Array]


def arithmetic(x: Array, w: Array) -> Array:
    """Weighted arithmetic mean over the last axis; weights sum to 1 (OECD/JRC 2008, doi:10.1787/9789264043466-en)."""
    return np.asarray((x * w).sum(axis=-1))


def geometric(x: Array, w: Array) -> Array:
    """Weighted geometric mean of positive values over the last axis (OECD/JRC 2008)."""
    _refuse(x <= 0, w, "the geometric mean needs values above 0")
    return np.asarray(np.exp((np.log(np.where(x > 0, x, 1.0)) * w).sum(axis=-1)))


def harmonic(x: Array, w: Array) -> Array:
    """Weighted harmonic mean of positive values over the last axis (OECD/JRC 2008)."""
    _refuse(x <= 0, w, "the harmonic mean needs values above 0")
    return np.asarray(1.0 / (w / np.where(x > 0, x, 1.0)).sum(axis=-1))


class _RefusedError(Exception):
    """Carries the positions that a method refuses up to where they have names."""

    def __init__(self, message: str, bad: np.ndarray) -> None:
        super().__init__(message)
        self.bad = bad


def _refuse(bad: np.ndarray, w: Array, message: str) -> None:
    bad = bad & (w > 0)
    if bool(bad.any()):
        raise _RefusedError(message, bad)


METHODS: dict[str, Combine] = {"arithmetic": arithmetic, "geometric": geometric, "harmonic": harmonic}
"""Aggregations of ``(..., child)`` values with ``(..., child)`` weights summing to 1 into ``(...)``."""


def register_aggregation(name: str, function: Combine) -> None:
    """Make an aggregation known to specifications under a name."""
    METHODS[name] = function


@dataclass(frozen=True)
class Group:
    """One node above the indicators: where its children stand among the items, and how they combine."""

    code: str
    item: int
    children: tuple[int, ...]
    method: str
    min_available: float


@dataclass(frozen=True, eq=False)
class Tree:
    """A compiled tree.

    ``items`` lists the indicators in data order, then the groups from the bottom up, the root last. ``weights``
    gives each item's nominal weight within its parent; ``groups`` the groups in the same order; ``parent`` the
    parent's item (-1 for the root); ``level`` is 1 for indicators and counts upwards.
    """

    items: tuple[str, ...]
    indicators: int
    groups: tuple[Group, ...]
    weights: Array
    parent: tuple[int, ...]
    level: tuple[int, ...]


def compile_tree(root: Node, indicators: tuple[str, ...], *, method: str, min_available: float) -> Tree:
    """Return the tree ready for arithmetic.

    Raises
    ------
    ComputationError
        If a leaf of the tree has no data or an aggregation is not known.
    """
    nodes = list(root.walk())
    height: dict[str, int] = {}
    for node in reversed(nodes):
        height[node.code] = 1 + max((height[c.code] for c in node.children), default=0)
    groups_ = sorted((n for n in nodes if n.children), key=lambda n: height[n.code])
    faults = [Fault(f"{n.code} is in the tree but has no data", "Add its figures or take it out of the tree")
              for n in nodes if not n.children and n.code not in indicators]  # fmt: skip
    faults += [Fault(f"{n.code}: no aggregation is called {n.method or method!r}", f"Use one of {', '.join(METHODS)}")
               for n in groups_ if (n.method or method) not in METHODS]  # fmt: skip
    if faults:
        raise ComputationError(faults)
    items = (*indicators, *(g.code for g in groups_))
    place = {code: k for k, code in enumerate(items)}
    weights = np.full(len(items), np.nan)
    parent = [-1] * len(items)
    weights[place[root.code]] = root.weight
    for node in groups_:
        for child in node.children:
            weights[place[child.code]] = child.weight
            parent[place[child.code]] = place[node.code]
    groups = tuple(
        Group(n.code, place[n.code], tuple(place[c.code] for c in n.children), n.method or method,
              min_available if n.min_available is None else n.min_available) for n in groups_
    )  # fmt: skip
    return Tree(items, len(indicators), groups, weights, tuple(parent), tuple(height[c] for c in items))


def tree_scores(
    tree: Tree, normalised: Array, weights: Array | None = None, *, units: tuple[str, ...] = ()
) -> Array:
    """Return the scores of all items.

    Parameters
    ----------
    normalised
        ``(..., unit, indicator)``, more is better; NaN is missing and its weight goes to its siblings.
    weights
        ``(..., item)`` weights within the parent, of any positive scale; None takes the nominal ones.
    units
        Names for messages.

    Returns
    -------
    ``(..., unit, item)``; NaN where less than ``min_available`` of the children's number is there.

    Raises
    ------
    ComputationError
        If a mean has no value, naming node, unit and child.
    """
    w = tree.weights if weights is None else weights
    lead = np.broadcast_shapes(normalised.shape[:-2], w.shape[:-1])
    out = np.full((*lead, normalised.shape[-2], len(tree.items)), np.nan)
    out[..., : tree.indicators] = normalised
    for group in tree.groups:
        kids = list(group.children)
        x = out[..., kids]
        there = ~np.isnan(x)
        share = np.where(there, w[..., None, kids], 0.0)
        total = share.sum(axis=-1, keepdims=True)
        usable = (total[..., 0] > 0) & (there.mean(axis=-1) >= group.min_available)
        with np.errstate(invalid="ignore"):
            share = np.where(usable[..., None], share / np.where(total > 0, total, 1.0), 0.0)
        try:
            score = METHODS[group.method](np.where(there, x, 1.0), share)
        except _RefusedError as refused:
            raise ComputationError(_named(tree, group, x, refused, units)) from None
        out[..., group.item] = np.where(usable, score, np.nan)
    return out


def _named(tree: Tree, group: Group, x: Array, refused: _RefusedError, units: tuple[str, ...]) -> Fault:
    bad = np.broadcast_to(refused.bad, x.shape)
    *_, unit, child = np.argwhere(bad)[0]
    who = units[unit] if units else f"unit number {unit + 1}"
    what = tree.items[group.children[child]]
    return Fault(
        f"{group.code} ({group.method}): {refused}, but {what} of {who} is {x[bad][0]:g}",
        "Normalise to a range above 0, such as 1 to 100, or use the arithmetic mean",
    )


def effective_weights(tree: Tree, weights: Array | None = None) -> Array:
    """Return each item's weight in the root: the product of within-group shares; ``(..., item)``, the root 1."""
    w = tree.weights if weights is None else weights
    out = np.zeros(w.shape)
    out[..., tree.groups[-1].item] = 1.0
    for group in reversed(tree.groups):
        kids = list(group.children)
        out[..., kids] = out[..., [group.item]] * w[..., kids] / w[..., kids].sum(axis=-1, keepdims=True)
    return out
