"""The hash chain: every row's hash covers its content, its sources and the hash of the row before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from podium.evidence.facts import Source
from podium.evidence.schema import FACT_COLUMNS, RELEASE_COLUMNS

__all__ = ["Broken", "fact_hash", "first_broken", "members_digest", "release_hash", "source_hash"]


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Broken:
    """The first row at which a chain does not hold, and why."""

    chain: str
    row: int
    id: str
    why: str

    def __str__(self) -> str:
        """Return the finding in one line."""
        named = f" ({self.id})" if self.id else ""
        return f"row {self.row}{named} of the {self.chain}: {self.why}"


def _digest(prev: str, values: Sequence[Any]) -> str:
    return hashlib.sha256(_ENCODE([prev, *values]).encode("utf-8", "surrogatepass")).hexdigest()


def source_hash(source: Source) -> str:
    """Return the SHA-256 of a source, by which facts refer to it."""
    return _digest("source", source.cells)


def fact_hash(prev: str, row: Mapping[str, Any], told: Sequence[str]) -> str:
    """Return the hash of a fact's row: all its columns, the hashes of its sources' content, the row before."""
    return _digest(prev, [*(row[c] for c in FACT_COLUMNS), list(told)])


def release_hash(prev: str, row: Mapping[str, Any]) -> str:
    """Return the hash of a release's row, which holds the digest of its members."""
    return _digest(prev, [row[c] for c in RELEASE_COLUMNS])


def members_digest(hashes: Iterable[str]) -> str:
    """Return the hash of a release's members: the hashes of their rows, in order of entry."""
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def first_broken(
    chain: str,
    rows: Iterable[Mapping[str, Any]],
    head: tuple[int, str] | None,
    recompute: Callable[[str, Mapping[str, Any]], str],
) -> Broken | None:
    """Return the first row that was changed, lost, added or moved; None if the chain holds to its head.

    Parameters
    ----------
    rows
        In order of ``seq``, with ``prev`` and ``hash``.
    head
        The number of rows and the last hash that the ledger recorded.
    recompute
        The hash of a row, given the hash before it; raises ValueError where the row cannot be read.
    """
    if head is None:
        return Broken(chain, 0, "", "the record of the chain's length is lost")
    prev, expected = "", 1
    for row in rows:
        seq, name = row["seq"], str(row.get("id") or row.get("name") or "")
        if seq != expected:
            return Broken(chain, expected, "", f"the row is lost; the next is {seq}")
        if seq > head[0]:
            return Broken(chain, seq, name, f"the ledger recorded only {head[0]} rows; this one was added past it")
        try:
            made = recompute(prev, row)
        except ValueError as error:
            return Broken(chain, seq, name, str(error))
        if row["prev"] != prev:
            return Broken(chain, seq, name, "it does not follow the row before it: moved, or its link was changed")
        if row["hash"] != made:
            return Broken(chain, seq, name, "its content is not what was recorded")
        prev, expected = row["hash"], expected + 1
    if expected - 1 < head[0]:
        return Broken(chain, expected, "", f"lost: the ledger recorded {head[0]} rows and holds {expected - 1}")
    if head[1] != prev:
        return Broken(chain, expected - 1, "", "the recorded last hash is another")
    return None
