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
