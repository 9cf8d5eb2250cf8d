"""A scenario: what is asked as an address tells it, and what came out, in the words of the page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import date
from typing import Any

from podium.app.web.ask import Ask
from podium.app.web.figures import Chart, Column, Table
from podium.errors import Fault, InputError
from podium.index.profile import find_unit
from podium.report.charts_parts import before_after_chart
from podium.scenarios.events import from_text

__all__ = ["MOST_EVENTS", "asked", "event_lines", "new_line", "shown"]

MOST_EVENTS = 40
BEST = " at the world's best"
ROWS = {
    "this deal": "These events",
    "all plans known on the date": "All countries' known plans",
    "the bound": "The bound: the world's best",
}


def event_lines(text: str) -> list[str]:
    """The events of a text, one a line, each checked.

    Raises
    ------
    InputError
        Naming every line that is no event, or saying that there are too many.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_EVENTS:
        raise InputError(Fault(f"{len(lines)} events are more than {MOST_EVENTS}", "Give fewer"))
    for line in lines:
        from_text(line)
    return lines


def new_line(params: Mapping[str, str]) -> str | None:
    """The line of the event that the form's own fields describe; None where they are empty."""
    if not params.get("country") or not params.get("count"):
        return None
    words = ["accelerators", params["country"], params.get("system") or "?", params["count"]]
    words += [params["online"]] if params.get("online") else []
    words += [f"probability={params['probability']}"] if params.get("probability") else []
    line = shlex.join(words).replace("'", '"')
    from_text(line)
    return line


def asked(ask: Ask, params: Mapping[str, Any]) -> dict[str, Any]:
    """What a worker is given, from the parameters of a page or of the API.

    Raises
    ------
    InputError
        If a unit, the rank or the date is none.
    """
    rank, day = str(params.get("rank") or 3), params.get("date") or date.today().isoformat()
    try:
        date.fromisoformat(day)
    except ValueError:
        raise InputError(Fault(f"the date is {day[:40]!r}", "Write it as YYYY-MM-DD")) from None
    if not rank.isdigit() or not 1 <= int(rank) <= len(ask.built.units):
        raise InputError(Fault(f"the rank is {rank[:20]!r}", f"Give a number from 1 to {len(ask.built.units)}"))
    first = ask.standing.units[ask.standing.order[0]]
    unit = find_unit(ask.built, params["unit"]) if params.get("unit") else first
    rival = find_unit(ask.built, params["rival"]) if params.get("rival") else None
    return {"unit": unit, "rival": None if rival == unit else rival, "rank": int(rank), "date": day}


def shown(ask: Ask, result: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario's result with names, titles and its chart."""
    _ = ask.words
    rows = []
    for row in result["rows"]:
        units = [
            {
                "unit": u,
                "name": ask.name(u),
                "before": row["before"][u],
                "after": row["after"][u],
                "lift": row["lift"][u],
            }
            for u in row["after"]
        ]
        events = [_event(ask, result, e) for e in row["events"]]
        rows.append({**row, "title": _(ROWS.get(row["name"], row["name"])), "units": units, "events": events})
    even = [{**e, "said": " · ".join(ask.option(o) for o in e["options"].values())} for e in result["break_even"]]
    refit = [(ask.name(u), s, r) for u, (s, r) in result["refit"].items()]
    chaser = result.get("chaser")
    over = result["rival"] if chaser == result["focal"] else result["focal"]

    def told(reason: str) -> str:
        return str(result["reasons"][reason][ask.words.language])

    pair = f"{ask.name(chaser)} → {ask.name(over)}" if chaser and over else ""
    return {
        "result": {
            **result,
            "rows": rows,
            "break_even": even,
            "refit_rows": refit,
            "pair": pair,
            "unsized": [_event(ask, result, e) for e in result["unsized"]],
            "outside": [(_event(ask, result, e), told(why)) for e, why in result["outside"]],
            "assumptions": [told(a) for a in result["assumptions"]],
        },
        "no_number": _no_number(ask, result),
        "charts": _charts(ask, result, rows),
        "finding": _finding(ask, result, rows),
    }


def _event(ask: Ask, result: Mapping[str, Any], told: str) -> str:
    """An event in the words of the page; plans of others as they are recorded, with the country's name."""
    known = result["in_words"].get(told)
    if known is not None:
        return str(known[ask.words.language])
    unit, colon, what = told.partition(": ")
    if colon and what.endswith(BEST):
        return f"{ask.name(unit)}: " + ask.words("{item} at the world's best", item=ask.item(what.removesuffix(BEST)))
    return f"{ask.name(unit)}: {what}" if colon else told


def _no_number(ask: Ask, result: Mapping[str, Any]) -> str:
    """One sentence where no number of machines suffices whatever is chosen; empty where some does."""
    even = result["break_even"]
    if not even or any(e["answer"] != "none suffices" for e in even):
        return ""
    gaps, most = [e["gap"] for e in even], [e["most"] for e in even]
    _ = ask.words
    return _(
        "No number of machines suffices under any of the {n} combinations: the gap is {low} to {high} points, and even "
        "the world's best figure would add {a} to {b}.",
        n=len(even), low=_.number(min(gaps), 1), high=_.number(max(gaps), 1), a=_.number(min(most), 1),
        b=_.number(max(most), 1),
    )  # fmt: skip


def _finding(ask: Ask, result: Mapping[str, Any], rows: list[dict[str, Any]]) -> str:
    _, deal = ask.words, rows[0] if rows else None
    if deal is None or not deal["units"]:
        return _("Nothing in the index moves")
    mover = max(deal["units"], key=lambda u: abs(u["lift"][1]))
    if abs(mover["lift"][1]) < 0.005:
        return _("These events hardly move {unit}", unit=_.josa(mover["name"], "을/를"))
    return _(
        "These events move {unit} by {points} points: rank {a} before, {b} after",
        unit=_.josa(mover["name"], "을/를"),
        points=_.number(mover["lift"][1], 2),
        a=mover["before"]["rank"],
        b=mover["after"]["rank"],
    )


def _charts(ask: Ask, result: Mapping[str, Any], rows: list[dict[str, Any]]) -> dict[str, Chart]:
    _ = ask.words
    flat = [
        {
            "name": f"{row['title']}: {u['name']}",
            "before": u["before"]["score"],
            "after": u["after"]["score"],
            "low": u["before"]["score"] + u["lift"][0],
            "high": u["before"]["score"] + u["lift"][2],
            "colour": "@focal@" if u["unit"] == result["focal"] else "@rival@",
        }
        for row in rows
        for u in row["units"]
    ]
    if not flat:
        return {}
    told = {
        "title": _finding(ask, result, rows),
        "subtitle": _("Ring: score before. Dot: after. Bar: 90 % of the draws."),
        "axis": _("score"),
        "before": _("before"),
        "after": _("after"),
    }
    columns = (
        Column("name", _("Scenario")),
        Column("before", _("before"), 2),
        Column("after", _("after"), 2),
        Column("low", _("from"), 2),
        Column("high", _("to"), 2),
    )
    return {"scores": Chart("scores", before_after_chart(flat, told), Table(columns, flat), ask.source)}
