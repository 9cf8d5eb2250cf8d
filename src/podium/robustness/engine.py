"""How firm the ranks are: one call from a specification to rank intervals, shares and probabilities."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.index.build import Built, build
from podium.index.rank import ranks
from podium.index.spec import Spec
from podium.robustness import statistics
from podium.robustness.blocks import Plan, ordered, pieces, run, with_layout
from podium.robustness.draws import Draws, compile_plan, error_scores, figures_of
from podium.robustness.scorer import Engine
from podium.robustness.statistics import Probability, Share
from podium.robustness.tally import Layout, Tally, empty, layout_for, tally
from podium.robustness.variants import Variant, left_out, variants

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Kept", "Stress", "stress"]

Progress = Callable[[float, str], None]
KEEP = 2_000_000
"""Up to so many scores (draws × units) every draw is kept."""
WORK = 100_000_000
"""From so many draws × units × items on, the compiled kernels and several threads are worth their start."""
PAIRS = 512
"""Up to so many units, who is ahead of whom is counted."""
QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}


@dataclass(frozen=True, eq=False)
class Kept:
    """Draws kept whole: the sample, and scores and ranks over choices ``(draw, unit)``."""

    sample: Draws
    scores: Array
    ranks: Array


@dataclass(frozen=True, eq=False)
class Stress:
    """An index under all its declared uncertainties.

    ``counts`` holds what was counted over the choices, as ``layout`` says; ``kept`` the draws themselves where they are
    few. ``error_ranks`` and ``error_root`` hold for each variant ``(error draw, unit)`` under random errors.
    ``without`` gives the ranks of the index with a part left out. ``partial`` marks a run that was interrupted;
    ``draws`` are those done.
    """

    built: Built
    variants: tuple[Variant, ...]
    layout: Layout
    counts: Tally
    kept: Kept | None
    error_root: tuple[Array, ...]
    error_ranks: tuple[Array, ...]
    without: Mapping[str, Array]
    draws: int
    seed: int
    partial: bool = False

    @property
    def units(self) -> tuple[str, ...]:
        """The units, in order of the columns."""
        return self.built.units

    @property
    def nominal(self) -> int:
        """The position of the specification's own variant."""
        return next(k for k, v in enumerate(self.variants) if v.nominal)

    @property
    def sample(self) -> Draws:
        """The draws themselves, where they were kept."""
        return self._kept().sample

    @property
    def score_draws(self) -> Array:
        """The root's scores over choices ``(draw, unit)``, where they were kept."""
        return self._kept().scores

    @property
    def rank_draws(self) -> Array:
        """The ranks over choices ``(draw, unit)``, where they were kept."""
        return self._kept().ranks

    @property
    def numbers(self) -> Array:
        """The numbers that a receipt signs: the scores where they were kept, else the counts of ranks."""
        return self.score_draws if self.kept is not None else self.counts.places.astype(float)

    def _kept(self) -> Kept:
        if self.kept is None:
            raise DataError(Fault(f"of {self.draws:,} draws of {len(self.units):,} units only counts were kept",
                                  "Take fewer draws, or `keep=True`"))  # fmt: skip
        return self.kept

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """Quantiles of each unit's rank over choices, the best nominal rank on top."""
        import pandas as pd

        table = pd.DataFrame(self.rank_quantiles(tuple(QUANTILES.values())).T, list(self.units), list(QUANTILES))
        table.insert(0, "nominal", self.built.rank_table[:, -1])
        table["mean"] = statistics.mean_rank(self.layout, self.counts)
        return table.sort_values("nominal", kind="stable")

    def rank_quantiles(self, at: tuple[float, ...]) -> Array:
        """Quantiles of the ranks, ``(quantile, unit)``."""
        return statistics.rank_quantiles(self.layout, self.counts, at)

    def share_at_most(self, unit: str, k: int) -> Share:
        """Share of the admissible variants in which a unit is k-th or better."""
        hits, draws = statistics.at_most(self.layout, self.counts, self._at(unit), k)
        return statistics.count_share(hits, draws)

    def share_ahead(self, a: str, b: str) -> Share:
        """Share of the admissible variants in which unit a is ahead of unit b."""
        return statistics.count_share(statistics.wins(self.counts, self._at(a), self._at(b)), self.draws)

    def probability_at_most(self, unit: str, k: int) -> Probability | None:
        """Probability over random errors that a unit is k-th or better; None where no error is declared."""
        at = self._at(unit)
        return self._probability([(r[:, at] <= k).astype(float) for r in self.error_ranks])

    def probability_ahead(self, a: str, b: str) -> Probability | None:
        """Probability over random errors that unit a is ahead of unit b; None where no error is declared."""
        return self._probability([statistics.ahead(s, self._at(a), self._at(b)) for s in self.error_root])

    @cached_property
    def pairwise(self) -> pd.DataFrame:
        """Share of the admissible variants in which the row unit is ahead of the column unit."""
        import pandas as pd

        return pd.DataFrame(statistics.pairwise_shares(self.counts), list(self.units), list(self.units))

    @cached_property
    def curve(self) -> pd.DataFrame:
        """One row a combination of choices at nominal weights: its options, then the rank of each unit."""
        import pandas as pd

        rows = [dict(v.options) | dict(zip(v.built.units, v.built.rank_table[:, -1], strict=True))
                for v in self.variants]  # fmt: skip
        return pd.DataFrame(rows)

    def flips(self, a: str, b: str) -> pd.DataFrame:
        """For each option of each choice: the share of its combinations in which a is ahead of b, nominal weights."""
        import pandas as pd

        lead = [float(v.built.score_of(a) > v.built.score_of(b)) for v in self.variants]
        rows = []
        for choice in self.built.spec.uncertainties.free.choices:
            for option in choice.options:
                part = [x for x, v in zip(lead, self.variants, strict=True) if v.options[choice.name] == option]
                rows.append({"choice": choice.name, "option": option, "share": float(np.mean(part))})
        return pd.DataFrame(rows, columns=["choice", "option", "share"])

    def _at(self, unit: str) -> int:
        if unit not in self.units:
            raise DataError(Fault(f"unit {unit} is not in the index", f"Use one of {', '.join(self.units)}"))
        return self.units.index(unit)

    def _probability(self, hits: list[Array]) -> Probability | None:
        if not hits:
            return None
        means = [float(h.mean()) for h in hits]
        p = means[self.nominal]
        n = len(hits[self.nominal])
        return Probability(p, min(means), max(means), float(np.sqrt(p * (1 - p) / n)), n)


def stress(
    spec: Spec | Built, *, draws: int, seed: int, error_draws: int = 1000, progress: Progress | None = None,
    workers: int | None = None, executor: Executor | None = None, keep: bool | None = None,
    engine: Engine | None = None,
) -> Stress:  # fmt: skip
    """Return the index under all its declared uncertainties.

    Parameters
    ----------
    spec
        A specification, or an index already built.
    draws
        Number of draws over choices (variants and weights).
    seed
        Seed of all randomness; the same seed gives the same numbers.
    error_draws
        Number of draws over random errors in the nominal variant; every other variant takes a tenth of them.
    progress
        Called with the share done and what is being done.
    workers
        Number of threads; None takes one for little work and one a core for much. The numbers do not depend on it.
    executor
        Runs the draws instead: any ``concurrent.futures.Executor``, of threads, processes or a cluster.
    keep
        Whether to keep every draw beside the counts; None does so up to two million scores.
    engine
        ``numpy`` or ``kernels``; None takes the compiled kernels where there is enough work for them.
    """
    built = spec if isinstance(spec, Built) else build(spec)
    tell = progress or (lambda done, what: None)
    tell(0.0, "variants")
    all_variants = variants(built)
    root = np.random.SeedSequence(seed)
    keeping = draws * len(built.units) <= KEEP if keep is None else keep
    how = engine or ("numpy" if keeping or _work(built, draws) < WORK else "kernels")
    plan = compile_plan(all_variants, draws=draws, seed=root, engine=how)
    plan = with_layout(plan, _layout(plan, built))
    assert plan.layout is not None
    kept, partial = None, False
    tell(0.1, "choices")
    if keeping:
        counts, kept = _keep(plan, all_variants, *figures_of(all_variants, error_draws, root))
    else:
        with _pool(workers, executor, _work(built, draws)) as pool:
            counts, partial = run(plan, executor=pool, progress=lambda share: tell(0.1 + 0.4 * share, "choices"))
    figures, pick = (kept.sample.figures, kept.sample.pick) if kept else figures_of(all_variants, error_draws, root)
    error_root = _under_errors(all_variants, figures, pick, error_draws, tell) if not partial else ()
    without = {} if partial else {code: b.rank_table[:, -1] for code, b in left_out(built).items()}
    tell(1.0, "done")
    sign = plan.sign
    return Stress(built, all_variants, plan.layout, counts, kept, error_root,
                  tuple(ranks(sign * s) for s in error_root), without, counts.draws, seed, partial)  # fmt: skip



def _work(built: Built, draws: int) -> int:
    return draws * len(built.units) * len(built.tree.items)


@contextmanager
def _pool(workers: int | None, executor: Executor | None, work: int) -> Iterator[Executor | None]:
    """The executor given, or threads; none for little work or one worker."""
    number = (os.cpu_count() or 1 if work >= WORK else 1) if workers is None else workers
    if executor is not None or number == 1:
        yield executor
        return
    with ThreadPoolExecutor(number) as pool:
        yield pool


def _layout(plan: Plan, built: Built) -> Layout:
    first = np.concatenate([ordered(plan, p.scores) for p in pieces(plan, 0)], axis=1)
    nominal = ordered(plan, built.score_table[:, -1])
    return layout_for(first, nominal, built.tree.indicators, pairs=len(built.units) <= PAIRS)


def _keep(
    plan: Plan, all_variants: tuple[Variant, ...], figures: Array | None, pick: npt.NDArray[np.int64] | None
) -> tuple[Tally, Kept]:
    """The counts of all draws, and the draws."""
    assert plan.layout is not None
    counts, held = empty(plan.layout), []
    for number in range(plan.number):
        for p in pieces(plan, number):
            counts = tally(plan.layout, ordered(plan, p.scores), p.shares, onto=counts)
            held.append(p)
    variant = np.concatenate([np.full(p.scores.shape[1], p.variant) for p in held])
    weights = np.concatenate([p.weights for p in held], axis=1).T
    root = np.ascontiguousarray(np.concatenate([p.scores for p in held], axis=1).T)
    drawn = Draws(all_variants, variant, weights, figures, pick)
    return counts, Kept(drawn, root, ranks(np.ascontiguousarray(ordered(plan, root))))


def _under_errors(
    all_variants: tuple[Variant, ...], figures: Array | None, pick: npt.NDArray[np.int64] | None, error_draws: int,
    tell: Progress,
) -> tuple[Array, ...]:
    """The root's scores under random errors, one array ``(error draw, unit)`` a variant."""
    if figures is None:
        return ()
    drawn = Draws(all_variants, np.empty(0, dtype=np.intp), np.empty((0, 0)), figures, pick)
    out = []
    for k in range(len(all_variants)):
        limit = None if k == drawn.nominal else max(error_draws // 10, 50)
        out.append(error_scores(drawn, k, limit=limit)[0])
        tell(0.5 + 0.4 * (k + 1) / len(all_variants), "random errors")
    return tuple(out)
