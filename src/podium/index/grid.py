"""Sheets of a workbook whose rows and columns stand in the same place: units below each other, parameters on top."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from podium.index.formulas import Formula
from podium.index.sheets import Book

__all__ = ["FIRST", "HEAD", "Cell", "Frame", "letter", "put"]

HEAD = 17
"""The row of the column heads; parameters stand above, from row 3 on."""
FIRST = HEAD + 1
"""The row of the first unit."""

Value = Formula | float | str | None


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and its style; ``value`` marks results that Podium computed and no formula repeats."""

    value: Value
    style: str = ""


def letter(k: int) -> str:
    """The letters of the k-th column of figures, counted from 0; names of units stand before."""
    from openpyxl.utils import get_column_letter

    return get_column_letter(k + 3)


def put(book: Book, sheet: Any, cell: Cell, place: str) -> Any:
    """Return a cell ready to be appended; `place` is where it will stand."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.worksheet.formula import ArrayFormula

    value = cell.value
    if isinstance(value, Formula):
        text: Any = f"={value.text}"
        content: Any = ArrayFormula(place, text) if value.array else text
        made = WriteOnlyCell(sheet, value=content)
        return book.styled(made, cell.style)
    if isinstance(value, str):
        return book.text(sheet, value, style=cell.style)
    return book.number(sheet, value, style=cell.style)


@dataclass(frozen=True)
class Frame:
    """The rows of every sheet: units in order (those that are scored first), with their names."""

    book: Book
    units: Sequence[str]
    names: Sequence[str]
    scored: int

    @property
    def last(self) -> int:
        """The row of the last unit that is scored."""
        return FIRST + self.scored - 1

    @property
    def last_of_all(self) -> int:
        """The row of the last unit."""
        return FIRST + len(self.units) - 1

    def write(
        self, name: str, about: str, heads: Sequence[str], parameters: Mapping[int, tuple[str, Sequence[Cell]]],
        cell: Callable[[int, int], Cell], *, every_unit: bool = False,
    ) -> str:  # fmt: skip
        """Write one sheet and return its name.

        Parameters
        ----------
        heads
            The codes of the columns.
        parameters
            By row, from 3 on: what the row is called, and its cell in each column.
        cell
            What stands in the cell of a unit (its place in the order) and a column.
        every_unit
            Whether the units that are not scored stand there too.
        """
        widths = [12, 24, *(max(11.0, min(20.0, len(h) + 2.0)) for h in heads)]
        sheet: Any = self.book.sheet(name, about, widths=widths, freeze=f"C{FIRST}")
        title = self.book.listed[-1][0]
        sheet.append([self.book.text(sheet, name, style="bold")])
        sheet.append([self.book.text(sheet, about, style="note")])
        for row in range(3, HEAD):
            label, cells = parameters.get(row, ("", ()))
            sheet.append([self.book.text(sheet, label, style="note") if label else None, None,
                          *(put(self.book, sheet, c, f"{letter(k)}{row}") for k, c in enumerate(cells))])  # fmt: skip
        sheet.append([self.book.text(sheet, h, style="head") for h in ("unit", "name", *heads)])
        for u in range(len(self.units) if every_unit else self.scored):
            style = "note" if u >= self.scored else ""
            start = [self.book.text(sheet, x, style=style) for x in (self.units[u], self.names[u])]
            cells = [put(self.book, sheet, cell(u, k), f"{letter(k)}{FIRST + u}") for k in range(len(heads))]
            sheet.append([*start, *cells])
        return title
