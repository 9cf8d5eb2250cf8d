"""Whom *the company*, 같은 회사, 同社 or *the ministry* means: the last of its sort that the article named."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Callable, Sequence

from podium.claims.entities import Mention

__all__ = ["resolve"]

_SORTS: list[tuple[re.Pattern[str], tuple[str, ...], bool]] = [
    # pattern, types of the antecedent, whether it is the article's first (we, 当社) rather than the last
    (re.compile(r"같은 회사|(?<![가-힣])이 회사|해당 (?:회사|기업|업체)|(?<![가-힣])(?:이 기업|이 업체|그 회사)|(?<![가-힣])동사(?=[는은가의를]\s)|(?<![가-힣])회사(?= ?측|는 |가 |의 )"
                r"|同社|同行|\b[Tt]he (?:company|firm|start-?up|group|operator|developer|cloud provider|carrier|retailer)\b"), ("company", "vendor"), False),
    (re.compile(r"(?<![가-힣])당사(?=[는은가의를]\s)|当社|弊社|우리 회사"), ("company",), True),
    (re.compile(r"같은 부처|이 부처|同省|同庁|\b[Tt]he (?:ministry|department|agency)\b"), ("state",), False),
    (re.compile(r"같은 대학|이 대학|同大(?=[はがの])|\b[Tt]he (?:university|institute|laboratory)\b"), ("institute",), False),
    (re.compile(r"이 나라|같은 나라|同国|この国|当国|\b[Tt]he (?:country|kingdom|emirate|island|city-state)\b"), ("country",), False),
]  # fmt: skip


# Whoever speaks: the home of the language, for a firm that the lexicon lacks.
_OWN = [(re.compile(r"うちの|わが社|我が社|我々の"), "JPN"), (re.compile(r"(?<![가-힣])(?:저희|우리)(?! 돈)(?=[는가의도를]? |보다 |[와도]는? )"), "KOR")]
# An English writer's own country: we were fourth in 2021 and eighth in 2024.
_WE = re.compile(r"\b[Ww]e(?=\s(?:were|are|came|come|stood|stand|rank(?:ed)?|sit|sat|slipped|fell|rose|dropped|placed|finished|climbed)\s(?:\w+\s){0,3}?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,3}(?:st|nd|rd|th)|from|No)\b)")


_MACHINE = re.compile(r"\b[Tt]he (?:machine|supercomputer|computer)\b(?![’'-]|\s(?:industry|hall|room|scientist|lab))|이 (?:슈퍼)?컴퓨터(?=[는가의를에])|이 슈퍼컴(?=[은이의을에])|(?<![一-鿿])同機(?=[はがのにを])|(?:同|この)(?:スパコン|スーパーコンピューター|計算機)(?=[はがのにを])")


def _machines(folded: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The machines told again: the last topic of the paragraph, else the machine that the article names most."""
    named = [m for m in mentions if m.type == "system" and m.country]
    most = Counter(m.id for m in named).most_common(1)
    out = []
    for m in _MACHINE.finditer(folded) if most else ():
        paragraph = folded.rfind("\n", 0, m.start()) + 1
        near = [n for n in named if paragraph <= n.start < m.start()]
        chosen = _antecedent(folded, near) if near else next(n for n in named if n.id == most[0][0])
        if chosen is not None and chosen.start < m.start():
            out.append(Mention(m.start(), m.end(), chosen.id, "system", chosen.country))
    return out


def resolve(folded: str, mentions: Sequence[Mention], speaker: str = "") -> list[Mention]:
    """Return the mentions with those that refer back, in order; what has no antecedent is left out.

    Parameters
    ----------
    folded
        The folded text of the article.
    mentions
        The names found in it, in order.
    speaker
        The country of whoever is quoted, for うちの and わが社; that of the language where it is empty.
    """
    starts = [m.start for m in mentions]

    def free(a: int, b: int) -> bool:
        at = bisect.bisect_left(starts, b)
        return at == 0 or mentions[at - 1].end <= a

    out = _shortened(folded, _of_the_country(folded, mentions), free)
    for pattern, types, first in _SORTS:
        named = [m for m in mentions if m.type in types and m.country]
        if not named:
            continue
        places = [n.start for n in named]
        for m in pattern.finditer(folded):
            before = named[max(0, bisect.bisect_left(places, m.start()) - 12) : bisect.bisect_left(places, m.start())]
            chosen = (named[0] if first else _antecedent(folded, before)) if before or first else None
            if chosen is not None and free(m.start(), m.end()):
                out.append(Mention(m.start(), m.end(), chosen.id, chosen.type, chosen.country))
    for pattern, home in _OWN:
        own = speaker or home if home == "JPN" else home
        out += [Mention(m.start(), m.end(), own, "country", own) for m in pattern.finditer(folded) if free(m.start(), m.end())]
    if speaker:
        out += [Mention(m.start(), m.end(), speaker, "country", speaker) for m in _WE.finditer(folded) if free(m.start(), m.end())]
    out += [m for m in _machines(folded, mentions) if free(m.start, m.end)]
    out += [m for m in _sites(folded, mentions) if free(m.start, m.end)]
    return sorted(out, key=lambda m: m.start)


_SITE = re.compile(r"이 (?:시설|단지|데이터센터|센터|캠퍼스|산단)(?=[은는이가의에도을를])|(?:同|この)(?:施設|拠点|データセンター)(?=[はがのにもを])|\b[Tt]h(?:e|is) (?:site|campus|facility|complex|data cent(?:re|er))\b")
_BUILT = re.compile(r"(?:시|도|군|구)?\s?(?:[가-힣A-Za-z0-9()]{1,12}\s){0,3}?[가-힣]{0,6}(?:단지|산단|데이터센터|센터|캠퍼스|시설)|(?:県|市|府|道)?[^、。]{0,16}(?:施設|拠点|センター)|['’]?s?\s(?:[\w'’-]+\s){0,3}(?:site|campus|facility|complex|data cent(?:re|er))\b")


def _sites(folded: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The sites told again (*this campus*, 이 시설은, 同拠点): each of the country of the last place that was named with such a site."""
    placed = [m for m in mentions if m.type == "country" and _BUILT.match(folded, m.end)]
    out = []
    for m in _SITE.finditer(folded):
        before = [p for p in placed if p.end < m.start() < p.end + 400]
        if before:
            out.append(Mention(m.start(), m.end(), before[-1].country, "country", before[-1].country))
    return out


# The part of a firm's name that a paper leaves out once it has given the name: さくらインターネット, then さくら; ドイツテレコム, then テレコム.
_TAIL = re.compile(r"(?P<short>.{2,}?)(?:インターネット|グループ|ホールディングス|コミュニケーションズ|テクノロジーズ?)")
_HEAD = re.compile(r"(?:ドイツ|フランス|イタリア|スイス|도이체|프랑스|스위스|Deutsche |Swiss )(?P<short>.{3,})")


def _shortened(folded: str, mentions: list[Mention], free: Callable[[int, int], bool]) -> list[Mention]:
    """The mentions, and the short forms of firms' names that follow their full names, before a particle or a possessive."""
    out, seen = list(mentions), set()
    for m in (m for m in mentions if m.type == "company"):
        found = _TAIL.fullmatch(folded[m.start : m.end]) or _HEAD.fullmatch(folded[m.start : m.end])
        short = found["short"] if found else ""
        if not short or short in seen:
            continue
        seen.add(short)
        for n in re.finditer(rf"(?<![一-鿿ァ-ヶー가-힣A-Za-z]){re.escape(short)}(?=[のはがもにとを]|[은는이가의도을를]\s|['’]s\s|\s(?:has|is|said|will|plans)\b)", folded[m.end :]):
            start, end = m.end + n.start(), m.end + n.end()
            if free(start, end):
                out.append(Mention(start, end, m.id, m.type, m.country))
    return sorted(out, key=lambda x: x.start)


def _of_the_country(folded: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions; a ministry after the name of another country is that country's: 미국 재무성, the Indian Ministry of Finance."""
    out: list[Mention] = []
    for m in mentions:
        before = out[-1] if out else None
        if m.type == "state" and before is not None and before.type == "country" and before.country != m.country and re.fullmatch(r"\s?|의\s|の|['’]s\s|\s정부\s", folded[before.end : m.start]) and m.start > before.start:
            m = Mention(m.start, m.end, before.country, "state", before.country)
        out.append(m)
    return out


_YARDSTICK = re.compile(r"\b(?:behind|after|than|against|unlike|past|above|below|ahead of|overtook|overtaking|passing|trailing)\s(?:the )?$", re.I)


def _antecedent(folded: str, before: list[Mention]) -> Mention | None:
    """The last one named as a topic (은/는, は/が, the start of an English sentence), else the last one that is no vendor."""
    plain = [m for m in before if m.type != "vendor"][-6:]
    plain = [m for m in plain if not _YARDSTICK.search(folded[max(0, m.start - 14) : m.start])] or plain  # one place behind Israel
    topics = [m for m in plain if re.match(r"[’'”\"」』)]{0,2}(?:\([^)]{0,30}\))?(?:(?:의\s?|の)[^\s、,。]{1,8}?)?(?:은|는|이|가|도|は|が|も|, | (?:said|has|will|is|plans|also))", folded[m.end : m.end + 36])]
    if topics and (not plain or topics[-1].end >= plain[-1].end - 120):
        return topics[-1]
    return plain[-1] if plain else before[-1] if before else None
