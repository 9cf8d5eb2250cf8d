"""What the treatment of outliers did: one row an indicator, and one row a changed point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from podium.index.treat import treated_points

if TYPE_CHECKING:
    import pandas as pd

    from podium.index.build import Built

__all__ = ["treatment_log", "treatments"]


def treatments(built: Built) -> pd.DataFrame:
    """Return one row an indicator: what was done, to how many points, with skewness and kurtosis along the way.

    ``winsorised`` is the number of points that winsorising moved (also where its result was discarded for a change),
    ``done`` what stands: ``winsorise``, ``cap``, a change, both joined by ``+``, or nothing. Skewness and kurtosis are
    NaN where a stage was not reached. Empty without a treatment.
    """
    import pandas as pd

    rows = [
        {
            "indicator": code, "done": _done(t.low, t.high, t.winsorised, t.change and t.change[0]),
            "skewness": t.skew_before, "kurtosis": t.kurtosis_before, "winsorised": t.winsorised,
            "skewness_winsorised": t.skew_winsorised, "kurtosis_winsorised": t.kurtosis_winsorised,
            "skewness_after": t.skew_after, "kurtosis_after": t.kurtosis_after,
        }
        for code, t in zip(built.pipeline.leaves, built.fitted.branches[0].treatments, strict=False)
    ]  # fmt: skip
    columns = ["indicator", "done", "skewness", "kurtosis", "winsorised", "skewness_winsorised", "kurtosis_winsorised",
               "skewness_after", "kurtosis_after"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns).set_index("indicator")
    return table.astype({"winsorised": "Int64"})


def _done(low: float, high: float, winsorised: int | None, change: str | None) -> str:
    cut = np.isfinite(low) or np.isfinite(high)
    word = "" if not cut else "cap" if winsorised is None else "winsorise"
    return "+".join(x for x in (word, change or "") if x)


def treatment_log(built: Built) -> pd.DataFrame:
    """Return one row a changed point: indicator, unit, figure before and after, and what was done to it.

    ``winhi`` and ``winlo`` are points pulled in from the high and the low end; a change names itself. Empty without a
    treatment.
    """
    import pandas as pd

    found, arrays = built.fitted.branches[0].treatments, built.arrays
    columns = ["indicator", "unit", "before", "after", "done"]
    if not found:
        return pd.DataFrame(columns=columns)
    steps = ("Transformed", "Screened", "Imputed", "Denominated", "Raw")
    before = next(arrays[name] for name in steps if name in arrays)
    marks = treated_points(before, found)
    column, unit = np.nonzero((marks != "").T)
    return pd.DataFrame(
        {
            "indicator": [built.pipeline.leaves[k] for k in column], "unit": [built.units[u] for u in unit],
            "before": before[unit, column], "after": arrays["Treated"][unit, column], "done": marks[unit, column],
        }, columns=columns,
    )  # fmt: skip
