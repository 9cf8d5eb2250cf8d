"""The documentation as a site."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs_pages import DOCS, ROOT

_LOADS = re.compile(r"<(?:script|link|img|iframe|source|video|audio|object|embed)\b[^>]*?(?:src|srcset|href|data)=[\"']?\s*(?:https?:)?//[^\s\"'>]+")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make site` builds it; a page outside the shelves or a link that leads nowhere fails it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


def test_every_page_is_built(site: Path) -> None:
    """Each page of docs/ is a page of the site."""
    missing = [p for p in DOCS.rglob("*.md") if not (site / p.relative_to(DOCS).with_suffix(".html")).exists()]
    assert missing == []


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    """No script, style sheet, font, picture or frame has an address of another server."""
    found = [(p.name, hit) for p in site.rglob("*.html") for hit in _LOADS.findall(p.read_text(encoding="utf-8"))]
    sheets = [p.name for p in site.rglob("*.css") if re.search(r"@import|url\([\"']?(?:https?:)?//", p.read_text(encoding="utf-8"))]
    assert (found, sheets) == ([], [])
    assert _LOADS.search('<link rel="stylesheet" href="https://fonts.example/css">')


def test_every_function_is_described(site: Path) -> None:
    """The Python page has a heading and a description for each name."""
    import podium

    page = (site / "api.html").read_text(encoding="utf-8")
    assert [n for n in podium.__all__ if n != "__version__" and f">{n}" not in page] == []


def test_every_page_is_on_a_shelf() -> None:
    """mkdocs.yml names each page once."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = re.findall(r"[\w/-]+\.md$", yaml.safe_dump(yaml.safe_load(text)["nav"], width=10**6), flags=re.M)
    assert sorted(named) == sorted(p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md"))


@pytest.mark.browser
def test_a_browser_asks_for_nothing_else_and_no_page_is_too_wide(site: Path, browser: Any) -> None:
    """Opened from the folder, narrow and some wide, every page loads files of the folder alone and scrolls only downwards."""
    asked: list[str] = []
    wide: list[Any] = []
    page = browser.new_page()
    page.on("request", lambda r: asked.append(r.url))
    for path in sorted(site.rglob("*.html")):
        for width in (390, 1280) if path.name in {"index.html", "api.html", "specification.html"} else (390,):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(path.as_uri(), wait_until="load")
            seen = page.evaluate("document.scrollingElement.scrollWidth")
            if seen > width:
                wide.append((path.name, width, seen))
    page.close()
    assert sorted({u for u in asked if not u.startswith(("file:", "data:", "blob:"))}) == []
    assert wide == []
