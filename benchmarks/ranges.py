"""Exact rank ranges: every unit, both ends, all proved; against the bars and against one Monte-Carlo rank of a unit."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from podium.index.build import Built

SHARED = Path(__file__).resolve().parents[2] / "shared"
PILLARS = (5, 3, 2, 5, 3, 1, 5)


def table_index(table: pd.DataFrame, weights: dict[str, float], *, law: str, normalise: str) -> Built:
    """Build an index of a table with one level of weights."""
    from podium.index.build import build
    from podium.index.spec import load_spec

    children = ", ".join(f"{{code: {c}, weight: {w}}}" for c, w in weights.items())
    with tempfile.TemporaryDirectory() as folder:
        table.to_csv(Path(folder, "data.csv"), index_label="unit")
        Path(folder, "index.yaml").write_text(f"""
name: bench
data: {{table: data.csv, layout: wide, columns: {{unit: unit}}}}
tree: {{code: all, children: [{children}]}}
steps: {{normalise: {normalise}, aggregate: {{method: arithmetic}}}}
uncertainties: {{weights: [{law}]}}
""", encoding="utf-8")  # fmt: skip
        return build(load_spec(folder))


def global_ai_index() -> Built:
    """62 countries, 7 pillars, weights ± 25 %."""
    table = pd.read_csv(SHARED / "data" / "ai_race" / "gaii_2021_pillars.csv").set_index("Country").iloc[:, :7]
    table.columns = pd.Index(list("abcdefg"))
    weights = dict(zip("abcdefg", map(float, PILLARS), strict=True))
    return table_index(table, weights, law="{level: 1, amount: 0.25}", normalise="{method: none}")


def one_factor(units: int = 200, indicators: int = 30, rho: float = 0.6) -> Built:
    """Seeded data with one common factor: indicators correlated by rho."""
    rng = np.random.default_rng(0)
    x = np.sqrt(rho) * rng.standard_normal((units, 1)) + np.sqrt(1 - rho) * rng.standard_normal((units, indicators))
    names = [f"x{k}" for k in range(indicators)]
    table = pd.DataFrame(x, [f"u{k}" for k in range(units)], names)
    weights = dict.fromkeys(names, 1.0)
    return table_index(table, weights, law="{level: 1, amount: 0.25}", normalise="{method: minmax, range: [0, 100]}")


def asem(levels: tuple[int, ...], choices: str = "") -> Built:
    """COINr's example: 51 countries, 49 indicators, three levels of weights, those given ± 25 %."""
    from podium.index.build import build
    from podium.index.spec import load_spec

    data = SHARED / "ref" / "coinr" / "00_input"
    laws = ", ".join(f"{{level: {k}, amount: 0.25}}" for k in levels)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "index.yaml").write_text(f"""
name: asem
data: {{coinr: {{data: {data / "ASEM_iData.csv"}, meta: {data / "ASEM_iMeta.csv"}}}}}
steps:
  denominate: {{}}
  impute: {{method: group_mean, group: EurAsia_group}}
  screen: {{min_available: 0.9}}
  treat: {{method: winsorise, max_points: 5, skew: 2, kurtosis: 3.5, otherwise: log}}
  normalise: {{method: minmax, range: [1, 100]}}
  aggregate: {{method: arithmetic}}
uncertainties:
  weights: [{laws}]
{choices}
""", encoding="utf-8")  # fmt: skip
        return build(load_spec(folder))


def lines() -> Iterator[str]:
    """One line a case: seconds on the wall and of the processor, the bar, how many ends are proved."""
    from podium.robustness.ranges import rank_ranges

    cases = [("seeded one-factor data, 200 × 30, rho 0.6", one_factor, "30 s")]
    if SHARED.is_dir():
        cases = [
            ("Global AI Index, 62 × 7", global_ai_index, "2 s"),
            ("ASEM, 51 × 49, levels 2 and 3 (as COINr varies them)", lambda: asem((2, 3)), "3 s"),
            ("ASEM, 51 × 49, indicators alone", lambda: asem((1,)), "3 s"),
            ("ASEM, 51 × 49, all three levels", lambda: asem((1, 2, 3)), "–"),
            *cases,
        ]
    for name, make, bar in cases:
        built = make()
        rank_ranges(built, units=built.units[:1])
        wall, processor = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(2) as pool:
            found = rank_ranges(built, executor=pool)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        proved = int(found.table["exact"].sum())
        ends = f"{proved} of {len(found.ranges)} proved"
        yield f"{name:58} {wall:7.2f} s  {processor:7.2f} s processor   bar {bar:5} {ends}"


def main() -> None:
    """Print the table."""
    print("Exact rank ranges, weights ± 25 %, every unit, both ends, two threads")
    for text in lines():
        print(text, flush=True)


if __name__ == "__main__":
    main()
