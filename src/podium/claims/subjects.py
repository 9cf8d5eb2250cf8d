"""Whom a figure is about: the owner or recipient, and the country it counts for."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from podium.claims.entities import Mention

if TYPE_CHECKING:
    from podium.claims.extract import Page

__all__ = ["rank_subject", "subject_of", "topic_country"]

# What follows a name: as the topic or subject, as the place, as a mere object or yardstick.
_TOPIC = re.compile(
    r"^[’'\"”)）]?\s?(?:[가-힣A-Za-z·\s]{0,14}?)?(?:은|는|이|가|도|에선|에서는|の|は|が|も)(?=[\s,]|[^ぁ-んー])"
)
_PLACE = re.compile(
    r"^[’'\"”)]?\s?(?:[가-힣]{0,6}\s?)?(?:에서?|에는|에도|내)(?=\s)|^(?:県|府|市|道|州)?[^、。]{0,8}(?:に|で|の)|^(?:'s|’s)?\s"
)
_IN = re.compile(
    r"\b(?:in|at|near|outside|across|to)\s(?:the\s|southern\s|northern\s|eastern\s|western\s|central\s)?$", re.I
)
_OBJECT = re.compile(r"^(?:을|를|보다|에게|과의|와의|を|より)")
_PARTY = re.compile(r"^(?:계|系|산|産|製)")


def topic_country(page: Page) -> str:
    """Return the country that headline and lead name most; the language's own where they name none."""
    votes: Counter[str] = Counter()
    lead = page.sentences[min(len(page.sentences), 6) - 1][1] if page.sentences else 0
    for m in page.mentions:
        if m.start < lead and m.country and m.type not in ("vendor", "index"):
            votes[m.country] += 3 if m.start < page.headline_ends else 1
    home = {"ko": "KOR", "ja": "JPN", "en": ""}[page.language]
    return votes.most_common(1)[0][0] if votes else home


def subject_of(
    page: Page, start: int, end: int, *, measure: bool = False, before: tuple[str | None, str | None] | None = None
) -> tuple[str | None, str | None]:
    """Return name and ISO3 country of the owner, recipient or site of a figure.

    In its own sentence: a country named as the place, else the nearest name before the figure that is no mere
    object, else the next one after it. Without any: `before` (whom the claim before was about), else the sentence
    before, back to the topic of the article. A `measure` is a multiple or share: *Fugaku's two thirds* is not
    about Fugaku.
    """
    k = page.sentence_of(start)
    for back in range(4):
        if k - back < 0:
            break
        a, b = page.sentences[k - back]
        limit = (start, end) if back == 0 else (b, b)
        found = _in_sentence(page, a, b, *limit, own=back == 0, measure=measure and back == 0)
        if found is not None:
            return found.id, found.country
        if back == 0 and before is not None:
            return before
        if back > 1 and "\n\n" in page.folded[a : page.sentences[k - back + 1][0]]:
            break
    topic = page.topic
    return (topic or None, topic or None)


def _named(page: Page, a: int, b: int) -> list[Mention]:
    """The names in a span that may own something: no vendor, no index, no nationality of either, no mere landmark."""
    text = page.folded
    near = page.within(page.mentions, a, b)
    starts = {m.start: m for m in near}
    out = []
    for m in near:
        if not (a <= m.start and m.end <= b and m.country) or m.type in ("vendor", "index"):
            continue
        following = starts.get(m.end) or (starts.get(m.end + 1) if text[m.end : m.end + 1] == " " else None)
        nationality = m.type == "country" and following is not None and following.type in ("vendor", "index")
        landmark = re.match(
            r"(?:에서|から|\sis|\sby)?\s?[^\s]{0,4}\s?\d+\s?(?:㎞|km|킬로미터|キロメートル|kilomet)",
            text[m.end : m.end + 18],
        )
        if not nationality and not landmark and not _PARTY.match(text[m.end : m.end + 2]):
            out.append(m)
    return out


def _in_sentence(page: Page, a: int, b: int, start: int, end: int, *, own: bool, measure: bool) -> Mention | None:
    text = page.folded
    here = _named(page, a, b)
    before = [m for m in here if m.end <= start]
    if measure:
        yardstick = next((m for m in before if re.fullmatch(r"(?:의|の|'s|’s)\s?", text[m.end : start])), None)
        before = [m for m in before if yardstick is None or m.country != yardstick.country]
    adnominal = re.match(r"(?:인|의|짜리|を誇る|の)\s?", text[end:]) if own and not measure else None
    if adnominal:
        chain = [m for m in here if end < m.start <= end + adnominal.end() + 4]
        if chain and chain[0].start <= end + adnominal.end() + 1:
            return chain[-1]
    places = [m for m in before if m.type == "country" and (
        (page.language == "en" and _IN.search(text[max(a, m.start - 18) : m.start]))
        or (page.language != "en" and _PLACE.match(text[m.end : m.end + 12])))]  # fmt: skip
    actors = [m for m in before if m not in places and not _OBJECT.match(text[m.end : m.end + 3])]
    firms = [m for m in actors if m.type != "country"]
    if places and (page.language == "en" or not firms or firms[-1].country == places[-1].country or
                   re.search(r"에(?:서|는)?\s", text[places[-1].end : places[-1].end + 10])):  # fmt: skip
        return places[-1]
    if actors:
        return actors[-1]
    if before:
        return before[-1]
    after = [m for m in here if m.start >= end and m.start - end < (40 if own else 0)]
    return after[0] if after and not measure else None


def rank_subject(page: Page, start: int, end: int) -> tuple[str | None, str | None]:
    """Return name and country of who holds a rank: the name after *6th-placed*, else the nearest topic before it."""
    a, b = page.sentences[page.sentence_of(start)]
    text = page.folded
    here = [m for m in page.within(page.mentions, a, b) if m.end <= b and m.country and m.type in ("country", "system")]
    adnominal = re.match(
        r"(?:인|의|였던|이었던|를 기록한|에 오른|에 머문|에 머물렀던|를 차지한|로 평가된|だった|の|につけた)\s?",
        text[end:],
    )
    if adnominal:
        at = end + adnominal.end()
        following = [m for m in here if at <= m.start <= at + 6]
        if following:
            return following[0].id, following[0].country
    placed = re.match(r"[\s-]?(?:place|placed|ranked)?[\s-]", text[end:]) if page.language == "en" else None
    before = [m for m in here if m.end <= start]
    if page.language == "en":
        clause = max((text.rfind(c, a, start) for c in (", ", "; ", " while ", " and ", " but ")), default=a)
        inside = [m for m in before if m.start >= clause]
        near = (inside or before)[-1:] or [m for m in here if placed and 0 <= m.start - end <= 12]
        return (near[0].id, near[0].country) if near else (None, None)
    topics = [
        m for m in before if not _OBJECT.match(text[m.end : m.end + 3]) and _TOPIC.match(text[m.end : m.end + 20])
    ]
    chosen = topics[-1:] or [m for m in before if not _OBJECT.match(text[m.end : m.end + 3])][-1:]
    if chosen:
        return chosen[0].id, chosen[0].country
    k = page.sentence_of(start)
    if k:
        pa, pb = page.sentences[k - 1]
        last = [m for m in page.within(page.mentions, pa, pb) if m.end <= pb and m.type in ("country", "system")]
        if last:
            return last[-1].id, last[-1].country
    return None, None
