"""Draws done block by block, on any executor, with the same numbers whatever the order or the number of workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.rounding import rounded
from podium.robustness.figures import Noise, error_bits, sample_errors
from podium.robustness.remake import Remake, noisy_scores, remake_scores
from podium.robustness.scorer import Engine, Scorer, effective
from podium.robustness.tally import EXACT_UNITS, Layout, Tally, empty, tally
from podium.robustness.weights import Weights

__all__ = [
    "CHOICES", "ERRORS", "ERROR_BLOCK", "TOGETHER", "Piece", "Plan", "batch", "batches", "block_size", "error_figures",
    "ordered", "pieces", "run", "with_layout",
]  # fmt: skip

BATCHES, FEW_BATCHES = 64, 16
CELLS = 4_000_000
CHOICES, ERRORS, TOGETHER = 0, 1, 2
ERROR_BLOCK = 1_024
FIGURES = 64
"""So many whole datasets are worked on at a time."""
CHUNK = 256
"""So many draws are worked on at a time: what the kernels touch then stays in the cache."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything that draws need: a scorer and the laws of the weights for each variant, what is counted.

    ``sign`` is -1 where the lowest score ranks first, ``decimals`` what scores are rounded to, by the rule
    ``rounding``, before they are ranked.
    Draw i takes variant i modulo their number; each block of ``size`` draws has randomness of its own, spawned from
    ``seed`` below ``key``. With ``remakes``, one a variant, each draw has figures of its own with ``noise``, and the
    steps are done anew. With ``in_turn`` the first draws take the first variant and so on, so that a block has few:
    quicker for few draws, useless when interrupted.
    """

    scorers: tuple[Scorer, ...]
    laws: tuple[Weights, ...]
    layout: Layout | None
    draws: int
    seed: np.random.SeedSequence
    size: int
    sign: float = 1.0
    decimals: int | None = None
    rounding: str = "half_up"
    engine: Engine = "numpy"
    remakes: tuple[Remake, ...] = ()
    noise: Noise | None = None
    key: int = CHOICES
    in_turn: bool = False

    @property
    def number(self) -> int:
        """The number of blocks."""
        return -(-self.draws // self.size)


@dataclass(frozen=True, eq=False)
class Piece:
    """Draws of one variant: weights ``(item, draw)``, their ``shares`` in the root, scores ``(unit, draw)``."""

    variant: int
    weights: Array
    shares: Array
    scores: Array


Task = Callable[[Plan, int, int], Tally]


def block_size(variants: int, units: int) -> int:
    """Return how many draws make a block: enough for each variant, and bounded in memory."""
    return int(max(min(max(64 * variants, 1024), 16_384, CELLS // units), 16))


def pieces(plan: Plan, number: int) -> Iterator[Piece]:
    """The draws of one block, variant after variant; scores of which the lowest ranks first are negated."""
    first = number * plan.size
    drawn = np.arange(first, min(first + plan.size, plan.draws))
    drawn = drawn * len(plan.scorers) // plan.draws if plan.in_turn else drawn % len(plan.scorers)
    rng = block_rng(plan.seed, plan.key, number)
    chunk = FIGURES if plan.remakes else CHUNK
    for variant, count in enumerate(np.bincount(drawn, minlength=len(plan.scorers))):
        scorer = plan.scorers[variant]
        for start in range(0, count, chunk):
            weights = plan.laws[variant].draw(min(chunk, count - start), rng, engine=plan.engine)
            shares = effective(scorer.tree, weights, scorer.nodes, engine=plan.engine)
            if plan.remakes:
                scores = _anew(plan, variant, weights, shares, rng)
            else:
                scores = scorer.scores(weights, shares, engine=plan.engine)
            yield Piece(variant, weights, shares, scores)


def _anew(plan: Plan, variant: int, weights: Array, shares: Array, rng: np.random.Generator) -> Array:
    """Scores of draws in which every step is done anew on figures of their own."""
    r, scorer, noise = plan.remakes[variant], plan.scorers[variant], plan.noise
    if plan.engine == "kernels" and noise is not None and weights.shape[1] == FIGURES:
        held = rng.bit_generator.state
        drawn = error_bits(noise, FIGURES, rng, engine="kernels")
        scores = noisy_scores(r, scorer, noise, drawn, shares, rng.integers(0, max(r.tables, 1), FIGURES))
        if scores is not None:
            return scores
        rng.bit_generator.state = held
    figures, pick = sample_figures(r, noise, weights.shape[1], rng, engine=plan.engine)
    return remake_scores(r, scorer, figures, weights, shares, pick, engine=plan.engine)


def block_rng(seed: np.random.SeedSequence, key: int, number: int) -> np.random.Generator:
    """The generator of a block: that of the spawned sequence, made without spawning those before it."""
    child = np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, key, number))
    return np.random.Generator(np.random.SFC64(child))


def error_figures(plan: Plan, number: int) -> Iterator[tuple[Array, npt.NDArray[np.int64]]]:
    """The figures and stored imputations of one block of a plan of one variant without laws of weights."""
    rng = block_rng(plan.seed, plan.key, number)
    left = min(plan.size, plan.draws - number * plan.size)
    while left > 0:
        n = min(left, FIGURES)
        yield sample_figures(plan.remakes[0], plan.noise, n, rng)
        left -= n


def sample_figures(
    r: Remake, noise: Noise | None, draws: int, rng: np.random.Generator, *, engine: Engine = "numpy"
) -> tuple[Array, npt.NDArray[np.int64]]:
    """Return figures with random errors ``(series, unit, draw)``, and which stored imputation each draw takes.

    The first draws are the same however many of `FIGURES` are asked for.
    """
    if noise is None:
        figures = np.broadcast_to(r.base[..., None], (*r.base.shape, FIGURES))
    else:
        figures = sample_errors(noise, FIGURES, rng, engine=engine)
    pick = rng.integers(0, max(r.tables, 1), FIGURES)
    return np.ascontiguousarray(figures[..., :draws]), pick[:draws]


def ordered(plan: Plan, scores: Array) -> Array:
    """Scores as they are ranked, higher is better: rounded and turned round where the specification says so."""
    out = rounded(scores, plan.decimals, plan.rounding)
    return out if plan.sign > 0 else -out


def batch(plan: Plan, first: int, last: int) -> Tally:
    """The counts of blocks from the first to before the last."""
    assert plan.layout is not None
    total = empty(plan.layout)
    for number in range(first, last):
        for p in pieces(plan, number):
            total = tally(plan.layout, ordered(plan, p.scores), p.shares, engine=plan.engine, onto=total)
    return total


def batches(plan: Plan) -> list[tuple[int, int]]:
    """The blocks of each task; they depend on the number of draws alone, so that sums are the same everywhere."""
    units = len(plan.scorers[0].units)
    step = -(-plan.number // (BATCHES if units <= EXACT_UNITS else FEW_BATCHES))
    return [(k, min(k + step, plan.number)) for k in range(0, plan.number, step)]


def run(
    plan: Plan, *, executor: Executor | None = None, progress: Callable[[float], None] | None = None,
    task: Task | None = None,
) -> tuple[Tally, bool]:  # fmt: skip
    """Return the counts of all draws, and whether an interruption left some out.

    Tasks are the same on any executor and their counts are added in order, so that the numbers are the same too. A
    keyboard interrupt gives back what is finished. `task` counts blocks from one to before another, `batch` where none
    is given.
    """
    assert plan.layout is not None
    tell = progress or (lambda share: None)
    tasks = batches(plan)
    waiting: dict[int, Tally] = {}
    total, added, finished, partial = empty(plan.layout), 0, 0, False
    try:
        for k, counts in _results(plan, tasks, executor, task or batch):
            waiting[k] = counts
            while added in waiting:
                total, added = total + waiting.pop(added), added + 1
            finished += 1
            tell(finished / len(tasks))
    except KeyboardInterrupt:
        if not finished:
            raise
        partial = True
    for k in sorted(waiting):
        total = total + waiting[k]
    return total, partial


def _results(
    plan: Plan, tasks: list[tuple[int, int]], executor: Executor | None, task: Task
) -> Iterator[tuple[int, Tally]]:
    if executor is None:
        for k, (first, last) in enumerate(tasks):
            yield k, task(plan, first, last)
        return
    waiting: dict[Future[Tally], int] = {executor.submit(task, plan, *t): k for k, t in enumerate(tasks)}
    try:
        while waiting:
            finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                yield waiting.pop(future), future.result()
    finally:
        for future in waiting:
            future.cancel()


def with_layout(plan: Plan, layout: Layout) -> Plan:
    """Return the plan with what is counted."""
    return replace(plan, layout=layout)


