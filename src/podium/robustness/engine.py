"""How firm the ranks are: one call from a specification to rank intervals, shares and probabilities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.index.build import Built, build
from podium.index.rank import ranks
from podium.index.spec import Spec
from podium.robustness import statistics
from podium.robustness.draws import Draws, error_scores, sample, scores
from podium.robustness.statistics import Probability, Share
from podium.robustness.variants import Variant, left_out

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Stress", "stress"]

Progress = Callable[[float, str], None]
QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}


@dataclass(frozen=True, eq=False)
class Stress:
    """An index under all its declared uncertainties.

    ``score_draws`` and ``rank_draws`` are ``(draw, unit)`` over choices; ``error_ranks`` and ``error_root`` hold
    for each variant ``(error draw, unit)`` under random errors. ``without`` gives the ranks of the index with a
    part left out.
    """

    built: Built
    sample: Draws
    score_draws: Array
    rank_draws: Array
    error_root: tuple[Array, ...]
    error_ranks: tuple[Array, ...]
    without: Mapping[str, Array]
    draws: int
    seed: int
    partial: bool = False

    @property
    def units(self) -> tuple[str, ...]:
        """The units, in order of the columns."""
        return self.built.units

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The admissible variants."""
        return self.sample.variants

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """Quantiles of each unit's rank over choices, the best nominal rank on top."""
        import pandas as pd

        at = tuple(QUANTILES.values())
        table = pd.DataFrame(statistics.quantiles(self.rank_draws, at).T, list(self.units), list(QUANTILES))
        table.insert(0, "nominal", self.built.rank_table[:, -1])
        table["mean"] = self.rank_draws.mean(axis=0)
        return table.sort_values("nominal", kind="stable")

    def share_at_most(self, unit: str, k: int) -> Share:
        """Share of the admissible variants in which a unit is k-th or better."""
        return statistics.share((self.rank_draws[:, self._at(unit)] <= k).astype(float))

    def share_ahead(self, a: str, b: str) -> Share:
        """Share of the admissible variants in which unit a is ahead of unit b."""
        return statistics.share(statistics.ahead(self.score_draws, self._at(a), self._at(b)))

    def probability_at_most(self, unit: str, k: int) -> Probability | None:
        """Probability over random errors that a unit is k-th or better; None where no error is declared."""
        at = self._at(unit)
        return self._probability([(r[:, at] <= k).astype(float) for r in self.error_ranks])

    def probability_ahead(self, a: str, b: str) -> Probability | None:
        """Probability over random errors that unit a is ahead of unit b; None where no error is declared."""
        return self._probability([statistics.ahead(s, self._at(a), self._at(b)) for s in self.error_root])

    @cached_property
    def pairwise(self) -> pd.DataFrame:
        """Share of the admissible variants in which the row unit is ahead of the column unit."""
        import pandas as pd

        return pd.DataFrame(statistics.pairwise(self.score_draws), list(self.units), list(self.units))

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
        for choice in self.built.spec.uncertainties.choices:
            for option in choice.options:
                part = [x for x, v in zip(lead, self.variants, strict=True) if v.options[choice.name] == option]
                rows.append({"choice": choice.name, "option": option, "share": float(np.mean(part))})
        return pd.DataFrame(rows, columns=["choice", "option", "share"])

    def _at(self, unit: str) -> int:
        if unit not in self.units:
            raise DataError(Fault(f"unit {unit} is not in the index", f"Use one of {', '.join(self.units)}"))
        return self.units.index(unit)

    def _probability(self, hits: list[Array]) -> Probability | None:
        if not hits:
            return None
        means = [float(h.mean()) for h in hits]
        p = means[self.sample.nominal]
        n = len(hits[self.sample.nominal])
        return Probability(p, min(means), max(means), float(np.sqrt(p * (1 - p) / n)), n)


def stress(
    spec: Spec | Built, *, draws: int, seed: int, error_draws: int = 1000, progress: Progress | None = None
) -> Stress:
    """Return the index under all its declared uncertainties.

    Parameters
    ----------
    spec
        A specification, or an index already built.
    draws
        Number of draws over choices (variants and weights).
    seed
        Seed of all randomness; the same seed gives the same numbers.
    error_draws
        Number of draws over random errors in the nominal variant; every other variant takes a tenth of them.
    progress
        Called with the share done and what is being done.
    """
    built = spec if isinstance(spec, Built) else build(spec)
    tell = progress or (lambda done, what: None)
    tell(0.0, "variants")
    drawn = sample(built, draws=draws, rng=np.random.default_rng(seed), error_draws=error_draws)
    tell(0.3, "choices")
    root = scores(drawn)
    error_root: list[Array] = []
    if drawn.figures is not None:
        for k in range(len(drawn.variants)):
            limit = None if k == drawn.nominal else max(error_draws // 10, 50)
            error_root.append(error_scores(drawn, k, limit=limit)[0])
            tell(0.4 + 0.5 * (k + 1) / len(drawn.variants), "random errors")
    without = {code: b.rank_table[:, -1] for code, b in left_out(built).items()}
    tell(1.0, "done")
    return Stress(built, drawn, root, ranks(root), tuple(error_root), tuple(ranks(s) for s in error_root), without,
                  draws, seed)  # fmt: skip
