"""A first specification for somebody's own table: what can be guessed is guessed, and marked for review."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podium.data.countries import iso3_codes
from podium.data.tables import read_table
from podium.errors import DataError, Fault
from podium.index.folder import publish_new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["start_from"]

UNIT_WORDS = ("unit", "code", "iso3", "iso", "ucode", "country code", "id", "country", "region", "name", "geo")
TIME_WORDS = ("year", "time", "period", "date")
LESS_IS_BETTER = (
    "death", "mortality", "poverty", "unemploy", "emission", "pollution", "crime", "inequality", "gini", "risk",
    "deprivation", "debt", "inflation", "corrupt", "disease", "homicide", "suicide", "dropout", "restriction",
)  # fmt: skip


@dataclass(frozen=True)
class Guess:
    """What was made of a table: its unit column, its indicators with their directions, and the columns left out."""

    unit: str
    indicators: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, str], ...]


def start_from(table: Path, folder: Path) -> tuple[list[str], list[str]]:
    """Write `index.yaml`, a codebook and a copy of the table into a new folder.

    Returns
    -------
    The names of the files, and what was guessed and should be looked at.

    Raises
    ------
    DataError
        If the table cannot be read, has no column that could name the units, or no column of numbers.
    InputError
        If the folder is not empty or cannot be written.
    """
    if not table.is_file():
        raise DataError(Fault("there is no such file", "Give a table after --from", str(table)))
    read = _frame(table)
    guess = _guess(read, table)
    countries = set(map(str, read[guess.unit])) <= iso3_codes()

    def fill(new: Path) -> None:
        shutil.copyfile(table, new / table.name)
        rows = [f"{_csv(c)},{_csv(c)},,{d},,," for c, d in guess.indicators]
        text = "\n".join(["code,name,unit,direction,source,licence,denominator", *rows]) + "\n"
        (new / "codebook.csv").write_text(text, encoding="utf-8")
        (new / "index.yaml").write_text(_yaml(table, guess, countries), encoding="utf-8")

    return publish_new(folder, fill), _remarks(guess)


def _frame(path: Path) -> pd.DataFrame:
    """The table as a data frame whose empty cells are missing."""
    import pandas as pd

    columns = read_table(path).columns
    lists = {k: [None if x == "" else x for x in v.to_pylist()] for k, v in columns.items()}
    return pd.DataFrame({k: pd.Series(v, dtype=object) for k, v in lists.items()})


def _guess(read: pd.DataFrame, path: Path) -> Guess:
    import pandas as pd

    columns = [str(c) for c in read.columns]
    figures, left_out = [], []
    unit = _unit_column(read, path)
    for column in columns:
        if column == unit:
            continue
        known = read[column].dropna()
        numbers = pd.to_numeric(known, errors="coerce")
        if not len(known):
            left_out.append((column, "empty"))
        elif numbers.isna().any():
            left_out.append((column, "not all numbers"))
        elif column.strip().lower() in TIME_WORDS:
            left_out.append((column, "a time, not a figure"))
        elif numbers.nunique() == 1:
            left_out.append((column, "the same for all units"))
        else:
            figures.append((column, -1 if any(w in column.lower() for w in LESS_IS_BETTER) else 1))
    if not figures:
        raise DataError(Fault("has no column of numbers that differ between units", "Give one unit a row, one "
                              "indicator a column", str(path), 1))  # fmt: skip
    return Guess(unit, tuple(figures), tuple(left_out))


def _unit_column(read: pd.DataFrame, path: Path) -> str:
    """The column that names the units: no cell empty or twice; a telling head or country codes first, then texts."""
    import pandas as pd

    whole = [str(c) for c in read.columns if read[c].notna().all() and read[c].is_unique and len(read)]
    texts = [c for c in whole if pd.to_numeric(read[c], errors="coerce").isna().any()]
    codes = [c for c in texts if set(map(str, read[c])) <= iso3_codes()]
    heads = [c for word in UNIT_WORDS for c in whole if c.strip().lower() == word]
    for found in (codes, heads, texts):
        if found:
            return found[0]
    raise DataError(Fault("has no column that names each row once", "Add one, such as `unit`; a long table (several "
                          "rows a unit) needs a specification of its own, see docs/howto", str(path), 1))  # fmt: skip


def _csv(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n\r') else text


def _quoted(text: str) -> str:
    """A text as YAML takes it whatever is in it."""
    return json.dumps(text, ensure_ascii=False)


def _yaml(table: Path, guess: Guess, countries: bool) -> str:
    root = "index" if "index" not in {c for c, _ in guess.indicators} else "the_index"
    lines: list[Any] = [
        "# Made from your table by `podium new --from`. Look at everything marked REVIEW; then `podium build .`",
        "# All keys are described in docs/specification.md.",
        f"name: {_quoted(table.stem)}",
        f"title: {_quoted(table.stem)}",
        "",
        "data:",
        f"  table: {_quoted(table.name)}",
        "  layout: wide                # one unit a row, one indicator a column",
        f"  columns: {{unit: {_quoted(guess.unit)}}}",
        "  codebook: codebook.csv      # REVIEW: direction 1 where more is better, -1 where less is",
        f"  countries: {str(countries).lower()}",
        "",
        "# REVIEW: group the indicators, and give weights where they should differ: {code: x, weight: 2}",
        "tree:",
        f"  code: {root}",
        "  children:",
        *(f"    - {_quoted(c)}" + ("                  # REVIEW: taken as less is better" if d < 0 else "")
          for c, d in guess.indicators),
        *(f"# left out: {_quoted(c)}, {why}" for c, why in guess.left_out),
        "",
        "# REVIEW: the steps, in this order.",
        "steps:",
        "  normalise: {method: minmax, range: [0, 100]}",
        "  aggregate: {method: arithmetic, min_available: 0.5}   # fewer than half of the figures: no score",
        "  rank: {ties: competition}",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _remarks(guess: Guess) -> list[str]:
    down = [c for c, d in guess.indicators if d < 0]
    out = [f"units are named by {guess.unit!r}; {len(guess.indicators)} indicators, all of equal weight"]
    out.append(f"taken as less is better: {', '.join(down)}" if down else "every indicator is taken as more is better")
    if guess.left_out:
        out.append("left out: " + ", ".join(f"{c} ({why})" for c, why in guess.left_out))
    return [*out, "look at the lines marked REVIEW in index.yaml and at the directions in codebook.csv"]
