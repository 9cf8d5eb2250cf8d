"""Scores after events on the draws before them: only units that move are scored anew, in every state."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import EventError, Fault
from podium.index.aggregate import tree_scores
from podium.index.build import Built
from podium.index.cut import alone, cut_rows, cut_tree, inside, separable
from podium.robustness.draws import Draws
from podium.scenarios.effects import Effects, Move, bring_to_best, moved
from podium.scenarios.ground import Ground, error_pair, root_scores

__all__ = ["Block", "Lots", "all_happen", "at_best", "blocks", "draw_lots", "error_blocks"]

MOST, MOST_TOGETHER = 10, 5
"""So many uncertain events of one unit are told apart (2¹⁰ states); so many where units are compared."""


@dataclass(frozen=True, eq=False)
class Block:
    """Units whose scores move together, in every state of the events behind them.

    ``units`` are their columns, ``chances`` ``(state,)`` add up to 1, ``scores`` are ``(state, draw, unit of the
    block)``; in the last state every event happens.
    """

    units: tuple[int, ...]
    chances: Array
    scores: Array


@dataclass(frozen=True, eq=False)
class Lots:
    """Which of its candidate machines, and which share of its stated count, each event takes: ``(draw, move)``."""

    chip: npt.NDArray[np.intp]
    size: Array
    vary: bool

    def deltas(self, moves: Sequence[Move], at: Sequence[int]) -> Array:
        """What some moves, at their places, add in each draw, ``(draw, move, series)``; one draw where alike."""
        n = len(self.chip) if self.vary else 1
        each = [m.delta[self.chip[:n, k]] * self.size[:n, k, None] for m, k in zip(moves, at, strict=True)]
        return np.stack(each, axis=1)


def draw_lots(effects: Effects, draws: int, seed: int, purpose: int) -> Lots:
    """Return machine and size of each event in each draw: any candidate alike, any size between its bounds alike.

    The stream of an event depends on what it is, not on its place in a list.
    """
    chip = np.zeros((draws, len(effects.moves)), dtype=np.intp)
    size = np.ones((draws, len(effects.moves)))
    seen: dict[str, int] = {}
    vary = False
    for k, m in enumerate(effects.moves):
        e = m.event
        seen[m.key] = seen.get(m.key, -1) + 1
        rng = np.random.default_rng([seed, purpose, zlib.crc32(m.key.encode()), seen[m.key]])
        if len(m.chips) > 1:
            chip[:, k], vary = rng.integers(0, len(m.chips), draws), True
        if e.low is not None and e.high is not None and e.count and e.high > e.low:
            size[:, k], vary = rng.uniform(e.low, e.high, draws) / e.count, True
    return Lots(chip, size, vary)


def blocks(ground: Ground, effects: Effects, lots: Lots) -> list[Block]:
    """Return the scores after events on the draws over choices, steps as fitted before.

    A draw in which a unit's normalised figures do not change keeps its score to the bit.

    Raises
    ------
    EventError
        If a unit has more uncertain events than can be told apart.
    """
    built, sample = ground.built, ground.sample
    if not effects.moves:
        return []
    if not all(separable(v.built.pipeline, v.built.tree, effects.rows) for v in sample.variants):
        return [_together(ground, effects, lots)]
    return [b for rows in _alike(effects) for b in _apart(built, sample, ground.scores, effects, lots, rows)]


def _alike(effects: Effects) -> Iterator[tuple[int, ...]]:
    """Rows that can be worked on at once: all with one state; each of the others alone."""
    certain = tuple(r for r in effects.rows if all(m.chance >= 1 for m in effects.of(r)))
    if certain:
        yield certain
    yield from ((r,) for r in effects.rows if r not in certain)


def _apart(
    built: Built, sample: Draws, scores: Array, effects: Effects, lots: Lots, rows: tuple[int, ...]
) -> list[Block]:
    figures, chances = _figures(built.dataset.values[-1][None], effects, lots, rows)
    columns = [int(np.flatnonzero(built.pipeline.keep == r)[0]) for r in rows]
    names = tuple(built.units[c] for c in columns)
    out = np.broadcast_to(scores[:, columns], (len(chances), len(scores), len(rows))).copy()
    held: dict[int, Array] = {}  # variants that only combine differently share their tables
    for k, variant in enumerate(sample.variants):
        drawn = np.flatnonzero(sample.variant == k)
        if not len(drawn):
            continue
        own = variant.built
        shared = id(own.arrays["Normalised"])
        if lots.vary or shared not in held:
            p, fitted = cut_rows(own.pipeline, own.fitted, rows)
            table = p.normalised(figures[:, drawn] if lots.vary else figures, fitted)[0]
            held[shared] = inside(table, own.arrays["Normalised"])
        table = held[shared]
        stays = _same(table, own.arrays["Normalised"][columns]).all(axis=-1)
        new = tree_scores(cut_tree(own.tree, columns), table, sample.weights[drawn], units=names)[..., -1]
        out[:, drawn] = np.where(stays, out[:, drawn], new)
    return [Block((c,), chances, out[..., n, None]) for n, c in enumerate(columns)]


def _figures(values: Array, effects: Effects, lots: Lots, rows: Sequence[int]) -> tuple[Array, Array]:
    """Figures of some units in every state, ``(state, draw, row, series)``, from those before."""
    parts = []
    for row in rows:
        own = effects.of(row)
        happens, chances = _states(own, MOST)
        deltas = lots.deltas(own, [k for k, m in enumerate(effects.moves) if m.row == row])
        parts.append(moved(values[None, :, row], own, deltas[None], happens[:, None]))
    return np.stack(parts, axis=2), chances


def _states(moves: Sequence[Move], most: int) -> tuple[npt.NDArray[np.bool_], Array]:
    """Every set of events that may happen ``(state, move)``, the one with all of them last, with its probability."""
    open_ = [k for k, m in enumerate(moves) if m.chance < 1]
    if len(open_) > most:
        who = moves[0].event.country
        raise EventError(Fault(f"{len(open_)} uncertain events of {who} are more than {most}",
                               "Add up those that come together, or give them probability 1"))  # fmt: skip
    happens = np.ones((2 ** len(open_), len(moves)), dtype=bool)
    if open_:
        happens[:, open_] = list(itertools.product((False, True), repeat=len(open_)))
    chance = np.array([m.chance for m in moves])
    return happens, np.where(happens, chance, 1.0 - chance).prod(axis=1)


def _same(a: Array, b: Array) -> npt.NDArray[np.bool_]:
    return np.asarray((a == b) | (np.isnan(a) & np.isnan(b)))


def _together(ground: Ground, effects: Effects, lots: Lots) -> Block:
    """All units, where each one's score depends on the others'."""
    sample, scores = ground.sample, ground.scores
    happens, chances = _states(effects.moves, MOST_TOGETHER)
    out = np.broadcast_to(scores, (len(chances), *scores.shape)).copy()
    for k, variant in enumerate(sample.variants):
        drawn = np.flatnonzero(sample.variant == k)
        if not len(drawn):
            continue
        own = variant.built
        picked = Lots(lots.chip[drawn], lots.size[drawn], lots.vary)
        for s, happening in enumerate(happens):
            values = _whole(own.dataset.values[-1][None], effects, picked, happening)
            table = inside(own.pipeline.normalised(values, own.fitted)[0], own.arrays["Normalised"])
            stays = np.asarray(_same(table, own.arrays["Normalised"]).all(axis=(-1, -2)))
            new = tree_scores(own.tree, table, sample.weights[drawn], units=own.units)[..., -1]
            out[s, drawn] = np.where(stays[:, None], out[s, drawn], new)
    return Block(tuple(range(scores.shape[1])), chances, out)


def _whole(values: Array, effects: Effects, lots: Lots, happens: npt.NDArray[np.bool_]) -> Array:
    """Whole datasets ``(draw, unit, series)`` in one state."""
    n = max(len(values), len(lots.chip) if lots.vary else 1)
    out = np.broadcast_to(values, (n, *values.shape[1:])).copy()
    for row in effects.rows:
        at = [k for k, m in enumerate(effects.moves) if m.row == row]
        deltas = lots.deltas(effects.of(row), at)
        out[:, row] = moved(out[:, row], effects.of(row), deltas, np.asarray(happens)[at])
    return out


def error_blocks(
    ground: Ground, variant: int, effects: Effects, lots: Lots, before: Array | None = None
) -> tuple[Array, list[Block]]:
    """Return the scores of a variant under random errors before events, ``(error draw, unit)``, and after them.

    In each draw the steps stay as learnt from its figures before the events. `before` are those scores where they are
    at hand.
    """
    sample, n = ground.sample, ground.error_draws[variant]
    own = sample.variants[variant].built
    lots = Lots(lots.chip[:n], lots.size[:n], lots.vary)
    assert sample.figures is not None
    figures = sample.figures[:n]
    if own.spec.uncertainties.regenerate == "all" or not separable(own.pipeline, own.tree, effects.rows):
        happens, chances = _states(effects.moves, MOST_TOGETHER)
        pairs = [error_pair(ground, variant, lambda x, h=h: _whole(x, effects, lots, h)) for h in happens]  # type: ignore[misc]
        return pairs[0][0], [Block(tuple(range(len(own.units))), chances, np.stack([a for _, a in pairs]))]
    held, table = ground.of_errors(variant)
    start = root_scores(own, table, ground.shares) if before is None else before
    out = []
    for rows in _alike(effects):
        columns = [int(np.flatnonzero(own.pipeline.keep == r)[0]) for r in rows]
        states, chances = _figures(figures, effects, lots, rows)
        tree, names = cut_tree(own.tree, columns), tuple(own.units[c] for c in columns)
        tables = [inside(held.changed(own, table, rows, x), table) for x in states]
        same = np.stack([_same(t, table[:, columns]).all(axis=-1) for t in tables])
        after = np.stack([tree_scores(tree, t, units=names)[..., -1] for t in tables])
        kept = np.where(same, start[:, columns], after)
        out += [Block((c,), chances, kept[..., k, None]) for k, c in enumerate(columns)]
    return start, out


def at_best(ground: Ground, unit: str, indicator: str) -> Block:
    """Return the scores of a unit with the world's best value of an indicator, in the draws over choices."""
    sample, column = ground.sample, ground.built.units.index(unit)
    lone = all(alone(v.built.tree) for v in sample.variants)
    columns = [column] if lone else list(range(len(ground.built.units)))
    out = ground.scores[:, columns].copy()
    for k, variant in enumerate(sample.variants):
        drawn, own = np.flatnonzero(sample.variant == k), variant.built
        if len(drawn):
            table = bring_to_best(own, unit, indicator)(own.arrays["Normalised"])[columns]
            if not _same(table, own.arrays["Normalised"][columns]).all():
                names = tuple(own.units[c] for c in columns)
                tree = cut_tree(own.tree, columns)
                out[drawn] = tree_scores(tree, table, sample.weights[drawn], units=names)[..., -1]
    return Block(tuple(columns), np.ones(1), out[None])


def all_happen(before: Array, parts: Sequence[Block]) -> Array:
    """Return the scores ``(draw, unit)`` if every event happens."""
    out = before.copy()
    for b in parts:
        out[:, list(b.units)] = b.scores[-1]
    return out
