"""Every step done anew in each draw: whole datasets in, normalised tables and scores out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.aggregate import tree_scores
from podium.index.build import Built
from podium.index.pipeline import Branch, Estimates, Fitted, Pipeline, Scaling
from podium.index.steps import TreatRule
from podium.robustness.figures import Noise
from podium.robustness.scorer import Engine, Scorer, finished

__all__ = [
    "Remake", "changed_tables", "compile_remake", "noisy_scores", "one_table", "picked", "remake_scores", "tables",
]  # fmt: skip

CENTRES = ("mean", "median", "group_mean", "group_median")
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Steps:
    """One version of the figures with its steps, as the kernel takes them; see `_kernels_steps.regenerate`."""

    share: float
    factor: Array
    gaps: Whole
    gap_unit: Whole
    gap_group: Whole
    member_start: Whole
    members: Whole
    median: bool
    stored: Array
    changes: Array
    treats: Array
    treated: Whole
    methods: Whole
    ends: Array


@dataclass(frozen=True, eq=False)
class Remake:
    """An index whose steps are done anew in each draw.

    ``anew`` says which: ``all``, or ``normalise`` with imputation and treatment as fitted to the published figures.
    ``versions`` is None where a step has no kernel; then the pipeline itself does each draw. ``tables`` is the number
    of stored imputations of which each draw takes one, 0 where there are none. ``base`` ``(series, unit)`` are the
    published figures.
    """

    anew: str
    pipeline: Pipeline
    fitted: Fitted
    versions: tuple[Steps, ...] | None
    tables: int
    base: Array


def compile_remake(built: Built, anew: str) -> Remake:
    """Return an index ready for new figures in each draw.

    Imputations other than means and medians enter as stored: one table, or the draws of multiple imputation.
    """
    p, fitted = built.pipeline, one_table(built)
    held = [b.imputations for b in fitted.branches]
    stored = 0 if held[0] is None else len(held[0])
    versions = [_steps(built, fitted.branches[k], k, anew) for k in range(len(p.versions))]
    known = [v for v in versions if v is not None]
    return Remake(anew, p, fitted, tuple(known) if len(known) == len(versions) else None, stored,
                  np.ascontiguousarray(built.dataset.values[-1].T))  # fmt: skip


def one_table(built: Built) -> Fitted:
    """Return what was learnt, without the draws of multiple imputation where the imputation is held fixed."""
    if "imputation" not in built.spec.uncertainties.fixed:
        return built.fitted
    return replace(built.fitted, branches=tuple(replace(b, imputations=None) for b in built.fitted.branches))


def tables(r: Remake, figures: Array, pick: Whole, *, engine: Engine) -> Array:
    """Return the normalised tables of some draws.

    Parameters
    ----------
    figures
        ``(series, unit, draw)``: all units and series of the dataset.
    pick
        ``(draw,)``: which stored imputation each draw takes.
    engine
        The pipeline itself, or the compiled kernels that give the same.

    Returns
    -------
    ``(indicator, unit, draw)`` of the units kept.

    Raises
    ------
    DataError, ComputationError
        If a step has no value in a draw, naming the indicator.
    """
    if engine == "kernels" and r.versions is not None:
        from podium.robustness import _kernels_steps

        out = np.zeros((len(r.pipeline.leaves), len(r.pipeline.keep), figures.shape[2]))
        series, keep = r.pipeline.columns.astype(np.int64), r.pipeline.keep.astype(np.int64)
        bad = 0
        for v in r.versions:
            bad |= _kernels_steps.regenerate(
                figures, series, v.factor, v.gaps, v.gap_unit, v.gap_group, v.member_start, v.members, v.median,
                v.stored, pick if len(v.stored) > 1 else np.zeros_like(pick), keep, v.changes, v.treats, v.treated,
                r.pipeline.direction, v.methods, v.ends, v.share, out,
            )  # fmt: skip
        if not bad:
            return out
    return np.ascontiguousarray(np.moveaxis(_slowly(r, figures, pick), 0, -1).swapaxes(0, 1))


def changed_tables(r: Remake, figures: Array, pick: Whole, changed: Array | None) -> tuple[Array, Array | None]:
    """Return normalised tables ``(draw, unit, indicator)`` before and after a change, both as learnt before it."""
    values = figures
    if r.anew == "normalise":
        table, fitted = r.pipeline.normalised(values, picked(r.fitted, pick), rescale=True)
        return table, None if changed is None else r.pipeline.normalised(changed, fitted)[0]
    both = [_anew(r, x, int(k)) for x, k in zip(values, pick, strict=True)]
    before = np.stack([t for t, _ in both])
    if changed is None:
        return before, None
    return before, np.stack([r.pipeline.normalised(x, f)[0] for x, (_, f) in zip(changed, both, strict=True)])


def _slowly(r: Remake, figures: Array, pick: Whole) -> Array:
    """Normalised tables ``(draw, unit, indicator)`` by the pipeline itself."""
    values = np.moveaxis(figures, -1, 0).swapaxes(1, 2)
    if r.anew == "normalise":
        return r.pipeline.normalised(values, picked(r.fitted, pick), rescale=True)[0]
    return np.stack([_anew(r, x, int(k))[0] for x, k in zip(values, pick, strict=True)])


def _anew(r: Remake, x: Array, k: int) -> tuple[Array, Fitted]:
    if not r.pipeline.fillers or all(f.step.method in CENTRES for f in r.pipeline.fillers):
        return r.pipeline.normalised(x)
    held = picked(r.fitted, np.array([k]))
    guesses = tuple(None if b.estimates is None else _one(b) for b in held.branches)
    return r.pipeline.normalised(x, estimates=guesses)


def _one(b: Branch) -> Estimates:
    assert b.estimates is not None
    return Estimates(b.estimates[0] if b.estimates.ndim == 3 else b.estimates)


def picked(fitted: Fitted, pick: Whole) -> Fitted:
    """Return what was learnt, with the stored imputation that each draw takes."""
    branches = [b if b.imputations is None else replace(b, estimates=b.imputations[pick]) for b in fitted.branches]
    return replace(fitted, branches=tuple(branches))


def remake_scores(
    r: Remake, s: Scorer, figures: Array, weights: Array, shares: Array, pick: Whole, *, engine: Engine
) -> Array:
    """Return the root's scores of some draws, ``(unit, draw)``, each with figures and weights of its own."""
    y = tables(r, figures, pick, engine=engine)
    means = {own for own, _ in s.means}
    if engine == "numpy" or s.kind != "linear" or (means != {0} and bool((y <= 0).any())):
        whole = tree_scores(s.tree, np.moveaxis(y, -1, 0).swapaxes(1, 2), weights.T, units=s.units)
        return np.ascontiguousarray(whole[..., -1].T)
    from podium.robustness import _kernels_steps

    mean = s.means[-1][0]
    parts = np.log(y, out=y) if mean == 1 else np.divide(1.0, y, out=y) if mean == 2 else y
    out = np.empty(y.shape[1:])
    _kernels_steps.weighted_sums_each(parts, shares, out)
    return finished(mean, out, engine=engine)


def noisy_scores(
    r: Remake, s: Scorer, noise: Noise, drawn: npt.NDArray[np.uint32], shares: Array, pick: Whole
) -> Array | None:
    """Return what `remake_scores` does from the bits of the errors, without writing figures or tables; compiled.

    None where that is not known: several versions of the figures, coverage errors, means up the tree of several kinds
    or with missing figures; and where a step has no value in some draw, which `remake_scores` then names.
    """
    if r.versions is None or len(r.versions) != 1 or s.kind != "linear" or noise.coverage:
        return None
    from podium.robustness import _kernels_steps

    v, p = r.versions[0], r.pipeline
    errors, start = noise.by_series
    mean, out = s.means[-1][0], np.empty((len(p.keep), shares.shape[1]))
    bad = _kernels_steps.regenerate_scores(
        noise.base, drawn, start, errors, noise.relative, noise.amounts, p.columns.astype(np.int64), v.factor, v.gaps,
        v.gap_unit, v.gap_group, v.member_start, v.members, v.median, v.stored,
        pick if len(v.stored) > 1 else np.zeros_like(pick), p.keep.astype(np.int64), v.changes, v.treats, v.treated,
        p.direction, v.methods, v.ends, mean, shares, out,
    )  # fmt: skip
    return None if bad else finished(mean, out, engine="kernels")


def _steps(built: Built, branch: Branch, version: int, anew: str) -> Steps | None:
    """One version's steps for the kernel; None where a step has none."""
    p = built.pipeline
    treats = _treats(built, branch) if anew == "normalise" else _rules(built)
    scales = _scales(p.scalings, len(p.leaves))
    changes = _changes(p)
    if treats is None or scales is None or changes is None:
        return None
    share, denominators = p.versions[version]
    undivided = np.isnan(denominators).all(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.ascontiguousarray(np.where(undivided, 1.0, p.per / denominators).T)
    base = p.denominated(built.dataset.values[-1], version)
    gaps = _gaps(built, base, branch, anew)
    return None if gaps is None else Steps(share, factor, *gaps, changes, *treats, *scales)


def _gaps(
    built: Built, base: Array, branch: Branch, anew: str
) -> tuple[Whole, Whole, Whole, Whole, Whole, bool, Array] | None:
    """Missing cells column by column, with the members of their group that have a figure, or what is stored."""
    fillers, missing = built.pipeline.fillers, np.isnan(base)
    none = np.zeros((0, base.shape[1], base.shape[0]))
    centre = len(fillers) == 1 and fillers[0].step.method in CENTRES and anew == "all"
    if centre and built.spec.steps.screen is not None and built.spec.steps.screen.before == "impute":
        return None
    stored = none
    if fillers and not centre:
        held = branch.imputations if branch.imputations is not None else branch.estimates
        assert held is not None
        stored = np.ascontiguousarray(np.moveaxis(held.reshape(-1, *base.shape), 1, 2))
    labels = _labels(built) if centre else np.zeros(len(base), dtype=np.int64)
    start, units, groups, ends, members = [0], [], [], [0], []
    for k in range(base.shape[1]) if fillers else ():
        seen: dict[int, int] = {}
        for u in np.flatnonzero(missing[:, k]):
            label = int(labels[u])
            if label not in seen:
                seen[label] = len(ends) - 1
                there = [] if label < 0 else np.flatnonzero((labels == label) & ~missing[:, k]).tolist()
                members += there
                ends.append(len(members))
            units.append(int(u))
            groups.append(seen[label])
        start.append(len(units))
    start = start if fillers else [0] * (base.shape[1] + 1)
    a, b, c, d, e = (np.array(x, dtype=np.int64) for x in (start, units, groups, ends, members))
    return a, b, c, d, e, centre and "median" in fillers[0].step.method, stored


def _labels(built: Built) -> Whole:
    """The group of each unit as a number; -1 where it has none."""
    step = built.pipeline.fillers[0].step
    if not step.method.startswith("group"):
        return np.zeros(len(built.dataset.units), dtype=np.int64)
    names = list(built.dataset.unit_table[step.group])
    known = {x: k for k, x in enumerate(dict.fromkeys(n for n in names if n is not None and n == n))}
    return np.array([known.get(n, -1) if n is not None and n == n else -1 for n in names], dtype=np.int64)


def _changes(p: Pipeline) -> Array | None:
    out = np.zeros((len(p.leaves), 6))
    for k, t in enumerate(p.transforms):
        if t.method == "none":
            continue
        code = {"log": 1.0, "sqrt": 2.0, "power": 2.0, "cap": 3.0}.get(t.method)
        if code is None:
            return None
        power = 0.5 if t.method == "sqrt" else t.exponent
        low, high = -np.inf if t.lower is None else t.lower, np.inf if t.upper is None else t.upper
        out[k] = code, t.scale, t.offset, power, low, high
    return out


def _rules(built: Built) -> tuple[Array, Whole] | None:
    """How each indicator's treatment is learnt: the rules of the specification."""
    step, leaves = built.spec.steps.treat, built.pipeline.leaves
    rules, kind = np.zeros((len(leaves), 6)), np.zeros(len(leaves), dtype=np.int64)
    for k, code in enumerate(leaves if step is not None else ()):
        assert step is not None
        rule = built.spec.indicators[code].treat if code in built.spec.indicators else None
        if code in step.skip or (rule is not None and rule.method == "none"):
            continue
        own = rule or TreatRule(method=step.method, max_points=step.max_points)
        otherwise = own.otherwise or step.otherwise
        if own.method != "winsorise" or otherwise not in ("none", "log", "log_ct"):
            return None
        points = -1 if own.max_points is None else own.max_points
        combine = step.combine if own.combine is None else own.combine
        rules[k] = (points, own.skew or step.skew, own.kurtosis or step.kurtosis, float(own.force),
                    float(otherwise != "none"), float(combine))  # fmt: skip
        kind[k] = 1
    return rules, kind


def _treats(built: Built, branch: Branch) -> tuple[Array, Whole] | None:
    """How each indicator is treated: as learnt from the published figures."""
    rules, kind = np.zeros((len(built.pipeline.leaves), 6)), np.zeros(len(built.pipeline.leaves), dtype=np.int64)
    for k, t in enumerate(branch.treatments):
        cut = bool(t.cut_low or t.cut_high)
        if t.change is not None and t.change[0] not in ("log", "log_ct"):
            return None
        if cut or t.change is not None:
            low, high = t.change[1][:2] if t.change is not None else (0.0, 0.0)
            ends = (t.low, t.high) if cut else (-np.inf, np.inf)
            rules[k] = *ends, float(t.change is not None), low, high, 0.0
            kind[k] = 2
    return rules, kind


def _scales(scalings: tuple[Scaling, ...], leaves: int) -> tuple[Whole, Array] | None:
    """The normalisation of each indicator: its kernel, and the two numbers of its scale."""
    methods, ends = np.zeros(leaves, dtype=np.int64), np.zeros((leaves, 2))
    for how in scalings:
        q = how.parameters
        given = {
            "none": (0, 0.0, 0.0), "minmax": (1, q.low, q.high - q.low), "dist2max": (1, 0.0, q.factor),
            "zscore": (2, q.mean, q.sd),
        }.get(how.method)  # fmt: skip
        if given is None or q.ends is not None or q.decimals is not None or q.clip or how.over == "panel":
            return None
        methods[how.columns], ends[how.columns] = given[0], given[1:]
    return methods, ends
