"""The audit of an index: faults that are planted are found, clean indices are left in peace, published ones agree."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from podium.errors import DataError, SpecError
from podium.index.spec import Spec, load_spec
from podium.robustness.audit.finding import SEVERITIES
from podium.robustness.audit.run import Audit, audit
from robustness.planted import EXPECTED, clean, planted

GALLERY = Path(__file__).resolve().parents[2] / "examples" / "gallery"


@pytest.mark.parametrize("how", range(6))
def test_ten_planted_faults_are_found(how: int, tmp_path: Path) -> None:
    """Each fault, built in several ways, stands among the findings with its indicator, group or unit."""
    found = audit(planted(41 + how, how=how).write(tmp_path).with_({"audit.weights": 0.05}))
    said = {(f.kind, code) for f in found.findings for code in (*f.items, *f.units)}
    assert [name for name, wanted in EXPECTED.items() if not wanted & said] == []
    assert found.findings[0].severity == "fault"
    assert all(f.line for f in found.findings if f.items)


@pytest.mark.parametrize("options", [
    {}, {"units": 30}, {"low": 0.5, "high": 0.7, "each": 3}, {"low": 0.95, "high": 0.99}, {"shapes": ("normal", "skewed", "even")},
    {"units": 200, "pillars": 6, "each": 5, "low": 0.6, "high": 0.6}, {"pillars": 6, "each": 2},
])  # fmt: skip
def test_a_clean_index_has_notes_at_most(options: dict[str, float], tmp_path: Path) -> None:
    """One common factor without a fault brings nothing above a note, however strong it is and figures are shaped."""
    found = audit(clean(5, **options).write(tmp_path))  # type: ignore[arg-type]
    assert [(f.kind, f.sentence["en"]) for f in found.findings if f.severity != "note"] == []


def test_findings_are_ranked_and_speak_both_languages(tmp_path: Path) -> None:
    """Faults come before warnings and notes; texts name what is meant, and leave no placeholder."""
    found = audit(planted(3).write(tmp_path))
    order = [SEVERITIES.index(f.severity) for f in found.findings]
    assert order == sorted(order)
    for f in found.findings:
        for text in (f.sentence, f.meaning, f.remedy):
            assert set(text) == {"en", "ko"}
            assert all(t and "{a}" not in t for t in text.values())
    twin = next(f for f in found.findings if f.kind == "duplicate" and "twin" in f.items)
    assert "They count twice" in twin.sentence["en"]
    assert twin.remedy["en"] == "Drop one, or halve both weights."


def test_the_whole_is_plain_json(tmp_path: Path) -> None:
    """Everything comes as JSON without NaN: findings, thresholds with their origins, the tables of ten chapters."""
    import json

    out = audit(planted(3).write(tmp_path)).to_dict("ko")
    json.dumps(out, allow_nan=False)
    assert [c["key"] for c in out["chapters"]][:4] == ["framework", "data", "distribution", "coherence"]
    assert len(out["chapters"]) == 10
    assert out["thresholds"]["alpha"] == {"value": 0.7, "origin": "관행. 흔히 Nunnally(1978)에서 유래한다고 봄"}
    assert out["findings"][0]["rank"] == 1


def test_thresholds_of_the_specification_hold(tmp_path: Path) -> None:
    """A lower threshold finds more, a higher one less; one that does not exist is named with its line."""
    spec = clean(8).write(tmp_path)
    assert not [f for f in audit(spec).findings if f.kind == "weak"]
    strict = audit(spec.with_({"audit.alpha": 0.99, "audit.within": (0.3, 0.4)}))
    assert [f for f in strict.findings if f.kind == "weak"]
    assert [f for f in strict.findings if f.kind == "redundant"]
    path = tmp_path / "index.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("audit: {draws", "audit: {alfa: 0.8, draws"), encoding="utf-8")
    line = next(k for k, row in enumerate(text.splitlines(), start=1) if row.startswith("audit"))
    with pytest.raises(SpecError, match=rf"index.yaml:{line}.*alpha"):
        load_spec(path)


def test_a_benchmark_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """A column named in `audit: benchmarks` that the data lack is an error with its line and the nearest name."""
    spec = clean(8).write(tmp_path)
    path = tmp_path / "index.yaml"
    text = path.read_text(encoding="utf-8").replace("audit: {draws", "audit: {benchmarks: [populaton], draws")
    path.write_text(text, encoding="utf-8")
    line = next(k for k, row in enumerate(text.splitlines(), start=1) if row.startswith("audit"))
    with pytest.raises(DataError, match=rf"index.yaml:{line}: .*populaton.*population"):
        audit(load_spec(path))
    found = audit(spec.with_({"audit.benchmarks": ("population",)}))
    assert [r[0] for r in found.chapter("added").tables["parts"].rows if r[1] == "benchmark"] == ["population"]


def test_perfect_robustness_is_no_praise(tmp_path: Path) -> None:
    """Parts that all say the same make ranks that nothing moves: that is flagged as possible redundancy."""
    found = audit(clean(2, low=0.99999, high=0.99999, units=40).write(tmp_path))
    assert "perfect" in {f.kind for f in found.findings}
    assert "adds_little" in {f.kind for f in found.findings}


def test_stale_and_missing_parts_are_told_by_unit_and_cell(tmp_path: Path) -> None:
    """A unit of old figures and single old cells are told apart from an old indicator."""
    world = clean(11)
    spec = world.write(tmp_path)
    table = pd.read_csv(tmp_path / "data.csv")
    table.loc[table["unit"] == "u005", "year"] = 2010
    table.loc[(table["unit"] == "u009") & (table["indicator"] == "p2i2"), "year"] = 2009
    table.to_csv(tmp_path / "data.csv", index=False)
    kinds = {(f.kind, (*f.items, *f.units)) for f in audit(spec).findings}
    assert ("stale_unit", ("u005",)) in kinds
    assert ("stale_cells", ("p2i2", "u009")) in kinds
    assert not [k for k, _ in kinds if k == "stale"]


def test_weights_that_a_method_ignores_are_told(tmp_path: Path) -> None:
    """A median of children weighs none of them, whatever the specification says; a median of equals is no finding."""
    world = clean(4)
    world.weight["p1i0"] = 3.0
    spec = world.write(tmp_path)
    found = audit(spec.with_({"steps.aggregate": {"levels": {2: {"method": "minimum"}}}}))
    assert [f.items for f in found.findings if f.kind == "weights_ignored"] == [("p1",)]


def test_sizes_and_wrong_divisions_are_told(tmp_path: Path) -> None:
    """A count that grows with the population and is not divided by it, and a rate that is, are both named."""
    world = clean(6, units=80)
    world.x["p2i0"] = world.x["p2i0"] * world.population
    world.per["p3i0"] = "population"
    kinds = {(f.kind, f.items) for f in audit(world.write(tmp_path)).findings}
    assert ("size", ("p2i0",)) in kinds
    assert ("divided_wrongly", ("p3i0",)) in kinds


def test_posts_that_do_not_fit_are_told(tmp_path: Path) -> None:
    """An indicator whose figures lie beyond its goalposts is at one end for all units that it should separate."""
    world = clean(6)
    world.rules["p2i0"] = f"{{normalise: {{method: goalposts, clip: true}}, goalposts: [0, {np.quantile(world.x['p2i0'], 0.2):.4f}]}}"
    found = [f for f in audit(world.write(tmp_path)).findings if f.kind == "clipped"]
    assert [f.items for f in found] == [("p2i0",)]
    assert 0.7 < found[0].values["share"] < 0.9


@pytest.fixture(scope="module")
def race() -> Audit:
    """The bundled index, with few draws."""
    return audit(load_spec("ai-race").with_({"audit.draws": 200, "audit.rows": 16}))


def test_ai_race_names_the_commercial_pillar_as_weak(race: Audit) -> None:
    """Cronbach's alpha of the three commercial indicators, worked out anew from pandas' covariances, is in the finding."""
    x = race.built.tables["Normalised"][["ict_services", "high_tech", "ict_goods"]]
    c = x.cov().to_numpy()
    alpha = 3 / 2 * (1 - np.trace(c) / c.sum())
    found = next(f for f in race.findings if f.kind == "weak" and f.items == ("commercial",))
    assert found.values["alpha"] == pytest.approx(alpha)
    assert f"α = {alpha:.2f}" in found.sentence["en"]
    assert "hangs together weakly" in found.sentence["en"]


def test_ai_race_counts_governance_twice(race: Audit) -> None:
    """Three of the World Bank's governance estimates correlate above 0.92; pandas has the same correlations."""
    pairs = {f.items: f.values["r"] for f in race.findings if f.kind == "redundant"}
    x = race.built.tables["Normalised"]
    assert pairs
    for (a, b), r in pairs.items():
        assert r == pytest.approx(x[a].corr(x[b]))
    assert ("effectiveness", "regulation") in pairs or ("regulation", "effectiveness") in pairs


def test_tables_across_parts_and_levels_agree_with_pandas(race: Audit) -> None:
    """Indicators beside other parts, eigenvalues of a level, coverage by part: worked out anew from pandas' tables."""
    tables, built = race.chapter("coherence").tables, race.built
    whole = pd.DataFrame(built.score_table, index=list(built.units), columns=list(built.tree.items))
    across = tables["across"]
    for row in across.rows:
        for code, r in zip(across.columns[2:], row[2:], strict=True):
            assert r == pytest.approx(whole[row[0]].corr(whole[code]), abs=1e-9)
    assert {row[1] for row in across.rows} == set(across.columns[2:])
    second = whole[list(across.columns[2:])].dropna()
    eigen = np.linalg.eigvalsh(second.corr().to_numpy())[::-1]
    level = next(row for row in tables["levels"].rows if row[1] == len(eigen))
    assert level[2] == (eigen > 1).sum()
    assert level[3] == pytest.approx(eigen[0] / eigen.sum())
    assert level[5] == len(second)
    parts = {row[0]: row for row in race.chapter("data").tables["parts"].rows}
    columns = [row[0] for row in across.rows if row[1] == "commercial"]
    there = built.tables["Raw"][columns].notna()
    assert parts["commercial"][1:] == (3, pytest.approx(there.to_numpy().mean()), int((there.mean(axis=1) < 0.5).sum()))


def test_widths_and_outliers_are_counted(race: Audit, tmp_path: Path) -> None:
    """The table of widths counts the intervals of the table of quantiles; a figure planted far off is in that of outliers."""
    tables = race.chapter("robustness").tables
    low, high = (np.array(tables["intervals"].column(q), float) for q in ("q05", "q95"))
    for places, number, share in tables["widths"].rows:
        assert number == (high - low <= places).sum()
        assert share == pytest.approx(number / len(low))
    assert tables["widths"].rows[-1][2] == 1
    found = audit(planted(41).write(tmp_path).with_({"audit.draws": 50, "audit.rows": 16}))
    rows = {r[:2]: r for r in found.chapter("distribution").tables["outliers"].rows}
    assert rows["u007", "p2i3"][4] == found_z(found, "p2i3")


def found_z(a: Audit, code: str) -> float:
    """How far off the finding of an outlier says that it is."""
    return next(f.values["z"] for f in a.findings if f.kind == "outlier" and f.items == (code,))


@pytest.fixture(scope="module")
def asem(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """COINr's example, with few draws."""
    folder = tmp_path_factory.mktemp("asem")
    shutil.copy(GALLERY / "asem.yaml", folder)
    for name in ("ASEM_iData.csv", "ASEM_iMeta.csv"):
        shutil.copy(shared / "ref" / "coinr" / "00_input" / name, folder)
    return audit(load_spec(folder / "asem.yaml").with_({"audit.draws": 100, "audit.rows": 16}))


def test_asem_flags_are_those_of_coinr(asem: Audit, shared: Path) -> None:
    """With COINr's thresholds the low-correlated and redundant pairs are its own, coefficients to its three decimals."""
    grid = asem.chapter("coherence").tables["pairs"]
    pairs = pd.DataFrame(grid.rows, columns=list(grid.columns))
    for name, keep in (("high", pairs["r"] > 0.75), ("low", pairs["r"] < -0.4)):
        theirs = pd.read_csv(shared / "ref" / "coinr" / "08_analysis" / f"corr_flags_{name}.csv")
        ours = pairs[keep & ~pairs["group"].isin(["Index", "Conn", "Sust"])]
        found = {(g, frozenset(p)): r for g, *p, r in ours[["group", "first", "second", "r"]].itertuples(index=False)}
        expected = {(g, frozenset((a, b))): r for g, a, b, r in theirs.itertuples(index=False)}
        assert set(found) == set(expected)
        for pair, r in expected.items():
            assert found[pair] == pytest.approx(r, abs=5e-4)


def test_asem_correlations_with_parents_are_those_of_coinr(asem: Audit, shared: Path) -> None:
    """Every indicator's correlation with its group, and so each finding of one that hardly goes with it."""
    theirs = pd.read_csv(shared / "ref" / "coinr" / "08_analysis" / "corr_agg_L1_L2_withparent.csv")
    grid = asem.chapter("coherence").tables["correlations"]
    ours = {row[0]: row[3] for row in grid.rows}
    for code, r in theirs[["Var2", "Correlation"]].itertuples(index=False):
        assert ours[code] == pytest.approx(r, abs=1e-9)
    low = set(theirs.loc[theirs["Correlation"] < 0.3, "Var2"])
    found = {f.items[0] for f in asem.findings if f.kind in ("low_parent", "direction")}
    assert low <= found


def test_asem_reliability_is_that_of_coinr(asem: Audit, shared: Path) -> None:
    """Cronbach's alpha of every group of the normalised figures."""
    theirs = pd.read_csv(shared / "ref" / "coinr" / "08_analysis" / "cronbach.csv").query("dset == 'Normalised'")
    ours = {row[0]: row[3] for row in asem.chapter("coherence").tables["groups"].rows}
    for group, alpha in theirs[["group", "alpha"]].itertuples(index=False):
        assert ours[group] == pytest.approx(alpha, abs=1e-9)
        assert (alpha < 0.7) == any(f.kind in ("weak", "opposed") and f.items == (group,) for f in asem.findings)


@pytest.fixture(scope="module")
def hdi(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Audit, pd.DataFrame]:
    """The Human Development Index 2022, and its published components."""
    folder = tmp_path_factory.mktemp("hdi")
    for name in ("hdi2022.yaml", "hdi2022_codebook.csv"):
        shutil.copy(GALLERY / name, folder)
    table = "HDR23-24_Composite_indices_complete_time_series.csv"
    shutil.copy(shared / "ref" / "gallery" / "hdi" / table, folder)
    spec: Spec = load_spec(folder / "hdi2022.yaml").with_({"audit.draws": 100, "audit.rows": 16})
    return audit(spec), pd.read_csv(folder / table, encoding="latin-1").set_index("iso3")


def test_hdi_dimensions_and_components(hdi: tuple[Audit, pd.DataFrame]) -> None:
    """The three dimensions correlate above 0.7; shares of variance are those of the published components, by NumPy."""
    found, table = hdi
    part = table.loc[list(found.built.units)]
    dimensions = np.column_stack([
        np.clip((part["le_2022"] - 20) / 65, 0, 1),
        (np.clip(part["eys_2022"] / 18, 0, 1) + np.clip(part["mys_2022"] / 15, 0, 1)) / 2,
        np.clip((np.log(part["gnipc_2022"]) - np.log(100)) / (np.log(75000) - np.log(100)), 0, 1),
    ])  # fmt: skip
    r = np.corrcoef(dimensions.T)
    grid = found.chapter("coherence").tables["pairs"]
    ours = sorted(row[3] for row in grid.rows if row[0] == "hdi")
    assert ours == pytest.approx(sorted(r[np.triu_indices(3, 1)]))
    assert min(ours) > 0.7
    shares = [row[3] for row in found.chapter("coherence").tables["components"].rows if row[0] == "hdi"]
    assert shares == pytest.approx(np.linalg.eigvalsh(r)[::-1] / 3)
    published = part["hdi_2022"].corr(part["le_2022"])
    with_index = {row[0]: row[4] for row in found.chapter("coherence").tables["correlations"].rows}
    assert with_index["le_2022"] == pytest.approx(published, abs=2e-3)  # the published index has three decimals


def test_hdi_has_nothing_above_a_note(hdi: tuple[Audit, pd.DataFrame]) -> None:
    """What is known of it is found: income alone ranks almost as the index does."""
    found, _ = hdi
    assert found.counts["fault"] == found.counts["warning"] == 0
    assert any(f.kind == "adds_little" and f.items == ("gnipc_2022",) for f in found.findings)


def test_the_global_ai_index_is_audited(shared: Path, tmp_path: Path) -> None:
    """Seven pillars with scores of 0 are tried too, by a mean that admits them; America's lead is told as an outlier."""
    shutil.copy(GALLERY / "gaii2021.yaml", tmp_path)
    shutil.copy(shared / "data" / "ai_race" / "gaii_2021_pillars.csv", tmp_path)
    found = audit(load_spec(tmp_path / "gaii2021.yaml").with_({"audit.draws": 200, "audit.rows": 16}))
    assert "aggregation" in found.chapter("robustness").answer["en"]
    assert any(f.kind == "outlier" and "Commercial" in f.items for f in found.findings)
    assert found.chapter("robustness").tables["ranges"].rows


PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "audit.md"


def test_the_page_on_audits_runs_and_knows_every_threshold() -> None:
    """The Python of docs/howto/audit.md runs, and its YAML is every threshold at its default."""
    import re

    import yaml

    from podium.index.thresholds import Thresholds

    text = PAGE.read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)```", text, flags=re.S):
        exec(compile(block, str(PAGE), "exec"), {})
    shown = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", text, flags=re.S)[0])["audit"]
    assert set(shown) == set(Thresholds.model_fields)
    assert Thresholds.model_validate(shown) == Thresholds()
