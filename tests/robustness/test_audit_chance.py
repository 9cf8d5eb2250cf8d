"""What chance brings about is no warning: clean indices of other sizes and shapes than those of the first tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from podium.robustness.audit.chance import (
    above_by_error,
    below_usual,
    beyond_gaps,
    normal_scores,
    surprise,
    with_rest,
)
from podium.robustness.audit.coherence import second_eigenvalue
from podium.robustness.audit.importance import contribution_error, contributions
from podium.robustness.audit.overlap import surely_more
from podium.robustness.audit.run import Audit, audit
from podium.robustness.audit.scaling import elasticity
from podium.robustness.audit.shape import surely_far
from robustness.planted import YEAR, World

Array = npt.NDArray[np.float64]
SHAPES = ("normal", "lognormal", "uniform", "percent", "grades", "counts", "heavy")
QUICK = {"audit.draws": 50, "audit.rows": 16, "audit.weights": 0.05}
"""Little of what is not looked at here: how firm the ranks are."""


def shaped(z: Array, kind: str, rng: np.random.Generator) -> Array:
    """Standard scores as figures of a kind that statistical offices publish."""
    if kind == "lognormal":
        return np.exp(3 + rng.uniform(0.4, 1.0) * z)
    if kind == "uniform":
        return (np.argsort(np.argsort(z)) + 1.0) / len(z) * 100
    if kind == "percent":
        return 100 / (1 + np.exp(-(rng.uniform(-1, 1) + 0.8 * z)))
    if kind == "grades":
        return np.clip(np.round(4 + 1.4 * z), 1, 7)
    if kind == "counts":
        return np.round(np.exp(3 + 0.7 * z))
    return 50 + 10 * (np.sign(z) * np.abs(z) ** 1.3 if kind == "heavy" else z)


def varied(seed: int) -> tuple[World, str]:
    """A clean index of one factor: units, tree, loadings, shapes, gaps, per-head figures, weights as chance has them."""
    rng = np.random.default_rng([seed, 2026])
    units = int(rng.choice([20, 35, 60, 120, 250]))
    world = World(rng, rng.standard_normal(units))
    world.population = 10 ** rng.normal(1, 0.6, units)
    low = rng.uniform(0.5, 0.85)
    kinds = rng.choice(SHAPES, size=3, replace=False)
    gaps, per = float(rng.choice([0, 0.03, 0.08])), float(rng.choice([0, 0.3]))
    for p in range(int(rng.integers(2, 6))):
        for k in range(int(rng.integers(3, 8))):
            code, turned, loading = f"p{p}i{k}", -1 if rng.random() < 0.25 else 1, rng.uniform(low, 0.95)
            z = turned * loading * world.factor + np.sqrt(1 - loading**2) * rng.standard_normal(units)
            x = shaped(z, str(rng.choice(kinds)), rng)
            if x.min() > 0 and rng.random() < per:
                world.per[code], x = "population", x * world.population
            world.x[code] = np.where(rng.random(units) < gaps, np.nan, x)
            world.direction[code], world.group[code], world.year[code] = turned, f"p{p}", YEAR
            world.weight[code] = float(rng.choice([1, 1, 1, 0.5, 2]))
    return world, str(rng.choice(["minmax", "zscore", "rank"]))


@pytest.mark.parametrize("seed", range(12))
def test_a_clean_index_of_any_size_and_shape_has_notes_at_most(seed: int, tmp_path: Path) -> None:
    """20 to 250 units, log-normal and whole figures, gaps at random, figures per head: nothing above a note."""
    world, normalise = varied(seed)
    found = audit(world.write(tmp_path).with_(QUICK | {"steps.normalise": {"method": normalise}}))
    assert [(f.kind, f.sentence["en"]) for f in found.findings if f.severity != "note"] == []


def _loud(a: Audit, kind: str) -> set[str]:
    return {c for f in a.findings if f.kind == kind and f.severity != "note" for c in (*f.items, *f.units)}


@pytest.mark.parametrize("units", [40, 150])
def test_faults_are_warned_of_in_such_indices_too(units: int, tmp_path: Path) -> None:
    """What makes few false warnings still finds: a count per area, a unit without most figures, indicators at odds."""
    rng = np.random.default_rng(units)
    world = World(rng, rng.standard_normal(units))
    for p in range(4):
        for k in range(5):
            world.add(f"p{p}i{k}", f"p{p}", 0.75)
    world.population = 10 ** rng.normal(1, 0.6, units)  # called population; the count does not grow with it
    world.per["p0i0"] = "population"
    for code in list(world.x)[:14]:
        world.x[code][7] = np.nan
    odd = rng.standard_normal(units)
    for k in range(4):
        world.x[f"p3i{k}"] = (-1) ** k * odd + 0.6 * rng.standard_normal(units)
    world.x["p1i2"][3] = np.nanmean(world.x["p1i2"]) + 30 * np.nanstd(world.x["p1i2"])
    found = audit(world.write(tmp_path).with_(QUICK))
    assert "p0i0" in _loud(found, "divided_wrongly")
    assert "u007" in _loud(found, "unit_coverage")
    assert _loud(found, "negative_pair") | _loud(found, "opposed") | _loud(found, "weak") >= {"p3"}
    assert "p1i2" in _loud(found, "outlier")


def test_so_many_standard_errors_keep_a_family_of_tests() -> None:
    """One test needs the normal quantile of 0.005; a hundred tests on noise go wrong together once in two hundred."""
    assert surprise(1) == pytest.approx(2.5758, abs=1e-4)
    noise = np.random.default_rng(1).standard_normal((20_000, 100)).max(axis=1)
    assert (noise > surprise(100)).mean() == pytest.approx(0.005, abs=0.0015)


def test_normal_scores_take_order_alone() -> None:
    """Any rising transformation leaves them; gaps stay gaps."""
    x = np.array([[3.0], [1.0], [np.nan], [8.0]])
    z = normal_scores(x)
    assert normal_scores(np.exp(x)) == pytest.approx(z, nan_ok=True)
    assert z[:, 0] == pytest.approx([0.0, -0.6745, np.nan, 0.6745], abs=1e-4, nan_ok=True)


def test_an_item_with_the_mean_of_the_others() -> None:
    """Of items that all correlate alike, by the algebra of covariances and by a large sample."""
    rng = np.random.default_rng(2)
    x = np.sqrt(0.3) * rng.standard_normal((200_000, 1)) + np.sqrt(0.7) * rng.standard_normal((200_000, 5))
    assert with_rest(4, 0.3) == pytest.approx(0.3 * 2 / np.sqrt(1 + 3 * 0.3))
    assert with_rest(4, 0.3) == pytest.approx(np.corrcoef(x[:, 0], x[:, 1:].mean(axis=1))[0, 1], abs=0.01)
    assert below_usual(-0.3, 0.25, 60, 20)
    assert not below_usual(0.1, 0.25, 60, 20)


def test_gaps_at_random_are_told_from_others() -> None:
    """Where a tenth is missing, three of twelve are chance among fifty units, ten of twelve are not."""
    assert not beyond_gaps(3, 12, 60, 600, 50)
    assert beyond_gaps(10, 12, 70, 600, 50)
    assert not beyond_gaps(0, 12, 0, 600, 50)


def test_the_standard_error_of_a_share_is_that_of_repeated_samples() -> None:
    """Shares of the differences vary from sample to sample as the error says."""
    rng = np.random.default_rng(3)
    w = np.array([0.5, 0.3, 0.2])
    shares, errors = [], []
    for _ in range(600):
        x = 0.7 * rng.standard_normal((80, 1)) + 0.7 * rng.standard_normal((80, 3))
        shares.append(contributions(x, x @ w, w)[0])
        errors.append(contribution_error(x[:, 0], x @ w, 0.5))
    assert np.mean(errors) == pytest.approx(np.std(shares), rel=0.1)
    assert above_by_error(5.0, 1.0, 80, 1)
    assert not above_by_error(5.0, 1.0, 4, 20)  # three degrees of freedom prove little


def test_a_sum_is_sure_and_the_best_of_many_sets_is_not() -> None:
    """Two parts that explain all are sure with twenty units; three of forty noises that explain much are not."""
    assert surely_more(0.999, 0.5, 20, 2, 12)
    rng = np.random.default_rng(4)
    x = rng.standard_normal((15, 41))
    r = np.corrcoef(x.T)
    best = max((j for j in range(1, 41)), key=lambda j: abs(r[0, j]))
    assert not surely_more(float(r[0, best] ** 2), 0.0, 15, 1, 41)


def test_what_grows_with_its_denominator() -> None:
    """A rate times a size has elasticity 1, a percentage 0, within three standard errors."""
    rng = np.random.default_rng(5)
    size, rate = 10 ** rng.normal(0, 0.5, 200), np.exp(0.4 * rng.standard_normal(200))
    for x, true in ((rate * size, 1.0), (rate, 0.0)):
        slope, error = elasticity(x, size)
        assert abs(slope - true) < 3 * error < 0.15


def test_an_outlier_is_sure_only_beyond_long_tails() -> None:
    """Thirty deviations are; the greatest of log-normal figures and of a few counts is not."""
    rng = np.random.default_rng(6)
    x = 100 + 5 * rng.standard_normal(60)
    x[9] = 260
    assert surely_far(x, np.array([9]), 1500)
    counts = np.array([7, 11, 15, 16, 17, 17, 17, 19, 20, 25, 30, 31, 34, 36, 132.0])
    assert not surely_far(counts, np.array([14]), 430)
    tail = np.exp(1.2 * rng.standard_normal(60))
    assert not surely_far(tail, np.array([int(tail.argmax())]), 1500)


def test_second_eigenvalues_of_one_factor_by_chance() -> None:
    """The mean over simulated samples is that of samples drawn here."""
    rng = np.random.default_rng(7)
    load = np.full(5, 0.7)
    mean, sd = second_eigenvalue(load, 50, np.random.default_rng(8))
    own = []
    for _ in range(400):
        x = rng.standard_normal((50, 1)) * load + rng.standard_normal((50, 5)) * np.sqrt(1 - load**2)
        own.append(np.linalg.eigvalsh(np.corrcoef(x.T))[-2])
    assert mean == pytest.approx(np.mean(own), abs=3 * sd / np.sqrt(200))
