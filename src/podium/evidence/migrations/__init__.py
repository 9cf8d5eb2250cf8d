"""The steps that bring a ledger's tables up to date, each recorded in the ledger with the hash of its text."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from podium.errors import EvidenceError, Fault

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Migration", "applied", "has_table", "migrate", "migrations", "pending"]

RECORD = """CREATE TABLE migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied TEXT NOT NULL)"""


@dataclass(frozen=True)
class Migration:
    """One step: its number, name and SQL, which both SQLite and PostgreSQL understand."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The hash of the step's text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


@cache
def migrations() -> tuple[Migration, ...]:
    """All steps that ship with Podium, in order."""
    paths = sorted(Path(__file__).parent.glob("[0-9]*.sql"))
    return tuple(Migration(int(p.stem[:4]), p.stem[5:], p.read_text(encoding="utf-8")) for p in paths)


def has_table(connection: Connection, name: str) -> bool:
    """Whether a database has a table; one query, where SQLAlchemy's inspector takes several."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name")
    else:
        query = text("SELECT 1 WHERE to_regclass(:name) IS NOT NULL")
    return connection.execute(query, {"name": name}).first() is not None


def applied(connection: Connection) -> dict[int, str]:
    """Return the steps that a database records, as version → hash of the text; empty where it is no ledger yet."""
    if not has_table(connection, "migrations"):
        return {}
    rows = connection.execute(text("SELECT version, sha256 FROM migrations ORDER BY version"))
    return {int(version): str(sha) for version, sha in rows}


def pending(connection: Connection, *, where: str) -> tuple[Migration, ...]:
    """Return the steps that a ledger lacks.

    Raises
    ------
    EvidenceError
        If the ledger was made by a newer Podium, or by a step whose text is not the one that ships.
    """
    done, known = applied(connection), {m.version: m for m in migrations()}
    for version, sha in done.items():
        if version not in known:
            raise EvidenceError(Fault(f"the ledger is of version {version}, made by a newer Podium", "Upgrade Podium",
                                      where))  # fmt: skip
        if known[version].sha256 != sha:
            raise EvidenceError(Fault(f"migration {version} of the ledger is not the one that ships with Podium",
                                      "Restore the ledger from a backup", where))  # fmt: skip
    return tuple(m for m in migrations() if m.version not in done)


def migrate(connection: Connection, steps: tuple[Migration, ...]) -> None:
    """Apply steps and record each, within the transaction of the connection: all of them or none."""
    if not has_table(connection, "migrations"):
        connection.execute(text(RECORD))
    for step in steps:
        for statement in step.sql.split(";"):
            if statement.strip():
                connection.execute(text(statement))
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        connection.execute(
            text("INSERT INTO migrations VALUES (:v, :n, :s, :a)"),
            {"v": step.version, "n": step.name, "s": step.sha256, "a": now},
        )
