"""What a chip, a system or a country's machines are worth under a named convention, in H100 equivalents."""

from __future__ import annotations

from dataclasses import dataclass

from podium.errors import EvidenceError, Fault
from podium.evidence.ledger import bundled
from podium.hardware.accelerators import Accelerator, accelerator
from podium.hardware.sites import clusters
from podium.hardware.systems import system

__all__ = ["CONVENTIONS", "Interval", "stock", "worth"]

CONVENTIONS = {
    "dense8": "dense 8-bit operations per second (H100 = 1)",
    "dense16": "dense 16-bit operations per second (H100 = 1)",
    "bandwidth": "memory bandwidth (H100 = 1)",
    "memory": "memory size (H100 = 1)",
    "power": "board power (H100 = 1)",
    "mlperf": "measured MLPerf inference tokens per second, Llama-2-70B server (H100 = 1)",
    "headline": "the vendor's own headline figure: a bound, not a convention for stocks",
}
REFERENCE = "NVIDIA H100 SXM5 80GB"
# Epoch AI states that its clusters cover about 10–20 % of the world's compute.
COVERAGE = (0.1, 1.0)


@dataclass(frozen=True)
class Interval:
    """A figure with the range that incomplete sources leave open."""

    low: float
    value: float
    high: float
    basis: str


def worth(name: str, convention: str) -> float:
    """Return what one accelerator, or one whole system, is worth in H100s.

    Raises
    ------
    EvidenceError
        If the name or the convention is not known, or no source gives the figure.
    """
    if convention not in CONVENTIONS:
        raise EvidenceError(Fault(f"there is no convention {convention!r}", f"Use one of {', '.join(CONVENTIONS)}"))
    try:
        machine = system(name)
    except EvidenceError:
        return _chip_worth(accelerator(name), convention)
    return machine.count * _chip_worth(machine.accelerator, convention)


def _chip_worth(chip: Accelerator, convention: str) -> float:
    if chip.name == REFERENCE:
        return 1.0
    if convention in ("mlperf", "headline"):
        return _cited_ratio(chip, convention)
    mine, reference = getattr(chip, convention), getattr(accelerator(REFERENCE), convention)
    if mine is None or reference is None:
        raise EvidenceError(Fault(f"no source gives the {convention} of {chip.name}", "Use another convention"))
    return float(mine / reference)


def _cited_ratio(chip: Accelerator, convention: str) -> float:
    short = chip.name.removeprefix("NVIDIA ").split(" ")[0]
    if convention == "mlperf":
        facts = bundled().find(subject=short, attribute="measured-speedup:H100:server")
    else:
        facts = bundled().find(subject=f"DGX {short}", attribute="speedup:inference:DGX H100")
    known = [f for f in facts if f.value is not None]
    if not known:
        raise EvidenceError(Fault(f"no cited fact gives {convention} for {chip.name}", "Use another convention"))
    return float(max(known, key=lambda f: f.period).value or 0.0)


def stock(country: str, date: str, convention: str = "dense8") -> Interval:
    """Return a country's recorded machines in service on an ISO date, in H100 equivalents.

    The upper end divides by the lowest coverage that the source states for itself (a tenth of the world's compute).
    """
    total = 0.0
    for c in clusters():
        if c.country == country and c.in_service(date):
            ratio = 1.0
            if convention != "dense8" and c.chip:
                try:
                    ratio = worth(c.chip, convention) / worth(c.chip, "dense8")
                except EvidenceError:
                    ratio = 1.0  # a chip without such a figure keeps its 8-bit worth
            total += (c.h100_equivalents or 0.0) * ratio
    return Interval(total, total, total / COVERAGE[0], "Epoch AI GPU Clusters; coverage 10–20 % of world compute")
