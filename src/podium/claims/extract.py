"""The claims of an article: which figures count, of what kind, about whom, and how far the matter has come."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import cast

from podium.claims.article import checked_length, find_date, iso_day, language_of, load_text
from podium.claims.bearers import is_rival
from podium.claims.claim import CheckedArticle, Claim, Status
from podium.claims.currencies import own_money
from podium.claims.ellipsis import bare_counts, bare_starts, bare_units
from podium.claims.kinds import kind_of
from podium.claims.page import Page, page_of
from podium.claims.places import is_of_site
from podium.claims.pledges import spent_with_the_whole
from podium.claims.quantities import Quantity
from podium.claims.ranks import rank_claims
from podium.claims.repeats import join_repeats
from podium.claims.scores import score_claims
from podium.claims.statuses import WITH_STATUS, status_of
from podium.claims.subjects import spent_in, subject_of
from podium.errors import ArticleError, Fault

__all__ = ["Page", "article_of", "extract", "read_article"]


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
    return article_of(load_text(Path(path)), name=str(path), date=date)


def article_of(text: str, *, name: str = "", date: str | None = None) -> CheckedArticle:
    """Return a text with its claims, not yet checked; `name` is the file it came from.

    Raises
    ------
    ArticleError
        If the text bears no date and none is given, or the given one is none.
    """
    checked_length(text, name)
    when = date or find_date(text)
    if when is None:
        raise ArticleError(Fault("the article bears no date", "Give one with --date YYYY-MM-DD", name))
    if iso_day(when) is None:
        raise ArticleError(Fault(f"{when!r} is no date of the calendar", "Give it as YYYY-MM-DD", name))
    page = page_of(text, language_of(text), when)
    return CheckedArticle(Path(name).name, text, page.language, when, extract(page))


def extract(page: Page) -> tuple[Claim, ...]:
    """Return the claims of a page in order, repeats joined, without verdicts."""
    found: list[Claim] = []
    figures = [q for q in page.quantities if q.family not in ("rank", "point", "country")]
    starts = bare_starts(page)
    taken = {q.start for q in starts}
    bare = [q for q in (*bare_counts(page), *bare_units(page)) if q.start not in taken]
    for q in sorted([*figures, *starts, *bare], key=lambda q: q.start):
        if c := _claim(page, q, found):
            found.append(c)
    found += rank_claims(page) + score_claims(page)
    found.sort(key=lambda c: (c.char_start, c.char_end))
    joined = join_repeats(page, found)
    return tuple(replace(c, id=f"c{k:02d}") for k, c in enumerate(joined, start=1))


def _claim(page: Page, q: Quantity, earlier: list[Claim]) -> Claim | None:
    """The claim that a figure makes; None where it makes none."""
    decided = kind_of(page, q, earlier)
    if decided is None:
        return None
    kind, unit, system = decided
    plain = kind == "other" and ((unit in ("B", "B/s", "W") and system is not None) or unit == "W" or (unit in ("gpu", "cpu") and re.match(r"DGX|HGX|.*NVL", system or "")))
    subject, country = (None, None) if plain else _subject(page, q, earlier, kind)
    if not _owned(page, q) and ((kind == "ratio_speedup" and _of_two_chips(page, q)) or (kind in ("ratio_speedup", "share") and _after_specification(page, q, earlier))):
        subject, country = None, None  # of two chips, wherever they stand
    if kind == "compute_power" and system is not None and _of_one_chip(page, q, system):
        subject, country = system, None  # of one chip or rack
    status = status_of(page, q, kind, earlier) if kind in WITH_STATUS else None
    unit = own_money(unit, page.text[q.start : q.core[1]], country)
    if kind.startswith("money") and country is not None and (spent := spent_in(unit, page.language)) and spent != country and q.family == "money" and (_is_firm(page, subject) or (kind == "money_investment" and page.language == "en" and _has_adjective(page, subject, q))):
        country = spent
    value, low, high = q.value, q.low, q.high
    converted, currency = q.converted or (None, None)
    return Claim(
        "", kind, page.text[q.start : q.end], q.start, q.end, (), subject, country, q.word or None, value, low=low, high=high,
        unit=unit, hedge=q.hedge, status=cast("Status | None", status), converted_value=converted, converted_unit=currency,
        system=system,
    )  # fmt: skip


def _of_two_chips(page: Page, q: Quantity) -> bool:
    """Whether the sentence of a multiple names two types of chip or system, which it sets side by side."""
    a, b = page.sentences[page.sentence_of(q.start)]
    return len({name for _, _, name in page.chips_before(b, a)}) > 1


def _after_specification(page: Page, q: Quantity, earlier: list[Claim]) -> bool:
    """Whether the figure just before a multiple is a specification of a chip: 192GB. 2.4배."""
    last = earlier[-1] if earlier else None
    return last is not None and last.kind == "other" and last.unit in ("B", "B/s", "W") and last.system is not None and page.sentence_of(q.start) - page.sentence_of(last.char_start) <= 1


def _of_one_chip(page: Page, q: Quantity, system: str) -> bool:
    """Whether operations are those of one chip or rack, not of somebody's machine: nobody and no number of machines in its sentence."""
    a, b = page.sentences[page.sentence_of(q.start)]
    last = page.chips_before(q.start, a)[-1:]
    if last and (q.value or 0.0) < 2e17 and _ITS_OWN.fullmatch(page.folded, last[0][1], q.start):
        return True  # 미국이 수출을 막은 H20은 8비트 연산 성능이 296테라플롭스
    many = any(o.family == "count" and (o.value or 2) > 1 for o in page.within(page.quantities, a, b))
    return not many and not _owned(page, q) and (q.value or 0.0) < (2e18 if "NVL" in system else 2e17)


_ITS_OWN = re.compile(r"[’'”\"」』]?(?:은|는|이|가|의|は|が|の)[\s、,]?(?:[^\s\d、。.]{0,4}(?:4|8|16)(?:비트|ビット))?[^\d,.、。]{0,24}|\s(?:has|have|offers|delivers|manages|reaches|does|musters)\s(?:\d+GB but )?[^\d,.;]{0,24}")


def _owned(page: Page, q: Quantity) -> bool:
    """Whether the sentence of a figure names anybody but makers of chips before it."""
    a = page.sentences[page.sentence_of(q.start)][0]
    return any(m.country and m.type not in ("vendor", "index") for m in page.within(page.mentions, a, q.start))


def _subject(page: Page, q: Quantity, earlier: list[Claim], kind: str) -> tuple[str | None, str | None]:
    """Whom a figure is about: named in its sentence, else whom the claim before it was about."""
    if q.family == "compute" and (machine := _machine(page, q)) is not None:
        return machine
    measure = q.family in ("share", "multiple")
    k = page.sentence_of(q.start)
    if _EXPORTED.match(page.folded, q.end) and earlier and earlier[-1].subject and k - page.sentence_of(earlier[-1].char_start) <= 2:
        return earlier[-1].subject, earlier[-1].subject_country_iso3  # who may buy, not who lets them
    if q.family == "share" and _of_coverage(page, q, k):
        return None, None
    last = next((c for c in reversed(earlier) if (not measure or page.sentence_of(c.char_start) < k) and c.subject), None)
    near = last is not None and k - page.sentence_of(last.char_start) <= (6 if is_of_site(page.sentence(k)) else 2)
    if last is not None and page.language != "en" and page.sentence_of(last.char_start) < k:
        told = page.within(page.mentions, last.char_end, page.sentences[k][0])
        near = near and not any(m.type == "country" and _AS_TOPIC.match(page.folded[m.end : m.end + 4]) for m in told)
    if last is not None and page.language == "en" and page.sentence_of(last.char_start) < k:
        between = page.within(page.mentions, last.char_end, page.sentences[k][0])
        near = near and not any(m.country and m.type in ("country", "company", "state") and not is_rival(page, m) for m in between)
    before = (last.subject, last.subject_country_iso3) if last is not None and near else None
    if before is not None and q.family == "money" and last is not None and last.kind.startswith("money") and _PART_OF.match(page.folded, last.char_end, q.start):
        return before  # 투자액 7조원 가운데 아마존이 40억달러를: spent where the whole is
    if kind == "valuation" and (valued := _valued(page, q)) is not None:
        return valued
    found = subject_of(page, q.start, q.end, measure=measure, before=before, money=q.unit if q.family == "money" else "")
    if kind in ("money_investment", "power_capacity") and (whole := spent_with_the_whole(page, q, found[1], earlier)) is not None:
        return found[0], whole.subject_country_iso3  # whoever pays it
    return found


def _valued(page: Page, q: Quantity) -> tuple[str, str] | None:
    """A maker of chips that is itself valued: 리벨리온의 기업가치는, 퓨리오사AI가 … 몸값, *Cerebras is worth*."""
    a = page.sentences[page.sentence_of(q.start)][0]
    firms = [m for m in page.within(page.mentions, a, q.start) if m.type in ("company", "vendor") and m.country and not is_rival(page, m)]
    marked = [m for m in firms if m.type == "vendor" and _WORTH.match(page.folded, m.end)]
    return (marked[-1].id, marked[-1].country) if marked and firms[-1] is marked[-1] else None


_WORTH = re.compile(r"[’'”」]?(?:은|는|이|가|의|도|は|が|の|も)(?=[\s,、]|[^ぁ-ん])|(?:'s|’s)?\s(?:is|was|has|itself|at|raised|valuation|market)\b")


def _of_coverage(page: Page, q: Quantity, k: int) -> bool:
    """Whether a rate of growth is of the number of countries that an index covers: told in its sentence, and no country named in it."""
    a = page.sentences[k][0]
    figures = page.within(page.quantities, a, q.start)
    return bool(figures) and figures[-1].family == "country" and not any(m.type == "country" for m in page.within(page.mentions, a, q.start))


# A country that a sentence between takes as its topic: 싱가포르도 놀고 있진 않다.
_AS_TOPIC = re.compile(r"[은는도]\s|[はも]")
# The 1 exaflop that Germany's JUPITER posted, the 442 petaflops of Fugaku.
_POSTED_BY = re.compile(r"\s(?:that|which|of|posted by|measured on|held by)\s(?:the\s)?(?:\w+(?:'s|’s)\s)?")
def _is_firm(page: Page, subject: str | None) -> bool:
    return any(m.id == subject and m.type == "company" for m in page.mentions)


def _has_adjective(page: Page, subject: str | None, q: Quantity) -> bool:
    """Whether a country stands before a sum only as an adjective of a firm: *Brookfield, the Canadian asset manager, will spend 95 billion kronor*."""
    a = page.sentences[page.sentence_of(q.start)][0]
    named = [m for m in page.within(page.mentions, a, q.start) if m.id == subject and m.type == "country"]
    return bool(named) and _ADJECTIVE.match(page.folded, named[-1].end) is not None


_ADJECTIVE = re.compile(r"\s(?:[\w-]+\s){0,3}(?:manager|investor|fund|firm|company|group|operator|developer|giant|maker|bank|start-?up|builder|landlord|insurer|utility)\b")
_EXPORTED = re.compile(r"[^.。;,]{0,8}(?:수출을?|輸出を?)\s?(?:승인|허가|허용|承認|許可|認め)")
_PART_OF = re.compile(r"\s?(?:가운데|중에?서?|のうち)[\s、,]|[^。.]{0,16}[、\s]うち|[^.]{0,14}[이그]\s?(?:중|가운데)\s|[^.;]{0,10}\bof (?:which|that)\b")


def _machine(page: Page, q: Quantity) -> tuple[str, str] | None:
    """The machine whose performance a figure is: named before it in its sentence, after it, or in the two before."""
    k = page.sentence_of(q.start)
    a, b = page.sentences[k]
    adnominal = re.match(r"(?:인|의|짜리|を誇る|の)\s?", page.folded[q.end : b])
    here = [m for m in page.within(page.mentions, a, b) if m.type == "system"]
    if adnominal:
        following = [m for m in page.within(page.mentions, q.end, q.end + adnominal.end() + 5) if m.country and m.type in ("system", "country")]
        if following:
            own = [m for m in here if following[-1].end <= m.start <= following[-1].end + 2]
            chosen = (own or following)[-1]
            return chosen.id, chosen.country
    told = [m for m in here if m.start >= q.end and _POSTED_BY.fullmatch(page.folded[q.end : m.start])]
    if told:
        return told[0].id, told[0].country
    before = [m for m in here if m.end <= q.start]
    if before:
        return before[-1].id, before[-1].country
    if any(m.end <= q.start and m.country and m.type in ("country", "company", "institute", "state") for m in page.within(page.mentions, a, q.start)):
        return None
    for back in (1, 2):
        if k - back < 0 or "\n\n" in page.folded[page.sentences[k - back][0] : a].strip():
            break
        earlier = [m for m in page.within(page.mentions, *page.sentences[k - back]) if m.country and m.type in ("system", "institute", "company")]
        if earlier:
            last = earlier[-1]
            return (last.id, last.country) if last.type == "system" else None
    return None

