"""Scores and ranks of every mix of two indices: the game whose players are indicators, weights, methods and units."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from podium.compare.owen import Player
from podium.data.dataset import Array
from podium.errors import ComputationError, Fault
from podium.index.aggregate import Group, Tree, tree_scores
from podium.index.mixture import Figures, Mix, Mixture
from podium.index.rank import ranks_within
from podium.index.rescale import ends, rescaled
from podium.index.spec import Node

__all__ = ["Game", "own_values", "players"]

CELLS = 4_000_000
"""So many cells of tables are scored at a time."""


def players(m: Mixture, *, whole: bool = False) -> Player:
    """Return the players of a comparison: data by the new index's tree, indicators, weights, method, units.

    A part in which the two indices do not differ has no player. With `whole` all of the method is one.
    """
    moved = _moved(m)
    data = _data(m.new.root, moved, revised=m.revised is not None)
    method = (" + ".join(m.method),) if whole and m.method else m.method
    groups = [
        data and Player("data", "data", data.children or (data,)),
        _group("indicators", m.structure), _group("weights", m.weights), _group("method", method),
        _group("units", [n for n, there in (("newcomers", m.newcomers), ("leavers", m.leavers)) if there]),
    ]  # fmt: skip
    return Player("all", "", tuple(g for g in groups if g))


def _group(kind: str, names: Any) -> Player | None:
    children = tuple(Player(n, kind) for n in names)
    if kind == "weights" and len(children) > 5:
        return Player(kind, kind, (Player("all weights", kind),))
    return Player(kind, kind, children) if children else None


def _data(node: Node, moved: set[str], *, revised: bool) -> Player | None:
    if not node.children:
        if node.code not in moved:
            return None
        parts = (Player(node.code, "revision"), Player(node.code, "data"))
        return Player(node.code, "data", parts, ordered=True) if revised else Player(node.code, "data")
    children = tuple(p for c in node.children if (p := _data(c, moved, revised=revised)))
    if len(children) == 1 and not (children[0].ordered or not children[0].children):
        return children[0]
    return Player(node.code, "data", children) if children else None


def _moved(m: Mixture) -> set[str]:
    """The indicators with another figure for a unit of both; in a panel all, since they may share a scale."""
    if m.old.spec.data.panel or m.new.spec.data.panel:
        return set(m.leaves)
    out: set[str] = set()
    kinds: list[Figures] = ["old", "new", *(["revised"] if m.revised is not None else [])]  # type: ignore[list-item]
    for method in {frozenset[str](), frozenset(m.method)}:
        tables = {}
        for kind in kinds:
            held = m.built(kind)
            rows = [held.dataset.units.index(u) if u in held.dataset.units else -1 for u in m.shared]
            columns = [held.pipeline.leaves.index(c) for c in m.leaves]
            found = [np.vstack([x, np.full((1, x.shape[1]), np.nan)])[np.ix_(rows, columns)]
                     for _, x in m.filled(kind, method)]  # fmt: skip
            tables[kind] = np.stack(found)
        for kind in kinds[1:]:
            apart = ~((tables["old"] == tables[kind]) | (np.isnan(tables["old"]) & np.isnan(tables[kind])))
            out |= {c for c, a in zip(m.leaves, apart.any(axis=(0, 1)), strict=True) if a}
    return out


def own_values(m: Mixture, new: bool) -> Array:
    """Return the scores and ranks ``(2, shared unit)`` of one of the two indices as built."""
    built = m.new if new else m.old
    rows = [built.units.index(u) for u in m.shared]
    return np.stack([built.score_table[rows, -1], built.rank_table[rows, -1]])


@dataclass(eq=False)
class Game:
    """Values of mixes: of coalitions ``(coalition, bit)`` the scores and ranks ``(coalition, 2, shared unit)``.

    Tables, trees and steps are kept from one call to the next; mixes of figures alone are scored together. Nobody's
    and everybody's coalition have the scores and ranks of the two indices themselves.
    """

    m: Mixture
    root: Player
    tables: dict[Any, Array] = field(default_factory=dict)
    filled: dict[Any, Any] = field(default_factory=dict)
    states: dict[bytes, _State] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bits = list(self.root.leaves())
        self.is_data = np.array([b.kind in ("data", "revision") for b in self.bits], dtype=bool)
        none, every = np.zeros((1, len(self.bits)), dtype=bool), np.ones((1, len(self.bits)), dtype=bool)
        self.ends = (own_values(self.m, False), own_values(self.m, True))
        for mask, own in zip((none, every), self.ends, strict=True):
            off = np.abs(self._values(mask)[0, 0] - own[0])
            if not bool((off <= 1e-9 * np.maximum(np.abs(own[0]), 1.0)).all()):
                worst = int(np.nanargmax(np.where(np.isnan(off), np.inf, off)))
                raise ComputationError(Fault(f"the mix that should be the index itself misses {self.m.shared[worst]}",
                                             "Report it with both specifications"))  # fmt: skip

    def __call__(self, masks: npt.NDArray[np.bool_]) -> Array:
        """The values of some coalitions."""
        out = self._values(masks)
        count = masks.sum(axis=1)
        out[count == 0] = self.ends[0]
        out[count == masks.shape[1]] = self.ends[1]
        return out

    def _values(self, masks: npt.NDArray[np.bool_]) -> Array:
        out = np.empty((len(masks), 2, len(self.m.shared)))
        fixed = np.ascontiguousarray(masks[:, ~self.is_data])
        keys = np.packbits(fixed, axis=1) if fixed.shape[1] else np.zeros((len(masks), 1), dtype=np.uint8)
        kinds, which = np.unique(keys, axis=0, return_inverse=True)
        which = which.reshape(-1)
        for k in range(len(kinds)):
            rows = np.flatnonzero(which == k)
            state = self._state(fixed[rows[0]])
            out[rows] = state.values(masks[rows][:, self.is_data])
        return out

    def _state(self, fixed: npt.NDArray[np.bool_]) -> _State:
        key = fixed.tobytes()
        if key not in self.states:
            self.states[key] = self._made(fixed)
        return self.states[key]

    def _made(self, fixed: npt.NDArray[np.bool_]) -> _State:
        chosen: dict[str, set[str]] = {k: set() for k in ("indicators", "weights", "method", "units")}
        for there, bit in zip(fixed, [b for b, d in zip(self.bits, self.is_data, strict=True) if not d], strict=True):
            if there:
                chosen[bit.kind] |= set(self.m.weights) if bit.name == "all weights" else set(bit.name.split(" + "))
        mix = Mix(*(frozenset(chosen[k]) for k in ("method", "weights", "indicators", "units")))
        units = self.m.units(mix)
        present = {n.code for n in self.m.root(mix).walk() if not n.children}
        order = [*self.m.new.pipeline.leaves, *(c for c in self.m.old.pipeline.leaves if c not in self.m.leaves)]
        leaves = tuple(c for c in order if c in present)
        tree = self.m.tree(mix, leaves, units)
        return _State(self.m, mix, units, tree, self._columns(mix, leaves, units),
                      [b for b, d in zip(self.bits, self.is_data, strict=True) if d])  # fmt: skip

    def _columns(self, mix: Mix, leaves: tuple[str, ...], units: tuple[str, ...]) -> dict[Figures, Array]:
        """The normalised tables of old, revised and new figures on the same units and indicators."""
        tables = {f: self._table(f, mix) for f in ("old", "new", *(["revised"] if self.m.revised is not None else []))}
        out: dict[Figures, Array] = {}
        for kind, table in tables.items():
            x = np.empty((len(units), len(leaves)))
            for k, code in enumerate(leaves):
                source = kind if code in self.m.leaves else "new" if code in self.m.new.pipeline.leaves else "old"
                at = self.m.built(source).pipeline.leaves.index(code)  # type: ignore[arg-type]
                x[:, k] = (table if source == kind else tables[source])[:, at]
            out[kind] = x  # type: ignore[index]
        return out

    def _table(self, figures: Any, mix: Mix) -> Array:
        key = (figures, mix.method, mix.units)
        if key not in self.tables:
            self.tables[key] = self.m.table(figures, mix, lambda f: self._filled(f, mix.method))
        return self.tables[key]

    def _filled(self, figures: Figures, method: frozenset[str]) -> Any:
        key = (figures, method & {"denominators", "imputation"})
        if key not in self.filled:
            self.filled[key] = self.m.filled(figures, method)
        return self.filled[key]


@dataclass(eq=False)
class _State:
    """Everything but the figures settled: mixes of old, revised and new columns, scored and ranked."""

    m: Mixture
    mix: Mix
    units: tuple[str, ...]
    tree: Tree
    columns: dict[Figures, Array]
    bits: list[Player]

    def __post_init__(self) -> None:
        source = self.m.new if "aggregation" in self.mix.method else self.m.old
        self.rescale = source.spec.steps.rescale
        ranking = self.m.new if "ranking" in self.mix.method else self.m.old
        self.rule = ranking.spec.steps.rank
        self.sign = 1.0 if self.rule.best == "highest" else -1.0
        self.groups = self.m.groups(self.mix, self.units)
        place = {u: k for k, u in enumerate(self.units)}
        self.rows = [place[u] for u in self.m.shared]
        at = {c: k for k, c in enumerate(self.tree.items[: self.tree.indicators])}
        self.at = np.array([at.get(b.name, -1) for b in self.bits], dtype=np.intp)
        self.second = np.array([b.kind == "data" and self.m.revised is not None for b in self.bits], dtype=bool)
        self.upper, self.bottoms = _condensed(self.tree)
        self.steps: Array | None = None
        if self._additive():
            masks = np.vstack([np.zeros((1, len(self.bits)), dtype=bool), self._prefixes()])
            scored = self._scores(masks)
            self.base, ends_ = scored[0], scored[1:]
            self.steps = ends_ - np.where(self.second[:, None], np.roll(ends_, 1, axis=0), self.base)

    def _prefixes(self) -> npt.NDArray[np.bool_]:
        """Each bit alone, with the revision that must come before it."""
        out = np.eye(len(self.bits), dtype=bool)
        out[self.second, np.flatnonzero(self.second) - 1] = True
        return out

    def _additive(self) -> bool:
        """Whether the score is a sum of terms of one column each, so that mixes are sums too."""
        plain = all(g.plain and g.method in ("arithmetic", "sum") for g in self.tree.groups)
        gaps = [np.isnan(x) for x in self.columns.values()]
        return plain and self.rescale is None and all(bool((g == gaps[0]).all()) for g in gaps)

    def values(self, masks: npt.NDArray[np.bool_]) -> Array:
        """Scores and ranks ``(coalition, 2, shared unit)`` of coalitions of figures ``(coalition, bit of data)``."""
        out = np.empty((len(masks), 2, len(self.rows)))
        size = len(self.units) * (len(self.upper.items) if self.steps is None else 4)
        step = max(CELLS // max(size, 1), 1)
        for start in range(0, len(masks), step):
            part = masks[start : start + step]
            scores = self._scores(part) if self.steps is None else self.base + part.astype(float) @ self.steps
            placed = ranks_within(self.sign * scores, self.groups, ties=self.rule.ties, decimals=self.rule.decimals,
                                  rounding=self.rule.rounding)  # fmt: skip
            out[start : start + step, 0] = scores[:, self.rows]
            out[start : start + step, 1] = placed[:, self.rows]
        return out

    def _scores(self, masks: npt.NDArray[np.bool_]) -> Array:
        """The root's scores ``(coalition, unit)``."""
        x = np.empty((len(masks), len(self.units), self.upper.indicators))
        for k, code in enumerate(self.upper.items[: self.upper.indicators]):
            x[..., k] = self._bottom(self.bottoms[code], masks) if code in self.bottoms else self._column(code, masks)
        root = tree_scores(self.upper, x, units=self.units)[..., -1]
        if self.rescale is None:
            return root
        return np.stack([rescaled(s, self.rescale, ends(s, self.rescale)) for s in root])

    def _column(self, code: str, masks: npt.NDArray[np.bool_]) -> Array:
        """One indicator's column ``(coalition, unit)``."""
        at = self.tree.items.index(code)
        out = np.broadcast_to(self.columns["old"][:, at], (len(masks), len(self.units))).copy()
        for k in np.flatnonzero(self.at == at):
            kind: Figures = "revised" if self.bits[k].kind == "revision" else "new"
            out[masks[:, k]] = self.columns[kind][:, at]
        return out

    def _bottom(self, tree: Tree, masks: npt.NDArray[np.bool_]) -> Array:
        """The scores ``(coalition, unit)`` of a group of indicators, each different mix of it scored once."""
        codes = tree.items[: tree.indicators]
        own = np.flatnonzero(np.isin(self.at, [self.tree.items.index(c) for c in codes]))
        kinds, which = np.zeros(1, dtype=np.intp), np.zeros(len(masks), dtype=np.intp)
        if len(own):
            packed = np.packbits(masks[:, own], axis=1)
            _, kinds, which = np.unique(packed, axis=0, return_index=True, return_inverse=True)
        x = np.stack([self._column(c, masks[kinds]) for c in codes], axis=-1)
        return tree_scores(tree, x, units=self.units)[which.reshape(-1), :, -1]


def _condensed(tree: Tree) -> tuple[Tree, dict[str, Tree]]:
    """The tree with its groups of indicators alone as leaves, and each of these as a tree of its own."""
    bottoms = [g for g in tree.groups[:-1] if all(c < tree.indicators for c in g.children)]
    below = {c for g in bottoms for c in g.children}
    first = [k for k in range(tree.indicators) if k not in below] + [g.item for g in bottoms]
    order = first + [g.item for g in tree.groups if g not in bottoms]
    place = {item: k for k, item in enumerate(order)}
    groups = tuple(replace(g, item=place[g.item], children=tuple(place[c] for c in g.children))
                   for g in tree.groups if g not in bottoms)  # fmt: skip
    upper = Tree(tuple(tree.items[k] for k in order), len(first), groups, tree.weights[order],
                 tuple(place.get(tree.parent[k], -1) for k in order), tuple(tree.level[k] for k in order),
                 {place[k]: f for k, f in tree.factors.items() if k in place})  # fmt: skip
    return upper, {g.code: _alone(tree, g) for g in bottoms}


def _alone(tree: Tree, group: Group) -> Tree:
    n, kids = len(group.children), list(group.children)
    own = replace(group, item=n, children=tuple(range(n)), shown=None)
    factors = {n: tree.factors[group.item]} if group.item in tree.factors else {}
    return Tree(tuple(tree.items[k] for k in [*kids, group.item]), n, (own,), tree.weights[[*kids, group.item]],
                (*[n] * n, -1), (*[1] * n, 2), factors)  # fmt: skip
