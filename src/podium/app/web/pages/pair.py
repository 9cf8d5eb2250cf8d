"""Two countries head to head: the gap by indicator, who is ahead how often, what flips them."""

from __future__ import annotations

from typing import Any

from podium.app.web.ask import Ask
from podium.app.web.figures import Chart, Column, Table
from podium.compare.gap import split_gap
from podium.errors import DataError
from podium.index.profile import find_unit
from podium.report.charts_parts import gap_chart
from podium.report.charts_standing import standing_chart

__all__ = ["depth", "pair", "the_two"]


def the_two(ask: Ask) -> tuple[str, str]:
    """The two units asked for; by default the first two of the ranking."""
    units = [ask.standing.units[k] for k in ask.standing.order]
    a = find_unit(ask.built, ask.params["a"]) if ask.params.get("a") else units[0]
    b = find_unit(ask.built, ask.params["b"]) if ask.params.get("b") else next(u for u in units if u != a)
    return a, b


def pair(ask: Ask) -> dict[str, Any]:
    """The values of the page of two units.

    Raises
    ------
    DataError
        If a unit is not in the index.
    """
    from podium.app.web.pages.ranking import ranking_rows

    a, b = the_two(ask)
    rows = {r["unit"]: r for r in ranking_rows(ask)}
    order = [ask.standing.units[k] for k in ask.standing.order]
    choices = sorted(((u, ask.name(u)) for u in order), key=lambda pair: pair[1])
    charts = {"ranks": _ranks(ask, [rows[u] for u in (a, b) if u in rows])}
    said = ""
    try:
        gap = split_gap(ask.built, a, b)
        charts["gap"] = _gap(ask, gap, a, b)
        stood_in = [(ask.name(u), [ask.item(c) for c in codes]) for u, codes in zip((a, b), gap.stood_in, strict=True)]
    except DataError as error:
        said, stood_in = error.faults[0].message, []
    return {
        "charts": charts,
        "a": a,
        "b": b,
        "name_a": ask.name(a),
        "name_b": ask.name(b),
        "choices": choices,
        "rows": rows,
        "finding": _finding(ask, a, b),
        "unsplit": said,
        "stood_in": [s for s in stood_in if s[1]],
    }


def _finding(ask: Ask, a: str, b: str) -> str:
    _, built = ask.words, ask.built
    gap = built.score_of(a) - built.score_of(b)
    ahead, behind = (a, b) if gap >= 0 else (b, a)
    if a == b or gap == 0:
        return _("{a} and {b} stand level", a=ask.name(a), b=ask.name(b))
    return _(
        "{a} is {gap} points ahead of {b}",
        a=_.josa(ask.name(ahead), "이/가"),
        gap=_.number(abs(gap), 2),
        b=ask.name(behind),
    )


def _gap(ask: Ask, gap: Any, a: str, b: str) -> Chart:
    _ = ask.words
    rows = [
        {"item": code, "name": ask.item(code), "part": float(r["part"]), "a": float(r["a"]), "b": float(r["b"])}
        for code, r in zip(gap.table.index, gap.table.to_dict("records"), strict=True)
    ]
    most = rows[0]
    holder = a if most["part"] >= 0 else b
    told = {
        "title": _(
            "{item} speaks most for {unit}: {part} points",
            item=most["name"],
            unit=ask.name(holder),
            part=_.number(abs(most["part"]), 2),
        ),
        "subtitle": _(
            "Points of the index that each indicator adds to the gap; blue speaks for {a}, orange for {b}",
            a=ask.name(a),
            b=ask.name(b),
        ),
        "axis": _("points of the gap"),
    }
    columns = (
        Column("name", _("Indicator")),
        Column("item", _("Code")),
        Column("part", _("Part of the gap"), 2),
        Column("a", ask.name(a), 1),
        Column("b", ask.name(b), 1),
    )
    return Chart("gap", gap_chart(rows, told), Table(columns, rows), ask.source)


def _ranks(ask: Ask, rows: list[dict[str, Any]]) -> Chart:
    from podium.app.web.pages.ranking import interval_words

    _ = ask.words
    overlap = len(rows) == 2 and rows[0]["low"] <= rows[1]["high"] and rows[1]["low"] <= rows[0]["high"]
    title = _("Their rank intervals overlap") if overlap else _("Their rank intervals do not overlap")
    drawn = [{**r, "colour": "@focal@" if k == 0 else "@rival@"} for k, r in enumerate(rows)]
    columns = (
        Column("name", _("Country")),
        Column("rank", _("Rank"), 0),
        Column("low", _("5 %"), 0),
        Column("median", _("Median"), 0),
        Column("high", _("95 %"), 0),
    )
    spec = standing_chart(drawn, interval_words(ask) | {"title": title}) if drawn else None
    return Chart("ranks", spec, Table(columns, rows), ask.source)


def depth(ask: Ask, found: dict[str, Any], a: str, b: str) -> dict[str, Any]:
    """What the work in depth on two units found, in the order and the words of the page."""
    swap = found["swap"]
    weights = (
        []
        if swap is None
        else [
            {"name": ask.item(code), "before": w, "after": v, "times": v / w if w else None}
            for code, (w, v) in sorted(swap["weights"].items(), key=lambda e: -abs(e[1][1] - e[1][0]))
        ]
    )
    flips = [
        {"choice": ask.option(f["choice"]), "option": ask.option(f["option"]), "share": f["share"]}
        for f in found["flips"]
    ]
    return {
        "found": found,
        "swap": swap,
        "weights": weights[:10],
        "flips": flips,
        "ranges": [found["ranges"][u] | {"name": ask.name(u)} for u in (a, b)],
    }
