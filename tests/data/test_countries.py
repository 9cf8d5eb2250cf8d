"""Country codes and names."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from podium.data.cells import texts
from podium.data.countries import VARIANTS, country_name, iso3_codes, name_key, resolve_country, unknown_codes
from podium.data.tables import read_table

Faults = Callable[..., list[str]]
WIDE = {"table": "t.csv", "layout": "wide", "countries": True}


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [("KOR", "en", "South Korea"), ("KOR", "ko", "한국"), ("JPN", "ja", "日本"), ("FRA", "ko", "프랑스"), ("ZZZ", "en", "ZZZ")],
)
def test_names_as_newspapers_write_them(code: str, language: str, name: str) -> None:
    """Names come in three languages; what is no country keeps its code."""
    assert country_name(code, language) == name


def test_number_of_codes_is_that_of_iso_3166() -> None:
    """ISO 3166-1 has 249 alpha-3 codes; Kosovo and the European Union are added."""
    assert len(iso3_codes() - {"XKX", "EUU"}) == 249


def test_wrong_code_comes_with_the_nearest() -> None:
    """Swapped letters lead to the right code."""
    assert unknown_codes(["KOR", "KRO"]) == [("KRO", "KOR")]


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_every_name_of_cldr_leads_back_to_its_code(language: str) -> None:
    """The names of all territories, as CLDR has them and as newspapers shorten them, in every case and normal form."""
    from babel.core import get_global

    aliases = get_global("territory_aliases")
    territories = Locale.parse(language).territories
    tried = 0
    for code in iso3_codes() - {"EUU"}:
        alpha2 = aliases.get(code, ["XK"])[0]
        for name in {territories[alpha2], country_name(code, language)}:
            for text in (name, name.upper(), name.lower(), *(unicodedata.normalize(f, name) for f in ("NFC", "NFD", "NFKD"))):
                assert resolve_country(text).iso3 == code, (text, code)
                tried += 1
    assert tried >= 250 * 6


@pytest.mark.parametrize("code", ["KOR", "kor", "KR", "kr", "410", "ＫＯＲ", " KOR "])
def test_codes_of_every_kind(code: str) -> None:
    """Alpha-3, alpha-2 and numeric codes mean the country, in any case and width."""
    assert resolve_country(code).iso3 == "KOR"


def test_numeric_codes_need_no_leading_zeros() -> None:
    """Spreadsheets lose them: 8 and 008 are Albania; a number that is no code is none."""
    assert resolve_country("8").iso3 == resolve_country("008").iso3 == "ALB"
    assert resolve_country("7").iso3 is None


def test_na_is_namibia_and_no_is_norway() -> None:
    """Two codes that readers of tables like to lose."""
    assert (resolve_country("NA").iso3, resolve_country("NO").iso3) == ("NAM", "NOR")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Korea, Rep.", "KOR"), ("Republic of Korea", "KOR"), ("Korea, Republic of", "KOR"), ("Korea (Republic of)", "KOR"),
        ("S. Korea", "KOR"), ("대한민국", "KOR"), ("대한 민국", "KOR"), ("大韓民国", "KOR"), ("Korea, Dem. People's Rep.", "PRK"),
        ("Korea (Democratic People's Rep. of)", "PRK"), ("Democratic People’s Republic of Korea", "PRK"), ("북한", "PRK"),
        ("미국", "USA"), ("アメリカ", "USA"), ("米国", "USA"), ("U.S.A.", "USA"), ("United States of America", "USA"),
        ("Türkiye", "TUR"), ("TURKIYE", "TUR"), ("Turkey", "TUR"), ("ﾄﾙｺ", "TUR"), ("Viet Nam", "VNM"), ("Cote d'Ivoire", "CIV"),
        ("CÔTE D’IVOIRE", "CIV"), ("Ivory Coast", "CIV"), ("Czech Republic", "CZE"), ("Slovak Republic", "SVK"),
        ("Congo, Dem. Rep.", "COD"), ("Dem. Rep. of the Congo", "COD"), ("Congo (Democratic Republic of the)", "COD"),
        ("DR Congo", "COD"), ("Congo, Rep.", "COG"), ("Republic of the Congo", "COG"), ("Congo", "COG"),
        ("Niger", "NER"), ("Republic of the Niger", "NER"), ("Nigeria", "NGA"), ("Federal Republic of Nigeria", "NGA"),
        ("Guinea", "GIN"), ("Equatorial Guinea", "GNQ"), ("Guinea-Bissau", "GNB"), ("Papua New Guinea", "PNG"),
        ("Dominica", "DMA"), ("Commonwealth of Dominica", "DMA"), ("Dominican Republic", "DOM"), ("Dominican Rep.", "DOM"),
        ("Taiwan", "TWN"), ("Taiwan, China", "TWN"), ("Chinese Taipei", "TWN"), ("Hong Kong SAR, China", "HKG"),
        ("Hong Kong, China (SAR)", "HKG"), ("China, Hong Kong Special Administrative Region", "HKG"), ("Macao SAR, China", "MAC"),
        ("Kosovo", "XKX"), ("XKK", "XKX"), ("Georgia", "GEO"), ("South Georgia and the South Sandwich Islands", "SGS"),
        ("Micronesia, Fed. Sts.", "FSM"), ("Micronesia (Federated States of)", "FSM"), ("Micronesia", "FSM"),
        ("Gambia, The", "GMB"), ("The Bahamas", "BHS"), ("Egypt, Arab Rep.", "EGY"), ("Yemen, Rep.", "YEM"),
        ("Iran, Islamic Rep.", "IRN"), ("Venezuela, RB", "VEN"), ("Bolivia (Plurinational State of)", "BOL"),
        ("Lao PDR", "LAO"), ("Kyrgyz Republic", "KGZ"), ("St. Kitts and Nevis", "KNA"), ("Saint Kitts & Nevis", "KNA"),
        ("St. Martin (French part)", "MAF"), ("Sint Maarten (Dutch part)", "SXM"), ("West Bank and Gaza", "PSE"),
        ("Sudan", "SDN"), ("South Sudan", "SSD"), ("Samoa", "WSM"), ("American Samoa", "ASM"), ("Ireland", "IRL"),
        ("Virgin Islands (U.S.)", "VIR"), ("British Virgin Islands", "VGB"), ("Swaziland", "SWZ"), ("Cabo Verde", "CPV"),
        ("Moldova, Republic of", "MDA"), ("United Republic of Tanzania", "TZA"), ("Somalia, Fed. Rep.", "SOM"),
        ("Kingdom of Spain", "ESP"), ("Grand Duchy of Luxembourg", "LUX"), ("North Macedonia", "MKD"), ("UK", "GBR"), ("EL", "GRC"),
        ("European Union", "EUU"), ("호주", "AUS"), ("オーストラリア", "AUS"), ("남아프리카 공화국", "ZAF"), ("콩고민주공화국", "COD"),
    ],
)  # fmt: skip
def test_spellings_of_many_hands(name: str, code: str) -> None:
    """World Bank, United Nations, OECD and newspapers, in three languages."""
    assert resolve_country(name).iso3 == code


@pytest.mark.parametrize(
    ("name", "choices"),
    [("Korea", ("KOR", "PRK")), ("Virgin Islands", ("VGB", "VIR")), ("Republic of China", ("CHN", "TWN")), ("콩고", ("COD", "COG"))],
)
def test_a_name_of_two_countries_means_neither(name: str, choices: tuple[str, str]) -> None:
    """What is ambiguous is reported with both, never guessed."""
    got = resolve_country(name)
    assert (got.iso3, got.choices) == (None, choices)
    assert resolve_country(name, own={name: choices[0]}).iso3 == choices[0]


@pytest.mark.parametrize("name", ["World", "WLD", "High income", "OECD members", "Sub-Saharan Africa", "Euro area", "세계", "ヨーロッパ", "Total"])
def test_groups_of_countries_are_called_so(name: str) -> None:
    """Aggregates in a table of countries are named as what they are."""
    got = resolve_country(name)
    assert (got.iso3, got.group) == (None, True)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("South Corea", "South Korea (KOR)"), ("KRO", "South Korea (KOR)"), ("Brasil", "Brazil (BRA)"), ("Atlantis", ""), ("", "")],
)
def test_what_is_no_country_comes_with_the_nearest(name: str, nearest: str) -> None:
    """A slip of the pen leads to the name meant; an invention leads nowhere."""
    got = resolve_country(name)
    assert (got.iso3, got.nearest) == (None, nearest)


def test_the_table_of_spellings_is_sound() -> None:
    """Each spelling stands once, and means codes that exist."""
    with VARIANTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(set(r["means"].split("|")) <= iso3_codes() for r in rows if r["means"])
    means: dict[str, str] = {}
    for r in rows:
        assert means.setdefault(name_key(r["spelling"]), r["means"]) == r["means"], r["spelling"]


def test_names_in_the_shared_tables(shared: Path) -> None:
    """Every country of COINr's world table (World Bank), the HDI, INFORM, Tortoise and Epoch AI, by name; none is wrong."""
    pairs: list[tuple[str, str]] = []
    for place, name, code, encoding in (
        ("ref/coinr/00_input/WorldDenoms.csv", "uName", "uCode", "utf-8"),
        ("ref/coinr/00_input/ASEM_iData.csv", "uName", "uCode", "utf-8"),
        ("ref/gallery/hdi/HDR23-24_Composite_indices_complete_time_series.csv", "country", "iso3", "latin-1"),
        ("data/ai_race/ai_indices_long.csv", "country", "iso3", "utf-8"),
        ("data/ai_race/compute_country_year.csv", "country", "iso3", "utf-8"),
    ):
        with (shared / place).open(encoding=encoding, newline="") as file:
            pairs += [(r[name], r[code]) for r in csv.DictReader(file)]
    inform = read_table(shared / "ref/gallery/inform/inform_risk_2025_v070.xlsx")
    rows = zip(*(texts(inform.columns[c]).to_pylist() for c in ("COUNTRY", "ISO3")), strict=True)
    pairs += [(n, c) for n, c in rows if n and c and len(c) == 3 and c.isalpha()]
    wrong = {(n, c, resolve_country(n).iso3) for n, c in pairs if resolve_country(n).iso3 != c}
    groups = {w for w in wrong if w[1].startswith("ZZ") and resolve_country(w[0]).group}
    assert wrong - groups == {("Korea", "KOR", None)}  # ASEM's own word for it
    assert len({n for n, _ in pairs}) > 250
    with (shared / "data/ai_race/gaii_2021_pillars.csv").open(encoding="utf-8", newline="") as file:
        assert all(resolve_country(r["Country"]).iso3 for r in csv.DictReader(file))


def test_names_become_codes_and_faults_have_lines(read: Any, faults: Faults) -> None:
    """`countries: true` takes names and codes alike; what is none, means two, or comes twice is named with its line."""
    good = "unit,a,b\nSouth Korea,1,2\nNA,3,4\n日本,5,6\nusa,7,8\n"
    assert read(WIDE, {"t.csv": good})[0].units == ("KOR", "NAM", "JPN", "USA")
    bad = "unit,a,b\nKorea,1,2\nSouth Korea,1,2\n한국,1,2\nSouth Afrika,2,3\nWorld,2,3\n"
    assert [f.split(". ")[0] for f in faults(WIDE, {"t.csv": bad})] == [
        "t.csv:2: 'Korea' may mean South Korea (KOR) or North Korea (PRK)",
        "t.csv:5: 'South Afrika' is no country",
        "t.csv:6: 'World' is a group of countries, not a country",
        "t.csv:4: unit KOR occurs twice ('South Korea' and '한국'), first in line 3",
    ]  # fmt: skip
    assert "Did you mean South Africa (ZAF)?" in faults(WIDE, {"t.csv": bad})[1]


def test_own_spellings_and_exclusions(read: Any, faults: Faults) -> None:
    """`countries: {Korea: KOR}` settles a name; excluded groups are not judged; a code that is none is a fault."""
    text = {"t.csv": "unit,a,b\nKorea,1,2\nWorld,2,3\nHigh income,x,y\n"}
    got, _ = read({**WIDE, "countries": {"Korea": "KOR"}}, text, units={"exclude": ["World", "High*"]})
    assert got.units == ("KOR",)
    assert "'KRO' is no alpha-3 code of a country. Did you mean KOR?" in faults({**WIDE, "countries": {"Korea": "KRO"}}, text)[0]


def test_two_spellings_of_one_figure_in_a_long_table(read: Any, faults: Faults) -> None:
    """Figures of one country may come under several names, but not the same figure."""
    data = {"table": "t.csv", "countries": True}
    got, _ = read(data, {"t.csv": "unit,indicator,value\nKOR,a,1\nSouth Korea,b,2\n"})
    assert (got.units, got.values.tolist()) == (("KOR",), [[[1.0, 2.0]]])
    twice = {"t.csv": "unit,indicator,value\nKOR,a,1\nSouth Korea,a,2\n"}
    assert "a for KOR is given twice ('KOR' and 'South Korea'), first in line 2" in faults(data, twice)[0]


@given(st.text(max_size=40))
def test_any_text_has_an_answer(text: str) -> None:
    """No text, however odd, brings an error; an answer is a code of the list or a reason."""
    got = resolve_country(text)
    assert (got.iso3 in iso3_codes()) if got.iso3 else got.why


def test_units_may_be_named_by_any_name(read: Any) -> None:
    """Where units are countries, `units` and the table of units take names and codes as the table does."""
    text = {"t.csv": "unit,a,b\nKOR,1,2\n일본,3,4\nFRA,5,6\n", "u.csv": "unit,pop\nJapan,9\nRepublic of Korea,8\n"}
    got, _ = read({**WIDE, "units": "u.csv"}, text, units={"include": ["South Korea", "日本"], "exclude": ["France"]})
    assert got.units == ("KOR", "JPN")
    assert got.unit_table["pop"].tolist() == [8, 9]
