"""Charts of an audit as Vega-Lite specifications, each with its finding as a title and a text in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from podium.index.correlation import correlation_matrix
from podium.index.profile import unit_name
from podium.report.audit_labels import labelled
from podium.report.audit_words import said
from podium.report.charts import _finished
from podium.robustness.audit.run import Audit

__all__ = ["Drawing", "drawings"]

SHOWN = 30
BARS = 15


@dataclass(frozen=True, eq=False)
class Drawing:
    """A chart: its Vega-Lite specification, and the text that stands for it where it cannot be seen."""

    spec: dict[str, Any]
    alt: str


def drawings(a: Audit, language: str, *, units: int = SHOWN, only: Sequence[str] = ()) -> dict[str, Drawing]:
    """Return the charts of an audit by chapter; a chapter without anything to draw has none.

    Parameters
    ----------
    units
        How many units the rank intervals show, the first ones.
    only
        Chapters whose charts are wanted; none means all.
    """
    makers: Mapping[str, Callable[[Audit, str], Drawing | None]] = {
        "data": _coverage, "coherence": _correlations, "importance": _importance, "compensation": _compensation,
        "robustness": lambda a, lang: _intervals(a, lang, units), "sensitivity": _sensitivity, "added": _added,
    }  # fmt: skip
    made = {key: make(a, language) for key, make in makers.items() if not only or key in only}
    return {key: d for key, d in made.items() if d is not None}


def _drawing(chart: Any, title: str, subtitle: str, language: str, *, margin: int) -> Drawing:
    text = said("alt", language, title=title, subtitle=subtitle.rstrip("."))
    return Drawing(_finished(chart, title, subtitle, margin=margin), text)


def _name(a: Audit, code: str, language: str, most: int = 30) -> str:
    name = a.subject.names(code)[language]
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def _rows(order: list[str], *, limit: int = 200) -> alt.Y:
    axis = alt.Axis(ticks=False, domain=False, labelPadding=8, labelLimit=limit)
    return alt.Y("name:N", sort=order, title=None, axis=axis)


def _coverage(a: Audit, language: str) -> Drawing | None:
    grid = a.chapter("data").tables["indicators"]
    held = sorted(zip(grid.column("item"), grid.column("share"), strict=True), key=lambda r: r[1])
    missing = [r for r in held if r[1] < 1]
    if not missing:
        return None
    limit = a.thresholds.coverage_indicator
    frame = pd.DataFrame([(_name(a, c, language), s, "@contradicted@" if s < limit else "@rest@")
                          for c, s in missing[:BARS]], columns=["name", "share", "colour"])  # fmt: skip
    x = alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), title=said("share axis", language), axis=alt.Axis(format="%"))
    bars = alt.Chart(frame).mark_bar(height=11).encode(y=_rows(list(frame["name"])), x=x,
                                                       color=alt.Color("colour:N", scale=None, legend=None))
    rule = alt.Chart(pd.DataFrame({"limit": [limit]})).mark_rule(color="@soft@", strokeDash=[3, 3]).encode(x="limit:Q")
    title = said("t coverage", language, n=len(missing), name=_name(a, missing[0][0], language),
                 share=f"{100 * missing[0][1]:.0f} %")  # fmt: skip
    chart = (bars + rule).properties(width="container", height=alt.Step(19))
    return _drawing(chart, title, said("chart coverage", language), language, margin=215)


def _correlations(a: Audit, language: str) -> Drawing | None:
    """A grid of the root's parts and the index."""
    s = a.subject
    items = [*s.pillars, len(s.built.tree.items) - 1]
    if not 3 <= len(items) <= 16:
        return None
    r = correlation_matrix(s.scores[:, items], kind="pearson")
    names = [_name(a, s.built.tree.items[k], language, 22) for k in items]
    names[-1] = said("index", language)
    frame = pd.DataFrame([(names[i], names[j], r[i, j], f"{r[i, j]:.2f}".replace("-", "−")) for i in range(len(items))
                          for j in range(i)], columns=["name", "other", "r", "text"])  # fmt: skip
    frame["dark"] = np.where(frame["r"].abs() > 0.55, "#ffffff", "#1d1d1b")
    scale = alt.Scale(domain=[-1, 0, 1], range=["#d55e00", "#f4f1ea", "#0072b2"])
    axis = alt.Axis(labelAngle=-40, labelLimit=120, ticks=False, domain=False)
    x = alt.X("other:N", sort=names, title=None, axis=axis)
    base = alt.Chart(frame).encode(y=_rows(names[1:], limit=150), x=x)
    cells = base.mark_rect(stroke="@paper@", strokeWidth=2).encode(color=alt.Color("r:Q", scale=scale, legend=None))
    text = base.mark_text(fontSize=12).encode(text="text:N", color=alt.Color("dark:N", scale=None, legend=None))
    inner = r[:-1, :-1][np.triu_indices(len(items) - 1, 1)]
    low, high = (f"{v:.2f}".replace("-", "−") for v in (np.nanmin(inner), np.nanmax(inner)))
    chart = (cells + text).resolve_scale(color="independent").properties(width="container", height=alt.Step(28))
    title = said("t correlation" if low == high else "t correlations", language, low=low, high=high)
    return _drawing(chart, title, said("chart correlations", language), language, margin=165)


def _importance(a: Audit, language: str) -> Drawing | None:
    grid = a.chapter("importance").tables["weights"]
    root = a.built.tree.groups[-1].code
    at = {k: grid.columns.index(k) for k in ("item", "group", "weight", "importance")}
    rows = [(r[at["item"]], r[at["weight"]], r[at["importance"]]) for r in grid.rows
            if r[at["group"]] == root and r[at["importance"]] is not None]  # fmt: skip
    if len(rows) < 2:
        return None
    rows = rows[:SHOWN]
    frame = pd.DataFrame([(_name(a, c, language), w, i) for c, w, i in rows], columns=["name", "weight", "importance"])
    top = float(max(frame["weight"].max(), frame["importance"].max())) * 1.08
    x = alt.X("weight:Q", scale=alt.Scale(domain=[0, top], nice=False), title=said("share axis", language),
              axis=alt.Axis(format=".0%"))  # fmt: skip
    base = alt.Chart(frame).encode(y=_rows(list(frame["name"])), x=x)
    layers = (base.mark_rule(strokeWidth=2, color="@rest@").encode(x2="importance:Q")
              + base.mark_point(filled=False, size=90, strokeWidth=1.8, color="@ink@")
              + base.mark_point(filled=True, size=90, color="@focal@", opacity=1).encode(
                  x=alt.X("importance:Q", scale=alt.Scale(domain=[0, top], nice=False))))  # fmt: skip
    code, w, i = max(rows, key=lambda r: r[2] / max(r[1], 1e-9))
    title = said("t importance", language, name=_name(a, code, language), ratio=f"{i / max(w, 1e-9):.1f}")
    chart = layers.properties(width="container", height=alt.Step(25))
    return _drawing(chart, title, said("chart importance", language), language, margin=215)


def _compensation(a: Audit, language: str) -> Drawing | None:
    grid = a.chapter("compensation").tables["units"]
    rows = [(u, c) for u, c in zip(grid.column("unit"), grid.column("change"), strict=True) if c][:BARS]
    if not rows:
        return None
    frame = pd.DataFrame([(unit_name(a.built, u, language), c, "@rival@" if c > 0 else "@focal@") for u, c in rows],
                         columns=["name", "change", "colour"])  # fmt: skip
    x = alt.X("change:Q", title=said("chart compensation", language), axis=alt.Axis(tickMinStep=1, format="d"))
    bars = alt.Chart(frame).mark_bar(height=11).encode(y=_rows(list(frame["name"])), x=x,
                                                       color=alt.Color("colour:N", scale=None, legend=None))
    title = said("t compensation", language, name=str(frame["name"][0]), places=f"{abs(rows[0][1]):.0f}")
    chart = bars.properties(width="container", height=alt.Step(19))
    return _drawing(chart, title, said("compensation/units", language), language, margin=215)


def _intervals(a: Audit, language: str, units: int) -> Drawing | None:
    grid = a.chapter("robustness").tables["intervals"]
    rows = [r for r in grid.rows if r[1] is not None][:units]
    if not rows:
        return None
    frame = pd.DataFrame(rows, columns=list(grid.columns))
    frame["name"] = [unit_name(a.built, str(u), language) for u in frame["unit"]]
    top = float(frame["q95"].max()) + 1
    scale = alt.Scale(domain=[0.5, top], nice=False, zero=False)
    values = [v for v in (1, 3, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 150, 200) if v <= top]
    x = alt.X("q05:Q", scale=scale, title=said("rank axis", language),
              axis=alt.Axis(orient="top", values=values, format="d"))  # fmt: skip
    base = alt.Chart(frame).encode(y=_rows(list(frame["name"])))
    layers = (base.mark_rule(strokeWidth=2, color="@rest@").encode(x=x, x2="q95:Q")
              + base.mark_rule(strokeWidth=7, color="@rest@").encode(x=alt.X("q25:Q", scale=scale), x2="q75:Q")
              + base.mark_point(filled=True, size=50, color="@ink@", opacity=1).encode(x=alt.X("median:Q", scale=scale))
              + base.mark_point(filled=False, size=100, strokeWidth=1.6, color="@focal@").encode(
                  x=alt.X("nominal:Q", scale=scale)))  # fmt: skip
    whole = np.array([r[6] - r[2] for r in grid.rows if r[2] is not None and r[6] is not None])
    title = said("t intervals", language, width=f"{np.median(whole):.0f}")
    chart = layers.properties(width="container", height=alt.Step(19))
    return _drawing(chart, title, said("chart intervals", language), language, margin=215)


def _sensitivity(a: Audit, language: str) -> Drawing | None:
    grid = a.chapter("sensitivity").tables.get("indices")
    if grid is None:
        return None
    frame = pd.DataFrame(grid.rows, columns=list(grid.columns))
    top = float(max(frame["total_high"].max(), 0.1)) * 1.05
    x = alt.X("total:Q", scale=alt.Scale(domain=[0, top], nice=False), title=said("axis share of movement", language))
    frame["name"] = [labelled(a, "name", str(n), language) for n in frame["name"]]
    base = alt.Chart(frame).encode(y=_rows(list(frame["name"])), x=x)
    layers = (base.mark_bar(height=11, color="@focal@")
              + base.mark_rule(color="@ink@", strokeWidth=1.4).encode(
                  x=alt.X("total_low:Q", scale=alt.Scale(domain=[0, top], nice=False)), x2="total_high:Q"))  # fmt: skip
    title = said("t sensitivity", language, name=str(frame["name"][0]))
    chart = layers.properties(width="container", height=alt.Step(22))
    return _drawing(chart, title, said("chart sensitivity", language), language, margin=215)


def _added(a: Audit, language: str) -> Drawing | None:
    grid = a.chapter("added").tables.get("parts")
    if grid is None:
        return None
    rows = [r for r in grid.rows if r[2] is not None]
    rows = sorted(rows, key=lambda r: -r[2])[:BARS]
    if len(rows) < 2:
        return None
    names = [str(r[0]) if r[1] == "benchmark" else _name(a, r[0], language) for r in rows]
    frame = pd.DataFrame({"name": names, "r": [r[2] for r in rows],
                          "colour": ["@rival@" if r[1] == "benchmark" else "@focal@" for r in rows]})  # fmt: skip
    scale = alt.Scale(domain=[min(0.0, float(frame["r"].min())), 1], nice=False)
    x = alt.X("r:Q", scale=scale, title=said("chart added", language))
    bars = alt.Chart(frame).mark_bar(height=11).encode(y=_rows(names), x=x,
                                                       color=alt.Color("colour:N", scale=None, legend=None))
    rule = alt.Chart(pd.DataFrame({"limit": [a.thresholds.redundancy]})).mark_rule(
        color="@soft@", strokeDash=[3, 3]).encode(x="limit:Q")  # fmt: skip
    chart = (bars + rule).properties(width="container", height=alt.Step(22))
    title = said("t added", language, name=names[0])
    return _drawing(chart, title, said("chart added", language), language, margin=215)
