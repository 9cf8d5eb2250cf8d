"""`podium stress` from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from podium.app.cli import app
from robustness.worlds import index

STEPS = "  normalise: {method: minmax, range: [1, 100]}"
UNCERTAIN = """
  weights: [{level: 1, amount: 0.4}, {kind: order, order: [a, b]}]
  choices: [{name: mean, at: steps.aggregate.method, options: {arithmetic: arithmetic, geometric: geometric}}]
  errors: [{indicator: a, kind: relative, amount: 0.2}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small index."""
    index(tmp_path, STEPS, UNCERTAIN)
    return tmp_path


def said(*arguments: str) -> Any:
    """The JSON that a command prints."""
    done = CliRunner().invoke(app, ["stress", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_everything_that_can_be_asked(folder: Path) -> None:
    """Unit, rival, tiers, joint draws and the mixing of chains come in one JSON value."""
    out = said(str(folder), "--draws", "400", "--unit", "u1", "--rival", "u2", "--tiers", "1", "--together", "200", "--error-draws", "60")
    assert out["draws"] == 400
    assert not out["partial"]
    assert out["mixing"][0]["r_hat"] < 1.05
    assert out["rival"]["sentence"].count("u") >= 2
    assert sum(len(t["units"]) for t in out["tiers"]) == 30
    assert set(out["together"]) == {f"u{k}" for k in range(30)}
    assert out["statistics"]["u1"]["mean_error"] > 0
    assert "draw was kept" in out["counted"]


def test_workers_do_not_change_numbers(folder: Path) -> None:
    """One thread and three give the same JSON."""
    one, three = (said(str(folder), "--draws", "300", "--workers", w) for w in ("1", "3"))
    assert one == three


def test_assumptions_are_held_fixed(folder: Path) -> None:
    """`--fix` takes a choice away; an unknown name is refused with those that are known."""
    assert said(str(folder), "--draws", "100", "--fix", "mean")["variants"] == 1
    done = CliRunner().invoke(app, ["stress", str(folder), "--fix", "colour"])
    assert done.exit_code == 2
    assert "mean" in done.stderr


def test_printed_tiers(folder: Path) -> None:
    """The terminal shows the sentences of the tiers and the mean shift."""
    done = CliRunner().invoke(app, ["stress", str(folder), "--draws", "300", "--tiers", "1", "--unit", "u1", "--rival", "u2"])
    assert done.exit_code == 0, done.output
    assert "from the nominal one" in done.stdout
    assert "rank" in done.stdout
    assert "R-hat" in done.stdout


@pytest.mark.filterwarnings("ignore")
def test_cluster_from_the_command_line(folder: Path) -> None:
    """`--cluster` runs on a real dask scheduler: the numbers of one thread; nobody at the address is said so."""
    distributed = pytest.importorskip("distributed")
    alone = said(str(folder), "--draws", "70000", "--workers", "1", "--error-draws", "0")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None) as made:
        out = said(str(folder), "--draws", "70000", "--cluster", made.scheduler_address, "--error-draws", "0")
    assert out == alone
    done = CliRunner().invoke(app, ["stress", str(folder), "--cluster", "tcp://127.0.0.1:9"])
    assert done.exit_code == 2
    assert "no dask scheduler answers" in done.stderr
