"""One unit's margin to the rank it wants, for many plans at once: over all draws and in the index itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array
from podium.index.aggregate import tree_scores
from podium.index.build import Built
from podium.index.cut import cut_rows, cut_tree, separable
from podium.index.rounding import rounded
from podium.robustness.draws import Draws
from podium.scenarios.limits import Reins

__all__ = ["Race"]

LINKS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "arithmetic": (lambda x: x, lambda y: y),
    "geometric": (np.log, np.exp),
    "harmonic": (lambda x: -1.0 / x, lambda y: -1.0 / y),
}
"""The means whose scores are sums on a rising scale of their own: that scale, and back from it."""


@dataclass(frozen=True, eq=False)
class _Heat:
    """One variant with the weights of its draws ``(draw, item)`` and the score to reach in each ``(draw,)``.

    ``link`` is the one mean of its whole tree where there is one of `LINKS`, else empty; ``shares``
    ``(indicator, draw)`` are the unit's effective weights then, those of missing figures given to their siblings.
    """

    built: Built
    weights: Array
    wanted: Array
    link: str
    shares: Array | None


class Race:
    """A unit, the rank it wants, its levers and all others as they stand.

    Parameters
    ----------
    sample
        Variants and weights; the index itself, at its own weights, is added as the last draw.
    others
        Figures ``(unit, series)`` of all units at the horizon; None takes those of the edition. The unit's own row is
        not read.
    """

    def __init__(
        self, built: Built, sample: Draws, unit: str, rank: int, levers: Sequence[Reins], others: Array | None
    ) -> None:
        self.built, self.unit, self.rank, self.levers = built, unit, rank, tuple(levers)
        self.row, self.at = built.dataset.units.index(unit), built.units.index(unit)
        base = built.dataset.values[-1]
        self.values = base if others is None else np.where(np.arange(len(base))[:, None] == self.row, base, others)
        self.columns = [self._columns(r.leaf) for r in levers]
        self.apart = all(separable(v.built.pipeline, v.built.tree, [self.row]) for v in sample.variants)
        own = next(v.built for v in sample.variants if v.nominal)
        sets = [(v.built, sample.weights[sample.variant == k]) for k, v in enumerate(sample.variants)]
        self.heats = [self._heat(b, w) for b, w in (*sets, (own, own.tree.weights[None])) if len(w)]

    def _columns(self, leaf: str) -> list[int]:
        """The series that stand for an indicator: its measure, and those that a choice may put in its place."""
        series = self.built.dataset.indicators
        first = int(self.built.pipeline.columns[self.built.pipeline.leaves.index(leaf)])
        place = f"indicators.{leaf}.measure"
        names = {str(o) for c in self.built.spec.uncertainties.choices if c.at == place for o in c.options.values()}
        return [first, *sorted({series.index(n) for n in names if n in series} - {first})]

    def _heat(self, built: Built, weights: Array) -> _Heat:
        if not self.apart:
            return _Heat(built, weights, np.full(len(weights), np.nan), "", None)
        methods = {g.method for g in built.tree.groups}
        link = methods.pop() if len(methods) == 1 and all(g.plain for g in built.tree.groups) else ""
        link = link if link in LINKS else ""
        if self.values is self.built.dataset.values[-1]:
            table = built.arrays["Normalised"]
        else:
            table, _ = built.pipeline.normalised(self.values, built.fitted)
        scores = self._ranked(tree_scores(built.tree, table, weights, units=built.units)[..., -1])
        return _Heat(built, weights, self._threshold(np.delete(scores, self.at, axis=-1)), link,
                     self._shares(built, weights, link) if link else None)  # fmt: skip

    def _shares(self, built: Built, weights: Array, link: str) -> Array:
        """The effective weights of the unit's indicators ``(indicator, draw)``: the score of each unit vector."""
        own = built.arrays["Normalised"][self.at]
        forward, back = LINKS[link]
        base = float(forward(np.ones(1))[0])
        probe = base + np.where(np.isnan(own), np.nan, 0.5 * np.eye(len(own)))[:, None, None, :]
        root = tree_scores(cut_tree(built.tree, [self.at]), back(probe), weights, units=(self.unit,))[..., 0, -1]
        return np.where(np.isnan(own)[:, None], 0.0, 2.0 * (forward(root) - base))

    def _ranked(self, scores: Array) -> Array:
        """Scores as they are ranked, higher is better, rounded where the specification says so."""
        rule = self.built.spec.steps.rank
        return self._turned(rounded(scores, rule.decimals, rule.rounding))

    def _turned(self, scores: Array) -> Array:
        return scores if self.built.spec.steps.rank.best == "highest" else -scores

    def _threshold(self, others: Array) -> Array:
        """The score below which more than rank - 1 of the others are ahead, ``(...,)``, rounding up included."""
        held = np.where(np.isnan(others), -np.inf, others)
        if self.rank > held.shape[-1]:
            return np.full(held.shape[:-1], -np.inf)
        place, decimals = held.shape[-1] - self.rank, self.built.spec.steps.rank.decimals
        half = 0.0 if decimals is None else 0.5 * 10.0**-decimals * (1 - 1e-9)
        return np.asarray(np.partition(held, place, axis=-1)[..., place] - half)

    def figures(self, plans: Array) -> Array:
        """The unit's figures ``(plan, series)`` with its levers at some places ``(plan, lever)``."""
        base = self.built.dataset.values[-1][self.row]
        out = np.broadcast_to(base, (len(plans), len(base))).copy()
        for j, (first, *alike) in enumerate(self.columns):
            out[:, first] = plans[:, j]
            for k in alike:  # another measure of the same thing changes by the same share
                gain = plans[:, j] - base[first]
                out[:, k] = base[k] * plans[:, j] / base[first] if base[first] > 0 else base[k] + gain
        return out

    def margins(self, plans: Array) -> Array:
        """Return by how much the unit's score exceeds what its rank needs, ``(plan, draw)``, the index itself last.

        Where every mean is geometric the margin is one of logarithms, where every one is harmonic one of reciprocals,
        so that it adds up over the levers.
        """
        figures = self.figures(plans)
        held: dict[int, Array] = {}  # variants that only combine differently share their tables
        return np.concatenate([self._margin(h, figures, held) for h in self.heats], axis=1)

    def _margin(self, h: _Heat, figures: Array, held: dict[int, Array]) -> Array:
        if not self.apart:
            return self._whole(h, figures)
        shared = id(h.built.arrays["Normalised"])
        if shared not in held:
            p, fitted = cut_rows(h.built.pipeline, h.built.fitted, [self.row])
            held[shared] = p.normalised(figures[:, None, :], fitted)[0][:, 0]
        table = held[shared]
        if h.shares is not None and (h.link == "arithmetic" or bool((np.nan_to_num(table, nan=1.0) > 0).all())):
            forward, back = LINKS[h.link]
            score = forward(np.nan_to_num(table, nan=1.0)) @ h.shares
            if h.link != "arithmetic" and bool((h.wanted > 0).all()):
                return np.asarray(score - forward(h.wanted))
            return np.asarray(self._turned(back(score)) - h.wanted)
        tree = cut_tree(h.built.tree, [self.at])
        root = tree_scores(tree, table[:, None, None, :], h.weights, units=(self.unit,))[..., 0, -1]
        return np.asarray(self._turned(root) - h.wanted)

    def _whole(self, h: _Heat, figures: Array) -> Array:
        out = []
        for row in figures:
            values = self.values.copy()
            values[self.row] = row
            table, _ = h.built.pipeline.normalised(values, h.built.fitted)
            scores = tree_scores(h.built.tree, table, h.weights, units=h.built.units)[..., -1]
            own, scores = self._turned(scores)[:, self.at], self._ranked(scores)
            out.append(own - self._threshold(np.delete(scores, self.at, axis=-1)))
        return np.stack(out)

    def holds(self, plan: Array, share: float) -> tuple[bool, float, bool]:
        """Whether a plan ``(lever,)`` holds: in the share of draws where it does, and in the index itself."""
        m = self.margins(plan[None])[0]
        reached = float((m[:-1] >= 0).mean())
        return reached >= share - 1e-12 and bool(m[-1] >= 0), reached, bool(m[-1] >= 0)
