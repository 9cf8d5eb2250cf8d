"""Children combined into parents, level by level up the tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from podium.data.dataset import Array
from podium.errors import ComputationError, Fault
from podium.index.normalise import METHODS as NORMALISATIONS
from podium.index.normalise import Parameters, learn, normalise
from podium.index.rank import round_half_up
from podium.index.spec import Node, Normalise

__all__ = [
    "METHODS", "Group", "Method", "Tree", "compile_tree", "effective_weights", "register_aggregation", "tree_scores",
]  # fmt: skip

Combine = Callable[..., Array]


@dataclass(frozen=True)
class Method:
    """An aggregation of ``(..., unit, child)`` values with ``(..., unit, child)`` weights into ``(..., unit)``.

    Weights of missing children are 0 and the others sum to 1, unless ``raw``: then they stay as given, and a missing
    child adds nothing. ``options`` names what a specification may set.
    """

    combine: Combine
    options: tuple[str, ...] = ()
    raw: bool = False


def arithmetic(x: Array, w: Array) -> Array:
    """Weighted arithmetic mean (OECD/JRC 2008, doi:10.1787/9789264043466-en)."""
    return np.asarray((x * w).sum(axis=-1))


def geometric(x: Array, w: Array) -> Array:
    """Weighted geometric mean of positive values (OECD/JRC 2008)."""
    _refuse(x <= 0, w, "the geometric mean needs values above 0")
    return np.asarray(np.exp((np.log(np.where(x > 0, x, 1.0)) * w).sum(axis=-1)))


def harmonic(x: Array, w: Array) -> Array:
    """Weighted harmonic mean of positive values (OECD/JRC 2008)."""
    _refuse(x <= 0, w, "the harmonic mean needs values above 0")
    return np.asarray(1.0 / (w / np.where(x > 0, x, 1.0)).sum(axis=-1))


def power(x: Array, w: Array, *, exponent: float = 1.0) -> Array:
    """Generalised (power) mean ``(sum w x^p)^(1/p)`` of values from 0 on; the geometric mean at p = 0.

    Hardy, Littlewood & Pólya (1934), Inequalities, chapter 2.
    """
    if exponent == 0:
        return geometric(x, w)
    _refuse(x < 0 if exponent > 0 else x <= 0, w, "the generalised mean needs values above 0")
    return np.asarray((np.where(w > 0, x, 1.0) ** exponent * w).sum(axis=-1) ** (1.0 / exponent))


def _there(x: Array, w: Array) -> Array:
    return np.where(w > 0, x, np.nan)


def median(x: Array, w: Array) -> Array:
    """Unweighted median of the children that have a weight."""
    return _by_row(x, w, np.nanmedian)


def minimum(x: Array, w: Array) -> Array:
    """The least of the children."""
    return np.asarray(np.where(w > 0, x, np.inf).min(axis=-1))


def maximum(x: Array, w: Array) -> Array:
    """The greatest of the children."""
    return np.asarray(np.where(w > 0, x, -np.inf).max(axis=-1))


def _by_row(x: Array, w: Array, function: Callable[..., Array]) -> Array:
    held = _there(x, w)
    empty = np.asarray(np.isnan(held).all(axis=-1))
    return np.asarray(function(np.where(empty[..., None], 0.0, held), axis=-1))


def total(x: Array, w: Array) -> Array:
    """Weighted sum with the weights as given."""
    return np.asarray((x * w).sum(axis=-1))


def product(x: Array, w: Array) -> Array:
    """Product of values to the power of their weights as given."""
    _refuse((x <= 0) & (w != np.round(w)), w, "the product with broken weights needs values above 0")
    return np.asarray(np.prod(np.where(w > 0, x, 1.0) ** w, axis=-1))


def difference(x: Array, w: Array) -> Array:
    """The first child less the others, each times its weight as given."""
    parts = x * w
    return np.asarray(parts[..., 0] - parts[..., 1:].sum(axis=-1))


def quotient(x: Array, w: Array) -> Array:
    """The first child divided by the product of the others, each to the power of its weight as given."""
    powers = np.where(w > 0, x, 1.0) ** w
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(powers[..., 0] / np.prod(powers[..., 1:], axis=-1))


def inverted_geometric(x: Array, w: Array, *, top: float = 10.0) -> Array:
    """INFORM's inverted geometric mean ``(top - GM((top - x) 0.9 + top/10)) / 0.9``, which favours high values.

    Marin-Ferrer, Vernaccini & Poljansek (2017), INFORM Index for Risk Management, doi:10.2760/094023.
    """
    return np.asarray((top - geometric((top - x) * 0.9 + top / 10, w)) / 0.9)


def mpi(x: Array, w: Array, *, penalty: float = -1.0) -> Array:
    """Mazziotta–Pareto index: the mean with a penalty for imbalance, ``M ± S²/M`` with S the spread over children.

    ``penalty`` is -1 where more is better, 1 where less is. With values scaled to mean 100 and standard deviation 10
    it is the MPI, with min-max values on 70 to 130 the adjusted MPI. Mazziotta & Pareto (2016),
    doi:10.1007/s11205-015-0998-2.
    """
    mean = arithmetic(x, w)
    variance = ((x - mean[..., None]) ** 2 * w).sum(axis=-1)
    return np.asarray(mean + penalty * variance / mean)


def owa(x: Array, w: Array, *, order: tuple[float, ...] = ()) -> Array:
    """Ordered weighted average: ``order`` weights the children from the greatest value to the least.

    Yager (1988), doi:10.1109/21.87068. Without all children, the ordered weights of those there are rescaled.
    """
    given = np.asarray(order or [1.0] * x.shape[-1], dtype=float)
    if len(given) != x.shape[-1]:
        raise _RefusedError(f"`order` needs {x.shape[-1]} weights, not {len(given)}", np.zeros(x.shape, dtype=bool))
    ranked = np.sort(np.where(w > 0, -x, np.inf), axis=-1)
    used = np.where(np.isfinite(ranked), given, 0.0)
    parts = np.where(np.isfinite(ranked), -ranked, 0.0) * used
    return np.asarray(parts.sum(axis=-1) / used.sum(axis=-1))


def copeland(x: Array, w: Array) -> Array:
    """Copeland scores: how many units a unit outranks by weight, less how many outrank it.

    ``sum_j sign(o_ij - 1/2)`` with ``o_ij`` the weight of children in which i is ahead of j, ties half. Only children
    that both units have count; differences of weight below 1e-12 are ties. OECD/JRC (2008),
    doi:10.1787/9789264043466-en.
    """
    lead: Array = np.zeros((*x.shape[:-1], x.shape[-2]))
    both = np.zeros_like(lead)
    for k in range(x.shape[-1]):
        v, share = x[..., k], w[..., k]
        pair = np.where((share[..., :, None] > 0) & (share[..., None, :] > 0), np.maximum(share[..., :, None], 0), 0.0)
        pair = np.minimum(pair, np.where(share[..., None, :] > 0, share[..., None, :], 0.0))
        lead += pair * np.sign(v[..., :, None] - v[..., None, :])
        both += pair
    with np.errstate(invalid="ignore", divide="ignore"):
        margin = np.where(both > 0, lead / both, 0.0)
    return np.asarray(np.where(np.abs(margin) < 1e-12, 0.0, np.sign(margin)).sum(axis=-1))


def borda(x: Array, w: Array) -> Array:
    """Weighted Borda points: in each child the number of units behind, ties half; de Borda (1781)."""
    held = _there(x, w)
    ahead = np.sign(held[..., :, None, :] - held[..., None, :, :])
    points = np.nansum((ahead + 1.0) / 2.0, axis=-2) - np.where(np.isnan(held), 0.0, 0.5)
    return np.asarray((points * w).sum(axis=-1))


def benefit_of_doubt(x: Array, w: Array, *, least: float = 0.0) -> Array:
    """Benefit of the doubt: each unit's score under the weights that flatter it most, none above 1 with any.

    Maximise ``sum v_k x_ik`` with ``sum v_k x_jk <= 1`` for every unit j, ``v >= 0``, and each child's part of the
    score at least `least`. Cherchye et al. (2007), doi:10.1007/s11205-006-9029-7. Missing children count as 0.
    """
    from scipy.optimize import linprog

    held = np.where(w > 0, x, 0.0)
    _refuse(x < 0, w, "benefit of the doubt needs values from 0 on")
    out = np.full(x.shape[:-1], np.nan)
    for lead in np.ndindex(*x.shape[:-2]):
        table = held[lead]
        for i, row in enumerate(table):
            bounds_rows = [least * row - np.where(np.arange(len(row)) == k, row, 0.0) for k in range(len(row))]
            upper = np.vstack([table, *bounds_rows]) if least > 0 else table
            limit = np.concatenate([np.ones(len(table)), np.zeros(len(upper) - len(table))])
            solved = linprog(-row, A_ub=upper, b_ub=limit, bounds=(0, None), method="highs")
            out[*lead, i] = -solved.fun if solved.success else np.nan
    return out


class _RefusedError(Exception):
    """Carries the positions that a method refuses up to where they have names."""

    def __init__(self, message: str, bad: np.ndarray) -> None:
        super().__init__(message)
        self.bad = bad


def _refuse(bad: np.ndarray, w: Array, message: str) -> None:
    bad = bad & (w > 0)
    if bool(bad.any()):
        raise _RefusedError(message, bad)


METHODS: dict[str, Method] = {
    "arithmetic": Method(arithmetic),
    "benefit_of_doubt": Method(benefit_of_doubt, ("least",)),
    "borda": Method(borda),
    "copeland": Method(copeland),
    "difference": Method(difference, raw=True),
    "geometric": Method(geometric),
    "harmonic": Method(harmonic),
    "inverted_geometric": Method(inverted_geometric, ("top",)),
    "maximum": Method(maximum),
    "median": Method(median),
    "minimum": Method(minimum),
    "mpi": Method(mpi, ("penalty",)),
    "owa": Method(owa, ("order",)),
    "power": Method(power, ("exponent",)),
    "product": Method(product, raw=True),
    "quotient": Method(quotient, raw=True),
    "sum": Method(total, raw=True),
}


def register_aggregation(name: str, method: Method) -> None:
    """Make an aggregation known to specifications under a name."""
    METHODS[name] = method


@dataclass(frozen=True)
class Group:
    """One node above the indicators: where its children stand among the items, and how they combine."""

    code: str
    item: int
    children: tuple[int, ...]
    method: str
    min_available: float
    options: Mapping[str, Any] = field(default_factory=dict)
    normalise: Normalise | None = None
    shown: Normalise | None = None
    decimals: int | None = None


@dataclass(frozen=True, eq=False)
class Tree:
    """A compiled tree.

    ``items`` lists the indicators in data order, then the groups from the bottom up, the root last. ``weights``
    gives each item's nominal weight within its parent; ``groups`` the groups in the same order; ``parent`` the
    parent's item (-1 for the root); ``level`` is 1 for indicators and counts upwards.
    """

    items: tuple[str, ...]
    indicators: int
    groups: tuple[Group, ...]
    weights: Array
    parent: tuple[int, ...]
    level: tuple[int, ...]


def compile_tree(
    root: Node, indicators: tuple[str, ...], *, method: str, min_available: float,
    options: Mapping[str, Any] | None = None,
) -> Tree:  # fmt: skip
    """Return the tree ready for arithmetic; nodes without a method of their own take that of the step.

    Raises
    ------
    ComputationError
        If a leaf of the tree has no data or an aggregation is not known.
    """
    nodes = list(root.walk())
    height: dict[str, int] = {}
    for node in reversed(nodes):
        height[node.code] = 1 + max((height[c.code] for c in node.children), default=0)
    groups_ = sorted((n for n in nodes if n.children), key=lambda n: height[n.code])
    faults = [Fault(f"{n.code} is in the tree but has no data", "Add its figures or take it out of the tree")
              for n in nodes if not n.children and n.code not in indicators]  # fmt: skip
    faults += [Fault(f"{n.code}: no aggregation is called {n.method or method!r}", f"Use one of {', '.join(METHODS)}")
               for n in groups_ if (n.method or method) not in METHODS]  # fmt: skip
    faults += [
        Fault(
            f"{n.code}: {n.method or method} has no option {o!r}",
            f"It has {', '.join(METHODS[n.method or method].options) or 'none'}",
        )
        for n in groups_
        if (n.method or method) in METHODS
        for o in n.options
        if o not in METHODS[n.method or method].options
    ]
    for n in groups_:
        for step in (n.normalise, n.shown):
            if step is not None and (step.method not in NORMALISATIONS or NORMALISATIONS[step.method].needs):
                good = [m for m, how in NORMALISATIONS.items() if not how.needs]
                faults.append(
                    Fault(f"{n.code}: a score cannot be normalised by {step.method!r}", f"Use one of {', '.join(good)}")
                )
    if faults:
        raise ComputationError(faults)
    items = (*indicators, *(g.code for g in groups_))
    place = {code: k for k, code in enumerate(items)}
    weights = np.full(len(items), np.nan)
    parent = [-1] * len(items)
    weights[place[root.code]] = root.weight
    for node in groups_:
        for child in node.children:
            weights[place[child.code]] = child.weight
            parent[place[child.code]] = place[node.code]
    common = {} if options is None else options
    groups = tuple(
        Group(n.code, place[n.code], tuple(place[c.code] for c in n.children), n.method or method,
              min_available if n.min_available is None else n.min_available,
              n.options or (common if n.method is None else {}), n.normalise, n.shown, n.decimals) for n in groups_
    )  # fmt: skip
    return Tree(items, len(indicators), groups, weights, tuple(parent), tuple(height[c] for c in items))


def tree_scores(tree: Tree, normalised: Array, weights: Array | None = None, *, units: tuple[str, ...] = ()) -> Array:
    """Return the scores of all items.

    Parameters
    ----------
    normalised
        ``(..., unit, indicator)``, more is better; NaN is missing and its weight goes to its siblings.
    weights
        ``(..., item)`` weights within the parent, of any positive scale; None takes the nominal ones.
    units
        Names for messages.

    Returns
    -------
    ``(..., unit, item)``; NaN where less than ``min_available`` of the children's number is there.

    Raises
    ------
    ComputationError
        If a mean has no value, naming node, unit and child.
    """
    w = tree.weights if weights is None else weights
    lead = np.broadcast_shapes(normalised.shape[:-2], w.shape[:-1])
    out = np.full((*lead, normalised.shape[-2], len(tree.items)), np.nan)
    out[..., : tree.indicators] = normalised
    for group in tree.groups:
        kids = list(group.children)
        x = out[..., kids]
        there = ~np.isnan(x)
        share = np.where(there, w[..., None, kids], 0.0)
        total = share.sum(axis=-1, keepdims=True)
        usable = (total[..., 0] > 0) & (there.mean(axis=-1) >= group.min_available)
        with np.errstate(invalid="ignore"):
            rescaled = np.where(usable[..., None], share / np.where(total > 0, total, 1.0), 0.0)
        how = METHODS[group.method]
        try:
            score = how.combine(np.where(there, x, 1.0), share if how.raw else rescaled, **group.options)
        except _RefusedError as refused:
            raise ComputationError(_named(tree, group, x, refused, units)) from None
        score = np.where(usable, score, np.nan)
        score = score if group.normalise is None else _again(score, group.normalise)
        out[..., group.item] = score if group.decimals is None else round_half_up(score, group.decimals)
    for group in tree.groups:
        if group.shown is not None:
            out[..., group.item] = _again(out[..., group.item], group.shown)
    return out


def _again(score: Array, step: Normalise) -> Array:
    """A node's scores ``(..., unit)`` normalised over units."""
    low, high = step.range or (0.0, 1.0)
    given = Parameters(
        low, high, step.mean or 0.0, 1.0 if step.sd is None else step.sd, 1.0 if step.factor is None else step.factor,
        step.ties, step.clip, step.decimals,
    )  # fmt: skip
    x = score[..., None]
    return normalise(x, learn(x, step.method, given), method=step.method, parameters=given)[..., 0]


def _named(tree: Tree, group: Group, x: Array, refused: _RefusedError, units: tuple[str, ...]) -> Fault:
    bad = np.broadcast_to(refused.bad, x.shape)
    if not bad.any():
        return Fault(f"{group.code} ({group.method}): {refused}", "Mend the options of this node")
    *_, unit, child = np.argwhere(bad)[0]
    who = units[unit] if units else f"unit number {unit + 1}"
    what = tree.items[group.children[child]]
    return Fault(
        f"{group.code} ({group.method}): {refused}, but {what} of {who} is {x[bad][0]:g}",
        "Normalise to a range above 0, such as 1 to 100, or use the arithmetic mean",
    )


def effective_weights(tree: Tree, weights: Array | None = None) -> Array:
    """Return each item's weight in the root: the product of within-group shares; ``(..., item)``, the root 1."""
    w = tree.weights if weights is None else weights
    out = np.zeros(w.shape)
    out[..., tree.groups[-1].item] = 1.0
    for group in reversed(tree.groups):
        kids = list(group.children)
        out[..., kids] = out[..., [group.item]] * w[..., kids] / w[..., kids].sum(axis=-1, keepdims=True)
    return out
