"""What an aggregation is, and how it refuses values for which it has no answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array

__all__ = ["Combine", "Method", "RefusedError", "held", "refuse"]

Combine = Callable[..., Array]


@dataclass(frozen=True)
class Method:
    """An aggregation of ``(..., unit, child)`` values with ``(..., unit, child)`` weights into ``(..., unit)``.

    Weights of missing children are 0 and the others sum to 1, unless ``raw``: then they stay as given, and a missing
    child adds nothing. ``options`` names what a specification may set. The rest says what holds of the method, for
    checks and for the battery of invariants:

    ``domain`` is what its values must be: ``any``, ``nonnegative``, ``positive``, or ``below_top`` (at most its option
    `top`). ``internal``: the result lies between the least and the greatest child. ``homogeneous``: all values times
    c > 0 give the result times c. ``translation``: all values plus c give the result plus c. ``monotone``: no child's
    rise lowers the result. ``symmetric``: with equal weights the order of the children does not matter. ``across``:
    the result of a unit depends on the other units. ``children`` is the least number of them.
    """

    combine: Combine
    options: tuple[str, ...] = ()
    raw: bool = False
    domain: Literal["any", "nonnegative", "positive", "below_top"] = "any"
    internal: bool = False
    homogeneous: bool = False
    translation: bool = False
    monotone: bool = True
    symmetric: bool = True
    across: bool = False
    children: int = 1


class RefusedError(Exception):
    """Carries the positions ``(..., unit, child)`` that a method refuses up to where they have names."""

    def __init__(self, message: str, bad: npt.NDArray[np.bool_] | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.bad = np.zeros((), dtype=bool) if bad is None else bad
        self.remedy = remedy


def refuse(bad: npt.NDArray[np.bool_], w: Array, message: str, remedy: str = "") -> None:
    """Raise `RefusedError` if any value with a weight is bad."""
    counted = bad & (w > 0)
    if bool(counted.any()):
        raise RefusedError(message, counted, remedy)


def held(x: Array, w: Array) -> Array:
    """The values that have a weight; NaN elsewhere."""
    return np.where(w > 0, x, np.nan)
