"""The documentation says what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from podium.index.aggregate import METHODS as AGGREGATIONS
from podium.index.normalise import METHODS as NORMALISATIONS
from podium.index.spec import Spec

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def test_command_line_page_is_the_generated_one() -> None:
    """docs/cli.md is what `make docs` writes."""
    command = [sys.executable, "-m", "typer", "podium.app.cli", "utils", "docs", "--name", "podium"]
    made = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert made.strip() == (DOCS / "cli.md").read_text(encoding="utf-8").strip()


def test_every_command_has_an_example() -> None:
    """Each command's help shows how it is called."""
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    parts = re.split(r"^#{2,3} ", page, flags=re.M)[1:]
    commands = [p for p in parts if "**Commands**" not in p]
    assert len(commands) >= 15
    assert [p.splitlines()[0] for p in commands if "Example: `podium " not in p] == []


@pytest.mark.parametrize("name", sorted(Spec.model_fields.keys() - {"edition", "file"}))
def test_every_section_of_a_specification_is_documented(name: str) -> None:
    """docs/specification.md shows every top-level key."""
    assert re.search(rf"^{name}:", (DOCS / "specification.md").read_text(encoding="utf-8"), flags=re.M)


@pytest.mark.parametrize("name", sorted({*AGGREGATIONS, *NORMALISATIONS}))
def test_every_method_is_documented(name: str) -> None:
    """docs/specification.md names every registered method."""
    assert name in (DOCS / "specification.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", sorted(p.relative_to(ROOT).as_posix() for p in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]))
def test_links_lead_somewhere(page: str) -> None:
    """Every relative link of a page leads to a file."""
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{p.name}" for p in DOCS.glob("*.md"))])
def test_commands_shown_exist(page: str) -> None:
    """Every `podium VERB` that a page shows is a command."""
    known = set(re.findall(r"`podium (\w+)", (DOCS / "cli.md").read_text(encoding="utf-8")))
    shown = set(re.findall(r"podium (\w+)", " ".join(re.findall(r"`[^`]*podium [^`]*`|^\$ .*$", (ROOT / page).read_text(encoding="utf-8"), flags=re.M))))
    assert shown - known - {"import"} == set()


STEPS = ("denominate", "screen", "impute", "treat", "normalise", "weight", "aggregate", "rank", "build-and-verify", "export-to-excel")
TABLE = """code,name,region,population,patents,schooling,income
KOR,Korea,east,51,1800,12.5,43
JPN,Japan,east,125,2300,12.7,42
FRA,France,west,68,200,11.7,
DEU,Germany,west,84,700,14.3,54
IND,India,east,1417,40,6.6,7
NOR,Norway,west,5,20,13.1,69
"""


def blocks(page: Path, kind: str) -> list[str]:
    """The blocks of one language of a page."""
    return re.findall(rf"^```{kind}\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.M | re.S)


@pytest.mark.parametrize("page", STEPS)
def test_examples_of_a_step_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The specifications, Python lines and commands that a how-to page shows run on a small table."""
    from typer.testing import CliRunner

    from podium.app.cli import app
    from podium.index.build import build
    from podium.index.spec import load_spec

    path = DOCS / "howto" / f"{page}.md"
    monkeypatch.chdir(tmp_path)
    Path("table.csv").write_text(TABLE, encoding="utf-8")
    for text in blocks(path, "yaml"):
        Path("index.yaml").write_text(f"name: example\n{text}", encoding="utf-8")
        built = build(load_spec("index.yaml"))
        assert (built.rank_table[:, -1] > 0).sum() >= 4
    for text in blocks(path, "python"):
        exec(compile(text, str(path), "exec"), {})
    commands = [line[2:].split() for text in blocks(path, "console") for line in text.splitlines() if line.startswith("$ ")]
    for command in commands:
        assert command[0] == "podium"
        result = CliRunner().invoke(app, command[1:])
        assert result.exit_code == 0, (command, result.output)
    assert blocks(path, "yaml") or commands


def test_coming_from_coinr_names_what_there_is() -> None:
    """Every `podium.…` name of the page is there, and nothing is left to check."""
    import podium

    text = (DOCS / "coming-from-coinr.md").read_text(encoding="utf-8")
    assert "TODO-CHECK" not in text
    names = set(re.findall(r"`podium\.(\w+)", text))
    assert len(names) >= 10
    assert sorted(n for n in names if not hasattr(podium, n)) == []
