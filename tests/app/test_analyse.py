"""The command `analyse`, in process."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from podium.app.cli import app
from podium.app.cli.analysis import TABLES


def run(*arguments: object) -> Result:
    """Run one command."""
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_shown_within_eighty_columns(table: str) -> None:
    """Each table of the bundled index is printed, in 80 columns where there is no terminal."""
    result = run("analyse", "ai-race", "--table", table, "--step", "Normalised", "--unit", "KOR")
    assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) > 5
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_tables_are_written_and_printed_as_json(tmp_path: Path) -> None:
    """A file and JSON hold the same whole table."""
    path = tmp_path / "statistics.csv"
    assert run("analyse", "ai-race", "--out", path).exit_code == 0
    rows = json.loads(run("analyse", "ai-race", "--json").stdout)["rows"]
    table = pd.read_csv(path)
    assert list(rows[0]) == list(table) and len(rows) == len(table) == 22
    assert [r["mean"] for r in rows] == pytest.approx(list(table["mean"]))


@pytest.mark.parametrize(
    ("options", "message"),
    [(["--table", "fame"], "no table 'fame'"), (["--table", "strengths"], "Give --unit"),
     (["--table", "strengths", "--unit", "ZZZ"], "ZZZ"), (["--step", "Fame"], "no table 'Fame'"),
     (["--table", "correlations", "--kind", "tau"], "no correlation 'tau'")],
)  # fmt: skip
def test_wrong_questions_have_one_message(options: list[str], message: str) -> None:
    """What is not there is said on stderr, with exit code 2 and no traceback."""
    result = run("analyse", "ai-race", *options)
    assert result.exit_code == 2 and message in result.stderr and "Traceback" not in result.stderr
