"""How an index is made, and what is taken as uncertain, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from podium.app.web.ask import Ask
from podium.index.uncertainties import WeightNoise

__all__ = ["laws_in_words", "steps_in_words"]

TRANSFORMS = {
    "log": "the natural logarithm",
    "log10": "the decimal logarithm",
    "log2": "the binary logarithm",
    "sqrt": "the square root",
}
MEANS = {
    "arithmetic": "the weighted arithmetic mean",
    "geometric": "the weighted geometric mean",
    "harmonic": "the weighted harmonic mean",
}


def steps_in_words(ask: Ask) -> list[str]:
    """What was done to the figures, one sentence a step, in the order it was done."""
    made = (
        _data,
        _denominated,
        _imputed,
        _screened,
        _treated,
        _transformed,
        _normalised,
        _combined,
        _rescaled,
        _ranked,
    )
    return [said for make in made if (said := make(ask))]


def _listed(ask: Ask, codes: Iterable[str]) -> str:
    return ", ".join(ask.item(c) for c in codes)


def _data(ask: Ask) -> str:
    _, built = ask.words, ask.built
    years = built.dataset.years[-1]
    known = years[np.isfinite(years)]
    n, m = _.number(len(built.dataset.units)), _.number(len(built.pipeline.leaves))
    if not len(known):
        return _("{n} units with {m} indicators are read.", n=n, m=m)
    first, last = int(known.min()), int(known.max())
    if first == last:
        return _("{n} units with {m} indicators are read, of the year {first}.", n=n, m=m, first=first)
    said = _(
        "{n} units with {m} indicators are read, of the years {first} to {last}.", n=n, m=m, first=first, last=last
    )
    if not ask.desk.spec.editions:
        return said
    return said + " " + _("Of each the latest figure counts that the edition may know.")


def _denominated(ask: Ask) -> str:
    _, built, step = ask.words, ask.built, ask.built.spec.steps.denominate
    divided = {
        c
        for _share, by in built.pipeline.versions
        for c, x in zip(built.pipeline.leaves, by.T, strict=True)
        if np.isfinite(x).any()
    }
    if step is None or not divided:
        return ""
    items = _listed(ask, [c for c in built.pipeline.leaves if c in divided])
    if step.mix == 1:
        return _("Counted by size (per head or the like): {items}.", items=items)
    share = _.share(step.mix)
    return _(
        "Counted both absolute and by size (per head or the like), the latter with {share}: {items}.",
        share=share,
        items=items,
    )


def _imputed(ask: Ask) -> str:
    _, steps = ask.words, ask.built.spec.steps.impute
    names = ", ".join(s.method for s in steps)
    return _("Missing figures are filled in (method: {names}).", names=names) if steps else ""


def _screened(ask: Ask) -> str:
    _, step = ask.words, ask.built.spec.steps.screen
    if step is None:
        return ""
    gone = _.number(len(ask.built.excluded))
    if step.min_available is not None:
        least = _.share(step.min_available)
        return _("Units with fewer than {least} of the figures are left out: {n} of them.", least=least, n=gone)
    return _("Units with too little data are left out: {n} of them.", n=gone)


def _treated(ask: Ask) -> str:
    _, step = ask.words, ask.built.spec.steps.treat
    if step is None:
        return ""
    most = _.number(step.max_points or 0)
    skew, kurtosis = _.number(step.skew, 1), _.number(step.kurtosis, 1)
    return _(
        "Outliers are drawn in where an indicator's skew is above {skew} and its kurtosis above {kurtosis}: "
        "{method}, at most {most} figures; see below for which.",
        skew=skew,
        kurtosis=kurtosis,
        method=step.method,
        most=most,
    )


def _transformed(ask: Ask) -> str:
    _, built = ask.words, ask.built
    by: dict[str, list[str]] = {}
    for code, rule in zip(built.pipeline.leaves, built.pipeline.transforms, strict=True):
        if rule.method != "none":
            by.setdefault(rule.method, []).append(code)
    parts = [f"{_(TRANSFORMS.get(m, m))} ({_listed(ask, codes)})" for m, codes in by.items()]
    return _("Instead of some figures stands a function of them: {parts}.", parts="; ".join(parts)) if parts else ""


def _normalised(ask: Ask) -> str:
    _, step = ask.words, ask.built.spec.steps.normalise
    low, high = step.range or (0.0, 1.0)
    if step.method == "minmax" and step.over == "panel":
        return _(
            "Each indicator is put on a scale from {low} to {high} (min–max): "
            "over all editions its worst figure is {low}, its best {high}.",
            low=f"{low:g}",
            high=f"{high:g}",
        )
    if step.method == "minmax":
        return _(
            "Each indicator is put on a scale from {low} to {high}: its worst figure becomes {low}, its best {high} "
            "(min–max).",
            low=f"{low:g}",
            high=f"{high:g}",
        )
    if step.method == "zscore":
        mean, sd = f"{step.mean or 0:g}", f"{1 if step.sd is None else step.sd:g}"
        return _(
            "Each indicator is put on a scale of mean {mean} and standard deviation {sd} (z-scores).", mean=mean, sd=sd
        )
    return _("Each indicator is put on one scale (method: {name}).", name=step.method)


def _combined(ask: Ask) -> str:
    _, built = ask.words, ask.built
    method, missing = built.spec.steps.aggregate.method, built.spec.steps.aggregate.missing
    how = _(MEANS.get(method, method))
    root = built.tree.groups[-1]
    total = float(sum(built.tree.weights[k] for k in root.children)) or 1.0
    parts = ", ".join(
        f"{ask.item(built.tree.items[k])} {_.number(100 * float(built.tree.weights[k]) / total)} %"
        for k in root.children
    )
    said = _("Indicators are combined into groups, and groups into the index, by {how}: {parts}.", how=how, parts=parts)
    gives = missing == "redistribute" and bool(np.isnan(built.arrays["Normalised"]).any())
    return said + " " + _("The weight of what is missing goes to its siblings.") if gives else said


def _rescaled(ask: Ask) -> str:
    _, step = ask.words, ask.built.spec.steps.rescale
    return "" if step is None else _("The total is put on another scale (method: {name}).", name=step.method)


def _ranked(ask: Ask) -> str:
    _, rank = ask.words, ask.built.spec.steps.rank
    first = _("Rank 1 is the highest score.") if rank.best == "highest" else _("Rank 1 is the lowest score.")
    return (
        first + " " + _("Units with equal scores share the better rank.")
        if rank.ties in ("competition", "min")
        else first
    )


def laws_in_words(ask: Ask) -> list[str]:
    """What is taken of the weights, one sentence a law."""
    return [_law(ask, law) for law in ask.built.spec.uncertainties.weights]


def _law(ask: Ask, law: WeightNoise) -> str:
    _ = ask.words
    where = _where(ask, law)
    amount = f"± {_.number(100 * law.amount)} %"
    said: dict[str, Any] = {
        "noise": lambda: _("{where}: each weight up to {amount}", where=where, amount=amount),
        "dirichlet": lambda: _("{where}: shares that vary by about {amount}", where=where, amount=amount),
        "simplex": lambda: _("{where}: all shares that are possible", where=where),
        "intervals": lambda: _("Weights between two ends: {items}", items=_listed(ask, law.intervals)),
        "order": lambda: _("Weights in an order: {items}", items=_listed(ask, law.order or law.bounds)),
        "experts": lambda: _("Weights by {n} experts", n=_.number(len(law.sets))),
        "leave_out": lambda: _("One of these without any weight: {items}", items=_left_out(ask, law)),
    }
    return str(said[law.kind]())


def _left_out(ask: Ask, law: WeightNoise) -> str:
    return ", ".join(ask.words("each indicator") if c == "each indicator" else ask.item(c) for c in law.codes)


def _where(ask: Ask, law: WeightNoise) -> str:
    _, tree = ask.words, ask.built.tree
    if law.below is not None:
        return _("Weights below {item}", item=ask.item(law.below))
    if law.level == 1:
        return _("Weights of the indicators")
    return _("Weights of the pillars") if law.level == max(tree.level) - 1 else _("Weights of level {n}", n=law.level)
