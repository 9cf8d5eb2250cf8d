"""Forecasts of whole rankings from earlier editions set against the editions that came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.index.build import Built
from podium.scenarios.forecast import Forecast, fit_law, forecast

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["crps_sample", "rank_backtest"]


def crps_sample(drawn: Array, came: Array) -> Array:
    """Return the CRPS of a sample ``(draw, case)`` at outcomes ``(case,)``: mean distance less half the mean spread.

    ``mean |X - y| - ½ mean |X - X'|`` over all pairs of draws (Gneiting & Raftery 2007,
    doi:10.1198/016214506000001437).
    """
    n = len(drawn)
    ordered = np.sort(drawn, axis=0)
    spread = (2 * np.arange(1, n + 1) - n - 1) @ ordered * 2 / n**2
    return np.asarray(np.abs(drawn - came).mean(axis=0) - spread / 2)


def rank_backtest(
    builts: Mapping[str, Built], *, horizon: int, draws: int, seed: int,
    progress: Callable[[float, str], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return one row a forecast edition and origin, and one of all: cases, coverage, CRPS of ranks, of "no change".

    Parameters
    ----------
    builts
        Editions in order of time, one a year, by name.

    Returns
    -------
    ``origin, edition, ahead, cases, cover50, cover90, crps, crps_same, crps_point, skill``. ``crps_same`` is that of
    "no change" with its spread: every series wanders without drift; ``skill`` is the share of it that is saved.
    ``crps_point`` is the mean distance of the rank from what it was, "no change" without any spread.

    Raises
    ------
    DataError
        If there are fewer than two editions.
    """
    import pandas as pd

    names = list(builts)
    if len(names) < 2:
        raise DataError(Fault("there is one edition only", "A back-test of ranks needs two or more"))
    rows, parts = [], []
    for k, origin in enumerate(names[:-1]):
        ahead = min(horizon, len(names) - 1 - k)
        laws = [fit_law(builts[origin], horizon=horizon, always=a) for a in (None, "no change")]
        made, same = (forecast(builts[origin], years=ahead, draws=draws, seed=seed, law=law) for law in laws)
        for h in range(1, ahead + 1):
            cases = _cases(made, same, h - 1, builts[names[k + h]])
            parts.append(cases)
            rows.append({"origin": origin, "edition": names[k + h], "ahead": h, **_row(cases)})
        if progress is not None:
            progress((k + 1) / (len(names) - 1), "back-test")
    rows.append({"origin": "all", "edition": "", "ahead": 0, **_row(np.concatenate(parts, axis=1))})
    return pd.DataFrame(rows)


def _cases(made: Forecast, same: Forecast, year: int, came: Built) -> Array:
    """For each unit of both: within 50 %, within 90 %, CRPS, that of both kinds of "no change"; ``(5, unit)``."""
    units = [u for u in made.built.units if u in set(came.units)]
    at = [made.built.units.index(u) for u in units]
    drawn, still = made.ranks[year][:, at], same.ranks[year][:, at]
    rank = np.array([came.rank_of(u) for u in units])
    now = made.built.rank_table[at, -1]
    known = ~(np.isnan(rank) | np.isnan(now) | np.isnan(drawn).any(axis=0) | np.isnan(still).any(axis=0))
    drawn, still, rank, now = drawn[:, known], still[:, known], rank[known], now[known]
    low, first, third, high = np.quantile(drawn, (0.05, 0.25, 0.75, 0.95), axis=0, method="inverted_cdf")
    return np.stack([(first <= rank) & (rank <= third), (low <= rank) & (rank <= high), crps_sample(drawn, rank),
                     crps_sample(still, rank), np.abs(now - rank)]).astype(float)  # fmt: skip


def _row(cases: Array) -> dict[str, float]:
    inner, outer, crps, same, point = cases.mean(axis=1)
    return {"cases": cases.shape[1], "cover50": float(inner), "cover90": float(outer), "crps": float(crps),
            "crps_same": float(same), "crps_point": float(point),
            "skill": 1 - float(crps / same) if same > 0 else 0.0}  # fmt: skip
