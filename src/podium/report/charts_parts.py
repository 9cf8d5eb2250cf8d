"""Charts of parts: a gap by indicator, shares with intervals, a matrix of correlations, scores before and after."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from podium.data.geography import world
from podium.report.charts_world import outlines
from podium.report.skeletons import ROWS, filled, opened, slot

__all__ = [
    "before_after_chart",
    "gap_chart",
    "gap_skeleton",
    "interval_bars",
    "matrix_chart",
    "sites_chart",
    "stock_chart",
]

Rows = Sequence[Mapping[str, Any]]
Words = Mapping[str, str]
COLOUR = "colour:N"


def _data() -> alt.Chart:
    return alt.Chart(alt.InlineData(values=ROWS))


def _colour() -> alt.Color:
    return alt.Color(COLOUR, scale=None, legend=None)


def _names(limit: int = 190) -> alt.Y:
    axis = alt.Axis(ticks=False, domain=False, labelPadding=8, labelLimit=limit)
    return alt.Y("name:N", sort=[slot("order")], title=None, axis=axis)


def gap_chart(rows: Rows, words: Words) -> dict[str, Any]:
    """Bars of ``name, part``: to the right what puts the first unit ahead, to the left what holds it back."""
    held = [
        {"name": r["name"], "part": r["part"], "zero": 0, "colour": "@focal@" if r["part"] >= 0 else "@rival@"}
        for r in rows
    ]
    return filled(_gap, {**words, "rows": held, "order": [r["name"] for r in rows]}, margin=200)


def gap_skeleton(words: Words) -> dict[str, Any]:
    """The chart of the parts of a gap with ``title, subtitle, rows, order`` still open."""
    return opened(_gap, words, margin=200)


def _gap() -> Any:
    tips = [alt.Tooltip("name:N", title=" "), alt.Tooltip("part:Q", title=slot("axis"), format="+.2f")]
    base = _data().encode(y=_names(), color=_colour(), tooltip=tips)
    bars = base.mark_bar(height=11).encode(x=alt.X("zero:Q", title=slot("axis")), x2="part:Q")
    return bars.properties(width="container", height=alt.Step(20))


def interval_bars(rows: Rows, words: Words) -> dict[str, Any]:
    """Values with intervals: ``name, value, low, high``; a second value ``other`` stands as a ring."""
    held = [{k: r.get(k) for k in ("name", "value", "low", "high", "other")} for r in rows]
    ringed = any(r["other"] is not None for r in held)
    made = _ringed if ringed else _bars
    return filled(made, {**words, "rows": held, "order": [r["name"] for r in rows]}, margin=200)


def _ringed() -> Any:
    ring = _data().mark_point(size=90, strokeWidth=1.5, color="@ink@")
    return _bars() + ring.encode(y=_names(), x="other:Q")


def _bars() -> Any:
    tips = [alt.Tooltip("name:N", title=" "), alt.Tooltip("value:Q", title=slot("axis"), format=".3f")]
    base = _data().encode(y=_names(), tooltip=tips)
    line = base.mark_rule(strokeWidth=3, color="@rest@").encode(x=alt.X("low:Q", title=slot("axis")), x2="high:Q")
    dot = base.mark_point(filled=True, size=70, opacity=1, color="@focal@").encode(x="value:Q")
    return (line + dot).properties(width="container", height=alt.Step(24))


def matrix_chart(rows: Rows, words: Words, *, order: Sequence[str]) -> dict[str, Any]:
    """Correlations of ``first`` and ``second``: ``value`` from -1 to 1, blue above and orange below 0."""
    held = [
        {**r, "colour": "@focal@" if r["value"] >= 0 else "@rival@", "strength": min(abs(r["value"]), 1.0)}
        for r in rows
        if r["value"] == r["value"]
    ]
    return filled(_matrix, {**words, "rows": held, "order": list(order)}, margin=200)


def _matrix() -> Any:
    axis = alt.Axis(ticks=False, domain=False, labelLimit=180, labelFontSize=11)
    tilted = alt.Axis(ticks=False, domain=False, labelLimit=150, labelFontSize=11, labelAngle=-60)
    cells = (
        _data()
        .mark_rect()
        .encode(
            x=alt.X("second:N", sort=[slot("order")], title=None, axis=tilted),
            y=alt.Y("first:N", sort=[slot("order")], title=None, axis=axis),
            fill=alt.Fill(COLOUR, scale=None, legend=None),
            fillOpacity=alt.FillOpacity("strength:Q", scale=None, legend=None),
            tooltip=["first:N", "second:N", alt.Tooltip("value:Q", title="r", format=".2f")],
        )
    )
    return cells.properties(width="container", height=alt.Step(19))


def before_after_chart(rows: Rows, words: Words) -> dict[str, Any]:
    """Scores ``before`` and ``after`` of ``name``, with the gain from ``low`` to ``high`` added to the score before."""
    return filled(_before, {**words, "rows": list(rows), "order": [r["name"] for r in rows]}, margin=230)


def _before() -> Any:
    tips = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("before:Q", title=slot("before"), format=".2f"),
        alt.Tooltip("after:Q", title=slot("after"), format=".2f"),
    ]
    scale = alt.Scale(nice=True, zero=False)
    base = _data().encode(y=_names(220), color=_colour(), tooltip=tips)
    low = alt.X("low:Q", scale=scale, title=slot("axis"))
    line = base.mark_rule(strokeWidth=4, opacity=0.5).encode(x=low, x2="high:Q")
    ring = base.mark_point(size=95, strokeWidth=1.6).encode(x=alt.X("before:Q", scale=scale))
    dot = base.mark_point(filled=True, size=62, opacity=1).encode(x=alt.X("after:Q", scale=scale))
    return (line + ring + dot).properties(width="container", height=alt.Step(28))


def sites_chart(rows: Rows, words: Words) -> dict[str, Any]:
    """Sites on the map of the world: ``name, lon, lat, size, planned``; filled in service, hollow planned."""
    held = [{k: r[k] for k in ("name", "lon", "lat", "size", "planned")} for r in rows]
    return filled(_sites, {**words, "rows": held, "world": world()}, margin=0)


def _sites() -> Any:
    land = alt.Chart(outlines()).mark_geoshape(fill="@line@", stroke="@paper@", strokeWidth=0.5)
    size = alt.Size("size:Q", scale=alt.Scale(type="sqrt", range=[12, 700]), legend=None)
    tips = [alt.Tooltip("name:N", title=" "), alt.Tooltip("size:Q", title=slot("size"), format=",.0f")]
    base = _data().encode(longitude="lon:Q", latitude="lat:Q", size=size, tooltip=tips)
    running = base.transform_filter("!datum.planned").mark_circle(color="@focal@", opacity=0.45)
    planned = base.transform_filter("datum.planned").mark_point(color="@rival@", filled=False, strokeWidth=1.2)
    return alt.layer(land, running, planned).properties(width=760, height=370).project(type="equalEarth")


def stock_chart(rows: Rows, words: Words) -> dict[str, Any]:
    """A stock by year on a logarithmic scale: ``year, value, low, high``."""
    least, most = (math.log10(f(float(r[k]) for r in rows)) for f, k in ((min, "low"), (max, "high")))
    powers = [10**k for k in range(math.floor(least), math.ceil(most) + 1)]
    return filled(_stock, {**words, "rows": list(rows), "powers": powers}, margin=70)


def _stock() -> Any:
    years = alt.Axis(format="d", tickMinStep=1, tickCount=8, grid=False)
    x = alt.X("year:Q", title=None, scale=alt.Scale(nice=False, padding=12), axis=years)
    log = alt.Scale(type="log")
    low = alt.Y("low:Q", title=slot("axis"), scale=log, axis=alt.Axis(format="~s", values=[slot("powers")]))
    tips = [alt.Tooltip("year:Q", title=" "), alt.Tooltip("value:Q", title=slot("axis"), format=",.0f")]
    band = _data().mark_area(opacity=0.18, color="@focal@").encode(x=x, y=low, y2="high:Q")
    line = _data().mark_line(color="@focal@", point=alt.OverlayMarkDef(color="@focal@"))
    return (band + line.encode(x=x, y=alt.Y("value:Q", scale=log), tooltip=tips)).properties(
        width="container", height=260
    )
