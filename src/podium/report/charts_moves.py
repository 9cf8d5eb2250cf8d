"""Charts of rank moves: slopes between two editions, waterfall and parts of one move, ranks over editions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from podium.compare.firmness import Firmness
from podium.compare.moves import Moves
from podium.index.build import Built
from podium.report.charts import _finished
from podium.report.terminal_compare import edition_of, part_label, said

__all__ = ["bar_chart", "bump_chart", "slope_chart", "waterfall_chart"]

SHOWN = 15
STEPS = 8


def slope_chart(
    m: Moves, *, units: Sequence[str] = (), firm: Firmness | None = None, first: int = SHOWN
) -> dict[str, Any]:
    """Ranks before and after of the leading units and those named, one line each; rank 1 on top."""
    table = m.table
    wanted = list(dict.fromkeys([*table.index[:first], *units]))
    rows = []
    for unit in wanted:
        old, new = (float(table.loc[unit, c]) for c in ("old_rank", "new_rank"))
        bold = unit in units or (not units and firm is not None and firm.says(unit) == "firm")
        colour = "@focal@" if bold and new <= old else "@rival@" if bold else "@rest@"
        for side, rank in ((edition_of(m.old), old), (edition_of(m.new), new)):
            rows.append({"unit": said(unit), "side": side, "rank": rank, "colour": colour, "width": 3 if bold else 1.3,
                         "text": f"{said(unit)}  {rank:g}", "right": f"{rank:g}  {said(unit)}"})  # fmt: skip
    frame = pd.DataFrame(rows)
    frame["lift"] = frame.groupby(["side", "rank"]).cumcount() * 0.42  # names of tied units under each other
    order = [edition_of(m.old), edition_of(m.new)]
    x = alt.X("side:N", sort=order, title=None, scale=alt.Scale(padding=0.15),
              axis=alt.Axis(orient="top", domain=False, ticks=False, labelAngle=0, labelFontSize=13))  # fmt: skip
    worst = float(frame["rank"].max())
    scale = alt.Scale(domain=[worst + 0.7, 0.4], nice=False, zero=False)
    base = alt.Chart(frame).encode(x=x, color=alt.Color("colour:N", scale=None))
    y = alt.Y("rank:Q", scale=scale, axis=None)
    shifted = alt.Y("at:Q", scale=scale, axis=None)
    frame["at"] = frame["rank"] + frame["lift"]
    lines = base.mark_line().encode(y=y, detail="unit:N", strokeWidth=alt.StrokeWidth("width:Q", scale=None))
    dots = base.mark_point(filled=True, size=46, opacity=1).encode(y=y)
    ink = alt.Color("ink:N", scale=None)
    frame["ink"] = np.where(frame["width"] > 2, frame["colour"], "@ink@")
    names = alt.Chart(frame).encode(x=x, y=shifted, color=ink)
    left = names.transform_filter(alt.datum.side == order[0]).mark_text(align="right", dx=-10).encode(text="text:N")
    right = names.transform_filter(alt.datum.side == order[1]).mark_text(align="left", dx=10).encode(text="right:N")
    chart = (lines + dots + left + right).properties(width="container", height=max(24 * len(wanted), 22 * int(worst)))
    moved = int((m.new_ranks != m.old_ranks).sum())
    told = f"{moved} of {len(m.units)} units changed rank between {order[0]} and {order[1]}"
    if firm is not None:
        told += f"; {int(firm.firm.sum())} moves exceed the uncertainties"
    elif len(units) == 1:
        told = _move_title(m, units[0])
    sub = f"{m.new.spec.label()}: rank of the first {first} of {order[1]}"
    sub += " and of those named" if units else "; coloured: firm moves" if firm is not None else ""
    return _finished(chart, told, sub, margin=20)


def _move_title(m: Moves, unit: str) -> str:
    k = m.units.index(unit)
    old, new = m.old_ranks[k], m.new_ranks[k]
    points = m.new_scores[k] - m.old_scores[k]
    word = "rises from" if new < old else "falls from" if new > old else "stays"
    where = f"{word} {old:g} to {new:g}" if new != old else f"stays at rank {new:g}"
    told = f"{said(unit)} {where} ({points:+.2g} points)"
    if not m.parts or new == old:
        return told
    best = int(np.argmax((m.ranks[:, k]) * np.sign(new - old)))
    places = "a place" if round(abs(m.ranks[best, k]), 1) == 1 else f"{abs(m.ranks[best, k]):.1f} places"
    return f"{told}; {part_label(m.parts[best], m.new, m.old)} {'gains' if new < old else 'costs'} it {places}"


def _steps(m: Moves, unit: str, most: int) -> pd.DataFrame:
    """The largest parts of one unit's move and the sum of the others: label, score, rank."""
    labels = {(p.name, p.kind): part_label(p, m.new, m.old) for p in m.parts}
    rows = m.of(unit)
    rows = rows[(rows["score"].abs() > 1e-12) | (rows["rank"].abs() > 1e-12)]
    frame = pd.DataFrame({
        "label": [labels[a, b] for a, b in zip(rows["part"], rows["kind"], strict=True)],
        "score": rows["score"].to_numpy(), "rank": rows["rank"].to_numpy(),
    })  # fmt: skip
    if len(frame) > most + 1:
        rest = frame.iloc[most:]
        told = pd.DataFrame({"label": [f"{len(rest)} smaller parts"], "score": [rest["score"].sum()],
                             "rank": [rest["rank"].sum()]})  # fmt: skip
        frame = pd.concat([frame.iloc[:most], told], ignore_index=True)
    return frame


def waterfall_chart(m: Moves, unit: str) -> dict[str, Any]:
    """One unit's score from the old edition to the new, part by part, the largest first."""
    k = m.units.index(unit)
    steps = _steps(m, unit, STEPS)
    ends = [m.old_scores[k], *(m.old_scores[k] + steps["score"].cumsum())]
    rows = [{"label": edition_of(m.old), "start": np.nan, "end": ends[0], "colour": "@ink@", "text": f"{ends[0]:.2f}"}]
    for n, (label, points) in enumerate(zip(steps["label"], steps["score"], strict=True)):
        rows.append({"label": label, "start": ends[n], "end": ends[n + 1], "text": f"{points:+.2f}",
                     "colour": "@focal@" if points >= 0 else "@rival@"})  # fmt: skip
    rows.append({"label": edition_of(m.new), "start": np.nan, "end": m.new_scores[k], "colour": "@ink@",
                 "text": f"{m.new_scores[k]:.2f}"})  # fmt: skip
    frame = pd.DataFrame(rows)
    frame["side"] = np.fmax(frame["start"], frame["end"])
    span = float(frame["side"].max() - np.fmin(frame["start"], frame["end"]).min()) or 1.0
    scale = alt.Scale(domain=[float(np.fmin(frame["start"], frame["end"]).min()) - 0.08 * span,
                              float(frame["side"].max()) + 0.18 * span], nice=False, zero=False)  # fmt: skip
    plain = alt.Axis(ticks=False, domain=False, labelPadding=8)
    y = alt.Y("label:N", sort=list(frame["label"]), title=None, axis=plain)
    base = alt.Chart(frame).encode(y=y)
    parts = frame.dropna(subset=["start"])
    bars = alt.Chart(parts).mark_bar(height=13).encode(
        y=y, x=alt.X("start:Q", scale=scale, title="score", axis=alt.Axis(grid=True, tickCount=6)), x2="end:Q",
        color=alt.Color("colour:N", scale=None),
    )  # fmt: skip
    totals = base.transform_filter("!isValid(datum.start)").mark_point(filled=True, size=90, opacity=1).encode(
        x=alt.X("end:Q", scale=scale), color=alt.value("@ink@")
    )  # fmt: skip
    text = base.mark_text(align="left", dx=7).encode(x=alt.X("side:Q", scale=scale), text="text:N",
                                                    color=alt.Color("colour:N", scale=None))  # fmt: skip
    chart = (bars + totals + text).properties(width="container", height=alt.Step(24))
    sub = f"{m.new.spec.label()}: score {edition_of(m.old)} to {edition_of(m.new)}; parts add up exactly (accounting)"
    return _finished(chart, _move_title(m, unit), sub, margin=225)


def bar_chart(m: Moves, unit: str) -> dict[str, Any]:
    """The parts of one unit's move in points (left) and in places (right)."""
    steps = _steps(m, unit, 2 * STEPS)
    rows = pd.concat([
        steps.assign(value=steps["score"], what="points", good=steps["score"] >= 0),
        steps.assign(value=-steps["rank"], what="places won", good=steps["rank"] <= 0),
    ])  # fmt: skip
    rows["colour"] = np.where(rows["good"], "@focal@", "@rival@")
    plain = alt.Axis(ticks=False, domain=False, labelPadding=8)
    y = alt.Y("label:N", sort=list(steps["label"]), title=None, axis=plain)
    panes = []
    for n, what in enumerate(("points", "places won")):
        shown = y if n == 0 else alt.Y("label:N", sort=list(steps["label"]), title=None, axis=None)
        bars = alt.Chart(rows[rows["what"] == what]).mark_bar(height=11).encode(
            y=shown, x=alt.X("value:Q", title=what, axis=alt.Axis(tickCount=4)), color=alt.Color("colour:N", scale=None)
        )  # fmt: skip
        panes.append(bars.properties(width=210, height=alt.Step(21)))
    sub = f"{m.new.spec.label()}, {edition_of(m.old)} to {edition_of(m.new)}; both columns add up to the change"
    return _finished(alt.hconcat(*panes, spacing=24), _move_title(m, unit), sub, margin=225)


def bump_chart(
    builts: Mapping[str, Built], *, units: Sequence[str], intervals: Mapping[str, pd.DataFrame] | None = None,
    first: int = 10,
) -> dict[str, Any]:
    """Ranks over editions, in order, rank 1 on top; the units named in colour with the interval of their rank.

    `intervals` holds for each edition ``q05`` and ``q95`` by unit, as `Stress.intervals` has them.
    """
    names = list(builts)
    last = builts[names[-1]]
    wanted = list(dict.fromkeys([*last.ranks.index[:first], *units]))
    rows = []
    for when, built in builts.items():
        for unit in wanted:
            if unit not in built.units:
                continue
            row = {"edition": when, "unit": said(unit), "rank": built.rank_of(unit), "named": unit in units,
                   "colour": _accent(unit, units), "low": np.nan, "high": np.nan}  # fmt: skip
            if intervals is not None and unit in units and unit in intervals[when].index:
                held = intervals[when].loc[unit].to_dict()
                row |= {"low": float(held["q05"]), "high": float(held["q95"])}
            rows.append(row)
    frame = pd.DataFrame(rows)
    frame["ink"] = np.where(frame["named"], frame["colour"], "@soft@")
    worst = float(np.nanmax(frame[["rank", "high"]].to_numpy()))
    scale = alt.Scale(domain=[worst + 0.7, 0.3], nice=False, zero=False)
    x = alt.X("edition:N", sort=names, title=None, scale=alt.Scale(padding=0.3),
              axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False, labelFontSize=13))  # fmt: skip
    values = [v for v in (1, 3, 5, 10, 15, 20, 30, 40, 60, 80, 100, 150) if v <= worst]
    y = alt.Y("rank:Q", scale=scale, title="rank", axis=alt.Axis(values=values, format="d", grid=False))
    base = alt.Chart(frame).encode(x=x, color=alt.Color("colour:N", scale=None))
    named = base.transform_filter("datum.named")
    layers = [
        base.transform_filter("!datum.named").mark_line(strokeWidth=1.2).encode(y=y, detail="unit:N"),
        named.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=9, opacity=0.25).encode(
            y=alt.Y("low:Q", scale=scale), y2="high:Q"),
        named.mark_line(strokeWidth=3).encode(y=y, detail="unit:N"),
        base.mark_point(filled=True, size=44, opacity=1).encode(y=y),
        base.transform_filter(alt.datum.edition == names[-1]).mark_text(align="left", dx=10).encode(
            y=y, text="unit:N", color=alt.Color("ink:N", scale=None)),
    ]  # fmt: skip
    layers = layers if intervals is not None else [layers[0], *layers[2:]]
    chart = alt.layer(*layers).properties(width="container", height=max(340, 15 * int(worst)))
    told = "; ".join(_path(builts, u) for u in units[:2]) or f"The first {first} of {names[-1]} since {names[0]}"
    sub = f"{last.spec.label()}: rank by edition" + ("; bars: 5–95 % over all admissible choices" if intervals else "")
    return _finished(chart, told, sub, margin=150)


def _accent(unit: str, units: Sequence[str]) -> str:
    return "@rest@" if unit not in units else "@focal@" if unit == units[0] else "@rival@"


def _path(builts: Mapping[str, Built], unit: str) -> str:
    ranks = [f"{b.rank_of(unit):g}" for b in builts.values() if unit in b.units]
    if len(set(ranks)) == 1:
        return f"{said(unit)} stays at rank {ranks[0]}"
    return f"{said(unit)}: {'→'.join(ranks)}"
