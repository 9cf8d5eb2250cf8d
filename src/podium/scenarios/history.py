"""The series behind an index, year by year, as they were public by the date of an edition."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array, Dataset
from podium.errors import DataError, Fault
from podium.index.assemble import assemble
from podium.index.build import Built

__all__ = ["History", "history"]


@dataclass(frozen=True, eq=False)
class History:
    """Figures ``(year, unit, series)`` of consecutive years; NaN is missing.

    ``public`` ``(series,)`` is the last year of each series that the edition may know, ``backfilled`` lists series
    whose past is known only as revised later.
    """

    years: npt.NDArray[np.intp]
    values: Array
    units: tuple[str, ...]
    series: tuple[str, ...]
    public: npt.NDArray[np.intp]
    backfilled: tuple[str, ...]

    def until(self, years_back: int) -> History:
        """The history as it was so many years before."""
        last = self.public - years_back
        hidden = self.years[:, None] > last[None, :]
        return replace(self, values=np.where(hidden[:, None, :], np.nan, self.values), public=last)


def history(built: Built) -> History:
    """Return the series of an index up to what its edition may know.

    Raises
    ------
    DataError
        If the figures do not say of which year they are.
    """
    whole = _panel(built)
    try:
        times = np.array([int(e) for e in whole.editions])
    except ValueError:
        raise DataError(Fault("the editions are not named by years", "Name them by years, such as 2023")) from None
    years = np.arange(times.min(), times.max() + 1)
    series, units = built.dataset.indicators, built.dataset.units
    values = np.full((len(years), len(units), len(series)), np.nan)
    place = {c: k for k, c in enumerate(whole.indicators)}
    rows = [whole.units.index(u) if u in whole.units else -1 for u in units]
    for t, year in enumerate(times):
        for k, code in enumerate(series):
            if code in place:
                values[year - years[0], :, k] = np.append(whole.values[t, :, place[code]], np.nan)[rows]
    now = _year(built, int(years[-1]))
    public = np.array([now - built.dataset.codebook[c].lag for c in series], dtype=np.intp)
    values = np.where((years[:, None] > public[None, :])[:, None, :], np.nan, values)
    late = tuple(c for c in series if built.dataset.codebook[c].backfilled)
    return History(years, values, units, series, public, late)


def _year(built: Built, last: int) -> int:
    """The year of the edition: the last of the data where there is none."""
    edition = built.spec.current()
    if edition is not None:
        return edition.year
    name = built.spec.edition
    return int(name) if name is not None and name.isdigit() else last


def _panel(built: Built) -> Dataset:
    """All years of the figures."""
    if built.dataset.whole is not None:
        return built.dataset.whole
    data = built.spec.data
    if built.spec.data.panel:
        return built.dataset
    timed = data.table is not None and (data.layout == "long" or "{time}" in data.columns.get("value", ""))
    if not timed or np.isnan(built.dataset.years).all():
        raise DataError(Fault(f"the figures of {built.spec.name} are of one time only",
                              "A forecast needs a row a year: `layout: long`, or `panel: true`"))  # fmt: skip
    return assemble(built.spec.model_copy(update={
        "data": data.model_copy(update={"panel": True}), "editions": (), "edition": None,
    }))[0]  # fmt: skip
