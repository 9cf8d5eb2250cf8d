"""Ranks and classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import rankdata

from podium.errors import SpecError
from podium.index.build import Built, build
from podium.index.rank import TIES, classes, ranks, ranks_within
from podium.index.spec import load_spec

SCORES = hnp.arrays(float, st.tuples(st.integers(1, 3), st.integers(1, 9)), elements=st.one_of(st.integers(0, 4).map(float), st.just(np.nan)))


@pytest.mark.parametrize(("ties", "theirs"), [("competition", "min"), ("min", "min"), ("max", "max"), ("average", "average"), ("dense", "dense"), ("ordinal", "ordinal")])
@settings(max_examples=60, deadline=None)
@given(x=SCORES)
def test_every_tie_rule_against_scipy(ties: str, theirs: str, x: np.ndarray) -> None:
    """SciPy's rankdata of the negated scores, row by row, the missing left out."""
    ours = ranks(x, ties=ties)
    for row, mine in zip(x, ours, strict=True):
        known = ~np.isnan(row)
        assert np.isnan(mine[~known]).all()
        np.testing.assert_array_equal(mine[known], rankdata(-row[known], method=theirs))


def test_ranks_of_rounded_scores() -> None:
    """0.7994 and 0.7985 share a rank at two decimals; half up and half even part them at a tie."""
    x = np.array([0.7994, 0.7985, 0.9])
    np.testing.assert_array_equal(ranks(x, decimals=2), [2, 2, 1])
    tie = np.array([0.125, 0.12])
    np.testing.assert_array_equal(ranks(tie, decimals=2), [1, 2])
    np.testing.assert_array_equal(ranks(tie, decimals=2, rounding="half_even"), [1, 1])


def test_unknown_tie_rule_is_named() -> None:
    """The rules there are stand in the message."""
    with pytest.raises(SpecError, match="'first' is not one of " + ", ".join(TIES)):
        ranks(np.array([1.0]), ties="first")


def test_ranks_within_groups_by_hand() -> None:
    """Each group is ranked alone; a unit without a label has no rank."""
    out = ranks_within(np.array([5.0, 3.0, 9.0, 9.0, 1.0]), ["x", "x", "y", "y", None], ties="average")
    np.testing.assert_array_equal(out, [1, 2, 1.5, 1.5, np.nan])


def test_classes_by_size_and_by_cut() -> None:
    """Seven units in three classes; cut points belong to the class above (UNDP's 0.55, 0.7 and 0.8 of the HDI)."""
    scores = np.array([0.9, 0.8, 0.79, 0.7, 0.6, 0.55, 0.3, np.nan])
    np.testing.assert_array_equal(classes(scores, ranks(scores), 3), [1, 1, 2, 2, 3, 3, 3, np.nan])
    halves = ["a", "b"] * 4
    own = ranks_within(scores, halves)
    slow = [np.nan if np.isnan(own[k]) else np.ceil(own[k] * 2 / sum(1 for j in range(8) if halves[j] == halves[k] and own[j] > 0)) for k in range(8)]
    np.testing.assert_array_equal(classes(scores, own, 2, halves), slow)
    np.testing.assert_array_equal(classes(scores, ranks(scores), (0.55, 0.7, 0.8)), [1, 1, 2, 2, 3, 3, 4, np.nan])


@pytest.mark.parametrize("ties", sorted(TIES))
def test_scores_that_only_rounding_errors_part_tie(ties: str) -> None:
    """Means of sevenths in any order, against ranks of the same means as exact fractions, whole numbers over 70."""
    rng = np.random.default_rng(5)
    parts = rng.integers(1, 8, size=(60, 10))
    scores = (parts / 7 * 0.1).sum(axis=1)
    exact = parts.sum(axis=1).astype(float)
    assert len(set(scores)) > len(set(exact)), "no score is parted by rounding"
    np.testing.assert_array_equal(ranks(scores, ties=ties), ranks(exact, ties=ties))


def test_scores_that_truly_differ_never_tie() -> None:
    """Figures a hundred-billionth of their size apart, of any size and sign, keep their order beside much greater ones."""
    x = np.array([1e20, 1.0, 1.0 - 1e-11, 1e-9, 9.9999999999e-10, 0.0, -1e-300, -2.0, -2.0 - 1e-10, -np.inf, np.nan])
    np.testing.assert_array_equal(ranks(x), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, np.nan])
    np.testing.assert_array_equal(ranks(np.array([np.inf, 1.0, np.inf])), [1, 3, 1])


def test_figures_are_ranked_to_the_last_bit_and_their_means_are_not(tmp_path: Path) -> None:
    """Ranks of indicators are those of the figures as they stand; those of nodes are of means by exact fractions.

    X and Z have the same three parts in another order; b of Y is one bit above that of X.
    """
    (tmp_path / "t.csv").write_text("unit,a,b,c\nX,0.1,0.2,0.3\nZ,0.3,0.2,0.1\nY,0.05,0.20000000000000004,0.3\n", encoding="utf-8")
    (tmp_path / "index.yaml").write_text(
        "name: it\ndata: {table: t.csv, layout: wide}\ntree: {code: all, children: [a, b, c]}\n"
        "steps: {normalise: {method: none}, aggregate: {method: arithmetic}}\n", encoding="utf-8")  # fmt: skip
    built = build(load_spec(tmp_path))
    assert built.scores.loc["X", "all"] != built.scores.loc["Z", "all"], "the order makes no difference here"
    assert built.ranks["all"].to_dict() == {"X": 1, "Z": 1, "Y": 3}
    assert built.ranks["b"].to_dict() == {"Y": 1, "X": 2, "Z": 2}


def test_tied_and_untied_ranks_of_asem(shared: Path, asem: Built) -> None:
    """Every rank of COINr's table, also where two figures of an indicator differ in their last bit."""
    theirs = pd.read_csv(shared / "ref" / "coinr" / "09_results" / "full_ranks.csv").set_index("uCode")
    both = [c for c in asem.ranks.columns if c in theirs]
    assert len(both) > 55
    np.testing.assert_array_equal(asem.ranks.loc[theirs.index, both], theirs[both])
