"""Single sentences in newspaper styles of three languages: kind, value, unit, country, verdict and status of every figure."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.claims.marks import Sentence, faults, read_sentences

FOLDER = Path(__file__).resolve().parent / "sentences"
SENTENCES = [s for path in sorted(FOLDER.glob("*.txt")) for s in read_sentences(path)]


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s.where)
def test_every_figure_of_a_sentence_is_read_as_marked(sentence: Sentence) -> None:
    """Every marked figure is found with its kind, value, unit, country, verdict and status; no other figure is a claim."""
    assert faults(sentence) == []


def test_each_language_has_sixty_sentences_and_every_verdict() -> None:
    """Each language has at least sixty sentences, among which every kind and every verdict occurs."""
    for language in ("ko", "en", "ja"):
        own = [s for s in SENTENCES if s.where.startswith(language)]
        marks = [m for s in own for m in s.marks]
        assert len(own) >= 60
        assert {v for m in marks for v in m.verdicts} == {"supported", "contradicted", "unverifiable"}
        assert len({k for m in marks for k in m.kinds}) == 12
