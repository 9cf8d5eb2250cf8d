"""A folder of results that holds either all of the earlier result or all of the new one."""

from __future__ import annotations

import ctypes
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from podium.errors import Fault, InputError

__all__ = ["RECEIPT", "publish", "publish_new", "write_text"]

RECEIPT = "receipt.json"


def publish(out: Path, fill: Callable[[Path], None]) -> list[str]:
    """Let `fill` write into a new folder, put that in the place of `out` at once, and return the files' names.

    An earlier result there, all of whose files its receipt names, is exchanged for the new one. A folder with anything
    else in it is refused, so that nothing of the user's is ever overwritten.

    Raises
    ------
    InputError
        If the folder cannot be written, is a file, or holds files that are not of an earlier result.
    """
    try:
        _check(out)
        place = out.resolve()
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".podium-{place.name}-", dir=place.parent) as made:
            folder = Path(made) / "new"
            folder.mkdir()
            fill(folder)
            names = sorted(p.name for p in folder.iterdir())
            _exchange(folder, place)
    except OSError as error:
        raise InputError(Fault(f"cannot write: {error.strerror or error}", "Give another --out", str(out))) from None
    return names


def _check(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise InputError(Fault("is a file, not a folder", "Give another --out", str(out)))
    if out.is_dir() and (foreign := sorted(p.name for p in out.iterdir() if p.name not in _earlier(out))):
        said = ", ".join(foreign[:5]) + (" …" if len(foreign) > 5 else "")
        raise InputError(Fault(f"holds files that are not of an earlier result: {said}",
                               "Give --out a new folder, or move them away", str(out)))  # fmt: skip


def _earlier(out: Path) -> set[str]:
    """The files of the result that a folder holds, as its receipt names them."""
    try:
        held = json.loads((out / RECEIPT).read_text(encoding="utf-8"))
        return {RECEIPT, *held["outputs"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _exchange(new: Path, place: Path) -> None:
    """Put a folder in the place of another, which may be absent, empty, an earlier result, or the working directory."""
    if not place.exists():
        new.rename(place)
    elif Path.cwd().is_relative_to(place):  # the shell would be left in a folder that is gone
        _replace_files(new, place)
    elif not _swap(new, place):
        old = new.parent / "old"
        place.rename(old)
        new.rename(place)


def _replace_files(new: Path, place: Path) -> None:
    """Replace the files one by one; the receipt goes first and comes last, so that a torn folder has none."""
    old = _earlier(place)
    (place / RECEIPT).unlink(missing_ok=True)
    names = sorted((p.name for p in new.iterdir()), key=lambda n: n == RECEIPT)
    for name in old - set(names):
        (place / name).unlink(missing_ok=True)
    for name in names:
        (new / name).replace(place / name)


def _swap(one: Path, other: Path) -> bool:
    """Exchange two folders in one step (Linux ``renameat2``); False where the system cannot."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of <fcntl.h>
    return bool(call(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)


def write_text(path: Path, text: str) -> None:
    """Write a text file so that it appears whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".podium-", dir=folder) as made:
            part = Path(made) / "part"
            part.write_text(text, encoding="utf-8")
            part.replace(path)
    except OSError as error:
        raise InputError(Fault(f"cannot write: {error.strerror or error}", "Give another --out", str(path))) from None


def publish_new(folder: Path, fill: Callable[[Path], None]) -> list[str]:
    """As `publish`, but anything that is in the folder already is an error.

    Raises
    ------
    InputError
        If it exists already with something in it, or cannot be written.
    """
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise InputError(Fault("exists already and is not empty", "Name a new folder", str(folder)))
    return publish(folder, fill)
