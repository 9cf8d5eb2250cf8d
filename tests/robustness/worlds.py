"""Small indices for the tests of this room."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from podium.index.aggregate import Tree, compile_tree
from podium.index.spec import Node

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
