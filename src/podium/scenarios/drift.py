"""How series move from year to year: drift and variance of each unit, shrunk towards the panel's, and common shocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array

__all__ = ["Drift", "Steps", "correlation", "crps_t", "fit_drift", "shrunk_variance", "steps_of"]

FLOOR = 1e-12


@dataclass(frozen=True, eq=False)
class Steps:
    """Changes between one known figure and the next, ``(change,)`` each: of which unit, over how long, to what year."""

    unit: npt.NDArray[np.intp]
    gap: Array
    change: Array
    year: npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Drift:
    """The law of one series in its scale: each unit's yearly drift and the spread around it.

    ``mean`` ``(unit,)`` is the drift after shrinkage and ``doubt`` its standard error, ``sd`` the spread of a yearly
    step with ``df`` degrees of freedom. ``common`` is the share of the steps' variance that all units have in common.
    """

    mean: Array
    doubt: Array
    sd: Array
    df: float
    common: float

    def spread(self, years: float | Array) -> Array:
        """The scale ``(unit,)`` of the figure so many years ahead: steps add up, and the doubt of the drift grows."""
        return np.asarray(np.sqrt(years * self.sd**2 + (years * self.doubt) ** 2))


def steps_of(y: Array) -> Steps:
    """Return the changes between successive known figures of ``(year, unit)``."""
    unit, gap, change, year = [], [], [], []
    for u in range(y.shape[1]):
        known = np.flatnonzero(~np.isnan(y[:, u]))
        unit += [u] * (len(known) - 1)
        gap += list(np.diff(known).astype(float))
        change += list(np.diff(y[known, u]))
        year += list(known[1:])
    return Steps(np.array(unit, dtype=np.intp), np.array(gap), np.array(change), np.array(year, dtype=np.intp))


def fit_drift(steps: Steps, units: int, *, drift: bool) -> Drift:
    """Return the law of a series from its steps; without `drift` each figure is expected to stay.

    A unit's drift is its total change over its years. Drifts are taken as normal around the panel's, with the variance
    between units found by the method of moments (DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2), and
    shrunk towards it by how uncertain each is (empirical Bayes: Morris 1983, doi:10.1080/01621459.1983.10477920).
    Variances are shrunk as Smyth (2004, doi:10.2202/1544-6115.1027) does. A unit with no step takes the panel's.
    """
    span = np.bincount(steps.unit, steps.gap, units)
    total = np.bincount(steps.unit, steps.change, units)
    count = np.bincount(steps.unit, minlength=units)
    own = np.where(span > 0, total / np.where(span > 0, span, 1.0), 0.0) if drift else np.zeros(units)
    rest = (steps.change - steps.gap * own[steps.unit]) ** 2 / steps.gap
    df: Array = np.maximum(count - (1 if drift else 0), 0).astype(np.float64)
    sums: Array = np.bincount(steps.unit, rest, units).astype(np.float64)
    variance, more = shrunk_variance(sums, df)
    typical = float(df[df > 0].mean()) if (df > 0).any() else 0.0
    common = _common(steps, own, np.sqrt(variance))
    if not drift:
        return Drift(np.zeros(units), np.zeros(units), np.sqrt(variance), more + typical, common)
    mean, doubt = _shrunk_drift(own, variance / np.where(span > 0, span, np.inf), span > 0)
    return Drift(mean, doubt, np.sqrt(variance), more + typical, common)


def _shrunk_drift(own: Array, error: Array, there: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """Drifts and their standard errors after shrinkage; ``error`` are the squared errors of the units' own."""
    x, v = own[there], np.maximum(error[there], FLOOR)
    if not len(x):
        return np.zeros(len(own)), np.zeros(len(own))
    w = 1 / v
    centre = float((w * x).sum() / w.sum())
    scale = float(w.sum() - (w**2).sum() / w.sum())
    between = max((float((w * (x - centre) ** 2).sum()) - (len(x) - 1)) / scale, 0.0) if scale > 0 else 0.0
    w = 1 / (v + between)
    centre, doubt = float((w * x).sum() / w.sum()), float(1 / w.sum())
    share = np.where(there, between / (between + np.where(there, np.maximum(error, FLOOR), 1.0)), 0.0)
    mean = centre + share * np.where(there, own - centre, 0.0)
    left = np.where(there, share * np.maximum(error, FLOOR), between) + (1 - share) ** 2 * doubt
    return mean, np.sqrt(left)


def shrunk_variance(sums: Array, df: Array) -> tuple[Array, float]:
    """Return variances of units shrunk towards a common one, and the degrees of freedom that the common one adds.

    Parameters
    ----------
    sums
        Sums of squares ``(unit,)``.
    df
        Their degrees of freedom; 0 where a unit has none, which then takes the common variance.
    """
    from scipy.special import digamma, polygamma

    used = (df > 0) & (sums > 0)
    if used.sum() < 3:
        pooled = float(sums[df > 0].sum() / df[df > 0].sum()) if (df > 0).any() else 0.0
        return np.full(len(sums), pooled), 0.0
    z = np.log(sums[used] / df[used])
    e = z - digamma(df[used] / 2) + np.log(df[used] / 2)
    excess = float(e.var(ddof=1) - polygamma(1, df[used] / 2).mean())
    more = 2 * _trigamma_inverse(excess) if excess > 0 else 1e6
    common = float(np.exp(e.mean() + (digamma(more / 2) - np.log(more / 2))))
    return np.asarray((more * common + sums) / (more + df)), float(more)


def _trigamma_inverse(x: float) -> float:
    """The argument at which the trigamma function has a value, by Newton's method on its reciprocal."""
    from scipy.special import polygamma

    y = 0.5 + 1 / x
    for _ in range(50):
        t = float(polygamma(1, y))
        step = t * (1 - t / x) / float(polygamma(2, y))
        y += step
        if abs(step) < 1e-10 * y:
            break
    return y


def _common(steps: Steps, own: Array, sd: Array) -> float:
    """The share of variance that the units' steps to one year have in common: mean product of pairs of units."""
    one = steps.gap == 1
    safe = np.where(sd > 0, sd, 1.0)[steps.unit]
    z = np.where(sd[steps.unit] > 0, (steps.change - steps.gap * own[steps.unit]) / safe, 0.0)[one]
    year = steps.year[one]
    products, pairs = 0.0, 0.0
    for t in np.unique(year):
        v = z[year == t]
        products += float(v.sum() ** 2 - (v**2).sum())
        pairs += len(v) * (len(v) - 1)
    square = float((z**2).mean()) if len(z) else 0.0
    return min(max(products / pairs / square, 0.0), 0.95) if pairs and square > 0 else 0.0


def correlation(residuals: Array) -> Array:
    """Return the correlation of standardised yearly residuals ``(case, series)``, NaN where one is missing.

    Pairs with fewer than ten cases count as independent; each is shrunk by ``n / (n + 10)``, and what is not a
    correlation matrix is brought to the nearest with positive eigenvalues on its diagonal of ones (Rebonato & Jäckel
    1999, spectral method).
    """
    there = ~np.isnan(residuals)
    x = np.where(there, residuals, 0.0)
    n = there.astype(float).T @ there
    size = (x**2).T @ there
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = (x.T @ x) / np.sqrt(size * size.T)
    r = np.where((n >= 10) & np.isfinite(raw), raw * n / (n + 10), 0.0)
    np.fill_diagonal(r, 1.0)
    values, vectors = np.linalg.eigh((r + r.T) / 2)
    half = vectors * np.sqrt(np.maximum(values, 1e-8))
    half /= np.sqrt((half**2).sum(axis=1, keepdims=True))
    return np.asarray(half @ half.T)


def crps_t(z: Array, df: float | Array) -> Array:
    """Return the continuous ranked probability score of a standard Student t law at outcomes; normal from 10⁵ df on.

    ``z (2F(z) - 1) + 2 f(z) (df + z²) / (df - 1) - 2 √df / (df - 1) · B(½, df - ½) / B(½, df/2)²`` (Jordan, Krüger &
    Lerch 2019, doi:10.18637/jss.v090.i12); for the normal ``z (2Φ(z) - 1) + 2φ(z) - 1/√π`` (Gneiting & Raftery 2007,
    doi:10.1198/016214506000001437). Multiply by the scale for other laws. `df` is above 1.
    """
    from scipy import special, stats

    z, nu = np.broadcast_arrays(np.asarray(z, dtype=float), np.asarray(df, dtype=float))
    normal = z * (2 * special.ndtr(z) - 1) + 2 * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) - 1 / np.sqrt(np.pi)
    small = np.minimum(nu, 1e5)
    beta = np.exp(special.betaln(0.5, small - 0.5) - 2 * special.betaln(0.5, small / 2))
    student = (z * (2 * stats.t.cdf(z, small) - 1) + 2 * stats.t.pdf(z, small) * (small + z**2) / (small - 1)
               - 2 * np.sqrt(small) / (small - 1) * beta)  # fmt: skip
    return np.asarray(np.where(nu >= 1e5, normal, student))
