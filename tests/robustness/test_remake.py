"""Every step done anew in each draw: the kernels against the pipeline itself, draw by draw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from podium.errors import PodiumError
from podium.index.aggregate import tree_scores
from podium.index.build import build
from podium.index.uncertainties import WeightNoise
from podium.robustness.blocks import pieces
from podium.robustness.draws import error_plan, figures_of, together_plan
from podium.robustness.figures import compile_noise, exponentials, normals, sample_errors
from podium.robustness.remake import compile_remake, remake_scores, tables
from podium.robustness.scorer import compile_scorer, effective
from podium.robustness.variants import variants
from podium.robustness.weights import sample_weights
from robustness.worlds import index

NOISE = "  errors: [" + ", ".join(f"{{indicator: {c}, kind: relative, amount: 0.3}}" for c in "abcdef") + "]"
ANEW = NOISE + "\n  regenerate: all"
STEPS = {
    "plain": "  normalise: {method: minmax, range: [1, 100]}",
    "group mean": "  impute: {method: group_mean, group: group}\n  normalise: {method: minmax, range: [1, 100]}",
    "group median": "  impute: {method: group_median, group: group}\n  normalise: {method: zscore, mean: 50, sd: 10}",
    "median": "  impute: {method: median}\n  treat: {method: winsorise, max_points: 5, otherwise: log}\n"
              "  normalise: {method: minmax, range: [1, 100]}",
    "few points": "  impute: {method: mean}\n  treat: {method: winsorise, max_points: 1, otherwise: log, skew: 1, kurtosis: 1}\n"
                  "  normalise: {method: minmax, range: [1, 100]}",
    "combined": "  treat: {method: winsorise, max_points: 1, otherwise: log, combine: true, skew: 1, kurtosis: 1}\n"
                "  normalise: {method: minmax, range: [1, 100]}",
    "any points": "  treat: {method: winsorise, max_points: null, otherwise: none, skew: 0.5, kurtosis: 0.5}\n  normalise: {method: dist2max, factor: 100}",
    "two sizes": "  denominate: {mix: 0.5}\n  impute: {method: group_mean, group: group}\n  treat: {method: winsorise, max_points: 3, otherwise: none}\n"
                 "  normalise: {method: minmax, range: [1, 100]}",
    "screened": "  impute: {method: group_median, group: group}\n  screen: {min_available: 1.0}\n  normalise: {method: zscore, mean: 0, sd: 1}",
}  # fmt: skip


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("anew", ["all", "normalise"])
def test_tables_equal_the_pipeline_draw_by_draw(tmp_path: Path, steps: str, anew: str) -> None:
    """40 noisy datasets through the kernels give the tables that the pipeline gives one by one."""
    spec = index(tmp_path, STEPS[steps], NOISE + f"\n  regenerate: {anew}")
    built = build(spec)
    noise = compile_noise(built)
    assert noise is not None
    figures = sample_errors(noise, 40, np.random.default_rng(2))
    r = compile_remake(built, anew)
    assert r.versions is not None
    if anew == "normalise" and "otherwise: log" in STEPS[steps] and "skew: 1" in STEPS[steps]:
        with pytest.raises(PodiumError, match="treatment of"):  # a logarithm learnt before has no value for a lower figure
            tables(r, figures, np.zeros(40, dtype=np.int64), engine="kernels")
        return
    ours = tables(r, figures, np.zeros(40, dtype=np.int64), engine="kernels")
    for d in range(40):
        values = figures[..., d].T
        if anew == "all":
            slow, _ = built.pipeline.normalised(values)
        else:
            slow, _ = built.pipeline.normalised(values, built.fitted, rescale=True)
        np.testing.assert_allclose(ours[..., d].T, slow, rtol=1e-9, atol=1e-10)


def test_normal_deviates_are_the_inverse_normal_law() -> None:
    """Deviates from bits equal SciPy's inverse of the normal law at the same shares; exponentials equal NumPy's."""
    from scipy.special import ndtri

    rng = np.random.default_rng(4)
    bits = np.concatenate([rng.integers(0, 2**32, 200_000, dtype=np.uint32), np.array([0, 1, 255, 2**32 - 1], dtype=np.uint32)])
    share = ((bits >> 8) + 0.5) / 2**24
    np.testing.assert_allclose(normals(bits), np.where(bits & 1, -1, 1) * ndtri(share / 2), atol=6e-6)
    x = np.linspace(-60, 60, 10_001, dtype=np.float32)
    np.testing.assert_allclose(exponentials(x), np.exp(x.astype(float)), rtol=4e-7)


@pytest.mark.parametrize("draws", [1, 7, 64])
def test_errors_by_kernel_are_the_same_bits(tmp_path: Path, draws: int) -> None:
    """Relative and additive errors by NumPy and by kernels agree to the last bit."""
    kinds = "{indicator: a, kind: relative, amount: 0.3}, {indicator: a, kind: absolute, amount: 2}, {indicator: e, kind: relative, amount: 0.01}"
    noise = compile_noise(build(index(tmp_path, STEPS["plain"], f"  errors: [{kinds}]")))
    assert noise is not None
    one, two = (sample_errors(noise, draws, np.random.default_rng(3), engine=e) for e in ("numpy", "kernels"))  # type: ignore[arg-type]
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic"])
@pytest.mark.parametrize("steps", ["plain", "median"])
def test_scores_equal_tree_and_pipeline(tmp_path: Path, method: str, steps: str) -> None:
    """Noisy figures and noisy weights together: kernels against pipeline and tree, with and without missing cells."""
    built = build(index(tmp_path, STEPS[steps], ANEW, method=method))
    noise = compile_noise(built)
    assert noise is not None
    rng = np.random.default_rng(2)
    figures, pick = sample_errors(noise, 30, rng), np.zeros(30, dtype=np.int64)
    r = compile_remake(built, "all")
    s = compile_scorer(built.tree, built.arrays["Normalised"], built.units)
    weights = sample_weights((WeightNoise(level=1, amount=0.25),), built.tree, 30, rng)
    ours = remake_scores(r, s, figures, weights, effective(built.tree, weights), pick, engine="kernels")
    for d in range(30):
        table, _ = built.pipeline.normalised(figures[..., d].T)
        slow = tree_scores(built.tree, table, weights[:, d])[..., -1]
        np.testing.assert_allclose(ours[:, d], slow, rtol=1e-9)


def test_errors_that_are_kept_are_those_of_a_run_that_keeps_none(tmp_path: Path) -> None:
    """The figures handed to scenarios are the very ones that streaming draws use."""
    built = build(index(tmp_path, STEPS["median"], ANEW))
    seed = np.random.SeedSequence(5)
    every = variants(built)
    figures, _ = figures_of(every, 150, seed)
    plan = error_plan(every, 0, draws=150, seed=seed)
    assert plan is not None
    assert figures is not None
    streamed = np.concatenate([p.scores for n in range(plan.number) for p in pieces(plan, n)], axis=1)
    for d in range(0, 150, 13):
        table, _ = built.pipeline.normalised(figures[d])
        np.testing.assert_allclose(streamed[:, d], tree_scores(built.tree, table)[..., -1], rtol=1e-12)


def test_multiple_imputation_enters_as_stored_draws(tmp_path: Path) -> None:
    """Each draw takes one of the completed tables; without declared errors that is all that is random."""
    steps = "  impute: {method: multiple, draws: 7, seed: 3}\n  normalise: {method: minmax, range: [1, 100]}"
    built = build(index(tmp_path, steps, "  regenerate: all"))
    r = compile_remake(built, "all")
    assert r.tables == 7
    figures = np.repeat(r.base[..., None], 20, axis=2)
    pick = np.arange(20) % 7
    for engine in ("numpy", "kernels"):
        got = tables(r, figures, pick, engine=engine)  # type: ignore[arg-type]
        stored = built.fitted.branches[0].imputations
        assert stored is not None
        for d in range(20):
            x = stored[pick[d]] * built.pipeline.direction
            slow = 1 + 99 * (x - x.min(axis=0)) / np.ptp(x, axis=0)
            np.testing.assert_allclose(got[..., d].T, slow, rtol=1e-9)


def test_a_draw_without_a_value_stops_the_run(tmp_path: Path) -> None:
    """A geometric mean of z-scores fails in some draw: the run stops and names node, method, indicator and unit."""
    built = build(index(tmp_path, "  impute: {method: mean}\n  normalise: {method: zscore, mean: 3, sd: 1}", ANEW, method="geometric"))
    plan = error_plan(variants(built), 0, draws=500, seed=np.random.SeedSequence(1), engine="kernels")
    assert plan is not None
    with pytest.raises(PodiumError, match=r"geometric.*of u\d+ is -"):
        for number in range(plan.number):
            list(pieces(plan, number))


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic"])
@pytest.mark.parametrize("steps", ["plain", "group mean", "median", "two sizes"])
def test_scores_without_tables_are_those_of_the_pipeline(tmp_path: Path, method: str, steps: str) -> None:
    """A whole block with errors, indicator after indicator in the kernel, equals NumPy and pipeline draw by draw."""
    built = build(index(tmp_path, STEPS[steps], ANEW + "\n  weights: [{level: 1, amount: 0.25}]", method=method))
    plans = [together_plan(variants(built), draws=200, seed=np.random.SeedSequence(5), engine=e) for e in ("numpy", "kernels")]  # type: ignore[arg-type]
    slow, fast = (list(pieces(p, 0)) for p in plans)
    assert [p.scores.shape[1] for p in fast] == [64, 64, 64, 8]
    for a, b in zip(slow, fast, strict=True):
        np.testing.assert_array_equal(a.weights, b.weights)
        np.testing.assert_allclose(a.scores, b.scores, rtol=1e-9)


def test_logarithms_of_the_kernel_are_numpys() -> None:
    """Logarithms in a compiled loop agree with NumPy's to one unit in the last place, over all magnitudes."""
    from podium.robustness import _kernels_random

    x = np.concatenate([np.geomspace(1e-300, 1e300, 30_001), np.linspace(0.5, 2, 20_001), [1.0, 2.0]])
    kernel = x.copy()
    _kernels_random.logarithms(kernel)
    np.testing.assert_allclose(kernel, np.log(x), rtol=3e-16, atol=1e-16)
