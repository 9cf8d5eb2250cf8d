"""Claims about an index itself and its scores: points of a country, how many countries and indicators it covers."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.claim import Claim
from podium.claims.holders import rank_subject
from podium.claims.indices import ranking_near
from podium.claims.quantities import bounds
from podium.claims.years import year_of

if TYPE_CHECKING:
    from podium.claims.page import Page
    from podium.claims.quantities import Quantity

__all__ = ["score_claims"]


def score_claims(page: Page) -> list[Claim]:
    """Return the claims of an article about scores in an index and about what the index covers."""
    return _scores(page) + _coverage(page)


_BARE = re.compile(r"(?<![\d.,$€£¥₩-])(?P<n>\d{1,2}\.\d{1,2}|(?:(?<=満点の)|(?<=만점인 )|(?<=만점 )|(?<=perfect ))100)(?![\d%％]|\.\d|,\d|\s?[A-Za-z가-힣ァ-ヶ一-鿿]*(?:점|点|배|倍|억|조|億|兆|달러|円|GB|TB|MW|GW|kW|flops|엑사|페타|million|billion|trillion|points?|percent|per cent|times)\b|\s?(?:점|点|배|倍|엑사|페타|エクサ|ペタ|exa|peta|GB|GW|MW))")
_SCORE = re.compile(
    r"(?:\bon|\bscore of|\bscore is|\bscores|\bscored|\bscoring|\bwith a perfect|\bwith a score of|점수는?)\s(?P<n>\d{1,3}(?:\.\d+)?)(?!\d|,\d|%|\s?(?:million|billion|percent|per cent|GPUs|chips|[a-z]*flops?\b|[kMG]W\b|[GTP]B\b|[A-Z][a-z]+day|nations|countries|economies))"
    r"|(?P<k>\d{1,3}(?:\.\d+)?)\s?(?:점|点|points?\b)"
)


def _scores(page: Page) -> list[Claim]:
    """Scores in an index, such as 53.88 points; a bare 32.33 where the sentences before speak of scores."""
    out: list[Claim] = []
    told = [(m, "n" if m["n"] else "k") for m in _SCORE.finditer(page.folded)]
    seen = {m.start(name) for m, name in told}
    told += [(m, "n") for m in _BARE.finditer(page.folded) if m.start() not in seen and _goes_on_scoring(page, m)]
    for m, name in sorted(told, key=lambda x: x[0].start(x[1])):
        a, b = page.sentences[page.sentence_of(m.start())]
        whole = page.folded[a:b]
        if not ranking_near(page, m.start()) or cues.has(cues.POLLS, whole) or cues.has(cues.MARKETS, whole):
            continue
        if name == "n" and re.match(
            r"(?:Sept|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Oct|Nov|Dec)", page.folded[m.end() + 1 : m.end() + 5]
        ):
            continue
        start, end = m.span("n") if name == "n" else m.span()
        q = next((q for q in page.within(page.quantities, start - 12, end) if q.family == "point" and q.start <= start and end <= q.end), None)
        hedge, low, high = (q.hedge, q.low, q.high) if q is not None else (None, None, None)
        start, end = (q.start, q.end) if q is not None else (start, end)
        subject, country = _scored(page, start) or rank_subject(page, start, end)
        out.append(Claim("", "other", page.text[start:end], start, end, (), subject, country, "score", float(m[name]),
                         low=low, high=high, unit="point", hedge=hedge, year_or_date=year_of(page, start, end)))  # fmt: skip
    return out


def _scored(page: Page, start: int) -> tuple[str, str] | None:
    """The country that stands as the object of a score: 首位の米国を100点とする, 1위 미국을 100점으로."""
    last = [m for m in page.within(page.mentions, max(0, start - 24), start) if m.type == "country" and m.country]
    return (last[-1].id, last[-1].country) if last and re.fullmatch(r"[’'”\"」』]?[을를を]\s?", page.folded[last[-1].end : start]) else None


def _goes_on_scoring(page: Page, m: re.Match[str]) -> bool:
    """Whether a bare number stands in a stretch of scores: a word of scoring in its sentence or the two before, no unit of its own."""
    k = page.sentence_of(m.start())
    if any(q.start <= m.start() < q.end for q in page.within(page.quantities, m.start() - 30, m.end())):
        return False
    return any(cues.has(_SCORING, page.sentence(j)) for j in (k, k - 1, k - 2))


_SCORING = re.compile(r"\bscor(?:e|es|ed|ing)\b|점수|종합점|得点|スコア|総合点|\bpoints\b", re.I)


_TOP = re.compile(r"(?:上位|トップ|ベスト|상위|톱|\btop|\bleading|\bfirst)\s?$", re.I)


def _coverage(page: Page) -> list[Claim]:
    """How many countries an index covers, with the earlier number beside it."""
    out = []
    for q in page.quantities:
        if q.family != "country" or not ranking_near(page, q.start) or _TOP.search(page.folded[max(0, q.start - 8) : q.start]) or _visitors(page, q):
            continue
        attribute = "countries-covered-before" if _GREW.match(page.folded, q.end) else "countries-added" if _added(page, q) else "countries-covered"
        claim = Claim("", "other", page.text[q.start : q.end], q.start, q.end, (), None, None, attribute, q.value,
                      low=q.low, high=q.high, unit="country", hedge=q.hedge, year_or_date=year_of(page, q.start, q.end))  # fmt: skip
        rest = re.compile(
            r"[^.。\n]{0,14}?(?:up from|down from|from|compared with|against|지난해|작년|昨年)\s?(?P<n>\d{1,3})(?!\d|,\d|th|st|nd|rd)"
        ).match(page.folded, q.end)
        grew = _GREW.match(page.folded, q.end)
        if (grew or any(g.end() == q.start + len(str(int(q.value or 0))) for g in _grown(page, q))) and claim.year_or_date == str(int(page.date[:4]) - 1):
            claim = replace(claim, year_or_date=None)  # 昨年の62カ国から83カ国に: now, and the edition before
        out.append(replace(claim, year_or_date=page.date[:4]) if rest else claim)
        if grew and not any(o.start < grew.end() <= o.end for o in page.quantities):  # from 62 countries to 83
            s, e = grew.span("n")
            out.append(replace(claim, span_text=page.text[s:e], char_start=s, char_end=e, attribute="countries-covered", value=float(grew["n"]),
                               low=None, high=None, hedge=None, year_or_date=None))  # fmt: skip
        if rest:
            s, e = rest.span("n")
            out.append(replace(claim, span_text=page.text[s:e], char_start=s, char_end=e, value=float(rest["n"]), low=None,
                               high=None, hedge=None, year_or_date=str(int(page.date[:4]) - 1)))  # fmt: skip
    out += [c for m in _INDICATORS.finditer(page.folded) if ranking_near(page, m.start()) and page.indices and (c := _indicators(page, m))]
    for m in _WIDENED.finditer(page.folded):
        if ranking_near(page, m.start()) and page.indices:
            out += [Claim("", "other", m[name], *m.span(name), (), None, None, attribute, float(m[name]), unit="country")
                    for name, attribute in (("old", "countries-covered-before"), ("n", "countries-covered"))]  # fmt: skip
    for m in _COVERED.finditer(page.folded):
        if ranking_near(page, m.start("n")) and page.indices:
            s, e = m.span("n")
            out.append(Claim("", "other", page.text[s:e], s, e, (), None, None, "countries-covered", float(m["n"]), unit="country",
                             year_or_date=year_of(page, s, e)))  # fmt: skip
    return out


def _grown(page: Page, q: Quantity) -> list[re.Match[str]]:
    """Where a figure of countries before this one grows into it."""
    near = page.within(page.quantities, max(0, q.start - 30), q.start)
    return [g for o in near if o.family == "country" and (g := _GREW.match(page.folded, o.end))]


def _visitors(page: Page, q: Quantity) -> bool:
    """Whether countries are those that people came from: *1,000 people from 100 countries attended*."""
    return bool(_FROM.search(page.folded[max(0, q.start - 40) : q.start]) or _CAME.match(page.folded, q.end))


_FROM = re.compile(r"\b(?:people|delegates|participants|attendees|visitors|guests|speakers|students|officials|leaders|teams|ministers) from\s(?:more than |over |some |about )?$", re.I)
_CAME = re.compile(r"(?:에서 온|에서 [^.]{0,16}(?:참석|참가|모였|모인|방문)|이? ?(?:참석|참가)|から[^。]{0,16}(?:参加|集ま|出席|来場)|が(?:参加|出席))|\s(?:attended|took part|were represented|sent)\b")


def _added(page: Page, q: Quantity) -> bool:
    """Whether a number of countries is by how many an index has grown: 21개국 늘었다, *added 21 countries*."""
    return bool(_ADDED.match(page.folded, q.end) or _ADDING.search(page.folded[max(0, q.start - 24) : q.start]))


_ADDED = re.compile(r"(?:이나|이|가|も|が|を|ほど)?\s?(?:더\s)?(?:늘[었어은린려고]|많[다은아았]|추가|불어|줄[었어]|増(?!減)|多[いかく]|追加|広げ|減[っりら少])|\s(?:more|fewer|were added|have been added|larger)\b", re.I)
_ADDING = re.compile(r"\b(?:added|adding|adds|dropped|an (?:additional|extra)|an increase of|(?:up|grew|widened|expanded|rose) by)\s$", re.I)


def _indicators(page: Page, m: re.Match[str]) -> Claim | None:
    """How many indicators an index is made of: more than 120 indicators, 120を超える項目, 122개 지표."""
    number = float(m["n"])
    if number < 10:
        return None
    hedge = next((name for name, group in (("more_than", "over"), ("more_than", "past"), ("more_than", "above"), ("slightly_more", "odd"), ("approx", "about")) if m[group]), None)
    low, high = bounds(number, hedge)
    return Claim("", "other", page.text[m.start() : m.end()], m.start(), m.end(), (), None, None, "indicators", number,
                 low=low, high=high, unit="indicator", hedge=hedge, year_or_date=year_of(page, m.start(), m.end()))  # fmt: skip


_INDICATORS = re.compile(
    r"(?:\b(?P<over>(?:more than|over|upwards of)\s)|(?P<about>(?:about|around|some|roughly)\s|약\s?|約))?(?<![\d.,])(?P<n>\d{2,3})"
    r"(?:\s(?:\w+\s)?(?:indicators|metrics|variables)\b|(?P<odd>여\s?|余りの?)?(?:개(?P<above>가 넘는|를 넘는)?의?\s?(?:세부 ?)?(?:지표|평가 ?항목|항목)|(?P<past>を超える|を超す|超の)?の?(?:項目|指標)))", re.I
)
# 62개국에서 83개국으로, from 62 countries to 83: the first number is of the edition before.
_GREW = re.compile(r"\s?(?:에서|이었으나|이었는데|이던 것이|から|だったのが|であったのが|\bto\b|→)\s?(?:(?:이번에|올해|now|今回は?|今年は?)\s?)?(?:약 |約|about )?(?P<n>\d{2,3})(?!\d|,\d)")
# 対象国は62から83に増えた: both numbers stand bare
_WIDENED = re.compile(r"(?:対象国?数?|対象の国|(?:조사|평가)? ?대상국? ?수?|조사국)(?:は|が|も|은|는|이|가|도)\s?(?P<old>\d{2,3})개?(?:から|에서)\s?(?P<n>\d{2,3})개?(?=[にへ]|으?로)")
_COVERED = re.compile(r"\b(?:covered|covers|covering|assessed|surveyed)\s(?:only |just )?(?P<n>\d{2,3})(?=[.,;)]|\sand\b)")
