"""Facts in and out: idempotent, all or nothing, the same after a round trip."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podium.errors import EvidenceError
from podium.evidence.exchange import Edition, absorb, citations, export, read_file
from podium.evidence.facts import Fact, Source
from podium.evidence.importers.columns import iso3
from podium.evidence.importers.review import HEAD, START, review_workbook
from podium.evidence.ledger import bundled
from podium.evidence.store import Store
from podium.evidence.tables import facts_csv, read_facts
from podium.evidence.vintages import compare_facts, diff

HEADER = "subject,attribute,period,value,low,high,unit,source,note\n"


def write(folder: Path, name: str, text: str) -> Path:
    """A file of a test."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_fact_table_in_is_idempotent_and_shows_conflicts(store: Store, tmp_path: Path) -> None:
    """The import format: new, then same, then one rival; the address in the source is set apart."""
    one = write(tmp_path, "f.csv", HEADER + 'KOR,stock:own,2024,3000,,,gpu,"Ministry, https://example.org/a.pdf",about\nJPN,stock:own,2024,,900,1100,gpu,Press,\n')
    assert absorb(store, read_file(one))[0].words == "2 new, 0 same, 0 conflicting"
    assert absorb(store, read_file(one))[0].words == "0 new, 2 same, 0 conflicting"
    (fact,) = store.find("KOR")
    assert (fact.sources[0].publisher, fact.sources[0].url, fact.note) == ("Ministry", "https://example.org/a.pdf", "about")
    two = write(tmp_path, "g.csv", HEADER + 'KOR,stock:own,2024,2800,,,gpu,Other,\nJPN,stock:own,2024,,900,1100,gpu,Press,\n')
    done, _ = absorb(store, read_file(two))
    assert done.words == "1 new, 1 same, 1 conflicting"
    assert [r.value for r in done.conflicts[0].rivals] == [3000.0]
    assert {f.value for f in store.find("KOR")} == {3000.0, 2800.0}
    assert len(store.releases()) == 2


def test_bad_row_stops_the_whole_file(store: Store, tmp_path: Path) -> None:
    """Three bad rows of five: each is named with its line, and nothing is recorded."""
    rows = "KOR,a,2024,1,,,x,S,\nKOR,b,2024,1e999,,,x,S,\nKOR,c,2024,1,,,x,,\nKOR,d,2024-13,1,,,x,S,\nKOR,e,2024,2,,,x,S,\n"
    with pytest.raises(EvidenceError) as error:
        absorb(store, read_file(write(tmp_path, "f.csv", HEADER + rows)))
    assert [n for n in range(2, 7) if f"f.csv:{n}:" in str(error.value)] == [3, 4, 5]
    assert not (store.exists() and store.find())


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_round_trip_of_everything_that_ships(tmp_path: Path, suffix: str) -> None:
    """Every bundled fact exported and imported is the same, ids and order included."""
    facts = tuple(bundled())
    path = write(tmp_path, f"all.{suffix}", export(facts, suffix))
    again = read_file(path).facts
    assert [replace(f, id="", recorded="") for f in facts] == list(again)


_WORD = st.text(st.characters(exclude_categories=("C", "Z"), include_characters="\n,\"';=é한日"), min_size=1, max_size=12).map(str.strip).filter(bool)
_FIGURE = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=st.tuples(_WORD, _WORD, _WORD, _WORD), value=_FIGURE, sources=st.lists(st.builds(Source, _WORD, _WORD, locator=_WORD), min_size=1, max_size=3))
def test_round_trip_of_any_fact(tmp_path: Path, word: tuple[str, ...], value: float | None, sources: list[Source]) -> None:
    """Any text, any figure, any number of sources come back from the CSV as they were."""
    fact = Fact("", word[0], word[1], "2024", value, word[2], text=word[3], note=word[0], sources=tuple(sources))
    assert read_facts(write(tmp_path, "f.csv", facts_csv([fact]))) == [fact]


def test_round_trip_through_two_ledgers(store: Store, tmp_path: Path) -> None:
    """Export of one ledger, import into an empty one, export again: byte for byte the same."""
    table = write(tmp_path, "f.csv", HEADER + "KOR,a:b,2024,1.5,,,x,S,n\nKOR,a:b,2024,2.5,,,x,T,\nJPN,a:b,,,1,2,x,S,\n")
    absorb(store, read_file(table))
    first = export(store.find(), "csv")
    other = Store(str(tmp_path / "other.db"))
    absorb(other, read_file(write(tmp_path, "out.csv", first)))
    assert export(other.find(), "csv") == first
    assert [f.id for f in other.find()] == [f.id for f in store.find()]


def test_citations_name_each_source_once() -> None:
    """The list has every source with its licence, and no source twice."""
    facts = tuple(bundled())
    told = citations(facts)
    assert told.count("\n[") + 1 == len({s for f in facts for s in f.sources})
    assert "Licence: Apache-2.0." in told


CLUSTERS = "Name,Status,Certainty,Country,Owner,First Operational Date,H100 equivalents,Chip type (primary),Chip quantity (primary),Possible Duplicate,Superseded by,Source 1\n"


def test_clusters_under_the_publishers_own_names(store: Store, tmp_path: Path) -> None:
    """Epoch AI's present column names and country names are understood; anonymous clusters stay apart in any order."""
    rows = ["Alpha,Existing,Confirmed,Korea (Republic of),Naver,2024-05-01,\"1,272\",NVIDIA H100 SXM5 80GB,1272,,,https://example.org/x",
            "Anonymized Chinese System,Existing,Likely,China,,2023-01-01,100,,,,,", "Anonymized Chinese System,Existing,Likely,China,,2023-01-01,300,,,checked,,"]  # fmt: skip
    incoming = read_file(write(tmp_path, "gpu_clusters.csv", CLUSTERS + "\n".join(rows) + "\n"))
    assert (incoming.kind, incoming.series) == ("clusters", "epoch-clusters")
    absorb(store, incoming)
    held = {f.attribute: f for f in store.find("Alpha")}
    assert held["site:country"].text == "KOR"
    assert held["site:h100-equivalents"].value == 1272
    assert [s.publisher for s in held["site:chips"].sources] == ["Epoch AI", "example.org"]
    assert len({f.subject for f in store.find(attribute="site:status")}) == 3
    turned = read_file(write(tmp_path, "turned.csv", CLUSTERS + "\n".join(reversed(rows)) + "\n"))
    assert store.add(turned.facts).words.startswith("0 new")


def test_cluster_in_no_country_is_named(tmp_path: Path) -> None:
    """A country that is none stops the import with its line."""
    with pytest.raises(EvidenceError, match=r"c.csv:2: 'Atlantis'"):
        read_file(write(tmp_path, "c.csv", CLUSTERS + "A,Existing,Likely,Atlantis,,2023-01-01,100,,,,,\n"))


def test_tables_as_published(shared: Path, store: Store) -> None:
    """All 786 clusters and 176 accelerators become facts, twice is once, and the chain holds."""
    folder = shared / "data" / "ai_race"
    for name, attribute, count in (("epoch_gpu_clusters.csv", "site:status", 786), ("epoch_ml_hardware.csv", "accelerator:", 176)):
        incoming = read_file(folder / name)
        done, _ = absorb(store, incoming)
        assert len(done.new) == len(incoming.facts) and not done.conflicts
        assert absorb(store, incoming)[0].same == len(incoming.facts)
        assert len({f.subject for f in store.find(attribute=attribute)}) == count
    with (folder / "epoch_gpu_clusters.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    left = ("name", "country_raw", "max_ops", "source_1", "source_2", "include_in_standard_analysis")
    assert len(store.find(attribute="site:")) == sum(bool(c) for row in rows for k, c in row.items() if k not in left)
    assert store.verify() is None


def test_every_country_of_epochs_table_is_known(shared: Path) -> None:
    """The table's own country names lead to its codes."""
    with (shared / "data" / "ai_race" / "epoch_gpu_clusters.csv").open(encoding="utf-8") as file:
        pairs = {(r["country_raw"], r["iso3"]) for r in csv.DictReader(file) if r["iso3"]}
    assert {(name, iso3(name)) for name, _ in pairs} == pairs


def test_index_edition_as_a_wide_table(store: Store, tmp_path: Path) -> None:
    """Ranks, scores and parts of an edition become facts on countries; columns of years are editions."""
    said = Edition("own-index", Source("Institute", licence="cited"), "2024", "score", "2024-09-19")
    table = write(tmp_path, "e.csv", "Country,Rank,Score,Talent,Research rank\nSouth Korea,6,27.26,35.1,=12\nFrance,5,28.09,,13\n")
    incoming = read_file(table, edition=said)
    absorb(store, incoming)
    assert {(f.subject, f.attribute, f.value) for f in store.find()} == {
        ("KOR", "rank:own-index", 6), ("KOR", "score:own-index", 27.26), ("KOR", "score:own-index/talent", 35.1),
        ("KOR", "rank:own-index/research", 12), ("FRA", "rank:own-index", 5), ("FRA", "score:own-index", 28.09),
        ("FRA", "rank:own-index/research", 13)}  # fmt: skip
    years = write(tmp_path, "y.csv", "iso3,2023,2024\nKOR,6,6\nFRA,13,5\n")
    facts = read_file(years, edition=replace(said, edition=None, measure="rank")).facts
    assert {(f.subject, f.period): f.value for f in facts}["FRA", "2023"] == 13
    with pytest.raises(EvidenceError, match="rank or a score"):
        read_file(years, edition=replace(said, measure=None))
    with pytest.raises(EvidenceError, match="--index"):
        read_file(table)


def test_revision_is_shown_by_country_indicator_and_rank(store: Store, tmp_path: Path) -> None:
    """A diff of two releases counts what changed, gives its size, and the ranks that it moves."""
    old = HEADER + "KOR,gdp,2023,100,,,USD,Bank,\nJPN,gdp,2023,90,,,USD,Bank,\nFRA,gdp,2023,80,,,USD,Bank,\nKOR,pop,2023,5,,,x,Bank,\n"
    new = HEADER + "KOR,gdp,2023,100,,,USD,Bank,\nJPN,gdp,2023,120,,,USD,Bank,\nDEU,gdp,2023,70,,,USD,Bank,\nKOR,pop,2023,5,,,x,Bank,\n"
    absorb(store, read_file(write(tmp_path, "w1.csv", old)), series="wdi", release="2024-10")
    absorb(store, read_file(write(tmp_path, "w2.csv", new)), series="wdi", release="2026-04", revises="2024-10")
    revision = diff(store, "2024-10", "wdi/2026-04")
    assert {(c.subject, c.kind) for c in revision.changes} == {("JPN", "revised"), ("FRA", "removed"), ("DEU", "added")}
    assert revision.same == 2
    (revised,) = (c for c in revision.changes if c.kind == "revised")
    assert revised.relative == pytest.approx(1 / 3)
    assert {(m.subject, m.before, m.after) for m in revision.moves} == {("KOR", 1, 2), ("JPN", 2, 1)}
    assert any("JPN gdp 2023: 90 → 120 (+33.3%)" in line for line in revision.lines())
    with pytest.raises(EvidenceError, match="no release is named '1999'"):
        diff(store, "1999", "2026-04")


def test_revised_sites_are_counted_in_their_country(store: Store, tmp_path: Path) -> None:
    """Of two releases of clusters, what changed is shown by the country in which the cluster stands."""
    row = "Alpha,Existing,Confirmed,Japan,Naver,2024-05-01,{},NVIDIA H100 SXM5 80GB,1272,,,\n"
    for name, size in (("a", 1272), ("b", 1300)):
        absorb(store, read_file(write(tmp_path, f"{name}.csv", CLUSTERS + row.format(size))), release=name, revises="a" if name == "b" else "")
    revision = diff(store, "a", "b")
    assert {country: dict(kinds) for country, kinds in revision.counts("country").items()} == {"JPN": {"revised": 1}}


def test_a_release_equals_itself() -> None:
    """Nothing changes between a set of facts and itself."""
    assert compare_facts(bundled(), bundled())[1] == ()


def test_review_goes_out_and_comes_back_corrected(store: Store, tmp_path: Path) -> None:
    """A country's workbook holds every figure with source and age; a correction in it supersedes the figure."""
    from openpyxl import load_workbook

    absorb(store, read_file(write(tmp_path, "f.csv", HEADER + "KOR,stock:own,2024-01-01,3000,,,gpu,Ministry,\nKOR,gpu:plan,2026,5,,,x,=Press,\n")))
    stock, plan = store.find("KOR")
    path = tmp_path / "review.xlsx"
    path.write_bytes(review_workbook({"KOR": [stock, plan]}, on="2024-01-31", names={"KOR": "South Korea"}))
    book = load_workbook(path)
    sheet = book["KOR"]
    row = {h: sheet.cell(START + 1, k + 1).value for k, h in enumerate(HEAD)}
    assert (row["value"], row["age (days)"], row["publisher"]) == (3000, 30, "Ministry")
    with pytest.raises(EvidenceError, match="no correction"):
        read_file(path)
    sheet.cell(START + 1, HEAD.index("correct value") + 1).value = 3100
    sheet.cell(START + 1, HEAD.index("correct source") + 1).value = "Statistics office, letter of 2026-01"
    fresh = {"figure": "stock:H200", "period": "2025", "unit": "gpu", "correct value": 12, "correct source": "Statistics office"}
    for k, h in enumerate(HEAD):
        sheet.cell(START + 3, k + 1).value = fresh.get(h)
    book.save(path)
    done, _ = absorb(store, read_file(path))
    assert done.superseded == (stock.id,)
    assert {(f.attribute, f.value) for f in store.find("KOR")} == {("stock:own", 3100), ("gpu:plan", 5), ("stock:H200", 12)}
    assert store.history(stock.id)[-1].sources[0].publisher == "Statistics office, letter of 2026-01"
    sheet.cell(START + 2, HEAD.index("value") + 1).value = 7
    book.save(path)
    with pytest.raises(EvidenceError, match="was overwritten"):
        read_file(path)
    sheet.cell(START + 2, HEAD.index("correct value") + 1).value = 7
    book.save(path)
    with pytest.raises(EvidenceError, match=r"review.xlsx:6: sheet KOR: gpu:plan: a correction needs both"):
        read_file(path)


def test_correction_of_a_bundled_fact_stands_beside_it(store: Store, tmp_path: Path) -> None:
    """What ships cannot be superseded in a user's ledger: the correction is an own fact, and the rival is shown."""
    from openpyxl import load_workbook

    fact = bundled().get("KOR:rank:tortoise-gaii:2024")
    path = tmp_path / "review.xlsx"
    path.write_bytes(review_workbook({"KOR": [fact]}, on="2026-01-01", names={}))
    book = load_workbook(path)
    for name, value in (("correct value", 5), ("correct source", "Office")):
        book["KOR"].cell(START + 1, HEAD.index(name) + 1).value = value
    book.save(path)
    done, _ = absorb(store, read_file(path))
    assert done.conflicts[0].rivals == (fact,)
    assert [f.value for f in bundled().beside(store.find()).find("KOR", "rank:tortoise-gaii", "2024")] == [5]
