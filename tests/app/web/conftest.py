"""One server for all tests of the web app, and one browser."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from podium.app.web.listen import beside
from podium.app.web.server import Settings, create_app
from podium.evidence.facts import Fact, Source
from podium.evidence.store import Store

T = TypeVar("T")
TOKEN = "open sesame, please"


@contextmanager
def running(store: str) -> Iterator[str]:
    """A server with few draws, a token and a ledger of its own; its address."""
    app = create_app(Settings(draws=400, token=TOKEN, store=store), warm=False)
    Store(store).add([Fact("", "Testland", "rank:Test", "2024", 3.0, "rank", sources=(Source("A test"),))])
    with beside(app) as address:
        yield address


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    with running(str(tmp_path_factory.mktemp("ledger") / "ledger.db")) as address:
        yield address


@pytest.fixture(scope="module")
def battered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that may be asked anything: its queue stays full of what nobody waits for."""
    with running(str(tmp_path_factory.mktemp("ledger") / "ledger.db")) as address:
        yield address


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    """A client of the server."""
    with httpx.Client(base_url=server, timeout=120) as held:
        yield held


@pytest.fixture
def brief() -> str:
    """The Korean brief that ships with Podium."""
    from podium.index.spec import BUNDLED

    return Path(BUNDLED / "demo" / "brief_ko.txt").read_text(encoding="utf-8")


@pytest.fixture
def children() -> Callable[[], set[str]]:
    """What gives the ids of the processes that this one has started and that still live."""

    def found() -> set[str]:
        tasks = Path(f"/proc/{os.getpid()}/task").iterdir()
        return {c for t in tasks for c in (t / "children").read_text("ascii").split()}

    return found


@pytest.fixture
def awaited() -> Callable[[Coroutine[Any, Any, T]], T]:
    """What runs a coroutine to its end in a thread: Playwright may have a loop running in this one."""

    def run(work: Coroutine[Any, Any, T]) -> T:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, work).result()

    return run
