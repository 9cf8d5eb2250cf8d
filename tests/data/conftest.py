"""What the tests of tables share: a specification of two indicators beside its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from podium.data.dataset import Dataset
from podium.errors import InputError
from podium.index.assemble import assemble
from podium.index.spec import Node, Spec

STEPS = {"normalise": {"method": "minmax", "range": [0, 100]}, "aggregate": {"method": "arithmetic"}}

Read = Callable[..., tuple[Dataset, Node]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write files, and assemble a specification of the indicators `leaves` from them (none: the tables draw the tree)."""

    def go(
        data: Mapping[str, Any], files: Mapping[str, str | bytes] | None = None, *, leaves: tuple[str, ...] = ("a", "b"),
        tables: Any = None, **more: Any,
    ) -> tuple[Dataset, Node]:  # fmt: skip
        for name, content in (files or {}).items():
            (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        tree = {"code": "index", "children": list(leaves)} if leaves else None
        spec = Spec.model_validate({"name": "small", "data": data, "tree": tree, "steps": STEPS,
                                    "file": str(tmp_path / "index.yaml"), **more})  # fmt: skip
        return assemble(spec, tables=tables)

    return go


@pytest.fixture
def faults(read: Read, tmp_path: Path) -> Callable[..., list[str]]:
    """Assemble what is at fault and return every fault as text, files by their names alone."""

    def go(*args: Any, **kwargs: Any) -> list[str]:
        with pytest.raises(InputError) as caught:
            read(*args, **kwargs)
        assert all(f.remedy or "more" in f.message for f in caught.value.faults)
        return [str(f).replace(f"{tmp_path}/", "") for f in caught.value.faults]

    return go
