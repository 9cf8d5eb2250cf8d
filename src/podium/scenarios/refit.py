"""Scores after events with treatment and normalisation fitted anew, in every variant, on the draws before them."""

from __future__ import annotations

import numpy as np

from podium.data.dataset import Array
from podium.index.aggregate import tree_scores
from podium.index.build import Built, build, recombined
from podium.robustness.variants import Variant
from podium.scenarios.after import Block
from podium.scenarios.effects import Effects
from podium.scenarios.ground import Ground

__all__ = ["refitted"]


def refitted(ground: Ground, effects: Effects) -> tuple[Built, Block] | None:
    """Return the index itself and the scores of all units where every step is fitted to the figures after the events.

    Every event happens, with its first candidate machine and its stated size. None where screening then leaves other
    units, so that draws cannot be paired.
    """
    built, sample = ground.built, ground.sample
    values = effects.change(0)(built.dataset.values[-1])
    after = build(built.spec, dataset=built.dataset, values=values)
    if after.units != built.units:
        return None
    out = ground.scores.copy()
    known: dict[int, Built] = {}
    for k, variant in enumerate(sample.variants):
        drawn = np.flatnonzero(sample.variant == k)
        if not len(drawn):
            continue
        own = _anew(variant, values, known)
        if own.units != built.units:
            return None
        out[drawn] = tree_scores(own.tree, own.arrays["Normalised"], sample.weights[drawn], units=own.units)[..., -1]
    return after, Block(tuple(range(len(built.units))), np.ones(1), out[None])


def _anew(variant: Variant, values: Array, known: dict[int, Built]) -> Built:
    """A variant built from other figures; variants that only combine differently share their tables."""
    own = variant.built
    shared = id(own.arrays["Normalised"])
    if shared in known:
        return recombined(known[shared], own.spec)
    known[shared] = build(own.spec, dataset=own.dataset, values=values, root=own.root)
    return known[shared]
