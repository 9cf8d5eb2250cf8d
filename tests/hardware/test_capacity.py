"""What AI machines are worth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from podium.errors import EvidenceError
from podium.evidence.importers.epoch import cluster_facts
from podium.hardware.accelerators import accelerator, accelerators, candidates
from podium.hardware.capacity import CONVENTIONS, amount, site_worth, stock, worth
from podium.hardware.sites import Cluster, all_clusters, clusters, coming, from_facts
from podium.hardware.systems import system
from podium.hardware.timeline import timeline


def test_ratios_are_those_of_the_datasheets() -> None:
    """Dense 8-bit operations per second over those of the H100 (1.979e15): H200 1, B200 2.274, A100 0.315."""
    assert worth("H200", "dense8") == pytest.approx(1.0, abs=0.005)
    assert worth("B200", "dense8") == pytest.approx(2.274, abs=0.005)
    assert worth("A100", "dense8") == pytest.approx(0.315, abs=0.005)


def test_a_dgx_is_eight_chips() -> None:
    """A DGX B200 is 8 × B200, under every convention that the chip has."""
    assert system("DGX B200").count == 8
    for convention in ("dense8", "dense16", "bandwidth", "memory"):
        assert worth("DGX B200", convention) == pytest.approx(8 * worth("B200", convention))


def test_headline_is_the_vendors_and_no_datasheet_ratio() -> None:
    """The vendor's 15 × stands beside 2.3 × by datasheet; both are given, neither hides the other."""
    assert worth("DGX B200", "headline") / worth("DGX H100", "headline") == pytest.approx(15)
    assert worth("DGX B200", "dense8") / worth("DGX H100", "dense8") == pytest.approx(2.274, abs=0.01)


def test_national_stocks_equal_the_published_sums(shared: Path) -> None:
    """All 251 reference sums over Epoch AI's clusters come out to their last printed digit.

    From the table that ships, and from the publisher's table imported into a ledger.
    """
    folder = shared / "data" / "ai_race"
    table = pd.read_csv(folder / "compute_country_year.csv")
    rows = table[table["status"] == "existing"].to_dict("records")
    assert len(rows) == 251
    imported = from_facts(cluster_facts(folder / "epoch_gpu_clusters.csv"))
    assert len(imported) == 786
    for among in (None, imported):
        for row in rows:
            ours = stock(row["iso3"], f"{row['year']:.0f}-12-31", among=among).value
            assert ours == pytest.approx(row["h100_equivalents"], abs=0.0501), (row["iso3"], row["year"])


def test_numbers_of_the_question() -> None:
    """Japan 9,162.6 and Korea 3,789.7 H100 equivalents at the end of 2024."""
    assert round(stock("JPN", "2024-12-31").value, 1) == 9162.6
    assert round(stock("KOR", "2024-12-31").value, 1) == 3789.7


def test_stock_admits_what_sources_miss() -> None:
    """The interval of a stock starts at what is recorded and ends far above it."""
    held = stock("KOR", "2024-12-31")
    assert held.low <= held.value < held.high
    assert held.high / held.value >= 5


def test_unnamed_chip_is_a_set_of_candidates() -> None:
    """In November 2024 a next-generation GPU may be a B200, but also an H200 or GB200; not an A100."""
    names = candidates("2024-11-14")
    assert "NVIDIA B200" in names
    assert len(names) >= 3
    assert not any("A100" in n for n in names)


@pytest.mark.parametrize("spelling", ["B200", "NVIDIA B200", "엔비디아 B200", "b200 GPU"])
def test_spellings_of_newspapers(spelling: str) -> None:
    """A chip is found in any usual spelling."""
    assert accelerator(spelling).name == "NVIDIA B200"


def test_unknown_machine_is_named() -> None:
    """A machine that nobody knows is an error, never a guess."""
    with pytest.raises(EvidenceError, match="Z9000"):
        accelerator("Z9000")
    with pytest.raises(EvidenceError, match="convention"):
        worth("B200", "gigahertz")


def test_every_chip_names_its_source() -> None:
    """No figure stands without an address."""
    assert all(a.url for a in accelerators().values())


def test_plans_known_on_a_date() -> None:
    """What was not public by a date is not counted as known then."""
    held, unknown = coming("2023-12-31", "2024-11-14")
    assert all(c.known_by("2024-11-14") for c in held)
    assert unknown > 0
    assert {c.status for c in clusters()} <= {"Existing", "Planned", "Decommissioned"}


def site(name: str, **changed: object) -> Cluster:
    """A cluster of a test."""
    plain = Cluster(name, "KOR", "Naver", "Existing", "Confirmed", "2023-05-01", 9999, 100.0, "NVIDIA A100", 317.0, None, None, None, "", 317.0)
    return replace(plain, **changed)  # type: ignore[arg-type]


def test_interval_reflects_certainty_and_coverage() -> None:
    """The low end is what is confirmed, the value adds what is likely, the high end what is unlikely, over a tenth of coverage."""
    among = [site("a"), site("b", certainty="Likely", h100_equivalents=50.0), site("c", certainty="Unlikely", h100_equivalents=7.0),
             site("d", duplicate=True), site("e", country=""), site("f", online="2025-01-01")]  # fmt: skip
    held = stock("KOR", "2024-12-31", among=among)
    assert (held.low, held.value, held.high) == pytest.approx((100, 150, 1570))


def test_plans_count_with_their_probability_and_not_twice() -> None:
    """A plan adds its probability times what it adds to the phase that it builds upon."""
    among = [site("one"), site("two", status="Planned", certainty="Likely", online="", h100_equivalents=300.0, builds_upon=("one",)),
             site("three", status="Planned", certainty="Confirmed", online="", h100_equivalents=1000.0)]  # fmt: skip
    held = stock("KOR", "2024-12-31", among=among, plans={"Likely": 0.5, "Confirmed": 0.9})
    assert held.value == pytest.approx(100 + 0.5 * (300 - 100) + 0.9 * 1000)
    assert (held.low, held.high) == pytest.approx((100, 1000 + 200 + 1000))
    assert stock("KOR", "2024-12-31", among=among).value == 100
    with pytest.raises(EvidenceError, match="no probability"):
        stock("KOR", "2024-12-31", among=among, plans={"Likely": 1.5})


def test_site_is_converted_by_both_its_chips() -> None:
    """A site of two kinds of chips is worth what both are, weighted by the 8-bit operations they bring in."""
    both = site("x", h100_equivalents=1000.0 + 500 * worth("B200", "dense8"), chip="NVIDIA H100 SXM5 80GB", chip_count=1000.0,
                second_chip="NVIDIA B200", second_count=500.0)  # fmt: skip
    assert site_worth(both, "bandwidth") == pytest.approx(1000 + 500 * worth("B200", "bandwidth"))
    assert site_worth(site("y", chip=""), "bandwidth") is None
    held = stock("KOR", "2024-12-31", "bandwidth", among=[site("y", chip="")])
    assert (held.low, held.value) == (0, 100)
    assert "keep their 8-bit worth" in held.basis


def test_owners_sites_and_the_world() -> None:
    """An owner's stock sums its sites over countries, a single site is not divided by coverage, the world holds every country."""
    date = "2024-12-31"
    one = next(c for c in clusters() if c.name == "Core42 SuperPOD")
    alone = stock(None, date, site="core42 superpod")
    assert (alone.low, alone.value, alone.high) == (1272, 1272, 1272)
    assert stock("ARE", date, owner="G42").value >= one.h100_equivalents
    world = stock(None, date).value
    assert world == pytest.approx(sum(stock(c, date).value for c in {c.country for c in clusters()}))


def test_amounts_in_their_own_units() -> None:
    """A DGX B200 holds 8 × 180 GB and moves 8 × 7.7 TB/s; a headline has no unit."""
    assert amount("DGX B200", "memory") == pytest.approx(8 * 180e9)
    assert amount("DGX B200", "bandwidth") == pytest.approx(8 * 7.7e12)
    assert amount("H100", "dense16") == pytest.approx(9.894e14)
    with pytest.raises(EvidenceError, match="no unit"):
        amount("DGX B200", "headline")


def test_timeline_tells_who_had_what_when() -> None:
    """Korea's timeline begins with Naver in October 2020 and ends at the stock of the last year; doubtful sites are apart."""
    told = timeline(country="KOR", plans={"Likely": 0.5})
    assert (told.running[0].owner, told.running[0].online[:7]) == ("NAVER", "2020-10")
    assert [c.online for c in told.running] == sorted(c.online for c in told.running)
    assert all(v.value == stock("KOR", f"{y}-12-31").value for y, v in told.years.items())
    assert told.expected is not None and told.expected.value > max(v.value for v in told.years.values())
    assert all(not c.credible for c in told.doubtful)
    assert {c.name for c in (*told.running, *told.planned)} <= {c.name for c in all_clusters()}


@pytest.mark.parametrize("chip", ["A100", "H100", "H200", "B200", "B300", "GB200", "GB300", "MI300X", "TPU v5p", "910B", "910C"])
def test_every_named_chip_has_memory_bandwidth_and_a_source(chip: str) -> None:
    """Each accelerator of the catalogue states memory, bandwidth, power and where that is written."""
    found = accelerator(chip)
    assert found.memory and found.bandwidth and found.power and found.url.startswith("http")
    assert [c for c in CONVENTIONS if c in ("bandwidth", "memory", "power") and worth(chip, c) > 0]
