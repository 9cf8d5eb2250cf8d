"""Built indices side by side, against COINr's compare_coins and remove_elements."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from podium.compare.editions import agree, align, compare, compare_many, without_each
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


def test_the_table_of_many_equals_coinr(
    asem_spec: Spec, asem: Built, prank: Built, dropped: Built, reference: Path
) -> None:
    """Four variants side by side have COINr's ranks."""
    geometric = build(asem_spec.with_({"steps.normalise.range": (1, 100), "steps.aggregate.method": "geometric"}))
    table = compare_many({"Nom": asem, "Prank": prank, "Drop": dropped, "Geo": geometric})
    theirs = pd.read_csv(reference / "multi.csv", index_col="uCode")
    pd.testing.assert_frame_equal(table.loc[theirs.index, list(theirs)].astype(int), theirs, check_names=False)


def test_correlations_equal_coinr(asem: Built, prank: Built, reference: Path) -> None:
    """Spearman's correlations are COINr's; percentile ranks tie in the last bit below *Sust*, where a tie may fall."""
    for _, row in pd.read_csv(reference / "corr.csv").iterrows():
        node = None if row["iCode"] == "Index" else row["iCode"]
        last_bit = 2e-4 if node == "Sust" else 1e-12
        assert agree(asem, prank, node=node).spearman == pytest.approx(row["Correlation"], abs=last_bit)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_leaving_out_each_element_equals_coinr(asem: Built, reference: Path, level: int) -> None:
    """Scores without each indicator, pillar and sub-index, and the mean shift of ranks, are COINr's."""
    theirs = pd.read_csv(reference / f"remove_L{level}_scores.csv", index_col="uCode")
    ours = without_each(asem, level=level).rename(columns={"nominal": "Nominal"}).loc[theirs.index]
    np.testing.assert_allclose(ours[list(theirs)], theirs, rtol=1e-9)
    shift = ours.rank(ascending=False, method="min").sub(ours["Nominal"].rank(ascending=False, method="min"), axis=0)
    means = pd.read_csv(reference / f"remove_L{level}_meanabsdiff.csv", index_col="name")["value"]
    np.testing.assert_allclose(shift.abs().mean()[means.index], means, rtol=1e-9)


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
