"""Indicators brought to one scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from podium.data.dataset import Array

__all__ = ["METHODS", "Learnt", "Method", "Parameters", "learn", "linear", "normalise", "register_normalisation"]

Learnt = tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class Parameters:
    """What a normalisation is told: scale, tie rule, and what each indicator has of its own.

    ``low`` and ``high`` are the ends of the new scale, ``mean`` and ``sd`` those of z-scores, ``factor`` the
    multiplier of `goalposts`, `scaled` and `exponential`. ``lower``, ``upper`` and ``target`` are ``(indicator,)`` and
    already in the direction of the indicator; ``direction`` ``(indicator,)`` is 1 or -1. ``reference`` is the row of
    the reference unit. ``clip`` keeps values within the scale.
    """

    low: float = 0.0
    high: float = 1.0
    mean: float = 0.0
    sd: float = 1.0
    factor: float = 1.0
    ties: str = "min"
    clip: bool = False
    decimals: int | None = None
    reference: int | None = None
    direction: Array = field(default_factory=lambda: np.ones(1))
    lower: Array = field(default_factory=lambda: np.full(1, np.nan))
    upper: Array = field(default_factory=lambda: np.full(1, np.nan))
    target: Array = field(default_factory=lambda: np.full(1, np.nan))


@dataclass(frozen=True)
class Method:
    """A normalisation: what it learns from ``(..., unit, indicator)``, and how it applies that to such values.

    ``needs`` names what each indicator must have of its own: ``posts`` or ``target``; or ``reference``.
    """

    learn: Callable[[Array, Parameters], Learnt]
    apply: Callable[[Array, Learnt, Parameters], Array]
    needs: str = ""


def linear(learn: Callable[[Array, Parameters], tuple[Array, Array]], scale: str) -> Method:
    """Return the method ``(x - centre) / spread`` on a scale: ``range``, ``moments`` (mean, sd) or ``unit``."""

    def apply(x: Array, learnt: Learnt, p: Parameters) -> Array:
        centre, spread = learnt
        with np.errstate(invalid="ignore", divide="ignore"):
            unit = np.where(spread != 0, (x - centre) / spread, np.nan)
        unit = np.clip(unit, 0.0, 1.0) if p.clip and scale != "moments" else unit
        if scale == "moments":
            return np.asarray(p.mean + p.sd * unit)
        return np.asarray(p.low + (p.high - p.low) * unit) if scale == "range" else np.asarray(p.factor * unit)

    return Method(learn, apply)


def minmax(x: Array, p: Parameters) -> tuple[Array, Array]:
    """Lowest value and range over units: ``(x - min) / (max - min)`` (OECD/JRC 2008, doi:10.1787/9789264043466-en)."""
    low = np.nanmin(x, axis=-2, keepdims=True)
    return low, np.nanmax(x, axis=-2, keepdims=True) - low


def zscore(x: Array, p: Parameters) -> tuple[Array, Array]:
    """Mean and standard deviation (n - 1) over units (OECD/JRC 2008, doi:10.1787/9789264043466-en)."""
    return np.nanmean(x, axis=-2, keepdims=True), np.nanstd(x, axis=-2, ddof=1, keepdims=True)


def fracmax(x: Array, p: Parameters) -> tuple[Array, Array]:
    """Zero and the highest value: the fraction of the maximum.

    For a direction of -1 the best (least) figure gives 1 and one as large as the maximum less: ``1 - (x - min) / max``.
    COINr 1.1.14 divides the negated figures by their maximum, which inverts them.
    """
    best = np.nanmax(x, axis=-2, keepdims=True)
    most = -np.nanmin(x, axis=-2, keepdims=True)
    down = np.broadcast_to(p.direction < 0, x.shape[-1:])
    return np.where(down, best - most, 0.0), np.where(down, most, best)


def scaled(x: Array, p: Parameters) -> tuple[Array, Array]:
    """The two posts of each indicator: ``factor * (x - lower) / (upper - lower)``, not clipped."""
    return p.lower + np.zeros((1, x.shape[-1])), (p.upper - p.lower) + np.zeros((1, x.shape[-1]))


def target_distance(x: Array, p: Parameters) -> tuple[Array, Array]:
    """Lowest value and its distance to each indicator's target: ``(x - min) / (target - min)``."""
    low = np.nanmin(x, axis=-2, keepdims=True)
    return low, p.target - low


def reference_distance(x: Array, p: Parameters) -> tuple[Array, Array]:
    """Lowest value and its distance to a reference unit's: ``(x - min) / (x_ref - min)``."""
    low = np.nanmin(x, axis=-2, keepdims=True)
    return low, x[..., [p.reference or 0], :] - low


def _sorted(x: Array, p: Parameters) -> Learnt:
    return (np.sort(np.moveaxis(x, -1, -2), axis=-1),)


def _places(x: Array, ordered: Array, ties: str) -> tuple[Array, Array]:
    """The rank of each value among those learnt, 1 the lowest, and their number; NaN keeps NaN."""
    out, number = np.full(x.shape, np.nan), np.zeros((*x.shape[:-2], 1, x.shape[-1]))
    for lead in np.ndindex(*x.shape[:-2]):
        held = ordered[lead] if ordered.ndim == x.ndim else ordered
        for k in range(x.shape[-1]):
            known = held[k][: int(np.searchsorted(held[k], np.nan))]
            below = np.searchsorted(known, x[*lead, :, k], side="left")
            upto = np.searchsorted(known, x[*lead, :, k], side="right")
            high = np.maximum(upto, below + 1)
            place = {"min": below + 1.0, "max": high * 1.0, "average": (below + 1 + high) / 2}[ties]
            out[*lead, :, k] = np.where(np.isnan(x[*lead, :, k]), np.nan, place)
            number[*lead, 0, k] = len(known)
    return out, number


def _rank(x: Array, learnt: Learnt, p: Parameters) -> Array:
    """Rank among the units, the lowest figure 1; ties as `ties` says."""
    return _places(x, learnt[0], p.ties)[0]


def _borda(x: Array, learnt: Learnt, p: Parameters) -> Array:
    """Borda points: the rank less 1."""
    return _rank(x, learnt, p) - 1.0


def _percentile(x: Array, learnt: Learnt, p: Parameters) -> Array:
    """Percentile rank ``(rank - 1) / (n - 1)``, as Excel's PERCENTRANK.INC, on the scale."""
    place, number = _places(x, learnt[0], p.ties)
    return np.asarray(p.low + (p.high - p.low) * (place - 1.0) / np.maximum(number - 1, 1))


def _exponential(x: Array, learnt: Learnt, p: Parameters) -> Array:
    """Exponentially transformed rank of the English Indices of Deprivation: ``-23 ln(1 - R (1 - exp(-100/23)))``.

    R is the rank over the number of units, 1 for the highest figure (McLennan et al. 2019, Indices of Deprivation 2019,
    Technical Report, section 3.7).
    """
    place, number = _places(x, learnt[0], p.ties)
    return np.asarray(-23.0 * np.log(1.0 - place / number * (1.0 - np.exp(-100.0 / 23.0))))


def _none(x: Array, learnt: Learnt, p: Parameters) -> Array:
    """The figures as they are, in their direction."""
    return np.array(x, dtype=float)


METHODS: dict[str, Method] = {
    "borda": Method(_sorted, _borda),
    "dist2max": linear(minmax, "unit"),
    "dist2ref": Method(reference_distance, linear(reference_distance, "unit").apply, "reference"),
    "dist2targ": Method(target_distance, linear(target_distance, "unit").apply, "target"),
    "exponential": Method(_sorted, _exponential),
    "fracmax": linear(fracmax, "range"),
    "goalposts": Method(scaled, linear(scaled, "range").apply, "posts"),
    "minmax": linear(minmax, "range"),
    "none": Method(lambda x, p: (), _none),
    "percentile_rank": Method(_sorted, _percentile),
    "rank": Method(_sorted, _rank),
    "scaled": Method(scaled, linear(scaled, "unit").apply, "posts"),
    "zscore": linear(zscore, "moments"),
}


def register_normalisation(name: str, method: Method) -> None:
    """Make a normalisation known to specifications under a name; `linear` makes one from centre and spread."""
    METHODS[name] = method


def learn(x: Array, method: str, parameters: Parameters | None = None) -> Learnt:
    """Return what a method learns from the data ``(..., unit, indicator)``, more is better; NaN is left out."""
    return METHODS[method].learn(x, parameters or Parameters())


def normalise(x: Array, learnt: Learnt, *, method: str, parameters: Parameters | None = None) -> Array:
    """Return the normalised values.

    Parameters
    ----------
    x
        ``(..., unit, indicator)``, more is better; NaN stays NaN. Values outside what was learnt go beyond the
        ends of the scale unless it clips, so that a frozen normalisation shows an improvement on the best.
    learnt
        The result of `learn`.
    parameters
        The scale and what each indicator has of its own.

    Returns
    -------
    Array of the shape of x.
    """
    from podium.index.rank import round_half_up

    p: Any = parameters or Parameters()
    out = METHODS[method].apply(x, learnt, p)
    return out if p.decimals is None else round_half_up(out, p.decimals)
