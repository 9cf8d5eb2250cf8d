"""Posts from quantiles, bounds of a scale's own, and the adjusted Mazziotta–Pareto scale, as bare functions."""

from __future__ import annotations

import numpy as np
import pytest

from podium.index.normalise import Parameters, learn, normalise


def values(x: np.ndarray, method: str, given: Parameters) -> np.ndarray:
    """Learnt and applied in one go."""
    return normalise(x, learn(x, method, given), method=method, parameters=given)


def test_a_post_that_is_lacking_is_a_quantile() -> None:
    """One indicator with both posts, one with none, one with the upper: by NumPy's quantiles."""
    x = np.arange(1.0, 22.0)[:, None] * np.ones((1, 3))
    given = Parameters(ends=(0.1, 0.9), lower=np.array([0, np.nan, np.nan]), upper=np.array([20, np.nan, 30]))
    out = values(x, "goalposts", given)
    low, high = np.quantile(x[:, 0], [0.1, 0.9])
    np.testing.assert_allclose(out[:, 0], x[:, 0] / 20)
    np.testing.assert_allclose(out[:, 1], (x[:, 0] - low) / (high - low))
    np.testing.assert_allclose(out[:, 2], (x[:, 0] - low) / (30 - low))


def test_a_scale_kept_within_bounds_of_its_own() -> None:
    """Standard scores of mean 50 and deviation 50 cut to 0–100; `clip: true` keeps a range."""
    x = np.array([[-3.0], [0.0], [1.0], [14.0]])
    free = values(x, "zscore", Parameters(mean=50, sd=50))
    np.testing.assert_allclose(values(x, "zscore", Parameters(mean=50, sd=50, clip=(0.0, 100.0))), np.clip(free, 0, 100))
    posts = Parameters(low=1, high=7, clip=True, lower=np.array([0.0]), upper=np.array([1.0]))
    np.testing.assert_array_equal(values(x, "goalposts", posts)[:, 0], [1, 1, 7, 7])


@pytest.mark.parametrize(("reference", "centre"), [(None, 40.0), (1, 30.0)])
def test_adjusted_mazziotta_pareto_scale(reference: int | None, centre: float) -> None:
    """100 at the mean or the reference unit, 60 points from the least to the greatest; posts stand for these."""
    x = np.array([[10.0], [30.0], [80.0], [np.nan]])
    out = values(x, "ampi", Parameters(reference=reference))[:, 0]
    np.testing.assert_allclose(out[:3], 100 + 60 * (x[:3, 0] - centre) / 70)
    assert np.isnan(out[3])
    posts = Parameters(reference=reference, lower=np.array([0.0]), upper=np.array([100.0]))
    np.testing.assert_allclose(values(x, "ampi", posts)[:3, 0], 100 + 60 * (x[:3, 0] - centre) / 100)
