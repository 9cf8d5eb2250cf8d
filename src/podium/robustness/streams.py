"""Random numbers in bulk: NumPy's own, or the same ones from the compiled kernels at a third of the time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.robustness.scorer import Engine

__all__ = ["bits", "uniforms"]


def uniforms(rng: np.random.Generator, low: Array, wide: Array, draws: int, *, engine: Engine) -> Array:
    """Return uniform numbers on ``[low, low + wide)``, ``(item, draw)``, the same with either engine."""
    out = np.empty((len(low), draws))
    if engine == "kernels" and isinstance(rng.bit_generator, np.random.SFC64):
        from podium.robustness import _kernels_random

        held = rng.bit_generator.state
        _kernels_random.uniforms(held["state"]["state"], low, wide, out)
        rng.bit_generator.state = held
        return out
    rng.random(out=out)
    out *= wide[:, None]
    out += low[:, None]
    return out


def bits(rng: np.random.Generator, number: int, *, engine: Engine) -> npt.NDArray[np.uint64]:
    """Return whole numbers of 64 random bits, the same with either engine."""
    if engine == "kernels" and isinstance(rng.bit_generator, np.random.SFC64):
        from podium.robustness import _kernels_random

        out = np.empty(number, dtype=np.uint64)
        held = rng.bit_generator.state
        _kernels_random.bits(held["state"]["state"], out)
        rng.bit_generator.state = held
        return out
    return rng.bit_generator.random_raw(number)
