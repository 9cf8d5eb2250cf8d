"""Published indices, each from its specification file in examples/gallery alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from podium.index.build import Built, build
from podium.index.rank import round_half_up
from podium.index.spec import load_spec

GALLERY = Path(__file__).resolve().parents[2] / "examples" / "gallery"
SERIES = "HDR23-24_Composite_indices_complete_time_series.csv"


@pytest.fixture(scope="module")
def made(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Built]:
    """Builds a specification of the gallery beside its published table, with words replaced."""

    def run(name: str, table: str, replace: tuple[str, str] | None = None, frame: pd.DataFrame | None = None) -> Built:
        folder = tmp_path_factory.mktemp(name)
        for path in GALLERY.iterdir():
            text = path.read_text(encoding="utf-8")
            (folder / path.name).write_text(_replaced(text, replace), encoding="utf-8")
        if frame is not None:
            return build(load_spec(folder / f"{name}.yaml"), data=frame)
        target = shared / table if table.startswith("data/") else shared / "ref" / "gallery" / table
        shutil.copy(target, folder / target.name)
        return build(load_spec(folder / f"{name}.yaml"))

    return run


def _replaced(text: str, words: tuple[str, str] | None) -> str:
    """A specification for another year: its words replaced, but not the name of its codebook."""
    return text if words is None else text.replace(*words).replace(f"hdi{words[1]}_codebook", "hdi2022_codebook")


def published(shared: Path) -> pd.DataFrame:
    """The UNDP's published values by country."""
    return pd.read_csv(shared / "ref" / "gallery" / "hdi" / SERIES, encoding="latin-1").set_index("iso3")


def compare(
    name: str, built: Built, scores: pd.Series, ranks: pd.Series | None, decimals: int, least: int = 100  # type: ignore[type-arg]
) -> None:
    """Print N, largest error and mismatches, and require none."""
    ours = pd.DataFrame({"score": built.score_table[:, -1], "rank": built.rank_table[:, -1]}, index=list(built.units))
    ours = ours.loc[scores.reindex(ours.index).notna()]
    countries = [str(u) for u in scores.dropna().index if not str(u).startswith("ZZ")]  # ZZ: regions and groups
    assert set(countries) <= set(ours.index[ours["score"].notna()]), "a published score is not reached"
    theirs = scores.reindex(ours.index).to_numpy(float)
    error = np.abs(ours["score"].to_numpy() - theirs)
    off = int((np.abs(round_half_up(ours["score"].to_numpy(), decimals) - theirs) > 1e-9).sum())
    moved = 0 if ranks is None else int((ours["rank"].to_numpy() != ranks.reindex(ours.index).to_numpy(float)).sum())
    units = list(ours.index)
    print(f"{name}: N = {len(units)}, largest error {error.max():.2g}, {off} scores and {moved} ranks differ")
    assert len(units) >= least
    assert (off, moved) == (0, 0)


def test_hdi_2022(made: Callable[..., Built], shared: Path) -> None:
    """UNDP (2024), Human Development Report 2023–24: every HDI value and rank of 2022."""
    table = published(shared)
    compare("HDI 2022", made("hdi2022", f"hdi/{SERIES}"), table["hdi_2022"], table["hdi_rank_2022"], 3)


@pytest.mark.parametrize(
    ("name", "first"), [("hdi", 1990), ("ihdi", 2010), ("gii", 1990)], ids=["HDI 1990–2022", "IHDI 2010–2022", "GII 1990–2022"]
)  # fmt: skip
def test_whole_series(made: Callable[..., Built], shared: Path, name: str, first: int) -> None:
    """The same report's series: every published HDI, IHDI and GII value of every year, by the same file with another year."""
    table = published(shared)
    frame = table.copy().reset_index()
    for year in range(first, 2023):
        own = frame[["iso3", *(c for c in frame.columns if c.endswith(str(year)))]]
        built = made(f"{name}2022", f"hdi/{SERIES}", ("2022", str(year)), own)
        compare(f"{name.upper()} {year}", built, table[f"{name}_{year}"], None, 3, least=80)


def test_inequality_adjusted_hdi(made: Callable[..., Built], shared: Path) -> None:
    """UNDP (2024): every IHDI value of 2022."""
    compare("IHDI 2022", made("ihdi2022", f"hdi/{SERIES}"), published(shared)["ihdi_2022"], None, 3)


def test_gender_inequality_index(made: Callable[..., Built], shared: Path) -> None:
    """UNDP (2024): every GII value and rank of 2022, ranked unrounded."""
    table = published(shared)
    compare("GII 2022", made("gii2022", f"hdi/{SERIES}"), table["gii_2022"], table["gii_rank_2022"], 3)


def test_hdi_2023_from_the_annex(made: Callable[..., Built], shared: Path) -> None:
    """UNDP (2025), Human Development Report 2025, table 1: every HDI value and rank of 2023, from the workbook."""
    name = "hdi/HDR25_Statistical_Annex_HDI_Table.xlsx"
    table = pd.read_excel(shared / "ref" / "gallery" / name, header=5).dropna(subset=["Country"])
    ranked = table[pd.to_numeric(table["HDI rank"], errors="coerce").notna()].set_index("Country")
    compare("HDI 2023", made("hdi2023", name), ranked["Value"].astype(float), ranked["HDI rank"].astype(float), 3)


def test_index_of_multiple_deprivation(made: Callable[..., Built], shared: Path) -> None:
    """MHCLG (2025), English Indices of Deprivation 2025: all 33,755 scores, ranks and deciles."""
    name = "imd2025_england/imd2025_england_lsoa21.csv"
    table = pd.read_csv(shared / "ref" / "gallery" / name).set_index("lsoa21_code")
    built = made("imd2025", name)
    compare("IMD 2025", built, table["IMD_score"], table["IMD_rank"], 3)
    assert built.classes is not None
    for node in built.classes.columns:
        theirs = table[f"{node.removesuffix('_rank')}_decile"].reindex(built.classes.index)
        np.testing.assert_array_equal(built.classes[node], theirs, err_msg=node)
    print("IMD 2025: deciles of the index and of seven domains identical")


def test_social_vulnerability_index(made: Callable[..., Built], shared: Path) -> None:
    """CDC/ATSDR (2024), SVI 2022 for US counties: every percentile rank of figures, themes and the whole."""
    name = "svi2022/SVI_2022_US_county.csv"
    table = pd.read_csv(shared / "ref" / "gallery" / name, dtype={"FIPS": str}).set_index("FIPS").replace(-999, np.nan)
    built = made("svi2022", name)
    units = list(built.units)
    for node in ("RPL_THEME1", "RPL_THEME2", "RPL_THEME3", "RPL_THEME4", "RPL_THEMES"):
        np.testing.assert_array_equal(built.scores.loc[units, node], table.loc[units, node])
    figures = built.tables["Normalised"]
    for code in figures.columns:
        np.testing.assert_array_equal(figures[code], table.loc[units, code.replace("EP_", "EPL_")])
    print(f"SVI 2022: N = {len(units)}, largest error 0, 0 scores differ")


NODES = {
    "risk": "INFORM RISK", "hazard": "HAZARD & EXPOSURE", "natural": "Natural", "human": "Human", "vulnerability": "VULNERABILITY",
    "socio_economic": "Socio-Economic Vulnerability", "development": "Development & Deprivation", "inequality": "Inequality",
    "dependency": "Economic Dependency", "vulnerable_groups": "Vulnerable Groups", "uprooted": "Uprooted people", "health": "Health Conditions",
    "children_u5": "Children U5", "recent_shocks": "Recent Shocks", "food": "Food Security", "other_groups": "Other Vulnerable Groups",
    "coping": "LACK OF COPING CAPACITY", "institutional": "Institutional", "drr": "DRR", "governance": "Governance",
    "infrastructure": "Infrastructure", "communication": "Communication", "physical": "Physical infrastructure",
    "health_care": "Access to health care",
}  # fmt: skip
FIGURES = {
    "Vulnerability": dict(zip(
        ["human_development", "MPI", "GII", "GINI", "aid_per_head", "DT.ODA.ODAT.GN.ZS", "BX_TRF_PWKR", "uprooted_number", "uprooted_share", "HIV",
         "SH_HIV_INCD", "TB", "SH_STA_MALR", "neglected_diseases", "CM", "CUW", "FS.ADSA", "SN.ITK.DEFC.ZS"],
        [2, 3, 5, 6, 10, 11, 12, 16, 18, 20, 21, 23, 24, 26, 28, 29, 34, 35], strict=True)),
    "Lack of Coping Capacity": dict(zip(
        ["SG_DSR_LGRGSR", "SG_DSR_LGRGSR_FREQ", "CPI", "GovernmentEffectiveness", "SE.ADT.LITR.ZS", "EG.ELC.ACCS.ZS", "IT.NET.USER.P2",
         "IT.CEL.SETS.P2", "IS.ROD.TOTL.KM", "SH.STA.BASS.ZS", "SH.H2O.SAFE.ZS", "PHIS", "SH_ACS_DTP3", "SH_ACS_MCV2", "SH_ACS_PCV3",
         "HEALTH_EXP", "MMR"],
        [2, 3, 5, 6, 9, 10, 11, 12, 15, 16, 17, 19, 20, 21, 22, 24, 25], strict=True)),
}  # fmt: skip
"""Columns of the workbook, counted from 0, that show our indicators' scores."""


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_inform_risk_2025(made: Callable[..., Built], shared: Path) -> None:
    """INFORM (2024), Risk Index 2025 v0.7.0: every risk, rank, node and normalised indicator of the workbook."""
    name = "inform/inform_risk_2025_v070.xlsx"
    built = made("inform2025", name)
    book = pd.read_excel(shared / "ref" / "gallery" / name, sheet_name=["INFORM Risk 2025 (a-z)"]).popitem()[1].set_index("ISO3")
    assert len(built.units) == len(book) == 191
    compare("INFORM 2025", built, book["INFORM RISK"].astype(float), book["Rank"].astype(float), 1)
    units = list(built.units)
    for node, head in NODES.items():
        theirs = pd.to_numeric(book.loc[units, head], errors="coerce")
        np.testing.assert_array_equal(built.scores.loc[units, node], theirs, err_msg=node)
    for sheet, columns in FIGURES.items():
        cells = pd.read_excel(shared / "ref" / "gallery" / name, sheet_name=sheet, header=None).set_index(1)
        for code, at in columns.items():
            theirs = pd.to_numeric(cells.loc[units, at], errors="coerce")
            np.testing.assert_array_equal(built.scores.loc[units, code], theirs, err_msg=code)
    print(f"INFORM 2025: {len(NODES)} nodes and {sum(map(len, FIGURES.values()))} indicators identical")


def test_global_ai_index_2021(made: Callable[..., Built], shared: Path) -> None:
    """Tortoise (2021), Global AI Index: 62 ranks of the total; scores to the rounding of the pillars (0.0064)."""
    name = "data/ai_race/gaii_2021_pillars.csv"
    table = pd.read_csv(shared / name).set_index("Country")
    built = made("gaii2021", name)
    ours = built.scores["gaii"]
    error = (ours - table["Total score"].reindex(ours.index)).abs().max()
    theirs = table["Total score"].rank(ascending=False, method="min").reindex(ours.index)
    moved = int((built.ranks["gaii"] != theirs).sum())
    print(f"GAII 2021: N = {len(ours)}, largest error {error:.2g}, {moved} ranks differ")
    assert (len(ours), moved) == (62, 0)
    assert error < 0.0065
