"""Epoch AI's tables of GPU clusters and of accelerators, as published (CC BY 4.0), under old and new column names."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from podium.errors import EvidenceError, Fault
from podium.evidence.facts import Fact, Source
from podium.evidence.importers.columns import iso3, recognised, truth
from podium.evidence.tables import number, read_rows

__all__ = ["ACCELERATORS", "SITES", "cluster_facts", "hardware_facts", "is_clusters", "is_hardware"]

LICENCE = "CC BY 4.0"
# attribute → unit ("" for words), the names of its column; the first that is there counts.
SITES: dict[str, tuple[str, tuple[str, ...]]] = {
    "country": ("", ("iso3", "country", "country_raw")),
    "owner": ("", ("owner",)),
    "sector": ("", ("sector",)),
    "status": ("", ("status",)),
    "certainty": ("", ("certainty",)),
    "online": ("", ("first_operational_date", "First Operational Date", "Operational date")),
    "offline": ("", ("decommissioned_date", "Decommissioned Date", "Date decommissioned")),
    "h100-equivalents": ("H100", ("h100_equivalents", "H100 equivalents")),
    "chip": ("", ("chip_type_primary", "Chip type (primary)")),
    "chips": ("gpu", ("chip_quantity_primary", "Chip quantity (primary)")),
    "second-chip": ("", ("chip_type_secondary", "Chip type (secondary)")),
    "second-chips": ("gpu", ("chip_quantity_secondary", "Chip quantity (secondary)")),
    "all-chips": ("gpu", ("total_chips", "Total number of AI chips")),
    "power": ("MW", ("power_mw", "Power Capacity (MW)", "Power capacity (MW)")),
    "cost": ("USD", ("hardware_cost_usd", "Hardware Cost", "Hardware cost (2025 USD)")),
    "dense16": ("OP/s", ("ops_16bit", "16-bit OP/s")),
    "dense8": ("OP/s", ("ops_8bit", "8-bit OP/s")),
    "single": ("", ("single_cluster", "Single cluster?")),
    "builds-upon": ("", ("builds_upon", "Builds Upon")),
    "superseded-by": ("", ("superseded_by", "Superseded by")),
    "duplicate": ("", ("possible_duplicate", "Possible Duplicate")),
    "duplicate-of": ("", ("possible_duplicate_of", "Possible Duplicate Of")),
    "location": ("", ("location",)),
    "latitude": ("degree", ("latitude",)),
    "longitude": ("degree", ("longitude",)),
}
ACCELERATORS: dict[str, tuple[str, tuple[str, ...]]] = {
    "vendor": ("", ("Manufacturer",)),
    "kind": ("", ("Type",)),
    "release": ("", ("Release date",)),
    "price": ("USD", ("Release price (USD)",)),
    "fp64": ("FLOP/s", ("FP64 (double precision) performance (FLOP/s)",)),
    "fp32": ("FLOP/s", ("FP32 (single precision) performance (FLOP/s)",)),
    "tf32": ("FLOP/s", ("TF32 (TensorFloat-32) performance (FLOP/s)",)),
    "dense16": ("FLOP/s", ("Tensor-FP16/BF16 performance (FLOP/s)",)),
    "fp8": ("FLOP/s", ("FP8 performance (FLOP/s)",)),
    "fp4": ("FLOP/s", ("FP4 performance (FLOP/s)",)),
    "int8": ("OP/s", ("INT8 performance (OP/s)",)),
    "memory": ("B", ("Memory (bytes)", "Memory size per board (Byte)")),
    "bandwidth": ("B/s", ("Memory bandwidth (byte/s)",)),
    "intranode": ("B/s", ("Intranode bandwidth (byte/s)",)),
    "power": ("W", ("TDP (W)",)),
    "process": ("nm", ("Process size (nm)", "Process size in nm")),
    "transistors": ("million", ("Transistors (millions)", "Transistors in millions")),
}
_STATUS = {"existing": "operational", "planned": "planned", "decommissioned": "completed"}
_SOURCES = tuple(f"{a}{i}" for i in range(1, 13) for a in ("source_", "Source "))


def is_clusters(header: Iterable[str]) -> bool:
    """Whether a table is one of GPU clusters."""
    return {"name", "h100-equivalents", "online"} <= recognised(header, {"name": ()} | _names(SITES)).keys()


def is_hardware(header: Iterable[str]) -> bool:
    """Whether a table is one of accelerators."""
    return {"name", "dense16", "bandwidth"} <= recognised(header, _hardware_names()).keys()


def _names(table: dict[str, tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    return {field: names for field, (_, names) in table.items()}


def _hardware_names() -> dict[str, tuple[str, ...]]:
    return {"name": ("Hardware name",)} | _names(ACCELERATORS) | {"link": ("Link to datasheet",)}


def cluster_facts(path: Path) -> list[Fact]:
    """Return one fact for each filled cell of a table of GPU clusters; the cluster is the subject.

    Clusters that share a name (the anonymised ones) are told apart by a digest of their row, so that the order of the
    table does not matter.

    Raises
    ------
    EvidenceError
        Naming every row without a name, with a country that is none, or with a figure that is no number.
    """
    header, rows = read_rows(path)
    at = recognised(header, {"name": ()} | _names(SITES))
    links = [h for h in header if h in _SOURCES]
    names = Counter(row[at["name"]] for _, row in rows)
    seen: Counter[str] = Counter()
    facts, faults = [], []
    for line, row in rows:
        subject = row[at["name"]]
        if names[subject] > 1:
            digest = hashlib.sha256("\n".join(f"{k}={row[v]}" for k, v in sorted(at.items())).encode()).hexdigest()[:8]
            subject = f"{subject} [{digest}]"
            seen[subject] += 1
            subject += f" #{seen[subject]}" * (seen[subject] > 1)
        try:
            if not subject:
                raise ValueError("the name is missing")
            told = (Source("Epoch AI", "GPU Clusters", "https://epoch.ai/data/gpu-clusters", licence=LICENCE),
                    *_links([row[h] for h in links]))  # fmt: skip
            cells = {f: row[h] for f, h in at.items() if f != "name" and row[h]}
            if "country" in cells:
                cells["country"] = _country(cells["country"])
            state = _STATUS.get(cells.get("status", "").casefold(), "")
            facts += _facts(
                subject, "site", cells, SITES, told, status=state, confidence=cells.get("certainty", "").lower()
            )
        except ValueError as error:
            faults.append(Fault(str(error), "Mend the row", str(path), line))
    return _whole(facts, faults, path)


def _country(name: str) -> str:
    code = iso3(name)
    if code is None and "," not in name:
        raise ValueError(f"{name!r} is no country")
    return code or name  # a cluster may span countries


def hardware_facts(path: Path) -> list[Fact]:
    """Return one fact for each filled cell of a table of accelerators; the accelerator is the subject.

    Raises
    ------
    EvidenceError
        Naming every row without a name or with a figure that is no number.
    """
    header, rows = read_rows(path)
    at = recognised(header, _hardware_names())
    facts, faults = [], []
    for line, row in rows:
        try:
            if not row[at["name"]]:
                raise ValueError("the name is missing")
            link = row[at["link"]].split() if "link" in at else []
            told = (Source("Epoch AI", "Machine Learning Hardware", "https://epoch.ai/data/machine-learning-hardware",
                           licence=LICENCE), *_links(link))  # fmt: skip
            cells = {f: row[h] for f, h in at.items() if f not in ("name", "link") and row[h]}
            facts += _facts(row[at["name"]], "accelerator", cells, ACCELERATORS, told, status="stated", confidence="")
        except ValueError as error:
            faults.append(Fault(str(error), "Mend the row", str(path), line))
    return _whole(facts, faults, path)


def _facts(
    subject: str, room: str, cells: dict[str, str], table: dict[str, tuple[str, tuple[str, ...]]],
    told: tuple[Source, ...], *, status: str, confidence: str,
) -> list[Fact]:  # fmt: skip
    out = []
    for field, cell in cells.items():
        unit = table[field][0]
        value, text = (number(cell.replace(",", ""), field), "") if unit else (None, cell)
        if field == "duplicate":
            text = "yes" if truth(cell) else ""
        if value is not None or text:
            out.append(Fact("", subject, f"{room}:{field}", "", value, unit, text=text, status=status,
                            confidence=confidence, sources=told))  # fmt: skip
    return out


def _links(cells: Sequence[str]) -> tuple[Source, ...]:
    links = [part for cell in cells for part in cell.split() if part.startswith("http")]
    return tuple(Source(urlsplit(link).netloc or link, url=link, licence="cited") for link in dict.fromkeys(links))


def _whole(facts: list[Fact], faults: list[Fault], path: Path) -> list[Fact]:
    if faults or not facts:
        raise EvidenceError(faults or Fault("holds no row", "Give the table as published", str(path)))
    return facts
