"""The two sides of a comparison as its sentence words them: what is a quarter, and of what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["Phrase", "Sides", "sides_of"]


@dataclass(frozen=True)
class Phrase:
    """A stretch of the text that describes a figure; empty where the sentence names none."""

    start: int
    end: int


@dataclass(frozen=True)
class Sides:
    """What a multiple or share is of: the part that has the size, and the whole or other that it is measured by.

    `measure` is where the text may say in what they are compared (*in chips*, 장수로는).
    """

    part: Phrase
    whole: Phrase
    measure: Phrase


_HEDGES = r"(?:약|거의|무려|겨우|고작|불과|대략|딱|꼭|최대|채|約|およそ|ほぼ|わずか|実に)?\s?"
_OF_KO = re.compile(
    rf"(?:의|(?<=\s그)(?=\s)|보다|대비|에 비해서?|에 비하면|에 견줘|에 견주면|[과와] (?:견주면|견줘|비교하면|비교해|비교할 때|비교해도)|(?:이|그|전체)? ?(?:가운데|중))\s?{_HEDGES}$"
)
_OF_JA = re.compile(rf"(?:の|より|に比べ(?:ても|て|ると)?|と比べ(?:ても|て|ると)?|に対し(?:て)?|のうち|比)[、]?{_HEDGES}$")
_AGAINST_KO = re.compile(r"(?:[과와] (?:견주면|견줘|비교하면|비교해도?)|에 비하면|에 견주면|에 대면|에 비해)\s")
_AGAINST_JA = re.compile(r"(?:に比べ(?:ても|て|ると)|と比べ(?:ても|て|ると)|に対し(?:て)?)、?")
_TOPIC_KO = re.compile(r"(?<![하있없되쓰짓받드])(?<!(?<!우)리)(?:은|는)\s")
_BEARER_KO = re.compile(
    r"(?:(?<![하있없되쓰짓받드])(?<!(?<!우)리)[은는]|이|가|도|만|만이|만으로|만 해도|에만|에서만)\s|(?<=[가-힣])[,]\s|(?:인데|는데|이며|이고|지만|으로|면)\s"
)
_TOPIC_JA = re.compile(r"は、?")
_BEARER_JA = re.compile(r"[はがも]、?|(?:だけ)?で、?|、")
_TAIL_EAST = re.compile(r"(?:을|를|이|가|은|는|[をがは])?\s?(?P<np>[^.。,、”」\d]{2,40})")
_BORNE = re.compile(r"[가-힣](?:이|가|은|는|에|에게)\s|[がはに]")
_AFTER_EAST = re.compile(r"[^.。,、”」]*")
_QUOTE = re.compile(r"[“\"「『]")
_NOUN_EN = r"[^,.;:()\n]{2,70}"
_OF_EN = re.compile(
    rf"\s(?:more |larger |bigger |faster |quicker |greater |higher )?(?:of|than|that of|the size of|as (?:much|many|large|big|fast|powerful|high)(?: [\w-]+){{0,4}}? as|what)\s(?P<np>{_NOUN_EN})",
    re.I,
)
_BARE_EN = re.compile(rf"\s(?P<np>(?:the|its|their|that|those|[A-Z][\w.&-]*)(?:['’]s)?\b{_NOUN_EN})")
_ENDS_EN = re.compile(r"\s(?:and|but|while|whereas|though|although|which|who|because|since|when|if)\s|\s[–—-]\s|[“”\"]")
_VERB_EN = re.compile(
    r"\s(?:is|are|was|were|will|would|goes|go|went|has|have|had|can|could|may|comes|sits?|stands?|lies|remains?|belongs?)\s",
    re.I,
)
_CLAUSE_EN = re.compile(
    r"[;:]\s|,\s(?:and|but|while|whereas|though|although|so|or|which|who)?\s?|\s(?:and|but|while|whereas|so)\s|[“\"]|\s[–—]\s"
)


def sides_of(page: Page, claim: Claim, others: Sequence[Claim]) -> Iterator[Sides]:
    """Yield every way to read the two sides of a multiple or share from its sentence, the plainest first."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    told = [
        c
        for c in others
        if c.kind in ("share", "ratio_speedup") and a <= c.char_start and c.char_end <= claim.char_start
    ]
    first = told[-1].char_end if told else a
    own = list(_english(page.folded, claim, first, b) if page.language == "en" else _eastern(page, claim, first, b))
    own = [_pointing(page, s, others) for s in own]
    after = next((c for c in others if 0 < c.char_start - claim.char_end <= 6), None)
    if page.language == "en" and after is not None and _THAT_IS.fullmatch(page.folded, claim.char_end, after.char_start):
        of = _OF_FIRST.match(page.folded, a, claim.char_start)  # Of its $9.7bn, a fifth, $1.94bn, is …
        whole = Phrase(*of.span("np")) if of else own[0].whole
        if whole.end > whole.start:
            yield Sides(Phrase(after.char_start, after.char_end), whole, own[0].measure)
        return
    if not told or _fresh(page, first, claim.char_start):
        yield from own
    if not told:
        yield from _carried(page, claim, own, others)
        return
    here = Phrase(first, claim.char_end)  # … and 15 per cent in electricity: of the same two as the ratio before
    fresh = _fresh(page, first, claim.char_start)
    for s in sides_of(page, told[-1], others):
        if all(o.whole.start == o.whole.end for o in own):
            named = any(m.country for m in page.within(page.mentions, first, claim.char_start))
            yield replace(s, part=own[0].part if fresh and (named or page.language == "en") else s.part, measure=here)
        elif not fresh:
            yield from (Sides(s.part, o.whole, here) for o in own)


def _carried(page: Page, claim: Claim, own: Sequence[Sides], others: Sequence[Claim]) -> Iterator[Sides]:
    """The subject of the comparison of the sentence before, where this one names none: *It takes up 16 % of …*, 개소 때 전력의 세 배다."""
    k = page.sentence_of(claim.char_start)
    before = [c for c in others if c.char_end <= claim.char_start][-1:]
    if not before or before[0].kind not in ("share", "ratio_speedup") or page.sentence_of(before[0].char_start) != k - 1:
        return
    bare = [s for s in own if not page.folded[s.part.start : s.part.end].strip() or _PRONOUN.match(page.folded[s.part.start : s.part.end].strip())]
    if all(s.whole.start == s.whole.end for s in own) and not any(m.country for m in page.within(page.mentions, page.sentences[k][0], claim.char_start)):
        yield from (Sides(o.part, o.whole, Phrase(page.sentences[k][0], claim.char_end)) for o in sides_of(page, before[0], others))
    for s in bare[:1]:
        yield from (Sides(o.part, s.whole, s.measure) for o in sides_of(page, before[0], others))


_PRONOUN = re.compile(r"(?:It|That|This|They)\s(?:\w+\s?){0,3}$")


def _fresh(page: Page, a: int, b: int) -> bool:
    """Whether a subject of its own stands between the ratio before and this one."""
    if page.language == "en":
        own = [m for m in page.within(page.mentions, a, b) if m.country and not _GOVERNED.search(page.folded, a, m.start)]
        return bool(own) or _SUBJECT_EN.search(page.folded, a, b) is not None
    named = any(m.country and _BEARS.match(page.folded, m.end) for m in page.within(page.mentions, a, b))
    return named or (_TOPIC_KO if page.language == "ko" else _TOPIC_JA).search(page.folded, a, b) is not None


_BEARS = re.compile(r"[’'”」』]?(?:\d社)?(?:\s?(?:몫|분))?(?:은|는|이|가|도|만|は|が|も|で|だけ|の[^、。]{1,6}は)")
_GOVERNED = re.compile(r"\b(?:of|than|as|to|at|in|by|with|from|for|what)\s(?:the\s)?$", re.I)
_SUBJECT_EN = re.compile(
    r"(?:,|;|\band|\bwhile|\bbut)\s(?:the|[A-Z][\w’'-]*)\s[^,;]*\b(?:is|are|was|were|will|would|has|have|had|gets?|takes?|makes?|accounts?|owns?|holds?)\b|(?:,|;|\band|\bwhile)\s(?:\w+\s){0,3}[A-Z][\w’'-]*\s$"
)


_THAT_IS = re.compile(r",?\s(?:or\s)?|\s\(")
_OF_FIRST = re.compile(r"[\s“\"]*Of\s(?P<np>[^,;]{2,60}),", re.I)
_POINTS = re.compile(r"(?:그|이|그것|이것|その|それ|これ|that|this|it)\s?", re.I)


def _pointing(page: Page, sides: Sides, others: Sequence[Claim]) -> Sides:
    """The sides with *that*, 그, その for the figure it points at: the last one told."""
    if not _POINTS.fullmatch(page.folded, sides.whole.start, sides.whole.end):
        return sides
    before = [
        c
        for c in others
        if c.char_end <= sides.measure.end
        and c.value
        and c.kind not in ("share", "ratio_speedup", "rank", "rank_change")
    ]
    return replace(sides, whole=Phrase(before[-1].char_start, before[-1].char_end)) if before else sides


def _english(text: str, claim: Claim, a: int, b: int) -> Iterator[Sides]:
    m = _OF_EN.match(text, claim.char_end, b) or (
        _BARE_EN.match(text, claim.char_end, b) if claim.kind == "ratio_speedup" else None
    )
    whole = tail = Phrase(claim.char_end, claim.char_end)
    if m:
        stop = _ENDS_EN.search(text, m.start("np"), m.end("np"))
        end = stop.start() if stop else m.end("np")
        verb = _VERB_EN.search(text, m.start("np"), end)
        verb = None if re.match(r"what\b", text[m.start("np") :], re.I) or "what" in text[claim.char_end : m.start("np")] else verb
        whole = Phrase(m.start("np"), verb.start() if verb and claim.kind == "share" else end)
        tail = Phrase(verb.start(), end) if verb and claim.kind == "share" else tail
    measure = Phrase(a, whole.end)
    starts = [x.end() for x in _CLAUSE_EN.finditer(text, a, claim.char_start)]
    for start in dict.fromkeys([*(s for s in reversed(starts) if claim.char_start - s > 5), a]):
        yield Sides(Phrase(start, claim.char_start), whole, measure)
    if tail.end > tail.start:
        yield Sides(tail, whole, measure)


def _eastern(page: Page, claim: Claim, a: int, b: int) -> Iterator[Sides]:
    korean = page.language == "ko"
    quotes = [m.end() for m in _QUOTE.finditer(page.folded, a, claim.char_start)]
    first = quotes[-1] if quotes and claim.char_start - quotes[-1] > 3 else a
    left = page.folded[first : claim.char_start]
    marker = (_OF_KO if korean else _OF_JA).search(left)
    end = marker.start() if marker else len(left)
    tail = _AFTER_EAST.match(page.folded, claim.char_end, min(b, claim.char_end + 14))
    measure = Phrase(first, tail.end() if tail else claim.char_end)
    compared = list((_AGAINST_KO if korean else _AGAINST_JA).finditer(left)) if not marker else []
    if compared:  # 폭스콘의 100MW와 비교하면 이 전산실은 15%다
        m = compared[-1]
        yield Sides(Phrase(first + m.end(), claim.char_start), Phrase(first, first + m.start()), measure)
        return
    if not marker:
        yield Sides(Phrase(first, claim.char_start), Phrase(claim.char_start, claim.char_start), measure)
        return
    topics = list((_TOPIC_KO if korean else _TOPIC_JA).finditer(left, 0, end))
    bearers = list((_BEARER_KO if korean else _BEARER_JA).finditer(left, 0, end))
    after = _TAIL_EAST.match(page.folded, claim.char_end, b)
    for cut in dict.fromkeys([*(m.end() for m in reversed(bearers)), *(m.end() for m in reversed(topics)), 0]):
        before = [m.end() for m in bearers if m.end() < cut]
        whole = Phrase(first + cut, first + end)
        for start in dict.fromkeys([before[-1] if before else 0, 0]):
            if cut or not bearers:
                yield Sides(Phrase(first + start, first + cut), whole, measure)
        if after and claim.kind == "share" and _BORNE.search(page.folded, *after.span("np")):
            yield Sides(Phrase(*after.span("np")), whole, measure)
