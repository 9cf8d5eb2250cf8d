"""Whether the figures of an article agree with one another: totals, products, ratios, shares, rates of growth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.addition import check_addition
from podium.claims.amounts import SIZES, Sum, is_currency
from podium.claims.claim import Claim
from podium.claims.derived import check_derived
from podium.claims.division import check_division
from podium.claims.equivalents import check_equivalent
from podium.claims.phrases import phrase
from podium.claims.portions import check_portion, check_portion_size
from podium.claims.products import check_each, check_product
from podium.claims.ratios import check_ratio
from podium.claims.runs import check_named, check_run, counts_more
from podium.claims.tallies import check_counter, check_tally, is_goal, is_wider
from podium.claims.totals import check_difference, check_total
from podium.claims.wholes import of_somebody_else, share_of_whole
from podium.claims.workings import check_quotient, check_split, check_working

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["Sum", "check_arithmetic"]


def check_arithmetic(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return what the other figures of the article say about one derived figure; None where none bears on it."""
    found = _told_near(page, claim, others)
    return check_derived(page, claim, others) if found is None and claim.kind != "rank_change" else found


def _told_near(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """What the figures around one say of it by the words between them: these may contradict."""
    if claim.kind == "rank_change":
        return _steps(page, claim)
    if claim.kind in ("ratio_speedup", "share"):
        if _of_a_rate(page, claim):
            return None
        whole = (check_portion(page, claim, others) if claim.kind == "share" else None) or share_of_whole(page, claim, others)
        found = whole or check_ratio(page, claim, others)
        if found is not None and not found.holds and of_somebody_else(page, claim, found.relation.get("ratio_of", ()), others):
            return None
        return found
    if claim.kind == "other" and claim.value is not None:
        if claim.unit == "point":
            return check_difference(page, claim, others)
        if claim.unit in ("B", "gpu", "cpu") or is_currency(claim.unit):
            return check_each(page, claim, others) or check_division(page, claim, others) or check_quotient(page, claim, others)
        if claim.unit == "W" and (told := check_quotient(page, claim, others)) is not None:
            return told
    if claim.kind in SIZES and claim.value is not None:
        told = check_named(page, claim, others) or check_addition(page, claim, others) or check_counter(page, claim, others) or check_portion_size(page, claim, others)
        if told is not None:
            return told
        product = check_product(page, claim, others)
        if product is not None and product.holds:
            return product
        total = check_total(page, claim, others) or check_difference(page, claim, others)
        if product is None and (boxes := check_equivalent(page, claim, others)) is not None:
            return boxes
        found = total if total is not None and total.holds else product or total or check_tally(page, claim, others) or check_run(page, claim, others) or check_working(page, claim, others) or check_split(page, claim, others)
        if found is not None and not found.holds and found.relation and "sum_of" in found.relation:
            parts = [c for c in others if c.id in found.relation["sum_of"]]
            slip = 0.33 < (found.value or 0.0) / (claim.value or 1.0) < 3
            if not slip or (parts[-1].char_end <= claim.char_start and counts_more(page, claim, parts)):
                found = check_run(page, claim, others)
            return None if is_goal(page, claim, parts) or is_wider(page, claim, parts) else found
        return found
    return None


_RATE_EN = re.compile(r"\s(?:below|under|above|over|off|cheaper than|less than|lower than|more than|of) (?:the |its )?(?:commercial|market|going|list|usual|retail|private|full|normal|official)(?: \w+)? (?:rates?|prices?|tariffs?|costs?)\b", re.I)
_RATE_EAST = re.compile(r"(?:시장|시중|민간|상용|정상|정가|市場|民間|通常|一般)[가-힣ぁ-ん一-鿿 ]{0,6}(?:가격|요금|단가|시세|이용료|価格|料金|相場|単価|使用料)(?:보다|의|대비|より|の|に比べ|と比べ)\s?(?:약 |約)?$")


def _of_a_rate(page: Page, claim: Claim) -> bool:
    """Whether a share or multiple is against a rate of the market, which the article does not tell: 40 per cent below the commercial rate."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    return bool(_RATE_EN.match(page.folded, claim.char_end) or _RATE_EAST.search(page.folded, max(a, claim.char_start - 24), claim.char_start))


def _steps(page: Page, claim: Claim) -> Sum | None:
    if claim.change_value is None or claim.value is None or claim.from_value is None:
        return None
    moved = abs(claim.value - claim.from_value)
    words = phrase(page.language, "steps", before=f"{claim.from_value:g}", value=f"{claim.value:g}", moved=f"{moved:g}")
    return Sum(moved == claim.change_value, {"steps_of": [claim.id]}, words, moved)
