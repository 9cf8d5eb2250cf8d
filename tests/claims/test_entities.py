"""Names, what they mean, and what refers back to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from podium.claims.coreference import resolve
from podium.claims.entities import extended, find_mentions, fold, lexicon
from podium.errors import ArticleError


def test_no_name_means_two_things_without_a_cue() -> None:
    """Where a name of the lexicon has several meanings, each says which words it needs."""
    assert [n for n, meanings in lexicon().items() if len(meanings) > 1 and not all(m.needs for m in meanings)] == []


def test_ordinary_word_is_a_machine_only_beside_supercomputers() -> None:
    """Frontier is a system where supercomputers are spoken of, else nobody's name."""
    (one,) = find_mentions("Frontier, the supercomputer")
    (other,) = find_mentions("a new Frontier for all")
    assert ((one.type, one.country), (other.type, other.country)) == (("system", "USA"), ("ambiguous", ""))


@pytest.mark.parametrize("text", ["한국학", "메타버스", "メタバース", "13日、", "모델", "인도적 지원", "US$5", "Metadata"])
def test_names_inside_other_words_are_none(text: str) -> None:
    """A short name inside a longer word is no name."""
    assert [m for m in find_mentions(text) if m.id != "USA"] == []


@pytest.mark.parametrize(
    ("text", "id"),
    [("네이버는 클라우드를 짓는다. 이 회사는 GPU를 산다.", "Naver"), ("KDDIは堺に拠点を置く。同社はGPUを導入する。", "KDDI"),
     ("Mistral will expand. The company said so.", "Mistral"), ("SK텔레콤은 카카오와 만났다. 같은 회사", "SK")],
)  # fmt: skip
def test_what_refers_back_means_the_last_firm(text: str, id: str) -> None:
    """이 회사, 同社 and the company mean the firm named before."""
    found = resolve(fold(text), find_mentions(text))
    assert found[-1].id == id


def test_further_names_come_from_files(tmp_path: Path) -> None:
    """A CSV file adds names while it is in use; a row without a name is named with its line."""
    path = tmp_path / "names.csv"
    path.write_text("id,type,country,names\nHalberd,company,IRL,Halberd Data\n", encoding="utf-8")
    with extended(path):
        assert [m.id for m in find_mentions("Halberd Data builds")] == ["Halberd"]
    assert find_mentions("Halberd Data builds") == []
    path.write_text("id,type,country,names\nX,planet,IRL,Halberd\n", encoding="utf-8")
    with pytest.raises(ArticleError, match=r"names\.csv:2"), extended(path):
        pass


def test_korean_word_that_looks_like_a_country_is_none() -> None:
    """인도 as delivery, 이란 after a quotation mark, 신장세 as growth are words; before a particle they are names."""
    assert find_mentions("‘AI 3강’이란 목표. GPU 인도 시점이 밀렸다. 매출 신장세") == []
    assert [m.country for m in find_mentions("인도가 GPU를 산다. 이란은 못 산다")] == ["IND", "IRN"]
