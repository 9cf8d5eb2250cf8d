"""What is kept of the draws: counts that add up, so that memory does not grow with the number of draws."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.rank import ranks
from podium.robustness.scorer import Engine

__all__ = ["Bins", "Layout", "Tally", "count_bins", "empty", "layout_for", "tally"]

EXACT_UNITS = 2_000
"""Up to so many units every rank has its own bin; above, ranks are counted in `SKETCH_BINS` bins a unit."""
SKETCH_BINS = 128
SCORE_BINS = {True: 1_024, False: 128}
PAIRED_UNITS = 128
"""Up to so many units, comparing all pairs is quicker than sorting."""
SHORT = 32_767
SLICE = 1_000_000
"""So many scores are counted at a time, which bounds the memory of very many units."""
Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.int64] | npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Bins:
    """Equal bins of each unit from ``low`` ``(unit,)``, ``step`` ``(unit,)`` wide, with an open one at each end."""

    low: Array
    step: Array
    number: int


@dataclass(frozen=True, eq=False)
class Layout:
    """What is counted: exact ranks or, in ``rank_bins``, a sketch of them; scores in ``score_bins``; pairs or not.

    ``nominal`` ``(unit,)`` is the number of units ahead of each in the nominal index, -1 without a score.
    """

    units: int
    indicators: int
    nominal: Counts
    rank_bins: Bins | None
    score_bins: Bins
    pairs: bool


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts over draws.

    ``places`` ``(unit, bin)`` counts how many units are ahead (or the bins of a sketch), ``scores`` ``(unit, bin)`` the
    bins of the score, ``wins`` ``(unit, unit)`` the draws in which the row is ahead of the column, ``leading``
    ``(unit, indicator)`` the sum of the effective weights of the draws a unit leads; ``mean_shift`` the sum and the sum
    of squares over draws of the mean distance from the nominal place. Only a sketch fills ``place_sum``,
    ``place_square`` and ``shift`` ``(unit,)``, sums of the place, its square and its distance from the nominal one, and
    ``least`` and ``most``, its range; exact counts hold all that.
    """

    draws: int
    places: Counts
    scores: Counts
    wins: Counts | None
    leading: Array
    score_sum: Array
    score_square: Array
    place_sum: Counts
    place_square: Counts
    shift: Counts
    least: Counts
    most: Counts
    mean_shift: Array

    def __add__(self, other: Tally) -> Tally:
        """The counts of both."""
        pairs = {f.name: (getattr(self, f.name), getattr(other, f.name)) for f in fields(self)}
        summed: dict[str, Any] = {name: None if a is None else a + b for name, (a, b) in pairs.items()}
        summed["least"] = np.minimum(self.least, other.least)
        summed["most"] = np.maximum(self.most, other.most)
        return replace(self, **summed)


def layout_for(
    scores: Array, nominal: Array, indicators: int, *, pairs: bool, engine: Engine = "numpy"
) -> Layout:
    """Return what to count, from the scores of a first block ``(unit, draw)`` and the nominal ones ``(unit,)``."""
    low, high = _range(scores)
    places = _places(nominal[:, None], engine)[:, 0]
    ahead = np.where(np.isnan(nominal), -1, places).astype(np.int64)
    sketch = None
    if len(scores) > EXACT_UNITS:
        first = _places(scores, engine)
        below, above = first.min(axis=1), first.max(axis=1)
        margin = np.maximum((above - below) // 2, SKETCH_BINS // 4)
        step = np.ceil((above - below + 2 * margin + 1) / (SKETCH_BINS - 2))
        sketch = Bins((below - margin).astype(float), step, SKETCH_BINS)
    return Layout(len(scores), indicators, ahead, sketch, _bins(low, high, SCORE_BINS[sketch is None]), pairs)


def _range(scores: Array) -> tuple[Array, Array]:
    known = ~np.isnan(scores)
    low = np.where(known, scores, np.inf).min(axis=1)
    high = np.where(known, scores, -np.inf).max(axis=1)
    empty_ = ~np.isfinite(low)
    return np.where(empty_, 0.0, low), np.where(empty_, 1.0, high)


def _bins(low: Array, high: Array, number: int) -> Bins:
    """Bins over a range widened by a quarter at each end."""
    span = np.maximum(high - low, 1e-9 * np.maximum(np.abs(high), 1.0))
    return Bins(low - span / 4, 1.5 * span / (number - 2), number)


def empty(layout: Layout) -> Tally:
    """Return counts of no draws."""
    n, k = layout.units, layout.indicators
    bins = layout.rank_bins.number if layout.rank_bins else n
    whole = np.zeros(n, dtype=np.int64)  # never changed in place
    return Tally(
        0, np.zeros((n, bins), dtype=np.int64), np.zeros((n, layout.score_bins.number), dtype=np.int64),
        np.zeros((n, n), dtype=np.int64) if layout.pairs else None, np.zeros((n, k)), np.zeros(n), np.zeros(n), whole,
        whole, whole, np.full(n, n, dtype=np.int64), np.full(n, -1, dtype=np.int64), np.zeros(2),
    )  # fmt: skip


def tally(
    layout: Layout, scores: Array, weights: Array, *, engine: Engine = "numpy", onto: Tally | None = None
) -> Tally:
    """Return the counts of some draws.

    Parameters
    ----------
    scores
        ``(unit, draw)``, higher is better; a NaN score is not counted.
    weights
        ``(indicator, draw)`` effective weights.
    engine
        NumPy, or the compiled kernels that count the same.
    onto
        Counts to which these are added; its arrays are used up.
    """
    held = empty(layout) if onto is None else onto
    step = max(SLICE // layout.units, 16)
    if scores.shape[1] > step:
        for k in range(0, scores.shape[1], step):
            part, shares = (np.ascontiguousarray(x[:, k : k + step]) for x in (scores, weights))
            held = tally(layout, part, shares, engine=engine, onto=held)
        return held
    if engine == "kernels" and (layout.pairs or layout.units <= PAIRED_UNITS):
        if layout.rank_bins is None and layout.units < SHORT and scores.shape[1] < SHORT:
            counted = _in_registers(layout, held, scores, weights)
            if counted is not None:
                return counted
        from podium.robustness import _kernels

        places: Places = np.empty(scores.shape, dtype=np.int64)
        wins = np.zeros((layout.units, layout.units), dtype=np.int64) if held.wins is None else held.wins
        _kernels.rank_pairs(scores, places, wins)
    else:
        places = _places(scores, engine)
        if held.wins is not None:
            for a in range(layout.units):
                held.wins[a] += (scores[a] > scores).sum(axis=1)
    return _counted(layout, held, scores, places, weights, engine)


def _in_registers(layout: Layout, held: Tally, scores: Array, weights: Array) -> Tally | None:
    """The counts by comparing all pairs as short numbers; None where a unit has a score in some draws only."""
    from podium.robustness import _kernels_count

    rows = np.empty(layout.units, dtype=np.int64)
    keys, places = np.empty(scores.shape, dtype=np.int16), np.empty(scores.shape, dtype=np.int16)
    n = _kernels_count.squeeze(scores, rows, keys)
    if n < 0:
        return None
    wins = np.zeros((n, n), dtype=np.int64)
    _kernels_count.compare_pairs(keys, n, places, wins)
    _kernels_count.mend_pairs(scores, rows, n, places, wins)
    if held.wins is not None:
        if n == layout.units:
            held.wins[...] += wins
        else:
            held.wins[np.ix_(rows[:n], rows[:n])] += wins
    bins = layout.score_bins
    _kernels_count.count_draws(
        scores, rows, n, places, weights, layout.nominal, bins.low, bins.step, held.places, held.scores,
        held.score_sum, held.score_square, held.leading, held.mean_shift,
    )  # fmt: skip
    return replace(held, draws=held.draws + scores.shape[1])


def _places(scores: Array, engine: Engine) -> Places:
    """How many units are ahead, ``(unit, draw)``; 0 for a unit without a score."""
    if engine == "numpy":
        return np.ascontiguousarray((np.nan_to_num(ranks(scores.T, same=0.0), nan=1.0) - 1).T.astype(np.int64))
    from podium.robustness import _kernels

    width = max(len(scores) - 1, 1).bit_length()
    keys = np.empty((scores.shape[1], len(scores)), dtype=np.int64)
    _kernels.pack(scores, width, keys)
    keys.sort(axis=1)
    out = np.empty(scores.shape, dtype=np.int32)  # half the memory where there are very many units
    _kernels.place_packed(scores, width, keys, out)
    return out


def _counted(
    layout: Layout, held: Tally, scores: Array, places: Places, weights: Array, engine: Engine
) -> Tally:
    known = ~np.isnan(scores)
    values = scores if bool(known.all()) else np.where(known, scores, 0.0)
    shifts = _shifts(layout, places, engine) / max(int((layout.nominal >= 0).sum()), 1)
    count_bins(layout.score_bins, scores, held.scores, engine)
    _count_leaders(places, scores, weights, held.leading, engine)
    if layout.rank_bins is None:
        _count_places(layout, places, known, scores, held.places, engine)
        moments = (held.place_sum, held.place_square, held.shift, held.least, held.most)
    else:
        moments = _moments(layout, held, places, scores, known, engine)
    return Tally(
        held.draws + scores.shape[1], held.places, held.scores, held.wins, held.leading,
        held.score_sum + values.sum(axis=1), held.score_square + np.einsum("ud,ud->u", values, values), *moments,
        held.mean_shift + np.array([shifts.sum(), (shifts**2).sum()]),
    )  # fmt: skip


def _shifts(layout: Layout, places: Places, engine: Engine) -> Array:
    """The sum over units of how far each is from its nominal place, ``(draw,)``; units without a nominal one aside."""
    if engine == "kernels":
        from podium.robustness import _kernels

        out = np.empty(places.shape[1], dtype=np.int64)
        _kernels.sum_shifts(places, layout.nominal, out)
        return out.astype(float)
    ranked = layout.nominal >= 0
    return np.asarray(np.abs(places[ranked] - layout.nominal[ranked, None]).sum(axis=0), dtype=float)


def _moments(
    layout: Layout, held: Tally, places: Places, scores: Array, known: npt.NDArray[np.bool_], engine: Engine
) -> tuple[Counts, Counts, Counts, Counts, Counts]:
    """Count places in the bins of a sketch; return the sums of place, square and distance, and the range."""
    assert layout.rank_bins is not None
    count_bins(layout.rank_bins, places if bool(known.all()) else np.where(known, places, np.nan), held.places, engine)
    if engine == "kernels":
        from podium.robustness import _kernels

        out = tuple(x.copy() for x in (held.place_sum, held.place_square, held.shift, held.least, held.most))
        _kernels.sum_places(places, scores, layout.nominal, *out)
        a, b, c, d, e = out
        return a, b, c, d, e
    there = np.where(known, places, 0)
    distance = np.where(known, np.abs(places - layout.nominal[:, None]), 0)
    return (
        held.place_sum + there.sum(axis=1), held.place_square + (there**2).sum(axis=1),
        held.shift + distance.sum(axis=1) * (layout.nominal >= 0),
        np.minimum(held.least, np.where(known, places, layout.units).min(axis=1)),
        np.maximum(held.most, np.where(known, places, -1).max(axis=1)),
    )  # fmt: skip


def _count_places(
    layout: Layout, places: Places, known: npt.NDArray[np.bool_], scores: Array, out: Counts, engine: Engine
) -> None:
    if engine == "kernels":
        from podium.robustness import _kernels

        _kernels.count_ranks(scores, places, out)
        return
    rows = np.broadcast_to(np.arange(layout.units)[:, None] * layout.units, places.shape)
    flat = np.bincount((rows + places)[known], minlength=layout.units**2)
    out += flat.reshape(layout.units, layout.units)


def count_bins(bins: Bins, x: Array | Places, out: Counts, engine: Engine) -> None:
    """Add to ``out[unit, bin]`` how many values ``(unit, draw)`` lie in each bin; NaN in none."""
    if engine == "kernels":
        from podium.robustness import _kernels

        _kernels.count_bins(x, bins.low, bins.step, out)
        return
    known = ~np.isnan(x)
    at = np.floor((x - bins.low[:, None]) * (1.0 / bins.step[:, None])) + 1.0
    at = np.clip(np.where(known, at, 0.0), 0, bins.number - 1).astype(np.int64)
    rows = np.broadcast_to(np.arange(len(x))[:, None] * bins.number, at.shape)
    out += np.bincount((rows + at)[known], minlength=len(x) * bins.number).reshape(len(x), bins.number)


def _count_leaders(places: Places, scores: Array, weights: Array, out: Array, engine: Engine) -> None:
    if engine == "kernels":
        from podium.robustness import _kernels

        _kernels.sum_leaders(places, scores, weights, out)
        return
    who, when = np.nonzero((places == 0) & ~np.isnan(scores))
    np.add.at(out, who, weights[:, when].T)
