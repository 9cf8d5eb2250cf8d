"""Scores and ranks as tables to be shown: all units, within groups of units, or one unit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np

from podium.errors import DataError, Fault
from podium.index.build import Built
from podium.index.rank import ranks_of_items, round_half_up
from podium.index.selection import item_numbers, items_at, named, top_level, unit_groups

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["downwards", "standings", "unit_row", "unit_summary"]

Parts = Literal["summary", "groups", "full"]
Values = Literal["scores", "ranks", "group_ranks"]


def downwards(built: Built) -> tuple[int, ...]:
    """Positions of all items from the root down, level by level, siblings together in the order of the tree."""
    place: dict[str, int] = {}
    row = [built.root]
    while row:
        for node in row:
            place[node.code] = len(place)
        row = [child for node in row for child in node.children]
    items, level = built.tree.items, built.tree.level
    return tuple(sorted(range(len(items)), key=lambda k: (-level[k], place[items[k]])))


def standings(
    built: Built, *, parts: Parts, values: Values, group: str | None = None, order_by: str | None = None,
    decimals: int | None = None, also: Iterable[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Return one row a unit, the best on top.

    Parameters
    ----------
    parts
        ``summary``: the root (or `order_by`) alone; ``groups``: every group; ``full``: groups and indicators.
    values
        ``scores`` (with the column ``rank``), ``ranks``, or ``group_ranks`` within the units of the same `group`,
        sorted by it. Ranks are from unrounded scores unless the specification rounds them.
    group
        A column of the unit table, shown first; needed for ``group_ranks``.
    order_by
        The item to sort and rank by; None takes the root.
    decimals
        Round scores half up to so many decimals.
    also
        Further columns of the unit table, such as names or denominators.

    Raises
    ------
    DataError
        If a column or item is not there, or ``group_ranks`` come without a group.
    """
    import pandas as pd

    tree, rule = built.tree, built.spec.steps.rank
    sign = 1.0 if rule.best == "highest" else -1.0
    main = len(tree.items) - 1 if order_by is None else item_numbers(tree, [order_by])[0]
    if values == "group_ranks" and group is None:
        raise DataError(Fault("ranks within groups need a group", "Name a column of the unit table"))
    down = downwards(built)
    shown = {"summary": [main], "groups": [k for k in down if k >= tree.indicators], "full": list(down)}
    columns: dict[str, object] = {}
    for name in dict.fromkeys([*([] if group is None else [group]), *also]):
        columns[name] = unit_groups(built, name)
    scores = built.score_table
    if values == "scores":
        columns["rank"] = built.rank_table[:, main]
        table = scores if decimals is None else round_half_up(scores, decimals)
    elif values == "ranks":
        table = built.rank_table
    else:
        labels = unit_groups(built, str(group))
        table = ranks_of_items(sign * scores.T, tree.indicators, list(labels), ties=rule.ties).T
    columns |= {tree.items[k]: table[:, k] for k in shown[parts]}
    out = pd.DataFrame(columns, index=pd.Index(built.units, name="unit")).infer_objects()
    best = sign * np.where(np.isnan(scores[:, main]), -np.inf * sign, scores[:, main])
    out = out.iloc[np.argsort(-best, kind="stable")]
    return out if values != "group_ranks" else out.sort_values(str(group), kind="stable", na_position="last")


def unit_row(built: Built, unit: str) -> int:
    """The row of a unit among the scored ones.

    Raises
    ------
    DataError
        If it is not there, saying whether the screen left it out.
    """
    if unit in built.excluded:
        raise DataError(Fault(f"unit {unit} was screened out", "Lower `screen: min_available`, or `keep` it"))
    if unit not in built.units:
        raise DataError(Fault(f"unit {unit} is not in the index", f"Use one of {', '.join(built.units)}"))
    return built.units.index(unit)


def unit_summary(
    built: Built, unit: str, *, levels: Iterable[int] | None = None, decimals: int | None = None
) -> pd.DataFrame:
    """Return ``name, level, score, rank`` of one unit at the items of some levels, from the root down.

    Parameters
    ----------
    levels
        1 = indicators; None takes every level above them.
    decimals
        Round scores half up to so many decimals; None leaves them.

    Raises
    ------
    DataError
        If there is no such unit or level.
    """
    import pandas as pd

    row, tree = unit_row(built, unit), built.tree
    wanted = set(range(2, top_level(tree) + 1)) if levels is None else set(levels)
    chosen = {k for level in wanted for k in items_at(tree, level)}
    items = [k for k in downwards(built) if k in chosen]
    scores = built.score_table[row, items]
    table = {
        "name": [named(built, tree.items[k]) for k in items], "level": [tree.level[k] for k in items],
        "score": scores if decimals is None else round_half_up(scores, decimals),
        "rank": built.rank_table[row, items],
    }  # fmt: skip
    return pd.DataFrame(table, index=pd.Index([tree.items[k] for k in items], name="item"))
