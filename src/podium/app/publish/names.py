"""Names of files that every web host and every disk takes: small letters, digits and hyphens, none twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["file_names"]

RESERVED = {"con", "prn", "aux", "nul", "index", *(f"{d}{k}" for d in ("com", "lpt") for k in range(1, 10))}
"""Names that Windows keeps for itself, and the one that stands for a folder."""
LONGEST = 60


def file_names(codes: Iterable[str]) -> dict[str, str]:
    """Return a file's name for each code, without its suffix.

    Letters that are not of the alphabet are left out; what is then empty, taken or reserved gets a number.
    """
    out: dict[str, str] = {}
    taken: set[str] = set(RESERVED)
    for code in codes:
        plain = unicodedata.normalize("NFKD", code).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-") or "unit"
        name, number = stem, 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name)
        out[code] = name
    return out
