"""Benefit of the doubt: each unit under the weights that flatter it most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from podium.data.dataset import Array
from podium.index.combine import RefusedError, refuse

__all__ = ["benefit_of_doubt", "undominated"]

Bound = float | Sequence[float]


def benefit_of_doubt(x: Array, w: Array, *, least: Bound = 0.0, most: Bound = 1.0) -> Array:
    """Benefit of the doubt: each unit's score under the weights that flatter it most, none above 1 with any.

    Maximise ``sum v_k x_ik`` with ``sum v_k x_jk <= 1`` for every unit j, ``v >= 0``, and each child's part of the
    unit's own score at least `least` and at most `most` (one bound for all, or one a child). Cherchye et al. (2007),
    doi:10.1007/s11205-006-9029-7. Missing children count as 0 and have no bound from below.
    """
    low, high = (np.broadcast_to(np.asarray(b, dtype=float), _fits(b, x.shape[-1], n))
                 for b, n in ((least, "least"), (most, "most")))  # fmt: skip
    if low.min() < 0 or high.max() > 1 or (low > high).any() or low.sum() > 1 + 1e-9 or high.sum() < 1 - 1e-9:
        raise RefusedError("`least` and `most` must be shares with least ≤ most, sums of at most and at least 1",
                           remedy="Mend the options of this node")  # fmt: skip
    refuse(x < 0, w, "benefit of the doubt needs values from 0 on", "Normalise to a range from 0 on")
    table = np.where(w > 0, x, 0.0)
    there = np.broadcast_to(w > 0, table.shape)
    out = np.full(table.shape[:-1], np.nan)
    for lead in np.ndindex(*table.shape[:-2]):
        out[lead] = _scores(table[lead], there[lead], low, high)
    return out


def _fits(bound: Bound, children: int, name: str) -> tuple[int, ...]:
    if not isinstance(bound, int | float) and len(bound) != children:
        raise RefusedError(f"`{name}` needs one share or {children}, not {len(bound)}",
                           remedy="Mend the options of this node")  # fmt: skip
    return (children,)


def _scores(table: Array, there: np.ndarray, low: Array, high: Array) -> Array:
    """One linear program a unit over the units that no other one dominates: only these can bind."""
    from scipy.optimize import linprog

    peers = table[undominated(table)]
    out = np.zeros(len(table))
    bounded = bool(low.max() > 0 or high.min() < 1)
    for i, row in enumerate(table):
        if not (row > 0).any():
            continue
        upper, limit = peers, np.ones(len(peers))
        if bounded:
            own = np.diag(row)
            lower_rows = np.where(there[i], low, 0.0)[:, None] * row[None, :] - own
            rows = np.vstack([lower_rows, own - high[:, None] * row[None, :]])
            upper, limit = np.vstack([peers, rows]), np.concatenate([limit, np.zeros(len(rows))])
        solved = linprog(-row, A_ub=upper, b_ub=limit, bounds=(0, None), method="highs")
        out[i] = -solved.fun if solved.success else np.nan
    return out


def undominated(table: Array) -> np.ndarray:
    """Whether no other unit is at least as good in every child and better in one; ``(unit, child)`` → ``(unit,)``."""
    distinct, place = np.unique(table, axis=0, return_inverse=True)
    order = np.argsort(-distinct.sum(axis=1), kind="stable")
    front: list[int] = []
    for k in order:  # a dominating unit has the greater sum, so it is met first
        if not front or not bool((distinct[front] >= distinct[k]).all(axis=1).any()):
            front.append(int(k))
    keep = np.zeros(len(distinct), dtype=bool)
    keep[front] = True
    return np.asarray(keep[place.reshape(-1)])
