"""What a figure is: its kind, its unit and the machine it is about; None where it makes no claim."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.claim import Claim, Kind
from podium.claims.funds import of_money
from podium.claims.holdings import held_by_country, is_goal_of_growth
from podium.claims.machines import server_of, specified, sped, system_of
from podium.claims.quantities import Quantity

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["Decided", "kind_of"]

Decided = tuple[Kind, str, str | None]
"""Kind, unit, and the chip or system meant."""


_PER_WATT = re.compile(r"\s?(?:あたり|当たり|につき|ごと|당(?![가-힣]))")


def kind_of(page: Page, q: Quantity, earlier: list[Claim]) -> Decided | None:
    """Return kind, unit and named system of a figure that is no rank, score or coverage; None where it is no claim."""
    k = page.sentence_of(q.start)
    a, b = page.sentences[k]
    whole = page.folded[a:b]
    if _is_distractor(page, q, whole, a):
        return None
    at, end = q.start - a, q.end - a
    if q.family == "power" and _PER_WATT.match(whole, end) and q.value is not None and q.value <= 1000:
        return None  # 1ワットあたりの性能
    match q.family:
        case "money":
            return of_money(page, q, whole, a, earlier)
        case "power":
            one = cues.has(cues.PER_CHIP, whole[max(0, at - (30 if page.language == "en" else 16)) : at])
            chip = system_of(page, q.start, q.end, a, back=2 if one and _of_one_before(page, q, a) else 0)
            per = one or cues.has(cues.PER_ITEM, whole[max(0, at - 24) : at]) or cues.has(cues.PER_ITEM, whole[max(0, at - 24) : end + 16]) or bool(cues.EACH_AFTER.match(whole[end:]))
            chip = chip or _of_specified(page, q, a, earlier) or (server_of(page, q, a) if _OF_SERVER.search(whole[max(0, at - 40) : at]) else None)
            small = (q.value or q.high or 0) < 3e5 and (chip is not None or per or cues.has(cues.PER_ITEM, whole[:at]))
            return ("other" if small else "power_capacity"), "W", chip if small else None
        case "compute":
            if _DEFINED.search(page.folded, max(a, q.start - 22), q.start) or _DEFINES.match(page.folded, q.end):
                return None  # 엑사급(초당 100경 번): what a unit means
            return "compute_power", "FLOPS", system_of(page, q.start, q.end, a) or _of_specified(page, q, a, earlier)
        case "bytes":
            if not (cues.has(cues.MEMORY, whole) or system_of(page, q.start, q.end, a, back=3)):
                return None
            return "other", "B/s" if _of_rate(page, q, a) else q.unit, specified(page, q, whole, a)
        case "multiple":
            value = q.value if q.value is not None else (q.low or 0)
            if not (cues.has(cues.SPEED, whole) or _is_about_ai(page, q) or k == 0 or (earlier and k - page.sentence_of(earlier[-1].char_start) <= 1) or _is_of_owners(page, q, earlier)):
                return None
            return ("ratio_speedup" if value >= 1 else "share"), "x", sped(page, q, whole, a)
        case "share":
            told = earlier and earlier[-1].kind in ("hardware_count", "stock") and k - page.sentence_of(earlier[-1].char_start) <= 1
            told = told or (earlier and earlier[-1].char_start >= a and earlier[-1].kind in ("share", "ratio_speedup"))
            return ("share", "ratio", None) if told or _is_about_ai(page, q) or _is_of_owners(page, q, earlier) else None
        case "count":
            return _count(page, q, whole, a, earlier)
        case _:
            return None


def _of_one_before(page: Page, q: Quantity, a: int) -> bool:
    """Whether the sentence before, or the one that names a chip last, is about one chip alone: 대신 B200은 전기를 많이 먹습니다. 칩 하나가 …."""
    k = page.sentence_of(q.start)
    for back in (1, 2):
        if k >= back and (named := page.chips_before(page.sentences[k - back][1], page.sentences[k - back][0])):
            return len({name for _, _, name in named}) == 1
    return False


def _is_distractor(page: Page, q: Quantity, whole: str, a: int) -> bool:
    """Whether a figure is of a market, a poll, a time, people, a shop or the paper itself."""
    text = page.folded
    if q.family not in ("count", "power", "compute", "bytes") and cues.has(cues.MARKETS, whole) and _is_of_markets(whole, q.start - a, q.end - a):
        return True
    if (q.family in ("share", "multiple") and (cues.has(cues.POLLS, whole) or cues.has(cues.DURATION, text[max(a, q.start - 8) : q.start]))):
        return True
    if q.family == "share" and page.language == "en" and (named := page.within(page.mentions, max(a, q.start - 60), q.start)) and named[-1].type in ("company", "vendor") and _STOCK_MOVE.fullmatch(text[named[-1].end : q.start]):
        return True
    if q.family in ("share", "multiple") and cues.PEOPLE.search(text[q.end : q.end + 46]):
        return True
    if q.family == "multiple" and cues.PEOPLE_BEFORE.search(text[max(a, q.start - 12) : q.start]):
        return True
    if q.family == "share" and (cues.REVENUE_TOPIC.search(whole[: q.start - a]) or cues.REVENUE_AFTER.match(whole[q.end - a :])):
        return True
    return q.family == "share" and cues.has(cues.DURATION, text[q.end : q.end + 12])


# A share price that moves: AMD rose 4 %.
_STOCK_MOVE = re.compile(r"\s(?:was |is |were )?(?:up|down|rose|fell|gained|slid|climbed|jumped|dropped|added|shed|lost|sank|soared)\s(?:about |as much as |nearly |by )?")


def _is_of_markets(whole: str, at: int, end: int) -> bool:
    """Whether a word of the markets stands near a figure: within 25 characters, or 60 where no pause is between."""
    for s, e in cues.spans(cues.MARKETS, whole):
        between = whole[end:s] if s >= end else whole[e:at]
        if len(between) <= 25 or (len(between) <= 60 and not re.search(r"[、，;]|(?<=[가-힣]),\s|\s그리고\s", between)):
            return True
    return False


def _is_about_ai(page: Page, q: Quantity) -> bool:
    """Whether a share stands near another figure or near hardware, money, power or a ranking."""
    k = page.sentence_of(q.start)
    own = page.sentence(k)
    if cues.HALF_OF_OTHER.match(page.folded[q.start : q.end + 40]):
        return False
    near = page.sentence(k - 1) + own
    if _SHARED_OUT.search(own) and any(o.family in ("count", "power", "compute") for o in page.within(page.quantities, page.sentences[max(0, k - 12)][0], q.start)):
        return True  # 산업계 60%, 학계 25%, 공공 15%로 나눈다: of the machines told before
    if any(cues.has(p, near) for p, _ in cues.HARDWARE[:4]) or cues.has(cues.RANKING, own) or cues.has(cues.SHARED, near) or cues.has(cues.SCORED, own):
        return True
    a, b = page.sentences[max(0, k - 1)][0], page.sentences[k][1]
    return any(a <= o.start < b and o.family not in ("share", "count", "rank", "multiple") for o in page.within(page.quantities, a, b))


def _is_of_owners(page: Page, q: Quantity, earlier: list[Claim]) -> bool:
    """Whether a ratio stands with somebody whose chips, power or money the paragraph has told: *Norway therefore owns a tenth of the stock*."""
    a, b = page.sentences[page.sentence_of(q.start)]
    named = {m.id for m in page.within(page.mentions, a, b) if m.country}
    told = [c for c in earlier if c.subject in named and c.kind not in ("rank", "rank_change", "share", "ratio_speedup", "other")]
    return bool(told) and "\n" not in page.folded[told[-1].char_end : q.start].strip()


_SHARED_OUT = re.compile(r"[%％][^%％.。]{0,24}[%％][^.。]{0,14}(?:나눈|나눕|나눠|나뉘|배분|배정|할당|分け|配分|割り当て|振り分け)|\b(?:split|divided|allotted|allocated|shared out|reserved)\b[^.]{0,60}(?:%|per ?cent)[^.]{0,40}(?:%|per ?cent)|(?:%|per ?cent)[^.]{0,40}(?:%|per ?cent)[^.]{0,30}\b(?:split|allotted|allocated|shared out|reserved)\b", re.I)


def _count(page: Page, q: Quantity, whole: str, a: int, earlier: list[Claim]) -> Decided | None:
    """What a counted thing is: chips, servers or racks, of one machine or of somebody; models; patents."""
    at, end = q.start - a, q.end - a
    if (q.value is not None and q.value <= 1) or cues.has(cues.PARAMETERS, whole[max(0, at - 12) : end + 14]):
        return None
    unit = _thing(page, q, whole, a, earlier)
    if unit is None:
        building = cues.BUILDING.match(q.word) and "W" in whole[max(0, at - 8) : at]
        return ("other", "building", None) if building else None
    if unit in ("patent", "model"):
        return ("other", unit, None) if (q.value or 0) > 1 else None
    if unit in ("system", "rack") and page.language == "en" and page.folded[q.start : q.end].isalpha() and (q.value or 0) < 13:
        return None  # three supercomputers
    inside = page.chips_before(q.end, q.start)[:1]  # 10,000 Blackwell
    system = inside[0][2] if inside else system_of(page, q.start, q.end, a, after=True)
    if unit in ("system", "rack") and system is None:
        k = page.sentence_of(q.start)  # 랙 100개: of the type that the sentence before tells
        told = [c[2] for c in page.chips_before(a, page.sentences[max(0, k - 1)][0]) if re.match(r"DGX|HGX|.*NVL", c[2])]
        system = told[-1] if len(set(told)) == 1 else None
    if unit in ("system", "rack") and (named := page.chips_before(q.end + 12, q.core[1])[:1] or page.chips_before(q.end, q.start)[:1]) and (named[0][0] < q.end or _NEXT.fullmatch(page.folded, q.end, named[0][0])):
        system = named[0][2]  # 512 DGX H100 systems, 250 racks of NVL72
    if _is_per_item(page, q, whole, a):
        return "other", unit, server_of(page, q, a) if unit in ("gpu", "cpu") else None
    holds = cues.has(cues.NATIONAL, whole[max(0, at - 45) : end + 6]) and cues.has(cues.HOLDING, whole[max(0, at - 40) : end + 30])
    stock = (holds or held_by_country(page, q, a)) and not is_goal_of_growth(page, q, a)
    return ("stock" if stock else "hardware_count"), unit, system


# What a unit of speed means: 엑사급(1초에 100경 번), 1페타플롭스는 초당 1000조 번, a quintillion calculations a second is an exaflop.
_DEFINED = re.compile(r"(?:급|스케일|플롭스|級|スケール|フロップス|exascale|exaflops?|petaflops?)[’'”」]?\s?[(（](?:1초에|초당|1秒間?に|毎秒|a |one )?\s?(?:약 |約)?$|(?<![\d.])1\s?(?:페타|엑사|ペタ|エクサ)(?:플롭스|フロップス)(?:는|란|은|は|とは)\s?(?:1초에|초당|1秒間?に|毎秒)\s?$", re.I)
_DEFINES = re.compile(r"(?:는|란|은|は|とは)\s?(?:1초에|초당|1秒間?に|毎秒)|[^.。\n\d]{0,14}(?:을 뜻|를 뜻|을 의미|를 의미|을 말한|を意味|のこと)")
def _of_rate(page: Page, q: Quantity, a: int) -> bool:
    """Whether bytes are those of a second, which the figure before has said: 대역폭은 초당 4TB로 H100의 3.35TB보다 넓다."""
    last = page.within(page.quantities, a, q.start)[-1:]
    return q.unit == "B" and bool(last) and last[0].unit == "B/s" and re.fullmatch(r"[^,;、。\d]{0,16}(?:[A-Z]+\d+[A-Z]*)?(?:의|の|(?:'s|’s)| the)?\s?[(（]?", page.folded[last[0].end : q.start]) is not None


# Each DGX H100 in the cluster holds eight
_EACH_BOX = re.compile(r"\b(?:each|every|one|a single) (?:of (?:those|these|the|its) )?(?:DGX|HGX|GB\d00|NVL|servers?|racks?|nodes?|systems?|box(?:es)?|cabinets?)[^,.;\d]*(?:\d+[^,.;\d]{0,24})?\s(?:combin|pack|hold|carr|contain|hous|link|fit|mount|join|bundl|pair|gather|bind|stack|ties?|cram|take)\w*\s(?:together |just |up to )?$", re.I)
_OF_SERVER = re.compile(r"(?:서버|랙) ?(?:한 대|하나|1대)의|(?:サーバー?|ラック)(?:1台)?の(?:最大)?消費電力|\b(?:each|every|a single|one) (?:server|rack|box)\b", re.I)
_DRAWS = re.compile(r"전력|소비|TDP|電力|\bdraws?\b|consum|\bpower\b|\buses\b", re.I)


def _of_specified(page: Page, q: Quantity, a: int, earlier: list[Claim]) -> str | None:
    """The chip or server whose data sheet the sentence before tells, where this one names none and nobody: 메모리 1128GB. 전력은 최대 10.2kW."""
    last = next((c for c in reversed(earlier) if c.kind not in ("share", "ratio_speedup")), None)
    k = page.sentence_of(q.start)
    if last is None or last.kind != "other" or last.system is None or last.unit not in ("B", "B/s", "gpu", "cpu", "W") or k - page.sentence_of(last.char_start) > 1 or (q.value or 1e20) > (2e5 if q.family == "power" else 2e17):
        return None
    if not (q.family == "compute" or _DRAWS.search(page.folded, a, page.sentences[k][1])) or any(m.country and m.type != "vendor" for m in page.within(page.mentions, a, q.start)):
        return None
    return system_of(page, q.start, q.end, page.sentences[k][0], back=2)


_NEXT = re.compile(r"\s?(?:of |racks? of |의 |の)?(?:the )?")


def _is_per_item(page: Page, q: Quantity, whole: str, a: int) -> bool:
    """Whether a count is of one rack or server, not of somebody's machines."""
    if (q.value or 0) > 1000:
        return False
    at, end = q.start - a, q.end - a
    last = max((o.end - a for o in page.within(page.quantities, a, q.start) if o.end <= q.start and (o.value or 2) > 1), default=0)
    per = whole[max(0, at - 26, min(last, at)) : at] if page.language != "en" else whole[max(0, at - 26) : at]
    before = page.within(page.quantities, a, q.start)[-1:]
    joined = bool(before) and re.fullmatch(r"(?:のGPU|(?:\s[A-Za-z][\w-]*){0,3}|\s?GPU)?,?\s?(?:and|plus|to|with|along with|alongside|paired with|coupled (?:to|with)|,|、|[を가를을]、?|및|[과와](?: 함께)?|と(?:ともに|共に)?|に対し)\s?(?:[「『‘'“]?(?:그레이스|グレース|Grace|Arm|인텔|インテル|Intel|AMD|제온|에픽|x86)[」』’'”]?\s?(?:제온|에픽|Xeon|EPYC)?\s?)?(?:(?:CPU|GPU)[는은가이를을をがは]?\s?)?", page.folded[before[0].end : q.start])
    if joined and before[0].family == "count" and (q.value or 999) <= 144 and _is_per_item(page, before[0], whole, a):
        return True
    return bool(
        cues.has(cues.PER_ITEM, per) or (page.language == "en" and _EACH_BOX.search(whole[max(0, at - 52) : at])) or re.search(r"\b(?:racks|servers|nodes|cabinets|boxes) of\s$", whole[max(0, at - 12) : at]) or cues.EACH_AFTER.match(whole[end:])
        or ((q.value or 999) <= 144 and cues.DESCRIBED.search(whole[max(0, at - 84) : at]))
        or ((q.value or 999) <= 144 and cues.INSIDE.search(whole[max(0, at - 30) : at]))
    )  # fmt: skip


def _thing(page: Page, q: Quantity, whole: str, a: int, earlier: list[Claim]) -> str | None:
    at, end = q.start - a, q.end - a
    if _BOX.match(whole, end):
        return "rack"  # 140 GB200 NVL72 racks
    if re.search(r"\bGrace (?!Hopper)|\bCPUs?\b|\b(?:host|central|Intel|AMD|Arm|x86|Xeon|EPYC) (?:Xeon |EPYC )?processors?", q.word):
        return "cpu"
    if q.word and re.search(r"[A-Za-z]", q.word):
        best_word: tuple[int, str] | None = None
        for pattern, unit in cues.HARDWARE:
            for m in pattern.finditer(q.word):
                best_word = max(best_word or (-1, ""), (m.end(), unit))
        return best_word[1] if best_word else None
    counter = {"랙": "rack", "ラック": "rack", "노드": "system", "ノード": "system"}.get(q.word)
    if counter:
        return counter
    left = whole[max(0, at - 30) : at]
    each = _CONTAINER.search(left)
    if each and q.word in ("기", "基", "장", "枚", "개", "個", "매"):  # 1ラックに72基: the rack holds what is counted
        return "cpu" if re.search(r"CPU", left[each.start() :]) else "gpu"
    if q.word in ("기", "基", "장", "枚", "개", "個", "매") and re.search(r"\d\s?(?:ラック|랙|랙에|노드|ノード)[^\d、,]{0,5}$|(?:^|[^\d])[1一](?:ラック|ノード|台)$", left):
        return "gpu"  # 100ラックで7,200基
    if cues.NO_HARDWARE.search(left[-12:]) or cues.NO_HARDWARE_AFTER.match(whole[end:]):
        return None
    if q.word in ("대", "台") and _NAMED_BOX.search(left):
        return "rack"  # 「GB200 NVL72」を20台
    if q.word in ("대", "台") and not re.search(r"(?:GPU|칩|チップ)[\s’'\"]*$", left):
        servers = [(m.end(), u) for p, u in cues.HARDWARE[:2] for m in p.finditer(whole[:at])]
        if servers:
            return max(servers)[1]
    best: tuple[float, str] | None = None
    after = re.match(r"[^,.。、]{0,4}?(?:의|の)\s?", whole[end:])
    for pattern, unit in cues.HARDWARE:
        for m in pattern.finditer(left):
            distance = len(left) - m.end() + (0.0 if _PARTICLES.match(left[m.end() :]) else 2.0)
            best = min(best or (99.0, ""), (distance, unit))
        if after and (m2 := pattern.search(whole[end + after.end() : end + after.end() + 18])):
            best = min(best or (99.0, ""), (m2.start() - 6.0, unit))
    if best is not None and best[1] in ("system", "rack") and (q.word in ("장", "枚") or (q.word in ("基", "기") and _after_one(earlier, q, a))):
        return "gpu"  # sheets are no servers, 1ラック72基で3600基 no racks
    return best[1] if best is not None else _unsaid(page, q, whole, earlier)


def _after_one(earlier: list[Claim], q: Quantity, a: int) -> bool:
    """Whether what one rack or server holds was told just before a count."""
    return bool(earlier) and earlier[-1].kind == "other" and earlier[-1].unit == "gpu" and earlier[-1].char_start >= a and q.start - earlier[-1].char_end < 24


_BOX = re.compile(r"\s?NVL\s?\d{1,3}(?:\s(?:racks?|systems?|cabinets?)\b|$|[.,;])")
_NAMED_BOX = re.compile(r"NVL\s?\d{1,3}[’'”\"」』]{0,2}(?:\s?랙|ラック)?(?:[을를]|を)?\s?(?:약 |총 |모두 |約|計)?$")
_CONTAINER = re.compile(r"(?:(?:1|한|一)?(?:ラック|サーバー?|ノード)(?:1[台本])?|(?:1|한|一)(?:台|대|랙)|(?:랙|서버|노드|시스템)(?:\s?(?:하나|한 대|1대|한 개))?)\s?(?:에는?|당|마다|には?|あたり|当たり|につき)\s?(?:GPU[가를이는]?|CPU[가를이는]?|약|約|최대)?[^\d、,]{0,10}$")
_PARTICLES = re.compile(r"[\s’'\"”』」]*(?:를|을|가|는|은|도|만|에|총|모두|약|を|が|は|も|約)?")


def _unsaid(page: Page, q: Quantity, whole: str, earlier: list[Claim]) -> str | None:
    """What a counter counts where its clause names nothing: as the sentence, those before it, or the count before."""
    if q.word not in ("장", "枚", "基", "기", "개", "대", "台", "個", "매"):
        return None
    k = page.sentence_of(q.start)
    last = next((c for c in reversed(earlier) if c.unit in ("gpu", "system", "rack") and c.kind in ("hardware_count", "stock")), None)
    if q.word == "기":
        return "gpu" if last is not None and last.unit == "gpu" and k - page.sentence_of(last.char_start) <= 2 else None
    if q.word in ("장", "枚", "基", "매"):
        wide = whole + "".join(page.sentence(k - j) for j in (1, 2, 3)) + page.folded[: page.headline_ends]
        told_next = (q.value or 0) >= 100 and q.word in ("장", "枚", "基") and cues.has(cues.HARDWARE[3][0], page.sentence(k + 1))
        return "gpu" if told_next or cues.has(cues.HARDWARE[3][0], wide) or (last is not None and last.unit == "gpu") else None
    wide = page.sentence(k - 1) + whole[: max(0, q.start - page.sentences[k][0])] + whole
    if q.word in ("개", "個"):
        chips_near = re.search(r"GPU|가속기|칩|チップ|半導体|アクセラレータ", wide)
        a = page.sentences[k][0]
        going_on = last is not None and last.unit == "gpu" and k - page.sentence_of(last.char_start) <= 1 and (q.value or 0) >= 1000
        return "gpu" if (chips_near or going_on or page.chips_before(q.start, a)) and (q.value or q.low or 0) >= 16 else None
    near = last is not None and k - page.sentence_of(last.char_start) <= 1
    if not near and (told := [(m.end(), unit) for pattern, unit in cues.HARDWARE[:2] for m in pattern.finditer(page.sentence(k - 1) + whole[: q.start - page.sentences[k][0]])]):
        return max(told)[1] if (q.value or 0) >= 4 else None  # 랙 한 대 값은 … 120대를 들이면
    if last is not None and near and re.search(r"서버|랙|시스템|サーバ|ラック|台", wide):
        return last.unit if last.unit != "gpu" else "system" if re.search(r"서버|시스템|サーバ", wide) else None
    return "system" if re.search(r"서버|시스템|サーバ", wide) and (q.value or 0) >= 4 else None
