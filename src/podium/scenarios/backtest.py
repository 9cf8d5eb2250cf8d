"""Forecasts of hidden years set against what came, and against "no change": coverage, CRPS, calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from podium.data.dataset import Array
from podium.index.spec import IndicatorRule
from podium.scenarios.drift import Drift, crps_t, fit_drift, steps_of
from podium.scenarios.history import History
from podium.scenarios.scale import Scale, scale_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LEAST_YEARS", "Backtest", "Cases", "backtest", "current", "enough"]

LEAST_YEARS = 5
"""Fewer years of data of a series are too few to tell its drift."""
DF = 3.0
"""The least degrees of freedom of a predictive law."""


STALE = 2
"""A series whose last figures are older than so many years is taken as ended."""


@dataclass(frozen=True, eq=False)
class Cases:
    """Hidden figures of one series forecast from one origin, ``(case,)`` each, in units of its typical yearly step.

    ``crps`` and ``crps_same`` are those of the drift and of "no change", ``pit`` and ``pit_same`` the probability that
    each gives to figures below what came.
    """

    series: str
    origin: int
    horizon: int
    crps: Array
    crps_same: Array
    pit: Array
    pit_same: Array


@dataclass(frozen=True, eq=False)
class Backtest:
    """Every forecast of a rolling origin, and what it says of each series."""

    cases: tuple[Cases, ...]

    @property
    def origins(self) -> tuple[int, ...]:
        """The last years known to the forecasts."""
        return tuple(sorted({c.origin for c in self.cases}))

    def better(self, series: str, *, before: int | None = None) -> bool:
        """Whether the drift has a lower CRPS than "no change", on targets up to a year; no where there is no case."""
        held = [c for c in self.cases if c.series == series and (before is None or c.origin + c.horizon <= before)]
        if not held:
            return False
        return sum(float(c.crps.sum()) for c in held) < sum(float(c.crps_same.sum()) for c in held)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a series: cases, coverage of the drift's intervals, CRPS of both, skill, and which is used.

        The last rows are all series together: the drift, "no change", and the choice that was open at each origin.
        """
        import pandas as pd

        names = list(dict.fromkeys(c.series for c in self.cases))
        rows = {}
        for name in names:
            held = [c for c in self.cases if c.series == name]
            crps, same = (np.concatenate([getattr(c, k) for c in held]) for k in ("crps", "crps_same"))
            used = "drift" if self.better(name) else "no change"
            pit = np.concatenate([c.pit if used == "drift" else c.pit_same for c in held])
            rows[name] = _row(crps, same, pit) | {"used": used}
        return pd.DataFrame.from_dict(rows, orient="index")

    @cached_property
    def overall(self) -> pd.DataFrame:
        """Drift everywhere, "no change" everywhere, and as chosen at each origin from earlier years alone."""
        import pandas as pd

        none = np.empty(0)
        crps, same, pit, pit_same = (
            np.concatenate([getattr(c, k) for c in self.cases] or [none])
            for k in ("crps", "crps_same", "pit", "pit_same")
        )
        chosen = [(c.crps, c.pit) if self.better(c.series, before=c.origin) else (c.crps_same, c.pit_same)
                  for c in self.cases]  # fmt: skip
        picked, picked_pit = (np.concatenate([x[k] for x in chosen] or [none]) for k in (0, 1))
        rows = {"drift everywhere": _row(crps, same, pit), "no change everywhere": _row(same, same, pit_same),
                "as chosen at the time": _row(picked, same, picked_pit)}  # fmt: skip
        return pd.DataFrame.from_dict(rows, orient="index")

    def calibration(self, levels: Sequence[float]) -> pd.DataFrame:
        """For each nominal coverage of central intervals, the share of cases within, of all three kinds."""
        import pandas as pd

        chosen = [c.pit if self.better(c.series, before=c.origin) else c.pit_same for c in self.cases]
        kinds = {"drift everywhere": [c.pit for c in self.cases],
                 "no change everywhere": [c.pit_same for c in self.cases], "as chosen at the time": chosen}  # fmt: skip
        held = {k: np.abs(np.concatenate(v or [np.empty(0)]) - 0.5) * 2 for k, v in kinds.items()}
        rows = [{"nominal": q, "kind": k, "actual": float((v <= q).mean()) if len(v) else np.nan}
                for k, v in held.items() for q in levels]  # fmt: skip
        return pd.DataFrame(rows)


def _row(crps: Array, same: Array, pit: Array) -> dict[str, float]:
    inside = np.abs(pit - 0.5)
    if not len(crps):
        return dict.fromkeys(("cases", "cover50", "cover90", "crps", "crps_same", "skill"), np.nan) | {"cases": 0}
    return {"cases": len(crps), "cover50": float((inside <= 0.25).mean()), "cover90": float((inside <= 0.45).mean()),
            "crps": float(crps.mean()), "crps_same": float(same.mean()),
            "skill": 1 - float(crps.mean() / same.mean()) if same.mean() > 0 else 0.0}  # fmt: skip


def enough(y: Array, *, least: int = LEAST_YEARS) -> bool:
    """Whether a series ``(year, unit)`` has a figure of a third of its units in at least so many years."""
    there = ~np.isnan(y)
    units = int(there.any(axis=0).sum())
    return units > 0 and int((there.sum(axis=1) * 3 >= units).sum()) >= least


def current(y: Array, last: int) -> bool:
    """Whether a series ``(year, unit)`` still goes on in its last public year, by its place among the years."""
    known = np.flatnonzero((~np.isnan(y)).any(axis=1))
    return bool(len(known)) and last - int(known[-1]) <= STALE


def backtest(
    held: History, rules: dict[str, IndicatorRule], *, horizon: int, series: Sequence[str] | None = None,
    origins: int = 12,
) -> Backtest:  # fmt: skip
    """Return the forecasts of hidden years from a rolling origin.

    At each origin everything later is hidden, scales and laws are learnt anew from what is left, and figures known at
    the origin are forecast up to the horizon. Only series with five years at the origin are.

    Parameters
    ----------
    rules
        What the specification says of each series, whose transformation is the scale.
    horizon
        The most years ahead.
    origins
        The most origins, counted back from the last year.
    """
    cases: list[Cases] = []
    wanted = [k for k, c in enumerate(held.series) if series is None or c in series]
    for back in range(1, origins + 1):
        before = held.until(back)
        for k in wanted:
            y = before.values[:, :, k]
            if not enough(y):
                continue
            origin = int(before.public[k])
            scale = scale_of(y, rules.get(held.series[k]))
            z = scale.forward(y)
            steps = steps_of(z)
            laws = [fit_drift(steps, len(held.units), drift=d) for d in (True, False)]
            step = float(np.sqrt(np.mean(steps.change**2 / steps.gap)))
            if step == 0:
                continue
            for h in range(1, min(horizon, back) + 1):
                found = _cases(held, scale, z, k, origin, h, laws, step)
                if found is not None:
                    cases.append(found)
    return Backtest(tuple(cases))


def _cases(
    held: History, scale: Scale, known: Array, k: int, origin: int, h: int, laws: Sequence[Drift], step: float
) -> Cases | None:
    """The figures known at the origin and h years later, with both forecasts of them."""
    from scipy import stats

    first = int(held.years[0])
    start, came = known[origin - first], scale.forward(held.values[origin + h - first, :, k])
    both = ~(np.isnan(start) | np.isnan(came))
    if not both.any():
        return None
    out = []
    for law in laws:
        spread = np.maximum(law.spread(h)[both], 1e-9 * step)
        z = (came - start - h * law.mean)[both] / spread
        df = max(law.df, DF)
        out.append((spread * crps_t(z, df) / step, stats.t.cdf(z, df)))
    return Cases(held.series[k], origin, h, out[0][0], out[1][0], out[0][1], out[1][1])
