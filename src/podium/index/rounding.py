"""Scores rounded as the publisher of an index does."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np

from podium.data.dataset import Array

__all__ = ["RULES", "round_half_even", "round_half_up", "rounded", "spreadsheet"]


def round_half_up(x: Array, decimals: int) -> Array:
    """Round half away from zero on the shortest decimal form of each number, as it is printed.

    Parameters
    ----------
    x
        Numbers of any shape; NaN and infinity stay.
    decimals
        How many places; negative ones round to tens, hundreds …
    """
    return _nearest(x, decimals, even=False)


def round_half_even(x: Array, decimals: int) -> Array:
    """Round half to the even digit on the shortest decimal form of each number (IEEE 754, R and Python)."""
    return _nearest(x, decimals, even=True)


def spreadsheet(x: Array, decimals: int) -> Array:
    """Round half away from zero after rounding to 15 significant digits, as a spreadsheet's ROUND does."""
    with np.errstate(over="ignore", invalid="ignore"):
        fraction = np.abs(x) * 10.0**decimals % 1.0
    near = np.isfinite(x) & (np.abs(fraction - 0.5) < 1e-4)
    held = np.array(x, dtype=float)
    held[near] = [float(f"{v:.15g}") for v in held[near]]
    return round_half_up(held, decimals)


RULES = {"half_even": round_half_even, "half_up": round_half_up, "spreadsheet": spreadsheet}


def rounded(x: Array, decimals: int | None, rule: str = "half_up") -> Array:
    """Return x rounded by a rule of `RULES`; as it is where `decimals` is None or the rule is ``none``."""
    return x if decimals is None or rule == "none" else RULES[rule](x, decimals)


def _nearest(x: Array, decimals: int, *, even: bool) -> Array:
    """Compare each number with the doubles next to the decimal ties around it.

    A tie of at most 15 digits is the shortest decimal form of its double and of no other, and rounding to doubles
    keeps order: so a number is above, on or below a tie exactly if its shortest decimal form is. Larger numbers go
    through `Decimal`.
    """
    a = np.abs(np.asarray(x, dtype=float))
    if not -20 <= decimals <= 20:
        return _slow(x, decimals, even=even)
    scale, tens = 10.0 ** abs(decimals), 10.0 ** abs(decimals + 1)
    with np.errstate(over="ignore", invalid="ignore"):
        r = np.rint(a * scale if decimals >= 0 else a / scale)
        low, high = (_times(10 * r + five, tens, up=decimals + 1 < 0) for five in (-5.0, 5.0))
        k = r + (a > high) - (a < low)
        odd = r % 2 == 1
        k = k + ((a == high) & odd) - ((a == low) & odd) if even else k + (a == high)
        out = np.copysign(_times(k, scale, up=decimals < 0), x)
    beyond = np.isfinite(a) & (r >= 1e14)
    if bool(beyond.any()):
        out[beyond] = _slow(np.asarray(x)[beyond], decimals, even=even)
    return np.asarray(np.where(np.isfinite(a), out, x))


def _times(whole: Array, scale: float, *, up: bool) -> Array:
    return np.asarray(whole * scale if up else whole / scale)


def _slow(x: Array, decimals: int, *, even: bool) -> Array:
    step, rule = Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN if even else ROUND_HALF_UP
    flat = [_by_decimal(float(v), step, rule) for v in np.asarray(x).reshape(-1)]
    return np.array(flat, dtype=float).reshape(np.shape(x))


def _by_decimal(v: float, step: Decimal, rule: str) -> float:
    if not np.isfinite(v) or Decimal(repr(v)).adjusted() - step.adjusted() > 26:  # a whole multiple of the step
        return v
    return float(Decimal(repr(v)).quantize(step, rule))
