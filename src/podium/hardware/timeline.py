"""Who had what when: a country's, an owner's or a site's machines by year, and what is planned."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from podium.hardware.capacity import Interval, stock
from podium.hardware.sites import Cluster, all_clusters

__all__ = ["Timeline", "timeline"]


@dataclass(frozen=True)
class Timeline:
    """The sites in the order in which they came, the stock at each year's end, and the plans."""

    who: str
    convention: str
    running: tuple[Cluster, ...]
    planned: tuple[Cluster, ...]
    doubtful: tuple[Cluster, ...]
    years: dict[int, Interval]
    expected: Interval | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "who": self.who, "convention": self.convention,
            "years": {year: asdict(v) for year, v in self.years.items()},
            "sites": [asdict(c) for c in self.running], "planned": [asdict(c) for c in self.planned],
            "doubtful": [asdict(c) for c in self.doubtful],
            "with_plans": None if self.expected is None else asdict(self.expected),
        }  # fmt: skip


def timeline(
    *, country: str | None = None, owner: str | None = None, site: str | None = None, convention: str = "dense8",
    plans: Mapping[str, float] | None = None, until: int | None = None, among: Sequence[Cluster] | None = None,
) -> Timeline:  # fmt: skip
    """Return who had what when, from the first site to the year `until` (None: the last in which one came).

    Possible duplicates and unlikely sites are listed apart and not counted.
    """
    held = [
        c for c in (all_clusters() if among is None else among)
        if (country is None or c.country == country)
        and (owner is None or owner.casefold() in [o.strip().casefold() for o in c.owner.split(",")])
        and (site is None or c.name.casefold() == site.casefold())
    ]  # fmt: skip
    credible = [c for c in held if c.credible]
    running = sorted((c for c in credible if c.status != "Planned" and c.online), key=lambda c: (c.online, c.name))
    planned = sorted((c for c in credible if c.status == "Planned"), key=lambda c: (c.online or "9999", c.name))
    last = until or max((int(c.online[:4]) for c in running), default=datetime.date.today().year)
    first = min((int(c.online[:4]) for c in running), default=last)

    def at(year: int, chances: Mapping[str, float] | None) -> Interval:
        return stock(country, f"{year}-12-31", convention, owner=owner, site=site, plans=chances, among=among)

    years = {y: at(y, None) for y in range(first, last + 1)}
    expected = None if plans is None else at(last, plans)
    doubtful = tuple(c for c in held if not c.credible)
    who = site or " in ".join(x for x in (owner, country) if x) or "the world"
    return Timeline(who, convention, tuple(running), tuple(planned), doubtful, years, expected)
