"""The indices that are timed: ASEM where the reference folder is there, else a seeded one as large; a very wide one."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from podium.index.spec import Spec, load_spec

ROOT = Path(__file__).resolve().parents[1]
ASEM = ROOT.parent / "shared" / "ref" / "coinr" / "00_input"

UNCERTAIN = """
uncertainties:
  weights: [{level: 1, amount: 0.25}, {level: 2, amount: 0.25}, {level: 3, amount: 0.25}]
  choices:
    - name: normalisation
      at: steps.normalise
      options: {min–max: {method: minmax, range: [1, 100]}, z-scores: {method: zscore, mean: 10, sd: 2}}
    - {name: aggregation, at: steps.aggregate.method, options: {arithmetic: arithmetic, geometric: geometric}}
  regenerate: all
"""
STEPS = """
  treat: {method: winsorise, max_points: 5, skew: 2, kurtosis: 3.5, otherwise: log}
  normalise: {method: minmax, range: [1, 100]}
  aggregate: {method: arithmetic}
"""


def fifty_one() -> tuple[str, Spec]:
    """ASEM's 51 units × 49 indicators with noise on every cell, and how it is called."""
    folder = Path(tempfile.mkdtemp())
    if ASEM.is_dir():
        with (ASEM / "ASEM_iMeta.csv").open(encoding="utf-8", newline="") as file:
            leaves = [r["iCode"] for r in csv.DictReader(file) if r["Type"] == "Indicator"]
        data = f"data: {{coinr: {{data: {ASEM}/ASEM_iData.csv, meta: {ASEM}/ASEM_iMeta.csv}}}}\n"
        data += "steps:\n  denominate: {}\n"
        name, group, tree = "ASEM", "EurAsia_group", ""
    else:
        name, group = "seeded one-factor data", "group"
        leaves, tree = _seeded(folder)
        data = "data: {table: data.csv, layout: wide, columns: {unit: unit}, units: units.csv}\n" + tree + "steps:\n"
    errors = "  errors: [" + ", ".join(f"{{indicator: {c}, kind: relative, amount: 0.02}}" for c in leaves) + "]\n"
    impute = f"  impute: {{method: group_mean, group: {group}}}"
    (folder / "index.yaml").write_text(f"name: timed\n{data}{impute}{STEPS}{UNCERTAIN}{errors}", encoding="utf-8")
    return name, load_spec(folder)


def _seeded(folder: Path) -> tuple[list[str], str]:
    rng = np.random.default_rng(0)
    x = np.exp(0.4 * rng.standard_normal((51, 1)) + 0.5 * rng.standard_normal((51, 49)))
    x[:, ::5] **= 2.5
    x[rng.random(x.shape) < 0.02] = np.nan
    codes = [f"i{k}" for k in range(49)]
    lines = ["unit," + ",".join(codes)]
    lines += [f"u{k}," + ",".join("" if np.isnan(v) else repr(float(v)) for v in r) for k, r in enumerate(x)]
    (folder / "data.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    units = "unit,name,group\n" + "".join(f"u{k},u{k},g{k % 4}\n" for k in range(51))
    (folder / "units.csv").write_text(units, encoding="utf-8")
    pillars = [_node(f"p{j}", part) for j, part in enumerate(np.array_split(codes, 8))]
    return codes, f"tree: {_node('all', [_node('a', pillars[:5]), _node('b', pillars[5:])])}\n"


def _node(code: str, children: Iterable[str]) -> str:
    return f"{{code: {code}, children: [{', '.join(children)}]}}"


def wide(units: int = 33_755) -> Spec:
    """As many units as the English index of deprivation has areas, with its seven domains."""
    folder = Path(tempfile.mkdtemp())
    rng = np.random.default_rng(1)
    x = np.exp(0.7 * rng.standard_normal((units, 1)) + 0.7 * rng.standard_normal((units, 7)))
    lines = ["unit,a,b,c,d,e,f,g"] + [f"u{k}," + ",".join(f"{v:.6g}" for v in r) for k, r in enumerate(x)]
    (folder / "data.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = """
name: wide
data: {table: data.csv, layout: wide, columns: {unit: unit}}
tree:
  code: all
  children:
    - {code: a, weight: 22.5}
    - {code: b, weight: 22.5}
    - {code: c, weight: 13.5}
    - {code: d, weight: 13.5}
    - {code: e, weight: 9.3}
    - {code: f, weight: 9.3}
    - {code: g, weight: 9.3}
steps:
  normalise: {method: exponential}
  aggregate: {method: arithmetic}
uncertainties:
  weights: [{level: 1, amount: 0.25}]
"""
    (folder / "index.yaml").write_text(text, encoding="utf-8")
    return load_spec(folder)
