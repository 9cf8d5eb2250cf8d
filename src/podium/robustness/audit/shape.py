"""Chapter on distributions: outliers, lopsided indicators, scales, and what the treatment does to ranks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import PodiumError
from podium.index.build import Built, build
from podium.index.statistics import moments
from podium.index.treat import skewness
from podium.robustness.audit.chance import above_by_error
from podium.robustness.audit.chapter import Chapter, Grid, State
from podium.robustness.audit.finding import Finding
from podium.robustness.audit.scaling import scaling
from podium.robustness.audit.subject import Subject
from podium.robustness.audit.wording import answer, figure, percent, places

__all__ = ["distribution", "isolated", "surely_far"]

Rows = npt.NDArray[np.intp]
ISOLATED = 0.3
"""An outlier stands alone: the gap to the next figure is at least this part of its distance from the middle."""
TAIL, LOG_TAIL = 8, 20
"""Degrees of freedom of the longest tails that are taken for usual, of figures and of their logarithms."""
LONG = 0.5
"""The skewness from which on a tail is long."""
LOGGED = 0.7
TREATED = {"en": ", treated by {}", "ko": ", {} 처리함"}
TREATMENTS = {"winsorise": ("winsorising", "극단값 조정"), "log": ("a logarithm", "로그 변환"),
              "boxcox": ("a Box–Cox transformation", "박스–콕스 변환"), "clip": ("clipping", "범위 제한")}  # fmt: skip
MOST = 0.1
"""Up to this share of the units (at least one) are outliers; more are the shape of the indicator."""
STANDARD = {"method": "winsorise", "max_points": 5, "skew": 2.0, "kurtosis": 3.5, "otherwise": "log"}


def isolated(x: Array, limit: float) -> tuple[Rows, Array]:
    """Return the places of the outliers of one indicator and how many robust deviations each is from the middle.

    A figure is one where it lies more than `limit` robust standard deviations (1.4826 × the median absolute deviation,
    and at least the standard deviation of the others) from the median and stands alone. Where all figures are positive
    and a logarithm makes the others less lopsided, it must do both on a logarithmic scale too; where it does not, by
    seven tenths of the `limit`.

    Parameters
    ----------
    x
        ``(unit,)``; NaN is missing and never an outlier.
    """
    found, far = _alone(x, limit)
    known, rest = x[~np.isnan(x)], np.delete(x, found)
    if len(found) and known.min() > 0:
        part = 1.0 if _longer(rest[~np.isnan(rest)]) else LOGGED
        logged, far_logged = _alone(np.log(x), part * limit)
        keep = np.isin(found, logged)
        if part == 1.0:
            far = np.array([min(far[k], far_logged[list(logged).index(f)]) if keep[k] else far[k]
                            for k, f in enumerate(found)])  # fmt: skip
        found, far = found[keep], far[keep]
    return found, far


def surely_far(x: Array, found: Rows, tests: int) -> bool:
    """Return whether the farthest of the outliers ``found`` is beyond what long-tailed laws bring about by chance.

    Its distance from the mean of the others, in their standard deviations, is held against Student's t with eight
    degrees at most; where the others are positive and may have a long tail above, also their logarithms with twenty.

    Parameters
    ----------
    x
        ``(unit,)`` figures of an indicator; NaN is missing.
    tests
        How many figures are looked at in all.
    """
    rest = np.delete(x, found)
    rest = rest[~np.isnan(rest)]
    sure = _beyond(x[found], rest, TAIL, tests)
    doubt = (6 / len(rest)) ** 0.5  # the standard error of a skewness: few figures hardly show that a tail is long
    if sure and rest.min() > 0 and x[found].min() > 0 and skewness(rest) > LONG - doubt:
        sure = _beyond(np.log(x[found]), np.log(rest), LOG_TAIL, tests)
    return sure


def _beyond(x: Array, rest: Array, freedom: int, tests: int) -> bool:
    error = float(rest.std(ddof=1)) * (1 + 1 / len(rest)) ** 0.5
    far = float(np.abs(x - rest.mean()).max())
    return above_by_error(far, error, min(len(rest), freedom + 1), 2 * tests)


def _longer(x: Array) -> bool:
    """Whether positive figures have a long tail above that a logarithm takes away."""
    own = skewness(x)
    return own > LONG and abs(skewness(np.log(x))) < own


def _alone(x: Array, limit: float) -> tuple[Rows, Array]:
    known = np.flatnonzero(~np.isnan(x))
    none = np.empty(0, dtype=np.intp), np.empty(0)
    if len(known) < 8:
        return none
    middle = float(np.median(x[known]))
    spread = 1.4826 * float(np.median(np.abs(x[known] - middle)))
    if spread == 0:  # most units have the same value: the others are set beside each other
        rest = np.where(x == middle, np.nan, x)
        return none if (~np.isnan(rest)).sum() > 0.5 * len(known) else _alone(rest, limit)
    found: list[int] = []
    for sign in (1.0, -1.0):
        order = known[np.argsort(-sign * x[known], kind="stable")]
        away = sign * (x[order] - middle)
        last = 0
        for k in range(max(1, int(MOST * len(known)))):
            if away[k] <= limit * spread:
                break
            if away[k] - away[k + 1] >= ISOLATED * away[k]:
                last = k + 1
        found += list(order[:last])
    places = np.array(sorted(found), dtype=np.intp)
    others = np.delete(x, places)
    far = np.abs(x[places] - middle) / max(spread, float(np.nanstd(others, ddof=1)))
    return places[far > limit], far[far > limit]


def distribution(s: Subject) -> Chapter:
    """Return the chapter on distributions, scales and treatment."""
    x = s.before
    found = moments(x)
    done = s.built.treatments if s.built.fitted.branches[0].treatments else None
    findings: list[Finding] = []
    rows = []
    for k, code in enumerate(s.leaves):
        treated = "" if done is None else str(done.loc[code, "done"])
        what = _shape(s, k, {n: float(v[k]) for n, v in found.items()}, treated)
        findings += what
        rows.append((code, found["min"][k], found["median"][k], found["max"][k], found["skew"][k], found["kurtosis"][k],
                     found["share_same"][k], treated, ", ".join(sorted({f.kind for f in what}))))  # fmt: skip
    scaled = scaling(s)
    told = {f.items[0]: set(f.units) for f in scaled if f.kind == "denominator_scale"}
    findings = [f for f in findings if f.kind != "outlier" or not set(f.units) <= told.get(f.items[0], set())]
    findings += scaled
    moved, effect = _effect(s)
    findings += effect
    columns = ("item", "min", "median", "max", "skew", "kurtosis", "same", "treated", "flags")
    tables = {"indicators": Grid.of(columns, rows)}
    if moved is not None:
        tables["treatment"] = moved
    if (alone := _outliers(s)).rows:
        tables["outliers"] = alone
    log = s.built.treatment_log
    if len(log):
        tables["points"] = Grid.of(tuple(log.columns), [tuple(r) for r in log.itertuples(index=False)])
    grave = {i for f in findings if f.severity != "note" for i in f.items}
    skewed = sum(f.kind == "skewed" for f in findings)
    text = answer("distribution", n=len(s.leaves), grave=len(grave), skewed=skewed)
    state: State = "poor" if grave else "mixed" if skewed else "good"
    return Chapter("distribution", state, text, tables, tuple(findings))


def _shape(s: Subject, k: int, m: Mapping[str, float], treated: str) -> list[Finding]:
    x, code, out = s.before[:, k], s.leaves[k], []
    said = {k: v.format(treated) for k, v in TREATED.items()} if treated else dict.fromkeys(TREATED, "")
    if treated in TREATMENTS:
        said = {k: TREATED[k].format(v) for k, v in zip(TREATED, TREATMENTS[treated], strict=True)}
    if m["share_same"] >= s.limits.same_value:
        values, counts = np.unique(x[~np.isnan(x)], return_counts=True)
        return [s.finding("nearly_constant", "warning", "distribution", items=(code,), share=percent(m["share_same"]),
                          value=figure(float(values[counts.argmax()])), size=m["share_same"] / s.limits.same_value,
                          values={"share": m["share_same"]})]  # fmt: skip
    places, far = isolated(x, s.limits.outlier)
    if len(places):
        first = int(places[np.argmax(far)])
        sure = surely_far(x, places, int((~np.isnan(s.before)).sum()))
        out.append(s.finding(
            "outlier", "warning" if sure else "note", "distribution", items=(code,),
            units=tuple(s.built.units[p] for p in places),
            who=s.unit_names([s.built.units[first], *(s.built.units[p] for p in places if p != first)], 1),
            value=figure(float(x[first])), middle=figure(m["median"]), z=f"{far.max():.0f}", treated=said,
            size=float(far.max()) / s.limits.outlier, values={"z": float(far.max()), "value": float(x[first])},
        ))  # fmt: skip
    if abs(m["skew"]) > s.limits.skew and m["kurtosis"] > s.limits.kurtosis:
        out.append(s.finding("skewed", "note", "distribution", items=(code,), skew=f"{m['skew']:.1f}".replace("-", "−"),
                             kurtosis=f"{m['kurtosis']:.1f}", treated=said, size=abs(m["skew"]) / s.limits.skew,
                             values={"skew": m["skew"], "kurtosis": m["kurtosis"]}))  # fmt: skip
    return out


def _outliers(s: Subject) -> Grid:
    """Every figure that stands alone far from the middle, the farthest first."""
    rows = []
    for k, code in enumerate(s.leaves):
        places, far = isolated(s.before[:, k], s.limits.outlier)
        middle = float(np.nanmedian(s.before[:, k])) if len(places) else 0.0
        rows += [(s.built.units[p], code, s.before[p, k], middle, z) for p, z in zip(places, far, strict=True)]
    return Grid.of(("unit", "item", "figure", "median", "z"), sorted(rows, key=lambda r: -r[4]))


def _effect(s: Subject) -> tuple[Grid | None, list[Finding]]:
    """Ranks without the treatment, or with the usual one where there is none."""
    other, which = _otherwise(s.built)
    if other is None or other.units != s.built.units:
        return None, []
    old, new = s.ranks, other.rank_table[:, -1]
    change = new - old
    rows = sorted(zip(s.built.units, old, new, change, strict=True), key=lambda r: -abs(np.nan_to_num(r[3])))
    grid = Grid.of(("unit", "rank", "other", "change"), rows)
    most, n = float(np.nanmax(np.abs(change))), int((np.nan_to_num(change) != 0).sum())
    if not n:
        return grid, []
    words = {
        "with": {"en": "Taking the treatment of outliers away", "ko": "이상값 처리를 하지 않으면"},
        "without": {"en": "Treating outliers in the usual way", "ko": "이상값을 통상적인 방법으로 처리하면"},
    }[which]
    return grid, [s.finding("treatment_moves", "note", "distribution", which=words, most=places(most), n=n,
                            all=len(old), at=s.spec.at("steps", "treat"), size=most / 10,
                            values={"most": most, "ranks": n})]  # fmt: skip


def _otherwise(built: Built) -> tuple[Built | None, str]:
    treated = built.spec.steps.treat is not None
    try:
        spec = built.spec.with_({"tree": built.root.model_dump(), "steps.treat": None if treated else STANDARD})
        if not treated and built.spec.data.panel:
            return None, ""
        return build(spec, dataset=built.dataset), "with" if treated else "without"
    except PodiumError:
        return None, ""
