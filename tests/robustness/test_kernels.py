"""Compiled kernels against the NumPy functions they stand for: the same numbers, not merely the same shapes."""

from __future__ import annotations

import numpy as np
import pytest

from podium.errors import ComputationError
from podium.index.aggregate import tree_scores
from podium.index.uncertainties import WeightNoise
from podium.robustness.elementary import exponential
from podium.robustness.scorer import Scorer, compile_scorer, effective
from podium.robustness.statistics import quantiles, quantiles_of_counts
from podium.robustness.streams import bits, uniforms
from podium.robustness.tally import Layout, Tally, empty, layout_for, tally
from podium.robustness.weights import sample_weights
from robustness.worlds import names, table, tree

LAWS = tuple(WeightNoise(level=k, amount=0.25) for k in (1, 2, 3))


def scorer(method: str, *, missing: float = 0.0, least: float = 0.0) -> Scorer:
    """A scorer of 17 units on 12 indicators."""
    return compile_scorer(tree(12, 4, method=method, min_available=least), table(17, 12, 3, missing=missing), names(17))


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic", "power"])
@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("engine", ["numpy", "kernels"])
def test_scores_equal_the_tree_node_by_node(method: str, missing: float, engine: str) -> None:
    """Scores of 100 draws equal `tree_scores`, the index's own arithmetic, with and without missing figures."""
    s = scorer(method, missing=missing, least=0.5)
    weights = sample_weights(LAWS, s.tree, 100, np.random.default_rng(1))
    with np.errstate(divide="ignore"):
        slow = tree_scores(s.tree, s.table, weights.T)[..., -1].T
    np.testing.assert_allclose(s.scores(weights, engine=engine), slow, rtol=1e-12)  # type: ignore[arg-type]
    assert s.kind == {True: "general", False: "walk" if missing else "linear"}[method == "power"]


@pytest.mark.parametrize("method", ["arithmetic", "geometric"])
def test_linear_kernel_gives_the_very_same_bits(method: str) -> None:
    """Complete data: kernel and NumPy add in the same order, so scores agree to the last bit."""
    s = scorer(method)
    weights = sample_weights(LAWS, s.tree, 300, np.random.default_rng(1))
    np.testing.assert_array_equal(s.scores(weights), s.scores(weights, engine="kernels"))
    np.testing.assert_array_equal(effective(s.tree, weights), effective(s.tree, weights, engine="kernels"))


def test_mixed_means_up_the_tree() -> None:
    """Arithmetic pillars below a geometric root, and the other way round."""
    for below, above in (("arithmetic", "geometric"), ("geometric", "arithmetic"), ("harmonic", "geometric")):
        from podium.index.aggregate import compile_tree
        from podium.index.spec import Node

        pillars = [Node(code=f"p{j}", method=below, children=tuple(Node(code=f"i{3 * j + k}") for k in range(3))) for j in range(3)]
        t = compile_tree(Node(code="r", children=tuple(pillars)), tuple(f"i{k}" for k in range(9)), method=above, min_available=0.0)
        s = compile_scorer(t, table(11, 9, 5, missing=0.1), names(11))
        weights = sample_weights(LAWS, t, 40, np.random.default_rng(2))
        slow = tree_scores(t, s.table, weights.T)[..., -1].T
        assert s.kind == "walk"
        for engine in ("numpy", "kernels"):
            np.testing.assert_allclose(s.scores(weights, engine=engine), slow, rtol=1e-12)  # type: ignore[arg-type]


def test_weight_of_zero_that_empties_a_group() -> None:
    """Where all weights below a node are 0 its siblings take over, as in the index itself."""
    for engine in ("numpy", "kernels"):
        s = scorer("arithmetic")
        weights = sample_weights(LAWS, s.tree, 50, np.random.default_rng(1))
        weights[list(s.tree.groups[0].children), 7] = 0.0
        slow = tree_scores(s.tree, s.table, weights.T)[..., -1].T
        np.testing.assert_allclose(s.scores(weights, engine=engine), slow, rtol=1e-12)  # type: ignore[arg-type]


def test_failing_draw_names_unit_indicator_and_method() -> None:
    """A geometric mean of a negative figure stops the run and says where."""
    x = table(17, 12, 3)
    x[4, 5] = -1.0
    with pytest.raises(ComputationError, match=r"p1 \(geometric\).*i5 of u4 is -1"):
        compile_scorer(tree(12, 4, method="geometric"), x, names(17))


def draws(*, ties: bool, missing: bool) -> np.ndarray:
    """Scores of 23 units in 500 draws; the last one, 6 and 7 equal."""
    rng = np.random.default_rng(8)
    out = rng.standard_normal((23, 1)) + 0.4 * rng.standard_normal((23, 500))
    if ties:
        out[6], out[22, :100] = out[7], out[3, :100]
    if missing:
        out[11], out[2, 50:70] = np.nan, np.nan
    return out


def counted(scores: np.ndarray, *, engine: str, pairs: bool = True) -> tuple[Layout, Tally]:
    """Counts of draws with some weights."""
    weights = np.random.default_rng(4).dirichlet(np.ones(5), scores.shape[1]).T
    layout = layout_for(scores, scores[:, 0], 5, pairs=pairs)
    return layout, tally(layout, scores, np.ascontiguousarray(weights), engine=engine)  # type: ignore[arg-type]


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("pairs", [False, True])
def test_counts_equal_numpy(ties: bool, missing: bool, pairs: bool) -> None:
    """Ranks, pairs, scores and shifts are counted alike, with ties and with units without a score."""
    scores = draws(ties=ties, missing=missing)
    _, a = counted(scores, engine="numpy", pairs=pairs)
    _, b = counted(scores, engine="kernels", pairs=pairs)
    for name in ("places", "scores", "wins", "least", "most"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    for name in ("leading", "score_sum", "score_square", "mean_shift"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=1e-12)


def test_sorting_kernel_gives_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """More units than it pays to compare pair by pair are sorted: the same counts."""
    scores = draws(ties=True, missing=True)
    monkeypatch.setattr("podium.robustness.tally.PAIRED_UNITS", 5)
    scores[12] = np.nextafter(scores[13], np.inf)  # differ in the last bit, which the keys leave out
    scores[14, :50], scores[15, :50] = 0.0, -0.0
    _, a = counted(scores, engine="kernels", pairs=False)
    _, b = counted(scores, engine="numpy", pairs=False)
    np.testing.assert_array_equal(a.places, b.places)


def test_counts_add_up() -> None:
    """The counts of two halves add to those of the whole."""
    scores = draws(ties=True, missing=True)
    weights = np.full((5, 500), 0.2)
    layout = layout_for(scores, scores[:, 0], 5, pairs=True)
    whole = tally(layout, scores, weights)
    halves = tally(layout, scores[:, :200], weights[:, :200]) + tally(layout, scores[:, 200:], weights[:, 200:])
    assert (empty(layout) + whole).draws == halves.draws == 500
    np.testing.assert_array_equal(whole.places, halves.places)
    np.testing.assert_array_equal(whole.wins, halves.wins)


def test_quantiles_of_counts_are_those_of_the_numbers() -> None:
    """Quantiles from counts equal NumPy's of the numbers themselves (type 7)."""
    rng = np.random.default_rng(3)
    x = rng.binomial(20, [0.1, 0.5, 0.9], (137, 3))
    counts = np.stack([np.bincount(x[:, k], minlength=21) for k in range(3)])
    at = (0.0, 0.05, 0.25, 0.5, 0.9, 0.95, 1.0)
    np.testing.assert_allclose(quantiles_of_counts(counts, at), quantiles(x.astype(float), at), atol=1e-12)


def test_sketch_is_within_its_bins(monkeypatch: pytest.MonkeyPatch) -> None:
    """With too many units for exact counts, quantiles are off by no more than the width of a bin."""
    from podium.index.rank import ranks
    from podium.robustness.statistics import rank_quantiles

    monkeypatch.setattr("podium.robustness.tally.EXACT_UNITS", 100)
    rng = np.random.default_rng(6)
    scores = rng.standard_normal((3000, 1)) + 0.5 * rng.standard_normal((3000, 400))
    layout = layout_for(scores[:, :60], scores[:, 0], 2, pairs=False)
    assert layout.rank_bins is not None
    at = (0.05, 0.5, 0.95)
    true = quantiles(ranks(scores.T), at)
    for engine in ("numpy", "kernels"):
        counts = tally(layout, scores, np.full((2, 400), 0.5), engine=engine)  # type: ignore[arg-type]
        off = np.abs(rank_quantiles(layout, counts, at) - true)
        assert (off <= 1.5 * layout.rank_bins.step).mean() > 0.99
        np.testing.assert_allclose(counts.place_sum / 400 + 1, ranks(scores.T).mean(axis=0))


@pytest.mark.parametrize("spread", [1e-12, 1e-5, 1e3])
@pytest.mark.parametrize("units", [24, 150])
def test_pairs_too_close_for_short_numbers_are_mended(spread: float, units: int) -> None:
    """An outlier squeezes all other scores into a few short keys, some scores are equal: counts are NumPy's."""
    rng = np.random.default_rng(5)
    scores = 50 + spread * rng.standard_normal((units, 70))
    scores[3] = 1e3
    scores[7], scores[9, :20], scores[11, 5:9] = scores[8], scores[10, :20], np.nextafter(scores[12, 5:9], np.inf)
    scores[:, 33] = 4.0  # nobody is ahead of anybody
    _, a = counted(scores, engine="numpy")
    _, b = counted(scores, engine="kernels")
    for name in ("places", "wins", "scores", "draws"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    for name in ("leading", "score_sum", "score_square", "mean_shift"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=1e-12)


def test_extreme_scores_are_counted_alike() -> None:
    """Scores of a huge span, or of one next to nothing, and units without any score."""
    rng = np.random.default_rng(5)
    wide = rng.choice([-4e307, -1.0, 0.0, 1.0, 4e307], (9, 40))
    narrow = rng.choice([0.0, 5e-324, 1e-323], (9, 40))
    gone = rng.standard_normal((9, 40))
    gone[[0, 4]] = np.nan
    for scores in (wide, narrow, gone):
        with np.errstate(over="ignore"):
            (_, a), (_, b) = counted(scores, engine="numpy"), counted(scores, engine="kernels")
        np.testing.assert_array_equal(a.places, b.places)
        np.testing.assert_array_equal(a.wins, b.wins)


def test_random_numbers_of_kernels_are_those_of_numpy() -> None:
    """SFC64 in a compiled loop gives NumPy's bits and uniform numbers, and leaves the generator where NumPy does."""
    low, wide = np.array([0.0, 2.0, -1.0]), np.array([1.0, 0.5, 3.0])
    one, two = (np.random.Generator(np.random.SFC64(3)) for _ in range(2))
    for draws in (1, 33, 256):
        np.testing.assert_array_equal(uniforms(one, low, wide, draws, engine="numpy"),
                                      uniforms(two, low, wide, draws, engine="kernels"))  # fmt: skip
        np.testing.assert_array_equal(bits(one, draws, engine="numpy"), bits(two, draws, engine="kernels"))
    assert one.random() == two.random()


def test_exponentials_are_the_same_bits_and_numpys_to_two_units_in_the_last_place() -> None:
    """Kernel and NumPy agree to the last bit, and with NumPy's own function to 5e-16; NaN stays."""
    from podium.robustness import _kernels_random

    x = np.concatenate([np.linspace(-707, 708, 20_011), np.linspace(-3, 5, 20_000), [0.0, np.nan]])
    kernel = x.copy()
    _kernels_random.exponentials(kernel)
    np.testing.assert_array_equal(exponential(x), kernel)
    np.testing.assert_allclose(kernel, np.exp(x), rtol=5e-16)
