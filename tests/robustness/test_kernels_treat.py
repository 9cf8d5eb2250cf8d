"""Compiled winsorising against a slow one with SciPy's moments."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import kurtosis, skew

from podium.robustness._kernels_treat import treat_column


def slow(x: npt.NDArray[np.float64], points: int) -> npt.NDArray[np.float64]:
    """One column winsorised value by value: the outermost on the side of the skew becomes the next, together with its equals."""
    x, moved = x.copy(), {1: 0, -1: 0}
    while abs(skew(x, bias=False)) >= 2.0 and kurtosis(x, bias=False) >= 3.5 and sum(moved.values()) < points:
        sign = 1 if skew(x, bias=False) >= 0 else -1
        y = sign * x
        inner = y[y < y.max()]
        if inner.size == 0 or inner.max() == inner.min() == y.min():
            break
        hit = y == y.max()
        x[hit] = sign * inner.max()
        moved[sign] = int(hit.sum())
    return x


@pytest.mark.parametrize("outlier", [1.0, 30.0, 1e4, 1e9])
@pytest.mark.parametrize("points", [1, 5, 20])
def test_winsorising_equals_the_slow_one(outlier: float, points: int) -> None:
    """Columns with up to eight outliers of any size on either side, some of them equal, come out the same.

    Also where the outliers are so large that nothing of the rest is left in a sum of fourth powers.
    """
    rng = np.random.default_rng([points, int(outlier)])
    x = rng.normal(size=(41, 70))
    for d in range(70):
        far = rng.choice(41, rng.integers(0, 9), replace=False)
        x[far, d] *= outlier * np.round(rng.exponential(3, len(far)), 1) * rng.choice([-1, 1])
        x[far[:2], d] = x[far[0], d] if len(far) else 0.0
    made = x.copy()
    treat_column(made, np.array([float(points), 2.0, 3.5, 0.0, 0.0, 0.0]))
    np.testing.assert_allclose(made, np.column_stack([slow(c, points) for c in x.T]), rtol=1e-12)
