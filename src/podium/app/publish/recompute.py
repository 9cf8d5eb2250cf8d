"""What a browser needs to rank again as Podium does: figures, tree, laws of weights, the generators' first states."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from podium.app.web.desk import Desk
from podium.app.web.state import View
from podium.data.dataset import Array
from podium.index.aggregate import Group, Tree
from podium.index.build import Built
from podium.robustness.blocks import CHOICES, block_rng
from podium.robustness.live import PARTS, Live
from podium.robustness.scorer import MEANS, Scorer

__all__ = ["MOST_BYTES", "ranked_by_browser"]

MOST_BYTES = 100_000
"""So many bytes of figures may a page bring: of all variants, else of the nominal one alone."""


def ranked_by_browser(desk: Desk, view: View) -> dict[str, Any] | None:
    """Return what a browser ranks with; None where the scores are no plain means of figures.

    With ``draws`` above 0 the browser makes the very draws that stand behind the published intervals, with the
    generator's states in ``states``, one for each block of ``size`` draws; with 0 it ranks the nominal variant only,
    because the weights vary by another law than between two ends, or because there are too many figures.
    """
    live = desk.live(view)
    built, plan = live.built, live.plan
    if not _plain(built) or any(_shape(s.tree) != _shape(built.tree) for s in plan.scorers):
        return None
    own = plan.scorers[live.nominal]
    held = _columns(plan.scorers)
    drawn = held is not None and _drawable(live)
    if held is None or not drawn:
        held = _columns((own,))
        if held is None:
            return None
    figures, places = held
    scorers = plan.scorers if drawn else (own,)
    choices = built.spec.uncertainties.free.choices
    law = plan.laws[live.nominal]
    size = max(-(-desk.draws // PARTS), 256)
    return {
        "units": list(built.units),
        "items": list(own.tree.items),
        "indicators": own.tree.indicators,
        "groups": [[g.item, g.min_available, list(g.children)] for g in own.tree.groups],
        "weights": own.tree.weights.tolist(),
        "noise": law.noise.tolist(),
        "ends": [None if np.isnan(low) else [low, high] for low, high in law.ends.tolist()],
        "fixed": law.fixed,
        "sign": plan.sign,
        "figures": base64.b64encode(np.ascontiguousarray(figures, dtype="<f8").tobytes()).decode("ascii"),
        "variants": [
            {"columns": at, "means": [MEANS[g.method] for g in s.tree.groups]}
            for s, at in zip(scorers, places, strict=True)
        ],
        "choices": [[c.name, list(c.options)] for c in choices] if drawn else [],
        "nominal": live.nominal if drawn else 0,
        "draws": desk.draws if drawn else 0,
        "size": size,
        "states": _states(desk, size) if drawn else [],
    }


def _plain(built: Built) -> bool:
    """Whether scores are nothing but means of what is there, ranked as they are among all units."""
    tree, rank = built.tree, built.spec.steps.rank
    as_is = built.spec.steps.rescale is None and rank.decimals is None and rank.within is None
    return as_is and not tree.factors and all(_mean(g) for g in tree.groups)


def _mean(group: Group) -> bool:
    return group.plain and group.method in MEANS and not group.options and group.min_count <= 1 and not group.min_weight


def _shape(tree: Tree) -> tuple[Any, ...]:
    """What must be the same in every variant; only the kinds of means may differ."""
    groups = tuple((g.item, g.children, g.min_available, _mean(g)) for g in tree.groups)
    return tree.items, tree.indicators, tuple(tree.weights.tolist()), groups, not tree.factors


def _drawable(live: Live) -> bool:
    """Whether the weights are drawn evenly between two ends, as the browser can."""
    return all(not (w.shares or w.pools or w.left_out) for w in live.plan.laws)


def _columns(scorers: tuple[Scorer, ...]) -> tuple[Array, list[list[int]]] | None:
    """Every column of normalised figures once, ``(column, unit)``, and where each variant's stand; None if too many."""
    at: dict[bytes, int] = {}
    columns: list[Array] = []
    places = []
    for s in scorers:
        place = []
        for k in range(s.tree.indicators):
            column = np.ascontiguousarray(s.table[:, k])
            key = column.tobytes()
            if key not in at:
                at[key] = len(columns)
                columns.append(column)
            place.append(at[key])
        places.append(place)
    return None if len(columns) * columns[0].nbytes > MOST_BYTES else (np.stack(columns), places)


def _states(desk: Desk, size: int) -> list[list[str]]:
    """The generator's four words at the start of each block of draws."""
    root = np.random.SeedSequence(desk.seed)
    return [
        [f"{int(x):016x}" for x in block_rng(root, CHOICES, number).bit_generator.state["state"]["state"]]
        for number in range(-(-desk.draws // size))
    ]
