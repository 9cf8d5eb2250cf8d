"""Correlation coefficients of columns, pair by pair over the units that both have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array

__all__ = ["KINDS", "Kind", "Sorted", "alike", "correlation_matrix", "sorted_columns"]

Kind = Literal["pearson", "spearman", "kendall"]
KINDS = ("pearson", "spearman", "kendall")
WHOLE = 1500  # units up to which Kendall's pairs of units fit into memory side by side
BLOCK = 20_000_000  # numbers held at once while ranking


def correlation_matrix(x: Array, y: Array | None = None, *, kind: Kind) -> Array:
    """Return the correlation of every column of `x` with every column of `y`, over the units that both have.

    Parameters
    ----------
    x, y
        ``(unit, indicator)``; NaN is missing. `y` None takes `x` itself.
    kind
        ``pearson``; ``spearman``, with average ranks over the units of each pair; ``kendall``, tau-b (Kendall 1945,
        doi:10.1093/biomet/33.3.239).

    Returns
    -------
    ``(columns of x, columns of y)``; NaN where a pair has fewer than two units or one of the two is constant.
    """
    other = x if y is None else y
    out = {"pearson": _pearson, "spearman": _spearman, "kendall": _kendall}[kind](x, other)
    if y is None:
        np.fill_diagonal(out, np.where(np.isnan(np.diag(out)), np.nan, 1.0))
    return out


def _pearson(x: Array, y: Array) -> Array:
    """All pairs at once by products of masked columns; pairs where that loses digits again one by one."""
    p, q = _spread(x), _spread(y)
    known_p, known_q = (~np.isnan(p)).astype(float), (~np.isnan(q)).astype(float)
    p, q = np.nan_to_num(p), np.nan_to_num(q)
    n = known_p.T @ known_q
    sum_p, sum_q, square_p, square_q = p.T @ known_q, known_p.T @ q, (p**2).T @ known_q, known_p.T @ (q**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        rest_p, rest_q = square_p - sum_p**2 / n, square_q - sum_q**2 / n
        r = (p.T @ q - sum_p * sum_q / n) / np.sqrt(rest_p * rest_q)
    exact = (n >= 2) & (rest_p > 1e-3 * square_p) & (rest_q > 1e-3 * square_q)
    out = np.where(exact, np.clip(r, -1.0, 1.0), np.nan)
    for i, j in np.argwhere((n >= 2) & ~exact):
        both = ~(np.isnan(x[:, i]) | np.isnan(y[:, j]))
        out[i, j] = _two_passes(x[both, i], y[both, j])
    return np.asarray(out)


def _spread(x: Array) -> Array:
    """Columns less their median, which no outlier moves, on their own scale."""
    gaps = np.isnan(x)
    centre = np.zeros(x.shape[1])
    whole = ~gaps.any(axis=0)
    centre[whole] = np.median(x[:, whole], axis=0) if len(x) else 0.0
    for k in np.flatnonzero(~whole & ~gaps.all(axis=0)):
        centre[k] = np.median(x[~gaps[:, k], k])
    d = x - centre
    size = np.where(gaps, 0.0, np.abs(d)).max(axis=0, initial=0.0)
    return np.asarray(d / np.where(size > 0, size, 1.0))


def _two_passes(x: Array, y: Array) -> float:
    if (x == x[0]).all() or (y == y[0]).all():
        return float("nan")
    p, q = x - x.mean(), y - y.mean()
    return float(np.clip((p @ q) / np.sqrt((p @ p) * (q @ q)), -1.0, 1.0))


def _spearman(x: Array, y: Array) -> Array:
    """Ranks anew among the units of each pair: once for every set of units that a column can bring along."""
    out = np.full((x.shape[1], y.shape[1]), np.nan)
    sets_y, sorted_y = alike(y), sorted_columns(y)
    place = np.empty(y.shape[1], dtype=np.intp)
    for k, (columns, _) in enumerate(sets_y):
        place[columns] = k
    width = max(1, BLOCK // (len(sets_y) * len(x)))
    for start in range(0, x.shape[1], width):
        part = x[:, start : start + width]
        sorted_x = sorted_columns(part)
        ranks_x = np.stack([sorted_x.centred_ranks(mask) for _, mask in sets_y])
        for columns, mask in alike(part):
            ranks_y = sorted_y.centred_ranks(mask)
            held = ranks_x[place[:, None], np.array(columns)]
            above = np.einsum("jan,jn->aj", held, ranks_y)
            below = np.sqrt(np.einsum("jan,jan->aj", held, held) * (ranks_y**2).sum(axis=1))
            with np.errstate(invalid="ignore", divide="ignore"):
                out[np.array(columns) + start] = np.clip(above / below, -1.0, 1.0)
    return out


def alike(x: Array) -> list[tuple[list[int], npt.NDArray[np.bool_]]]:
    """Columns by the set of units they have."""
    there = ~np.isnan(x)
    groups: dict[bytes, list[int]] = {}
    for k in range(x.shape[1]):
        groups.setdefault(there[:, k].tobytes(), []).append(k)
    return [(columns, there[:, columns[0]]) for columns in groups.values()]


@dataclass(frozen=True, eq=False)
class Sorted:
    """Columns sorted once, ``(indicator, unit)``, so that ranks among some of the units need no sorting anew.

    ``start`` and ``end`` are the places at which the run of equal values around each place begins and ends.
    """

    order: npt.NDArray[np.intp]
    start: npt.NDArray[np.intp]
    end: npt.NDArray[np.intp]
    there: npt.NDArray[np.bool_]

    def among(self, mask: npt.NDArray[np.bool_]) -> tuple[Array, Array, Array]:
        """In sorted order, among some units: 1 where a value is there, its number, how many are below its run."""
        held = (mask[self.order] & self.there).astype(float)
        number = np.cumsum(held, axis=1)
        below = np.take_along_axis(number - held, self.start, axis=1)
        return held, number, below

    def centred_ranks(self, mask: npt.NDArray[np.bool_]) -> Array:
        """Average ranks among some units less their mean, ``(indicator, unit)``; 0 where there is no value."""
        held, number, below = self.among(mask)
        upto = np.take_along_axis(number, self.end, axis=1)
        ranked = held * ((below + upto) / 2 - number[:, -1:] / 2)
        out = np.empty(ranked.shape)
        np.put_along_axis(out, self.order, ranked, axis=1)
        return out


def sorted_columns(x: Array) -> Sorted:
    """Return the columns of ``(unit, indicator)`` sorted, NaN last."""
    columns = np.ascontiguousarray(x.T)
    order = np.argsort(columns, axis=1, kind="stable")
    v = np.take_along_axis(columns, order, axis=1)
    place = np.broadcast_to(np.arange(v.shape[1]), v.shape)
    new = np.ones(v.shape, dtype=bool)
    new[:, 1:] = v[:, 1:] != v[:, :-1]
    last = np.ones(v.shape, dtype=bool)
    last[:, :-1] = new[:, 1:]
    start = np.maximum.accumulate(np.where(new, place, 0), axis=1)
    end = np.minimum.accumulate(np.where(last, place, len(x))[:, ::-1], axis=1)[:, ::-1]
    return Sorted(order, start, end, ~np.isnan(v))


def _kendall(x: Array, y: Array) -> Array:
    if len(x) > WHOLE:
        return np.array([[_tau(x[:, i], y[:, j]) for j in range(y.shape[1])] for i in range(x.shape[1])])
    lower, upper = np.triu_indices(len(x), 1)
    sx, sy = np.sign(x[lower] - x[upper]), np.sign(y[lower] - y[upper])
    known_x, known_y = (~np.isnan(sx)).astype(float), (~np.isnan(sy)).astype(float)
    sx, sy = np.nan_to_num(sx), np.nan_to_num(sy)
    untied_x, untied_y = np.abs(sx).T @ known_y, known_x.T @ np.abs(sy)
    with np.errstate(invalid="ignore", divide="ignore"):
        tau = (sx.T @ sy) / np.sqrt(untied_x * untied_y)
    return np.asarray(np.where((untied_x > 0) & (untied_y > 0), np.clip(tau, -1.0, 1.0), np.nan))


def _tau(x: Array, y: Array) -> float:
    """tau-b of one pair in n log n steps."""
    from scipy.stats import kendalltau

    both = ~(np.isnan(x) | np.isnan(y))
    p, q = x[both], y[both]
    if len(p) < 2 or (p == p[0]).all() or (q == q[0]).all():
        return float("nan")
    return float(kendalltau(p, q).statistic)
