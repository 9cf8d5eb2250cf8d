"""What MLPerf Inference measured: tokens per second, by round, model, scenario and submitter."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["CAVEAT", "Measurement", "best", "measurements", "same_round"]

TABLE = Path(__file__).resolve().parents[1] / "data" / "bundled" / "evidence" / "mlperf.csv"
CAVEAT = ("MLPerf Inference, closed division, per accelerator, from the public logs (Apache-2.0). Ratios are derived "
          "by Podium and not verified by MLCommons.")  # fmt: skip
# Accelerator of the catalogue → what submitters call it.
_CALLED = {
    "NVIDIA H100 SXM5 80GB": "H100-SXM-80GB", "NVIDIA H200 SXM": "NVIDIA H200-SXM-141GB",
    "NVIDIA B200": "B200-SXM-180GB", "NVIDIA GB200": "GB200", "NVIDIA GB300 (Blackwell Ultra)": "GB300",
    "NVIDIA H100 PCIe": "H100-PCIe-80GB", "NVIDIA H100 NVL": "H100-NVL-94GB", "NVIDIA L40S": "L40S",
    "AMD Instinct MI300X": "MI300X", "AMD Instinct MI325X": "MI325X", "AMD Instinct MI355X": "MI355X",
}  # fmt: skip


@dataclass(frozen=True)
class Measurement:
    """One result: tokens per second of a whole system of ``count`` accelerators."""

    round: str
    submitter: str
    system: str
    status: str
    accelerator: str
    count: int
    model: str
    scenario: str
    tokens: float

    @property
    def per_accelerator(self) -> float:
        """Tokens per second and accelerator."""
        return self.tokens / self.count


@cache
def measurements() -> tuple[Measurement, ...]:
    """Every valid result of the closed division whose system has one kind of accelerator."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Measurement(r["round"], r["submitter"], r["system"], r["status"], r["accelerator"],
                        int(r["n_accelerators"]), r["model"], r["scenario"], float(r["tokens_per_s"]))
            for r in csv.DictReader(file)
        )  # fmt: skip


def best(chip: str, model: str, scenario: str, *, round: str) -> Measurement | None:
    """Return the highest result per accelerator of a chip in one round; None where nobody submitted one."""
    called = _CALLED.get(chip)
    fits = [
        m for m in measurements()
        if called and called in m.accelerator and "Virtual" not in m.accelerator and "CTS" not in m.accelerator
        and (m.model, m.scenario, m.round) == (model, scenario, round)
    ]  # fmt: skip
    return max(fits, key=lambda m: m.per_accelerator, default=None)


def same_round(one: str, other: str) -> tuple[tuple[Measurement, Measurement], ...]:
    """Return the best results of two chips for every round, model and scenario in which both were measured.

    Rounds are not mixed: a later round has later software.
    """
    keys = dict.fromkeys((m.round, m.model, m.scenario) for m in measurements())
    pairs = []
    for round, model, scenario in sorted(keys, reverse=True):
        a, b = (best(chip, model, scenario, round=round) for chip in (one, other))
        if a is not None and b is not None:
            pairs.append((a, b))
    return tuple(pairs)
