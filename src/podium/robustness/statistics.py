"""What a sample of ranks says: quantiles, shares with their Monte-Carlo error, pairwise counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array

__all__ = ["Probability", "Share", "ahead", "pairwise", "quantiles", "share"]


@dataclass(frozen=True)
class Share:
    """A share of the draws with its standard error; ``bound`` is 3/N where none or all of N draws count.

    The rule of three: Hanley & Lippman-Hand (1983), doi:10.1001/jama.1983.03330370053031.
    """

    value: float
    error: float
    bound: float | None
    draws: int

    def __str__(self) -> str:
        """Return the share in per cent with its error, or with its bound where it is 0 or 1."""
        if self.bound is None:
            return f"{100 * self.value:.1f} % ± {100 * self.error:.1f}"
        side, limit = ("below", self.bound) if self.value == 0 else ("above", 1 - self.bound)
        return f"{100 * self.value:.0f} % ({side} {100 * limit:.5g} %, {self.draws} draws)"


@dataclass(frozen=True)
class Probability:
    """A probability over random errors: in the nominal variant, and the least and most over all variants."""

    nominal: float
    low: float
    high: float
    error: float
    draws: int


def share(hits: Array) -> Share:
    """Return the share of draws that count, from 0/1 values ``(draw,)``."""
    n = len(hits)
    p = float(np.mean(hits))
    certain = p in (0.0, 1.0)
    return Share(p, float(np.sqrt(p * (1 - p) / n)), 3 / n if certain else None, n)


def ahead(scores: Array, a: int, b: int) -> Array:
    """Whether unit a scores above unit b in each draw, ties counting half; ``(draw, unit)`` → ``(draw,)``."""
    return np.asarray((scores[:, a] > scores[:, b]) + 0.5 * (scores[:, a] == scores[:, b]), dtype=float)


def pairwise(scores: Array, *, block: int = 512) -> Array:
    """Return the share of draws in which the row unit is ahead of the column unit, ties half; the diagonal ½."""
    n, units = scores.shape
    total = np.zeros((units, units))
    for start in range(0, n, block):
        part = scores[start : start + block]
        total += (part[:, :, None] > part[:, None, :]).sum(axis=0)
        total += 0.5 * (part[:, :, None] == part[:, None, :]).sum(axis=0)
    return np.asarray(total / n, dtype=float)


def quantiles(x: Array, at: tuple[float, ...]) -> Array:
    """Return quantiles over draws (type 7), ``(draw, unit)`` → ``(quantile, unit)``."""
    return np.asarray(np.quantile(x, at, axis=0))
