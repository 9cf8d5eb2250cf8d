"""Scales that do not fit: denominators and figures in mixed units, sizes that are not divided, posts too narrow."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.correlation import correlation_matrix
from podium.robustness.audit.chance import above_by_error, excess, surprise
from podium.robustness.audit.finding import Finding
from podium.robustness.audit.subject import Subject
from podium.robustness.audit.wording import figure, percent, r2

__all__ = ["elasticity", "heaps", "scaling"]

WHOLE = re.compile(r"(% of|share of|per ?cent of)\s+(people|population|adults|households|women|men)\b")
Rows = npt.NDArray[np.intp]
DECADE = 0.5
"""Two heaps of figures are apart by at least so many powers of ten …"""
APART = 3.0
"""… and by so many standard deviations within them."""
FEWEST = 3
"""So many figures at least make a heap of figures that are not divided; fewer make one of divided figures where …"""
APART_WHOLE = 1.5
"""… and the medians of the two heaps are apart by so many powers of ten."""
MIRROR = 0.3
"""A figure that is divided wrongly goes against its denominator by this rank correlation or more, and before …"""
HALF = 0.5
"""… grew by less than this many per cent for each per cent of the denominator."""
SIZES = re.compile(r"(?i)(^|_)(pop|population|area|persons|inhabitants|people)(_|$)|인구|면적")


def heaps(x: Array) -> tuple[Rows, float] | None:
    """Return which of positive figures ``(unit,)`` form a smaller heap of their own, and how far apart they are.

    On a scale of powers of ten the greatest gap divides the figures; it makes heaps where it is at least half a power
    of ten wide and three times the standard deviation within the heaps. None where there are none; figures that are
    missing or not positive are in neither heap. The distance is that of the medians, in powers of ten.
    """
    known = np.flatnonzero(~np.isnan(x) & (np.nan_to_num(x) > 0))
    if len(known) < 8:
        return None
    order = known[np.argsort(x[known], kind="stable")]
    v = np.log10(x[order])
    k = int(np.argmax(np.diff(v))) + 1
    low, high = v[:k], v[k:]
    within = np.sqrt((((low - low.mean()) ** 2).sum() + ((high - high.mean()) ** 2).sum()) / max(len(v) - 2, 1))
    gap = float(v[k] - v[k - 1])
    if gap < max(DECADE, APART * float(within)):
        return None
    apart = float(np.median(high) - np.median(low))
    return (order[:k] if k <= len(v) - k else order[k:]), apart if k > len(v) - k else -apart


def scaling(s: Subject) -> list[Finding]:
    """Return findings on denominators, units, sizes and ends of scales."""
    return [*_denominators(s), *_sizes(s), *_ends(s), *_units(s)]


def _by(s: Subject, k: int) -> tuple[Array, str] | None:
    """What an indicator is divided by ``(unit kept,)``, and the name of that column."""
    versions = s.built.pipeline.versions
    at = next((d[:, k] for _, d in versions if np.isfinite(d[:, k]).any()), None)
    if at is None:
        return None
    rule = s.built.spec.indicators.get(s.leaves[k])
    step = s.built.spec.steps.denominate
    book = s.built.dataset.codebook.get(s.built.dataset.indicators[s.built.pipeline.columns[k]])
    name = (rule.per if rule else None) or (step.by if step else None) or (book.denominator if book else None)
    return at[s.built.pipeline.keep], str(name or "its denominator")


def _denominators(s: Subject) -> Iterator[Finding]:
    raw = s.built.arrays["Raw"]
    for k, code in enumerate(s.leaves):
        held = _by(s, k)
        if held is None:
            yield from _two_scales(s, k, heaps(raw[:, k]))
            continue
        by, name = held
        with np.errstate(invalid="ignore", divide="ignore"):
            divided = raw[:, k] / by
        found = heaps(divided)
        if found is not None and _far(*found) and _moved(raw[:, k], found[0]) < 0.5 * abs(found[1]):
            yield _misdivided(s, code, name, *found)
        else:
            yield from _two_scales(s, k, heaps(raw[:, k]))
        yield from _mirrors(s, code, name, raw[:, k], divided, by)


def _misdivided(s: Subject, code: str, name: str, rows: Rows, apart: float) -> Finding:
    side = {"en": "larger", "ko": "큽니다"} if apart > 0 else {"en": "smaller", "ko": "작습니다"}
    return s.finding(
        "denominator_scale", "fault", "distribution", items=(code,), units=tuple(s.built.units[r] for r in rows),
        by=name, factor=figure(float(f"{10 ** abs(apart):.2g}")), side=side, size=abs(apart),
        at=s.spec.at("steps", "denominate"), values={"factor": float(10 ** abs(apart))},
    )  # fmt: skip


def _far(rows: Rows, apart: float) -> bool:
    """Whether heaps are surely two: one or two figures may be near 0 by chance, and must be farther off than more."""
    return len(rows) >= FEWEST or abs(apart) >= APART_WHOLE


def _moved(x: Array, rows: Rows) -> float:
    """How far the medians of some positive figures and of the others are apart, in powers of ten."""
    known = ~np.isnan(x) & (np.nan_to_num(x) > 0)
    inside = np.isin(np.arange(len(x)), rows)
    if not (known & inside).any() or not (known & ~inside).any():
        return float("inf")
    return abs(float(np.log10(np.median(x[known & inside])) - np.log10(np.median(x[known & ~inside]))))


def _two_scales(s: Subject, k: int, found: tuple[Rows, float] | None) -> Iterator[Finding]:
    """An indicator in two heaps; a single figure or two are outliers, which are told elsewhere."""
    if found is None or len(found[0]) < FEWEST or abs(found[1]) < APART_WHOLE:
        return
    rows, apart = found
    few = len(rows)
    many = int((~np.isnan(s.built.arrays["Raw"][:, k])).sum()) - few
    low, high = (few, many) if apart < 0 else (many, few)
    yield s.finding(
        "two_scales", "warning", "distribution", items=(s.leaves[k],), units=tuple(s.built.units[r] for r in rows),
        low=low, high=high, factor=figure(float(f"{10 ** abs(apart):.2g}")), size=abs(apart),
        values={"factor": float(10 ** abs(apart))},
    )  # fmt: skip


def _mirrors(s: Subject, code: str, name: str, raw: Array, divided: Array, by: Array) -> Iterator[Finding]:
    """An indicator that mirrors its denominator once it is divided by it, as it hardly grows with it."""
    both = ~(np.isnan(divided) | np.isnan(by))
    if both.sum() < 10:
        return
    r, before = (_alike(x[both], by[both]) for x in (divided, raw))
    strong = abs(r) >= s.limits.size and abs(before) < abs(r) - 0.2
    if strong or (r < -MIRROR and _flat(s, raw[both], by[both])):
        yield s.finding("divided_wrongly", "warning", "distribution", items=(code,), by=name, r=r2(r), raw=r2(before),
                        size=abs(r) / s.limits.size, at=s.spec.at("steps", "denominate"), values={"r": r})  # fmt: skip


def _flat(s: Subject, raw: Array, by: Array) -> bool:
    """Whether figures surely grow by less than half of what their denominator does, on a scale of powers."""
    if raw.min() <= 0 or by.min() <= 0 or np.ptp(by) == 0:
        return False
    slope, error = elasticity(raw, by)
    divided = sum(_by(s, k) is not None for k in range(len(s.leaves)))
    return above_by_error(HALF - slope, error, len(raw) - 1, divided)


def elasticity(x: Array, by: Array) -> tuple[float, float]:
    """Return by how many per cent `x` grows as `by` grows by one per cent, and its standard error.

    The slope of ``log x`` on ``log by``, least squares, both ``(unit,)`` and positive; 1 is what division presumes.
    """
    a, b = np.log(by) - np.log(by).mean(), np.log(x) - np.log(x).mean()
    slope = float(a @ b / (a @ a))
    rest = b - slope * a
    return slope, float(np.sqrt(rest @ rest / max(len(a) - 2, 1) / (a @ a)))


def _alike(x: Array, y: Array) -> float:
    return float(correlation_matrix(x[:, None], y[:, None], kind="spearman")[0, 0])


def _sizes(s: Subject) -> Iterator[Finding]:
    """Indicators that go with a size by which others are divided, and are not divided."""
    data, rows = s.built.dataset, s.built.pipeline.keep
    columns: dict[str, Array] = {}
    for k in range(len(s.leaves)):
        if (held := _by(s, k)) is not None and SIZES.search(held[1]):
            columns.setdefault(held[1], held[0])
    table = data.unit_table.reindex(list(s.built.units))
    for name in table.columns:
        if SIZES.search(str(name)) and table[name].dtype.kind in "fiu":
            columns.setdefault(str(name), table[name].to_numpy(float))
    for j, name in enumerate(data.indicators):
        if SIZES.search(name) and name not in s.leaves:
            columns.setdefault(name, data.values[-1][rows, j])
    raw, tests = s.built.arrays["Raw"], len(s.leaves) * len(columns)
    for k, code in enumerate(s.leaves):
        if _by(s, k) is not None:
            continue
        for name, by in columns.items():
            both = ~(np.isnan(raw[:, k]) | np.isnan(by))
            r = _alike(raw[both, k], by[both]) if both.sum() > 9 else 0.0
            if abs(r) >= s.limits.size:
                sure = excess(np.array(abs(r)), np.array(0.0), both.sum()) > surprise(tests)
                yield s.finding("size", "warning" if sure else "note", "distribution", items=(code,), by=name,
                                r=r2(float(r)), size=abs(float(r)) / s.limits.size, values={"r": float(r)})  # fmt: skip
                break


def _ends(s: Subject) -> Iterator[Finding]:
    """Indicators of which most units stand at one end of the scale, though their figures differ."""
    for k, code in enumerate(s.leaves):
        x, was = s.normalised[:, k], s.before[:, k]
        known = ~np.isnan(x)
        if known.sum() < 8:
            continue
        ends = max(float((x[known] == e).mean()) for e in (x[known].min(), x[known].max()))
        values, counts = np.unique(was[~np.isnan(was)], return_counts=True)
        if ends >= s.limits.clipped and counts.max() / counts.sum() < s.limits.clipped and len(values) > 2:
            yield s.finding("clipped", "fault" if ends > 0.9 else "warning", "distribution", items=(code,),
                            share=percent(ends), size=ends / s.limits.clipped, values={"share": ends})  # fmt: skip


def _units(s: Subject) -> Iterator[Finding]:
    """Figures that the unit in the codebook does not allow: shares above 100 %, an index beyond its ends."""
    for k, code in enumerate(s.leaves):
        info = s.built.dataset.codebook.get(s.built.dataset.indicators[s.built.pipeline.columns[k]])
        bounds = _closed(info.unit) if info else None
        if bounds is None or info is None:
            continue
        x = s.built.arrays["Raw"][:, k]
        with np.errstate(invalid="ignore"):
            bad = np.flatnonzero((x < bounds[0]) | (x > bounds[1]))
        if len(bad):
            worst = int(bad[np.argmax(np.abs(x[bad]))])
            units = (s.built.units[worst], *(s.built.units[b] for b in bad if b != worst))
            yield s.finding("impossible", "fault", "distribution", items=(code,), units=units[:5], unit=info.unit,
                            value=figure(float(x[worst])), size=1 + len(bad) / len(x),
                            values={"value": float(x[worst])})  # fmt: skip


def _closed(unit: str) -> tuple[float, float] | None:
    """The ends of a unit that has any: an index from 0 to 1, a percentage of people or of a population."""
    said = unit.strip().lower()
    if WHOLE.match(said):
        return 0.0, 100.0
    found = re.search(r"(?:index|scale|score)?,?\s*\b(0|1)\s*(?:-|–|to)\s*(1|5|7|10|100)\b", said)
    if found and re.search(r"index|scale|score|^\(?[01]\s*(?:-|–|to)", said):
        return float(found[1]), float(found[2])
    return None
