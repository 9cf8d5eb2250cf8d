"""Figures whose noun or unit is left out: *has ordered 4,000 GPUs and plans to reach 32,768*; *a tenth of that, 20 billion*."""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.numerals import find_numerals
from podium.claims.quantities import Quantity

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["bare_counts", "bare_starts", "bare_units"]

_BEFORE = re.compile(
    r"(?:\b(?:(?:the )?(?:remaining|other|rest,)|(?:double|twice|treble|triple|half|(?:\w+ )?times|(?:\w+ )?quarters? of|(?:\w+ )?thirds? of|half of) the|reach|reaching|hold|holds|house|to|from|another|about|around|roughly|nearly|than|of|hit|adding|add|totall?ing|says?|said|makes|making|hence|thus|therefore|of which|of whom|or|have|has|had|only|just|some|rise to|up to|at least|added|adds)\s"
    r"|,\s|—\s?|:\s)$", re.I)  # fmt: skip
_AFTER = re.compile(
    r"(?:[.,;)]|:(?!\s[a-z])|\s(?:already|altogether|together|now|today|currently|here|there|so far|units|between (?:them|the two)|combined|across|altogether|have been|had been|with|for|after|before|against|under|but|while|plus|of these|of those|of other (?:makes|makers|kinds|types|brands|vendors)|of various|apiece|by|in|at|this|next|over|within|from|on|and|when|once|of them|more|as|to|a year|each year|every year|last|would|will|are|were|is|we|they|it|he|she|that|go|goes|went|come|comes)\b|\s?[–—-]\s|\s?$)"
)
_NOUN = re.compile(r"\b(?:GPUs?|chips|accelerators|processors|TPUs?|superchips|Blackwells?|Hoppers?|(?:[ABHV]\d00|GB\d00|GH200|MI\d{3}X?)s)\b", re.I)
_NOT_AFTER = re.compile(
    r"\s(?:in|at) (?:20\d\d|July|June|May|[A-Z][a-z]+ 20\d\d)|\sto (?:the )?(?:people|jobs)|\s(?:and|or) \d+ (?:jobs|people|years)|\sper cent|,\d{3}|\.\d"
)


def bare_counts(page: Page) -> list[Quantity]:
    """Return the numbers of an English page that go on counting chips without naming them again, from 100 up."""
    if page.language != "en":
        return []
    taken = [(q.start, q.end) for q in page.quantities]
    out = []
    for n in find_numerals(page.folded):
        written = page.folded[n.start : n.end]
        boxed = _PER_RACK.match(page.folded, n.end) or (_RACKS_OF.search(page.folded[max(0, n.start - 12) : n.start]) and _AFTER.match(page.folded, n.end))
        if 2 <= (n.value or 0) <= 144 and boxed and not any(a < n.end and n.start < b for a, b in taken) and _NOUN.search(page.sentence(page.sentence_of(n.start) - 1) + page.sentence(page.sentence_of(n.start))):
            out.append(Quantity(n.start, n.end, (n.start, n.end), "count", "", n.value, word="GPUs"))
            continue
        scaled = not n.plain and not _OF_THEM.search(page.folded[n.start : n.start + 28]) and any(q.family == "money" for q in page.within(page.quantities, page.sentences[page.sentence_of(n.start)][0], n.start))
        if n.value is None or n.value < 100 or scaled or re.fullmatch(r"(?:19|20)\d\d", written):
            continue
        held = re.search(r"(?:has|have|just|only)\s$", page.folded[max(0, n.start - 6) : n.start])
        goes_on = _follows_count(page, n.start) or _follows_bare(page, n.start, out)
        large = goes_on or "," in written or not n.plain or held
        if not large or any(a < n.end and n.start < b for a, b in taken):
            continue
        if _is_bare(page, n.start, n.end, goes_on=goes_on):
            out.append(Quantity(n.start, n.end, (n.start, n.end), "count", "", n.value, word="GPUs"))
    return out


def _follows_count(page: Page, start: int) -> bool:
    """Whether the figure before a place, in its sentence or the two before, counts chips: a list goes on without the noun."""
    at = bisect.bisect_left(page.quantities, start, key=lambda q: q.start)
    while at and page.quantities[at - 1].family == "rank":  # 35,000 for the first and 40,000 for the second
        at -= 1
    last = page.quantities[at - 1] if at else None
    if last is None or last.family not in ("count", "share", "multiple"):
        return False
    if last.family != "count":
        last = next((q for q in reversed(page.quantities[max(0, at - 4) : at]) if q.family == "count" and _NOUN.search(q.word)), None)
    reach = 6 if _OF_THEM.search(page.folded[start : start + 24]) else 2
    return last is not None and bool(_NOUN.search(last.word)) and page.sentence_of(start) - page.sentence_of(last.start) <= reach


_RACKS_OF = re.compile(r"\b(?:racks|servers|nodes|cabinets|boxes) of\s$")
_PER_RACK = re.compile(r"\s(?:to (?:a|the|each|every)|per|in (?:each|every)|a) (?:rack|server|node|cabinet|box|tray|chassis)\b")
_OF_THEM = re.compile(r"^[\d,.]+(?: (?:thousand|million))?\s(?:of (?:them|these|those)|already|more)\b")
_NO_COUNT_BEFORE = re.compile(
    r"(?:[$€£¥₩#]|\b(?:in|since|until|page|room|article|no\.?|number|section|chapter|year|rule|route|regulation|line|january|february|march|april|may|june|july|august|september|october|november|december|staff of|capacity of)\s|\d[\s-])$", re.I)  # fmt: skip


def _follows_bare(page: Page, start: int, out: list[Quantity]) -> bool:
    """Whether the figure before a place is itself a number of chips without its noun, or a share of one."""
    if not out or page.sentence_of(start) - page.sentence_of(out[-1].start) > 1:
        return False
    between = page.within(page.quantities, out[-1].end, start)
    return all(q.family in ("share", "multiple") for q in between)


def _is_bare(page: Page, start: int, end: int, *, goes_on: bool) -> bool:
    """Whether a number stands for chips named before it in its sentence or the one before, or in the headline's line."""
    k = page.sentence_of(start)
    a, b = page.sentences[k]
    text = page.folded
    if text[start - 1 : start] in ("$", "€", "£", "¥", "₩") or not _AFTER.match(text[end : end + 20]):
        return False
    if _NOT_AFTER.match(text[end : end + 20]) and not re.search(r"\b(?:remaining|other|another|further)\s$", text[max(a, start - 12) : start]):
        return False
    goes_on = text[start - 1 : start] in (" ", "(", "\u201c", '"') and goes_on and not _NO_COUNT_BEFORE.search(text[max(a, start - 16) : start])
    if not (goes_on or _BEFORE.search(text[max(a, start - 16) : start])) or cues.has(cues.POLLS, text[a:b]) or cues.has(cues.MARKETS, text[a:b]):
        return False
    if re.search(r"\b(?:people|jobs|employees|population|residents|attend|copies|miles|homes|acres|square feet|Article|No\.|ID)\b", text[max(a, start - 12) : min(b, end + 24)]):
        return False
    before = page.sentence(k - 1) + text[a:start]
    return goes_on or bool(_NOUN.search(before))


_TO = re.compile(r"\s(?:to|up to)\s(?:about |around |some |nearly )?[$€£¥₩]?|에서\s(?:약 |최대 )?|から(?:約|最大)?")
_FROM = re.compile(r"\bfrom\s(?:about |around |some |nearly )?[$€£¥₩]?$", re.I)


def bare_starts(page: Page) -> list[Quantity]:
    """Return the numbers that a change starts from, where only its end bears the unit: *from 21 to 420 exaflops*, 200에서 500MW로."""
    text = page.folded
    ends = {n.end: n for n in find_numerals(text) if n.plain and n.value}
    taken = {at for q in page.quantities for at in range(q.start, min(q.end, q.start + 60))}
    out = []
    for q in page.quantities:
        if q.family not in ("power", "compute", "money", "bytes", "count") or not q.value or q.hedge not in (None, "approx", "at_most"):
            continue
        first = next((ends[end] for end in range(q.start - 1, q.start - 13, -1) if end in ends and _TO.fullmatch(text[end : q.start])), None)
        last = next(find_numerals(text[q.core[0] : q.core[1]]), None)
        if first is None or last is None or not last.value or not first.value or first.start in taken:
            continue
        begins = _FROM.search(text[max(0, first.start - 16) : first.start]) if page.language == "en" else re.match(r"으?로|까지|[にへ]|まで", text[q.end : q.end + 4])
        number = first.value if not last.plain else first.value * q.value / last.value
        if begins and number < q.value:
            out.append(Quantity(first.start, first.end, (first.start, first.end), q.family, q.unit, number, word=q.word))
    return out


_SUM_UP = re.compile(r"(?:Together|Combined|In all|All told|In total|Added up|That makes|That is|That's)\b", re.I)
_SCALED = re.compile(r"(?:million|billion|trillion|bn|tn|m)$|[억조億兆]$", re.I)
_MONEY_AFTER = re.compile(
    r"[.,;:)]|\s(?:is|was|were|would|will|goes|went|comes|came|of (?:it|that|which)|to|by|from|in|for|on|and|or|has|over|at|this|next|last|more)\b|\s[–—-]\s|[은는이가을를도]\s|[はがをも、]|\s?$"
)
_MEASURED = re.compile(r"(?:\b(?:with|measured|at|from|to|reached|ran|runs|clocked|posted|than|of|did|against|versus|was|is|on|and|want|wants|need|needs|managed|manages|manage|achieved|scored|hit|recorded|delivers|delivered|logged|registered|notched)\s(?:about |just |only )?|['’]s\s|, )$", re.I)
_FLOPS = re.compile(r"(?P<p>exa|peta|tera|zetta|E|P|T)-?(?:flops?|FLOPS?)", re.I)
_TIMES = {"t": 1e12, "p": 1e15, "e": 1e18, "z": 1e21}


def bare_units(page: Page) -> list[Quantity]:
    """Return the numbers that take the currency, or in English the petaflops, of the figure just before them.

    A sum must bear a word of scale (20 billion, 5000억) and follow money in its sentence or the one before; a
    performance must have a decimal point or a comma.
    """
    starts = [q.start for q in page.quantities]
    out = []
    for n in find_numerals(page.folded):
        at = bisect.bisect_left(starts, n.start)
        last = page.quantities[at - 1] if at else None
        if last is None or n.start < last.end or n.value is None or (at < len(starts) and starts[at] < n.end):
            continue
        k, own = page.sentence_of(last.start), page.sentence_of(n.start)
        if own - k > 1 or "\n\n" in page.folded[last.end : n.start]:
            continue
        written, after = page.folded[n.start : n.end], page.folded[n.end : n.end + 8]
        if (own == k or _SUM_UP.match(page.sentence(own).lstrip())) and last.family in ("money", "share", "count") and _SCALED.search(written) and _MONEY_AFTER.match(after):
            of = next((q for q in reversed(page.within(page.quantities, page.sentences[k][0], n.start)) if q.family == "money"), None)
            if of is not None:
                out.append(Quantity(n.start, n.end, (n.start, n.end), "money", of.unit, n.value, word=""))
        elif page.language == "en" and n.plain and ("," in written or "." in written or re.search(r"\b(?:against|from|to|versus|compared with|want|wants|managed|manages|achieved|scored|did|recorded)\s$|['’]s\s$", page.folded[max(0, n.start - 14) : n.start])):
            before = [q for q in page.within(page.quantities, page.sentences[max(0, own - 1)][0], n.start) if q.family == "compute"]
            unit = _FLOPS.search(page.folded[before[-1].start : before[-1].end]) if before else None
            bracketed = page.folded[n.start - 1 : n.start] == "(" and page.folded[n.end : n.end + 1] == ")" and any(m.type == "system" and m.end in (n.start - 1, n.start - 2) for m in page.within(page.mentions, max(0, n.start - 40), n.start))
            if unit and bracketed:
                out.append(Quantity(n.start, n.end, (n.start, n.end), "compute", "FLOPS", n.value * _TIMES[unit["p"][0].lower()], word=unit.group()))
            elif unit and _MEASURED.search(page.folded[max(0, n.start - 18) : n.start]) and _AFTER.match(page.folded[n.end : n.end + 14]):
                scale = _TIMES[unit["p"][0].lower()]
                out.append(Quantity(n.start, n.end, (n.start, n.end), "compute", "FLOPS", n.value * scale, word=unit.group()))
    return out
