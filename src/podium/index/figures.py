"""The figures that a specification's tables hold, placed on editions, units and indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from podium.data.cells import Style
from podium.data.codebook import Indicator
from podium.data.cube import Editions, from_long, from_wide, one_edition, panel_editions
from podium.data.dataset import Array, Dataset
from podium.data.join import Part, join
from podium.data.readers import Long, Wide, described, read_by_head, read_long, read_wide
from podium.data.tables import Layout, Table
from podium.errors import DataError, Fault, InputError
from podium.index.inputs import Inputs
from podium.index.spec import Edition, Spec

__all__ = ["figures"]


def figures(
    source: Inputs, table: Table, book: Mapping[str, Indicator], leaves: Sequence[str]
) -> tuple[Dataset, tuple[str, ...]]:
    """Return the dataset of a table, long, wide or with one column a year, and the labels that were left out.

    Parameters
    ----------
    book
        The codebook.
    leaves
        The tree's indicators.

    Raises
    ------
    DataError
        All faults of the table, and of those joined to it, at once.
    """
    data = source.spec.data
    if data.layout == "wide" and "{time}" not in data.columns.get("value", ""):
        return _from_wide(source, table, book, leaves)
    if data.layout == "long":
        long = read_long(table, data.columns, style=source.style, rule=source.rule, panel=data.panel)
    else:
        sole = leaves[0] if len(leaves) == 1 else None
        long = read_by_head(table, data.columns, style=source.style, rule=source.rule, sole=sole)
    if data.panel:
        editions = panel_editions(long.moments, source.listed, file=source.spec.file)
        units = sorted({long.units[k] for k in np.unique(long.unit)})
    else:
        editions = _latest(long, book, source.spec.current())
        units = sorted({long.units[k] for k in np.unique(long.unit[editions.rows])})
    read = from_long(long, editions, units=units, codebook=book)
    last = max((e.year for e in source.spec.editions), default=np.inf)
    return replace(read, unread=int((long.time > last).sum())), long.left_out


def _latest(long: Long, book: Mapping[str, Indicator], edition: Edition | None) -> Editions:
    """Take of each series the latest year that the edition may know and that is not too old."""
    time, rows = long.time, np.arange(len(long.value))
    if edition is not None:
        info = [book.get(c, Indicator(c)) for c in long.indicators]
        newest = np.array([float(edition.year - i.lag) for i in info])[long.indicator]
        age = np.array([np.inf if i.max_age is None else float(i.max_age) for i in info])[long.indicator]
        admitted = np.isnan(time) | ((time <= newest) & (time >= newest - age))
        rows = np.flatnonzero(admitted & ~np.isnan(long.value))
    when = np.where(np.isnan(time[rows]), np.inf, time[rows])
    order = rows[np.lexsort((when, ~np.isnan(long.value[rows])))]  # a missing figure gives way to an older one
    key = long.unit[order] * len(long.indicators) + long.indicator[order]
    last = len(order) - 1 - np.unique(key[::-1], return_index=True)[1]
    return one_edition(np.sort(order[last]), edition.name if edition else "")


def _from_wide(
    source: Inputs, table: Table, book: Mapping[str, Indicator], leaves: Sequence[str]
) -> tuple[Dataset, tuple[str, ...]]:
    spec, data = source.spec, source.spec.data
    time = data.columns.get("time", "time") if data.panel else None
    faults: list[Fault] = []
    wide = read_wide(table, data.columns.get("unit", "unit"), rule=source.rule, time=time, faults=faults)
    measures = {rule.measure for rule in spec.indicators.values() if rule.measure is not None}
    parts = _joined(source, wide, {*leaves, *measures, *book}, faults)
    heads = [h for part in parts for h in part.heads]
    faults += _absent(spec, table, heads, leaves, measures)
    codes = [h for h in heads if h in leaves or h in book or h in measures]
    values = np.column_stack([p.figures(c, wide, source.style, faults) for p in parts for c in codes if c in p.heads]) \
        if codes else np.empty((len(wide.rows), 0))  # fmt: skip
    errors, used = _errors(source, wide, codes, faults)
    if faults:
        raise DataError(faults)
    keys = [data.columns.get("unit", "unit"), *([time] if time else [])]
    other = described(wide, [*codes, *used, *keys], style=source.style)
    other = other.join([p.described(codes, source.style) for p in parts[1:]]) if len(parts) > 1 else other
    editions = panel_editions(wide.moments, source.listed, file=spec.file) if data.panel else \
        one_edition(np.arange(len(wide.rows)))  # fmt: skip
    return from_wide(wide, values, editions, indicators=codes, codebook=book, other=other, errors=errors), wide.left_out


def _joined(source: Inputs, wide: Wide, asked: set[str], faults: list[Fault]) -> list[Part]:
    """The wide table and those that `data: join` names, each with the heads that it gives to the whole."""
    parts = [Part(wide, tuple(wide.table.columns))]
    for how in source.spec.data.join:
        encoding = None if how.encoding == "utf-8-sig" else how.encoding
        layout = Layout(sheet=how.sheet, encoding=encoding, separator=source.spec.data.separator, header=how.header)
        try:
            table = source.file(how.table or source.spec.data.table, layout)
            parts.append(join(parts, table, unit=how.unit, columns=how.columns, asked=asked, rule=source.rule))
        except InputError as error:
            faults += error.faults
    return parts


def _tells(spec: Spec, code: str) -> str:
    file, line = spec.place(code)
    where = f" in {file}:{line}" if line else ""
    return f"The tree names it{where}: add it or mend the code"


def _absent(
    spec: Spec, table: Table, heads: Sequence[str], leaves: Sequence[str], measures: set[str]
) -> list[Fault]:
    """Columns that the tree names and the tables lack, or have twice."""
    known = set(heads)
    faults = [table.absent(c, _tells(spec, c)) for c in leaves
              if c not in known and not spec.indicators.get(c)]  # fmt: skip
    faults += [table.absent(m, "`indicators` names it as a measure") for m in sorted(measures - known)]
    used = {*leaves, *measures}
    return faults + [
        Fault(f"the head {c!r} stands more than once", f"Keep one column, or measure the others as {c}.1 …", table.name,
              table.header) for c in sorted(used & table.repeated) if not any(f"{c}.{k}" in used for k in range(1, 99))
    ]  # fmt: skip


def _columns(wide: Wide, heads: Mapping[str, str], codes: Sequence[str], style: Style, faults: list[Fault]) -> Array:
    """Columns ``(row, code)`` by the heads of the codes; NaN where a code has none."""
    none = np.full(len(wide.rows), np.nan)
    parts = [wide.figures(heads[c], style=style, faults=faults) if c in heads else none for c in codes]
    return np.column_stack(parts) if parts else np.empty((len(wide.rows), 0))


def _errors(
    source: Inputs, wide: Wide, codes: Sequence[str], faults: list[Fault]
) -> tuple[Array | None, list[str]]:
    """Standard errors ``(row, code)``, from the columns of the pattern or a second table, and the columns used."""
    data = source.spec.data
    second = source.table("errors", data.errors)
    if second is not None:
        return _errors_of(source, second, wide, codes, faults), []
    pattern = data.columns.get("error")
    if pattern is None:
        return None, []
    if "{indicator}" not in pattern:
        faults.append(Fault(f"data: columns: error is {pattern!r}", "In a wide table it is a pattern such as "
                            "`{indicator}_se`", source.spec.file))  # fmt: skip
        return None, []
    heads = {c: h for c in codes if (h := pattern.replace("{indicator}", c)) in wide.table.columns}
    if not heads:
        faults.append(Fault(f"no head is like {pattern!r} for any indicator", "Mend `data: columns: error`",
                            wide.table.name, wide.table.header))  # fmt: skip
    errors = _columns(wide, heads, codes, source.style, faults)
    _report_negative(wide, errors, codes, faults)
    return errors, list(heads.values())


def _errors_of(source: Inputs, second: Table, wide: Wide, codes: Sequence[str], faults: list[Fault]) -> Array:
    """The standard errors of a second table of the same layout, on the rows of the first."""
    data = source.spec.data
    time = data.columns.get("time", "time") if data.panel else None
    rows = read_wide(second, data.columns.get("unit", "unit"), rule=source.rule, time=time)
    heads = {c: c for c in codes if c in second.columns}
    errors = _columns(rows, heads, codes, source.style, faults)
    _report_negative(rows, errors, codes, faults)
    place = {rows.key(k): k for k in range(len(rows.rows))}
    found = [place.get(wide.key(k), -1) for k in range(len(wide.rows))]
    return np.vstack([errors, np.full((1, len(codes)), np.nan)])[found]


def _report_negative(wide: Wide, errors: Array, codes: Sequence[str], faults: list[Fault]) -> None:
    for row, k in np.argwhere(errors < 0)[:20].tolist():
        message = f"the standard error of {codes[k]} for {wide.label(row)} is negative ({errors[row, k]:g})"
        faults.append(wide.table.fault(int(wide.rows[row]), message, "Mend the cell"))
