"""Measures what Podium promises about speed and prints it beside the bar; never a test.

Usage: python -m benchmarks [doors] [robustness] …   (all where none is named)
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks

NO_TABLES = ("__main__", "timing", "worlds")
TABLES = sorted(m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name not in NO_TABLES)


def main(names: list[str]) -> None:
    """Print the tables named, or all."""
    unknown = [n for n in names if n not in TABLES]
    if unknown:
        raise SystemExit(f"there is no table {', '.join(unknown)}; there are {', '.join(TABLES)}")
    for name in names or TABLES:
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
