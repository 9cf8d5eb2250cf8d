"""How far a matter has come, by the predicate of its clause."""

from __future__ import annotations

import pytest

from podium.claims.extract import article_of


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("네이버가 GPU 6만장을 들여오기로 했다.", "announced"), ("네이버가 세종에서 GPU 2000장을 돌리고 있다.", "operational"),
        ("네이버가 GPU를 2028년까지 3만장으로 늘릴 계획이다.", "planned"), ("네이버가 울산에 100MW 데이터센터를 짓고 있다.", "under_construction"),
        ("네이버가 GPU 업체에 300억원을 투자했다.", "completed"), ("네이버가 동남아 60MW 데이터센터 계획을 접었다.", "cancelled"),
        ("엔비디아가 한국에 약속한 GPU는 26만장이다.", "announced"),
        ("さくらインターネットはGPUを2000基稼働させている。", "operational"), ("さくらインターネットはGPUを1万基に増やす計画だ。", "planned"),
        ("KDDIは堺で150メガワットのデータセンターを建設中だ。", "under_construction"), ("経産省はKDDIに102億円を補助すると発表した。", "announced"),
        ("ソフトバンクは工場を1000億円で取得した。", "completed"), ("KDDIは30メガワットの計画を白紙に戻した。", "cancelled"),
        ("Humain has ordered 18,000 GPUs for its site in Saudi Arabia.", "announced"), ("Isambard-AI in Britain has 5,448 GPUs.", "operational"),
        ("Reliance plans a 3 gigawatt AI campus in India.", "planned"), ("Aker is building a 20MW hall for GPUs in Norway.", "under_construction"),
        ("Mistral of France raised $1.7 billion for GPUs.", "completed"), ("Britain scrapped £800 million of AI computing.", "cancelled"),
        ("정부는 GPU 1500장에 불과한 보유량을 내년까지 늘린다.", "operational"), ("日本政府はGPU3000基にとどまる保有数を2026年までに増やす。", "operational"),
        ("Canada's government will raise its stock from 3,000 H100s by mid-2026.", "operational"),
    ],
)  # fmt: skip
def test_status_follows_the_predicate(text: str, status: str) -> None:
    """Announced, planned, under construction, operational, completed and cancelled are told apart in three languages."""
    (one,) = article_of(text, date="2025-11-03").claims
    assert one.status == status


@pytest.mark.parametrize(
    "text",
    ["정부는 엔비디아 H100 3000개를 확보하는 데 그친 국내 보유량을 2026년 상반기까지 1만8000개로 6배 늘린다.",
     "Canada's government will raise its stock from 3,000 H100s to 18,000 by mid-2026.", "日本政府はGPU3000基にとどまる保有数を2026年までに1万8000基に増やす。"],
)  # fmt: skip
def test_what_is_held_is_no_plan_and_what_it_grows_to_is_one(text: str) -> None:
    """The figure held so far runs, the one that it is to be raised to is planned, and no stock yet."""
    now, then = (c for c in article_of(text, date="2025-11-03").claims if c.unit == "gpu")
    assert (now.value, now.status) == (3000, "operational")
    assert (then.value, then.status, then.kind) == (18000, "planned", "hardware_count")


@pytest.mark.parametrize(
    ("text", "systems"),
    [("SoftBank will buy 10,000 Blackwell GPUs by next year.", ["Blackwell"]), ("소프트뱅크는 블랙웰 GPU 1만개를 산다.", ["블랙웰"]),
     ("한국 정부는 GPU 1만개를 산다. 일본 소프트뱅크는 블랙웰 GPU 8000개를 산다.", [None, "블랙웰"])],
)  # fmt: skip
def test_whose_chip_a_count_is(text: str, systems: list[str | None]) -> None:
    """The chip named within the figure or its sentence, never that of the sentence after."""
    assert [c.system for c in article_of(text, date="2025-01-01").claims if c.unit == "gpu"] == systems
