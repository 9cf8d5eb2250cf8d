"""Tables in the sheets of XLSX workbooks."""

from __future__ import annotations

import hashlib
import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from podium.data.cells import as_text
from podium.data.tables import Layout, Table, column_names
from podium.errors import DataError, Fault

__all__ = ["open_sheet", "read_sheet"]

Row = tuple[Any, ...]


def read_sheet(data: bytes, *, name: str, layout: Layout) -> Table:
    """Return the table of a sheet, the first where none is named; cells are typed, empty rows are left out.

    Raises
    ------
    DataError
        For a damaged workbook, a sheet or row of heads that is not there, and formulas whose results are not stored.
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
        if head:
            columns[head] = _column(cells)
        elif any(_filled(c) for c in cells):
            unnamed.append(_letter(k))
    places = [line for line, _ in body]
    return Table(columns, name, hashlib.sha256(data).hexdigest(), len(body), header=layout.header, repeated=repeated,
                 unnamed=tuple(unnamed), sheet=True, lines=lambda: places)  # fmt: skip


def open_sheet(data: bytes, *, name: str, sheet: str | None) -> list[Row]:
    """Return every row of a sheet as values, all of one length; formulas as their stored results.

    Raises
    ------
    DataError
        For a damaged workbook, a sheet that is not there, and formulas whose results are not stored.
    """
    book = _workbook(data, name, values=True)
    if sheet is not None and sheet not in book.sheetnames:
        raise DataError(Fault(f"has no sheet {sheet!r}", f"Use one of {', '.join(book.sheetnames)}", name))
    chosen = sheet if sheet is not None else book.worksheets[0].title
    rows = _rows(book[chosen], name)
    if _has_formulas(data):
        _check_results(rows, _rows(_workbook(data, name, values=False)[chosen], name), name)
    return rows


def _workbook(data: bytes, name: str, *, values: bool) -> Any:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which we do not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values)
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


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
        return any(b"<f>" in (xml := parts.read(n)) or b"<f " in xml for n in sheets)


def _check_results(rows: list[Row], formulas: list[Row], name: str) -> None:
    """Raise the cells that hold a formula of which no program stored the result."""
    bad = [(i + 1, k, f) for i, (values, row) in enumerate(zip(rows, formulas, strict=False))
           for k, f in enumerate(row) if k < len(values) and values[k] is None and _is_formula(f)]  # fmt: skip
    faults = [Fault(f"cell {_letter(k)}{i} holds a formula without its result",
                    "Open the workbook in a spreadsheet program and save it", name, i) for i, k, _ in bad[:20]]
    if faults:
        raise DataError(faults)


def _is_formula(cell: Any) -> bool:
    text = isinstance(cell, str) and cell.startswith("=")
    return text or type(cell).__name__ in ("ArrayFormula", "DataTableFormula")


def _column(cells: list[Any]) -> Any:
    """Cells as numbers where all are numbers or empty, else as texts."""
    import pyarrow as pa

    given = [c if _filled(c) else None for c in cells]
    if all(c is None or (isinstance(c, int | float) and not isinstance(c, bool)) for c in given):
        return pa.array([None if c is None else float(c) for c in given], type=pa.float64())
    return pa.array([None if c is None else as_text(c) for c in given], type=pa.string())


def _letter(k: int) -> str:
    """The letter of a column, counted from 0."""
    return "".join(_letters(k))


def _letters(k: int) -> Iterator[str]:
    if k >= 26:
        yield from _letters(k // 26 - 1)
    yield chr(ord("A") + k % 26)
