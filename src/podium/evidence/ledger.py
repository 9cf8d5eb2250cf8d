"""What is held true, and who says so: facts found by subject, attribute, period and date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from podium.errors import EvidenceError, Fault
from podium.evidence.facts import Fact
from podium.evidence.tables import read_facts

__all__ = ["Ledger", "bundled", "known_by", "load_csv", "numbered"]

BUNDLED = Path(__file__).resolve().parents[1] / "data" / "bundled" / "evidence" / "facts.csv"


class Ledger:
    """Facts in memory, indexed by subject and attribute; read-only.

    ``aside`` are facts that `get` and `rivals` show and `find` does not: others of the same key decide.
    """

    def __init__(self, facts: Iterable[Fact], *, aside: Iterable[Fact] = ()) -> None:
        self._by_id: dict[str, Fact] = {}
        self._aside = {fact.id: fact for fact in aside}
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
        fact = self._by_id.get(id) or self._aside.get(id)
        if fact is None:
            raise EvidenceError(Fault(f"there is no fact {id!r}", "See `podium evidence list`"))
        return fact

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

    def beside(self, own: Iterable[Fact]) -> Ledger:
        """Return a ledger in which a user's own facts decide where they say something else than the ones held.

        Of two facts with the same subject, attribute, period and unit, the own one is found; the other stays, for
        `get` and `rivals`, so that nothing is resolved silently.
        """
        own = list(own)
        spoken = {(f.key, f.unit) for f in own}
        kept = [f for f in self if (f.key, f.unit) not in spoken]
        return Ledger([*kept, *own], aside=[*self._aside.values(), *(f for f in self if (f.key, f.unit) in spoken)])

    def rivals(self, fact: Fact | None = None) -> tuple[tuple[Fact, ...], ...]:
        """Return the groups of facts that speak of the same and say something else; of one fact, or all of them."""
        groups: dict[tuple[str, str], list[Fact]] = {}
        for f in (*self._by_id.values(), *self._aside.values()):
            if fact is None or f.key == fact.key:
                groups.setdefault((f.key, f.unit), []).append(f)
        return tuple(tuple(g) for g in groups.values() if len({f.said for f in g}) > 1)


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
    """Return the facts of a CSV file, each with its id.

    The columns are ``subject, attribute, period, value, low, high, unit``, then either ``source, note`` (the import
    format) or the columns of `Source` by name; others may be missing.

    Raises
    ------
    EvidenceError
        Naming every row that lacks a subject, an attribute or a source, or whose figures are no numbers.
    """
    return numbered(read_facts(path))


def numbered(facts: Iterable[Fact]) -> list[Fact]:
    """Return facts with ids: the key, and a number from the second of the same key on."""
    seen: dict[str, int] = {}
    out = []
    for fact in facts:
        seen[fact.key] = n = seen.get(fact.key, 0) + 1
        out.append(replace(fact, id=fact.key if n == 1 else f"{fact.key}#{n}"))
    return out
