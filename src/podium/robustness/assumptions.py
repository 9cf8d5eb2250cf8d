"""The assumptions of an index as inputs from 0 to 1, and the scores that any of their values give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import Fault, SpecError
from podium.index.aggregate import Tree, tree_scores
from podium.index.build import Built
from podium.index.spec import Spec
from podium.index.uncertainties import WeightNoise
from podium.robustness.draws import scorer_of
from podium.robustness.figures import compile_noise, sample_errors
from podium.robustness.remake import compile_remake, tables
from podium.robustness.variants import Variant, variants
from podium.robustness.weights import Weights, compile_weights

__all__ = ["Assumption", "Model", "compile_model", "weights_at"]

BLOCK = 2048
ERROR_BLOCK = 128
Whole = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Assumption:
    """One assumption: its name, its kind, and the columns of the inputs that it takes."""

    name: str
    kind: str
    columns: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Model:
    """An index as a function of its assumptions.

    ``figures`` ``(series, unit, table)`` are stored datasets with random errors, of which an input picks one; None
    where none is declared. ``laws`` are the laws of weights in the order of their assumptions, ``left_out`` the items
    of which an input leaves out one (or none).
    """

    variants: tuple[Variant, ...]
    assumptions: tuple[Assumption, ...]
    laws: tuple[WeightNoise, ...]
    left_out: tuple[str, ...]
    figures: Array | None
    pick: npt.NDArray[np.int64]
    seed: np.random.SeedSequence
    held: dict[bytes, list[Weights]] = field(default_factory=dict)

    @property
    def inputs(self) -> int:
        """The number of input columns."""
        return sum(len(a.columns) for a in self.assumptions)

    def columns(self, kind: str) -> list[tuple[int, ...]]:
        """The columns of the assumptions of one kind."""
        return [a.columns for a in self.assumptions if a.kind == kind]

    def cells(self, u: Array) -> Whole:
        """What discrete inputs come to, ``(draw, 1 to 3)``: the variant, the stored table, what is left out."""
        options = [len(c.options) for c in self.variants[0].built.spec.uncertainties.free.choices]
        variant = np.zeros(len(u), dtype=np.intp)
        for (column,), count in zip(self.columns("choice"), options, strict=True):
            variant = variant * count + _cell(u[:, column], count)
        out = [np.asarray(self.alike)[variant]]
        if self.figures is not None:
            out.append(_cell(u[:, self.columns("errors")[0][0]], self.figures.shape[2]))
        if self.left_out:
            out.append(_cell(u[:, self.columns("left out")[0][0]], len(self.left_out) + 1) - 1)
        return np.stack(out, axis=1)

    @cached_property
    def alike(self) -> tuple[int, ...]:
        """For each variant the first that is the same in all that counts: figures, tree, ranks."""
        first: dict[object, int] = {}
        return tuple(first.setdefault(_core(v.built), k) for k, v in enumerate(self.variants))

    def scores(self, u: Array) -> Array:
        """Return the root's scores at input values, ``(draw, input)`` → ``(draw, unit)``; NaN without enough data.

        Rows that share a variant are scored together; its normalised table is worked out once.

        Raises
        ------
        ComputationError
            If a build fails, naming the node, its method, the unit and the child.
        """
        cells = self.cells(u)
        out = np.empty((len(u), len(self.variants[0].built.units)))
        for k in np.unique(cells[:, 0]):
            rows = np.flatnonzero(cells[:, 0] == k)
            built = self.variants[int(k)].built
            one = self._plain if self.figures is None else self._with_errors
            out[rows] = _finished(built, one(built, u[rows], cells[rows]))
        return out

    def _plain(self, built: Built, u: Array, cells: Whole) -> Array:
        scorer = scorer_of(built)
        out = np.empty((len(u), len(built.units)))
        for start in range(0, len(u), BLOCK):
            part = slice(start, start + BLOCK)
            out[part] = scorer.scores(np.ascontiguousarray(self.weights(built, u[part], cells[part]).T)).T
        return out

    def _with_errors(self, built: Built, u: Array, cells: Whole) -> Array:
        assert self.figures is not None
        remake = compile_remake(built, built.spec.uncertainties.regenerate)
        drawn = np.moveaxis(tables(remake, self.figures, self.pick, engine="numpy"), -1, 0).swapaxes(1, 2)
        out = np.empty((len(u), len(built.units)))
        for start in range(0, len(u), ERROR_BLOCK):
            part = slice(start, start + ERROR_BLOCK)
            weights = self.weights(built, u[part], cells[part])
            out[part] = tree_scores(built.tree, drawn[cells[part, 1]], weights, units=built.units)[..., -1]
        return out

    def weights(self, built: Built, u: Array, cells: Whole) -> Array:
        """Weights within each parent at input values, ``(draw, item)``."""
        laws = self._compiled(built.tree)
        parts = [u[:, list(columns)] for columns in self.columns("weights")]
        out = weights_at(laws, built.tree, parts, len(u))
        if self.left_out:
            gone = np.array([built.tree.items.index(c) for c in self.left_out], dtype=np.intp)
            at = np.flatnonzero(cells[:, -1] >= 0)
            out[at, gone[cells[at, -1]]] = 0.0
        lone = [g.children[0] for g in built.tree.groups if len(g.children) == 1]
        out[:, lone] = np.where(out[:, lone] > 0, 1.0, out[:, lone])  # its size changes nothing, not by a bit
        return out


    def _compiled(self, tree: Tree) -> list[Weights]:
        key = tree.weights.tobytes()
        if key not in self.held:
            self.held[key] = [compile_weights((law,), tree, self.seed) for law in self.laws]
        return self.held[key]


def _cell(u: Array, count: int) -> Whole:
    """The cell of [0, 1), cut into equal parts, in which each input falls."""
    return np.minimum((u * count).astype(np.intp), count - 1)


def _core(built: Built) -> object:
    steps = built.spec.steps
    return (built.arrays["Normalised"].tobytes(), built.tree.weights.tobytes(), repr(built.tree.groups), built.units,
            repr(steps.rank), repr(steps.rescale), repr(built.pipeline.scalings) if built.spec.uncertainties.free.errors
            or built.spec.uncertainties.free.coverage else "")  # fmt: skip


def _finished(built: Built, root: Array) -> Array:
    """Root scores rescaled where the specification says so."""
    rescale = built.spec.steps.rescale
    if rescale is None:
        return root
    low, high = np.nanmin(root, axis=1, keepdims=True), np.nanmax(root, axis=1, keepdims=True)
    return np.asarray(rescale.range[0] + (rescale.range[1] - rescale.range[0]) * (root - low) / (high - low))


def compile_model(built: Built, *, seed: int, tables_: int) -> Model:
    """Return an index as a function of everything its specification declares uncertain.

    Each law of weights is one assumption, each discrete choice one, all random errors of figures (and draws of
    multiple imputation) one, whose input picks one of `tables_` stored datasets, and the items left out one.

    Raises
    ------
    SpecError
        If nothing is uncertain.
    """
    if built.spec.tree is None:  # the tree stands in the data's own tables: read it once for all variants
        built = replace(built, spec=built.spec.model_copy(update={"tree": built.root}))
    every = variants(built)
    free = built.spec.uncertainties.free
    sequence = np.random.SeedSequence(seed)
    law_seed, error_seed = sequence.spawn(2)
    noise = compile_noise(built)
    remake = compile_remake(built, free.regenerate)
    rng = np.random.default_rng(error_seed)
    figures = None
    if noise is not None:
        figures = sample_errors(noise, tables_, rng)
    elif remake.tables:
        figures = np.repeat(remake.base[..., None], tables_, axis=2)
    pick = rng.integers(0, max(remake.tables, 1), tables_)
    left = _left_out(built.spec, built.tree)
    made: list[Assumption] = []
    for law, name in zip(free.weights, _names(free.weights), strict=True):
        _add(made, name, "weights", _width(compile_weights((law,), built.tree, law_seed)))
    for choice in free.choices:
        _add(made, choice.name, "choice", 1)
    if figures is not None:
        _add(made, "errors of figures" if noise is not None else "imputation", "errors", 1)
    if left:
        _add(made, "left out", "left out", 1)
    if not made:
        raise SpecError(Fault("nothing is uncertain", "Declare `uncertainties`", built.spec.file))
    return Model(every, tuple(made), free.weights, left, figures, pick, law_seed)


def _add(made: list[Assumption], name: str, kind: str, width: int) -> None:
    start = sum(len(a.columns) for a in made)
    made.append(Assumption(name, kind, tuple(range(start, start + width))))


def _left_out(spec: Spec, tree: Tree) -> tuple[str, ...]:
    wanted = spec.uncertainties.leave_out
    codes = list(tree.items[: tree.indicators]) if "each indicator" in wanted else []
    return tuple(dict.fromkeys([*codes, *(c for c in wanted if c != "each indicator")]))


def _names(laws: Sequence[WeightNoise]) -> list[str]:
    plain = [f"weights below {x.below}" if x.below else
             f"weights of level {x.level}" if x.level else f"weights ({x.kind})" for x in laws]  # fmt: skip
    return [n if plain.count(n) == 1 else f"{n}, {k + 1}" for k, n in enumerate(plain)]


def _width(law: Weights) -> int:
    return (int((law.noise > 0).sum() + (~np.isnan(law.ends[:, 0])).sum()) + sum(len(s.kids) for s in law.shares)
            + len(law.pools) + len(law.left_out)) or 1  # fmt: skip


def weights_at(laws: Sequence[Weights], tree: Tree, parts: Sequence[Array], draws: int) -> Array:
    """Return weights within each parent at inputs from 0 to 1, ``(draw, item)``: each law by its inverse distribution.

    `parts` holds for each law its inputs ``(draw, input)``: one for each weight with noise or an interval, one for each
    share of a Dirichlet law (a gamma variate each), one for a stored or left-out one.
    """
    from scipy.special import gammaincinv

    out = np.tile(tree.weights, (draws, 1))
    later = []
    for law, u in zip(laws, parts, strict=True):
        noisy, bounded = np.flatnonzero(law.noise > 0), np.flatnonzero(~np.isnan(law.ends[:, 0]))
        at = len(noisy) + len(bounded)
        out[:, noisy] = tree.weights[noisy] * (1 + law.noise[noisy] * (2 * u[:, : len(noisy)] - 1))
        low, high = law.ends[bounded].T
        out[:, bounded] = low + (high - low) * u[:, len(noisy) : at]
        later.append((law, u[:, at:]))
    for law, u in later:
        for s in law.shares:
            part, u = u[:, : len(s.kids)], u[:, len(s.kids) :]
            drawn = -np.log1p(-part) if (s.concentration == 1).all() else gammaincinv(s.concentration, part)
            drawn = np.maximum(drawn, 1e-300)
            drawn = s.total * drawn / drawn.sum(axis=1, keepdims=True)
            out[:, s.kids] = np.sort(drawn, axis=1)[:, ::-1] if s.descending else drawn
        for pool in law.pools:
            out[:, pool.items] = pool.points[_cell(u[:, 0], len(pool.points))]
            u = u[:, 1:]
        for items in law.left_out:
            gone = _cell(u[:, 0], len(items) + 1) - 1
            rows = np.flatnonzero(gone >= 0)
            out[rows, items[gone[rows]]] = 0.0
            u = u[:, 1:]
    return out
