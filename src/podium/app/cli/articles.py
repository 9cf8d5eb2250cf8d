"""Commands on articles: demo, brief, read, check, recheck."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from podium.app.cli.common import (
    Draws,
    Json,
    Seed,
    StoreName,
    console,
    guarded,
    print_json,
    progress,
)
from podium.app.settings import own_ledger

if TYPE_CHECKING:
    from podium.evidence.ledger import Ledger

__all__ = ["register"]

Article = Annotated[Path, typer.Argument(metavar="ARTICLE", help="Plain text or HTML; UTF-8, UTF-16 or CP949.")]
When = Annotated[
    str | None,
    typer.Option("--date", metavar="YYYY-MM-DD", help="Date of publication; by default the one in the text."),
]
Unit = Annotated[
    str | None, typer.Option("--unit", metavar="ISO3", help="Whom the question is about; by default from the article.")
]
Rival = Annotated[
    str | None, typer.Option("--rival", metavar="ISO3", help="Who may stand in the way; by default from the article.")
]
Rank = Annotated[
    int | None, typer.Option("--rank", min=1, help="The wanted rank; by default from the article, else 3.")
]
Index = Annotated[
    str, typer.Option("--index", metavar="SPEC", help="Path to index.yaml, or the name of a bundled index.")
]
DEMO = Path(__file__).resolve().parents[2] / "data" / "bundled" / "demo" / "brief_ko.txt"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (demo, brief, read, check, recheck):
        app.command()(guarded(command))


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the report.")] = Path("podium-out"),
    draws: Draws = 10_000,
    seed: Seed = 1,
    json_: Json = False,
) -> None:
    """Tell the whole story on bundled data: claims, ranking, scenario, answer, report.

    Example: `podium demo --out demo`
    """
    _tell(DEMO, None, "ai-race", None, None, None, draws, seed, False, out / "demo.html", json_, None)


def brief(
    article: Article,
    date: When = None,
    index: Index = "ai-race",
    unit: Unit = None,
    rival: Rival = None,
    rank: Rank = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.html", help="Write the report there.")] = None,
    draws: Draws = 10_000,
    seed: Seed = 1,
    hindsight: Annotated[bool, typer.Option("--hindsight", help="Use figures and plans of later dates too.")] = False,
    store: StoreName = None,
    json_: Json = False,
) -> None:
    """Answer an article's headline with numbers and their reasons.

    Example: `podium brief article.txt --date 2024-11-14 --out report.html`
    """
    _only_html(out)
    _tell(article, date, index, unit, rival, rank, draws, seed, hindsight, out, json_, own_ledger(store))


def _tell(
    article: Path,
    date: str | None,
    index: str,
    unit: str | None,
    rival: str | None,
    rank: int | None,
    draws: int,
    seed: int,
    hindsight: bool,
    out: Path | None,
    json_: bool,
    ledger: Ledger | None,
) -> None:
    from podium.brief.tell import brief as tell

    with progress() as step:
        story = tell(
            article,
            date=date,
            spec=index,
            unit=unit,
            rival=rival,
            rank=rank,
            draws=draws,
            seed=seed,
            hindsight=hindsight,
            ledger=ledger,
            progress=step,
        )
    if out is not None:
        from podium.index.folder import write_text
        from podium.report.documents import brief_html

        write_text(out, brief_html(story, ledger=ledger))
    if json_:
        print_json(story.to_dict())
    else:
        from podium.report.terminal import print_brief

        print_brief(story, console(), report=out)


Facts = Annotated[
    list[Path] | None,
    typer.Option("--facts", metavar="FILE.csv", help="Facts of your own; they decide. May be repeated."),
]
Names = Annotated[
    list[Path] | None,
    typer.Option("--names", metavar="FILE.csv", help="Further names (docs/claims.md); may be repeated."),
]


def read(
    article: Article,
    date: When = None,
    json_: Json = False,
    format_: Annotated[
        str, typer.Option("--format", help="`article`, or `jsonl`: one JSON article a line in, one result a line out.")
    ] = "article",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.jsonl", help="For jsonl: the results; what is there is not read again."),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="With --format jsonl: processes.")] = 1,
    check_: Annotated[bool, typer.Option("--check", help="With --format jsonl: verdicts too.")] = False,
    names: Names = None,
) -> None:
    """List the checkable claims of an article, without verdicts; or read a corpus of articles.

    Example: `podium read article.txt --json`, `podium read corpus.jsonl --format jsonl --out read.jsonl --workers 2`
    """
    from podium.claims.entities import extended
    from podium.claims.extract import read_article

    if format_ not in ("article", "jsonl"):
        raise typer.BadParameter(f"{format_!r} is neither article nor jsonl", param_hint="--format")
    if format_ == "jsonl":
        _corpus(article, out, check_, workers)
        return
    with extended(*(names or ())):
        _claims(read_article(article, date=date), json_, verdicts=False)


def _corpus(source: Path, out: Path | None, check_: bool, workers: int) -> None:
    from podium.claims.corpus import read_corpus

    if out is None:
        raise typer.BadParameter("--format jsonl needs a file for its results", param_hint="--out")
    with progress() as step:
        count, held = read_corpus(source, out, check=check_, workers=workers, progress=step)
    typer.echo(f"{count} articles read into {out}" + (f", {held} were there already" if held else ""), err=True)


def check(
    article: Article,
    date: When = None,
    store: StoreName = None,
    facts: Facts = None,
    names: Names = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.html", help="Write the article there, its claims marked.")
    ] = None,
    review: Annotated[
        Path | None, typer.Option("--claim-review", metavar="FILE.json", help="Write schema.org ClaimReview there.")
    ] = None,
    url: Annotated[str, typer.Option("--url", help="Address of the article, for --claim-review.")] = "",
    reader: Annotated[
        str | None,
        typer.Option(
            "--second-reader", metavar="URL",
            help="OpenAI-compatible endpoint (…/v1) that may point at figures; key in PODIUM_READER_KEY.",
        ),
    ] = None,
    model: Annotated[str, typer.Option("--reader-model", help="Model of the second reader.")] = "",
    json_: Json = False,
) -> None:
    """Check every claim of an article against arithmetic, exchange rates and cited facts.

    Example: `podium check article.txt --date 2024-11-14 --out checked.html`
    """
    import json

    from podium.claims.check import check_article
    from podium.claims.entities import extended

    _only_html(out)
    ledger = _ledger(store, facts)
    with extended(*(names or ())):
        checked = check_article(article, date=date, ledger=ledger, second=_second(reader, model), warn=_warn)
    _rivals({id for c in checked.claims for id in c.evidence}, ledger)
    if review is not None:
        from podium.claims.review import claim_reviews
        from podium.index.folder import write_text

        write_text(review, json.dumps(claim_reviews(checked, url=url), ensure_ascii=False, indent=1))
    if out is not None:
        from podium.index.folder import write_text
        from podium.report.articles import article_html

        write_text(out, article_html(checked, ledger=ledger))
    _claims(checked, json_, verdicts=True)


def _only_html(out: Path | None) -> None:
    """Refuse a name for a page that promises another form, before any work.

    Raises
    ------
    InputError
        Naming the file and how it may end.
    """
    if out is not None and out.suffix.lower() not in (".html", ".htm"):
        from podium.errors import Fault, InputError

        raise InputError(Fault("the page is written as HTML", "Name it FILE.html; browsers print it as PDF", str(out)))


def _rivals(cited: set[str], ledger: Ledger | None) -> None:
    """Say on stderr where a cited fact of the user's ledger stands against another."""
    for group in ledger.rivals() if ledger is not None else ():
        if cited & {f.id for f in group}:
            said = " against ".join(f"{f.text or f.value} ({f.id})" for f in group)
            typer.echo(f"podium: the evidence differs: {said}", err=True)


def recheck(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of articles, with their earlier results NAME.checked.json.")
    ],
    store: StoreName = None,
    facts: Facts = None,
    update: Annotated[bool, typer.Option("--update", help="Keep the new results.")] = False,
    json_: Json = False,
) -> None:
    """Check articles of a folder again and list the verdicts that changed since.

    Articles without an earlier result are checked for the first time; `--update` writes the results.

    Example: `podium recheck articles --facts new.csv --update`
    """
    from podium.claims.recheck import articles_in, write_result
    from podium.claims.recheck import recheck as again
    from podium.evidence.ledger import bundled

    ledger = _ledger(store, facts) or bundled()
    done = [again(path, ledger=ledger) for path in articles_in(folder)]
    if update:
        for d in done:
            write_result(d)
    if json_:
        print_json([{"article": d.path.name, "first": d.first, "changes": [vars(c) for c in d.changes]} for d in done])
        return
    for d in done:
        told = "checked for the first time" if d.first else f"{len(d.changes)} verdicts changed"
        typer.echo(f"{d.path.name}: {told}")
        for c in d.changes:
            typer.echo(f"  {c.span_text!r}: {c.old or 'new'} → {c.new or 'gone'} ({c.reason})")


def _ledger(store: str | None, facts: list[Path] | None) -> Ledger | None:
    """The bundled facts, the user's ledger and further files, the last deciding; None where nothing is one's own."""
    held = own_ledger(store)
    if not facts:
        return held
    from podium.evidence.ledger import bundled, load_csv

    own = [replace(f, id=f"{path.name}:{f.id}") for path in facts for f in load_csv(path)]
    return (held or bundled()).beside(own)


def _second(url: str | None, model: str):  # type: ignore[no-untyped-def]
    import os

    from podium.claims.second_reader import Endpoint

    return None if url is None else Endpoint(url, model or "default", os.environ.get("PODIUM_READER_KEY", ""))


def _warn(message: str) -> None:
    typer.echo(f"podium: {message}", err=True)


def _claims(checked, json_: bool, *, verdicts: bool) -> None:  # type: ignore[no-untyped-def]
    if json_:
        print_json(checked.to_dict())
        return
    from podium.claims.corrections import corrections
    from podium.report.terminal import print_claims

    print_claims(checked, console(), verdicts=verdicts)
    for _, sentence in corrections(checked):
        console().print(f"→ {sentence}", markup=False)
