"""Scores turned into ranks: the one function that does so."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from podium.data.dataset import Array

__all__ = ["ranks", "round_half_up"]


def ranks(scores: Array, *, ties: str = "competition", decimals: int | None = None) -> Array:
    """Return ranks along the last axis, 1 = highest score.

    Parameters
    ----------
    scores
        ``(..., unit)``; a NaN score has a NaN rank.
    ties
        ``competition`` 1, 1, 3; ``dense`` 1, 1, 2; ``average`` 1.5, 1.5, 3; ``max`` 2, 2, 3.
    decimals
        Round half up to so many decimals first; None ranks unrounded scores.
    """
    x = scores if decimals is None else round_half_up(scores, decimals)
    if ties == "competition":
        return _competition(x)
    flat = x.reshape(-1, x.shape[-1])
    out = np.stack([_ranks(row, ties) for row in flat]) if len(flat) else flat
    return out.reshape(x.shape)


def _competition(x: Array) -> Array:
    """Ranks 1, 1, 3 of many rows at once: the place of a score in its sorted row, shared by equal scores."""
    key = np.where(np.isnan(x), -np.inf, x)
    order = np.argsort(-key, axis=-1, kind="stable")
    ordered = np.take_along_axis(key, order, axis=-1)
    first = np.ones(x.shape, dtype=bool)
    first[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    place = np.maximum.accumulate(np.where(first, np.arange(x.shape[-1]), 0), axis=-1) + 1.0
    out = np.empty(x.shape)
    np.put_along_axis(out, order, place, axis=-1)
    return np.where(np.isnan(x), np.nan, out)


def _ranks(x: Array, ties: str) -> Array:
    out = np.full(x.shape, np.nan)
    known = ~np.isnan(x)
    v = -x[known]
    values, inverse, counts = np.unique(v, return_inverse=True, return_counts=True)
    before = np.cumsum(counts) - counts
    by = {
        "dense": np.arange(1.0, len(values) + 1),
        "average": before + (counts + 1) / 2,
        "max": (before + counts).astype(float),
    }[ties]
    out[known] = by[inverse]
    return out


def round_half_up(x: Array, decimals: int) -> Array:
    """Round half away from zero on the shortest decimal form of each number, as a spreadsheet shows it."""
    step = Decimal(1).scaleb(-decimals)
    flat = [
        float(Decimal(repr(float(v))).quantize(step, ROUND_HALF_UP)) if np.isfinite(v) else v for v in x.reshape(-1)
    ]
    return np.array(flat, dtype=float).reshape(x.shape)
