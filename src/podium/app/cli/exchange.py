"""Commands that move facts: import, export, releases, diff, review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from podium.app.cli.common import Json, StoreName, guarded, print_json
from podium.app.cli.records import (
    Attribute,
    Day,
    Recorded,
    Subject,
    TrueOn,
    conflict_values,
    evidence_app,
    found,
    own_store,
    tell_conflicts,
)

__all__ = ["register"]

Series = Annotated[str | None, typer.Option("--series", metavar="NAME", help="Of which series the file is a release.")]


def register(app: typer.Typer) -> None:
    """Add the commands to those on the ledger, which the application has already."""
    for name, command in (
        ("import", evidence_import), ("export", evidence_export), ("releases", evidence_releases),
        ("diff", evidence_diff), ("review", evidence_review),
    ):  # fmt: skip
        evidence_app.command(name)(guarded(command))


def evidence_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSON or a corrected review (XLSX).")],
    kind: Annotated[
        str | None,
        typer.Option("--kind", help="facts, clusters, hardware, edition or review; by default from its columns."),
    ] = None,
    index: Annotated[
        str | None, typer.Option("--index", metavar="NAME", help="Of which index the table is an edition.")
    ] = None,
    edition: Annotated[str | None, typer.Option("--edition", metavar="YEAR", help="Which edition.")] = None,
    measure: Annotated[
        str | None, typer.Option("--measure", help="rank or score, for columns that do not say.")
    ] = None,
    source: Annotated[str, typer.Option("--source", help="Who published the edition; obligatory for one.")] = "",
    licence: Annotated[str, typer.Option("--licence", help="Its licence.")] = "",
    public: Annotated[str, typer.Option("--public", metavar="DATE", help="When it was published.")] = "",
    series: Series = None,
    release: Annotated[
        str | None, typer.Option("--release", metavar="NAME", help="Name of this release; by default the file's hash.")
    ] = None,
    revises: Annotated[
        str, typer.Option("--revises", metavar="NAME", help="The earlier release that this one takes the place of.")
    ] = "",
    store: StoreName = None,
    json_: Json = False,
) -> None:
    """Import a file into your ledger: all of it or nothing, and twice is once.

    Example: `podium evidence import gpu_clusters.csv --release 2026-04`
    """
    from podium.errors import EvidenceError, Fault
    from podium.evidence.exchange import Edition, absorb, read_file
    from podium.evidence.tables import source_of

    about = None
    if index is not None:
        if not source:
            raise EvidenceError(Fault("an index edition needs its source", "Say --source", str(file)))
        told = source_of({"source": source, "licence": licence, "source_date": public})
        about = Edition(index, told, edition, measure, public)
    incoming = read_file(file, kind=kind, edition=about)
    done, name = absorb(own_store(store), incoming, series=series, release=release, revises=revises)
    if json_:
        print_json({
            "file": incoming.file, "kind": incoming.kind, "series": series or incoming.series, "release": name,
            "new": len(done.new), "same": done.same, "conflicting": len(done.conflicts),
            "superseded": list(done.superseded), "withdrawn": list(done.withdrawn),
            "conflicts": conflict_values(done.conflicts),
        })  # fmt: skip
        return
    typer.echo(f"{incoming.file}: {done.words} ({incoming.kind}, release {name} of {series or incoming.series})")
    tell_conflicts(done.conflicts)


def evidence_export(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; by default the terminal.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="csv, json or citations; by default from the name.")
    ] = None,
    subject: Subject = None,
    attribute: Attribute = None,
    as_of: Day = None,
    true_on: TrueOn = None,
    recorded_by: Recorded = None,
    own: Annotated[bool, typer.Option("--own", help="Only your own facts.")] = False,
    store: StoreName = None,
) -> None:
    """Export facts as CSV or JSON, which `import` reads back to the same facts, or their list of citations.

    Example: `podium evidence export --own --out facts.csv`
    """
    from podium.evidence.exchange import export

    facts = found(subject, attribute, as_of, true_on, recorded_by, store, own)
    suffix = out.suffix.lstrip(".").casefold() if out else ""
    text = export(facts, form or {"csv": "csv", "json": "json"}.get(suffix, "citations" if suffix else "csv"))
    if out is None:
        typer.echo(text, nl=False)
        return
    from podium.index.results import write_text

    write_text(out, text)
    typer.echo(f"{len(facts)} facts in {out}")


def evidence_releases(store: StoreName = None, json_: Json = False) -> None:
    """List what was imported: every release of every series.

    Example: `podium evidence releases`
    """
    from dataclasses import asdict

    held = own_store(store).releases()
    if json_:
        print_json([asdict(r) for r in held])
        return
    for r in held:
        revised = f", revises {r.revises}" if r.revises else ""
        typer.echo(f"{r.series}  {r.name}  {r.members} facts, {r.recorded[:19]}, {r.file}{revised}")


def evidence_diff(
    one: Annotated[str, typer.Argument(metavar="A", help="The earlier release: its name, or SERIES/NAME.")],
    two: Annotated[str, typer.Argument(metavar="B", help="The later one.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Every changed figure as a table.")
    ] = None,
    index: Annotated[
        str | None,
        typer.Option("--index", metavar="SPEC", help="Also what the revision does to the ranks of an index."),
    ] = None,
    store: StoreName = None,
    json_: Json = False,
) -> None:
    """Show what a publisher revised between two releases, by country and indicator, and what it does to ranks.

    Example: `podium evidence diff 2024-10 2026-04`
    """
    from podium.app.vintages import index_moves
    from podium.evidence.vintages import diff

    revision = diff(own_store(store), one, two)
    moves = index_moves(index, revision) if index else None
    if out is not None:
        from podium.index.results import write_text

        write_text(out, revision.csv())
    if json_:
        print_json(revision.to_dict() | ({"index": moves} if moves is not None else {}))
        return
    for line in revision.lines():
        typer.echo(line)
    for line in [] if moves is None else moves["lines"]:
        typer.echo(line)


def evidence_review(
    out: Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help="The workbook.")],
    country: Annotated[
        list[str] | None, typer.Option("--country", metavar="ISO3", help="Only these; may be repeated.")
    ] = None,
    index: Annotated[
        str | None, typer.Option("--index", metavar="SPEC", help="Also the figures of an index, as indicator:CODE.")
    ] = None,
    date: Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Ages count to this day.")] = None,
    store: StoreName = None,
) -> None:
    """Write a workbook with a sheet for each country: every figure, its source and age, to be corrected and sent back.

    Example: `podium evidence review --country KOR --out review.xlsx`, then `podium evidence import review.xlsx`
    """
    import datetime

    from podium.app.files import write_bytes
    from podium.app.vintages import by_country, figures_of
    from podium.data.countries import country_name
    from podium.evidence.importers.review import review_workbook

    facts = found(None, None, None, None, None, store, False)
    sheets = by_country((*facts, *(figures_of(index) if index else ())), country)
    names = {code: country_name(code) for code in sheets}
    write_bytes(out, review_workbook(sheets, on=date or datetime.date.today().isoformat(), names=names))
    typer.echo(f"{sum(map(len, sheets.values()))} figures of {len(sheets)} countries in {out}")
