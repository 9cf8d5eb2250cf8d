"""Chips as so many racks or servers of a named type: 18,000 chips are 250 racks of NVL72, 4,096 H100s are 512 DGX H100."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.amounts import PLAIN, Sum, may_be_slip, window
from podium.claims.claim import Claim
from podium.claims.machines import built_of
from podium.claims.products import held_by

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_equivalent"]

_SAME = re.compile(
    r"치면|환산|분량|해당|맞먹|꼴|나눠 담|換算|相当|に当たる|にあたる|分(?:に|だ|の|で|$)|\b(?:equivalent|equal(?:s|ling)?|amounts? to|works? out|that is|i\.e\.|or|fills?|enough (?:for|to fill)|comes? to)\b", re.I
)


def check_equivalent(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return whether chips just told fill so many racks or servers of the named type; wrong only where the text equates the two."""
    each = held_by(claim.system) if claim.unit in ("rack", "system") else 0
    if not each or claim.value is None:
        return None
    chips = [c for c in window(page, claim, others, 1) if c.unit == "gpu" and c.kind in ("hardware_count", "stock") and c.value and c.char_end <= claim.char_start]
    chips = [c for c in chips if c.system is None or (claim.system or "").startswith("NVL") or built_of(claim.system or "", c.system) or c.system == claim.system]
    if not chips:
        return None
    places = {c.id: max(e for _, e in ((c.char_start, c.char_end), *c.also_at) if e <= claim.char_start) for c in chips}
    last = max(chips, key=lambda c: places[c.id])
    done = places[last.id]
    value = (last.value or 0.0) / each
    words = f"{last.value:,.10g} / {each} ({claim.system}) = {value:,.6g}"
    tolerance = 0.1 * value if "approx" in (claim.hedge, last.hedge) else max(0.999, 0.02 * value)
    if abs(value - claim.value) <= tolerance:
        return Sum(True, {"ratio_of": [last.id]}, words, value)
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    between = page.folded[done : claim.char_start]
    told = any(done <= c.char_start < claim.char_start and c.unit in ("rack", "system") for c in others) or len(between) > 70
    said = (not told and _SAME.search(page.folded, max(a, done), claim.char_start)) or (not told and _SAME.search(page.folded, claim.char_end, min(b, claim.char_end + 24)))
    plain = claim.hedge in PLAIN and last.hedge in PLAIN and len({c.value for c in chips if places[c.id] >= a}) <= 1 and may_be_slip(value, claim)
    return Sum(False, {"ratio_of": [last.id]}, words, value) if said and plain else None
