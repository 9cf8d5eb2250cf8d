"""Rank ranges, sensitivity and recovered weights on the terminal, within 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.brief.words import name

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from podium.compare.formula import Fit, Recovered, Refusal
    from podium.robustness.preference import Swap
    from podium.robustness.ranges import RankRange, RankRanges
    from podium.robustness.sensitivity import Sensitivity

__all__ = ["print_ranges", "print_recovered", "print_sensitivity"]

CHANGED = 6


def _table(*columns: str, right: Sequence[int] = ()) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bright_black")
    for k, column in enumerate(columns):
        table.add_column(column, justify="right" if k in right else "left", overflow="fold")
    return table


def _said(code: str) -> str:
    return name(code, "en") if len(code) == 3 and code.isupper() else code


def print_ranges(
    found: RankRanges, out: Console, *, unit: str | None, rival: str | None, change: Swap | None
) -> None:
    """Print rank ranges over all admissible weights: one unit in words with its weights, else a table."""
    if found.note and not all(r.exact for r in found.ranges.values()):
        out.print(f"Not all ends are proved: {found.note}. Bounds say so.", markup=False)
    if unit is not None and len(found.ranges) <= 2:
        _one(found, found.ranges[unit], out)
    else:
        _many(found, out, unit)
    if unit is not None and rival is not None:
        _pair(found, out, unit, rival, change)


def _end(reached: int, bound: int, better: str) -> str:
    return str(reached) if reached == bound else f"{reached} (not {better} than {bound})"


def _one(found: RankRanges, r: RankRange, out: Console) -> None:
    out.print(f"{_said(r.unit)}: rank {r.nominal} of {len(found.built.units)}", markup=False, style="bold")
    best, worst = _end(r.best, r.best_bound, "better"), _end(r.worst, r.worst_bound, "worse")
    how = "proved" if r.exact else "between what is reached and what is proved"
    out.print(f"over all admissible weights {best} to {worst}, {how}", markup=False)
    for what, weights in (("best", r.best_weights), ("worst", r.worst_weights)):
        moved = _changes(found, weights)
        if moved:
            out.print(f"{what} with {'; '.join(moved)}", markup=False)
    for what, units in (("ahead of it", found.always_ahead(r.unit)), ("behind it", found.always_behind(r.unit))):
        some = ", ".join(units[:12]) + (f" and {len(units) - 12} more" if len(units) > 12 else "")
        out.print(f"always {what}: {len(units)}{f' ({some})' if units else ''}", markup=False)


def _changes(found: RankRanges, weights: object) -> list[str]:
    """The greatest changes of weights within each parent, relative to the nominal ones."""
    assert isinstance(weights, dict)
    nominal = dict(zip(found.built.tree.items, map(float, found.built.tree.weights), strict=True))
    ratios = [(code, w / nominal[code] - 1) for code, w in weights.items() if nominal[code] > 0]
    moved = sorted((x for x in ratios if abs(x[1]) >= 0.005), key=lambda x: -abs(x[1]))
    said = [f"{code} {100 * r:+.0f} %" for code, r in moved[:CHANGED]]
    return said + ([f"{len(moved) - CHANGED} more changed"] if len(moved) > CHANGED else [])


def _many(found: RankRanges, out: Console, unit: str | None) -> None:
    table = _table("", "nominal", "best", "worst", "", right=(1, 2, 3))
    for r in sorted(found.ranges.values(), key=lambda r: r.nominal):
        proof = "proved" if r.exact else f"within {r.best_bound} to {r.worst_bound}"
        style = "bold" if r.unit == unit else None
        table.add_row(_said(r.unit), str(r.nominal), str(r.best), str(r.worst), proof, style=style)
    out.print(table)


def _pair(found: RankRanges, out: Console, unit: str, rival: str, change: Swap | None) -> None:
    if found.must_lead(unit, rival) or found.must_lead(rival, unit):
        first, second = (unit, rival) if found.must_lead(unit, rival) else (rival, unit)
        out.print(f"all admissible weights put {_said(first)} ahead of {_said(second)}", markup=False)
    else:
        out.print(f"admissible weights put {_said(unit)} ahead of {_said(rival)} or behind it", markup=False)
    if change is None:
        out.print("the scores are not linear in the weights: the smallest change is not known", markup=False)
        return
    if change.relative == float("inf"):
        out.print(f"no change of weights below 100 % lets {_said(change.behind)} draw level", markup=False)
    else:
        out.print(f"{_said(change.behind)} draws level with {_said(change.ahead)} when weights change by up to "
                  f"{100 * change.relative:.1f} % each", markup=False)  # fmt: skip
    if change.moved != float("inf"):
        out.print(f"or when {100 * change.moved:.1f} % of all weight moves between indicators", markup=False)


def print_sensitivity(found: Sensitivity, out: Console, *, unit: str | None) -> None:
    """Print Sobol' indices of the mean rank shift, and of one unit's rank and score."""
    out.print(f"{found.builds:,} builds, seed {found.seed}; ranks shift by {found.mean_shift:.2f} places on average",
              markup=False)  # fmt: skip
    _indices("mean rank shift", found.table, out)
    if unit is not None:
        _indices(f"rank of {_said(unit)}", found.of(unit), out)
        _indices(f"score of {_said(unit)}", found.of(unit, "score"), out)


def _indices(title: str, frame: pd.DataFrame, out: Console) -> None:
    out.print(f"\n{title}", markup=False, style="bold")
    table = _table("", "alone", "95 %", "with others", "95 %", right=(1, 2, 3, 4))
    for assumption, row in frame.iterrows():
        cells = [f"{row['first']:.2f}", f"{row['first_low']:.2f} to {row['first_high']:.2f}",
                 f"{row['total']:.2f}", f"{row['total_low']:.2f} to {row['total_high']:.2f}"]  # fmt: skip
        table.add_row(str(assumption), *cells)
    out.print(table)


def print_recovered(found: Recovered, out: Console) -> None:
    """Print the simplest formula that reproduces a score, with its weights; or why there is none."""
    best = found.best
    if best is None:
        out.print(f"No formula tried reproduces {found.score} within its rounding.", markup=False, style="bold")
    else:
        _fit(found, best, out)
        return _footnotes(found, out)
    for refusal in found.refusals:
        _refusal(refusal, out)
    _footnotes(found, out)


def _footnotes(found: Recovered, out: Console) -> None:
    if found.incomplete:
        out.print(f"{found.incomplete} rows lack a component; {found.reproduced} of them come out when its weight goes "
                  "to the others", markup=False)  # fmt: skip
    for note in found.notes:
        out.print(note, markup=False)


def _fit(found: Recovered, best: Fit, out: Console) -> None:
    whole = f", {':'.join(map(str, best.integers))} over {best.over}" if best.integers else ""
    out.print(f"{found.score}: {best.formula or best.family}{whole}", markup=False, style="bold")
    if best.over is not None:
        said = "no other whole numbers" if best.unique else "other whole numbers too"
        out.print(f"{said} with a sum of at most {best.searched} reproduce it", markup=False)
    said = f"{best.rows} rows, {best.unknowns} unknowns; on the figures as published at most {best.miss:.2g} off"
    out.print(said, markup=False)
    head = "share" if best.scale == "as given" else f"share ({best.scale})"
    table = _table("", head, "rounding allows", "coefficient", right=(1, 2, 3))
    for w in best.weights:
        mark = "" if w.direction > 0 else " (less is more)"
        table.add_row(w.component + mark, f"{100 * w.share:.2f} %", f"{100 * w.low:.2f} to {100 * w.high:.2f} %",
                      f"{w.coefficient:.5g}")  # fmt: skip
    out.print(table)
    if best.offset:
        out.print(f"offset {best.offset:.6g}", markup=False)


def _refusal(r: Refusal, out: Console) -> None:
    proof = "proved" if r.checked and r.complete else "for the directions tried"
    some = ", ".join(r.rows[:4]) + (f" and {len(r.rows) - 4} more" if len(r.rows) > 4 else "")
    out.print(f"{r.family}: none, {proof}. The best lies {r.miss:.3g} half units beyond rounding; no weights suit at "
              f"once {some}", markup=False)  # fmt: skip
