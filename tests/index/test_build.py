"""A specification turned into scores and ranks."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from podium.errors import ComputationError, DataError, SpecError
from podium.index.aggregate import METHODS as AGGREGATIONS
from podium.index.build import Built, build
from podium.index.normalise import METHODS as NORMALISATIONS
from podium.index.spec import Spec, load_spec

GALLERY = Path(__file__).resolve().parents[2] / "examples" / "gallery"

SMALL = """
name: small
data: {table: data.csv, layout: wide, columns: {unit: unit}}
tree: {code: all, children: [{code: a, weight: 3}, b]}
steps:
  normalise: {method: minmax, range: [0, 100]}
  aggregate: {method: arithmetic}
"""
TABLE = "unit,a,b\nX,0,10\nY,5,20\nZ,10,0\n"


def small(folder: Path, text: str = SMALL, table: str = TABLE) -> Spec:
    """A tiny index in a folder."""
    (folder / "index.yaml").write_text(text, encoding="utf-8")
    (folder / "data.csv").write_text(table, encoding="utf-8")
    return load_spec(folder / "index.yaml")


def test_two_indicators_by_hand(tmp_path: Path) -> None:
    """Min-max to 0–100 and a 3:1 mean, worked out on paper: X 12.5, Y 62.5, Z 75."""
    built = build(small(tmp_path))
    assert [built.score_of(u) for u in "XYZ"] == pytest.approx([12.5, 62.5, 75.0])
    assert [built.rank_of(u) for u in "ZYX"] == [1, 2, 3]
    assert list(built.scores.index) == ["Z", "Y", "X"]


@pytest.fixture(scope="module")
def asem(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """ASEM from its specification file and COINr's two tables."""
    folder = tmp_path_factory.mktemp("asem")
    for name in ("ASEM_iData.csv", "ASEM_iMeta.csv"):
        shutil.copy(shared / "ref" / "coinr" / "00_input" / name, folder)
    shutil.copy(GALLERY / "asem.yaml", folder / "index.yaml")
    return build(load_spec(folder))


@pytest.mark.parametrize("step", ["2_Denominated", "3_Imputed", "4_Screened", "5_Treated", "6_Normalised", "7_Aggregated"])
def test_asem_equals_coinr_at_every_step(asem: Built, shared: Path, step: str) -> None:
    """Becker et al., COINr (2022, doi:10.21105/joss.04567): every table of the ASEM index to 1e-9."""
    theirs = pd.read_csv(shared / "ref" / "coinr" / "01_pipeline" / f"{step}.csv").set_index("uCode")
    ours = asem.tables[step[2:]].loc[theirs.index]
    columns = [c for c in theirs.columns if c in ours.columns]
    assert len(columns) >= 49
    np.testing.assert_allclose(ours[columns].to_numpy(float), theirs[columns].to_numpy(float), rtol=1e-12, atol=1e-12)


@pytest.fixture(scope="module")
def race() -> Built:
    """The bundled index in its latest edition."""
    return build(load_spec("ai-race"))


def test_ai_race_is_what_the_issue_asks(race: Built) -> None:
    """At least 18 indicators, 60 economies with those named, four editions, no weight above 12 %, seven pillars 5:3:2:5:3:1:5."""
    assert len(race.pipeline.leaves) >= 18
    assert len(race.units) >= 60
    assert {"KOR", "JPN", "FRA", "USA", "CHN", "GBR", "SGP", "DEU", "ISR", "CAN", "IND"} <= set(race.units)
    assert {e.name for e in race.spec.editions} >= {"2022", "2023", "2024", "2025"}
    assert race.weights.loc[list(race.pipeline.leaves), "effective"].max() <= 0.12
    assert race.weights.loc[list(race.pipeline.leaves), "effective"].sum() == pytest.approx(1)
    assert [c.weight for c in race.root.children] == [5, 3, 2, 5, 3, 1, 5]


@pytest.mark.parametrize("edition", ["2022", "2023", "2024", "2025"])
def test_every_edition_uses_only_figures_of_its_time(edition: str) -> None:
    """No figure of an edition is of a later year than the edition itself."""
    built = build(load_spec("ai-race", edition=edition))
    years = built.dataset.years[-1]
    assert np.nanmax(years) <= int(edition)
    assert len(built.units) >= 60


def test_weights_and_score_agree(race: Built) -> None:
    """With arithmetic means the root is the sum of effective weights times normalised values, where none is missing."""
    leaves = list(race.pipeline.leaves)
    table = race.tables["Normalised"][leaves]
    full = table.dropna()
    weights = race.weights.loc[leaves, "effective"].to_numpy(float)
    expected = full.to_numpy() @ weights
    np.testing.assert_allclose([race.score_of(str(u)) for u in full.index], expected, rtol=1e-12)


def test_frozen_steps_leave_other_units_alone(race: Built) -> None:
    """With everything as fitted, a change of one unit's figure moves no other unit's score."""
    values = race.dataset.values[-1].copy()
    row, column = race.dataset.units.index("JPN"), race.dataset.indicators.index("internet")
    values[row, column] += 3
    after = build(race.spec, dataset=race.dataset, values=values, fitted=race.fitted)
    moved = [u for u in race.units if after.score_of(u) != race.score_of(u)]
    assert moved == ["JPN"]


@pytest.mark.parametrize("method", sorted(NORMALISATIONS))
def test_order_of_units_and_labels_does_not_matter(tmp_path: Path, method: str) -> None:
    """Relabelled or permuted rows give the same scores, under every normalisation."""
    extra = {"minmax": ", range: [1, 100]", "zscore": ", mean: 50, sd: 10", "dist2ref": ", reference: Y",
             "categorical": ", edges: [0.4], classes: [0, 1]"}.get(method, "")  # fmt: skip
    text = SMALL.replace("{method: minmax, range: [0, 100]}", f"{{method: {method}{extra}}}")
    if NORMALISATIONS[method].needs in ("posts", "target"):
        text += "indicators: {a: {goalposts: [0, 12], target: 9}, b: {goalposts: [-5, 40], target: 30}}\n"
    one = build(small(tmp_path, text))
    rows = TABLE.splitlines()
    other = build(small(tmp_path, text, "\n".join([rows[0], rows[3], rows[1], rows[2]]) + "\n"))
    assert [one.score_of(u) for u in "XYZ"] == pytest.approx([other.score_of(u) for u in "XYZ"])
    letters = str.maketrans("XYZ", "PQR")
    labelled = build(small(tmp_path, text.translate(letters), TABLE.translate(letters)))
    assert [one.score_of(u) for u in "XYZ"] == pytest.approx([labelled.score_of(u) for u in "PQR"])


MEANS = ["arithmetic", "geometric", "harmonic", "power", "median", "minimum", "maximum", "owa"]


@pytest.mark.parametrize("method", MEANS)
def test_mean_lies_between_its_parts(tmp_path: Path, method: str) -> None:
    """Every mean lies between the least and the greatest of what it combines (internality)."""
    text = SMALL.replace("range: [0, 100]", "range: [1, 100]").replace("aggregate: {method: arithmetic}", f"aggregate: {{method: {method}}}")
    built = build(small(tmp_path, text))
    table = built.tables["Normalised"]
    for u in "XYZ":
        low, high = table.loc[u].min(), table.loc[u].max()
        assert low - 1e-9 <= built.score_of(u) <= high + 1e-9


@pytest.mark.parametrize("method", sorted(AGGREGATIONS.keys() - {"difference"}))
def test_every_aggregation_ranks_a_dominating_unit_first(tmp_path: Path, method: str) -> None:
    """A unit best in everything is first (but for a difference, which falls in its second child), in any order of rows."""
    text = SMALL.replace("range: [0, 100]", "range: [1, 9]").replace(
        "aggregate: {method: arithmetic}", f"aggregate: {{method: {method}{', options: {top: 9}' if method == 'displaced_ideal' else ''}}}"
    )
    table = "unit,a,b\nX,3,1\nY,10,20\nZ,1,7\nW,2,4\n"
    one = build(small(tmp_path, text, table))
    assert one.rank_of("Y") == 1
    rows = table.splitlines()
    other = build(small(tmp_path, text, "\n".join([rows[0], *rows[:0:-1]]) + "\n"))
    assert [one.score_of(u) for u in "XYZW"] == pytest.approx([other.score_of(u) for u in "XYZW"])


def test_units_of_measurement_do_not_matter(tmp_path: Path) -> None:
    """A positive linear change of an indicator's unit leaves min-max scores as they were."""
    one = build(small(tmp_path))
    table = "unit,a,b\nX,32,10\nY,41,20\nZ,50,0\n"  # a × 1.8 + 32
    other = build(small(tmp_path, table=table))
    assert [one.score_of(u) for u in "XYZ"] == pytest.approx([other.score_of(u) for u in "XYZ"])


def test_faults_are_named(tmp_path: Path) -> None:
    """A leaf without data, an unknown method and an unknown key are named with what is right."""
    with pytest.raises((ComputationError, DataError), match="c"):
        build(small(tmp_path, SMALL.replace(", b]", ", b, c]")))
    with pytest.raises((ComputationError, SpecError), match="logarithmic"):
        build(small(tmp_path, SMALL.replace("method: arithmetic", "method: logarithmic")))
    with pytest.raises(SpecError, match=r"index\.yaml:\d+"):
        small(tmp_path, SMALL + "colour: blue\n")


def test_geometric_mean_of_zero_is_an_error_with_remedy(tmp_path: Path) -> None:
    """A geometric mean of a normalised zero names the unit and what to do."""
    with pytest.raises(ComputationError, match="X"):
        build(small(tmp_path, SMALL.replace("method: arithmetic", "method: geometric")))
