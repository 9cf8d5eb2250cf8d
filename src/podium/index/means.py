"""Means of children and what lies near them: power means, order statistics, penalised means."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from podium.data.dataset import Array
from podium.index.combine import RefusedError, held, refuse

__all__ = [
    "arithmetic", "displaced_ideal", "geometric", "harmonic", "inverted_geometric", "maximum", "median", "minimum",
    "mpi", "owa", "power",
]  # fmt: skip


def arithmetic(x: Array, w: Array) -> Array:
    """Weighted arithmetic mean (OECD/JRC 2008, doi:10.1787/9789264043466-en)."""
    return np.asarray((x * w).sum(axis=-1))


def geometric(x: Array, w: Array) -> Array:
    """Weighted geometric mean of positive values (OECD/JRC 2008)."""
    refuse(x <= 0, w, "the geometric mean needs values above 0")
    return np.asarray(np.exp((np.log(np.where(x > 0, x, 1.0)) * w).sum(axis=-1)))


def harmonic(x: Array, w: Array) -> Array:
    """Weighted harmonic mean of positive values (OECD/JRC 2008)."""
    refuse(x <= 0, w, "the harmonic mean needs values above 0")
    return np.asarray(1.0 / (w / np.where(x > 0, x, 1.0)).sum(axis=-1))


def power(x: Array, w: Array, *, exponent: float = 1.0) -> Array:
    """Generalised (power) mean ``(sum w x^p)^(1/p)`` of values from 0 on; the geometric mean at p = 0.

    Hardy, Littlewood & Pólya (1934), Inequalities, chapter 2.
    """
    if exponent == 0:
        return geometric(x, w)
    needs = "from 0 on" if exponent > 0 else "above 0"
    refuse(x < 0 if exponent > 0 else x <= 0, w, f"the generalised mean of exponent {exponent:g} needs values {needs}")
    return np.asarray((np.where(w > 0, x, 1.0) ** exponent * w).sum(axis=-1) ** (1.0 / exponent))


def median(x: Array, w: Array) -> Array:
    """Unweighted median of the children that have a weight."""
    return _by_row(x, w, np.nanmedian)


def minimum(x: Array, w: Array) -> Array:
    """The least of the children."""
    return np.asarray(np.where(w > 0, x, np.inf).min(axis=-1))


def maximum(x: Array, w: Array) -> Array:
    """The greatest of the children."""
    return np.asarray(np.where(w > 0, x, -np.inf).max(axis=-1))


def _by_row(x: Array, w: Array, function: Callable[..., Array]) -> Array:
    values = held(x, w)
    empty = np.asarray(np.isnan(values).all(axis=-1))
    return np.asarray(function(np.where(empty[..., None], 0.0, values), axis=-1))


def inverted_geometric(x: Array, w: Array, *, top: float = 10.0) -> Array:
    """INFORM's inverted geometric mean ``(top - GM((top - x) 0.9 + top/10)) / 0.9``, which favours high values.

    Marin-Ferrer, Vernaccini & Poljansek (2017), INFORM Index for Risk Management, doi:10.2760/094023.
    """
    turned = (top - x) * 0.9 + top / 10
    refuse(turned <= 0, w, f"the inverted geometric mean of a scale up to {top:g} needs values below {top / 0.9:g}",
           "Set the option `top` to the top of the scale")  # fmt: skip
    return np.asarray((top - geometric(turned, w)) / 0.9)


def displaced_ideal(x: Array, w: Array, *, top: float = 1.0, exponent: float = 2.0) -> Array:
    """The top less the weighted distance to the ideal: ``top - (sum w (top - x)^p)^(1/p)``, Euclidean at p = 2.

    Zeleny (1974), doi:10.1016/0305-0548(74)90064-1. It punishes a child that lags the more, the larger p is.
    """
    refuse(x > top, w, f"the displaced ideal of a scale up to {top:g} needs values up to it",
           "Set the option `top` to the top of the scale")  # fmt: skip
    return np.asarray(top - power(np.maximum(top - x, 0.0), w, exponent=exponent))


def mpi(x: Array, w: Array, *, penalty: float = -1.0, ddof: int = 0) -> Array:
    """Mazziotta–Pareto index: the mean with a penalty for imbalance, ``M ± S²/M`` with S the spread over children.

    ``penalty`` is -1 where more is better, 1 where less is. With values scaled to mean 100 and standard deviation 10
    it is the MPI; with values on 70 to 130 (the normalisation `ampi`) the adjusted MPI. ``ddof`` 1 takes the sample
    variance. Mazziotta & Pareto (2016), doi:10.1007/s11205-015-0998-2.
    """
    mean = arithmetic(x, w)
    variance = ((x - mean[..., None]) ** 2 * w).sum(axis=-1)
    if ddof:
        number = (w > 0).sum(axis=-1)
        variance = np.where(number > ddof, variance * number / np.maximum(number - ddof, 1), 0.0)
    refuse(np.broadcast_to((mean == 0)[..., None], x.shape), w, "the Mazziotta–Pareto index needs a mean other than 0",
           "Normalise to mean 100 and standard deviation 10, or with `ampi`")  # fmt: skip
    return np.asarray(mean + penalty * variance / np.where(mean == 0, 1.0, mean))


def owa(x: Array, w: Array, *, order: Sequence[float] = (), orness: float | None = None) -> Array:
    """Ordered weighted average: ``order`` weights the children from the greatest value to the least.

    With ``orness`` a instead, the weights are those of the quantifier ``r^((1 - a) / a)``: 1 takes the maximum, ½ the
    mean, 0 the minimum. Yager (1988), doi:10.1109/21.87068. Without all children, ordered weights given are those of
    the places taken, rescaled to 1; with `orness` they are made for the number there.
    """
    refused = None
    if orness is not None and (order or not 0 <= orness <= 1):
        refused = "give either `order` or an `orness` from 0 to 1"
    elif order and len(order) != x.shape[-1]:
        refused = f"`order` needs {x.shape[-1]} weights, not {len(order)}"
    elif order and (min(order) < 0 or sum(order) <= 0):
        refused = "the weights of `order` must not be negative and must not all be 0"
    if refused:
        raise RefusedError(refused, remedy="Mend the options of this node")
    ranked = -np.sort(np.where(w > 0, -x, np.inf), axis=-1)
    there = np.isfinite(ranked)
    places = np.asarray(order or np.ones(x.shape[-1]), dtype=float) if orness is None else _quantifier(there, orness)
    used = np.where(there, places, 0.0)
    total = used.sum(axis=-1)
    parts = (np.where(there, ranked, 0.0) * used).sum(axis=-1)
    return np.asarray(np.where(total > 0, parts / np.where(total > 0, total, 1.0), np.nan))


def _quantifier(there: np.ndarray, orness: float) -> Array:
    number = np.maximum(there.sum(axis=-1, keepdims=True), 1)
    place = np.arange(1, there.shape[-1] + 1)
    if orness in (0, 1):
        return np.broadcast_to(place == (number if orness == 0 else 1), there.shape).astype(float)
    power = (1.0 - orness) / orness
    return np.asarray((place / number) ** power - ((place - 1) / number) ** power, dtype=float)
