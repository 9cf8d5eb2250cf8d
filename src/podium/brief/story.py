"""One article's story as one plain value: claims, standing, scenario, published editions, answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from podium.brief.outlook import Outlook
    from podium.claims.claim import CheckedArticle
    from podium.index.build import Built
    from podium.robustness.engine import Stress
    from podium.scenarios.goals import Reach
    from podium.scenarios.whatif import WhatIf

__all__ = ["Answer", "Brief", "PublishedEdition", "Question"]

Language = Literal["ko", "en", "ja"]


@dataclass(frozen=True)
class Question:
    """What the headline asks of `unit`, its `rival` and the place `rank`.

    ``asks`` is *brake* (does what is announced change the order of the two, or whether `unit` is `rank`-th or better?),
    *ahead* (is ``first`` ahead of the other afterwards?), *reach* or *lose* (is `unit` there afterwards, or not?).

    ``spans`` holds, for each of ``unit``, ``rival`` and ``rank`` that the article itself names, where it does
    (code points, end exclusive); what the user gave instead has no span. ``assumed`` names what neither says.
    """

    unit: str
    rival: str | None
    rank: int
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    asks: Literal["brake", "ahead", "reach", "lose"] = "brake"
    first: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the question as plain JSON values."""
        return {
            "asks": self.asks,
            "first": self.first,
            "unit": self.unit,
            "rival": self.rival,
            "rank": self.rank,
            "spans": {key: list(span) for key, span in self.spans.items()},
            "assumed": list(self.assumed),
        }


@dataclass(frozen=True)
class PublishedEdition:
    """One edition of somebody else's index, as far as cited facts hold it.

    ``ranks`` are the published ranks by ISO3 code, ``own`` this index's ranks of the same units among
    themselves; ``spearman`` is None below five common units. ``facts`` are the ids behind the ranks of the
    units in question.
    """

    index: str
    title: str
    edition: str
    public: str
    ranks: Mapping[str, int]
    own: Mapping[str, int]
    spearman: float | None
    facts: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the edition as plain JSON values."""
        return {
            "index": self.index,
            "title": self.title,
            "edition": self.edition,
            "public": self.public,
            "ranks": dict(self.ranks),
            "own_ranks_of_the_same_units": dict(self.own),
            "spearman": self.spearman,
            "units_in_common": len(self.own),
            "facts": list(self.facts),
        }


@dataclass(frozen=True)
class Answer:
    """The answer in words, by language.

    ``brake`` is the verdict on the headline, by the share of admissible variants in which what it asks comes true:
    *yes* from a half on, *possibly* from a tenth, *hardly* from one in a hundred, else *no*. Where it asks for an
    obstacle the share is of variants in which the order or the goal changes: *yes* from a half on, *possibly* from one
    in a hundred, *hardly* below, *no* where none does. ``short`` is one sentence, ``paragraph`` the paragraph to print,
    ``hinge`` the choice on which it turns, ``takes`` what it would take to reach the goal, ``outlook`` what a forecast
    adds, ``unknown`` what cannot be known from this article and
    these data.
    """

    brake: Literal["no", "hardly", "possibly", "yes", "already behind", "no event"]
    short: Mapping[str, str]
    paragraph: Mapping[str, str]
    hinge: Mapping[str, str]
    takes: Mapping[str, str]
    outlook: Mapping[str, str]
    unknown: Mapping[str, tuple[str, ...]]

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain JSON values."""
        return {
            "brake": self.brake,
            "short": dict(self.short),
            "paragraph": dict(self.paragraph),
            "hinge": dict(self.hinge),
            "takes": dict(self.takes),
            "outlook": dict(self.outlook),
            "unknown": {lang: list(lines) for lang, lines in self.unknown.items()},
        }


@dataclass(frozen=True, eq=False)
class Brief:
    """Everything that one article's page shows; computes nothing."""

    checked: CheckedArticle
    title: str
    question: Question
    built: Built
    edition: str
    stress: Stress
    whatif: WhatIf | None
    published: tuple[PublishedEdition, ...]
    answer: Answer
    receipt: Mapping[str, Any]
    hindsight: bool = False
    reach: Reach | None = None
    outlook: Outlook | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the whole story as plain JSON values; scores and ranks by unit, shares with their errors."""
        q, s = self.question, self.stress
        units = [u for u in (q.unit, q.rival) if u in s.units]
        chances = {u: s.probability_at_most(u, q.rank) for u in units if u}
        return {
            **self.checked.to_dict(),
            "title": self.title,
            "question": q.to_dict(),
            "index": self.built.spec.name,
            "edition": self.edition,
            "hindsight": self.hindsight,
            "seed": s.seed,
            "draws": s.draws,
            "standing": {
                "intervals": s.intervals.to_dict("index"),
                "share_at_most": {u: asdict(s.share_at_most(u, q.rank)) for u in units if u},
                "probability_at_most": {u: asdict(p) if p else None for u, p in chances.items()},
                "share_ahead": asdict(s.share_ahead(q.unit, q.rival)) if q.rival in s.units and q.rival else None,
            },
            "whatif": self.whatif.to_dict() if self.whatif else None,
            "reach": self.reach.to_dict() if self.reach else None,
            "outlook": self.outlook.to_dict() if self.outlook else None,
            "published": [e.to_dict() for e in self.published],
            "answer": self.answer.to_dict(),
            "receipt": dict(self.receipt),
        }
