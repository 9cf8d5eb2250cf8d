"""Two editions set side by side on the terminal, within 80 columns: who moved, of what it is made, how firm it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from podium.brief.words import name
from podium.compare.moves import Moves, Part
from podium.index.build import Built

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from podium.compare.firmness import Firmness

__all__ = ["FIRM", "edition_of", "part_label", "print_moves", "said"]

SHOWN = 15
FIRM = {"firm": "yes", "noise": "no: data", "choice": "no: choices", "none": ""}
KIND_HEADS = {"data": "data", "revision": "revised", "indicators": "added", "weights": "weights", "method": "method",
              "units": "units"}  # fmt: skip


def said(code: str) -> str:
    """The name of a unit, where its code is a country's."""
    return name(code, "en") if len(code) == 3 and code.isupper() else code


def edition_of(built: Built) -> str:
    """What to call one of the two indices: its edition, else its name."""
    return built.spec.edition_name or built.spec.name


def part_label(part: Part, new: Built, old: Built) -> str:
    """A part of a move in words."""
    nodes = {n.code: n for b in (old, new) for n in b.root.walk()}
    if part.kind in ("data", "revision"):
        if nodes[part.name].label() != part.name:
            return nodes[part.name].label() + (", revised" if part.kind == "revision" else "")
        for built in (new, old):
            rule = built.spec.indicators.get(part.name)
            measure = (rule.measure if rule else None) or part.name
            if measure in built.dataset.codebook:
                label = built.dataset.codebook[measure].label()
                told = label if label != measure else part.name
                return f"{told}, revised" if part.kind == "revision" else told
        return part.name
    word = nodes[part.name].label() if part.name in nodes else part.name
    if part.kind == "weights":
        return word if part.name == "all weights" else f"weights in {word}"
    if part.kind == "indicators":
        held = {n.code for n in new.root.walk()}
        return f"{word} {'added' if part.name in held else 'dropped'}" if part.name in nodes else f"indicators {word}"
    return {"newcomers": "newcomers come in", "leavers": "leavers go"}.get(part.name, part.name)


def _table(*columns: str, left: Sequence[int] = (0,)) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bright_black")
    for k, column in enumerate(columns):
        table.add_column(column, justify="left" if k in left else "right", overflow="fold")
    return table


def _move(before: float, after: float) -> str:
    return f"{before:g} → {after:g}"


def _decimals(m: Moves) -> int:
    """As many decimals as the spread of the scores bears."""
    spread = float(np.nanmax(m.new_scores) - np.nanmin(m.new_scores))
    return 2 if spread >= 10 else 4


def print_moves(
    m: Moves, out: Console, *, units: Sequence[str] = (), firm: Firmness | None = None, every: bool = False
) -> None:
    """Print how far two rankings agree and who moved most; a table of all; or units one by one."""
    title = m.new.spec.label()
    out.print(f"{title}: {edition_of(m.old)} → {edition_of(m.new)}", markup=False, style="bold")
    _answer(m, out, firm)
    if units:
        for unit in units:
            _one(m, out, unit, firm)
    else:
        _many(m, out, firm, every)
    _footnotes(m, out, firm)


def _answer(m: Moves, out: Console, firm: Firmness | None) -> None:
    change = m.new_ranks - m.old_ranks
    a = m.agreement()
    moved = int((change != 0).sum())
    line = f"{moved} of {len(m.units)} units changed rank"
    if firm is not None:
        line += f"; {int(firm.firm.sum())} of these moves exceed what the uncertainties alone would give"
    out.print(f"{line}.", markup=False)
    best, worst = int(np.nanargmin(change)), int(np.nanargmax(change))
    tells = []
    if change[best] < 0:
        tells.append(f"largest rise {said(m.units[best])} {_move(m.old_ranks[best], m.new_ranks[best])}")
    if change[worst] > 0:
        tells.append(f"largest fall {said(m.units[worst])} {_move(m.old_ranks[worst], m.new_ranks[worst])}")
    if tells:
        out.print("; ".join(tells).capitalize()[0] + "; ".join(tells)[1:] + ".", markup=False)
    if a.units > 1:
        out.print(f"Agreement: Kendall {a.kendall:.2f}, Spearman {a.spearman:.2f}, {round(100 * a.top)} % of the first "
                  f"{a.k} in common.", markup=False)  # fmt: skip
    for who, units in (("New", m.newcomers), ("Gone", m.leavers)):
        if units:
            some = ", ".join(said(u) for u in units[:6]) + (f" and {len(units) - 6} more" if len(units) > 6 else "")
            out.print(f"{who}: {some}.", markup=False)


def _many(m: Moves, out: Console, firm: Firmness | None, every: bool) -> None:
    digits = _decimals(m)
    kinds = m.kinds if len(m.kinds) > 1 else ()
    heads = [KIND_HEADS[k] for k in kinds] or ["mostly"]
    out.print()
    left = (0, 3 + len(heads), *(() if kinds else (3,)))
    table = _table("", "rank", "points", *heads, *(["firm"] if firm else []), left=left)
    shown = m.table if every else m.table.head(SHOWN)
    for unit, row in shown.iterrows():
        cells = [f"{row['score_change']:+.{digits}f}", *(f"{row[f'score_{k}']:+.{digits}f}" for k in kinds)]
        if not kinds:
            cells.append(_mostly(m, str(unit), digits))
        word = [FIRM[firm.says(str(unit))]] if firm else []
        table.add_row(said(str(unit))[:26], _move(row["old_rank"], row["new_rank"]), *cells, *word)
    out.print(table)
    if len(shown) < len(m.units):
        out.print(f"{len(m.units) - len(shown)} more with --all; one unit's parts with --unit.", markup=False)


def _mostly(m: Moves, unit: str, digits: int) -> str:
    """The greatest part of a unit's change, in words."""
    if not m.parts:
        return ""
    first = m.of(unit).iloc[0]
    part = next(p for p in m.parts if (p.name, p.kind) == (first["part"], first["kind"]))
    return f"{first['score']:+.{digits}f} {part_label(part, m.new, m.old)[:24].strip()}"


def _one(m: Moves, out: Console, unit: str, firm: Firmness | None) -> None:
    k, digits = m.units.index(unit), _decimals(m)
    old, new = m.old_ranks[k], m.new_ranks[k]
    word = "stays" if old == new else "rises" if new < old else "falls"
    points = m.new_scores[k] - m.old_scores[k]
    out.print(f"\n{said(unit)} {word}: rank {_move(old, new)}, {m.old_scores[k]:.{digits}f} → "
              f"{m.new_scores[k]:.{digits}f} ({points:+.{digits}f} points)", markup=False, style="bold")  # fmt: skip
    if firm is not None:
        out.print(_firm_line(firm, unit), markup=False)
    if unit in m.unsplit:
        out.print("Some mix of the two indices gives it no score, so the change cannot be split.", markup=False)
        return
    rows = m.of(unit)
    rows = rows[(rows["score"].abs() > 1e-12) | (rows["rank"].abs() > 1e-12)]
    table = _table("made of", "points", "places")
    labels: Mapping[tuple[str, str], str] = {(p.name, p.kind): part_label(p, m.new, m.old) for p in m.parts}
    for _, row in rows.head(12).iterrows():
        table.add_row(labels[row["part"], row["kind"]][:52], f"{row['score']:+.{digits}f}", f"{row['rank']:+.2f}")
    rest = rows.iloc[12:]
    if len(rest):
        table.add_row(f"{len(rest)} smaller parts", f"{rest['score'].sum():+.{digits}f}", f"{rest['rank'].sum():+.2f}")
    table.add_row("together", f"{points:+.{digits}f}", f"{new - old:+.2f}" if new != old else "0", style="bold")
    out.print(table)
    for o in m.overtakings(unit)[:8]:
        verb = f"overtook {said(o.behind)}" if o.ahead == unit else f"was overtaken by {said(o.ahead)}"
        out.print(f"{verb}: most by {part_label(o.part, m.new, m.old)} ({abs(o.points):.{digits}f} of "
                  f"{abs(o.gap_after - o.gap_before):.{digits}f} points)", markup=False)  # fmt: skip


def _firm_line(firm: Firmness, unit: str) -> str:
    k = firm.units.index(unit)
    spread = f"over the admissible choices its rank changes by {firm.low[k]:+g} to {firm.high[k]:+g} places"
    noise = "" if np.isnan(firm.noise[k]) else f"; errors of the data alone give up to {firm.noise[k]:g}"
    verdict = {"firm": "The move is firm", "noise": "The move is within the errors of the data",
               "choice": "The move turns on choices", "none": "No move"}[firm.says(unit)]  # fmt: skip
    return f"{verdict}: {spread}{noise}."


def _footnotes(m: Moves, out: Console, firm: Firmness | None) -> None:
    out.print()
    lines = ["Parts are Owen values and add up exactly. They say what a change is made of, not why it came "
             "about. Places: negative is a rise."]  # fmt: skip
    if m.orders:
        worst = 0.0 if m.errors is None else float(np.nanmax(m.errors[1]))
        lines.append(f"The split of ranks within the data is sampled ({m.orders} orders, error up to {worst:.2f}).")
    if m.unsplit:
        lines.append(f"Not split: {', '.join(m.unsplit[:10])}.")
    if firm is not None:
        how = "the same choices and weights in both" if firm.paired else "choices drawn for each on its own"
        lines.append(f"Firm: keeps its direction in 90 % of {firm.draws:,} draws ({how}) and exceeds the errors of "
                     f"the data. Seed {firm.seed}.")  # fmt: skip
    for line in lines:
        out.print(line, markup=False, style="bright_black")
