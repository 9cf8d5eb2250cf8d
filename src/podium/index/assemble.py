"""The figures that an edition of an index uses: each series at its latest admissible year."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.data.codebook import Indicator
from podium.data.countries import unknown_codes
from podium.data.cube import from_long, from_wide, time_name
from podium.data.dataset import Array, Dataset
from podium.data.join import joined
from podium.data.readers import numbers, read_citations, read_codebook, read_coinr, read_long, read_wide, sha256
from podium.errors import DataError, Fault, SpecError
from podium.index.plugins import plugin_files
from podium.index.spec import Edition, Node, Spec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["assemble"]


def assemble(spec: Spec) -> tuple[Dataset, Node]:
    """Return every series of the specification's tables, as its edition may know them, and the tree.

    Raises
    ------
    DataError, SpecError
        Naming file, line, unit or indicator and the remedy.
    """
    if spec.data.coinr is not None:
        data, meta = (_path(spec, p) for p in (spec.data.coinr.data, spec.data.coinr.meta))
        dataset, rows = read_coinr(data, meta, missing=spec.data.missing, panel=spec.data.panel)
        tree = spec.tree or _coinr_tree(rows, meta)
    else:
        if spec.tree is None:
            raise SpecError(Fault("tree: this key is missing", "Add it", spec.file))
        dataset, tree = _from_table(spec), spec.tree
    if spec.data.countries:
        bad = unknown_codes(dataset.units)
        if bad:
            raise DataError([Fault(f"{u!r} is not an ISO 3166-1 alpha-3 country code", f"Did you mean {near}?" if near
                                   else "Mend it, or set `data: countries: false`", next(iter(dataset.files), ""))
                             for u, near in bad])  # fmt: skip
    own = {name: sha256(path) for name, path in plugin_files(spec).items() if path.is_file()}
    return _chosen(spec, replace(dataset, files={**dataset.files, **own})), tree


def _path(spec: Spec, name: str) -> Path:
    return spec.folder / Path(name).expanduser()


def _from_table(spec: Spec) -> Dataset:
    assert spec.data.table is not None  # the grammar admits either table or coinr
    path = _path(spec, spec.data.table)
    files = {spec.data.table: path}
    book: dict[str, Indicator] = {}
    if spec.data.codebook:
        files[spec.data.codebook] = _path(spec, spec.data.codebook)
        book = read_codebook(files[spec.data.codebook])
    columns = spec.data.columns
    how = {"sheet": spec.data.sheet, "encoding": spec.data.encoding, "header": spec.data.header}
    if spec.data.layout == "long":
        table = read_long(path, columns, missing=spec.data.missing, **how)
        dataset = _panel(spec, table, book, path) if spec.data.panel else _latest(table, book, spec.current())
    else:
        time = columns.get("time", "time") if spec.data.panel else None
        wide = read_wide(path, columns.get("unit", "unit"), missing=spec.data.missing, time=time, **how)
        dataset = _wide(spec, _joined(spec, wide, book, files), book, path)
    if spec.data.units:
        files[spec.data.units] = _path(spec, spec.data.units)
        dataset = _with_units(dataset, files[spec.data.units])
    if spec.data.sources:
        files[spec.data.sources] = _path(spec, spec.data.sources)
        dataset = replace(dataset, citations=read_citations(files[spec.data.sources]))
    return replace(dataset, files={name: sha256(p) for name, p in files.items()})


def _latest(table: pd.DataFrame, book: Mapping[str, Indicator], edition: Edition | None) -> Dataset:
    """Take of each series the latest year that the edition may know and that is not too old."""
    import pandas as pd

    codes = pd.Index(table["indicator"].unique())
    info = {c: book.get(c, Indicator(c)) for c in codes}
    if edition is not None:
        newest = table["indicator"].map({c: edition.year - i.lag for c, i in info.items()}).astype(float)
        age = {c: float("inf") if i.max_age is None else i.max_age for c, i in info.items()}
        oldest = newest - table["indicator"].map(age).astype(float)
        time = table["time"]
        table = table[(time.isna() | ((time <= newest) & (time >= oldest))) & table["value"].notna()]
    table = table.sort_values("time", kind="stable").drop_duplicates(["unit", "indicator"], keep="last")
    name = edition.name if edition else ""
    return from_long(table, editions=[name], at=np.zeros(len(table), dtype=np.intp), codebook=book)


def _panel(spec: Spec, table: pd.DataFrame, book: Mapping[str, Indicator], path: Path) -> Dataset:
    """Take of each edition the figures of exactly its time; a unit or series without one has NaN there."""
    time = table["time"].to_numpy(dtype=float)
    timed = ~np.isnan(time)
    if not timed.all():
        first = int(np.flatnonzero(~timed)[0])
        raise DataError(Fault(f"{table['indicator'].iloc[first]} for {table['unit'].iloc[first]} has no time",
                              "Every figure of a panel needs one", str(path), first + 2))  # fmt: skip
    names, times = _moments(spec, time)
    wanted = np.isin(time, times)
    return from_long(table[wanted], editions=names, at=np.searchsorted(times, time[wanted]), codebook=book)


def _moments(spec: Spec, time: Array) -> tuple[list[str], list[float]]:
    """Names and times of a panel's editions: those the specification lists, else every time of the table."""
    if not spec.editions:
        times = sorted(set(time.tolist()))
        return [time_name(t) for t in times], times
    listed = sorted(spec.editions, key=lambda e: e.year)
    if absent := [e.name for e in listed if e.year not in time]:
        raise DataError(Fault(f"no figure is of the time of the edition {', '.join(absent)}",
                              "Mend the year or remove the edition", spec.file))  # fmt: skip
    return [e.name for e in listed], [float(e.year) for e in listed]


def _wide(spec: Spec, table: pd.DataFrame, book: Mapping[str, Indicator], path: Path) -> Dataset:
    leaves = [n.code for n in spec.tree.walk() if not n.children] if spec.tree else []
    measures = {rule.measure for rule in spec.indicators.values() if rule.measure is not None}
    codes = [c for c in table.columns if c in leaves or c in book or c in measures]
    if absent := [c for c in leaves if c not in table.columns and not spec.indicators.get(c)]:
        raise DataError(Fault(f"has no column {', '.join(absent)}, which the tree names", "Add it", str(path), 1))
    values = np.column_stack([numbers(table[c], path, c, spec.data.missing, list(table.index)) for c in codes])
    rows = table.drop(columns=codes)
    if not spec.data.panel:
        return from_wide(values, rows, editions=[""], at=np.zeros(len(table), dtype=np.intp),
                         years=np.full(len(table), np.nan), indicators=codes, codebook=book)  # fmt: skip
    name = spec.data.columns.get("time", "time")
    time = numbers(table[name], path, name, (), list(table.index))
    names, times = _moments(spec, time)
    wanted = np.isin(time, times)
    return from_wide(values[wanted], rows[wanted].drop(columns=name), editions=names, years=time[wanted],
                     at=np.searchsorted(times, time[wanted]), indicators=codes, codebook=book)  # fmt: skip


def _joined(spec: Spec, table: pd.DataFrame, book: Mapping[str, Indicator], files: dict[str, Path]) -> pd.DataFrame:
    """The wide table with the columns of those that `data: join` names; adds their files to those read."""
    leaves = {n.code for n in spec.tree.walk() if not n.children} if spec.tree else set()
    asked = leaves | {*book} | {rule.measure for rule in spec.indicators.values() if rule.measure is not None}
    for part in spec.data.join:
        name = part.table or spec.data.table
        assert name is not None  # the grammar admits either table or coinr
        files[name] = _path(spec, name)
        other = read_wide(files[name], part.unit, missing=spec.data.missing, sheet=part.sheet, encoding=part.encoding,
                          header=part.header)  # fmt: skip
        table = joined(table, other, columns=part.columns, asked=asked, path=files[name], sheet=part.sheet)
    return table


def _with_units(dataset: Dataset, path: Path) -> Dataset:
    table = read_wide(path, "unit")
    return replace(dataset, unit_table=table.reindex(list(dataset.units)))


def _chosen(spec: Spec, dataset: Dataset) -> Dataset:
    def named(patterns: tuple[str, ...]) -> list[str]:
        return [u for p in patterns for u in dataset.units if fnmatch.fnmatchcase(u, p)]

    asked = (*spec.units.include, *spec.units.exclude)
    if absent := [p for p in asked if not named((p,))]:
        raise DataError([Fault(f"units names {u}, for which there is no figure", "Mend the code or remove it",
                               spec.file) for u in absent])  # fmt: skip
    exclude = set(named(spec.units.exclude))
    wanted = [u for u in (named(spec.units.include) or dataset.units) if u not in exclude]
    return dataset if tuple(wanted) == dataset.units else dataset.pick(wanted)


def _coinr_tree(rows: list[dict[str, Any]], meta: Path) -> Node:
    """Return the tree that iMeta's Parent column draws; a cycle or a second root is a fault."""
    kids: dict[str, list[dict[str, Any]]] = {}
    roots = []
    for row in rows:
        if isinstance(row.get("Parent"), str):
            kids.setdefault(row["Parent"], []).append(row)
        else:
            roots.append(row)
    if len(roots) != 1:
        raise DataError(Fault(f"has {len(roots)} aggregates without a Parent, not one", "Leave one root", str(meta)))
    reached: list[str] = []

    def grow(row: dict[str, Any]) -> Node:
        reached.append(row["iCode"])
        children = tuple(grow(r) for r in kids.get(row["iCode"], []))
        return Node(code=row["iCode"], name=str(row.get("iName") or ""), weight=float(row["Weight"]), children=children)

    tree = grow(roots[0])
    if lost := sorted({r["iCode"] for r in rows} - set(reached)):
        raise DataError(Fault(f"{', '.join(lost)} are not below {tree.code}: their parents form a cycle or are missing",
                              "Mend the Parent column", str(meta)))  # fmt: skip
    return tree
