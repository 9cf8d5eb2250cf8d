"""What the headline asks: who wants which place, and who may stand in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from podium.brief.goal import GoalMention, find_goals
from podium.brief.headline import asked, passes
from podium.brief.story import Question
from podium.claims.claim import CheckedArticle
from podium.claims.entities import Mention
from podium.claims.extract import Page
from podium.errors import ArticleError, Fault
from podium.scenarios.events import Event

__all__ = ["PODIUM", "ask"]

PODIUM = 3
HOME = {"ko": "KOR", "ja": "JPN", "en": ""}


def ask(
    checked: CheckedArticle, events: Sequence[Event], units: Sequence[str], *, unit: str | None = None,
    rival: str | None = None, rank: int | None = None,
) -> Question:  # fmt: skip
    """Return the question of an article: what the user gives, else what the text names, with its spans.

    The wanted rank is that of the most telling goal in the text, the podium (3) where it names none; the focal unit
    the one that sentence gives the goal to, else the country the article speaks to; the rival the country in which most
    is announced, else the other country that it names most.

    Raises
    ------
    ArticleError
        If the text names no unit of the index and none is given, or a given one is not in the index.
    """
    known = set(units)
    for name, given in (("--unit", unit), ("--rival", rival)):
        if given is not None and given not in known:
            raise ArticleError(Fault(f"{given} is not in the index", f"Give {name} one of {', '.join(sorted(known))}"))
    page = Page(checked.text, checked.language, checked.date)
    named = [m for m in page.mentions if m.country in known and m.type not in ("vendor", "index")]
    spans: dict[str, tuple[int, int]] = {}
    goals = find_goals(checked.text)
    if rank is None and goals:
        rank, spans["rank"] = goals[0].rank, (goals[0].start, goals[0].end)
    if unit is None:
        unit = _focal(page, named, goals, spans)
    if unit is None:
        raise ArticleError(Fault(_about(page, known), "Say whom it is about with --unit"))
    head = page.folded[: page.headline_ends]
    asks = asked(head)
    pair = passes(head, [m for m in named if m.end <= page.headline_ends], page.language) if asks == "ahead" else None
    if rival is None and pair is not None and unit in pair:
        rival = pair[1] if unit == pair[0] else pair[0]
        told = next(m for m in named if m.country == rival)
        spans["rival"] = (told.start, told.end)
    if rival is None:
        rival = _rival(named, events, unit, spans)
    if rival == unit:
        raise ArticleError(Fault(f"{unit} cannot be its own rival", "Give --rival another unit"))
    if asks == "ahead" and rival is None:
        asks = "brake"
    first = pair[0] if pair is not None and set(pair) == {unit, rival} else unit
    assumed = () if rank else ("rank",)
    return Question(unit, rival, rank or PODIUM, spans, assumed, asks, first if asks == "ahead" else None)


def _about(page: Page, known: set[str]) -> str:
    """What is in the way of finding out whom an article is about."""
    named = sorted({m.country for m in page.mentions if m.country and m.type == "country"})
    if page.topic and page.topic not in known:
        return f"the article is about {page.topic}, which is no unit of the index"
    if not known & set(named):
        return "the article names no unit of the index"
    return f"the article is about no one country; it names {', '.join(named)}"


def _focal(page: Page, named: list[Mention], goals: list[GoalMention], spans: dict[str, tuple[int, int]]) -> str | None:
    """The unit of the first goal, the one the article is written for before others, else whom the article is about."""
    home = HOME[page.language]
    candidates: list[Mention] = []
    for goal in goals:
        inside = [m for m in named if goal.sentence[0] <= m.start < goal.sentence[1] and m.type == "country"]
        after = [m for m in inside if goal.end <= m.start <= goal.end + 16] if page.language != "en" else []
        before = [m for m in inside if m.end <= goal.start]
        candidates += [m for m in inside if m.country == home] or after[:1] or before[-1:] or inside[:1]
    chosen = next((m for m in candidates if m.country == home), candidates[0] if candidates else None)
    if chosen is None:
        code = home if any(m.country == home for m in named) else page.topic
        like = [m for m in named if m.country == code]
        chosen = next((m for m in like if m.type == "country"), like[0] if like else None)
    if chosen is None:
        return None
    spans["unit"] = (chosen.start, chosen.end)
    return chosen.country


def _rival(named: list[Mention], events: Sequence[Event], unit: str, spans: dict[str, tuple[int, int]]) -> str | None:
    movers = Counter(e.country for e in events if e.country != unit and e.kind == "accelerators")
    mentions = Counter(m.country for m in named if m.country != unit)
    pool = [c for c in (movers or mentions) if c in mentions]
    if not pool:
        return None
    code = max(pool, key=lambda c: (movers[c], mentions[c]))
    first = next(m for m in named if m.country == code)
    spans["rival"] = (first.start, first.end)
    return code
