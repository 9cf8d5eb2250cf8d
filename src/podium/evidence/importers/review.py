"""The country review: a workbook with a sheet for each country, which its office corrects and sends back."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from podium.errors import EvidenceError, Fault
from podium.evidence.facts import Fact, Source, span
from podium.evidence.tables import number

__all__ = ["corrected", "review_workbook"]

HEAD = ("id", "subject", "figure", "period", "value", "low", "high", "unit", "text", "status",
        "public", "age (days)", "publisher",
        "source", "licence", "correct value", "correct source", "remark", "held")  # fmt: skip
WIDTHS = (34, 18, 30, 12, 14, 12, 12, 10, 24, 12, 12, 10, 22, 50, 16, 14, 30, 30, 4)
YELLOW = [HEAD.index(h) + 1 for h in ("correct value", "correct source", "remark")]
START = 4  # the line of the table's head
_WORDS = ("Give what is wrong in 'correct value' with its 'correct source'; leave the rest as it is. A figure that is "
          "missing: a new line with figure, period, unit, correct value and correct source.")  # fmt: skip


def review_workbook(by_country: Mapping[str, Sequence[Fact]], *, on: str, names: Mapping[str, str]) -> bytes:
    """Return the workbook: every fact of every country with its source and its age on a day.

    Parameters
    ----------
    by_country
        Code → facts.
    names
        Code → the country's name for the head of its sheet.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    for code, facts in by_country.items():
        sheet = book.create_sheet(code[:31])
        for n, line in enumerate((f"{names.get(code, code)}: {len(facts)} figures held on {on}", _WORDS), start=1):
            sheet.cell(n, 1, line).font = Font(bold=n == 1)
        for k, (head, width) in enumerate(zip(HEAD, WIDTHS, strict=True), start=1):
            cell = sheet.cell(START, k, head)
            cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True)
            sheet.column_dimensions[get_column_letter(k)].width = width
        for n, fact in enumerate(facts, start=START + 1):
            for k, value in enumerate(_cells(fact, on), start=1):
                cell = sheet.cell(n, k)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # a text that begins with = is no formula
            for k in YELLOW:
                sheet.cell(n, k).fill = PatternFill("solid", start_color="FFF6DD")
            sheet.cell(n, len(HEAD)).value = _held(fact)
        sheet.column_dimensions[get_column_letter(len(HEAD))].hidden = True
        sheet.freeze_panes = f"D{START + 1}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(fact: Fact, on: str) -> tuple[Any, ...]:
    told = fact.sources[0] if fact.sources else Source("")
    since = fact.public or told.date or fact.period
    return (fact.id, fact.subject, fact.attribute, fact.period, fact.value, fact.low, fact.high, fact.unit,
            fact.text, fact.status, fact.public, _age(since, on), told.publisher,
            "; ".join(str(s) for s in fact.sources), told.licence)  # fmt: skip


def _held(fact: Fact) -> str:
    """What the figure was when the workbook was made, so that a value overwritten in its place is seen."""
    return fact.text if fact.value is None else repr(fact.value)


def _age(since: str, on: str) -> int | None:
    """Days between the last day of a date known to the day, month or year and another; None where there is none."""
    try:
        day = min(span(since)[1] if since else "", on) if since and span(since)[1] < "9999" else ""
        return (datetime.date.fromisoformat(on) - datetime.date.fromisoformat(day)).days if day else None
    except ValueError:
        return None


def corrected(path: Path) -> list[Fact]:
    """Return the corrections of a reviewed workbook as facts that supersede the ones they correct.

    Raises
    ------
    EvidenceError
        Naming sheet and line of every correction without a source, whose value is no number, or that overwrote the
        figure in its own place.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, data_only=True)
    except Exception as error:  # openpyxl raises many kinds for a file that is no workbook
        raise EvidenceError(Fault(f"cannot be read: {error}", "Give the workbook of `podium evidence review`",
                                  str(path))) from None  # fmt: skip
    facts: list[Fact] = []
    faults: list[Fault] = []
    for sheet in book.worksheets:
        for line, row in _rows(sheet.iter_rows(values_only=True)):
            try:
                fact = _correction(sheet.title, row)
            except ValueError as error:
                faults.append(Fault(f"sheet {sheet.title}: {error}", "Fill the yellow cells", str(path), line))
                continue
            facts += [fact] * (fact is not None)  # type: ignore[list-item]
    if faults or not facts:
        raise EvidenceError(
            faults or Fault("holds no correction", "Fill 'correct value' and 'correct source'", str(path))
        )
    return facts


def _rows(lines: Iterable[tuple[Any, ...]]) -> Iterable[tuple[int, dict[str, str]]]:
    for n, cells in enumerate(lines, start=1):
        if n > START and any(c is not None for c in cells):
            yield n, {h: "" if c is None else _text(c) for h, c in zip(HEAD, cells, strict=False)}


def _text(cell: Any) -> str:
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15 else str(cell).strip()


def _correction(country: str, row: Mapping[str, str]) -> Fact | None:
    new, told = row.get("correct value", ""), row.get("correct source", "")
    if not new and not told:
        if not row.get("id"):
            raise ValueError("a new figure needs a correct value and a correct source")
        if _overwritten(row):
            raise ValueError(f"{row['id']} was overwritten: write it as 'correct value', with its source")
        return None
    if not new or not told:
        raise ValueError(f"{row.get('figure')}: a correction needs both its value and its source")
    if not row.get("figure"):
        raise ValueError("the figure has no name")
    text = bool(row.get("text")) and not row.get("value")
    value = None if text else number(new.replace(",", ""), "correct value")
    return Fact("", row.get("subject") or country, row["figure"], row.get("period", ""), value, row.get("unit", ""),
                text=new if text else "", status=row.get("status", ""), note=row.get("remark", ""),
                sources=(Source(told, "correction in the country review"),), supersedes=row.get("id", ""))  # fmt: skip


def _overwritten(row: Mapping[str, str]) -> bool:
    now, held = row.get("value", ""), row.get("held", "")
    if not now or not held:
        return False
    try:
        return float(now) != float(held)
    except ValueError:
        return False
