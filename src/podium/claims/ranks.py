"""Claims about places in a ranking: one rank, or a change of rank."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.claim import Claim
from podium.claims.holders import IS_HELD_BY, rank_subject
from podium.claims.indices import LISTS, index_near, ranking_near
from podium.claims.quantities import Quantity
from podium.claims.years import LAST_YEAR, THIS_YEAR, YEAR_BEFORE, old_year, span_of, year_of

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["rank_claims"]

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
_GAP = 42


def rank_claims(page: Page) -> list[Claim]:
    """Return the claims of an article about places in rankings."""
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
    return _in_turn(page, out)


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
        if re.match(r" (?:to|and|or) (?:\d|(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|[a-z]+teen|twentie)th\b)", right) and not re.search(r"from\s$", left) and not shared:
            return False
        if not shared and not _PLACED.match(right):
            return False
        if word == "first" and not _PUT_FIRST.search(text, max(a, q.start - 60), q.start) and not re.search(
            r"(?:ranked|rank|ranks|came|comes|in|place[ds]?|stay(?:ed|s)|remain(?:ed|s)|finish(?:ed|es)|stands|sits|is|now|still)\s$|\($", left
        ):
            return False
    return True


# A place that somebody wants to reach is a goal: South Korea wants to be third by 2027.
_WANTED = re.compile(r"\b(?:wants?|aims?|aiming|hopes?|hoping|vow(?:s|ed)?|pledged|seeks?|plans?|intends?|strives?|would like|dreams? of|ambition|goal|target(?:s|ing)?)\s(?:to|of)\s(?:be|being|become|becoming|reach|reaching|rank|ranking|finish|break into|climb to|climbing to|rise to)\b[^.;,]{0,24}$", re.I)
# The list had Frontier in Tennessee first, at 1,194 petaflops
_PUT_FIRST = re.compile(r"\b(?:had|has|put|puts|placed|places|ranked|ranks|listed|lists|with)\s(?:the )?[A-Z][\w’'-]*(?:\s(?:in|of|at|from|the|[A-Z][\w’'-]*))*\s$")
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
    if (span := span_of(page, first.start, second.end)) is not None:
        year = span[1]
    if told is not None and year == told:
        year = None  # the year of the old place is its own: from 13th in 2023 to fifth
    if re.search(rf"(?:{LAST_YEAR.pattern})(?:의|の|'s|’s)?\s?$", text[max(a, first.start - 12) : first.start], re.I):
        year = str(own)  # last year's 13th, now fifth
    elif re.search(rf"(?:{LAST_YEAR.pattern})(?:판|版)?(?:의|에는|에|の|には|は|に)?[\s、,]?$", between):
        year = str(own - 1)  # 2021년 16위에서 지난해 12위: the new place is last year's
    elif (YEAR_BEFORE.search(between) or LAST_YEAR.search(between)) and not THIS_YEAR.search(text, max(a, first.start - 30), second.start):
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
