"""What is held true, and who says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from podium.errors import EvidenceError
from podium.evidence.ledger import bundled, known_by, load_csv


def test_every_fact_has_a_source() -> None:
    """No bundled fact stands without a publisher, and none without value, bound or text."""
    facts = list(bundled())
    assert len(facts) > 100
    assert all(f.sources and f.sources[0].publisher for f in facts)
    assert all(f.value is not None or f.low is not None or f.high is not None or f.text for f in facts)


def test_lists_of_machines_are_in_order() -> None:
    """In every edition of the TOP500 a place is held once, and the lower place has the lower performance."""
    facts = bundled()
    places: dict[str, dict[str, float]] = {}
    for f in facts.find(attribute="rank:top500"):
        places.setdefault(f.period, {})[f.subject] = f.value or 0.0
    assert len(places) == 7
    for edition, held in places.items():
        assert len(set(held.values())) == len(held)
        measured = [f.value for name in sorted(held, key=held.__getitem__) for f in facts.find(name, "rmax:top500", edition)]
        assert measured == sorted(measured, key=lambda x: -(x or 0.0))
        assert {f.subject for f in facts.find(attribute="rmax:top500") if f.period == edition} <= set(held)


def test_as_of_shows_what_was_known_then() -> None:
    """The edition of September 2024 is not known in August 2024."""
    before = bundled().find("KOR", "rank:tortoise-gaii", as_of="2024-08-31")
    after = bundled().find("KOR", "rank:tortoise-gaii", as_of="2024-11-14")
    assert {f.period for f in after} - {f.period for f in before} == {"2024"}
    assert [f.value for f in after if f.period == "2024"] == [6]


def test_date_known_to_the_month_counts_from_its_start() -> None:
    """A fact public in 2025-07 is known on any day of that month."""
    fact = next(f for f in bundled() if f.public == "2025-07")
    assert known_by(fact, "2025-07-15")
    assert not known_by(fact, "2025-06-30")


def test_import_format_and_its_faults(tmp_path: Path) -> None:
    """The fact CSV is read; rows without subject, source or number are all named with their lines."""
    path = tmp_path / "facts.csv"
    head = "subject,attribute,period,value,low,high,unit,source,note\n"
    path.write_text(head + "KOR,rank:x,2024,6,,,rank,Somebody 2024,\n", encoding="utf-8")
    (fact,) = load_csv(path)
    assert (fact.id, fact.value, fact.sources[0].publisher) == ("KOR:rank:x:2024", 6, "Somebody 2024")
    path.write_text(head + ",rank:x,2024,6,,,rank,S,\nKOR,rank:x,2024,six,,,rank,S,\nKOR,rank:x,2024,6,,,rank,,\n", encoding="utf-8")
    with pytest.raises(EvidenceError) as error:
        load_csv(path)
    assert [line for line in (2, 3, 4) if f"facts.csv:{line}" in str(error.value)] == [2, 3, 4]


def test_unknown_fact_is_named() -> None:
    """An id that is not there is named."""
    with pytest.raises(EvidenceError, match="nothing-here"):
        bundled().get("nothing-here")


def test_own_facts_decide_and_the_old_ones_stay() -> None:
    """A fact of one's own is found in place of the one held; that one stays as a rival, and the old ledger as it was."""
    held = bundled().get("KOR:rank:tortoise-gaii:2024")
    own = replace(held, id="memo.csv:1", value=7.0)
    more = bundled().beside([own])
    assert more.find("KOR", "rank:tortoise-gaii", "2024") == (own,)
    assert more.get(held.id) == held and {own, held} <= {f for g in more.rivals(own) for f in g}
    assert bundled().find("KOR", "rank:tortoise-gaii", "2024") == (held,)
