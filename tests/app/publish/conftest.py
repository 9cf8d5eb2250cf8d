"""One published site for all tests: the bundled index with few draws."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from podium.app.publish.folder import write_folder
from podium.app.publish.site import Site, site_files

DRAWS = 400


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the published bundled index."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # common to the processes of one run
    folder = base / "published" / "site"
    try:
        folder.parent.mkdir()
    except FileExistsError:  # another process writes it: it appears when it is whole
        for _ in range(600):
            if folder.is_dir():
                return folder
            time.sleep(0.5)
        raise AssertionError("the other process did not publish") from None
    write_folder(folder, site_files(Site("ai-race", draws=DRAWS, sobol_rows=64), lambda share, what: None), about={})
    return folder


@pytest.fixture
def page(browser: Any, site: Path) -> Iterator[Any]:
    """A tab that fails the test where the console or the policy complains, or anything but the site's files is asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    problems: list[str] = []
    tab.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
    tab.on("pageerror", lambda e: problems.append(str(e)))
    own = (site.as_uri(), "data:", "blob:", Path(tempfile.gettempdir()).as_uri())
    tab.on("request", lambda r: None if r.url.startswith(own) else problems.append(r.url))
    tab.set_default_timeout(60_000)
    yield tab
    context.close()
    assert problems == []
