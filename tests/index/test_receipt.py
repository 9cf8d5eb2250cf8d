"""What it takes to repeat a result."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from podium.app.cli import app
from podium.errors import InputError
from podium.index.build import build
from podium.index.receipt import build_digest, digest, load_receipt, make_receipt, spec_of
from podium.index.spec import BUNDLED, load_spec


def run(*arguments: object) -> Result:
    """Run one command."""
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An index of one's own with its result in a folder below it."""
    folder = tmp_path / "project"
    shutil.copytree(BUNDLED / "starter", folder)
    assert run("build", folder, "--out", folder / "out").exit_code == 0
    return folder


def test_digest_sees_every_bit_and_the_shape() -> None:
    """One changed last bit, or another shape, is another hash."""
    x = np.arange(6.0)
    y = x.copy()
    y[3] = np.nextafter(y[3], 9)
    assert len({digest(x), digest(y), digest(x.reshape(2, 3))}) == 3


def test_an_edition_that_was_not_chosen_is_no_change(tmp_path: Path) -> None:
    """A result of an index with editions, made without --edition, verifies without a change being told."""
    saved = tmp_path / "saved.json"
    saved.write_text(run("build", "ai-race", "--json").stdout, encoding="utf-8")
    result = run("verify", saved)
    assert (result.exit_code, "changed" in result.stdout) == (0, False)


def test_digest_is_of_numbers_not_of_their_storage() -> None:
    """NaN payloads, negative zeros, byte order, memory order and integers of the same value do not change the hash."""
    x = np.array([[0.0, np.nan, 2.0], [1.0, 3.0, np.inf]])
    other = x.copy()
    other[0, 0] = -0.0
    other[0, 1] = struct.unpack("<d", struct.pack("<Q", 0xFFF8_0000_DEAD_BEEF))[0]
    assert np.isnan(other[0, 1])
    for same in (other, np.asfortranarray(x), x.astype(">f8"), x[::1].copy()[:, ::-1][:, ::-1]):
        assert digest(same) == digest(x)
    assert digest(np.array([1, 2])) == digest(np.array([1.0, 2.0]))


def test_digest_of_many_blocks_is_that_of_the_whole() -> None:
    """An array larger than one block of the hash has the hash of its bytes."""
    import hashlib

    x = np.random.default_rng(1).normal(size=(1 << 20) + 7)
    assert digest(x) == hashlib.sha256(str(x.shape).encode() + x.astype("<f8").tobytes()).hexdigest()


def test_receipt_leads_back_to_the_specification(tmp_path: Path) -> None:
    """A bundled index is named, its edition and inputs kept, and nothing has changed since."""
    built = build(load_spec("ai-race", edition="2023"))
    receipt = make_receipt("build", built, build_digest(built))
    assert receipt["specification"] == "ai-race"
    assert set(receipt["libraries"]) == {"numpy", "scipy", "pandas"}
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(receipt), encoding="utf-8")
    spec, changed = spec_of(load_receipt(path), tmp_path)
    assert changed == []
    assert spec.edition == "2023"


def test_file_without_receipt_is_refused(tmp_path: Path) -> None:
    """Other JSON, and no JSON at all, are one clear error."""
    path = tmp_path / "x.json"
    for text in ("[1]", "{}", "no json", '{"receipt": 3}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="receipt"):
            load_receipt(path)


def test_result_moved_with_its_index_is_verified(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Index and result moved together, and looked at from another directory: all agrees, by folder and by file."""
    moved = tmp_path / "elsewhere" / "deep"
    moved.parent.mkdir()
    project.rename(moved)
    monkeypatch.chdir(tmp_path / "elsewhere")
    for name in ("deep/out", "deep/out/receipt.json"):
        result = run("verify", name)
        assert result.exit_code == 0, result.output
        assert "the numbers agree" in result.stdout


def test_result_moved_alone_is_verified(project: Path, tmp_path: Path) -> None:
    """A result moved away from its index finds it where it was; once that is gone, --spec says where."""
    alone = tmp_path / "alone" / "result"
    alone.parent.mkdir()
    (project / "out").rename(alone)
    assert run("verify", alone).exit_code == 0
    index = tmp_path / "renamed"
    project.rename(index)
    lost = run("verify", alone)
    assert lost.exit_code == 2
    assert "--spec" in lost.stderr
    assert run("verify", alone, "--spec", index / "index.yaml").exit_code == 0


def test_changed_input_is_named(project: Path) -> None:
    """A changed figure is named with its file; the numbers and how far they are apart are told."""
    data = project / "data.csv"
    data.write_text(data.read_text(encoding="utf-8").replace("97.169", "57.169"), encoding="utf-8")
    result = run("verify", project / "out")
    assert result.exit_code == 1
    assert "changed since: the input data.csv\n" in result.stdout
    assert "the scores differ by at most" in result.stdout


def test_input_that_changed_without_effect_still_agrees(project: Path) -> None:
    """A blank line more in a table is told, but the numbers agree."""
    data = project / "data.csv"
    data.write_text(data.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    result = run("verify", project / "out")
    assert result.exit_code == 0
    assert "changed since: the input data.csv" in result.stdout


def test_missing_input_is_an_error_that_names_it(project: Path) -> None:
    """Without an input nothing can be repeated: exit code 2 and the file's name."""
    (project / "codebook.csv").unlink()
    result = run("verify", project / "out")
    assert result.exit_code == 2
    assert "codebook.csv is missing" in result.stderr


def test_changed_specification_is_named_by_key(project: Path) -> None:
    """The keys of the specification that changed are named with both values."""
    index = project / "index.yaml"
    text = index.read_text(encoding="utf-8")
    index.write_text(text.replace("aggregate: {method: arithmetic}", "aggregate: {method: geometric}"), encoding="utf-8")
    result = run("verify", project / "out", "--json")
    assert result.exit_code == 1
    values = json.loads(result.stdout)
    assert values["changed"] == ['the specification (steps.aggregate.method: nothing → "geometric")']
    assert (values["agrees"], values["numbers_agree"]) == (False, False)


def test_comment_in_the_specification_changes_nothing(project: Path) -> None:
    """The specification counts by what it says, not by its bytes."""
    index = project / "index.yaml"
    index.write_text("# a remark\n" + index.read_text(encoding="utf-8"), encoding="utf-8")
    result = run("verify", project / "out")
    assert result.exit_code == 0
    assert "changed" not in result.stdout


@pytest.mark.parametrize("name", ["scores.csv", "record.json"])
def test_tampered_output_is_named(project: Path, name: str) -> None:
    """A written file that was altered or taken away is named, though the numbers agree."""
    path = project / "out" / name
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
    result = run("verify", project / "out")
    assert result.exit_code == 1
    assert f"{name} is not what was written" in result.stdout
    assert "the numbers agree" in result.stdout
    path.unlink()
    gone = run("verify", project / "out")
    assert gone.exit_code == 1
    assert f"{name} is missing" in gone.stdout


def test_receipt_alone_is_enough(project: Path, tmp_path: Path) -> None:
    """A receipt taken away from the other files still repeats the numbers."""
    copy = tmp_path / "receipt.json"
    shutil.copy(project / "out" / "receipt.json", copy)
    assert run("verify", copy).exit_code == 0
