"""Numbers written and read back."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podium.claims.numerals import STYLES, find_numerals, read_number, spell

UNIT = {"hangul": "원", "kanji": "円", "ko-small": "원"}


def back(value: int, style: str) -> float | None:
    """The value that a number has after it was written in a style and read again."""
    written = spell(value, style)  # type: ignore[arg-type]
    found = next(find_numerals(written + UNIT.get(style, "")), None)
    return found.value if found is not None and found.end == len(written) else None


@settings(max_examples=400, deadline=None)
@given(st.integers(10, 10**16 - 1), st.sampled_from(STYLES))
def test_written_number_reads_as_itself(value: int, style: str) -> None:
    """Any whole number, written in any of the eleven styles, is read as the same value."""
    assert back(value, style) == float(value)


def test_round_numbers_of_every_size_read_as_themselves() -> None:
    """Two thousand seeded round numbers, as newspapers print them, survive every style."""
    rng = random.Random(20241114)
    for _ in range(2000):
        value = int(rng.randint(1, 999) * 10 ** rng.randint(1, 12))
        assert [s for s in STYLES if back(value, s) != float(value)] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("8조6000억", 8.6e12), ("3천5백억", 3.5e11), ("1만8천", 18000), ("一億二千万", None), ("half a million", 5e5),
     ("a quarter of a million", 2.5e5), ("two dozen", 24), ("10,372 crore", 1.0372e11), ("1.5bn", 1.5e9), ("２,０４８", 2048)],
)  # fmt: skip
def test_numbers_by_hand(text: str, value: float | None) -> None:
    """Numbers as articles print them; Chinese digits alone need a unit after them."""
    assert read_number(text) == value


@pytest.mark.parametrize(
    ("text", "low", "high"), [("수백억원", 2e10, 9.99e10), ("十数億円", 1.1e9, 1.9e9), ("tens of thousands of chips", 2e4, 9.99e4), ("몇백 대", 200, 999)]
)  # fmt: skip
def test_vague_numbers_have_bounds_only(text: str, low: float, high: float) -> None:
    """Hundreds of millions and the like have no value, but bounds."""
    (n,) = find_numerals(text)
    assert (n.value, n.low, n.high) == (None, pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize("text", ["십대 청소년", "일대에서", "三位一体", "一部の人", "9" * 60])
def test_words_that_are_no_numbers(text: str) -> None:
    """Words with number letters in them, and endless digits, are no numbers."""
    assert [n for n in find_numerals(text) if n.value not in (3.0, None)] == []


@pytest.mark.parametrize(("written", "value"), [("a thousand and twenty-four", 1024), ("a hundred and fifty", 150), ("a million", 10**6), ("a hundred thousand", 10**5), ("two thousand and forty-eight", 2048)])
def test_an_article_before_a_scale_is_one(written: str, value: int) -> None:
    """A hundred, a thousand and so on count one of it, and go on with what follows."""
    assert read_number(written) == value
