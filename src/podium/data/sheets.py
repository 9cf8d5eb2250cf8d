"""Tables in the sheets of XLSX workbooks."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
import zipfile
from typing import Any

from podium.data.cells import as_text
from podium.data.tables import Layout, Table, column_names
from podium.errors import DataError, Fault

__all__ = ["open_sheet", "read_sheet"]

Row = tuple[Any, ...]
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>/]*)>(.*?)</c>', re.DOTALL)
_RESULT = re.compile(rb"<v[^>/]*>[^<]")


def read_sheet(data: bytes, *, name: str, layout: Layout) -> Table:
    """Return the table of a sheet, the first where none is named; cells are typed, empty rows are left out.

    Raises
    ------
    DataError
        For a damaged workbook, and a sheet or row of heads that is not there.
    """
    rows = open_sheet(data, name=name, sheet=layout.sheet)
    if layout.header > len(rows) or not any(_filled(c) for c in rows[layout.header - 1]):
        raise DataError(Fault(f"has no heads in row {layout.header}", "Name the row of the heads under `data: header`",
                              name, layout.header))  # fmt: skip
    heads = ["" if h is None else " ".join(as_text(h).split()) for h in rows[layout.header - 1]]
    body = [(k + 1, r) for k, r in enumerate(rows) if k >= layout.header and any(_filled(c) for c in r)]
    names, repeated = column_names(heads)
    columns, unnamed = {}, []
    for k, head in enumerate(names):
        cells = [r[k] for _, r in body]
        if not head and any(_filled(c) for c in cells):
            unnamed.append(head := f"Unnamed: {k}")
        if head:
            columns[head] = _column(cells)
    places = [line for line, _ in body]
    return Table(columns, name, hashlib.sha256(data).hexdigest(), len(body), header=layout.header, repeated=repeated,
                 unnamed=tuple(unnamed), sheet=True, lines=lambda: places)  # fmt: skip


def open_sheet(data: bytes, *, name: str, sheet: str | None) -> list[Row]:
    """Return every row of a sheet as values, all of one length; formulas as their stored results.

    A formula of which no program stored the result is the text ``=``, so that it is a fault where it is used.

    Raises
    ------
    DataError
        For a damaged workbook and a sheet that is not there.
    """
    book = _workbook(data, name)
    if sheet is not None and sheet not in book.sheetnames:
        raise DataError(Fault(f"has no sheet {sheet!r}", f"Use one of {', '.join(book.sheetnames)}", name))
    chosen = sheet if sheet is not None else book.worksheets[0].title
    rows = _rows(book[chosen], name)
    for row, column in _uncomputed(data, chosen):
        if row < len(rows) and column < len(rows[row]) and rows[row][column] is None:
            rows[row] = (*rows[row][:column], "=", *rows[row][column + 1 :])
    return rows


def _workbook(data: bytes, name: str) -> Any:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which we do not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its parsers do on a damaged file
        raise _damaged(error, name) from None
    if not book.worksheets:
        raise DataError(Fault("has no sheet with cells", "Give a workbook with a table", name))
    return book


def _rows(sheet: Any, name: str) -> list[Row]:
    """All rows, padded to one length, empty columns at the end cut."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet.reset_dimensions()  # some writers state wrong ones
            rows = [tuple(r) for r in sheet.iter_rows(values_only=True)]
    except Exception as error:  # as above: the cells are parsed only now
        raise _damaged(error, name) from None
    width = max((max((k + 1 for k, c in enumerate(r) if _filled(c)), default=0) for r in rows), default=0)
    return [r[:width] + (None,) * (width - len(r)) for r in rows]


def _damaged(error: Exception, name: str) -> DataError:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    return DataError(Fault(f"is not a readable XLSX workbook: {reason}", "Open and save it again, or give CSV", name))


def _filled(cell: Any) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


def _uncomputed(data: bytes, sheet: str) -> list[tuple[int, int]]:
    """Rows and columns, from 0, of cells with a formula and no result: openpyxl does not tell them from blanks."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        xml = parts.read(_part(parts, sheet))
    if b"<f" not in xml:
        return []
    cells = (m for m in _CELL.finditer(xml) if b"<f" in m[4] and not _RESULT.search(m[4]) and b't="str"' not in m[3])
    return [(int(m[2]) - 1, _number(m[1].decode())) for m in cells]


def _part(parts: zipfile.ZipFile, sheet: str) -> str:
    """The part of a workbook that holds a sheet."""
    from xml.etree import ElementTree

    book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    links = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    found = next(e for e in book.iter() if e.tag.endswith("}sheet") and e.get("name") == sheet)
    key = next(v for k, v in found.attrib.items() if k.endswith("}id"))
    target = next(str(e.get("Target")) for e in links if e.get("Id") == key)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _column(cells: list[Any]) -> Any:
    """Cells as numbers where all are numbers or empty, else as texts."""
    import pyarrow as pa

    given = [c if _filled(c) else None for c in cells]
    if all(c is None or (isinstance(c, int | float) and not isinstance(c, bool)) for c in given):
        return pa.array([None if c is None else float(c) for c in given], type=pa.float64())
    return pa.array([None if c is None else as_text(c) for c in given], type=pa.string())


def _number(letters: str) -> int:
    """The number of a column, counted from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
