"""What a fact is: one sourced statement about a subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Fact", "Source"]

FactStatus = Literal[
    "announced", "planned", "under construction", "operational", "completed", "cancelled",
    "measured", "claimed", "estimated",
]


@dataclass(frozen=True)
class Source:
    """Who says so."""

    publisher: str
    title: str = ""
    url: str = ""
    file_sha256: str = ""
    date: str = ""
    licence: str = ""
    locator: str = ""

    def __str__(self) -> str:
        """Return the citation in one line."""
        return ", ".join(x for x in (self.publisher, self.title, self.date, self.locator, self.url) if x)


@dataclass(frozen=True)
class Fact:
    """One statement: the subject has the attribute with this value in this period, says the source.

    ``value`` is None where only ``low`` and ``high`` are known, or where ``text`` holds a word. ``public`` is
    the first date (ISO, possibly only a year or month) on which the fact was public; empty where unknown.
    ``recorded`` is when the ledger learnt it (ISO date-time, UTC).
    """

    id: str
    subject: str
    attribute: str
    period: str
    value: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    text: str = ""
    status: str = ""
    confidence: str = ""
    public: str = ""
    recorded: str = ""
    note: str = ""
    sources: tuple[Source, ...] = ()
