"""An audit as a workbook: findings, thresholds, and every table of every chapter whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from podium.index.profile import unit_name
from podium.index.sheets import write_tables
from podium.report.audit_view import page_of, threshold_rows
from podium.report.audit_words import column, said
from podium.robustness.audit.chapter import Grid
from podium.robustness.audit.run import Audit

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write_audit_book"]


def write_audit_book(a: Audit, path: Path, *, language: str) -> None:
    """Write an audit as XLSX, a sheet for each table; its first sheet has the verdict and says what is where."""
    import pandas as pd

    tables: dict[str, pd.DataFrame] = {}
    about: dict[str, str] = {}
    heads = ("severity", "chapter", "sentence", "meaning", "remedy", "place")
    rows = [(k, said(f.severity, language), said(f.chapter, language), f.sentence[language], f.meaning[language],
             f.remedy[language], f.place, ", ".join(f.items), ", ".join(f.units))
            for k, f in enumerate(a.findings, start=1)]  # fmt: skip
    names = ["#", *(column("", h, language) for h in (*heads, "item", "units"))]
    found = said("all findings", language)
    tables[found] = pd.DataFrame(rows, columns=names).set_index("#")
    about[found] = said("severities", language)
    for c in a.chapters:
        for name, grid in c.tables.items():
            title = f"{said(c.key, language)} {name}"
            tables[title] = _frame(a, f"{c.key}/{name}", grid, language)
            about[title] = said(f"{c.key}/{name}", language)
    limits, rows_ = said("thresholds", language), threshold_rows(a, language)
    heads_ = [column("", k, language) for k in ("threshold", "value", "origin")]
    tables[limits] = pd.DataFrame(rows_, columns=heads_).set_index(heads_[0])
    about[limits] = said("thresholds lead", language).replace("`", "")
    page = page_of(a, language, {}, full=False)
    write_tables(tables, path, title=f"{page['title']} · {page['kicker']}", about=about, names={},
                 lines=[page["verdict"], page["tried"], page["source"], page["words"]["about"]])  # fmt: skip


def _frame(a: Audit, name: str, grid: Grid, language: str) -> pd.DataFrame:
    """A table with names beside its codes."""
    import pandas as pd

    first, codes = grid.columns[0], a.built.tree.items
    heads = [a.subject.names(k)[language] if k in codes else column(name, k, language) for k in grid.columns]
    frame = pd.DataFrame([list(r) for r in grid.rows], columns=_distinct(heads))
    if first in ("item", "group", "unit") and len(frame):
        called: list[Any] = [_name(a, first, str(v), language) for v in grid.column(first)]
        if called != list(frame.iloc[:, 0]):
            frame.insert(1, said("called", language), called)
    return frame.set_index(frame.columns[0])


def _name(a: Audit, kind: str, code: str, language: str) -> str:
    return unit_name(a.built, code, language) if kind == "unit" else a.subject.names(code)[language]


def _distinct(heads: list[str]) -> list[str]:
    out: list[str] = []
    for h in heads:
        k = 2
        name = h
        while name in out:
            name, k = f"{h} ({k})", k + 1
        out.append(name)
    return out
