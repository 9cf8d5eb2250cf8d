"""Owen values over nested groups of players: a total split exactly, each player's part its mean step over orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import factorial

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array

__all__ = ["Player", "coalitions", "families", "owen_values", "sampled_values"]

Masks = npt.NDArray[np.bool_]
Game = Callable[[Masks], Array]
"""Coalitions ``(coalition, bit)`` → values ``(coalition, ...)``."""

CHUNK = 1 << 21


@dataclass(frozen=True)
class Player:
    """A player, or a group of players who join one after the other without anybody between.

    ``ordered`` children join in their order only, such as a publisher's revision before the change after it.
    """

    name: str
    kind: str = ""
    children: tuple[Player, ...] = ()
    ordered: bool = False

    def leaves(self) -> Iterator[Player]:
        """The players without children, in the order of their bits."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(frozen=True, eq=False)
class Family:
    """The children of one group: the bits of each, and who may have joined before the group with which probability."""

    members: tuple[npt.NDArray[np.intp], ...]
    ordered: bool
    single: npt.NDArray[np.bool_]
    before: Masks = field(repr=False)
    weight: Array = field(repr=False)


def families(root: Player, *, without: Player | None = None) -> list[Family]:
    """Return the families that have players of their own, each with all that may come before it.

    Those of one group may be left out; it then stays whole.
    """
    bits = sum(1 for _ in root.leaves())
    out: list[Family] = []

    def visit(group: Player, first: int, before: Masks, weight: Array) -> None:
        members, at = [], first
        for child in group.children:
            size = sum(1 for _ in child.leaves())
            members.append(np.arange(at, at + size))
            at += size
        single = np.array([not c.children for c in group.children])
        if single.any():
            out.append(Family(tuple(members), group.ordered, single, before, weight))
        for k, child in enumerate(group.children):
            if child.children and child is not without:
                masks, chance = _others(members, k, group.ordered, bits)
                every = (before[:, None] | masks[None]).reshape(-1, bits)
                visit(child, int(members[k][0]), every, (weight[:, None] * chance).reshape(-1))

    visit(root, 0, np.zeros((1, bits), dtype=bool), np.ones(1))
    return out


def _others(members: list[npt.NDArray[np.intp]], k: int, ordered: bool, bits: int) -> tuple[Masks, Array]:
    """Which siblings may have joined before the k-th, and the probability of each such set."""
    n = len(members)
    if ordered:
        mask = np.zeros((1, bits), dtype=bool)
        for m in members[:k]:
            mask[0, m] = True
        return mask, np.ones(1)
    rest = [m for j, m in enumerate(members) if j != k]
    masks = np.zeros((2 ** (n - 1), bits), dtype=bool)
    sizes = np.zeros(2 ** (n - 1), dtype=int)
    for j, m in enumerate(rest):
        chosen = (np.arange(2 ** (n - 1)) >> j) & 1 == 1
        masks[np.ix_(chosen, m)] = True
        sizes += chosen
    return masks, _chances(n)[sizes]


def _chances(n: int) -> Array:
    """The probability, in a random order of n, that one given set of s others comes before a given player."""
    return np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)])


def coalitions(root: Player) -> float:
    """Return the number of coalitions that exact values need."""

    def visit(group: Player, before: float) -> float:
        n = len(group.children)
        count = before * (n + 1 if group.ordered else 2.0**n) if any(not c.children for c in group.children) else 0.0
        inner = before * (1.0 if group.ordered else 2.0 ** (n - 1))
        return count + sum(visit(c, inner) for c in group.children if c.children)

    return visit(root, 1.0)


def owen_values(root: Player, game: Game, shape: tuple[int, ...], *, without: Player | None = None) -> Array:
    """Return each player's part of ``game(all) - game(none)``, ``(player, ...)``, exactly.

    Players join in a random order in which every group stays together, at every level of the tree; a player's part is
    the mean of what the value changes when it joins. The parts of any group's players sum to that group's part, and
    all of them to the total. Owen (1977), doi:10.1007/978-3-642-45494-3_7, for one level of groups; Winter (1989),
    doi:10.1007/BF01268158, for nested ones. Ordered groups join in one order only.

    Parameters
    ----------
    game
        Coalitions ``(coalition, bit)``, one bit a player in the order of `Player.leaves`, to their values.
    shape
        The shape of one value.
    without
        A group whose players are left at zero, for `sampled_values`.
    """
    out = np.zeros((sum(1 for _ in root.leaves()), *shape))
    cells = max(int(np.prod(shape)), 1)
    for family in families(root, without=without):
        inner, each = _inner(family, out.shape[0])
        step = max(CHUNK // (cells * len(inner)), 1)
        for start in range(0, len(family.weight), step):
            before, weight = family.before[start : start + step], family.weight[start : start + step]
            masks = (before[:, None] | inner[None]).reshape(-1, out.shape[0])
            values = game(masks).reshape(len(weight), len(inner), *shape)
            values = np.tensordot(weight, values, axes=(0, 0))
            for member, after, earlier, chance in each:
                out[member] += np.tensordot(chance, values[after] - values[earlier], axes=(0, 0))
    return out


Step = tuple[int, npt.NDArray[np.intp], npt.NDArray[np.intp], Array]


def _inner(family: Family, bits: int) -> tuple[Masks, list[Step]]:
    """The coalitions within a family; for each single player its bit, and which of them differ by it how likely."""
    n = len(family.members)
    codes = np.array([(1 << k) - 1 for k in range(n + 1)]) if family.ordered else np.arange(2**n)
    masks = np.zeros((len(codes), bits), dtype=bool)
    sizes = np.zeros(len(codes), dtype=int)
    for k, m in enumerate(family.members):
        there = (codes >> k) & 1 == 1
        masks[np.ix_(there, m)] = True
        sizes += there
    place = {int(c): j for j, c in enumerate(codes)}
    each: list[Step] = []
    for k, m in enumerate(family.members):
        if not family.single[k]:
            continue
        if family.ordered:
            each.append((int(m[0]), np.array([k + 1]), np.array([k]), np.ones(1)))
            continue
        without = np.flatnonzero((codes >> k) & 1 == 0)
        with_ = np.array([place[int(codes[j]) | 1 << k] for j in without])
        each.append((int(m[0]), with_, without, _chances(n)[sizes[without]]))
    return masks, each


def sampled_values(
    root: Player, group: Player, game: Game, shape: tuple[int, ...], *, orders: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return the parts of the players of one group as means over random orders, and their standard errors.

    What comes before the group is gone through exactly; only the order within it is sampled. In every order the steps
    add up to the group's own part, so their means do too, exactly; and where the value is additive within the group
    every order gives the same. Castro, Gómez & Tejada (2009), doi:10.1016/j.cor.2008.04.004.

    Returns
    -------
    Two arrays ``(player, ...)`` over all players, zero for those of other groups.
    """
    bits = sum(1 for _ in root.leaves())
    first, before, weight = _contexts(root, group, bits)
    mean, variance = np.zeros((bits, *shape)), np.zeros((bits, *shape))
    place = {id(p): k for k, p in enumerate(group.leaves(), start=first)}
    for mask, chance in zip(before, weight, strict=True):
        total, square = np.zeros((len(place), *shape)), np.zeros((len(place), *shape))
        for _ in range(orders):
            order = np.array([place[id(p)] for p in _shuffled(group, rng)])
            masks = np.tile(mask, (len(order) + 1, 1))
            for k, bit in enumerate(order):
                masks[k + 1 :, bit] = True
            steps = np.diff(game(masks), axis=0)
            total[order - first] += steps
            square[order - first] += steps**2
        own = slice(first, first + len(place))
        mean[own] += chance * total / orders
        spread = np.maximum(square / orders - (total / orders) ** 2, 0.0) / max(orders - 1, 1)
        variance[own] += chance**2 * spread
    return mean, np.sqrt(variance)


def _contexts(root: Player, group: Player, bits: int) -> tuple[int, Masks, Array]:
    """The first bit of a group, and who may have joined before it with which probability."""

    def visit(here: Player, first: int, before: Masks, weight: Array) -> tuple[int, Masks, Array] | None:
        if here is group:
            return first, before, weight
        members, at = [], first
        for child in here.children:
            size = sum(1 for _ in child.leaves())
            members.append(np.arange(at, at + size))
            at += size
        for k, child in enumerate(here.children):
            masks, chance = _others(members, k, here.ordered, bits)
            every = (before[:, None] | masks[None]).reshape(-1, bits)
            found = visit(child, int(members[k][0]), every, (weight[:, None] * chance).reshape(-1))
            if found is not None:
                return found
        return None

    found = visit(root, 0, np.zeros((1, bits), dtype=bool), np.ones(1))
    assert found is not None
    return found


def _shuffled(group: Player, rng: np.random.Generator) -> Iterator[Player]:
    if not group.children:
        yield group
        return
    order = range(len(group.children)) if group.ordered else rng.permutation(len(group.children))
    for k in order:
        yield from _shuffled(group.children[int(k)], rng)
