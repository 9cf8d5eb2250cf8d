"""One thing that an audit found: how serious, where in the specification, what it means, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["SEVERITIES", "Finding", "Severity", "ranked"]

Severity = Literal["fault", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("fault", "warning", "note")
"""``fault``: wrong whatever one wants to measure; ``warning``: probably not as meant; ``note``: worth knowing."""


@dataclass(frozen=True)
class Finding:
    """One finding.

    ``sentence``, ``meaning`` and ``remedy`` are texts by language; ``items`` the indicators and groups, ``units`` the
    units that it is about. ``size`` ranks findings of one severity: how far beyond its threshold the figure is, 1 at
    the threshold. ``values`` holds the figures of the sentence.
    """

    kind: str
    severity: Severity
    chapter: str
    items: tuple[str, ...]
    units: tuple[str, ...]
    sentence: Mapping[str, str]
    meaning: Mapping[str, str]
    remedy: Mapping[str, str]
    values: Mapping[str, float]
    size: float
    file: str = ""
    line: int | None = None

    @property
    def place(self) -> str:
        """``file:line`` where it stands in the specification; the file alone where there is no line."""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the finding as plain JSON values."""
        return {
            "kind": self.kind, "severity": self.severity, "chapter": self.chapter, "items": list(self.items),
            "units": list(self.units), "sentence": self.sentence[language], "meaning": self.meaning[language],
            "remedy": self.remedy[language], "file": self.file, "line": self.line, "values": dict(self.values),
        }  # fmt: skip


def ranked(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings, the most serious first, within a severity those furthest beyond their threshold."""
    order = {s: k for k, s in enumerate(SEVERITIES)}
    return tuple(sorted(findings, key=lambda f: (order[f.severity], -f.size, f.kind, f.items, f.units)))
