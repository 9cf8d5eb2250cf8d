"""The admissible variants of an index: every combination of its declared choices, and indicators left out."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from podium.errors import Fault, SpecError
from podium.index.build import Built, build
from podium.index.spec import Node, Spec

__all__ = ["Variant", "left_out", "variants"]

MAX_VARIANTS = 2000


@dataclass(frozen=True, eq=False)
class Variant:
    """One combination of choices, built: option label by choice name. ``nominal`` marks the specification's own."""

    options: Mapping[str, str]
    built: Built
    nominal: bool


@lru_cache(maxsize=2)  # the engine, the scenarios and break-even all ask for those of one index
def variants(built: Built) -> tuple[Variant, ...]:
    """Every combination of the discrete choices, in the order they are declared.

    Raises
    ------
    SpecError
        If there are more than 2,000 combinations, or none of them is the specification itself.
    """
    choices = built.spec.uncertainties.free.choices
    number = 1
    for choice in choices:
        number *= len(choice.options)
    if number > MAX_VARIANTS:
        raise SpecError(Fault(f"uncertainties.choices make {number} combinations, more than {MAX_VARIANTS}",
                              "Declare fewer options", built.spec.file))  # fmt: skip
    out = []
    for combination in itertools.product(*(c.options.items() for c in choices)):
        changes = {c.at: value for c, (_, value) in zip(choices, combination, strict=True)}
        spec = built.spec.with_(changes)
        labels = {c.name: label for c, (label, _) in zip(choices, combination, strict=True)}
        nominal = spec == built.spec
        made = built if nominal else build(spec, dataset=built.dataset, root=_root(built, spec))
        out.append(Variant(labels, made, nominal))
    if not any(v.nominal for v in out):
        raise SpecError(Fault("no combination of uncertainties.choices is the index itself",
                              "Let each choice list what `steps` and `indicators` have", built.spec.file))  # fmt: skip
    return tuple(out)


def _root(built: Built, spec: Spec) -> Node | None:
    """The tree of the index where a variant has the same, so that no file is read again."""
    return built.root if spec.data == built.spec.data and spec.tree == built.spec.tree else None


def left_out(built: Built) -> dict[str, Built]:
    """The index without each of the parts that the specification's ``leave_out`` names, one at a time."""
    wanted = built.spec.uncertainties.leave_out
    codes = [n.code for n in built.root.walk() if not n.children] if "each indicator" in wanted else []
    codes += [c for c in wanted if c != "each indicator" and c not in codes]
    return {code: build(_without(built.spec, built.root, code), dataset=built.dataset) for code in codes}


def _without(spec: Spec, root: Node, code: str) -> Spec:
    tree = _pruned(root, code)
    if tree is None or not tree.children:
        raise SpecError(Fault(f"leaving out {code} leaves nothing", "Take it off `leave_out`", spec.file))
    return spec.model_copy(update={"tree": tree})


def _pruned(node: Node, code: str) -> Node | None:
    if node.code == code:
        return None
    if not node.children:
        return node
    kept = tuple(k for k in (_pruned(c, code) for c in node.children) if k is not None)
    return node.model_copy(update={"children": kept}) if kept else None
