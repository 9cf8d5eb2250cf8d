"""Chapter on weights and importance: whether each part matters as much as its weight says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from podium.data.dataset import Array
from podium.errors import ComputationError
from podium.index.aggregate import tree_scores
from podium.index.rank import ranks
from podium.index.tree import Group, Tree, effective_weights
from podium.robustness.audit.chance import above_by_error
from podium.robustness.audit.chapter import Chapter, Grid, State
from podium.robustness.audit.finding import Finding
from podium.robustness.audit.subject import Subject
from podium.robustness.audit.wording import answer, percent, places

__all__ = ["contribution_error", "contributions", "importance", "main_effect"]

FEWEST = 15
"""Units from which on a standard error of a share says anything."""
SMALL = 0.05
"""Weights below this share of their group are too small to be missed."""
UNLIKE = 2.0
"""Importance and weight differ by this factor or more: the parts do not matter as weighted."""


def contributions(x: Array, y: Array, w: Array) -> Array:
    """Return each part's share of the differences in a weighted mean: ``w_k cov(x_k, y) / var(y)``, sum 1.

    Parameters
    ----------
    x, y
        ``(unit, part)`` and ``(unit,)``; units with a missing value are left out.
    w
        ``(part,)`` shares of the weight.
    """
    whole = ~(np.isnan(x).any(axis=1) | np.isnan(y))
    a = x[whole] - x[whole].mean(axis=0)
    total = a @ w
    variance = float(total @ total)
    return np.asarray(w * (a.T @ total) / variance) if variance > 0 else np.full(len(w), np.nan)


def contribution_error(x: Array, y: Array, w: float) -> float:
    """Return the standard error of one part's share of the differences, ``w cov(x, y) / var(y)``, for random units.

    By the influence of each unit on the share: ``w (x y - b y²) / var(y)`` of centred figures, `b` the slope of x on y.
    """
    both = ~(np.isnan(x) | np.isnan(y))
    if both.sum() < 3:
        return float("inf")
    a, b = x[both] - x[both].mean(), y[both] - y[both].mean()
    variance = float((b**2).mean())
    pull = w * (a * b - (a @ b) / (b @ b) * b**2) / variance
    return float(pull.std(ddof=1) / np.sqrt(len(a)))


def main_effect(x: Array, y: Array) -> float:
    """Return the share of the variance of `y` that a smooth curve of `x` explains, adjusted for its freedom.

    The curve is a natural cubic spline with four knots at the quantiles 0.05, 0.35, 0.65 and 0.95: an estimate of the
    first-order effect ``V(E(y | x)) / V(y)`` (Paruolo, Saisana & Saltelli 2013, doi:10.1111/j.1467-985X.2012.01059.x).
    NaN below ten units.
    """
    both = ~(np.isnan(x) | np.isnan(y))
    p, q = x[both], y[both]
    if len(p) < 10 or p.min() == p.max() or q.min() == q.max():
        return float("nan")
    p = (p - p.mean()) / p.std()
    knots = np.unique(np.quantile(p, (0.05, 0.35, 0.65, 0.95)))
    columns = [np.ones(len(p)), p]
    if len(knots) == 4:
        last = _cubic(p, knots[2], knots[3])
        columns += [_cubic(p, k, knots[3]) - last for k in knots[:2]]
    basis = np.stack(columns, axis=1)
    fit = basis @ np.linalg.lstsq(basis, q, rcond=None)[0]
    share = 1 - ((q - fit) ** 2).sum() / ((q - q.mean()) ** 2).sum()
    return float(max(1 - (1 - share) * (len(p) - 1) / (len(p) - basis.shape[1]), 0.0))


def _cubic(p: Array, at: float, last: float) -> Array:
    return np.asarray((np.maximum(p - at, 0) ** 3 - np.maximum(p - last, 0) ** 3) / (last - at))


def importance(s: Subject, skip: frozenset[str]) -> Chapter:
    """Return the chapter on weights; `skip` are items of which the reason is told: lopsided, or against the rest."""
    tree, findings, rows = s.built.tree, list[Finding](), []
    effective = effective_weights(tree)
    for g in tree.groups:
        table = _group(s, g)
        rows += [(*row[:2], row[2], effective[item], *row[3:]) for item, row in zip(g.children, table, strict=True)]
        findings += [*_idle(s, g, table, skip), *_ignored(s, g)]
    findings += [*_unbalanced(s, rows), *_same(s)]
    n = sum(f.kind in ("idle_weight", "dominant", "weights_ignored") for f in findings)
    text = answer("importance idle", n=n) if n else answer("importance")
    columns = ("item", "group", "weight", "effective", "contribution", "r2", "effect", "importance")
    state: State = "poor" if n else "mixed" if findings else "good"
    return Chapter("importance", state, text, {"weights": Grid.of(columns, rows)}, tuple(findings))


def _group(s: Subject, g: Group) -> list[tuple[str, str, float, float, float, float, float]]:
    """One row a child: code, group, weight share, contribution, squared correlation, main effect, share of the last."""
    kids = list(g.children)
    x, y, w = s.scores[:, kids], s.scores[:, g.item], s.built.tree.weights[kids]
    w = w / w.sum() if w.sum() > 0 else w
    part = _scaled(g, x)
    shares = contributions(part, y, w) if part is not None else np.full(len(kids), np.nan)
    effects = np.array([main_effect(x[:, k], y) for k in range(len(kids))])
    square = np.array([_square(x[:, k], y) for k in range(len(kids))])
    total = np.nansum(effects)
    relative = effects / total if total > 0 else np.full(len(kids), np.nan)
    return [(s.built.tree.items[c], g.code, float(w[k]), float(shares[k]), float(square[k]), float(effects[k]),
             float(relative[k])) for k, c in enumerate(kids)]  # fmt: skip


def _scaled(g: Group, x: Array) -> Array | None:
    """The children on the scale on which the group is a weighted mean of them; None where there is none."""
    if g.method in ("arithmetic", "sum"):
        return x
    if g.method == "geometric" and np.nanmin(x) > 0:
        return np.asarray(np.log(x))
    if g.method == "harmonic" and np.nanmin(x) > 0:
        return np.asarray(-1 / x)
    return None


def _square(x: Array, y: Array) -> float:
    both = ~(np.isnan(x) | np.isnan(y))
    if both.sum() < 3 or np.ptp(x[both]) == 0 or np.ptp(y[both]) == 0:
        return float("nan")
    return float(np.corrcoef(x[both], y[both])[0, 1] ** 2)


def _idle(
    s: Subject, g: Group, table: list[tuple[str, str, float, float, float, float, float]], skip: frozenset[str]
) -> Iterator[Finding]:
    """Children that make far less or more of the differences than weighed.

    A warning is sure of half of it: that they are beyond the root of the factor, halfway from as weighed to too far.
    """
    limit, tests = s.limits.influence, len(s.built.tree.items)
    half = limit**0.5
    errors, units = _errors(s, g)
    for (code, group, weight, share, *_), error in zip(table, errors, strict=True):
        if len(table) < 2 or np.isnan(share):
            continue
        values = {"weight": weight, "share": share, "error": error}
        if weight >= SMALL and share < weight / limit:
            sure = units >= FEWEST and above_by_error(weight / half - share, error, units, tests) and code not in skip
            yield s.finding("idle_weight", "warning" if sure else "note", "importance", items=(code, group),
                            weight=percent(weight), share=percent(share), values=values,
                            size=min(weight / max(share, weight / 20), 20) / limit)  # fmt: skip
        elif share > weight * limit and share > 0.5:
            sure = units >= FEWEST and above_by_error(share - weight * half, error, units, tests)
            yield s.finding("dominant", "warning" if sure else "note", "importance", items=(code, group),
                            weight=percent(weight), share=percent(share), values=values,
                            size=share / max(weight, 0.01) / limit)  # fmt: skip


def _errors(s: Subject, g: Group) -> tuple[list[float], int]:
    """The standard error of each child's share of the differences in the group's score, and the units it comes from."""
    kids = list(g.children)
    x, w = _scaled(g, s.scores[:, kids]), s.built.tree.weights[kids]
    if x is None or w.sum() <= 0:
        return [0.0] * len(kids), len(s.built.units)
    whole = x[~np.isnan(x).any(axis=1)]
    total = whole @ (w / w.sum())
    return [contribution_error(whole[:, k], total, float(w[k] / w.sum())) for k in range(len(kids))], len(whole)


def _ignored(s: Subject, g: Group) -> Iterator[Finding]:
    """A group whose score is the same with equal weights, though they are not."""
    tree, kids = s.built.tree, list(g.children)
    w = tree.weights[kids]
    if len(kids) < 2 or g.item in tree.factors or np.ptp(w) <= 1e-9 * np.abs(w).max():
        return
    other = _with(tree, g, np.full(len(kids), w.mean()))
    try:
        new = tree_scores(other, s.normalised, units=s.built.units)[:, g.item]
        old = tree_scores(tree, s.normalised, units=s.built.units)[:, g.item]
    except ComputationError:
        return
    if np.nanmax(np.abs(new - old), initial=0.0) <= 1e-9 * max(np.nanmax(np.abs(old), initial=0.0), 1e-300):
        yield s.finding("weights_ignored", "warning", "importance", items=(g.code,), method=g.method, size=2.0)


def _with(tree: Tree, g: Group, w: Array) -> Tree:
    weights = tree.weights.copy()
    weights[list(g.children)] = w
    return replace(tree, weights=weights)


def _unbalanced(s: Subject, rows: list[tuple[str, str, float, float, float, float, float, float]]) -> Iterator[Finding]:
    """The root's parts whose share of importance is far from their share of weight."""
    root = s.built.tree.groups[-1].code
    parts = [r for r in rows if r[1] == root and not np.isnan(r[7])]
    if len(parts) < 2:
        return
    ratio = {r[0]: (r[7] + 1e-9) / (r[2] + 1e-9) for r in parts}
    if max(max(ratio.values()), 1 / min(ratio.values())) < UNLIKE:
        return
    high = max(parts, key=lambda r: ratio[r[0]])
    low = min(parts, key=lambda r: ratio[r[0]])
    yield s.finding(
        "unbalanced", "note", "importance", items=(root, high[0], low[0]), high=s.names(high[0]), low=s.names(low[0]),
        high_weight=percent(high[2]), high_share=percent(high[7]), low_weight=percent(low[2]),
        low_share=percent(low[7]), size=max(ratio[high[0]], 1 / ratio[low[0]]) / UNLIKE,
        values={"high": ratio[high[0]], "low": ratio[low[0]]},
    )  # fmt: skip


def _same(s: Subject) -> Iterator[Finding]:
    """Weights that differ by half or more, and that equal ones could replace without a move of more than a place."""
    tree = s.built.tree
    sign = 1.0 if s.built.spec.steps.rank.best == "highest" else -1.0
    for g in tree.groups:
        kids = list(g.children)
        w = tree.weights[kids]
        if len(kids) < 2 or g.item in tree.factors or not w.min() >= 0 or w.max() < 1.5 * max(w.min(), 1e-12):
            continue
        other = _with(tree, g, np.full(len(kids), w.mean()))
        try:
            new, old = (tree_scores(t, s.normalised, units=s.built.units)[:, g.item] for t in (other, tree))
        except ComputationError:
            continue
        most = float(np.nanmax(np.abs(ranks(sign * new) - ranks(sign * old)), initial=0.0))
        if most <= max(1.0, 0.02 * len(s.built.units)):
            yield s.finding("same_weights", "note", "importance", items=(g.code,), most=places(most), size=1.0,
                            values={"most": most})  # fmt: skip
