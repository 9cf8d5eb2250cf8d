"""Numbers as Korean, Japanese and English text writes them: read from text, and written back.

>>> [n.value for n in find_numerals("8조6000억, 3천5백억, 이만 원, １万８千個, half a million chips, 1.5bn")]
[8600000000000.0, 350000000000.0, 20000.0, 18000.0, 500000.0, 1500000000.0]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from podium.claims.entities import fold

__all__ = ["COUNTS", "STYLES", "Numeral", "Style", "find_numerals", "read_count", "read_number", "spell"]

LONGEST = 40
"""A longer run of digits is an identifier, not a number."""

PLAIN = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_DIGITS = {
    **dict(zip("영일이삼사오육칠팔구", range(10), strict=True)),
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)),
}
_SMALL = {"십": 10, "백": 100, "천": 1000, "十": 10, "百": 100, "千": 1000}
_BIG = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16, "万": 10**4, "億": 10**8, "兆": 10**12, "京": 10**16}
_ONES = {w: k for k, w in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"])}  # fmt: skip
_TENS = {w: 10 * k for k, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)}
_SCALES = {
    "hundred": 10**2, "thousand": 10**3, "lakh": 10**5, "million": 10**6, "crore": 10**7, "billion": 10**9,
    "trillion": 10**12, "dozen": 12, "score": 20,
}  # fmt: skip
_SHORT = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12, "trn": 10**12, "t": 10**12}
_PARTS = {"half a": "0.5", "half of a": "0.5", "quarter of a": "0.25", "three quarters of a": "0.75"}

_KO_UNIT = r"(?=\s?(?:원|달러|엔|유로|위안|파운드|장|개|대|기|배|퍼센트|메가|기가|테라|페타|엑사|여\s?[장개대기])|(?<=[조경])\s?번)"
_JA_UNIT = r"(?=余?り?(?:円|ドル|ユーロ|ポンド|元|ウォン|[基台枚個倍割]|位(?!一体|置)|%|パーセント|[カか]国|メガ|ギガ|テラ|ペタ|エクサ|キロ|分の)|(?<=[兆京])回)"
_WORD = "|".join((*_ONES, *_TENS))
_TOKEN = re.compile(
    # 8조6000억, 1만 7280, 3천5백억, 9만9천360, 4조8천600억, 10여만, 12万, 1万8千, 725億
    rf"(?P<mixed>(?:{PLAIN}여?\s?(?:[천백십千百十]\s?(?:\d{{1,3}}(?:\s?[백십百十])?\s?)?)?[조억만경兆億万京]여?\s?)+"
    rf"(?:{PLAIN}(?:\s?[천백千百](?!\s?[년월일])(?:\d{{1,3}}(?![\d,.]))?)?(?!\d|,\d|\.\d|\s?[년월일年月日]|[A-Za-z]))?"
    rf"|{PLAIN}\s?[천백千百](?:\s?\d\s?[백십百十]|\d{{1,3}}(?![\d,.]))?(?=\s?[가-힣一-鿿A-Za-zァ-ヶ])"
    # 만 8천 개, 만2000장, 천 500억: the leading one is not written
    rf"|(?<![가-힣\d.,])만\s?\d{{1,4}}(?![\d,.])\s?천?(?=\s?(?:여\s?)?[장개대기원](?![가-힣]*\s?년)))"
    # 수백억, 수천, 数十億, 十数億, 몇백
    r"|(?P<vague>(?:수|몇\s?|数)[십백천만조억十百千万兆億]{1,3}(?![가-힣]*\s?(?:년|명))|[십十](?:수|数)[만억조万億兆]"
    r"|\b(?:several|a few|many|a couple of)\s(?:(?:dozen|hundred|thousand)\s)?(?:dozen|hundred|thousand|million|billion|trillion)\b"
    r"|\b(?:dozens|scores|tens|hundreds|thousands|millions|billions|trillions)(?:\sof\s(?:thousands|millions|billions|trillions))?\b)"
    # 이만, 오백만, 삼조 오천억; 四億七千万
    r"|(?P<hangul>(?<![가-힣\d.,])(?:[일이삼사오육칠팔구]?[십백천만억조]\s?)(?:[일이삼사오육칠팔구십백천만억조]|\s(?=[일이삼사오육칠팔구]?[천백십]?[조억만]))*"
    rf"{_KO_UNIT})"
    rf"|(?P<kanji>(?<![一-鿿\d.,])[〇一二三四五六七八九十百千万億兆京]+{_JA_UNIT})"
    # half a million, a quarter of a million; two hundred and fifty thousand; a hundred
    r"|\b(?P<part>half(?: of)? a|(?:a |one )?quarter of a|three[- ]quarters of a)\s(?P<of>hundred|thousand|million|billion|trillion|dozen)\b"
    rf"|\b(?P<words>(?:(?:a|an)\s(?:hundred|thousand|million|billion|trillion|dozen|lakh|crore)\b|(?:{_WORD})\b)"
    rf"(?:[\s-](?:and\s)?(?:{_WORD}|hundred|thousand|million|billion|trillion|dozen|lakh|crore)\b)*"
    r"(?:hundred|thousand|million|billion|trillion|dozen|lakh|crore)?)\b"
    # 1,600; 1.5 million; 40bn; 10,372 crore
    rf"|(?P<plain>{PLAIN})(?:[\s\-](?P<scale>(?:hundred|thousand|lakh|million|crore|billion|trillion|dozen)(?:\s(?:thousand|million|billion|crore))?)\b"
    r"|(?P<short>\s?(?:bn|tn|trn|mn|mln)|[mbk])\b(?!/))?",
    re.I,
)


@dataclass(frozen=True)
class Numeral:
    """One number of a text: span in code points (end exclusive), value, and bounds where only these are known.

    ``more`` says that the number bears a *and some more* within itself (10여만).
    """

    start: int
    end: int
    value: float | None
    low: float | None = None
    high: float | None = None
    more: bool = False
    plain: bool = False
    """Whether it is digits without a word of scale: a range may lend it the scale of its partner."""


def find_numerals(text: str) -> Iterator[Numeral]:
    """Yield every number of a text in order; digits that belong to a word, an identifier or a telephone number are left out.

    Parameters
    ----------
    text
        Any text; full-width digits count as plain ones.
    """
    folded = fold(text)
    at = 0
    while m := _TOKEN.search(folded, at):
        numeral = _read(folded, m)
        at = max(m.end(), m.start() + 1) if numeral is None else numeral.end
        if numeral is not None:
            yield numeral


COUNTS = {w: n for n, w in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1)} | {
    "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, **dict(zip("二三四五六七八九", range(2, 10), strict=True))}  # fmt: skip
"""The words with which a few things are counted before their noun: two sites, 두 곳, 三拠点."""


def read_count(word: str) -> int | None:
    """Return how many a word or digits before a noun say; None where it is no such word."""
    return int(word) if word.isdigit() else COUNTS.get(word.lower())


def read_number(text: str) -> float | None:
    """Return the number that a text is as a whole; None where it is none, or a vague one."""
    found = next(find_numerals(text.strip()), None)
    return found.value if found is not None and (found.start, found.end) == (0, len(text.strip())) else None


def _read(text: str, m: re.Match[str]) -> Numeral | None:
    whole = m.group().rstrip()
    start, end = m.start(), m.start() + len(whole)
    if len(whole) > (8 * LONGEST if m["words"] else LONGEST):
        return None
    if m["vague"]:
        low, high = _vague(whole.lower())
        return Numeral(start, end, None, low, high)
    if m["part"]:
        part = re.sub(r"^(?:a|one) ", "", m["part"].lower().replace("-", " "))
        return Numeral(start, end, float(Decimal(_PARTS[part]) * _SCALES[m["of"].lower()]))
    if m["words"]:
        value = _english(whole.lower())
        return None if value is None else Numeral(start, end, value)
    if m["mixed"] or m["hangul"] or m["kanji"]:
        if m["hangul"] and ((re.search(r"십$", whole) and text.startswith("대", end)) or (len(whole) == 1 and text[end : end + 1] not in " 배원")):
            return None
        if m["kanji"] and len(whole) == 1 and text[end : end + 1] not in "倍割位分余円":
            return None
        value = _east(whole)
        return None if value is None else Numeral(start, end, value, more="여" in whole)
    number = Decimal(m["plain"].replace(",", ""))
    for word in (m["scale"] or "").lower().split():
        number *= _SCALES[word]
    short = (m["short"] or "").strip().lower()
    value = float(number * _SHORT.get(short, 1))
    return Numeral(start, end, value, plain=not (m["scale"] or short))


def _east(written: str) -> float | None:
    """The value of a Korean or Japanese number, digits and letters mixed as they come."""
    total, section, current = Decimal(0), Decimal(0), None
    for token in re.findall(rf"{PLAIN}|[^\s\d여]", written):
        if token in _DIGITS:
            current = Decimal(_DIGITS[token])
        elif token in _SMALL:
            section += (Decimal(1) if current is None else current) * _SMALL[token]
            current = None
        elif token in _BIG:
            section += current or Decimal(0)
            total += (section or Decimal(1)) * _BIG[token]
            section, current = Decimal(0), None
        else:
            current = Decimal(token.replace(",", ""))
    value = total + section + (current or Decimal(0))
    return float(value) if value else None


def _english(written: str) -> float | None:
    """The value of an English number in words."""
    total, group, seen = 0, 0, False
    for word in re.split(r"[\s-]+", written):
        if word in ("a", "an", "and"):
            group = max(group, 1) if word != "and" else group
        elif word in _ONES or word in _TENS:
            group += _ONES.get(word, 0) + _TENS.get(word, 0)
            seen = True
        elif word in ("hundred", "dozen"):
            group = max(group, 1) * _SCALES[word]
            seen = True
        else:
            scale = _SCALES[word]  # nine thousand trillion: the larger word multiplies all before it
            total = (total + group) * scale if 0 < total < scale else total + max(group, 1) * scale
            group, seen = 0, True
    return float(total + group) if seen else None


def _vague(word: str) -> tuple[float, float]:
    """Lowest and highest of a vague number: 2 to 9.99 of its unit; 11 to 19 where it is *ten and some*."""
    size = Decimal(1)
    if word[0].isascii():
        for name, factor in (("dozen", 12), ("score", 20), ("ten", 10), ("hundred", 100), ("thousand", 1000), ("million", 10**6),
                             ("billion", 10**9), ("trillion", 10**12)):  # fmt: skip
            size *= factor if name in word else 1
        top = "9.999" if size >= 10**9 else "9.99"
        return float(2 * size), float(Decimal(top) * size)
    for c in word:
        size *= _SMALL.get(c, 1) * _BIG.get(c, 1)
    if word[0] in "십十":
        return float(size / 10 * 11), float(size / 10 * 19)
    return float(2 * size), float(Decimal("9.99") * size)


Style = Literal["ko", "ko-spaced", "ko-small", "hangul", "ja", "ja-wide", "kanji", "en", "en-scale", "en-short", "en-words"]
STYLES: tuple[Style, ...] = (
    "ko", "ko-spaced", "ko-small", "hangul", "ja", "ja-wide", "kanji", "en", "en-scale", "en-short", "en-words",
)  # fmt: skip


def spell(value: int, style: Style) -> str:
    """Return a whole number from 1 to 10^16 − 1 as a newspaper of a style writes it.

    ``ko`` 8조6000억, ``ko-spaced`` 8조 6000억, ``ko-small`` 8조6천억, ``hangul`` 팔조육천억, ``ja`` 8兆6000億, ``ja-wide``
    ８兆６０００億, ``kanji`` 八兆六千億, ``en`` 8,600,000,000,000, ``en-scale`` 8.6 trillion, ``en-short`` 8.6tn,
    ``en-words`` eight trillion six hundred billion. `find_numerals` reads each back to the same value; ``hangul`` and
    ``kanji`` from ten, with a unit after them, since a lone letter is mostly no number.
    """
    if style == "en":
        return f"{value:,}"
    if style in ("en-scale", "en-short"):
        return _scaled(value, style == "en-scale")
    if style == "en-words":
        return _in_words(value)
    korean = style.startswith("ko") or style == "hangul"
    letters = style in ("hangul", "kanji")
    parts = []
    for power, sign in ((10**12, "조兆"), (10**8, "억億"), (10**4, "만万"), (1, "  ")):
        group, value = divmod(value, power)
        if group:
            written = _group(group, korean) if letters else _thousands(group) if style == "ko-small" else str(group)
            parts.append(written + sign[0 if korean else 1].strip())
    out = (" " if style == "ko-spaced" else "").join(parts)
    return out.translate({c: c + 0xFEE0 for c in range(0x30, 0x3A)}) if style == "ja-wide" else out


def _group(n: int, korean: bool) -> str:
    digits, powers = ("영일이삼사오육칠팔구", ("천", "백", "십", "")) if korean else ("〇一二三四五六七八九", ("千", "百", "十", ""))
    out = ""
    for power, sign in zip((1000, 100, 10, 1), powers, strict=True):
        d, n = divmod(n, power)
        if d:
            out += ("" if d == 1 and sign else digits[d]) + sign
    return out


def _thousands(n: int) -> str:
    return f"{n // 1000}천" if n % 1000 == 0 else str(n)


def _scaled(value: int, word: bool) -> str:
    for power, long, short in ((12, "trillion", "tn"), (9, "billion", "bn"), (6, "million", "m")):
        if value >= 10**power:
            number = f"{Decimal(value) / 10**power:f}"
            number = number.rstrip("0").rstrip(".") if "." in number else number
            return f"{number} {long}" if word else number + short
    return f"{value:,}"


def _in_words(n: int) -> str:
    ones, tens = {v: k for k, v in _ONES.items()}, {v: k for k, v in _TENS.items()}
    for power, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= power:
            rest = f" {_in_words(n % power)}" if n % power else ""
            return f"{_in_words(n // power)} {name}{rest}"
    if n < 20:
        return ones[n]
    return tens[n // 10 * 10] + (f"-{ones[n % 10]}" if n % 10 else "")
