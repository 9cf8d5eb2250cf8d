"""Children combined into parents, level by level up the tree."""

from __future__ import annotations

import numpy as np

from podium.data.dataset import Array
from podium.errors import ComputationError, Fault
from podium.index.combine import Method, RefusedError
from podium.index.methods import METHODS, register_aggregation
from podium.index.normalise import METHODS as NORMALISATIONS
from podium.index.normalise import Parameters, learn, normalise
from podium.index.rounding import rounded
from podium.index.steps import Normalise
from podium.index.transform import transform
from podium.index.tree import Group, Tree, compile_tree, effective_weights, with_unit_weights

__all__ = [
    "METHODS", "Group", "Method", "Tree", "compile_tree", "effective_weights", "register_aggregation", "tree_scores",
    "with_unit_weights",
]  # fmt: skip

def tree_scores(tree: Tree, normalised: Array, weights: Array | None = None, *, units: tuple[str, ...] = ()) -> Array:
    """Return the scores of all items.

    Parameters
    ----------
    normalised
        ``(..., unit, indicator)``, more is better; NaN is missing, and each group says what becomes of it.
    weights
        ``(..., item)`` weights within the parent, of any positive scale; None takes the nominal ones.
    units
        Names for messages.

    Returns
    -------
    ``(..., unit, item)``; NaN where a group has less than it asks for.

    Raises
    ------
    ComputationError
        If a method has no value, naming node, unit and child.
    """
    w = tree.weights if weights is None else weights
    lead = np.broadcast_shapes(normalised.shape[:-2], w.shape[:-1])
    out = np.full((*lead, normalised.shape[-2], len(tree.items)), np.nan)
    out[..., : tree.indicators] = normalised
    for group in tree.groups:
        own = w[..., None, list(group.children)]
        own = own * tree.factors[group.item] if group.item in tree.factors else own
        score = _finished(group, _combined(tree, group, out[..., list(group.children)], own, units), units)
        out[..., group.item] = rounded(score, group.decimals, group.rounding)
    for group in tree.groups:
        if group.shown is not None:
            out[..., group.item] = _again(out[..., group.item], group.shown, group)
    return out


def _combined(tree: Tree, group: Group, x: Array, w: Array, units: tuple[str, ...]) -> Array:
    """The method's result ``(..., unit)`` for the children ``(..., unit, child)``; NaN where too little is there."""
    there = ~np.isnan(x)
    how = METHODS[group.method]
    if there.all() and x.shape[-1] >= _least(group):  # nothing is missing: the weights stay as they are
        total = w.sum(axis=-1, keepdims=True)
        if (total > 0).all():
            try:
                with np.errstate(all="ignore"):
                    part = np.broadcast_to(w if how.raw else w / total, np.broadcast_shapes(w.shape, x.shape))
                    return how.combine(x, part, **group.options)
            except RefusedError as refused:
                raise ComputationError(_named(tree, group, x, refused, units)) from None
    share = np.where(there, w, 0.0)
    usable = (there.mean(axis=-1) >= group.min_available) & (there.sum(axis=-1) >= _least(group))
    if group.min_weight > 0:
        usable &= share.sum(axis=-1) >= group.min_weight * w.sum(axis=-1) * (1 - 1e-12)
    if isinstance(group.missing, float):
        x, there = np.where(there, x, group.missing), np.ones(x.shape, dtype=bool)
        share = np.broadcast_to(w, x.shape)
    elif group.missing == "parent":
        usable &= there.all(axis=-1)
    total = share.sum(axis=-1, keepdims=True)
    usable &= total[..., 0] > 0
    used = share if how.raw else share / np.where(total > 0, total, 1.0)
    try:
        with np.errstate(all="ignore"):  # a unit with too little is combined too, and left out below
            score = how.combine(np.where(there, x, 1.0), np.where(usable[..., None], used, 0.0), **group.options)
    except RefusedError as refused:
        raise ComputationError(_named(tree, group, x, refused, units)) from None
    return np.where(usable, score, np.nan)


def _least(group: Group) -> int:
    """The least number of children there; none where a missing one counts as a number, unless asked for."""
    return group.min_count if group.min_count > 1 or not isinstance(group.missing, float) else 0


def _finished(group: Group, score: Array, units: tuple[str, ...]) -> Array:
    """The score transformed, normalised over units and kept within its bounds, as the group asks."""
    if group.transform is not None:
        score = transform(score, **group.transform.model_dump(), label=group.code, units=units)
    if group.normalise is not None:
        score = _again(score, group.normalise, group)
    return score if group.clip is None else np.clip(score, *group.clip)


def _again(score: Array, step: Normalise, group: Group) -> Array:
    """A node's scores ``(..., unit)`` normalised over units."""
    low, high = step.range or (0.0, 1.0)
    lower, upper = group.goalposts or step.posts or (np.nan, np.nan)
    given = Parameters(
        low=low, high=high, mean=step.mean or 0.0, sd=1.0 if step.sd is None else step.sd,
        factor=1.0 if step.factor is None else step.factor, ties=step.ties, clip=step.clip, decimals=step.decimals,
        ends=step.ends, edges=step.edges, classes=step.classes, by_share=step.by == "share", lower=np.array([lower]),
        upper=np.array([upper]),
    )  # fmt: skip
    x = score[..., None]
    if bool(np.isnan(x).all(axis=-2).any()):
        return score
    if NORMALISATIONS[step.method].spread and bool((np.nanmax(x, axis=-2) == np.nanmin(x, axis=-2)).any()):
        raise ComputationError(Fault(f"{group.code} is the same for all units, so {step.method} has no spread",
                                     "Take `normalise` off this node, or give it goalposts", *group.place))  # fmt: skip
    return normalise(x, learn(x, step.method, given), method=step.method, parameters=given)[..., 0]


def _named(tree: Tree, group: Group, x: Array, refused: RefusedError, units: tuple[str, ...]) -> Fault:
    """What a method refused, with the names of node, unit and child, and the draw where there are draws."""
    if not refused.bad.any():
        return Fault(f"{group.code} ({group.method}): {refused}", refused.remedy or "Mend the options of this node",
                     *group.place)  # fmt: skip
    bad = np.broadcast_to(refused.bad, x.shape)
    *draw, unit, child = np.argwhere(bad)[0]
    who = units[unit] if units else f"unit number {unit + 1}"
    what = tree.items[group.children[child]]
    when = f" in draw {int(draw[-1]) + 1}" if draw else ""
    return Fault(
        f"{group.code} ({group.method}): {refused}, but {what} of {who} is {x[bad][0]:g}{when}",
        refused.remedy or "Normalise to a range above 0, such as 1 to 100, or use the arithmetic mean",
        *group.place,
    )
