"""A published table as intervals: how many decimals each column shows, and what its rounded figures can have been."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.data.dataset import Array
from podium.data.tables import read_table
from podium.errors import DataError, Fault

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Column", "Published", "decimals_of", "published"]

MISSING = {"", "na", "n/a", "nan", "none", "-", "–", "—", "..", "...", "…", "null"}
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
MOST_DECIMALS = 10
MOST_DIGITS = 11
"""Digits beyond which a figure is taken for unrounded: floating point holds few more."""


@dataclass(frozen=True, eq=False)
class Column:
    """One numeric column ``(row,)`` with the decimals it shows; half a unit of the last is what rounding can hide."""

    name: str
    values: Array
    decimals: int

    @property
    def half(self) -> float:
        """Half a unit of the last decimal shown."""
        return 0.5 * 10.0**-self.decimals


@dataclass(frozen=True, eq=False)
class Published:
    """A published table: names of its rows, numeric columns, and the columns that are not numeric."""

    rows: tuple[str, ...]
    columns: dict[str, Column]
    others: tuple[str, ...]
    file: str


def decimals_of(texts: list[str]) -> int:
    """Return the decimals of a column: the most that any cell shows, since tables often drop trailing zeros."""
    return max((_decimals(t) for t in texts), default=0)


def _decimals(text: str) -> int:
    mantissa, _, exponent = text.lower().partition("e")
    shown = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return min(max(shown, -15), MOST_DECIMALS)


def published(table: str | Path | pd.DataFrame) -> Published:
    """Return a table as published, from a file or a data frame.

    A column is numeric where every cell that is not missing is a number (thousands commas, per cent signs and the
    typographic minus are read). Numbers of a data frame or spreadsheet are taken with the shortest decimals that
    give them back, at most ten, and eleven digits in all.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    import pandas as pd

    file = "" if isinstance(table, pd.DataFrame) else str(table)
    if isinstance(table, pd.DataFrame):
        cells = {str(k): list(v) for k, v in table.reset_index().items()}
    else:
        cells = {k: v.to_pylist() for k, v in read_table(Path(table)).columns.items()}
    columns: dict[str, Column] = {}
    others: list[str] = []
    for name, column in cells.items():
        texts = [_text(v) for v in column]
        known = [t for t in texts if t is not None]
        if not known or any(NUMBER.fullmatch(t) is None for t in known):
            others.append(name)
            continue
        values = np.array([np.nan if t is None else float(t) for t in texts])
        size = float(np.nanmax(np.abs(values)))
        whole = int(np.floor(np.log10(size))) + 1 if size > 0 else 1
        columns[name] = Column(name, values, min(decimals_of(known), MOST_DIGITS - whole))
    rows = _names(cells, others)
    return Published(rows, columns, tuple(others), file)


def _text(value: Any) -> str | None:
    """A cell as the digits it shows; None where it is missing."""
    if isinstance(value, float | np.floating):
        if value != value:
            return None
        shown = repr(round(float(value), MOST_DECIMALS))
        return shown.removesuffix(".0")
    if value is None or str(value) == "<NA>":
        return None
    text = str(value).strip().replace("−", "-").replace("\u00a0", "").removesuffix("%").strip()
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    return None if text.lower() in MISSING else text


def _names(cells: dict[str, list[Any]], others: list[str]) -> tuple[str, ...]:
    """What to call the rows: the first text column that tells them apart, else their numbers."""
    for name in others:
        texts = [str(v) for v in cells[name]]
        if len(set(texts)) == len(texts):
            return tuple(texts)
    return tuple(f"row {k + 1}" for k in range(len(next(iter(cells.values()), []))))


def chosen(table: Published, name: str, what: str) -> Column:
    """Return a numeric column by its name, or say which there are."""
    if name in table.columns:
        return table.columns[name]
    state = "is not numeric" if name in table.others else "is not there"
    raise DataError(Fault(f"the {what} column {name!r} {state}", f"Use one of {', '.join(table.columns)}", table.file))
