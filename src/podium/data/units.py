"""The units of a table's rows: labels as they stand, or countries under one code each."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from podium.data.cells import Places, labels
from podium.data.countries import Country, resolve_country
from podium.data.tables import Table
from podium.errors import Fault

__all__ = ["Rows", "UnitRule", "unit_rows"]


@dataclass(frozen=True)
class UnitRule:
    """How labels become units.

    With ``countries`` every label must be a country's name or code and becomes its alpha-3 code; ``own`` adds
    spellings. ``exclude`` are patterns, such as ``ZZ*``, of labels or codes whose rows are left out.
    """

    countries: bool = False
    own: Mapping[str, str] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()

    def excludes(self, label: str) -> bool:
        """Whether rows of this label or code are left out."""
        return any(fnmatch.fnmatchcase(label, p) for p in self.exclude)


@dataclass(frozen=True, eq=False)
class Rows:
    """Whose figures a table's rows hold.

    ``unit`` is each row's place among ``units``, -1 where the row is left out or has no label; ``spelling`` its place
    among ``spellings``, the labels as they stand. ``left_out`` are the spellings that the rule leaves out.
    """

    units: tuple[str, ...]
    unit: Places
    spellings: tuple[str, ...]
    spelling: Places
    left_out: tuple[str, ...]

    def spelt(self, row: int) -> str:
        """The label of a row as it stands."""
        return self.spellings[self.spelling[row]] if self.spelling[row] >= 0 else ""


def unit_rows(
    table: Table, column: str, rule: UnitRule, faults: list[Fault], *, within: npt.NDArray[np.bool_] | None = None
) -> Rows:
    """Return the units of a table's rows, or of those `within`; labels that are no country are added to `faults`."""
    spelling, spellings = labels(table.columns[column])
    if within is not None:
        spelling = np.where(within, spelling, -1)
    found, first = np.unique(spelling, return_index=True)
    rows = dict(zip(found.tolist(), first.tolist(), strict=True))
    kept = [_unit(table, rows[k], label, rule, faults) if k in rows else None for k, label in enumerate(spellings)]
    units = tuple(dict.fromkeys(u for u in kept if u is not None))
    place = {u: k for k, u in enumerate(units)}
    codes = np.array([-1 if u is None else place[u] for u in kept] + [-1], dtype=np.intp)
    left_out = tuple(s for k, (s, u) in enumerate(zip(spellings, kept, strict=True)) if u is None and k in rows)
    return Rows(units, codes[spelling], spellings, spelling, left_out)


def _unit(table: Table, row: int, label: str, rule: UnitRule, faults: list[Fault]) -> str | None:
    if rule.excludes(label):
        return None
    if not rule.countries:
        return label
    country = resolve_country(label, own=rule.own)
    if country.iso3 is None:
        faults.append(table.fault(row, f"{label!r} {country.why}", _remedy(country, label)))
        return None
    return None if rule.excludes(country.iso3) else country.iso3


def _remedy(country: Country, label: str) -> str:
    if country.choices:
        return f"Write which one, or set `data: countries: {{{label}: {country.choices[0]}}}`"
    if country.group:
        return f"Remove the row, or name it under `units: exclude: [{label}]`"
    meant = f"Did you mean {country.nearest}? " if country.nearest else ""
    return f"{meant}Mend it, set `data: countries: {{{label}: XXX}}` with its alpha-3 code, or exclude it under `units`"
