"""The command on what an index is made of: analyse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from podium.app.cli.common import Edition, Json, SpecName, console, guarded, print_json

if TYPE_CHECKING:
    import pandas as pd

    from podium.index.build import Built

__all__ = ["register"]

TABLES = ("statistics", "availability", "correlations", "ancestors", "components", "reliability", "weights", "removal",
          "standings", "strengths")  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(guarded(analyse))


def analyse(
    spec: SpecName,
    table: Annotated[
        str, typer.Option("--table", metavar="NAME", help=f"What to show: {', '.join(TABLES)}.")
    ] = "statistics",
    edition: Edition = None,
    step: Annotated[
        str, typer.Option("--step", metavar="STEP", help="The table analysed, for example Raw or Normalised.")
    ] = "Raw",
    level: Annotated[
        int, typer.Option("--level", min=1, help="Items correlated, decomposed or left out: 1 are indicators.")
    ] = 1,
    kind: Annotated[str, typer.Option("--kind", help="Correlation: pearson, spearman or kendall.")] = "pearson",
    unit: Annotated[str | None, typer.Option("--unit", metavar="UNIT", help="The unit, for strengths.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.csv", help="Write the whole table there.")] = None,
    json_: Json = False,
) -> None:
    """Look into an index: its figures, how they hang together, what each part does.

    Example: `podium analyse ai-race --table correlations --step Normalised --kind spearman`
    """
    from podium.index.build import build
    from podium.index.profile import find_unit
    from podium.index.spec import load_spec

    built = build(load_spec(spec, edition=edition))
    who = None if unit is None else find_unit(built, unit)
    made = _made(built, table, step, level, kind, who)
    if out is not None:
        from podium.index.results import write_text

        write_text(out, made.to_csv(index=False))
        typer.echo(f"wrote {len(made)} rows to {out}")
    elif json_:
        print_json({"table": table, "rows": made.to_dict("records")})
    else:
        _print(_condensed(made) if table == "statistics" else made)


def _print(made: pd.DataFrame) -> None:
    from rich.table import Table

    shown = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bright_black")
    for column in made:
        numeric = made[column].dtype.kind in "iuf"
        shown.add_column(str(column), justify="right" if numeric else "left", overflow="fold")
    for row in made.itertuples(index=False):
        shown.add_row(*(f"{float(f'{v:.4g}'):g}" if isinstance(v, float) else str(v) for v in row))
    console().print(shown)


def _condensed(made: pd.DataFrame) -> pd.DataFrame:
    """The statistics that fit a terminal, with the flags in one column; --out and --json have them all."""
    marks = ["few", "zeros", "repeated", "outliers"]
    kept = made[["item", "available", "min", "mean", "max", "sd", "skew", "kurtosis"]].copy()
    kept["flags"] = [" ".join(m for m in marks if row[m]) for _, row in made.iterrows()]
    return kept


def _made(built: Built, table: str, step: str, level: int, kind: str, unit: str | None) -> pd.DataFrame:
    """The table asked for, its index as columns."""
    from podium.compare.removal import leave_each_out
    from podium.errors import Fault, InputError
    from podium.index.associations import ancestor_correlations, correlations
    from podium.index.components import component_table
    from podium.index.reliability import reliability
    from podium.index.standings import standings
    from podium.index.statistics import availability, statistics
    from podium.index.strengths import strengths

    if table == "strengths" and unit is None:
        raise InputError(Fault("strengths are those of one unit", "Give --unit"))
    made = {
        "statistics": lambda: statistics(built, step=step).reset_index(),
        "availability": lambda: availability(built, step=step).reset_index(),
        "correlations": lambda: correlations(built, step=step, kind=kind, levels=(level, level)),  # type: ignore[arg-type]
        "ancestors": lambda: ancestor_correlations(built, level=level, kind=kind),  # type: ignore[arg-type]
        "components": lambda: component_table(built, step=step, level=level),
        "reliability": lambda: reliability(built, step=step).reset_index(),
        "weights": lambda: built.weights.rename_axis("item").reset_index(),
        "removal": lambda: leave_each_out(built, level=level, how="weight").mean_distance.rename_axis("item")
        .rename("mean_distance").reset_index(),
        "standings": lambda: standings(built, parts="groups", values="scores", decimals=2).reset_index(),
        "strengths": lambda: strengths(built, str(unit), step=step, figures=3),
    }  # fmt: skip
    if table not in made:
        raise InputError(Fault(f"there is no table {table!r}", f"Use one of {', '.join(TABLES)}"))
    return made[table]()
