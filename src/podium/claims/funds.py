"""What a sum of money is: paid by a state, invested, a valuation, a price; None where it is of no concern here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from podium.claims import cues
from podium.claims.claim import Claim, Kind
from podium.claims.machines import system_of
from podium.claims.quantities import Quantity

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["A_MEGAWATT", "OF_A_MEGAWATT", "of_money"]


def of_money(page: Page, q: Quantity, whole: str, a: int, earlier: list[Claim]) -> tuple[Kind, str, str | None] | None:
    """Return kind, currency and the machine priced of a sum; None for revenue, and for what is too small to matter."""
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
