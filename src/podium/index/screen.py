"""Which units have enough data to take part."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array

__all__ = ["availability", "enough"]


def availability(values: Array) -> Array:
    """Share of indicators that are not NaN, for each unit; ``(..., unit, indicator)`` → ``(..., unit)``."""
    return np.asarray(1.0 - np.isnan(values).mean(axis=-1), dtype=float)


def enough(values: Array, *, min_available: float, min_nonzero: float | None = None) -> npt.NDArray[np.bool_]:
    """Return which units reach the share of available and, where asked, of non-zero values.

    The share of non-zero values is over the values that are there, as in COINr's ``Screen``.
    """
    keep = availability(values) >= min_available
    if min_nonzero is not None:
        there = (~np.isnan(values)).sum(axis=-1)
        nonzero = ((values != 0) & ~np.isnan(values)).sum(axis=-1)
        keep &= nonzero >= min_nonzero * there
    return np.asarray(keep)
