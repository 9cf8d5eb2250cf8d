"""Measures what Podium promises about speed and prints it beside the bar; never a test.

Usage: python -m benchmarks
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from podium.index.spec import BUNDLED

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


def line(what: str, run: Callable[[], object], bar: str, repeats: int = REPEATS) -> None:
    least, middle = best(run, repeats)
    print(f"{what:58} {least:8.3f} s  {middle:8.3f} s   {bar}")


def main() -> None:
    from podium.claims.check import check_article
    from podium.index.build import build
    from podium.index.spec import load_spec
    from podium.robustness.engine import stress

    article = BUNDLED / "demo" / "brief_ko.txt"
    spec = load_spec("ai-race", edition="2023")
    check_article(article)
    print(f"{'':58} {'least':>8}    {'median':>8}     bar")
    line("an empty Python process (the yardstick)", cold("-c", "pass"), "–")
    line("import podium, cold", cold("-c", "import podium"), "0.3 s")
    line("podium build ai-race, cold", cold("-m", "podium", "build", "ai-race"), "1.5 s")
    line("podium check of the demo article, cold", cold("-m", "podium", "check", str(article)), "3 s")
    line("check of the demo article, warm", lambda: check_article(article), "1 s")
    line("build ai-race, warm", lambda: build(spec), "–")
    line("stress ai-race, 10,000 draws, 144 variants, with errors", lambda: stress(spec, draws=10_000, seed=1), "–", 2)
    line("podium demo, cold, 10,000 draws", cold("-m", "podium", "demo", "--out", "podium-out"), "–", 1)


if __name__ == "__main__":
    main()
