"""Firms that no lexicon holds, by how the article introduces them: *Singapore-based Halberd Data*, 노르웨이 업체 벌크, 豪新興のファーマス.

A firm so introduced belongs to the country of its introduction wherever the article names it again.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence

from podium.claims.entities import Mention

__all__ = ["introduced"]

_NAME = r"(?P<name>[A-Z][\w&.+-]*[\w](?:\s(?:of\s|de\s)?[A-Z][\w&.+-]*\w){0,3})"
_SORT = r"(?:company|operator|start-?up|firm|provider|developer|group|lab|laboratory|maker|builder|specialist|giant|carrier|utility|venture|unicorn|conglomerate|landlord|host|cloud|university|institute|bank|fund)"
_BEFORE_EN = re.compile(rf"(?:-based|-headquartered|['’]s)?\s(?:(?!(?:and|or|in|at|to|of|on|for|with|by|has|have|had|is|was|will|said|says|plans|the)\b)[\w-]+\s){{0,5}}{_SORT},?\s{_NAME}|-based\s{_NAME.replace('name', 'named')}")
_AFTER_EN = re.compile(rf"{_NAME},?\s(?:an?|the|which is an?|is an?|,)\s?(?:[\w-]+\s){{0,2}}$")
_SORT_KO = r"(?:기업|업체|회사|스타트업|사업자|운영사|개발사|운용사|통신사|그룹|연구소|대기업|벤처|은행|펀드|제조사)"
_NAME_KO = r"[’'‘“]?(?P<name>[가-힣A-Za-z][가-힣A-Za-z0-9&]{1,14}?(?:\s?(?:AI|테크|클라우드|그룹|데이터|에너지|시스템즈?|컴퓨팅|파워|랩스?|네트웍스|테크놀로지스?))?)[’'”]?"
_PARTICLE_KO = r"(?=(?:은|는|이|가|을|를|과|와|의|에|도|측|로|으로|에서|에는|에게)(?=[\s,.])|\(|,|\s(?:대표|회장|최고경영자|CEO|측))"
_BEFORE_KO = re.compile(rf"(?:의|계|\s현지)?\s(?:[^\s,.]{{1,10}}\s){{0,4}}?[가-힣A-Z]{{0,8}}{_SORT_KO}(?:인)?\s{_NAME_KO}{_PARTICLE_KO}")
_SORT_JA = r"(?:企業|会社|大手|新興企業|新興|スタートアップ|事業者|運営会社|運営企業|通信大手|クラウド企業|メーカー|グループ|研究所|財閥|銀行|ファンド)"
_BEFORE_JA = re.compile(rf"(?:の)?[^\s、。「」はがをに]{{0,14}}?{_SORT_JA}(?:の|である|、)?[「『]?(?P<name>[ァ-ヶーA-Za-z][ァ-ヶーA-Za-z・&]{{1,17}})[」』]?(?=[はがをのにとも、（(])")
_SEATED_EN = re.compile(rf"{_NAME},?\s(?:which is |a \w+ )?(?:based|headquartered) in\s$")
_SEATED_KO = re.compile(rf"에\s(?:본사|본부|거점)를?\s(?:둔|두고 있는)\s(?:[^\s,.]{{1,10}}\s){{0,3}}?{_NAME_KO}{_PARTICLE_KO}")
_SEATED_JA = re.compile(r"に(?:本社|本拠|拠点)を(?:置く|構える)(?:[^、。「」はがを]{0,14}の)?[「『]?(?P<name>[ァ-ヶーA-Za-z][ァ-ヶーA-Za-z・&]{1,17})[」』]?(?=[はがをにとも、（(])")


def introduced(folded: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return a mention for every place of a firm that the article introduces by its country and the lexicon lacks.

    Parameters
    ----------
    folded
        The folded text of the article.
    mentions
        The names that the lexicon finds in it, in order.
    """
    starts = [m.start for m in mentions]

    def taken(a: int, b: int) -> bool:
        at = bisect.bisect_left(starts, b)
        return at > 0 and mentions[at - 1].end > a

    homes: dict[str, str] = {}
    for m in mentions:
        if m.type == "country" and m.country:
            for name, place in _names_by(folded, m):
                if not taken(*place) and name not in homes and len(name) > 1:
                    homes[name] = m.country
    out: list[Mention] = []
    for name, country in homes.items():
        latin = name[0].isascii()
        pattern = re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])" if latin else rf"(?<![가-힣ァ-ヶー]){re.escape(name)}(?![ァ-ヶー])")
        out += [Mention(n.start(), n.end(), name, "company", country) for n in pattern.finditer(folded) if not taken(n.start(), n.end())]
    return sorted(out, key=lambda m: m.start)


def _names_by(folded: str, m: Mention) -> Iterator[tuple[str, tuple[int, int]]]:
    """The names that a country's mention introduces: after it, or before it in English (*Halberd, a Singaporean firm*)."""
    for pattern in (_BEFORE_EN, _BEFORE_KO, _BEFORE_JA):
        if found := pattern.match(folded, m.end, min(len(folded), m.end + 90)):
            group = "name" if found["name"] else "named"
            yield found[group], found.span(group)
    for pattern in (_SEATED_KO, _SEATED_JA):
        if found := pattern.match(folded, m.end, min(len(folded), m.end + 60)):
            yield found["name"], found.span("name")
    head = folded[max(0, m.start - 60) : m.start]
    if found := _SEATED_EN.search(head):
        shift = max(0, m.start - 60)
        yield found["name"], (found.start("name") + shift, found.end("name") + shift)
    if (found := _AFTER_EN.search(head)) and re.match(rf"\s(?:[\w-]+\s){{0,4}}{_SORT}\b", folded[m.end : m.end + 60]):
        shift = max(0, m.start - 60)
        yield found["name"], (found.start("name") + shift, found.end("name") + shift)
