"""The world by rank: countries in four steps of one colour, what is not ranked in grey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from podium.data.geography import world
from podium.report.skeletons import ROWS, filled, opened, slot

__all__ = ["outlines", "strength", "world_chart", "world_skeleton"]

WIDE, TALL = 760, 370
CLASSES = ((10, 1.0), (25, 0.66), (50, 0.4), (10**9, 0.18))
"""The last rank of each step, and how strong its colour is."""


def outlines() -> alt.InlineData:
    """The countries' outlines as data of a skeleton, in a slot named ``world``."""
    return alt.InlineData(values=slot("world"), format=alt.TopoDataFormat(type="topojson", feature="countries"))


def world_chart(rows: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> dict[str, Any] | None:
    """Countries shaded by rank: ``unit, name, rank`` and ``range``, the interval in words.

    None where no unit is a country with an outline. Words are ``title``, ``subtitle``, ``rank`` and ``range``.
    """
    known = {g["id"] for g in world()["objects"]["countries"]["geometries"] if "id" in g}
    held = [
        {k: r[k] for k in ("unit", "name", "rank", "range")}
        | {"strength": strength(r["rank"])}
        for r in rows
        if r["unit"] in known
    ]
    return filled(_world, {**words, "rows": held, "world": world()}, margin=0) if held else None


def strength(rank: float) -> float:
    """How strong the colour of a rank is."""
    return next(s for end, s in CLASSES if rank <= end)


def world_skeleton(words: Mapping[str, str]) -> dict[str, Any]:
    """The map with ``title`` and ``rows`` still open."""
    return opened(_world, {**words, "world": world()}, margin=0)


def _world() -> Any:
    base = alt.Chart(outlines())
    land = base.mark_geoshape(fill="@line@", stroke="@paper@", strokeWidth=0.5)
    found = alt.LookupData(alt.InlineData(values=ROWS), "unit", ["name", "rank", "range", "strength"])
    tips = [alt.Tooltip("name:N", title=" "), alt.Tooltip("rank:Q", title=slot("rank"))]
    ranked = (
        base.mark_geoshape(fill="@focal@", stroke="@paper@", strokeWidth=0.5)
        .encode(
            fillOpacity=alt.FillOpacity("strength:Q", scale=None, legend=None),
            tooltip=[*tips, alt.Tooltip("range:N", title=slot("range"))],
        )
        .transform_lookup(lookup="id", from_=found)
        .transform_filter("isValid(datum.rank)")
    )
    return alt.layer(land, ranked).properties(width=WIDE, height=TALL).project(type="equalEarth")
