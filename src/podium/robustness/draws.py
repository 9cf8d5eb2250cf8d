"""The draws: which variant, which weights, which figures; sampled once, scored as often as one likes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.aggregate import Tree, tree_scores
from podium.index.build import Built
from podium.index.cut import inside
from podium.index.spec import Spec
from podium.robustness.blocks import ERROR_BLOCK, ERRORS, TOGETHER, Plan, block_size, error_figures, pieces
from podium.robustness.columns import Columns
from podium.robustness.figures import compile_noise
from podium.robustness.remake import changed_tables, compile_remake
from podium.robustness.scorer import Engine, Scorer, compile_scorer
from podium.robustness.variants import Variant, variants
from podium.robustness.weights import Weights, compile_weights, sample_weights

__all__ = [
    "Change", "Draws", "all_error_scores", "compile_plan", "draw_weights", "error_plan", "error_scores", "figures_of",
    "sample", "scorer_of", "scores", "seed_of", "together_plan",
]  # fmt: skip

Change = Callable[[Array], Array]
"""A change of figures ``(..., unit, series)`` → the same shape, such as an event."""


@dataclass(frozen=True, eq=False)
class Draws:
    """A sample over choices, and one over random errors.

    ``variant`` says for each draw which of ``variants`` it takes, ``weights`` ``(draw, item)`` its weights within
    each parent. ``figures`` ``(error draw, unit, series)`` are whole datasets with random errors; None where the
    specification declares none; ``pick`` ``(error draw,)`` is the stored imputation that each takes.
    """

    variants: tuple[Variant, ...]
    variant: npt.NDArray[np.intp]
    weights: Array
    figures: Array | None
    pick: npt.NDArray[np.int64] | None = None

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
    figures, pick = figures_of(all_variants, error_draws, seed_of(rng))
    return Draws(all_variants, variant, np.concatenate([w for _, w in parts], axis=1).T, figures, pick)


def figures_of(
    all_variants: tuple[Variant, ...], draws: int, seed: np.random.SeedSequence
) -> tuple[Array | None, npt.NDArray[np.int64] | None]:
    """Return figures with random errors ``(draw, unit, series)`` and the stored imputation that each draw takes.

    None where nothing about the figures is random, or no draw is asked for. They are those of a run that keeps none.
    """
    plan = error_plan(all_variants, 0, draws=draws, seed=seed) if draws else None
    if plan is None:
        return None, None
    parts = [part for number in range(plan.number) for part in error_figures(plan, number)]
    figures = np.concatenate([f for f, _ in parts], axis=2)
    return np.ascontiguousarray(figures.transpose(2, 1, 0)), np.concatenate([k for _, k in parts])


def error_plan(
    all_variants: tuple[Variant, ...], variant: int, *, draws: int, seed: np.random.SeedSequence,
    engine: Engine = "numpy",
) -> Plan | None:  # fmt: skip
    """Return what the draws of one variant over random errors need, at its own weights; None where none is random."""
    built = all_variants[variant].built
    noise, remake = compile_noise(built), compile_remake(built, built.spec.uncertainties.regenerate)
    if noise is None and not remake.tables:
        return None
    plan = compile_plan((all_variants[variant],), draws=draws, seed=seed, engine=engine)
    still = compile_weights((), built.tree, seed)
    return replace(plan, laws=(still,), remakes=(remake,), noise=noise, key=ERRORS, size=ERROR_BLOCK)


def together_plan(
    all_variants: tuple[Variant, ...], *, draws: int, seed: np.random.SeedSequence, engine: Engine = "numpy"
) -> Plan:
    """Return what draws need in which choices, weights and random errors are all free at once."""
    anew = all_variants[0].built.spec.uncertainties.regenerate
    remakes = tuple(compile_remake(v.built, anew) for v in all_variants)
    plan = compile_plan(all_variants, draws=draws, seed=seed, engine=engine)
    return replace(plan, remakes=remakes, noise=compile_noise(all_variants[0].built), key=TOGETHER)


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
    laws = _laws(all_variants, seed)
    return Plan(scorers, laws, None, draws, seed, size,
                1.0 if rule.best == "highest" else -1.0, rule.decimals, rule.rounding, engine)  # fmt: skip


def _laws(all_variants: tuple[Variant, ...], seed: np.random.SeedSequence) -> tuple[Weights, ...]:
    """The laws of the weights of each variant; the same value where their trees weigh alike."""
    declared, held = all_variants[0].built.spec.uncertainties.free.weights, dict[bytes, Weights]()
    out = []
    for v in all_variants:
        key = v.built.tree.weights.tobytes()
        if key not in held:
            held[key] = compile_weights(declared, v.built.tree, seed)
        out.append(held[key])
    return tuple(out)


def scorer_of(built: Built, table: Array | None = None) -> Scorer:
    """An index ready to be scored under any weights, with its own normalised table or another."""
    own = built.arrays["Normalised"] if table is None else table
    return compile_scorer(built.tree, own, built.units, built=table is None)


def draw_weights(spec: Spec, tree: Tree, draws: int, rng: np.random.Generator) -> Array:
    """Return weights within each parent, ``(draw, item)``, as the specification's ``weights`` declares."""
    return sample_weights(spec.uncertainties.free.weights, tree, draws, rng).T


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


def all_error_scores(draws: Draws, limits: Sequence[int], tell: Callable[[float], None]) -> tuple[Array, ...]:
    """Return the root's scores under random errors, ``(error draw, unit)`` for each variant up to its limit of draws.

    The same as `error_scores` of each; variants that differ only in how they aggregate share their normalised tables.
    """
    if draws.figures is None:
        return ()
    choices = draws.variants[0].built.spec.uncertainties.choices
    later = {c.name for c in choices if c.at.startswith(("steps.aggregate", "steps.rescale", "steps.rank"))}
    together: dict[tuple[str, ...], list[int]] = {}
    for k, v in enumerate(draws.variants):
        together.setdefault(tuple(o for c, o in v.options.items() if c not in later), []).append(k)
    out: dict[int, Array] = {}
    held: dict[int, Columns] = {}
    for members in together.values():
        built = draws.variants[members[0]].built
        most = max(limits[k] for k in members)
        pick = np.zeros(most, dtype=np.int64) if draws.pick is None else draws.pick[:most]
        if built.spec.uncertainties.regenerate == "normalise":
            known = held.setdefault(most, Columns(draws.figures[:most], pick[: len(draws.figures)]))
            table = known.table(built)
        else:
            remake = compile_remake(built, "all")
            table, _ = changed_tables(remake, draws.figures[:most], pick[: len(draws.figures)], None)
        for k in members:
            tree = draws.variants[k].built.tree
            out[k] = tree_scores(tree, table[: limits[k]], units=built.units)[..., -1]
        tell(len(out) / len(draws.variants))
    return tuple(out[k] for k in range(len(draws.variants)))


def error_scores(
    draws: Draws, variant: int, change: Change | None = None, *, limit: int | None = None, within: bool = False
) -> tuple[Array, Array]:
    """Return the root's scores under random errors at nominal weights, before and after a change.

    With `within` no normalised figure goes beyond the best and the worst before the change.

    In each draw the normalisation is learnt from the figures before the change and holds after it. Imputation and
    treatment stay as fitted to the published figures, or with ``regenerate: all`` to those of the draw before the
    change.

    Returns
    -------
    Two arrays ``(error draw, unit)``; the same one twice without a change.
    """
    if draws.figures is None:
        raise ValueError("the specification declares no random errors")
    built = draws.variants[variant].built
    figures = draws.figures[:limit]
    r = compile_remake(built, built.spec.uncertainties.regenerate)
    pick = np.zeros(len(figures), dtype=np.int64) if draws.pick is None else draws.pick[: len(figures)]
    before_table, after_table = changed_tables(r, figures, pick, None if change is None else change(figures))
    before = tree_scores(built.tree, before_table, units=built.units)[..., -1]
    if after_table is None:
        return before, before
    after_table = inside(after_table, before_table) if within else after_table
    return before, tree_scores(built.tree, after_table, units=built.units)[..., -1]
