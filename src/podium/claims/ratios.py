"""Multiples, shares and rates of growth against the figures they compare."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.agreement import HALVES, agrees, rounding
from podium.claims.amounts import PLAIN, SIZES, Amount, Sum, pairs, say, sizes, summed, window
from podium.claims.changes import against_promise, against_today, newest
from podium.claims.claim import Claim
from podium.claims.comparisons import described, described_pair, is_explained, is_of_others, loosely_described
from podium.claims.described import at_ai_work
from podium.claims.excess import excess_pair, gap_share, is_excess, is_gap, told_excess
from podium.claims.growth import check_growth, of_coverage
from podium.claims.partners import NAMED, Pair, meant_pair, measured_in

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_ratio"]

_YARDSTICK = re.compile(
    r"(?:의|보다|대비|에 비해|に比べ|の|より)\s?(?:약|최대|無慮|約|무려|거의|およそ|実に)?\s?$|전체의\s?(?:약)?\s?$|全体の\s?約?$|\b(?:of|than)\s$", re.I
)
_OF_TOTAL = re.compile(
    r"^(?:에 해당|을 차지|를 차지|에 불과|に(?:当たる|あたる|相当)|を占め|\s?(?:of (?:the (?:total|lot|whole|sum|planned|full|final|amount|site)|the [A-Z]\w+ (?:total|figure|number|fleet|stock)|that|this|its|all|them|it\b)|the size|as (?:many|much|large|big)|that of|what|the \w+ (?:of|that|it)))", re.I
)
# The yardstick is described, not told: 지금 전남이 쓰는 전기의 2배, 県内で使う電気の3倍.
_DESCRIBED = re.compile(r"[가-힣](?:는|던|한|된)\s[가-힣]{1,8}(?:의|보다)\s?(?:약 )?$|[うるたすくむぶつ][一-鿿ァ-ヶー]{1,8}(?:の|より)\s?(?:約)?$")
_OUTSIDE = re.compile(r"(?:수요|소비량|需要|消費量|전국|세계|국내|글로벌|시장|업계|수도권|국가|국가 전체|인구|全国|世界|国内|市場|業界|首都圏|人口)\s?(?:전체|全体)?(?:의|の)\s?(?:약 |約)?$")
_OF_OUTSIDE = re.compile(r"\s?of (?:the )?(?:demand|consumption|world|nation|country|national|global|market|industry|population|province|region)\b", re.I)
_GROWTH = re.compile(
    r"빨라|향상|faster|quicker|速く|高速|向上|증가|늘었|늘어|늘린|늘려|성장|급증|확대|상향|올렸|올린|인상|감소|줄었|줄어|삭감|increase|growth|grew|risen|\brise\b|\brose\b|\brais|\blift|(?<!make )(?<!makes )(?<!made )(?<!making )\bup\b|jump|\bmore\b|higher|fell|fall|\bcut\b|drop|declin|reduc|lower|down|増|減|伸び|拡大|上積|引き上げ|上方修正|引き下げ", re.I
)
# 43% more than: a rate, never a ratio of the two.
_MORE = re.compile(
    r"\s?(?:이상|가까이|가량|정도)?\s?(?:더\s)?(?:많[다은아았고이]|높[다은아았고이]|크[다고게]|큰|넓|빠[르른]|빨[라랐]|적[다은었고게]|낮[다은았고게]|작[다은고]|느[리린]|비[싸싼]|싸[다고]|싼|웃도|웃돈|상회|밑도|밑돈)"
    r"|(?:ほど|程度|近く)?(?:多[いくか]|高[いくか]|大き[いくな]|速[いくか]|少な[いくか]|低[いくか]|小さ|安[いくか]|上回|下回)|\s(?:more|higher|larger|bigger|greater|faster|quicker|less|lower|fewer|smaller|slower|cheaper|above|below)\b", re.I
)
_TODAY = re.compile(r"(?:지금|현재|기존)(?:의|보다)?\s?(?:약 )?$|(?:現在|今|いま|従来)の約?$|\b(?:current|today's)\s$", re.I)
_GROWN = re.compile(r"증가|늘었|늘어난|늘린|성장|급증|감소|줄었|increase|growth|grew|risen|\brise\b|\brose\b|jump|増加|増えた|増やし|減少|減った|伸び", re.I)
_BECAME = re.compile(r"^(?:\s(?:끌어올|높[였아]|향상|커[지진질졌]|늘[어었린려]|불어|뛰|증가|확대|키[우운웠]|급증)|[가로으]{1,2}\s?(?:됐|된|되|늘|불|커|뛰|확대|키우|급증)|에 (?:달|이르)|に(?:する|なる|なっ|増|拡大|伸|引き上げ|膨ら|急増|達)|\s(?:in|over|by|within|as (?:much|many|large|fast|quick|powerful)(?! as\b)|since|last|this|the (?=[$€£¥\d]|\w+ figure))|$|[.。])", re.I)


# 96GB에서 절반 늘었다: a rate, and no half of it.
_HALF_AS_MUCH = re.compile(r"\s?(?:가량 |정도 |쯤 )?(?:늘[었어린려]|증가|더 [많늘])|\s(?:as much again|again|more)\b|(?:ほど)?(?:増え|多[いくか])")
_BACK = re.compile(r"[“\"「]?(?:That|This|It|Those|These)\b|이는 |그것은 |これは|それは|つまり", re.I)


def check_ratio(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return what a multiple or share is by the article's own figures; wrong only where one pair is plainly meant."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    around = page.folded[max(a, claim.char_start - 26) : min(b, claim.char_end + 18)]
    beside = page.folded[max(a, claim.char_start - 26) : claim.char_start] + " " + page.folded[claim.char_end : min(b, claim.char_end + 18)]
    more = claim.kind == "share" and _MORE.match(page.folded[claim.char_end : claim.char_end + 24])
    if is_gap(page, claim):
        return gap_share(claim, sizes(window(page, claim, others, 2)))
    if is_excess(page, claim):  # 43 % more than another: never their ratio
        by = excess_pair(page, claim, others)
        if by is not None and (agrees(claim, by[2]) or (by[3] and not agrees(claim, by[1].value / by[0].value))):
            return told_excess(agrees(claim, by[2]), by)
        if by is None and (pair := meant_pair(page, claim, others)) is not None and pair.one.unit == "FLOPS" and pair.other.value:
            rate = abs(pair.one.value / pair.other.value - 1)  # 알프스보다 82% 빠르다
            if agrees(claim, rate) or (pair.sure and claim.hedge in PLAIN and 1 / 15 < rate / (claim.value or 1.0) < 15):
                return summed(agrees(claim, rate), "growth_of", [pair.one, pair.other], rate)
        return check_growth(page, claim, others)
    if claim.kind == "share" and _GROWTH.search(beside) and (covered := of_coverage(page, claim, others)) is not None:
        return covered
    if claim.kind == "share" and (claim.span_text not in HALVES or _HALF_AS_MUCH.match(page.folded, claim.char_end)) and (more or _GROWTH.search(beside)):
        grown = check_growth(page, claim, others)
        if grown is not None or more or _GROWN.search(beside):
            return grown
    if claim.kind == "share" and (rest := _rest(page, claim, others, around)) is not None:
        return rest
    funded = claim.kind == "share" and _RATE.search(page.folded[max(a, claim.char_start - 18) : claim.char_start])
    matches = [] if funded else described(page, claim, others)
    if (meant := described_pair(claim, matches)) is not None:
        return meant
    pair = meant_pair(page, claim, others)
    if pair is not None and pair.other.value:
        value = pair.one.value / pair.other.value
        if agrees(claim, value):
            return summed(True, "ratio_of", [pair.one, pair.other], value)
        alike = at_ai_work(page, pair.one.claim) == at_ai_work(page, pair.other.claim)
        if pair.sure and alike and _usable(claim, pair, value):
            return summed(False, "ratio_of", [pair.one, pair.other], value)
    left, right = page.folded[max(a, claim.char_start - 12) : claim.char_start], page.folded[claim.char_end : claim.char_end + 22]
    speed = claim.kind == "ratio_speedup" and bool(cues.SPEED.search(page.folded[a:b])) and claim.system is not None
    now = bool(_TODAY.search(left)) or bool(re.match(r"(?:the )?(?:current|present|today)", right.strip(), re.I))
    if now and claim.kind == "ratio_speedup" and claim.hedge in PLAIN and (today := against_today(page, claim, others)) is not None:
        return _wrong(claim, *today)
    if claim.hedge in PLAIN and (promise := against_promise(page, claim, others)) is not None:
        return _wrong(claim, *promise)
    if claim.kind == "share" and (_OUTSIDE.search(left) or _OF_OUTSIDE.match(right)):
        return None  # of the country or the market, whose size nobody tells
    compared = bool(_YARDSTICK.search(left) or _OF_TOTAL.match(right) or now)
    found = _held(page, claim, others, far=compared and not speed, own_only=abs((claim.value or 0.0) - 0.5) < 1e-9 and bool(funded))
    if found is not None:
        return None if is_of_others(matches, found.relation["ratio_of"]) else found
    if (near := loosely_described(claim, matches)) is not None:
        return near
    if now and (summed_now := _of_what_runs(page, claim, others)) is not None:
        return summed_now
    became = claim.kind == "ratio_speedup" and _BECAME.match(right)
    if speed:
        return _only_pair(page, claim, others, "FLOPS") if became else None
    described_only = _DESCRIBED.search(page.folded[max(a, claim.char_start - 30) : claim.char_start])
    last = _meant(page, claim, others, right) if compared else None
    if last is None or (described_only and not last.holds):
        last = (_only_pair(page, claim, others) or _same_owner(page, claim, others)) if became else None
    return None if last is not None and not last.holds and is_explained(claim, matches) else last


def _of_what_runs(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A multiple of today's number, where that is told in parts: H100 2,000 and B200 1,100 now, 10,000 then; supported or nothing."""
    near = [x for x in sizes(window(page, claim, others, 2)) if x.unit == x.claim.unit and x.claim.kind in ("hardware_count", "stock", "power_capacity") and x.claim.char_end <= claim.char_start]
    if not near:
        return None
    goal = near[-1]
    parts = [x for x in near[:-1] if x.unit == goal.unit and x.claim.status == "operational" and x.claim.subject_country_iso3 == goal.claim.subject_country_iso3]
    value = goal.value / sum(x.value for x in parts) if len(parts) in (2, 3) else 0.0
    if not value or not agrees(claim, value):
        return None
    words = f"{say(goal.value, goal.unit)} / ({' + '.join(say(x.value, x.unit) for x in parts)}) = {value:.3g}"
    return Sum(True, {"ratio_of": [x.claim.id for x in (goal, *parts)]}, words, value)


def _same_owner(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A multiple that something became, against the only two like figures of its owner: one in its sentence, one up to three before."""
    if claim.hedge not in (None, "approx", "nearly"):
        return None
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    near = [x for x in sizes(window(page, claim, others, 3)) if x.unit == x.claim.unit and x.claim.kind != "other" and x.claim.subject]
    here = [x for x in near if a <= x.claim.char_start < b and x.claim.char_end <= claim.char_start]
    if not here:
        return None
    like = [x for x in near if x.unit == here[-1].unit and x.claim.subject == here[-1].claim.subject]
    if len(like) != 2 or _mixed(*like) or any(x.claim.hedge in ("vague", "range") for x in like):
        return None
    return _wrong(claim, like[0], like[1])


def _usable(claim: Claim, pair: Pair, value: float) -> bool:
    """Whether a pair that does not give the stated ratio shows an error: plain figures of one sort, and no slip too large to be one."""
    stated = claim.value or claim.low or claim.high or 0.0
    plain = all(x.claim.hedge not in ("vague", "range", "at_most", "at_least", "more_than", "less_than") for x in (pair.one, pair.other))
    inverse = agrees(claim, 1 / value) if value else True
    return plain and not inverse and not _mixed(pair.one, pair.other) and bool(stated) and 1 / 15 < value / stated < 15


_REST = re.compile(r"나머지|남은|잔여|残り|残る|\b(?:remain|rest\b|other\b|balance)", re.I)


def _rest(page: Page, claim: Claim, others: Sequence[Claim], around: str) -> Sum | None:
    """What remains of a whole: 100 % less the shares told just before it."""
    if not _REST.search(around) or claim.value is None:
        return None
    before = [c for c in window(page, claim, others, 1) if c.kind == "share" and c.value and c.char_end <= claim.char_start]
    for some in (before[-1:], before[-2:], before[-3:]):
        value = 1 - sum(c.value or 0.0 for c in some)
        if some and 0 < value < 1 and agrees(claim, value):
            parts = [Amount(c, c.value or 0.0, "ratio") for c in some]
            return Sum(True, {"sum_of": [c.id for c in some]}, "1 − " + " − ".join(f"{p.value:.3g}" for p in parts) + f" = {value:.3g}", value)
    return None


def _only_pair(page: Page, claim: Claim, others: Sequence[Claim], unit: str | None = None) -> Sum | None:
    """A multiple that something became, against the only two like figures of one owner in its sentence, or there and before."""
    if claim.hedge not in (None, "approx", "nearly"):
        return None
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    for back in (0, 1, 2) if re.match(r"\sas (?:fast|quick|powerful)\b", page.folded[claim.char_end : claim.char_end + 14]) else (0, 1):
        near = [x for x in sizes(window(page, claim, others, back)) if x.unit == x.claim.unit and x.claim.kind != "other"]
        here = [x for x in near if a <= x.claim.char_start < b]
        if not here:
            continue
        anchor = here[-1]
        if unit is not None and anchor.unit != unit:
            return None
        like = [x for x in near if x.unit == anchor.unit]
        fast = anchor.unit == "FLOPS" and re.match(r"\sas (?:fast|quick|powerful)\b", page.folded[claim.char_end : claim.char_end + 14])
        if len(like) == 2 and not _mixed(*like) and (fast or unit or len({x.claim.subject_country_iso3 for x in like} | {claim.subject_country_iso3}) == 1):
            if any(x.claim.hedge in ("vague", "range") for x in like):
                return None
            return _wrong(claim, like[0], like[1])
    return None


# A rule of funding, no ratio of two figures told elsewhere: 補助率2分の1, half of the costs.
_RATE = re.compile(r"(?:補助率|助成率|보조율|지원율|보조 비율|費用の|経費の|비용의|사업비의|\brate of|\bshare of)(?:は|が|은|는|이)?[^\d、。,.]{0,6}?(?:最大で?|최대|約|약)?\s?$", re.I)


# 6억1200만유로로, 지금 기계의 두 배; 612億円で、今の…の2倍; €612m, twice what …
_GOES_ON = re.compile(r"(?:으?로|이며|인데|이고)?,\s[^\d,.]{0,24}(?:의|보다)\s?(?:약 )?|(?:で|と|、)[、]?[^\d、。]{0,20}(?:の|より)約?|,\s(?:or |about |roughly |nearly |some |more than )*")


def _held(page: Page, claim: Claim, others: Sequence[Claim], *, far: bool, own_only: bool = False) -> Sum | None:
    """The pair of figures that gives the multiple or share: one of them in its sentence, or both just before it."""
    k = page.sentence_of(claim.char_start)
    (a, b), before = page.sentences[k], page.sentences[max(0, k - 1)][0]
    a = before if _BACK.match(page.folded[a : a + 30].lstrip()) else a  # that is 26 times …

    if not any(a <= c.char_start < b and c.kind in SIZES for c in window(page, claim, others, 0)) and claim.char_start - a < 40:
        last = max((c.char_start for c in window(page, claim, others, 3) if c.char_end <= a and (c.kind in SIZES or c.unit == "B")), default=a)
        a = min(a, page.sentences[page.sentence_of(last)][0])  # 64基です。… 8倍ですから: of the figure just told

    def own(x: Amount, first: int = a) -> bool:
        return any(first <= at < b for at in (x.claim.char_start, *(s for s, _ in x.claim.also_at)))

    wanted = measured_in(page.folded[max(page.sentences[k][0], claim.char_start - 12) : claim.char_start])
    alone = not any(page.sentences[k][0] <= c.char_start < b and c.kind in SIZES for c in window(page, claim, others, 0))
    loose = claim.span_text in HALVES
    told = [x for x in sizes(window(page, claim, others, 0)) if x.claim.char_end <= claim.char_start]
    anchor = told[-1] if told else None
    bound = anchor.claim if anchor is not None and claim.kind == "ratio_speedup" and _GOES_ON.fullmatch(page.folded, anchor.claim.char_end, claim.char_start) else None
    before_it = [c for c in window(page, claim, others, 2) if c.char_end <= claim.char_start and (c.kind in SIZES or c.unit == "B")]
    last_unit = {before_it[-1].unit, before_it[-1].converted_unit} if before_it else set()
    yard = _yardstick_unit(page, told, claim)
    everywhere: list[Amount] = page.kept(others, "sizes", sizes)
    for back, ahead in ((0, 0),) if own_only else ((0, 0), (1, 0), (2, 1), (len(page.sentences), 2)):
        near = sizes(window(page, claim, others, back, ahead))
        found: list[tuple[float, Amount, Amount]] = []
        for one, other in pairs(near):
            value = one.value / other.value
            if yard and one.unit not in yard:
                continue
            if wanted and page.language != "en" and ("money" if len(one.unit or "") == 3 and (one.unit or "").isupper() else one.unit) not in wanted and back > 0:
                continue  # a third of the price: no pair of chips
            if alone and page.language != "en" and last_unit and one.unit not in last_unit and not ("money" in wanted and len(one.unit or "") == 3):
                continue
            if back > 0 and bound is not None and bound.id not in (one.claim.id, other.claim.id):
                continue  # 6억유로로, 지금 기계의 두 배: of the figure just told
            if _outdated(page, one, other, everywhere) or not agrees(claim, value) or _strangers(anchor, one, other, back, everywhere):
                continue
            direct = own(one) or own(other)
            if not direct and claim.hedge is None and not _close(claim, value):
                continue
            if (back == 0 or (back == 1 and (direct or not loose or far)) or (direct and not (loose and back > 2))
                    or (far and ((_named_yardstick(page, claim, other) and own(one, before)) or _plain(claim, one, other, everywhere)))):  # fmt: skip
                found.append((abs(value - (claim.value or value)), one, other))
        if found:
            _, one, other = min(found, key=lambda f: f[0])  # of several the nearest
            return summed(True, "ratio_of", [one, other], one.value / other.value)
    return None


def _outdated(page: Page, one: Amount, other: Amount, everywhere: Sequence[Amount]) -> bool:
    """Whether two machines are compared by a speed of one of them that the article tells as of before, beside its present one."""
    if one.unit != "FLOPS" or one.claim.subject == other.claim.subject:
        return False
    for x in (one, other):
        like = [y for y in everywhere if y.unit == "FLOPS" and y.claim.subject == x.claim.subject is not None]
        if x.claim.id not in {y.claim.id for y in newest(page, like)}:
            return True
    return False


_OF_IT = re.compile(r"[\s’'”\"」』)）]{0,2}(?:의|보다|の|より)\s?(?:약 |約)?")


def _yardstick_unit(page: Page, told: Sequence[Amount], claim: Claim) -> set[str | None]:
    """The units in which the figure just before a share is told, where the share is of it: H100(700W)의 5분의 1 is no share of money."""
    last = told[-1].claim if told else None
    if last is None or page.language == "en" or not _OF_IT.fullmatch(page.folded, last.char_end, claim.char_start):
        return set()
    return {last.unit, last.converted_unit}


def _close(claim: Claim, value: float) -> bool:
    """Whether two figures of other sentences give a ratio to its last digit or within 2 %: among many, some pair is near by chance."""
    stated = claim.value or 0.0
    if claim.kind == "share" and claim.span_text in HALVES:
        return 0.4 <= value <= 0.6
    return abs(value - stated) <= max(0.02 * stated, min(rounding(claim), 0.1 * stated))


def _strangers(anchor: Amount | None, one: Amount, other: Amount, back: int, everywhere: Sequence[Amount]) -> bool:
    """Whether two figures of different sentences are no pair: specifications of one machine, or of two owners where one has a figure of its own to compare."""
    if one.unit in ("B", "W") and {one.claim.kind, other.claim.kind} == {"other"}:
        if one.unit == "W" and back == 1 and one.claim.system is None and other.claim.system is None:
            return False  # a rack of this site, and of others
        return back > 2 or (back > 0 and (one.claim.system == other.claim.system or None in (one.claim.system, other.claim.system)))
    if not back or anchor is None or one.claim.subject == other.claim.subject or anchor.claim.id not in (one.claim.id, other.claim.id):
        return False
    at = anchor.claim
    mine = [x for x in everywhere if x.unit == one.unit and x.claim.id != at.id and x.claim.subject == at.subject and 0 < at.char_start - x.claim.char_start < 320]
    return len(mine) == 1 and mine[0].claim.kind == at.kind


def _named_yardstick(page: Page, claim: Claim, other: Amount) -> bool:
    """Whether the figure compared with belongs to the name before the comparison: *26 times SoftBank's stock*."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    named = [m for m in page.within(page.mentions, max(a, claim.char_start - 24), claim.char_start) if m.country]
    return bool(named) and other.claim.subject == named[-1].id


def _plain(claim: Claim, one: Amount, other: Amount, everywhere: Sequence[Amount]) -> bool:
    """Whether a far pair may be meant: of one kind of thing, about the claim's own country."""
    kinds = {one.claim.kind, other.claim.kind}
    alike = len(kinds) == 1 or kinds <= {"hardware_count", "stock"} or all(k.startswith("money") for k in kinds)
    countries = {one.claim.subject_country_iso3, other.claim.subject_country_iso3}
    few = sum(x.unit == one.unit for x in everywhere) <= 4  # among many figures some pair agrees by chance
    return few and alike and (claim.subject_country_iso3 in countries or claim.subject_country_iso3 is None)


def _meant(page: Page, claim: Claim, others: Sequence[Claim], right: str) -> Sum | None:
    """The one pair that a comparison can mean: the figure just before it, and the only other one of its unit."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    around = sizes(window(page, claim, others, 1))
    earlier = [x for x in around if x.claim.char_end <= claim.char_start]
    later = [x for x in around if claim.char_end <= x.claim.char_start < b]
    what = re.match(r"\s?(?:what|the (?:amount|sum|size)|as (?:much|many)|that)", right, re.I)
    if what and later and earlier and "," not in page.folded[claim.char_end : later[0].claim.char_start]:
        like = [x for x in earlier if x.unit == later[0].unit and x.claim.char_start >= a]
        if len(like) == 1:
            return _wrong(claim, like[0], later[0])
    if not earlier:
        return None
    anchor = max(earlier, key=lambda x: (x.claim.char_end, x.claim.converted_unit != x.unit))
    wanted = measured_in(page.folded[max(a, claim.char_start - 26) : min(b, claim.char_end + 14)])
    money = anchor.unit is not None and len(anchor.unit) == 3 and anchor.unit.isupper()
    if wanted and ("money" if money else anchor.unit) not in wanted:
        return None
    named = [m for m in page.within(page.mentions, max(a, anchor.claim.char_end), claim.char_start) if m.country and m.type in ("company", "vendor", "country")]
    if named and anchor.claim.subject not in {m.id for m in named} and not {m.country for m in named} & {anchor.claim.subject_country_iso3}:
        return None
    if named and named[-1].type == "company" and anchor.claim.subject != named[-1].id and page.sentence_of(anchor.claim.char_start) != page.sentence_of(claim.char_start):
        return None
    whole = claim.kind == "share" and _OF_ALL.search(page.folded[max(a, claim.char_start - 16) : claim.char_start])
    for back in range(5):
        like = [x for x in sizes(window(page, claim, others, back)) if x.unit == anchor.unit and x.claim.id != anchor.claim.id]
        like = [x for x in like if x.value > anchor.value] if whole else like
        if len(like) > 1:
            like = [x for x in like if x.claim.subject_country_iso3 == claim.subject_country_iso3]
        if len(like) == 1:
            if like[0].claim.hedge in ("vague", "range") or anchor.claim.hedge in ("vague", "range") or _mixed(anchor, like[0]):
                return None
            if _another_named(page, claim, like[0].claim, b):
                return None
            if like[0].claim.subject_country_iso3 not in (anchor.claim.subject_country_iso3, claim.subject_country_iso3) and not _is_named(page, like[0].claim, max(a, claim.char_start - 60), min(b, claim.char_end + 60)):
                found = _wrong(claim, anchor, like[0])
                return found if whole and found is not None and found.holds else None  # of somebody the comparison does not name
            return _wrong(claim, anchor, like[0])
        if like:
            return None
    return None


_OF_ALL = re.compile(r"전체(?:\s[가-힣]{1,6})?의?\s?(?:약 )?$|총액의\s?$|(?:全体|総額|合計)の\s?約?$")


def _another_named(page: Page, claim: Claim, other: Claim, b: int) -> bool:
    """Whether an English comparison names its yardstick, and a figure is not its: *nine times as much as Fugaku*."""
    named = [m for m in page.within(page.mentions, claim.char_end, min(b, claim.char_end + 48)) if m.country and NAMED.match(page.folded[claim.char_end : m.start])]
    return page.language == "en" and bool(named) and other.subject != named[-1].id and other.subject_country_iso3 != named[-1].country


def _is_named(page: Page, c: Claim, a: int, b: int) -> bool:
    """Whether the owner of a figure is named in a stretch of the text, or the figure itself stands there."""
    return a <= c.char_start < b or any(m.country == c.subject_country_iso3 for m in page.within(page.mentions, a, b))


def _mixed(one: Amount, other: Amount) -> bool:
    """Whether two sizes are not of one sort: machine and stock are, a rate and a purchase are not."""
    kinds = {one.claim.kind, other.claim.kind}
    if "other" in kinds and len(one.unit or "") == 3:  # a unit price
        return True
    return len(kinds) > 1 and not (kinds <= {"hardware_count", "stock"} or all(k.startswith("money") for k in kinds))


def _wrong(claim: Claim, one: Amount, other: Amount) -> Sum | None:
    high, low = sorted((one, other), key=lambda x: -x.value)
    order = [high, low] if claim.kind == "ratio_speedup" else [low, high]
    value = order[0].value / order[1].value
    stated = claim.value or claim.low or claim.high or 0.0
    if stated and not 1 / 15 < value / stated < 15:  # no slip is so large: not the pair meant
        return None
    return summed(agrees(claim, value), "ratio_of", order, value)
