"""Which pair of figures a multiple or share means where it describes them: *정부 확보량의 4분의 1*, *a fifth of what the partners pledged*."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podium.claims.agreement import agrees
from podium.claims.amounts import PLAIN, Amount, is_currency, sizes, summed
from podium.claims.amounts import Sum as Outcome
from podium.claims.claim import Claim
from podium.claims.described import Candidate, candidates
from podium.claims.partners import measured_in
from podium.claims.sides import Sides, sides_of
from podium.claims.signs import NOW, THEN, TOTAL, WORTH, Likeness, likeness

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["Match", "described", "described_pair", "is_explained", "is_of_others", "loosely_described"]

MOST = 40
FIRM = 1.2
"""What must speak for both figures of a pair together before it can contradict."""
ENOUGH, SURE, MARGIN, VETO = 0.55, 0.85, 0.3, 0.9
"""How much must speak for either figure of a pair, for a pair above the next, and above one that gives the ratio, before it can contradict."""


@dataclass(frozen=True)
class Match:
    """Two figures as the two sides of a comparison, with what speaks for either."""

    one: Candidate
    other: Candidate
    part: Likeness
    whole: Likeness
    bonus: float
    only: bool
    """Whether they are the only two of the unit that the sentence speaks of."""
    told: bool
    """Whether the sentence words the whole, or the article leaves no doubt of it; else it can contradict nothing."""

    @property
    def score(self) -> float:
        """All that speaks for the pair."""
        return self.part.score + self.whole.score + self.bonus

    @property
    def value(self) -> float:
        """The ratio of the two figures."""
        return self.one.size.value / self.other.size.value

    @property
    def plain(self) -> bool:
        """Whether enough speaks for either figure."""
        if self.only:
            return (
                self.found
                and max(self.part.strength, self.whole.strength) >= ENOUGH
                and min(self.part.strength, self.whole.strength) >= 0.4
            )
        return (
            min(self.part.strength, self.whole.strength) >= ENOUGH
            and min(self.part.score, self.whole.score) > 0.15
        )

    @property
    def found(self) -> bool:
        """Whether every name and year of both phrases is found with the figures."""
        return self.part.whole and self.whole.whole


def described_pair(claim: Claim, matches: Sequence[Match]) -> Outcome | None:
    """Return what the pair that a comparison describes comes to; None where none is described plainly.

    A pair that gives the ratio stated is taken where it is as good as any; one that does not is an error only where it is described
    on both sides and better than every other.
    """
    best = next((m for m in matches if m.found), None)
    if best is None or not best.plain or (not best.told and best.one.later):
        return None
    if agrees(claim, best.value):
        return summed(True, "ratio_of", [best.one.size, best.other.size], best.value)
    if (level := next((m for m in matches if m.plain and m.score > best.score - 0.2 and agrees(claim, m.value)), None)) is not None:
        return summed(True, "ratio_of", [level.one.size, level.other.size], level.value)
    if not best.told or best.score < FIRM or _rivalled(claim, best, matches) or not _usable(claim, best):
        return None
    if best.one.low_precision != best.other.low_precision:
        return None  # 50 exaflops at AI work against 442 petaflops of a list
    return summed(False, "ratio_of", [best.one.size, best.other.size], best.value)


def loosely_described(claim: Claim, matches: Sequence[Match]) -> Outcome | None:
    """Return a pair that gives the ratio stated and that either phrase describes somewhat; supported or nothing."""
    known = [m for m in matches if m.found]
    if not known or min(known[0].part.strength, known[0].whole.strength) >= SURE:
        return None
    for m in known:
        if min(m.part.strength, m.whole.strength) >= 0.4 and m.score > known[0].score - MARGIN and agrees(claim, m.value):
            return summed(True, "ratio_of", [m.one.size, m.other.size], m.value)
    return None


def is_explained(claim: Claim, matches: Sequence[Match]) -> bool:
    """Whether a pair that both phrases describe a little gives just the ratio stated."""
    return any(m.found and min(m.part.strength, m.whole.strength) >= 0.3 and agrees(claim, m.value) for m in matches)


def is_of_others(matches: Sequence[Match], parts: Sequence[str]) -> bool:
    """Whether two figures bear not the names that the comparison gives, where another pair plainly does and shares none of them."""
    best = next((m for m in matches if m.found and m.told and min(m.part.strength, m.whole.strength) >= SURE), None)
    if best is None or {best.one.claim.id, best.other.claim.id} & set(parts):
        return False
    return not any(m.found for m in matches if {m.one.claim.id, m.other.claim.id} == set(parts))


def described(page: Page, claim: Claim, others: Sequence[Claim]) -> list[Match]:
    """Return every pair that a comparison may mean, the best described first."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    if claim.kind == "share" and _BECAME.search(page.folded[max(a, claim.char_start - 24) : claim.char_start]):
        return []
    near = sorted(page.kept(others, "sizes", sizes), key=lambda x: abs(x.claim.char_start - claim.char_start))[:MOST]
    pool = candidates(page, claim, sorted(near, key=lambda x: x.claim.char_start), others)
    found = (m for s in sides_of(page, claim, others) for m in _matches(page, claim, s, pool))
    return sorted(found, key=lambda m: -m.score)


# A share that changes: promised a tenth, *it has become a twentieth*.
_BECAME = re.compile(r"\b(?:become|became|shrunk to|fallen to|grown to)\s(?:only |just |about )?$", re.I)


def _rivalled(claim: Claim, best: Match, matches: Sequence[Match]) -> bool:
    """Whether another pair is about as well described, or one that shares a figure gives the ratio and is described a little."""
    for m in matches:
        if m.score <= best.score - 1.6 * VETO:
            return False
        differs = abs(m.value / best.value - 1) > 0.02
        if differs and m.found and m.score > best.score - MARGIN and min(m.part.strength, m.whole.strength) >= 0.3:
            return True
        if not agrees(claim, m.value):
            continue
        if m.one is not best.one and m.other is not best.other and (not m.found or m.score <= best.score - VETO):
            continue
        exact = abs(m.value / (claim.value or m.value) - 1) < 0.01 and min(m.part.strength, m.whole.strength) > 0.25
        if exact or (m.found and min(m.part.score, m.whole.score) > 0.2 and m.score > best.score - VETO):
            return True
    return False


def _usable(claim: Claim, m: Match) -> bool:
    stated = claim.value or claim.low or claim.high or 0.0
    firm = all(c.claim.hedge in (None, "approx", "nearly", "slightly_more") for c in (m.one, m.other))
    least, most = (1 / 15, 15) if claim.hedge in PLAIN else (0.31, 4)  # *more than ten times* says less than *ten times*
    return firm and bool(stated) and least < m.value / stated < most


def _matches(page: Page, claim: Claim, sides: Sides, pool: Sequence[Candidate]) -> Iterator[Match]:
    """Every ordered pair of like figures, by how well its two sides are described."""
    near = page.folded[max(sides.measure.start, claim.char_start - 60) : sides.measure.end]
    wanted = measured_in(page.folded[sides.whole.start : sides.whole.end]) or measured_in(near)
    several = _SEVERAL.search(page.folded, sides.part.start, sides.part.end) is not None
    part, whole = _parts(page, claim, sides, pool), _wholes(page, claim, sides, pool)
    named = any(m.country for m in page.within(page.mentions, sides.whole.start, sides.whole.end))
    worth = 0.7 if any(x.strength >= SURE for x in whole) else 1.0  # the words of the whole go before what the figures share
    count = {x.size.unit: sum(y.size.unit == x.size.unit for y in pool) for x in pool}
    for i, one in enumerate(pool):
        for j, other in enumerate(pool):
            if not _alike(one, other) or (wanted and _measure(one.size) not in wanted):
                continue
            if (one.size.value > other.size.value) != (claim.kind == "ratio_speedup"):
                continue
            only = bool(wanted) and count[one.size.unit] == 2
            told = not several and (sides.whole.end > sides.whole.start or _beyond_doubt(page, claim, (one, other), pool, part[i]))
            kin = 0.0 if named else worth * (_kin(one, other) + (0.3 if part[j].strength >= 0.4 else 0.0))
            strangers = (one.claim.kind == "valuation") != (other.claim.kind == "valuation") and not WORTH.search(near)
            yield Match(one, other, part[i], whole[j], kin - (0.8 if strangers else 0.0), only, told)


def _kin(one: Candidate, other: Candidate) -> float:
    """What speaks for two figures of one owner, or a part told of its whole, where the whole bears no name of its own."""
    if one.of == other.claim.char_start:
        return 0.5
    same = one.claim.subject == other.claim.subject and one.claim.subject is not None
    return 0.4 if same else 0.2 if one.claim.subject_country_iso3 == other.claim.subject_country_iso3 else 0.0


_SEVERAL = re.compile(
    r"\b(?:together|combined|both|two|three|four|jointly)\b|합치|합쳐|더하|합한|모두|둘|두 |세 (?:곳|회사|나라)|합계|合わせ|合計|両|[2-9二三四]社",
    re.I,
)
"""A part that is a sum of several figures, which no one pair gives."""


_TAKES = re.compile(r"[^.。]{0,12}(?:차지|가져|占め|몫|독차지)|[^.。]{0,6}를 (?:쓸어|쥐)")


def _beyond_doubt(
    page: Page, claim: Claim, pair: tuple[Candidate, Candidate], pool: Sequence[Candidate], part: Likeness
) -> bool:
    """Whether a whole that nobody names is plain: the total of the list that holds the part, what was told just before it, or the one other figure."""
    one, other = pair
    if one.of == other.claim.char_start:
        return True
    if claim.kind == "ratio_speedup":
        like = [
            c
            for c in pool
            if c.size.unit == one.size.unit
            and c.claim.kind == one.claim.kind
            and c.claim.subject_country_iso3 == one.claim.subject_country_iso3
        ]
        return len(like) == 2 and one in like and other in like
    listed = [c for c in pool if c.sentence == one.sentence and c.size.unit == one.size.unit and c is not other]
    adds_up = len(listed) > 1 and abs(sum(c.size.value for c in listed) / other.size.value - 1) < 0.02
    takes = (
        _TAKES.match(page.folded, claim.char_end)
        and other.largest
        and 0 <= page.sentence_of(one.claim.char_start) - page.sentence_of(other.claim.char_start) <= 2
    )
    return part.strength >= 0.85 and (
        adds_up or bool(takes) or (TOTAL.search(other.own) is not None and one.claim.kind == other.claim.kind)
    )


def _parts(page: Page, claim: Claim, sides: Sides, pool: Sequence[Candidate]) -> list[Likeness]:
    """How well each figure fits the part; where nothing is said of it, the last one told, or what is not told as of before."""
    found = likeness(page, sides.part, pool)
    if found is not None and any(x.strength >= 0.3 for x in found):
        return found
    k = page.sentence_of(claim.char_start)
    unsaid = sides.part.end <= claim.char_start
    free = sides.whole.start == sides.whole.end

    def fit(c: Candidate) -> float:
        near = k - page.sentence_of(c.claim.char_start)
        meant = not THEN.search(c.own) and not NOW.search(c.own) if free else c.last
        return (
            (0.45 if found else 0.7 if near == 0 else 0.6)
            if unsaid and meant and 0 <= near <= (3 if free and claim.kind == "ratio_speedup" else 1) and not c.later
            else 0.0
        )

    return [_supposed(fit(c), found is None or found[n].whole) for n, c in enumerate(pool)]


def _supposed(score: float, whole: bool = True) -> Likeness:
    return Likeness(score, score, whole)


def _wholes(page: Page, claim: Claim, sides: Sides, pool: Sequence[Candidate]) -> list[Likeness]:
    """How well each figure fits the whole; where none is named, the total of a share, what is or was before of a multiple."""
    found = likeness(page, sides.whole, pool, whole=True)
    if found is not None or sides.whole.end > sides.whole.start:
        return found or [_supposed(0.0)] * len(pool)
    if claim.kind == "share":
        return [_supposed(0.6 if c.largest and not c.later else 0.0) for c in pool]
    return [_supposed(0.6 if (NOW.search(c.own) or THEN.search(c.own)) and not c.later else 0.0) for c in pool]


def _measure(x: Amount) -> str:
    return "money" if is_currency(x.unit) else x.unit or ""


def _alike(one: Candidate, other: Candidate) -> bool:
    prices = (one.claim.kind == "other") + (other.claim.kind == "other")
    return one.claim.id != other.claim.id and one.size.unit == other.size.unit and prices != 1
