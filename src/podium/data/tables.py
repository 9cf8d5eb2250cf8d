"""A table as it was read: its columns, and where each of its rows stands."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podium.errors import DataError, Fault

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Layout", "Table", "column_names", "from_frame", "read_table", "sha256"]

Cells = Any  # a pyarrow Array or ChunkedArray: pyarrow has no type hints


@dataclass(frozen=True)
class Layout:
    """How a file writes its table.

    ``header`` is the line (CSV) or sheet row (XLSX) of the heads, counted from 1. ``encoding`` None reads UTF-8, or
    UTF-16 and UTF-32 where the file begins with their mark; ``separator`` None is a tab in TSV files, else a comma.
    """

    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None
    header: int = 1


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of cells, texts or typed, with the file they come from.

    A head that stands twice gets ``.1``, ``.2`` … behind it and is among ``repeated``; a column without a head that
    has cells is called ``Unnamed: 3`` by its place from 0, as pandas does, and is among ``unnamed``. ``lines`` gives
    the lines of all rows when first asked.
    """

    columns: dict[str, Cells]
    name: str
    sha256: str
    size: int
    header: int | None = None
    repeated: frozenset[str] = frozenset()
    unnamed: tuple[str, ...] = ()
    sheet: bool = False
    lines: Callable[[], Sequence[int]] | None = None

    def line(self, row: int) -> int | None:
        """The line of a row in the file: physical in CSV, the sheet's row in XLSX, counted from 1 elsewhere."""
        if self.lines is None:
            return row + 1
        lines = self.lines()
        return lines[row] if row < len(lines) else None

    def fault(self, row: int, message: str, remedy: str) -> Fault:
        """A fault of a row."""
        return Fault(message, remedy, self.name, self.line(row))

    def rows_needed(self) -> None:
        """Raise `DataError` where the table has heads and nothing below them."""
        if not self.size:
            raise DataError(Fault("has heads but no rows", "Give at least one row", self.name, self.header))

    def need(self, names: Iterable[str], remedy: str) -> None:
        """Raise `DataError` for the names that are no column, each with the nearest that is."""
        faults = [self.absent(n, remedy) for n in names if n not in self.columns]
        if faults:
            raise DataError(faults)

    def absent(self, name: str, remedy: str) -> Fault:
        """The fault of a column that is not there."""
        import difflib

        folded = [c for c in self.columns if c.casefold() == name.casefold()]
        near = folded or difflib.get_close_matches(name, list(self.columns), 1, 0.75)
        hint = f"Did you mean {near[0]!r}? {remedy}" if near else remedy
        if self.unnamed:
            shown = ", ".join(repr(n) for n in self.unnamed[:8])
            hint += f". Columns without a head are {shown} (merged or empty cells in line {self.header}?)"
        return Fault(f"has no column {name!r}", hint, self.name, self.header)


def sha256(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def column_names(heads: Sequence[str]) -> tuple[list[str], frozenset[str]]:
    """Return heads as names that differ (``x``, ``x.1`` …), and those that stood more than once; empty ones stay."""
    counts: dict[str, int] = {}
    taken = set(heads)
    names = []
    for head in heads:
        k = counts.get(head, 0)
        counts[head] = k + 1
        name = head
        while head and k and name in taken:
            name, k = f"{head}.{k}", k + 1
        taken.add(name)
        names.append(name)
    return names, frozenset(h for h, k in counts.items() if h and k > 1)


def read_table(path: Path, *, layout: Layout | None = None) -> Table:
    """Return the table in a CSV, TSV, Parquet or XLSX file.

    Raises
    ------
    DataError
        If the file is missing, empty, damaged or of another kind; rows of wrong length and cells that cannot be
        decoded with their lines.
    """
    how = Layout() if layout is None else layout
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(Fault("there is no such file", "Check `data` in the specification", str(path))) from None
    except OSError as error:
        raise DataError(Fault(f"cannot be read: {error.strerror}", "Give a file", str(path))) from None
    if not data:
        raise DataError(Fault("is empty", "Give a table with a line of heads", str(path)))
    kind = path.suffix.lower()
    if kind == ".parquet":
        return _parquet(data, str(path))
    if kind in (".xlsx", ".xlsm"):
        from podium.data.sheets import read_sheet

        return read_sheet(data, name=str(path), layout=how)
    if kind in (".xls", ".ods"):
        raise DataError(Fault(f"is a {kind} workbook", "Save it as XLSX, CSV or Parquet", str(path)))
    from podium.data.delimited import read_delimited

    separator = how.separator or ("\t" if kind in (".tsv", ".tab") else ",")
    return read_delimited(data, name=str(path), encoding=how.encoding, separator=separator, header=how.header)


def _parquet(data: bytes, name: str) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        raise DataError(Fault(f"is not a Parquet file: {_first_line(error)}", "Give CSV, Parquet or XLSX",
                              name)) from None  # fmt: skip
    return _arrow(table, name, hashlib.sha256(data).hexdigest())


def from_frame(frame: Any, *, name: str) -> Table:
    """Return the table in a data frame of pandas, polars or pyarrow, or of anything that speaks Arrow.

    An index of pandas that has names becomes columns; one of labels without a name becomes the column ``unit``.

    Parameters
    ----------
    frame
        An object with ``__arrow_c_stream__`` (the Arrow PyCapsule interface) or ``to_pandas``, or a mapping of
        columns.
    name
        What messages and receipts call it.

    Raises
    ------
    DataError
        If it is none of these, or a column cannot be held as numbers or texts.
    """
    import pandas as pd
    import pyarrow as pa

    try:
        if isinstance(frame, pd.DataFrame):
            table = _pandas(frame, name)
        elif isinstance(frame, dict):
            table = _pandas(pd.DataFrame(frame), name)
        elif hasattr(frame, "__arrow_c_stream__"):
            table = pa.table(frame)
        else:
            table = _pandas(frame.to_pandas(), name)
    except (AttributeError, TypeError, ValueError, pa.ArrowException):
        raise DataError(Fault(f"{type(frame).__name__} is no table, or not one that Arrow can hold",
                              "Give a data frame of pandas, polars or pyarrow", name)) from None  # fmt: skip
    return _arrow(table, name, None)


def _pandas(frame: Any, name: str) -> pa.Table:
    import pandas as pd
    import pyarrow as pa

    if any(n is not None for n in frame.index.names):
        frame = frame.reset_index()
    elif not isinstance(frame.index, pd.RangeIndex) and "unit" not in frame.columns:
        frame = frame.rename_axis("unit").reset_index()
    if isinstance(frame.columns, pd.MultiIndex):
        raise DataError(Fault("has heads of several levels", "Give every column one name", name))
    columns = [_column(frame.iloc[:, k]) for k in range(frame.shape[1])]
    return pa.Table.from_arrays(columns, names=[str(c) for c in frame.columns])


def _column(series: Any) -> Cells:
    """A column of pandas as Arrow; one that mixes numbers and texts becomes texts."""
    import pyarrow as pa

    try:
        return pa.array(series, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        from podium.data.cells import as_text

        return pa.array([None if _absent(v) else as_text(v) for v in series], type=pa.string())


def _absent(value: Any) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)


def _arrow(table: Any, name: str, sha: str | None) -> Table:
    """A table of Arrow with plain texts for every kind of text, hashed where no file was."""
    import pyarrow as pa

    names, repeated = column_names([str(n).strip() for n in table.column_names])
    columns = {n: _plain(c) for n, c in zip(names, table.columns, strict=True) if n}
    if not columns:
        raise DataError(Fault("has no columns", "Give a table with heads", name))
    if sha is None:
        sink = pa.BufferOutputStream()
        whole = pa.table(list(columns.values()), names=list(columns)).combine_chunks()
        with pa.ipc.new_stream(sink, whole.schema) as stream:
            stream.write_table(whole)
        sha = hashlib.sha256(memoryview(sink.getvalue())).hexdigest()
    return Table(columns, name, sha, table.num_rows, repeated=repeated)


def _plain(cells: Cells) -> Cells:
    import pyarrow as pa

    kind = cells.type
    if pa.types.is_dictionary(kind):
        whole = [_plain(c.dictionary).take(c.indices) for c in cells.chunks]
        return pa.chunked_array(whole, type=_plain(pa.chunked_array([], type=kind.value_type)).type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return cells.cast(pa.string())
    return cells


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
