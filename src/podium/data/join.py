"""Wide tables joined by their units: sheets of one workbook, or several files."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from podium.errors import DataError, Fault

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["joined"]


def joined(
    table: pd.DataFrame, other: pd.DataFrame, *, columns: Collection[str], asked: Collection[str], path: Path,
    sheet: str | None,
) -> pd.DataFrame:  # fmt: skip
    """Return a wide table with the columns of another (all where none is named) for the units of the first.

    A unit that the other lacks has no figure there; a unit that only the other has is left out, as are its columns of
    a name that the first has already.

    Raises
    ------
    DataError
        If a column named is absent, one that is asked for stands in both, or no unit is in both.
    """
    where = f" (sheet {sheet})" if sheet else ""
    if absent := [c for c in columns if c not in other.columns]:
        close = get_close_matches(absent[0], [str(c) for c in other.columns], n=1)
        remedy = f"Did you mean {close[0]}?" if close else "Mend `data: join: columns`"
        raise DataError(Fault(f"has no column {', '.join(absent)}{where}", remedy, str(path)))
    other = other[list(columns)] if columns else other
    twice = [c for c in other.columns if c in table.columns]
    if both := sorted({str(c) for c in twice} & set(asked)):
        raise DataError(Fault(f"the column {', '.join(both)}{where} stands in an earlier table too",
                              "Rename it in one of them", str(path)))  # fmt: skip
    if not other.index.isin(table.index).any():
        raise DataError(Fault(f"no unit of the first table is in this one{where}",
                              "Name the column of the units under `data: join: unit`", str(path)))  # fmt: skip
    return table.join(other.drop(columns=twice), how="left")
