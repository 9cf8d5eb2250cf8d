"""Commands on what could happen and what it takes: whatif, reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from podium.app.cli.common import Draws, Edition, Json, Seed, SpecName, console, guarded, print_json, progress

if TYPE_CHECKING:
    from podium.index.build import Built
    from podium.scenarios.events import Event
    from podium.scenarios.ground import Ground
    from podium.scenarios.whatif import WhatIf

__all__ = ["register"]

Rank = Annotated[int, typer.Option("--rank", min=1, help="The wanted rank.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (whatif, reach):
        app.command()(guarded(command))


def whatif(
    spec: SpecName,
    event: Annotated[
        list[str] | None, typer.Option("--event", metavar="'KIND UNIT …'", help="One event; may be repeated.")
    ] = None,
    events: Annotated[Path | None, typer.Option("--events", metavar="FILE", help="A YAML file of events.")] = None,
    article: Annotated[
        Path | None, typer.Option("--article", metavar="ARTICLE", help="Take what an article announces.")
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="UNIT", help="Whom it is about; by default who holds the wanted rank."),
    ] = None,
    rival: Annotated[
        str | None, typer.Option("--rival", metavar="UNIT", help="Who may pass it; by default whom the events move.")
    ] = None,
    rank: Rank = 3,
    date: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Which plans were known; by default today.")
    ] = None,
    horizon: Annotated[
        str | None, typer.Option("--horizon", metavar="YYYY-MM", help="Events online later do not count.")
    ] = None,
    indicator: Annotated[
        str | None,
        typer.Option("--indicator", metavar="CODE", help="Of bound and break-even; by default what the events change."),
    ] = None,
    share: Annotated[
        float, typer.Option("--share", min=0.01, max=1.0, help="Share of the variants in which the rival is to lead.")
    ] = 0.9,
    edition: Edition = None,
    draws: Draws = 10_000,
    seed: Seed = 1,
    force: Annotated[bool, typer.Option("--force", help="Add events before the end of the edition too.")] = False,
    hindsight: Annotated[bool, typer.Option("--hindsight", help="Use plans of later dates too.")] = False,
    chart: Annotated[
        Path | None,
        typer.Option("--chart", metavar="FILE", help="Draw the break-even: .html, .svg or .png."),
    ] = None,
    json_: Json = False,
) -> None:
    """Show ranks before and after events, with the most that such events could do.

    Example: `podium whatif ai-race --edition 2024 --event 'accelerators JPN "NVIDIA B200" 1600 2025-07 planned'`
    """
    import datetime

    from podium.index.build import build
    from podium.index.profile import find_unit
    from podium.index.spec import load_spec
    from podium.scenarios.ground import lay_ground
    from podium.scenarios.whatif import whatif as run

    told, when = _told(event, events, article, date)
    built = build(load_spec(spec, edition=edition))  # a wrong name is told before the draws
    unit, rival = (None if u is None else find_unit(built, u) for u in (unit, rival))
    events_told = _known_units(built, told, given=len(event or ()))
    _check_horizon(horizon)
    with progress() as step:
        ground = lay_ground(built, draws=draws, seed=seed, error_draws=300,
                            progress=lambda done, what: step(0.5 * done, what))  # fmt: skip
        result = run(
            ground, events_told, focal=unit, rank=rank, rival=rival, horizon=horizon, hindsight=hindsight,
            date=when or datetime.date.today().isoformat(), early="count" if force else "refuse", wanted=share,
            indicator=indicator,
        )  # fmt: skip
    if chart is not None:
        _draw(chart, ground, result, indicator)
    if json_:
        print_json(result.to_dict() | {"seed": seed, "draws": draws})
    else:
        from podium.report.terminal_scenarios import print_whatif

        print_whatif(result, console())


def _draw(path: Path, ground: Ground, w: WhatIf, indicator: str | None) -> None:
    """Draw by how much the chaser leads the other against how much it adds, on each way to count it."""
    import numpy as np
    import pandas as pd

    from podium.app.files import write_bytes
    from podium.errors import EventError, Fault
    from podium.report.charts_forecast import break_even_chart
    from podium.report.pictures import picture
    from podium.scenarios.breakeven import lead_curves, lever_for

    if w.chaser is None or w.over is None or not w.break_even:
        raise EventError(Fault("there is no break-even to draw", "Give --rival, and an event in an indicator"))
    found = lever_for(ground.built, w.chaser, w.events, w.date, indicator)
    assert found is not None  # else there were no break-even
    lever, deal = found
    needed = [b.count for b in w.break_even if b.count is not None]
    every, most = ground.sample.variants, 4.0 * max([deal or 1.0, *needed])
    for _ in range(30):  # to where more changes nothing, since all count as the world's best
        ends = lead_curves(every, lever=lever, over=w.over, counts=np.array([most, 2 * most]))
        if all(abs(x[1] - x[0]) < 1e-9 for x in ends.values()):
            break
        most *= 2
    counts = np.concatenate([[0.0], np.geomspace(max(most / 1e7, 1e-3), most, 200)])
    curves = lead_curves(every, lever=lever, over=w.over, counts=counts)
    frame = pd.DataFrame([{"option": o, "amount": c, "lead": x} for o, values in curves.items()
                          for c, x in zip(counts, values, strict=True)])  # fmt: skip
    marks = [(deal, "this deal")] if deal else []
    made = break_even_chart(frame, focal=w.over, rival=w.chaser, what=lever.what, marks=marks)
    write_bytes(path, picture(made, path))
    typer.echo(f"wrote {path}", err=True)


def _told(
    event: list[str] | None, events: Path | None, article: Path | None, date: str | None
) -> tuple[list[Event], str | None]:
    """The events of all sources, and the date: the one given, or the article's."""
    from podium.errors import EventError, Fault
    from podium.scenarios.events import from_text, load

    told = [*(from_text(text) for text in event or ()), *(load(events) if events else ())]
    if article is not None:
        from podium.brief.events import announced
        from podium.claims.check import check_article

        checked = check_article(article, date=date)
        told += announced(checked)
        date = checked.date
    if not told:
        raise EventError(Fault("no event is given", "Give --event, --events or --article"))
    return told, date


def _known_units(built: Built, told: list[Event], *, given: int) -> list[Event]:
    """The events with countries as the index calls them; all but the first `given` may be of others too."""
    from dataclasses import replace

    from podium.errors import DataError
    from podium.index.profile import find_unit

    out = []
    for k, e in enumerate(told):
        try:
            out.append(replace(e, country=find_unit(built, e.country)))
        except DataError:
            if k < given:
                raise
            out.append(e)
    return out


def _check_horizon(horizon: str | None) -> None:
    from podium.scenarios.events import MONTH

    if horizon is not None and not MONTH.match(horizon):
        raise typer.BadParameter(f"{horizon!r} is no month YYYY-MM", param_hint="--horizon")


def reach(
    spec: SpecName,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="Who wants to reach the rank.")],
    rank: Rank = 3,
    share: Annotated[
        float, typer.Option("--share", min=0.01, max=1.0, help="Share of the variants in which the plan must hold.")
    ] = 0.9,
    years: Annotated[float, typer.Option("--years", min=0.1, help="How many years there are.")] = 3.0,
    lever: Annotated[
        list[str] | None,
        typer.Option("--lever", metavar="CODE", help="An indicator that can be changed; by default those declared."),
    ] = None,
    others: Annotated[
        str, typer.Option("--others", help="The other units: `frozen`, or `forecast` to the end of the years.")
    ] = "frozen",
    edition: Edition = None,
    draws: Annotated[int, typer.Option("--draws", min=1, help="Number of draws over choices.")] = 1000,
    seed: Seed = 1,
    json_: Json = False,
) -> None:
    """Find the least effort that brings a unit to a rank, or prove that none within bounds does.

    Example: `podium reach ai-race --unit KOR --rank 3`
    """
    from podium.index.build import build
    from podium.index.profile import find_unit
    from podium.index.spec import load_spec
    from podium.scenarios.goals import reach as run

    if others not in ("frozen", "forecast"):
        raise typer.BadParameter(f"{others!r} is neither frozen nor forecast", param_hint="--others")
    built = build(load_spec(spec, edition=edition))
    figures = None
    if others == "forecast":
        from podium.scenarios.forecast import projected

        figures = projected(built, years=max(1, round(years))).values[-1]
    with progress() as step:
        step(0.1, "looking for plans")
        result = run(built, unit=find_unit(built, unit), rank=rank, share=share, years=years, levers=lever or (),
                     draws=draws, seed=seed, others=figures)  # fmt: skip
    if json_:
        print_json(result.to_dict())
    else:
        from podium.report.terminal_goals import print_reach

        print_reach(result, console())
