"""The command compare."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from podium.app.cli import app


def run(*arguments: object) -> Result:
    """Run one command."""
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_answer_first_within_80_columns() -> None:
    """Who moved most and how far the editions agree come first; no line is longer than 80."""
    shown = run("compare", "ai-race@2022", "ai-race@2023", "--unit", "KOR", "--draws", 144)
    assert shown.exit_code == 0, shown.output
    lines = shown.output.splitlines()
    assert lines[0] == "AI capacity of nations (Podium): 2022 → 2023"
    assert "changed rank" in lines[1] and max(map(len, lines)) <= 80
    assert "South Korea stays: rank 3 → 3" in shown.output and "overtook Finland" in shown.output


@pytest.mark.parametrize("words", [
    ("ai-race@2022", "ai-race@2023"), ("ai-race@2022", "2023"), ("ai-race", "--old-edition", "2022", "--new-edition", "2023"),
    ("ai-race", "ai-race", "--old-edition", "2022", "--new-edition", "2023"), ("ai-race", "--new-edition", "2023"),
])  # fmt: skip
def test_every_way_to_name_two_editions(words: tuple[str, ...]) -> None:
    """Two editions can be named in the arguments or by options; without an old one it is the edition before."""
    held = json.loads(run("compare", *words, "--draws", 0, "--json").output)
    assert (held["old"]["edition"], held["new"]["edition"]) == ("2022", "2023")
    for move in held["moves"]:
        assert sum(move["score_parts"]) == pytest.approx(move["new_score"] - move["old_score"], abs=1e-9)
        assert sum(move["rank_parts"]) == pytest.approx(move["new_rank"] - move["old_rank"], abs=1e-9)


def test_the_table_of_parts_is_written(tmp_path: Path) -> None:
    """--out has every unit with its parts, which sum to its change."""
    path = tmp_path / "moves.csv"
    assert run("compare", "ai-race", "--draws", 0, "--out", path).exit_code == 0
    table = pd.read_csv(path, index_col="unit")
    parts = [c for c in table if c.startswith("score_data_")]
    assert len(table) == 82 and len(parts) >= 20
    assert (table[parts].sum(axis=1) - table["score_change"]).abs().max() < 1e-9


def test_faults_say_what_to_give() -> None:
    """The same index twice, an unknown edition, a unit of neither and a broken pair are refused with a remedy."""
    for words, said in ((("ai-race@2023", "ai-race@2023"), "same index"), (("ai-race@1999", "2023"), "1999"),
                        (("ai-race", "--unit", "Atlantis"), "Atlantis"), (("ai-race", "--same", "x"), "OLD=NEW")):  # fmt: skip
        shown = run("compare", *words, "--draws", 0)
        assert shown.exit_code == 2 and said in shown.output
