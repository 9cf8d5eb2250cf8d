"""Paragraphs told twice: once with a right sum, product, remainder or conversion, once with a wrong one in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from podium.claims.check import check_claims
from podium.claims.claim import Claim
from podium.claims.extract import article_of

FOLDER = Path(__file__).resolve().parent / "twins"
_SLOT = re.compile(r"\[\[(?P<right>.+?)\|\|(?P<wrong>.+?)\]\]")


@dataclass(frozen=True)
class Twin:
    """A paragraph with its date; each ``[[right||wrong]]`` is a figure that the paragraph itself, or the ECB rate, gives."""

    where: str
    date: str
    body: str

    @property
    def slots(self) -> int:
        """How many figures have a wrong twin."""
        return len(_SLOT.findall(self.body))

    def told(self, wrong: int | None = None) -> tuple[str, list[tuple[int, int]]]:
        """Return the paragraph, with one slot wrong where that is asked, and where its slots stand."""
        text, spans, at = "", [], 0
        for k, m in enumerate(_SLOT.finditer(self.body)):
            text += self.body[at : m.start()]
            word = m["wrong"] if k == wrong else m["right"]
            spans.append((len(text), len(text) + len(word)))
            text += word
            at = m.end()
        return text + self.body[at:], spans


def read_twins(path: Path) -> list[Twin]:
    """Return the paragraphs of a file: a date on a line of its own, the text below it, ``---`` between two."""
    blocks = [b.strip().partition("\n") for b in path.read_text(encoding="utf-8").split("\n---\n")]
    return [Twin(f"{path.stem}:{n}", date.strip(), body) for n, (date, _, body) in enumerate(blocks, start=1)]


TWINS = [t for path in sorted(FOLDER.glob("*.txt")) for t in read_twins(path)]
WRONG = [pytest.param(t, k, id=f"{t.where}:{k}") for t in TWINS for k in range(t.slots)]


def _claims(text: str, date: str) -> tuple[Claim, ...]:
    return check_claims(article_of(text, date=date)).claims


def _at(claims: tuple[Claim, ...], span: tuple[int, int]) -> list[Claim]:
    return [c for c in claims if c.char_start < span[1] and span[0] < c.char_end]


@pytest.mark.parametrize("twin", TWINS, ids=lambda t: t.where)
def test_right_figures_are_supported_and_none_is_called_wrong(twin: Twin) -> None:
    """With every figure right, the derived ones are supported and no figure of the paragraph is contradicted."""
    text, spans = twin.told()
    claims = _claims(text, twin.date)
    assert [(c.span_text, c.reason) for c in claims if c.verdict == "contradicted"] == []
    assert [text[a:b] for a, b in spans if not any(c.verdict == "supported" for c in _at(claims, (a, b)))] == []


@pytest.mark.parametrize(("twin", "slot"), WRONG)
def test_a_wrong_figure_is_contradicted(twin: Twin, slot: int) -> None:
    """With one derived figure wrong, that figure is contradicted."""
    text, spans = twin.told(slot)
    assert any(c.verdict == "contradicted" for c in _at(_claims(text, twin.date), spans[slot]))
