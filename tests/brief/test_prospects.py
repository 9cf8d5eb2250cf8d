"""What an answer says, and what it must not say: who leads, whom an announcement lifts, what is no money."""

from __future__ import annotations

from pathlib import Path

import pytest

from podium.brief.answer import Findings, answer, find
from podium.brief.events import announced
from podium.brief.prospects import ordinal
from podium.brief.question import ask
from podium.brief.story import Question
from podium.brief.words import capital, chance_text, share_in, share_is, spoken
from podium.claims.check import check_article
from podium.errors import ArticleError
from podium.index.spec import load_spec
from podium.robustness.engine import Stress, stress
from podium.robustness.statistics import Probability, count_share
from podium.scenarios.events import Event, from_text
from podium.scenarios.whatif import whatif

DATE = "2025-06-13"


@pytest.fixture(scope="module")
def stressed() -> Stress:
    """The 2024 edition of ai-race on few draws."""
    return stress(load_spec("ai-race", edition="2024"), draws=144, seed=3, error_draws=40)


def findings(stressed: Stress, question: Question, *events: Event) -> Findings:
    """The findings of a question and events, without plan and forecast."""
    w = whatif(stressed, events, focal=question.unit, rival=question.rival, rank=question.rank, date=DATE)
    return find(question, stressed, w, (), edition="2024", date=DATE)


def test_machines_of_the_one_behind_widen_no_lead(stressed: Stress) -> None:
    """Machines for Japan do not widen America's lead, machines for America that is not yet the best would."""
    own = findings(stressed, Question("JPN", "USA", 3), from_text("accelerators JPN B200 1600 2025-07"))
    assert own.brake == "no"
    said = answer(own, ("en", "ko", "ja")).paragraph
    assert "The United States led by" in said["en"] or "the United States led by" in said["en"]
    assert "미국이" in said["ko"] and "앞섰습니다" in said["ko"] and "アメリカ合衆国" in said["ja"]
    assert "widens" not in said["en"] and "past the United States" in said["en"]
    other = findings(stressed, Question("JPN", "KOR", 3), from_text("accelerators KOR B200 1600 2025-07"))
    assert other.brake == "already behind"
    assert "widens a lead that exists" in answer(other, ("en",)).short["en"]


def test_who_has_the_best_is_told_so(stressed: Stress) -> None:
    """Whoever has the world's best gains nothing by more of it, and nobody is told how much more would do."""
    built = stressed.built
    best = max(built.units, key=lambda u: float(built.scores.loc[u, "compute"]))
    f = findings(stressed, Question(best, "MAR", 3), from_text(f"accelerators {best} B200 64000 2025-12"))
    said = answer(f, ("en", "ko", "ja")).paragraph
    assert "world's best value in “Installed accelerators, dense 8-bit” already" in said["en"]
    assert "0.0 points" not in said["en"] and "이미 세계 최고 값" in said["ko"] and "すでに世界最高" in said["ja"]


def test_power_is_no_money(stressed: Stress) -> None:
    """Watts and sums are counted apart, each in its own line; one of them is singular."""
    f = findings(stressed, Question("KOR", "MAR", 3, assumed=("rank",)), Event("power", "MAR", amount=5e8),
                 Event("money", "MAR", amount=1e9, currency="EUR"), Event("money", "MAR", amount=2e9, currency="EUR"))  # fmt: skip
    assert f.brake == "no event"
    lines = answer(f, ("en", "ko")).unknown
    assert any("2 sums of the article are in no indicator" in x for x in lines["en"])
    assert any("1 figure of power" in x for x in lines["en"])
    assert any("names no place" in x for x in lines["en"]) and any("3위 안으로 물었습니다" in x for x in lines["ko"])


def test_a_change_names_the_share_of_each(stressed: Stress) -> None:
    """Where something changes, the order and the goal have their shares, one after the other."""
    f = findings(stressed, Question("KOR", "JPN", 3), from_text("accelerators KOR B200 60000 2025-12"))
    assert f.brake in ("possibly", "yes") and f.deal is not None
    short = answer(f, ("en", "ko", "ja")).short
    assert "the order of South Korea and Japan in none of 144 draws" in short["en"]
    assert "and whether South Korea is third or better in " in short["en"]
    assert "순서가 바뀌는 경우는" in short["ko"] and "順序が変わるのは" in short["ja"]


def test_no_share_is_doubled_or_bare() -> None:
    """None, all and some of the draws each make a whole phrase."""
    none, some, every = count_share(0, 200), count_share(50, 200), count_share(200, 200)
    assert share_in(none, "en") == "in none of 200 draws (below 1.5 %)"
    assert share_in(some, "en") == "in 25 % ± 3.1 of the admissible variants"
    assert share_is(none, "ko") == "200번 가운데 한 번도 없습니다(1.5 % 미만)"
    assert share_is(every, "ja") == "200回すべてです"
    assert chance_text(Probability(1.0, 0.0, 1.0, 0.0, 300), "en") == "above 0.99"
    assert chance_text(Probability(0.0, 0.0, 1.0, 0.0, 300), "ko") == "0.01 미만"
    assert chance_text(Probability(0.9967, 0.0, 1.0, 0.0, 300), "en") == "0.997"


def test_english_names_and_ordinals() -> None:
    """Some countries bear an article, with a capital where a sentence begins; 21st, 112th."""
    assert capital(f"{spoken('USA', 'en')} led. {spoken('NLD', 'en')} and {spoken('GBR', 'en')} follow.") == (
        "The United States led. The Netherlands and the United Kingdom follow.")  # fmt: skip
    assert spoken("USA", "ko") == "미국"
    assert [ordinal(k) for k in (3, 11, 21, 22, 33, 112)] == ["third", "11th", "21st", "22nd", "33rd", "112th"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Foxconn will build a national AI supercomputer in Kaohsiung, Taiwan, with 10,000 GPUs, Taiwan's ministry said.", "TWN"),
        ("A DGX B200 holds 8 GPUs with 180GB of memory each and draws 14.3 kW.", "names no unit of the index"),
    ],
)
def test_article_about_nobody_in_the_index(text: str, message: str, tmp_path: Path) -> None:
    """Whom the article is about is said where the index lacks it."""
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    checked = check_article(path, date="2025-05-20")
    with pytest.raises(ArticleError, match=message):
        ask(checked, announced(checked), ("KOR", "JPN", "USA"))


@pytest.mark.parametrize(
    ("text", "kind", "country"),
    [
        ("네이버는 모로코에 500MW 규모의 AI 데이터센터를 짓겠다고 발표했다.", "power", "MAR"),
        ("日本のさくらインターネットはNVIDIA B200を2000基導入すると発表した。", "accelerators", "JPN"),
        ("일본 소프트뱅크는 엔비디아 B200 4000개를 도입하겠다고 발표했다.", "accelerators", "JPN"),
        ("France will invest 2 billion euros in AI, the French government announced.", "money", "FRA"),
    ],
)
def test_articles_of_three_languages_become_events(text: str, kind: str, country: str, tmp_path: Path) -> None:
    """Machines, power and money of Korean, Japanese and English texts are events of their kinds."""
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    found = announced(check_article(path, date="2025-06-13"))
    assert (kind, country) in {(e.kind, e.country) for e in found}
