"""Which unit can be, and which must be, ahead of which over all admissible weights; and what swaps two of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.aggregate import Group, Tree, tree_scores
from podium.index.build import Built
from podium.robustness.admissible import GroupSet, highest, noise_sets, nominal_set, top, top_shares

__all__ = ["MEANS", "Scale", "Swap", "greatest_leads", "linear_scale", "score_bounds", "swap"]

BLOCK = 4_000_000
"""Cells of the block of pairs worked on at once."""


@dataclass(frozen=True, eq=False)
class Scale:
    """An index on the scale on which its scores are linear in effective weights.

    ``values`` ``(unit, item)`` holds indicators and groups of certain weights on that scale (NaN: missing), ``groups``
    the groups whose score depends on the weights, from the bottom up, with their place among the tree's in
    ``indices``. ``linear`` is empty, or says why the scores are not linear. Missing children make them so only by
    halves: then ``complete`` is False.
    """

    tree: Tree
    values: Array
    groups: tuple[Group, ...]
    indices: tuple[int, ...]
    linear: str
    complete: bool

    def chosen(self, sets: Sequence[GroupSet]) -> tuple[GroupSet, ...]:
        """The sets of the groups that depend on the weights."""
        return tuple(sets[k] for k in self.indices)


Change = Callable[[Array], Array]
MEANS: dict[str, Callable[[Group], Change]] = {
    "arithmetic": lambda g: lambda x: x,
    "geometric": lambda g: np.log,
    "harmonic": lambda g: lambda x: -1.0 / x,
    "power": lambda g: _power(float(g.options.get("exponent", 1.0))),
}
"""Weighted means that are arithmetic ones of a rising function of the children."""


def _power(exponent: float) -> Change:
    if exponent == 0:
        return np.log
    return lambda x: np.sign(exponent) * x**exponent


def linear_scale(built: Built, sets: Sequence[GroupSet]) -> Scale:
    """Return the index on the scale on which its scores are linear in effective weights, if there is one."""
    tree = replace(built.tree, groups=tuple(replace(g, shown=None) for g in built.tree.groups))
    weights = tree.weights.copy()
    for group, admitted in zip(tree.groups, sets, strict=True):
        weights[list(group.children)] = admitted.member
    scores = tree_scores(tree, built.arrays["Normalised"], weights, units=built.units)
    certain = set(range(tree.indicators))
    indices = []
    for k, (group, admitted) in enumerate(zip(tree.groups, sets, strict=True)):
        if admitted.fixed and all(c in certain for c in group.children):
            certain.add(group.item)
        else:
            indices.append(k)
    if not indices:
        indices = [len(tree.groups) - 1]
    groups = tuple(tree.groups[k] for k in indices)
    why = _why_not_linear(built, groups)
    change = MEANS[_leading(groups).method](_leading(groups)) if not why else (lambda x: x)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = change(scores)
    if built.spec.steps.rank.best == "lowest":
        values = -values
    scored = scores[~np.isnan(scores[:, -1])]
    complete = all(not np.isnan(scored[:, list(g.children)]).any() for g in groups)
    return Scale(tree, values, groups, tuple(indices), why, complete)


def _leading(groups: Sequence[Group]) -> Group:
    """The group that tells the mean: the last one with more than one child."""
    return next((g for g in reversed(groups) if len(g.children) > 1), groups[-1])


def _why_not_linear(built: Built, groups: Sequence[Group]) -> str:
    lead = _leading(groups)
    for group in groups:
        if group.method not in MEANS:
            return f"{group.code} is aggregated by {group.method}, which is not linear in the weights"
        same = (group.method, dict(group.options)) == (lead.method, dict(lead.options))
        if len(group.children) > 1 and not same:
            return f"{group.code} is aggregated by {group.method} and {lead.code} by {lead.method}"
        if group.decimals is not None:
            return f"the scores of {group.code} are rounded"
        if group.normalise is not None and group is not groups[-1]:
            return f"the scores of {group.code} are normalised anew"
    return "ranks come from rounded scores" if built.spec.steps.rank.decimals is not None else ""


def greatest_leads(scale: Scale, sets: Sequence[GroupSet], targets: npt.NDArray[np.intp]) -> Array:
    """Return the greatest difference of scores, unit less target, over the admissible weights, ``(unit, target)``.

    Exact on complete data; where two units lack different children, an upper bound: their difference in such a group
    is at most the one's greatest score less the other's least. Units without a score have NaN.
    """
    chosen = scale.chosen(sets)
    units, items = scale.values.shape
    step = max(1, BLOCK // (units * items))
    out = np.empty((units, len(targets)))
    bounds = None if scale.complete else score_bounds(scale, sets)
    for start in range(0, len(targets), step):
        part = targets[start : start + step]
        table = scale.values[:, None, :] - scale.values[None, part, :]
        if bounds is None:
            out[:, start : start + step] = highest(scale.groups, chosen, table)
        else:
            out[:, start : start + step] = _leads_with_gaps(scale, chosen, table, part, bounds)
    return out


def score_bounds(scale: Scale, sets: Sequence[GroupSet]) -> tuple[Array, Array]:
    """Return the least and the greatest score of each unit at each item, ``(unit, item)``; missing stays NaN."""
    sides = []
    for sign in (-1.0, 1.0):
        out = sign * scale.values
        for group, admitted in zip(scale.groups, scale.chosen(sets), strict=True):
            x = out[:, list(group.children)]
            there = ~np.isnan(x)
            found = top(admitted, np.where(there, x, 0.0), None if there.all() else there)
            out[:, group.item] = np.where(np.isnan(scale.values[:, group.item]), np.nan, found)
        sides.append(sign * out)
    return sides[0], sides[1]


def _leads_with_gaps(
    scale: Scale, chosen: Sequence[GroupSet], table: Array, targets: npt.NDArray[np.intp], bounds: tuple[Array, Array]
) -> Array:
    low, high = bounds
    for group, admitted in zip(scale.groups, chosen, strict=True):
        kids = list(group.children)
        there = ~np.isnan(scale.values[:, kids])
        alike = (there[:, None, :] == there[None, targets, :]).all(axis=-1)
        x = table[..., kids]
        known = ~np.isnan(x)
        some = np.asarray(known.any(axis=-1))
        means = top(admitted, np.where(known, x, 0.0), np.asarray(known | ~some[..., None]))
        apart = high[:, None, group.item] - low[None, targets, group.item]
        table[..., group.item] = np.where(alike & some, np.minimum(means, apart), apart)
    return np.asarray(table[..., scale.groups[-1].item])


@dataclass(frozen=True, eq=False)
class Swap:
    """The smallest change of weights with which a unit draws level with one that is ahead of it.

    ``relative`` is the least t such that some weights between 1 - t and 1 + t times the nominal ones (those of the
    items in ``items``, before they are divided by their sum) make the scores equal; ``weights`` ``(item,)`` does so.
    It is infinite where no weights do, 0 where the scores are equal as they are. ``moved`` is the least share of
    effective weight to be moved between indicators, whatever the tree; ``moved_weights`` the effective weights then.
    """

    ahead: str
    behind: str
    relative: float
    weights: Array | None
    items: tuple[str, ...]
    moved: float
    moved_weights: dict[str, float]


def swap(built: Built, a: str, b: str, *, levels: Sequence[int] | None = None) -> Swap | None:
    """Return the smallest change of weights that swaps two units; None where the scores are not linear in the weights.

    Parameters
    ----------
    levels
        Levels of the items whose weights may change; None takes all.
    """
    everything = noise_sets(built.tree, 0.5, levels)
    scale = linear_scale(built, everything)
    at = {u: k for k, u in enumerate(built.units)}
    pair = np.array([at[a], at[b]])
    groups = scale.groups
    if scale.linear or any(np.isnan(scale.values[pair][:, list(g.children)]).any() for g in groups):
        return None
    lead = scale.values[at[a]] - scale.values[at[b]]
    nominal = scale.chosen([nominal_set(built.tree.weights[list(g.children)]) for g in built.tree.groups])
    first, second = a, b
    if highest(groups, nominal, lead) < 0:
        lead, first, second = -lead, b, a
    items = tuple(built.tree.items[c] for g in built.tree.groups for c in g.children
                  if levels is None or built.tree.level[c] in levels)  # fmt: skip
    relative, weights = _relative(built, scale, lead, levels)
    moved, effective = _moved(scale, lead)
    return Swap(first, second, relative, weights, items, moved, effective)


def _relative(
    built: Built, scale: Scale, lead: Array, levels: Sequence[int] | None
) -> tuple[float, Array | None]:
    """The least relative change that brings the lead down to 0, by bisection: the least lead falls as t grows."""

    def least(t: float) -> float:
        return -float(highest(scale.groups, scale.chosen(noise_sets(built.tree, t, levels)), -lead))

    if least(0.0) <= 0:
        return 0.0, built.tree.weights.copy()
    if least(1.0) > 0:
        return np.inf, None
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if least(middle) <= 0 else (middle, high)
    return high, worst_weights(scale, noise_sets(built.tree, high, levels), lead)


def worst_weights(scale: Scale, sets: Sequence[GroupSet], lead: Array) -> Array:
    """Return admitted weights within each parent ``(item,)`` at which a lead ``(item,)`` is least."""
    out = scale.tree.weights.copy()
    values = -np.array(lead, dtype=float)
    for index, group in zip(scale.indices, scale.groups, strict=True):
        kids = list(group.children)
        shares = top_shares(sets[index], values[kids])
        values[group.item] = float(shares @ values[kids])
        out[kids] = sets[index].scaled_weights(shares)
    return out


def _moved(scale: Scale, lead: Array) -> tuple[float, dict[str, float]]:
    """The least effective weight to be moved: from where the unit leads most to where it is furthest behind.

    Each unit of weight moved from item c to the item r where the lead is least lowers the lead by the difference, so
    the greatest leads give first; this solves ``min 1/2 sum |e - e0|`` with ``sum e lead <= 0``, ``sum e = 1``.
    """
    weights: dict[int, float] = {scale.groups[-1].item: 1.0}
    for group in reversed(scale.groups):
        mass = weights.pop(group.item)
        w = scale.tree.weights[list(group.children)]
        weights |= {c: mass * float(s) for c, s in zip(group.children, w / w.sum(), strict=True)}
    items = list(weights)
    e = np.array([weights[c] for c in items])
    d = lead[items]
    need, taker = float(e @ d), int(np.argmin(d))
    if need <= 0:
        return 0.0, {scale.tree.items[c]: float(x) for c, x in zip(items, e, strict=True)}
    if d[taker] > 0:
        return np.inf, {}
    moved = 0.0
    for giver in np.argsort(-d):
        gain = float(d[giver] - d[taker])
        if gain <= 0 or need <= 0:
            break
        part = min(float(e[giver]), need / gain)
        e[giver] -= part
        e[taker] += part
        moved += part
        need -= part * gain
    return moved, {scale.tree.items[c]: float(x) for c, x in zip(items, e, strict=True)}
