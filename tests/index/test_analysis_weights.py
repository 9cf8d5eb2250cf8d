"""Weights by rule, against COINr 1.1.14, published formulas and independent optimisers."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from podium.errors import ComputationError, PodiumError, SpecError
from podium.index.aggregate import tree_scores
from podium.index.balance import objective, optimised_weights
from podium.index.build import Built, build
from podium.index.components import component_table
from podium.index.constraints import analytic_centre, centroid, nearest, polytope
from podium.index.selection import item_numbers, items_at
from podium.index.spec import Spec
from podium.index.weights import chosen_weights, component_weights
from podium.robustness.draws import draw_weights


@pytest.fixture(scope="module")
def folder(reference: Path) -> Path:
    """COINr's weights."""
    return reference / "07_weights"


def test_effective_weights_equal_coinr(asem: Built, asem_spec: Spec, folder: Path, reference: Path) -> None:
    """Effective weights are COINr's, of the nominal set and of a second one given at every level."""
    theirs = pd.read_csv(folder / "effective_weights.csv", index_col="iCode")["EffWeight"]
    np.testing.assert_allclose(asem.weights["effective"][theirs.index], theirs, rtol=1e-12)
    second = pd.read_csv(reference / "04_aggregate" / "w2.csv").set_index("iCode")["Weight"].to_dict()
    built = build(asem_spec.with_({"steps.weights": {"method": "given", "values": second}}), dataset=asem.dataset)
    theirs = pd.read_csv(folder / "effective_weights_w2.csv", index_col="iCode")["EffWeight"]
    np.testing.assert_allclose(built.weights["effective"][theirs.index], theirs, rtol=1e-12)
    assert built.weights["weight"].to_dict() == pytest.approx(second), "given weights are not rescaled"


def test_noise_of_weights_is_coinrs(asem: Built, asem_spec: Spec, folder: Path) -> None:
    """1,000 sets with noise of 25 % at levels 2 and 3 have the range and mean of COINr's, other levels none."""
    noise = [{"level": k, "kind": "noise", "amount": 0.25} for k in (2, 3)]
    drawn = draw_weights(asem_spec.with_({"uncertainties.weights": noise}), asem.tree, 1000, np.random.default_rng(1))
    table = pd.DataFrame({"min": drawn.min(axis=0), "max": drawn.max(axis=0), "mean": drawn.mean(axis=0)}, list(asem.tree.items))
    theirs = pd.read_csv(folder / "noisy_1000_L2L3_ranges.csv").set_index("iCode")
    ours = table.loc[theirs.index]
    still = ~theirs["Level"].isin([2, 3])
    np.testing.assert_array_equal(ours[still], theirs.loc[still, ["min", "max", "mean"]])
    # the extremes of 1,000 uniforms lie within 1 % of the range, their mean within 5 standard errors of 1
    np.testing.assert_allclose(ours, theirs[["min", "max", "mean"]], atol=5 * 0.5 / np.sqrt(12 * 1000))
    assert ours.loc[~still, "min"].between(0.75, 0.76).all() and ours.loc[~still, "max"].between(1.24, 1.25).all()


OPTIMISED = [
    ("opt_L3_equal", 3, "balance", {"Conn": 1, "Sust": 1}), ("opt_L3_equal_tol1e-8", 3, "balance", {"Conn": 1, "Sust": 1}),
    ("opt_L2_equal", 2, "balance", "equal"), ("opt_L2_equal_tol1e-6", 2, "balance", "equal"),
    ("opt_L2_target", 2, "balance", {"Physical": 1, "ConEcFin": 2, "Political": 1, "Instit": 1, "P2P": 1, "Environ": 1, "Social": 1, "SusEcFin": 2}),
    ("opt_L2_infomax", 2, "infomax", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "level", "aim", "target"), OPTIMISED)
def test_optimised_weights_are_at_least_as_good_as_coinrs(
    asem: Built, folder: Path, name: str, level: int, aim: Any, target: Any
) -> None:
    """The objective at our weights is no greater than at COINr's; with its negative weights only if ours may be so too.

    Targets belong to names here; COINr 1.1.14 sets those of `itarg` against correlations in another order.
    """
    items = items_at(asem.tree, level)
    codes = [asem.tree.items[k] for k in items]
    wanted = None if target is None else np.ones(len(codes)) if target == "equal" else np.array([target[c] for c in codes], float)
    share = None if wanted is None else wanted / wanted.sum()
    theirs = pd.read_csv(folder / f"{name}_weights.csv").set_index("iCode")["Weight"]
    given_weights = theirs[list(asem.tree.items)].to_numpy()
    root = tree_scores(asem.tree, asem.arrays["Normalised"], given_weights)
    r = np.array([np.corrcoef(root[:, k], root[:, -1])[0, 1] for k in items])
    least = 0.0 if (theirs >= 0).all() else None
    ours = optimised_weights(asem.tree, asem.arrays["Normalised"], items, aim=aim, wanted=wanted, kind="pearson", least=least)
    exact = ours.objective < -65  # the last bits of equal correlations
    assert ours.objective <= objective(r, share) or exact
    scores = tree_scores(asem.tree, asem.arrays["Normalised"], ours.weights)
    again = np.array([np.corrcoef(scores[:, k], scores[:, -1])[0, 1] for k in items])
    np.testing.assert_allclose(ours.correlations, again, rtol=1e-9)
    if least == 0.0:
        assert (ours.weights >= 0).all()


def test_two_groups_of_equal_importance_by_hand(asem: Built) -> None:
    """Two groups correlate equally with their weighted mean where the weights are as 1/sd of their scores."""
    items = items_at(asem.tree, 3)
    ours = optimised_weights(asem.tree, asem.arrays["Normalised"], items, aim="balance", wanted=np.ones(2), kind="pearson", least=0.0)
    sd = asem.score_table[:, items].std(axis=0)
    np.testing.assert_allclose(ours.weights[list(items)], 2 * (1 / sd) / (1 / sd).sum(), rtol=1e-7)


def test_balance_without_negative_weights_equals_another_optimiser(asem: Built) -> None:
    """SLSQP from random starts finds no better non-negative weights of the eight pillars."""
    tree, x = asem.tree, asem.arrays["Normalised"]
    items = list(items_at(tree, 2))
    ours = optimised_weights(tree, x, items, aim="balance", wanted=np.ones(8), kind="pearson", least=0.0)
    pillars = asem.score_table[:, items]
    parent = np.array([tree.parent[k] for k in items])

    def value(v: np.ndarray) -> float:
        w = np.concatenate([v[parent == p] / v[parent == p].sum() / 2 for p in dict.fromkeys(parent)])
        index = pillars @ w
        r = np.array([np.corrcoef(c, index)[0, 1] for c in pillars.T])
        return objective(r, np.full(8, 0.125))

    rng = np.random.default_rng(0)
    found = [minimize(value, rng.uniform(0.2, 1, 8), bounds=[(1e-9, None)] * 8, method="SLSQP").fun for _ in range(8)]
    assert ours.objective <= min(found) + 1e-6


def test_optimised_weights_by_ranks_and_with_a_floor(asem: Built) -> None:
    """Spearman's correlations are balanced better than nominally, and no share falls below the floor."""
    tree, x = asem.tree, asem.arrays["Normalised"]
    items = items_at(tree, 3)
    nominal = optimised_weights(tree, x, items, aim="balance", wanted=np.array([1.0, 3.0]), kind="spearman", least=0.2)
    shares = nominal.weights[list(items)] / nominal.weights[list(items)].sum()
    assert shares.min() >= 0.2 - 1e-12
    root = asem.score_table
    r = np.array([pd.Series(root[:, k]).corr(pd.Series(root[:, -1]), method="spearman") for k in items])
    assert nominal.objective <= objective(r, np.array([0.25, 0.75]))
    with pytest.raises(ComputationError, match="cannot each have"):
        optimised_weights(tree, x, items, aim="infomax", wanted=None, kind="pearson", least=0.6)


def test_rules_of_a_specification_reach_the_index(asem: Built, asem_spec: Spec) -> None:
    """Equal, by components and optimised weights, one level after the other, change the scores as they say."""
    rules = [{"method": "pca", "loadings": "squared", "level": 1}, {"method": "equal", "level": 2},
             {"method": "optimised", "level": 3, "aim": "balance", "target": "equal", "kind": "pearson"}]  # fmt: skip
    built = build(asem_spec.with_({"steps.weights": rules}), dataset=asem.dataset)
    table = component_table(asem, step="Normalised", level=1).query("component == 1").set_index("item")
    weights, sizes = built.weights["weight"], asem.weights.groupby("parent")["weight"].sum()
    expected = table["loading"] ** 2 * table["group"].map(sizes)
    np.testing.assert_allclose(weights[expected.index], expected, rtol=1e-9)
    np.testing.assert_allclose(weights[["Physical", "P2P", "Social", "Environ"]], 1.0)
    scores = built.score_table[:, [*items_at(built.tree, 3), -1]]
    r = np.corrcoef(scores.T)[:2, 2]
    assert r[0] == pytest.approx(r[1], abs=1e-6)
    assert any("pca" in line for line in built.record) and any("optimised" in line for line in built.record)
    again = build(built.spec, dataset=built.dataset, fitted=built.fitted)
    np.testing.assert_array_equal(again.score_table, built.score_table)


def test_rules_survive_a_changed_specification(asem_spec: Spec) -> None:
    """A specification with rules can be changed elsewhere, and a rule replaced."""
    rules = [{"method": "pca", "loadings": "squared"}, {"method": "optimised", "level": 3, "aim": "infomax", "kind": "pearson"}]
    spec = asem_spec.with_({"steps.weights": rules}).with_({"steps.normalise.range": (0, 1)})
    assert [w.method for w in spec.steps.weights] == ["pca", "optimised"]
    assert spec.with_({"steps.weights": []}).steps.weights == ()


def test_weights_stay_as_fitted_when_figures_change(asem: Built, asem_spec: Spec) -> None:
    """An event scored as fitted before does not choose new weights."""
    rule = {"method": "optimised", "level": 3, "aim": "infomax", "kind": "pearson"}
    built = build(asem_spec.with_({"steps.weights": rule}), dataset=asem.dataset)
    other = built.dataset.values[-1] * np.linspace(1, 1.2, len(built.units))[:, None]
    changed = build(built.spec, dataset=built.dataset, values=other, fitted=built.fitted)
    np.testing.assert_array_equal(changed.tree.weights, built.tree.weights)


def test_constrained_weights_of_a_specification(asem: Built, asem_spec: Spec) -> None:
    """An order and bounds hold, siblings without a constraint stay, and shares sum to what the siblings had."""
    rule = {"method": "constrained", "centre": "nearest", "order": [["Social", "Environ"]], "bounds": {"Social": [0.5, 0.6]}}
    built = build(asem_spec.with_({"steps.weights": rule}), dataset=asem.dataset)
    w = built.weights["weight"]
    assert w["Social"] == pytest.approx(1.5) and w["Environ"] == w["SusEcFin"] == pytest.approx(0.75)
    assert w["Physical"] == 1.0


def test_components_with_negative_loadings_are_refused(asem_spec: Spec, asem: Built) -> None:
    """Plain loadings below 0 cannot weight; the message names the node, the items and the way out."""
    with pytest.raises(ComputationError, match=r"below \w+ .*negative loading.*squared"):
        build(asem_spec.with_({"steps.weights": {"method": "pca", "loadings": "raw"}}), dataset=asem.dataset)
    x = np.random.default_rng(1).normal(size=(30, 1)) + 0.3 * np.random.default_rng(2).normal(size=(30, 3))
    assert component_weights(x, squared=False).sum() == pytest.approx(1)


BAD = [
    ({"method": "given", "values": {"Fame": 1}}, "Fame is not in the tree"),
    ({"method": "given", "values": {"Conn": 0, "Sust": 0}}, "sum to 0"),
    ({"method": "equal", "level": 4}, "level 4"),
    ({"method": "pca"}, "needs loadings"),
    ({"method": "pca", "loadings": None}, "needs loadings"), ({"method": "given", "values": {}}, "needs values"),
    ({"method": "equal", "loadings": "raw"}, "has no loadings"),
    ({"method": "optimised", "level": 2, "aim": "infomax", "kind": "pearson", "target": "equal"}, "has no target"),
    ({"method": "optimised", "level": 2, "aim": "balance", "kind": "pearson"}, "needs target"),
    ({"method": "optimised", "level": 3, "aim": "balance", "kind": "pearson", "target": {"Conn": 1}}, "lacks Sust"),
    ({"method": "constrained", "centre": "analytic", "bounds": {"Conn": [0.7, 1], "Sust": [0.7, 1]}}, "no weights obey"),
    ({"method": "constrained", "centre": "analytic", "bounds": {"Conn": [0.5, 0.5]}}, "no room"),
    ({"method": "constrained", "centre": "nearest", "order": [["Conn", "Social"]]}, "siblings"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "message"), BAD)
def test_wrong_rules_are_named(asem_spec: Spec, asem: Built, rule: dict[str, Any], message: str) -> None:
    """A rule that asks for what is not there, or for what cannot be, says which and what to do."""
    with pytest.raises(SpecError, match=message):
        build(asem_spec.with_({"steps.weights": rule}), dataset=asem.dataset)


def test_rank_order_centroid_of_barron_and_barrett() -> None:
    """The mean of all shares in an order is (1/k) Σ 1/j (Barron & Barrett 1996, doi:10.1287/mnsc.42.11.1515)."""
    for k in (2, 3, 4, 5):
        region = polytope(np.zeros(k), np.ones(k), [(i, i + 1) for i in range(k - 1)])
        expected = [sum(1 / j for j in range(i, k + 1)) / k for i in range(1, k + 1)]
        np.testing.assert_allclose(centroid(region), expected, rtol=1e-9)


def test_analytic_centre_by_hand() -> None:
    """Without constraints it is the middle; the least of the products is symmetric; two bounded shares meet midway."""
    np.testing.assert_allclose(analytic_centre(polytope(np.zeros(4), np.ones(4), [])), 0.25)
    region = polytope(np.array([0.2, 0.0]), np.array([0.6, 1.0]), [])
    # slacks w - 0.2, 0.6 - w, 1 - w: the derivative of the sum of their logs is 0
    w = analytic_centre(region)[0]
    assert 1 / (w - 0.2) - 1 / (0.6 - w) - 1 / (1 - w) == pytest.approx(0, abs=1e-8)


@st.composite
def regions(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, list[tuple[int, int]], np.ndarray]:
    """Bounds and an order that a known point obeys, and another point to come from."""
    k = draw(st.integers(3, 5))
    point = np.array(draw(st.lists(st.integers(1, 20), min_size=k, max_size=k)), float)
    point /= point.sum()
    lower = point * draw(st.sampled_from([0.0, 0.5, 0.9]))
    upper = np.minimum(point * draw(st.sampled_from([1.2, 2.0, 100.0])), 1.0)
    order = [(a, b) for a, b in itertools.pairwise(np.argsort(-point, kind="stable").tolist()) if point[a] > point[b] * 1.01]
    other = np.array(draw(st.lists(st.integers(0, 20), min_size=k, max_size=k)), float) + 0.01
    return lower, upper, order, other / other.sum()


@settings(deadline=None)  # two cores, many workers
@given(regions())
def test_centres_obey_and_nearest_is_nearest(case: Any) -> None:
    """Every centre obeys the constraints; SLSQP finds no nearer point than the nearest."""
    lower, upper, order, to = case
    region = polytope(lower, upper, order)
    middle = nearest(region, to)
    points = [middle]
    if (upper > lower * 1.001 + 1e-6).all():
        try:
            points += [analytic_centre(region), centroid(region)]
        except ValueError as error:
            assert "room" in str(error)
    for w in points:
        assert w.sum() == pytest.approx(1) and (region.rows @ w >= region.limits - 1e-8).all()
    slow = minimize(lambda w: ((w - to) ** 2).sum(), middle, jac=lambda w: 2 * (w - to), method="SLSQP", constraints=[
        {"type": "eq", "fun": lambda w: w.sum() - 1},
        {"type": "ineq", "fun": lambda w: region.rows @ w - region.limits}])  # fmt: skip
    assert ((middle - to) ** 2).sum() <= slow.fun + 1e-9
    np.testing.assert_allclose(nearest(region, middle), middle, atol=1e-8)


def test_an_empty_region_is_refused() -> None:
    """Bounds that leave nothing are an error, whichever centre is asked for."""
    region = polytope(np.array([0.6, 0.6]), np.ones(2), [])
    for centre in (lambda r: nearest(r, np.array([0.5, 0.5])), analytic_centre, centroid):
        with pytest.raises(ValueError, match="no weights"):
            centre(region)


def test_item_numbers_name_what_is_absent(asem: Built) -> None:
    """Codes that are not in the tree are all named."""
    with pytest.raises(PodiumError, match="Fame, Fortune"):
        item_numbers(asem.tree, ["LPI", "Fame", "Fortune"])


REPORTED = [("opt_L3_equal", 3, -13.30432471), ("opt_L2_equal", 2, -5.346102115), ("opt_L2_equal_tol1e-6", 2, -10.232495),
            ("opt_L2_target", 2, -4.508874208), ("opt_L2_infomax", 2, -4.571384825)]  # fmt: skip


@pytest.mark.parametrize(("name", "level", "value"), REPORTED)
def test_the_objective_is_the_one_coinr_reports(asem: Built, folder: Path, name: str, level: int, value: float) -> None:
    """At COINr's weights our objective is the value that its optimiser ended with.

    With unequal targets only if they are set, as there, in the order of iMeta against correlations in that of the alphabet.
    """
    theirs = pd.read_csv(folder / f"{name}_weights.csv").set_index("iCode")
    scores = tree_scores(asem.tree, asem.arrays["Normalised"], theirs["Weight"][list(asem.tree.items)].to_numpy())
    codes = sorted(theirs.index[theirs["Level"] == level])
    r = np.array([np.corrcoef(scores[:, asem.tree.items.index(c)], scores[:, -1])[0, 1] for c in codes])
    target = None if "infomax" in name else np.array([1, 2, 1, 1, 1, 1, 1, 2]) / 10 if "target" in name else np.full(len(r), 1 / len(r))
    assert objective(r, target) == pytest.approx(value, rel=1e-8)


@pytest.mark.parametrize("rule", [
    {"method": "pca", "loadings": "squared"}, {"method": "equal"},
    {"method": "optimised", "level": 3, "aim": "balance", "target": "equal", "kind": "pearson"},
    {"method": "optimised", "level": 2, "aim": "infomax", "kind": "pearson"},
])  # fmt: skip
def test_order_of_units_and_scale_of_scores_choose_no_other_weights(asem: Built, asem_spec: Spec, rule: dict[str, Any]) -> None:
    """Units in another order, or every unit twice, and scores on another scale give the same weights."""
    spec, x = asem_spec.with_({"steps.weights": rule}), asem.arrays["Normalised"]
    first = chosen_weights(spec, asem.tree, x)
    order = np.random.default_rng(3).permutation(len(x))
    for other in (x[order], np.concatenate([x, x]), 10 * x):
        np.testing.assert_allclose(chosen_weights(spec, asem.tree, other), first, rtol=1e-4, atol=1e-4)
