"""Sums that the words of an article tell: each is worked out by hand in the comment or the test's name."""

from __future__ import annotations

import pytest

from podium.claims.check import check_claims
from podium.claims.claim import Claim
from podium.claims.extract import article_of


def claims(text: str, date: str = "2025-06-02") -> tuple[Claim, ...]:
    """The checked claims of a text."""
    return check_claims(article_of(text, date=date)).claims


def verdict(text: str, span: str, date: str = "2025-06-02") -> str:
    """The verdict on the claim whose span holds some words."""
    found = [c.verdict for c in claims(text, date) if span in c.span_text]
    assert len(found) == 1, [c.span_text for c in claims(text, date)]
    return found[0]


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        # 17 / 25 = 0.68
        ("The hall in Norway draws 17 megawatts. This corresponds to about one third of the connection of 25 megawatts.", "one third", "contradicted"),
        ("The hall in Norway draws 17 megawatts. This corresponds to about two-thirds of the connection of 25 megawatts.", "two-thirds", "supported"),
        # 60 / 200 = 0.3: the first phase, not any of the three
        ("독일 슈바르츠그룹이 200MW 데이터센터를 짓는다. 1단계 60MW, 2단계 80MW, 3단계 60MW로 나눈다. 1단계만으로도 전체의 40%다.", "40%", "contradicted"),
        ("독일 슈바르츠그룹이 200MW 데이터센터를 짓는다. 1단계 60MW, 2단계 80MW, 3단계 60MW로 나눈다. 1단계만으로도 전체의 30%다.", "30%", "supported"),
        # 1800 / 914 = 1.97, of Alphabet's two figures, whatever else stands near
        ("今年のAI投資はアマゾンが2000億ドル、アルファベットが1800億ドル、メタが1250億ドル。アルファベットの昨年実績は914億ドルだったから、1年で約3倍に膨らむ。", "約3倍", "contradicted"),
        ("今年のAI投資はアマゾンが2000億ドル、アルファベットが1800億ドル、メタが1250億ドル。アルファベットの昨年実績は914億ドルだったから、1年で約2倍に膨らむ。", "約2倍", "supported"),
        # 288 / 80 = 3.6
        ("엔비디아 H100의 메모리는 80GB다. B300은 288GB를 싣는다. H100과 견주면 4.6배다.", "4.6배", "contradicted"),
        ("엔비디아 H100의 메모리는 80GB다. B300은 288GB를 싣는다. H100과 견주면 3.6배다.", "3.6배", "supported"),
        # 512 / 64 = 8: a bare multiple is of the figures just told
        ("当社のGPUは64基です。春には512基にします。8倍ですから大変です。", "8倍", "supported"),
        # 100 % − 29 %
        ("한국 정부 GPU 사업 자본금은 4000억원. 공공이 1160억원, 곧 29%를 맡고 남은 71%는 민간이 낸다.", "71%", "supported"),
    ],
)  # fmt: skip
def test_ratio_is_held_to_the_pair_its_sentence_means(text: str, span: str, expected: str) -> None:
    """A multiple or share is checked against the two figures that the grammar tells, and against no others."""
    assert verdict(text, span) == expected


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        # 50 + 3 × 50 + 60 = 260 thousand
        ("韓国では政府が5万基、サムスン電子とSK、現代自動車がそれぞれ5万基、ネイバーが6万基のGPUを得る。足し上げると26万基です。", "26万基", "supported"),
        # 1.809 + 1.353 + 1.012 = 4.174
        ("El Capitan has 1.809 exaflops. Frontier has 1,353 petaflops, Aurora 1,012 petaflops. Put the American trio together and you have 4.6 exaflops.", "4.6", "contradicted"),
        ("El Capitan has 1.809 exaflops. Frontier has 1,353 petaflops, Aurora 1,012 petaflops. Put the American trio together and you have 4.17 exaflops.", "4.17", "supported"),
        # 50 × 72 = 3,600
        ("A firm in Canada has ordered 50 racks of GB200 NVL72, each with 72 GPUs, or 3,600 GPUs in all.", "3,600", "supported"),
        ("A firm in Canada has ordered 50 racks of GB200 NVL72, each with 72 GPUs, or 4,600 GPUs in all.", "4,600", "contradicted"),
        # 16 MW / 96 = 167 kW
        ("台湾の工場はGB300 NVL72を96ラック並べる。電力は16メガワットだという。ラック1本あたり約167キロワットになる。", "167", "supported"),
        # 260 − 50 − 60 = 150
        ("엔비디아가 한국에 GPU 26만장을 공급한다. 정부가 5만장을 받고 네이버가 6만장을 들여온다. 나머지 15만장은 삼성전자 몫이다.", "15만장", "supported"),
        # 6,128 × 141 GB = 864 TB
        ("日本の「ABCI 3.0」は6,128基のNVIDIA H200を備える。H200のメモリ容量は1基当たり141GBであるから、全体では約864TBとなる。", "864", "supported"),
    ],
)  # fmt: skip
def test_totals_products_and_what_remains(text: str, span: str, expected: str) -> None:
    """Totals of so many parts, products, quotients and remainders are worked out and shown."""
    assert verdict(text, span) == expected


@pytest.mark.parametrize(
    "text",
    [
        "일본 정부가 소프트뱅크에 421억엔을 준다. 총사업비 1500억엔의 28%다. 완공되면 연산 능력이 지금의 37배로 뛴다.",
        "H200 and H100 cards are on offer in India. The older part has 80GB of memory, its successor 141GB.",
        "Fugaku, of Japan, is seventh on the June list of the TOP500. KISTI of Korea briefed on its sixth machine.\n\nIt calls for 8,496 GH200 superchips and 600 petaflops.",
        "글로벌 AI 지수에서 한국은 6위, 프랑스는 5위다. 프랑스는 28.09점, 한국은 27.26점으로 격차는 0.83점이다.",
    ],
    ids=["compute beside money", "older part", "another machine", "gap"],
)
def test_right_figures_are_never_contradicted(text: str) -> None:
    """Figures that only look related to others nearby contradict nothing."""
    assert [c.span_text for c in claims(text) if c.verdict == "contradicted"] == []


def test_bare_dollar_is_the_articles_own() -> None:
    """In a Canadian article that writes US$ apart, a bare $ is the Canadian dollar: C$2.4 bn were US$1.77 bn at the ECB rate of the day."""
    text = "OTTAWA - Canada will spend $2.4 billion (US$1.8 billion) on AI computing in Quebec."
    (one,) = claims(text, "2024-10-03")
    assert (one.unit, one.converted_unit, one.verdict) == ("CAD", "USD", "supported")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("글로벌 AI 지수에서 독일은 8위다.", "독일"), ("世界AI指数でドイツは8位だ。", "ドイツ"), ("Germany is 8th in the Global AI Index.", "Germany"),
    ],
)  # fmt: skip
def test_reasons_are_in_the_language_of_the_article(text: str, words: str) -> None:
    """The reason of a verdict names the country as the article's readers do."""
    (one,) = claims(text, "2024-12-02")
    assert one.verdict == "contradicted"
    assert words in one.reason
    assert "2023" in one.reason
