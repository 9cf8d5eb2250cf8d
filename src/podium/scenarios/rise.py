"""What one indicator alone can do for a unit: how far it must rise to pass the next one, and how far it can."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array
from podium.index.aggregate import Tree, tree_scores
from podium.index.build import Built

__all__ = ["Step", "raised", "rise"]

HALVINGS = 40


@dataclass(frozen=True)
class Step:
    """One indicator of a unit: its normalised value ``now``, the world's ``best``, the one ``needed`` to pass.

    ``needed`` is None where even the best does not pass the unit ahead; ``rank`` is the unit's rank with the best,
    all else as it is.
    """

    indicator: str
    now: float
    needed: float | None
    best: float
    rank: int


def raised(tree: Tree, table: Array, unit: int, values: Array) -> Array:
    """Return the root's scores with one indicator of a unit at a time at another normalised value.

    Parameters
    ----------
    table
        ``(unit, indicator)`` normalised; NaN is missing.
    values
        ``(indicator,)`` what the unit gets, one in each copy.

    Returns
    -------
    ``(indicator, unit)``; normalisation stays as it was.
    """
    n = tree.indicators
    changed = np.repeat(table[None], n, axis=0)
    changed[np.arange(n), unit, np.arange(n)] = values
    return np.asarray(tree_scores(tree, changed)[..., -1])


def rise(built: Built, unit: str) -> tuple[Step, ...]:
    """Return what each indicator alone could do for a unit, the least needed first, then those that do not suffice.

    Treatment and normalisation stay as fitted. Only the specification's direction counts: a normalised value is better
    the higher it is. An indicator without a figure is left out, as is everything for the unit at the top.
    """
    k = built.units.index(unit)
    table, tree = built.arrays["Normalised"], built.tree
    root = built.score_table[:, -1]
    better = root[root > root[k]]
    if not len(better) or root[k] != root[k] or built.spec.steps.rescale is not None:
        return ()
    goal = float(better.min())
    now, best = table[k], np.nanmax(table, axis=0)
    at_best = raised(tree, table, k, best)
    low, high = now.copy(), best.copy()
    enough = at_best[:, k] >= goal
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        passed = raised(tree, table, k, middle)[:, k] >= goal
        low, high = np.where(passed, low, middle), np.where(passed, middle, high)
    steps = []
    for i, code in enumerate(tree.items[: tree.indicators]):
        if now[i] != now[i] or now[i] >= best[i]:
            continue
        rank = 1 + int((at_best[i] > at_best[i, k]).sum())
        steps.append(Step(code, float(now[i]), float(high[i]) if enough[i] else None, float(best[i]), rank))
    return tuple(sorted(steps, key=lambda s: (s.needed is None, (s.needed or s.best) - s.now, s.indicator)))
