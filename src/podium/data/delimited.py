"""Tables written as text, cells parted by a comma or another sign."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from podium.data.tables import Table, column_names
from podium.errors import DataError, Fault

__all__ = ["read_delimited"]

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_LINE_END = re.compile(r"\r\n|\n|\r")
_SHOWN = 20
_LONGEST_HEADS = 1 << 22  # characters: cutting out what follows would copy the whole table


def read_delimited(data: bytes, *, name: str, encoding: str | None, separator: str, header: int) -> Table:
    """Return the table in a delimited text; an empty cell is missing, every other cell is a text.

    Lines after the last full row that have one cell only are notes and are left out.

    Raises
    ------
    DataError
        For text that cannot be decoded, a line of heads that is not there, rows longer or shorter than the heads and
        quotes that are not closed, each with its line.
    """
    text = _decode(data, encoding, name)
    heads, start, before = _heads(text, separator, header, name)
    names, repeated = column_names(heads)
    columns, size = _columns(text, start, before, separator, len(heads), name)
    bare = {k: f"Unnamed: {k}" for k, n in enumerate(names) if not n and columns[k].null_count < size}
    names = [bare.get(k, n) for k, n in enumerate(names)]

    @cache
    def lines() -> list[int]:
        rows = _records(text, start, before, separator)
        return [line for line, cells in rows if len(cells) == len(heads)]

    return Table({n: columns[k] for k, n in enumerate(names) if n}, name, hashlib.sha256(data).hexdigest(), size,
                 header=before, repeated=repeated, unnamed=tuple(bare.values()), lines=lines)  # fmt: skip


def _decode(data: bytes, encoding: str | None, name: str) -> str:
    marked = next((e for mark, e in _MARKS if data.startswith(mark)), None)
    used = marked if encoding is None or encoding.lower() in ("utf-8", "utf8", "utf-8-sig") else encoding
    try:
        text = data.decode(used or "utf-8")
    except LookupError:
        raise DataError(Fault(f"no encoding is called {used!r}", "Name one that Python knows under `data: encoding`",
                              name)) from None  # fmt: skip
    except UnicodeDecodeError as error:
        line = 1 + len(_LINE_END.findall(data[: error.start].decode("latin-1")))
        raise DataError(Fault(f"is not text in {used or 'utf-8'}", "Name its encoding under `data: encoding`, such as "
                              "latin-1, cp949 or shift_jis", name, line)) from None  # fmt: skip
    if "\0" in text:
        raise DataError(Fault("holds zero bytes: it is no text, or UTF-16 without its mark", "Give CSV, Parquet or "
                              "XLSX, or name its encoding under `data: encoding`", name))  # fmt: skip
    return text


def _heads(text: str, separator: str, header: int, name: str) -> tuple[list[str], int, int]:
    """The heads, where the text after them begins, and their line."""
    at, line = 0, 0
    ends = _LINE_END.finditer(text)
    for _ in range(header - 1):
        end = next(ends, None)
        if end is None:
            raise DataError(Fault(f"has no line {header}", "Mend `data: header`", name))
        at, line = end.end(), line + 1
    for reader, cells in _rows(io.StringIO(text[at : at + _LONGEST_HEADS], newline=""), separator):
        if not any(c.strip() for c in cells):
            continue
        lines = reader.line_num
        for _ in range(lines):
            end = _LINE_END.search(text, at)
            at = end.end() if end else len(text)
        heads = [c.strip() for c in cells]
        _one_head(heads, separator, name, line + lines)
        return heads, at, line + lines
    raise DataError(Fault("has no line of heads", "Give a table with heads", name, header))


def _one_head(heads: list[str], separator: str, name: str, line: int) -> None:
    other = next((s for s in (";", "\t", "|", ",") if s in heads[0]), None)
    if len(heads) == 1 and other is not None:
        shown = '"\\t"' if other == "\t" else f'"{other}"'
        raise DataError(Fault(f"has one column when parted by {separator!r}, but its line of heads holds {shown}",
                              f"Set `data: separator: {shown}`", name, line))  # fmt: skip


def _rows(lines: Any, separator: str, *, strict: bool = False) -> Iterator[tuple[Any, list[str]]]:
    csv.field_size_limit(1 << 30)  # Python's own limit is 128 KiB a cell
    reader = csv.reader(lines, delimiter=separator, strict=strict)
    for cells in reader:
        yield reader, cells


def _records(
    text: str, start: int, before: int, separator: str, *, strict: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not empty with the line on which it begins."""
    line = before + 1
    try:
        for reader, cells in _rows(io.StringIO(text[start:], newline=""), separator, strict=strict):
            if cells:
                yield line, cells
            line = before + reader.line_num + 1
    except csv.Error as error:
        if strict:
            raise DataError(Fault(f"cannot be read from here on: {error}", "Close the quotation mark or double it", "",
                                  line)) from None  # fmt: skip


def _columns(text: str, start: int, before: int, separator: str, width: int, name: str) -> tuple[list[Any], int]:
    import pyarrow as pa
    import pyarrow.csv as pc

    if not re.compile(r"\S").search(text, start):
        return [pa.array([], type=pa.string())] * width, 0
    rest = text[start:].encode()
    odd: list[int] = []

    def skip(row: Any) -> str:
        odd.append(row.actual_columns)
        return "skip"

    keys = [str(k) for k in range(width)]
    try:
        table = pc.read_csv(
            pa.BufferReader(rest),
            read_options=pc.ReadOptions(column_names=keys, block_size=max(1 << 24, min(len(rest), 1 << 30) // 16)),
            parse_options=pc.ParseOptions(delimiter=separator, newlines_in_values=b'"' in rest,
                                          invalid_row_handler=skip),
            convert_options=pc.ConvertOptions(column_types=dict.fromkeys(keys, pa.string()), null_values=[""],
                                              strings_can_be_null=True),
        )  # fmt: skip
    except pa.ArrowInvalid as error:
        _report_rows(text, start, before, separator, width, name)
        raise DataError(Fault(f"cannot be read as a table: {error}", "Give CSV, Parquet or XLSX", name)) from None
    if odd or _open_quote(table, width):
        _report_rows(text, start, before, separator, width, name)
    return list(table.columns), table.num_rows


def _open_quote(table: Any, width: int) -> bool:
    """Whether the last row swallowed lines, as it does after a quotation mark that is not closed."""
    last = table.num_rows - 1
    return last >= 0 and any("\n" in (table.column(k)[last].as_py() or "") for k in range(width))


def _report_rows(text: str, start: int, before: int, separator: str, width: int, name: str) -> None:
    """Raise the faults of rows that are longer or shorter than the heads; short last lines are notes."""
    wrong: list[tuple[int, int]] = []
    full = 0
    try:
        for line, cells in _records(text, start, before, separator, strict=True):
            if len(cells) != width:
                wrong.append((line, len(cells)))
            else:
                full = line
    except DataError as error:
        raise DataError([Fault(f.message, f.remedy, name, f.line) for f in error.faults]) from None
    bad = [(line, n) for line, n in wrong if n > 1 or line < full]
    faults = [Fault(f"has {n} cells where the heads have {width}", "Mend the row; a cell that holds the separator "
                    "stands in quotation marks", name, line) for line, n in bad[:_SHOWN]]  # fmt: skip
    if len(bad) > _SHOWN:
        faults.append(Fault(f"and {len(bad) - _SHOWN} more such rows", "", name))
    if faults:
        raise DataError(faults)
