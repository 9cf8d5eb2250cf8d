"""Chapter on compensation: whom a strong part saves, and whom a weak part would cost places."""

from __future__ import annotations

import numpy as np

from podium.data.dataset import Array
from podium.index.rank import ranks
from podium.robustness.audit.chapter import Chapter, Grid
from podium.robustness.audit.subject import Subject
from podium.robustness.audit.wording import answer, places

__all__ = ["above_zero", "compensation", "two_means"]


def above_zero(x: Array) -> Array:
    """Return scores on a scale from 1 to 100 where any is 0 or below, by one line for all parts; else as they are.

    One line for all parts ``(unit, part)`` leaves the order by weighted arithmetic means as it is.
    """
    low, high = float(np.nanmin(x)), float(np.nanmax(x))
    if low > 0 or high == low:
        return x
    return np.asarray(1 + 99 * (x - low) / (high - low))


def two_means(x: Array, w: Array) -> tuple[Array, Array]:
    """Return weighted arithmetic and geometric means over parts ``(unit, part)`` above 0; missing parts give weight."""
    there = ~np.isnan(x)
    share = np.where(there, w, 0.0)
    total = share.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        a = np.where(there, x, 0.0) * share
        g = np.where(there, np.log(np.where(there, x, 1.0)), 0.0) * share
        return np.asarray(a.sum(axis=1) / total), np.asarray(np.exp(g.sum(axis=1) / total))


def compensation(s: Subject) -> Chapter:
    """Return the chapter that sets the arithmetic mean of the index's parts beside the geometric one, unit by unit."""
    kids = list(s.pillars)
    sign = 1.0 if s.built.spec.steps.rank.best == "highest" else -1.0
    scored = ~np.isnan(s.scores[:, -1])
    x = np.where(scored[:, None], s.scores[:, kids], np.nan)
    arithmetic, geometric = two_means(above_zero(x), s.built.tree.weights[kids])
    one, two = ranks(sign * arithmetic), ranks(sign * geometric)
    moved = two - one
    order = np.argsort(-np.abs(np.nan_to_num(moved)), kind="stable")
    weakest = [s.built.tree.items[kids[int(np.nanargmin(sign * x[u]))]] if not np.isnan(x[u]).all() else None
               for u in range(len(x))]  # fmt: skip
    rows = [(s.built.units[u], one[u], two[u], moved[u], weakest[u]) for u in order]
    known = np.abs(moved[~np.isnan(moved)])
    most, limit = float(known.max(initial=0.0)), s.limits.width
    findings = []
    if most >= limit and len(kids) > 1:
        units = tuple(s.built.units[u] for u in order if abs(moved[u]) >= limit)
        said = f"{moved[order[0]]:+.0f}"
        findings.append(s.finding(
            "compensation", "note", "compensation", units=units[:1], n=f"{len(units):,}", all=f"{len(known):,}",
            limit=f"{limit:g}", move=said.replace("-", "−"), size=most / limit, at=s.spec.at("steps", "aggregate"),
            values={"most": most, "units": len(units)},
        ))  # fmt: skip
    text = answer("compensation", middle=places(float(np.median(known))), most=places(most))
    grid = Grid.of(("unit", "arithmetic", "geometric", "change", "weakest"), rows)
    return Chapter("compensation", "mixed" if findings else "good", text, {"units": grid}, tuple(findings))
