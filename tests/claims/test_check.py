"""Claims and their verdicts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from podium.claims.check import check_article
from podium.claims.claim import Claim
from podium.claims.extract import article_of, read_article
from podium.errors import ArticleError
from podium.evidence.rates import cross_rate, rate_of


def claims_of(tmp_path: Path, text: str, date: str) -> list[Claim]:
    """The checked claims of a text."""
    path = tmp_path / "article.txt"
    path.write_text(text, encoding="utf-8")
    return list(check_article(path, date=date).claims)


def claim(claims: list[Claim], span: str) -> Claim:
    """The claim whose span holds a text."""
    return next(c for c in claims if span in c.span_text)


def test_english_totals_products_and_shares(tmp_path: Path) -> None:
    """Totals and products that hold are supported, a wrong one is contradicted with its arithmetic."""
    text = (
        "Brazil buys GPUs\n\nBrazil's government will fund a cluster of 40 racks in São Paulo. Each rack holds 72 GPUs, making 2,880 GPUs "
        "in all.\n\nThe plan has 30MW at first and another 50MW later, for a total of 90MW once both halls are finished.\n"
    )
    claims = claims_of(tmp_path, text, "2025-03-03")
    assert claim(claims, "2,880").verdict == "supported"
    assert claim(claims, "90MW").verdict == "contradicted"
    assert "80 MW" in claim(claims, "90MW").reason
    assert {c.subject_country_iso3 for c in claims if c.kind == "power_capacity"} == {"BRA"}


def test_conversion_is_checked_at_the_rate_of_the_day(tmp_path: Path) -> None:
    """A right conversion is supported, one a factor of ten off contradicted; the rate is the ECB's."""
    assert cross_rate("EUR", "KRW", "2024-11-14") == pytest.approx(1478.78)  # ECB reference rate of that day
    text = "프랑스 정부는 AI에 10억유로(약 1조5000억원)를 투자한다. 독일 정부는 20억유로(약 3000억원)를 지원한다."
    claims = claims_of(tmp_path, text, "2024-11-14")
    assert [c.verdict for c in claims] == ["supported", "contradicted"]


def test_rate_of_a_weekend_is_the_last_before_it() -> None:
    """On a Sunday the rate of the Friday before holds."""
    assert rate_of("USD", "JPY", "2024-11-17") == rate_of("USD", "JPY", "2024-11-15")
    assert rate_of("USD", "JPY", "2024-11-17").day == "2024-11-15"  # type: ignore[union-attr]


@pytest.mark.parametrize(("pair", "day"), [(("USD", "KRW"), "2090-01-01"), (("USD", "KRW"), "1890-01-01"), (("EUR", "RUB"), "2024-01-02")])
def test_no_rate_is_taken_from_afar(pair: tuple[str, str], day: str, tmp_path: Path) -> None:
    """A day before 1999, one long after the last rate held, and a currency no longer quoted have no rate, so no conversion is called wrong."""
    assert rate_of(*pair, day) is None
    (only,) = claims_of(tmp_path, "미국 오픈AI는 AI 데이터센터에 5000억달러(약 1조원)를 투자한다.", "2090-01-01")
    assert only.verdict == "unverifiable"
    assert "2090-01-01" in only.reason


@pytest.mark.parametrize("written", ["2025-02-30", "2025-13-01", "20250230", "yesterday"])
def test_a_day_that_the_calendar_lacks_is_refused(written: str) -> None:
    """A date given that is none stops with a remedy; one in the text is not taken for the day of publication."""
    with pytest.raises(ArticleError, match="YYYY-MM-DD"):
        article_of("한국은 GPU 3000장을 산다.", date=written)
    with pytest.raises(ArticleError, match="bears no date"):
        article_of(f"{written} 한국은 GPU 3000장을 산다.")


def test_rank_of_an_old_edition_is_contradicted_and_named(tmp_path: Path) -> None:
    """A rank that an older edition had is contradicted for this year's, and the reason names that edition."""
    text = "올해 글로벌 AI 지수에서 캐나다는 5위를 기록했다. 싱가포르는 3위다."
    claims = claims_of(tmp_path, text, "2024-12-01")
    canada, singapore = claims
    assert (canada.verdict, singapore.verdict) == ("contradicted", "supported")
    assert "2023년판" in canada.reason


def test_japanese_ranks_of_last_year(tmp_path: Path) -> None:
    """昨年 means the edition published in the year before the article's."""
    text = "昨年の世界AI指数で日本は12位、韓国は6位だった。"
    assert [c.verdict for c in claims_of(tmp_path, text, "2024-04-22")] == ["supported", "supported"]


@pytest.mark.parametrize(
    "text",
    [
        "이날 삼성전자 주가는 3.4% 오른 5만4000원에 거래를 마쳤다.",
        "여론조사에서 응답자의 63.5%가 찬성했다.",
        "원·달러 환율은 17.8원 뛴 1437.0원을 기록했다.",
        "A poll found that 41% of respondents had heard of the index.",
    ],
)
def test_prices_rates_and_polls_are_no_claims(tmp_path: Path, text: str) -> None:
    """Share prices, exchange rates and polls make no claim, and an article without one says so."""
    with pytest.raises(ArticleError, match="no checkable figure"):
        claims_of(tmp_path, text, "2025-01-02")


def test_recipient_not_vendor_is_the_subject(tmp_path: Path) -> None:
    """Who gets the hardware is the subject; the vendor is not."""
    (one,) = claims_of(tmp_path, "엔비디아는 독일 도이치텔레콤에 GPU 1만장을 공급하기로 했다.", "2025-06-13")
    assert (one.kind, one.subject_country_iso3, one.value, one.status) == ("hardware_count", "DEU", 10000, "announced")


def test_specification_is_checked_against_cited_facts(tmp_path: Path) -> None:
    """A chip's memory is compared with the fact held on it."""
    claims = claims_of(tmp_path, "The cluster in Paris uses the H200, with 141GB of memory. The older H100 carries 96GB.", "2025-06-13")
    assert [c.verdict for c in claims] == ["supported", "contradicted"]


def test_repeats_are_joined(tmp_path: Path) -> None:
    """What headline and text both say is one claim with two places."""
    text = "일본, GPU 3200장 산다\n\n일본 사쿠라인터넷이 엔비디아의 차세대 그래픽처리장치(GPU) 3200장을 추가로 들여오기로 했다고 20일 밝혔다. 이 회사는 클라우드 업체다."
    (one,) = claims_of(tmp_path, text, "2024-11-20")
    assert one.also_at == ((8, 13),)


def test_spans_are_code_points_of_the_text(tmp_path: Path) -> None:
    """Every span cuts its own text out of the article, emoji and full-width digits included."""
    path = tmp_path / "a.txt"
    path.write_text("🚀 日本のさくらインターネットはGPUを１６００基、\u00a0さらに2000基導入する。", encoding="utf-8")
    article = read_article(path, date="2024-11-20")
    assert [article.text[c.char_start : c.char_end] for c in article.claims] == ["１６００基", "2000基"]
    assert [c.value for c in article.claims] == [1600, 2000]


def test_wrong_date_is_named(tmp_path: Path) -> None:
    """A date that is none is named with the form it should have."""
    path = tmp_path / "a.txt"
    path.write_text("GPU 1600개", encoding="utf-8")
    with pytest.raises(ArticleError, match="YYYY-MM-DD"):
        read_article(path, date="14/11/2024")


def test_labelled_articles(tmp_path: Path, shared: Path) -> None:
    """On the eight labelled articles the reader finds the claims, their countries and the errors."""
    folder = shared / "claims_dev"
    rows = [line.split(",") for line in (folder / "docs.csv").read_text(encoding="utf-8").splitlines()[1:]]
    lines = []
    for doc, _, date in rows:
        checked = check_article(folder / f"{doc}.txt", date=date.strip())
        lines += [json.dumps(c.to_dict() | {"doc": doc}, ensure_ascii=False) for c in checked.claims]
    out = tmp_path / "predicted.jsonl"
    out.write_text("\n".join(lines), encoding="utf-8")
    run = subprocess.run([sys.executable, str(folder / "score.py"), str(out), "--json"], capture_output=True, text=True, check=True)
    score = json.loads(run.stdout)
    assert score["a"]["kind"]["ALL"][-1] >= 0.90
    assert score["b"]["kind"]["ALL"][-1] >= 0.85
    assert score["verdict"]["accuracy"] >= 0.95
    assert score["verdict"]["contradicted_hit"] == score["verdict"]["contradicted_gold"]


def test_seed_article(shared: Path) -> None:
    """The article with which Podium began: nine claims with their verdicts."""
    claims = check_article(shared / "seed" / "article.txt", date="2024-11-14").claims
    assert [(c.kind, c.value, c.subject_country_iso3, c.verdict) for c in claims] == [
        ("ratio_speedup", 15, "JPN", "supported"),
        ("hardware_count", 1600, "JPN", "unverifiable"),
        ("stock", 3000, "KOR", "unverifiable"),
        ("share", 0.5, "JPN", "supported"),  # what is half of Korea's stock is the Japanese order
        ("rank_change", 5, "FRA", "supported"),
        ("valuation", 5.8e9, "FRA", "supported"),
        ("money_support", 5.3e9, "JPN", "supported"),
        ("rank", 7, "KOR", "contradicted"),
        ("rank", 16, "JPN", "contradicted"),
    ]
    speed, _, _, half, france, _, subsidy, korea, japan = claims
    assert any("3.2~3.3" in n for n in speed.context)
    assert any("121%" in n for n in half.context)
    assert any("62개국" in n and "83개국" in n for n in france.context)
    assert any("8배" in n for n in subsidy.context)
    assert "2021년판" in korea.reason
    assert "2021년판" in japan.reason
