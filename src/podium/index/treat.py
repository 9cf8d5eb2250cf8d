"""Outliers: winsorisation while skew and kurtosis are both high, caps, and changes of the whole indicator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import ComputationError, Fault

__all__ = [
    "CHANGES", "Rule", "Treatment", "apply_treatment", "fitted_exponent", "kurtosis", "learn_treatments",
    "register_change", "shapes", "skewness", "treated_points", "winsorised",
]  # fmt: skip

Learnt = tuple[float, float, float, float]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """How one indicator is treated.

    ``method`` is ``winsorise``, ``cap``, ``none`` or a change of `CHANGES`. Winsorising moves up to ``max_points``
    points while ``|skew|`` and kurtosis are both at their thresholds or above (or always, with ``force``); if that does
    not suffice, ``otherwise`` names a change of the untreated figures (of the winsorised ones with ``combine``), or
    ``none``. A change alone is applied ``always``, or only where the figures are skewed. ``exponent`` is that of
    Box–Cox, None fits it; ``lower`` and ``upper`` are the caps.
    """

    method: str = "winsorise"
    max_points: int | None = 5
    skew: float = 2.0
    kurtosis: float = 3.5
    otherwise: str = "log"
    exponent: float | None = None
    combine: bool = False
    force: bool = False
    always: bool = False
    lower: float | None = None
    upper: float | None = None


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


def shapes(x: Array) -> tuple[Array, Array]:
    """Type-2 skewness and excess kurtosis over units, ``(..., unit, indicator)`` → twice ``(..., indicator)``.

    NaN below 3 and 4 values, and for a constant; NaN in the figures is left out. Joanes & Gill (1998),
    doi:10.1111/1467-9884.00122.
    """
    there = ~np.isnan(x)
    n = there.sum(axis=-2).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, x, 0.0).sum(axis=-2) / n
        d = np.where(there, x - mean[..., None, :], 0.0)
        spread = _highest(x) + _highest(-x)
        d = d / np.where(spread > 0, spread, np.nan)[..., None, :]  # neither rounding nor underflow makes a shape
        squares = d * d
        s2 = squares.sum(axis=-2)
        skew = np.sqrt(n) * (squares * d).sum(axis=-2) / s2**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
        r = n * (squares * squares).sum(axis=-2) / s2**2
        kurt = ((n + 1) * (r - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    return np.where(n > 2, skew, np.nan), np.where(n > 3, kurt, np.nan)


def skewness(x: Array) -> float:
    """Type-2 sample skewness (as Excel and e1071 type 2) of a vector; see `shapes`."""
    return float(shapes(x[:, None])[0][0])


def kurtosis(x: Array) -> float:
    """Type-2 excess kurtosis of a vector; see `shapes`."""
    return float(shapes(x[:, None])[1][0])


def _skewed(found: tuple[Array, Array], rules: Sequence[Rule]) -> Flags:
    """Whether |skew| and kurtosis are both at their thresholds or above; a vector without either is not."""
    skew, kurt = np.array([r.skew for r in rules]), np.array([r.kurtosis for r in rules])
    return np.asarray((np.abs(found[0]) >= skew) & (found[1] >= kurt))


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
    """Return the exponent of Box–Cox that makes ``x - min + 1`` most nearly normal, by maximum likelihood.

    Raises
    ------
    ComputationError
        If no exponent is more likely than all others, as for figures that hardly differ.
    """
    from scipy.stats import boxcox_normmax

    known = x[~np.isnan(x)]
    try:
        if not np.ptp(known - known.min() + 1.0) > 0:
            raise RuntimeError("there is no spread")
        return float(boxcox_normmax(known - known.min() + 1.0, method="mle"))
    except RuntimeError:  # SciPy's BracketError, which it does not export, is one
        raise ComputationError(
            Fault(f"no exponent of Box–Cox fits figures from {known.min():g} to {known.max():g}",
                  "Give `exponent`, or name another change under `indicators`")
        ) from None  # fmt: skip


def winsorised(x: Array, rules: Sequence[Rule]) -> tuple[Array, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return indicators with their outermost points pulled in, and how many points stand at the low and high end.

    All points at the edge on the side of the skew are set to their neighbour, until the rule is content or has moved
    its points; ties can overshoot. An indicator is never made constant.

    Parameters
    ----------
    x
        ``(unit, indicator)``; NaN stays.
    rules
        One an indicator; only how it winsorises is looked at.
    """
    y = x.copy()
    count = np.zeros((2, x.shape[1]), dtype=np.intp)
    limit = np.array([np.inf if r.max_points is None else r.max_points for r in rules])
    force = np.array([r.force for r in rules])
    active = np.arange(x.shape[1])
    while len(active):
        found = shapes(y[:, active])
        wanted = _skewed(found, [rules[k] for k in active.tolist()]) | force[active]
        wanted &= count.sum(axis=0)[active] < limit[active]
        active, upper = active[wanted], found[0][wanted] >= 0
        turned = np.where(upper, y[:, active], -y[:, active])  # the edge is on top, whichever the side
        edge = _highest(turned)
        inner = np.where(turned < edge, turned, np.nan)
        neighbour, lowest = _highest(inner), -_highest(-inner)
        moves = neighbour > lowest  # one more step would leave a constant
        active, upper, turned = active[moves], upper[moves], turned[:, moves]
        at_edge = turned == edge[moves]
        turned = np.where(at_edge, neighbour[moves], turned)
        y[:, active] = np.where(upper, turned, -turned)
        count[upper.astype(np.intp), active] = at_edge.sum(axis=0)
    return y, count[0], count[1]


def _highest(x: Array) -> Array:
    return np.asarray(np.fmax.reduce(x, axis=-2, initial=-np.inf))


def learn_treatments(x: Array, rules: Sequence[Rule]) -> tuple[Treatment, ...]:
    """Return the treatment that each indicator needs.

    Parameters
    ----------
    x
        ``(unit, indicator)``; NaN is left alone.
    rules
        One an indicator.
    """
    before = shapes(x)
    skewed = _skewed(before, rules)
    asked = [k for k, r in enumerate(rules) if r.method == "winsorise" and (skewed[k] or r.force)]
    cut, chosen = np.array(asked, dtype=np.intp), [rules[k] for k in asked]
    y, low, high = winsorised(x[:, cut], chosen)
    after = shapes(y)
    still = _skewed(after, chosen)
    out = []
    place = {int(k): n for n, k in enumerate(cut)}
    for k, rule in enumerate(rules):
        found = Treatment(skew_before=float(before[0][k]), kurtosis_before=float(before[1][k]))
        if k in place:
            n = place[k]
            count, shape = (int(low[n]), int(high[n])), (float(after[0][n]), float(after[1][n]))
            out.append(_cut_or_changed(x[:, k], y[:, n], count, shape, bool(still[n]), rule, found))
        elif rule.method == "cap":
            out.append(_capped(x[:, k], rule, found))
        elif rule.method in CHANGES and (rule.always or skewed[k]):
            out.append(_changed(x[:, k], rule.method, rule.exponent, found.skew_before, found))
        else:
            out.append(found)
    return _with_shapes(x, out)


def _cut_or_changed(
    x: Array, y: Array, count: tuple[int, int], shape: tuple[float, float], still: bool, rule: Rule, found: Treatment
) -> Treatment:
    """Keep the winsorised figures, or change the indicator where they are skewed still."""
    found = replace(found, winsorised=sum(count), skew_winsorised=shape[0], kurtosis_winsorised=shape[1])
    cut = replace(
        found, low=float(np.nanmin(y)) if count[0] else -np.inf, high=float(np.nanmax(y)) if count[1] else np.inf,
        cut_low=count[0], cut_high=count[1],
    )  # fmt: skip
    if not still or rule.otherwise == "none":
        return cut
    base, skew, held = (y, shape[0], cut) if rule.combine else (x, found.skew_before, found)
    return _changed(base, rule.otherwise, rule.exponent, skew, held)


def _changed(x: Array, name: str, exponent: float | None, skew: float, found: Treatment) -> Treatment:
    power = fitted_exponent(x) if name == "boxcox" and exponent is None else exponent or 0.0
    learnt = (float(np.nanmin(x)), float(np.nanmax(x)), skew, power)
    return replace(found, change=(name, learnt))


def _capped(x: Array, rule: Rule, found: Treatment) -> Treatment:
    low, high = (-np.inf if rule.lower is None else rule.lower), (np.inf if rule.upper is None else rule.upper)
    return replace(found, low=low, high=high, cut_low=int((x < low).sum()), cut_high=int((x > high).sum()))


def _with_shapes(x: Array, found: list[Treatment]) -> tuple[Treatment, ...]:
    """The treatments with skewness and kurtosis of what they make of the figures ``(unit, indicator)``."""
    touched = [k for k, t in enumerate(found) if t.change is not None or t.cut_low or t.cut_high]
    skew, kurt = shapes(apply_treatment(x[:, touched], tuple(found[k] for k in touched)))
    for k, s, c in zip(touched, skew, kurt, strict=True):
        found[k] = replace(found[k], skew_after=float(s), kurtosis_after=float(c))
    return tuple(found)


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
