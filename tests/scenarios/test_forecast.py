"""Forecasts: laws recovered from simulated panels, CRPS against independent formulas, honest back-tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from podium.errors import DataError, InputError
from podium.index.build import Built, build
from podium.index.spec import IndicatorRule, load_spec
from podium.scenarios.backtest import backtest, enough
from podium.scenarios.drift import correlation, crps_t, fit_drift, shrunk_variance, steps_of
from podium.scenarios.forecast import fit_law, forecast, projected
from podium.scenarios.history import History, history
from podium.scenarios.rankcheck import crps_sample, rank_backtest
from podium.scenarios.scale import Scale, scale_of

RNG = np.random.default_rng


def walks(years: int, units: int, *, drift: float, between: float, sd: float, seed: int, common: float = 0.0) -> np.ndarray:
    """Random walks ``(year, unit)`` with drifts that differ between units and shocks that are partly common."""
    rng = RNG(seed)
    mean = drift + between * rng.normal(size=units)
    shocks = np.sqrt(common) * rng.normal(size=(years, 1)) + np.sqrt(1 - common) * rng.normal(size=(years, units))
    return np.asarray(10 + np.cumsum(mean + sd * shocks, axis=0))


def held(y: np.ndarray, last: int | None = None) -> History:
    """A history of one series."""
    years = np.arange(2000, 2000 + len(y))
    return History(years, y[:, :, None], tuple(f"U{k}" for k in range(y.shape[1])), ("x",), np.array([last or years[-1]]), ())


@pytest.mark.parametrize("df", [3.0, 5.5, 30.0, 2e5])
def test_crps_equals_its_integral(df: float) -> None:
    """The closed form is ∫ (F(x) - 1{x ≥ y})² dx by quadrature, for Student and normal laws."""
    law = stats.norm if df > 1e5 else stats.t(df)
    for y in (-2.5, 0.0, 0.7, 4.0):
        below, _ = integrate.quad(lambda x: law.cdf(x) ** 2, -np.inf, y, limit=200)
        above, _ = integrate.quad(lambda x: law.sf(x) ** 2, y, np.inf, limit=200)
        assert float(crps_t(np.array(y), df)) == pytest.approx(below + above, rel=1e-6)


def test_crps_of_the_standard_normal_at_zero() -> None:
    """The analytic value is (√2 - 1)/√π (Gneiting & Raftery 2007)."""
    assert float(crps_t(np.array(0.0), 1e9)) == pytest.approx((np.sqrt(2) - 1) / np.sqrt(np.pi), abs=1e-12)


def test_crps_of_a_sample_is_the_double_sum() -> None:
    """The sorted form is the mean distance less half the mean distance of all pairs, and near the normal's."""
    x, y = RNG(1).normal(size=(300, 2)), np.array([0.3, -1.0])
    slow = np.abs(x - y).mean(axis=0) - 0.5 * np.abs(x[:, None] - x[None]).mean(axis=(0, 1))
    np.testing.assert_allclose(crps_sample(x, y), slow, atol=1e-12)
    big = RNG(2).normal(size=(20000, 2))
    np.testing.assert_allclose(crps_sample(big, y), crps_t(y, 1e9), atol=0.01)


def test_steps_skip_gaps() -> None:
    """A gap of two years is one step over two years; a unit with one figure has none."""
    y = np.array([[1.0, np.nan], [np.nan, 5.0], [4.0, np.nan], [6.0, np.nan]])
    s = steps_of(y)
    assert (s.unit.tolist(), s.gap.tolist(), s.change.tolist(), s.year.tolist()) == ([0, 0], [2, 1], [3, 2], [2, 3])


def test_drift_and_spread_of_a_simulated_panel() -> None:
    """Mean drift, step and common share come back; where units do not differ, drifts shrink to one."""
    y = walks(12, 4000, drift=0.5, between=0.0, sd=1.0, seed=3)
    law = fit_drift(steps_of(y), 4000, drift=True)
    assert law.mean.mean() == pytest.approx(0.5, abs=0.02)
    assert law.mean.std() < 0.06  # unshrunk drifts spread by 1/√11 = 0.30
    assert np.median(law.sd) == pytest.approx(1.0, abs=0.05) and law.df > 100
    spread = fit_drift(steps_of(walks(12, 4000, drift=0.5, between=2.0, sd=1.0, seed=4)), 4000, drift=True)
    assert spread.mean.std() == pytest.approx(2.0, rel=0.05)
    shared = fit_drift(steps_of(walks(60, 300, drift=0.0, between=0.0, sd=1.0, seed=5, common=0.6)), 300, drift=False)
    assert shared.common == pytest.approx(0.6, abs=0.12)


def test_shrinkage_beats_each_units_own_mean() -> None:
    """Against known true drifts the shrunk ones have a lower squared error than the units' own (James & Stein 1961)."""
    rng = RNG(8)
    true = 0.2 + 0.1 * rng.normal(size=500)
    y = 5 + np.cumsum(true + rng.normal(size=(6, 500)), axis=0)
    law = fit_drift(steps_of(y), 500, drift=True)
    own = (y[-1] - y[0]) / 5
    assert ((law.mean - true) ** 2).mean() < 0.35 * ((own - true) ** 2).mean()


def test_variances_shrink_as_smyth_has_them() -> None:
    """Sums of squares of an inverse-χ² hierarchy give back its degrees of freedom and scale (Smyth 2004)."""
    rng = RNG(9)
    d0, s0, d = 8.0, 2.0, 6.0
    true = d0 * s0**2 / rng.chisquare(d0, 20000)
    found, more = shrunk_variance(true * rng.chisquare(d, 20000), np.full(20000, d))
    assert more == pytest.approx(d0, rel=0.1)
    assert ((found - true) ** 2).mean() < ((true * 0 + true.mean() - true) ** 2).mean()
    same, many = shrunk_variance(4.0 * rng.chisquare(d, 5000), np.full(5000, d))
    assert many > 100 and np.allclose(same, 4.0, rtol=0.1)
    assert shrunk_variance(np.array([3.0, 0.0]), np.array([3.0, 0.0]))[0].tolist() == [1.0, 1.0]


def test_correlation_of_shocks() -> None:
    """Correlated residuals come back; series that are never seen together count as independent; it stays positive."""
    rng = RNG(10)
    root = np.linalg.cholesky(np.array([[1, 0.8, 0], [0.8, 1, 0], [0, 0, 1]]) + 1e-9 * np.eye(3))
    x = rng.normal(size=(4000, 3)) @ root.T
    x[:2000, 2], x[2000:, 0] = np.nan, np.nan
    r = correlation(x)
    assert r[0, 1] == pytest.approx(0.8, abs=0.03) and r[0, 2] == pytest.approx(0, abs=1e-6)
    assert (np.linalg.eigvalsh(r) > 0).all() and np.allclose(np.diag(r), 1)


def test_scales() -> None:
    """Declared logarithms and roots count; skewed positive amounts take the logarithm; back again is where it began."""
    x = np.array([0.0, 1, 3, 200])
    assert scale_of(x, IndicatorRule.model_validate({"transform": {"method": "log", "offset": 1}})) == Scale("log", 1, 0)
    assert scale_of(x, None).kind == "sqrt" and scale_of(x + 1, None).kind == "log"
    assert scale_of(np.array([-1.0, 0, 1]), None) == Scale("linear", 0, -np.inf)
    for scale in (Scale("log", 1, 0), Scale("sqrt", 0, 0), Scale("linear")):
        np.testing.assert_allclose(scale.back(scale.forward(x)), x, atol=1e-9)
    assert np.isnan(Scale("log").forward(np.array([-1.0, np.nan]))).all()
    assert Scale("linear", 0, 0).back(np.array([-3.0])) == 0


def test_a_back_test_on_a_true_drift_beats_no_change_and_is_calibrated() -> None:
    """Where units do drift, the drift wins by far and its intervals hold what they say, within sampling error."""
    found = backtest(held(walks(25, 400, drift=1.0, between=0.5, sd=1.0, seed=11)), {}, horizon=2, origins=8)
    row = found.table.loc["x"]
    assert row["used"] == "drift" and row["skill"] > 0.2 and found.better("x")
    assert row["cover50"] == pytest.approx(0.5, abs=0.03) and row["cover90"] == pytest.approx(0.9, abs=0.02)
    assert found.overall.loc["no change everywhere", "skill"] == 0
    held_to = found.calibration((0.5, 0.9)).set_index(["kind", "nominal"])["actual"]
    assert held_to["drift everywhere", 0.9] == pytest.approx(0.9, abs=0.02)


def test_a_driftless_walk_falls_back_to_no_change() -> None:
    """Where nothing drifts but the past seems to (a broken trend), the back-test says so and "no change" is used."""
    y = walks(20, 200, drift=0.0, between=0.0, sd=1.0, seed=12)
    y[:12] += np.arange(12)[:, None] * 3.0
    y[12:] += 33.0
    found = backtest(held(y), {}, horizon=2, origins=6)
    assert found.table.loc["x", "used"] == "no change" and found.table.loc["x", "skill"] < 0
    assert found.overall.loc["drift everywhere", "skill"] < 0
    assert found.overall.loc["as chosen at the time", "skill"] >= found.overall.loc["drift everywhere", "skill"]


def test_an_origin_sees_nothing_later() -> None:
    """Figures after the origin change no forecast from it: only the outcomes, never the laws."""
    y = walks(12, 50, drift=0.3, between=0.1, sd=1.0, seed=13)
    later = y.copy()
    later[10:] += RNG(1).normal(size=(2, 50)) * 50
    one, two = (backtest(held(x), {}, horizon=1, origins=3) for x in (y, later))
    early = [[c for c in b.cases if c.origin <= 2008] for b in (one, two)]
    assert early[0] and all(np.array_equal(a.crps, b.crps) for a, b in zip(*early, strict=True))
    assert held(y).until(2).values[10:].size and np.isnan(held(y).until(2).values[10:]).all()


def test_five_years_are_needed() -> None:
    """Four years of a series are too few, five of a third of the units are enough."""
    y = np.full((6, 9), np.nan)
    y[:4] = 1.0
    assert not enough(y)
    y[4, :3] = 1.0
    assert enough(y)


@pytest.fixture
def panel(tmp_path: Path) -> Callable[..., Built]:
    """Builds an index of two indicators over editions; ``a`` grows by its own rate, ``b`` has too few years."""

    def run(edition: str | None = None, noise: float = 0.0, lag: int = 1) -> Built:
        rng, rows = RNG(14), ["unit,indicator,time,value"]
        for k in range(12):
            level = 100.0 * (k + 1)
            for year in range(2010, 2024):
                level *= 1 + 0.02 * (11 - k) / 5 + noise * rng.normal()
                rows.append(f"U{k},a,{year},{level}")
                rows += [f"U{k},b,{year},{k % 5 + 1}"] if year in (2019, 2020, 2022, 2023) else []
        (tmp_path / "t.csv").write_text("\n".join(rows), encoding="utf-8")
        (tmp_path / "c.csv").write_text(f"code,name,lag\na,A,{lag}\nb,B,{lag}\n", encoding="utf-8")
        editions = ", ".join(f"{{name: {t}, year: {t}}}" for t in range(2020, 2025))
        (tmp_path / "i.yaml").write_text(
            f"name: i\ndata: {{table: t.csv, layout: long, codebook: c.csv}}\neditions: [{editions}]\n"
            "indicators: {a: {transform: {method: log}}}\ntree: {code: all, children: [{code: a, weight: 3}, b]}\n"
            "steps: {normalise: {method: minmax}, aggregate: {method: arithmetic}}\n", encoding="utf-8")  # fmt: skip
        return build(load_spec(tmp_path / "i.yaml", edition=edition))

    return run


def test_only_figures_public_by_the_edition_are_used(panel: Callable[..., Built]) -> None:
    """With a lag of one year the edition 2022 knows nothing of 2022 or later."""
    found = history(panel("2022"))
    assert found.public.tolist() == [2021, 2021]
    known = ~np.isnan(found.values).all(axis=(1, 2))
    assert found.years[known].max() == 2021


def test_steady_growth_is_projected_as_it_is(panel: Callable[..., Built]) -> None:
    """Figures that grow at a constant rate are projected by it, unit by unit; what has too few years stays."""
    built = panel("2024")
    law = fit_law(built)
    assert law.method == {"a": "drift", "b": "constant"}
    assert law.weights() == {"drift": 0.75, "no change": 0.0, "constant": 0.25} and law.constant() == {"b": 0.25}
    ahead = projected(built, years=2, law=law)
    now, then = built.dataset.values[-1], ahead.values[-1]
    rates = np.array([1 + 0.02 * (11 - int(u[1:])) / 5 for u in ahead.units])
    np.testing.assert_allclose(then[:, 0], now[:, 0] * rates**2, rtol=2e-3)
    np.testing.assert_array_equal(then[:, 1], now[:, 1])
    assert ahead.units == built.dataset.units


def test_probabilities_follow_the_projection(panel: Callable[..., Built]) -> None:
    """Without noise the probabilities are 0 or 1 and name the projected ranks; the same seed repeats them."""
    built = panel("2024")
    f = forecast(built, years=2, draws=50, seed=3)
    assert f.names == ("2025", "2026") and f.ranks.shape == (2, 50, 12)
    again = build(built.spec, dataset=projected(built, years=1))
    np.testing.assert_allclose(f.projected_ranks[0], again.rank_table[:, -1])
    np.testing.assert_allclose(f.projected_scores[0], again.score_table[:, -1], atol=1e-9)
    for k, u in enumerate(built.units):
        assert f.probability(u, int(f.projected_ranks[0, k]))[0] == 1
    noisy = panel("2024", noise=0.05)
    one, two = (forecast(noisy, years=2, draws=300, seed=s) for s in (5, 5))
    np.testing.assert_array_equal(one.ranks, two.ranks)
    width = np.subtract(*one.quantiles((0.95, 0.05)))
    assert (width[1] >= width[0]).mean() > 0.9 and width.max() > 0


def test_a_forecast_interval_of_scores_is_analytic(panel: Callable[..., Built]) -> None:
    """With "no change" everywhere, the log of a figure h years on has the standard deviation of the law's own spread."""
    built = panel("2024", noise=0.05)
    law = fit_law(built, always="no change")
    from podium.scenarios.forecast import _paths

    values = _paths(law, 2, 4000, RNG(6))
    law_a = law.drifts["a"]
    for h in (1, 2):
        moved = np.log(values[h - 1][..., 0] / built.dataset.values[-1][:, 0])
        heavy = np.sqrt(law_a.df / (law_a.df - 2))
        np.testing.assert_allclose(moved.std(axis=0), law_a.sd * np.sqrt(h) * heavy, rtol=0.08)
        assert np.abs(moved.mean(axis=0)).max() < 0.01


def test_ranks_of_hidden_editions(panel: Callable[..., Built]) -> None:
    """Without noise the ranks that came are forecast to the unit; the table has each edition and all together."""
    builts = {e: panel(e) for e in ("2021", "2022", "2023", "2024")}
    table = rank_backtest(builts, horizon=2, draws=20, seed=1)
    assert len(table) == 6 and table.iloc[-1]["origin"] == "all"
    assert table["cover90"].min() == 1 and table["crps"].max() < 0.05
    with pytest.raises(DataError, match="one edition"):
        rank_backtest({"2021": builts["2021"]}, horizon=1, draws=5, seed=1)


def test_what_cannot_be_forecast_is_named(panel: Callable[..., Built], tmp_path: Path) -> None:
    """A table of one time has no history, and nothing is asked of zero years."""
    (tmp_path / "w.csv").write_text("unit,x\nA,1\nB,2\n", encoding="utf-8")
    (tmp_path / "w.yaml").write_text(
        "name: w\ndata: {table: w.csv, layout: wide}\ntree: {code: all, children: [x]}\n"
        "steps: {normalise: {method: minmax}, aggregate: {method: arithmetic}}\n", encoding="utf-8")  # fmt: skip
    with pytest.raises(DataError, match="one time only"):
        fit_law(build(load_spec(tmp_path / "w.yaml")))
    with pytest.raises(InputError, match="at least 1"):
        forecast(panel("2024"), years=0, draws=1, seed=1)


def test_the_bundled_index(tmp_path: Path) -> None:
    """ai-race 2025: a fifth of the weight is constant or less, patents among it; backfilled series are named."""
    law = fit_law(build(load_spec("ai-race")))
    weights = law.weights()
    assert sum(weights.values()) == pytest.approx(1) and 0 < weights["constant"] < 0.2
    assert {"patents", "ai_patents", "ai_works"} <= set(law.constant())
    assert "compute" in law.held.backfilled
    assert law.tested.origins == (2022, 2023, 2024)
    table = law.tested.table
    assert isinstance(table, pd.DataFrame) and table["cases"].min() > 50
