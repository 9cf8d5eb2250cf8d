"""The ground that events stand on: the draws before them, from a stressed index or made without what is not needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from podium.data.dataset import Array
from podium.index.aggregate import tree_scores
from podium.index.build import Built, among_all
from podium.index.rank import ranks
from podium.index.rounding import rounded
from podium.robustness.blocks import pieces
from podium.robustness.columns import Columns
from podium.robustness.draws import Draws, compile_plan, error_scores, figures_of
from podium.robustness.engine import Stress
from podium.robustness.variants import variants

__all__ = ["Ground", "ground_of", "lay_ground", "ordered"]

Progress = Callable[[float, str], None]


@dataclass(frozen=True, eq=False)
class Ground:
    """Draws over choices with their scores and ranks ``(draw, unit)``, and figures with random errors.

    ``sample`` holds variants, weights and figures; ``error_draws`` says how many of the figures each variant takes.
    ``columns`` are the normalised tables of those figures by number of draws, ``shares`` effective weights; both are
    made when asked for.
    """

    built: Built
    sample: Draws
    scores: Array
    ranks: Array
    seed: int
    error_draws: tuple[int, ...]
    columns: dict[int, Columns] = field(default_factory=dict)
    shares: dict[bytes, Array] = field(default_factory=dict)
    _last: list[Any] = field(default_factory=list)

    @property
    def draws(self) -> int:
        """The number of draws over choices."""
        return len(self.scores)

    def of_errors(self, variant: int) -> tuple[Columns, Array]:
        """The normalised tables of a variant under random errors, ``(draw, unit, indicator)``, and their maker."""
        assert self.sample.figures is not None
        n = self.error_draws[variant]
        figures = self.sample.figures[:n]
        pick = np.zeros(n, dtype=np.int64) if self.sample.pick is None else self.sample.pick[:n]
        held = self.columns.setdefault(n, Columns(figures, pick))
        own = self.sample.variants[variant].built
        shared = (n, id(own.arrays["Normalised"]))  # variants that only combine differently share their tables
        if self._last[:1] != [shared]:
            self._last[:] = [shared, held.table(own)]
        return held, self._last[1]


def ordered(built: Built, scores: Array) -> Array:
    """Scores as they are ranked, higher is better: rounded and turned round where the specification says so."""
    rule = built.spec.steps.rank
    out = rounded(scores, rule.decimals, rule.rounding)
    return out if rule.best == "highest" else -out


def ground_of(stress: Stress) -> Ground:
    """Return the draws of a stressed index.

    Raises
    ------
    DataError
        If only counts were kept of its draws.
    """
    limits = tuple(len(e) for e in stress.error_root) or (0,) * len(stress.variants)
    return Ground(stress.built, stress.sample, stress.score_draws, stress.rank_draws, stress.seed, limits)


def lay_ground(
    built: Built, *, draws: int, seed: int, error_draws: int, progress: Progress | None = None
) -> Ground:
    """Return the same draws as a stressed index of that seed, without its counts; a third of the work.

    Parameters
    ----------
    error_draws
        Draws over random errors in the nominal variant; every other one takes a tenth of them, at least 30.
    """
    tell = progress or (lambda done, what: None)
    tell(0.0, "variants")
    built = among_all(built)
    every = variants(built)
    root = np.random.SeedSequence(seed)
    tell(0.3, "draws")
    plan = compile_plan(every, draws=draws, seed=root)
    held = [p for number in range(plan.number) for p in pieces(plan, number)]
    variant = np.concatenate([np.full(p.scores.shape[1], p.variant) for p in held])
    weights = np.concatenate([p.weights for p in held], axis=1).T
    scored = np.ascontiguousarray(np.concatenate([p.scores for p in held], axis=1).T)
    tell(0.7, "random errors")
    figures, pick = figures_of(every, error_draws, root)
    few = min(max(error_draws // 10, 30), error_draws) if figures is not None else 0
    limits = tuple((error_draws if v.nominal else few) if figures is not None else 0 for v in every)
    tell(1.0, "draws")
    return Ground(built, Draws(every, variant, weights, figures, pick), scored,
                  ranks(ordered(built, scored), same=0.0), seed, limits)  # fmt: skip


def error_pair(ground: Ground, variant: int, change: Callable[[Array], Array]) -> tuple[Array, Array]:
    """Return scores ``(error draw, unit)`` of a variant before and after a change, every step done anew."""
    return error_scores(ground.sample, variant, change, limit=ground.error_draws[variant], within=True)


def root_scores(built: Built, table: Array, held: dict[bytes, Array] | None = None) -> Array:
    """Return the root's scores ``(draw, unit)`` of normalised tables at the index's own weights.

    Where one mean holds throughout the tree and the same figures are missing in every draw, a score is a sum over
    effective weights (of logarithms for the geometric mean), which `held` keeps for tables alike.
    """
    methods = {g.method for g in built.tree.groups}
    link = next(iter(methods)) if len(methods) == 1 and all(g.plain for g in built.tree.groups) else ""
    missing = np.isnan(table)
    alike = bool((missing == missing[:1]).all()) and not built.tree.factors
    if link not in ("arithmetic", "geometric") or not alike or (link == "geometric" and bool((table <= 0).any())):
        return np.asarray(tree_scores(built.tree, table, units=built.units)[..., -1])
    key = link.encode() + built.tree.weights.tobytes() + missing[0].tobytes()
    known = {} if held is None else held
    if key not in known:
        probe = np.where(missing[0], np.nan, np.eye(table.shape[-1])[:, None, :])
        root = tree_scores(built.tree, np.exp(probe) if link == "geometric" else probe, units=built.units)[..., -1]
        known[key] = np.where(missing[0], 0.0, (np.log(root) if link == "geometric" else root).T)
    filled = np.where(missing, 1.0, table)
    sums = np.einsum("dui,ui->du", np.log(filled) if link == "geometric" else filled, known[key])
    return np.asarray(np.exp(sums) if link == "geometric" else sums)
