"""The chart of a break-even: how much would put the one behind ahead, in how many variants."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from podium.brief.story import Brief
from podium.brief.words import figure_text, name, percent
from podium.report.charts import _finished
from podium.report.labels import label

__all__ = ["enough_chart"]


def enough_chart(b: Brief, language: str) -> dict[str, Any] | None:
    """The share of the variants in which the chaser is ahead against how much it adds; None where nothing is counted.

    The axis is linear in the logarithm of 1 + amount.
    """
    found = b.whatif.enough if b.whatif else None
    w = b.whatif
    if found is None or len(found.curve) < 2 or w is None or w.chaser is None or w.over is None:
        return None
    frame = pd.DataFrame(found.curve, columns=["amount", "share"]).assign(x=lambda f: np.log10(1 + f["amount"]))
    most = float(frame["x"].max())
    axis = alt.Axis(values=list(range(int(most) + 1)), labelExpr="format(pow(10, datum.value), ',')", grid=False)
    x = alt.X("x:Q", title=found.what, axis=axis, scale=alt.Scale(domain=[0, most], nice=False))
    y = alt.Y("share:Q", title=label("variants", language), axis=alt.Axis(format=".0%"),
              scale=alt.Scale(domain=[0, 1], nice=False))  # fmt: skip
    line = alt.Chart(frame).mark_line(strokeWidth=2.4, color="@rival@", point=True).encode(
        x=x, y=y, tooltip=[alt.Tooltip("amount:Q", format=",.0f"), alt.Tooltip("share:Q", format=".1%")]
    )  # fmt: skip
    wanted = alt.Chart(pd.DataFrame({"share": [found.wanted]})).mark_rule(strokeDash=[3, 3], color="@soft@")
    chart = (wanted.encode(y="share:Q") + line).properties(width="container", height=200)
    rival, unit = name(w.chaser, language), name(w.over, language)
    enough = None if found.count is None else figure_text(found.count)
    title = {
        "en": f"No number puts {rival} ahead of {unit} in {percent(found.wanted)} of the variants: at most {percent(found.best.value)}"
        if enough is None else f"{enough} would put {rival} ahead of {unit} in {percent(found.wanted)} of the variants",
        "ko": f"아무리 많아도 허용된 방법의 {percent(found.wanted)}에서 {rival} 순위가 {unit}보다 높아지지는 않습니다. 최대 {percent(found.best.value)}"
        if enough is None else f"{enough}이면 허용된 방법의 {percent(found.wanted)}에서 {rival} 순위가 {unit}보다 높아집니다",
        "ja": f"いくら増えても認められる方法の{percent(found.wanted)}で{rival}が{unit}を上回ることはありません。最大{percent(found.best.value)}"
        if enough is None else f"{enough}あれば認められる方法の{percent(found.wanted)}で{rival}が{unit}を上回ります",
    }[language]  # fmt: skip
    return _finished(chart, title, label("enough", language, rival=rival, what=found.what), margin=70)
