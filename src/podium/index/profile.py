"""One unit of an index: its scores down the tree, with ranks, figures, years and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from podium.errors import DataError, Fault
from podium.index.build import Built

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["profile"]


def profile(built: Built, unit: str) -> pd.DataFrame:
    """Return one row an item of the tree, the root first: level, name, score, rank, weight, figure, unit, year, source.

    ``weight`` is the effective one in the root; figure, year and source stand with indicators only.

    Raises
    ------
    DataError
        If the unit is not in the index.
    """
    import pandas as pd

    if unit not in built.units:
        raise DataError(Fault(f"unit {unit} is not in the index", f"Use one of {', '.join(built.units)}"))
    row = built.units.index(unit)
    held = built.dataset.units.index(unit)
    data, book = built.dataset, built.dataset.codebook
    rows = []
    for node, depth in _walk(built):
        at = built.tree.items.index(node)
        leaf = node in built.pipeline.leaves
        column = data.indicators.index(node) if leaf and node in data.indicators else None
        info = book.get(node)
        rows.append(
            {
                "item": node,
                "depth": depth,
                "name": info.label() if info else _name(built, node),
                "score": built.score_table[row, at],
                "rank": built.rank_table[row, at],
                "weight": float(built.weights.loc[node, "effective"]),  # type: ignore[arg-type]
                "figure": data.values[-1, held, column] if column is not None else np.nan,
                "unit": info.unit if info else "",
                "year": data.years[-1, held, column] if column is not None else np.nan,
                "source": info.source if info else "",
            }
        )
    return pd.DataFrame(rows).set_index("item")


def _walk(built: Built) -> list[tuple[str, int]]:
    out: list[tuple[str, int]] = []

    def down(node, depth: int) -> None:  # type: ignore[no-untyped-def]
        out.append((node.code, depth))
        for child in node.children:
            down(child, depth + 1)

    down(built.root, 0)
    return out


def _name(built: Built, code: str) -> str:
    return next((n.label() for n in built.root.walk() if n.code == code), code)
