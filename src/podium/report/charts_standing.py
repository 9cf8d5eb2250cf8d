"""Charts of one ranking and of one unit in it, from plain rows and given words: intervals, distribution, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from podium.report.skeletons import ROWS, filled, opened, slot

__all__ = ["distribution_chart", "history_chart", "rank_ticks", "standing_chart", "standing_skeleton"]

Rows = Sequence[Mapping[str, Any]]
Words = Mapping[str, str]


def rank_ticks(top: float) -> list[int]:
    """Places of ticks on an axis of ranks, 1 among them."""
    steps = (1, 3, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500)
    if top <= steps[-1]:
        return [v for v in steps if v <= top]
    return [1, *range(int(top) // 5, int(top) + 1, int(top) // 5)]


def _colour() -> alt.Color:
    return alt.Color("colour:N", scale=None, legend=None)


def standing_chart(rows: Rows, words: Words) -> dict[str, Any]:
    """Rank intervals of units, the best on top and rank 1 at the left.

    Parameters
    ----------
    rows
        ``name, rank, low, q1, median, q3, high`` and ``colour``, a token such as ``@focal@``.
    words
        ``title``, ``subtitle``, ``axis``, ``nominal_word``, ``low_word``, ``median_word``, ``high_word``.
    """
    keys = ("name", "rank", "low", "q1", "median", "q3", "high", "colour")
    held = [{k: r[k] for k in keys} for r in rows]
    top = max(float(r["high"]) for r in rows) + 1
    open_ = {"rows": held, "order": [r["name"] for r in rows], "left": 0.5, "right": top, "ticks": rank_ticks(top)}
    return filled(_standing, {**words, **open_}, margin=125)


def standing_skeleton(words: Words) -> dict[str, Any]:
    """The chart of rank intervals with ``title, rows, order, left, right, ticks`` still open."""
    return opened(_standing, words, margin=125)


def _standing() -> Any:
    scale = alt.Scale(domain=[slot("left"), slot("right")], nice=False, zero=False)
    axis = alt.Axis(orient="top", values=[slot("ticks")], format="d")
    y = alt.Y("name:N", sort=[slot("order")], title=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=8))
    tips = [alt.Tooltip("name:N", title=" "), alt.Tooltip("rank:Q", title=slot("nominal_word"), format=".0f")]
    tips += [alt.Tooltip(f"{k}:Q", title=slot(f"{k}_word"), format=".0f") for k in ("low", "median", "high")]
    base = alt.Chart(alt.InlineData(values=ROWS)).encode(y=y, color=_colour(), tooltip=tips)
    low = alt.X("low:Q", scale=scale, axis=axis, title=slot("axis"))
    thin = base.mark_rule(strokeWidth=2).encode(x=low, x2="high:Q")
    thick = base.mark_rule(strokeWidth=7).encode(x=alt.X("q1:Q", scale=scale), x2="q3:Q")
    middle = base.mark_point(filled=True, size=50, opacity=1).encode(
        x=alt.X("median:Q", scale=scale), color=alt.value("@ink@"), stroke=alt.value("@paper@")
    )
    ring = base.mark_point(filled=False, size=105, strokeWidth=1.6).encode(x=alt.X("rank:Q", scale=scale))
    return (thin + thick + middle + ring).properties(width="container", height=alt.Step(21))


def distribution_chart(shares: Rows, words: Words, *, nominal: float) -> dict[str, Any]:
    """How often a unit takes each rank: bars of ``rank, share``, the nominal rank coloured.

    Words are ``title``, ``subtitle``, ``axis``, ``share``.
    """
    held = [
        {
            "rank": r["rank"],
            "share": r["share"],
            "zero": 0,
            "left": r["rank"] - 0.4,
            "right": r["rank"] + 0.4,
            "colour": "@focal@" if r["rank"] == nominal else "@rest@",
        }
        for r in shares
    ]
    ends = {"first": held[0]["left"] - 0.2, "last": held[-1]["right"] + 0.2}
    return filled(_distribution, {**words, "rows": held, **ends}, margin=60)


def _distribution() -> Any:
    scale = alt.Scale(domain=[slot("first"), slot("last")], nice=False, zero=False)
    axis = alt.Axis(format="d", tickMinStep=1, grid=False)
    share = alt.Axis(format="%", tickCount=4, domain=False, ticks=False)
    bars = (
        alt.Chart(alt.InlineData(values=ROWS))
        .mark_rect()
        .encode(
            x=alt.X("left:Q", title=slot("axis"), scale=scale, axis=axis),
            x2="right:Q",
            y=alt.Y("share:Q", title=None, axis=share),
            y2="zero:Q",
            color=_colour(),
            tooltip=[
                alt.Tooltip("rank:Q", title=slot("axis")),
                alt.Tooltip("share:Q", title=slot("share"), format=".1%"),
            ],
        )
    )
    return bars.properties(width="container", height=180)


def history_chart(rows: Rows, words: Words) -> dict[str, Any]:
    """A unit's rank by edition, 1 on top: ``edition, rank, score``. Words are ``title, subtitle, axis, score``."""
    placed = [float(r["rank"]) for r in rows]
    ends = {"below": max(placed) + 1.5, "above": max(min(placed) - 1.5, 0.5)}
    return filled(_history, {**words, "rows": [dict(r) for r in rows], **ends}, margin=50)


def _history() -> Any:
    scale = alt.Scale(domain=[slot("below"), slot("above")], nice=False)
    axis = alt.Axis(format="d", tickMinStep=1, tickCount=4)
    base = alt.Chart(alt.InlineData(values=ROWS)).encode(
        x=alt.X("edition:O", title=None, axis=alt.Axis(labelAngle=0, grid=False)),
        y=alt.Y("rank:Q", title=slot("axis"), scale=scale, axis=axis),
        tooltip=[
            alt.Tooltip("edition:O", title=" "),
            alt.Tooltip("rank:Q", title=slot("axis"), format=".0f"),
            alt.Tooltip("score:Q", title=slot("score"), format=".1f"),
        ],
    )
    layers = (
        base.mark_line(color="@focal@", strokeWidth=2)
        + base.mark_point(color="@focal@", filled=True, size=60, opacity=1)
        + base.mark_text(dy=-12, color="@ink@", fontSize=12).encode(text=alt.Text("rank:Q", format=".0f"))
    )
    return layers.properties(width="container", height=170)
