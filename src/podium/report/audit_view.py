"""An audit as a page would show it: plain values that the HTML page and the PDF are both made of."""

from __future__ import annotations

import re
from typing import Any

from podium.index.profile import unit_name
from podium.index.thresholds import ORIGINS
from podium.report.audit_labels import labelled
from podium.report.audit_words import GLOSSARY, column, said
from podium.report.charts_audit import Drawing
from podium.robustness.audit.chapter import Grid
from podium.robustness.audit.finding import Finding
from podium.robustness.audit.run import Audit
from podium.version import VERSION

__all__ = ["MOST_ROWS", "SIGNS", "page_of", "shown", "table_of", "threshold_rows"]

MOST_ROWS = 120
FEWER = {"robustness/curve": 24, "distribution/points": 40}
"""Rows of a table that a document shows; the workbook and the JSON have all."""
PARTS_FLAT = 4
"""With more parts than this as heads of a table's columns, the heads stand upright in print."""
SHORT = 14
"""A table of so few rows stands whole on one page."""
UNIT, TEXT, HALVES = 18, 13, 96
"""Letters of a unit's name and of other texts in half a page; rows of both halves that fit a page if no name breaks."""
LONG, NARROW = 40, 7
"""Longer tables of so few columns of numbers stand in two halves side by side in print."""
LINES = 55.0
"""So many printed lines the findings of the summary may take: it stays at two pages."""
SIGNS = {"good": "✓", "mixed": "○", "poor": "!", "open": "–"}
ITEMS = ("item", "group", "parent", "first", "second", "weakest", "what", "indicator")
SHARES = ("share", "same", "together", "contribution", "effective", "importance", "moved")
FRACTIONS = (("coherence/levels", "first"),)
WHOLE = ("rank", "other", "change", "nominal", "q05", "q25", "median", "q75", "q95", "arithmetic", "geometric", "best",
         "worst", "flattered", "best_bound", "worst_bound", "age", "most")  # fmt: skip
SPLIT = {"distribution/indicators": ("median",), "distribution/outliers": ("median",)}


def page_of(a: Audit, language: str, charts: dict[str, Drawing], *, full: bool) -> dict[str, Any]:
    """Return everything that a document shows, in the order in which it shows it.

    Parameters
    ----------
    full
        False keeps to the summary.
    """
    return dict(_unbroken(_page(a, language, charts, full)))


def _unbroken(value: Any) -> Any:
    """The same with a number and its per cent sign held together."""
    if isinstance(value, str):
        return value.replace(" %", "\u00a0%")
    if isinstance(value, dict):
        return {k: _unbroken(v) for k, v in value.items()}
    return [_unbroken(v) for v in value] if isinstance(value, list) else value


def _page(a: Audit, language: str, charts: dict[str, Drawing], full: bool) -> dict[str, Any]:
    spec, draws = a.subject.spec, f"{a.draws:,}"
    edition = spec.edition_name
    chosen, rest = _top(a, language)
    return {
        "lang": language, "title": spec.label(language),
        "kicker": " · ".join(["Podium", said("kicker", language),
                              *([said("edition", language, name=edition)] if edition else [])]),
        "verdict": _verdict(a, language),
        "counts": [{"severity": k, "word": said(k if n == 1 else f"{k}s", language), "n": n}
                   for k, n in a.counts.items()],
        "top": [_finding(a, f, language) | {"more": _more(a, same, language)} for f, same in chosen],
        "rest": said("rest", language, n=rest) if rest else "",
        "answers": [{"key": c.key, "question": said(f"q {c.key}", language), "answer": c.answer[language],
                     "state": c.state, "sign": SIGNS[c.state], "word": said(c.state, language)} for c in a.chapters],
        "glossary": [list(g) for g in GLOSSARY[language]],
        "chapters": [_chapter(a, c.key, language, charts) for c in a.chapters] if full else [],
        "findings": [_finding(a, f, language) for f in a.findings] if full else [],
        "thresholds": _thresholds(a, language) if full else None,
        "source": said("source", language, version=VERSION, index=spec.label(language), draws=draws,
                       seed=a.thresholds.seed),
        "tried": said("declared" if a.declared else "assumed", language), "full": full,
        "words": {k: said(k, language) for k in (
            "contents", "summary", "what to do", "what it means", "where", "top findings", "no findings", "answers",
            "question", "answer", "state", "words", "all findings", "findings", "thresholds", "thresholds lead",
            "table", "figure", "about", "method", "severities", "page")},
    }  # fmt: skip


def _verdict(a: Audit, language: str) -> str:
    f, w, n = (a.counts[k] for k in ("fault", "warning", "note"))
    key = "fault" if f else "warning" if w else "note" if n else "none"
    words = {k: said(k[:-1] if m == 1 else k, language) for k, m in (("faults", f), ("warnings", w), ("notes", n))}
    return said(f"verdict {key}", language, f=f, w=w, n=n, **words)


def _top(a: Audit, language: str) -> tuple[list[tuple[Finding, list[Finding]]], int]:
    """The first findings, one of each kind with the others of it, as fit a page; how many are in none of them."""
    kinds: dict[str, list[Finding]] = {}
    for f in a.findings:
        kinds.setdefault(f.kind, []).append(f)
    chosen: list[list[Finding]] = []
    lines = 0.0
    for group in kinds.values():
        texts = (f"{group[0].sentence[language]}00000000", group[0].meaning[language],
                 f"{said('what to do', language)}: {group[0].remedy[language]} {_place(group[0])}",
                 _more(a, group[1:], language))  # fmt: skip
        lines += 0.7 + sum(-(-_width(t) // 100) for t in texts)
        if lines > LINES:
            break
        chosen.append(group)
    return [(c[0], c[1:]) for c in chosen], len(a.findings) - sum(map(len, chosen))


def _width(text: str) -> int:
    """Columns of a text; East Asian letters count double."""
    return sum(2 if c >= "\u1100" else 1 for c in text)


def _more(a: Audit, same: list[Finding], language: str) -> str:
    if not same:
        return ""
    names = [_called(a, f, language) for f in same]
    shown_ = ", ".join(names[:4]) + (" …" if len(names) > 4 else "")
    return said("more like it", language, n=len(same), names=shown_)


def _called(a: Audit, f: Finding, language: str) -> str:
    if f.items:
        pair = f.kind in ("duplicate", "mirror", "redundant", "negative_pair")
        return " / ".join(a.subject.names(c)[language] for c in f.items[: 2 if pair else 1])
    return ", ".join(unit_name(a.built, u, language) for u in f.units[:1]) or f.kind


def _finding(a: Audit, f: Finding, language: str) -> dict[str, Any]:
    return {
        "severity": f.severity, "word": said(f.severity, language), "sentence": f.sentence[language],
        "meaning": f.meaning[language], "remedy": f.remedy[language], "place": _place(f),
        "codes": ", ".join((*f.items[:3], *f.units[:3])), "chapter": said(f.chapter, language), "kind": f.kind,
    }  # fmt: skip


def _place(f: Finding) -> str:
    """File and line without the folders, which belong to one machine."""
    name = f.file.replace("\\", "/").rsplit("/", 1)[-1]
    return name if f.line is None else f"{name}:{f.line}"


def _chapter(a: Audit, key: str, language: str, charts: dict[str, Drawing]) -> dict[str, Any]:
    c = a.chapter(key)
    return {
        "key": key, "title": said(key, language), "question": said(f"q {key}", language), "answer": c.answer[language],
        "state": c.state, "word": said(c.state, language), "sign": SIGNS[c.state],
        "findings": _told_once([_finding(a, f, language) for f in a.findings if f.chapter == key]),
        "chart": None if key not in charts else {"key": key, "alt": charts[key].alt},
        "tables": [table_of(a, f"{key}/{name}", grid, language) for name, grid in c.tables.items() if grid.rows],
    }  # fmt: skip


def _told_once(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings of one kind and severity together; what they mean and what to do stands with the first that says so."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for f in findings:
        groups.setdefault((f["severity"], f["kind"]), []).append(f)
    out = []
    for held in groups.values():
        before: dict[str, Any] = {}
        for f in held:
            out.append(f | {k: "" for k in ("meaning", "remedy") if f[k] == before.get(k)})
            before = f
    return out


def table_of(a: Audit, name: str, grid: Grid, language: str) -> dict[str, Any]:
    """Return a table as a document shows it: caption, heads, cells as text, and which columns are numbers."""
    most = 14 if name in ("data/units", "coherence/across") else len(grid.columns)
    columns = grid.columns[:most]
    heads = [a.subject.names(k)[language] if k in a.built.tree.items else column(name, k, language) for k in columns]
    limit = FEWER.get(name, MOST_ROWS)
    rows = [[shown(a, name, k, v, language) for k, v in zip(columns, row, strict=False)] for row in grid.rows[:limit]]
    numeric = [all(isinstance(row[k], int | float) or row[k] is None for row in grid.rows) and not
               all(isinstance(row[k], bool) for row in grid.rows) for k in range(len(columns))]  # fmt: skip
    cut = said("cut", language, shown=limit, all=len(grid.rows)) if len(grid.rows) > limit else ""
    parts = sum(k in a.built.tree.items for k in columns) > PARTS_FLAT
    wide = sum(_width(r[0]) > UNIT for r in rows)
    halves = len(rows) > LONG and len(columns) <= NARROW and all(numeric[1:-1]) and wide <= 0.1 * len(rows)
    return {"name": name, "caption": said(name, language), "heads": heads, "rows": rows, "numeric": numeric, "cut": cut,
            "widths": _narrow(heads, rows, numeric) if halves else _widths(heads, rows, numeric), "upright": parts,
            "halves": halves and max(10, HALVES - 2 * wide),
            "short": len(rows) <= SHORT}  # fmt: skip


def _widths(heads: list[str], rows: list[list[str]], numeric: list[bool]) -> list[float]:
    """How wide each column is beside the others, by its longest cell; 0 for what takes just what it needs."""
    many = len(heads) > 8
    most = 32 if many else 44
    return [0.0 if number and not many else min(max(7, *(_width(r[k]) for r in rows), _width(head) // 2) + 2.0, most)
            for k, (head, number) in enumerate(zip(heads, numeric, strict=True))]


def _narrow(heads: list[str], rows: list[list[str]], numeric: list[bool]) -> list[float]:
    """How wide each column of half a page is beside the others: a number's head breaks between its words."""
    longest = [max(map(_width, re.split(r"[ -]", head))) for head in heads]
    return [max(6.0, 1.2 * n + 2.5) if number else
            min(max(n, *(_width(r[k]) for r in rows)), UNIT if k == 0 else TEXT) + (2.5 if k == 0 else 4.0)
            for k, (n, number) in enumerate(zip(longest, numeric, strict=True))]


def shown(a: Audit, table: str, key: str, value: Any, language: str) -> str:
    """Return a cell as text: names for codes, shares in per cent, ranks whole, correlations with two decimals."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return said("yes" if value else "no", language)
    if isinstance(value, str):
        return _text(a, table, key, value, language)
    if key in WHOLE and key not in SPLIT.get(table, ()):
        return f"{round(value, 1):g}".replace("-", "−")
    if (table, key) == ("framework/tree", "weight"):
        return f"{float(f'{value:.3g}'):g}"
    part = key in a.built.tree.items and table != "coherence/across"
    if key in SHARES or part or (key == "weight" and table == "importance/weights") or (table, key) in FRACTIONS:
        return f"{100 * value:.0f} %".replace("-", "−")
    if key in ("min", "max", "median", "before", "after", "figure"):
        size = abs(value)
        return (f"{value:,.0f}" if size >= 1000 else f"{value:.3g}" if 0 < size < 1e-3 else f"{value:.4g}"
                ).replace("e-0", "e-").replace("-", "−")  # fmt: skip
    if isinstance(value, int) or (float(value).is_integer() and abs(value) > 1):
        return f"{value:g}".replace("-", "−")
    if key == "p":
        return "< 0.001" if value < 0.001 else f"{value:.3f}"
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _text(a: Audit, table: str, key: str, value: str, language: str) -> str:
    if key == "unit":
        return unit_name(a.built, value, language)
    if key == "units" or (table, key) == ("robustness/curve", "first"):
        return ", ".join(unit_name(a.built, u, language) for u in value.split(", ") if u)
    if key in ITEMS and (value in a.built.tree.items or value in a.built.dataset.codebook):
        return a.subject.names(value)[language]
    return labelled(a, key, value, language)


def threshold_rows(a: Audit, language: str) -> list[list[str]]:
    """Return each threshold with its value and where it comes from."""
    held = a.thresholds.model_dump()
    pairs = {k: v if isinstance(v, tuple) else (v,) for k, v in held.items()}
    at = 1 if language == "ko" else 0
    return [[k, "–".join(f"{x:g}" for x in pairs[k]), text[at]] for k, text in ORIGINS.items()]


def _thresholds(a: Audit, language: str) -> dict[str, Any]:
    heads = [column("", k, language) for k in ("threshold", "value", "origin")]
    return {"name": "thresholds", "caption": said("thresholds", language), "heads": heads,
            "rows": threshold_rows(a, language), "numeric": [False, True, False], "cut": "",
            "widths": [20.0, 0.0, 44.0], "upright": False, "halves": False, "short": False}  # fmt: skip
