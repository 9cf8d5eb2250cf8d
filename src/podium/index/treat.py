"""Outliers: winsorisation while skew and kurtosis are both high, and the logarithms used where it fails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array

__all__ = [
    "CHANGES", "Treatment", "apply_treatment", "fitted_exponent", "kurtosis", "learn_treatment", "skewness",
    "winsorised",
]  # fmt: skip


@dataclass(frozen=True)
class Treatment:
    """What was done to one indicator: values outside ``low``–``high`` are cut, then ``change`` is applied.

    ``change`` names a method of `CHANGES` with what it learnt: the least and greatest figure, the sign of the skew and
    the exponent.
    """

    low: float = -np.inf
    high: float = np.inf
    change: tuple[str, tuple[float, float, float, float]] | None = None
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


def log_ct(x: Array, learnt: tuple[float, float, float, float]) -> Array:
    """``ln(x - min + 0.01 (max - min))``, COINr's default; NaN where it has no value."""
    low, high, _, _ = learnt
    return _log(x - low + 0.01 * (high - low))


def log_ct_orig(x: Array, learnt: tuple[float, float, float, float]) -> Array:
    """``ln(x - min + 1)``."""
    return _log(x - learnt[0] + 1.0)


def log_ct_plus(x: Array, learnt: tuple[float, float, float, float]) -> Array:
    """`log_ct` where the skew is positive, else its mirror ``-ln(max + 0.01 (max - min) - x)``."""
    low, high, sign, _ = learnt
    return log_ct(x, learnt) if sign > 0 else -_log(high + 0.01 * (high - low) - x)


def log_gii(x: Array, learnt: tuple[float, float, float, float]) -> Array:
    """The Global Innovation Index's ``ln((max - 1)(x - min) / (max - min) + 1)``, mirrored for a negative skew."""
    low, high, sign, _ = learnt
    part = (x - low) / (high - low) if sign > 0 else (high - x) / (high - low)
    logged = _log((high - 1.0) * part + 1.0)
    return logged if sign > 0 else -logged


def box_cox(x: Array, learnt: tuple[float, float, float, float]) -> Array:
    """Box–Cox of ``y = x - min + 1``: ``ln y`` at exponent 0, else ``(y^λ - 1) / λ``.

    Box & Cox (1964), doi:10.1111/j.2517-6161.1964.tb00553.x.
    """
    y, exponent = x - learnt[0] + 1.0, learnt[3]
    if exponent == 0:
        return _log(y)
    with np.errstate(invalid="ignore"):
        return np.asarray((y**exponent - 1.0) / exponent)


def square_root(x: Array, learnt: tuple[float, float, float, float]) -> Array:
    """``sqrt(x - min)``."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sqrt(x - learnt[0]))


def _log(x: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(x > 0, np.log(x), np.nan), dtype=float)


CHANGES = {
    "boxcox": box_cox, "log": log_ct, "log_ct": log_ct, "log_ct_orig": log_ct_orig, "log_ct_plus": log_ct_plus,
    "log_gii": log_gii, "sqrt": square_root,
}  # fmt: skip
"""Changes of a whole indicator used where winsorising does not suffice."""


def fitted_exponent(x: Array) -> float:
    """Return the exponent of Box–Cox that makes ``x - min + 1`` most nearly normal, by maximum likelihood."""
    from scipy.stats import boxcox_normmax

    known = x[~np.isnan(x)]
    return float(boxcox_normmax(known - known.min() + 1.0, method="mle"))


def winsorised(
    x: Array, *, max_points: int | None, skew: float, kurtosis_: float, force: bool = False
) -> tuple[Array, int, int]:
    """Return an indicator with its outermost points pulled in, and how many points stand at each end; NaN stays.

    While skewness and kurtosis are both above their thresholds (or always with `force`), all points at the edge on
    the side of the skew are set to their neighbour, until `max_points` have been moved; ties can overshoot.
    """
    y = x.copy()
    low = high = 0
    while (force or not passes(y, skew, kurtosis_)) and (max_points is None or high + low < max_points):
        upper = skewness(y) >= 0
        edge = np.nanmax(y) if upper else np.nanmin(y)
        inner = y[(y < edge) if upper else (y > edge)]
        if len(np.unique(inner)) < 2:  # one more step would leave a constant
            break
        at_edge = y == edge
        y[at_edge] = inner.max() if upper else inner.min()
        if upper:
            high = int(at_edge.sum())
        else:
            low = int(at_edge.sum())
    return y, low, high


def learn_treatment(
    x: Array, *, max_points: int | None, skew: float, kurtosis_: float, otherwise: str = "log",
    exponent: float | None = None, combine: bool = False,
) -> Treatment:  # fmt: skip
    """Return the treatment that one indicator needs.

    It is winsorised; if that does not suffice, `otherwise` names a method of `CHANGES` applied to the untreated figures
    (to the winsorised ones with `combine`), or ``none``.

    Parameters
    ----------
    x
        One indicator, ``(unit,)``; NaN is left alone.
    exponent
        That of Box–Cox; None fits it.
    """
    before = (skewness(x), kurtosis(x))
    if passes(x, skew, kurtosis_):
        return Treatment(skew_before=before[0], kurtosis_before=before[1])
    y, cut_low, cut_high = winsorised(x, max_points=max_points, skew=skew, kurtosis_=kurtosis_)
    upper = float(np.nanmax(y)) if cut_high else np.inf
    lower = float(np.nanmin(y)) if cut_low else -np.inf
    if passes(y, skew, kurtosis_) or otherwise == "none":
        return Treatment(lower, upper, None, cut_low, cut_high, *before, skewness(y), kurtosis(y))
    base = y if combine else x
    power = fitted_exponent(base) if otherwise == "boxcox" and exponent is None else exponent or 0.0
    change = (otherwise, (float(np.nanmin(base)), float(np.nanmax(base)), skewness(base), power))
    after = CHANGES[otherwise](base, change[1])
    cuts = (lower, upper) if combine else (-np.inf, np.inf)
    counts = (cut_low, cut_high) if combine else (0, 0)
    return Treatment(*cuts, change, *counts, *before, skewness(after), kurtosis(after))


def apply_treatment(values: Array, treatments: tuple[Treatment, ...]) -> Array:
    """Return the values ``(..., unit, indicator)`` treated column by column; NaN stays NaN."""
    out = np.array(values, dtype=float)
    for k, t in enumerate(treatments):
        if t.cut_low or t.cut_high:
            out[..., k] = np.clip(out[..., k], t.low, t.high)
        if t.change is not None:
            out[..., k] = CHANGES[t.change[0]](out[..., k], t.change[1])
    return out
