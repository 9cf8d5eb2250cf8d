"""The command on where a ranking is heading: forecast."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from podium.app.cli.common import Edition, Json, Seed, SpecName, console, guarded, print_json, progress

if TYPE_CHECKING:
    import pandas as pd

    from podium.index.build import Built
    from podium.scenarios.forecast import Forecast, Law

__all__ = ["register"]

LATEST = 6


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(guarded(forecast))


def forecast(
    spec: SpecName,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", metavar="UNIT", help="Tell of this unit first; repeatable.")
    ] = None,
    rank: Annotated[int, typer.Option("--rank", min=1, help="The rank whose probability is told.")] = 3,
    years: Annotated[int, typer.Option("--years", min=1, help="How many editions ahead; two is what can be said.")] = 2,
    edition: Edition = None,
    draws: Annotated[int, typer.Option("--draws", min=1, help="Number of draws.")] = 1000,
    backtest: Annotated[
        bool, typer.Option("--backtest", help="Forecast hidden years instead, and set them against what came.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="List every unit.")] = False,
    chart: Annotated[
        Path | None,
        typer.Option("--chart", metavar="FILE", help="Draw the fan, or the calibration: .html, .svg or .png."),
    ] = None,
    seed: Seed = 1,
    json_: Json = False,
) -> None:
    """Show where the ranking is heading if every series goes on as it has, and how such forecasts have fared.

    Example: `podium forecast ai-race --unit KOR --rank 3`
    """
    from podium.index.build import build
    from podium.index.profile import find_unit
    from podium.index.spec import load_spec
    from podium.scenarios.forecast import fit_law
    from podium.scenarios.forecast import forecast as run

    built = build(load_spec(spec, edition=edition))
    units = list(dict.fromkeys(find_unit(built, u) for u in unit or []))
    law = fit_law(built, horizon=min(years, 2))
    if backtest:
        _backtest(built, law, min(years, 2), draws, seed, chart, json_)
        return
    with progress() as step:
        found = run(built, years=years, draws=draws, seed=seed, law=law, progress=step)
    if chart is not None:
        from podium.report.charts_forecast import fan_chart

        _write(chart, fan_chart(found, units=units or list(built.ranks.index[:3]), rank=rank))
    if json_:
        print_json(_values(found, units, rank))
        return
    from podium.report.terminal_forecast import print_forecast

    print_forecast(found, console(), units=units, rank=rank, every=every)


def _values(found: Forecast, units: list[str], rank: int) -> dict[str, Any]:
    at_most = {u: list(found.probability(u, rank)) for u in units or found.built.units}
    return found.to_dict() | {"rank": rank, "probability_at_most": at_most}


def _backtest(
    built: Built, law: Law, horizon: int, draws: int, seed: int, chart: Path | None, json_: bool
) -> None:
    editions = _editions(built)
    ranks: pd.DataFrame | None = None
    if len(editions) > 1:
        from podium.scenarios.rankcheck import rank_backtest

        with progress() as step:
            ranks = rank_backtest(editions, horizon=horizon, draws=draws, seed=seed, progress=step)
    if chart is not None:
        from podium.report.charts_forecast import calibration_chart

        _write(chart, calibration_chart(law.tested, title=built.spec.label()))
    if json_:
        held = law.tested
        print_json({
            "index": built.spec.name, "edition": built.spec.edition_name, "origins": list(held.origins),
            "series": held.table.to_dict("index"), "overall": held.overall.to_dict("index"),
            "calibration": held.calibration((0.1, 0.25, 0.5, 0.75, 0.9)).to_dict("records"),
            "ranks": None if ranks is None else ranks.to_dict("records"),
        })  # fmt: skip
        return
    from podium.report.terminal_forecast import print_backtest

    print_backtest(law.tested, ranks, console(), title=built.spec.label())


def _editions(built: Built) -> dict[str, Built]:
    """The latest editions up to this one, built."""
    from podium.index.build import build

    spec, whole = built.spec, built.dataset.whole
    names = [e.name for e in sorted(spec.editions, key=lambda e: e.last_day())] or list(whole.editions if whole else ())
    now = spec.edition_name
    upto = names[: names.index(now) + 1][-LATEST:] if now in names else []
    return {n: build(spec.model_copy(update={"edition": n}), dataset=whole) for n in upto}


def _write(path: Path, made: dict[str, Any]) -> None:
    from podium.app.files import write_bytes
    from podium.report.pictures import picture

    write_bytes(path, picture(made, path))
    typer.echo(f"wrote {path}", err=True)
