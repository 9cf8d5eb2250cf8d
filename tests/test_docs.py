"""The documentation says what there is."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from docs_pages import DOCS, ROOT, blocks, calls, pages
from podium.index.aggregate import METHODS as AGGREGATIONS
from podium.index.normalise import METHODS as NORMALISATIONS
from podium.index.spec import Spec
from podium.index.steps import Steps


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


@pytest.mark.parametrize("name", sorted({*AGGREGATIONS, *NORMALISATIONS}))
def test_every_method_is_documented(name: str) -> None:
    """docs/specification.md names every registered method."""
    assert name in (DOCS / "specification.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", pages())
def test_links_lead_somewhere(page: str) -> None:
    """Every relative link of a page leads to a file."""
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_pictures_are_small_shown_and_described() -> None:
    """Every picture of the documentation is a PNG under 150 kB that the README shows, with words for who cannot see it."""
    shown = dict(re.findall(r"!\[([^]]+)\]\((docs/pictures/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")))
    files = sorted((DOCS / "pictures").iterdir())
    assert {f"docs/pictures/{f.name}" for f in files} == set(shown.values()) and len(files) >= 4
    assert all(len(words) > 20 for words in shown)
    for file in files:
        raw = file.read_bytes()
        assert raw.startswith(b"\x89PNG") and len(raw) < 150_000, file


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{p.name}" for p in DOCS.glob("*.md"))])
def test_commands_shown_exist(page: str) -> None:
    """Every `podium VERB` that a page shows is a command."""
    known = set(re.findall(r"`podium (\w+)", (DOCS / "cli.md").read_text(encoding="utf-8")))
    shown = set(re.findall(r"podium (\w+)", " ".join(re.findall(r"`[^`]*podium [^`]*`|^\$ .*$", (ROOT / page).read_text(encoding="utf-8"), flags=re.M))))
    assert shown - known - {"import"} == set()


def sections(model: type[BaseModel], seen: dict[type[BaseModel], None]) -> Iterator[tuple[str, str]]:
    """Each model below one and its keys, as a specification's grammar nests them."""
    if model in seen:
        return
    seen[model] = None
    for name, field in model.model_fields.items():
        yield model.__name__, name
        for part in parts(field.annotation):
            yield from sections(part, seen)


def parts(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inside in get_args(annotation):
        yield from parts(inside)


@pytest.mark.parametrize(("section", "key"), [k for k in sections(Spec, {}) if k not in {("Spec", "edition"), ("Spec", "file")}])
def test_every_key_of_a_specification_is_documented(section: str, key: str) -> None:
    """docs/specification.md, or a page it leads to, shows or names each key of each part of the grammar."""
    shelf = [DOCS / "specification.md", *(DOCS / "howto").glob("*.md")]
    whole = "\n".join(p.read_text(encoding="utf-8") for p in shelf)
    assert re.search(rf"`{key}\b|[`{{ ,]{key}:|^ *{key}:|`[^`\n]*\b{key}\b[^`\n]*`", whole, flags=re.M), f"{section}: {key}"


@pytest.mark.parametrize("step", sorted(Steps.model_fields))
def test_every_step_has_its_place_in_a_how_to(step: str) -> None:
    """Some how-to page shows each step at work."""
    shown = [b.text for p in (DOCS / "howto").glob("*.md") for b in blocks(p) if b.kind == "yaml"]
    text = "\n".join(p.read_text(encoding="utf-8") for p in (DOCS / "howto").glob("*.md"))
    assert any(re.search(rf"\b{step}:", t) for t in shown) or f"steps.{step}" in text


def test_every_setting_is_documented() -> None:
    """docs/reference.md names every environment variable that the sources read."""
    source = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py"))
    read = set(re.findall(r"""(?:environ(?:\.get)?[\[(]|getenv\(|envvar=)\s*["'](\w+)""", source))
    page = (DOCS / "reference.md").read_text(encoding="utf-8")
    assert "PODIUM_STORE" in read
    assert sorted(name for name in read if f"`{name}`" not in page) == []


def test_every_route_is_documented() -> None:
    """docs/web-api.md has a row for each address and method of the API."""
    from podium.app.web.server import Settings, create_app

    paths = create_app(Settings(spec="starter"), warm=False).openapi()["paths"]
    page = (DOCS / "web-api.md").read_text(encoding="utf-8")
    assert len(paths) >= 10
    rows = {(m.upper(), path) for path, methods in paths.items() for m in methods}
    assert rows == {tuple(r) for r in re.findall(r"^\| (\w+) \| `(/api[^`]+)`", page, flags=re.M)}


def examples() -> list[str]:
    """Every command that the pages show inline or run, and the examples of the commands' own help."""
    found = []
    for page in pages():
        text = (ROOT / page).read_text(encoding="utf-8")
        found += re.findall(r"`(podium [^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S))
        found += [c for b in blocks(ROOT / page) if b.kind == "console" and page != "docs/cli.md" for c, _ in calls(b.text)]
    return sorted({c for line in found for c in line.split(" && ") if Path(c.split()[0]).name == "podium"})


@pytest.mark.parametrize("command", examples())
def test_options_shown_exist(command: str) -> None:
    """Every option of a command that a page shows is one of that command."""
    from typer.main import get_command

    from podium.app.cli import app

    here: Any = get_command(app)
    words = shlex.split(command, comments=True)[1:]
    while words and words[0] in getattr(here, "commands", {}):
        here = here.commands[words.pop(0)]
    known = {o for p in here.params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
    assert [w for w in words if re.match(r"--\w", w) and w.split("=")[0] not in known] == []


def test_python_page_has_every_name() -> None:
    """docs/api.md has each name of `podium.__all__`, once."""
    import podium

    shown = re.findall(r"^::: podium\.(\w+)$", (DOCS / "api.md").read_text(encoding="utf-8"), flags=re.M)
    assert sorted(shown) == sorted(set(podium.__all__) - {"__version__"})


def test_coming_from_coinr_names_what_there_is() -> None:
    """Every `podium.…` name of the page is there, and nothing is left to check."""
    import podium

    text = (DOCS / "coming-from-coinr.md").read_text(encoding="utf-8")
    assert "TODO-CHECK" not in text
    names = set(re.findall(r"`podium\.(\w+)", text))
    assert len(names) >= 10
    assert sorted(n for n in names if not hasattr(podium, n)) == []
