"""Ranks before and after events, on the same draws, with the most that such events could do at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from podium.data.dataset import Array
from podium.errors import EventError, Fault
from podium.hardware.sites import Cluster, coming
from podium.index.aggregate import effective_weights, tree_scores
from podium.index.build import Built, build
from podium.index.rank import ranks
from podium.robustness import statistics
from podium.robustness.draws import Draws, error_scores, scores
from podium.robustness.engine import Stress
from podium.robustness.statistics import Probability, Share
from podium.scenarios.breakeven import BreakEven, break_even
from podium.scenarios.effects import Effects, bind, bring_to_best, draw_happenings
from podium.scenarios.events import Event

__all__ = ["Row", "Standing", "WhatIf", "whatif"]


@dataclass(frozen=True)
class Standing:
    """Nominal score and rank of one unit, and its share and probability of reaching the wanted rank."""

    score: float
    rank: int
    share: Share
    probability: Probability | None


@dataclass(frozen=True)
class Row:
    """One scenario: each unit in question before and after, on the same draws.

    ``lift`` holds the 5 %, 50 % and 95 % quantile of the paired change of the mover's score, ``gap`` those of
    focal minus rival after the event. ``order_changed`` and ``goal_changed`` are the shares of draws in which the
    order of the two, and whether the focal unit reaches the wanted rank, are no longer what they were.
    """

    name: str
    events: tuple[str, ...]
    before: Mapping[str, Standing]
    after: Mapping[str, Standing]
    lift: Mapping[str, tuple[float, float, float]]
    goal_changed: Share
    gap_before: tuple[float, float, float] | None = None
    gap_after: tuple[float, float, float] | None = None
    ahead_before: Share | None = None
    ahead_after: Share | None = None
    order_changed: Share | None = None


@dataclass(frozen=True)
class WhatIf:
    """A scenario with its bound, its refit, its break-even, and what it leaves out.

    ``events`` are those applied. ``rows`` are *this deal*, *all plans known on the date* and *the bound*. ``refit``
    gives score and rank of each unit in question where treatment and normalisation are fitted anew to the figures
    after the event.
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

    def row(self, name: str) -> Row | None:
        """The row of a name, or None."""
        return next((r for r in self.rows if r.name == name), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values."""
        return asdict(self)


DEAL, PLANS, BOUND = "this deal", "all plans known on the date", "the bound"


def whatif(
    stress: Stress, events: Sequence[Event], *, focal: str, rank: int, date: str, rival: str | None = None,
    horizon: str | None = None, hindsight: bool = False,
) -> WhatIf:  # fmt: skip
    """Return ranks before and after events on the draws of a stressed index.

    Imputation, treatment and normalisation stay as fitted before the events. In each draw the events count in the
    hardware convention that the draw takes for the stock.

    Parameters
    ----------
    focal, rival
        Units; without a rival, the bound is that of the unit the events move.
    rank
        The rank that the focal unit wants.
    date
        ISO date of the article: which plans were known, which accelerators an unnamed one may be.
    horizon
        ISO month after which an event no longer counts; None counts all.
    hindsight
        Count plans of later dates too.

    Raises
    ------
    EventError
        If a unit is not in the index, or an event cannot be applied.
    """
    built = stress.built
    for unit in (focal, rival):
        if unit is not None and unit not in built.units:
            raise EventError(Fault(f"{unit} is not in the index", f"Use one of {', '.join(built.units)}"))
    effects = bind(built, events, date, horizon=horizon)
    desk = _Desk(stress, focal, rival, rank, horizon)
    rows, sites, notes = [], [], _notes(effects)
    movers = tuple(dict.fromkeys(m.event.country for m in effects.moves))
    if effects.moves:
        rows.append(desk.row(DEAL, effects, tuple(m.event.describe() for m in effects.moves), movers, errors=True))
    plans, matched, said = _plans(built, events, date, hindsight=hindsight)
    notes += said
    sites += [_site(c) for c in matched]
    if plans:
        together = bind(built, [*(m.event for m in effects.moves), *plans], date)
        rows.append(desk.row(PLANS, together, tuple(e.describe() for e in plans), movers))
    bound_unit = rival or next((u for u in movers if u != focal), movers[0] if movers else None)
    indicator = next((e.indicator for e in built.spec.effects if e.kind == "accelerators"), None)
    if bound_unit is not None and indicator in built.pipeline.leaves:
        rows.append(desk.bound(bound_unit, str(indicator)))
    return WhatIf(
        focal, rival, rank, date, tuple(m.event for m in effects.moves), tuple(rows),
        _refit(built, effects, desk.units),
        break_even(built, focal=focal, rival=rival, events=[m.event for m in effects.moves], date=date),
        _headroom(built, bound_unit, indicator), effects.unsized,
        effects.outside, tuple(notes), tuple(sites),
    )  # fmt: skip


class _Desk:
    """The draws before the events, and what is asked of them."""

    def __init__(self, stress: Stress, focal: str, rival: str | None, rank: int, horizon: str | None) -> None:
        self.stress, self.rank, self.horizon = stress, rank, horizon
        self.focal, self.rival = focal, rival
        self.units = tuple(u for u in (focal, rival) if u is not None)
        self.at = {u: stress.units.index(u) for u in stress.units}

    def row(
        self, name: str, effects: Effects, events: tuple[str, ...], movers: tuple[str, ...], *, errors: bool = False
    ) -> Row:
        """A row of events that change figures; where the machine is open, each candidate in turn."""
        drawn = self.stress.sample
        rng = np.random.default_rng([self.stress.seed, 1])
        chip = rng.integers(0, effects.chips, self.stress.draws)
        each = [scores(drawn, effects.change(k)) for k in range(effects.chips)]
        after = np.stack(each)[chip, np.arange(self.stress.draws)]
        pairs = self._under_errors(effects, drawn) if errors else []
        table, _ = self.stress.built.pipeline.normalised(
            effects.change(0)(self.stress.built.dataset.values[-1]), self.stress.built.fitted
        )
        nominal = _nominal(self.stress.built, table)
        units = tuple(dict.fromkeys((*self.units, *movers)))
        return self._row(name, events, units, after, nominal, pairs)

    def _under_errors(self, effects: Effects, drawn: Draws) -> list[tuple[Array, Array]]:
        if drawn.figures is None:
            return []
        n = len(drawn.figures)
        rng = np.random.default_rng([self.stress.seed, 2])
        happening = draw_happenings(effects, n, rng, horizon=self.horizon)
        out = []
        for k in range(len(drawn.variants)):
            limit = None if k == drawn.nominal else len(self.stress.error_root[k])
            out.append(error_scores(drawn, k, happening.change(effects, limit), limit=limit))
        return out

    def bound(self, unit: str, indicator: str) -> Row:
        """The row in which a unit has the world's best value of an indicator."""
        built = self.stress.built
        best = bring_to_best(built, unit, indicator)
        after = scores(self.stress.sample, raise_to=best)
        table, _ = built.pipeline.normalised(built.dataset.values[-1], built.fitted)
        units = tuple(dict.fromkeys((*self.units, unit)))
        event = (f"{unit}: {indicator} at the world's best",)
        return self._row(BOUND, event, units, after, _nominal(built, best(table)), [])

    def _row(
        self, name: str, events: tuple[str, ...], units: tuple[str, ...], after: Array, nominal: Array,
        pairs: list[tuple[Array, Array]],
    ) -> Row:  # fmt: skip
        before, was = self.stress.score_draws, self.stress.rank_draws
        now = ranks(after)
        nominal_ranks = ranks(nominal)
        placed = [(ranks(a), ranks(b)) for a, b in pairs]
        standing_before = {u: self._standing(u, was, [p[0] for p in pairs]) for u in units}
        standing_after = {
            u: self._standing(u, now, [p[1] for p in placed], (nominal[self.at[u]], nominal_ranks[self.at[u]]))
            for u in units
        }
        f = self.at[self.focal]
        goal = (was[:, f] <= self.rank) != (now[:, f] <= self.rank)
        lift = {u: _three(after[:, self.at[u]] - before[:, self.at[u]]) for u in units}
        row = Row(name, events, standing_before, standing_after, lift, statistics.share(goal.astype(float)))
        return row if self.rival is None else self._with_pair(row, before, after, f, self.at[self.rival])

    def _with_pair(self, row: Row, before: Array, after: Array, f: int, r: int) -> Row:
        was, now = statistics.ahead(before, f, r), statistics.ahead(after, f, r)
        return replace(
            row, gap_before=_three(before[:, f] - before[:, r]), gap_after=_three(after[:, f] - after[:, r]),
            ahead_before=statistics.share(was), ahead_after=statistics.share(now),
            order_changed=statistics.share((was != now).astype(float)),
        )  # fmt: skip

    def _standing(
        self, unit: str, drawn: Array, placed: list[Array], nominal: tuple[float, float] | None = None
    ) -> Standing:
        at, built = self.at[unit], self.stress.built
        score, place = nominal or (built.score_table[at, -1], built.rank_table[at, -1])
        hits = [(p[:, at] <= self.rank).astype(float) for p in placed]
        probability = None
        if hits:
            means, k = [float(h.mean()) for h in hits], self.stress.sample.nominal
            p, n = means[k], len(hits[k])
            probability = Probability(p, min(means), max(means), float(np.sqrt(p * (1 - p) / n)), n)
        share = statistics.share((drawn[:, at] <= self.rank).astype(float))
        return Standing(float(score), int(place), share, probability)


def _nominal(built: Built, table: Array) -> Array:
    return np.asarray(tree_scores(built.tree, table, units=built.units)[..., -1])


def _three(x: Array) -> tuple[float, float, float]:
    low, middle, high = np.quantile(x, (0.05, 0.5, 0.95))
    return float(low), float(middle), float(high)


def _refit(built: Built, effects: Effects, units: tuple[str, ...]) -> dict[str, tuple[float, int]]:
    """Score and rank of the units in question where everything is fitted anew after the events."""
    if not effects.moves:
        return {}
    again = build(built.spec, dataset=built.dataset, values=effects.change(0)(built.dataset.values[-1]))
    return {u: (again.score_of(u), int(again.rank_of(u))) for u in units if u in again.units}


def _headroom(built: Built, unit: str | None, indicator: str | None) -> dict[str, float]:
    """The arithmetic of the bound: points to the world's best on the indicator, its weight, their product."""
    if unit is None or indicator is None or indicator not in built.pipeline.leaves:
        return {}
    at = built.tree.items.index(indicator)
    column = built.score_table[:, at]
    weight = float(effective_weights(built.tree)[at])
    room = float(np.nanmax(column) - column[built.units.index(unit)])
    return {"points": room, "weight": weight, "product": room * weight}


def _plans(
    built: Built, events: Sequence[Event], date: str, *, hindsight: bool
) -> tuple[list[Event], list[Cluster], list[str]]:
    """All countries' recorded plans as one event a country, those of the article left out."""
    if not any(e.kind == "accelerators" for e in built.spec.effects):
        return [], [], []
    edition = built.spec.current()
    end = edition.last_day() if edition else date
    held, unknown = coming(end, "9999" if hindsight else date)
    told = [e for e in events if e.kind == "accelerators"]
    matched = [c for c in held if any(_is_told(c, e) for e in told)]
    totals: dict[str, float] = {}
    sizes: dict[str, int] = {}
    for c in held:
        if c not in matched and c.h100_equivalents and c.country in built.units:
            totals[c.country] = totals.get(c.country, 0.0) + c.h100_equivalents
            sizes[c.country] = sizes.get(c.country, 0) + 1
    plans = [
        Event("accelerators", country, round(total, 1), ("NVIDIA H100 SXM5 80GB",), status="planned",
              label=f"{sizes[country]} sites") for country, total in sorted(totals.items())
    ]  # fmt: skip
    note = (f"plans are the clusters of Epoch AI that come after {end} and whose source is dated "
            f"{'at all' if hindsight else 'by ' + date}; {unknown} others have no such source and are not counted; "
            "their sizes are those recorded today, by their 8-bit worth in every convention")  # fmt: skip
    return plans, matched, [note] if plans else []


def _is_told(c: Cluster, e: Event) -> bool:
    """Whether a recorded site is the one that the article tells of: same country, and its owner's name."""
    label = e.label.casefold()
    owner = c.owner.casefold()
    return c.country == e.country and bool(label) and bool(owner) and (owner in label or label in owner)


def _site(c: Cluster) -> dict[str, Any]:
    return {"name": c.name, "country": c.country, "status": c.status, "h100_equivalents": c.h100_equivalents,
            "source": c.url}  # fmt: skip


def _notes(effects: Effects) -> list[str]:
    notes = []
    for m in effects.moves:
        if len(m.chips) > 1:
            notes.append(f"{m.event.label or m.event.country}: the machine is not named; any of {', '.join(m.chips)}")
        if m.event.probability < 1:
            notes.append(f"{m.event.describe()}: happens with probability {m.event.probability:g}")
    return notes
