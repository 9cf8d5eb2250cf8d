"""What goes wrong in a build names file, line, indicator and remedy."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from podium.errors import PodiumError
from podium.index import aggregate
from podium.index.build import Built, build
from podium.index.spec import load_spec
from podium.report.terminal import print_built

SPEC = """name: t
data: {table: t.csv, layout: wide}
tree:
  code: index
  children:
    - {code: g1, weight: 1, children: [a, b]}
    - {code: g2, weight: 2, children: [c, d]}
steps:
  screen: {min_available: 0.1}
  impute: {method: group_mean, group: region}
  normalise: {method: minmax, range: [0, 100]}
  aggregate: {method: arithmetic}
"""
TABLE = "unit,region,a,b,c,d\nKOR,Asia,1,20,3,5\nJPN,Asia,2,30,1,7\nFRA,Europe,3,10,2,6\n"
FLAT = TABLE.replace("Asia,2", "Asia,1").replace("Europe,3", "Europe,1")
GAPS = "unit,region,a,b,c,d\nKOR,Asia,,20,3,5\nJPN,Asia,,30,1,7\n"


@pytest.mark.parametrize(
    ("spec", "table", "message"),
    [
        (SPEC.replace("arithmetic", "geometric"), TABLE,
         "index.yaml:6: g1 (geometric): the geometric mean needs values above 0, but a of KOR is 0. Normalise to"),
        (SPEC, FLAT, "index.yaml:6: indicator a is constant over all units, so minmax has no spread. Leave it out"),
        (SPEC, GAPS, "index.yaml:6: indicator a has no value for any unit. Leave it out"),
        (SPEC.replace("minmax", "min_max"), TABLE,
         "index.yaml:11: steps.normalise: the method 'min_max' is not known. Did you mean minmax?"),
        (SPEC.replace("group: region", "group: regoin"), TABLE,
         "index.yaml:10: steps.impute.group: 'regoin' is not a column of the unit table. Did you mean region?"),
        (SPEC.replace("group_mean", "groupmean"), TABLE, "index.yaml:10: steps.impute: the method 'groupmean' is not known"),
        (SPEC.replace("[c, d]", "[c, dd]"), TABLE, "The tree names it in {folder}/index.yaml:7: add it or mend the code"),
        (SPEC + "plugins: [nope.py]\n", TABLE, "index.yaml:13: there is no plug-in 'nope.py'. Name a Python file"),
    ],
)  # fmt: skip
def test_a_fault_of_the_build_has_its_line(tmp_path: Path, spec: str, table: str, message: str) -> None:
    """Faults that only the figures show point at the line of the specification that can mend them."""
    (tmp_path / "index.yaml").write_text(spec, encoding="utf-8")
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    with pytest.raises(PodiumError) as caught:
        build(load_spec(tmp_path / "index.yaml"))
    assert message.format(folder=tmp_path) in str(caught.value)


def test_a_fault_of_a_panel_names_the_edition(tmp_path: Path) -> None:
    """What is constant in one edition is told with that edition; a scale over nothing said with its line."""
    steps = "steps:\n  normalise: {method: minmax, range: [0, 100], over: edition}\n  aggregate: {method: arithmetic}\n"
    head = "name: t\ndata: {table: t.csv, panel: true}\ntree:\n  code: x\n  children: [a]\n"
    (tmp_path / "t.csv").write_text(
        "unit,indicator,time,value\nKOR,a,2018,1\nJPN,a,2018,1\nKOR,a,2019,3\nJPN,a,2019,1\n", encoding="utf-8")  # fmt: skip
    (tmp_path / "index.yaml").write_text(head + steps, encoding="utf-8")
    with pytest.raises(PodiumError, match=r"index\.yaml:5: indicator a is constant over all units in the edition 2018, so"):
        build(load_spec(tmp_path / "index.yaml"))
    (tmp_path / "index.yaml").write_text(head + steps.replace(", over: edition", ""), encoding="utf-8")
    with pytest.raises(PodiumError, match=r"index\.yaml:7: steps\.normalise: the index is a panel, but `over` is missing"):
        build(load_spec(tmp_path / "index.yaml"))


def test_a_scale_in_reverse_is_refused(tmp_path: Path) -> None:
    """A range from 100 to 0 would turn the index upside down without a word."""
    (tmp_path / "index.yaml").write_text(SPEC.replace("[0, 100]", "[100, 0]"), encoding="utf-8")
    with pytest.raises(PodiumError, match=r"index\.yaml:11: steps\.normalise: `range` must ascend"):
        load_spec(tmp_path / "index.yaml")


def test_kinds_of_values_are_named_as_yaml_names_them(tmp_path: Path) -> None:
    """A text where a list belongs is told without words of Python; an edition of an index without any, too."""
    path = tmp_path / "index.yaml"
    path.write_text(SPEC + "plugins: own.py\n", encoding="utf-8")
    with pytest.raises(PodiumError, match=r"index\.yaml:13: plugins: Input should be a list, not 'own\.py'"):
        load_spec(path)
    path.write_text(SPEC, encoding="utf-8")
    with pytest.raises(PodiumError, match="no edition '2020': the specification lists no `editions`"):
        load_spec(path, edition="2020")


def test_a_method_of_ones_own_need_not_mind_units_without_figures(tmp_path: Path) -> None:
    """A division by the weights that are there warns of nothing where a unit has none; the unit has no score."""
    (tmp_path / "own.py").write_text(
        "from podium.index.aggregate import Method, register_aggregation\n"
        "register_aggregation('own_lehmer', Method(lambda x, w: (w * x**2).sum(axis=-1) / (w * x).sum(axis=-1)))\n",
        encoding="utf-8")  # fmt: skip
    spec = SPEC.replace("arithmetic", "own_lehmer").replace("[0, 100]", "[1, 100]") + "plugins: [own.py]\n"
    (tmp_path / "index.yaml").write_text(spec.replace("  impute: {method: group_mean, group: region}\n", ""), encoding="utf-8")
    (tmp_path / "t.csv").write_text(TABLE + "DEU,Europe,,,4,4\n", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        built = build(load_spec(tmp_path / "index.yaml"))
    del aggregate.METHODS["own_lehmer"]  # other tests go through all that are registered
    assert np.isnan(built.score_of("DEU", "g1"))
    assert built.score_of("FRA", "g1") == pytest.approx((100**2 + 1) / 101)


BOOK = "code,name,direction,denominator\na,A,1,people\nb,B,-1,people\nc,C,1,\nd,D,1,\n"
PEOPLE = "unit,people\nKOR,50\nJPN,120\nFRA,60\n"


def built_with(folder: Path, book: str = BOOK, people: str = PEOPLE, steps: str = "  denominate: {}\n") -> Built:
    """Build the index of this page with a codebook and a table of units."""
    text = SPEC.replace("layout: wide}", "layout: wide, codebook: c.csv, units: u.csv}").replace("group: region", "group: people")
    text = text.replace("steps:\n", f"steps:\n{steps}").replace("  impute: {method: group_mean, group: people}\n", "")
    for name, content in (("index.yaml", text), ("t.csv", TABLE), ("c.csv", book), ("u.csv", people)):
        (folder / name).write_text(content, encoding="utf-8")
    return build(load_spec(folder / "index.yaml"))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"book": BOOK.replace("direction", "dirction")}, "c.csv:1: the codebook's column 'dirction' is not read. Did you mean direction?"),
        ({"book": BOOK.replace("direction", "Direction")}, "the codebook's column 'Direction' is not read. Did you mean direction?"),
        ({"people": "unit,people\nKOR,50\nJPN,120\n"}, "u.csv: FRA: figures, but no row in the table of units. Add rows"),
        ({"people": PEOPLE.replace("120", "0")}, "index.yaml:9: a of JPN would be divided by 0"),
        ({"book": BOOK.replace("people", "peple")}, "index.yaml:9: there is no series or unit column 'peple' to divide by. Did you mean people?"),
        ({"steps": "  denominate: true\n"}, "index.yaml:9: steps.denominate: Input should be a mapping, not True"),
    ],
)  # fmt: skip
def test_what_the_tables_of_words_get_wrong_is_not_passed_over(tmp_path: Path, changed: dict[str, str], message: str) -> None:
    """A misspelt head, a unit without its row, a wrong denominator: each would move ranks in silence."""
    with pytest.raises(PodiumError) as caught:
        built_with(tmp_path, **changed)
    assert message in str(caught.value)


def test_denominators_without_the_step_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A codebook divides nothing by itself; the ranking says so, unless `denominate: null` asks for it."""
    for steps, told in (("", True), ("  denominate: null\n", False), ("  denominate: {}\n", False)):
        print_built(built_with(tmp_path, steps=steps), top=3)
        assert ("not divided by the denominators of the codebook" in capsys.readouterr().out) == told


def test_further_columns_of_the_codebook_are_the_users_own(tmp_path: Path) -> None:
    """A head that is like none that is read is left alone."""
    plain = built_with(tmp_path)
    remarked = built_with(tmp_path, book=BOOK.replace("\n", ",\n").replace("denominator,", "denominator,remark"))
    assert remarked.score_table.tolist() == plain.score_table.tolist()


def test_a_row_of_the_codebook_whose_series_has_another_spelling(tmp_path: Path) -> None:
    """A code that no series has, next to a series that no row describes, is told; its direction would be lost."""
    (tmp_path / "t.csv").write_text("unit,help4,c\nKOR,1,2\nJPN,2,1\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text("code,direction\nhelp9,-1\nc,1\nlater,1\n", encoding="utf-8")
    text = SPEC[: SPEC.index("tree:")].replace("layout: wide", "layout: wide, codebook: c.csv")
    (tmp_path / "index.yaml").write_text(
        text + "tree: {code: index, children: [help4, c]}\nsteps:\n  normalise: {method: minmax, range: [0, 1]}\n"
        "  aggregate: {method: arithmetic}\n", encoding="utf-8")  # fmt: skip
    with pytest.raises(PodiumError, match=r"describes 'help9', for which there are no figures\. Did you mean help4"):
        build(load_spec(tmp_path / "index.yaml"))
