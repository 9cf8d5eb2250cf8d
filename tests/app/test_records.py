"""The ledger's commands, in process: a user's facts change verdicts and are cited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from podium.app.cli import app

ARTICLE = "2024-11-14\nKorea ranked 6th in the Global AI Index this year, and France rose from 13th to 5th.\n"
OWN = "subject,attribute,period,value,low,high,unit,source,note\nKOR,rank:tortoise-gaii,2024,5,,,rank,\"My office, p. 3\",\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which neither the environment nor the user's data folder names a ledger."""
    monkeypatch.delenv("PODIUM_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "own.csv").write_text(OWN, encoding="utf-8")
    return tmp_path


def run(*words: object, code: int = 0) -> Result:
    """Run a command and check its exit code."""
    result = CliRunner().invoke(app, [str(w) for w in words])
    assert result.exit_code == code, result.output
    return result


def verdicts(*options: object, folder: Path) -> dict[str, tuple[str, list[str]]]:
    """Verdict and cited facts by the claim's words."""
    out = run("check", folder / "article.txt", "--json", *options).stdout
    return {c["span_text"]: (c["verdict"], c["evidence"]) for c in json.loads(out)["claims"]}


def test_own_facts_change_verdicts_and_are_cited(folder: Path) -> None:
    """With --store the user's rank decides, its id is cited, and the rival is told on stderr; without, nothing changes."""
    store = folder / "own.db"
    assert verdicts(folder=folder)["6th"] == ("supported", ["KOR:rank:tortoise-gaii:2024"])
    told = run("evidence", "import", folder / "own.csv", "--store", store).stdout
    assert "1 new, 0 same, 1 conflicting" in told and "conflict: 5 rank" in told and "6 rank" in told
    verdict, cited = verdicts("--store", store, folder=folder)["6th"]
    assert verdict == "contradicted" and "KOR:rank:tortoise-gaii:2024#2" in cited
    result = run("check", folder / "article.txt", "--store", store)
    assert "the evidence differs: 5.0 (KOR:rank:tortoise-gaii:2024#2)" in result.stderr
    assert verdicts(folder=folder)["6th"][0] == "supported"


def test_environment_and_data_folder_name_the_ledger(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PODIUM_STORE is used where --store is not given, and the user's data folder where neither is."""
    monkeypatch.setenv("PODIUM_STORE", str(folder / "env.db"))
    run("evidence", "import", folder / "own.csv")
    assert (folder / "env.db").exists()
    assert verdicts(folder=folder)["6th"][0] == "contradicted"
    monkeypatch.delenv("PODIUM_STORE")
    assert verdicts(folder=folder)["6th"][0] == "supported"
    run("evidence", "import", folder / "own.csv")
    assert (folder / "data" / "podium" / "ledger.db").exists()
    assert verdicts(folder=folder)["6th"][0] == "contradicted"


def test_brief_uses_the_ledger(folder: Path) -> None:
    """The brief checks the article against the user's facts and cites them."""
    store = folder / "own.db"
    run("evidence", "import", folder / "own.csv", "--store", store)
    article = folder / "ko.txt"
    article.write_text("2024-11-14\n한국이 세계 3대 AI 강국이 될 수 있을까. 글로벌 AI 지수에서 올해 한국은 6위다. 일본은 엔비디아 B200 GPU 1600개를 들여온다.\n", encoding="utf-8")
    out = json.loads(run("brief", article, "--unit", "KOR", "--rival", "JPN", "--draws", 200, "--store", store, "--json").stdout)
    assert "KOR:rank:tortoise-gaii:2024#2" in json.dumps(out)


def test_add_needs_a_source_and_shows_the_id(folder: Path) -> None:
    """A fact without a source is refused; with one it is added, and a correction supersedes it."""
    store = folder / "own.db"
    bare = ("evidence", "add", "KOR", "stock:own", 3000, "--unit", "gpu", "--store", store)
    assert "source is missing" in run(*bare, code=2).stderr
    assert not store.exists()
    run(*bare, "--source", "Ministry")
    told = json.loads(run("evidence", "add", "KOR", "stock:own", 3100, "--unit", "gpu", "--source", "Ministry", "--supersedes",
                          "KOR:stock:own", "--store", store, "--json").stdout)  # fmt: skip
    assert told["new"][0]["supersedes"] == "KOR:stock:own"
    listed = json.loads(run("evidence", "list", "--subject", "KOR", "--attribute", "stock:own", "--store", store, "--json").stdout)
    assert [f["value"] for f in listed] == [3100]
    shown = run("evidence", "show", told["new"][0]["id"], "--store", store).stdout
    assert "earlier    3,000 gpu" in shown


def test_list_takes_all_three_times(folder: Path) -> None:
    """As of publication, as true on a day, and as recorded by a day."""
    store = folder / "own.db"
    add = ("evidence", "add", "KOR", "stock:own", "--unit", "gpu", "--source", "M", "--store", store)
    run(*add, 1961, "--period", "2023", "--public", "2024-03-01")
    run(*add, 9000, "--period", "2025", "--public", "2026-01-05")

    def values(*when: str) -> list[float]:
        out = run("evidence", "list", "--attribute", "stock:own", "--store", store, "--json", *when).stdout
        return [f["value"] for f in json.loads(out)]

    assert values("--as-of", "2024-11-14") == [1961]
    assert values("--as-of", "2024-02-28") == []
    assert values("--true-on", "2025-06-01") == [9000]
    assert values("--recorded-by", "2024-01-01") == []
    assert values("--recorded-by", "2999-01-01") == [1961, 9000]
    assert "is no date" in run("evidence", "list", "--as-of", "yesterday", code=2).stderr


def test_verify_names_the_first_bad_row(folder: Path) -> None:
    """A whole ledger exits 0 and gives its last hash; a changed one exits 1 and names the row."""
    import sqlite3

    store = folder / "own.db"
    run("evidence", "import", folder / "own.csv", "--store", store)
    assert "every one as it was recorded" in run("evidence", "verify", "--store", store).stdout
    connection = sqlite3.connect(store)
    connection.execute("UPDATE facts SET value = 4")
    connection.commit()
    connection.close()
    assert "row 1 (KOR:rank:tortoise-gaii:2024#2)" in run("evidence", "verify", "--store", store, code=1).stderr
    assert json.loads(run("evidence", "verify", "--store", store, "--json", code=1).stdout)["row"] == 1
    assert "there is no ledger" in run("evidence", "verify", "--store", folder / "none.db", code=2).stderr


def test_export_conflicts_releases_and_citations(folder: Path) -> None:
    """What was imported is listed, exported and cited; the conflict is listed with both sources."""
    store = folder / "own.db"
    run("evidence", "import", folder / "own.csv", "--release", "r1", "--store", store)
    assert "own  r1  1 facts" in run("evidence", "releases", "--store", store).stdout
    told = run("evidence", "conflicts", "--store", store).stdout
    assert "My office, p. 3" in told and "Tortoise Media" in told
    run("evidence", "export", "--own", "--out", folder / "out.csv", "--store", store)
    run("evidence", "import", folder / "out.csv", "--store", folder / "other.db")
    assert run("evidence", "export", "--own", "--store", folder / "other.db").stdout == (folder / "out.csv").read_text(encoding="utf-8")
    assert "[1] " in run("evidence", "export", "--format", "citations", "--store", store).stdout


def test_diff_shows_what_a_revision_does_to_an_index(folder: Path) -> None:
    """A revised figure of the bundled index changes its ranks as a build with either figure does."""
    store = folder / "own.db"
    head = "subject,attribute,period,value,low,high,unit,source,note\n"
    for name, value in (("a", 0), ("b", 300)):
        (folder / f"{name}.csv").write_text(head + f"KOR,models,2025,{value},,,x,Epoch AI,\n", encoding="utf-8")
        run("evidence", "import", folder / f"{name}.csv", "--series", "panel", "--release", name, "--store", store)
    told = json.loads(run("evidence", "diff", "a", "b", "--index", "ai-race", "--store", store, "--json").stdout)
    assert told["by_country"] == {"KOR": {"revised": 1}}
    moves = {m["unit"]: (m["before"], m["after"]) for m in told["index"]["moves"]}
    assert moves["KOR"][1] < moves["KOR"][0]


def test_review_workbook_is_written_and_imported(folder: Path) -> None:
    """The workbook has a sheet for each wanted country; one without corrections is refused with the reason."""
    from openpyxl import load_workbook

    out = folder / "review.xlsx"
    run("evidence", "review", "--country", "KOR", "--country", "JPN", "--out", out)
    assert load_workbook(out).sheetnames == ["JPN", "KOR"]
    assert "holds no correction" in run("evidence", "import", out, "--store", folder / "own.db", code=2).stderr
    run("evidence", "review", "--country", "KOR", "--index", "ai-race", "--out", out)
    book = load_workbook(out)
    (row,) = (r for r in book["KOR"].iter_rows(min_row=5) if r[2].value == "indicator:models")
    assert row[4].value is not None and "Epoch" in row[12].value
    row[15].value, row[16].value = 99, "Statistics office"
    book.save(out)
    assert "1 new" in run("evidence", "import", out, "--store", folder / "own.db").stdout
    assert "nothing is held on ATA" in run("evidence", "review", "--country", "ATA", "--out", out, code=2).stderr


def test_articles_are_checked_without_loading_the_database(folder: Path) -> None:
    """Without a ledger of one's own, check and evidence list load no SQLAlchemy: cold starts stay as they were."""
    import subprocess
    import sys

    for words in (["check", str(folder / "article.txt")], ["evidence", "list", "--as-of", "2024-11-14"]):
        code = f"import sys\nfrom podium.app.cli import app\ntry:\n    app({words!r})\nexcept SystemExit:\n    pass\nassert 'sqlalchemy' not in sys.modules"
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
