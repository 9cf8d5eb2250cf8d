"""What every command shares: errors, JSON, progress, tables."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from podium.errors import PodiumError

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Draws", "Edition", "Json", "Seed", "SpecName", "StoreName", "console", "guarded", "print_json", "progress"]

SpecName = Annotated[
    str, typer.Argument(metavar="SPEC", help="Path to index.yaml, or the name of a bundled index such as ai-race.")
]
Edition = Annotated[
    str | None, typer.Option("--edition", metavar="NAME", help="Edition of the index; by default the latest.")
]
StoreName = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="FILE|URL",
        help="Your own ledger: a file or postgresql://…; by default PODIUM_STORE or the user's data folder.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Draws = Annotated[int, typer.Option("--draws", min=1, help="Number of draws over choices.")]
Seed = Annotated[
    int, typer.Option("--seed", min=0, help="Seed of all randomness; the same seed gives the same numbers.")
]


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with Podium's own errors printed to stderr and turned into their exit codes."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except PodiumError as error:
            typer.echo(f"podium: {error}", err=True)
            raise typer.Exit(error.exit_code) from None
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(0) from None

    return run


def print_json(values: Any) -> None:
    """Print plain values as JSON; NaN becomes null."""
    typer.echo(json.dumps(_plain(values), ensure_ascii=False, indent=1, allow_nan=False))


def _plain(x: Any) -> Any:
    if isinstance(x, dict):
        return {str(k): _plain(v) for k, v in x.items()}
    if isinstance(x, list | tuple):
        return [_plain(v) for v in x]
    if hasattr(x, "tolist"):
        return _plain(x.tolist())
    return None if isinstance(x, float) and x != x else x


def console() -> Console:
    """A console that fits 80 columns where it is not a terminal, and is plain when piped."""
    from rich.console import Console

    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=80, no_color=True)


@contextmanager
def progress() -> Iterator[Callable[[float, str], None]]:
    """Show a bar with the time left on stderr while something runs; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done, what: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", justify="left"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda done, what: bar.update(task, completed=done, description=what)
