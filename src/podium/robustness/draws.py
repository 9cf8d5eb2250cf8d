"""The draws: which variant, which weights, which figures; sampled once, scored as often as one likes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.aggregate import Tree, tree_scores
from podium.index.build import Built
from podium.index.spec import Spec
from podium.robustness.blocks import Plan, block_size, pieces
from podium.robustness.scorer import Engine, Scorer, compile_scorer
from podium.robustness.variants import Variant, variants
from podium.robustness.weights import sample_weights

__all__ = [
    "Change", "Draws", "compile_plan", "draw_figures", "draw_weights", "error_scores", "sample", "sample_figures",
    "scorer_of", "scores", "seed_of",
]  # fmt: skip

Change = Callable[[Array], Array]
"""A change of figures ``(..., unit, series)`` → the same shape, such as an event."""


@dataclass(frozen=True, eq=False)
class Draws:
    """A sample over choices, and one over random errors.

    ``variant`` says for each draw which of ``variants`` it takes, ``weights`` ``(draw, item)`` its weights within
    each parent. ``figures`` ``(error draw, unit, series)`` are whole datasets with random errors; None where the
    specification declares none.
    """

    variants: tuple[Variant, ...]
    variant: npt.NDArray[np.intp]
    weights: Array
    figures: Array | None

    @property
    def nominal(self) -> int:
        """The position of the specification's own variant."""
        return next(k for k, v in enumerate(self.variants) if v.nominal)


def sample(built: Built, *, draws: int, rng: np.random.Generator, error_draws: int = 0) -> Draws:
    """Return a sample of variants and weights, and of figures with random errors.

    Each variant is drawn equally often up to one. Randomness is spawned from `rng`, one stream for each block of
    draws over choices and one for the figures, so that the same draws come from a run that keeps none.
    """
    all_variants = variants(built)
    plan = compile_plan(all_variants, draws=draws, seed=seed_of(rng))
    parts = [(p.variant, p.weights) for number in range(plan.number) for p in pieces(plan, number)]
    variant = np.concatenate([np.full(w.shape[1], v) for v, w in parts])
    figures = sample_figures(built, error_draws, seed_of(rng))
    return Draws(all_variants, variant, np.concatenate([w for _, w in parts], axis=1).T, figures)


def sample_figures(built: Built, draws: int, seed: np.random.SeedSequence) -> Array | None:
    """Return figures with random errors ``(draw, unit, series)``; None where none is declared or asked for."""
    declared = built.spec.uncertainties
    if not (declared.errors or declared.coverage) or draws == 0:
        return None
    child = np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, 1))
    return draw_figures(built, draws, np.random.default_rng(child))


def seed_of(rng: np.random.Generator) -> np.random.SeedSequence:
    """The seed sequence of a generator."""
    held = rng.bit_generator.seed_seq
    assert isinstance(held, np.random.SeedSequence)
    return held


def compile_plan(
    all_variants: tuple[Variant, ...], *, draws: int, seed: np.random.SeedSequence, engine: Engine = "numpy"
) -> Plan:
    """Return everything that the draws over choices need."""
    built = all_variants[0].built
    scorers = tuple(scorer_of(v.built) for v in all_variants)
    rule = built.spec.steps.rank
    size = block_size(len(scorers), len(built.units))
    return Plan(scorers, built.spec.uncertainties.weights, None, draws, seed, size,
                1.0 if rule.best == "highest" else -1.0, rule.decimals, engine)  # fmt: skip


def scorer_of(built: Built, table: Array | None = None) -> Scorer:
    """An index ready to be scored under any weights, with its own normalised table or another."""
    own = built.arrays["Normalised"] if table is None else table
    return compile_scorer(built.tree, own, built.units)


def draw_weights(spec: Spec, tree: Tree, draws: int, rng: np.random.Generator) -> Array:
    """Return weights within each parent, ``(draw, item)``, as the specification's ``weights`` declares."""
    return sample_weights(spec.uncertainties.weights, tree, draws, rng).T


def draw_figures(built: Built, draws: int, rng: np.random.Generator) -> Array:
    """Return whole datasets with random errors, ``(draw, unit, series)``, in the units of the data.

    Relative errors are multiplicative (log-normal), absolute and published ones additive (normal). Coverage
    errors are one-sided: every measure of the indicator is multiplied by the same factor.
    """
    data, declared = built.dataset, built.spec.uncertainties
    base = data.values[-1]
    out = np.broadcast_to(base, (draws, *base.shape)).copy()
    place = {code: k for k, code in enumerate(data.indicators)}
    for error in declared.errors:
        for k in _measures(built.spec, error.indicator, place):
            z = rng.standard_normal((draws, base.shape[0]))
            if error.kind == "relative":
                out[:, :, k] *= np.exp(error.amount * z)
            elif error.kind == "absolute":
                out[:, :, k] += error.amount * z
            else:
                out[:, :, k] += np.nan_to_num(data.errors[-1][:, k]) * z
    for cover in declared.coverage:
        common = rng.uniform(0, np.log(cover.common_max), (draws, 1))
        own = rng.uniform(0, np.log(cover.unit_max), (draws, base.shape[0]))
        hidden = rng.uniform(0, cover.zero_max, (draws, base.shape[0]))
        for k in _measures(built.spec, cover.indicator, place):
            recorded = np.where(data.censored[-1][:, k], hidden, out[:, :, k])
            out[:, :, k] = recorded * np.exp(common + own)
    return out


def _measures(spec: Spec, indicator: str, place: dict[str, int]) -> list[int]:
    """Columns of every series that may stand for an indicator: its own, its measure, and the choices of one."""
    rule = spec.indicators.get(indicator)
    names = {indicator, (rule.measure if rule else None) or indicator}
    for choice in spec.uncertainties.choices:
        if choice.at == f"indicators.{indicator}.measure":
            names |= set(choice.options.values())
    return sorted(place[n] for n in names if n in place)


def scores(draws: Draws, change: Change | None = None, *, raise_to: Change | None = None) -> Array:
    """Return the root's scores over the choices, ``(draw, unit)``.

    With `change`, the figures ``(unit, series)`` are changed and scored with imputation, treatment and
    normalisation as fitted before, on the same variants and weights. `raise_to` changes the normalised table
    ``(unit, indicator)`` instead.
    """
    units = len(draws.variants[0].built.units)
    out = np.empty((len(draws.variant), units))
    for k, variant in enumerate(draws.variants):
        rows = np.flatnonzero(draws.variant == k)
        if len(rows):
            built = variant.built
            table = None
            if change is not None or raise_to is not None:
                values = built.dataset.values[-1]
                table, _ = built.pipeline.normalised(values if change is None else change(values), built.fitted)
                table = table if raise_to is None else raise_to(table)
            scorer = scorer_of(built, table)
            out[rows] = scorer.scores(np.ascontiguousarray(draws.weights[rows].T)).T
    return out


def error_scores(
    draws: Draws, variant: int, change: Change | None = None, *, limit: int | None = None
) -> tuple[Array, Array]:
    """Return the root's scores under random errors at nominal weights, before and after a change.

    In each draw the normalisation is learnt from the figures before the change and holds after it; imputation
    and treatment stay as fitted to the published figures.

    Returns
    -------
    Two arrays ``(error draw, unit)``; the same one twice without a change.
    """
    if draws.figures is None:
        raise ValueError("the specification declares no random errors")
    built = draws.variants[variant].built
    figures = draws.figures[:limit]
    before_table, fitted = built.pipeline.normalised(figures, built.fitted, rescale=True)
    before = tree_scores(built.tree, before_table, units=built.units)[..., -1]
    if change is None:
        return before, before
    after_table, _ = built.pipeline.normalised(change(figures), fitted)
    return before, tree_scores(built.tree, after_table, units=built.units)[..., -1]
