"""Which figure of an article a phrase describes: by the names, nouns and words of time and extent that both bear."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from podium.claims.amounts import Amount
from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["OWN", "Candidate", "at_ai_work", "candidates"]

OWN, SENTENCE, BEFORE = 1.0, 0.45, 0.35
_SPLIT = {
    "en": re.compile(r",\s(?:and\s|while\s|but\s)?|;\s|\sand\s|\swhile\s|\sbut\s|:\s"),
    "ko": re.compile(r"[,·]\s?|(?:이고|이며|했고|하고|고|며|인데|지만|는데)\s"),
    "ja": re.compile(r"[、;・]|(?:で|し)、"),
}

_OLD = re.compile(r"▪(?:에서|から)[^▪]*$|\bfrom (?:about |some |just |only )?▪[^▪]*$", re.I)
_FROM = re.compile(r"(?:에서|から)[^,、.。]{0,14}|from ", re.I)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A figure with the words that stand nearest to it, in the rest of its sentence, and in the sentence before."""

    size: Amount
    own: str
    heir: str
    """The words beside the figure before it, where nobody is named beside its own: *Foxconn starts with 20 MW and reaches 100*."""
    sentence: str
    before: str
    last: bool
    """Whether it is the last of its unit before the comparison."""
    first: bool
    """Whether it is the first of its unit in the paragraph of the comparison."""
    largest: bool
    """Whether none of its unit and country told before the comparison is larger."""
    of: int
    """The place of the figure of which it is told to be a part (*of which 2*, 이 가운데 10만장); -1 where of none."""
    later: bool
    """Whether it is told only after the sentence of the comparison."""
    low_precision: bool
    """Whether it is a speed at AI work, which no list measures."""

    @cached_property
    def claim(self) -> Claim:
        """The claim that states the figure."""
        return self.size.claim

    @cached_property
    def left_behind(self) -> bool:
        """Whether it is the old one of two: *from 20 MW to 40 MW*, 793에서 1000으로."""
        return _OLD.search(self.own) is not None

    def bears(self, found: Callable[[str], bool]) -> float:
        """How near to the figure something stands: 1 beside it, less in its sentence, or in the one before where its own names nobody, else 0."""
        return OWN if found(self.own) else SENTENCE if found(self.sentence) else BEFORE if found(self.before) else 0.0


_LOW = re.compile(r"(?<![A-Za-z-])AI\s?(?:性能|성능|연산|計算|処理|performance|work|tasks|flops)|低精度|저정밀|low[- ]precision|FP[48]|(?<!\d)[48](?:ビット|비트|[- ]bit)", re.I)


def at_ai_work(page: Page, c: Claim) -> bool:
    """Whether a figure is a speed at AI work, in few bits, which no list measures."""
    return c.unit == "FLOPS" and _LOW.search(page.folded, max(0, c.char_start - 16), c.char_end + 12) is not None


def candidates(page: Page, claim: Claim, sizes: Sequence[Amount], others: Sequence[Claim]) -> list[Candidate]:
    """Return the figures that a comparison can be of, each with the words around it."""
    before = [x for x in sizes if x.claim.char_end <= claim.char_start]
    last = {x.unit: id(x) for x in before}
    opens = page.folded.rstrip("\n ").rfind("\n", 0, claim.char_start)
    stop = page.sentences[page.sentence_of(claim.char_start)][1]
    out = []
    for x in sizes:
        own = " / ".join(
            _beside(page, at, end, others) for at, end in ((x.claim.char_start, x.claim.char_end), *x.claim.also_at)
        )
        k = page.sentence_of(x.claim.char_start)
        named = any(m.country for m in page.within(page.mentions, page.sentences[k][0], x.claim.char_start))
        back = (
            page.sentence(k - 1)
            if k and not named and "\n\n" not in page.folded[page.sentences[k - 1][0] : page.sentences[k][0]]
            else ""
        )
        alike = [
            y.value for y in before if y.unit == x.unit and y.claim.subject_country_iso3 == x.claim.subject_country_iso3 and (y.claim.kind == "valuation") == (x.claim.kind == "valuation")
        ]
        out.append(
            Candidate(
                x,
                own,
                _inherited(page, x.claim, others),
                page.sentence(k),
                back,
                last.get(x.unit) == id(x),
                next((y for y in sizes if y.unit == x.unit and y.claim.char_start > opens), None) is x,
                bool(alike) and max(alike) == x.value,
                _part_of(page, x, before),
                x.claim.char_start >= stop,
                at_ai_work(page, x.claim),
            )
        )
    return out


def _inherited(page: Page, c: Claim, others: Sequence[Claim]) -> str:
    """What stands beside the last figure before one in its sentence, where no name or subject stands between the two."""
    a = page.sentences[page.sentence_of(c.char_start)][0]
    here = _of_stretch(page, a, c.char_start, others)
    before = max(((x.char_start, x.char_end) for x in here if x.char_end <= c.char_start and x.char_start >= a), default=None)
    if before is not None and _ADDED.search(page.folded, before[1], c.char_start):
        return page.folded[a : c.char_start]  # a total of those told before it
    if (
        before is None
        or any(m.country for m in page.within(page.mentions, before[1], c.char_start))
        or _SUBJECT[page.language].search(page.folded, before[1], c.char_start)
    ):
        return ""
    return _beside(page, *before, others)


_AMONG = re.compile(r"(?:[이그] ?(?:중|가운데)|이중|그중|このうち|そのうち|うち|\bof (?:which|those|that|these|them))[^.。▪]{0,24}$", re.I)
_OF_THEM = re.compile(r"\s?of (?:them|those|these)\b", re.I)


def _part_of(page: Page, x: Amount, before: Sequence[Amount]) -> int:
    """Where the like figure stands of which one is told to be a part."""
    a = page.sentences[page.sentence_of(x.claim.char_start)][0]
    like = [y for y in before if y.unit == x.unit and y.claim.char_end <= x.claim.char_start and y.value > x.value]
    told = _AMONG.search(page.folded[a : x.claim.char_start]) or _OF_THEM.match(page.folded, x.claim.char_end)
    return like[-1].claim.char_start if told and like else -1


_ADDED = re.compile(r"合わせて|合計|計$|모두|합쳐|합계|총|\b(?:in all|in total|altogether|together|total)\b", re.I)
_SUBJECT = {
    "en": re.compile(r"[,;]|\b(?:the|an?|its|for)\b"),
    "ko": re.compile(r"[가-힣](?:이|가|은|는|에는|에)\s"),
    "ja": re.compile(r"[がは]|には|に[^増広拡引高]"),
}


def _of_stretch(page: Page, a: int, b: int, others: Sequence[Claim]) -> list[Claim]:
    """The claims that have a place in a stretch of the text."""
    every = page.places(others)
    return [others[n] for _, n in every[bisect.bisect_left(every, (a, -1)) : bisect.bisect_left(every, (b, -1))]]


def _beside(page: Page, start: int, end: int, others: Sequence[Claim]) -> str:
    """The words that stand with a figure rather than with the figure before or after it in its sentence."""
    known: dict[int, str] = page.kept(others, "beside", lambda _: {})
    if start not in known:
        known[start] = _words_beside(page, start, end, others)
    return known[start]


def _words_beside(page: Page, start: int, end: int, others: Sequence[Claim]) -> str:
    a, b = page.sentences[page.sentence_of(start)]
    text, split = page.folded, _SPLIT[page.language]
    told = [c for c in _of_stretch(page, a, b, others) if not c.kind.startswith("rank")]
    places = [(at, stop) for c in told for at, stop in ((c.char_start, c.char_end), *c.also_at) if a <= at < b]
    left = max((stop for _, stop in places if stop <= start), default=a)
    right = min((at for at, _ in places if at >= end), default=b)
    before = next((at for at, stop in places if stop == left), a)
    if left > a and _FROM.fullmatch(
        text, before - 5 if page.language == "en" else left, start if page.language != "en" else before
    ):
        return _beside(page, before, left, others) + text[left:start] + "▪"
    cuts = [m.end() for m in split.finditer(text, left, start)] if left > a else []
    first = cuts[-1 if page.language == "en" else 0] if cuts else left
    stops = [m.start() for m in split.finditer(text, end, right)]
    return text[first:start] + "▪" + text[end : stops[0] if stops else right]
