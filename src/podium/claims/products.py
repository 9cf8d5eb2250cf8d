"""A figure as so many times so much: racks × chips, chips × watts, a price for each, a share of a sum; and the way back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.amounts import (
    PLAIN,
    SIZES,
    Amount,
    Sum,
    amount,
    fits,
    is_currency,
    may_be_slip,
    sizes,
    summed,
    window,
)
from podium.claims.claim import Claim
from podium.claims.numerals import read_count, read_number
from podium.errors import EvidenceError

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_each", "check_product", "held_by", "is_each", "multiplies", "places_told"]

_RESULT = re.compile(
    r"모두|합계|총|이면|셈|달하|치면|환산|にして|換算|なる|計|合計|合わせ|で、?$|だから|から、|\btotal|in all|making|amount|means|hold|need|so\s|or$", re.I
)
# What is there already is not what comes of the racks that are bought.
_HAD = re.compile(r"기존|이미|既存|既に|すでに|\b(?:existing|already|older)\b", re.I)
_COUNTED = ("gpu", "cpu", "system", "rack", "building")


def check_product(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A number as so many times so much: racks × chips, chips × power or memory, count × price; or a share of a sum."""
    wide = [c for c in window(page, claim, others, 5) if c.value and c.kind in (*SIZES, "ratio_speedup", "share")]
    close = {c.id for c in window(page, claim, others, 3)}
    near = [c for c in wide if c.id in close]
    per = [c for c in near if is_each(page, c, claim)]
    many = [c for c in near if c.kind in ("hardware_count", "stock", "power_capacity", "other") and (c.unit in _COUNTED or c.unit == "W")]
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    said = bool(_RESULT.search(page.folded[max(a, claim.char_start - 26) : min(b, claim.char_end + 12)]))
    wrong: Sum | None = None
    for each in per:
        for count in many:
            if count.id == each.id or not multiplies(count, each, claim):
                continue
            found = _times(claim, count, each)
            if found is None or _follows_from(page, claim, count, each):
                continue
            if found.holds:
                return found
            here = page.sentence_of(each.char_start) == page.sentence_of(claim.char_start) and each.char_end <= claim.char_start
            if any(c.unit == claim.unit and c.id != claim.id and (fits(c, found.value or 0.0, 0.02) or fits(claim, (found.value or 0.0) + (c.value or 0.0), 0.02)) for c in near):
                continue  # told already: 50MW, 냉각까지 70MW
            if said and here and not _HAD.search(page.folded, max(a, claim.char_start - 16), claim.char_start) and found.value and 1 / 15 < found.value / (claim.value or 1.0) < 15 and count.char_start < claim.char_start and claim.hedge in PLAIN and _alone(count, each, many):
                wrong = found
    if (placed := _of_places(page, claim, others)) is not None:
        return placed
    if claim.unit in ("W", "B") or is_currency(claim.unit):
        if (three := _three(claim, per, many)) is not None:
            return three
        if (priced := _priced(page, claim, per, window(page, claim, others, 9))) is not None:
            return priced
    return _left(page, claim, near) or _quotient(page, claim, wide) or wrong or _of_systems(page, claim, near, said=said) or _multiplied(page, claim, near, others)


def _of_systems(page: Page, claim: Claim, near: Sequence[Claim], *, said: bool) -> Sum | None:
    """Racks or servers of a named type by the accelerators that each is known to hold, where the text leaves that number out."""
    if claim.unit != "gpu" or claim.kind not in ("hardware_count", "stock"):
        return None
    if (them := _of_them(page, claim)) is not None:
        return them
    boxes = [c for c in near if c.unit in ("rack", "system") and c.kind in ("hardware_count", "stock") and c.value and held_by(c.system)]
    k = page.sentence_of(claim.char_start)
    for box in boxes:
        each = held_by(box.system)
        value = (box.value or 0.0) * each
        words = f"{box.value:,.10g} × {each} ({box.system}) = {value:,.10g}"
        if fits(claim, value, 0.02):
            return Sum(True, {"product_of": [box.id]}, words, value)
        plain = claim.hedge in PLAIN and box.hedge in PLAIN and may_be_slip(value, claim)
        close = 0 <= claim.char_start - box.char_end < 140 and k - page.sentence_of(box.char_start) <= 1
        if said and plain and close and len(boxes) == 1 and not _adds(page, claim, near):
            return Sum(False, {"product_of": [box.id]}, words, value)
    return None


_THEM = re.compile(r"\b(?P<n>\d[\d,]*|two|three|four|five|six|eight|ten|twelve|twenty|fifty|a hundred) of (?:them|these|those)\b[^.;\d]{0,24}$", re.I)


def _of_them(page: Page, claim: Claim) -> Sum | None:
    """So many *of them*, racks of the type told before, by the chips that each holds: *will take 50 of them, or 3,600 GPUs*."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    told = _THEM.search(page.folded, a, claim.char_start)
    number = read_number(told["n"].replace("a hundred", "100")) if told else None
    before = page.sentences[max(0, page.sentence_of(claim.char_start) - 1)][0]
    types = [c[2] for c in page.chips_before(told.start(), before) if held_by(c[2])] if told else []
    if not number or len(set(types)) != 1:
        return None
    each = held_by(types[-1])
    value = number * each
    holds = fits(claim, value, 0.02)
    if not holds and not (claim.hedge in PLAIN and may_be_slip(value, claim)):
        return None
    return Sum(holds, {"product_of": []}, f"{number:,.10g} × {each} ({types[-1]}) = {value:,.10g}", value)


def _adds(page: Page, claim: Claim, near: Sequence[Claim]) -> bool:
    """Whether other chips are counted nearby, which a total may hold as well."""
    return any(c.unit == "gpu" and c.kind in ("hardware_count", "stock") and c.id != claim.id and c.char_end <= claim.char_start for c in near)


def held_by(system: str | None) -> int:
    """How many accelerators a named rack or server holds: by its name (NVL72), else by a cited fact; 0 where unknown."""
    if system is None:
        return 0
    if rack := re.search(r"NVL\s?(\d{1,3})$", system):
        return int(rack[1])
    from podium.hardware.systems import system as find

    try:
        return find(system).count
    except EvidenceError:
        return 0


_EACH_SITE = re.compile(r"\b(?:each|every|per)\s(?:of (?:the|them|these)\s)?(?:\w+\s)?(?:site|centre|center|campus|factory|hub|hall|building|phase|country|member|firm|company|slot|one)?\b|한 곳(?:당|에|마다)?|곳마다|한 곳에|개소당|곳당|기관당|회사당|사당|[1一](?:カ所|拠点|社)(?:あたり|当たり|につき|に)|各(?:拠点|社|国)", re.I)
_PLACES = re.compile(
    r"\b(?P<en>two|three|four|five|six|seven|eight|nine|ten|\d{1,2})\b(?:\s[\w-]+){0,3}?\s(?:sites|centres|centers|campuses|factories|gigafactories|hubs|halls|buildings|phases|countries|firms|companies|slots|locations|plants|winners)\b"
    r"|\bthe (?P<the>two|three|four|five|six|seven|eight|nine|ten)\b(?=\s(?:would|will|together|combined|of them|are|have|hold|house|need))"
    r"|(?P<ko>\d{1,2}|두|세|네|다섯|여섯)\s?(?:년 ?(?:간|동안)|곳|개소|개 (?:센터|거점|단지|지역|기관|회사|기업)|개사|개 사)|(?P<ja>\d{1,2}|[二三四五六七八九])\s?(?:カ所|か所|拠点|施設|社)", re.I)  # fmt: skip


def places_told(page: Page, claim: Claim) -> int | None:
    """How many sites, firms or phases the sentence of a figure, or the one before it, last counts; None where none."""
    first = page.sentences[max(0, page.sentence_of(claim.char_start) - 1)][0]
    told = list(_PLACES.finditer(page.folded, first, claim.char_start))
    words = [next(w for w in m.groups() if w).lower() for m in told]
    return next((n for n in map(read_count, reversed(words)) if n is not None and n > 1), None)


def _of_places(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """So many sites, each with so much: right where the product gives the figure, wrong where the text calls it their total and it differs."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    text = page.folded
    each = [c for c in window(page, claim, others, 1) if c.unit == claim.unit and c.value and c.char_end <= claim.char_start
            and _EACH_SITE.search(text[max(page.sentences[page.sentence_of(c.char_start)][0], c.char_start - 44) : c.char_end + 16])]  # fmt: skip
    n = places_told(page, claim)
    if len(each) != 1 or n is None or _EACH_SITE.search(text[max(each[0].char_end if each else a, claim.char_start - 24) : claim.char_start]):
        return None
    value = n * (each[0].value or 0.0)
    holds = fits(claim, value, 0.02)
    said = cues.has(cues.TOTAL, text[max(a, claim.char_start - 26) : min(b, claim.char_end + 12)])
    plain = each[0].hedge in PLAIN and claim.hedge in PLAIN and may_be_slip(value, claim)
    if holds or (said and plain and n > 1):
        return summed(holds, "product_of", [amount(each[0])], value, times=[n])
    return None


_HENCE = re.compile(r"だから|ので|つまり|すなわち|즉|그래서|이므로|\bso\b|\bhence\b|\bthat is\b|\bi\.e\.", re.I)


def _follows_from(page: Page, claim: Claim, *factors: Claim) -> bool:
    """Whether a factor is what the text works out from the figure: 6128基、1ノードに8基だから766ノード."""
    return any(c.char_start > claim.char_end and c.kind != "other" and _HENCE.search(page.folded, claim.char_end, c.char_start) for c in factors)


def _three(claim: Claim, per: Sequence[Claim], many: Sequence[Claim]) -> Sum | None:
    """Racks × chips in each × watts, bytes or price of a chip; supported or nothing."""
    for box in (c for c in many if c.unit in ("rack", "system") and c.kind != "other" and c.value):
        inner = [Amount(c, c.value or 0.0, "gpu") for c in per if c.unit == "gpu" and c.kind == "other"]
        known = held_by(box.system)
        for each in (c for c in per if c.unit == claim.unit and c.id != claim.id and c.kind == "other"):
            for chips in inner:
                value = (box.value or 0.0) * chips.value * (each.value or 0.0)
                if fits(claim, value, 0.02):
                    return summed(True, "product_of", [amount(box), chips, amount(each)], value)
            value = (box.value or 0.0) * known * (each.value or 0.0)
            if known and fits(claim, value, 0.02):
                return summed(True, "product_of", [Amount(box, (box.value or 0.0) * known, "gpu"), amount(each)], value)
    return None


def _priced(page: Page, claim: Claim, per: Sequence[Claim], wide: Sequence[Claim]) -> Sum | None:
    """A price told in the sentence of a sum, times a count told paragraphs before; supported or nothing."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    for each in (c for c in per if c.unit == claim.unit and a <= c.char_start < claim.char_start):
        for count in (c for c in wide if c.unit in ("gpu", "system", "rack") and c.kind in ("hardware_count", "stock") and c.value):
            value = (count.value or 0.0) * (each.value or 0.0)
            if fits(claim, value, 0.02):
                return summed(True, "product_of", [amount(count), amount(each)], value)
    return None


_LEAVES = re.compile(r"\bleav(?:es?|ing)\b|\bremain|\brest\b|\bnet (?:cost|price)|나머지|남은|남는|실부담|본인 ?부담|자부담|残り|残る|自己負担|実質", re.I)


def _left(page: Page, claim: Claim, near: Sequence[Claim]) -> Sum | None:
    """What a share taken off leaves: 40 per cent of 116 rupees are paid by the state, which leaves 70; supported or nothing."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    if not _LEAVES.search(page.folded, a, min(b, claim.char_end + 16)):
        return None
    for share in (c for c in near if c.kind == "share" and c.value and c.char_end <= claim.char_start and c.char_start >= a):
        for base in (c for c in near if c.unit == claim.unit and c.value and c.id != claim.id and c.char_end <= claim.char_start):
            value = (base.value or 0.0) * (1 - (share.value or 0.0))
            if fits(claim, value, 0.02):
                return summed(True, "product_of", [amount(base), Amount(share, 1 - (share.value or 0.0), None)], value)
    return None


def _alone(count: Claim, each: Claim, many: Sequence[Claim]) -> bool:
    """Whether one count of its unit stands near."""
    return sum(c.unit == count.unit and c.id != each.id for c in many) == 1


def is_each(page: Page, c: Claim, claim: Claim) -> bool:
    """Whether a figure is of one item: a count in a rack, the power or memory of a chip, a price."""
    if c.id == claim.id:
        return False
    if c.kind == "other":
        return c.unit in (*_COUNTED, "W", "B") or is_currency(c.unit)
    a, b = page.sentences[page.sentence_of(c.char_start)]
    told = page.within(page.quantities, a, c.char_start)  # 장당 1kW만 잡아도 50MW: the 1 kW is for each, not the 50 MW
    last = max((q.end for q in told if q.end <= c.char_start and (q.value or 2) > 1), default=a)
    near = page.folded[max(last, c.char_start - 40) : min(b, c.char_end + 16)]
    return c.unit in ("W", "gpu", "cpu") and (cues.has(cues.PER_ITEM, near) or cues.has(cues.EACH_PLACE, near))


def multiplies(count: Claim, each: Claim, claim: Claim) -> bool:
    """Whether a count of things, each of so much, can give a figure of this unit."""
    unit = each.unit or ""
    if is_currency(unit):
        return count.unit in ("gpu", "system", "rack") and claim.unit == unit
    if unit == "building":
        return count.unit == claim.unit == "W"
    if unit in ("W", "B"):
        return count.unit in ("gpu", "system", "rack", "cpu", "building") and claim.unit == unit
    if claim.unit in ("rack", "system"):
        return count.unit == unit
    return claim.unit == unit and count.unit in ("rack", "system", "building") and count.unit != unit


def _times(claim: Claim, count: Claim, each: Claim) -> Sum | None:
    parts = [amount(count), amount(each)]
    if claim.unit in ("rack", "system") and count.unit == each.unit and each.value:
        if count.char_start > claim.char_start:  # the total follows from the racks, not they from it
            return None
        quotient = (count.value or 0.0) / each.value
        holds = abs(quotient - (claim.value or 0.0)) <= max(1.0, 0.02 * quotient)
        return summed(True, "ratio_of", parts, quotient) if holds else None
    value = (count.value or 0.0) * (each.value or 0.0)
    price = is_currency(each.unit)
    exact = claim.hedge is None and each.hedge is None and len(f"{claim.value:.12g}".rstrip("0")) > 2
    holds = fits(claim, value, 0.05 if price and not exact else 0.02)
    return None if price and not holds else summed(holds, "product_of", parts, value)


def _quotient(page: Page, claim: Claim, near: Sequence[Claim]) -> Sum | None:
    """A figure of one item as the whole by the number of items: 16 MW in 96 racks are 167 kW each."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    around = page.folded[max(a, claim.char_start - 26) : min(b, claim.char_end + 16)]
    if not (cues.has(cues.PER_ITEM, around) or cues.has(cues.UNIT_PRICE, around) or cues.has(cues.EACH_PLACE, around)):
        return None
    for whole in near:
        for count in near:
            if whole.unit != claim.unit or count.unit not in _COUNTED or whole.id == count.id or not count.value or whole.kind == "other":
                continue
            if max(whole.char_end, count.char_end) > claim.char_start:  # the total follows from what one holds, not the other way
                continue
            value = (whole.value or 0.0) / count.value
            if fits(claim, value, 0.05):
                return summed(True, "ratio_of", [amount(whole), Amount(count, count.value, count.unit)], value)
    return None


def check_each(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A unit price, or the memory of many chips, by the other figures of the article: supported or nothing."""
    near = [c for c in window(page, claim, others, 3) if c.value]
    found = _left(page, claim, near) or _quotient(page, claim, near)
    if found is not None:
        return found
    if claim.unit == "B":
        for each in (c for c in near if c.unit == "B" and c.kind == "other"):
            for count in (c for c in near if c.unit in ("gpu", "system")):
                value = (count.value or 0.0) * (each.value or 0.0)
                if each.id != claim.id and fits(claim, value, 0.02):
                    return summed(True, "product_of", [amount(count), Amount(each, each.value or 0.0, "B")], value)
    return None


# How a figure goes on from the share that gives it: 20 %, or 100,000; 그 20%인 10만개; 3分の1に当たる.
_GOES_ON = re.compile(
    r"(?:[,、]?\s?(?:or|i\.e\.,?|that is,?|namely|which is|in other words|—|–|-|\(|즉|곧|つまり|すなわち)?\s?(?:about |around |some |nearly |약 |約)?|[^.。\n;]*?(?:개수로는?|금액으로는?|대수로는?|인 |에 해당하는 |에 달하는 |に(?:当|あ)たる|に相当する|の)\s?(?:약 ?|約)?|\s(?:the|that|this) (?:total|sum|amount|money|budget),\s(?:or |that is,? |some |about )*|\sof (?:that|it|which|them|those|these|(?:the|that|this) (?:total|sum|amount|money|figure|budget|number))[,:]? (?:or |that is,? |i\.e\.,? |namely |which is )?|\sof (?:that|this),\s)$", re.I
)


def _multiplied(page: Page, claim: Claim, near: Sequence[Claim], others: Sequence[Claim]) -> Sum | None:
    """A figure that a multiple or share before it gives: 20 times 21 exaflops, half of 30 billion, 20 % of 500,000 or 100,000."""
    for factor in (c for c in near if c.kind in ("ratio_speedup", "share")):
        same = page.sentence_of(factor.char_start) == page.sentence_of(claim.char_start)
        gap = claim.char_start - factor.char_end
        if not same or factor.hedge not in (None, "at_least") or not 0 <= gap <= 44 or not _GOES_ON.fullmatch(page.folded[factor.char_end : claim.char_start]):
            continue
        close = gap <= 5
        pool = others if factor.kind == "ratio_speedup" and close else window(page, claim, others, 2 if close or factor.kind == "share" else 1)
        for base in sizes(pool):
            value = base.value * (factor.value or 0.0)
            if base.claim.id == claim.id or base.unit != claim.unit or base.claim.kind == "other":
                continue
            if not close and base.claim.char_start > claim.char_start:
                continue
            if fits(claim, value, 0.02) and factor.char_end <= claim.char_start:
                return summed(True, "product_of", [base, Amount(factor, factor.value or 0.0, None)], value)
    return _apposed(page, claim, others)


_APPOSED = re.compile(r"(?:\sof (?:the|that|this|its) (?:money|total|sum|bill|cost|budget|amount|lot))?,\s(?:or |about |some )*|\s?\((?:약 |約|about )?|(?:인|에 해당하는|に当たる|に相当する|の)\s?(?:약 |約)?", re.I)


# 年50万個、このうち3割の10万個: the share is what is worked out, not the number.
_AMONG_THESE = re.compile(r"(?:うち|가운데|중|of (?:these|them|which))(?:の|에서)?\s?$")


def _apposed(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A sum that stands beside its share of what was told last: *half of the money, €80m*; wrong where that share of no like figure gives it."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    shares = [c for c in others if c.kind == "share" and c.value and a <= c.char_start and c.char_end <= claim.char_start]
    if not shares or shares[-1].hedge is not None or claim.hedge not in PLAIN or not _APPOSED.fullmatch(page.folded, shares[-1].char_end, claim.char_start):
        return None
    share = shares[-1].value or 0.0
    like = [x for x in sizes(others) if x.unit == claim.unit and x.claim.kind != "other" and x.claim.id != claim.id]
    last = [x for x in like if x.claim.char_end <= shares[-1].char_start and page.sentence_of(x.claim.char_start) >= page.sentence_of(a) - 1][-1:]
    if not last or any(fits(claim, x.value * share, 0.02) for x in like) or _AMONG_THESE.search(page.folded[max(a, shares[-1].char_start - 12) : shares[-1].char_start]) or last[0].claim.hedge not in PLAIN or not 0.5 < last[0].value * share / (claim.value or 1.0) < 2:
        return None
    return summed(False, "product_of", [last[0], Amount(shares[-1], share, None)], last[0].value * share)
