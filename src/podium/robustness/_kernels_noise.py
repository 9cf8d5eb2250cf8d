"""Compiled random errors; each kernel equals a function of `figures`, to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np

from podium.robustness._kernels import compiled
from podium.robustness.figures import CENTRE, EXPONENTIAL, LOGARITHM, TAIL, F

__all__ = ["add_errors", "put_errors"]

ONE, TWO, HALF, STEP, LN2, FIVE, THREE = F(1), F(2), F(0.5), F(2.0**-24), F(0.69314718), F(5), F(3)
SHIFT, ROOT_TWO, LOG2E, LN2_HIGH, LN2_LOW = F(2.5), F(1.41421356), F(1.44269504), F(0.693359375), F(-2.12194440e-4)
ROOT_BITS = np.int32(0x3F3504F3)  # of ROOT_HALF, and the distance from them to those of 1
FROM_ROOT = np.int32(0x3F800000 - 0x3F3504F3)
TILE, LANES = 512, 32


@compiled
def share_of(bits: Any, z: Any, y: Any) -> None:
    """The sign times what the magnitude leaves to 1, and the product of which the logarithm is taken."""
    for d in range(len(bits)):
        share = (F(np.int32(bits[d] >> np.uint32(8))) + HALF) * STEP
        z[d] = ONE - share if bits[d] & np.uint32(1) else share - ONE
        y[d] = share * (TWO - share)


@compiled
def take_apart(y: Any, m: Any, e: Any) -> None:
    """The power of two and what is left of ``y``, between the roots of 1/2 and 2."""
    whole, left = y.view(np.int32), m.view(np.int32)
    for d in range(len(y)):
        i = np.int32(whole[d] + FROM_ROOT)
        e[d] = F(np.int32(np.int32(i >> np.int32(23)) - np.int32(127)))
        left[d] = np.int32((i & np.int32(0x7FFFFF)) + ROOT_BITS)


@compiled
def logarithm(m: Any, y: Any, e: Any) -> None:
    """Turn the power ``e`` into minus the logarithm; in two loops, since shorter chains run side by side."""
    for d in range(len(m)):
        x = m[d] - ONE
        p = LOGARITHM[0] * x + LOGARITHM[1]
        p = p * x + LOGARITHM[2]
        p = p * x + LOGARITHM[3]
        p = p * x + LOGARITHM[4]
        y[d] = p * x + LOGARITHM[5]
    for d in range(len(m)):
        x = m[d] - ONE
        p = y[d] * x + LOGARITHM[6]
        p = p * x + LOGARITHM[7]
        p = p * x + LOGARITHM[8]
        square = x * x
        e[d] = -(x + (p * x * square - HALF * square) + e[d] * LN2)


@compiled
def centre(w: Any, y: Any) -> None:
    """The polynomial that holds for all but one in 290."""
    for d in range(len(w)):
        a = w[d] - SHIFT
        p = CENTRE[0] * a + CENTRE[1]
        p = p * a + CENTRE[2]
        p = p * a + CENTRE[3]
        y[d] = p * a + CENTRE[4]
    for d in range(len(w)):
        a = w[d] - SHIFT
        p = y[d] * a + CENTRE[5]
        p = p * a + CENTRE[6]
        p = p * a + CENTRE[7]
        y[d] = p * a + CENTRE[8]


@compiled
def tails(w: Any, y: Any) -> None:
    """The polynomial of the others."""
    for d in range(len(w)):
        if w[d] >= FIVE:
            a = np.sqrt(w[d]) - THREE
            p = TAIL[0] * a + TAIL[1]
            p = p * a + TAIL[2]
            p = p * a + TAIL[3]
            p = p * a + TAIL[4]
            p = p * a + TAIL[5]
            p = p * a + TAIL[6]
            p = p * a + TAIL[7]
            y[d] = p * a + TAIL[8]


@compiled
def deviates(bits: Any, z: Any, y: Any, m: Any, e: Any) -> None:
    """Fill ``z`` with standard normal deviates from random bits: `figures.normals`. The others are scratch.

    Step by step, each a function: in one the compiler would keep most loops out of vector registers.
    """
    share_of(bits, z, y)
    take_apart(y, m, e)
    logarithm(m, y, e)
    centre(e, y)
    for at in range(0, len(z), LANES):
        last = min(at + LANES, len(z))
        far = False
        for d in range(at, last):
            far |= e[d] >= FIVE
        if far:
            tails(e[at:last], y[at:last])
    for d in range(len(z)):
        z[d] = z[d] * ROOT_TWO * y[d]


@compiled
def grow(x: Any, amount: Any, scale: Any, p: Any) -> None:
    """Turn deviates into what ``scale`` is to be multiplied by: `figures.exponentials`; p is scratch."""
    powers = scale.view(np.int32)
    for d in range(len(x)):
        v = x[d] * amount
        power = np.floor(v * LOG2E + HALF)
        r = v - power * LN2_HIGH
        x[d] = r - power * LN2_LOW
        powers[d] = np.int32(np.int32(np.int32(power) + np.int32(127)) << np.int32(23))
    for d in range(len(x)):
        r = x[d]
        q = EXPONENTIAL[0] * r + EXPONENTIAL[1]
        q = q * r + EXPONENTIAL[2]
        p[d] = q * r + EXPONENTIAL[3]
    for d in range(len(x)):
        r = x[d]
        q = p[d] * r + EXPONENTIAL[4]
        q = q * r + EXPONENTIAL[5]
        x[d] = q * (r * r) + r + ONE


@compiled
def put_errors(bits: Any, relative: Any, amounts: Any, x: Any, z: Any, work: Any) -> None:
    """Put random errors on one series ``x[unit, draw]`` in place; ``z`` and ``work`` are scratch."""
    units, draws = x.shape
    scale, y, m, e = work[0], work[1], work[2], work[3]
    for at in range(0, units * draws, TILE):
        size = min(TILE, units * draws - at)
        deviates(bits[at : at + size], z[at : at + size], y[:size], m[:size], e[:size])
    for u in range(units):
        out, one, amount = x[u], z[u * draws : (u + 1) * draws], amounts[u]
        if not relative:
            for d in range(draws):
                out[d] += amount * np.float64(one[d])
            continue
        grow(one, F(amount), scale, y)
        for d in range(draws):
            out[d] *= np.float64(one[d] * scale[d])


@compiled
def add_errors(bits: Any, series: Any, relative: Any, amounts: Any, figures: Any) -> None:
    """Put random errors on ``figures[series, unit, draw]`` in place: `figures.sample_errors`."""
    units, draws = figures.shape[1], figures.shape[2]
    z, work = np.empty(units * draws, dtype=F), np.empty((4, max(TILE, draws)), dtype=F)
    for k in range(len(series)):
        put_errors(bits[k], relative[k], amounts[k], figures[series[k]], z, work)
