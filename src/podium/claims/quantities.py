"""Figures in running text: number, unit, hedge and bracketed conversion, in Korean, English and Japanese."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Literal

from podium.claims.entities import fold
from podium.claims.units import AFTER, CURRENCY_BEFORE, FRACTIONS, MULTIPLES, ORDINALS, Unit

__all__ = ["Family", "Quantity", "bounds", "find_quantities"]

Family = Literal["money", "power", "compute", "bytes", "multiple", "share", "rank", "point", "country", "count"]

_PLAIN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_BIG = {"조": 1e12, "억": 1e8, "만": 1e4, "兆": 1e12, "億": 1e8, "万": 1e4}
_SMALL = {"천": 1e3, "백": 1e2, "십": 1e1, "千": 1e3, "百": 1e2, "十": 1e1, "": 1.0}
_WORDS = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "trillion": 1e12, "trn": 1e12, "tn": 1e12, "t": 1e12,
}  # fmt: skip
_NUMBER = re.compile(
    # 8조6000억, 1만 7280, 3천억, 5백만, 12万, 725億
    rf"(?P<cjk>(?:{_PLAIN}\s?[천백십千百十]?\s?[조억만兆億万]여?\s?)+(?:{_PLAIN}\s?[천백千百]?(?!\s?[년월일年月日]))?"
    rf"|{_PLAIN}\s?[천백千百](?=\s?[가-힣一-鿿A-Za-zァ-ヶ]))"
    r"|(?P<vague>(?:수|数)[십백천만조억十百千万兆億]{1,3}(?![가-힣]*\s?(?:년|명))"
    r"|(?:several|a few|some)\s(?:hundred|thousand|million|billion|trillion)"
    r"|(?:dozens|scores|hundreds|tens|thousands|millions|billions)(?:\sof\s(?:thousands|millions|billions|trillions))?)"
    rf"|(?P<plain>{_PLAIN})(?:[\s\-](?P<scale>thousand|million|billion|trillion)\b|(?P<short>bn|tn|trn|mn|[mbk])\b)?",
    re.I,
)
_BEFORE = re.compile(r"(?:^|(?<=[\s(（\[「“\"'’‘,、。·~〜～-])|(?<=[가-힣ァ-ヶ一-鿿ぁ-ん]))$")
_PREFIXES = [
    (
        r"약|대략|어림잡아|約|およそ|おおよそ|about|around|roughly|approximately|an estimated|some|circa|(?<!\S)~",
        "approx",
    ),
    (r"최대|많게는|많아야|最大で?|上限|up to|as much as|as many as|at most|a maximum of|no more than", "at_most"),
    (r"최소한?|적어도|적게는|最低でも?|少なくとも|at least|a minimum of|no fewer than|no less than", "at_least"),
    (r"just under|just shy of|nearly|almost|close to|거의|ほぼ", "nearly"),
    (r"just over|slightly more than|a little over|slightly over", "slightly_more"),
    (r"more than|over|above|in excess of|upwards of|exceeding", "more_than"),
    (r"less than|fewer than|under|below", "less_than"),
    (r"총|総額", ""),
]
_PREFIX = re.compile(
    r"(?:^|(?<![A-Za-z]))(?:" + "|".join(f"(?P<p{k}>{p})" for k, (p, _) in enumerate(_PREFIXES)) + r")\s?$", re.I
)
_SUFFIXES = [
    (r"여(?=[\s가-힣(（]|$)|\s?남짓|余り?|あまり|強(?!い|く|化|み|国)", "slightly_more"),
    (r"\s?이상|以上|\sor more|\s?plus\b|\+", "at_least"),
    (r"\s?초과|超(?!え)|超え|を超える", "more_than"),
    (r"\s?이하|以下|\sor less", "at_most"),
    (r"\s?미만|未満", "less_than"),
    (r"\s?가까이|\s?가까운|에 육박|\s?육박|弱(?!い|く|点)|近く|近い", "nearly"),
    (r"\s?가량|\s?정도|\s?안팎|\s?내외|\s?쯤|\s수준|程度|前後|ほど|\sor so", "approx"),
    (r"급|級|クラス", ""),
    (r"대(?=[가-힣]?[\s,.로의에를]|$)|台(?=[のにで、])", "range"),
]
_SUFFIX = re.compile("|".join(f"(?P<s{k}>{p})" for k, (p, _) in enumerate(_SUFFIXES)))
_BELOW = re.compile(r"(?:도|에도?|조차)?\s?(?:되지 않|안 되|못 미치|미치지 못|に満たな|にも満たな)")
_RANGE = re.compile(r"\s?[~∼〜～–—-]\s?|\sto\s")
_OPEN = re.compile(
    r"\s?[（(]\s?(?:약|한화|우리\s?돈|원화|미화|約|日本円で|about|around|roughly|approximately|or|some|~)?\s?(?:로|で)?\s?(?:약|約|about)?\s?"
)


@dataclass(frozen=True)
class Quantity:
    """One figure with its span in the text (code points, end exclusive; hedge, unit and conversion within).

    ``value`` is in base units, None where vague. ``word`` is the unit as written, ``core`` the span of the number.
    ``converted`` is the amount in brackets with its unit.
    """

    start: int
    end: int
    core: tuple[int, int]
    family: Family
    unit: str
    value: float | None
    low: float | None = None
    high: float | None = None
    hedge: str | None = None
    word: str = ""
    converted: tuple[float, str] | None = None


def bounds(value: float, hedge: str | None) -> tuple[float | None, float | None]:
    """Return the low and high of a hedged value; (None, None) where nothing hedges it."""
    match hedge:
        case "approx":
            return value * 0.9, value * 1.1
        case "at_least" | "more_than":
            return value, None
        case "at_most" | "less_than":
            return None, value
        case "nearly":
            return value * 0.9, value
        case "slightly_more":
            return value, value + _step(value)
        case _:
            return None, None


def _step(value: float) -> float:
    """The unit of the last non-zero digit: 3,000 → 1,000, 1,500 → 100."""
    if value == 0:
        return 0.0
    step = 10.0 ** math.floor(math.log10(abs(value)))
    while step > 1e-3 and abs(value / step - round(value / step)) > 1e-9:
        step /= 10
    return step


def find_quantities(text: str) -> list[Quantity]:
    """Every figure with a unit in the text, in order; where two overlap, the longer one."""
    folded = fold(text)
    found = [q for m in _NUMBER.finditer(folded) if (q := _at(folded, m)) is not None]
    found += _words(folded)
    kept: list[Quantity] = []
    for q in sorted(_ranges(folded, found), key=lambda q: (-(q.end - q.start), q.start)):
        if all(q.end <= k.start or q.start >= k.end for k in kept):
            kept.append(q)
    return sorted(kept, key=lambda q: q.start)


def _at(text: str, m: re.Match[str]) -> Quantity | None:
    start = m.start()
    if start and re.match(r"[A-Za-z\d.,]", text[start - 1]) and not _currency_before(text, start):
        return None
    if re.match(r"0\d", m.group()):  # a telephone number
        return None
    value, low, high = _number(m)
    end = m.end() - (len(m.group()) - len(m.group().rstrip()))
    many = re.match(r"여\s?", text[end:])
    after = end + (many.end() if many else 0)
    unit, word = _unit_after(text, after)
    before = _currency_before(text, start)
    if before is not None and (unit is None or unit.family != "money"):
        at, code = before
        start, unit, stop = at, Unit("money", code, 1.0), end
        to = re.compile(rf"\s?[-–~]\s?({_PLAIN})\s?(million|billion|trillion|bn|tn|mn|m|b)\b", re.I).match(text, end)
        if to and value is not None and m["plain"]:
            factor = 1.0 if m["scale"] or m["short"] else _WORDS[to[2].lower()]
            low, high = value * factor, float(to[1].replace(",", "")) * _WORDS[to[2].lower()]
            return Quantity(at, to.end(), (at, to.end()), "money", code, (low + high) / 2, low, high, "range")
    elif unit is not None:
        stop = after + len(word)
        if unit.family == "count" and " " in word.strip():  # the noun stands apart: the number is the span
            stop = end
    else:
        return None
    scale = unit.scale
    value = None if value is None else value * scale
    low, high = (None if x is None else x * scale for x in (low, high))
    hedge = "slightly_more" if many else ("vague" if m["vague"] else None)
    core = (start, stop)
    q = Quantity(start, stop, core, unit.family, unit.code, value, low, high, hedge, word.strip())
    return _converted(text, _hedged(text, q))


def _number(m: re.Match[str]) -> tuple[float | None, float | None, float | None]:
    """Value, low and high of a number as written."""
    if m["vague"]:
        low = _vague(m["vague"].lower())
        return None, 2 * low, 9.999 * low if low >= 1e9 and m["vague"].isascii() else 9.99 * low
    if m["cjk"]:
        total = 0.0
        for part in re.finditer(rf"({_PLAIN})\s?([천백십千百十]?)\s?([조억만兆億万]?)", m["cjk"]):
            total += float(part[1].replace(",", "")) * _SMALL[part[2]] * _BIG.get(part[3], 1.0)
        return total, None, None
    scale = (m["scale"] or m["short"] or "").lower()
    return float(m["plain"].replace(",", "")) * _WORDS.get(scale, 1.0), None, None


def _vague(word: str) -> float:
    if word.isascii():
        size = 1.0
        for name, factor in (("dozen", 12.0), ("ten", 10.0), ("hundred", 100.0), ("thousand", 1e3), ("million", 1e6),
                             ("billion", 1e9), ("trillion", 1e12)):  # fmt: skip
            size *= factor if name in word else 1.0
        return size
    size = 1.0
    for c in word[1:]:
        size *= _SMALL.get(c, 1.0) * _BIG.get(c, 1.0)
    return size


def _unit_after(text: str, at: int) -> tuple[Unit | None, str]:
    quote = 1 if text[at : at + 1] in ("”", '"', "’", "'") and text[at + 1 : at + 2] == " " else 0
    for pattern, unit in AFTER:
        m = pattern.match(text, at + quote)
        if m:
            return unit, "" if quote else m.group()
    return None, ""


def _currency_before(text: str, at: int) -> tuple[int, str] | None:
    for pattern, code in CURRENCY_BEFORE:
        m = pattern.search(text[max(0, at - 8) : at])
        if m:
            return max(0, at - 8) + m.start(), code
    return None


def _hedged(text: str, q: Quantity) -> Quantity:
    """The figure with the hedges before and after it."""
    start, end, hedge = q.start, q.end, q.hedge
    m = _PREFIX.search(text[max(0, start - 20) : start])
    if m:
        kind = next(h for k, (_, h) in enumerate(_PREFIXES) if m[f"p{k}"])
        start = max(0, start - 20) + m.start()
        hedge = hedge or kind or None
    if m := _SUFFIX.match(text, end):
        kind = next(h for k, (_, h) in enumerate(_SUFFIXES) if m[f"s{k}"])
        usable = not (kind == "range" and q.family != "money") and not (kind == "approx" and q.value is None)
        if usable:
            end = m.end()
            hedge = hedge or kind or None
    if _BELOW.match(text, end):
        hedge = "less_than"
    value, low, high = q.value, q.low, q.high
    if value is not None:
        if hedge == "range":
            low, high, value = value, value + 0.999 * _step(value), None
        else:
            low, high = bounds(value, hedge)
    return replace(q, start=start, end=end, hedge=hedge, value=value, low=low, high=high)


def _converted(text: str, q: Quantity) -> Quantity:
    """The figure with the amount in brackets after it, where that is money in another currency."""
    if q.family != "money" or not (m := _OPEN.match(text, q.end)):
        return q
    n = _NUMBER.match(text, m.end())
    if n is None:
        sign = re.compile(r"[A-Za-z]{0,3}[$€£¥₩]\s?").match(text, m.end())
        n = _NUMBER.match(text, sign.end()) if sign else None
    inner = _at(text, n) if n else None
    if inner is None or inner.family != "money" or inner.value is None or inner.unit == q.unit:
        return q
    close = re.compile(r"[^()（）\n]{0,12}[)）]").match(text, inner.end)
    return q if close is None else replace(q, end=close.end(), converted=(inner.value, inner.unit))


def _ranges(text: str, found: list[Quantity]) -> list[Quantity]:
    """Two figures joined by *to* or a dash as one, and a bare number so joined to the figure after it."""
    out = list(found)
    for q in found:
        if q.value is None or q.family in ("rank", "country") or q.hedge not in (None, "approx"):
            continue
        head = text[max(0, q.start - 24) : q.start]
        m = re.search(rf"(?P<sign>[A-Za-z]{{0,3}}[$€£¥₩])?(?<![\d.,A-Za-z])(?P<n>{_PLAIN})"
                      rf"\s?(?P<big>천|백|[조억만兆億万]|million|billion|trillion|bn|tn|m)?\s?(?P<unit>[^\d\s]{{0,4}})"
                      rf"(?:{_RANGE.pattern}|(?P<and>\sand\s))$", head)  # fmt: skip
        if m is not None and m["and"] and not head[: m.start()].lower().endswith("between "):
            continue
        if m is None or (m["unit"] and not q.word.startswith(m["unit"])) or (m["sign"] and q.family != "money"):
            continue
        low = float(m["n"].replace(",", ""))
        big = (m["big"] or "").lower()
        if big:
            low *= _BIG.get(big) or _WORDS.get(big) or _SMALL.get(big, 1.0)
            low *= q_scale(q)
        else:
            number = _NUMBER.search(text, q.core[0], q.core[1])
            plain = float(re.match(_PLAIN, number.group())[0].replace(",", "")) if number and (  # type: ignore[index]
                re.match(_PLAIN, number.group())) else 0.0  # fmt: skip
            low = low * q.value / plain if plain else math.nan
        if 0 < low < q.value:
            start = max(0, q.start - 24) + m.start()
            p = _PREFIX.search(text[max(0, start - 12) : start])
            start = max(0, start - 12) + p.start() if p else start
            out.append(replace(q, start=start, value=(low + q.value) / 2, low=low, high=q.value, hedge="range"))
    return out


def q_scale(q: Quantity) -> float:
    """The factor between the number as written and base units (mega, percent …)."""
    return next((u.scale for p, u in AFTER if p.fullmatch(q.word) or p.fullmatch(" " + q.word)), 1.0)


def _words(text: str) -> list[Quantity]:
    """Fractions, multiples and ordinals written as words."""
    out = []
    for pattern, value in FRACTIONS:
        for m in pattern.finditer(text):
            number = value if value is not None else float(m["top"]) / float(m["bottom"]) if float(m["bottom"]) else 0.0
            if 0 < number <= 1:
                out.append(_hedged(text, Quantity(m.start(), m.end(), m.span(), "share", "ratio", number)))
    for pattern, value in MULTIPLES:
        out += [_hedged(text, Quantity(m.start(), m.end(), m.span(), "multiple", "x", value, word="배"))
                for m in pattern.finditer(text)]  # fmt: skip
    for pattern, value in ORDINALS:
        for m in pattern.finditer(text):
            number = value if value is not None else float(m["n"])
            out.append(Quantity(m.start(), m.end(), m.span(), "rank", "rank", number))
    return out
