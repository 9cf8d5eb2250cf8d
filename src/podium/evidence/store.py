"""The ledger on disk or on a server: facts are appended and superseded, never changed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from podium.errors import EvidenceError, Fault, StoreError
from podium.evidence import schema
from podium.evidence.append import Newcomers, write_facts, write_release
from podium.evidence.chain import Broken, fact_hash, first_broken, members_digest, release_hash, source_hash
from podium.evidence.database import Database, is_server
from podium.evidence.facts import Fact
from podium.evidence.ledger import Ledger
from podium.evidence.query import facts_where, load_sources, read_facts_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Head", "Release", "Store"]


@dataclass(frozen=True)
class Head:
    """How many facts a ledger holds and the hash of the last: whoever keeps it can prove what came before."""

    rows: int
    hash: str


@dataclass(frozen=True)
class Release:
    """One import: a named state of a series of facts."""

    seq: int
    series: str
    name: str
    kind: str
    file: str
    file_sha256: str
    recorded: str
    revises: str
    members: int


class Store:
    """A ledger that stays: one SQLite file or a PostgreSQL server.

    Parameters
    ----------
    where
        A path, or ``postgresql://user@host/database``. The first writing makes the ledger.
    """

    def __init__(self, where: str) -> None:
        self.database = Database(where)

    @property
    def name(self) -> str:
        """Where it is, for messages."""
        return self.database.name

    def exists(self) -> bool:
        """Whether the file is there (a server always counts as there)."""
        return self.database.exists()

    def add(self, facts: Sequence[Fact], *, release: Release | None = None) -> Newcomers:
        """Record facts in one transaction: all of them or none.

        What is held already, word for word, is not recorded again. What says something else about the same subject,
        attribute, period and unit is recorded as a rival and reported. A fact that ``supersedes`` another takes its
        place from now on; the old one stays in the ledger.

        Parameters
        ----------
        release
            The import whose members the facts are; with ``revises``, facts of that earlier release are superseded
            where they say something else.

        Raises
        ------
        EvidenceError
            If a fact has no source, supersedes one that is not there, or the release's name is taken by other facts.
        StoreError
            If the database fails; nothing is recorded then.
        """
        with self.database.writing() as connection:
            now = _now(connection)
            result, entries = write_facts(connection, facts, now=now, revises=self._revised(connection, release),
                                          where=self.name)  # fmt: skip
            if release is not None:
                write_release(connection, replace(release, recorded=now), entries, where=self.name)
        return result

    def _revised(self, connection: Connection, release: Release | None) -> list[int] | None:
        if release is None or not release.revises:
            return None
        return self._members(connection, release.series, release.revises)

    def _members(self, connection: Connection, series: str, name: str) -> list[int]:
        r, m = schema.releases.c, schema.members.c
        seq = connection.execute(select(r.seq).where(r.series == series, r.name == name)).scalar()
        if seq is None:
            held = [f"{a} {b}" for a, b in connection.execute(select(r.series, r.name).order_by(r.seq))]
            raise EvidenceError(Fault(f"there is no release {name!r} of {series!r}",
                                      f"Held are: {', '.join(held) or 'none'}", self.name))  # fmt: skip
        return list(connection.execute(select(m.fact).where(m.release == seq).order_by(m.fact)).scalars())

    def find(
        self, subject: str | None = None, attribute: str | None = None, period: str | None = None, *,
        true_on: str | None = None, known_on: str | None = None, recorded_by: str | None = None,
        superseded: bool = False,
    ) -> tuple[Fact, ...]:  # fmt: skip
        """Return the facts that fit all that is given, in order of entry.

        Parameters
        ----------
        attribute
            Whole, or its beginning where it ends with ``:``.
        true_on
            An ISO day that the fact's period covers.
        known_on
            An ISO day: what the public knew then. A fact without a date of publication was known when recorded, and
            so was a correction; what was corrected later is shown as it stood.
        recorded_by
            An ISO day or time: what this ledger held then, whatever the public knew.
        superseded
            Also facts that others have superseded.
        """
        with self.database.reading() as connection:
            wanted = facts_where(
                subject, attribute, period, true_on=true_on, known_on=known_on, recorded_by=recorded_by,
                superseded=superseded, server=is_server(self.database.where),
            )  # fmt: skip
            return tuple(read_facts_of(connection, wanted))

    def get(self, id: str) -> Fact:
        """Return a fact by its id, superseded or not.

        Raises
        ------
        EvidenceError
            If there is none.
        """
        with self.database.reading() as connection:
            found = list(read_facts_of(connection, select(schema.facts).where(schema.facts.c.id == id)))
        if not found:
            raise EvidenceError(Fault(f"there is no fact {id!r}", "See `podium evidence list`", self.name))
        return found[0]

    def holds(self, id: str) -> bool:
        """Whether a fact of this id is here."""
        with self.database.reading() as connection:
            return connection.execute(select(schema.facts.c.seq).where(schema.facts.c.id == id)).first() is not None

    def history(self, id: str) -> tuple[Fact, ...]:
        """Return a fact with all that it superseded and that superseded it, in order of entry."""
        chain = [self.get(id)]
        while chain[0].supersedes:
            chain.insert(0, self.get(chain[0].supersedes))
        with self.database.reading() as connection:
            while True:
                later = select(schema.facts).where(schema.facts.c.supersedes == chain[-1].id)
                found = list(read_facts_of(connection, later))
                if not found:
                    return tuple(chain)
                chain += found

    def ledger(self, *, without: tuple[str, ...] = ()) -> Ledger:
        """Return the facts in force as a value in memory; without those whose attribute begins with a text."""
        return Ledger(f for f in self.find() if not f.attribute.startswith(without or ("\0",)))

    def releases(self) -> tuple[Release, ...]:
        """Return every import in order."""
        names = [c for c in schema.RELEASE_COLUMNS if c != "digest"]
        with self.database.reading() as connection:
            rows = connection.execute(select(*(schema.releases.c[c] for c in names)).order_by(schema.releases.c.seq))
            return tuple(Release(*row) for row in rows)

    def members(self, series: str, name: str) -> tuple[Fact, ...]:
        """Return the facts of one release, in order of entry."""
        with self.database.reading() as connection:
            seqs = self._members(connection, series, name)
            r, m = schema.releases.c, schema.members.c
            wanted = select(schema.facts).where(schema.facts.c.seq.in_(
                select(m.fact).join(schema.releases, r.seq == m.release).where(r.series == series, r.name == name)
            ))  # fmt: skip
            return tuple(read_facts_of(connection, wanted)) if seqs else ()

    def head(self) -> Head:
        """Return the number of facts and the hash of the last."""
        with self.database.reading() as connection:
            head = _head(connection, "facts")
        if head is None:
            raise StoreError(Fault("the chain's length is lost", "Run `podium evidence verify`", self.name))
        return Head(*head)

    def verify(self, *, expect: str | None = None) -> Broken | None:
        """Return the first row that was changed, lost, added or moved since it was recorded; None if all holds.

        Parameters
        ----------
        expect
            A hash noted earlier: it must be that of a row, so that a ledger rewritten from its beginning is found too.
        """
        server = is_server(self.database.where)
        try:
            with self.database.reading() as connection:
                if not server:
                    raw: Any = connection.connection.driver_connection
                    raw.text_factory = _lenient
                broken = _verify_facts(connection, expect) or _verify_releases(connection)
                if broken is None and not server:
                    told = connection.execute(text("PRAGMA integrity_check")).scalar()
                    broken = None if told == "ok" else Broken("file", 0, "", f"SQLite says: {told}")
                return broken
        except StoreError as error:
            return Broken("file", 0, "", str(error))


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _now(connection: Connection) -> str:
    """The time in UTC, never before the last recorded one, so that the order of entry is the order of time."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    last = connection.execute(select(func.max(schema.facts.c.recorded))).scalar()
    return max(now, last or "")


def _head(connection: Connection, chain: str) -> tuple[int, str] | None:
    row = connection.execute(select(schema.head.c.rows, schema.head.c.hash).where(schema.head.c.chain == chain)).first()
    return None if row is None else (row[0], row[1])


def _verify_facts(connection: Connection, expect: str | None) -> Broken | None:
    told = {sha: source_hash(source) for sha, source in load_sources(connection).items()}
    seen = expect is None

    def recompute(prev: str, row: Any) -> str:
        nonlocal seen
        shas = str(row["sources"]).split()
        lost = [s for s in shas if s not in told]
        if lost or not shas:
            raise ValueError("its source is lost")
        try:
            made = fact_hash(prev, row, [told[s] for s in shas])
        except TypeError:
            raise ValueError("a cell holds bytes that are no text") from None
        seen = seen or made == expect
        return made

    rows = connection.execute(select(schema.facts).order_by(schema.facts.c.seq)).mappings()
    broken = first_broken("facts", rows, _head(connection, "facts"), recompute)  # type: ignore[arg-type]
    if broken is None and not seen:
        return Broken("facts", 0, "", f"no row has the hash {expect}: the ledger is not the one it was noted from")
    return broken


def _verify_releases(connection: Connection) -> Broken | None:
    rows = connection.execute(select(schema.releases).order_by(schema.releases.c.seq)).mappings()
    broken = first_broken("releases", rows, _head(connection, "releases"), release_hash)  # type: ignore[arg-type]
    if broken is not None:
        return broken
    r, m, f = schema.releases.c, schema.members.c, schema.facts.c
    for seq, name, count, digest in connection.execute(select(r.seq, r.name, r.members, r.digest).order_by(r.seq)):
        held = select(f.hash).join(schema.members, m.fact == f.seq).where(m.release == seq).order_by(f.seq)
        hashes = list(connection.execute(held).scalars())
        listed = connection.execute(select(func.count()).where(m.release == seq)).scalar()
        if not listed == len(hashes) == count or members_digest(hashes) != digest:
            return Broken("releases", seq, name, f"it held {count} facts, and not these {listed}")
    return None

