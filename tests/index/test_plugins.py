"""Methods of a user's own, from files that a specification names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from podium.errors import SpecError
from podium.index import aggregate, normalise
from podium.index.build import build
from podium.index.spec import load_spec

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "add-a-method.md"
SPEC = """
name: own
data: {table: data.csv, layout: wide}
plugins: [softmax.py]
tree: {code: all, children: [a, b]}
steps:
  normalise: {method: softmax}
  aggregate: {method: lehmer}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An index beside the plug-in of the documentation; what it registers is forgotten afterwards."""
    before = dict(normalise.METHODS), dict(aggregate.METHODS)
    (tmp_path / "index.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "data.csv").write_text("unit,a,b\nX,1,2\nY,2,0\nZ,0,1\n", encoding="utf-8")
    code = re.findall(r'```python title="softmax\.py"\n(.*?)```', PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    (tmp_path / "softmax.py").write_text(code, encoding="utf-8")
    yield tmp_path
    for registry, kept in zip((normalise.METHODS, aggregate.METHODS), before, strict=True):
        for name in set(registry) - set(kept):
            del registry[name]


def test_the_plug_in_of_the_documentation_builds(folder: Path) -> None:
    """Softmax and Lehmer means by hand, and the plug-in's hash among the inputs."""
    built = build(load_spec(folder))
    x = np.array([[1.0, 2], [2, 0], [0, 1]])
    share = np.exp(x) / np.exp(x).sum(axis=0)
    np.testing.assert_allclose(built.tables["Normalised"].to_numpy(), share, rtol=1e-12)
    np.testing.assert_allclose(built.score_table[:, -1], (share**2).sum(axis=1) / share.sum(axis=1), rtol=1e-12)
    assert "softmax.py" in built.dataset.files


def test_plug_in_that_is_missing_or_fails_is_named(folder: Path) -> None:
    """One error with the file, and the line of a syntax error."""
    (folder / "softmax.py").rename(folder / "gone.py")
    with pytest.raises(SpecError, match=r"index\.yaml:\d+: there is no plug-in 'softmax\.py'"):
        build(load_spec(folder))
    (folder / "softmax.py").write_text("x = 1\ndef broken(:\n", encoding="utf-8")
    with pytest.raises(SpecError, match=r"softmax\.py:2: the plug-in fails: SyntaxError"):
        build(load_spec(folder))
