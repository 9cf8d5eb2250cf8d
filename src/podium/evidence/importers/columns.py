"""Column names as publishers write them, and the cells under them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from podium.data.countries import country_name, iso3_codes

__all__ = ["iso3", "plain", "recognised", "truth"]

# Names that international tables use and CLDR does not.
_NAMES = {
    "unitedstatesofamerica": "USA", "us": "USA", "usa": "USA", "uk": "GBR", "greatbritain": "GBR",
    "unitedkingdomofgreatbritainandnorthernireland": "GBR", "korearepublicof": "KOR", "republicofkorea": "KOR",
    "korearep": "KOR", "korea": "KOR", "russianfederation": "RUS", "taiwanprovinceofchina": "TWN",
    "chinesetaipei": "TWN",
    "taiwanchina": "TWN", "chinataiwan": "TWN", "hongkongsarchina": "HKG", "chinahongkongsar": "HKG",
    "vietnam": "VNM",
    "iranislamicrepublicof": "IRN", "iranislamicrep": "IRN", "turkey": "TUR", "türkiye": "TUR",
    "czechrepublic": "CZE",
    "czechia": "CZE", "theunitedarabemirates": "ARE", "unitedarabemirates": "ARE", "thenetherlands": "NLD",
    "slovakrepublic": "SVK",
    "egyptarabrep": "EGY", "venezuelabolivarianrepublicof": "VEN", "boliviaplurinationalstateof": "BOL",
    "moldovarepublicof": "MDA", "republicofmoldova": "MDA", "tanzaniaunitedrepublicof": "TZA",
    "unitedrepublicoftanzania": "TZA", "syrianarabrepublic": "SYR", "laopeoplesdemocraticrepublic": "LAO",
    "bruneidarussalam": "BRN", "koreademocraticpeoplesrepublicof": "PRK", "cotedivoire": "CIV", "capeverde": "CPV",
    "congo": "COG", "drcongo": "COD", "micronesiafederatedstatesof": "FSM", "palestine": "PSE", "swaziland": "SWZ",
    "northmacedonia": "MKD", "myanmar": "MMR",
}  # fmt: skip


def plain(name: str) -> str:
    """Return a name without case, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", name.casefold())


@cache
def _countries() -> dict[str, str]:
    names = {_bare(country_name(code, lang)): code for code in sorted(iso3_codes()) for lang in ("ja", "ko", "en")}
    return names | {_bare(n): c for n, c in _NAMES.items()} | {c.casefold(): c for c in iso3_codes()}


def _bare(name: str) -> str:
    """A country's name without accents, articles and the ways to write *and* and *Saint*."""
    letters = "".join(
        c for c in unicodedata.normalize("NFKD", name.replace("&", " and ")) if not unicodedata.combining(c)
    )
    kept = unicodedata.normalize("NFC", re.sub(r"\bsaint\b", "st", re.sub(r"\bthe\b", "", letters.casefold())))
    return plain(kept)


def iso3(name: str) -> str | None:
    """Return the ISO 3166-1 alpha-3 code of a country's name in three languages, or of a code; None for none."""
    return _countries().get(_bare(name))


def recognised(header: Iterable[str], wanted: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return which column of a header holds each field, by any of the names that publishers use for it."""
    held = {plain(h): h for h in reversed(list(header)) if h}
    out = {}
    for field, names in wanted.items():
        found = next((held[plain(n)] for n in (field, *names) if plain(n) in held), None)
        if found is not None:
            out[field] = found
    return out


def truth(text: str) -> bool:
    """Whether a cell says yes."""
    return text.casefold() in ("true", "yes", "1", "checked", "y")
