"""A grammar of figures in running text: number, unit, hedge, bounds, range and bracketed conversion, in three languages.

Anyone may use it: `find_quantities` needs nothing else of Podium.

>>> q = find_quantities("보조금 최대 501억엔(약 4500억원)을 받는다")[0]
>>> q.value, q.unit, q.hedge, q.converted
(50100000000.0, 'JPY', 'at_most', (450000000000.0, 'KRW'))

A figure is ``[hedge] [sign] number [more] [unit] [hedge] [(conversion)]``, or a word for a fraction, a multiple or a
place. Numbers are read by `podium.claims.numerals`, units by `podium.claims.units`, words by
`podium.claims.wordings`. Of figures that overlap, the longer one is kept.
"""

from __future__ import annotations

import bisect
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from podium.claims.entities import fold
from podium.claims.numerals import Numeral, find_numerals
from podium.claims.units import CURRENCY_BEFORE, Family, Unit, unit_after
from podium.claims.wordings import Wording, find_wordings

__all__ = ["BRACKET_CLOSES", "BRACKET_OPENS", "Family", "Quantity", "bounds", "find_quantities"]


_PREFIXES = [
    (r"약|대략|어림잡아|줄잡아|추산|約|およそ|おおよそ|ざっと|about|around|roughly|approximately|approx\.?|an estimated|estimated|some|circa|c\.|(?<!\S)~", "approx"),
    (r"최대|많게는|많아야|최고|最大で?|最高|上限|(?<!add )(?<!adds )(?<!added )(?<!adding )(?<!nudged )(?<!edged )(?<!inched )(?<!moved )(?<!creeping )up to(?: as much as)?|as much as|as many as|at most|a maximum of|maximum of|no more than|capped at", "at_most"),
    (r"최소한?|적어도|적게는|最低でも?|最低|少なくとも|at least|a minimum of|minimum of|no fewer than|not less than|no less than", "at_least"),
    (r"just (?:under|shy of|below)|(?:a little|slightly|a shade|a touch|a bit) (?:under|below|less than)|not quite|nearly|almost|close to|approaching|거의|ほぼ|近い", "nearly"),
    (r"just over|(?:slightly|a little|a bit|little|a shade|a touch) (?:more than|over|above)", "slightly_more"),
    (r"more than|over|above|in excess of|upwards of|exceeding|greater than|(?<!\S)>", "more_than"),
    (r"less than|fewer than|under|below|(?<!\S)<", "less_than"),
    (r"총|総額", ""),
]  # fmt: skip
_PREFIX = re.compile(
    r"(?:^|(?<![A-Za-z가-힣]))(?:" + "|".join(f"(?P<p{k}>{p})" for k, (p, _) in enumerate(_PREFIXES)) + r")\s?$", re.I
)
_SUFFIXES = [
    (r"여(?=[\s가-힣(（]|$)(?!서|야|도|라|러|기)|\s?남짓|[을를이가]?\s?(?:조금|살짝) (?:넘|웃)|余り?|あまり|強(?!い|く|化|み|国)", "slightly_more"),
    (r"\s?이상|以上|\sor more|[\s-]plus\b|\+|\sand up\b", "at_least"),
    (r"\s?초과|[이가을를]?\s?넘(?=는|게|어|은|을)|超(?!え)|を?超え|を超す|を上回る", "more_than"),
    (r"\s?이하|以下|\sor less|\sor fewer", "at_most"),
    (r"\s?미만|[에이]?\s?못\s?미치|未満|足らず|に満たない|を下回る", "less_than"),
    (r"\s?가까이|\s?가까운|에 가까운|에 육박|\s?육박|에 달할 듯|弱(?!い|く|点|体|小)|近く|近い|に迫る", "nearly"),
    (r"\s?가량|\s?정도|\s?안팎|\s?내외|\s?쯤|\s?수준|程度|前後|ほど|くらい|ぐらい|規模(?!拡大)|\sor so|\sor thereabouts", "approx"),
    (r"급|級|クラス|[\s-]class\b", ""),
    (r"대(?=[가-힣]{0,2}[\s,.]|$)(?!비|로변)|台(?=[のにで、])", "range"),
]  # fmt: skip
_SUFFIX = re.compile("|".join(f"(?P<s{k}>{p})" for k, (p, _) in enumerate(_SUFFIXES)))
_BELOW = re.compile(r"(?:도|에도?|조차|이)?\s?(?:되지 않|안 되|안 된|못 미치|못 미친|미치지 못|못 되|にも?満たな|にも?届かな)")
_RANGE = re.compile(r"\s?(?P<unit>[^\d\s~∼〜～–—\-$€£¥₩]{0,6})\s?(?P<to>[~∼〜～–—-]|\sto\s|(?<=[\s\w])\sand\s|에서\s|から)\s?[A-Za-z]{0,3}[$€£¥₩]?\s?$")
BRACKET_OPENS = re.compile(
    r"\s?[（(\[]\s?(?:약|한화|우리\s?돈|원화|미화|환산|당시 환율|現在の為替で|約|日本円で|円換算で|米ドル換算で|about|around|roughly|approximately|approx\.?|equivalent to|equal to"
    r"|or|some|~|≈|=|US|nearly|just over|more than|over)?\s?(?:로|で)?\s?(?:약|約|about|some)?\s?"
)
_SPOKEN = re.compile(
    r"(?:으?로)?,\s?(?:우리 ?돈으?로?는?|한화로?는?|원화로?는?|미화로?는?|달러화?로는?)\s?(?:약\s?|대략\s?)?|[、,]\s?(?:日本円(?:で|にして|に換算して|換算で)|円換算で|円に(?:して|直すと|換算すると)|(?:米)?ドル(?:換算)?で)\s?(?:約)?"
    r"|(?P<home>,\s?약\s?|、約)|,?\s(?:or|equal to|(?:the )?equivalent (?:to|of)|worth|which is|that is)\s(?:the equivalent of\s)?(?:about |around |roughly |some |nearly |approximately |just (?:over|under) |more than |over )?"
    r"|,\s(?:about|around|roughly|approximately)\s|\s?[–—]\s?(?:about|around|roughly|or|some)\s", re.I
)
_PARTED = re.compile(r"\s(?:of (?:which|that|it|them)|from|in (?:debt|equity|loans|cash|tax))\b")
_SIGN = re.compile(r"[A-Za-z]{0,3}\.?[$€£¥₩₹]\s?|[A-Z]{3}\s|Rs\.?\s?|Rp\s?")
BRACKET_CLOSES = re.compile(r"(?:[^()（）\[\]\n]{0,24})[)）\]]")


@dataclass(frozen=True)
class Quantity:
    """One figure with its span in the text (code points, end exclusive; hedge, unit and conversion within).

    ``value`` is in base units (W, FLOPS, B, ISO currency, ratio, x, rank, point, country, or "" for a count), None
    where vague. ``word`` is the unit as written, ``core`` the span of number and unit. ``converted`` is the amount
    in brackets with its unit. ``hedge`` is one of approx, at_least, more_than, at_most, less_than, nearly,
    slightly_more, range, vague, or None; ``low`` and ``high`` follow from it as `bounds` says.
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
    """Every figure with a unit in the text, in order; where two overlap, the longer one.

    Parameters
    ----------
    text
        Any text; full-width digits and letters count as plain ones. Spans are code points of this text.
    """
    folded = fold(text)
    numbers = list(find_numerals(folded))
    found = [q for n in numbers if (q := _at(folded, n)) is not None]
    found += _ranges(folded, numbers, found)
    found += [_worded(folded, w) for w in find_wordings(folded)]
    return _longest(found)


def _longest(found: list[Quantity]) -> list[Quantity]:
    """Those that overlap no longer one, in order."""
    kept: list[Quantity] = []
    starts: list[int] = []
    for q in sorted(found, key=lambda q: (-(q.end - q.start), q.start)):
        at = bisect.bisect_left(starts, q.start)
        if (at == 0 or kept[at - 1].end <= q.start) and (at == len(kept) or kept[at].start >= q.end):
            kept.insert(at, q)
            starts.insert(at, q.start)
    return kept


def _at(text: str, n: Numeral) -> Quantity | None:
    """The figure whose number stands at a place; None where it has no unit or is part of a word or an identifier."""
    start, end = n.start, n.end
    before = _currency_before(text, start)
    if start and re.match(r"[A-Za-z\d.,_/]", text[start - 1]) and before is None and not _opens(text, n):
        return None
    if re.match(r"0\d", text[start:end]):  # a telephone number
        return None
    more = re.match(r"여\s?|余り?(?=[基台枚個円])|\+(?=\s?[A-Za-z$])", text[end : end + 3])
    spoken = _OR_MORE.match(text, end)
    after = spoken.end() if spoken else end + (more.end() if more else 0)
    unit, word = unit_after(text, after)
    if before is not None and (unit is None or unit.family != "money"):
        start, code = before
        unit, stop, word = Unit("money", code), end, ""
        if n.plain and (wide := _signed_range(text, n, start, code)) is not None:
            return wide
    elif unit is not None:
        stop = after + len(word)
        if unit.family == "count" and " " in word.strip():  # the noun stands apart: the number is the span
            stop = end
    else:
        return None
    if unit.code == "B" and _A_SECOND.search(text[max(0, start - 6) : start]):
        unit = replace(unit, code="B/s")
    value, low, high = (None if x is None else x * unit.scale for x in (n.value, n.low, n.high))
    plus = more is not None and more.group() == "+"
    if plus and unit.family == "count":
        stop = max(stop, after)
    hedge = "at_least" if plus else "slightly_more" if more or n.more else "vague" if n.value is None else None
    q = Quantity(start, stop, (start, stop), unit.family, unit.code, value, low, high, hedge, word.strip())
    return _converted(text, _hedged(text, q))


def _signed_range(text: str, n: Numeral, start: int, code: str) -> Quantity | None:
    """Money whose one sign stands before two numbers with one word of scale: $1.5-2bn, €10 to 15 million."""
    dash = re.match(r"\s?[-–~]\s?|\sto\s", text[n.end : n.end + 4])
    if dash is None or n.value is None:
        return None
    at = n.end + dash.end()
    other = next(find_numerals(text[at : at + 30]), None)
    if other is None or other.start or other.plain or other.value is None:
        return None
    lead = re.match(r"[\d,.]+", text[at:])
    plain = float(lead.group().rstrip(".,").replace(",", "")) if lead else 0.0
    low = n.value * other.value / plain if plain else 0.0
    if not 0 < low < other.value:
        return None
    end = at + other.end
    return Quantity(start, end, (start, end), "money", code, (low + other.value) / 2, low, other.value, "range")


def _opens(text: str, n: Numeral) -> bool:
    """Whether a letter before a number belongs to no word with it: the end of a Latin name glued to a figure (GPU12만기, GPU72基)."""
    head = text[max(0, n.start - 6) : n.start]
    if not text[n.start : n.end].isascii():
        return bool(re.search(r"(?:GPU|NPU|TPU|CPU|[A-Z]{2,})$", head))
    return bool(re.search(r"(?<![A-Za-z])(?:GPU|NPU|TPU|CPU)s?$", head) and _COUNTER.match(text, n.end))


_OR_MORE = re.compile(r"\sor (?:more|so|fewer|less)(?=\s[A-Za-z])")
_A_SECOND = re.compile(r"(?:초당|1초에|毎秒|秒間|1秒に|1秒間に)\s?(?:약 |約|최대 |最大)?$")
_COUNTER = re.compile(r"[余여]?[りは]?\s?[基枚個台장개대기매]")


def _currency_before(text: str, at: int) -> tuple[int, str] | None:
    head = text[max(0, at - 6) : at]
    if not head or head[-1].isdigit():
        return None
    for pattern, code in CURRENCY_BEFORE:
        if m := pattern.search(head):
            return at - len(m.group().lstrip()), code
    return None


def _hedged(text: str, q: Quantity) -> Quantity:
    """The figure with the hedge before it and after it."""
    start, end, hedge = q.start, q.end, q.hedge
    m = _PREFIX.search(text[max(0, start - 24) : start])
    if m:
        kind = next(h for k, (_, h) in enumerate(_PREFIXES) if m[f"p{k}"])
        start = max(0, start - 24) + m.start()
        hedge = hedge or kind or None
    if m := _SUFFIX.match(text, end):
        kind = next(h for k, (_, h) in enumerate(_SUFFIXES) if m[f"s{k}"])
        usable = not (kind == "range" and q.family != "money") and not (kind == "approx" and q.value is None)
        if usable and not (q.family == "rank" and kind in ("at_least", "range", "more_than")):
            end = m.end()
            hedge = hedge or kind or None
    if _BELOW.match(text, end):
        hedge = "less_than"
    value, low, high = q.value, q.low, q.high
    if value is not None and low is None:
        low, high = (value, value + 0.999 * _step(value)) if hedge == "range" else bounds(value, hedge)
        value = None if hedge == "range" else value
    return replace(q, start=start, end=end, value=value, low=low, high=high, hedge=hedge)


def _converted(text: str, q: Quantity) -> Quantity:
    """The figure with the amount in brackets after it, where that is money in another currency."""
    if q.family != "money":
        return q
    spoken = _SPOKEN.match(text, q.end)
    m = spoken or BRACKET_OPENS.match(text, q.end)
    if m is None:
        return q
    sign = _SIGN.match(text, m.end())
    n = next(find_numerals(text[sign.end() if sign else m.end() : m.end() + 60]), None)
    if n is None or n.start > 8:
        return q
    base = sign.end() if sign else m.end()
    inner = _plain_money(text, replace(n, start=n.start + base, end=n.end + base))
    if inner is None or inner.value is None or inner.unit == q.unit:
        return q
    if spoken:
        home = {"KRW", "JPY"} & {inner.unit}
        if q.value is None or (spoken["home"] and not home) or _PARTED.match(text, inner.end):
            return q
        return replace(q, end=inner.end, converted=(inner.value, inner.unit))
    close = BRACKET_CLOSES.match(text, inner.end)
    return q if close is None else replace(q, end=close.end(), converted=(inner.value, inner.unit))


def _plain_money(text: str, n: Numeral) -> Quantity | None:
    """Money at a place, without hedge or conversion of its own."""
    before = _currency_before(text, n.start)
    more = 1 if text[n.end : n.end + 1] == "여" else 0
    unit, word = unit_after(text, n.end + more)
    if unit is not None and unit.family == "money":
        return Quantity(n.start, n.end + more + len(word), (n.start, n.end), "money", unit.code, n.value)
    if before is None:
        return None
    return Quantity(before[0], n.end, (n.start, n.end), "money", before[1], n.value)


def _ranges(text: str, numbers: Sequence[Numeral], found: Sequence[Quantity]) -> list[Quantity]:
    """Two figures joined by *to* or a dash as one, and a bare number so joined to the figure after it."""
    ends = [n.end for n in numbers]
    out = []
    for q in found:
        if q.value is None or q.family in ("rank", "country") or q.hedge not in (None, "approx", "at_most", "at_least", "nearly"):
            continue
        at = bisect.bisect_right(ends, q.core[0]) - 1
        if at < 0 or q.core[0] - ends[at] > 16 or numbers[at].value is None:
            continue
        first, m = numbers[at], _RANGE.fullmatch(text[ends[at] : q.core[0] + _sign_length(text, q)])
        if m is None or "\n" in m.group() or not _joins(text, first, m, q):
            continue
        scale, written = _scale(text, q)
        low = (first.value or 0.0) * (scale if not first.plain or m["unit"] else q.value / written if written else math.nan)
        if 0 < low < q.value:
            start = _currency_before(text, first.start)
            begin = first.start if start is None else start[0]
            p = _PREFIX.search(text[max(0, begin - 12) : begin])
            begin = max(0, begin - 12) + p.start() if p else begin
            out.append(replace(q, start=begin, value=(low + q.value) / 2, low=low, high=q.value, hedge="range"))
    return out


def _sign_length(text: str, q: Quantity) -> int:
    """How much of a figure is a currency sign before its number."""
    m = _SIGN.match(text, q.core[0])
    return len(m.group()) if m and m.end() < q.core[1] else 0


def _joins(text: str, first: Numeral, m: re.Match[str], q: Quantity) -> bool:
    """Whether a number and a figure make a range: like units, and no *from* of a change before them."""
    head = text[max(0, first.start - 10) : first.start].lower()
    to = m["to"].strip()
    if to == "and" and not re.search(r"between\s\S{0,3}$", head):
        return False
    if to in ("에서", "から") and q.family != "money":
        return False
    if to in ("to", "에서", "から") and re.search(r"(?:from|\b(?:the|these|those|all))\s\S{0,3}$", head):
        return False
    if to in ("에서", "から") and re.match(r"으?로|까지 (?:늘|확대|올)|へ|に|まで(?:拡|増|引)", text[q.end : q.end + 6]):
        return False
    return not m["unit"] or q.word.startswith(m["unit"].strip()) or m["unit"].strip() in ("억", "조", "만")


def _scale(text: str, q: Quantity) -> tuple[float, float]:
    """The factor of the unit of a figure, and its number as written without word of scale."""
    n = next(find_numerals(text[q.core[0] : q.core[1]]), None)
    if n is None or not n.value or not q.value:
        return 1.0, 0.0
    plain = re.match(r"[\d,]+(?:\.\d+)?", text[q.core[0] + n.start : q.core[1]])
    return q.value / n.value, float(plain.group().rstrip(",").replace(",", "")) if plain else 0.0


def _worded(text: str, w: Wording) -> Quantity:
    """A fraction, multiple or place in words, with its hedge."""
    span = (w.start, w.end)
    if w.family == "rank":
        return Quantity(w.start, w.end, span, "rank", "rank", w.value)
    if w.family == "multiple":
        if w.low is not None:
            return Quantity(w.start, w.end, span, "multiple", "x", w.value, w.low, w.high, "range", "배")
        return _hedged(text, Quantity(w.start, w.end, span, "multiple", "x", w.value, word="배"))
    q = Quantity(w.start, w.end, span, "share", "ratio", w.value)
    return replace(q, hedge="more_than", low=w.value) if w.family == "most" else _hedged(text, q)
