"""Scenarios on the terminal: the answer first, then the rows, the bound, what would do, what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.brief.reasons import reason_text
from podium.brief.words import capital, chance_text, event_text, join, name, percent, share_short, share_text, spoken
from podium.report.labels import label

if TYPE_CHECKING:
    from rich.console import Console

    from podium.robustness.statistics import Share
    from podium.scenarios.breakeven import BreakEven, Enough
    from podium.scenarios.whatif import WhatIf

__all__ = ["print_rows", "print_whatif"]


def print_whatif(w: WhatIf, out: Console) -> None:
    """Print a scenario."""
    for e in w.events:
        _say(event_text(e, "en"), out)
    _answer(w, out)
    out.print()
    print_rows(w, out, "en")
    _expected(w, out)
    for unit, steps in w.path.items():
        said = ", ".join(f"{s.node} {s.before:.2f} → {s.after:.2f} (rank {s.rank_before} → {s.rank_after})" for s in steps)
        _say(f"{name(unit, 'en')}: {said or 'nothing changes'}", out)
    if w.refit:
        said = ", ".join(f"{name(u, 'en')} {score:.2f} (rank {rank})" for u, (score, rank) in w.refit.items())
        _say(f"{label('refit')}: {said}{_anew(w)}", out)
    out.print()
    _bound(w, out)
    _even(w, out)
    _swaps(w, out)
    _left(w, out)


def _anew(w: WhatIf) -> str:
    """What is different on the draws where every step is fitted anew, told of whom it moves."""
    if w.again is None:
        return ""
    lifts = ", ".join(f"{name(u, 'en')} {_signed(low, middle, high)}" for u, (low, middle, high) in w.again.lift.items())
    goal = f"the goal changes {_in(w.again.goal_changed)}"
    if w.again.order_changed is None:
        return f"; over the draws {lifts}; {goal}"
    return f"; over the draws {lifts} points; the order changes {_in(w.again.order_changed)}, {goal}"


def _signed(low: float, middle: float, high: float) -> str:
    low, middle, high = (0.0 if abs(x) < 0.005 else x for x in (low, middle, high))
    return f"{middle:+.2f} ({low:+.2f} to {high:+.2f})"


def _say(text: str, out: Console) -> None:
    out.print(text, markup=False)


def _answer(w: WhatIf, out: Console) -> None:
    """What the events change, in one sentence."""
    deal = w.row("this deal")
    if deal is None:
        _say("None of these events has a size that this index counts: nothing changes.", out)
        return
    said = []
    for unit, (low, middle, high) in deal.lift.items():
        if low or high:
            was, now = deal.before[unit].rank, deal.after[unit].rank
            place = f"stays at rank {was}" if was == now else f"goes from rank {was} to {now}"
            said.append(f"{spoken(unit, 'en')} gains {middle:.2f} points ({low:.2f} to {high:.2f}) and {place}")
    goal = f"whether {spoken(w.focal, 'en')} is at rank {w.rank} or better changes {_in(deal.goal_changed)}"
    if deal.order_changed is not None and w.rival is not None:
        order = f"the order of {spoken(w.focal, 'en')} and {spoken(w.rival, 'en')} changes {_in(deal.order_changed)}"
        goal = f"{order}; {goal}"
    _say(capital(f"{'; '.join(said) or 'No score changes'}. {goal[0].upper()}{goal[1:]}."), out)


def _in(share: Share) -> str:
    text = share_text(share, "en")
    return text if text.startswith("in ") else f"in {text}"


def print_rows(w: WhatIf, out: Console, lang: str) -> None:
    """Print the rows of a scenario as a table, and what has no size or no place in the index."""
    from podium.report.terminal import table_of

    table = table_of("", "", label("rank", lang), label("lift", lang), label("goal changed", lang), right=(2, 3, 4))
    for row in w.rows:
        units = [u for u in dict.fromkeys((w.focal, w.rival, *row.after)) if u is not None and u in row.after]
        for k, u in enumerate(units):
            low, middle, high = row.lift[u]
            table.add_row(label(row.name, lang) if k == 0 else "", name(u, lang), f"{row.before[u].rank} → {row.after[u].rank}",
                          f"{middle:.2f} ({low:.2f}–{high:.2f})", share_short(row.goal_changed) if k == 0 else "")  # fmt: skip
    out.print(table)
    for key, lines in (
        ("unsized", [event_text(e, lang) for e in w.unsized]),
        ("outside", [f"{event_text(e, lang)} ({reason_text(why, lang)})" for e, why in w.outside]),
    ):
        if lines:
            _say(f"{label(key, lang)}: {'; '.join(lines)}", out)


def _expected(w: WhatIf, out: Console) -> None:
    """Shares weighed by how likely the events are, where that makes a difference, and probabilities under errors."""
    deal = w.row("this deal")
    if deal is None:
        return
    after, before = deal.after[w.focal], deal.before[w.focal]
    if abs(after.expected - after.share.value) > 1e-12:
        _say(f"weighed by their probability, {spoken(w.focal, 'en')} is at rank {w.rank} or better in "
             f"{percent(after.expected)} of the variants ({percent(before.share.value)} before)", out)  # fmt: skip
    if after.probability is not None and before.probability is not None:
        p, q = before.probability, after.probability
        _say(f"under random errors of the data: probability {chance_text(p, 'en')} before, {chance_text(q, 'en')} after "
             f"({q.low:.2f} to {q.high:.2f} over the variants)", out)  # fmt: skip


def _bound(w: WhatIf, out: Console) -> None:
    if not w.headroom:
        return
    h = w.headroom
    gap = next((e for e in w.break_even if not e.options), None) or (w.break_even[0] if w.break_even else None)
    row = w.row("this deal") or w.row("the bound")
    lead = ""
    if row and w.chaser and w.over and gap:
        lead = f"; the gap is {row.before[w.over].score - row.before[w.chaser].score:.2f}"
    who = f" to {spoken(w.chaser, 'en')}" if w.chaser else ""
    _say(f"The most that {w.indicator} can add{who} at all: {h['points']:.1f} points to the world's best × weight "
         f"{100 * h['weight']:.2f} % = {h['product']:.2f} points{lead}.", out)  # fmt: skip
    if w.headline is not None:
        one, ahead = w.headline
        _say(f"Counted by the vendor's headline ({one:g} × an H100, a bound and no convention) the gap would be {-ahead:.2f}.", out)


def _even(w: WhatIf, out: Console) -> None:
    if not w.break_even or w.chaser is None or w.over is None:
        return
    _say(f"How much would put {spoken(w.chaser, 'en')} ahead of {spoken(w.over, 'en')}, other choices nominal:", out)
    for answer in dict.fromkeys(e.answer for e in w.break_even):
        own = [e for e in w.break_even if e.answer == answer]
        _say(f"  {_told(answer, own)} in {len(own)} of {len(w.break_even)} {_combinations(w)}", out)
    if w.enough is not None:
        _say(f"  {_share(w.enough)}", out)


def _told(answer: str, own: Sequence[BreakEven]) -> str:
    if answer == "already ahead":
        leads = sorted(e.gap for e in own)
        return f"already ahead, by {leads[0]:.2f} to {leads[-1]:.2f} points,"
    if answer == "none suffices":
        closest = max(own, key=lambda e: e.most - e.gap)
        return f"none suffices (at best {closest.most:.2f} points where {closest.gap:.2f} are missing)"
    counts = sorted(e.count for e in own if e.count is not None)
    deals = sorted(e.deals for e in own if e.deals is not None)
    times = f", {_span(deals, ',.1f')} such events," if deals else ""
    if counts[0] < 1000:
        return f"{_span(counts, ',.4g')} {own[0].machine}{times}"
    return f"{_span(counts, ',.0f')} × {own[0].machine}{times}"


def _span(values: Sequence[float], form: str) -> str:
    """The least and the greatest of sorted numbers, one where they read alike."""
    ends = [format(x, form) for x in (values[0], values[-1])]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _combinations(w: WhatIf) -> str:
    """What the combinations are made of."""
    names = list(w.break_even[0].options)
    return f"combinations of {join(names, 'en')}" if names else "ways to count"


def _share(e: Enough) -> str:
    head = f"in {100 * e.wanted:.0f} % of all variants, weights included: "
    if e.answer == "already ahead":
        return f"{head}already ahead ({share_short(e.now)})"
    if e.answer == "needs" and e.count is not None:
        return f"{head}{e.count:,.0f} × {e.what} (ahead today in {share_short(e.now)})"
    return f"{head}none suffices; with the world's best value it leads in {share_short(e.best)}"


def _swaps(w: WhatIf, out: Console) -> None:
    if w.mix is not None:
        m = w.mix
        said = f"at {', '.join(f'{100 * x:.0f} %' for x in m.at)} per head" if m.at else "at no mix"
        _say(f"Mix of absolute and per-head figures: the two swap {said}; {spoken(w.focal, 'en')} leads by {m.absolute:.2f} "
             f"absolute, {m.nominal:.2f} as it is, {m.per_head:.2f} per head.", out)  # fmt: skip
    found = [s for s in w.weights if s.at is not None][:3]
    if found:
        said = "; ".join(f"{s.node} at {100 * (s.at or 0):.0f} % of its group instead of {100 * s.nominal:.0f} %" for s in found)
        _say(f"Weights at which the two swap, the nearest: {said}.", out)
    elif w.weights:
        _say("Weights: none of an indicator or group, changed alone, makes the two swap.", out)


def _left(w: WhatIf, out: Console) -> None:
    for s in w.sites:
        _say(f"· the event tells of a recorded plan, not counted again: {s['name']}", out)
    for line in w.assumptions:
        _say(f"· {line}", out)
