"""Every step by every method, against COINr 1.1.14 on its ASEM example (doi:10.21105/joss.04567)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from podium.index.aggregate import METHODS, compile_tree, tree_scores
from podium.index.build import Built, build
from podium.index.impute import centres, fill, row_centres
from podium.index.normalise import Parameters, learn, normalise
from podium.index.spec import Node, load_spec
from podium.index.treat import CHANGES, Rule, apply_treatment, kurtosis, learn_treatments, skewness, winsorised


@pytest.fixture(scope="module")
def coinr(shared: Path) -> Path:
    """COINr's results."""
    return shared / "ref" / "coinr"


def table(path: Path) -> pd.DataFrame:
    """A table of results by unit."""
    return pd.read_csv(path).set_index("uCode")


@pytest.fixture(scope="module")
def meta(coinr: Path) -> pd.DataFrame:
    """Indicators in the order of iData, with direction, parent and posts."""
    rows = pd.read_csv(coinr / "00_input" / "ASEM_iMeta.csv").set_index("iCode")
    raw = table(coinr / "01_pipeline" / "1_Raw.csv")
    return rows.loc[[c for c in raw.columns if c in rows.index and rows.loc[c, "Type"] == "Indicator"]]


@pytest.fixture(scope="module")
def raw(coinr: Path, meta: pd.DataFrame) -> pd.DataFrame:
    """The raw figures."""
    return table(coinr / "01_pipeline" / "1_Raw.csv")[list(meta.index)]


NORMALISED = [
    ("minmax_0_100", "minmax", {"low": 0, "high": 100}), ("minmax_1_100", "minmax", {"low": 1, "high": 100}),
    ("minmax_0_1", "minmax", {}), ("zscore_0_1", "zscore", {}), ("zscore_10_2", "zscore", {"mean": 10, "sd": 2}),
    ("rank_min", "rank", {}), ("rank_average", "rank", {"ties": "average"}), ("borda_min", "borda", {}),
    ("prank_min", "percentile_rank", {}), ("dist2max", "dist2max", {}), ("dist2ref_5", "dist2ref", {"reference": 4}), ("none", "none", {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "method", "options"), NORMALISED)
@pytest.mark.parametrize("step", ["Treated", "Raw"])
def test_normalisations(
    coinr: Path, meta: pd.DataFrame, step: str, name: str, method: str, options: dict[str, Any]
) -> None:
    """Each normalisation of treated and of raw figures (with missing values and negative directions)."""
    path = coinr / "03_normalise" / f"{step}_{name}.csv"
    x = table(coinr / "01_pipeline" / ("5_Treated.csv" if step == "Treated" else "1_Raw.csv"))[
        list(meta.index)
    ].to_numpy(float)
    directed = x * meta["Direction"].to_numpy(float)
    given = Parameters(**options)
    ours = normalise(directed, learn(directed, method, given), method=method, parameters=given)
    theirs = table(path)[list(meta.index)].to_numpy(float)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("name", "ties"), [("Treated_prank_average", "average")])
def test_percentile_rank_with_average_ties(coinr: Path, meta: pd.DataFrame, name: str, ties: str) -> None:
    """Percentile ranks with averaged ties."""
    x = table(coinr / "01_pipeline" / "5_Treated.csv")[list(meta.index)].to_numpy(float) * meta["Direction"].to_numpy(
        float
    )
    given = Parameters(ties=ties)
    ours = normalise(x, learn(x, "percentile_rank", given), method="percentile_rank", parameters=given)
    np.testing.assert_allclose(
        ours, table(coinr / "03_normalise" / f"{name}.csv")[list(meta.index)].to_numpy(float), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize(
    ("name", "low", "high", "factor"), [("scaled_0_100", 0.0, 100.0, 100.0), ("scaled_-5_5_f10", -5.0, 5.0, 10.0)]
)
@pytest.mark.parametrize("step", ["Treated", "Raw"])
def test_common_posts(coinr: Path, meta: pd.DataFrame, step: str, name: str, low: float, high: float, factor: float) -> None:
    """COINr's n_scaled takes its two posts for the figures times their direction, whichever that is."""
    x = table(coinr / "01_pipeline" / ("5_Treated.csv" if step == "Treated" else "1_Raw.csv"))[list(meta.index)].to_numpy(float)
    directed = x * meta["Direction"].to_numpy(float)
    n = directed.shape[1]
    given = Parameters(factor=factor, lower=np.full(n, low), upper=np.full(n, high))
    ours = normalise(directed, learn(directed, "scaled", given), method="scaled", parameters=given)
    theirs = table(coinr / "03_normalise" / f"{step}_{name}.csv")[list(meta.index)].to_numpy(float)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("step", ["Treated", "Raw"])
def test_distance_to_a_reference_with_a_cap(coinr: Path, meta: pd.DataFrame, step: str) -> None:
    """No unit is above the reference unit."""
    x = table(coinr / "01_pipeline" / ("5_Treated.csv" if step == "Treated" else "1_Raw.csv"))[list(meta.index)].to_numpy(float)
    directed = x * meta["Direction"].to_numpy(float)
    given = Parameters(reference=4, clip=True)
    ours = normalise(directed, learn(directed, "dist2ref", given), method="dist2ref", parameters=given)
    theirs = table(coinr / "03_normalise" / f"{step}_dist2ref_5_cap.csv")[list(meta.index)].to_numpy(float)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_posts_of_imeta_for_each_indicator(coinr: Path) -> None:
    """`scaled` between each indicator's own posts, COINr's scale_factor of 100, not clipped."""
    posts = pd.read_csv(coinr / "03_normalise" / "iMeta_goalposts.csv").set_index("iCode")
    codes, d = list(posts.index), posts["Direction"].to_numpy(float)
    directed = table(coinr / "01_pipeline" / "5_Treated.csv")[codes].to_numpy(float) * d
    theirs = table(coinr / "03_normalise" / "Treated_scaled_iMeta.csv")[codes].to_numpy(float)
    low, high = posts["goalpost_lower"].to_numpy(float), posts["goalpost_upper"].to_numpy(float)
    given = Parameters(factor=100.0, lower=np.where(d > 0, low, -high), upper=np.where(d > 0, high, -low))
    ours = normalise(directed, learn(directed, "scaled", given), method="scaled", parameters=given)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("step", ["Treated", "Raw"])
def test_percentile_rank_averaged_with_gaps(coinr: Path, meta: pd.DataFrame, step: str) -> None:
    """Averaged ties, also where figures are missing."""
    x = table(coinr / "01_pipeline" / ("5_Treated.csv" if step == "Treated" else "1_Raw.csv"))[list(meta.index)].to_numpy(float)
    directed = x * meta["Direction"].to_numpy(float)
    given = Parameters(ties="average")
    ours = normalise(directed, learn(directed, "percentile_rank", given), method="percentile_rank", parameters=given)
    theirs = table(coinr / "03_normalise" / f"{step}_prank_average.csv")[list(meta.index)].to_numpy(float)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_fraction_of_maximum_of_positive_indicators(coinr: Path, meta: pd.DataFrame) -> None:
    """As COINr for positive indicators; negative ones, which COINr inverts, have the best at 1 here."""
    x = table(coinr / "01_pipeline" / "5_Treated.csv")[list(meta.index)].to_numpy(float)
    direction = meta["Direction"].to_numpy(float)
    given = Parameters(direction=direction)
    ours = normalise(x * direction, learn(x * direction, "fracmax", given), method="fracmax", parameters=given)
    theirs = table(coinr / "03_normalise" / "Treated_fracmax.csv")[list(meta.index)].to_numpy(float)
    up = direction > 0
    np.testing.assert_allclose(ours[:, up], theirs[:, up], rtol=1e-9)
    np.testing.assert_allclose(np.nanmax(ours, axis=0), 1)


@pytest.mark.parametrize(
    ("name", "method", "clip", "factor"),
    [("goalposts_trunc", "goalposts", True, 100.0), ("goalposts_notrunc", "goalposts", False, 100.0), ("dist2targ_iMeta", "dist2targ", False, 1.0),
     ("dist2targ_iMeta_cap", "dist2targ", "above", 1.0)],
)  # fmt: skip
def test_posts_and_targets(coinr: Path, name: str, method: str, clip: bool | str, factor: float) -> None:
    """Goalposts and targets of each indicator, in its direction, with and without a cap."""
    posts = pd.read_csv(coinr / "03_normalise" / "iMeta_goalposts.csv").set_index("iCode")
    codes = list(posts.index)
    x = table(coinr / "01_pipeline" / "5_Treated.csv")[codes].to_numpy(float)
    d = posts["Direction"].to_numpy(float)
    low, high = posts["goalpost_lower"].to_numpy(float), posts["goalpost_upper"].to_numpy(float)
    given = Parameters(high=factor, clip=clip is True, direction=d, lower=np.where(d > 0, low, -high), upper=np.where(d > 0, high, -low),
                       target=posts["Target"].to_numpy(float) * d)  # fmt: skip
    ours = normalise(x * d, learn(x * d, method, given), method=method, parameters=given)
    ours = np.minimum(ours, 1.0) if clip == "above" else ours
    np.testing.assert_allclose(
        ours, table(coinr / "03_normalise" / f"Treated_{name}.csv")[codes].to_numpy(float), rtol=1e-9, atol=1e-12
    )


TREATED = [
    ("raw_default", {}), ("raw_winmax1", {"max_points": 1}), ("raw_winmax3", {"max_points": 3}),
    ("raw_winmax1_combine", {"max_points": 1, "combine": True}), ("raw_winmax1_logCTplus", {"max_points": 1, "otherwise": "log_ct_plus"}),
    ("raw_winmax1_logCTorig", {"max_points": 1, "otherwise": "log_ct_orig"}),
    ("raw_winmax1_boxcox0", {"max_points": 1, "otherwise": "boxcox", "exponent": 0.0}), ("raw_qtreat_win1", {"max_points": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "options"), TREATED)
def test_treatments(coinr: Path, raw: pd.DataFrame, name: str, options: dict[str, Any]) -> None:
    """Winsorisation and what follows it, whole tables."""
    learnt = learn_treatments(raw.to_numpy(float), [Rule(**options)] * raw.shape[1])
    theirs = table(coinr / "02_treat" / f"{name}_data.csv")[list(raw.columns)].to_numpy(float)
    np.testing.assert_allclose(apply_treatment(raw.to_numpy(float), learnt), theirs, rtol=1e-9, atol=1e-12)


@pytest.fixture(scope="module")
def treated(coinr: Path, raw: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Built]:
    """Builds raw or denominated ASEM with a `treat` step in YAML, as a specification has it."""

    def run(step: str, rules: str = "", denominate: bool = False) -> Built:
        folder = tmp_path_factory.mktemp("treat")
        text = f"name: t\ndata: {{coinr: {{data: ASEM_iData.csv, meta: ASEM_iMeta.csv}}}}\nindicators: {{{rules}}}\nsteps:\n"
        text += "  denominate: {}\n" if denominate else ""
        text += f"  treat: {step}\n  normalise: {{method: rank}}\n  aggregate: {{method: arithmetic}}\n"
        (folder / "index.yaml").write_text(text, encoding="utf-8")
        for name in ("ASEM_iData.csv", "ASEM_iMeta.csv"):
            shutil.copy(coinr / "00_input" / name, folder)
        return build(load_spec(folder))

    return run


@pytest.mark.parametrize(
    ("name", "step", "rules"),
    [("raw_default", "{}", ""), ("raw_winmax1", "{max_points: 1}", ""), ("raw_winmax3", "{max_points: 3}", ""),
     ("raw_winmax1_combine", "{max_points: 1, combine: true}", ""), ("raw_winmax1_logCTplus", "{max_points: 1, otherwise: log_ct_plus}", ""),
     ("raw_winmax1_logCTorig", "{max_points: 1, otherwise: log_ct_orig}", ""), ("raw_qtreat_win1", "{max_points: 1}", ""),
     ("raw_winmax1_boxcox0", "{max_points: 1, otherwise: boxcox, exponent: 0}", ""), ("den_winmax2", "{max_points: 2}", ""), ("raw_indiv", "{}", "LPI: {treat: {method: none}}, Flights: {treat: {max_points: 3}}, Bord: {treat: {max_points: 5}}")],
)  # fmt: skip
def test_treatment_by_specification_with_its_details_and_points(
    coinr: Path, treated: Callable[..., Built], name: str, step: str, rules: str
) -> None:
    """Data, details and the log of points of COINr's Treat, from a specification.

    Where winsorising was discarded COINr still marks its points; here only what stands is marked. Indicators with missing
    values that COINr leaves untreated under `indiv_specs` (a listed bug) are treated here.
    """
    built = treated(step, rules, name.startswith("den"))
    theirs = table(coinr / "02_treat" / f"{name}_data.csv")
    ours = built.tables["Treated"].loc[theirs.index]
    codes = [c for c in theirs.columns if c in ours.columns]
    gaps = {c for c in codes if built.tables["Raw"][c].isna().any()} if name == "raw_indiv" else set()
    assert len(set(codes) - gaps) > 20
    for code in set(codes) - gaps:
        np.testing.assert_allclose(ours[code], theirs[code].to_numpy(float), rtol=1e-9, atol=1e-12)
    details = pd.read_csv(coinr / "02_treat" / f"{name}_details.csv").set_index("iCode")
    columns = {"check_SkewKurt0.Skew": "skewness", "check_SkewKurt0.Kurt": "kurtosis", "winsorise.nwin": "winsorised",
               "check_SkewKurt1.Skew": "skewness_winsorised", "check_SkewKurt1.Kurt": "kurtosis_winsorised"}  # fmt: skip
    for code, row in details.iterrows():
        if code in gaps:
            continue
        for theirs_name, our_name in columns.items():
            got, want = built.treatments.loc[code, our_name], row.get(theirs_name, np.nan)
            assert (pd.isna(got) and pd.isna(want)) or got == pytest.approx(want, rel=1e-9), (code, our_name)
        if pd.notna(row.get("check_SkewKurt2.Skew", np.nan)):
            assert built.treatments.loc[code, "skewness_after"] == pytest.approx(row["check_SkewKurt2.Skew"], rel=1e-9)
    points = pd.read_csv(coinr / "02_treat" / f"{name}_points.csv", keep_default_na=False).set_index("uCode")
    log = built.treatment_log.set_index(["unit", "indicator"])["done"]
    for code in (set(codes) - gaps) & set(points.columns):
        changed = "+" in "".join(points[code]) and "combine" not in name
        for unit in built.tables["Treated"][code].dropna().index:
            mark = log.get((unit, code), "")
            want = str(points.loc[unit, code])
            if mark == "boxcox":  # COINr's boxcox labels no point
                continue
            if changed or "log" in want:
                assert ("log" in mark) == (want != "" and "log" in want), (code, unit, mark, want)
            else:
                assert mark == want, (code, unit)


@pytest.mark.parametrize(
    ("name", "change", "exponent"),
    [("log_CT", "log_ct", 0.0), ("log_CT_orig", "log_ct_orig", 0.0), ("log_CT_plus", "log_ct_plus", 0.0), ("boxcox_0", "boxcox", 0.0),
     ("boxcox_0.5", "boxcox", 0.5), ("boxcox_2", "boxcox", 2.0)],
)  # fmt: skip
def test_changes_of_whole_indicators(coinr: Path, raw: pd.DataFrame, name: str, change: str, exponent: float) -> None:
    """Logarithms and Box–Cox of each indicator."""
    theirs = pd.read_csv(coinr / "02_treat" / f"vec_{name}.csv")
    for code in (c for c in theirs.columns if c in raw.columns):
        x = raw[code].to_numpy(float)
        ours = CHANGES[change](x, (float(np.nanmin(x)), float(np.nanmax(x)), skewness(x), exponent))
        np.testing.assert_allclose(ours, theirs[code].to_numpy(float), rtol=1e-9, atol=1e-12)


def test_log_gii_by_hand() -> None:
    """The GII's logarithm maps the least figure to 0 and the greatest to ln(max) (COINr 1.1.14 returns x unchanged)."""
    x = np.array([0.0, 1, 4, 100])
    ours = CHANGES["log_gii"](x, (0.0, 100.0, 2.0, 0.0))
    assert (ours[0], ours[-1]) == (0.0, pytest.approx(np.log(100)))


@pytest.mark.parametrize(("name", "points", "force"), [("winsorise_nomax", None, False), ("winsorise_force3", 3, True)])
def test_winsorising_alone(coinr: Path, raw: pd.DataFrame, name: str, points: int | None, force: bool) -> None:
    """Winsorised vectors without a limit, and forced to three points; a binary one is not made constant here."""
    theirs = pd.read_csv(coinr / "02_treat" / f"{name}.csv")
    for code in (c for c in theirs.columns if c in raw.columns and c != "TIRcon"):
        ours, _, _ = winsorised(raw[[code]].to_numpy(float), [Rule(max_points=points, force=force)])
        np.testing.assert_allclose(ours[:, 0], theirs[code].to_numpy(float), rtol=1e-9)


def test_number_of_winsorised_points(coinr: Path, raw: pd.DataFrame) -> None:
    """How many points stand at the ends after up to five, after any number, and after three forced ones.

    TIRcon is binary: COINr makes it constant and fails, here it is left as it is.
    """
    theirs = pd.read_csv(coinr / "02_treat" / "winsorise_nwin.csv").set_index("iCode")
    rules = {"nwin5": Rule(), "nwinNULL": Rule(max_points=None), "force3": Rule(max_points=3, force=True)}
    for name, rule in rules.items():
        _, low, high = winsorised(raw.to_numpy(float), [rule] * raw.shape[1])
        ours = pd.Series(low + high, index=list(raw.columns)).drop("TIRcon")
        assert ours.to_dict() == theirs[name].reindex(ours.index).astype(int).to_dict(), name


def test_asem_treated_points_and_details(coinr: Path, treated: Callable[..., Built]) -> None:
    """Which cells of the whole pipeline were winsorised, with skewness before and after."""
    folder = Path(treated("{}").spec.file).parent
    text = (Path(__file__).resolve().parents[2] / "examples" / "gallery" / "asem.yaml").read_text(encoding="utf-8")
    (folder / "asem.yaml").write_text(text, encoding="utf-8")
    built = build(load_spec(folder / "asem.yaml"))
    points = pd.read_csv(coinr / "01_pipeline" / "5_Treated_points.csv", keep_default_na=False).set_index("uCode")
    log = built.treatment_log.set_index(["unit", "indicator"])["done"]
    theirs = {(u, c): points.loc[u, c] for c in points.columns if c in built.pipeline.leaves for u in points.index if points.loc[u, c]}
    assert log.to_dict() == theirs
    details = pd.read_csv(coinr / "01_pipeline" / "5_Treated_details.csv").set_index("iCode")
    for code, row in details.iterrows():
        ours = built.treatments.loc[code]
        assert ours["skewness"] == pytest.approx(row["check_SkewKurt0.Skew"], rel=1e-9)
        assert ours["kurtosis"] == pytest.approx(row["check_SkewKurt0.Kurt"], rel=1e-9)
        if pd.notna(row["winsorise.nwin"]):
            assert ours["winsorised"] == row["winsorise.nwin"]


def test_asem_lineage_and_weights(coinr: Path, treated: Callable[..., Built]) -> None:
    """Each indicator's ancestors, and each item's level and weight, as COINr lists them."""
    built = treated("{}")
    lineage = pd.read_csv(coinr / "00_input" / "lineage.csv")
    parent = built.weights["parent"].to_dict()
    for row in lineage.itertuples(index=False):
        chain = [str(row[0])]
        while parent[chain[-1]]:
            chain.append(parent[chain[-1]])
        assert chain == [str(v) for v in row]
    weights = pd.read_csv(coinr / "00_input" / "weights_original.csv").set_index("iCode")
    ours = built.weights.loc[list(weights.index)]
    np.testing.assert_array_equal(ours["level"], weights["Level"])
    np.testing.assert_allclose(ours["weight"], weights["Weight"], rtol=1e-15)


def test_skewness_and_kurtosis(coinr: Path, raw: pd.DataFrame) -> None:
    """Type-2 skewness and excess kurtosis of every indicator."""
    for row in pd.read_csv(coinr / "02_treat" / "skew_kurt.csv").itertuples():
        x = raw[row.iCode].to_numpy(float)
        assert (skewness(x), kurtosis(x)) == pytest.approx((row.skew, row.kurt), rel=1e-9)


def test_shape_of_a_constant_and_of_tiny_figures() -> None:
    """A constant that is no whole binary number has no shape; figures of 1e-200 have that of their multiples."""
    assert np.isnan(skewness(np.full(7, 0.1)))
    x = np.array([1.0, 2, 3, 4, 50])
    assert skewness(x * 1e-200) == pytest.approx(skewness(x), rel=1e-12)
    assert kurtosis(x * 1e-200) == pytest.approx(kurtosis(x), rel=1e-12)


AGGREGATED = [
    ("amean", "arithmetic", {}), ("gmean", "geometric", {}), ("hmean", "harmonic", {}), ("genmean_p2", "power", {"exponent": 2.0}),
    ("genmean_p0.5", "power", {"exponent": 0.5}), ("genmean_p-1", "power", {"exponent": -1.0}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "method", "options"), AGGREGATED)
@pytest.mark.parametrize("data", ["complete", "withNA"])
def test_aggregations(coinr: Path, data: str, name: str, method: str, options: dict[str, Any]) -> None:
    """Means at every node; the generalised mean skips missing values here, where COINr returns missing."""
    tree, x, theirs = _tree(coinr, data, name, method, options)
    ours = pd.DataFrame(tree_scores(tree, x), list(theirs.index), list(tree.items))[list(theirs.columns)].to_numpy(
        float
    )
    expected = theirs.to_numpy(float)
    if name.startswith("genmean") and data == "withNA":
        ours = np.where(np.isnan(expected), np.nan, ours)
    np.testing.assert_allclose(ours, expected, rtol=1e-9)


def test_generalised_mean_at_minus_one_is_the_harmonic_mean_also_with_missing_values(coinr: Path) -> None:
    """What COINr leaves missing is checked against the harmonic mean."""
    tree, x, _ = _tree(coinr, "withNA", "hmean", "power", {"exponent": -1.0})
    other, _, _ = _tree(coinr, "withNA", "hmean", "harmonic", {})
    np.testing.assert_allclose(tree_scores(tree, x), tree_scores(other, x), rtol=1e-12)


def test_threshold_of_missing_data(coinr: Path) -> None:
    """A node with less than 90 % of its children has no score."""
    tree, x, theirs = _tree(coinr, "withNA", "amean_datthresh0.9", "arithmetic", {}, min_available=0.9)
    ours = pd.DataFrame(tree_scores(tree, x), list(theirs.index), list(tree.items))[list(theirs.columns)]
    np.testing.assert_allclose(ours.to_numpy(float), theirs.to_numpy(float), rtol=1e-9)


@pytest.mark.parametrize(
    ("data", "name", "method"),
    [("complete", "amean_w2", "arithmetic"), ("complete", "gmean_w2", "geometric"), ("complete", "hmean_w2", "harmonic"),
     ("withNA", "amean_w2", "arithmetic"), ("withNA", "gmean_w2", "geometric")],
)  # fmt: skip
def test_other_weights(coinr: Path, data: str, name: str, method: str) -> None:
    """A second set of weights at every level."""
    weights = pd.read_csv(coinr / "04_aggregate" / "w2.csv").set_index("iCode")["Weight"].to_dict()
    tree, x, theirs = _tree(coinr, data, name, method, {}, weights=weights)
    ours = pd.DataFrame(tree_scores(tree, x), list(theirs.index), list(tree.items))[list(theirs.columns)]
    np.testing.assert_allclose(ours.to_numpy(float), theirs.to_numpy(float), rtol=1e-9)


def _tree(
    coinr: Path, data: str, name: str, method: str, options: dict[str, Any], *, min_available: float = 0.0,
    weights: dict[str, float] | None = None,
) -> Any:  # fmt: skip
    """ASEM's tree compiled, the normalised figures, and COINr's scores of all nodes."""
    meta = pd.read_csv(coinr / "00_input" / "ASEM_iMeta.csv").set_index("iCode")
    theirs = table(coinr / "04_aggregate" / f"{data}_{name}.csv")
    x = table(coinr / "04_aggregate" / f"input_{data}_1_100.csv")
    codes = [c for c in x.columns if c in meta.index and meta.loc[c, "Type"] == "Indicator"]
    theirs = theirs[[c for c in theirs.columns if c in meta.index]]

    def node(code: str) -> Node:
        children = tuple(node(str(c)) for c in meta.index[meta["Parent"] == code])
        weight = (weights or {}).get(code, float(meta.loc[code, "Weight"]))
        return Node(code=code, weight=weight, children=children)

    root = next(str(c) for c in meta.index if meta.loc[c, "Level"] == meta["Level"].max())
    tree = compile_tree(node(root), tuple(codes), method=method, min_available=min_available, options=options)
    return tree, x.loc[theirs.index, codes].to_numpy(float), theirs


def test_copeland_against_an_exact_slow_count(coinr: Path) -> None:
    """Copeland scores of 49 indicators against whole-number counting, where COINr's floating-point ties go wrong in ten."""
    meta = pd.read_csv(coinr / "00_input" / "ASEM_iMeta.csv").set_index("iCode")
    frame = table(coinr / "04_aggregate" / "input_complete_1_100.csv")
    x = frame[[c for c in frame.columns if c in meta.index and meta.loc[c, "Type"] == "Indicator"]].to_numpy(float)
    ours = METHODS["copeland"].combine(x, np.full(x.shape, 1 / x.shape[1]))
    slow = [
        sum(int(np.sign((x[i] > x[j]).sum() - (x[i] < x[j]).sum())) for j in range(len(x)) if j != i) for i in range(len(x))
    ]  # fmt: skip
    np.testing.assert_array_equal(ours, slow)
    theirs = pd.read_csv(coinr / "04_aggregate" / "copeland_all49.csv")["complete"].to_numpy(float)
    assert (np.abs(ours - theirs) > 1e-9).sum() <= 10


IMPUTED = [("mean", None), ("median", None), *((f"mean_grp_{g}", g) for g in ("GDP_group", "GDPpc_group", "Pop_group", "EurAsia_group")),
           *((f"median_grp_{g}", g) for g in ("GDP_group", "GDPpc_group", "EurAsia_group"))]  # fmt: skip


@pytest.mark.parametrize(("name", "group"), IMPUTED)
def test_imputation_by_column(coinr: Path, raw: pd.DataFrame, name: str, group: str | None) -> None:
    """Means and medians over all units and within groups."""
    path = coinr / "05_impute" / f"{name}.csv"
    data = pd.read_csv(coinr / "00_input" / "ASEM_iData.csv").set_index("uCode").loc[raw.index]
    labels = None if group is None else [None if v != v else v for v in data[group]]
    x = raw.to_numpy(float)
    ours = fill(x, centres(x, labels, median=name.startswith("median")))
    np.testing.assert_allclose(ours, table(path)[list(raw.columns)].to_numpy(float), rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "level", "first"),
    [("row_mean_normfirst", None, True), ("row_mean_level2", 2, True), ("row_mean_level2_nonorm", 2, False)],
)
def test_imputation_by_row(
    coinr: Path, raw: pd.DataFrame, meta: pd.DataFrame, name: str, level: int | None, first: bool
) -> None:
    """Row means over all indicators or within a pillar, normalised first or not."""
    x, codes = raw.to_numpy(float), list(raw.columns)
    parents = meta.loc[codes, "Parent"]
    groups = (
        [list(range(len(codes)))]
        if level is None
        else [np.flatnonzero(parents == p).tolist() for p in parents.unique()]
    )
    estimates = row_centres(x, groups, meta["Direction"].to_numpy(float), median=False, normalise_first=first)
    np.testing.assert_allclose(
        fill(x, estimates), table(coinr / "05_impute" / f"{name}.csv")[codes].to_numpy(float), rtol=1e-9
    )
