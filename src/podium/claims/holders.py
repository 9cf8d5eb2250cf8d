"""Who holds a place or a score in a ranking: told by the grammar of its sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podium.claims.entities import Mention
from podium.claims.sharing import shared_out

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["IS_HELD_BY", "Holder", "holder_of", "is_yardstick", "rank_subject"]


@dataclass(frozen=True)
class Holder:
    """Who holds a place; ``direct`` where a marker of its own ties the two, so that a difference is an error."""

    name: Mention
    direct: bool


# What follows a name: as the topic or subject; as a genitive, by which it may own what is counted; as a mere object or yardstick.
_AFTER = r"^[’'\"”」』]?(?:\([^)]{0,30}\))?"
_TOPIC = re.compile(_AFTER + r"\s?(?:[가-힣A-Za-z·\s]{0,14}?)?(?:은|는|이|가|도|에선|에서는|は|が|も)(?=[\s,、]|[^ぁ-んー가-힣])")
_OF_TOPIC = re.compile(_AFTER + r"の[^\s、。はがもの]{1,10}?(?:は|が|も)")
_OWNS = re.compile(r"[’'”」』]?(?:\([^)]{0,20}\))?(?:의|の(?![「『‘]))")  # 27.26점은 중국(53.88점)의 절반
_SUBJECT = re.compile(_AFTER.removeprefix("^") + r"(?:이|가|が)(?=[\s,、]|[^ぁ-ん가-힣])")
_GENITIVE = re.compile(_AFTER + r"(?:の|의)")
_OBJECT = re.compile(_AFTER + r"(?:을|를|보다|에게|[과와]의|[과와]는?\s|에 이어|を|より|と(?:共同|連携|協力|提携|組|とも|比べ|並)|に次|に続|に対し)")
_YARDSTICK = re.compile(r"\b(?:behind|after|than|with|from|over|against|unlike|past|above|below|ahead of|overtook|overtaking|passing|trailing|between)\s(?:the |its )?$", re.I)
# The country of a paper or of an index's maker holds no place in it.
_PUBLISHER = re.compile(
    r"(?:의|の|'s|’s)?\s?(?:매체|언론|신문|미디어|조사기관|싱크탱크|컨설팅|メディア|新聞|調査会社|シンクタンク|トータス|토터스|Tortoise|スタンフォード|스탠퍼드|Stanford|news|media|outlet|publisher|magazine|think[- ]tank)", re.I
)
# 5위를 꿰찬 프랑스, 4위에 오른 영국; 4位に割り込んだ独ユピター: a relative clause, then its noun.
_VERB_KO = r"(?:[한된간온난찬뛴른진친린킨긴준둔쥔든선운낸힌민쓴딘]|[앉받얻잡맞남찾]은|(?:있|하|되|지키|달리|잡|머무)는|던)"
_RELATIVE_KO = re.compile(rf"(?:를|을|에|로|으로|까지|에서)\s?(?:[가-힣]+\s){{0,2}}?(?!지난|순간|시간)[가-힣]*?{_VERB_KO}\s")
_RELATIVE_JA = re.compile(r"(?:に|を|へ|で|まで)[ぁ-ん一-鿿]{1,8}?(?:た|だ|る|う|く|す|つ|む|ぐ|ぶ|いる)(?=[^ぁ-んー])")
_COPULA = re.compile(r"(?:인|의|였던|이었던|이던|에는|である|だった|の)\s?")
_CLEFT = re.compile(r"(?:(?:에 오른|를 차지한|를 기록한|(?:に|を|へ|と)[ぁ-ん一-鿿]{1,8}(?:た|だ|る|う|く)の)\s?(?:것|곳|나라)?(?:은|は)|[은는]|[이가](?=\s[^\s]{1,12}(?:이다|이었|였|으로|이고|이며))|は|が)[、,]?\s?(?:단연|역시|여전히|변함없이|やはり|引き続き)?\s?")
IS_HELD_BY = re.compile(r"\s(?:place\s|spot\s|position\s)?(?:is|was|went to|goes to|belongs to|fell to|is held by)\s(?:the )?(?=[A-Z])")
"""What stands between a place and its holder in English: *fifth is France*."""
_BARE = re.compile(r"[\s(（]?")
_JOIN = re.compile(r"(?:\d{1,3}(?:위|位)(?:인|의|の)?\s?)?[\s‘'\"“「『]*")  # 32.33점을 받은 3위 싱가포르
_UNKNOWN = re.compile(
    r"(?:[가-힣A-Z]{1,8}(?:대학교|대학|연구소|연구원|과학기술원|과기원)|[一-鿿ァ-ヶー]{1,8}(?:大学|(?<![拡最増巨膨絶])大|研究所|技術院|研究院))(?:\([^)]{0,20}\))?(?:[은는이가도]|は|が|も|の)(?=[\s,、]|[^가-힣ぁ-ん])|\b(?:University|Institute) of [A-Z]\w+|\b[A-Z]\w+ (?:University|Institute)\b"
)
_RANKS = re.compile(r"\s(?:\([^)]*\)\s)?(?:is|was|came|comes|ranks?|ranked|stood|stands|took|placed|finished|led|leads|climbed|rose|fell|slipped|at|in|has)\b")


def rank_subject(page: Page, start: int, end: int, *, system: bool = False) -> tuple[str | None, str | None]:
    """Return name and country of who holds a place; of whom the article names most where nobody is named near.

    In a list of machines (`system`) the holder is a machine; elsewhere a country, or an institution that the
    sentence plainly ranks.
    """
    found = holder_of(page, start, end, system=system)
    if found is not None:
        return found.name.id, found.name.country or None
    if page.named_most:
        return page.named_most, page.named_most
    if not system and page.language != "en" and not any(m.country for m in page.within(page.mentions, *page.sentences[page.sentence_of(start)])):
        home = "KOR" if page.language == "ko" else "JPN"
        return home, home  # 작년에 6위였죠: of whom, a paper at home need not say
    return None, None


def holder_of(page: Page, start: int, end: int, *, system: bool = False) -> Holder | None:
    """Return who holds a place: by its own sentence, else by the one before of the same paragraph."""
    k = page.sentence_of(start)
    a, b = page.sentences[k]
    found = _here(page, a, b, start, end, ("system",) if system else ("country",))
    if system and (unknown := _unknown_machine(page, a, start, end, found)) is not None:
        return unknown
    if found is None and system:
        found = _machine_before(page, k, a, start)
    if found is None:
        found = _here(page, a, b, start, end, ("country", "system"))
    weak: Holder | None = None
    for back in range(1, 5):
        if found is not None or k - back < 0:
            break
        pa, pb = page.sentences[k - back]
        if back > 1 and "\n\n" in page.folded[pa:a].strip():
            break
        carried = _carried(page, pa, pb)
        if carried is not None and page.language != "en" and not _SPOKEN.match(page.folded, carried.name.end):
            weak = weak or carried  # 韓国の6位: set beside the topic told before it
            continue
        found = carried
    return found or weak


def is_yardstick(page: Page, m: Mention) -> bool:
    """Whether a name is only what a place is compared with: *a whisker behind Aurora*."""
    return page.language == "en" and _YARDSTICK.search(page.folded[max(0, m.start - 16) : m.start]) is not None


_QUOTED = re.compile(r"[「『‘“](?P<name>[^」』’”\n\d][^」』’”\n]{1,20})[」』’”]")


def _unknown_machine(page: Page, a: int, start: int, end: int, found: Holder | None) -> Holder | None:
    """A machine in quotation marks that no lexicon holds, as the subject of a place or right after it: of the country named before it."""
    if page.language == "en":
        return None
    text = page.folded
    after = re.compile(r"(?:の|の座にある|は|인|의|는|은)\s?(?:[^\s、,。「‘]{1,8}\s?)?").match(text, end)
    places = [m for m in (_QUOTED.match(text, after.end()) if after else None,) if m]
    places += [m for m in _QUOTED.finditer(text, found.name.end if found is not None and found.name.end <= start else a, start)
               if re.match(r"(?:が|は|も|은|는|이|가|도)(?=[\s,、]|[^ぁ-ん가-힣])", text[m.end() : m.end() + 2])]  # fmt: skip
    own = [m for m in places if not page.within(page.mentions, m.start(), m.end()) and not page.chips_before(m.end(), m.start())]
    if not own or (found is not None and found.direct and found.name.start >= end):
        return None
    m = own[0]
    home = [n for n in page.within(page.mentions, max(a, m.start() - 24), m.start()) if n.country and n.type in ("country", "institute")]
    return Holder(Mention(m.start(), m.end(), m["name"], "system", home[-1].country if home else ""), direct=False)


_SPOKEN = re.compile(r"[’'”\"」]?(?:\([^)]{0,30}\))?(?:은|는|は)")


def _machine_before(page: Page, k: int, a: int, start: int) -> Holder | None:
    """The machine told in the two sentences before; none where this sentence names a country that is not its home: ドイツの〇〇が4位."""
    others = {m.country for m in page.within(page.mentions, a, start) if m.type == "country" and m.end <= start}
    for back in (1, 2):
        pa, pb = page.sentences[k - back] if k >= back else (a, a)
        last = [m for m in page.within(page.mentions, pa, pb) if m.end <= pb and m.type == "system"]
        if last:
            return Holder(last[-1], direct=False) if not others or last[-1].country in others else None
    return None


def _carried(page: Page, a: int, b: int) -> Holder | None:
    """Whom a sentence leaves as the topic for the next: not whom it only compares with."""
    text = page.folded
    named = [m for m in page.within(page.mentions, a, b) if m.end <= b and m.country and m.type in ("country", "system") and not _PUBLISHER.match(text[m.end : m.end + 24])]
    if page.language == "en":
        own = [m for m in named if not _YARDSTICK.search(text[max(a, m.start - 16) : m.start])]
        return Holder((own or named)[-1], direct=False) if named else None
    topics = [m for m in named if _TOPIC.match(text[m.end : m.end + 20]) or _GENITIVE.match(text[m.end : m.end + 20])]
    chosen = [m for m in topics or named if not _OBJECT.match(text[m.end : m.end + 8])]
    return Holder(chosen[-1], direct=False) if chosen else None


def _here(page: Page, a: int, b: int, start: int, end: int, types: tuple[str, ...]) -> Holder | None:
    """The holder that the sentence of a place names."""
    text = page.folded
    here = [m for m in page.within(page.mentions, a, b)
            if m.end <= b and m.country and m.type in types and not _PUBLISHER.match(text[m.end : m.end + 24])]  # fmt: skip
    one = shared_out(page, here, a, b, start) or _bracketed(page, here, a, start)
    if one is not None:
        return Holder(one, direct=True)
    return _english(page, here, a, start, end, types) if page.language == "en" else _eastern(page, here, a, start, end, types)


def _bracketed(page: Page, here: list[Mention], a: int, start: int) -> Mention | None:
    """ドイツ(7位), 독일(7위): whoever stands before the bracket."""
    bracket = page.folded.rfind("(", a, start)
    if bracket < 0 or ")" in page.folded[bracket:start] or start - bracket >= 14:
        return None
    return next((m for m in reversed(here) if bracket - 1 <= m.end <= bracket), None)


_ASIDE = re.compile(r", (?:which|who|whose|where|home to|long|once|host of|with|despite|for all|having|though)\b[^,;.\d]*, (?:[a-z]+ ){0,5}$")


def _english(page: Page, here: list[Mention], a: int, start: int, end: int, types: tuple[str, ...]) -> Holder | None:
    text = page.folded
    held = IS_HELD_BY.match(text, end)
    if held is not None and (named := next((m for m in here if m.start == held.end()), None)) is not None:
        return Holder(named, direct=True)
    aside = _ASIDE.search(text, a, start)
    if aside is not None and (owner := [m for m in here if m.end <= aside.start() and not text[m.end : aside.start()].strip("’'\")")]):
        return Holder(owner[-1], direct=True)  # France, which has courted Emirati money, was fifth
    before = [m for m in here if m.end <= start]
    clause = max((text.rfind(c, a, start) for c in (", ", "; ", " while ", " and ", " but ")), default=a)
    inside = [m for m in before if m.start >= clause]
    placed = re.match(r"[\s-]?(?:place|placed|ranked)?[\s-]", text[end:])
    near = (inside or before)[-1:] or [m for m in here if placed and 0 <= m.start - end <= 12]
    body = _institution(page, a, start, near[0].end if near and near[0].end <= start else a)
    if body is not None and "system" not in types:
        return body
    if not near and start - a < 20:  # At 11th in the index, Japan …; Sixth again, South Korea …
        near = [m for m in here if m.start >= end and re.fullmatch(r"[^.;]{0,70}[,:]\s(?:the )?", text[end : m.start])][:1]
    return Holder(near[0], direct=bool(inside)) if near else None


def _eastern(page: Page, here: list[Mention], a: int, start: int, end: int, types: tuple[str, ...]) -> Holder | None:
    text = page.folded
    before = [m for m in here if m.end <= start and not _OBJECT.match(text[m.end : m.end + 8])]
    if (after := _after(page, here, end, types)) is not None:
        return Holder(after, direct=True)
    owner = next((m for m in reversed(before) if re.fullmatch(r"[’'\"”」』]?(?:の|의)\s?(?:현재|종합|총|今年の|現在の)?\s?", text[m.end : start])), None)
    if owner is None and before and text[before[-1].end : start] in (" ", ""):
        owner = before[-1]  # 싱가포르 3위, 영국 4위: a bare name before its place
    if owner is not None:
        return Holder(owner, direct=True)
    topics = [m for m in before if _TOPIC.match(text[m.end : m.end + 46]) or _OF_TOPIC.match(text[m.end : m.end + 46])]
    last = _resumed(page, topics, start) if topics else None
    body = _institution(page, a, start, last.end if last is not None else a)
    if body is not None and "system" not in types:
        return body
    weak = [m for m in before if _GENITIVE.match(text[m.end : m.end + 34])]
    chosen = last or (weak or before)[-1] if last or weak or before else None
    if chosen is None and start - a <= 8 and "\n" in text[end : end + 4]:
        chosen = next((m for m in here if m.start >= end), None)
    if chosen is None:
        return None
    return Holder(chosen, direct=chosen is last and before[-1] is last)


def _resumed(page: Page, topics: list[Mention], start: int) -> Mention:
    """The last topic; where that is the subject of a clause that has a place of its own, the theme before it: 후가쿠는 유피터가 4위에 끼어들면서 7위."""
    text, last = page.folded, topics[-1]
    subject = re.match(_AFTER + r"(?:이|가|が)(?=[\s,、]|[^ぁ-ん가-힣])", text[last.end : last.end + 40])
    done = [q for q in page.within(page.quantities, last.end, start) if q.family == "rank" and q.end < start]
    themes = [m for m in topics[:-1] if re.match(_AFTER + r"(?:은|는|は)(?=[\s,、]|[^ぁ-ん가-힣])", text[m.end : m.end + 40])]
    if subject and done and themes and not _NEW.search(text[done[-1].end : start]) and not any(q.family == "rank" for q in page.within(page.quantities, themes[-1].end, last.start)):
        return themes[-1]
    return last


_NEW = re.compile(r"[;；]|(?:이고|이며|였고|였으며|으며|했고|で|だったが|たが|が)[,、]?\s?[^가-힣ぁ-んァ-ヶ一-鿿]*$")


def _after(page: Page, here: list[Mention], end: int, types: tuple[str, ...]) -> Mention | None:
    """The name that a place is told of in front of it: 3위 싱가포르, 5위를 꿰찬 프랑스, 4位は英国, 2位のフロンティア."""
    text = page.folded
    relative = _RELATIVE_KO if page.language == "ko" else _RELATIVE_JA
    for pattern in (_CLEFT, _COPULA, relative, _BARE):
        lead = pattern.match(text, end)
        if lead is None:
            continue
        at = _JOIN.match(text, lead.end()).end()  # type: ignore[union-attr]
        found = next((m for m in here if m.start == at), None)
        chained = found or next((m for m in page.within(page.mentions, at, at + 1) if m.country), None)
        if chained is None:
            continue
        inner = [m for m in here if types[0] == "system" and m.start >= chained.end and re.fullmatch(r"(?:の|의)?[\s‘'\"“「『]{0,2}(?:[^\s、,。]{1,6}[\s「‘])?", text[chained.end : m.start])]
        chosen = inner[0] if inner else found
        if chosen is not None and pattern is _CLEFT and re.search(r"の|것|곳", lead.group()) and _SUBJECT.match(text, chosen.end):
            return None  # 7位となったのは、ユピターが割り込んだためだ: why, not who
        if chosen is not None and not (pattern is _CLEFT and (_OBJECT.match(text[chosen.end : chosen.end + 8]) or (text[end - 1] in "점点" and _OWNS.match(text, chosen.end)))):
            return chosen
    return None


def _institution(page: Page, a: int, start: int, after: int) -> Holder | None:
    """The university or firm that a sentence ranks, named between the last country and the place: it has a place of its own."""
    text = page.folded
    told = [m for m in page.within(page.mentions, after, start) if m.type in ("institute", "company") and m.end <= start and m.start >= a]
    marks = _RANKS if page.language == "en" else re.compile(_AFTER + r"(?:(?:은|는|이|가|도|は|が|も)(?=[\s,、]|[^ぁ-ん가-힣])|の順位|의 순위)")
    told = [m for m in told if marks.match(text[m.end : m.end + 46])]
    if told:
        return Holder(told[-1], direct=False)
    unknown = list(_UNKNOWN.finditer(text, after, start))
    if not unknown:
        return None
    m = unknown[-1]
    if page.within(page.mentions, m.start(), m.end()):
        return None
    return Holder(Mention(m.start(), m.end(), m.group(), "institute", ""), direct=False)
