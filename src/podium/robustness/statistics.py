"""What a sample of ranks says: quantiles, shares with their Monte-Carlo error, pairwise counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.robustness.tally import Bins, Counts, Layout, Tally

__all__ = [
    "Probability", "Share", "ahead", "count_share", "pairwise", "quantiles", "quantiles_of_counts", "share",
]  # fmt: skip


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


def count_share(hits: float, draws: int) -> Share:
    """Return the share of draws that count, from their number."""
    p = hits / draws
    certain = hits in (0, draws)
    return Share(p, float(np.sqrt(p * (1 - p) / draws)), 3 / draws if certain else None, draws)


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


def quantiles_of_counts(counts: Counts, at: tuple[float, ...]) -> Array:
    """Return quantiles (type 7) of whole numbers from their counts, ``(unit, number)`` → ``(quantile, unit)``.

    NaN for a unit without any. Equal to `quantiles` of the numbers themselves.
    """
    total = counts.sum(axis=1)
    upto = np.cumsum(counts, axis=1)
    out = np.full((len(at), len(counts)), np.nan)
    for k, q in enumerate(at):
        place = np.maximum(total - 1, 0) * q
        lower = np.floor(place)
        below = (upto <= lower[:, None]).sum(axis=1)
        above = (upto <= np.minimum(lower + 1, np.maximum(total - 1, 0))[:, None]).sum(axis=1)
        out[k] = np.where(total > 0, below + (place - lower) * (above - below), np.nan)
    return out


def rank_quantiles(layout: Layout, counts: Tally, at: tuple[float, ...]) -> Array:
    """Return quantiles of the ranks, ``(quantile, unit)``: exact (type 7), or within a bin of a sketch."""
    if layout.rank_bins is None:
        return quantiles_of_counts(counts.places, at) + 1.0
    return quantiles_of_bins(layout.rank_bins, counts.places, at, counts.least, counts.most) + 1.0


def quantiles_of_bins(
    bins: Bins, counts: Counts, at: tuple[float, ...], least: Array | Counts, most: Array | Counts
) -> Array:
    """Return quantiles from counts in bins, ``(unit, bin)`` → ``(quantile, unit)``, spread evenly within a bin.

    The smallest value that a share q of the draws does not exceed (type 1) lies in the same bin, so that this is off by
    less than ``bins.step``; the open bins at the ends reach to the least and the greatest value.
    """
    total = counts.sum(axis=1)
    upto = np.cumsum(counts, axis=1)
    out = np.full((len(at), len(counts)), np.nan)
    for k, q in enumerate(at):
        wanted = np.clip(q * total, 0.5, np.maximum(total - 0.5, 0.5))
        bin_ = (upto < wanted[:, None]).sum(axis=1).clip(0, bins.number - 1)
        inside = np.take_along_axis(counts, bin_[:, None], axis=1)[:, 0]
        before = np.take_along_axis(upto, bin_[:, None], axis=1)[:, 0] - inside
        part = (wanted - before) / np.maximum(inside, 1)
        value = bins.low + (bin_ - 1 + part) * bins.step
        out[k] = np.where(total > 0, np.clip(value, least, most), np.nan)
    return out


def mean_rank(layout: Layout, counts: Tally) -> Array:
    """Return the mean rank of each unit; NaN for one that never has a score."""
    total = counts.places.sum(axis=1)
    sums = counts.place_sum if layout.rank_bins else counts.places @ np.arange(counts.places.shape[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1.0 + np.where(total > 0, sums / total, np.nan))


def at_most(layout: Layout, counts: Tally, unit: int, k: int) -> tuple[float, int]:
    """Return in how many draws a unit is k-th or better, and the number of draws; a sketch spreads within its bin."""
    row = counts.places[unit]
    if layout.rank_bins is None:
        return float(row[:k].sum()), counts.draws
    if k > counts.most[unit]:
        return float(row.sum()), counts.draws
    if k <= counts.least[unit]:
        return 0.0, counts.draws
    upto = (k - layout.rank_bins.low[unit]) / layout.rank_bins.step[unit] + 1.0
    at = int(np.clip(np.floor(upto), 0, len(row) - 1))
    return float(row[:at].sum() + (upto - at) * row[at]), counts.draws


def wins(counts: Tally, a: int, b: int) -> float:
    """Return in how many draws unit a is ahead of unit b, ties counting half."""
    return float(counts.draws * pairwise_shares(counts)[a, b])


def pairwise_shares(counts: Tally) -> Array:
    """Return the share of draws in which the row unit is ahead of the column unit, ties half; the diagonal ½."""
    if counts.wins is None:
        raise DataError(Fault("who is ahead of whom was not counted for so many units",
                              "Ask for fewer units, or compare their rank intervals"))  # fmt: skip
    scored = counts.places.sum(axis=1)
    both = np.minimum(scored[:, None], scored)
    ties = np.maximum(both - counts.wins - counts.wins.T, 0)
    return np.asarray((counts.wins + 0.5 * ties) / counts.draws)


def rank_sd(layout: Layout, counts: Tally) -> Array:
    """Return the standard deviation (n - 1) of each unit's rank; NaN with fewer than two draws."""
    at = np.arange(counts.places.shape[1])
    total = counts.places.sum(axis=1)
    sums, squares = (
        (counts.place_sum, counts.place_square) if layout.rank_bins else (counts.places @ at, counts.places @ at**2)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = (squares - sums**2 / total) / (total - 1)
    return np.asarray(np.sqrt(np.where(total > 1, np.maximum(variance, 0.0), np.nan)))


def mean_shift(layout: Layout, counts: Tally) -> Array:
    """Return the mean distance of each unit's rank from its nominal one; NaN without a nominal rank."""
    total = counts.places.sum(axis=1)
    if layout.rank_bins is None:
        distance = np.abs(np.arange(counts.places.shape[1]) - layout.nominal[:, None])
        sums = (counts.places * distance).sum(axis=1)
    else:
        sums = counts.shift
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(layout.nominal >= 0, sums / total, np.nan))


def rank_range(layout: Layout, counts: Tally) -> tuple[Array, Array]:
    """Return the best and the worst rank of each unit in any draw; NaN for one that never has a score."""
    if layout.rank_bins is None:
        seen = counts.places > 0
        least = np.where(seen.any(axis=1), seen.argmax(axis=1) + 1.0, np.nan)
        most = np.where(seen.any(axis=1), seen.shape[1] - seen[:, ::-1].argmax(axis=1) * 1.0, np.nan)
        return least, most
    some = counts.places.sum(axis=1) > 0
    return np.where(some, counts.least + 1.0, np.nan), np.where(some, counts.most + 1.0, np.nan)


def rank_quantile_error(layout: Layout, counts: Tally, at: tuple[float, ...]) -> Array:
    """Return the Monte-Carlo standard error of rank quantiles, ``(quantile, unit)``.

    Half the distance between the quantiles one binomial standard error below and above: distribution-free (Conover
    1999, Practical Nonparametric Statistics, section 3.2).
    """
    n = max(counts.draws, 1)
    off = [float(np.sqrt(q * (1 - q) / n)) for q in at]
    low = rank_quantiles(layout, counts, tuple(max(q - e, 0.0) for q, e in zip(at, off, strict=True)))
    high = rank_quantiles(layout, counts, tuple(min(q + e, 1.0) for q, e in zip(at, off, strict=True)))
    return np.asarray((high - low) / 2)


def draws_for_share(p: float, error: float) -> int:
    """Return how many draws give a share near p the standard error wanted: ``p (1 - p) / error²``.

    For a share of 0 or 1 the bound 3/N is brought down to the error (Hanley & Lippman-Hand 1983).
    """
    return int(np.ceil(3 / error if p in (0.0, 1.0) else p * (1 - p) / error**2))


def draws_for_mean(sd: float, error: float) -> int:
    """Return how many draws give a mean the standard error wanted: ``sd² / error²``."""
    return max(int(np.ceil(sd**2 / error**2)), 1)


def central_weights(counts: Tally) -> Array:
    """Return the mean effective weights of the draws in which each unit is first, ``(unit, indicator)``; else NaN.

    The central weight vectors of SMAA (Lahdelma & Salminen 2001, doi:10.1287/opre.49.3.444.11220).
    """
    sums = counts.leading.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(sums > 0, counts.leading / sums, np.nan))
