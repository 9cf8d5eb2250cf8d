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
    ],
)  # fmt: skip
def test_status_follows_the_predicate(text: str, status: str) -> None:
    """Announced, planned, under construction, operational, completed and cancelled are told apart in three languages."""
    (one,) = article_of(text, date="2025-11-03").claims
    assert one.status == status
