"""Tables of every kind and hand: CSV, Parquet, XLSX, wide, long, one column a year, and what is wrong in them."""

from __future__ import annotations

import datetime
import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podium.data.cells import numbers
from podium.data.delimited import read_delimited
from podium.data.tables import column_names, from_frame, read_table
from podium.errors import DataError

Faults = Callable[..., list[str]]
Read = Callable[..., Any]
WIDE = {"table": "t.csv", "layout": "wide"}
LONG = {"table": "t.csv"}
nan = np.nan


def sheet(rows: list[list[Any]], *, title: str = "Sheet1", merge: str = "") -> bytes:
    """An XLSX workbook of one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(row)
    if merge:
        page.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "content"),
    [
        ({}, "unit,a,b\nKOR,1.5,2\nJPN,,4\n"),
        ({}, "\ufeffunit,a,b\r\nKOR,1.5,2\r\n\r\nJPN,,4\r\n"),
        ({}, "unit,a,b\rKOR,1.5,2\rJPN,,4\r"),
        ({}, "unit,a,b\nKOR,1.5,2\nJPN,,4\n\nSource: me\nLast updated: 2020\n"),
        ({}, '"unit","a","b"\n"KOR"," 1.5 ","2"\n"JPN ","","4"\n'),
        ({}, "unit,a,b\nKOR,1.5,2\nJPN,,4\n".encode("utf-16")),
        ({"encoding": "utf-16-le"}, "unit,a,b\nKOR,1.5,2\nJPN,,4\n".encode("utf-16-le")),
        ({"separator": ";", "decimal": ","}, "unit;a;b\nKOR;1,5;2\nJPN;;4\n"),
        ({"separator": "\t"}, "unit\ta\tb\nKOR\t1.5\t2\nJPN\t\t4\n"),
        ({"header": 3}, "A title\n\nunit,a,b\nKOR,1.5,2\nJPN,,4\n"),
        ({"missing": [-999]}, "unit,a,b\nKOR,1.5,2\nJPN,-999.0,4\n"),
        ({"missing": ["-999"]}, "unit,a,b\nKOR,1.5,2\nJPN,−999,4\n"),
        ({"missing": ["NaN"]}, "unit,a,b\nKOR,1.5,2\nJPN,NaN,4\n"),
        ({"missing": ["n/a"]}, "unit,a,b\nKOR,1.5,2\nJPN, n/a,4\n"),
        ({"missing": {"a": [-1]}}, "unit,a,b\nKOR,1.5,2\nJPN,-1,4\n"),
    ],
)
def test_one_table_in_many_hands(read: Read, data: dict[str, Any], content: str | bytes) -> None:
    """However a table is written, the same figures come out of it."""
    got, _ = read({**WIDE, **data}, {"t.csv": content})
    assert got.units == ("KOR", "JPN")
    np.testing.assert_array_equal(got.values, [[[1.5, 2], [nan, 4]]])


def test_same_figures_from_parquet_and_sheets(read: Read) -> None:
    """Parquet and XLSX give what CSV gives; headings, notes and numbers kept as text are no obstacle."""
    rows = pd.DataFrame({"unit": ["KOR", "JPN"], "a": [1.5, nan], "b": [2, 4]})
    sink = io.BytesIO()
    rows.to_parquet(sink)
    page = sheet([["A title"], ["unit", "a", "b"], ["High"], ["KOR", "1.5", 2], [], ["JPN", None, 4], [None, "note"]])
    for name, content, how in (("t.parquet", sink.getvalue(), {}), ("t.xlsx", page, {"header": 2})):
        got, _ = read({"table": name, "layout": "wide", **how}, {name: content})
        np.testing.assert_array_equal(got.values, [[[1.5, 2], [nan, 4]]])


def test_lines_are_those_of_the_file(faults: Faults) -> None:
    """A fault names the physical line, after quoted line ends, blank lines and lines before the heads."""
    text = 'title\n\nunit,name,a,b\r\nKOR,"South\r\nKorea",1,2\r\n\r\nJPN,J,oops,4\r\nTWN,T,inf,1e400\r\n'
    assert [f.split(". ")[0] for f in faults({**WIDE, "header": 3}, {"t.csv": text})] == [
        "t.csv:7: a of JPN is 'oops', not a finite number",
        "t.csv:8: a of TWN is 'inf', not a finite number",
        "t.csv:8: b of TWN is '1e400', not a finite number",
    ]
    page = sheet([["title"], [], ["unit", "a", "b"], ["KOR", 1, 2], [], ["JPN", "#N/A", True]])
    assert [f.split(" is ")[0] for f in faults({"table": "t.xlsx", "layout": "wide", "header": 3}, {"t.xlsx": page})] == [
        "t.xlsx:6: a of JPN", "t.xlsx:6: b of JPN",
    ]  # fmt: skip


def test_a_long_cell_keeps_the_lines_right(faults: Faults) -> None:
    """A cell longer than Python's csv module admits by itself does not hide the line."""
    text = "unit,note,a,b\nKOR," + "x" * 3_000_000 + ",1,2\nJPN,y,q,3\n"
    assert faults(WIDE, {"t.csv": text})[0].startswith("t.csv:3: a of JPN is 'q'")


def test_all_faults_of_all_tables_at_once(faults: Faults) -> None:
    """One run names what is wrong in the table, the codebook and the units."""
    got = faults({**WIDE, "codebook": "c.csv", "units": "nope.csv"}, {
        "t.csv": "unit,a,b\nKOR,x,2\nJPN,1,y\nJPN,2,3\n,5,6\n",
        "c.csv": "code,direction,lower,lag\na,2,x,1.5\na,1,,\nb,-1,3,\n",
    })  # fmt: skip
    assert [f.split(". ")[0] for f in got] == [
        "c.csv:2: indicator 'a': direction is '2', not 1 or -1",
        "c.csv:2: indicator 'a': lower is 'x', not a finite number",
        "c.csv:2: indicator 'a': lag is '1.5', not a whole number",
        "c.csv:3: indicator 'a' occurs twice",
        "t.csv:5: the row has no unit",
        "t.csv:4: unit JPN occurs twice, first in line 3",
        "t.csv:2: a of KOR is 'x', not a finite number",
        "t.csv:3: b of JPN is 'y', not a finite number",
        "nope.csv: there is no such file",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "t.csv: is empty"),
        ("\n \n", "t.csv:1: has no line of heads"),
        ("unit,a,b\n", "t.csv:1: has heads but no rows"),
        ("country,a,b\nKOR,1,2\n", "t.csv:1: has no column 'unit'"),
        ("unit,A,b\nKOR,1,2\n", "t.csv:1: has no column 'a'. Did you mean 'A'?"),
        ("unit,a,b,a\nKOR,1,2,3\n", "t.csv:1: the head 'a' stands more than once"),
        ("unit;a;b\nKOR;1;2\n", 't.csv:1: has one column when parted by \',\', but its line of heads holds ";"'),
        ("unit,a,b\nKOR,1,2,3\nJPN,1\nUSA,1,2\n", "t.csv:2: has 4 cells where the heads have 3"),
        ("unit,a,b\nKOR\nUSA,1,2\n", "t.csv:2: has 1 cells where the heads have 3"),
        ('unit,a,b\nKOR,1,2\n"JPN,3,4\nUSA,5,6\n', "t.csv:3: cannot be read from here on"),
        ("unit,a,b\nKOR,1,2\nCôte,3,4\n".encode("latin-1"), "t.csv:3: is not text in utf-8"),
        (b"unit,a,b\0\nKOR,1,2\n", "t.csv: holds zero bytes"),
        ('unit,a,b\nKOR,"1,234",2\n', "set `data: thousands: ','`"),
        ("unit,a,b\nKOR,1 234,2\n", "name them under `data: thousands`"),
        ('unit,a,b\nKOR,"3,14",2\n', "set `data: decimal: ','`"),
        ("unit,a,b\nKOR,45%,2\n", "Remove the per cent sign"),
        ("unit,a,b\nKOR,NA,2\n", "if it means missing, set `data: missing: ['NA']`"),
        ("unit,a,b\nKOR,nan,2\n", "a of KOR is 'nan', not a finite number"),
        ("unit,a,b\nKOR,0x1F,2\n", "a of KOR is '0x1F', not a finite number"),
        ("unit,a,b\nKOR,1_000,2\n", "a of KOR is '1_000', not a finite number"),
    ],
)
def test_what_is_wrong_is_said_with_its_remedy(faults: Faults, content: str | bytes, says: str) -> None:
    """Each fault of a table has its place, its words and what to do."""
    assert says in faults(WIDE, {"t.csv": content})[0]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("t.xlsx", b"garbage", "is not a readable XLSX workbook"),
        ("t.parquet", b"garbage", "is not a Parquet file"),
        ("t.xls", b"garbage", "Save it as XLSX"),
        ("t.xlsx", sheet([[None]]), "has no heads in row 1"),
        ("t.xlsx", sheet([["unit", "a", "b"]]), "has heads but no rows"),
        ("t.xlsx", sheet([["unit", "a", "b"], ["KOR", 1, "=1+1"]]), "t.xlsx:2: b of KOR is '=', not a finite number. It is a formula"),
        ("t.xlsx", sheet([["unit", "a"], ["KOR", 1, 2]]), "Columns without a head are 'Unnamed: 2'"),
        ("t.xlsx", sheet([["unit", "a", None], ["KOR", 1, 2]], merge="B1:C1"), "Columns without a head are 'Unnamed: 2'"),
    ],
)
def test_damaged_files_have_no_foreign_traceback(faults: Faults, name: str, content: bytes, says: str) -> None:
    """A damaged or odd file is a fault of that file."""
    assert says in faults({"table": name, "layout": "wide"}, {name: content})[0]


def test_files_that_are_not_there(faults: Faults) -> None:
    """An absent file, a folder, an absent sheet and no table at all are told apart."""
    page = {"t.xlsx": sheet([["unit", "a", "b"], ["KOR", 1, 2]], title="Data")}
    assert "there is no such file" in faults(WIDE)[0]
    assert "cannot be read: Is a directory" in faults({"table": ".", "layout": "wide"})[0]
    assert "has no sheet 'Date'. Use one of Data" in faults({"table": "t.xlsx", "sheet": "Date", "layout": "wide"}, page)[0]
    assert "no table is named" in faults({})[0]
    assert "has no line 9" in faults({**WIDE, "header": 9}, {"t.csv": "unit,a,b\nKOR,1,2\n"})[0]
    assert "no encoding is called 'klingon'" in faults({**WIDE, "encoding": "klingon"}, {"t.csv": "unit,a,b\n"})[0]


def test_a_sheet_may_be_named_behind_the_file(read: Read) -> None:
    """`book.xlsx#codebook` is the sheet of that name."""
    book = openpyxl.load_workbook(io.BytesIO(sheet([["unit", "a", "b"], ["KOR", 1, 2]])))
    page = book.create_sheet("codebook")
    for row in (["code", "name", "direction", "target"], ["a", "Ay", -1, 7], ["b", "Bee", 1.0, None]):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    got, _ = read({"table": "t.xlsx", "layout": "wide", "codebook": "t.xlsx#codebook"}, {"t.xlsx": out.getvalue()})
    assert (got.codebook["a"].direction, got.codebook["a"].target, got.codebook["b"].label()) == (-1, 7.0, "Bee")
    assert list(got.files) == ["t.xlsx"]


def test_long_table_names_every_row_at_fault(faults: Faults) -> None:
    """Rows without unit or indicator, cells that are no number, figures given twice and negative errors."""
    text = ("unit,indicator,time,value,error\nKOR,a,2019,1,\nKOR,a,2019.0,2,-1\nJPN,b,2018,x,\n,b,2019,3,\nUSA,,2019,3,\n"
            ",,,,\nUSA,b,soon,3,\n")  # fmt: skip
    assert [f.split(". ")[0] for f in faults(LONG, {"t.csv": text})] == [
        "t.csv:5: the row has no unit",
        "t.csv:6: the row has no indicator",
        "t.csv:4: value of b for JPN is 'x', not a finite number",
        "t.csv:3: error of a for KOR is -1, and a standard error is not negative",
        "t.csv:8: time of b for USA is 'soon', not a finite number",
        "t.csv:3: a for KOR in 2019 is given twice, first in line 2",
    ]


def test_codes_of_missing_by_indicator_in_a_long_table(read: Read) -> None:
    """What means missing for one indicator is a figure for another."""
    text = "unit,indicator,value\nKOR,a,0\nKOR,b,0\nJPN,a,-999.0\nJPN,b,99\n"
    got, _ = read({**LONG, "missing": {"a": [0, -999], "*": [99]}}, {"t.csv": text})
    np.testing.assert_array_equal(got.values, [[[nan, nan], [nan, 0]]])


def test_latest_year_with_a_figure(read: Read) -> None:
    """Without editions a series is taken at its latest year that has a figure."""
    text = "unit,indicator,time,value\nKOR,a,2018,1\nKOR,a,2019,\nKOR,b,2019,3\nJPN,b,2019,\n"
    got, _ = read(LONG, {"t.csv": text})
    assert got.units == ("JPN", "KOR")
    np.testing.assert_array_equal(got.values, [[[nan, nan], [1, 3]]])
    np.testing.assert_array_equal(got.years, [[[nan, 2019], [2018, 2019]]])


def test_one_column_a_year(read: Read, faults: Faults) -> None:
    """World Bank's layout: a row for each unit and indicator, heads such as `2019 [YR2019]`."""
    text = ("Country Name,Country Code,Series,2018 [YR2018],2019 [YR2019]\nSouth Korea,KOR,a,1,2\nSouth Korea,KOR,b,..,4\n"
            "Data from database: World Development Indicators\n")  # fmt: skip
    data = {**WIDE, "missing": [".."], "columns": {"unit": "Country Code", "indicator": "Series", "value": "{time} [YR{time}]"}}
    got, _ = read({**data, "panel": True}, {"t.csv": text})
    assert got.editions == ("2018", "2019")
    np.testing.assert_array_equal(got.values, [[[1, nan]], [[2, 4]]])
    assert got.unit_table["Country Name"].tolist() == ["South Korea"]
    latest, _ = read(data, {"t.csv": text})
    np.testing.assert_array_equal(latest.values, [[[2, 4]]])
    assert "has no head like" in faults({**data, "columns": {**data["columns"], "value": "y{time}"}}, {"t.csv": text})[0]
    twice = text.replace("KOR,b", "KOR,a")
    assert "a for KOR is given twice, first in line 2" in faults(data, {"t.csv": twice})[-1]


def test_one_column_an_indicator_and_year(read: Read) -> None:
    """The layout of the HDI's time series: heads such as `a_2019`, standard errors beside them."""
    text = "unit,region,a_2018,a_2019,b_2018,b_2019_se,a_2019_se\nKOR,x,1,2,3,.1,.2\n"
    columns = {"value": "{indicator}_{time}", "error": "{indicator}_{time}_se"}
    got, _ = read({**WIDE, "panel": True, "columns": columns}, {"t.csv": text})
    np.testing.assert_array_equal(got.values, [[[1, 3]], [[2, nan]]])
    np.testing.assert_array_equal(got.errors, [[[nan, nan]], [[0.2, nan]]])


def test_standard_errors_of_a_wide_table(read: Read, faults: Faults) -> None:
    """They stand in columns of a pattern or in a second table, and are no part of what is said of units."""
    text = {"t.csv": "unit,a,b,a_se,g\nKOR,1,2,.1,x\nJPN,3,4,,y\n", "e.csv": "unit,b\nJPN,.5\n"}
    got, _ = read({**WIDE, "columns": {"error": "{indicator}_se"}}, text)
    np.testing.assert_array_equal(got.errors, [[[0.1, nan], [nan, nan]]])
    assert list(got.unit_table) == ["g"]
    second, _ = read({**WIDE, "errors": "e.csv"}, text)
    np.testing.assert_array_equal(second.errors, [[[nan, nan], [nan, 0.5]]])
    assert "is negative" in faults({**WIDE, "errors": "e.csv"}, {**text, "e.csv": "unit,b\nJPN,-1\n"})[0]
    assert "it is a pattern" in faults({**WIDE, "columns": {"error": "a_se"}}, text)[0]


def test_a_tree_from_the_groups_of_the_codebook(read: Read, faults: Faults) -> None:
    """Groups of the codebook draw the tree where the specification has none; several topmost ones share a root."""
    files = {"t.csv": "unit,a,b,c,pop\nKOR,1,2,3,9\n",
             "c.csv": "code,group,weight,name,name_ko\na,P,2,A,가\nb,P,,B,\nc,Q,1,C,\nP,,3,Pillar P,기둥\npop,,,Heads,\n"}  # fmt: skip
    got, tree = read({**WIDE, "codebook": "c.csv"}, files, leaves=())
    assert [(n.code, n.weight) for n in tree.walk()] == [("index", 1), ("P", 3), ("a", 2), ("b", 1), ("Q", 1), ("c", 1)]
    assert tree.children[0].label("ko") == "기둥"
    assert got.codebook["a"].label("ko") == "가"
    files["c.csv"] = "code,group\na,P\nb,Q\nP,Q\nQ,P\n"
    assert "form a cycle" in faults({**WIDE, "codebook": "c.csv"}, files, leaves=())[0]
    files["c.csv"] = "code\na\nb\n"
    assert "tree: this key is missing" in faults({**WIDE, "codebook": "c.csv"}, files, leaves=())[0]


def test_rows_are_left_out_before_they_are_judged(read: Read, faults: Faults) -> None:
    """Figures of excluded units are not looked at; a pattern that fits nothing is a fault."""
    text = {"t.csv": "unit,a,b\nKOR,1,2\nTotal,x,y\n"}
    got, _ = read(WIDE, text, units={"exclude": ["Tot*"]})
    assert got.units == ("KOR",)
    assert "units names JPN" in faults(WIDE, text, units={"exclude": ["Total", "JPN"]})[0]


def test_labels_keep_leading_zeros_and_numbers_their_digits(read: Read) -> None:
    """A code such as 01001 stays a text in CSV; a number of a sheet becomes 1001, not 1001.0."""
    got, _ = read(WIDE, {"t.csv": "unit,a,b\n01001,0.1234567890123456,1e-300\n"})
    assert got.units == ("01001",)
    assert got.values[0, 0, 0] == 0.1234567890123456
    got, _ = read({"table": "t.xlsx", "layout": "wide"}, {"t.xlsx": sheet([["unit", "a", "b"], [1001.0, 1, 2]])})
    assert got.units == ("1001",)


def test_repeated_heads_get_numbers_that_do_not_collide() -> None:
    """`x, x, x.1` are three different columns."""
    assert column_names(["x", "x", "x.1", "", ""]) == (["x", "x.2", "x.1", "", ""], frozenset({"x"}))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30), st.sampled_from([".", ","]))
@settings(max_examples=60, deadline=None)
def test_every_float_comes_back_bit_by_bit(values: list[float], decimal: str) -> None:
    """A number written out in full is the same number when read, whatever the decimal sign."""
    import pyarrow as pa

    cells = pa.array([repr(v).replace(".", decimal) for v in values])
    got, bad = numbers(cells, decimal=decimal)
    assert not len(bad)
    np.testing.assert_array_equal(got, values)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_bytes_bring_a_foreign_error(data: bytes) -> None:
    """Whatever a file holds, it is a table or a fault."""
    try:
        table = read_delimited(b"unit,a\n" + data, name="t.csv", encoding=None, separator=",", header=1)
        for row in range(table.size):
            assert table.line(row) is not None
    except DataError as error:
        assert error.faults


@given(st.lists(st.lists(st.text(alphabet='ab,"\n\r ;é', max_size=6), min_size=2, max_size=2), min_size=1, max_size=12))
@settings(max_examples=200, deadline=None)
def test_lines_agree_with_a_plain_count(rows: list[list[str]]) -> None:
    """The line of each row equals a count of line ends before it, in tables that Python's csv module writes."""
    import csv

    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["x", "y"])
    starts = []
    for row in rows:
        starts.append(out.getvalue().replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1)
        writer.writerow(row)
    table = read_delimited(out.getvalue().encode(), name="t.csv", encoding=None, separator=",", header=1)
    assert [table.line(k) for k in range(table.size)] == starts


def test_dates_of_sheets_and_frames_are_texts_of_iso_form() -> None:
    """A date is 2020-01-31, not a number."""
    frame = pd.DataFrame({"unit": ["KOR"], "when": [datetime.date(2020, 1, 31)]})
    from podium.data.cells import texts

    assert texts(from_frame(frame, name="f").columns["when"]).to_pylist() == ["2020-01-31"]


def test_two_million_rows_load_in_seconds(read: Read) -> None:
    """A long table of 1,000 units, 200 indicators and 10 years: processor time, which other work does not disturb."""
    units, codes, years = 1000, 200, 10
    unit = np.repeat(np.arange(units), codes * years)
    code = np.tile(np.repeat(np.arange(codes), years), units)
    year = np.tile(np.arange(2010, 2010 + years), units * codes)
    value = (unit * 7 + code * 3 + year) % 1009 / 8
    import pyarrow as pa
    import pyarrow.csv as pc

    sink = io.BytesIO()
    names = [np.array([f"U{k:04d}" for k in range(units)])[unit], np.array([f"i{k:03d}" for k in range(codes)])[code]]
    pc.write_csv(pa.table([*names, year, value], names=["unit", "indicator", "time", "value"]), sink)
    began = time.process_time()
    got, _ = read({"table": "t.csv", "panel": True}, {"t.csv": sink.getvalue()}, leaves=("i000", "i199"))
    spent = time.process_time() - began
    assert got.values.shape == (10, 1000, 200)
    assert got.values[3, 999, 199] == (999 * 7 + 199 * 3 + 2013) % 1009 / 8
    assert spent < 10


def test_a_file_of_the_gallery_as_published(shared: Path) -> None:
    """The SVI's table of 3,144 counties: all heads, all rows, the sentinel −999 as missing."""
    table = read_table(shared / "ref/gallery/svi2022/SVI_2022_US_county.csv")
    assert table.size == 3144
    values, bad = numbers(table.columns["RPL_THEMES"], missing=[-999])
    theirs = pd.read_csv(shared / "ref/gallery/svi2022/SVI_2022_US_county.csv")["RPL_THEMES"].replace(-999, nan)
    assert not len(bad)
    np.testing.assert_array_equal(values, theirs)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"table": "t.csv", "coin_tool": "x.xlsx"}, "give one of `table`, `coinr` and `coin_tool`"),
        ({"coinr": {"data": "d", "meta": "m"}, "codebook": "c.csv"}, "codebook is not read beside `coinr`"),
        ({"coin_tool": "x.xlsx", "panel": True}, "the COIN Tool holds no panel"),
        ({"table": "t.csv", "columns": {"values": "x"}}, "columns: values is none of unit, indicator, time, value"),
        ({"table": "t.csv", "layout": "wide", "columns": {"value": "x"}}, "is a pattern of heads with {time}"),
        ({"table": "t.csv", "decimal": ",", "thousands": ","}, "`decimal` and `thousands` are both ','"),
        ({"table": "t.csv", "separator": "||"}, "separator"),
        ({"table": "t.csv", "header": 0}, "header"),
    ],
)
def test_keys_that_do_not_go_together(data: dict[str, Any], says: str) -> None:
    """What the section `data` cannot mean is refused when the specification is read."""
    from podium.index.spec import Data

    with pytest.raises(ValueError, match=re.escape(says)):
        Data.model_validate(data)


def test_joined_tables_keep_their_own_lines(read: Read, faults: Faults) -> None:
    """A second table adds its columns by unit; a fault in it has its own file and line."""
    data = {**WIDE, "join": [{"table": "s.csv", "unit": "code"}]}
    files = {"t.csv": "unit,a\nKOR,1\nJPN,2\n", "s.csv": "code,b,g\nJPN,4,x\nUSA,9,y\n"}
    got, _ = read(data, files)
    np.testing.assert_array_equal(got.values, [[[1, nan], [2, 4]]])
    assert got.unit_table["g"].tolist()[1] == "x"
    assert "s.csv:2: b of JPN is 'four'" in faults(data, {**files, "s.csv": "code,b\nJPN,four\n"})[0]
    assert "no unit of the first table is in this one" in faults(data, {**files, "s.csv": "code,b\nX,1\n"})[0]
    assert "the column a stands in an earlier table too" in faults(data, {**files, "s.csv": "code,a,b\nJPN,1,2\n"})[0]
