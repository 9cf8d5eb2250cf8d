"""Every fault of a specification at once, with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from podium.errors import ComputationError, SpecError
from podium.index.aggregate import compile_tree, tree_scores
from podium.index.build import build
from podium.index.spec import Node, load_spec

HEAD = "name: it\ndata: {table: data.csv, layout: wide, columns: {unit: unit}}\n"
STEPS = "steps: {normalise: {method: none}, aggregate: {method: arithmetic}}\n"


def faults(folder: Path, text: str) -> list[str]:
    """The faults of a specification, without folder."""
    (folder / "index.yaml").write_text(HEAD + text, encoding="utf-8")
    (folder / "data.csv").write_text("unit,a,b,c\nX,1,2,3\nY,4,0,6\n", encoding="utf-8")
    with pytest.raises((SpecError, ComputationError)) as caught:
        build(load_spec(folder / "index.yaml"))
    return [str(f).replace(str(folder / "index.yaml"), "index.yaml") for f in caught.value.faults]


def test_all_faults_of_a_tree_at_once(tmp_path: Path) -> None:
    """Weights, cycles, repeats, empty groups, misspelt keys and names: each with its line, in order."""
    found = faults(tmp_path, """tree:
  code: all
  metod: geometric
  children:
    - {code: a, weight: -3}
    - b
    - {code: g, children: [{code: b, weight: 0}, {code: c, weight: 0}]}
    - {code: h, children: [{code: all}]}
    - {code: e, children: []}
    - {code: f, method: geometric}
    - {code: i, min_available: 1.5, missing: foo, children: [{code: x, weight: nan}]}
indicators:
  aa: {transform: {method: logg}}
""" + STEPS)  # fmt: skip
    expected = [
        ":5: tree.metod (in all): this key is not known here. Did you mean method?",
        ":7: the weight of a in all is negative (-3). Give a number from 0 on",
        ":9: b stands twice in the tree (first on line 8)", ":9: the weights below g sum to 0 (b, c)",
        ":10: all stands below itself (first on line 4): the tree has a cycle", ":11: e is a group without children",
        ":12: f has no children, so `method` says nothing of it", ":13: tree.children.6.min_available (in i)",
        ":13: tree.children.6.missing (in i): Input should be 'redistribute' or 'parent'",
        ":13: tree.children.6.children.0.weight (in x): Input should be a finite number", ":15: indicators.aa.transform.method",
        ":15: indicators names aa, which is not in the tree. Did you mean a?",
    ]  # fmt: skip
    assert len(found) == len(expected)
    for mine, start in zip(found, expected, strict=True):
        assert mine.startswith("index.yaml" + start), mine


def test_all_faults_of_methods_at_once(tmp_path: Path) -> None:
    """Unknown methods and options with what was meant, options that are no numbers, a ratio of one child, a score's target."""
    found = faults(tmp_path, """indicators: {d: {measure: b}}
tree:
  code: all
  method: geometrik
  children:
    - {code: p, method: power, options: {exponnt: 2}, children: [a]}
    - {code: q, method: power, options: {exponent: two}, children: [b]}
    - {code: r, method: quotient, children: [c]}
    - {code: s, normalise: {method: dist2targ}, children: [d]}
""" + STEPS)  # fmt: skip
    expected = [
        ":5: all: no aggregation is called 'geometrik'. Did you mean geometric?", ":8: p: power has no option 'exponnt'. Did you mean exponent?",
        ":9: q: the option exponent is 'two'", ":10: r: quotient needs 2 children, not 1", ":11: s: a score cannot be normalised by 'dist2targ'",
    ]  # fmt: skip
    assert len(found) == len(expected)
    for start in expected:
        assert any(f.startswith("index.yaml" + start) for f in found), (start, found)


def test_levels_that_are_not_there(tmp_path: Path) -> None:
    """A method for a level that the tree does not reach."""
    steps = STEPS.replace("{method: arithmetic}", "{method: arithmetic, levels: {4: {method: sum}}}")
    assert "no level 4. Its groups stand on levels 2 to 2" in faults(tmp_path, "tree: {code: all, children: [a, b]}\n" + steps)[0]


def test_logarithm_names_indicator_and_unit(tmp_path: Path) -> None:
    """A zero under a logarithm."""
    text = "indicators: {b: {transform: {method: log10}}}\ntree: {code: all, children: [a, b]}\n" + STEPS
    assert faults(tmp_path, text) == ["log10 of b has no value: the figure of Y is 0. Raise `offset`, or set `lower`"]


@pytest.mark.parametrize("method", ["geometric", "harmonic", "power"])
def test_a_refused_mean_names_draw_unit_indicator_and_remedy(method: str) -> None:
    """Also within a Monte-Carlo draw; one zero among 200 draws is found."""
    x = np.random.default_rng(2).uniform(1, 9, (200, 3, 2))
    x[151, 2, 1] = 0.0
    options = {"exponent": -1.0} if method == "power" else {}
    tree = compile_tree(Node(code="all", children=(Node(code="a"), Node(code="b"))), ("a", "b"), method=method, min_available=0, options=options)
    with pytest.raises(ComputationError, match=rf"all \({method}\).*but b of Z is 0 in draw 152\. Normalise to a range above 0"):
        tree_scores(tree, x, np.tile(tree.weights, (200, 1)), units=("X", "Y", "Z"))


def test_a_level_score_has_no_spread(tmp_path: Path) -> None:
    """A node that is the same for all units cannot be normalised by its spread, and says so."""
    text = "tree: {code: all, children: [{code: p, method: count, normalise: {method: minmax}, children: [a]}, c]}\n" + STEPS
    assert ":3: p is the same for all units, so minmax has no spread" in faults(tmp_path, text)[0]


def test_a_changed_specification_keeps_its_lines(tmp_path: Path) -> None:
    """`with_` checks the changed tree and knows where it stood."""
    (tmp_path / "index.yaml").write_text(HEAD + "tree:\n  code: all\n  children:\n    - a\n    - b\n" + STEPS, encoding="utf-8")
    spec = load_spec(tmp_path / "index.yaml")
    with pytest.raises(SpecError, match=r"index\.yaml:4: the weights below all sum to 0"):
        spec.with_({"tree.children": [{"code": "a", "weight": 0}]})
    assert spec.place("b") == (str(tmp_path / "index.yaml"), 7)
    assert spec.with_({}) == spec


def test_weights_beyond_the_largest_number_are_refused(tmp_path: Path) -> None:
    """Two finite weights whose sum is infinite; they made every share, and every score, 0."""
    (tmp_path / "index.yaml").write_text(
        "name: t\ndata: {table: t.csv}\ntree:\n  code: all\n  children:\n  - {code: a, weight: 1.0e+308}\n  - {code: b, weight: 1.0e+308}\n"
        "steps: {normalise: {method: none}}\n", encoding="utf-8")  # fmt: skip
    with pytest.raises(SpecError, match=r"index\.yaml:\d+: the weights below all sum to more than numbers can hold"):
        load_spec(tmp_path)
