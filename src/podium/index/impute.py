"""Estimates for missing cells from the other cells of the same edition: columns, rows, neighbours, a regression."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array
from podium.index.em import expectation_maximisation, multiple_imputation

__all__ = [
    "METHODS", "Context", "centres", "fill", "nearest_neighbours", "register_imputation", "regression", "row_centres",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Context:
    """What an imputation may look at beside the figures.

    ``labels`` are the units' groups, ``on`` ``(unit,)`` the series of a regression; both None where the step names
    none. ``columns`` are the indicators below each node of the step's level, all together without one. ``direction``
    ``(indicator,)`` is 1 or -1; ``k``, ``draws`` and ``seed`` are the step's.
    """

    columns: Sequence[Sequence[int]]
    direction: Array
    labels: Sequence[object] | None = None
    on: Array | None = None
    normalise_first: bool = True
    k: int = 5
    draws: int = 20
    seed: int = 1


def centres(values: Array, groups: Sequence[object] | None, *, median: bool) -> Array:
    """Return what a missing cell of each unit and indicator is replaced by.

    Parameters
    ----------
    values
        ``(..., unit, indicator)``; NaN is missing.
    groups
        One label a unit; the mean or median is taken over the unit's group. None takes all units. A unit whose
        label is missing gets NaN.

    Returns
    -------
    ``(..., unit, indicator)``; NaN where a group has no value at all.
    """
    middle = np.nanmedian if median else np.nanmean
    out = np.full(values.shape, np.nan)
    labels = np.array([0] * values.shape[-2] if groups is None else list(groups), dtype=object)
    for label in dict.fromkeys(labels):
        if label is None or label != label:
            continue
        rows = np.flatnonzero(labels == label)
        part = values[..., rows, :]
        known = ~np.isnan(part).all(axis=-2)
        filled = np.where(np.expand_dims(known, -2), part, 0.0)  # nanmean warns on a column without any value
        out[..., rows, :] = np.where(known, middle(filled, axis=-2), np.nan)[..., None, :]
    return out


def fill(values: Array, estimates: Array) -> Array:
    """Return the values with missing cells replaced by the estimates."""
    return np.where(np.isnan(values), estimates, values)


def row_centres(
    values: Array, columns: Sequence[Sequence[int]], direction: Array, *, median: bool, normalise_first: bool
) -> Array:
    """Return estimates from a unit's other indicators in the same group of columns.

    With `normalise_first` figures are brought to 0–1 in their direction, the mean or median of the row is taken, and
    scaled back into the indicator (COINr's ``impute_by = "row"``).

    Parameters
    ----------
    values
        ``(unit, indicator)``; NaN is missing. An indicator without spread estimates itself.
    columns
        The groups of columns; a column in none keeps its missing cells.

    Returns
    -------
    ``(unit, indicator)``; NaN where a unit has no figure in the group.
    """
    x = values * direction
    low, high = np.nanmin(x, axis=0), np.nanmax(x, axis=0)
    spread = np.where(high > low, high - low, 1.0)
    scaled = (x - low) / spread if normalise_first else values
    out = np.full(values.shape, np.nan)
    for group in columns:
        part = scaled[:, list(group)]
        known = np.asarray(~np.isnan(part).all(axis=1))
        filled = np.where(known[:, None], part, 0.0)
        row = np.nanmedian(filled, axis=1) if median else np.nanmean(filled, axis=1)
        out[:, list(group)] = np.where(known, row, np.nan)[:, None]
    return (out * spread + low) * direction if normalise_first else out


def nearest_neighbours(values: Array, *, k: int) -> Array:
    """Return the mean of the k nearest units that have the figure.

    Near by the mean squared distance of z-scores in what both units have. ``(unit, indicator)``; NaN where no unit is
    comparable. Troyanskaya et al. (2001), doi:10.1093/bioinformatics/17.6.520.
    """
    centre, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    z = (values - centre) / np.where(spread > 0, spread, 1.0)
    there = ~np.isnan(z)
    held = np.where(there, z, 0.0)
    both = there.astype(float) @ there.T.astype(float)
    squares = (held**2 * there) @ there.T + there @ (held**2 * there).T - 2 * held @ held.T
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.where(both > 0, np.maximum(squares, 0.0) / both, np.inf)
    np.fill_diagonal(distance, np.inf)
    out = np.full(values.shape, np.nan)
    for u, j in np.argwhere(~there):
        usable = np.flatnonzero(there[:, j] & np.isfinite(distance[u]))
        near = usable[np.argsort(distance[u, usable], kind="stable")[:k]]
        if len(near):
            out[u, j] = values[near, j].mean()
    return out


def regression(values: Array, on: Array) -> Array:
    """Return least-squares predictions of each indicator from one other, ``(unit,)``; NaN where that is missing."""
    out = np.full(values.shape, np.nan)
    for j in range(values.shape[1]):
        both = ~np.isnan(values[:, j]) & ~np.isnan(on)
        if both.sum() >= 3 and np.ptp(on[both]) > 0:
            slope, intercept = np.polyfit(on[both], values[both, j], 1)
            out[:, j] = intercept + slope * on
    return out


def _columnwise(median: bool) -> Callable[[Array, Context], Array]:
    return lambda x, c: centres(x, c.labels, median=median)


def _rowwise(median: bool) -> Callable[[Array, Context], Array]:
    return lambda x, c: row_centres(x, c.columns, c.direction, median=median, normalise_first=c.normalise_first)


METHODS: dict[str, Callable[[Array, Context], Array]] = {
    "em": lambda x, c: expectation_maximisation(x, c.columns),
    "group_mean": _columnwise(median=False),
    "group_median": _columnwise(median=True),
    "knn": lambda x, c: nearest_neighbours(x, k=c.k),
    "mean": _columnwise(median=False),
    "median": _columnwise(median=True),
    "multiple": lambda x, c: multiple_imputation(x, c.columns, draws=c.draws, rng=np.random.default_rng(c.seed)),
    "regression": lambda x, c: regression(x, np.full(len(x), np.nan) if c.on is None else c.on),
    "row_mean": _rowwise(median=False),
    "row_median": _rowwise(median=True),
}
"""Imputations by name: figures ``(unit, indicator)`` → estimates of that shape, or several completed tables."""


def register_imputation(name: str, estimate: Callable[[Array, Context], Array]) -> None:
    """Make an imputation known to specifications under a name."""
    METHODS[name] = estimate
