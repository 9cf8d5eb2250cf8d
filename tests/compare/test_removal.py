"""Parts left out, dropped and added, against COINr 1.1.14 and against the two ways of leaving out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from podium.compare.removal import change_indicators, leave_each_out
from podium.errors import DataError
from podium.index.build import Built, build
from podium.index.spec import Spec, load_spec


def test_dropping_indicators_equals_coinr(asem: Built, shared: Path) -> None:
    """Every score of every item without logistics and forests is COINr's `change_ind`."""
    theirs = pd.read_csv(shared / "ref" / "coinr" / "10_compare" / "drop_LPI_Forest_aggregated.csv", index_col="uCode")
    ours = change_indicators(asem, drop=["LPI", "Forest"]).tables["Aggregated"]
    np.testing.assert_allclose(ours.loc[theirs.index, list(theirs)], theirs, rtol=1e-9, atol=1e-12)


def test_adding_what_was_dropped_gives_the_index_back(asem: Built) -> None:
    """Dropped and added again under its parent, an indicator changes nothing; another group takes it too."""
    fewer = change_indicators(asem, drop=["LPI"])
    again = change_indicators(fewer, add={"LPI": "Physical"})
    pd.testing.assert_frame_equal(again.scores[list(asem.scores)], asem.scores, rtol=1e-12)
    moved = change_indicators(asem, drop=["LPI"]).spec
    assert "LPI" not in {n.code for n in moved.tree.walk()}  # type: ignore[union-attr]
    other = change_indicators(fewer, add={"LPI": "Social"}, weight=2.0)
    assert other.weights.loc["LPI", "parent"] == "Social" and other.weights.loc["LPI", "weight"] == 2.0


@pytest.mark.parametrize("level", [1, 2, 3])
def test_weight_zero_is_the_same_as_removal_without_missing_data(asem: Built, level: int) -> None:
    """Where every figure is there and steps work column by column, both ways of leaving out agree."""
    zero, anew = (leave_each_out(asem, level=level, how=how) for how in ("weight", "rebuild"))  # type: ignore[arg-type]
    np.testing.assert_allclose(zero.scores, anew.scores[list(zero.scores)], rtol=1e-9)
    assert (zero.changes["nominal"] == 0).all() and zero.mean_distance.max() > 0


def test_removal_can_differ_from_weight_zero(asem_spec: Spec, asem: Built) -> None:
    """A unit screened out for want of one indicator comes back where that one is removed, not where it weighs nothing."""
    spec = asem_spec.with_({"steps.screen.min_available": 1.0, "steps.impute": None})
    built = build(spec, dataset=asem.dataset)
    gaps = asem.tables["Raw"].isna().sum(axis=1)
    column = asem.tables["Raw"].columns[asem.tables["Raw"].loc[gaps.index[gaps == 1]].isna().any()][0]
    back = change_indicators(built, drop=[column])
    assert len(back.units) > len(built.units)
    anew = leave_each_out(built, [column], how="rebuild")
    assert list(anew.scores.index) == list(built.units)


def test_leaving_out_is_seen_at_any_node(asem: Built) -> None:
    """Leaving out a social indicator moves the social pillar and nothing in another."""
    moved = leave_each_out(asem, ["NGOs"], how="weight", node="Social").mean_distance
    still = leave_each_out(asem, ["NGOs"], how="rebuild", node="Physical").mean_distance
    assert moved["NGOs"] > 0 and still["NGOs"] == 0


def test_a_rescaled_index_stays_on_its_scale(asem_spec: Spec, asem: Built) -> None:
    """Where the root is rescaled, so is the index without a part, and both ways agree."""
    built = build(asem_spec.with_({"steps.rescale": {"range": [0, 10]}}), dataset=asem.dataset)
    zero, anew = (leave_each_out(built, ["NGOs"], how=how) for how in ("weight", "rebuild"))  # type: ignore[arg-type]
    assert zero.scores["NGOs"].max() == pytest.approx(10) and zero.scores["NGOs"].min() == pytest.approx(0)
    np.testing.assert_allclose(zero.scores, anew.scores, rtol=1e-9)


def test_wrong_changes_are_refused(asem: Built) -> None:
    """What is not there, is there already, or leaves nothing is named."""
    for call, message in (
        (lambda: leave_each_out(asem, how="weight"), "level"),
        (lambda: leave_each_out(asem, ["Fame"], how="rebuild"), "Fame"),
        (lambda: leave_each_out(asem, ["Conn"], how="rebuild", node="Conn"), "without Conn there is no Conn"),
        (lambda: change_indicators(asem, drop=["Index"]), "leaves nothing"),
        (lambda: change_indicators(asem, add={"LPI": "Social"}), "in the tree already"),
        (lambda: change_indicators(asem, add={"Fame": "Social"}), "no series Fame"),
        (lambda: change_indicators(asem, drop=["Social"], add={"LPI": "Social"}), "Social is no group"),
    ):
        with pytest.raises(DataError, match=message):
            call()


def test_rules_of_what_is_dropped_go_with_it(asem_spec: Spec, asem: Built) -> None:
    """Indicator rules, choices and errors of a dropped indicator leave the specification, others stay."""
    spec = asem_spec.with_({
        "tree": asem.root.model_dump(), "indicators": {"LPI": {"times": 2.0}, "NGOs": {"times": 3.0}},
        "uncertainties.leave_out": ["LPI", "NGOs"], "uncertainties.errors": [{"indicator": "LPI", "kind": "relative", "amount": 0.1}],
        "uncertainties.choices": [{"name": "scale", "at": "indicators.LPI.times", "options": {"one": 1.0, "two": 2.0}}],
    })  # fmt: skip
    kept = change_indicators(build(spec, dataset=asem.dataset), drop=["LPI"]).spec
    assert set(kept.indicators) == {"NGOs"} and kept.uncertainties.leave_out == ("NGOs",)
    assert kept.uncertainties.errors == () and kept.uncertainties.choices == ()


def test_levers_of_what_is_dropped_go_with_it() -> None:
    """An indicator that a specification names as a lever can be dropped."""
    built = build(load_spec("ai-race"))
    assert "patents" in {x.indicator for x in built.spec.levers}
    assert "patents" not in {x.indicator for x in change_indicators(built, drop=["patents"]).spec.levers}
