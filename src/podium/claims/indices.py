"""Which index or list a place in the text speaks of, and of which edition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from podium.claims import cues

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["LISTS", "index_near", "is_carried", "month_near", "ranking_near", "title"]

LISTS = frozenset({"top500", "green500"})
"""Lists of machines: who holds a place in them is a system, not a country."""
_INDEX_WORDS = re.compile(
    r"글로벌 ?AI ?지수|세계 ?AI ?지수|AI ?지수|Global AI Index|AI index|世界AI指数|AI指数|AIインデックス|토터스|Tortoise|トータス",
    re.I,
)
_MONTHS = {m: k for k, m in enumerate(["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"], start=1)}
_MONTH = re.compile(
    rf"(?:(?P<y>20\d\d)\s?[년年]\s?)?(?P<m>\d{{1,2}})\s?[월月]|\b(?P<name>{'|'.join(_MONTHS)})(?:\s(?P<y2>20\d\d))?", re.I
)


# Tables that rank something else, or of somebody else: by university, by firm; another index that nobody names.
_OTHER_TABLE = re.compile(
    r"(?:대학|기관|기업|회사|업체|도시|지역|학교|연구소|저자|모델|통신사)(?:별|들? ?(?:가운데|중에?서?|사이에서)[는은]?|들의 순위)|논문 ?(?:수|건수|채택|발표|순위)|특허 ?(?:수|건수|출원|순위)|(?:다른|별도의|또 다른|경쟁) ?(?:지표|지수|조사|순위표?|평가|기관)"
    r"|(?:大学|機関|企業|都市|地域|研究所|州|県|モデル)別|大学の中|企業の中|論文(?:数|の採択|ランキング)|特許(?:数|件数|出願)|(?:別の|他の|もう一つの)(?:指標|指数|調査|ランキング|番付|機関)"
    r"|\b(?:by|among|of) (?:the )?(?:world's )?(?:universit(?:y|ies)|compan(?:y|ies)|firms?|institutions?|cit(?:y|ies)|laborator(?:y|ies)|labs|publishers|authors|start-?ups)\b|\b(?:university|company|city|institutional) (?:ranking|league table)|\b(?:another|a different|a separate|a rival|the rival|rival|other) (?:index|ranking|table|league table|survey|measure|list|gauge|scoreboard)", re.I,
)


def _elsewhere(page: Page, at: int, since: int) -> bool:
    """Whether the paragraph of a place has, after the index named last, turned to a table of another sort."""
    paragraph = page.folded.rfind("\n", 0, at) + 1
    return _OTHER_TABLE.search(page.folded, max(paragraph, since), at) is not None


# An index named after one of these, behind a place, is of the next clause: *28th in 2023, although Stanford's table …*
_TURNS = re.compile(r"\b(?:although|though|but|while|whereas|yet|however)\b|;|지만|으나|는데|[가-힣]고[,\s]|반면|だが|が、|一方|[しり]、")


def index_near(page: Page, at: int) -> str | None:
    """Return the id of the index named nearest before a place in its sentence, else before it at all, else anywhere.

    None where the paragraph has since turned to another table: by university, another survey.
    """
    named = page.indices
    k = page.sentence_of(at)
    a, b = page.sentences[k]
    here = [m for m in page.within(named, a, b) if m.start < at or not _TURNS.search(page.folded, at, m.start)]
    words = [m.end() for m in _INDEX_WORDS.finditer(page.folded, 0, at)]
    since = max([m.end for m in page.within(named, 0, at)] + words[-1:] + [0])
    if _elsewhere(page, at, since) and not any(m.start > at for m in here):
        return None
    if page.language != "en" and (told := [m for m in here if m.end <= at]):
        return told[-1].id  # AI活力指数で韓国は4位、世界AI指数では6位
    if here:
        return min(here, key=lambda m: abs(m.start - at)).id
    earlier = page.within(named, 0, at)[-1:]
    if earlier:
        return earlier[0].id
    if named:
        return named[0].id
    return "tortoise-gaii" if _INDEX_WORDS.search(page.folded) else None


def is_carried(page: Page, at: int) -> bool:
    """Whether an index stands so near that a place is surely of it: in the headline, before it, or in the next two sentences."""
    if at < page.headline_ends:
        return True
    k = page.sentence_of(at)
    paragraph = page.folded.find("\n", at)
    end = max(page.sentences[min(k + 2, len(page.sentences) - 1)][1], len(page.folded) if paragraph < 0 else paragraph)
    return bool(page.within(page.indices, 0, end)) or _INDEX_WORDS.search(page.folded, 0, end) is not None


# A list by its season or half-year: 하반기 명단, 上期の番付, the summer list; one comes in June, one in November.
_SEASON = re.compile(
    r"(?:(?P<june>상반기|초여름|여름|上半期|上期|夏)|(?P<november>하반기|늦가을|가을|겨울|下半期|下期|秋|冬))(?=(?:에 나온|에 발표된|의|の)?\s?[‘'“\"「]?(?:톱500|TOP500|명단|목록|순위|리스트|リスト|番付|ランキング|\d))"
    r"|\b(?:(?P<early>summer|first-half)|(?P<late>autumn|winter|second-half))(?:['’]s)?(?=\s(?:TOP500|Top500|list|ranking|edition)\b)"
)


def _season(page: Page, m: re.Match[str]) -> str:
    """Year and month of the last list of a season or half-year."""
    month = 6 if m["june"] or m["early"] else 11
    year = int(page.date[:4]) - (month > int(page.date[5:7]))
    return f"{year}-{month:02d}"


def _is_of_next(page: Page, at: int, month: int) -> bool:
    """Whether a month behind a figure is of another one between: 1,000 petaflops, 26% more than the 793.4 it posted in June."""
    here = [q for q in page.within(page.quantities, at, month) if q.start < month]
    return len(here) > 1 and here[0].start <= at + 2 and any(q.family == here[0].family for q in here[1:])


_EDITION_TOPIC = re.compile(r"版(?:では|で|は|の)|(?:의|の)?\s?(?:목록|명단|순위|リスト)(?:에서는|에선|では)")  # 5月版では…が4位、…が5位
_MAY_LIST = re.compile(r"(?:의|の|에 (?:나온|발표된|발표한|공개된)|に発表された)?\s?(?:톱500|TOP500|목록|명단|판|版|リスト|순위|list)", re.I)
_ANOTHER_TIME = re.compile(r"이번|올해|이제|지금|최근|다시|今回|今年|今は|今度")


def _is_taken(page: Page, since: int, at: int) -> bool:
    """Whether a like figure and another time stand between a month and this one: 지난해 11월 6위, 이번에 7위."""
    here = next((q for q in page.within(page.quantities, at, at + 1)), None)
    told = [q for q in page.within(page.quantities, since, at) if here is not None and q.family == here.family and q.end <= at]
    return bool(told) and _ANOTHER_TIME.search(page.folded, told[-1].end, at) is not None


def _is_spent(page: Page, since: int, at: int) -> bool:
    """Whether a month is of a figure before this one, which it changes into this: 6월 793.4페타플롭스에서 이번에 1000페타플롭스로."""
    told = [q for q in page.within(page.quantities, since, at) if q.end <= at and q.start - since < 8]
    return bool(told) and re.match(r"에서\s|から|\sto\s|→", page.folded[told[-1].end : told[-1].end + 4]) is not None


_COMPARED_MONTH = re.compile(r"(?:과|와|보다|에 비해|대비|이후|と(?!して|する)|より|に比べ|から|以来)(?=[\s、,]?[^\d\s])")
_SINCE_MONTH = re.compile(r"\b(?:than in|since|unlike in|as in|from)\s$", re.I)
_OF_OLD_PLACE = re.compile(r"(?:의|에|에는|の|に|には)?\s?\d+(?:위에서|위였|위이던|위보다|位から|位だった|位より)")


def month_near(page: Page, at: int) -> str | None:
    """Return year and month (2025-06) said of a list in the sentence of a place or the one before; None where none is."""
    k = page.sentence_of(at)
    a = page.sentences[k][0]
    seasons = [m for m in _SEASON.finditer(page.folded, a, at + 1) if m.end() <= at and not _is_taken(page, m.end(), at) and not _is_spent(page, m.end(), at)]
    if seasons:
        return _season(page, seasons[-1])
    for j in (k, k - 1):
        found = list(_MONTH.finditer(page.sentence(j)))
        if j == k:  # a list named in another clause is of another figure
            found = [m for m in found if not re.search(r";|\sbut\s|[지는]만,?\s|、", page.folded[min(at, a + m.end()) : max(at, a + m.start())][:-1]) or len(found) > 1 or _EDITION_TOPIC.match(page.folded, a + m.end())]
            found = [m for m in found if not _is_spent(page, a + m.end(), at) and not _is_of_next(page, at, a + m.start())]
            before = [m for m in found if a + m.end() <= at]
            if page.language != "en" and before:
                found = [m for m in before if not _is_taken(page, a + m.end(), at)]
                if not found:
                    return None  # 지난해 11월 6위를 거쳐 이번에 7위: the month is of the place before
            found.sort(key=lambda m: -abs(a + m.start() - at))
        for m in reversed(found):
            if (j != k and _OF_OLD_PLACE.match(page.sentence(j), m.end())) or _COMPARED_MONTH.match(page.sentence(j), m.end()) or _SINCE_MONTH.search(page.sentence(j)[: m.start()]):
                continue  # 지난해 11월의 22위에서, 6월과 달라지지 않았다: of the place that was
            month = int(m["m"]) if m["m"] else _MONTHS[m["name"].lower()]
            year = m["y"] or m["y2"] or (str(int(page.date[:4]) - 1) if _YEAR_AGO.search(page.sentence(j)[: m.start()]) else None)
            guess = year or (page.date[:4] if month <= int(page.date[5:7]) else str(int(page.date[:4]) - 1))
            if month == 5 and guess in ("2022", "2023", "2024") and (year or _MAY_LIST.match(page.sentence(j), m.end())):
                month = 6  # the list of June came out in May
            if month not in (6, 11) or (m["name"] and m["name"].islower()):
                continue
            if year is None:
                year = guess
            return f"{year}-{month:02d}"
    return None


_YEAR_AGO = re.compile(r"(?:작년|지난해|昨年|去年|前年)\s?$")
_TITLES = {"tortoise-gaii": {"ko": "글로벌 AI 지수", "en": "Global AI Index", "ja": "世界AI指数"}}


def title(index: str, language: str = "en") -> str:
    """Return the name of an index as one writes it in a language."""
    if index in _TITLES:
        return _TITLES[index][language]
    return {"top500": "TOP500", "green500": "Green500"}.get(index, index)


_REACH = 14  # sentences for which an article goes on speaking of a ranking


def ranking_near(page: Page, at: int) -> bool:
    """Whether the sentence of a figure, or one of the two before it, or the headline speaks of a ranking."""
    k = page.sentence_of(at)
    if cues.has(cues.MARKET_SHARE, page.sentence(k)):
        return False
    head = page.folded[: page.headline_ends]
    if any(cues.has(cues.RANKING, page.sentence(j)) for j in range(k, k - _REACH, -1)) or cues.has(cues.RANKING, head):
        return True
    return (at < page.headline_ends and cues.has(cues.RANKING, page.folded)) or (page.language != "en" and bool(page.indices))
