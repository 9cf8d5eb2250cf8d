"""Two figures that the sentence itself adds: *35,000 for the first and 40,000 for the second, or 75,000 in all*, B를 더 들여오면 C가 된다."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.amounts import PLAIN, Sum, family, fits, total_of, window
from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_addition"]

_JOIN = {
    "en": re.compile(r"[^.;\d]{0,34},?\s(?:or|making|for)\s(?:a total of )?$", re.I),
    "ko": re.compile(r"(?:을|를)?\s?(?:더|추가로|추가해|보태|더)\s?[가-힣]{0,8}(?:면|으면)\s(?:모두 |총 |합계 )?$"),
    "ja": re.compile(r"を(?:加え|追加す|足|上乗せす|さらに導入す|買い足)[^。\d]{0,6}(?:ると|れば|せば)、?(?:計|合計|合わせて)?$"),
}
_SUM = {
    "en": re.compile(r"\s(?:[A-Za-z]+\s)?(?:in all|altogether|all told|in total|together|between them|combined)\b", re.I),
    "ko": re.compile(r"(?:이|가|으로|로)?\s?(?:된다|되는|될|늘어|불어|늘게)"),
    "ja": re.compile(r"(?:に|と)(?:なる|達する|増える|膨らむ)"),
}


def check_addition(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return the sum of the two figures before a total that its sentence adds up in so many words; None where it does not."""
    text, tongue = page.folded, page.language
    before = [c for c in window(page, claim, others, 0) if c.unit == claim.unit and c.value and c.kind in family(claim) and c.char_end <= claim.char_start]
    if len(before) != 2 or not _SUM[tongue].match(text, claim.char_end) or not _JOIN[tongue].fullmatch(text[before[1].char_end : claim.char_start]):
        return None
    value = sum(c.value or 0.0 for c in before)
    holds = fits(claim, value, 0.02)
    if not holds and any(c.hedge not in PLAIN for c in before):
        return None
    return total_of(holds, before)
