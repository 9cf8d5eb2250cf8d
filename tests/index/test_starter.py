"""A first specification for somebody's own table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from podium.errors import DataError, InputError
from podium.index.build import build
from podium.index.spec import load_spec
from podium.index.starter import start_from

TABLE = pd.DataFrame(
    {
        "Region name": ["North", "South", "East", "No"], "Year": [2020] * 4, "GDP, per head": [1.5, 2.5, None, 4.0],
        "Unemployment: rate": [5, 6, 7, 8], "note: #1": ["a", "b", "c", None], "constant": [1] * 4, "index": [3, 1, 2, 9],
        "empty": [None] * 4,
    }
)  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_own_table_builds_as_it_is(tmp_path: Path, kind: str) -> None:
    """Units, indicators and directions are guessed from odd heads, and the result builds."""
    path = tmp_path / f"my table.{kind}"
    {"csv": lambda: TABLE.to_csv(path, index=False), "xlsx": lambda: TABLE.to_excel(path, index=False),
     "parquet": lambda: TABLE.to_parquet(path, index=False)}[kind]()  # fmt: skip
    names, notes = start_from(path, tmp_path / "new")
    assert names == ["codebook.csv", "index.yaml", f"my table.{kind}"]
    built = build(load_spec(tmp_path / "new"))
    assert set(built.pipeline.leaves) == {"GDP, per head", "Unemployment: rate", "index"}
    assert built.dataset.codebook["Unemployment: rate"].direction == -1
    assert set(built.units) == set(TABLE["Region name"])
    said = "\n".join(notes)
    assert "less is better: Unemployment: rate" in said
    for column in ("Year", "note: #1", "constant", "empty"):
        assert column in said
    assert "REVIEW" in (tmp_path / "new" / "index.yaml").read_text(encoding="utf-8")


def test_countries_are_known_as_such(tmp_path: Path) -> None:
    """A column of country codes names the units whatever it is called, and the codes are checked from then on."""
    pd.DataFrame({"id": [1, 2, 3], "where": ["KOR", "NAM", "NOR"], "x": [1, 2, 4]}).to_csv(tmp_path / "t.csv", index=False)
    start_from(tmp_path / "t.csv", tmp_path / "new")
    spec = load_spec(tmp_path / "new")
    assert spec.data.countries
    assert set(build(spec).units) == {"KOR", "NAM", "NOR"}


@pytest.mark.parametrize(
    ("table", "message"),
    [(pd.DataFrame({"unit": ["a", "a"], "x": [1, 2]}), "names each row once"), (pd.DataFrame({"unit": ["a", "b"], "x": ["p", "q"]}), "no column of numbers"),
     (pd.DataFrame({"unit": [], "x": []}), "names each row once")],
)  # fmt: skip
def test_unfit_tables_are_refused(tmp_path: Path, table: pd.DataFrame, message: str) -> None:
    """A long table, one without numbers, and an empty one are refused with what is wrong, and nothing is written."""
    table.to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(DataError, match=message):
        start_from(tmp_path / "t.csv", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_existing_folder_is_left_alone(tmp_path: Path) -> None:
    """A folder with something in it is refused."""
    TABLE.to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(InputError, match="not empty"):
        start_from(tmp_path / "t.csv", tmp_path)
