"""The documents of an audit: a page that opens anywhere, a PDF, a workbook."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from podium.errors import ComputationError, Fault, InputError
from podium.report.audit_view import page_of
from podium.report.audit_words import said
from podium.report.charts import svg
from podium.report.charts_audit import drawings
from podium.report.tokens import FONTS, LIGHT, css
from podium.robustness.audit.run import Audit

__all__ = ["HANGUL", "LATIN", "audit_html", "audit_pdf", "fonts_for"]

TEMPLATES = Path(__file__).resolve().parent / "templates"
HANGUL = ("Pretendard", "Noto Sans KR", "Noto Sans CJK KR", "Source Han Sans KR", "Nanum Gothic", "NanumGothic",
          "Apple SD Gothic Neo", "Malgun Gothic")  # fmt: skip
"""Families that hold Korean letters, the first that the machine has is used."""
LATIN = ("Noto Sans", "Inter", "DejaVu Sans", "Libertinus Serif")
SUMMARY_UNITS = 12
POINTS = 0.68
"""Points on paper to a pixel of a chart, so that the letters of all charts are of one size."""


def audit_html(a: Audit, *, language: str, full: bool = True) -> str:
    """Return an audit as one self-contained HTML page, which fetches nothing.

    Parameters
    ----------
    language
        ``en`` or ``ko``.
    full
        False keeps to the summary.

    Raises
    ------
    InputError
        If there is no such language.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup, escape

    _known(language)
    charts = drawings(a, language) if full else {}
    short = drawings(a, language, units=SUMMARY_UNITS, only=["robustness"])
    env = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                      lstrip_blocks=True)  # fmt: skip

    def coded(text: str) -> Markup:
        parts = text.split("`")
        return Markup("").join(Markup("<code>{}</code>").format(p) if k % 2 else escape(p) for k, p in enumerate(parts))

    env.filters["coded"] = coded
    return env.get_template("audit.html").render(
        page=page_of(a, language, charts, full=full), css=css(), fonts=FONTS,
        svgs={k: svg(d.spec, width=704) for k, d in charts.items()},
        standing=svg(short["robustness"].spec, width=704) if "robustness" in short else "",
        standing_alt=short["robustness"].alt if "robustness" in short else "",
    )  # fmt: skip


def audit_pdf(a: Audit, *, language: str, full: bool = True) -> bytes:
    """Return an audit as PDF, the same bytes for the same audit on a machine with the same fonts.

    It keeps to PDF/UA-1, the standard for documents that screen readers read: tagged, in its language, with a text for
    every drawing; typst refuses what does not.

    Raises
    ------
    InputError
        If there is no such language.
    ComputationError
        If typst is not installed, or for Korean no font with Korean letters, with the remedy.
    """
    _known(language)
    typst = _typst()
    families = fonts_for(language, typst.Fonts().families())
    charts = drawings(a, language) if full else {}
    short = drawings(a, language, units=SUMMARY_UNITS, only=["robustness"])
    page = page_of(a, language, charts, full=full)
    page |= {"fonts": families, "colours": {k: v for k, v in LIGHT.items() if len(v) == 7},
             "standing_alt": short["robustness"].alt if "robustness" in short else "",
             "source_line": said("page", language)}  # fmt: skip
    made = {k: _drawn(d.spec, families) for k, d in charts.items()}
    if "robustness" in short:
        made["standing"] = _drawn(short["robustness"].spec, families)
    page["drawn"] = {k: round(POINTS * _wide(raw), 1) for k, raw in made.items()}
    files: dict[str, bytes] = {"main.typ": (TEMPLATES / "audit.typ").read_bytes(),
                               "page.json": json.dumps(page, ensure_ascii=False).encode()}  # fmt: skip
    files |= {f"{k}.svg": raw for k, raw in made.items()}
    try:
        return bytes(typst.compile(files, timestamp=0, pdf_standards=["ua-1"], sys_inputs={"page": "page.json"}))
    except typst.TypstError as error:
        raise ComputationError(Fault(f"typst cannot set the audit: {error}", "Write .html instead")) from None


def _drawn(spec: dict[str, Any], families: list[str]) -> bytes:
    """A chart in light colours whose letters are of the document's fonts."""
    made = svg(spec, theme="light", width=640)
    return made.replace(FONTS.replace('"', "&quot;"), ", ".join(families)).encode()


def _wide(raw: bytes) -> float:
    """The width of a drawing, in its own pixels."""
    found = re.search(rb'<svg[^>]* width="([0-9.]+)"', raw)
    return float(found[1]) if found else 640.0


def fonts_for(language: str, families: list[str]) -> list[str]:
    """Return the families that a document in a language is set in, the first one for its main letters.

    Parameters
    ----------
    families
        What the machine has.

    Raises
    ------
    ComputationError
        If no family holds Korean letters and the document is Korean.
    """
    hangul = [f for f in HANGUL if f in families]
    latin = [f for f in LATIN if f in families]
    if language == "ko" and not hangul:
        raise ComputationError(Fault(
            "no font with Korean letters is installed, so a Korean PDF cannot be set",
            f"Install one of {', '.join(HANGUL[:5])} (Debian, Ubuntu: apt-get install fonts-noto-cjk), or write .html"
        ))  # fmt: skip
    return [*hangul[:1], *latin] if hangul else latin


def _typst() -> Any:
    try:
        import typst
    except ImportError:
        remedy = "pip install 'podium[pdf]', or write .html"
        raise ComputationError(Fault("PDF needs the package typst", remedy)) from None
    return typst


def _known(language: str) -> None:
    if language not in ("en", "ko"):
        raise InputError(Fault(f"there are no audits in {language!r}", "Use en or ko"))
