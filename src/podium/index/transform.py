"""Transformations of single indicators that a specification declares: log with its offset, square root, cap."""

from __future__ import annotations

import numpy as np

from podium.data.dataset import Array
from podium.errors import ComputationError, Fault

__all__ = ["transform"]


def transform(
    x: Array, *, method: str, scale: float = 1.0, offset: float = 0.0, exponent: float = 1.0,
    lower: float | None = None, upper: float | None = None, label: str = "an indicator",
) -> Array:  # fmt: skip
    """Return ``ln(y)``, ``sqrt(y)``, ``y**exponent`` of ``y = scale x + offset``, or x alone; after caps, NaN stays.

    Raises
    ------
    ComputationError
        If a logarithm or a root has no value, naming the indicator and the offset.
    """
    if method == "none":
        return x
    if lower is not None or upper is not None:
        x = np.clip(x, lower, upper)
    if method == "cap":
        return x
    shifted = scale * x + offset
    bad = shifted <= 0 if method == "log" else shifted < 0
    if bool(np.any(bad)):
        worst = float(np.nanmin(x))
        raise ComputationError(Fault(f"{method} of {label} has no value: the smallest figure is {worst:g}",
                                     f"Raise `offset` above {-worst:g}"))  # fmt: skip
    if method == "log":
        return np.asarray(np.log(shifted), dtype=float)
    power = 0.5 if method == "sqrt" else exponent
    if power < 0 and bool(np.any(shifted == 0)):
        raise ComputationError(Fault(f"{label} has a figure of 0, which has no power of {power:g}",
                                     "Set `lower`, or an `offset`"))  # fmt: skip
    return np.asarray(shifted**power, dtype=float)
