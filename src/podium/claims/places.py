"""Names of places that are no site of what is counted: where people met; and to whom it is sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.entities import Mention

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["is_of_site", "is_venue", "local_body", "recipient"]

_SITE = re.compile(
    r"\s*[“\"「]?(?:(?:同|この|新(?:しい)?)?(?:拠点|施設|データセンター|センター)(?:に|で|は|の)|(?:이|그|새|신규)?\s?(?:데이터센터|센터|단지|캠퍼스|시설)(?:에는|에|는|의|에서는)\s"
    r"|The (?:new )?(?:site|campus|facility|hall|complex|cluster|data cent(?:re|er)|plant|park|machine)\b)"
)
_LOCAL = re.compile(
    r"\s*[“\"]?(?:The\s)?(?:(?:[Ss]tate|[Cc]ounty|[Cc]ity|[Ll]ocal|[Pp]rovincial|[Rr]egional|[Nn]ational|[Ff]ederal|[Mm]unicipal|[Gg]overnment)\s(?:officials|authorities|government|council|utility|regulators?|planners|lawmakers)"
    r"|[Oo]fficials|[Rr]egulators|[Mm]inisters|[Pp]lanners)\b"
)

_MET_BEFORE = re.compile(
    r"\b(?:summit|conference|meeting|forum|gathering|ceremony|trade (?:fair|show)|expo|briefing|keynote|speech|talks|hearing|reporters|speaking|convention|workshop|panel)"
    r"\s(?:(?:held|here|this week|last week|on \w+day)\s)?(?:in|at)\s(?:the\s)?$", re.I
)
_MET_AFTER = re.compile(
    r"\s?(?:시내|현지)?(?:에서|에서는)\s(?:열린|열리는|개최된|개최한|가진 (?:기자|회견|간담회)|기자(?:회견|간담회)|만난)|\s?(?:인공지능|AI|\(AI\)|행동|안보|\s){0,5}(?:정상회의|박람회|전시회|포럼|학술대회|컨퍼런스)"
    r"|(?:市内)?で(?:開かれ|開催|開いた|記者会見|会見|取材に)|(?:AI|人工知能|行動)?(?:サミット|国際会議|見本市|展示会)"
)
_SENT = re.compile(
    r"(?:으?로|에게?|에게로)\s?(?:[가-힣]{1,6}\s)?(?:보내|보낸|공급|수출|판매|인도하|넘기|제공|납품|출하|반출)|(?:へ|に|向けに)(?:の)?(?:輸出|出荷|供給|送[るりっ]|販売|納入|提供|引き渡)"
)
_PUT_INTO = re.compile(r"(?:\s?(?:안의|내|의|현지)?\s?(?:[가-힣A-Za-z]{1,8}\s?){0,4}?)에\s?(?:[가-힣]{1,4}\s)?(?:투자|투입|쏟|붓|부[어었]|넣|쓰[기고는]|쓴|쓸|씁|들이|들인|들여)")
_PUT_TO_USE = re.compile(r"(?:国内)?(?:で|に)(?:使|稼働|運用|動か|導入|置|設置|配備|並べ)|(?:에서|에)\s?(?:쓰|쓸|쓴|가동|운영|돌리|돌릴|설치|두고|들여|배치)")
_GOES_TO = re.compile(r"(?:\s?(?:기업|업체|회사|정부)\s?)?[A-Za-z가-힣\d]{0,8}(?:으?로)(?=[,\s])|[^、。]{0,8}(?:へ|に)(?=[、。])")


def is_of_site(sentence: str) -> bool:
    """Whether a sentence begins with the site told of before: 拠点には, 이 데이터센터는, the campus."""
    return bool(_SITE.match(sentence))


def local_body(sentence: str) -> bool:
    """Whether a sentence begins with officials of a place that it does not name, who speak for the country of the article."""
    return bool(_LOCAL.match(sentence))


def is_venue(page: Page, m: Mention) -> bool:
    """Whether a place is named only as where people met or spoke: at the summit in Paris, 파리에서 열린, 東京で開かれた."""
    if m.type != "country":
        return False
    text = page.folded
    return bool(_MET_BEFORE.search(text[max(0, m.start - 44) : m.start]) or _MET_AFTER.match(text, m.end))


def recipient(page: Page, here: Sequence[Mention], end: int) -> Mention | None:
    """To whom a Korean or Japanese sentence says that the figure before it is sent: 50만 개를 아랍에미리트로 보내는."""
    text = page.folded
    for m in (m for m in here if end <= m.start <= end + 14):
        between = re.sub(r"^(?:の|의\s)?(?:GPU|半導体|チップ|칩|가속기)(?=[をを을를])", "", text[end : m.start])
        if m.type == "country" and re.fullmatch(r"[을를]\s", between) and _PUT_INTO.match(text, m.end):
            return m
        if re.fullmatch(r"[을를이가도]?\s?|[をが]?", between) and _SENT.match(text, m.end):
            return m
        if m.type == "company" and re.fullmatch(r"[은는]\s|は、?", between) and re.match(r"[’'”\"」』]?(?:[이가]\s|が)", text[m.end : m.end + 3]):
            return m  # 나머지 1조5000억원은 SK가 댄다
        if m.type == "country" and re.fullmatch(r"[을를]\s|を", between) and _PUT_TO_USE.match(text, m.end):
            return m  # 8000基のGPUを英国で使う
        if re.fullmatch(r"[은는]\s|は、?", between) and _GOES_TO.match(text, m.end):
            return m
    return None
