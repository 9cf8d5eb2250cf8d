"""Bounds of scores and of leads where scores are not linear in the weights: means of several kinds up one tree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.aggregate import METHODS, Group
from podium.index.build import Built
from podium.robustness.admissible import GroupSet, top
from podium.robustness.preference import MEANS

__all__ = ["mixed_leads"]

ORDERED = ("minimum", "maximum", "median")


def mixed_leads(
    built: Built, sets: Sequence[GroupSet], targets: npt.NDArray[np.intp]
) -> tuple[Array, Array]:
    """Return upper bounds of the leads of units over targets and of targets over units, ``(unit, target)`` each.

    Every mean here rises with its children, so that bounds of scores go up the tree. So do bounds of differences: a
    difference at most d between two values of which one lies between two bounds is, on the scale on which the mean is
    arithmetic, greatest at one of these, and back again. Where a method has no known bounds they are infinite. Ranks
    of rounded scores need a lead of one step, which is added to what targets lead by.
    """
    low, high = _score_bounds(built, sets)
    leads = _differences(built, sets, low, high, targets, False)
    behinds = _differences(built, sets, low, high, targets, True)
    if built.spec.steps.rank.best == "lowest":
        leads, behinds = behinds, leads
    digits = built.spec.steps.rank.decimals
    if digits is not None:
        rescaled = built.spec.steps.rescale is not None or built.tree.groups[-1].normalise is not None
        behinds = behinds + (np.inf if rescaled else 10.0**-digits)
    return leads, behinds


def _differences(
    built: Built, sets: Sequence[GroupSet], low: Array, high: Array, targets: npt.NDArray[np.intp], swapped: bool
) -> Array:
    """Greatest differences of the root, unit less target, or target less unit where swapped."""
    tree = built.tree
    shape = (len(low), len(targets), len(tree.items))
    one = (low[:, None, :], high[:, None, :])
    two = (low[None, targets, :], high[None, targets, :])
    first, second = (two, one) if swapped else (one, two)
    plain = np.broadcast_to(first[1] - second[0], shape).copy()  # differences of values; of leaves they are exact
    scaled: dict[int, tuple[tuple[str, float], Array]] = {}
    for group, admitted in zip(tree.groups, sets, strict=True):
        kids, item = list(group.children), group.item
        there = ~np.isnan(low[:, kids])
        alike = (there[:, None, :] == there[None, targets, :]).all(axis=-1)
        apart = plain[..., item]
        if group.method in ORDERED and np.isfinite(apart).any():
            d = np.where(np.isnan(plain[..., kids]), -np.inf, plain[..., kids]).max(axis=-1)
        elif group.method in MEANS and group.decimals is None and group.normalise is None:
            change = MEANS[group.method](group)
            kind = (group.method, float(group.options.get("exponent", 1.0)))
            parts = np.stack([_on_scale(change, plain[..., k], second[0][..., k], second[1][..., k],
                                        scaled.get(k), kind) for k in kids], axis=-1)  # fmt: skip
            known = ~np.isnan(parts)
            there_both = np.asarray(known | ~known.any(axis=-1, keepdims=True))
            means = top(admitted, np.where(known, parts, 0.0), there_both)
            scaled[item] = (kind, np.where(alike, means, np.inf))
            d = _off_scale(group, change, means, second[0][..., item], second[1][..., item])
        else:
            continue
        plain[..., item] = np.where(alike & ~np.isnan(d), np.minimum(d, apart), apart)
    return np.asarray(plain[..., tree.groups[-1].item])


def _on_scale(
    change: object, d: Array, low: Array, high: Array, held: tuple[tuple[str, float], Array] | None,
    kind: tuple[str, float],
) -> Array:  # fmt: skip
    """A difference of at most d, on the scale of a mean, for a value between two bounds."""
    assert callable(change)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = [change(np.broadcast_to(x, d.shape) + d) - change(np.broadcast_to(x, d.shape)) for x in (low, high)]
    out = np.asarray(np.fmax(*ends))
    out = np.where(np.isnan(out) & ~np.isnan(d), np.inf, out)
    return np.fmin(out, held[1]) if held is not None and held[0] == kind else out


def _off_scale(group: Group, change: object, means: Array, low: Array, high: Array) -> Array:
    """The difference of values that a difference of means on their scale allows."""
    assert callable(change)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ends = [_inverse(group, change(np.broadcast_to(x, means.shape)) + means) - x for x in (low, high)]
    return np.asarray(np.maximum(*ends))


def _score_bounds(built: Built, sets: Sequence[GroupSet]) -> tuple[Array, Array]:
    """The least and the greatest value of each item, ``(unit, item)``; NaN where it is missing."""
    tree = built.tree
    low = np.full((len(built.units), len(tree.items)), np.nan)
    low[:, : tree.indicators] = built.arrays["Normalised"]
    high = low.copy()
    for group, admitted in zip(tree.groups, sets, strict=True):
        kids = list(group.children)
        there = ~np.isnan(low[:, kids])
        usable = there.any(axis=1) & (there.mean(axis=1) >= group.min_available)
        known = group.decimals is None and (group.normalise is None or group is tree.groups[-1])
        for side, sign in ((low, -1.0), (high, 1.0)):
            x = np.where(there, side[:, kids], np.nan)
            found = _bound(group, admitted, x, sign) if known else np.full(len(x), sign * np.inf)
            side[:, group.item] = np.where(usable, found, np.nan)
    return low, high


def _bound(group: Group, admitted: GroupSet, x: Array, sign: float) -> Array:
    """The greatest (sign 1) or least (-1) value of a group, from those of its children."""
    there = ~np.isnan(x)
    if group.method in ("minimum", "maximum", "median") and bool((admitted.low > 0).all()) and admitted.scaled:
        return METHODS[group.method].combine(np.where(there, x, 1.0), there.astype(float))
    if group.method not in MEANS:
        return np.full(len(x), sign * np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        changed = MEANS[group.method](group)(np.where(there, x, 1.0))
        found = sign * top(admitted, np.where(there, sign * changed, 0.0), None if there.all() else there)
        return _inverse(group, found)


def _inverse(group: Group, y: Array) -> Array:
    """The mean of a group from the arithmetic mean of the changed children."""
    exponent = float(group.options.get("exponent", 1.0)) if group.method == "power" else 1.0
    if group.method == "geometric" or exponent == 0:
        return np.exp(y)
    if group.method == "harmonic":
        return np.asarray(-1.0 / y)
    return np.asarray((np.sign(exponent) * y) ** (1.0 / exponent)) if group.method == "power" else y
