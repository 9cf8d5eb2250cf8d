"""Weights chosen by a rule: given, equal, by principal components, by correlation, by constraints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np

from podium.data.dataset import Array
from podium.errors import ComputationError, Fault, SpecError
from podium.index.aggregate import Group, Tree, tree_scores
from podium.index.balance import optimised_weights
from podium.index.components import principal_components
from podium.index.constraints import analytic_centre, centroid, nearest, polytope
from podium.index.selection import item_numbers, items_at
from podium.index.spec import Spec
from podium.index.steps import Weights

__all__ = ["chosen_weights", "component_weights"]


def chosen_weights(spec: Spec, tree: Tree, normalised: Array, panel: Array | None = None) -> Array:
    """Return the weights ``(item,)`` that ``steps.weights`` asks for; the tree's own where it asks nothing.

    Rules apply one after the other. `given` sets what it names and nothing else; every other rule divides anew what
    siblings have between them, so that their sum, and with it a weighted sum, keeps its size.

    Parameters
    ----------
    normalised
        ``(unit, indicator)``; NaN is missing.
    panel
        The units of all editions of a panel, for rules that learn over it; None where there is no panel.

    Raises
    ------
    SpecError
        If a rule names an item or level that is not there, or does not say what of a panel it learns from.
    ComputationError
        If a rule has no answer, naming the node and the remedy.
    """
    weights = tree.weights.copy()
    for rule in spec.steps.weights:
        try:
            _check(rule, tree)
            if panel is not None and rule.over is None and rule.method in ("pca", "optimised"):
                remedy = "Say `over: panel` (one set of weights) or `over: edition`"
                raise SpecError(Fault(f"the index is a panel, but {rule.method} lacks `over`", remedy))
            figures = panel if panel is not None and rule.over == "panel" else normalised
            weights = _RULES[rule.method](rule, tree, weights, figures)
        except SpecError as error:
            said = [replace(f, message=f"steps.weights: {f.message}", file=spec.file) for f in error.faults]
            raise SpecError(said) from None
    return weights


def _check(rule: Weights, tree: Tree) -> None:
    target = rule.target if isinstance(rule.target, Mapping) else {}
    named = {*rule.values, *target, *rule.bounds, *(c for chain in rule.order for c in chain)}
    faults = [Fault(f"{c} is not in the tree", "Name indicators or groups of the tree")
              for c in sorted(named) if c not in tree.items]  # fmt: skip
    if rule.level is not None and rule.level not in tree.level[:-1]:
        faults.append(Fault(f"there are no items to weight at level {rule.level}", f"Use 1 to {max(tree.level) - 1}"))
    if faults:
        raise SpecError(faults)


def _families(rule: Weights, tree: Tree) -> list[tuple[Group, list[int]]]:
    """Each group with those of its children that the rule weights, from the bottom up."""
    found = [(g, [k for k in g.children if rule.level in (None, tree.level[k])]) for g in tree.groups]
    return [(g, kids) for g, kids in found if kids]


def _given(rule: Weights, tree: Tree, weights: Array, normalised: Array) -> Array:
    out = weights.copy()
    out[list(item_numbers(tree, rule.values))] = list(rule.values.values())
    if empty := [g.code for g in tree.groups if out[list(g.children)].sum() == 0]:
        raise SpecError(Fault(f"the weights below {empty[0]} sum to 0", "Give one of them a weight"))
    return out


def _equal(rule: Weights, tree: Tree, weights: Array, normalised: Array) -> Array:
    out = weights.copy()
    for _, kids in _families(rule, tree):
        out[kids] = weights[kids].sum() / len(kids)
    return out


def component_weights(x: Array, *, squared: bool) -> Array:
    """Return weights ``(item,)`` that sum to 1 from the first principal component of ``(unit, item)``.

    They are its loadings, or their squares, which are the shares of the component's variance (Nicoletti, Scarpetta &
    Boylaud 2000, doi:10.1787/215182844604).

    Raises
    ------
    ComputationError
        If there is no component, or a plain loading is negative: ``.faults`` then number the items from 1.
    """
    loadings = principal_components(x).loadings[:, 0]
    if squared:
        return np.asarray(loadings**2)
    if (loadings < 0).any():
        worst = int(np.argmin(loadings))
        raise ComputationError(Fault(f"item {worst + 1} has a negative loading ({loadings[worst]:.3g})",
                                     "Use `loadings: squared`, mend its direction, or move it"))  # fmt: skip
    return np.asarray(loadings / loadings.sum())


def _pca(rule: Weights, tree: Tree, weights: Array, normalised: Array) -> Array:
    out = weights.copy()
    for group, kids in _families(rule, tree):
        if len(kids) == 1:
            continue
        x = tree_scores(tree, normalised, out)[:, kids]
        names = ", ".join(f"{k} {tree.items[i]}" for k, i in enumerate(kids, start=1))
        try:
            share = component_weights(x, squared=rule.loadings == "squared")
        except ComputationError as error:
            raise ComputationError([replace(f, message=f"steps.weights: below {group.code} ({names}): {f.message}")
                                    for f in error.faults]) from None  # fmt: skip
        out[kids] = share * weights[kids].sum()
    return out


def _optimised(rule: Weights, tree: Tree, weights: Array, normalised: Array) -> Array:
    assert rule.level is not None and rule.aim is not None and rule.kind is not None
    items = items_at(tree, rule.level)
    wanted = None if rule.aim == "infomax" else _importance(rule, tree, items)
    return optimised_weights(tree, normalised, items, aim=rule.aim, wanted=wanted, kind=rule.kind, least=rule.least,
                             weights=weights).weights  # fmt: skip


def _importance(rule: Weights, tree: Tree, items: tuple[int, ...]) -> Array:
    if not isinstance(rule.target, Mapping):
        return np.ones(len(items))
    codes = [tree.items[k] for k in items]
    if missing := [c for c in codes if c not in rule.target]:
        raise SpecError(Fault(f"`target` lacks {', '.join(missing)}", "Give every item of the level its importance"))
    return np.array([rule.target[c] for c in codes])


def _constrained(rule: Weights, tree: Tree, weights: Array, normalised: Array) -> Array:
    out = weights.copy()
    free = {*rule.bounds, *(c for chain in rule.order for c in chain)}
    for group, kids in _families(rule, tree):
        codes = [tree.items[k] for k in kids]
        chains = [chain for chain in rule.order if chain[0] in codes]
        if strange := [c for chain in chains for c in chain if c not in codes]:
            raise SpecError(Fault(f"`order` sets {strange[0]} against children of {group.code}",
                                  "Order siblings of one level"))  # fmt: skip
        if not free & set(codes):
            continue
        limits = np.array([rule.bounds.get(c, (0.0, 1.0)) for c in codes])
        pairs = [(codes.index(a), codes.index(b)) for chain in chains for a, b in pairwise(chain)]
        region = polytope(limits[:, 0], limits[:, 1], pairs)
        total = weights[kids].sum()
        try:
            share = {"analytic": analytic_centre, "centroid": centroid}[rule.centre](region) if rule.centre in (
                "analytic", "centroid") else nearest(region, weights[kids] / total)  # fmt: skip
        except ValueError as error:
            raise SpecError(Fault(f"below {group.code} {error}", "Widen the bounds or mend the order")) from None
        out[kids] = np.maximum(share, 0.0) * total
    return out


_RULES = {"given": _given, "equal": _equal, "pca": _pca, "optimised": _optimised, "constrained": _constrained}
