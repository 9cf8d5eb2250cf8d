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
from podium.robustness.variants import Variant, variants

__all__ = ["Change", "Draws", "draw_figures", "draw_weights", "error_scores", "sample", "scores"]

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

    Each variant is drawn equally often up to one. Randomness is spawned from `rng`, one stream for the variants
    and weights and one for the figures.
    """
    all_variants = variants(built)
    choice_rng, error_rng = rng.spawn(2)
    variant = choice_rng.permutation(np.arange(draws) % len(all_variants))
    weights = draw_weights(built.spec, built.tree, draws, choice_rng)
    declared = built.spec.uncertainties
    random = bool(declared.errors or declared.coverage) and error_draws > 0
    figures = draw_figures(built, error_draws, error_rng) if random else None
    return Draws(all_variants, variant, weights, figures)


def draw_weights(spec: Spec, tree: Tree, draws: int, rng: np.random.Generator) -> Array:
    """Return weights within each parent, ``(draw, item)``, as the specification's ``weights`` declares.

    Relative noise multiplies by 1 + U(-a, a); Dirichlet noise draws the shares below a parent from a Dirichlet
    law centred on the nominal ones, with concentration k / a² - 1 for k children, so that an average share has
    the relative standard deviation a.
    """
    out = np.tile(tree.weights, (draws, 1))
    level = np.array(tree.level)
    for noise in spec.uncertainties.weights:
        items = np.flatnonzero(level == noise.level)
        if noise.kind == "noise":
            out[:, items] *= 1 + rng.uniform(-noise.amount, noise.amount, (draws, len(items)))
            continue
        for group in tree.groups:
            kids = [k for k in group.children if k in items]
            if kids:
                share = tree.weights[kids] / tree.weights[kids].sum()
                concentration = max(len(kids) / noise.amount**2 - 1, 1e-3)
                out[:, kids] = rng.dirichlet(share * concentration, draws) * tree.weights[kids].sum()
    return out


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
            values = built.dataset.values[-1]
            changed = values if change is None else change(values)
            table, _ = built.pipeline.normalised(changed, built.fitted)
            table = table if raise_to is None else raise_to(table)
            out[rows] = tree_scores(built.tree, table, draws.weights[rows], units=built.units)[..., -1]
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
