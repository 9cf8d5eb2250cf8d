"""One chapter of an audit: the question it puts, the answer, and the tables behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from podium.robustness.audit.finding import Finding

__all__ = ["ORDER", "Chapter", "Grid", "State"]

State = Literal["good", "mixed", "poor", "open"]
ORDER = ("framework", "data", "distribution", "coherence", "importance", "compensation", "robustness", "sensitivity",
         "added", "doubt")  # fmt: skip
"""The chapters in the order of the OECD and JRC handbook."""


@dataclass(frozen=True)
class Grid:
    """A table as plain values: the keys of its columns, and its rows of texts, numbers and None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @classmethod
    def of(cls, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Grid:
        """Return a grid of any rows; NumPy's numbers become Python's, NaN None."""
        return cls(tuple(columns), tuple(tuple(_plain(v) for v in row) for row in rows))

    def column(self, name: str) -> list[Any]:
        """The cells of a column."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def to_dict(self) -> dict[str, Any]:
        """Return the columns and rows as JSON values."""
        return {"columns": list(self.columns), "rows": [list(r) for r in self.rows]}


@dataclass(frozen=True)
class Chapter:
    """One chapter: ``answer`` in each language, how good the ``state`` is, its tables and findings."""

    key: str
    state: State
    answer: Mapping[str, str]
    tables: Mapping[str, Grid] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the chapter as JSON values."""
        return {"key": self.key, "state": self.state, "answer": self.answer[language],
                "tables": {k: t.to_dict() for k, t in self.tables.items()}}  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    return value
