"""The same numbers on threads, processes and a cluster, whatever happens to a worker."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from podium.index.build import build
from podium.robustness import blocks
from podium.robustness.blocks import Plan, run
from podium.robustness.draws import compile_plan
from podium.robustness.engine import stress
from podium.robustness.tally import Tally, layout_for
from podium.robustness.variants import variants
from robustness.worlds import index

STEPS = "  normalise: {method: minmax, range: [1, 100]}"
WEIGHTS = "  weights: [{level: 1, amount: 0.5}, {kind: order, order: [p, q]}]"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """40 small blocks of an index with missing cells."""
    built = build(index(tmp_path_factory.mktemp("world"), STEPS, WEIGHTS))
    made = compile_plan(variants(built), draws=4000, seed=np.random.SeedSequence(3))
    first = np.concatenate([p.scores for p in blocks.pieces(made, 0)], axis=1)
    layout = layout_for(first, built.score_table[:, -1], 6, pairs=True)
    return replace(made, size=100, layout=layout)


def same(a: Tally, b: Tally) -> None:
    """Every count and every sum agrees to the last bit."""
    for name in ("draws", "places", "scores", "wins", "leading", "score_sum", "score_square", "mean_shift"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))


@pytest.mark.parametrize("make", [lambda: ThreadPoolExecutor(1), lambda: ThreadPoolExecutor(5), lambda: ProcessPoolExecutor(2)])
def test_threads_and_processes(plan: Plan, make: Any) -> None:
    """One worker or many, threads or processes: the same sums to the last bit."""
    alone, _ = run(plan)
    with make() as pool:
        shared_, partial = run(plan, executor=pool)
    same(alone, shared_)
    assert not partial


class Backwards(Executor):
    """Does all its work when the last task has come, from the last to the first."""

    def __init__(self, tasks: int) -> None:
        self.held: list[Any] = []
        self.tasks = tasks

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Hold a task; do all in reverse order once there are enough."""
        from concurrent.futures import Future

        future: Future[Any] = Future()
        self.held.append((future, fn, args))
        if len(self.held) == self.tasks:
            for f, g, a in reversed(self.held):
                f.set_result(g(*a))
        return future


def test_order_of_blocks_does_not_matter(plan: Plan) -> None:
    """Done from the last block to the first: the same sums to the last bit."""
    alone, _ = run(plan)
    reverse, _ = run(plan, executor=Backwards(len(blocks.batches(plan))))
    same(alone, reverse)


def test_interrupt_gives_back_what_is_finished(plan: Plan) -> None:
    """Ctrl-C after ten tasks: their draws come back, marked as partial; before the first it goes through."""
    seen: list[float] = []

    def stop(after: int) -> Any:
        def tell(share: float) -> None:
            seen.append(share)
            if len(seen) == after:
                raise KeyboardInterrupt

        return tell

    counts, partial = run(plan, progress=stop(10))
    assert partial
    assert counts.draws == 1000
    whole, _ = run(replace(plan, draws=1000))
    np.testing.assert_array_equal(counts.places, whole.places)
    with pytest.raises(KeyboardInterrupt):
        run(replace(plan, draws=100, size=100), executor=Interrupted())


class Interrupted(Executor):
    """Is interrupted at once."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Raise what Ctrl-C raises."""
        raise KeyboardInterrupt


def test_interrupted_stress_is_marked(tmp_path: Path) -> None:
    """A stress run interrupted while drawing returns a result that says so, with the draws it has."""
    spec = index(tmp_path, STEPS, WEIGHTS)

    def tell(done: float, what: str) -> None:
        if what == "choices" and done > 0.3:
            raise KeyboardInterrupt

    s = stress(spec, draws=200_000, seed=1, keep=False, engine="numpy", progress=tell, workers=1)
    assert s.partial
    assert 0 < s.draws < 200_000
    assert s.intervals.notna().all().all()
    assert s.counts.draws == s.draws


@pytest.fixture
def cluster() -> Any:
    """A real dask cluster of two worker processes."""
    distributed = pytest.importorskip("distributed")
    import dask

    with dask.config.set({"distributed.scheduler.worker-ttl": None}), distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as made, distributed.Client(made) as client:
        yield made, client


@pytest.mark.filterwarnings("ignore")
def test_dask_cluster_and_the_death_of_a_worker(plan: Plan, cluster: Any) -> None:
    """A real LocalCluster gives the same numbers; killing a worker in mid-run loses and changes nothing."""
    made, client = cluster
    alone, _ = run(plan)
    counts, _ = run(plan, executor=client.get_executor())
    same(alone, counts)
    killed: list[int] = []

    def slowly(plan: Plan, first: int, last: int) -> Tally:  # local, so that it travels to the workers by value
        time.sleep(0.15)
        return blocks.batch(plan, first, last)

    def tell(share: float) -> None:
        if not killed and share > 0.2:
            pid = next(iter(made.workers.values())).process.pid
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    after, partial = run(plan, executor=client.get_executor(), progress=tell, task=slowly)
    assert killed
    assert not partial
    same(alone, after)
