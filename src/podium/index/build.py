"""A specification turned into scores and ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.data.dataset import Array, Dataset
from podium.errors import Fault, SpecError
from podium.index.aggregate import Tree, compile_tree, effective_weights, tree_scores, with_unit_weights
from podium.index.assemble import assemble
from podium.index.bind import bound
from podium.index.panel import Panel, prepare
from podium.index.pipeline import Fitted, Pipeline
from podium.index.plugins import load_plugins
from podium.index.rank import classes, ranks_of_items
from podium.index.rescale import ends, rescaled
from podium.index.rounding import rounded
from podium.index.spec import Node, Spec
from podium.index.steps import Rank, Rescale
from podium.index.treatments import treatment_log, treatments
from podium.index.tree import near
from podium.index.weights import chosen_weights

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Built", "among_all", "build", "build_panel", "recombined", "scored"]


@dataclass(frozen=True, eq=False)
class Built:
    """A built index: its specification, its data, every intermediate table, its scores and ranks.

    ``score_table`` and ``rank_table`` have the shape ``(unit, item)`` over the units that passed the screen and
    the items of ``tree`` (indicators, then groups bottom-up, the root last); a unit without enough data has
    NaN. ``arrays`` holds the steps' tables ``(unit, indicator)`` by name.
    """

    spec: Spec
    dataset: Dataset
    root: Node
    tree: Tree
    pipeline: Pipeline
    fitted: Fitted
    arrays: Mapping[str, Array]
    score_table: Array
    rank_table: Array

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The units that are scored, in order of the rows."""
        return tuple(self.dataset.units[k] for k in self.pipeline.keep)

    @property
    def excluded(self) -> tuple[str, ...]:
        """The units that the screen left out."""
        kept = set(self.units)
        return tuple(u for u in self.dataset.units if u not in kept)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Scores, unit × node, the root first and the best unit on top."""
        return self._labelled(self.score_table)

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """Ranks, unit × node, the root first and the best unit on top."""
        return self._labelled(self.rank_table)

    @cached_property
    def classes(self) -> pd.DataFrame | None:
        """Classes, 1 the best, unit × node like `scores`; None where the specification asks for none."""
        rule = self.spec.steps.rank
        if rule.classes is None:
            return None
        if isinstance(rule.classes, int):
            within = None if rule.within is None else _labels(self.spec, self.dataset, rule.within, self.units)
            return self._labelled(classes(self.score_table.T, self.rank_table.T, rule.classes, within).T)
        sign = 1.0 if rule.best == "highest" else -1.0
        cuts = [sign * c for c in rule.classes]
        shown = rounded(self.score_table, rule.decimals, rule.rounding)
        return self._labelled(classes(sign * shown.T, self.rank_table.T, cuts).T)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every intermediate table, unit × indicator, in the order of the steps; the last one is Aggregated."""
        import pandas as pd

        leaves = list(self.pipeline.leaves)
        out = {name: pd.DataFrame(a, list(self.units), leaves) for name, a in self.arrays.items()}
        out["Aggregated"] = pd.DataFrame(self.score_table, list(self.units), list(self.tree.items))
        return out

    @cached_property
    def treatments(self) -> pd.DataFrame:
        """One row an indicator: how it was treated, with skewness and kurtosis before, between and after."""
        return treatments(self)

    @cached_property
    def treatment_log(self) -> pd.DataFrame:
        """One row a point that the treatment of outliers changed."""
        return treatment_log(self)

    @cached_property
    def weights(self) -> pd.DataFrame:
        """One row an item: parent, level, weight within its parent, effective weight in the root."""
        import pandas as pd

        items = self.tree.items
        parents = [items[p] if p >= 0 else "" for p in self.tree.parent]
        return pd.DataFrame(
            {"parent": parents, "level": list(self.tree.level), "weight": self.tree.weights,
             "effective": effective_weights(self.tree)}, index=list(items),
        )  # fmt: skip

    @cached_property
    def record(self) -> tuple[str, ...]:
        """One sentence for each step: what it did, with its parameters."""
        done = [f"data: {len(self.dataset.units)} units, {len(self.pipeline.leaves)} indicators"]
        steps: dict[str, Any] = self.spec.steps.model_dump(exclude_none=True, exclude_defaults=False)
        for name, step in steps.items():
            parts = step if isinstance(step, tuple) else (step,)
            given = [{k: v for k, v in part.items() if v not in ((), {}, None)} for part in parts]
            done += [f"{name}: {', '.join(_said(k, v) for k, v in part.items())}" for part in given]
        if self.excluded:
            done.append(f"screened out: {', '.join(self.excluded)}")
        return tuple(done)

    def score_of(self, unit: str, node: str | None = None) -> float:
        """The score of a unit at a node, by default the root."""
        return float(self.score_table[self.units.index(unit), self._item(node)])

    def rank_of(self, unit: str, node: str | None = None) -> float:
        """The rank of a unit at a node, by default the root; NaN where it has no score."""
        return float(self.rank_table[self.units.index(unit), self._item(node)])

    def _item(self, node: str | None) -> int:
        return len(self.tree.items) - 1 if node is None else self.tree.items.index(node)

    def _labelled(self, table: Array) -> pd.DataFrame:
        import pandas as pd

        root = self.score_table[:, -1]
        order = np.argsort(-np.where(np.isnan(root), -np.inf, root), kind="stable")
        frame = pd.DataFrame(table[order], [self.units[k] for k in order], list(self.tree.items))
        return frame[list(reversed(self.tree.items))]


def build(
    spec: Spec, *, data: Any = None, dataset: Dataset | None = None, values: Array | None = None,
    fitted: Fitted | None = None, root: Node | None = None,
) -> Built:  # fmt: skip
    """Return the built index.

    Parameters
    ----------
    data
        Data frames in place of the specification's files: one as its `table`, or several by what they are (`assemble`).
    dataset
        Every series of the specification's tables, as `assemble` returns them; None reads the files.
    values
        Other figures for the dataset, ``(unit, series)``; None takes its own.
    fitted
        What an earlier build learnt: imputation, treatment and normalisation then stay as they were.
    root
        The tree, as `assemble` returns it with the dataset; None reads it again where the specification has none.

    Raises
    ------
    SpecError, DataError, ComputationError
        Naming file, line, unit, indicator or node, and the remedy.
    """
    load_plugins(spec)
    read, root = assemble(spec, tables=data) if dataset is None else (dataset, root or _root(spec))
    if data is not None and spec.tree is None:
        spec = spec.model_copy(update={"tree": root})  # no file can tell the tree again
    if spec.data.panel:
        return _edition(spec, read, root, values, fitted)
    return _one(spec, read if values is None else read.with_values(values), root, fitted)


def build_panel(spec: Spec, *, data: Any = None, dataset: Dataset | None = None) -> Panel:
    """Return the built index of every edition of a panel (`data: panel: true`).

    Parameters
    ----------
    data
        Data frames in place of the specification's files, as for `build`.
    dataset
        All editions, as `assemble` returns them; None reads the files.

    Raises
    ------
    SpecError, DataError, ComputationError
        Naming file, line, edition, unit, indicator or node, and the remedy.
    """
    load_plugins(spec)
    if not spec.data.panel:
        raise SpecError(Fault("the index is not a panel", "Set `data: panel: true`", spec.file))
    read, root = assemble(spec, tables=data) if dataset is None else (dataset, _root(spec))
    if data is not None and spec.tree is None:
        spec = spec.model_copy(update={"tree": root})
    leaves = _leaves(root, read)
    tree = _tree(spec, root, leaves)
    built = {}
    prepared = prepare(spec, read, root, leaves)
    pooled = np.concatenate([held.normalised for held in prepared])
    for t, (name, held) in enumerate(zip(read.editions, prepared, strict=True)):
        own = spec.model_copy(update={"edition": name})
        built[name] = scored(own, read.at(t), root, tree, held.pipeline, held.arrays, held.normalised, held.fitted,
                             pooled)  # fmt: skip
    return Panel(spec, read, built)


def _edition(spec: Spec, read: Dataset, root: Node, values: Array | None, fitted: Fitted | None) -> Built:
    """One edition of a panel, by default the latest; `values` are its figures ``(unit, series)``."""
    whole = read.whole or read
    name = read.editions[-1] if read.whole is not None else spec.edition or read.editions[-1]
    if name not in whole.editions:
        remedy = f"Use one of {', '.join(whole.editions)}"
        raise SpecError(Fault(f"the panel has no edition {name!r}", remedy, spec.file))
    at = whole.editions.index(name)
    own = spec.model_copy(update={"edition": name})
    if values is None and read.whole is None:
        changed = whole
    else:
        cube = whole.values.copy()
        cube[at] = read.values[-1] if values is None else values
        changed = whole.with_values(cube)
    if fitted is not None:
        return _one(own, changed.at(at), root, fitted)
    leaves = _leaves(root, changed)
    prepared = prepare(spec, changed, root, leaves)
    held, pooled = prepared[at], np.concatenate([p.normalised for p in prepared])
    return scored(own, changed.at(at), root, _tree(spec, root, leaves), held.pipeline, held.arrays, held.normalised,
                  held.fitted, pooled)  # fmt: skip


def _one(spec: Spec, read: Dataset, root: Node, fitted: Fitted | None) -> Built:
    leaves = _leaves(root, read)
    pipeline, estimates = bound(spec, read, root, leaves, fitted)
    arrays: dict[str, Array] = {}
    normalised, learnt = pipeline.normalised(read.values[-1], fitted, arrays, estimates=estimates)
    return scored(spec, read, root, _tree(spec, root, leaves), pipeline, arrays, normalised, learnt)


def recombined(built: Built, spec: Spec) -> Built:
    """Return an index under a specification that differs from its own in `steps.aggregate` only, tables and all."""
    arrays = dict(built.arrays)
    pipeline, learnt = replace(built.pipeline, spec=spec), Fitted(built.fitted.branches)
    leaves = built.pipeline.leaves
    return scored(spec, built.dataset, built.root, _tree(spec, built.root, leaves), pipeline, arrays,
                  arrays["Normalised"], learnt)  # fmt: skip


def among_all(built: Built) -> Built:
    """Return the index ranked among all its units with ties 1, 1, 3, as draws are: itself where it is so already.

    An index that declares the rule of its ranks uncertain is left as it is.
    """
    rule = built.spec.steps.rank
    asked = any(c.at.startswith("steps.rank") for c in built.spec.uncertainties.choices)
    if asked or (rule.within is None and rule.ties in {"competition", "min"}):
        return built
    plain = Rank(decimals=rule.decimals, rounding=rule.rounding, best=rule.best)
    spec = built.spec.model_copy(update={"steps": built.spec.steps.model_copy(update={"rank": plain})})
    table = _ranked(spec, built.dataset, built.units, built.score_table, built.tree.indicators)
    return replace(built, spec=spec, rank_table=table)


def _tree(spec: Spec, root: Node, leaves: tuple[str, ...]) -> Tree:
    return compile_tree(root, leaves, **spec.steps.aggregate.model_dump(), place=spec.place)


def scored(
    spec: Spec, read: Dataset, root: Node, tree: Tree, pipeline: Pipeline, arrays: dict[str, Array],
    normalised: Array, learnt: Fitted, pooled: Array | None = None,
) -> Built:  # fmt: skip
    """Return the built index from its normalised table ``(unit kept, indicator)``: aggregated, rescaled, ranked.

    `pooled` are the normalised tables of all editions of a panel below each other, for weights learnt over it.
    """
    units = tuple(read.units[k] for k in pipeline.keep)
    if spec.steps.weights:
        chosen = chosen_weights(spec, tree, normalised, pooled) if learnt.weights is None else learnt.weights
        tree, learnt = replace(tree, weights=chosen), replace(learnt, weights=chosen)
    tree = with_unit_weights(tree, root, lambda column: _labels(spec, read, column, units), units, spec.place)
    scores = tree_scores(tree, normalised, units=units)
    if spec.steps.rescale is not None:
        scores, learnt = _rescaled(scores, spec.steps.rescale, learnt)
    rank_table = _ranked(spec, read, units, scores, tree.indicators)
    return Built(spec, read, root, tree, pipeline, learnt, arrays, scores, rank_table)


def _ranked(spec: Spec, dataset: Dataset, units: tuple[str, ...], scores: Array, indicators: int) -> Array:
    """Ranks ``(unit, item)`` of scores of the same shape, within groups where the specification says so.

    The first items, the indicators, are ranked as their figures stand, to the last bit.
    """
    rule = spec.steps.rank
    signed = scores.T if rule.best == "highest" else -scores.T
    groups = (0,) * len(units) if rule.within is None else _labels(spec, dataset, rule.within, units)
    return ranks_of_items(signed, indicators, groups, ties=rule.ties, decimals=rule.decimals, rounding=rule.rounding).T


def _labels(spec: Spec, dataset: Dataset, column: str, units: tuple[str, ...]) -> tuple[object, ...]:
    """The labels of units in a column of the unit table, or the figures of a series."""
    if column in dataset.unit_table.columns:
        return tuple(dataset.unit_table.loc[list(units), column])
    if column in dataset.indicators:
        rows = [dataset.units.index(u) for u in units]
        return tuple(dataset.values[-1, rows, dataset.indicators.index(column)])
    known = [*map(str, dataset.unit_table.columns), *dataset.indicators]
    raise SpecError(Fault(f"there is no unit column or series {column!r}", near(column, known), spec.file))


def _said(key: str, value: Any) -> str:
    """A parameter in words, as the specification would have it."""
    shown = " ".join(str(v) for v in value) if isinstance(value, tuple) else str(value)
    return f"{key.replace('_', ' ')} {shown}"


def _root(spec: Spec) -> Node:
    return spec.tree if spec.tree is not None else assemble(spec)[1]


def _leaves(root: Node, dataset: Dataset) -> tuple[str, ...]:
    """The tree's indicators: in the order of the data where they stand there, then as the tree has them."""
    codes = [n.code for n in root.walk() if not n.children]
    place = {c: k for k, c in enumerate(dataset.indicators)}
    return tuple(sorted(codes, key=lambda c: place.get(c, len(place))))


def _rescaled(scores: Array, rule: Rescale, learnt: Fitted) -> tuple[Array, Fitted]:
    known = learnt.root or ends(scores[:, -1], rule)
    out = scores.copy()
    out[:, -1] = rescaled(scores[:, -1], rule, known)
    return out, replace(learnt, root=known)
