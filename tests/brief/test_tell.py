"""One article from headline to answer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from podium.brief.goal import find_goals
from podium.brief.story import Brief
from podium.brief.tell import brief, edition_before
from podium.brief.words import josa
from podium.errors import DataError, SpecError
from podium.index.spec import load_spec

DEMO = Path(__file__).resolve().parents[2] / "src" / "podium" / "data" / "bundled" / "demo" / "brief_ko.txt"


@pytest.fixture(scope="module")
def story() -> Brief:
    """The bundled brief on few draws."""
    return brief(DEMO, draws=144, seed=7)


def test_question_comes_from_the_article_with_its_spans(story: Brief) -> None:
    """Focal unit, rival and rank are read from the text, each with the place that says so."""
    q = story.question
    assert (q.unit, q.rival, q.rank) == ("KOR", "JPN", 3)
    said = {key: story.checked.text[a:b] for key, (a, b) in q.spans.items()}
    assert said["unit"] == "한국"
    assert "3" in said["rank"]


def test_edition_ends_before_the_article(story: Brief) -> None:
    """An article of November 2024 is judged by the edition that ended before it."""
    assert story.edition == "2023"


def test_sized_and_unsized_announcements(story: Brief) -> None:
    """HIGHRESO's 1,600 count; SoftBank's system without a size is listed, money is outside."""
    w = story.whatif
    assert w is not None
    assert [(e.label, e.count) for e in w.events] == [("HIGHRESO", 1600)]
    assert [e.label for e in w.unsized] == ["SoftBank"]
    assert {e.currency for e, _ in w.outside} == {"JPY", "EUR"}


def test_answer_in_both_languages_names_numbers_and_published_editions(story: Brief) -> None:
    """The paragraph gives the verdict, the hinge and the published ranks in Korean and English."""
    assert story.answer.brake == "no"
    for language, index in (("ko", "한국 6위"), ("en", "South Korea sixth")):
        paragraph = story.answer.paragraph[language]
        assert "Global AI Index 2024" in paragraph
        assert index in paragraph
        assert story.answer.hinge[language] in paragraph


def test_only_editions_known_at_the_time(story: Brief) -> None:
    """No published edition is later than the article."""
    assert all(e.public[:10] <= "2024-11-14" for e in story.published)


def test_same_seed_same_story(story: Brief) -> None:
    """Run twice, the whole result is identical."""
    again = brief(DEMO, draws=144, seed=7)
    one, other = (json.dumps(b.to_dict(), default=float, sort_keys=True) for b in (story, again))
    assert one == other


def test_user_overrides_the_article_and_another_seed_changes_the_draws_only(story: Brief) -> None:
    """--unit, --rival and --rank go before what the text names, and carry no span; scores do not depend on the seed."""
    told = brief(DEMO, draws=144, seed=8, unit="FRA", rival="DEU", rank=5)
    assert (told.question.unit, told.question.rival, told.question.rank) == ("FRA", "DEU", 5)
    assert told.question.spans == {} and told.question.assumed == ()
    assert told.receipt["numbers_sha256"] != story.receipt["numbers_sha256"]
    np.testing.assert_array_equal(told.built.score_table, story.built.score_table)


def test_japanese_and_english_articles(tmp_path: Path) -> None:
    """An article in another language is answered in it, about other countries."""
    text = (
        "Can France become a top-five AI nation as Germany buys more chips?\n\nFrance has made being among the top five AI nations its goal. "
        "Deutsche Telekom said it would install 10,000 Nvidia B200 GPUs in Munich by 2026.\n"
    )
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    told = brief(path, date="2025-06-13", draws=144)
    assert (told.question.unit, told.question.rival, told.question.rank) == ("FRA", "DEU", 5)
    assert told.edition == "2024"
    assert told.whatif is not None
    assert [(e.country, e.count, e.systems) for e in told.whatif.events] == [("DEU", 10000, ("NVIDIA B200",))]
    path.write_text("日本はAIで世界3位以内を目標に掲げる。韓国はNAVERがGPUを5000基導入すると発表した。", encoding="utf-8")
    told = brief(path, date="2025-06-13", draws=144)
    assert told.answer.brake == "already behind"  # the machines are for Korea, which leads
    assert (told.question.unit, told.question.rival, told.question.rank) == ("JPN", "KOR", 3)
    assert set(told.answer.paragraph) == {"ja", "en"}


def test_unknown_unit_and_too_early_date(tmp_path: Path) -> None:
    """A unit that the index lacks, and a date before every edition, are one clear error each."""
    with pytest.raises(DataError, match=r"unit 'Jpan' is not in the index.*Japan"):
        brief(DEMO, draws=144, unit="Jpan")
    with pytest.raises(SpecError, match="no edition of ai-race ends before 2010-01-01"):
        edition_before(load_spec("ai-race"), "2010-01-01")


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("한국은 AI G3 도약을 목표로 한다", 3),
        ("세계 3위 AI 강국을 목표로", 3),
        ("Canada wants to be a top-five AI nation", 5),
        ("世界トップ3のAI大国を目指す", 3),
    ],
)
def test_goal_in_three_languages(text: str, rank: int) -> None:
    """A wanted rank is found in each language."""
    assert find_goals(text)[0].rank == rank


@pytest.mark.parametrize("text", ["G7 정상회의가 열렸다", "third to tenth place are close, small revisions matter"])
def test_what_is_no_goal(text: str) -> None:
    """A summit and a place in a table are no goals."""
    assert find_goals(text) == []


def test_korean_particles() -> None:
    """Particles follow the last sound."""
    assert [josa(w, "은/는") for w in ("한국", "프랑스", "UAE")] == ["한국은", "프랑스는", "UAE는"]


def test_story_says_what_it_would_take(story: Brief) -> None:
    """The plan, or the proof that there is none, stands in the result and in the paragraph of both languages."""
    assert story.reach is not None
    assert (story.reach.unit, story.reach.rank) == ("KOR", 3)
    assert story.to_dict()["reach"]["status"] == story.reach.status
    word = {"reached": ("least effort", "가장 적은 노력"), "infeasible": ("cannot be", "길은 없습니다")}.get(story.reach.status, ("", ""))
    assert word[0] in story.answer.paragraph["en"] and word[1] in story.answer.paragraph["ko"]
