"""Whether a move exceeds what the declared uncertainties alone would give, on draws that both indices share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from podium.compare.moves import Moves
from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.index.build import Built
from podium.index.rank import ranks
from podium.robustness.draws import Draws, error_scores, sample, scores

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Firmness", "firmness", "is_uncertain", "noise_of", "rank_intervals"]


@dataclass(frozen=True, eq=False)
class Firmness:
    """How firm each shared unit's change of rank is; arrays over the shared units ``(unit,)``.

    ``low`` and ``high`` are the 5 % and 95 % quantile of the change of rank over the admissible choices, ``same`` the
    share of draws in which the unit moves in the direction it moved in. ``paired`` says whether both indices took the
    same choices and weights in every draw. ``noise`` is the change of rank that random errors of the data alone do not
    exceed with a probability of 95 %, NaN where no error is declared.
    """

    units: tuple[str, ...]
    change: Array
    low: Array
    high: Array
    same: Array
    paired: bool
    noise: Array
    draws: int
    seed: int

    @property
    def firm(self) -> Array:
        """Whether each move keeps its direction over 90 % of the choices and exceeds the noise of the data."""
        direction = np.sign(self.change)
        kept = np.where(direction > 0, self.low > 0, self.high < 0) & (direction != 0)
        return np.asarray(kept & ~(np.abs(self.change) <= self.noise))

    def says(self, unit: str) -> str:
        """One word: ``firm``, ``noise`` (within the errors of the data), ``choice`` (turns on choices), ``none``."""
        k = self.units.index(unit)
        if self.change[k] == 0:
            return "none"
        if abs(self.change[k]) <= self.noise[k]:
            return "noise"
        return "firm" if bool(self.firm[k]) else "choice"


def firmness(moves: Moves, *, draws: int, seed: int, error_draws: int = 1000) -> Firmness:
    """Return how firm each move is, under the uncertainties that both specifications declare.

    Both indices take the same variants and weights draw by draw, where their specifications, trees and numbers of units
    allow it. The noise is that of two independent sets of errors, once in each index at its own nominal choices.

    Raises
    ------
    DataError
        If one of the two declares no uncertainty.
    """
    for built in (moves.old, moves.new):
        if not is_uncertain(built):
            raise DataError(Fault(f"{built.spec.name} declares no `uncertainties`",
                                  "Declare some, or ask for no draws"))  # fmt: skip
    taken = [sample(b, draws=draws, rng=np.random.default_rng(seed), error_draws=error_draws)
             for b in (moves.old, moves.new)]  # fmt: skip
    placed = [_ranks(b, scores(t), moves) for b, t in zip((moves.old, moves.new), taken, strict=True)]
    change = moves.new_ranks - moves.old_ranks
    apart = placed[1] - placed[0]
    low, high = np.quantile(apart, (0.05, 0.95), axis=0, method="inverted_cdf")
    same = np.where(change == 0, apart == 0, np.sign(apart) == np.sign(change)).mean(axis=0)
    noise = [noise_of(_ranks(b, error_scores(t, t.nominal)[0], moves))
             for b, t in zip((moves.old, moves.new), taken, strict=True) if t.figures is not None]  # fmt: skip
    widest = np.max(noise, axis=0) if noise else np.full(len(change), np.nan)
    return Firmness(moves.units, change, low, high, same, _common(*taken), widest, draws, seed)


def is_uncertain(built: Built) -> bool:
    """Return whether an index declares an uncertainty that is not held fixed."""
    free = built.spec.uncertainties.free
    return bool(free.weights or free.choices or free.errors or free.coverage)


def rank_intervals(built: Built, *, draws: int, seed: int) -> pd.DataFrame:
    """Return the 5 % and 95 % quantile of each unit's rank over the admissible choices, ``q05, q95`` by unit."""
    import pandas as pd

    drawn = sample(built, draws=draws, rng=np.random.default_rng(seed))
    rule = built.spec.steps.rank
    placed = ranks((1.0 if rule.best == "highest" else -1.0) * scores(drawn))
    low, high = np.quantile(placed, (0.05, 0.95), axis=0, method="inverted_cdf")
    return pd.DataFrame({"q05": low, "q95": high}, list(built.units))


def _ranks(built: Built, drawn: Array, moves: Moves) -> Array:
    """Ranks ``(draw, shared unit)`` of scores ``(draw, unit)``."""
    rule = built.spec.steps.rank
    sign = 1.0 if rule.best == "highest" else -1.0
    placed = ranks(sign * drawn, ties=rule.ties, decimals=rule.decimals, rounding=rule.rounding)
    return placed[:, [built.units.index(u) for u in moves.units]]


def noise_of(placed: Array) -> Array:
    """Return the difference of rank that two draws of ranks ``(draw, unit)`` do not exceed with probability 0.95.

    Draws are independent; each is set against the one half the run later.
    """
    half = len(placed) // 2
    if half == 0:
        return np.full(placed.shape[1], np.nan)
    apart = np.abs(placed[half : 2 * half] - placed[:half])
    return np.asarray(np.quantile(apart, 0.95, axis=0, method="inverted_cdf"))


def _common(one: Draws, two: Draws) -> bool:
    """Whether two samples took the same variants and weights in every draw."""
    alike = [v.options for v in one.variants] == [v.options for v in two.variants]
    return alike and np.array_equal(one.variant, two.variant) and np.array_equal(one.weights, two.weights)
