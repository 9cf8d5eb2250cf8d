"""A YAML file as plain values, with the line that each of them stands on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from podium.errors import Fault, SpecError

__all__ = ["Source", "read_yaml"]

_INT = re.compile(r"[-+]?\d+$")
_FLOAT = re.compile(r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?$")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Source:
    """Plain values and, for each path into them, the line."""

    values: Any
    lines: Mapping[Path_, int]
    file: str

    def line(self, path: Path_) -> int | None:
        """The line of a path, or of the nearest thing above it that has one; steps that are not written are passed."""
        here: Path_ = ()
        for key in path:
            here = (*here, key) if (*here, key) in self.lines else here
        return self.lines.get(here)

    @cached_property
    def node_paths(self) -> Mapping[str, Path_]:
        """Where each code of the tree stands, worked out once: every variant of an index asks for every node."""
        from podium.index.check import node_paths  # it needs this module for its own

        return node_paths(self.values.get("tree"))


def read_yaml(path: Path) -> Source:
    """Return the values of a YAML file.

    Plain scalars follow JSON: only ``true`` and ``false`` are booleans, so that ``NO`` stays Norway.

    Raises
    ------
    SpecError
        If the file is missing, is not UTF-8 text or not YAML, or uses a key twice; names file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError:
        raise SpecError(Fault("there is no such file", "Check the path", file=str(path))) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(Fault(f"cannot be read: {error}", "Give a UTF-8 YAML file", file=str(path))) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or "this is not YAML"
        raise SpecError(Fault(f"{problem}", "Mend the YAML", file=str(path), line=line)) from None
    lines: dict[Path_, int] = {}
    faults: list[Fault] = []
    values = _value(node, (), lines, faults, str(path), 0)
    if faults:
        raise SpecError(faults)
    return Source(values, lines, str(path))


def _value(
    node: Any, path: Path_, lines: dict[Path_, int], faults: list[Fault], file: str, depth: int
) -> Any:
    if node is None:
        return None
    line = node.start_mark.line + 1
    lines[path] = line
    if depth > 60:
        faults.append(Fault("nested more than 60 deep, perhaps through an alias of itself", "Flatten it", file, line))
        return None
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(x, (*path, k), lines, faults, file, depth + 1) for k, x in enumerate(node.value)]
    out: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in out:
            where = key_node.start_mark.line + 1
            faults.append(Fault(f"the key {key!r} stands twice", "Keep one of them", file, where))
        out[key] = _value(value_node, (*path, key), lines, faults, file, depth + 1)
        lines[(*path, key)] = key_node.start_mark.line + 1
    return out


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return text
