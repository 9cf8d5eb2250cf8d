"""Ranks before and after events, on the same draws, with the most that such events could do at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np

from podium.data.dataset import Array
from podium.errors import EventError, Fault
from podium.index.aggregate import effective_weights
from podium.index.build import Built, build, scored
from podium.index.cut import inside
from podium.robustness.engine import Stress
from podium.scenarios.after import at_best
from podium.scenarios.breakeven import BreakEven, Enough, break_even, enough, headline, lever_for
from podium.scenarios.effects import Effects, bind, bring_to_best, edition_end
from podium.scenarios.events import Event
from podium.scenarios.ground import Ground, ground_of
from podium.scenarios.plans import counted_already, known_plans, site
from podium.scenarios.reason import Reason
from podium.scenarios.row import Desk, Row, Standing
from podium.scenarios.swap import MixSwap, WeightSwap, mix_swap, weight_swaps

__all__ = ["AGAIN", "BOUND", "DEAL", "PLANS", "Row", "Standing", "Step", "WhatIf", "asked", "whatif"]

DEAL, PLANS, BOUND = "this deal", "all plans known on the date", "the bound"
AGAIN = "this deal, all fitted anew"
Early = Literal["refuse", "leave out", "count"]


@dataclass(frozen=True)
class Step:
    """Nominal score and rank of one node of a unit before and after the events."""

    node: str
    before: float
    after: float
    rank_before: int
    rank_after: int


@dataclass(frozen=True)
class WhatIf:
    """A scenario with its bound, its refit, its break-even, and what it leaves out.

    ``events`` are those applied. ``rows`` are *this deal*, *all plans known on the date* and *the bound*. ``path``
    follows each unit that moves up the tree. ``refit`` gives score and rank of each unit in question where treatment
    and normalisation are fitted anew to the figures after the event; ``again`` is *this deal* on the same draws so.
    Bound, break-even and ``enough`` (what does it in a stated share of all draws) are told of the ``chaser``, against
    the other of the two; ``headline`` is what the vendor's claim for one machine is worth, and the chaser's lead if all
    counted so: a bound. ``mix`` and ``weights`` say where the two swap.
    """

    focal: str
    rival: str | None
    rank: int
    date: str
    events: tuple[Event, ...]
    rows: tuple[Row, ...]
    refit: Mapping[str, tuple[float, int]]
    break_even: tuple[BreakEven, ...]
    headroom: Mapping[str, float]
    unsized: tuple[Event, ...]
    outside: tuple[tuple[Event, str], ...]
    assumptions: tuple[str, ...]
    sites: tuple[Mapping[str, Any], ...]
    path: Mapping[str, tuple[Step, ...]]
    indicator: str | None = None
    enough: Enough | None = None
    headline: tuple[float, float] | None = None
    mix: MixSwap | None = None
    weights: tuple[WeightSwap, ...] = ()
    chaser: str | None = None
    again: Row | None = None

    @property
    def over(self) -> str | None:
        """Whom the chaser is to pass; None where there is no rival."""
        return None if self.rival is None else self.focal if self.chaser == self.rival else self.rival

    def row(self, name: str) -> Row | None:
        """The row of a name, or None."""
        return next((r for r in self.rows if r.name == name), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values."""
        return asdict(self)


def asked(
    built: Built, events: Sequence[Event], rank: int, *, focal: str | None, rival: str | None
) -> tuple[str, str | None]:
    """Return whom a scenario asks about where the user does not say: who stands on the wanted rank, and who moves.

    Where the one that moves holds that rank or a better one, it is set against its better neighbour, the first against
    the second.
    """
    kinds = ("accelerators", "indicator", "money")
    movers = [e.country for e in events if e.country in built.units and e.kind in kinds]
    place = {u: built.rank_of(u) for u in built.units if built.rank_of(u) == built.rank_of(u)}
    order = sorted(place, key=lambda u: (place[u], built.units.index(u)))
    rival = rival or next((u for u in movers if u != focal), None)
    if focal is None:
        focal = order[min(rank, len(order)) - 1]
        if rival is not None and place.get(rival, np.inf) <= place[focal]:
            at = order.index(rival)
            focal = order[at - 1] if at else order[min(1, len(order) - 1)]
    return focal, None if rival == focal else rival


def whatif(
    stress: Stress | Ground, events: Sequence[Event], *, date: str, rank: int, focal: str | None = None,
    rival: str | None = None, horizon: str | None = None, hindsight: bool = False, early: Early = "refuse",
    wanted: float = 0.9, indicator: str | None = None,
) -> WhatIf:  # fmt: skip
    """Return ranks before and after events on the draws of a stressed index.

    Imputation, treatment and normalisation stay as fitted before the events, and nobody counts as better than the
    world's best was: no row lies above the bound. In each draw the events count in the
    hardware convention that the draw takes for the stock. Whether an event happens is weighed, not drawn.

    Parameters
    ----------
    date
        ISO date: which events and plans were known, which accelerators an unnamed one may be.
    rank
        The rank that the focal unit wants.
    focal, rival
        Units; None takes who stands on the wanted rank, and whom the events move.
    horizon
        ISO month after which an event no longer counts; None counts all.
    hindsight
        Count plans and events that became public later too.
    early
        What becomes of an event before the end of the edition, whose figures should have it.
    wanted
        The share of all draws in which the chaser is to be ahead, for the number that would do.
    indicator
        The indicator of the bound and the break-even; None takes the one that the events change.

    Raises
    ------
    EventError
        If a unit or indicator is not in the index, an event cannot be applied or comes too early.
    """
    ground = ground_of(stress) if isinstance(stress, Stress) else stress
    built = ground.built
    for unit in (focal, rival):
        if unit is not None and unit not in built.units:
            raise EventError(Fault(f"{unit} is not in the index", f"Use one of {', '.join(built.units)}"))
    kept, left = _admitted(built, events, early)
    focal, rival = asked(built, kept, rank, focal=focal, rival=rival)
    effects = bind(built, kept, date, horizon=horizon, hindsight=hindsight)
    applied = tuple(m.event for m in effects.moves)
    desk = Desk(ground, focal, rival, rank, stress.error_root if isinstance(stress, Stress) else ())
    movers = tuple(dict.fromkeys(e.country for e in applied))
    after = _after(built, effects)
    rows = []
    if effects.moves:
        rows.append(desk.row(DEAL, effects, tuple(e.describe() for e in applied), movers, after, errors=True))
    plans, matched, said = known_plans(built, kept, date, hindsight=hindsight)
    if plans:
        together = bind(built, [*applied, *plans], date, horizon=horizon, hindsight=hindsight)
        rows.append(desk.row(PLANS, together, tuple(e.describe() for e in plans), movers, _after(built, together),
                             errors=False))  # fmt: skip
    unit, over = _roles(built, movers, focal, rival)
    found = None if unit is None else lever_for(built, unit, applied, date, indicator)
    leaf = found[0].leaf if found else None
    if unit is not None and leaf is not None:
        rows.append(_bound(desk, unit, leaf))
    result = WhatIf(
        focal, rival, rank, date, applied, tuple(rows), _refit(built, effects, desk.units),
        break_even(ground.sample.variants, focal=over or focal, rival=over and unit, events=applied, date=date,
                   indicator=indicator),
        _headroom(built, unit, leaf), effects.unsized, (*left, *effects.outside), (*said, *_notes(effects)),
        tuple(site(c) for c in matched), {u: _path(built, after, u) for u in movers}, leaf,
        chaser=unit, again=desk.fitted_anew(AGAIN, effects, movers) if effects.moves else None,
    )  # fmt: skip
    if rival is None or unit is None or over is None:
        return result
    more = replace(result, mix=mix_swap(built, focal, rival), weights=weight_swaps(built, focal, rival))
    if found is None or not found[0].each.any():
        return more
    lever, count = found
    start = count or _tenth(built, lever.leaf, unit)
    return replace(
        more, enough=enough(ground, focal=over, rival=unit, lever=lever, wanted=wanted, start=start,
                            best=desk.best or at_best(ground, unit, lever.leaf)),
        headline=headline(built, lever, over, count) if lever.whole and count else None,
    )  # fmt: skip


def _roles(built: Built, movers: Sequence[str], focal: str, rival: str | None) -> tuple[str | None, str | None]:
    """Whose number is told and whom it is to pass: whom the events move; where they move neither, who is behind."""
    if rival is None:
        return next((u for u in movers if u != focal), movers[0] if movers else None), None
    if (rival in movers) != (focal in movers):
        behind = rival in movers
    else:
        behind = not built.rank_of(rival) < built.rank_of(focal)
    return (rival, focal) if behind else (focal, rival)


def _admitted(
    built: Built, events: Sequence[Event], early: Early
) -> tuple[list[Event], list[tuple[Event, str]]]:
    """The events that come after the edition and tell of no site in its stock, and the others with the reason."""
    known = counted_already(built, events)
    left: list[tuple[Event, str]] = []
    left += [(e, Reason("the stock counts it already: {site}", site=c.name)) for e, c in known.items()]
    rest = [e for e in events if e not in known]
    end = edition_end(built)
    past = [e for e in rest if end is not None and e.online is not None and e.online <= end[:7]]
    if past and early == "refuse":
        raise EventError([
            Fault(f"{e.describe()} comes before the edition ends on {end}, whose figures should have it",
                  "Take an earlier --edition, or --force to add it all the same") for e in past
        ])  # fmt: skip
    if early == "leave out":
        left += [(e, Reason("before the edition ends on {end}", end=end)) for e in past]
        rest = [e for e in rest if e not in past]
    return rest, left


def _after(built: Built, effects: Effects) -> Built:
    """The index itself after all events, each with its first candidate machine, all steps as fitted before."""
    if not effects.moves:
        return built
    made = build(built.spec, dataset=built.dataset, values=effects.change(0)(built.dataset.values[-1]),
                 fitted=built.fitted)  # fmt: skip
    table = made.arrays["Normalised"]
    if made.units != built.units:
        return made
    kept = inside(table, built.arrays["Normalised"])
    return made if np.array_equal(kept, table, equal_nan=True) else _scored(built, kept)


def _bound(desk: Desk, unit: str, indicator: str) -> Row:
    """The row in which a unit has the world's best value of an indicator."""
    built = desk.ground.built
    table = bring_to_best(built, unit, indicator)(built.arrays["Normalised"])
    return desk.bound(BOUND, unit, indicator, _scored(built, table))


def _scored(built: Built, table: Array) -> Built:
    """The index with another normalised table, all else as it is."""
    return scored(built.spec, built.dataset, built.root, built.tree, built.pipeline, dict(built.arrays), table,
                  built.fitted)  # fmt: skip


def _refit(built: Built, effects: Effects, units: tuple[str, ...]) -> dict[str, tuple[float, int]]:
    """Score and rank of the units in question where everything is fitted anew after the events."""
    if not effects.moves:
        return {}
    again = build(built.spec, dataset=built.dataset, values=effects.change(0)(built.dataset.values[-1]))
    return {u: (again.score_of(u), int(again.rank_of(u))) for u in units if u in again.units}


def _path(before: Built, after: Built, unit: str) -> tuple[Step, ...]:
    """The nodes of a unit whose nominal score the events change, from the indicator up."""
    at = before.units.index(unit)
    a, b = before.score_table[at], after.score_table[at]
    ranks = before.rank_table[at], after.rank_table[at]
    moved = [k for k in range(len(a)) if a[k] != b[k] and b[k] == b[k]]
    return tuple(
        Step(before.tree.items[k], float(a[k]), float(b[k]),
             int(ranks[0][k]) if ranks[0][k] == ranks[0][k] else 0, int(ranks[1][k])) for k in moved
    )  # fmt: skip


def _headroom(built: Built, unit: str | None, indicator: str | None) -> dict[str, float]:
    """The arithmetic of the bound: points to the world's best on the indicator, its weight, their product."""
    if unit is None or indicator is None or indicator not in built.pipeline.leaves:
        return {}
    at = built.tree.items.index(indicator)
    column = built.arrays["Normalised"][:, built.pipeline.leaves.index(indicator)]
    weight = float(effective_weights(built.tree)[at])
    room = float(np.nanmax(column) - column[built.units.index(unit)])
    return {"points": room, "weight": weight, "product": room * weight}


def _tenth(built: Built, leaf: str, unit: str) -> float:
    """A tenth of a unit's figure, or of the world's mean, to begin a search with."""
    column = built.dataset.values[-1][:, int(built.pipeline.columns[built.pipeline.leaves.index(leaf)])]
    own = abs(float(column[built.dataset.units.index(unit)]))
    return 0.1 * (own if own > 0 else float(np.nanmean(np.abs(column))) or 1.0)


def _notes(effects: Effects) -> list[str]:
    notes: list[str] = []
    for m in effects.moves:
        if len(m.chips) > 1:
            whose, chips = m.event.label or m.event.country, ", ".join(m.chips)
            notes.append(Reason("{whose}: the machine is not named; any of {chips}", whose=whose, chips=chips))
        if m.chance < 1:
            form = "{event}: counts with probability {chance:.3g}"
            notes.append(Reason(form, event=m.event.describe(), chance=m.chance))
    return notes
