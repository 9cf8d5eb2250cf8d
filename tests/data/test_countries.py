"""Country codes and names."""

from __future__ import annotations

import pytest

from podium.data.countries import country_name, iso3_codes, unknown_codes


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
