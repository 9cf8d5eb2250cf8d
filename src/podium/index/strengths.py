"""Where a unit stands out: the indicators in which it ranks highest and lowest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.index.build import Built
from podium.index.rank import ranks, ranks_within
from podium.index.selection import ancestor, directions, named, step_figures, unit_groups
from podium.index.standings import unit_row
from podium.index.statistics import significant

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["extremes", "strengths"]


def extremes(
    places: Array, lowest: Array, *, best: int, worst: int, drop_last: bool
) -> tuple[list[int], list[int]]:
    """Return the columns in which a unit ranks best, best first, and those in which it ranks worst, worst last.

    Parameters
    ----------
    places
        ``(indicator,)`` ranks of the unit, 1 = best; NaN has none and never counts.
    lowest
        ``(indicator,)`` the lowest place of each indicator.
    best, worst
        How many of each; no column is in both.
    drop_last
        Leave out indicators in which the unit has the lowest place, as where half of all units have a zero.
    """
    usable = ~np.isnan(places)
    if drop_last:
        usable &= places != lowest
    order = [int(k) for k in np.argsort(places, kind="stable") if usable[k]]
    first = order[:best]
    rest = order[len(first) :]
    return first, rest[max(len(rest) - worst, 0) :]


def strengths(
    built: Built, unit: str, *, step: str, best: int = 5, worst: int = 5, group: str | None = None, level: int = 2,
    min_unique: float | None = None, drop_last: bool = True, directed: bool = True, figures: int | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return the strengths of a unit, the greatest first, then its weaknesses, the greatest last.

    Ties go by the code of the parent, then as the data has them.

    Parameters
    ----------
    step
        The table to rank by, such as ``Raw`` or ``Denominated``.
    best, worst
        How many of each.
    group
        A column of the unit table: ranks are then within the unit's group. None ranks among all.
    level
        The level of the group that each indicator is reported to belong to.
    min_unique
        Leave out indicators with at most this share of different values among all units, such as yes or no.
    drop_last
        Leave out indicators in which the unit has the lowest place.
    directed
        Turn figures before normalisation by the direction of their indicator, so that rank 1 is best.
    figures
        Round values to so many significant figures.

    Returns
    -------
    ``side`` (strength or weakness), ``item, name, group, rank, value, unit``.

    Raises
    ------
    DataError
        If there is no such unit, step or column, or the unit belongs to no group.
    """
    import pandas as pd

    row, tree = unit_row(built, unit), built.tree
    x, _ = step_figures(built, step)
    x = x[:, : tree.indicators]
    turned = x * directions(built) if directed and step not in ("Normalised", "Aggregated") else x
    table = ranks(turned.T, same=0.0).T
    if group is not None:
        labels = unit_groups(built, group)
        if labels[row] is None:
            raise DataError(Fault(f"unit {unit} has no {group}", "Give it one in the unit table"))
        table = ranks_within(turned.T, list(labels), same=0.0).T[labels == labels[row]]
        row = int(np.flatnonzero(labels[: row + 1] == labels[row]).size - 1)
    order = sorted(range(tree.indicators), key=lambda k: (tree.items[tree.parent[k]], k))
    if min_unique is not None:
        order = [k for k in order if len(np.unique(x[~np.isnan(x[:, k]), k])) / len(x) > min_unique]
    lowest = np.array([np.nanmax(table[:, k]) if (~np.isnan(table[:, k])).any() else np.nan for k in order])
    first, last = extremes(table[row, order], lowest, best=best, worst=worst, drop_last=drop_last)
    value = x[built.units.index(unit)] if figures is None else significant(x[built.units.index(unit)], figures)
    rows = []
    for side, columns in (("strength", first), ("weakness", last)):
        for k in (order[c] for c in columns):
            over, book = ancestor(tree, k, level), built.dataset.codebook.get(tree.items[k])
            rows.append((side, tree.items[k], named(built, tree.items[k]), tree.items[over] if over is not None else "",
                         table[row, k], value[k], book.unit if book else ""))  # fmt: skip
    return pd.DataFrame(rows, columns=["side", "item", "name", "group", "rank", "value", "unit"])
