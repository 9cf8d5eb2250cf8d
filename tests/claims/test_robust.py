"""No text makes the reader crash or lose its place."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podium.claims.check import check_claims
from podium.claims.claim import CheckedArticle
from podium.claims.extract import Page, article_of, extract, read_article
from podium.errors import ArticleError

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


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["half", "a", "fifth", "of", "the", "5,000", "GPUs", "$", "€1bn", "(", ")", "than", "twice", "from", "to", "40MW", "each", ";", "Korea",
                                 "sixth", "in the Global AI Index", "one hundred", "million", "\ud800", "\n", "-", "%", "72", "DGX B200", "15x"]), max_size=60))  # fmt: skip
def test_any_english_made_of_figures(words: list[str]) -> None:
    """Words of figures, names and signs in any order, lone surrogates included: every span cuts its own text out."""
    text = " ".join(words)
    page = Page(text, "en", "2025-01-02")
    for c in check_claims(CheckedArticle("x", text, "en", "2025-01-02", extract(page))).claims:
        assert text[c.char_start : c.char_end] == c.span_text


def test_text_longer_than_an_article_is_refused() -> None:
    """A hundred thousand characters are an article; more are named as a collection."""
    with pytest.raises(ArticleError, match="100,001 characters"):
        article_of("1" * 100_001, date="2025-01-02")
    assert article_of("1" * 100_000, date="2025-01-02").claims == ()


def test_ten_megabytes_of_digits_are_refused_at_once(tmp_path: Path) -> None:
    """Ten megabytes of digits, in a file or as a text, bring a clear error in next to no time and memory."""
    path = tmp_path / "digits.txt"
    path.write_text("1234567890" * 1_000_000, encoding="ascii")
    text = "1" * 10_000_000
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(ArticleError, match="10 MB large"):
        read_article(path, date="2025-01-02")
    with pytest.raises(ArticleError, match="10,000,000 characters"):
        article_of(text, date="2025-01-02")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - began < 5
    assert peak < 50e6


def test_time_grows_with_the_length_of_a_text() -> None:
    """Four times as long a text of nothing but figures takes about four times as long, not sixteen times."""

    def seconds(length: int) -> float:
        text = ("1600개 3조원 20% 2배 40MW " * length)[: 23 * length]
        began = time.process_time()
        read(text)
        return time.process_time() - began

    seconds(20)  # warm
    assert seconds(160) < 9 * seconds(40)


def test_surrogates_in_entities_break_nothing(tmp_path: Path) -> None:
    """A page with lone surrogates as entities is read, and its figure found."""
    path = tmp_path / "a.html"
    path.write_text("<html><body><p>일본은 GPU &#xD800; 1600개를 &#xDFFF; 산다.</p></body></html>", encoding="utf-8")
    (one,) = read_article(path, date="2025-01-02").claims
    assert one.value == 1600
