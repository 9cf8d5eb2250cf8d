"""How far two rankings agree: Kendall, Spearman, overlap at the top."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from podium.data.dataset import Array
from podium.errors import DataError, Fault
from podium.index.rank import ranks

__all__ = ["Agreement", "agreement", "kendall", "spearman", "top_overlap"]


@dataclass(frozen=True)
class Agreement:
    """Agreement of two rankings of the same ``units`` units; the correlations are NaN below two units.

    ``top`` is the share of the first ``k`` that both have in common, ``largest`` the greatest difference of
    ranks, ``mean`` the mean absolute difference.
    """

    units: int
    kendall: float
    spearman: float
    top: float
    k: int
    largest: float
    mean: float

    def to_dict(self) -> dict[str, Any]:
        """Return the measures as plain JSON values."""
        return asdict(self)


def kendall(x: Array, y: Array) -> float:
    """Return Kendall's tau-b of two vectors ``(unit,)``; NaN where one of them is constant.

    Pairs with a NaN are left out. Kendall (1945), doi:10.1093/biomet/33.3.239.
    """
    from scipy.stats import kendalltau

    x, y = _known(x, y)
    return float("nan") if _flat(x) or _flat(y) else float(kendalltau(x, y).statistic)


def spearman(x: Array, y: Array) -> float:
    """Return Spearman's rank correlation of two vectors ``(unit,)``, ties averaged; NaN where one is constant.

    Pairs with a NaN are left out. Spearman (1904), doi:10.2307/1412159.
    """
    x, y = _known(x, y)
    if _flat(x) or _flat(y):
        return float("nan")
    return float(np.corrcoef(ranks(x, ties="average"), ranks(y, ties="average"))[0, 1])


def top_overlap(x: Array, y: Array, k: int) -> float:
    """Return the share of the first k that two vectors of ranks ``(unit,)`` have in common (1 is best).

    Where a tie makes more than k units first in one of them, the share is of the larger number.
    """
    x, y = _known(x, y)
    first, second = x <= k, y <= k
    return float((first & second).sum() / max(first.sum(), second.sum(), 1))


def agreement(old: Array, new: Array, *, k: int = 10) -> Agreement:
    """Return how far two vectors of ranks ``(unit,)`` of the same units agree; pairs with a NaN are left out.

    Raises
    ------
    DataError
        If the vectors differ in length or share no unit.
    """
    if np.shape(old) != np.shape(new):
        raise DataError(Fault(f"{len(old)} ranks cannot be set beside {len(new)}", "Align the units first"))
    x, y = _known(old, new)
    if not len(x):
        raise DataError(Fault("the two rankings have no unit in common", "Compare rankings of the same units"))
    gap = np.abs(x - y)
    k = min(k, len(x))
    return Agreement(
        len(x), kendall(x, y), spearman(x, y), top_overlap(x, y, k), k, float(gap.max()), float(gap.mean())
    )


def _known(x: Array, y: Array) -> tuple[Array, Array]:
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    both = ~(np.isnan(x) | np.isnan(y))
    return x[both], y[both]


def _flat(x: Array) -> bool:
    return len(x) < 2 or bool((x == x[0]).all())
