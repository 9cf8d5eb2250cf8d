"""One checked, immutable set of figures: edition × unit × indicator, with codebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from podium.data.codebook import Indicator
from podium.errors import DataError, Fault

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Array", "Dataset"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Figures with their labels.

    ``values``, ``errors`` (standard errors) and ``years`` (the year a value belongs to) have the shape
    ``(edition, unit, indicator)``, in the indicator's unit; NaN is missing or unknown. ``censored`` marks a
    recorded zero that is only a lower bound. ``sources`` holds opaque source ids of the same shape, or None.
    ``unit_table`` is indexed by unit and carries names, groups and denominators. Where these change over the
    editions of a panel, ``unit_tables`` holds one table for each edition, each with the rows of ``units``, and
    ``unit_table`` what was last said of each unit; it is None where they do not change. ``files`` maps each file read
    to its SHA-256, ``citations`` each source id to how it wants to be cited. ``whole`` is the panel that one edition
    was taken from. ``unread`` counts figures of the table that are of years after every edition.
    """

    editions: tuple[str, ...]
    units: tuple[str, ...]
    indicators: tuple[str, ...]
    values: Array
    errors: Array
    years: Array
    censored: npt.NDArray[np.bool_]
    unit_table: pd.DataFrame
    codebook: Mapping[str, Indicator]
    sources: npt.NDArray[np.object_] | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    citations: Mapping[str, str] = field(default_factory=dict)
    unit_tables: Mapping[str, pd.DataFrame] | None = None
    whole: Dataset | None = None
    unread: int = 0

    def __post_init__(self) -> None:
        check_labels(self.units, self.indicators)
        infinite = np.argwhere(np.isinf(self.values))
        if len(infinite):
            raise DataError([
                Fault(f"the value of {self.indicators[i]} for {self.units[u]}{self._when(e)} is infinite",
                      "Give a finite number or leave the cell empty")
                for e, u, i in infinite[:20]
            ])  # fmt: skip
        for array in (self.values, self.errors, self.years, self.censored):
            array.setflags(write=False)

    def _when(self, edition: int) -> str:
        return f" in {self.editions[edition]}" if len(self.editions) > 1 else ""

    def table(self, edition: int = -1) -> pd.DataFrame:
        """The unit table of one edition; that of all where names, groups and denominators do not change."""
        return self.unit_table if self.unit_tables is None else self.unit_tables[self.editions[edition]]

    def at(self, edition: int) -> Dataset:
        """Return one edition of a panel as a dataset of its own, which remembers the whole."""
        cut: dict[str, Any] = {n: getattr(self, n)[edition][None] for n in ("values", "errors", "years", "censored")}
        sources = None if self.sources is None else self.sources[edition][None]
        return replace(self, editions=(self.editions[edition],), unit_table=self.table(edition), unit_tables=None,
                       sources=sources, whole=self, **cut)  # fmt: skip

    def with_values(self, values: Array) -> Dataset:
        """Return the same dataset with other values of the same shape."""
        return replace(self, values=np.array(values, dtype=float).reshape(self.values.shape))

    def pick(self, units: list[str]) -> Dataset:
        """Return the dataset of some of its units, in the order given."""
        rows = [self.units.index(u) for u in units]
        cut: dict[str, Any] = {
            name: getattr(self, name)[:, rows] for name in ("values", "errors", "years", "censored")
        }
        sources = None if self.sources is None else self.sources[:, rows]
        tables = None if self.unit_tables is None else {e: t.loc[units] for e, t in self.unit_tables.items()}
        return replace(self, units=tuple(units), unit_table=self.unit_table.loc[units], unit_tables=tables,
                       sources=sources, **cut)  # fmt: skip

    def frame(self, edition: int = -1) -> pd.DataFrame:
        """Values of one edition as a table of unit × indicator."""
        import pandas as pd

        return pd.DataFrame(self.values[edition], index=list(self.units), columns=list(self.indicators))


def check_labels(units: tuple[str, ...], indicators: tuple[str, ...]) -> None:
    """Raise `DataError` naming every unit or indicator that occurs twice."""
    faults = []
    for kind, labels in (("unit", units), ("indicator", indicators)):
        seen: set[str] = set()
        twice = sorted({x for x in labels if x in seen or seen.add(x)})  # type: ignore[func-returns-value]
        faults += [Fault(f"{kind} {x} occurs twice", "Keep one row or column of it") for x in twice]
    if faults:
        raise DataError(faults)
