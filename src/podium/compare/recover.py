"""The weights hidden in a published table, with the interval that rounding allows; or the proof that there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from podium.compare.consistent import Gap, Rows, gap, integer_ratios, reproduces, share_intervals
from podium.compare.formula import Fit, Recovered, Refusal, Weight
from podium.compare.rounded import Column, Published, chosen, published
from podium.data.dataset import Array
from podium.errors import DataError, Fault

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["recover"]

MOST_SIGNED = 8
"""Components up to which every combination of directions is tried before it is said that none reproduces a score."""
MOST_NESTED = 6
INTEGERS = 60
ROUND_ENDS = ((0.0, 1.0), (0.0, 10.0), (0.0, 100.0), (0.0, 1000.0), (1.0, 10.0), (1.0, 100.0), (1.0, 7.0), (1.0, 5.0))
INNER = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2))


Change = Callable[[Array], Array]


@dataclass(frozen=True)
class _Family:
    """A rising change of the score and one of the components, between which the combination is affine."""

    name: str
    mean: str
    score: Change
    component: Change
    back: Change
    positive: tuple[bool, bool]


def _same(x: Array) -> Array:
    return x


def _reciprocal(x: Array) -> Array:
    return np.asarray(-1.0 / x)


FAMILIES = (
    _Family("affine", "mean", _same, _same, _same, (False, False)),
    _Family("log-linear", "geometric mean", np.log, np.log, np.exp, (True, True)),
    _Family("semi-log", "semi-log", _same, np.log, _same, (False, True)),
    _Family("harmonic", "harmonic mean", _reciprocal, _reciprocal, _reciprocal, (True, True)),
)


def recover(
    table: str | Path | pd.DataFrame, *, score: str, components: Sequence[str] | None = None, most: int | None = None
) -> Recovered:
    """Return which combination of its components reproduces a published score within its rounding.

    Every figure is taken for what rounding allows: half a unit of the last decimal its column shows, on the score and
    on each component. A combination reproduces the score where every row allows it; the combinations that do form a
    polyhedron, over which the extremes of each weight are found by linear programming. Where it is empty, the dual of
    the program names rows that contradict each other whatever the weights.

    Parameters
    ----------
    table
        A CSV, XLSX or Parquet file, or a data frame.
    score
        The column of the score.
    components
        The columns that may enter; None takes every numeric column that is not a rank of the score, and leaves out
        those it can do without.
    most
        The greatest sum of whole-number weights that are tried; None takes 60, or three for each component if more.

    Raises
    ------
    DataError
        If a column is missing or not numeric, or there are not enough rows.
    """
    held = published(table)
    target = chosen(held, score, "score")
    names = list(components) if components is not None else _candidates(held, target)
    parts = [chosen(held, name, "component") for name in names]
    complete = ~np.isnan(target.values) & ~np.isnan(np.array([p.values for p in parts])).any(axis=0)
    _enough(held, target, parts, complete)
    labels = [r for r, good in zip(held.rows, complete, strict=True) if good]
    most = max(INTEGERS, 3 * len(parts)) if most is None else most
    work = _Work(target, parts, complete, labels, components is None, most)
    fits, refusals = work.all()
    return Recovered(
        score, tuple(names), {c.name: c.decimals for c in (target, *parts)}, int(complete.sum()),
        int((~complete & ~np.isnan(target.values)).sum()), work.reproduced(fits[0]) if fits else 0, tuple(fits),
        tuple(refusals), tuple(work.notes),
    )  # fmt: skip


def _candidates(held: Published, target: Column) -> list[str]:
    """Numeric columns that may be components: not the score, not constant, not its rank, filled in most rows."""
    out = []
    known = ~np.isnan(target.values)
    for name, column in held.columns.items():
        x = column.values[known]
        there = ~np.isnan(x)
        if name == target.name or there.sum() < 0.5 * len(x) or np.nanmax(x) == np.nanmin(x):
            continue
        y = target.values[known][there]
        order = np.argsort(-y, kind="stable")
        whole = column.decimals == 0 and len(x) > 2
        falls, rises = (bool((np.diff(s * x[there][order]) >= 0).all()) for s in (1, -1))
        if whole and (falls or rises) and {1.0} <= set(x[there]):
            continue
        out.append(name)
    return out


def _enough(held: Published, target: Column, parts: list[Column], complete: npt.NDArray[np.bool_]) -> None:
    if not parts:
        raise DataError(Fault("there is no numeric column beside the score", "Name --components", held.file))
    if complete.sum() < 2:
        raise DataError(Fault(f"{int(complete.sum())} rows have the score {target.name!r} and all of {len(parts)} "
                              "components", "Name fewer --components, or fill in the table", held.file))  # fmt: skip
    y = target.values[complete]
    if y.max() == y.min():
        raise DataError(Fault(f"the score {target.name!r} is constant", "Name another --score", held.file))


@dataclass(eq=False)
class _Work:
    """One table on its way through the families."""

    target: Column
    parts: list[Column]
    complete: npt.NDArray[np.bool_]
    labels: list[str]
    prune: bool
    most: int
    notes: list[str] = field(default_factory=list)

    def all(self) -> tuple[list[Fit], list[Refusal]]:
        fits: list[Fit] = []
        refusals: list[Refusal] = []
        for family in FAMILIES:
            made = self.rows(family)
            if made is None:
                continue
            found, complete = self.directed(made)
            if found[0].empty:
                refusals.append(self.refused(family, found, complete))
            else:
                fits += self.described(family, *found[1:])
        if not fits:
            fits += self.nested()
        fits.sort(key=lambda f: (not f.conclusive, f.over is None, f.family == "semi-log", f.over or 0))
        if fits and not fits[0].conclusive:
            self.notes.append(f"{fits[0].rows} rows and {fits[0].unknowns} unknowns: a fit is a matter of course")
        return fits, refusals

    def rows(self, family: _Family, parts: list[Column] | None = None) -> Rows | None:
        """What a family demands, all directions upwards; None where it cannot be had (logarithms of 0)."""
        y = self.target.values[self.complete]
        x = np.array([p.values[self.complete] for p in (parts or self.parts)]).T
        half = np.array([p.half for p in (parts or self.parts)])
        least, most, low, high = y - self.target.half, y + self.target.half, x - half, x + half
        if (family.positive[0] and y.min() <= 0) or (family.positive[1] and x.min() <= 0):
            return None
        if family.positive[0]:  # a figure above 0 that rounds to itself was at least a hair above 0
            least = np.maximum(least, y * 1e-3)
        if family.positive[1]:
            low = np.maximum(low, x * 1e-3)
        return Rows(family.component(low), family.component(high), family.score(least), family.score(most))

    def directed(self, rows: Rows) -> tuple[tuple[Gap, Rows, list[int]], bool]:
        """The directions with the least miss, and whether all were tried; those of least squares come first."""
        k = rows.low.shape[1]
        signs = _least_squares_signs(rows)
        best = gap(_turned(rows, signs)), _turned(rows, signs), list(signs)
        if not best[0].empty:
            return best, True
        for turn in _turns(k):
            tried = [-s if c in turn else s for c, s in enumerate(signs)]
            other = gap(_turned(rows, tried))
            if other.miss < best[0].miss:
                best = other, _turned(rows, tried), tried
            if not other.empty:
                break
        return best, k <= MOST_SIGNED

    def refused(self, family: _Family, found: tuple[Gap, Rows, list[int]], complete: bool) -> Refusal:
        answer, rows, _ = found
        n = len(self.labels)
        used = np.flatnonzero(answer.multipliers > 1e-9 * answer.multipliers.max(initial=0.0))
        names = tuple(f"{self.labels[k % n]} ({'published too low' if k < n else 'published too high'})" for k in used)
        return Refusal(family.name, answer.miss, names, tuple(float(answer.multipliers[k]) for k in used),
                       answer.proves(rows), complete)  # fmt: skip

    def described(self, family: _Family, rows: Rows, signs: list[int]) -> list[Fit]:
        """The fits of a family that is not empty: without what is not needed, as simple as it gets, on each scale."""
        keep = self.needed(rows) if self.prune else list(range(len(signs)))
        rows, signs = rows.only(keep), [signs[k] for k in keep]
        name, rows = self.simplest(family, rows, signs)
        out = [self.fit(family, name, scale, rows, divided, keep, signs)
               for scale, divided in self.scales(family, rows, keep, name)]  # fmt: skip
        return [min(out, key=lambda f: f.over or np.inf)]

    def needed(self, rows: Rows) -> list[int]:
        """Components one cannot do without, found by leaving out the least influential first."""
        keep = list(range(rows.low.shape[1]))
        answer = gap(rows)
        spread = (rows.high + rows.low).std(axis=0)
        for c in sorted(keep, key=lambda k: answer.alpha[k] * spread[k]):
            rest = [k for k in keep if k != c]
            if rest and not gap(rows.only(rest)).empty:
                keep = rest
        return keep

    def simplest(self, family: _Family, rows: Rows, signs: list[int]) -> tuple[str, Rows]:
        """A mean before a stretched sum before a combination with an offset."""
        pure = Rows(rows.low, rows.high, rows.least, rows.most, offset=False, pure=True)
        if all(s > 0 for s in signs) and family.mean != family.name and not gap(pure).empty:
            return family.mean, pure
        plain = replace(pure, pure=False)
        if family.name == "affine" and not gap(plain).empty:
            return "weighted sum", plain
        if family.name == "affine":
            stretched = self.stretched(rows)
            if stretched is not None and not gap(stretched).empty:
                return "min-max", stretched
        return family.name, rows

    def stretched(self, rows: Rows) -> Rows | None:
        """The rows with the score exact at both ends, where it shows round ones; None where it does not."""
        y = self.target.values[self.complete]
        ends = float(y.min()), float(y.max())
        if ends not in ROUND_ENDS:
            return None
        exact = (y == ends[0]) | (y == ends[1])
        return Rows(rows.low, rows.high, np.where(exact, y, rows.least), np.where(exact, y, rows.most))

    def scales(self, family: _Family, rows: Rows, keep: list[int], name: str) -> Iterator[tuple[str, Rows]]:
        """The rows with components as given, then divided by their range or standard deviation in the table."""
        yield "as given", rows
        if name not in ("affine", "min-max", "semi-log", "weighted sum"):
            return
        x = family.component(np.array([self.parts[k].values[self.complete] for k in keep]).T)
        half = (rows.high - rows.low).max(axis=0) / 2
        span = x.max(axis=0) - x.min(axis=0)
        yield "min-max", rows.scaled(np.maximum(span - 2 * half, span * 0.5), span + 2 * half)
        sd = x.std(axis=0, ddof=1)
        yield "standardised", rows.scaled(np.maximum(sd - half, sd * 0.5), sd + half)

    def fit(
        self, family: _Family, name: str, scale: str, rows: Rows, divided: Rows, keep: list[int], signs: list[int]
    ) -> Fit:
        low, high = share_intervals(divided)
        unknowns = len(keep) + (1 if rows.offset else -1 if rows.pure else 0)
        sought = self.most if len(self.labels) > unknowns else 0
        ratios, all_tried = integer_ratios(divided, low, high, sought)
        simple = ratios[0] if ratios else None
        answer = gap(divided)
        alpha, offset = answer.alpha, answer.offset
        if simple is not None:
            _, factor, offset = reproduces(divided, np.array(simple, dtype=float))
            alpha = factor * np.array(simple, dtype=float)
        shares = alpha / alpha.sum()
        by = _divisor(rows, divided)
        names = [self.parts[k].name for k in keep]
        weights = tuple(
            Weight(n, s, float(s * a / d), float(w), float(lo), float(hi), None if simple is None else simple[c])
            for c, (n, s, a, d, w, lo, hi) in enumerate(zip(names, signs, alpha, by, shares, low, high, strict=True))
        )  # fmt: skip
        middle = (rows.low + rows.high) / 2 @ (alpha / by) + offset
        y = self.target.values[self.complete]
        miss = float(np.abs(family.back(middle) - y).max())
        return Fit(name, scale, weights, float(offset), None if simple is None else sum(simple),
                   len(ratios) == 1 and all_tried, sought, miss, len(y), unknowns, "")  # fmt: skip

    def nested(self) -> list[Fit]:
        """Means of means: groups of components averaged one way, the groups the other way."""
        if not 3 <= len(self.parts) <= MOST_NESTED:
            return []
        out: list[Fit] = []
        for outer, inner in ((FAMILIES[1], "arithmetic"), (FAMILIES[0], "geometric")):
            for groups, parts in self.grouped(inner):
                rows = self.rows(outer, parts)
                if rows is None:
                    continue
                pure = Rows(rows.low, rows.high, rows.least, rows.most, offset=False, pure=True)
                for name, form in ((outer.mean, pure), (outer.name, rows)):
                    if len(parts) >= 2 and not gap(form).empty:
                        work = _Work(self.target, parts, self.complete, self.labels, False, self.most)
                        every = list(range(len(parts)))
                        made = work.fit(outer, "nested", "as given", form, form, every, [1] * len(parts))
                        out.append(Fit(**{**vars(made), "formula": f"{name} of {', '.join(groups)}"}))
                        break
                if out:
                    return out
        return out

    def grouped(self, inner: str) -> Iterator[tuple[list[str], list[Column]]]:
        """Partitions with one group of two or more components: equal weights, or small ratios for two."""
        k = len(self.parts)
        sizes = sorted(range(2, k), key=lambda s: s)
        for size in sizes:
            for members in combinations(range(k), size):
                for ratio in INNER if size == 2 else ((1,) * size,):
                    merged = _merged([self.parts[c] for c in members], ratio, inner)
                    if merged is not None:
                        rest = [self.parts[c] for c in range(k) if c not in members]
                        yield [merged.name, *(p.name for p in rest)], [merged, *rest]

    def reproduced(self, fit: Fit) -> int:
        """How many rows that lack components a mean reproduces when their weights go to the others."""
        if fit.family not in ("mean", "geometric mean", "harmonic mean"):
            return 0
        family = next(f for f in FAMILIES if f.mean == fit.family)
        place = {p.name: p for p in self.parts}
        columns = [place[w.component] for w in fit.weights]
        shares = np.array([w.share for w in fit.weights])
        count = 0
        for k in np.flatnonzero(~self.complete & ~np.isnan(self.target.values)):
            x = np.array([c.values[k] for c in columns])
            there = ~np.isnan(x)
            if not there.any() or (family.positive[1] and x[there].min() <= 0):
                continue
            half = np.array([c.half for c in columns])
            part = shares[there] / shares[there].sum()
            floor = 1e-12 if family.positive[1] else -np.inf
            could = [np.maximum(x + s * half, floor)[there] for s in (-1, 1)]
            ends = [float(family.back(part @ family.component(c))) for c in could]
            y = self.target.values[k]
            count += min(ends) <= y + self.target.half * 1.001 and max(ends) >= y - self.target.half * 1.001
        return count


def _merged(members: list[Column], ratio: tuple[int, ...], inner: str) -> Column | None:
    """A mean of columns, with the decimals to which their rounding lets it be known (rounded down)."""
    w = np.array(ratio, dtype=float) / sum(ratio)
    x = np.array([m.values for m in members])
    half = float(w @ np.array([m.half for m in members]))
    if inner == "geometric":
        if np.nanmin(x) <= 0:
            return None
        values = np.exp(w @ np.log(x))
        half *= float(np.nanmax(values / np.nanmin(x, axis=0)))
    else:
        values = w @ x
    said = " + ".join(m.name if r == 1 else f"{r} {m.name}" for m, r in zip(members, ratio, strict=True))
    return _Mean(f"{inner} mean of ({said})", values, 0, half)


@dataclass(frozen=True, eq=False)
class _Mean(Column):
    """A column made of others, with the half width that their rounding leaves."""

    width: float = 0.0

    @property
    def half(self) -> float:
        return self.width


def _divisor(rows: Rows, divided: Rows) -> Array:
    """What each component was divided by, in the middle of the rounding."""
    before, after = (np.abs(r.low + r.high).max(axis=0) for r in (rows, divided))
    return np.where(after > 0, before / np.where(after > 0, after, 1.0), 1.0)


def _turned(rows: Rows, signs: Sequence[int]) -> Rows:
    """The rows with some components in the other direction."""
    down = np.array(signs) < 0
    return Rows(np.where(down, -rows.high, rows.low), np.where(down, -rows.low, rows.high), rows.least, rows.most)


def _least_squares_signs(rows: Rows) -> list[int]:
    x, y = (rows.low + rows.high) / 2, (rows.least + rows.most) / 2
    spread = x.std(axis=0)
    table = np.column_stack([(x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0), np.ones(len(y))])
    found, *_ = np.linalg.lstsq(table, y, rcond=None)
    return [1 if c >= -1e-9 * np.abs(found).max() else -1 for c in found[:-1]]


def _turns(k: int) -> Iterator[frozenset[int]]:
    """Sets of components to turn round: all of them up to `MOST_SIGNED` components, else up to two at a time."""
    if k <= MOST_SIGNED:
        for bits in sorted(product((0, 1), repeat=k), key=sum):
            if any(bits):
                yield frozenset(c for c, b in enumerate(bits) if b)
        return
    for size in (1, 2):
        yield from (frozenset(c) for c in combinations(range(k), size))
