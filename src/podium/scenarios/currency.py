"""Money at the European Central Bank's reference rates, offline."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

__all__ = ["exchanged"]


@cache
def _converter() -> Any:
    from currency_converter import CurrencyConverter

    return CurrencyConverter(fallback_on_missing_rate=True, fallback_on_missing_rate_method="last_known")


def exchanged(amount: float, currency: str, into: str, day: str) -> float | None:
    """Return an amount in another currency at the rate of an ISO day, or of the last day before that has one.

    None where there is no rate; a day after the last one known takes that one's rate.
    """
    if currency == into:
        return amount
    rates = _converter()
    if currency not in rates.currencies or into not in rates.currencies:
        return None
    when = datetime.date.fromisoformat(day)
    for code in (currency, into):
        if code == rates.ref_currency:
            continue
        first, last = rates.bounds[code]
        if when < first:
            return None
        when = min(when, last)
    return float(rates.convert(amount, currency, into, date=when))
