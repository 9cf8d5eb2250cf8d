"""Every code block of the documentation runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from docs_pages import ROOT, Page, agree, blocks, calls, pages, write_specification_tables
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


NO_RUN = {
    "README.md": 1,  # make demo, make test
    "docs/howto/compare.md": 1,  # tables of the UNDP
    "docs/howto/serve.md": 1,  # a server
    "docs/howto/stress-an-index.md": 1,  # a cluster
    "docs/tutorial.md": 2,  # make setup, a server
}
"""How many blocks of a page do not run; each says why above it."""


def test_few_blocks_do_not_run_and_each_says_why() -> None:
    """Only the blocks counted here are kept from running, with a reason in words; what is shown only is no command."""
    kept = {page: [b.no_run for b in blocks(ROOT / page) if b.no_run] for page in pages()}
    assert {page: len(reasons) for page, reasons in kept.items() if reasons} == NO_RUN
    assert [r for reasons in kept.values() for r in reasons if len(r.split()) < 4] == []
    kinds = {b.kind for page in pages() if page not in ELSEWHERE for b in blocks(ROOT / page)}
    assert kinds <= {"", "console", "csv", "json", "python", "text", "yaml"}


def test_output_that_is_not_printed_is_found() -> None:
    """A shown line that a command does not print, or prints in another order, fails the page; gaps are free."""
    agree("a  1\n…\nc 3\n", "a 1\nb 2\nc  3\n")
    for shown in ("a 2", "c 3 … a 1", "a 1 c 3"):
        with pytest.raises(AssertionError, match="not printed"):
            agree(shown, "a 1\nb 2\nc 3\n")
    assert list(calls("$ podium x && podium y --z \\\n  1\nout\n")) == [("podium x", ""), ("podium y --z 1", "out\n")]
