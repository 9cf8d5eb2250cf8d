"""The other choices under which an audit tries an index: those it declares, else the usual ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from podium.errors import PodiumError
from podium.index.build import Built, build
from podium.index.spec import Spec
from podium.robustness.audit.subject import Subject
from podium.robustness.audit.wording import choice_word

__all__ = ["Assumed", "assumed"]


@dataclass(frozen=True, eq=False)
class Assumed:
    """An index with the uncertainties under which it is tried: ``declared`` in its specification or the usual ones.

    ``what`` says in words, by language, what is varied; ``left_out`` what could not be, and why.
    """

    built: Built
    declared: bool
    what: Mapping[str, str]
    left_out: tuple[Mapping[str, str], ...]


def assumed(s: Subject) -> Assumed:
    """Return the index with its declared uncertainties, or with weights, aggregation and imputation varied.

    Weights move within ± `audit: weights` at every level, the mean of the root's parts is arithmetic or geometric
    (of power one half where a part has a score of 0), and missing figures are filled or left to the others. Units
    are those of the index, whatever a screen would say of other choices.
    """
    unsure = s.built.spec.uncertainties
    if unsure.weights or unsure.choices:
        names = [*(["weights"] if unsure.weights else []), *(c.name for c in unsure.choices)]
        said = [choice_word(s.built.spec, n) for n in names]
        return Assumed(s.built, True, {k: ", ".join(w[k] for w in said) for k in ("en", "ko")}, ())
    base, parts, left = s.built, [("weights", "가중치")], []
    if s.built.spec.data.panel:
        spec = _noisy(s, s.built.spec)
        base = build(spec, dataset=s.built.dataset)
    else:
        spec = _pinned(s)
        tries = (_aggregation(s), ("aggregation", "합산 방법")), (_imputation(s), ("imputation", "결측 보완"))
        for choice, words in tries:
            if choice is None:
                continue
            tried = _with(spec, choice)
            if _works(s, tried, choice):
                spec, parts = tried, [*parts, words]
            else:
                left.append({"en": f"{words[0]}: the other option does not rank the same units",
                             "ko": f"{words[1]}: 다른 선택으로는 같은 대상의 순위를 매길 수 없음"})  # fmt: skip
        base = build(_noisy(s, spec), dataset=s.built.dataset)
    what = {"en": ", ".join(p[0] for p in parts), "ko": ", ".join(p[1] for p in parts)}
    return Assumed(base, False, what, tuple(left))


def _pinned(s: Subject) -> Spec:
    """The specification with its tree drawn, the root's method said, and its units fixed."""
    built = s.built
    root = built.tree.groups[-1]
    tree = built.root.model_dump() | {"method": root.method, "options": dict(root.options)}
    changes: dict[str, Any] = {"tree": tree}
    if built.spec.steps.screen is not None:
        step = built.spec.steps.screen.model_dump()
        changes["steps.screen"] = step | {"keep": built.units, "drop": built.excluded}
    return built.spec.with_(changes)


def _noisy(s: Subject, spec: Spec) -> Spec:
    """The specification with noise on the weights of every level that has siblings of different weight to be."""
    levels = sorted({s.built.tree.level[c] for g in s.built.tree.groups if len(g.children) > 1 for c in g.children})
    return spec.with_({"uncertainties.weights": [{"level": k, "amount": s.limits.weights} for k in levels]})


def _aggregation(s: Subject) -> dict[str, Any] | None:
    """The other mean of the root's parts: options for the root's method."""
    root, kids = s.built.tree.groups[-1], list(s.pillars)
    if len(kids) < 2:
        return None
    lowest = float(np.nanmin(s.scores[:, kids]))
    if root.method == "arithmetic":
        if lowest < 0:
            return None
        half = ("power mean, exponent 0.5", "power", {"exponent": 0.5})
        other = ("geometric", "geometric", {}) if lowest > 0 else half
    elif root.method in ("geometric", "harmonic"):
        other = ("arithmetic", "arithmetic", {})
    else:
        return None
    options = {"as specified": root.method, other[0]: other[1]}
    if other[2]:  # the exponent means nothing to the arithmetic mean, so both are power means
        return {"name": "aggregation", "at": "tree", "options": {
            "as specified": {"method": root.method, "options": dict(root.options)},
            other[0]: {"method": other[1], "options": other[2]}}}  # fmt: skip
    return {"name": "aggregation", "at": "tree.method", "options": options}


def _imputation(s: Subject) -> dict[str, Any] | None:
    """Missing figures filled or not."""
    steps = s.built.spec.steps
    if not np.isnan(s.raw[s.built.pipeline.keep]).any():
        return None
    own = [i.model_dump() for i in steps.impute]
    other = [] if own else [{"method": "median"}]
    name = "none" if own else "median"
    return {"name": "imputation", "at": "steps.impute", "options": {"as specified": own, name: other}}


def _with(spec: Spec, choice: dict[str, Any]) -> Spec:
    held = [c.model_dump() for c in spec.uncertainties.choices]
    if choice["at"] == "tree":
        assert spec.tree is not None
        whole = spec.tree.model_dump()
        choice = choice | {"options": {k: whole | v for k, v in choice["options"].items()}}
    return spec.with_({"uncertainties.choices": [*held, choice]})


def _works(s: Subject, spec: Spec, choice: dict[str, Any]) -> bool:
    """Whether every option ranks the units of the index, all of them."""
    declared = spec.uncertainties.choices[-1]
    known = ~np.isnan(s.ranks)
    for option in declared.options.values():
        try:
            other = build(spec.with_({declared.at: option}), dataset=s.built.dataset)
        except PodiumError:
            return False
        if other.units != s.built.units or bool((np.isnan(other.rank_table[:, -1]) & known).any()):
            return False
    return True
