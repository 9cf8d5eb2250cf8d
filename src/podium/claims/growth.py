"""Rates of growth and decline against the two figures between which the text tells a change."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.agreement import agrees
from podium.claims.amounts import PLAIN, Amount, Sum, pairs, sizes, summed, window
from podium.claims.changes import measured_from, once_and_now
from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_growth", "of_coverage"]

_FALL = re.compile(r"감소|줄었|줄어|삭감|축소|fell|\bfall|\bcut\b|drop|declin|reduc|lower|\bdown\b|減", re.I)
_CHANGE = re.compile(
    r"(?:에서|から|\bto\b|→|->|->|였던|だった|\bfrom\b|\bup from\b|\bagainst\b|compare[sd] with|지난해|작년|전년|昨年|前年|last year|year earlier)", re.I
)


def check_growth(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A rate of growth or decline: right where two like figures give it, wrong where one change is told and differs."""
    told: list[tuple[Amount, Amount]] = []
    for back in (0, 1):
        near = sizes(window(page, claim, others, back))
        for new, old in pairs(near):
            rate = new.value / old.value - 1
            if (rate > 0 and agrees(claim, rate)) or (-1 < rate < 0 and agrees(claim, -rate)):
                return summed(True, "growth_of", [new, old], rate)
        if not told and claim.value is not None and claim.hedge in PLAIN:
            told = _changes(page, claim, near)
    if not told and claim.value is not None and claim.hedge in PLAIN:
        told = _by_year(page, claim, sizes(window(page, claim, others, 1)))
    if not told and claim.value is not None and claim.hedge in (*PLAIN, "nearly") and (pair := measured_from(page, claim, others)) is not None:
        told = [pair]
    if not told and claim.value is not None and claim.hedge in PLAIN and (pair := once_and_now(page, claim, others)) is not None:
        told = [pair]
    if len(told) == 1:
        new, old = told[0]
        rate = new.value / old.value - 1
        return summed(agrees(claim, abs(rate)), "growth_of", [new, old], new.value / old.value - 1)
    return None


def of_coverage(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """By what share an index has grown in countries, where the figures told last are its two numbers of them: 62개국에서 83개국으로, 3분의 1 늘었다."""
    near = [c for c in window(page, claim, others, 2) if c.char_end <= claim.char_start and c.unit != "rank" and c.kind not in ("rank", "rank_change")]
    counts = [c for c in near if c.unit == "country" and c.value]
    values = sorted({c.value or 0.0 for c in counts})
    if len(values) != 2 or near[-1] is not counts[-1] or claim.hedge not in (*PLAIN, "approx", "nearly", "at_least", "more_than", "less_than", "at_most"):
        return None
    low, high = (Amount(next(c for c in counts if c.value == v), v, "country") for v in values)
    falls = bool(_FALL.search(page.folded[claim.char_end : claim.char_end + 18]))
    new, old = (low, high) if falls else (high, low)
    rate = new.value / old.value - 1
    return summed(agrees(claim, abs(rate)), "growth_of", [new, old], rate)


def _by_year(page: Page, claim: Claim, near: Sequence[Amount]) -> list[tuple[Amount, Amount]]:
    """The only two like figures of one owner before a rate, each said of its own year, the new one last or first."""
    plain = [x for x in near if x.unit == x.claim.unit and x.claim.char_end <= claim.char_start and x.claim.kind not in ("other", "valuation")]
    if len(plain) != 2 or plain[0].unit != plain[1].unit or plain[0].claim.kind != plain[1].claim.kind or plain[0].claim.subject_country_iso3 != plain[1].claim.subject_country_iso3:
        return []
    if any(x.claim.hedge not in PLAIN for x in plain):
        return []
    years = [_year_said(page, x.claim) for x in plain]
    if None in years or years[0] == years[1]:
        return []
    old, new = sorted(plain, key=lambda x: years[plain.index(x)] or 0)
    falls = bool(_FALL.search(page.folded[max(0, claim.char_start - 26) : claim.char_end + 18]))
    return [(new, old)] if (new.value < old.value) == falls else []


_YEARS: list[tuple[re.Pattern[str], int | None]] = [
    (re.compile(r"(?<!\d)(20[12]\d)(?!\d)"), None), (re.compile(r"지난해|작년|昨年|前年|last year|a year (?:ago|earlier|before)", re.I), -1),
    (re.compile(r"올해|今年|this year|\bnow\b", re.I), 0), (re.compile(r"내년|来年|next year", re.I), 1),
]  # fmt: skip


def _year_said(page: Page, c: Claim) -> int | None:
    """The year that a figure is said to be of: the word of time nearest to it in its sentence."""
    a, b = page.sentences[page.sentence_of(c.char_start)]
    own = int(page.date[:4])
    found = []
    for pattern, shift in _YEARS:
        for m in pattern.finditer(page.folded, max(a, c.char_start - 40), min(b, c.char_end + 20)):
            distance = c.char_start - m.end() if m.end() <= c.char_start else m.start() - c.char_end
            found.append((distance, int(m[1]) if shift is None else own + shift))
    return min(found)[1] if found else None


def _changes(page: Page, claim: Claim, near: Sequence[Amount]) -> list[tuple[Amount, Amount]]:
    """Pairs of like figures of one owner between which the text tells a change (from A to B, A에서 B로)."""
    out = []
    plain = [x for x in near if x.unit == x.claim.unit]
    for one, other in itertools.pairwise(plain):
        between = page.folded[one.claim.char_end : other.claim.char_start]
        if one.unit != other.unit or len(between) > 30 or one.claim.kind != other.claim.kind or not _CHANGE.search(between):
            continue
        backward = re.search(r"\bfrom\b|against|compare[sd]|지난해|작년|전년|昨年|前年|last year", between, re.I) and not re.search(r"\bto\b", between)
        new, old = (one, other) if backward else (other, one)
        falls = bool(_FALL.search(page.folded[max(0, claim.char_start - 26) : claim.char_end + 18]))
        if (new.value < old.value) == falls:
            out.append((new, old))
    return out
