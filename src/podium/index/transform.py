"""Transformations that a specification declares for an indicator's figures or a node's score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from podium.data.dataset import Array
from podium.errors import ComputationError, Fault

__all__ = ["METHODS", "transform"]

Change = Callable[[Array, float], Array]

METHODS: dict[str, Change] = {
    "abs": lambda y, e: np.abs(y),
    "cap": lambda y, e: y,
    "exp": lambda y, e: np.exp(y),
    "linear": lambda y, e: y,
    "log": lambda y, e: np.log(y),
    "log10": lambda y, e: np.log10(y),
    "log2": lambda y, e: np.log2(y),
    "logit": lambda y, e: np.log(y / (1.0 - y)),
    "power": lambda y, e: y**e,
    "sqrt": lambda y, e: np.sqrt(y),
}
LOGARITHMS = ("log", "log10", "log2")


def transform(
    x: Array, *, method: str, scale: float = 1.0, offset: float = 0.0, exponent: float = 1.0,
    lower: float | None = None, upper: float | None = None, below: tuple[float, float | None] | None = None,
    above: tuple[float, float | None] | None = None, then: Mapping[str, Any] | None = None, label: str = "an indicator",
    units: tuple[str, ...] = (),
) -> Array:  # fmt: skip
    """Return a function of ``y = scale x + offset``: one of `METHODS`, then perhaps another; NaN stays.

    Parameters
    ----------
    x
        ``(..., unit)`` figures.
    lower, upper
        x is kept within these before anything else; ``cap`` does no more than that.
    below, above
        ``(limit, result)``: what an x below, or above, the limit becomes whatever the method says; None is missing.
    then
        The keywords of a further transformation of the result.
    label, units
        Names for messages.

    Raises
    ------
    ComputationError
        If a logarithm, root or power has no value, naming the indicator and, where known, the unit.
    """
    if method == "none":
        return x
    kept = np.clip(x, lower, upper) if lower is not None or upper is not None else x
    y = kept if method == "cap" else scale * kept + offset
    settled = np.zeros(np.shape(x), dtype=bool)
    for limit, side in ((below, np.less), (above, np.greater)):
        if limit is not None:
            settled |= side(x, limit[0])
    _refuse(np.where(settled, np.nan, y), x, method, exponent, label, units)
    safe = np.where(settled, 1.0, y) if settled.any() else y
    with np.errstate(divide="ignore", invalid="ignore"):
        out = np.asarray(METHODS[method](safe, exponent), dtype=float)
    if below is not None:
        out = np.where(x < below[0], np.nan if below[1] is None else below[1], out)
    if above is not None:
        out = np.where(x > above[0], np.nan if above[1] is None else above[1], out)
    return out if then is None else transform(out, **then, label=label, units=units)


def _refuse(y: Array, x: Array, method: str, exponent: float, label: str, units: tuple[str, ...]) -> None:
    """Raise if the method has no value at any y."""
    if method in LOGARITHMS:
        bad, remedy = y <= 0, "Raise `offset`, or set `lower`"
    elif method == "sqrt" or (method == "power" and exponent != round(exponent)):
        bad, remedy = y < 0, "Raise `offset`, or set `lower`"
    elif method == "logit":
        bad, remedy = (y <= 0) | (y >= 1), "Keep the figures between 0 and 1 with `lower` and `upper`"
    else:
        bad, remedy = np.zeros(np.shape(y), dtype=bool), ""
    if method in ("power", "sqrt") and exponent < 0:
        bad, remedy = bad | (y == 0), "Set `lower`, or an `offset`"
    if bool(np.any(bad)):
        at = np.argwhere(bad)[0]
        unit = f" of {units[at[-1]]}" if units else ""
        worst = float(np.asarray(x)[tuple(at)])
        raise ComputationError(Fault(f"{method} of {label} has no value: the figure{unit} is {worst:g}", remedy))
