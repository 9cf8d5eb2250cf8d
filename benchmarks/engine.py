"""Building large indices from figures at hand."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.timing import head, line
from podium.index.build import build, build_panel
from podium.index.spec import Spec

DOMAINS = {
    "income": 22.5, "employment": 22.5, "education": 13.5, "health": 13.5, "crime": 9.3, "housing": 9.3,
    "environment": 9.3,
}  # fmt: skip


def deprivation() -> tuple[Spec, Any]:
    """An index like the English one: 33,755 areas, seven domain ranks, exponential, summed."""
    rng = np.random.default_rng(1)
    common = rng.normal(size=33_755)
    table = pd.DataFrame({d: (common + rng.normal(size=len(common))).argsort().argsort() + 1.0 for d in DOMAINS})
    table.insert(0, "unit", [f"E{k:08}" for k in range(len(table))])
    children = [{"code": d, "weight": w} for d, w in DOMAINS.items()]
    steps = {"normalise": {"method": "exponential", "ties": "average"}, "aggregate": {"method": "sum"}}
    tree = {"code": "all", "children": children}
    return Spec.model_validate({"name": "areas", "data": {"layout": "wide"}, "tree": tree, "steps": steps}), table


def panel(normalise: dict[str, Any]) -> tuple[Spec, Any]:
    """1,000 units × 200 indicators × 10 years with a twentieth missing; every indicator is skewed and treated."""
    rng = np.random.default_rng(0)
    x = rng.lognormal(size=(10 * 1000, 200))
    x[rng.random(x.shape) < 0.05] = np.nan
    codes = [f"i{k}" for k in range(200)]
    table = pd.DataFrame(x, columns=codes)
    table.insert(0, "unit", [f"u{k % 1000:04}" for k in range(len(table))])
    table.insert(1, "time", [2010 + k // 1000 for k in range(len(table))])
    groups = [{"code": f"g{g}", "children": codes[g * 20 : (g + 1) * 20]} for g in range(10)]
    steps = {"treat": {}, "normalise": normalise, "aggregate": {"method": "arithmetic"}}
    return Spec.model_validate({"name": "panel", "data": {"layout": "wide", "panel": True, "columns": {"time": "time"}},
                                "tree": {"code": "all", "children": groups}, "steps": steps}), table  # fmt: skip


def main() -> None:
    """Print the table."""
    from podium.index.assemble import assemble

    head("Building, figures at hand")
    spec, table = deprivation()
    line("33,755 areas × 7 domains", partial(build, spec, dataset=assemble(spec, tables=table)[0]), "1 s")
    for how in ({"method": "minmax", "range": [0, 100], "over": "panel"}, {"method": "zscore", "over": "edition"}):
        spec, table = panel(how)
        held = assemble(spec, tables=table)[0]
        line(f"1,000 × 200 × 10 years, treated, {how['method']}", partial(build_panel, spec, dataset=held), "2 s")
