"""Whether the figures of an article agree with one another: totals, products, ratios, shares, rates of growth."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from podium.claims import cues
from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["Sum", "check_arithmetic"]

Name = Literal["sum_of", "ratio_of", "product_of", "growth_of", "steps_of"]
_SIZES = (
    "hardware_count",
    "stock",
    "compute_power",
    "power_capacity",
    "money_support",
    "money_investment",
    "other",
    "valuation",
)
MOST = 40
PARTS = 12
_YARDSTICK = re.compile(
    r"(?:의|보다|대비|に比べ|の)\s?(?:약|최대|無慮|約)?\s?$|전체의\s?(?:약)?\s?$|全体の\s?約?$|\b(?:of|than)\s$", re.I
)
_OF_TOTAL = re.compile(
    r"^(?:에 해당|을 차지|를 차지|に(?:当たる|相当)|を占め|\s?(?:of (?:the|that|this|its|all)|the size|as (?:many|much|large)|that of))"
)
_GROWTH = re.compile(r"증가|늘었|늘어|성장|급증|감소|줄었|increase|growth|rise|grew|more than|fell|増|減", re.I)
_RESULT = re.compile(
    r"모두|합계|총|이면|셈|달하|なる|計|合計|合わせ|で、?$|\btotal|in all|making|amount|means|hold|need", re.I
)
_SPEED = re.compile(
    r"성능|빠르|빨라|속도|추론|학습|향상|효율|performance|faster|speed|inference|training|性能|高速|推論|速い|efficien",
    re.I,
)


@dataclass(frozen=True)
class Sum:
    """The outcome of one check: whether it holds, the relation by claim ids, and the sum in words."""

    holds: bool
    relation: dict[str, list[str]]
    words: str


def check_arithmetic(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return what the other figures of the article say about one derived figure; None where none bears on it."""
    if claim.kind == "rank_change":
        return _steps(claim)
    if claim.kind in ("ratio_speedup", "share"):
        return _ratio(page, claim, others)
    if claim.kind in _SIZES and claim.value is not None:
        return _product(page, claim, others) or _total(page, claim, others)
    return None


def _steps(claim: Claim) -> Sum | None:
    if claim.change_value is None or claim.value is None or claim.from_value is None:
        return None
    moved = abs(claim.value - claim.from_value)
    words = f"from {claim.from_value:g} to {claim.value:g} is {moved:g} places"
    return Sum(moved == claim.change_value, {"steps_of": [claim.id]}, words)


def _window(page: Page, claim: Claim, others: Sequence[Claim], back: int, ahead: int = 0) -> list[Claim]:
    """The other claims of the sentences around one, the `MOST` nearest where there are more."""
    k = page.sentence_of(claim.char_start)
    first = page.sentences[max(0, k - back)][0]
    last = page.sentences[min(len(page.sentences) - 1, k + ahead)][1]
    found = []
    for n, o in enumerate(others):
        places = (o.char_start, *(a for a, _ in o.also_at))
        if o.id != claim.id and any(first <= at < last for at in places):
            found.append((min(abs(at - claim.char_start) for at in places), n, o))
    nearest = sorted(found, key=lambda f: f[:2])[:MOST] if len(found) > MOST else found
    return [o for _, n, o in sorted(nearest, key=lambda f: f[1])]


def _sizes(claims: Sequence[Claim]) -> list[Claim]:
    return [c for c in claims if c.kind in _SIZES and c.value and c.unit not in ("point", "building", "B/s")]


def _pairs(claims: Sequence[Claim]) -> list[tuple[Claim, Claim]]:
    return [(a, b) for a, b in itertools.permutations(claims, 2) if a.unit == b.unit and a.value and b.value]


def _agrees(claim: Claim, value: float) -> bool:
    """Whether a computed multiple or share agrees with the one stated, under its hedge and its rounding."""
    stated = claim.value
    if stated is None:
        return claim.low is not None and claim.low <= value and (claim.high is None or value <= claim.high)
    match claim.hedge:
        case "more_than" | "at_least":
            return stated * 0.999 <= value <= stated * 1.5
        case "less_than" | "at_most":
            return stated * 0.5 <= value <= stated * 1.001
        case "nearly":
            return stated * 0.9 <= value <= stated * 1.02
        case "slightly_more":
            return stated * 0.98 <= value <= (claim.high or stated * 1.1)
        case "range":
            return (claim.low or 0) * 0.98 <= value <= (claim.high or 0) * 1.02
        case "approx":
            return abs(value - stated) <= 0.1 * stated
    if claim.kind == "share" and claim.span_text in ("절반", "half", "半分", "半数", "반"):
        return 0.4 <= value <= 0.6
    return abs(value - stated) <= 0.05 * stated


def _ratio(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A multiple or share against every pair of like figures; wrong only where one pair is plainly meant."""
    if claim.kind == "share" and _GROWTH.search(page.folded[max(0, claim.char_start - 22) : claim.char_end + 10]):
        grown = _growth(page, claim, others)
        if grown is not None:
            return grown
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    whole = page.folded[a:b]
    left, right = (
        page.folded[max(a, claim.char_start - 12) : claim.char_start],
        page.folded[claim.char_end : claim.char_end + 14],
    )
    speed = bool(_SPEED.search(whole)) and claim.system is not None
    for back, ahead in ((0, 0), (1, 0), (2, 1), (len(page.sentences), 2)):
        near = _sizes(_window(page, claim, others, back, ahead))
        if speed and back > 1:
            break
        for one, other in _pairs(near):
            if one.value and other.value and _agrees(claim, one.value / other.value):
                return _sum(True, "ratio_of", [one, other], one.value / other.value)
    if speed:
        return None
    compared = bool(
        _YARDSTICK.search(left)
        or _OF_TOTAL.match(right)
        or (re.match(r"(?:이|가|로|로|に|となる)", right) and "지금의" in left)
    )
    if not compared:
        return None
    return _meant(page, claim, others)


def _meant(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """The one pair that a comparison can mean: the figure just before it, and the only other one of its unit."""
    earlier = [c for c in _sizes(_window(page, claim, others, 1)) if c.char_end <= claim.char_start]
    if not earlier:
        return None
    anchor = max(earlier, key=lambda c: c.char_end)
    for back in range(5):
        like = [c for c in _sizes(_window(page, claim, others, back)) if c.unit == anchor.unit and c.id != anchor.id]
        if len(like) > 1:
            like = [c for c in like if c.subject_country_iso3 == claim.subject_country_iso3]
        if len(like) == 1:
            high, low = sorted((anchor, like[0]), key=lambda c: -(c.value or 0))
            order = [high, low] if claim.kind == "ratio_speedup" else [low, high]
            return _sum(False, "ratio_of", order, (order[0].value or 0) / (order[1].value or 1))
        if like:
            return None
    return None


def _growth(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    for back in (0, 1):
        for new, old in _pairs(_sizes(_window(page, claim, others, back))):
            if new.value and old.value and new.value > old.value and _agrees(claim, new.value / old.value - 1):
                return _sum(True, "growth_of", [new, old], new.value / old.value - 1)
    return None


def _product(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A number as so many times so much: racks × chips, sites × power; or the other way round."""
    near = [c for c in _window(page, claim, others, 2) if c.value and c.kind in (*_SIZES, "ratio_speedup")]
    per = [c for c in near if c.kind == "other" and c.unit in ("gpu", "cpu", "building", "system")]
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    said = bool(_RESULT.search(page.folded[max(a, claim.char_start - 26) : min(b, claim.char_end + 12)]))
    wrong: Sum | None = None
    for each in per:
        for many in near:
            if many.id == each.id or many.kind == "ratio_speedup" or many.kind == "other":
                continue
            if each.unit == "building":
                if many.unit != claim.unit or claim.unit != "W":
                    continue
            elif {many.unit, claim.unit} & {"rack", "system"} == set() or many.unit == each.unit == claim.unit:
                continue
            value = (many.value or 0) * (each.value or 0)
            if claim.unit in ("rack", "system") and many.unit == each.unit and each.value:
                if many.char_start > claim.char_start:  # the total follows from the racks, not they from it
                    continue
                quotient = (many.value or 0) / each.value
                if abs(quotient - (claim.value or 0)) <= max(1.0, 0.02 * quotient):
                    return _sum(True, "ratio_of", [many, each], quotient)
                continue
            if claim.unit not in (each.unit, "W"):
                continue
            if abs(value - (claim.value or 0)) <= 0.02 * value:
                return _sum(True, "product_of", [many, each], value)
            if (
                said
                and page.sentence_of(each.char_start) == page.sentence_of(claim.char_start)
                and each.char_end <= claim.char_start
            ):
                wrong = _sum(False, "product_of", [many, each], value)
    if wrong is not None:
        return wrong
    for multiple in (c for c in near if c.kind == "ratio_speedup"):
        if (
            page.sentence_of(multiple.char_start) == page.sentence_of(claim.char_start)
            and multiple.char_end <= claim.char_start <= multiple.char_end + 4
        ):
            for base in _sizes(others):
                if (
                    base.id != claim.id
                    and base.unit == claim.unit
                    and base.value
                    and abs(base.value * (multiple.value or 0) - (claim.value or 0)) <= 0.02 * (claim.value or 1)
                ):
                    return _sum(True, "product_of", [base, multiple], base.value * (multiple.value or 0))
    return None


def _total(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A total against the parts around it: right where some of them add up to it, wrong where plain parts do not."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    near_text = (
        page.folded[max(a, claim.char_start - 12) : claim.char_start]
        + page.text[claim.char_start : claim.char_start + 3]
    )
    said = cues.has(cues.TOTAL, near_text) or cues.has(cues.TOTAL, page.folded[claim.char_end : claim.char_end + 12])
    family = ("money_support", "money_investment") if claim.kind.startswith("money") else (claim.kind,)

    def parts(back: int, ahead: int) -> list[Claim]:
        return [c for c in _window(page, claim, others, back, ahead)
                if c.kind in family and c.unit == claim.unit and c.value and c.value < (claim.value or 0)]  # fmt: skip

    for back, ahead in ((0, 0), (1, 0), (2, 0), (4, 0), (0, 2), (0, 5)):
        like = sorted(parts(back, ahead), key=lambda c: abs(c.char_start - claim.char_start))[:PARTS]
        like.sort(key=lambda c: c.char_start)
        for size in range(min(len(like), 6), 1, -1):
            for some in itertools.combinations(like, size):
                value = sum(c.value or 0 for c in some)
                close = abs(value - (claim.value or 0)) <= (0.02 if ahead or claim.hedge else 0.001) * value
                if close and (said or ahead or (size >= 2 and _listed(page, claim, some))):
                    return _sum(True, "sum_of", list(some), value)
    if not said:
        return None
    same = [
        c
        for c in parts(0, 0)
        if c.char_end <= claim.char_start and c.subject_country_iso3 == claim.subject_country_iso3
    ]
    sentence = page.folded[a:b]
    if len(same) >= 2 and (cues.has(cues.ADDING, sentence) or len(same) >= 3):
        value = sum(c.value or 0 for c in same)
        if abs(value - (claim.value or 0)) > 0.02 * value:
            return _sum(False, "sum_of", same, value)
    return None


def _listed(page: Page, claim: Claim, parts: Sequence[Claim]) -> bool:
    """Whether parts and total stand in one or two neighbouring sentences with a word of adding."""
    first = min(c.char_start for c in (*parts, claim))
    last = max(c.char_end for c in (*parts, claim))
    return last - first < 220 and (
        cues.has(cues.ADDING, page.folded[first:last]) or cues.has(cues.TOTAL, page.folded[first:last])
    )


def _sum(holds: bool, name: Name, parts: Sequence[Claim], value: float) -> Sum:
    sign = {"sum_of": " + ", "product_of": " × ", "ratio_of": " / ", "growth_of": " / ", "steps_of": " → "}[name]
    words = sign.join(_say(c.value or 0.0, c.unit) for c in parts) + (" − 1" if name == "growth_of" else "")
    unit = next((c.unit for c in parts if c.unit in ("FLOPS", "W", "B")), parts[0].unit)
    shown = f"{value:.3g}" if name in ("ratio_of", "growth_of") and value < 1000 else _say(value, unit)
    return Sum(holds, {name: [c.id for c in parts]}, f"{words} = {shown}")


def _say(value: float, unit: str | None) -> str:
    """A figure as one writes it: 80 MW, 17,280, 2.5 bn EUR."""
    for scale, sign in ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M")):
        if unit in ("FLOPS", "W", "B") and value >= scale:
            return f"{value / scale:.4g} {sign}{unit}"
    if unit is not None and len(unit) == 3 and unit.isupper():
        for scale, sign in ((1e12, "tn "), (1e9, "bn "), (1e6, "m ")):
            if value >= scale:
                return f"{value / scale:.4g} {sign}{unit}"
    return f"{value:,.10g}"
