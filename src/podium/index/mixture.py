"""Two built indices mixed: data of one, weights, method or units of the other, scored as either would score them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from podium.data.codebook import Indicator
from podium.data.dataset import Array, Dataset
from podium.errors import DataError, Fault, PodiumError
from podium.index.aggregate import METHODS, Tree, compile_tree, with_unit_weights
from podium.index.bind import bind
from podium.index.build import Built
from podium.index.impute import fill
from podium.index.panel import prepare
from podium.index.pipeline import Branch
from podium.index.spec import IndicatorRule, Node, Spec
from podium.index.treat import apply_treatment, learn_treatments

__all__ = ["SECTIONS", "Figures", "Mix", "Mixture", "mixture"]

Figures = Literal["old", "revised", "new"]

SECTIONS = ("denominators", "imputation", "transformation", "treatment", "normalisation", "aggregation", "ranking")
"""The parts of a method, each of which a mix takes from either index."""

_RULES = {"denominators": ("per", "times"), "transformation": ("transform",), "treatment": ("treat",),
          "normalisation": ("goalposts", "target", "normalise")}  # fmt: skip
_STEPS = {"denominators": ("denominate",), "imputation": ("impute",), "treatment": ("treat",),
          "normalisation": ("normalise",), "aggregation": ("aggregate", "rescale"), "ranking": ("rank",)}  # fmt: skip
_BOOK = ("direction", "target", "lower", "upper", "scale")
_PLACES = ("code", "name", "weight", "weights", "children")


@dataclass(frozen=True)
class Mix:
    """What a mix takes from the new index; the rest is the old one's.

    ``method`` holds parts of `SECTIONS`, ``weights`` groups whose children weigh as in the new index, ``structure``
    the changed nodes whose change is made, ``units`` of ``newcomers`` (there) and ``leavers`` (gone).
    """

    method: frozenset[str] = frozenset()
    weights: frozenset[str] = frozenset()
    structure: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Mixture:
    """Two built indices, what differs between them, and the mixes of them; made by `mixture`.

    ``revised`` holds the old edition's figures as the new publication has them, or None. ``shared`` are the units with
    a score in both. ``method``, ``weights`` and ``structure`` list what differs, as `Mix` names it; ``structure`` maps
    each change to the nodes dropped and added by it. ``merged`` is the tree with the nodes of both; None where some
    node stands in different places.
    """

    old: Built
    new: Built
    revised: Built | None
    shared: tuple[str, ...]
    newcomers: tuple[str, ...]
    leavers: tuple[str, ...]
    method: tuple[str, ...]
    weights: tuple[str, ...]
    structure: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    merged: Node | None

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The indicators of both indices."""
        held = set(self.new.pipeline.leaves)
        return tuple(c for c in self.old.pipeline.leaves if c in held)

    def root(self, mix: Mix) -> Node:
        """The tree of a mix, its nodes' methods and weights included."""
        old = {n.code: n for n in self.old.root.walk()}
        new = {n.code: n for n in self.new.root.walk()}
        how = new if "aggregation" in mix.method else old
        gone = {c for name, (drop, _) in self.structure.items() if name in mix.structure for c in drop}
        yet = {c for name, (_, add) in self.structure.items() if name not in mix.structure for c in add}
        base = self.merged or (self.new.root if mix.structure else self.old.root)
        held = {b: dict(zip(b.tree.items, map(float, b.tree.weights), strict=True)) for b in (self.old, self.new)}

        def grown(node: Node, parent: str | None) -> Node | None:
            if node.code in gone or node.code in yet:
                return None
            children = tuple(k for c in node.children if (k := grown(c, node.code)) is not None)
            if node.children and not children:
                return None
            mine = how.get(node.code) or old.get(node.code) or new[node.code]
            first, second = (self.new, self.old) if parent in mix.weights else (self.old, self.new)
            weight = held[first].get(node.code, held[second].get(node.code, node.weight))
            source, other = (new, old) if node.code in mix.weights else (old, new)
            own = source.get(node.code) or other[node.code]
            return mine.model_copy(update={"children": children, "weight": weight, "weights": own.weights})

        made = grown(base, None)
        if made is None:
            raise DataError(Fault("a mix of the two trees holds no indicator", "Compare indices that share some"))
        return made

    def spec(self, method: frozenset[str], base: Built) -> Spec:
        """The specification of an index with some parts of the method of the new one, others of the old."""
        update: dict[str, Any] = {}
        for section, names in _STEPS.items():
            source = self.new if section in method else self.old
            update |= {n: getattr(source.spec.steps, n) for n in names}
        rules = {c: self._rule(c, method, base) for c in {*self.old.pipeline.leaves, *self.new.pipeline.leaves}}
        steps = base.spec.steps.model_copy(update=update)
        return base.spec.model_copy(update={"steps": steps, "indicators": rules, "tree": None})

    def _rule(self, code: str, method: frozenset[str], base: Built) -> IndicatorRule:
        """What holds for one indicator; its measure is that of the figures."""
        values: dict[str, Any] = {"measure": _own(base, code).measure}
        for section, names in _RULES.items():
            source = self._of(section in method, code)
            values |= {n: getattr(_own(source, code), n) for n in names}
        return IndicatorRule.model_construct(**values)

    def _of(self, new: bool, code: str) -> Built:
        """The index that an indicator's part of the method comes from: the only one that has it, where that is so."""
        first, second = (self.new, self.old) if new else (self.old, self.new)
        return first if code in first.pipeline.leaves else second

    def built(self, figures: Figures) -> Built:
        """The index that holds some figures."""
        held = {"old": self.old, "new": self.new, "revised": self.revised}[figures]
        assert held is not None
        return held

    def units(self, mix: Mix) -> tuple[str, ...]:
        """The units of a mix."""
        there = self.shared + (self.newcomers if "newcomers" in mix.units else ())
        there += () if "leavers" in mix.units else self.leavers
        wanted = set(there)
        first = self.new if mix.units or not self.leavers else self.old
        ordered = [u for u in first.units if u in wanted]
        return (*ordered, *(u for u in there if u not in set(ordered)))

    def filled(self, figures: Figures, method: frozenset[str]) -> tuple[tuple[float, Array], ...]:
        """Each version's share and denominated, imputed table ``(unit of the dataset, indicator)`` of some figures."""
        held = self.built(figures)
        part = method & {"denominators", "imputation"}
        differs = set(self.method) & {"denominators", "imputation"}
        own = figures != "revised" and part == (differs if figures == "new" else set())
        if own:
            pipe, branches = held.pipeline, held.fitted.branches
        else:
            pipe, branches = _prepared(self.spec(method, held), held)
        values = held.dataset.values[-1]
        out = []
        for k, (share, _) in enumerate(pipe.versions):
            x, guess = pipe.denominated(values, k), branches[k].estimates
            out.append((share, x if guess is None else fill(x, guess)))
        return tuple(out)

    def table(self, figures: Figures, mix: Mix, filled: Callable[[Figures], Any]) -> Array:
        """The normalised table of some figures by the method and over the units of a mix, ``(unit, indicator)``.

        Newcomers have the new figures and leavers the old ones, whichever the others have. The indicators are those of
        the index whose figures they are. `filled` gives the result of `filled` for some figures by the mix's method.
        """
        held, units = self.built(figures), self.units(mix)
        leaves = held.pipeline.leaves
        spec = self.spec(mix.method, held)
        scale = self._shared_scale(spec, held) if held.spec.data.panel else None
        pipe = bind(_bare(spec), self._labels(leaves, units, mix), held.root, leaves).kept(np.arange(len(units)))
        total = np.zeros((len(units), len(leaves)))
        for k, (share, own) in enumerate(filled(figures)):
            x = np.full((len(units), len(leaves)), np.nan)
            rows = {u: n for n, u in enumerate(held.dataset.units)}
            for n, u in enumerate(units):
                if u in rows and u not in self.newcomers and u not in self.leavers:
                    x[n] = own[rows[u]]
            sides: tuple[tuple[tuple[str, ...], Figures], ...] = ((self.newcomers, "new"), (self.leavers, "old"))
            for group, other in sides:
                there = [(n, u) for n, u in enumerate(units) if u in group]
                if there:
                    x[[n for n, _ in there]] = self._rows(other, [u for _, u in there], leaves, filled(other)[k][1])
            changed = pipe.transformed(x)
            treatments = learn_treatments(changed, pipe.treaters) if pipe.treaters else ()
            directed = (apply_treatment(changed, treatments) if treatments else changed) * pipe.direction
            known = {} if scale is None else scale[k]
            learnt = pipe.learn(directed, k, known)
            total = total + share * pipe.scaled(directed, Branch(None, treatments, learnt))
        return total

    def _rows(self, figures: Figures, units: Sequence[str], leaves: Sequence[str], table: Array) -> Array:
        """The figures of some units from the other index, by indicator; those it lacks are missing."""
        held = self.built(figures)
        rows = [held.dataset.units.index(u) for u in units]
        place = {c: k for k, c in enumerate(held.pipeline.leaves)}
        out = np.full((len(units), len(leaves)), np.nan)
        for k, code in enumerate(leaves):
            if code in place:
                out[:, k] = table[rows, place[code]]
        return out

    def _labels(self, leaves: tuple[str, ...], units: tuple[str, ...], mix: Mix) -> Dataset:
        """Labels, directions and posts without figures: what the steps after imputation are bound to."""
        import pandas as pd

        book = {c: self._entry(c, "normalisation" in mix.method) for c in leaves}
        none = np.full((1, len(units), len(leaves)), np.nan)
        return Dataset(("",), units, leaves, none, none.copy(), none.copy(), np.zeros(none.shape, dtype=bool),
                       pd.DataFrame(index=list(units)), book)  # fmt: skip

    def _entry(self, code: str, new: bool) -> Indicator:
        source = self._of(new, code)
        entry = source.dataset.codebook[_own(source, code).measure or code]
        return replace(entry, code=code, denominator=None)

    def _shared_scale(self, spec: Spec, held: Built) -> list[dict[int, Any]]:
        """What normalisations over a whole panel learn, for each version of the figures."""
        whole = held.dataset.whole or held.dataset
        first = prepare(spec, whole, held.root, held.pipeline.leaves)[0]
        over = [n for n, s in enumerate(first.pipeline.scalings) if s.over == "panel"]
        return [{n: b.learnt[n] for n in over} for b in first.fitted.branches]

    def tree(self, mix: Mix, leaves: tuple[str, ...], units: tuple[str, ...]) -> Tree:
        """The tree of a mix over some of the indicators and units, compiled."""
        source = self.new if "aggregation" in mix.method else self.old
        root = self.root(mix)
        tree = compile_tree(root, leaves, **source.spec.steps.aggregate.model_dump(), place=source.spec.place)
        first, second = (self.new, self.old) if mix.weights else (self.old, self.new)
        return with_unit_weights(tree, root, lambda c: _told(c, units, first, second), units, source.spec.place)

    def groups(self, mix: Mix, units: tuple[str, ...]) -> tuple[object, ...]:
        """The labels within which the units of a mix are ranked."""
        first, second = (self.new, self.old) if "ranking" in mix.method else (self.old, self.new)
        within = first.spec.steps.rank.within
        return (0,) * len(units) if within is None else _told(within, units, first, second)


def _told(column: str, units: Sequence[str], first: Built, second: Built) -> tuple[object, ...]:
    """What a column of the unit table, or a series, says of units: in one index, else in the other."""
    said: dict[str, object] = {}
    for built in (second, first):
        data = built.dataset
        if column in data.unit_table.columns:
            said |= dict(zip(data.units, data.unit_table.loc[list(data.units), column], strict=True))
        elif column in data.indicators:
            said |= dict(zip(data.units, data.values[-1, :, data.indicators.index(column)], strict=True))
    return tuple(said.get(u) for u in units)


def _own(built: Built, code: str) -> IndicatorRule:
    return built.spec.indicators.get(code) or IndicatorRule()


def _bare(spec: Spec) -> Spec:
    """The specification without the steps up to imputation, its indicators measured under their own names."""
    rules = {c: r.model_copy(update={"measure": None, "per": None}) for c, r in spec.indicators.items()}
    steps = spec.steps.model_copy(update={"denominate": None, "impute": (), "screen": None})
    return spec.model_copy(update={"indicators": rules, "steps": steps})


def _prepared(spec: Spec, held: Built) -> tuple[Any, tuple[Branch, ...]]:
    """The pipeline of an index by another method up to imputation, and what fills its missing cells."""
    leaves, data = held.pipeline.leaves, held.dataset
    if spec.data.panel:
        whole = data.whole or data
        one = prepare(spec, whole, held.root, leaves)[whole.editions.index(data.editions[-1])]
        return one.pipeline, one.fitted.branches
    pipe = bind(spec, data, held.root, leaves)
    guesses = pipe.estimates(data.values[-1])
    return pipe, tuple(Branch(None if g is None else g.values, (), ()) for g in guesses)


def mixture(
    old: Built, new: Built, *, revised: Built | None = None, same: Mapping[str, str] | None = None
) -> Mixture:
    """Return two built indices ready to be mixed.

    Parameters
    ----------
    revised
        The old edition as the new publication's figures have it; None where there is one vintage only.
    same
        What the old index calls by another name: its codes of indicators and groups, each with the new index's.

    Raises
    ------
    DataError
        If the indices share no unit or no indicator, or `same` names what is not there.
    """
    old = _renamed(old, same, new) if same else old
    revised = _renamed(revised, same, new) if same and revised is not None and _strange(revised, new) else revised
    old_scored, new_scored = _scored(old), _scored(new)
    shared = tuple(u for u in new.units if u in old_scored and u in new_scored)
    if not shared:
        raise DataError(Fault("the two indices have no unit in common", "Compare indices of the same units"))
    if not set(old.pipeline.leaves) & set(new.pipeline.leaves):
        raise DataError(Fault("the two indices have no indicator in common",
                              "Say which are the same under other names (`same`)"))  # fmt: skip
    if revised is not None and (lost := [c for c in old.pipeline.leaves if c not in revised.pipeline.leaves]):
        raise DataError(Fault(f"the revised figures lack {', '.join(lost)}", "Revise every indicator, or none"))
    structure, merged = _changed(old.root, new.root)
    return Mixture(
        old, new, revised, shared, tuple(u for u in new.units if u in new_scored and u not in old_scored),
        tuple(u for u in old.units if u in old_scored and u not in new_scored), _methods(old, new),
        _weights(old, new), structure, merged,
    )  # fmt: skip


def _scored(built: Built) -> set[str]:
    return {u for u, s in zip(built.units, built.score_table[:, -1], strict=True) if not np.isnan(s)}


def _strange(built: Built, new: Built) -> bool:
    return not set(built.pipeline.leaves) <= set(new.pipeline.leaves)


def _renamed(built: Built, same: Mapping[str, str], new: Built) -> Built:
    """The index with other codes for some of its nodes."""
    here, there = {n.code for n in built.root.walk()}, {n.code for n in new.root.walk()}
    faults = [Fault(f"there is no {c} in the old index", "Name one of its indicators or groups")
              for c in same if c not in here]  # fmt: skip
    faults += [Fault(f"there is no {c} in the new index", "Name one of its indicators or groups")
               for c in same.values() if c not in there]  # fmt: skip
    faults += [Fault(f"the old index has a {c} already", "Rename that one too")
               for c in same.values() if c in here and c not in same]  # fmt: skip
    if faults:
        raise DataError(faults)

    def called(code: str) -> str:
        return same.get(code, code)

    def renamed(node: Node) -> Node:
        return node.model_copy(update={"code": called(node.code), "children": tuple(map(renamed, node.children))})

    rules = {called(c): r for c, r in built.spec.indicators.items()}
    for c in built.pipeline.leaves:
        rule = rules.get(called(c), IndicatorRule())
        rules[called(c)] = rule.model_copy(update={"measure": rule.measure or c})
    tree = replace(built.tree, items=tuple(map(called, built.tree.items)),
                   groups=tuple(replace(g, code=called(g.code)) for g in built.tree.groups))  # fmt: skip
    pipe = replace(built.pipeline, leaves=tuple(map(called, built.pipeline.leaves)))
    spec = built.spec.model_copy(update={"indicators": rules})
    return replace(built, spec=spec, root=renamed(built.root), tree=tree, pipeline=pipe)


def _methods(old: Built, new: Built) -> tuple[str, ...]:
    """The parts of the method that differ."""
    both = [c for c in old.pipeline.leaves if c in set(new.pipeline.leaves)]
    out = []
    for section in SECTIONS:
        steps = any(getattr(old.spec.steps, n) != getattr(new.spec.steps, n) for n in _STEPS.get(section, ()))
        rules = any(getattr(_own(old, c), n) != getattr(_own(new, c), n) for c in both for n in _RULES.get(section, ()))
        more = {"normalisation": _books_differ, "aggregation": _nodes_differ, "ranking": _groups_differ}
        if steps or rules or (section in more and more[section](old, new, both)):
            out.append(section)
    return tuple(s for s in out if s != "denominators" or _divisible(old, new))


def _divisible(old: Built, new: Built) -> bool:
    """Whether each index's figures can be divided as the other does; where not, dividing belongs to the figures."""
    probe = Mixture(old, new, None, (), (), (), (), (), {}, None)
    try:
        for figures, method in (("old", frozenset({"denominators"})), ("new", frozenset[str]())):
            held = probe.built(figures)  # type: ignore[arg-type]
            _prepared(probe.spec(method | (frozenset({"imputation"}) if figures == "new" else frozenset()), held), held)
    except PodiumError:
        return False
    return True


def _books_differ(old: Built, new: Built, both: Sequence[str]) -> bool:
    def entry(built: Built, code: str) -> list[Any]:
        held = built.dataset.codebook[_own(built, code).measure or code]
        return [getattr(held, n) for n in _BOOK]

    return any(entry(old, c) != entry(new, c) for c in both)


def _nodes_differ(old: Built, new: Built, both: Sequence[str]) -> bool:
    """Whether a group of both trees combines its children in another way."""
    theirs = {n.code: n for n in new.root.walk()}
    fields = [f for f in Node.model_fields if f not in _PLACES]
    return any(getattr(n, f) != getattr(theirs[n.code], f)
               for n in old.root.walk() if n.code in theirs for f in fields)  # fmt: skip


def _groups_differ(old: Built, new: Built, both: Sequence[str]) -> bool:
    """Whether units stand in other groups within which they are ranked."""
    one, two = old.spec.steps.rank.within, new.spec.steps.rank.within
    if one is None or two is None:
        return False
    units = [u for u in old.units if u in set(new.units)]
    return _told(one, units, old, old) != _told(two, units, new, new)


def _weights(old: Built, new: Built) -> tuple[str, ...]:
    """The groups of both trees whose common children weigh differently against each other."""
    mine = dict(zip(old.tree.items, old.tree.weights, strict=True))
    theirs = dict(zip(new.tree.items, new.tree.weights, strict=True))
    raw = any(METHODS[g.method].raw for b in (old, new) for g in b.tree.groups)
    nodes = {n.code: n for n in new.root.walk()}
    units = [u for u in old.units if u in set(new.units)]
    out = []
    for node in old.root.walk():
        other = nodes.get(node.code)
        if other is None or not node.children:
            continue
        kids = {c.code for c in other.children}
        both = [c.code for c in node.children if c.code in kids]
        a, b = (np.array([w[c] for c in both]) for w in (mine, theirs))
        if not raw and len(kids) == len(both) == len(node.children):
            a, b = a / a.sum(), b / b.sum()
        apart = not np.allclose(a, b, rtol=1e-14, atol=0)
        if node.weights is not None or other.weights is not None:
            apart |= node.weights != other.weights or (
                node.weights is not None and other.weights is not None
                and _told(node.weights.by, units, old, old) != _told(other.weights.by, units, new, new)
            )
        if apart:
            out.append(node.code)
    return tuple(out)


def _changed(old: Node, new: Node) -> tuple[dict[str, tuple[frozenset[str], frozenset[str]]], Node | None]:
    """What is dropped and added, one change for each topmost node; and the tree of both, where no node moves."""
    here, there = _parents(old), _parents(new)
    leaf = [{n.code: not n.children for n in root.walk()} for root in (old, new)]
    moved = any(here[c] != there[c] or leaf[0][c] != leaf[1][c] for c in here if c in there)
    if old.code != new.code or moved:
        out = {} if here == there else {"tree": (frozenset[str](), frozenset[str]())}
        return out, None
    drop = [c for c, p in here.items() if c not in there and p in there]
    add = [c for c, p in there.items() if c not in here and p in here]
    none = frozenset[str]()
    changes = {c: (frozenset({c}), none) for c in drop} | {c: (none, frozenset({c})) for c in add}
    if len(changes) > 6:
        changes = {"dropped": (frozenset(drop), frozenset()), "added": (frozenset(), frozenset(add))}
        changes = {k: v for k, v in changes.items() if v[0] or v[1]}
    return changes, _union(old, new)


def _parents(root: Node) -> dict[str, str]:
    out = {root.code: ""}
    for n in root.walk():
        out |= {c.code: n.code for c in n.children}
    return out


def _union(old: Node, new: Node) -> Node:
    """The new tree with the nodes that only the old one has."""
    mine = {c.code: c for c in old.children}
    children = [_union(mine[c.code], c) if c.code in mine else c for c in new.children]
    held = {c.code for c in new.children}
    return new.model_copy(update={"children": (*children, *(c for c in old.children if c.code not in held))})
