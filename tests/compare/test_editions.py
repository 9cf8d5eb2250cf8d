"""Built indices side by side, against COINr's compare_coins and remove_elements."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from podium.compare.editions import agree, align, compare, compare_many, correlate, without_each
from podium.compare.removal import leave_each_out
from podium.errors import DataError
from podium.index.build import Built, build
from podium.index.spec import Node, Spec


@pytest.fixture(scope="module")
def prank(asem_spec: Spec) -> Built:
    """ASEM normalised by percentile ranks."""
    return build(asem_spec.with_({"steps.normalise": {"method": "percentile_rank"}}))


@pytest.fixture(scope="module")
def dropped(asem_spec: Spec, asem: Built) -> Built:
    """ASEM without the logistics and forest indicators."""
    return build(asem_spec.with_({"tree": prune(asem.root, {"LPI", "Forest"}).model_dump()}))


def prune(node: Node, codes: set[str]) -> Node:
    """The tree without some of its leaves."""
    children = tuple(prune(c, codes) for c in node.children if c.code not in codes)
    return node.model_copy(update={"children": children})


@pytest.fixture(scope="module")
def reference(shared: Path) -> Path:
    """COINr's own comparisons."""
    return shared / "ref" / "coinr" / "10_compare"


def test_rank_and_score_tables_equal_coinr(asem: Built, prank: Built, dropped: Built, reference: Path) -> None:
    """Ranks and scores before and after a changed normalisation and dropped indicators are COINr's."""
    for name, other, by in (
        ("prank", prank, "ranks"),
        ("prank_scores", prank, "scores"),
        ("drop_LPI_Forest", dropped, "ranks"),
    ):
        theirs = pd.read_csv(reference / f"{name}.csv", index_col="uCode")
        ours = compare(asem, other, by=by).loc[theirs.index]  # type: ignore[arg-type]
        expected = theirs[["coin.1", "coin.2"]].to_numpy()
        np.testing.assert_allclose(ours[["old", "new"]], expected, rtol=1e-9)
        np.testing.assert_allclose(ours["change"], -theirs["Diff"], rtol=1e-9)
        np.testing.assert_allclose(ours["distance"], theirs["Abs.diff"], rtol=1e-9)


def test_the_table_of_many_equals_coinr(
    asem_spec: Spec, asem: Built, prank: Built, dropped: Built, reference: Path
) -> None:
    """Four variants side by side have COINr's ranks."""
    geometric = build(asem_spec.with_({"steps.normalise.range": (1, 100), "steps.aggregate.method": "geometric"}))
    table = compare_many({"Nom": asem, "Prank": prank, "Drop": dropped, "Geo": geometric})
    theirs = pd.read_csv(reference / "multi.csv", index_col="uCode")
    pd.testing.assert_frame_equal(table.loc[theirs.index, list(theirs)].astype(int), theirs, check_names=False)


def test_correlations_equal_coinr(asem: Built, prank: Built, reference: Path) -> None:
    """Correlations of competition ranks are COINr's."""
    theirs = pd.read_csv(reference / "corr.csv", index_col="iCode")["Correlation"]
    ours = correlate(asem, prank, nodes=list(theirs.index), ties="competition")
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_correlations_with_averaged_ties_are_spearmans(asem: Built, prank: Built) -> None:
    """Over all nodes that both have, they are the measure of agreement where scores are not tied."""
    ours = correlate(asem, prank, ties="average")
    assert list(ours.index[:3]) == list(reversed(asem.tree.items))[:3]
    assert ours["Conn"] == pytest.approx(agree(asem, prank, node="Conn").spearman, abs=1e-12)


def test_many_can_be_shown_as_changes(asem: Built, prank: Built, dropped: Built) -> None:
    """Changes and distances against a chosen base are differences of the values."""
    held = {"Nom": asem, "Prank": prank, "Drop": dropped}
    values = compare_many(held, base="Prank")
    changes, distances = (compare_many(held, base="Prank", show=s) for s in ("changes", "distances"))
    pd.testing.assert_frame_equal(changes, values.sub(values["Prank"], axis=0))
    pd.testing.assert_frame_equal(distances, changes.abs())
    assert values["Prank"].is_monotonic_increasing
    with pytest.raises(DataError, match="Fame"):
        compare_many(held, base="Fame")


@pytest.mark.parametrize("level", [1, 2, 3])
def test_leaving_out_each_element_equals_coinr(asem: Built, reference: Path, level: int) -> None:
    """Scores without each indicator, pillar and sub-index, and the mean shift of ranks, are COINr's."""
    theirs = pd.read_csv(reference / f"remove_L{level}_scores.csv", index_col="uCode")
    ours = without_each(asem, level=level).rename(columns={"nominal": "Nominal"}).loc[theirs.index]
    np.testing.assert_allclose(ours[list(theirs)], theirs, rtol=1e-9)
    removal = leave_each_out(asem, level=level, how="weight")
    means = pd.read_csv(reference / f"remove_L{level}_meanabsdiff.csv", index_col="name")["value"]
    np.testing.assert_allclose(removal.mean_distance.rename({"nominal": "Nominal"})[means.index], means, rtol=1e-9)


def test_units_of_only_one_edition_are_named(asem_spec: Spec, asem: Built) -> None:
    """A unit that only one of the two has is a newcomer or a leaver, and is not compared."""
    fewer = build(asem_spec.with_({"units.exclude": ("KOR", "JPN")}))
    assert set(align(asem, fewer).leavers) == {"KOR", "JPN"} == set(align(fewer, asem).newcomers)
    assert "KOR" not in compare(asem, fewer).index


def test_unknown_nodes_are_refused(asem: Built) -> None:
    """A node or element that is not in the tree is named."""
    with pytest.raises(DataError, match="Nowhere"):
        compare(asem, asem, node="Nowhere")
    with pytest.raises(DataError, match="Nothing"):
        without_each(asem, ["Nothing"])
