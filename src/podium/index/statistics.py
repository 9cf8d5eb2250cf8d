"""What each indicator looks like, and how much of each unit is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.index.build import Built
from podium.index.selection import leaves_below, step_figures
from podium.index.treat import kurtosis, skewness

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Thresholds", "availability", "by_unit", "flags", "group_availability", "moments", "screening", "significant",
    "statistics",
]  # fmt: skip

By = Literal["missing", "zeros", "both"]
QUANTILES = {"q05": 0.05, "q25": 0.25, "q75": 0.75, "q95": 0.95}
ROUNDED = ("min", "max", "mean", "median", *QUANTILES, "sd", "skew", "kurtosis", "share_available", "share_nonzero",
           "share_unique", "share_same")  # fmt: skip


@dataclass(frozen=True)
class Thresholds:
    """From where on an indicator is flagged; the values are those of COINr's ``get_stats``.

    ``outliers`` are flagged where the absolute skew is above `skew` and kurtosis above `kurtosis`, the others where
    the share of units is below the threshold. Shares of non-zero and of different values are of all units here, also
    of those without a figure.
    """

    skew: float = 2.0
    kurtosis: float = 3.5
    available: float = 0.65
    nonzero: float = 0.5
    unique: float = 0.5


def moments(x: Array) -> dict[str, Array]:
    """Return statistics of each column of ``(unit, indicator)``, each ``(indicator,)``; NaN values are left out.

    ``sd`` has n - 1 below, ``skew`` and ``kurtosis`` are of type 2 (the latter in excess of a normal law's; Joanes &
    Gill 1998, doi:10.1111/1467-9884.00122), quantiles of type 7. ``same`` counts the most frequent value. Shares of
    non-zero, different and same values are of the values that are there. A column without a value has NaN and counts
    of 0.
    """
    there = ~np.isnan(x)
    known = [x[there[:, k], k] for k in range(x.shape[1])]
    n = there.sum(axis=0).astype(float)
    counts = [np.unique(v, return_counts=True)[1] for v in known]
    nonzero = np.array([float(np.count_nonzero(v)) for v in known])
    unique = np.array([float(len(c)) for c in counts])
    same = np.array([float(c.max()) if len(c) else 0.0 for c in counts])
    out = {
        "min": _each(known, np.min), "max": _each(known, np.max), "mean": _each(known, np.mean),
        "median": _each(known, np.median),
    }  # fmt: skip
    for name, q in QUANTILES.items():
        out[name] = _each(known, lambda v, q=q: np.quantile(v, q))
    out["sd"] = _each(known, lambda v: np.std(v, ddof=1) if len(v) > 1 else np.nan)
    out["skew"] = _each(known, lambda v: skewness(v) if v.min() < v.max() else np.nan)
    out["kurtosis"] = _each(known, lambda v: kurtosis(v) if v.min() < v.max() else np.nan)
    out |= {"available": n, "nonzero": nonzero, "unique": unique, "same": same, "share_available": n / len(x)}
    with np.errstate(invalid="ignore", divide="ignore"):
        out |= {"share_nonzero": nonzero / n, "share_unique": unique / n, "share_same": same / n}
    return out


def _each(columns: list[Array], function) -> Array:  # type: ignore[no-untyped-def]
    return np.array([float(function(v)) if len(v) else np.nan for v in columns])


def flags(found: dict[str, Array], units: int, limits: Thresholds) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which indicators have few figures, many zeros, few different values, or likely outliers.

    Parameters
    ----------
    found
        What `moments` returns.
    units
        The number of units, with and without a figure.
    """
    outliers = (np.abs(found["skew"]) > limits.skew) & (found["kurtosis"] > limits.kurtosis)
    return {
        "few": found["available"] / units < limits.available,
        "zeros": found["nonzero"] / units < limits.nonzero,
        "repeated": found["unique"] / units < limits.unique,
        "outliers": outliers,
    }


def significant(x: Array, figures: int) -> Array:
    """Return the values rounded to so many significant figures, halves to even as R's ``signif`` has it.

    NaN, infinite values and 0 stay.
    """
    x = np.asarray(x, dtype=float)
    plain = np.isfinite(x) & (x != 0)
    places = figures - 1 - np.floor(np.log10(np.abs(np.where(plain, x, 1.0))))
    scale = 10.0 ** np.abs(places)  # a whole power of ten on either side is exact
    return np.where(plain, np.where(places > 0, np.rint(x * scale) / scale, np.rint(x / scale) * scale), x)


def statistics(
    built: Built, *, step: str, figures: int | None = None, limits: Thresholds | None = None
) -> pd.DataFrame:
    """Return one row an item of a step's table: statistics, counts, shares and flags.

    Parameters
    ----------
    step
        ``Raw``, ``Denominated``, … ``Normalised``, ``Aggregated``.
    figures
        Round to so many significant figures; counts stay whole.
    limits
        From where on an item is flagged; None takes the thresholds of COINr.

    Raises
    ------
    DataError
        If there is no such table.
    """
    import pandas as pd

    x, codes = step_figures(built, step)
    found = moments(x)
    marks = flags(found, len(x), limits or Thresholds())
    if figures is not None:
        found = {k: significant(v, figures) if k in ROUNDED else v for k, v in found.items()}
    counts = ("available", "nonzero", "unique", "same")
    columns = {k: v.astype(int) if k in counts else v for k, v in found.items()}
    return pd.DataFrame({**columns, **marks}, index=pd.Index(codes, name="item"))


def by_unit(x: Array) -> dict[str, Array]:
    """Return counts and shares of missing values and zeros of each row of ``(unit, indicator)``.

    ``share_nonzero`` is of the values that are there, NaN for a row without any.
    """
    missing = np.isnan(x).sum(axis=1).astype(float)
    zero = (x == 0).sum(axis=1).astype(float)
    columns = x.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        nonzero = 1 - zero / (columns - missing)
    return {
        "missing": missing, "zero": zero, "missing_or_zero": missing + zero, "share_available": 1 - missing / columns,
        "share_nonzero": nonzero,
    }  # fmt: skip


def screening(
    x: Array, *, by: By, min_available: float, min_nonzero: float, keep: npt.NDArray[np.bool_] | None = None,
    drop: npt.NDArray[np.bool_] | None = None,
) -> dict[str, Array | npt.NDArray[np.bool_]]:  # fmt: skip
    """Return, for each row of ``(unit, indicator)``, what `by_unit` counts, what is low, and whether it is included.

    Parameters
    ----------
    by
        Which shortfall excludes: ``missing`` values, ``zeros``, or ``both`` (either of them).
    min_available, min_nonzero
        A share below is low; that of non-zero values is of the values that are there.
    keep, drop
        ``(unit,)`` booleans: units included or excluded whatever their data; `drop` wins.
    """
    out: dict[str, Array | npt.NDArray[np.bool_]] = dict(by_unit(x))
    few = out["share_available"] < min_available
    zeros = out["share_nonzero"] < min_nonzero
    low = {"missing": few, "zeros": zeros, "both": few | zeros}[by]
    included = ~low
    if keep is not None:
        included = included | keep
    if drop is not None:
        included = included & ~drop
    return out | {"few": few, "zeros": zeros, "few_or_zeros": few | zeros, "included": included}


def group_availability(x: Array, groups: list[list[int]]) -> Array:
    """Return the share of a group's indicators that each unit has, ``(unit, indicator)`` → ``(unit, group)``."""
    there = ~np.isnan(x)
    return np.stack([there[:, g].mean(axis=1) for g in groups], axis=1)


def availability(built: Built, *, step: str, groups: bool = False) -> pd.DataFrame:
    """Return how much of each unit is there.

    Parameters
    ----------
    step
        A table with indicators, such as ``Raw``.
    groups
        False counts missing values and zeros over all indicators; True gives the share of the indicators below each
        group of the tree, at every level.

    Raises
    ------
    DataError
        If there is no such table, or it is that of the groups themselves.
    """
    import pandas as pd

    if step == "Aggregated":
        raise DataError(Fault("availability is counted over indicators", "Name a step before Aggregated, such as Raw"))
    x, _ = step_figures(built, step)
    units = pd.Index(built.units, name="unit")
    if not groups:
        return pd.DataFrame(by_unit(x), index=units).astype(dict.fromkeys(("missing", "zero", "missing_or_zero"), int))
    tree = built.tree
    below = [list(leaves_below(tree, g.item)) for g in tree.groups]
    return pd.DataFrame(group_availability(x, below), units, [g.code for g in tree.groups])
