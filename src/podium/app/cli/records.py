"""Commands on the ledger itself: list, show, add, verify, conflicts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from podium.app.cli.common import Json, StoreName, console, guarded, print_json
from podium.app.settings import default_store, own_ledger, store_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from podium.evidence.append import Conflict
    from podium.evidence.facts import Fact
    from podium.evidence.store import Store

__all__ = [
    "Attribute",
    "Day",
    "Recorded",
    "Subject",
    "TrueOn",
    "conflict_values",
    "evidence_app",
    "found",
    "own_store",
    "register",
    "tell_conflicts",
]

evidence_app = typer.Typer(no_args_is_help=True, help="The ledger of cited facts: the bundled ones and your own.")

Day = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Only what was known by then: published, else recorded."),
]
TrueOn = Annotated[str | None, typer.Option("--true-on", metavar="DATE", help="Only what is true of that day.")]
Recorded = Annotated[
    str | None,
    typer.Option("--recorded-by", metavar="DATE|TIME", help="Your ledger as it stood then, without the bundled facts."),
]
Subject = Annotated[str | None, typer.Option("--subject", help="Country code, firm, chip or index.")]
Attribute = Annotated[
    str | None, typer.Option("--attribute", help="For example rank:tortoise-gaii, or rank: for all that begin so.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for name, command in (
        ("list", evidence_list), ("show", evidence_show), ("add", evidence_add), ("verify", evidence_verify),
        ("conflicts", evidence_conflicts),
    ):  # fmt: skip
        evidence_app.command(name)(guarded(command))
    app.add_typer(evidence_app, name="evidence")


def own_store(option: str | None) -> Store:
    """The user's ledger, by option, environment or data folder."""
    from podium.evidence.store import Store

    return Store(store_place(option))


def found(
    subject: str | None, attribute: str | None, as_of: str | None, true_on: str | None, recorded_by: str | None,
    store: str | None, own: bool,
) -> tuple[Fact, ...]:  # fmt: skip
    """The bundled facts and the user's own that fit; of the same, the own ones."""
    from podium.evidence.facts import moment, span
    from podium.evidence.ledger import Ledger, bundled

    asked = [d for d in (as_of, true_on, recorded_by) if d is not None]
    if asked:
        for day in asked:
            moment(day)
    held = bundled()
    found: tuple[Fact, ...] = ()
    if not own and recorded_by is None:
        found = held.find(subject, attribute, as_of=as_of)
        if true_on is not None:
            found = tuple(
                f for f in found if span(f.period)[0] <= span(true_on)[1] and span(true_on)[0] <= span(f.period)[1]
            )
    if not store and not os.environ.get("PODIUM_STORE") and not default_store().exists():
        return found
    mine = own_store(store).find(subject, attribute, true_on=true_on, known_on=as_of, recorded_by=recorded_by)
    return tuple(Ledger(found).beside(mine))


def evidence_list(
    subject: Subject = None,
    attribute: Attribute = None,
    as_of: Day = None,
    true_on: TrueOn = None,
    recorded_by: Recorded = None,
    own: Annotated[bool, typer.Option("--own", help="Only your own facts.")] = False,
    store: StoreName = None,
    json_: Json = False,
) -> None:
    """List the facts held.

    Example: `podium evidence list --attribute rank:tortoise-gaii --as-of 2024-11-14`
    """
    facts = found(subject, attribute, as_of, true_on, recorded_by, store, own)
    if json_:
        from dataclasses import asdict

        print_json([asdict(f) for f in facts])
        return
    from podium.report.terminal import print_facts

    print_facts(facts, console())


def evidence_show(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a fact.")],
    store: StoreName = None,
    json_: Json = False,
) -> None:
    """Show one fact with its sources, what it superseded and what says otherwise.

    Example: `podium evidence show KOR:rank:tortoise-gaii:2024`
    """
    from dataclasses import asdict

    from podium.evidence.ledger import bundled

    ledger = own_ledger(store)
    history: tuple[Fact, ...] = ()
    if ledger is not None and own_store(store).holds(id):
        history = own_store(store).history(id)
        fact = next(f for f in history if f.id == id)
    else:
        fact = bundled().get(id)
    rivals = [
        f for group in (ledger or bundled()).rivals(fact) for f in group if f.id != fact.id and f.unit == fact.unit
    ]
    others = [f for f in history if f.id != id]
    if json_:
        print_json(asdict(fact) | {"rivals": [f.id for f in rivals], "history": [f.id for f in history]})
        return
    for key, value in asdict(fact).items():
        if key != "sources" and value not in ("", None):
            typer.echo(f"{key:10} {value}")
    for source in fact.sources:
        typer.echo(f"source     {source}{f' ({source.licence})' if source.licence else ''}")
    for f in others:
        typer.echo(
            f"{'earlier' if f.recorded <= fact.recorded else 'later':10} {_said(f)}, recorded {f.recorded} ({f.id})"
        )
    for f in rivals:
        typer.echo(f"rival      {_said(f)}, says {f.sources[0].publisher} ({f.id})")


def _said(fact: Fact) -> str:
    if fact.text or fact.status == "withdrawn":
        return fact.text or "withdrawn"
    low, high = (f"{x:,.6g}" if x is not None else "" for x in (fact.low, fact.high))
    value = f"{fact.value:,.6g}" if fact.value is not None else f"{low}–{high}"
    return f"{value} {fact.unit}".strip()


def evidence_add(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="Of whom: KOR, SoftBank, 'DGX B200'.")],
    attribute: Annotated[str, typer.Argument(metavar="ATTRIBUTE", help="Of what: rank:my-index, stock:gpu.")],
    value: Annotated[str | None, typer.Argument(metavar="VALUE", help="A number, or a word.")] = None,
    source: Annotated[str, typer.Option("--source", help="Who says so; an address in it is set apart.")] = "",
    period: Annotated[str, typer.Option("--period", metavar="DATE[/DATE]", help="When it is true.")] = "",
    low: Annotated[float | None, typer.Option("--low", help="Lower end of an interval.")] = None,
    high: Annotated[float | None, typer.Option("--high", help="Upper end.")] = None,
    unit: Annotated[str, typer.Option("--unit", help="For example rank, gpu, JPY.")] = "",
    status: Annotated[str, typer.Option("--status", help="announced, planned, operational, measured, …")] = "",
    confidence: Annotated[
        str, typer.Option("--confidence", help="confirmed, likely, unlikely, or your own word.")
    ] = "",
    public: Annotated[str, typer.Option("--public", metavar="DATE", help="First day on which it was public.")] = "",
    title: Annotated[str, typer.Option("--title", help="Title of the document.")] = "",
    url: Annotated[str, typer.Option("--url", help="Its address.")] = "",
    source_date: Annotated[str, typer.Option("--source-date", metavar="DATE", help="Its date.")] = "",
    licence: Annotated[str, typer.Option("--licence", help="Its licence.")] = "",
    locator: Annotated[str, typer.Option("--locator", help="Page, table, paragraph.")] = "",
    note: Annotated[str, typer.Option("--note", help="What a reader should know.")] = "",
    supersedes: Annotated[
        str, typer.Option("--supersedes", metavar="ID", help="The fact that this one corrects.")
    ] = "",
    store: StoreName = None,
    json_: Json = False,
) -> None:
    """Add one fact to your ledger; its source is obligatory.

    Example: `podium evidence add KOR rank:my-index 5 --period 2024 --unit rank --source "Ministry of Science, p. 3"`
    """
    from dataclasses import asdict, replace

    from podium.errors import EvidenceError, Fault
    from podium.evidence.tables import fact_of

    cell = {
        "subject": subject, "attribute": attribute, "period": period, "unit": unit, "status": status, "source": source,
        "confidence": confidence, "public": public, "title": title, "url": url, "source_date": source_date,
        "licence": licence, "locator": locator, "note": note, "low": "" if low is None else repr(low),
        "high": "" if high is None else repr(high), _kind(value): value or "",
    }  # fmt: skip
    try:
        fact = replace(fact_of({k: v.strip() for k, v in cell.items()}), supersedes=supersedes)
    except ValueError as error:
        raise EvidenceError(Fault(str(error), "See `podium evidence add --help`")) from None
    done = own_store(store).add([fact])
    if json_:
        conflicting = conflict_values(done.conflicts)
        print_json({"new": [asdict(f) for f in done.new], "same": done.same, "conflicting": conflicting})
        return
    typer.echo(f"{done.words} in {own_store(store).name}")
    for new in done.new:
        typer.echo(f"  {new.id}")
    tell_conflicts(done.conflicts)


def _kind(value: str | None) -> str:
    try:
        float(value or "")
    except ValueError:
        return "text"
    return "value"


def conflict_values(conflicts: Iterable[Conflict]) -> list[dict[str, object]]:
    """Conflicts as plain values for JSON."""
    return [{"fact": c.fact.id, "says": _said(c.fact), "rivals": [{"fact": r.id, "says": _said(r)} for r in c.rivals]}
            for c in conflicts]  # fmt: skip


def tell_conflicts(conflicts: Sequence[Conflict], most: int = 20) -> None:
    """Print which facts conflict with which."""
    for c in conflicts[:most]:
        held = "; ".join(f"{_said(r)} ({r.id}, {r.sources[0].publisher})" for r in c.rivals)
        typer.echo(f"  conflict: {_said(c.fact)} ({c.fact.id}) against {held}")
    if len(conflicts) > most:
        typer.echo(f"  … and {len(conflicts) - most} more: see `podium evidence conflicts`")


def evidence_verify(
    expect: Annotated[
        str | None, typer.Option("--expect", metavar="HASH", help="A last hash noted earlier: it must still be there.")
    ] = None,
    store: StoreName = None,
    json_: Json = False,
) -> None:
    """Verify that no fact of your ledger was changed, lost, moved or slipped in; names the first bad row.

    Example: `podium evidence verify --store ledger.db`
    """
    held = own_store(store)
    broken = held.verify(expect=expect)
    if broken is not None:
        if json_:
            print_json({"ok": False, "chain": broken.chain, "row": broken.row, "fact": broken.id, "why": broken.why})
        else:
            typer.echo(f"podium: {held.name}: {broken}", err=True)
        raise typer.Exit(1)
    head = held.head()
    if json_:
        print_json({"ok": True, "facts": head.rows, "hash": head.hash})
        return
    typer.echo(f"{held.name}: {head.rows} facts, every one as it was recorded\nlast hash {head.hash or '(none)'}")


def evidence_conflicts(store: StoreName = None, json_: Json = False) -> None:
    """List the facts that speak of the same and say something else.

    Example: `podium evidence conflicts`
    """
    from podium.evidence.ledger import bundled

    groups = (own_ledger(store) or bundled()).rivals()
    if json_:
        print_json([[{"fact": f.id, "says": _said(f), "source": str(f.sources[0])} for f in g] for g in groups])
        return
    for group in groups:
        typer.echo(group[0].key)
        for f in group:
            typer.echo(f"  {_said(f):>14}  {f.sources[0]} ({f.id})")
    typer.echo(f"{len(groups)} conflicts")
