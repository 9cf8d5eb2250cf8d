"""The page docs/howto/analyse.md runs."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from podium.index.build import build
from podium.index.spec import load_spec

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "analyse.md"


def test_every_python_example_of_the_page_runs() -> None:
    """All blocks run in order, and give what the page says of them."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    space: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), space)
    assert len(blocks) >= 8
    matrix, podium, panel = space["matrix"], space["podium"], space["panel"]
    assert matrix.shape[0] == matrix.shape[1] == 22  # type: ignore[attr-defined]
    assert podium.trends(panel, kind="growth_rate")["trend"][0] == 1.0  # type: ignore[attr-defined]


def test_the_weights_of_the_page_build() -> None:
    """The YAML of the page is a valid step and changes the weights."""
    block = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    assert block is not None
    spec = load_spec("ai-race")
    rules = yaml.safe_load(block.group(1))["weights"]
    built = build(spec.with_({"steps.weights": rules}))
    pillars = built.weights.query("level == 2")["weight"]
    assert (pillars / pillars.sum() >= 0.05 - 1e-9).all()
