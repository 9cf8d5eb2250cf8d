"""A pipeline cut to some of its units or indicators, so that a change of few cells is not worked out for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from podium.data.dataset import Array
from podium.index.methods import METHODS
from podium.index.normalise import Learnt, Parameters
from podium.index.pipeline import Branch, Fitted, Pipeline, Scaling
from podium.index.tree import Tree

__all__ = ["alone", "cut_columns", "cut_rows", "cut_tree", "inside", "separable"]

ALONE = frozenset({
    "ampi", "borda", "categorical", "dist2max", "dist2ref", "dist2targ", "exponential", "fracmax", "goalposts",
    "minmax", "none", "percentile_rank", "rank", "scaled", "zscore",
})  # fmt: skip
"""The normalisations that, once learnt, take each figure by itself; of a plug-in's nothing is known."""


def alone(tree: Tree) -> bool:
    """Whether a unit's score depends on its own normalised figures only."""
    return not any(METHODS[g.method].across or g.normalise is not None or g.shown is not None for g in tree.groups)


def separable(p: Pipeline, tree: Tree, rows: Sequence[int]) -> bool:
    """Whether the scores of the units in some rows of the dataset, all steps as learnt, need no other unit's figures.

    A row without a denominator that others have is told apart from an undivided indicator only beside them.
    """
    gaps = any(bool((np.isnan(d[list(rows)]) & ~np.isnan(d).all(axis=0)).any()) for _, d in p.versions)
    return alone(tree) and not gaps and all(s.method in ALONE for s in p.scalings)


def inside(after: Array, before: Array) -> Array:
    """Return normalised figures after a change, none beyond the best and the worst of all units before it.

    A scale that stays as learnt ends there: whoever goes further counts as the best.

    Parameters
    ----------
    after
        ``(..., unit, indicator)``; NaN stays.
    before
        ``(..., unit, indicator)`` of all units; an indicator without any figure bounds nothing.
    """
    low, high = (f.reduce(before, axis=-2, keepdims=True) for f in (np.fmin, np.fmax))
    return np.where(np.isnan(after), np.nan, np.fmax(np.fmin(after, high), low))


def cut_rows(p: Pipeline, fitted: Fitted, rows: Sequence[int]) -> tuple[Pipeline, Fitted]:
    """Return pipeline and what it learnt for the units in some rows of the dataset, which all pass the screen."""
    at = np.array(rows, dtype=np.intp)
    versions = tuple((share, d[at]) for share, d in p.versions)
    branches = [
        replace(b, estimates=None if b.estimates is None else b.estimates[..., at, :],
                imputations=None if b.imputations is None else b.imputations[..., at, :]) for b in fitted.branches
    ]  # fmt: skip
    units = tuple(p.units[k] for k in at)
    return (replace(p, units=units, versions=versions, keep=np.arange(len(at))),
            replace(fitted, branches=tuple(branches)))  # fmt: skip


def cut_tree(tree: Tree, rows: Sequence[int]) -> Tree:
    """Return the tree for the units in some rows of the score table."""
    return replace(tree, factors={k: f[list(rows)] for k, f in tree.factors.items()}) if tree.factors else tree


def cut_columns(p: Pipeline, fitted: Fitted, columns: Sequence[int]) -> tuple[Pipeline, Fitted]:
    """Return pipeline and fitted imputation and treatment for some indicators; the normalisation is to be learnt anew.

    What was learnt of the normalisation is left out.
    """
    at = np.array(columns, dtype=np.intp)
    place = {int(k): n for n, k in enumerate(at)}
    scalings = tuple(s for how in p.scalings if (s := _cut_scaling(how, place)) is not None)
    cut = replace(
        p, leaves=tuple(p.leaves[k] for k in at), columns=p.columns[at],
        versions=tuple((share, d[:, at]) for share, d in p.versions), per=p.per[at], direction=p.direction[at],
        transforms=tuple(p.transforms[k] for k in at), treaters=tuple(p.treaters[k] for k in at) if p.treaters else (),
        scalings=scalings, others=tuple(o[:, at] for o in p.others),
    )  # fmt: skip
    return cut, replace(fitted, branches=tuple(_cut_branch(b, at) for b in fitted.branches))


def _cut_branch(b: Branch, at: np.ndarray) -> Branch:
    def some(x: Array | None) -> Array | None:
        return None if x is None else x[..., at]

    none: tuple[Learnt, ...] = ()
    treated = tuple(b.treatments[k] for k in at) if b.treatments else ()
    return Branch(some(b.estimates), treated, none, some(b.imputations))


def _cut_scaling(how: Scaling, place: dict[int, int]) -> Scaling | None:
    kept = [n for n, k in enumerate(how.columns) if int(k) in place]
    if not kept:
        return None
    own = {name: getattr(how.parameters, name) for name in ("direction", "lower", "upper", "target")}
    cut = {name: a[kept] for name, a in own.items() if len(a) == len(how.columns)}
    parameters: Parameters = replace(how.parameters, **cut)
    columns = np.array([place[int(how.columns[n])] for n in kept], dtype=np.intp)
    return Scaling(columns, how.method, parameters, how.over)
