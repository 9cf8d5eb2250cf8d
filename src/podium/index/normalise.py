"""Indicators brought to one scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from podium.data.dataset import Array

__all__ = ["METHODS", "learn", "normalise", "register_normalisation"]

Learn = Callable[[Array], tuple[Array, Array]]


def minmax(x: Array) -> tuple[Array, Array]:
    """Lowest value and range over units: ``(x - min) / (max - min)`` (OECD/JRC 2008, doi:10.1787/9789264043466-en)."""
    low = np.nanmin(x, axis=-2, keepdims=True)
    return low, np.nanmax(x, axis=-2, keepdims=True) - low


def zscore(x: Array) -> tuple[Array, Array]:
    """Mean and standard deviation (n - 1) over units (OECD/JRC 2008, doi:10.1787/9789264043466-en)."""
    return np.nanmean(x, axis=-2, keepdims=True), np.nanstd(x, axis=-2, ddof=1, keepdims=True)


def fracmax(x: Array) -> tuple[Array, Array]:
    """Zero and the highest value over units: the fraction of the maximum."""
    high = np.nanmax(x, axis=-2, keepdims=True)
    return np.zeros_like(high), high


METHODS: dict[str, Learn] = {"fracmax": fracmax, "minmax": minmax, "zscore": zscore}
"""Linear normalisations: each learns a centre and a spread ``(..., 1, indicator)``."""

RANKS = ("rank", "percentile_rank")


def register_normalisation(name: str, function: Learn) -> None:
    """Make a linear normalisation known to specifications under a name."""
    METHODS[name] = function


def learn(x: Array, method: str) -> tuple[Array, Array]:
    """Return what a method learns from the data: centre and spread ``(..., 1, indicator)``; x is NaN-free or not."""
    if method in RANKS:
        flat = np.moveaxis(x, -1, -2)
        return np.sort(flat, axis=-1), np.array(method == "rank")
    return METHODS[method](x)


def normalise(
    x: Array, learnt: tuple[Array, Array], *, method: str, scale: Mapping[str, float] | None = None
) -> Array:
    """Return the normalised values.

    Parameters
    ----------
    x
        ``(..., unit, indicator)``, more is better; NaN stays NaN. Values outside what was learnt go beyond the
        ends of the scale, so that a frozen normalisation shows an improvement on the best.
    learnt
        The result of `learn`.
    scale
        ``low`` and ``high`` of the new scale for min–max and ranks, ``mean`` and ``sd`` for z-scores.

    Returns
    -------
    Array of the shape of x.
    """
    s = scale or {}
    if method in RANKS:
        return _ranked(x, learnt[0], s)
    centre, spread = learnt
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = np.where(spread > 0, (x - centre) / spread, np.nan)
    if method == "zscore":
        return np.asarray(s.get("mean", 0.0) + s.get("sd", 1.0) * unit)
    low, high = s.get("low", 0.0), s.get("high", 1.0)
    return np.asarray(low + (high - low) * unit)


def _ranked(x: Array, ordered: Array, scale: Mapping[str, float]) -> Array:
    """Share of the learnt values that are smaller, on the scale; ties take the lowest."""
    out = np.full(x.shape, np.nan)
    low, high = scale.get("low", 0.0), scale.get("high", 1.0)
    for k in range(x.shape[-1]):
        column = ordered[..., k, :].reshape(-1)
        known = column[~np.isnan(column)]
        share = np.searchsorted(known, x[..., k], side="left") / max(len(known) - 1, 1)
        out[..., k] = np.where(np.isnan(x[..., k]), np.nan, low + (high - low) * share)
    return out
