"""Reads the pages of the documentation and runs what their code blocks show.

How a page's blocks are run, in their order and in one folder of the page's own, which holds the small files of ``FILES``:

- a block with ``title="NAME"`` behind its language is the file NAME;
- ``yaml`` with ``data:`` is a whole specification, ``index.yaml`` unless titled, and is built; without, it is a piece of one and is
  put into the page's specification (into ``ai-race`` where the page has none), which is then built; what has uncertainties is stressed;
- ``python`` runs, all blocks of a page in one namespace;
- ``console``: each line after ``$`` is run; lines below it are output, which must come in this order, with ``…`` for anything;
- ``json`` must be JSON; ``text`` and ``csv`` without a title are only shown;
- ``<!-- no-run: REASON -->`` above a block keeps it from running.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
TABLE = """code,name,region,population,patents,schooling,income
KOR,Korea,east,51,1800,12.5,43
JPN,Japan,east,125,2300,12.7,42
FRA,France,west,68,200,11.7,
DEU,Germany,west,84,700,14.3,54
IND,India,east,1417,40,6.6,7
NOR,Norway,west,5,20,13.1,69
"""
PUBLISHED = """country,skills,money,computers,total
Arland,61.2,44.0,71.5,58.10
Berland,55.0,80.3,12.9,54.17
Corland,90.1,33.3,48.0,64.64
Dorland,12.5,68.8,77.4,42.37
Erland,47.7,51.6,30.2,45.37
Forland,75.4,20.9,66.1,57.19
"""
FACTS = """subject,attribute,period,value,unit,source
KOR,stock:gpu,2023,2000,gpu,"Ministry of Science, p. 2"
"""
FILES = {
    "table.csv": TABLE,
    "published.csv": PUBLISHED,
    "facts.csv": FACTS,
    "article.txt": (ROOT / "src" / "podium" / "data" / "bundled" / "demo" / "brief_ko.txt").read_text(encoding="utf-8"),
}
_FENCE = re.compile(r"^(?:<!-- no-run: (?P<reason>[^>]*?) -->\n\n?)?```(?P<info>\w*[^\n`]*)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    kind: str
    title: str
    text: str
    line: int
    no_run: str = ""


def pages() -> list[str]:
    """Every page of the documentation, then the project's own, by their paths from the root."""
    found = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))]
    return [p.relative_to(ROOT).as_posix() for p in found]


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page in their order."""
    whole = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(whole):
        kind, _, rest = found["info"].partition(" ")
        title = re.search(r'title="([^"]+)"', rest)
        at = whole.count("\n", 0, found.start("info")) + 1
        yield Block(kind, title[1] if title else "", found["text"], at, found["reason"] or "")


@dataclass
class Page:
    """A page at work: its folder is the current one."""

    path: Path
    names: dict[str, Any] = field(default_factory=dict)
    ran: int = 0

    def run(self) -> None:
        """Run all blocks; the first that fails says its line."""
        for name, text in FILES.items():
            if not Path(name).exists():
                Path(name).write_text(text, encoding="utf-8")
        for block in (b for b in blocks(self.path) if not b.no_run):
            try:
                self._run(block)
            except BaseException as error:
                error.add_note(f"{self.path.relative_to(ROOT)}:{block.line}")
                raise

    def _run(self, block: Block) -> None:
        _write(block)
        if block.kind == "yaml":
            self._specification(block)
        elif block.kind == "python" and not block.title:
            exec(compile("\n" * block.line + block.text, str(self.path), "exec"), self.names)
        elif block.kind == "console":
            for command, shown in calls(block.text):
                agree(shown, execute(command, light=not shown.strip()))
        elif block.kind == "json":
            json.loads(block.text)
        else:
            return
        self.ran += 1

    def _specification(self, block: Block) -> None:
        from podium.index.build import build
        from podium.index.spec import load_spec
        from podium.robustness.engine import stress

        values = yaml.safe_load(block.text)
        name = block.title or "index.yaml"
        if "data" in values:
            if not block.title:
                Path(name).write_text(block.text if "name" in values else f"name: example\n{block.text}", encoding="utf-8")
            spec = load_spec(name)
        else:
            whole = load_spec("index.yaml" if Path("index.yaml").exists() else "ai-race")
            spec = whole.with_(dict(_changes(values, set(type(whole).model_fields))))
        assert (build(spec).rank_table[:, -1] > 0).sum() >= 4
        if "uncertainties" in values:
            stress(spec, draws=2, seed=1, error_draws=2)


def _changes(piece: dict[str, Any], sections: set[str]) -> Iterator[tuple[str, Any]]:
    """A piece of a specification as the paths it changes: whole sections, and single steps."""
    for key, value in piece.items():
        if key in sections - {"steps"}:
            yield key, value
        else:
            yield from ((f"steps.{k}", v) for k, v in (value.items() if key == "steps" else [(key, value)]))


def _write(block: Block) -> None:
    if block.title:
        Path(block.title).parent.mkdir(parents=True, exist_ok=True)
        Path(block.title).write_text(block.text, encoding="utf-8")


def calls(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output shown below it."""
    for part in re.split(r"^\$ ", text.replace("\\\n", " "), flags=re.M)[1:]:
        line, _, shown = part.partition("\n")
        *first, last = line.split(" && ")
        for command in first:
            yield command, ""
        yield last, shown


LIGHT = {"--draws": "144", "--time-limit": "2"}
"""What a command is given where none of its output is shown, so that the pages are run in little time."""


_PRINTED: dict[str, str] = {}
"""What commands about bundled things have printed, so that no page runs again what another has run in full."""


def execute(command: str, *, light: bool = False) -> str:
    """What a command of Podium prints; it must end well."""
    if command not in _PRINTED:
        printed = _executed(command, light)
        if light or not re.search(r"\b(ai-race|article\.txt)\b(?!.*--(out|store))", command):
            return printed
        _PRINTED[command] = printed
    return _PRINTED[command]


def _executed(command: str, light: bool) -> str:
    from typer.main import get_command
    from typer.testing import CliRunner

    from podium.app.cli import app

    words = shlex.split(command, comments=True)
    assert Path(words[0]).name == "podium", f"only podium's own commands can be run here, not {command!r}"
    verb = getattr(get_command(app), "commands", {}).get(words[1])
    known = {o for p in getattr(verb, "params", ()) for o in p.opts}
    more = [w for option, value in LIGHT.items() if light and option in known for w in (option, value)]
    result = CliRunner().invoke(app, words[1:] + more)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, (command, result.output)
    return result.output


def agree(shown: str, printed: str) -> None:
    """Each piece that is shown, between the marks ``…``, is printed in this order; spaces and line breaks do not count."""
    rest = " ".join(printed.split())
    for piece in shown.split("…"):
        words = " ".join(piece.split())
        at = rest.find(words)
        assert at >= 0, f"not printed:\n{piece}\nprinted:\n{printed}"
        rest = rest[at + len(words) :]


def write_specification_tables() -> None:
    """The tables that the example of docs/specification.md names: twelve countries, nine series, made of sums of digits."""
    units = ["KOR", "JPN", "FRA", "DEU", "GBR", "USA", "CAN", "ITA", "ESP", "NLD", "SWE", "LIE"]
    codes = ["developers", "graduates", "compute", "compute_bandwidth", "servers", "works", "robots", "governance"]
    rows = ["iso3,indicator,year,value,standard_error,source"]
    book = ["code,name,unit,direction"]
    for k, code in enumerate(codes):
        book.append(f"{code},{code.title()},count,1")
        error = 0.5 if code == "governance" else ""
        rows += [f"{u},{code},{year},{3 + (7 * i + 5 * k) % 23},{error},made" for i, u in enumerate(units) for year in (2023, 2024)]
    people = [f"{u},{u.title()},{['east', 'west'][i % 2]},{10 + 3 * i}" for i, u in enumerate(units)]
    Path("facts.csv").write_text("\n".join(rows), encoding="utf-8")
    Path("indicators.csv").write_text("\n".join(book), encoding="utf-8")
    Path("units.csv").write_text("\n".join(["unit,name,region,population", *people]), encoding="utf-8")
    Path("sources.csv").write_text("source,attribution,licence,url\nmade,Made for the test,CC0 1.0,\n", encoding="utf-8")
    Path("my_methods.py").write_text("", encoding="utf-8")
