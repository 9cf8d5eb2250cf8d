"""What each indicator is: name, unit, direction, source, licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Indicator"]


@dataclass(frozen=True)
class Indicator:
    """One row of the codebook.

    ``direction`` is 1 where more is better and -1 where less is better. ``denominator`` names a column of the
    unit table or an indicator by which the value is divided. ``lag`` is the number of years after which a
    figure is public; ``max_age`` how old a figure may be. ``backfilled`` marks a series whose past editions
    are known only as revised later. ``target``, ``lower`` and ``upper`` are the posts of normalisations that need them.
    """

    code: str
    name: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    direction: Literal[1, -1] = 1
    denominator: str | None = None
    source: str = ""
    licence: str = ""
    lag: int = 0
    max_age: int | None = None
    backfilled: bool = False
    zero_censored: bool = False
    target: float | None = None
    lower: float | None = None
    upper: float | None = None

    def label(self, language: str = "en") -> str:
        """The name in a language, in English where that is missing, else the code."""
        return self.name.get(language) or self.name.get("en") or self.code
