"""Fractions, multiples and places that stand as words: half, 3분의 1, two-thirds, tenfold, 서너 배, 首位, No. 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from podium.claims.numerals import read_number

__all__ = ["Wording", "find_wordings"]


@dataclass(frozen=True)
class Wording:
    """One figure in words: span, family (share, multiple, rank), value, and bounds where it is a range such as 서너 배."""

    start: int
    end: int
    family: str
    value: float
    low: float | None = None
    high: float | None = None


_BOTTOMS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
            "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "eighteenth": 18,
            "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100, "thousandth": 1000}  # fmt: skip
_BOTTOMS |= {f"{tens}-{unit}": n + _BOTTOMS.get(unit, k) for n, tens in ((20, "twenty"), (30, "thirty"), (40, "forty"))
             for k, unit in enumerate(("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"), start=1)}  # fmt: skip
_SMALL = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_AFTER_ONE = r"(?!\sof a (?:hundred|thousand|million|billion|trillion))(?=\s(?:of|more|less|the|that|as|higher|lower|larger|smaller|bigger|from|on|in 20|compared|year|year-on-year|against|to|this|its)\b|[,.;:)”\"’]|\s[–—-]\s|\s?$)"
_FRACTION = re.compile(
    r"(?P<half>절반(?!가량의 기간)|(?<=의 )반(?=을|이|에|으로|도(?!체))|半分|半数|半額|(?<!first )(?<!second )(?<!latter )(?<!other )\bhalf(?!\sas (?:much|many|big|large|fast) again)(?=\s(?:of|the|that|as|its|their|a percent)\b|[,.;:)]|\s?$))"
    r"|(?P<most>과반(?=[을이의\s])|過半(?=[をのが])|過半数)"
    r"|(?P<of>(?P<bottom>\d{1,4}|[이삼사오육칠팔구십백천]{1,3}|[二三四五六七八九十百千]{1,3})\s?(?:분의|分の)\s?(?P<top>\d{1,3}|[일이삼사오육칠팔구](?![가-힣]*[억만])|[一二三四五六七八九]))"
    rf"|\b(?P<one>an?|one)[\s-](?P<part>{'|'.join(sorted(_BOTTOMS, key=len, reverse=True))}){_AFTER_ONE}"
    rf"|\b(?<!next )(?<!last )(?<!past )(?<!coming )(?<!first )(?<!previous )(?P<many>two|three|four|five|six|seven|eight|nine)[\s-](?P<parts>thirds|quarters|fifths|sixths|sevenths|eighths|ninths|tenths)\b"
    r"|\b(?P<n>one|two|three|four|five|six|seven|eight|nine|\d{1,2})\s(?:in|out of)(?:\severy)?\s(?P<m>two|three|four|five|six|seven|eight|nine|ten|\d{1,3})(?=\s[a-z])",
    re.I,
)
_PER_TENTH = re.compile(r"(?<![\d.,])(?P<a>\d|[一二三四五六七八九])(?P<w>[할割])(?P<b>\d|[一二三四五六七八九])[푼分](?!の|의)")
_NATIVE = {"한두": (1, 2), "두세": (2, 3), "두서너": (2, 4), "서너": (3, 4), "너댓": (4, 5), "네댓": (4, 5), "네다섯": (4, 5), "대여섯": (5, 6),
           "예닐곱": (6, 7), "일고여덟": (7, 8)}  # fmt: skip
_KOREAN = {"두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "열두": 12, "열다섯": 15,
           "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "백": 100, "천": 1000}  # fmt: skip
_FOLDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
          "twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100, "thousand": 1000}  # fmt: skip
_MULTIPLE = re.compile(
    rf"(?P<full>(?<![\d.,])\d{{1,2}}|(?<![가-힣])(?:{'|'.join(sorted(_KOREAN, key=len, reverse=True))}))\s?(?:배\s?반(?=[이을에의으인\s,.])|倍半)"
    rf"|(?P<range>{'|'.join(sorted(_NATIVE, key=len, reverse=True))})\s?배(?![가-힣]*터)"
    rf"|(?<![가-힣])(?P<ko>{'|'.join(sorted(_KOREAN, key=len, reverse=True))})\s?(?:배|갑절|곱절)(?!럴|터|송|당|심)"
    r"|(?P<half>(?:\b(?P<ehalf>one|two|three|four|five|six)\sand\sa\shalf\stimes\b)|(?<![가-힣])(?P<khalf>한|두|세|네|다섯)\s?배\s?반|(?P<jhalf>[1-9二三四五六])倍半)"
    r"|(?P<twice>갑절|곱절)|(?P<ja>(?<![\d.,一-鿿約強弱])倍(?=増|に増|に拡|に引|になる|の規模|以上|近|強|弱))"
    rf"|\b(?P<fold>{'|'.join(_FOLDS)})-?fold\b"
    r"|\b(?P<two>twice)(?=\s(?:as|the|that|what|its|their|over|more|Japan|Korea|[A-Z]))"
    r"|\b(?P<double>doubl(?:e|ed|es|ing))\b(?!\s(?:down|check|edged|digit)|-)|\b(?P<triple>tripl(?:e|ed|es|ing)|thrice)\b"
    rf"|\b(?P<whole>one|two|three|four|five|six|seven|eight|nine|ten|\d{{1,2}})\sand\sa\s(?P<more>half|quarter|third)\stimes\b"
    r"|\b(?P<again>half as (?:much|many|big|large|fast) again)\b"
    r"|\b(?P<four>quadrupl(?:e|ed|es|ing))\b|\b(?P<five>quintupl(?:e|ed|es|ing))\b",
    re.I,
)
_FIXED = {"twice": 2.0, "ja": 2.0, "two": 2.0, "double": 2.0, "triple": 3.0, "again": 1.5, "four": 4.0, "five": 5.0}
_ORDINAL = {w: float(k) for k, w in enumerate(
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"], start=1)}  # fmt: skip
_NO_PLACE = (
    r"(?!-(?:quarter|half|generation|party|hand|class|year|largest|biggest|round|phase|person)|\s(?:party|parties|time|times|generation|phase|half|quarter|round|rounds|site|year|years"
    r"|person|step|wave|edition|century|anniversary|floor|street|batch|tranche|version|stage|act|point|question|week|day|month|hall|building|data|reactor|minister))"
)
_PLACE = re.compile(
    rf"(?<![\d.,])(?P<n>\d{{1,3}})(?:st|nd|rd|th)\b{_NO_PLACE}(?!\sof\s[A-Z][a-z]|\sstreet)"
    r"|(?P<lead>(?<!in the )\bfirst\s(?:spot|place|position|slot|rank)\b)"
    rf"|\b(?!(?:(?<=\ba )|(?<=\bper )|(?<=\beach )|(?<=\bevery ))second\b)(?P<word>{'|'.join(_ORDINAL)})\b{_NO_PLACE}"
    r"|(?P<top>\b(?:top|No\.?\s?1|number one)\s(?:spot|place|position|slot|rank)\b|\bNo\.?\s?1\b(?!\d)|\bnumber one\b|首位|(?<![가-힣])선두(?=[를에는인]))"
    r"|\b(?:No\.|number)\s?(?P<no>[1-9]\d{0,2})\b(?![\d,./]\d)|(?:(?<=at )|(?<=is )|(?<=to )|(?<=ranked )|(?<=in ))#(?P<hash>\d{1,3})\b(?![\d,.]\d)|\brank(?:ed|s|ing)?\s(?:at\s)?(?P<rank>\d{1,3})\b(?![,.]?\d|th|st|nd|rd|%|\s?(?:countries|nations|per|GPU))",
    re.I,
)
_KO = dict(zip("일이삼사오육칠팔구", range(1, 10), strict=True)) | dict(zip("一二三四五六七八九", range(1, 10), strict=True))


def find_wordings(text: str) -> Iterator[Wording]:
    """Yield every fraction, multiple and place in words of a folded text."""
    for m in _FRACTION.finditer(text):
        value = _fraction(m)
        if value is not None and 0 < value < 1:
            yield Wording(m.start(), m.end(), "most" if m["most"] else "share", value)
    for m in _PER_TENTH.finditer(text):
        a, b = (int(m[k]) if m[k].isdigit() else _KO[m[k]] for k in "ab")
        yield Wording(m.start(), m.end(), "share", (10 * a + b) / 100)
    for m in _MULTIPLE.finditer(text):
        if m["half"]:
            word = (m["ehalf"] or m["khalf"] or m["jhalf"]).lower()
            whole = _SMALL.get(word) or {"한": 1, **_KOREAN}.get(word) or _whole(word) or 0
            yield Wording(m.start(), m.end(), "multiple", float(whole) + 0.5)
            continue
        if m["range"]:
            low, high = _NATIVE[m["range"]]
            yield Wording(m.start(), m.end(), "multiple", (low + high) / 2, float(low), float(high))
        elif m["whole"] or m["full"]:
            yield Wording(m.start(), m.end(), "multiple", _and_part(m))
        else:
            value = float(_KOREAN[m["ko"]]) if m["ko"] else float(_FOLDS[m["fold"].lower()]) if m["fold"] else _FIXED[m.lastgroup or ""]
            yield Wording(m.start(), m.end(), "multiple", value)
    for m in _PLACE.finditer(text):
        digits = m["n"] or m["no"] or m["hash"] or m["rank"]
        place = float(digits) if digits else 1.0 if m["top"] or m["lead"] else _ORDINAL[m["word"].lower()]
        if place:
            start, end = (m.start("rank"), m.end("rank")) if m["rank"] else m.span()
            yield Wording(start, end, "rank", place)


def _and_part(m: re.Match[str]) -> float:
    """The value of *two and a half times*, 두 배 반, 2倍半."""
    if m["full"]:
        return (float(m["full"]) if m["full"].isdigit() else float(_KOREAN[m["full"]])) + 0.5
    word = m["whole"].lower()
    return (float(word) if word.isdigit() else float(_SMALL[word])) + 1 / _BOTTOMS[m["more"].lower()]


def _fraction(m: re.Match[str]) -> float | None:
    if m["half"] or m["most"]:
        return 0.5
    if m["of"]:
        bottom, top = (_whole(m[k]) for k in ("bottom", "top"))
        return top / bottom if top and bottom else None
    if m["one"]:
        return 1 / _BOTTOMS[m["part"].lower()]
    if m["many"]:
        return _SMALL[m["many"].lower()] / _BOTTOMS[m["parts"].lower()[:-1]]
    n, of = (float(x) if x.isdigit() else float(_SMALL[x.lower()]) for x in (m["n"], m["m"]))
    return n / of if of else None


def _whole(written: str) -> float | None:
    if written.isdigit():
        return float(written)
    return float(_KO[written]) if written in _KO else read_number(written)
