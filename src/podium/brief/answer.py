"""The answer to the headline: what follows from the numbers, before any words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from podium.brief import phrases, prospects
from podium.brief.headline import so_often
from podium.brief.outlook import Outlook
from podium.brief.story import Answer, PublishedEdition, Question
from podium.index.build import Built
from podium.robustness.engine import Stress
from podium.robustness.statistics import Probability, Share
from podium.scenarios.goals import Reach
from podium.scenarios.whatif import BOUND, DEAL, PLANS, Row, WhatIf

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Findings", "Hinge", "answer", "find"]

HARDLY, POSSIBLY, YES = 0.01, 0.10, 0.5
Brake = Literal["no", "hardly", "possibly", "yes", "already behind", "no event"]


@dataclass(frozen=True)
class Hinge:
    """The choice on which the goal turns most: its options with the shares of variants that reach the goal."""

    choice: str
    options: tuple[tuple[str, float], ...]
    indicator: str
    rank_without: float

    @property
    def spread(self) -> float:
        """How far the shares lie apart."""
        shares = [s for _, s in self.options]
        return max(shares) - min(shares) if shares else 0.0


@dataclass(frozen=True, eq=False)
class Findings:
    """Every number that the answer speaks of."""

    question: Question
    built: Built
    edition: str
    date: str
    draws: int
    rank: float
    interval: tuple[float, float]
    reaches: Share
    probability: Probability | None
    rival_rank: float | None
    rival_interval: tuple[float, float] | None
    ahead: Share | None
    deal: Row | None
    plans: Row | None
    bound: Row | None
    whatif: WhatIf | None
    needs: Counter[str]
    hinge: Hinge
    published: tuple[PublishedEdition, ...]
    brake: Brake
    goal: Reach | None = None
    outlook: Outlook | None = None


def find(
    question: Question, stress: Stress, whatif: WhatIf | None, published: tuple[PublishedEdition, ...], *, edition: str,
    date: str, goal: Reach | None = None, outlook: Outlook | None = None,
) -> Findings:  # fmt: skip
    """Return the findings of one article's question."""
    q, intervals = question, stress.intervals
    deal = whatif.row(DEAL) if whatif else None
    rival = q.rival if q.rival in stress.units else None
    ahead = stress.share_ahead(q.unit, rival) if rival else None
    return Findings(
        q, stress.built, edition, date, stress.draws, stress.built.rank_of(q.unit), _interval(intervals, q.unit),
        stress.share_at_most(q.unit, q.rank), stress.probability_at_most(q.unit, q.rank),
        stress.built.rank_of(rival) if rival else None, _interval(intervals, rival) if rival else None, ahead, deal,
        whatif.row(PLANS) if whatif else None, whatif.row(BOUND) if whatif else None, whatif,
        Counter(b.answer for b in whatif.break_even) if whatif else Counter(), hinge(stress, q.unit, q.rank), published,
        _verdict(q, deal) if q.asks != "brake" else _brake(deal, ahead, rival), goal, outlook,
    )  # fmt: skip


def _interval(intervals: pd.DataFrame, unit: str) -> tuple[float, float]:
    low, high = (float(intervals[q].to_dict()[unit]) for q in ("q05", "q95"))
    return low, high


def _brake(deal: Row | None, ahead: Share | None, rival: str | None) -> Brake:
    """What the announcements do; whoever is behind already is told so only where they lift the one ahead, and alone."""
    if deal is None:
        return "no event"
    lifted = {u for u, (_, _, high) in deal.lift.items() if high > 0}
    if ahead is not None and ahead.value < 0.5 and lifted == {rival}:
        return "already behind"
    shares = [s.value for s in (deal.order_changed, deal.goal_changed) if s is not None]
    most = max(shares)
    if most == 0:
        return "no"
    return "hardly" if most < HARDLY else "possibly" if most < YES else "yes"


def _verdict(q: Question, deal: Row | None) -> Brake:
    """How often what the headline asks is so after what is announced: yes where in most variants."""
    told = None if deal is None else so_often(q, deal)
    if told is None:
        return "no event"
    value = told[1].value
    return "yes" if value >= YES else "possibly" if value >= POSSIBLY else "hardly" if value >= HARDLY else "no"


def hinge(stress: Stress, unit: str, rank: int) -> Hinge:
    """Return the choice whose options lie farthest apart in reaching the rank, and the indicator that matters most.

    The indicator is the one without which the unit's nominal rank differs most from the one with it.
    """
    curve, best = stress.curve, Hinge("", (), "", stress.built.rank_of(unit))
    reached = curve[unit] <= rank
    for choice in stress.built.spec.uncertainties.choices:
        shares = tuple((o, float(reached[curve[choice.name] == o].mean())) for o in choice.options)
        candidate = Hinge(choice.name, shares, "", 0.0)
        if not best.choice or candidate.spread > best.spread:
            best = candidate
    at, nominal = stress.units.index(unit), stress.built.rank_of(unit)
    left = {code: float(r[at]) for code, r in stress.without.items() if len(r) == len(stress.units)}
    indicator = max(left, key=lambda c: abs(left[c] - nominal), default="")
    return Hinge(best.choice, best.options, indicator, left.get(indicator, nominal))


def answer(findings: Findings, languages: Sequence[str]) -> Answer:
    """Return the answer in words, in each of the languages."""
    return Answer(
        findings.brake,
        {lang: phrases.short(findings, lang) for lang in languages},
        {lang: phrases.paragraph(findings, lang) for lang in languages},
        {lang: phrases.hinge(findings, lang) for lang in languages},
        {lang: prospects.takes(findings, lang) for lang in languages},
        {lang: prospects.outlook(findings, lang) for lang in languages},
        {lang: phrases.unknown(findings, lang) for lang in languages},
    )
