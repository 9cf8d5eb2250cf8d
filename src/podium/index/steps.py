"""The steps of an index: the grammar of `steps`, and of what indicators and nodes have of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, field_validator, model_validator

from podium.index.uncertainties import Part

__all__ = [
    "Aggregate", "Denominate", "Impute", "Level", "Missing", "Normalise", "Positive", "Rank", "Rescale", "Rounding",
    "Screen", "Share", "Steps", "Transform", "Treat", "TreatRule", "Weights",
]  # fmt: skip

Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Missing = Literal["redistribute", "parent"] | Annotated[float, Field(allow_inf_nan=False)]
Rounding = Literal["half_up", "half_even", "spreadsheet", "none"]


class Transform(Part):
    """A transformation of an indicator's figures before normalisation, or of a node's score."""

    method: Literal["none", "linear", "log", "log10", "log2", "exp", "sqrt", "power", "abs", "logit", "cap"] = "none"
    scale: float = 1.0
    offset: float = 0.0
    exponent: float = 1.0
    lower: float | None = None
    upper: float | None = None
    below: tuple[float, float | None] | None = None
    above: tuple[float, float | None] | None = None
    then: Transform | None = None

    @model_validator(mode="after")
    def _something(self) -> Transform:
        if self.method == "none" and self != Transform.model_construct():
            raise ValueError("a transformation needs a method, such as linear or cap")
        return self


class Normalise(Part):
    """Bring indicators, or a node's score, to one scale.

    `over` says what is learnt from in a panel: all its editions together, or each on its own.
    """

    method: str = "minmax"
    range: tuple[float, float] | None = None
    ends: tuple[Share, Share] | None = None
    posts: tuple[float, float] | None = None
    mean: float | None = None
    sd: float | None = None
    factor: float | None = None
    ties: Literal["min", "max", "average", "dense"] = "min"
    clip: bool | tuple[float, float] = False
    reference: str | None = None
    edges: tuple[float, ...] = ()
    classes: tuple[float, ...] = ()
    by: Literal["share", "figure"] = "share"
    decimals: int | None = None
    over: Literal["panel", "edition"] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Normalise:
        if self.method == "categorical" and len(self.classes) != len(self.edges) + 1:
            raise ValueError(f"categorical needs one score in `classes` more than `edges`, so {len(self.edges) + 1}")
        for name in ("range", "edges", "ends", "posts"):
            given = getattr(self, name)
            if given is not None and list(given) != sorted(set(given)):
                raise ValueError(f"`{name}` must ascend")
        return self


class TreatRule(Part):
    """The treatment of one indicator where it differs from the step's; what is not given is the step's."""

    method: str = "winsorise"
    max_points: int | None = 5
    otherwise: str | None = None
    skew: Positive | None = None
    kurtosis: Positive | None = None
    exponent: float | None = None
    combine: bool | None = None
    force: bool = False
    lower: float | None = None
    upper: float | None = None


class Denominate(Part):
    """Divide each indicator by its denominator; `mix` blends absolute (0) with per-head (1) versions."""

    indicators: tuple[str, ...] | None = None
    by: str | None = None
    mix: Share = 1.0


class Screen(Part):
    """Drop units with too little data, seen after imputation or (`before: impute`) before it.

    By missing figures, by zeros, in each child of the root, or several of these; `keep` and `drop` force units.
    """

    min_available: Share | None = None
    min_nonzero: Share | None = None
    group_min_available: Share | None = None
    before: Literal["impute"] | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


class Impute(Part):
    """Fill missing cells; several steps in a list fill what those before have left.

    `latest`, `linear` and `constant` look at the same unit's other years and need a panel.
    """

    method: str
    group: str | None = None
    level: int | None = None
    normalise_first: bool = True
    k: Annotated[int, Field(ge=1)] = 5
    on: str | None = None
    draws: Annotated[int, Field(ge=2)] = 20
    seed: Annotated[int, Field(ge=0)] = 1
    max_gap: Annotated[int, Field(ge=1)] | None = None


class Treat(Part):
    """Treat outliers: winsorise while skew and kurtosis are both high, else transform.

    Any other method names a change of whole indicators that is applied to the skewed ones without winsorising.
    """

    method: str = "winsorise"
    max_points: int | None = 5
    skew: Positive = 2.0
    kurtosis: Positive = 3.5
    otherwise: str = "log"
    exponent: float | None = None
    combine: bool = False
    skip: tuple[str, ...] = ()


class Weights(Part):
    """Set weights within their parents by a rule, in place of the tree's; what they share keeps its nominal sum.

    ``level`` is that of the items weighted (1 = indicators); none means all, from the bottom up. In a panel, ``over``
    says whether what figures decide is learnt from all editions together or from each.
    """

    method: Literal["given", "equal", "pca", "optimised", "constrained"]
    over: Literal["panel", "edition"] | None = None
    level: Annotated[int, Field(ge=1)] | None = None
    values: Mapping[str, Annotated[float, Field(ge=0)]] = {}
    loadings: Literal["raw", "squared"] | None = None
    aim: Literal["balance", "infomax"] | None = None
    target: Literal["equal"] | Mapping[str, Positive] | None = None
    kind: Literal["pearson", "spearman", "kendall"] | None = None
    least: Share = 0.0
    bounds: Mapping[str, tuple[Share, Share]] = {}
    order: tuple[tuple[str, ...], ...] = ()
    centre: Literal["nearest", "analytic", "centroid"] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Weights:
        needs = {
            "given": {"values"}, "equal": set(), "pca": {"loadings"}, "constrained": {"centre"},
            "optimised": {"level", "aim", "kind"} | ({"target"} if self.aim == "balance" else set()),
        }[self.method]  # fmt: skip
        may = needs | {"method", "level"} | ({"over"} if self.method in ("pca", "optimised") else set())
        may |= {"constrained": {"bounds", "order"}, "optimised": {"least"}}.get(self.method, set())
        missing = sorted(n for n in needs if not getattr(self, n))
        extra = sorted(self.model_fields_set - may - {n for n in self.model_fields_set if not getattr(self, n)})
        if missing or extra:
            parts = [f"needs {', '.join(missing)}"] * bool(missing) + [f"has no {', '.join(extra)}"] * bool(extra)
            raise ValueError(f"{self.method} {' and '.join(parts)}")
        return self


class Level(Part):
    """What all nodes of one level have instead of what the step says: 2 are the parents of indicators."""

    method: str | None = None
    options: Mapping[str, Any] = {}
    min_available: Share | None = None
    min_count: Annotated[int, Field(ge=1)] | None = None
    min_weight: Share | None = None
    missing: Missing | None = None
    decimals: int | None = None
    rounding: Rounding | None = None


class Aggregate(Part):
    """Combine children into parents, level by level."""

    method: str = "arithmetic"
    options: Mapping[str, Any] = {}
    min_available: Share = 0.0
    min_count: Annotated[int, Field(ge=1)] = 1
    min_weight: Share = 0.0
    missing: Missing = "redistribute"
    decimals: int | None = None
    rounding: Rounding = "half_up"
    levels: Mapping[Annotated[int, Field(ge=2)], Level] = {}


class Rescale(Part):
    """Rescale the root after aggregation: to a range, by posts, or to a mean and standard deviation."""

    method: Literal["minmax", "fracmax", "goalposts", "zscore"] = "minmax"
    range: tuple[float, float] = (0.0, 100.0)
    goalposts: tuple[float, float] | None = None
    mean: float = 0.0
    sd: Positive = 1.0
    clip: bool = False

    @model_validator(mode="after")
    def _posts(self) -> Rescale:
        if (self.method == "goalposts") != (self.goalposts is not None):
            raise ValueError("`goalposts: [lower, upper]` go with `method: goalposts`")
        if self.goalposts is not None and self.goalposts[0] == self.goalposts[1]:
            raise ValueError("the two goalposts are the same")
        return self


class Rank(Part):
    """Turn scores into ranks, within groups of units where `within` names a column, and into classes."""

    ties: Literal["competition", "min", "max", "average", "dense", "ordinal"] = "competition"
    decimals: int | None = None
    rounding: Rounding = "half_up"
    best: Literal["highest", "lowest"] = "highest"
    within: str | None = None
    classes: Annotated[int, Field(ge=2)] | tuple[float, ...] | None = None


class Steps(Part):
    """The steps, applied in this order where given."""

    denominate: Denominate | None = None
    impute: tuple[Impute, ...] = ()
    screen: Screen | None = None
    treat: Treat | None = None
    normalise: Normalise
    weights: tuple[Weights, ...] = ()
    aggregate: Aggregate
    rescale: Rescale | None = None
    rank: Rank = Rank()

    @field_validator("impute", "weights", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return () if value is None else (value,) if isinstance(value, Mapping | BaseModel) else value
