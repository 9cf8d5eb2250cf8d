"""Random numbers and exponentials in compiled loops: those of NumPy's generator and of `elementary`."""

from __future__ import annotations

from typing import Any

import numpy as np

from podium.robustness._kernels import compiled
from podium.robustness.elementary import LEAST, LN2_HIGH, LN2_LOW, LOG2E, MOST, ROUND, P, Q

__all__ = ["bits", "exponentials", "uniforms"]

TILE = 512

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
