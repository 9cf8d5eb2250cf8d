"""The scale in which a series moves evenly: a declared logarithm or root, that of skewed amounts, or its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from podium.data.dataset import Array
from podium.index.spec import IndicatorRule

__all__ = ["Scale", "scale_of"]

SKEWED = 1.0
"""Amounts of more skewness than this move in proportion to their size."""


@dataclass(frozen=True)
class Scale:
    """A monotone scale and its inverse; ``least`` is the least figure that may come back."""

    kind: Literal["log", "sqrt", "linear"]
    offset: float = 0.0
    least: float = -np.inf

    def forward(self, x: Array) -> Array:
        """Figures of any shape on the scale; NaN stays, and a figure beyond the scale is NaN."""
        with np.errstate(invalid="ignore", divide="ignore"):
            shifted = np.asarray(x) + self.offset
            y = np.log(shifted) if self.kind == "log" else np.sqrt(shifted) if self.kind == "sqrt" else shifted
        return np.where(np.isfinite(y), y, np.nan)

    def back(self, y: Array) -> Array:
        """Figures from the scale."""
        if self.kind == "sqrt":
            x = np.maximum(y, 0.0) ** 2 - self.offset
        else:
            x = np.exp(np.minimum(y, 600.0)) - self.offset if self.kind == "log" else y
        return np.asarray(np.maximum(x, self.least))


def scale_of(y: Array, rule: IndicatorRule | None) -> Scale:
    """Return the scale of figures of any shape: the specification's own, else by sign and skewness.

    A declared logarithm or square root counts where every figure has one. Else positive figures with a skewness above 1
    take the logarithm, and such figures with zeros the square root.
    """
    x = y[~np.isnan(y)]
    if not len(x):
        return Scale("linear")
    low = float(x.min())
    least = 0.0 if low >= 0 else -np.inf
    declared = rule.transform if rule is not None else None
    if declared is not None and declared.method in ("log", "log10", "log2") and low + declared.offset > 0:
        return Scale("log", declared.offset, least)
    if declared is not None and declared.method == "sqrt" and low + declared.offset >= 0:
        return Scale("sqrt", declared.offset, least)
    sd = float(x.std())
    skewed = sd > 0 and float((((x - x.mean()) / sd) ** 3).mean()) > SKEWED
    if skewed and low >= 0:
        return Scale("log", 0.0, least) if low > 0 else Scale("sqrt", 0.0, least)
    return Scale("linear", 0.0, least)
