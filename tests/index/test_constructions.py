"""Published indices of other constructions, each as a specification of a small table, against its formula in plain Python.

The figures are invented; what is checked is that the specification says what the publisher's formula says.
"""

from __future__ import annotations

import math
import statistics
from pathlib import Path

import numpy as np
import pytest

from podium.errors import ComputationError, DataError, SpecError
from podium.index.build import Built, build
from podium.index.spec import load_spec


def made(folder: Path, spec: str, table: str) -> Built:
    """An index built from a specification (without its name and data) and a table."""
    head = "name: it\ndata: {table: data.csv, layout: wide, columns: {unit: unit}, missing: [..]}\n"
    (folder / "index.yaml").write_text(head + spec, encoding="utf-8")
    (folder / "data.csv").write_text(table, encoding="utf-8")
    return build(load_spec(folder / "index.yaml"))


def scores(built: Built, node: str | None = None) -> list[float]:
    """The scores of a node in the order of the units."""
    return [built.score_of(u, node) for u in built.units]


def test_human_capital_index(tmp_path: Path) -> None:
    """World Bank (2018): survival × exp(0.08 (EYS × HLO / 625 − 14)) × exp of the mean of 0.65 (ASR − 1) and 0.35 (NS − 1)."""
    built = made(tmp_path, """
indicators:
  asr: {transform: {method: linear, scale: 0.65, offset: -0.65}}
  stunting: {transform: {method: linear, scale: 0.35, offset: -0.35}}
tree:
  code: hci
  method: product
  children:
    - survival
    - {code: education, method: product, transform: {method: exp, scale: 0.000128, offset: -1.12}, children: [eys, hlo]}
    - {code: health, method: arithmetic, transform: {method: exp}, children: [asr, stunting]}
steps:
  normalise: {method: none}
  aggregate: {method: product, min_available: 1}
""", "unit,survival,eys,hlo,asr,stunting\nA,0.997,13.6,537,0.95,0.98\nB,0.88,7.1,340,0.72,0.66\nC,0.95,11.2,405,0.86,..\n")  # fmt: skip
    def hci(s: float, e: float, h: float, a: float, n: float) -> float:
        return s * math.exp(0.08 * (e * h / 625 - 14)) * math.exp((0.65 * (a - 1) + 0.35 * (n - 1)) / 2)

    assert scores(built)[:2] == pytest.approx([hci(0.997, 13.6, 537, 0.95, 0.98), hci(0.88, 7.1, 340, 0.72, 0.66)], rel=1e-12)
    assert built.score_of("C", "education") == pytest.approx(math.exp(0.08 * (11.2 * 405 / 625 - 14)))
    assert math.isnan(built.score_of("C"))


def test_multidimensional_poverty_of_households(tmp_path: Path) -> None:
    """Alkire & Foster (2011): weighted deprivations below cut-offs, censored below a third; headcount × intensity."""
    built = made(tmp_path, """
indicators:
  schooling: &deprived {transform: {method: linear, scale: 0, below: [6, 1]}}
  attendance: {transform: {method: linear, scale: 0, below: [1, 1]}}
  assets: {transform: {method: linear, scale: 0, below: [2, 1]}}
tree:
  code: censored
  method: sum
  transform: {method: linear, below: [0.3333333333, 0]}
  children: [{code: schooling, weight: 0.25}, {code: attendance, weight: 0.25}, {code: assets, weight: 0.5}]
steps:
  normalise: {method: none}
  aggregate: {method: sum}
  rank: {best: lowest}
""", "unit,schooling,attendance,assets\nh1,4,0,3\nh2,5,1,5\nh3,8,1,0\nh4,9,1,4\n")  # fmt: skip
    own = scores(built)
    assert own == [0.5, 0.0, 0.5, 0.0]
    poor = [c for c in own if c > 0]
    headcount, intensity = len(poor) / 4, statistics.mean(poor)
    two = made(tmp_path, """
tree: {code: mpi, method: product, children: [H, A]}
steps: {normalise: {method: none}, aggregate: {method: product}, rank: {best: lowest}}
""", f"unit,H,A\nX,{headcount},{intensity}\nY,0.2,0.4\n")  # fmt: skip
    assert scores(two) == pytest.approx([statistics.mean(own), 0.08])


def test_environmental_performance_index(tmp_path: Path) -> None:
    """Wolf et al. (2022): distance to targets of logged figures, weights by level, what does not apply gives its weight away."""
    built = made(tmp_path, """
indicators:
  pm25: {goalposts: [90, 4], transform: {method: log}}
  lead: {goalposts: [2000, 100], transform: {method: log, offset: 1}}
  fish: {goalposts: [0, 60]}
tree:
  code: epi
  children:
    - {code: health, weight: 0.4, children: [{code: pm25, weight: 0.7}, {code: lead, weight: 0.3}]}
    - {code: vitality, weight: 0.6, children: [fish]}
steps:
  normalise: {method: goalposts, range: [0, 100], clip: true}
  aggregate: {method: arithmetic}
""", "unit,pm25,lead,fish\nA,20,300,30\nB,3,50,75\nland-locked,95,1500,..\n")  # fmt: skip
    def to_target(x: float, worst: float, best: float) -> float:
        return min(100, max(0, 100 * (math.log(x) - math.log(worst)) / (math.log(best) - math.log(worst))))

    health = [0.7 * to_target(p, 90, 4) + 0.3 * to_target(v + 1, 2001, 101) for p, v in ((20, 300), (3, 50), (95, 1500))]
    assert scores(built) == pytest.approx([0.4 * health[0] + 0.6 * 50, 100, health[2]], rel=1e-12)


def test_global_innovation_index(tmp_path: Path) -> None:
    """WIPO (2024): min–max to 0–100, half weights of 0.5, pillars averaged into sub-indices, and those into the index."""
    built = made(tmp_path, """
tree:
  code: gii
  children:
    - {code: inputs, children: [{code: institutions, children: [{code: a, weight: 0.5}, b]}, {code: research, children: [c]}]}
    - {code: outputs, children: [d]}
steps:
  normalise: {method: minmax, range: [0, 100]}
  aggregate: {method: arithmetic, min_available: 0.6}
""", "unit,a,b,c,d\nA,1,10,5,7\nB,3,30,1,9\nC,2,..,4,8\n")  # fmt: skip
    a, b, c, d = [0, 100, 50], [0, 100], [100, 0, 75], [0, 100, 50]
    institutions = [(0.5 * a[k] + b[k]) / 1.5 for k in range(2)]
    assert scores(built, "institutions")[:2] == pytest.approx(institutions)
    assert math.isnan(scores(built, "institutions")[2]), "one of two figures is less than 60 %"
    assert scores(built)[:2] == pytest.approx([((institutions[k] + c[k]) / 2 + d[k]) / 2 for k in range(2)])


def test_sustainable_development_goals_index(tmp_path: Path) -> None:
    """Sachs et al. (2018): the 2.5th percentile below, a target above, capped; goals as means of what there is."""
    figures = [3.0, 12.0, 18.5, 30.0, 41.0, 77.0, 90.0, 99.5]
    rows = "\n".join(f"U{k},{x},{100 - x}" for k, x in enumerate(figures))
    built = made(tmp_path, """
indicators: {share: {goalposts: [null, 80]}, lag: {goalposts: [null, 10], normalise: {method: goalposts, posts: [0, 100], range: [0, 100], clip: true}}}
tree: {code: sdg, children: [{code: goal1, children: [share]}, {code: goal2, children: [lag]}]}
steps:
  normalise: {method: goalposts, ends: [0.025, 1], range: [0, 100], clip: true}
  aggregate: {method: arithmetic}
""", f"unit,share,lag\n{rows}\n")  # fmt: skip
    floor = float(np.quantile(figures, 0.025))
    expected = [min(100, max(0, 100 * (x - floor) / (80 - floor))) for x in figures]
    assert scores(built, "goal1") == pytest.approx(expected, rel=1e-12)


def test_fragile_states_index(tmp_path: Path) -> None:
    """Fund for Peace: the sum of twelve scores of 0 to 10, the highest first, and its four bands of 30 points."""
    codes = [f"c{k}" for k in range(12)]
    table = "unit," + ",".join(codes) + "\nA," + ",".join(["9.5"] * 12) + "\nB," + ",".join(["2.1"] * 12) + "\nC," + ",".join(["5"] * 12) + "\n"
    built = made(tmp_path, f"""
tree: {{code: fsi, children: [{", ".join(codes)}]}}
steps:
  normalise: {{method: none}}
  aggregate: {{method: sum, min_available: 1}}
  rank: {{classes: [30, 60, 90]}}
""", table)  # fmt: skip
    assert scores(built) == pytest.approx([114, 25.2, 60])
    assert built.classes is not None
    assert built.classes["fsi"].to_dict() == {"A": 1, "C": 2, "B": 4}


def test_corruption_perceptions_index(tmp_path: Path) -> None:
    """Transparency International (2012 on): sources at mean 45 and deviation 20 of a base year, cut to 0–100, three at least, rounded."""
    built = made(tmp_path, """
indicators:
  s1: {goalposts: [50, 70]}
  s2: {goalposts: [3, 4.5]}
  s3: {goalposts: [-0.2, 0.9]}
  s4: {goalposts: [10, 14]}
tree: {code: cpi, min_count: 3, decimals: 0, children: [s1, s2, s3, s4]}
steps:
  normalise: {method: goalposts, range: [45, 65], clip: [0, 100]}
  aggregate: {method: arithmetic}
""", "unit,s1,s2,s3,s4\nA,61,5.1,1.4,19\nB,33,2.2,..,6\nC,48,..,..,9\nD,140,9,4,10\n")  # fmt: skip
    base = [(50, 20), (3, 1.5), (-0.2, 1.1), (10, 4)]
    rows = {"A": [61, 5.1, 1.4, 19], "B": [33, 2.2, None, 6], "C": [48, None, None, 9], "D": [140, 9, 4, 10]}
    for unit, row in rows.items():
        there = [min(100, max(0, 45 + 20 * (x - m) / s)) for x, (m, s) in zip(row, base, strict=True) if x is not None]
        if len(there) < 3:
            assert math.isnan(built.score_of(unit))
        else:
            assert built.score_of(unit) == math.floor(statistics.mean(there) + 0.5)


def test_doing_business(tmp_path: Path) -> None:
    """World Bank (2020): (worst − y) / (worst − best) on 0–100, topics averaged."""
    built = made(tmp_path, """
indicators: {days: {goalposts: [100, 0.5]}, cost: {goalposts: [200, 0]}}
tree: {code: ease, children: [days, cost]}
steps: {normalise: {method: goalposts, range: [0, 100], clip: true}, aggregate: {method: arithmetic}, rank: {decimals: 1}}
""", "unit,days,cost\nA,8,4\nB,120,0\n")  # fmt: skip
    assert scores(built) == pytest.approx([((100 - 8) / 99.5 * 100 + 98) / 2, 50])


def test_competitiveness_with_weights_by_stage(tmp_path: Path) -> None:
    """World Economic Forum (2017) and the EU's Regional Competitiveness Index: 1–7 scales, weights by stage of development."""
    built = made(tmp_path, """
tree:
  code: gci
  weights: {by: stage, sets: {1: {basic: 60, efficiency: 35, innovation: 5}, 3: {basic: 20, efficiency: 50, innovation: 30}}}
  children: [basic, efficiency, innovation]
steps: {normalise: {method: minmax, range: [1, 7]}, aggregate: {method: arithmetic}}
""", "unit,stage,basic,efficiency,innovation\nA,1,10,0,5\nB,3,0,10,10\nC,3,5,5,0\nD,1,10,..,5\n")  # fmt: skip
    assert scores(built) == pytest.approx(
        [0.6 * 7 + 0.35 * 1 + 0.05 * 4, 0.2 * 1 + 0.5 * 7 + 0.3 * 7, 0.2 * 4 + 0.5 * 4 + 0.3 * 1, (60 * 7 + 5 * 4) / 65]
    )


def test_a_child_left_out_leaves_the_sets_of_weights_too(tmp_path: Path) -> None:
    """Leaving an indicator out of the tree drops what the stages say of it: the rest by its weights of the stage."""
    (tmp_path / "data.csv").write_text("unit,stage,a,b,c\nA,1,8,2,4\nB,3,8,2,4\n", encoding="utf-8")
    (tmp_path / "index.yaml").write_text("""name: it
data: {table: data.csv, layout: wide, columns: {unit: unit}}
tree: {code: x, weights: {by: stage, sets: {1: {a: 3, b: 1, c: 6}, 3: {a: 1, b: 3, c: 6}}}, children: [a, b, c]}
steps: {normalise: {method: none}, aggregate: {method: arithmetic}}
""", encoding="utf-8")  # fmt: skip
    built = build(load_spec(tmp_path / "index.yaml"))
    without = build(built.spec.model_copy(update={"tree": built.root.model_copy(update={"children": built.root.children[:2]})}))
    assert scores(without) == pytest.approx([(3 * 8 + 2) / 4, (8 + 3 * 2) / 4])


def test_weights_of_a_stage_that_is_not_there_are_named(tmp_path: Path) -> None:
    """A unit whose label has no set, and a set that names no child, are told with the line."""
    spec = """
tree:
  code: gci
  weights: {by: stage, sets: {1: {a: 2}}}
  children: [a, b]
steps: {normalise: {method: none}, aggregate: {method: arithmetic}}
"""
    with pytest.raises(DataError, match=r"index\.yaml:5: gci: no set of weights is for B \(2\)"):
        made(tmp_path, spec, "unit,stage,a,b\nA,1,10,0\nB,2,0,10\n")
    with pytest.raises(SpecError, match=r"index\.yaml:6: gci: weights name c \(set 1\).*Its children are a, b"):
        made(tmp_path, spec.replace("{a: 2}", "{c: 2}"), "unit,stage,a,b\nA,1,10,0\n")


def test_nd_gain(tmp_path: Path) -> None:
    """Notre Dame (2023): (readiness − vulnerability + 1) × 50."""
    built = made(tmp_path, """
tree: {code: gain, method: difference, transform: {method: linear, scale: 50, offset: 50}, children: [readiness, vulnerability]}
steps: {normalise: {method: none}, aggregate: {method: arithmetic}}
""", "unit,readiness,vulnerability\nA,0.7,0.3\nB,0.2,0.6\n")  # fmt: skip
    assert scores(built) == pytest.approx([70, 30])


@pytest.mark.parametrize(("penalty", "sign"), [(-1, -1), (1, 1)])
def test_adjusted_mazziotta_pareto_index(tmp_path: Path, penalty: int, sign: int) -> None:
    """Mazziotta & Pareto (2016): values of 100 at the reference and a range of 60, then M ± S × CV, polarity turned."""
    built = made(tmp_path, f"""
tree: {{code: ampi, options: {{penalty: {penalty}}}, method: ampi, children: [a, b]}}
steps: {{normalise: {{method: ampi, reference: R}}, aggregate: {{method: ampi}}}}
""", "unit,a,b\nR,10,4\nS,30,1\nT,0,7\n")  # fmt: skip
    a, b = [100 + 60 * (x - 10) / 30 for x in (10, 30, 0)], [100 + 60 * (x - 4) / 6 for x in (4, 1, 7)]
    expected = []
    for pair in zip(a, b, strict=True):
        mean, spread = statistics.mean(pair), statistics.pstdev(pair)
        expected.append(mean + sign * spread * (spread / mean))
    assert scores(built) == pytest.approx(expected)


def test_happy_planet_index(tmp_path: Path) -> None:
    """New Economics Foundation (2016): k × (wellbeing × life expectancy) / (footprint + ε), constants inside the formula."""
    built = made(tmp_path, """
indicators:
  footprint: {transform: {method: linear, offset: 4.38}}
  wellbeing: {transform: {method: linear, offset: 2.93}}
  life: {transform: {method: linear, offset: 4.38}}
tree:
  code: hpi
  method: quotient
  transform: {method: linear, scale: 0.6, offset: -7}
  children: [{code: happy, method: product, children: [life, wellbeing]}, footprint]
steps: {normalise: {method: none}, aggregate: {method: product}}
""", "unit,footprint,wellbeing,life\nA,2.8,7.3,69.1\nB,8.2,7.0,78.0\n")  # fmt: skip
    assert scores(built) == pytest.approx([0.6 * ((69.1 + 4.38) * (7.3 + 2.93)) / (2.8 + 4.38) - 7, 0.6 * ((78 + 4.38) * (7 + 2.93)) / (8.2 + 4.38) - 7])


def test_gender_gap_index(tmp_path: Path) -> None:
    """World Economic Forum: ratios of women to men cut at parity, weights as published, sub-indices averaged."""
    built = made(tmp_path, """
indicators: {labour_f: {per: labour_m, transform: {method: cap, upper: 1}}, pay_f: {per: pay_m, transform: {method: cap, upper: 1}}}
tree: {code: gap, children: [{code: labour_f, weight: 0.199}, {code: pay_f, weight: 0.310}]}
steps: {normalise: {method: none}, aggregate: {method: arithmetic}}
""", "unit,labour_f,labour_m,pay_f,pay_m\nA,60,80,30,40\nB,70,60,20,50\n")  # fmt: skip
    assert scores(built) == pytest.approx([(0.199 * 0.75 + 0.31 * 0.75) / 0.509, (0.199 + 0.31 * 0.4) / 0.509])


def test_displaced_ideal_and_ordered_weights(tmp_path: Path) -> None:
    """Zeleny's distance to the ideal and Yager's ordered weights, worked out by hand."""
    table = "unit,a,b\nA,0.2,0.8\nB,0.5,0.5\n"
    text = "tree: {code: x, children: [a, b]}\nsteps: {normalise: {method: none}, aggregate: HOW}\n"
    ideal = made(tmp_path, text.replace("HOW", "{method: displaced_ideal}"), table)
    assert scores(ideal) == pytest.approx([1 - math.sqrt((0.64 + 0.04) / 2), 0.5])
    owa = made(tmp_path, text.replace("HOW", "{method: owa, options: {order: [3, 1]}}"), table)
    assert scores(owa) == pytest.approx([(3 * 0.8 + 0.2) / 4, 0.5])
    for orness, expected in ((1, 0.8), (0.5, 0.5), (0, 0.2), (0.25, 0.8 * 0.125 + 0.2 * 0.875)):
        built = made(tmp_path, text.replace("HOW", f"{{method: owa, options: {{orness: {orness}}}}}"), table)
        assert built.score_of("A") == pytest.approx(expected)


def test_levels_have_methods_and_thresholds_of_their_own(tmp_path: Path) -> None:
    """Arithmetic below, geometric above, with a threshold on one level (COINr's vectors of functions and thresholds)."""
    built = made(tmp_path, """
tree: {code: all, children: [{code: p, children: [a, b]}, {code: q, children: [c, d]}]}
steps:
  normalise: {method: none}
  aggregate: {method: arithmetic, levels: {2: {min_available: 1}, 3: {method: geometric}}}
""", "unit,a,b,c,d\nA,1,3,4,4\nB,1,..,9,9\n")  # fmt: skip
    assert scores(built) == pytest.approx([math.sqrt(2 * 4), 9])
    assert math.isnan(built.score_of("B", "p"))


MISSING = {
    "redistribute": (2.0, 4.0), "parent": (math.nan, 4.0), "0": (1.0, 4.0), "6": (4.0, 4.0),
}  # fmt: skip


@pytest.mark.parametrize("missing", sorted(MISSING))
def test_what_a_missing_child_means(tmp_path: Path, missing: str) -> None:
    """Its weight goes to the others, the node is missing too, or it counts as a number: for a mean of 2 and nothing."""
    built = made(tmp_path, f"""
tree: {{code: all, missing: {missing}, children: [a, b]}}
steps: {{normalise: {{method: none}}, aggregate: {{method: arithmetic}}}}
""", "unit,a,b\nA,2,..\nB,3,5\n")  # fmt: skip
    assert scores(built) == pytest.approx(list(MISSING[missing]), nan_ok=True)


def test_thresholds_by_number_and_by_weight(tmp_path: Path) -> None:
    """At least two children, or at least 60 % of the weight."""
    table = "unit,a,b,c\nA,1,..,..\nB,1,2,..\nC,..,2,3\n"
    text = "tree: {code: all, KEY, children: [{code: a, weight: 3}, b, c]}\nsteps: {normalise: {method: none}, aggregate: {method: arithmetic}}\n"
    by_count = made(tmp_path, text.replace("KEY", "min_count: 2"), table)
    assert [math.isnan(s) for s in scores(by_count)] == [True, False, False]
    by_weight = made(tmp_path, text.replace("KEY", "min_weight: 0.6"), table)
    assert [math.isnan(s) for s in scores(by_weight)] == [False, False, True]


def test_rescaling_the_root(tmp_path: Path) -> None:
    """To a range, by posts with a clip, to a mean and deviation, and by the maximum."""
    table = "unit,a\nA,2\nB,4\nC,9\n"
    text = "tree: {code: x, children: [a]}\nsteps: {normalise: {method: none}, aggregate: {method: arithmetic}, rescale: HOW}\n"
    expected = {
        "{range: [1, 7]}": [1, 1 + 6 * 2 / 7, 7], "{method: goalposts, goalposts: [3, 5], range: [0, 10], clip: true}": [0, 5, 10],
        "{method: zscore, mean: 50, sd: 10}": [50 + 10 * (x - 5) / statistics.stdev([2, 4, 9]) for x in (2, 4, 9)],
        "{method: fracmax, range: [0, 1]}": [2 / 9, 4 / 9, 1],
    }  # fmt: skip
    for how, values in expected.items():
        assert scores(made(tmp_path, text.replace("HOW", how), table)) == pytest.approx(values)
    with pytest.raises(ComputationError, match="no spread"):
        made(tmp_path, text.replace("HOW", "{range: [0, 1]}"), "unit,a\nA,2\nB,2\n")


def test_ranks_within_groups_and_classes(tmp_path: Path) -> None:
    """Ranks within regions; five units in classes of equal size."""
    table = "unit,region,a\nA,x,5\nB,x,3\nC,y,9\nD,y,9\nE,,1\n"
    text = "tree: {code: s, children: [a]}\nsteps: {normalise: {method: none}, aggregate: {method: arithmetic}, rank: HOW}\n"
    within = made(tmp_path, text.replace("HOW", "{within: region}"), table)
    assert [within.rank_of(u) for u in "ABCD"] == [1, 2, 1, 1]
    assert math.isnan(within.rank_of("E")), "a unit of no region has no rank in it"
    classed = made(tmp_path, text.replace("HOW", "{classes: 2, ties: ordinal}"), table)
    assert classed.classes is not None
    assert [classed.classes.loc[u, "s"] for u in "CDABE"] == [1, 1, 2, 2, 2]
    with pytest.raises(SpecError, match=r"no unit column or series 'regoin'.*Did you mean region"):
        made(tmp_path, text.replace("HOW", "{within: regoin}"), table)
