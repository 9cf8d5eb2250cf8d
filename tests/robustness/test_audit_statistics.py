"""The statistics of an audit against analytic values, other packages and slow implementations."""

from __future__ import annotations

import numpy as np
import pytest

from podium.robustness.audit.added import flattered
from podium.robustness.audit.chance import excess
from podium.robustness.audit.coherence import alpha_limit, second_eigenvalue
from podium.robustness.audit.compensation import above_zero, two_means
from podium.robustness.audit.coverage import ages
from podium.robustness.audit.importance import contributions, main_effect
from podium.robustness.audit.overlap import common_factor, parts
from podium.robustness.audit.phrases_en import ENGLISH
from podium.robustness.audit.phrases_ko import KOREAN
from podium.robustness.audit.scaling import heaps
from podium.robustness.audit.shape import isolated
from podium.robustness.audit.wording import percent, r2


def test_loadings_of_an_exact_one_factor_matrix() -> None:
    """Correlations made of loadings give these loadings back."""
    true = np.array([0.9, 0.8, 0.6, 0.5, 0.7])
    r = np.outer(true, true)
    np.fill_diagonal(r, 1.0)
    assert common_factor(r) == pytest.approx(true, abs=1e-4)


def test_excess_is_fishers_z() -> None:
    """A correlation as expected has none; the test of Fisher's z by hand: (atanh 0.8 - atanh 0.5) sqrt(97)."""
    assert excess(np.array([0.5]), np.array([0.5]), np.array([100.0]))[0] == 0
    assert excess(np.array([0.8]), np.array([0.5]), np.array([100.0]))[0] == pytest.approx(5.4098, abs=1e-3)


def test_a_sum_is_found_with_its_parts() -> None:
    """An indicator that is the sum of three others is named with them; independent ones are not."""
    x = np.random.default_rng(1).standard_normal((80, 9))
    x[:, 4] = x[:, 0] + x[:, 2] + 0.5 * x[:, 7]
    found = parts(np.corrcoef(x.T), 80, explained=0.95, apart=0.995)
    assert [(p.target, p.others) for p in found] == [(4, (0, 2, 7))]
    assert found[0].share == pytest.approx(1, abs=1e-6)
    assert parts(np.corrcoef(x[:, [0, 1, 2, 3, 5]].T), 80, explained=0.95, apart=0.995) == []


def test_few_units_and_many_indicators_make_no_sums() -> None:
    """Thirty indicators of thirty units, of one factor, are not mistaken for sums of each other."""
    rng = np.random.default_rng(3)
    for _ in range(5):
        x = 0.8 * rng.standard_normal((30, 1)) + 0.6 * rng.standard_normal((30, 30))
        assert parts(np.corrcoef(x.T), 30, explained=0.95, apart=0.995) == []


def test_contributions_are_the_decomposition_of_variance() -> None:
    """They sum to 1; of independent parts they are w² V / Σ w² V."""
    rng = np.random.default_rng(2)
    x = rng.standard_normal((20_000, 3)) * [1.0, 2.0, 0.5]
    w = np.array([0.5, 0.3, 0.2])
    found = contributions(x, x @ w, w)
    assert found.sum() == pytest.approx(1)
    expected = w**2 * [1.0, 4.0, 0.25]
    assert found == pytest.approx(expected / expected.sum(), abs=0.02)


def test_flattering_weights_by_all_of_a_grid() -> None:
    """The best ratio to the best other unit over a fine grid of weights; nobody is worse off than with the own weights."""
    rng = np.random.default_rng(9)
    x, w = rng.uniform(0, 10, (12, 3)), np.array([0.5, 0.3, 0.2])
    x[4, 2] = 0.0
    low, high = 0.5 * w, 1.5 * w
    found = flattered(x, low, high)
    grid = np.array([(a, b, 1 - a - b) for a in np.linspace(0.25, 0.75, 251) for b in np.linspace(0.15, 0.45, 151)])
    grid = grid[(grid[:, 2] >= low[2] - 1e-9) & (grid[:, 2] <= high[2] + 1e-9)]
    scores = grid @ x.T
    best = (scores / scores.max(axis=1, keepdims=True)).max(axis=0)
    assert found == pytest.approx(best, abs=2e-3)
    assert (found >= (x @ w) / (x @ w).max() - 1e-9).all()


def test_main_effects_of_known_functions() -> None:
    """Ishigami-like: x² has no linear but a whole main effect; noise none; half signal and half noise a half."""
    rng = np.random.default_rng(4)
    x = rng.uniform(-1, 1, 4000)
    assert main_effect(x, x**2) > 0.95
    assert main_effect(x, rng.standard_normal(4000)) < 0.01
    y = x / x.std() + rng.standard_normal(4000)
    assert main_effect(x, y) == pytest.approx(0.5, abs=0.03)


def test_upper_limit_of_alpha_covers() -> None:
    """Over 400 samples of parallel items the 99.5 % limit lies below the true alpha hardly ever, and above it closely."""
    rng = np.random.default_rng(5)
    true = 4 * 0.36 / (1 + 3 * 0.36)
    below = 0
    for _ in range(400):
        x = 0.6 * rng.standard_normal((60, 1)) + 0.8 * rng.standard_normal((60, 4))
        c = np.cov(x.T)
        alpha = 4 / 3 * (1 - np.trace(c) / c.sum())
        limit = alpha_limit(alpha, 60, 4)
        assert alpha < limit < 1
        below += limit < true
    assert below <= 8


def test_second_eigenvalue_of_one_factor() -> None:
    """For many units it is the largest of the uniquenesses' matrix: 1 - λ² for equal loadings."""
    mean, sd = second_eigenvalue(np.full(6, 0.8), 2000, np.random.default_rng(6))
    assert mean == pytest.approx(0.36, abs=0.05)
    assert sd < 0.05


def test_means_are_scipys() -> None:
    """Arithmetic and geometric weighted means are those of NumPy and SciPy; missing parts give their weight away."""
    from scipy.stats import gmean

    rng = np.random.default_rng(7)
    x, w = rng.uniform(1, 9, (5, 4)), np.array([1.0, 2.0, 3.0, 4.0])
    a, g = two_means(x, w)
    assert a == pytest.approx(np.average(x, axis=1, weights=w))
    assert g == pytest.approx(gmean(x, axis=1, weights=w))
    x[0, 1] = np.nan
    assert two_means(x, w)[1][0] == pytest.approx(gmean(x[0, [0, 2, 3]], weights=w[[0, 2, 3]]))


def test_scores_of_zero_move_above_it_in_the_same_order() -> None:
    """One line for all parts leaves the order by arithmetic means."""
    x = np.random.default_rng(8).standard_normal((30, 3))
    moved = above_zero(x)
    assert moved.min() == 1
    assert (np.argsort(moved.mean(axis=1)) == np.argsort(x.mean(axis=1))).all()
    assert above_zero(x + 9) is not None
    assert (above_zero(np.abs(x) + 1) == np.abs(x) + 1).all()


def test_outliers_stand_alone() -> None:
    """A slip of the decimal point is one, at either end; a long tail and normal figures have none."""
    rng = np.random.default_rng(9)
    x = rng.normal(50, 5, 60)
    assert len(isolated(x, 6)[0]) == 0
    x[17] *= 10
    assert list(isolated(x, 6)[0]) == [17]
    x[17], x[3] = 50, -9999
    assert list(isolated(x, 6)[0]) == [3]
    for seed in range(20):
        tail = np.exp(np.random.default_rng(seed).standard_normal(80))
        assert len(isolated(tail, 6)[0]) == 0


def test_heaps_are_apart() -> None:
    """Figures in thousands among figures in ones make a heap; a broad lognormal law does not."""
    rng = np.random.default_rng(10)
    x = 10 ** rng.normal(2, 0.2, 50)
    assert heaps(x) is None
    x[[3, 30]] *= 1000
    found = heaps(x)
    assert found is not None
    assert sorted(found[0]) == [3, 30]
    assert 10 ** found[1] == pytest.approx(1000, rel=0.8)
    assert all(heaps(10 ** np.random.default_rng(s).normal(0, 1.0, 80)) is None for s in range(20))


def test_ages_count_from_the_newest() -> None:
    """Without an edition the newest figures are of age 0, one far ahead of all does not decide; else the edition's year."""
    years = np.full((30, 2), 2020.0)
    years[0] = np.nan
    years[1, 0] = 2025
    old, latest = ages(years, None)
    assert latest == 2020
    assert np.nanmax(old) == 0
    assert np.nanmax(ages(years, 2024.0)[0]) == 4


def test_both_languages_have_every_sentence() -> None:
    """The same kinds, the same placeholders."""
    import string

    assert set(ENGLISH) == set(KOREAN)
    for kind, texts in ENGLISH.items():
        for one, two in zip(texts, KOREAN[kind], strict=True):
            names = [{n for _, n, _, _ in string.Formatter().parse(t) if n} for t in (one, two)]
            assert names[1] <= names[0] | {"n", "code"}, kind


def test_numbers_are_said_with_care() -> None:
    """A correlation of 0.997 is not 1; small shares keep a decimal."""
    assert r2(0.9971) == "0.997"
    assert r2(-0.5) == "−0.50"
    assert percent(0.003) == "0.3 %"
    assert percent(0.65) == "65 %"
