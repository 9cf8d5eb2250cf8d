"""What a stressed index says: intervals, shares, probabilities, tiers, and what flips whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.index.build import Built
from podium.index.rank import ranks
from podium.robustness import statistics
from podium.robustness.curve import Flip, smallest_flip, specification_curve
from podium.robustness.draws import Draws, scorer_of
from podium.robustness.polytope import Mixing
from podium.robustness.statistics import Probability, Share
from podium.robustness.tally import Layout, Tally
from podium.robustness.tiers import Tier, separated_by_pairs, separated_by_range, tiers
from podium.robustness.variants import Variant

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Kept", "Stress"]

QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}


@dataclass(frozen=True, eq=False)
class Kept:
    """Draws kept whole: the sample, and scores and ranks over choices ``(draw, unit)``."""

    sample: Draws
    scores: Array
    ranks: Array


@dataclass(frozen=True, eq=False)
class Stress:
    """An index under all its declared uncertainties.

    ``counts`` holds what was counted over the choices, as ``layout`` says; ``kept`` the draws themselves where they are
    few. ``error_ranks`` and ``error_root`` hold for each variant ``(error draw, unit)`` under random errors.
    ``without`` gives the ranks of the index with a part left out. ``partial`` marks a run that was interrupted;
    ``draws`` are those done. Where there are too many error draws to keep, ``error_counts`` holds what was counted for
    each variant. ``together`` are draws in which choices, weights and errors are all free at once; ``mixing`` says how
    well chains behind sampled weights have mixed.
    """

    built: Built
    variants: tuple[Variant, ...]
    layout: Layout
    counts: Tally
    kept: Kept | None
    error_root: tuple[Array, ...]
    error_ranks: tuple[Array, ...]
    without: Mapping[str, Array]
    draws: int
    seed: int
    partial: bool = False
    error_counts: tuple[tuple[Layout, Tally], ...] = ()
    together: tuple[Layout, Tally] | None = None
    mixing: tuple[Mixing, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """The units, in order of the columns."""
        return self.built.units

    @property
    def nominal(self) -> int:
        """The position of the specification's own variant."""
        return next(k for k, v in enumerate(self.variants) if v.nominal)

    @property
    def sample(self) -> Draws:
        """The draws themselves, where they were kept."""
        return self._kept().sample

    @property
    def score_draws(self) -> Array:
        """The root's scores over choices ``(draw, unit)``, where they were kept."""
        return self._kept().scores

    @property
    def rank_draws(self) -> Array:
        """The ranks over choices ``(draw, unit)``, where they were kept."""
        return self._kept().ranks

    @property
    def numbers(self) -> Array:
        """The numbers that a receipt signs: the scores where they were kept, else the counts of ranks."""
        return self.score_draws if self.kept is not None else self.counts.places.astype(float)

    def _kept(self) -> Kept:
        if self.kept is None:
            raise DataError(Fault(f"of {self.draws:,} draws of {len(self.units):,} units only counts were kept",
                                  "Take fewer draws, or `keep=True`"))  # fmt: skip
        return self.kept

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """Quantiles of each unit's rank over choices, the best nominal rank on top."""
        import pandas as pd

        table = pd.DataFrame(self.rank_quantiles(tuple(QUANTILES.values())).T, list(self.units), list(QUANTILES))
        table.insert(0, "nominal", self.built.rank_table[:, -1])
        table["mean"] = statistics.mean_rank(self.layout, self.counts)
        return table.sort_values("nominal", kind="stable")

    def rank_quantiles(self, at: tuple[float, ...]) -> Array:
        """Quantiles of the ranks, ``(quantile, unit)``."""
        return statistics.rank_quantiles(self.layout, self.counts, at)

    def share_at_most(self, unit: str, k: int) -> Share:
        """Share of the admissible variants in which a unit is k-th or better."""
        hits, draws = statistics.at_most(self.layout, self.counts, self._at(unit), k)
        return statistics.count_share(hits, draws)

    def share_ahead(self, a: str, b: str) -> Share:
        """Share of the admissible variants in which unit a is ahead of unit b."""
        return statistics.count_share(statistics.wins(self.counts, self._at(a), self._at(b)), self.draws)

    def probability_at_most(self, unit: str, k: int) -> Probability | None:
        """Probability over random errors that a unit is k-th or better; None where no error is declared."""
        at = self._at(unit)
        if self.error_counts:
            return self._probability([statistics.at_most(lay, c, at, k) for lay, c in self.error_counts])
        return self._probability([(float((r[:, at] <= k).sum()), len(r)) for r in self.error_ranks])

    def probability_ahead(self, a: str, b: str) -> Probability | None:
        """Probability over random errors that unit a is ahead of unit b; None where no error is declared."""
        one, two = self._at(a), self._at(b)
        if self.error_counts:
            return self._probability([(statistics.wins(c, one, two), c.draws) for _, c in self.error_counts])
        hits = [statistics.ahead(self._sign * s, one, two) for s in self.error_root]
        return self._probability([(float(h.sum()), len(h)) for h in hits])

    @cached_property
    def pairwise(self) -> pd.DataFrame:
        """Share of the admissible variants in which the row unit is ahead of the column unit."""
        import pandas as pd

        return pd.DataFrame(statistics.pairwise_shares(self.counts), list(self.units), list(self.units))

    @cached_property
    def curve(self) -> pd.DataFrame:
        """One row a combination of choices at nominal weights: its options, then the rank of each unit."""
        import pandas as pd

        rows = [dict(v.options) | dict(zip(v.built.units, v.built.rank_table[:, -1], strict=True))
                for v in self.variants]  # fmt: skip
        return pd.DataFrame(rows)

    def flips(self, a: str, b: str) -> pd.DataFrame:
        """For each option of each choice: the share of its combinations in which a is ahead of b, nominal weights."""
        import pandas as pd

        lead = [float(v.built.score_of(a) > v.built.score_of(b)) for v in self.variants]
        rows = []
        for choice in self.built.spec.uncertainties.free.choices:
            for option in choice.options:
                part = [x for x, v in zip(lead, self.variants, strict=True) if v.options[choice.name] == option]
                rows.append({"choice": choice.name, "option": option, "share": float(np.mean(part))})
        return pd.DataFrame(rows, columns=["choice", "option", "share"])

    def specification_curve(self, unit: str) -> pd.DataFrame:
        """Every combination of choices at nominal weights in order of a unit's rank, then score."""
        self._at(unit)
        return specification_curve(self.variants, unit)

    def smallest_flip(self, a: str, b: str) -> Flip:
        """The fewest choices whose change turns the order of two units round, at nominal weights."""
        self._at(a)
        self._at(b)
        return smallest_flip(self.variants, a, b)

    @cached_property
    def statistics(self) -> pd.DataFrame:
        """One row a unit: its rank and score over choices, each with its Monte-Carlo error, the best on top.

        ``shift`` is the mean distance from the nominal rank; ``best`` and ``worst`` are ranks reached in any draw.
        """
        import pandas as pd

        at = (0.05, 0.5, 0.95)
        n = np.maximum(self.counts.places.sum(axis=1), 1)
        sd = statistics.rank_sd(self.layout, self.counts)
        best, worst = statistics.rank_range(self.layout, self.counts)
        mean, error = self._score_moments(n)
        columns: dict[str, Array] = {
            "nominal": self.built.rank_table[:, -1], "mean": statistics.mean_rank(self.layout, self.counts),
            "mean_error": sd / np.sqrt(n), "sd": sd, "shift": statistics.mean_shift(self.layout, self.counts),
            "best": best, "worst": worst,
        }  # fmt: skip
        ranked = self.rank_quantiles(at), statistics.rank_quantile_error(self.layout, self.counts, at)
        for name, value, off in zip(("q05", "median", "q95"), *ranked, strict=True):
            columns |= {name: value, f"{name}_error": off}
        columns |= {"score_mean": mean, "score_error": error}
        columns |= dict(zip(("score_q05", "score_median", "score_q95"), self.score_quantiles(at), strict=True))
        return pd.DataFrame(columns, index=list(self.units)).sort_values("nominal", kind="stable")

    def score_quantiles(self, at: tuple[float, ...]) -> Array:
        """Quantiles of the scores, ``(quantile, unit)``: exact where draws were kept, else within a bin of a sketch."""
        if self.kept is not None:
            return statistics.quantiles(self.kept.scores, at)
        endless = np.full(len(self.units), np.inf)
        turned = self._sign < 0
        wanted = tuple(1 - q for q in at) if turned else at
        found = statistics.quantiles_of_bins(self.layout.score_bins, self.counts.scores, wanted, -endless, endless)
        return -found if turned else found

    @property
    def sketched(self) -> str:
        """What was counted exactly and what in bins, and how wide these are."""
        if self.kept is not None:
            return "ranks and scores are exact: every draw was kept"
        score = f"scores are counted in bins of at most {self.layout.score_bins.step.max():.2g} points"
        if self.layout.rank_bins is None:
            return f"ranks are counted exactly; {score}"
        width = self.layout.rank_bins.step
        return f"ranks are counted in bins of {width.min():.0f} to {width.max():.0f} ranks; {score}"

    @property
    def mean_shift(self) -> tuple[float, float]:
        """The mean distance of ranks from the nominal ones over units and draws, and its Monte-Carlo error."""
        total, square = (float(x) for x in self.counts.mean_shift)
        mean = total / self.draws
        variance = max(square / self.draws - mean**2, 0.0) * self.draws / max(self.draws - 1, 1)
        return mean, float(np.sqrt(variance / self.draws))

    @cached_property
    def together_intervals(self) -> pd.DataFrame:
        """Quantiles of each unit's rank with choices, weights and errors all free at once; empty if not asked for."""
        import pandas as pd

        if self.together is None:
            return pd.DataFrame(columns=list(QUANTILES))
        found = statistics.rank_quantiles(*self.together, tuple(QUANTILES.values()))
        return pd.DataFrame(found.T, list(self.units), list(QUANTILES))

    @cached_property
    def acceptability(self) -> pd.DataFrame:
        """Share of the admissible variants in which each unit (row) takes each rank (column)."""
        import pandas as pd

        if self.layout.rank_bins is not None:
            raise DataError(Fault(f"the ranks of {len(self.units):,} units were counted in bins, not one by one",
                                  "Use `share_at_most`, which reads them"))  # fmt: skip
        shares = self.counts.places / self.draws
        return pd.DataFrame(shares, list(self.units), list(range(1, shares.shape[1] + 1)))

    @cached_property
    def central_weights(self) -> pd.DataFrame:
        """The mean effective weights of the draws that each unit leads, unit × indicator; only units that ever lead."""
        import pandas as pd

        found = statistics.central_weights(self.counts)
        return pd.DataFrame(found, list(self.units), list(self.built.pipeline.leaves)).dropna()

    @cached_property
    def confidence_factors(self) -> pd.Series[float]:
        """Share of the combinations of choices in which a unit is first with its own central weights.

        SMAA's confidence factor (Lahdelma & Salminen 2001, doi:10.1287/opre.49.3.444.11220) over the discrete choices.
        """
        import pandas as pd

        central = self.central_weights
        rows = [self._at(u) for u in central.index]
        first = np.zeros(len(rows))
        for v in self.variants:
            tree = v.built.tree
            w = np.zeros((len(tree.items), len(rows)))
            w[: tree.indicators] = central.to_numpy().T
            for group in tree.groups:
                w[group.item] = w[list(group.children)].sum(axis=0)
            placed = ranks(self._sign * scorer_of(v.built).scores(w).T, same=0.0)
            first += placed[np.arange(len(rows)), rows] == 1
        return pd.Series(first / len(self.variants), list(central.index), name="confidence")

    def tiers(self, *, level: float) -> tuple[Tier, ...]:
        """Rank tiers, the best first: runs of units no two of which are in the same order in so great a share of draws.

        With ``level`` 1 the draws separate two units only where all of them have the same one ahead.
        """
        table = self.built.rank_table[:, -1]
        order = [int(k) for k in np.argsort(table, kind="stable") if table[k] == table[k]]
        if self.counts.wins is not None:
            separated = separated_by_pairs(statistics.pairwise_shares(self.counts), level)
        elif level == 1:
            separated = separated_by_range(*statistics.rank_range(self.layout, self.counts))
        else:
            raise DataError(Fault(f"who is ahead of whom was not counted for {len(self.units):,} units",
                                  "Ask for tiers of level 1"))  # fmt: skip
        return tiers(self.units, order, separated, level=level, draws=self.draws)

    @property
    def _sign(self) -> float:
        return 1.0 if self.built.spec.steps.rank.best == "highest" else -1.0

    def _score_moments(self, n: Array) -> tuple[Array, Array]:
        mean = self.counts.score_sum / n
        variance = np.maximum(self.counts.score_square / n - mean**2, 0.0) * n / np.maximum(n - 1, 1)
        return self._sign * mean, np.sqrt(variance / n)

    def _at(self, unit: str) -> int:
        if unit not in self.units:
            raise DataError(Fault(f"unit {unit} is not in the index", f"Use one of {', '.join(self.units)}"))
        return self.units.index(unit)

    def _probability(self, hits: list[tuple[float, int]]) -> Probability | None:
        if not hits:
            return None
        means = [h / n for h, n in hits]
        p, n = means[self.nominal], hits[self.nominal][1]
        return Probability(p, min(means), max(means), float(np.sqrt(p * (1 - p) / n)), n)
