"""The command line, in process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from podium.app.cli import app
from podium.index.spec import BUNDLED

DEMO = BUNDLED / "demo" / "brief_ko.txt"


def run(*arguments: object) -> Result:
    """Run one command."""
    return CliRunner().invoke(app, [str(a) for a in arguments])


def failed(*arguments: object, code: int = 2) -> str:
    """Run a command that must fail with one clear message on stderr, and return that message."""
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    return result.stderr


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """A starter index in a folder of its own."""
    folder = tmp_path / "starter"
    assert run("new", folder).exit_code == 0
    return folder


def test_demo_ends_with_answer_and_report(tmp_path: Path) -> None:
    """The demo tells the story on the terminal and names the report it wrote."""
    result = run("demo", "--out", tmp_path, "--draws", 144)
    assert result.exit_code == 0, result.output
    report = tmp_path / "demo.html"
    assert str(report) in result.stdout.replace("\n", "")
    assert report.stat().st_size > 100_000
    assert [p.name for p in tmp_path.iterdir()] == ["demo.html"]
    assert max(len(line.encode("utf-8", "ignore").decode()) for line in result.stdout.splitlines()[:-1]) <= 80


def test_brief_json_holds_claims_ranks_and_seed(tmp_path: Path) -> None:
    """The JSON of a brief holds the claims, the ranks before and after, the shares and the seed."""
    result = run("brief", DEMO, "--draws", 144, "--seed", 5, "--json")
    values = json.loads(result.stdout)
    assert {"article", "language", "date", "claims", "question", "standing", "whatif", "published", "answer", "receipt"} <= set(values)
    assert values["seed"] == 5
    row = values["whatif"]["rows"][0]
    assert {"rank", "score", "share", "probability"} <= set(row["before"]["KOR"])
    assert row["after"]["JPN"]["score"] > row["before"]["JPN"]["score"]
    saved = tmp_path / "brief.json"
    saved.write_text(result.stdout, encoding="utf-8")
    agreed = run("verify", saved, "--article", DEMO)
    assert agreed.exit_code == 0, agreed.output
    assert "the numbers agree" in agreed.stdout


def test_check_json_is_the_contract() -> None:
    """`check --json` prints article, language, date and claims with the contract's fields."""
    values = json.loads(run("check", DEMO, "--json").stdout)
    assert set(values) == {"article", "language", "date", "claims"}
    wanted = {"id", "kind", "span_text", "char_start", "char_end", "also_at", "subject", "subject_country_iso3", "attribute", "value",
              "change_value", "from_value", "low", "high", "unit", "hedge", "year_or_date", "status", "converted_value", "converted_unit",
              "relation", "verdict", "reason", "evidence", "context"}  # fmt: skip
    assert wanted <= set(values["claims"][0])


def test_read_lists_claims_without_verdicts() -> None:
    """`read` prints spans and kinds."""
    result = run("read", DEMO)
    assert "1600개" in result.stdout
    assert "53억엔" in result.stdout


def test_build_writes_everything_and_verify_agrees(starter: Path, tmp_path: Path) -> None:
    """All tables appear in all formats with a receipt, which repeats; a changed figure is noticed."""
    out = tmp_path / "out"
    result = run("build", starter, "--out", out, "--format", "csv,parquet,xlsx")
    assert result.exit_code == 0, result.output
    names = {p.name for p in out.iterdir()}
    assert {"scores.csv", "ranks.parquet", "results.xlsx", "receipt.json"} <= names
    assert run("verify", out / "receipt.json").exit_code == 0
    data = starter / "data.csv"
    data.write_text(data.read_text(encoding="utf-8").replace("97.169", "57.169"), encoding="utf-8")
    changed = run("verify", out / "receipt.json")
    assert changed.exit_code == 1
    assert "changed since: the input data.csv" in changed.stdout
    assert "the numbers differ" in changed.stdout


def test_build_json_and_edition() -> None:
    """A build prints scores and ranks of every node as JSON, for the edition asked for."""
    values = json.loads(run("build", "ai-race", "--edition", "2023", "--json").stdout)
    assert values["edition"] == "2023"
    assert values["ranks"]["KOR"]["index"] == 3
    assert len(values["units"]) >= 60


def test_stress_and_show(starter: Path) -> None:
    """Rank intervals, shares of one unit, and its profile are printed."""
    result = run("stress", starter, "--draws", 200, "--unit", "KOR", "--rank", 3)
    assert "South Korea at most 3:" in result.stdout
    values = json.loads(run("stress", starter, "--draws", 200, "--unit", "KOR", "--json").stdout)
    assert values["unit"]["share_at_most"]["draws"] == 200
    assert "strengths:" in run("show", starter, "--unit", "KOR", "--draws", 100).stdout


def test_whatif_prints_three_rows() -> None:
    """An event on the command line is run through the index."""
    result = run("whatif", "ai-race", "--edition", "2023", "--unit", "KOR", "--rival", "JPN", "--date", "2024-11-14", "--draws", 144,
                 "--event", 'accelerators JPN "NVIDIA B200" 1600 2025-07')  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "this deal" in result.stdout
    assert "The most that compute can add" in result.stdout


def test_records() -> None:
    """Facts and machines can be listed, shown and compared."""
    assert "KOR:rank:tortoise-gaii:2024" in run("evidence", "list", "--subject", "KOR").stdout
    assert "Tortoise Media" in run("evidence", "show", "KOR:rank:tortoise-gaii:2024").stdout
    assert "8 × NVIDIA B200" in run("hardware", "show", "DGX B200").stdout
    assert "dense 8-bit" in run("hardware", "compare", "DGX B200", "DGX H100").stdout
    assert "recorded" in run("hardware", "stock", "KOR", "--date", "2024-11-14").stdout
    assert "DGX B200" in run("hardware", "list").stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "is empty"), (b"\x00\x01\x02\xff" * 5000, "binary|not text"), (b"x " * 5_000_000, "10 MB"), ("안녕하세요. 오늘은 맑습니다.".encode(), "no checkable figure")],
)
def test_bad_articles(tmp_path: Path, content: bytes, message: str) -> None:
    """An empty file, a binary, a 10 MB file and an article without a claim: one message, exit code 2, no report."""
    import re

    path, out = tmp_path / "a.txt", tmp_path / "r.html"
    path.write_bytes(content)
    said = failed("brief", path, "--date", "2024-11-14", "--out", out)
    assert re.search(message, said), said
    assert "a.txt" in said
    assert not out.exists()


def test_unknown_index_names_those_there_are() -> None:
    """An unknown index lists the bundled ones."""
    assert "ai-race" in failed("build", "ai-rice")


def test_five_faults_of_a_specification_at_once(starter: Path) -> None:
    """A specification with five faults names all five with their lines."""
    text = (starter / "index.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("layout: wide", "layout: broad"), ("countries: true", "countries: maybe"), ("max_points: 2", "max_points: two"),
        ("{level: 2, amount: 0.25}", "{level: 2, amount: 25}"), ("rank: {ties: competition}", "rank: {ties: olympic}"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    (starter / "index.yaml").write_text(text, encoding="utf-8")
    said = failed("build", starter)
    assert len([line for line in said.splitlines() if "index.yaml:" in line]) == 5
    for word in ("layout", "countries", "max_points", "amount", "ties"):
        assert word in said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("97.169", "many", ("data.csv", "KOR", "internet", "many")),
        ("97.169", "inf", ("KOR", "internet")),
        ("KOR,", "KRO,", ("KRO", "KOR")),
        ("JPN,", "KOR,", ("KOR", "twice")),
    ],
)
def test_bad_cells_name_unit_and_indicator(starter: Path, tmp_path: Path, old: str, new: str, words: tuple[str, ...]) -> None:
    """Text or infinity in a value column and a code that does not exist are named with their place; nothing is written."""
    data = starter / "data.csv"
    data.write_text(data.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    out = tmp_path / "out"
    said = failed("build", starter, "--out", out)
    assert all(word in said for word in words), said
    assert not out.exists()


def test_missing_data_file(starter: Path) -> None:
    """A data file that is not there is named."""
    (starter / "data.csv").unlink()
    assert "data.csv" in failed("build", starter)


def test_unknown_unit_format_and_event(starter: Path, tmp_path: Path) -> None:
    """Other wrong words are named with what is right."""
    assert "KOR" in failed("show", starter, "--unit", "XXX", "--draws", 10)
    assert "parquet" in failed("build", starter, "--out", tmp_path / "o", "--format", "pdf")
    assert "event" in failed("whatif", "ai-race", "--unit", "KOR").lower()
    (tmp_path / "a.txt").write_text("2025-03-03 한국은 GPU 3000장을 산다.", encoding="utf-8")
    assert "Name it FILE.html" in failed("check", tmp_path / "a.txt", "--out", tmp_path / "a.pdf") and not (tmp_path / "a.pdf").exists()
    assert "'JPM' is not in the index" in failed("whatif", "ai-race", "--event", "indicator JPM rd add 0.5")
    assert "not empty" in failed("new", starter)


def test_import_is_light() -> None:
    """Importing podium loads neither pandas nor NumPy; the verbs load when used."""
    code = "import sys, podium; print([m for m in ('numpy', 'pandas', 'scipy', 'altair') if m in sys.modules], podium.build.__name__)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[] build"


def test_build_loads_no_drawing_library() -> None:
    """A build from the command line stays free of SciPy, Altair and Rich, so that it starts fast."""
    if shutil.which("podium", path=str(Path(sys.executable).parent)) is None:
        pytest.skip("the podium script is not installed")
    code = ("import sys; from typer.testing import CliRunner; from podium.app.cli import app; "
            "CliRunner().invoke(app, ['build', 'ai-race']); print([m for m in ('scipy', 'altair', 'vl_convert') if m in sys.modules])")  # fmt: skip
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_schema_admits_the_bundled_index() -> None:
    """The JSON Schema names every top-level key of the bundled index."""
    import yaml

    known = set(json.loads(run("schema").stdout)["properties"])
    assert set(yaml.safe_load((BUNDLED / "ai-race" / "index.yaml").read_text(encoding="utf-8"))) <= known


def test_a_build_fits_80_columns(tmp_path: Path) -> None:
    """Six groups, long names and many units left out fit, what is cut is marked, and no two heads are alike."""
    codes = ("Theme_of_roads_A", "Theme_of_roads_B", "infrastructure", "government", "research", "talent")
    names = ["Republic of somewhere far away", *(f"unit-{k}" for k in range(40))]
    rows = [f"{n},{','.join(str(k + j) if k < 5 else '' for j in range(6))},1" for k, n in enumerate(names)]
    heads = ",".join(f"i{j}" for j in range(6))
    (tmp_path / "t.csv").write_text(f"unit,{heads},z\n" + "\n".join(rows) + "\n", encoding="utf-8")
    children = ", ".join(f"{{code: {c}, children: [i{j}]}}" for j, c in enumerate(codes))
    (tmp_path / "index.yaml").write_text(
        f"name: wide\ndata: {{table: t.csv, layout: wide}}\ntree: {{code: index, children: [{children}]}}\n"
        "steps: {screen: {min_available: 0.5}, normalise: {method: minmax, range: [0, 100]}, aggregate: {method: arithmetic}}\n",
        encoding="utf-8")  # fmt: skip
    lines = run("build", tmp_path / "index.yaml").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    heads_shown = lines[2].split()[3:]
    assert len(set(heads_shown)) == 6
    assert any(line.split()[1] == "Republic" and "…" in line for line in lines[3:9])
    assert " ".join(lines).count("unit-") == 40


EVENT = 'accelerators JPN "NVIDIA B200" 1600 2025-07'


@pytest.mark.parametrize(
    "command",
    [("stress", "--draws", 144), ("analyse", "--table", "strengths"), ("whatif", "--edition", "2024", "--draws", 144, "--event", EVENT)],
)
def test_a_unit_by_any_name(command: tuple[object, ...]) -> None:
    """A Korean name is the country; a slip is answered with who was meant, before anything is printed."""
    name, *options = command
    code, korean = (run(name, "ai-race", *options, "--unit", u).stdout for u in ("KOR", "한국"))
    assert code
    assert korean == code
    assert "Did you mean KOR (South Korea)" in failed(name, "ai-race", *options, "--unit", "Suoth Korea")


def test_whatif_needs_an_event_alone() -> None:
    """Whom it is about is told where nobody says; an event before the end of the edition is refused but for --force."""
    result = run("whatif", "ai-race", "--edition", "2024", "--draws", 144, "--event", EVENT + " planned")
    assert result.exit_code == 0, result.output
    assert "South Korea" in result.stdout and "Japan" in result.stdout
    early = ("whatif", "ai-race", "--edition", "2025", "--draws", 144, "--event", EVENT)
    assert "before the edition ends on 2025-12-31" in failed(*early)
    assert run(*early, "--force").exit_code == 0


def test_reach_prints_a_proof_or_a_plan() -> None:
    """What it takes is printed with its proof, in words and as JSON; an unknown lever is named."""
    told = run("reach", "ai-race", "--edition", "2024", "--unit", "JPN", "--rank", 3, "--draws", 144)
    assert told.exit_code == 0, told.output
    assert "cannot have rank 3" in " ".join(told.stdout.split()) and "proved" in told.stdout
    values = json.loads(run("reach", "ai-race", "--edition", "2024", "--unit", "KOR", "--rank", 4, "--draws", 144, "--share", 0.5, "--json").stdout)
    assert values["status"] in ("already there", "reached")
    assert "lever computer is no indicator" in failed("reach", "ai-race", "--unit", "JPN", "--lever", "computer")
