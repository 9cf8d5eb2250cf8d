"""Which units have enough data to take part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import Fault, SpecError
from podium.index.steps import Screen

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Screening", "availability", "enough", "screened", "screening"]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Screening:
    """What a screen saw of each unit, ``(unit,)`` each, and which it lets take part.

    ``missing`` and ``zero`` count figures; ``available`` is the share of figures that are there, ``nonzero`` the share
    of those there that are not 0 (NaN for a unit without figures); ``low_data``, ``low_nonzero`` and ``low_group`` say
    which threshold a unit misses.
    """

    missing: Array
    zero: Array
    available: Array
    nonzero: Array
    low_data: Mask
    low_nonzero: Mask
    low_group: Mask
    included: Mask

    def frame(self, units: Sequence[str]) -> pd.DataFrame:
        """The screening as a table with one row a unit."""
        import pandas as pd

        return pd.DataFrame(vars(self), index=list(units))


def availability(values: Array) -> Array:
    """Share of indicators that are not NaN, for each unit; ``(..., unit, indicator)`` → ``(..., unit)``."""
    return np.asarray(1.0 - np.isnan(values).mean(axis=-1), dtype=float)


def screening(
    values: Array, *, min_available: float | None = None, min_nonzero: float | None = None,
    groups: Sequence[Sequence[int]] = (), group_min_available: float | None = None, keep: Mask | None = None,
    drop: Mask | None = None,
) -> Screening:  # fmt: skip
    """Return which units reach every threshold that is given, as COINr's ``Screen`` (byNA, byzeros, byNAandzeros).

    Parameters
    ----------
    values
        ``(unit, indicator)``; NaN is missing.
    min_available, min_nonzero
        The least share of figures that are there, and of those there that are not 0.
    groups, group_min_available
        Columns of each group, and the least share of them that must be there in every group.
    keep, drop
        Units that take part, or do not, whatever their data; ``(unit,)``.
    """
    gone, zero = np.isnan(values), values == 0
    there = (~gone).sum(axis=-1)
    with np.errstate(invalid="ignore"):
        nonzero = np.where(there > 0, 1.0 - zero.sum(axis=-1) / np.maximum(there, 1), np.nan)
    available, none = availability(values), np.zeros(len(values), dtype=bool)
    low_data = none if min_available is None else available < min_available
    low_nonzero = none if min_nonzero is None else ~(nonzero >= min_nonzero)
    low_group = none
    if group_min_available is not None:
        for columns in groups:
            low_group = low_group | (availability(values[:, list(columns)]) < group_min_available)
    included = ~(low_data | low_nonzero | low_group)
    included = included if keep is None else included | keep
    included = included if drop is None else included & ~drop
    return Screening(gone.sum(axis=-1) * 1.0, zero.sum(axis=-1) * 1.0, available, nonzero, low_data, low_nonzero,
                     low_group, included)  # fmt: skip


def enough(values: Array, *, min_available: float, min_nonzero: float | None = None) -> Mask:
    """Return which units reach the share of available and, where asked, of non-zero values."""
    return screening(values, min_available=min_available, min_nonzero=min_nonzero).included


def screened(
    values: Array, step: Screen, units: Sequence[str], groups: Sequence[Sequence[int]] = (), *, file: str = ""
) -> Screening:
    """Return what a specification's screen says of figures ``(unit, indicator)``.

    Raises
    ------
    SpecError
        If the step keeps or drops a unit that is not there, or does both with one.
    """
    faults = [Fault(f"steps.screen: there is no unit {u}", "Mend the code or remove it", file)
              for u in (*step.keep, *step.drop) if u not in units]  # fmt: skip
    faults += [Fault(f"steps.screen keeps and drops {u}", "Name it in one of them", file)
               for u in step.keep if u in step.drop]  # fmt: skip
    if faults:
        raise SpecError(faults)
    forced = [np.isin(np.array(units, dtype=object), list(names)) for names in (step.keep, step.drop)]
    return screening(values, min_available=step.min_available, min_nonzero=step.min_nonzero, groups=groups,
                     group_min_available=step.group_min_available, keep=forced[0], drop=forced[1])  # fmt: skip
