"""Whether the indicators of a group measure one thing: Cronbach's alpha."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.index.build import Built
from podium.index.correlation import correlation_matrix
from podium.index.selection import leaves_below, step_figures

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["alpha_without", "cronbach_alpha", "pairwise_covariance", "reliability"]


def pairwise_covariance(x: Array) -> Array:
    """Return the covariances (n - 1) of columns ``(unit, item)`` over the units that each pair has; ``(item, item)``.

    NaN where a pair has fewer than two units.
    """
    out = np.full((x.shape[1], x.shape[1]), np.nan)
    there = ~np.isnan(x)
    for i in range(x.shape[1]):
        for j in range(i, x.shape[1]):
            both = there[:, i] & there[:, j]
            if both.sum() > 1:
                a, b = x[both, i], x[both, j]
                out[i, j] = out[j, i] = (a - a.mean()) @ (b - b.mean()) / (both.sum() - 1)
    return out


def cronbach_alpha(x: Array, *, standardised: bool) -> float:
    """Return Cronbach's alpha ``k² c̄ / Σ C`` of columns ``(unit, item)``; NaN below two columns.

    C is the matrix of pairwise complete covariances, or of correlations where `standardised`, c̄ the mean of what is
    off its diagonal. It falls below 0 where the columns run against each other. Cronbach (1951),
    doi:10.1007/BF02310555.
    """
    k = x.shape[1]
    if k < 2:
        return float("nan")
    c = correlation_matrix(x, kind="pearson") if standardised else pairwise_covariance(x)
    total = float(np.nansum(c))
    return k**2 * (total - float(np.nansum(np.diag(c)))) / (k * (k - 1)) / total if total else float("nan")


def alpha_without(x: Array, *, standardised: bool) -> Array:
    """Return alpha without each column in turn, ``(item,)``."""
    return np.array([cronbach_alpha(np.delete(x, k, axis=1), standardised=standardised) for k in range(x.shape[1])])


def reliability(built: Built, *, step: str, level: int = 1) -> pd.DataFrame:
    """Return Cronbach's alpha of every group: ``level, items, alpha, standardised``, one row a group.

    Parameters
    ----------
    step
        The table; groups are in ``Aggregated``.
    level
        1 takes all indicators below each group; any other level its children, where they stand at that level.

    Raises
    ------
    DataError
        If there is no such step, or it lacks the level.
    """
    import pandas as pd

    x, names = step_figures(built, step)
    tree, rows = built.tree, []
    if level > 1 and len(names) == tree.indicators:
        raise DataError(Fault(f"the table {step!r} has no groups", "Use step 'Aggregated' for levels above 1"))
    for group in tree.groups:
        kids = list(leaves_below(tree, group.item)) if level == 1 else [
            k for k in group.children if tree.level[k] == level]  # fmt: skip
        if kids:
            part = x[:, kids]
            rows.append((group.code, tree.level[group.item], len(kids), cronbach_alpha(part, standardised=False),
                         cronbach_alpha(part, standardised=True)))  # fmt: skip
    return pd.DataFrame(rows, columns=["group", "level", "items", "alpha", "standardised"]).set_index("group")
