"""Nothing lost, nothing half: writers side by side, killed in mid-write, on a full disk, on a read-only file."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from podium.errors import EvidenceError, StoreError
from podium.evidence.facts import Fact, Source
from podium.evidence.store import Store

SAID = (Source("Ministry"),)
BATCH = 40
# Adds batches of 40 facts until it is stopped; says after each that it is recorded.
WRITER = """
import sys
from podium.evidence.facts import Fact, Source
from podium.evidence.store import Store
store, name, batches = Store(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for k in range(batches):
    facts = [Fact("", f"{name}-{k}-{i}", "a", "2024", float(i), "x", note="n" * 200, sources=(Source("Ministry"),)) for i in range(40)]
    store.add(facts)
    print(k, flush=True)
"""


def writer(where: str, name: str, batches: int, **how: object) -> subprocess.Popen[str]:
    """A process that adds batches of facts."""
    command = [sys.executable, "-c", WRITER, where, name, str(batches)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how)  # type: ignore[call-overload]


def facts(n: int, name: str = "own") -> list[Fact]:
    """Facts of a test."""
    return [Fact("", f"{name}-{i}", "a", "2024", float(i), "x", note="n" * 200, sources=SAID) for i in range(n)]


def test_two_processes_write_at_once(where: str) -> None:
    """Two writers started together on a ledger that is not there yet: every batch of both is recorded, in one chain."""
    both = [writer(where, name, 12) for name in ("one", "two")]
    for process in both:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    store = Store(where)
    assert store.head().rows == 2 * 12 * BATCH
    assert store.verify() is None


def test_killed_at_many_points(where: str) -> None:
    """A writer killed with SIGKILL at random moments leaves whole batches only, each that it reported, and the next writes on."""
    rng = random.Random(3)
    store, reported = Store(where), 0
    for k in range(5):
        process = writer(where, f"run{k}", 10_000)
        assert process.stdout is not None
        process.stdout.readline()  # it writes now
        time.sleep(rng.uniform(0, 0.25))
        process.send_signal(signal.SIGKILL)
        told, _ = process.communicate(timeout=60)
        reported += 1 + len(told.split())
        rows = store.head().rows
        assert rows % BATCH == 0
        assert rows >= reported * BATCH
        assert store.verify() is None
    store.add(facts(1))
    assert store.verify() is None


def test_killed_while_the_pages_are_written(tmp_path: Path) -> None:
    """Killed within one large transaction, after pages reached the file: the ledger is as it was before."""
    path = tmp_path / "ledger.db"
    store = Store(str(path))
    store.add(facts(50))
    before = store.head()
    large = WRITER.replace("range(40)", "range(60000)").replace('"n" * 200', '"n" * 2000')
    process = subprocess.Popen([sys.executable, "-c", large, str(path), "large", "1"])
    journal = Path(f"{path}-journal")
    size = path.stat().st_size
    while process.poll() is None and not (journal.exists() and path.stat().st_size > 3 * size):
        time.sleep(0.002)
    assert process.poll() is None, "the transaction ended before it could be killed"
    process.kill()
    process.wait()
    assert path.stat().st_size > 3 * size  # half a transaction is in the file, and the journal to take it back
    assert store.verify() is None
    assert store.head() == before
    assert store.add(facts(60)).words.startswith("10 new, 50 same")


def test_full_disk(tmp_path: Path) -> None:
    """A disk that is full in mid-write: a clear message, nothing recorded, and the ledger goes on when there is room."""
    path = tmp_path / "ledger.db"
    store = Store(str(path))
    store.add(facts(30))
    before = store.head()
    limited = "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
    command = [sys.executable, "-c", limited + WRITER.replace("range(40)", "range(4000)"), str(path), "more", "1"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode != 0
    assert "StoreError" in done.stderr and "disk is full" in done.stderr and "nothing of it was recorded" in done.stderr
    assert store.verify() is None
    assert store.head() == before
    assert len(store.add(facts(5000)).new) == 4970


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_full_disk_of_a_real_file_system(tmp_path: Path) -> None:
    """The same on a file system of 600 kB that is really full."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(disk)], capture_output=True)
    if made.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        store = Store(str(disk / "ledger.db"))
        store.add(facts(30))
        before = store.head()
        with pytest.raises(StoreError, match="disk is full"):
            store.add(facts(5000))
        assert store.head() == before
        assert store.verify() is None
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def test_read_only_file(tmp_path: Path) -> None:
    """A ledger on which only reading is allowed is read and verified; writing says that it is read-only."""
    path = tmp_path / "folder" / "ledger.db"
    Store(str(path)).add(facts(3))
    for p in (path, path.parent):
        p.chmod(0o555 if p.is_dir() else 0o444)
    opened = [p for p in path.parents[1:] if p.is_relative_to("/tmp") and p != Path("/tmp")]
    with contextlib.ExitStack() as back:
        for p in opened:  # pytest's folders are closed to others
            back.callback(p.chmod, p.stat().st_mode)
            p.chmod(p.stat().st_mode | 0o055)
        if os.geteuid() == 0:  # root may write everything
            os.seteuid(65534)
            back.callback(os.seteuid, 0)
        store = Store(str(path))
        assert len(store.find()) == 3
        assert store.verify() is None
        with pytest.raises(StoreError, match="read-only"):
            store.add(facts(5))
        with pytest.raises(StoreError, match=r"read-only|folder"):
            Store(str(path.parent / "deeper" / "ledger.db")).add(facts(5))
    assert len(Store(str(path)).find()) == 3


def test_other_files_are_no_ledger(tmp_path: Path) -> None:
    """A text file, a folder and another program's database are named as what they are not."""
    text = tmp_path / "a.txt"
    text.write_text("This is not a database, and it is long enough to look like one. " * 20, encoding="utf-8")
    with pytest.raises(EvidenceError, match="is no ledger"):
        Store(str(text)).find()
    with pytest.raises(EvidenceError, match="is no ledger"):
        Store(str(text)).add(facts(1))
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(str(tmp_path)).add(facts(1))
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE facts (x)")
    connection.commit()
    connection.close()
    with pytest.raises(EvidenceError, match="but no ledger"):
        Store(str(other)).add(facts(1))


def test_no_server_is_named_without_its_password() -> None:
    """A server that does not answer is named, its password is not."""
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match="cannot be reached") as error:
        Store("postgresql://someone:secret@127.0.0.1:1/x").find()
    assert "secret" not in str(error.value)
