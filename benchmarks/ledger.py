"""The ledger: writing 100,000 facts and asking what was true, and known, on a day; Epoch AI's tables where they are."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from benchmarks.timing import cold, head, line
from benchmarks.worlds import ROOT
from podium.evidence.facts import Fact, Source
from podium.evidence.store import Store

EPOCH = ROOT.parent / "shared" / "data" / "ai_race"
_SOURCE = (Source("seeded", "made for the timing", licence="CC0-1.0"),)


def _facts() -> list[Fact]:
    """1,000 subjects with ten attributes over ten years, public the year after."""
    return [
        Fact("", f"U{u:03}", f"a{a}", str(year), u + a / 10 + year, "1", public=f"{year + 1}-06-30", sources=_SOURCE)
        for u in range(1000) for a in range(10) for year in range(2015, 2025)
    ]  # fmt: skip


def main() -> None:
    """Print the table."""
    facts, folder = _facts(), Path(tempfile.mkdtemp())
    store = Store(str(folder / "many.db"))
    head("Ledger (SQLite)")
    line("recording 100,000 facts", lambda: store.add(facts), "60 s", 1)
    day = {"true_on": "2020-06-30", "known_on": "2024-12-31"}
    for asked in ({"subject": "U500"}, {"attribute": "a7"}, {}):
        found = len(store.find(**asked, **day))
        what = ", ".join(asked) or "neither subject nor attribute"
        line(f"as of a day in both times by {what} ({found:,} found)", partial(store.find, **asked, **day), "0.1 s")
    if EPOCH.is_dir():
        for name in ("epoch_gpu_clusters.csv", "epoch_ml_hardware.csv"):
            into = ("--release", "timed", "--store", str(folder / f"{name}.db"))
            line(f"podium evidence import {name}, cold",
                 cold("-m", "podium", "evidence", "import", str(EPOCH / name), *into), "5 s (both)", 1)  # fmt: skip
