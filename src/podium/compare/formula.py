"""What a published table tells about its score: the formulas that fit, with their weights, or the proof of none."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Fit", "Recovered", "Refusal", "Weight"]


@dataclass(frozen=True)
class Weight:
    """One component of a combination: direction, coefficient in the formula, and its share with its interval.

    Shares are those of the absolute coefficients, for components on the scale named in the fit; ``low`` and ``high``
    are the extremes over all combinations that reproduce the score. ``integer`` is its part of the small whole
    numbers, None where there are none.
    """

    component: str
    direction: int
    coefficient: float
    share: float
    low: float
    high: float
    integer: int | None


@dataclass(frozen=True)
class Fit:
    """One formula that reproduces the published score within its rounding.

    ``family`` is ``mean`` (offset 0, weights that sum to 1), ``weighted sum`` (offset 0), ``min-max`` (a weighted sum
    stretched to the ends that the score shows), ``affine``, ``geometric mean``, ``log-linear`` (a product of powers
    with a factor), ``semi-log`` (a sum of logarithms), ``harmonic mean`` or ``nested``. ``scale`` says how components
    enter the shares: ``as given``, ``min-max`` (divided by their range in this table) or ``standardised`` (by their
    standard deviation).
    ``unique`` holds where no other whole numbers with a sum of at most ``searched`` reproduce the score. ``miss`` is
    the greatest difference between the score and the formula on the figures as published, in the score's unit.
    ``conclusive`` is False where there are no more rows than unknowns.
    """

    family: str
    scale: str
    weights: tuple[Weight, ...]
    offset: float
    over: int | None
    unique: bool
    searched: int
    miss: float
    rows: int
    unknowns: int
    formula: str

    @property
    def conclusive(self) -> bool:
        """Whether there are more rows than unknowns, so that the fit is no matter of course."""
        return self.rows > self.unknowns

    @property
    def integers(self) -> tuple[int, ...] | None:
        """The small whole numbers in proportion to the weights, None where there are none."""
        found = [w.integer for w in self.weights]
        return None if self.over is None else tuple(x for x in found if x is not None)


@dataclass(frozen=True)
class Refusal:
    """The proof that no combination of a family reproduces the score.

    ``miss`` is the least greatest difference that any combination leaves beyond what rounding explains, in half units
    of the score's last decimal; ``rows`` the rows whose inequalities, weighted by ``multipliers``, contradict each
    other (at most one more than there are unknowns); ``checked`` says that this was verified; ``complete`` that all
    directions of components were tried.
    """

    family: str
    miss: float
    rows: tuple[str, ...]
    multipliers: tuple[float, ...]
    checked: bool
    complete: bool


@dataclass(frozen=True)
class Recovered:
    """What a published table tells about how its score is made: the formulas that fit, simplest first, or the proofs.

    ``decimals`` are those that each column shows; ``used`` and ``incomplete`` number the rows with and without all
    components, ``reproduced`` those of the latter that the first formula reproduces when the weights of missing
    components go to the others.
    """

    score: str
    components: tuple[str, ...]
    decimals: dict[str, int]
    used: int
    incomplete: int
    reproduced: int
    fits: tuple[Fit, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def best(self) -> Fit | None:
        """The simplest formula that reproduces the score; None where none does."""
        return self.fits[0] if self.fits else None

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        out = asdict(self)
        for fit, held in zip(out["fits"], self.fits, strict=True):
            fit |= {"integers": held.integers, "conclusive": held.conclusive}
        return out
