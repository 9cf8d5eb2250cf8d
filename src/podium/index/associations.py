"""Correlations within an index: between levels, within groups, with parents and with denominators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.index.build import Built
from podium.index.correlation import KINDS, Kind, correlation_matrix
from podium.index.selection import ancestor, ancestors, directions, grouped, item_numbers, items_at, step_figures
from podium.index.significance import p_values

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ancestor_correlations", "correlations", "denominator_correlations", "flagged_correlations"]


def correlations(
    built: Built, *, step: str, kind: Kind, levels: tuple[int, int] = (1, 1), within: int | None = None,
    codes: Iterable[str] | None = None, max_p: float | None = None, directed: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Return one row a pair of items: ``first, second, correlation, p``.

    Parameters
    ----------
    step
        The table to correlate. Groups, at levels above 1, are in ``Aggregated``.
    kind
        ``pearson``, ``spearman`` or ``kendall``, over the units that both items have.
    levels
        The levels of the first and of the second item (1 = indicators). On one level every ordered pair stands there,
        an item with itself at 1, so that ``.pivot(index="first", columns="second")`` is the whole matrix.
    within
        Keep pairs whose ancestor at this level is the same; None keeps all.
    codes
        Only these items; None takes all.
    max_p
        Correlations with a greater p-value become NaN; None keeps all.
    directed
        Turn figures before normalisation by the direction of their indicator.

    Raises
    ------
    DataError
        If the step, a level or a code does not exist.
    """
    import pandas as pd

    _known(kind)
    x, names = _figures(built, step, directed)
    tree = built.tree
    chosen = None if codes is None else set(item_numbers(tree, codes))
    first, second = ([k for k in items_at(tree, at) if chosen is None or k in chosen] for at in levels)
    _have(names, [*first, *second], step)
    r = correlation_matrix(x[:, first], None if first == second else x[:, second], kind=kind)
    p = p_values(x[:, first], None if first == second else x[:, second], kind=kind, coefficients=r)
    pairs = [
        (i, j) for i, a in enumerate(first) for j, b in enumerate(second)
        if within is None or (ancestor(tree, a, within) == ancestor(tree, b, within) is not None)
    ]  # fmt: skip
    rows = [(tree.items[first[i]], tree.items[second[j]], r[i, j], p[i, j]) for i, j in pairs]
    return _table(pd.DataFrame(rows, columns=["first", "second", "correlation", "p"]), max_p)


def ancestor_correlations(
    built: Built, *, level: int, kind: Kind, max_p: float | None = None, step: str = "Aggregated"
) -> pd.DataFrame:
    """Return the correlation of each item of a level with its parent, its parent's parent … up to the root.

    Returns
    -------
    ``item, ancestor, level, steps, correlation, p``, one row a pair: ``level`` is that of the ancestor, ``steps`` is 1
    for the parent, 2 for its parent, and so on.

    Raises
    ------
    DataError
        If there is no such level, or nothing above it.
    """
    import pandas as pd

    _known(kind)
    x, names = _figures(built, step, directed=False)
    tree, rows = built.tree, []
    items = items_at(tree, level)
    _have(names, [k for k in range(len(tree.items)) if tree.level[k] > level], step)
    if not any(ancestors(tree, k) for k in items):
        raise DataError(Fault(f"nothing stands above level {level}", "Name a lower level"))
    above = sorted({a for k in items for a in ancestors(tree, k)})
    r = correlation_matrix(x[:, items], x[:, above], kind=kind)
    p = p_values(x[:, items], x[:, above], kind=kind, coefficients=r)
    for i, item in enumerate(items):
        for steps, over in enumerate(ancestors(tree, item), start=1):
            j = above.index(over)
            rows.append((tree.items[item], tree.items[over], tree.level[over], steps, r[i, j], p[i, j]))
    columns = ["item", "ancestor", "level", "steps", "correlation", "p"]
    return _table(pd.DataFrame(rows, columns=columns), max_p)


def flagged_correlations(
    built: Built, *, step: str, kind: Kind, within: int, above: float | None = None, below: float | None = None,
    level: int = 1,
) -> pd.DataFrame:  # fmt: skip
    """Return the pairs within a group whose correlation is above or below a threshold, each pair once.

    Very high ones may count a thing twice, negative ones cancel each other out within their group.

    Parameters
    ----------
    within
        The level of the groups.
    above, below
        Thresholds; give one or both.

    Returns
    -------
    ``group, first, second, correlation``, in the order of the tree.

    Raises
    ------
    DataError
        If there is neither threshold, or no such step or level.
    """
    import pandas as pd

    _known(kind)
    if above is None and below is None:
        raise DataError(Fault("there is no threshold for correlations", "Give `above`, `below` or both"))
    x, names = _figures(built, step, directed=False)
    tree, rows = built.tree, []
    items_at(tree, within)
    _have(names, items_at(tree, level), step)
    for over, items in grouped(tree, items_at(tree, level), within).items():
        r = correlation_matrix(x[:, items], kind=kind)
        for i, j in zip(*np.triu_indices(len(items), 1), strict=True):
            if (above is not None and r[i, j] > above) or (below is not None and r[i, j] < below):
                rows.append((tree.items[over], tree.items[items[i]], tree.items[items[j]], r[i, j]))
    return pd.DataFrame(rows, columns=["group", "first", "second", "correlation"])


def denominator_correlations(
    built: Built, *, step: str, kind: Kind, above: float, by: Iterable[str] | None = None
) -> pd.DataFrame:
    """Return the indicators whose correlation with a denominator is beyond a threshold: ``item, by, correlation``.

    Such an indicator may measure size, and be one to divide.

    Parameters
    ----------
    above
        The absolute correlation from which on a pair is listed.
    by
        Columns of the unit table; None takes every numeric one.

    Raises
    ------
    DataError
        If a column is not there or not numeric.
    """
    import pandas as pd

    _known(kind)
    x, names = _figures(built, step, directed=False)
    held = built.dataset.unit_table.reindex(list(built.units))
    numeric = [c for c in held.columns if pd.api.types.is_numeric_dtype(held[c])]
    wanted = numeric if by is None else list(by)
    if absent := [c for c in wanted if c not in numeric]:
        raise DataError(Fault(f"{', '.join(absent)} not among the numeric columns of the unit table",
                              f"Use one of {', '.join(map(str, numeric)) or 'none'}"))  # fmt: skip
    indicators = built.tree.indicators
    r = correlation_matrix(x[:, :indicators], held[wanted].to_numpy(float), kind=kind)
    rows = [(names[i], wanted[j], r[i, j]) for i, j in np.argwhere(np.abs(r) > above)]
    return pd.DataFrame(rows, columns=["item", "by", "correlation"])


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise DataError(Fault(f"there is no correlation {kind!r}", f"Use one of {', '.join(KINDS)}"))


def _figures(built: Built, step: str, directed: bool) -> tuple[Array, tuple[str, ...]]:
    x, names = step_figures(built, step)
    if directed and step not in ("Normalised", "Aggregated"):
        return x * directions(built), names
    return x, names


def _have(names: tuple[str, ...], items: Iterable[int], step: str) -> None:
    if any(k >= len(names) for k in items):
        raise DataError(Fault(f"the table {step!r} has no groups", "Use step 'Aggregated' for levels above 1"))


def _table(table: pd.DataFrame, max_p: float | None) -> pd.DataFrame:
    if max_p is not None:
        table.loc[table["p"] > max_p, "correlation"] = np.nan
    return table
