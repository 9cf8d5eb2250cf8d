"""Least effort as a linear or mixed-integer program, from margins tabulated lever by lever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.robustness.program import quiet

__all__ = ["Table", "cheapest", "hull"]

MANY, FEW = 150, 150
"""Up to so many draws, which of them are given up is part of the program; beyond, it is improved step by step."""
SECONDS, TURNS = 10.0, 6


@dataclass(frozen=True, eq=False)
class Table:
    """Margins that add up: ``start`` ``(draw,)`` and what each lever adds at each place of its grid.

    ``gains`` is ``(lever, place, draw)``, ``effort`` ``(lever, place)``; the first place of each lever is its start.
    The last draw is the index itself and must hold.
    """

    start: Array
    gains: Array
    effort: Array

    @property
    def bent(self) -> npt.NDArray[np.bool_]:
        """Which levers gain more the further they are pulled, in some draw: a mixture of places would flatter them."""
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.diff(self.gains, axis=1) / np.diff(self.effort, axis=1)[..., None]
        rise = np.diff(slope, axis=1)
        scale = np.abs(slope).max(axis=(1, 2), initial=0.0)
        return np.asarray(np.nan_to_num(rise).max(axis=(1, 2), initial=0.0) > 1e-7 * np.maximum(scale, 1e-300))


def cheapest(table: Table, wanted: float) -> tuple[Array, bool] | None:
    """Return the weights of each lever's places ``(lever, place)`` of least effort, and whether that is proved.

    Proved holds of the tabulated margins: where the draws are few, which of them are given up is decided by the program
    itself (big-M rows), else in turns, each keeping those draws that the last plan came nearest to. None where no
    mixture reaches the wanted share.
    """
    draws = len(table.start) - 1
    need = int(np.ceil(wanted * draws - 1e-9))
    if draws <= MANY:
        found = _solve(table, np.arange(draws), need)
        return None if found is None else (found, True)
    best: tuple[float, Array] | None = None
    top = table.start[:-1] + table.gains[:, -1, :-1].sum(axis=0)
    ease = top / np.maximum(top - table.start[:-1], 1e-300)
    keep = np.argsort(-ease, kind="stable")[:need]
    for _ in range(TURNS):
        found = _solve(table, keep, need)
        if found is None:
            break
        effort = float((found * table.effort).sum())
        if best is not None and effort >= best[0] * (1 - 1e-9):
            break
        best = effort, found
        margin = table.start[:-1] + np.einsum("jb,jbd->d", found, table.gains[..., :-1])
        span = np.maximum(top - table.start[:-1], 1e-300)
        keep = np.argsort(-margin / span, kind="stable")[:need]
    return None if best is None else (best[1], need == draws)


def hull(table: Table) -> float | None:
    """Return the least effort at which the index itself holds, the other draws left aside: a bound from below."""
    found = _solve(table, np.empty(0, dtype=np.intp), 0)
    return None if found is None else float((found * table.effort).sum())


def _solve(table: Table, draws: npt.NDArray[np.intp], need: int) -> Array | None:
    """Least effort so that so many of some draws, and the index itself, hold."""
    if len(draws) == need and need > FEW:
        return _lazily(table, draws)
    return _whole(table, draws, need)


def _lazily(table: Table, draws: npt.NDArray[np.intp]) -> Array | None:
    """The same for draws that must all hold: those that a plan breaks are added to its rows until it breaks none."""
    room = table.start[draws] + table.gains[:, -1][:, draws].sum(axis=0)
    used = draws[np.argsort(room, kind="stable")[: FEW // 3]]
    while True:
        found = _whole(table, used, len(used), bent=False)
        if found is not None and not _neighbouring(found[table.bent]):
            found = _whole(table, used, len(used), gap=1e-3, seconds=2.0)
        if found is None or len(used) == len(draws):
            return found
        left = np.setdiff1d(draws, used)
        margin = table.start[left] + np.einsum("jb,jbd->d", found, table.gains[..., left])
        size = np.maximum(np.abs(table.gains[..., left]).max(axis=(0, 1)), 1e-12)
        broken = left[margin < -1e-7 * size]
        if not len(broken):
            return found
        worst = np.argsort((margin / size)[margin < -1e-7 * size], kind="stable")
        used = np.concatenate([used, broken[worst[: FEW // 2]]])


def _neighbouring(weights: Array) -> bool:
    """Whether no lever ``(lever, place)`` mixes places that are not neighbours."""
    return all(len(at) < 2 or at[-1] - at[0] <= 1 for at in (np.flatnonzero(w > 1e-9) for w in weights))


def _whole(
    table: Table, draws: npt.NDArray[np.intp], need: int, *, bent: bool = True, gap: float = 1e-6,
    seconds: float = SECONDS,
) -> Array | None:  # fmt: skip
    """Least effort so that so many of some draws, and the index itself, hold, as one program.

    Without `bent` a lever may mix any of its places.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    levers, places = table.effort.shape
    given_up = len(draws) - need
    rows = np.append(draws, len(table.start) - 1)
    gains = table.gains[..., rows].reshape(levers * places, len(rows)).T
    curved = np.flatnonzero(table.bent) if bent else np.empty(0, dtype=np.intp)
    y, s = (len(draws) if given_up > 0 else 0), len(curved) * (places - 1)
    n = levers * places
    cost = np.concatenate([table.effort.ravel(), np.zeros(y + s)])
    one = np.zeros((levers, n + y + s))
    for j in range(levers):
        one[j, j * places : (j + 1) * places] = 1.0
    scale = np.maximum(np.abs(gains).max(axis=1, initial=0.0), 1e-12)
    reach = np.zeros((len(rows), n + y + s))
    reach[:, :n] = gains / scale[:, None]
    floor = -table.start[rows] / scale
    if y:  # a draw that is given up needs nothing
        reach[np.arange(y), n + np.arange(y)] = np.maximum(floor[:y], 0.0)
    limits = [LinearConstraint(one, 1.0, 1.0), LinearConstraint(reach, floor, np.inf)]
    if y:
        total = np.zeros((1, n + y + s))
        total[0, n : n + y] = 1.0
        limits.append(LinearConstraint(total, -np.inf, float(given_up)))
    limits += _neighbours(curved, places, n, n + y, n + y + s)
    whole = np.concatenate([np.zeros(n), np.ones(y + s)])
    with quiet():
        done = milp(cost, constraints=limits, integrality=whole, bounds=Bounds(0.0, 1.0),
                    options={"time_limit": seconds, "mip_rel_gap": gap})  # fmt: skip
    return None if done.x is None else np.asarray(done.x[:n].reshape(levers, places))


def _neighbours(bent: npt.NDArray[np.intp], places: int, n: int, first: int, width: int) -> list[Any]:
    """Rows that let a bent lever mix two neighbouring places only: one stretch of its grid is chosen."""
    from scipy.optimize import LinearConstraint

    out = []
    for k, j in enumerate(bent):
        at = first + k * (places - 1)
        sole = np.zeros((1, width))
        sole[0, at : at + places - 1] = 1.0
        near = np.zeros((places, width))
        for b in range(places):
            near[b, j * places + b] = 1.0
            for stretch in (b - 1, b):
                if 0 <= stretch < places - 1:
                    near[b, at + stretch] = -1.0
        out += [LinearConstraint(sole, 1.0, 1.0), LinearConstraint(near, -np.inf, 0.0)]
    return out
