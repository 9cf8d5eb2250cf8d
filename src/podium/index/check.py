"""What is wrong with a specification beyond its grammar, all at once and each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from math import isfinite
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from podium.errors import Fault
from podium.index.source import Path_, Source

__all__ = ["faults", "grammar_faults", "line_of", "node_paths"]

GROUPS_ONLY = (
    "weights", "method", "options", "min_available", "min_count", "min_weight", "missing", "transform", "normalise",
    "goalposts", "clip", "decimals", "rounding", "shown",
)  # fmt: skip
"""Keys that say how children are combined, so that they mean nothing where there are none."""


def faults(values: Mapping[str, Any], source: Source) -> list[Fault]:
    """Return what is wrong with the tree, and with the names that other sections take from it."""
    tree = values.get("tree")
    if tree is None:
        return []
    nodes = list(_walk(tree, ("tree",)))
    named = _names(values, {code for code, _, _ in nodes}, source)
    return [*_twice(nodes, source), *_weights(nodes, source), *_leaves(nodes, source), *named]


def node_paths(tree: Any) -> dict[str, Path_]:
    """Return where each code of a tree stands among the plain values of a specification."""
    return {code: path for code, _, path in reversed(list(_walk(tree, ("tree",))))}


KINDS = {"valid tuple": "list", "valid dictionary": "mapping", "Dictionary should": "A mapping should"}
"""What the grammar calls Python's kinds of values, in words of YAML."""


def line_of(source: Source, path: Path_) -> int | None:
    """The line of a node's code."""
    return source.line((*path, "code"))


def _walk(value: Any, path: Path_) -> Iterator[tuple[str, Mapping[str, Any], Path_]]:
    """Every node as code, its values, its path; parents before children. What is no node is left to the grammar."""
    if isinstance(value, str):
        yield value, {}, path
    elif isinstance(value, Mapping) and isinstance(value.get("code"), str):
        yield value["code"], value, path
        for k, child in enumerate(_children(value)):
            yield from _walk(child, (*path, "children", k))


def _children(value: Mapping[str, Any]) -> list[Any]:
    children = value.get("children")
    return list(children) if isinstance(children, list | tuple) else []


def _twice(nodes: list[tuple[str, Mapping[str, Any], Path_]], source: Source) -> Iterator[Fault]:
    seen: dict[str, Path_] = {}
    for code, _, path in nodes:
        if code not in seen:
            seen[code] = path
            continue
        earlier = seen[code]
        line = line_of(source, earlier)
        at = f" (first on line {line})" if line is not None else ""
        if path[: len(earlier)] == earlier:
            message, remedy = f"{code} stands below itself{at}: the tree has a cycle", "Take it out of its own branch"
        else:
            message = f"{code} stands twice in the tree{at}"
            remedy = "Keep one; a figure used in two places needs a second name with `measure`"
        yield Fault(message, remedy, source.file, line_of(source, path))


def _weights(nodes: list[tuple[str, Mapping[str, Any], Path_]], source: Source) -> Iterator[Fault]:
    below: dict[Path_, list[tuple[str, Mapping[str, Any], Path_]]] = {}
    for entry in nodes:
        below.setdefault(entry[2][:-2], []).append(entry)
    for code, node, path in nodes:
        kids = below.get(path, [])
        weights = {c: n.get("weight", 1.0) for c, n, _ in kids}
        for child, given, where in kids:
            weight = given.get("weight", 1.0)
            if _number(weight) and (weight < 0 or not isfinite(weight)):
                what = "negative" if weight < 0 else "not finite"
                yield Fault(f"the weight of {child} in {code} is {what} ({weight:g})", "Give a number from 0 on",
                            source.file, source.line((*where, "weight")))  # fmt: skip
        if kids and all(_number(w) for w in weights.values()) and sum(weights.values()) == 0:
            yield Fault(f"the weights below {code} sum to 0 ({', '.join(weights)})",
                        "Give one of them a weight above 0", source.file, line_of(source, path))  # fmt: skip
        if all(_number(w) for w in weights.values()) and isfinite(max(weights.values(), default=0.0)) \
                and not isfinite(sum(weights.values())):
            yield Fault(f"the weights below {code} sum to more than numbers can hold", "Give smaller weights",
                        source.file, line_of(source, path))  # fmt: skip
        yield from _sets(code, node, [*weights], path, source)
        if node.get("weights") is not None and any(w == 0 for w in weights.values()):
            yield Fault(f"{code} has weights by group of units and a child of weight 0", "Give each child a weight",
                        source.file, line_of(source, path))  # fmt: skip


def _sets(code: str, node: Mapping[str, Any], kids: list[str], path: Path_, source: Source) -> Iterator[Fault]:
    """Weights of groups of units that are for no child of the node."""
    given = node.get("weights")
    sets = given.get("sets") if isinstance(given, Mapping) else None
    for label, weights in sets.items() if isinstance(sets, Mapping) else []:
        for child in weights if isinstance(weights, Mapping) else []:
            if child not in kids:
                close = get_close_matches(str(child), kids, n=1)
                remedy = f"Did you mean {close[0]}?" if close else f"Its children are {', '.join(kids) or 'none'}"
                yield Fault(f"{code}: weights name {child} (set {label}), no child of it", remedy, source.file,
                            source.line((*path, "weights", "sets", label, child)))  # fmt: skip


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _leaves(nodes: list[tuple[str, Mapping[str, Any], Path_]], source: Source) -> Iterator[Fault]:
    for code, node, path in nodes:
        if _children(node):
            continue
        given = [key for key in GROUPS_ONLY if node.get(key) not in (None, {})]
        if given:
            yield Fault(f"{code} has no children, so `{given[0]}` says nothing of it",
                        "Give it children, or say it under `indicators`", source.file,
                        source.line((*path, given[0])))  # fmt: skip
        elif path == ("tree",) or (node.get("children") == [] and (*path, "children") in source.lines):
            remedy = "Name its indicators" if path == ("tree",) else "Name its indicators, or take it out of the tree"
            yield Fault(f"{code} is a group without children", remedy, source.file, line_of(source, path))


def _names(values: Mapping[str, Any], codes: set[str], source: Source) -> Iterator[Fault]:
    """Names of indicators and groups in other sections that the tree does not have."""
    for path, what, name in _named(values):
        if name not in codes:
            close = get_close_matches(name, codes, n=1)
            remedy = f"Did you mean {close[0]}?" if close else "Mend the name, or add it to the tree"
            yield Fault(f"{what} {name}, which is not in the tree", remedy, source.file, source.line(path))


def _named(values: Mapping[str, Any]) -> Iterator[tuple[Path_, str, str]]:
    rules = values.get("indicators")
    if isinstance(rules, Mapping):
        for code in rules:
            yield ("indicators", code), "indicators names", str(code)
    uncertain = values.get("uncertainties")
    left_out = uncertain.get("leave_out") if isinstance(uncertain, Mapping) else None
    for k, code in enumerate(left_out if isinstance(left_out, list | tuple) else []):
        if code != "each indicator":
            yield ("uncertainties", "leave_out", k), "leave_out names", str(code)
    effects = values.get("effects")
    for k, effect in enumerate(effects if isinstance(effects, list | tuple) else []):
        if isinstance(effect, Mapping) and isinstance(effect.get("indicator"), str):
            yield ("effects", k, "indicator"), "an effect changes", effect["indicator"]
    levers = values.get("levers")
    for k, lever in enumerate(levers if isinstance(levers, list | tuple) else []):
        name = lever.get("indicator") if isinstance(lever, Mapping) else lever
        if isinstance(name, str):
            yield ("levers", k), "a lever is", name


def grammar_faults(error: ValidationError, source: Source, whole: type[BaseModel]) -> list[Fault]:
    """One fault for each place; where a value may be of several kinds, what each of them would need."""
    at: dict[Path_, list[Any]] = {}
    for e in error.errors():
        path = tuple(e["loc"])
        while path and path not in source.lines and path[:-1] in source.lines and e["type"] != "missing":
            path = path[:-1]  # the kind of value that was tried
        at.setdefault(path, []).append(e)
    return [_fault(path, errors, source, whole) for path, errors in at.items()]


def _fault(path: Path_, errors: list[Any], source: Source, whole: type[BaseModel]) -> Fault:
    where = ".".join(str(p) for p in path)
    if path[:1] == ("tree",) and (code := _owner(source.values, path)):
        where += f" (in {code})"
    message = " or ".join(dict.fromkeys(str(e["msg"]).removeprefix("Value error, ") for e in errors))
    for theirs, ours in KINDS.items():
        message = message.replace(theirs, ours)
    message = re.sub(r" or instance of \w+", "", message)
    remedy = "See docs/specification.md"
    kind, given = errors[0]["type"], errors[0].get("input")
    if kind == "extra_forbidden":
        close = get_close_matches(str(path[-1]), _keys(path[:-1], whole), n=1)
        message, remedy = "this key is not known here", "Remove it or mend its spelling"
        remedy = f"Did you mean {close[0]}?" if close else remedy
    elif kind == "missing":
        message, remedy = "this key is missing", "Add it"
    elif not isinstance(given, dict | list | BaseModel):
        choices = re.findall(r"'([^']+)'", str(errors[0].get("ctx", {}).get("expected", "")))
        close = get_close_matches(str(given), choices, n=1)
        remedy = f"Did you mean {close[0]}?" if close else remedy
        message += f", not {given!r}"
    return Fault(f"{where}: {message}" if where else message, remedy, source.file, source.line(path))


def _owner(values: Any, path: Path_) -> str:
    """The code of the node that a path into the tree leads through last."""
    code = ""
    for key in path:
        try:
            values = values[key]
        except (KeyError, IndexError, TypeError):
            break
        code = values["code"] if isinstance(values, Mapping) and isinstance(values.get("code"), str) else code
    return code


def _keys(path: Path_, whole: type[BaseModel]) -> list[str]:
    """The keys that the grammar knows at a path."""
    here: Any = whole
    for key in path:
        part = next(_parts(here), None)
        if part is not None and key in part.model_fields:
            here = part.model_fields[str(key)].annotation
    part = next(_parts(here), None)
    return list(part.model_fields) if part is not None else []


def _parts(kind: Any) -> Iterator[type[BaseModel]]:
    """The parts of the grammar within an annotation."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in get_args(kind):
        yield from _parts(inner)
