"""A panel on the command line: one edition is printed, all are written, and the receipt repeats all."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from podium.app.cli import app
from podium.index.build import build, build_panel
from podium.index.spec import load_spec

SPEC = """
name: links
data: {table: figures.csv, layout: wide, columns: {unit: unit, time: year}, panel: true}
tree: {code: index, children: [roads, rails]}
steps:
  impute: {method: latest}
  screen: {min_available: 0.6}
  normalise: {method: minmax, range: [0, 100], over: panel}
  aggregate: {method: arithmetic}
"""
TABLE = """unit,year,roads,rails
KOR,2018,1,20
JPN,2018,2,10
FRA,2018,4,
KOR,2019,3,40
JPN,2019,2,
FRA,2019,5,30
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A panel of two years, in which France has too little in the first and Japan is carried forward in the second."""
    (tmp_path / "figures.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "index.yaml").write_text(SPEC, encoding="utf-8")
    return tmp_path / "index.yaml"


def run(*arguments: object) -> Result:
    """Run one command."""
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_a_build_prints_one_edition_and_says_which_there_are(index: Path) -> None:
    """Without a word the latest, else the one chosen; an edition that is not there is told with the file."""
    latest, chosen = run("build", index), run("build", index, "--edition", 2018)
    assert "edition 2019: 3 units\none of 2 editions: 2018, 2019" in latest.stdout
    assert "edition 2018: 2 units" in chosen.stdout
    assert "left out for too little data: FRA" in chosen.stdout
    wrong = run("build", index, "--edition", 1999)
    assert wrong.exit_code == 2
    assert f"{index}: the panel has no edition '1999'. Use one of 2018, 2019" in wrong.stderr


def test_every_table_holds_all_editions(index: Path, tmp_path: Path) -> None:
    """Scores, ranks, steps, cells filled and units are long tables, in each format; the scores are the panel's."""
    out = tmp_path / "out"
    assert run("build", index, "--out", out, "--format", "csv,xlsx,parquet", "--live").exit_code == 0
    ours = build_panel(load_spec(index))
    held = {"edition": str, "unit": str}
    for name, table in {"scores": ours.scores, "ranks": ours.ranks, "table_4_normalised": ours.tables["Normalised"]}.items():
        csv = pd.read_csv(out / f"{name}.csv", dtype=held).set_index(["edition", "unit"])
        pd.testing.assert_frame_equal(csv, table, check_exact=True)
        parquet = pd.read_parquet(out / f"{name}.parquet").set_index(["edition", "unit"])
        pd.testing.assert_frame_equal(parquet, table, check_exact=True)
    # by hand, over both years: roads of 1 to 5, rails of 10 to 40
    scores = pd.read_csv(out / "scores.csv", dtype=held).set_index(["edition", "unit"])["index"]
    assert scores.to_dict() == pytest.approx({("2018", "KOR"): 50 / 3, ("2018", "JPN"): 12.5, ("2019", "KOR"): 75.0,
                                              ("2019", "JPN"): 12.5, ("2019", "FRA"): 100 * (1 + 2 / 3) / 2})  # fmt: skip
    filled = pd.read_csv(out / "imputed.csv", dtype=str).to_dict("records")
    assert filled == [{"edition": "2019", "unit": "JPN", "indicator": "rails", "value": "10.0"}]
    units = pd.read_csv(out / "units.csv", dtype=held).set_index(["edition", "unit"])["scored"]
    assert not units["2018", "FRA"]
    assert units["2019", "FRA"]
    rows = list(openpyxl.load_workbook(out / "results.xlsx")["scores"].iter_rows(values_only=True))
    assert rows[0][:3] == ("edition", "unit", "index")
    assert len(rows) == 6
    record = json.loads((out / "record.json").read_text(encoding="utf-8"))
    assert [record[e][1]["did"] for e in ("2018", "2019")] == ["0 cells filled", "1 cells filled"]
    assert record["2018"][0]["did"].endswith("year 2018")


def test_the_receipt_repeats_all_editions(index: Path, tmp_path: Path) -> None:
    """It verifies, whichever edition was printed; a changed figure of another edition is found, with its size."""
    out = tmp_path / "out"
    assert run("build", index, "--edition", 2018, "--out", out).exit_code == 0
    agreed = run("verify", out)
    assert agreed.exit_code == 0
    assert "changed" not in agreed.stdout
    receipt = json.loads((out / "receipt.json").read_text(encoding="utf-8"))
    assert (receipt["edition"], receipt["editions"]) == ("2018", ["2018", "2019"])
    (index.parent / "figures.csv").write_text(TABLE.replace("KOR,2019,3,40", "KOR,2019,3,39"), encoding="utf-8")
    differs = run("verify", out)
    assert differs.exit_code == 1
    assert "changed since: the input figures.csv" in differs.stdout
    assert "the scores differ by at most" in differs.stdout


@pytest.mark.parametrize("command", ["build", "stress"])
def test_a_saved_result_of_an_earlier_edition_verifies(index: Path, tmp_path: Path, command: str) -> None:
    """The receipt in a JSON result names the edition, though the specification lists none."""
    saved = tmp_path / "saved.json"
    saved.write_text(run(command, index, "--edition", 2018, "--json").stdout, encoding="utf-8")
    assert json.loads(saved.read_text(encoding="utf-8"))["edition"] == "2018"
    result = run("verify", saved)
    assert (result.exit_code, "changed" in result.stdout) == (0, False)


def test_show_and_analyse_look_at_the_edition_chosen(index: Path) -> None:
    """Their figures are those of that edition."""
    shown = json.loads(run("show", index, "--unit", "KOR", "--edition", 2018, "--draws", 10, "--json").stdout)
    own = build(load_spec(index, edition="2018"))
    assert shown["items"][0]["score"] == pytest.approx(own.score_of("KOR"))
    table = json.loads(run("analyse", index, "--edition", 2018, "--json").stdout)["rows"]
    assert {r["item"]: r["max"] for r in table} == {"roads": 2.0, "rails": 20.0}
    assert np.isclose(own.score_of("KOR"), 50 / 3)
