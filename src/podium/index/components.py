"""Principal components: how much of a group one score can hold, and the weights that would hold most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from podium.data.dataset import Array
from podium.errors import ComputationError, Fault
from podium.index.selection import grouped, items_at, step_figures

if TYPE_CHECKING:
    import pandas as pd

    from podium.index.build import Built

__all__ = ["Components", "component_table", "group_components", "principal_components"]


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of standardised columns.

    ``loadings`` ``(item, component)`` have length 1 in each column, ``sdev`` is each component's standard deviation,
    ``share`` its part of the whole variance; ``rows`` is the number of complete units they come from.
    """

    loadings: Array
    sdev: Array
    share: Array
    rows: int


def principal_components(x: Array) -> Components:
    """Return the principal components of ``(unit, item)``, each column to mean 0 and standard deviation 1 (n - 1).

    Units with a missing value are left out. The sign, which is arbitrary, is such that the loadings of a component sum
    to a positive number; where they sum to 0, the first of the greatest loadings is positive. Jolliffe (2002),
    doi:10.1007/b98835.

    Raises
    ------
    ComputationError
        If fewer than two units are complete or a column is constant among them.
    """
    held = x[~np.isnan(x).any(axis=1)]
    if len(held) < 2:
        raise ComputationError(Fault("fewer than two units have all figures", "Impute first, or use fewer items"))
    if (flat := np.flatnonzero((held == held[0]).all(axis=0))).size:
        raise ComputationError(Fault(f"column {int(flat[0]) + 1} is constant among the complete units", "Leave it out"))
    z = (held - held.mean(axis=0)) / held.std(axis=0, ddof=1)
    _, singular, right = np.linalg.svd(z, full_matrices=False)
    loadings = right.T * _signs(right.T)
    sdev = singular / np.sqrt(len(held) - 1)
    return Components(loadings, sdev, sdev**2 / (sdev**2).sum(), len(held))


def _signs(loadings: Array) -> Array:
    """1 or -1 for each component ``(item, component)`` → ``(component,)``."""
    total = loadings.sum(axis=0)
    size = np.abs(loadings)
    first = np.argmax(size >= size.max(axis=0) * (1 - 1e-9), axis=0)
    greatest = np.take_along_axis(loadings, first[None], axis=0)[0]
    return np.asarray(np.where(np.where(np.abs(total) > 1e-9, total, greatest) < 0, -1.0, 1.0))


def group_components(
    built: Built, *, step: str, level: int, by_group: bool = True
) -> dict[str, tuple[tuple[str, ...], Components]]:
    """Return the items and principal components of each group of items at a level; one item alone has itself.

    Parameters
    ----------
    level
        The level of the items (1 = indicators); levels above 1 are in ``Aggregated``.
    by_group
        True takes the children of each parent together, False all items of the level (under the root's code).

    Raises
    ------
    DataError, ComputationError
        If there is no such step or level, or naming the group and item that cannot be decomposed.
    """
    from podium.errors import DataError

    x, names = step_figures(built, step)
    tree = built.tree
    items = items_at(tree, level)
    if any(k >= len(names) for k in items):
        raise DataError(Fault(f"the table {step!r} has no groups", "Use step 'Aggregated' for levels above 1"))
    if by_group:
        groups: dict[int, list[int]] = {}
        for k in items:
            groups.setdefault(tree.parent[k], []).append(k)
        groups.pop(-1, None)
    else:
        groups = grouped(tree, items, max(tree.level))
    out = {}
    for over, kids in sorted(groups.items()):
        codes = tuple(tree.items[k] for k in kids)
        out[tree.items[over]] = (codes, _explained(x[:, kids], tree.items[over], codes))
    return out


def _explained(x: Array, group: str, codes: tuple[str, ...]) -> Components:
    held = x[~np.isnan(x).any(axis=1)]
    if len(held) >= 2 and (flat := np.flatnonzero((held == held[0]).all(axis=0))).size:
        raise ComputationError(Fault(f"{group}: {codes[int(flat[0])]} is constant among the complete units",
                                     "Leave it out of the tree, or impute first"))  # fmt: skip
    try:
        return principal_components(x)
    except ComputationError as error:
        raise ComputationError(Fault(f"{group}: {error}", "")) from None


def component_table(built: Built, *, step: str, level: int, by_group: bool = True) -> pd.DataFrame:
    """Return one row an item and component: ``group, component, item, loading, sdev, share, rows``.

    Loadings of component 1 are what COINr calls PCA weights; see `principal_components` for the sign and
    `group_components` for the arguments.
    """
    import pandas as pd

    rows = [
        (group, c + 1, code, found.loadings[k, c], found.sdev[c], found.share[c], found.rows)
        for group, (codes, found) in group_components(built, step=step, level=level, by_group=by_group).items()
        for c in range(len(found.sdev)) for k, code in enumerate(codes)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["group", "component", "item", "loading", "sdev", "share", "rows"])
