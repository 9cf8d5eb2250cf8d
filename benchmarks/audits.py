"""Audits with all their documents, each in a process of its own: the bundled index, and those whose data are there."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.timing import cold, head, line
from benchmarks.worlds import ASEM, ROOT

REFERENCE = ROOT.parent / "shared"
HDI = REFERENCE / "ref" / "gallery" / "hdi" / "HDR23-24_Composite_indices_complete_time_series.csv"
GAII = REFERENCE / "data" / "ai_race" / "gaii_2021_pillars.csv"
INDICES = {"asem": (ASEM / "ASEM_iData.csv", ASEM / "ASEM_iMeta.csv"), "hdi2022": (HDI,), "gaii2021": (GAII,)}


def main() -> None:
    """Print the table."""
    head("Audits, with page, PDF, workbook and JSON, cold")
    folder = Path(tempfile.mkdtemp())
    shutil.copytree(ROOT / "examples" / "gallery", folder, dirs_exist_ok=True)
    out = [part for kind in ("html", "pdf", "xlsx", "json") for part in ("--out", str(folder / f"audit.{kind}"))]
    line("ai-race", cold("-m", "podium", "audit", "ai-race", *out), "60 s", 1)
    for name, tables in INDICES.items():
        if all(t.is_file() for t in tables):
            for table in tables:
                shutil.copy(table, folder)
            line(name, cold("-m", "podium", "audit", str(folder / f"{name}.yaml"), *out), "60 s", 1)
