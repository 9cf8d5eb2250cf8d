"""Shares of which part and whole are told by their names: *H100s make up half of that batch*, 지방비가 전체 투자액의 2%."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.agreement import agrees
from podium.claims.amounts import (
    PLAIN,
    SIZES,
    Amount,
    Sum,
    amount,
    family,
    fits,
    is_currency,
    may_be_slip,
    summed,
    window,
)
from podium.claims.claim import Claim
from podium.claims.tallies import wholes
from podium.evidence.rates import cross_rate

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_portion", "check_portion_size"]


def check_portion(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return whether a named part is the stated share of a named whole; None unless each is the only one of its name."""
    part = _part(page, claim, others)
    if part is None:
        return None
    for whole in _wholes_meant(page, claim, part, others):
        size = _converted(page, whole, part.unit)
        if size is None or size.value <= part.value:
            continue
        value = part.value / size.value
        if agrees(claim, value):
            return summed(True, "ratio_of", [part, size], value)
        stated = claim.value or claim.low or 0.0
        plain = part.claim.hedge in PLAIN and whole.hedge in PLAIN
        slip = bool(stated) and 1 / 15 < value / stated < 15
        return summed(False, "ratio_of", [part, size], value) if plain and slip else None
    return None


_VERB = r"(?:make|makes|made|account|accounts|accounted|are|is|was|were|represent|represents|form|forms)"
_NAME_EN = re.compile(rf"s?(?:,? (?:thus|therefore|now|alone|together|already|then|by (?:it|them)sel(?:f|ves)))*\s{_VERB}(?: (?:up|for|good for))?\s(?:about |some )?$", re.I)
_NAME_EAST = re.compile(r"[’'”\"」』]?(?:만|만으로|만이|이|가|은|는|だけ|だけで|が|は|も)?\s?(?:전체 ?[가-힣]{0,7}의|전체의|그 물량의|전량의|全体の|その|[一-鿿]{0,6}全体の|総[一-鿿]{1,4}の|총[가-힣]{1,4}의|[가-힣]{2,6}의)\s?(?:약 |約)?$")
_NOUN_EAST = re.compile(r"(?P<noun>[가-힣]{2,6}?|[一-鿿]{2,6})(?:만|이|가|은|는|だけ|が|は|も)\s?(?:전체|총|全体|総)")


def _part(page: Page, claim: Claim, others: Sequence[Claim]) -> Amount | None:
    """The one figure of the chip, the payer or the noun that stands as the subject of a share."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    text = page.folded
    adjacent = _NAME_EN if page.language == "en" else _NAME_EAST
    before = [c for c in others if c.char_end <= claim.char_start and c.kind in SIZES and c.kind != "other" and c.value]
    for s, e, name in reversed(page.chips_before(claim.char_start, a)):
        if adjacent.fullmatch(text, e, claim.char_start) and not any(s <= c.char_end and c.char_start <= e for c in before if c.char_start >= a):
            return _only([c for c in before if c.char_end < s and _is_of_chip(page, c, name)])
    for m in reversed(page.within(page.mentions, a, claim.char_start)):
        if m.country and m.type in ("company", "state", "institute") and adjacent.fullmatch(text, m.end, claim.char_start):
            return _only([c for c in before if c.subject == m.id and is_currency(c.unit) and text[m.start : m.end] in text[max(0, c.char_start - 90) : c.char_end + 40]])
    noun = _NOUN_EAST.search(text, a, claim.char_start) if page.language != "en" else None
    if noun and _NAME_EAST.fullmatch(text, noun.end("noun"), claim.char_start):
        said = re.compile(re.escape(noun["noun"]) + r"(?:만|은|는|이|가|도|も|は|が|で|だけで)?\s?(?:약 |総額|모두 |約)?$")
        return _only([c for c in before if said.search(text[max(0, c.char_start - 16) : c.char_start])])
    return None


def _only(found: Sequence[Claim]) -> Amount | None:
    if len({(c.value, c.unit) for c in found}) != 1:
        return None
    return Amount(found[-1], found[-1].value or 0.0, found[-1].unit)


def _is_of_chip(page: Page, c: Claim, name: str) -> bool:
    """Whether a count is of one type of chip, which stands right after it (12,896 H100s) or before it (H100이 1만2896장)."""
    if c.unit != "gpu":
        return False
    a, b = page.sentences[page.sentence_of(c.char_start)]
    named = page.chips_before(b, a)
    after = [x for x in named if c.char_start <= x[0] <= c.char_end + 10]
    if page.language == "en":
        return bool(after) and after[0][2] == name
    left = [x for x in named if x[1] <= c.char_start and re.fullmatch(r"[’'”\"」』]?(?:이|가|은|는|을|를|が|は|を)?\s?(?:약 |約)?", page.folded[x[1] : c.char_start])]
    return bool(left) and left[-1][2] == name


_BATCH = re.compile(r"\sof (?:that|this|the|its|it)\b(?: (?:first|whole|entire|same))?(?: (?:batch|lot|order|pool|total|fleet|tender|purchase|number|stock|haul|delivery|mix))?\b", re.I)
_NAMED_EN = re.compile(r"\sof (?:the |its |all )?(?:whole |total |entire |overall |planned )?(?P<noun>investment|cost|bill|budget|price|spending|package|funding|outlay|capacity|power|load)s?\b", re.I)
_TOTAL_EN = re.compile(r"\sof (?:the|that) (?:total|whole|sum|lot|amount|money|package)\b", re.I)
_NAMED_EAST = re.compile(r"(?:전체|총)\s?(?P<ko>[가-힣]{2,7}?)의\s?(?:약 )?$|(?P<ja>[一-鿿]{2,6})全体の\s?約?$|(?:全体の|総)(?P<ja2>[一-鿿]{2,5})の\s?約?$")
_STEM = re.compile(r"(?:금액|금|액|비용?|규모|額|費|金|規模)$")


def _wholes_meant(page: Page, claim: Claim, part: Amount, others: Sequence[Claim]) -> list[Claim]:
    """The whole that a share is of: by its noun, as the total of its paragraph, or as what the part was listed under."""
    text = page.folded
    like = [c for c in others if c.char_end <= claim.char_start and c.id != part.claim.id and c.value and _comparable(c, part)]
    right = text[claim.char_end : claim.char_end + 60]
    east = _NAMED_EAST.search(text, max(0, claim.char_start - 20), claim.char_start) if page.language != "en" else None
    m = _NAMED_EN.match(right) if page.language == "en" else None
    noun = (m["noun"] if m else None) or (east and (east["ko"] or east["ja"] or east["ja2"]))
    if noun:
        found = [c for c in like if c.char_start >= _paragraph(page, claim.char_start, 2) and _bears(page, c, _STEM.sub("", noun) if page.language != "en" else noun)]
        return found if len({c.value for c in found}) == 1 else []
    if page.language == "en" and part.unit == "gpu" and _BATCH.match(right):
        k = page.sentence_of(part.claim.char_start)
        own = [c for c in like if page.sentence_of(c.char_start) == k and (c.value or 0.0) > part.value]
        return _largest(own)
    if (page.language == "en" and _TOTAL_EN.match(right)) or (page.language != "en" and re.search(r"(?:전체|全体)[의の]\s?(?:약 |約)?$", text[max(0, claim.char_start - 8) : claim.char_start])):
        own = [c for c in like if c.char_start >= _paragraph(page, claim.char_start, 1) and c.unit == part.unit and (c.value or 0.0) > part.value]
        return _largest(own)
    return []


def _largest(like: Sequence[Claim]) -> list[Claim]:
    """The largest of like figures, in a list; none where its bounds alone are known."""
    largest = max((c.value or 0.0 for c in like), default=0.0)
    return [c for c in like if c.value == largest and c.hedge not in ("vague", "range")][:1]


def _comparable(c: Claim, part: Amount) -> bool:
    if is_currency(part.unit):
        return c.kind.startswith("money")
    return c.unit == part.unit and c.kind in family(part.claim)


def _bears(page: Page, c: Claim, stem: str) -> bool:
    """Whether a figure stands with a noun or its verb: 8억달러를 투자하겠다, 총사업비는 2000억원, *an investment of 2bn*."""
    a, b = page.sentences[page.sentence_of(c.char_start)]
    left = re.split(r"[,、;]", page.folded[max(a, c.char_start - (40 if page.language == "en" else 16)) : c.char_start])[-1]
    after = re.split(r"[,、;。]", page.folded[c.char_end : min(b, c.char_end + (24 if page.language == "en" else 10))])[0]
    return stem.lower() in (left + " " + after).lower()


def _paragraph(page: Page, at: int, back: int) -> int:
    """Where the paragraph of a place begins, or the one so many before it less one."""
    start = at
    for _ in range(back):
        start = page.folded.rstrip("\n ").rfind("\n", 0, start)
        while start > 0 and page.folded[start - 1] in "\n ":
            start -= 1
        if start < 0:
            return 0
    return start


def _converted(page: Page, whole: Claim, unit: str | None) -> Amount | None:
    """A whole in the unit of its part: as it is, by the amount in its brackets, or at the ECB rate of the day."""
    if whole.unit == unit:
        return Amount(whole, whole.value or 0.0, unit)
    if whole.converted_unit == unit and whole.converted_value:
        return Amount(whole, whole.converted_value, unit)
    if not (is_currency(unit) and is_currency(whole.unit)):
        return None
    rate = cross_rate(whole.unit or "", unit or "", page.date)
    return None if rate is None else Amount(whole, (whole.value or 0.0) * rate, unit)


_HOLDER = re.compile(
    r"(?P<noun>[가-힣]{2,6}?)\s?(?:몫|분|물량|할당량|배정량)(?:을|은|는|이|으로)?\s[^\d.]{0,24}$|(?P<ja>[一-鿿ァ-ヶー]{2,8}?)(?:の(?:取り分|割り当て|枠)|分|枠)(?:を|は|が)?[^\d。]{0,18}$"
    r"|\b(?P<en>[A-Za-z]+?)(?:'s|’s|s'|s’) (?:share|portion|allotment|slice|part|quota)\b[^\d.;]{0,40}$", re.I
)


def check_portion_size(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """The size of a share told by its holder before: 산업계 60% … 산업계 몫은 7800장, of the one whole told before both."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    text = page.folded
    m = _HOLDER.search(text, a, claim.char_start)
    if m is None:
        return None
    noun = next(w for w in m.groups() if w)
    shares = [c for c in window(page, claim, others, 3) if c.kind == "share" and c.value and c.char_end <= claim.char_start and _belongs(page, c, noun)]
    before = [c for c in others if c.unit == claim.unit and c.kind in family(claim) and c.value and c.char_end <= claim.char_start]
    whole = [c for c in wholes(before) if shares and c.char_end <= shares[-1].char_start]
    if len(shares) != 1 or not whole or re.match(r"\sof (?:the |its )?(?:first |last |new )?\d", text[shares[0].char_end :  shares[0].char_end + 24]):
        return None
    share = shares[0].value or 0.0
    for base in reversed(whole):
        if fits(claim, share * (base.value or 0.0), 0.01):
            return _product(True, base, shares[0])
    plain = len({c.value for c in whole}) == 1 and all(c.hedge in PLAIN for c in (claim, whole[0], shares[0]))
    near = may_be_slip(share * (whole[0].value or 0.0), claim)
    return _product(False, whole[0], shares[0]) if plain and near else None


def _product(holds: bool, base: Claim, share: Claim) -> Sum:
    parts = [amount(base), Amount(share, share.value or 0.0, None)]
    return summed(holds, "product_of", parts, (base.value or 0.0) * (share.value or 0.0))


def _belongs(page: Page, share: Claim, noun: str) -> bool:
    """Whether a share is that of a holder: 산업계 60%, 産業界に60%, *Industry gets 60 per cent*, *60 per cent for industry*."""
    left, right = page.folded[max(0, share.char_start - 34) : share.char_start], page.folded[share.char_end : share.char_end + 26]
    if page.language != "en":
        return bool(re.search(re.escape(noun) + r"(?:은|는|이|가|에|에는|は|が|に|には|へ)?\s?(?:약 |約)?$", left))
    return bool(re.search(rf"\b{re.escape(noun)}s? (?:\w+ ){{0,3}}$", left, re.I) or re.match(rf"\s(?:to|for|goes to|go to) (?:the )?{re.escape(noun)}", right, re.I))
