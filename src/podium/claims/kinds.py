"""What a figure is: its kind, its unit and the machine it is about; None where it makes no claim."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from podium.claims import cues
from podium.claims.claim import Claim, Kind
from podium.claims.holdings import held_by_country
from podium.claims.machines import server_of, specified, sped, system_of
from podium.claims.quantities import Quantity

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["A_MEGAWATT", "OF_A_MEGAWATT", "Decided", "kind_of"]

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
            return _of_money(page, q, whole, a, earlier)
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


def _of_money(page: Page, q: Quantity, whole: str, a: int, earlier: list[Claim]) -> Decided | None:
    at, end = q.start - a, q.end - a
    if cues.has(cues.REVENUE, whole[max(0, at - 18) : at]) or cues.REVENUE_TOPIC.search(whole[:at]) or cues.REVENUE_AFTER.match(whole[end:]):
        return None
    others = page.within(page.quantities, a, q.start)[-1:]
    near = whole[max(0, at - 14, others[0].end - a if others and others[0].family == "money" else 0) : at]
    large = (q.value or q.high or 0) > 1e4 * _SMALL.get(q.unit, 3e3)  # no chip costs as much: *EUR 125 million each* is a share of a sum
    if OF_A_MEGAWATT.match(whole, end) or A_MEGAWATT.search(whole[max(0, at - 14) : at]):
        return "other", q.unit, None
    large = large or bool(_INSTALMENTS.search(whole[:at]))
    if (not large and (cues.has(cues.UNIT_PRICE, near) or cues.UNIT_NOUN.search(whole[:at]))) or (not large and cues.PRICE_AFTER.match(whole[end:])) or _is_hourly(page, q, whole, earlier):
        return "other", q.unit, system_of(page, q.start, q.end, a)
    if not cues.has(cues.SMALL_MONEY, whole) and 0 < (q.value or q.high or 0) < _SMALL.get(q.unit, 3e3):
        return None
    return _money(page, q, whole, a, earlier), q.unit, None


# What a megawatt costs to build.
OF_A_MEGAWATT = re.compile(r"\s?(?:per|a|for each|for every) (?:megawatt|MW)\b")
A_MEGAWATT = re.compile(r"(?:메가와트|MW|㎿)당\s?(?:약 )?$|[1一](?:メガワット|MW)(?:あたり|当たり|につき)(?:約)?$")
_INSTALMENTS = re.compile(r"\b(?:tranches?|instal?lments?) of\s?$", re.I)


def _is_hourly(page: Page, q: Quantity, whole: str, earlier: list[Claim]) -> bool:
    """Whether a small sum is the price of an hour on a chip, told so in its sentence or by the price just before it."""
    if (q.value or q.high or 0) > 10 * _SMALL.get(q.unit, 3e3):
        return False
    k = page.sentence_of(q.start)
    wide = "".join(page.sentence(j) for j in range(max(0, k - 3), k + 1)) if cues.has(cues.RENTED, whole) else whole
    if cues.has(cues.HOURLY, whole) and (cues.has(cues.MEMORY, wide) or cues.has(cues.HARDWARE[3][0], wide)):
        return True
    last = earlier[-1] if earlier else None
    return bool(last is not None and last.kind in ("other", "share") and q.start - last.char_end < 120 and any(
        c.kind == "other" and c.unit == q.unit and page.sentence_of(q.start) - page.sentence_of(c.char_start) <= 1 for c in earlier[-3:]))  # fmt: skip


_SMALL = {"KRW": 1e6, "JPY": 1e5, "IDR": 1e7, "VND": 1e7, "INR": 1e5, "USD": 2e3, "EUR": 2e3, "GBP": 2e3}


def _money(page: Page, q: Quantity, whole: str, a: int, claims: list[Claim]) -> Kind:
    """Whether money is a valuation, paid by a state, or invested: by the nearest cue, else as the figure before."""
    clause, at, end = cues.clause(whole, q.start - a, q.end - a)
    if cues.WORTH_AFTER.match(clause[end:]):
        return "valuation"
    last = claims[-1] if claims else None
    if _AT_VALUATION.match(page.folded, q.end):
        return "money_investment"  # 300 million at a valuation of 2 billion
    if last is not None and last.kind == "money_investment" and last.unit == q.unit and re.fullmatch(r"\sat\s(?:about |around |some )?", page.folded[last.char_end : q.start]):
        return "valuation"  # 600 million at 6 billion
    topic = cues.VALUED.search(clause[:at])
    if topic and not any(o.family == "money" for o in page.within(page.quantities, q.start - at + topic.start(), q.start)):
        return "valuation"
    if (last is not None and last.kind.startswith(("money", "valuation")) and last.unit == q.unit and cues.EARLIER.search(whole[: q.start - a])
            and page.sentence_of(q.start) - page.sentence_of(last.char_start) <= 1 and not cues.has(cues.KINDS_OF_MONEY[0][0], clause)):  # fmt: skip
        return last.kind  # a year before it was 157 billion
    sized = last if last is None or last.kind != "ratio_speedup" else claims[-2] if len(claims) > 1 else None  # 5.1 billion, triple the 1.7 billion
    if (sized is not None and sized.kind == "valuation" and sized.unit == q.unit and sized.char_start >= a
            and not any(cues.has(p, page.folded[sized.char_end : q.end + 12]) for p, kind, _ in cues.KINDS_OF_MONEY)):  # fmt: skip
        return "valuation"  # up from 5.8 billion
    owner = page.within(page.mentions, max(a, q.start - 24), q.start)[-1:]
    if owner and owner[0].type in ("company", "vendor") and re.fullmatch(r"['’]s\s", page.folded[owner[0].end : q.start]) and not cues.has(cues.KINDS_OF_MONEY[0][0], clause):
        return "money_investment"  # Microsoft's $30 billion
    part = _PART.search(clause[:at])
    if part and last is not None and last.kind.startswith("money") and last.unit == q.unit and not cues.has(cues.KINDS_OF_MONEY[1][0], clause[part.start() : end + 34]):
        return last.kind
    if (last is not None and last.kind.startswith("money") and last.unit == q.unit and last.char_start >= a and page.language == "en"
            and re.fullmatch(r"[^.;:]{0,60}(?:\band\b|,|\bin all\b|\btotal)[^.;:]{0,20}", page.folded[last.char_end : q.start])
            and not any(cues.has(p, page.folded[last.char_end : q.end + 24]) for p, _, _ in cues.KINDS_OF_MONEY)):  # fmt: skip
        return last.kind  # 700 million for the one and 300 million for the other, 1 billion in all
    titled = cues.MONEY_TITLE.search(clause[:at])
    if titled:
        return "money_investment" if titled["invest"] else "money_support" if titled["support"] else "valuation"
    if (told := _PART_TOLD.search(clause, end)) is not None:
        clause = clause[: told.start()]  # 総額は650億円で、うち最大300億円を国が補助する: the word of help is of the part
    scores: dict[str, float] = {}
    until = re.compile(r"[,、]\s?").search(clause, end)
    for pattern, kind, weight in cues.KINDS_OF_MONEY:
        distance = cues.nearest(pattern, clause[:_own_reach(page, q, clause, at, end, until.start() if until else len(clause))] if kind == "valuation" else clause, at, end)
        if distance is not None:
            scores[kind] = weight * (distance + 4)
    if scores.get("valuation", 99.0) > 22 or cues.WORTH_NO_FIRM.search(clause[:at] if at else "") or _WORTH_OF.search(clause[max(0, at - 7) : end + 14]):
        scores.pop("valuation", None)
    if (payer := _payer(page, q, clause[:at])) is not None and "valuation" not in scores:
        return payer
    if "money_support" in scores and cues.has(cues.STATE_PAYS, clause):
        scores["money_support"] *= 0.3
    if scores.get("money_support", 99.0) <= min(scores.values(), default=0.0) and _firm_sets_aside(page, q, a):
        return "money_investment"
    if scores:
        return cast("Kind", min(scores, key=lambda k: scores[k]))
    return _money_unsaid(page, q, a, claims)


_AT_VALUATION = re.compile(r"\s?(?:\([^)]{0,40}\)\s?)?(?:in [\w ]{3,24} )?at an? (?:[\w-]+ )?valuation of\b", re.I)


def _firm_sets_aside(page: Page, q: Quantity, a: int) -> bool:
    """Whether a firm, and no state, is what earmarks or budgets a sum: Bell Canada has earmarked …."""
    named = [m for m in page.within(page.mentions, a, q.start) if m.end <= q.start and m.type not in ("index", "ambiguous")]
    if not named or named[-1].type not in ("company", "vendor") or any(m.type == "state" for m in named):
        return False
    return bool(re.match(r"[’'”\"]?\s?(?:(?:has|have|had|will)\s)?(?:earmark|budget|set aside|sets aside)|[은는이가]\s[^.;]{0,20}예산|[はが][^。;]{0,20}予算", page.folded[named[-1].end : q.start + 24]))


def _own_reach(page: Page, q: Quantity, clause: str, at: int, end: int, until: int) -> int:
    """How far after a sum a word of valuation may be its own: not where another sum follows that word at once."""
    following = next(iter(page.within(page.quantities, q.end, q.end + len(clause) - end)), None)
    if following is None or following.family != "money":
        return until
    word = cues.KINDS_OF_MONEY[0][0].search(clause, end)
    starts = following.start - q.start + at
    return end if word and word.end() <= starts and starts - word.end() <= 12 < word.start() - end + 6 else until


def _payer(page: Page, q: Quantity, before: str) -> Kind | None:
    """Who pays by the grammar of the clause: a state that stands as its subject, unless a firm does so nearer to the sum."""
    states = list(cues.STATE_PAYS.finditer(before))
    if not states:
        return None
    start = q.start - len(before) + states[-1].end()
    firms = [m for m in page.within(page.mentions, start, q.start) if m.type in ("company", "vendor") and re.match(r"[’'”\"」』]?(?:은|는|이|가|も|は|が)(?=[\s、,]|[^가-힣])|\s(?:will|has|said|is)\b", page.folded[m.end : m.end + 8])]
    return None if firms else "money_support"


_WORTH_OF = re.compile(r"\bworth\s.*\s(?:of|in)\s|['’]s?\s?worth\b", re.I)
_PART_TOLD = re.compile(r"(?:で|だが|であり|、|이고|으로|이며|인데|,)\s?(?:このうち|そのうち|うち|이 ?가운데|그 ?가운데|이 ?중|그 ?중|of which)")
_PART = re.compile(r"(?:of which|of that,?|of (?:this|the (?:last|first|latter|former|second|total)(?: amount| sum| pot)?),?|이 ?중|이 ?가운데|그 ?중|このうち|うち)[^.。]{0,12}$", re.I)


def _money_unsaid(page: Page, q: Quantity, a: int, claims: list[Claim]) -> Kind:
    """The kind of money that no word of its clause tells: as its payer, as the figure before, as the sentences before."""
    k = page.sentence_of(q.start)
    here = [m for m in page.within(page.mentions, a, q.start) if m.end <= q.start and m.type not in ("vendor", "index", "ambiguous")]
    here = here or [m for m in page.within(page.mentions, page.sentences[max(0, k - 1)][0], a) if m.type not in ("vendor", "index", "ambiguous")]
    public = all(m.type in ("country", "state", "institute", "system") for m in here) and any(m.type != "country" for m in here)
    if public:
        return "money_support"
    if cues.has(cues.COSTS, page.sentence(k)):
        return "money_investment"
    builds = re.search(r"建て|建設|整備|設け|造る|新設|짓|지었|지을|세우|세웠|세운|건설|구축|build|construct", page.sentence(k))
    names = bool(here) and here[-1].type == "company" and re.match(r"[’'”\"」』]?(?:이|가|が)(?=[\s、,]|[^가-힣])", page.folded[here[-1].end : here[-1].end + 4])
    if names:
        return "money_investment"
    if here and here[-1].type == "company" and not page.folded[here[-1].end : q.start].strip():
        return "money_investment"  # Brookfield 20 billion
    firms = any(m.type == "company" and a <= m.start for m in here) and not any(m.type in ("state", "institute") for m in here)
    if firms and page.language == "en" and not _RECEIVES.search(page.folded, a, q.start):
        return "money_investment"  # Princeton Digital of Singapore is committing 2 billion
    if builds and here and here[-1].type == "company" and re.match(r"[’'”\"]?\s?(?:은|는|도|は|も)(?=[\s、,]|[^가-힣])", page.folded[here[-1].end : here[-1].end + 4]):
        return "money_investment"
    last = next((c for c in reversed(claims) if c.kind in ("money_support", "money_investment")), None)
    if last is not None and "\n" not in page.folded[last.char_end : q.start] and k - page.sentence_of(last.char_end) < 5:
        return last.kind
    for back in (1, 2):
        before = page.sentence(k - back)
        support, invest = (cues.has(p, before) for p, kind, _ in cues.KINDS_OF_MONEY if kind != "valuation")
        if support != invest:
            return "money_support" if support else "money_investment"
    return "money_support" if here and all(m.type in ("country", "state", "institute", "system") for m in here) else "money_investment"


_RECEIVES = re.compile(r"\b(?:receiv|gets?\b|got\b|award|given|win|won\b|secure|promised|eligible|due\b)", re.I)


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
    system = system_of(page, q.start, q.end, a, after=True)
    if unit in ("system", "rack") and system is None:
        k = page.sentence_of(q.start)  # 랙 100개: of the type that the sentence before tells
        told = [c[2] for c in page.chips_before(a, page.sentences[max(0, k - 1)][0]) if re.match(r"DGX|HGX|.*NVL", c[2])]
        system = told[-1] if len(set(told)) == 1 else None
    if unit in ("system", "rack") and (named := page.chips_before(q.end + 12, q.core[1])[:1] or page.chips_before(q.end, q.start)[:1]) and (named[0][0] < q.end or _NEXT.fullmatch(page.folded, q.end, named[0][0])):
        system = named[0][2]  # 512 DGX H100 systems, 250 racks of NVL72
    if _is_per_item(page, q, whole, a):
        return "other", unit, server_of(page, q, a) if unit in ("gpu", "cpu") else None
    holds = cues.has(cues.NATIONAL, whole[max(0, at - 45) : end + 6]) and cues.has(cues.HOLDING, whole[max(0, at - 40) : end + 30])
    return ("stock" if holds or held_by_country(page, q, a) else "hardware_count"), unit, system


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
