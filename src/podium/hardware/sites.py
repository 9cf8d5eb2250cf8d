"""Sites: who runs which accelerators where, since when (Epoch AI's GPU clusters, CC BY 4.0, or a ledger's own)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from podium.evidence.facts import Fact

__all__ = ["CREDIBLE", "Cluster", "all_clusters", "clusters", "coming", "find", "from_facts"]

_DATED = re.compile(r"(?:/web/|/)(20\d\d)[-/]?([01]\d)[-/]?([0-3]\d)")
TABLE = Path(__file__).resolve().parents[1] / "data" / "bundled" / "evidence" / "clusters.csv"
CREDIBLE = ("Confirmed", "Likely")
_FIELDS = {  # column of the table → attribute of a ledger's facts
    "country": "country", "owner": "owner", "status": "status", "certainty": "certainty", "online": "online",
    "offline": "offline", "superseded_by": "superseded-by", "builds_upon": "builds-upon", "duplicate": "duplicate",
    "h100_equivalents": "h100-equivalents", "chip": "chip", "chip_count": "chips", "second_chip": "second-chip",
    "second_count": "second-chips", "chips": "all-chips", "power_mw": "power", "latitude": "latitude",
    "longitude": "longitude",
}  # fmt: skip


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
    chip_count: float | None = None
    second_chip: str = ""
    second_count: float | None = None
    builds_upon: tuple[str, ...] = ()
    duplicate: bool = False

    def in_service(self, date: str) -> bool:
        """Whether the cluster runs on an ISO date, by years: from its first, until it is closed or superseded."""
        started = self.status != "Planned" and bool(self.online) and self.online[:4] <= date[:4]
        return started and int(date[:4]) < self.ends

    @property
    def credible(self) -> bool:
        """Whether it counts at all: confirmed or likely, in a known country, and no possible duplicate."""
        return self.certainty in CREDIBLE and bool(self.country) and not self.duplicate

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
def all_clusters() -> tuple[Cluster, ...]:
    """Every cluster that ships, doubtful ones, duplicates and those without a country among them."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return _clusters(list(csv.DictReader(file)))


@cache
def clusters() -> tuple[Cluster, ...]:
    """Every confirmed or likely cluster with a known country that is no duplicate, in order of country and name."""
    return tuple(c for c in all_clusters() if c.credible)


def from_facts(facts: Iterable[Fact]) -> tuple[Cluster, ...]:
    """Return the clusters that a ledger's facts (``site:…``) describe; empty where there are none."""
    rows: dict[str, dict[str, str]] = {}
    back = {attribute: column for column, attribute in _FIELDS.items()}
    for fact in facts:
        column = back.get(fact.attribute.removeprefix("site:"))
        if not fact.attribute.startswith("site:") or column is None:
            continue
        row = rows.setdefault(fact.subject, dict.fromkeys((*_FIELDS, "url"), "") | {"name": fact.subject})
        row[column] = fact.text if fact.value is None else repr(fact.value)
        row["url"] = row["url"] or next((s.url for s in fact.sources[1:] if s.url), "")
    return _clusters(sorted(rows.values(), key=lambda r: (r["country"], r["name"])))


def _clusters(rows: Sequence[Mapping[str, str]]) -> tuple[Cluster, ...]:
    opened = {_bare(r["name"]): int(r["online"][:4]) for r in rows if r["online"] and r["status"] != "Planned"}
    after: dict[str, list[int]] = {}
    for r in rows:
        name = _bare(r["name"])
        for successor in _names(r["superseded_by"], opened):
            if successor in opened:
                after.setdefault(name, []).append(opened[successor])
        for base in _names(r["builds_upon"], opened):
            if name in opened:
                after.setdefault(base, []).append(opened[name])
    return tuple(_cluster(r, after.get(_bare(r["name"]), [])) for r in rows)


def _bare(name: str) -> str:
    return name.strip().strip('"')


def _names(cell: str, known: Iterable[str]) -> list[str]:
    """The names that a cell lists; a name that holds a comma itself is recognised where it is known."""
    whole = _bare(cell)
    return [whole] if whole in known else [_bare(part) for part in cell.split(",") if part.strip()]


def _cluster(r: Mapping[str, str], successors: list[int]) -> Cluster:
    ends = [*successors, *([int(r["offline"][:4])] if r["offline"] else [])]
    figures = ("h100_equivalents", "chips", "power_mw", "latitude", "longitude", "chip_count", "second_count")
    n = {k: float(r[k]) if r[k] else None for k in figures}
    return Cluster(
        r["name"], r["country"], r["owner"], r["status"], r["certainty"], r["online"], min(ends, default=9999),
        n["h100_equivalents"], r["chip"], n["chips"], n["power_mw"], n["latitude"], n["longitude"], r["url"],
        n["chip_count"], r["second_chip"], n["second_count"], tuple(_names(r["builds_upon"], ())),
        r["duplicate"] == "yes",
    )  # fmt: skip


def find(
    country: str | None = None, owner: str | None = None, online_from: str | None = None, *,
    among: Sequence[Cluster] | None = None,
) -> tuple[Cluster, ...]:  # fmt: skip
    """Return the clusters of a country whose owner or name holds a text, online or planned from a date on."""
    text = (owner or "").casefold()
    return tuple(
        c for c in (clusters() if among is None else among)
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
