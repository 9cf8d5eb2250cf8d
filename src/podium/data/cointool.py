"""The workbook of the JRC's COIN Tool, version 1 (November 2019), full and Lite.

Sheet ``Database``: from column E on one indicator a column; weight in row 7, direction in row 8, lower and upper
goalpost in rows 9 and 10, the codes of its index, sub-index, pillar and sub-pillar in rows 11 to 14, name in row 15,
code (``Ind.01``) in row 16; from row 17 on one unit a row, its name in column B and its code in column C; ``n/a`` is
missing. Sheet ``Framework``: below the heads (row 4; row 5 in the version before release) the code of each dimension
in column C, its weight in E, its aggregation in F, its name in H. COINr's ``import_coin_tool()`` reads the same cells.

European Commission, Joint Research Centre, Competence Centre on Composite Indicators and Scoreboards (2019): COIN Tool.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from podium.data.cells import Style, as_text
from podium.data.codebook import Indicator
from podium.data.cube import from_wide, one_edition
from podium.data.dataset import Dataset
from podium.data.framework import Entry
from podium.data.readers import described, read_wide
from podium.data.sheets import Row, open_sheet
from podium.data.tables import Table
from podium.data.units import UnitRule
from podium.errors import DataError, Fault

__all__ = ["read_coin_tool"]

_LEVELS = {"sub-pillar": 14, "pillar": 13, "sub-index": 12, "index": 11}
_EMPTY = {"", "-", "--", "n/a", "N/A"}
_LAYOUT = "Give the COIN Tool of 2019 (version 1), whose sheets are Database and Framework"


def read_coin_tool(path: Path, *, rule: UnitRule | None = None) -> tuple[Dataset, list[Entry], str, tuple[str, ...]]:
    """Return the dataset and the tree's entries of a COIN Tool workbook, its SHA-256, and the labels left out.

    Levels that the workbook does not use (all indicators under one code) are left out, the index excepted. A
    dimension whose aggregation is Geometric keeps it; Arithmetic is left to the specification's `aggregate`. The
    workbook's normalisation and treatment are not read: the specification states its own.

    Raises
    ------
    DataError
        For a workbook of another layout, and for every cell that is at fault, with its row.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise DataError(Fault("there is no such file", "Check `data: coin_tool`", str(path))) from None
    rows = open_sheet(data, name=str(path), sheet="Database")
    places = _indicators(rows, str(path))
    faults: list[Fault] = []
    book = {code: _indicator(rows, k, code, str(path), faults) for k, code in places.items()}
    entries = _entries(rows, places, book, str(path), faults)
    framework = _framework(open_sheet(data, name=str(path), sheet="Framework"), str(path), faults)
    named = [_named(e, framework, str(path), faults) for e in entries]
    sha = hashlib.sha256(data).hexdigest()
    try:
        dataset, left_out = _dataset(rows, places, book, str(path), sha, rule)
    except DataError as error:
        faults += error.faults
    if faults:
        raise DataError(faults)
    return dataset, named, sha, left_out


def _cell(rows: Sequence[Row], row: int, column: int) -> Any:
    """A cell by its row in the sheet and its column counted from 0; None where it is empty."""
    if row > len(rows) or column >= len(rows[row - 1]):
        return None
    cell = rows[row - 1][column]
    return None if cell is None or (isinstance(cell, str) and cell.strip() in _EMPTY) else cell


def _text(rows: Sequence[Row], row: int, column: int) -> str | None:
    cell = _cell(rows, row, column)
    return None if cell is None else as_text(cell).strip()


def _number(rows: Sequence[Row], row: int, column: int, what: str, file: str, faults: list[Fault]) -> float | None:
    cell = _cell(rows, row, column)
    if cell is None:
        return None
    try:
        value = float(cell) if not isinstance(cell, bool) else float("nan")
    except (TypeError, ValueError):
        value = float("nan")
    if not abs(value) < float("inf"):
        faults.append(Fault(f"{what} is {cell!r}, not a finite number", "Mend the cell of sheet Database", file, row))
        return None
    return value


def _indicators(rows: Sequence[Row], file: str) -> dict[int, str]:
    """Columns of the indicators, counted from 0, with their codes; those without a figure are not used."""
    width = len(rows[0]) if rows else 0
    codes = {k: _text(rows, 16, k) for k in range(4, width)}
    used = {k: c for k, c in codes.items() if c is not None and any(_cell(rows, r, k) is not None
                                                                   for r in range(17, len(rows) + 1))}  # fmt: skip
    level = _text(rows, 11, 4) or ""
    if not used or not level.lower().startswith("index") or _text(rows, 15, 4) is None:
        raise DataError(Fault("its sheet Database is not laid out as the COIN Tool's: indicator codes from E16 on, the "
                              "index in row 11, units from row 17 on", _LAYOUT, file, 16))  # fmt: skip
    twice = sorted({c for c in used.values() if list(used.values()).count(c) > 1})
    if twice:
        raise DataError([Fault(f"the indicator {c} occurs twice", "Keep one column", file, 16) for c in twice])
    return used


def _indicator(rows: Sequence[Row], k: int, code: str, file: str, faults: list[Fault]) -> Indicator:
    weight, direction, lower, upper = (
        _number(rows, row, k, f"the {what} of {code}", file, faults)
        for row, what in ((7, "weight"), (8, "direction"), (9, "lower goalpost"), (10, "upper goalpost"))
    )
    if direction not in (1, -1):
        faults.append(Fault(f"the direction of {code} is {_cell(rows, 8, k)!r}, not 1 or -1",
                            "Mend the cell of sheet Database", file, 8))  # fmt: skip
    if weight is None or weight < 0:
        faults.append(Fault(f"the weight of {code} is {_cell(rows, 7, k)!r}", "Give a number of 0 or more", file, 7))
    return Indicator(code=code, name={"en": _text(rows, 15, k) or code}, direction=-1 if direction == -1 else 1,
                     lower=lower, upper=upper, weight=weight or 0.0)  # fmt: skip


def _entries(
    rows: Sequence[Row], places: dict[int, str], book: dict[str, Indicator], file: str, faults: list[Fault]
) -> list[Entry]:
    """Indicators and the dimensions above them, each below the next level that the workbook uses."""
    used = [row for level, row in _LEVELS.items()
            if level == "index" or len({_text(rows, row, k) for k in places} - {None}) > 1]  # fmt: skip
    parents: dict[str, str | None] = {}
    for k, code in places.items():
        path = [code, *(c for row in used if (c := _text(rows, row, k)) is not None)]
        for here, above in zip(path, [*path[1:], None], strict=True):
            if parents.setdefault(here, above) != above:
                faults.append(Fault(f"{here} stands below {parents[here]} and below {above}", "Mend rows 11 to 14 of "
                                    "sheet Database", file, 16))  # fmt: skip
    return [Entry(c, p, book[c].weight if c in book else 1.0, dict(book[c].name) if c in book else "")
            for c, p in parents.items()]  # fmt: skip


def _framework(rows: Sequence[Row], file: str, faults: list[Fault]) -> dict[str, tuple[float, str, str]]:
    """Weight, name and aggregation of each dimension of the sheet Framework."""
    head = next((r for r in range(1, 12) if (_text(rows, r, 2) or "").lower() == "dimension/indicator"), None)
    if head is None:
        raise DataError(Fault("its sheet Framework has no head `Dimension/indicator` in column C", _LAYOUT, file, 4))
    out: dict[str, tuple[float, str, str]] = {}
    for row in range(head + 1, len(rows) + 1):
        code = _text(rows, row, 2)
        if code is not None:
            weight = _number(rows, row, 4, f"the weight of {code}", file, faults)
            name, aggregation = _text(rows, row, 7) or code, (_text(rows, row, 5) or "").lower()
            out[code] = (1.0 if weight is None else weight, name, aggregation)
    return out


def _named(entry: Entry, framework: dict[str, tuple[float, str, str]], file: str, faults: list[Fault]) -> Entry:
    if entry.name:
        return entry
    if entry.code not in framework:
        faults.append(Fault(f"its sheet Framework has no row of the dimension {entry.code}", "Add it", file))
        return entry
    weight, name, aggregation = framework[entry.code]
    if weight < 0:
        faults.append(Fault(f"the weight of {entry.code} is negative ({weight:g})", "Give 0 or more", file))
    return Entry(entry.code, entry.parent, weight, name, "geometric" if aggregation.startswith("geom") else None)


def _dataset(
    rows: Sequence[Row], places: dict[int, str], book: dict[str, Indicator], file: str, sha: str, rule: UnitRule | None
) -> tuple[Dataset, tuple[str, ...]]:
    import pyarrow as pa

    faults: list[Fault] = []
    lines = [r for r in range(17, len(rows) + 1) if any(_cell(rows, r, k) is not None for k in (1, 2, *places))]
    values = np.array([
        [np.nan if v is None else v for k, code in places.items()
         for v in [_number(rows, r, k, f"{code} of {_text(rows, r, 2)}", file, faults)]] for r in lines
    ], dtype=float).reshape(len(lines), len(places))  # fmt: skip
    columns = {"code": pa.array([_text(rows, r, 2) for r in lines], type=pa.string()),
               "name": pa.array([_text(rows, r, 1) for r in lines], type=pa.string())}  # fmt: skip
    table = Table(columns, file, sha, len(lines), header=16, lines=lambda: lines)
    wide = read_wide(table, "code", rule=rule)
    if faults:
        raise DataError(faults)
    editions = one_edition(np.arange(len(wide.rows)))
    dataset = from_wide(wide, values[wide.rows], editions, indicators=list(places.values()), codebook=book,
                        other=described(wide, ["code"], style=Style()))  # fmt: skip
    return dataset, wide.left_out
