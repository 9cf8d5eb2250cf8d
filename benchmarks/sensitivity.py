"""Sobol' indices: 24,576 builds of ASEM and their indices; against the bar, SALib and COINr's 0.12 s a build."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from benchmarks.ranges import SHARED, asem

COINR = 0.12
CHOICES = """
  choices:
    - name: normalisation
      at: steps.normalise
      options: {min-max: {method: minmax, range: [1, 100]}, ranks: {method: percentile_rank, range: [1, 100]}}
    - {name: aggregation, at: steps.aggregate.method, options: {arithmetic: arithmetic, geometric: geometric}}
"""


def lines() -> Iterator[str]:
    """The whole run, then its indices alone beside SALib's on the same values."""
    from SALib.analyze import sobol as salib

    from podium.robustness.sensitivity import sensitivity, sobol_indices

    if not SHARED.is_dir():
        yield "the reference folder ../shared is absent"
        return
    built = asem((2, 3), CHOICES)
    sensitivity(built, n=64, seed=1)
    wall, processor = time.perf_counter(), time.process_time()
    found = sensitivity(built, n=4096, seed=1)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    took = f"{wall:7.2f} s  {processor:7.2f} s processor   bar 2 s"
    yield f"ASEM, 51 × 49, 4 assumptions, N = 4,096: {found.builds:,} builds {took}"
    yield f"{COINR * found.builds / wall:,.0f} × COINr's 0.12 s a build"
    y = [s[:, [0]] for s in found.scores]
    start = time.perf_counter()
    sobol_indices(y[0], y[1], y[2:], rng=np.random.default_rng(0))
    ours = time.perf_counter() - start
    flat = np.column_stack([y[0], *y[2:], y[1]]).ravel()
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
    start = time.perf_counter()
    salib.analyze(problem, flat, calc_second_order=False, num_resamples=500, seed=0)
    theirs = time.perf_counter() - start
    yield f"indices of one output with 500 resamplings: {ours:.3f} s, SALib {theirs:.3f} s ({theirs / ours:.1f} ×)"


def main() -> None:
    """Print the table."""
    print("Sobol' sensitivity")
    for text in lines():
        print(text, flush=True)


if __name__ == "__main__":
    main()
