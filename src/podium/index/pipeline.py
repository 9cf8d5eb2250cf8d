"""The steps up to the normalised table, as arithmetic on arrays with any leading axes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array, Dataset
from podium.errors import ComputationError, DataError, Fault, SpecError
from podium.index import normalise as norm
from podium.index.denominate import denominate
from podium.index.impute import centres, expectation_maximisation, fill, nearest_neighbours, regression, row_centres
from podium.index.screen import enough
from podium.index.spec import Normalise, Spec, Transform, Treat
from podium.index.transform import transform
from podium.index.treat import CHANGES, Treatment, apply_treatment, learn_treatment

__all__ = ["Branch", "Fitted", "Pipeline", "Scaling", "compile_pipeline"]

SPREAD = ("minmax", "zscore", "dist2max", "dist2ref", "dist2targ")


@dataclass(frozen=True, eq=False)
class Branch:
    """What the steps learnt for one version of the figures (absolute, or per head)."""

    estimates: Array | None
    treatments: tuple[Treatment, ...]
    learnt: tuple[norm.Learnt, ...]


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a build has learnt from its data: one branch for each version of the figures, the root's range, weights."""

    branches: tuple[Branch, ...]
    root: tuple[float, float] | None = None
    weights: Array | None = None


@dataclass(frozen=True, eq=False)
class Scaling:
    """Columns that share one normalisation, with its parameters."""

    columns: npt.NDArray[np.intp]
    method: str
    parameters: norm.Parameters


@dataclass(frozen=True, eq=False)
class Pipeline:
    """A specification's steps bound to the columns of its dataset.

    ``columns`` are the data columns of the leaves (through each one's measure), ``versions`` the shares of the
    versions of the figures with their denominators ``(unit, indicator)`` (NaN columns: not divided), ``keep``
    the rows of the units that pass the screen, ``scalings`` the normalisations of the columns.
    """

    spec: Spec
    leaves: tuple[str, ...]
    columns: npt.NDArray[np.intp]
    versions: tuple[tuple[float, Array], ...]
    per: Array
    groups: tuple[object, ...] | None
    direction: Array
    transforms: tuple[Transform, ...]
    row_groups: tuple[tuple[int, ...], ...] = ()
    on: Array | None = None
    scalings: tuple[Scaling, ...] = ()
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
        return total, Fitted(tuple(branches), *((None, None) if fitted is None else (fitted.root, fitted.weights)))

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
        out = np.empty(directed.shape)
        for how, held in zip(self.scalings, learnt, strict=True):
            part = directed[..., how.columns]
            out[..., how.columns] = norm.normalise(part, held, method=how.method, parameters=how.parameters)
        return out, Branch(estimates, treatments, learnt)

    def _denominated(self, values: Array, denominators: Array) -> Array:
        return denominate(values[..., self.columns], denominators, self.per)

    def _estimates(self, x: Array) -> Array | None:
        step = self.spec.steps.impute
        if step is None:
            return None
        middle = "median" in step.method
        if step.method in ("row_mean", "row_median"):
            return row_centres(x, self.row_groups, self.direction, median=middle, normalise_first=step.normalise_first)
        if step.method == "knn":
            return nearest_neighbours(x, k=step.k)
        if step.method == "regression" and self.on is not None:
            return regression(x, self.on)
        if step.method == "em":
            try:
                return expectation_maximisation(x)
            except (ValueError, np.linalg.LinAlgError) as error:
                raise ComputationError(Fault(f"steps.impute: {error}", "Use another method")) from None
        return centres(x, self.groups if step.method.startswith("group") else None, median=middle)

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
                out[..., k] = transform(x[..., k], **t.model_dump(), label=self.leaves[k])
        return out

    def _treatments(self, x: Array) -> tuple[Treatment, ...]:
        step = self.spec.steps.treat
        if step is None:
            return ()
        if x.ndim > 2:
            raise ComputationError("outlier treatment is learnt from one table at a time; freeze it for draws")
        return tuple(self._treatment(x[:, k], code, step) for k, code in enumerate(self.leaves))

    def _treatment(self, x: Array, code: str, step: Treat) -> Treatment:
        rule = self.spec.indicators[code].treat if code in self.spec.indicators else None
        if code in step.skip or (rule is not None and rule.method == "none"):
            return Treatment()
        points = step.max_points if rule is None else rule.max_points
        otherwise = (rule.otherwise if rule is not None else None) or step.otherwise
        return learn_treatment(x, max_points=points, skew=step.skew, kurtosis_=step.kurtosis, otherwise=otherwise,
                               exponent=step.exponent, combine=step.combine)  # fmt: skip

    def _learn(self, x: Array) -> tuple[norm.Learnt, ...]:
        empty = np.isnan(x).all(axis=-2)
        if bool(empty.any()):
            code = self.leaves[int(np.argwhere(empty)[0][-1])]
            raise DataError(Fault(f"indicator {code} has no value for any unit of this edition",
                                  "Leave it out of the tree, or allow older figures (`max_age`)"))  # fmt: skip
        for how in self.scalings:
            part = x[..., how.columns]
            if how.method in SPREAD:
                constant = np.nanmax(part, axis=-2) == np.nanmin(part, axis=-2)
                if bool(constant.any()):
                    code = self.leaves[how.columns[int(np.argwhere(constant)[0][-1])]]
                    raise DataError(Fault(f"indicator {code} is constant over all units, so {how.method} has no spread",
                                          "Leave it out of the tree"))  # fmt: skip
        return tuple(norm.learn(x[..., how.columns], how.method, how.parameters) for how in self.scalings)


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
    asked = {spec.steps.normalise.method, *(r.normalise.method for r in rules.values() if r.normalise is not None)}
    for name in sorted(asked):
        if name not in norm.METHODS:
            faults.append(Fault(f"steps.normalise: the method {name!r} is not known",
                                f"Use one of {', '.join(sorted(norm.METHODS))}", spec.file))  # fmt: skip
    treat = spec.steps.treat
    own = [r.treat.otherwise for r in rules.values() if r.treat is not None]
    others = [] if treat is None else [treat.otherwise, *own]
    faults += [Fault(f"steps.treat: {o!r} is not known", f"Use none or one of {', '.join(CHANGES)}", spec.file)
               for o in others if o is not None and o != "none" and o not in CHANGES]  # fmt: skip
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
        _row_groups(spec, leaves), _on(spec, dataset),
    )  # fmt: skip
    keep = pipeline.screened_rows(dataset.values[-1])
    if not len(keep):
        raise DataError(Fault("no unit passes the screen", "Lower `screen: min_available`", spec.file))
    scalings = _scalings(spec, dataset, leaves, measures, [dataset.units[k] for k in keep])
    return Pipeline(**{**vars(pipeline), "keep": keep, "scalings": scalings})


def _row_groups(spec: Spec, leaves: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    """The columns below each node of the level that row-wise imputation works in; all where none is given."""
    step = spec.steps.impute
    if step is None or not step.method.startswith("row") or step.level is None or spec.tree is None:
        return (tuple(range(len(leaves))),)
    height: dict[str, int] = {}
    nodes = list(spec.tree.walk())
    for node in reversed(nodes):
        height[node.code] = 1 + max((height[c.code] for c in node.children), default=0)
    chosen = [n for n in nodes if height[n.code] == step.level]
    return tuple(tuple(leaves.index(x.code) for x in n.walk() if x.code in leaves) for n in chosen)


def _on(spec: Spec, dataset: Dataset) -> Array | None:
    step = spec.steps.impute
    if step is None or step.method != "regression":
        return None
    if step.on is None:
        raise SpecError(Fault("steps.impute: regression needs `on`", "Name a series or a unit column", spec.file))
    return _column(spec, dataset, step.on)


def _scalings(
    spec: Spec, dataset: Dataset, leaves: tuple[str, ...], measures: list[str], units: list[str]
) -> tuple[Scaling, ...]:
    """Columns grouped by their normalisation, with the posts of each indicator in its direction."""
    steps: dict[Normalise, list[int]] = {}
    for k, code in enumerate(leaves):
        rule = spec.indicators.get(code)
        own = rule.normalise if rule is not None and rule.normalise is not None else spec.steps.normalise
        steps.setdefault(own, []).append(k)
    faults: list[Fault] = []
    out = []
    for step, columns in steps.items():
        posts = np.array([_posts(spec, dataset, leaves[k], measures[k]) for k in columns])
        needs = norm.METHODS[step.method].needs
        at = {"posts": [0, 1], "target": [2]}.get(needs, [])
        for k, own_posts in zip(columns, posts, strict=True):
            if at and np.isnan(own_posts[at]).any():
                remedy = "Give `goalposts` or `target` under `indicators`, or in the codebook"
                faults.append(Fault(f"{step.method} needs {needs} for {leaves[k]}", remedy, spec.file))
        if needs == "reference" and step.reference not in units:
            faults.append(Fault(f"{step.method}: the reference unit {step.reference!r} is not there",
                                "Name one under `normalise: reference`", spec.file))  # fmt: skip
            continue
        low, high = step.range or (0.0, 1.0)
        down = np.array([dataset.codebook[measures[k]].direction for k in columns], dtype=float)
        lower = np.where(down > 0, posts[:, 0], -posts[:, 1])
        upper = np.where(down > 0, posts[:, 1], -posts[:, 0])
        row = units.index(step.reference) if needs == "reference" and step.reference else None
        given = norm.Parameters(
            low, high, step.mean or 0.0, 1.0 if step.sd is None else step.sd,
            1.0 if step.factor is None else step.factor, step.ties, step.clip, step.decimals, row, down, lower, upper,
            posts[:, 2] * down,
        )  # fmt: skip
        out.append(Scaling(np.array(columns, dtype=np.intp), step.method, given))
    if faults:
        raise SpecError(faults)
    return tuple(out)


def _posts(spec: Spec, dataset: Dataset, code: str, measure: str) -> tuple[float, float, float]:
    """Lower post, upper post and target of an indicator, transformed as its figures are; NaN where it has none."""
    rule, book = spec.indicators.get(code), dataset.codebook[measure]
    lower, upper = rule.goalposts if rule is not None and rule.goalposts is not None else (book.lower, book.upper)
    target = rule.target if rule is not None and rule.target is not None else book.target
    given = np.array([np.nan if v is None else v for v in (lower, upper, target)])
    t = rule.transform if rule is not None else Transform()
    if t.method not in ("none", "cap"):
        given = transform(given, **t.model_dump(), label=f"the posts of {code}")
    return float(given[0]), float(given[1]), float(given[2])


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
