"""Ranks while a slider moves: an index prepared once, its weights changed as often as one likes."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from podium.data.dataset import Array
from podium.errors import Fault, SpecError
from podium.index.aggregate import Tree
from podium.index.build import Built
from podium.robustness import statistics
from podium.robustness.blocks import Plan, ordered, run, with_layout
from podium.robustness.draws import compile_plan
from podium.robustness.scorer import Engine
from podium.robustness.tally import Counts, layout_for
from podium.robustness.variants import variants
from podium.robustness.weights import compile_weights

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Live", "Reranked", "prepare"]

PARTS = 4
"""So many tasks share the draws."""


@dataclass(frozen=True, eq=False)
class Reranked:
    """Nominal scores and ranks under some weights, and the 5 %, 50 % and 95 % quantiles of the rank around them.

    ``places`` ``(unit, rank)`` holds in how many draws a unit takes a rank; None where there are so many units that
    ranks were counted in bins.
    """

    units: tuple[str, ...]
    scores: Array
    ranks: Array
    quantiles: Array
    places: Counts | None = None

    @property
    def table(self) -> pd.DataFrame:
        """One row a unit, the best on top."""
        import pandas as pd

        columns = dict(zip(("score", "rank", "q05", "median", "q95"),
                           (self.scores, self.ranks, *self.quantiles), strict=True))  # fmt: skip
        return pd.DataFrame(columns, index=list(self.units)).sort_values("rank", kind="stable")


@dataclass(frozen=True, eq=False)
class Live:
    """An index with all its variants ready for other weights."""

    built: Built
    plan: Plan
    nominal: int

    def rerank(
        self, weights: Mapping[str, float], *, draws: int, seed: int, executor: Executor | None = None,
        engine: Engine = "kernels",
    ) -> Reranked:  # fmt: skip
        """Return ranks and their intervals under other nominal weights within the parents; the rest stay.

        The declared laws of weights hold around the new weights, the choices vary as declared.

        Raises
        ------
        SpecError
            If a code is not in the tree, or a weight is negative.
        """
        every = self.plan.scorers  # their own weights are not asked for: draws bring theirs
        changed = [self._changed(s.tree, weights) for s in every]
        root = np.random.SeedSequence(seed)
        declared = self.built.spec.uncertainties.free.weights
        first = compile_weights(declared, replace(every[0].tree, weights=changed[0]), root)
        laws = tuple(first if np.array_equal(w, changed[0], equal_nan=True)
                     else compile_weights(declared, replace(s.tree, weights=w), root)
                     for s, w in zip(every, changed, strict=True))  # fmt: skip
        plan = replace(self.plan, laws=laws, draws=draws, seed=root, engine=engine, in_turn=True,
                       size=max(-(-draws // PARTS), 256))  # fmt: skip
        own = every[self.nominal]
        score = own.scores(changed[self.nominal][:, None], engine=engine)
        layout = layout_for(ordered(plan, score), ordered(plan, score)[:, 0], own.tree.indicators, pairs=False)
        counts, _ = run(with_layout(plan, layout), executor=executor)
        place = np.where(layout.nominal < 0, np.nan, layout.nominal + 1.0)
        found = statistics.rank_quantiles(layout, counts, (0.05, 0.5, 0.95))
        return Reranked(self.built.units, score[:, 0], place, found, None if layout.rank_bins else counts.places)

    def _changed(self, tree: Tree, weights: Mapping[str, float]) -> Array:
        out = tree.weights.copy()
        for code, weight in weights.items():
            if code not in tree.items:
                raise SpecError(Fault(f"{code} is not in the tree", f"Use one of {', '.join(tree.items)}"))
            if not weight >= 0:
                raise SpecError(Fault(f"the weight of {code} is {weight}", "Give a number from 0 on"))
            out[tree.items.index(code)] = weight
        return out


def prepare(built: Built) -> Live:
    """Return an index ready for other weights; everything that does not depend on them is done here."""
    every = variants(built)
    plan = compile_plan(every, draws=1, seed=np.random.SeedSequence(0), engine="kernels")
    return Live(built, plan, next(k for k, v in enumerate(every) if v.nominal))
