"""Charts as Vega-Lite specifications: each title is a finding, intervals are the figure, points the detail."""

from __future__ import annotations

import json
from typing import Any, cast

import altair as alt
import numpy as np
import pandas as pd

from podium.brief.story import Brief
from podium.brief.words import josa, name, percent
from podium.report.labels import label
from podium.report.tokens import DARK, FONTS, LIGHT

__all__ = ["coloured", "curve_chart", "fixed", "interval_chart", "scenario_chart", "svg", "themed"]

SHOWN = 15


def themed(spec: dict[str, Any], theme: str) -> dict[str, Any]:
    """Return a specification with its colour tokens as CSS variables (``css``), ``light`` or ``dark`` colours."""
    return cast("dict[str, Any]", json.loads(coloured(json.dumps(spec, ensure_ascii=False), theme)))


def coloured(text: str, theme: str) -> str:
    """Return a specification's JSON with its colour tokens as `themed` has them."""
    colours = {"light": LIGHT, "dark": DARK}.get(theme)
    for token in LIGHT:
        text = text.replace(f"@{token}@", f"var(--{token})" if colours is None else colours[token])
    return text


def svg(spec: dict[str, Any], *, theme: str = "css", width: int = 640) -> str:
    """Return a chart as static SVG of a width in pixels."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(fixed(spec, theme=theme, width=width)))


def fixed(spec: dict[str, Any], *, theme: str, width: int) -> dict[str, Any]:
    """Return a specification in the colours of a theme, of a width in pixels, ready to be drawn."""
    wide = f'"width": {width - spec["usermeta"]["margin"]}'
    text = coloured(json.dumps(spec, ensure_ascii=False), theme).replace('"width": "container"', wide)
    return cast("dict[str, Any]", json.loads(text))


def _finished(chart: Any, title: str, subtitle: str, *, margin: int) -> dict[str, Any]:
    """The chart with its words and the one style; `margin` is the width its labels take, in pixels."""
    styled = (
        chart.properties(
            title=alt.TitleParams(
                _wrapped(title), subtitle=_wrapped(subtitle, at=84), anchor="start", frame="bounds", offset=14
            )
        )
        .configure(background="transparent", font=FONTS)
        .configure_title(
            fontSize=16,
            fontWeight=600,
            color="@ink@",
            subtitleColor="@soft@",
            subtitleFontSize=12.5,
            subtitlePadding=6,
            lineHeight=20,
        )
        .configure_axis(
            labelColor="@soft@",
            titleColor="@soft@",
            gridColor="@line@",
            domainColor="@line@",
            tickColor="@line@",
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelLimit=220,
        )
        .configure_view(stroke=None)
        .configure_text(font=FONTS)
        .configure_header(labelColor="@soft@")
    )
    return cast("dict[str, Any]", styled.to_dict() | {"usermeta": {"margin": margin}})


def _wrapped(text: str, at: int = 64) -> list[str]:
    """Lines of at most so many columns and about equal length, broken at spaces; East Asian letters count double."""
    lines = _filled(text, at)
    if len(lines) > 1:  # no word stands alone on the last line
        at = next(w for w in range(at // len(lines), at + 1) if len(_filled(text, w)) <= len(lines))
    return _filled(text, at)


def _filled(text: str, at: int) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if line and sum(2 if c > "ᄀ" else 1 for c in longer) > at:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _colour(b: Brief, unit: str) -> str:
    return "@focal@" if unit == b.question.unit else "@rival@" if unit == b.question.rival else "@rest@"


def interval_chart(b: Brief, language: str) -> dict[str, Any]:
    """Rank intervals of the leading units, the focal one and its rival; 1 is at the left."""
    table = b.stress.intervals
    units = list(table.index[:SHOWN])
    units += [u for u in (b.question.unit, b.question.rival) if u and u not in units and u in table.index]
    rows = table.loc[units].reset_index(names="unit")
    rows["name"] = [name(u, language) for u in units]
    rows["colour"] = [_colour(b, u) for u in units]
    order = list(rows["name"])
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=8))
    top = float(rows["q95"].max()) + 1
    values = [v for v in (1, 3, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100) if v <= top]
    scale = alt.Scale(domain=[0.5, top], nice=False, zero=False)
    x = alt.X(
        "q05:Q", scale=scale, title=label("rank axis", language), axis=alt.Axis(orient="top", values=values, format="d")
    )
    base = alt.Chart(rows).encode(
        y=y,
        color=alt.Color("colour:N", scale=None, legend=None),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("nominal:Q", title=label("nominal", language), format=".0f"),
            alt.Tooltip("q05:Q", title="5 %", format=".0f"),
            alt.Tooltip("median:Q", title="50 %", format=".0f"),
            alt.Tooltip("q95:Q", title="95 %", format=".0f"),
        ],
    )
    goal = alt.Chart(
        pd.DataFrame({"k": [b.question.rank + 0.5], "text": [label("goal line", language, k=b.question.rank)]})
    )
    layers = (
        goal.mark_rule(color="@soft@", strokeDash=[3, 3]).encode(x=alt.X("k:Q", scale=scale))
        + base.mark_rule(strokeWidth=2).encode(x=x, x2="q95:Q")
        + base.mark_rule(strokeWidth=7).encode(x=alt.X("q25:Q", scale=scale), x2="q75:Q")
        + base.mark_point(filled=True, size=58, color="@paper@", stroke="@ink@", opacity=1).encode(
            x=alt.X("median:Q", scale=scale), color=alt.value("@ink@")
        )
        + base.mark_point(filled=False, size=110, strokeWidth=1.6).encode(x=alt.X("nominal:Q", scale=scale))
    )
    q05, q95 = (round(float(table[q].to_dict()[b.question.unit])) for q in ("q05", "q95"))
    who = name(b.question.unit, language)
    reach = percent(b.stress.share_at_most(b.question.unit, b.question.rank).value)
    title = {
        "en": f"{who} ranks {q05} to {q95}, and is among the first {b.question.rank} in {reach} of the variants",
        "ko": f"{josa(who, '은/는')} {q05}~{q95}위, {b.question.rank}위 안에 드는 변형은 {reach}",
        "ja": f"{who}は{q05}~{q95}位、{b.question.rank}位以内に入る変形は{reach}",
    }[language]
    chart = layers.properties(width="container", height=alt.Step(25))
    return _finished(chart, title, label("interval legend", language), margin=115)


def scenario_chart(b: Brief, language: str) -> dict[str, Any] | None:
    """Scores before and after each scenario, of the focal unit and its rival; None without a scenario."""
    if b.whatif is None or not b.whatif.rows:
        return None
    rows = []
    for row in b.whatif.rows:
        for u in (b.question.unit, b.question.rival):
            if u and u in row.after:
                before, after, (low, _, high) = row.before[u].score, row.after[u].score, row.lift[u]
                rows.append(
                    {
                        "row": label(row.name, language),
                        "unit": name(u, language),
                        "before": before,
                        "after": after,
                        "low": before + low,
                        "high": before + high,
                        "colour": _colour(b, u),
                        "gain": after - before,
                    }
                )
    frame = pd.DataFrame(rows)
    order = [label(r.name, language) for r in b.whatif.rows]
    low, high = (
        float(min(frame["before"].min(), frame["low"].min())),
        float(max(frame["after"].max(), frame["high"].max())),
    )
    pad = (high - low) * 0.12
    scale = alt.Scale(domain=[low - pad, high + pad], nice=False, zero=False)
    y = alt.Y(
        "row:N",
        sort=order,
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelPadding=8, labelLimit=130, labelExpr="split(datum.label, ': ')"),
    )
    base = alt.Chart(frame).encode(
        y=y,
        color=alt.Color("colour:N", scale=None, legend=None),
        yOffset=alt.YOffset("unit:N"),
        tooltip=[
            alt.Tooltip("unit:N", title=" "),
            alt.Tooltip("before:Q", title=label("before", language), format=".1f"),
            alt.Tooltip("after:Q", title=label("after", language), format=".2f"),
        ],
    )
    x = alt.X("low:Q", scale=scale, title=label("score axis", language))
    labels = alt.Chart(frame[frame["row"] == order[0]]).encode(
        y=y, yOffset=alt.YOffset("unit:N"), color=alt.Color("colour:N", scale=None)
    )
    layers = (
        base.mark_rule(strokeWidth=3, opacity=0.55).encode(x=x, x2="high:Q")
        + base.mark_point(filled=False, size=90, strokeWidth=1.6).encode(x=alt.X("before:Q", scale=scale))
        + base.mark_point(filled=True, size=60, opacity=1).encode(x=alt.X("after:Q", scale=scale))
        + labels.mark_text(align="left", dx=0, dy=-13, fontSize=12, fontWeight=600).encode(
            x=alt.X("before:Q", scale=scale), text="unit:N"
        )
    )
    chart = layers.properties(width="container", height=alt.Step(34))
    return _finished(chart, _scenario_title(b, language), label("scenario legend", language), margin=150)


def _scenario_title(b: Brief, language: str) -> str:
    w = b.whatif
    deal = w.row("this deal") if w else None
    mover = next((u for u, (_, _, high) in deal.lift.items() if high > 0), None) if deal else None
    if deal is None or mover is None:
        return label("scenario", language)
    _, middle, _ = deal.lift[mover]
    who = name(mover, language)
    gap = deal.gap_before
    if gap is None:
        return {
            "en": f"What is announced lifts {who} by {middle:.2f} points",
            "ko": f"이번 발표로 {who}의 점수는 {middle:.2f}점 오른다",
            "ja": f"今回の発表で{who}の点は{middle:.2f}点上がる",
        }[language]
    return {
        "en": f"What is announced lifts {who} by {middle:.2f} points; the gap is {abs(gap[1]):.1f}",
        "ko": f"이번 발표로 {who}의 점수는 {middle:.2f}점 오르고, 격차는 {abs(gap[1]):.1f}점이다",
        "ja": f"今回の発表で{who}の点は{middle:.2f}点上がるが、差は{abs(gap[1]):.1f}点ある",
    }[language]


def curve_chart(b: Brief, language: str) -> dict[str, Any] | None:
    """The specification curve: the focal unit's rank under every combination of choices, with the choices below."""
    choices = b.built.spec.uncertainties.choices
    if not choices:
        return None
    spec, unit = b.built.spec, b.question.unit
    curve = b.stress.curve
    curve = curve.sort_values([unit, *(c.name for c in choices)], kind="stable").reset_index(drop=True)
    curve["at"] = np.arange(len(curve))
    curve["rank"] = curve[unit].astype(int)
    curve["hit"] = np.where(curve["rank"] <= b.question.rank, "@focal@", "@rest@")
    worst = int(curve["rank"].max())
    x = alt.X("at:Q", title=None, axis=None, scale=alt.Scale(domain=[-1, len(curve)], nice=False))
    top = (
        alt.Chart(curve)
        .mark_tick(thickness=5, orient="horizontal", size=4)
        .encode(
            x=x,
            y=alt.Y(
                "rank:Q",
                title=label("rank", language),
                scale=alt.Scale(domain=[worst + 0.5, 0.5], nice=False),
                axis=alt.Axis(values=sorted({1, b.question.rank, worst}), format="d", grid=True),
            ),
            color=alt.Color("hit:N", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("rank:Q", title=label("rank", language)),
                *(alt.Tooltip(f"{c.name}:N", title=spec.word(c.name, language)) for c in choices),
            ],
        )
        .properties(width="container", height=110)
    )
    marks = []
    for c in choices:
        for option in c.options:
            for at, hit in zip(
                curve.loc[curve[c.name] == option, "at"], curve.loc[curve[c.name] == option, "hit"], strict=True
            ):
                marks.append(
                    {"at": at, "option": f"{spec.word(c.name, language)}: {spec.word(option, language)}", "hit": hit}
                )
    order = [f"{spec.word(c.name, language)}: {spec.word(o, language)}" for c in choices for o in c.options]
    below = (
        alt.Chart(pd.DataFrame(marks))
        .mark_tick(thickness=3, orient="vertical", size=9)
        .encode(
            x=alt.X(
                "at:Q",
                title=label("variant axis", language),
                axis=alt.Axis(labels=False, ticks=False, domain=False, grid=False),
                scale=alt.Scale(domain=[-1, len(curve)], nice=False),
            ),
            y=alt.Y(
                "option:N",
                sort=order,
                title=None,
                axis=alt.Axis(ticks=False, domain=False, labelFontSize=11, labelLimit=170),
            ),
            color=alt.Color("hit:N", scale=None, legend=None),
        )
        .properties(width="container", height=alt.Step(14))
    )
    hits = float((curve["rank"] <= b.question.rank).mean())
    who = name(unit, language)
    title = {
        "en": f"{who} reaches rank {b.question.rank} in {percent(hits)} of the {len(curve)} combinations of choices",
        "ko": f"선택의 조합 {len(curve)}가지 가운데 {percent(hits)}에서 {josa(who, '이/가')} {b.question.rank}위 안에 든다",
        "ja": f"選択の組み合わせ{len(curve)}通りのうち{percent(hits)}で{who}が{b.question.rank}位以内に入る",
    }[language]
    return _finished(alt.vconcat(top, below, spacing=6), title, label("curve legend", language), margin=190)
