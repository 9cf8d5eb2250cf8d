"""How many such machines would bring one unit past another, on each declared scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from podium.data.dataset import Array
from podium.hardware.accelerators import candidates
from podium.hardware.capacity import worth
from podium.index.aggregate import tree_scores
from podium.index.build import Built
from podium.robustness.variants import variants
from podium.scenarios.events import Event

__all__ = ["BreakEven", "break_even"]


@dataclass(frozen=True)
class BreakEven:
    """What the rival would need on one combination of scale, size and convention, nominal elsewhere.

    ``count`` is the number of ``machine`` needed, ``deals`` that number in units of the announced deal; both
    None where the answer is ``none suffices`` (even the world's best value does not close the gap) or ``already
    ahead``. ``gap`` and ``most`` are the points missing and the most that the indicator can add.
    """

    options: dict[str, str]
    answer: Literal["needs", "none suffices", "already ahead"]
    machine: str
    count: float | None
    deals: float | None
    gap: float
    most: float


def break_even(
    built: Built, *, focal: str, rival: str | None, events: Sequence[Event], date: str
) -> tuple[BreakEven, ...]:
    """Return the break-even of the rival against the focal unit under each choice that touches the indicator.

    Weights, normalisation and aggregation are the nominal ones. The machine is that of the first accelerator event,
    or the first candidate of the date. The search ends at the world's best recorded value.
    """
    effect = next((e for e in built.spec.effects if e.kind == "accelerators"), None)
    if effect is None or rival is None or effect.indicator not in built.pipeline.leaves:
        return ()
    deal = next((e for e in events if e.kind == "accelerators" and e.count), None)
    machine = (deal.systems or candidates(date))[0] if deal else candidates(date)[0]
    touching = [c.name for c in built.spec.uncertainties.choices
                if c.at.startswith(f"indicators.{effect.indicator}.") or c.at == "steps.denominate.mix"]  # fmt: skip
    nominal = next(v for v in variants(built) if v.nominal).options
    out = []
    for variant in variants(built):
        if all(variant.options[k] == nominal[k] for k in nominal if k not in touching):
            options = {k: variant.options[k] for k in touching}
            size = deal.count if deal else None
            out.append(_one(variant.built, effect.indicator, dict(effect.conventions), focal, rival, machine,
                            size, options))  # fmt: skip
    return tuple(out)


def _one(
    built: Built, indicator: str, conventions: dict[str, str], focal: str, rival: str, machine: str,
    deal: float | None, options: dict[str, str],
) -> BreakEven:  # fmt: skip
    rule = built.spec.indicators.get(indicator)
    measure = (rule.measure if rule else None) or indicator
    column, row = built.dataset.indicators.index(measure), built.dataset.units.index(rival)
    each = worth(machine, conventions.get(measure, "dense8"))
    base = built.dataset.values[-1]
    me, other = built.units.index(focal), built.units.index(rival)

    def lead(count: float) -> float:
        values: Array = base.copy()
        values[row, column] = np.nan_to_num(values[row, column]) + count * each
        table, _ = built.pipeline.normalised(values, built.fitted)
        root = tree_scores(built.tree, table, units=built.units)[..., -1]
        return float(root[other] - root[me])

    start = lead(0.0)
    limit = max(0.0, float(np.nanmax(base[:, column]) - np.nan_to_num(base[row, column]))) / each
    most = lead(limit) - start
    if start > 0:
        return BreakEven(options, "already ahead", machine, None, None, start, most)
    if lead(limit) <= 0:
        return BreakEven(options, "none suffices", machine, None, None, -start, most)
    low, high = 0.0, limit
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if lead(middle) > 0 else (middle, high)
    count = float(np.ceil(high))
    return BreakEven(options, "needs", machine, count, count / deal if deal else None, -start, most)
