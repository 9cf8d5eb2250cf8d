"""Which year or edition a place in a ranking is said to be of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["LAST_YEAR", "THIS_YEAR", "YEAR_BEFORE", "is_of_before", "old_year", "span_of", "year_of"]

LAST_YEAR = re.compile(r"(?:지난해|작년)(?! ?(?:보다|대비|에 비해|과 비교))|(?:昨年|去年)(?!より|に比べ|と比べ|比)|(?<!than )last year", re.I)
_TWO_AGO = re.compile(r"재작년|2년 전|一昨年|2年前|\b(?:two years (?:ago|earlier|before)|the year before last)\b", re.I)
YEAR_BEFORE = re.compile(r"(?:edition|index|list|survey|table|year) before\b|\b(?:preceding|prior|earlier|last but one) (?:edition|index|list|year|survey)|직전 판|전년도|지난 판|前の版|前の回|한 해 전|1년 전|직전|이전 (?:판|조사|순위)|전년|전 회|前年|前回|一年前|1年前|その前の年|previous (?:year|edition)|a year (?:ago|earlier|before)|the year before|a year previously", re.I)
THIS_YEAR = re.compile(r"올해|금년|이번 (?:조사|지수|순위|발표)|이번에는?(?=\s)|최신|지금(?!까지)|현재|이제는?|今年|最新|今回|今(?=は|で|や)|現在|this year|latest|newest|\bnow\b|\bcurrently\b|\btoday\b", re.I)
_YEAR = re.compile(r"(?<![\d경京조兆억億만万.,])(20[12]\d)(?:년|年)?(?!\d|\s?[조억만兆億万천千]|페타|ペタ|,\d)")
_SHORT = re.compile(r"(?<![\d.,])(2\d)(?=年(?:版|の|は|に|、|\d|11月|6月))|(?<!\d)[’'](2\d)(?=년|\s)")
"""A year of two digits, as Japanese papers write it: 21年の16位."""


def year_of(page: Page, start: int, end: int) -> str | None:
    """The year a rank is said to be of, by the nearest word of time before it in its sentence."""
    a, b = page.sentences[page.sentence_of(start)]
    own = int(page.date[:4])
    if _THEN.search(page.folded[max(a, start - 14) : start]):
        return _year_before(page, start, own)
    found: list[tuple[int, str]] = []
    for pattern, value in ((_TWO_AGO, str(own - 2)), (LAST_YEAR, str(own - 1)), (YEAR_BEFORE, _year_before(page, start, own)), (THIS_YEAR, str(own)), (_YEAR, None)):
        for m in pattern.finditer(page.folded, a, b):
            if m.end() <= start and _is_spent(page, m.start(), m.end(), start):
                continue
            if m.end() <= start and _UNMOVED.match(page.folded, m.end()):
                continue  # 前回と同じ7位: of now
            if m.end() <= start and _TITLE_HELD.match(page.folded, m.end()):
                continue  # 前回の覇者「フロンティア」は2位: who it was then, not when
            if pattern is _YEAR and (_SINCE.search(page.folded, max(a, m.start() - 24), m.start()) or _STARTED.match(page.folded, m.end())):
                continue  # the third index since 2022
            if m.end() <= start or (page.language == "en" and m.start() < end + (64 if _OF_EDITION.match(page.folded[end : m.start()]) else 24) and not re.search(r"[;.:]", page.folded[end : m.start()])):
                after = m.start() >= end and re.match(r"(?: place| spot| position)?\s(?:in|on|of|at)\s(?:the\s)?(?:\w+\s)?$", page.folded[end : m.start()])
                follows = m.start() >= end and _AT_ONCE.fullmatch(page.folded[end : m.start()])  # up from 13th a year earlier
                distance = start - m.end() if m.end() <= start else (0 if after or follows else 60 + m.start() - end)
                found.append((distance, value or m[1]))
    found += [(start - m.end(), f"20{m[1] or m[2]}") for m in _SHORT.finditer(page.folded, a, start + 1) if page.language != "en" and m.end() <= start and not _is_spent(page, m.start(), m.end(), start)]
    return min(found)[1] if found else None


_RIGHT_BEFORE = re.compile(r"(?:의|에는?|の|には?|は)?\s?(?=\d)")  # 1년 전 31위에서, 前年の13位
_AT_ONCE = re.compile(r"(?: place| spot| position)?\s(?:(?:in|on) the )?(?:index |ranking |list )?")
# Canada, then fifth; in ninth, down from seventh; 당시 5위: of the edition before the one told last.
_THEN = re.compile(r"(?:\b(?:then|down from|up from)\s(?:the\s)?|당시 ?|当時の?)$", re.I)


def is_of_before(page: Page, start: int, end: int) -> bool:
    """Whether a place is told as that of the edition before the one just told: *up from 13th*, *13th a year earlier*, 당시 5위."""
    if _THEN.search(page.folded[max(0, start - 14) : start]):
        return True
    if any(_RIGHT_BEFORE.match(page.folded, m.end(), start + 1) and m.end() <= start and start - m.end() < 6 for m in YEAR_BEFORE.finditer(page.folded, max(0, start - 24), start)):
        return True
    after = (pattern.search(page.folded, end, end + 40) for pattern in (YEAR_BEFORE, _TWO_AGO))
    return any(m is not None and _AT_ONCE.fullmatch(page.folded[end : m.start()]) for m in after)


_SINCE = re.compile(r"\b(?:since|launched in|started in|begun in|founded in|first (?:published|compiled|issued) in)\s$", re.I)
_STARTED = re.compile(r"\s?(?:부터|에 (?:시작|처음|출범|첫)|이후|이래|に(?:始ま|初め|創設)|から(?:毎年|続)|以来|以降)")
_TITLE_HELD = re.compile(r"(?:の|의)?\s?(?:覇者|王者|首位|トップ|チャンピオン|챔피언|우승|왕좌|선두)|[’']s? (?:winner|leader|champion|number one)|\s(?:winner|leader|champion|holder)")
_UNMOVED = re.compile(r"(?:の順位|의 순위)?(?:と|과|와)\s?(?:同じ|変わら|같|마찬가지)|(?:と|과|와)? ?동일")


def _is_spent(page: Page, at: int, end: int, start: int) -> bool:
    """Whether a word of time belongs to an earlier place that the sentence leaves behind: 昨年13位だったフランスが5位; 13th last year, is fifth."""
    text = page.folded
    if ";" in text[end:start] or (page.language == "en" and "," in text[end:start] and _AS_THEN.search(text[max(0, at - 30) : at])):
        return True
    for q in page.within(page.quantities, max(0, at - 24), start):
        if q.family == "rank" and ((q.start >= end and q.end < start and _LEFT_BEHIND.match(text, q.end)) or (page.language == "en" and q.end == at - 1 and text[end : end + 1] == ",")):
            return True
    return False


# Fourth, as it did a year ago, just ahead of France in fifth: the year before is of the first alone.
_AS_THEN = re.compile(r"\bas (?:it|they|he|she|the country) (?:did|was|were|had|had done|had been) (?:in )?$", re.I)
_LEFT_BEHIND = re.compile(r"(?:\s?to\b|だった(?!。)|であった(?!。)|から|にいた|に沈んでいた|였던|이던|이었던|였다가|에서|[에로]\s?[가-힣]{1,4}던\s|에 그친|に甘んじた)")


# 10th in the Tortoise index of 2023, fourth on last year's list
_OF_EDITION = re.compile(r"(?:\sand\s\d{1,3}(?:st|nd|rd|th))?(?:,?\srespectively,?)?\s(?:place |spot |position )?(?:in|on|of)\s(?:the\s)?[^,;.:]{0,44}\b(?:index|ranking|list|table|edition|survey)?[^,;.:]{0,12}$", re.I)


_SPAN = re.compile(r"\b(?:between|from) (20[12]\d) (?:and|to) (20[12]\d)\b|(20[12]\d)년(?:과|에서|부터)? ?[~–-]? ?(20[12]\d)년|(20[12]\d)年(?:から|と|〜|～|~)(20[12]\d)年|\b(20[12]\d)\s?[–~-]\s?(20[12]\d)\b", re.I)


def span_of(page: Page, start: int, end: int) -> tuple[str, str] | None:
    """The two years over which a sentence tells a change: *between 2023 and 2024*, 2023년과 2024년 사이."""
    a, b = page.sentences[page.sentence_of(start)]
    m = _SPAN.search(page.folded, a, b)
    years = [y for y in m.groups() if y] if m else []
    return (min(years), max(years)) if len(years) == 2 else None


def old_year(page: Page, start: int, end: int) -> str | None:
    """The year that a change of rank names for its old place: *from 13th in 2023 to 5th*, 2021년 10위에서; None where it names none."""
    text = page.folded
    if (span := span_of(page, start, end)) is not None:
        return span[0]
    middle = _TURN.search(text, start, end)
    before = _ADJACENT.search(text[max(0, start - 14) : start])
    inside = _YEAR.search(text, start, middle.start() if middle else end)
    if inside is None and before is None and (short := _SHORT_BEFORE.search(text[max(0, start - 8) : start])):
        return f"20{short[1]}"  # 21年の16位から
    found = inside or (before if before and before[1] else None)
    return found[1] if found else None


# Where the new place begins in a change of rank.
_TURN = re.compile(r"에서|였다가|이었다가|였지만|였으나|였는데|から|だったが|で、|\bto\b|→|->|⇒", re.I)
_ADJACENT = re.compile(r"(?<!\d)(20[12]\d)(?:년판?|年版?)?(?:의|の|에서|에|에는|では|には|,)?\s?$")


_SHORT_BEFORE = re.compile(r"(?<![\d.,])(2\d)年版?(?:の|に|は|、)?$")


def _year_before(page: Page, start: int, own: int) -> str:
    """The year before the one last told in the two sentences before a place: *14th last year, 31st a year earlier*."""
    k = page.sentence_of(start)
    a = page.sentences[max(0, k - 2)][0]
    told = [(m.start(), int(v or m[1])) for p, v in ((LAST_YEAR, own - 1), (THIS_YEAR, own), (_YEAR, 0)) for m in p.finditer(page.folded, a, start)]
    return str((max(told)[1] if told else own) - 1)
