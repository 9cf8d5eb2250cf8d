"""What the server holds ready for its pages: the index of every edition and choice, and its ranks under any weights."""

from __future__ import annotations

import itertools
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from podium.app.web.painter import Painter
from podium.app.web.state import View, read_view
from podium.data.dataset import Array
from podium.errors import Fault, SpecError
from podium.index.build import Built, build
from podium.index.profile import unit_name
from podium.index.spec import Spec, load_spec
from podium.robustness.live import PARTS, Live, prepare
from podium.robustness.ranges import rebuilt
from podium.robustness.scorer import Engine
from podium.robustness.statistics import quantiles_of_counts
from podium.robustness.tally import Counts

__all__ = ["QUANTILES", "Choice", "Desk", "Memo", "Standing"]

T = TypeVar("T")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
AGGREGATIONS = ("arithmetic", "geometric", "harmonic")
NORMALISATIONS: Mapping[str, Mapping[str, Any]] = {
    "min–max": {"method": "minmax", "range": (1.0, 100.0)},
    "z-scores": {"method": "zscore", "mean": 50.0, "sd": 10.0},
}
AS_SPECIFIED = "as specified"


class Memo:
    """The last few results of a function; a result that two threads ask for is made once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is held under a key, made now where nothing is."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]  # type: ignore[no-any-return]
            own = self._making.setdefault(key, threading.Lock())
        with own:
            with self._lock:
                if key in self._held:
                    return self._held[key]  # type: ignore[no-any-return]
            try:
                made = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            self.put(key, made)
        return made

    def put(self, key: Hashable, value: Any) -> None:
        """Hold a value, and drop the one not asked for longest where there are too many."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)


@dataclass(frozen=True)
class Choice:
    """A choice that a reader may make: where it stands, its options by label, the specification's own."""

    name: str
    at: str
    options: Mapping[str, Any]
    own: str
    declared: bool


@dataclass(frozen=True, eq=False)
class Standing:
    """One ranking with its uncertainty: arrays over ``units``; ``quantiles`` ``(5, unit)`` at `QUANTILES`.

    ``places`` ``(unit, rank)`` are counts over ``draws``; None for an index of very many units. ``before`` holds the
    specification's own ranks.
    """

    units: tuple[str, ...]
    scores: Array
    ranks: Array
    quantiles: Array
    places: Counts | None
    before: Array
    draws: int
    seed: int

    def share_at_most(self, unit: str, k: int) -> float | None:
        """The share of the admissible variants in which a unit is k-th or better."""
        return None if self.places is None else float(self.places[self.units.index(unit), :k].sum() / self.draws)

    @property
    def order(self) -> list[int]:
        """The rows of ranked units, the best on top."""
        known = np.flatnonzero(~np.isnan(self.ranks))
        return [int(k) for k in known[np.argsort(self.ranks[known], kind="stable")]]


class Desk:
    """An index, read once; its editions, choices and weights are made as they are asked for."""

    def __init__(self, spec: str, *, draws: int, seed: int) -> None:
        self.spec_name, self.draws, self.seed = spec, draws, seed
        self.engine: Engine = "kernels"
        self.painter = Painter(apart=False)
        self._pool = ThreadPoolExecutor(min(os.cpu_count() or 1, PARTS), thread_name_prefix="draws")
        self.spec = load_spec(spec)
        self._listed = tuple(e.name for e in sorted(self.spec.editions, key=lambda e: e.last_day()))
        self._built, self._changed, self._live, self._standing = Memo(48), Memo(48), Memo(4), Memo(256)

    @property
    def editions(self) -> tuple[str, ...]:
        """The names of the editions, the latest last: those listed, else the times of a panel; none elsewhere."""
        if self._listed or not self.spec.data.panel:
            return self._listed
        whole = self.base().dataset.whole
        return () if whole is None else whole.editions

    def base(self, edition: str | None = None) -> Built:
        """The index of an edition as the specification has it, by default the latest."""
        name = edition or (self._listed[-1] if self._listed else None)

        def make() -> Built:
            spec = self.spec if name is None else self.spec.with_({"edition": name})
            return build(spec)

        return self._built.get(name, make)

    def names(self, edition: str | None, language: str) -> Mapping[str, str]:
        """The names of an edition's units in a language."""

        def make() -> dict[str, str]:
            built = self.base(edition)
            every = (*built.units, *built.excluded)
            return {u: unit_name(built, u, language) for u in every}

        return self._built.get((edition, language, "names"), make)

    def choices(self) -> tuple[Choice, ...]:
        """The choices that a reader may make: normalisation and aggregation, and what else is declared."""
        return self._built.get("choices", lambda: _choices(self.spec))

    def view(self, items: Sequence[tuple[str, str]]) -> View:
        """Return the view that the parts of an address describe.

        Raises
        ------
        InputError
            Naming every part that means nothing for this index.
        """
        tree = self.base().tree
        nominal = dict(zip(tree.items[:-1], (float(w) for w in tree.weights), strict=False))
        options = {c.name: (c.own, tuple(c.options)) for c in self.choices()}
        return read_view(items, editions=self.editions, nominal=nominal, options=options)

    def built(self, view: View) -> Built:
        """The index under the choices and weights of a view."""
        chosen = self._chosen(view)
        if not view.weights:
            return chosen
        key = (view.edition, view.options, view.weights)
        return self._changed.get(key, lambda: rebuilt(chosen, dict(view.weights)))

    def _chosen(self, view: View) -> Built:
        base = self.base(view.edition)
        if not view.options:
            return base

        def make() -> Built:
            by_name = {c.name: c for c in self.choices()}
            changes = {by_name[k].at: by_name[k].options[label] for k, label in view.options}
            return build(base.spec.with_(changes), dataset=base.dataset)

        return self._changed.get((view.edition, view.options), make)

    def live(self, view: View) -> Live:
        """The index under the choices of a view, ready for other weights."""
        own = self._chosen(view)
        by_name = {c.name: c for c in self.choices()}
        if not all(by_name[k].declared for k, _ in view.options):
            return self._live.get((view.edition, view.options), lambda: prepare(own))
        ready = self._live.get(view.edition, lambda: prepare(self.base(view.edition)))
        if not view.options:
            return ready
        chosen = dict(view.options)
        in_order = [by_name[c.name] for c in self.spec.uncertainties.free.choices]  # as the variants are made
        labels = [chosen.get(c.name, c.own) for c in in_order]
        every = list(itertools.product(*(c.options for c in in_order)))
        return replace(ready, built=own, nominal=every.index(tuple(labels)))

    def standing(self, view: View) -> Standing:
        """Ranks, intervals and shares under a view; the laws of the weights hold around the weights of the view."""
        key = (view.edition, view.options, view.weights)
        return self._standing.get(key, lambda: self.rank(view, self.engine))

    def rank(self, view: View, engine: Engine) -> Standing:
        """The standing under a view, made anew; NumPy and the compiled kernels give the same."""
        live = self.live(view)
        found = live.rerank(dict(view.weights), draws=self.draws, seed=self.seed, engine=engine, executor=self._pool)
        places = found.places
        if places is None:
            low, middle, high = found.quantiles
            unknown = np.full_like(low, np.nan)
            quantiles = np.stack([low, unknown, middle, unknown, high])
        else:
            quantiles = quantiles_of_counts(places, QUANTILES) + 1.0
        before = self.base(view.edition).rank_table[:, -1]
        return Standing(found.units, found.scores, found.ranks, quantiles, places, before, self.draws, self.seed)


def _choices(spec: Spec) -> tuple[Choice, ...]:
    declared = tuple(_declared(spec, c.name, c.at, c.options) for c in spec.uncertainties.free.choices)
    at = {c.at for c in declared}
    out = [c for c in declared if c.at in ("steps.normalise", "steps.aggregate.method")]
    if "steps.normalise" not in at and not any(a.startswith("steps.normalise.") for a in at):
        own = spec.steps.normalise.model_dump(mode="python")
        out.append(
            Choice("normalisation", "steps.normalise", {AS_SPECIFIED: own, **NORMALISATIONS}, AS_SPECIFIED, False)
        )
    if "steps.aggregate.method" not in at and not any(a.startswith("steps.aggregate") for a in at):
        method = spec.steps.aggregate.method
        options = {m: m for m in dict.fromkeys((method, *AGGREGATIONS))}
        out.append(Choice("aggregation", "steps.aggregate.method", options, method, False))
    return (*out, *(c for c in declared if c not in out))


def _declared(spec: Spec, name: str, at: str, options: Mapping[str, Any]) -> Choice:
    for label, value in options.items():
        if spec.with_({at: value}) == spec:
            return Choice(name, at, dict(options), label, True)
    raise SpecError(Fault(f"no option of {name} is what the specification has", "List it among the options", spec.file))
