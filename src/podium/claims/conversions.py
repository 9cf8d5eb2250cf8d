"""A sum told again in another currency in a clause or sentence of its own: 우리 돈 1300억원이 넘는 액수다, *at Wednesday's rate that is $3.45bn*."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.amounts import fits, is_currency, window
from podium.claims.claim import Claim
from podium.claims.phrases import money, particle, phrase
from podium.claims.verdicts import Check
from podium.evidence.rates import rate_of

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["in_conversion_apart"]

_TOLD = {
    "ko": re.compile(r"(?:(?:우리 ?돈|한국 ?돈|한화|원화|미화|달러화?|유로화?|엔화|위안화)(?:으?로|로)?(?:는|도)?(?: ?(?:환산|계산|따지|치|바꾸|쳐|하)[가-힣]{0,3})?|환율(?:로|을|을 적용)[^\d.]{0,12}|환산하면)[,\s]\s?(?:모두 |총 )?(?:약 |대략 )?$"),
    "en": re.compile(r"\b(?:at (?:[\w’']+ ){0,3}(?:exchange )?rates?(?: of [^,;]{1,20})?,?(?: (?:that|it|which|this) (?:is|was|comes? to|makes|works out at|equals|amounts? to))?(?: about| roughly| some| nearly)?"
                     r"|in (?:US |U\.S\. )?(?:dollars?|euros?|sterling|pounds?|won|yen)(?: terms)?,?(?: (?:that|it|which|this) (?:is|was|comes? to|makes|amounts? to))?(?: about| roughly| some)?|(?:the )?equivalent (?:of|to)|converts? (?:in)?to|translates? (?:in)?to)\s$", re.I),
    "ja": re.compile(r"(?:(?:日本円|円|米?ドル|ユーロ|ウォン)(?:に|で|へ)?(?:換算(?:では|で|すると|すれば|して)?|直(?:すと|せば)|して|すると|なら|は)|(?:為替|レート|相場)(?:レート|相場)?(?:で(?:は)?|に(?:よ)?ると)|換算(?:すると|で))、?(?:およそ|約)?$"),
}  # fmt: skip


def in_conversion_apart(page: Page, claim: Claim, others: Sequence[Claim]) -> Check | None:
    """Return whether a sum is the last one told in another currency, where its clause says that it is the same money; within 5 %."""
    if not is_currency(claim.unit) or claim.value is None:
        return None
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    if not _TOLD[page.language].search(page.folded, a, claim.char_start):
        return None
    before = [c for c in window(page, claim, others, 1) if is_currency(c.unit) and c.value and c.char_end <= claim.char_start]
    if not before or before[-1].unit == claim.unit or before[-1].hedge in ("vague", "range") or before[-1].converted_value:
        return None
    base = before[-1]
    rate = rate_of(base.unit or "", claim.unit or "", page.date)
    if rate is None:
        return None
    value = (base.value or 0.0) * rate.value
    x, y, z = money(page.language, base.value or 0.0, base.unit or ""), money(page.language, value, claim.unit or ""), money(page.language, claim.value, claim.unit or "")
    reason = phrase(page.language, "conversion", x=x, eun=particle(x, "은", "는"), y=y, day=rate.day, rate=f"{rate.value:.6g}", z=z, off=f"{claim.value / value - 1:+.1%}")
    return Check(fits(claim, value, 0.05), reason, right=value)
