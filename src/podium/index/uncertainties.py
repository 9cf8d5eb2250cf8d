"""The sections `uncertainties`, `effects` and `levers` of a specification; other rooms interpret them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["CellError", "Choice", "Coverage", "Effect", "LeverRule", "Uncertainties", "WeightNoise"]

NonNegative = Annotated[float, Field(ge=0)]


class Part(BaseModel):
    """A frozen part of a specification that admits no unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class WeightNoise(Part):
    """One law of weights. It holds for all items of a level (1 are the indicators), or for the children of one node.

    - ``noise``: multiplied by 1 + U(-amount, amount), then used as relative weights;
    - ``dirichlet``: shares from a Dirichlet law centred on the nominal ones; ``amount`` is the relative standard
      deviation of an average share;
    - ``simplex``: shares below each parent uniform over all that are possible;
    - ``intervals``: each weight named uniform between its two ends, then used as relative weights;
    - ``order``: shares below one parent uniform over those that descend as ``order`` says and lie within ``bounds``;
    - ``experts``: each draw takes the weights of one of ``sets``;
    - ``leave_out``: each draw gives one of ``codes`` (or none of them) no weight.
    """

    kind: Literal["noise", "dirichlet", "simplex", "intervals", "order", "experts", "leave_out"] = "noise"
    level: Annotated[int, Field(ge=0)] = 0
    below: str | None = None
    amount: Annotated[float, Field(ge=0, lt=1)] = 0.0
    intervals: Mapping[str, tuple[NonNegative, NonNegative]] = {}
    order: tuple[str, ...] = ()
    bounds: Mapping[str, tuple[NonNegative, NonNegative]] = {}
    sets: tuple[Mapping[str, NonNegative], ...] = ()
    codes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> WeightNoise:
        needs = {
            "noise": {"amount"}, "dirichlet": {"amount"}, "simplex": set(), "intervals": {"intervals"},
            "order": {"order", "bounds"}, "experts": {"sets"}, "leave_out": {"codes"},
        }[self.kind]  # fmt: skip
        given = {f for f in ("amount", "intervals", "order", "bounds", "sets", "codes") if getattr(self, f)}
        if given - needs:
            raise ValueError(f"{', '.join(sorted(given - needs))} means nothing to `kind: {self.kind}`")
        if needs and not given:
            raise ValueError(f"`kind: {self.kind}` needs {' or '.join(f'`{n}`' for n in sorted(needs))}")
        if self.kind in ("noise", "dirichlet", "simplex") and bool(self.level) == (self.below is not None):
            raise ValueError(f"`kind: {self.kind}` holds at a `level` or `below` one node: give one of them")
        for name, (low, high) in {**self.intervals, **self.bounds}.items():
            if low > high:
                raise ValueError(f"the interval of {name} ends at {high:g}, before it begins at {low:g}")
        return self


class Choice(Part):
    """A discrete choice: what stands at the dotted path `at` is replaced by each of the options in turn."""

    name: str
    at: str
    options: Annotated[Mapping[str, Any], Field(min_length=2)]


class CellError(Part):
    """Random error of an indicator's figures: its published standard errors, or a declared one."""

    indicator: str
    kind: Literal["published", "relative", "absolute"]
    amount: Annotated[float, Field(ge=0)] = 0.0
    assumed: bool = False


class Coverage(Part):
    """One-sided coverage error: the truth is at least what is recorded.

    The recorded value is multiplied by ``exp(common + unit)`` with ``common`` ~ U(0, ln(common_max)), the same
    for all units of a draw, and ``unit`` ~ U(0, ln(unit_max)); a recorded zero becomes U(0, ``zero_max``)
    before that.
    """

    indicator: str
    common_max: Annotated[float, Field(ge=1)]
    unit_max: Annotated[float, Field(ge=1)]
    zero_max: Annotated[float, Field(ge=0)] = 0.0
    assumed: bool = True


ASSUMPTIONS = ("weights", "errors", "coverage", "imputation")


class Uncertainties(Part):
    """Everything that is not certain about an index.

    ``regenerate`` says what is learnt anew from figures with random errors: the normalisation, or every step.
    ``fixed`` holds assumptions at their nominal value: names of choices, ``weights``, ``errors``, ``coverage``,
    ``imputation`` (the mean instead of its draws).
    """

    weights: tuple[WeightNoise, ...] = ()
    choices: tuple[Choice, ...] = ()
    leave_out: tuple[str, ...] = ()
    errors: tuple[CellError, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    regenerate: Literal["normalise", "all"] = "normalise"
    fixed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> Uncertainties:
        unknown = [f for f in self.fixed if f not in self.assumptions]
        if unknown:
            raise ValueError(f"fixed names {', '.join(unknown)}; there are {', '.join(self.assumptions)}")
        return self

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The names of what can be held fixed."""
        return (*ASSUMPTIONS, *(c.name for c in self.choices))

    @property
    def free(self) -> Uncertainties:
        """What is not held fixed."""
        return self.model_copy(update={
            "weights": () if "weights" in self.fixed else self.weights,
            "choices": tuple(c for c in self.choices if c.name not in self.fixed),
            "errors": () if "errors" in self.fixed else self.errors,
            "coverage": () if "coverage" in self.fixed else self.coverage,
        })  # fmt: skip


class Effect(Part):
    """Which indicator an event of a kind changes, and how it is counted for each measure of that indicator.

    ``conventions`` maps each series to how machines are counted in it (``dense8``), or to the currency that it is in
    and the size of its unit (``USD 1e9``). A vendor's headline is a bound and counts in no series.
    """

    kind: Literal["accelerators", "money"]
    indicator: str
    conventions: Annotated[Mapping[str, str], Field(min_length=1)]

    @model_validator(mode="after")
    def _countable(self) -> Effect:
        for series, told in self.conventions.items():
            if told == "headline":
                raise ValueError(f"{series} is counted by a vendor's headline, which is a bound and no convention")
            if self.kind == "money" and not re.fullmatch(r"[A-Z]{3}( [0-9.]+(e[0-9]+)?)?", told):
                raise ValueError(f"{series} is in {told!r}; give a currency, and the size of its unit, as `USD 1e9`")
        return self


class LeverRule(Part):
    """An indicator that somebody can change on purpose, within limits.

    ``cost`` is the effort of one unit of the indicator, in any currency that all levers share; without costs effort is
    counted in standard deviations over units. ``ceiling`` is a figure beyond which nobody goes, ``per_year`` the most
    that it changes in a year, both in the indicator's unit; without the latter the history of the figures tells.
    """

    indicator: str
    cost: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    ceiling: Annotated[float, Field(allow_inf_nan=False)] | None = None
    per_year: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare_code(cls, value: Any) -> Any:
        return {"indicator": value} if isinstance(value, str) else value
