"""Scores after events with treatment and normalisation fitted anew, in every variant, on the draws before them."""

from __future__ import annotations

import numpy as np

from podium.data.dataset import Array
from podium.index.aggregate import tree_scores
from podium.index.build import Built, build
from podium.index.cut import alone, cut_tree
from podium.scenarios.after import Block
from podium.scenarios.effects import Effects
from podium.scenarios.ground import Ground

__all__ = ["refitted"]


def refitted(ground: Ground, effects: Effects) -> tuple[Built, Block] | None:
    """Return the index itself and the scores of all units where every step is fitted to the figures after the events.

    Every event happens, with its first candidate machine and its stated size. A draw keeps its weights, and a unit
    whose normalised figures do not change its score. None where screening then leaves other units, so that draws cannot
    be paired.
    """
    built, sample = ground.built, ground.sample
    values = effects.change(0)(built.dataset.values[-1])
    after = build(built.spec, dataset=built.dataset, values=values)
    if after.units != built.units:
        return None
    out = ground.scores.copy()
    known: dict[int, Array] = {}  # variants that only combine differently share their tables
    for k, variant in enumerate(sample.variants):
        drawn, own = np.flatnonzero(sample.variant == k), variant.built
        if not len(drawn):
            continue
        before = own.arrays["Normalised"]
        if id(before) not in known:
            again = build(own.spec, dataset=own.dataset, values=values, root=own.root)
            if again.units != built.units:
                return None
            known[id(before)] = again.arrays["Normalised"]
        table = known[id(before)]
        rows = np.flatnonzero(~((table == before) | (np.isnan(table) & np.isnan(before))).all(axis=1))
        rows = rows if alone(own.tree) else np.arange(len(built.units))
        if not len(rows):
            continue
        names = tuple(built.units[r] for r in rows)
        new = tree_scores(cut_tree(own.tree, rows.tolist()), table[rows], sample.weights[drawn], units=names)
        out[np.ix_(drawn, rows)] = new[..., -1]
    return after, Block(tuple(range(len(built.units))), np.ones(1), out[None])
