"""Rank ranges over all admissible weights, against enumeration, sampling and the published table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from podium.errors import DataError, SpecError
from podium.index.aggregate import tree_scores
from podium.index.build import Built, build
from podium.index.rank import ranks
from podium.index.spec import load_spec
from podium.robustness.admissible import GroupSet, top
from podium.robustness.draws import draw_weights
from podium.robustness.preference import swap
from podium.robustness.ranges import RankRanges, rank_ranges, rebuilt

FLAT = "{code: all, children: [{code: a, weight: 3}, {code: b, weight: 2}, {code: c, weight: 1}, d]}"
DEEP = "{code: all, children: [{code: p, weight: 2, children: [{code: a, weight: 3}, b]}, {code: q, weight: 1, children: [c, {code: d, weight: 2}]}]}"


def index(
    folder: Path, table: pd.DataFrame, tree: str, *, weights: str = "[{level: 1, amount: 0.4}]", method: str = "arithmetic",
    steps: str = "", normalise: str = "{method: none}",
) -> Built:  # fmt: skip
    """Build an index of a table as it stands."""
    table.to_csv(folder / "data.csv", index_label="unit")
    text = f"""
name: t
data: {{table: data.csv, layout: wide, columns: {{unit: unit}}}}
tree: {tree}
steps: {{normalise: {normalise}, aggregate: {{method: {method}}}{steps}}}
uncertainties: {{weights: {weights}}}
"""
    (folder / "index.yaml").write_text(text, encoding="utf-8")
    return build(load_spec(folder))


def figures(units: int, seed: int, columns: str = "abcd") -> pd.DataFrame:
    """Random figures above 0."""
    rng = np.random.default_rng(seed)
    values = np.exp(rng.standard_normal((units, len(columns))) * 0.3) * 50
    return pd.DataFrame(values, [f"U{k}" for k in range(units)], list(columns))


def sampled(built: Built, draws: int, seed: int = 4) -> np.ndarray:
    """Ranks at random admissible weights, half of them at corners of the boxes."""
    rng = np.random.default_rng(seed)
    weights = draw_weights(built.spec, built.tree, draws, rng)
    scores = tree_scores(built.tree, built.arrays["Normalised"], weights)[..., -1]
    return ranks(scores)


def assert_reached(found: RankRanges) -> None:
    """The weights of each end are rebuilt from the data and give the rank, on other units' scores too."""
    for r in found.ranges.values():
        for weights, rank in ((r.best_weights, r.best), (r.worst_weights, r.worst)):
            again = rebuilt(found.built, weights)
            scores = again.score_table[:, -1]
            own = scores[again.units.index(r.unit)]
            assert 1 + int((scores > own).sum()) == rank


@pytest.mark.parametrize("seed", range(4))
def test_flat_index_against_every_set_of_rivals(tmp_path: Path, seed: int) -> None:
    """An independent slow proof: a linear program for each set of rivals asks whether exactly these can be behind."""
    table = figures(6, seed)
    built = index(tmp_path, table, FLAT)
    found = rank_ranges(built)
    w = np.array([3.0, 2, 1, 1])
    x = table.to_numpy()
    for k, unit in enumerate(table.index):
        others = [j for j in range(6) if j != k]
        best, worst = 6, 1
        for size in range(6):
            for chosen in combinations(others, size):
                # raw weights lie in a box, so a lead of weighted sums is linear in them as they are
                if linprog(np.zeros(4), A_ub=x[list(chosen)] - x[k], b_ub=np.zeros(size), bounds=list(zip(w * 0.6, w * 1.4, strict=True))).status == 0:
                    best = min(best, 6 - size)
                if linprog(np.zeros(4), A_ub=x[k] - x[list(chosen)], b_ub=np.zeros(size), bounds=list(zip(w * 0.6, w * 1.4, strict=True))).status == 0:
                    worst = max(worst, 1 + size)
        r = found.ranges[unit]
        assert (r.best, r.worst, r.exact) == (best, worst, True)
    assert_reached(found)


def test_nested_weights_are_treated_exactly(tmp_path: Path) -> None:
    """With noise on two levels the greatest lead of each pair is that of the 2^6 corners, found one by one."""
    built = index(tmp_path, figures(7, 9), DEEP, weights="[{level: 1, amount: 0.4}, {level: 2, amount: 0.3}]")
    found = rank_ranges(built)
    leads = np.full((7, 7), -np.inf)
    for signs in product((-1, 1), repeat=6):
        w = built.tree.weights.copy()
        places = [built.tree.items.index(c) for c in "abcdpq"]
        w[places] *= 1 + np.array(signs) * np.array([0.4, 0.4, 0.4, 0.4, 0.3, 0.3])
        s = tree_scores(built.tree, built.arrays["Normalised"], w)[:, -1]
        leads = np.maximum(leads, s[:, None] - s[None, :])
    np.testing.assert_allclose(found.leads, leads, atol=1e-9)
    assert all(r.exact for r in found.ranges.values())
    assert_reached(found)


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic", "{power}"])
def test_no_sampled_rank_is_outside(tmp_path: Path, method: str) -> None:
    """20,000 draws of weights on two levels: every rank lies within the range, whose ends are reached and proved."""
    tree, aggregation = DEEP, method
    if method == "{power}":
        tree, aggregation = DEEP.replace("code: all,", "code: all, options: {exponent: 2},"), "power"
        tree = tree.replace("weight: 2, children", "weight: 2, options: {exponent: 2}, children").replace("weight: 1, children", "weight: 1, options: {exponent: 2}, children")
    built = index(tmp_path, figures(15, 3), tree, weights="[{level: 1, amount: 0.5}, {level: 2, amount: 0.5}]", method=aggregation)
    found = rank_ranges(built)
    seen = sampled(built, 20_000)
    table = found.table.loc[list(built.units)]
    assert table["exact"].all()
    assert (seen.min(axis=0) >= table["best"]).all()
    assert (seen.max(axis=0) <= table["worst"]).all()
    assert (table["worst"] - table["best"]).max() >= 3
    assert_reached(found)


def test_global_ai_index(shared: Path, tmp_path: Path) -> None:
    """62 countries, weights 5:3:2:5:3:1:5 ± 25 %: all ends proved, none beaten by 20,000 draws; Korea 3rd to 9th."""
    table = pd.read_csv(shared / "data" / "ai_race" / "gaii_2021_pillars.csv").set_index("Country").iloc[:, :7]
    table.columns = list("abcdefg")
    children = ", ".join(f"{{code: {c}, weight: {w}}}" for c, w in zip("abcdefg", (5, 3, 2, 5, 3, 1, 5), strict=True))
    tree = f"{{code: all, children: [{children}]}}"
    built = index(tmp_path, table, tree, weights="[{level: 1, amount: 0.25}]")
    with ThreadPoolExecutor(2) as pool:
        found = rank_ranges(built, executor=pool)
    ends = found.table.loc[list(built.units)]
    assert ends["exact"].all()
    seen = sampled(built, 20_000)
    assert (seen.min(axis=0) >= ends["best"]).all()
    assert (seen.max(axis=0) <= ends["worst"]).all()
    assert tuple(ends.loc["South Korea", ["best", "worst"]]) == (3, 9)
    assert_reached(rank_ranges(built, units=["South Korea", "Japan"]))


def test_missing_figures_give_bounds_that_hold(tmp_path: Path) -> None:
    """Units that lack different indicators: the bounds hold 20,000 sampled ranks, and the note says why."""
    table = figures(12, 5)
    table.iloc[2, 0] = table.iloc[5, 3] = table.iloc[7, 0] = table.iloc[8, 1] = np.nan
    for tree in (FLAT, DEEP):
        built = index(tmp_path, table, tree, weights="[{level: 1, amount: 0.5}, {level: 2, amount: 0.5}]")
        found = rank_ranges(built)
        assert found.note == "units lack different indicators"
        seen = sampled(built, 20_000)
        ends = found.table.loc[list(built.units)]
        assert (seen.min(axis=0) >= ends["best_bound"]).all()
        assert (seen.max(axis=0) <= ends["worst_bound"]).all()
        assert (ends["best"] >= ends["best_bound"]).all()
        assert (ends["worst"] <= ends["worst_bound"]).all()
        assert_reached(found)


def test_missing_figures_below_certain_weights_are_exact(tmp_path: Path) -> None:
    """Where only the upper weights are uncertain, what is missing below does no harm."""
    table = figures(10, 6)
    table.iloc[2, 0] = table.iloc[5, 3] = np.nan
    found = rank_ranges(index(tmp_path, table, DEEP, weights="[{level: 2, amount: 0.5}]"))
    assert found.note == ""
    assert found.table["exact"].all()


def test_mixed_means_give_bounds_that_hold(tmp_path: Path) -> None:
    """A geometric pillar below an arithmetic index is not linear: bounds that hold all samples, and the reason."""
    tree = DEEP.replace("code: p,", "code: p, method: geometric,")
    built = index(tmp_path, figures(12, 8), tree, weights="[{level: 1, amount: 0.1}, {level: 2, amount: 0.1}]")
    found = rank_ranges(built)
    assert "geometric" in found.note
    seen = sampled(built, 5000)
    ends = found.table.loc[list(built.units)]
    assert (seen.min(axis=0) >= ends["best_bound"]).all()
    assert (seen.max(axis=0) <= ends["worst_bound"]).all()
    assert (ends["worst_bound"] - ends["best_bound"]).min() < 11
    only_top = rank_ranges(index(tmp_path, figures(12, 8), tree, weights="[{level: 2, amount: 0.1}]"))
    assert only_top.note == ""


MIXED = {
    "geometric above arithmetic": ("geometric", DEEP.replace("code: p,", "code: p, method: arithmetic,").replace("code: q,", "code: q, method: arithmetic,")),
    "harmonic below": ("arithmetic", DEEP.replace("code: q,", "code: q, method: harmonic,")),
    "a power below a geometric": ("geometric", DEEP.replace("code: q,", "code: q, method: power, options: {exponent: 2},")),
    "a minimum below": ("arithmetic", DEEP.replace("code: q,", "code: q, method: minimum,")),
}


@pytest.mark.parametrize("how", MIXED)
def test_leads_of_mixed_means_are_bounds(tmp_path: Path, how: str) -> None:
    """No sampled lead exceeds its bound, bounds are not far from what is sampled, and who dominates always leads."""
    method, tree = MIXED[how]
    table = figures(8, 30)
    table.loc["U1"] = table.loc["U0"] * 0.97
    table.iloc[6, 3] = np.nan
    built = index(tmp_path, table, tree, weights="[{level: 1, amount: 0.3}, {level: 2, amount: 0.3}]", method=method)
    found = rank_ranges(built)
    assert found.note
    rng = np.random.default_rng(1)
    w = draw_weights(built.spec, built.tree, 4000, rng)
    s = tree_scores(built.tree, built.arrays["Normalised"], w)[..., -1]
    most = (s[:, :, None] - s[:, None, :]).max(axis=0)
    assert (most <= found.leads + 1e-9).all()
    assert found.must_lead("U0", "U1")
    whole = [k for k in range(8) if k != 6]
    assert np.mean((found.leads - most)[np.ix_(whole, whole)]) < 0.35 * np.std(s)
    seen = ranks(s)
    ends = found.table.loc[list(built.units)]
    assert (seen.min(axis=0) >= ends["best_bound"]).all()
    assert (seen.max(axis=0) <= ends["worst_bound"]).all()


def test_any_shares_at_all(tmp_path: Path) -> None:
    """A Dirichlet law admits every share: then the best rank of a unit best in one indicator is 1 (a single weight)."""
    table = pd.DataFrame({"a": [9, 5, 1, 5.0], "b": [1, 5, 9, 4.0], "c": [3, 3, 3, 3.0], "d": [2, 2, 2, 2.0]}, ["X", "Y", "Z", "V"])
    found = rank_ranges(index(tmp_path, table, FLAT, weights="[{level: 1, kind: dirichlet, amount: 0.5}]"))
    assert list(found.table.loc[list("XYZV"), "best"]) == [1, 1, 1, 1]
    assert list(found.table.loc[list("XYZV"), "worst"]) == [4, 2, 4, 4]
    assert found.must_lead("X", "Z") is False
    assert found.can_lead("V", "Y") is False
    assert_reached(found)


def test_a_dominating_unit_never_ranks_behind(tmp_path: Path) -> None:
    """Better in everything is ahead under all weights; identical units have identical ranges and never lead."""
    table = figures(6, 1)
    table.loc["U1"] = table.loc["U0"] * 0.9
    table.loc["U3"] = table.loc["U2"]
    found = rank_ranges(index(tmp_path, table, FLAT))
    assert found.must_lead("U0", "U1")
    assert not found.can_lead("U1", "U0")
    assert "U0" in found.always_ahead("U1")
    assert "U1" in found.always_behind("U0")
    assert not found.can_lead("U2", "U3")
    assert not found.must_lead("U2", "U3")
    assert tuple(found.table.loc["U2", ["best", "worst"]]) == tuple(found.table.loc["U3", ["best", "worst"]])
    assert found.table["exact"].all()


def test_lowest_first(tmp_path: Path) -> None:
    """An index that ranks the lowest score first turns the ranges round."""
    table = figures(8, 2)
    up = rank_ranges(index(tmp_path, table, FLAT)).table
    down = rank_ranges(index(tmp_path, table, FLAT, steps=", rank: {best: lowest}")).table
    assert ((9 - down.loc[up.index, "worst"]) == up["best"]).all()


def test_time_limit_leaves_bounds_that_hold(tmp_path: Path) -> None:
    """With no time at all the bounds of pairs remain, and the note says so."""
    built = index(tmp_path, figures(30, 7), FLAT)
    full, short = rank_ranges(built), rank_ranges(built, time_limit=0.0)
    assert short.note == "the time limit was reached"
    a, b = short.table.loc[full.table.index], full.table
    assert (a["best_bound"] <= b["best"]).all()
    assert (a["worst_bound"] >= b["worst"]).all()
    assert not a["exact"].all()


def test_solver_writes_nothing_to_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """HiGHS prints debugging lines in some versions; the user sees none."""
    rank_ranges(index(tmp_path, figures(40, 7), FLAT))
    assert capfd.readouterr().out == ""


def test_swap_needs_the_least_change(tmp_path: Path) -> None:
    """At the least relative change the scores are equal, and at anything below it no corner of the box swaps them."""
    built = index(tmp_path, figures(8, 11), DEEP)
    order = list(built.scores.index)
    a, b = order[2], order[3]
    s = swap(built, b, a)
    assert s is not None and s.weights is not None
    assert (s.ahead, s.behind) == (a, b)
    again = rebuilt(built, dict(zip(built.tree.items, s.weights, strict=True)))
    assert again.score_of(a) == pytest.approx(again.score_of(b), rel=1e-9)
    ratio = (s.weights / built.tree.weights)[:-1]
    assert np.abs(ratio - 1).max() <= s.relative + 1e-9
    lead = []
    for signs in product((-1, 1), repeat=6):
        w = built.tree.weights.copy()
        w[[built.tree.items.index(c) for c in "abcdpq"]] *= 1 + np.array(signs) * (s.relative - 1e-6)
        x = tree_scores(built.tree, built.arrays["Normalised"], w)[:, -1]
        lead.append(x[built.units.index(a)] - x[built.units.index(b)])
    assert min(lead) > 0


def test_least_weight_moved_equals_a_linear_program(tmp_path: Path) -> None:
    """The least effective weight moved between indicators is that of the linear program min ½ Σ|e - e0|."""
    table = figures(8, 12)
    built = index(tmp_path, table, FLAT)
    order = list(built.scores.index)
    s = swap(built, order[1], order[4])
    assert s is not None
    e0 = np.array([3, 2, 1, 1]) / 7
    d = (table.loc[order[1]] - table.loc[order[4]]).to_numpy()
    eye = np.eye(4)
    solved = linprog(np.r_[np.zeros(4), np.full(4, 0.5)], A_ub=np.block([[eye, -eye], [-eye, -eye], [d[None], np.zeros((1, 4))]]),
                     b_ub=np.r_[e0, -e0, 0], A_eq=[[1] * 4 + [0] * 4], b_eq=[1], bounds=(0, None))  # fmt: skip
    assert s.moved == pytest.approx(solved.fun, rel=1e-7)


def test_means_over_any_set_equal_a_linear_program() -> None:
    """A box, bounds of shares and an order, alone and together: the greatest mean is the linear program's."""
    rng = np.random.default_rng(0)
    w = np.array([3.0, 2, 2, 1])
    zero, one = np.zeros(4), np.ones(4)
    sets = [
        GroupSet(w, w * 0.6, w * 1.4, zero, one),
        GroupSet(w, zero, one, np.array([0.1, 0.1, 0.05, 0]), np.array([0.5, 0.4, 0.6, 0.3]), (), False, True),
        GroupSet(w, zero, one, zero, one, ((0, 1), (1, 2), (2, 3)), False, True),
        GroupSet(w, w * 0.5, w * 1.5, np.full(4, 0.1), np.full(4, 0.4), ((0, 1),), True, True),
    ]
    for admitted in sets:
        values = rng.standard_normal((20, 4))
        rows = np.array([[*a, b] for a, b, _ in admitted.rows()])
        limits = np.array([-c for _, _, c in admitted.rows()])
        slow = [-linprog(-np.append(v, 0.0), A_ub=rows, b_ub=limits, A_eq=[[1.0] * 4 + [0.0]], b_eq=[1.0], bounds=(0, None)).fun for v in values]
        np.testing.assert_allclose(top(admitted, values), slow, atol=1e-8)


def test_errors_name_what_is_wrong(tmp_path: Path) -> None:
    """A unit that is not there, and an index without uncertain weights."""
    built = index(tmp_path, figures(4, 1), FLAT)
    with pytest.raises(DataError, match="XX"):
        rank_ranges(built, units=["XX"])
    with pytest.raises(SpecError, match="no weights are uncertain"):
        rank_ranges(index(tmp_path, figures(4, 1), FLAT, weights="[]"))


LAWS = {
    "simplex below one node": "[{kind: simplex, below: p}, {level: 2, amount: 0.2}]",
    "intervals": "[{kind: intervals, intervals: {a: [1, 4], c: [0.5, 2]}}]",
    "a whole order": "[{kind: order, order: [q, p]}, {level: 1, amount: 0.3}]",
    "an order within bounds": "[{kind: order, order: [a, b], bounds: {a: [0.3, 0.8], b: [0.2, 0.6]}}]",
    "experts": "[{kind: experts, sets: [{a: 1, b: 5}, {a: 5, b: 1, p: 1}, {c: 3}]}, {level: 2, amount: 0.1}]",
    "one left out": "[{kind: leave_out, codes: [each indicator]}, {level: 2, amount: 0.2}]",
    "a pillar left out": "[{kind: leave_out, codes: [p]}, {level: 1, amount: 0.2}]",
}


@pytest.mark.parametrize("law", LAWS)
def test_every_law_of_weights(tmp_path: Path, law: str) -> None:
    """Whatever the law: all ends are proved and reached, and no rank of 5,000 sampled weights is outside."""
    built = index(tmp_path, figures(12, 21), DEEP, weights=LAWS[law])
    found = rank_ranges(built)
    seen = sampled(built, 5000)
    ends = found.table.loc[list(built.units)]
    assert ends["exact"].all()
    assert (seen.min(axis=0) >= ends["best"]).all()
    assert (seen.max(axis=0) <= ends["worst"]).all()
    assert (np.abs(seen.min(axis=0) - ends["best"]) <= 1).all()
    assert_reached(found)


def test_simplex_over_some_children(tmp_path: Path) -> None:
    """Where a level holds only some children of a node, these share what they have together; the others keep theirs."""
    tree = "{code: all, children: [{code: p, weight: 2, children: [a, b]}, c, {code: d, weight: 2}]}"
    built = index(tmp_path, figures(12, 22), tree, weights="[{kind: simplex, level: 1}]")
    found = rank_ranges(built)
    seen = sampled(built, 20_000)
    ends = found.table.loc[list(built.units)]
    assert ends["exact"].all()
    assert (seen.min(axis=0) >= ends["best"]).all()
    assert (seen.max(axis=0) <= ends["worst"]).all()
    assert (np.abs(seen.max(axis=0) - ends["worst"]) <= 1).all()
