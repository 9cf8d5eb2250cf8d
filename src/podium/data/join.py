"""Wide tables joined by their units: sheets of one workbook, or several files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from podium.data.cells import Style
from podium.data.dataset import Array
from podium.data.readers import Wide, described, read_wide
from podium.data.tables import Table
from podium.data.units import UnitRule
from podium.errors import DataError, Fault

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Part", "join"]


@dataclass(frozen=True, eq=False)
class Part:
    """The rows of a wide table and the heads that it gives to the whole."""

    wide: Wide
    heads: tuple[str, ...]

    def figures(self, head: str, onto: Wide, style: Style, faults: list[Fault]) -> Array:
        """A column as floats on the rows of the first table, NaN for units that this one lacks."""
        values = self.wide.figures(head, style=style, faults=faults)
        if self.wide is onto:
            return values
        place = {u: k for k, u in enumerate(self.wide.units)}
        found = np.array([place.get(u, -1) for u in onto.units], dtype=np.intp)
        row = np.full(len(self.wide.units) + 1, -1, dtype=np.intp)
        row[self.wide.unit] = np.arange(len(self.wide.unit))
        padded = np.append(values, np.nan)
        return np.asarray(padded[row[found][onto.unit]])

    def described(self, without: Collection[str], style: Style) -> pd.DataFrame:
        """What this table adds to what is said of the units."""
        names = [h for h in self.wide.table.columns if h in without or h not in self.heads]
        return described(self.wide, names, style=style)


def join(
    parts: Sequence[Part], table: Table, *, unit: str, columns: Collection[str], asked: Collection[str], rule: UnitRule
) -> Part:
    """Return a further wide table as a part: its columns, or those named, for the units of the first of `parts`.

    A unit that it lacks has no figure there; a unit that only it has is left out, as are its columns of a name that
    an earlier part has.

    Raises
    ------
    DataError
        If a column named is absent, one that is `asked` for stands in both, or no unit is in both.
    """
    taken = {h for part in parts for h in part.heads}
    faults = [table.absent(c, "Mend `data: join: columns`") for c in columns if c not in table.columns]
    wide = read_wide(table, unit, rule=rule, faults=faults)
    heads = tuple(c for c in table.columns if c != unit and c not in table.unnamed and (not columns or c in columns))
    if both := sorted(set(heads) & taken & set(asked)):
        faults.append(Fault(f"the column {', '.join(both)} stands in an earlier table too", "Rename it in one of them",
                            table.name, table.header))  # fmt: skip
    if not set(parts[0].wide.units) & set(wide.units):
        faults.append(Fault("no unit of the first table is in this one", "Name the column of the units under "
                            "`data: join: unit`", table.name))  # fmt: skip
    if faults:
        raise DataError(faults)
    return Part(wide, tuple(h for h in heads if h not in taken))
