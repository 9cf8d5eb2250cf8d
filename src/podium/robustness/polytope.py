"""Shares uniform over what bounds and an order leave of the simplex, by hit-and-run, with diagnostics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array
from podium.errors import Fault, SpecError

__all__ = ["Mixing", "Polytope", "effective_size", "sample_polytope", "split_r_hat"]

CHAINS, POINTS = 32, 512
ENOUGH = 4_000


@dataclass(frozen=True, eq=False)
class Polytope:
    """Shares of the children of a node: ``low <= s <= high``, ``s[a] >= s[b]`` for each pair, and their sum 1."""

    parent: str
    low: Array
    high: Array
    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Mixing:
    """How well the chains have mixed: number of points, largest split R-hat, smallest effective sample size.

    Below 1.01, and at least some hundreds, they may be trusted (Vehtari et al. 2021, doi:10.1214/20-BA1221).
    """

    parent: str
    points: int
    r_hat: float
    effective: float


def sample_polytope(p: Polytope, rng: np.random.Generator) -> tuple[Array, Mixing]:
    """Return points uniform in a polytope of shares, ``(point, child)``, and how well the chains have mixed.

    Hit-and-run (Smith 1984, doi:10.1287/opre.32.6.1296): 32 chains from corners; the steps between points are made four
    times as many, twice at most, until the chains agree.

    Raises
    ------
    SpecError
        If nothing, or only a single point or a face, satisfies the constraints.
    """
    rows, limits = _constraints(p)
    centre = _centre(p, rows, limits)
    size = len(p.low)
    state = _corners(rows, limits, centre, rng)
    steps = size
    state, _ = _walk(state, rows, limits, 50 * size, 1, rng)
    for _ in range(3):
        state, points = _walk(state, rows, limits, steps, POINTS, rng)
        mixing = Mixing(p.parent, CHAINS * POINTS, split_r_hat(points), effective_size(points))
        if mixing.r_hat < 1.01 and mixing.effective >= ENOUGH:
            break
        steps *= 4
    flat = points.reshape(-1, size)
    return flat / flat.sum(axis=1, keepdims=True), mixing


def _constraints(p: Polytope) -> tuple[Array, Array]:
    """Rows and limits of ``rows @ s <= limits``."""
    eye = np.eye(len(p.low))
    order = np.array([eye[b] - eye[a] for a, b in p.pairs]).reshape(-1, len(p.low))
    return np.vstack([-eye, eye, order]), np.concatenate([-p.low, p.high, np.zeros(len(order))])


def _centre(p: Polytope, rows: Array, limits: Array) -> Array:
    """The centre of the largest ball within the polytope."""
    from scipy.optimize import linprog

    size = len(p.low)
    flat = rows - rows.mean(axis=1, keepdims=True)  # distances within the plane on which shares sum to 1
    radius = np.linalg.norm(flat, axis=1, keepdims=True)
    found = linprog(
        np.r_[np.zeros(size), -1.0], A_ub=np.hstack([rows, radius]), b_ub=limits,
        A_eq=np.r_[np.ones(size), 0.0][None], b_eq=[1.0], bounds=[(None, None)] * size + [(0, None)], method="highs",
    )  # fmt: skip
    if not found.success:
        raise SpecError(Fault(f"uncertainties.weights: no shares below {p.parent} satisfy the order and the bounds",
                              "Widen the bounds"))  # fmt: skip
    if found.x[-1] < 1e-9:
        raise SpecError(Fault(f"uncertainties.weights: the order and bounds below {p.parent} leave no freedom",
                              "Widen the bounds, or give these weights in the tree"))  # fmt: skip
    return np.asarray(found.x[:-1])


def _corners(rows: Array, limits: Array, centre: Array, rng: np.random.Generator) -> Array:
    """Starting points ``(chain, child)`` near corners, so that chains which have not mixed are seen to differ."""
    from scipy.optimize import linprog

    size, out = len(centre), []
    for _ in range(CHAINS):
        found = linprog(rng.standard_normal(size), A_ub=rows, b_ub=limits, A_eq=np.ones((1, size)), b_eq=[1.0],
                        bounds=(None, None), method="highs")  # fmt: skip
        out.append(0.9 * found.x + 0.1 * centre)
    return np.array(out)


def _walk(
    state: Array, rows: Array, limits: Array, steps: int, keep: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """The chains after many steps, and the points ``(chain, point, child)`` kept on the way."""
    points = np.empty((len(state), keep, state.shape[1]))
    for k in range(keep):
        way = rng.standard_normal((steps, *state.shape))
        way -= way.mean(axis=2, keepdims=True)
        where = rng.random((steps, len(state)))
        for direction, share in zip(way, where, strict=True):
            slope = direction @ rows.T
            room = np.maximum(limits - state @ rows.T, 0.0)
            with np.errstate(divide="ignore", invalid="ignore"):
                reach = room / slope
            ahead = np.where(slope > 1e-14, reach, np.inf).min(axis=1)
            back = np.where(slope < -1e-14, reach, -np.inf).max(axis=1)
            state = state + (back + share * (ahead - back))[:, None] * direction
        points[:, k] = state
    return state, points


def split_r_hat(points: Array) -> float:
    """Return the largest split R-hat over children of chains ``(chain, point, child)``.

    Gelman et al. (2013), Bayesian Data Analysis, section 11.4: each chain is cut in two halves.
    """
    half = points.shape[1] // 2
    parts = np.concatenate([points[:, :half], points[:, half : 2 * half]])
    within = parts.var(axis=1, ddof=1).mean(axis=0)
    between = half * parts.mean(axis=1).var(axis=0, ddof=1)
    spread = (half - 1) / half * within + between / half
    return float(np.sqrt(np.max(np.where(within > 0, spread / np.where(within > 0, within, 1.0), 1.0))))


def effective_size(points: Array) -> float:
    """Return the smallest effective sample size over children of chains ``(chain, point, child)``.

    Sums autocorrelations of the chains together up to Geyer's initial monotone sequence (Gelman et al. 2013, section
    11.5; Geyer 1992, doi:10.1214/ss/1177011137).
    """
    chains, n, size = points.shape
    centred = points - points.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, 2 * n, axis=1)
    auto = np.fft.irfft(np.abs(spectrum) ** 2, 2 * n, axis=1)[:, :n] / n
    within = auto[:, 0].mean(axis=0) * n / (n - 1)
    spread = within * (n - 1) / n + points.mean(axis=1).var(axis=0, ddof=1)
    worst = float(chains * n)
    for k in range(size):
        rho = 1.0 - (within[k] - auto[:, :, k].mean(axis=0)) / spread[k]
        pairs = rho[: n // 2 * 2].reshape(-1, 2).sum(axis=1)
        stop = int(np.argmax(pairs < 0)) if bool((pairs < 0).any()) else len(pairs)
        time = -1.0 + 2.0 * float(np.minimum.accumulate(pairs[:stop]).sum())
        worst = min(worst, chains * n / max(time, 1.0))
    return worst
