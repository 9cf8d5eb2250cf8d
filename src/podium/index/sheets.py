"""Workbooks whose text is always text: a contents sheet, frozen heads, widths and number formats."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.index.sheet_rows import number_cells, rows_of, text_cells

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

__all__ = ["RISKY", "Book", "plain_text", "sheet_name", "write_tables"]

RISKY = re.compile("^[=+\\-@\t\r\n＝＋－＠]")
"""Texts that a spreadsheet would read as a formula or a command."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_EPOCH = datetime.datetime(1980, 1, 1)
_GREY, _HEAD, _INPUT, _VALUE = "FF6B7280", "FFE5E7EB", "FFFFF7D6", "FFDDE3EC"


def plain_text(value: object) -> str:
    """Return a text that XML can hold: control characters become �, and what is longer than a cell is cut."""
    return _FORBIDDEN.sub("\ufffd", str(value))[:32_767]


def sheet_name(name: str, taken: Sequence[str]) -> str:
    """Return a name that a spreadsheet admits and that is not taken yet."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip("' ")[:31] or "sheet"
    clean = "History " if clean.lower() == "history" else clean
    used, out, k = {t.lower() for t in taken}, clean, 2
    while out.lower() in used:
        out, k = f"{clean[: 30 - len(str(k))]} {k}", k + 1
    return out


class Book:
    """A workbook written row by row, in the styles of Podium's sheets."""

    def __init__(self) -> None:
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Font, PatternFill

        self.book: Workbook = Workbook(write_only=True)
        self.bold, self.note, self.link = Font(bold=True), Font(color=_GREY, italic=True), Font(color="FF1D4ED8")
        colours = {"head": _HEAD, "input": _INPUT, "value": _VALUE}
        self.fills = {k: PatternFill("solid", fgColor=c) for k, c in colours.items()}
        self.wrap = Alignment(wrap_text=True, vertical="top")
        self.listed: list[tuple[str, str]] = []
        self.rows: dict[str, bytes] = {}

    def sheet(
        self, name: str, about: str, *, widths: Sequence[float] = (), freeze: str | None = None
    ) -> WriteOnlyWorksheet:
        """Return a new sheet, listed in the contents with what it holds."""
        from openpyxl.utils import get_column_letter

        title = sheet_name(name, [n for n, _ in self.listed])
        self.listed.append((title, about))
        made: Any = self.book.create_sheet(title)
        for k, width in enumerate(widths, start=1):
            made.column_dimensions[get_column_letter(k)].width = width
        made.freeze_panes = freeze
        return made  # type: ignore[no-any-return]

    def text(self, sheet: Any, value: object, *, style: str = "") -> Any:
        """Return a cell that holds text, whatever the text is."""
        from openpyxl.cell import WriteOnlyCell

        said = plain_text(value)
        cell: Any = WriteOnlyCell(sheet, value="")
        cell._value, cell.data_type = said, "s"  # past openpyxl's guess that "=1+1" is a formula and "#N/A" an error
        if RISKY.match(said):
            cell.quotePrefix = True  # stays text when somebody edits it
        return self.styled(cell, style)

    def number(self, sheet: Any, value: float | None, *, shown: str = "General", style: str = "") -> Any:
        """Return a cell that holds a number; empty for NaN, and for what a spreadsheet cannot hold."""
        from openpyxl.cell import WriteOnlyCell

        held = None if value is None or not np.isfinite(value) else float(value)
        whole = held is not None and held.is_integer() and abs(held) < 1e15
        cell = WriteOnlyCell(sheet, value=int(held) if whole and held is not None else held)
        if shown != "General":
            cell.number_format = shown
        return self.styled(cell, style)

    def styled(self, cell: Any, style: str) -> Any:
        """Return a cell in one of the styles: head, input, value, note, bold, link, wrap."""
        if style in self.fills:
            cell.fill = self.fills[style]
        if style in ("head", "bold"):
            cell.font = self.bold
        elif style in ("note", "link"):
            cell.font = self.note if style == "note" else self.link
        elif style == "wrap":
            cell.alignment = self.wrap
        return cell

    def contents(self, title: str, lines: Sequence[str]) -> None:
        """Add the first sheet: title, remarks, and every sheet with what it holds."""
        from openpyxl.cell import WriteOnlyCell

        made: Any = self.book.create_sheet("contents", 0)
        made.column_dimensions["A"].width, made.column_dimensions["B"].width = 28, 96
        made.append([self.text(made, title, style="bold")])
        for line in lines:
            made.append([self.text(made, line)])
        made.append([])
        made.append([self.text(made, h, style="head") for h in ("sheet", "what it holds")])
        for name, about in self.listed:
            cell: Any = WriteOnlyCell(made, value=name)
            cell._value, cell.data_type = name, "s"
            target = name.replace("'", "''")
            cell.hyperlink = f"#'{target}'!A1"
            made.append([self.styled(cell, "link"), self.text(made, about)])

    def save(self, path: Path) -> None:
        """Write the workbook, so that the same content is the same bytes."""
        self.book.properties.creator = "Podium"
        self.book.properties.created = self.book.properties.modified = _EPOCH
        draft = path.with_suffix(".draft")
        more = {f"xl/worksheets/sheet{k}.xml": self.rows.get(title, b"")
                for k, title in enumerate(self.book.sheetnames, start=1)}  # fmt: skip
        self.book.save(draft)
        with zipfile.ZipFile(draft) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                content = old.read(name)
                if name == "docProps/core.xml":  # openpyxl writes the time of saving
                    content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
                if rows := more.get(name, b""):
                    content = content.replace(b"</sheetData>", rows + b"</sheetData>", 1)
                new.writestr(zipfile.ZipInfo(name, _EPOCH.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
        draft.unlink()


def number_format(values: Any) -> str:
    """Return a format that shows a column's figures with about four digits."""
    known = np.abs(values[np.isfinite(values)])
    if not len(known) or (known == np.round(known)).all():
        return "#,##0" if len(known) and known.max() >= 10_000 else "General"
    top = float(np.quantile(known, 0.9))
    return "#,##0" if top >= 10_000 else "0.00" if top >= 10 else "0.0000" if top >= 0.01 else "0.00E+00"


def write_tables(
    tables: Mapping[str, pd.DataFrame], path: Path, *, title: str, lines: Sequence[str], about: Mapping[str, str],
    names: Mapping[str, str],
) -> None:  # fmt: skip
    """Write tables as the sheets of a workbook; its first sheet lists them.

    Parameters
    ----------
    about
        What each table holds, for the contents.
    names
        The name of each unit; tables indexed by unit get a column of them.
    """
    book = Book()
    for name, table in tables.items():
        _table(book, name, table, about.get(name, ""), names)
    book.contents(title, lines)
    book.save(path)


def _table(book: Book, name: str, table: pd.DataFrame, about: str, names: Mapping[str, str]) -> None:
    index = str(table.index.name or "unit")
    named = index == "unit" and any(names.get(str(u), str(u)) != str(u) for u in table.index)
    columns = [table[c] for c in table.columns]
    widths: list[float] = [max(8.0, *(min(40.0, len(str(x)) + 2.0) for x in [*table.index[:200], index]))]
    widths += [28.0] if named else []
    widths += [_width(str(c), column) for c, column in zip(table.columns, columns, strict=True)]
    sheet: Any = book.sheet(name, about, widths=widths, freeze="C2" if named else "B2")
    heads = [index, *(["name"] if named else []), *map(str, table.columns)]
    sheet.append([book.text(sheet, h, style="head") for h in heads])
    book.rows[book.listed[-1][0]] = _rows(book, sheet, table, columns, names if named else None)


def _rows(
    book: Book, sheet: Any, table: pd.DataFrame, columns: Sequence[pd.Series[Any]], names: Mapping[str, str] | None
) -> bytes:
    """The rows below the heads, as they stand in the worksheet."""
    plain, quoted = (int(book.text(sheet, x).style_id) for x in ("a", "=a"))

    def styled(said: str) -> int:
        return quoted if RISKY.match(said) else plain

    cells = [text_cells(1, [plain_text(x) for x in table.index], styled)]
    if names is not None:
        cells.append(text_cells(2, [plain_text(names.get(str(x), "")) for x in table.index], styled))
    for k, column in enumerate(columns, start=len(cells) + 1):
        if _is_number(column):
            held = column.to_numpy(dtype=float, na_value=np.nan)
            shown = book.number(sheet, 0.0, shown=number_format(held))
            cells.append(number_cells(k, held, int(shown.style_id)))
        else:
            cells.append(text_cells(k, [_written(x) for x in column.to_list()], styled))
    return rows_of(cells)


def _written(value: Any) -> str | float:
    """A value as a cell holds it: a text, or a number."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return float(value) if isinstance(value, int | float) else plain_text("" if value is None else value)


def _is_number(column: pd.Series[Any]) -> bool:
    return column.dtype.kind in "fiu"


def _width(head: str, column: pd.Series[Any]) -> float:
    texts = [] if _is_number(column) else [len(str(x)) for x in column.iloc[:200]]
    return float(min(60, max(10, len(head) + 2, *texts)) if texts else min(24, max(10, len(head) + 2)))
