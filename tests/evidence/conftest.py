"""Ledgers of both kinds for the same tests: a SQLite file, and a real PostgreSQL server started here."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from podium.evidence.store import Store

_NUMBER = count(1)


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    there = shutil.which("initdb")
    return Path(there).parent if there else None


def _as_other() -> list[str]:
    """What runs a command as a user who is not root: the server refuses to run as root."""
    if os.geteuid() != 0:
        return []
    user = next(u for u in ("postgres", "nobody") if any(p.pw_name == u for p in pwd.getpwall()))
    entry = pwd.getpwnam(user)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server on loopback, without a database name."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="podium-pg-"))
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    other = _as_other()
    if other:
        shutil.chown(folder, int(other[1].split("=")[1]), int(other[2].split("=")[1]))
    run = [*other, str(binaries / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", "podium", "-E", "UTF8", "--no-sync"]
    subprocess.run(run, check=True, capture_output=True, cwd=folder)
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off -c log_min_messages=fatal"
    control = [*other, str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-w", "-l", str(folder / "log")]
    try:
        subprocess.run([*control, "-o", options, "start"], check=True, capture_output=True, cwd=folder)
        yield f"postgresql://podium@127.0.0.1:{port}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty ledger of each kind can be made."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    return new_database(request.getfixturevalue("postgres"))


def new_database(server: str) -> str:
    """The address of a new database on a server."""
    import psycopg

    name = f"ledger{next(_NUMBER)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@pytest.fixture
def store(where: str) -> Store:
    """An empty ledger of each kind."""
    return Store(where)
