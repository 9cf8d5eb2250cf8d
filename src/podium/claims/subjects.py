"""Whom a figure is about: the owner or recipient, and the country it counts for."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from podium.claims.bearers import marked, passes_by
from podium.claims.entities import Mention
from podium.claims.places import is_venue, local_body, recipient

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["country_named_most", "spent_in", "subject_of", "topic_country"]

# What follows a name: as the topic or subject, as the place, as a mere object or yardstick.
_TOPIC = re.compile(
    r"^[’'\"”)）]?\s?(?:[가-힣A-Za-z·\s]{0,14}?)?(?:은|는|이|가|도|에선|에서는|の|は|が|も)(?=[\s,]|[^ぁ-んー])"
)
_PLACE = re.compile(
    r"^[’'\"”)]?\s?(?:[가-힣]{0,6}\s?)?(?:에서?|에는|에도|내)(?=\s)|^(?:県|府|市|道|州)?[^、。]{0,8}(?:に|で|の)"
)
_IN = re.compile(
    r"\b(?:in|at|near|outside|across|to|above|around|into|throughout|on)\s(?:the\s|southern\s|northern\s|eastern\s|western\s|central\s)?$", re.I
)
_OBJECT = re.compile(r"^(?:을|를|보다|에게|[과와]의|[과와]\s|を|より|と(?:は|の|共同|連携|協力|提携|組|とも))")
# An English partner or yardstick, no owner: an agreement with Microsoft, more than Meta.
_WITH = re.compile(r"\b(?:with|from|against|than|unlike|versus|alongside)\s(?:the |its )?$", re.I)
# A Japanese site after the firm that builds there: NTTデータはタイに
_SITE_JA = re.compile(r"^[^\s、。はがも]{0,8}?(?:に(?!対|比べ|次|後れ|遅れ|匹敵|並|依存|追|よ[るりれ]|関|加え|とって|続)|で(?!は|も|あ|な)|における|での)")
_HOME = ("국내", "国内")
_WORLD = re.compile(r"전 ?세계|세계 (?:데이터센터|AI|각국)|글로벌 (?:데이터센터|AI 투자|빅테크)|世界全体|世界の(?:AI|データ|主要)|世界で|\b(?:worldwide|globally|global (?:AI|data|spending|investment|capacity)|around the world)\b", re.I)
_PARTY = re.compile(r"^(?:계|系|산|産|製)")


def topic_country(page: Page) -> str:
    """Return the country that headline and lead name most; the language's own where they name none."""
    votes: Counter[str] = Counter()
    lead = page.sentences[min(len(page.sentences), 6) - 1][1] if page.sentences else 0
    for m in page.mentions:
        if m.start < lead and m.country and m.type not in ("vendor", "index"):
            votes[m.country] += 3 if m.start < page.headline_ends else 1
    home = {"ko": "KOR", "ja": "JPN", "en": ""}[page.language]
    if home and _at_home(page, lead):
        return home
    if not votes:
        votes.update(_homes_of_money(page))
    return votes.most_common(1)[0][0] if votes else (home and country_named_most(page)) or home


def _at_home(page: Page, lead: int) -> bool:
    """Whether an article tells a sum in its papers' own currency before it names any country or firm: it begins at home."""
    first = min((m.start for m in page.mentions if m.country and m.type not in ("vendor", "index")), default=lead)
    return any(q.family == "money" and q.unit == _OWN_CURRENCY[page.language] and q.end < min(first, lead) for q in page.figures)


def country_named_most(page: Page) -> str:
    """Return the country that the article names most, where it names it twice as often as any other; else nothing."""
    votes = Counter(m.country for m in page.mentions if m.country and m.type not in ("vendor", "index"))
    votes.update(_homes_of_money(page))
    top = votes.most_common(2)
    return top[0][0] if top and (len(top) == 1 or top[0][1] >= 1.5 * top[1][1]) else ""


def _homes_of_money(page: Page) -> Counter[str]:
    """The countries whose own currency an article counts in, where that is not what its language's papers count in."""
    own = _OWN_CURRENCY[page.language]
    return Counter(_CURRENCY_HOME[q.unit] for q in page.figures if q.family == "money" and q.unit in _CURRENCY_HOME and q.unit != own)


def subject_of(
    page: Page, start: int, end: int, *, measure: bool = False, before: tuple[str | None, str | None] | None = None,
    money: str = "",
) -> tuple[str | None, str | None]:
    """Return name and ISO3 country of the owner, recipient or site of a figure.

    In its own sentence: a country named as the place, else the nearest name before the figure that is no mere
    object, else the next one after it. Without any: `before` (whom the claim before was about), else the sentence
    before, back to the topic of the article. A `measure` is a multiple or share: *Fugaku's two thirds* is not
    about Fugaku. ``money`` is the currency of a sum: it tells the country where no name does.
    """
    k = page.sentence_of(start)
    a, _ = page.sentences[k]
    if _WORLD.search(page.folded, a, start) and not any(m.type not in ("index", "vendor") for m in page.within(page.mentions, a, start)):
        return "world", None
    row = _row_label(page, start) or _heading(page, start, a)
    if row is not None:
        return row.id, row.country
    for back in range(4):
        if k - back < 0:
            break
        a, b = page.sentences[k - back]
        limit = (start, end) if back == 0 else (b, b)
        found = _in_sentence(page, a, b, *limit, own=back == 0, measure=measure and back == 0, held=before is not None, money=money)
        if found is not None:
            return found.id, found.country
        if back == 0 and (home := _unnamed_home(page, a, start, money)):
            return home, home
        if back == 0 and page.language == "en" and page.topic and local_body(page.folded[a:start]):
            return page.topic, page.topic
        if back == 0 and before is not None:
            return before
        if back == 0 and k and page.sentences[k - 1][0] < page.headline_ends <= a:
            break  # the first sentence of the text goes by the headline, not by the last line under it
        if back > 1 and "\n\n" in page.folded[a : page.sentences[k - back + 1][0]]:
            break
    topic = page.topic
    return (topic or None, topic or None)


_CURRENCY_HOME = {
    "KRW": "KOR", "JPY": "JPN", "GBP": "GBR", "CNY": "CHN", "INR": "IND", "CAD": "CAN", "AUD": "AUS", "SGD": "SGP", "TWD": "TWN", "NZD": "NZL",
    "HKD": "HKG", "CHF": "CHE", "SAR": "SAU", "AED": "ARE", "SEK": "SWE", "NOK": "NOR", "DKK": "DNK", "PLN": "POL", "BRL": "BRA", "MYR": "MYS",
    "IDR": "IDN", "THB": "THA", "TRY": "TUR", "ILS": "ISR", "VND": "VNM", "MXN": "MEX", "PHP": "PHL", "ZAR": "ZAF",
}  # fmt: skip
def spent_in(currency: str, language: str) -> str:
    """The country where a sum in its own currency is spent; empty for the dollar, the euro and what the language's papers count in."""
    return "" if currency in ("USD", "EUR", _OWN_CURRENCY[language]) else _CURRENCY_HOME.get(currency, "")


_OWN_CURRENCY = {"ko": "KRW", "ja": "JPY", "en": "USD"}
_BARE_STATE = re.compile(r"(?<![가-힣一-鿿ァ-ヶ] )(?<![가-힣一-鿿ァ-ヶー])(?:정부|나라)(?:는|가|도|에서|이)\s|(?<![一-鿿ァ-ヶー])(?:政府)(?:は|が|も)")


def _unnamed_home(page: Page, a: int, start: int, money: str) -> str:
    """The country of a figure whose sentence names none: by its currency, where that is not what the paper counts everything in, or by a bare *the government*."""
    if money and money != _OWN_CURRENCY[page.language] and money in _CURRENCY_HOME:
        return _CURRENCY_HOME[money]
    if page.language != "en" and _BARE_LAND.search(page.folded, a, start) and (land := _federation(page)):
        return land
    if page.language != "en" and _BARE_STATE.search(page.folded, a, start):
        if money == _OWN_CURRENCY[page.language]:
            return _CURRENCY_HOME[money]
        return page.named_most or _CURRENCY_HOME[_OWN_CURRENCY[page.language]]
    return ""


_BARE_LAND = re.compile(r"(?<![가-힣一-鿿ァ-ヶ] )(?<![가-힣])주정부(?:는|가|도|에서)\s|(?<![一-鿿ァ-ヶー])州政府[はがも]")


_FEDERATIONS = frozenset({"ARE", "ARG", "AUS", "AUT", "BRA", "CAN", "CHE", "DEU", "IND", "MEX", "MYS", "NGA", "PAK", "USA"})


def _federation(page: Page) -> str:
    """Whose state a bare 주정부 or 州政府 is: of the countries that have such, the one named most as a place, not by its firms."""
    votes = Counter(m.country for m in page.mentions if m.type == "country" and m.country in _FEDERATIONS).most_common(1)
    return votes[0][0] if votes else ""


def _row_label(page: Page, start: int) -> Mention | None:
    """The country at the head of a row of a list or table: *○ 인도: …*, *▽フランス　…*, *Norway: …*."""
    line = page.folded.rfind("\n", 0, start) + 1
    m = _ROW.match(page.folded[line : line + 24])
    if m is None:
        return None
    for name in page.within(page.mentions, line + m.start("name"), line + m.start("name") + 1):
        after = page.folded[name.end : name.end + 3]
        bare = m["mark"].strip() != "" and page.text[name.end : name.end + 1] == "\u3000"
        if name.type == "country" and name.country and name.end <= start and (bare or re.match(r"\s?[:：\]]", after)):
            return name
    return None


def _heading(page: Page, start: int, a: int) -> Mention | None:
    """The owner named by the heading of a list, for an item that names nobody before its figure: [북미] 오픈AI, then - 6GW."""
    text = page.folded
    line = text.rfind("\n", 0, start) + 1
    if not _ITEM.match(text, line) or any(m.country and m.end <= start and m.type not in ("vendor", "index") and not _PARTNER.match(text[m.end : m.end + 3]) for m in page.within(page.mentions, line, start)):
        return None
    at = line
    while at > 0:
        at = text.rfind("\n", 0, at - 1) + 1
        if at < line and not _ITEM.match(text, at):
            break
        line = at
    head = text[at : text.find("\n", at)]
    if at >= line or not 1 < len(head.strip()) <= 44 or head.rstrip().endswith((".", "。", "다")):
        return None
    named = [m for m in page.within(page.mentions, at, at + len(head)) if m.country and m.type not in ("index",)]
    return named[-1] if named and len({m.country for m in named}) == 1 else None


_ITEM = re.compile(r"\s*(?:[-–—•▪·*◦‣・]|[①-⑳]|\(?\d{1,2}[.)])\s?\S")
_PARTNER = re.compile(r"[와과]\s|と")
_ROW = re.compile(r"(?P<mark>[\s○●◆◇▲△▽▼■□•*·\-–\[【①-⑳]*)(?P<name>[가-힣ァ-ヶ一-鿿A-Za-z])")


def _named(page: Page, a: int, b: int, *, vendors: bool = False) -> list[Mention]:
    """The names in a span that may own something: no vendor, no index, no nationality of either, no mere landmark."""
    text = page.folded
    near = page.within(page.mentions, a, b)
    starts = {m.start: m for m in near}
    out = []
    for m in near:
        if not (a <= m.start and m.end <= b and m.country) or m.type == "index" or (m.type == "vendor" and not vendors):
            continue
        if m.type == "vendor" and page.chips_before(m.end + 4, m.end):
            continue  # 엔비디아 ‘GH200’: whose chip it is, not who has it
        if text[m.end : m.end + 6] == "-based" or re.match(r"에 본사를|に本社を|に本拠を", text[m.end : m.end + 6]):
            continue
        larger = starts.get(m.end + 2) if m.type == "country" and text[m.end : m.end + 2] == ", " and page.language == "en" else None
        if larger is not None and larger.type == "country" and larger.country != m.country and not re.match(r",? and\b", text[larger.end : larger.end + 6]) and _IN.search(text[max(a, m.start - 18) : m.start]):
            continue  # Cambridge, Ontario
        following = starts.get(m.end) or (starts.get(m.end + 1) if text[m.end : m.end + 1] == " " else None)
        if text[m.start : m.end] in _HOME and any(a <= n.start < m.start and n.type in ("country", "state") for n in near):
            continue
        if re.match(r"['’]s (?:fastest|largest|biggest|most|first|top|flagship)", text[m.end : m.end + 12]) and any(n.start < m.start for n in near):
            continue
        if page.language == "en" and re.match(r"\s(?:lights|standards?|terms|measures?|eyes|rivals?)\b", text[m.end : m.end + 12]):
            continue  # small by American standards
        nationality = m.type == "country" and following is not None and following.type in ("vendor", "index")
        landmark = re.match(
            r"(?:에서|から|\sis|\sby)?\s?[^\s]{0,4}\s?\d+\s?(?:㎞|km|킬로미터|キロメートル|kilomet)",
            text[m.end : m.end + 18],
        )
        if not nationality and not landmark and not is_venue(page, m) and not _PARTY.match(text[m.end : m.end + 2]):
            out.append(m)
    return out


def _in_sentence(
    page: Page, a: int, b: int, start: int, end: int, *, own: bool, measure: bool, held: bool = False, money: str = ""
) -> Mention | None:
    text = page.folded
    here = _named(page, a, b) or (_named(page, a, b, vendors=True) if money and own and not held else [])
    here = [m for m in here if not passes_by(page, m, measure=measure)]
    if own and not measure and (bearer := marked(page, here, a, b, start, end)) is not None:
        return bearer
    before = [m for m in here if m.end <= start]
    if page.language == "en":
        cut = max(text.rfind(mark, a, start) for mark in ("; ", ", while ", ", whereas "))
        before = [m for m in before if m.start >= cut] or before
    if measure:
        before = _measured(page, before, a, start)
    adnominal = re.match(r"(?:인|의|짜리|を誇る|の)\s?", text[end:]) if own and not measure else None
    if adnominal:
        chain = [m for m in here if end < m.start <= end + adnominal.end() + 4]
        if chain and chain[0].start <= end + adnominal.end() + 1:
            return chain[-1]
    if own and not measure and page.language != "en" and (sent := recipient(page, here, end)) is not None:
        return sent
    if own and page.language == "en" and (head := next((m for m in here if m.start == end + 1 and m.type in ("company", "system") and re.search(r"(?:['’]s|\bthe|\ban?|\bits|\btheir)\s(?:new |planned |proposed )?$", text[max(a, start - 14) : start])), None)):
        return head  # SoftBank's $500bn Stargate
    if own and page.language == "en" and (told := _told_of(page, here, end)) is not None:
        return told
    if own and page.language == "en" and (payer := _borne_by(page, here, end, b)) is not None:
        return payer
    if own and not measure and page.language == "en" and (site := _site_after(page, here, end, b)) is not None:
        return site
    places = [m for m in before if m.type == "country" and (
        (page.language == "en" and _IN.search(text[max(a, m.start - 18) : m.start]))
        or (page.language != "en" and _PLACE.match(text[m.end : m.end + 12])))]  # fmt: skip
    actors = [m for m in before if m not in places and not _OBJECT.match(text[m.end : m.end + 6])]
    if page.language == "en":
        partners = [m for m in actors if _WITH.search(text[max(a, m.start - 14) : m.start])]
        actors = [m for m in actors if m not in partners] or actors
    firms = [m for m in actors if m.type != "country"]
    if places and (page.language == "en" or not firms or firms[-1].country == places[-1].country or
                   re.search(r"에(?:서|는)?\s", text[places[-1].end : places[-1].end + 10])
                   or ((places[-1].start > firms[-1].end or text[firms[-1].end : firms[-1].end + 1] == "が") and _SITE_JA.match(text[places[-1].end : places[-1].end + 14]))):  # fmt: skip
        later = [m for m in actors if m.start > places[-1].end and m.type == "country" and _TOPIC.match(text[m.end : m.end + 20])]
        return later[-1] if later and page.language != "en" else places[-1]
    if actors:
        return _of_nation(page, before, _paying(actors, money))
    if before and held and page.language == "ja" and re.match(r"と[はの]", text[before[-1].end : before[-1].end + 2]):
        return None  # アマゾンとは50億ドルを投じる: whoever was spoken of, with Amazon
    if before:
        return before[-1]
    heads = own and start - a <= 8 and "\n" in text[end : end + 4]
    if held and page.language != "en" and not heads:
        return None
    after = [m for m in here if m.start >= end and m.start - end < (60 if heads else 40 if own else 0)]
    if page.language == "en":
        after = [m for m in after if not _YARDSTICK.search(text[max(a, m.start - 16) : m.start])]
    return after[0] if after and (heads or not measure) else None


def _of_nation(page: Page, before: list[Mention], chosen: Mention) -> Mention:
    """A firm, or the country that the text puts directly before it where that is not its home: *Sweden's Brookfield campus*."""
    k = before.index(chosen)
    last = before[k - 1] if k else None
    if last is None or last.type != "country" or chosen.type != "company" or last.country == chosen.country:
        return chosen
    return last if re.fullmatch(r"(?:'s|’s|의|の)?\s?", page.folded[last.end : chosen.start]) else chosen


def _paying(actors: list[Mention], money: str) -> Mention:
    """The last actor; of two in one breath the one whose own currency a sum is in: *Reliance and Meta will put in 8.5 billion rupees*."""
    home = _CURRENCY_HOME.get(money, "")
    if money in ("USD", "EUR") or actors[-1].country == home:
        return actors[-1]
    own = [m for m in actors if m.country == home and actors[-1].start - m.end < 16]
    return own[-1] if own else actors[-1]


def _measured(page: Page, before: list[Mention], a: int, start: int) -> list[Mention]:
    """The names that a multiple or share may be about: not the yardstick directly before it, nor what it belongs to.

    In *X is a third of Y's money* and 프랑스가 끌어온 돈의 80분의 1 the yardstick runs back from the genitive to
    the last topic.
    """
    text = page.folded
    head = re.sub(r"(?:약|約|최대|무려|거의|およそ)\s?$", "", text[a:start])
    if page.language == "en" or not re.search(r"(?:의|の|보다|대비|에 비해|에 견줘|[과와] (?:견주면|비교하면|비교해도?|비교해서|견줘도?)|より|[にと]比べ(?:て|ると|れば)?)[、,]?\s?$", head):
        yardstick = next((m for m in before if re.fullmatch(r"(?:'s|’s)\s?", text[m.end : start])), None)
        return [m for m in before if yardstick is None or m.country != yardstick.country]
    topics = [m for m in before if re.match(r"[’'\"”」』)]?(?:\([^)]{0,30}\))?[^\s,、]{0,12}?(?:은|는|도|は|も)(?=[\s,、]|[^가-힣])", text[m.end : m.end + 18])
              and m.end < start - 4]  # fmt: skip
    broken = max((m.end() for m in _BREAK.finditer(text, a, start)), default=a)
    subjects = [m for m in before[:-1] if re.match(r"(?:의|の|보다|より)\s?(?:약 |約)?$", text[before[-1].end : start]) and re.match(r"[’'\"”」』)]?(?:\([^)]{0,30}\))?(?:이|가|が)(?=[\s,、]|[^ぁ-ん가-힣])", text[m.end : m.end + 36])]
    return topics or [m for m in before if m.end <= broken] or subjects


_BREAK = re.compile(r"[,、]|(?:이니|이고|인데|지만|으니|으며|이며|하면|보면|해서)\s|で、|が、|から、")


def _site_after(page: Page, here: list[Mention], end: int, b: int) -> Mention | None:
    """The place named after a figure in English: *a 30MW hall in Johor*, *18,000 chips to Humain*."""
    text = page.folded
    figures = [q.start for q in page.within(page.quantities, end, b)]
    limit = min([b, end + 64, *figures])
    for m in here:
        if end <= m.start < limit and not re.search(r"[.;:]\s|, (?:while|but|and|as|which|after|despite)|\band (?:operates|runs|has|plans|will|is|also|owns|builds|expects|hopes)\b", text[end : m.start]):
            lead = text[max(end, m.start - 16) : m.start]
            if m.type == "country" and (_SITE.search(lead) or (_FOR_SITE.search(lead) and _DEMONYM.match(text[m.end : m.end + 30]))) and not _BUT.search(text[max(end, m.start - 40) : m.start]):
                return m
            if m.type == "country" and m.start == end + 1 and _DEMONYM.match(text[m.end : m.end + 30]):
                return m  # a 1GW French campus
    return None


_YARDSTICK = re.compile(r"\b(?:under|over|above|below|than|behind|ahead of|beyond|short of|against|like|(?:times|half|thirds?|quarters?|fifths?|tenths?|percent|per cent|%) (?:of|as \w+ as))\s(?:the\s|that of\s|what\s)?$", re.I)


def _told_of(page: Page, here: list[Mention], end: int) -> Mention | None:
    """Whom a relative clause right after a figure is about: *the 600 million that Finland's LUMI will cost*."""
    following = [m for m in here if end <= m.start < end + 34]
    if not following or not re.fullmatch(r"\s(?:that|which)\s(?:the\s|its\s)?", page.folded[end : following[0].start]):
        return None
    chained = [m for m in following[1:] if re.fullmatch(r"(?:'s|’s)?\s", page.folded[following[0].end : m.start])]
    return (chained or following)[0]


def _borne_by(page: Page, here: list[Mention], end: int, b: int) -> Mention | None:
    """Who is said to bear, pay or fund a figure, after it: *half is borne by the European Union*."""
    for m in here:
        if end <= m.start < min(b, end + 80) and _BORNE.search(page.folded[end : m.start]) and not re.search(r"[.;]", page.folded[end : m.start]):
            return m
    return None


_BORNE = re.compile(r"\b(?:borne|paid(?: for)?|funded|covered|met|financed|put up|contributed) by (?:the )?$|\b(?:installed|located|housed|hosted|based|held|found) (?:in|by) (?:the )?$", re.I)
_BUT = re.compile(r"\b(?:biggest|largest|first|only|most|fastest|best)\b[^,.;]{0,20}\boutside (?:of )?$", re.I)
_FOR_SITE = re.compile(r"\b(?:for|on)\s(?:an?|the|its|their|new|his|her)\s(?:\w+\s)?$", re.I)
_DEMONYM = re.compile(r"\s(?:[\w'‘’-]+\s){0,2}[‘'\"]?(?:AI|campus|site|data|centre|center|plant|hub|park|facility|project|complex|hall|cluster|zone|factory|gigafactory|supercomputer)\b", re.I)
_SITE = re.compile(r"\b(?:in|at|near|outside|across|into)\s(?:an?\s|the\s|southern\s|northern\s|eastern\s|western\s|central\s)?$", re.I)
