"""The command forecast, its charts and its page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from podium.app.cli import app
from podium.report.charts_forecast import break_even_chart

DOCS = Path(__file__).resolve().parents[2] / "docs"


def run(*arguments: object) -> Result:
    """Run one command."""
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_answer_first_within_80_columns(tmp_path: Path) -> None:
    """The unit's ranks and probabilities come first, then the table and the weight held constant; a fan is drawn."""
    shown = run("forecast", "ai-race", "--unit", "South Korea", "--draws", 100, "--chart", tmp_path / "fan.svg")
    assert shown.exit_code == 0, shown.output
    lines = shown.stdout.splitlines()
    assert lines[0].startswith("AI capacity of nations") and "South Korea: 2 now" in lines[1]
    assert "Rank 3 or better with probability" in lines[2] and "patents" in shown.output
    assert max(map(len, lines)) <= 80 and (tmp_path / "fan.svg").read_text(encoding="utf-8").startswith("<svg")


def test_json_has_probabilities_and_methods() -> None:
    """--json gives ranks by edition, probabilities, the method of each series and the constant weights."""
    held = json.loads(run("forecast", "ai-race", "--unit", "KOR", "--years", 1, "--draws", 50, "--json").output)
    assert held["editions"] == ["2026"] and len(held["ranks"]) == 82
    assert 0 <= held["probability_at_most"]["KOR"][0] <= 1
    assert sum(held["weight_by_method"].values()) == pytest.approx(1)


def test_the_page_has_the_back_test_of_the_command(tmp_path: Path) -> None:
    """The table of series in docs/forecast.md is what the command prints, and the calibration is drawn."""
    shown = run("forecast", "ai-race", "--backtest", "--draws", 60, "--chart", tmp_path / "cal.png")
    assert shown.exit_code == 0, shown.output
    page = (DOCS / "forecast.md").read_text(encoding="utf-8")
    rows = [x.rstrip() for x in shown.output.splitlines() if re.search(r"(drift|no change|as chosen)", x) and "%" in x]
    series = [r for r in rows if not r.startswith(("Ranks", "against"))]
    assert len(series) >= 15 and [r for r in series if re.match(r"\w+ +\d+ ", r) and r not in page] == []
    assert (tmp_path / "cal.png").read_bytes().startswith(b"\x89PNG")


def test_a_break_even_curve_names_the_crossing() -> None:
    """The title tells from how many on the rival leads, interpolated, or that none suffices."""
    rows = pd.DataFrame({"amount": [0, 100, 1000], "lead": [-2.0, -1.0, 1.0], "option": "a"})
    told = break_even_chart(rows, focal="KOR", rival="JPN", what="GPUs", marks=[(160, "deal")])
    assert "passes South Korea from 550 GPUs" in " ".join(told["title"]["text"])
    none = break_even_chart(rows.assign(lead=rows["lead"] - 5), focal="KOR", rival="JPN", what="GPUs")
    assert " ".join(none["title"]["text"]).startswith("No number of GPUs up to 1,000")


def test_whatif_draws_its_break_even(tmp_path: Path) -> None:
    """`--chart` draws the lead on each way to count, to where more changes nothing; without a rival there is none."""
    line = "accelerators KOR B200 1600 2025-07"
    made = run("whatif", "ai-race", "--edition", "2024", "--date", "2025-01-15", "--unit", "ISR", "--rival", "KOR",
               "--event", line, "--draws", 144, "--chart", tmp_path / "even.svg")  # fmt: skip
    assert made.exit_code == 0, made.output
    drawn = (tmp_path / "even.svg").read_text(encoding="utf-8")
    for word in ("as it is", "square root", "per head", "this deal", "B200 added", "South Korea passes Israel from"):
        assert word in drawn
    lone = run("whatif", "ai-race", "--edition", "2024", "--date", "2025-01-15", "--unit", "KOR",
               "--event", "indicator KOR rd add 1", "--draws", 144, "--chart", tmp_path / "none.svg")  # fmt: skip
    assert lone.exit_code != 0 and not (tmp_path / "none.svg").exists()


def test_two_years_make_no_forecast(tmp_path: Path) -> None:
    """Where nearly all weight is held constant that comes first, and neither ranks nor probabilities are told."""
    (tmp_path / "index.yaml").write_text(
        "name: short\ndata: {table: t.csv, layout: wide, columns: {unit: unit, time: year}, panel: true}\n"
        "tree: {code: index, children: [a, b]}\nsteps: {normalise: {method: minmax, over: panel}, aggregate: {method: arithmetic}}\n", encoding="utf-8")
    rows = [f"R{k},{y},{10 + k * (y - 2020)},{30 - k}" for y in (2022, 2023) for k in range(5)]
    (tmp_path / "t.csv").write_text("unit,year,a,b\n" + "\n".join(rows) + "\n", encoding="utf-8")
    shown = run("forecast", tmp_path / "index.yaml", "--unit", "R1", "--draws", 50)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.splitlines()[1].startswith("No forecast: 100 % of the weight is held constant")
    assert "probability 0" not in shown.stdout and "Rank 3 or better" not in shown.stdout
