"""One country: its score tree, its rank's distribution and history, its sources, what it would take to rise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from podium.app.web.ask import Ask
from podium.app.web.figures import Chart, Column, Table
from podium.app.web.state import View
from podium.data.geography import country_groups
from podium.errors import Fault, InputError, PodiumError
from podium.index.profile import find_unit, neighbours, profile, sources, strengths
from podium.report.charts_standing import distribution_chart, history_chart
from podium.scenarios.rise import rise

__all__ = ["country"]


def country(ask: Ask) -> dict[str, Any]:
    """The values of a country's page.

    Raises
    ------
    DataError
        If there is no such unit, with the nearest.
    """
    built, _ = ask.built, ask.words
    unit = find_unit(built, ask.params["unit"])
    table = profile(built, unit)
    strong, weak, without = strengths(table)
    peers = _peers(ask, unit)
    rows = [_row(ask, peers, code, r) for code, r in zip(table.index, table.to_dict("records"), strict=True)]
    beside = {k: v and {"unit": v[0], "name": ask.name(v[0]), "gap": v[1]} for k, v in neighbours(built, unit).items()}
    by_code = {r["item"]: r for r in rows}
    k = ask.standing.units.index(unit)
    charts = {"distribution": _distribution(ask, unit), "tree": _tree(ask, rows)}
    history = _history(ask, unit)
    if history is not None:
        charts["history"] = history
    steps = rise(built, unit)
    return {
        "charts": charts,
        "unit": unit,
        "name": ask.name(unit),
        "rank": built.rank_of(unit),
        "score": built.score_of(unit),
        "low": float(ask.standing.quantiles[0, k]),
        "high": float(ask.standing.quantiles[-1, k]),
        "count": len(ask.standing.order),
        "rows": rows,
        "peers": ask.params.get("peers", ""),
        "peer_choices": _peer_choices(ask, unit),
        "strong": [by_code[c] for c in strong],
        "weak": [by_code[c] for c in weak],
        "without": [by_code[c] for c in without],
        "beside": beside,
        "rise": [_step(ask, s) for s in steps],
        "short": [ask.item(s.indicator) for s in steps if s.needed is None],
        "sources": [s | {"names": [ask.item(c) for c in s["indicators"]]} for s in sources(built, table)],
        "finding": _finding(ask, unit, k),
    }


def _peer_choices(ask: Ask, unit: str) -> list[tuple[str, str]]:
    """With whom a country can be compared: all, its region, its income group."""
    _, own = ask.words, country_groups().get(unit)
    grouped = [] if own is None else [("region", _(own.region)), ("income", _(own.income))]
    return [("", _("all")), *grouped]


def _peers(ask: Ask, unit: str) -> list[int]:
    """The rows of the units that a unit is compared with.

    Raises
    ------
    InputError
        If there are no such peers.
    """
    by = ask.params.get("peers", "")
    if by not in {key for key, _ in _peer_choices(ask, unit)}:
        raise InputError(Fault(f"there are no peers by {by[:40]!r}", "Use region or income"))
    groups = country_groups()
    alike = {u for u, g in groups.items() if by and getattr(g, by) == getattr(groups[unit], by)}
    return [k for k, u in enumerate(ask.built.units) if not by or u in alike]


def _row(ask: Ask, peers: list[int], code: str, r: dict[Any, Any]) -> dict[str, Any]:
    """A row of the score tree, with the spread of the peers' scores and the place among them."""
    scores = ask.built.score_table[peers, ask.built.tree.items.index(code)]
    known = scores[scores == scores]
    spread = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    place = int((known > r["score"]).sum()) + 1 if r["score"] == r["score"] else None
    held = {"item": code, "name": ask.item(code), "least": spread[0], "most": spread[1], "ranked": len(known)}
    return r | held | {"place": place}


def _finding(ask: Ask, unit: str, k: int) -> str:
    _, s = ask.words, ask.standing
    rank, low, high = s.ranks[k], s.quantiles[0, k], s.quantiles[-1, k]
    return _(
        "{unit} ranks {rank} of {n}; in 90 % of the admissible variants, {range}",
        unit=_.josa(ask.name(unit), "은/는"),
        rank=_.number(rank),
        n=_.number(len(s.order)),
        range=_.ranks(low, high),
    )


def _distribution(ask: Ask, unit: str) -> Chart:
    _, s = ask.words, ask.standing
    k = s.units.index(unit)
    counts = [] if s.places is None else [float(c) for c in s.places[k]]
    shares = [{"rank": r + 1, "share": c / s.draws} for r, c in enumerate(counts) if c]
    top3 = s.share_at_most(unit, 3)
    title = _(
        "{unit} is among the first three in {share} of the variants",
        unit=_.josa(ask.name(unit), "은/는"),
        share=_.share(top3),
    )
    told = {
        "title": title,
        "subtitle": _("Share of the admissible variants at each rank; the nominal rank is coloured"),
        "axis": _("rank (1 is best)"),
        "share": _("share"),
    }
    columns = (Column("rank", _("Rank"), 0), Column("share", _("Share"), 3))
    return Chart(
        "distribution",
        distribution_chart(shares, told, nominal=float(s.ranks[k])) if shares else None,
        Table(columns, shares),
        ask.source,
    )


def _history(ask: Ask, unit: str) -> Chart | None:
    """The unit's rank in every edition; None for an index without several."""
    _ = ask.words
    rows: list[dict[str, Any]] = []
    for edition in ask.desk.editions:
        try:
            built = ask.desk.built(_at(ask, edition))
        except PodiumError:
            continue  # an edition in which these choices have no value
        if unit in built.units and built.rank_of(unit) == built.rank_of(unit):
            rows.append({"edition": edition, "rank": built.rank_of(unit), "score": built.score_of(unit)})
    if len(rows) < 2:
        return None
    title = _(
        "From rank {a} in {first} to {b} in {last}",
        a=_.number(rows[0]["rank"]),
        first=rows[0]["edition"],
        b=_.number(rows[-1]["rank"]),
        last=rows[-1]["edition"],
    )
    told = {
        "title": title,
        "subtitle": _("Rank in each edition, by the figures each edition may use"),
        "axis": _("rank"),
        "score": _("score"),
    }
    columns = (Column("edition", _("Edition")), Column("rank", _("Rank"), 0), Column("score", _("Score"), 1))
    return Chart("history", history_chart(rows, told), Table(columns, rows), ask.source)


def _at(ask: Ask, edition: str) -> View:
    return replace(ask.view, edition=None if edition == ask.desk.editions[-1] else edition)


def _tree(ask: Ask, rows: list[dict[str, Any]]) -> Chart:
    _ = ask.words
    columns = (
        Column("name", _("Item")),
        Column("item", _("Code")),
        Column("score", _("Score"), 1),
        Column("rank", _("Rank"), 0),
        Column("place", _("Rank among peers"), 0),
        Column("ranked", _("Peers"), 0),
        Column("weight", _("Effective weight"), 3),
        Column("figure", _("Figure"), 2),
        Column("unit", _("Unit")),
        Column("year", _("Year"), 0, grouped=False),
        Column("age", _("Age"), 0),
        Column("source", _("Source")),
    )
    return Chart("tree", None, Table(columns, rows), ask.source)


def _step(ask: Ask, s: Any) -> dict[str, Any]:
    return {
        "item": s.indicator,
        "name": ask.item(s.indicator),
        "now": s.now,
        "needed": s.needed,
        "best": s.best,
        "rank": s.rank,
    }
