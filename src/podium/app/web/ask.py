"""One request, as the makers of pages see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from podium.app.web.desk import Desk, Standing
from podium.app.web.i18n import Words
from podium.app.web.state import View, address
from podium.index.build import Built
from podium.index.profile import unit_name

__all__ = ["PATHS", "Ask"]

PATHS = {
    "ranking": "/",
    "country": "/country/{unit}",
    "pair": "/pair",
    "scenario": "/scenario",
    "article": "/article",
    "evidence": "/evidence",
    "method": "/method",
}


@dataclass(frozen=True)
class Ask:
    """What is asked for: the view, the language, the page's own parameters; ``static`` marks pages made as files."""

    desk: Desk
    view: View
    words: Words
    page: str
    params: Mapping[str, str] = field(default_factory=dict)
    static: bool = False
    partial: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def standing(self) -> Standing:
        """The ranking in view."""
        return self.desk.standing(self.view)

    @property
    def built(self) -> Built:
        """The index in view."""
        return self.desk.built(self.view)

    def name(self, unit: str) -> str:
        """A unit's name in the language of the page."""
        known = self.desk.names(self.view.edition, self.words.language).get(unit)
        return known or unit_name(self.desk.base(self.view.edition), unit, self.words.language)

    def item(self, code: str) -> str:
        """The name of an indicator or a group in the language of the page."""
        return item_name(self.desk.base(self.view.edition), code, self.words.language)

    def option(self, label: str) -> str:
        """A choice or an option in the language of the page."""
        said = self.desk.spec.word(label, self.words.language)
        return self.words(label) if said == label else said

    @property
    def stills(self) -> bool:
        """Whether charts also stand in the page as drawings, for readers without scripts."""
        return not self.partial

    def has(self, page: str) -> bool:
        """Whether there is such a page."""
        return page in PATHS

    @property
    def source(self) -> str:
        """Who made the numbers, and how many draws they rest on."""
        title = self.desk.spec.label(self.words.language)
        edition = self.desk.base(self.view.edition).spec.edition_name
        told = self.words("Source: Podium, {index}", index=title)
        if edition:
            told += ", " + self.words("edition {edition}", edition=edition)
        draws = self.words.number(self.desk.draws)
        return told + "; " + self.words("{draws} draws, seed {seed}", draws=draws, seed=self.desk.seed) + "."

    def href(self, page: str, view: View | None = None, /, **params: object) -> str:
        """The address of a page in the same state; keys that stand in its path go there."""
        path = PATHS[page]
        rest = {k: str(v) for k, v in params.items() if v is not None}
        for key in [k for k in rest if f"{{{k}}}" in path]:
            path = path.replace(f"{{{key}}}", rest.pop(key))
        return address(path, [*rest.items(), *(view or self.view).query()])

    def in_language(self, language: str) -> str:
        """The address of this page in another language."""
        return self.href(self.page, replace(self.view, lang=language), **self.params)

    def file(self, chart: str, kind: str) -> str:
        """The address of a chart of this page as a file."""
        return address(f"/files/{self.page}/{chart}.{kind}", [*self.params.items(), *self.view.query()])


def item_name(built: Built, code: str, language: str) -> str:
    """The name of an indicator or a group of an index in a language, in English where it has none, else the code."""
    node = next((n for n in built.root.walk() if n.code == code), None)
    if node is not None and node.name:
        return node.label(language)
    info = built.dataset.codebook.get(_series(built, code))
    return code if info is None else info.label(language)


def _series(built: Built, code: str) -> str:
    leaves = built.pipeline.leaves
    if code not in leaves:
        return code
    return built.dataset.indicators[int(built.pipeline.columns[leaves.index(code)])]
