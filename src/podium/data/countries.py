"""Countries: their codes, and the names under which tables and newspapers know them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Country", "country_name", "iso3_codes", "name_key", "resolve_country", "unknown_codes"]

VARIANTS = Path(__file__).parent / "bundled" / "countries.csv"

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
_ASIAN = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]")
_EXPAND = {
    "rep": "republic", "dem": "democratic", "federal": "fed", "federated": "fed", "federation": "fed", "sts": "states",
    "st": "saint", "ste": "saint", "is": "islands", "isl": "islands", "dr": "democratic republic", "n": "north",
    "dpr": "democratic peoples republic", "pdr": "peoples democratic republic", "s": "south", "eq": "equatorial",
    "w": "western", "sar": "sar", "special": "sar",
}  # fmt: skip
_SILENT = {"the", "of", "and", "administrative", "region"}
_FORMAL = {"republic", "kingdom", "commonwealth", "principality", "sultanate", "grand", "duchy"}


@dataclass(frozen=True)
class Country:
    """What a name or code means.

    ``iso3`` is the ISO 3166-1 alpha-3 code, or None; then ``why`` says in words why not: the name is unknown, and
    ``nearest`` the likeliest meant as ``Name (CODE)`` or empty; several countries bear it, ``choices``; or it is that
    of a ``group`` of countries.
    """

    iso3: str | None
    why: str = ""
    nearest: str = ""
    choices: tuple[str, ...] = ()
    group: bool = False


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


def name_key(name: str) -> str:
    """What two spellings of one name have in common.

    Case, accents, width (NFKC), punctuation, the order of words, common abbreviations and small words do not count;
    in Korean and Japanese names blanks and dots do not.
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    if _ASIAN.search(text):
        return re.sub(r"[\s\W_・]+", "", text)
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    plain = plain.replace("&", " and ").replace("ı", "i").replace("ø", "o").replace("ł", "l")
    words = re.sub(r"[^\w]+", " ", re.sub(r"[.'’‘`´]", "", plain)).split()
    whole = " ".join(_EXPAND.get(w, w) for w in words).split()
    return " ".join(sorted(w for w in whole if w not in _SILENT))


@cache
def _codes() -> dict[str, str]:
    """Codes in capitals → alpha-3: alpha-3 itself, alpha-2, and the three digits of ISO 3166-1 and UN M49."""
    from babel.core import get_global

    known = {code: code for code in iso3_codes()}
    by_alpha2 = {_alpha2()[c]: c for c in sorted(iso3_codes()) if c in _alpha2()}
    aliases = get_global("territory_aliases")
    digits = {k: by_alpha2[v[0]] for k, v in aliases.items() if k.isdigit() and len(v) == 1 and v[0] in by_alpha2}
    return known | by_alpha2 | digits


@cache
def _names() -> dict[str, frozenset[str]]:
    """Keys of names → what they may mean; an empty set is a group of countries."""
    from babel import Locale

    out: dict[str, frozenset[str]] = {}
    for language in ("en", "ko", "ja"):
        for code, name in Locale.parse(language).territories.items():
            if code.isdigit():
                out.setdefault(name_key(name), frozenset())
    for language in ("en", "ko", "ja"):
        for code in sorted(iso3_codes()):
            key = name_key(country_name(code, language))
            out[key] = out.get(key, frozenset()) | {code}
            formal = Locale.parse(language).territories.get(_alpha2().get(code, ""), "")
            if formal:
                out[name_key(formal)] = out.get(name_key(formal), frozenset()) | {code}
    return out | _variants()


def _variants() -> dict[str, frozenset[str]]:
    """The spellings of the bundled table; what it says counts before CLDR."""
    import csv

    with VARIANTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name_key(r["spelling"]): frozenset(c for c in r["means"].split("|") if c) for r in rows}


def resolve_country(name: str, *, own: Mapping[str, str] | None = None) -> Country:
    """Return the country that a name or code means.

    Names in English, Korean and Japanese (CLDR and the spellings in ``bundled/countries.csv``: World Bank, UN, OECD,
    newspapers), ISO alpha-2, alpha-3 and numeric codes are known. A name that several countries bear ("Korea",
    "Virgin Islands") means none of them; ISO and the United Nations call Congo-Brazzaville "Congo", and so does this.
    Groups of countries ("World", "High income") are none.

    Parameters
    ----------
    name
        A name or code, in any case, width and normal form.
    own
        Further spellings → alpha-3, which count before all others.
    """
    text = unicodedata.normalize("NFKC", name).strip()
    mine = {name_key(k): v.upper() for k, v in own.items()} if own else {}
    key = name_key(text)
    if key in mine:
        return Country(mine[key])
    code = text.upper().zfill(3) if text.isdigit() else text.upper()
    if code in _codes():
        return Country(_codes()[code])
    found = _lookup(key)
    if found is None:
        return Country(None, "is no country", _nearest_name(text))
    if not found:
        return Country(None, "is a group of countries, not a country", group=True)
    if len(found) > 1:
        shown = " or ".join(f"{country_name(c)} ({c})" for c in sorted(found))
        return Country(None, f"may mean {shown}", choices=tuple(sorted(found)))
    return Country(next(iter(found)))


def _lookup(key: str) -> frozenset[str] | None:
    """What a key may mean; "Kingdom of Spain" is looked up as "Spain"."""
    names = _names()
    if key in names:
        return names[key]
    short = " ".join(w for w in key.split() if w not in _FORMAL)
    found = names.get(short) if short != key else None
    return found or None


def _nearest_name(text: str) -> str:
    known = iso3_codes()
    if re.fullmatch(r"[A-Za-z]{3}", text) and (near := _nearest(text.upper(), known)):
        return f"{country_name(near)} ({near})"
    keys = {k: v for k, v in _names().items() if len(v) == 1}
    hit = difflib.get_close_matches(name_key(text), list(keys), 1, 0.7)
    if not hit:
        return ""
    code = next(iter(keys[hit[0]]))
    return f"{country_name(code)} ({code})"


def unknown_codes(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes that are no country, each with the nearest that is, or an empty text."""
    known = iso3_codes()
    bad = [c for c in codes if c not in known]
    return [(c, _nearest(c.upper(), known)) for c in bad]


def _nearest(code: str, known: frozenset[str]) -> str:
    """The code that two swapped letters would make it, else the most like it, else an empty text."""
    swapped = sorted(k for k in known if sorted(k) == sorted(code))
    return next(iter([*swapped, *difflib.get_close_matches(code, sorted(known), 1)]), "")
