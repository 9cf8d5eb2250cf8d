"""Division by denominators: per head, per GDP, per area."""

from __future__ import annotations

import numpy as np

from podium.data.dataset import Array

__all__ = ["denominate"]


def denominate(values: Array, denominators: Array, scale: Array | float = 1.0) -> Array:
    """Return ``values / denominators * scale``.

    Parameters
    ----------
    values, denominators
        Arrays ``(..., unit, indicator)``; NaN in `denominators` with ``scale`` 1 means "not divided" where the
        whole column is NaN, and a missing result where single cells are.

    Returns
    -------
    Array of the same shape; NaN where value or denominator is missing.
    """
    undivided = np.isnan(denominators).all(axis=-2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        divided = values / denominators * scale
    return np.where(undivided, values, divided)
