"""Figures in running text."""

from __future__ import annotations

import pytest

from podium.claims.quantities import bounds, find_quantities


@pytest.mark.parametrize(
    ("text", "span", "value", "unit"),
    [
        ("약 8조6000억원을 썼다", "약 8조6000억원", 8.6e12, "KRW"),
        ("3조 5000억원 규모", "3조 5000억원", 3.5e12, "KRW"),
        ("1억 6천만 달러를", "1억 6천만 달러", 1.6e8, "USD"),
        ("GPU 1만 7280개", "1만 7280개", 17280, ""),
        ("2억4000만캐나다달러", "2억4000만캐나다달러", 2.4e8, "CAD"),
        ("約102.4億円", "約102.4億円", 1.024e10, "JPY"),
        ("4億7000万ドルを", "4億7000万ドル", 4.7e8, "USD"),
        ("a €109bn plan", "€109bn", 1.09e11, "EUR"),
        ("about $40 billion into", "about $40 billion", 4e10, "USD"),
        ("NT$158 million", "NT$158 million", 1.58e8, "TWD"),
        ("21엑사플롭스의 성능", "21엑사플롭스", 2.1e19, "FLOPS"),
        ("rated at 9 petaflops", "9 petaflops", 9e15, "FLOPS"),
        ("a 1.4GW campus", "1.4GW", 1.4e9, "W"),
        ("セ氏ではなく30メガワット", "30メガワット", 3e7, "W"),
        ("carries 192GB of", "192GB", 1.92e11, "B"),
        ("세 배로 늘었다", "세 배", 3, "x"),
        ("tenfold", "tenfold", 10, "x"),
        ("3분의 1을", "3분의 1", 1 / 3, "ratio"),
        ("約3割が", "約3割", 0.3, "ratio"),
        ("two-thirds of", "two-thirds", 2 / 3, "ratio"),
        ("１６００基を", "１６００基", 1600, ""),
    ],
)
def test_number_and_unit(text: str, span: str, value: float, unit: str) -> None:
    """Numbers of three languages come out in base units with their span."""
    (q,) = find_quantities(text)
    assert text[q.start : q.end] == span
    assert q.value == pytest.approx(value)
    assert q.unit == unit


@pytest.mark.parametrize(
    ("text", "hedge", "low", "high"),
    [
        ("3000여개의 GPU", "slightly_more", 3000, 4000),
        ("최대 500MW", "at_most", None, 5e8),
        ("3GW 이상", "at_least", 3e9, None),
        ("두 배 가까운", "nearly", 1.8, 2),
        ("500억엔가량", "approx", 4.5e10, 5.5e10),
        ("수백억원", "vague", 2e10, 9.99e10),
        ("1조원대 예산", "range", 1e12, 1.999e12),
        ("7割弱", "nearly", 0.63, 0.7),
        ("more than fifty times", "more_than", 50, None),
        ("$500 million to $700 million", "range", 5e8, 7e8),
        ("$1.5-2bn", "range", 1.5e9, 2e9),
        ("10분의 1도 되지 않는다", "less_than", None, 0.1),
    ],
)
def test_hedge_bounds_the_value(text: str, hedge: str, low: float | None, high: float | None) -> None:
    """A hedge gives the bounds that the contract of claims states."""
    (q,) = find_quantities(text)
    assert q.hedge == hedge
    assert q.low == (None if low is None else pytest.approx(low))
    assert q.high == (None if high is None else pytest.approx(high))


def test_bracketed_conversion_belongs_to_the_figure() -> None:
    """The amount in brackets is the conversion of the one before it, within one span."""
    (q,) = find_quantities("58억유로(약 8조6000억원)의")
    assert (q.value, q.unit, q.converted) == (5.8e9, "EUR", (8.6e12, "KRW"))
    assert q.end == len("58억유로(약 8조6000억원)")


@pytest.mark.parametrize("text", ["02-555-0142", "2024년 11월 14일", "HBM3E", "GB200 NVL72", "FTSE100", "500kWh", "9.5%포인트"])
def test_what_is_no_quantity(text: str) -> None:
    """Telephone numbers, dates, product names, energy and percentage points are not read as figures."""
    assert find_quantities(text) == []


def test_unhedged_value_has_no_bounds() -> None:
    """Without a hedge nothing is bounded."""
    assert bounds(5.0, None) == (None, None)
