"""How much of one thing would bring one unit past another: first the bound, then the number, on each declared scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from podium.data.dataset import Array
from podium.errors import EventError, EvidenceError, Fault
from podium.hardware.accelerators import candidates
from podium.hardware.capacity import worth
from podium.index.aggregate import effective_weights
from podium.index.build import Built
from podium.index.tree import near
from podium.robustness.draws import Draws
from podium.robustness.statistics import Share, share
from podium.robustness.variants import Variant
from podium.scenarios.after import Block, all_happen
from podium.scenarios.events import Event
from podium.scenarios.ground import Ground
from podium.scenarios.lever import Lever, headroom, indicator_lever, leads, least_root, machine_lever

__all__ = ["BreakEven", "Enough", "break_even", "enough", "headline", "lead_curves", "lever_for"]

Answer = Literal["needs", "none suffices", "already ahead"]


@dataclass(frozen=True)
class BreakEven:
    """What the rival would need on one combination of scale, size and convention, nominal elsewhere.

    ``count`` is the number of ``machine`` (or the amount of the indicator) needed, ``deals`` that number in units of
    the announced deal; both None where the answer is ``none suffices`` (even the world's best value does not close the
    gap) or ``already ahead``. ``gap`` is the lead of the one ahead, ``most`` what the world's best value would add:
    about ``points`` of the indicator times its ``weight``.
    """

    options: dict[str, str]
    answer: Answer
    machine: str
    count: float | None
    deals: float | None
    gap: float
    most: float
    points: float = 0.0
    weight: float = 0.0


@dataclass(frozen=True)
class Enough:
    """How much puts the rival ahead in a stated share of the draws over all choices.

    ``now`` and ``best`` are the shares ahead without anything and with the world's best value; ``count`` is None where
    the answer is not ``needs``. ``curve`` holds counts with the share ahead.
    """

    answer: Answer
    what: str
    wanted: float
    count: float | None
    now: Share
    best: Share
    curve: tuple[tuple[float, float], ...]


def lever_for(
    built: Built, rival: str, events: Sequence[Event], date: str, indicator: str | None
) -> tuple[Lever, float | None] | None:
    """Return what the rival would have more of, and how much of it the events bring; None where nothing is counted.

    An indicator that is named; else the machine of the first sized accelerator event, or of the date; else the
    indicator of the first indicator event.

    Raises
    ------
    EventError
        If the named indicator is not in the index.
    """
    leaves = built.pipeline.leaves
    if indicator is not None and indicator not in leaves:
        raise EventError(Fault(f"the index has no indicator {indicator!r}", near(indicator, leaves)))
    told = next((e for e in events if e.kind == "indicator" and e.indicator in leaves), None)
    deal = next((e for e in events if e.kind == "accelerators" and e.count is not None), None)
    effect = next((e for e in built.spec.effects if e.kind == "accelerators" and e.indicator in leaves), None)
    if indicator is None and effect is not None and (deal is not None or told is None):
        machine = ((deal.systems if deal else ()) or candidates(date))[0]
        worths = {s: worth(machine, c) for s, c in effect.conventions.items() if s in built.dataset.indicators}
        return machine_lever(built, rival, effect.indicator, machine, worths), (deal.count or None) if deal else None
    leaf = indicator or (told.indicator if told else None)
    if leaf is None:
        return None
    own = [e.amount for e in events if e.kind == "indicator" and e.indicator == leaf and e.change == "add"]
    return indicator_lever(built, rival, leaf), own[0] if own else None


def break_even(
    every: Sequence[Variant], *, focal: str, rival: str | None, events: Sequence[Event], date: str,
    indicator: str | None = None,
) -> tuple[BreakEven, ...]:  # fmt: skip
    """Return the break-even of the rival against the focal unit under each choice that touches the indicator.

    Those are its scale, its measure, its treatment, and the mix of absolute and per-head figures; weights,
    normalisation and aggregation are the nominal ones.
    """
    nominal = next(v for v in every if v.nominal)
    found = None if rival is None else lever_for(nominal.built, rival, events, date, indicator)
    if found is None or rival is None:
        return ()
    lever, deal = found
    if not lever.each.any():
        return ()
    touching = _touching(nominal.built, lever.leaf)
    out = []
    for variant in every:
        if all(variant.options[k] == nominal.options[k] for k in nominal.options if k not in touching):
            options = {k: variant.options[k] for k in touching}
            out.append(_one(variant.built, lever, focal, deal, options))
    return tuple(out)


def _touching(built: Built, leaf: str) -> list[str]:
    paths = (f"indicators.{leaf}.", "steps.denominate", "steps.treat", "steps.impute")
    return [c.name for c in built.spec.uncertainties.free.choices if (c.at + ".").startswith(paths)]


def _one(built: Built, lever: Lever, focal: str, deal: float | None, options: dict[str, str]) -> BreakEven:
    at = built.tree.items.index(lever.leaf)
    weight = float(effective_weights(built.tree)[at])
    points, most = headroom(built, lever, focal)
    start = float(leads(built, lever, focal, np.zeros(1))[0, 0])

    def answer(said: Answer, count: float | None = None) -> BreakEven:
        deals = count / deal if count is not None and deal else None
        return BreakEven(options, said, lever.what, count, deals, abs(start), most, points, weight)

    if start > 0:
        return answer("already ahead")
    if start + most <= 0:
        return answer("none suffices")
    count = least_root(lambda n: leads(built, lever, focal, n)[:, 0], deal or 1.0, whole=lever.whole)
    return answer("none suffices") if count is None else answer("needs", count)


def lead_curves(every: Sequence[Variant], *, lever: Lever, over: str, counts: Array) -> dict[str, Array]:
    """Return by how much the lever's unit leads with so many more, ``(count,)``, for each way to count it.

    The first is the index itself, each other one differs from it in one choice that touches the indicator.
    """
    nominal = next(v for v in every if v.nominal)
    touching = _touching(nominal.built, lever.leaf)
    out = {"as it is": leads(nominal.built, lever, over, counts)[:, 0]}
    for variant in every:
        apart = [k for k, o in nominal.options.items() if variant.options[k] != o]
        if len(apart) == 1 and apart[0] in touching:
            out[variant.options[apart[0]]] = leads(variant.built, lever, over, counts)[:, 0]
    return out


def enough(
    ground: Ground, *, focal: str, rival: str, lever: Lever, wanted: float, start: float, best: Block
) -> Enough:
    """Return how much puts the rival ahead of the focal unit in a stated share of all draws.

    Parameters
    ----------
    wanted
        The share, over 0 and up to 1.
    start
        A count to begin the search with.
    best
        The scores with the world's best value of the lever's indicator.
    """
    f, r = (ground.built.units.index(u) for u in (focal, rival))
    now = share((ground.scores[:, r] > ground.scores[:, f]).astype(float))
    after = all_happen(ground.scores, [best])
    top = share((after[:, r] > after[:, f]).astype(float))
    if now.value >= wanted:
        return Enough("already ahead", lever.what, wanted, None, now, top, ())
    counts = np.concatenate([[0.0], start * 2.0 ** np.arange(-2, 14)])
    shares = _shares(ground, lever, focal, counts)
    curve = tuple(zip(counts.tolist(), shares.tolist(), strict=True))
    if top.value < wanted:
        return Enough("none suffices", lever.what, wanted, None, now, top, curve)
    high = float(counts[-1])
    count = least_root(lambda n: _shares(ground, lever, focal, n) - wanted + 1e-12, high, whole=lever.whole)
    return Enough("needs" if count is not None else "none suffices", lever.what, wanted, count, now, top, curve)


def _shares(ground: Ground, lever: Lever, focal: str, counts: Array) -> Array:
    """The share of draws in which the lever's unit leads, for each count."""
    total = np.zeros(len(counts))
    for built, weights in _groups(ground.sample):
        total += (leads(built, lever, focal, counts, weights) > 0).sum(axis=1)
    return np.asarray(total / ground.draws)


def _groups(sample: Draws) -> list[tuple[Built, Array]]:
    """Each variant with the weights of its draws."""
    return [(v.built, sample.weights[sample.variant == k]) for k, v in enumerate(sample.variants)
            if bool((sample.variant == k).any())]  # fmt: skip


def headline(built: Built, lever: Lever, focal: str, count: float) -> tuple[float, float] | None:
    """Return what a vendor's headline makes of one machine, and the lead if all counted so; None where there is none.

    It is a bound: no stock is counted so.
    """
    try:
        one, plain = worth(lever.what, "headline"), worth(lever.what, "dense8")
    except EvidenceError:
        return None
    if one <= plain:
        return None
    return one, float(leads(built, lever, focal, np.array([count * one / plain]))[0, 0])
