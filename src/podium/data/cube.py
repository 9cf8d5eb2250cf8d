"""Figures placed on the axes edition × unit × indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.data.cells import Places
from podium.data.codebook import Indicator
from podium.data.dataset import Array, Dataset
from podium.data.readers import Long, Moments, Wide
from podium.errors import DataError, Fault

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Editions", "from_long", "from_wide", "one_edition", "panel_editions"]


@dataclass(frozen=True, eq=False)
class Editions:
    """The editions' names, the rows that belong to one of them, and for each of these rows the edition's place."""

    names: tuple[str, ...]
    rows: Places
    at: Places


def one_edition(rows: Places, name: str = "") -> Editions:
    """Return rows as the only edition."""
    return Editions((name,), rows, np.zeros(len(rows), dtype=np.intp))


def panel_editions(moments: Moments, listed: Sequence[tuple[str, float]], *, file: str = "") -> Editions:
    """Return one edition for each time, in order, or for each of the `listed` names and years.

    Raises
    ------
    DataError
        For listed years of which there is no row, and years that are several times (2018-Q1, 2018-Q2).
    """
    if not listed:
        return Editions(moments.names, np.arange(len(moments.at)), moments.at)
    faults, places = [], []
    for k, (name, year) in enumerate(listed):
        if year in [y for _, y in listed[:k]]:
            faults.append(Fault(f"two editions are of the year {year:g}", "Leave one of them", file))
        found = np.flatnonzero(moments.years == year)
        if len(found) != 1:
            why = "no figure is of the time of" if not len(found) else "several times fall in the year of"
            faults.append(Fault(f"{why} the edition {name}", "Mend the year or remove the edition", file))
        places += found[:1].tolist()
    if faults:
        raise DataError(faults)
    edition = np.full(len(moments.names), -1, dtype=np.intp)
    edition[places] = np.arange(len(places))
    rows = np.flatnonzero(edition[moments.at] >= 0)
    return Editions(tuple(name for name, _ in listed), rows, edition[moments.at[rows]])


def from_long(
    long: Long, editions: Editions, *, units: Sequence[str], codebook: Mapping[str, Indicator]
) -> Dataset:
    """Return the dataset of figures given one by one.

    Parameters
    ----------
    long, editions
        The figures, and which of them stand in which edition; each unit and indicator once in each.
    units
        The units to place them on, in order; every row's unit is among them.
    codebook
        What is known of the indicators; one that it lacks gets its code as name.

    Returns
    -------
    Dataset over all indicators of the table, in its order; what no row gives is NaN.
    """
    import pandas as pd

    rows = editions.rows
    index = {u: k for k, u in enumerate(units)}
    unit = np.array([index.get(u, -1) for u in long.units], dtype=np.intp)[long.unit[rows]]
    place = (editions.at, unit, long.indicator[rows])
    shape = (len(editions.names), len(units), len(long.indicators))
    cubes: dict[str, Any] = {}
    for name, figures in (("values", long.value), ("errors", long.error), ("years", long.time)):
        cubes[name] = np.full(shape, np.nan)
        cubes[name][place] = figures[rows]
    sources = None
    if long.source is not None:
        sources = np.full(shape, None, dtype=object)
        sources[place] = long.source[rows]
    table = pd.DataFrame(index=pd.Index(list(units), dtype=object)) if long.other is None else \
        long.other.reindex(list(units))  # fmt: skip
    return _dataset(editions.names, units, long.indicators, cubes, codebook, table, sources=sources)


def from_wide(
    wide: Wide, values: Array, editions: Editions, *, indicators: Sequence[str], codebook: Mapping[str, Indicator],
    other: pd.DataFrame, errors: Array | None = None, units: Sequence[str] | None = None,
) -> Dataset:  # fmt: skip
    """Return the dataset of a wide table, one unit, or one unit and time, a row.

    Parameters
    ----------
    values, errors
        Figures and standard errors ``(row, indicator)``, NaN where missing; `errors` None are unknown.
    other
        What else the table says of each row's unit.
    units
        The order of the units; that of their first rows where None.

    Returns
    -------
    Dataset whose units are those of the editions' rows; a unit that an edition lacks has NaN there.
    """
    rows = editions.rows
    present = np.unique(wide.unit[rows], return_index=True)
    named = [wide.units[k] for k in present[0][np.argsort(present[1])]]
    order = named if units is None else [u for u in units if u in set(named)]
    index = {u: k for k, u in enumerate(order)}
    unit = np.array([index.get(u, -1) for u in wide.units], dtype=np.intp)[wide.unit[rows]]
    year = wide.moments.years[wide.moments.at[rows]][:, None]
    given = {"values": values[rows], "years": np.where(np.isnan(values[rows]), np.nan, year),
             "errors": None if errors is None else errors[rows]}  # fmt: skip
    cubes: dict[str, Any] = {}
    for name, figures in given.items():
        cubes[name] = np.full((len(editions.names), len(order), len(indicators)), np.nan)
        if figures is not None:
            cubes[name][editions.at, unit] = figures
    table, tables = unit_tables(other.iloc[rows], editions, order)
    return _dataset(editions.names, order, indicators, cubes, codebook, table, unit_tables=tables)


def unit_tables(
    rows: pd.DataFrame, editions: Editions, units: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame] | None]:
    """Return what was last said of each unit, and one table for each edition where that changes, else None."""
    order = list(units)
    latest = rows.iloc[np.argsort(editions.at, kind="stable")]
    last = latest[~latest.index.duplicated(keep="last")].reindex(order)
    constant = len(editions.names) == 1 or not len(rows.columns) or \
        bool((rows.groupby(level=0).nunique(dropna=False) <= 1).all(axis=None))  # fmt: skip
    if constant:
        return last, None
    return last, {name: rows[editions.at == k].reindex(order) for k, name in enumerate(editions.names)}


def _dataset(
    editions: Sequence[str], units: Sequence[str], codes: Sequence[str], cubes: Mapping[str, Any],
    codebook: Mapping[str, Indicator], unit_table: pd.DataFrame, **more: Any,
) -> Dataset:  # fmt: skip
    book = {c: codebook.get(c, Indicator(c)) for c in codes}
    zero = np.array([book[c].zero_censored for c in codes], dtype=bool)
    return Dataset(
        editions=tuple(editions), units=tuple(units), indicators=tuple(codes), **cubes,
        censored=(cubes["values"] == 0) & zero, unit_table=unit_table, codebook=book, **more,
    )  # fmt: skip
