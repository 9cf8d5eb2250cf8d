"""Chapter on the data: how much of it is there, how old it is, what was revised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from podium.data.dataset import Array
from podium.index.statistics import by_unit, group_availability
from podium.robustness.audit.chance import FAMILY, beyond_gaps
from podium.robustness.audit.chapter import Chapter, Grid, State
from podium.robustness.audit.finding import Finding, Severity
from podium.robustness.audit.subject import Subject
from podium.robustness.audit.wording import answer, percent

__all__ = ["ages", "data"]

LISTED = 10
"""So many units with too few figures are named one by one."""
SCARCE = 0.5
"""A unit with less than this part of the least share of figures is a fault rather than a warning."""
HALF = 0.5
"""With less than half of its figures, gaps are grave even where chance may have spread them."""
AHEAD = 2.0
"""Years by which the other indicators must be newer for one that is not yet too old to be noted."""
YEAR = re.compile(r"\b(19[5-9]\d|20[0-4]\d)\b")


def ages(years: Array, latest: float | None) -> tuple[Array, float]:
    """Return how old figures are, ``(unit, indicator)``, and the year from which they are counted.

    Parameters
    ----------
    years
        ``(unit, indicator)``; NaN where unknown.
    latest
        The year of the edition; None takes that from which on the newest twentieth of the figures are.
    """
    known = years[~np.isnan(years)]
    if not len(known):
        return np.full(years.shape, np.nan), float("nan")
    reference = float(np.quantile(known, 0.95, method="higher")) if latest is None else latest
    return np.asarray(np.maximum(reference - years, 0.0)), reference


def data(s: Subject) -> Chapter:
    """Return the chapter on coverage and age."""
    x, limits = s.raw, s.limits
    share = 1 - np.isnan(x).mean(axis=0)
    old, reference = _ages(s)
    findings = [*_indicators(s, share), *_units(s), *_pillars(s), *_stale(s, old, reference), *_sources(s),
                *_revised(s), *_carried(s)]  # fmt: skip
    with np.errstate(all="ignore"):
        middle = [float(np.median(c[~np.isnan(c)])) if (~np.isnan(c)).any() else None for c in old.T]
    later = set(_backfilled(s))
    rows = [(c, share[k], int((~np.isnan(x[:, k])).sum()), middle[k], c in later) for k, c in enumerate(s.leaves)]
    held = by_unit(x)
    within = group_availability(x, [s.below(p) for p in s.pillars])
    kept, codes = set(s.built.units), [s.built.tree.items[p] for p in s.pillars]
    units = [(u, held["share_available"][k], u not in kept, *within[k])
             for k, u in enumerate(s.built.dataset.units)]  # fmt: skip
    tables = {
        "indicators": Grid.of(("item", "share", "number", "age", "revised"), rows),
        "parts": _parts(s),
        "units": Grid.of(("unit", "share", "excluded", *codes), units),
    }
    low = int((held["share_available"] < limits.coverage_unit).sum())
    state: State = "poor" if any(f.severity != "note" for f in findings) else "mixed" if findings else "good"
    whole = 1 - float(np.isnan(x).mean())
    older = int(sum(m is not None and m > limits.max_age for m in middle))
    aged = answer("data ageless") if np.isnan(reference) else answer("data aged", n=older, latest=f"{reference:.0f}",
                                                                     limit=f"{limits.max_age:g}")  # fmt: skip
    text = answer("data", share=percent(whole), n=len(x), low=low, limit=percent(limits.coverage_unit))
    return Chapter("data", state, {k: f"{text[k]} {aged[k]}" for k in text}, tables, tuple(findings))


def _ages(s: Subject) -> tuple[Array, float]:
    edition = s.spec.current()
    return ages(s.years, None if edition is None else float(edition.year))


def _indicators(s: Subject, share: Array) -> list[Finding]:
    limit = s.limits.coverage_indicator
    return [
        s.finding("indicator_coverage", _grave(s, s.raw[:, k], s.raw.shape[1]), "data", items=(s.leaves[k],),
                  share=percent(share[k]), limit=percent(limit), size=limit / max(share[k], 0.01),
                  values={"share": float(share[k])})
        for k in np.flatnonzero(share < limit)
    ]  # fmt: skip


def _grave(s: Subject, x: Array, tests: int) -> Severity:
    """A warning for a row or column with less than half of its figures, or with more gaps than chance leaves."""
    gone = int(np.isnan(x).sum())
    beyond = beyond_gaps(gone, x.size, int(np.isnan(s.raw).sum()), s.raw.size, tests)
    return "warning" if beyond or gone > (1 - HALF) * x.size else "note"


def _units(s: Subject) -> list[Finding]:
    limit, columns = s.limits.coverage_unit, len(s.leaves)
    share = by_unit(s.raw)["share_available"]
    low = [int(k) for k in np.argsort(share, kind="stable") if share[k] < limit]
    names = s.built.dataset.units
    placed = dict(zip(s.built.units, ~np.isnan(s.ranks), strict=True))
    ranked = [k for k in low if placed.get(names[k], False)]
    out = [
        s.finding(
            "unit_coverage", "fault" if share[k] < SCARCE * limit else _grave(s, s.raw[k], len(s.raw)), "data",
            units=(names[k],),
            share=percent(share[k]), have=round(share[k] * columns), n=columns, limit=percent(limit),
            floor=f"{limit:g}", size=limit / max(share[k], 0.01), at=s.spec.at("steps", "screen"),
            values={"share": float(share[k])},
        ) for k in ranked[:LISTED]
    ]  # fmt: skip
    if rest := ranked[LISTED:]:
        grave: Severity = "warning" if any(_grave(s, s.raw[k], len(s.raw)) == "warning" for k in rest) else "note"
        out.append(s.finding("units_coverage", grave, "data", units=tuple(names[k] for k in rest), n=len(rest),
                             limit=percent(limit), at=s.spec.at("steps", "screen")))  # fmt: skip
    out += [
        s.finding("unit_excluded", "note", "data", units=(names[k],), share=percent(share[k]),
                  size=limit / max(share[k], 0.01), at=s.spec.at("steps", "screen", "min_available"),
                  values={"share": float(share[k])})
        for k in [k for k in low if not placed.get(names[k], False)][:LISTED]
    ]  # fmt: skip
    return out


def _parts(s: Subject) -> Grid:
    """Each part of the root: the share of its figures that are there, and how many units have too few of them."""
    kept, rows = s.raw[s.built.pipeline.keep], []
    for item in s.pillars:
        there = ~np.isnan(kept[:, s.below(item)])
        rows.append((s.built.tree.items[item], there.shape[1], there.mean(),
                     int((there.mean(axis=1) < s.limits.coverage_pillar).sum())))  # fmt: skip
    return Grid.of(("item", "indicators", "share", "few"), rows)


def _pillars(s: Subject) -> list[Finding]:
    limit, out = s.limits.coverage_pillar, []
    kept = s.raw[s.built.pipeline.keep]
    for item in (p for p in s.pillars if len(s.below(p)) > 1):
        share = 1 - np.isnan(kept[:, s.below(item)]).mean(axis=1)
        low = [s.built.units[k] for k in np.flatnonzero(share < limit)]
        if low:
            many = len(low) > 0.1 * len(kept) and _more_than_gaps(s, item, len(low))
            out.append(s.finding("pillar_coverage", "warning" if many else "note", "data",
                                 items=(s.built.tree.items[item],), units=tuple(low), n=len(low), limit=percent(limit),
                                 size=1 + len(low) / len(kept), values={"units": len(low)}))  # fmt: skip
    return out


def _more_than_gaps(s: Subject, item: int, low: int) -> bool:
    """Whether more units lack much of a part than gaps spread at random over its indicators would bring about."""
    from scipy.special import bdtrc

    held = np.isnan(s.raw[s.built.pipeline.keep][:, s.below(item)])
    k = held.shape[1]
    fewest = int(np.floor(k * (1 - s.limits.coverage_pillar))) + 1  # so many missing are too many
    usual = float(bdtrc(fewest - 1, k, held.mean()))
    return bool(bdtrc(low - 1, len(held), usual) * len(s.pillars) < FAMILY)


def _stale(s: Subject, old: Array, reference: float) -> list[Finding]:
    """Indicators and units whose figures are old in the middle, and single old figures."""
    if np.isnan(reference):
        return []
    limit, out, latest = s.limits.max_age, [], f"{reference:.0f}"
    aged = old > limit
    columns, rows, kept = _middle(old), _middle(old.T), set(s.built.units)
    behind = columns - np.nanmedian(columns) if (~np.isnan(columns)).any() else columns
    for k in np.flatnonzero((columns > limit) | ((columns > limit / 2) & (behind >= AHEAD))):
        seen = s.years[~np.isnan(s.years[:, k]), k]
        years = f"{seen.min():.0f}" if seen.min() == seen.max() else f"{seen.min():.0f}–{seen.max():.0f}"
        grave: Severity = "warning" if columns[k] > limit else "note"
        out.append(s.finding("stale", grave, "data", items=(s.leaves[k],), age=f"{columns[k]:.0f}", years=years,
                             latest=latest, size=columns[k] / max(limit, 0.5), values={"age": float(columns[k])}))
        aged[:, k] = False
    for u in np.flatnonzero((rows > limit) & ~(columns > limit).all()):
        if s.built.dataset.units[u] in kept:
            out.append(s.finding("stale_unit", "warning", "data", units=(s.built.dataset.units[u],),
                                 age=f"{rows[u]:.0f}", latest=latest, size=rows[u] / max(limit, 0.5),
                                 values={"age": float(rows[u])}))  # fmt: skip
            aged[u] = False
    for k in np.flatnonzero(aged.any(axis=0)):
        who = [s.built.dataset.units[u] for u in np.flatnonzero(aged[:, k])]
        very = bool((old[aged[:, k], k] > 2 * limit).any())
        out.append(s.finding("stale_cells", "warning" if very else "note", "data", items=(s.leaves[k],),
                             units=tuple(who), n=len(who), limit=f"{limit:g}",
                             size=float(np.nanmax(old[aged[:, k], k])) / max(limit, 0.5),
                             values={"figures": len(who)}))  # fmt: skip
    return out


def _middle(x: Array) -> Array:
    """The median of each column's known values; NaN without any."""
    return np.array([np.median(c[~np.isnan(c)]) if (~np.isnan(c)).any() else np.nan for c in x.T])


def _sources(s: Subject) -> list[Finding]:
    """Sources of the codebook that name an old year, where the figures themselves have none."""
    book = s.built.dataset.codebook
    said: dict[str, int] = {}
    for k, code in enumerate(s.leaves):
        info = book.get(s.built.dataset.indicators[s.built.pipeline.columns[k]])
        named = YEAR.findall(f"{info.source} {info.label()}") if info else []
        if named and np.isnan(s.years[:, k]).all():
            said[code] = max(map(int, named))
    edition = s.spec.current()
    latest = edition.year if edition else max(said.values(), default=0)
    return [s.finding("old_source", "warning", "data", items=(c,), year=y, latest=latest,
                      size=(latest - y) / max(s.limits.max_age, 0.5), values={"year": y})
            for c, y in said.items() if latest - y > s.limits.max_age]  # fmt: skip


def _backfilled(s: Subject) -> list[str]:
    """Indicators that the codebook says to be known only as revised later."""
    book, data = s.built.dataset.codebook, s.built.dataset.indicators
    return [c for k, c in enumerate(s.leaves)
            if (b := book.get(data[s.built.pipeline.columns[k]])) is not None and b.backfilled]  # fmt: skip


def _revised(s: Subject) -> list[Finding]:
    known = _backfilled(s)
    if not known:
        return []
    names: Mapping[str, str] = {lang: _listed([s.names(c)[lang] for c in known]) for lang in ("en", "ko")}
    return [s.finding("backfilled", "note", "data", items=tuple(known), n=len(known), names=names)]


def _listed(names: Sequence[str], most: int = 4) -> str:
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def _carried(s: Subject) -> list[Finding]:
    """Indicators of a panel whose figures are those of the edition before."""
    whole, name = s.built.dataset.whole, s.built.dataset.editions[-1]
    if whole is None or name not in whole.editions or not (at := whole.editions.index(name)):
        return []
    out = []
    for k, code in enumerate(s.leaves):
        now, then = (whole.values[t][:, s.built.pipeline.columns[k]] for t in (at, at - 1))
        both = ~(np.isnan(now) | np.isnan(then))
        if both.sum() >= 10 and len(np.unique(now[both])) > 0.5 * both.sum():
            same = float((now[both] == then[both]).mean())
            if same > 0.9:
                out.append(s.finding("carried", "warning", "data", items=(code,), one=whole.editions[at - 1], two=name,
                                     share=percent(same), values={"share": same}))  # fmt: skip
    return out
