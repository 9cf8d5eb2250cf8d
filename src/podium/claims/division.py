"""What each costs where the text itself divides: *divided by the number of chips*, 투자액을 장수로 나누면, 基数で割ると."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.amounts import PLAIN, Amount, Sum, is_currency, sizes, summed
from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_division"]

_DIVIDES = re.compile(r"나누면|나눠 ?보면|나눈 값|나눗셈|で割(?:ると|れば|った)|割り算|\bdivid(?:e|ed|ing)\b|\bspread (?:over|across)\b", re.I)
_CHIPS = re.compile(r"GPU|장수|가속기|\bchips?\b|accelerators?|枚数|基数|半導体", re.I)


def check_division(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return a price of each by the whole sum and the number told; wrong only where the sentence divides and one number of chips is told."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    if not is_currency(claim.unit) or claim.value is None or not _DIVIDES.search(page.folded, a, b) or not _CHIPS.search(page.folded, a, b):
        return None
    known: list[Amount] = page.kept(others, "sizes", sizes)
    counts = {x.value: x for x in known if x.unit == "gpu" and x.claim.kind == "hardware_count" and x.claim.char_start < b}
    sums = [x for x in known if x.unit == claim.unit and x.claim.char_start < b and x.claim.id != claim.id and x.claim.kind.startswith("money")]
    if len(counts) != 1 or not sums:
        return None
    count, whole = next(iter(counts.values())), max(sums, key=lambda x: x.value)
    each = whole.value / count.value
    holds = abs(claim.value / each - 1) <= (0.1 if claim.hedge in ("approx", "nearly") else 0.05)
    plain = claim.hedge in PLAIN and whole.claim.hedge in PLAIN and 1 / 15 < claim.value / each < 15
    return summed(holds, "ratio_of", [whole, count], each) if holds or plain else None
