"""Makes the bundled index's figures from the open tables that its sources publish.

    python tools/make_ai_race.py PANEL.csv CLUSTERS.csv HARDWARE.csv OUT_DIR

PANEL has the columns iso3, year, indicator, value, standard_error, source_id; CLUSTERS and HARDWARE are Epoch
AI's tables of GPU clusters and accelerators. Deterministic: the same tables give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from babel import Locale
from babel.core import get_global

FIRST, LAST = 2014, 2025
SERIES = {
    "gh_developers": "developers",
    "wdi_tertiary_education_enrollment": "tertiary",
    "wdi_education_expenditure_pct_gdp": "education",
    "wdi_secure_servers_per_1m": "servers",
    "wdi_fixed_broadband_per100": "broadband",
    "wdi_internet_penetration": "internet",
    "oecd_digital_stri_overall": "digital_trade",
    "oecd_fdi_restrictiveness": "fdi",
    "wgi_regulatory_quality": "regulation",
    "wgi_political_stability": "stability",
    "openalex_ai_works": "ai_works",
    "wdi_rd_expenditure_pct_gdp": "rd",
    "wdi_researchers_rd_per_million": "researchers",
    "epoch_notable_models": "models",
    "oecd_ai_patents_ip5": "ai_patents",
    "wdi_patent_applications_residents": "patents",
    "wgi_government_effectiveness": "effectiveness",
    "wgi_control_of_corruption": "corruption",
    "wdi_ict_service_exports_pct": "ict_services",
    "wdi_high_tech_exports_pct_manufactured": "high_tech",
    "wdi_ict_goods_exports_pct": "ict_goods",
    "wdi_population": "population",
}
YEARS = dict.fromkeys(SERIES.values(), 2018) | {"ai_works": 2016, "models": 2017}
# An economy enters if it has at least this share of the series, so many people and so much output (USD, 2023).
MIN_COVERAGE = 0.8
MIN_POPULATION = 1_000_000
MIN_GDP = 50e9
EPOCH = "EPOCH_CLUSTERS"


def clusters_in_service(clusters: pd.DataFrame) -> pd.DataFrame:
    """Clusters that count: existing, confirmed or likely, no duplicate, with country and first year.

    Adds ``start`` and ``end``, the first year in which a cluster is counted and the first in which it is not:
    that of its decommissioning or of the operation of a cluster that supersedes it or builds upon it.
    """
    known = clusters["iso3"].notna() & clusters["first_operational_date"].notna()
    sure = clusters["status"].isin(["Existing", "Decommissioned"]) & clusters["certainty"].isin(["Confirmed", "Likely"])
    out = clusters[known & sure & ~clusters["possible_duplicate"].fillna(False).astype(bool)].copy()
    out["start"] = out["first_operational_date"].str[:4].astype(int)
    opened = clusters[clusters["first_operational_date"].notna() & clusters["status"].ne("Planned")]
    start = dict(zip(opened["name"], opened["first_operational_date"].str[:4].astype(int), strict=True))
    after: dict[str, list[int]] = {}
    for name, above, upon in zip(opened["name"], opened["superseded_by"], opened["builds_upon"], strict=True):
        for successor in str(above).split(","):
            if successor.strip() in start:
                after.setdefault(name, []).append(start[successor.strip()])
        for base in str(upon).split(","):
            after.setdefault(base.strip(), []).append(start[name])
    gone = pd.to_numeric(out["decommissioned_date"].astype("string").str[:4])
    ends = [min([*after.get(n, []), *([int(g)] if pd.notna(g) else [])], default=9999)
            for n, g in zip(out["name"], gone, strict=True)]  # fmt: skip
    out["end"] = ends
    return out


def conventions(hardware: pd.DataFrame) -> pd.DataFrame:
    """Ratios of each accelerator to the H100 by dense 16-bit operations and memory bandwidth, over its 8-bit ratio."""
    h = hardware.set_index("Hardware name")
    low = ["FP8 performance (FLOP/s)", "INT8 performance (OP/s)", "Tensor-FP16/BF16 performance (FLOP/s)"]
    eight = h[low].max(axis=1)
    table = pd.DataFrame({
        "dense8": eight,
        "dense16": h["Tensor-FP16/BF16 performance (FLOP/s)"],
        "bandwidth": h["Memory bandwidth (byte/s)"],
    })  # fmt: skip
    ratio = table / table.loc["NVIDIA H100 SXM5 80GB"]
    return ratio[["dense16", "bandwidth"]].div(ratio["dense8"], axis=0)


def compute_rows(clusters: pd.DataFrame, hardware: pd.DataFrame, units: list[str]) -> list[tuple[object, ...]]:
    """Installed accelerators by country and year end, in H100 equivalents of three conventions."""
    used = clusters_in_service(clusters)
    factor = conventions(hardware).reindex(used["chip_type_primary"]).to_numpy()
    eight = used["h100_equivalents"].fillna(0).to_numpy()
    measures = {
        "compute": eight,
        "compute_dense16": eight * np.nan_to_num(factor[:, 0], nan=1.0),
        "compute_bandwidth": eight * np.nan_to_num(factor[:, 1], nan=1.0),
    }
    unknown = float(eight[np.isnan(factor[:, 1])].sum() / eight.sum())
    print(f"{len(used)} clusters in service; {unknown:.0%} of their H100 equivalents have no known chip: ratio 1 taken")
    rows: list[tuple[object, ...]] = []
    for year in range(2018, LAST + 1):
        alive = ((used["start"] <= year) & (used["end"] > year)).to_numpy()
        for code, amount in measures.items():
            total = pd.Series(np.where(alive, amount, 0.0)).groupby(used["iso3"].to_numpy()).sum()
            rows += [(u, code, year, round(float(total.get(u, 0.0)), 1), None, EPOCH) for u in units]
    return rows


def country_names(units: list[str]) -> pd.DataFrame:
    """Names in English, Korean and Japanese (CLDR, as Babel carries it)."""
    alpha2 = {k: v[0] for k, v in get_global("territory_aliases").items() if len(k) == 3}
    names = {f: [str(Locale.parse(lang).territories[alpha2[u]]) for u in units]
             for f, lang in (("name", "en"), ("name_ko", "ko"), ("name_ja", "ja"))}  # fmt: skip
    return pd.DataFrame({"unit": units, **names})


def main() -> None:
    """Write facts.csv and units.csv."""
    panel_path, clusters_path, hardware_path, out = (Path(a) for a in sys.argv[1:5])
    panel = pd.read_csv(panel_path)
    gdp = panel[(panel["indicator"] == "wdi_gdp_current_usd") & (panel["year"] == 2023)].set_index("iso3")["value"]
    clusters, hardware = pd.read_csv(clusters_path), pd.read_csv(hardware_path)
    panel = panel[panel["indicator"].isin(SERIES)].assign(code=lambda t: t["indicator"].map(SERIES))
    panel = panel[(panel["year"] >= panel["code"].map(YEARS)) & (panel["year"] <= LAST)]
    codes = [c for c in SERIES.values() if c not in ("population", "models")]
    share = panel[panel["code"].isin(codes)].groupby("iso3")["code"].nunique() / len(codes)
    people = panel[(panel["code"] == "population") & (panel["year"] == 2023)].set_index("iso3")["value"]
    big = [u for u in share.index if people.get(u, 0) >= MIN_POPULATION and gdp.get(u, 0) >= MIN_GDP]
    units = sorted(u for u in big if share[u] >= MIN_COVERAGE)
    models = panel[panel["code"] == "models"].pivot_table(index="iso3", columns="year", values="value", aggfunc="sum")
    models = models.reindex(units).reindex(columns=range(2017, LAST + 1)).fillna(0.0)
    rows = [
        (r.iso3, r.code, int(r.year), r.value, None if np.isnan(r.standard_error) else r.standard_error, r.source_id)
        for r in panel.itertuples() if r.iso3 in units and r.code != "models"
    ]  # fmt: skip
    rows += [(u, "models", y, float(models.loc[u, y - 2 : y].sum()), None, "EPOCH_MODELS")
             for u in units for y in range(2019, LAST + 1)]  # fmt: skip
    rows += compute_rows(clusters, hardware, units)
    facts = pd.DataFrame(rows, columns=["unit", "indicator", "year", "value", "standard_error", "source"])
    facts["value"] = facts["value"].map(lambda v: float(f"{v:.7g}"))
    facts.sort_values(["indicator", "unit", "year"]).to_csv(out / "facts.csv", index=False, lineterminator="\n")
    country_names(units).to_csv(out / "units.csv", index=False, lineterminator="\n")
    print(f"{len(facts)} figures, {len(units)} economies: {' '.join(units)}")


if __name__ == "__main__":
    main()
