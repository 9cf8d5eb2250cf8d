"""Outlines and groups of countries."""

from podium.data.countries import iso3_codes
from podium.data.geography import country_groups, world


def test_every_outline_is_that_of_a_country_or_of_none():
    """Outlines bear codes that the program knows, each once; two have none."""
    codes = [shape.get("id") for shape in world()["objects"]["countries"]["geometries"]]
    known = [c for c in codes if c]
    assert len(codes) - len(known) == 2
    assert len(set(known)) == len(known) == 174
    assert set(known) <= iso3_codes()


def test_groups_are_the_world_banks():
    """Seven regions and four income groups; Venezuela was not classified in 2022."""
    groups = country_groups()
    assert set(groups) <= iso3_codes()
    assert {g.region for g in groups.values()} == {
        "East Asia & Pacific", "Europe & Central Asia", "Latin America & Caribbean", "Middle East & North Africa",
        "North America", "South Asia", "Sub-Saharan Africa",
    }  # fmt: skip
    assert groups["KOR"].region == "East Asia & Pacific"
    assert groups["KOR"].income == "High income"
    assert [u for u, g in groups.items() if g.income == "Not classified"] == ["VEN"]
    assert len({g.income for g in groups.values()}) == 5
