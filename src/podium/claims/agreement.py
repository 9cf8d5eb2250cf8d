"""Whether a computed multiple or share agrees with the one an article states."""

from __future__ import annotations

import re
from functools import lru_cache

from podium.claims.claim import Claim

__all__ = ["HALVES", "agrees", "rounding"]

HALVES = ("절반", "half", "半分", "半数", "반")


def agrees(claim: Claim, value: float) -> bool:
    """Whether a computed multiple or share agrees with the one stated, under its hedge and its rounding."""
    stated = claim.value
    if stated is None:
        return claim.low is not None and claim.low <= value and (claim.high is None or value <= claim.high)
    digits = "%" in claim.span_text or re.search(r"per ?cent|퍼센트|パーセント", claim.span_text)
    in_words = claim.kind == "share" and not digits
    match claim.hedge:
        case "more_than" | "at_least":
            step = 0.1 if "割" in claim.span_text or "할" in claim.span_text else 0.0  # 1割以上 reaches to the next tenth
            return stated * 0.999 <= value <= max(stated * 1.5, stated + step * 0.999)
        case "less_than" | "at_most":
            return stated * 0.5 <= value <= stated * 1.001
        case "nearly":
            return stated * 0.9 <= value <= stated * 1.02
        case "slightly_more":  # a fraction in words has no last digit: 4分の3強 reaches a tenth further
            most = max(claim.high or 0.0, stated * 1.1) if in_words or not claim.high else claim.high
            return stated * 0.98 <= value <= most
        case "range":
            return (claim.low or 0) * 0.98 <= value <= (claim.high or 0) * 1.02
        case "approx":
            return abs(value - stated) <= 0.1 * stated
    if claim.kind == "share" and claim.span_text in HALVES:
        return 0.4 <= value <= 0.6
    return abs(value - stated) <= max((0.1 if in_words else 0.05) * stated, min(rounding(claim), 0.13 * stated))


def rounding(claim: Claim) -> float:
    """Half of the last digit written, in the unit of the claim: 4.3배 may be 4.25, 8 % may be 7.5 %."""
    return _half_digit(claim.span_text, 0.01 if claim.kind == "share" else 1.0)


@lru_cache(maxsize=4096)
def _half_digit(written: str, unit: float) -> float:
    m = re.search(r"\d+(?:\.(\d+))?", written)
    if m is None or "분의" in written or "分の" in written or "割" in written:
        return 0.0
    return 0.51 * unit * 10.0 ** -len(m[1] or "")
