"""Scores turned into ranks and classes: the one place that does so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import SpecError
from podium.index.rounding import round_half_up, rounded

__all__ = ["SAME", "TIES", "classes", "ranks", "ranks_of_items", "ranks_within", "round_half_up"]

SAME = 2.0**-46
"""Scores closer than this share of their size tie: 64 units in the last place, above the noise of sums."""

TIES: dict[str, Callable[[Array, Array, Array], Array]] = {
    "average": lambda first, last, dense: (first + last) / 2.0,
    "competition": lambda first, last, dense: first * 1.0,
    "dense": lambda first, last, dense: dense * 1.0,
    "max": lambda first, last, dense: last * 1.0,
    "min": lambda first, last, dense: first * 1.0,
    "ordinal": lambda first, last, dense: np.broadcast_to(np.arange(1.0, first.shape[-1] + 1), first.shape),
}


def ranks(
    scores: Array, *, ties: str = "competition", decimals: int | None = None, rounding: str = "half_up",
    same: float = SAME,
) -> Array:  # fmt: skip
    """Return ranks along the last axis, 1 = highest score.

    Parameters
    ----------
    scores
        ``(..., unit)``; a NaN score has a NaN rank.
    ties
        ``competition`` or ``min`` 1, 1, 3; ``dense`` 1, 1, 2; ``average`` 1.5, 1.5, 3; ``max`` 2, 2, 3; ``ordinal``
        1, 2, 3 in the order of the units.
    decimals
        Round to so many decimals by `rounding` first; None ranks unrounded scores.
    same
        Scores that differ by no more than this share of their size tie, as they would in exact arithmetic: without it,
        units with equal parts in another order would be ranked by the rounding errors of sums. 0 compares the last
        bit, for figures that are data and no sums.
    """
    if ties not in TIES:
        raise SpecError(f"ties: {ties!r} is not one of {', '.join(TIES)}")
    x = rounded(scores, decimals, rounding)
    key = np.where(np.isnan(x), -np.inf, x)
    order = np.argsort(-key, axis=-1)
    ordered = np.take_along_axis(key, order, axis=-1)
    new = np.ones(x.shape, dtype=bool)
    new[..., 1:] = _apart(ordered[..., :-1], ordered[..., 1:], same)
    places = np.arange(1, x.shape[-1] + 1)
    first = np.maximum.accumulate(np.where(new, places, 1), axis=-1)
    ends = np.ones(x.shape, dtype=bool)
    ends[..., :-1] = new[..., 1:]
    last = np.minimum.accumulate(np.where(ends, places, x.shape[-1])[..., ::-1], axis=-1)[..., ::-1]
    out = np.empty(x.shape)
    np.put_along_axis(out, order, TIES[ties](first, last, np.cumsum(new, axis=-1)), axis=-1)
    if ties == "ordinal":
        np.put_along_axis(out, order, first * 1.0, axis=-1)
        np.put_along_axis(out, np.argsort(out, axis=-1, kind="stable"), places * np.ones(x.shape), axis=-1)
    return np.where(np.isnan(x), np.nan, out)


def _apart(upper: Array, lower: Array, same: float) -> npt.NDArray[np.bool_]:
    """Whether each score is truly below the one before it in descending order."""
    size = np.where(np.isfinite(upper), np.abs(upper), 0.0)
    with np.errstate(invalid="ignore"):
        return np.asarray((upper != lower) & ~(upper - lower <= same * size))


def ranks_within(
    scores: Array, groups: Sequence[object], *, ties: str = "competition", decimals: int | None = None,
    rounding: str = "half_up", same: float = SAME,
) -> Array:  # fmt: skip
    """Return ranks within each group of units along the last axis; NaN for a unit whose label is missing."""
    labels = np.array(list(groups), dtype=object)
    out = np.full(scores.shape, np.nan)
    for label in dict.fromkeys(labels):
        if label is not None and label == label:
            rows = np.flatnonzero(labels == label)
            out[..., rows] = ranks(scores[..., rows], ties=ties, decimals=decimals, rounding=rounding, same=same)
    return out


def ranks_of_items(
    scores: Array, indicators: int, groups: Sequence[object], *, ties: str, decimals: int | None = None,
    rounding: str = "half_up",
) -> Array:  # fmt: skip
    """Return ranks ``(item, unit)`` within groups: the first items, the indicators, to the last bit, as data stand."""
    parts = [ranks_within(part, groups, ties=ties, decimals=decimals, rounding=rounding, same=same)
             for part, same in ((scores[:indicators], 0.0), (scores[indicators:], SAME))]  # fmt: skip
    return np.concatenate(parts)


def classes(
    scores: Array, rank_table: Array, at: int | Sequence[float], groups: Sequence[object] | None = None
) -> Array:
    """Return the class of each unit along the last axis, 1 = best.

    Parameters
    ----------
    scores, rank_table
        ``(..., unit)``; the better score has the lower rank. NaN stays NaN.
    at
        A number k: classes of equal size by rank, ``ceil(rank k / n)`` with n the number ranked (deciles with 10, as
        the English Indices of Deprivation have them). Cut points of the score: the best class is that of the greatest
        scores, each cut belongs to the class above it.
    groups
        One label a unit where ranks are within groups: classes of equal size then are, too.
    """
    if isinstance(at, int):
        labels = np.array([0] * rank_table.shape[-1] if groups is None else list(groups), dtype=object)
        number = np.ones(rank_table.shape)
        for label in dict.fromkeys(labels):
            rows = np.flatnonzero(labels == label)
            number[..., rows] = (~np.isnan(rank_table[..., rows])).sum(axis=-1, keepdims=True)
        return np.asarray(np.ceil(rank_table * at / np.maximum(number, 1)))
    above = np.searchsorted(np.sort(np.asarray(at, dtype=float)), scores, side="right")
    return np.where(np.isnan(scores), np.nan, len(at) - above + 1.0)
