"""How far a matter has come: announced, planned, under construction, operational, completed or cancelled.

Decided by the predicate that governs the figure in its own clause: in Korean and Japanese the verbs after it, in
English the verb before it, or the one after it where the figure opens its clause. A clause without any goes with the
figure before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.claim import Claim
from podium.claims.quantities import Quantity
from podium.claims.status_cues import ENGLISH, GOAL_TIME, JAPANESE, KOREAN, NOW, PLANNED_TOPIC

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["WITH_STATUS", "status_of"]

WITH_STATUS = ("hardware_count", "stock", "compute_power", "power_capacity", "money_support", "money_investment")
_THINGS = ("hardware_count", "compute_power", "power_capacity")
_PAUSE = {
    "ko": re.compile(r"(?<=[고며나만데면니서])[,，]\s|;|(?:지만|는데|으나|이며|으며|했고|됐고)\s|[▲△▽▼○●•■]"),
    "ja": re.compile(r"(?<=[がりしきちでて])、(?=[^、。]{0,18}[はも])|;|[▲△▽▼○●•■]"),
    "en": re.compile(r";|, (?:while|whereas|but|and (?!\$))\b|\s—\s|\s–\s|: "),
}
Found = tuple[int, int, str]


def status_of(page: Page, q: Quantity, kind: str, earlier: Sequence[Claim]) -> str:
    """Return the status of a figure of hardware, power, performance or money."""
    if kind == "stock":
        return "operational"
    k = page.sentence_of(q.start)
    a, b = page.sentences[k]
    whole, at, end = page.folded[a:b], q.start - a, q.end - a
    far = cues.nearest(cues.CANCELLED, whole, at, end, before=1.5)
    if far is not None and far < 70:
        return "cancelled"
    if kind == "compute_power" and (cues.has(cues.RANKING, whole) or cues.has(cues.RANKING, page.sentence(k - 1))):
        return "operational"
    first, last = _clause(page.language, whole, at, end)
    told = _english(whole, first, last, at, end) if page.language == "en" else _eastern(page.language, whole, first, last, at, end)
    before = whole[first:at]
    if kind in _THINGS and NOW.search(before):
        return "operational"
    if told in (None, "announced", "operational") and PLANNED_TOPIC.search(before) and not _PAST.match(whole[end : end + 12]):
        told = "planned"
    if told is None and page.language != "en" and _COPULA.match(whole[end : end + 8]):
        told = next((s for _, _, s in reversed(_cues(page.language, before))), None)  # 약속한 GPU는 26만장이다
    if told is None:
        told = _as_before(page, q, kind, earlier)
    if told is None and page.language != "en" and last < len(whole):
        told = _eastern(page.language, whole, first, len(whole), at, end)
    if told is None:
        told = "planned" if GOAL_TIME.search(before) else "announced" if kind.startswith("money") else "operational" if _ends_bare(page, whole, end) else "planned"
    if told == "announced" and (GOAL_TIME.search(before) if kind in _THINGS else _UNTIL.search(before) or _UNTIL.match(whole[end:last])):
        return "planned"
    if told == "announced" and cues.has(cues.TOTAL, whole[max(first, at - 8) : end]) and _as_before(page, q, kind, [c for c in earlier if c.char_start >= a]) == "planned":
        return "planned"  # 7 by 2028, 8 by 2030, 15 in all
    if kind.startswith("money") and told == "operational":
        return "announced"
    return "operational" if kind in ("power_capacity", "compute_power") and told == "completed" else told


_COPULA = re.compile(r"(?:이다|다[.]|다$|이며|이고|인데|이었|였다|입니다|[.。]|です|だ[。っ]|で、|である|$)")
_PAST = re.compile(r"였|었|だった|でした")
_UNTIL = re.compile(r"(?:까지|までに)\s?(?:총 |모두 |약 |최대 |計)*[^\d,、.。]{0,10}$|[^.;]{0,40}\bby 20\d\d", re.I)


def _clause(language: str, whole: str, at: int, end: int) -> tuple[int, int]:
    pause = _PAUSE[language]
    first = max((m.end() for m in pause.finditer(whole, 0, at)), default=0)
    after = pause.search(whole, end)
    return first, after.start() if after else len(whole)


def _cues(language: str, text: str) -> list[Found]:
    """Every predicate of a text: place, end, status; of those that overlap, the longer."""
    table = {"ko": KOREAN, "ja": JAPANESE, "en": ENGLISH}[language]
    found = sorted(((m.start(), m.end(), status) for pattern, status in table for m in pattern.finditer(text)), key=lambda f: (f[0], f[0] - f[1]))
    out: list[Found] = []
    for f in found:
        if not out or f[0] >= out[-1][1]:
            out.append(f)
        elif f[1] - f[0] > out[-1][1] - out[-1][0]:
            out[-1] = f
    return out


def _eastern(language: str, whole: str, first: int, last: int, at: int, end: int) -> str | None:
    """The first predicate after the figure; a plan or an announcement that the same clause ends on goes before a mere state."""
    after = _cues(language, whole[end:last])
    if not after:
        return None
    status = after[0][2]
    for _, _, later in after[1:3]:
        if later in ("planned", "announced") and status in ("operational", "announced") and after[0][1] + 16 > 0:
            if later == "planned" or status == "operational":
                status = later
            break
    return status


def _english(whole: str, first: int, last: int, at: int, end: int) -> str | None:
    """The nearest verb before the figure in its clause, or the first after it where none stands before, or one much nearer."""
    before = _cues("en", whole[first:at])
    after = _cues("en", whole[end:last])
    if before and (not after or len(whole[first:at]) - before[-1][1] <= after[0][0] + 26):
        return before[-1][2]
    if after:
        return after[0][2]
    return None


def _as_before(page: Page, q: Quantity, kind: str, earlier: Sequence[Claim]) -> str | None:
    """The status of the figure just before, in the same sentence or the two before it, where that is of the same sort."""
    last = next((c for c in reversed(earlier) if c.status), None)
    if last is None or page.sentence_of(q.start) - page.sentence_of(last.char_start) > 2:
        return None
    money = kind.startswith("money")
    return last.status if money == last.kind.startswith("money") else None


def _ends_bare(page: Page, whole: str, end: int) -> bool:
    """Whether the clause says no more than that it is so many: …2000장이다, …です."""
    return bool(re.match(r"(?:이다|다|입니다|이고|뿐|です|だ|である)[.。,、]?", whole[end : end + 5])) or page.language == "en"
