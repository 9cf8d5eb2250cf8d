"""No text makes the reader crash or lose its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podium.claims.check import check_claims
from podium.claims.claim import CheckedArticle
from podium.claims.extract import Page, extract

LETTERS = "1234567890조억만원엔달러GPU장개대 ,.()（）약최대배%위億円基日本한국Japan$€~\n\u00a0\t🚀"


def read(text: str) -> CheckedArticle:
    """Claims of a text, checked."""
    page = Page(text, "ko", "2025-01-02")
    return check_claims(CheckedArticle("x", text, "ko", "2025-01-02", extract(page)))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=LETTERS, max_size=300))
def test_any_text_of_figures(text: str) -> None:
    """Random figures, units and signs: every claim's span cuts its own text out."""
    for c in read(text).claims:
        assert text[c.char_start : c.char_end] == c.span_text


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all(text: str) -> None:
    """Any Unicode text is read."""
    read(text)


@pytest.mark.parametrize(
    "text",
    ["1234567890" * 20_000, "123,456," * 10_000, "1조2억3만4천 " * 5_000, "(" * 20_000 + "1억원" + ")" * 20_000, "1~2~3~4~5" * 3_000,
     "GPU 1600개 " * 400, " " * 50_000 + "1"],
    ids=["digits", "commas", "units", "brackets", "ranges", "repeats", "spaces"],
)  # fmt: skip
def test_long_and_nested_text_ends(text: str) -> None:
    """Long runs of digits, commas, units, brackets and repeats are read to their end."""
    read(text)
