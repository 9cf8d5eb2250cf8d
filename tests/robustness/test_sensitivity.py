"""Sobol' indices against analytic values, SALib on the same sample, COINr's definitions, and known constructions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from SALib.analyze import sobol as salib

from podium.errors import ComputationError, DataError, InputError, SpecError
from podium.index.build import build
from podium.index.spec import load_spec
from podium.robustness.assumptions import compile_model
from podium.robustness.sensitivity import design, first_order, sensitivity, sobol_indices, total_order

G = np.array([0.0, 1.0, 4.5, 9.0, 99.0])


def ishigami(u: np.ndarray) -> np.ndarray:
    """Ishigami & Homma (1990) with a = 7, b = 0.1, inputs on (-π, π)."""
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(u: np.ndarray) -> np.ndarray:
    """Sobol's G function with a = 0, 1, 4.5, 9, 99 (Saltelli & Sobol' 1995)."""
    return np.prod((np.abs(4 * u - 2) + G) / (1 + G), axis=1)


def run(function: Callable[[np.ndarray], np.ndarray], inputs: int, n: int, seed: int = 1):  # type: ignore[no-untyped-def]
    """The function's values at A, B and each mixture."""
    a, b = design(n, inputs, rng=np.random.default_rng(seed))
    mixed = []
    for k in range(inputs):
        u = a.copy()
        u[:, k] = b[:, k]
        mixed.append(function(u)[:, None])
    return function(a)[:, None], function(b)[:, None], mixed


def test_ishigami_has_its_analytic_indices() -> None:
    """First order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437 (analytic); the intervals hold them."""
    a, b, ab = run(ishigami, 3, 8192)
    found = sobol_indices(a, b, ab, rng=np.random.default_rng(0))
    v1, v2, v13 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    total = v1 + v2 + v13
    np.testing.assert_allclose(found.first[:, 0], [v1 / total, v2 / total, 0], atol=0.015)
    np.testing.assert_allclose(found.total[:, 0], [(v1 + v13) / total, v2 / total, v13 / total], atol=0.01)
    assert found.variance[0] == pytest.approx(total, rel=0.01)
    assert (found.total_low[:, 0] <= [(v1 + v13) / total, v2 / total, v13 / total]).all()
    assert (found.total_high[:, 0] >= [(v1 + v13) / total, v2 / total, v13 / total]).all()
    assert (found.total_high - found.total_low < 0.1).all()


def test_sobol_g_has_its_analytic_indices() -> None:
    """V_i = 1 / 3 (1 + a_i)²; first order V_i / V, total V_i Π_{j≠i} (1 + V_j) / V, V = Π (1 + V_j) - 1."""
    a, b, ab = run(sobol_g, 5, 8192)
    found = sobol_indices(a, b, ab, rng=np.random.default_rng(0))
    v = 1 / (3 * (1 + G) ** 2)
    whole = np.prod(1 + v) - 1
    np.testing.assert_allclose(found.first[:, 0], v / whole, atol=0.01)
    np.testing.assert_allclose(found.total[:, 0], v * np.prod(1 + v) / (1 + v) / whole, atol=0.01)


def test_equal_to_salib_on_the_same_sample() -> None:
    """SALib 1.5 on the same values gives the same first-order and total indices."""
    a, b, ab = run(ishigami, 3, 1024)
    y = np.column_stack([a[:, 0], *(x[:, 0] for x in ab), b[:, 0]])
    theirs = salib.analyze({"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[0, 1]] * 3}, y.ravel(), calc_second_order=False, num_resamples=10, seed=0)
    centre = y.mean()  # SALib standardises all values by their common mean
    ours = np.array([first_order(a, b, x, centre=centre)[0] for x in ab])
    np.testing.assert_allclose(ours, theirs["S1"], atol=1e-12)
    np.testing.assert_allclose([total_order(a, b, x)[0] for x in ab], theirs["ST"], atol=1e-12)


def test_coinr_estimators() -> None:
    """COINr 1.1.14, definition 20: uncentred Saltelli 2010 and Jansen, variance of c(yA, yB) with n - 1, by a plain loop."""
    a, b, ab = run(ishigami, 3, 64)
    pooled = [*a[:, 0], *b[:, 0]]
    mean = sum(pooled) / 128
    v = sum((x - mean) ** 2 for x in pooled) / 127
    for x in ab:
        s = sum(b[k, 0] * (x[k, 0] - a[k, 0]) for k in range(64)) / 64 / v
        t = sum((a[k, 0] - x[k, 0]) ** 2 for k in range(64)) / 128 / v
        assert first_order(a, b, x, centre=0.0, ddof=1)[0] == pytest.approx(s, rel=1e-12)
        assert total_order(a, b, x, ddof=1)[0] == pytest.approx(t, rel=1e-12)


TEXT = """
name: tiny
data: {table: data.csv, layout: wide, columns: {unit: unit}}
tree: {code: all, children: [{code: p, weight: 2, children: [{code: a, weight: 3}, b]}, {code: q, children: [{code: c, weight: 1}]}]}
steps:
  normalise: {method: minmax, range: [1, 100]}
  aggregate: {method: arithmetic}
uncertainties:
"""
TABLE = "unit,a,b,c\nX,10,3,5\nY,4,9,6\nZ,1,1,9\nV,7,6,1\nW,2,8,8\n"
CHOICES = """
  choices:
    - {name: mean, at: steps.aggregate.method, options: {arithmetic: arithmetic, geometric: geometric}}
    - {name: nothing, at: steps.normalise, options: {one: {method: minmax, range: [1, 100]}, same: {method: minmax, range: [1, 100], clip: true}}}
"""


def tiny(folder: Path, uncertain: str, text: str = TEXT, table: str = TABLE):  # type: ignore[no-untyped-def]
    """A tiny index."""
    (folder / "index.yaml").write_text(text + uncertain, encoding="utf-8")
    (folder / "data.csv").write_text(table, encoding="utf-8")
    return build(load_spec(folder))


def test_an_assumption_without_effect_has_index_zero(tmp_path: Path) -> None:
    """Two options that say the same, and the weight of an only child: exactly 0, for ranks and for scores."""
    built = tiny(tmp_path, "  weights: [{below: q, amount: 0.5}, {level: 2, amount: 0.5}]" + CHOICES)
    found = sensitivity(built, n=256, seed=0)
    for frame in (found.table, found.of("Y"), found.of("Y", "score")):
        for name in ("weights below q", "nothing"):
            assert tuple(frame.loc[name]) == (0.0,) * 6
    assert found.table.loc["weights of level 2", "total"] > 0
    assert found.table.loc["mean", "total"] > 0
    assert (found.n, found.builds) == (256, 256 * 6)


def test_every_row_equals_a_build(tmp_path: Path) -> None:
    """Forty rows of the design, each built from a specification with its weights and options one by one."""
    built = tiny(tmp_path, "  weights: [{level: 1, amount: 0.5}, {kind: simplex, level: 2}]" + CHOICES + "  leave_out: [a, q]\n")
    model = compile_model(built, seed=3, tables_=8)
    u, _ = design(64, model.inputs, rng=np.random.default_rng(2))
    assert [a.name for a in model.assumptions] == ["weights of level 1", "weights of level 2", "mean", "nothing", "left out"]
    scores, cells = model.scores(u[:40]), model.cells(u[:40])
    for k in range(40):
        variant = model.variants[cells[k, 0]].built
        weights = model.weights(variant, u[[k]], cells[[k]])[0]
        place = dict(zip(variant.tree.items, weights, strict=True))
        option = ["arithmetic", "geometric"][int(u[k, -3] * 2)]
        assert variant.spec.steps.aggregate.method == option
        left = [None, "a", "q"][int(u[k, -1] * 3)]
        assert left is None or place[left] == 0
        inner = {"a": place["a"] / (place["a"] + place["b"]), "b": place["b"] / (place["a"] + place["b"])}
        outer = {"p": place["p"] / (place["p"] + place["q"]), "q": place["q"] / (place["p"] + place["q"])}
        for j, unit in enumerate(built.units):
            x = built.tables["Normalised"].loc[unit]
            if option == "arithmetic":
                slow = outer["p"] * (inner["a"] * x["a"] + inner["b"] * x["b"]) + outer["q"] * x["c"]
            else:
                slow = (x["a"] ** inner["a"] * x["b"] ** inner["b"]) ** outer["p"] * x["c"] ** outer["q"]
            assert scores[k, j] == pytest.approx(slow, rel=1e-10)


def test_score_that_is_a_sum_has_its_analytic_indices(tmp_path: Path) -> None:
    """Score of a unit with figures 1 and 0 is its share w: with one interval weight it has the whole variance, first order too."""
    text = TEXT.replace("children: [{code: p, weight: 2, children: [{code: a, weight: 3}, b]}, {code: q, children: [{code: c, weight: 1}]}]", "children: [a, b]").replace("[1, 100]", "[0, 1]")
    built = tiny(tmp_path, "  weights: [{kind: simplex, level: 1}]\n  errors: [{indicator: b, kind: absolute, amount: 0}]", text, "unit,a,b\nX,1,0\nY,0,1\nZ,0,0\n")
    found = sensitivity(built, n=1024, seed=1)
    frame = found.of("X", "score")
    assert frame.loc["weights of level 1", "first"] == pytest.approx(1, abs=0.05)
    assert frame.loc["weights of level 1", "total"] == pytest.approx(1, abs=0.05)
    assert np.var(found.scores[0][:, 0]) == pytest.approx(1 / 12, rel=0.03)


def test_errors_of_figures_and_weights_together(tmp_path: Path) -> None:
    """Random errors enter as stored datasets; a unit's rank depends on them and on the weights; seeds repeat, 0 too."""
    built = tiny(tmp_path, "  weights: [{level: 1, amount: 0.3}]\n  errors: [{indicator: a, kind: relative, amount: 0.5}]\n")
    one, two = (sensitivity(built, n=128, seed=0, tables=32) for _ in range(2))
    assert list(one.table.index) == list(two.table.index)
    np.testing.assert_array_equal(one.table.to_numpy(), two.table.to_numpy())
    assert set(one.table.index) == {"weights of level 1", "errors of figures"}
    assert (one.table["total"] > 0).all()
    other = sensitivity(built, n=128, seed=1, tables=32)
    assert not np.array_equal(one.table.to_numpy(), other.table.to_numpy())


def test_every_law_of_weights_follows_its_distribution(tmp_path: Path) -> None:
    """Means and standard deviations of weights from the inverse distributions, against those of the sampler."""
    from podium.robustness.draws import draw_weights

    for law in ("{level: 1, amount: 0.4}", "{level: 1, kind: dirichlet, amount: 0.3}", "{kind: simplex, below: p}",
                "{kind: intervals, intervals: {a: [1, 3], c: [0, 2]}}", "{kind: order, order: [q, p]}",
                "{kind: experts, sets: [{a: 1}, {a: 5, b: 2}]}", "{kind: leave_out, codes: [a, b]}"):  # fmt: skip
        built = tiny(tmp_path, f"  weights: [{law}]")
        model = compile_model(built, seed=1, tables_=1)
        u, _ = design(4096, model.inputs, rng=np.random.default_rng(0))
        ours = model.weights(built, u, model.cells(u))
        theirs = draw_weights(built.spec, built.tree, 40_000, np.random.default_rng(1))
        shared_out = [k for k, c in enumerate(built.tree.items) if c != "c"]  # an only child's weight means nothing
        ours, theirs = ours[:, shared_out], theirs[:, shared_out]
        np.testing.assert_allclose(ours.mean(axis=0), theirs.mean(axis=0), atol=0.03)
        np.testing.assert_allclose(ours.std(axis=0), theirs.std(axis=0), atol=0.03)


def test_a_failing_build_stops_with_names(tmp_path: Path) -> None:
    """A geometric mean of z-scores stops the run and names node, method, indicator and unit."""
    z = "\n  choices:\n    - {name: mean, at: steps.aggregate.method, options: {a: arithmetic, g: geometric}}\n    - {name: scale, at: steps.normalise, options: {m: {method: minmax, range: [1, 100]}, z: {method: zscore, mean: 0, sd: 1}}}\n"
    built = tiny(tmp_path, "  weights: [{level: 1, amount: 0.3}]" + z)
    with pytest.raises(ComputationError, match=r"p \(geometric\).*of [XYZVW]"):
        sensitivity(built, n=64, seed=1)


def test_what_cannot_be_asked_is_refused(tmp_path: Path) -> None:
    """Rows that are no power of 2, a unit that is not there, an index that is certain."""
    built = tiny(tmp_path, "  weights: [{level: 1, amount: 0.3}]")
    with pytest.raises(InputError, match="Use 128"):
        sensitivity(built, n=100, seed=1)
    with pytest.raises(DataError, match="XX"):
        sensitivity(built, n=64, seed=1).of("XX")
    with pytest.raises(SpecError, match="nothing is uncertain"):
        sensitivity(tiny(tmp_path, "  weights: []"), n=64, seed=1)
