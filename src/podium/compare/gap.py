"""Why one unit scores above another: the gap of two scores split by indicator, without rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.index.aggregate import Tree, tree_scores
from podium.index.build import Built

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Gap", "completed", "path_shares", "split_gap"]

MEANS = ("arithmetic", "geometric", "harmonic")
NODES = 24
STEP = 1e-5


@dataclass(frozen=True, eq=False)
class Gap:
    """The gap of two units at the root, and each indicator's part of it; the parts sum to the gap.

    ``stood_in`` names, for each of the two, the indicators without a figure: there the mean of its siblings stands, as
    in the score itself.
    """

    a: str
    b: str
    gap: float
    indicators: tuple[str, ...]
    parts: Array
    values: Array
    stood_in: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def table(self) -> pd.DataFrame:
        """One row an indicator, the greatest part first: its part, and the normalised values of both units."""
        import pandas as pd

        frame = pd.DataFrame({"part": self.parts, "a": self.values[0], "b": self.values[1]}, list(self.indicators))
        return frame.loc[frame["part"].abs().sort_values(ascending=False, kind="stable").index]


def completed(tree: Tree, row: Array, scores: Array) -> Array:
    """Return a unit's normalised values with every missing one replaced by what leaves all its scores as they are.

    A weighted mean that gives a missing child's weight to its siblings is the mean with their mean in its place.

    Parameters
    ----------
    row
        ``(indicator,)``; NaN is missing.
    scores
        ``(item,)`` the unit's scores; NaN where a group has too little.
    """
    full = scores.copy()
    full[: tree.indicators] = row
    for group in reversed(tree.groups):
        kids = list(group.children)
        full[kids] = np.where(np.isnan(full[kids]), full[group.item], full[kids])
    return np.asarray(full[: tree.indicators])


def path_shares(tree: Tree, a: Array, b: Array) -> Array:
    """Return each indicator's part of the difference of the root's scores, ``(indicator,)``, scores of a less of b.

    The partial derivatives along the straight line from b to a, integrated (Aumann & Shapley 1974; Friedman 2004,
    doi:10.1007/s001820400173): weight times difference where scores are linear. What the integration misses, of the
    order of its error, is shared in proportion.
    """
    n = tree.indicators
    points, weights = np.polynomial.legendre.leggauss(NODES)
    at = b + np.outer((points + 1) / 2, a - b)
    step = STEP * np.maximum(np.abs(a - b), 1e-9)
    moved = np.concatenate([at[:, None] + np.diag(step), at[:, None] - np.diag(step)], axis=1)
    root = tree_scores(tree, moved)[..., -1]
    slope = (root[:, :n] - root[:, n:]) / (2 * step)
    parts = np.asarray((weights / 2) @ slope) * (a - b)
    ends = tree_scores(tree, np.stack([a, b]))[..., -1]
    rest = float(ends[0] - ends[1]) - float(parts.sum())
    size = float(np.abs(parts).sum())
    return parts + (rest * np.abs(parts) / size if size else 0.0)


def split_gap(built: Built, a: str, b: str) -> Gap:
    """Return the gap between two units split by indicator.

    Raises
    ------
    DataError
        If a unit is not in the index or has no score, or an aggregation is no mean of its children.
    """
    rows = [_row(built, u) for u in (a, b)]
    tree = built.tree
    odd = [g.code for g in tree.groups if g.method not in MEANS or g.normalise or g.shown or g.decimals is not None]
    if odd or built.spec.steps.rescale is not None or tree.factors:
        why = f"{', '.join(odd) or 'the total'} is not a plain mean of its children"
        raise DataError(Fault(f"the gap cannot be split: {why}", "Split gaps of indices of means"))
    table = built.arrays["Normalised"]
    full = np.stack([completed(tree, table[k], built.score_table[k]) for k in rows])
    parts = path_shares(tree, full[0], full[1])
    without = [_missing(tree, table[k]) for k in rows]
    gap = float(built.score_table[rows[0], -1] - built.score_table[rows[1], -1])
    return Gap(a, b, gap, tree.items[: tree.indicators], parts, full, (without[0], without[1]))


def _row(built: Built, unit: str) -> int:
    if unit not in built.units:
        raise DataError(Fault(f"unit {unit} is not in the index", f"Use one of {', '.join(built.units)}"))
    k = built.units.index(unit)
    if np.isnan(built.score_table[k, -1]):
        raise DataError(Fault(f"unit {unit} has no score", "It lacks too many figures"))
    return k


def _missing(tree: Tree, row: npt.NDArray[np.float64]) -> tuple[str, ...]:
    return tuple(c for c, x in zip(tree.items[: tree.indicators], row, strict=True) if x != x)
