"""The command that writes the static site: publish."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from podium.app.cli.common import Edition, Json, Seed, SpecName, guarded, print_json, progress

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(guarded(publish))


def publish(
    spec: SpecName,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write; new, empty, or an earlier site.")],
    edition: Edition = None,
    draws: Annotated[int, typer.Option("--draws", min=100, max=200_000, help="Draws behind every ranking.")] = 10_000,
    seed: Seed = 1,
    store: Annotated[
        str | None, typer.Option("--store", metavar="FILE|URL", help="Publish the facts of this ledger of yours too.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write an index as a static site: its pages as files that need no server, whose sliders still rank again.

    The site opens from a disk and from any web host. An earlier site in DIR is replaced once the new one is whole.

    Example: `podium publish ai-race site`
    """
    from podium.app.publish.folder import checked_folder, write_folder
    from podium.app.publish.site import Site, site_files
    from podium.index.spec import load_spec
    from podium.version import VERSION

    checked_folder(folder)
    site = Site(spec, edition, draws, seed, store)
    about = {
        "made_by": f"podium {VERSION}",
        "index": load_spec(spec).name,
        "edition": edition,
        "draws": draws,
        "seed": seed,
    }
    with progress() as tell:
        sizes = write_folder(folder, site_files(site, tell), about=about)
    pages = sum(name.endswith(".html") for name in sizes)
    if as_json:
        print_json({"folder": str(folder), "pages": pages, "files": len(sizes), "bytes": sum(sizes.values())})
        return
    typer.echo(
        f"{folder}: {pages} pages, {len(sizes)} files, {sum(sizes.values()) / 1e6:.1f} MB; open {folder / 'index.html'}"
    )
