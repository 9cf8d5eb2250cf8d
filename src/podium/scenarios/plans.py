"""What is known of machines to come, and which recorded site an event tells of, so that nothing is counted twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from podium.errors import EvidenceError
from podium.hardware.accelerators import accelerator
from podium.hardware.capacity import worth
from podium.hardware.sites import Cluster, clusters, coming
from podium.hardware.systems import system
from podium.index.build import Built
from podium.scenarios.effects import edition_end
from podium.scenarios.events import Event
from podium.scenarios.reason import Reason

__all__ = ["counted_already", "known_plans", "site"]

PLANS_KNOWN = (
    "plans are the clusters of Epoch AI that come after {end} and whose source is dated by {date}; {unknown} others "
    "have no such source and are not counted; their sizes are those recorded today"
)

REFERENCE = "NVIDIA H100 SXM5 80GB"
CLOSE = 0.05
"""Counts of the same machine that differ by no more than this share may be one site told twice."""


def known_plans(
    built: Built, events: Sequence[Event], date: str, *, hindsight: bool
) -> tuple[list[Event], list[Cluster], list[str]]:
    """Return all countries' recorded plans, the sites among them that the events tell of, and what to say of both.

    A plan counts where its source is dated by then, one event for each country and machine; what it builds upon is
    taken off. The sites that the events tell of are left out.
    """
    effects = [e for e in built.spec.effects if e.kind == "accelerators"]
    if not effects:
        return [], [], []
    end = edition_end(built) or date
    held, unknown = coming(end, "9999" if hindsight else date)
    told = [e for e in events if e.kind == "accelerators"]
    matched = [c for c in held if any(_is_told(c, e) for e in told)]
    running = {c.name: c.h100_equivalents or 0.0 for c in clusters() if c.in_service(end)}
    conventions = {v for e in effects for v in e.conventions.values()}
    totals: dict[tuple[str, str], tuple[float, int]] = {}
    for c in held:
        if c in matched or not c.h100_equivalents or c.country not in built.units:
            continue
        added = max(c.h100_equivalents - sum(running.get(b, 0.0) for b in c.builds_upon), 0.0)
        chip = _countable(c.chip, conventions)
        total, sites = totals.get((c.country, chip), (0.0, 0))
        totals[c.country, chip] = total + added / worth(chip, "dense8"), sites + 1
    plans = [
        Event("accelerators", country, round(total, 1), (chip,), status="planned",
              label=f"{sites} site{'s' if sites > 1 else ''}")
        for (country, chip), (total, sites) in sorted(totals.items())
    ]  # fmt: skip
    note = Reason(PLANS_KNOWN, end=end, date="any day" if hindsight else date, unknown=unknown)
    return plans, matched, [note] if plans else []


def _countable(chip: str, conventions: set[str]) -> str:
    """The chip that a site's size is counted in: its own where every convention has a figure for it."""
    try:
        for convention in (*sorted(conventions), "dense8"):
            worth(chip, convention)
    except EvidenceError:
        return REFERENCE
    return chip


def counted_already(built: Built, events: Sequence[Event]) -> dict[Event, Cluster]:
    """Return the events that tell of a site which the edition's stock counts already.

    Same country and machine, about the same number, and the same owner or the same month.
    """
    end = edition_end(built)
    if end is None or not any(e.kind == "accelerators" for e in built.spec.effects):
        return {}
    running = [c for c in clusters() if c.in_service(end)]
    out = {}
    for e in events:
        found = next((c for c in running if _same_machines(c, e) and (
            _owner_named(c, e) or (e.online is not None and c.online[:7] == e.online))), None)  # fmt: skip
        if e.kind == "accelerators" and found is not None:
            out[e] = found
    return out


def _is_told(c: Cluster, e: Event) -> bool:
    """Whether a site to come is the one that an event tells of: its owner's name, or as many of the same machine."""
    if c.country != e.country:
        return False
    if _owner_named(c, e):
        return True
    apart = abs(_months(c.online) - _months(e.online)) if c.online and e.online else 0
    return not e.label and _same_machines(c, e) and apart <= 12


def _owner_named(c: Cluster, e: Event) -> bool:
    label = e.label.casefold()
    owners = [o.strip().casefold() for o in c.owner.split(",") if o.strip()]
    return c.country == e.country and bool(label) and any(o in label or label in o for o in owners)


def _same_machines(c: Cluster, e: Event) -> bool:
    if c.country != e.country or not c.chip_count or not e.count or len(e.systems) != 1:
        return False
    try:
        machine = system(e.systems[0])
        name, count = machine.accelerator.name, machine.count * e.count
    except EvidenceError:
        try:
            name, count = accelerator(e.systems[0]).name, e.count
        except EvidenceError:
            return False
    return name == c.chip and abs(count - c.chip_count) <= CLOSE * c.chip_count


def _months(date: str) -> int:
    return 12 * int(date[:4]) + int(date[5:7] or 12)


def site(c: Cluster) -> Mapping[str, Any]:
    """Return a site as plain values."""
    return {"name": c.name, "country": c.country, "status": c.status, "h100_equivalents": c.h100_equivalents,
            "source": c.url}  # fmt: skip
