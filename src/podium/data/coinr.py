"""COINr's iData and iMeta, as data frames of R write them.

The tables are those of ``new_coin()`` in COINr 1.1 (Becker et al. 2022, doi:10.21105/joss.04567).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from podium.data.cells import Style, texts
from podium.data.codebook import Indicator, scale_of
from podium.data.cube import from_wide, one_edition, panel_editions
from podium.data.dataset import Dataset
from podium.data.framework import Entry, lost_entries
from podium.data.readers import described, read_wide
from podium.data.tables import Table
from podium.data.units import UnitRule
from podium.errors import DataError, Fault

__all__ = ["Meta", "check_data", "check_meta", "read_coinr"]

_NEEDED = ("Level", "iCode", "Parent", "Direction", "Weight", "Type")
_TYPES = ("Indicator", "Aggregate", "Group", "Denominator", "Other")
_SPECIAL = ("uCode", "uName", "Time")


@dataclass(frozen=True)
class Meta:
    """A row of iMeta; ``row`` is its place in the table."""

    code: str
    kind: str
    level: int | None
    parent: str | None
    weight: float
    direction: Literal[1, -1]
    row: int
    name: str
    unit: str
    denominator: str | None
    target: float | None
    lower: float | None
    upper: float | None
    scale: Mapping[str, float] = field(default_factory=dict)

    @property
    def in_index(self) -> bool:
        """Whether it is an indicator or an aggregate."""
        return self.kind in ("Indicator", "Aggregate")

    def indicator(self) -> Indicator:
        """The row as a codebook has it."""
        return Indicator(code=self.code, name={"en": self.name}, unit=self.unit, direction=self.direction,
                         denominator=self.denominator, target=self.target, lower=self.lower, upper=self.upper,
                         group=self.parent, weight=self.weight, scale=self.scale)  # fmt: skip


def read_coinr(
    data: Table, meta: Table, *, style: Style | None = None, rule: UnitRule | None = None, panel: bool = False,
    listed: Sequence[tuple[str, float]] = (), file: str = "",
) -> tuple[Dataset, list[Entry], tuple[str, ...]]:  # fmt: skip
    """Return COINr's two tables as a dataset, the tree's entries, and the labels of units that the rule leaves out.

    Units are sorted by code, as COINr does; columns keep iData's order. ``NA`` means missing, as R writes it, except
    among the codes of units. A panel has an edition for each Time, or for the `listed` names and years.

    Raises
    ------
    DataError
        For everything that COINr's ``check_iData`` and ``check_iMeta`` object to, each with its line.
    """
    given = style or Style()
    missing = {"*": (*given.codes("*"), "NA")}
    if isinstance(given.missing, Mapping):
        missing |= {k: (*v, "NA") for k, v in given.missing.items()}
    how = Style(missing, given.decimal, given.thousands)
    rows, faults = check_meta(meta)
    faults += check_data(data, rows, meta, panel=panel)
    if any(f.file == meta.name for f in faults) or not set(_codes(rows)) <= set(data.columns):
        raise DataError(faults)
    wide = read_wide(data, "uCode", rule=rule, time="Time" if panel else None, faults=faults)
    codes = [c for c in data.columns if c in set(_codes(rows))]
    values = np.column_stack([wide.figures(c, style=how, faults=faults) for c in codes])
    for column in (r.code for r in rows if r.kind == "Denominator" and r.code in data.columns):
        wide.figures(column, style=how, faults=faults)
    if faults:
        raise DataError(faults)
    editions = panel_editions(wide.moments, listed, file=file) if panel else one_edition(np.arange(len(wide.rows)))
    keys = ["uCode", "Time"] if panel else ["uCode"]
    other = described(wide, [*codes, *keys], style=how).rename(columns={"uName": "name"})
    book = {r.code: r.indicator() for r in rows if r.kind == "Indicator"}
    dataset = from_wide(wide, values, editions, indicators=codes, codebook=book, other=other, units=sorted(wide.units))
    entries = [Entry(r.code, r.parent, r.weight, r.name) for r in rows if r.in_index]
    return dataset, entries, wide.left_out


def _codes(rows: Sequence[Meta]) -> list[str]:
    return [r.code for r in rows if r.kind == "Indicator"]


def check_meta(meta: Table) -> tuple[list[Meta], list[Fault]]:
    """Return the rows of iMeta and everything that is wrong with them.

    Raises
    ------
    DataError
        For columns that are not there.
    """
    meta.need(_NEEDED, "Give COINr's iMeta")
    faults: list[Fault] = []
    cells = {name: [None if t == "NA" else t for t in texts(c).to_pylist()] for name, c in meta.columns.items()}
    found = (_row({n: c[k] for n, c in cells.items()}, meta, k, faults) for k in range(meta.size))
    rows = [r for r in found if r is not None]
    _check_codes(rows, meta, faults)
    _check_levels(rows, meta, faults)
    _check_parents(rows, meta, faults)
    return rows, faults


def _row(cells: Mapping[str, str | None], meta: Table, k: int, faults: list[Fault]) -> Meta | None:
    code, kind = cells["iCode"], cells["Type"]
    if code is None:
        faults.append(meta.fault(k, "the row has no iCode", "Name it"))
        return None
    if kind not in _TYPES:
        faults.append(meta.fault(k, f"the Type of {code} is {kind!r}", f"Use one of {', '.join(_TYPES)}"))
        return None
    inside = kind in ("Indicator", "Aggregate")

    def number(key: str, *, needed: bool = False) -> float | None:
        text = cells.get(key)
        if text is None:
            if needed:
                faults.append(meta.fault(k, f"the {key} of {code} is missing", "Every indicator and aggregate has one"))
            return None
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not abs(value) < float("inf"):
            faults.append(meta.fault(k, f"the {key} of {code} is {text!r}, not a finite number", "Mend it"))
            return None
        return value

    def wrong(key: str, want: str) -> None:
        faults.append(meta.fault(k, f"the {key} of {code} is {cells[key]!r}, not {want}", "Mend it"))

    level, weight, direction = (number(key, needed=inside) for key in ("Level", "Weight", "Direction"))
    if direction is not None and direction not in (1, -1):
        faults.append(meta.fault(k, f"the Direction of {code} is {direction:g}, not 1 or -1", "Mend it"))
    if weight is not None and weight < 0:
        faults.append(meta.fault(k, f"the Weight of {code} is negative ({weight:g})", "Give a weight of 0 or more"))
    if level is not None and (level < 1 or not level.is_integer()):
        faults.append(meta.fault(k, f"the Level of {code} is {level:g}, not a whole number from 1", "Mend it"))
        level = None
    return Meta(code, kind, None if level is None else int(level), cells["Parent"] if inside else None,
                1.0 if weight is None else weight, -1 if direction is not None and direction < 0 else 1, k,
                cells.get("iName") or code, cells.get("Unit") or "", cells.get("Denominator"), number("Target"),
                number("goalpost_lower"), number("goalpost_upper"),
                scale_of(cells, wrong) if kind == "Indicator" else {})  # fmt: skip


def _check_codes(rows: list[Meta], meta: Table, faults: list[Fault]) -> None:
    first: dict[str, int] = {}
    for r in rows:
        if r.code in first:
            line = meta.line(first[r.code])
            faults.append(meta.fault(r.row, f"the iCode {r.code} occurs twice, first in line {line}", "Keep one row"))
        first.setdefault(r.code, r.row)
    known = {r.code for r in rows if r.kind in ("Denominator", "Indicator", "Other")}
    faults += [meta.fault(r.row, f"the Denominator of {r.code} is {r.denominator}, which is no iCode of that Type",
                          "Add its row or mend the name")
               for r in rows if r.denominator is not None and r.denominator not in known]  # fmt: skip


def _check_levels(rows: list[Meta], meta: Table, faults: list[Fault]) -> None:
    for r in rows:
        if r.kind == "Indicator" and r.level is not None and r.level != 1:
            faults.append(meta.fault(r.row, f"the indicator {r.code} is at Level {r.level}", "Its Level is 1"))
        if r.kind == "Aggregate" and r.level == 1:
            faults.append(meta.fault(r.row, f"the aggregate {r.code} is at Level 1", "Its Level is 2 or more"))
    levels = {r.level for r in rows if r.in_index and r.level is not None}
    if gaps := sorted(set(range(1, max(levels, default=0) + 1)) - levels):
        faults.append(Fault(f"no row is at Level {', '.join(map(str, gaps))}", "Levels run from 1 without a gap",
                            meta.name))  # fmt: skip


def _check_parents(rows: list[Meta], meta: Table, faults: list[Fault]) -> None:
    inside = {r.code: r for r in rows if r.in_index}
    for r in inside.values():
        if r.parent is None:
            continue
        above = inside.get(r.parent)
        if above is None or above.kind != "Aggregate":
            message = f"the Parent of {r.code} is {r.parent}, which is no iCode of Type Aggregate"
            faults.append(meta.fault(r.row, message, "Add its row or mend the name"))
        elif r.level is not None and above.level is not None and above.level != r.level + 1:
            faults.append(meta.fault(r.row, f"{r.code} is at Level {r.level} but its Parent {r.parent} at Level "
                                     f"{above.level}", "A parent stands one level above"))  # fmt: skip
    roots = [r.code for r in inside.values() if r.parent is None]
    if len(roots) != 1:
        shown = f": {', '.join(roots)}" if roots else ""
        faults.append(Fault(f"has {len(roots)} aggregates or indicators without a Parent, not one{shown}",
                            "Leave one root", meta.name))  # fmt: skip
    cycle = [c for c in lost_entries([Entry(r.code, r.parent) for r in inside.values()]) if _parent_in(inside, c)]
    if cycle:
        faults.append(Fault(f"the parents of {', '.join(cycle)} form a cycle", "Mend the Parent column", meta.name,
                            meta.line(inside[cycle[0]].row)))  # fmt: skip
    used = {r.parent for r in inside.values()}
    faults += [meta.fault(r.row, f"the aggregate {r.code} is nobody's Parent", "Remove it or give it children")
               for r in inside.values() if r.kind == "Aggregate" and r.code not in used]  # fmt: skip


def _parent_in(rows: Mapping[str, Any], code: str) -> bool:
    """Whether every parent above is a row, so that the way up ends in a circle and not in a wrong name."""
    seen: set[str] = set()
    while code not in seen:
        seen.add(code)
        code = rows[code].parent
        if code not in rows:
            return False
    return True


def check_data(data: Table, rows: Sequence[Meta], meta: Table, *, panel: bool) -> list[Fault]:
    """Return what is wrong with the columns of iData.

    Raises
    ------
    DataError
        If the codes of units are not there.
    """
    data.need(["uCode", *(["Time"] if panel else [])], "Give COINr's iData")
    faults = [Fault(f"the head {h!r} stands more than once", "Keep one column", data.name, data.header)
              for h in sorted(data.repeated)]  # fmt: skip
    faults += [Fault(f"has no column {r.code}, which iMeta lists in line {meta.line(r.row)}", "Add it", data.name,
                     data.header) for r in rows if r.kind != "Aggregate" and r.code not in data.columns]  # fmt: skip
    known = {r.code for r in rows if r.kind != "Aggregate"} | set(_SPECIAL)
    faults += [Fault(f"the column {c} is not among the iCodes of iMeta", "Add its row, of Type Other if it only "
                     "goes along", data.name, data.header) for c in data.columns if c not in known]  # fmt: skip
    if not panel and "Time" in data.columns:
        times = sorted({t for t in texts(data.columns["Time"]).to_pylist() if t is not None})
        if len(times) > 1:
            faults.append(Fault(f"is a panel of {len(times)} times, {times[0]} to {times[-1]}",
                                "Set `data: panel: true`, or keep one Time", data.name, data.header))  # fmt: skip
    return faults
