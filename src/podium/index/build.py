"""A specification turned into scores and ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.data.dataset import Array, Dataset
from podium.index.aggregate import Tree, compile_tree, effective_weights, tree_scores
from podium.index.assemble import assemble
from podium.index.bind import bound
from podium.index.pipeline import Fitted, Pipeline
from podium.index.plugins import load_plugins
from podium.index.rank import ranks as rank_scores
from podium.index.spec import Node, Spec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Built", "build"]


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

    @property
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
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every intermediate table, unit × indicator, in the order of the steps; the last one is Aggregated."""
        import pandas as pd

        leaves = list(self.pipeline.leaves)
        out = {name: pd.DataFrame(a, list(self.units), leaves) for name, a in self.arrays.items()}
        out["Aggregated"] = pd.DataFrame(self.score_table, list(self.units), list(self.tree.items))
        return out

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
            done.append(f"{name}: {', '.join(_said(k, v) for k, v in step.items() if v not in ((), None))}")
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
    spec: Spec, *, dataset: Dataset | None = None, values: Array | None = None, fitted: Fitted | None = None,
) -> Built:  # fmt: skip
    """Return the built index.

    Parameters
    ----------
    dataset
        Every series of the specification's tables, as `assemble` returns them; None reads the files.
    values
        Other figures for the dataset, ``(unit, series)``; None takes its own.
    fitted
        What an earlier build learnt: imputation, treatment and normalisation then stay as they were.

    Raises
    ------
    SpecError, DataError, ComputationError
        Naming file, line, unit, indicator or node, and the remedy.
    """
    load_plugins(spec)
    read, root = assemble(spec) if dataset is None else (dataset, _root(spec))
    if values is not None:
        read = read.with_values(values)
    leaves = _leaves(root, read)
    step = spec.steps.aggregate
    tree = compile_tree(
        root, leaves, method=step.method, min_available=step.min_available, options=step.options
    )
    pipeline, estimates = bound(spec, read, root, leaves)
    arrays: dict[str, Array] = {}
    normalised, learnt = pipeline.normalised(read.values[-1], fitted, arrays, estimates=estimates)
    return scored(spec, read, root, tree, pipeline, arrays, normalised, learnt)


def scored(
    spec: Spec, read: Dataset, root: Node, tree: Tree, pipeline: Pipeline, arrays: dict[str, Array],
    normalised: Array, learnt: Fitted,
) -> Built:  # fmt: skip
    """Return the built index from its normalised table ``(unit kept, indicator)``: aggregated, rescaled, ranked."""
    units = tuple(read.units[k] for k in pipeline.keep)
    scores = tree_scores(tree, normalised, units=units)
    if spec.steps.rescale is not None:
        scores, learnt = _rescaled(scores, spec.steps.rescale.range, learnt)
    rule = spec.steps.rank
    sign = 1.0 if rule.best == "highest" else -1.0
    rank_table = rank_scores(sign * scores.T, ties=rule.ties, decimals=rule.decimals).T
    return Built(spec, read, root, tree, pipeline, learnt, arrays, scores, rank_table)


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


def _rescaled(scores: Array, to: tuple[float, float], learnt: Fitted) -> tuple[Array, Fitted]:
    root = scores[:, -1]
    low, high = learnt.root or (float(np.nanmin(root)), float(np.nanmax(root)))
    out = scores.copy()
    out[:, -1] = to[0] + (to[1] - to[0]) * (root - low) / (high - low)
    return out, replace(learnt, root=(low, high))
