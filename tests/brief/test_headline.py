"""What a headline asks, and the answer that fits its direction."""

from __future__ import annotations

import pytest

from podium.brief.answer import answer, find
from podium.brief.headline import asked, passes
from podium.brief.story import Question
from podium.claims.entities import find_mentions
from podium.index.spec import load_spec
from podium.robustness.engine import Stress, stress
from podium.scenarios.events import from_text
from podium.scenarios.whatif import whatif


@pytest.mark.parametrize(
    ("headline", "kind"),
    [
        ("일본의 엔비디아 밀착, 한국의 ‘AI 3강’ 목표에 걸림돌 될까", "brake"), ("AI G3 도약 제동 걸리나…일본, 동맹 과시", "brake"), ("프랑스, AI 3강 진입", "brake"),
        ("Will Japan's deal put the brakes on Korea?", "brake"), ("Seoul buys 10,000 chips", "brake"), ("日本の提携は韓国の足かせになるか", "brake"),
        ("Will Japan overtake South Korea in the AI race?", "ahead"), ("일본, AI에서 한국을 추월할까", "ahead"), ("日本は韓国を追い抜けるか", "ahead"),
        ("Can South Korea stay ahead of Japan in AI?", "ahead"), ("한국, 일본 따돌릴 수 있을까?", "ahead"),
        ("한국, AI 3강 진입 가능할까", "reach"), ("Can Canada still make the AI top five?", "reach"), ("日本はAI上位5カ国に入れるか", "reach"),
        ("Will South Korea fall out of the AI top three?", "lose"), ("Is Germany too late for the AI top five?", "lose"), ("영국, AI 5강에서 밀려나나", "lose"),
    ],
)  # fmt: skip
def test_what_a_headline_asks(headline: str, kind: str) -> None:
    """Obstacle, order, place reached or lost, in three languages; a headline that asks nothing is taken as before."""
    assert asked(headline) == kind


@pytest.mark.parametrize(
    ("headline", "language", "pair"),
    [
        ("Will Japan overtake South Korea in the AI race?", "en", ("JPN", "KOR")), ("Will South Korea be overtaken by Japan?", "en", ("JPN", "KOR")),
        ("일본, AI에서 한국을 추월할까", "ko", ("JPN", "KOR")), ("프랑스를 독일이 앞지를까", "ko", ("DEU", "FRA")),
        ("日本は韓国を追い抜けるか", "ja", ("JPN", "KOR")), ("Will Japan catch up?", "en", None),
    ],
)  # fmt: skip
def test_who_is_to_pass_whom(headline: str, language: str, pair: tuple[str, str] | None) -> None:
    """By the order of the words in English, by the object marker in Korean and Japanese."""
    named = [m for m in find_mentions(headline) if m.type == "country"]
    assert passes(headline, named, language) == pair


@pytest.fixture(scope="module")
def stressed() -> Stress:
    """The 2024 edition of ai-race on few draws."""
    return stress(load_spec("ai-race", edition="2024"), draws=144, seed=3, error_draws=40)


@pytest.mark.parametrize(
    ("first", "verdict", "english"),
    [("JPN", "no", "No. After what the article announces, Japan is ahead of South Korea in none of"),
     ("KOR", "yes", "Yes. After what the article announces, South Korea is ahead of Japan in all of")],
)  # fmt: skip
def test_the_answer_depends_on_who_is_asked_for(stressed: Stress, first: str, verdict: str, english: str) -> None:
    """The same draws say yes to the one ahead and no to the one behind."""
    q = Question("KOR", "JPN", 3, asks="ahead", first=first)  # type: ignore[arg-type]
    w = whatif(stressed, (from_text("accelerators JPN B200 1600 2025-07"),), focal="KOR", rival="JPN", rank=3, date="2025-03-01")
    f = find(q, stressed, w, (), edition="2024", date="2025-03-01")
    assert f.brake == verdict
    said = answer(f, ("en", "ko", "ja")).short
    assert said["en"].startswith(english)
    assert said["ko"].startswith({"no": "아닙니다. ", "yes": "그렇습니다. "}[verdict]) and "발표 전에는" in said["ko"]
    assert "発表の前は" in said["ja"]


@pytest.mark.parametrize(("asks", "words"), [("reach", "is third or better"), ("lose", "is not third or better")])
def test_reach_and_lose_add_up(stressed: Stress, asks: str, words: str) -> None:
    """What is reached in so many variants is missed in the rest, and the verdict follows the share asked for."""
    w = whatif(stressed, (from_text("accelerators KOR B200 10000 2025-07"),), focal="KOR", rival="JPN", rank=3, date="2025-03-01")
    f = find(Question("KOR", "JPN", 3, asks=asks), stressed, w, (), edition="2024", date="2025-03-01")  # type: ignore[arg-type]
    there = f.deal.after["KOR"].share.value  # type: ignore[union-attr]
    share = there if asks == "reach" else 1 - there
    assert f.brake == ("yes" if share >= 0.5 else "possibly" if share >= 0.1 else "hardly" if share >= 0.01 else "no")
    assert words in answer(f, ("en",)).short["en"]
