"""Shares over draws with the probability of events worked out, not drawn; and how many draws disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array
from podium.scenarios.after import Block

__all__ = ["Paired", "ahead", "at_most", "paired"]


@dataclass(frozen=True)
class Paired:
    """What changed between paired draws: how many gained and how many lost what they had not or had before.

    ``difference`` is (gained - lost) / draws, ``error`` its standard error (McNemar 1947, doi:10.1007/BF02295996);
    ``bound`` is 3/draws where no draw disagrees.
    """

    gained: int
    lost: int
    draws: int
    difference: float
    error: float
    bound: float | None


def paired(before: Array, after: Array) -> Paired:
    """Return how paired draws ``(draw,)`` of 0 and 1 differ; a half, which is a tie, counts as neither."""
    n = len(before)
    d = after - before
    gained, lost = int((d > 0).sum()), int((d < 0).sum())
    error = float(np.sqrt(max((d * d).mean() - d.mean() ** 2, 0.0) / n))
    return Paired(gained, lost, n, float(d.mean()), error, 3 / n if gained + lost == 0 else None)


def _states(before: Array, blocks: Sequence[Block], unit: int) -> tuple[Array, Array, Block | None]:
    """The chances and scores ``(state, draw)`` of a unit, and its block where it has one."""
    own = next((b for b in blocks if unit in b.units), None)
    if own is None:
        return np.ones(1), before[None, :, unit], None
    return own.chances, own.scores[..., own.units.index(unit)], own


def at_most(before: Array, blocks: Sequence[Block], unit: int, rank: int) -> Array:
    """Return the probability over events that a unit's rank is at most a number, in each draw ``(draw,)``.

    Units move independently of one another, so that how many of them are above is a Poisson-binomial number; within a
    block the states are gone through one by one.

    Parameters
    ----------
    before, blocks
        Scores as they are ranked, higher is better; a tie is no worse rank.
    """
    chances, states, own = _states(before, blocks, unit)
    moving = {u for b in blocks for u in b.units}
    fixed = [u for u in range(before.shape[1]) if u not in moving and u != unit]
    total = np.zeros(len(before))
    for s, (chance, score) in enumerate(zip(chances, states, strict=True)):
        if chance == 0:
            continue
        above = (before[:, fixed] > score[:, None]).sum(axis=1)
        if own is not None:
            above += (own.scores[s] > score[:, None]).sum(axis=1)
        loose = []
        for b in blocks:
            if b is own:
                continue
            q = np.tensordot(b.chances, (b.scores > score[None, :, None]).astype(float), axes=1)
            for column in q.T:
                if bool(((column == 0) | (column == 1)).all()):
                    above += column.astype(int)
                else:
                    loose.append(column)
        total += chance * _at_most(loose, rank - 1 - above)
    return total


def _at_most(chances: Sequence[Array], limit: Array) -> Array:
    """The probability that at most so many of independent events happen, in each draw."""
    law = np.zeros((len(chances) + 1, len(limit)))
    law[0] = 1.0
    for n, p in enumerate(chances, 1):
        law[1 : n + 1] = law[1 : n + 1] * (1 - p) + law[:n] * p
        law[0] *= 1 - p
    held = np.cumsum(law, axis=0)
    inside = np.clip(limit, 0, len(chances))
    return np.where(limit < 0, 0.0, np.take_along_axis(held, inside[None].astype(int), axis=0)[0])


def ahead(before: Array, blocks: Sequence[Block], a: int, b: int) -> Array:
    """Return the probability over events that unit a scores above unit b, ties half, in each draw ``(draw,)``."""
    p, mine, own = _states(before, blocks, a)
    q, theirs, other = _states(before, blocks, b)
    total = np.zeros(len(before))
    if own is not None and own is other:
        for chance, x, y in zip(p, mine, theirs, strict=True):
            total += chance * ((x > y) + 0.5 * (x == y))
        return total
    for chance, x in zip(p, mine, strict=True):
        for also, y in zip(q, theirs, strict=True):
            total += chance * also * ((x > y) + 0.5 * (x == y))
    return total
