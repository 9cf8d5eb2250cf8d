"""Events turned into changes of an index's figures: what moves, by how much, and what the index cannot see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import EventError, EvidenceError, Fault
from podium.hardware.accelerators import candidates
from podium.hardware.capacity import worth
from podium.index.build import Built
from podium.index.uncertainties import Effect
from podium.robustness.draws import Change
from podium.scenarios.events import Event

__all__ = ["Effects", "Happening", "Move", "bind", "bring_to_best", "draw_happenings"]


@dataclass(frozen=True, eq=False)
class Move:
    """One sized event bound to an index: ``delta[chip, series]`` is added to its unit's figures.

    ``chips`` are the candidates that the event leaves open, one where it names the machine. ``factor`` and
    ``setting`` ``(series,)`` multiply or replace figures; NaN where they leave them.
    """

    event: Event
    row: int
    chips: tuple[str, ...]
    delta: Array
    factor: Array
    setting: Array


@dataclass(frozen=True, eq=False)
class Effects:
    """What a set of events does to one index: moves, unsized events, and events that no effect covers (why)."""

    moves: tuple[Move, ...]
    unsized: tuple[Event, ...]
    outside: tuple[tuple[Event, str], ...]

    @property
    def chips(self) -> int:
        """The largest number of candidate machines of any move."""
        return max((len(m.chips) for m in self.moves), default=1)

    def change(self, chip: int) -> Change:
        """The change of figures ``(..., unit, series)`` if every event happens with its k-th candidate machine."""

        def apply(values: Array) -> Array:
            out = values.copy()
            for m in self.moves:
                out[..., m.row, :] = _moved(out[..., m.row, :], m, m.delta[min(chip, len(m.chips) - 1)])
            return out

        return apply


def _moved(figures: Array, move: Move, delta: Array) -> Array:
    """The figures ``(..., series)`` after a move; a missing figure that gains something starts from zero."""
    start = np.where((delta != 0) & np.isnan(figures), 0.0, figures)
    start = np.where(np.isnan(move.setting), start, move.setting)
    return np.asarray(start * np.where(np.isnan(move.factor), 1.0, move.factor) + delta)


def bind(built: Built, events: Sequence[Event], date: str, *, horizon: str | None = None) -> Effects:
    """Return what the events do to an index.

    Parameters
    ----------
    date
        ISO date; an unnamed accelerator is one of those on sale or announced then.
    horizon
        ISO month; an event online later is left outside. None counts every event whenever it comes.

    Raises
    ------
    EventError
        If an `indicator` event names an indicator that the index lacks, or a machine is unknown.
    """
    moves: list[Move] = []
    unsized: list[Event] = []
    outside: list[tuple[Event, str]] = []
    effects: dict[str, Effect] = {e.kind: e for e in built.spec.effects}
    for event in events:
        effect = effects.get(event.kind) if event.kind != "indicator" else None
        if event.status == "cancelled":
            outside.append((event, "cancelled"))
        elif event.kind != "indicator" and effect is None:
            outside.append((event, f"no indicator of the index counts {event.kind}"))
        elif event.country not in built.units:
            outside.append((event, f"{event.country} is not in the index"))
        elif not event.sized:
            unsized.append(event)
        elif horizon is not None and event.online is not None and event.online > horizon:
            outside.append((event, f"comes after {horizon}"))
        else:
            moves.append(_hardware(built, event, effect, date) if effect else _indicator(built, event))
    return Effects(tuple(moves), tuple(unsized), tuple(outside))


def _hardware(built: Built, event: Event, effect: Effect, date: str) -> Move:
    series = built.dataset.indicators
    chips = event.systems or candidates(date)
    delta = np.zeros((len(chips), len(series)))
    for measure, convention in effect.conventions.items():
        if measure in series:
            at = series.index(measure)
            delta[:, at] = [(event.count or 0.0) * _worth(c, convention) for c in chips]
    nothing = np.full(len(series), np.nan)
    return Move(event, built.dataset.units.index(event.country), tuple(chips), delta, nothing, nothing)


def _worth(name: str, convention: str) -> float:
    try:
        return worth(name, convention)
    except EvidenceError as error:
        raise EventError(error.faults) from None


def _indicator(built: Built, event: Event) -> Move:
    series = built.dataset.indicators
    if event.indicator not in series:
        raise EventError(Fault(f"the index has no indicator {event.indicator!r}",
                               f"Use one of {', '.join(built.pipeline.leaves)}"))  # fmt: skip
    at = series.index(event.indicator)
    delta, factor, setting = np.zeros((1, len(series))), np.full(len(series), np.nan), np.full(len(series), np.nan)
    if event.change == "add":
        delta[0, at] = event.amount or 0.0
    else:
        (factor if event.change == "multiply" else setting)[at] = event.amount
    return Move(event, built.dataset.units.index(event.country), ("",), delta, factor, setting)


def bring_to_best(built: Built, unit: str, indicator: str) -> Change:
    """The change of a normalised table ``(..., unit, indicator)`` that gives a unit the world's best value in one."""
    row, column = built.units.index(unit), built.pipeline.leaves.index(indicator)

    def apply(table: Array) -> Array:
        out = np.array(table, dtype=float)
        out[..., row, column] = np.nanmax(out[..., column], axis=-1)
        return out

    return apply


@dataclass(frozen=True, eq=False)
class Happening:
    """What happens in each error draw: ``happens``, ``chip``, ``size`` (share of the stated count); (draw, move)."""

    happens: npt.NDArray[np.bool_]
    chip: npt.NDArray[np.intp]
    size: Array

    def change(self, effects: Effects, limit: int | None = None) -> Change:
        """The change of figures ``(draw, unit, series)`` of the first `limit` draws."""

        def apply(values: Array) -> Array:
            out = values.copy()
            for k, m in enumerate(effects.moves):
                on = np.flatnonzero(self.happens[:limit, k])
                delta = m.delta[self.chip[on, k]] * self.size[on, k, None]
                out[on, m.row, :] = _moved(out[on, m.row, :], m, delta)
            return out

        return apply


def draw_happenings(effects: Effects, draws: int, rng: np.random.Generator, *, horizon: str | None = None) -> Happening:
    """Return which events happen, with which machine and size, in each of so many draws.

    An event happens with its probability, if its delay (uniform over its months) keeps it within the horizon; its
    machine is any of the candidates alike, its size uniform between its bounds.
    """
    n = len(effects.moves)
    happens, chip, size = np.ones((draws, n), bool), np.zeros((draws, n), np.intp), np.ones((draws, n))
    for k, m in enumerate(effects.moves):
        e = m.event
        happens[:, k] = rng.random(draws) < e.probability
        chip[:, k] = rng.integers(0, len(m.chips), draws)
        spread, late = rng.random(draws), rng.random(draws)
        if e.low is not None and e.high is not None and e.count:
            size[:, k] = (e.low + (e.high - e.low) * spread) / e.count
        if horizon is not None and e.online is not None:
            months = _months(e.online) + e.delay[0] + (e.delay[1] - e.delay[0]) * late
            happens[:, k] &= months <= _months(horizon)
    return Happening(happens, chip, size)


def _months(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:7])
