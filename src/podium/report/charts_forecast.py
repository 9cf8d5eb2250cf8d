"""Charts of forecasts: the fan of a unit's rank by year, whether intervals kept their word, what closes a gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from podium.brief.words import percent
from podium.data.dataset import Array
from podium.report.charts import _finished
from podium.report.terminal_compare import said
from podium.scenarios.backtest import Backtest
from podium.scenarios.forecast import Forecast

__all__ = ["break_even_chart", "calibration_chart", "fan_chart"]

LEVELS = tuple(np.round(np.arange(0.1, 1.0, 0.1), 1))


def fan_chart(f: Forecast, *, units: Sequence[str], rank: int) -> dict[str, Any]:
    """Each unit's rank now and in the coming years: median, 25–75 % and 5–95 %, rank 1 on top."""
    now = f.built.spec.edition_name or "now"
    names = [now, *f.names]
    q = f.quantiles((0.05, 0.25, 0.5, 0.75, 0.95))
    rows = []
    for n, unit in enumerate(units):
        k = f.built.units.index(unit)
        here = f.built.rank_of(unit)
        values = [[here] * 5, *(list(q[:, t, k]) for t in range(len(f.names)))]
        for name, (a, b, c, d, e) in zip(names, values, strict=True):
            rows.append({"unit": said(unit), "year": name, "q05": a, "q25": b, "median": c, "q75": d, "q95": e,
                         "colour": "@focal@" if n == 0 else "@rival@" if n == 1 else "@rest@"})  # fmt: skip
    frame = pd.DataFrame(rows)
    worst = float(frame["q95"].max())
    scale = alt.Scale(domain=[worst + 0.6, 0.4], nice=False, zero=False)
    x = alt.X("year:O", sort=names, title=None, axis=alt.Axis(labelAngle=0, orient="top", domain=False, ticks=False),
              scale=alt.Scale(padding=0.25))  # fmt: skip
    ticks = [v for v in (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 80) if v <= worst]
    y = alt.Axis(values=ticks, format="d", grid=False)
    base = alt.Chart(frame).encode(x=x, color=alt.Color("colour:N", scale=None))

    def band(low: str, high: str, opacity: float) -> Any:
        return base.mark_area(opacity=opacity).encode(
            y=alt.Y(f"{low}:Q", scale=scale, title="rank", axis=y), y2=f"{high}:Q", detail="unit:N", fill="colour:N"
        )  # fmt: skip

    line = base.mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=50, filled=True)).encode(
        y=alt.Y("median:Q", scale=scale), detail="unit:N"
    )  # fmt: skip
    names_ = base.transform_filter(alt.datum.year == names[-1]).mark_text(align="left", dx=12, fontWeight=600).encode(
        y=alt.Y("median:Q", scale=scale), text="unit:N"
    )  # fmt: skip
    fills = [band("q05", "q95", 0.14).encode(fill=alt.Fill("colour:N", scale=None)),
             band("q25", "q75", 0.22).encode(fill=alt.Fill("colour:N", scale=None))]  # fmt: skip
    chart = alt.layer(*fills, line, names_).properties(width="container", height=max(280, 18 * int(worst)))
    first = units[0]
    chance = f.probability(first, rank)[-1]
    told = f"{said(first)} is {rank}{_ordinal(rank)} or better in {f.names[-1]} with probability {_probability(chance)}"
    sub = f"{f.built.spec.label()}: median rank, 25–75 % and 5–95 %, if every series goes on as it has"
    return _finished(chart, told, sub, margin=150)


def _ordinal(k: int) -> str:
    return "th" if 10 <= k % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(k % 10, "th")


def _probability(p: float) -> str:
    return "near 0" if p < 0.005 else "near 1" if p > 0.995 else f"{p:.2f}"


def calibration_chart(tested: Backtest, *, title: str) -> dict[str, Any]:
    """Nominal against actual coverage of central intervals in the back-test; on the diagonal they keep their word."""
    frame = tested.calibration(LEVELS)
    colours = {"as chosen at the time": "@focal@", "drift everywhere": "@rival@", "no change everywhere": "@rest@"}
    frame["colour"] = frame["kind"].map(colours)
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    base = alt.Chart(frame).encode(
        x=alt.X("nominal:Q", scale=scale, title="interval says", axis=axis),
        y=alt.Y("actual:Q", scale=scale, title="what came lies within", axis=axis),
        color=alt.Color("colour:N", scale=None), detail="kind:N",
    )  # fmt: skip
    ends = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]})
    even = alt.Chart(ends).mark_line(strokeDash=[3, 3], color="@soft@").encode(
        x=alt.X("x:Q", scale=scale), y=alt.Y("y:Q", scale=scale)
    )  # fmt: skip
    at = {"as chosen at the time": 0.3, "drift everywhere": 0.5, "no change everywhere": 0.7}
    labels = frame[np.isclose(frame["nominal"], frame["kind"].map(at))]
    names = alt.Chart(labels).mark_text(align="left", dx=9, dy=12).encode(
        x=alt.X("nominal:Q", scale=scale), y=alt.Y("actual:Q", scale=scale), text="kind:N",
        color=alt.Color("colour:N", scale=None),
    )  # fmt: skip
    chart = (even + base.mark_line(strokeWidth=2.2, point=True) + names).properties(width="container", height=380)
    row = tested.overall.to_dict("index")["as chosen at the time"]
    told = f"90 % intervals held {percent(row['cover90'])} of what came, 50 % intervals {percent(row['cover50'])}"
    sub = f"{title}: {row['cases']:,.0f} hidden figures, origins {min(tested.origins)} to {max(tested.origins)}"
    return _finished(chart, told, sub, margin=80)


def break_even_chart(
    curves: pd.DataFrame, *, focal: str, rival: str, what: str, marks: Sequence[tuple[float, str]] = ()
) -> dict[str, Any]:
    """The rival's lead over the focal unit against how much it adds, one line for each option; level at 0.

    `curves` has ``amount`` (at least 0), ``lead`` (points) and ``option``; `marks` are amounts worth naming, such as an
    announced deal. The axis is linear in the logarithm of 1 + amount.
    """
    frame = curves.assign(x=np.log10(1 + curves["amount"]))
    most = float(frame["x"].max())
    low, high = float(frame["lead"].min()), float(max(frame["lead"].max(), 0))
    pad = 0.1 * (high - low or 1.0)
    y = alt.Y("lead:Q", title=f"lead of {said(rival)} over {said(focal)}, points",
              scale=alt.Scale(domain=[low - pad, high + pad], nice=False))  # fmt: skip
    powers = [0.0, *(10.0**k for k in range(int(most) + 1) if most < 4 or k % 2 == 0 or k == int(most))]
    axis = alt.Axis(values=[float(np.log10(1 + p)) for p in powers], grid=False,
                    labelExpr="format(pow(10, datum.value) - 1, ',.0f')")  # fmt: skip
    x = alt.X("x:Q", title=f"{what} added", axis=axis, scale=alt.Scale(domain=[0, most], nice=False))
    options = list(dict.fromkeys(frame["option"]))
    frame["colour"] = ["@focal@" if o == options[0] else "@rest@" for o in frame["option"]]
    base = alt.Chart(frame).encode(x=x, y=y, color=alt.Color("colour:N", scale=None), detail="option:N")
    ends = frame[frame["x"] == most].assign(lead=lambda f: _apart(f["lead"].to_numpy(), 0.055 * (high - low + 2 * pad)))
    level = alt.Chart(pd.DataFrame({"lead": [0.0]})).mark_rule(strokeDash=[3, 3], color="@soft@").encode(y="lead:Q")
    layers = [level, base.mark_line(strokeWidth=2.2),
              alt.Chart(ends).mark_text(align="left", dx=6).encode(x="x:Q", y="lead:Q", text="option:N",
                                                                  color=alt.Color("colour:N", scale=None))]  # fmt: skip
    if marks:
        told = pd.DataFrame([{"x": np.log10(1 + a), "text": t} for a, t in marks])
        layers += [alt.Chart(told).mark_rule(color="@rival@").encode(x="x:Q"),
                   alt.Chart(told).mark_text(align="left", dx=5, color="@rival@").encode(
                       x="x:Q", text="text:N", y=alt.value(12))]  # fmt: skip
    crossed = {o: _first(frame[frame["option"] == o]) for o in options}
    own, ways = crossed[options[0]], sum(a is not None for a in crossed.values())
    finding = (f"No number of {what} up to {10**most - 1:,.0f} lets {said(rival)} pass {said(focal)}" if own is None
               else f"{said(rival)} is ahead of {said(focal)} already" if own <= 0
               else f"{said(rival)} passes {said(focal)} from {own:,.4g} {what}" if own < 1000
               else f"{said(rival)} passes {said(focal)} from {own:,.0f} {what}")  # fmt: skip
    sub = f"lead in points by how much is added; logarithmic axis; passes in {ways} of {len(options)} ways to count"
    return _finished(alt.layer(*layers).properties(width="container", height=320), finding, sub, margin=190)


def _apart(at: Array, least: float) -> Array:
    """Places for labels, as near to where they belong as they can be without touching."""
    out = np.array(at, dtype=float)
    order = np.argsort(out, kind="stable")
    for _ in range(200):
        gaps = np.diff(out[order])
        tight = np.flatnonzero(gaps < least - 1e-12)
        if not len(tight):
            break
        for k in tight:
            push = (least - (out[order[k + 1]] - out[order[k]])) / 2
            if push > 0:
                out[order[k]] -= push
                out[order[k + 1]] += push
    return out


def _first(rows: pd.DataFrame) -> float | None:
    """The least amount at which the lead is above 0, between the amounts given."""
    rows = rows.sort_values("amount")
    ahead = np.flatnonzero(rows["lead"].to_numpy() > 0)
    if not len(ahead):
        return None
    k = int(ahead[0])
    a, lead = rows["amount"].to_numpy(), rows["lead"].to_numpy()
    return float(a[0] if k == 0 else a[k - 1] + (a[k] - a[k - 1]) * -lead[k - 1] / (lead[k] - lead[k - 1]))
