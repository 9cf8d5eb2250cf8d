"""Estimates for missing cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from podium.data.dataset import Array

__all__ = ["centres", "fill"]


def centres(values: Array, groups: Sequence[object] | None, *, median: bool) -> Array:
    """Return what a missing cell of each unit and indicator is replaced by.

    Parameters
    ----------
    values
        ``(..., unit, indicator)``; NaN is missing.
    groups
        One label a unit; the mean or median is taken over the unit's group. None takes all units. A unit whose
        label is missing gets NaN.

    Returns
    -------
    ``(..., unit, indicator)``; NaN where a group has no value at all.
    """
    middle = np.nanmedian if median else np.nanmean
    out = np.full(values.shape, np.nan)
    labels = np.array([0] * values.shape[-2] if groups is None else list(groups), dtype=object)
    for label in dict.fromkeys(labels):
        if label is None or label != label:
            continue
        rows = np.flatnonzero(labels == label)
        part = values[..., rows, :]
        known = ~np.isnan(part).all(axis=-2)
        filled = np.where(np.expand_dims(known, -2), part, 0.0)  # nanmean warns on a column without any value
        out[..., rows, :] = np.where(known, middle(filled, axis=-2), np.nan)[..., None, :]
    return out


def fill(values: Array, estimates: Array) -> Array:
    """Return the values with missing cells replaced by the estimates."""
    return np.where(np.isnan(values), estimates, values)
