"""Where the parts of a sum are spent: Brookfield's 20 of the 109 billion that firms put into France go to France."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.claim import Claim
from podium.claims.quantities import Quantity

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["spent_with_the_whole"]

_PARTS = re.compile(
    r"이 ?가운데|그 ?가운데|이 ?중(?=[에은\s,])|그 ?중(?=[에은\s,])|가장 (?:큰|많)|내역|몫|큰손|큰 손|주요 투자자|最大の(?:出し手|投資家|拠出)|最も多|内訳|このうち|筆頭"
    r"|\bof (?:that|this|which|the total)\b|\b(?:largest|biggest|single) (?:part|share|slice|cheque|check|pledge|chunk|investor|backer|contribution|sum)|\blion[’']s share|\bincludes?\b|\bincluding\b|\bbreakdown\b|\bamong (?:them|the pledges)\b", re.I
)  # fmt: skip


def spent_with_the_whole(page: Page, q: Quantity, country: str | None, earlier: Sequence[Claim]) -> Claim | None:
    """Return the whole that a sum is told as a part of, where that is spent in another country than the payer's.

    Parameters
    ----------
    country
        The country that the sentence of the sum gives it: its payer's.
    earlier
        The claims before it.
    """
    a = page.sentences[page.sentence_of(q.start)][0]
    if q.family == "power":
        beside = next((c for c in reversed(earlier) if c.char_start >= a and c.kind == "money_investment"), None)
        return beside if beside is not None and beside.subject_country_iso3 not in (None, country) and not _names(page, beside.char_end, q.start) else None
    for whole in reversed(earlier):
        if "\n" in page.folded[whole.char_end : q.start]:
            return None
        if whole.kind != "money_investment" or whole.unit != q.unit or not whole.value or whole.subject_country_iso3 is None:
            continue
        size = q.value if q.value is not None else q.low
        if size and size < whole.value and _PARTS.search(page.folded, whole.char_end, q.start + 1):
            home = whole.subject_country_iso3
            return whole if home != country and not _placed(page, a, q.start, home) and _is_place(page, whole, home) else None
    return None


def _names(page: Page, a: int, b: int) -> bool:
    return any(m.type == "country" and m.country for m in page.within(page.mentions, a, b))


def _is_place(page: Page, whole: Claim, home: str) -> bool:
    """Whether the sentence of the whole names the country itself, not only a firm of it."""
    a, b = page.sentences[page.sentence_of(whole.char_start)]
    return any(m.type in ("country", "state") and m.country == home for m in page.within(page.mentions, a, b))


_AT = re.compile(r"\b(?:in|into|to|across)\s(?:the )?$", re.I)
_AT_AFTER = re.compile(r"(?:에서?|에는|내|현지)\s|(?:に|で|国内)")


def _placed(page: Page, a: int, start: int, home: str) -> bool:
    """Whether the sentence of a part names another place where it is spent."""
    named = [m for m in page.within(page.mentions, a, start) if m.type == "country" and m.country != home]
    return any(_AT.search(page.folded[max(0, m.start - 12) : m.start]) or (page.language != "en" and _AT_AFTER.match(page.folded, m.end)) for m in named)
