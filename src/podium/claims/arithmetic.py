"""Whether the figures of an article agree with one another: totals, products, ratios, shares, rates of growth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.addition import check_addition
from podium.claims.amounts import SIZES, Sum, is_currency
from podium.claims.claim import Claim
from podium.claims.division import check_division
from podium.claims.phrases import phrase
from podium.claims.products import check_each, check_product
from podium.claims.ratios import check_ratio
from podium.claims.totals import check_difference, check_total
from podium.claims.wholes import of_somebody_else, share_of_whole

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["Sum", "check_arithmetic"]


def check_arithmetic(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return what the other figures of the article say about one derived figure; None where none bears on it."""
    if claim.kind == "rank_change":
        return _steps(page, claim)
    if claim.kind in ("ratio_speedup", "share"):
        of_whole = share_of_whole(page, claim, others)
        found = of_whole or check_ratio(page, claim, others)
        if found is not None and not found.holds and of_somebody_else(page, claim, found.relation.get("ratio_of", ()), others):
            return None
        return found
    if claim.kind == "other" and claim.value is not None:
        if claim.unit == "point":
            return check_difference(page, claim, others)
        if claim.unit in ("B", "gpu", "cpu") or is_currency(claim.unit):
            return check_each(page, claim, others) or check_division(page, claim, others)
    if claim.kind in SIZES and claim.value is not None:
        if (added := check_addition(page, claim, others)) is not None:
            return added
        product = check_product(page, claim, others)
        if product is not None and product.holds:
            return product
        total = check_total(page, claim, others) or check_difference(page, claim, others)
        return total if total is not None and total.holds else product or total
    return None


def _steps(page: Page, claim: Claim) -> Sum | None:
    if claim.change_value is None or claim.value is None or claim.from_value is None:
        return None
    moved = abs(claim.value - claim.from_value)
    words = phrase(page.language, "steps", before=f"{claim.from_value:g}", value=f"{claim.value:g}", moved=f"{moved:g}")
    return Sum(moved == claim.change_value, {"steps_of": [claim.id]}, words, moved)
