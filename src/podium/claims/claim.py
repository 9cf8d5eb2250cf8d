"""What a claim is: one checkable figure of an article, with its verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

__all__ = ["CheckedArticle", "Claim", "Kind", "Status", "Verdict"]

Kind = Literal[
    "rank",
    "rank_change",
    "hardware_count",
    "stock",
    "compute_power",
    "power_capacity",
    "money_support",
    "money_investment",
    "valuation",
    "ratio_speedup",
    "share",
    "other",
]
Status = Literal["announced", "planned", "under_construction", "operational", "completed", "cancelled"]
Verdict = Literal["supported", "contradicted", "unverifiable"]


@dataclass(frozen=True)
class Claim:
    """One checkable figure of an article.

    Offsets count Unicode code points of the article as read; ``char_end`` is exclusive and
    ``text[char_start:char_end] == span_text``. Values are in base units (gpu, system, rack, FLOPS, W, B,
    ISO currency code, ratio, x, rank, point, country …); ``None`` where the article is vague and only the
    bounds are known.
    """

    id: str
    kind: Kind
    span_text: str
    char_start: int
    char_end: int
    also_at: tuple[tuple[int, int], ...] = ()
    subject: str | None = None
    subject_country_iso3: str | None = None
    attribute: str | None = None
    value: float | None = None
    from_value: float | None = None
    change_value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    hedge: str | None = None
    year_or_date: str | None = None
    status: Status | None = None
    converted_value: float | None = None
    converted_unit: str | None = None
    relation: dict[str, list[str]] | None = None
    verdict: Verdict = "unverifiable"
    reason: str = ""
    evidence: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    system: str | None = None
    """The accelerator or system named with a hardware claim, e.g. ``NVIDIA B200``; None where unnamed."""
    correct_value: float | None = None
    """What a contradicted figure should be, in `correct_unit`; None where no check says."""
    correct_unit: str | None = None
    read_by: Literal["rules", "second reader"] = "rules"
    """Who found the figure; a second reader's figures pass the same grammar and the same checks."""

    def to_dict(self) -> dict[str, Any]:
        """Return the claim as plain JSON values."""
        out = asdict(self)
        return {k: list(v) if isinstance(v, tuple) else v for k, v in out.items()}


@dataclass(frozen=True)
class CheckedArticle:
    """An article with its claims and verdicts."""

    article: str
    text: str
    language: Literal["ko", "en", "ja"]
    date: str
    claims: tuple[Claim, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """Return ``{"article", "language", "date", "claims"}`` as plain JSON values."""
        return {
            "article": self.article,
            "language": self.language,
            "date": self.date,
            "claims": [c.to_dict() for c in self.claims],
        }
