"""A specification's tree made ready for arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

import numpy as np

from podium.data.dataset import Array
from podium.errors import DataError, Fault, SpecError
from podium.index.methods import METHODS
from podium.index.normalise import METHODS as NORMALISATIONS
from podium.index.spec import Node
from podium.index.steps import Normalise, Transform

__all__ = ["Group", "Tree", "compile_tree", "effective_weights", "near", "with_unit_weights"]

Place = Callable[[str], tuple[str, int | None]]
"""Where a node stands: file and line of its code."""


@dataclass(frozen=True)
class Group:
    """One node above the indicators: where its children stand among the items, and how they combine.

    ``missing`` says what becomes of a missing child: its weight goes to the others (``redistribute``), the node is
    missing too (``parent``), or it counts as a number. ``min_available`` is the least share of the children's number,
    ``min_count`` their least number, ``min_weight`` the least share of their weight that must be there.
    """

    code: str
    item: int
    children: tuple[int, ...]
    method: str
    min_available: float
    options: Mapping[str, Any] = field(default_factory=dict)
    normalise: Normalise | None = None
    shown: Normalise | None = None
    decimals: int | None = None
    rounding: str = "half_up"
    min_count: int = 1
    min_weight: float = 0.0
    missing: str | float = "redistribute"
    transform: Transform | None = None
    goalposts: tuple[float, float] | None = None
    clip: tuple[float, float] | None = None
    place: tuple[str, int | None] = ("", None)

    @property
    def plain(self) -> bool:
        """Whether the score is the method's result and nothing more, missing children giving weight to the others."""
        done = (self.normalise, self.shown, self.decimals, self.transform, self.clip)
        return self.missing == "redistribute" and all(step is None for step in done)


@dataclass(frozen=True, eq=False)
class Tree:
    """A compiled tree.

    ``items`` lists the indicators in data order, then the groups from the bottom up, the root last. ``weights``
    gives each item's nominal weight within its parent; ``groups`` the groups in the same order; ``parent`` the
    parent's item (-1 for the root); ``level`` is 1 for indicators and counts upwards. ``factors`` maps a group's
    item to ``(unit, child)`` by which the children's weights are multiplied, where units have weights of their own.
    """

    items: tuple[str, ...]
    indicators: int
    groups: tuple[Group, ...]
    weights: Array
    parent: tuple[int, ...]
    level: tuple[int, ...]
    factors: Mapping[int, Array] = field(default_factory=dict)


def near(name: str, known: Sequence[str]) -> str:
    """Return a remedy: the name that was meant, perhaps, and those there are."""
    close = get_close_matches(name, known, n=1)
    meant = f"Did you mean {close[0]}? " if close else ""
    return f"{meant}Use one of {', '.join(known)}" if known else f"{meant}There is none"


def compile_tree(
    root: Node, indicators: tuple[str, ...], *, method: str, min_available: float,
    options: Mapping[str, Any] | None = None, min_count: int = 1, min_weight: float = 0.0,
    missing: str | float = "redistribute", decimals: int | None = None, rounding: str = "half_up",
    levels: Mapping[int, Mapping[str, Any]] | None = None, place: Place | None = None,
) -> Tree:  # fmt: skip
    """Return the tree ready for arithmetic; what a node does not say of itself is that of its level, else of the step.

    Raises
    ------
    SpecError
        For every leaf without data, every method or option that is not known, and every normalisation that a score
        cannot have, each with its line where `place` knows it.
    """
    nodes = list(root.walk())
    height: dict[str, int] = {}
    for node in reversed(nodes):
        height[node.code] = 1 + max((height[c.code] for c in node.children), default=0)
    common = {"method": method, "options": options or {}, "min_available": min_available, "min_count": min_count,
              "min_weight": min_weight, "missing": missing, "decimals": decimals, "rounding": rounding}  # fmt: skip
    above = sorted((n for n in nodes if n.children), key=lambda n: height[n.code])
    rules = {n.code: _rule(n, (levels or {}).get(height[n.code], {}), common) for n in above}
    where = place or (lambda code: ("", None))
    faults = [Fault(f"steps.aggregate.levels: the tree has no level {k}", f"Its groups stand on levels 2 to "
                    f"{height[root.code]}") for k in (levels or {}) if k > height[root.code]]  # fmt: skip
    faults += _check(nodes, above, indicators, rules, where)
    if faults:
        raise SpecError(faults)
    items = (*indicators, *(g.code for g in above))
    at = {code: k for k, code in enumerate(items)}
    weights = np.full(len(items), np.nan)
    parent = [-1] * len(items)
    weights[at[root.code]] = root.weight
    for node in above:
        for child in node.children:
            weights[at[child.code]] = child.weight
            parent[at[child.code]] = at[node.code]

    groups = tuple(
        Group(code=n.code, place=where(n.code), item=at[n.code], children=tuple(at[c.code] for c in n.children),
              transform=n.transform,
              normalise=n.normalise, shown=n.shown, goalposts=n.goalposts, clip=n.clip, **rules[n.code]) for n in above
    )  # fmt: skip
    return Tree(items, len(indicators), groups, weights, tuple(parent), tuple(height[c] for c in items))


def _rule(node: Node, level: Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, Any]:
    """What holds for a node: its own word, else its level's, else the step's; options go with their method."""
    given = {key: next((v for v in (getattr(node, key), level.get(key)) if v is not None), value)
             for key, value in common.items() if key not in ("method", "options")}  # fmt: skip
    said = [(node.method, node.options), (level.get("method"), level.get("options", {}))]
    method = next((m for m, _ in said if m is not None), common["method"])
    options: Mapping[str, Any] = {}
    for own, chosen in (*said, (common["method"], common["options"])):
        options = options or chosen
        if own is not None:
            break
    return given | {"method": method, "options": options}


def _check(
    nodes: list[Node], above: list[Node], indicators: tuple[str, ...], rules: Mapping[str, Mapping[str, Any]],
    place: Place,
) -> list[Fault]:  # fmt: skip
    faults = [Fault(f"{n.code} is in the tree but has no data", "Add its figures or take it out of the tree",
                    *place(n.code)) for n in nodes if not n.children and n.code not in indicators]  # fmt: skip
    for n in above:
        name = rules[n.code]["method"]
        if name not in METHODS:
            faults.append(Fault(f"{n.code}: no aggregation is called {name!r}", near(name, sorted(METHODS)),
                                *place(n.code)))  # fmt: skip
            continue
        how = METHODS[name]
        if len(n.children) < how.children:
            faults.append(Fault(f"{n.code}: {name} needs {how.children} children, not {len(n.children)}",
                                "Add one, or use another method", *place(n.code)))  # fmt: skip
        for key, value in rules[n.code]["options"].items():
            if key not in how.options:
                faults.append(Fault(f"{n.code}: {name} has no option {key!r}", near(key, how.options), *place(n.code)))
            elif not _numeric(value):
                faults.append(Fault(f"{n.code}: the option {key} is {value!r}",
                                    "Give a finite number, or a list of them", *place(n.code)))  # fmt: skip
        faults += [Fault(f"{n.code}: {problem}", remedy, *place(n.code)) for problem, remedy in _scaling(n)]
    return faults


def _numeric(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return bool(value) and all(_numeric(v) for v in value)
    return isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))


def _scaling(node: Node) -> list[tuple[str, str]]:
    """What is wrong with how a node's score is normalised."""
    out = []
    for step in (node.normalise, node.shown):
        if step is None:
            continue
        needs = NORMALISATIONS[step.method].needs if step.method in NORMALISATIONS else "nothing known"
        if needs == "posts" and (node.goalposts or step.posts) is None:
            out.append((f"{step.method} needs the posts of the score", "Give the node `goalposts: [lower, upper]`"))
        elif needs not in ("", "posts", "classes"):
            good = [m for m, how in NORMALISATIONS.items() if how.needs in ("", "posts", "classes")]
            out.append((f"a score cannot be normalised by {step.method!r}", near(step.method, good)))
    return out


def with_unit_weights(tree: Tree, root: Node, labels: Callable[[str], Sequence[object]], units: Sequence[str],
                      place: Place | None = None) -> Tree:  # fmt: skip
    """Return the tree with the weights that nodes give to groups of units.

    Parameters
    ----------
    labels
        Returns the label of each unit in a column of the unit table.
    units
        The units, for messages.

    Raises
    ------
    DataError
        If a unit's label has no set of weights. What a set says of a child that has been left out goes with it.
    """
    where = place or (lambda code: ("", None))
    item = {g.code: g for g in tree.groups}
    factors: dict[int, Array] = {}
    for node in root.walk():
        if node.weights is None:
            continue
        codes = [c.code for c in node.children]
        sets = node.weights.sets
        own = [_label(v) for v in labels(node.weights.by)]
        lost = [f"{u} ({v})" for u, v in zip(units, own, strict=True) if v not in sets]
        if lost:
            raise DataError(Fault(f"{node.code}: no set of weights is for {', '.join(lost[:5])}",
                                  f"The column {node.weights.by!r} must be one of {', '.join(sets)}",
                                  *where(node.code)))  # fmt: skip
        nominal = np.array([c.weight for c in node.children])
        rows = {label: np.array([given.get(c, w) for c, w in zip(codes, nominal, strict=True)])
                for label, given in sets.items()}  # fmt: skip
        factors[item[node.code].item] = np.array([rows[v] for v in own]) / nominal
    return replace(tree, factors=factors) if factors else tree


def _label(value: object) -> str:
    """A label as a specification writes it: 2 for the 2.0 of a column of numbers."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def effective_weights(tree: Tree, weights: Array | None = None) -> Array:
    """Return each item's weight in the root: the product of within-group shares; ``(..., item)``, the root 1."""
    w = tree.weights if weights is None else weights
    out = np.zeros(w.shape)
    out[..., tree.groups[-1].item] = 1.0
    for group in reversed(tree.groups):
        kids = list(group.children)
        out[..., kids] = out[..., [group.item]] * w[..., kids] / w[..., kids].sum(axis=-1, keepdims=True)
    return out
