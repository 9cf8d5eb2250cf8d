"""Files that appear whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path

from podium.errors import Fault, InputError

__all__ = ["write_bytes"]


def write_bytes(path: Path, raw: bytes) -> None:
    """Write a file so that it appears whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".podium-", delete=False) as made:
            made.write(raw)
        Path(made.name).replace(path)
        path.chmod(0o644)
    except OSError as error:
        raise InputError(Fault(f"cannot write: {error.strerror or error}", "Give another --out", str(path))) from None
