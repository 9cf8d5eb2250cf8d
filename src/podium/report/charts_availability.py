"""Which unit has which figure: a grid, the darker the newer, blank where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from podium.report.skeletons import ROWS, filled, slot

__all__ = ["availability_chart"]

PALEST, STEP = 0.25, 0.15
"""How strong the oldest figures are drawn, and how much a year takes away."""


def availability_chart(
    rows: Sequence[Mapping[str, Any]], words: Mapping[str, str], *, units: Sequence[str], items: Sequence[str]
) -> dict[str, Any]:
    """A grid of ``unit, item, year`` (NaN where the year is not known), one row a figure that is there.

    Words are ``title``, ``subtitle`` and ``year``.
    """
    newest = max((r["year"] for r in rows if r["year"] == r["year"]), default=0.0)
    held = [
        {"u": r["unit"], "i": r["item"], "y": r["year"] if r["year"] == r["year"] else None,
         "s": round(max(1.0 - STEP * (newest - r["year"]), PALEST), 2) if r["year"] == r["year"] else PALEST}
        for r in rows
    ]  # fmt: skip
    return filled(_grid, {**words, "rows": held, "units": list(units), "items": list(items)}, margin=130)


def _grid() -> Any:
    axis = alt.Axis(ticks=False, domain=False, labelLimit=120, labelFontSize=9, labelOverlap=False)
    tilted = alt.Axis(ticks=False, domain=False, labelLimit=170, labelFontSize=11, labelAngle=-60, orient="top")
    cells = alt.Chart(alt.InlineData(values=ROWS)).mark_rect(color="@focal@", stroke="@paper@", strokeWidth=1)
    return cells.encode(
        x=alt.X("i:N", sort=[slot("items")], scale=alt.Scale(domain=[slot("items")]), title=None, axis=tilted),
        y=alt.Y("u:N", sort=[slot("units")], scale=alt.Scale(domain=[slot("units")]), title=None, axis=axis),
        fillOpacity=alt.FillOpacity("s:Q", scale=None, legend=None),
        tooltip=[alt.Tooltip("u:N", title=" "), alt.Tooltip("i:N", title=" "), alt.Tooltip("y:Q", title=slot("year"))],
    ).properties(width="container", height=alt.Step(12))
