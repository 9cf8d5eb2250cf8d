"""Figures read from tables: long (one figure a row), wide (one unit a row), or one column a year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from podium.data.cells import Places, Style, as_text, figures, filled, labels, numbers, texts
from podium.data.dataset import Array
from podium.data.tables import Table
from podium.data.units import Rows, UnitRule, unit_rows
from podium.errors import DataError, Fault

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Long", "Moments", "Wide", "described", "read_by_head", "read_citations", "read_long", "read_wide"]

_SHOWN = 20
_NAMED = "Name the columns under `data: columns`"


@dataclass(frozen=True, eq=False)
class Moments:
    """The different times of a table, in order: names, years (NaN where a name has none), and each row's place."""

    names: tuple[str, ...]
    years: Array
    at: Places


@dataclass(frozen=True, eq=False)
class Long:
    """Figures one by one: ``unit``, ``indicator`` and ``moments.at`` are each figure's places among the labels.

    ``value`` and ``error`` (standard errors) are NaN where missing; ``source`` holds texts, or is None. ``other`` is
    what a table with one column a year says of its units, indexed by unit.
    """

    table: Table
    units: tuple[str, ...]
    unit: Places
    indicators: tuple[str, ...]
    indicator: Places
    moments: Moments
    value: Array
    error: Array
    source: npt.NDArray[np.object_] | None = None
    left_out: tuple[str, ...] = ()
    other: pd.DataFrame | None = None

    @property
    def time(self) -> Array:
        """The year of each figure."""
        return self.moments.years[self.moments.at]


@dataclass(frozen=True, eq=False)
class Wide:
    """Rows of a wide table: ``rows`` are those that count, ``unit`` each one's place among ``units``."""

    table: Table
    rows: Places
    units: tuple[str, ...]
    unit: Places
    moments: Moments
    left_out: tuple[str, ...] = ()

    def key(self, place: int) -> tuple[str, str]:
        """The unit and the time of a row that counts."""
        return self.units[self.unit[place]], self.moments.names[self.moments.at[place]]

    def label(self, place: int) -> str:
        """The unit of a row that counts, with its time where it has one."""
        return " in ".join(k for k in self.key(place) if k)

    def figures(self, column: str, *, style: Style, faults: list[Fault], name: str | None = None) -> Array:
        """A column as floats, one for each row that counts; bad cells are added to `faults`."""
        return figures(self.table, column, style=style, faults=faults, name=name, rows=self.rows,
                       whose=lambda row: self.label(self._place[row]))  # fmt: skip

    @cached_property
    def _place(self) -> dict[int, int]:
        """Which of the rows that count a row of the table is; only messages ask."""
        return {int(r): k for k, r in enumerate(self.rows)}


def read_long(
    table: Table, columns: Mapping[str, str], *, style: Style, rule: UnitRule | None = None, panel: bool = False
) -> Long:
    """Return the figures of a long table: its columns unit, indicator, value and, where there, time, error, source.

    Parameters
    ----------
    columns
        The table's names of these columns where they differ.
    panel
        Whether times may be texts (``2018-Q1``); otherwise they are years.

    Raises
    ------
    DataError
        For absent columns, rows without unit or indicator, cells that are not numbers, labels that are no country
        and figures given twice, all at once, with file and line.
    """
    name = {k: columns.get(k, k) for k in ("unit", "indicator", "time", "value", "error", "source")}
    needed = ["unit", "indicator", "value", *(["time"] if panel else []), *(k for k in columns if k in name)]
    table.need(dict.fromkeys(name[k] for k in needed), _NAMED)
    table.rows_needed()
    faults: list[Fault] = []
    who = unit_rows(table, name["unit"], rule or UnitRule(), faults)
    what, indicators = labels(table.columns[name["indicator"]])
    _report_empty(table, name["value"], who, what, faults)

    def whose(row: int) -> str:
        return f"{indicators[what[row]]} for {who.spelt(row)}" if what[row] >= 0 else who.spelt(row)

    rows = np.flatnonzero((who.unit >= 0) & (what >= 0))
    value = _by_indicator(table, name["value"], style, what, indicators, faults, whose, rows)
    error = np.full(len(rows), np.nan)
    if name["error"] in table.columns:
        error = figures(table, name["error"], style=style, faults=faults, whose=whose, rows=rows)
        _report_negative(table, rows, error, name["error"], whose, faults)
    moments = _moments(table, name["time"], rows, panel, faults, whose)
    _report_twice(table, who, rows, what, indicators, moments, faults)
    if faults:
        raise DataError(faults)
    source = np.array(texts(table.columns[name["source"]]).to_pylist(), dtype=object)[rows] \
        if name["source"] in table.columns else None  # fmt: skip
    return Long(table, who.units, who.unit[rows], indicators, what[rows], moments, value, error, source, who.left_out)


def _by_indicator(
    table: Table, column: str, style: Style, what: Places, indicators: Sequence[str], faults: list[Fault], whose: Any,
    rows: Places,
) -> Array:  # fmt: skip
    """The values of a long table; codes of missing that one indicator has of its own hold for its rows only."""
    common = Style(style.codes("*"), style.decimal, style.thousands)
    if not isinstance(style.missing, Mapping) or not (own := [c for c in indicators if c in style.missing]):
        return figures(table, column, style=common, faults=faults, whose=whose, rows=rows)
    special = np.isin(what[rows], [indicators.index(c) for c in own])
    out = np.full(len(rows), np.nan)
    out[~special] = figures(table, column, style=common, faults=faults, whose=whose, rows=rows[~special])
    for code in own:
        mine = what[rows] == indicators.index(code)
        rule = Style(style.codes(code), style.decimal, style.thousands)
        out[mine] = figures(table, column, style=rule, faults=faults, whose=whose, rows=rows[mine])
    return out


def _report_empty(table: Table, value: str, who: Rows, what: Places, faults: list[Fault]) -> None:
    """Report rows without unit or indicator; rows without anything are empty lines."""
    lacking = (who.spelling < 0) | (what < 0)
    if not lacking.any():
        return
    blank = (who.spelling < 0) & (what < 0) & ~filled(table.columns[value])
    empty = np.flatnonzero(lacking & ~blank)
    for row in empty[:_SHOWN].tolist():
        lacks = "unit" if who.spelling[row] < 0 else "indicator"
        faults.append(table.fault(row, f"the row has no {lacks}", "Name it, or remove the row"))
    if len(empty) > _SHOWN:
        faults.append(Fault(f"and {len(empty) - _SHOWN} more such rows", "", table.name))


def _report_negative(
    table: Table, rows: Places, error: Array, column: str, whose: Any, faults: list[Fault]
) -> None:
    for place in np.flatnonzero(error < 0)[:_SHOWN].tolist():
        row = int(rows[place])
        faults.append(table.fault(row, f"{column} of {whose(row)} is {error[place]:g}, and a standard error is not "
                                  "negative", "Mend the cell"))  # fmt: skip


_YEARS = "Give a year such as 2024; where each time is an edition (`panel: true`) it may also be 2018-Q1"


def _moments(
    table: Table, column: str, rows: Places, panel: bool, faults: list[Fault], whose: Any
) -> Moments:
    """The times of the rows that count; years outside panels, where an empty cell means "of no year"."""
    if column not in table.columns:
        return Moments(("",), np.array([np.nan]), np.zeros(len(rows), dtype=np.intp))
    if not panel:
        found: list[Fault] = []
        time = figures(table, column, style=Style(), faults=found, whose=whose, rows=rows)
        faults += [replace(f, remedy=_YEARS) if f.remedy else f for f in found]
        years, at = np.unique(time, return_inverse=True)
        return Moments(tuple("" if np.isnan(y) else as_text(y) for y in years), years, at.astype(np.intp))
    codes, names = labels(table.columns[column])
    faults += [table.fault(row, f"{whose(row)} has no time", "Every figure of a panel needs one")
               for row in rows[codes[rows] < 0][:_SHOWN].tolist()]  # fmt: skip
    return in_order(names, codes[rows])


def in_order(names: Sequence[str], codes: Places) -> Moments:
    """Names of times in order: by number where all are numbers, else by text; ``2018.0`` is 2018."""
    used = [k for k in np.unique(codes).tolist() if k >= 0]
    plain = [as_text(float(names[k])) if _number(names[k]) is not None else names[k] for k in used]
    ordered = sorted(set(plain), key=_number if all(_number(n) is not None for n in plain) else str)  # type: ignore[arg-type]
    place = np.full(len(names) + 1, -1, dtype=np.intp)
    place[used] = [ordered.index(n) for n in plain]
    return Moments(tuple(ordered), np.array([_year(n) for n in ordered]), place[codes])


def _number(name: str) -> float | None:
    return float(name) if re.fullmatch(r"-?\d+(\.\d+)?", name) else None


def _year(name: str) -> float:
    """The year of a time: of 2018, of 2018-Q1, of 2018-03-31; NaN where there is none."""
    number = _number(name)
    if number is not None:
        return number
    begin = re.match(r"\d{4}(?!\d)", name)
    return float(begin[0]) if begin else float("nan")


def _report_twice(
    table: Table, who: Rows, rows: Places, what: Places, indicators: Sequence[str], moments: Moments,
    faults: list[Fault],
) -> None:  # fmt: skip
    """Report every figure that stands in more than one row, with the row where it first stood."""
    shape = (max(len(who.units), 1), max(len(indicators), 1), max(len(moments.names), 1))
    at = np.maximum(moments.at, 0)
    key = np.ravel_multi_index((who.unit[rows], what[rows], at), shape)
    again = _repeats(key)
    for place in again[:_SHOWN].tolist():
        row, first = int(rows[place]), int(rows[np.flatnonzero(key == key[place])[0]])
        when = f" in {moments.names[at[place]]}" if moments.names[at[place]] else ""
        spelt = f" ({who.spelt(first)!r} and {who.spelt(row)!r})" if who.spelt(first) != who.spelt(row) else ""
        faults.append(table.fault(row, f"{indicators[what[row]]} for {who.units[who.unit[row]]}{when} is given twice"
                                  f"{spelt}, first in line {table.line(first)}", "Keep one row"))  # fmt: skip
    if len(again) > _SHOWN:
        faults.append(Fault(f"and {len(again) - _SHOWN} more figures that are given twice", "", table.name))


def _repeats(key: npt.NDArray[np.integer[Any]]) -> Places:
    """The places of every key that stood before."""
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
    return np.sort(order[same])


def read_wide(
    table: Table, unit: str, *, rule: UnitRule | None = None, time: str | None = None, faults: list[Fault] | None = None
) -> Wide:
    """Return the rows of a wide table: one unit a row, or with `time` one unit and time.

    In a workbook's sheet rows without a unit, and rows with nothing beside it, are headings and notes and are left
    out; elsewhere only empty rows are. With a list `faults` those of rows are added to it and not raised.

    Raises
    ------
    DataError
        For absent columns, rows without a unit, labels that are no country and units given twice.
    """
    table.need([unit], "Name it under `data: columns: unit`")
    if time is not None:
        table.need([time], "Name it under `data: columns: time`")
    table.rows_needed()
    found: list[Fault] = []
    others = np.zeros(table.size, dtype=bool)
    for name, cells in table.columns.items():
        if name != unit:
            others |= filled(cells)
    who = unit_rows(table, unit, rule or UnitRule(), found, within=others if table.sheet else None)
    rows = np.flatnonzero(who.unit >= 0)
    if not table.sheet:
        found += [table.fault(int(r), "the row has no unit", f"Name it in the column {unit!r}, or remove the row")
                  for r in np.flatnonzero((who.spelling < 0) & others)[:_SHOWN]]  # fmt: skip
    moments = _moments(table, time or "", rows, time is not None, found, who.spelt)
    key = np.ravel_multi_index((who.unit[rows], np.maximum(moments.at, 0)),
                               (max(len(who.units), 1), max(len(moments.names), 1)))  # fmt: skip
    for place in _repeats(key)[:_SHOWN].tolist():
        row, first = int(rows[place]), int(rows[np.flatnonzero(key == key[place])[0]])
        when = f" in {moments.names[moments.at[place]]}" if time is not None else ""
        spelt = f" ({who.spelt(first)!r} and {who.spelt(row)!r})" if who.spelt(first) != who.spelt(row) else ""
        found.append(table.fault(row, f"unit {who.units[who.unit[row]]}{when} occurs twice{spelt}, first in line "
                                 f"{table.line(first)}", "Keep one row"))  # fmt: skip
    if found and faults is None:
        raise DataError(found)
    if faults is not None:
        faults += found
    used = np.unique(who.unit[rows], return_index=True)
    order = used[0][np.argsort(used[1])]
    place_of = np.full(len(who.units) + 1, -1, dtype=np.intp)
    place_of[order] = np.arange(len(order))
    return Wide(table, rows, tuple(who.units[k] for k in order), place_of[who.unit[rows]], moments, who.left_out)


def described(wide: Wide, without: Sequence[str], *, style: Style) -> pd.DataFrame:
    """Return what a wide table says of its units beside the columns `without`, indexed by unit.

    Columns whose cells are all numbers or missing become floats, others texts.
    """
    import pandas as pd

    out: dict[str, Any] = {}
    skip = {*without, *wide.table.unnamed}
    for name, cells in wide.table.columns.items():
        if name not in skip:
            values, bad = numbers(cells, missing=style.codes(name), decimal=style.decimal, thousands=style.thousands)
            words = [w for w in style.codes(name) if isinstance(w, str)]
            plain = [None if t in words else t for t in texts(cells).to_pylist()] if len(bad) else []
            out[name] = np.array([plain[r] if plain[r] is not None else np.nan for r in wide.rows], dtype=object) \
                if len(bad) else values[wide.rows]  # fmt: skip
    return pd.DataFrame(out, index=pd.Index([wide.units[u] for u in wide.unit], dtype=object))


def read_by_head(
    table: Table, columns: Mapping[str, str], *, style: Style, rule: UnitRule | None = None, sole: str | None = None
) -> Long:
    """Return the figures of a table with a column for each time, or for each indicator and time.

    ``columns["value"]`` is the pattern of those heads: ``{time}``, ``{time} [YR{time}]``, ``{indicator}_{time}``;
    ``columns["error"]`` may be another. Without ``{indicator}`` in it each row is of the indicator that its column
    ``columns["indicator"]`` names, or of `sole`.

    Raises
    ------
    DataError
        As `read_long`, and where no head fits the pattern.
    """
    unit = columns.get("unit", "unit")
    table.need([unit], "Name it under `data: columns: unit`")
    faults: list[Fault] = []
    who = unit_rows(table, unit, rule or UnitRule(), faults)
    heads = _matched(table, columns["value"])
    if not heads:
        raise DataError(Fault(f"has no head like {columns['value']!r}", "Mend the pattern under `data: columns: value`",
                              table.name, table.header))  # fmt: skip
    what, indicators = _row_indicators(table, columns, sole, "{indicator}" in columns["value"])
    rows = np.flatnonzero((who.unit >= 0) & (what >= 0))
    errors = {(i, t): h for h, i, t in _matched(table, columns["error"])} if "error" in columns else {}
    names = indicators or tuple(dict.fromkeys(i for _, i, _ in heads))
    times = tuple(dict.fromkeys(t for *_, t in heads))
    parts: dict[str, list[Any]] = {"value": [], "error": [], "indicator": [], "time": []}
    for head, indicator, time in heads:
        def whose(row: int, head: str = head) -> str:
            return who.spelt(row)

        code = what[rows] if indicators else np.full(len(rows), names.index(indicator))
        parts["value"].append(figures(table, head, style=style, faults=faults, whose=whose, rows=rows))
        error = errors.get((indicator, time))
        parts["error"].append(figures(table, error, style=style, faults=faults, whose=whose, rows=rows) if error
                              else np.full(len(rows), np.nan))  # fmt: skip
        parts["indicator"].append(code)
        parts["time"].append(np.full(len(rows), times.index(time)))
    whole = {k: np.concatenate(v) for k, v in parts.items()}
    moments = in_order(times, whole["time"].astype(np.intp))
    every = np.tile(rows, len(heads))
    kind = np.zeros(table.size, dtype=np.intp) if not indicators else what
    _report_rows_twice(table, who, rows, kind, names, faults)
    if faults:
        raise DataError(faults)
    used = {h for h, *_ in heads} | set(errors.values()) | {unit, columns.get("indicator", "indicator")}
    return Long(table, who.units, who.unit[every], names, whole["indicator"].astype(np.intp), moments, whole["value"],
                whole["error"], None, who.left_out, _other(table, who, rows, used, style))  # fmt: skip


def _report_rows_twice(
    table: Table, who: Rows, rows: Places, what: Places, names: Sequence[str], faults: list[Fault]
) -> None:
    one = Moments(("",), np.array([np.nan]), np.zeros(len(rows), dtype=np.intp))
    _report_twice(table, who, rows, what, names, one, faults)


def _row_indicators(
    table: Table, columns: Mapping[str, str], sole: str | None, in_head: bool
) -> tuple[Places, tuple[str, ...]]:
    """Each row's indicator and the indicators' names; none where the heads name them."""
    if in_head:
        return np.zeros(table.size, dtype=np.intp), ()
    column = columns.get("indicator", "indicator")
    if column in table.columns:
        return labels(table.columns[column])
    if sole is None or "indicator" in columns:
        raise DataError(table.absent(column, "Name the column of the indicators under `data: columns: indicator`"))
    return np.zeros(table.size, dtype=np.intp), (sole,)


def _matched(table: Table, pattern: str) -> list[tuple[str, str, str]]:
    """Heads that fit a pattern, each with its indicator (empty where the pattern names none) and time."""
    seen: set[str] = set()

    def group(match: re.Match[str]) -> str:
        name = match[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return r"(?P<time>\d{4})" if name == "time" else r"(?P<indicator>.+?)"

    parts = re.split(r"(\{(?:indicator|time)\})", pattern)
    plain = "".join(group(m) if (m := re.fullmatch(r"\{(indicator|time)\}", p)) else re.escape(p) for p in parts)
    found = ((head, re.fullmatch(plain, head)) for head in table.columns)
    return [(h, m.groupdict().get("indicator") or "", m["time"]) for h, m in found if m]


def _other(table: Table, who: Rows, rows: Places, used: set[str], style: Style) -> pd.DataFrame:
    """What the table says of each unit in its first row."""
    first = rows[np.sort(np.unique(who.unit[rows], return_index=True)[1])] if len(rows) else rows
    moments = Moments(("",), np.array([np.nan]), np.zeros(len(first), dtype=np.intp))
    return described(Wide(table, first, who.units, who.unit[first], moments), sorted(used), style=style)


def read_citations(table: Table) -> dict[str, str]:
    """Return how each source wants to be cited, from a table ``source, attribution, licence, url``."""
    table.need(["source"], "Add it")
    rows = {name: texts(cells).to_pylist() for name, cells in table.columns.items()}
    out = {}
    for k, source in enumerate(rows["source"]):
        row = {name: cells[k] for name, cells in rows.items()}
        said = row.get("attribution") or ", ".join(x for x in (row.get("publisher"), row.get("title")) if x)
        out[str(source)] = ", ".join(str(x) for x in (said, row.get("url"), row.get("licence")) if x)
    return out
