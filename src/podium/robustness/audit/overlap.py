"""Indicators that count a thing twice: the same figures, nearly the same, or put together from others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.correlation import correlation_matrix
from podium.index.selection import ancestors
from podium.robustness.audit.chance import FAMILY, excess, normal_scores, surprise
from podium.robustness.audit.finding import Finding, Severity
from podium.robustness.audit.subject import Subject
from podium.robustness.audit.wording import percent, r2

__all__ = ["Parts", "common_factor", "more_than_common", "overlap", "parts", "surely_more"]

FEWEST = 10
"""Units that a pair must share before its correlation says anything."""
MOST_PARTS = 8
MOST_ITEMS = 150
IDENTICAL = 0.9995
SPARED = 1.25
"""A part is not needed where what is left unexplained grows by no more than this factor without it."""
FORMULAS = ("difference", "quotient", "product", "first")
LESS = 0.25
"""What the parts leave of an indicator is at most this part of what the common factor leaves."""


def common_factor(r: Array) -> Array:
    """Return loadings ``(indicator,)`` on one common factor of a correlation matrix, by iterated principal axes.

    Missing correlations count as 0. Harman (1976), Modern Factor Analysis, chapter 8.
    """
    c = np.nan_to_num(np.array(r, dtype=float))
    if len(c) < 3:
        return np.zeros(len(c))
    share = np.full(len(c), 0.5)
    loadings = np.zeros(len(c))
    for _ in range(100):
        np.fill_diagonal(c, share)
        values, vectors = np.linalg.eigh(c)
        loadings = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
        new = np.minimum(loadings**2, 0.999)
        if np.abs(new - share).max() < 1e-6:
            break
        share = new
    return np.asarray(loadings * (1.0 if loadings.sum() >= 0 else -1.0))


@dataclass(frozen=True)
class Parts:
    """An indicator that follows from others: their places, the share of its variance that they explain."""

    target: int
    others: tuple[int, ...]
    share: float


def parts(r: Array, n: int, *, explained: float, apart: float) -> list[Parts]:
    """Return the indicators that few others explain nearly wholly, none of them alone.

    For each one others are taken in as they help most (forward selection), up to eight and as many as the units carry
    (five each), then taken out again where they are not needed. All must push the same way as a sum or mean would;
    those that correlate by `apart` or more are left to the search for duplicates. The share is adjusted for the
    number of parts; more than three must leave less than two fifths of what up to three may leave.

    Parameters
    ----------
    r
        ``(indicator, indicator)`` correlations over the same `n` units.
    """
    out = []
    r = np.nan_to_num(r)
    near = np.abs(r) >= apart
    for t in range(len(r)):
        chosen = _needed(r, t, _forward(r, t, near, n, explained), n)
        share = _adjusted(_explained(r, t, chosen), n, len(chosen)) if len(chosen) > 1 else 0.0
        if share >= _least(explained, len(chosen)) and bool((_slopes(r, t, chosen) > 0).all()):
            out.append(Parts(t, tuple(sorted(chosen)), share))
    return out


def _needed(r: Array, t: int, chosen: list[int], n: int) -> list[int]:
    """The parts without those that hardly help, or pull the other way."""
    chosen = list(chosen)
    while len(chosen) > 2:
        left = 1 - _adjusted(_explained(r, t, chosen), n, len(chosen))
        without = [1 - _adjusted(_explained(r, t, [c for c in chosen if c != k]), n, len(chosen) - 1) for k in chosen]
        slopes = _slopes(r, t, chosen)
        at = int(np.argmin(without))
        if without[at] > SPARED * left + 1e-6:
            if slopes.min() > 0:
                break
            at = int(np.argmin(slopes))
        chosen.pop(at)
    return chosen


def _forward(r: Array, t: int, near: npt.NDArray[np.bool_], n: int, explained: float) -> list[int]:
    """Indicators that explain a target, taken in one by one as each helps most, until they explain enough."""
    left = np.array(r, dtype=float)  # what is left of the correlations once those chosen are known
    open_ = ~near[t]
    open_[t] = False
    chosen: list[int] = []
    for _ in range(min(MOST_PARTS, n // 5 - 1)):
        gain = np.where(open_ & (np.diag(left) > 1e-6), left[t] ** 2 / np.maximum(np.diag(left), 1e-12), -1.0)
        k = int(np.argmax(gain))
        if gain[k] <= 0:
            break
        chosen.append(k)
        left = left - np.outer(left[:, k], left[k]) / left[k, k]
        open_ &= ~near[k]
        open_[k] = False
        if _adjusted(1 - float(left[t, t]), n, len(chosen)) >= _least(explained, MOST_PARTS):
            break
    return chosen


def surely_more(share: float, known: float, n: int, k: int, items: int) -> bool:
    """Return whether `k` parts surely explain more than is `known`, however many sets of parts there are to try.

    F test of what they explain besides, each of the ``items × C(items - 1, k)`` sets being one test.
    """
    from math import comb

    from scipy.special import fdtrc

    if n <= k + 1:
        return False
    f = (share - known) / k / (max(1 - share, 1e-12) / (n - k - 1))
    return bool(f > 0 and fdtrc(k, n - k - 1, f) * items * comb(items - 1, k) < FAMILY)


def _least(explained: float, k: int) -> float:
    return explained if k <= 3 else 1 - (1 - explained) * 0.4


def _slopes(r: Array, t: int, chosen: Sequence[int]) -> Array:
    inside = r[np.ix_(chosen, chosen)] + 1e-10 * np.eye(len(chosen))
    return np.asarray(np.linalg.solve(inside, r[t, list(chosen)]))


def _explained(r: Array, t: int, chosen: Sequence[int]) -> float:
    return min(float(r[t, list(chosen)] @ _slopes(r, t, chosen)), 1.0)


def _adjusted(share: float, n: int, k: int) -> float:
    return 1 - (1 - share) * (n - 1) / max(n - k - 1, 1)


def overlap(s: Subject) -> list[Finding]:
    """Return findings on indicators that count a thing twice."""
    x = s.oriented
    r = correlation_matrix(x, kind="pearson")
    n = (~np.isnan(x)).astype(float).T @ (~np.isnan(x)).astype(float)
    more = np.minimum(more_than_common(x, n), more_than_common(normal_scores(x), n))
    grave = surprise(len(s.leaves) * (len(s.leaves) - 1) // 2)
    rank = correlation_matrix(x, kind="spearman")
    found: list[Finding] = []
    for i, j in zip(*np.triu_indices(len(s.leaves), 1), strict=True):
        if n[i, j] >= FEWEST and not np.isnan(r[i, j]):
            found += _pair(s, int(i), int(j), float(r[i, j]), float(rank[i, j]), bool(more[i, j] > grave))
    return [*found, *_composites(s)]


def more_than_common(x: Array, n: Array) -> Array:
    """Return by how many standard errors correlations of ``(unit, indicator)`` exceed those of one common factor."""
    r = correlation_matrix(x, kind="pearson")
    load = common_factor(r)
    return excess(r, np.outer(load, load), n)


def _pair(s: Subject, i: int, j: int, r: float, rank: float, more: bool) -> Iterator[Finding]:
    a, b = s.leaves[i], s.leaves[j]
    limit = s.limits.duplicate
    fine = min(len(np.unique(s.before[:, k][~np.isnan(s.before[:, k])])) for k in (i, j)) > 5
    same = r >= limit or (rank >= IDENTICAL and fine)
    if same and fine:
        held = max(r, rank)
        grave: Severity = "note" if _formula(s, i, j) or (not more and held < IDENTICAL) else "fault"
        yield s.finding("duplicate", grave, "coherence", items=(a, b), r=r2(held), size=2.0 + held,
                        values={"r": r, "rank_r": rank})  # fmt: skip
    elif (r <= -limit or rank <= -IDENTICAL) and fine:
        yield s.finding("mirror", "note" if _formula(s, i, j) else "fault", "coherence", items=(a, b),
                        r=r2(min(r, rank)), size=2.0 - r,
                        values={"r": r, "rank_r": rank})  # fmt: skip
    elif r > s.limits.within[1]:
        parent = s.built.tree.parent
        inside = parent[i] == parent[j]
        code = s.built.tree.items[parent[i]]
        where = {k: f" in {s.names(code)[k]}" if k == "en" else f" {s.names(code)[k]} 영역에서" for k in ("en", "ko")}
        across = {"en": ", in two parts of the index", "ko": " 지수의 두 영역에 걸쳐"}
        yield s.finding(
            "redundant", "warning" if more else "note", "coherence", items=(a, b), r=r2(r),
            where=where if inside else across, how={"en": "twice", "ko": "두 번"},
            size=1 + (r - s.limits.within[1]) / (1 - s.limits.within[1]), values={"r": r},
        )  # fmt: skip


def _formula(s: Subject, i: int, j: int) -> bool:
    """Whether two indicators meet in a formula (a difference, a quotient) that may well take a figure twice."""
    above = set(ancestors(s.built.tree, i)) | set(ancestors(s.built.tree, j))
    return any(g.item in above and g.method in FORMULAS for g in s.built.tree.groups)


def _composites(s: Subject) -> Iterator[Finding]:
    x = s.oriented
    if len(s.leaves) > MOST_ITEMS or len(s.leaves) < 3:
        return
    whole = ~np.isnan(x).any(axis=1)
    few = whole.sum() < max(20, 0.5 * len(x))
    x = np.where(np.isnan(x), np.nanmean(x, axis=0), x) if few else x[whole]
    if len(x) < 15:
        return
    r = correlation_matrix(x, kind="pearson")
    shared = common_factor(r) ** 2
    for found in parts(r, len(x), explained=s.limits.explained, apart=s.limits.duplicate):
        alone = float((r[found.target, list(found.others)] ** 2).max())
        known = max(float(shared[found.target]), alone)
        if 1 - found.share > LESS * (1 - known):
            continue  # a strong common factor, or one of them alone, explains nearly as much
        if not surely_more(found.share, known, len(x), len(found.others), len(s.leaves)):
            continue
        items = (s.leaves[found.target], *(s.leaves[k] for k in found.others))
        names = {k: ", ".join(s.names(c)[k] for c in items[1:]) for k in ("en", "ko")}
        yield s.finding("composite", "warning", "coherence", items=items, names=names, share=percent(found.share),
                        size=1 + (found.share - s.limits.explained) / (1 - s.limits.explained + 1e-9),
                        values={"share": found.share})  # fmt: skip
