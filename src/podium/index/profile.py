"""One unit of an index: its scores down the tree, its neighbours, strengths, weaknesses and sources."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.data.countries import country_name, resolve_country
from podium.errors import DataError, Fault
from podium.index.build import Built
from podium.index.spec import Node

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["find_unit", "neighbours", "profile", "sources", "strengths", "unit_name"]

NAME_COLUMNS = ("name", "uName", "Name", "country_name")
LANGUAGES = ("en", "ko", "ja")


def unit_name(built: Built, unit: str, language: str = "en") -> str:
    """Return a unit's name: as the unit table has it, else the country's, else the code."""
    table = built.dataset.unit_table
    for column in (f"name_{language}", *NAME_COLUMNS):
        if column in table.columns and unit in table.index:
            said: Any = table.loc[unit, column]
            if isinstance(said, str) and said:
                return said
    return country_name(unit, language) if len(unit) == 3 and unit.isalpha() and unit.isupper() else unit


def find_unit(built: Built, asked: str) -> str:
    """Return the code of the unit that a code or a name in English, Korean or Japanese means.

    Raises
    ------
    DataError
        If no unit is called so, with the nearest; or if the screen left it out.
    """
    if asked in built.units:
        return asked
    units = built.dataset.units
    names: dict[str, str] = {}
    for u in units:
        for text in (u, *(unit_name(built, u, k) for k in LANGUAGES), *_country_names(u)):
            names.setdefault(text.strip().casefold(), u)
    wanted = asked.strip().casefold()
    found = asked if asked in units else names.get(wanted) or _country(asked, units)
    if found is None:
        near = difflib.get_close_matches(wanted, list(names), 5, 0.6)
        codes = list(dict.fromkeys(names[n] for n in near))[:3]
        said = " or ".join(_called(built, u) for u in codes)
        listed = ", ".join(units[:12]) + (" …" if len(units) > 12 else "")
        remedy = f"Did you mean {said}?" if codes else f"Units are {listed}"
        raise DataError(Fault(f"unit {asked!r} is not in the index", remedy))
    if found not in built.units:
        raise DataError(Fault(f"{_called(built, found)} is left out of the index for too little data",
                              "Lower `screen: min_available`, or give its missing figures"))  # fmt: skip
    return found


def _country(asked: str, units: Sequence[str]) -> str | None:
    """The unit that any spelling of a country means, where units are codes or names: "Republic of Korea", 대한민국."""
    code = resolve_country(asked).iso3
    if code is None or code in units:
        return code
    return next((u for u in units if resolve_country(u).iso3 == code), None)


def _called(built: Built, unit: str) -> str:
    name = unit_name(built, unit)
    return unit if name == unit else f"{unit} ({name})"


def _country_names(unit: str) -> Iterator[str]:
    if len(unit) == 3 and unit.isalpha() and unit.isupper():
        yield from (country_name(unit, language) for language in LANGUAGES)


def profile(built: Built, unit: str) -> pd.DataFrame:
    """Return one row an item of the tree, the root first.

    Its columns are ``depth``, ``leaf``, ``name``, ``score``, ``rank``, ``weight`` (the effective one in the root), and
    for indicators ``figure``, ``unit``, ``year``, ``age`` (years before the edition), ``source`` and ``licence``; a
    figure that was imputed is NaN here.

    Raises
    ------
    DataError
        If the unit is not in the index.
    """
    import pandas as pd

    unit = find_unit(built, unit)
    row, held = built.units.index(unit), built.dataset.units.index(unit)
    rows = [_row(built, node, depth, row, held) for node, depth in _walk(built.root, 0)]
    return pd.DataFrame(rows).set_index("item")


def _row(built: Built, node: Node, depth: int, row: int, held: int) -> dict[str, Any]:
    data, at = built.dataset, built.tree.items.index(node.code)
    leaf = not node.children
    column = int(built.pipeline.columns[built.pipeline.leaves.index(node.code)]) if leaf else -1
    info = data.codebook.get(data.indicators[column]) if leaf else None
    year = float(data.years[-1, held, column]) if leaf else np.nan
    edition = built.spec.current()
    figure = float(data.values[-1, held, column]) if leaf else np.nan
    source = data.sources[-1, held, column] if leaf and data.sources is not None else None
    known = figure == figure
    return {
        "item": node.code, "depth": depth, "leaf": leaf,
        "name": (node.label() if node.name or info is None else info.label()),
        "score": built.score_table[row, at], "rank": built.rank_table[row, at],
        "weight": float(built.weights["effective"].iloc[at]), "figure": figure, "unit": info.unit if info else "",
        "year": year if known else np.nan,
        "age": edition.year - year if edition and known else np.nan,
        "source": str(source or (info.source if info else "")) if known else "",
        "licence": info.licence if info and known else "",
    }  # fmt: skip


def _walk(node: Node, depth: int) -> Iterator[tuple[Node, int]]:
    yield node, depth
    for child in node.children:
        yield from _walk(child, depth + 1)


def strengths(table: pd.DataFrame, *, most: int = 5) -> tuple[list[str], list[str], list[str]]:
    """Return the items of a profile with the best ranks, those with the worst, and the indicators without a figure.

    No indicator is both: of few indicators, each list holds at most half.
    """
    leaves = table[table["leaf"]]
    known = leaves.dropna(subset=["rank"])
    known = known[known["figure"].notna()]
    ordered = [str(i) for i in known.sort_values(["rank", "weight"], ascending=[True, False], kind="stable").index]
    number = min(most, len(ordered) // 2)
    without = [str(i) for i in leaves.index[leaves["figure"].isna()]]
    return ordered[:number], ordered[::-1][:number], without


def sources(built: Built, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one entry a source of a profile's figures: how it wants to be cited, licence, years, indicators."""
    leaves = table[table["leaf"] & (table["source"] != "")]
    out = []
    for source, part in leaves.groupby("source", sort=False):
        years = part["year"].dropna()
        out.append(
            {
                "source": source, "citation": built.dataset.citations.get(str(source), str(source)),
                "licence": ", ".join(dict.fromkeys(x for x in part["licence"] if x)),
                "from": int(years.min()) if len(years) else None, "to": int(years.max()) if len(years) else None,
                "indicators": [str(i) for i in part.index],
            }
        )  # fmt: skip
    return out


def neighbours(built: Built, unit: str) -> dict[str, tuple[str, float] | None]:
    """Return the units just ahead and just behind by the score of the root, each with its distance; None at the ends.

    Equal scores stand neither ahead nor behind.
    """
    root = built.score_table[:, -1]
    own = root[built.units.index(unit)]
    sign = 1.0 if built.spec.steps.rank.best == "highest" else -1.0
    gap = sign * (root - own)
    out: dict[str, tuple[str, float] | None] = {"ahead": None, "behind": None}
    for key, rows in (("ahead", np.flatnonzero(gap > 0)), ("behind", np.flatnonzero(gap < 0))):
        if len(rows):
            nearest = int(rows[np.argmin(np.abs(gap[rows]))])
            out[key] = (built.units[nearest], float(abs(gap[nearest])))
    return out
