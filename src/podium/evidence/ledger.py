"""What is held true, and who says so: facts found by subject, attribute, period and date."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from podium.errors import EvidenceError, Fault
from podium.evidence.facts import Fact, Source

__all__ = ["Ledger", "bundled", "known_by", "load_csv"]

BUNDLED = Path(__file__).resolve().parents[1] / "data" / "bundled" / "evidence" / "facts.csv"


class Ledger:
    """Facts in memory, indexed by subject and attribute; read-only."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._by_id: dict[str, Fact] = {}
        self._by_subject: dict[str, list[Fact]] = {}
        self._by_attribute: dict[str, list[Fact]] = {}
        for fact in facts:
            self._by_id[fact.id] = fact
            self._by_subject.setdefault(fact.subject.casefold(), []).append(fact)
            self._by_attribute.setdefault(fact.attribute, []).append(fact)

    def __iter__(self) -> Iterator[Fact]:
        """Iterate over all facts in the order of entry."""
        return iter(self._by_id.values())

    def __len__(self) -> int:
        """Number of facts."""
        return len(self._by_id)

    def get(self, id: str) -> Fact:
        """Return a fact by its id.

        Raises
        ------
        EvidenceError
            If there is none.
        """
        if id not in self._by_id:
            raise EvidenceError(Fault(f"there is no fact {id!r}", "See `podium evidence list`"))
        return self._by_id[id]

    def find(
        self, subject: str | None = None, attribute: str | None = None, period: str | None = None,
        as_of: str | None = None,
    ) -> tuple[Fact, ...]:  # fmt: skip
        """Return the facts that fit all that is given.

        Parameters
        ----------
        subject
            Compared without regard to case.
        attribute
            The whole attribute, or its beginning where it ends with ``:`` (``rank:`` finds every index).
        as_of
            Only facts public by this ISO date; a fact whose date of publication is unknown counts as public.
        """
        if subject is not None:
            found: Iterable[Fact] = self._by_subject.get(subject.casefold(), ())
        elif attribute is not None and not attribute.endswith(":"):
            found = self._by_attribute.get(attribute, ())
        else:
            found = self._by_id.values()
        return tuple(
            f for f in found
            if (attribute is None or _is_at(f.attribute, attribute))
            and (period is None or f.period == period)
            and (as_of is None or known_by(f, as_of))
        )  # fmt: skip

    def with_facts(self, facts: Iterable[Fact]) -> Ledger:
        """Return a ledger with further facts; one with the same id takes the old one's place."""
        return Ledger([*self, *facts])


def _is_at(attribute: str, wanted: str) -> bool:
    return attribute.startswith(wanted) if wanted.endswith(":") else attribute == wanted


def known_by(fact: Fact, date: str) -> bool:
    """Whether a fact was public on an ISO date; a date known only to the month or year counts from its start."""
    return not fact.public or fact.public <= date[: len(fact.public)]


@cache
def bundled() -> Ledger:
    """The facts that ship with Podium."""
    return Ledger(load_csv(BUNDLED))


def load_csv(path: Path) -> list[Fact]:
    """Return the facts of a CSV file.

    The columns are ``subject, attribute, period, value, low, high, unit``, then either ``source, note`` (the import
    format) or the columns of `Source` by name; others may be missing.

    Raises
    ------
    EvidenceError
        Naming every row that lacks a subject, an attribute or a source, or whose figures are no numbers.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EvidenceError(Fault(f"cannot be read: {error}", "Give a UTF-8 CSV of facts", file=str(path))) from None
    facts, faults = [], []
    seen: dict[str, int] = {}
    for line, row in enumerate(rows, start=2):
        try:
            facts.append(_fact(row, seen))
        except ValueError as error:
            faults.append(Fault(str(error), "Mend the row", str(path), line))
    if faults or not rows:
        raise EvidenceError(faults or Fault("holds no fact", "Add rows", file=str(path)))
    return facts


def _fact(row: dict[str, str], seen: dict[str, int]) -> Fact:
    cell = {k: (v or "").strip() for k, v in row.items() if isinstance(k, str)}
    for need in ("subject", "attribute"):
        if not cell.get(need):
            raise ValueError(f"{need} is missing")
    source = Source(
        publisher=cell.get("publisher") or cell.get("source", ""), title=cell.get("title", ""), url=cell.get("url", ""),
        date=cell.get("source_date", ""), licence=cell.get("licence", ""), locator=cell.get("locator", ""),
    )  # fmt: skip
    if not source.publisher:
        raise ValueError("the source is missing: a fact without a source is none")
    value, low, high = (_number(cell.get(k, ""), k) for k in ("value", "low", "high"))
    if value is None and low is None and high is None and not cell.get("text"):
        raise ValueError("value, low, high and text are all empty")
    key = ":".join(x.replace(" ", "_") for x in (cell["subject"], cell["attribute"], cell.get("period", "")) if x)
    seen[key] = seen.get(key, 0) + 1
    return Fact(
        id=key if seen[key] == 1 else f"{key}#{seen[key]}", subject=cell["subject"], attribute=cell["attribute"],
        period=cell.get("period", ""), value=value, unit=cell.get("unit", ""), low=low, high=high,
        text=cell.get("text", ""), status=cell.get("status", ""), public=cell.get("public", ""),
        note=cell.get("note", ""), sources=(source,),
    )  # fmt: skip


def _number(text: str, name: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} is {text!r}, not a number") from None
