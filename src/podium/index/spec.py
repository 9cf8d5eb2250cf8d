"""What an index is: the grammar of the whole specification file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from podium.errors import Fault, SpecError
from podium.index.source import Source, read_yaml
from podium.index.uncertainties import Effect, Uncertainties

__all__ = ["Edition", "Node", "Spec", "load_spec"]

BUNDLED = Path(__file__).resolve().parents[1] / "data" / "bundled"
Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Text = str | Mapping[str, str]


class Part(BaseModel):
    """A frozen part of a specification that admits no unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Coinr(Part):
    """COINr's iData and iMeta tables as they are."""

    data: str
    meta: str


class Data(Part):
    """Where the figures stand and how the tables are laid out."""

    table: str | None = None
    layout: Literal["long", "wide"] = "long"
    columns: Mapping[str, str] = {}
    codebook: str | None = None
    units: str | None = None
    sources: str | None = None
    coinr: Coinr | None = None
    missing: tuple[float | str, ...] = ()
    countries: bool = False
    panel: bool = False
    sheet: str | None = None
    encoding: str = "utf-8-sig"
    header: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _one_source(self) -> Data:
        if (self.table is None) == (self.coinr is None):
            raise ValueError("give either `table` or `coinr`")
        return self


class Edition(Part):
    """One edition: it uses figures public by the end of its year."""

    name: str
    year: int
    ends: str = ""
    note: str = ""

    @field_validator("name", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value

    def last_day(self) -> str:
        """The last day of the edition, ISO; the end of its year where none is given."""
        return self.ends or f"{self.year}-12-31"


class Units(Part):
    """Which units take part: codes, or patterns such as ``ZZ*``."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Transform(Part):
    """A transformation of one indicator before normalisation."""

    method: Literal["none", "log", "sqrt", "power", "cap"] = "none"
    scale: float = 1.0
    offset: float = 0.0
    exponent: float = 1.0
    lower: float | None = None
    upper: float | None = None


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
    clip: bool = False
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
        for name in ("edges", "ends", "posts"):
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


class IndicatorRule(Part):
    """What holds for one indicator beyond the codebook."""

    measure: str | None = None
    transform: Transform = Transform()
    per: str | None = None
    times: float = 1.0
    goalposts: tuple[float, float] | None = None
    target: float | None = None
    normalise: Normalise | None = None
    treat: TreatRule | None = None


class Node(Part):
    """A group of the tree, or an indicator where it has no children."""

    code: str
    name: Text = ""
    weight: float = 1.0
    method: str | None = None
    min_available: Share | None = None
    options: Mapping[str, Any] = {}
    normalise: Normalise | None = None
    shown: Normalise | None = None
    decimals: int | None = None
    children: tuple[Node, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _bare_code(cls, value: Any) -> Any:
        return {"code": value} if isinstance(value, str) else value

    def walk(self) -> Iterator[Node]:
        """The node and all below it, parents before children."""
        yield self
        for child in self.children:
            yield from child.walk()

    def label(self, language: str = "en") -> str:
        """The name in a language, in English where that is missing, else the code."""
        if isinstance(self.name, str):
            return self.name or self.code
        return self.name.get(language) or self.name.get("en") or self.code


class Denominate(Part):
    """Divide each indicator by its denominator; `mix` blends absolute (0) with per-head (1) versions."""

    indicators: tuple[str, ...] | None = None
    by: str | None = None
    mix: Share = 1.0


class Screen(Part):
    """Drop units with too little data, seen after imputation or (`before: impute`) before it."""

    min_available: Share
    min_nonzero: Share | None = None
    group_min_available: Share | None = None
    before: Literal["impute"] | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


class Impute(Part):
    """Fill missing cells; several steps in a list fill what those before have left.

    `latest`, `linear` and `constant` look at the same unit's other years and need a panel.
    """

    method: Literal[
        "mean", "median", "group_mean", "group_median", "row_mean", "row_median", "em", "knn", "regression", "multiple",
        "latest", "linear", "constant",
    ]  # fmt: skip
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


class Aggregate(Part):
    """Combine children into parents, level by level."""

    method: str = "arithmetic"
    min_available: Share = 0.0
    options: Mapping[str, Any] = {}


class Rescale(Part):
    """Rescale the root after aggregation."""

    range: tuple[float, float] = (0.0, 100.0)


class Rank(Part):
    """Turn scores into ranks."""

    ties: Literal["competition", "dense", "average", "max"] = "competition"
    decimals: int | None = None
    best: Literal["highest", "lowest"] = "highest"


class Steps(Part):
    """The steps, applied in this order where given."""

    denominate: Denominate | None = None
    impute: tuple[Impute, ...] = ()
    screen: Screen | None = None
    treat: Treat | None = None
    normalise: Normalise
    aggregate: Aggregate
    rescale: Rescale | None = None
    rank: Rank = Rank()

    @field_validator("impute", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return () if value is None else (value,) if isinstance(value, Mapping | Impute) else value


class Spec(Part):
    """A whole specification."""

    name: str
    title: Text = ""
    description: Text = ""
    data: Data
    editions: tuple[Edition, ...] = ()
    units: Units = Units()
    indicators: Mapping[str, IndicatorRule] = {}
    tree: Node | None = None
    steps: Steps
    uncertainties: Uncertainties = Uncertainties()
    effects: tuple[Effect, ...] = ()
    words: Mapping[str, Mapping[str, str]] = {}
    plugins: tuple[str, ...] = ()
    edition: str | None = None
    file: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Spec:
        problems = [*_tree_problems(self.tree), *_choice_problems(self)]
        names = [e.name for e in self.editions]
        if self.edition is not None and self.edition not in names:
            problems.append(f"edition {self.edition!r} is not among {', '.join(names) or 'none'}")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def folder(self) -> Path:
        """The folder against which the data paths are read."""
        return Path(self.file).parent

    def label(self, language: str = "en") -> str:
        """The title in a language, in English where that is missing, else the name."""
        if isinstance(self.title, str):
            return self.title or self.name
        return self.title.get(language) or self.title.get("en") or self.name

    def current(self) -> Edition | None:
        """The edition chosen, the latest where none is; None for an index without editions."""
        if not self.editions:
            return None
        if self.edition is None:
            return max(self.editions, key=Edition.last_day)
        return next(e for e in self.editions if e.name == self.edition)

    def word(self, label: str, language: str = "en") -> str:
        """A label of a choice or option in a language, as `words` translates it; the label itself where it does not."""
        return self.words.get(language, {}).get(label, label)

    def with_(self, changes: Mapping[str, Any]) -> Spec:
        """Return a copy with the values at dotted paths replaced.

        Raises
        ------
        SpecError
            If a path leads nowhere or the changed specification is not valid.
        """
        values = self.model_dump(mode="python")
        for path, value in changes.items():
            _put(values, path.split("."), value, path)
        return _validated(values, Source(values, {}, self.file))


def _put(values: dict[str, Any], path: list[str], value: Any, whole: str) -> None:
    here: Any = values
    for depth, key in enumerate(path[:-1]):
        if isinstance(here, list):
            here = here[int(key)] if key.isdigit() and int(key) < len(here) else None
        elif isinstance(here, dict) and (key in here or path[:depth] == ["indicators"]):
            here[key] = _opened(here.get(key), path[depth + 1])
            here = here[key]
        else:
            here = None
        if here is None:
            raise SpecError(Fault(f"the path {whole!r} leads nowhere at {key!r}", "Name a key of the file"))
        here = here[0] if isinstance(here, list) and not path[depth + 1].isdigit() else here
    here[int(path[-1]) if isinstance(here, list) else path[-1]] = value


def _opened(value: Any, key: str) -> Any:
    """What a key of a path leads into: a mapping or a list that can be changed; a list of one stands for its item."""
    if isinstance(value, tuple | list):
        return list(value) if len(value) == 1 or key.isdigit() else None
    return value if isinstance(value, dict) else {}


def _tree_problems(tree: Node | None) -> list[str]:
    if tree is None:
        return []
    problems, seen = [], set()
    for node in tree.walk():
        if node.code in seen:
            problems.append(f"{node.code} stands twice in the tree")
        seen.add(node.code)
        if node.weight < 0:
            problems.append(f"the weight of {node.code} is negative ({node.weight})")
        if node.children and sum(c.weight for c in node.children) == 0:
            problems.append(f"the weights below {node.code} sum to 0")
    return problems


def _choice_problems(spec: Spec) -> list[str]:
    if spec.tree is None:
        return []
    codes = {n.code for n in spec.tree.walk()}
    problems = [f"leave_out names {c}, which is not in the tree" for c in spec.uncertainties.leave_out
                if c not in codes and c != "each indicator"]  # fmt: skip
    problems += [f"indicators names {c}, which is not in the tree" for c in spec.indicators if c not in codes]
    problems += [f"an effect changes {e.indicator}, which is not in the tree" for e in spec.effects
                 if e.indicator not in codes]  # fmt: skip
    return problems


def load_spec(name_or_path: str | Path, *, edition: str | None = None) -> Spec:
    """Return the specification in a file, or the bundled one of that name.

    Raises
    ------
    SpecError
        Naming every fault with its line, or the bundled names where none fits.
    """
    path = Path(name_or_path)
    bundled = BUNDLED / str(name_or_path) / "index.yaml"
    if path.is_dir():
        path = path / "index.yaml"
    if not path.suffix and not path.exists():
        names = sorted(p.parent.name for p in BUNDLED.glob("*/index.yaml"))
        if not bundled.exists():
            raise SpecError(Fault(f"there is no index {str(name_or_path)!r}",
                                  f"Give a path to index.yaml or one of: {', '.join(names)}"))  # fmt: skip
        path = bundled
    source = read_yaml(path)
    if not isinstance(source.values, dict):
        raise SpecError(Fault("a specification is a mapping of keys", "See docs/specification.md", str(path), 1))
    values = dict(source.values) | {"file": str(path)}
    if edition is not None:
        values["edition"] = str(edition)
    return _validated(values, source)


def _validated(values: dict[str, Any], source: Source) -> Spec:
    try:
        return Spec.model_validate(values)
    except ValidationError as error:
        raise SpecError([_fault(e, source) for e in error.errors()]) from None


def _fault(error: Any, source: Source) -> Fault:
    path = tuple(error["loc"])
    where = ".".join(str(p) for p in path)
    message = error["msg"].removeprefix("Value error, ")
    remedy = "See docs/specification.md"
    if error["type"] == "extra_forbidden":
        message, remedy = "this key is not known here", "Remove it or mend its spelling"
    elif error["type"] == "missing":
        message, remedy = "this key is missing", "Add it"
    elif "input" in error and not isinstance(error["input"], dict | list):
        message += f", not {error['input']!r}"
    return Fault(f"{where}: {message}" if where else message, remedy, source.file, source.line(path))
