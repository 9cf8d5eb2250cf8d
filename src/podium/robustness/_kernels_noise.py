"""Compiled random errors; each kernel equals a function of `figures`, to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np

from podium.robustness._kernels import compiled
from podium.robustness.figures import CENTRE, EXPONENTIAL, LOGARITHM, ROOT_HALF, TAIL, F

__all__ = ["add_errors", "put_errors"]

ONE, TWO, HALF, STEP, LN2, FIVE, THREE = F(1), F(2), F(0.5), F(2.0**-24), F(0.69314718), F(5), F(3)
SHIFT, ROOT_TWO, LOG2E, LN2_HIGH, LN2_LOW = F(2.5), F(1.41421356), F(1.44269504), F(0.693359375), F(-2.12194440e-4)
TILE = 512


@compiled
def deviates(bits: Any, z: Any, y: Any, m: Any, e: Any) -> None:
    """Fill ``z`` with standard normal deviates from random bits: `figures.normals`. The others are scratch."""
    n = len(bits)
    yi, mi = y.view(np.int32), m.view(np.int32)
    for d in range(n):
        share = (F(np.int32(bits[d] >> np.uint32(8))) + HALF) * STEP
        z[d] = ONE - share if bits[d] & np.uint32(1) else share - ONE
        y[d] = share * (TWO - share)
    for d in range(n):
        e[d] = F(np.int32(yi[d] >> np.int32(23)) - np.int32(126))
        mi[d] = (yi[d] & np.int32(0x7FFFFF)) | np.int32(0x3F000000)
    for d in range(n):
        small = m[d] < ROOT_HALF
        x = (m[d] + m[d] if small else m[d]) - ONE
        power = e[d] - ONE if small else e[d]
        p = LOGARITHM[0] * x + LOGARITHM[1]
        p = p * x + LOGARITHM[2]
        p = p * x + LOGARITHM[3]
        p = p * x + LOGARITHM[4]
        p = p * x + LOGARITHM[5]
        p = p * x + LOGARITHM[6]
        p = p * x + LOGARITHM[7]
        p = p * x + LOGARITHM[8]
        square = x * x
        m[d] = -(x + (p * x * square - HALF * square) + power * LN2)
    for d in range(n):
        a = m[d] - SHIFT
        p = CENTRE[0] * a + CENTRE[1]
        p = p * a + CENTRE[2]
        p = p * a + CENTRE[3]
        p = p * a + CENTRE[4]
        p = p * a + CENTRE[5]
        p = p * a + CENTRE[6]
        p = p * a + CENTRE[7]
        y[d] = p * a + CENTRE[8]
    for d in range(n):
        if m[d] >= FIVE:  # one in 290
            a = np.sqrt(m[d]) - THREE
            p = TAIL[0] * a + TAIL[1]
            p = p * a + TAIL[2]
            p = p * a + TAIL[3]
            p = p * a + TAIL[4]
            p = p * a + TAIL[5]
            p = p * a + TAIL[6]
            p = p * a + TAIL[7]
            y[d] = p * a + TAIL[8]
    for d in range(n):
        z[d] = z[d] * ROOT_TWO * y[d]


@compiled
def put_errors(bits: Any, relative: Any, amounts: Any, x: Any, z: Any, work: Any) -> None:
    """Put random errors on one series ``x[unit, draw]`` in place; ``z`` and ``work`` are scratch."""
    units, draws = x.shape
    scale, y, m, e = work[0], work[1], work[2], work[3]
    powers = scale.view(np.int32)
    for at in range(0, units * draws, TILE):
        size = min(TILE, units * draws - at)
        deviates(bits[at : at + size], z[at : at + size], y[:size], m[:size], e[:size])
    for u in range(units):
        out, one = x[u], z[u * draws : (u + 1) * draws]
        if not relative:
            for d in range(draws):
                out[d] += amounts[u] * np.float64(one[d])
            continue
        amount = F(amounts[u])
        for d in range(draws):
            v = one[d] * amount
            power = np.floor(v * LOG2E + HALF)
            r = v - power * LN2_HIGH
            r = r - power * LN2_LOW
            p = EXPONENTIAL[0] * r + EXPONENTIAL[1]
            p = p * r + EXPONENTIAL[2]
            p = p * r + EXPONENTIAL[3]
            p = p * r + EXPONENTIAL[4]
            p = p * r + EXPONENTIAL[5]
            one[d] = p * (r * r) + r + ONE
            powers[d] = np.int32((np.int32(power) + np.int32(127)) << np.int32(23))
        for d in range(draws):
            out[d] *= np.float64(one[d] * scale[d])


@compiled
def add_errors(bits: Any, series: Any, relative: Any, amounts: Any, figures: Any) -> None:
    """Put random errors on ``figures[series, unit, draw]`` in place: `figures.sample_errors`."""
    units, draws = figures.shape[1], figures.shape[2]
    z, work = np.empty(units * draws, dtype=F), np.empty((4, max(TILE, draws)), dtype=F)
    for k in range(len(series)):
        put_errors(bits[k], relative[k], amounts[k], figures[series[k]], z, work)
