"""Charts of machines: the stock over time with what is planned, and where the sites are."""

from __future__ import annotations

import html
import math
from typing import Any

import altair as alt
import pandas as pd

from podium.data.geography import WORLD_SOURCE, world
from podium.hardware.timeline import Timeline
from podium.report.charts import _finished, svg
from podium.report.tokens import FONTS, css

__all__ = ["hardware_html", "map_chart", "stock_chart"]

_WIDE, _TALL = 700, 320  # of the map, in pixels

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title><style>{css}
body{{font-family:{fonts};background:var(--paper);color:var(--ink);
max-width:46rem;margin:2rem auto;padding:0 1rem;line-height:1.5}}
svg{{max-width:100%;height:auto}}table{{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}}
th,td{{text-align:left;padding:.25rem .8rem .25rem 0;border-bottom:1px solid var(--line)}}td.n,th.n{{text-align:right}}
p.note{{color:var(--soft)}}a{{color:inherit}}</style></head><body>
<h1>{title}</h1>
{charts}
<h2>Who had what when</h2>
<table><thead><tr><th>since</th><th>site</th><th>owner</th><th>chips</th>
<th class="n">H100 equivalents</th></tr></thead>
<tbody>{rows}</tbody></table>
<p class="note">{basis}. Each site's name leads to its source. Planned sites have no date unless one is given.</p>
</body></html>
"""


def _short(x: float) -> str:
    return f"{x:,.0f}" if x >= 10 else f"{x:.1f}"


def stock_chart(t: Timeline, name: str) -> dict[str, Any] | None:
    """The stock at each year's end with its interval on a logarithmic scale, and what plans would add, shaded."""
    rows = pd.DataFrame([{"year": y, "value": v.value, "low": v.low, "high": v.high} for y, v in t.years.items()])
    rows = rows[rows["value"] > 0] if len(rows) else rows
    if rows.empty:
        return None
    rows["low"] = rows["low"].where(rows["low"] > 0, rows["value"])
    last = rows.iloc[-1]
    x = alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickMinStep=1, grid=False))
    y = alt.Y("low:Q", title="H100 equivalents, logarithmic", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s"))
    layers = [
        alt.Chart(rows).mark_area(opacity=0.18, color="@focal@").encode(x=x, y=y, y2="high:Q"),
        alt.Chart(rows).mark_line(color="@focal@", point=alt.OverlayMarkDef(color="@focal@")).encode(x=x, y="value:Q"),
    ]
    told = f"{name}: {_short(last['value'])} H100 equivalents recorded at the end of {last['year']:.0f}"
    sub = f"{t.convention}; the band reaches from what is confirmed to what a coverage of 10 % would mean"
    if t.expected is not None and t.expected.value > last["value"]:
        plan = pd.DataFrame([{"year": last["year"] + 0.5, "low": last["value"], "high": t.expected.value}])
        layers.append(alt.Chart(plan).mark_bar(size=22, opacity=0.5, color="@rest@").encode(x=x, y=y, y2="high:Q"))
        told += f"; plans at their probability would make it {_short(t.expected.value)}"
    return _finished(alt.layer(*layers).properties(width="container", height=300), told, sub, margin=70)


def map_chart(t: Timeline, name: str) -> dict[str, Any] | None:
    """Where the sites are, by longitude and latitude: filled in service, hollow planned, areas by size."""
    rows = pd.DataFrame([
        {"lon": c.longitude, "lat": c.latitude, "size": c.h100_equivalents or 1.0, "planned": c.status == "Planned"}
        for c in (*t.running, *t.planned) if c.longitude is not None and c.latitude is not None
    ])  # fmt: skip
    if rows.empty:
        return None
    lons, lats = ((float(rows[k].min()), float(rows[k].max())) for k in ("lon", "lat"))
    middle = (sum(lons) / 2, sum(lats) / 2)
    tall = (lats[1] - lats[0]) / math.cos(math.radians(middle[1]))  # as Mercator stretches it
    wide = max(1.3 * (lons[1] - lons[0]), 1.3 * tall * _WIDE / _TALL, 20.0)  # degrees; narrower shows no coast
    land = alt.Chart(alt.InlineData(values=world(), format=alt.TopoDataFormat(type="topojson", feature="countries")))
    size = alt.Size("size:Q", scale=alt.Scale(type="sqrt", range=[20, 900]), legend=None)
    base = alt.Chart(rows).encode(longitude="lon:Q", latitude="lat:Q", size=size)
    lens = alt.Projection(
        type="mercator", center=middle, scale=_WIDE / math.radians(wide), translate=[_WIDE / 2, _TALL / 2]
    )
    chart = alt.layer(
        land.mark_geoshape(fill="@line@", stroke="@paper@", strokeWidth=0.7, clip=True),
        base.transform_filter("!datum.planned").mark_circle(color="@focal@", opacity=0.5),
        base.transform_filter("datum.planned").mark_point(color="@rival@", filled=False, strokeDash=[3, 2]),
    ).properties(width=_WIDE, height=_TALL, projection=lens)
    running = int((~rows["planned"]).sum())
    told = f"{name}: {running} sites in service and {len(rows) - running} planned whose place is known"
    keys = f"filled: in service; hollow: planned; areas by H100 equivalents. Outlines: {WORLD_SOURCE}"
    return _finished(chart, told, keys, margin=0)


def hardware_html(t: Timeline, *, name: str, unit: str) -> str:
    """Return a page that opens anywhere: the stock over time, the map and every site with its source."""
    charts = [c for c in (stock_chart(t, name), map_chart(t, name)) if c is not None]
    rows = "".join(
        f"<tr><td>{html.escape(c.online[:7] or 'planned')}</td><td>{_link(c.name, c.url)}</td>"
        f"<td>{html.escape(c.owner)}</td><td>{html.escape(c.chip)}</td>"
        f'<td class="n">{"–" if c.h100_equivalents is None else f"{c.h100_equivalents:,.0f}"}</td></tr>'
        for c in (*t.running, *t.planned)
    )
    basis = next(reversed(t.years.values())).basis if t.years else "No site is recorded"
    return _PAGE.format(
        title=html.escape(f"{name}: {unit}"), css=css(), fonts=FONTS.replace('"', "'"), rows=rows,
        charts="\n".join(svg(c) for c in charts), basis=html.escape(basis),
    )  # fmt: skip


def _link(name: str, url: str) -> str:
    text = html.escape(name)
    return f'<a href="{html.escape(url, quote=True)}">{text}</a>' if url.startswith("http") else text
