"""docs/howto/read-data.md says what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from podium.errors import InputError
from podium.index.assemble import assemble
from podium.index.spec import Spec

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "read-data.md"
STEPS = {"normalise": {"method": "minmax", "range": [0, 100]}, "aggregate": {"method": "arithmetic"}}


def blocks() -> list[tuple[str, str]]:
    """The page's fenced blocks: what stands behind the fence, and the text."""
    return re.findall(r"^```(\w.*)\n((?:.*\n)*?)```$", PAGE.read_text(encoding="utf-8"), flags=re.M)


def examples() -> Iterator[tuple[dict[str, str], str, str, str]]:
    """Each example: its files, its section `data`, and what kind of outcome is shown."""
    files: dict[str, str] = {}
    section = ""
    for info, text in blocks():
        kind, _, name = info.replace('title="', "").rstrip('"').partition(" ")
        if kind == "csv":
            files = {**files, name: text}
        elif kind == "yaml":
            section = text
        elif kind == "text":
            yield files, section, name, text
            files = {}


@pytest.mark.parametrize(("files", "section", "kind", "shown"), list(examples()))
def test_examples(tmp_path: Path, files: dict[str, str], section: str, kind: str, shown: str) -> None:
    """Each example gives the figures, or the faults, that the page shows."""
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    values: dict[str, Any] = {"name": "example", "steps": STEPS, "file": str(tmp_path / "index.yaml"), **yaml.safe_load(section)}
    if "codebook" not in values["data"]:
        values["tree"] = {"code": "index", "children": ["roads", "rails"]}
    if kind == "faults":
        with pytest.raises(InputError) as caught:
            assemble(Spec.model_validate(values))
        assert str(caught.value).replace(f"{tmp_path}/", "") == shown.rstrip("\n")
        return
    data, _ = assemble(Spec.model_validate(values))
    parts = [f"{name}\n{data.frame(k)}" if name and len(data.editions) > 1 else str(data.frame(k))
             for k, name in enumerate(data.editions)]  # fmt: skip
    assert "\n".join(parts) == shown.rstrip("\n")


def test_python_example() -> None:
    """The example of data frames runs, and its assertion holds."""
    (code,) = [text for info, text in blocks() if info == "python"]
    exec(compile(code, str(PAGE), "exec"), {})


def test_every_key_of_data_is_explained() -> None:
    """The page or docs/specification.md explains each key of `data`."""
    from podium.index.spec import Data

    whole = PAGE.read_text(encoding="utf-8") + (PAGE.parents[1] / "specification.md").read_text(encoding="utf-8")
    assert [k for k in Data.model_fields if not re.search(rf"\b{k}:", whole)] == []
