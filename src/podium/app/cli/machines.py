"""Commands on hardware: accelerators, systems, sites and national stocks."""

from __future__ import annotations

from typing import Annotated

import typer

from podium.app.cli.common import Json, console, guarded, print_json

__all__ = ["register"]

hardware_app = typer.Typer(no_args_is_help=True, help="Accelerators, systems and national stocks in any convention.")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    hardware_app.command("list")(guarded(hardware_list))
    hardware_app.command("show")(guarded(hardware_show))
    hardware_app.command("stock")(guarded(hardware_stock))
    hardware_app.command("compare")(guarded(hardware_compare))
    app.add_typer(hardware_app, name="hardware")


def hardware_list(json_: Json = False) -> None:
    """List accelerators and systems.

    Example: `podium hardware list`
    """
    from dataclasses import asdict

    from podium.hardware.accelerators import accelerators
    from podium.hardware.systems import systems

    if json_:
        print_json(
            {
                "accelerators": [asdict(a) for a in accelerators().values()],
                "systems": [asdict(s) for s in systems().values()],
            }
        )
        return
    from podium.report.terminal import print_hardware

    print_hardware(accelerators(), systems(), console())


def hardware_show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A chip or a system, in any usual spelling.")],
) -> None:
    """Show a chip or system with what it is worth in H100s under each convention.

    Example: `podium hardware show "DGX B200"`
    """
    from podium.errors import EvidenceError
    from podium.hardware.accelerators import accelerator
    from podium.hardware.capacity import CONVENTIONS, worth
    from podium.hardware.systems import system

    try:
        machine = system(name)
        chip = machine.accelerator
        typer.echo(f"{machine.name}: {machine.count} × {chip.name}")
    except EvidenceError:
        chip = accelerator(name)
        typer.echo(f"{chip.name} ({chip.vendor}, released {chip.release})")
    for key, what in CONVENTIONS.items():
        try:
            typer.echo(f"  {worth(name, key):>10.2f}  {what}")
        except EvidenceError:
            typer.echo(f"  {'no source':>10}  {what}")
    typer.echo(f"source: {chip.url}")


def hardware_stock(
    country: Annotated[str, typer.Argument(metavar="ISO3", help="For example KOR.")],
    date: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="On which day.")],
    convention: Annotated[str, typer.Option("--convention", help="dense8, dense16 or bandwidth.")] = "dense8",
) -> None:
    """Show a country's recorded machines in H100 equivalents, with what incomplete sources leave open.

    Example: `podium hardware stock KOR --date 2024-11-14`
    """
    from podium.hardware.capacity import stock

    held = stock(country, date, convention)
    typer.echo(f"{country} on {date}: {held.value:,.0f} H100 equivalents recorded")
    typer.echo(f"{held.low:,.0f} to {held.high:,.0f} with what the sources leave open\n{held.basis}")


def hardware_compare(
    one: Annotated[str, typer.Argument(metavar="NAME", help="For example 'DGX B200'.")],
    other: Annotated[str, typer.Argument(metavar="NAME", help="For example 'DGX H100'.")],
) -> None:
    """Set one machine beside another under each convention, the vendor's claim among them.

    Example: `podium hardware compare "DGX B200" "DGX H100"`
    """
    from podium.errors import EvidenceError
    from podium.hardware.capacity import CONVENTIONS, worth

    for key, what in CONVENTIONS.items():
        try:
            typer.echo(f"  {worth(one, key) / worth(other, key):>10.2f} ×  {what}")
        except EvidenceError as error:
            typer.echo(f"  {'–':>10}    {what} ({error})")
