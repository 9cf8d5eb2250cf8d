"""The ledger that stays, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from podium.errors import EvidenceError
from podium.evidence.facts import Fact, Source
from podium.evidence.migrations import migrations
from podium.evidence.store import Release, Store

SAID = Source("Ministry", "White paper", "https://example.org/p", "", "2024-09-01", "CC BY 4.0", "p. 7, table 2")
OTHER = Source("Newspaper", "Morning issue", date="2024-10-02")


def fact(value: float | None = 6.0, **changed: object) -> Fact:
    """One fact of a test."""
    plain = Fact("", "KOR", "rank:own-index", "2024", value, "rank", public="2024-09-19", status="measured", sources=(SAID,))
    return replace(plain, **changed)  # type: ignore[arg-type]


def release(name: str, **changed: object) -> Release:
    """One release of a test series."""
    return replace(Release(0, "gdp", name, "facts", f"{name}.csv", "0" * 64, "", "", 0), **changed)  # type: ignore[arg-type]


def test_fact_comes_back_as_it_was(store: Store) -> None:
    """Value, interval, unit, text, status, confidence, note and every part of both sources survive."""
    said = fact(0.1 + 0.2, low=-1e-300, high=1e300, text="한국 \"6위\"", confidence="likely", note="a\nb", sources=(SAID, OTHER))
    (new,) = store.add([said]).new
    assert store.get(new.id) == new
    assert replace(store.get(new.id), id="", recorded="") == said
    assert new.recorded > "2026"


def test_adding_twice_records_once(store: Store) -> None:
    """The same statement by the same source is held already the second time, also within one addition."""
    assert store.add([fact(), fact()]).words == "1 new, 1 same, 0 conflicting"
    assert store.add([fact()]).words == "0 new, 1 same, 0 conflicting"
    assert store.head().rows == 1


def test_rivals_are_kept_and_shown(store: Store) -> None:
    """Another value for the same subject, attribute, period and unit is a rival: both stay, the report names both."""
    (old,) = store.add([fact(6.0)]).new
    done = store.add([fact(5.0, sources=(OTHER,))])
    assert done.words == "1 new, 0 same, 1 conflicting"
    assert done.conflicts[0].rivals == (old,)
    assert {f.value for f in store.find("kor")} == {5.0, 6.0}
    assert [{f.value for f in group} for group in store.ledger().rivals()] == [{5.0, 6.0}]


def test_agreeing_sources_and_other_units_are_no_conflict(store: Store) -> None:
    """A second source for the same value, and a figure in another unit, conflict with nothing."""
    store.add([fact(6.0)])
    assert store.add([fact(6.0, sources=(OTHER,)), fact(27.3, unit="point")]).words == "2 new, 0 same, 0 conflicting"


def test_bundled_facts_count_as_rivals(store: Store) -> None:
    """An own fact against one that ships with Podium is reported, and its id is its own."""
    done = store.add([fact(3.0, attribute="rank:tortoise-gaii")])
    assert [r.value for r in done.conflicts[0].rivals] == [6]
    assert done.new[0].id == "KOR:rank:tortoise-gaii:2024#2"


def test_correction_supersedes_and_overwrites_nothing(store: Store) -> None:
    """After a correction the new value is in force, the old row stays as it was, and the history shows both."""
    (old,) = store.add([fact(6.0)]).new
    (new,) = store.add([fact(7.0, supersedes=old.id)]).new
    assert [f.value for f in store.find("KOR")] == [7.0]
    assert store.get(old.id) == old
    assert store.history(old.id) == store.history(new.id) == (old, new)
    assert len(store.find("KOR", superseded=True)) == 2
    with pytest.raises(EvidenceError, match="superseded by"):
        store.add([fact(8.0, supersedes=old.id)])
    with pytest.raises(EvidenceError, match="no fact 'nothing'"):
        store.add([fact(8.0, supersedes="nothing")])


def test_known_when_and_recorded_when(store: Store) -> None:
    """The public knew from publication on; the ledger as of a moment between two entries shows the old value."""
    (old,) = store.add([fact(6.0)]).new
    time.sleep(0.01)
    (new,) = store.add([fact(7.0, public="", supersedes=old.id)]).new
    assert [f.value for f in store.find(known_on="2024-09-18")] == []
    assert [f.value for f in store.find(known_on="2024-09-19")] == [6.0]
    assert [f.value for f in store.find(known_on=new.recorded[:10])] == [7.0]
    assert [f.value for f in store.find(recorded_by="2025-01-01")] == []
    assert [f.value for f in store.find(recorded_by=old.recorded)] == [6.0]
    assert [f.value for f in store.find(recorded_by=new.recorded)] == [7.0]


@pytest.mark.parametrize(
    ("period", "day", "held"),
    [
        ("2024", "2024-12-31", True), ("2024", "2025-01-01", False), ("2024-02", "2024-02-29", True),
        ("2024-11-13", "2024-11-13", True), ("2024-11-13", "2024-11-14", False), ("2024-11/", "2031-01-01", True),
        ("2024-11/2025-02", "2025-02-28", True), ("2024-11/2025-02", "2025-03-01", False), ("", "1999-01-01", True),
        ("edition 3", "1999-01-01", True), ("2024", "2024", True), ("2024-05", "2024", True), ("2024-05", "2023", False),
    ],
)  # fmt: skip
def test_true_when(store: Store, period: str, day: str, held: bool) -> None:
    """A fact is true on the days that its period covers, both ends included."""
    store.add([fact(period=period)])
    assert bool(store.find(true_on=day)) is held


def test_both_times_at_once(store: Store) -> None:
    """Who asks in 2024 what was true in 2023 gets the figure of then, not the revision of 2026."""
    (old,) = store.add([fact(1961.0, attribute="stock:own", period="2023", unit="gpu", public="2024-03")]).new
    store.add([fact(2100.0, attribute="stock:own", period="2023", unit="gpu", public="2026-02", supersedes=old.id)])
    store.add([fact(9999.0, attribute="stock:own", period="2025", unit="gpu", public="2026-02")])
    ask = {"subject": "KOR", "attribute": "stock:own", "true_on": "2023-12-31"}
    assert [f.value for f in store.find(**ask, known_on="2024-11-14")] == [1961.0]
    assert [f.value for f in store.find(**ask, known_on="2026-03-01")] == [2100.0]


def test_find_by_beginning_of_attribute(store: Store) -> None:
    """An attribute that ends with a colon finds all that begin with it, in its own case only."""
    store.add([fact(), fact(attribute="rank:z"), fact(attribute="RANK:z"), fact(attribute="score:z")])
    assert {f.attribute for f in store.find(attribute="rank:")} == {"rank:own-index", "rank:z"}


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"sources": ()}, "source is missing"), ({"value": float("nan")}, "not finite"), ({"value": None}, "all empty"),
        ({"status": "rumoured"}, "rumoured"), ({"period": "2024-13"}, "month"), ({"period": "2025/2024"}, "ends before"),
        ({"subject": ""}, "subject"), ({"public": "2024-02-30"}, "day"),
    ],
)  # fmt: skip
def test_bad_fact_stops_the_whole_addition(store: Store, bad: dict[str, object], words: str) -> None:
    """One bad fact among good ones: nothing is recorded, and the fault is named."""
    with pytest.raises(EvidenceError, match=words):
        store.add([fact(1.0), fact(2.0, period="2023"), fact(**{"value": 3.0, **bad})])  # type: ignore[arg-type]
    assert not (store.exists() and store.find())


def test_release_keeps_what_it_held(store: Store) -> None:
    """A revision supersedes what it changes, withdraws what it drops, and both releases stay whole."""
    first = [fact(1.0, period="2022"), fact(2.0, period="2023"), fact(3.0, period="2024")]
    store.add(first, release=release("2024-10"))
    second = [fact(1.0, period="2022"), fact(2.5, period="2023"), fact(4.0, period="2025")]
    done = store.add(second, release=release("2026-04", revises="2024-10"))
    assert done.words == "2 new, 1 same, 0 conflicting, 1 superseded, 1 withdrawn"
    assert {f.period: f.value for f in store.members("gdp", "2024-10")} == {"2022": 1.0, "2023": 2.0, "2024": 3.0}
    assert {f.period: f.value for f in store.members("gdp", "2026-04")} == {"2022": 1.0, "2023": 2.5, "2025": 4.0}
    assert {f.period: f.value for f in store.find()} == {"2022": 1.0, "2023": 2.5, "2025": 4.0}
    assert [r.name for r in store.releases()] == ["2024-10", "2026-04"]
    store.add(second, release=release("2026-04", revises="2024-10"))
    assert len(store.releases()) == 2
    assert store.verify() is None
    with pytest.raises(EvidenceError, match="held with other facts"):
        store.add(first[:1], release=release("2026-04"))
    with pytest.raises(EvidenceError, match="no release '2019'"):
        store.add(first, release=release("2027", revises="2019"))


def test_absent_ledger_is_named(where: str) -> None:
    """Reading a file that is not there says so; an unknown id is named."""
    if not where.startswith("postgresql"):
        with pytest.raises(EvidenceError, match="there is no ledger"):
            Store(where).find()
    store = Store(where)
    store.add([fact()])
    with pytest.raises(EvidenceError, match="nothing-here"):
        store.get("nothing-here")


def test_migrations_are_recorded_and_checked(store: Store) -> None:
    """Every step is recorded with its hash; a ledger of a newer Podium, or with another step, is refused."""
    from sqlalchemy import text

    store.add([fact()])
    with store.database.writing() as connection:
        held = connection.execute(text("SELECT version, name, sha256 FROM migrations ORDER BY version")).all()
        assert [tuple(r) for r in held] == [(m.version, m.name, m.sha256) for m in migrations()]
        connection.execute(text("UPDATE migrations SET sha256 = 'x' WHERE version = 1"))
    with pytest.raises(EvidenceError, match="migration 1 of the ledger"):
        store.find()


def test_newer_ledger_is_refused(store: Store) -> None:
    """A step that this Podium does not know stops reading and writing."""
    from sqlalchemy import text

    store.add([fact()])
    with store.database.writing() as connection:
        connection.execute(text("INSERT INTO migrations VALUES (99, 'later', 'x', '2030')"))
    with pytest.raises(EvidenceError, match="version 99"):
        store.add([fact(2.0)])


def test_old_ledger_is_brought_up_to_date(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger made by the first step alone gains the others when it is next read, and keeps its facts."""
    from podium.evidence import migrations as steps

    every = migrations()
    monkeypatch.setattr(steps, "migrations", lambda: every[:1])
    store.add([fact()])
    monkeypatch.setattr(steps, "migrations", lambda: every)
    assert [f.value for f in store.find()] == [6.0]
    assert store.releases() == ()
    assert store.verify() is None


def test_many_facts_at_once(store: Store) -> None:
    """Thousands of facts, more than one query may name, are found again as held."""
    many = [fact(float(i), subject=f"S{i}", attribute=f"a{i % 7}") for i in range(12_000)]
    assert len(store.add(many).new) == 12_000
    assert store.add(many).same == 12_000
    assert [f.value for f in store.find("s77")] == [77.0]
    assert store.verify() is None
