"""Country codes and their names in English, Korean and Japanese."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cache

__all__ = ["country_name", "iso3_codes", "unknown_codes"]

# Short forms that newspapers use and CLDR does not.
_SHORT = {
    ("KOR", "ko"): "한국", ("PRK", "ko"): "북한", ("KOR", "ja"): "韓国", ("TWN", "ko"): "대만", ("ARE", "ko"): "UAE",
    ("CHN", "ko"): "중국", ("HKG", "ko"): "홍콩", ("HKG", "en"): "Hong Kong", ("HKG", "ja"): "香港",
    ("MAC", "en"): "Macao",
    ("ARE", "en"): "UAE", ("USA", "en"): "United States", ("GBR", "en"): "United Kingdom",
    ("EUU", "en"): "European Union", ("EUU", "ko"): "유럽연합", ("EUU", "ja"): "欧州連合",
    ("XKX", "en"): "Kosovo", ("XKX", "ko"): "코소보", ("XKX", "ja"): "コソボ",
}  # fmt: skip


# Codes that ISO 3166-1 leaves to private use, or reserves without assigning them.
_PRIVATE = re.compile(r"AAA|Q[M-Z][A-Z]|X[A-Z]{2}|ZZZ|ASC|CPT|DGA|TAA")


@cache
def _alpha2() -> dict[str, str]:
    """ISO 3166-1 alpha-3 → alpha-2, as CLDR's territory aliases have them."""
    from babel.core import get_global

    aliases = get_global("territory_aliases")
    pairs = {k: v[0] for k, v in aliases.items() if len(k) == 3 and k.isalpha() and len(v) == 1 and len(v[0]) == 2}
    return {k: v for k, v in pairs.items() if not _PRIVATE.fullmatch(k)}


@cache
def iso3_codes() -> frozenset[str]:
    """Every ISO 3166-1 alpha-3 code, with Kosovo (XKX) and the European Union (EUU)."""
    retired = {"ANT", "BUR", "CSK", "DDR", "FXX", "SCG", "SUN", "TMP", "YMD", "YUG", "ZAR", "QUU", "QQQ", "PUS", "ROM"}
    return frozenset(_alpha2()) - retired | {"XKX", "EUU"}


@cache
def country_name(code: str, language: str = "en") -> str:
    """The name of a country in a language, as newspapers write it; the code itself where it is not a country."""
    if (code, language) in _SHORT:
        return _SHORT[code, language]
    from babel import Locale

    alpha2 = _alpha2().get(code)
    name = Locale.parse(language).territories.get(alpha2) if alpha2 else None
    return name or code


def unknown_codes(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes that are no country, each with the nearest that is, or an empty text."""
    known = iso3_codes()
    bad = [c for c in codes if c not in known]
    return [(c, _nearest(c.upper(), known)) for c in bad]


def _nearest(code: str, known: frozenset[str]) -> str:
    """The code that two swapped letters would make it, else the most like it, else an empty text."""
    swapped = sorted(k for k in known if sorted(k) == sorted(code))
    return next(iter([*swapped, *difflib.get_close_matches(code, sorted(known), 1)]), "")
