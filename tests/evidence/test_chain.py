"""What `verify` finds: every change, loss, move and addition of rows, by name."""

from __future__ import annotations

import random
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from podium.evidence.facts import Fact, Source
from podium.evidence.schema import FACT_COLUMNS
from podium.evidence.store import Release, Store

SAID = Source("Ministry", "White paper", "https://example.org/p", "", "2024-09-01", "CC BY 4.0", "p. 7")
FACTS = [Fact("", f"unit-{i}", f"attribute-{i % 3}", "2024", 100.5 + i, "gpu", note=f"note {i}", status="stated", confidence="high",
              low=1.0 + i, high=1e3 + i, public="2024-05-01", sources=(replace(SAID, locator=f"p. {i}"),)) for i in range(12)]  # fmt: skip


@pytest.fixture
def full(store: Store) -> Store:
    """A ledger of twelve facts in one release."""
    store.add(FACTS, release=Release(0, "own", "1", "facts", "f.csv", "0" * 64, "", "", 0))
    assert store.verify() is None
    return store


def damage(store: Store, *statements: str) -> None:
    """Do to the tables what the program never does."""
    with store.database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize("column", [c for c in (*FACT_COLUMNS, "prev", "hash") if c not in ("seq", "value", "low", "high")])
def test_changed_text_of_a_fact(full: Store, column: str) -> None:
    """A change of any text column of row 5 is found in row 5."""
    damage(full, f"UPDATE facts SET {column} = {column} || 'x' WHERE seq = 5")
    broken = full.verify()
    assert broken is not None and broken.row == 5


@pytest.mark.parametrize("column", ["value", "low", "high"])
def test_changed_figure_of_a_fact(full: Store, column: str) -> None:
    """A change in the last place of a figure, or its loss, is found in its row."""
    damage(full, f"UPDATE facts SET {column} = {column} * 1.0000000000000003 WHERE seq = 7")
    assert (broken := full.verify()) is not None and broken.row == 7
    damage(full, f"UPDATE facts SET {column} = NULL WHERE seq = 4")
    assert (broken := full.verify()) is not None and broken.row == 4


@pytest.mark.parametrize("column", ["publisher", "title", "url", "file_sha256", "date", "licence", "locator"])
def test_changed_source(full: Store, column: str) -> None:
    """A change of a source breaks the row of the first fact that rests on it."""
    damage(full, f"UPDATE sources SET {column} = 'x' WHERE sha256 = (SELECT sources FROM facts WHERE seq = 3)")
    assert (broken := full.verify()) is not None and broken.row == 3
    damage(full, "DELETE FROM sources WHERE sha256 = (SELECT sources FROM facts WHERE seq = 2)")
    assert (broken := full.verify()) is not None and broken.row == 2 and "source" in broken.why


@pytest.mark.parametrize("row", [1, 6, 12])
def test_deleted_row(full: Store, row: int) -> None:
    """A deleted row is named, the last one too."""
    damage(full, f"DELETE FROM facts WHERE seq = {row}")
    assert (broken := full.verify()) is not None and broken.row == row and "lost" in broken.why


def test_cut_tail_with_everything_after_a_row(full: Store) -> None:
    """The loss of the last four rows is found by the recorded length."""
    damage(full, "DELETE FROM facts WHERE seq > 8")
    assert (broken := full.verify()) is not None and broken.row == 9
    damage(full, "DELETE FROM head")
    assert (broken := full.verify()) is not None and "length is lost" in broken.why


def test_cut_tail_with_its_record_is_found_by_a_hash_kept_elsewhere(full: Store) -> None:
    """Whoever noted the last hash finds a ledger cut together with the record of its length."""
    head = full.head()
    damage(full, "DELETE FROM members", "DELETE FROM releases", "DELETE FROM facts WHERE seq > 8",
           "UPDATE head SET rows = 8, hash = (SELECT hash FROM facts WHERE seq = 8) WHERE chain = 'facts'",
           "UPDATE head SET rows = 0, hash = '' WHERE chain = 'releases'")  # fmt: skip
    assert full.verify() is None
    assert (broken := full.verify(expect=head.hash)) is not None and head.hash in broken.why


@pytest.mark.parametrize(("one", "two"), [(1, 2), (3, 9), (11, 12)])
def test_swapped_rows(full: Store, one: int, two: int) -> None:
    """Two rows that changed places are found at the first of them."""
    damage(full, f"UPDATE facts SET seq = -1 WHERE seq = {one}", f"UPDATE facts SET seq = {one} WHERE seq = {two}",
           f"UPDATE facts SET seq = {two} WHERE seq = -1")  # fmt: skip
    assert (broken := full.verify()) is not None and broken.row == one


def test_row_put_in_by_hand(full: Store) -> None:
    """A row added past the end, even with a right link, is found."""
    damage(full, "INSERT INTO facts SELECT 13, 'x', key, subject, folded, attribute, period, begins, ends, value, low, high, unit, text, "
           "status, confidence, public, recorded, note, sources, supersedes, content, hash, hash FROM facts WHERE seq = 12")  # fmt: skip
    assert (broken := full.verify()) is not None and broken.row == 13 and "added" in broken.why


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM members WHERE fact = 4", "UPDATE releases SET name = '2'", "DELETE FROM releases", "UPDATE releases SET members = 3",
     "UPDATE members SET release = 2 WHERE fact = 2", "INSERT INTO members VALUES (1, 99)"],
)  # fmt: skip
def test_changed_release(full: Store, statement: str) -> None:
    """A release that lost a member, its name or itself is found."""
    damage(full, statement)
    assert (broken := full.verify()) is not None and broken.chain == "releases"


def test_any_single_byte_of_the_facts_in_the_file(tmp_path: Path) -> None:
    """Of 150 random bytes of the stored rows, flipped in the file itself one at a time, every one is found."""
    path = tmp_path / "whole.db"
    Store(str(path)).add(FACTS)
    raw = path.read_bytes()
    size = int.from_bytes(raw[16:18], "big")
    pages = _pages_of(path, "facts")
    places = [p for page in pages for p in _used(raw, page, size)]
    rng = random.Random(7)
    copy = tmp_path / "copy.db"
    for place in rng.sample(places, 150):
        shutil.copy(path, copy)
        with copy.open("r+b") as file:
            file.seek(place)
            file.write(bytes([raw[place] ^ (1 << rng.randrange(8))]))
        assert Store(str(copy)).verify() is not None, place


def _pages_of(path: Path, table: str) -> list[int]:
    """The leaf pages of a table, by the root's children."""
    connection = sqlite3.connect(path)
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    connection.close()
    raw = path.read_bytes()
    size = int.from_bytes(raw[16:18], "big")
    head = raw[(root - 1) * size : root * size]
    if head[0] == 0x0D:
        return [root]
    cells = int.from_bytes(head[3:5], "big")
    children = [int.from_bytes(head[at : at + 4], "big") for at in (int.from_bytes(head[12 + 2 * i : 14 + 2 * i], "big") for i in range(cells))]
    return [*children, int.from_bytes(head[8:12], "big")]


def _used(raw: bytes, page: int, size: int) -> list[int]:
    """The places of a leaf page that hold cells (the rows themselves)."""
    start = (page - 1) * size
    content = int.from_bytes(raw[start + 5 : start + 7], "big")
    return list(range(start + content, start + size))
