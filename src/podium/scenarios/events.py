"""What an event is: something that happens somewhere at some time, how likely and how sized."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Event"]


@dataclass(frozen=True)
class Event:
    """One announced or imagined event.

    ``systems`` are candidate chips or systems: several where the text leaves the chip open ("next-generation
    GPU"), one where it names it. ``count`` is None for an unsized event, which is listed but moves nothing.
    ``online`` is an ISO month. ``probability`` is that of happening at all.
    """

    kind: Literal["accelerators", "indicator", "money"]
    country: str
    count: float | None = None
    systems: tuple[str, ...] = ()
    indicator: str | None = None
    change: Literal["set", "add", "multiply"] = "add"
    amount: float | None = None
    currency: str | None = None
    online: str | None = None
    probability: float = 1.0
    status: str = "announced"
    label: str = ""
    claim_ids: tuple[str, ...] = ()
