"""Chapters on robustness and sensitivity: how far ranks move under other choices, and what moves them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from podium.errors import ComputationError, PodiumError
from podium.robustness.admissible import weight_sets
from podium.robustness.audit.assumed import Assumed, assumed
from podium.robustness.audit.chapter import Chapter, Grid, State
from podium.robustness.audit.finding import Finding, Severity
from podium.robustness.audit.subject import Subject
from podium.robustness.audit.wording import answer, choice_word, percent, places
from podium.robustness.engine import stress
from podium.robustness.preference import linear_scale
from podium.robustness.ranges import rank_ranges
from podium.robustness.result import Stress
from podium.robustness.sensitivity import sensitivity

__all__ = ["robustness", "sensitivity_of", "trial"]

Tell = Callable[[float, str], None]
STEPS = (1, 2, 5, 10, 20, 50, 100)
"""Widths of intervals, in places, up to which units are counted."""
BROAD = 0.2
"""A middle interval wider than this share of all places makes a warning of wide intervals."""
PROVED = 300
"""Up to so many units, best and worst ranks over all weights are bounded …"""
SOLVED = 3000
"""… and up to so many units × indicators, where scores are linear in the weights and complete, proved."""
PATIENCE = 3600.0
TIERED = 512
"""Up to so many units, tiers are formed."""
WORK = 20_000_000
"""Most scores (draws × units) that are drawn."""
BUILDS = 30_000_000
"""Most builds × units × items of the sensitivity analysis; larger indices take fewer rows."""


def trial(s: Subject, tell: Tell) -> tuple[Assumed, Stress]:
    """Return the index as it is tried, and what became of its ranks."""
    held = assumed(s)
    draws = max(50, min(s.limits.draws, WORK // len(s.built.units)))
    return held, stress(held.built, draws=draws, seed=s.limits.seed, error_draws=0, progress=tell)


def robustness(s: Subject, held: Assumed, result: Stress, tell: Tell) -> Chapter:
    """Return the chapter on robustness: intervals, shifts, tiers, the specification curve, proved ranges."""
    table = result.intervals
    nominal = table["nominal"].to_numpy(float)
    ranked = ~np.isnan(nominal)
    width = (table["q95"] - table["q05"]).to_numpy(float)[ranked]
    shift = np.abs(table["median"].to_numpy(float) - nominal)[ranked]
    units, limits = int(ranked.sum()), s.limits
    columns = ("unit", "nominal", "q05", "q25", "median", "q75", "q95")
    rows = [(u, *row) for u, row in zip(table.index, table[list(columns[1:])].to_numpy(), strict=True)]
    tables = {"intervals": Grid.of(columns, rows), "widths": _widths(width), "curve": _curve(result)}
    if units <= TIERED:
        tables["tiers"] = _tiers(result)
    tell(0.5, "exact ranges")
    if (proved := _proved(held, result)) is not None:
        tables["ranges"] = proved
    stays = float((shift <= limits.shift).mean())
    findings = _findings(s, width, stays, units)
    text = answer("robustness", draws=f"{result.draws:,}", what=held.what, width=places(float(np.median(width))),
                  all=f"{units:,}", shift=percent(stays), limit=f"{limits.shift:g}")  # fmt: skip
    for why in held.left_out:
        text = {k: f"{text[k]} {why[k]}." for k in text}
    return Chapter("robustness", _state(findings), text, tables, findings)


def _findings(s: Subject, width: np.ndarray, stays: float, units: int) -> tuple[Finding, ...]:
    limits, out = s.limits, []
    wide, middle = float((width > limits.width).mean()), float(np.median(width))
    at = s.spec.at("uncertainties")
    values = {"wide": wide, "middle": middle, "stays": stays}
    if wide > 0:
        grave: Severity = "warning" if middle > BROAD * units and middle > limits.width else "note"
        out.append(s.finding("wide", grave, "robustness", share=percent(wide), limit=f"{limits.width:g}",
                             middle=f"{middle:,.0f}", all=f"{units:,}", at=at, size=1 + wide,
                             values=values))  # fmt: skip
    if stays < limits.shift_share:
        out.append(s.finding("shifted", "note", "robustness", share=percent(stays), limit=f"{limits.shift:g}",
                             wanted=percent(limits.shift_share), at=at, size=1 + limits.shift_share - stays,
                             values=values))  # fmt: skip
    if middle <= 1 and units >= 20:
        out.append(s.finding("perfect", "note", "robustness", middle=places(middle), at=at, values=values))
    return tuple(out)


def _state(findings: tuple[Finding, ...]) -> State:
    if any(f.severity != "note" for f in findings):
        return "poor"
    return "mixed" if findings else "good"


def _tiers(result: Stress) -> Grid:
    try:
        found = result.tiers(level=0.95)
    except PodiumError:
        found = result.tiers(level=1)
    return Grid.of(("first", "last", "units", "firm"), [(t.first, t.last, ", ".join(t.units), t.firm) for t in found])


def _widths(width: np.ndarray) -> Grid:
    """How many units have a 90 % interval of at most so many places."""
    steps = [w for k, w in enumerate(STEPS) if not k or STEPS[k - 1] < width.max(initial=0)]
    return Grid.of(("places", "number", "share"), [(w, int((width <= w).sum()), (width <= w).mean()) for w in steps])


def _curve(result: Stress) -> Grid:
    """Each combination of choices at nominal weights, the index itself on top, then those that move ranks most."""
    nominal = result.built.rank_table[:, -1]
    rows = []
    for v in result.variants:
        placed = v.built.rank_table[:, -1]
        moved = np.abs(placed - nominal)
        first = [u for u, r in zip(v.built.units, placed, strict=True) if r == 1]
        rows.append((" · ".join(v.options.values()) or "–", v.nominal, float(np.nanmean(moved)),
                     float(np.nanmax(moved)), ", ".join(first[:3])))  # fmt: skip
    rows.sort(key=lambda r: (not r[1], -r[2]))
    return Grid.of(("choices", "nominal", "mean_move", "most", "first"), rows)


def _proved(held: Assumed, result: Stress) -> Grid | None:
    """Best and worst ranks over all admissible weights, with what is proved of them."""
    built = held.built
    if len(built.units) > PROVED or not built.spec.uncertainties.weights:
        return None
    try:
        scale = linear_scale(built, weight_sets(built.spec, built.tree)[0])
        small = len(built.units) * built.tree.indicators <= SOLVED
        # size alone decides, never the clock: the same index gives the same audit on any machine
        found = rank_ranges(built, time_limit=PATIENCE if small and scale.complete and not scale.linear else 0.0)
    except PodiumError:
        return None
    rows = [(r.unit, r.nominal, r.best, r.worst, r.best_bound, r.worst_bound, r.exact)
            for r in sorted(found.ranges.values(), key=lambda r: r.nominal)]  # fmt: skip
    return Grid.of(("unit", "nominal", "best", "worst", "best_bound", "worst_bound", "exact"), rows)


def sensitivity_of(s: Subject, held: Assumed, tell: Tell) -> Chapter:
    """Return the chapter on what moves the ranks: Sobol' indices of the mean shift of ranks."""
    variants = 1
    for c in held.built.spec.uncertainties.free.choices:
        variants *= len(c.options)
    cost = (len(held.built.spec.uncertainties.free.choices) + 4) * len(s.built.units) * len(s.built.tree.items)
    rows = s.limits.rows
    while rows > 16 and rows * cost > BUILDS:
        rows //= 2
    try:
        found = sensitivity(held.built, n=rows, seed=s.limits.seed, tables=32, progress=tell)
    except (PodiumError, ComputationError) as error:
        said = str(error).splitlines()[0]
        return Chapter("sensitivity", "open", answer("sensitivity open", why=said))
    table = found.table
    columns = ("name", "first", "first_low", "first_high", "total", "total_low", "total_high")
    grid = Grid.of(columns, [(str(k), *row) for k, row in zip(table.index, table[list(columns[1:])].to_numpy(),
                                                            strict=True)])  # fmt: skip
    total = table["total"].to_numpy(float)
    share = float(total[0] / total.sum()) if total.sum() > 0 else 0.0
    word = choice_word(s.built.spec, str(table.index[0]))
    findings: tuple[Finding, ...] = ()
    if len(total) > 1 and share > 0.5 and found.mean_shift > 1:
        findings = (s.finding("hinge", "note", "sensitivity", name=word, share=percent(share), size=2 * share,
                              at=s.spec.at("uncertainties"), values={"share": share}),)  # fmt: skip
    text = answer("sensitivity", name=word, share=percent(share))
    return Chapter("sensitivity", "mixed" if findings else "good", text, {"indices": grid}, findings)
