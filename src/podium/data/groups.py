"""Regions and income groups of countries, as they ship with Podium, each with its source."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["INCOMES", "SOURCES", "Group", "groups"]

TABLE = Path(__file__).resolve().parent / "bundled" / "groups" / "groups.csv"
INCOMES = ("HIC", "UMC", "LMC", "LIC")
"""The World Bank's income groups, the highest first."""
SOURCES: Mapping[str, str] = {
    "region": "UN M49 regions as in Unicode CLDR 48.2 (territory containment), Unicode License v3",
    "income": "World Bank, Country and Lending Groups of fiscal year 2023 (GNI per head of 2021), as its interface "
    "gave them on 2023-01-24 (read from the help file of wbopendata), CC BY 4.0",
}


@dataclass(frozen=True)
class Group:
    """Region and subregion by UN M49 code, and the World Bank's income group; empty where it gives none."""

    region: str
    subregion: str
    income: str


@cache
def groups() -> Mapping[str, Group]:
    """Return the groups of every country by its ISO 3166-1 alpha-3 code."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {r["unit"]: Group(r["region"], r["subregion"], r["income"]) for r in csv.DictReader(file)}
