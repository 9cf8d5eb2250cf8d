"""The languages of the pages: gettext catalogues, compiled when they are first needed, and CLDR's names and numbers."""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["LANGUAGES", "Words", "catalogue", "negotiated", "words"]

NARROW = "\u00a0%"
"""A per cent sign that stays with its number."""
LANGUAGES = {"en": "English", "ko": "한국어"}
FOLDER = Path(__file__).resolve().parent / "locale"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the compiled catalogue of a language; the English texts themselves where there is none."""
    source = FOLDER / language / "web.po"
    if not source.exists():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def negotiated(asked: str | None, accept: str) -> str:
    """Return the language of a page: the one asked for, else the best that `Accept-Language` names, else English."""
    if asked in LANGUAGES:
        return asked
    offers: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept.split(",")):
        tag, _, quality = part.strip().partition(";q=")
        code = tag.split("-")[0].lower()
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if code in LANGUAGES and weight > 0:
            offers.append((-weight, place, code))
    return min(offers)[2] if offers else "en"


@dataclass(frozen=True)
class Words:
    """How one language says things: fixed sentences, numbers, shares, regions."""

    language: str

    def __call__(self, text: str, **values: object) -> str:
        """Return a fixed text in this language, its ``{names}`` filled in."""
        said = catalogue(self.language).gettext(text)
        return (said.format(**values) if values else said).replace(" %", NARROW)

    def number(self, x: float | None, digits: int = 0) -> str:
        """A number with so many decimals, grouped as the language does; a dash where there is none."""
        if x is None or x != x:
            return "–"
        shown = _decimal(self.language, digits)(x)
        return shown[1:] if shown[0] == "-" and not shown.strip("-0.,") else shown

    def figure(self, x: float | None) -> str:
        """A raw figure in three to four significant digits, large ones whole."""
        if x is None or x != x:
            return "–"
        size = abs(x)
        return self.number(x, 0 if size >= 1000 or x == int(x) else 1 if size >= 100 else 2 if size >= 1 else 3)

    def share(self, x: float | None) -> str:
        """A share in per cent, without a decimal that its error would not allow; the ends told from what is near."""
        if x is None or x != x:
            return "–"
        said = "< 1" if 0 < x < 0.01 else "> 99" if 0.99 < x < 1 else f"{100 * x:.0f}"
        return said + NARROW

    def ranks(self, low: float, high: float) -> str:
        """A range of ranks; one number where both ends round to it."""
        if low != low:
            return "–"
        one, two = round(low), round(high)
        return self.number(one) if one == two else f"{self.number(one)}–{self.number(two)}"

    def josa(self, word: str, pair: str) -> str:
        """A word with the Korean particle that fits its ending; the word alone in other languages."""
        if self.language != "ko":
            return word
        from podium.brief.words import josa

        return josa(word, pair)


@cache
def words(language: str) -> Words:
    """Return how a language says things."""
    return Words(language)


@cache
def _decimal(language: str, digits: int) -> Callable[[float], str]:
    """What writes numbers as CLDR groups and points them; its symbols are looked up once, since a page has hundreds."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    signs = str.maketrans({",": get_group_symbol(language), ".": get_decimal_symbol(language)})
    return lambda x: f"{x:,.{digits}f}".translate(signs)
