"""The command that starts the web app: serve."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from podium.app.cli.common import Seed, StoreName, guarded

__all__ = ["register"]

SWITCH = 0.0005
"""Seconds after which a thread that works on a page lets others in, so that kept pages do not wait for it."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(guarded(serve))


def serve(
    spec: Annotated[
        str, typer.Argument(metavar="[SPEC]", help="Path to index.yaml, or the name of a bundled index.")
    ] = "ai-race",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    token: Annotated[
        str | None,
        typer.Option("--token", metavar="SECRET", envvar="PODIUM_TOKEN", help="Who gives it may add facts."),
    ] = None,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on; by default this machine only.")
    ] = "127.0.0.1",
    known_as: Annotated[
        list[str] | None,
        typer.Option("--known-as", metavar="NAME", help="A further name or address by which readers reach it; repeat."),
    ] = None,
    draws: Annotated[int, typer.Option("--draws", min=100, max=200_000, help="Draws behind every ranking.")] = 10_000,
    seed: Seed = 1,
    workers: Annotated[int, typer.Option("--workers", min=1, max=16, help="Processes for long work.")] = 1,
    store: StoreName = None,
) -> None:
    """Show an index in the browser: ranking with sliders, countries, scenarios, articles, evidence, method; JSON API.

    Without `--token` nothing can be written. Stop it with Ctrl-C.

    Example: `podium serve ai-race --port 8000`
    """
    from podium.errors import Fault, InputError

    try:
        import fastapi  # noqa: F401 - told here, before anything else fails
        import uvicorn
    except ImportError:
        raise InputError(Fault("the web app's libraries are not installed", "Run: pip install 'podium[web]'")) from None
    from podium.app.web.listen import bound
    from podium.app.web.server import HOSTS, Settings, create_app

    names = (*HOSTS, host, *(known_as or ()))
    app = create_app(
        Settings(spec=spec, draws=draws, seed=seed, token=token, store=store, hosts=names, workers=workers)
    )
    sys.setswitchinterval(SWITCH)
    with bound(host, port) as socket:
        shown = f"[{host}]" if ":" in host else host
        typer.echo(f"podium: http://{shown}:{socket.getsockname()[1]}/  (Ctrl-C stops it)", err=True)
        config = uvicorn.Config(
            app, log_level="warning", server_header=False, timeout_keep_alive=20, timeout_graceful_shutdown=2
        )
        uvicorn.Server(config).run(sockets=[socket])
