"""Totals of what was just told: lists behind a colon, pools that grow, payers joined, two years together, so many sites of so much."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from podium.claims.amounts import PLAIN, Sum, addends, amount, family, fits, may_be_slip, summed, total_of, window
from podium.claims.claim import Claim
from podium.claims.numerals import COUNTS, read_count

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_counter", "check_tally", "is_goal", "is_wider", "wholes"]


def check_tally(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return whether the parts told in the same breath add up to a figure; None where none are told."""
    if claim.unit in ("point", "country", "B", "rank") or claim.hedge in ("vague", "range"):
        return None
    for check in (_listed, _grown, _joined, _just_told, _years):
        if (found := check(page, claim, others)) is not None:
            return found
    return None


_COLON = re.compile(r"[^.;。\n\d:：]{0,44}[:：(（]\s?[^\d.;。\n]{0,24}$")
_OTHERS = re.compile(r"\b(?:and|plus)\b|\bothers?\b|나머지|기타|その他|残り|및|그리고")
_PARTIAL = re.compile(r"\b(?:includ|such as|among|led by|of which|notably)|등|가운데|など|うち", re.I)


def _listed(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A total with its parts behind a colon: *18,693 accelerators: 12,896 H100s, 1,480 H200s and 4,317 of other makes*."""
    k = page.sentence_of(claim.char_start)
    b = page.sentences[k][1]
    text = page.folded
    after = _after(page, claim, others, 0)
    if not after and (after := _after(page, claim, others, 1)):
        return _itemised(page, claim, after)
    if len(after) < 2 or not _COLON.fullmatch(text, claim.char_end, after[0].char_start) or _PARTIAL.search(text, claim.char_start, b):
        return None
    if any(len(text[x.char_end : y.char_start]) > 48 or ";" in text[x.char_end : y.char_start] for x, y in itertools.pairwise(after)):
        return None
    found = total_of(True, after)
    if fits(claim, found.value or 0.0, 0.02):
        return found
    closed = _OTHERS.search(text, after[-2].char_end, after[-1].char_end + 16) and re.search(r"[:：]", text[claim.char_end : after[0].char_start])
    return total_of(False, after) if closed and _all_read(page, after, b) and _slips(claim, after) else None


def _after(page: Page, claim: Claim, others: Sequence[Claim], ahead: int) -> list[Claim]:
    """The like figures after one, in its sentence and so many after."""
    return [c for c in window(page, claim, others, 0, ahead) if c.char_start >= claim.char_end and c.unit == claim.unit and c.kind in family(claim) and c.value]


def _slips(claim: Claim, parts: Sequence[Claim]) -> bool:
    return all(c.hedge in PLAIN for c in (claim, *parts)) and may_be_slip(sum(c.value or 0.0 for c in parts), claim)


def _all_read(page: Page, parts: Sequence[Claim], end: int) -> bool:
    """Whether no number of a list was left unread: 8,200 of the one, 3,000 of the other and 1,800 others."""
    gaps = [page.folded[x.char_end : y.char_start] for x, y in itertools.pairwise(parts)] + [page.folded[parts[-1].char_end : end]]
    return not any(re.search(r"(?<![A-Za-z\d])\d{3,}|\d,\d{3}|\d[만천억万千億]", gap) for gap in gaps)


_ITEMS = re.compile(r"\s*(?:내역은|구성은|종류별로는?|기종별로는?|内訳は|構成は|機種別では?)|\s*(?:They are|These are|Of these|The mix is)\b", re.I)
_REST = re.compile(r"(?:기타|나머지|그 밖|その他|残り)[^\d、,。.]{0,6}$")


def _itemised(page: Page, claim: Claim, parts: Sequence[Claim]) -> Sum | None:
    """A total of which the next sentence gives every item, the last of them the others: 内訳はA 8200基、B 3000基、その他1800基."""
    a, b = page.sentences[page.sentence_of(parts[0].char_start)]
    last = _REST.search(page.folded, a, parts[-1].char_start)
    if len(parts) < 3 or not (last or _ITEMS.match(page.folded, a, b)) or _PARTIAL.search(page.folded, a, b):
        return None
    found = total_of(True, parts)
    if fits(claim, found.value or 0.0, 0.02):
        return found
    return total_of(False, parts) if last and _all_read(page, parts, b) and _slips(claim, parts) else None


_LIFTED = re.compile(
    r"\b(?:lift|tak|bring|rais|push|swell)(?:s|es|ed|ing|e)?\s(?:the|its|their|our|that|this)\s[\w' -]{0,30}?\bto\s(?:about |some |nearly )?$"
    r"|(?:더해져|더해지면|더해지며|보태져|보태지면|추가되면|추가돼|합류하면|얹으면)[,\s]\s?[^\d.]{0,18}$|[을를]\s?(?:더|추가로|새로 더)\s?[가-힣]{1,5}[아어여해와워][,\s]\s?(?:모두 |총 |전체 |누적 )?(?:약 )?$|[を](?:さらに|追加で|新たに)?(?:加え|買い足し|積み増し|追加し|上積みし|増設し)て?、?(?:計|合計|総数|全体で)?約?$|(?:加わり|加われば|加わると|加わって|上乗せされ|積み増され)、?[^\d。]{0,18}$", re.I
)
_POURED = re.compile(r"(?:더해져|더해지면|더해지며|보태져|보태지면|추가되면|추가돼|합류하면|얹으면)|(?:加わり|加われば|加わると|加わって|上乗せされ|積み増され)")


def _grown(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """What a pool grows to by what is added in the same sentence: *added 16,000, which lifts the pool to 34,693*."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    if not _LIFTED.search(page.folded, a, claim.char_start):
        return None
    like = addends(page, claim, others, 3)
    added = [c for c in like if c.char_start >= a][-1:]
    bases = [c for c in like if added and c.char_end <= added[0].char_start]
    if not added or not bases:
        return None
    times = _how_many(page, added[0]) or 1  # two more halls of 21 MW each

    def grown(base: Claim) -> Sum:
        return summed(True, "sum_of", [amount(base), amount(added[0])], (base.value or 0.0) + times * (added[0].value or 0.0), times=[1, times])

    for base in reversed(bases):
        found = grown(base)
        if fits(claim, found.value or 0.0, 0.005):
            return found
    own = [c for c in bases if page.sentence_of(c.char_start) >= page.sentence_of(a) - 2]
    largest = max(own, key=lambda c: c.value or 0.0, default=None)
    if largest is None or any(c.hedge not in PLAIN for c in (claim, largest, added[0])):
        return None
    if page.language != "en" and (len(own) > 1 or largest.subject != claim.subject) and not _POURED.search(page.folded, a, claim.char_start):
        return None  # of another owner, or a pool from which something is taken as well
    found = replace(grown(largest), holds=False)
    return found if may_be_slip(found.value or 0.0, claim) else None


_TOGETHER = re.compile(
    r"(?:합쳐|합치면|합하면|합한|더하면|더해|보태|모두|총|합계|도합|최종적으로는?|合わせて|合わせると|合計で?|総額で?|全部で|最終的に)\s?(?:약 |최대 |約|最大)?$|(?<![設累統推時])計(?:約)?$"
    r"|\b(?:in all|altogether|together|all told|for a total of|totall?ing|a total of|between them|combined)(?:,| of| to)?\s(?:about |some |just |up to )?$", re.I
)
_IN_THE_END = re.compile(r"최종|最終")
_ADDS = re.compile(r"[을를이가]?\s?(?:더|추가|보태|얹|증설)|を(?:積み増|追加|加え|増設|上乗せ|足)")
_TOGETHER_AFTER = re.compile(r",?\s(?:in all|altogether|all told|in total|between them)\b")
_RUNS = re.compile(r"\s?(?:에서|から|to|→|–|-|~|〜)\s?(?:최대 ?|最大)?")


def _joined(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A total of the payers or parts of its sentence, of which some give at most, or at least, so much."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    text = page.folded
    if not (_TOGETHER.search(text, a, claim.char_start) or _TOGETHER_AFTER.match(text, claim.char_end, b)):
        return None
    parts = [c for c in addends(page, claim, others, 0) if c.char_start >= a]
    if not 2 <= len(parts) <= 6 or _PARTIAL.search(text, a, claim.char_start) or any(_RUNS.fullmatch(text, x.char_end, y.char_start) for x, y in itertools.pairwise(parts)):
        return None
    if re.search(r"까지|までに|\bby 20\d\d", text[parts[-1].char_end : claim.char_start]) or any(
        c.kind in ("share", "ratio_speedup") and a <= c.char_start < claim.char_start for c in others
    ):
        return None
    found = total_of(True, parts)
    value = found.value or 0.0
    if fits(claim, value, 0.02):
        return found
    if _IN_THE_END.search(text, parts[-1].char_end, claim.char_start) and not _ADDS.match(text, parts[-1].char_end):
        return None  # 27年に150メガワットへ広げ、最終的に300メガワット: no part
    hedges = {c.hedge for c in parts} - set(PLAIN)
    stated = claim.value or 0.0
    over = hedges <= {"at_most", "less_than"} and stated > 1.02 * value
    under = hedges <= {"at_least", "more_than"} and stated < 0.98 * value
    alike = len({c.subject_country_iso3 for c in (*parts, claim)}) == 1
    return total_of(False, parts) if (over or under) and alike and claim.hedge in PLAIN and may_be_slip(value, claim) else None


_SO = re.compile(r"최종|결국|최대|最終|となる|とする|に達|에 이르|이 된다|이 되|가 된다|\b(?:eventually|ultimately|in the end|finally|for|making|makes|bringing|a total|to)\b", re.I)
_HENCE = re.compile(r"만\s?$|셈|결국|즉|つまり|だけで|計算|\balone\b|\bso\b|\bmeans?\b|\bmakes?\b|\bthat is\b", re.I)


def _just_told(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A figure that all like figures of its sentence, or of the one before, give exactly; supported or nothing."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    like = addends(page, claim, others, 1)
    own = [c for c in like if c.char_start >= a]
    parts = own if len(own) > 1 else like if not own else []
    around = page.folded[parts[-1].char_end if own else max(a, claim.char_start - 30) : min(b, claim.char_end + 16)] if parts else ""
    left = page.folded[max(a, claim.char_start - 10) : claim.char_start]
    said = bool(_SO.search(around)) if own else bool(_HENCE.search(left) or _HENCE.search(around))
    if not 2 <= len(parts) <= 5 or not said:
        return None
    found = total_of(True, parts)
    return found if abs((found.value or 0.0) - (claim.value or 0.0)) <= 0.001 * (claim.value or 0.0) else None


_TWO_YEARS = re.compile(
    r"(?:누적(?:으로)?|두 해|이태|2년(?:간| 동안)?|2개년|양년도?|累計で?|(?:2|二)(?:年間|カ年|か年|年)(?:で|の)?|両年(?:で|の|度)?)[^\d]{0,14}$"
    r"|\b(?:two[- ]year|cumulative|running|combined two-year)\s(?:total|sum|tally|count|figure)\b[^\d]{0,18}$|\bover (?:the )?two years[^\d]{0,24}$", re.I
)


def _years(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A total over two years: what its sentence adds, and the whole of the year before, told anywhere earlier."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    if not _TWO_YEARS.search(page.folded, a, claim.char_start):
        return None
    like = [c for c in addends(page, claim, others, len(page.sentences)) if c.subject_country_iso3 == claim.subject_country_iso3]
    own = [c for c in like if c.char_start >= a]
    added, bases = own[-1:], wholes([c for c in like if c.char_start < a]) if len(own) < 2 else own[-2:-1]
    if not added or not bases:
        return None
    for base in bases:
        found = total_of(True, (base, added[0]))
        if fits(claim, found.value or 0.0, 0.005):
            return found
    plain = len({c.value for c in bases}) == 1 and all(c.hedge in PLAIN for c in (claim, bases[0], added[0]))
    found = total_of(False, (bases[0], added[0]))
    return found if plain and may_be_slip(found.value or 0.0, claim) else None


def wholes(like: Sequence[Claim]) -> list[Claim]:
    """Those of like figures that are no part of another of them: 13,000, but not the 9,600 and 3,400 of which it is made."""
    parts: set[str] = set()
    near = like[-8:]
    for size in (2, 3):
        for some in itertools.combinations(near, size):
            value = sum(c.value or 0.0 for c in some)
            if any(abs((c.value or 0.0) - value) <= 1e-6 * value for c in near):
                parts |= {c.id for c in some}
    return [c for c in like if c.id not in parts]


_GOAL = re.compile(r"목표|계획|구상|방침|포부|目標|計画|構想|方針|\b(?:goal|target|aim|ambition|plan)s?\b", re.I)
_UNTIL = re.compile(r"20[2-9]\d년(?:대|까지|말|엔|에)|20[2-9]\d年(?:度|末|まで|に)|\bby (?:the end of )?20[2-9]\d", re.I)


def is_goal(page: Page, claim: Claim, parts: Sequence[Claim]) -> bool:
    """Whether a figure is a goal for a later year: never the total of what the sentences before it tell."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    own = page.folded[a:b]
    return bool(_GOAL.search(own) and _UNTIL.search(own)) and all(c.char_start < a for c in parts)


_WIDER = re.compile(
    r"(?:민간|국비|시비|도비|정부|지방비|중앙정부|다른|해외|외국)[가-힣 ]{0,6}(?:과|와|까지|도)\s?(?:모두 )?(?:합쳐|합치면|합하면|더하면|더해|보태|포함)|[을를까지도]{1,2}\s?포함(?:하면|해|한)|含め|含む|\b(?:includ|counting|with (?:the )?[a-z ]{1,24} (?:included|added))"
    r"|(?:民間|国|県|他社|海外)[ぁ-ん一-鿿]{0,6}(?:も|と|まで)(?:合わせ|足|加え)|매년|해마다|毎年|年々|\b(?:every|each|a) year\b", re.I
)


def is_wider(page: Page, claim: Claim, parts: Sequence[Claim]) -> bool:
    """Whether a total counts more than the figures told: 국비까지 합쳐, 民間分も含め, *including private money*; or one of them comes every year."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    first = min((c.char_end for c in parts if a <= c.char_start < claim.char_start), default=a)
    return bool(_WIDER.search(page.folded, first, claim.char_start) or (len(parts) > 1 and re.search(r"(?:매년|해마다|毎年|年々)", page.folded[a : claim.char_start])))


_EACH_OF = re.compile(
    r"(?:(?P<ko>[가-힣]{1,5})(?:당|마다)|한 (?P<one>[가-힣]{1,4})에)\s?(?:약 |최대 )?$|各(?P<every>棟|カ所|拠点|区画|工場|施設|社)(?:は|が|に|で|とも)?(?:約|最大)?$|(?:[1一各]?(?P<ja>棟|カ所|か所|拠点|区画|室|フロア|工場|施設|社))(?:あたり|当たり|につき|ごとに|に|の(?:電力|容量|出力|費用|建設費|消費電力)[はが]?)(?:約|最大)?$"
    r"|\b(?:each|every|per) (?P<en>[a-z]+)(?: (?:draws?|takes?|holds?|gets?|has|have|houses?|costs?|of|with|at|will \w+))?(?: about| up to)?\s$", re.I
)
_EACH_AFTER = re.compile(r"(?:\s(?:of \w+ )?(?:a|per|for each|in each|to each) (?P<en>hall|site|building|centre|center|campus|block|unit|phase|plant|factory|floor|module|pod)\b)")
_EACH_END = re.compile(r"\s(?:each|apiece)\b")
_SITES_OF = re.compile(r"\b(?P<n>two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) (?:[a-z-]+ ){0,2}?(?P<noun>[a-z]+s) (?:of|with|at|drawing|rated at|holding)\s(?:about )?$", re.I)
# Four 50MW halls.
_BEFORE_IT = re.compile(r"\b(?P<n>two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) (?:new |further |more |identical )?$", re.I)
_HALLS = re.compile(r"[ -](?:[a-z]+ )?(?:halls|sites|centres|centers|campuses|buildings|blocks|units|phases|modules|pods)\b", re.I)
_OF_THESE = re.compile(r"\b(?P<n>two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) (?:of (?:these|them|those)|(?:[a-z-]+ ){0,2}?(?:sites|centres|centers|campuses|factories|gigafactories|hubs|halls|buildings|phases|plants|blocks|units)),?(?: each| every one)(?: (?:with|of|holding|housing|to hold|rated at|drawing|using|hosting))?\s(?:about |around |some |up to )?$", re.I)
_CLAIMED = frozenset(["랙", "서버", "노드", "장", "개", "대", "기", "칩", "칩", "rack", "server", "node", "chip", "card", "system", "GPU"])
_TOTALLED = re.compile(r"[가-힣]만\s|모두|총|합계|합쳐|전체|도합|合わせて|合計|計|全体で|\b(?:in all|altogether|total|together|all told|making|for)\b", re.I)


def check_counter(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """So many of a thing, each of so much, where the text names the thing with the number: 4개 동 … 동당 50MW씩 모두 200MW."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    for each in reversed(addends(page, claim, others, 1)):
        n = _how_many(page, each)
        if n is None or n < 2:
            continue
        value = n * (each.value or 0.0)
        holds = fits(claim, value, 0.02)
        said = _TOTALLED.search(page.folded[max(a, each.char_end) : claim.char_start]) or re.search(rf"(?<![\d.,]){n}\s?\S{{1,3}}(?:では|で|면|에서|이면)", page.folded[max(a, each.char_end) : claim.char_start]) or _TOGETHER_AFTER.match(page.folded, claim.char_end, b)
        plain = claim.hedge in PLAIN and each.hedge in PLAIN and may_be_slip(value, claim)
        if holds or (said and plain and claim.char_start - each.char_end < 40):
            return summed(holds, "product_of", [amount(each)], value, times=[n])
    return None


def _how_many(page: Page, each: Claim) -> int | None:
    """How many of the thing that a figure is said to be for, by the last number told of it in its sentence or the two before."""
    k = page.sentence_of(each.char_start)
    a, first = page.sentences[k][0], page.sentences[max(0, k - 2)][0]
    text = page.folded
    if _EACH_END.match(text, each.char_end) and (m := _SITES_OF.search(text, a, each.char_start)):
        return read_count(m["n"])
    if (m := _BEFORE_IT.search(text, a, each.char_start)) and _HALLS.match(text, each.char_end):
        return read_count(m["n"])
    if m := _OF_THESE.search(text, a, each.char_start):
        return read_count(m["n"])
    m = _EACH_OF.search(text, a, each.char_start) or _EACH_AFTER.match(text, each.char_end)
    noun = next((w for w in m.groupdict().values() if w), "") if m else ""
    if not noun or noun in _CLAIMED:
        return None
    words = "|".join(COUNTS)
    told = re.findall(rf"(?<![\d.,])(\d{{1,3}}|{words})\s?(?:개\s?|(?:[a-z-]+\s){{0,2}})?{re.escape(noun)}(?![당마])", text[first : each.char_start], re.I)
    several = [n for n in map(read_count, told) if n is not None and n > 1]
    return several[-1] if several else None
