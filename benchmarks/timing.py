"""How runs are timed and their rows printed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable

REPEATS = 5


def best(run: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Least seconds on the clock, and least seconds of processor time over all threads of this process."""
    clock, work = [], []
    for _ in range(repeats):
        start, worked = time.perf_counter(), time.process_time()
        run()
        clock.append(time.perf_counter() - start)
        work.append(time.process_time() - worked)
    return min(clock), min(work)


def cold(*arguments: str) -> Callable[[], object]:
    """A run in a process of its own."""
    # users' Pythons keep what they compile
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=usual)


def line(what: str, run: Callable[[], object], bar: str, repeats: int = REPEATS) -> float:
    """Time runs, print their row and return the least seconds on the clock."""
    least, work = best(run, repeats)
    row(what, f"{least:8.3f} s  {work:8.3f} s", bar)
    return least


def row(what: str, found: str, bar: str) -> None:
    """Print a row: what was measured, what was found, and the bar."""
    print(f"{what:66} {found:>24}   {bar}", flush=True)


def head(title: str) -> None:
    """Print the head of a table."""
    print(f"\n{title}\n{'':66} {'clock':>10}  {'processor':>10}     bar", flush=True)
