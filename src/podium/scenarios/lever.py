"""One unit pulled on one indicator: its score, and others', as it gains more and more of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array
from podium.index.aggregate import tree_scores
from podium.index.build import Built
from podium.index.cut import cut_rows, cut_tree, inside, separable

__all__ = ["Lever", "headroom", "leads", "least_root"]


@dataclass(frozen=True, eq=False)
class Lever:
    """So many of one thing for one unit: each of them adds ``each`` ``(series,)`` to its figures.

    ``leaf`` is the indicator that rises, ``what`` says what is counted, ``whole`` whether only whole numbers make
    sense.
    """

    unit: str
    leaf: str
    what: str
    each: Array
    whole: bool

    def figures(self, built: Built, counts: Array) -> Array:
        """The unit's figures ``(count, series)``; a missing one that gains something starts from zero."""
        own = built.dataset.values[-1, built.dataset.units.index(self.unit)]
        gains = counts[:, None] * self.each
        return np.asarray(np.where(gains != 0, np.nan_to_num(own) + gains, own))


def leads(built: Built, lever: Lever, over: str, counts: Array, weights: Array | None = None) -> Array:
    """Return by how much the lever's unit leads another, all steps as fitted.

    Parameters
    ----------
    counts
        ``(count,)`` of the lever's thing.
    weights
        ``(draw, item)`` within each parent; None takes the index's own.

    Returns
    -------
    ``(count, draw)``, one draw without weights.
    """
    a, b = built.units.index(lever.unit), built.units.index(over)
    row = built.dataset.units.index(lever.unit)
    own = built.tree.weights[None] if weights is None else weights
    figures = lever.figures(built, counts)
    if separable(built.pipeline, built.tree, [row]):
        p, fitted = cut_rows(built.pipeline, built.fitted, [row])
        table = inside(p.normalised(figures[:, None, None, :], fitted)[0], built.arrays["Normalised"])
        mine = tree_scores(cut_tree(built.tree, [a]), table, own, units=p.units)[..., 0, -1]
        rival = tree_scores(cut_tree(built.tree, [b]), built.arrays["Normalised"][[b]], own, units=(over,))[..., 0, -1]
        return np.asarray(mine - rival)
    values = np.broadcast_to(built.dataset.values[-1], (len(counts), *built.dataset.values[-1].shape)).copy()
    values[:, row] = figures
    table = inside(built.pipeline.normalised(values, built.fitted)[0], built.arrays["Normalised"])
    root = tree_scores(built.tree, table[:, None], own, units=built.units)[..., -1]
    return np.asarray(root[..., a] - root[..., b])


def headroom(built: Built, lever: Lever, over: str) -> tuple[float, float]:
    """Return the points to the world's best on the indicator, and what they would add to the lead over another."""
    at, a, b = built.pipeline.leaves.index(lever.leaf), built.units.index(lever.unit), built.units.index(over)
    before = built.arrays["Normalised"]
    after = before.copy()
    after[a, at] = np.nanmax(before[:, at])
    start, end = (tree_scores(built.tree, t, units=built.units)[[a, b], -1] for t in (before, after))
    return float(after[a, at] - before[a, at]), float((end[0] - end[1]) - (start[0] - start[1]))


def least_root(value, high: float, *, whole: bool) -> float | None:  # type: ignore[no-untyped-def]
    """Return the least count at which a rising function exceeds 0, to a machine or a part in 10⁸; None if none does.

    Parameters
    ----------
    value
        From counts ``(count,)`` to values ``(count,)``.
    high
        Where to look first; beyond it, up to 2³⁰ times as far.
    """
    low, high = 0.0, max(high, 1.0)
    for _ in range(6):
        if value(np.array([high]))[0] > 0:
            break
        low, high = high, 32.0 * high
    else:
        return None
    while high - low > (0.5 if whole else 1e-8 * high):
        grid = np.linspace(low, high, 65)
        grid = np.unique(np.ceil(grid)) if whole and high - low > 64 else grid
        above = np.flatnonzero(value(grid) > 0)
        first = int(above[0]) if len(above) else len(grid) - 1
        new = (grid[max(first - 1, 0)], grid[first])
        if new == (low, high):
            break
        low, high = new
    return float(np.ceil(high - 1e-9)) if whole else high


def machine_lever(built: Built, unit: str, leaf: str, what: str, worths: Mapping[str, float]) -> Lever:
    """Return the lever of a machine that is worth so much in each series."""
    each = np.zeros(len(built.dataset.indicators))
    for series, value in worths.items():
        if series in built.dataset.indicators:
            each[built.dataset.indicators.index(series)] = value
    return Lever(unit, leaf, what, each, whole=True)


def indicator_lever(built: Built, unit: str, leaf: str) -> Lever:
    """Return the lever of one unit of measure of an indicator, in the direction that is better.

    Other measures of it, which a choice may put in its place, change by the same share.
    """
    at = int(built.pipeline.columns[built.pipeline.leaves.index(leaf)])
    series = built.dataset.indicators
    own = built.dataset.values[-1, built.dataset.units.index(unit)]
    each = np.zeros(len(series))
    sign = float(built.pipeline.direction[built.pipeline.leaves.index(leaf)])
    each[at] = sign
    for choice in built.spec.uncertainties.choices:
        for name in choice.options.values() if choice.at == f"indicators.{leaf}.measure" else ():
            k = series.index(name) if name in series else at
            if k != at:
                each[k] = sign * (own[k] / own[at] if own[at] > 0 and own[k] == own[k] else 1.0)
    measured = series[at]
    unit_of = built.dataset.codebook[measured].unit if measured in built.dataset.codebook else ""
    return Lever(unit, leaf, unit_of or measured, each, whole=False)
