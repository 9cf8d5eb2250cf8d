"""Charts of one ranking and of one unit in it, from plain rows and given words: intervals, distribution, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from podium.report.charts import _finished

__all__ = ["distribution_chart", "history_chart", "rank_ticks", "standing_chart"]

Rows = Sequence[Mapping[str, Any]]
Words = Mapping[str, str]


def rank_ticks(top: float) -> list[int]:
    """Places of ticks on an axis of ranks, 1 among them."""
    steps = (1, 3, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500)
    return [v for v in steps if v <= top] if top <= 500 else [1, *range(int(top) // 5, int(top) + 1, int(top) // 5)]


def standing_chart(rows: Rows, words: Words) -> dict[str, Any]:
    """Rank intervals of units, the best on top and rank 1 at the left.

    Parameters
    ----------
    rows
        ``name, rank, low, q1, median, q3, high`` and ``colour``, a token such as ``@focal@``.
    words
        ``title``, ``subtitle``, ``axis``, ``nominal``, ``low``, ``median``, ``high``.
    """
    frame = pd.DataFrame(list(rows))
    top = float(frame["high"].max()) + 1
    scale = alt.Scale(domain=[0.5, top], nice=False, zero=False)
    axis = alt.Axis(orient="top", values=rank_ticks(top), format="d")
    y = alt.Y("name:N", sort=list(frame["name"]), title=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=8))
    tips = [alt.Tooltip("name:N", title=" "), alt.Tooltip("rank:Q", title=words["nominal"], format=".0f")]
    tips += [alt.Tooltip(f"{k}:Q", title=words[k], format=".0f") for k in ("low", "median", "high")]
    base = alt.Chart(frame).encode(y=y, color=alt.Color("colour:N", scale=None, legend=None), tooltip=tips)
    thin = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", scale=scale, axis=axis, title=words["axis"]), x2="high:Q"
    )
    thick = base.mark_rule(strokeWidth=7).encode(x=alt.X("q1:Q", scale=scale), x2="q3:Q")
    middle = base.mark_point(filled=True, size=50, opacity=1).encode(
        x=alt.X("median:Q", scale=scale), color=alt.value("@ink@"), stroke=alt.value("@paper@")
    )
    ring = base.mark_point(filled=False, size=105, strokeWidth=1.6).encode(x=alt.X("rank:Q", scale=scale))
    layers = thin + thick + middle + ring
    return _finished(
        layers.properties(width="container", height=alt.Step(21)), words["title"], words["subtitle"], margin=125
    )


def distribution_chart(shares: Rows, words: Words) -> dict[str, Any]:
    """How often a unit takes each rank: bars of ``rank, share``, the nominal rank marked.

    Words are ``title``, ``subtitle``, ``axis``, ``share``; ``nominal`` is the nominal rank as a number.
    """
    frame = pd.DataFrame(list(shares))
    low, high = int(frame["rank"].min()), int(frame["rank"].max())
    scale = alt.Scale(domain=[low - 0.6, high + 0.6], nice=False, zero=False)
    axis = alt.Axis(format="d", tickMinStep=1, grid=False)
    frame["zero"] = 0.0
    frame["left"], frame["right"] = frame["rank"] - 0.4, frame["rank"] + 0.4
    frame["colour"] = ["@focal@" if r == float(words["nominal"]) else "@rest@" for r in frame["rank"]]
    bars = (
        alt.Chart(frame)
        .mark_rect()
        .encode(
            x=alt.X("left:Q", title=words["axis"], scale=scale, axis=axis),
            x2="right:Q",
            y=alt.Y("share:Q", title=None, axis=alt.Axis(format="%", tickCount=4, domain=False, ticks=False)),
            y2="zero:Q",
            color=alt.Color("colour:N", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("rank:Q", title=words["axis"]),
                alt.Tooltip("share:Q", title=words["share"], format=".1%"),
            ],
        )
    )
    return _finished(bars.properties(width="container", height=180), words["title"], words["subtitle"], margin=60)


def history_chart(rows: Rows, words: Words) -> dict[str, Any]:
    """A unit's rank by edition, 1 on top: ``edition, rank, score``. Words are ``title, subtitle, axis, score``."""
    frame = pd.DataFrame(list(rows))
    low, high = float(frame["rank"].min()), float(frame["rank"].max())
    scale = alt.Scale(domain=[high + 1.5, max(low - 1.5, 0.5)], nice=False)
    x = alt.X("edition:O", title=None, axis=alt.Axis(labelAngle=0, grid=False))
    y = alt.Y("rank:Q", title=words["axis"], scale=scale, axis=alt.Axis(format="d", tickMinStep=1, tickCount=4))
    base = alt.Chart(frame).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("edition:O", title=" "),
            alt.Tooltip("rank:Q", title=words["axis"], format=".0f"),
            alt.Tooltip("score:Q", title=words["score"], format=".1f"),
        ],
    )
    layers = (
        base.mark_line(color="@focal@", strokeWidth=2)
        + base.mark_point(color="@focal@", filled=True, size=60, opacity=1)
        + base.mark_text(dy=-12, color="@ink@", fontSize=12).encode(text=alt.Text("rank:Q", format=".0f"))
    )
    return _finished(layers.properties(width="container", height=170), words["title"], words["subtitle"], margin=50)
