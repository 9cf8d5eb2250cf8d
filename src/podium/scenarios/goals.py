"""What it takes: the least effort that brings a unit to a rank, or the proof that none within bounds does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from podium.data.dataset import Array
from podium.errors import EventError, Fault
from podium.index.build import Built, among_all, build
from podium.index.cut import ALONE, alone
from podium.index.methods import METHODS
from podium.index.spec import Spec
from podium.index.uncertainties import LeverRule
from podium.scenarios.ground import lay_ground
from podium.scenarios.limits import Reins, history, reins
from podium.scenarios.plan import Planner
from podium.scenarios.race import Race

__all__ = ["Certificate", "Plan", "Pull", "Reach", "reach"]

Status = Literal["already there", "reached", "infeasible", "not found"]
DOWN = 0.99


@dataclass(frozen=True)
class Pull:
    """One lever of a plan, in the indicator's unit; ``at_bound`` says that it goes as far as its ``bound`` allows."""

    indicator: str
    unit: str
    before: float
    after: float
    change: float
    effort: float
    bound: str
    limit: float
    at_bound: bool


@dataclass(frozen=True)
class Plan:
    """A plan, with what a full re-build says of it.

    ``score`` and ``rank`` are those of the re-built index, steps as fitted before; ``refit_rank`` where they are fitted
    anew. ``share`` is the share of draws over choices in which it reaches the rank. ``less_share`` and ``less_rank``
    are those of 99 % of every change; the plan is ``tight`` where that much fails, in the index itself or in the share
    of draws. ``proved`` says that no plan on the tabulated grid takes less effort.
    """

    pulls: tuple[Pull, ...]
    effort: float
    score: float
    rank: int
    share: float
    refit_rank: int
    less_share: float
    less_rank: int
    proved: bool
    tight: bool = False


@dataclass(frozen=True)
class Certificate:
    """The best that all levers together can do at their bounds, against what the rank needs.

    No lever's rise lowers the score, so no plan within bounds does better: ``proved``. ``score`` and ``needed`` are
    those of the index itself, ``needed`` the score of ``rival``; ``share`` is the share of draws that reach the rank
    then. ``unhurried`` is that share if levers were bound by the best seen alone, whatever the time.
    """

    score: float
    needed: float
    rival: str
    rank: int
    share: float
    unhurried: float
    proved: bool


@dataclass(frozen=True)
class Reach:
    """What it takes for a unit to reach a rank in a stated share of draws and in the index itself.

    ``cheapest`` takes the least effort, ``sparsest`` the fewest levers and among those the least effort. ``binding``
    names what keeps the plan, or the unit, from doing better. ``least`` is an effort that no plan can go below.
    """

    unit: str
    rank: int
    wanted: float
    years: float
    status: Status
    score_now: float
    rank_now: int
    share_now: float
    effort_in: str
    cheapest: Plan | None
    sparsest: Plan | None
    certificate: Certificate
    binding: tuple[str, ...]
    least: float | None
    levers: tuple[Reins, ...]
    notes: tuple[str, ...]
    draws: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values."""
        return asdict(self)


def reach(
    spec: Spec | Built, *, unit: str, rank: int, share: float = 0.9, years: float = 3.0, draws: int = 1000,
    seed: int = 1, levers: Sequence[str | LeverRule] = (), others: Array | None = None,
) -> Reach:  # fmt: skip
    """Return the least effort that brings a unit to a rank, or the proof that none within bounds does.

    Only levers change, each towards the better: no further than the best figure seen, and in each year by no more than
    the 90th percentile of all yearly changes that the figures hold, in the scale in which the index reads them. Steps
    stay as fitted before. Effort adds up over levers: their declared costs, or standard deviations over units.

    Parameters
    ----------
    unit, rank
        Who wants to be at most what.
    share
        Share of the draws over all declared choices in which the plan must hold, beside the index itself.
    years
        How many years there are.
    draws, seed
        The draws over choices and weights.
    levers
        Indicators that can be changed; empty takes those the specification declares, or all where it declares none.
    others
        Figures ``(unit, series)`` of all units at the horizon, such as a forecast's; None freezes them.

    Raises
    ------
    EventError
        If the unit, the rank or a lever is not there, or costs are declared for some levers only.
    """
    built = among_all(spec if isinstance(spec, Built) else build(spec))
    _check(built, unit, rank, share, years)
    rules, notes = _rules(built, levers)
    held = reins(built, unit, rules, years, past := history(built.spec, built.dataset))
    notes += _said(held, rules, past is not None)
    notes.append("the other units stay as they are" if others is None else "the other units move as projected")
    ground = lay_ground(built, draws=draws, seed=seed, error_draws=0)
    race = Race(built, ground.sample, unit, rank, held, None if others is None else _no_worse(built, others))
    planner = Planner(race, share)
    fine, now, _ = race.holds(planner.start, share)
    certificate = _certificate(race, planner, share)
    cheapest = sparsest = None
    least = 0.0 if fine else None
    status: Status = "already there"
    if not fine:
        end_fine, _, _ = race.holds(planner.end, share)
        status = "reached" if end_fine else "infeasible" if certificate.proved else "not found"
    if status == "reached":
        (point, proved), least = planner.cheapest(), planner.lower()
        cheapest = _plan(race, planner, point, share, proved)
        few, proved = planner.sparsest()
        sparsest = _plan(race, planner, few, share, proved)
        if sparsest.effort < cheapest.effort:  # a sparse plan may be the cheapest found
            cheapest = sparsest
    return Reach(
        unit, rank, share, years, status, built.score_of(unit), int(built.rank_of(unit)), now,
        "declared costs" if held[0].cost is not None else "standard deviations", cheapest, sparsest, certificate,
        _binding(race, cheapest, held, share), least, held, tuple(notes), draws, seed,
    )  # fmt: skip


def _check(built: Built, unit: str, rank: int, share: float, years: float) -> None:
    faults = []
    if unit not in built.units:
        faults.append(Fault(f"{unit} is not in the index", f"Use one of {', '.join(built.units)}"))
    elif built.score_of(unit) != built.score_of(unit):
        faults.append(Fault(f"{unit} has no score: too little data", "Ask for another unit"))
    if not 1 <= rank <= len(built.units):
        faults.append(Fault(f"rank {rank} is none of {len(built.units)} units", "Give a rank from 1 on"))
    if not 0 < share <= 1:
        faults.append(Fault(f"the share is {share:g}", "Give a share over 0 and up to 1"))
    if not years > 0:
        faults.append(Fault(f"the horizon is {years:g} years", "Give more than none"))
    if faults:
        raise EventError(faults)


def _no_worse(built: Built, others: Array) -> Array:
    """Projected figures, none worse than the edition's worst: beyond it a geometric mean as fitted has no value."""
    out, base = np.array(others, dtype=float), built.dataset.values[-1]
    for column, sign in zip(built.pipeline.columns, built.pipeline.direction, strict=True):
        out[:, column] = sign * np.fmax(sign * out[:, column], np.nanmin(sign * base[:, column]))
    return np.where(np.isnan(others), np.nan, out)


def _rules(built: Built, levers: Sequence[str | LeverRule]) -> tuple[list[LeverRule], list[str]]:
    """The levers asked for, as the specification declares them, and what to say of that."""
    declared = {r.indicator: r for r in built.spec.levers}
    if levers:
        rules = [declared.get(x, LeverRule(indicator=x)) if isinstance(x, str) else x for x in levers]
        notes: list[str] = []
    elif declared:
        rules, notes = list(declared.values()), []
    else:
        rules = [LeverRule(indicator=c) for c in built.pipeline.leaves]
        notes = ["the specification declares no `levers`: every indicator counts as one"]
    priced = [r.indicator for r in rules if r.cost is not None]
    if priced and len(priced) < len(rules):
        lacking = [r.indicator for r in rules if r.cost is None]
        raise EventError(Fault(f"levers {', '.join(lacking)} have no cost, {', '.join(priced)} have one",
                               "Declare a `cost` for every lever, or for none", *built.spec.at("levers")))  # fmt: skip
    return rules, notes


def _said(held: Sequence[Reins], rules: Sequence[LeverRule], past: bool) -> list[str]:
    out = []
    lost = [r.indicator for r in rules if r.indicator not in {h.leaf for h in held}]
    if lost:
        out.append(f"no figure, so no lever: {', '.join(lost)}")
    free = [h.leaf for h in held if h.rate is None]
    if free:
        why = "too little history" if past else "the tables hold one year only"
        out.append(f"how fast it changes is not known ({why}), bound by the best seen alone: {', '.join(free)}")
    return out


def _monotone(race: Race) -> bool:
    """Whether no lever's rise can lower the unit's margin, in any variant."""
    return race.apart and all(
        alone(h.built.tree) and all(METHODS[g.method].monotone for g in h.built.tree.groups)
        and all(s.method in ALONE for s in h.built.pipeline.scalings) and bool((h.built.tree.weights >= 0).all())
        for h in race.heats
    )  # fmt: skip


def _rebuilt(race: Race, point: Array, *, refit: bool = False) -> Built:
    """The index with the unit's levers at some place, re-built from its figures."""
    values = np.array(race.values)
    values[race.row] = race.figures(point[None])[0]
    own = race.built
    return build(own.spec, dataset=own.dataset, values=values, fitted=None if refit else own.fitted)


def _certificate(race: Race, planner: Planner, share: float) -> Certificate:
    top = _rebuilt(race, planner.end)
    others = [u for u in sorted(top.units, key=top.rank_of) if u != race.unit and top.rank_of(u) == top.rank_of(u)]
    rival = others[min(race.rank, len(others)) - 1] if others else ""
    best = np.array([r.best if r.sign * (r.best - r.start) > 0 else r.start for r in race.levers])
    return Certificate(
        top.score_of(race.unit), top.score_of(rival) if rival else float("nan"), rival, int(top.rank_of(race.unit)),
        race.holds(planner.end, share)[1], race.holds(best, share)[1], _monotone(race),
    )  # fmt: skip


def _plan(race: Race, planner: Planner, point: Array, share: float, proved: bool) -> Plan:
    made, again = _rebuilt(race, point), _rebuilt(race, point, refit=True)
    less = planner.start + DOWN * (point - planner.start)
    smaller = _rebuilt(race, less)
    _, reached, _ = race.holds(point, share)
    holds, part, _ = race.holds(less, share)
    efforts = planner.efforts(point)
    pulls = tuple(
        Pull(r.leaf, r.unit, r.start, float(x), float(x - r.start), float(e), r.bound, r.end,
             bool(abs(x - r.end) <= 1e-9 * max(abs(r.end - r.start), 1e-300)))
        for r, x, e in zip(race.levers, point, efforts, strict=True) if x != r.start
    )  # fmt: skip
    return Plan(
        pulls, float(sum(p.effort for p in pulls)), made.score_of(race.unit), int(made.rank_of(race.unit)), reached,
        int(again.rank_of(race.unit)) if race.unit in again.units else 0, part, int(smaller.rank_of(race.unit)), proved,
        not holds,
    )  # fmt: skip


def _binding(race: Race, plan: Plan | None, held: Sequence[Reins], share: float) -> tuple[str, ...]:
    """What keeps a plan from being smaller: limits of levers, the index itself or the share of draws."""
    if plan is None:
        return tuple(f"{r.leaf}: {r.bound} ({r.end:.6g} {r.unit})".replace(" )", ")") for r in held)
    out = [f"{p.indicator}: {p.bound} ({p.limit:.6g} {p.unit})".replace(" )", ")") for p in plan.pulls if p.at_bound]
    if plan.less_share < share <= plan.share:
        out.append(f"the rank in {100 * share:g} % of the draws")
    if plan.less_rank > race.rank:
        out.append("the rank in the index itself")
    return tuple(out)
