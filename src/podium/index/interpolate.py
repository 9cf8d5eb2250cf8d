"""Missing cells of a panel from the same unit's other years."""

from __future__ import annotations

import numpy as np

from podium.data.dataset import Array

__all__ = ["METHODS", "constant", "latest", "linear"]


def latest(cube: Array, times: Array, *, max_gap: int | None = None) -> tuple[Array, Array]:
    """Return the panel with each missing cell replaced by the latest earlier figure, and the time it is from.

    Parameters
    ----------
    cube
        ``(time, unit, indicator)``; NaN is missing and stays where nothing earlier is known.
    times
        ``(time,)``, ascending.
    max_gap
        How many periods (places in `times`, not years) a figure may be carried; None any number.

    Returns
    -------
    Two arrays of the shape of the cube: figures, and times (NaN where there is no figure).
    """
    place = _previous(cube)
    age = np.arange(len(times))[:, None, None] - place
    usable = (place >= 0) & (age <= (len(times) if max_gap is None else max_gap))
    value = np.take_along_axis(cube, np.maximum(place, 0), axis=0)
    return np.where(usable, value, np.nan), np.where(usable, times[np.maximum(place, 0)], np.nan)


def constant(cube: Array, times: Array, *, max_gap: int | None = None) -> tuple[Array, Array]:
    """Return the panel with missing cells taking the latest earlier figure, or the first later one before all figures.

    Shapes as for `latest`; with `max_gap` neither is carried further than so many periods.
    """
    back, when = latest(cube, times, max_gap=max_gap)
    fore, later = latest(cube[::-1], times[::-1], max_gap=max_gap)
    first = _previous(cube) < 0
    return np.where(first, fore[::-1], back), np.where(first, later[::-1], when)


def linear(cube: Array, times: Array, *, max_gap: int | None = None) -> tuple[Array, Array]:
    """Return the panel interpolated linearly in time between a unit's figures; beyond its ends the nearest one holds.

    Shapes as for `latest`; the times are those of the cell, or of the figure that is carried. A gap of more than
    `max_gap` missing periods stays missing.
    """
    before, after = _previous(cube), len(times) - 1 - _previous(cube[::-1])[::-1]
    there, back, fore = ~np.isnan(cube), before >= 0, after < len(times)
    b, a = np.maximum(before, 0), np.minimum(after, len(times) - 1)
    x0, x1 = np.take_along_axis(cube, b, axis=0), np.take_along_axis(cube, a, axis=0)
    now = np.arange(len(times))[:, None, None]
    step = np.where(times[a] > times[b], times[a] - times[b], 1.0)
    between = x0 + (x1 - x0) * (times[:, None, None] - times[b]) / step
    value = np.where(there, cube, np.where(back & fore, between, np.where(back, x0, np.where(fore, x1, np.nan))))
    if max_gap is not None:
        gap = np.where(back & fore, a - b - 1, np.where(back, now - b, a - now))
        value = np.where(there | (gap <= max_gap), value, np.nan)
    when = np.where(there | (back & fore), times[:, None, None], np.where(back, times[b], times[a]))
    return value, np.where(np.isnan(value), np.nan, when)


METHODS = {"constant": constant, "latest": latest, "linear": linear}
"""Imputations over time, by name."""


def _previous(cube: Array) -> np.ndarray:
    """The place in time of the latest figure up to each cell; -1 where there is none."""
    place = np.where(np.isnan(cube), -1, np.arange(len(cube))[:, None, None])
    return np.asarray(np.maximum.accumulate(place, axis=0))
