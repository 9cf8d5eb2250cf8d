"""The index beside every published edition held: their ranks, ours of the same units, and how far they agree."""

from __future__ import annotations

import math

import numpy as np

from podium.brief.story import PublishedEdition
from podium.compare.agreement import spearman
from podium.evidence.facts import Fact
from podium.evidence.ledger import Ledger
from podium.index.build import Built
from podium.index.rank import ranks

__all__ = ["published_editions"]

ENOUGH = 5


def published_editions(
    built: Built, ledger: Ledger, *, date: str, focus: tuple[str, ...]
) -> tuple[PublishedEdition, ...]:
    """Return every index edition held that was public by an ISO date, the latest first.

    Parameters
    ----------
    focus
        The units in question; the ids of the facts on them are kept.
    """
    by_edition: dict[tuple[str, str], list[Fact]] = {}
    for fact in ledger.find(attribute="rank:", as_of=date):
        index = fact.attribute.removeprefix("rank:")
        if (
            fact.value is not None
            and "/" not in index
            and fact.subject in built.dataset.units
            and "-" not in fact.period
        ):
            by_edition.setdefault((index, fact.period), []).append(fact)
    found = [_edition(built, index, period, facts, focus) for (index, period), facts in by_edition.items()]
    return tuple(sorted(found, key=lambda e: (e.edition, e.index), reverse=True))


def _edition(built: Built, index: str, period: str, facts: list[Fact], focus: tuple[str, ...]) -> PublishedEdition:
    held = {f.subject: int(f.value or 0) for f in facts}
    common = [u for u in held if u in built.units]
    own = ranks(np.array([built.score_of(u) for u in common])) if common else np.array([])
    theirs = np.array([float(held[u]) for u in common])
    agreement = spearman(theirs, own) if len(common) >= ENOUGH else math.nan
    source = facts[0].sources[0]
    return PublishedEdition(
        index,
        source.title or index,
        period,
        max(f.public for f in facts),
        held,
        {u: int(r) for u, r in zip(common, own, strict=True)},
        None if math.isnan(agreement) else float(agreement),
        tuple(f.id for f in facts if f.subject in focus),
    )
