"""The COIN Tool's workbook, laid out cell by cell as version 1 is (see podium.data.cointool)."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import openpyxl
import pytest

from podium.index.build import build
from podium.index.spec import Spec

Faults = Callable[..., list[str]]
TOOL = {"coin_tool": "tool.xlsm"}
# European Skills Index in small: one unused level (all below si.01), three pillars of which two have sub-pillars.
INDICATORS = [
    # weight, direction, lower, upper, index, sub-index, pillar, sub-pillar, name, code
    (0.4, -1, None, None, "Index", "si.01", "p.01", "sp.01", "Pupils per teacher", "Ind.01"),
    (0.6, 1, 0, 100, "Index", "si.01", "p.01", "sp.01", "Reading", "Ind.02"),
    (1, 1, "n/a", None, "Index", "si.01", "p.01", "sp.02", "Training", "Ind.03"),
    (0.5, 1, None, None, "Index", "si.01", "p.02", "sp.03", "Activity", "Ind.04"),
    (0.5, -1, None, None, "Index", "si.01", "p.02", "sp.03", "Unemployment", "Ind.05"),
]
UNITS = [("Austria", "AT", [10, 50, 20, 80, 5]), ("Belgium", "BE", [12, "n/a", 30, 70, 7]), ("Croatia", "HR", [14, 40, None, 60, 9])]
FRAMEWORK = [
    ("Index", "Index", None, 1, "Arithmetic", 1, "Skills", "index"),
    ("Sub-indices", "si.01", "Index", 1, "Arithmetic", 1, "Skills", "si.01"),
    ("Pillars", "p.01", "si.01", 0.3, "Geometric", 1, "Development", "p.01"),
    (None, "p.02", "si.01", 0.7, "Arithmetic", 1, "Activation", "p.02"),
    ("Sub-pillars", "sp.01", "p.01", 0.5, "Arithmetic", 1, "Schools", "sp.01"),
    (None, "sp.02", "p.01", 0.5, "Arithmetic", 1, "Workplaces", "sp.02"),
    (None, "sp.03", "p.02", 1, "Arithmetic", 1, "Work", "sp.03"),
    (None, "--", "--", "--", "--", "--", "--", "--"),
]


def workbook(edits: dict[tuple[str, str], Any] | None = None, *, framework_row: int = 4, drop: str = "") -> bytes:
    """A workbook of that layout, with single cells changed."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "Intro"
    data = book.create_sheet("Database")
    data["B1"], data["C2"], data["D2"] = "Database", "Normalisation method:", "Minmax"
    for row, label in zip(range(7, 17), ("Weight", "Direction", "Lower", "Upper", "Index", "Sub-index", "Pillar", "Sub-pillar",
                                         "Name", "Code"), strict=True):  # fmt: skip
        data.cell(row, 4, label)
    for k, cells in enumerate(INDICATORS):
        for row, value in zip(range(7, 17), cells, strict=True):
            data.cell(row, 5 + k, value)
    data.cell(16, 10, "Ind.06")  # the tool numbers columns that no one filled
    for r, (name, code, figures) in enumerate(UNITS):
        data.cell(17 + r, 2, name)
        data.cell(17 + r, 3, code)
        for k, value in enumerate(figures):
            data.cell(17 + r, 5 + k, value)
    frame = book.create_sheet("Framework")
    heads = ("Item", "Dimension/indicator", "Supra-dimension", "Weight", "Aggregation", "Direction", "Name of dimension/indicator", None, "Code")
    for column, head in enumerate(heads, 2):
        frame.cell(framework_row, column, head)
    for r, cells in enumerate(FRAMEWORK, framework_row + 1):
        for column, value in enumerate([*cells[:7], None, cells[7]], 2):
            frame.cell(r, column, value)
    for (sheet, cell), value in (edits or {}).items():
        book[sheet][cell] = value
    if drop:
        del book[drop]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("row", [4, 5])
def test_figures_names_and_tree(read: Any, row: int) -> None:
    """Both places of the framework's heads are found; the level that all share is left out, the index is not."""
    got, tree = read(TOOL, {"tool.xlsm": workbook(framework_row=row)}, leaves=())
    assert (got.units, got.indicators) == (("AT", "BE", "HR"), tuple(f"Ind.0{k}" for k in range(1, 6)))
    nan = np.nan
    np.testing.assert_array_equal(got.values, [[[10, 50, 20, 80, 5], [12, nan, 30, 70, 7], [14, 40, nan, 60, 9]]])
    assert got.unit_table["name"].tolist() == ["Austria", "Belgium", "Croatia"]
    book = got.codebook["Ind.02"]
    assert (book.label(), book.direction, book.lower, book.upper) == ("Reading", 1, 0, 100)
    assert [got.codebook[c].direction for c in got.indicators] == [-1, 1, 1, 1, -1]
    assert [(n.code, n.label(), n.weight, n.method) for n in tree.walk() if n.children] == [
        ("Index", "Skills", 1, None), ("p.01", "Development", 0.3, "geometric"), ("sp.01", "Schools", 0.5, None),
        ("sp.02", "Workplaces", 0.5, None), ("p.02", "Activation", 0.7, None), ("sp.03", "Work", 1, None),
    ]  # fmt: skip
    assert list(got.files) == ["tool.xlsm"]


def test_it_builds(tmp_path: Any) -> None:
    """The index of Austria by hand: min–max to 1–100, schools 0.4 × 100 + 0.6 × 100, training 1, work 100."""
    (tmp_path / "tool.xlsm").write_bytes(workbook())
    spec = Spec.model_validate({"name": "esi", "data": TOOL, "file": str(tmp_path / "index.yaml"), "steps": {
        "normalise": {"method": "minmax", "range": [1, 100]}, "aggregate": {"method": "arithmetic"}}})  # fmt: skip
    development = np.sqrt(100.0 * 1.0)
    assert build(spec).score_of("AT") == pytest.approx(0.3 * development + 0.7 * 100)


def test_codes_of_units_become_countries(read: Any) -> None:
    """`countries: true` takes the tool's two-letter codes."""
    assert read({**TOOL, "countries": True}, {"tool.xlsm": workbook()}, leaves=())[0].units == ("AUT", "BEL", "HRV")


@pytest.mark.parametrize(
    ("edits", "says"),
    [
        ({("Database", "E8"): 0}, "tool.xlsm:8: the direction of Ind.01 is 0, not 1 or -1"),
        ({("Database", "E7"): None}, "tool.xlsm:7: the weight of Ind.01 is None"),
        ({("Database", "F9"): "low"}, "tool.xlsm:9: the lower goalpost of Ind.02 is 'low', not a finite number"),
        ({("Database", "F17"): "many"}, "tool.xlsm:17: Ind.02 of AT is 'many', not a finite number"),
        ({("Database", "F17"): True}, "tool.xlsm:17: Ind.02 of AT is True, not a finite number"),
        ({("Database", "C18"): "AT"}, "tool.xlsm:18: unit AT occurs twice, first in line 17"),
        ({("Database", "C18"): None}, "tool.xlsm:18: the row has no unit"),
        ({("Database", "F16"): "Ind.01"}, "tool.xlsm:16: the indicator Ind.01 occurs twice"),
        ({("Database", "F13"): "p.02"}, "tool.xlsm:16: sp.01 stands below p.01 and below p.02"),
        ({("Database", "E14"): "sp.09"}, "tool.xlsm: its sheet Framework has no row of the dimension sp.09"),
        ({("Framework", "E7"): "x"}, "tool.xlsm:7: the weight of p.01 is 'x', not a finite number"),
        ({("Framework", "C4"): "Dimension"}, "has no head `Dimension/indicator` in column C. Give the COIN Tool of 2019"),
        ({("Database", "E11"): "Skills"}, "tool.xlsm:16: its sheet Database is not laid out as the COIN Tool's"),
    ],
)
def test_what_is_wrong_is_said_with_its_row(faults: Faults, edits: dict[tuple[str, str], Any], says: str) -> None:
    """Each fault of the workbook has its row and its words."""
    got = faults(TOOL, {"tool.xlsm": workbook(edits)}, leaves=())
    assert any(says in f for f in got), got


def test_other_workbooks_are_refused(faults: Faults) -> None:
    """A workbook without the two sheets, no workbook and an absent file are told apart."""
    assert "has no sheet 'Database'" in faults(TOOL, {"tool.xlsm": workbook(drop="Database")}, leaves=())[0]
    assert "has no sheet 'Framework'" in faults(TOOL, {"tool.xlsm": workbook(drop="Framework")}, leaves=())[0]
    assert "is not a readable XLSX workbook" in faults(TOOL, {"tool.xlsm": b"PK\x03\x04"}, leaves=())[0]
    assert "there is no such file" in faults({"coin_tool": "none.xlsx"}, leaves=())[0]
