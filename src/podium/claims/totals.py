"""Totals against their parts, and the difference of two figures."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.amounts import (
    PLAIN,
    Amount,
    Sum,
    addends,
    amount,
    family,
    fits,
    is_currency,
    may_be_slip,
    summed,
    total_of,
    window_in_unit,
)  # fmt: skip
from podium.claims.claim import Claim
from podium.claims.products import places_told
from podium.claims.remainders import check_phases, check_remainder, check_rest, is_rest
from podium.evidence.rates import cross_rate

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_difference", "check_total", "open_list"]

PARTS = 12
_EACH = re.compile(r"각각|각 |씩|それぞれ|ずつ|\beach\b|apiece|respectively", re.I)


def check_total(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A total against the parts around it: right where some of them add up to it, wrong where plain parts do not."""
    if claim.unit in ("point", "country", "B", "rank"):
        return None
    if is_rest(page, claim) and (left := check_rest(page, claim, others) or check_remainder(page, claim, others)) is not None:
        return left
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    near_text = page.folded[max(a, claim.char_start - (26 if page.language == "en" else 16)) : claim.char_start] + page.text[claim.char_start : claim.char_start + 3]
    after = page.folded[claim.char_end : min(b, claim.char_end + 12)]
    if page.language != "en" and any(q.start >= claim.char_end for q in page.within(page.quantities, claim.char_end, claim.char_end + 20)):
        after = ""  # 1만5000장을 추가해 누적 2만8000장: the word of adding is the next figure's
    said = cues.has(cues.TOTAL, near_text) or cues.has(cues.TOTAL, after)
    said = said or bool(_ADDED_UP.search(page.folded[max(a, claim.char_start - 44) : claim.char_start]))
    said = said or (page.language == "en" and bool(_WITH_THAT.match(page.folded[a : claim.char_start])))
    kinds = family(claim)

    def parts(back: int, ahead: int) -> list[Claim]:
        return [c for c in window_in_unit(page, claim, others, back, ahead)
                if c.kind in kinds and c.unit == claim.unit and c.value and c.value < (claim.value or 0)]  # fmt: skip

    counted = _counted_parts(page, claim, others)
    if counted is not None and counted.holds:
        return counted
    for back, ahead in ((0, 0), (1, 0), (2, 0), (4, 0), (0, 2), (0, 5)):
        like = sorted(parts(back, ahead), key=lambda c: abs(c.char_start - claim.char_start))[:PARTS]
        like.sort(key=lambda c: c.char_start)
        for size in range(min(len(like), 6), 1, -1):
            for some in itertools.combinations(like, size):
                if counted is not None and len({c.char_start < claim.char_start for c in some}) > 1:
                    continue  # so many parts as it says stand before it, or after it: not one of each
                value = sum(c.value or 0 for c in some)
                close = abs(value - (claim.value or 0)) <= (0.02 if ahead or said else 0.001) * value
                if close and not _twice(page, some, like) and (said or (ahead and _told_next(claim, some, like)) or _listed(page, claim, some)):
                    return total_of(True, some)
    if said and (told := _listed_after(page, claim, others)) is not None:
        return told
    for found in (check_phases(page, claim, others), check_rest(page, claim, others), counted, check_remainder(page, claim, others), _exact(page, claim, others)):
        if found is not None:
            return found
    if not said:
        return None
    return _repeated(page, claim, parts(0, 0), parts(1, 0)) or _false(page, claim, parts, page.folded[a:b], others)


def _twice(page: Page, some: Sequence[Claim], like: Sequence[Claim]) -> bool:
    """Whether parts count something twice: a whole, and one of those that make it up."""
    for whole in (c for c in some if not is_rest(page, c)):
        less = [c for c in like if c.id != whole.id and (c.value or 0.0) < (whole.value or 0.0) and c.char_end <= whole.char_start][-5:]
        for n in range(2, len(less) + 1):
            for row in (less[i : i + n] for i in range(len(less) - n + 1)):
                if sum(c.value or 0.0 for c in row) == whole.value and any(c in some for c in row):
                    return True
    return False


_PARTIAL = re.compile(r"\b(?:includ|such as|among|led by|of which|notably)|등|가운데|중(?:에)?\s|など|うち", re.I)


def _listed_after(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A total with its parts listed behind a colon, as many as the owners it names: A, B and C together 380: 80, 92 and 125."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    text = page.folded
    parts = [c for c in window_in_unit(page, claim, others, 0) if c.unit == claim.unit and c.kind in family(claim) and c.value and c.char_start >= claim.char_end]
    if len(parts) < 2 or not re.search(r"[:：(]", text[claim.char_end : parts[0].char_start]) or _PARTIAL.search(text[claim.char_start : b]):
        return None
    owners = {m.id for m in page.within(page.mentions, a, claim.char_start) if m.country and m.type != "index"}
    between = [text[x.char_end : y.char_start] for x, y in itertools.pairwise(parts)]
    if len(owners) != len(parts) or any(len(t) > 40 for t in between) or any(c.hedge not in PLAIN for c in (claim, *parts)):
        return None
    value = sum(c.value or 0.0 for c in parts)
    return summed(abs(value - (claim.value or 0.0)) <= 0.02 * value, "sum_of", [amount(c) for c in parts], value)


def _told_next(claim: Claim, some: Sequence[Claim], like: Sequence[Claim]) -> bool:
    """Whether parts that follow a whole are all like figures told next, of its own country: no chance sum of far ones."""
    after = [c for c in like if c.char_start >= claim.char_end][: len(some)]
    return list(some) == after and all(c.subject_country_iso3 == claim.subject_country_iso3 for c in some)


_ADDED_UP = re.compile(r"(?:합치면|합하면|더하면|보태면|合わせると|足すと|加えると)[^\d.。]{0,40}$")
_WITH_THAT = re.compile(r"\s*[“\"]?(?:Together|Combined|Added|Along|Taken together) (?:with|to)\b[^;]{4,140},\s[^;]*$|\s*[“\"]?(?:Adding|Including) [^;]{4,140},\s[^;]*$")
_NUMBER = {"두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "両": 2, "둘": 2, "셋": 3, "넷": 4, "two": 2,
           "three": 3, "four": 4, "five": 5, "six": 6, "pair": 2, "duo": 2, "trio": 3, "quartet": 4, "both": 2}  # fmt: skip
_PARTS_COUNTED = re.compile(
    r"(?P<ko>[두세네]|다섯|여섯|\d)\s?(?:곳|회사|개사|사|나라|개국|업체|건|단계|기관|시설|항목|사업|가지|팀)(?:[을를이가의은는만]| 모두| 합계| 합쳐|\s)"
    r"|(?P<pair>둘|셋|넷)(?:을|를|이|만)?\s?(?:더하|합|모두|보태)"
    r"|(?P<ja>[二三四五六両]|\d)(?:社|者|国|[カかヶ]国|[カかヶ]所|件|事業|段階|施設|つ)(?:を|の|で|合計|合わせ|あわせ|だけで|を足)"
    r"|\b(?:the|all|those|these|american|european|asian) (?:\w+ )?(?P<en>two|three|four|five|six|pair|duo|trio|quartet)\b|\b(?P<both>both)\b", re.I
)


def _counted_parts(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A total of so many parts as it says (4社で, 둘을 더하면, the three together): the last like figures told before it."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    found = list(_PARTS_COUNTED.finditer(page.folded, max(a, claim.char_start - 60), claim.char_start))
    if not found:
        return None
    m = found[-1]
    word = (m["ko"] or m["pair"] or m["ja"] or m["en"] or m["both"]).lower()
    n = int(word) if word.isdigit() else _NUMBER[word]
    like = addends(page, claim, others, 4)
    parts = [c for c in like if c.value != claim.value][-n:]
    last = [c for c in window_in_unit(page, claim, others, 3) if c.kind in family(claim) and c.value and c.char_end <= claim.char_start][-n:]
    if 2 <= n <= 6 and is_currency(claim.unit) and any(c.unit != claim.unit for c in last):
        return _in_currencies(page, claim, others, n)
    if not 2 <= n <= 6 or len(parts) < n:
        return None
    value = sum(c.value or 0.0 for c in parts)
    holds = fits(claim, value, 0.02)
    told = cues.has(cues.TOTAL, page.folded[m.start() : min(b, claim.char_end + 14)]) or cues.has(cues.JOINED, page.folded[a : claim.char_end])
    close = claim.char_start - parts[0].char_start < 300 and len({c.kind for c in parts}) == 1
    plain = all(c.hedge in PLAIN for c in parts) and claim.hedge in (None, "approx", "nearly")
    once = len({c.subject for c in parts}) == n or len({c.subject_country_iso3 for c in parts}) == 1
    if holds or (told and close and plain and once and may_be_slip(value, claim)):
        return total_of(holds, parts)
    return None


def _in_currencies(page: Page, claim: Claim, others: Sequence[Claim], n: int) -> Sum | None:
    """A total of parts in several currencies, at the ECB rates of the day; supported or nothing."""
    like = [c for c in window_in_unit(page, claim, others, 3) if c.kind in family(claim) and c.value and c.char_end <= claim.char_start][-n:]
    rates = [cross_rate(c.unit or "", claim.unit or "", page.date) if is_currency(c.unit) else None for c in like]
    if len(like) < n or any(r is None for r in rates):
        return None
    parts = [Amount(c, (c.value or 0.0) * (r or 0.0), claim.unit) for c, r in zip(like, rates, strict=True)]
    value = sum(p.value for p in parts)
    return summed(True, "sum_of", parts, value) if fits(claim, value, 0.05) else None


def _exact(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A figure of three digits or more that two or three of the last like ones give exactly: no chance, whatever the words."""
    digits = len(f"{claim.value or 0.0:.12g}".replace(".", "").split("e")[0].strip("0"))
    if digits < 3 or claim.hedge not in (None, "approx", "slightly_more"):
        return None
    like = [c for c in addends(page, claim, others, 5) if (c.value or 0.0) < (claim.value or 0.0)]
    for size in (2, 3):
        for some in itertools.combinations(like[-6:], size):
            value = sum(c.value or 0.0 for c in some)
            if abs(value - (claim.value or 0.0)) <= 1e-6 * value:
                return total_of(True, some)
    return None


_APART = re.compile(r"격차|차이|차로|거리[는가도]|간격|(?:距離|隔たり|開き)[はが]|\bdistance\b|점수 ?차|득점 ?차|差(?:は|が|で|を|の)|\bgap\b|\bdifference\b|\bmargin\b|\bapart\b|\bshort of\b|\bmore than (?:last|the)|\bahead\b|\bbehind\b|더 (?:많|적|높|낮)|앞서|앞선|뒤[지진질져졌처쳐]|늘었|늘어난|증액|増額|上回|下回|多い|少ない|\b(?:up|more|extra|additional|increase)\b", re.I)


def check_difference(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A figure said to be the difference of two like ones: a gap in points, money added; wrong only where it is the gap of the two just told."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    if claim.value is None or not _APART.search(page.folded[max(a, claim.char_start - 34) : min(b, claim.char_end + 20)]):
        return None
    near = window_in_unit(page, claim, others, 6 if claim.unit == "point" else 2)
    like = [c for c in near if c.unit == claim.unit and c.value and c.id != claim.id and (c.kind in family(claim))]
    for one, other in itertools.combinations(like, 2):
        value = abs((one.value or 0.0) - (other.value or 0.0))
        if value and fits(claim, value, 0.011):
            return _apart(True, one, other)
    gap = _GAP_OF.search(page.folded[max(a, claim.char_start - 30) : claim.char_start]) or _GAP_IS.match(page.folded, claim.char_end)
    own = [c for c in like if a <= c.char_start and c.char_end <= claim.char_start]
    two = own if len(own) > 1 else [c for c in like if c.char_end <= claim.char_start and page.sentence_of(c.char_start) >= page.sentence_of(a) - 1]
    if gap and len(two) == 2 and all(c.hedge is None for c in two):
        value = abs((two[0].value or 0.0) - (two[1].value or 0.0))
        m = re.search(r"\d+(?:\.(\d+))?", claim.span_text)
        rounded = m is not None and claim.unit == "point" and abs(value - claim.value) <= 0.51 * 10.0 ** -len(m[1] or "")
        if rounded or (claim.hedge in (None, "approx", "nearly", "less_than", "more_than") and 1 / 15 < value / claim.value < 15):
            return _apart(bool(rounded and claim.hedge in (None, "approx", "nearly")), *two)
    return None


def _apart(holds: bool, one: Claim, other: Claim) -> Sum:
    high, low = sorted((one, other), key=lambda c: -(c.value or 0.0))
    return summed(holds, "difference_of", [amount(c) for c in (high, low)], (high.value or 0.0) - (low.value or 0.0))


_GAP_IS = re.compile(r"の(?:開き|差|隔たり)(?:が|だ|で|に)|의? ?(?:차이|격차)(?:가|다|를|로|이)")
_GAP_OF = re.compile(
    r"(?:격차|거리|간격|점수 ?차(?:이)?|차이|득점 ?차)[는은가이도]?\s?(?:불과 |겨우 |고작 |약 )?$|(?:の|得点|点数|点|両者?|(?<![一-鿿]))差[はが](?:わずか)?(?:約)?$|\b(?:gap|difference|margin)(?: between (?:them|the two))?(?: (?:is|was|of|comes to|stands at))\s(?:just |only |about |a mere )?$", re.I
)


_YEARLY = re.compile(r"해마다|매년|연간|毎年|年間|\b(?:a|each|every|per) year\b|\bannually\b", re.I)


def _repeated(page: Page, claim: Claim, like: Sequence[Claim], wider: Sequence[Claim]) -> Sum | None:
    """A total of parts of which some count for each of several: *A and B will each put in 19, C 7, for 45*."""
    before = [c for c in like if c.char_end <= claim.char_start]
    before = before if len(before) > 1 else [c for c in wider if c.char_end <= claim.char_start]
    starts = [0, *(c.char_end for c in before)]
    each = [bool(_EACH.search(page.folded[max(done, c.char_start - 34) : c.char_start] + page.folded[c.char_end : c.char_end + 8])) for c, done in zip(before, starts, strict=False)]
    if not before or not any(each):
        return None
    parts = [amount(c) for c in before]
    seen: list[tuple[float, tuple[int, ...]]] = []
    told = places_told(page, claim)
    for n in (2, 3, 4, 5) if told is None or not 2 <= told <= 12 else (told,):
        times = tuple(n if e else 1 for e in each)
        value = sum(p.value * t for p, t in zip(parts, times, strict=True))
        if abs(value - (claim.value or 0.0)) <= 0.02 * value:
            return summed(True, "sum_of", parts, value, times=times)
        seen.append((value, times))
    if len(parts) < 2 and not (told and may_be_slip(seen[0][0], claim) and _YEARLY.search(page.folded, page.sentences[page.sentence_of(claim.char_start)][0], claim.char_start)):
        return None
    value, times = seen[0]
    return summed(False, "sum_of", parts, value, times=times)


def _false(page: Page, claim: Claim, parts: Callable[[int, int], list[Claim]], sentence: str, others: Sequence[Claim]) -> Sum | None:
    """The plain parts of a stated total that do not add up to it."""
    same = [c for c in parts(0, 0) if c.char_end <= claim.char_start and c.subject_country_iso3 == claim.subject_country_iso3]
    if len(same) < 2 and cues.has(cues.ADDING, sentence + page.sentence(page.sentence_of(claim.char_start) - 1)):
        near = [c for c in parts(1, 0) if c.char_end <= claim.char_start and c.subject_country_iso3 == claim.subject_country_iso3]
        if len(near) == 2 and all(c.hedge in PLAIN for c in near):
            same = near
        elif len(near) != 1:
            return None
    if len(same) == 1 and cues.has(cues.JOINED, sentence[: claim.char_end]):
        near = [c for c in parts(1, 0) if c.char_end <= claim.char_start and c.subject_country_iso3 == claim.subject_country_iso3]
        same = near if len(near) == 2 and len({c.kind for c in near}) == 1 else same
    if len(same) < 2 and cues.has(cues.JOINED, sentence[: claim.char_end]) and not parts(0, 0):
        before = parts(1, 0)
        alike = len({(c.subject_country_iso3, c.kind) for c in before}) == 1 and all(c.char_end <= claim.char_start for c in before)
        if len(before) > 1 and not (len(before) <= 5 and alike):
            return None
        same = before if len(before) > 1 else same
    if len(same) < 2 and not parts(0, 0) and (cues.has(cues.JOINED, sentence) or _SUMS_UP.search(sentence)):
        before = parts(2, 0)
        if not (2 <= len(before) <= 3 and _one_after_another(page, claim, before)):
            return None
        value = sum(c.value or 0 for c in before)
        if any(c.hedge not in PLAIN for c in before) or not 0.02 < abs(value / (claim.value or 1.0) - 1) < 1:
            return None
        return total_of(False, before)
    if any(c.hedge in ("vague", "range", "at_most", "at_least", "more_than", "less_than") for c in same):
        return None
    if len(same) >= 2 and (cues.has(cues.ADDING, sentence) or len(same) >= 3 or cues.has(cues.JOINED, sentence)):
        value = sum(c.value or 0 for c in same)
        if not fits(claim, value, 0.02) and not _growing(page, same) and not open_list(page, claim, same, others):
            return total_of(False, same)
    return None


_SUMS_UP = re.compile(r"^\s*[“\"]?(?:(?:That|This|Which|It|They|The two|Both|Together|Altogether|In all|All told|In total)\b[^.;]{0,16}\b(?:makes?|brings?|gives?|adds? up|comes? to|are|is|have|has|total)?\b|(?:합치면|더하면|합하면|모두|전부|총|둘을 합)|(?:合わせて|合わせると|足すと|合計|計|全部で))", re.I)


def _one_after_another(page: Page, claim: Claim, parts: Sequence[Claim]) -> bool:
    """Whether parts of one owner's country and kind each stand in a sentence of the run just before a total, and nothing else of their kind."""
    k = page.sentence_of(claim.char_start)
    own = {page.sentence_of(c.char_start) for c in parts}
    return len({(c.subject_country_iso3, c.kind) for c in parts}) == 1 and max(own) == k - 1 and claim.subject_country_iso3 == parts[0].subject_country_iso3


def open_list(page: Page, claim: Claim, same: Sequence[Claim], others: Sequence[Claim]) -> bool:
    """Whether figures are not all the parts of a total: a list with *and others*, two that a multiple compares, names added that own none."""
    text = page.folded
    if _PARTIAL.search(text[same[0].char_start : claim.char_start]):
        return True
    spoken = {page.sentence_of(c.char_start) for c in same}
    if any(c.kind in ("ratio_speedup", "share") and page.sentence_of(c.char_start) in spoken and c.char_end <= claim.char_start for c in others):
        return True
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    joined = cues.JOINED.search(text, a, claim.char_start)
    named = {m.id for m in page.within(page.mentions, a, joined.start()) if m.type in ("company", "state", "institute")} if joined else set()
    return bool(named) and all(c.char_end <= a for c in same) and not named & {c.subject for c in same}


def _growing(page: Page, same: Sequence[Claim]) -> bool:
    """Whether the parts are one figure that changes (from 20MW to 40MW), not two."""
    return any(
        re.fullmatch(r"\s?(?:에서|から|to|→)\s?(?:최대 ?|最大)?", page.folded[x.char_end : y.char_start])
        for x, y in itertools.pairwise(same)
    )


def _listed(page: Page, claim: Claim, parts: Sequence[Claim]) -> bool:
    """Whether parts and total stand in one or two neighbouring sentences with a word of adding."""
    first = min(c.char_start for c in (*parts, claim))
    last = max(c.char_end for c in (*parts, claim))
    return last - first < 220 and (
        cues.has(cues.ADDING, page.folded[first:last]) or cues.has(cues.TOTAL, page.folded[first:last])
    )
