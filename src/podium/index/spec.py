"""What an index is: the grammar of the whole specification file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, ValidationError, field_validator, model_validator

from podium.errors import Fault, SpecError
from podium.index import check
from podium.index.source import Source, read_yaml
from podium.index.steps import Missing, Normalise, Positive, Rounding, Share, Steps, Transform, TreatRule
from podium.index.thresholds import Thresholds
from podium.index.uncertainties import Effect, LeverRule, Part, Uncertainties

__all__ = ["Edition", "Node", "Spec", "load_spec"]

BUNDLED = Path(__file__).resolve().parents[1] / "data" / "bundled"
Text = str | Mapping[str, str]


class Coinr(Part):
    """COINr's iData and iMeta tables as they are."""

    data: str
    meta: str


class Join(Part):
    """A further wide table, or sheet of the first one's file, whose columns (all, or those named) are added."""

    unit: str
    columns: tuple[str, ...] = ()
    table: str | None = None
    sheet: str | None = None
    encoding: str = "utf-8-sig"
    header: Annotated[int, Field(ge=1)] = 1


class Data(Part):
    """Where the figures stand and how the tables are laid out and written."""

    table: str | None = None
    layout: Literal["long", "wide"] = "long"
    columns: Mapping[str, str] = {}
    codebook: str | None = None
    units: str | None = None
    sources: str | None = None
    errors: str | None = None
    coinr: Coinr | None = None
    coin_tool: str | None = None
    panel: bool = False
    missing: tuple[float | str, ...] | Mapping[str, tuple[float | str, ...]] = ()
    countries: bool | Mapping[str, str] = False
    sheet: str | None = None
    encoding: str = "utf-8-sig"
    header: Annotated[int, Field(ge=1)] = 1
    separator: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'", "’", "\u00a0", "\u202f"] = ""
    join: tuple[Join, ...] = ()

    @model_validator(mode="after")
    def _one_source(self) -> Data:
        given = [k for k in ("table", "coinr", "coin_tool") if getattr(self, k) is not None]
        if len(given) > 1:
            raise ValueError(f"give one of `table`, `coinr` and `coin_tool`, not {' and '.join(given)}")
        if self.decimal == self.thousands:
            raise ValueError(f"`decimal` and `thousands` are both {self.decimal!r}")
        known = ("unit", "indicator", "time", "value", "error", "source")
        if unknown := [k for k in self.columns if k not in known]:
            raise ValueError(f"columns: {', '.join(unknown)} is none of {', '.join(known)}")
        if self.layout == "wide" and "{time}" not in self.columns.get("value", "{time}"):
            raise ValueError("columns: value of a wide table is a pattern of heads with {time}; its figures stand in "
                             "columns that bear the indicators' codes")  # fmt: skip
        beside = [k for k in ("codebook", "errors", "join", "columns") if getattr(self, k)]
        if given and given[0] != "table" and beside:
            raise ValueError(f"{', '.join(beside)} is not read beside `{given[0]}`, which says it itself")
        if self.coin_tool is not None and self.panel:
            raise ValueError("the COIN Tool holds no panel")
        if self.join and (self.layout != "wide" or self.panel):
            raise ValueError("`join` is for `layout: wide` without a panel")
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


class IndicatorRule(Part):
    """What holds for one indicator beyond the codebook."""

    measure: str | None = None
    transform: Transform = Transform()
    per: str | None = None
    times: float = 1.0
    goalposts: tuple[float | None, float | None] | None = None
    target: float | None = None
    normalise: Normalise | None = None
    treat: TreatRule | None = None


class UnitWeights(Part):
    """Weights of a node's children that differ between groups of units, by a column of the unit table."""

    by: str
    sets: Annotated[Mapping[str, Mapping[str, Positive]], Field(min_length=1)]


class Node(Part):
    """A group of the tree, or an indicator where it has no children."""

    code: str
    name: Text = ""
    weight: Annotated[float, Field(allow_inf_nan=False)] = 1.0
    weights: UnitWeights | None = None
    method: str | None = None
    options: Mapping[str, Any] = {}
    min_available: Share | None = None
    min_count: Annotated[int, Field(ge=1)] | None = None
    min_weight: Share | None = None
    missing: Missing | None = None
    transform: Transform | None = None
    normalise: Normalise | None = None
    goalposts: tuple[float, float] | None = None
    clip: tuple[float, float] | None = None
    decimals: int | None = None
    rounding: Rounding | None = None
    shown: Normalise | None = None
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
    levers: tuple[LeverRule, ...] = ()
    audit: Thresholds = Thresholds()
    words: Mapping[str, Mapping[str, str]] = {}
    plugins: tuple[str, ...] = ()
    edition: str | None = None
    file: str = ""
    _source: Source = PrivateAttr(default=Source({}, {}, ""))

    @model_validator(mode="after")
    def _consistent(self) -> Spec:
        names = [e.name for e in self.editions]
        if self.edition is not None and self.edition not in names and not (self.data.panel and not names):
            listed = f"; there are {', '.join(names)}" if names else ": the specification lists no `editions`"
            raise ValueError(f"there is no edition {self.edition!r}{listed}")
        return self

    def place(self, code: str) -> tuple[str, int | None]:
        """File and line of a node of the tree, for messages."""
        path = self._source.node_paths.get(code)
        return self.file, None if path is None else check.line_of(self._source, path)

    def at(self, *path: str | int) -> tuple[str, int | None]:
        """File and line of a key, or of what stands above it, for messages."""
        return self.file, self._source.line(path)

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

    @property
    def edition_name(self) -> str | None:
        """The name of the edition: the one chosen, also of a panel that lists none, else the latest that is listed."""
        listed = self.current() if self.edition is None else None
        return listed.name if listed else self.edition

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
        return _validated(values, self._source)


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
        spec = Spec.model_validate(values)
        found: list[Fault] = []
    except ValidationError as error:
        found = check.grammar_faults(error, source, Spec)
    found += check.faults(values, source)
    if found:
        raise SpecError(sorted(found, key=lambda f: f.line or 0))
    spec._source = source
    return spec
