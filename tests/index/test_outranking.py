"""Copeland and Borda: exact, in blocks, and against COINr and slow counting."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from podium.errors import ComputationError
from podium.index import outranking as module
from podium.index.aggregate import compile_tree, tree_scores
from podium.index.outranking import borda, copeland, outranking
from podium.index.spec import Node


@pytest.fixture(scope="module")
def coinr(shared: Path) -> Path:
    """COINr's results."""
    return shared / "ref" / "coinr"


def asem(coinr: Path, data: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """ASEM's normalised figures, and its indicators and groups."""
    meta = pd.read_csv(coinr / "00_input" / "ASEM_iMeta.csv").set_index("iCode")
    frame = pd.read_csv(coinr / "04_aggregate" / f"input_{data}_1_100.csv").set_index("uCode")
    return frame[[c for c in frame.columns if c in meta.index and meta.loc[c, "Type"] == "Indicator"]], meta


def slow_outranking(x: np.ndarray, w: list[Fraction]) -> list[list[Fraction | None]]:
    """Shares of weight by rational arithmetic, over the children that both units have."""
    out: list[list[Fraction | None]] = []
    for a in x:
        row: list[Fraction | None] = []
        for b in x:
            both = [(p, q, v) for p, q, v in zip(a, b, w, strict=True) if p == p and q == q]
            whole = sum((v for *_, v in both), Fraction(0))
            lead = sum((v * (1 if p > q else Fraction(1, 2) if p == q else 0) for p, q, v in both), Fraction(0))
            row.append(lead / whole if whole else None)
        out.append(row)
    return out


def slow_copeland(x: np.ndarray, w: list[Fraction]) -> list[int]:
    """Signs of the margins of every pair by rational arithmetic."""
    half = Fraction(1, 2)
    return [sum((o is not None and o > half) - (o is not None and o < half) for j, o in enumerate(row) if j != i)
            for i, row in enumerate(slow_outranking(x, w))]  # fmt: skip


def test_outranking_matrix_of_coinr(coinr: Path) -> None:
    """COINr 1.1.14, outrankMatrix of 49 indicators: every entry."""
    x, _ = asem(coinr, "complete")
    theirs = pd.read_csv(coinr / "04_aggregate" / "outrank_matrix_all49.csv").set_index("row").to_numpy(float)
    np.testing.assert_allclose(outranking(x.to_numpy(float), np.ones(x.shape)), theirs, rtol=0, atol=1e-12)


def test_dominance_of_coinr(coinr: Path) -> None:
    """COINr's number of pairs in which one unit is ahead in everything."""
    x, _ = asem(coinr, "complete")
    theirs = pd.read_csv(coinr / "04_aggregate" / "outrank_dominance.csv").iloc[0]
    ours = int((outranking(x.to_numpy(float), np.ones(x.shape)) == 1).sum())
    assert ours == theirs["nDominant"]
    assert ours / (len(x) * (len(x) - 1) / 2) == theirs["fracDominant"]


@pytest.mark.parametrize("data", ["complete", "withNA"])
def test_copeland_of_forty_nine_indicators(coinr: Path, data: str) -> None:
    """Rational arithmetic on ASEM, where COINr's rounded ½ and its one-sided missing comparisons go wrong."""
    x, _ = asem(coinr, data)
    values = x.to_numpy(float)
    w = np.where(np.isnan(values), 0.0, 1.0)
    ours = copeland(np.nan_to_num(values), w)
    np.testing.assert_array_equal(ours, slow_copeland(values, [Fraction(1)] * values.shape[1]))
    np.testing.assert_array_equal(copeland(np.nan_to_num(values[::-1]), w[::-1]), ours[::-1])
    theirs = pd.read_csv(coinr / "04_aggregate" / "copeland_all49.csv")[data].to_numpy(float)
    if data == "complete":
        assert int((ours != theirs).sum()) == 10, "COINr's README counts ten wrong scores"


@pytest.mark.parametrize("name", ["wrapped", "top"])
def test_copeland_in_the_tree(coinr: Path, name: str) -> None:
    """At every node, or at the root alone: COINr's scores but where a margin is a tie, which rational arithmetic confirms."""
    x, meta = asem(coinr, "complete")
    theirs = pd.read_csv(coinr / "04_aggregate" / f"complete_copeland_{name}.csv").set_index("uCode").loc[x.index]
    root = str(meta.index[meta["Level"] == meta["Level"].max()][0])

    def node(code: str) -> Node:
        kids = tuple(node(str(c)) for c in meta.index[meta["Parent"] == code])
        how = "copeland" if name == "wrapped" or code == root else "arithmetic"
        return Node(code=code, weight=float(meta.loc[code, "Weight"]), children=kids, method=how if kids else None)

    tree = compile_tree(node(root), tuple(x.columns), method="arithmetic", min_available=0.0)
    ours = pd.DataFrame(tree_scores(tree, x.to_numpy(float)), list(x.index), list(tree.items))
    for group in tree.groups:
        if group.method != "copeland":
            np.testing.assert_allclose(ours[group.code], theirs[group.code], rtol=1e-9)
            continue
        kids = [tree.items[k] for k in group.children]
        weights = [Fraction(repr(float(tree.weights[k]))) for k in group.children]
        np.testing.assert_array_equal(ours[group.code], slow_copeland(ours[kids].to_numpy(float), weights))
    off = (np.abs(ours[theirs.columns.intersection(ours.columns)] - theirs[theirs.columns.intersection(ours.columns)]) > 1e-9).any(axis=1)
    assert off.mean() < 0.5, "most units have COINr's scores"


@settings(max_examples=60, deadline=None)
@given(
    x=hnp.arrays(float, st.tuples(st.integers(2, 7), st.integers(1, 5)), elements=st.one_of(st.integers(0, 3).map(float), st.just(np.nan))),
    digits=st.integers(0, 4), data=st.data(),
)  # fmt: skip
def test_copeland_and_borda_equal_slow_counting(x: np.ndarray, digits: int, data: st.DataObject) -> None:
    """Weights of up to four decimals, ties and gaps: Copeland by rational arithmetic, Borda by counting each pair."""
    weights = data.draw(st.lists(st.integers(1, 10**4), min_size=x.shape[1], max_size=x.shape[1]))
    exact = [Fraction(k, 10**digits) for k in weights]
    w = np.where(np.isnan(x), 0.0, np.array([float(v) for v in exact]))
    held = np.nan_to_num(x)
    np.testing.assert_array_equal(copeland(held, w), slow_copeland(x, exact))
    slow = [sum(float(v) * sum(1.0 if a[k] > b[k] else 0.5 if a[k] == b[k] and i != j else 0.0 for j, b in enumerate(x))
                for k, v in enumerate(exact) if a[k] == a[k]) for i, a in enumerate(x)]  # fmt: skip
    np.testing.assert_allclose(borda(held, w), slow, rtol=1e-12)


def test_tenths_that_floats_cannot_add(coinr: Path) -> None:
    """Weights 0.1, 0.2 against 0.3 are a tie, though 0.1 + 0.2 > 0.3 in floating point; one unit more on a side is none."""
    x = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    w = np.tile([0.1, 0.2, 0.3], (2, 1))
    np.testing.assert_array_equal(copeland(x, w), [0, 0])
    np.testing.assert_array_equal(copeland(x, np.tile([0.1, 0.2, 0.2999999], (2, 1))), [1, -1])


def test_blocks_do_not_change_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few rows, or of a few draws, give what one block gives."""
    rng = np.random.default_rng(5)
    x, w = rng.integers(0, 4, (6, 20, 3)).astype(float), rng.uniform(0.1, 1, (6, 1, 3))
    whole = copeland(x, np.broadcast_to(w, x.shape))
    monkeypatch.setattr(module, "CELLS", 90)
    np.testing.assert_array_equal(copeland(x, np.broadcast_to(w, x.shape)), whole)


def test_too_many_units_are_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copeland names its limit and the method that has none; Borda does 33,755 units."""
    monkeypatch.setattr(module, "MOST_UNITS", 30)
    tree = compile_tree(Node(code="all", children=(Node(code="a"), Node(code="b"))), ("a", "b"), method="copeland", min_available=0.0)
    with pytest.raises(ComputationError, match=r"31 are more than 30.*borda"):
        tree_scores(tree, np.ones((31, 2)))
    x = np.random.default_rng(1).normal(size=(33_755, 2))
    points = borda(x, np.ones(x.shape))
    assert points.sum() == 33_755 * 33_754 / 2 * 2
