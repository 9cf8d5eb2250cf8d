"""Where each figure is heading: growth and slopes of series over time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from podium.data.dataset import Array, Dataset
from podium.errors import DataError, Fault

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KINDS", "growth_rate", "interpolated", "last_points", "percentage_change", "register_trend", "trends"]

Trend = Callable[..., Array]


def growth_rate(y: Array, t: Array) -> Array:
    """Return the compound annual growth rate from the first to the last value of each series.

    ``(y_last / y_first)^(1 / (t_last - t_first)) - 1``; 0 where the two are equal, infinite from 0, NaN below two
    values and where the root of a negative ratio has no value.

    Parameters
    ----------
    y
        ``(time, ...)``; NaN is missing.
    t
        ``(time,)`` years, increasing.
    """
    first, last, enough = _ends(y)
    start, end = _at(y, first), _at(y, last)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        rate = (end / start) ** (1 / (t[last] - t[first])) - 1
    return np.asarray(np.where(enough, np.where(end == start, 0.0, rate), np.nan))


def percentage_change(y: Array, t: Array, *, per: float = 1.0) -> Array:
    """Return the change of each series in per cent of its first value, over `per` units of time.

    With three values or more it is the slope of the least-squares line over the line's value at the first observation,
    with two the straight one; 0 where all values are equal, NaN below two.

    Parameters
    ----------
    y
        ``(time, ...)``; NaN is missing.
    t
        ``(time,)``, increasing.
    """
    first, last, enough = _ends(y)
    known = ~np.isnan(y)
    n = known.sum(axis=0)
    when = t.reshape(-1, *([1] * (y.ndim - 1)))
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = np.where(known, when, 0.0).sum(axis=0) / n
        mean = np.where(known, y, 0.0).sum(axis=0) / n
        apart = np.where(known, when - centre, 0.0)
        slope = (apart * np.where(known, y - mean, 0.0)).sum(axis=0) / (apart**2).sum(axis=0)
        fitted = slope * per / (mean + slope * (t[first] - centre)) * 100
        start, end = _at(y, first), _at(y, last)
        straight = (end - start) * 100 / start * (per / (t[last] - t[first]))
        out = np.where(n > 2, fitted, straight)
    flat = np.where(known, y, np.inf).min(axis=0) == np.where(known, y, -np.inf).max(axis=0)
    return np.asarray(np.where(enough, np.where(flat, 0.0, out), np.nan))


def _ends(y: Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where each series has its first and its last value, and whether it has two."""
    known = ~np.isnan(y)
    return np.argmax(known, axis=0), len(y) - 1 - np.argmax(known[::-1], axis=0), known.sum(axis=0) > 1


def _at(y: Array, place: np.ndarray) -> Array:
    return np.asarray(np.take_along_axis(y, place[None], axis=0)[0])


def last_points(y: Array, points: int) -> Array:
    """Return the series with only the last `points` times up to their own last value; the rest is NaN.

    A series that does not reach back so far is NaN altogether. (COINr 1.1.14 also drops those that just do.)
    """
    _, last, _ = _ends(y)
    place = np.arange(len(y)).reshape(-1, *([1] * (y.ndim - 1)))
    first = last - points + 1
    return np.asarray(np.where((place >= first) & (place <= last) & (first >= 0), y, np.nan))


def interpolated(y: Array, t: Array, at: Array) -> Array:
    """Return the series with values missing at some of their times filled in on straight lines between neighbours.

    Nothing is filled in before the first and after the last value.

    Parameters
    ----------
    y
        ``(time, ...)``; NaN is missing.
    t
        ``(time,)``, increasing.
    at
        The times of `t` to fill.
    """
    out = np.array(y, dtype=float)
    wanted = np.isin(t, at)
    flat = out.reshape(len(t), -1)
    for k in range(flat.shape[1]):
        known = ~np.isnan(flat[:, k])
        if known.sum() > 1:
            fill = wanted & ~known
            flat[fill, k] = np.interp(t[fill], t[known], flat[known, k], left=np.nan, right=np.nan)
    return flat.reshape(out.shape)


KINDS: dict[str, Trend] = {"growth_rate": growth_rate, "percentage_change": percentage_change}


def register_trend(name: str, trend: Trend) -> None:
    """Make a measure of series ``(time, ...)`` at times ``(time,)`` known under a name."""
    KINDS[name] = trend


def trends(
    data: pd.DataFrame | Dataset, *, kind: str, unit: str = "unit", time: str = "time",
    times: Iterable[float] | None = None, latest: int | None = None,
    interpolate: Literal["all"] | Iterable[float] | None = None,
    directions: Mapping[str, int] | None = None, options: Mapping[str, Any] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return one row an indicator and unit: ``item, unit, trend`` and how much of the series is there.

    Parameters
    ----------
    data
        A table with a row a unit and time, its numeric columns the indicators; or a dataset, its editions named by
        numbers.
    kind
        A name of `KINDS`.
    unit, time
        The columns of a table that name them.
    times
        Use only these times; None takes all.
    latest
        Use only so many times up to the last value of each series; `times` then does not apply to the trend.
    interpolate
        Fill in missing values between others at these times, or at ``all`` times, before the trend is taken.
    directions
        1 or -1 by indicator: the trend is turned, so that up is better; None leaves it as it is.
    options
        What the kind takes, such as ``per``.

    Returns
    -------
    ``item, unit, trend, available, first, latest`` and, with `latest`, ``available_latest, first_latest``: the share of
    times with a value before interpolation, the times of the first and last value (NaN below two), and the same of the
    latest times.

    Raises
    ------
    DataError
        If a column, time or kind is not there, or a unit has two rows of one time.
    """
    import pandas as pd

    if kind not in KINDS:
        raise DataError(Fault(f"there is no trend {kind!r}", f"Use one of {', '.join(KINDS)}"))
    y, t, units, items = _series(data, unit, time)
    chosen = t if times is None else np.array(sorted(times), dtype=float)
    extra = [] if interpolate is None or interpolate == "all" else [float(v) for v in interpolate]
    _check_times(t, chosen, extra)
    y, t = _widened(y, t, extra)
    seen = np.isin(t, chosen) if times is not None else np.full(len(t), True)
    used = y if interpolate is None else interpolated(y, t, t if interpolate == "all" else np.array(extra))
    table = _coverage(y[seen], t[seen])
    if latest is not None:
        table |= _latest_coverage(y, used, t, latest)
        used = last_points(used, latest)
    else:
        used = np.where(seen[:, None, None], used, np.nan)
    turn = np.array([1.0 if directions is None else directions[c] for c in items])
    table = {"trend": KINDS[kind](used, t, **(options or {})) * turn, **table}
    labels = {"item": np.repeat(items, len(units)), "unit": np.tile(units, len(items))}
    return pd.DataFrame(labels | {name: values.T.reshape(-1) for name, values in table.items()})


def _check_times(t: Array, chosen: Array, extra: list[float]) -> None:
    if unknown := [v for v in chosen if v not in t]:
        raise DataError(Fault(f"the data have no time {unknown[0]:g}", f"Use {t[0]:g} to {t[-1]:g}"))
    if outside := [v for v in extra if not t[0] <= v <= t[-1]]:
        raise DataError(Fault(f"{outside[0]:g} is outside the times of the data", f"Use {t[0]:g} to {t[-1]:g}"))


def _latest_coverage(y: Array, used: Array, t: Array, points: int) -> dict[str, Array]:
    """How much of its last times each series has before it is filled, and when they begin."""
    _, last, _ = _ends(used)
    cut = last_points(used, points)
    raw = np.where(_window(last, points, len(y)), ~np.isnan(y), False)
    return {
        "available_latest": np.where(np.isnan(cut).all(axis=0), np.nan, raw.sum(axis=0) / points),
        "first_latest": np.where((~np.isnan(cut)).sum(axis=0) > 1, t[_ends(cut)[0]], np.nan),
    }


def _window(last: np.ndarray, points: int, length: int) -> np.ndarray:
    place = np.arange(length)[:, None, None]
    return np.asarray((place > last - points) & (place <= last))


def _coverage(y: Array, t: Array) -> dict[str, Array]:
    known = ~np.isnan(y)
    first, last, enough = _ends(y)
    return {"available": known.mean(axis=0), "first": np.where(enough, t[first], np.nan),
            "latest": np.where(enough, t[last], np.nan)}  # fmt: skip


def _widened(y: Array, t: Array, extra: list[float]) -> tuple[Array, Array]:
    """The series with rows of NaN at times they do not have."""
    new = np.setdiff1d(extra, t)
    both = np.concatenate([t, new])
    order = np.argsort(both, kind="stable")
    rows = np.concatenate([y, np.full((len(new), *y.shape[1:]), np.nan)])
    return rows[order], both[order]


def _series(data: pd.DataFrame | Dataset, unit: str, time: str) -> tuple[Array, Array, list[str], list[str]]:
    """Values ``(time, unit, indicator)`` in the order of time, with their labels."""
    if isinstance(data, Dataset):
        try:
            t = np.array([float(e) for e in data.editions])
        except ValueError:
            raise DataError(Fault("the editions are not named by years", "Give a table with a time column")) from None
        order = np.argsort(t, kind="stable")
        return data.values[order], t[order], list(data.units), list(data.indicators)
    if absent := [c for c in (unit, time) if c not in data.columns]:
        raise DataError(Fault(f"the table has no column {absent[0]!r}", f"It has {', '.join(map(str, data.columns))}"))
    if (twice := data.duplicated([unit, time])).any():
        row = data[twice].iloc[0]
        raise DataError(Fault(f"unit {row[unit]} has two rows of {row[time]}", "Keep one of them"))
    items = [c for c in data.columns if c not in (unit, time) and data[c].dtype.kind in "iuf"]
    times, units = sorted(data[time].unique()), sorted(data[unit].unique())
    full = data.set_index([time, unit])[items]
    grid = [[(a, b) for b in units] for a in times]
    y = np.stack([full.reindex(row).to_numpy(dtype=float) for row in grid])
    return y, np.array(times, dtype=float), [str(u) for u in units], [str(c) for c in items]
