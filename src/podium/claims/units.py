"""The units in which articles count, in three languages: patterns after a number, signs before it, number words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

__all__ = ["AFTER", "CURRENCY_BEFORE", "FRACTIONS", "MULTIPLES", "ORDINALS", "Unit"]


@dataclass(frozen=True)
class Unit:
    """A family of units, its base unit, and the factor that turns the written number into it."""

    family: Any
    code: str
    scale: float = 1.0


_DOLLARS = {
    "CAD": ("캐나다|加", "Canadian", "カナダ|加"), "AUD": ("호주", "Australian", "豪|オーストラリア"),
    "SGD": ("싱가포르", "Singapore(?:an)?", "シンガポール"), "HKD": ("홍콩", "Hong Kong", "香港"),
    "TWD": ("대만|신대만", "(?:New )?Taiwan(?:ese)?", "台湾"), "NZD": ("뉴질랜드", "New Zealand", "ニュージーランド"),
}  # fmt: skip
_CURRENCIES = [
    *((code, rf"\s?(?:{ko})\s?달러|\s{en} dollars?|(?:{ja})ドル") for code, (ko, en, ja) in _DOLLARS.items()),
    ("USD", r"\s?(?:미국?\s?)?달러|\s(?:US |U\.S\. )?dollars?\b|米?ドル|\sUSD\b"),
    ("EUR", r"\s?유로|\seuros?\b|ユーロ|\sEUR\b"),
    ("GBP", r"\s?파운드|\spounds?\b|(?:英)?ポンド|\sGBP\b"),
    ("JPY", r"\s?엔(?!비디아|진|지니어|터|드)|\s(?:Japanese )?yen\b|円|\sJPY\b"),
    ("KRW", r"\s?원(?!년|전|유|자|천|래|칙|료|격)|\s(?:Korean |South Korean )?won\b|ウォン|\sKRW\b"),
    ("CNY", r"\s?위안|\syuan\b|\srenminbi\b|人民元|中国元|元(?!々|年|に)|\sCNY\b|\sRMB\b"),
    ("INR", r"\s?루피|\srupees?\b|ルピー"),
    ("CHF", r"\s?스위스\s?프랑|\sSwiss francs?\b|スイスフラン"),
    ("SAR", r"\s?리얄|\sriyals?\b|リヤル"),
    ("AED", r"\s?디르함|\sdirhams?\b|ディルハム"),
    ("SEK", r"\s?스웨덴\s?크로나|\sSwedish kron(?:a|or)\b"),
    ("BRL", r"\s?헤알|\sreais\b"),
]
_PREFIXED = [
    ("CAD", r"C\$|CA\$|CAD\s?"), ("AUD", r"A\$|AU\$|AUD\s?"), ("SGD", r"S\$|SGD\s?"), ("HKD", r"HK\$|HKD\s?"),
    ("TWD", r"NT\$|TWD\s?"), ("USD", r"(?:US|U\.S\.)?\$|USD\s?"), ("EUR", r"€|EUR\s?"), ("GBP", r"£|GBP\s?"),
    ("JPY", r"¥|JPY\s?"), ("KRW", r"₩|KRW\s?"), ("CNY", r"RMB\s?|CNY\s?|CN¥"), ("INR", r"₹|Rs\.?\s?|INR\s?"),
    ("CHF", r"CHF\s?"), ("SAR", r"SAR\s?"), ("AED", r"AED\s?"),
]  # fmt: skip
_POWERS = {
    "k": (1e3, "킬로", "キロ", "kilo"), "M": (1e6, "메가", "メガ", "mega"), "G": (1e9, "기가", "ギガ", "giga"),
    "T": (1e12, "테라", "テラ", "tera"), "P": (1e15, "페타", "ペタ", "peta"), "E": (1e18, "엑사", "エクサ", "exa"),
    "Z": (1e21, "제타", "ゼタ", "zetta"),
}  # fmt: skip


def _scaled() -> list[tuple[str, Unit]]:
    """Watts, operations and bytes with their prefixes."""
    out = []
    for sign, (scale, ko, ja, en) in _POWERS.items():
        if sign in "kMGT":
            hour = r"(?!\s?(?:h\b|시\b|시간|時|-?hours?))"
            out.append((rf"[\s-]?{sign}W(?:e|p)?(?![A-Za-z]){hour}|\s?{ko}와트{hour}|{ja}ワット{hour}"
                        rf"|[\s-]?{en}watts?\b{hour}", Unit("power", "W", scale)))  # fmt: skip
        if sign in "TPEZ":
            out.append((rf"\s?{sign}(?:FLOPS?|flops?|Flops?|F)(?:/s)?(?![A-Za-z])|\s?{ko}\s?플롭스?|\s?{ja}\s?フロップス?"
                        rf"|[\s-]{en}-?(?:flops?|FLOPS?|Flops)\b", Unit("compute", "FLOPS", scale)))  # fmt: skip
        if sign in "MGTPE":
            out.append((rf"\s?(?:{sign}B(?:yte)?|{ko}바이트|{ja}バイト|{en}bytes?)(?:/s|ps|/초|/秒|\sper second)",
                        Unit("bytes", "B/s", scale)))  # fmt: skip
            out.append((rf"\s?{sign}B(?![A-Za-z])|\s?{ko}바이트|{ja}バイト|\s{en}bytes?\b", Unit("bytes", "B", scale)))
    return out


_NOUNS = (
    r"GPUs?|chips?|accelerators?|processors?|superchips?|TPUs?|NPUs?|CPUs?|servers?|systems?|nodes?|racks?|cards?"
    r"|supercomputers?|(?:AI |foundation |language |frontier )*models?|patents?|(?:DGX |HGX )?[A-Z]{1,2}\d00s?"
)
_COUNTS = [
    rf"(?:\s(?:NVIDIA|Nvidia|AMD|AI|GPU|advanced|new|more|additional|further|Blackwell|Hopper|Ultra|Nvidia's|NVIDIA's"
    rf"|next-generation|high-end|cutting-edge|top-end|latest|graphics|data-cent(?:er|re)|B\d00|GB\d00|H\d00|A100"
    rf"|NVL72|NVL36|liquid-cooled|DGX|HGX|of|the|its|graphics processing|Instinct|MI\d+X?|Ascend|\d{{3}}[BC]?)){{0,6}}?\s(?:{_NOUNS})\b",
]


def _after(pattern: str) -> re.Pattern[str]:
    """The pattern of a unit; a figure does not run over the end of a line."""
    return re.compile(pattern.replace(r"\s", " "))


AFTER: list[tuple[re.Pattern[str], Unit]] = [
    *((_after(p), Unit("money", code)) for code, p in _CURRENCIES),
    *((_after(p), u) for p, u in _scaled()),
    (_after(r"\s?와트(?!시)|\s?ワット(?!時)|\swatts?\b|W(?![A-Za-z0-9])"), Unit("power", "W")),
    (_after(r"\s?배(?!럴|터|송|당금|심|점|출)|倍|[\s-]times\b|-?\s?fold\b|\s?[x×](?![A-Za-z0-9])"), Unit("multiple", "x")),
    (_after(r"\s?%(?!\s?(?:포인트|p\b|ポイント|point))|\s?퍼센트(?!포인트)|パーセント(?!ポイント)|\sper\s?cent\b(?!age)"), Unit("share", "ratio", 0.01)),
    (_after(r"割(?!り|引|安|高)"), Unit("share", "ratio", 0.1)),
    (_after(r"\s?위(?!원|안|험|성|치|탁|기|급|해)|位(?!置|相)"), Unit("rank", "rank")),
    (_after(r"점(?!포|검|수|유|차|심)|点(?!検|在|滅)|\spoints?\b"), Unit("point", "point")),
    (_after(r"\s?개\s?(?:국|나라|국가)(?!의? 언어)|[カか ヶヵ]国|\s(?:countries|nations|economies)\b"), Unit("country", "country")),
    (_after(r"\s?(?:개|장|대|기|매|세트|랙|노드|건|종)(?![국월년소]|륙|통령|학|비)|基|台|枚|個|ラック|本(?!社)|件"), Unit("count", "")),
    *((_after(p), Unit("count", "")) for p in _COUNTS),
]  # fmt: skip
CURRENCY_BEFORE = [(re.compile(rf"(?<![A-Za-z])(?:{p})$"), code) for code, p in _PREFIXED]

FRACTIONS: list[tuple[re.Pattern[str], float | None]] = [
    (re.compile(r"절반(?!가량의 기간)|(?<=의 )반(?=을|이|에|으로)|半分|半数"), 0.5),
    (re.compile(r"(?P<bottom>\d{1,3})\s?(?:분의|分の)\s?(?P<top>\d{1,3})"), None),
    (re.compile(r"\bhalf(?=\s(?:of|the|that|as|its|a)\b|[,.;]|$)", re.I), 0.5),
    (re.compile(r"\b(?:a|one)[\s-]third(?=\s(?:of|more|less|the|that|higher|lower)\b|[,.;)]|$)", re.I), 1 / 3),
    (re.compile(r"\btwo[\s-]thirds\b", re.I), 2 / 3),
    (re.compile(r"\b(?:a|one)[\s-]quarter(?=\s(?:of|more|less|the|that)\b|[,.;)]|$)", re.I), 0.25),
    (re.compile(r"\bthree[\s-]quarters\b", re.I), 0.75),
    (re.compile(r"\b(?:a|one)[\s-]fifth(?=\s(?:of|more|less|the|that)\b|[,.;)]|$)", re.I), 0.2),
    (re.compile(r"\b(?:a|one)[\s-]tenth(?=\s(?:of|more|less|the|that)\b|[,.;)]|$)", re.I), 0.1),
]
_KOREAN = {"두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "스무": 20,
           "백": 100, "천": 1000}  # fmt: skip
_ENGLISH = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
            "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100,
            "a hundred": 100, "a thousand": 1000}  # fmt: skip
_KANJI = {"二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
MULTIPLES: list[tuple[re.Pattern[str], float]] = [
    *((re.compile(rf"(?<![가-힣]){w} ?배(?![가-힣]*터)"), float(v)) for w, v in _KOREAN.items()),
    (re.compile(r"갑절|곱절"), 2.0),
    *((re.compile(rf"\b{w}(?:[\s-]times\b|-?fold\b)", re.I), float(v)) for w, v in _ENGLISH.items()),
    (re.compile(r"\btwice(?=\s(?:as|the|that|what|its|their)\b)", re.I), 2.0),
    (re.compile(r"\b(?:double|doubled|doubling|doubles)\b(?!\s(?:down|check|edged)|-)", re.I), 2.0),
    (re.compile(r"\b(?:triple|tripled|tripling|triples)\b", re.I), 3.0),
    (re.compile(r"\b(?:quadruple|quadrupled|quadrupling)\b", re.I), 4.0),
    *((re.compile(rf"{w}倍"), float(v)) for w, v in _KANJI.items()),
    (re.compile(r"(?<![\d.,一-鿿約強弱])倍(?=増|に増|に拡|以上|の(?!率))"), 2.0),
]
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
            "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12}  # fmt: skip
ORDINALS: list[tuple[re.Pattern[str], float | None]] = [
    (re.compile(r"(?<![\d.,])(?P<n>\d{1,3})(?:st|nd|rd|th)\b(?!\s(?:century|anniversary|floor|street|generation|of\s[A-Z]))"), None),
    *((re.compile(rf"\b{w}\b(?!-|\s(?:party|parties|time|generation|phase|half|quarter|round|site|year|person|step|wave|edition))", re.I), float(v)) for w, v in _ORDINAL.items()),
    (re.compile(r"\b(?:top|No\.?\s?1|number one|first)\s(?:spot|place|position|slot)\b|\bNo\.?\s?1\b|\bnumber one\b", re.I), 1.0),
    (re.compile(r"\b(?:No\.|number)\s?(?P<n>\d{1,2})\b"), None),
    (re.compile(r"\branked\s(?P<n>\d{1,2})\b(?!,\d)", re.I), None),
]  # fmt: skip
