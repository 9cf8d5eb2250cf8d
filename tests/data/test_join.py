"""Wide tables joined by their units."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from podium.errors import DataError, SpecError
from podium.index.build import Built, build
from podium.index.spec import load_spec

SPEC = """
name: joined
data: {table: book.xlsx, layout: wide, sheet: first, columns: {unit: iso3}, join: [JOIN]}
tree: {code: all, children: [a, b]}
steps: {normalise: {method: none}, aggregate: {method: arithmetic}}
"""


def made(folder: Path, join: str) -> Built:
    """An index over a workbook of two sheets, the second with a title line and other units, and a table beside it."""
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("second")
    assert first is not None
    first.title = "first"
    for row in (["iso3", "a"], ["KOR", 1], ["JPN", 2]):
        first.append(row)
    for row in (["A title", None, None], ["code", "b", "a"], ["JPN", 20, 7], ["FRA", 30, 8]):
        second.append(row)
    book.save(folder / "book.xlsx")
    (folder / "more.csv").write_text("unit,b\nKOR,5\nJPN,6\n", encoding="utf-8")
    (folder / "index.yaml").write_text(SPEC.replace("JOIN", join), encoding="utf-8")
    return build(load_spec(folder / "index.yaml"))


def test_a_sheet_gives_columns_to_the_units_of_the_first(tmp_path: Path) -> None:
    """A unit that the second lacks has no figure there; a unit that only the second has is left out; both files are hashed once."""
    built = made(tmp_path, "{sheet: second, header: 2, unit: code, columns: [b]}")
    assert built.units == ("KOR", "JPN")
    assert [built.score_of(u) for u in built.units] == [1, 11]
    assert list(built.dataset.files) == ["book.xlsx"]


def test_a_second_file(tmp_path: Path) -> None:
    """A table of its own file is read and its hash kept."""
    built = made(tmp_path, "{table: more.csv, unit: unit}")
    assert [built.score_of(u) for u in built.units] == [3, 4]
    assert sorted(built.dataset.files) == ["book.xlsx", "more.csv"]


@pytest.mark.parametrize(
    ("join", "message"),
    [("{sheet: second, header: 2, unit: code}", "the column a stands in an earlier table too"),
     ("{sheet: second, header: 2, unit: code, columns: [bb]}", "no column .?bb"),
     ("{sheet: second, header: 2, unit: a, columns: [b]}", "no unit of the first table")],
)  # fmt: skip
def test_what_cannot_be_joined_is_named(tmp_path: Path, join: str, message: str) -> None:
    """A column in both tables, a column in none, and a column of units that are no units."""
    with pytest.raises(DataError, match=message):
        made(tmp_path, join)


def test_long_tables_are_not_joined(tmp_path: Path) -> None:
    """The grammar says so."""
    (tmp_path / "index.yaml").write_text(SPEC.replace("layout: wide", "layout: long").replace("JOIN", "{unit: x}"), encoding="utf-8")
    with pytest.raises(SpecError, match="`join` is for `layout: wide`"):
        load_spec(tmp_path / "index.yaml")
