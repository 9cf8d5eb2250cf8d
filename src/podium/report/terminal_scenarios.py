"""Scenarios on the terminal: the answer first, then the rows, the bound, what would do, what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.brief.words import event_text, name, percent, share_short, share_text
from podium.report.labels import label

if TYPE_CHECKING:
    from rich.console import Console

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
        _say(f"{label('refit')}: {said}", out)
    out.print()
    _bound(w, out)
    _even(w, out)
    _swaps(w, out)
    _left(w, out)


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
            said.append(f"{name(unit, 'en')} gains {middle:.2f} points ({low:.2f} to {high:.2f}) and {place}")
    goal = f"{name(w.focal, 'en')} at rank {w.rank} or better changes {share_text(deal.goal_changed, 'en')}"
    if deal.order_changed is not None and w.rival is not None:
        order = f"the order of {name(w.focal, 'en')} and {name(w.rival, 'en')} changes {_in(share_text(deal.order_changed, 'en'))}"
        goal = f"{order}; {goal}"
    _say(f"{'; '.join(said) or 'No score changes'}. {goal[0].upper()}{goal[1:]}.", out)


def _in(text: str) -> str:
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
        ("outside", [f"{event_text(e, lang)}{f' ({why})' if lang == 'en' else ''}" for e, why in w.outside]),
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
        _say(f"weighed by their probability, {name(w.focal, 'en')} is at rank {w.rank} or better in "
             f"{percent(after.expected)} of the variants", out)  # fmt: skip
    if after.probability is not None and before.probability is not None:
        p, q = before.probability, after.probability
        _say(f"under random errors of the data: probability {p.nominal:.3f} before, {q.nominal:.3f} after ({q.low:.2f} to "
             f"{q.high:.2f} over the variants)", out)  # fmt: skip


def _bound(w: WhatIf, out: Console) -> None:
    if not w.headroom:
        return
    h = w.headroom
    gap = next((e for e in w.break_even if not e.options), None) or (w.break_even[0] if w.break_even else None)
    row = w.row("this deal") or w.row("the bound")
    lead = f"; the gap is {row.before[w.focal].score - row.before[w.rival].score:.2f}" if row and w.rival and gap else ""
    _say(f"The most that {w.indicator} can add at all: {h['points']:.1f} points to the world's best × weight "
         f"{100 * h['weight']:.2f} % = {h['product']:.2f} points{lead}.", out)  # fmt: skip
    if w.headline is not None:
        one, ahead = w.headline
        _say(f"Counted by the vendor's headline ({one:g} × an H100, a bound and no convention) the gap would be {-ahead:.2f}.", out)


def _even(w: WhatIf, out: Console) -> None:
    if not w.break_even or w.rival is None:
        return
    rival, focal = name(w.rival, "en"), name(w.focal, "en")
    _say(f"How much would put {rival} ahead of {focal}, other choices nominal:", out)
    for answer in dict.fromkeys(e.answer for e in w.break_even):
        own = [e for e in w.break_even if e.answer == answer]
        _say(f"  {_told(answer, own)} in {len(own)} of {len(w.break_even)} combinations of scale, convention and size", out)
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
    times = f", {deals[0]:,.1f} to {deals[-1]:,.1f} such events," if deals else ""
    return f"{counts[0]:,.4g} to {counts[-1]:,.4g} {own[0].machine}{times}" if counts[0] < 1000 else \
        f"{counts[0]:,.0f} to {counts[-1]:,.0f} × {own[0].machine}{times}"  # fmt: skip


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
        _say(f"Mix of absolute and per-head figures: the two swap {said}; {name(w.focal, 'en')} leads by {m.absolute:.2f} "
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
