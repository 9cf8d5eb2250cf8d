"""Claims about places in a ranking: one rank, a change of rank, a score, how many countries are covered."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.claim import Claim
from podium.claims.holders import IS_HELD_BY, rank_subject
from podium.claims.indices import LISTS, index_near
from podium.claims.quantities import Quantity, bounds

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["old_year", "rank_claims", "ranking_near", "year_of"]

_BETWEEN = re.compile(
    r"에서|였다가|이었다가|[가-힣]던\s|에 머무른|였지만|였으나|였는데|から|だったが|で、|\bto\b|\bfrom\b|→|에서\s",
    re.I,
)
_MOVED = re.compile(
    r"올라|올랐|상승|뛰|껑충|도약|하락|떨어|밀려|밀렸|내려|내렸|급등|추락|후퇴|미끄러|주저앉|치솟|점프|순위가|변동|바뀌|바뀐|上昇|上げ|下げ|順位を|転落|急伸|ジャンプ|躍進|後退|下落|浮上|上がっ|下がっ|から"
    r"|\b(?:rose|climbed|jumped|vaulted|slid|fell|dropped|edged|moved|leapt|up|down|advanced|slipped|surged|from)\b|→",
    re.I,
)
_DONE_MOVING = re.compile(r"(?:上げ|下げ|上が|下が|後退し|落ち|伸ば)[^、]{0,12}、|(?:올랐|내렸|떨어졌|올라섰|밀렸|뛰었)[^,]{0,8},")
_STEP_WORDS = {"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "one": 1, "two": 2, "three": 3, "four": 4,
               "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}  # fmt: skip
_STEPS = re.compile(rf"(?P<n>\d+|(?<![가-힣A-Za-z])(?:{'|'.join(_STEP_WORDS)}))\s?(?:계단|places?|positions?|spots?|rungs?|つ|ランク)")
_LAST = re.compile(r"(?:지난해|작년)(?! ?(?:보다|대비|에 비해|과 비교))|(?:昨年|去年)(?!より|に比べ|と比べ|比)|(?<!than )last year", re.I)
_TWO_AGO = re.compile(r"재작년|2년 전|一昨年|2年前|\b(?:two years (?:ago|earlier|before)|the year before last)\b", re.I)
_BEFORE_THAT = re.compile(r"(?:edition|index|list|survey|table|year) before\b|\b(?:preceding|prior|earlier|last but one) (?:edition|index|list|year|survey)|직전 판|전년도|지난 판|前の版|前の回|한 해 전|1년 전|직전|이전 (?:판|조사|순위)|전년|전 회|前年|前回|一年前|1年前|その前の年|previous (?:year|edition)|a year (?:ago|earlier|before)|the year before|a year previously", re.I)
_THIS = re.compile(r"올해|금년|이번 (?:조사|지수|순위|발표)|최신|지금(?!까지)|현재|이제는?|今年|最新|今回|今(?=は|で|や)|現在|this year|latest|newest|\bnow\b|\bcurrently\b|\btoday\b", re.I)
_YEAR = re.compile(r"(?<![\d경京조兆억億만万.,])(20[12]\d)(?:년|年)?(?!\d|\s?[조억만兆億万천千]|페타|ペタ|,\d)")
_SHORT = re.compile(r"(?<![\d.,])(2\d)(?=年(?:版|の|は|に|、|\d|11月|6月))|(?<!\d)[’'](2\d)(?=년|\s)")
"""A year of two digits, as Japanese papers write it: 21年の16位."""
_GAP = 42
_REACH = 14  # sentences for which an article goes on speaking of a ranking


def ranking_near(page: Page, at: int) -> bool:
    """Whether the sentence of a figure, or one of the two before it, or the headline speaks of a ranking."""
    k = page.sentence_of(at)
    if cues.has(cues.MARKET_SHARE, page.sentence(k)):
        return False
    head = page.folded[: page.headline_ends]
    if any(cues.has(cues.RANKING, page.sentence(j)) for j in range(k, k - _REACH, -1)) or cues.has(cues.RANKING, head):
        return True
    return (at < page.headline_ends and cues.has(cues.RANKING, page.folded)) or (page.language != "en" and bool(page.indices))


def year_of(page: Page, start: int, end: int) -> str | None:
    """The year a rank is said to be of, by the nearest word of time before it in its sentence."""
    a, b = page.sentences[page.sentence_of(start)]
    own = int(page.date[:4])
    if _THEN.search(page.folded[max(a, start - 14) : start]):
        return _year_before(page, start, own)
    found: list[tuple[int, str]] = []
    for pattern, value in ((_TWO_AGO, str(own - 2)), (_LAST, str(own - 1)), (_BEFORE_THAT, _year_before(page, start, own)), (_THIS, str(own)), (_YEAR, None)):
        for m in pattern.finditer(page.folded, a, b):
            if m.end() <= start and _is_spent(page, m.start(), m.end(), start):
                continue
            if m.end() <= start and _AS_THEN.match(page.folded, m.end()):
                continue  # 前回と同じ7位: of now
            if m.end() <= start or (page.language == "en" and m.start() < end + (64 if _OF_EDITION.match(page.folded[end : m.start()]) else 24) and not re.search(r"[;.:]", page.folded[end : m.start()])):
                after = m.start() >= end and re.match(r"(?: place| spot| position)?\s(?:in|on|of|at)\s(?:the\s)?(?:\w+\s)?$", page.folded[end : m.start()])
                distance = start - m.end() if m.end() <= start else (0 if after else 60 + m.start() - end)
                found.append((distance, value or m[1]))
    found += [(start - m.end(), f"20{m[1] or m[2]}") for m in _SHORT.finditer(page.folded, a, start + 1) if page.language != "en" and m.end() <= start and not _is_spent(page, m.start(), m.end(), start)]
    return min(found)[1] if found else None


# Canada, then fifth; in ninth, down from seventh; 당시 5위: of the edition before the one told last.
_THEN = re.compile(r"(?:\b(?:then|down from|up from)\s(?:the\s)?|당시 ?|当時の?)$", re.I)


_AS_THEN = re.compile(r"(?:の順位|의 순위)?(?:と|과|와)\s?(?:同じ|変わら|같|마찬가지)|(?:と|과|와)? ?동일")


def _is_spent(page: Page, at: int, end: int, start: int) -> bool:
    """Whether a word of time belongs to an earlier place that the sentence leaves behind: 昨年13位だったフランスが5位; 13th last year, is fifth."""
    text = page.folded
    if ";" in text[end:start]:
        return True
    for q in page.within(page.quantities, max(0, at - 24), start):
        if q.family == "rank" and ((q.start >= end and q.end < start and _LEFT_BEHIND.match(text, q.end)) or (page.language == "en" and q.end == at - 1 and text[end : end + 1] == ",")):
            return True
    return False


_LEFT_BEHIND = re.compile(r"(?:\s?to\b|だった(?!。)|であった(?!。)|から|にいた|に沈んでいた|였던|이던|이었던|였다가|에서|[에로]\s?[가-힣]{1,4}던\s|에 그친|に甘んじた)")


# 10th in the Tortoise index of 2023, fourth on last year's list
_OF_EDITION = re.compile(r"(?:\sand\s\d{1,3}(?:st|nd|rd|th))?(?:,?\srespectively,?)?\s(?:place |spot |position )?(?:in|on|of)\s(?:the\s)?[^,;.:]{0,44}\b(?:index|ranking|list|table|edition|survey)?[^,;.:]{0,12}$", re.I)


_SPAN = re.compile(r"\b(?:between|from) (20[12]\d) (?:and|to) (20[12]\d)\b|(20[12]\d)년(?:과|에서|부터)? ?[~–-]? ?(20[12]\d)년|(20[12]\d)年(?:から|と|〜|～|~)(20[12]\d)年|\b(20[12]\d)\s?[–~-]\s?(20[12]\d)\b", re.I)


def _span_of(page: Page, start: int, end: int) -> tuple[str, str] | None:
    """The two years over which a sentence tells a change: *between 2023 and 2024*, 2023년과 2024년 사이."""
    a, b = page.sentences[page.sentence_of(start)]
    m = _SPAN.search(page.folded, a, b)
    years = [y for y in m.groups() if y] if m else []
    return (min(years), max(years)) if len(years) == 2 else None


def old_year(page: Page, start: int, end: int) -> str | None:
    """The year that a change of rank names for its old place: *from 13th in 2023 to 5th*, 2021년 10위에서; None where it names none."""
    text = page.folded
    if (span := _span_of(page, start, end)) is not None:
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
    told = [(m.start(), int(v or m[1])) for p, v in ((_LAST, own - 1), (_THIS, own), (_YEAR, 0)) for m in p.finditer(page.folded, a, start)]
    return str((max(told)[1] if told else own) - 1)


def rank_claims(page: Page) -> list[Claim]:
    """Return the claims of an article about places in rankings, with scores and coverage."""
    ranks = [q for q in page.quantities if q.family == "rank" and _counts(page, q)]
    out: list[Claim] = []
    k = 0
    while k < len(ranks):
        first = ranks[k]
        second = ranks[k + 1] if k + 1 < len(ranks) else None
        change = _change(page, first, second) if second is not None else None
        if change is not None:
            out.append(change)
            k += 2
            continue
        out.append(_rank(page, first))
        k += 1
    return _in_turn(page, out) + _scores(page) + _coverage(page)


_RESPECTIVELY = re.compile(r"\brespectively\b|각각|차례로|それぞれ|順に", re.I)


def _in_turn(page: Page, claims: list[Claim]) -> list[Claim]:
    """The places of a sentence that says *respectively*, given to its countries in their order."""
    out = list(claims)
    for k in {page.sentence_of(c.char_start) for c in claims}:
        a, b = page.sentences[k]
        own = [n for n, c in enumerate(out) if a <= c.char_start < b and c.kind == "rank"]
        if len(own) < 2 or not _RESPECTIVELY.search(page.folded, a, b):
            continue
        named = [m for m in page.within(page.mentions, a, out[own[0]].char_start) if m.type == "country" and m.country]
        if len({m.country for m in named[-len(own) :]}) == len(own):
            for n, m in zip(own, named[-len(own) :], strict=True):
                out[n] = replace(out[n], subject=m.id, subject_country_iso3=m.country)
    return out


def _counts(page: Page, q: Quantity) -> bool:
    """Whether a rank is a claim: in a ranking, and neither a goal nor a market share."""
    k = page.sentence_of(q.start)
    a, b = page.sentences[k]
    text = page.folded
    if not ranking_near(page, q.start) or cues.has(cues.GOAL, text[q.end : q.end + 10]):
        return False
    if re.search(r"\d\s?[~∼〜～–-]\s?$", text[max(a, q.start - 3) : q.start]):
        return False  # 3~5위: several places, of several holders
    if re.search(r"[Gg]\d[(（][^)）]*$", text[max(a, q.start - 12) : q.start]):
        return False
    if cues.has(cues.POLLS, text[a:b]) or cues.has(cues.MARKETS, text[a:b]):
        return False
    word = text[q.start : q.end].lower()
    if page.language == "en" and _WANTED.search(text[max(a, q.start - 50) : q.start]):
        return False
    if page.language == "en" and word.isalpha():
        left, right = text[max(a, q.start - 26) : q.start].lower(), text[q.end : q.end + 26].lower()
        shared = re.search(r"from (?:the )?[\w-]+ to\s$", left) is not None or _IN_ORDER.match(text, q.end) is not None or IS_HELD_BY.match(text, q.end) is not None
        if re.match(r" (?:to|and|or) (?:\d|[a-z]+th\b)", right) and not re.search(r"from\s$", left) and not shared:
            return False
        if not shared and not _PLACED.match(right):
            return False
        if word == "first" and not re.search(
            r"(?:ranked|rank|ranks|came|comes|in|place[ds]?|stay(?:ed|s)|remain(?:ed|s)|finish(?:ed|es)|stands|sits|is|now|still)\s$|\($", left
        ):
            return False
    return True


# A place that somebody wants to reach is a goal: South Korea wants to be third by 2027.
_WANTED = re.compile(r"\b(?:wants?|aims?|aiming|hopes?|hoping|vow(?:s|ed)?|pledged|seeks?|plans?|intends?|strives?|would like|dreams? of|ambition|goal|target(?:s|ing)?)\s(?:to|of)\s(?:be|being|become|becoming|reach|reaching|rank|ranking|finish|break into|climb to|climbing to|rise to)\b[^.;,]{0,24}$", re.I)
_IN_ORDER = re.compile(r"(?:,? (?:and )?[\w-]+){0,4},? (?:respectively|in that order)\b", re.I)
# What follows an English ordinal that is a place: no noun but *place*, *spot* …
_PLACED = re.compile(
    r"\s?(?:$|[.,;:!?)\]\"”’'—–-])|\s(?:-|–|—|\(|place|spot|position|slot|rank|ranking|overall|worldwide|globally|internationally|in (?!a (?:row|decade|year|generation|series)\b)|on|among|behind|ahead|with|at|to|and|but|while|last|this"
    r"|(?:a|one|two) years?|from|for (?:the|its|ai|government|operating|talent|infrastructure|research|development|commercial|innovation|policy|readiness|investment|\w+ (?:strategy|environment|ecosystem))|by|after|again|as|out of|out|despite|because|thanks|though|although|even|before|just|still|only|following|globally|compared|now|then|today|when|where|out|since|until|against|over|under|of (?:the )?\d|of (?:the )?[a-z]+ (?:countries|nations|economies))"
)


def _rank(page: Page, q: Quantity) -> Claim:
    subject, country = rank_subject(page, q.start, q.end, system=index_near(page, q.start) in LISTS)
    head = q.start < page.headline_ends
    return Claim("", "rank", page.text[q.start : q.end], q.start, q.end, (), subject, country,
                 "headline" if head and country is None else "rank", q.value, unit="rank",
                 year_or_date=year_of(page, q.start, q.end))  # fmt: skip


def _change(page: Page, first: Quantity, second: Quantity) -> Claim | None:
    """The change of rank that two ranks of one sentence tell, of the same holder."""
    a, b = page.sentences[page.sentence_of(first.start)]
    if second.end > b or second.start - first.end > _GAP:
        return None
    text = page.folded
    between = text[first.end : second.start]
    if re.match(r"(?:から|에서|보다|より)", text[second.end : second.end + 3]) or _DONE_MOVING.search(between):
        return None  # 12位からは一つ上げたとはいえ、2021年の6位から見れば
    close = re.fullmatch(r"(?:\([^)]{0,12}\))?\s?(?:에서|から|→|->|⇒)\s?", between) is not None
    if not _BETWEEN.search(between) or not (close or _MOVED.search(text[a:b]) or _STEPS.search(between)):
        return None
    machines = index_near(page, first.start) in LISTS
    one, other = (rank_subject(page, q.start, q.end, system=machines) for q in (first, second))
    if one[1] != other[1] and one[1] is not None and other[1] is not None:
        return None
    if page.language == "en" and _TO_FROM.fullmatch(between) and re.search(r"\bto\s$", text[max(a, first.start - 4) : first.start]):
        return _turned(page, first, second)
    if page.language == "en" and not re.search(r"\bfrom\s$", text[max(a, first.start - 6) : first.start], re.I):
        return None
    start, steps = first.start, _steps(text, first, second, max(a, first.start - 22), min(b, second.end + 16))
    if page.language == "en":
        start -= 5
        if steps and steps.end() <= start and start - steps.end() <= 3:
            start = steps.start()
    subject, country = other if other[1] is not None else one
    year, own = year_of(page, second.start, second.end), int(page.date[:4])
    told = old_year(page, first.start, second.end)
    if (span := _span_of(page, first.start, second.end)) is not None:
        year = span[1]
    if told is not None and year == told:
        year = None  # the year of the old place is its own: from 13th in 2023 to fifth
    if re.search(rf"(?:{_LAST.pattern})(?:의|の|'s|’s)?\s?$", text[max(a, first.start - 12) : first.start], re.I):
        year = str(own)  # last year's 13th, now fifth
    elif re.search(rf"(?:{_LAST.pattern})(?:판|版)?(?:의|에는|에|の|には|は|に)?[\s、,]?$", between):
        year = str(own - 1)  # 2021년 16위에서 지난해 12위: the new place is last year's
    elif (_BEFORE_THAT.search(between) or _LAST.search(between)) and not _THIS.search(text, max(a, first.start - 30), second.start):
        year = None  # from sixth a year ago to seventh: the second is of now
    stated = float(_STEP_WORDS.get(steps["n"], 0) or steps["n"]) if steps else None
    return Claim("", "rank_change", page.text[start : second.end], start, second.end, (), subject, country, "rank",
                 second.value, first.value, stated, unit="rank", year_or_date=year)  # fmt: skip


def _steps(text: str, first: Quantity, second: Quantity, low: int, high: int) -> re.Match[str] | None:
    """The number of steps told nearest to a change of rank, after it or before it: 7위에서 9위로 두 계단."""
    found = []
    for m in _STEPS.finditer(text, low, high):
        a, b = (second.end, m.start()) if m.start() >= second.end else (m.end(), first.start)
        if not _OTHER_CLAUSE.search(text[a:b]):
            found.append((max(0, b - a), m))
    return min(found, key=lambda x: x[0])[1] if found else None


_OTHER_CLAUSE = re.compile(r"[고며만데나],?\s|[;、]|,\s(?!from\b)|\b(?:and|while|but)\b")
_TO_FROM = re.compile(r"(?:\s(?:place|spot|position))?(?:,|\slast year|\sthis year)?\s(?:up |down )?from\s(?:the\s)?(?:last year[’']s\s|a year-ago\s)?")


def _turned(page: Page, new: Quantity, old: Quantity) -> Claim:
    """A change of rank told backwards: *fell to 12th from 11th*."""
    one, other = rank_subject(page, new.start, new.end), rank_subject(page, old.start, old.end)
    subject, country = one if one[1] is not None else other
    return Claim("", "rank_change", page.text[new.start : old.end], new.start, old.end, (), subject, country, "rank",
                 new.value, old.value, None, unit="rank", year_or_date=year_of(page, new.start, new.end))  # fmt: skip


_BARE = re.compile(r"(?<![\d.,$€£¥₩-])(?P<n>\d{1,2}\.\d{1,2}|(?:(?<=満点の)|(?<=만점인 )|(?<=만점 )|(?<=perfect ))100)(?![\d%％]|\.\d|,\d|\s?[A-Za-z가-힣ァ-ヶ一-鿿]*(?:점|点|배|倍|억|조|億|兆|달러|円|GB|TB|MW|GW|kW|flops|엑사|페타|million|billion|trillion|points?|percent|per cent|times)\b|\s?(?:점|点|배|倍|엑사|페타|エクサ|ペタ|exa|peta|GB|GW|MW))")
_SCORE = re.compile(
    r"(?:\bon|\bscore of|\bscore is|\bscores|\bscored|\bscoring|\bwith a perfect|\bwith a score of|점수는?)\s(?P<n>\d{1,3}(?:\.\d+)?)(?!\d|,\d|%|\s?(?:million|billion|percent|per cent|GPUs|chips|[a-z]*flops?\b|[kMG]W\b|[GTP]B\b|[A-Z][a-z]+day|nations|countries|economies))"
    r"|(?P<k>\d{1,3}(?:\.\d+)?)\s?(?:점|点|points?\b)"
)


def _scores(page: Page) -> list[Claim]:
    """Scores in an index, such as 53.88 points; a bare 32.33 where the sentences before speak of scores."""
    out: list[Claim] = []
    told = [(m, "n" if m["n"] else "k") for m in _SCORE.finditer(page.folded)]
    seen = {m.start(name) for m, name in told}
    told += [(m, "n") for m in _BARE.finditer(page.folded) if m.start() not in seen and _goes_on_scoring(page, m)]
    for m, name in sorted(told, key=lambda x: x[0].start(x[1])):
        a, b = page.sentences[page.sentence_of(m.start())]
        whole = page.folded[a:b]
        if not ranking_near(page, m.start()) or cues.has(cues.POLLS, whole) or cues.has(cues.MARKETS, whole):
            continue
        if name == "n" and re.match(
            r"(?:Sept|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Oct|Nov|Dec)", page.folded[m.end() + 1 : m.end() + 5]
        ):
            continue
        start, end = m.span("n") if name == "n" else m.span()
        q = next((q for q in page.within(page.quantities, start - 12, end) if q.family == "point" and q.start <= start and end <= q.end), None)
        hedge, low, high = (q.hedge, q.low, q.high) if q is not None else (None, None, None)
        start, end = (q.start, q.end) if q is not None else (start, end)
        subject, country = _scored(page, start) or rank_subject(page, start, end)
        out.append(Claim("", "other", page.text[start:end], start, end, (), subject, country, "score", float(m[name]),
                         low=low, high=high, unit="point", hedge=hedge, year_or_date=year_of(page, start, end)))  # fmt: skip
    return out


def _scored(page: Page, start: int) -> tuple[str, str] | None:
    """The country that stands as the object of a score: 首位の米国を100点とする, 1위 미국을 100점으로."""
    last = [m for m in page.within(page.mentions, max(0, start - 24), start) if m.type == "country" and m.country]
    return (last[-1].id, last[-1].country) if last and re.fullmatch(r"[’'”\"」』]?[을를を]\s?", page.folded[last[-1].end : start]) else None


def _goes_on_scoring(page: Page, m: re.Match[str]) -> bool:
    """Whether a bare number stands in a stretch of scores: a word of scoring in its sentence or the two before, no unit of its own."""
    k = page.sentence_of(m.start())
    if any(q.start <= m.start() < q.end for q in page.within(page.quantities, m.start() - 30, m.end())):
        return False
    return any(cues.has(_SCORING, page.sentence(j)) for j in (k, k - 1, k - 2))


_SCORING = re.compile(r"\bscor(?:e|es|ed|ing)\b|점수|종합점|得点|スコア|総合点|\bpoints\b", re.I)


_TOP = re.compile(r"(?:上位|トップ|ベスト|상위|톱|\btop|\bleading|\bfirst)\s?$", re.I)


def _coverage(page: Page) -> list[Claim]:
    """How many countries an index covers, with the earlier number beside it."""
    out = []
    for q in page.quantities:
        if q.family != "country" or not ranking_near(page, q.start) or _TOP.search(page.folded[max(0, q.start - 8) : q.start]) or _visitors(page, q):
            continue
        attribute = "countries-covered-before" if _GREW.match(page.folded, q.end) else "countries-added" if _added(page, q) else "countries-covered"
        claim = Claim("", "other", page.text[q.start : q.end], q.start, q.end, (), None, None, attribute, q.value,
                      low=q.low, high=q.high, unit="country", hedge=q.hedge, year_or_date=year_of(page, q.start, q.end))  # fmt: skip
        rest = re.compile(
            r"[^.。\n]{0,14}?(?:up from|down from|from|compared with|against|지난해|작년|昨年)\s?(?P<n>\d{1,3})(?!\d|,\d|th|st|nd|rd)"
        ).match(page.folded, q.end)
        grew = _GREW.match(page.folded, q.end)
        if (grew or any(g.end() == q.start + len(str(int(q.value or 0))) for g in _grown(page, q))) and claim.year_or_date == str(int(page.date[:4]) - 1):
            claim = replace(claim, year_or_date=None)  # 昨年の62カ国から83カ国に: now, and the edition before
        out.append(replace(claim, year_or_date=page.date[:4]) if rest else claim)
        if grew and not any(o.start < grew.end() <= o.end for o in page.quantities):  # from 62 countries to 83
            s, e = grew.start("n"), grew.end()
            out.append(replace(claim, span_text=page.text[s:e], char_start=s, char_end=e, attribute="countries-covered", value=float(grew["n"]), low=None, high=None, hedge=None, year_or_date=None))
        if rest:
            s, e = rest.span("n")
            out.append(replace(claim, span_text=page.text[s:e], char_start=s, char_end=e, value=float(rest["n"]), low=None,
                               high=None, hedge=None, year_or_date=str(int(page.date[:4]) - 1)))  # fmt: skip
    out += [c for m in _INDICATORS.finditer(page.folded) if ranking_near(page, m.start()) and page.indices and (c := _indicators(page, m))]
    for m in _COVERED.finditer(page.folded):
        if ranking_near(page, m.start("n")) and page.indices:
            s, e = m.span("n")
            out.append(Claim("", "other", page.text[s:e], s, e, (), None, None, "countries-covered", float(m["n"]), unit="country",
                             year_or_date=year_of(page, s, e)))  # fmt: skip
    return out


def _grown(page: Page, q: Quantity) -> list[re.Match[str]]:
    """Where a figure of countries before this one grows into it."""
    near = page.within(page.quantities, max(0, q.start - 30), q.start)
    return [g for o in near if o.family == "country" and (g := _GREW.match(page.folded, o.end))]


def _visitors(page: Page, q: Quantity) -> bool:
    """Whether countries are those that people came from: *1,000 people from 100 countries attended*."""
    return bool(_FROM.search(page.folded[max(0, q.start - 40) : q.start]) or _CAME.match(page.folded, q.end))


_FROM = re.compile(r"\b(?:people|delegates|participants|attendees|visitors|guests|speakers|students|officials|leaders|teams|ministers) from\s(?:more than |over |some |about )?$", re.I)
_CAME = re.compile(r"(?:에서 온|에서 [^.]{0,16}(?:참석|참가|모였|모인|방문)|이? ?(?:참석|참가)|から[^。]{0,16}(?:参加|集ま|出席|来場)|が(?:参加|出席))|\s(?:attended|took part|were represented|sent)\b")


def _added(page: Page, q: Quantity) -> bool:
    """Whether a number of countries is by how many an index has grown: 21개국 늘었다, *added 21 countries*."""
    return bool(_ADDED.match(page.folded, q.end) or _ADDING.search(page.folded[max(0, q.start - 24) : q.start]))


_ADDED = re.compile(r"(?:이나|이|가|も|が|を|ほど)?\s?(?:더\s)?(?:늘[었어은린려고]|많[다은아았]|추가|불어|줄[었어]|増(?!減)|多[いかく]|追加|広げ|減[っりら少])|\s(?:more|fewer|were added|have been added|larger)\b", re.I)
_ADDING = re.compile(r"\b(?:added|adding|adds|dropped|an (?:additional|extra)|an increase of|(?:up|grew|widened|expanded|rose) by)\s$", re.I)


def _indicators(page: Page, m: re.Match[str]) -> Claim | None:
    """How many indicators an index is made of: more than 120 indicators, 120を超える項目, 122개 지표."""
    number = float(m["n"])
    if number < 10:
        return None
    hedge = next((name for name, group in (("more_than", "over"), ("more_than", "past"), ("more_than", "above"), ("slightly_more", "odd"), ("approx", "about")) if m[group]), None)
    low, high = bounds(number, hedge)
    return Claim("", "other", page.text[m.start() : m.end()], m.start(), m.end(), (), None, None, "indicators", number,
                 low=low, high=high, unit="indicator", hedge=hedge, year_or_date=year_of(page, m.start(), m.end()))  # fmt: skip


_INDICATORS = re.compile(
    r"(?:\b(?P<over>(?:more than|over|upwards of)\s)|(?P<about>(?:about|around|some|roughly)\s|약\s?|約))?(?<![\d.,])(?P<n>\d{2,3})"
    r"(?:\s(?:\w+\s)?(?:indicators|metrics|variables)\b|(?P<odd>여\s?|余りの?)?(?:개(?P<above>가 넘는|를 넘는)?의?\s?(?:세부 ?)?(?:지표|평가 ?항목|항목)|(?P<past>を超える|を超す|超の)?の?(?:項目|指標)))", re.I
)
# 62개국에서 83개국으로, from 62 countries to 83: the first number is of the edition before.
_GREW = re.compile(r"\s?(?:에서|이었으나|이었는데|이던 것이|から|だったのが|であったのが|\bto\b|→)\s?(?:(?:이번에|올해|now|今回は?|今年は?)\s?)?(?:약 |約|about )?(?P<n>\d{2,3})(?!\d|,\d)")
_COVERED = re.compile(r"\b(?:covered|covers|covering|assessed|surveyed)\s(?:only |just )?(?P<n>\d{2,3})(?=[.,;)]|\sand\b)")
