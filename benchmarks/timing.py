"""How runs are timed and their rows printed."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

REPEATS = 5


def best(run: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Least and median seconds of some runs."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds), statistics.median(seconds)


def cold(*arguments: str) -> Callable[[], object]:
    """A run in a process of its own."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def line(what: str, run: Callable[[], object], bar: str, repeats: int = REPEATS) -> float:
    """Time runs, print their row and return the least seconds."""
    least, middle = best(run, repeats)
    row(what, f"{least:8.3f} s  {middle:8.3f} s", bar)
    return least


def row(what: str, found: str, bar: str) -> None:
    """Print a row: what was measured, what was found, and the bar."""
    print(f"{what:66} {found:>24}   {bar}", flush=True)


def head(title: str) -> None:
    """Print the head of a table."""
    print(f"\n{title}\n{'':66} {'least':>10}  {'median':>10}     bar", flush=True)
