"""What a fact is: one sourced statement about a subject, true in a period, known from a day on."""

from __future__ import annotations

import calendar
import datetime
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, get_args

from podium.errors import EvidenceError, Fault

__all__ = ["STATUSES", "Fact", "FactStatus", "Source", "content", "key_of", "moment", "span"]

FactStatus = Literal[
    "announced", "planned", "under construction", "operational", "completed", "cancelled",
    "measured", "claimed", "estimated", "stated", "withdrawn",
]  # fmt: skip
STATUSES: tuple[str, ...] = get_args(FactStatus)
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode  # dumps would make a new encoder each time
ALWAYS = ("0000-00-00", "9999-99-99")


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

    @property
    def cells(self) -> tuple[str, ...]:
        """Its parts in their order."""
        return self.publisher, self.title, self.url, self.file_sha256, self.date, self.licence, self.locator

    def __str__(self) -> str:
        """Return the citation in one line."""
        return ", ".join(x for x in (self.publisher, self.title, self.date, self.locator, self.url) if x)


@dataclass(frozen=True)
class Fact:
    """One statement: the subject has the attribute with this value in this period, says the source.

    ``value`` is None where only ``low`` and ``high`` are known, or where ``text`` holds a word. ``period`` is a year,
    month or day, or two of them joined by ``/`` (``2024-11/`` has no end); empty where the statement has no time.
    ``public`` is the first date (ISO, possibly only a year or month) on which the fact was public; empty where
    unknown. ``recorded`` is when the ledger learnt it (ISO date-time, UTC). ``supersedes`` is the id of the fact that
    this one corrects.
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
    supersedes: str = ""

    @property
    def said(self) -> tuple[float | None, float | None, float | None, str]:
        """What the fact states: value, low, high and text."""
        return self.value, self.low, self.high, self.text

    @cached_property
    def key(self) -> str:
        """Subject, attribute and period in one word: what rival facts have in common."""
        return key_of(self.subject, self.attribute, self.period)


def key_of(subject: str, attribute: str, period: str) -> str:
    """Return subject, attribute and period as the beginning of a fact's id."""
    return ":".join(x.replace(" ", "_") for x in (subject, attribute, period) if x)


def content(fact: Fact) -> str:
    """Return the SHA-256 of what a fact says and who says it, without id, time of recording and succession."""
    said = (fact.subject, fact.attribute, fact.period, fact.value, fact.low, fact.high, fact.unit, fact.text,
            fact.status, fact.confidence, fact.public, fact.note, [s.cells for s in fact.sources])  # fmt: skip
    return hashlib.sha256(_ENCODE(said).encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(10_000)
def span(period: str) -> tuple[str, str]:
    """Return the first and the last ISO day of a period; a text that is no date (``edition 3``) covers all days.

    Raises
    ------
    ValueError
        If the period looks like a date and is none (month 13), or ends before it begins.
    """
    first, slash, last = period.partition("/")
    begin = _day(first, end=False) if first else ALWAYS[0]
    end = (_day(last, end=True) if last not in ("", "..") else ALWAYS[1]) if slash else _day(first, end=True)
    if begin is None or end is None:
        return ALWAYS
    if begin > end:
        raise ValueError(f"the period {period!r} ends before it begins")
    return begin, end


def _day(text: str, *, end: bool) -> str | None:
    m = _DAY.match(text)
    if m is None:
        return ALWAYS[1] if not text and end else None
    year, month, day = int(m[1]), int(m[2] or (12 if end else 1)), m[3]
    if not 1 <= month <= 12:
        raise ValueError(f"the month of {text!r} is none")
    longest = calendar.monthrange(max(year, 1), month)[1]
    if day is not None and not 1 <= int(day) <= longest:
        raise ValueError(f"the day of {text!r} is none")
    return f"{year:04d}-{month:02d}-{int(day) if day else (longest if end else 1):02d}"


def moment(text: str) -> str:
    """Return a day, month or year as it is, and a time in the form in which the ledger records it (UTC).

    Raises
    ------
    EvidenceError
        If the text is no ISO date or time.
    """
    try:
        if "T" in text or " " in text:
            when = datetime.datetime.fromisoformat(text)
            when = when.replace(tzinfo=datetime.UTC) if when.tzinfo is None else when.astimezone(datetime.UTC)
            return when.isoformat(timespec="microseconds").replace("+00:00", "Z")
        datetime.date.fromisoformat(f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01"[:10])
    except ValueError:
        raise EvidenceError(Fault(f"{text!r} is no date", "Write YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SS in UTC")) from None
    return text
