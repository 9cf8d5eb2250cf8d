"""Aggregations that compare units pair by pair, child by child: Copeland and Borda."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

import numpy as np

from podium.data.dataset import Array
from podium.index.combine import RefusedError, held

__all__ = ["borda", "copeland", "outranking"]

CELLS = 1 << 21  # comparisons held in memory at a time
MOST_UNITS = 50_000


def outranking(x: Array, w: Array) -> Array:
    """Return ``o_ij``, the share of weight in which unit i is ahead of unit j, ties half; ``(..., unit, unit)``.

    Only children that both units have count (½ where there is none); the diagonal is 0. With weights that are whole
    multiples of one decimal step the sums are exact, so that ``o_ij = ½`` is a tie and nothing else is. Munda (2008),
    Social Multi-Criteria Evaluation for a Sustainable Economy, doi:10.1007/978-3-540-73703-2.
    """
    lead, both = _margins(x, *_weights(x, w))
    units = x.shape[-2]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(both > 0, (lead + both) / (2 * both), 0.5)
    share[..., np.arange(units), np.arange(units)] = 0.0
    return np.asarray(share)


def copeland(x: Array, w: Array) -> Array:
    """Copeland scores: how many units a unit outranks by weight, less how many outrank it.

    ``sum_j sign(o_ij - 1/2)`` with ``o_ij`` as in `outranking`. Saari & Merlin (1996), doi:10.1007/BF01212013. Units
    are compared in blocks, so that memory stays bounded; time grows with the square of their number.
    """
    units = x.shape[-2]
    if units > MOST_UNITS:
        raise RefusedError(f"Copeland compares every pair of units: {units} are more than {MOST_UNITS}",
                           remedy="Use `borda`, whose time grows with the number of units")  # fmt: skip
    weight, slack = _weights(x, w)
    shape = np.broadcast_shapes(x.shape, weight.shape)
    table, shares = (np.broadcast_to(a, shape).reshape(-1, *shape[-2:]) for a in (x, weight))
    out = np.empty(table.shape[:-1])
    together, rows = max(1, CELLS // (units * units)), max(1, CELLS // units)
    for start in range(0, len(table), together):
        part = slice(start, start + together)
        for first in range(0, units, rows):
            mine = slice(first, first + rows)
            lead, both = _margins(table[part], shares[part], slack, mine)
            won = np.where(np.abs(lead) <= slack * both, 0.0, np.sign(lead))
            out[part, mine] = won.sum(axis=-1)
    return out.reshape(shape[:-1])


def _margins(x: Array, w: Array, slack: float, rows: slice = slice(None)) -> tuple[Array, Array]:
    """Weight for less weight against, and weight in common, of the rows' units against all: ``(..., row, unit)``."""
    mine, own = x[..., rows, :], w[..., rows, :]
    lead: Array = np.zeros((*np.broadcast_shapes(x.shape[:-2], w.shape[:-2]), mine.shape[-2], x.shape[-2]))
    both = np.zeros_like(lead)
    for k in range(x.shape[-1]):
        pair = np.minimum(own[..., :, None, k], w[..., None, :, k])
        lead += pair * np.sign(mine[..., :, None, k] - x[..., None, :, k])
        both += pair
    return lead, both


def _weights(x: Array, w: Array) -> tuple[Array, float]:
    """Weights as whole numbers where they are decimals of few digits, and the slack below which a margin is a tie."""
    distinct = np.unique(w)
    if len(distinct) <= 64:
        parts = [Fraction(repr(float(v))) for v in distinct]
        step = lcm(*(p.denominator for p in parts))
        counts = [int(p * step) for p in parts]
        whole = np.array([float(c // max(gcd(*counts), 1)) for c in counts])
        if whole.max() * x.shape[-1] < 2**52:
            return whole[np.searchsorted(distinct, w)], 0.0
    return np.asarray(w, dtype=float), 1e-12


def borda(x: Array, w: Array) -> Array:
    """Weighted Borda points: in each child the number of units behind, ties half; de Borda (1781)."""
    values = held(x, w)
    out: Array = np.zeros(values.shape[:-1])
    for k in range(values.shape[-1]):
        out = out + np.where(w[..., k] > 0, _behind(values[..., k]), 0.0) * w[..., k]
    return np.asarray(out)


def _behind(v: Array) -> Array:
    """The number of units behind each, ties half, along the last axis; NaN takes no part."""
    key = np.where(np.isnan(v), np.inf, v)
    order = np.argsort(key, axis=-1, kind="stable")
    ordered = np.take_along_axis(key, order, axis=-1)
    places = np.broadcast_to(np.arange(v.shape[-1]), v.shape)
    new = np.ones(v.shape, dtype=bool)
    new[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    first = np.maximum.accumulate(np.where(new, places, 0), axis=-1)
    ends = np.ones(v.shape, dtype=bool)
    ends[..., :-1] = new[..., 1:]
    last = np.minimum.accumulate(np.where(ends, places, v.shape[-1])[..., ::-1], axis=-1)[..., ::-1]
    out = np.empty(v.shape)
    np.put_along_axis(out, order, (first + last) / 2.0, axis=-1)
    return out
