"""Weights drawn as a specification declares them, ``(item, draw)``."""

from __future__ import annotations

import numpy as np

from podium.data.dataset import Array
from podium.index.aggregate import Tree
from podium.index.uncertainties import WeightNoise

__all__ = ["sample_weights"]


def sample_weights(laws: tuple[WeightNoise, ...], tree: Tree, draws: int, rng: np.random.Generator) -> Array:
    """Return weights within each parent, ``(item, draw)``, of any positive scale.

    Relative noise multiplies by 1 + U(-a, a); Dirichlet noise draws the shares below a parent from a Dirichlet
    law centred on the nominal ones, with concentration k / a² - 1 for k children, so that an average share has
    the relative standard deviation a.
    """
    out = np.empty((len(tree.items), draws))
    if not laws:
        out[:] = tree.weights[:, None]
        return out
    level = np.array(tree.level)
    noise = np.zeros(len(level))
    for law in laws:
        if law.kind == "noise":
            noise[level == law.level] = law.amount
    rng.random(out=out)
    out *= (2 * noise * tree.weights)[:, None]
    out += ((1 - noise) * tree.weights)[:, None]
    for law in laws:
        for group in tree.groups if law.kind == "dirichlet" else ():
            kids = [k for k in group.children if level[k] == law.level]
            if kids:
                share = tree.weights[kids] / tree.weights[kids].sum()
                concentration = max(len(kids) / law.amount**2 - 1, 1e-3)
                out[kids] = rng.dirichlet(share * concentration, draws).T * tree.weights[kids].sum()
    return out
