"""Outliers: winsorisation while skew and kurtosis are both high, and the logarithms used where it fails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array

__all__ = ["Treatment", "apply_treatment", "kurtosis", "learn_treatment", "log_shifted", "skewness"]


@dataclass(frozen=True)
class Treatment:
    """What was done to one indicator: values outside ``low``–``high`` are cut; ``log`` is (min, range) or None."""

    low: float = -np.inf
    high: float = np.inf
    log: tuple[float, float] | None = None
    cut_low: int = 0
    cut_high: int = 0
    skew_before: float = np.nan
    kurtosis_before: float = np.nan
    skew_after: float = np.nan
    kurtosis_after: float = np.nan


def skewness(x: Array) -> float:
    """Type-2 sample skewness (as Excel and e1071 type 2) of a vector; NaN below 3 values or for a constant.

    Joanes & Gill (1998), doi:10.1111/1467-9884.00122.
    """
    x = x[~np.isnan(x)]
    n = len(x)
    d = x - x.mean() if n else x
    s2 = float((d**2).sum())
    if n < 3 or s2 == 0:
        return float("nan")
    return float(np.sqrt(n) * (d**3).sum() / s2**1.5 * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(x: Array) -> float:
    """Type-2 excess kurtosis of a vector; NaN below 4 values or for a constant.

    Joanes & Gill (1998), doi:10.1111/1467-9884.00122.
    """
    x = x[~np.isnan(x)]
    n = len(x)
    d = x - x.mean() if n else x
    s2 = float((d**2).sum())
    if n < 4 or s2 == 0:
        return float("nan")
    r = n * float((d**4).sum()) / s2**2
    return float(((n + 1) * (r - 3) + 6) * (n - 1) / ((n - 2) * (n - 3)))


def passes(x: Array, skew: float, kurt: float) -> bool:
    """Whether |skew| < `skew` or kurtosis < `kurt`; a vector without either passes."""
    s, k = skewness(x), kurtosis(x)
    return not (abs(s) >= skew and k >= kurt)


def learn_treatment(
    x: Array, *, max_points: int | None, skew: float, kurtosis_: float, otherwise_log: bool
) -> Treatment:
    """Return the treatment that one indicator needs.

    While skewness and kurtosis are both above their thresholds, the outermost point on the side of the skew is
    set to its neighbour, until `max_points` points have been moved (ties can overshoot); if that does not suffice,
    the untreated values are logged instead (COINr's default sequence).

    Parameters
    ----------
    x
        One indicator, ``(unit,)``; NaN is left alone.
    """
    before = (skewness(x), kurtosis(x))
    if passes(x, skew, kurtosis_):
        return Treatment(skew_before=before[0], kurtosis_before=before[1])
    y = x.copy()
    cut_high = cut_low = 0
    while not passes(y, skew, kurtosis_) and (max_points is None or cut_high + cut_low < max_points):
        side_high = skewness(y) >= 0
        edge = np.nanmax(y) if side_high else np.nanmin(y)
        inner = y[(y < edge) if side_high else (y > edge)]
        if not len(np.unique(inner)) > 1:  # one more step would leave a constant
            break
        at_edge = y == edge
        y[at_edge] = inner.max() if side_high else inner.min()
        if side_high:
            cut_high = int(at_edge.sum())
        else:
            cut_low = int(at_edge.sum())
    if passes(y, skew, kurtosis_) or not otherwise_log:
        high = float(np.nanmax(y)) if cut_high else np.inf
        low = float(np.nanmin(y)) if cut_low else -np.inf
        return Treatment(low, high, None, cut_low, cut_high, *before, skewness(y), kurtosis(y))
    lowest, spread = float(np.nanmin(x)), float(np.nanmax(x) - np.nanmin(x))
    logged = log_shifted(x, lowest, spread)
    return Treatment(log=(lowest, spread), skew_before=before[0], kurtosis_before=before[1],
                     skew_after=skewness(logged), kurtosis_after=kurtosis(logged))  # fmt: skip


def log_shifted(x: Array, lowest: float, spread: float) -> Array:
    """Return ``ln(x - lowest + 0.01 spread)``, defined where the argument is positive, else NaN."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.log(x - lowest + 0.01 * spread), dtype=float)


def apply_treatment(values: Array, treatments: tuple[Treatment, ...]) -> Array:
    """Return the values ``(..., unit, indicator)`` treated column by column; NaN stays NaN."""
    out = np.array(values, dtype=float)
    for k, t in enumerate(treatments):
        if t.log is not None:
            out[..., k] = log_shifted(out[..., k], *t.log)
        elif t.cut_low or t.cut_high:
            out[..., k] = np.clip(out[..., k], t.low, t.high)
    return out
