"""Forecasts and their back-test on the terminal, within 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from podium.brief.words import percent
from podium.report.terminal_compare import said
from podium.scenarios.backtest import Backtest
from podium.scenarios.forecast import Forecast, Law

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

__all__ = ["print_backtest", "print_forecast"]

SHOWN = 15
METHODS = {"drift": "drift on", "no change": "wander without drift", "constant": "are held constant"}


def _table(*columns: str, left: Sequence[int] = (0,)) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bright_black")
    for k, column in enumerate(columns):
        table.add_column(column, justify="left" if k in left else "right", overflow="fold")
    return table


STILL = 0.95
"""The share of the weight held constant from which on a forecast is none."""


def print_forecast(f: Forecast, out: Console, *, units: Sequence[str], rank: int, every: bool = False) -> None:
    """Print where the units named are heading, a table of the leading ones, and on what it rests."""
    now = f.built.spec.edition_name or "now"
    out.print(f"{f.built.spec.label()}: {', '.join(f.names)} from the edition {now}", markup=False, style="bold")
    if (still := sum(f.law.constant().values())) >= STILL:
        out.print(f"No forecast: {percent(still)} of the weight is held constant, since no series has years enough "
                  f"of data to go by. Each edition to come would be {now} again: no rank and no probability is given.",
                  markup=False)  # fmt: skip
        _basis(f.law, out)
        return
    low, middle, high = f.quantiles((0.05, 0.5, 0.95))
    for unit in units:
        k = f.built.units.index(unit)
        parts = [f"{middle[t, k]:g} in {n} ({low[t, k]:g} to {high[t, k]:g})" for t, n in enumerate(f.names)]
        chance = f.probability(unit, rank)
        told = ", ".join(f"{_chance(p, f.ranks.shape[1])} in {n}" for p, n in zip(chance, f.names, strict=True))
        out.print(f"{said(unit)}: {f.built.rank_of(unit):g} now; {', '.join(parts)}.", markup=False)
        out.print(f"Rank {rank} or better with probability {told}.", markup=False)
    out.print()
    _ranks(f, out, units, rank, every, (low, middle, high))
    out.print()
    _basis(f.law, out)
    out.print(f"Ranks: median and 5–95 % of {f.ranks.shape[1]:,} draws, seed {f.seed}. Probabilities hold if the past "
              "goes on as it went.", markup=False, style="bright_black")  # fmt: skip
    if max(f.years) > 2:
        out.print("Beyond two years the back-test says little of such a forecast.", markup=False, style="bright_black")


def _chance(p: float, draws: int) -> str:
    if p in (0.0, 1.0):
        return f"below {3 / draws:.2g}" if p == 0 else f"above {1 - 3 / draws:.3g}"
    return f"{p:.2f}"


def _ranks(
    f: Forecast, out: Console, units: Sequence[str], rank: int, every: bool,
    found: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:  # fmt: skip
    low, middle, high = found
    shown = [t for t, n in enumerate(f.names) if t < 2 or t == len(f.names) - 1][:3]
    heads = [f.names[t] for t in shown]
    table = _table("", "now", *heads, f"≤ {rank} in {f.names[-1]}")
    order = np.argsort(f.built.rank_table[:, -1], kind="stable")
    last = f.ranks[-1] <= rank
    for n, k in enumerate(order):
        unit = f.built.units[int(k)]
        if not every and n >= SHOWN and unit not in units:
            continue
        cells = [f"{middle[t, k]:g}  ({low[t, k]:g} to {high[t, k]:g})" for t in shown]
        table.add_row(said(unit)[:26], f"{f.built.rank_table[k, -1]:g}", *cells, percent(float(last[:, k].mean())),
                      style="bold" if unit in units else None)  # fmt: skip
    out.print(table)


def _basis(law: Law, out: Console) -> None:
    shares = {METHODS[m]: w for m, w in law.weights().items() if w > 0}
    told = "; ".join(f"{percent(w)} {m}" for m, w in shares.items())
    out.print(f"Of the weight of all indicators {told}.", markup=False)
    if fixed := law.constant():
        some = ", ".join(f"{c} {percent(w)}" for c, w in sorted(fixed.items(), key=lambda x: -x[1]))
        out.print(f"Constant (fewer than five years of data, or ended): {some}.", markup=False)
    overall = law.tested.overall
    if not law.tested.cases:
        out.print("No year can be hidden for a back-test, so nothing drifts.", markup=False)
    else:
        skill = float(overall["skill"].to_dict()["as chosen at the time"])
        verdict = f"beat “no change” by {percent(skill)}" if skill > 0 else "did not beat “no change”"
        out.print(f"In the back-test this choice {verdict} (CRPS, {len(law.tested.origins)} origins): "
                  "see --backtest.", markup=False)  # fmt: skip
    late = [c for c in law.held.backfilled if c in law.drifts]
    if late:
        out.print(f"Known only as revised later: {', '.join(late)}.", markup=False, style="bright_black")


def print_backtest(tested: Backtest, ranks: pd.DataFrame | None, out: Console, *, title: str) -> None:
    """Print the back-test: ranks first, then each series with its verdict, then all together."""
    out.print(f"{title}: forecasts from hidden years against what came", markup=False, style="bold")
    if ranks is not None:
        whole = ranks.iloc[-1]
        word = "beats" if whole["skill"] > 0.005 else "does not beat"
        out.print(f"Ranks: the forecast {word} “no change” with a spread of its own (CRPS {whole['crps']:.2f} "
                  f"against {whole['crps_same']:.2f} places; “no change” as a point {whole['crps_point']:.2f}). 50 % "
                  f"intervals hold {percent(whole['cover50'])}, 90 % intervals {percent(whole['cover90'])} of "
                  f"{whole['cases']:.0f} ranks.", markup=False)  # fmt: skip
        out.print()
        table = _table("ranks of", "from", "cases", "in 50 %", "in 90 %", "CRPS", "no change", "skill", left=(0, 1))
        for _, row in ranks.iterrows():
            table.add_row(str(row["edition"]) or "all", str(row["origin"]), *_cells(row))
        out.print(table)
    out.print()
    if not tested.cases:
        out.print("No series has five years of data before a year that could be hidden: nothing drifts.", markup=False)
        return
    table = _table("series", "cases", "in 50 %", "in 90 %", "CRPS", "no change", "skill", "used", left=(0, 7))
    for name, row in tested.table.iterrows():
        table.add_row(str(name), *_cells(row), str(row["used"]))
    for name, row in tested.overall.iterrows():
        table.add_row(str(name).removesuffix(" at the time"), *_cells(row), "", style="bold")
    out.print(table)
    first, last = min(tested.origins), max(tested.origins)
    out.print(f"Origins {first} to {last}. CRPS of the drift and of “no change” (both with a spread), in units of a "
              "series' typical yearly step; coverage is that of the method used. Skill: share of CRPS saved. A series "
              "whose drift does not beat “no change” is forecast by “no change”.", markup=False,
              style="bright_black")  # fmt: skip


def _cells(row: pd.Series[float]) -> list[str]:
    return [f"{row['cases']:.0f}", f"{100 * row['cover50']:.0f} %", f"{100 * row['cover90']:.0f} %",
            f"{row['crps']:.2f}", f"{row['crps_same']:.2f}", f"{100 * row['skill']:+.0f} %"]  # fmt: skip
