"""Shares of a whole that the text only points at: 전체의 15%, *a fifth of the whole*, 3社合計の6割; and wholes of somebody else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.agreement import agrees
from podium.claims.amounts import PLAIN, Amount, Sum, say, sizes, summed, window
from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["of_somebody_else", "share_of_whole"]

_WHOLE = {
    "ko": re.compile(r"(?:전체|총액|총 ?사업비|총 ?투자액|전체 (?:금액|예산|규모|사업비|투자액))의\s?(?:약 |거의 |무려 )?$"),
    "ja": re.compile(r"(?:全体|総額|総事業費|総投資額|全部)の\s?(?:約|およそ)?$"),
    "en": re.compile(r"^\s?of the (?:whole|total|lot|overall (?:sum|total)|full (?:sum|amount)|entire (?:sum|amount|package))\b", re.I),
}
_OF_SEVERAL = re.compile(r"(?P<n>[2-9２-９])\s?(?:社|者|カ国|か国|団体|곳|개 ?사|개 ?국|사)(?: ?합계|의 합계|合計|の合計|全体|전체)(?:의|の)\s?(?:약 |約)?$")


def share_of_whole(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return what a share of the whole comes to; wrong only where the whole is the largest figure told, and told first.

    The part is the figure just before the share, in its sentence or, where that opens with the share, in the one before.
    """
    if claim.kind != "share" or claim.value is None:
        return None
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    text = page.folded
    head = text[max(a, claim.char_start - 18) : claim.char_start]
    pointed = _WHOLE["en"].match(text[claim.char_end : claim.char_end + 30]) if page.language == "en" else _WHOLE[page.language].search(head)
    several = _OF_SEVERAL.search(head)
    if not pointed and not several:
        return None
    before = [x for x in sizes(window(page, claim, others, 0 if claim.char_start - a > 24 else 1)) if x.unit == x.claim.unit and x.claim.char_end <= claim.char_start and x.claim.kind != "other"]
    if not before or any(x.claim.hedge not in PLAIN for x in before[-1:]):
        return None
    part = before[-1]
    return _of_several(page, claim, part, others, int(several["n"])) if several else _of_largest(page, claim, part, others)


def _of_largest(page: Page, claim: Claim, part: Amount, others: Sequence[Claim]) -> Sum | None:
    """The share of the largest like figure before it, which the article told before any other of its unit."""
    like = [x for x in page.kept(others, "sizes", sizes) if x.unit == part.unit and x.claim.char_end <= claim.char_start and x.claim.kind != "other"
            and x.claim.subject_country_iso3 == part.claim.subject_country_iso3]  # fmt: skip
    whole = max(like, key=lambda x: x.value, default=part)
    if whole.value <= part.value or whole.claim.hedge not in PLAIN:
        return None
    listed = [x for x in like if page.sentence_of(x.claim.char_start) == page.sentence_of(part.claim.char_start) and x.value < whole.value]
    k = page.sentence_of(claim.char_start)
    if page.sentence_of(part.claim.char_start) != k and len(listed) > 1:  # one of a list before: whose, a name must say
        names = {m.id for m in page.within(page.mentions, page.sentences[k][0], claim.char_start)}
        mine = [x for x in listed if x.claim.subject in names]
        if len(mine) != 1:
            return None
        part = mine[0]
    value = part.value / whole.value
    if agrees(claim, value):
        return summed(True, "ratio_of", [part, whole], value)
    first = min(like, key=lambda x: min([x.claim.char_start, *(s for s, _ in x.claim.also_at)]))
    stated = claim.value or 0.0
    plain = claim.hedge in PLAIN and 1 / 15 < value / stated < 15
    return summed(False, "ratio_of", [part, whole], value) if first.value == whole.value and plain else None


def _of_several(page: Page, claim: Claim, part: Amount, others: Sequence[Claim], n: int) -> Sum | None:
    """The share of a sum of as many figures, of as many owners, told just before and after it."""
    near = [x for x in sizes(window(page, claim, others, 1, 2)) if x.unit == part.unit and x.claim.kind == part.claim.kind and x.claim.subject]
    firms = list({x.claim.subject: x for x in reversed(near)}.values())
    if len(firms) != n or part.claim.id not in {x.claim.id for x in firms}:
        return None
    value = part.value / sum(x.value for x in firms)
    holds = agrees(claim, value)
    words = f"{say(part.value, part.unit)} / ({' + '.join(say(x.value, x.unit) for x in reversed(firms))}) = {value:.3g}"
    found = Sum(holds, {"ratio_of": [part.claim.id, *(x.claim.id for x in firms if x.claim.id != part.claim.id)]}, words, value)
    return found if holds or claim.hedge in PLAIN else None


def of_somebody_else(page: Page, claim: Claim, parts: Sequence[str], others: Sequence[Claim]) -> bool:
    """Whether a share is of a named country's or firm's figure that is none of those compared: 미국의 27%."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    text = page.folded
    named = [m for m in page.within(page.mentions, max(a, claim.char_start - 24), claim.char_start) if m.country and re.fullmatch(r"(?:의|の|'s|’s)\s?(?:약 |約)?", text[m.end : claim.char_start])]
    if page.language == "en":
        named = [m for m in page.within(page.mentions, claim.char_end, claim.char_end + 20) if m.country and re.fullmatch(r"\s(?:of|that of)\s(?:the )?", text[claim.char_end : m.start])]
    owners = {c.subject_country_iso3 for c in others if c.id in parts}
    beside = {m.id for c in others if c.id in parts for m in page.within(page.mentions, page.sentences[page.sentence_of(c.char_start)][0], c.char_start)}
    return bool(named) and named[-1].country not in owners and (named[-1].id not in beside or named[-1].type == "country")
