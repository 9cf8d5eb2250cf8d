"""Sums, products, differences and ratios of children, whose weights are taken as given."""

from __future__ import annotations

import numpy as np

from podium.data.dataset import Array
from podium.index.combine import refuse

__all__ = ["count", "difference", "first", "product", "quotient", "total"]


def total(x: Array, w: Array) -> Array:
    """Weighted sum with the weights as given."""
    return np.asarray((x * w).sum(axis=-1))


def product(x: Array, w: Array) -> Array:
    """Product of values to the power of their weights as given."""
    refuse((x <= 0) & (w != np.round(w)), w, "the product with broken weights needs values above 0")
    return np.asarray(np.prod(np.where(w > 0, x, 1.0) ** w, axis=-1))


def difference(x: Array, w: Array) -> Array:
    """The first child less the others, each times its weight as given."""
    parts = x * w
    return np.asarray(parts[..., 0] - parts[..., 1:].sum(axis=-1))


def quotient(x: Array, w: Array) -> Array:
    """The first child divided by the product of the others, each to the power of its weight as given."""
    place = np.arange(x.shape[-1])
    refuse((x == 0) & (place > 0), w, "a quotient cannot divide by 0", "Leave the unit out, or add an `offset`")
    refuse((x < 0) & (w != np.round(w)), w, "the quotient with broken weights needs values above 0")
    powers = np.where(w > 0, x, 1.0) ** w
    return np.asarray(powers[..., 0] / np.prod(powers[..., 1:], axis=-1))


def count(x: Array, w: Array, *, above: float = 0.0) -> Array:
    """The weights as given of the children whose value is above a limit: with weights of 1, their number.

    With deprivations of 0 and 1 and weights that sum to 1, the deprivation score of Alkire & Foster (2011),
    doi:10.1016/j.jpubeco.2010.11.006.
    """
    return np.asarray(((x > above) * w).sum(axis=-1))


def first(x: Array, w: Array) -> Array:
    """The first child, in the order of the tree, that is there: a figure, else its substitute."""
    chosen = np.argmax(w > 0, axis=-1)[..., None]
    full = np.broadcast_to(x, np.broadcast_shapes(x.shape, w.shape))
    return np.asarray(np.take_along_axis(full, chosen, axis=-1)[..., 0])
