"""Rows of tables placed on the axes edition × unit × indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from podium.data.codebook import Indicator
from podium.data.dataset import Array, Dataset

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["from_long", "from_wide", "time_name"]

Places = npt.NDArray[np.intp]


def time_name(time: float) -> str:
    """A time as the name of an edition: 2018 for 2018.0."""
    return str(int(time)) if float(time).is_integer() else str(time)


def from_long(
    table: pd.DataFrame, *, editions: Sequence[str], at: Places, codebook: Mapping[str, Indicator]
) -> Dataset:
    """Return the dataset of a long table, one figure a row.

    Parameters
    ----------
    table
        The columns unit, indicator, time, value, error and source; each unit and indicator once in an edition.
    editions, at
        Names of the editions, and the edition's place for each row.
    codebook
        What is known of the indicators; one that it lacks gets its code as name.

    Returns
    -------
    Dataset over the units in alphabetical order and the indicators in that of the table; what no row gives is NaN.
    """
    import pandas as pd

    codes = pd.Index(table["indicator"].unique())
    units = pd.Index(sorted(table["unit"].unique()))
    shape = (len(editions), len(units), len(codes))
    place = (at, units.get_indexer(table["unit"]), codes.get_indexer(table["indicator"]))
    cubes: dict[str, Any] = {}
    for name, column in (("values", "value"), ("errors", "error"), ("years", "time")):
        cubes[name] = np.full(shape, np.nan)
        cubes[name][place] = table[column].to_numpy(dtype=float)
    sources = np.full(shape, None, dtype=object)
    sources[place] = table["source"].to_numpy(dtype=object)
    return _dataset(editions, units, codes, cubes, codebook, pd.DataFrame(index=units), sources=sources)


def from_wide(
    values: Array, rows: pd.DataFrame, *, editions: Sequence[str], at: Places, years: Array, indicators: Sequence[str],
    codebook: Mapping[str, Indicator], errors: Array | None = None,
) -> Dataset:  # fmt: skip
    """Return the dataset of a wide table, one unit, or one unit and time, a row.

    Parameters
    ----------
    values, errors
        Figures and standard errors ``(row, indicator)``, NaN where missing.
    rows
        What else the table says of each row's unit, indexed by unit.
    editions, at, years
        Names of the editions; for each row its edition's place and its year (NaN where it has none).

    Returns
    -------
    Dataset over the units in order of their first rows; a unit that an edition lacks has NaN there.
    """
    units = rows.index.unique()
    place = (at, units.get_indexer(rows.index))
    cubes: dict[str, Any] = {}
    given = {"values": values, "errors": errors, "years": np.where(np.isnan(values), np.nan, years[:, None])}
    for name, figures in given.items():
        cubes[name] = np.full((len(editions), len(units), len(indicators)), np.nan)
        if figures is not None:
            cubes[name][place] = figures
    latest = rows.iloc[np.argsort(at, kind="stable")]
    last = latest[~latest.index.duplicated(keep="last")].reindex(units)
    tables = _tables(rows, at, editions, units) if len(editions) > 1 else None
    return _dataset(editions, units, indicators, cubes, codebook, last, unit_tables=tables)


def _tables(rows: pd.DataFrame, at: Places, editions: Sequence[str], units: Any) -> dict[str, pd.DataFrame] | None:
    """One table of units for each edition; None where nothing that is said of a unit changes."""
    if not len(rows.columns) or bool((rows.groupby(level=0).nunique(dropna=False) <= 1).all(axis=None)):
        return None
    return {name: rows[at == k].reindex(units) for k, name in enumerate(editions)}


def _dataset(
    editions: Sequence[str], units: Any, codes: Any, cubes: Mapping[str, Any], codebook: Mapping[str, Indicator],
    unit_table: pd.DataFrame, **more: Any,
) -> Dataset:  # fmt: skip
    book = {c: codebook.get(c, Indicator(c)) for c in codes}
    zero = np.array([book[c].zero_censored for c in codes], dtype=bool)
    return Dataset(
        editions=tuple(editions), units=tuple(units), indicators=tuple(codes), **cubes,
        censored=(cubes["values"] == 0) & zero, unit_table=unit_table, codebook=book, **more,
    )  # fmt: skip
