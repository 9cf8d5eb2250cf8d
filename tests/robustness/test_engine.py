"""How firm the ranks are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from podium.errors import DataError, SpecError
from podium.index.build import build
from podium.index.spec import load_spec
from podium.robustness.engine import Stress, stress
from podium.robustness.sensitivity import sensitivity
from podium.robustness.statistics import share
from podium.robustness.variants import variants

TEXT = """
name: tiny
data: {table: data.csv, layout: wide, columns: {unit: unit}}
tree: {code: all, children: [{code: a, weight: 1}, {code: b, weight: 1}]}
steps:
  normalise: {method: minmax, range: [0, 100]}
  aggregate: {method: arithmetic}
uncertainties:
  weights: [{level: 1, amount: 0.5}]
"""


def tiny(folder: Path, table: str, text: str = TEXT) -> Stress:
    """Stress a tiny index."""
    (folder / "index.yaml").write_text(text, encoding="utf-8")
    (folder / "data.csv").write_text(table, encoding="utf-8")
    return stress(load_spec(folder), draws=4000, seed=11)


@pytest.fixture(scope="module")
def race() -> Stress:
    """ai-race on few draws."""
    return stress(load_spec("ai-race", edition="2023"), draws=288, seed=5, error_draws=60)


def test_share_with_an_analytic_value(tmp_path: Path) -> None:
    """X is ahead of Y iff its weight w_a/(w_a+w_b) exceeds 1/2; by symmetry of the noise that is half of all draws."""
    s = tiny(tmp_path, "unit,a,b\nX,10,0\nY,0,10\nZ,0,0\n")
    ahead = s.share_ahead("X", "Y")
    assert abs(ahead.value - 0.5) < 4 * ahead.error
    assert s.share_at_most("Z", 2).value == 0


def test_dominated_unit_is_never_ahead(tmp_path: Path) -> None:
    """A unit worse in everything is behind under all weights, and the share carries its bound 3/N."""
    s = tiny(tmp_path, "unit,a,b\nX,10,10\nY,5,5\nZ,0,0\n")
    never = s.share_ahead("Y", "X")
    assert (never.value, never.bound) == (0.0, 3 / 4000)
    assert list(s.intervals.loc["X", ["q05", "q95"]]) == [1, 1]


def test_identical_units_tie(tmp_path: Path) -> None:
    """Two identical units share a rank in every draw (competition ranking 1, 1, 3)."""
    s = tiny(tmp_path, "unit,a,b\nX,10,10\nY,10,10\nZ,0,0\n")
    assert set(map(tuple, s.rank_draws.tolist())) == {(1.0, 1.0, 3.0)}


def test_draws_equal_a_slow_rebuild(race: Stress) -> None:
    """Twelve draws, each rebuilt from its specification with its weights one by one, give the same scores."""
    drawn = race.sample
    for k in range(0, 288, 24):
        variant = drawn.variants[drawn.variant[k]]
        tree, table = variant.built.tree, variant.built.tables["Normalised"]
        slow = _slow(variant.built, dict(zip(tree.items, drawn.weights[k], strict=True)), table)
        np.testing.assert_allclose(race.score_draws[k], slow, rtol=1e-10)


def _slow(built, weights, table):  # type: ignore[no-untyped-def]
    """Scores by plain recursion over the tree, one unit at a time."""
    method = built.spec.steps.aggregate.method

    def score(node, unit):  # type: ignore[no-untyped-def]
        if not node.children:
            return table.loc[unit, node.code]
        parts = [(score(c, unit), weights[c.code]) for c in node.children]
        known = [(x, w) for x, w in parts if not np.isnan(x)]
        if not known:
            return np.nan
        total = sum(w for _, w in known)
        if method == "geometric":
            return float(np.exp(sum(w * np.log(x) for x, w in known) / total))
        return sum(w * x for x, w in known) / total

    return [score(built.root, u) for u in built.units]


def test_every_variant_is_drawn_equally_often(race: Stress) -> None:
    """144 combinations of choices, each twice in 288 draws."""
    counts = np.bincount(race.sample.variant)
    assert len(race.variants) == 144
    assert set(counts) == {2}


def test_same_seed_same_draws_other_seed_others() -> None:
    """The seed decides every number; zero is a seed like any other."""
    spec = load_spec("starter")
    one, two, three = (stress(spec, draws=50, seed=s).score_draws for s in (0, 0, 1))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, three)


def test_probabilities_lie_within_their_range(race: Stress) -> None:
    """The nominal probability lies between the least and the greatest over the variants."""
    p = race.probability_at_most("KOR", 3)
    assert p is not None
    assert p.low <= p.nominal <= p.high


def test_pairwise_shares_add_up(race: Stress) -> None:
    """Ahead and behind add to one, since a tie counts half to each."""
    table = race.pairwise.to_numpy()
    np.testing.assert_allclose(table + table.T, 1, atol=1e-12)
    k, j = race.units.index("KOR"), race.units.index("FIN")
    assert table[k, j] == pytest.approx(race.share_ahead("KOR", "FIN").value)


def test_left_out_indicator_changes_only_what_it_must(race: Stress) -> None:
    """Each indicator and the commercial pillar are left out once."""
    assert set(race.without) == {*race.built.pipeline.leaves, "commercial"}


def test_variants_must_contain_the_index_itself(tmp_path: Path) -> None:
    """Choices none of which is the specification's own are refused with the remedy."""
    text = TEXT + "  choices: [{name: n, at: steps.normalise.range, options: {a: [1, 10], b: [2, 20]}}]\n"
    (tmp_path / "index.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "data.csv").write_text("unit,a,b\nX,10,0\nY,0,10\n", encoding="utf-8")
    with pytest.raises(SpecError, match="no combination"):
        variants(build(load_spec(tmp_path)))


def test_unknown_unit_is_named(race: Stress) -> None:
    """A unit that is not there is named with those that are."""
    with pytest.raises(DataError, match="XXX"):
        race.share_at_most("XXX", 3)


def test_share_has_the_binomial_error() -> None:
    """The standard error of a share is √(p(1-p)/n); none in n draws is bounded by 3/n (Hanley & Lippman-Hand 1983)."""
    s = share(np.array([1.0, 0, 0, 0] * 25))
    assert s.error == pytest.approx(np.sqrt(0.25 * 0.75 / 100))
    assert share(np.zeros(300)).bound == pytest.approx(0.01)


def test_ranks_of_draws_are_among_all_units_whatever_the_rank_rule(tmp_path: Path) -> None:
    """Ranks within groups and other ties are for the table; intervals, nominal ranks and shifts are among all units."""
    (tmp_path / "t.csv").write_text("unit,a,b\nA,1,5\nB,2,4\nC,4,4\nD,5,1\nE,3,3\n", encoding="utf-8")
    (tmp_path / "u.csv").write_text("unit,region\nA,x\nB,x\nC,y\nD,y\nE,y\n", encoding="utf-8")
    text = """
name: grouped
data: {table: t.csv, layout: wide, columns: {unit: unit}, units: u.csv}
tree: {code: index, children: [a, b]}
steps: {normalise: {method: minmax, range: [0, 100]}, aggregate: {method: arithmetic}, rank: RULE}
uncertainties: {weights: [{level: 1, amount: 0.25}]}
"""
    found = []
    for rule in ("{within: region}", "{ties: dense}", "{}"):
        (tmp_path / "index.yaml").write_text(text.replace("RULE", rule), encoding="utf-8")
        result = stress(load_spec(tmp_path / "index.yaml"), draws=400, seed=1)
        found.append((result.intervals, result.mean_shift, result.statistics))
        sobol = sensitivity(load_spec(tmp_path / "index.yaml"), n=64, seed=1)
        found[-1] += (sobol.mean_shift,)
    for other in found[:2]:
        pd.testing.assert_frame_equal(other[0], found[2][0])
        pd.testing.assert_frame_equal(other[2], found[2][2])
        assert other[1] == found[2][1] and other[3] == found[2][3]
    assert found[2][0]["nominal"].to_dict() == {"A": 2, "B": 2, "C": 1, "D": 2, "E": 2}
