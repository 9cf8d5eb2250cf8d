"""Missing cells under a multivariate normal law: the EM algorithm, and multiple imputation from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array

__all__ = ["expectation_maximisation", "multiple_imputation", "normal_law"]

RIDGE = 1e-8


def expectation_maximisation(
    values: Array, columns: Sequence[Sequence[int]], *, tolerance: float = 1e-6, rounds: int = 2000
) -> Array:
    """Return conditional means of all cells under a multivariate normal law fitted by EM.

    Dempster, Laird & Rubin (1977), doi:10.1111/j.2517-6161.1977.tb01600.x; Little & Rubin (2019), section 11.2.1,
    doi:10.1002/9781119482260.

    Parameters
    ----------
    values
        ``(unit, indicator)``; NaN is missing.
    columns
        Groups of columns that share a law; a column in none keeps NaN. With about as many indicators as units a law of
        all of them is not determined: take groups.

    Returns
    -------
    ``(unit, indicator)``; known cells keep their value.

    Raises
    ------
    ValueError
        If it has not settled after so many rounds.
    """
    out = np.where(np.isnan(values), np.nan, values)
    for group in columns:
        part, centre, spread = _standard(values[:, list(group)])
        mean, cover = normal_law(part, tolerance=tolerance, rounds=rounds)
        filled = part.copy()
        for rows, gone, held in _patterns(np.isnan(part)):
            filled[np.ix_(rows, gone)] = _conditional(part, rows, gone, held, mean, cover)[0]
        out[:, list(group)] = filled * spread + centre
    return np.where(np.isnan(values), out, values)


def multiple_imputation(
    values: Array, columns: Sequence[Sequence[int]], *, draws: int, rng: np.random.Generator,
    tolerance: float = 1e-4, rounds: int = 2000,
) -> Array:  # fmt: skip
    """Return completed tables ``(draw, unit, indicator)``: bootstrap the units, fit by EM, draw the missing cells.

    The bootstrap carries the uncertainty of the law, the draw from the conditional law that of the cell (Honaker & King
    2010, doi:10.1111/j.1540-5907.2010.00447.x). Known cells keep their value in every draw.

    Raises
    ------
    ValueError
        If EM has not settled after so many rounds.
    """
    out = np.broadcast_to(values, (draws, *values.shape)).copy()
    for group in columns:
        part, centre, spread = _standard(values[:, list(group)])
        missing = np.isnan(part)
        if not missing.any():
            continue
        for d in range(draws):
            mean, cover = normal_law(_resampled(part, rng), tolerance=tolerance, rounds=rounds)
            filled = part.copy()
            for rows, gone, held in _patterns(missing):
                middle, rest = _conditional(part, rows, gone, held, mean, cover)
                root = np.linalg.cholesky(rest + RIDGE * np.eye(len(gone)))
                filled[np.ix_(rows, gone)] = middle + rng.standard_normal(middle.shape) @ root.T
            out[d][:, list(group)] = filled * spread + centre
    return np.where(np.isnan(values), out, values)


def normal_law(z: Array, *, tolerance: float, rounds: int) -> tuple[Array, Array]:
    """Return mean ``(indicator,)`` and covariance ``(indicator, indicator)`` by maximum likelihood; NaN is missing.

    The covariance gets a ridge of 1e-8 of its mean variance, so that it can be inverted.

    Raises
    ------
    ValueError
        If it has not settled after so many rounds: no mean and no covariance moved by more than the tolerance.
    """
    missing = np.isnan(z)
    patterns = list(_patterns(missing))
    filled = np.where(missing, np.broadcast_to(np.nanmean(z, axis=0), z.shape), z)
    mean = filled.mean(axis=0)
    cover = np.atleast_2d(np.cov(filled.T, bias=True)) + RIDGE * np.eye(z.shape[1])
    for _ in range(rounds):
        extra = np.zeros_like(cover)
        for rows, gone, held in patterns:
            filled[np.ix_(rows, gone)], rest = _conditional(z, rows, gone, held, mean, cover)
            extra[np.ix_(gone, gone)] += len(rows) * rest
        new = filled.mean(axis=0)
        off = filled - new
        after = (off.T @ off + extra) / len(z)
        after += RIDGE * np.trace(after) / len(after) * np.eye(len(after))
        moved = max(float(np.abs(new - mean).max()), float(np.abs(after - cover).max()))
        mean, cover = new, after
        if moved < tolerance or not patterns:
            return mean, cover
    raise ValueError(f"the EM algorithm has not settled after {rounds} rounds")


def _standard(values: Array) -> tuple[Array, Array, Array]:
    centre, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    return (values - centre) / spread, centre, spread


def _patterns(
    missing: npt.NDArray[np.bool_],
) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Units that miss the same cells, with the columns they miss and those they have."""
    kinds, which = np.unique(missing, axis=0, return_inverse=True)
    for k, pattern in enumerate(kinds):
        if pattern.any():
            yield np.flatnonzero(which.reshape(-1) == k), np.flatnonzero(pattern), np.flatnonzero(~pattern)


def _conditional(
    z: Array, rows: npt.NDArray[np.intp], gone: npt.NDArray[np.intp], held: npt.NDArray[np.intp], mean: Array,
    cover: Array,
) -> tuple[Array, Array]:  # fmt: skip
    """Mean ``(row, gone)`` and covariance of the missing cells given those there are."""
    if not len(held):
        return np.tile(mean[gone], (len(rows), 1)), cover[np.ix_(gone, gone)]
    slope = np.linalg.solve(cover[np.ix_(held, held)], cover[np.ix_(held, gone)])
    rest = cover[np.ix_(gone, gone)] - cover[np.ix_(gone, held)] @ slope
    return mean[gone] + (z[np.ix_(rows, held)] - mean[held]) @ slope, (rest + rest.T) / 2


def _resampled(z: Array, rng: np.random.Generator) -> Array:
    """The units drawn with replacement, such that every indicator that varies still does."""
    varies = np.nanmax(z, axis=0) > np.nanmin(z, axis=0)
    for _ in range(1000):
        part = z[rng.integers(0, len(z), len(z))]
        known = ~np.isnan(part)
        low = np.where(known, part, np.inf).min(axis=0)
        high = np.where(known, part, -np.inf).max(axis=0)
        if bool(known.any(axis=0).all() and (high > low)[varies].all()):
            return part
    raise ValueError("an indicator has too few figures to be imputed by resampling")
