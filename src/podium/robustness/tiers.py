"""Rank tiers: the finest order of groups of units that holds in every draw, or in a stated share of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from podium.data.dataset import Array

__all__ = ["Tier", "cuts_by_pairs", "cuts_by_range", "tiers"]


@dataclass(frozen=True)
class Tier:
    """Units that the draws do not separate into an order of groups: the ranks they share, and a sentence to print."""

    first: int
    last: int
    units: tuple[str, ...]
    sentence: str


def cuts_by_pairs(order: Sequence[int], ahead: Array, level: float) -> list[int]:
    """Return after how many units of an order there is a cut.

    Parameters
    ----------
    order
        The units, the best first.
    ahead
        ``(unit, unit)`` share of draws in which the row is ahead of the column, ties half.
    level
        In at least this share of draws every unit above a cut is ahead of every unit below it; 1 means in all.
    """
    sorted_ = ahead[np.ix_(order, order)]
    return [k for k in range(1, len(order)) if sorted_[:k, k:].min() >= level]


def cuts_by_range(order: Sequence[int], most: Array) -> list[int]:
    """Return the cuts that hold in every draw from the worst rank of each unit: the first k are always the first k."""
    worst = np.maximum.accumulate(most[list(order)])
    return [k for k in range(1, len(order)) if worst[k - 1] <= k]


def tiers(
    units: Sequence[str], order: Sequence[int], cuts: Sequence[int], *, level: float, draws: int
) -> tuple[Tier, ...]:
    """Return the tiers between cuts, each with a sentence that says how firm it is."""
    edges = [0, *cuts, len(order)]
    share = f"all {draws:,} draws" if level == 1 else f"at least {100 * level:g} % of {draws:,} draws"
    return tuple(
        _tier([units[order[i]] for i in range(a, b)], a, b, len(order), share)
        for a, b in pairwise(edges)
    )


def _tier(inside: list[str], a: int, b: int, number: int, share: str) -> Tier:
    first, last = a + 1, b
    who = inside[0] if len(inside) == 1 else f"{', '.join(inside[:-1])} and {inside[-1]}"
    relation = " and ".join(
        said for said, there in ((f"behind the {a} before", a > 0), (f"ahead of the {number - b} after", b < number))
        if there
    )  # fmt: skip
    if len(inside) == 1:
        text = f"{who} holds rank {first}: {relation} in {share}." if relation else f"{who} is alone."
    elif relation:
        text = f"{who} share ranks {first} to {last}: each is {relation} in {share}; their own order is open."
    else:
        text = f"No cut holds in {share}: the order of all {number} units is open."
    return Tier(first, last, tuple(inside), text)
