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

    def run(name: str, table: str, replace: tuple[str, str] | None = None) -> Built:
        folder = tmp_path_factory.mktemp(name)
        for path in GALLERY.iterdir():
            text = path.read_text(encoding="utf-8")
            (folder / path.name).write_text(text.replace(*replace) if replace else text, encoding="utf-8")
        target = shared / "ref" / "gallery" / table
        shutil.copy(target, folder / target.name)
        return build(load_spec(folder / f"{name}.yaml"))

    return run


def published(shared: Path) -> pd.DataFrame:
    """The UNDP's published values by country."""
    return pd.read_csv(shared / "ref" / "gallery" / "hdi" / SERIES, encoding="latin-1").set_index("iso3")


def compare(name: str, built: Built, scores: pd.Series, ranks: pd.Series | None, decimals: int) -> None:  # type: ignore[type-arg]
    """Print N, largest error and mismatches, and require none."""
    ours = pd.DataFrame({"score": built.score_table[:, -1], "rank": built.rank_table[:, -1]}, index=list(built.units))
    ours = ours.loc[scores.reindex(ours.index).notna()]
    theirs = scores.reindex(ours.index).to_numpy(float)
    error = np.abs(ours["score"].to_numpy() - theirs)
    off = int((np.abs(round_half_up(ours["score"].to_numpy(), decimals) - theirs) > 1e-9).sum())
    moved = 0 if ranks is None else int((ours["rank"].to_numpy() != ranks.reindex(ours.index).to_numpy(float)).sum())
    units = list(ours.index)
    print(f"{name}: N = {len(units)}, largest error {error.max():.2g}, {off} scores and {moved} ranks differ")
    assert len(units) > 100
    assert (off, moved) == (0, 0)


def test_hdi_2022(made: Callable[..., Built], shared: Path) -> None:
    """UNDP (2024), Human Development Report 2023–24: every HDI value and rank of 2022."""
    table = published(shared)
    compare("HDI 2022", made("hdi2022", f"hdi/{SERIES}"), table["hdi_2022"], table["hdi_rank_2022"], 3)


@pytest.mark.parametrize("year", [1990, 1995, 2000, 2005, 2010, 2015, 2019, 2021])
def test_hdi_series(made: Callable[..., Built], shared: Path, year: int) -> None:
    """The same report's series: every HDI value of other years, by the same file with another year."""
    compare(f"HDI {year}", made("hdi2022", f"hdi/{SERIES}", ("2022", str(year))), published(shared)[f"hdi_{year}"], None, 3)


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
    """MHCLG (2025), English Indices of Deprivation 2025: all 33,755 scores and ranks."""
    name = "imd2025_england/imd2025_england_lsoa21.csv"
    table = pd.read_csv(shared / "ref" / "gallery" / name).set_index("lsoa21_code")
    compare("IMD 2025", made("imd2025", name), table["IMD_score"], table["IMD_rank"], 3)


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
