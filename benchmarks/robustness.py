"""Robustness: weights and methods, every step anew in each draw, very many units, a slider; ratios in one run."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.timing import best, head, line, row
from benchmarks.worlds import fifty_one, wide

COINR = 0.12
"""Seconds that COINr 1.1.14 took for one draw of ASEM, as recorded."""
MILLION = 1_000_000


def main() -> None:
    """Print the table."""
    from podium.index.build import build
    from podium.index.spec import load_spec
    from podium.robustness.engine import stress
    from podium.robustness.live import prepare

    name, spec = fifty_one()
    built = build(spec)
    head(f"Robustness, {name}, 51 × 49, weights ± 25 %, two normalisations, two aggregations, 2 threads")
    stress(built, draws=50_000, seed=1, error_draws=0, keep=False, engine="kernels", workers=2)
    bare, bare_work = best(_product(built.tree.indicators, len(built.units)), 3)
    row("the bare matrix product of 1,000,000 draws", f"{bare:8.3f} s  {bare_work:8.3f} s", "–")
    fast, work = best(lambda: stress(built, draws=MILLION, seed=1, error_draws=0, workers=2), 2)
    row("stress, 1,000,000 draws, ranks, pairs, scores, SMAA", f"{fast:8.3f} s  {work:8.3f} s", "2 s")
    row("… times the bare product", f"{fast / bare:8.1f} ×  {work / bare_work:8.1f} ×", "at most 15 ×")
    row("… faster than COINr's recorded 0.12 s a draw", f"{COINR * MILLION / fast:8,.0f} ×", "at least 50,000 ×")
    slow = _pandas(built)
    row("… faster than a loop in pandas", f"{slow * MILLION / fast:8,.0f} ×", f"({1000 * slow:.2f} ms a draw)")
    stress(built, draws=10, seed=1, error_draws=0, together=5_000, workers=2)
    anew, work = best(lambda: stress(built, draws=10, seed=1, error_draws=0, together=100_000, workers=2), 2)
    row("every step anew, noise on every cell, 100,000 draws", f"{anew:8.3f} s  {work:8.3f} s", "3.3 s")
    row("… draws a second", f"{100_000 / anew:8,.0f}", "at least 30,000")
    race = prepare(build(load_spec("ai-race")))
    with ThreadPoolExecutor(2) as pool:
        move = {"compute": 4.0}
        race.rerank(move, draws=10_000, seed=1, executor=pool)
        line("slider: ai-race, new weights, 10,000 draws over 144 variants",
             lambda: race.rerank(move, draws=10_000, seed=1, executor=pool), "0.05 s")  # fmt: skip
    seconds, memory = _apart("wide")
    row("33,755 × 7, 10,000 draws", f"{seconds:8.3f} s", "20 s")
    row("… peak of memory of the process", f"{memory:8,.0f} MB", "1,000 MB")
    _, memory = _apart("million")
    row("peak of memory of a process with 1,000,000 draws of 51 × 49", f"{memory:8,.0f} MB", "–")


def _product(indicators: int, units: int):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(0)
    weights, table = rng.random((MILLION, indicators)), rng.random((indicators, units))
    return lambda: weights @ table


def _pandas(built) -> float:  # type: ignore[no-untyped-def]
    """Seconds a draw of the loop a user would write: weights, level by level, with pandas; ranks and pairs."""
    import pandas as pd

    table = built.tables["Normalised"]
    weights = built.weights["weight"]
    groups = [(built.tree.items[g.item], [built.tree.items[k] for k in g.children]) for g in built.tree.groups]
    rng = np.random.default_rng(0)
    ahead = pd.DataFrame(0, index=table.index, columns=table.index)
    start, draws = time.perf_counter(), 60
    for _ in range(draws):
        w = weights * (1 + rng.uniform(-0.25, 0.25, len(weights)))
        x = table.copy()
        for parent, kids in groups:
            x[parent] = (x[kids] * (w[kids] / w[kids].sum())).sum(axis=1)
        score = x[groups[-1][0]]
        score.rank(ascending=False, method="min")
        ahead += score.to_numpy()[:, None] > score.to_numpy()
    return (time.perf_counter() - start) / draws


def _apart(what: str) -> tuple[float, float]:
    """Seconds and peak of memory (MB) of a run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.robustness", what]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return float(seconds), float(memory)


def _measured(what: str) -> None:
    from podium.index.build import build
    from podium.robustness.engine import stress

    built = build(wide() if what == "wide" else fifty_one()[1])
    draws = 10_000 if what == "wide" else MILLION
    stress(built, draws=600, seed=1, error_draws=0, keep=False, engine="kernels", workers=2)
    start = time.perf_counter()
    stress(built, draws=draws, seed=1, error_draws=0, keep=False, engine="kernels", workers=2)
    took = time.perf_counter() - start
    print(json.dumps([took, _peak()]))


def _peak() -> float:
    """Peak of memory of this process in MB; on Linux without what was inherited from the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        found = next(x for x in status.read_text(encoding="utf-8").splitlines() if x.startswith("VmHWM"))
        return float(found.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    _measured(sys.argv[1])
