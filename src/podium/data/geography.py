"""Where countries lie: outlines for maps, regions and income groups, each with its source."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

__all__ = ["GROUPS_SOURCE", "WORLD_SOURCE", "Groups", "country_groups", "world"]

_FOLDER = Path(__file__).parent / "bundled" / "world"

WORLD_SOURCE = "Natural Earth 4.1.0 at 1:110 million (public domain), as in world-atlas 2.0.2"
GROUPS_SOURCE = "World Bank country classification as held by the R package WDI 2.7.8 in September 2022 (CC BY 4.0)"


@dataclass(frozen=True)
class Groups:
    """A country's region and income group in the World Bank's words; income may be "Not classified"."""

    region: str
    income: str


@cache
def country_groups() -> Mapping[str, Groups]:
    """Return region and income group by ISO 3166-1 alpha-3 code, for the economies that the World Bank classifies."""
    with (_FOLDER / "groups.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType({r["unit"]: Groups(r["region"], r["income"]) for r in csv.DictReader(file)})


@cache
def world() -> dict[str, Any]:
    """Return the outlines of countries as TopoJSON, object ``countries``; a shape's ``id`` is its alpha-3 code.

    Small states (Singapore, Hong Kong) have no outline, Antarctica is left out, and two shapes that no country code
    covers have no id. Treat the value as read-only: it is shared.
    """
    told: dict[str, Any] = json.loads((_FOLDER / "countries.json").read_text("utf-8"))
    return told
