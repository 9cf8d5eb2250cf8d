"""Every code block of the documentation runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from docs_pages import ROOT, Page, blocks, pages, write_specification_tables
from podium.index import aggregate, impute, normalise, treat

ELSEWHERE = {
    "docs/howto/read-data.md": "tests/data/test_howto.py holds each example to the figures and faults shown",
    "docs/cli.md": "the forms of use, generated; test_docs.py holds their examples to the commands",
}


@pytest.fixture
def registries() -> Iterator[None]:
    """What a page's plug-ins register is forgotten afterwards."""
    doors = (normalise.METHODS, aggregate.METHODS, impute.METHODS, treat.CHANGES)
    before = [dict(d) for d in doors]
    yield
    for door, kept in zip(doors, before, strict=True):
        for name in set(door) - set(kept):
            del door[name]


@pytest.mark.parametrize("page", [p for p in pages() if p not in ELSEWHERE and any(blocks(ROOT / p))])
def test_blocks_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, registries: None) -> None:
    """The specifications, Python lines and commands of a page run, and print what the page shows."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PODIUM_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    if page == "docs/specification.md":
        write_specification_tables()
    Page(ROOT / page).run()
