"""Cells of a table as numbers, labels and texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from podium.data.tables import Table
from podium.errors import Fault

__all__ = ["Places", "Style", "as_text", "figures", "filled", "labels", "numbers", "texts"]

Cells = Any
Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Missing = Sequence[float | str]
_SHOWN = 20
_REMEDY = "Put a number there or leave the cell empty"
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


@dataclass(frozen=True)
class Style:
    """How figures are written.

    ``missing`` is what means "missing" in all columns, or by column, with ``*`` for all others; ``decimal`` the decimal
    sign, ``thousands`` the sign that may stand between thousands.
    """

    missing: Missing | Mapping[str, Missing] = ()
    decimal: str = "."
    thousands: str = ""

    def codes(self, column: str) -> Missing:
        """What means "missing" in a column."""
        if isinstance(self.missing, Mapping):
            return self.missing[column] if column in self.missing else self.missing.get("*", ())
        return self.missing


def as_text(value: Any) -> str:
    """A cell as text: 2019.0 is "2019", a date is ISO."""
    if isinstance(value, bool | np.bool_):
        return str(value).lower()
    if isinstance(value, float | np.floating):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(value)


def texts(cells: Cells) -> Cells:
    """Return cells as Arrow texts without the blanks around them; empty cells are null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = cells.type
    if pa.types.is_integer(kind):
        return cells.cast(pa.string())
    if not pa.types.is_string(kind):
        values = (v for chunk in _chunks(cells) for v in chunk.to_pylist())
        cells = pa.array([None if v is None or v != v else as_text(v) for v in values], type=pa.string())
    trimmed = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, type=pa.string()), trimmed)


def filled(cells: Cells) -> npt.NDArray[np.bool_]:
    """Return which cells are not empty."""
    return ~_is_null(texts(cells))


def labels(cells: Cells) -> tuple[Places, tuple[str, ...]]:
    """Return each cell's place among the different labels, -1 where it is empty, and the labels as they first occur."""
    import pyarrow as pa

    whole = pa.chunked_array(cells.chunks if hasattr(cells, "chunks") else [cells], type=cells.type)
    coded = whole.dictionary_encode().unify_dictionaries()
    if not coded.num_chunks:
        return np.empty(0, dtype=np.intp), ()
    indices = [c.indices.fill_null(-1).to_numpy(zero_copy_only=False) for c in coded.chunks]
    codes = np.concatenate(indices).astype(np.intp)
    given = texts(coded.chunk(coded.num_chunks - 1).dictionary).to_pylist()  # the last holds all labels
    names = tuple(dict.fromkeys(t for t in given if t is not None))
    index = {t: k for k, t in enumerate(names)}
    return np.array([*(index.get(t, -1) for t in given), -1], dtype=np.intp)[codes], names


def numbers(cells: Cells, *, missing: Missing = (), decimal: str = ".", thousands: str = "") -> tuple[Array, Places]:
    """Return cells as floats, and the rows whose cells are neither a finite number nor missing.

    Parameters
    ----------
    cells
        One column, texts or typed.
    missing
        What means "missing"; what reads as a number is compared as one, so that -999 covers "-999.0" and −999.
    decimal, thousands
        The decimal sign, and the sign that may part thousands, as in ``1.234,5``.

    Returns
    -------
    Array ``(row,)`` with NaN where a cell is empty, missing or bad; rows of bad cells in order.
    """
    import pyarrow as pa

    kind = cells.type
    absent = [float(m) for m in map(_numeral, missing) if m is not None]
    words = [str(m) for m in missing if _numeral(m) is None]
    if pa.types.is_null(kind):
        return np.full(len(cells), np.nan), np.empty(0, dtype=np.intp)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        values = _floats(cells)
        given = np.zeros(len(values), dtype=bool)
    elif pa.types.is_string(kind):
        values, given = _parsed(cells, words, decimal, thousands)
    else:
        values, given = np.full(len(cells), np.nan), ~_is_null(cells)
    for code in absent:
        hit = values == code
        values[hit], given[hit] = np.nan, False
    return np.where(np.isinf(values), np.nan, values), np.flatnonzero((np.isnan(values) & given) | np.isinf(values))


def figures(
    table: Table, column: str, *, style: Style, faults: list[Fault], name: str | None = None,
    whose: Callable[[int], str] | None = None, rows: Places | None = None,
) -> Array:  # fmt: skip
    """Return a column as floats and add to `faults` every cell that is neither a number nor missing.

    `name` is what the messages call the column, `whose` says whose figure a row holds, `rows` are those that count.
    """
    values, bad = numbers(table.columns[column], missing=style.codes(name or column), decimal=style.decimal,
                          thousands=style.thousands)  # fmt: skip
    if rows is not None:
        bad = bad[np.isin(bad, rows)]
        values = values[rows]
    for row in bad[:_SHOWN].tolist():
        text = texts(table.columns[column].slice(row, 1))[0].as_py()
        subject = f"{name or column}{f' of {whose(row)}' if whose else ''}"
        faults.append(table.fault(row, f"{subject} is {text!r}, not a finite number", _remedy(text, style)))
    if len(bad) > _SHOWN:
        faults.append(Fault(f"and {len(bad) - _SHOWN} more such cells in the column {column!r}", "", table.name))
    return values


def _remedy(text: str, style: Style) -> str:
    """What to do about a cell, where its look tells."""
    if text == "=":
        return "It is a formula without its result: open the workbook in a spreadsheet program and save it"
    if text.upper() in ("NA", "N/A", "NAN", "NULL", "NONE", "..", "-", "–", "—", "...", "#N/A"):
        return f"{_REMEDY}; if it means missing, set `data: missing: [{text!r}]`"
    if not style.thousands and re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", text):
        return "Remove the commas, or set `data: thousands: ','`"
    if style.decimal == "." and re.fullmatch(r"[-+]?\d{1,3}([. '’\u00a0\u202f]\d{3})*,\d*", text):
        return "Write a decimal point, or set `data: decimal: ','`, and `thousands` where they are parted"
    if not style.thousands and re.fullmatch(r"[-+]?\d{1,3}([ '’\u00a0\u202f]\d{3})+(\.\d*)?", text):
        return "Remove the signs between thousands, or name them under `data: thousands`"
    if style.decimal == "," and re.fullmatch(r"[-+]?\d+\.\d+", text):
        return "Write a decimal comma, or remove `data: decimal`"
    if text.endswith("%"):
        return "Remove the per cent sign"
    return _REMEDY


def _numeral(value: float | str) -> float | None:
    """A code of missing as a number, where it is one."""
    if isinstance(value, int | float):
        return float(value)
    text = value.strip().replace("−", "-")
    return float(text) if _NUMBER.fullmatch(text) else None


def _floats(cells: Cells) -> Array:
    import pyarrow as pa

    cast = cells.cast(pa.float64(), safe=False)
    return np.array(cast.to_numpy() if hasattr(cast, "chunks") else cast.to_numpy(zero_copy_only=False), dtype=float)


def _is_null(cells: Cells) -> npt.NDArray[np.bool_]:
    out = cells.is_null()
    return np.asarray(out.to_numpy() if hasattr(out, "chunks") else out.to_numpy(zero_copy_only=False), dtype=bool)


def _without(cells: Cells, words: Sequence[str]) -> Cells:
    import pyarrow as pa
    import pyarrow.compute as pc

    hit = pc.is_in(cells, value_set=pa.array([w.strip() for w in words], type=pa.string()))
    return pc.if_else(hit, pa.scalar(None, type=pa.string()), cells)


def _parsed(
    cells: Cells, words: Sequence[str], decimal: str, thousands: str
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Texts as floats, NaN where they are no number and infinite where it is too large, and which are not missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if decimal == "." and not thousands:
        try:
            # pyarrow reads the word "NaN" as a number
            return _floats(cells), ~_is_null(_without(texts(cells), words) if words else cells)
        except pa.ArrowInvalid:
            pass  # at least one text is no number: each is looked at below
    kept = _without(texts(cells), words) if words else texts(cells)
    given = ~_is_null(kept)
    plain = pc.replace_substring(kept, pattern="−", replacement="-")
    point, gap = re.escape(decimal), re.escape(thousands)
    pattern = rf"^[-+]?(\d+({point}\d*)?|{point}\d+)([eE][-+]?\d+)?$"
    if thousands:
        pattern += rf"|^[-+]?\d{{1,3}}({gap}\d{{3}})+({point}\d*)?$"
    good = pc.match_substring_regex(plain, pattern=pattern)
    kept = pc.if_else(good, plain, pa.scalar(None, type=pa.string()))
    if thousands:
        kept = pc.replace_substring(kept, pattern=thousands, replacement="")
    if decimal != ".":
        kept = pc.replace_substring(kept, pattern=decimal, replacement=".")
    return _floats(kept), given


def _chunks(cells: Cells) -> Sequence[Any]:
    return cells.chunks if hasattr(cells, "chunks") else [cells]
