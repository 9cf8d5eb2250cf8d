"""Makes the bundled tables of sites, accelerators and measurements from the open tables that their sources publish.

    python tools/make_evidence.py CLUSTERS.csv HARDWARE.csv MLPERF.csv OUT_DIR

CLUSTERS and HARDWARE are Epoch AI's tables (CC BY 4.0), MLPERF the results of MLPerf Inference from its public
logs (Apache-2.0). Deterministic: the same tables give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

SITES = {
    "name": "name", "country": "iso3", "owner": "owner", "status": "status", "certainty": "certainty",
    "online": "first_operational_date", "offline": "decommissioned_date", "superseded_by": "superseded_by",
    "builds_upon": "builds_upon", "duplicate": "possible_duplicate", "h100_equivalents": "h100_equivalents",
    "chip": "chip_type_primary", "chip_count": "chip_quantity_primary", "second_chip": "chip_type_secondary",
    "second_count": "chip_quantity_secondary", "chips": "total_chips", "power_mw": "power_mw", "latitude": "latitude",
    "longitude": "longitude", "url": "source_1",
}  # fmt: skip
CHIPS = {
    "name": "Hardware name", "vendor": "Manufacturer", "release": "Release date",
    "dense16": "Tensor-FP16/BF16 performance (FLOP/s)", "fp8": "FP8 performance (FLOP/s)",
    "int8": "INT8 performance (OP/s)", "fp4": "FP4 performance (FLOP/s)", "bandwidth": "Memory bandwidth (byte/s)",
    "memory": "Memory (bytes)", "intranode": "Intranode bandwidth (byte/s)", "power": "TDP (W)",
    "url": "Link to datasheet",
}  # fmt: skip
MEASURED = [
    "round",
    "submitter",
    "system",
    "status",
    "accelerator",
    "n_accelerators",
    "model",
    "scenario",
    "metric_tokens_per_s",
]


def short(x: object) -> object:
    """A number with seven digits, a word on one line."""
    if isinstance(x, float):
        return "" if x != x else f"{x:.7g}"
    return str(x).strip().strip('"').split()[0] if str(x).startswith("http") else str(x).strip().strip('"')


def main() -> None:
    """Write clusters.csv, accelerators.csv and mlperf.csv."""
    clusters, hardware, measured, out = (Path(a) for a in sys.argv[1:5])
    table = pd.read_csv(clusters)
    sites = pd.DataFrame({k: table[v] for k, v in SITES.items()}).fillna(
        {k: "" for k in SITES if table[SITES[k]].dtype != float}
    )
    sites["duplicate"] = table["possible_duplicate"].eq(True).map({True: "yes", False: ""})
    sites = sites.sort_values(["country", "name", "online", "h100_equivalents"], kind="stable")
    sites.map(short).to_csv(out / "clusters.csv", index=False, lineterminator="\n")
    table = pd.read_csv(hardware)
    chips = pd.DataFrame({k: table[v] for k, v in CHIPS.items()})
    # The best dense rate at 8 bit or, where a chip has none, at 16: Epoch AI's own H100 equivalent.
    chips.insert(3, "dense8", chips[["fp8", "int8", "dense16"]].max(axis=1))
    modern = chips["memory"].notna() & chips["bandwidth"].notna() & (chips["release"].fillna("") >= "2017")
    chips = chips[(chips["dense8"].notna() & chips["release"].notna()) | modern].drop(columns=["fp8", "int8"])
    chips = chips.fillna(dict.fromkeys(("vendor", "release", "url"), "")).sort_values(["vendor", "name"])
    chips.map(short).to_csv(out / "accelerators.csv", index=False, lineterminator="\n")
    table = pd.read_csv(measured)
    kept = table[
        table["valid"].eq("VALID")
        & table["division"].eq("closed")
        & ~table["accelerator"].str.contains(", ")
        & table["n_accelerators"].gt(0)
        & table["metric_tokens_per_s"].notna()
    ]
    kept = kept[MEASURED].sort_values(MEASURED[:-1])
    kept["n_accelerators"] = kept["n_accelerators"].astype(int).astype(str)
    kept = kept.rename(columns={"metric_tokens_per_s": "tokens_per_s"})
    kept.map(short).to_csv(out / "mlperf.csv", index=False, lineterminator="\n")
    print(f"{len(sites)} sites, {len(chips)} accelerators, {len(kept)} measurements")


if __name__ == "__main__":
    main()
