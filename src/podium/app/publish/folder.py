"""A folder that appears whole or not at all: written beside its place, then put there in one step."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from podium.errors import Fault, InputError

__all__ = ["MANIFEST", "checked_folder", "write_folder"]

MANIFEST = "site.json"
"""The file that lists what was published, so that a later run knows its own."""
OTHER = "Give another folder, or move these files away"


def checked_folder(folder: Path, *, beside: Path | None = None) -> None:
    """Do nothing where a site may be written: the folder is new, empty, or holds an earlier site as it was written.

    Parameters
    ----------
    beside
        What is being written within the folder just now, which does not count.

    Raises
    ------
    InputError
        Naming what else is there.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(Fault("this is a file", "Give a folder", str(folder)))
    held = [p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir()]
    there = {p.relative_to(folder).as_posix(): p for p in held if beside is None or beside not in p.parents}
    if not there:
        return
    known = _listed(folder / MANIFEST)
    foreign = sorted(set(there) - set(known) - {MANIFEST})
    if foreign:
        raise InputError(
            Fault(f"the folder holds {_some(foreign)}, which podium publish did not write", OTHER, str(folder))
        )
    changed = sorted(n for n, p in there.items() if n != MANIFEST and _hash(p.read_bytes()) != known[n])
    if changed:
        raise InputError(
            Fault(f"the folder holds {_some(changed)}, changed since it was published", OTHER, str(folder))
        )


def _listed(manifest: Path) -> dict[str, str]:
    """The files of an earlier site with their hashes; none where there is no list."""
    try:
        held: Any = json.loads(manifest.read_text(encoding="utf-8"))["files"]
        return {str(name): str(sha) for name, sha in held.items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]], *, about: dict[str, Any]) -> dict[str, int]:
    """Write a site and return the size of each file; what stood there before goes only when all is written.

    Parameters
    ----------
    files
        Places below the folder, with bytes.
    about
        What the list of files says beside their hashes.

    Raises
    ------
    InputError
        If the folder holds other files, or cannot be written.
    """
    folder = folder.absolute()
    checked_folder(folder)
    fixed = folder.exists() and (folder.is_mount() or folder.samefile(Path.cwd()))  # cannot, or should not, be renamed
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=folder if fixed else folder.parent, prefix=f".{folder.name}-"))
    except OSError as error:
        raise InputError(
            Fault(f"cannot write: {error.strerror or error}", "Give another folder", str(folder))
        ) from None
    try:
        sizes, hashes = _filled(beside, files)
        listed = json.dumps({**about, "files": dict(sorted(hashes.items()))}, ensure_ascii=False, indent=1)
        (beside / MANIFEST).write_text(listed + "\n", encoding="utf-8")
        beside.chmod(0o755)
        checked_folder(folder, beside=beside)  # once more: writing took a while
        (_emptied if fixed else _swapped)(folder, beside)
    except OSError as error:
        raise InputError(
            Fault(f"cannot write: {error.strerror or error}", "Give another folder", str(folder))
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return sizes


def _filled(beside: Path, files: Iterable[tuple[str, bytes]]) -> tuple[dict[str, int], dict[str, str]]:
    sizes, hashes = {}, {}
    for name, raw in files:
        path = beside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        sizes[name], hashes[name] = len(raw), _hash(raw)
    return sizes, hashes


def _swapped(folder: Path, beside: Path) -> None:
    """Put the new folder in the place of the old one; the old one comes back if that fails."""
    if not folder.exists():
        beside.rename(folder)
        return
    old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-old-"))
    try:
        folder.rename(old / "site")
    except OSError:
        old.rmdir()
        raise
    try:
        beside.rename(folder)
    except OSError:
        (old / "site").rename(folder)
        old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)


def _emptied(folder: Path, beside: Path) -> None:
    """Move what is new into a folder that must stay, and what was there out; back again if that fails."""
    old = Path(tempfile.mkdtemp(dir=folder, prefix=".old-"))
    moved: list[tuple[Path, Path]] = []
    try:
        for source, target in ((folder, old), (beside, folder)):
            for path in [p for p in source.iterdir() if p not in (beside, old)]:
                path.rename(target / path.name)
                moved.append((path, target / path.name))
    except OSError:
        for before, after in reversed(moved):
            after.rename(before)
        old.rmdir()  # only where it is empty again
        raise
    shutil.rmtree(old, ignore_errors=True)
