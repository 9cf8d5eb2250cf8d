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
    multiplier of `scaled` and of distances. ``lower``, ``upper`` and ``target`` are ``(indicator,)`` and already in the
    direction of the indicator; ``direction`` ``(indicator,)`` is 1 or -1. ``reference`` is the row of the reference
    unit. ``clip`` keeps values within the scale, or within two ends of its own.
    ``ends`` are the shares of units below the two ends of `minmax`.
    ``edges`` and ``classes`` are the class limits of `categorical` and the score of each class, one more than limits;
    with ``by_share`` the limits are shares of units instead of figures.
    """

    low: float = 0.0
    high: float = 1.0
    mean: float = 0.0
    sd: float = 1.0
    factor: float = 1.0
    ties: str = "min"
    clip: bool | tuple[float, float] = False
    decimals: int | None = None
    reference: int | None = None
    ends: tuple[float, float] | None = None
    edges: tuple[float, ...] = ()
    classes: tuple[float, ...] = ()
    by_share: bool = True
    direction: Array = field(default_factory=lambda: np.ones(1))
    lower: Array = field(default_factory=lambda: np.full(1, np.nan))
    upper: Array = field(default_factory=lambda: np.full(1, np.nan))
    target: Array = field(default_factory=lambda: np.full(1, np.nan))


@dataclass(frozen=True)
class Method:
    """A normalisation: what it learns from ``(..., unit, indicator)``, and how it applies that to such values.

    ``needs`` names what it must be told: ``posts`` or ``target`` of each indicator, the ``reference`` unit, or the
    ``classes``. ``spread`` says that it has no value for an indicator that is constant over units. ``invariant``
    names the changes of an indicator's unit that leave its values as they were (``scale``: times a positive number,
    ``shift``: plus a number), posts and targets changed with it; the battery of tests holds it to that.
    """

    learn: Callable[[Array, Parameters], Learnt]
    apply: Callable[[Array, Learnt, Parameters], Array]
    needs: str = ""
    spread: bool = False
    invariant: frozenset[str] = frozenset()


def linear(
    learn: Callable[[Array, Parameters], tuple[Array, Array]], scale: str, *, needs: str = "", spread: bool = False,
    invariant: frozenset[str] = frozenset(),
) -> Method:  # fmt: skip
    """Return the method ``(x - centre) / spread`` on a scale: ``range``, ``moments`` (mean, sd) or ``unit``."""

    def apply(x: Array, learnt: Learnt, p: Parameters) -> Array:
        centre, spread = learnt
        with np.errstate(invalid="ignore", divide="ignore"):
            unit = np.where(spread != 0, (x - centre) / spread, np.nan)
        unit = np.clip(unit, 0.0, 1.0) if p.clip is True and scale != "moments" else unit
        if scale == "moments":
            return np.asarray(p.mean + p.sd * unit)
        return np.asarray(p.low + (p.high - p.low) * unit) if scale == "range" else np.asarray(p.factor * unit)

    return Method(learn, apply, needs, spread, invariant)


def minmax(x: Array, p: Parameters) -> tuple[Array, Array]:
    """Lowest value and range over units: ``(x - min) / (max - min)`` (OECD/JRC 2008, doi:10.1787/9789264043466-en).

    With ``ends`` the quantiles (type 7) of those shares stand for the lowest and the highest value, as in the SDG Index
    (Lafortune et al. 2018, SDG Index and Dashboards, Detailed Methodological Paper).
    """
    if p.ends is not None:
        low, high = np.nanquantile(x, p.ends, axis=-2, keepdims=True)
        return low, high - low
    low = np.nanmin(x, axis=-2, keepdims=True)
    return low, np.nanmax(x, axis=-2, keepdims=True) - low


def zscore(x: Array, p: Parameters) -> tuple[Array, Array]:
    """Mean and standard deviation (n - 1) over units (OECD/JRC 2008, doi:10.1787/9789264043466-en)."""
    mean = np.nanmean(x, axis=-2, keepdims=True)
    squares = np.nansum((x - mean) ** 2, axis=-2, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return mean, np.sqrt(squares / ((~np.isnan(x)).sum(axis=-2, keepdims=True) - 1))


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
    """The two posts of each indicator: ``factor * (x - lower) / (upper - lower)``, not clipped.

    With ``ends`` the quantiles (type 7) of those shares stand for posts that an indicator lacks, such as the 2.5th
    percentile below a target (Lafortune et al. 2018).
    """
    lower, upper = p.lower + np.zeros((1, x.shape[-1])), p.upper + np.zeros((1, x.shape[-1]))
    if p.ends is not None:
        low, high = np.nanquantile(x, p.ends, axis=-2, keepdims=True)
        lower, upper = np.where(np.isnan(lower), low, lower), np.where(np.isnan(upper), high, upper)
    return lower, upper - lower


def adjusted(x: Array, p: Parameters) -> tuple[Array, Array]:
    """What becomes 100, and a sixtieth of the range: values of 70 to 130 about a reference.

    The reference is the mean over units, or the reference unit; the range is that of the posts where an indicator has
    them, else of the figures. Mazziotta & Pareto (2016), doi:10.1007/s11205-015-0998-2.
    """
    lower, upper = p.lower + np.zeros((1, x.shape[-1])), p.upper + np.zeros((1, x.shape[-1]))
    low = np.where(np.isnan(lower), np.nanmin(x, axis=-2, keepdims=True), lower)
    high = np.where(np.isnan(upper), np.nanmax(x, axis=-2, keepdims=True), upper)
    centre = np.nanmean(x, axis=-2, keepdims=True) if p.reference is None else x[..., [p.reference], :]
    return centre, (high - low) / 60.0


def _about_hundred(x: Array, learnt: Learnt, p: Parameters) -> Array:
    centre, spread = learnt
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(100.0 + np.where(spread != 0, (x - centre) / spread, np.nan))


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


TIES: dict[str, Callable[[Array, Array], Array]] = {
    "min": lambda below, upto: below + 1.0,
    "max": lambda below, upto: upto,
    "average": lambda below, upto: (below + 1.0 + upto) / 2,
}
"""Rank of equal figures from how many are below them and how many are not above."""


def _places(x: Array, ordered: Array, ties: str) -> tuple[Array, Array]:
    """The rank of each value among those learnt, 1 the lowest, and the highest rank; NaN keeps NaN.

    With the tie rule ``dense`` equal figures share a rank and the next has the next one.
    """
    out, number = np.full(x.shape, np.nan), np.zeros((*x.shape[:-2], 1, x.shape[-1]))
    for lead in np.ndindex(*x.shape[:-2]):
        held = ordered[lead] if ordered.ndim == x.ndim else ordered
        for k in range(x.shape[-1]):
            v = x[*lead, :, k]
            known = held[k][: int(np.searchsorted(held[k], np.nan))]
            known, rule = (np.unique(known), "min") if ties == "dense" else (known, ties)
            order = np.argsort(v)  # needles in order are found several times faster
            below = np.searchsorted(known, v[order], side="left").astype(float)
            upto = np.maximum(np.searchsorted(known, v[order], side="right"), below + 1)
            out[*lead, order, k] = TIES[rule](below, upto)
            out[*lead, np.isnan(v), k] = np.nan
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
    Technical Report, section 3.7). A figure above all that were learnt has 100, too: the scale ends there.
    """
    place, number = _places(x, learnt[0], p.ties)
    return np.asarray(-23.0 * np.log(1.0 - np.minimum(place / number, 1.0) * (1.0 - np.exp(-100.0 / 23.0))))


def _classes(x: Array, p: Parameters) -> Learnt:
    """The limits of the classes of each indicator, ``(limit, indicator)`` behind the leading axes."""
    if not p.by_share:
        return (np.broadcast_to(np.array(p.edges)[:, None], (len(p.edges), x.shape[-1])),)
    if not p.edges:
        return (np.empty((*x.shape[:-2], 0, x.shape[-1])),)
    return (np.moveaxis(np.nanquantile(x, p.edges, axis=-2), 0, -2),)


def _categorical(x: Array, learnt: Learnt, p: Parameters) -> Array:
    """The score of the class that a figure falls in; a figure on a limit belongs to the class above it.

    Categorical scale (OECD/JRC 2008, section 5.6, doi:10.1787/9789264043466-en).
    """
    place = (x[..., :, None, :] >= learnt[0][..., None, :, :]).sum(axis=-2)
    return np.where(np.isnan(x), np.nan, np.array(p.classes)[place])


def _none(x: Array, learnt: Learnt, p: Parameters) -> Array:
    """The figures as they are, in their direction."""
    return np.array(x, dtype=float)


UNIT = frozenset({"scale", "shift"})

METHODS: dict[str, Method] = {
    "ampi": Method(adjusted, _about_hundred, spread=True, invariant=UNIT),
    "borda": Method(_sorted, _borda, invariant=UNIT),
    "categorical": Method(_classes, _categorical, "classes", invariant=UNIT),
    "dist2max": linear(minmax, "unit", spread=True, invariant=UNIT),
    "dist2ref": linear(reference_distance, "unit", needs="reference", spread=True, invariant=UNIT),
    "dist2targ": linear(target_distance, "unit", needs="target", invariant=UNIT),
    "exponential": Method(_sorted, _exponential, invariant=UNIT),
    "fracmax": linear(fracmax, "range", invariant=frozenset({"scale"})),
    "goalposts": linear(scaled, "range", needs="posts", invariant=UNIT),
    "minmax": linear(minmax, "range", spread=True, invariant=UNIT),
    "none": Method(lambda x, p: (), _none),
    "percentile_rank": Method(_sorted, _percentile, invariant=UNIT),
    "rank": Method(_sorted, _rank, invariant=UNIT),
    "scaled": linear(scaled, "unit", needs="posts", invariant=UNIT),
    "zscore": linear(zscore, "moments", spread=True, invariant=UNIT),
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
    out = np.clip(out, *p.clip) if isinstance(p.clip, tuple) else out
    return out if p.decimals is None else round_half_up(out, p.decimals)
