"""What one indicator alone can do."""

from __future__ import annotations

import numpy as np

from podium.index.aggregate import effective_weights, tree_scores
from podium.index.build import build
from podium.index.spec import load_spec
from podium.scenarios.rise import rise


def test_what_is_needed_is_gap_over_weight() -> None:
    """For a unit with all figures and arithmetic means, the needed rise times the effective weight is the gap."""
    built = build(load_spec("ai-race"))
    table, root = built.arrays["Normalised"], built.score_table[:, -1]
    unit = next(u for u in ("KOR", "JPN", "DEU", "FRA") if not np.isnan(table[built.units.index(u)]).any())
    k = built.units.index(unit)
    gap = root[root > root[k]].min() - root[k]
    weights = dict(zip(built.tree.items, effective_weights(built.tree), strict=True))
    steps = [s for s in rise(built, unit) if s.needed is not None]
    assert steps
    assert all(abs((s.needed - s.now) * weights[s.indicator] - gap) < 1e-6 for s in steps if s.needed is not None)


def test_rank_at_the_best_is_that_of_the_changed_table() -> None:
    """The rank with the world's best is the one that the changed table gives."""
    built = build(load_spec("ai-race"))
    k = built.units.index("JPN")
    for step in rise(built, "JPN")[:6]:
        changed = built.arrays["Normalised"].copy()
        changed[k, built.tree.items.index(step.indicator)] = step.best
        root = tree_scores(built.tree, changed)[:, -1]
        assert step.rank == 1 + int((root > root[k]).sum())
