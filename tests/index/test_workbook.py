"""The live workbook, recalculated by LibreOffice, against the build it was written from."""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from podium.index.aggregate import METHODS as AGGREGATIONS
from podium.index.build import Built, build
from podium.index.grid import FIRST, HEAD
from podium.index.normalise import METHODS as NORMALISATIONS
from podium.index.spec import BUNDLED, Spec, load_spec
from podium.index.workbook import write_live

GALLERY = Path(__file__).resolve().parents[2] / "examples" / "gallery"
SHADE = "FFDDE3EC"
Sheet = dict[str, list[Any]]


@pytest.fixture(scope="session")
def office() -> str:
    """The spreadsheet program."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        pytest.skip("LibreOffice is not installed")
    return found


def recalculated(office: str, folder: Path) -> dict[str, openpyxl.Workbook]:
    """Every workbook of a folder as the spreadsheet program calculates it, by name."""
    out = folder / "calculated"
    names = sorted(str(p) for p in folder.glob("*.xlsx"))
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
               "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *names]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return {p.stem: openpyxl.load_workbook(p, data_only=True) for p in out.glob("*.xlsx")}


def frame(book: openpyxl.Workbook, sheet: str) -> pd.DataFrame:
    """A sheet's figures by unit and head; nothing for an empty text."""
    rows = list(book[sheet].iter_rows(min_row=HEAD, values_only=True))
    table = pd.DataFrame(rows[1:], columns=list(rows[0])).set_index("unit").drop(columns="name")
    return table.replace("", np.nan).astype(float)


def tied(scores: np.ndarray) -> np.ndarray:
    """Which scores ``(unit, item)`` are those of another unit but for the last bits."""
    with np.errstate(invalid="ignore"):
        near = np.abs(scores[:, None] - scores[None]) <= 1e-12 * np.maximum(1.0, np.abs(scores[:, None]))
    return np.asarray(near.sum(axis=1) > 1)


def agree(book: openpyxl.Workbook, built: Built, label: str = "") -> None:
    """The sheets hold the build's scores and normalised figures to 1e-9 and its ranks exactly."""
    units, items = list(built.units), list(built.tree.items)
    for sheet, table in (("Scores", built.score_table), ("Normalised", built.tables["Normalised"].to_numpy())):
        ours = frame(book, sheet)[items if sheet == "Scores" else list(built.pipeline.leaves)]
        assert list(ours.index) == units
        np.testing.assert_allclose(ours.to_numpy(), table, rtol=1e-9, atol=1e-11, err_msg=f"{label} {sheet}")
    ranks = frame(book, "Ranks")[items].to_numpy()
    off = (ranks != built.rank_table) & ~(np.isnan(ranks) & np.isnan(built.rank_table))
    assert not (off & ~tied(built.score_table)).any(), label  # sums in another order may break a tie
    assert abs(book["Check"]["E3"].value) < 1e-9
    assert book["Check"]["G4"].value == off[:, -1].sum()
    for ws in book:
        bad = [c.coordinate for row in ws.iter_rows() for c in row if isinstance(c.value, str) and c.value.startswith(("#", "Err:"))]
        assert bad == [], (label, ws.title)


def shaded(path: Path) -> dict[str, int]:
    """How many cells of each sheet but the check are numbers without a formula."""
    book = openpyxl.load_workbook(path)
    return {ws.title: n for ws in book if ws.title not in ("Check", "contents")
            if (n := sum(c.fill.fgColor.rgb == SHADE for row in ws.iter_rows(min_row=FIRST) for c in row))}  # fmt: skip


@pytest.fixture(scope="module")
def asem(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Spec:
    """ASEM as in the gallery."""
    folder = tmp_path_factory.mktemp("asem")
    shutil.copy(GALLERY / "asem.yaml", folder)
    for name in ("ASEM_iData.csv", "ASEM_iMeta.csv"):
        shutil.copy(shared / "ref" / "coinr" / "00_input" / name, folder)
    return load_spec(folder / "asem.yaml")


@pytest.mark.parametrize("name", ["starter", "ai-race"])
def test_bundled_indices(office: str, tmp_path: Path, name: str) -> None:
    """Logarithms, roots, a blend of absolute and per-head figures, missing figures, imputation, winsorising."""
    built = build(load_spec(name))
    write_live(built, tmp_path / "live.xlsx")
    assert shaded(tmp_path / "live.xlsx") == {}
    agree(recalculated(office, tmp_path)["live"], built)


def test_asem(office: str, asem: Spec, tmp_path: Path) -> None:
    """ASEM denominated, imputed by group, winsorised; every step's sheet holds the step's table."""
    built = build(asem)
    write_live(built, tmp_path / "live.xlsx")
    assert shaded(tmp_path / "live.xlsx") == {}
    book = recalculated(office, tmp_path)["live"]
    agree(book, built)
    for step in ("Denominated", "Imputed", "Treated"):
        ours = frame(book, step)[list(built.pipeline.leaves)].to_numpy()
        np.testing.assert_allclose(ours, built.tables[step].to_numpy(), rtol=1e-9, err_msg=step)


@pytest.mark.parametrize(
    ("name", "table"),
    [("hdi2022", "hdi/HDR23-24_Composite_indices_complete_time_series.csv"), ("gii2022", "hdi/HDR23-24_Composite_indices_complete_time_series.csv"),
     ("ihdi2022", "hdi/HDR23-24_Composite_indices_complete_time_series.csv"), ("svi2022", "svi2022/SVI_2022_US_county.csv")],
)  # fmt: skip
def test_published_indices(office: str, shared: Path, tmp_path: Path, name: str, table: str) -> None:
    """Goalposts, quotients and harmonic means, products, and 300 counties' percentile ranks."""
    folder = tmp_path / "spec"
    shutil.copytree(GALLERY, folder)
    source = shared / "ref" / "gallery" / table
    if name == "svi2022":
        pd.read_csv(source, dtype=str, keep_default_na=False).head(300).to_csv(folder / source.name, index=False)
    else:
        shutil.copy(source, folder)
    built = build(load_spec(folder / f"{name}.yaml"))
    write_live(built, tmp_path / "live.xlsx")
    assert shaded(tmp_path / "live.xlsx") == {}
    agree(recalculated(office, tmp_path)["live"], built)


NORMALISE: dict[str, dict[str, Any]] = {
    "categorical": {"edges": [0.25, 0.5, 0.75], "classes": [1.0, 2.0, 3.0, 4.0]}, "dist2ref": {"reference": "JPN"}, "goalposts": {"posts": [0, 300000], "clip": True},
    "scaled": {"posts": [0, 100], "factor": 10}, "zscore": {"mean": 50, "sd": 10}, "fracmax": {"decimals": 3}, "dist2targ": None,
}  # fmt: skip
AGGREGATE: dict[str, dict[str, Any]] = {"owa": {"order": [3, 2, 1]}, "power": {"exponent": -0.5}, "count": {"above": 40}, "inverted_geometric": {"top": 100}, "displaced_ideal": {"top": 100}}


def variants(starter: Spec) -> Mapping[str, tuple[Spec, bool]]:
    """Specifications with each method, and whether everything is a formula."""
    out: dict[str, tuple[Spec, bool]] = {}
    base = starter.with_({"steps.impute": (), "indicators.servers": {"transform": {"method": "log", "offset": 1}}})
    for method in NORMALISATIONS:
        options = NORMALISE.get(method, {})
        if options is not None:
            out[f"n_{method}"] = (base.with_({"steps.normalise": {"method": method, **options}}), method != "categorical")
    for ties in ("max", "average"):
        out[f"n_rank_{ties}"] = (base.with_({"steps.normalise": {"method": "percentile_rank", "ties": ties}, "steps.rank": {"ties": ties, "best": "lowest"}}), True)
    out["n_clip"] = (base.with_({"steps.normalise": {"method": "zscore", "mean": 50, "sd": 10, "clip": [45, 55]}}), True)
    out["n_clip_minmax"] = (base.with_({"steps.normalise": {"method": "minmax", "range": [0, 100], "clip": [20, 120]}}), True)
    for method in AGGREGATIONS:
        options = AGGREGATE.get(method, {})
        changed = base.model_dump(mode="json")
        changed["tree"]["children"][0] |= {"method": method, "options": options}
        changed["tree"]["children"][0]["children"][1]["weight"] = 2.0
        out[f"a_{method}"] = (base.with_({"tree": changed["tree"]}), method != "benefit_of_doubt")
    for change in ("log_ct", "log_ct_orig", "log_ct_plus", "log_gii", "boxcox", "sqrt"):
        out[f"t_{change}"] = (base.with_({"steps.treat": {"method": "winsorise", "max_points": 0, "otherwise": change, "skew": 0.3, "kurtosis": 0.1, "exponent": 0.5 if change == "boxcox" else None}}), True)
    out["t_combine"] = (base.with_({"steps.treat": {"method": "winsorise", "max_points": 1, "skew": 0.3, "kurtosis": 0.1, "combine": True}}), True)
    for method in ("mean", "median", "knn", "em"):
        out[f"i_{method}"] = (starter.with_({"steps.impute": {"method": method, "k": 2}}), method in ("mean", "median"))
    out["rescaled"] = (base.with_({"steps.rescale": {"range": [10, 20]}, "steps.aggregate": {"method": "arithmetic", "min_available": 1.0}}), True)
    out["decimals"] = (base.with_({"steps.rank": {"decimals": 0}, "steps.aggregate": {"method": "arithmetic", "decimals": 0}}), True)
    out["missing_parent"] = (base.with_({"steps.aggregate": {"method": "geometric", "missing": "parent"}}), True)
    out["missing_number"] = (base.with_({"steps.aggregate": {"method": "arithmetic", "missing": 7.0}}), True)
    return out


def test_every_method(office: str, tmp_path: Path) -> None:
    """Each registered normalisation, aggregation and change, with missing figures: the formulas give its results.

    Only what has no formula is shaded: classes, benefit of the doubt, neighbours and EM.
    """
    made = {}
    for name, (spec, live) in variants(load_spec("starter")).items():
        made[name] = build(spec)
        write_live(made[name], tmp_path / f"{name}.xlsx")
        assert (shaded(tmp_path / f"{name}.xlsx") == {}) == live, name
    books = recalculated(office, tmp_path)
    assert set(books) == set(made)
    for name, built in made.items():
        agree(books[name], built, name)


def test_changed_cells_change_the_scores(office: str, tmp_path: Path) -> None:
    """A weight and a figure typed into the workbook give the scores and ranks of an index built with them."""
    starter = load_spec("starter")
    write_live(build(starter), tmp_path / "live.xlsx")
    book = openpyxl.load_workbook(tmp_path / "live.xlsx")
    weights = {row[0].value: row[3] for row in book["Weights"].iter_rows(min_row=5)}
    weights["access"].value = 4
    units = {row[0].value: row for row in book["Data"].iter_rows(min_row=FIRST)}
    heads = [c.value for c in book["Data"][HEAD]]
    units["JPN"][heads.index("rd")].value = 5.5
    book.save(tmp_path / "live.xlsx")
    spec = starter.model_dump(mode="json")
    spec["tree"]["children"][0]["weight"] = 4.0
    changed = starter.with_({"tree": spec["tree"]})
    dataset = build(starter).dataset
    values = dataset.values[-1].copy()
    values[dataset.units.index("JPN"), dataset.indicators.index("rd")] = 5.5
    expected = build(changed, dataset=dataset, values=values)
    calculated = recalculated(office, tmp_path)["live"]
    scores = frame(calculated, "Scores")[list(expected.tree.items)]
    np.testing.assert_allclose(scores.to_numpy(), expected.score_table, rtol=1e-9)
    np.testing.assert_array_equal(frame(calculated, "Ranks")[list(expected.tree.items)].to_numpy(), expected.rank_table)
    assert abs(calculated["Check"]["E3"].value) > 1


@pytest.mark.parametrize("path", ["steps.impute", "grouped"])
def test_imputation_by_row_and_group(office: str, asem: Spec, tmp_path: Path, path: str) -> None:
    """Group medians are array formulas; row means, which have none, are shaded."""
    step = {"method": "row_mean", "level": 2} if path == "steps.impute" else {"method": "group_median", "group": "GDP_group"}
    built = build(asem.with_({"steps.impute": step}))
    write_live(built, tmp_path / "live.xlsx")
    assert list(shaded(tmp_path / "live.xlsx")) == (["Imputed"] if path == "steps.impute" else [])
    agree(recalculated(office, tmp_path)["live"], built)


def test_live_workbook_smuggles_no_formula(tmp_path: Path) -> None:
    """In a live workbook, too, names and labels that look like formulas are texts; formulas are Podium's alone."""
    folder = tmp_path / "index"
    shutil.copytree(BUNDLED / "starter", folder)
    text = (folder / "index.yaml").read_text(encoding="utf-8")
    for old, new in (("name: Access", "name: '=1+1'"), ("title: Digital readiness (starter)", "title: '@x'"), ("countries: true", "countries: false")):
        assert old in text
        text = text.replace(old, new)
    (folder / "index.yaml").write_text(text, encoding="utf-8")
    for name, old, new in (("data.csv", "KOR,", "=KOR(),"), ("codebook.csv", "% of population", "=cmd")):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    write_live(build(load_spec(folder)), tmp_path / "live.xlsx")
    book = openpyxl.load_workbook(tmp_path / "live.xlsx")
    cells: Callable[[], Any] = lambda: (c for ws in book for row in ws.iter_rows() for c in row)  # noqa: E731
    texts = [c.value for c in cells() if c.data_type == "s"]
    assert {"=KOR()", "=cmd", "@x"} <= set(texts)
    formulas = [c.value if isinstance(c.value, str) else c.value.text for c in cells() if c.data_type == "f"]
    assert not any(word in f for f in formulas for word in ("KOR", "cmd", "1+1"))
    assert all(math.isfinite(c.value) for c in cells() if c.data_type == "n" and c.value is not None)
