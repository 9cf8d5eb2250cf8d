"""An index over several editions at once: cells filled over time, normalisation shared or not, one built index each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.data.dataset import Array, Dataset
from podium.errors import DataError, Fault, SpecError
from podium.index import normalise as norm
from podium.index.bind import bind
from podium.index.impute import fill
from podium.index.interpolate import METHODS as OVER_TIME
from podium.index.pipeline import Branch, Estimates, Fitted, Pipeline
from podium.index.spec import Node, Spec

if TYPE_CHECKING:
    import pandas as pd

    from podium.index.build import Built

__all__ = ["Panel", "Prepared", "prepare"]


@dataclass(frozen=True, eq=False)
class Panel:
    """A built index for each edition of a panel, in order of time; see `podium.build_panel`."""

    spec: Spec
    dataset: Dataset
    built: Mapping[str, Built]

    @property
    def editions(self) -> tuple[str, ...]:
        """The editions, in order of time."""
        return tuple(self.built)

    def at(self, edition: str) -> Built:
        """The built index of one edition.

        Raises
        ------
        SpecError
            If the panel has no such edition.
        """
        if edition not in self.built:
            raise SpecError(Fault(f"the panel has no edition {edition!r}", f"Use one of {', '.join(self.built)}",
                                  self.spec.file))  # fmt: skip
        return self.built[edition]

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Scores of all editions, (edition, unit) × node, the root first."""
        return _stacked({e: b.scores for e, b in self.built.items()})

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """Ranks within each edition, (edition, unit) × node, the root first."""
        return _stacked({e: b.ranks for e, b in self.built.items()})

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every intermediate table of all editions, (edition, unit) × indicator; the last one is Aggregated."""
        names = next(iter(self.built.values())).tables
        return {name: _stacked({e: b.tables[name] for e, b in self.built.items()}) for name in names}


@dataclass(frozen=True, eq=False)
class Prepared:
    """One edition of a panel up to its normalised table ``(unit kept, indicator)``, with what its steps learnt."""

    pipeline: Pipeline
    arrays: dict[str, Array]
    normalised: Array
    fitted: Fitted


def prepare(spec: Spec, dataset: Dataset, root: Node, leaves: tuple[str, ...]) -> list[Prepared]:
    """Return every edition of a panel, normalised.

    A normalisation `over: panel` learns from the units of all editions together, `over: edition` from each on its own;
    outliers are treated within each edition. Units without any figure in an edition are not in it.

    Raises
    ------
    SpecError, DataError, ComputationError
        Naming every fault of the steps, or the edition that has no result.
    """
    _refuse_silence(spec)
    pipes = [bind(spec.model_copy(update={"edition": e}), dataset.at(t), root, leaves)
             for t, e in enumerate(dataset.editions)]  # fmt: skip
    guesses = _estimates(pipes, dataset, _times(spec, dataset))
    pipes = [_kept(p, dataset, t, g[0]) for t, (p, g) in enumerate(zip(pipes, guesses, strict=True))]
    versions = range(len(pipes[0].versions))
    arrays: list[dict[str, Array]] = [{} for _ in pipes]
    branches = [[p.treated(dataset.values[t], k, g[k]) for k in versions]
                for t, (p, g) in enumerate(zip(pipes, guesses, strict=True))]  # fmt: skip
    directed = [[p.directed(dataset.values[t], k, branches[t][k], arrays[t] if k == 0 else None) for k in versions]
                for t, p in enumerate(pipes)]  # fmt: skip
    shared = [_learnt_together(pipes[0], [d[k] for d in directed]) for k in versions]
    out = []
    for t, pipe in enumerate(pipes):
        rest = [d for s, d in enumerate(directed) if s != t] if any(shared) else []
        whole = replace(pipe, others=tuple(np.concatenate([d[k] for d in rest]) for k in versions) if rest else ())
        learnt = [whole.learn(directed[t][k], k, shared[k]) for k in versions]
        held = [replace(b, learnt=x) for b, x in zip(branches[t], learnt, strict=True)]
        out.append(_prepared(whole, arrays[t], directed[t], held))
    return out


def _prepared(pipe: Pipeline, arrays: dict[str, Array], directed: list[Array], branches: list[Branch]) -> Prepared:
    parts = [share * pipe.scaled(x, b) for (share, _), x, b in zip(pipe.versions, directed, branches, strict=True)]
    total = np.asarray(sum(parts[1:], parts[0]))
    arrays["Normalised"] = total
    return Prepared(pipe, arrays, total, Fitted(tuple(branches)))


def _refuse_silence(spec: Spec) -> None:
    """Raise `SpecError` where a normalisation does not say what it is learnt over, or cannot be over the panel."""
    steps: dict[str, Any] = {"steps.normalise": spec.steps.normalise}
    steps |= {f"indicators.{c}.normalise": r.normalise for c, r in spec.indicators.items() if r.normalise is not None}
    faults = []
    for where, step in steps.items():
        method = norm.METHODS.get(step.method)
        if step.over is None and step.method != "none":
            remedy = "Say `over: panel` (one scale for all editions) or `over: edition`"
            faults.append(Fault(f"{where}: the index is a panel, but `over` is missing", remedy,
                                *spec.at(*where.split("."))))  # fmt: skip
        elif step.over == "panel" and method is not None and method.needs == "reference":
            faults.append(Fault(f"{where}: {step.method} has one reference unit in each edition", "Say `over: edition`",
                                *spec.at(*where.split("."), "over")))  # fmt: skip
    if faults:
        raise SpecError(faults)


def _times(spec: Spec, dataset: Dataset) -> Array:
    years = {e.name: float(e.year) for e in spec.editions}
    try:
        return np.array([years.get(e, float("nan")) if e in years else float(e) for e in dataset.editions])
    except ValueError:
        return np.arange(len(dataset.editions), dtype=float)


def _estimates(pipes: list[Pipeline], dataset: Dataset, times: Array) -> list[tuple[Estimates | None, ...]]:
    """What fills each edition's missing cells, for each version of the figures."""
    if not pipes[0].fillers:
        return [(None,) * len(p.versions) for p in pipes]
    rows = [p.screened_first(dataset.values[t]) for t, p in enumerate(pipes)]
    versions = []
    for k in range(len(pipes[0].versions)):
        cube = np.stack([p.denominated(dataset.values[t], k) for t, p in enumerate(pipes)])
        several: list[Array | None] = [None] * len(pipes)
        for n, filler in enumerate(pipes[0].fillers):
            if filler.estimate is None:
                method = OVER_TIME[filler.step.method]
                cube = fill(cube, method(cube, times, max_gap=filler.step.max_gap)[0])
                continue
            for t, p in enumerate(pipes):
                found = p.filled(cube[t][rows[t]], rows[t], p.fillers[n])
                cube[t][rows[t]] = fill(cube[t][rows[t]], found.values)
                several[t] = found.imputations if several[t] is None else several[t]
        versions.append([Estimates(x, _spread(s, x, r)) for x, s, r in zip(cube, several, rows, strict=True)])
    return [tuple(v[t] for v in versions) for t in range(len(pipes))]


def _spread(several: Array | None, filled: Array, rows: Any) -> Array | None:
    if several is None:
        return None
    out = np.broadcast_to(filled, (len(several), *filled.shape)).copy()
    out[:, rows] = several
    return out


def _kept(pipe: Pipeline, dataset: Dataset, edition: int, guess: Estimates | None) -> Pipeline:
    values = dataset.values[edition]
    x = pipe.denominated(values, 0)
    there = np.asarray(~np.isnan(x if guess is None else fill(x, guess.values)).all(axis=-1))
    rows = pipe.screened(values, guess)
    rows = rows[there[rows]]
    if not len(rows):
        raise DataError(Fault(f"no unit passes the screen in the edition {dataset.editions[edition]}",
                              "Lower `screen: min_available`, or leave the edition out", pipe.spec.file))  # fmt: skip
    return pipe.kept(rows)


def _learnt_together(pipe: Pipeline, directed: list[Array]) -> dict[int, norm.Learnt]:
    """What the normalisations over the whole panel learn, by the place of each among the scalings."""
    if not any(how.over == "panel" for how in pipe.scalings):
        return {}
    pooled = np.concatenate(directed)
    pipe.refuse_constant(pooled, "panel")
    return {n: norm.learn(pooled[:, how.columns], how.method, how.parameters)
            for n, how in enumerate(pipe.scalings) if how.over == "panel"}  # fmt: skip


def _stacked(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(dict(parts), names=["edition", "unit"])
