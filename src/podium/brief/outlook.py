"""What a forecast adds to an answer: where the unit would stand if its indicators went on as they did."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from podium.errors import DataError
from podium.index.build import Built
from podium.scenarios.forecast import fit_law, forecast

__all__ = ["Outlook", "look_ahead"]

YEARS = 2
DRAWS = 500


@dataclass(frozen=True)
class Outlook:
    """The probabilities of a unit reaching a rank in coming editions, and on what they rest.

    ``names`` are those editions, ``probability`` that of the rank in each, out of ``draws``; ``low``, ``middle`` and
    ``high`` the 5 %, 50 % and 95 % quantiles of the rank in the last. ``drifting`` is the weight of the indicators that
    follow a drift, ``wandering`` that of those that move without one, ``constant`` that of those held constant;
    ``skill`` the share of the error (CRPS) that the drift saves against "no change" in the back-test of single series.
    """

    names: tuple[str, ...]
    probability: tuple[float, ...]
    low: float
    middle: float
    high: float
    draws: int
    drifting: float
    wandering: float
    constant: float
    skill: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def look_ahead(built: Built, *, unit: str, rank: int, seed: int) -> Outlook | None:
    """Return where a unit would stand in two years; None for an index whose figures are of one time only."""
    try:
        law = fit_law(built, horizon=YEARS)
    except DataError:
        return None
    if not law.tested.cases:
        return None
    ahead = forecast(built, years=YEARS, draws=DRAWS, seed=seed, law=law)
    at = built.units.index(unit)
    low, middle, high = (float(q[-1, at]) for q in ahead.quantiles((0.05, 0.5, 0.95)))
    weights = law.weights()
    return Outlook(
        ahead.names, tuple(float(p) for p in ahead.probability(unit, rank)), low, middle, high, DRAWS,
        weights["drift"], weights["no change"], weights["constant"],
        float(law.tested.overall["skill"].to_dict()["as chosen at the time"]),
    )  # fmt: skip
