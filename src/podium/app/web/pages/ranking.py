"""The ranking: ranks with their intervals, what moves when weights and choices change."""

from __future__ import annotations

import itertools
from typing import Any

from podium.app.web.ask import Ask
from podium.app.web.figures import Chart, Column, Table
from podium.app.web.pages.sliders import slider_groups
from podium.data.geography import GROUPS_SOURCE, WORLD_SOURCE, country_groups
from podium.report.charts_standing import rank_ticks, standing_chart
from podium.report.charts_world import world_chart

__all__ = ["interval_words", "map_words", "ranking", "ranking_rows"]

LEADING = 25
LEGEND = "Thin bar: 90 % of the admissible variants. Thick bar: half of them. Dot: median. Ring: nominal rank."
INCOMES = ("High income", "Upper middle income", "Lower middle income", "Low income", "Not classified")


def ranking(ask: Ask) -> dict[str, Any]:
    """The values of the ranking page."""
    rows = ranking_rows(ask)
    shown = [r for r in rows if _passes(ask, r)]
    charts = {"standing": _chart(ask, shown)}
    charts |= _map(ask, rows)
    top = max((r["high"] for r in rows), default=1.0)
    return {
        "charts": charts,
        "rows": shown,
        "all": len(rows),
        "sliders": () if ask.partial else slider_groups(ask),
        "finding": _finding(ask),
        "ticks": rank_ticks(top),
        "top": top + 1,
        "regions": _regions(ask),
        "incomes": _incomes(ask),
        "sources": (GROUPS_SOURCE, WORLD_SOURCE),
        "choices": ask.desk.choices(),
        "chosen": dict(ask.view.options),
        "excluded": [ask.name(u) for u in ask.desk.base(ask.view.edition).excluded],
    }


def ranking_rows(ask: Ask) -> list[dict[str, Any]]:
    """One row a ranked unit, the best on top: rank, movement, score, quantiles of the rank, shares."""
    s = ask.standing
    own = ask.words.language
    out = []
    for k in s.order:
        unit, group = s.units[k], country_groups().get(s.units[k])
        low, q1, median, q3, high = (float(x) for x in s.quantiles[:, k])
        out.append(
            {
                "unit": unit,
                "name": ask.name(unit),
                "rank": int(s.ranks[k]),
                "before": _whole(s.before[k]),
                "moved": int(s.before[k] - s.ranks[k]) if s.before[k] == s.before[k] else 0,
                "score": float(s.scores[k]),
                "low": low,
                "q1": q1,
                "median": median,
                "q3": q3,
                "high": high,
                "first": s.share_at_most(unit, 1),
                "top3": s.share_at_most(unit, 3),
                "top10": s.share_at_most(unit, 10),
                "region": group.region if group else "",
                "income": group.income if group else "",
                "language": own,
            }
        )
    return out


def _whole(x: float) -> int | None:
    return None if x != x else int(x)


def _passes(ask: Ask, row: dict[str, Any]) -> bool:
    view = ask.view
    wanted = view.search.casefold()
    named = not wanted or wanted in row["name"].casefold() or wanted in row["unit"].casefold()
    return named and view.region in ("", row["region"]) and view.income in ("", row["income"])


def _finding(ask: Ask) -> str:
    """What the ranking says, in one sentence that tells how firm it is."""
    s, _ = ask.standing, ask.words
    if not s.order:
        return _("No country passes the filter")
    first = s.units[s.order[0]]
    who = ask.words.josa(ask.name(first), "이/가")
    share = s.share_at_most(first, 1)
    if share is None:
        return _("{unit} leads", unit=who)
    able = sum(1 for u in s.units if (s.share_at_most(u, 3) or 0.0) >= 0.05)
    if able <= 3:
        return _("{unit} leads in {share} of the admissible variants", unit=who, share=_.share(share))
    return _(
        "{unit} leads in {share} of the admissible variants; {n} can be among the first three",
        unit=who,
        share=_.share(share),
        n=able,
    )


def interval_words(ask: Ask) -> dict[str, str]:
    """What the chart of intervals says in fixed words."""
    _ = ask.words
    return {
        "axis": _("rank (1 is best)"),
        "nominal_word": _("nominal rank"),
        "low_word": _("5 % of the variants below"),
        "median_word": _("median rank"),
        "high_word": _("95 % of the variants below"),
        "subtitle": _(LEGEND),
    }


def _chart(ask: Ask, rows: list[dict[str, Any]]) -> Chart:
    _ = ask.words
    columns = (
        Column("rank", _("Rank"), 0),
        Column("name", _("Country")),
        Column("unit", _("Code")),
        Column("score", _("Score"), 1),
        Column("before", _("Nominal rank"), 0),
        Column("low", _("5 %"), 0),
        Column("q1", _("25 %"), 0),
        Column("median", _("Median"), 0),
        Column("q3", _("75 %"), 0),
        Column("high", _("95 %"), 0),
        Column("first", _("Share at rank 1"), 3),
        Column("top3", _("Share in first 3"), 3),
        Column("top10", _("Share in first 10"), 3),
    )
    told = interval_words(ask) | {"title": _title(ask, rows)}
    drawn = [{**r, "colour": "@focal@" if k == 0 or r["moved"] else "@rest@"} for k, r in enumerate(rows[:LEADING])]
    spec = standing_chart(drawn, told) if drawn else None
    return Chart("standing", spec, Table(columns, rows), ask.source)


def _title(ask: Ask, rows: list[dict[str, Any]]) -> str:
    """What the intervals say: how many neighbours can be told apart."""
    _ = ask.words
    apart = sum(1 for a, b in itertools.pairwise(rows) if a["high"] < b["low"])
    if len(rows) < 2:
        return _("Where they stand, and how firmly")
    if apart == 0:
        return _("No two neighbours can be told apart: their intervals overlap all the way down")
    return _(
        "Only {n} of {all} neighbouring pairs are clearly apart; all other intervals overlap",
        n=apart,
        all=len(rows) - 1,
    )


def map_words(ask: Ask) -> dict[str, str]:
    """What the map says in fixed words."""
    _ = ask.words
    return {
        "subtitle": _("The stronger the colour, the higher: ranks 1–10, 11–25, 26–50, below; grey: not ranked."),
        "rank": _("rank"),
        "range": _("90 % interval"),
    }


def _map(ask: Ask, rows: list[dict[str, Any]]) -> dict[str, Chart]:
    """The map of the world, where the units are countries."""
    _, s = ask.words, ask.standing
    told = map_words(ask) | {"title": _("The first {n} on the map", n=min(10, len(rows)))}
    shown = [r | {"range": _.ranks(r["low"], r["high"])} for r in rows]
    spec = world_chart(shown, told) if shown and s.order else None
    columns = (Column("rank", _("Rank"), 0), Column("name", _("Country")), Column("region", _("Region")))
    return {"world": Chart("world", spec, Table(columns, rows), WORLD_SOURCE, still=False)} if spec else {}


def _regions(ask: Ask) -> list[tuple[str, str]]:
    held = {g.region for u in ask.standing.units if (g := country_groups().get(u))}
    return sorted(((r, ask.words(r)) for r in held), key=lambda pair: pair[1])


def _incomes(ask: Ask) -> list[tuple[str, str]]:
    held = {g.income for u in ask.standing.units if (g := country_groups().get(u))}
    return [(c, ask.words(c)) for c in INCOMES if c in held]
