"""Events from a line, a file, and claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from podium.errors import EventError
from podium.scenarios.events import Event, from_records, from_text, load


def test_a_line_names_system_count_month_and_status() -> None:
    """The line of the contract is read word by word."""
    event = from_text('accelerators JPN "NVIDIA B200" 1600 2025-07 planned')
    assert event == Event("accelerators", "JPN", 1600, ("NVIDIA B200",), online="2025-07", status="planned")


def test_settings_stand_in_any_order() -> None:
    """Probability, size interval, delay and label may follow in any order; candidates are separated by a bar."""
    event = from_text(
        'accelerators jpn "NVIDIA B200|NVIDIA H200" 1,600 delay=0-12 planned probability=0.5 low=1000 high=2000'
    )
    assert event.systems == ("NVIDIA B200", "NVIDIA H200")
    assert (event.country, event.delay, event.probability, event.low, event.high) == ("JPN", (0, 12), 0.5, 1000, 2000)


def test_unknown_size_is_no_size() -> None:
    """A question mark leaves an event unsized."""
    event = from_text('accelerators JPN "DGX B200" ?')
    assert event.count is None and not event.sized


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("", "kind"),
        ("accelerator JPN B200 5", "accelerator"),
        ("accelerators JPN B200", "3 words"),
        ("accelerators JPN B200 many", "many"),
        ("accelerators JPN B200 -5", "-5"),
        ("accelerators JPN B200 5 2025-13", "2025-13"),
        ("accelerators JPN B200 5 soon", "soon"),
        ("accelerators JPN B200 5 probability=1.5", "1.5"),
        ("indicator KOR rd grow 3", "grow"),
        ('accelerators JPN "B200 5', "quotation"),
    ],
)
def test_a_faulty_line_is_refused_with_its_word(line: str, word: str) -> None:
    """Each fault names the word and the remedy."""
    with pytest.raises(EventError, match=word) as caught:
        from_text(line)
    assert caught.value.exit_code == 2 and caught.value.faults[0].remedy


def test_a_file_lists_mappings_and_lines(tmp_path: Path) -> None:
    """A YAML file holds mappings and lines side by side; Norway stays Norway."""
    path = tmp_path / "events.yaml"
    path.write_text(
        "events:\n"
        "  - {kind: accelerators, country: NO, system: NVIDIA B200, count: 1600, online: 2025-07, probability: 0.9}\n"
        '  - accelerators JPN "DGX B200" ?\n'
        "  - kind: indicator\n    country: KOR\n    indicator: rd\n    change: multiply\n    amount: 1.1\n"
    )
    first, second, third = load(path)
    assert first == Event("accelerators", "NO", 1600, ("NVIDIA B200",), online="2025-07", probability=0.9)
    assert second.systems == ("DGX B200",) and third.amount == 1.1


def test_a_file_shows_all_its_faults_with_lines(tmp_path: Path) -> None:
    """Faults of several entries come together, each at the line of its key."""
    path = tmp_path / "events.yaml"
    path.write_text(
        "- kind: accelerators\n  country: JPN\n  count: many\n- kind: money\n  amount: 3\n"
        "- {kind: accelerators, country: JPN, chips: 3}\n- accelerators JPN B200 x\n"
    )
    with pytest.raises(EventError) as caught:
        load(path)
    assert [f.line for f in caught.value.faults] == [3, 4, 6, 7]


@pytest.mark.parametrize("text", ["just words", "{a: 1}", ""])
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    """A file without a list of events is refused, and so is one that does not exist."""
    path = tmp_path / "events.yaml"
    path.write_text(text)
    with pytest.raises(EventError, match="list"):
        load(path)
    with pytest.raises(EventError, match="no such file"):
        load(tmp_path / "absent.yaml")


def claim(**changes: object) -> dict[str, object]:
    """A claim of hardware, as plain values."""
    record: dict[str, object] = {
        "id": "c1", "kind": "hardware_count", "status": "announced", "value": 1600.0, "low": None, "high": None,
        "unit": "gpu", "system": None, "subject": "HIGHRESO", "subject_country_iso3": "JPN", "year_or_date": "2025-07",
        "relation": None,
    }  # fmt: skip
    return record | changes


def test_announced_hardware_becomes_an_event() -> None:
    """Count, month and the claim's id go over; what runs already or was cancelled does not."""
    (event,) = from_records([claim(), claim(id="c2", status="operational"), claim(id="c3", status="cancelled")])
    assert (event.kind, event.country, event.count, event.online) == ("accelerators", "JPN", 1600, "2025-07")
    assert event.claim_ids == ("c1",) and event.systems == ()


def test_a_figure_told_twice_is_one_event() -> None:
    """The same count told with and without its chip is one event with both claims' ids and the chip."""
    (event,) = from_records([claim(), claim(id="c2", system="NVIDIA B200", year_or_date=None)])
    assert event.claim_ids == ("c1", "c2") and event.systems == ("NVIDIA B200",) and event.online == "2025-07"


def test_a_total_does_not_count_beside_its_parts() -> None:
    """A figure that is the sum of others makes no event of its own."""
    total = claim(id="c3", value=5200.0, relation={"sum_of": ["c1", "c2"]})
    assert sum(e.count or 0 for e in from_records([claim(), total])) == 1600


def test_a_system_without_a_count_is_unsized() -> None:
    """A named system without a number is listed, unsized; a vague number keeps its bounds."""
    unsized, vague = from_records([
        claim(value=None, unit="system", system="DGX B200", subject="SoftBank"),
        claim(id="c2", value=None, low=200.0, high=999.0),
    ])  # fmt: skip
    assert not unsized.sized and unsized.systems == ("DGX B200",)
    assert (vague.low, vague.count, vague.high) == (200, 599.5, 999)


def test_money_and_power_are_kept_though_nothing_may_cover_them() -> None:
    """Valuations, subsidies and megawatts become events, so that they can be listed as outside the index."""
    events = from_records([
        claim(kind="valuation", value=5.8e9, unit="EUR", subject_country_iso3="FRA", status=None),
        claim(kind="power_capacity", value=1e8, unit="W", status="planned"),
        claim(kind="rank", value=7, unit="rank"),
    ])  # fmt: skip
    assert [e.kind for e in events] == ["money", "power"]
    assert events[0].currency == "EUR" and "valuation" in events[0].label


def test_a_year_means_its_last_month() -> None:
    """A claim that names only a year is there by the end of it."""
    assert from_records([claim(year_or_date="2026")])[0].online == "2026-12"
