"""Exchange rates of a day: the ECB reference rates, and the pegs that follow from them."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

__all__ = ["cross_rate"]

PEGGED = {"SAR": ("USD", 3.75), "AED": ("USD", 3.6725)}


@cache
def _converter() -> Any:
    from currency_converter import CurrencyConverter

    return CurrencyConverter(fallback_on_missing_rate=True, fallback_on_missing_rate_method="last_known")


@cache
def cross_rate(one: str, other: str, day: str) -> float | None:
    """Return how much of `other` one unit of `one` bought at the ECB reference rates of an ISO day, or the last before.

    None where the ECB gives no rate. The riyal and the dirham follow from their pegs to the dollar.
    """
    factor = 1.0
    if one in PEGGED:
        one, peg = PEGGED[one]
        factor /= peg
    if other in PEGGED:
        other, peg = PEGGED[other]
        factor *= peg
    converter = _converter()
    if one == other:
        return factor
    if one not in converter.currencies or other not in converter.currencies:
        return None
    when = min(datetime.date.fromisoformat(day), converter.bounds["USD"].last_date)
    try:
        return factor * float(converter.convert(1.0, one, other, date=when))
    except ValueError:
        return None
