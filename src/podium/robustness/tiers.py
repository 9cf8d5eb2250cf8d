"""Rank tiers: runs of units between no two of which the order holds in every draw, or in a stated share of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from podium.data.dataset import Array

__all__ = ["Tier", "edges_of", "separated_by_pairs", "separated_by_range", "tiers"]

Separated = Callable[[int, int], bool]


@dataclass(frozen=True)
class Tier:
    """Units that the draws do not separate: the ranks they share, and a sentence to print.

    ``firm`` says that each of them is ahead of every unit of all tiers below, in the same share of draws.
    """

    first: int
    last: int
    units: tuple[str, ...]
    firm: bool
    sentence: str


def separated_by_pairs(ahead: Array, level: float) -> Separated:
    """Two units are separated where the first is ahead of the second in at least that share of draws.

    ``ahead`` is ``(unit, unit)``: the share of draws in which the row is ahead of the column, ties half.
    """
    return lambda a, b: bool(ahead[a, b] >= level)


def separated_by_range(best: Array, worst: Array) -> Separated:
    """Two units are separated where the worst rank of the first is better than the best of the second.

    Enough for every draw to have them in this order, not needed for it: tiers may be larger than by pairs.
    """
    return lambda a, b: bool(worst[a] < best[b])


def edges_of(order: Sequence[int], separated: Separated) -> list[int]:
    """Return where tiers begin in an order of units, 0 first: once some unit of a tier is ahead of the next unit."""
    out = [0]
    for k in range(1, len(order)):
        if any(separated(order[i], order[k]) for i in range(out[-1], k)):
            out.append(k)
    return out


def tiers(
    units: Sequence[str], order: Sequence[int], separated: Separated, *, level: float, draws: int
) -> tuple[Tier, ...]:
    """Return the tiers of units in their nominal order, each with a sentence that says how firm it is."""
    edges = [*edges_of(order, separated), len(order)]
    share = f"all {draws:,} draws" if level == 1 else f"{100 * level:g} % of {draws:,} draws"
    out = []
    for a, b in pairwise(edges):
        firm = all(separated(order[i], order[k]) for i in range(a, b) for k in range(b, len(order)))
        out.append(_tier([units[order[i]] for i in range(a, b)], a, b, len(order), firm, share))
    return tuple(out)


def _tier(inside: list[str], a: int, b: int, number: int, firm: bool, share: str) -> Tier:
    below = f"; ahead of all {number - b} below in {share}" if firm and b < number else ""
    if len(inside) == 1:
        return Tier(b, b, tuple(inside), firm, f"{inside[0]} stands alone at rank {b}{below}.")
    who = f"{', '.join(inside[:-1])} and {inside[-1]}"
    text = f"{who} share ranks {a + 1} to {b}: no two of them are in the same order in {share}{below}."
    return Tier(a + 1, b, tuple(inside), firm, text)

