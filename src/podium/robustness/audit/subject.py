"""The index that is audited: built, without the indicators that cannot be built, and what the chapters look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from podium.data.dataset import Array, Dataset
from podium.errors import DataError, Fault
from podium.index.assemble import assemble
from podium.index.bind import bound
from podium.index.build import Built, build
from podium.index.plugins import load_plugins
from podium.index.profile import unit_name
from podium.index.selection import ancestors, leaves_below, pruned
from podium.index.spec import Node, Spec
from podium.index.thresholds import Thresholds
from podium.robustness.audit.finding import Finding, Severity
from podium.robustness.audit.phrases import LANGUAGES, say

__all__ = ["Lost", "Subject", "subject"]

BEFORE = ("Transformed", "Screened", "Imputed", "Denominated", "Raw")


@dataclass(frozen=True)
class Lost:
    """An indicator that tells nobody apart: ``empty``, or ``constant`` at a value for a number of units.

    ``out`` says that it had to be left out, as no index can be built with it.
    """

    code: str
    why: str
    value: float
    units: int
    out: bool = True


@dataclass(frozen=True, eq=False)
class Subject:
    """An index under audit: built without what is ``lost``, with its thresholds."""

    spec: Spec
    built: Built
    lost: tuple[Lost, ...]
    whole: Node

    @property
    def limits(self) -> Thresholds:
        """The thresholds."""
        return self.spec.audit

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The indicators, in the order of the columns."""
        return self.built.tree.items[: self.built.tree.indicators]

    @cached_property
    def raw(self) -> Array:
        """Figures as read, of all units with those screened out, ``(unit, indicator)``."""
        return np.asarray(self.built.dataset.values[-1][:, self.built.pipeline.columns])

    @cached_property
    def years(self) -> Array:
        """The years of the figures, ``(unit, indicator)``; NaN where unknown or missing."""
        return np.where(np.isnan(self.raw), np.nan, self.built.dataset.years[-1][:, self.built.pipeline.columns])

    @cached_property
    def normalised(self) -> Array:
        """The normalised table ``(unit, indicator)``, more is better."""
        return self.built.arrays["Normalised"]

    @cached_property
    def facing(self) -> Array:
        """``(indicator,)``: 1, or −1 where the groups above an indicator turn it round on its way to the index."""
        tree = self.built.tree
        turned = {}
        for g in tree.groups:
            part = self.scores[:, list(g.children)]
            turned[g.item] = 1.0 if g.plain else _turn(part, self.scores[:, g.item])
        return np.array([float(np.prod([turned[a] for a in ancestors(tree, k)])) for k in range(tree.indicators)])

    @cached_property
    def oriented(self) -> Array:
        """The normalised table with every indicator facing the way in which it moves the index."""
        return np.asarray(self.normalised * self.facing)

    @cached_property
    def before(self) -> Array:
        """The figures just before the treatment of outliers, ``(unit, indicator)``."""
        return next(self.built.arrays[n] for n in BEFORE if n in self.built.arrays)

    @cached_property
    def scores(self) -> Array:
        """Scores of all items, ``(unit, item)``."""
        return self.built.score_table

    @cached_property
    def ranks(self) -> Array:
        """The index's ranks, ``(unit,)``."""
        return self.built.rank_table[:, -1]

    @cached_property
    def pillars(self) -> tuple[int, ...]:
        """The children of the root, as items."""
        return self.built.tree.groups[-1].children

    def below(self, item: int) -> list[int]:
        """The indicators below an item."""
        return list(leaves_below(self.built.tree, item))

    def names(self, code: str) -> dict[str, str]:
        """An item's name in each language."""
        book = self.built.dataset.codebook.get(code)
        node = next((n for n in self.whole.walk() if n.code == code), None)
        own = node is not None and bool(node.name)
        return {lang: node.label(lang) if own and node else book.label(lang) if book else code for lang in LANGUAGES}

    def unit_names(self, units: tuple[str, ...] | list[str], most: int = 5) -> dict[str, str]:
        """Some units by name in each language, ``A, B and 3 more``."""
        out = {}
        for lang in LANGUAGES:
            shown = [unit_name(self.built, u, lang) for u in units[:most]]
            rest = len(units) - len(shown)
            more = {"en": f" and {rest} more", "ko": f" 외 {rest}개"}[lang] if rest > 0 else ""
            out[lang] = ", ".join(shown) + more
        return out

    def place(self, code: str) -> tuple[str, int | None]:
        """File and line of an item in the specification; of its data where the tree is not drawn there."""
        file, line = self.spec.place(code)
        return (file, line) if line is not None else self.spec.at("data")

    def finding(
        self, kind: str, severity: Severity, chapter: str, *, items: tuple[str, ...] = (), units: tuple[str, ...] = (),
        size: float = 1.0, at: tuple[str, int | None] | None = None, values: Mapping[str, float] | None = None,
        **words: Any,
    ) -> Finding:  # fmt: skip
        """Return a finding whose texts are filled with names, units and figures.

        ``a``, ``b`` … are the names of the items, ``who`` those of the units; `words` are texts or texts by language.
        """
        texts: dict[str, dict[str, str]] = {}
        for lang in LANGUAGES:
            held = {k: v[lang] if isinstance(v, Mapping) else v for k, v in words.items()}
            held |= {"abcdef"[k]: self.names(c)[lang] for k, c in enumerate(items[:6])}
            held.setdefault("who", self.unit_names(list(units))[lang])
            texts[lang] = say(kind, lang, held)
        file, line = at or (self.place(items[0]) if items else self.spec.at("data"))
        part = {name: {lang: texts[lang][name] for lang in LANGUAGES} for name in ("sentence", "meaning", "remedy")}
        return Finding(kind, severity, chapter, items, units, **part, values=dict(values or {}), size=float(size),
                       file=file, line=line)  # fmt: skip


def _turn(x: Array, y: Array) -> float:
    """−1 where a score falls as its children ``(unit, child)`` rise, else 1."""
    with np.errstate(all="ignore"):
        z = (x - np.nanmean(x, axis=0)) / np.where(np.nanstd(x, axis=0) > 0, np.nanstd(x, axis=0), 1.0)
    there = ~np.isnan(z)
    mean = np.where(there, z, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    both = there.any(axis=1) & ~np.isnan(y)
    return -1.0 if float((mean[both] - mean[both].mean()) @ (y[both] - y[both].mean())) < 0 else 1.0


def subject(spec: Spec, *, data: Any = None) -> Subject:
    """Return the index built, without the indicators that are empty or constant where it cannot be built with them.

    Raises
    ------
    PodiumError
        As `build` has them, for whatever else is wrong.
    """
    load_plugins(spec)
    read, root = assemble(spec, tables=data)
    if spec.data.panel:
        built = build(spec, data=data)
        return Subject(spec, built, (), root)
    try:
        built = build(spec, dataset=read)
    except DataError:
        lost = _without_figures(spec, read, root)
        kept = _kept(spec, root, lost)
        more = _constant(kept, read, kept.tree or root)
        if not lost and not more:
            raise
        kept = _kept(kept, kept.tree or root, more)
        return Subject(spec, build(kept, dataset=read), (*lost, *more), root)
    alike = [x for x in _constant(spec, read, root) if _counts(built, x.code)]
    return Subject(spec, built, tuple(replace(x, out=False) for x in alike), root)


def _counts(built: Built, code: str) -> bool:
    """Whether an indicator goes into a mean, where a constant is of no use; a difference may be taken from one."""
    tree = built.tree
    parent = tree.parent[tree.items.index(code)]
    group = next(g for g in tree.groups if g.item == parent)
    return len(group.children) > 1 and group.method not in ("difference", "quotient", "product", "sum")


def _without_figures(spec: Spec, read: Dataset, root: Node) -> list[Lost]:
    """Indicators without any figure among the units of the data."""
    out = []
    for code in (n.code for n in root.walk() if not n.children):
        rule = spec.indicators.get(code)
        series = (rule.measure if rule else None) or code
        if series in read.indicators and np.isnan(read.values[-1][:, read.indicators.index(series)]).all():
            out.append(Lost(code, "empty", float("nan"), 0))
    return out


def _constant(spec: Spec, read: Dataset, root: Node) -> list[Lost]:
    """Indicators that are the same for all units that are scored, at the moment they are normalised."""
    place = {c: k for k, c in enumerate(read.indicators)}
    codes = [n.code for n in root.walk() if not n.children]
    leaves = tuple(sorted(codes, key=lambda c: place.get(c, len(place))))
    pipeline, estimates = bound(spec, read, root, leaves)
    values = read.values[-1]
    figures = pipeline.directed(values, 0, pipeline.treated(values, 0, estimates[0]))
    out = []
    for k, code in enumerate(leaves):
        known = figures[~np.isnan(figures[:, k]), k]
        if not len(known):
            out.append(Lost(code, "empty", float("nan"), 0))
        elif (known == known[0]).all():
            shown = values[pipeline.keep][:, pipeline.columns[k]]
            there = shown[~np.isnan(shown)]
            out.append(Lost(code, "constant", float(there[0]) if len(there) else float("nan"), len(known)))
    return out


def _kept(spec: Spec, root: Node, lost: list[Lost]) -> Spec:
    """The specification without the indicators that are lost, its tree drawn."""
    gone = frozenset(x.code for x in lost)
    if not gone:
        return spec
    tree = pruned(root, gone)
    if tree is None or not tree.children:
        raise DataError(Fault("no indicator tells the units apart", "Give figures that differ", *spec.at("data")))
    unsure = spec.uncertainties
    named = unsure.model_copy(update={
        "leave_out": tuple(c for c in unsure.leave_out if c not in gone),
        "weights": tuple(w for w in unsure.weights if not gone & {*w.intervals, *w.order, *w.codes}),
        "choices": tuple(c for c in unsure.choices if not any(f"indicators.{g}." in f"{c.at}." for g in gone)),
        "errors": tuple(e for e in unsure.errors if e.indicator not in gone),
        "coverage": tuple(c for c in unsure.coverage if c.indicator not in gone),
    })  # fmt: skip
    return spec.model_copy(update={"tree": tree, "uncertainties": named})
