"""The parts that need no server: addresses, words, cells, lines of events."""

from __future__ import annotations

import ast
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from podium.app.web import render
from podium.app.web.i18n import FOLDER, catalogue, negotiated, words
from podium.app.web.jobs import Jobs
from podium.app.web.lines import event_line
from podium.app.web.security import Gate, csv_safe
from podium.app.web.state import View, address, read_view
from podium.errors import InputError
from podium.scenarios.events import Event, from_text

KNOWN = {"editions": ("2024", "2025"), "nominal": {"talent": 5.0, "rd": 1.0}, "options": {"size": ("half", ("half", "full"))}}


def test_view_and_address_are_inverse() -> None:
    """What an address says is what the view writes back; what is as specified is left out."""
    view = read_view([("edition", "2024"), ("w.talent", "8"), ("w.rd", "1"), ("o.size", "full")], **KNOWN)  # type: ignore[arg-type]
    assert view == View(edition="2024", weights=(("talent", 8.0),), options=(("size", "full"),))
    assert read_view(view.query(), **KNOWN) == view  # type: ignore[arg-type]
    assert address("/", view.query()) == "/?edition=2024&o.size=full&w.talent=8"
    assert read_view([("edition", "2025"), ("w.talent", "5"), ("o.size", "half")], **KNOWN) == View()  # type: ignore[arg-type]


def test_every_fault_of_an_address_is_told() -> None:
    """All parts that mean nothing are named together."""
    with pytest.raises(InputError) as caught:
        read_view([("w.nope", "1"), ("w.rd", "nan"), ("o.size", "x"), ("edition", "1")], **KNOWN)  # type: ignore[arg-type]
    assert len(caught.value.faults) == 4


def test_every_text_has_a_korean_one() -> None:
    """Each text of templates and makers of pages stands in the Korean catalogue, with the same places to fill."""
    here, said = Path(render.__file__).parent, set[str]()
    places = (here, here.parent / "publish")
    for file in (here / "templates").glob("*.html"):
        said |= {ast.literal_eval(m) for m in re.findall(r'\b_\(\s*("(?:[^"\\]|\\.)*")', file.read_text("utf-8"))}
    sources = [f.read_text("utf-8") for place in places for f in place.rglob("*.py")]
    with ThreadPoolExecutor(1) as pool:  # in the thread of a running Playwright, Python 3.11 miscounts the depth of a tree
        trees = list(pool.map(ast.parse, sources))
    for tree in trees:
        for node in ast.walk(tree):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
            if called and node.args and isinstance(node.args[0], ast.Constant):
                said.add(node.args[0].value)
    korean = catalogue("ko")
    assert (FOLDER / "ko" / "web.po").exists() and len(said) > 150
    alike = {"5 %", "25 %", "75 %", "95 %"}
    assert [t for t in said if korean.gettext(t) == t and t not in alike] == []
    assert [t for t in said if set(re.findall(r"{\w+}", t)) != set(re.findall(r"{\w+}", korean.gettext(t)))] == []


@pytest.mark.parametrize(
    ("asked", "header", "language"),
    [("ko", "en", "ko"), ("", "ko-KR,ko;q=0.9", "ko"), ("", "en;q=0.2, ko;q=0.8", "ko"), ("", "de", "en"), ("xx", "", "en")],
)
def test_language_is_negotiated(asked: str, header: str, language: str) -> None:
    """What is asked for counts first, then the header by its weights, then English."""
    assert negotiated(asked, header) == language


def test_long_tables_of_charts_stand_once_a_text() -> None:
    """A long table of a chart is packed column by column without loss; a short or nested one stays as it is."""
    rows = [{"unit": f"u{k % 5}", "year": k} for k in range(60)]
    held = render._packed({"data": {"values": rows}, "few": rows[:3]})
    columns = held["data"]["values"]["@columns@"]
    assert columns["unit"]["of"] == ["u0", "u1", "u2", "u3", "u4"] and columns["year"] == list(range(60))
    assert [columns["unit"]["of"][k] for k in columns["unit"]["at"]] == [r["unit"] for r in rows]
    assert held["few"] == rows[:3]
    nested = [{"a": [k]} for k in range(60)]
    assert render._packed(nested) == nested


def test_shares_are_not_rounded_to_certainty() -> None:
    """A share near an end is never shown as none or all."""
    said = [words("en").share(x).replace("\u00a0", " ") for x in (0.0, 0.001, 0.5, 0.999, 1.0)]
    assert said == ["0 %", "< 1 %", "50 %", "> 99 %", "100 %"]


def test_numbers_as_the_language_writes_them() -> None:
    """Groups, decimals, no negative zero, a dash where there is no number; a per cent sign stays with its number."""
    said = words("ko")
    assert [said.number(x, 1) for x in (1234567.25, -0.04, -2.35, float("nan"), None)] == ["1,234,567.2", "0.0", "-2.4", "–", "–"]
    assert "5\u00a0%" in words("en")("Points gained (5–95 %)")


@pytest.mark.parametrize("cell", ["=1+1", "+A1", "-2+3", "@SUM(A1)", "\t=1", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """A text that a spreadsheet would calculate is marked as text; numbers stay numbers."""
    assert csv_safe(cell) == "'" + cell
    assert csv_safe(-2.5) == -2.5


@pytest.mark.parametrize(
    "line",
    ['accelerators JPN "NVIDIA B200|NVIDIA H100 SXM5 80GB" 1600 2025-07 planned probability=0.9 label="Soft Bank"',
     "indicator KOR rd add 0.5 announced", "money JPN 5300000000 JPY completed", "accelerators FRA ? ? low=10 high=20"],
)  # fmt: skip
def test_events_survive_as_lines(line: str) -> None:
    """An event written as a line is read as the same event."""
    event = from_text(line)
    said = event_line(event)
    assert said is not None and from_text(said) == event
    assert event_line(Event("power", "KOR", amount=1e9)) is None


def test_tokens_fit_their_visitor_alone() -> None:
    """A form's token is of no use to another visitor, nor after the server's restart."""
    gate = Gate("secret")
    assert gate.is_own_form("a", gate.form_token("a"))
    assert not gate.is_own_form("b", gate.form_token("a"))
    assert not Gate("secret").is_own_form("a", gate.form_token("a"))
    assert gate.opens("secret") and not gate.opens("") and not Gate(None).opens("")


def test_ids_of_jobs_are_not_told_by_what_was_asked() -> None:
    """One queue knows the same question again; another server gives it another id."""
    first, other = Jobs(workers=0), Jobs(workers=0)
    asked = {"unit": "KOR", "text": b"..."}
    job = first.submit("whatif", asked)
    assert first.submit("whatif", asked) is job
    assert first.submit("whatif", asked | {"unit": "JPN"}).id != job.id
    assert other.submit("whatif", asked).id != job.id
