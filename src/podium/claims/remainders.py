"""What is left of a whole, and what labelled phases add up to: wrong only where whole and parts are told in one breath."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from podium.claims.amounts import (
    PLAIN,
    Amount,
    Sum,
    addends,
    amount,
    family,
    fits,
    in_unit,
    may_be_slip,
    summed,
    total_of,
    window,
)  # fmt: skip
from podium.claims.claim import Claim
from podium.claims.tallies import wholes

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_phases", "check_remainder", "check_rest", "is_rest"]

_REST = re.compile(
    r"(?:나머지|남은|잔여)(?:는|인|\s물량(?:인|은)?|\s금액(?:인|은)?|\s돈)?\s?(?:약 )?$|(?:残り|残る)(?:の|は)?\s?約?$"
    r"|\b(?:remaining|the (?:rest|balance|other)(?:,| of)?|leaving|which leaves|that leaves)\s(?:[a-z]+\s)?(?:about |some |roughly )?$", re.I
)
_LEAVES = re.compile(r"\bleav(?:es|ing)\s(?:just |about |some )?$|남는 (?:돈|금액|물량|몫)은\s?$|残るのは", re.I)
_OF_IT = re.compile(r"(?:이|그)\s?(?:가운데|중)|가운데|のうち|うち|\bof (?:which|these|those|that|them|the total|it)\b", re.I)
_OUT_OF = re.compile(r"\b[Oo](?:f|ut of) (?:the|its|their|these|those|all)\s(?:about |some )?$")
_EACH = re.compile(r"각각|각 |씩|それぞれ|ずつ|\beach\b|apiece", re.I)

def check_rest(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """The rest of a whole: *of the 500,000, 100,000 go to G42 and the remaining 350,000 …* is 400,000."""
    k = page.sentence_of(claim.char_start)
    a, b = page.sentences[k]
    text = page.folded
    if not _REST.search(text[max(a, claim.char_start - 40) : claim.char_start]) or _EACH.search(text[claim.char_end : min(b, claim.char_end + 16)]):
        return None
    leaves = _LEAVES.search(text, a, claim.char_start) is not None
    before = [c for c in window(page, claim, others, 3 if leaves else 2) if c.char_end <= claim.char_start]
    like = [c for c in before if c.unit == claim.unit and c.kind in family(claim) and c.value]
    whole = next((c for c in like if _OUT_OF.search(text[max(0, c.char_start - 16) : c.char_start])), None)
    if whole is None:
        first = page.sentences[max(0, k - 1)][0]
        cue = next((m for m in _OF_IT.finditer(text, first, claim.char_start) if any(c.char_end <= m.start() for c in like)), None)
        whole = [c for c in like if c.char_end <= cue.start()][-1] if cue is not None else _told_before(page, like, k)
        if whole is None and leaves and len(like) > 1:
            rests = [(c, (c.value or 0.0) - (like[-1].value or 0.0)) for c in like[:-1]]
            whole = next((c for c, rest in reversed(rests) if 0.6 < rest / (claim.value or 1.0) < 1.67), None)
            like = [c for c in like if c in (whole, like[-1])]
        if whole is not None and _is_slice(page, whole):
            return _left_of_larger(page, claim, others, whole)
        if whole is None:
            return None
    parts = [c for c in like if c.char_start >= whole.char_end]
    shares = [c for c in before if c.kind == "share" and c.value and c.char_start >= whole.char_end]
    if not parts and not shares:
        return None
    for i, part in enumerate(parts[:-1]):  # the rest of a part that is shared out in its turn
        inner = _left(part, parts[i + 1 :], [])
        if fits(claim, inner.value or 0.0, 0.02):
            return inner
    found = _left(whole, parts, shares)
    value = found.value or 0.0
    holds = fits(claim, value, 0.02)
    if not holds and (other := _left_of_any(page, claim, others)) is not None:
        return other
    plain = all(c.hedge in PLAIN for c in (claim, whole, *parts, *shares))
    return replace(found, holds=holds) if holds or (plain and value > 0 and may_be_slip(value, claim)) else None


def is_rest(page: Page, claim: Claim) -> bool:
    """Whether a figure is told as what remains."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    return bool(_REST.search(page.folded[max(a, claim.char_start - 40) : claim.char_start]))


_SLICE = re.compile(r"\b(?:largest|biggest|greatest|lion[’']s|first|main) (?:\w+ )?(?:slice|chunk|share|part|portion|item|piece)\b|\bof the (?:total|whole|sum|lot|budget|money|package|plan)\b|전체의|총액의|가장 큰 몫|가장 많은|대부분|全体の|総額の|最大の(?:項目|使い道|柱|配分)|最も(?:多い|大きい)|最多", re.I)


def _is_slice(page: Page, c: Claim) -> bool:
    """Whether a figure is told as a part of something larger: *by far the largest slice*, 전체의 60%인, 全体の6割."""
    a, b = page.sentences[page.sentence_of(c.char_start)]
    return bool(_SLICE.search(page.folded, a, b))


def _left_of_larger(page: Page, claim: Claim, others: Sequence[Claim], part: Claim) -> Sum | None:
    """What remains of a larger figure told before the first part; supported or nothing."""
    near = [c for c in window(page, claim, others, 4) if c.unit == claim.unit and c.kind in family(claim) and c.value and c.char_end <= claim.char_start]
    parts = [c for c in near if c.char_start >= part.char_start]
    for whole in (c for c in reversed(near) if c.char_end <= part.char_start and (c.value or 0.0) > (part.value or 0.0)):
        found = _left(whole, parts, [])
        if fits(claim, found.value or 0.0, 0.02):
            return found
    return None


def _told_before(page: Page, like: Sequence[Claim], k: int) -> Claim | None:
    """The only like figure of the sentence before, or the first of the sentence itself, that is more than the parts told since: the whole."""
    told = max((page.sentence_of(c.char_start) for c in like if page.sentence_of(c.char_start) < k), default=k)
    before = [c for c in wholes(like) if page.sentence_of(c.char_start) == told < k]
    own = [c for c in like if page.sentence_of(c.char_start) == k]
    for row in (before if len(before) == 1 else [], own[:1]):
        since = [c for c in like if row and c.char_start >= row[0].char_end]
        if since and sum(c.value or 0.0 for c in since) < (row[0].value or 0.0):
            return row[0]
    return None


def _left_of_any(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """What remains of any figure told before, when the last one, two or more since are taken away."""
    like = addends(page, claim, others, 6)
    for n in range(1, min(len(like), 6)):
        parts = like[-n:]
        for whole in like[:-n]:
            found = _left(whole, parts, [])
            if fits(claim, found.value or 0.0, 0.015):
                return found
    return None


def _left(whole: Claim, parts: Sequence[Claim], shares: Sequence[Claim]) -> Sum:
    """The whole less its parts, or less the shares of it where no part is counted."""
    size = whole.value or 0.0
    if parts:
        told = [amount(c) for c in (whole, *parts)]
        return summed(True, "difference_of", told, size - sum(c.value or 0.0 for c in parts))
    left = 1 - sum(c.value or 0.0 for c in shares)
    return summed(True, "product_of", [Amount(whole, size, whole.unit), Amount(shares[-1], left, None)], size * left)


_SHARED = re.compile(_EACH.pattern + "|respectively", re.I)
_LEFT_OVER = re.compile(r"나머지|남은|잔여|残り|残る|\b(?:remain|the rest\b|balance\b)", re.I)


def check_remainder(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """What remains of a whole when the parts told since are taken away, shared by so many where it says *each*; supported or nothing."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    if not _LEFT_OVER.search(page.folded, max(a, claim.char_start - 90), min(b, claim.char_end + 16)):
        return None
    like = addends(page, claim, others, 3)
    shared = (1, 2, 3, 4, 5) if _SHARED.search(page.folded[max(a, claim.char_start - 60) : min(b, claim.char_end + 12)]) else (1,)
    for k, whole in enumerate(like):
        parts = [c for c in like[k + 1 :] if (c.value or 0.0) < (whole.value or 0.0)]
        for first in range(len(parts)):
            rest = (whole.value or 0.0) - sum(c.value or 0.0 for c in parts[first:])
            for n in shared:
                if fits(claim, rest / n, 0.01):
                    some = [amount(c) for c in (whole, *parts[first:])]
                    return summed(True, "difference_of", some, rest / n)
    return None


_PHASES = re.compile(r"(?P<one>\d)\s?[·ㆍ・,、/&와과및]\s?(?P<other>\d)\s?(?:단계|차|期|段階)|(?:第?(?P<j1>\d)期?と第?(?P<j2>\d)期)|\bphases? (?P<e1>one|1|I) (?:and|plus|&) (?P<e2>two|2|II)\b|\b(?P<both>both phases|the two phases)\b", re.I)
_NUMBERED = {"1": r"(?:1|첫(?: 번째)?) ?단계|1차|第?[1一]期|第?[1一]段階|\b(?:first phase|phase (?:one|1|I)\b)", "2": r"(?:2|두 번째) ?단계|2차|第?[2二]期|第?[2二]段階|\b(?:second phase|phase (?:two|2|II)\b)",
             "3": r"3 ?단계|3차|第?[3三]期|第?[3三]段階|\b(?:third phase|phase (?:three|3|III)\b)"}  # fmt: skip


def check_phases(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """What two numbered phases cost or hold together, each told anywhere before: 1·2단계를 더한 사업비, 第1・2期の合計."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    said = list(_PHASES.finditer(page.folded, max(a, claim.char_start - 50), claim.char_start))
    if not said:
        return None
    m = said[-1]
    named = [m["one"] or m["j1"] or "1", m["other"] or m["j2"] or "2"]
    told = [in_unit(c, claim.unit) for c in others if c.char_end <= m.start()]
    like = [c for c in told if c.unit == claim.unit and c.kind in family(claim) and c.value]
    parts = []
    for label in named:
        mine = [c for c in like if _labelled(page, c, label)]
        if len({c.value for c in mine}) != 1:
            return None
        parts.append(mine[0])
    value = sum(c.value or 0.0 for c in parts)
    holds = fits(claim, value, 0.03)
    if holds or (all(c.hedge in PLAIN for c in (claim, *parts)) and may_be_slip(value, claim)):
        return total_of(holds, parts)
    return None


def _labelled(page: Page, c: Claim, label: str) -> bool:
    """Whether the last phase that a figure's sentence names before it bears a number."""
    a = page.sentences[page.sentence_of(c.char_start)][0]
    found = [(m.end(), n) for n, pattern in _NUMBERED.items() for m in re.finditer(pattern, page.folded[a : c.char_start], re.I)]
    return bool(found) and max(found)[1] == label
