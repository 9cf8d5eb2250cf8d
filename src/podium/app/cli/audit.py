"""The command that audits an index: audit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from podium.app.cli.common import Edition, Json, SpecName, console, guarded, print_json, progress

if TYPE_CHECKING:
    from podium.robustness.audit.run import Audit

__all__ = ["register"]

KINDS = (".html", ".pdf", ".xlsx", ".json")
SHOWN = 12


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(guarded(audit))


def audit(
    spec: SpecName,
    edition: Edition = None,
    out: Annotated[
        list[Path] | None,
        typer.Option("--out", metavar="FILE", help="Write .html, .pdf, .xlsx or .json; may be repeated."),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", metavar="en|ko", help="Language of the documents.")] = "en",
    full: Annotated[
        bool, typer.Option("--full/--summary", help="The full report, or its two-page summary alone.")
    ] = True,
    json_: Json = False,
) -> None:
    """Audit an index as the JRC would: data, distributions, coherence, weights, robustness, added value.

    Thresholds stand in the specification's section `audit`.

    Example: `podium audit ai-race --out audit.html --out audit.pdf --lang ko`
    """
    from podium.errors import Fault, InputError
    from podium.index.spec import load_spec
    from podium.robustness.audit.run import audit as run

    files = out or []
    if wrong := [str(f) for f in files if f.suffix.lower() not in KINDS]:
        raise InputError(Fault(f"no audit is written as {', '.join(wrong)}", f"End the name in {', '.join(KINDS)}"))
    if lang not in ("en", "ko"):
        raise InputError(Fault(f"there are no audits in {lang!r}", "Use en or ko"))
    with progress() as step:
        found = run(load_spec(spec, edition=edition), progress=step)
    for file in files:
        _write(found, file, lang, full)
    if json_:
        print_json(found.to_dict(lang))
        return
    _print(found, lang)
    for file in files:
        typer.echo(f"wrote {file}")
    if not files:
        typer.echo("Write it all with --out audit.html, .pdf, .xlsx or .json")


def _write(found: Audit, file: Path, lang: str, full: bool) -> None:
    """Write one document, whole or not at all."""
    import tempfile

    from podium.app.files import write_bytes

    kind = file.suffix.lower()
    if kind == ".json":
        raw = (json.dumps(found.to_dict(lang), ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
    elif kind == ".xlsx":
        from podium.report.audit_book import write_audit_book

        with tempfile.TemporaryDirectory() as folder:
            draft = Path(folder) / "audit.xlsx"
            write_audit_book(found, draft, language=lang)
            raw = draft.read_bytes()
    else:
        from podium.report.audit import audit_html, audit_pdf

        raw = audit_pdf(found, language=lang, full=full) if kind == ".pdf" else \
            audit_html(found, language=lang, full=full).encode()  # fmt: skip
    write_bytes(file, raw)


def _print(found: Audit, lang: str) -> None:
    """The verdict, the first findings and the ten answers, within 80 columns."""
    from podium.report.audit_view import page_of

    page, out = page_of(found, lang, {}, full=False), console()
    out.print(f"{page['title']}\n{page['verdict']}", markup=False, style="bold")
    for f in page["top"][:SHOWN]:
        out.print(f"\n{f['word']}: {f['sentence']}", markup=False)
        out.print(f"  → {f['remedy']} ({f['place']})", markup=False, style="bright_black")
        if f["more"]:
            out.print(f"  {f['more']}", markup=False, style="bright_black")
    if page["rest"]:
        out.print(f"\n{page['rest']}", markup=False)
    out.print()
    for q in page["answers"]:
        out.print(f"{q['sign']} {q['question']} {q['answer']}", markup=False)
