"""The claims of an article: which figures count, of what kind, about whom, and how far the matter has come."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar, cast

from podium.claims import cues
from podium.claims.article import find_date, language_of, load_text, sentences
from podium.claims.claim import CheckedArticle, Claim, Kind, Status
from podium.claims.coreference import resolve
from podium.claims.entities import Mention, chips, find_mentions, fold
from podium.claims.quantities import Quantity, find_quantities
from podium.claims.ranks import rank_claims
from podium.claims.subjects import subject_of, topic_country
from podium.errors import ArticleError, Fault

__all__ = ["Page", "extract", "read_article"]

Placed = TypeVar("Placed", Mention, Quantity)


def _start(placed: Mention | Quantity) -> int:
    return placed.start


@dataclass(frozen=True, eq=False)
class Page:
    """An article taken apart: folded text, sentences, names and figures."""

    text: str
    language: Literal["ko", "en", "ja"]
    date: str

    @cached_property
    def folded(self) -> str:
        """The text with full-width letters and digits as plain ones, of the same length."""
        return fold(self.text)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Spans of the sentences and headline lines."""
        return sentences(self.folded)

    @cached_property
    def mentions(self) -> list[Mention]:
        """Every name, in order."""
        return resolve(self.folded, find_mentions(self.text))

    @cached_property
    def chips(self) -> list[tuple[int, int, str]]:
        """Every chip or system type, in order."""
        return chips(self.text)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Every figure with a unit, in order."""
        return find_quantities(self.text)

    @cached_property
    def topic(self) -> str:
        """The country the article is about, for figures that name none."""
        return topic_country(self)

    def sentence_of(self, at: int) -> int:
        """The number of the sentence that holds an offset."""
        return max(0, bisect.bisect_right(self._starts, at) - 1)

    @cached_property
    def _starts(self) -> list[int]:
        return [a for a, _ in self.sentences]

    def within(self, names: Sequence[Placed], a: int, b: int) -> Sequence[Placed]:
        """Those of mentions or quantities, in order of their starts, that start in a stretch of the text."""
        return names[bisect.bisect_left(names, a, key=_start) : bisect.bisect_left(names, b, key=_start)]

    def sentence(self, k: int) -> str:
        """The folded text of a sentence; empty outside the article."""
        if not 0 <= k < len(self.sentences):
            return ""
        a, b = self.sentences[k]
        return self.folded[a:b]

    @cached_property
    def headline_ends(self) -> int:
        """Where the headline and its sub-heads end: before the first line that is a paragraph."""
        at = 0
        for line in self.folded.splitlines(keepends=True):
            if len(line.strip()) > (110 if self.language == "en" else 62):
                return at
            at += len(line)
        return min(at, len(self.folded.split("\n", 1)[0]))


def read_article(path: Path | str, *, date: str | None = None) -> CheckedArticle:
    """Return an article with its claims, not yet checked.

    Parameters
    ----------
    date
        ISO date of publication; None takes the one in the text.

    Raises
    ------
    ArticleError
        If the file cannot be read, is not text, or bears no date and none is given.
    """
    text = load_text(Path(path))
    when = date or find_date(text)
    if when is None:
        raise ArticleError(Fault("the article bears no date", "Give one with --date YYYY-MM-DD", str(path)))
    if not re.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", when):
        raise ArticleError(Fault(f"{when!r} is not a date", "Give it as YYYY-MM-DD", str(path)))
    page = Page(text, language_of(text), when)
    return CheckedArticle(Path(path).name, text, page.language, when, extract(page))


def extract(page: Page) -> tuple[Claim, ...]:
    """Return the claims of a page in order, repeats joined, without verdicts."""
    found: list[Claim] = []
    for q in page.quantities:
        if q.family not in ("rank", "point", "country") and (c := _claim(page, q, found)):
            found.append(c)
    found += rank_claims(page)
    found.sort(key=lambda c: (c.char_start, c.char_end))
    joined = _join(page, found)
    return tuple(replace(c, id=f"c{k:02d}") for k, c in enumerate(joined, start=1))


def _claim(page: Page, q: Quantity, earlier: list[Claim]) -> Claim | None:
    """The claim that a figure makes; None where it makes none."""
    k = page.sentence_of(q.start)
    a, b = page.sentences[k]
    whole = page.folded[a:b]
    if cues.has(cues.MARKETS, whole) and _near(cues.MARKETS, whole, q, a, 60):
        return None
    if cues.has(cues.POLLS, whole) or cues.has(cues.DURATION, page.folded[max(a, q.start - 8) : q.start]):
        return None
    if cues.has(cues.DURATION, page.folded[q.end : q.end + 12]) and q.family == "share":
        return None
    decided = _kind(page, q, whole, a, earlier)
    if decided is None:
        return None
    kind, unit, system = decided
    subject, country = (None, None) if kind == "other" and unit in ("gpu", "B", "B/s") else _subject(page, q, earlier)
    status = _status(page, q, whole, a, kind) if kind in _WITH_STATUS else None
    value, low, high = q.value, q.low, q.high
    converted, currency = q.converted or (None, None)
    return Claim(
        "", kind, page.text[q.start : q.end], q.start, q.end, (), subject, country, q.word or None, value, low=low, high=high,
        unit=unit, hedge=q.hedge, status=cast("Status | None", status), converted_value=converted, converted_unit=currency,
        system=system,
    )  # fmt: skip


_WITH_STATUS = ("hardware_count", "stock", "compute_power", "power_capacity", "money_support", "money_investment")


def _subject(page: Page, q: Quantity, earlier: list[Claim]) -> tuple[str | None, str | None]:
    """Whom a figure is about: named in its sentence, else whom the claim before it was about."""
    measure = q.family in ("share", "multiple")
    k = page.sentence_of(q.start)
    usable = [c for c in earlier if not measure or page.sentence_of(c.char_start) < k]
    last = usable[-1] if usable else None
    near = last is not None and k - page.sentence_of(last.char_start) <= 2
    before = (last.subject, last.subject_country_iso3) if last is not None and near and last.subject else None
    return subject_of(page, q.start, q.end, measure=measure, before=before)


def _near(pattern: re.Pattern[str], whole: str, q: Quantity, a: int, reach: int) -> bool:
    distance = cues.nearest(pattern, whole, q.start - a, q.end - a)
    return distance is not None and distance <= reach


def _kind(page: Page, q: Quantity, whole: str, a: int, earlier: list[Claim]) -> tuple[Kind, str, str | None] | None:
    """Kind, unit and named system of a figure; None where it is no claim."""
    at, end = q.start - a, q.end - a
    match q.family:
        case "money":
            if cues.has(cues.REVENUE, whole[max(0, at - 14) : at]):
                return None
            if cues.has(cues.UNIT_PRICE, whole[max(0, at - 10) : at]) or re.match(
                r"\s(?:apiece|each|per (?:chip|GPU))", whole[end:]
            ):
                return "other", q.unit, _system(page, q.start, a)
            return _money(page, q, whole, a, earlier), q.unit, None
        case "power":
            chip = _system(page, q.start, a)
            small = (q.value or 0) < 2e5 and chip is not None
            return ("other" if small else "power_capacity"), "W", chip if small else None
        case "compute":
            return "compute_power", "FLOPS", _system(page, q.start, a)
        case "bytes":
            return "other", q.unit, _system(page, q.start, a, after=True)
        case "multiple":
            value = q.value if q.value is not None else (q.low or 0)
            return ("ratio_speedup" if value >= 1 else "share"), "x", _system(page, q.start, a)
        case "share":
            return ("share", "ratio", None) if _is_about_ai(page, q) else None
        case "count":
            return _count(page, q, whole, a)
        case _:
            return None


def _is_about_ai(page: Page, q: Quantity) -> bool:
    """Whether a share stands near another figure or near hardware, money, power or a ranking."""
    k = page.sentence_of(q.start)
    near = page.sentence(k - 1) + page.sentence(k)
    if any(cues.has(p, near) for p, _ in cues.HARDWARE) or cues.has(cues.RANKING, page.sentence(k)):
        return True
    a = page.sentences[max(0, k - 1)][0]
    return any(
        a <= o.start < page.sentences[k][1] and o.family not in ("share", "count", "rank")
        for o in page.within(page.quantities, a, page.sentences[k][1])
    )


def _money(page: Page, q: Quantity, whole: str, a: int, claims: list[Claim]) -> Kind:
    """Whether money is a valuation, paid by a state, or invested: by the nearest cue, else as the figure before."""
    scores: dict[str, float] = {}
    clause, at, end = _clause(whole, q.start - a, q.end - a)
    for pattern, kind, weight in cues.KINDS_OF_MONEY:
        distance = cues.nearest(pattern, clause, at, end)
        if distance is not None:
            scores[kind] = weight * (distance + 4)
    if scores.get("valuation", 99.0) > 22:
        scores.pop("valuation", None)
    if "money_support" in scores and cues.has(cues.STATE_PAYS, clause):
        scores["money_support"] *= 0.3
    if scores:
        return cast("Kind", min(scores, key=lambda k: scores[k]))
    k = page.sentence_of(q.start)
    last = next((c for c in reversed(claims) if c.kind in ("money_support", "money_investment")), None)
    if (
        last is not None
        and "\n" not in page.folded[last.char_end : q.start]
        and k - page.sentence_of(last.char_end) < 5
    ):
        return last.kind
    for back in (1, 2):
        earlier = page.sentence(k - back)
        support, invest = (cues.has(p, earlier) for p, kind, _ in cues.KINDS_OF_MONEY if kind != "valuation")
        if support != invest:
            return "money_support" if support else "money_investment"
    here = [m for m in page.within(page.mentions, a, q.start) if m.end <= q.start and m.type not in ("vendor", "index")]
    return "money_support" if here and all(m.type in ("country", "state") for m in here) else "money_investment"


def _count(page: Page, q: Quantity, whole: str, a: int) -> tuple[Kind, str, str | None] | None:
    """What a counted thing is: chips, servers or racks, of one machine or of somebody; models; patents."""
    at, end = q.start - a, q.end - a
    if (q.value is not None and q.value <= 1) or cues.has(cues.PARAMETERS, whole[max(0, at - 12) : end + 14]):
        return None
    unit = _thing(page, q, whole, at, end)
    if unit is None:
        return (
            ("other", "building", None) if cues.BUILDING.match(q.word) and "W" in whole[max(0, at - 8) : at] else None
        )
    if unit in ("patent", "model"):
        return "other", unit, None
    system = _system(page, q.start, a, after=True)
    last = max(
        (o.end - a for o in page.within(page.quantities, a, q.start) if o.end <= q.start and (o.value or 2) > 1),
        default=0,
    )
    around = whole[max(0, at - 24) : at]
    per = whole[max(0, at - 22, min(last, at)) : at] if page.language != "en" else whole[max(0, at - 22) : at]
    described = re.search(
        r"(?:DGX|HGX|NVL\s?\d*)\S*[,’'\"”]?\s?(?:에는|에|는|은|には|は|as|has|with|combines|packs|contains|holds|houses|links)?\s?$",
        around,
    )
    if cues.has(cues.PER_ITEM, per) or cues.EACH_AFTER.match(whole[end:]) or described:
        return "other", unit, _system(page, q.start, a)
    holds = cues.has(cues.NATIONAL, whole[max(0, at - 45) : end + 6]) and cues.has(
        cues.HOLDING, whole[max(0, at - 40) : end + 30]
    )
    return ("stock" if holds else "hardware_count"), unit, system


def _thing(page: Page, q: Quantity, whole: str, at: int, end: int) -> str | None:
    left = whole[max(0, at - 30) : at]
    if q.word and re.search(r"[A-Za-z]", q.word):
        return next((u for p, u in cues.HARDWARE if p.search(q.word)), None)
    after = re.match(r"[^,.。、]{0,4}?(?:의|の)\s?", whole[end:])
    best: tuple[float, str] | None = None
    for pattern, unit in cues.HARDWARE:
        for m in pattern.finditer(left):
            distance = len(left) - m.end() + (0.0 if re.match(r"[\s’'\"”』」]*(?:를|을|가|는|은|도|만|총|모두|약|を|が|は|も|約)?", left[m.end():]) else 2.0)  # fmt: skip
            best = min(best or (99.0, ""), (distance, unit))
        if after:
            tail = whole[end + after.end() : end + after.end() + 18]
            m2 = pattern.search(tail)
            if m2:
                best = min(best or (99.0, ""), (m2.start() - 6.0, unit))
    if best is None and (m3 := re.match(r"[장枚]$|基$|개$|장$", q.word)) and m3:
        k = page.sentence_of(q.start)
        wide = whole + (page.sentence(k - 1) if q.word in ("장", "枚", "基", "개", "대", "台") else "")
        best = next(((0.0, u) for p, u in cues.HARDWARE[:4] if p.search(wide) and u in ("gpu", "system")), None)
        if best is not None and q.word == "개" and not re.search(r"GPU|가속기|칩", wide):
            return None
        best = (0.0, "gpu") if best else None
    return None if best is None else best[1]


def _system(page: Page, at: int, sentence_start: int, *, after: bool = False) -> str | None:
    """The chip or system named nearest before a figure in its sentence, or directly after it."""
    low, high = bisect.bisect_left(page.chips, (sentence_start,)), bisect.bisect_left(page.chips, (at,))
    here = [c for c in page.chips[low:high] if c[1] <= at]
    if here:
        return here[-1][2]
    if after:
        for s, _, name in page.chips[high : high + 2]:
            if at <= s <= at + 34 and "\n" not in page.folded[at:s]:
                return name
    return None


def _status(page: Page, q: Quantity, whole: str, a: int, kind: str) -> str:
    """How far a matter has come: cancelled, else by the nearest cue of the clause, those after the figure first."""
    if kind == "stock":
        return "operational"
    cancelled = cues.nearest(cues.STATUS[0][0], whole, q.start - a, q.end - a, before=1.5)
    if cancelled is not None and cancelled < 70:
        return "cancelled"
    if kind == "compute_power" and (
        cues.has(cues.RANKING, whole) or cues.has(cues.RANKING, page.sentence(page.sentence_of(q.start) - 1))
    ):
        return "operational"
    clause, at, end = _clause(whole, q.start - a, q.end - a)
    scores: dict[str, float] = {}
    for pattern, status, weight in cues.STATUS[1:]:
        d = cues.nearest(pattern, clause, at, end, before=1.8)
        if d is not None:
            scores[status] = min(scores.get(status, 999.0), weight * (d + 6))
    now = cues.nearest(cues.NOW, clause[:at], at, end)
    if now is not None:
        scores["operational"] = min(scores.get("operational", 999.0), now + 4)
    if scores:
        return min(scores, key=lambda s: scores[s])
    return "announced" if kind.startswith("money") else "planned"


def _clause(whole: str, at: int, end: int) -> tuple[str, int, int]:
    """The clause of a sentence that holds a span, with the span's place in it."""
    first = max((m.end() for m in cues.CLAUSE.finditer(whole, 0, at)), default=0)
    last = next((m.start() for m in cues.CLAUSE.finditer(whole, end)), len(whole))
    return whole[first:last], at - first, end - first


def _join(page: Page, claims: list[Claim]) -> list[Claim]:
    """Repeats of a claim in other sentences become places of the fullest one."""
    out: list[Claim] = []
    for c in sorted(claims, key=lambda c: (c.char_start < page.headline_ends, c.char_start)):
        k = page.sentence_of(c.char_start)
        twin = next(
            (
                n
                for n, d in enumerate(out)
                if _same(d, c, c.char_start < page.headline_ends) and page.sentence_of(d.char_start) != k
            ),
            None,
        )
        if twin is None:
            out.append(c)
            continue
        old = out[twin]
        keep, other = (c, old) if _fullness(c) > _fullness(old) else (old, c)
        places = sorted({*old.also_at, *c.also_at, (other.char_start, other.char_end)})
        out[twin] = replace(keep, also_at=tuple(places))
    return sorted(out, key=lambda c: c.char_start)


def _fullness(c: Claim) -> int:
    return 2 * (c.converted_value is not None) + (c.hedge is not None)


def _same(a: Claim, b: Claim, headline: bool) -> bool:
    """Whether two claims say the same: kind, value, unit and country, or one is the other's conversion.

    A headline is short: where it has the figure, its country counts for nothing.
    """
    if a.kind == "rank_change" and b.kind == "rank":
        return a.value == b.value and (
            b.subject_country_iso3 in (None, a.subject_country_iso3) or bool(b.attribute == "headline")
        )
    if a.kind != b.kind and not (a.kind.startswith("money") and b.kind.startswith("money")):
        return False
    if a.kind in ("ratio_speedup", "share", "other"):
        return (
            a.value == b.value
            and a.unit == b.unit
            and a.value is not None
            and a.subject_country_iso3 == b.subject_country_iso3
            and a.kind == "ratio_speedup"
        )
    if b.converted_value is None and (a.converted_value, a.converted_unit) == (b.value, b.unit) and b.value is not None:
        return True
    same_place = headline or a.subject_country_iso3 == b.subject_country_iso3
    return (
        same_place
        and a.unit == b.unit
        and a.value == b.value
        and (a.value is not None or (a.low, a.high) == (b.low, b.high))
    )
