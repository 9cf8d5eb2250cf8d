"""A folder appears whole or not at all, and nothing of anybody else's is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.app.publish.folder import MANIFEST, write_folder
from podium.errors import InputError

FILES = [("index.html", b"one"), ("data/a.csv", b"two")]


def _beside(folder: Path) -> list[str]:
    return [p.name for p in folder.parent.iterdir() if p != folder]


def test_a_site_replaces_its_earlier_self(tmp_path: Path) -> None:
    """What was published before and is no more goes; the list names every file with its hash."""
    folder = tmp_path / "site"
    assert write_folder(folder, FILES, about={"index": "x"}) == {"index.html": 3, "data/a.csv": 3}
    write_folder(folder, [("index.html", b"new")], about={"index": "x"})
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*")) == ["index.html", MANIFEST]
    assert (folder / "index.html").read_bytes() == b"new" and _beside(folder) == []
    assert list(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]) == ["index.html"]
    assert folder.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("name", ["notes.txt", "data/mine.csv"])
def test_foreign_files_are_named_and_kept(tmp_path: Path, name: str) -> None:
    """A folder with a file of somebody's is left as it is."""
    folder = tmp_path / "site"
    write_folder(folder, FILES, about={})
    (folder / name).write_bytes(b"mine")
    with pytest.raises(InputError, match=name):
        write_folder(folder, FILES, about={})
    assert (folder / name).read_bytes() == b"mine" and _beside(folder) == []


def test_a_page_changed_by_hand_is_kept(tmp_path: Path) -> None:
    """What somebody changed after publishing is not overwritten; a file in the folder's place is refused too."""
    folder = tmp_path / "site"
    write_folder(folder, FILES, about={})
    (folder / "index.html").write_bytes(b"by hand")
    with pytest.raises(InputError, match=r"index.html, changed"):
        write_folder(folder, FILES, about={})
    with pytest.raises(InputError, match="this is a file"):
        write_folder(folder / "index.html", FILES, about={})


def test_a_fault_half_way_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """Where making a page fails, the earlier site stands and nothing lies beside it."""
    folder = tmp_path / "site"
    write_folder(folder, FILES, about={})

    def broken() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"half"
        raise InputError("no more")

    with pytest.raises(InputError, match="no more"):
        write_folder(folder, broken(), about={})
    assert (folder / "index.html").read_bytes() == b"one" and _beside(folder) == []


def test_the_folder_one_works_in_stays_the_same_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Published into the current folder, the site is renewed within it, and whoever is there need not come back."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    node = folder.stat().st_ino
    for files in (FILES, [("index.html", b"new"), ("other/b.csv", b"x")]):
        write_folder(Path(), files, about={})
        assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == sorted([*(n for n, _ in files), MANIFEST])
        assert folder.stat().st_ino == node and Path.cwd() == folder
    (folder / "mine").write_bytes(b"mine")
    with pytest.raises(InputError, match="mine"):
        write_folder(Path(), FILES, about={})
    assert (folder / "index.html").read_bytes() == b"new" and len(list(folder.iterdir())) == 4


@pytest.mark.parametrize("here", [False, True])
def test_the_old_site_comes_back_where_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: bool
) -> None:
    """A disk that refuses the last step leaves the earlier site as it was, and nothing beside it."""
    folder = tmp_path / "site"
    write_folder(folder, FILES, about={})
    if here:
        monkeypatch.chdir(folder)
    real = Path.rename

    def refusing(self: Path, target: Path) -> Path:
        new = Path(target) == folder or (here and Path(target).name == "new.html")
        if new and self.name != "site":  # the old one may come back
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(InputError, match="No space left"):
        write_folder(folder, [("new.html", b"new")], about={})
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*")) == ["data", "data/a.csv", "index.html", MANIFEST]
    assert _beside(folder) == []


def test_the_command_says_what_it_wrote_and_refuses_before_it_works(tmp_path: Path) -> None:
    """`podium publish` counts its pages in words or as JSON, lists what the site was made from, and keeps foreign files."""
    from typer.testing import CliRunner

    from podium.app.cli import app
    from podium.index.spec import BUNDLED

    spec, folder = str(BUNDLED / "starter" / "index.yaml"), tmp_path / "site"
    asked = ["publish", spec, str(folder), "--draws", "200", "--seed", "7"]
    done = CliRunner().invoke(app, [*asked, "--json"])
    assert done.exit_code == 0 and json.loads(done.stdout)["pages"] == 32
    about = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert (about["index"], about["edition"], about["draws"], about["seed"]) == ("starter", None, 200, 7)
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    refused = CliRunner().invoke(app, asked)
    assert refused.exit_code == 2 and "mine.txt" in refused.stderr
    (folder / "mine.txt").unlink()
    again = CliRunner().invoke(app, asked)
    assert again.exit_code == 0 and "32 pages" in again.stdout and "index.html" in again.stdout
