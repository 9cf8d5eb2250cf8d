"""The steps up to the normalised table, as arithmetic on arrays with any leading axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array, Dataset
from podium.errors import ComputationError, DataError, Fault, SpecError
from podium.index import normalise as norm
from podium.index.denominate import denominate
from podium.index.impute import centres, fill
from podium.index.screen import enough
from podium.index.spec import Spec, Transform
from podium.index.transform import transform
from podium.index.treat import Treatment, apply_treatment, learn_treatment

__all__ = ["Branch", "Fitted", "Pipeline", "compile_pipeline"]


@dataclass(frozen=True, eq=False)
class Branch:
    """What the steps learnt for one version of the figures (absolute, or per head)."""

    estimates: Array | None
    treatments: tuple[Treatment, ...]
    learnt: tuple[Array, Array]


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a build has learnt from its data: one branch for each version of the figures, and the root's range."""

    branches: tuple[Branch, ...]
    root: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Pipeline:
    """A specification's steps bound to the columns of its dataset.

    ``columns`` are the data columns of the leaves (through each one's measure), ``versions`` the shares of the
    versions of the figures with their denominators ``(unit, indicator)`` (NaN columns: not divided), ``keep``
    the rows of the units that pass the screen.
    """

    spec: Spec
    leaves: tuple[str, ...]
    columns: npt.NDArray[np.intp]
    versions: tuple[tuple[float, Array], ...]
    per: Array
    groups: tuple[object, ...] | None
    direction: Array
    transforms: tuple[Transform, ...]
    keep: npt.NDArray[np.intp] = field(default_factory=lambda: np.empty(0, dtype=np.intp))

    def normalised(
        self, values: Array, fitted: Fitted | None = None, tables: dict[str, Array] | None = None,
        *, rescale: bool = False,
    ) -> tuple[Array, Fitted]:  # fmt: skip
        """Return the normalised table and what the steps learnt.

        Parameters
        ----------
        values
            ``(..., unit, series)``: all units and series of the dataset.
        fitted
            What an earlier build learnt; None learns from these values.
        tables
            Receives the intermediate tables of the first version.
        rescale
            With `fitted`: learn the normalisation anew and keep imputation and treatment as they were.
        """
        total: Array | None = None
        branches = []
        for k, (share, denominators) in enumerate(self.versions):
            frozen = None if fitted is None else fitted.branches[k]
            part, branch = self._branch(values, denominators, frozen, tables if k == 0 else None, rescale)
            total = share * part if total is None else total + share * part
            branches.append(branch)
        assert total is not None
        if tables is not None:
            tables["Normalised"] = total
        return total, Fitted(tuple(branches), None if fitted is None else fitted.root)

    def screened_rows(self, values: Array) -> npt.NDArray[np.intp]:
        """Rows of the units with enough data, of values ``(unit, series)``."""
        return np.arange(len(values)) if self.spec.steps.screen is None else self._screen(values)

    def _branch(
        self, values: Array, denominators: Array, frozen: Branch | None, tables: dict[str, Array] | None,
        rescale: bool,
    ) -> tuple[Array, Branch]:  # fmt: skip
        x = self._denominated(values, denominators)
        steps = self.spec.steps
        estimates = frozen.estimates if frozen else self._estimates(x)
        filled = x if estimates is None else fill(x, estimates)
        kept = filled[..., self.keep, :]
        changed = self._transformed(kept)
        treatments = frozen.treatments if frozen else self._treatments(changed)
        treated = apply_treatment(changed, treatments) if treatments else changed
        directed = treated * self.direction
        learnt = frozen.learnt if frozen and not rescale else self._learn(directed)
        if tables is not None:
            tables["Raw"] = values[..., self.keep, :][..., self.columns]
            for name, on, table in (
                ("Denominated", steps.denominate, x[..., self.keep, :]), ("Imputed", steps.impute, kept),
                ("Screened", steps.screen, kept), ("Transformed", self._any_transform(), changed),
                ("Treated", steps.treat, treated),
            ):  # fmt: skip
                if on:
                    tables[name] = table
        out = norm.normalise(directed, learnt, method=steps.normalise.method, scale=self._scale())
        return out, Branch(estimates, treatments, learnt)

    def _denominated(self, values: Array, denominators: Array) -> Array:
        return denominate(values[..., self.columns], denominators, self.per)

    def _estimates(self, x: Array) -> Array | None:
        step = self.spec.steps.impute
        if step is None:
            return None
        return centres(x, self.groups if step.method.startswith("group") else None, median="median" in step.method)

    def _screen(self, values: Array) -> npt.NDArray[np.intp]:
        step = self.spec.steps.screen
        assert step is not None
        x = self._denominated(values, self.versions[0][1])
        estimates = self._estimates(x)
        filled = x if estimates is None else fill(x, estimates)
        return np.flatnonzero(enough(filled, min_available=step.min_available, min_nonzero=step.min_nonzero))

    def _any_transform(self) -> bool:
        return any(t.method != "none" for t in self.transforms)

    def _transformed(self, x: Array) -> Array:
        if not self._any_transform():
            return x
        out = x.copy()
        for k, t in enumerate(self.transforms):
            if t.method != "none":
                out[..., k] = transform(x[..., k], t.method, offset=t.offset, exponent=t.exponent, lower=t.lower,
                                        upper=t.upper, label=self.leaves[k])  # fmt: skip
        return out

    def _treatments(self, x: Array) -> tuple[Treatment, ...]:
        step = self.spec.steps.treat
        if step is None:
            return ()
        if x.ndim > 2:
            raise ComputationError("outlier treatment is learnt from one table at a time; freeze it for draws")
        return tuple(
            Treatment() if code in step.skip else
            learn_treatment(x[:, k], max_points=step.max_points, skew=step.skew, kurtosis_=step.kurtosis,
                            otherwise_log=step.otherwise == "log")
            for k, code in enumerate(self.leaves)
        )  # fmt: skip

    def _learn(self, x: Array) -> tuple[Array, Array]:
        empty = np.isnan(x).all(axis=-2)
        if bool(empty.any()):
            code = self.leaves[int(np.argwhere(empty)[0][-1])]
            raise DataError(Fault(f"indicator {code} has no value for any unit of this edition",
                                  "Leave it out of the tree, or allow older figures (`max_age`)"))  # fmt: skip
        with np.errstate(invalid="ignore"):
            constant = np.nanmax(x, axis=-2) == np.nanmin(x, axis=-2)
        if bool(constant.any()):
            code = self.leaves[int(np.argwhere(constant)[0][-1])]
            raise DataError(Fault(f"indicator {code} is constant over all units, so it cannot be normalised",
                                  "Leave it out of the tree"))  # fmt: skip
        return norm.learn(x, self.spec.steps.normalise.method)

    def _scale(self) -> Mapping[str, float]:
        step = self.spec.steps.normalise
        scale: dict[str, float] = {}
        if step.range is not None:
            scale = {"low": step.range[0], "high": step.range[1]}
        if step.mean is not None:
            scale["mean"] = step.mean
        if step.sd is not None:
            scale["sd"] = step.sd
        return scale


def compile_pipeline(spec: Spec, dataset: Dataset, leaves: tuple[str, ...]) -> Pipeline:
    """Return the steps bound to a dataset.

    Raises
    ------
    SpecError
        If a measure, a denominator, a group or a method is not known, all at once.
    """
    faults: list[Fault] = []
    rules = spec.indicators
    measures = [(rules[c].measure if c in rules else None) or c for c in leaves]
    faults += [Fault(f"there is no series {m!r} for {c}", "Name a series of the data", spec.file)
               for m, c in zip(measures, leaves, strict=True) if m not in dataset.indicators]  # fmt: skip
    method = spec.steps.normalise.method
    if method not in norm.METHODS and method not in norm.RANKS:
        faults.append(Fault(f"steps.normalise: the method {method!r} is not known",
                            f"Use one of {', '.join(sorted([*norm.METHODS, *norm.RANKS]))}", spec.file))  # fmt: skip
    groups = _groups(spec, dataset, faults)
    if faults:
        raise SpecError(faults)
    columns = np.array([dataset.indicators.index(m) for m in measures], dtype=np.intp)
    denominators = _denominators(spec, dataset, leaves, measures)
    step = spec.steps.denominate
    none = np.full_like(denominators, np.nan)
    versions = [(0.0, none)] if step is None else [(1 - step.mix, none), (step.mix, denominators)]
    pairs = [(share, d) for share, d in versions if share > 0] or [(1.0, none)]
    fixed = _fixed_denominators(spec, dataset, leaves)
    direction = np.array([dataset.codebook[m].direction for m in measures], dtype=float)
    pipeline = Pipeline(
        spec, leaves, columns, tuple((s, np.where(np.isnan(fixed).all(axis=0), d, fixed)) for s, d in pairs),
        np.array([rules[c].times if c in rules else 1.0 for c in leaves]), groups, direction,
        tuple(rules[c].transform if c in rules else Transform() for c in leaves),
    )  # fmt: skip
    keep = pipeline.screened_rows(dataset.values[-1])
    if not len(keep):
        raise DataError(Fault("no unit passes the screen", "Lower `screen: min_available`", spec.file))
    return Pipeline(**{**vars(pipeline), "keep": keep})


def _groups(spec: Spec, dataset: Dataset, faults: list[Fault]) -> tuple[object, ...] | None:
    step = spec.steps.impute
    if step is None or not step.method.startswith("group"):
        return None
    if step.group is None or step.group not in dataset.unit_table.columns:
        faults.append(Fault(f"steps.impute.group: {step.group!r} is not a column of the unit table",
                            f"Use one of {', '.join(map(str, dataset.unit_table.columns))}", spec.file))  # fmt: skip
        return None
    return tuple(dataset.unit_table[step.group])


def _column(spec: Spec, dataset: Dataset, name: str) -> Array:
    if name in dataset.indicators:
        return np.asarray(dataset.values[-1][:, dataset.indicators.index(name)])
    if name in dataset.unit_table.columns:
        column: Any = dataset.unit_table[name]
        return np.asarray(column.to_numpy(dtype=float))
    raise SpecError(Fault(f"there is no series or unit column {name!r} to divide by", "Mend the name", spec.file))


def _denominators(spec: Spec, dataset: Dataset, leaves: tuple[str, ...], measures: list[str]) -> Array:
    """Denominators ``(unit, indicator)`` of the indicators that the step divides; NaN columns elsewhere."""
    out = np.full((len(dataset.units), len(leaves)), np.nan)
    step = spec.steps.denominate
    if step is None:
        return out
    for k, (code, measure) in enumerate(zip(leaves, measures, strict=True)):
        by = dataset.codebook[measure].denominator if step.by is None else step.by
        if by is not None and (step.indicators is None or code in step.indicators):
            out[:, k] = _column(spec, dataset, by)
    return out


def _fixed_denominators(spec: Spec, dataset: Dataset, leaves: tuple[str, ...]) -> Array:
    """Denominators that an indicator always has (`indicators: CODE: per`), whatever the mix."""
    out = np.full((len(dataset.units), len(leaves)), np.nan)
    for k, code in enumerate(leaves):
        if code in spec.indicators and (by := spec.indicators[code].per):
            out[:, k] = _column(spec, dataset, by)
    return out
