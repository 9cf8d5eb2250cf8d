"""Exchange rates of a day, offline: the European Central Bank's reference rates, and the pegs that follow from them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache
from typing import Any

__all__ = ["Rate", "cross_rate", "exchanged", "rate_of"]

PEGGED = {"SAR": ("USD", 3.75), "AED": ("USD", 3.6725)}
LATE = 31
"""Days for which a rate stands where no later one is held: weekends, holidays, and what came since the last release."""


@dataclass(frozen=True)
class Rate:
    """How much of one currency a unit of another bought, and the ISO day of which the ECB's rate is."""

    value: float
    day: str


@cache
def _converter() -> Any:
    from currency_converter import CurrencyConverter

    return CurrencyConverter()


@cache
def rate_of(one: str, other: str, day: str) -> Rate | None:
    """Return how much of `other` a unit of `one` bought at the ECB reference rates of an ISO day, or the last before.

    None where the ECB gave no rate on that day or in the 31 days before. The riyal and the dirham follow from their
    pegs to the dollar.
    """
    factor = 1.0
    if one in PEGGED:
        one, peg = PEGGED[one]
        factor /= peg
    if other in PEGGED:
        other, peg = PEGGED[other]
        factor *= peg
    if one == other:
        return Rate(factor, day)
    from currency_converter import RateNotFoundError

    if not {one, other} <= _converter().currencies:
        return None
    wanted = datetime.date.fromisoformat(day)
    for back in range(min(LATE + 1, wanted.toordinal())):
        when = wanted - datetime.timedelta(days=back)
        try:
            return Rate(factor * float(_converter().convert(1.0, one, other, date=when)), when.isoformat())
        except RateNotFoundError:
            continue
    return None


def cross_rate(one: str, other: str, day: str) -> float | None:
    """Return the value of `rate_of` alone."""
    rate = rate_of(one, other, day)
    return None if rate is None else rate.value


def exchanged(amount: float, currency: str, into: str, day: str) -> float | None:
    """Return an amount in another currency at the rate of an ISO day; a day after the last one held takes that one's.

    None where there is no rate.
    """
    last = _converter().bounds["USD"].last_date.isoformat()
    rate = cross_rate(currency, into, min(day, last))
    return None if rate is None else amount * rate
