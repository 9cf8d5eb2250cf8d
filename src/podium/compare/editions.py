"""Two or more built indices set side by side on the units they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from podium.compare.agreement import Agreement, agreement
from podium.errors import DataError, Fault
from podium.index.aggregate import tree_scores
from podium.index.build import Built
from podium.index.correlation import correlation_matrix
from podium.index.rank import ranks
from podium.index.rescale import ends, rescaled
from podium.index.statistics import significant

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Aligned", "By", "Show", "agree", "align", "compare", "compare_many", "correlate", "without_each"]

By = Literal["ranks", "scores"]
Show = Literal["values", "changes", "distances"]
LAST_BITS = 12  # scores equal to so many significant figures are tied


@dataclass(frozen=True)
class Aligned:
    """Which units two built indices share, and which only one of them has (``newcomers``, ``leavers``)."""

    units: tuple[str, ...]
    newcomers: tuple[str, ...]
    leavers: tuple[str, ...]


def align(old: Built, new: Built) -> Aligned:
    """Return the shared units, the newcomers and the leavers; a unit without a score counts as absent.

    Raises
    ------
    DataError
        If no unit has a score in both.
    """
    first, second = _scored(old), _scored(new)
    shared = tuple(u for u in new.units if u in first and u in second)
    if not shared:
        raise DataError(Fault("the two indices have no unit in common", "Compare indices of the same units"))
    newcomers = tuple(u for u in new.units if u in second and u not in first)
    return Aligned(shared, newcomers, tuple(u for u in old.units if u in first and u not in second))


def _scored(built: Built) -> set[str]:
    return {u for u, s in zip(built.units, built.score_table[:, -1], strict=True) if not np.isnan(s)}


def compare(old: Built, new: Built, *, node: str | None = None, by: By = "ranks") -> pd.DataFrame:
    """Return ``old, new, change, distance`` of every shared unit at a node, the best new one first.

    The node is the root by default. A negative change of rank is a rise; the distance is the change without its
    sign. Ranks are those within each index, newcomers and leavers included.
    """
    import pandas as pd

    units = list(align(old, new).units)
    columns = {name: _column(built, units, node, by) for name, built in (("old", old), ("new", new))}
    table = pd.DataFrame(columns, index=units)
    table["change"] = table["new"] - table["old"]
    table["distance"] = table["change"].abs()
    return table.sort_values("new", ascending=by == "ranks", kind="stable")


def compare_many(
    builts: Mapping[str, Built], *, node: str | None = None, by: By = "ranks", show: Show = "values",
    base: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return one column for each built index over the units that any of them has; NaN where one lacks a unit.

    Parameters
    ----------
    show
        ``values``, ``changes`` against `base` (negative is a rise of rank), or ``distances``, changes without sign.
    base
        The index to sort by and to compare with; None takes the first.

    Raises
    ------
    DataError
        If there is no such index or node.
    """
    import pandas as pd

    first = next(iter(builts)) if base is None else base
    if first not in builts:
        raise DataError(Fault(f"there is no index {first!r} to compare with", f"Use one of {', '.join(builts)}"))
    units = list(dict.fromkeys(u for b in builts.values() for u in b.units))
    columns = {
        name: pd.Series(_column(b, list(b.units), node, by), index=list(b.units)).reindex(units)
        for name, b in builts.items()
    }
    table = pd.DataFrame(columns).sort_values(first, ascending=by == "ranks", kind="stable")
    if show == "values":
        return table
    changes = table.sub(table[first], axis=0)
    return changes if show == "changes" else changes.abs()


def correlate(
    old: Built, new: Built, *, nodes: Iterable[str] | None = None, ties: Literal["average", "competition"]
) -> pd.Series:
    """Return the correlation of the ranks of two built indices at several nodes, on the units with a score in both.

    Scores equal to twelve significant figures are tied, since sums of the same figures differ in their last bits.

    Parameters
    ----------
    nodes
        Items of both trees; None takes all that both have, from the root down.
    ties
        ``average`` ranks make it Spearman's correlation; ``competition`` ranks 1, 1, 3 are what COINr's
        ``compare_coins_corr`` takes.

    Raises
    ------
    DataError
        If a node is not in one of the trees.
    """
    import pandas as pd

    both = [c for c in reversed(new.tree.items) if c in old.tree.items] if nodes is None else list(nodes)
    units = [u for u in new.units if u in set(old.units)]
    return pd.Series({code: _rank_correlation(old, new, units, code, ties) for code in both}, dtype=float)


def _rank_correlation(old: Built, new: Built, units: list[str], code: str, ties: str) -> float:
    x, y = (significant(_column(b, units, code, "scores"), LAST_BITS) for b in (old, new))
    known = ~(np.isnan(x) | np.isnan(y))
    placed = np.column_stack([ranks(v[known], ties=ties) for v in (x, y)])
    return float(correlation_matrix(placed, kind="pearson")[0, 1]) if known.sum() > 1 else float("nan")


def _column(built: Built, units: list[str], node: str | None, by: By) -> np.ndarray:
    items = built.tree.items
    if node is not None and node not in items:
        raise DataError(Fault(f"there is no node {node!r}", f"Name one of {', '.join(reversed(items))}"))
    item = len(items) - 1 if node is None else items.index(node)
    place = {u: k for k, u in enumerate(built.units)}
    table = built.rank_table if by == "ranks" else built.score_table
    return np.asarray(table[[place[u] for u in units], item])


def agree(old: Built, new: Built, *, node: str | None = None, k: int = 10) -> Agreement:
    """Return the agreement of two built indices on their shared units, ranked among themselves."""
    table = compare(old, new, node=node, by="scores")
    return agreement(ranks(table["old"].to_numpy()), ranks(table["new"].to_numpy()), k=k)


def without_each(
    built: Built, codes: Iterable[str] | None = None, *, level: int | None = None, node: str | None = None
) -> pd.DataFrame:
    """Return each unit's score with every element of a level left out in turn; the column ``nominal`` has all.

    Leaving out sets the element's weight to 0; everything else stays as built. `podium.compare.removal` has the ranks
    to it, and the other way to leave out.

    Parameters
    ----------
    codes
        The elements; None takes all those of `level` (1 = indicators).
    node
        The item whose scores are shown; None takes the root.
    """
    import pandas as pd

    items = built.tree.items
    chosen = (
        list(codes) if codes is not None else [c for c, at in zip(items, built.tree.level, strict=True) if at == level]
    )
    if absent := [c for c in [*chosen, *([] if node is None else [node])] if c not in items]:
        raise DataError(Fault(f"{', '.join(absent)} are not in the tree", "Name indicators or groups of the tree"))
    at = len(items) - 1 if node is None else items.index(node)
    weights = np.tile(built.tree.weights, (len(chosen), 1))
    weights[np.arange(len(chosen)), [items.index(c) for c in chosen]] = 0.0
    scores = tree_scores(built.tree, built.arrays["Normalised"], weights, units=built.units)[..., at]
    rule = built.spec.steps.rescale
    if rule is not None and at == len(items) - 1:
        scores = np.stack([rescaled(s, rule, ends(s, rule)) for s in scores])
    columns = {"nominal": built.score_table[:, at]} | dict(zip(chosen, scores, strict=True))
    return pd.DataFrame(columns, index=list(built.units))
