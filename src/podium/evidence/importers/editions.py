"""An index edition as a wide table: a row for each country, columns of scores or ranks, or of years."""

from __future__ import annotations

import re
from pathlib import Path

from podium.errors import EvidenceError, Fault
from podium.evidence.facts import Fact, Source
from podium.evidence.importers.columns import iso3, plain
from podium.evidence.tables import number, read_rows

__all__ = ["edition_facts"]

_UNIT = (
    "iso3",
    "iso",
    "code",
    "countrycode",
    "country",
    "countryname",
    "economy",
    "unit",
    "name",
    "국가",
    "나라",
    "国",
    "国名",
)
_SKIPPED = ("id", "region", "incomegroup", "iso2", "note", "notes", "")
_YEAR = re.compile(r"(19|20)\d\d$")
_WHOLE = ("total", "overall", "index", "all", "총점", "종합", "総合")


def edition_facts(
    path: Path, *, index: str, edition: str | None, measure: str | None, source: Source, public: str
) -> list[Fact]:
    """Return the ranks and scores of an edition as facts ``rank:INDEX``, ``score:INDEX`` and ``…/PART``.

    A column named *rank* or *score* is the whole index; ``talent_rank``, ``Talent (score)`` or ``talent`` is a part;
    a column named by a year is the whole index of that edition.

    Parameters
    ----------
    edition
        The year of the edition; may be None where the columns are years.
    measure
        ``rank`` or ``score``: what columns are whose name does not say so.

    Raises
    ------
    EvidenceError
        If no column names the country, a column's measure or edition is unknown, or a cell is no number.
    """
    header, rows = read_rows(path)
    held = {plain(h): h for h in reversed(header)}
    unit = next((held[u] for u in _UNIT if u in held), None)
    if unit is None:
        raise EvidenceError(Fault("has no column of countries", "Name one iso3, code or country", str(path), 1))
    columns = [h for h in header if plain(h) not in (*_UNIT, *_SKIPPED)]
    meant = {h: _meaning(h, index, edition, measure, path) for h in columns}
    facts, faults = [], []
    for line, row in rows:
        subject = iso3(row[unit]) or row[unit]
        for h, (attribute, period) in meant.items():
            try:
                value = number(row[h].lstrip("=#").replace(",", ""), h)
                if not subject:
                    raise ValueError(f"{unit} is empty")
            except ValueError as error:
                faults.append(Fault(str(error), "Mend the cell", str(path), line))
                continue
            if value is not None:
                unit_of = "rank" if attribute.startswith("rank:") else "point"
                facts.append(Fact("", subject, attribute, period, value, unit_of, status="measured", public=public,
                                  sources=(source,)))  # fmt: skip
    if faults or not facts:
        raise EvidenceError(faults or Fault("holds no figure", "Give a table of scores or ranks", str(path)))
    return facts


def _meaning(
    column: str, index: str, edition: str | None, measure: str | None, path: Path
) -> tuple[str, str]:  # fmt: skip
    """The attribute and the period of a column."""
    name = column.strip()
    period = edition or ""
    if _YEAR.search(name):
        period, name = name[-4:], name[:-4].strip(" _-(")
    said = re.search(r"rank|순위|順位", name, re.I), re.search(r"score|point|점수|スコア", name, re.I)
    kind = "rank" if said[0] else "score" if said[1] else measure
    part = re.sub(
        r"[\W_]+", "-", re.sub(r"rank(?:ing)?|score|points?|순위|점수|順位|スコア", "", name, flags=re.I)
    ).strip("-")
    if kind not in ("rank", "score"):
        raise EvidenceError(Fault(f"column {column!r}: is it a rank or a score?", "Say --measure rank or score",
                                  str(path), 1))  # fmt: skip
    if not period:
        raise EvidenceError(Fault(f"column {column!r}: of which edition?", "Say --edition YEAR", str(path), 1))
    whole = not part or plain(part) in (*_WHOLE, plain(index))
    return f"{kind}:{index}" + ("" if whole else f"/{part.casefold()}"), period
