"""Events turned into changes of an index's figures: what moves, by how much, and what the index cannot see."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import EventError, EvidenceError, Fault
from podium.evidence.rates import exchanged
from podium.hardware.accelerators import candidates
from podium.hardware.capacity import worth
from podium.hardware.systems import system
from podium.index.build import Built
from podium.index.tree import near
from podium.index.uncertainties import Effect
from podium.robustness.draws import Change
from podium.scenarios.events import Event
from podium.scenarios.reason import Reason

__all__ = ["Effects", "Move", "bind", "bring_to_best", "edition_end", "moved"]


@dataclass(frozen=True, eq=False)
class Move:
    """One sized event bound to an index: ``delta[chip, series]`` is added to its unit's figures.

    ``chips`` are the candidates that the event leaves open, one where it names the machine. ``factor`` and
    ``setting`` ``(series,)`` multiply or replace figures; NaN where they leave them. ``row`` is the unit's row in the
    dataset, ``chance`` the probability that the event happens within the horizon, ``key`` what tells it from others.
    """

    event: Event
    row: int
    chips: tuple[str, ...]
    delta: Array
    factor: Array
    setting: Array
    chance: float = 1.0
    key: str = ""

    @property
    def series(self) -> list[int]:
        """The columns of the dataset that the event changes."""
        touched = (self.delta != 0).any(axis=0) | ~np.isnan(self.factor) | ~np.isnan(self.setting)
        return [int(k) for k in np.flatnonzero(touched)]


@dataclass(frozen=True, eq=False)
class Effects:
    """What a set of events does to one index: moves, unsized events, and events that no effect covers (why).

    The moves stand in an order of their own, whatever the order of the events.
    """

    moves: tuple[Move, ...]
    unsized: tuple[Event, ...]
    outside: tuple[tuple[Event, str], ...]

    @property
    def chips(self) -> int:
        """The largest number of candidate machines of any move."""
        return max((len(m.chips) for m in self.moves), default=1)

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows of the dataset that change."""
        return tuple(dict.fromkeys(m.row for m in self.moves))

    def of(self, row: int) -> tuple[Move, ...]:
        """The moves of one unit."""
        return tuple(m for m in self.moves if m.row == row)

    def change(self, chip: int) -> Change:
        """The change of figures ``(..., unit, series)`` if every event happens with its k-th candidate machine."""

        def apply(values: Array) -> Array:
            out = values.copy()
            for row in self.rows:
                own = self.of(row)
                deltas = np.stack([m.delta[min(chip, len(m.chips) - 1)] for m in own])
                out[..., row, :] = moved(out[..., row, :], own, deltas, np.ones(len(own), dtype=bool))
            return out

        return apply


def moved(figures: Array, moves: Sequence[Move], deltas: Array, happens: npt.NDArray[np.bool_]) -> Array:
    """Return one unit's figures after some of its events: first set, then multiplied, then added to.

    That order, and not the events', makes them combine in the same way however they are listed.

    Parameters
    ----------
    figures
        ``(..., series)``; a missing figure that gains something starts from zero.
    deltas
        ``(..., move, series)``: what each event adds.
    happens
        ``(..., move)``: which of them happen.

    Returns
    -------
    ``(..., series)``.
    """
    total = np.where(happens[..., None], deltas, 0.0).sum(axis=-2)
    out = np.broadcast_to(figures, np.broadcast_shapes(figures.shape, total.shape)).copy()
    for k, m in enumerate(moves):
        on = happens[..., k, None]
        out = np.where(on & ~np.isnan(m.setting), m.setting, out)
    for k, m in enumerate(moves):
        on = happens[..., k, None]
        out = np.where(on & ~np.isnan(m.factor), out * np.where(np.isnan(m.factor), 1.0, m.factor), out)
    return np.asarray(np.where(total != 0, np.nan_to_num(out) + total, out))


def edition_end(built: Built) -> str | None:
    """Return the ISO date on which the edition of an index ends; None where nothing says."""
    edition = built.spec.current()
    if edition is not None:
        return edition.last_day()
    name = built.spec.edition_name or ""
    return f"{name}-12-31" if re.fullmatch(r"(19|20)\d\d", name) else None


def bind(
    built: Built, events: Sequence[Event], date: str, *, horizon: str | None = None, hindsight: bool = False
) -> Effects:
    """Return what the events do to an index.

    Parameters
    ----------
    date
        ISO date; an unnamed accelerator is one of those on sale or announced then, an event that became public later
        is left outside.
    horizon
        ISO month; an event online later is left outside, one that may slip past it counts with the probability that it
        does not. None counts every event whenever it comes.
    hindsight
        Count events that became public later.

    Raises
    ------
    EventError
        If an `indicator` event names an indicator that the index lacks, a machine is unknown, or two events set the
        same figure.
    """
    moves: list[Move] = []
    unsized: list[Event] = []
    outside: list[tuple[Event, str]] = []
    for event in events:
        effects = [e for e in built.spec.effects if e.kind == event.kind] if event.kind != "indicator" else []
        late = horizon is not None and event.online is not None and _on_time(event, horizon) == 0
        if event.status == "cancelled":
            outside.append((event, Reason("cancelled")))
        elif event.kind != "indicator" and not effects:
            outside.append((event, Reason("no indicator of the index counts {kind}", kind=event.kind)))
        elif event.country not in built.units:
            outside.append((event, Reason("{unit} is not in the index", unit=event.country)))
        elif event.public and event.public > date and not hindsight:
            outside.append((event, Reason("not public before {day}", day=event.public)))
        elif not event.sized:
            unsized.append(event)
        elif late:
            outside.append((event, Reason("comes after {month}", month=horizon)))
        elif (made := _move(built, event, effects, date, horizon)) is None:
            outside.append((event, Reason("there is no rate for {currency}", currency=event.currency)))
        else:
            moves.append(made)
    _refuse_conflicts(built, moves)
    order = sorted(range(len(moves)), key=lambda k: (moves[k].row, moves[k].key))
    return Effects(tuple(moves[k] for k in order), tuple(unsized), tuple(outside))


def _move(built: Built, event: Event, effects: Sequence[Effect], date: str, horizon: str | None) -> Move | None:
    """The event as a change of its unit's figures; None where its currency has no rate."""
    series = built.dataset.indicators
    nothing = np.full(len(series), np.nan)
    factor, setting = nothing.copy(), nothing.copy()
    chips: tuple[str, ...] = ("",)
    if event.kind == "accelerators":
        chips = event.systems or candidates(date)
        delta = _hardware(series, event, effects, chips)
    elif event.kind == "indicator":
        delta = np.zeros((1, len(series)))
        _indicator(built, event, delta, factor, setting)
    else:
        converted = _money(series, event, effects, date)
        if converted is None:
            return None
        delta = converted[None]
    chance = event.probability * (1.0 if horizon is None else _on_time(event, horizon))
    key = json.dumps(event.to_dict(), sort_keys=True)
    return Move(event, built.dataset.units.index(event.country), tuple(chips), delta, factor, setting, chance, key)


def _hardware(series: tuple[str, ...], event: Event, effects: Sequence[Effect], chips: Sequence[str]) -> Array:
    """What the machines add to each measure of each indicator, in its convention, ``(chip, series)``."""
    delta = np.zeros((len(chips), len(series)))
    for effect in effects:
        for measure, convention in effect.conventions.items():
            if measure in series:
                each = [_worth(c, convention, event.unit) for c in chips]
                delta[:, series.index(measure)] += (event.count or 0.0) * np.array(each)
    return delta


def _worth(name: str, convention: str, unit: str) -> float:
    if unit != "gpu":
        try:
            system(name)
        except EvidenceError:
            raise EventError(Fault(f"how many accelerators a {unit} of {name} holds is not said",
                                   "Name the system, as DGX B200, or give the number of GPUs")) from None  # fmt: skip
    try:
        return worth(name, convention)
    except EvidenceError as error:
        raise EventError(error.faults) from None


def _money(series: tuple[str, ...], event: Event, effects: Sequence[Effect], date: str) -> Array | None:
    """What money adds to each series, in the currency and size that the effect declares, ``(series,)``."""
    delta = np.zeros(len(series))
    for effect in effects:
        for measure, told in effect.conventions.items():
            currency, _, size = told.partition(" ")
            amount = exchanged(event.amount or 0.0, event.currency or currency, currency, date)
            if amount is None:
                return None
            if measure in series:
                delta[series.index(measure)] += amount / float(size or 1.0)
    return delta


def _indicator(built: Built, event: Event, delta: Array, factor: Array, setting: Array) -> None:
    """Enter an indicator event in the series of its indicator; other measures of it change by the same share."""
    amount = float(event.amount or 0.0)
    at, others = _series(built, event)
    old = float(built.dataset.values[-1, built.dataset.units.index(event.country), at])
    if event.change == "add":
        delta[0, at] = amount
        share = (old + amount) / old if old > 0 else np.nan
    elif event.change == "multiply":
        factor[at] = share = amount
    else:
        setting[at] = amount
        share = amount / old if old > 0 else np.nan
    for k in others:
        if share == share:
            factor[k] = share
        elif event.change == "add":
            delta[0, k] = amount
        else:
            setting[k] = amount


def _series(built: Built, event: Event) -> tuple[int, list[int]]:
    """The column of an indicator event, and those of the other measures that a choice may put in its place."""
    series, leaves = built.dataset.indicators, built.pipeline.leaves
    if event.indicator in leaves:
        at = int(built.pipeline.columns[leaves.index(event.indicator)])
        place = f"indicators.{event.indicator}.measure"
        names = {str(o) for c in built.spec.uncertainties.choices if c.at == place for o in c.options.values()}
        return at, [series.index(n) for n in sorted(names) if n in series and series.index(n) != at]
    if event.indicator in series:
        return series.index(event.indicator), []
    raise EventError(Fault(f"the index has no indicator {event.indicator!r}", near(str(event.indicator), leaves)))


def _on_time(event: Event, horizon: str) -> float:
    """The probability that an event is there by a month: its delay is uniform, or triangular where its mode is told."""
    if event.online is None:
        return 1.0
    left = float(_months(horizon) - _months(event.online))
    low, high = event.delay[0], event.delay[-1]
    if left >= high:
        return 1.0
    if left < low:
        return 0.0
    if len(event.delay) == 2:
        return (left - low) / (high - low)
    mode = event.delay[1]
    if left < mode:
        return (left - low) ** 2 / ((high - low) * (mode - low))
    return 1.0 - (high - left) ** 2 / ((high - low) * (high - mode))


def _months(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:7])


def _refuse_conflicts(built: Built, moves: Sequence[Move]) -> None:
    seen: dict[tuple[int, int], Event] = {}
    for m in moves:
        for k in np.flatnonzero(~np.isnan(m.setting)):
            place = (m.row, int(k))
            if place in seen and not math.isclose(seen[place].amount or 0.0, m.event.amount or 0.0, rel_tol=0.0):
                raise EventError(Fault(
                    f"two events set {built.dataset.indicators[k]} of {m.event.country}, to {seen[place].amount:g} "
                    f"and to {m.event.amount:g}", "Keep one of them"))  # fmt: skip
            seen[place] = m.event


def bring_to_best(built: Built, unit: str, indicator: str) -> Change:
    """The change of a normalised table ``(..., unit, indicator)`` that gives a unit the world's best value in one."""
    row, column = built.units.index(unit), built.pipeline.leaves.index(indicator)

    def apply(table: Array) -> Array:
        out = np.array(table, dtype=float)
        out[..., row, column] = np.nanmax(out[..., column], axis=-1)
        return out

    return apply
