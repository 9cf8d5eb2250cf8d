"""Shares that obey bounds and an order, and the one in their middle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from podium.data.dataset import Array

__all__ = ["Polytope", "analytic_centre", "centroid", "nearest", "polytope"]

SLACK = 1e-10


@dataclass(frozen=True, eq=False)
class Polytope:
    """Shares ``w`` that sum to 1 with ``rows @ w >= limits``; ``rows`` is ``(constraint, share)``."""

    rows: Array
    limits: Array


def polytope(lower: Array, upper: Array, order: list[tuple[int, int]]) -> Polytope:
    """Return the shares between two bounds, ``(share,)`` each, with ``w[a] >= w[b]`` for every (a, b) of `order`.

    Its constraints are each lower bound (0 counts), each upper bound below 1, and each pair of the order.
    """
    k = len(lower)
    unit = np.eye(k)
    capped = np.flatnonzero(upper < 1)
    rows = [unit, -unit[capped], *(unit[[a]] - unit[[b]] for a, b in order)]
    return Polytope(np.vstack(rows), np.concatenate([lower, -upper[capped], np.zeros(len(order))]))


def _plane(k: int) -> Array:
    """An orthonormal basis of the changes that leave the sum alone, ``(share, k - 1)``."""
    return np.asarray(np.linalg.svd(np.ones((1, k)))[2][1:].T)


def nearest(region: Polytope, to: Array) -> Array:
    """Return the shares of the region nearest to others (Euclidean distance), which also sum to 1.

    Least distance by non-negative least squares: Lawson & Hanson (1974), Solving Least Squares Problems, chapter 23,
    doi:10.1137/1.9781611971217.

    Raises
    ------
    ValueError
        If the region is empty.
    """
    from scipy.optimize import nnls

    if (region.rows @ to >= region.limits - 1e-15).all():
        return to.copy()
    basis = _plane(len(to))
    g, h = region.rows @ basis, region.limits - region.rows @ to
    system = np.vstack([g.T, h])
    aim = np.zeros(len(system))
    aim[-1] = 1.0
    u, left = nnls(system, aim)
    if left < 1e-9:
        raise ValueError("no weights obey all constraints")
    r = system @ u - aim
    return np.asarray(to - basis @ (r[:-1] / r[-1]))


def _inside(region: Polytope) -> tuple[Array, float]:
    """The shares with the greatest least slack, and that slack; -inf where the region is empty."""
    from scipy.optimize import linprog

    k = region.rows.shape[1]
    cost = np.zeros(k + 1)
    cost[-1] = -1.0
    solved = linprog(
        cost, A_ub=np.hstack([-region.rows, np.ones((len(region.rows), 1))]), b_ub=-region.limits,
        A_eq=np.append(np.ones(k), 0.0)[None], b_eq=[1.0], bounds=[(None, None)] * k + [(None, 1.0)], method="highs",
    )  # fmt: skip
    return (solved.x[:-1], float(solved.x[-1])) if solved.success else (np.full(k, np.nan), -np.inf)


def analytic_centre(region: Polytope) -> Array:
    """Return the shares that maximise the product of the slacks of all constraints of the region.

    Boyd & Vandenberghe (2004), Convex Optimization, section 8.5.3, doi:10.1017/CBO9780511804441. Newton's method from
    the point with the greatest least slack.

    Raises
    ------
    ValueError
        If the region is empty or has no inside.
    """
    w = _start(region)
    basis = _plane(len(w))
    g = region.rows @ basis
    for _ in range(200):
        slack = region.rows @ w - region.limits
        slope = g.T @ (1 / slack)
        step = np.linalg.solve(g.T @ (g / (slack**2)[:, None]), slope)
        if slope @ step < 1e-24:
            break
        change = g @ step
        falling = change < 0
        room = float((slack[falling] / -change[falling]).min()) if falling.any() else np.inf
        size = min(1.0, 0.9 * room)
        while np.log(slack + size * change).sum() < np.log(slack).sum() and size > 1e-12:
            size /= 2
        w = w + size * (basis @ step)
    return np.asarray(w)


def _start(region: Polytope) -> Array:
    w, room = _inside(region)
    if room < -SLACK:
        raise ValueError("no weights obey all constraints")
    if room < SLACK:
        raise ValueError("the constraints leave no room around a point; `centre: nearest` needs none")
    return w


def centroid(region: Polytope) -> Array:
    """Return the mean of all shares of the region, each as likely as any other.

    For a complete order without bounds these are the rank order centroid weights of Barron & Barrett (1996),
    doi:10.1287/mnsc.42.11.1515. The region is cut into simplices between its corners; for up to about eight shares.

    Raises
    ------
    ValueError
        If the region is empty or has no inside.
    """
    from scipy.spatial import Delaunay, HalfspaceIntersection

    w = _start(region)
    basis = _plane(len(w))
    g, h = region.rows @ basis, region.limits - region.rows @ w
    if len(w) == 2:
        ends = (h / g[:, 0])[g[:, 0] > 0].max(), (h / g[:, 0])[g[:, 0] < 0].min()
        return np.asarray(w + basis[:, 0] * (ends[0] + ends[1]) / 2)
    corners = HalfspaceIntersection(np.column_stack([-g, h]), np.zeros(len(w) - 1)).intersections
    corners = corners[~_repeated(corners)]
    simplices = corners[Delaunay(corners).simplices]
    volumes = np.abs(np.linalg.det(simplices[:, 1:] - simplices[:, :1]))
    return np.asarray(w + basis @ (volumes @ simplices.mean(axis=1) / volumes.sum()))


def _repeated(corners: Array) -> np.ndarray:
    """Which corners stand there already, to 1e-10."""
    near = np.abs(corners[:, None] - corners[None]).max(axis=-1) < 1e-10
    return np.asarray(np.tril(near, -1).any(axis=1))
