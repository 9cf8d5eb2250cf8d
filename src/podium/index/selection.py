"""Which figures of a built index an analysis looks at: a step's table, the items of a level, the family of an item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from podium.data.dataset import Array
from podium.errors import DataError, Fault

if TYPE_CHECKING:
    from podium.index.aggregate import Tree
    from podium.index.build import Built
    from podium.index.spec import Node

__all__ = [
    "ancestor", "ancestors", "directions", "grouped", "item_numbers", "items_at", "leaves_below", "named",
    "pruned", "step_figures", "top_level", "unit_groups",
]  # fmt: skip


def step_figures(built: Built, step: str) -> tuple[Array, tuple[str, ...]]:
    """Return the figures ``(unit, item)`` of a step's table, NaN where missing, and the codes of its columns.

    ``Raw`` to ``Normalised`` have the indicators, ``Aggregated`` all items of the tree. Rows are ``built.units``.

    Raises
    ------
    DataError
        If the index has no such table, naming those that it has.
    """
    if step == "Aggregated":
        return built.score_table, built.tree.items
    if step not in built.arrays:
        names = ", ".join([*built.arrays, "Aggregated"])
        raise DataError(Fault(f"there is no table {step!r}", f"Use one of {names}"))
    return built.arrays[step], built.pipeline.leaves


def top_level(tree: Tree) -> int:
    """The level of the root."""
    return max(tree.level)


def items_at(tree: Tree, level: int) -> tuple[int, ...]:
    """Positions of the items of a level (1 = indicators), in the order of ``tree.items``.

    Raises
    ------
    DataError
        If no item is at that level.
    """
    found = tuple(k for k, at in enumerate(tree.level) if at == level)
    if not found:
        raise DataError(Fault(f"the tree has no level {level}", f"Use one of 1 to {top_level(tree)}"))
    return found


def item_numbers(tree: Tree, codes: Iterable[str]) -> tuple[int, ...]:
    """Positions of items by code.

    Raises
    ------
    DataError
        Naming every code that is not in the tree.
    """
    codes = tuple(codes)
    if absent := [c for c in codes if c not in tree.items]:
        raise DataError(Fault(f"{', '.join(absent)} not in the tree", "Name indicators or groups of the tree"))
    return tuple(tree.items.index(c) for c in codes)


def ancestors(tree: Tree, item: int) -> tuple[int, ...]:
    """Positions of the parent, its parent, and so on up to the root."""
    out = []
    while (item := tree.parent[item]) >= 0:
        out.append(item)
    return tuple(out)


def ancestor(tree: Tree, item: int, level: int) -> int | None:
    """The lowest ancestor at a level or above it, the item itself where it stands there; None above the root.

    In a tree where some indicators hang directly below a higher group, that group stands in for the missing level.
    """
    if tree.level[item] >= level:
        return item
    return next((a for a in ancestors(tree, item) if tree.level[a] >= level), None)


def leaves_below(tree: Tree, item: int) -> tuple[int, ...]:
    """Positions of the indicators below a group, or of the indicator itself."""
    if item < tree.indicators:
        return (item,)
    return tuple(k for k in range(tree.indicators) if item in ancestors(tree, k))


def grouped(tree: Tree, items: Iterable[int], level: int) -> dict[int, list[int]]:
    """Items by their ancestor at a level, in the order in which the ancestors stand in the tree."""
    out: dict[int, list[int]] = {}
    for item in items:
        over = ancestor(tree, item, level)
        if over is not None:
            out.setdefault(over, []).append(item)
    return dict(sorted(out.items()))


def pruned(root: Node, codes: frozenset[str]) -> Node | None:
    """The tree without some indicators or groups; a group left without children goes too, None where nothing stays."""
    if root.code in codes:
        return None
    if not root.children:
        return root
    kept = tuple(k for k in (pruned(c, codes) for c in root.children) if k is not None)
    return root.model_copy(update={"children": kept}) if kept else None


def directions(built: Built) -> Array:
    """The direction 1 or -1 of each indicator, in the order of the leaves."""
    return built.pipeline.direction


def named(built: Built, code: str) -> str:
    """The English name of an indicator or group, its code where it has none."""
    book = built.dataset.codebook.get(code)
    if book is not None:
        return book.label()
    return next((n.label() for n in built.root.walk() if n.code == code), code)


def unit_groups(built: Built, column: str) -> np.ndarray:
    """The group of each scored unit in a column of the unit table, as objects; None where it has none.

    Raises
    ------
    DataError
        If the unit table has no such column.
    """
    table = built.dataset.unit_table
    if column not in table.columns:
        raise DataError(Fault(f"the unit table has no column {column!r}",
                              f"Use one of {', '.join(map(str, table.columns))}"))  # fmt: skip
    held = table[column].reindex(list(built.units))
    return np.array([None if v != v or v is None else v for v in held], dtype=object)
