"""Sliders for the weights of an index: one a pillar, and one an indicator within its pillar."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from podium.app.web.ask import Ask

__all__ = ["Slider", "SliderGroup", "slider_groups", "slider_scale"]


@dataclass(frozen=True)
class Slider:
    """One weight within its parent: now and as specified, the slider's end and step, its share among its siblings."""

    code: str
    name: str
    value: float
    nominal: float
    most: float
    step: str
    share: float
    effective: float


@dataclass(frozen=True)
class SliderGroup:
    """The children of one node."""

    code: str
    name: str
    sliders: tuple[Slider, ...]


def slider_scale(weights: list[float]) -> tuple[float, str]:
    """Return the end of sliders for sibling weights and their step.

    The end is at least twice the greatest weight, the step a round number that every weight is a multiple of, or
    ``any`` where there is none.
    """
    greatest = max(weights, default=0.0)
    if not greatest > 0:
        return 1.0, "any"
    magnitude = 10.0 ** math.floor(math.log10(2 * greatest))
    most = math.ceil(2 * greatest / magnitude) * magnitude
    for step in (most / 20, most / 40, most / 100, most / 200, most / 1000):
        if all(abs(w / step - round(w / step)) < 1e-6 for w in weights):
            return most, f"{step:.10g}"
    return most, "any"


def slider_groups(ask: Ask) -> list[SliderGroup]:
    """The sliders of an index: its root's children first, then those of every node below."""
    base, now = ask.desk.base(ask.view.edition), dict(ask.view.weights)
    effective = dict(zip(base.tree.items, ask.built.weights["effective"], strict=True))
    out = []
    for group in reversed(base.tree.groups):
        kids = [(base.tree.items[k], float(base.tree.weights[k])) for k in group.children]
        if len(kids) < 2:
            continue
        most, step = slider_scale([w for _, w in kids])
        total = sum(now.get(c, w) for c, w in kids)
        sliders = tuple(
            Slider(
                c,
                ask.item(c),
                now.get(c, w),
                w,
                max(most, now.get(c, w)),
                step if c not in now else "any",
                now.get(c, w) / total if total else 0.0,
                float(effective[c]),
            )
            for c, w in kids
        )
        out.append(SliderGroup(base.tree.items[group.item], ask.item(base.tree.items[group.item]), sliders))
    return out
