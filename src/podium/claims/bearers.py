"""Whom a figure is of by a mark of its own, and which names only pass by: rivals, yardsticks, the place of a speech."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.entities import Mention
from podium.claims.sharing import shared_out

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["is_rival", "marked", "passes_by"]

_RIVAL = re.compile(r"\b(?:afford|match|matching|rival|rivall?ing|outspend|outbid|challenge|beat|mirror|copy|emulate|envy|catch up with|keep up with|dwarfed by)\s(?:the )?$", re.I)
_SPEECH = re.compile(
    r"\b(?:told|said|says|saying|speaking|spoke|speech|audience|conference|summit|forum|interview|event|briefing|ceremony|visit|meeting|talks|hearing|reporters|delegates|investors|rally|gala|stage)\b[^.;,0-9]{0,30}\b(?:in|at)\s(?:the )?$", re.I
)
_SPOKEN = re.compile(
    r"(?:에서|에서의)\s?(?:\d{1,2}일\s?)?(?:\([^)]{0,12}\)\s?)?(?:열린|개최된|개최한|만난|가진|한 (?:연설|강연|회견|간담회)|기자들?|취재진|간담회|진행된|진행 중인)|(?:で|での)(?:\d{1,2}日(?:\([^)]{0,8}\))?(?:に)?)?(?:開かれ|開催|開いた|会見|記者会見|講演|演説|記者団|取材)"
)
_COMPARED = re.compile(r"^[’'\"”」』]?(?:\([^)]{0,30}\))?(?:에 비하면|에 비해서?|에 견주면|에 견줘|[과와] 견주면|[과와] 비교하면|[과와] 견줘|보다는?|대비|に比べ(?:て|ると|れば)?|と比べ(?:て|ると|れば)?|より(?:も)?)(?=[\s、,]|[^가-힣ぁ-ん])")


def is_rival(page: Page, m: Mention) -> bool:
    """Whether a name is only what somebody cannot match: *could not afford Silicon Valley's bills*."""
    return page.language == "en" and _RIVAL.search(page.folded[max(0, m.start - 24) : m.start]) is not None


def passes_by(page: Page, m: Mention, *, measure: bool = False) -> bool:
    """Whether a name owns no figure of its sentence: a rival, where somebody spoke, or what a `measure` compares with."""
    text = page.folded
    if is_rival(page, m) or (measure and _COMPARED.match(text[m.end : m.end + 44])):
        return True
    if m.type != "country":
        return False
    if page.language == "en":
        return _SPEECH.search(text[max(0, m.start - 60) : m.start]) is not None
    return _SPOKEN.match(text, m.end) is not None


_USES_KO = r"(?:쓰는|쓴|꽂은|탑재한|얹은|담은|먹는|소비하는|사용하는|사용한|갖춘|갖고 있는|가진|보유한|들인|들여놓은|굴리는|운영하는|운영 중인|운용하는|구매한|구입한|사들인|주문한|확보한|돌리는|가동하는|가동 중인|도입한|도입하는|투입한|투자한|투자하는|유치한|조달한|받은|받는|낸|내는)"
_USES_JA = r"(?:使う|使った|搭載する|搭載した|載せた|擁する|収めた|並べた|消費する|備える|備えた|持つ|抱える|購入した|購入する|調達した|調達する|運用する|動かす|積む|積んだ|導入した|導入する|投じる|投じた|出す|集めた|受けた|受ける|保有する|確保した)"
_RELATIVE = {"ko": re.compile(rf"(?:을|를)?\s?{_USES_KO}\s[‘'“「]?"), "ja": re.compile(rf"(?:を)?{_USES_JA}[「『]?")}
_BORNE = {
    "ko": re.compile(r"(?:\s?(?:정도|가량|안팎|쯤|남짓|규모))?[은는]\s"),
    "ja": re.compile(r"(?:ほど|程度|分|余り)?は[、]?\s?"),
}
_SUBJECT = re.compile(r"[’'”」』]?(?:\([^)]{0,30}\))?(?:이|가|が)(?=[\s,、]|[^ぁ-ん가-힣])")
_LINKED = re.compile(r"[’'”」』]?(?:\([^)]{0,30}\))?(?:과|와|[·・,、]|と|や)\s?")
_TURN = re.compile(r"[^,.;。、]{0,26}?\bfor the (?P<n>first|second|former|latter)\b", re.I)


def marked(page: Page, here: Sequence[Mention], a: int, b: int, start: int, end: int) -> Mention | None:
    """Return whose a figure is by a mark of its own; None where it has none.

    A clause that runs on to its noun (칩 2만4000개를 쓰는 유피터), who bears it (나머지 1조원은 SK가 낸다), figures shared
    out in order (*35,000 for the first*, 각각 1조원과 2조원).
    """
    if (shared := shared_out(page, here, a, b, start) or _of_the_first(page, here, start, end)) is not None:
        return shared
    if page.language == "en":
        return None
    text = page.folded
    lead = _RELATIVE[page.language].match(text, end)
    noun = next((m for m in here if lead and 0 <= m.start - lead.end() <= (2 if page.language == "ja" else 0)), None)
    if noun is not None:
        chained = next((m for m in here if 0 < m.start - noun.end <= 2 and re.fullmatch(r"의?\s|の", text[noun.end : m.start])), None)
        return chained or noun
    lead = _BORNE[page.language].match(text, end)
    payer = next((m for m in here if lead and m.start == lead.end()), None)
    while payer is not None and not _SUBJECT.match(text, payer.end):
        link = _LINKED.match(text, payer.end)
        payer = next((m for m in here if link and m.start == link.end()), None)
    return payer


def _of_the_first(page: Page, here: Sequence[Mention], start: int, end: int) -> Mention | None:
    """*G42 and Humain: 35,000 for the first and 40,000 for the second*: by the order of the last two owners named."""
    turn = _TURN.match(page.folded, end) if page.language == "en" else None
    if turn is None or re.search(r"\d", page.folded[end : turn.start("n")]):
        return None
    firms = [m for m in here if m.end <= start and m.type != "country"] or [m for m in here if m.end <= start]
    owners = list({m.id: m for m in firms}.values())[-2:]
    return None if len(owners) < 2 else owners[turn["n"].lower() in ("second", "latter")]
