"""What is asked for, where pages are files: addresses become paths from one file to another."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from podium.app.web.ask import Ask
from podium.app.web.state import View, address

__all__ = ["FIRST", "FileAsk", "place_of"]

FIRST = "en"
"""The language whose pages stand at the top of the folder; others have a folder of their own."""


def place_of(page: str, language: str, unit: str | None = None) -> str:
    """Return where a page stands below the site's folder; `unit` is the name of a country's file."""
    name = f"country/{unit}" if page == "country" else "index" if page == "ranking" else page
    return f"{name}.html" if language == FIRST else f"{language}/{name}.html"


@dataclass(frozen=True)
class FileAsk(Ask):
    """What is asked for a page that is a file: ``units`` holds the files' names by unit, ``pages`` what is written."""

    units: Mapping[str, str] = field(default_factory=dict)
    pages: frozenset[str] = frozenset()

    @property
    def stills(self) -> bool:
        """No chart stands in the page as a drawing too: it would double the page; the tables say the same."""
        return False

    def has(self, page: str) -> bool:
        """Whether there is such a page."""
        return page in self.pages

    @property
    def place(self) -> str:
        """Where this page stands below the site's folder."""
        return self._place(self.page, self.words.language, self.params.get("unit"))

    def _place(self, page: str, language: str, unit: str | None) -> str:
        return place_of(page, language, None if unit is None else self.units[unit])

    def to(self, place: str) -> str:
        """The address of a file of the site, from this page."""
        return posixpath.relpath(place, posixpath.dirname(self.place) or ".")

    def href(self, page: str, view: View | None = None, /, **params: object) -> str:
        """The address of a page; what its script understands stands behind the `#`, all else is left out."""
        unit = params.get("unit")
        place = self.to(self._place(page, self.words.language, None if unit is None else str(unit)))
        held = [(k, str(params[k])) for k in ("a", "b") if params.get(k)]
        return f"{place}#{address('', held)[1:]}" if held else place

    def in_language(self, language: str) -> str:
        """The address of this page in another language."""
        return self.to(self._place(self.page, language, self.params.get("unit")))

    def data_place(self, chart: str, kind: str) -> str:
        """Where the file of a chart of this page stands below the site's folder."""
        of = self.units[self.params["unit"]] if self.page == "country" else self.page
        folder = "data/country" if self.page == "country" else "data"
        return ("" if self.words.language == FIRST else f"{self.words.language}/") + f"{folder}/{of}-{chart}.{kind}"

    def file(self, chart: str, kind: str) -> str:
        """The address of a chart of this page as a file."""
        return self.to(self.data_place(chart, kind))
