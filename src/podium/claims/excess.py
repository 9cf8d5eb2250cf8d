"""By how much one figure is above or below another: *43 % more than*, 보다 40% 높다, に比べ4割多い."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.agreement import rounding
from podium.claims.amounts import PLAIN, Amount, Sum, sizes, summed, window
from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["excess_pair", "gap_share", "is_excess", "is_gap", "told_excess"]

_UP = {
    "ko": r"(?:가량|정도|쯤|이상|넘게|안팎)?\s?(?:더\s)?(?:높|많|크[고게다지]|큰|커|비싸|비싼|무거|넓|웃돌|앞서|앞선|빠르|빠른|빨랐)",
    "ja": r"(?:ほど|近く|程度|以上|超|強|余り?)?(?:も)?\s?(?:多|高|大き|広|重|速|上回)",
    "en": r"\s(?:more|higher|larger|bigger|greater|heavier|dearer|faster|quicker|ahead of|above|up on)\b",
}
_DOWN = {
    "ko": r"(?:가량|정도|쯤|이상|넘게|안팎)?\s?(?:더\s)?(?:낮|적[은다게고]|작|싸[다게고]|싼|가벼|못 미치|밑돌|뒤[지처]|느리|느린)",
    "ja": r"(?:ほど|近く|程度|以上|超|強|余り?)?(?:も)?\s?(?:少な|低|小さ|安|軽|遅|下回)",
    "en": r"\s(?:less|lower|smaller|fewer|lighter|cheaper|slower|behind|short of|below|down on)\b",
}
_THAN = {"ko": r"보다|에 비해|대비|[과와] (?:견줘|견주면|비교하면|비교해)", "ja": r"より|[にと]比べ|比で|に対し", "en": r"\bthan\b|\babove\b|\bbelow\b|\bahead of\b|\bbehind\b|\bshort of\b|\bon (?:its|the)\b"}


def is_excess(page: Page, claim: Claim) -> bool:
    """Whether a share says by how much something is above or below something else."""
    return _sign(page, claim) != 0


def _sign(page: Page, claim: Claim) -> int:
    """1 where the text says more, −1 where it says less, 0 where it says neither of a comparison."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    text, tongue = page.folded, page.language
    compared = text[claim.char_end : b] if tongue == "en" else text[a : claim.char_start]
    if claim.kind != "share" or not re.search(_THAN[tongue], compared[:40] if tongue == "en" else compared[-40:], re.I):
        return 0
    right = text[claim.char_end : claim.char_end + 24]
    return 1 if re.match(_UP[tongue], right) else -1 if re.match(_DOWN[tongue], right) else 0


def excess_pair(page: Page, claim: Claim, others: Sequence[Claim]) -> tuple[Amount, Amount, float, bool] | None:
    """Return the two figures that a comparison sets side by side, by how much they differ, and whether they are surely meant.

    They are the only two of one unit in the sentence: the greater one is told of what is said to be more.
    """
    sign = _sign(page, claim)
    near = [x for x in sizes(window(page, claim, others, 0)) if x.unit == x.claim.unit]
    like = [x for x in near if sum(y.unit == x.unit for y in near) == 2]
    if sign == 0 or len(like) != 2 or not like[1].value or not like[0].value:
        return None
    high, low = sorted(like, key=lambda x: -x.value)
    new, old = (high, low) if sign > 0 else (low, high)
    plain = all(x.claim.hedge in (None, "approx", "at_most") for x in like) and high.claim.kind == low.claim.kind
    return new, old, abs(new.value / old.value - 1), plain and claim.hedge in PLAIN


def told_excess(holds: bool, pair: tuple[Amount, Amount, float, bool]) -> Sum:
    """Return the outcome of a comparison of two figures."""
    new, old, rate, _ = pair
    return summed(holds, "growth_of", [new, old], rate)


_GAP = re.compile(r"(?:との差|差|開き|隔たり)[はが]?(?:わずか|たった|約|およそ)?$|(?:격차|차이|차)(?:는|가|도)?\s?(?:불과 |겨우 |고작 |약 )?$|\b(?:gap|margin|difference)\b[^.;]{0,30}\b(?:is|was|of|at|just|only|to)\s(?:just |only |about |a mere |under |nearly )?$", re.I)


def is_gap(page: Page, claim: Claim) -> bool:
    """Whether a share is by how much two figures differ, in per cent: との差は1.6%, 격차는 12%."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    return claim.kind == "share" and _GAP.search(page.folded, max(a, claim.char_start - 44), claim.char_start) is not None


def gap_share(claim: Claim, near: Sequence[Amount]) -> Sum | None:
    """Return the last two like figures before a gap in per cent that give it, by either of them; supported or nothing."""
    like = [x for x in near if x.claim.char_end <= claim.char_start and x.unit == x.claim.unit and x.value]
    for one, other in itertools.combinations(reversed(like), 2):
        if one.unit == other.unit:
            high, low = max(one, other, key=lambda x: x.value), min(one, other, key=lambda x: x.value)
            for new, old, rate in ((high, low, high.value / low.value - 1), (low, high, 1 - low.value / high.value)):
                if abs(rate - (claim.value or 0.0)) <= max(0.02 * rate, rounding(claim)):
                    return summed(True, "growth_of", [new, old], rate)
    return None
