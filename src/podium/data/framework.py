"""The tree of an index as rows: each entry with its parent, as iMeta, the COIN Tool and codebooks have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from podium.data.codebook import Indicator

__all__ = ["Entry", "entries_of_codebook", "lost_entries"]


@dataclass(frozen=True)
class Entry:
    """An indicator or group: its parent (None at the root), its weight there, and how its children are combined."""

    code: str
    parent: str | None
    weight: float = 1.0
    name: Mapping[str, str] | str = ""
    method: str | None = None


def lost_entries(entries: Sequence[Entry]) -> list[str]:
    """Return the codes that no path of parents joins to an entry without a parent: cycles, and what hangs on them."""
    parents = {e.code: e.parent for e in entries}
    lost = []
    for entry in entries:
        seen: set[str] = set()
        here: str | None = entry.code
        while here is not None and here in parents and here not in seen:
            seen.add(here)
            here = parents[here]
        if here is not None:
            lost.append(entry.code)
    return lost


def entries_of_codebook(book: Mapping[str, Indicator], root: str) -> list[Entry]:
    """Return the tree that the column `group` of a codebook draws, an entry `root` above several topmost groups.

    A group needs no row of its own; with one it may have a name, a weight and a group of its own. Rows without a
    group that are no group themselves (denominators) are outside. No entries where no row has a group.
    """
    groups = {i.group for i in book.values() if i.group is not None}
    inside = [i for i in book.values() if i.group is not None or i.code in groups]
    entries = [Entry(i.code, i.group, i.weight, dict(i.name)) for i in inside]
    entries += [Entry(g, None) for g in dict.fromkeys(i.group for i in inside) if g is not None and g not in book]
    top = [e.code for e in entries if e.parent is None]
    if len(top) < 2:
        return entries
    code = root
    while code in {e.code for e in entries}:
        code += "_index"
    joined = [Entry(e.code, e.parent or code, e.weight, e.name) for e in entries]
    return [*joined, Entry(code, None)]
