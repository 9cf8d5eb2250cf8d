"""Commands on how firm a ranking is: range, sensitivity, recover."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from podium.app.cli.common import Edition, Json, Seed, SpecName, console, guarded, print_json, progress

if TYPE_CHECKING:
    from podium.robustness.ranges import RankRange, RankRanges

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("range")(guarded(range_))
    app.command()(guarded(sensitivity))
    app.command()(guarded(recover))


def range_(
    spec: SpecName,
    unit: Annotated[str | None, typer.Option("--unit", metavar="UNIT", help="The unit, for example KOR.")] = None,
    rival: Annotated[
        str | None, typer.Option("--rival", metavar="UNIT", help="Ask also what swaps --unit and this one.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every unit; without --unit this is the default.")] = False,
    edition: Edition = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", min=0, metavar="SECONDS", help="After it, bounds instead of proofs.")
    ] = 60.0,
    seed: Seed = 0,
    json_: Json = False,
) -> None:
    """Show the best and worst rank of a unit over all admissible weights, proved, with the weights that reach them.

    Example: `podium range ai-race --unit KOR --rival JPN`
    """
    import os
    from concurrent.futures import ThreadPoolExecutor

    from podium.errors import Fault, InputError
    from podium.index.build import build
    from podium.index.spec import load_spec
    from podium.robustness.preference import swap
    from podium.robustness.ranges import rank_ranges

    if rival is not None and unit is None:
        raise InputError(Fault("--rival needs --unit", "Give both"))
    built = build(load_spec(spec, edition=edition))
    asked = None if all_ or unit is None else [u for u in dict.fromkeys((unit, rival)) if u is not None]
    _known(built.units, [u for u in (unit, rival) if u is not None])
    with progress() as step, ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        found = rank_ranges(built, units=asked, seed=seed, time_limit=time_limit, executor=pool, progress=step)
    change = swap(built, unit, rival) if unit is not None and rival is not None else None
    if json_:
        pair = None
        if unit is not None and rival is not None:
            pair = {
                "unit": unit,
                "rival": rival,
                "can_lead": found.can_lead(unit, rival),
                "must_lead": found.must_lead(unit, rival),
                "swap": None if change is None else _finite(asdict(change)),
            }
        print_json(
            {
                "index": built.spec.name,
                "note": found.note,
                "ranges": {u: _range_values(found, r) for u, r in found.ranges.items()},
                "pair": pair,
            }
        )
        return
    from podium.report.terminal_robustness import print_ranges

    print_ranges(found, console(), unit=unit, rival=rival, change=change)


def _known(units: tuple[str, ...], asked: list[str]) -> None:
    from podium.errors import DataError, Fault

    missing = [u for u in asked if u not in units]
    if missing:
        known = f"Use one of {', '.join(units)}"
        raise DataError([Fault(f"unit {u} is not in the index", known) for u in missing])


def _range_values(found: RankRanges, r: RankRange) -> dict[str, Any]:
    return {
        **asdict(r),
        "exact": r.exact,
        "always_ahead": list(found.always_ahead(r.unit)),
        "always_behind": list(found.always_behind(r.unit)),
    }


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    """Plain JSON values: what no weights reach is null."""
    return {k: None if isinstance(v, float) and v == float("inf") else v for k, v in values.items()}


def sensitivity(
    spec: SpecName,
    n: Annotated[int, typer.Option("--n", min=2, help="Rows of the design, a power of 2.")] = 1024,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="UNIT", help="Show the indices of this unit's rank and score too.")
    ] = None,
    edition: Edition = None,
    seed: Seed = 1,
    json_: Json = False,
) -> None:
    """Show how much of the spread of ranks each assumption explains: Sobol' first-order and total indices.

    Example: `podium sensitivity ai-race --n 512 --unit KOR`
    """
    from podium.index.build import build
    from podium.index.spec import load_spec
    from podium.robustness.sensitivity import sensitivity as run

    built = build(load_spec(spec, edition=edition))
    _known(built.units, [unit] if unit is not None else [])
    with progress() as step:
        found = run(built, n=n, seed=seed, progress=step)
    if json_:
        print_json(
            {
                "index": built.spec.name,
                "n": n,
                "seed": seed,
                "builds": found.builds,
                "mean_shift": found.mean_shift,
                "shift": found.table.to_dict("index"),
                "unit": unit,
                "rank": found.of(unit).to_dict("index") if unit else None,
                "score": found.of(unit, "score").to_dict("index") if unit else None,
            }
        )
        return
    from podium.report.terminal_robustness import print_sensitivity

    print_sensitivity(found, console(), unit=unit)


def recover(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A published table: CSV, XLSX or Parquet.")],
    score: Annotated[str, typer.Option("--score", metavar="COLUMN", help="The column of the score.")],
    components: Annotated[
        str | None,
        typer.Option("--components", metavar="A,B,…", help="The columns that may enter; by default all that can."),
    ] = None,
    most: Annotated[
        int | None, typer.Option("--most", min=1, help="Greatest sum of whole-number weights to try; 60 or more.")
    ] = None,
    json_: Json = False,
) -> None:
    """Find the weights hidden in a published table, with the interval that rounding allows; or prove there are none.

    Example: `podium recover table.csv --score Total`
    """
    from podium.compare.recover import recover as run

    names = None if components is None else [c.strip() for c in components.split(",") if c.strip()]
    found = run(table, score=score, components=names, most=most)
    if json_:
        print_json(found.to_dict())
        return
    from podium.report.terminal_robustness import print_recovered

    print_recovered(found, console())
