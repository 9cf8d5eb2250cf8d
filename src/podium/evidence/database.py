"""A ledger's database: one SQLite file, or a PostgreSQL server; transactions that are whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from podium.errors import EvidenceError, Fault, PodiumError, StoreError
from podium.evidence.migrations import Migration, applied, has_table, migrate, pending

__all__ = ["Database", "is_server"]

PATIENCE = 30.0  # seconds that a writer waits for another
LOCK = 0x706F6469756D  # "podium", the advisory lock of all writers on a server
# What the driver says → what happened, what to do; the first that fits.
_TOLD = (
    (("readonly", "read-only", "permission denied"), "cannot be written: the file or its folder is read-only",
     "Make it writable, or name another with --store"),
    (("disk is full", "no space left", "disk i/o error", "could not extend", "file too large"),
     "the disk is full", "Free some space and repeat the command: nothing of it was recorded"),
    (("locked", "lock timeout"), f"another process has been writing for {PATIENCE:g} s", "Try again later"),
    (("not a database",), "is no ledger", "Name a ledger with --store; `podium evidence import` makes one"),
    (("malformed", "corrupt"), "is damaged", "Run `podium evidence verify`, and restore the file from a backup"),
    (("unable to open",), "cannot be opened", "Check that its folder exists and is writable"),
    (("connection", "server", "password", "authentication"), "the server cannot be reached",
     "Check the address and that the server runs"),
)  # fmt: skip


def is_server(where: str) -> bool:
    """Whether a store is the address of a PostgreSQL server and not a file."""
    return where.startswith(("postgresql:", "postgres:", "postgresql+psycopg:"))


@dataclass(frozen=True)
class Database:
    """Where a ledger is: a path, or ``postgresql://user@host/database``."""

    where: str
    _engines: dict[bool, Engine] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The place for messages, without a password."""
        return make_url(self.where).render_as_string(hide_password=True) if is_server(self.where) else self.where

    def exists(self) -> bool:
        """Whether there is a ledger, or something that may be one."""
        return is_server(self.where) or Path(self.where).exists()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection whose transaction sees one state of the ledger and writes nothing."""
        if not self.exists():
            raise EvidenceError(Fault("there is no ledger", "`podium evidence import` or `add` makes one", self.name))
        with self._transaction(write=False) as connection:
            whole = not self._steps(connection)
            if whole:
                yield connection
        if not whole:
            with self.writing() as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that alone may write; commits at the end, leaves the ledger as it was after an error."""
        if not is_server(self.where):
            self._make_folder()
        with self._transaction(write=True) as connection:
            migrate(connection, self._steps(connection))
            yield connection

    def _steps(self, connection: Connection) -> tuple[Migration, ...]:
        if not applied(connection) and has_table(connection, "facts"):
            raise EvidenceError(Fault("is a database but no ledger", "Name another with --store", self.name))
        return pending(connection, where=self.name)

    def _make_folder(self) -> None:
        try:
            Path(self.where).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(Fault(f"the folder cannot be made: {error.strerror}", "Name another with --store",
                                   self.name)) from None  # fmt: skip

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[Connection]:
        if write not in self._engines:  # an engine learns its server once; without a pool it keeps no connection
            self._engines[write] = self._engine(write=write)
        try:
            with self._engines[write].begin() as connection:
                yield connection
        except DBAPIError as error:
            raise self._said(error) from None

    def _engine(self, *, write: bool) -> Engine:
        if is_server(self.where):
            return _server(self.where, write=write, name=self.name)
        mode = "rwc" if write else "rw"  # readers too: a killed writer's journal must be rolled back
        uri = f"file:{quote(os.path.abspath(self.where))}?mode={mode}"  # noqa: PTH100 - resolve() would follow links

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)

        engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
        event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN"))
        return engine

    def _said(self, error: DBAPIError) -> PodiumError:
        told = str(error.orig).strip()
        for words, what, remedy in _TOLD:
            if any(w in told.casefold() for w in words):
                kind = EvidenceError if "no ledger" in what else StoreError
                return kind(Fault(f"{what} ({told.splitlines()[0]})", remedy, self.name))
        return StoreError(Fault(f"the database says: {told}", "Run `podium evidence verify`", self.name))


def _server(where: str, *, write: bool, name: str) -> Engine:
    try:
        url = make_url(where).set(drivername="postgresql+psycopg")
        engine = create_engine(url, poolclass=NullPool)
    except ArgumentError as error:
        raise EvidenceError(Fault(str(error), "Write postgresql://user@host/database", name)) from None
    except ModuleNotFoundError:
        raise EvidenceError(Fault("PostgreSQL needs psycopg", "Install podium[postgres]", name)) from None

    def begin(connection: Connection) -> None:
        if write:
            connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE:g}s'"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        else:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))

    event.listen(engine, "begin", begin)
    return engine
