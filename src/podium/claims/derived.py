"""Figures that others of the article give by one plain step, wherever they stand: supported or nothing.

What is left of a whole told paragraphs before, a share of it in chips or money, chips in servers of eight, money by a price, what a fleet
grows to with what is added. Nothing here contradicts: the words are too few to say that just this was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from podium.claims.agreement import agrees
from podium.claims.amounts import SIZES, Amount, Sum, amount, family, fits, in_unit, is_currency, say, summed, window
from podium.claims.claim import Claim
from podium.claims.products import held_by

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_derived"]

EXACT = 0.005


def check_derived(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return the first plain step that gives a figure; None where none does."""
    if claim.value is None or claim.hedge in ("vague", "range"):
        return None
    if claim.kind == "ratio_speedup":
        return _grown_by(page, claim, others)
    if claim.kind == "share":
        return _not_reached(page, claim, others)
    if claim.kind not in SIZES or claim.kind == "valuation":
        return None
    before = [in_unit(c, claim.unit) for c in others if c.value and c.char_end <= claim.char_start]
    for step in (_left_of, _share_of, _in_servers, _bought_with, _for_all):
        if (found := next(iter(step(page, claim, before, others)), None)) is not None:
            return found
    return None


_REST = re.compile(r"(?:나머지|남은|잔여)(?:\s?(?:는|인|물량|금액|돈))?[^\d.]{0,8}$|(?:残り|残る|残額)(?:の|は)?[^\d。、]{0,6}$|\bthe (?:other|rest|balance|remaining)\b[^.;\d]{0,16}$", re.I)


def _like(claim: Claim, before: Sequence[Claim]) -> list[Claim]:
    return [c for c in before if c.unit == claim.unit and c.kind in family(claim)]


def _left_of(page: Page, claim: Claim, before: Sequence[Claim], others: Sequence[Claim]) -> Iterator[Sum]:
    """The rest of a whole less the part told last: 나머지 5200장 of 1만3000, 残る8000万ドル."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    like = _like(claim, before)
    if like and _REST.search(page.folded, max(a, claim.char_start - 40), claim.char_start):
        for whole in reversed(like[:-1]):
            if fits(claim, (whole.value or 0.0) - (like[-1].value or 0.0), EXACT):
                yield summed(True, "difference_of", [amount(whole), amount(like[-1])], (whole.value or 0.0) - (like[-1].value or 0.0))


_IN_FIGURES = re.compile(r"(?:액수|금액|대수|장수|개수|돈)(?:으?로)(?:는|\s?환산하면|\s?치면|\s?따지면)?\s?(?:약 )?$|(?:金額|額|台数|枚数|基数)(?:にして|では|に直すと|に換算すると|で)約?$|\bin (?:money|cash|absolute) terms,?\s(?:that is |about )?$", re.I)
_THAT_MANY = re.compile(r"(?:인|에 해당하는|에 이르는|の|に当たる|にあたる|に相当する)\s?(?:약 |約)?|,? or (?:about )?|\s?[(（](?:약 |約|about )?")


def _share_of(page: Page, claim: Claim, before: Sequence[Claim], others: Sequence[Claim]) -> Iterator[Sum]:
    """A share of a whole told before, in figures: 60%인 7800장; *액수로는* 2억8800만 after 60 % of 4억8000만."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    shares = [c for c in before if c.kind == "share"]
    close = shares and _THAT_MANY.fullmatch(page.folded, shares[-1].char_end, claim.char_start)
    said = _IN_FIGURES.search(page.folded, a, claim.char_start)
    if not close and not said:
        return
    first = page.sentences[max(0, page.sentence_of(claim.char_start) - 1)][0]
    for share in shares[-1:] if close else [c for c in reversed(shares) if c.char_start >= first]:
        for whole in reversed(_like(claim, before)):
            value = (whole.value or 0.0) * (share.value or 0.0)
            if fits(claim, value, EXACT):
                yield summed(True, "product_of", [amount(whole), Amount(share, share.value or 0.0, None)], value)


def _in_servers(page: Page, claim: Claim, before: Sequence[Claim], others: Sequence[Claim]) -> Iterator[Sum]:
    """Chips in servers of the usual kind: 2,400 B200s are 300 servers, 350 servers 2,800 chips."""
    if claim.unit not in ("system", "gpu") or claim.kind == "other":
        return
    near = [c for c in window(page, claim, others, 4) if c.char_end <= claim.char_start and c.value and c.kind != "other"]
    for c in reversed(near):
        count, chips = (c, claim) if claim.unit == "gpu" else (claim, c)
        each = held_by(f"DGX {_chip(page, chips)}")
        if {count.unit, chips.unit} != {"system", "gpu"} or not each:
            continue
        value = (c.value or 0.0) * each if claim.unit == "gpu" else (c.value or 0.0) / each
        if fits(claim, value, EXACT):
            sign = "×" if claim.unit == "gpu" else "/"
            yield Sum(True, {"product_of" if claim.unit == "gpu" else "ratio_of": [c.id]}, f"{c.value:,.10g} {sign} {each} = {value:,.10g}", value)


def _chip(page: Page, c: Claim) -> str:
    """The chip that is counted: the one named in the figure's sentence or the two before, where there is one alone."""
    k = page.sentence_of(c.char_start)
    for back in (0, 1, 2):
        named = {re.sub(r"^(?:DGX|HGX)\s?", "", n) for _, _, n in page.chips_before(page.sentences[k][1], page.sentences[max(0, k - back)][0])}
        if named:
            return named.pop() if len(named) == 1 else ""
    return ""


def _bought_with(page: Page, claim: Claim, before: Sequence[Claim], others: Sequence[Claim]) -> Iterator[Sum]:
    """How many a sum buys at a price: 3000억원, 한 장 값을 5000만원으로 치면 6000장."""
    if claim.unit not in ("gpu", "system", "rack"):
        return
    near = [c for c in window(page, claim, others, 2) if c.char_end <= claim.char_start and c.value and is_currency(c.unit)]
    for price in (c for c in reversed(near) if c.kind == "other" and page.sentence_of(c.char_start) == page.sentence_of(claim.char_start)):
        for money in (c for c in reversed(near) if c.kind != "other" and c.unit == price.unit):
            value = (money.value or 0.0) / (price.value or 1.0)
            if fits(claim, value, 0.02):
                yield Sum(True, {"ratio_of": [money.id, price.id]}, f"{say(money.value or 0.0, money.unit)} / {say(price.value or 0.0, price.unit)} = {say(value, None)}", value)


_ALL = re.compile(r"전부|전량|모두|곱하|다 합|全数|全部|全量|掛け|\ball of them\b|\bfor the lot\b|\bmultipl", re.I)


def _for_all(page: Page, claim: Claim, before: Sequence[Claim], others: Sequence[Claim]) -> Iterator[Sum]:
    """A price told a sentence before, times a number told anywhere: 全数を掛ければ92億円."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    if not is_currency(claim.unit) or not _ALL.search(page.folded, a, claim.char_start):
        return
    first = page.sentences[max(0, page.sentence_of(claim.char_start) - 1)][0]
    prices = [c for c in before if c.unit == claim.unit and c.kind == "other" and c.char_start >= first]
    for price in reversed(prices):
        for count in (c for c in reversed(before) if c.unit in ("gpu", "system", "rack") and c.kind in ("hardware_count", "stock")):
            if fits(claim, (price.value or 0.0) * (count.value or 0.0), EXACT):
                yield summed(True, "product_of", [amount(count), amount(price)], (price.value or 0.0) * (count.value or 0.0))


_GROWS = re.compile(r"보유|늘|불어|커지|규모|保有|増え|膨ら|拡大|\b(?:fleet|grow|grows|growing|grown|stock|expand|swell)", re.I)


def _grown_by(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """What a fleet grows to by what is added: 1,400 now and 2,800 more are three times as many."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    if not _GROWS.search(page.folded, max(a, claim.char_start - 40), min(b, claim.char_end + 16)):
        return None
    near = [c for c in window(page, claim, others, 3) if c.char_end <= claim.char_start and c.value and c.kind in ("hardware_count", "stock", "power_capacity")]
    for old in reversed(near):
        for new in (c for c in reversed(near) if c.unit == old.unit and c.id != old.id and (old.status == "operational" or old.kind == "stock")):
            value = ((new.value or 0.0) + (old.value or 0.0)) / (old.value or 1.0)
            if agrees(claim, value):
                words = f"({say(old.value or 0.0, old.unit)} + {say(new.value or 0.0, new.unit)}) / {say(old.value or 0.0, old.unit)} = {value:.3g}"
                return Sum(True, {"ratio_of": [old.id, new.id]}, words, value)
    return None


_UNMET = re.compile(r"나머지|남은|대기|기다리|줄을 서|못 |유휴|놀고|미승인|미확보|모자라|부족|残り|待ち|足り|未|遊ん|\b(?:wait|queue|idle|unused|unmet|short of|missing|without|still to|yet to)", re.I)


def _not_reached(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """The share of a whole that is not reached: 7.2GW asked, 1.8GW granted, three quarters wait."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    if not _UNMET.search(page.folded, max(a, claim.char_start - 30), min(b, claim.char_end + 24)):
        return None
    near = [c for c in window(page, claim, others, 1) if c.char_end <= claim.char_start and c.value and c.kind in SIZES and c.kind != "other"]
    for part in reversed(near):
        for whole in (c for c in near if c.unit == part.unit and (c.value or 0.0) > (part.value or 0.0)):
            value = 1 - (part.value or 0.0) / (whole.value or 1.0)
            if agrees(claim, value):
                words = f"1 − {say(part.value or 0.0, part.unit)} / {say(whole.value or 0.0, whole.unit)} = {value:.3g}"
                return Sum(True, {"ratio_of": [part.id, whole.id]}, words, value)
    return None
