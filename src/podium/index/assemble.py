"""The figures that an edition of an index uses: each series at its latest admissible year."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from podium.data.cells import Places, Style
from podium.data.codebook import Indicator, read_codebook
from podium.data.coinr import read_coinr
from podium.data.cointool import read_coin_tool
from podium.data.countries import unknown_codes
from podium.data.cube import Editions, from_long, from_wide, one_edition, panel_editions, unit_tables
from podium.data.dataset import Array, Dataset
from podium.data.framework import Entry, entries_of_codebook, lost_entries
from podium.data.join import Part, join
from podium.data.readers import Long, Wide, described, read_by_head, read_citations, read_long, read_wide
from podium.data.tables import Layout, Table, from_frame, read_table, sha256
from podium.data.units import UnitRule
from podium.errors import DataError, Fault, InputError, SpecError
from podium.index.plugins import plugin_files
from podium.index.spec import Edition, Node, Spec

__all__ = ["ROLES", "assemble"]

T = TypeVar("T")

ROLES = ("table", "codebook", "units", "sources", "errors", "iData", "iMeta")


def assemble(spec: Spec, *, tables: Mapping[str, Any] | Any = None) -> tuple[Dataset, Node]:
    """Return every series of the specification's tables, as its edition may know them, and the tree.

    Parameters
    ----------
    tables
        Data frames of pandas, polars or pyarrow that take the place of files, by what they are: ``table``,
        ``codebook``, ``units``, ``sources``, ``errors``, ``iData``, ``iMeta``. A data frame alone is the ``table``.

    Returns
    -------
    Dataset of one edition, or with ``data: panel: true`` of one for each time; the tree is the specification's, else
    that of iMeta, of the COIN Tool or of the codebook's groups.

    Raises
    ------
    DataError, SpecError
        All faults of all tables at once, naming file, line, unit or indicator and the remedy.
    """
    source = _Source(spec, _by_role(tables))
    dataset, entries, left_out = _read(source)
    if spec.tree is not None:
        tree = spec.tree
    elif entries:
        tree = _grown(entries, next(iter(source.hashes), spec.file))
    else:
        raise SpecError(Fault("tree: this key is missing", "Add it, or a column `group` in the codebook", spec.file))
    own = {name: sha256(path) for name, path in plugin_files(spec).items() if path.is_file()}
    return _chosen(spec, replace(dataset, files={**source.hashes, **own}), left_out), tree


@dataclass(frozen=True)
class _Source:
    """Where the tables of a specification come from; ``hashes`` collects what was read."""

    spec: Spec
    frames: Mapping[str, Any]
    hashes: dict[str, str] = field(default_factory=dict)

    def table(self, role: str, address: str | None, *, main: bool = False) -> Table | None:
        """The data frame given for a role, else the table at an address (``book.xlsx#sheet``), else None."""
        data = self.spec.data
        if role in self.frames:
            table = from_frame(self.frames[role], name=f"data frame {role}")
            self.hashes[table.name] = table.sha256
            return table
        if address is None:
            return None
        name, _, sheet = address.partition("#") if ".xls" in address.lower() else (address, "", "")
        encoding = None if data.encoding == "utf-8-sig" else data.encoding
        layout = Layout(sheet=sheet or (data.sheet if main else None), encoding=encoding, separator=data.separator,
                        header=data.header if main else 1)  # fmt: skip
        return self.file(name, layout)

    def file(self, name: str | None, layout: Layout) -> Table:
        """The table of a file."""
        if name is None:
            raise SpecError(Fault("data: join: no table is named", "Name one under `table`", self.spec.file))
        table = read_table(self.spec.folder / Path(name).expanduser(), layout=layout)
        self.hashes[name] = table.sha256
        return table

    @property
    def style(self) -> Style:
        data = self.spec.data
        return Style(data.missing, data.decimal, data.thousands)

    @property
    def rule(self) -> UnitRule:
        countries = self.spec.data.countries
        own = countries if isinstance(countries, Mapping) else {}
        return UnitRule(countries is not False, own, self.spec.units.exclude)

    @property
    def listed(self) -> list[tuple[str, float]]:
        """Names and years of the editions that a panel's specification lists, in order."""
        return sorted(((e.name, float(e.year)) for e in self.spec.editions), key=lambda e: e[1])


def _by_role(tables: Mapping[str, Any] | Any) -> Mapping[str, Any]:
    if tables is None:
        return {}
    if not isinstance(tables, dict):
        return {"table": tables}
    named = {k: v for k, v in tables.items() if v is not None}
    if unknown := sorted(set(map(str, named)) - set(ROLES)):
        raise DataError(Fault(f"no table is called {', '.join(unknown)}", f"Use {', '.join(ROLES)}"))
    return named


def _read(source: _Source) -> tuple[Dataset, list[Entry], tuple[str, ...]]:
    """The dataset, the entries of the tree that the tables draw, and labels of units that were left out."""
    data, frames = source.spec.data, source.frames
    own = data.countries.values() if isinstance(data.countries, Mapping) else ()
    if bad := unknown_codes(own):
        raise SpecError([Fault(f"data: countries: {code!r} is no alpha-3 code of a country", f"Did you mean {near}?"
                               if near else "Mend it", source.spec.file) for code, near in bad])  # fmt: skip
    if data.coin_tool is not None:
        dataset, entries, sha, left_out = read_coin_tool(source.spec.folder / Path(data.coin_tool).expanduser(),
                                                         rule=source.rule)  # fmt: skip
        source.hashes[data.coin_tool] = sha
        return dataset, entries, left_out
    if data.coinr is not None or "iData" in frames or "iMeta" in frames:
        faults: list[Fault] = []
        both = [_attempt(faults, lambda r=r, k=k: source.table(r, getattr(data.coinr, k, None)), None)  # type: ignore[misc]
                for r, k in (("iData", "data"), ("iMeta", "meta"))]  # fmt: skip
        for table, name in zip(both, ("iData", "iMeta"), strict=True):
            if table is None and not faults:
                faults.append(Fault(f"{name} is not given", "COINr's tables are two", source.spec.file))
        if faults or both[0] is None or both[1] is None:
            raise DataError(faults)
        return read_coinr(both[0], both[1], style=source.style, rule=source.rule, panel=data.panel,
                          listed=source.listed if data.panel else (), file=source.spec.file)  # fmt: skip
    return _from_table(source)


def _from_table(source: _Source) -> tuple[Dataset, list[Entry], tuple[str, ...]]:
    data = source.spec.data
    faults: list[Fault] = []
    table = _attempt(faults, lambda: source.table("table", data.table, main=True), None)
    if table is None and not faults:
        raise SpecError(Fault("data: no table is named", "Name a file under `data: table`, or give a data frame",
                              source.spec.file))  # fmt: skip
    no_book: dict[str, Indicator] = {}
    book = _attempt(faults, lambda: _codebook(source), no_book)
    tree = source.spec.tree
    entries = [] if tree is not None else entries_of_codebook(book, "index")
    leaves = _leaves(tree, entries)
    read = _attempt(faults, lambda: _figures(source, table, book, leaves), None) if table is not None else None
    units = _attempt(faults, lambda: source.table("units", data.units), None)
    about = _attempt(faults, lambda: _about(source, units), None)
    no_citations: dict[str, str] = {}
    citations = _attempt(faults, lambda: _citations(source), no_citations)
    if faults or read is None:
        raise DataError(faults)
    dataset, left_out = read
    if about is not None:
        dataset = _with_units(dataset, about, source)
    return replace(dataset, citations=citations), entries, left_out


def _attempt(faults: list[Fault], do: Callable[[], T], otherwise: T) -> T:
    """What a step returns; its faults are kept, so that those of other tables are found as well."""
    try:
        return do()
    except InputError as error:
        faults += error.faults
        return otherwise


def _codebook(source: _Source) -> dict[str, Indicator]:
    table = source.table("codebook", source.spec.data.codebook)
    return {} if table is None else read_codebook(table)


def _about(source: _Source, units: Table | None) -> Wide | None:
    """The rows of the table of units."""
    if units is None:
        return None
    return read_wide(units, "unit", rule=replace(source.rule, exclude=()), time=_time_of(source, units))


def _citations(source: _Source) -> dict[str, str]:
    table = source.table("sources", source.spec.data.sources)
    return {} if table is None else read_citations(table)


def _leaves(tree: Node | None, entries: Sequence[Entry]) -> list[str]:
    if tree is not None:
        return [n.code for n in tree.walk() if not n.children]
    parents = {e.parent for e in entries}
    return [e.code for e in entries if e.code not in parents]


def _figures(
    source: _Source, table: Table, book: Mapping[str, Indicator], leaves: Sequence[str]
) -> tuple[Dataset, tuple[str, ...]]:
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
    return from_long(long, editions, units=units, codebook=book), long.left_out


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
    source: _Source, table: Table, book: Mapping[str, Indicator], leaves: Sequence[str]
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


def _joined(source: _Source, wide: Wide, asked: set[str], faults: list[Fault]) -> list[Part]:
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


def _absent(
    spec: Spec, table: Table, heads: Sequence[str], leaves: Sequence[str], measures: set[str]
) -> list[Fault]:
    """Columns that the tree names and the tables lack, or have twice."""
    known = set(heads)
    faults = [table.absent(c, "The tree names it: add it or mend the code") for c in leaves
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
    source: _Source, wide: Wide, codes: Sequence[str], faults: list[Fault]
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


def _errors_of(source: _Source, second: Table, wide: Wide, codes: Sequence[str], faults: list[Fault]) -> Array:
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


def _time_of(source: _Source, units: Table | None) -> str | None:
    """The units' column of times, where a panel's table of units has one."""
    name = source.spec.data.columns.get("time", "time")
    return name if source.spec.data.panel and units is not None and name in units.columns else None


def _with_units(dataset: Dataset, about: Wide, source: _Source) -> Dataset:
    """The dataset with what the table of units says of them, at each edition's time where it tells times."""
    time = _time_of(source, about.table)
    rows = described(about, ["unit", *([time] if time else [])], style=source.style)
    if time is None:
        return replace(dataset, unit_table=rows.reindex(list(dataset.units)), unit_tables=None)
    editions = panel_editions(about.moments, source.listed, file=source.spec.file)
    index = {n: k for k, n in enumerate(dataset.editions)}
    place = np.array([index.get(n, -1) for n in editions.names], dtype=np.intp)
    known: Places = np.flatnonzero(place[editions.at] >= 0)
    there = Editions(dataset.editions, editions.rows[known], place[editions.at[known]])
    last, tables = unit_tables(rows.iloc[there.rows], there, dataset.units)
    return replace(dataset, unit_table=last, unit_tables=tables)


def _chosen(spec: Spec, dataset: Dataset, left_out: Sequence[str]) -> Dataset:
    def named(patterns: tuple[str, ...], labels: Sequence[str]) -> list[str]:
        return [u for p in patterns for u in labels if fnmatch.fnmatchcase(u, p)]

    asked = (*spec.units.include, *spec.units.exclude)
    if absent := [p for p in asked if not named((p,), (*dataset.units, *left_out))]:
        raise DataError([Fault(f"units names {u}, for which there is no figure", "Mend the code or remove it",
                               spec.file) for u in absent])  # fmt: skip
    exclude = set(named(spec.units.exclude, dataset.units))
    wanted = [u for u in (named(spec.units.include, dataset.units) or dataset.units) if u not in exclude]
    return dataset if tuple(wanted) == dataset.units else dataset.pick(wanted)


def _grown(entries: Sequence[Entry], file: str) -> Node:
    """Return the tree of entries; a cycle or a second root is a fault."""
    if lost := lost_entries(entries):
        raise DataError(Fault(f"{', '.join(lost)} are below no root: their groups form a cycle or are missing",
                              "Mend the groups", file))  # fmt: skip
    kids: dict[str | None, list[Entry]] = {}
    for entry in entries:
        kids.setdefault(entry.parent, []).append(entry)
    if (tops := len(kids.get(None, []))) != 1:
        raise DataError(Fault(f"has {tops} entries without a parent, not one", "Leave one root", file))

    def grow(entry: Entry) -> Node:
        return Node(code=entry.code, name=entry.name or "", weight=entry.weight, method=entry.method,
                    children=tuple(grow(e) for e in kids.get(entry.code, [])))  # fmt: skip

    return grow(kids[None][0])
