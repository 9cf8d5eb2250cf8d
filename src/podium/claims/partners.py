"""Which two figures a multiple or share compares: told by the grammar of its sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podium.claims.agreement import agrees
from podium.claims.amounts import Amount, sizes, window
from podium.claims.changes import newest
from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.entities import Mention
    from podium.claims.page import Page

__all__ = ["NAMED", "Pair", "meant_pair", "measured_in"]

REACH = 60


@dataclass(frozen=True)
class Pair:
    """What is compared with what; ``sure`` where the sentence names both so plainly that a difference is an error."""

    one: Amount
    other: Amount
    sure: bool


_MEASURES: list[tuple[re.Pattern[str], tuple[str, ...]]] = [
    (re.compile(r"성능|연산|계산 ?능력|처리 ?능력|빠르|빨라|속도|performance|comput|faster|quicker|powerful|speed|性能|計算(?!だ|で|にな|と[なす])|演算|処理能力|速", re.I), ("FLOPS",)),
    (re.compile(r"메모리|HBM|memory|メモリ", re.I), ("B", "B/s")),
    (re.compile(r"전력|수전|전기|electric|\bpower\b|megawatt|gigawatt|\bcapacity\b|電力|受電|消費電", re.I), ("W",)),
    (re.compile(r"우리 ?돈|시장가|가격|요금|料金|価格|예산|투자|구매비|구입비|보조금|지원금|금액|몸값|기업가치|비용|사업비|budget|spend|invest|subsid|fund|capex|cost|price|valu|money|予算|[一-鿿]費|投資|補助|助成|金額|費用|評価額|企業価値|時価", re.I), ("money",)),
    (re.compile(r"GPU|가속기|장수|개수|대수|\bchips?\b|accelerators?|processors|枚|(?<![一-鿿])基|基数|台(?!湾|北)", re.I), ("gpu", "cpu", "system", "rack")),
]  # fmt: skip


def measured_in(text: str) -> set[str]:
    """The units (money for every currency) of which words near a multiple speak; empty where none does."""
    return {u for pattern, units in _MEASURES for u in units if pattern.search(text)}


def _unit(x: Amount) -> str:
    return "money" if x.unit and len(x.unit) == 3 and x.unit.isupper() else x.unit or ""


def meant_pair(page: Page, claim: Claim, others: Sequence[Claim]) -> Pair | None:
    """Return the pair that the sentence of a multiple or share tells; None where it tells none."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    if page.language == "en":
        return _english(page, claim, others, a, b)
    return _eastern(page, claim, others, a, b)


_LABEL = re.compile(r"\d ?단계|\d차(?=[는은가이에만 ])|첫 단계|第?\d期|第?\d段階|\bphase (?:one|two|three|I{1,3}|\d)\b|\b(?:first|second|third|initial) (?:phase|stage|tranche)\b", re.I)
_WHOLE = re.compile(r"전체의\s?(?:약 )?$|총량의\s?$|全体の\s?約?$|合計の\s?約?$")
_OF_WHOLE = re.compile(r"^\s?(?:of|in) the (?:total|whole|lot|sum|full|final|eventual|entire)", re.I)


def _labelled(page: Page, claim: Claim, others: Sequence[Claim], a: int) -> Pair | None:
    """*The first phase alone is 40 % of the total*: the figure that bore the same label, against the largest like one."""
    text = page.folded
    if (begun := _of_beginning(page, claim, others, a)) is not None:
        return begun
    labels = _LABEL.findall(text[max(a, claim.char_start - 30) : claim.char_start])
    whole = _WHOLE.search(text[max(a, claim.char_start - 10) : claim.char_start]) or _OF_WHOLE.match(text[claim.char_end : claim.char_end + 24])
    if len(labels) != 1 or not whole:
        return None
    near = [x for x in sizes(window(page, claim, others, 3)) if x.unit == x.claim.unit and x.claim.char_end <= claim.char_start]
    mine = [x for x in near if re.search(re.escape(labels[0]) + r"[^\d,、]{0,12}$", text[max(0, x.claim.char_start - 24) : x.claim.char_start], re.I)]
    if len(mine) != 1:
        return None
    largest = max((x for x in near if x.unit == mine[0].unit), key=lambda x: x.value)
    return Pair(mine[0], largest, sure=True) if largest.value > mine[0].value else None


_OF_BEGINNING = {
    "en": re.compile(r"\s(?:the size of |that of )?(?:the|its) (?:initial|first|opening|starting|original) (?:phase|stage|step|size|capacity|load|tranche|batch|order|block)\b(?! of\b)", re.I),
    "ko": re.compile(r"(?:1단계|첫 단계|초기|최초|1차|첫)(?:\s?(?:물량|규모|용량|전력|계획|분))?(?:의|보다)\s?(?:약 )?$"),
    "ja": re.compile(r"(?:第?[1一]期|第[1一]段階|初期|最初|当初)(?:の)?(?:規模|容量|計画|分|段階|電力)?の\s?約?$"),
}
_BEGINS = re.compile(r"\b(?:start(?:s|ing|ed)?|begin(?:s|ning)?|began|open(?:s|ing|ed)?|initial(?:ly)?|first|at first|phase one)\b|초기|우선|먼저|1단계|첫 단계|1차|처음|まず|当初|初期|第?[1一]期|第[1一]段階|最初", re.I)


def _of_beginning(page: Page, claim: Claim, others: Sequence[Claim], a: int) -> Pair | None:
    """*Starting with 50MW … could reach 2GW, 40 times the initial phase*: the figure just before against the one told as the beginning."""
    text, tongue = page.folded, page.language
    said = _OF_BEGINNING[tongue]
    if claim.kind != "ratio_speedup" or not (said.match(text, claim.char_end) if tongue == "en" else said.search(text, max(a, claim.char_start - 24), claim.char_start)):
        return None
    near = [x for x in sizes(window(page, claim, others, 3)) if x.unit == x.claim.unit and x.claim.kind != "other" and x.claim.char_end <= claim.char_start]
    own = [x for x in near if x.claim.char_start >= a]
    if not own:
        return None
    begun = [x for x in near if x.unit == own[-1].unit and x.claim.id != own[-1].claim.id
             and _BEGINS.search(re.split(r"[,;、。]", text[max(0, x.claim.char_start - 40) : x.claim.char_start])[-1])]  # fmt: skip
    if len(begun) != 1 or begun[0].claim.subject_country_iso3 != own[-1].claim.subject_country_iso3:
        return None
    return Pair(own[-1], begun[0], sure=claim.char_start - own[-1].claim.char_end < 40)


_THAN = re.compile(r"^[^.;:()\n]{0,26}?\b(?:of|than|as|what|that|against|compared (?:with|to)|over|on)\s[^.;:()\n]*?$", re.I)
# twice the 50 billion, five times Fugaku's 442 petaflops
_DIRECT = re.compile(r"\s(?:the|its|last year['’]s|(?:an?\s)?[A-Z][\w.-]*(?:\s[A-Z][\w.-]*){0,2}['’]s)\s(?:(?:mere|current|previous|about|some|roughly|estimated|planned)\s)?")
_EQUALS = re.compile(
    r"\b(?:that|this|it|which|these|those|the (?:\w+ ){1,3}?|figure|sum|total)\s?(?:therefore |thus |now |would be |will be |alone )?(?:is|was|are|were|represents?|corresponds? to|equals?|amounts? to|makes? up|accounts? for|means|comes? to|works out (?:at|to))\b[^.]*$", re.I
)
_ALSO = re.compile(r"^,? ?(?:or|i\.e\.,?|that is,?|namely|equal to|equivalent to|—|–|\()\s?(?:about |around |some |roughly )?$", re.I)
_TURN = re.compile(r"; |, (?:while|whereas|but|although)\b|\. ")


def _measured_against(page: Page, x: Amount, others: Sequence[Claim]) -> bool:
    """Whether another ratio of the sentence has a figure for its yardstick: of *half of China's 53.88 and 84% of Singapore's 32.33*."""
    text = page.folded
    if page.language != "en" and re.match(r"[’'”」]?(?:より|보다|に比べ|と比べ|에 비해)", text[x.claim.char_end : x.claim.char_end + 6]):
        return True
    for c in others:
        if c.kind not in ("share", "ratio_speedup"):
            continue
        if page.language == "en" and 0 < x.claim.char_start - c.char_end < 40 and re.fullmatch(r"\s(?:of|than|as|that of)\s[^,.;\d]{0,34}", text[c.char_end : x.claim.char_start]):
            return True
        if page.language != "en" and 0 <= c.char_start - x.claim.char_end < 14 and _OF_FIGURE.fullmatch(text[x.claim.char_end : c.char_start]):
            return True
    return False


def _english(page: Page, claim: Claim, others: Sequence[Claim], a: int, b: int) -> Pair | None:
    text = page.folded
    if (part := _labelled(page, claim, others, a)) is not None:
        return part
    right = text[claim.char_end : b]
    near = [x for x in sizes(window(page, claim, others, 1)) if x.unit == x.claim.unit]
    later = [x for x in near if claim.char_end <= x.claim.char_start < b]
    whole = next((x for x in later if x.claim.char_start - claim.char_end <= REACH and (_THAN.match(text[claim.char_end : x.claim.char_start])
                  or (claim.kind == "ratio_speedup" and _DIRECT.fullmatch(text[claim.char_end : x.claim.char_start])))), None)  # fmt: skip
    if whole is None or (whole.unit == "FLOPS" and _names_another(page, claim, whole)):
        return _named_english(page, claim, others, right, a, b)
    after = next((x for x in later if x.unit == whole.unit and x.claim.char_start > whole.claim.char_end and _ALSO.match(text[whole.claim.char_end : x.claim.char_start])), None)
    if after is not None:
        return Pair(after, whole, sure=True)
    own = [x for x in near if x.unit == whole.unit and a <= x.claim.char_start and x.claim.char_end <= claim.char_start and not _measured_against(page, x, others)]
    if own:
        turned = _TURN.search(text, own[-1].claim.char_end, claim.char_start)
        return Pair(own[-1], whole, sure=not turned and claim.char_start - own[-1].claim.char_end < 90)
    before = [x for x in near if x.unit == whole.unit and x.claim.char_end <= a]
    if before and _EQUALS.search(text[a : claim.char_start]):
        last = before[-1]
        alone = all(x.unit != whole.unit or x.claim.id == last.claim.id for x in before if x.claim.char_start > last.claim.char_start - 120)
        return Pair(last, whole, sure=alone)
    if whole.unit == "FLOPS" and (topic := _topic_machine(page, page.kept(others, "sizes", sizes), claim, whole.claim.subject, claim.char_start, a)) is not None:
        return Pair(topic, whole, sure=True)
    return None


def _names_another(page: Page, claim: Claim, whole: Amount) -> bool:
    """Whether a comparison names a machine before a figure of another: *41% faster than Eagle and twice as fast as Fugaku, at 442*."""
    named = [m for m in page.within(page.mentions, claim.char_end, whole.claim.char_start) if m.type == "system"]
    return bool(named) and named[0].id != whole.claim.subject and NAMED.match(page.folded[claim.char_end : named[0].start]) is not None


NAMED = re.compile(r"^(?:[^.;:()\n]{0,22}?\b(?:of|than|as|that of|what)\s(?:that of |what |in |the |a |an )*|\s(?:the \w+ of )?(?:[A-Z][a-z]+['’]s\s)?)$", re.I)


def _named_english(page: Page, claim: Claim, others: Sequence[Claim], right: str, a: int, b: int) -> Pair | None:
    """*A third of Japan's*, *four times quicker than Fugaku*: the yardstick is a name with a figure of its own."""
    named = [m for m in page.within(page.mentions, claim.char_end, min(b, claim.char_end + 48)) if m.country and NAMED.match(page.folded[claim.char_end : m.start])]
    return _with_named(page, claim, others, named[0], a) if named else None


# 1742ペタフロップスと富岳の2.9倍; 1742페타플롭스로 후가쿠의 …; *1,742 petaflops, four times Fugaku's*
_ADJOINS = re.compile(r"[급]?(?:으로|로|에 달해|에 이르러|인데|이며|이고|과|와|은|는|で|と|は|に達し|となり|あり)?[,、]?\s?(?:or |which is |that is |about |some |roughly |nearly |일본 |미국 |중국 |日本の|米国の|米|独)*", re.I)


def _with_named(page: Page, claim: Claim, others: Sequence[Claim], name: Mention, a: int) -> Pair | None:
    """The figure of the sentence, or of the one before, against the only like figure of the one compared with."""
    text, who, country = page.folded, name.id, name.country
    around = text[max(a, claim.char_start - 30) : min(page.sentences[page.sentence_of(a)][1], claim.char_end + 20)]
    wanted = measured_in(around)
    pool = [x for x in page.kept(others, "sizes", sizes) if x.unit == x.claim.unit and (x.claim.kind != "other" or x.unit == "point")]
    mine = [x for x in pool if x.claim.char_end <= claim.char_start and x.claim.char_start >= page.sentences[max(0, page.sentence_of(a) - 1)][0]
            and (x.claim.subject != who if x.unit == "FLOPS" and name.type == "system" else x.claim.subject_country_iso3 != country) and (not wanted or _unit(x) in wanted)]  # fmt: skip
    if (topic := _topic_machine(page, pool, claim, name.id, claim.char_start if page.language == "en" else name.start, a)) is not None and name.type == "system" and not any(x.claim.char_start >= a for x in mine):
        mine = [topic]  # 엘 캐피탄의 성능은 주피터의 1.8배다
    if not mine:
        return None
    one, exact = mine[-1], _theirs(page, pool, mine[-1], who, country)
    if not exact and _unit(one) == "money":  # 5000억달러(약 727조원), 프랑스의 1090억유로(약 164조원): in the currency that both are told in
        every = [x for x in page.kept(others, "sizes", sizes) if x.claim.kind != "other"]
        one, exact = next(((x, found) for x in every if x.claim.id == one.claim.id and (found := _theirs(page, every, x, who, country))), (one, exact))
    if len(exact) != 1 or exact[0].claim.hedge in ("vague", "range"):
        return None
    own = one.claim.char_start >= a or (topic is not None and one is topic)
    kinds = {one.claim.kind, exact[0].claim.kind}
    alike = len(kinds) == 1 or kinds <= {"hardware_count", "stock"} or kinds <= {"money_support", "money_investment"}
    just_told = [x.claim for x in pool if x.claim.char_start >= page.sentences[max(0, page.sentence_of(a) - 1)][0] and x.claim.char_end <= claim.char_start]
    if one.unit != one.claim.unit or exact[0].unit != exact[0].claim.unit:
        return Pair(one, exact[0], sure=bool(wanted and alike and len(just_told) == 1))
    if any(c.kind == "ratio_speedup" and one.claim.char_end <= c.char_start and c.char_end <= claim.char_start for c in others):
        return Pair(one, exact[0], sure=False)  # another multiple of the two is told already: this one is of something else
    if len([x for x in pool if x.unit == one.unit]) == 2 and alike and text[one.claim.char_end : claim.char_start].count("\n") == 0:
        return Pair(one, exact[0], sure=True)  # the only two of their unit
    if topic is not None and one is topic and alike:
        return Pair(one, exact[0], sure=True)
    if own and alike and _ADJOINS.fullmatch(text[one.claim.char_end : min(name.start, claim.char_start)]):
        return Pair(one, exact[0], sure=True)
    opens = (name.start - a <= 2 or bool(_THAT_IS.match(text, a))) and not own and sum(x.unit == one.unit for x in mine) == 1  # 5GW를 짓는다. 휴메인의 전력의 다섯 배다.
    return Pair(one, exact[0], sure=bool((own or opens) and wanted and alike and not (own and _TURN.search(text, one.claim.char_end, claim.char_start))))


_IS = re.compile(r"(?:['’]s \w+)?,?\s(?:is|was|runs?|ran|has|had|remains|at)\b")
_ITS_SPEED = re.compile(r"[’'”\"」』]?(?:\([^)]{0,30}\))?(?:의 (?:[가-힣]{1,4} )?(?:성능|속도|연산 ?능력)|の(?:[一-鿿]{0,4})(?:性能|速度|速さ))?(?:은|는|이|가|も|は|が)[\s、,]")


def _topic_machine(page: Page, pool: Sequence[Amount], claim: Claim, other: str | None, until: int, a: int) -> Amount | None:
    """The speed of the machine that a sentence without a speed of its own is about: 엘 캐피탄의 성능은 주피터의 1.8배다."""
    its = _IS if page.language == "en" else _ITS_SPEED
    named = [m for m in page.within(page.mentions, a, until) if m.type == "system" and m.id != other and its.match(page.folded, m.end)]
    if len(named) != 1:
        return None
    told = newest(page, [x for x in pool if x.unit == "FLOPS" and x.claim.subject == named[0].id])
    return told[0] if len(told) == 1 else None


_THAT_IS = re.compile(r"\s?[“\"]?(?:That|This|It)(?:['’]s| is| was| would be| makes| amounts to| equals)\b|\s?(?:이는|그것은|これは|それは)\s?")


def _theirs(page: Page, pool: Sequence[Amount], one: Amount, who: str, country: str) -> list[Amount]:
    """The sizes of the one compared with, in the unit of a size: those under its own name before those of its country."""
    like = [x for x in pool if x.unit == one.unit and (x.claim.subject == who or x.claim.subject_country_iso3 == country) and x.claim.id != one.claim.id]
    return newest(page, [x for x in like if x.claim.subject == who] or like)


_OF_FIGURE = re.compile(r"[\s’'”\"」』)）]{0,2}(?:규모|어치|짜리)?(?:의|보다|대비|에 비해|에 견줘|과 견주면|와 견주면|이?었으니|였으니|이었던 데 비하면|の|より|に比べ|と比べ(?:ると|て)?|に対し(?:て)?|だった(?:ので|から)|比)\s?[^\d、,。.\n]{0,6}?$")
# A share of what was just told: 우리 예산 10조원은 그 7분의 1; 年50万個、このうち2割の10万個
_THAT = re.compile(r"(?:은|는|이|가|도)\s그(?:것|의)?의?\s?(?:약 )?$|[はが]、?その\s?約?$")
_AMONG = re.compile(r"(?:このうち|そのうち|うち|(?:이|그)\s?(?:가운데|중)(?:에서)?)\s?(?:の)?\s?(?:約|약)?\s?$")
_FOLLOWS = re.compile(r"^(?:인|에 해당하는|에 달하는|에 이르는|짜리|の|に(?:当|あ)たる|に相当する|となる)\s?(?:[^\d、,。.\n]{0,8})$")
_WITH_NAME = re.compile(r"^[’'”\"」』)]?(?:[^\d\s、,。.]{0,8}\s?){0,3}(?:의|보다|대비|에 비해|과 견주면|와 견주면|과 비교하면|와 비교하면|の|より|に比べ(?:て|ると)?|と比べ(?:て|ると)?|に対し(?:て)?|比で|比)\s?[^\d、,。.\n]{0,10}$")
_CHIP_FAMILY = re.compile(r"^(?:NVIDIA |Nvidia |DGX |HGX )?")


def _eastern(page: Page, claim: Claim, others: Sequence[Claim], a: int, b: int) -> Pair | None:
    text = page.folded
    if (part := _labelled(page, claim, others, a)) is not None:
        return part
    near = [x for x in sizes(window(page, claim, others, 1)) if x.unit == x.claim.unit]
    before = [x for x in near if x.claim.char_end <= claim.char_start]
    if before and before[-1].claim.char_start >= a and _OF_FIGURE.fullmatch(text[before[-1].claim.char_end : claim.char_start]):
        whole = before[-1]
        after = next((x for x in near if claim.char_end <= x.claim.char_start < b and x.unit == whole.unit and _FOLLOWS.match(text[claim.char_end : x.claim.char_start])), None)
        if after is not None:
            return Pair(after, whole, sure=True)
        like = [x for x in before[:-1] if x.unit == whole.unit and not _measured_against(page, x, others)]
        own = [x for x in like if x.claim.char_start >= a]
        if own:
            return Pair(own[-1], whole, sure=whole.claim.char_start - own[-1].claim.char_end < 70)
        specified = [x for x in sizes(window(page, claim, others, 3)) if x.unit == whole.unit and x.claim.kind == "other" and x.claim.char_end <= whole.claim.char_start]
        sure = whole.unit in ("B", "B/s", "W") and len(specified) == len(like) == 1 and specified[0].claim.system and whole.claim.kind == "other" and whole.claim.system not in (None, specified[0].claim.system)
        sure = sure or (whole.unit == "FLOPS" and len(like) == 1 and page.sentence_of(like[0].claim.char_start) == page.sentence_of(a) - 1)
        return Pair(like[-1], whole, sure=bool(sure)) if like else None
    if (told := _that_share(page, claim, others, a, b) or _faster(page, claim, others, a)) is not None:
        return told
    return _chip_yardstick(page, claim, sizes(window(page, claim, others, 4)), a) or _named_eastern(page, claim, others, a)


_QUICK = re.compile(r"(?:이상|넘게|게|가까이|가량|정도)?\s?(?:더\s)?(?:빠르|빠른|빨랐|빨라)|(?:ほど|以上|近く|強|弱)?(?:も)?(?:速|高速)")


def _faster(page: Page, claim: Claim, others: Sequence[Claim], a: int) -> Pair | None:
    """A machine so many times faster than the one just spoken of: 지금은 442페타플롭스다. 1위 엘 캐피탄이 네 배 빠르다."""
    if claim.kind != "ratio_speedup" or not _QUICK.match(page.folded, claim.char_end):
        return None
    pool = [x for x in page.kept(others, "sizes", sizes) if x.unit == "FLOPS" and x.unit == x.claim.unit]
    before = page.sentences[max(0, page.sentence_of(a) - 1)][0]
    told = [x for x in pool if before <= x.claim.char_start and x.claim.char_end <= claim.char_start]
    if not told or (one := _topic_machine(page, pool, claim, told[-1].claim.subject, claim.char_start, a)) is None:
        return None
    other = newest(page, [x for x in told if x.claim.subject == told[-1].claim.subject])
    return Pair(one, other[0], sure=True) if len(other) == 1 and one.claim.subject != other[0].claim.subject else None


def _that_share(page: Page, claim: Claim, others: Sequence[Claim], a: int, b: int) -> Pair | None:
    """A share *of that*, or *of these*: the figure told after it or before it, against the one before, in either currency."""
    text = page.folded
    near = sizes(window(page, claim, others, 1))
    before = [x for x in near if x.claim.char_end <= claim.char_start]
    if _THAT.search(text[max(a, claim.char_start - 10) : claim.char_start]):
        own = [x for x in before if x.claim.char_start >= a]
        last = own[-1] if own else None
        like = [x for x in before if last is not None and x.unit == last.unit and x.claim.id != last.claim.id]
        return Pair(last, like[-1], sure=like[-1].claim.char_start >= a) if last is not None and like else None
    if _AMONG.search(text[max(a, claim.char_start - 14) : claim.char_start]):
        after = next((x for x in near if claim.char_end <= x.claim.char_start < b and _FOLLOWS.match(text[claim.char_end : x.claim.char_start])), None)
        like = [x for x in before if after is not None and x.unit == after.unit]
        if after is None or not like:
            return None
        stated = claim.value or 0.0
        whole = next((x for x in reversed(like) if abs(after.value / x.value - stated) <= 0.05 * stated), None)
        return Pair(after, whole or like[-1], sure=len(like) == 1 and claim.char_start - like[-1].claim.char_end < 60)
    return None


def _chip_yardstick(page: Page, claim: Claim, near: Sequence[Amount], a: int) -> Pair | None:
    """*H100と比べると3.6倍*, H100과 견주면: the memory of the chip named, against the last other one."""
    named = [c for c in page.chips_before(claim.char_start, max(a, claim.char_start - 30)) if _WITH_NAME.match(page.folded[c[1] : claim.char_start])]
    if not named:
        return None
    wide = [x for x in near if x.unit == "B" and x.claim.char_end <= claim.char_start and x.claim.system]
    theirs = [x for x in wide if x.claim.system == named[-1][2]]
    mine = [x for x in wide if x.claim.system != named[-1][2]]
    if not theirs or not mine:
        return None
    one = next((x for x in reversed(mine) if agrees(claim, x.value / theirs[-1].value)), mine[-1])
    alone = len({x.claim.system for x in mine}) == 1 or one.claim.char_start >= a or not re.match(r"에서|보다|から|より|に比べ", page.folded[one.claim.char_end : one.claim.char_end + 4])
    return Pair(one, theirs[-1], sure=alone and claim.char_start - one.claim.char_end < 60)


def _named_eastern(page: Page, claim: Claim, others: Sequence[Claim], a: int) -> Pair | None:
    named = [m for m in page.within(page.mentions, max(a, claim.char_start - 26), claim.char_start) if m.country and _WITH_NAME.match(page.folded[m.end : claim.char_start])]
    return _with_named(page, claim, others, named[-1], a) if named else None
