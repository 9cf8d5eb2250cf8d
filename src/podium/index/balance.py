"""Weights under which items correlate with the index as they should: as important as wanted, or as much as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from podium.data.dataset import Array
from podium.errors import ComputationError, Fault
from podium.index.aggregate import Tree, tree_scores
from podium.index.correlation import Kind, correlation_matrix

__all__ = ["Aim", "Optimised", "objective", "optimised_weights"]

Aim = Literal["balance", "infomax"]
STEP = 1e-6


@dataclass(frozen=True, eq=False)
class Optimised:
    """Weights found for the items of a level.

    ``weights`` ``(item of the tree,)`` are whole, those of other levels as before; ``items`` are the positions that
    changed, ``correlations`` theirs with the index at these weights, ``wanted`` their shares of importance (None for
    infomax), ``objective`` what was made least.
    """

    weights: Array
    items: tuple[int, ...]
    correlations: Array
    wanted: Array | None
    objective: float


def objective(correlations: Array, wanted: Array | None) -> float:
    """Return what is made least: ``ln mean((wanted - r / Σ r)²)``, as COINr's ``get_opt_weights``, or ``-Σ r``.

    Parameters
    ----------
    correlations
        ``(item,)`` with the index.
    wanted
        ``(item,)`` shares of importance that sum to 1; None for infomax. NaN where the correlations sum to 0.
    """
    if wanted is None:
        return -float(correlations.sum())
    if correlations.sum() == 0:
        return float("nan")
    error = float(((wanted - correlations / correlations.sum()) ** 2).mean())
    return float(np.log(error)) if error > 0 else -np.inf


@dataclass(frozen=True, eq=False)
class _Problem:
    """The index's scores as a function of the free numbers, one an item."""

    tree: Tree
    normalised: Array
    weights: Array
    items: tuple[int, ...]
    siblings: tuple[tuple[int, ...], ...]
    wanted: Array | None
    kind: Kind
    least: float | None
    figures: Array

    def spread(self, v: Array) -> Array:
        """Weights ``(..., item of the tree)`` of free numbers ``(..., item)``: siblings share their nominal sum."""
        out = np.broadcast_to(self.weights, (*v.shape[:-1], len(self.weights))).copy()
        for places in self.siblings:
            held = [self.items[p] for p in places]
            part = v[..., list(places)]
            share = part / part.sum(axis=-1, keepdims=True)
            if self.least is not None:
                share = self.least + (1 - self.least * len(held)) * share
            out[..., held] = share * self.weights[held].sum()
        return out

    def correlations(self, v: Array) -> Array:
        """Correlations of the items with the index, ``(..., item)``."""
        root = tree_scores(self.tree, self.normalised, self.spread(v))[..., -1]
        flat = root.reshape(-1, root.shape[-1]).T
        r = correlation_matrix(self.figures, flat, kind=self.kind)
        return np.asarray(np.nan_to_num(r.T).reshape(*root.shape[:-1], len(self.items)))

    def errors(self, v: Array) -> Array:
        r = self.correlations(v)
        if self.wanted is None:
            return np.asarray(-r.sum(axis=-1, keepdims=True))
        total = r.sum(axis=-1, keepdims=True)
        return np.asarray(self.wanted - np.where(total != 0, r / np.where(total != 0, total, 1.0), 0.0))

    def slopes(self, v: Array) -> Array:
        """Central differences of the errors, ``(error, item)``, all in one go."""
        size = STEP * np.maximum(np.abs(v), 1e-3)
        moved = np.concatenate([v + np.diag(size), np.maximum(v - np.diag(size), 0.0) if self.least is not None
                                else v - np.diag(size)])  # fmt: skip
        e = self.errors(moved)
        across = np.diag(moved[: len(v)]) - np.diag(moved[len(v) :])
        return np.asarray(((e[: len(v)] - e[len(v) :]) / across[:, None]).T)


def optimised_weights(
    tree: Tree, normalised: Array, items: Sequence[int], *, aim: Aim, wanted: Array | None, kind: Kind,
    least: float | None, weights: Array | None = None,
) -> Optimised:  # fmt: skip
    """Return weights of some items under which their correlations with the index are best.

    Siblings share the sum of their weights; the rest of the tree stays. `balance` wants each item's part of the sum of
    all correlations to be its part of the importance (Becker et al. 2017, doi:10.1016/j.ecolind.2017.03.056), `infomax`
    the greatest sum of correlations. Pearson's are found by least squares from the nominal weights, the wanted shares
    and equal ones, with no randomness; ranks by Nelder and Mead's method from there.

    Parameters
    ----------
    normalised
        ``(unit, indicator)``; NaN is missing.
    items
        Positions in ``tree.items`` of the items to weight.
    wanted
        ``(item,)`` importances of any scale for `balance`; None for `infomax`.
    least
        The least share of an item among its siblings, 0 or above; None lets weights be negative.
    weights
        ``(item of the tree,)`` to start from; None takes the nominal ones.

    Raises
    ------
    ComputationError
        If the shares cannot all reach `least`, or no weights give correlations with a positive sum.
    """
    nominal = tree.weights if weights is None else weights
    held = tuple(items)
    siblings: dict[int, list[int]] = {}
    for place, item in enumerate(held):
        siblings.setdefault(tree.parent[item], []).append(place)
    if least is not None and any(least * len(s) > 1 for s in siblings.values()):
        most = max(len(s) for s in siblings.values())
        raise ComputationError(Fault(f"{most} siblings cannot each have a share of {least:g}", "Lower `least`"))
    share = None if wanted is None or aim == "infomax" else np.asarray(wanted, dtype=float) / np.sum(wanted)
    figures = tree_scores(tree, normalised, nominal)[..., list(held)]
    families = tuple(map(tuple, siblings.values()))
    problem = _Problem(tree, normalised, nominal, held, families, share, kind, least, figures)
    starts = [nominal[list(held)], np.ones(len(held))] + ([] if share is None else [share])
    found = [_solve(problem, start / start.sum() * len(start)) for start in starts]
    scored = [(objective(problem.correlations(v), share), v) for v in found]
    value, best = min(scored, key=lambda s: np.inf if np.isnan(s[0]) else s[0])
    if np.isnan(value):
        raise ComputationError(Fault("no weights give correlations with a positive sum", "Look at the directions"))
    return Optimised(problem.spread(best), held, problem.correlations(best), share, value)


def _solve(problem: _Problem, start: Array) -> Array:
    from scipy.optimize import least_squares, minimize

    free = problem.least is None
    smooth = _Problem(**{**vars(problem), "kind": "pearson"})
    start = start if free else np.maximum(start, 1e-3)
    if problem.wanted is not None:
        bounds = (-np.inf, np.inf) if free else (0.0, np.inf)
        found = least_squares(smooth.errors, start, jac=smooth.slopes, bounds=bounds, xtol=1e-15, ftol=1e-15,
                              gtol=1e-15, max_nfev=500).x  # fmt: skip
    else:
        found = minimize(
            lambda v: float(smooth.errors(v)[0]), start, jac=lambda v: smooth.slopes(v)[0], method="L-BFGS-B",
            bounds=None if free else [(0.0, None)] * len(start), options={"ftol": 1e-15, "gtol": 1e-10},
        ).x  # fmt: skip
    if problem.kind == "pearson":
        return np.asarray(found)

    def value(v: Array) -> float:
        return objective(problem.correlations(v if free else np.abs(v)), problem.wanted)

    options = {"xatol": 1e-6, "fatol": 1e-9, "maxfev": 400 * len(start)}
    ranked = minimize(value, found, method="Nelder-Mead", options=options).x
    return np.asarray(ranked if free else np.abs(ranked))
