"""The sizes that figures of an article can be compared by: each claim's value, and the amount in its brackets."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = [
    "PLAIN", "SIZES", "Amount", "Name", "Sum", "addends", "amount", "family", "fits", "in_unit", "is_currency", "may_be_slip", "pairs", "say",
    "sizes", "summed", "total_of", "window", "window_in_unit",
]  # fmt: skip

Name = Literal["difference_of", "sum_of", "ratio_of", "product_of", "growth_of", "steps_of"]
SIZES = (
    "hardware_count", "stock", "compute_power", "power_capacity", "money_support", "money_investment", "other", "valuation",
)  # fmt: skip
MOST = 24
PLAIN = (None, "approx")
"""The hedges of figures that may be contradicted."""
_SIGNS = {"difference_of": " − ", "sum_of": " + ", "product_of": " × ", "ratio_of": " / ", "growth_of": " / ", "steps_of": " → "}


@dataclass(frozen=True)
class Amount:
    """One size of one claim: its value in its unit, or the converted amount in brackets in that unit."""

    claim: Claim
    value: float
    unit: str | None


@dataclass(frozen=True)
class Sum:
    """The outcome of one check: whether it holds, the relation by claim ids, and the sum in words."""

    holds: bool
    relation: dict[str, list[str]]
    words: str
    value: float | None = None
    told: tuple[Name, tuple[Amount, ...], tuple[int, ...]] | None = None

    def said(self, language: Literal["ko", "en", "ja"]) -> str:
        """Return the sum in words of a language: ``80 MW + 20 MW = 100 MW``, ``80억원 + 20억원 = 100억원``."""
        if self.told is None or self.value is None or language == "en":
            return self.words
        from podium.claims.corrections import write_figure

        name, parts, times = self.told
        money = any(is_currency(p.unit) for p in parts)
        if not money:
            return self.words

        def figure(value: float, unit: str | None) -> str:
            return write_figure(value, unit, language) if is_currency(unit) else say(value, unit)

        left = _SIGNS[name].join((f"{n} × " if n > 1 else "") + figure(p.value, p.unit) for p, n in zip(parts, times, strict=True))
        left += " − 1" if name == "growth_of" else ""
        unit = next((p.unit for p in parts if is_currency(p.unit)), None)
        plain = name in ("ratio_of", "growth_of") and sum(is_currency(p.unit) for p in parts) == 2
        return f"{left} = {f'{self.value:.3g}' if plain else figure(self.value, unit)}"


def is_currency(unit: str | None) -> bool:
    """Whether a unit is an ISO code of money."""
    return unit is not None and len(unit) == 3 and unit.isupper()


def family(claim: Claim) -> tuple[str, ...]:
    """The kinds of figure that a figure can be added to or taken from."""
    if claim.kind.startswith("money"):
        return ("money_support", "money_investment")
    return ("hardware_count", "stock") if claim.kind in ("hardware_count", "stock") else (claim.kind,)


def in_unit(c: Claim, unit: str | None) -> Claim:
    """A figure in the currency of its brackets, where that is the one wanted; else as it is."""
    return replace(c, value=c.converted_value, unit=unit) if c.unit != unit and c.converted_unit == unit and c.converted_value else c


def fits(claim: Claim, value: float, tolerance: float) -> bool:
    """Whether a computed size agrees with the one stated: within a tolerance, under the hedge and rounding of the text."""
    stated = claim.value
    if stated is None or value <= 0:
        return False
    match claim.hedge:
        case "more_than" | "at_least":
            return stated * 0.98 <= value <= stated * 1.5
        case "less_than" | "at_most":
            return stated * 0.5 <= value <= stated * 1.02
        case "nearly":
            return stated * 0.9 <= value <= stated * 1.02
        case "slightly_more":
            return stated * 0.98 <= value <= (claim.high or stated * 1.1)
        case "range":
            return (claim.low or 0.0) * 0.98 <= value <= (claim.high or 0.0) * 1.02
        case "approx":
            return abs(value - stated) <= max(tolerance, 0.1) * value
    return abs(value - stated) <= tolerance * value


def window(page: Page, claim: Claim, others: Sequence[Claim], back: int, ahead: int = 0) -> list[Claim]:
    """The other claims of the sentences around one, the `MOST` nearest where there are more."""
    k = page.sentence_of(claim.char_start)
    first = page.sentences[max(0, k - back)][0]
    last = page.sentences[min(len(page.sentences) - 1, k + ahead)][1]
    places = page.places(others)
    low, high = bisect.bisect_left(places, (first, -1)), bisect.bisect_left(places, (last, -1))
    if high - low > 4 * MOST:  # the nearest are among the places around the claim's own
        own = bisect.bisect_left(places, (claim.char_start, -1))
        low, high = max(low, own - 2 * MOST), min(high, own + 2 * MOST)
    found: dict[int, int] = {}
    for at, n in places[low:high]:
        if others[n].id != claim.id:
            found[n] = min(found.get(n, 1 << 60), abs(at - claim.char_start))
    nearest = sorted(found, key=lambda n: (found[n], n))[:MOST]
    return [others[n] for n in sorted(nearest)]


def window_in_unit(page: Page, claim: Claim, others: Sequence[Claim], back: int, ahead: int = 0) -> list[Claim]:
    """The claims around one, each in the one's currency where its brackets give it."""
    return [in_unit(c, claim.unit) for c in window(page, claim, others, back, ahead)]


def addends(page: Page, claim: Claim, others: Sequence[Claim], back: int) -> list[Claim]:
    """The figures before one that can be parts of it, in its sentence and so many before."""
    near = window_in_unit(page, claim, others, back)
    return [c for c in near if c.unit == claim.unit and c.kind in family(claim) and c.value and c.char_end <= claim.char_start]


def may_be_slip(value: float, claim: Claim) -> bool:
    """Whether a computed size is so near the figure stated that the figure may be a slip, not another thing."""
    return 0.2 < value / (claim.value or 1.0) < 5


def sizes(claims: Sequence[Claim]) -> list[Amount]:
    """Every size of the claims, those in brackets after those before them."""
    out = []
    for c in claims:
        if c.kind not in SIZES or c.unit == "building":
            continue
        if c.value:
            out.append(Amount(c, c.value, c.unit))
        if c.converted_value:
            out.append(Amount(c, c.converted_value, c.converted_unit))
    return out


def amount(claim: Claim) -> Amount:
    """A claim's own size."""
    return Amount(claim, claim.value or 0.0, claim.unit)


def pairs(amounts: Sequence[Amount]) -> Iterator[tuple[Amount, Amount]]:
    """Every ordered pair of like sizes of two claims."""
    return ((a, b) for a, b in itertools.permutations(amounts, 2) if a.unit == b.unit and a.claim.id != b.claim.id)


def summed(holds: bool, name: Name, parts: Sequence[Amount], value: float, *, times: Sequence[int] = ()) -> Sum:
    """Return the outcome with its sum in words, such as ``240 × 72 = 17,280``."""
    counts = times or [1] * len(parts)
    words = _SIGNS[name].join((f"{n} × " if n > 1 else "") + say(p.value, p.unit) for p, n in zip(parts, counts, strict=True))
    words += " − 1" if name == "growth_of" else ""
    unit = next((p.unit for p in parts if p.unit in ("FLOPS", "W", "B")), parts[0].unit)
    if name == "product_of":
        unit = next((p.unit for p in parts if p.unit and len(p.unit) == 3 and p.unit.isupper()), unit)
    shown = f"{value:.3g}" if name in ("ratio_of", "growth_of") and value < 1000 else say(value, unit)
    return Sum(holds, {name: [p.claim.id for p in parts]}, f"{words} = {shown}", value, (name, tuple(parts), tuple(counts)))


def total_of(holds: bool, parts: Sequence[Claim]) -> Sum:
    """Return the outcome for a figure that is the sum of parts."""
    return summed(holds, "sum_of", [amount(c) for c in parts], sum(c.value or 0.0 for c in parts))


def say(value: float, unit: str | None) -> str:
    """A figure as one writes it: 80 MW, 17,280, 2.5 bn EUR, 0.2."""
    for scale, sign in ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if unit in ("FLOPS", "W", "B") and value >= scale:
            return f"{value / scale:.4g} {sign}{unit}"
    if unit is not None and len(unit) == 3 and unit.isupper():
        for scale, sign in ((1e12, "tn "), (1e9, "bn "), (1e6, "m ")):
            if value >= scale:
                return f"{value / scale:.4g} {sign}{unit}"
    return f"{value:,.4g}" if value < 1 else f"{value:,.10g}"
