"""One machine beside another: the vendor's multiple, datasheets, MLPerf, a roofline, and what explains how much."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from itertools import permutations
from typing import Any

from podium.errors import EvidenceError, Fault
from podium.evidence.facts import Fact
from podium.evidence.ledger import Ledger, bundled
from podium.hardware.accelerators import Accelerator, accelerator
from podium.hardware.capacity import CONVENTIONS, worth
from podium.hardware.measured import Measurement, same_round
from podium.hardware.roofline import Assumptions, Estimate, Machine, estimate
from podium.hardware.systems import system

__all__ = ["FACTORS", "Comparison", "Part", "compare", "explain", "machine_of"]

FACTORS = {
    "bandwidth": "memory bandwidth", "memory": "memory size", "arithmetic": "operations/s at 8 bit",
    "precision": "4-bit weights and arithmetic", "link": "bandwidth between accelerators",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """What one factor contributes: the factor by which it multiplies, and its share of the whole on the log scale."""

    name: str
    times: float
    share: float


@dataclass(frozen=True)
class Comparison:
    """All that is known of one machine against another."""

    one: str
    other: str
    claims: tuple[Fact, ...]
    datasheet: dict[str, float | None]
    measured: tuple[tuple[Measurement, Measurement], ...]
    machines: tuple[Machine, Machine]
    estimates: tuple[Estimate, Estimate]
    parts: tuple[Part, ...]
    assumptions: Assumptions
    notes: tuple[str, ...]

    @property
    def headline(self) -> float | None:
        """The vendor's multiple for inference against the other machine; None where it claims none."""
        return next((f.value for f in self.claims if f.attribute.startswith("speedup:inference")), None)

    @property
    def roofline(self) -> float | None:
        """The estimate's ratio of tokens served per accelerator; None where a machine can serve none."""
        a, b = (e.served for e in self.estimates)
        return a / b if a and b else None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "one": self.one, "other": self.other, "vendor": [asdict(f) for f in self.claims],
            "datasheet": self.datasheet,
            "measured": [
                {"round": a.round, "model": a.model, "scenario": a.scenario,
                 "ratio": a.per_accelerator / b.per_accelerator,
                 "one": asdict(a), "other": asdict(b)} for a, b in self.measured
            ],
            "roofline": {"ratio": self.roofline, "one": asdict(self.estimates[0]), "other": asdict(self.estimates[1])},
            "explains": [asdict(p) for p in self.parts], "assumptions": asdict(self.assumptions),
            "notes": list(self.notes),
        }  # fmt: skip


def compare(
    one: str, other: str, assumptions: Assumptions | None = None, *, ledger: Ledger | None = None
) -> Comparison:
    """Return one machine (a chip or a system) beside another.

    Raises
    ------
    EvidenceError
        If a name is not known, or no source gives what the roofline needs.
    """
    held = bundled() if ledger is None else ledger
    a = assumptions or Assumptions()
    chips, notes = (_chip(one), _chip(other)), []
    machines = []
    for name, chip in zip((one, other), chips, strict=True):
        made, said = machine_of(name, chip, held, a)
        machines.append(made)
        notes += said
    claims = tuple(f for f in held.find(one, "speedup:") if f.value is not None and _same(f.attribute, other))
    sheet = {c: _ratio(one, other, c) for c in CONVENTIONS if c not in ("mlperf", "headline")}
    headline = next((f.value for f in claims if f.attribute.startswith("speedup:inference")), None)
    parts = explain(machines[0], machines[1], a, headline=headline)
    return Comparison(
        one, other, claims, sheet, same_round(chips[0].name, chips[1].name), (machines[0], machines[1]),
        (estimate(machines[0], a), estimate(machines[1], a)), parts, a, tuple(notes),
    )  # fmt: skip


def _chip(name: str) -> Accelerator:
    try:
        return system(name).accelerator
    except EvidenceError:
        return accelerator(name)


def _same(attribute: str, other: str) -> bool:
    named = attribute.rsplit(":", 1)[-1].casefold()
    return named in other.casefold()


def _ratio(one: str, other: str, convention: str) -> float | None:
    try:
        return worth(one, convention) / worth(other, convention)
    except EvidenceError:
        return None


def machine_of(name: str, chip: Accelerator, ledger: Ledger, a: Assumptions) -> tuple[Machine, list[str]]:
    """Return what the roofline needs of a machine, and what was taken from elsewhere.

    Raises
    ------
    EvidenceError
        If no source gives its operations, bandwidth or memory.
    """
    notes = []
    try:
        count = system(name).count
    except EvidenceError:
        count = 8
        notes.append(f"{name} is taken in servers of 8")
    link = chip.intranode
    if link is None:
        short = chip.name.removeprefix("NVIDIA ").split(" ")[0]
        facts = [f for f in ledger.find(short, "link") if f.value is not None]
        if facts:
            link = facts[0].value
            notes.append(f"link of {chip.name}: {link:.3g} B/s [{facts[0].id}]")
        else:
            link = a.link
            notes.append(f"link of {chip.name}: no source gives it; assumed {link:.3g} B/s")
    need = {"arithmetic": chip.dense8, "bandwidth": chip.bandwidth, "memory": chip.memory, "link": link}
    lost = [k for k, v in need.items() if not v]
    if lost:
        raise EvidenceError(Fault(f"no source gives the {', '.join(lost)} of {chip.name}", "Add it to your ledger"))
    precision = chip.fp4 / chip.dense8 if chip.fp4 and chip.dense8 else 1.0
    notes.append(f"{chip.name}: weights at {'4 bit' if precision > 1 else '8 bit'}, {chip.url.split()[0]}")
    figures = {k: float(v or 0.0) for k, v in need.items()}
    return Machine(**figures, precision=min(precision, 2.0), per_server=count), notes


def explain(one: Machine, other: Machine, a: Assumptions, *, headline: float | None) -> tuple[Part, ...]:
    """Return what each factor contributes to the ratio of tokens served, and what of the headline none explains.

    The contribution of a factor is its Shapley value on the log scale: the mean, over every order in which the factors
    can be changed from the other machine's to this one's, of what changing it multiplies. L. S. Shapley (1953).
    """
    names = [f for f in FACTORS if getattr(one, f) != getattr(other, f)]
    seen: dict[frozenset[str], float] = {}

    def log_served(changed: frozenset[str]) -> float:
        if changed not in seen:
            mixed = replace(other, per_server=other.per_server, **{f: getattr(one, f) for f in changed})
            served = estimate(mixed, a).served
            seen[changed] = math.log(served) if served else -math.inf
        return seen[changed]

    if log_served(frozenset()) == -math.inf or log_served(frozenset(names)) == -math.inf:
        return ()
    total = dict.fromkeys(names, 0.0)
    orders = list(permutations(names))
    for order in orders:
        for k, name in enumerate(order):
            total[name] += log_served(frozenset(order[: k + 1])) - log_served(frozenset(order[:k]))
    logs = {FACTORS[n]: t / len(orders) for n, t in total.items()}
    same = replace(other, **{f: getattr(one, f) for f in names})
    rest = math.log(estimate(one, a).served / estimate(same, a).served) if one.per_server != other.per_server else 0.0
    if rest:
        logs["accelerators in a server"] = rest
    whole = math.log(headline) if headline else sum(logs.values())
    if headline:
        logs["not explained: software, operating point, a projection"] = whole - sum(logs.values())
    return tuple(Part(n, math.exp(x), x / whole if whole else 0.0) for n, x in logs.items())
