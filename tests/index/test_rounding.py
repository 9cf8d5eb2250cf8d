"""Rounding against Python's decimal arithmetic and a spreadsheet's cells."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from podium.index.rounding import round_half_even, round_half_up, rounded, spreadsheet

NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, width=64),
    st.integers(-(10**7), 10**7).map(lambda n: n / 2000),  # ties of three decimals and fewer
    st.tuples(st.integers(-(10**13), 10**13), st.integers(0, 16)).map(lambda p: p[0] / 10 ** p[1]),
    st.tuples(st.integers(-999, 999), st.integers(1, 9)).map(lambda p: float(np.nextafter(p[0] / 10 + 0.5 / 10 ** p[1], np.inf))),
)


def by_decimal(v: float, decimals: int, rule: str) -> float:
    """The slow way: the shortest decimal form, quantised."""
    if Decimal(repr(v)).adjusted() + decimals > 25:
        return v
    return float(Decimal(repr(v)).quantize(Decimal(1).scaleb(-decimals), rule))


@settings(max_examples=1500, deadline=None)
@given(values=st.lists(NUMBERS, min_size=1, max_size=8), decimals=st.integers(-3, 12))
@example(values=[0.285, 1.005, 2.675, -2.5, 0.5, 1.5, 1e22, 5e-324, 1e300, 0.1 + 0.2, 3.45, 4503599627370497.5], decimals=2)
@example(values=[0.5, 1.5, 2.5, -0.5, 9007199254740993.0], decimals=0)
def test_rounding_equals_decimal_arithmetic(values: list[float], decimals: int) -> None:
    """Half up and half even on the shortest decimal form, as Python's decimal module quantises it."""
    x = np.array(values)
    for ours, rule in ((round_half_up, ROUND_HALF_UP), (round_half_even, ROUND_HALF_EVEN)):
        np.testing.assert_array_equal(ours(x, decimals), [by_decimal(v, decimals, rule) for v in values])


def test_spreadsheet_rounds_fifteen_digits_first() -> None:
    """By hand: numbers whose 15 significant digits end on a tie go up, where their shortest form lies below it."""
    x = np.array([1.1499999999999997, 3.4499999999999997, 2.345, -0.25, np.nan, np.inf])
    np.testing.assert_array_equal(spreadsheet(x, 1), [1.2, 3.5, 2.3, -0.3, np.nan, np.inf])
    np.testing.assert_array_equal(round_half_up(x, 1)[:2], [1.1, 3.4])


@pytest.mark.parametrize(("rule", "expected"), [("half_up", 0.13), ("half_even", 0.12), ("spreadsheet", 0.13), ("none", 0.125)])
def test_rules_by_name(rule: str, expected: float) -> None:
    """Each rule on the tie 0.125; `none` leaves it."""
    assert rounded(np.array([0.125]), 2, rule)[0] == expected


def test_missing_and_shape_stay() -> None:
    """NaN stays NaN, and the shape with it."""
    out = round_half_up(np.array([[np.nan, 0.05], [-0.05, np.inf]]), 1)
    np.testing.assert_array_equal(out, [[np.nan, 0.1], [-0.1, np.inf]])
