"""Where the ranking is heading if every series drifts on as it has: projections, rank probabilities by year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.data.dataset import Array, Dataset
from podium.errors import DataError, Fault, InputError
from podium.index.aggregate import effective_weights, tree_scores
from podium.index.build import Built
from podium.index.rank import ranks_within
from podium.index.rescale import ends, rescaled
from podium.index.spec import IndicatorRule
from podium.scenarios.backtest import DF, Backtest, backtest, current, enough
from podium.scenarios.drift import Drift, correlation, fit_drift, steps_of
from podium.scenarios.history import History, history
from podium.scenarios.scale import Scale, scale_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Forecast", "Law", "fit_law", "forecast", "projected"]

BLOCK = 250
LONGEST = 2


@dataclass(frozen=True, eq=False)
class Law:
    """How each series of an index goes on; made by `fit_law`.

    ``method`` says of each series ``drift``, ``no change`` (it wanders without a drift) or ``constant`` (it stays: too
    few years, ended more than two years ago, or not used by the index). ``drifts`` and ``scales`` hold the laws of the
    first two, ``correlation`` ``(series, series)`` that of their yearly shocks.
    """

    built: Built
    held: History
    method: Mapping[str, str]
    scales: Mapping[str, Scale]
    drifts: Mapping[str, Drift]
    correlation: Array
    tested: Backtest

    def ahead(self, years: float) -> Array:
        """The edition's figures ``(unit, series)`` so many years on, without any shock; a missing one stays missing."""
        out = np.array(self.built.dataset.values[-1])
        for k, code in enumerate(self.held.series):
            if code in self.drifts:
                scale = self.scales[code]
                moved = scale.back(scale.forward(out[:, k]) + years * self.drifts[code].mean)
                out[:, k] = np.where(np.isnan(moved) | (self.drifts[code].mean == 0), out[:, k], moved)
        return out

    def weights(self) -> dict[str, float]:
        """The share of the index's weight whose indicators follow each method."""
        tree, out = self.built.tree, {"drift": 0.0, "no change": 0.0, "constant": 0.0}
        for code, w in zip(tree.items[: tree.indicators], effective_weights(tree), strict=False):
            out[self.method[_measure(self.built, code)]] += float(w)
        return out

    def constant(self) -> dict[str, float]:
        """The indicators that are held constant, each with its weight in the index."""
        tree = self.built.tree
        found = zip(tree.items[: tree.indicators], effective_weights(tree), strict=False)
        return {c: float(w) for c, w in found if self.method[_measure(self.built, c)] == "constant"}


def _measure(built: Built, code: str) -> str:
    rule = built.spec.indicators.get(code)
    return (rule.measure if rule else None) or code


def _rules(built: Built) -> dict[str, IndicatorRule]:
    """What the specification says of each series that an indicator measures."""
    return {_measure(built, c): built.spec.indicators[c] for c in built.pipeline.leaves if c in built.spec.indicators}


def _used(built: Built) -> tuple[str, ...]:
    """The series that the index's scores are made of: what its indicators measure, and by what they are divided."""
    step, out = built.spec.steps.denominate, dict[str, None]()
    for code in built.pipeline.leaves:
        measure = _measure(built, code)
        out[measure] = None
        rule = built.spec.indicators.get(code)
        by = None if step is None else built.dataset.codebook[measure].denominator if step.by is None else step.by
        for name in (rule.per if rule else None, by):
            if name in built.dataset.indicators:
                out[str(name)] = None
    return tuple(out)


def fit_law(built: Built, *, horizon: int = LONGEST, always: str | None = None) -> Law:
    """Return how each series goes on, from what the edition may know alone.

    A series with figures in at least five years drifts where a back-test on the years before says that this beats
    "no change" (lower CRPS up to the horizon), and wanders without drift elsewhere; the others are held constant.

    Parameters
    ----------
    horizon
        The years ahead that the back-test looks at.
    always
        ``drift`` or ``no change`` for every series with enough years, whatever the back-test says.

    Raises
    ------
    DataError
        If the figures are of one time only.
    """
    held, rules, used = history(built), _rules(built), _used(built)
    tested = backtest(held, rules, horizon=horizon, series=used)
    method: dict[str, str] = {}
    scales: dict[str, Scale] = {}
    drifts: dict[str, Drift] = {}
    residuals = np.full((len(held.years) * len(held.units), len(held.series)), np.nan)
    for k, code in enumerate(held.series):
        y = held.values[:, :, k]
        method[code] = "constant"
        if code not in used or not enough(y) or not current(y, int(held.public[k] - held.years[0])):
            continue
        method[code] = always or ("drift" if tested.better(code) else "no change")
        scales[code] = scale_of(y, rules.get(code))
        z = scales[code].forward(y)
        drifts[code] = fit_drift(steps_of(z), len(held.units), drift=method[code] == "drift")
        residuals[len(held.units) :, k] = _standardised(z, drifts[code]).ravel()
    return Law(built, held, method, scales, drifts, correlation(residuals), tested)


def _standardised(z: Array, law: Drift) -> Array:
    """Yearly steps ``(year - 1, unit)`` less their drift, in units of their spread."""
    return np.asarray((np.diff(z, axis=0) - law.mean) / np.where(law.sd > 0, law.sd, np.inf))


def projected(built: Built, *, years: int, law: Law | None = None) -> Dataset:
    """Return the edition's dataset so many years on: each unit's figures by their drift, without any shock.

    `law` is `fit_law(built)` where it is at hand. Series with too few years, or whose back-test favours "no change",
    stay as they are.
    """
    found = fit_law(built, horizon=max(years, 1)) if law is None else law
    return built.dataset.with_values(found.ahead(years)[None])


@dataclass(frozen=True, eq=False)
class Forecast:
    """Scores and ranks of the coming years under the law of the series.

    ``scores`` and ``ranks`` are ``(year, draw, unit)``, ``projected_ranks`` ``(year, unit)`` those without any shock.
    ``years`` counts from the edition, 1 the first after it.
    """

    law: Law
    years: tuple[int, ...]
    scores: Array
    ranks: Array
    projected_scores: Array
    projected_ranks: Array
    seed: int

    @property
    def built(self) -> Built:
        """The index forecast."""
        return self.law.built

    @property
    def names(self) -> tuple[str, ...]:
        """What the coming editions are called: the edition's year and so on."""
        now = self.built.spec.edition_name
        return tuple(str(int(now) + h) if now is not None and now.isdigit() else f"+{h}" for h in self.years)

    def probability(self, unit: str, k: int) -> Array:
        """The probability ``(year,)`` that a unit is k-th or better."""
        return np.asarray((self.ranks[:, :, self._at(unit)] <= k).mean(axis=1))

    def ahead(self, a: str, b: str) -> Array:
        """The probability ``(year,)`` that unit a is ahead of unit b."""
        return np.asarray((self.ranks[:, :, self._at(a)] < self.ranks[:, :, self._at(b)]).mean(axis=1))

    def quantiles(self, at: tuple[float, ...]) -> Array:
        """Quantiles of the ranks, ``(quantile, year, unit)``."""
        return np.asarray(np.nanquantile(self.ranks, at, axis=1, method="inverted_cdf"))

    @property
    def table(self) -> pd.DataFrame:
        """One row a unit and coming year: rank now, projected rank, median and 5–95 % of the rank."""
        import pandas as pd

        low, middle, high = self.quantiles((0.05, 0.5, 0.95))
        now = self.built.rank_table[:, -1]
        rows = [
            {"unit": u, "edition": name, "now": now[k], "projected": self.projected_ranks[t, k], "median": middle[t, k],
             "q05": low[t, k], "q95": high[t, k]}
            for k, u in enumerate(self.built.units) for t, name in enumerate(self.names)
        ]  # fmt: skip
        return pd.DataFrame(rows).sort_values(["now", "edition"], kind="stable", ignore_index=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the forecast as plain JSON values."""
        return {
            "index": self.built.spec.name, "edition": self.built.spec.edition_name, "editions": list(self.names),
            "draws": self.ranks.shape[1], "seed": self.seed, "weight_by_method": self.law.weights(),
            "constant": self.law.constant(), "method": dict(self.law.method),
            "backfilled": list(self.law.held.backfilled), "ranks": self.table.to_dict("records"),
        }  # fmt: skip

    def _at(self, unit: str) -> int:
        if unit not in self.built.units:
            raise DataError(Fault(f"unit {unit} is not in the index", f"Use one of {', '.join(self.built.units)}"))
        return self.built.units.index(unit)


def forecast(
    built: Built, *, years: int, draws: int, seed: int, law: Law | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Forecast:  # fmt: skip
    """Return rank probabilities of the coming years.

    In each draw every series takes a path: its unit's drift, with its doubt, and yearly shocks that are correlated
    between series as in the panel, and between units by the share they have in common. Imputation and treatment stay as
    fitted in the edition; the normalisation is learnt anew in each draw, as the coming edition will.

    Parameters
    ----------
    years
        How many editions ahead, one a year.
    law
        `fit_law(built)`, where it is at hand.

    Raises
    ------
    InputError
        If `years` or `draws` is below 1.
    DataError
        If the figures are of one time only.
    """
    if years < 1 or draws < 1:
        raise InputError(Fault(f"{years} years and {draws} draws", "Ask for at least 1 of each"))
    found = fit_law(built, horizon=min(years, LONGEST)) if law is None else law
    rng = np.random.default_rng(seed)
    scores = np.empty((years, draws, len(built.units)))
    placed = np.empty(scores.shape)
    for start in range(0, draws, BLOCK):
        size = min(BLOCK, draws - start)
        for h, values in enumerate(_paths(found, years, size, rng)):
            scores[h, start : start + size], placed[h, start : start + size] = _scored(built, values)
        if progress is not None:
            progress((start + size) / draws, "forecast")
    flat = [_scored(built, found.ahead(h + 1)[None]) for h in range(years)]
    return Forecast(found, tuple(range(1, years + 1)), scores, placed, np.concatenate([s for s, _ in flat]),
                    np.concatenate([r for _, r in flat]), seed)  # fmt: skip


def _paths(law: Law, years: int, draws: int, rng: np.random.Generator) -> list[Array]:
    """Whole datasets ``(draw, unit, series)`` of each coming year."""
    base, n = law.built.dataset.values[-1], len(law.held.units)
    codes = [k for k, c in enumerate(law.held.series) if c in law.drifts]
    own = [law.drifts[law.held.series[k]] for k in codes]
    root = np.linalg.cholesky(law.correlation[np.ix_(codes, codes)] + 1e-12 * np.eye(len(codes)))
    common = np.array([d.common for d in own])
    df = np.maximum([d.df for d in own], DF)
    heavy = np.sqrt(df / rng.chisquare(df, (draws, n, len(codes))))
    mean, doubt, sd = (np.array([getattr(d, k) for d in own]).reshape(len(codes), n).T for k in ("mean", "doubt", "sd"))
    drift = mean + doubt * rng.standard_normal((draws, n, len(codes))) * heavy
    path = np.zeros((draws, n, len(codes)))
    out = []
    for _ in range(years):
        shared = rng.standard_normal((draws, 1, len(codes))) @ root.T
        alone = rng.standard_normal((draws, n, len(codes))) @ root.T
        path = path + drift + sd * heavy * (np.sqrt(common) * shared + np.sqrt(1 - common) * alone)
        values = np.broadcast_to(base, (draws, *base.shape)).copy()
        for j, k in enumerate(codes):
            scale = law.scales[law.held.series[k]]
            moved = scale.back(scale.forward(base[:, k]) + path[..., j])
            values[..., k] = np.where(np.isnan(moved), base[:, k], moved)
        out.append(values)
    return out


def _scored(built: Built, values: Array) -> tuple[Array, Array]:
    """Scores and ranks ``(draw, unit kept)`` of whole datasets ``(draw, unit, series)``."""
    table, _ = built.pipeline.normalised(values, replace(built.fitted), rescale=True)
    root = tree_scores(built.tree, table, units=built.units)[..., -1]
    spec = built.spec
    if spec.steps.rescale is not None:
        root = np.stack([rescaled(s, spec.steps.rescale, ends(s, spec.steps.rescale)) for s in root])
    rule = spec.steps.rank
    labels: list[Any] = [0] * len(built.units)
    if rule.within is not None and rule.within in built.dataset.unit_table.columns:
        labels = list(built.dataset.unit_table.loc[list(built.units), rule.within])
    placed = ranks_within((1.0 if rule.best == "highest" else -1.0) * root, labels, ties=rule.ties,
                          decimals=rule.decimals, rounding=rule.rounding)  # fmt: skip
    return root, placed
