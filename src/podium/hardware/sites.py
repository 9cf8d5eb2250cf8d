"""Sites: who runs which accelerators where, since when (Epoch AI's GPU clusters, CC BY 4.0)."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Cluster", "clusters", "coming", "find"]

_DATED = re.compile(r"(?:/web/|/)(20\d\d)[-/]?([01]\d)[-/]?([0-3]\d)")
TABLE = Path(__file__).resolve().parents[1] / "data" / "bundled" / "evidence" / "clusters.csv"


@dataclass(frozen=True)
class Cluster:
    """One cluster; ``online`` is an ISO date or empty, ``ends`` the first year in which it no longer counts."""

    name: str
    country: str
    owner: str
    status: str
    certainty: str
    online: str
    ends: int
    h100_equivalents: float | None
    chip: str
    chips: float | None
    power_mw: float | None
    latitude: float | None
    longitude: float | None
    url: str

    def in_service(self, date: str) -> bool:
        """Whether the cluster runs on an ISO date, by years: from its first, until it is closed or superseded."""
        started = self.status != "Planned" and bool(self.online) and self.online[:4] <= date[:4]
        return started and int(date[:4]) < self.ends

    @property
    def cited(self) -> str:
        """The ISO date that the address of the source carries (of the page or of its archived copy), else empty."""
        m = _DATED.search(self.url)
        return "-".join(m.groups()) if m else ""

    def known_by(self, date: str) -> bool:
        """Whether the public could know of the cluster on an ISO date: it ran, or its source is older."""
        runs = self.status != "Planned" and bool(self.online) and self.online <= date
        return runs or (bool(self.cited) and self.cited <= date)


@cache
def clusters() -> tuple[Cluster, ...]:
    """Every confirmed or likely cluster with a known country, in order of country and name."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    opened = {r["name"]: int(r["online"][:4]) for r in rows if r["online"] and r["status"] != "Planned"}
    after: dict[str, list[int]] = {}
    for r in rows:
        for successor in (s.strip() for s in r["superseded_by"].split(",")):
            if successor in opened:
                after.setdefault(r["name"], []).append(opened[successor])
        for base in (s.strip() for s in r["builds_upon"].split(",")):
            if base and r["name"] in opened:
                after.setdefault(base, []).append(opened[r["name"]])
    return tuple(_cluster(r, after.get(r["name"], [])) for r in rows)


def _cluster(r: dict[str, str], successors: list[int]) -> Cluster:
    ends = [*successors, *([int(r["offline"][:4])] if r["offline"] else [])]
    n = {k: float(r[k]) if r[k] else None for k in ("h100_equivalents", "chips", "power_mw", "latitude", "longitude")}
    return Cluster(
        r["name"], r["country"], r["owner"], r["status"], r["certainty"], r["online"], min(ends, default=9999),
        n["h100_equivalents"], r["chip"], n["chips"], n["power_mw"], n["latitude"], n["longitude"], r["url"],
    )  # fmt: skip


def find(country: str | None = None, owner: str | None = None, online_from: str | None = None) -> tuple[Cluster, ...]:
    """Return the clusters of a country whose owner or name holds a text, online or planned from a date on."""
    text = (owner or "").casefold()
    return tuple(
        c for c in clusters()
        if (country is None or c.country == country)
        and (not text or text in c.owner.casefold() or text in c.name.casefold())
        and (online_from is None or not c.online or c.online >= online_from)
    )  # fmt: skip


def coming(after: str, known: str) -> tuple[tuple[Cluster, ...], int]:
    """Clusters that are not yet in service on the date `after` and were known of on the date `known`.

    Also returns how many others of that kind the table holds whose source has no date, or a later one.
    """
    later = [c for c in clusters() if c.status == "Planned" or (c.status == "Existing" and c.online > after)]
    held = tuple(c for c in later if c.known_by(known))
    return held, len(later) - len(held)
