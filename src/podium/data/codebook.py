"""What each indicator is: name, unit, direction, group, posts, source, licence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Literal

from podium.data.cells import texts
from podium.data.tables import Table
from podium.errors import DataError, Fault

__all__ = ["SCALES", "Indicator", "lost_rows", "read_codebook", "scale_of"]

_DIRECTIONS = {"1": 1, "+1": 1, "1.0": 1, "+": 1, "positive": 1,
               "-1": -1, "-1.0": -1, "-": -1, "−1": -1, "−": -1, "negative": -1}  # fmt: skip
_YES = {"1", "yes", "true", "1.0"}
_NO = {"0", "no", "false", "0.0", ""}
SCALES = ("minmax_lower", "minmax_upper", "zscore_mean", "zscore_sd", "scaled_lower", "scaled_upper", "scale_factor",
          "goalpost_scale", "goalpost_trunc2posts", "dist2targ_cap_max")  # fmt: skip
"""What a normalisation may read of each indicator, by the names that COINr's iMeta gives it."""
_PAIRS = (("minmax_lower", "minmax_upper"), ("scaled_lower", "scaled_upper"))


@dataclass(frozen=True)
class Indicator:
    """One row of the codebook.

    ``direction`` is 1 where more is better and -1 where less is better. ``denominator`` names a column of the
    unit table or an indicator by which the value is divided. ``lag`` is the number of years after which a
    figure is public; ``max_age`` how old a figure may be. ``backfilled`` marks a series whose past editions
    are known only as revised later. ``target``, ``lower`` and ``upper`` are the posts of normalisations that need them.
    ``scale`` holds what the normalisations of `SCALES` are told of this indicator, a yes as 1 and a no as 0.
    ``group`` is the parent in the tree and ``weight`` the weight there, for a specification that draws no tree.
    """

    code: str
    name: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    direction: Literal[1, -1] = 1
    denominator: str | None = None
    source: str = ""
    licence: str = ""
    lag: int = 0
    max_age: int | None = None
    backfilled: bool = False
    zero_censored: bool = False
    target: float | None = None
    lower: float | None = None
    upper: float | None = None
    group: str | None = None
    weight: float = 1.0
    scale: Mapping[str, float] = field(default_factory=dict)

    def label(self, language: str = "en") -> str:
        """The name in a language, in English where that is missing, else the code."""
        return self.name.get(language) or self.name.get("en") or self.code


def read_codebook(table: Table) -> dict[str, Indicator]:
    """Return the codebook in a table with a column `code` and any of the fields of `Indicator`.

    Names stand in columns ``name`` (English) and ``name_ko``, ``name_ja`` …

    Raises
    ------
    DataError
        For every head that is nearly that of a field, and every row that is at fault: no code, a code given twice, a
        cell that does not fit its field.
    """
    table.need(["code"], "Add it, or name the codebook's column of codes so")
    faults = _misspelt(table)
    book: dict[str, Indicator] = {}
    columns = {name: texts(cells).to_pylist() for name, cells in table.columns.items()}
    for k in range(table.size):
        row = {name: cells[k] for name, cells in columns.items() if cells[k] is not None}
        if "code" not in row:
            if row:
                faults.append(table.fault(k, "the row has no code", "Name it, or remove the row"))
        elif row["code"] in book:
            faults.append(table.fault(k, f"indicator {row['code']!r} occurs twice", "Keep one row"))
        else:
            book[row["code"]] = _indicator(row, table, k, faults)
    if faults:
        raise DataError(faults)
    return book


def _misspelt(table: Table) -> list[Fault]:
    """Heads that are nearly one that is read: left alone, a wrong `dirction` would turn no indicator round."""
    known = [*(f.name for f in fields(Indicator)), *SCALES]
    unread = [h for h in table.columns if h not in known and not h.startswith("name_")]
    return [
        Fault(f"the codebook's column {h!r} is not read", f"Did you mean {like[0]}? Name it so, or quite differently",
              table.name, table.header) for h in unread if (like := _like(h.strip().lower(), known))
    ]  # fmt: skip


def _like(text: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(text, list(known), n=1, cutoff=0.8)


def lost_rows(book: Mapping[str, Indicator], series: Iterable[str], *, file: str) -> list[Fault]:
    """Return rows of a codebook for which there is no figure though a series without a row has nearly that code."""
    there = set(series)
    without = there - set(book)
    return [
        Fault(f"the codebook describes {code!r}, for which there are no figures",
              f"Did you mean {like[0]}? Mend the code", file) for code in book
        if code not in there and (like := _like(code, without))
    ]  # fmt: skip


def scale_of(row: Mapping[str, str | None], wrong: Callable[[str, str], None]) -> dict[str, float]:
    """Return what a row of texts says under the heads of `SCALES`; `wrong` is told the head and what it should hold."""
    out: dict[str, float] = {}
    for key in SCALES:
        text = row.get(key)
        if text is None:
            continue
        if key in ("goalpost_trunc2posts", "dist2targ_cap_max"):
            if text.lower() not in _YES | _NO:
                wrong(key, "yes or no")
            out[key] = float(text.lower() in _YES)
            continue
        try:
            out[key] = float(text.replace("−", "-"))
        except ValueError:
            out[key] = float("nan")
        if not abs(out[key]) < float("inf"):
            wrong(key, "a finite number")
    for first, second in _PAIRS:
        if (first in out) != (second in out):
            here, gone = (first, second) if first in out else (second, first)
            wrong(here, f"given together with {gone}")
    if out.get("scaled_lower") is not None and out["scaled_lower"] == out.get("scaled_upper"):
        wrong("scaled_upper", f"another number than scaled_lower, {row['scaled_lower']}")
    return out


def _indicator(row: Mapping[str, str], table: Table, place: int, faults: list[Fault]) -> Indicator:
    code = row["code"]

    def wrong(key: str, want: str) -> None:
        faults.append(table.fault(place, f"indicator {code!r}: {key} is {row[key]!r}, not {want}", "Mend the codebook"))

    def number(key: str) -> float | None:
        try:
            value = float(row[key].replace("−", "-")) if key in row else None
        except ValueError:
            value = float("nan")
        if value is not None and not abs(value) < float("inf"):
            wrong(key, "a finite number")
        return value

    def whole(key: str) -> int | None:
        value = number(key)
        if value is not None and not float(value).is_integer():
            wrong(key, "a whole number")
            return None
        return None if value is None else int(value)

    def flag(key: str) -> bool:
        text = row.get(key, "").lower()
        if text not in _YES | _NO:
            wrong(key, "yes or no")
        return text in _YES

    direction = _DIRECTIONS.get(row.get("direction", "1").lower())
    if direction is None:
        wrong("direction", "1 or -1")
    weight = number("weight")
    if weight is not None and weight < 0:
        wrong("weight", "zero or more")
    lower, upper = number("lower"), number("upper")
    if lower is not None and lower == upper:
        wrong("upper", f"another number than lower, {row['lower']}")
    names = {("en" if k == "name" else k[5:]): v for k, v in row.items() if k == "name" or k.startswith("name_")}
    fields: dict[str, Any] = {k: row[k] for k in ("unit", "source", "licence") if k in row}
    return Indicator(
        code=code, name=names, direction=-1 if direction == -1 else 1, denominator=row.get("denominator"),
        lag=whole("lag") or 0, max_age=whole("max_age"), backfilled=flag("backfilled"),
        zero_censored=flag("zero_censored"), target=number("target"), lower=lower, upper=upper, group=row.get("group"),
        weight=1.0 if weight is None else weight, scale=scale_of(row, wrong), **fields,
    )  # fmt: skip
