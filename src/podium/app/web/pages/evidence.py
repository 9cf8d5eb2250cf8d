"""The evidence: facts with their sources, what contradicts what, sites on a map and over time, whether all is whole."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from podium.app.settings import own_ledger, store_place
from podium.app.web.ask import Ask
from podium.app.web.figures import Chart, Column, Table
from podium.errors import Fault, InputError
from podium.evidence.facts import Fact, content
from podium.evidence.ledger import Ledger, bundled
from podium.hardware.sites import all_clusters
from podium.hardware.timeline import timeline
from podium.report.charts_parts import sites_chart, stock_chart

__all__ = ["evidence", "fact_values", "ledger_of", "wanted_facts"]

LARGEST = 40
EPOCH = "Epoch AI, Data on GPU Clusters (CC BY 4.0)"


def ledger_of(store: str | None) -> Ledger:
    """The facts that the server shows: those that ship, and the operator's own beside them."""
    return own_ledger(store) or bundled()


def wanted_facts(ledger: Ledger, params: Any) -> tuple[Fact, ...]:
    """The facts that fit a subject, the beginning of an attribute, and an as-of date.

    Raises
    ------
    InputError
        If the date is none.
    """
    as_of = params.get("as_of") or None
    if as_of is not None:
        from datetime import date

        try:
            date.fromisoformat(as_of)
        except ValueError:
            raise InputError(Fault(f"as_of is {as_of[:40]!r}", "Write it as YYYY-MM-DD")) from None
    text = (params.get("text") or "").casefold()
    found = ledger.find(params.get("subject") or None, params.get("attribute") or None, None, as_of)
    return tuple(f for f in found if not text or text in f"{f.subject} {f.attribute} {f.text} {f.note}".casefold())


def fact_values(f: Fact) -> dict[str, Any]:
    """A fact as plain values."""
    keys = ("id", "subject", "attribute", "period", "value", "low", "high", "unit", "text", "status", "public", "note")
    return {k: getattr(f, k) for k in keys} | {"sources": [vars(s) for s in f.sources]}


def evidence(ask: Ask) -> dict[str, Any]:
    """The values of the page on evidence."""
    _, store = ask.words, ask.extra.get("store")
    ledger = bundled() if ask.extra.get("bundled") else ledger_of(store)
    shipped = {f.id for f in bundled()}
    facts = sorted(wanted_facts(ledger, ask.params), key=lambda f: f.id in shipped)  # one's own first
    rows = [fact_values(f) | {"source": "; ".join(str(s) for s in f.sources)} for f in facts]
    keys = (
        "subject",
        "attribute",
        "period",
        "value",
        "low",
        "high",
        "unit",
        "text",
        "status",
        "public",
        "source",
        "id",
    )
    charts = {"facts": Chart("facts", None, Table(tuple(Column(k, k) for k in keys), rows)), **_sites(ask)}
    rivals = [[fact_values(f) | {"source": "; ".join(map(str, f.sources))} for f in group] for group in ledger.rivals()]
    return {
        "charts": charts,
        "facts": facts,
        "count": len(ledger),
        "rivals": rivals,
        "subjects": sorted({f.subject for f in ledger}),
        "integrity": _integrity(ask, store),
    }


@cache
def _digest() -> str:
    return hashlib.sha256("".join(content(f) for f in bundled()).encode()).hexdigest()


def _integrity(ask: Ask, store: str | None) -> list[str]:
    """What is known of whether the ledger is whole."""
    _ = ask.words
    said = [_("{n} facts ship with Podium; SHA-256 of what they say: {sha}", n=len(bundled()), sha=_digest()[:16])]
    if ask.extra.get("bundled"):
        return said
    if own_ledger(store) is None:
        return [*said, _("No ledger of your own is in use.")]
    from podium.evidence.store import Store

    own = Store(store_place(store))
    broken, head = own.verify(), own.head()
    if broken is not None:
        return [*said, _("Your ledger is broken at row {row}: {why}", row=broken.row, why=broken.why)]
    return [*said, _("Your ledger is whole: {n} facts, last hash {sha}", n=head.rows, sha=head.hash[:16])]


def _sites(ask: Ask) -> dict[str, Chart]:
    _, country = ask.words, (ask.params.get("country") or "").upper() or None
    held = [c for c in all_clusters() if c.credible and (country is None or c.country == country)]
    rows = [
        {
            "name": c.name,
            "country": c.country,
            "owner": c.owner,
            "lon": c.longitude,
            "lat": c.latitude,
            "size": c.h100_equivalents or 1.0,
            "planned": c.status == "Planned",
            "online": c.online,
            "source": c.url,
        }
        for c in sorted(held, key=lambda c: -(c.h100_equivalents or 0))
    ]
    placed = [r for r in rows if r["lon"] is not None and r["lat"] is not None]
    running = sum(not r["planned"] for r in placed)
    told = {
        "title": _("{n} sites in service and {m} planned whose place is known", n=running, m=len(placed) - running),
        "subtitle": _("Filled: in service. Hollow: planned. Areas by H100 equivalents."),
        "size": _("H100 equivalents"),
    }
    keys = ("name", "country", "owner", "size", "planned", "online", "source")
    out = {
        "world": Chart(
            "world",
            sites_chart(placed, told) if placed else None,
            Table(tuple(Column(k, k, 0 if k == "size" else None) for k in keys), rows),
            EPOCH,
            still=False,
        )
    }
    heads = {"name": _("Site"), "country": _("Country"), "owner": _("Owner"), "size": _("H100 equivalents")}
    heads["online"] = _("In service")
    largest = tuple(Column(k, h, 0 if k == "size" else None) for k, h in heads.items())
    out["sites"] = Chart("sites", None, Table(largest, rows[:LARGEST]), EPOCH)
    years = [
        {"year": y, "value": v.value, "low": v.low if v.low > 0 else v.value, "high": v.high}
        for y, v in timeline(country=country).years.items()
        if v.value > 0
    ]
    if years:
        last = years[-1]
        told = {
            "title": _(
                "{n} H100 equivalents recorded at the end of {year}", n=_.number(last["value"]), year=last["year"]
            ),
            "subtitle": _("The band reaches from what is confirmed to what a coverage of 10 % would mean"),
            "axis": _("H100 equivalents, logarithmic"),
        }
        named = (("year", _("Year")), ("value", _("Value")), ("low", _("from")), ("high", _("to")))
        columns = tuple(Column(k, h, 0, grouped=k != "year") for k, h in named)
        out["stock"] = Chart("stock", stock_chart(years, told), Table(columns, years), EPOCH)
    return out
