"""Outliers: winsorisation while skew and kurtosis are both high, caps, and changes of the whole indicator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from podium.data.dataset import Array

__all__ = [
    "CHANGES", "Treatment", "apply_treatment", "fitted_exponent", "kurtosis", "learn_treatment", "register_change",
    "skewness", "treated_points", "winsorised",
]  # fmt: skip

Learnt = tuple[float, float, float, float]


@dataclass(frozen=True)
class Treatment:
    """What was done to one indicator: values outside ``low``–``high`` are cut, then ``change`` is applied.

    ``change`` names a method of `CHANGES` with what it learnt: least and greatest figure, skew, exponent.
    ``winsorised`` is the number of points that winsorisation moved, also where its result was then discarded.
    Skewness and kurtosis are those before, after winsorising (NaN where nothing was moved) and at the end.
    """

    low: float = -np.inf
    high: float = np.inf
    change: tuple[str, Learnt] | None = None
    cut_low: int = 0
    cut_high: int = 0
    winsorised: int | None = None
    skew_before: float = np.nan
    kurtosis_before: float = np.nan
    skew_winsorised: float = np.nan
    kurtosis_winsorised: float = np.nan
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


def log_ct(x: Array, learnt: Learnt) -> Array:
    """``ln(x - min + 0.01 (max - min))``, COINr's default; NaN where it has no value."""
    low, high, _, _ = learnt
    return _log(x - low + 0.01 * (high - low))


def log_ct_orig(x: Array, learnt: Learnt) -> Array:
    """``ln(x - min + 1)``."""
    return _log(x - learnt[0] + 1.0)


def log_ct_plus(x: Array, learnt: Learnt) -> Array:
    """`log_ct` where the skew is positive, else its mirror ``-ln(max + 0.01 (max - min) - x)``."""
    low, high, sign, _ = learnt
    return log_ct(x, learnt) if sign > 0 else -_log(high + 0.01 * (high - low) - x)


def log_gii(x: Array, learnt: Learnt) -> Array:
    """The Global Innovation Index's ``ln((max - 1)(x - min) / (max - min) + 1)``, mirrored for a negative skew."""
    low, high, sign, _ = learnt
    part = (x - low) / (high - low) if sign > 0 else (high - x) / (high - low)
    logged = _log((high - 1.0) * part + 1.0)
    return logged if sign > 0 else -logged


def box_cox(x: Array, learnt: Learnt) -> Array:
    """Box–Cox of ``y = x - min + 1``: ``ln y`` at exponent 0, else ``(y^λ - 1) / λ``.

    Box & Cox (1964), doi:10.1111/j.2517-6161.1964.tb00553.x.
    """
    y, exponent = x - learnt[0] + 1.0, learnt[3]
    if exponent == 0:
        return _log(y)
    with np.errstate(invalid="ignore"):
        return np.asarray((y**exponent - 1.0) / exponent)


def square_root(x: Array, learnt: Learnt) -> Array:
    """``sqrt(x - min)``."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sqrt(x - learnt[0]))


def _log(x: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(x > 0, np.log(x), np.nan), dtype=float)


CHANGES: dict[str, Callable[[Array, Learnt], Array]] = {
    "boxcox": box_cox,
    "log": log_ct,
    "log_ct": log_ct,
    "log_ct_orig": log_ct_orig,
    "log_ct_plus": log_ct_plus,
    "log_gii": log_gii,
    "sqrt": square_root,
}
"""Changes of a whole indicator, by name: its figures and what was learnt of them → the changed figures."""


def register_change(name: str, change: Callable[[Array, Learnt], Array]) -> None:
    """Make a change of whole indicators known to specifications under a name."""
    CHANGES[name] = change


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
    exponent: float | None = None, combine: bool = False, force: bool = False,
) -> Treatment:  # fmt: skip
    """Return the winsorisation that one indicator needs, and the change where that does not suffice.

    It is winsorised; if it is still skewed, `otherwise` names a method of `CHANGES` applied to the untreated figures
    (to the winsorised ones with `combine`), or ``none``.

    Parameters
    ----------
    x
        One indicator, ``(unit,)``; NaN is left alone.
    exponent
        That of Box–Cox; None fits it.
    force
        Winsorise `max_points` whatever the skew.
    """
    found = Treatment(skew_before=skewness(x), kurtosis_before=kurtosis(x))
    if passes(x, skew, kurtosis_) and not force:
        return found
    y, cut_low, cut_high = winsorised(x, max_points=max_points, skew=skew, kurtosis_=kurtosis_, force=force)
    after = (skewness(y), kurtosis(y))
    found = replace(found, winsorised=cut_low + cut_high, skew_winsorised=after[0], kurtosis_winsorised=after[1])
    cut = replace(
        found, low=float(np.nanmin(y)) if cut_low else -np.inf, high=float(np.nanmax(y)) if cut_high else np.inf,
        cut_low=cut_low, cut_high=cut_high, skew_after=after[0], kurtosis_after=after[1],
    )  # fmt: skip
    if passes(y, skew, kurtosis_) or otherwise == "none":
        return cut
    return learn_change(y if combine else x, otherwise, exponent, cut if combine else found)


def learn_change(x: Array, name: str, exponent: float | None = None, found: Treatment | None = None) -> Treatment:
    """Return the change of a whole indicator ``(unit,)`` by a method of `CHANGES`, added to what was found before."""
    held = found or Treatment(skew_before=skewness(x), kurtosis_before=kurtosis(x))
    power = fitted_exponent(x) if name == "boxcox" and exponent is None else exponent or 0.0
    learnt = (float(np.nanmin(x)), float(np.nanmax(x)), skewness(x), power)
    after = CHANGES[name](x, learnt)
    return replace(held, change=(name, learnt), skew_after=skewness(after), kurtosis_after=kurtosis(after))


def learn_cap(x: Array, lower: float | None, upper: float | None) -> Treatment:
    """Return the cap of one indicator ``(unit,)`` at given figures, on either or both sides."""
    low, high = -np.inf if lower is None else lower, np.inf if upper is None else upper
    y = np.clip(x, low, high)
    return Treatment(low, high, None, int((x < low).sum()), int((x > high).sum()), None, skewness(x), kurtosis(x),
                     skew_after=skewness(y), kurtosis_after=kurtosis(y))  # fmt: skip


def treated_points(before: Array, treatments: tuple[Treatment, ...]) -> np.ndarray:
    """Return what was done to each cell ``(unit, indicator)``, as text: ``winlo``, ``winhi``, a change, or nothing.

    Where figures were cut and then changed both stand, joined by ``+``; missing cells have nothing.
    """
    out = np.full(before.shape, "", dtype=object)
    for k, t in enumerate(treatments):
        x = before[:, k]
        there = ~np.isnan(x)
        marks = np.where(x < t.low, "winlo", np.where(x > t.high, "winhi", "")).astype(object)
        if t.change is not None:
            marks = np.array([f"{m}+{t.change[0]}" if m else t.change[0] for m in marks], dtype=object)
        out[there, k] = marks[there]
    return out


def apply_treatment(values: Array, treatments: tuple[Treatment, ...]) -> Array:
    """Return the values ``(..., unit, indicator)`` treated column by column; NaN stays NaN."""
    out = np.array(values, dtype=float)
    for k, t in enumerate(treatments):
        if t.cut_low or t.cut_high:
            out[..., k] = np.clip(out[..., k], t.low, t.high)
        if t.change is not None:
            out[..., k] = CHANGES[t.change[0]](out[..., k], t.change[1])
    return out
