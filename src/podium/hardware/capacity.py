"""What a chip, a system, a site, an owner's or a country's machines are worth under a named convention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from podium.errors import EvidenceError, Fault
from podium.evidence.ledger import bundled
from podium.hardware.accelerators import Accelerator, accelerator
from podium.hardware.measured import best
from podium.hardware.sites import CREDIBLE, Cluster, all_clusters
from podium.hardware.systems import system

__all__ = ["CONVENTIONS", "Interval", "amount", "site_worth", "stock", "totals", "worth"]

CONVENTIONS = {
    "dense8": "dense 8-bit operations per second (H100 = 1)",
    "dense16": "dense 16-bit operations per second (H100 = 1)",
    "bandwidth": "memory bandwidth (H100 = 1)",
    "memory": "memory size (H100 = 1)",
    "power": "board power (H100 = 1)",
    "mlperf": "measured MLPerf inference tokens per second, Llama-2-70B server (H100 = 1)",
    "headline": "the vendor's own headline figure: a bound, not a convention for stocks",
}
NATURAL = {"dense8": "OP/s", "dense16": "FLOP/s", "bandwidth": "B/s", "memory": "B", "power": "W", "mlperf": "tokens/s"}
REFERENCE = "NVIDIA H100 SXM5 80GB"
MEASURED = {"model": "llama2-70b-99", "scenario": "Server", "round": "v5.1"}
# Epoch AI states that its clusters cover about 10–20 % of the world's compute.
COVERAGE = (0.1, 1.0)


@dataclass(frozen=True)
class Interval:
    """A figure with the range that incomplete sources leave open."""

    low: float
    value: float
    high: float
    basis: str


@cache
def worth(name: str, convention: str) -> float:
    """Return what one accelerator, or one whole system, is worth in H100s.

    Raises
    ------
    EvidenceError
        If the name or the convention is not known, or no source gives the figure.
    """
    _check(convention)
    try:
        machine = system(name)
    except EvidenceError:
        return _chip_worth(accelerator(name), convention)
    return machine.count * _chip_worth(machine.accelerator, convention)


def amount(name: str, convention: str) -> float:
    """Return the same in its natural unit (`NATURAL`): operations, bytes, watts, measured tokens per second."""
    _check(convention)
    if convention == "headline":
        raise EvidenceError(Fault("a headline is a ratio and has no unit of its own", "Use `worth`"))
    one = best(REFERENCE, **MEASURED) if convention == "mlperf" else None
    unit = one.per_accelerator if one is not None else float(getattr(accelerator(REFERENCE), convention, None) or 0.0)
    return worth(name, convention) * unit


def _check(convention: str) -> None:
    if convention not in CONVENTIONS:
        raise EvidenceError(Fault(f"there is no convention {convention!r}", f"Use one of {', '.join(CONVENTIONS)}"))


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
    if convention == "headline":
        facts = bundled().find(subject=f"DGX {short}", attribute="speedup:inference:DGX H100")
    else:
        facts = bundled().find(subject=short, attribute="measured-speedup:H100:server")
        if not facts:
            mine, reference = best(chip.name, **MEASURED), best(REFERENCE, **MEASURED)
            if mine is not None and reference is not None:
                return mine.per_accelerator / reference.per_accelerator
    known = [f for f in facts if f.value is not None]
    if not known:
        raise EvidenceError(Fault(f"no cited fact gives {convention} for {chip.name}", "Use another convention"))
    return float(max(known, key=lambda f: f.period).value or 0.0)


def site_worth(site: Cluster, convention: str) -> float | None:
    """Return what a site is worth in H100s; None where its chip, or the chip's figure, has no source.

    The source's own 8-bit figure is converted by its chips' ratios, each chip weighted by the 8-bit operations that it
    brings in.
    """
    if site.h100_equivalents is None:
        return None
    if convention == "dense8":
        return site.h100_equivalents
    parts = [(site.chip, site.chip_count or 1.0), (site.second_chip, site.second_count or 0.0)]
    try:
        eights = [n * worth(chip, "dense8") for chip, n in parts if chip and n]
        theirs = [n * worth(chip, convention) for chip, n in parts if chip and n]
    except EvidenceError:
        return None
    return site.h100_equivalents * sum(theirs) / sum(eights) if eights and sum(eights) else None


def stock(
    country: str | None, date: str, convention: str = "dense8", *, owner: str | None = None, site: str | None = None,
    plans: Mapping[str, float] | None = None, among: Sequence[Cluster] | None = None,
) -> Interval:  # fmt: skip
    """Return the machines in service on an ISO date, in H100 equivalents, of a country, an owner or one site.

    The value counts what is confirmed or likely, in a known country and no duplicate. The low end counts what is
    confirmed and has a source for the convention. The high end adds what is unlikely and divides by the lowest coverage
    that the source states for itself (a tenth of the world's compute); a single site has no such gap.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-3, or None for all.
    plans
        Probability by certainty (``{"Confirmed": 0.9, "Likely": 0.5}``) with which planned clusters count, whenever
        they come; what a plan builds upon is not counted twice. None counts what exists.
    among
        The clusters to count; None takes those that ship.

    Raises
    ------
    EvidenceError
        If the convention is not known, or a probability is outside 0 to 1.
    """
    _check(convention)
    wrong = {k: p for k, p in (plans or {}).items() if not 0 <= p <= 1 or k not in (*CREDIBLE, "Unlikely")}
    if wrong:
        raise EvidenceError(Fault(f"{wrong} is no probability of Confirmed, Likely or Unlikely", "Give 0 to 1"))
    held = [c for c in (all_clusters() if among is None else among) if _is_meant(c, country, owner, site)]
    running = [c for c in held if c.in_service(date)]
    total, low, doubtful, unsized = totals(running, convention)
    planned, most = _planned(held, date, convention, plans or {})
    gap = 1.0 if site is not None else COVERAGE[0]
    words = "Epoch AI GPU Clusters" + ("" if site is not None else "; coverage 10–20 % of world compute")
    if unsized:
        words += (
            f"; {unsized:,.0f} H100 equivalents keep their 8-bit worth: no source for their chip under {convention}"
        )
    return Interval(low, total + planned, max(total, total + doubtful) / gap + most, words)


def _is_meant(c: Cluster, country: str | None, owner: str | None, site: str | None) -> bool:
    return (
        not c.duplicate and bool(c.country)
        and (country is None or c.country == country)
        and (owner is None or owner.casefold() in [o.strip().casefold() for o in c.owner.split(",")])
        and (site is None or c.name.casefold() == site.casefold())
    )  # fmt: skip


def totals(sites: Sequence[Cluster], convention: str) -> tuple[float, float, float, float]:
    """Return four sums over sites: credible; confirmed with a source; unlikely; credible without a figure of its own.

    The last is part of the first: such sites keep their 8-bit worth.
    """
    credible = low = doubtful = unsized = 0.0
    for c in sites:
        own = site_worth(c, convention)
        kept = own if own is not None else (c.h100_equivalents or 0.0)
        if c.credible:
            credible += kept
            low += own if own is not None and c.certainty == "Confirmed" else 0.0
            unsized += kept if own is None else 0.0
        else:
            doubtful += kept
    return credible, low, doubtful, unsized


def _planned(
    held: Sequence[Cluster], date: str, convention: str, chance: Mapping[str, float]
) -> tuple[float, float]:  # fmt: skip
    """The expected addition by plans, and the addition if all of them come."""
    sized = {c.name: (site_worth(c, convention) or c.h100_equivalents or 0.0) for c in held}
    likely = {
        c.name: chance.get(c.certainty, 0.0) if c.status == "Planned" else float(c.in_service(date)) for c in held
    }
    expected = most = 0.0
    for c in held:
        if c.status != "Planned" or not chance.get(c.certainty):
            continue
        base = sum(sized.get(b, 0.0) * likely.get(b, 0.0) for b in c.builds_upon)
        expected += likely[c.name] * max(sized[c.name] - base, 0.0)
        most += max(sized[c.name] - sum(sized.get(b, 0.0) * (likely.get(b, 0.0) > 0) for b in c.builds_upon), 0.0)
    return expected, most
