"""What a publisher revised between two releases: by subject and attribute, and what it does to ranks."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from podium.errors import EvidenceError, Fault
from podium.evidence.facts import Fact

if TYPE_CHECKING:
    from podium.evidence.store import Release, Store

__all__ = ["Change", "Move", "Revision", "compare_facts", "diff"]

Cell = tuple[str, str, str, str]


@dataclass(frozen=True)
class Change:
    """One figure before and after; None where a release does not hold it.

    ``country`` is where a site stands, and the subject itself for all others.
    """

    subject: str
    attribute: str
    period: str
    unit: str
    before: Fact | None
    after: Fact | None
    country: str = ""

    @property
    def kind(self) -> str:
        """``added``, ``removed`` or ``revised``."""
        return "added" if self.before is None else "removed" if self.after is None else "revised"

    @property
    def relative(self) -> float | None:
        """The change over the old value; None where there is none."""
        a, b = (f.value if f is not None else None for f in (self.before, self.after))
        return b / a - 1 if a and b is not None else None


@dataclass(frozen=True)
class Move:
    """A subject's rank among those that both releases hold, before and after; 1 is the highest figure."""

    attribute: str
    period: str
    subject: str
    before: int
    after: int


@dataclass(frozen=True)
class Revision:
    """All changes between two releases, and how many figures stayed."""

    series: str
    one: str
    two: str
    same: int
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]

    def counts(self, part: str) -> dict[str, Counter[str]]:
        """Return how many figures were added, removed and revised by ``country`` or ``attribute``."""
        out: dict[str, Counter[str]] = {}
        for c in self.changes:
            out.setdefault(getattr(c, part), Counter())[c.kind] += 1
        return out

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "series": self.series, "one": self.one, "two": self.two, "same": self.same,
            "by_country": self.counts("country"), "by_attribute": self.counts("attribute"),
            "changes": [_plain(c) for c in self.changes], "rank_moves": [vars(m) for m in self.moves],
        }  # fmt: skip

    def csv(self) -> str:
        """Return every change as a table."""
        out = io.StringIO()
        writer = csv.DictWriter(out, list(_plain(Change("", "", "", "", None, None))), lineterminator="\n")
        writer.writeheader()
        writer.writerows(_plain(c) for c in self.changes)
        return out.getvalue()

    def lines(self, most: int = 25) -> list[str]:
        """Return the revision in words, the largest changes first."""
        kinds = Counter(c.kind for c in self.changes)
        out = [f"{self.series}: {self.one} → {self.two}: {self.same} figures the same, {kinds['revised']} revised, "
               f"{kinds['added']} added, {kinds['removed']} removed"]  # fmt: skip
        for part, name in (("attribute", "indicator"), ("country", "country")):
            counts = sorted(self.counts(part).items(), key=lambda x: -x[1].total())[:most]
            out += [f"by {name}:"] * bool(counts)
            out += [f"  {key}: " + ", ".join(f"{n} {kind}" for kind, n in sorted(c.items())) for key, c in counts]
        revised = sorted((c for c in self.changes if c.kind == "revised"), key=lambda c: -abs(c.relative or 0))
        out += ["largest revisions:"] * bool(revised)
        for c in revised[:most]:
            size = f" ({c.relative:+.1%})" if c.relative is not None else ""
            what = " ".join(x for x in (c.subject, c.attribute, c.period) if x)
            out.append(f"  {what}: {_value(c.before)} → {_value(c.after)}{size}")
        moved = sorted(self.moves, key=lambda m: (-abs(m.after - m.before), m.attribute, m.period, m.subject))
        out += ["ranks by single figure (1 is the highest):"] * bool(moved)
        out += [f"  {m.subject} in {m.attribute} {m.period}: {m.before} → {m.after}" for m in moved[:most]]
        return out


def _value(fact: Fact | None) -> str:
    if fact is None:
        return "–"
    return fact.text if fact.value is None else f"{fact.value:,.6g}"


def _plain(c: Change) -> dict[str, Any]:
    def said(f: Fact | None) -> Any:
        return None if f is None else f.text if f.value is None else f.value

    return {
        "country": c.country, "subject": c.subject, "attribute": c.attribute, "period": c.period,
        "unit": c.unit, "change": c.kind,
        "before": said(c.before), "after": said(c.after), "relative": c.relative,
        "fact_before": c.before.id if c.before else None, "fact_after": c.after.id if c.after else None,
    }  # fmt: skip


def diff(store: Store, one: str, two: str) -> Revision:
    """Return what changed between two releases of one series, each given as ``NAME`` or ``SERIES/NAME``.

    Raises
    ------
    EvidenceError
        If a release is not held, its name is ambiguous, or the two are of different series.
    """
    a, b = _release(store, one), _release(store, two)
    if a.series != b.series:
        raise EvidenceError(Fault(f"{one!r} is of {a.series!r} and {two!r} of {b.series!r}",
                                  "Name two releases of one series"))  # fmt: skip
    same, changes = compare_facts(store.members(a.series, a.name), store.members(b.series, b.name))
    return Revision(a.series, a.name, b.name, same, changes, _moves(
        store.members(a.series, a.name), store.members(b.series, b.name)
    ))  # fmt: skip


def _release(store: Store, name: str) -> Release:
    held = store.releases()
    fits = [r for r in held if name in (r.name, f"{r.series}/{r.name}")]
    if len(fits) != 1:
        told = ", ".join(f"{r.series}/{r.name}" for r in (fits or held)) or "none"
        raise EvidenceError(
            Fault(f"{'no' if not fits else 'more than one'} release is named {name!r}", f"Held are: {told}")
        )
    return fits[0]


def _cells(facts: Iterable[Fact]) -> dict[Cell, Fact]:
    return {(f.subject, f.attribute, f.period, f.unit): f for f in facts}


def compare_facts(one: Iterable[Fact], two: Iterable[Fact]) -> tuple[int, tuple[Change, ...]]:
    """Return how many figures stayed and which changed, in order of attribute, subject and period."""
    a, b = _cells(one), _cells(two)
    home = {f.subject: f.text for f in (*a.values(), *b.values()) if f.attribute == "site:country"}
    changes = [
        Change(*cell, a.get(cell), b.get(cell), home.get(cell[0], cell[0]))
        for cell in sorted(a.keys() | b.keys(), key=lambda c: (c[1], c[0], c[2]))
        if (cell in a) != (cell in b) or a[cell].said != b[cell].said
    ]  # fmt: skip
    return sum(c in b and a[c].said == b[c].said for c in a), tuple(changes)


def _moves(one: Iterable[Fact], two: Iterable[Fact]) -> tuple[Move, ...]:
    """Where the order of those in both releases changes; ties share the better rank."""
    groups: dict[tuple[str, str, str], dict[str, tuple[float, float]]] = {}
    later = _cells(two)
    for cell, fact in _cells(one).items():
        other = later.get(cell)
        if fact.value is not None and other is not None and other.value is not None:
            groups.setdefault(cell[1:], {})[cell[0]] = (fact.value, other.value)
    moves = []
    for (attribute, period, _), held in groups.items():
        before, after = (_ranks({s: v[k] for s, v in held.items()}) for k in (0, 1))
        moves += [Move(attribute, period, s, before[s], after[s]) for s in held if before[s] != after[s]]
    return tuple(moves)


def _ranks(values: Mapping[str, float]) -> dict[str, int]:
    order = sorted(values.values(), reverse=True)
    return {s: order.index(v) + 1 for s, v in values.items()}
