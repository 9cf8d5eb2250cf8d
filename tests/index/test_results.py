"""Results as files: whole or not at all, text that stays text, a record of each step."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from podium.errors import InputError
from podium.index.build import Built, build
from podium.index.folder import publish, publish_new, write_text
from podium.index.receipt import build_digest, make_receipt
from podium.index.results import result_tables, write_folder
from podium.index.sheets import sheet_name
from podium.index.spec import BUNDLED, load_spec

EVIL = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\ry", "#N/A", "plain", "ünï", "＝1", "{=1}", "007", "1e5")


@pytest.fixture(scope="module")
def starter() -> Built:
    """The starter index."""
    return build(load_spec("starter"))


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """An index whose units, names, indicators and labels look like formulas and errors."""
    folder = tmp_path_factory.mktemp("evil")
    rng = np.random.default_rng(3)
    table = pd.DataFrame(rng.normal(size=(len(EVIL), 2)), columns=["=A1", "@b"])
    table.insert(0, "unit", list(EVIL))
    table.insert(1, "name", [f"={u}" for u in EVIL[:-2]] + ["\tx", "\ry"])
    table.to_parquet(folder / "data.parquet")
    book = pd.DataFrame({"code": ["=A1", "@b"], "name": ["=HYPERLINK(\"x\")", "-b"], "unit": ["+%", "@"], "source": ["=s", "t"]})
    book.to_csv(folder / "codebook.csv", index=False)
    (folder / "index.yaml").write_text(
        "name: '=evil'\ntitle: '=1+1'\ndata: {table: data.parquet, layout: wide, codebook: codebook.csv}\n"
        "tree: {code: '=root', name: '=2+2', children: ['=A1', '@b']}\n"
        "steps:\n  normalise: {method: minmax, range: [1, 100]}\n  aggregate: {method: arithmetic}\n", encoding="utf-8")  # fmt: skip
    return build(load_spec(folder / "index.yaml"))


def written(built: Built, out: Path, *formats: str, live: bool = False) -> list[str]:
    """Write a result."""
    receipt = make_receipt("build", built, build_digest(built), beside=out)
    return write_folder(built, out, formats=list(formats), receipt=receipt, live=live)


@pytest.mark.parametrize("name", ["results.xlsx"])
def test_no_text_becomes_a_formula(evil: Built, tmp_path: Path, name: str) -> None:
    """No cell of the workbook is a formula or an error, and every odd unit stands there as the text it is."""
    written(evil, tmp_path / "out", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "out" / name)
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} <= {"s", "n"}
    texts = {c.value for c in cells}
    assert {u for u in EVIL if u not in ("\tx", "\ry")} <= texts
    risky = [c for c in cells if isinstance(c.value, str) and c.value[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert risky
    assert all(c.quotePrefix for c in risky)


def test_no_text_of_a_csv_begins_a_formula(evil: Built, tmp_path: Path) -> None:
    """In CSV such a text has an apostrophe before it; numbers below zero are left as numbers; Parquet keeps the text."""
    import csv

    written(evil, tmp_path / "out", "csv", "parquet")
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    number = pd.notna(pd.to_numeric(cell, errors="coerce"))
                    assert number or cell[:1] not in ("=", "+", "-", "@", "\t", "\r"), (path.name, cell)
    scores = pd.read_csv(tmp_path / "out" / "scores.csv", dtype={"unit": str}, keep_default_na=False)
    assert "'=1+1" in set(scores["unit"])
    assert set(pd.read_parquet(tmp_path / "out" / "scores.parquet")["unit"]) == set(evil.units)


def test_workbook_lists_its_sheets(starter: Built, tmp_path: Path) -> None:
    """The first sheet names every other with what it holds; heads are frozen; numbers are those of the build."""
    written(starter, tmp_path / "out", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "out" / "results.xlsx")
    listed = {row[0].value: row[1].value for row in book["contents"].iter_rows(min_row=5)}
    assert set(listed) == set(book.sheetnames) - {"contents"}
    assert all(listed.values())
    sheet = book["scores"]
    assert sheet.freeze_panes == "C2"
    heads = [c.value for c in sheet[1]]
    assert heads[:3] == ["unit", "name", "readiness"]
    rows = {r[0].value: r[2].value for r in sheet.iter_rows(min_row=2)}
    assert rows == pytest.approx(starter.scores["readiness"].to_dict(), rel=1e-15)
    assert sheet["B2"].value == "South Korea"


def test_same_result_is_the_same_bytes(starter: Built, tmp_path: Path) -> None:
    """Two builds write the same files byte for byte, workbooks included."""
    for name in ("a", "b"):
        written(starter, tmp_path / name, "csv", "xlsx")
        time.sleep(1.1 if name == "a" else 0)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_csv_reads_back_to_the_last_bit(starter: Built, tmp_path: Path) -> None:
    """Every table read from CSV is the table that was written."""
    written(starter, tmp_path / "out", "csv")
    for name in ("scores", "ranks", "table_4_normalised"):
        back = pd.read_csv(tmp_path / "out" / f"{name}.csv", index_col=0)
        pd.testing.assert_frame_equal(back, result_tables(starter)[name], check_names=False, check_exact=True)


def test_record_tells_every_step(starter: Built, tmp_path: Path) -> None:
    """record.json and steps.csv name each step in order, what it did and with which parameters."""
    written(starter, tmp_path / "out", "csv")
    steps = json.loads((tmp_path / "out" / "record.json").read_text(encoding="utf-8"))
    assert [s["step"] for s in steps] == ["data", "impute", "treat", "normalise", "aggregate", "rank"]
    assert steps[1] == {"step": "impute", "did": "2 cells filled", "parameters": steps[1]["parameters"]}
    assert steps[1]["parameters"]["method"] == "median"
    assert "internet, broadband" in steps[2]["did"]
    table = pd.read_csv(tmp_path / "out" / "steps.csv")
    assert list(table["step"]) == [s["step"] for s in steps]
    filled = pd.read_csv(tmp_path / "out" / "imputed.csv")
    assert sorted(filled["unit"]) == ["GBR", "ISR"]
    data = pd.read_csv(BUNDLED / "starter" / "data.csv")["researchers"]
    assert filled["value"].to_list() == [data.median()] * 2


def test_logs_of_a_build_appear_by_themselves(starter: Built) -> None:
    """A table that a build carries under `logs` is written without further ado, beside what the treatment did."""
    from dataclasses import fields

    class Logged(Built):
        logs = {"extra": pd.DataFrame({"b": [2], "c": [3]})}  # noqa: RUF012

    logged = Logged(**{f.name: getattr(starter, f.name) for f in fields(starter)})
    tables = result_tables(logged)
    assert {"treatment", "treatment_log", "extra"} <= set(tables)
    assert list(tables["extra"].index) == [2]
    assert set(tables["treatment_log"].columns) >= {"before", "after", "done"}


def test_nothing_half_written(starter: Built, tmp_path: Path) -> None:
    """Where the folder cannot be written there is one message and no trace."""
    blocker = tmp_path / "file"
    blocker.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot write"):
        write_folder(starter, blocker / "out", formats=["csv"], receipt={})
    with pytest.raises(InputError, match="is a file"):
        write_folder(starter, blocker, formats=["csv"], receipt={})
    with pytest.raises(InputError, match="cannot write"):
        write_text(blocker / "a.html", "x")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_failure_while_writing_leaves_the_earlier_result(starter: Built, tmp_path: Path) -> None:
    """An error in the middle of writing leaves the earlier result, byte for byte, and no other file."""
    out = tmp_path / "out"
    written(starter, out, "csv")
    before = {p.name: p.read_bytes() for p in out.iterdir()}

    def break_(folder: Path) -> None:
        (folder / "scores.csv").write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="No space left"):
        publish(out, break_)
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_earlier_result_is_replaced_whole(starter: Built, tmp_path: Path) -> None:
    """Files of the earlier result that the new one has not are gone; an empty folder is filled."""
    out = tmp_path / "out"
    out.mkdir()
    written(starter, out, "csv", "parquet")
    assert (out / "scores.parquet").exists()
    written(starter, out, "csv")
    assert not (out / "scores.parquet").exists()
    assert (out / "scores.csv").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_folder_with_other_files_is_refused(starter: Built, tmp_path: Path) -> None:
    """A folder that holds anything not of an earlier result is left alone, and the file is named."""
    out = tmp_path / "out"
    written(starter, out, "csv")
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    with pytest.raises(InputError, match=r"notes\.txt"):
        written(starter, out, "csv")
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before
    project = tmp_path / "project"
    shutil.copytree(BUNDLED / "starter", project)
    with pytest.raises(InputError, match=r"codebook\.csv, data\.csv, index\.yaml"):
        written(starter, project, "csv")
    with pytest.raises(InputError, match="not empty"):
        publish_new(project, lambda folder: None)


def test_working_directory_can_be_written(starter: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A result written into the working directory stands there, and replaces an earlier one."""
    out = tmp_path / "here"
    out.mkdir()
    monkeypatch.chdir(out)
    written(starter, Path(), "csv", "parquet")
    names = written(starter, Path(), "csv")
    assert sorted(p.name for p in Path().iterdir()) == names


@pytest.mark.parametrize("moment", [0.15, 0.3, 0.5, 0.8, 1.2])
def test_kill_in_the_middle_leaves_the_old_or_the_new(tmp_path: Path, moment: float) -> None:
    """Killed at any time while replacing a result again and again, the folder holds one whole result."""
    code = (
        "import sys; from pathlib import Path; from podium.index.folder import publish\n"
        "def fill(k):\n"
        "    def run(folder):\n"
        "        import json\n"
        "        for n in range(20): (folder / f'{n}.csv').write_text(str(k) * 1000)\n"
        "        (folder / 'receipt.json').write_text(json.dumps({'outputs': {f'{n}.csv': '' for n in range(20)}}))\n"
        "    return run\n"
        "for k in range(10**6): publish(Path(sys.argv[1]), fill(k % 10)); print(k, flush=True)\n"
    )
    out = tmp_path / "out"
    worker = subprocess.Popen([sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    worker.stdout.readline()  # the first result stands
    time.sleep(moment)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    contents = {p.read_text(encoding="utf-8") for p in out.glob("*.csv")}
    assert len(list(out.glob("*.csv"))) == 20
    assert len(contents) == 1
    assert (out / "receipt.json").exists()


def test_names_of_sheets() -> None:
    """Forbidden letters, long names and names taken already give admissible, different names."""
    taken: list[str] = []
    for name in ("a/b", "a:b", "x" * 40, "x" * 41, "History", "", "'q'"):
        made = sheet_name(name, taken)
        assert 0 < len(made) <= 31
        assert not set(made) & set("[]:*?/\\")
        assert made.lower() not in [t.lower() for t in taken]
        taken.append(made)
