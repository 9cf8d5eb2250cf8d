"""What it takes, on the terminal: the answer, the plans in raw units, what binds, or the proof that nothing does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podium.brief.words import name, percent

if TYPE_CHECKING:
    from rich.console import Console

    from podium.scenarios.goals import Plan, Reach

__all__ = ["print_reach"]


def print_reach(r: Reach, out: Console) -> None:
    """Print what it takes for a unit to reach a rank."""
    who = name(r.unit, "en")
    goal = f"rank {r.rank} or better in {100 * r.wanted:g} % of {r.draws:,} draws and in the index itself"
    now = f"Today {who} has rank {r.rank_now} (score {r.score_now:.2f}) and is there in {percent(r.share_now)} of the draws."
    if r.status == "already there":
        _say(f"{who} needs nothing: it has {goal} already ({percent(r.share_now)}).", out)
    elif r.status == "reached" and r.cheapest is not None:
        _say(f"Within {r.years:g} years {who} can have {goal}.", out)
        _say(now, out)
        _plan("Least effort", r.cheapest, r, out)
        if r.sparsest is not None and r.sparsest != r.cheapest:
            _plan("Fewest levers", r.sparsest, r, out)
        if r.sparsest == r.cheapest:
            _say("No plan with fewer levers was found.", out)
        _say(f"What binds: {'; '.join(r.binding) or 'nothing but the goal'}.", out)
    else:
        _impossible(r, who, goal, now, out)
    for line in r.notes:
        _say(f"· {line}", out)
    _say("· steps stay as fitted before; each lever goes no further than the best figure seen, and "
         "in a year no further than nine in ten yearly changes on record", out)  # fmt: skip


def _impossible(r: Reach, who: str, goal: str, now: str, out: Console) -> None:
    c = r.certificate
    head = "cannot have" if c.proved else "was not found to have"
    _say(f"Within {r.years:g} years {who} {head} {goal}.", out)
    _say(now, out)
    why = "No lever's rise lowers the score, so this is the most: proved." if c.proved else \
        "That is no proof: this index does not rise with every lever, or compares units with each other."  # fmt: skip
    _say(f"With every lever at its bound it scores {c.score:.2f} (rank {c.rank}); rank {r.rank} needs the "
         f"{c.needed:.2f} of {name(c.rival, 'en')}. It is there in {percent(c.share)} of the draws. {why}", out)  # fmt: skip
    _say(f"If only the best figure seen bound each lever, whatever the time: {percent(c.unhurried)} of the draws.", out)
    _say("What binds:", out)
    for h in r.levers:
        _say(f"  {h.leaf}: {_number(h.start)} → {_number(h.end)} {h.unit} ({h.bound})", out)


def _plan(title: str, p: Plan, r: Reach, out: Console) -> None:
    from podium.report.terminal import table_of

    effort = f"{p.effort:.3g} {r.effort_in}"
    sure = "; no smaller on the grid" if p.proved else ""
    out.print(f"\n{title}: {effort}{sure}", markup=False)
    table = table_of("lever", "from", "to", "unit", "effort", "", right=(1, 2, 4))
    for q in p.pulls:
        at = q.bound if q.at_bound else ""
        table.add_row(q.indicator, _number(q.before), _number(q.after), q.unit, f"{q.effort:.3g}", at)
    out.print(table)
    _say(f"Re-built: rank {p.rank}, score {p.score:.2f}, there in {percent(p.share)} of the draws (rank {p.refit_rank} with all steps "
         f"fitted anew). With 1 % less of every change: rank {p.less_rank}, {100 * p.less_share:.1f} %{', not enough' if p.tight else ''}.", out)  # fmt: skip


def _number(x: float) -> str:
    return f"{x:,.0f}" if abs(x) >= 1000 else f"{x:.4g}"


def _say(text: str, out: Console) -> None:
    out.print(text, markup=False)
