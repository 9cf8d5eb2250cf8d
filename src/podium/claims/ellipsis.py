"""English counts whose noun is left out: *has ordered 4,000 GPUs and plans to reach 32,768*."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.numerals import find_numerals
from podium.claims.quantities import Quantity

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["bare_counts"]

_BEFORE = re.compile(
    r"(?:\b(?:reach|reaching|hold|holds|house|to|from|another|about|around|roughly|nearly|than|of|hit|adding|add|totall?ing|says|said|or|have|has|had|only|just|some|rise to|up to|at least)\s"
    r"|,\s|—\s?|:\s)$", re.I)  # fmt: skip
_AFTER = re.compile(
    r"(?:[.,;:)]|\s(?:by|in|at|this|next|over|within|from|and|when|once|of them|more|as|to|a year|each year|every year|last|would|will|are|were|is)\b|\s?[–—-]\s|\s?$)"
)
_NOUN = re.compile(r"\b(?:GPUs?|chips|accelerators|processors|TPUs?|superchips|Blackwells?|Hoppers?)\b", re.I)
_NOT_AFTER = re.compile(
    r"\s(?:in|at) (?:20\d\d|July|June|May|[A-Z][a-z]+ 20\d\d)|\sto (?:the )?(?:people|jobs)|\s(?:and|or) \d+ (?:jobs|people|years)|\sper cent|,\d{3}|\.\d"
)


def bare_counts(page: Page) -> list[Quantity]:
    """Return the numbers of an English page that go on counting chips without naming them again, from 100 up."""
    if page.language != "en":
        return []
    taken = [(q.start, q.end) for q in page.quantities]
    out = []
    for n in find_numerals(page.folded):
        written = page.folded[n.start : n.end]
        large = n.value is not None and n.value >= 100 and ("," in written or not n.plain or re.search(r"(?:has|have|just|only)\s$", page.folded[max(0, n.start - 6) : n.start])) and not re.fullmatch(r"20\d\d", written)
        if not large or any(a < n.end and n.start < b for a, b in taken):
            continue
        if _is_bare(page, n.start, n.end):
            out.append(Quantity(n.start, n.end, (n.start, n.end), "count", "", n.value, word="GPUs"))
    return out


def _is_bare(page: Page, start: int, end: int) -> bool:
    """Whether a number stands for chips named before it in its sentence or the one before, or in the headline's line."""
    k = page.sentence_of(start)
    a, b = page.sentences[k]
    text = page.folded
    if text[start - 1 : start] in ("$", "€", "£", "¥", "₩") or not _AFTER.match(text[end : end + 14]) or _NOT_AFTER.match(text[end : end + 20]):
        return False
    if not _BEFORE.search(text[max(a, start - 16) : start]) or cues.has(cues.POLLS, text[a:b]) or cues.has(cues.MARKETS, text[a:b]):
        return False
    if re.search(r"\b(?:people|jobs|employees|population|residents|attend|copies|miles|homes|acres|square feet|Article|No\.|ID)\b", text[a:b]):
        return False
    before = page.sentence(k - 1) + text[a:start]
    return bool(_NOUN.search(before))
