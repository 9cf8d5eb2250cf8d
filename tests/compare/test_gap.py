"""The gap of two scores, split by indicator."""

from __future__ import annotations

import numpy as np
import pytest

from podium.compare.gap import completed, path_shares, split_gap
from podium.index.aggregate import effective_weights, tree_scores
from podium.index.build import Built, build
from podium.index.spec import load_spec


@pytest.fixture(scope="module", params=["arithmetic", "geometric", "harmonic"])
def built(request: pytest.FixtureRequest) -> Built:
    """The bundled index under each mean."""
    return build(load_spec("ai-race").with_({"steps.aggregate.method": request.param}))


def test_parts_sum_to_the_gap(built: Built) -> None:
    """The parts of all pairs with a country sum to the difference of the scores, missing figures or not."""
    for unit in built.units[::4]:
        gap = split_gap(built, unit, "SGP")
        assert gap.parts.sum() == pytest.approx(built.score_of(unit) - built.score_of("SGP"), abs=1e-9)


def test_missing_values_stood_in_change_no_score(built: Built) -> None:
    """With stand-ins for missing figures every unit has the score it has without them."""
    table = built.arrays["Normalised"]
    full = np.stack([completed(built.tree, row, s) for row, s in zip(table, built.score_table, strict=True)])
    assert np.isnan(table).any()
    assert np.allclose(tree_scores(built.tree, full)[:, -1], built.score_table[:, -1], rtol=1e-12)


def test_arithmetic_parts_are_weight_times_difference() -> None:
    """Where scores are linear, a part is the effective weight times the difference."""
    index = build(load_spec("ai-race"))
    gap = split_gap(index, "KOR", "JPN")
    weights = effective_weights(index.tree)[: index.tree.indicators]
    assert np.allclose(gap.parts, weights * (gap.values[0] - gap.values[1]), atol=1e-8)


def test_geometric_parts_are_the_analytic_ones() -> None:
    """For a geometric mean of two children the integral along the line agrees with fine numerical integration."""
    tree = build(load_spec("ai-race").with_({"steps.aggregate.method": "geometric"})).tree
    rng = np.random.default_rng(3)
    a, b = rng.uniform(5, 95, (2, tree.indicators))
    parts, w = path_shares(tree, a, b), effective_weights(tree)[: tree.indicators]
    t = (np.arange(20_000) + 0.5) / 20_000
    along = b + np.outer(t, a - b)
    slow = (np.exp(np.log(along) @ w)[:, None] * w / along).mean(axis=0) * (a - b)
    assert np.allclose(parts, slow, atol=1e-6)
