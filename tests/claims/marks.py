"""Sentences with their claims marked in place: ``⟦span¦kind value unit country verdict status key=value⟧``.

A line is ``YYYY-MM-DD text``; the marks are those of ``tools/label_articles.py`` with the verdict before the status, which may be
left out. ``⟦span¦opt⟧`` may be a claim or none. Every figure outside a mark must be left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from podium.claims.check import check_claims
from podium.claims.claim import Claim
from podium.claims.extract import article_of

__all__ = ["Mark", "Sentence", "faults", "read_sentences"]

KINDS = {
    "hw": "hardware_count", "st": "stock", "rk": "rank", "rc": "rank_change", "cp": "compute_power", "pw": "power_capacity",
    "ms": "money_support", "mi": "money_investment", "va": "valuation", "sp": "ratio_speedup", "sh": "share", "ot": "other",
}  # fmt: skip
VERDICTS = {"S": "supported", "C": "contradicted", "U": "unverifiable"}
_MARK = re.compile(r"⟦(?P<span>[^⟦⟧¦]+)¦(?P<label>[^⟦⟧¦]+)⟧")


@dataclass(frozen=True)
class Mark:
    """One marked figure: its place and what is expected of it; `kinds` is empty where it is optional."""

    start: int
    end: int
    kinds: tuple[str, ...] = ()
    value: float | None = None
    unit: str = ""
    countries: tuple[str | None, ...] = ()
    verdicts: tuple[str, ...] = ()
    status: str | None = None


@dataclass(frozen=True)
class Sentence:
    """One line of a file of sentences: date, plain text and marks."""

    where: str
    date: str
    text: str
    marks: tuple[Mark, ...] = field(default=())


def read_sentences(path: Path) -> list[Sentence]:
    """Return the sentences of a file; lines that begin with # are comments."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return [_sentence(f"{path.stem}:{n}", line) for n, line in lines if line and not line.startswith("#")]


def _sentence(where: str, line: str) -> Sentence:
    date, _, body = line.replace("\\n", "\n").partition(" ")
    text, marks, at = "", [], 0
    for m in _MARK.finditer(body):
        text += body[at : m.start()]
        at = m.end()
        marks.append(_mark(len(text), m["span"], m["label"].split()))
        text += m["span"]
    return Sentence(where, date, text + body[at:], tuple(marks))


def _mark(start: int, span: str, label: list[str]) -> Mark:
    end = start + len(span)
    if label == ["opt"]:
        return Mark(start, end)
    kind, value, unit, country, verdict, *rest = label
    keys = dict(x.split("=", 1) for x in rest if "=" in x)
    status = next((x for x in rest if "=" not in x), None)
    kinds = tuple(KINDS[k] for k in (kind, *keys.get("kind", "").split(",")) if k)
    countries = tuple(None if c in ("-", "None") else c for c in (country, *keys.get("ca", "").split(",")) if c)
    number = None if value == "null" else float(value)
    return Mark(
        start,
        end,
        kinds,
        number,
        unit,
        countries,
        tuple(VERDICTS[v] for v in verdict.split("+")),
        None if "st" in keys else status,
    )


def faults(sentence: Sentence) -> list[str]:
    """Return what the reader gets wrong in a sentence, in words; nothing where all is right."""
    claims = list(check_claims(article_of(sentence.text, date=sentence.date)).claims)
    out = []
    for mark in sentence.marks:
        found = [c for c in claims if c.char_start < mark.end and mark.start < c.char_end]
        if not mark.kinds:
            claims = [c for c in claims if c not in found]
        elif not found:
            out.append(f"missed: {sentence.text[mark.start : mark.end]}")
        else:
            claims.remove(found[0])
            out += [f"{found[0].span_text}: {fault}" for fault in _unlike(found[0], mark)]
    return out + [f"no claim: {c.span_text} ({c.kind})" for c in claims]


def _unlike(c: Claim, mark: Mark) -> list[str]:
    near = c.value == mark.value or (
        c.value is not None and mark.value is not None and abs(c.value - mark.value) <= 0.01 * abs(mark.value)
    )
    inside = mark.value is not None and c.low is not None and c.high is not None and c.low <= mark.value <= c.high
    checks = [
        (c.kind in mark.kinds, f"kind {c.kind}, not {mark.kinds[0]}"),
        (near or inside, f"value {c.value}, not {mark.value}"),
        (c.unit == mark.unit, f"unit {c.unit}, not {mark.unit}"),
        (
            c.subject_country_iso3 in mark.countries,
            f"country {c.subject_country_iso3}, not {mark.countries[0] if mark.countries else None}",
        ),
        (c.verdict in mark.verdicts, f"{c.verdict}, not {mark.verdicts[0]}: {c.reason}"),
        (mark.status is None or c.status == mark.status, f"status {c.status}, not {mark.status}"),
    ]
    return [said for right, said in checks if not right]
