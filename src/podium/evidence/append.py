"""Appending facts and releases to the tables, each row linked to the one before."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from podium.errors import EvidenceError, Fault
from podium.evidence import schema
from podium.evidence.chain import fact_hash, members_digest, release_hash, source_hash
from podium.evidence.facts import STATUSES, Fact, content, span
from podium.evidence.ledger import bundled
from podium.evidence.query import read_facts_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from podium.evidence.store import Release

__all__ = ["Conflict", "Newcomers", "write_facts", "write_release"]

CHUNK = 5_000  # values of one IN list; SQLite takes 32,766, PostgreSQL 65,535


@dataclass(frozen=True)
class Conflict:
    """A fact that was recorded although others say something else about the same."""

    fact: Fact
    rivals: tuple[Fact, ...]


@dataclass(frozen=True)
class Newcomers:
    """What an addition did: the facts recorded, how many were held, which conflict, which took others' place."""

    new: tuple[Fact, ...]
    same: int
    conflicts: tuple[Conflict, ...]
    superseded: tuple[str, ...]
    withdrawn: tuple[str, ...]

    @property
    def words(self) -> str:
        """The counts in one line."""
        parts = [f"{len(self.new)} new", f"{self.same} same", f"{len(self.conflicts)} conflicting"]
        parts += [f"{len(self.superseded)} superseded"] * bool(self.superseded)
        parts += [f"{len(self.withdrawn)} withdrawn"] * bool(self.withdrawn)
        return ", ".join(parts)


@dataclass
class _Held:
    """What the ledger holds on the keys of an addition."""

    by_content: dict[str, int]
    by_key: dict[str, list[Fact]]
    counts: dict[str, int]

    def number(self, key: str) -> str:
        """A new id for a key."""
        self.counts[key] = n = self.counts.get(key, 0) + 1
        return key if n == 1 else f"{key}#{n}"


def _chunks(values: Sequence[Any]) -> Iterator[list[Any]]:
    it = iter(values)
    while part := list(islice(it, CHUNK)):
        yield part


def write_facts(
    connection: Connection, facts: Sequence[Fact], *, now: str, revises: Sequence[int] | None, where: str
) -> tuple[Newcomers, list[int]]:
    """Append the facts that are not held yet; return what was done and the rows that now hold all of them.

    Parameters
    ----------
    revises
        The rows of an earlier release that these facts replace; None for none.
    """
    _check(facts, where)
    earlier = _facts_at(connection, revises) if revises is not None else {}
    held = _held(connection, {f.key for f in (*facts, *earlier.values())})
    wanted = {f.supersedes for f in facts if f.supersedes}
    _check_superseded(connection, wanted, where)
    new: list[Fact] = []
    digests: list[str] = []
    conflicts: list[Conflict] = []
    members: list[int] = []
    same = 0
    for fact in facts:
        digest = content(fact)
        if digest in held.by_content and not fact.supersedes:
            same += 1
            members.append(held.by_content[digest])
            continue
        before = earlier.get((fact.subject, fact.attribute, fact.period))
        replaced = fact.supersedes or (before.id if before is not None else "")
        fact = replace(fact, id=held.number(fact.key), recorded=now, supersedes=replaced)
        rivals = tuple(r for r in held.by_key.get(fact.key, ()) if r.unit == fact.unit and r.said != fact.said
                       and r.id != fact.supersedes)  # fmt: skip
        if rivals and not fact.supersedes:
            conflicts.append(Conflict(fact, rivals))
        held.by_key.setdefault(fact.key, []).append(fact)
        held.by_content[digest] = -len(new) - 1  # its row is known when it is written
        members.append(-len(new) - 1)
        new.append(fact)
        digests.append(digest)
    gone = _withdrawn(facts, earlier, held, now)
    first = _write(connection, [*new, *gone], [*digests, *(content(f) for f in gone)])
    rows = sorted({m if m > 0 else first - m - 1 for m in members})
    done = Newcomers(tuple(new), same, tuple(conflicts), tuple(f.supersedes for f in new if f.supersedes),
                     tuple(f.supersedes for f in gone))  # fmt: skip
    return done, rows


def _check(facts: Sequence[Fact], where: str) -> None:
    faults = []
    for fact in facts:
        why = _fault(fact)
        if why:
            faults.append(Fault(f"{fact.key or 'a fact'}: {why}", "Nothing was recorded", where))
    if faults:
        raise EvidenceError(faults)


def _fault(fact: Fact) -> str:
    if not fact.subject or not fact.attribute:
        return "subject or attribute is missing"
    if not fact.sources or not all(s.publisher for s in fact.sources):
        return "the source is missing: a fact without a source is none"
    figures = [x for x in fact.said[:3] if x is not None]
    if not all(math.isfinite(x) for x in figures):
        return "a figure is not finite"
    if not figures and not fact.text and fact.status != "withdrawn":
        return "value, low, high and text are all empty"
    if fact.status and fact.status not in STATUSES:
        return f"there is no status {fact.status!r}: use one of {', '.join(STATUSES)}"
    if any("\0" in x for x in (fact.subject, fact.attribute, fact.period, fact.text, fact.note)):
        return "a text holds a null character"
    try:
        span(fact.period)
        span(fact.public)
    except ValueError as error:
        return str(error)
    return ""


def _check_superseded(connection: Connection, wanted: set[str], where: str) -> None:
    f = schema.facts.c
    for part in _chunks(sorted(wanted)):
        held = set(connection.execute(select(f.id).where(f.id.in_(part))).scalars())
        by = {old: new for old, new in connection.execute(select(f.supersedes, f.id).where(f.supersedes.in_(part)))}  # noqa: C416 - rows are no pairs to a type checker
        faults = [Fault(f"there is no fact {id!r} to supersede", "See `podium evidence list`", where)
                  for id in part if id not in held]  # fmt: skip
        faults += [Fault(f"{id} is superseded by {by[id]} already", f"Supersede {by[id]}", where) for id in by]
        if faults:
            raise EvidenceError(faults)


def _facts_at(connection: Connection, rows: Sequence[int]) -> dict[tuple[str, str, str], Fact]:
    """The facts of rows that nothing has superseded, by what they speak of."""
    f = schema.facts.c
    out = {}
    for part in _chunks(rows):
        later = schema.facts.alias("later")
        free = ~select(1).where(later.c.supersedes == f.id).exists()
        for fact in read_facts_of(connection, select(schema.facts).where(f.seq.in_(part), free)):
            out[fact.subject, fact.attribute, fact.period] = fact
    return out


def _held(connection: Connection, keys: set[str]) -> _Held:
    f = schema.facts.c
    later = schema.facts.alias("later")
    free = ~select(1).where(later.c.supersedes == f.id).exists()
    held = _Held({}, {}, {})
    for fact in bundled():
        held.by_key.setdefault(fact.key, []).append(fact)
        held.counts[fact.key] = held.counts.get(fact.key, 0) + 1
    for part in _chunks(sorted(keys)):
        for key in connection.execute(select(f.key).where(f.key.in_(part))).scalars():
            held.counts[key] = held.counts.get(key, 0) + 1
        for fact in read_facts_of(connection, select(schema.facts).where(f.key.in_(part), free)):
            held.by_key.setdefault(fact.key, []).append(fact)
        for digest, seq in connection.execute(select(f.content, f.seq).where(f.key.in_(part), free)):
            held.by_content[digest] = seq
    return held


def _withdrawn(
    facts: Sequence[Fact], earlier: dict[tuple[str, str, str], Fact], held: _Held, now: str
) -> list[Fact]:  # fmt: skip
    kept = {(f.subject, f.attribute, f.period) for f in facts}
    return [
        replace(f, id=held.number(f.key), value=None, low=None, high=None, text="", status="withdrawn", recorded=now,
                supersedes=f.id, public="", note="no longer in the publisher's release")
        for what, f in earlier.items() if what not in kept
    ]  # fmt: skip


def _write(connection: Connection, facts: Sequence[Fact], digests: Sequence[str]) -> int:
    """Append rows; return the number of the first."""
    last, prev = connection.execute(
        select(schema.head.c.rows, schema.head.c.hash).where(schema.head.c.chain == "facts")
    ).one()
    told = {s: source_hash(s) for s in dict.fromkeys(s for f in facts for s in f.sources)}
    _write_sources(connection, told)
    rows = []
    for seq, (fact, digest) in enumerate(zip(facts, digests, strict=True), start=last + 1):
        row = _row(seq, fact, [told[s] for s in fact.sources]) | {"content": digest, "prev": prev}
        row["hash"] = prev = fact_hash(prev, row, row["sources"].split())
        rows.append(row)
    if rows:
        names = (*schema.FACT_COLUMNS, "prev", "hash")
        places = ", ".join("?" if connection.dialect.name == "sqlite" else "%s" for _ in names)
        # The driver's own statement: SQLAlchemy would build a dictionary of parameters for every row once more.
        connection.exec_driver_sql(
            f"INSERT INTO facts ({', '.join(names)}) VALUES ({places})", [tuple(r[n] for n in names) for r in rows]
        )
        _set_head(connection, "facts", last + len(rows), prev)
    return int(last) + 1


def _row(seq: int, fact: Fact, told: list[str]) -> dict[str, Any]:
    begins, ends = span(fact.period)
    figures = [None if x is None else float(x) for x in fact.said[:3]]
    return {
        "seq": seq, "id": fact.id, "key": fact.key, "subject": fact.subject, "folded": fact.subject.casefold(),
        "attribute": fact.attribute, "period": fact.period, "begins": begins, "ends": ends, "value": figures[0],
        "low": figures[1], "high": figures[2], "unit": fact.unit, "text": fact.text, "status": fact.status,
        "confidence": fact.confidence, "public": fact.public, "recorded": fact.recorded, "note": fact.note,
        "sources": " ".join(told), "supersedes": fact.supersedes,
    }  # fmt: skip


def _write_sources(connection: Connection, told: dict[Any, str]) -> None:
    s = schema.sources.c
    known: set[str] = set()
    for part in _chunks(sorted(told.values())):
        known.update(connection.execute(select(s.sha256).where(s.sha256.in_(part))).scalars())
    names = ("publisher", "title", "url", "file_sha256", "date", "licence", "locator")
    rows = [{"sha256": sha, **dict(zip(names, source.cells, strict=True))}
            for source, sha in told.items() if sha not in known]  # fmt: skip
    if rows:
        connection.execute(insert(schema.sources), rows)


def _set_head(connection: Connection, chain: str, rows: int, last: str) -> None:
    connection.execute(update(schema.head).where(schema.head.c.chain == chain).values(rows=rows, hash=last))


def write_release(connection: Connection, release: Release, rows: Sequence[int], *, where: str) -> None:
    """Append a release with its members; nothing where the same release is held already.

    Raises
    ------
    EvidenceError
        If the name is taken by a release with other members.
    """
    r, f = schema.releases.c, schema.facts.c
    hashes: list[str] = []
    for part in _chunks(rows):
        hashes += connection.execute(select(f.hash).where(f.seq.in_(part)).order_by(f.seq)).scalars()
    digest = members_digest(hashes)
    taken = connection.execute(select(r.digest).where(r.series == release.series, r.name == release.name)).scalar()
    if taken == digest:
        return
    if taken is not None:
        raise EvidenceError(Fault(f"release {release.name!r} of {release.series!r} is held with other facts",
                                  "Give this one another --release; nothing was recorded", where))  # fmt: skip
    last, prev = connection.execute(
        select(schema.head.c.rows, schema.head.c.hash).where(schema.head.c.chain == "releases")
    ).one()
    row: dict[str, Any] = {
        "seq": last + 1, "series": release.series, "name": release.name, "kind": release.kind, "file": release.file,
        "file_sha256": release.file_sha256, "recorded": release.recorded, "revises": release.revises,
        "members": len(rows), "digest": digest, "prev": prev,
    }  # fmt: skip
    row["hash"] = release_hash(prev, row)
    connection.execute(insert(schema.releases), [row])
    connection.execute(insert(schema.members), [{"release": last + 1, "fact": seq} for seq in rows])
    _set_head(connection, "releases", last + 1, row["hash"])
