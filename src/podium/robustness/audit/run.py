"""One call from a specification to its audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from podium.index.build import Built
from podium.index.selection import top_level
from podium.index.spec import Spec
from podium.index.thresholds import ORIGINS, Thresholds
from podium.robustness.audit.added import added, doubt
from podium.robustness.audit.chapter import Chapter, Grid
from podium.robustness.audit.coherence import coherence
from podium.robustness.audit.compensation import compensation
from podium.robustness.audit.coverage import data as data_chapter
from podium.robustness.audit.finding import SEVERITIES, Finding, ranked
from podium.robustness.audit.firmness import robustness, sensitivity_of, trial
from podium.robustness.audit.importance import importance
from podium.robustness.audit.shape import distribution
from podium.robustness.audit.subject import Subject, subject
from podium.robustness.audit.wording import answer, figure

__all__ = ["Audit", "audit"]

Progress = Callable[[float, str], None]
TOLD = ("direction", "negative_pillar", "skewed")
"""Findings that are the reason why an item makes little of the differences."""


@dataclass(frozen=True, eq=False)
class Audit:
    """An index's audit: its chapters in the handbook's order, and all findings, the most serious first.

    ``declared`` says whether robustness was tried under the specification's own uncertainties.
    """

    subject: Subject
    chapters: tuple[Chapter, ...]
    findings: tuple[Finding, ...]
    declared: bool
    draws: int

    @property
    def built(self) -> Built:
        """The index as it was audited, without the indicators that cannot be built."""
        return self.subject.built

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds in force."""
        return self.subject.limits

    def chapter(self, key: str) -> Chapter:
        """A chapter by its key, such as ``coherence``."""
        return next(c for c in self.chapters if c.key == key)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many findings there are of each severity."""
        return {s: sum(f.severity == s for f in self.findings) for s in SEVERITIES}

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return everything as plain JSON values: findings, thresholds with their origins, every chapter's tables."""
        spec = self.subject.spec
        at = 1 if language == "ko" else 0
        held = self.thresholds.model_dump(mode="json")
        return {
            "index": spec.name, "title": spec.label(language), "edition": spec.edition_name, "file": spec.file,
            "language": language, "counts": dict(self.counts),
            "findings": [{"rank": k, **f.to_dict(language)} for k, f in enumerate(self.findings, start=1)],
            "thresholds": {k: {"value": held[k], "origin": text[at]} for k, text in ORIGINS.items()},
            "robustness": {"declared": self.declared, "draws": self.draws, "seed": self.thresholds.seed},
            "chapters": [c.to_dict(language) for c in self.chapters],
        }  # fmt: skip


def audit(spec: Spec, *, data: Any = None, progress: Progress | None = None) -> Audit:
    """Return what a statistical audit would say of an index, after the handbook of OECD and JRC (2008).

    Indicators that are empty or constant are left out, named, and the rest is audited. Thresholds stand in the
    specification's section `audit`; where it declares no uncertainties, weights, aggregation and imputation are varied
    in the usual way. Nardo et al. (2008), doi:10.1787/9789264043466-en.

    Parameters
    ----------
    data
        Data frames in place of the specification's files, as for `build`.
    progress
        Called with the share done and what is being done.

    Raises
    ------
    PodiumError
        Where the index cannot be built for another reason.
    """
    tell = progress or (lambda done, what: None)
    tell(0.0, "building")
    s = subject(spec, data=data)
    tell(0.05, "framework and data")
    chapters = [_framework(s), data_chapter(s)]
    tell(0.08, "distribution")
    chapters.append(distribution(s))
    tell(0.12, "coherence")
    chapters.append(coherence(s))
    told = frozenset(i for c in chapters for f in c.findings if f.kind in TOLD for i in f.items[:1])
    tell(0.2, "weights and importance")
    chapters += [importance(s, told), compensation(s)]
    held, result = trial(s, lambda done, what: tell(0.25 + 0.25 * done, "robustness"))
    chapters.append(robustness(s, held, result, lambda done, what: tell(0.5 + 0.2 * done, what)))
    chapters.append(sensitivity_of(s, held, lambda done, what: tell(0.7 + 0.25 * done, "sensitivity")))
    tell(0.95, "added value")
    chapters += [added(s), doubt(s)]
    findings = ranked([f for c in chapters for f in c.findings])
    tell(1.0, "done")
    return Audit(s, tuple(chapters), findings, held.declared, result.draws)


def _framework(s: Subject) -> Chapter:
    """The chapter on the tree: its items with weights, and what had to be left out of it."""
    tree, weights = s.built.tree, s.built.weights
    depth: dict[str, int] = {}
    rows = []
    for node in s.whole.walk():
        for child in node.children:
            depth[child.code] = depth.get(node.code, 0) + 1
        known = node.code in tree.items
        k = tree.items.index(node.code) if known else -1
        method = next((g.method for g in tree.groups if g.code == node.code), "")
        rows.append((node.code, depth.get(node.code, 0), not node.children,
                     float(weights["weight"].iloc[k]) if known else None,
                     float(weights["effective"].iloc[k]) if known else None, method, known))  # fmt: skip
    findings = []
    for lost in s.lost:
        if lost.why == "empty":
            findings.append(s.finding("empty", "fault", "framework", items=(lost.code,), size=3.0))
        else:
            findings.append(s.finding("constant", "fault", "framework", items=(lost.code,), value=figure(lost.value),
                                      n=lost.units, size=3.0, values={"value": lost.value}))  # fmt: skip
    gone = sum(x.out for x in s.lost)
    key = "framework lost" if gone else "framework"
    text = answer(key, items=len(s.leaves), groups=len(tree.groups), levels=top_level(tree), units=len(s.built.units),
                  lost=gone)  # fmt: skip
    columns = ("item", "depth", "indicator", "weight", "effective", "method", "used")
    return Chapter("framework", "poor" if findings else "good", text, {"tree": Grid.of(columns, rows)},
                   tuple(findings))  # fmt: skip
