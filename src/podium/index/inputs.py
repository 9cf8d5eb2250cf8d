"""Where the tables of a specification come from: files, or data frames in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from podium.data.cells import Style
from podium.data.countries import resolve_country, unknown_codes
from podium.data.tables import Layout, Table, from_frame, read_table
from podium.data.units import UnitRule
from podium.errors import DataError, Fault, InputError, SpecError
from podium.index.spec import Spec

__all__ = ["ROLES", "Inputs", "attempt", "by_role"]

T = TypeVar("T")

ROLES = ("table", "codebook", "units", "sources", "errors", "iData", "iMeta")


@dataclass(frozen=True)
class Inputs:
    """Where the tables of a specification come from; ``hashes`` collects what was read."""

    spec: Spec
    frames: Mapping[str, Any]
    hashes: dict[str, str] = field(default_factory=dict)

    def table(self, role: str, address: str | None, *, main: bool = False) -> Table | None:
        """The data frame given for a role, else the table at an address (``book.xlsx#sheet``), else None."""
        data = self.spec.data
        if role in self.frames:
            table = from_frame(self.frames[role], name=f"data frame {role}")
            self.hashes[table.name] = table.sha256
            return table
        if address is None:
            return None
        name, _, sheet = address.partition("#") if ".xls" in address.lower() else (address, "", "")
        encoding = None if data.encoding == "utf-8-sig" else data.encoding
        layout = Layout(sheet=sheet or (data.sheet if main else None), encoding=encoding, separator=data.separator,
                        header=data.header if main else 1)  # fmt: skip
        return self.file(name, layout)

    def file(self, name: str | None, layout: Layout) -> Table:
        """The table of a file."""
        if name is None:
            raise SpecError(Fault("data: join: no table is named", "Name one under `table`", self.spec.file))
        table = read_table(self.spec.folder / Path(name).expanduser(), layout=layout)
        self.hashes[name] = table.sha256
        return table

    @property
    def style(self) -> Style:
        """How figures are written."""
        data = self.spec.data
        return Style(data.missing, data.decimal, data.thousands)

    @property
    def rule(self) -> UnitRule:
        """How labels become units."""
        countries = self.spec.data.countries
        own = countries if isinstance(countries, Mapping) else {}
        if bad := unknown_codes(own.values()):
            raise SpecError([Fault(f"data: countries: {code!r} is no alpha-3 code of a country", f"Did you mean {near}?"
                                   if near else "Mend it", self.spec.file) for code, near in bad])  # fmt: skip
        return UnitRule(countries is not False, own, self.patterns(self.spec.units.exclude))

    def patterns(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        """What `units` names; where units are countries, a name stands for its code as well."""
        countries = self.spec.data.countries
        if countries is False:
            return asked
        own = countries if isinstance(countries, Mapping) else None
        found = (resolve_country(name, own=own).iso3 for name in asked)
        return (*asked, *(code for code in found if code is not None and code not in asked))

    @property
    def listed(self) -> list[tuple[str, float]]:
        """Names and years of the editions that a panel's specification lists, in order."""
        return sorted(((e.name, float(e.year)) for e in self.spec.editions), key=lambda e: e[1])


def by_role(tables: Mapping[str, Any] | Any) -> Mapping[str, Any]:
    """Data frames by what they are; one alone is the table.

    Raises
    ------
    DataError
        If one is called what no table is.
    """
    if tables is None:
        return {}
    if not isinstance(tables, dict):
        return {"table": tables}
    named = {k: v for k, v in tables.items() if v is not None}
    if unknown := sorted(set(map(str, named)) - set(ROLES)):
        raise DataError(Fault(f"no table is called {', '.join(unknown)}", f"Use {', '.join(ROLES)}"))
    return named


def attempt(faults: list[Fault], do: Callable[[], T], otherwise: T) -> T:
    """What a step returns; its faults are kept, so that those of other tables are found as well."""
    try:
        return do()
    except InputError as error:
        faults += error.faults
        return otherwise
