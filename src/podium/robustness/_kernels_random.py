"""Random numbers and exponentials in compiled loops: those of NumPy's generator and of `elementary`."""

from __future__ import annotations

from typing import Any

import numpy as np

from podium.robustness._kernels import compiled
from podium.robustness.elementary import LEAST, LN2_HIGH, LN2_LOW, LOG2E, MOST, ROUND, P, Q

__all__ = ["bits", "exponentials", "logarithms", "uniforms"]

TILE = 512
BASE, BASE_BITS = 2.0**52, np.uint64(0x4330000000000000)
FRACTION, HALF_BITS, EXPONENT = np.uint64(0xFFFFFFFFFFFFF), np.uint64(0x3FE0000000000000), np.uint64(52)
ROOT_HALF, LN2_UPPER, LN2_UNDER = 0.70710678118654752440, 6.93147180369123816490e-01, 1.90821492927058770002e-10
G1, G2, G3, G4, G5, G6, G7 = (
    6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01,
    1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01)  # fmt: skip

SHIFT_11, SHIFT_3, SHIFT_24, SHIFT_40, ONE = (np.uint64(k) for k in (11, 3, 24, 40, 1))


@compiled
def uniforms(state: Any, low: Any, wide: Any, out: Any) -> None:
    """Fill ``out[item, draw]`` with ``low + wide u``, u as `Generator.random` has it from SFC64 in this state."""
    a, b, c, k = state[0], state[1], state[2], state[3]
    for i in range(out.shape[0]):
        row, start, width = out[i], low[i], wide[i]
        for d in range(out.shape[1]):
            t = a + b + k
            k += ONE
            a = b ^ (b >> SHIFT_11)
            b = c + (c << SHIFT_3)
            c = ((c << SHIFT_24) | (c >> SHIFT_40)) + t
            row[d] = np.float64(np.int64(t >> SHIFT_11)) * 2.0**-53 * width + start
    state[0], state[1], state[2], state[3] = a, b, c, k


@compiled
def bits(state: Any, out: Any) -> None:
    """Fill ``out`` with what `BitGenerator.random_raw` returns from SFC64 in this state."""
    a, b, c, k = state[0], state[1], state[2], state[3]
    for i in range(len(out)):
        t = a + b + k
        k += ONE
        a = b ^ (b >> SHIFT_11)
        b = c + (c << SHIFT_3)
        c = ((c << SHIFT_24) | (c >> SHIFT_40)) + t
        out[i] = t
    state[0], state[1], state[2], state[3] = a, b, c, k


@compiled
def exponentials(x: Any) -> None:
    """Replace x in place by ``exp(x)``: `elementary.exponential`."""
    flat = x.reshape(-1)
    scale = np.empty(TILE)
    whole = scale.view(np.int64)
    for start in range(0, len(flat), TILE):
        row = flat[start : min(start + TILE, len(flat))]
        for d in range(len(row)):
            v = row[d]
            v = LEAST if v < LEAST else (MOST if v > MOST else v)
            scale[d] = v * LOG2E + ROUND
            power = scale[d] - ROUND
            r = v - power * LN2_HIGH
            r = r - power * LN2_LOW
            square = r * r
            p = r * ((P[0] * square + P[1]) * square + P[2])
            q = ((Q[0] * square + Q[1]) * square + Q[2]) * square + Q[3]
            part = p / (q - p)
            row[d] = part + part + 1.0
        for d in range(len(row)):
            whole[d] = (whole[d] + np.int64(1023)) << np.int64(52)
        for d in range(len(row)):
            row[d] = row[d] * scale[d]


@compiled
def logarithms(x: Any) -> None:
    """Replace positive normal numbers x in place by ``log(x)``, off by less than one unit in the last place.

    As in fdlibm (Sun Microsystems, ``e_log.c``): with x = 2ᵉ (1 + f) and s = f / (2 + f), a polynomial in s².
    """
    flat = x.reshape(-1)
    power, part = np.empty(TILE), np.empty(TILE)
    powers, parts = power.view(np.uint64), part.view(np.uint64)
    for start in range(0, len(flat), TILE):
        row = flat[start : min(start + TILE, len(flat))]
        held = row.view(np.uint64)
        for d in range(len(row)):  # a small whole number as a double: put in the low bits of 2⁵² and taken off again
            powers[d] = (held[d] >> EXPONENT) | BASE_BITS
        for d in range(len(row)):
            parts[d] = (held[d] & FRACTION) | HALF_BITS
        for d in range(len(row)):
            small = part[d] < ROOT_HALF
            e = power[d] - (BASE + 1022.0)
            e = e - 1.0 if small else e
            f = (part[d] + part[d] if small else part[d]) - 1.0
            s = f / (2.0 + f)
            z = s * s
            w = z * z
            half = 0.5 * f * f
            odd = w * (G2 + w * (G4 + w * G6))
            even = z * (G1 + w * (G3 + w * (G5 + w * G7)))
            row[d] = e * LN2_UPPER - ((half - (s * (half + (odd + even)) + e * LN2_UNDER)) - f)
