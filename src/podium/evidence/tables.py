"""The fact table: facts from CSV rows and back, every faulty row named."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from podium.errors import EvidenceError, Fault
from podium.evidence.facts import STATUSES, Fact, Source, span

__all__ = ["COLUMNS", "fact_of", "facts_csv", "number", "read_facts", "read_rows", "source_of"]

COLUMNS = (
    "subject", "attribute", "period", "value", "low", "high", "unit", "text", "status", "confidence", "public",
    "publisher", "title", "url", "source_date", "licence", "locator", "file_sha256", "note", "more_sources",
)  # fmt: skip
_ADDRESS = re.compile(r"https?://\S+")


def read_rows(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Return the header of a CSV file, and its rows with the number of the line on which each ends.

    Raises
    ------
    EvidenceError
        If the file cannot be read as UTF-8 CSV, or a row has more cells than the header.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = [(reader.line_num, row) for row in reader]
            header = list(reader.fieldnames or [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EvidenceError(Fault(f"cannot be read: {error}", "Give a UTF-8 CSV of facts", file=str(path))) from None
    long = [Fault("the row has more cells than the header", "Quote cells that hold commas", str(path), line)
            for line, row in rows if None in row]  # fmt: skip
    if long:
        raise EvidenceError(long)
    return header, [(line, {k: (v or "").strip() for k, v in row.items()}) for line, row in rows]


def read_facts(path: Path) -> list[Fact]:
    """Return the facts of a CSV file, without ids; names every faulty row at once."""
    header, rows = read_rows(path)
    absent = [c for c in ("subject", "attribute") if c not in header]
    if absent and rows:
        raise EvidenceError(Fault(f"has no column {' or '.join(absent)}", f"The columns are {', '.join(COLUMNS)}",
                                  str(path)))  # fmt: skip
    facts, faults = [], []
    for line, row in rows:
        try:
            facts.append(fact_of(row))
        except ValueError as error:
            faults.append(Fault(str(error), "Mend the row", str(path), line))
    if faults or not rows:
        raise EvidenceError(faults or Fault("holds no fact", "Add rows", file=str(path)))
    return facts


def fact_of(cell: Mapping[str, str]) -> Fact:
    """Return the fact of one row, without an id.

    Raises
    ------
    ValueError
        Saying what is missing or no number.
    """
    for need in ("subject", "attribute"):
        if not cell.get(need):
            raise ValueError(f"{need} is missing")
    value, low, high = (number(cell.get(k, ""), k) for k in ("value", "low", "high"))
    if value is None and low is None and high is None and not cell.get("text"):
        raise ValueError("value, low, high and text are all empty")
    if low is not None and high is not None and low > high:
        raise ValueError(f"low {low:g} is above high {high:g}")
    if (status := cell.get("status", "")) and status not in STATUSES:
        raise ValueError(f"there is no status {status!r}: use one of {', '.join(STATUSES)}")
    for day in ("period", "public"):
        span(cell.get(day, ""))
    return Fact(
        id="", subject=cell["subject"], attribute=cell["attribute"], period=cell.get("period", ""), value=value,
        unit=cell.get("unit", ""), low=low, high=high, text=cell.get("text", ""), status=status,
        confidence=cell.get("confidence", ""), public=cell.get("public", ""), note=cell.get("note", ""),
        sources=(source_of(cell), *_more(cell.get("more_sources", ""))),
    )  # fmt: skip


def source_of(cell: Mapping[str, str]) -> Source:
    """Return the source of a row: its own columns, or the one column ``source``, whose address is set apart."""
    if cell.get("publisher"):
        return Source(
            cell["publisher"], cell.get("title", ""), cell.get("url", ""), cell.get("file_sha256", ""),
            cell.get("source_date", ""), cell.get("licence", ""), cell.get("locator", ""),
        )  # fmt: skip
    told = cell.get("source", "")
    if not told:
        raise ValueError("the source is missing: a fact without a source is none")
    address = _ADDRESS.search(told)
    publisher = told if address is None else _ADDRESS.sub("", told, count=1).strip(" ,;()")
    return Source(
        publisher or (address[0] if address else ""), cell.get("title", ""),
        cell.get("url", "") or (address[0].rstrip(",;)") if address else ""), cell.get("file_sha256", ""),
        cell.get("source_date", ""), cell.get("licence", ""), cell.get("locator", ""),
    )  # fmt: skip


def _more(text: str) -> tuple[Source, ...]:
    if not text:
        return ()
    try:
        return tuple(Source(**entry) for entry in json.loads(text))
    except (TypeError, ValueError):
        raise ValueError("more_sources is no JSON list of sources") from None


def number(text: str, name: str) -> float | None:
    """Return a cell as a finite number, None where it is empty."""
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{name} is {text!r}, not a number") from None
    if not math.isfinite(value):
        raise ValueError(f"{name} is {text!r}, not a finite number")
    return value


def facts_csv(facts: Iterable[Fact]) -> str:
    """Return facts as the text of a CSV file that `read_facts` reads back to the same facts, ids apart."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for f in facts:
        first, *more = f.sources or (Source(""),)
        others = json.dumps([asdict(s) for s in more], ensure_ascii=False) if more else ""
        writer.writerow((
            f.subject, f.attribute, f.period, *("" if x is None else repr(x) for x in (f.value, f.low, f.high)),
            f.unit, f.text, f.status, f.confidence, f.public, first.publisher, first.title, first.url, first.date,
            first.licence, first.locator, first.file_sha256, f.note, others,
        ))  # fmt: skip
    return out.getvalue()
