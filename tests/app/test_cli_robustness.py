"""The commands range, sensitivity and recover, and the pages that show them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from podium.app.cli import app

DOCS = Path(__file__).resolve().parents[2] / "docs"
TABLE = """code,name,region,population,patents,schooling,income
KOR,Korea,east,51,1800,12.5,43
JPN,Japan,east,125,2300,12.7,42
FRA,France,west,68,200,11.7,
DEU,Germany,west,84,700,14.3,54
IND,India,east,1417,40,6.6,7
NOR,Norway,west,5,20,13.1,69
"""
SPEC = """
name: small
data: {table: table.csv, layout: wide, columns: {unit: code}}
tree: {code: index, children: [{code: patents, weight: 2}, {code: schooling, weight: 3}, {code: population, weight: 1}]}
steps: {normalise: {method: minmax, range: [1, 100]}, aggregate: {method: arithmetic}}
uncertainties: {weights: [{level: 1, amount: 0.25}]}
"""


def run(*arguments: object) -> Result:
    """Run one command."""
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small index in a folder of its own."""
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "index.yaml").write_text(SPEC, encoding="utf-8")
    return tmp_path / "index.yaml"


def test_range_of_one_unit(small: Path) -> None:
    """Words for one unit, a table for all, values as JSON; the rival's relation and the smallest change with them."""
    one = run("range", small, "--unit", "KOR", "--rival", "FRA")
    assert one.exit_code == 0, one.output
    assert "South Korea: rank" in one.stdout
    assert "proved" in one.stdout
    assert "draws level" in one.stdout
    every = json.loads(run("range", small, "--json").stdout)
    assert set(every["ranges"]) == {"KOR", "JPN", "FRA", "DEU", "IND", "NOR"}
    assert all(r["exact"] and r["best"] <= r["nominal"] <= r["worst"] for r in every["ranges"].values())
    pair = json.loads(run("range", small, "--unit", "KOR", "--rival", "FRA", "--json").stdout)["pair"]
    assert pair["swap"]["relative"] > 0
    assert all(len(line) <= 80 for line in run("range", small, "--all").stdout.splitlines())


def test_sensitivity_of_ranks_and_of_a_unit(small: Path) -> None:
    """Indices for the mean shift and a unit; JSON holds the same."""
    said = run("sensitivity", small, "--n", 64, "--unit", "KOR")
    assert said.exit_code == 0, said.output
    assert "weights of level 1" in said.stdout
    held = json.loads(run("sensitivity", small, "--n", 64, "--unit", "KOR", "--json").stdout)
    assert held["builds"] == 64 * 3
    assert set(held["score"]["weights of level 1"]) == {"first", "first_low", "first_high", "total", "total_low", "total_high"}


def test_recover_says_a_formula_or_a_proof(tmp_path: Path) -> None:
    """The mean of two columns in words and as JSON; for a maximum the proofs, which are an answer too."""
    rows = [(12.5, 30.1), (40.0, 3.3), (77.7, 50.2), (8.1, 91.6), (55.5, 55.4), (23.0, 60.9)]
    path = tmp_path / "t.csv"
    path.write_text("name,a,b,mean,top\n" + "".join(f"R{k},{a},{b},{(a + b) / 2:.2f},{max(a, b)}\n" for k, (a, b) in enumerate(rows)), encoding="utf-8")
    said = run("recover", path, "--score", "mean", "--components", "a,b")
    assert said.exit_code == 0, said.output
    assert "mean: mean, 1:1 over 2" in said.stdout
    held = json.loads(run("recover", path, "--score", "mean", "--components", "a,b", "--json").stdout)
    assert held["fits"][0]["integers"] == [1, 1]
    none = run("recover", path, "--score", "top", "--components", "a,b")
    assert none.exit_code == 0
    assert "affine: none, proved" in none.stdout


FAULTS = [
    (("range", "--unit", "XX"), "unit XX is not in the index"),
    (("range", "--rival", "KOR"), "--rival needs --unit"),
    (("sensitivity", "--n", "100"), "Use 128"),
]


@pytest.mark.parametrize(("arguments", "message"), FAULTS)
def test_bad_input_exits_with_2(small: Path, arguments: tuple[str, ...], message: str) -> None:
    """One clear message on stderr, nothing on stdout."""
    result = run(arguments[0], small, *arguments[1:])
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
    missing = run("recover", small.parent / "none.csv", "--score", "x")
    assert missing.exit_code == 2
