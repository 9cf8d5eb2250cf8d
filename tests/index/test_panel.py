"""Panels: several editions of one index, against COINr 1.1.14's purses (doi:10.21105/joss.04567)."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from podium.errors import SpecError
from podium.index.build import build, build_panel
from podium.index.interpolate import METHODS, linear
from podium.index.panel import Panel
from podium.index.spec import load_spec

ASEM = """
name: asem panel
data: {{coinr: {{data: ASEM_iData_p.csv, meta: ASEM_iMeta.csv}}, panel: true}}
steps:
  screen: {{min_available: 0.9}}
  treat: {{method: winsorise, max_points: 5, skew: 2, kurtosis: 3.5, otherwise: log}}
  normalise: {{{normalise}}}
  aggregate: {{method: arithmetic}}
"""


@pytest.fixture(scope="module")
def asem(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with COINr's panel."""
    folder = tmp_path_factory.mktemp("asem")
    for name in ("ASEM_iData_p.csv", "ASEM_iMeta.csv"):
        shutil.copy(shared / "ref" / "coinr" / "00_input" / name, folder)
    return folder


def panel(folder: Path, normalise: str) -> Panel:
    """ASEM's five years under a normalisation."""
    path = folder / f"{abs(hash(normalise))}.yaml"
    path.write_text(ASEM.format(normalise=normalise), encoding="utf-8")
    return build_panel(load_spec(path))


def long(path: Path) -> pd.DataFrame:
    """COINr's table by year and unit."""
    table = pd.read_csv(path)
    return table.set_index([table["Time"].astype(str), table["uCode"]]).drop(columns=["Time", "uCode"])


@pytest.mark.parametrize("step", ["Raw", "Screened", "Treated", "Normalised", "Aggregated"])
def test_purse_at_every_step(asem: Path, shared: Path, step: str) -> None:
    """The example purse, screened, treated each year on its own and normalised over all years, to 1e-9."""
    theirs = long(shared / "ref" / "coinr" / "12_panel" / f"example_{step}.csv")
    ours = panel(asem, "method: minmax, range: [0, 100], over: panel").tables[step]
    columns = [c for c in theirs.columns if c in ours.columns]
    assert len(columns) >= 49
    if step != "Raw":  # Podium's first table holds the units that passed the screen
        assert set(ours.index) == set(theirs.index)
    np.testing.assert_allclose(ours[columns].to_numpy(float), theirs.loc[list(ours.index), columns].to_numpy(float),
                               rtol=1e-9, atol=1e-12)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "normalise"),
    [("norm_minmax_local", "method: minmax, range: [0, 100], over: edition"), ("norm_zscore_global", "method: zscore, mean: 0, sd: 1, over: panel")],
)  # fmt: skip
def test_normalisation_over_a_year_and_over_all(asem: Path, shared: Path, name: str, normalise: str) -> None:
    """Each year on its own, and z-scores over all years (that file is kept back: checked here by hand where it is absent)."""
    ours = panel(asem, normalise).tables["Normalised"]
    path = shared / "ref" / "coinr" / "12_panel" / f"{name}.csv"
    if path.is_file():
        theirs = long(path).loc[list(ours.index), list(ours.columns)]
    else:
        treated = long(shared / "ref" / "coinr" / "12_panel" / "example_Treated.csv").loc[list(ours.index), list(ours.columns)]
        meta = pd.read_csv(asem / "ASEM_iMeta.csv").set_index("iCode")
        directed = treated * meta.loc[list(ours.columns), "Direction"]
        theirs = (directed - directed.mean()) / directed.std(ddof=1)
    np.testing.assert_allclose(ours.to_numpy(float), theirs.to_numpy(float), rtol=1e-9, atol=1e-9)


def test_treatment_of_each_year(asem: Path, shared: Path) -> None:
    """Skewness and kurtosis of every indicator and year before treatment, as COINr's details have them."""
    made = panel(asem, "method: minmax, range: [0, 100], over: panel")
    for row in pd.read_csv(shared / "ref" / "coinr" / "12_panel" / "treated_details.csv").itertuples():
        built = made.at(str(row.Time))
        found = built.fitted.branches[0].treatments[built.pipeline.leaves.index(row.iCode)]
        assert (found.skew_before, found.kurtosis_before) == pytest.approx((row._4, row._5), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "method", "gap", "source"),
    [("impute_latest", "latest", None, "impute_input_1500NA"), ("impute_latest_max1", "latest", 1, "impute_input_1500NA"),
     ("impute_constant", "constant", None, "impute_input_1500NA"), ("impute_linear-constant", "linear", None, "impute_input_1500NA"),
     ("impute_linear", "linear", None, "impute_linear_input")],
)  # fmt: skip
def test_imputation_over_time(shared: Path, name: str, method: str, gap: int | None, source: str) -> None:
    """COINr's impute_panel on a panel with 1,500 values knocked out."""
    folder = shared / "ref" / "coinr" / "12_panel"
    cubes = []
    for path in (source, name):
        table = long(folder / f"{path}.csv")
        years = sorted({str(t) for t in table.index.get_level_values(0)})
        units = sorted({str(u) for u in table.index.get_level_values(1)})
        order = pd.MultiIndex.from_product([years, units])
        cubes.append(table.reindex(order).to_numpy(float).reshape(len(years), len(units), -1))
    ours, when = METHODS[method](cubes[0], np.array([float(y) for y in years]), max_gap=gap)
    np.testing.assert_allclose(ours, cubes[1], rtol=1e-9)
    assert np.isnan(when).sum() == np.isnan(ours).sum()
    if name == "impute_latest":
        theirs = long(folder / "impute_latest_DataT.csv")
        for (year, unit), row in theirs.iterrows():
            np.testing.assert_array_equal(when[years.index(year), units.index(unit)], row.to_numpy(float))


def test_linear_interpolation_by_hand() -> None:
    """Between 2018 and 2021 in steps of time, not of rows; ends held; a gap longer than allowed stays missing."""
    cube = np.array([np.nan, 10, np.nan, 40, np.nan])[:, None, None]
    times = np.array([2016.0, 2018, 2019, 2021, 2022])
    assert linear(cube, times)[0].ravel().tolist() == [10, 10, 20, 40, 40]
    assert linear(cube, times)[1].ravel().tolist() == [2018, 2018, 2019, 2021, 2021]
    gap = np.array([1, np.nan, np.nan, 4.0])[:, None, None]
    assert np.isnan(linear(gap, np.arange(4.0), max_gap=1)[0].ravel()[1:3]).all()


SMALL = """
name: small
data: {table: data.csv, layout: long, panel: true}
tree: {code: all, children: [a, b]}
steps:
  impute: [{method: latest, max_gap: 1}, {method: mean}]
  normalise: {method: minmax, range: [0, 10], over: OVER}
  aggregate: {method: arithmetic}
"""
ROWS = "unit,indicator,time,value\n" + "\n".join(
    f"{u},{i},{t},{v}" for u, i, t, v in [
        ("X", "a", 2020, 0), ("Y", "a", 2020, 10), ("X", "b", 2020, 5), ("Y", "b", 2020, 1), ("Z", "a", 2020, 4), ("Z", "b", 2020, 3),
        ("X", "a", 2021, 20), ("Y", "a", 2021, 5), ("Y", "b", 2021, 9), ("Z", "a", 2021, 5), ("Z", "b", 2021, 1),
    ]
) + "\n"  # fmt: skip


def small(folder: Path, over: str) -> Path:
    """Three units in two years, one cell missing in the second."""
    (folder / "index.yaml").write_text(SMALL.replace("OVER", over), encoding="utf-8")
    (folder / "data.csv").write_text(ROWS, encoding="utf-8")
    return folder


def test_panel_by_hand(tmp_path: Path) -> None:
    """X's b of 2020 is carried to 2021; one scale for both years, from 0 to 20 and from 1 to 9."""
    made = build_panel(load_spec(small(tmp_path, "panel")))
    assert made.editions == ("2020", "2021")
    assert made.at("2021").score_of("X") == pytest.approx((10 + 10 * (5 - 1) / 8) / 2)
    assert made.at("2020").score_of("Y") == pytest.approx((5 + 0) / 2)
    assert made.ranks.loc[("2021", "X"), "all"] == 1
    local = build_panel(load_spec(small(tmp_path, "edition")))
    assert local.at("2020").score_of("Y") == pytest.approx((10 + 0) / 2)


def test_build_takes_one_edition_of_a_panel(tmp_path: Path) -> None:
    """`build` gives the latest edition or the one asked for, the same as in the whole panel, and can be changed."""
    folder = small(tmp_path, "panel")
    whole = build_panel(load_spec(folder))
    for edition in ("2020", "2021"):
        one = build(load_spec(folder, edition=edition))
        np.testing.assert_array_equal(one.score_table, whole.at(edition).score_table)
    last = build(load_spec(folder))
    assert last.spec.edition == "2021"
    values = last.dataset.values[-1].copy()
    values[last.dataset.units.index("Y"), last.dataset.indicators.index("a")] = 40  # beyond the range learnt before
    frozen = build(last.spec, dataset=last.dataset, values=values, fitted=last.fitted)
    assert frozen.score_of("X") == last.score_of("X")
    assert frozen.score_of("Y") > 10
    refit = build(last.spec, dataset=last.dataset, values=values)
    assert refit.score_of("X") < last.score_of("X")


def test_panel_needs_to_be_told_what_its_scale_is_learnt_over(tmp_path: Path) -> None:
    """Without `over` there is one error that names both answers; a method over time needs a panel."""
    folder = small(tmp_path, "panel")
    text = (folder / "index.yaml").read_text(encoding="utf-8")
    (folder / "index.yaml").write_text(text.replace(", over: panel", ""), encoding="utf-8")
    with pytest.raises(SpecError, match="over: panel"):
        build_panel(load_spec(folder))
    (folder / "index.yaml").write_text(text.replace(", panel: true", "").replace(", over: panel", ""), encoding="utf-8")
    with pytest.raises(SpecError, match="need a panel"):
        build(load_spec(folder))


def test_units_absent_from_an_edition_are_not_in_it(tmp_path: Path) -> None:
    """A unit without any figure in a year, too old to carry, has no rank in that year."""
    folder = small(tmp_path, "edition")
    (folder / "data.csv").write_text(ROWS + "W,a,2021,1\nW,b,2021,1\n", encoding="utf-8")
    text = (folder / "index.yaml").read_text(encoding="utf-8").replace(", {method: mean}", "")
    (folder / "index.yaml").write_text(text, encoding="utf-8")
    made = build_panel(load_spec(folder))
    assert "W" not in made.at("2020").units
    assert "W" in made.at("2021").units


@pytest.mark.parametrize("over", ["panel", "edition"])
def test_panel_of_one_edition(tmp_path: Path, over: str) -> None:
    """It is the index of that edition: min–max by hand."""
    (tmp_path / "table.csv").write_text("unit,year,a,b\nX,2020,1,9\nY,2020,2,5\nZ,2020,5,1\n", encoding="utf-8")
    (tmp_path / "index.yaml").write_text(
        "name: one\ndata: {table: table.csv, layout: wide, panel: true, columns: {time: year}}\ntree: {code: index, children: [a, b]}\n"
        f"steps: {{normalise: {{method: minmax, over: {over}}}, aggregate: {{method: arithmetic}}}}\n", encoding="utf-8")  # fmt: skip
    built = build_panel(load_spec(tmp_path))
    assert built.editions == ("2020",)
    assert built.scores["index"].to_dict() == pytest.approx({("2020", "X"): 0.5, ("2020", "Y"): 0.375, ("2020", "Z"): 0.5})
    assert built.ranks["index"].to_dict() == {("2020", "X"): 1, ("2020", "Y"): 3, ("2020", "Z"): 1}
