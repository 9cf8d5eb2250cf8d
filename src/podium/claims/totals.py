"""Totals and products against their parts: racks times chips, phases and their sum, half of the money."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.amounts import SIZES, Amount, Sum, sizes, summed, window
from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_product", "check_total"]

PARTS = 12
_RESULT = re.compile(
    r"모두|합계|총|이면|셈|달하|なる|計|合計|合わせ|で、?$|\btotal|in all|making|amount|means|hold|need|or$", re.I
)
_EACH = re.compile(r"각각|각 |씩|それぞれ|ずつ|\beach\b|apiece|respectively", re.I)


def check_product(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A number as so many times so much: racks × chips, sites × power, a share of a sum; or the other way round."""
    near = [c for c in window(page, claim, others, 2) if c.value and c.kind in (*SIZES, "ratio_speedup", "share")]
    per = [c for c in near if c.kind == "other" and (c.unit in ("gpu", "cpu", "building", "system") or len(c.unit or "") == 3)]
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    said = bool(_RESULT.search(page.folded[max(a, claim.char_start - 26) : min(b, claim.char_end + 12)]))
    wrong: Sum | None = None
    for each in per:
        for many in near:
            if many.id == each.id or many.kind in ("ratio_speedup", "share", "other"):
                continue
            if len(each.unit or "") == 3 and (each.unit or "").isupper():  # a price apiece
                value = (many.value or 0.0) * (each.value or 0.0)
                if many.unit in ("gpu", "system", "rack") and claim.unit == each.unit and abs(value - (claim.value or 0.0)) <= 0.05 * value:
                    return summed(True, "product_of", [Amount(many, many.value or 0.0, many.unit), Amount(each, each.value or 0.0, each.unit)], value)
                continue
            if each.unit == "building":
                if many.unit != claim.unit or claim.unit != "W":
                    continue
            elif {many.unit, claim.unit} & {"rack", "system"} == set() or many.unit == each.unit == claim.unit:
                continue
            found, holds = _times(claim, many, each)
            if found is None:
                continue
            if holds:
                return found
            if said and page.sentence_of(each.char_start) == page.sentence_of(claim.char_start) and each.char_end <= claim.char_start:
                wrong = found
    return wrong or _multiplied(page, claim, near, others)


def _times(claim: Claim, many: Claim, each: Claim) -> tuple[Sum | None, bool]:
    parts = [Amount(many, many.value or 0.0, many.unit), Amount(each, each.value or 0.0, each.unit)]
    if claim.unit in ("rack", "system") and many.unit == each.unit and each.value:
        if many.char_start > claim.char_start:  # the total follows from the racks, not they from it
            return None, False
        quotient = (many.value or 0.0) / each.value
        holds = abs(quotient - (claim.value or 0.0)) <= max(1.0, 0.02 * quotient)
        return (summed(True, "ratio_of", parts, quotient), True) if holds else (None, False)
    if claim.unit not in (each.unit, "W"):
        return None, False
    value = (many.value or 0.0) * (each.value or 0.0)
    holds = abs(value - (claim.value or 0.0)) <= 0.02 * value
    return summed(holds, "product_of", parts, value), holds


def _multiplied(page: Page, claim: Claim, near: Sequence[Claim], others: Sequence[Claim]) -> Sum | None:
    """A figure that a multiple or share directly before it gives: 20 times 21 exaflops, half of 30 billion."""
    for factor in (c for c in near if c.kind in ("ratio_speedup", "share")):
        same = page.sentence_of(factor.char_start) == page.sentence_of(claim.char_start)
        between = page.folded[factor.char_end : claim.char_start]
        if not same or factor.hedge not in (None, "at_least") or not 0 <= claim.char_start - factor.char_end <= 5 or re.search(r"[.。\n]", between):
            continue
        pool = others if factor.kind == "ratio_speedup" else window(page, claim, others, 2)
        for base in sizes(pool):
            value = base.value * (factor.value or 0.0)
            if base.claim.id != claim.id and base.unit == claim.unit and abs(value - (claim.value or 0.0)) <= 0.02 * (claim.value or 1.0):
                return summed(True, "product_of", [base, Amount(factor, factor.value or 0.0, None)], value)
    return None


def check_total(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A total against the parts around it: right where some of them add up to it, wrong where plain parts do not."""
    if claim.unit in ("point", "country", "B", "rank"):
        return None
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    near_text = page.folded[max(a, claim.char_start - (26 if page.language == "en" else 16)) : claim.char_start] + page.text[claim.char_start : claim.char_start + 3]
    said = cues.has(cues.TOTAL, near_text) or cues.has(cues.TOTAL, page.folded[claim.char_end : claim.char_end + 12])
    family = _family(claim)

    def parts(back: int, ahead: int) -> list[Claim]:
        return [c for c in window(page, claim, others, back, ahead)
                if c.kind in family and c.unit == claim.unit and c.value and c.value < (claim.value or 0)]  # fmt: skip

    for back, ahead in ((0, 0), (1, 0), (2, 0), (4, 0), (0, 2), (0, 5)):
        like = sorted(parts(back, ahead), key=lambda c: abs(c.char_start - claim.char_start))[:PARTS]
        like.sort(key=lambda c: c.char_start)
        for size in range(min(len(like), 6), 1, -1):
            for some in itertools.combinations(like, size):
                value = sum(c.value or 0 for c in some)
                close = abs(value - (claim.value or 0)) <= (0.02 if ahead or said else 0.001) * value
                if close and (said or (ahead and claim.char_end <= some[0].char_start) or _listed(page, claim, some)):
                    return summed(True, "sum_of", [Amount(c, c.value or 0.0, c.unit) for c in some], value)
    if not said:
        return None
    return _repeated(page, claim, parts(0, 0)) or _false(page, claim, parts, page.folded[a:b])


def _family(claim: Claim) -> tuple[str, ...]:
    if claim.kind.startswith("money"):
        return ("money_support", "money_investment")
    return ("hardware_count", "stock") if claim.kind in ("hardware_count", "stock") else (claim.kind,)


def _repeated(page: Page, claim: Claim, like: Sequence[Claim]) -> Sum | None:
    """A total of parts of which some count for each of several: *A and B will each put in 19, C 7, for 45*."""
    before = [c for c in like if c.char_end <= claim.char_start]
    each = [bool(_EACH.search(page.folded[max(0, c.char_start - 34) : c.char_start] + page.folded[c.char_end : c.char_end + 8])) for c in before]
    if not before or not any(each):
        return None
    parts = [Amount(c, c.value or 0.0, c.unit) for c in before]
    seen: list[tuple[float, tuple[int, ...]]] = []
    for n in (2, 3, 4, 5):
        times = tuple(n if e else 1 for e in each)
        value = sum(p.value * t for p, t in zip(parts, times, strict=True))
        if abs(value - (claim.value or 0.0)) <= 0.02 * value:
            return summed(True, "sum_of", parts, value, times=times)
        seen.append((value, times))
    if len(parts) < 2:
        return None
    value, times = seen[0]
    return summed(False, "sum_of", parts, value, times=times)


def _false(page: Page, claim: Claim, parts: Callable[[int, int], list[Claim]], sentence: str) -> Sum | None:
    """The plain parts of a stated total that do not add up to it."""
    same = [c for c in parts(0, 0) if c.char_end <= claim.char_start and c.subject_country_iso3 == claim.subject_country_iso3]
    if len(same) < 2 and cues.has(cues.ADDING, sentence + page.sentence(page.sentence_of(claim.char_start) - 1)):
        same = [c for c in parts(1, 0) if c.char_end <= claim.char_start and c.subject_country_iso3 == claim.subject_country_iso3]
        if len(same) != 2 or any(c.hedge not in (None, "approx") for c in same):
            return None
    if len(same) < 2 and cues.has(cues.JOINED, sentence[: claim.char_end]) and not parts(0, 0):
        before = parts(1, 0)
        alike = len({(c.subject_country_iso3, c.kind) for c in before}) == 1 and all(c.char_end <= claim.char_start for c in before)
        if not (2 <= len(before) <= 5 and alike):
            return None
        same = before
    if any(c.hedge in ("vague", "range", "at_most", "at_least", "more_than", "less_than") for c in same):
        return None
    if len(same) >= 2 and (cues.has(cues.ADDING, sentence) or len(same) >= 3 or cues.has(cues.JOINED, sentence)):
        value = sum(c.value or 0 for c in same)
        if abs(value - (claim.value or 0)) > 0.02 * value and not _growing(page, same):
            return summed(False, "sum_of", [Amount(c, c.value or 0.0, c.unit) for c in same], value)
    return None


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
