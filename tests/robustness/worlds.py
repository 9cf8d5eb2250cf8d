"""Small indices for the tests of this room."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from podium.index.aggregate import Tree, compile_tree
from podium.index.spec import Node, Spec, load_spec

Array = npt.NDArray[np.float64]


def tree(indicators: int, pillars: int, *, method: str = "arithmetic", min_available: float = 0.0) -> Tree:
    """Indicators in pillars in two halves, four levels high, with uneven weights."""
    leaves = [Node(code=f"i{k}", weight=1.0 + k % 3) for k in range(indicators)]
    parts = np.array_split(np.arange(indicators), pillars)
    nodes = [Node(code=f"p{j}", weight=1.0 + j % 2, children=tuple(leaves[k] for k in part)) for j, part in enumerate(parts)]
    half = max(pillars // 2, 1)
    halves = [Node(code=f"h{k}", weight=1.0 + k, children=tuple(part)) for k, part in enumerate((nodes[:half], nodes[half:])) if part]
    root = Node(code="root", children=tuple(halves))
    return compile_tree(root, tuple(n.code for n in leaves), method=method, min_available=min_available)


def table(units: int, indicators: int, seed: int, *, missing: float = 0.0, low: float = 1.0) -> Array:
    """One-factor figures on 1 to 100, some of them missing."""
    rng = np.random.default_rng(seed)
    x = 0.6 * rng.standard_normal((units, 1)) + 0.8 * rng.standard_normal((units, indicators))
    x = low + (100 - low) * (x - x.min(axis=0)) / np.ptp(x, axis=0)
    x[rng.random(x.shape) < missing] = np.nan
    return np.asarray(x)


def names(units: int) -> tuple[str, ...]:
    """Names of units."""
    return tuple(f"u{k}" for k in range(units))


SPEC = """
name: world
data: {{table: data.csv, layout: wide, columns: {{unit: unit}}, codebook: codebook.csv, units: units.csv}}
tree:
  code: all
  children:
    - {{code: p, weight: 2, children: [a, b, c]}}
    - {{code: q, children: [d, {{code: e, weight: 2}}, f]}}
steps:
{steps}
  aggregate: {{method: {method}}}
uncertainties:
{uncertain}
"""


def index(folder: Path, steps: str, uncertain: str, *, method: str = "arithmetic", units: int = 30, missing: float = 0.1) -> Spec:
    """A specification of six indicators, one of them better when low, some skewed, with missing cells and groups."""
    rng = np.random.default_rng(12)
    x = np.exp(rng.standard_normal((units, 1)) * 0.5 + rng.standard_normal((units, 6)) * [0.3, 0.4, 0.5, 1.2, 1.6, 0.8]) * 10
    x[rng.random(x.shape) < missing] = np.nan
    pop = rng.integers(1, 60, units)
    rows = [",".join(["unit", *"abcdef"])] + [
        f"u{k}," + ",".join("" if np.isnan(v) else repr(float(v)) for v in row) for k, row in enumerate(x)
    ]
    (folder / "data.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    book = "code,name,direction,denominator\n" + "".join(f"{c},{c},{-1 if c == 'c' else 1},people\n" for c in "abcdef")
    (folder / "codebook.csv").write_text(book, encoding="utf-8")
    lines = "unit,name,group,people\n" + "".join(f"u{k},u{k},g{k % 4},{p}\n" for k, p in enumerate(pop))
    (folder / "units.csv").write_text(lines, encoding="utf-8")
    text = SPEC.format(steps=steps, uncertain=uncertain, method=method)
    (folder / "index.yaml").write_text(text, encoding="utf-8")
    return load_spec(folder)
