"""Rows of a table as the XML of a worksheet: many thousands in seconds, where cells one by one take minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

__all__ = ["letters", "number_cells", "rows_of", "text_cells"]


def letters(column: int) -> str:
    """Return the letters of a column, 1 being A."""
    out = ""
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def number_cells(column: int, values: Any, style: int) -> Iterator[str]:
    """Return a column's numbers as cells, row by row from the second; nothing for NaN and what no sheet can hold."""
    at, held = letters(column), np.asarray(values, dtype=float)
    for k, x in enumerate(held.tolist(), start=2):
        if x - x != 0:  # NaN and infinities
            yield ""
        elif x.is_integer() and abs(x) < 1e15:
            yield f'<c r="{at}{k}" s="{style}"><v>{int(x)}</v></c>'
        else:
            yield f'<c r="{at}{k}" s="{style}"><v>{x!r}</v></c>'


def text_cells(column: int, values: Sequence[Any], styled: Callable[[str], int], style: int = 0) -> Iterator[str]:
    """Return a column of texts, with numbers among them perhaps, as cells, row by row from the second.

    Parameters
    ----------
    values
        Texts that XML can hold, and numbers; an empty text makes no cell.
    styled
        The style of a text.
    style
        The style of a number.
    """
    at = letters(column)
    known: dict[str, str] = {}
    for k, value in enumerate(values, start=2):
        if not isinstance(value, str):
            yield next(number_cells(column, [value], style)).replace(f'"{at}2"', f'"{at}{k}"', 1)
            continue
        if (rest := known.get(value)) is None:
            rest = known[value] = (f'" s="{styled(value)}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}'
                                   "</t></is></c>") if value else ""  # fmt: skip
        yield f'<c r="{at}{k}{rest}' if rest else ""


def rows_of(columns: Sequence[Iterator[str]]) -> bytes:
    """Return the rows of columns of cells, from the second on."""
    made = (f'<row r="{k}">{"".join(cells)}</row>' for k, cells in enumerate(zip(*columns, strict=True), start=2))
    return "".join(made).encode("utf-8")
