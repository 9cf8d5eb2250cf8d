"""One scenario's line: every unit in question before and after, on the same draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from podium.data.dataset import Array
from podium.index.build import Built
from podium.index.rank import ranks
from podium.robustness import statistics
from podium.robustness.statistics import Probability, Share
from podium.scenarios.after import Block, all_happen, at_best, blocks, draw_lots, error_blocks
from podium.scenarios.effects import Effects
from podium.scenarios.ground import Ground, ordered
from podium.scenarios.integrate import Paired, ahead, at_most, paired
from podium.scenarios.refit import refitted

__all__ = ["Desk", "Row", "Standing"]

CHOICES, ERRORS = 1, 2
"""Streams of randomness for machines and sizes."""


@dataclass(frozen=True)
class Standing:
    """Nominal score and rank of one unit, and its share and probability of reaching the wanted rank.

    ``share`` takes every event as happening, ``expected`` weighs what may happen by its probability; so does
    ``probability``, which is over random errors.
    """

    score: float
    rank: int
    share: Share
    probability: Probability | None
    expected: float = 0.0


@dataclass(frozen=True)
class Row:
    """One scenario: each unit in question before and after, on the same draws.

    ``lift`` holds the 5 %, 50 % and 95 % quantile of the paired change of each unit's score, ``gap_before`` and
    ``gap_after`` those of focal minus rival. ``order_changed`` and ``goal_changed`` are the shares of draws in which
    the order of the two, and whether the focal unit reaches the wanted rank, are no longer what they were; ``order``
    and ``goal`` count them by direction.
    """

    name: str
    events: tuple[str, ...]
    before: Mapping[str, Standing]
    after: Mapping[str, Standing]
    lift: Mapping[str, tuple[float, float, float]]
    goal_changed: Share
    goal: Paired
    gap_before: tuple[float, float, float] | None = None
    gap_after: tuple[float, float, float] | None = None
    ahead_before: Share | None = None
    ahead_after: Share | None = None
    ahead_expected: float | None = None
    order_changed: Share | None = None
    order: Paired | None = None


Pair = tuple[Array, list[Block]]


class Desk:
    """The draws before the events, and what is asked of them."""

    def __init__(self, ground: Ground, focal: str, rival: str | None, rank: int, before: Sequence[Array] = ()) -> None:
        self.ground, self.rank, self.focal, self.rival = ground, rank, focal, rival
        self.units = tuple(u for u in (focal, rival) if u is not None)
        self.at = {u: k for k, u in enumerate(ground.built.units)}
        self.before = before
        self.best: Block | None = None

    def row(
        self, name: str, effects: Effects, events: tuple[str, ...], movers: tuple[str, ...], after: Built, *,
        errors: bool,
    ) -> Row:  # fmt: skip
        """The row of events that change figures; `after` is the index itself after them."""
        g = self.ground
        parts = blocks(g, effects, draw_lots(effects, g.draws, g.seed, CHOICES))
        units = tuple(dict.fromkeys((*self.units, *movers)))
        return self._row(name, events, units, parts, after, self._pairs(effects) if errors else [])

    def bound(self, name: str, unit: str, indicator: str, after: Built) -> Row:
        """The row of a unit with the world's best value of an indicator; `after` is the index itself then."""
        part = self.best = at_best(self.ground, unit, indicator)
        units = tuple(dict.fromkeys((*self.units, unit)))
        return self._row(name, (f"{unit}: {indicator} at the world's best",), units, [part], after, [])

    def fitted_anew(self, name: str, effects: Effects, movers: tuple[str, ...]) -> Row | None:
        """The row of events with every step fitted anew after them; None where other units remain then.

        Every event happens with its first candidate machine and its stated size.
        """
        scored = refitted(self.ground, effects)
        if scored is None:
            return None
        after, part = scored
        return self._row(name, (), tuple(dict.fromkeys((*self.units, *movers))), [part], after, [])

    def _pairs(self, effects: Effects) -> list[Pair]:
        g = self.ground
        if g.sample.figures is None or not any(g.error_draws):
            return []
        lots = draw_lots(effects, max(g.error_draws), g.seed, ERRORS)
        known: list[Array | None] = list(self.before) or [None] * len(g.sample.variants)
        return [error_blocks(g, k, effects, lots, known[k]) for k in range(len(g.sample.variants))]

    def _row(
        self, name: str, events: tuple[str, ...], units: tuple[str, ...], parts: list[Block], after: Built,
        pairs: list[Pair],
    ) -> Row:  # fmt: skip
        g, built = self.ground, self.ground.built
        before, now = g.scores, all_happen(g.scores, parts)
        was, placed = g.ranks, ranks(ordered(built, now), same=0.0)
        hits = {u: tuple((r[:, self.at[u]] <= self.rank).astype(np.float64) for r in (was, placed)) for u in units}
        facing = [self._facing(b) for b in parts]
        start = ordered(built, before)
        standing_before = {u: self._standing(built, u, hits[u][0], None, pairs, False) for u in units}
        standing_after = {
            u: self._standing(after, u, hits[u][1], at_most(start, facing, self.at[u], self.rank), pairs, True)
            for u in units
        }
        goal = paired(hits[self.focal][0], hits[self.focal][1])
        lift = {u: _three(now[:, self.at[u]] - before[:, self.at[u]]) for u in units}
        changed = statistics.count_share(goal.gained + goal.lost, goal.draws)
        row = Row(name, events, standing_before, standing_after, lift, changed, goal)
        return row if self.rival is None else self._with_pair(row, before, now, facing)

    def _facing(self, b: Block) -> Block:
        return replace(b, scores=ordered(self.ground.built, b.scores))

    def _with_pair(self, row: Row, before: Array, after: Array, facing: list[Block]) -> Row:
        built, f, r = self.ground.built, self.at[self.focal], self.at[self.rival or ""]
        start, end = ordered(built, before), ordered(built, after)
        was, now = statistics.ahead(start, f, r), statistics.ahead(end, f, r)
        order = paired(was, now)
        return replace(
            row, gap_before=_three(before[:, f] - before[:, r]), gap_after=_three(after[:, f] - after[:, r]),
            ahead_before=statistics.share(was), ahead_after=statistics.share(now),
            ahead_expected=float(ahead(start, facing, f, r).mean()),
            order_changed=statistics.count_share(order.gained + order.lost, order.draws), order=order,
        )  # fmt: skip

    def _standing(
        self, built: Built, unit: str, hits: Array, expected: Array | None, pairs: list[Pair], after: bool
    ) -> Standing:
        at, own = self.at[unit], self.ground.built
        score, place = built.score_of(unit), built.rank_of(unit)
        probability = None
        if pairs:
            means = [
                float(at_most(ordered(own, s), [self._facing(b) for b in parts] if after else [], at, self.rank).mean())
                for s, parts in pairs
            ]
            k = self.ground.sample.nominal
            p, n = means[k], len(pairs[k][0])
            probability = Probability(p, min(means), max(means), float(np.sqrt(p * (1 - p) / n)), n)
        mean = float(hits.mean()) if expected is None else float(expected.mean())
        return Standing(float(score), int(place), statistics.share(hits), probability, mean)


def _three(x: Array) -> tuple[float, float, float]:
    low, middle, high = np.quantile(x, (0.05, 0.5, 0.95))
    return float(low), float(middle), float(high)
