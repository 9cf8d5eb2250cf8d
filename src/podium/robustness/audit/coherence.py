"""Chapter on coherence: whether the parts of a group say the same, and whether anything runs against the rest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from podium.data.dataset import Array
from podium.errors import ComputationError
from podium.index.components import principal_components
from podium.index.correlation import correlation_matrix
from podium.index.reliability import alpha_without, cronbach_alpha
from podium.index.significance import p_values
from podium.index.tree import Group
from podium.robustness.audit.chance import FAMILY, below_usual, normal_scores, surprise, with_rest
from podium.robustness.audit.chapter import Chapter, Grid
from podium.robustness.audit.finding import Finding, Severity
from podium.robustness.audit.overlap import common_factor, overlap
from podium.robustness.audit.subject import Subject
from podium.robustness.audit.wording import answer, percent, r2

__all__ = ["alpha_limit", "coherence", "second_eigenvalue"]

SURE = 0.001
"""The p-value from which on a negative correlation is more than chance."""
OPPOSED = 0.2
"""What runs against the rest, or against another, correlates with it by less than minus this."""
SIMULATED = 200


def alpha_limit(alpha: float, units: int, items: int, *, tests: int = 1) -> float:
    """Return the upper end of a one-sided 99.5 % interval of Cronbach's alpha, wider where many groups are tested.

    ``1 - (1 - alpha) F`` with the quantile of Feldt's F (n - 1, (n - 1)(k - 1)) degrees; Feldt (1965),
    doi:10.1007/BF02289499.
    """
    from scipy.special import fdtri

    return 1 - (1 - alpha) * float(fdtri(units - 1, (units - 1) * (items - 1), FAMILY / max(tests, 1)))


def second_eigenvalue(loadings: Array, units: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return the mean and standard deviation of the second eigenvalue of correlations of one-factor normal data.

    Parameters
    ----------
    loadings
        ``(item,)`` of the one factor, within ±1.
    """
    held = np.clip(loadings, -0.999, 0.999)
    noise = rng.standard_normal((SIMULATED, units, len(held))) * np.sqrt(1 - held**2)
    x = rng.standard_normal((SIMULATED, units, 1)) * held + noise
    z = (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, ddof=1, keepdims=True)
    second = np.linalg.eigvalsh(z.swapaxes(1, 2) @ z / (units - 1))[:, -2]
    return float(second.mean()), float(second.std(ddof=1))


def coherence(s: Subject) -> Chapter:
    """Return the chapter on correlations, redundancy, reliability and components."""
    findings = [*overlap(s)]
    against = [*_directions(s), *_against(s)]
    findings += against
    reversed_ = {i for f in against for i in f.items}
    tables = {"correlations": _parents(s), "across": _across(s), "pairs": _pairs(s), "groups": _groups(s),
              "levels": _levels(s), "components": _components(s)}  # fmt: skip
    weak = [f for g in s.built.tree.groups for f in _weak(s, g)]
    opposed = {f.items[0] for f in weak if f.kind == "opposed" and f.severity == "warning"}
    findings += [*_low(s, reversed_), *_negative_pairs(s, reversed_, opposed)]
    findings += [*weak, *(f for g in s.built.tree.groups for f in _dimensions(s, g))]
    twice = [f for f in findings if f.kind in ("duplicate", "mirror", "redundant", "composite")]
    text = answer("coherence", twice=len(twice), against=len(against), weak=len(weak))
    grave = any(f.severity != "note" for f in findings)
    return Chapter("coherence", "poor" if grave else "mixed" if findings else "good", text, tables, tuple(findings))


def _one(x: Array, y: Array) -> tuple[float, float]:
    r = correlation_matrix(x[:, None], y[:, None], kind="pearson")
    return float(r[0, 0]), float(p_values(x[:, None], y[:, None], kind="pearson", coefficients=r)[0, 0])


def _mean(z: Array) -> Array:
    """The mean of each row's known values; NaN without any."""
    there = ~np.isnan(z)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(there, z, 0.0).sum(axis=1) / there.sum(axis=1))


def _directions(s: Subject) -> Iterator[Finding]:
    """Indicators that run against all others together and against their own group."""
    z, parent = normal_scores(s.oriented), s.built.tree.parent
    if len(s.leaves) < 3:
        return
    signs = _majority(z)
    oriented = z * signs
    for k, code in enumerate(s.leaves):
        others = [j for j in range(len(s.leaves)) if j != k]
        family = [j for j in others if parent[j] == parent[k]]
        r, p = _one(z[:, k], _mean(oriented[:, others]))
        own = _one(z[:, k], _mean(z[:, family]))[0] if family else float("nan")
        alone = len(family) == 0
        if len(family) == 1 and signs[k] > 0:
            continue  # of two that disagree, the one that goes with the index stays
        if r < -OPPOSED and p < 0.05 and (alone or own < 0):
            column = s.built.pipeline.columns[k]
            usual = with_rest(len(others), s.limits.within[0] / 2)
            sure = p < 0.01 and below_usual(r, usual, int((~np.isnan(z[:, k])).sum()), len(s.leaves))
            yield s.finding("direction", "warning" if sure else "note", "coherence", items=(code,), r=r2(r),
                            own="–" if alone else r2(own), code=s.built.dataset.indicators[column], size=1.5 - r,
                            values={"r": r, "own": own} if not alone else {"r": r})  # fmt: skip


def _majority(z: Array) -> Array:
    """1 or −1 for each indicator: on which side of the first component it stands, the larger side being 1."""
    r = np.nan_to_num(correlation_matrix(z, kind="pearson"))
    first = np.linalg.eigh(r)[1][:, -1]
    side = np.where(first < 0, -1.0, 1.0)
    return np.asarray(side if side.sum() >= 0 else -side)


def _against(s: Subject) -> Iterator[Finding]:
    """Groups that run against the other parts of the same parent."""
    tree, z = s.built.tree, normal_scores(s.scores)
    heads = [g for g in tree.groups if len(g.children) > 1]
    for g in heads:
        kids = [c for c in g.children if c >= tree.indicators]
        r = {c: _one(z[:, c], _mean(z[:, [o for o in g.children if o != c]])) for c in kids}
        for c in kids:
            value, p = r[c]
            if not (value < 0 and p < 0.05):
                continue
            n = int((~np.isnan(z[:, c])).sum())
            sure = p < 0.01 and value < -OPPOSED and below_usual(value, 0.0, n, len(tree.groups))
            if len(g.children) == 2 and len(s.below(c)) > min(len(s.below(o)) for o in g.children):
                continue  # of two parts that disagree, the one with fewer indicators is named
            yield s.finding("negative_pillar", "warning" if sure else "note", "coherence",
                            items=(tree.items[c], g.code), r=r2(value), size=1.5 - value,
                            values={"r": value})  # fmt: skip


def _parents(s: Subject) -> Grid:
    """Correlations of every item with its parent and with the index."""
    tree = s.built.tree
    r = correlation_matrix(s.scores, kind="pearson")
    root = tree.groups[-1].item
    rows = [(tree.items[k], tree.items[tree.parent[k]], tree.level[k], r[k, tree.parent[k]], r[k, root])
            for k in range(len(tree.items)) if k != root]  # fmt: skip
    return Grid.of(("item", "parent", "level", "with_parent", "with_index"), rows)


def _across(s: Subject) -> Grid:
    """Correlations of every indicator with each part of the root, its own and the others."""
    tree, kids = s.built.tree, list(s.pillars)
    r = correlation_matrix(s.scores[:, : tree.indicators], s.scores[:, kids], kind="pearson")
    own = {leaf: tree.items[p] for p in kids for leaf in s.below(p)}
    rows = [(code, own.get(k), *r[k]) for k, code in enumerate(s.leaves)]
    return Grid.of(("item", "parent", *(tree.items[p] for p in kids)), rows)


def _pairs(s: Subject) -> Grid:
    """Correlations of every pair of siblings, on all levels."""
    tree, rows = s.built.tree, []
    for g in tree.groups:
        kids = list(g.children)
        x = s.scores[:, kids]
        r = correlation_matrix(x, kind="pearson")
        p = p_values(x, kind="pearson", coefficients=r)
        rows += [(g.code, tree.items[kids[i]], tree.items[kids[j]], r[i, j], p[i, j])
                 for i, j in zip(*np.triu_indices(len(kids), 1), strict=True)]  # fmt: skip
    return Grid.of(("group", "first", "second", "r", "p"), rows)


def _groups(s: Subject) -> Grid:
    """Reliability of each group: over its indicators, and over its children."""
    tree, rows = s.built.tree, []
    for g in tree.groups:
        below, kids = s.oriented[:, s.below(g.item)], s.scores[:, list(g.children)]
        rows.append((g.code, tree.level[g.item], below.shape[1], cronbach_alpha(below, standardised=False),
                     cronbach_alpha(below, standardised=True), cronbach_alpha(kids, standardised=False),
                     _between(kids)))  # fmt: skip
    columns = ("group", "level", "indicators", "alpha", "standardised", "alpha_children", "mean_r")
    return Grid.of(columns, rows)


def _between(x: Array) -> float:
    """The mean correlation between columns; NaN below two."""
    r = correlation_matrix(x, kind="pearson")
    upper = r[np.triu_indices(len(r), 1)]
    return float(np.nanmean(upper)) if len(upper) and not np.isnan(upper).all() else float("nan")


def _levels(s: Subject) -> Grid:
    """All items of a level together: how many things they hold by their eigenvalues, and how much those explain."""
    tree, rows = s.built.tree, []
    for level in sorted({tree.level[k] for k in range(len(tree.items))}):
        items = [k for k in range(len(tree.items)) if tree.level[k] == level]
        if len(items) < 2:
            continue
        try:
            found = principal_components(s.scores[:, items])
        except ComputationError:
            continue
        above = int((found.sdev**2 > s.limits.eigenvalue).sum())
        rows.append((level, len(items), above, found.share[0], found.share[:above].sum(), found.rows))
    return Grid.of(("level", "items", "above", "first", "together", "units"), rows)


def _components(s: Subject) -> Grid:
    """Eigenvalues of the children of each group, and what each component explains."""
    rows = []
    for g in s.built.tree.groups:
        if len(g.children) < 2:
            continue
        try:
            found = principal_components(s.scores[:, list(g.children)])
        except ComputationError:
            continue
        total = 0.0
        for k, (sd, share) in enumerate(zip(found.sdev, found.share, strict=True)):
            total += share
            rows.append((g.code, k + 1, sd**2, share, total, found.rows))
    return Grid.of(("group", "component", "eigenvalue", "share", "together", "units"), rows)


def _low(s: Subject, skip: set[str]) -> Iterator[Finding]:
    """Indicators that hardly go with their group, or go with another one more."""
    tree, limit = s.built.tree, s.limits.within[0]
    r = correlation_matrix(s.scores, kind="pearson")
    heads = [g for g in tree.groups[:-1] if len(g.children) > 1]
    for k, code in enumerate(s.leaves):
        parent = tree.parent[k]
        group = tree.groups[parent - tree.indicators]
        own = float(r[k, parent]) * (1.0 if group.plain else s.facing[k])
        if code in skip or np.isnan(own) or len(group.children) < 2:
            continue
        if own < limit:
            grave: Severity = "warning" if _apart(s, k, group) else "note"
            yield s.finding("low_parent", grave, "coherence", items=(code, tree.items[parent]), r=r2(own),
                            limit=f"{limit:g}", size=1 + limit - own, values={"r": own})  # fmt: skip
            continue
        rivals = [g.item for g in heads if g.item != parent and tree.level[g.item] == tree.level[parent]]
        best = max(rivals, key=lambda j: np.nan_to_num(r[k, j]), default=None)
        if best is not None and r[k, best] > own + 0.05:
            yield s.finding("misplaced", "note", "coherence", items=(code, tree.items[parent], tree.items[best]),
                            r=r2(own), other=r2(float(r[k, best])), size=1 + float(r[k, best]) - own,
                            values={"r": own, "other": float(r[k, best])})  # fmt: skip


def _apart(s: Subject, k: int, group: Group) -> bool:
    """Whether an indicator surely goes with the rest of its group less than half of what is usual would have it."""
    z = normal_scores(s.oriented[:, s.below(group.item)])
    at = s.below(group.item).index(k)
    rest = np.delete(z, at, axis=1)
    r = _one(z[:, at], _mean(rest))[0]
    both = int((~np.isnan(z[:, at]) & ~np.isnan(_mean(rest))).sum())
    return below_usual(r, with_rest(rest.shape[1], s.limits.within[0] / 2), both, len(s.leaves))


def _negative_pairs(s: Subject, skip: set[str], opposed: set[str]) -> Iterator[Finding]:
    """Siblings that correlate negatively; a warning where that is sure and not yet said of the whole group."""
    grid, place = _pairs(s), {c: k for k, c in enumerate(s.built.tree.items)}
    for group, a, b, r, p in grid.rows:
        if r is not None and r < 0 and p is not None and p < SURE and a not in skip and b not in skip:
            x = s.scores[:, [place[a], place[b]]]
            both = int((~np.isnan(x).any(axis=1)).sum())
            by_rank = float(correlation_matrix(x, kind="spearman")[0, 1])
            sure = max(r, by_rank) < -OPPOSED and below_usual(max(r, by_rank), 0.0, both, len(grid.rows))
            grave: Severity = "warning" if sure and group not in opposed else "note"
            yield s.finding("negative_pair", grave, "coherence", items=(a, b, group), r=r2(r), size=1 - r,
                            values={"r": r, "p": p})  # fmt: skip


def _weak(s: Subject, g: Group) -> Iterator[Finding]:
    """A group with a low alpha; a warning where its indicators correlate by less than half of what is usual, surely."""
    below = s.below(g.item)
    k, limit = len(below), s.limits.alpha
    if k < 2 or len(g.children) < 2:
        return
    x = s.oriented[:, below]
    alpha = cronbach_alpha(x, standardised=False)
    if not alpha < limit:
        return
    least = s.limits.within[0] / 2
    usual = k * least / (1 + (k - 1) * least)
    units = int((~np.isnan(x).any(axis=1)).sum())
    by_rank = cronbach_alpha(normal_scores(x), standardised=False)
    tests = len(s.built.tree.groups)
    sure = units > 3 and alpha_limit(max(alpha, by_rank), units, k, tests=tests) < usual
    together = _between(x)
    yield s.finding(
        "opposed" if together < -OPPOSED / 2 else "weak", "warning" if sure else "note", "coherence", items=(g.code,),
        alpha=r2(alpha), limit=f"{limit:.2f}", n=k, r=r2(together), look=_look(s, x, below),
        size=1 + limit - alpha, values={"alpha": alpha, "mean_r": together, "indicators": k},
    )  # fmt: skip


def _look(s: Subject, x: Array, below: list[int]) -> dict[str, str]:
    """Where to look in a weak group: at the indicator without which alpha rises most, of three or more."""
    without = alpha_without(x, standardised=False) if len(below) > 2 else np.full(2, np.nan)
    if np.isnan(without).all():
        return {"en": "Ask whether its indicators belong together", "ko": "지표들이 한 영역에 어울리는지 검토하십시오"}
    best = int(np.nanargmax(without))
    name, alpha = s.names(s.leaves[below[best]]), r2(float(without[best]))
    return {"en": f"Look at the indicator without which α rises most ({name['en']}: {alpha})",
            "ko": f"제외할 때 α가 가장 많이 오르는 지표({name['ko']}: {alpha})를 살펴보십시오"}  # fmt: skip


def _dimensions(s: Subject, g: Group) -> Iterator[Finding]:
    """A group with a second eigenvalue above 1; a warning where one factor does not bring that about by chance."""
    x = s.scores[:, list(g.children)]
    x = x[~np.isnan(x).any(axis=1)]
    if x.shape[1] < 3 or len(x) < 10:
        return
    try:
        found = principal_components(x)
    except ComputationError:
        return
    eigen = found.sdev**2
    number = int((eigen > s.limits.eigenvalue).sum())
    if number < 2:
        return
    load = common_factor(correlation_matrix(x, kind="pearson"))
    mean, sd = second_eigenvalue(load, min(len(x), 500), np.random.default_rng([s.limits.seed, g.item]))
    by_rank = np.linalg.eigvalsh(correlation_matrix(normal_scores(x), kind="pearson"))[-2]
    # the greatest of chance's eigenvalues has a longer tail than the normal law's: half as many deviations again
    sure = min(float(eigen[1]), float(by_rank)) > mean + 1.5 * surprise(len(s.built.tree.groups)) * sd
    yield s.finding("dimensions", "warning" if sure else "note", "coherence", items=(g.code,), n=number,
                    limit=f"{s.limits.eigenvalue:g}", share=percent(float(found.share[0])),
                    size=float(eigen[1]) / s.limits.eigenvalue,
                    values={"eigenvalues": number, "second": float(eigen[1]), "share": float(found.share[0])})
