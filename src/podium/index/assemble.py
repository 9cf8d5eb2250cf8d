"""The figures and the tree of an index, from files or data frames."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.data.cells import Places
from podium.data.codebook import Indicator, lost_rows, read_codebook
from podium.data.coinr import read_coinr
from podium.data.cointool import read_coin_tool
from podium.data.cube import Editions, panel_editions, unit_tables
from podium.data.dataset import Dataset
from podium.data.framework import Entry, entries_of_codebook, lost_entries
from podium.data.readers import Wide, described, read_citations, read_wide
from podium.data.tables import Table, sha256
from podium.errors import DataError, Fault, SpecError
from podium.index.figures import figures
from podium.index.inputs import Inputs, attempt, by_role
from podium.index.plugins import plugin_files
from podium.index.spec import Node, Spec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["assemble"]


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
    source = Inputs(spec, by_role(tables))
    faults: list[Fault] = []
    read = attempt(faults, lambda: _read(source), None)
    units = attempt(faults, lambda: source.table("units", spec.data.units), None)
    about = attempt(faults, lambda: _about(source, units), None)
    cited: dict[str, str] = {}
    cited = attempt(faults, lambda: _citations(source), cited)
    if faults or read is None:
        raise (SpecError if all(f.file == spec.file for f in faults) else DataError)(faults)
    dataset, entries, left_out = read
    if spec.tree is None and not entries:
        raise SpecError(Fault("tree: this key is missing", "Add it, or a column `group` in the codebook", spec.file))
    tree = spec.tree or _grown(entries, next(iter(source.hashes), spec.file))
    if about is not None:
        dataset = _with_units(dataset, about, source)
    own = {name: sha256(path) for name, path in plugin_files(spec).items() if path.is_file()}
    whole = replace(dataset, citations=cited, files={**source.hashes, **own})
    chosen = _chosen(source, whole, left_out)
    if about is not None:
        _refuse_strangers(chosen, about)
    return chosen, tree


def _read(source: Inputs) -> tuple[Dataset, list[Entry], tuple[str, ...]]:
    """The dataset, the entries of the tree that the tables draw, and labels of units that were left out."""
    data, frames = source.spec.data, source.frames
    if data.coin_tool is not None:
        dataset, entries, sha, left_out = read_coin_tool(source.spec.folder / Path(data.coin_tool).expanduser(),
                                                         rule=source.rule)  # fmt: skip
        source.hashes[data.coin_tool] = sha
        return dataset, entries, left_out
    if data.coinr is not None or "iData" in frames or "iMeta" in frames:
        return _from_coinr(source)
    return _from_table(source)


def _from_coinr(source: Inputs) -> tuple[Dataset, list[Entry], tuple[str, ...]]:
    data, faults = source.spec.data, list[Fault]()
    first = attempt(faults, lambda: source.table("iData", data.coinr.data if data.coinr else None), None)
    second = attempt(faults, lambda: source.table("iMeta", data.coinr.meta if data.coinr else None), None)
    for table, name in ((first, "iData"), (second, "iMeta")):
        if table is None and not faults:
            faults.append(Fault(f"{name} is not given", "COINr's tables are two", source.spec.file))
    if faults or first is None or second is None:
        raise DataError(faults)
    return read_coinr(first, second, style=source.style, rule=source.rule, panel=data.panel,
                      listed=source.listed if data.panel else (), file=source.spec.file)  # fmt: skip


def _from_table(source: Inputs) -> tuple[Dataset, list[Entry], tuple[str, ...]]:
    data, faults = source.spec.data, list[Fault]()
    table = attempt(faults, lambda: source.table("table", data.table, main=True), None)
    if table is None and not faults:
        faults.append(Fault("data: no table is named", "Name a file under `data: table`, or give a data frame",
                            source.spec.file))  # fmt: skip
    book: dict[str, Indicator] = {}
    book = attempt(faults, lambda: _codebook(source), book)
    tree = source.spec.tree
    entries = [] if tree is not None else entries_of_codebook(book, "index")
    leaves = _leaves(tree, entries)
    read = attempt(faults, lambda: figures(source, table, book, leaves), None) if table is not None else None
    if read is not None:
        faults += lost_rows(book, read[0].indicators, file=data.codebook or "codebook")
    if faults or read is None:
        raise DataError(faults)
    return read[0], entries, read[1]


def _codebook(source: Inputs) -> dict[str, Indicator]:
    table = source.table("codebook", source.spec.data.codebook)
    return {} if table is None else read_codebook(table)


def _about(source: Inputs, units: Table | None) -> Wide | None:
    """The rows of the table of units."""
    if units is None:
        return None
    return read_wide(units, "unit", rule=replace(source.rule, exclude=()), time=_time_of(source, units))


def _citations(source: Inputs) -> dict[str, str]:
    table = source.table("sources", source.spec.data.sources)
    return {} if table is None else read_citations(table)


def _leaves(tree: Node | None, entries: Sequence[Entry]) -> list[str]:
    if tree is not None:
        return [n.code for n in tree.walk() if not n.children]
    parents = {e.parent for e in entries}
    return [e.code for e in entries if e.code not in parents]


def _time_of(source: Inputs, units: Table | None) -> str | None:
    """The units' column of times, where a panel's table of units has one."""
    name = source.spec.data.columns.get("time", "time")
    return name if source.spec.data.panel and units is not None and name in units.columns else None


def _with_units(dataset: Dataset, about: Wide, source: Inputs) -> Dataset:
    """The dataset with what the table of units says of them, at each edition's time where it tells times.

    Columns that only the table of figures has stay.
    """
    time = _time_of(source, about.table)
    rows = described(about, ["unit", *([time] if time else [])], style=source.style)
    if time is None:
        tables = dataset.unit_tables
        every = None if tables is None else {e: _over(t, rows) for e, t in tables.items()}
        return replace(dataset, unit_table=_over(dataset.unit_table, rows), unit_tables=every)
    editions = panel_editions(about.moments, source.listed, file=source.spec.file)
    index = {n: k for k, n in enumerate(dataset.editions)}
    place = np.array([index.get(n, -1) for n in editions.names], dtype=np.intp)
    known: Places = np.flatnonzero(place[editions.at] >= 0)
    there = Editions(dataset.editions, editions.rows[known], place[editions.at[known]])
    last, tables = unit_tables(rows.iloc[there.rows], there, dataset.units)
    if tables is not None:
        tables = {e: _over(dataset.table(k), tables[e]) for k, e in enumerate(dataset.editions)}
    return replace(dataset, unit_table=_over(dataset.unit_table, last), unit_tables=tables)


def _refuse_strangers(dataset: Dataset, about: Wide) -> None:
    """Raise where units have figures and no row in the table of units: their groups and denominators would be lost."""
    known = set(about.units)
    lost = [u for u in dataset.units if u not in known]
    if lost:
        shown = ", ".join(lost[:10]) + (f" and {len(lost) - 10} more" if len(lost) > 10 else "")
        remedy = "Add rows for them (empty cells will do), or leave them out under `units`"
        raise DataError(Fault(f"{shown}: figures, but no row in the table of units", remedy, about.table.name))


def _over(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """A table of units with the columns of another, which counts first."""
    mine = table.drop(columns=[c for c in rows.columns if c in table.columns])
    return rows.reindex(list(table.index)).join(mine)


def _chosen(source: Inputs, dataset: Dataset, left_out: Sequence[str]) -> Dataset:
    spec = source.spec

    def named(patterns: tuple[str, ...], labels: Sequence[str]) -> list[str]:
        return [u for p in patterns for u in labels if fnmatch.fnmatchcase(u, p)]

    asked = (*spec.units.include, *spec.units.exclude)
    if absent := [p for p in asked if not named(source.patterns((p,)), (*dataset.units, *left_out))]:
        raise DataError([Fault(f"units names {u}, for which there is no figure", "Mend the code or remove it",
                               spec.file) for u in absent])  # fmt: skip
    exclude = set(named(source.patterns(spec.units.exclude), dataset.units))
    chosen = dict.fromkeys(u for p in spec.units.include for u in named(source.patterns((p,)), dataset.units))
    wanted = [u for u in (chosen or dataset.units) if u not in exclude]
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
