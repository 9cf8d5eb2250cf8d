"""Accelerators: their rates, memory and power, each from a stated source."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from podium.errors import EvidenceError, Fault
from podium.evidence.facts import Fact

__all__ = ["Accelerator", "accelerator", "accelerators", "beside", "candidates", "from_facts"]

COLLECTION = "https://epoch.ai/data/machine-learning-hardware"  # Epoch AI's table, where it names no datasheet itself
TABLE = Path(__file__).resolve().parents[1] / "data" / "bundled" / "evidence" / "accelerators.csv"
_NOISE = re.compile(
    r"nvidia|엔비디아|エヌビディア|amd|google|구글|huawei|화웨이|gpus?|tensor core|superchips?|accelerators?|[^a-z0-9]"
)
_PREFERRED = {
    "h100": "NVIDIA H100 SXM5 80GB", "h200": "NVIDIA H200 SXM", "a100": "NVIDIA A100 SXM4 80 GB",
    "b300": "NVIDIA B300 (Blackwell Ultra)", "gb300": "NVIDIA GB300 (Blackwell Ultra)",
    "blackwell": "NVIDIA B200", "블랙웰": "NVIDIA B200", "ブラックウェル": "NVIDIA B200",
    "hopper": "NVIDIA H100 SXM5 80GB",
    "grace blackwell": "NVIDIA GB200", "blackwell ultra": "NVIDIA GB300 (Blackwell Ultra)",
}  # fmt: skip


@dataclass(frozen=True)
class Accelerator:
    """One accelerator: dense operations/s at 8, 16 and 4 bit, bytes/s, bytes, watts; None where no source says.

    ``dense8`` is Epoch AI's: the best dense rate at 8 bit or, where a chip has none, at 16. ``intranode`` is the
    bandwidth to the other accelerators of a server, both directions together.
    """

    name: str
    vendor: str
    release: str
    dense8: float | None
    dense16: float | None
    bandwidth: float | None
    memory: float | None
    power: float | None
    url: str
    fp4: float | None = None
    intranode: float | None = None


_OWN: ContextVar[Mapping[str, Accelerator]] = ContextVar("the user's own accelerators")


def accelerators() -> dict[str, Accelerator]:
    """All accelerators by name: those that ship and, within `beside`, the user's own."""
    return {**_shipped(), **_OWN.get({})}


@contextmanager
def beside(own: Mapping[str, Accelerator]) -> Iterator[None]:
    """Let one's own accelerators stand beside those that ship, and before those of the same name, for a while."""
    token = _OWN.set(own)
    try:
        yield
    finally:
        _OWN.reset(token)


def from_facts(facts: Iterable[Fact]) -> dict[str, Accelerator]:
    """Return the accelerators that a ledger's facts (``accelerator:…``) describe; the last fact of a figure counts.

    A figure that no fact gives is that of the accelerator of this name that ships, or None.
    """
    said: dict[str, dict[str, str | float | None]] = {}
    links: dict[str, str] = {}
    for fact in facts:
        room, _, field = fact.attribute.partition(":")
        if room == "accelerator":
            said.setdefault(fact.subject, {})[field] = fact.text or fact.value
            links[fact.subject] = next((s.url for s in (*fact.sources[1:], *fact.sources) if s.url), COLLECTION)
    return {name: _described(name, cells, links[name]) for name, cells in said.items()}


def _described(name: str, cells: Mapping[str, str | float | None], url: str) -> Accelerator:
    base = _shipped().get(name) or Accelerator(name, "", "", None, None, None, None, None, url)
    words = {k: str(cells[k]) for k in ("vendor", "release") if cells.get(k)}
    numbers = {
        k: float(v) for k in ("dense16", "bandwidth", "memory", "power", "fp4", "intranode")
        if isinstance(v := cells.get(k), float)
    }  # fmt: skip
    rates = [float(v) for k in ("fp8", "int8", "dense16") if isinstance(v := cells.get(k), float)]
    eight = {"dense8": max(rates)} if cells.keys() & {"fp8", "int8"} or (rates and base.dense8 is None) else {}
    return replace(base, url=url, **words, **numbers, **eight)  # type: ignore[arg-type]


@cache
def _shipped() -> dict[str, Accelerator]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        r["name"]: Accelerator(
            r["name"], r["vendor"], r["release"], _number(r["dense8"]), _number(r["dense16"]), _number(r["bandwidth"]),
            _number(r["memory"]), _number(r["power"]), r["url"] or COLLECTION,
            _number(r["fp4"]), _number(r["intranode"]),
        ) for r in rows
    }  # fmt: skip


def _number(text: str) -> float | None:
    return float(text) if text else None


def accelerator(name: str) -> Accelerator:
    """Return the accelerator that a name means, in whatever spelling newspapers use.

    Raises
    ------
    EvidenceError
        If none fits; names the nearest.
    """
    table = accelerators()
    if name in table:
        return table[name]
    plain = name.casefold().strip()
    for prefix in ("nvidia ", "엔비디아 ", "エヌビディア "):
        plain = plain.removeprefix(prefix)
    if plain in _PREFERRED:
        return table[_PREFERRED[plain]]
    key = _NOISE.sub("", plain)
    if key in _PREFERRED:
        return table[_PREFERRED[key]]
    fits = sorted((n for n in table if len(key) > 2 and key in _NOISE.sub("", n.casefold())), key=len)
    if not fits:
        raise EvidenceError(Fault(f"there is no accelerator {name!r}", "See `podium hardware list`"))
    return table[fits[0]]


def candidates(date: str, *, vendor: str = "NVIDIA") -> tuple[str, ...]:
    """Names of the chips that a vendor's unnamed "next-generation GPU" may be, as of an ISO date.

    Those that had been released or announced by then and are at most about a year old, and the ones announced to
    follow within a year: the newest data-centre generation on sale and the next. More than a year after the
    last one known it is that one.
    """
    held = [a for a in accelerators().values() if a.vendor == vendor and a.release and (a.memory or 0) >= 80e9
            and "PCIe" not in a.name and "NVL" not in a.name]  # fmt: skip
    year, month = int(date[:4]), int(date[5:7] or 1)
    last = max((a.release[:7] for a in held), default=date)
    low, high = min(f"{year - 1}-{month:02d}", last), f"{year + 1}-{month:02d}"
    modern = [a for a in held if low <= a.release[:7] <= high]
    best = max((a.dense8 or 0 for a in modern), default=0)
    named = [a for a in modern if (a.dense8 or 0) >= 0.3 * best]
    return tuple(a.name for a in sorted(named, key=lambda a: (a.release, a.name)))
