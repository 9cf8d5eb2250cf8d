"""Systems: how many accelerators of which kind a server or a rack holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from podium.errors import EvidenceError, Fault
from podium.evidence.ledger import bundled
from podium.hardware.accelerators import Accelerator, accelerator

__all__ = ["System", "system", "systems"]

_CHIP = {
    "DGX H100": "H100", "HGX H100": "H100", "DGX H200": "H200", "HGX H200": "H200", "DGX B200": "B200",
    "HGX B200": "B200", "GB200 NVL72": "GB200", "GB300 NVL72": "GB300",
}  # fmt: skip
# An HGX board is the accelerator board of the DGX of the same chip; the H200 systems keep the H100's eight.
_LIKE = {"HGX H100": "DGX H100", "DGX H200": "DGX H100", "HGX H200": "DGX H100", "HGX B200": "DGX B200"}


@dataclass(frozen=True)
class System:
    """A server or rack: so many of one accelerator; ``fact`` is the id of the fact that says how many."""

    name: str
    accelerator: Accelerator
    count: int
    fact: str


@cache
def systems() -> dict[str, System]:
    """All systems whose number of accelerators a cited fact gives."""
    out = {}
    for name, chip in _CHIP.items():
        facts = bundled().find(subject=_LIKE.get(name, name), attribute="accelerators")
        if facts and facts[0].value is not None:
            out[name] = System(name, accelerator(chip), int(facts[0].value), facts[0].id)
    return out


def system(name: str) -> System:
    """Return the system that a name means.

    Raises
    ------
    EvidenceError
        If none fits.
    """
    key = re.sub(r"[^a-z0-9]", "", name.casefold().replace("nvidia", ""))
    for known, value in systems().items():
        if re.sub(r"[^a-z0-9]", "", known.casefold()) == key:
            return value
    raise EvidenceError(Fault(f"there is no system {name!r}", f"Use one of {', '.join(systems())}"))
