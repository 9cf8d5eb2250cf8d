"""One article from headline to answer: claims, standing, scenario, published editions, words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from podium.brief.answer import answer, find
from podium.brief.events import announced
from podium.brief.outlook import look_ahead
from podium.brief.published import published_editions
from podium.brief.question import ask
from podium.brief.story import Brief
from podium.claims.article import title_of
from podium.claims.check import check_article
from podium.errors import Fault, SpecError
from podium.evidence.ledger import Ledger, bundled
from podium.index.build import build
from podium.index.profile import find_unit
from podium.index.receipt import digest, make_receipt
from podium.index.spec import Spec, load_spec
from podium.robustness.engine import stress
from podium.scenarios.goals import reach
from podium.scenarios.whatif import whatif

__all__ = ["brief", "edition_before"]

Progress = Callable[[float, str], None]
PLANS = 288
"""So many draws are enough to look for a plan; `podium reach` takes more."""


def edition_before(spec: Spec, date: str) -> Spec:
    """Return the specification in its latest edition that ends before an ISO date.

    Raises
    ------
    SpecError
        If every edition ends later.
    """
    if not spec.editions:
        return spec
    earlier = [e for e in spec.editions if e.last_day() < date]
    if not earlier:
        first = min(spec.editions, key=lambda e: e.last_day())
        raise SpecError(
            Fault(
                f"no edition of {spec.name} ends before {date}; the first, {first.name}, ends on {first.last_day()}",
                "Give a later --date, or another index",
                spec.file,
            )
        )
    return spec.with_({"edition": max(earlier, key=lambda e: e.last_day()).name})


def brief(
    article: Path | str,
    *,
    date: str | None = None,
    spec: Spec | str = "ai-race",
    unit: str | None = None,
    rival: str | None = None,
    rank: int | None = None,
    draws: int = 10_000,
    seed: int = 1,
    ledger: Ledger | None = None,
    hindsight: bool = False,
    progress: Progress | None = None,
) -> Brief:
    """Return the story of one article.

    Parameters
    ----------
    date
        ISO date of publication; None takes the one in the text.
    spec
        The index; its latest edition that ends before the date is used.
    unit, rival, rank
        The question; what is None comes from the article.
    draws
        Number of draws over choices.
    hindsight
        Use the latest edition and plans of later dates too; the story says so.
    progress
        Called with the share done and what is being done.

    Raises
    ------
    InputError
        If the article, the index or the question cannot be used; names place and remedy.
    """
    tell = progress or (lambda done, what: None)
    facts = bundled() if ledger is None else ledger
    tell(0.0, "reading the article")
    checked = check_article(article, date=date, ledger=facts)
    index = load_spec(spec) if isinstance(spec, str) else spec
    index = index if hindsight else edition_before(index, checked.date)
    current = index.current()
    tell(0.05, f"building {index.name} {current.name if current else ''}".rstrip())
    built = build(index)
    events = announced(checked)
    unit, rival = (None if u is None else find_unit(built, u) for u in (unit, rival))
    question = ask(checked, events, built.units, unit=unit, rival=rival, rank=rank)
    tell(0.1, "stressing the ranking")
    stressed = stress(
        built, draws=draws, seed=seed, progress=lambda done, what: tell(0.1 + 0.4 * done, f"stress: {what}")
    )
    tell(0.5, "running the scenario")
    inside = question.rival if question.rival in built.units else None
    scenario = whatif(
        stressed, events, focal=question.unit, rank=question.rank, date=checked.date, rival=inside,
        hindsight=hindsight, early="leave out",
    )
    tell(0.7, "looking for what it would take")
    goal = reach(built, unit=question.unit, rank=question.rank, draws=min(draws, PLANS), seed=seed)
    tell(0.85, "looking ahead")
    outlook = look_ahead(built, unit=question.unit, rank=question.rank, seed=seed)
    tell(0.9, "comparing with published editions")
    focus = tuple(u for u in (question.unit, inside) if u)
    editions = published_editions(built, facts, date="9999" if hindsight else checked.date, focus=focus)
    findings = find(
        question, stressed, scenario, editions, edition=current.name if current else "only", date=checked.date,
        goal=goal, outlook=outlook,
    )
    languages = tuple(dict.fromkeys((checked.language, "en")))
    article_hash = hashlib.sha256(checked.text.encode()).hexdigest()
    numbers = digest(stressed.score_draws)
    receipt = make_receipt("brief", built, numbers, seed=seed, draws=draws, article_sha256=article_hash)
    tell(1.0, "done")
    return Brief(
        checked,
        title_of(checked.text),
        question,
        built,
        current.name if current else "",
        stressed,
        scenario,
        editions,
        answer(findings, languages),
        receipt,
        hindsight,
        goal,
        outlook,
    )
