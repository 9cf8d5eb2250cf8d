"""Measures what Podium promises about speed and prints it beside the bar; never a test.

Usage: python -m benchmarks [doors] [robustness] …   (all where none is named)
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import sys
from pathlib import Path

import numpy as np

import benchmarks

NO_TABLES = ("__main__", "timing", "worlds")
TABLES = sorted(m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name not in NO_TABLES)


def machine() -> str:
    """What it runs on, and how busy that is."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), platform.processor())
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}; load {load}"


def main(names: list[str]) -> None:
    """Print the tables named, or all."""
    unknown = [n for n in names if n not in TABLES]
    if unknown:
        raise SystemExit(f"there is no table {', '.join(unknown)}; there are {', '.join(TABLES)}")
    print(machine())
    for name in names or TABLES:
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
