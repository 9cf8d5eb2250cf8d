"""The sections `uncertainties` and `effects` of a specification; other rooms interpret them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["CellError", "Choice", "Coverage", "Effect", "Uncertainties", "WeightNoise"]


class Part(BaseModel):
    """A frozen part of a specification that admits no unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class WeightNoise(Part):
    """Weights of a level multiplied by 1 + U(-amount, amount), then used as relative weights.

    Level 1 are the indicators, level 2 their parents, and so on. ``kind: dirichlet`` draws the weights below
    each parent from a Dirichlet law centred on the nominal ones; ``amount`` is then the relative standard
    deviation of an average weight.
    """

    level: Annotated[int, Field(ge=1)]
    kind: Literal["noise", "dirichlet"] = "noise"
    amount: Annotated[float, Field(gt=0, lt=1)]


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


class Uncertainties(Part):
    """Everything that is not certain about an index.

    ``regenerate`` says what is learnt anew from figures with random errors: the normalisation, or every step.
    """

    weights: tuple[WeightNoise, ...] = ()
    choices: tuple[Choice, ...] = ()
    leave_out: tuple[str, ...] = ()
    errors: tuple[CellError, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    regenerate: Literal["normalise", "all"] = "normalise"


class Effect(Part):
    """Which indicator an event of a kind changes, and how it is counted for each measure of that indicator."""

    kind: Literal["accelerators", "money"]
    indicator: str
    conventions: Mapping[str, str]
