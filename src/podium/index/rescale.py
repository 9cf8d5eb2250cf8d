"""The root's score brought to another scale after aggregation."""

from __future__ import annotations

import numpy as np

from podium.data.dataset import Array
from podium.errors import ComputationError, Fault
from podium.index.steps import Rescale

__all__ = ["ends", "rescaled"]


def ends(root: Array, rule: Rescale) -> tuple[float, float]:
    """Return the two scores that become the ends of the new scale, learnt from the scores ``(unit,)`` or declared.

    ``minmax`` takes the least and the greatest, ``fracmax`` zero and the greatest, ``goalposts`` those declared,
    ``zscore`` the mean and one standard deviation (n - 1) above it. NaN is left out.

    Raises
    ------
    ComputationError
        If the scores have no spread.
    """
    if rule.goalposts is not None:
        return rule.goalposts
    if bool(np.isnan(root).all()):
        raise ComputationError(Fault("no unit has a score to rescale", "Lower `min_available`"))
    low, high = float(np.nanmin(root)), float(np.nanmax(root))
    if rule.method == "fracmax":
        low = 0.0
    if high == low:
        raise ComputationError(Fault(f"all scores are {high:g}, so steps.rescale has no spread", "Leave it out"))
    if rule.method == "zscore":
        centre = float(np.nanmean(root))
        return centre, centre + float(np.nanstd(root, ddof=1))
    return low, high


def rescaled(root: Array, rule: Rescale, learnt: tuple[float, float]) -> Array:
    """Return the scores on the new scale; NaN stays.

    Parameters
    ----------
    root
        ``(..., unit)``.
    learnt
        The result of `ends`.
    """
    low, high = learnt
    first, last = rule.range if rule.method != "zscore" else (rule.mean, rule.mean + rule.sd)
    out = first + (last - first) * (root - low) / (high - low)
    out = np.clip(out, min(rule.range), max(rule.range)) if rule.clip else out
    return np.asarray(out, dtype=float)
