"""Places and specifications in running text: what is right is never contradicted, what is wrong is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from podium.claims.check import check_claims
from podium.claims.extract import article_of

FOLDER = Path(__file__).resolve().parent / "places"


def _lines(name: str) -> list[str]:
    return [x for x in (FOLDER / name).read_text(encoding="utf-8").splitlines() if not x.startswith("#")]


@pytest.mark.parametrize("line", _lines("right.txt"))
def test_a_right_figure_is_never_contradicted(line: str) -> None:
    """Whoever holds a place, whichever table it is of and whichever chip is meant: a true sentence raises no alarm."""
    date, _, text = line.partition(" ")
    claims = check_claims(article_of(text, date=date)).claims
    assert claims
    assert [(c.span_text, c.reason) for c in claims if c.verdict == "contradicted"] == []


@pytest.mark.parametrize("line", _lines("wrong.txt"))
def test_a_wrong_place_is_found(line: str) -> None:
    """Every figure in ⟦ ⟧ is contradicted, and none beside it."""
    date, _, marked = line.partition(" ")
    text = re.sub("[⟦⟧]", "", marked)
    claims = check_claims(article_of(text, date=date)).claims
    assert [c.span_text for c in claims if c.verdict == "contradicted"] == re.findall("⟦(.*?)⟧", marked)
