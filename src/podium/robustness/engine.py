"""How firm the ranks are: one call from a specification to rank intervals, shares and probabilities."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from podium.data.dataset import Array
from podium.errors import Fault, SpecError
from podium.index.build import Built, among_all, build
from podium.index.rank import ranks
from podium.index.spec import Spec
from podium.robustness.blocks import Plan, ordered, pieces, run, with_layout
from podium.robustness.draws import Draws, all_error_scores, compile_plan, error_plan, figures_of, together_plan
from podium.robustness.result import Kept, Stress
from podium.robustness.scorer import Engine
from podium.robustness.tally import Layout, Tally, empty, layout_for, tally
from podium.robustness.variants import Variant, left_out, variants

__all__ = ["Kept", "Stress", "stress"]

Progress = Callable[[float, str], None]
KEEP = 2_000_000
"""Up to so many scores (draws × units) every draw is kept."""
KEEP_FIGURES = 20_000_000
"""Up to so many figures (error draws × units × series) every draw over random errors is kept."""
WORK = 100_000_000
"""From so many draws × units × items on, the compiled kernels and several threads are worth their start."""
PAIRS = 512
"""Up to so many units, who is ahead of whom is counted."""


def stress(
    spec: Spec | Built, *, draws: int, seed: int, error_draws: int = 1000, together: int = 0,
    progress: Progress | None = None, workers: int | None = None, executor: Executor | None = None,
    keep: bool | None = None, engine: Engine | None = None, fixed: Sequence[str] = (),
) -> Stress:  # fmt: skip
    """Return the index under all its declared uncertainties.

    Ranks are those among all units, with ties 1, 1, 3, the nominal ones too, also where ``steps.rank`` ranks within
    groups or breaks ties otherwise.

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
    together
        Number of draws in which choices, weights and random errors are all free at once.
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
    fixed
        Assumptions held at their nominal value beside those the specification holds: names of choices, ``weights``,
        ``errors``, ``coverage``, ``imputation``.

    Raises
    ------
    PodiumError
        Where a draw fails, naming unit, indicator and method; KeyboardInterrupt where nothing is finished yet, else
        what is finished comes back, marked ``partial``.
    """
    built = _holding(among_all(spec if isinstance(spec, Built) else build(spec)), fixed)
    tell = progress or (lambda done, what: None)
    tell(0.0, "variants")
    every = variants(built)
    root = np.random.SeedSequence(seed)
    keeping = draws * len(built.units) <= KEEP if keep is None else keep
    how: Engine = engine or ("numpy" if keeping or _work(built, draws) < WORK else "kernels")
    plan = compile_plan(every, draws=draws, seed=root, engine=how)
    with _pool(workers, executor, max(_work(built, draws), 20 * _work(built, together))) as pool:
        runner = _Runner(built, every, root, pool, tell)
        if keeping:
            layout, counts, kept = _keep(plan, built, every, *runner.figures(error_draws))
        else:
            (layout, counts), kept = runner.counted(plan, 0.1, 0.5, "choices"), None
        error_root, error_counts = runner.errors(kept, error_draws, engine)
        both = runner.together(together, engine)
    without = {} if runner.partial else {code: b.rank_table[:, -1] for code, b in left_out(built).items()}
    tell(1.0, "done")
    placed = tuple(ranks(ordered(plan, s), same=0.0) for s in error_root)
    return Stress(built, every, layout, counts, kept, error_root, placed, without, counts.draws, seed, runner.partial,
                  error_counts, both, tuple(dict.fromkeys(m for w in plan.laws for m in w.mixing)))  # fmt: skip


def _holding(built: Built, fixed: Sequence[str]) -> Built:
    """The index with more assumptions held fixed."""
    if not fixed:
        return built
    declared = built.spec.uncertainties
    names = declared.assumptions
    unknown = [f for f in fixed if f not in names]
    if unknown:
        raise SpecError(Fault(f"{', '.join(unknown)} cannot be held fixed", f"Name some of {', '.join(names)}"))
    held = declared.model_copy(update={"fixed": (*declared.fixed, *fixed)})
    return replace(built, spec=built.spec.model_copy(update={"uncertainties": held}))


def _work(built: Built, draws: int) -> int:
    return draws * len(built.units) * len(built.tree.items)


@contextmanager
def _pool(workers: int | None, executor: Executor | None, work: int) -> Iterator[Executor | None]:
    """The executor given, or threads; none for little work or one worker."""
    number = (os.cpu_count() or 1 if work >= WORK else 1) if workers is None else workers
    if executor is not None or number == 1:
        yield executor
        return
    pool = ThreadPoolExecutor(number)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


class _Runner:
    """The runs of one call: the same index, seed, executor and progress; ``partial`` once one was interrupted."""

    def __init__(
        self, built: Built, every: tuple[Variant, ...], seed: np.random.SeedSequence, pool: Executor | None,
        tell: Progress,
    ) -> None:  # fmt: skip
        self.built, self.every, self.seed, self.pool, self.tell = built, every, seed, pool, tell
        self.partial = False

    def counted(self, plan: Plan, start: float, stop: float, what: str, *, pairs: bool = True) -> tuple[Layout, Tally]:
        """The counts of a plan, with progress between two shares of the whole."""
        self.tell(start, what)
        first = np.concatenate([ordered(plan, p.scores) for p in pieces(plan, 0)], axis=1)
        layout = _layout(plan, self.built, first, pairs=pairs)
        held, partial = run(
            with_layout(plan, layout), executor=self.pool,
            progress=lambda share: self.tell(start + (stop - start) * share, what),
        )  # fmt: skip
        self.partial |= partial
        return layout, held

    def figures(self, error_draws: int) -> tuple[Array | None, np.ndarray | None]:
        """Figures with random errors, where there are few enough to keep."""
        cells = self.built.dataset.values[-1].size
        return figures_of(self.every, error_draws if error_draws * cells <= KEEP_FIGURES else 0, self.seed)

    def errors(
        self, kept: Kept | None, error_draws: int, engine: Engine | None
    ) -> tuple[tuple[Array, ...], tuple[tuple[Layout, Tally], ...]]:
        """Scores under random errors, variant by variant; or counts, where there are too many draws to keep."""
        if self.partial or error_draws == 0:
            return (), ()
        figures, pick = (kept.sample.figures, kept.sample.pick) if kept else self.figures(error_draws)
        drawn = Draws(self.every, np.empty(0, dtype=np.intp), np.empty((0, 0)), figures, pick)
        several = len(self.every)
        if figures is not None:
            limits = [self._share(k, drawn.nominal, error_draws) for k in range(several)]
            return all_error_scores(drawn, limits, lambda share: self.tell(0.5 + 0.4 * share, "random errors")), ()
        counted: list[tuple[Layout, Tally]] = []
        for k in range(several):
            number = self._share(k, drawn.nominal, error_draws)
            plan = error_plan(self.every, k, draws=number, seed=self.seed, engine=engine or "kernels")
            if plan is None or self.partial:
                return (), ()
            ends = 0.5 + 0.4 * k / several, 0.5 + 0.4 * (k + 1) / several
            few = several * len(self.built.units) ** 2 <= KEEP_FIGURES
            counted.append(self.counted(plan, *ends, "random errors", pairs=few))
        return (), tuple(counted)

    def together(self, draws: int, engine: Engine | None) -> tuple[Layout, Tally] | None:
        """The counts of draws in which everything is free at once; None where none is asked for."""
        if not draws or self.partial:
            return None
        plan = together_plan(self.every, draws=draws, seed=self.seed, engine=engine or "kernels")
        return self.counted(plan, 0.9, 0.98, "together")

    @staticmethod
    def _share(k: int, nominal: int, error_draws: int) -> int:
        """How many error draws a variant takes: all in the nominal one, a tenth in the others."""
        return error_draws if k == nominal else min(max(error_draws // 10, 50), error_draws)


def _layout(plan: Plan, built: Built, first: Array, *, pairs: bool) -> Layout:
    nominal = ordered(plan, built.score_table[:, -1])
    return layout_for(first, nominal, built.tree.indicators, pairs=pairs and len(built.units) <= PAIRS,
                      engine=plan.engine)  # fmt: skip


def _keep(
    plan: Plan, built: Built, every: tuple[Variant, ...], figures: Array | None, pick: np.ndarray | None
) -> tuple[Layout, Tally, Kept]:
    """What is counted, the counts of all draws, and the draws."""
    held = [list(pieces(plan, number)) for number in range(plan.number)]
    first = np.concatenate([ordered(plan, p.scores) for p in held[0]], axis=1)
    layout = _layout(plan, built, first, pairs=True)
    counts, drawn = empty(layout), [p for block in held for p in block]
    for p in drawn:
        counts = tally(layout, ordered(plan, p.scores), p.shares, engine=plan.engine, onto=counts)
    variant = np.concatenate([np.full(p.scores.shape[1], p.variant) for p in drawn])
    weights = np.concatenate([p.weights for p in drawn], axis=1).T
    root = np.ascontiguousarray(np.concatenate([p.scores for p in drawn], axis=1).T)
    sample = Draws(every, variant, weights, figures, pick)
    return layout, counts, Kept(sample, root, ranks(np.ascontiguousarray(ordered(plan, root)), same=0.0))
