"""The units in which articles count, in three languages: patterns after a number, signs before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["CURRENCY_BEFORE", "Family", "Unit", "unit_after"]

Family = Literal["money", "power", "compute", "bytes", "multiple", "share", "rank", "point", "country", "count"]


@dataclass(frozen=True)
class Unit:
    """A family of units, its base unit, and the factor that turns the written number into it."""

    family: Family
    code: str
    scale: float = 1.0


_DOLLARS = {
    "CAD": ("캐나다|加", "Canadian", "カナダ|加"), "AUD": ("호주", "Australian", "豪|オーストラリア"),
    "SGD": ("싱가포르", "Singapore(?:an)?", "シンガポール"), "HKD": ("홍콩", "Hong Kong", "香港"),
    "TWD": ("대만|신대만", "(?:New )?Taiwan(?:ese)?", "台湾"), "NZD": ("뉴질랜드", "New Zealand", "ニュージーランド"),
}  # fmt: skip
_CURRENCIES = [
    *((code, rf"\s?(?:{ko})\s?달러|\s{en} dollars?|(?:{ja})ドル") for code, (ko, en, ja) in _DOLLARS.items()),
    ("USD", r"\s?(?:미국?\s?)?달러|[\s-](?:US |U\.S\. )?dollars?\b|米?ドル|\s?USD\b"),
    ("EUR", r"\s?유로(?!파|존)|[\s-]euros?\b|ユーロ(?!圏)|\s?EUR\b"),
    ("GBP", r"\s?(?:영국\s?)?파운드|[\s-]pounds?(?: sterling)?\b|(?:英)?ポンド|\s?GBP\b"),
    ("JPY", r"\s?엔(?!비디아|진|지니어|터|드|씨|에이치|트리)|[\s-](?:Japanese )?yen\b|円(?!安|高|滑|形|卓|盤)|\s?JPY\b"),
    ("KRW", r"\s?원(?!년|전|유|자|천|래|칙|료|격|내|외|화|인|본|소|점|심)|[\s-](?:Korean |South Korean )?won\b(?! (?:the|a|an|by|in|over|at)\b)|(?:韓国)?ウォン|\s?KRW\b"),
    ("CNY", r"\s?위안(?!부)|[\s-]yuan\b|\srenminbi\b|人民元|中国元|元(?!々|年|に|社|首|大)|\s?CNY\b|\s?RMB\b"),
    ("INR", r"\s?(?:인도\s?)?루피(?!아)|\s(?:Indian )?rupees?\b|(?:インド)?ルピー"),
    ("IDR", r"\s?루피아|\s(?:Indonesian )?rupiah\b|ルピア"),
    ("CHF", r"\s?(?:스위스\s?)?프랑(?!스|크|켄)|\s(?:Swiss )?francs?\b|(?:スイス)?フラン(?!ス|ク|チ)"),
    ("SAR", r"\s?(?:사우디\s?)?리얄|\s(?:Saudi )?ri?yals?\b|[リレ]ヤル"),
    ("AED", r"\s?디르함|\sdirhams?\b|ディルハム"),
    ("SEK", r"\s?(?:스웨덴\s?)?크로나|\s(?:Swedish )?(?:kronor|krona)\b|(?:スウェーデン)?クローナ"),
    ("DKK", r"\s?덴마크\s?크로네|\sDanish kroner?\b|デンマーククローネ"),
    ("NOK", r"\s?(?:노르웨이\s?)?크로네|\s(?:Norwegian )?kroner?\b|(?:ノルウェー)?クローネ"),
    ("PLN", r"\s?즈워티|\s(?:Polish )?z[lł]oty(?:s|ch)?\b|ズウォティ"),
    ("BRL", r"\s?헤알|\s(?:Brazilian )?rea(?:is|l)\b(?! [a-z])|レアル(?!マ)"),
    ("MYR", r"\s?링깃|\s(?:Malaysian )?ringgit\b|リンギッ?ト?"),
    ("THB", r"\s?바트|\s(?:Thai )?baht\b|バーツ"),
    ("TRY", r"\s?(?:튀르키예\s?)?리라|\s(?:Turkish )?lira\b|トルコリラ"),
    ("ILS", r"\s?셰켈|\s(?:Israeli )?(?:new )?shekels?\b|シェケル"),
    ("VND", r"\s?(?:베트남\s)동(?=[\s,.)을이])|\s(?:Vietnamese )?dong\b|(?:ベトナム)ドン"),
    ("PHP", r"\s?필리핀\s?페소|\sPhilippine pesos?\b|フィリピンペソ"),
    ("MXN", r"\s?(?:멕시코\s?)?페소|\s(?:Mexican )?pesos?\b|(?:メキシコ)?ペソ"),
    ("ZAR", r"\s?(?:남아공\s?)?랜드(?=[\s,.(을])|\s(?:South African )?rand\b|(?:南ア)ランド"),
]  # fmt: skip
_PREFIXED = [
    ("CAD", r"C\$|CA\$|CAD\s?"), ("AUD", r"A\$|AU\$|AUD\s?"), ("SGD", r"S\$|SGD\s?"), ("HKD", r"HK\$|HKD\s?"),
    ("NZD", r"NZ\$|NZD\s?"), ("TWD", r"NT\$|TWD\s?"), ("BRL", r"R\$|BRL\s?"), ("MXN", r"MX\$|Mex\$|MXN\s?"),
    ("USD", r"(?:US|U\.S\.)?\s?\$\s?|USD\s?"), ("EUR", r"€\s?|EUR\s?"), ("GBP", r"£\s?|GBP\s?"),
    ("JPY", r"JP¥|JPY\s?"), ("CNY", r"RMB\s?|CNY\s?|CN¥|RMB¥"), ("JPY", r"[¥]\s?"), ("KRW", r"[₩]\s?|KRW\s?"),
    ("INR", r"₹\s?|Rs\.?\s?|INR\s?"), ("IDR", r"Rp\.?\s?|IDR\s?"), ("MYR", r"RM\s?|MYR\s?"), ("CHF", r"CHF\s?"), ("SAR", r"SAR\s?|SR\s?"),
    ("AED", r"AED\s?|Dh\s?"), ("SEK", r"SEK\s?|SKr\s?"), ("NOK", r"NOK\s?|NKr\s?"), ("DKK", r"DKK\s?|DKr\s?"), ("PLN", r"PLN\s?"),
    ("THB", r"฿|THB\s?"), ("TRY", r"₺|TRY\s?"), ("ILS", r"₪|ILS\s?|NIS\s?"), ("VND", r"₫|VND\s?"), ("ZAR", r"ZAR\s?"), ("PHP", r"₱|PHP\s?"),
]  # fmt: skip
_POWERS = {
    "k": (1e3, "킬로", "キロ", "kilo"), "M": (1e6, "메가", "メガ", "mega"), "G": (1e9, "기가", "ギガ", "giga"),
    "T": (1e12, "테라", "テラ", "tera"), "P": (1e15, "페타", "ペタ", "peta"), "E": (1e18, "엑사", "エクサ", "exa"),
    "Z": (1e21, "제타", "ゼタ", "zetta"),
}  # fmt: skip
# 12メガ(メガは100万)ワット: a newspaper explains the prefix within the unit.
_GLOSS = r"(?:\s?[(（][^()（）\d]{0,8}\d{0,4}[천백십만억조千百十万億兆]{1,3}[^()（）\d]{0,6}[)）])?"
_SQUARE = {"k": "㎾", "M": "㎿", "G": "㎇"}


def _scaled() -> list[tuple[str, Unit]]:
    """Watts, operations and bytes with their prefixes."""
    out = []
    for sign, (scale, ko, ja, en) in _POWERS.items():
        if sign in "kMGT":
            hour = r"(?!\s?(?:h\b|시(?![설스작])|時|-?hours?|아워))"
            also = rf"|\s?{_SQUARE[sign]}{hour}" if sign in "kM" else ""
            mark = "[kK]" if sign == "k" else sign
            out.append((rf"[\s-]?{mark}W(?:e|p|ac|dc|IT)?(?![A-Za-z]){hour}|\s?{ko}{_GLOSS}\s?와트{hour}|\s?{ja}{_GLOSS}ワット{hour}"
                        rf"|[\s-]?{en}watts?\b{hour}{also}", Unit("power", "W", scale)))  # fmt: skip
        if sign in "GTPEZ":
            out.append((rf"[\s-]?{sign}(?:FLOPS?|FLOP/?[sS]|flops?|Flops?|Flop/s|OPS)(?:/s)?(?![A-Za-z])|\s?{ko}{_GLOSS}\s?(?:플롭스?|FLOPS?|flops?|옵스)"
                        rf"|\s?{ja}{_GLOSS}\s?(?:フロップス?|FLOPS?|flops?)|[\s-]{en}[- ]?(?:flops?|FLOPS?|Flops|FLOP/s)(?![A-Za-z])"
                        + (rf"|\s?{sign}F(?![A-Za-z0-9])" if sign in "PE" else ""), Unit("compute", "FLOPS", scale)))  # fmt: skip
        if sign in "MGTPE":
            out.append((rf"\s?(?:{sign}B(?:yte)?|{ko}바이트|{ja}バイト|{en}bytes?)(?:/s|ps|/초|/秒|\sper second|\sa second)",
                        Unit("bytes", "B/s", scale)))  # fmt: skip
            square = "|\\s?㎇" if sign == "G" else ""
            out.append((rf"[\s-]?{sign}B(?![A-Za-z0-9])|\s?{ko}{_GLOSS}바이트|\s?{ja}{_GLOSS}バイト|[\s-]{en}bytes?\b{square}", Unit("bytes", "B", scale)))
    return out


# Operations a second in words: 44京2010兆回, 174경2000조 번, 216.5ペタ回, 1.7 quintillion calculations per second.
_SECOND = r"(?: (?:a|per|each|every) second)?"
_OPERATIONS = [
    *((rf"\s?(?:{ko}|{ja}){_GLOSS}\s?(?:회|번|回)(?!째|目|の?試|씩)", Unit("compute", "FLOPS", scale)) for sign, (scale, ko, ja, _) in _POWERS.items() if sign in "GTPEZ"),
    (r"(?<=[조경兆京])\s?(?:회|번|回)(?!째|目|씩)", Unit("compute", "FLOPS")),
    *((rf"\s{word} (?:floating[- ]point )?(?:calculation|operation|computation)s?{_SECOND}", Unit("compute", "FLOPS", scale))
      for word, scale in (("quadrillion", 1e15), ("quintillion", 1e18))),
    (rf"(?<=trillion) (?:floating[- ]point )?(?:calculation|operation|computation)s?{_SECOND}", Unit("compute", "FLOPS")),
]  # fmt: skip

_NOUNS = (
    r"GPUs?|chips?|accelerators?|processors?|superchips?|TPUs?|NPUs?|CPUs?|servers?|systems?|nodes?|racks?|cards?|XPUs?|ASICs?"
    r"|Blackwells?|Hoppers?|supercomputers?|models?|LLMs?|patents?|(?:DGX |HGX )?(?:[ABHVLR]\d{2,3}|GB\d00|GH200|MI\d{3}X?)s?"
)
_NO_MODIFIER = (
    "and|or|in|to|for|with|by|from|on|at|than|but|as|that|which|who|is|are|was|were|will|would|has|have|had|can|could|per|into|over|after"
    "|before|people|jobs?|staff|workers|employees|students|engineers|users|customers|years?|days?|months?|weeks?|hours?|minutes|countries"
    "|bought|buy|buys|run|runs|use|uses|own|owns|order|ordered|orders|operate|operates|added|adds|got|get|gets|plan|plans|said|say|says|sold|sell|ship|shipped|make|makes|need|needs|hold|holds|firms|companies|times|percent|points?|miles|homes|pages|dollars?|euros?|pounds?|yen|won|yuan|rupees?|megawatts?|gigawatts?|MW|GW|kW"
    "|times|points|offices|buildings|sites|phases|stages|schools|hospitals|universities|partners|investors|if|when|while|each|a|an|this|these"
    "|more than|square|feet|acres|reporters?|I|we|you|they|he|she|things?|about|ways|reasons|lessons|questions|facts|charts|countries|nations|seats|tickets|visitors|attendees|respondents"
)
_MODIFIER = rf"(?!(?:{_NO_MODIFIER})\b)[A-Za-z\d][\w'’/.+-]*"
_COUNT = rf"(?:\s{_MODIFIER}){{0,6}}?\s(?:{_NOUNS})\b(?![-'’]|\s(?:makers?|designers?|firms?|compan|stocks?|shares|war))|-(?:GPU|chip|accelerator|server|rack|node)s?\b"

_TABLE: list[tuple[str, Unit]] = [
    *((p, Unit("money", code)) for code, p in _CURRENCIES),
    *_scaled(),
    *_OPERATIONS,
    (r"\s?와트(?!시)|\s?ワット(?!時)|[\s-]watts?\b|\s?W(?![A-Za-z0-9])", Unit("power", "W")),
    (r"\s?배(?!럴|터|송|당|심|점|출|급|치|정|포|열|경)|倍|[\s-]times\b(?!\s(?:a|per|in|since|this|last|between|before|already|during|on|he|she|they|we|square)\b)"
     r"|-?\s?fold\b|\s?[x×](?![A-Za-z0-9])", Unit("multiple", "x")),
    (r"\s?[%％](?!\s?(?:포인트|p\b|P\b|ポイント|[- ]?points?\b))|\s?퍼센트(?!\s?포인트)|パーセント(?!ポイント)|\sper\s?cent\b(?!age)(?!\spoint)|\spercent\b(?!\spoint)", Unit("share", "ratio", 0.01)),
    (r"할(?=[\s,.가이을를은의에도로대]|$)(?!\s?(?:수|것|예정|계획|방침|때|만|정도로|뿐))|割(?!り|引|安|高(?!ま)|当)", Unit("share", "ratio", 0.1)),
    (r"\s?위(?!원|안|험|성|치|탁|기|급|해)|位(?!置|相|一体)", Unit("rank", "rank")),
    (r"\s?점(?!포|검|수|유|차|심|을 고려|에서 보|에 있)|点(?!検|在|滅|火|数)|\spoints?\b(?!\s(?:out|to|of view))", Unit("point", "point")),
    (r"\s?개?\s?(?:국|나라|국가)(?!의? 언어|[가-힣]*어)(?=[\s가을를이은의에으중과,.)]|$)|[カか ヶヵケ]国(?!語)|\s(?:countries|nations|economies)\b", Unit("country", "country")),
    (r"\s?(?:개|장|대|기|매|세트|랙|노드|건|종)(?![국월년소사부당주층]|륙|통령|학|비|업|관|교|연|지역|기업|대|의 (?:기업|회사)|\s?(?:그룹|강국|과제|은행|국가|전략|핵심|원칙|통신사|빅테크|축|기업|주주|총장|회장))|基(?![地本準])|台(?![湾風詞])|枚|個(?!人|別|所)|ラック|ノード|本(?!社|部|人|格)|件", Unit("count", "")),
    (_COUNT, Unit("count", "")),
    (rf":\s(?:{_MODIFIER}\s){{0,2}}(?:{_NOUNS})\b", Unit("count", "")),
]  # fmt: skip
_UNITS = [u for _, u in _TABLE]
# A figure does not run over the end of a line: \s is a space here.
_AFTER = re.compile("|".join(f"(?P<u{k}>{p})" for k, (p, _) in enumerate(_TABLE)).replace(r"\s", " "))
CURRENCY_BEFORE = [(re.compile(rf"(?<![A-Za-z])(?:{p})$"), code) for code, p in _PREFIXED]
# tens of millions of dollars: the currency stands apart from a vague number.
_OF_MONEY = re.compile(r" of(?= [A-Za-z])")
_QUOTE = ("”", '"', "’", "'")


def unit_after(text: str, at: int) -> tuple[Unit | None, str]:
    """Return the unit that stands at a place of a folded text, and the unit as written; a closing quote may come between."""
    quote = 1 if text[at : at + 1] in _QUOTE and text[at + 1 : at + 2] == " " else 0
    of = _OF_MONEY.match(text, at)
    if of is not None and (money := _AFTER.match(text, of.end())) is not None and _UNITS[int((money.lastgroup or "u0")[1:])].family == "money":
        return _UNITS[int((money.lastgroup or "u0")[1:])], text[at : money.end()]
    m = _AFTER.match(text, at + quote)
    if m is None or m.lastgroup is None:
        return None, ""
    return _UNITS[int(m.lastgroup[1:])], "" if quote else m.group()
