"""Whose money a bare sign or word means in an article: $, crowns and pesos by the country that it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from podium.claims.entities import fold
from podium.claims.quantities import BRACKET_CLOSES, BRACKET_OPENS, Quantity

__all__ = ["DOLLARS", "in_dollars_of", "in_money_of", "own_money"]

DOLLARS = {"CAN": "CAD", "AUS": "AUD", "SGP": "SGD", "NZL": "NZD", "HKG": "HKD", "TWN": "TWD"}
_ALIKE = {"NOK": {"DNK": "DKK"}, "MXN": {"PHL": "PHP", "CHL": "CLP", "COL": "COP", "ARG": "ARS"}}
_NAMED_WITH = re.compile(r"노르웨이|멕시코|Norwegian|Mexican|ノルウェー|メキシコ|NOK|MXN|MX\$|Mex\$|NKr", re.I)


def in_money_of(found: Sequence[Quantity], text: str, home: str) -> list[Quantity]:
    """Return the figures with a bare crown or peso as that of an article's own country: Danish kroner, Chilean pesos.

    Parameters
    ----------
    found
        The figures of the text.
    text
        The text in which they were found.
    home
        ISO3 code of the country that the article is about.
    """
    return [replace(q, unit=own_money(q.unit, text[q.start : q.core[1]], home)) for q in found]


def own_money(unit: str, written: str, home: str | None) -> str:
    """Return the currency that a bare crown or peso is in a country; any other unit as it is."""
    own = _ALIKE.get(unit, {}).get(home or "")
    return unit if own is None or _NAMED_WITH.search(written) else own


_OWN_DOLLAR = re.compile(r"(?<![A-Za-z.$])\$\s?\d")
_US_DOLLAR = re.compile(r"(?:US|U\.S\.)\s?\$\s?\d|USD\s?\d")


def in_dollars_of(text: str, found: Sequence[Quantity], home: str) -> list[Quantity]:
    """Return the figures with a bare $ as the dollar of an article's own country, where the article writes US$ apart.

    Parameters
    ----------
    text
        The text in which the figures were found.
    home
        ISO3 code of the country that the article is about; only those of `DOLLARS` change anything.
    """
    own = DOLLARS.get(home)
    folded = fold(text)
    if own is None or not _US_DOLLAR.search(folded):
        return list(found)
    out: list[Quantity] = []
    for q in found:
        bare = q.unit == "USD" and _OWN_DOLLAR.search(folded[q.start : q.core[1]])
        if bare:
            q = replace(q, unit=own)
        elif q.converted is not None and q.converted[1] == "USD" and _OWN_DOLLAR.search(folded[q.core[1] : q.end]):
            q = replace(q, converted=(q.converted[0], own))
        last = out[-1] if out else None
        if last is not None and last.converted is None and q.value is not None and {last.unit, q.unit} == {own, "USD"}:
            close = BRACKET_CLOSES.match(folded, q.end)
            if close and BRACKET_OPENS.fullmatch(folded, last.end, q.core[0]):
                out[-1] = replace(last, end=close.end(), converted=(q.value, q.unit))
                continue
        out.append(q)
    return out
