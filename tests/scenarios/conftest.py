"""Small indices that scenarios and goals are tried on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from podium.index.build import Built, build
from podium.index.spec import load_spec

SPEC = """
name: world
data: {{table: data.csv, layout: {layout}, columns: {{unit: unit, indicator: indicator, time: year, value: value}}}}
{extra}
indicators: {{chips: {{transform: {{method: none}}}}}}
tree: {{code: all, children: [{{code: chips, weight: 2}}, {{code: talent, weight: 1}}, {{code: rd, weight: 1}}]}}
steps:
  normalise: {{method: {normalise}, range: [1, 100]}}
  aggregate: {{method: {method}}}
  rank: {{ties: competition}}
uncertainties:
  weights: [{{level: 1, amount: 0.25}}]
  choices:
    - {{name: scale, at: indicators.chips.transform, options: {{linear: {{method: none}}, root: {{method: sqrt}}}}}}
effects: [{{kind: accelerators, indicator: chips, conventions: {{chips: dense8}}}}]
"""
TABLE = "unit,chips,talent,rd\nAAA,9000,60,4.0\nBBB,5000,70,3.0\nCCC,4950,69,3.0\nDDD,100,20,1.0\nEEE,2000,90,2.5\n"


@pytest.fixture
def world(tmp_path: Path) -> Callable[..., Built]:
    """Make an index of five units, two of which nearly tie."""

    def make(table: str = TABLE, *, layout: str = "wide", method: str = "arithmetic", extra: str = "",
             normalise: str = "minmax") -> Built:  # fmt: skip
        (tmp_path / "data.csv").write_text(table)
        text = SPEC.format(layout=layout, method=method, extra=extra, normalise=normalise)
        if layout == "wide":
            text = text.replace(", columns: {unit: unit, indicator: indicator, time: year, value: value}", "")
        (tmp_path / "index.yaml").write_text(text)
        return build(load_spec(tmp_path / "index.yaml"))

    return make
