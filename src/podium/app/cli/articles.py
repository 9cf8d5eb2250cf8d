"""Commands on articles: demo, brief, read, check, whatif."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from podium.app.cli.common import Draws, Edition, Json, Seed, SpecName, console, guarded, print_json, progress

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
    for command in (demo, brief, read, check, whatif):
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
    _tell(DEMO, None, "ai-race", None, None, None, draws, seed, False, out / "demo.html", json_)


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
    json_: Json = False,
) -> None:
    """Answer an article's headline with numbers and their reasons.

    Example: `podium brief article.txt --date 2024-11-14 --out report.html`
    """
    _tell(article, date, index, unit, rival, rank, draws, seed, hindsight, out, json_)


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
            progress=step,
        )
    if out is not None:
        from podium.index.results import write_text
        from podium.report.documents import brief_html

        write_text(out, brief_html(story))
    if json_:
        print_json(story.to_dict())
    else:
        from podium.report.terminal import print_brief

        print_brief(story, console(), report=out)


def read(article: Article, date: When = None, json_: Json = False) -> None:
    """List the checkable claims of an article, without verdicts.

    Example: `podium read article.txt --json`
    """
    from podium.claims.extract import read_article

    _claims(read_article(article, date=date), json_, verdicts=False)


def check(article: Article, date: When = None, json_: Json = False) -> None:
    """Check every claim of an article against arithmetic, exchange rates and cited facts.

    Example: `podium check article.txt --date 2024-11-14`
    """
    from podium.claims.check import check_article

    _claims(check_article(article, date=date), json_, verdicts=True)


def _claims(checked, json_: bool, *, verdicts: bool) -> None:  # type: ignore[no-untyped-def]
    if json_:
        print_json(checked.to_dict())
    else:
        from podium.report.terminal import print_claims

        print_claims(checked, console(), verdicts=verdicts)


def whatif(
    spec: SpecName,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="Whom the question is about.")],
    event: Annotated[
        list[str] | None, typer.Option("--event", metavar="'KIND UNIT …'", help="One event; may be repeated.")
    ] = None,
    events: Annotated[Path | None, typer.Option("--events", metavar="FILE", help="A YAML file of events.")] = None,
    rival: Rival = None,
    rank: Annotated[int, typer.Option("--rank", min=1, help="The wanted rank.")] = 3,
    date: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Which plans were known; by default today.")
    ] = None,
    horizon: Annotated[
        str | None, typer.Option("--horizon", metavar="YYYY-MM", help="Events online later do not count.")
    ] = None,
    edition: Edition = None,
    draws: Draws = 10_000,
    seed: Seed = 1,
    hindsight: Annotated[bool, typer.Option("--hindsight", help="Use plans of later dates too.")] = False,
    json_: Json = False,
) -> None:
    """Show ranks before and after events, with the most that such events could do.

    Example: `podium whatif ai-race --unit KOR --rival JPN --event 'accelerators JPN "NVIDIA B200" 1600 2025-07'`
    """
    import datetime

    from podium.errors import EventError, Fault
    from podium.index.build import build
    from podium.index.profile import find_unit
    from podium.index.spec import load_spec
    from podium.robustness.engine import stress
    from podium.scenarios.events import from_text, load
    from podium.scenarios.whatif import whatif as run

    told = [*(from_text(text) for text in event or ()), *(load(events) if events else ())]
    if not told:
        raise EventError(Fault("no event is given", "Give --event or --events"))
    loaded = load_spec(spec, edition=edition)
    built = build(loaded)  # a wrong name is told before the draws
    unit, rival = find_unit(built, unit), None if rival is None else find_unit(built, rival)
    with progress() as step:
        stressed = stress(loaded, draws=draws, seed=seed, progress=lambda done, what: step(0.5 * done, what))
        result = run(
            stressed,
            told,
            focal=unit,
            rank=rank,
            rival=rival,
            date=date or datetime.date.today().isoformat(),
            horizon=horizon,
            hindsight=hindsight,
        )
    if json_:
        print_json(result.to_dict() | {"seed": seed, "draws": draws})
    else:
        from podium.report.terminal import print_whatif

        print_whatif(result, console())
