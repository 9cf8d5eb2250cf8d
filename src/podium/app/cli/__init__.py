"""The command line."""

from __future__ import annotations

from typing import Annotated

import typer

from podium.app.cli import (
    analysis,
    articles,
    audit,
    comparison,
    exchange,
    indices,
    machines,
    outlook,
    publishing,
    records,
    robustness,
    scenarios,
    serving,
)
from podium.version import VERSION

__all__ = ["app", "main"]

PANELS = {
    "An article": ("demo", "brief", "check", "read", "recheck"),
    "An index": ("new", "build", "show", "analyse", "audit", "compare", "verify", "schema"),
    "How firm it is": ("stress", "range", "sensitivity", "recover"),
    "What would change it": ("whatif", "reach", "forecast"),
    "What is known": ("evidence", "hardware"),
    "In the browser": ("serve", "publish"),
}
"""The commands as the help groups them."""

app = typer.Typer(
    name="podium",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Who stands on the podium, how sure can we be, and what would change it?\n\n"
    "Start with `podium demo`, then `podium brief ARTICLE` or `podium build ai-race`.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"podium {VERSION}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that come before a command."""


articles.register(app)
indices.register(app)
analysis.register(app)
comparison.register(app)
audit.register(app)
records.register(app)
exchange.register(app)
machines.register(app)
outlook.register(app)
robustness.register(app)
scenarios.register(app)
serving.register(app)
publishing.register(app)


def _grouped() -> None:
    panels = {name: panel for panel, names in PANELS.items() for name in names}
    for command in app.registered_commands:
        assert command.callback is not None
        command.rich_help_panel = panels[command.name or command.callback.__name__]
    for group in app.registered_groups:
        group.rich_help_panel = panels[str(group.name)]


_grouped()


def main() -> None:
    """Run the command line."""
    app()
