"""What the published files are: whole, small, linked, the same in every run."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from podium.app.publish.names import file_names
from podium.app.publish.recompute import ranked_by_browser
from podium.app.publish.site import Site, site_files
from podium.app.web.desk import Desk
from podium.app.web.state import View
from podium.errors import InputError
from podium.evidence.facts import Fact, Source
from podium.evidence.store import Store
from podium.index.spec import BUNDLED

MOST_BYTES = 300_000
ADDRESSES = {"a": "href", "link": "href", "script": "src", "iframe": "src", "img": "src"}


class Links(HTMLParser):
    """The addresses of a page, and of what it loads at once."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.all: list[str] = []
        self.loaded: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element's address and id."""
        held = {k: v or "" for k, v in attrs}
        self.ids |= {held["id"]} if "id" in held else set()
        address = held.get(ADDRESSES.get(tag, ""), "")
        if address:
            self.all.append(address)
            self.loaded += [address] if tag in ("link", "script", "img") else []


def _target(page: Path, address: str) -> Path:
    return (page.parent / unquote(address.partition("#")[0])).resolve()


def test_every_link_leads_to_a_file_of_the_site(site: Path) -> None:
    """Links are relative and lead to files that are there; sources of figures alone lie outside, and nothing is loaded from there."""
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 160
    for page in pages:
        links = Links(page)
        assert not [a for a in links.loaded if ":" in a or a.startswith("/")], page
        for address in links.all:
            if not address.startswith(("https://", "http://", "#")):
                assert not address.startswith("/") and _target(page, address).is_file(), (page, address)


def test_no_page_outgrows_its_limit(site: Path) -> None:
    """A page with all it loads, besides the one shared bundle, is at most 300 kB."""
    bundle = next((site / "assets").glob("podium-*.js"))
    for page in site.rglob("*.html"):
        loaded = {_target(page, a) for a in Links(page).loaded} - {bundle}
        total = page.stat().st_size + sum(f.stat().st_size for f in loaded)
        assert total <= MOST_BYTES, (page, total)


def test_every_page_has_a_strict_policy_and_no_script_of_its_own(site: Path) -> None:
    """No page holds a script or a style inline, and each forbids them."""
    for page in site.rglob("*.html"):
        text = unescape(page.read_text(encoding="utf-8"))
        assert "script-src 'self' file:;" in text and "unsafe" not in text.partition("<title>")[0]
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\son\w+=\"", text), page


def test_no_path_of_this_machine_is_told(site: Path) -> None:
    """No file names a folder of the machine that wrote it."""
    for file in site.rglob("*"):
        if file.is_file() and "podium-" not in file.name:
            assert str(Path.home()).encode() + b"/" not in file.read_bytes(), file
            assert str(site.parent).encode() not in file.read_bytes(), file


def test_both_languages_have_the_same_pages(site: Path) -> None:
    """Every English page has a Korean one, and they lead to each other."""
    english = {p.relative_to(site) for p in site.rglob("*.html") if p.relative_to(site).parts[0] != "ko"}
    assert english == {p.relative_to(site / "ko") for p in (site / "ko").rglob("*.html")}
    for place in english - {Path("embed.html")}:
        assert any(_target(site / place, a) == (site / "ko" / place) for a in Links(site / place).all), place


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    """Two processes, with other hashes of strings and another clock's zone, write the same files."""
    spec = BUNDLED / "starter" / "index.yaml"
    found = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Seoul")):
        out = tmp_path / f"site{seed}"
        command = [sys.executable, "-m", "podium", "publish", str(spec), str(out), "--draws", "200"]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone})
        found.append({p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in out.rglob("*") if p.is_file()})
    assert found[0] == found[1] and len(found[0]) > 20


def _facts(spec: str, store: str | None) -> str:
    """All evidence pages of a site in one text; empty where there is none."""
    files = site_files(Site(spec, draws=200, store=store, sobol_rows=0), lambda share, what: None)
    return "".join(raw.decode() for name, raw in files if name.endswith("evidence.html"))


def test_own_facts_are_published_only_where_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger of one's own that the environment names stays at home; one that is given is shown, with its own index too."""
    store = str(tmp_path / "ledger.db")
    Store(store).add([Fact("", "Testland", "rank:Test", "2024", 3.0, "rank", sources=(Source("A test"),))])
    starter = str(BUNDLED / "starter" / "index.yaml")
    monkeypatch.setenv("PODIUM_STORE", store)
    assert _facts(starter, None) == ""
    assert "Testland" in _facts(starter, store)
    monkeypatch.setattr("podium.app.publish.site.LANGUAGES", {"en": "English"})
    files = site_files(Site("ai-race", draws=200, sobol_rows=0), lambda share, what: None)
    assert "Testland" not in next(raw for name, raw in files if name == "evidence.html").decode()


def test_names_fit_every_host() -> None:
    """Names of files are small letters, digits and hyphens, and none is given twice or reserved."""
    names = file_names(["KOR", "kor", "서울", "부산", "a/b", "../x", "CON", "index", "Österreich"])
    assert list(names.values()) == ["kor", "kor-2", "unit", "unit-2", "a-b", "x", "con-2", "index-2", "osterreich"]


def test_too_many_units_are_refused_before_anything_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index with more units than pages are sensible says so, and what to do."""
    monkeypatch.setattr("podium.app.publish.site.MOST_UNITS", 50)
    with pytest.raises(InputError, match="82 units are more than 50"):
        next(site_files(Site("ai-race", draws=200), lambda share, what: None))


def test_the_browser_gets_what_the_engine_has() -> None:
    """Figures, weights and the generator's states are the engine's own; other laws and methods are not promised."""
    desk = Desk("ai-race", draws=400, seed=1)
    data = ranked_by_browser(desk, View())
    assert data is not None and data["draws"] == 400
    assert len(data["variants"]) == 144 and len(data["states"]) == 2
    built = desk.base()
    assert data["weights"] == built.tree.weights.tolist() and data["units"] == list(built.units)


def test_a_law_the_browser_does_not_know_leaves_intervals_out() -> None:
    """With Dirichlet weights ranks are worked out in the browser, intervals are not; with another aggregation, neither."""
    desk = Desk("ai-race", draws=400, seed=1)
    desk.spec = desk.spec.with_({"uncertainties.weights": [{"level": 2, "kind": "dirichlet", "amount": 0.25}]})
    data = ranked_by_browser(desk, View())
    assert data is not None and (data["draws"], data["states"], data["nominal"], len(data["variants"])) == (0, [], 0, 1)
    other = Desk("ai-race", draws=400, seed=1)
    other.spec = other.spec.with_({"steps.aggregate": {"method": "median"}, "uncertainties.choices": []})
    assert ranked_by_browser(other, View()) is None
