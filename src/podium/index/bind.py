"""A specification's steps bound to the columns of a dataset: the pipeline of one edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from podium.data.dataset import Array, Dataset
from podium.errors import DataError, Fault, SpecError
from podium.index import normalise as norm
from podium.index.impute import METHODS, Context
from podium.index.interpolate import METHODS as OVER_TIME
from podium.index.ownscale import own_scale
from podium.index.pipeline import Estimates, Filler, Fitted, Pipeline, Rows, Scaling
from podium.index.spec import IndicatorRule, Node, Spec
from podium.index.steps import Impute, Normalise, Transform, Treat, TreatRule
from podium.index.transform import transform
from podium.index.treat import CHANGES, Rule
from podium.index.tree import near

__all__ = ["bind", "bound"]


def bound(
    spec: Spec, dataset: Dataset, root: Node, leaves: tuple[str, ...], fitted: Fitted | None = None
) -> tuple[Pipeline, tuple[Estimates | None, ...]]:
    """Return the pipeline of a dataset's last edition, screened, and what fills its missing cells.

    With what an earlier build learnt, its estimates fill them.

    Raises
    ------
    SpecError, DataError, ComputationError
        Naming every fault of the steps, or what has no result.
    """
    pipeline = bind(spec, dataset, root, leaves)
    values = dataset.values[-1]
    if fitted is not None:
        held = [None if b.estimates is None else Estimates(b.estimates, b.imputations) for b in fitted.branches]
        return pipeline.kept(pipeline.screened(values, held[0])), tuple(held)
    if any(f.estimate is None for f in pipeline.fillers):
        raise SpecError(Fault(f"steps.impute: {', '.join(sorted(OVER_TIME))} look at other years and need a panel",
                              "Set `data: panel: true`, or use another method", spec.file))  # fmt: skip
    estimates = pipeline.estimates(values)
    return pipeline.kept(pipeline.screened(values, estimates[0])), estimates


def bind(spec: Spec, dataset: Dataset, root: Node, leaves: tuple[str, ...]) -> Pipeline:
    """Return the steps bound to a dataset's last edition, all its units kept.

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
    faults += _unknown_methods(spec)
    if faults:
        raise SpecError(faults)
    columns = np.array([dataset.indicators.index(m) for m in measures], dtype=np.intp)
    direction = np.array([dataset.codebook[m].direction for m in measures], dtype=float)
    fillers = tuple(_filler(step, spec, dataset, root, leaves, direction, faults) for step in spec.steps.impute)
    if faults:
        raise SpecError(faults)
    pairs, fixed = _versions(spec, dataset, leaves, measures), _fixed_denominators(spec, dataset, leaves)
    _refuse_zeros(spec, [fixed, *(d for _, d in pairs)], dataset, columns, leaves)
    nothing = IndicatorRule()
    rule = [rules.get(c, nothing) for c in leaves]
    units = dataset.units
    return Pipeline(
        spec, units, leaves, columns, tuple((s, np.where(np.isnan(fixed).all(axis=0), d, fixed)) for s, d in pairs),
        np.array([r.times for r in rule]), direction, tuple(r.transform for r in rule), fillers,
        () if spec.steps.treat is None else tuple(_rule(c, r.treat, spec.steps.treat)
                                                  for c, r in zip(leaves, rule, strict=True)),
        lambda keep: _scalings(spec, dataset, leaves, measures, [units[k] for k in keep]),
        keep=np.arange(len(units)),
        pillars=tuple(tuple(leaves.index(x.code) for x in n.walk() if x.code in leaves) for n in root.children),
    )  # fmt: skip


def _unknown_methods(spec: Spec) -> list[Fault]:
    rules = spec.indicators.values()
    asked = {spec.steps.normalise.method, *(r.normalise.method for r in rules if r.normalise is not None)}
    first = {r.normalise.method: ("indicators", c, "normalise") for c, r in spec.indicators.items() if r.normalise}
    places = first | {spec.steps.normalise.method: ("steps", "normalise")}
    faults = [Fault(f"{'.'.join(places[name])}: the method {name!r} is not known", near(name, sorted(norm.METHODS)),
                    *spec.at(*places[name], "method"))
              for name in sorted(asked - set(norm.METHODS))]  # fmt: skip
    treat = spec.steps.treat
    if treat is None:
        return faults
    own = [x for r in rules if r.treat is not None for x in (r.treat.otherwise, r.treat.method)]
    others = {o for o in (treat.otherwise, treat.method, *own) if o is not None}
    return faults + [
        Fault(f"steps.treat: {o!r} is not known", f"Use winsorise, cap, none or one of {', '.join(CHANGES)}",
              *spec.at("steps", "treat", "otherwise" if o == treat.otherwise else "method"))
        for o in sorted(others - set(CHANGES) - {"winsorise", "cap", "none"})
    ]  # fmt: skip


def _filler(
    step: Impute, spec: Spec, dataset: Dataset, root: Node, leaves: tuple[str, ...], direction: Array,
    faults: list[Fault],
) -> Filler:  # fmt: skip
    if step.method in OVER_TIME:
        return Filler(step, None)
    if step.method not in METHODS:
        faults.append(Fault(f"steps.impute: the method {step.method!r} is not known",
                            near(step.method, sorted({*METHODS, *OVER_TIME})),
                            *spec.at("steps", "impute", "method")))  # fmt: skip
        return Filler(step, None)
    if step.method == "regression" and step.on is None:
        faults.append(Fault("steps.impute: regression needs `on`", "Name a series or a unit column", spec.file))
    wants_group = step.method.startswith("group") or step.group is not None
    labels = _groups(step, spec, dataset, faults) if wants_group else None
    on = None if step.on is None else _column(spec, dataset, step.on)
    together = _row_groups(root, leaves, step.level)
    common = Context(together, direction, labels, on, step.normalise_first, step.k, step.draws, step.seed)

    def estimate(x: Array, rows: Rows) -> Array:
        held = None if labels is None else [labels[r] for r in rows]
        return METHODS[step.method](x, replace(common, labels=held, on=None if on is None else on[rows]))

    return Filler(step, estimate)


def _row_groups(root: Node, leaves: tuple[str, ...], level: int | None) -> tuple[tuple[int, ...], ...]:
    """The columns below each node of a level; all columns where no level is given."""
    if level is None:
        return (tuple(range(len(leaves))),)
    height: dict[str, int] = {}
    nodes = list(root.walk())
    for node in reversed(nodes):
        height[node.code] = 1 + max((height[c.code] for c in node.children), default=0)
    chosen = [n for n in nodes if height[n.code] == level]
    return tuple(tuple(leaves.index(x.code) for x in n.walk() if x.code in leaves) for n in chosen)


def _groups(step: Impute, spec: Spec, dataset: Dataset, faults: list[Fault]) -> tuple[object, ...]:
    if step.group is None or step.group not in dataset.unit_table.columns:
        faults.append(Fault(f"steps.impute.group: {step.group!r} is not a column of the unit table",
                            near(str(step.group), [str(c) for c in dataset.unit_table.columns]),
                            *spec.at("steps", "impute", "group")))  # fmt: skip
        return ()
    return tuple(dataset.unit_table[step.group])


def _rule(code: str, own: TreatRule | None, step: Treat) -> Rule:
    """How one indicator is treated: as its own rule says where it has one, else as the step does."""
    if code in step.skip:
        return Rule("none")
    common = Rule(step.method, step.max_points, step.skew, step.kurtosis, step.otherwise, step.exponent, step.combine)
    if own is None:
        return common
    given = {k: v for k, v in own.model_dump().items() if v is not None or k == "max_points"}
    return replace(common, **given, always=own.method != "winsorise")


def _scalings(
    spec: Spec, dataset: Dataset, leaves: tuple[str, ...], measures: list[str], units: list[str]
) -> tuple[Scaling, ...]:
    """Columns grouped by their normalisation, with the posts of each indicator in its direction."""
    steps: dict[Normalise, list[int]] = {}
    for k, code in enumerate(leaves):
        rule = spec.indicators.get(code)
        own = rule.normalise if rule is not None and rule.normalise is not None else spec.steps.normalise
        steps.setdefault(own_scale(own, dataset.codebook[measures[k]].scale), []).append(k)
    faults: list[Fault] = []
    out = []
    for step, columns in steps.items():
        posts = np.array([_posts(spec, dataset, leaves[k], measures[k], step.method) for k in columns])
        needs = norm.METHODS[step.method].needs
        if step.posts is not None:
            posts[:, :2] = np.where(np.isnan(posts[:, :2]), np.array(step.posts), posts[:, :2])
        at = {"posts": [0, 1], "target": [2]}.get(needs, [])
        for k, own_posts in zip(columns, posts, strict=True):
            if at and np.isnan(own_posts[at]).any() and (needs != "posts" or step.ends is None):
                remedy = "Give `goalposts` or `target` under `indicators`, or in the codebook"
                faults.append(Fault(f"{step.method} needs {needs} for {leaves[k]}", remedy, spec.file))
        if (needs == "reference" or step.reference is not None) and step.reference not in units:
            faults.append(Fault(f"{step.method}: the reference unit {step.reference!r} is not there",
                                "Name one under `normalise: reference`", spec.file))  # fmt: skip
            continue
        low, high = step.range or (0.0, 1.0)
        down = np.array([dataset.codebook[measures[k]].direction for k in columns], dtype=float)
        lower = np.where(down > 0, posts[:, 0], -posts[:, 1])
        upper = np.where(down > 0, posts[:, 1], -posts[:, 0])
        row = units.index(step.reference) if step.reference in units else None
        given = norm.Parameters(
            low, high, step.mean or 0.0, 1.0 if step.sd is None else step.sd,
            1.0 if step.factor is None else step.factor, step.ties, step.clip, step.decimals, row, step.ends,
            step.edges, step.classes, step.by == "share", down, lower, upper, posts[:, 2] * down,
        )  # fmt: skip
        out.append(Scaling(np.array(columns, dtype=np.intp), step.method, given, step.over))
    if faults:
        raise SpecError(faults)
    return tuple(out)


def _posts(spec: Spec, dataset: Dataset, code: str, measure: str, method: str) -> tuple[float, float, float]:
    """Lower post, upper post and target of an indicator, transformed as its figures are; NaN where it has none."""
    rule, book = spec.indicators.get(code), dataset.codebook[measure]
    told: tuple[float | None, float | None] = book.lower, book.upper
    if method == "scaled" and "scaled_lower" in book.scale:
        told = book.scale["scaled_lower"], book.scale["scaled_upper"]
    lower, upper = rule.goalposts if rule is not None and rule.goalposts is not None else told
    target = rule.target if rule is not None and rule.target is not None else book.target
    given = np.array([np.nan if v is None else v for v in (lower, upper, target)])
    t = rule.transform if rule is not None else Transform()
    t = (t.then or Transform()) if t.method == "cap" else t  # a cap holds figures, not posts
    if t.method != "none":
        given = transform(given, **t.model_dump(), label=f"the posts of {code}")
    return float(given[0]), float(given[1]), float(given[2])


def _column(spec: Spec, dataset: Dataset, name: str) -> Array:
    if name in dataset.indicators:
        return np.asarray(dataset.values[-1][:, dataset.indicators.index(name)])
    if name in dataset.unit_table.columns:
        column: Any = dataset.unit_table[name]
        return np.asarray(column.to_numpy(dtype=float))
    known = [*dataset.indicators, *map(str, dataset.unit_table.columns)]
    raise SpecError(Fault(f"there is no series or unit column {name!r} to divide by", near(name, known),
                          *spec.at("steps", "denominate")))  # fmt: skip


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


def _refuse_zeros(
    spec: Spec, denominators: list[Array], dataset: Dataset, columns: Any, leaves: tuple[str, ...]
) -> None:
    """Raise where a figure would be divided by zero, naming every unit and indicator."""
    there = ~np.isnan(dataset.values[-1][:, columns])
    zero = np.any([d == 0 for d in denominators], axis=0) & there
    if zero.any():
        raise DataError([Fault(f"{leaves[k]} of {dataset.units[u]} would be divided by 0",
                               "Mend the denominator, or leave its cell empty", *spec.at("steps", "denominate"))
                         for u, k in np.argwhere(zero)[:20]])  # fmt: skip


def _versions(
    spec: Spec, dataset: Dataset, leaves: tuple[str, ...], measures: Sequence[str]
) -> list[tuple[float, Array]]:
    """The versions of the figures that have a share: undivided, divided."""
    denominators, step = _denominators(spec, dataset, leaves, list(measures)), spec.steps.denominate
    none = np.full_like(denominators, np.nan)
    versions = [(0.0, none)] if step is None else [(1 - step.mix, none), (step.mix, denominators)]
    return [(share, d) for share, d in versions if share > 0] or [(1.0, none)]


def _fixed_denominators(spec: Spec, dataset: Dataset, leaves: tuple[str, ...]) -> Array:
    """Denominators that an indicator always has (`indicators: CODE: per`), whatever the mix."""
    out = np.full((len(dataset.units), len(leaves)), np.nan)
    for k, code in enumerate(leaves):
        if code in spec.indicators and (by := spec.indicators[code].per):
            out[:, k] = _column(spec, dataset, by)
    return out
