"""How much of the spread of ranks each assumption explains: Sobol' indices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from podium.data.dataset import Array
from podium.errors import DataError, Fault, InputError
from podium.index.build import Built, among_all, build
from podium.index.rank import ranks
from podium.index.spec import Spec
from podium.robustness.assumptions import Assumption, Model, compile_model

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Indices", "Sensitivity", "bootstrap", "design", "first_order", "sensitivity", "sobol_indices", "total_order",
]  # fmt: skip

Progress = Callable[[float, str], None]
RESAMPLES = 500
LEVEL = 0.95
TABLES = 256


def first_order(a: Array, b: Array, ab: Array, *, centre: Array | float, ddof: int = 0) -> Array:
    """Return first-order indices ``mean((f_B - c) (f_AB - f_A)) / V``; 0 where V is 0.

    Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018, table 2 (b).

    Parameters
    ----------
    a, b
        The function at the rows of A and of B, ``(row, ...)``.
    ab
        At the rows of A with one input from B.
    centre
        Subtracted from f_B; any constant leaves the expectation as it is, the mean makes its error small.
    ddof
        What is taken off the number of values in the variance of those at A and B.
    """
    return _over(np.mean((b - centre) * (ab - a), axis=0), _variance(a, b, ddof))


def total_order(a: Array, b: Array, ab: Array, *, ddof: int = 0) -> Array:
    """Return total indices ``mean((f_A - f_AB)²) / 2 V``; 0 where V is 0, exactly 0 where the input changes nothing.

    Jansen (1999), doi:10.1016/S0010-4655(98)00154-4.
    """
    return _over(0.5 * np.mean((a - ab) ** 2, axis=0), _variance(a, b, ddof))


def _variance(a: Array, b: Array, ddof: int) -> Array:
    return np.asarray(np.var(np.concatenate([a, b]), axis=0, ddof=ddof))


def _over(x: Array, v: Array) -> Array:
    return np.asarray(np.where(v > 0, x / np.where(v > 0, v, 1.0), 0.0))


@dataclass(frozen=True, eq=False)
class Indices:
    """Sobol' indices ``(assumption, output)``, the ends of their bootstrap intervals, and variances ``(output,)``."""

    first: Array
    first_low: Array
    first_high: Array
    total: Array
    total_low: Array
    total_high: Array
    variance: Array


def bootstrap(a: Array, b: Array, ab: Array, counts: Array) -> tuple[Array, Array]:
    """Return first-order and total indices of resampled rows, ``(resample, output)`` each.

    ``counts`` ``(resample, row)`` says how often each row is drawn, as a share of all. Archer, Saltelli & Sobol'
    (1997), doi:10.1080/00949659708811825.
    """
    centre = (a.mean(axis=0) + b.mean(axis=0)) / 2
    one, two = a - centre, b - centre
    mean = (counts @ one + counts @ two) / 2
    variance = (counts @ one**2 + counts @ two**2) / 2 - mean**2
    moved = ab - a
    first = counts @ (two * moved) - mean * (counts @ moved)
    return _over(first, variance), _over(0.5 * (counts @ moved**2), variance)


def sobol_indices(
    a: Array, b: Array, ab: Sequence[Array], *, rng: np.random.Generator, resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Indices:  # fmt: skip
    """Return the indices of each input from a function's values ``(row, output)`` at A, at B, and at each mixture.

    First-order indices by Saltelli et al. (2010), total ones by Jansen (1999); intervals are percentiles over
    resampled rows.
    """
    centre = (a.mean(axis=0) + b.mean(axis=0)) / 2
    ends = ((1 - level) / 2, (1 + level) / 2)
    counts = rng.multinomial(len(a), np.full(len(a), 1.0 / len(a)), size=resamples) / len(a)
    first, total, low, high = [], [], [], []
    for part in ab:
        first.append(first_order(a, b, part, centre=centre))
        total.append(total_order(a, b, part))
        drawn = bootstrap(a, b, part, counts)
        low.append([np.quantile(x, ends[0], axis=0) for x in drawn])
        high.append([np.quantile(x, ends[1], axis=0) for x in drawn])
    lows, highs = np.array(low), np.array(high)
    return Indices(np.array(first), lows[:, 0], highs[:, 0], np.array(total), lows[:, 1], highs[:, 1],
                   _variance(a, b, 0))  # fmt: skip


def design(n: int, inputs: int, *, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return the matrices A and B, ``(row, input)`` each, from one scrambled Sobol' sequence; n is a power of 2.

    Joe & Kuo (2008), doi:10.1137/070709359; scrambling by Matoušek (1998).
    """
    from scipy.stats import qmc

    if n < 2 or n & (n - 1):
        nearest = 2 ** max(int(np.ceil(np.log2(max(n, 2)))), 1)
        raise InputError(Fault(f"{n} rows are not a power of 2", f"Use {nearest}"))
    if 2 * inputs > qmc.Sobol.MAXDIM:
        raise InputError(Fault(f"the weights take {inputs} inputs, more than {qmc.Sobol.MAXDIM // 2}", "Fix some"))
    points = qmc.Sobol(2 * inputs, scramble=True, rng=rng).random_base2(int(np.log2(n)))
    return points[:, :inputs], points[:, inputs:]


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Sobol' indices of an index's assumptions.

    ``shift`` are those of the mean absolute rank shift from the nominal ranks; ``mean_shift`` is its mean. ``scores``
    at A, at B and at each mixture ``(row, unit)`` give those of any unit. ``builds`` is the number of builds
    that the design asks for: ``n (assumptions + 2)``.
    """

    built: Built
    assumptions: tuple[Assumption, ...]
    shift: Indices
    mean_shift: float
    scores: tuple[Array, ...]
    n: int
    builds: int
    seed: int

    @property
    def table(self) -> pd.DataFrame:
        """One row an assumption, the greatest total first: indices of the mean rank shift with 95 % intervals."""
        return self._table(self.shift)

    def of(self, unit: str, what: str = "rank") -> pd.DataFrame:
        """The same for a unit's `rank` or `score`."""
        if unit not in self.built.units:
            raise DataError(Fault(f"unit {unit} is not in the index", f"Use one of {', '.join(self.built.units)}"))
        if what not in ("rank", "score"):
            raise InputError(Fault(f"{what!r} is neither rank nor score", "Use one of them"))
        k = self.built.units.index(unit)
        values = [_ranks(self.built, s) if what == "rank" else s for s in self.scores]
        if np.isnan(values[0][:, k]).all():
            raise DataError(Fault(f"unit {unit} has no score", "It lacks too many figures"))
        middle = float(np.nanmean(values[0][:, k]))
        one = [np.nan_to_num(v[:, [k]], nan=middle) for v in values]
        return self._table(sobol_indices(one[0], one[1], one[2:], rng=np.random.default_rng([self.seed, k])))

    def _table(self, indices: Indices) -> pd.DataFrame:
        import pandas as pd

        names = ("first", "first_low", "first_high", "total", "total_low", "total_high")
        columns = {n: getattr(indices, n)[:, 0] for n in names}
        frame = pd.DataFrame(columns, [a.name for a in self.assumptions])
        return frame.sort_values("total", ascending=False, kind="stable")


def sensitivity(
    spec: Spec | Built, *, n: int, seed: int, tables: int = TABLES, progress: Progress | None = None
) -> Sensitivity:
    """Return first-order and total Sobol' indices of every assumption that a specification declares uncertain.

    Parameters
    ----------
    n
        Rows of the design, a power of 2; ``n (assumptions + 2)`` builds are made of them.
    seed
        Seed of the scrambling, the stored errors and the bootstrap.
    tables
        Number of stored datasets with random errors, of which each build picks one.
    progress
        Called with the share done and what is being done.

    Raises
    ------
    SpecError
        If nothing is uncertain.
    ComputationError
        If a build fails, naming the node, its method, the unit and the child; nothing is averaged away.
    """
    built = among_all(spec if isinstance(spec, Built) else build(spec))
    tell = progress or (lambda done, what: None)
    tell(0.0, "variants")
    model = compile_model(built, seed=seed, tables_=tables)
    design_rng, boot_rng = np.random.default_rng(seed).spawn(2)
    a, b = design(n, model.inputs, rng=design_rng)
    steps = len(model.assumptions) + 2
    scores = [model.scores(a), model.scores(b)]
    for k, assumption in enumerate(model.assumptions):
        tell((k + 2) / (steps + 1), assumption.name)
        scores.append(_mixed(model, a, b, assumption, scores[0]))
    nominal = _ranks(built, built.score_table[None, :, -1])[0]
    ranked = ~np.isnan(nominal)
    shifts = [np.nanmean(np.abs(_ranks(built, s)[:, ranked] - nominal[ranked]), axis=1)[:, None] for s in scores]
    tell(steps / (steps + 1), "indices")
    indices = sobol_indices(shifts[0], shifts[1], shifts[2:], rng=boot_rng)
    tell(1.0, "done")
    mean = float(np.mean(np.concatenate(shifts[:2])))
    return Sensitivity(built, model.assumptions, indices, mean, tuple(scores), n, n * steps, seed)


def _mixed(model: Model, a: Array, b: Array, assumption: Assumption, known: Array) -> Array:
    """Scores at A with one assumption from B; rows whose values stay the same keep their scores, bit by bit."""
    u = a.copy()
    u[:, list(assumption.columns)] = b[:, list(assumption.columns)]
    rows = np.arange(len(u))
    if assumption.kind != "weights":
        rows = np.flatnonzero((model.cells(u) != model.cells(a)).any(axis=1))
    out = known.copy()
    if len(rows):
        out[rows] = model.scores(u[rows])
    return out


def _ranks(built: Built, scores: Array) -> Array:
    rule = built.spec.steps.rank
    return ranks(scores if rule.best == "highest" else -scores, decimals=rule.decimals, rounding=rule.rounding)
