"""Chapters on what the index adds over its parts and over income, and on benefit of the doubt."""

from __future__ import annotations

import re
from difflib import get_close_matches

import numpy as np

from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.index.correlation import correlation_matrix
from podium.index.frontier import undominated
from podium.index.rank import ranks
from podium.robustness.audit.chapter import Chapter, Grid
from podium.robustness.audit.compensation import above_zero
from podium.robustness.audit.finding import Finding
from podium.robustness.audit.subject import Subject
from podium.robustness.audit.wording import answer, percent, places, r2

__all__ = ["added", "benchmarks", "doubt", "flattered"]

FAR = 10.0
"""Places by which the index and a part must differ for a unit to have learnt something from it."""
MOST = 2000
PER_HEAD = re.compile(r"(?i)gdp.*(per[ _]?(cap|head|person)|p\.?c\b|pc$|pc_)|gdppc|gnipc|gni.*(per|pc)|income_per")
GDP = re.compile(r"(?i)^gdp(_.*)?$")
PEOPLE = re.compile(r"(?i)^(pop(ulation)?|pop_total|total_pop)$")


def benchmarks(s: Subject) -> dict[str, Array]:
    """Return columns beside which the index is set, ``(unit kept,)`` each: those named, else GDP per head by its name.

    GDP per head is also made of a column of GDP and one of the population.

    Raises
    ------
    DataError
        If a column that is named does not exist.
    """
    data, rows = s.built.dataset, s.built.pipeline.keep
    table = data.unit_table.reindex(list(s.built.units))
    columns = {str(c): table[c].to_numpy(float) for c in table.columns if table[c].dtype.kind in "fiu"}
    columns |= {c: data.values[-1][rows, k] for k, c in enumerate(data.indicators)}
    if s.limits.benchmarks:
        if lost := [c for c in s.limits.benchmarks if c not in columns]:
            near = [m for c in lost for m in get_close_matches(c, columns, n=1)]
            hint = f"Did you mean {near[0]}?" if near else f"Name columns of numbers: {', '.join(columns)[:160]}"
            raise DataError(Fault(f"`audit: benchmarks` names {', '.join(lost)}, which the data do not have", hint,
                                  *s.spec.at("audit", "benchmarks")))  # fmt: skip
        return {c: columns[c] for c in s.limits.benchmarks}
    found = {c: v for c, v in columns.items() if PER_HEAD.search(c) and c not in s.leaves}
    if found:
        best = max(found, key=lambda c: ((~np.isnan(found[c])).sum(), _year(c)))
        return {best: found[best]}
    gdp = next((c for c in columns if GDP.match(c)), None)
    people = next((c for c in columns if PEOPLE.match(c)), None)
    if gdp is None or people is None:
        return {}
    with np.errstate(invalid="ignore", divide="ignore"):
        return {f"{gdp} / {people}": columns[gdp] / np.where(columns[people] > 0, columns[people], np.nan)}


def _year(name: str) -> int:
    return max(map(int, re.findall(r"(?:19|20)\d\d", name)), default=0)


def added(s: Subject) -> Chapter:
    """Return the chapter on what the index says that its parts, or income, do not."""
    sign = 1.0 if s.built.spec.steps.rank.best == "highest" else -1.0
    rows, findings = [], list[Finding]()
    for item in s.pillars:
        code = s.built.tree.items[item]
        r, share, n = _beside(sign * s.scores[:, item], s.ranks)
        rows.append((code, "part", r, share, n))
        if r >= s.limits.redundancy and len(s.pillars) > 1:
            findings.append(s.finding("adds_little", "note", "added", items=(code,), r=r2(r), share=percent(share),
                                      size=r / s.limits.redundancy, values={"r": r, "share": share}))  # fmt: skip
    beside = benchmarks(s)
    for name, x in beside.items():
        r, share, n = _beside(sign * x, s.ranks)
        rows.append((name, "benchmark", r, share, n))
        if abs(r) >= s.limits.redundancy:
            findings.append(s.finding("adds_little_over", "note", "added", by=name, r=r2(r),
                                      size=abs(r) / s.limits.redundancy, values={"r": r}))  # fmt: skip
    parts = [r for r in rows if r[1] == "part" and not np.isnan(r[2])]
    if not parts:
        return Chapter("added", "open", answer("doubt open", why="–"))
    near = max(parts, key=lambda r: r[2])
    said = {"a": s.names(near[0]), "r": r2(near[2])}
    if beside:
        name = next(iter(beside))
        text = answer("added bench", **said, by=name, g=r2(next(r[2] for r in rows if r[0] == name)))
    else:
        text = answer("added without", **said)
    grid = Grid.of(("what", "kind", "r", "moved", "units"), rows)
    return Chapter("added", "mixed" if findings else "good", text, {"parts": grid}, tuple(findings))


def _beside(x: Array, placed: Array) -> tuple[float, float, int]:
    """Rank correlation of figures with an index's ranks, the share of units ten places apart, and their number."""
    both = ~(np.isnan(x) | np.isnan(placed))
    if both.sum() < 3:
        return float("nan"), float("nan"), int(both.sum())
    r = -float(correlation_matrix(x[both, None], placed[both, None], kind="spearman")[0, 0])
    own, theirs = ranks(-placed[both]), ranks(x[both])
    return r, float((np.abs(own - theirs) >= FAR).mean()), int(both.sum())


def doubt(s: Subject) -> Chapter:
    """Return the chapter on benefit of the doubt: each unit under the weights of the parts that flatter it most.

    Each part's weight stays between `audit: doubt` times its own.
    """
    kids = list(s.pillars)
    if len(kids) < 2 or len(s.built.units) > MOST:
        one = {"en": "There is but one part.", "ko": "영역이 하나뿐입니다."}
        many = {"en": f"Not worked out for more than {MOST:,} units.",
                "ko": f"대상이 {MOST:,}개를 넘어 계산을 생략했습니다."}  # fmt: skip
        why = one if len(kids) < 2 else many
        return Chapter("doubt", "open", answer("doubt open", why=why))
    sign = 1.0 if s.built.spec.steps.rank.best == "highest" else -1.0
    scored = ~np.isnan(s.ranks)
    x = above_zero(sign * s.scores[:, kids])
    w = s.built.tree.weights[kids] / s.built.tree.weights[kids].sum()
    low, high = s.limits.doubt
    found = np.full(len(x), np.nan)
    known_part = ~np.isnan(x)
    own = np.where(known_part, x, 0.0) @ w / np.maximum(known_part @ w, 1e-12)
    whole = np.where(known_part, x, own[:, None])  # a missing part is as good as the others together
    found[scored] = flattered(whole[scored], low * w, np.minimum(high * w, 1.0))
    placed = ranks(np.round(found, 9))
    change = placed - s.ranks
    order = np.argsort(s.ranks, kind="stable")
    grid = Grid.of(("unit", "rank", "score", "flattered", "change"),
                   [(s.built.units[u], s.ranks[u], found[u], placed[u], change[u]) for u in order])  # fmt: skip
    known = change[~np.isnan(change)]
    best = int(np.nanargmin(change))
    findings = []
    if -known.min() >= s.limits.width:
        findings.append(s.finding("doubt", "note", "doubt", units=(s.built.units[best],),
                                  most=places(float(known.min())),
                                  size=float(-known.min()) / s.limits.width, at=s.spec.at("tree"),
                                  values={"most": float(-known.min())}))  # fmt: skip
    text = answer("doubt", middle=places(float(np.median(np.abs(known)))), n=int((placed == 1).sum()))
    return Chapter("doubt", "mixed" if findings else "good", text, {"units": grid}, tuple(findings))


def flattered(x: Array, low: Array, high: Array) -> Array:
    """Return each unit's score ``(unit,)`` under the weights that flatter it most, none above 1 with any.

    Benefit of the doubt with an assurance region: maximise ``v·x_i`` with ``v·x_j <= 1`` for every unit j, where each
    part's share of the sum of weights lies between its bounds. Unlike bounds on a part's share of the unit's own score,
    these let a unit be bad in a part without falling below what the index itself gives it.

    Parameters
    ----------
    x
        ``(unit, part)``, from 0 on, none missing.
    low, high
        ``(part,)`` least and most share of a part in the weights.
    """
    from scipy.optimize import linprog

    peers, parts = x[undominated(x)], x.shape[1]
    rows = np.vstack([low[:, None] - np.eye(parts), np.eye(parts) - high[:, None]])
    upper = np.vstack([peers, rows])
    limit = np.concatenate([np.ones(len(peers)), np.zeros(len(rows))])
    out = np.empty(len(x))
    for k, row in enumerate(x):
        solved = linprog(-row, A_ub=upper, b_ub=limit, bounds=(0, None), method="highs")
        out[k] = -solved.fun if solved.success else np.nan
    return out
