"""How far a lever can be pulled: no better than the best seen, no faster than nine in ten changes ever observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from podium.data.dataset import Array, Dataset
from podium.errors import EventError, Fault, PodiumError
from podium.index.assemble import assemble
from podium.index.build import Built
from podium.index.spec import Spec
from podium.index.transform import transform
from podium.index.tree import near
from podium.index.uncertainties import LeverRule

__all__ = ["Reins", "history", "reins"]

FAST = 0.9
"""The quantile of observed yearly changes that a plan does not exceed."""


@dataclass(frozen=True, eq=False)
class Reins:
    """One lever of a unit: where it stands, how far it may go, and what each step costs.

    Figures are in the indicator's unit. ``bound`` says which limit is the nearer: ``best seen``, ``yearly change``,
    ``ceiling``. ``rate`` is the most that it changes in a year, in the scale the index reads the indicator in; None
    where no history tells. ``cost`` is what one unit of the indicator costs; None counts standard deviations.
    """

    leaf: str
    start: float
    end: float
    bound: str
    sign: float
    rate: float | None
    best: float
    cost: float | None
    unit: str


def history(spec: Spec, dataset: Dataset) -> Dataset | None:
    """Return the figures of every time that the tables of an index hold up to its edition; None where there is one.

    Raises nothing: tables that cannot be read by time have no history.
    """
    whole = dataset.whole
    if whole is None and spec.data.table is not None:
        try:
            free = spec.with_({"data.panel": True, "editions": (), "edition": None})
            whole = assemble(free)[0]
        except (PodiumError, OSError):
            return None
    if whole is None or len(whole.editions) < 2:
        return None
    edition = spec.current()
    last = str(edition.year) if edition else dataset.editions[-1]
    end = _year(last) or 9999
    kept = [k for k, e in enumerate(whole.editions) if (_year(e) or 0) <= end]
    if len(kept) < 2 or whole.units is None:
        return None
    return whole if len(kept) == len(whole.editions) else _cut(whole, kept)


def _cut(whole: Dataset, kept: Sequence[int]) -> Dataset:
    at = list(kept)
    return replace(
        whole, editions=tuple(whole.editions[k] for k in at), values=whole.values[at], errors=whole.errors[at],
        years=whole.years[at], censored=whole.censored[at], sources=None, unit_tables=None,
    )  # fmt: skip


def _year(edition: str) -> int | None:
    return int(edition[:4]) if edition[:4].isdigit() else None


def reins(
    built: Built, unit: str, rules: Sequence[LeverRule], years: float, past: Dataset | None
) -> tuple[Reins, ...]:
    """Return the levers of a unit with their limits over so many years.

    Raises
    ------
    EventError
        If a lever is no indicator of the index, or the unit has no figure for any of them.
    """
    leaves = built.pipeline.leaves
    unknown = [r.indicator for r in rules if r.indicator not in leaves]
    if unknown:
        raise EventError([Fault(f"lever {c} is no indicator of the index", near(c, leaves), *built.spec.at("levers"))
                          for c in unknown])  # fmt: skip
    out = [_one(built, unit, r, years, past) for r in rules]
    held = tuple(r for r in out if r is not None)
    if not held:
        raise EventError(Fault(f"{unit} has no figure for any lever ({', '.join(r.indicator for r in rules)})",
                               "Declare a lever for which it has one"))  # fmt: skip
    return held


def _one(built: Built, unit: str, rule: LeverRule, years: float, past: Dataset | None) -> Reins | None:
    j = built.pipeline.leaves.index(rule.indicator)
    column = int(built.pipeline.columns[j])
    measure = built.dataset.indicators[column]
    sign = float(built.pipeline.direction[j])
    figures = built.dataset.values[-1][:, column]
    start = float(figures[built.dataset.units.index(unit)])
    if start != start:
        return None
    seen = [figures]
    if past is not None and measure in past.indicators:
        seen.append(past.values[..., past.indicators.index(measure)].ravel())
    best = float(sign * np.nanmax(sign * np.concatenate(seen)))
    rate = rule.per_year if rule.per_year is not None else _rate(built, j, measure, past)
    ends = {"best seen": best}
    if rate is not None:
        told = rule.per_year is not None
        own = start + sign * years * rate if told else _after(built, j, start, sign, years * rate, best)
        ends["yearly change"] = own
    if rule.ceiling is not None:
        ends["ceiling"] = rule.ceiling
    bound = min(ends, key=lambda k: sign * ends[k])
    end = ends[bound] if sign * (ends[bound] - start) > 0 else start
    book = built.dataset.codebook
    measured = book[measure].unit if measure in book else ""
    return Reins(rule.indicator, start, end, bound, sign, rate, best, rule.cost, measured)


def _read(built: Built, j: int, x: Array) -> Array:
    """Figures in the scale in which the index reads the indicator; NaN where it has no value."""
    t = built.pipeline.transforms[j]
    with np.errstate(all="ignore"):
        return np.asarray(x if t.method == "none" else transform(np.asarray(x, dtype=float), **t.model_dump()))


def _rate(built: Built, j: int, measure: str, past: Dataset | None) -> float | None:
    """The 90th percentile of all yearly improvements, in the scale in which the index reads the indicator."""
    if past is None or measure not in past.indicators:
        return None
    figures = past.values[..., past.indicators.index(measure)]
    try:
        read = _read(built, j, figures) * built.pipeline.direction[j]
    except PodiumError:
        return None
    times = np.array([float(_year(e) or k) for k, e in enumerate(past.editions)])
    changes = []
    for row in read.T:
        there = np.flatnonzero(~np.isnan(row))
        if len(there) > 1:
            changes.append(np.diff(row[there]) / np.diff(times[there]))
    found = np.concatenate(changes) if changes else np.empty(0)
    return max(float(np.quantile(found, FAST)), 0.0) if len(found) else None


def _after(built: Built, j: int, start: float, sign: float, gain: float, best: float) -> float:
    """The figure that a gain in the index's own scale leads to, no better than the best."""
    target = float(_read(built, j, np.array([start]))[0]) * sign + gain
    if float(_read(built, j, np.array([best]))[0]) * sign <= target:
        return best
    low, high = start, best
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if float(_read(built, j, np.array([middle]))[0]) * sign <= target else (low, middle)
    return low
