"""The mix of absolute and per-head figures, and the weights, at which two units swap places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array
from podium.index.aggregate import Tree, tree_scores
from podium.index.build import Built, build
from podium.index.cut import alone, cut_tree

__all__ = ["MixSwap", "WeightSwap", "mix_swap", "weight_swaps"]

GRID = 101


@dataclass(frozen=True)
class MixSwap:
    """The lead of one unit over another at every mix: 0 is absolute, 1 per head.

    ``at`` are the mixes at which they swap; none: one is ahead throughout. ``absolute``, ``nominal`` and ``per_head``
    are the leads in points.
    """

    at: tuple[float, ...]
    absolute: float
    nominal: float
    per_head: float


@dataclass(frozen=True)
class WeightSwap:
    """The share among its siblings that an indicator or group would need for two units to swap, siblings in proportion.

    ``at`` is the nearest such share to the nominal one, None where none in 0 to 1 does.
    """

    node: str
    nominal: float
    at: float | None


def mix_swap(built: Built, a: str, b: str) -> MixSwap | None:
    """Return the mixes of absolute and per-head figures at which a and b swap; None without such a step.

    Both versions are normalised by themselves, so that the table of a mix is theirs in that proportion.
    """
    step = built.spec.steps.denominate
    if step is None:
        return None
    ends = [build(built.spec.with_({"steps.denominate.mix": m}), dataset=built.dataset) for m in (0.0, 1.0)]
    if any(e.units != built.units for e in ends):
        return None
    first, second = (e.arrays["Normalised"] for e in ends)

    def lead(mixes: Array) -> Array:
        m = mixes[:, None, None]
        return _lead(built.tree, (1 - m) * first + m * second, built, a, b)

    own = lead(np.array([0.0, step.mix, 1.0]))
    return MixSwap(tuple(_crossings(lead)), *map(float, own))


def _lead(tree: Tree, table: Array, built: Built, a: str, b: str, weights: Array | None = None) -> Array:
    pair = [built.units.index(a), built.units.index(b)]
    if alone(tree):
        root = tree_scores(cut_tree(tree, pair), table[..., pair, :], weights, units=(a, b))[..., -1]
    else:
        root = tree_scores(tree, table, weights, units=built.units)[..., pair, -1]
    return np.asarray(root[..., 0] - root[..., 1])


def _crossings(lead: Callable[[Array], Array]) -> list[float]:
    """Where a function on 0 to 1 changes its sign."""
    grid = np.linspace(0.0, 1.0, GRID)
    value = lead(grid)
    out = []
    for k in np.flatnonzero(np.sign(value[:-1]) * np.sign(value[1:]) < 0):
        low, high = grid[k], grid[k + 1]
        rising = value[k] < 0
        while high - low > 1e-9:
            part = np.linspace(low, high, GRID)
            at = int(np.flatnonzero((lead(part) > 0) == rising)[0])
            low, high = part[max(at - 1, 0)], part[at]
        out.append(float((low + high) / 2))
    ties = np.flatnonzero(value[1:-1] == 0) + 1
    return out + [float(grid[k]) for k in ties if value[k - 1] * value[k + 1] < 0]


def weight_swaps(built: Built, a: str, b: str) -> tuple[WeightSwap, ...]:
    """Return for every indicator and group the share among its siblings at which a and b swap, the nearest first."""
    tree, table = built.tree, built.arrays["Normalised"]
    out = []
    for group in tree.groups:
        kids = list(group.children)
        shares = tree.weights[kids] / tree.weights[kids].sum()
        for n, item in enumerate(kids):
            others = [k for k in kids if k != item]
            if not others or shares[n] >= 1:
                continue

            def lead(at: Array, n: int = n, kids: list[int] = kids, shares: Array = shares) -> Array:
                w = np.broadcast_to(tree.weights, (len(at), len(tree.weights))).copy()
                w[:, kids] = (1 - at[:, None]) * shares / (1 - shares[n])
                w[:, kids[n]] = at
                return _lead(tree, table, built, a, b, w)

            found = _crossings(lead)
            nearest = min(found, key=lambda s: abs(s - shares[n]), default=None)
            out.append(WeightSwap(tree.items[item], float(shares[n]), nearest))
    return tuple(sorted(out, key=lambda s: np.inf if s.at is None else abs(s.at - s.nominal)))
