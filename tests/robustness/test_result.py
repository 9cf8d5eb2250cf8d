"""What a stressed index says, against values known by construction or counted slowly."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from podium.errors import DataError, PodiumError, SpecError
from podium.index.spec import load_spec
from podium.robustness.draws import error_scores
from podium.robustness.engine import Stress, stress
from podium.robustness.live import prepare
from podium.robustness.scorer import Engine
from podium.robustness.statistics import draws_for_mean, draws_for_share, quantiles, rank_quantile_error
from podium.robustness.tiers import edges_of, separated_by_pairs, separated_by_range, tiers
from robustness.worlds import index

STEPS = "  impute: {method: group_mean, group: group}\n  normalise: {method: minmax, range: [1, 100]}"
UNCERTAIN = """
  weights: [{level: 1, amount: 0.4}, {level: 2, amount: 0.4}]
  choices:
    - {name: scale, at: steps.normalise, options: {min–max: {method: minmax, range: [1, 100]}, z: {method: zscore, mean: 50, sd: 10}}}
    - {name: mean, at: steps.aggregate.method, options: {arithmetic: arithmetic, geometric: geometric}}
  errors: [{indicator: a, kind: relative, amount: 0.2}, {indicator: e, kind: relative, amount: 0.2}]
"""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stress, Stress]:
    """The same draws kept and only counted."""
    spec = index(tmp_path_factory.mktemp("world"), STEPS, UNCERTAIN)
    return (stress(spec, draws=3000, seed=4, error_draws=300), stress(spec, draws=3000, seed=4, error_draws=300, keep=False, engine="kernels"))


def test_counts_say_what_the_draws_say(both: tuple[Stress, Stress]) -> None:
    """Intervals, shares and pairs from counts by kernels equal those of the kept draws by NumPy; scores within a bin."""
    kept, counted = both
    np.testing.assert_array_equal(kept.intervals.to_numpy(), counted.intervals.to_numpy())
    np.testing.assert_array_equal(kept.pairwise.to_numpy(), counted.pairwise.to_numpy())
    np.testing.assert_allclose(kept.intervals["q05"], quantiles(kept.rank_draws, (0.05,))[0][kept.built.rank_table[:, -1].argsort(kind="stable")])
    width = counted.layout.score_bins.step
    at = (0.05, 0.25, 0.5, 0.75, 0.95)
    off = np.abs(counted.score_quantiles(at) - quantiles(kept.score_draws, at))
    assert np.median(off / width) < 1
    assert "exactly" in counted.sketched
    with pytest.raises(DataError, match="only counts were kept"):
        counted.score_draws  # noqa: B018  # the property raises


def test_statistics_against_the_draws(both: tuple[Stress, Stress]) -> None:
    """Mean, deviation, shift, range and their errors equal those computed from the kept draws one by one."""
    kept, counted = both
    r, own = kept.rank_draws, kept.built.rank_table[:, -1]
    for s in both:
        table = s.statistics.loc[list(s.units)]
        np.testing.assert_allclose(table["mean"], r.mean(axis=0))
        np.testing.assert_allclose(table["sd"], r.std(axis=0, ddof=1), atol=1e-9)
        np.testing.assert_allclose(table["mean_error"], r.std(axis=0, ddof=1) / np.sqrt(3000), atol=1e-9)
        np.testing.assert_allclose(table["shift"], np.abs(r - own).mean(axis=0))
        np.testing.assert_array_equal(table[["best", "worst"]].to_numpy().T, [r.min(axis=0), r.max(axis=0)])
        np.testing.assert_allclose(table["score_mean"], kept.score_draws.mean(axis=0))
        per_draw = np.abs(r - own).mean(axis=1)
        assert s.mean_shift == pytest.approx((per_draw.mean(), per_draw.std(ddof=1) / np.sqrt(3000)))
        np.testing.assert_allclose(s.acceptability.to_numpy()[:, 2], (r == 3).mean(axis=0))
    assert counted.share_at_most("u3", 5).value == (r[:, 3] <= 5).mean()


def test_quantile_error_covers_repeated_runs(tmp_path: Path) -> None:
    """The Monte-Carlo error of the median score's rank agrees with its spread over 30 seeds, within a factor."""
    spec = index(tmp_path, STEPS, "  weights: [{level: 1, amount: 0.8}]")
    runs = [stress(spec, draws=400, seed=k) for k in range(30)]
    means = np.array([s.statistics.loc[list(s.units), "mean"] for s in runs])
    errors = np.array([s.statistics.loc[list(s.units), "mean_error"] for s in runs]).mean(axis=0)
    moving = errors > 0.02
    ratio = means.std(axis=0, ddof=1)[moving] / errors[moving]
    assert 0.8 < np.sqrt((ratio**2).mean()) < 1.2


def test_draws_needed() -> None:
    """p(1-p)/e² for a share, 3/e for none or all, sd²/e² for a mean."""
    assert draws_for_share(0.5, 0.01) == 2500
    assert draws_for_share(0.0, 0.001) == 3000
    assert draws_for_mean(4.0, 0.1) == 1600


def test_central_weights_and_confidence(both: tuple[Stress, Stress]) -> None:
    """Central weights are the mean effective weights of the draws a unit leads; with them it leads in the share stated."""
    kept, counted = both
    for s in both:
        first = kept.rank_draws == 1
        assert set(s.central_weights.index) == {u for k, u in enumerate(s.units) if first[:, k].any()}
        np.testing.assert_allclose(s.central_weights.sum(axis=1), 1)
    drawn = kept.sample
    tree = kept.built.tree
    leader = int(first.sum(axis=0).argmax())
    from podium.index.aggregate import effective_weights

    slow = effective_weights(tree, drawn.weights[first[:, leader]])[:, : tree.indicators].mean(axis=0)
    np.testing.assert_allclose(kept.central_weights.loc[kept.units[leader]], slow)
    np.testing.assert_allclose(counted.central_weights.loc[kept.units[leader]], slow)
    assert kept.confidence_factors[kept.units[leader]] > 0
    assert ((kept.confidence_factors >= 0) & (kept.confidence_factors <= 1)).all()


def test_tiers_are_units_that_no_draw_separates(both: tuple[Stress, Stress]) -> None:
    """Within a tier each pair is in both orders in some draw; the next unit is always behind some unit of the tier."""
    kept = both[0]
    r, at = kept.rank_draws, {u: k for k, u in enumerate(kept.units)}
    for s in both:
        found = s.tiers(level=1.0)
        assert [u for t in found for u in t.units] == list(s.built.ranks.index)
        assert sum(t.last - t.first + 1 for t in found) == len(s.units)
        for k, tier in enumerate(found):
            rows = r[:, [at[u] for u in tier.units]]
            for i in range(rows.shape[1]):
                assert not (rows[:, [i]] < rows[:, i + 1 :]).all(axis=0).any()
            if k + 1 < len(found):
                assert (rows < r[:, [at[found[k + 1].units[0]]]]).all(axis=0).any()
            rest = r[:, [at[u] for t in found[k + 1 :] for u in t.units]]
            assert tier.firm == (rest.shape[1] == 0 or bool((rows.max(axis=1) < rest.min(axis=1)).all()))
        assert len(s.tiers(level=0.9)) >= len(found)
    ahead = np.array([[0.5, 1, 1, 1], [0, 0.5, 0.7, 1], [0, 0.3, 0.5, 1], [0, 0, 0, 0.5]])
    made = tiers("ABCD", [0, 1, 2, 3], separated_by_pairs(ahead, 1.0), level=1.0, draws=100)
    assert [t.sentence for t in made] == [
        "A stands alone at rank 1; ahead of all 3 below in all 100 draws.",
        "B and C share ranks 2 to 3: no two of them are in the same order in all 100 draws; ahead of all 1 below in all 100 draws.",
        "D stands alone at rank 4.",
    ]
    by_range = separated_by_range(np.array([1.0, 2, 2, 4]), np.array([1.0, 3, 3, 4]))
    assert edges_of([0, 1, 2, 3], by_range) == [0, 1, 3]


def test_specification_curve_and_flip(both: tuple[Stress, Stress]) -> None:
    """All four combinations in order of the rank; the smallest flip is the fewest options that turn two units round."""
    s = both[0]
    curve = s.specification_curve("u3")
    assert len(curve) == 4
    assert curve["rank"].is_monotonic_increasing
    assert curve.loc[curve["nominal"], "changed"].tolist() == [0]
    built = {tuple(v.options.values()): v.built for v in s.variants}
    own = built["min–max", "arithmetic"]
    pairs = [(a, b) for a in s.units for b in s.units if own.rank_of(a) < own.rank_of(b)]
    flips = {p: s.smallest_flip(*p) for p in pairs}
    for (a, b), flip in flips.items():
        turned = [sum((o[0] != "min–max", o[1] != "arithmetic")) for o, v in built.items() if v.rank_of(b) < v.rank_of(a)]
        assert flip.number == (min(turned) if turned else None)
    assert {f.number for f in flips.values()} > {None}
    assert "every combination" in next(f for f in flips.values() if f.number is None).sentence


def test_fixed_assumptions(tmp_path: Path) -> None:
    """With everything held fixed nothing moves; with one choice held, its options are gone; unknown names are refused."""
    spec = index(tmp_path, STEPS, UNCERTAIN)
    still = stress(spec, draws=50, seed=1, fixed=("weights", "scale", "mean", "errors"))
    assert (still.rank_draws == still.built.rank_table[:, -1]).all()
    assert still.probability_at_most("u1", 3) is None
    assert len(stress(spec, draws=50, seed=1, fixed=("scale",)).variants) == 2
    with pytest.raises(SpecError, match="colour cannot be held fixed"):
        stress(spec, draws=50, seed=1, fixed=("colour",))
    (tmp_path / "index.yaml").write_text((tmp_path / "index.yaml").read_text() + "  fixed: [tone]\n", encoding="utf-8")
    with pytest.raises(SpecError, match="fixed names tone"):
        load_spec(tmp_path)


def test_errors_counted_agree_with_errors_kept(both: tuple[Stress, Stress], monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many error draws to keep are counted by kernels: the same probabilities from the same figures."""
    kept = both[0]
    monkeypatch.setattr("podium.robustness.engine.KEEP_FIGURES", 1000)
    counted = stress(kept.built, draws=100, seed=4, error_draws=300)
    assert counted.error_root == ()
    for unit in kept.units[:8]:
        assert counted.probability_at_most(unit, 5) == kept.probability_at_most(unit, 5)
    monkeypatch.setattr("podium.robustness.engine.KEEP_FIGURES", 30_000)
    counted = stress(kept.built, draws=100, seed=4, error_draws=300)
    assert counted.error_counts
    assert counted.probability_ahead("u1", "u2") == kept.probability_ahead("u1", "u2")


def test_errors_of_all_variants_are_those_of_each(both: tuple[Stress, Stress]) -> None:
    """Sharing tables between variants that only aggregate otherwise changes no score."""
    s = both[0]
    for k in range(len(s.variants)):
        np.testing.assert_array_equal(s.error_root[k], error_scores(s.sample, k, limit=len(s.error_root[k]))[0])


def test_everything_free_at_once(tmp_path: Path) -> None:
    """Joint draws spread ranks more than choices alone, and do not depend on the engine."""
    spec = index(tmp_path, STEPS, UNCERTAIN.replace("0.2}", "0.9}") + "  regenerate: all\n")
    s = stress(spec, draws=800, seed=2, error_draws=0, together=800)
    t = stress(spec, draws=800, seed=2, error_draws=0, together=800, engine="numpy")
    assert s.together is not None
    assert t.together is not None
    np.testing.assert_array_equal(s.together[1].places, t.together[1].places)
    from podium.robustness.statistics import rank_sd

    assert rank_sd(*s.together).mean() > rank_sd(s.layout, s.counts).mean()


def test_a_failing_draw_stops_the_run(tmp_path: Path) -> None:
    """A geometric mean of z-scores around 0 stops the run with node, method, indicator, unit and value named."""
    uncertain = UNCERTAIN.replace("mean: 50", "mean: 0")
    with pytest.raises(PodiumError, match=r"(p|q) \(geometric\): .* of u\d+ is -"):
        stress(index(tmp_path, STEPS, uncertain), draws=200, seed=1)


def test_identical_units_have_identical_distributions(tmp_path: Path) -> None:
    """Two units with the same figures share every count, by NumPy and by kernels, with missing cells too."""
    spec = index(tmp_path, "  normalise: {method: minmax, range: [1, 100]}", UNCERTAIN.split("  errors")[0])
    lines = (tmp_path / "data.csv").read_text().splitlines()
    lines.append("u30," + lines[8].split(",", 1)[1])
    (tmp_path / "data.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (tmp_path / "units.csv").open("a", encoding="utf-8") as file:
        file.write("u30,u30,g1,5\n")
    for engine in ("numpy", "kernels"):
        s = stress(spec, draws=2000, seed=3, keep=False, engine=engine)  # type: ignore[arg-type]
        a, b = s.units.index("u7"), s.units.index("u30")
        np.testing.assert_array_equal(s.counts.places[a], s.counts.places[b])
        assert s.share_ahead("u7", "u30").value == 0.5


def test_seeds_nought_and_one_repeat(tmp_path: Path) -> None:
    """Seed 0 is a seed like any other."""
    spec = index(tmp_path, STEPS, UNCERTAIN)
    zero, again, one = (stress(spec, draws=200, seed=k, keep=False, error_draws=60) for k in (0, 0, 1))
    np.testing.assert_array_equal(zero.counts.places, again.counts.places)
    np.testing.assert_array_equal(zero.error_root[0], again.error_root[0])
    assert not np.array_equal(zero.counts.places, one.counts.places)


def test_slider_reranks(both: tuple[Stress, Stress]) -> None:
    """Unchanged weights give the index's own scores and the intervals of a stress run; one pillar alone gives its own order."""
    s = both[0]
    live = prepare(s.built)
    same = live.rerank({}, draws=3000, seed=4)
    np.testing.assert_allclose(same.scores, s.built.score_table[:, -1], rtol=1e-12)
    off = np.abs(same.quantiles - s.rank_quantiles((0.05, 0.5, 0.95)))  # other draws of the same laws
    assert (off <= 6 * rank_quantile_error(s.layout, s.counts, (0.05, 0.5, 0.95)) + 1).all()
    with ThreadPoolExecutor(3) as pool:
        again = live.rerank({}, draws=3000, seed=4, executor=pool)
    np.testing.assert_array_equal(same.quantiles, again.quantiles)
    alone = live.rerank({"p": 0.0}, draws=500, seed=1)
    np.testing.assert_allclose(alone.scores, s.built.score_table[:, s.built.tree.items.index("q")], rtol=1e-12)
    assert list(alone.table["rank"])[:2] == [1, 2]
    with pytest.raises(SpecError, match="zz"):
        live.rerank({"zz": 1.0}, draws=10, seed=1)


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic"])
@pytest.mark.parametrize("engine", ["numpy", "kernels"])
def test_a_dominated_unit_is_never_ahead(tmp_path: Path, method: str, engine: Engine) -> None:
    """A unit a little worse than another in everything they have is behind it in all draws of weights."""
    spec = index(tmp_path, "  normalise: {method: minmax, range: [1, 100]}", "  weights: [{level: 1, amount: 0.9}, {level: 2, amount: 0.9}]", method=method)
    lines = (tmp_path / "data.csv").read_text().splitlines()
    row = [float(v) if v else None for v in lines[8].split(",")[1:]]
    worse = ["" if v is None else repr(v * (1.001 if k == 2 else 0.999)) for k, v in enumerate(row)]  # c is better when low
    lines.append("u30," + ",".join(worse))
    (tmp_path / "data.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (tmp_path / "units.csv").open("a", encoding="utf-8") as file:
        file.write("u30,u30,g1,5\n")
    s = stress(spec, draws=3000, seed=3, keep=False, engine=engine)
    assert s.share_ahead("u7", "u30").value == 1
    assert s.share_ahead("u30", "u7").bound == 3 / 3000


def test_an_assumption_without_effect_changes_nothing(tmp_path: Path) -> None:
    """Noise on the root's own weight, and a choice whose options are the same, leave every rank where it is."""
    uncertain = "  weights: [{level: 3, amount: 0.5}]\n  choices: [{name: n, at: steps.normalise.method, options: {a: minmax, b: minmax}}]"
    s = stress(index(tmp_path, STEPS, uncertain), draws=300, seed=1)
    assert (s.rank_draws == s.built.rank_table[:, -1]).all()
    assert s.mean_shift == (0.0, 0.0)
    assert s.smallest_flip("u1", "u2").number is None


def test_very_many_units_are_sketched(tmp_path: Path) -> None:
    """3,000 units: quantiles of the rank are off by no more than a bin, means exact, and the result says so."""
    spec = index(tmp_path, "  normalise: {method: minmax, range: [1, 100]}", "  weights: [{level: 1, amount: 0.6}]", units=3000, missing=0.0)
    s = stress(spec, draws=300, seed=1, keep=False, engine="kernels")
    kept = stress(spec, draws=300, seed=1, keep=True)
    assert "bins" in s.sketched
    assert s.layout.rank_bins is not None
    at = (0.05, 0.5, 0.95)
    off = np.abs(s.rank_quantiles(at) - np.quantile(kept.rank_draws, at, axis=0, method="inverted_cdf"))
    assert (off / s.layout.rank_bins.step).max() <= 1
    np.testing.assert_allclose(s.statistics["mean"], kept.rank_draws.mean(axis=0)[s.built.rank_table[:, -1].argsort(kind="stable")])
    assert s.share_at_most(s.units[0], 3000).value == 1
    assert s.tiers(level=1.0)[0].first == 1
    with pytest.raises(DataError, match="not counted"):
        s.tiers(level=0.9)
