"""Exponentials in double precision that NumPy and the compiled kernels work out alike, to the last bit.

Libraries differ in the last bit, and few work on whole vector registers; this is Moshier's rational function (Cephes,
``exp.c``), off by less than two units in the last place.
"""

from __future__ import annotations

import numpy as np

from podium.data.dataset import Array

__all__ = ["exponential"]

LEAST, MOST = -708.0, 709.0
LOG2E, LN2_HIGH, LN2_LOW = 1.4426950408889634073599, 6.93145751953125e-1, 1.42860682030941723212e-6
ROUND = 6755399441055744.0
"""1.5 × 2⁵²: added to a number it leaves the nearest whole one in the low bits."""
P = (1.26177193074810590878e-4, 3.02994407707441961300e-2, 9.99999999999999999910e-1)
Q = (3.00198505138664455042e-6, 2.52448340349684104192e-3, 2.27265548208155028766e-1, 2.0)


def exponential(x: Array) -> Array:
    """Return ``exp(x)``, of the same shape; x below -708 counts as -708 and above 709 as 709, NaN stays."""
    x = np.where(x < LEAST, LEAST, np.where(x > MOST, MOST, x))
    whole = x * LOG2E + ROUND
    power = whole - ROUND
    r = x - power * LN2_HIGH
    r = r - power * LN2_LOW
    square = r * r
    p = r * ((P[0] * square + P[1]) * square + P[2])
    q = ((Q[0] * square + Q[1]) * square + Q[2]) * square + Q[3]
    part = p / (q - p)
    scale = ((whole.view(np.int64) + 1023) << 52).view(np.float64)
    return np.asarray((part + part + 1.0) * scale)
