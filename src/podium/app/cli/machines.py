"""Commands on hardware: accelerators, systems, sites, owners and countries."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from podium.app.cli.common import Json, StoreName, console, guarded, print_json
from podium.app.settings import default_store, store_place

if TYPE_CHECKING:
    from podium.hardware.sites import Cluster
    from podium.hardware.timeline import Timeline

__all__ = ["register"]

hardware_app = typer.Typer(no_args_is_help=True, help="Accelerators, systems, sites and stocks in any convention.")

Convention = Annotated[
    str, typer.Option("--convention", help="dense8, dense16, bandwidth, memory, power, mlperf or headline.")
]
Plans = Annotated[
    list[str] | None,
    typer.Option("--plan", metavar="CERTAINTY=P", help="Count plans with a probability: Likely=0.5; may be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for name, command in (
        ("list", hardware_list), ("show", hardware_show), ("stock", hardware_stock), ("compare", hardware_compare)
    ):  # fmt: skip
        hardware_app.command(name)(guarded(command))
    app.add_typer(hardware_app, name="hardware")


@contextmanager
def _own_machines(store: str | None) -> Iterator[tuple[Cluster, ...] | None]:
    """Let the chips of the user's ledger stand beside those that ship; give its sites, or None for those that ship.

    Of imported tables of clusters the latest counts.
    """
    from podium.hardware import accelerators, sites

    if not store and not os.environ.get("PODIUM_STORE") and not default_store().exists():
        yield None
        return
    from podium.evidence.store import Store

    held = Store(store_place(store))
    tables = [r for r in held.releases() if r.kind == "clusters"]
    facts = held.members(tables[-1].series, tables[-1].name) if tables else held.find(attribute="site:")
    with accelerators.beside(accelerators.from_facts(held.find(attribute="accelerator:"))):
        yield sites.from_facts(facts) or None


def _probabilities(plans: list[str] | None) -> dict[str, float] | None:
    from podium.errors import EvidenceError, Fault

    out = {}
    for text in plans or ():
        name, _, value = text.partition("=")
        try:
            out[name.strip().capitalize()] = float(value)
        except ValueError:
            raise EvidenceError(Fault(f"--plan {text!r} has no probability", "Write Likely=0.5")) from None
    return out or None


def hardware_list(store: StoreName = None, json_: Json = False) -> None:
    """List accelerators and systems.

    Example: `podium hardware list`
    """
    from dataclasses import asdict

    from podium.hardware.accelerators import accelerators
    from podium.hardware.systems import systems

    with _own_machines(store):
        chips, held = accelerators(), systems()
    if json_:
        print_json({"accelerators": [asdict(a) for a in chips.values()], "systems": [asdict(s) for s in held.values()]})
        return
    from podium.report.terminal import print_hardware

    print_hardware(chips, held, console())


def hardware_show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A country, an owner, a site, a chip or a system.")],
    convention: Convention = "dense8",
    plan: Plans = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.html", help="Also the charts and the map.")] = None,
    store: StoreName = None,
    json_: Json = False,
) -> None:
    """Show who had what when, or what a chip or system is worth in H100s under each convention.

    Example: `podium hardware show JPN`, `podium hardware show "DGX B200"`
    """
    with _own_machines(store) as among:
        who = _who(name, among)
        if who is None:
            _show_machine(name, json_)
            return
        told = _timeline(who, convention, plan, among)
    from podium.data.countries import country_name
    from podium.hardware.capacity import CONVENTIONS

    title = country_name(who["country"]) if "country" in who else told.who
    if out is not None:
        from podium.index.results import write_text
        from podium.report.charts_hardware import hardware_html

        write_text(out, hardware_html(told, name=title, unit=CONVENTIONS[convention]))
    if json_:
        print_json(told.to_dict())
        return
    from podium.report.machines import print_timeline

    print_timeline(told, console(), name=title, unit=CONVENTIONS[convention])


def _timeline(
    who: dict[str, Any], convention: str, plan: list[str] | None, among: tuple[Cluster, ...] | None
) -> Timeline:
    from podium.hardware.timeline import timeline

    return timeline(convention=convention, plans=_probabilities(plan), among=among, **who)


def _who(name: str, among: tuple[Cluster, ...] | None) -> dict[str, Any] | None:
    """Whose machines a name means: a country's, an owner's, a site's; None for a chip or a system."""
    from podium.errors import EvidenceError
    from podium.evidence.importers.columns import iso3
    from podium.hardware.accelerators import accelerators
    from podium.hardware.sites import all_clusters
    from podium.hardware.systems import system

    country = iso3(name)
    if country is not None:
        return {"country": country}
    try:
        system(name)
        return None
    except EvidenceError:
        pass
    held = among or all_clusters()
    word = name.casefold()
    if name not in accelerators() and any(word == o.strip().casefold() for c in held for o in c.owner.split(",")):
        return {"owner": name}
    if any(word == c.name.casefold() for c in held):
        return {"site": name}
    return None


def _show_machine(name: str, json_: bool) -> None:
    from dataclasses import asdict

    from podium.errors import EvidenceError
    from podium.hardware.accelerators import accelerator
    from podium.hardware.capacity import CONVENTIONS, NATURAL, amount, worth
    from podium.hardware.systems import system

    try:
        machine = system(name)
        chip, head = machine.accelerator, f"{machine.name}: {machine.count} × {machine.accelerator.name}"
    except EvidenceError:
        machine, chip = None, accelerator(name)
        known = (chip.vendor, f"released {chip.release}" if chip.release else "")
        head = f"{chip.name} ({', '.join(filter(None, known)) or 'vendor and release not recorded'})"
    rows: dict[str, tuple[float, float | None]] = {}
    for key in CONVENTIONS:
        try:
            rows[key] = (worth(name, key), amount(name, key) if key in NATURAL else None)
        except EvidenceError:
            continue
    if json_:
        print_json({"name": machine.name if machine else chip.name, "accelerator": asdict(chip),
                    "count": machine.count if machine else 1, "worth": {k: v[0] for k, v in rows.items()},
                    "amount": {k: v[1] for k, v in rows.items() if v[1] is not None}})  # fmt: skip
        return
    typer.echo(head)
    for key, what in CONVENTIONS.items():
        value, natural = rows.get(key, (None, None))
        typer.echo(f"  {'no source' if value is None else f'{value:.2f}':>10}  {what}"
                   + ("" if natural is None else f": {natural:.4g} {NATURAL[key]}"))  # fmt: skip
    typer.echo(f"source: {chip.url}")


def hardware_stock(
    country: Annotated[str, typer.Argument(metavar="ISO3", help="For example KOR; ALL for the world.")],
    date: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="On which day.")],
    convention: Convention = "dense8",
    owner: Annotated[str | None, typer.Option("--owner", help="Only an owner's.")] = None,
    plan: Plans = None,
    store: StoreName = None,
    json_: Json = False,
) -> None:
    """Show the recorded machines in H100 equivalents, with what incomplete sources leave open.

    Example: `podium hardware stock KOR --date 2024-11-14 --plan Likely=0.5`
    """
    from dataclasses import asdict

    from podium.hardware.capacity import stock

    where = None if country.upper() == "ALL" else country
    with _own_machines(store) as among:
        held = stock(where, date, convention, owner=owner, plans=_probabilities(plan), among=among)
    if json_:
        print_json({"country": country, "date": date, "convention": convention, "owner": owner} | asdict(held))
        return
    typer.echo(f"{country} on {date}: {held.value:,.0f} H100 equivalents recorded{' or expected' if plan else ''}")
    typer.echo(f"{held.low:,.0f} to {held.high:,.0f} with what the sources leave open\n{held.basis}")


def hardware_compare(
    one: Annotated[str, typer.Argument(metavar="NAME", help="For example 'DGX B200'.")],
    other: Annotated[str, typer.Argument(metavar="NAME", help="For example 'DGX H100'.")],
    assume: Annotated[
        list[str] | None, typer.Option("--assume", metavar="NAME=VALUE", help="Change an assumption; may be repeated.")
    ] = None,
    store: StoreName = None,
    json_: Json = False,
) -> None:
    """Set the vendor's multiple beside datasheets, MLPerf and a roofline, and say what explains how much of it.

    Example: `podium hardware compare "DGX B200" "DGX H100" --assume token_latency=0.03`
    """
    from podium.app.settings import own_ledger
    from podium.errors import EvidenceError, Fault
    from podium.hardware.comparison import compare
    from podium.hardware.measured import CAVEAT
    from podium.hardware.roofline import ORIGINS, Assumptions

    changed = {}
    for text in assume or ():
        key, _, value = text.partition("=")
        try:
            changed[key.strip()] = float(value)
        except ValueError:
            raise EvidenceError(Fault(f"--assume {text!r} has no number", "Write token_latency=0.03")) from None
    with _own_machines(store):
        told = compare(one, other, Assumptions().changed(changed), ledger=own_ledger(store))
    if json_:
        print_json(told.to_dict())
        return
    from podium.report.machines import print_comparison

    print_comparison(told, console(), origins=ORIGINS, caveat=CAVEAT)
