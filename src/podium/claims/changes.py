"""Rates of growth and decline, and from which figure to which they run: told by *than the*, *from*, 보다, 와 견주면, に比べ."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.amounts import Amount, Sum, agrees, pairs, sizes, summed, window
from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["against_today", "growth", "measured_from"]

_THAN = re.compile(r"\s(?:faster|quicker|more|higher|larger|bigger|greater|better|less|lower|slower|fewer)(?: \w+)?\s(?:than|compared with)\s(?:the\s|its\s|about\s|last \w+[’']s\s|the previous\s|[A-Z][\w-]+(?:['’]s)?\s)*$|\s(?:up|down) (?:from|on)\s(?:the\s|its\s)?$", re.I)
_FROM = re.compile(r"[’'”\"」』)）]?\s?(?:보다|에서|대비|에 비해|[과와] (?:견주면|견줘|비교하면|비교해|비교할 때)|より|に比べ(?:て|ると)?|と比べ(?:て|ると)?|から)[,、]?\s?[^\d.。\n]{0,24}$")


def measured_from(page: Page, claim: Claim, others: Sequence[Claim]) -> tuple[Amount, Amount] | None:
    """Return the new and the old figure of a rate that names the old one; None where the sentence names none, or the new one is not plain.

    The new one is the only other like figure of its kind before the rate, in its sentence or in the one before.
    """
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    text = page.folded
    near = [x for x in sizes(window(page, claim, others, 1)) if x.unit == x.claim.unit and x.claim.kind != "other"]
    if page.language == "en":
        old = next((x for x in near if claim.char_end <= x.claim.char_start < b and _THAN.fullmatch(text[claim.char_end : x.claim.char_start])), None)
    else:
        old = next((x for x in reversed(near) if a <= x.claim.char_start and x.claim.char_end <= claim.char_start and _FROM.fullmatch(text[x.claim.char_end : claim.char_start])), None)
    if old is None:
        return None
    like = [x for x in near if x.unit == old.unit and x.claim.kind == old.claim.kind and x.claim.id != old.claim.id and x.claim.char_end <= claim.char_start]
    own = [x for x in like if x.claim.char_start >= a] or like
    return (own[0], old) if len({x.value for x in own}) == 1 else None


_NOW = re.compile(r"지금|현재|現在|いま|今は|\b(?:now|today|currently|at present|already)\b", re.I)
_THEN = re.compile(r"지난해|작년|재작년|昨年|前年|前の|\blast (?:year|month|spring|summer|autumn|fall|winter)|\b(?:ago|earlier|previously|once)\b", re.I)


def against_today(page: Page, claim: Claim, others: Sequence[Claim]) -> tuple[Amount, Amount] | None:
    """Return the pair of a multiple of today's: the figure just before it, and the one like figure that is said to be of now."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    near = [x for x in sizes(window(page, claim, others, 4)) if x.unit == x.claim.unit and x.claim.kind != "other" and x.claim.char_end <= claim.char_start]
    own = [x for x in near if x.claim.char_start >= a]
    if not own:
        return None
    like = [x for x in near if x.unit == own[-1].unit and x.claim.id != own[-1].claim.id]
    now = [x for x in like if _said(page, x.claim, _NOW) and not _said(page, x.claim, _THEN)]
    return (own[-1], now[0]) if len(now) == 1 and len(like) > 1 else None


def _said(page: Page, c: Claim, when: re.Pattern[str]) -> bool:
    """Whether a word of time stands in the clause of a figure."""
    a, b = page.sentences[page.sentence_of(c.char_start)]
    left = re.split(r"[,;、]\s?", page.folded[max(a, c.char_start - 50) : c.char_start])[-1]
    return bool(when.search(left) or when.search(re.split(r"[,;、]", page.folded[c.char_end : min(b, c.char_end + 40)])[0]))


_FALL = re.compile(r"감소|줄었|줄어|삭감|축소|fell|\bfall|\bcut\b|drop|declin|reduc|lower|\bdown\b|減", re.I)
_CHANGE = re.compile(
    r"(?:에서|から|\bto\b|→|->|->|였던|だった|\bfrom\b|\bup from\b|\bagainst\b|compared with|지난해|작년|전년|昨年|前年|last year|year earlier)", re.I
)

def growth(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A rate of growth or decline: right where two like figures give it, wrong where one change is told and differs."""
    told: list[tuple[Amount, Amount]] = []
    for back in (0, 1):
        near = sizes(window(page, claim, others, back))
        for new, old in pairs(near):
            rate = new.value / old.value - 1
            if (rate > 0 and agrees(claim, rate)) or (-1 < rate < 0 and agrees(claim, -rate)):
                return summed(True, "growth_of", [new, old], rate)
        if not told and claim.value is not None and claim.hedge in (None, "approx"):
            told = _changes(page, claim, near)
    if not told and claim.value is not None and claim.hedge in (None, "approx"):
        told = _by_year(page, claim, sizes(window(page, claim, others, 1)))
    if not told and claim.value is not None and claim.hedge in (None, "approx") and (pair := measured_from(page, claim, others)) is not None:
        told = [pair]
    if len(told) == 1:
        new, old = told[0]
        return summed(False, "growth_of", [new, old], new.value / old.value - 1)
    return None


def _by_year(page: Page, claim: Claim, near: Sequence[Amount]) -> list[tuple[Amount, Amount]]:
    """The only two like figures of one owner before a rate, each said of its own year, the new one last or first."""
    plain = [x for x in near if x.unit == x.claim.unit and x.claim.char_end <= claim.char_start and x.claim.kind not in ("other", "valuation")]
    if len(plain) != 2 or plain[0].unit != plain[1].unit or plain[0].claim.kind != plain[1].claim.kind or plain[0].claim.subject_country_iso3 != plain[1].claim.subject_country_iso3:
        return []
    if any(x.claim.hedge not in (None, "approx") for x in plain):
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
        backward = re.search(r"\bfrom\b|against|compared|지난해|작년|전년|昨年|前年|last year", between, re.I) and not re.search(r"\bto\b", between)
        new, old = (one, other) if backward else (other, one)
        falls = bool(_FALL.search(page.folded[max(0, claim.char_start - 26) : claim.char_end + 18]))
        if (new.value < old.value) == falls:
            out.append((new, old))
    return out
