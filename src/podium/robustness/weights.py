"""Weights drawn as a specification declares them, ``(item, draw)``."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import Fault, SpecError
from podium.index.aggregate import Tree
from podium.index.uncertainties import WeightNoise
from podium.robustness.polytope import Mixing, Polytope, sample_polytope
from podium.robustness.scorer import Engine
from podium.robustness.streams import uniforms

__all__ = ["Weights", "compile_weights", "sample_weights"]

Items = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares below one parent from a Dirichlet law with ``concentration`` ``(child,)``, sorted or not."""

    kids: Items
    concentration: Array
    total: float
    descending: bool = False


@dataclass(frozen=True, eq=False)
class Pool:
    """Stored weights of some items ``(point, item)``, of which each draw takes one."""

    items: Items
    points: Array


@dataclass(frozen=True, eq=False)
class Weights:
    """The laws of the weights of one tree, ready to be drawn from.

    ``base`` and ``noise`` ``(item,)``: nominal weights and the relative half-width around them. ``ends`` ``(item, 2)``
    are intervals (NaN without one). ``mixing`` says how well the chains behind stored points have mixed.
    """

    base: Array
    noise: Array
    ends: Array
    shares: tuple[Shares, ...] = ()
    pools: tuple[Pool, ...] = ()
    left_out: tuple[Items, ...] = ()
    mixing: tuple[Mixing, ...] = ()
    fixed: bool = field(default=False)

    def draw(self, draws: int, rng: np.random.Generator, *, engine: Engine = "numpy") -> Array:
        """Return weights within each parent, ``(item, draw)``, of any positive scale; the same with either engine."""
        if self.fixed:
            return np.repeat(self.base[:, None], draws, axis=1)
        bounded = ~np.isnan(self.ends[:, 0])
        wide = np.where(bounded, self.ends[:, 1] - self.ends[:, 0], 2 * self.noise * self.base)
        low = np.where(bounded, self.ends[:, 0], (1 - self.noise) * self.base)
        out = uniforms(rng, low, wide, draws, engine=engine)
        for s in self.shares:
            drawn = rng.dirichlet(s.concentration, draws).T
            out[s.kids] = s.total * (np.sort(drawn, axis=0)[::-1] if s.descending else drawn)
        for pool in self.pools:
            out[pool.items] = pool.points[rng.integers(0, len(pool.points), draws)].T
        for items in self.left_out:
            gone = rng.integers(-1, len(items), draws)
            at = np.flatnonzero(gone >= 0)
            out[items[gone[at]], at] = 0.0
        return out


def sample_weights(laws: tuple[WeightNoise, ...], tree: Tree, draws: int, rng: np.random.Generator) -> Array:
    """Return weights within each parent, ``(item, draw)``, under declared laws."""
    return compile_weights(laws, tree, np.random.SeedSequence(0)).draw(draws, rng)


def compile_weights(laws: tuple[WeightNoise, ...], tree: Tree, seed: np.random.SeedSequence) -> Weights:
    """Return declared laws ready to be drawn from.

    Dirichlet noise takes the concentration k / a² - 1 for k children, so that an average share has the relative
    standard deviation a. An order of all children is sampled exactly by sorting uniform shares (Devroye 1986,
    Non-Uniform Random Variate Generation, chapter 5); one of some, or with bounds, by hit-and-run from `seed`.

    Raises
    ------
    SpecError
        If a law names what is not in the tree, or leaves no weights.
    """
    place = {code: k for k, code in enumerate(tree.items)}
    faults = [f for law in laws for f in _unknown(law, tree, place)]
    if faults:
        raise SpecError(faults)
    level = np.array(tree.level)
    noise, ends = np.zeros(len(level)), np.full((len(level), 2), np.nan)
    shares: list[Shares] = []
    pools: list[Pool] = []
    left_out: list[Items] = []
    mixing: list[Mixing] = []
    for number, law in enumerate(laws):
        if law.kind == "noise":
            noise[_items(law, tree, place)] = law.amount
        elif law.kind in ("dirichlet", "simplex"):
            shares += _dirichlet(law, tree, place)
        elif law.kind == "intervals":
            for code, pair in law.intervals.items():
                ends[place[code]] = pair
        elif law.kind == "experts":
            pools.append(_experts(law, tree, place))
        elif law.kind == "leave_out":
            codes = tree.items[: tree.indicators] if "each indicator" in law.codes else ()
            both = dict.fromkeys((*codes, *(c for c in law.codes if c != "each indicator")))
            left_out.append(np.array([place[c] for c in both], dtype=np.intp))
        else:
            exact, pool, mixed = _ordered(law, tree, place, seed, number)
            shares += exact
            pools += pool
            mixing += mixed
    return Weights(tree.weights, noise, ends, tuple(shares), tuple(pools), tuple(left_out), tuple(mixing), not laws)


def _unknown(law: WeightNoise, tree: Tree, place: dict[str, int]) -> list[Fault]:
    named = [*law.intervals, *law.order, *law.bounds, *law.codes, *(c for s in law.sets for c in s)]
    named += [law.below] if law.below is not None else []
    gone = sorted({c for c in named if c not in place and c != "each indicator"})
    faults = [Fault(f"uncertainties.weights names {c}, which is not in the tree", "Mend the code") for c in gone]
    if law.below in place and all(g.item != place[law.below or ""] for g in tree.groups):
        faults.append(Fault(f"uncertainties.weights: {law.below} has no children", "Name a node above indicators"))
    if law.kind == "order" and not gone:
        parents = {tree.parent[place[c]] for c in (*law.order, *law.bounds)}
        if len(parents) > 1:
            several = ", ".join(dict.fromkeys((*law.order, *law.bounds)))
            faults.append(Fault(f"uncertainties.weights: {several} have no parent in common",
                                "Order the children of one node"))  # fmt: skip
        if len(set(law.order)) < len(law.order):
            faults.append(Fault(f"uncertainties.weights: an order names a code twice: {', '.join(law.order)}",
                                "Name each once"))  # fmt: skip
    if law.kind in ("noise", "dirichlet", "simplex") and law.level > max(tree.level):
        faults.append(Fault(f"uncertainties.weights: nothing in the tree is of level {law.level}",
                            f"Use 1 to {max(tree.level)}"))  # fmt: skip
    return faults


def _items(law: WeightNoise, tree: Tree, place: dict[str, int]) -> Items:
    if law.below is None:
        return np.flatnonzero(np.array(tree.level) == law.level)
    return np.array(next(g.children for g in tree.groups if g.item == place[law.below or ""]), dtype=np.intp)


def _dirichlet(law: WeightNoise, tree: Tree, place: dict[str, int]) -> list[Shares]:
    items, out = set(_items(law, tree, place).tolist()), []
    for group in tree.groups:
        kids = np.array([k for k in group.children if k in items and tree.weights[k] > 0], dtype=np.intp)
        if len(kids):
            total = float(tree.weights[kids].sum())
            spread = max(len(kids) / law.amount**2 - 1, 1e-3) if law.kind == "dirichlet" else float(len(kids))
            even = np.full(len(kids), 1.0 / len(kids))
            centre = tree.weights[kids] / total if law.kind == "dirichlet" else even
            out.append(Shares(kids, centre * spread, total))
    return out


def _experts(law: WeightNoise, tree: Tree, place: dict[str, int]) -> Pool:
    """One row a set; what a set does not name keeps its nominal weight."""
    items = np.array(sorted({place[c] for s in law.sets for c in s}), dtype=np.intp)
    points = [[s.get(tree.items[k], tree.weights[k]) for k in items] for s in law.sets]
    return Pool(items, np.array(points, dtype=float))


def _ordered(
    law: WeightNoise, tree: Tree, place: dict[str, int], seed: np.random.SeedSequence, number: int
) -> tuple[list[Shares], list[Pool], list[Mixing]]:
    parent = tree.parent[place[next(iter((*law.order, *law.bounds)))]]
    group = next(g for g in tree.groups if g.item == parent)
    total = float(tree.weights[list(group.children)].sum())
    if len(law.order) == len(group.children) and not law.bounds:
        kids = np.array([place[c] for c in law.order], dtype=np.intp)
        return [Shares(kids, np.ones(len(kids)), total, descending=True)], [], []
    kids = np.array(group.children, dtype=np.intp)
    at = {tree.items[k]: j for j, k in enumerate(kids)}
    low = np.array([law.bounds.get(tree.items[k], (0.0, 1.0))[0] for k in kids])
    high = np.array([law.bounds.get(tree.items[k], (0.0, 1.0))[1] for k in kids])
    pairs = tuple((at[a], at[b]) for a, b in zip(law.order, law.order[1:], strict=False))
    child = np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, 9, number))
    points, mixing = sample_polytope(Polytope(group.code, low, high, pairs), np.random.default_rng(child))
    return [], [Pool(kids, points * total)], [mixing]
