"""EM and multiple imputation against closed forms, and against what is known by construction."""

from __future__ import annotations

import numpy as np
import pytest

from podium.index.em import expectation_maximisation, multiple_imputation, normal_law


@pytest.fixture(scope="module")
def monotone() -> np.ndarray:
    """200 pairs of which the second figure is missing where the first is high."""
    rng = np.random.default_rng(8)
    x = rng.normal(10, 2, 200)
    z = np.column_stack([x, 3 + 0.5 * x + rng.normal(0, 0.4, 200)])
    z[x > 11, 1] = np.nan
    return z


def test_em_of_a_monotone_pattern_is_the_regression(monotone: np.ndarray) -> None:
    """With one figure always there, maximum likelihood has a closed form (Anderson 1957, doi:10.1080/01621459.1957.10501379).

    Missing cells are the least-squares predictions; mean and covariance follow from slope and residual variance.
    """
    both = ~np.isnan(monotone[:, 1])
    slope, intercept = np.polyfit(monotone[both, 0], monotone[both, 1], 1)
    filled = expectation_maximisation(monotone, [[0, 1]], tolerance=1e-12, rounds=5000)
    np.testing.assert_allclose(filled[~both, 1], intercept + slope * monotone[~both, 0], rtol=1e-5)
    mean, cover = normal_law(monotone, tolerance=1e-12, rounds=5000)
    variance = monotone[:, 0].var()
    residual = (monotone[both, 1] - intercept - slope * monotone[both, 0]).var()
    np.testing.assert_allclose(mean, [monotone[:, 0].mean(), intercept + slope * monotone[:, 0].mean()], rtol=1e-5)
    np.testing.assert_allclose(cover, [[variance, slope * variance], [slope * variance, residual + slope**2 * variance]], rtol=1e-4)


def test_multiple_imputation_spreads_around_the_regression(monotone: np.ndarray) -> None:
    """Draws are centred on the prediction; their spread is the residual one and that of the fitted line.

    That of a new cell of an ordinary regression: s² (1 + 1/n + (x - mean)²/Sxx).
    """
    draws = multiple_imputation(monotone, [[0, 1]], draws=200, rng=np.random.default_rng(5))
    both = ~np.isnan(monotone[:, 1])
    x, y = monotone[both, 0], monotone[both, 1]
    slope, intercept = np.polyfit(x, y, 1)
    s2 = (y - intercept - slope * x).var() * len(x) / (len(x) - 2)
    far = int(np.argmax(monotone[:, 0]))
    spread = np.sqrt(s2 * (1 + 1 / len(x) + (monotone[far, 0] - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()))
    cell = draws[:, far, 1]
    assert abs(cell.mean() - (intercept + slope * monotone[far, 0])) < 5 * spread / np.sqrt(200)
    assert cell.std() == pytest.approx(spread, rel=0.2)
    assert (draws[:, both] == monotone[both]).all()


def test_same_seed_same_draws(monotone: np.ndarray) -> None:
    """The generator decides, seed 0 included."""
    for seed in (0, 1):
        one, two = (multiple_imputation(monotone, [[0, 1]], draws=3, rng=np.random.default_rng(seed)) for _ in range(2))
        np.testing.assert_array_equal(one, two)


def test_column_in_no_group_keeps_its_gaps(monotone: np.ndarray) -> None:
    """Only the columns named are filled."""
    assert np.isnan(expectation_maximisation(monotone, [[0]])[:, 1]).any()
