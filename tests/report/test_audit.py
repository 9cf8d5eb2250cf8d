"""The documents of an audit: page, PDF, workbook, JSON, in English and Korean."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from podium.app.cli import app
from podium.errors import ComputationError, InputError
from podium.report.audit import audit_html, audit_pdf, fonts_for
from podium.report.audit_book import write_audit_book
from podium.report.audit_view import page_of
from podium.report.audit_words import said
from podium.report.charts_audit import drawings
from podium.robustness.audit.chapter import ORDER
from podium.robustness.audit.run import Audit, audit
from robustness.planted import planted

pypdf = pytest.importorskip("pypdf")
typst = pytest.importorskip("typst")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small index with ten faults."""
    place = tmp_path_factory.mktemp("planted")
    planted(12, units=30).write(place)
    return place


@pytest.fixture(scope="module")
def found(folder: Path) -> Audit:
    """Its audit."""
    from podium.index.spec import load_spec

    return audit(load_spec(folder))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_has_every_chapter_and_fetches_nothing(found: Audit, language: str) -> None:
    """Ten chapters with their questions, every finding with its remedy and place, charts with a text, no address."""
    page = audit_html(found, language=language)
    for key in ORDER:
        assert f'id="{key}"' in page
        assert said(f"q {key}", language) in page
    assert page.count('class="finding ') >= len(found.findings)
    assert "index.yaml:" in page
    assert str(found.subject.spec.folder) not in page
    drawn = drawings(found, language)
    assert page.count('role="img"') == len(drawn) + 1
    assert all(len(d.alt) > 20 for d in drawn.values())
    assert not re.search(r"<(?:script|img|iframe|link)\b|@import|url\(", page)


def test_the_summary_alone_is_short(found: Audit) -> None:
    """The summary has the verdict, the first findings and ten answers, but no chapter."""
    short = audit_html(found, language="en", full=False)
    assert "before publication" in short
    assert short.count('class="state st-') == 10
    assert 'class="chapter"' not in short


def test_data_stay_text(folder: Path, tmp_path: Path) -> None:
    """A name with markup in it is shown as it is written, on the page and in print."""
    from podium.index.spec import load_spec

    for name in ("data.csv", "codebook.csv", "index.yaml"):
        (tmp_path / name).write_text((folder / name).read_text(encoding="utf-8"), encoding="utf-8")
    book = (tmp_path / "codebook.csv").read_text(encoding="utf-8").replace("P1I2", '"<b>#p[1]$i</b> `x`"')
    (tmp_path / "codebook.csv").write_text(book, encoding="utf-8")
    odd = audit(load_spec(tmp_path))
    assert "<b>#p[1]" not in audit_html(odd, language="en", full=False)
    brief = audit_pdf(odd, language="en", full=False)
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(brief)).pages)
    assert "#p[1]$i" in text


def test_the_pdf_is_the_same_bytes_with_contents_and_texts_for_pictures(found: Audit) -> None:
    """Two settings give the same bytes; it has an outline of all chapters, embedded fonts, and a text for every chart."""
    one = audit_pdf(found, language="en")
    assert audit_pdf(found, language="en") == one
    book = pypdf.PdfReader(io.BytesIO(one))
    titles = [str(o.title) for o in book.outline if not isinstance(o, list)]
    assert any("Coherence" in t for t in titles)
    assert len(titles) >= len(ORDER) + 2
    assert "Statistical audit" in str(book.metadata.title)
    root = book.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    alts = [o.get_object().get("/Alt") for o in _structure(book)]
    assert sum(a is not None for a in alts) == len(drawings(found, "en")) + 1
    fonts = {str(f.get_object()["/BaseFont"]) for p in book.pages for f in p["/Resources"].get("/Font", {}).values()}
    assert fonts
    assert all("+" in f for f in fonts)  # a subset of an embedded font has a tag


def _structure(book: object) -> list[object]:
    """Every element of a PDF's structure tree."""
    out, row = [], [book.trailer["/Root"]["/StructTreeRoot"]]  # type: ignore[attr-defined]
    while row:
        node = row.pop().get_object()
        if not isinstance(node, dict):
            continue
        out.append(node)
        kids = node.get("/K", [])
        row += kids if isinstance(kids, list) else [kids]
    return out


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_summary_is_two_pages(found: Audit, language: str) -> None:
    """In either language, also of an index with every fault."""
    if language == "ko":
        try:
            fonts_for("ko", typst.Fonts().families())
        except ComputationError:
            pytest.skip("this machine has no font with Korean letters")
    book = pypdf.PdfReader(io.BytesIO(audit_pdf(found, language=language, full=False)))
    assert len(book.pages) == 2
    if language == "ko":
        assert "통계 감사" in book.pages[0].extract_text()


def test_a_missing_font_is_named_with_its_remedy() -> None:
    """Without a font for Hangul a Korean PDF is refused and says what to install; an English one needs none."""
    with pytest.raises(ComputationError, match="fonts-noto-cjk"):
        fonts_for("ko", ["DejaVu Sans", "Libertinus Serif"])
    assert fonts_for("en", ["DejaVu Sans", "Libertinus Serif"]) == ["DejaVu Sans", "Libertinus Serif"]
    assert fonts_for("ko", ["Noto Sans CJK KR", "DejaVu Sans"])[0] == "Noto Sans CJK KR"
    with pytest.raises(InputError, match="en or ko"):
        fonts_of = audit_html
        fonts_of(None, language="fr")  # type: ignore[arg-type]


def test_the_workbook_has_every_table_whole(found: Audit, tmp_path: Path) -> None:
    """A sheet for the findings, one for each table with as many rows as it has, and the thresholds."""
    from openpyxl import load_workbook

    write_audit_book(found, tmp_path / "a.xlsx", language="ko")
    book = load_workbook(tmp_path / "a.xlsx")
    tables = sum(len(c.tables) for c in found.chapters)
    assert len(book.sheetnames) == tables + 3
    findings = book[book.sheetnames[1]]
    assert findings.max_row == len(found.findings) + 1
    units = next(book[n] for n in book.sheetnames if n.endswith("intervals"))
    assert units.max_row == len(found.built.units) + 1


def test_long_tables_are_cut_in_documents_and_say_so(found: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document shows the first rows of a long table and says that the workbook has all."""
    from podium.report import audit_view

    monkeypatch.setattr(audit_view, "MOST_ROWS", 5)
    page = page_of(found, "en", {}, full=True)
    table = next(t for c in page["chapters"] for t in c["tables"] if t["name"] == "data/units")
    assert len(table["rows"]) == 5
    assert "first 5 of 30" in table["cut"]


def test_the_command_writes_all_four(folder: Path, tmp_path: Path) -> None:
    """`podium audit` prints the verdict within 80 columns and writes each document that is asked for, here in brief."""
    files = [tmp_path / f"a{kind}" for kind in (".html", ".pdf", ".xlsx", ".json")]
    options = [x for f in files for x in ("--out", str(f))]
    done = CliRunner().invoke(app, ["audit", str(folder), "--summary", *options])
    assert done.exit_code == 0, done.output
    assert all(f.stat().st_size > 2000 for f in files)
    assert "mend these before publication" in done.stdout
    assert max(map(len, done.stdout.split("wrote")[0].splitlines())) <= 80
    held = json.loads(files[3].read_text(encoding="utf-8"))
    assert held["counts"]["fault"] >= 3


def test_the_command_refuses_before_it_works(folder: Path) -> None:
    """A kind of file or a language that there is not is refused at once, with those that there are."""
    done = CliRunner().invoke(app, ["audit", str(folder), "--out", "audit.docx"])
    assert done.exit_code == 2
    assert ".xlsx" in done.stderr
    done = CliRunner().invoke(app, ["audit", str(folder), "--lang", "fr"])
    assert done.exit_code == 2
    assert "en or ko" in done.stderr


def test_every_table_and_chart_has_words_in_both_languages(found: Audit) -> None:
    """No caption, head or question is missing or left in its key."""
    for language in ("en", "ko"):
        page = page_of(found, language, drawings(found, language), full=True)
        tables = [t for c in page["chapters"] for t in c["tables"]]
        assert len(tables) >= 14
        assert all(t["caption"] and "/" not in t["caption"] for t in tables)
        assert not [h for t in tables for h in t["heads"] if "_" in h]
