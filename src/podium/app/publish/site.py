"""The whole site as files: every page in every language, the data behind its charts, one bundle of scripts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from podium.app.publish.asked import FileAsk
from podium.app.publish.names import file_names
from podium.app.publish.ranked import published_pair, published_ranking
from podium.app.publish.recompute import ranked_by_browser
from podium.app.web.desk import Desk
from podium.app.web.figures import Chart, file_of, plain
from podium.app.web.i18n import LANGUAGES, words
from podium.app.web.pages.country import country
from podium.app.web.pages.evidence import evidence
from podium.app.web.pages.method import method, sobol_chart
from podium.app.web.pages.ranking import ranking
from podium.app.web.render import asset, block, page
from podium.app.web.state import View
from podium.errors import Fault, InputError, SpecError

__all__ = ["MOST_UNITS", "Site", "site_files"]

MOST_UNITS = 1_000
"""So many units may an index have that gets a page for each."""
HERE = Path(__file__).resolve().parent
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:; "
    "base-uri 'none'; form-action 'none'"
)
"""A page's own policy; from a disk, where nothing is 'self' to some browsers, files are admitted."""
MAKERS = {"country": country, "evidence": evidence, "embed": ranking}
SCRIPTS = ("rank.js", "site.js", "ranking.js", "pair.js", "facts.js")
Tell = Callable[[float, str], None]


@dataclass(frozen=True)
class Site:
    """What is to be published: an index or its edition, with so many draws behind every ranking.

    ``store`` is the operator's own ledger, whose facts are then published too; ``sobol_rows`` the size of the sample
    behind Sobol' indices, 0 for none.
    """

    spec: str
    edition: str | None = None
    draws: int = 10_000
    seed: int = 1
    store: str | None = None
    sobol_rows: int = 512


def site_files(site: Site, tell: Tell) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the site: where it stands below the folder, and its bytes, the same in every run.

    Raises
    ------
    InputError
        If the index has too many units for a page each.
    """
    desk = Desk(site.spec, draws=site.draws, seed=site.seed)
    view = desk.view([] if site.edition is None else [("edition", site.edition)])
    built = desk.base(view.edition)
    if len(built.units) > MOST_UNITS:
        remedy = "Show it with `podium serve`, or publish a part: `units: include` in the specification"
        raise InputError(Fault(f"{len(built.units):,} units are more than {MOST_UNITS:,}, each with a page", remedy))
    tell(0.0, "draws")
    desk.standing(view)
    data = ranked_by_browser(desk, view)
    ranked = [desk.standing(view).units[k] for k in desk.standing(view).order]
    pages = {"ranking", "country", "method", "embed"}
    pages |= {"pair"} if data is not None and len(ranked) > 1 else set()
    pages |= {"evidence"} if desk.spec.effects or site.store else set()
    made = _Made(site, desk, view, file_names(ranked), frozenset(pages), data, _sobol(site, desk, view, tell))
    yield from made.shared()
    first = ("ranking", "embed", "pair", "method", "evidence")
    jobs: list[tuple[str, str, dict[str, str]]] = [
        (name, language, {}) for language in LANGUAGES for name in first if name in pages
    ]
    jobs += [("country", language, {"unit": u}) for u in ranked for language in LANGUAGES]
    for k, (name, language, params) in enumerate(jobs):
        tell(0.1 + 0.9 * k / len(jobs), f"{made.ask(name, language, params).place}")
        yield from made.page(name, language, params)


@dataclass(frozen=True)
class _Made:
    """What all pages of one site share."""

    site: Site
    desk: Desk
    view: View
    units: Mapping[str, str]
    pages: frozenset[str]
    data: Mapping[str, Any] | None
    sobol: Mapping[str, Any] | None

    def ask(self, name: str, language: str, params: Mapping[str, str]) -> FileAsk:
        """What is asked for a page."""
        return FileAsk(
            self.desk,
            replace(self.view, lang=""),
            words(language),
            name,
            params,
            static=True,
            extra={"store": self.site.store, "bundled": self.site.store is None},
            units=self.units,
            pages=self.pages,
        )

    def shared(self) -> Iterator[tuple[str, bytes]]:
        """The files that several pages load."""
        for name in ("podium.css", "podium.js", "icon.svg"):
            yield shared_place(name), shared_bytes(name)
        if self.data is not None:
            yield _place("index.js", self._index()), self._index()

    def _index(self) -> bytes:
        text = json.dumps(plain(self.data), ensure_ascii=True, separators=(",", ":"))
        return f"window.podiumIndex={text};\n".encode("ascii")

    def page(self, name: str, language: str, params: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
        """A page and the files of its charts."""
        ask = self.ask(name, language, params)
        values = self._values(name, ask)
        live = [_place("index.js", self._index())] if self.data is not None and name in ("ranking", "pair") else []
        about = {"scripts": [*live, shared_place("podium.js")], "policy": POLICY}
        held = values.pop("page", None)
        about |= {} if held is None else {"page_data": block(held)}
        text = page(f"{name}.html", ask, values | about, linked=lambda asked: ask.to(shared_place(asked)))
        yield ask.place, text.encode("utf-8")
        charts: Mapping[str, Chart] = {} if name == "embed" else values["charts"]
        for chart in charts.values():
            for kind in ("csv", "json"):
                yield ask.data_place(chart.name, kind), file_of(chart, kind)

    def _values(self, name: str, ask: FileAsk) -> dict[str, Any]:
        if name == "ranking":
            return published_ranking(ask, self.data)
        if name == "pair" and self.data is not None:
            return published_pair(ask, self.data)
        if name == "method":
            values = method(ask)
            if self.sobol is not None:
                values["charts"]["sobol"] = sobol_chart(ask, dict(self.sobol))
            return values
        return MAKERS[name](ask)


def _sobol(site: Site, desk: Desk, view: View, tell: Tell) -> dict[str, Any] | None:
    """Sobol' indices of every declared assumption; None where there is none to vary."""
    if not site.sobol_rows:
        return None
    from podium.robustness.sensitivity import sensitivity

    tell(0.05, "Sobol' indices")
    try:
        found = sensitivity(desk.base(view.edition), n=site.sobol_rows, seed=site.seed)
    except SpecError:
        return None
    rows = zip(found.table.index, found.table.to_dict("records"), strict=True)
    return {"rows": [{"assumption": str(k), **r} for k, r in rows]}


@cache
def shared_bytes(name: str) -> bytes:
    """A file that several pages load: the style, the icon, or all scripts in one."""
    if name != "podium.js":
        return asset(name)
    own = [(HERE / "static" / script).read_bytes() for script in SCRIPTS]
    return b"\n".join([asset("vega.js"), asset("world.js"), *own, asset("app.js")])


def shared_place(name: str) -> str:
    """Where a shared file stands, with a part of its hash, so that no browser shows an old one."""
    return _place(name, shared_bytes(name))


def _place(name: str, raw: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"assets/{stem}-{hashlib.sha256(raw).hexdigest()[:12]}.{suffix}"
