"""What a phrase says that a figure may bear out: names, chips, nouns, a time, an extent, a kind of money."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podium.claims.described import OWN, Candidate
from podium.claims.sides import Phrase

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["NOW", "THEN", "TOTAL", "WORTH", "Likeness", "likeness"]


@dataclass(frozen=True)
class Likeness:
    """How well a phrase fits a figure: what speaks for it, and whether all that the phrase must mean is found there."""

    score: float
    strength: float
    """The plainest single thing that speaks for it."""
    whole: bool


@dataclass(frozen=True)
class _Sign:
    """One thing a phrase says; `must` where a figure without it is another one."""

    fits: Callable[[Candidate], float]
    must: bool = False


def likeness(page: Page, phrase: Phrase, pool: Sequence[Candidate], *, whole: bool = False) -> list[Likeness] | None:
    """Return how well each figure fits a phrase, where what many figures bear counts for little; None where it says nothing."""
    inside = _within(page, phrase, pool)
    signs = [*inside, *_names(page, phrase), *_roles(page, phrase, whole=whole), *_nouns(page, phrase)]
    if not signs:
        return None
    table = [_surest([s.fits(c) for c in pool]) for s in signs]
    rare = [1.0 / max(1, sum(v >= 0.5 * max(row) > 0 for v in row)) ** 0.5 if row else 0.0 for row in table]
    said = page.folded[phrase.start : phrase.end]
    past = THEN.search(said) or _START.search(said)
    return [
        Likeness(
            sum(row[n] * r for row, r in zip(table, rare, strict=True))
            - (0.4 if c.later else 0.0)
            - (0.0 if past else _outdated(c)),
            max(row[n] for row in table),
            (bool(inside) and table[0][n] == OWN)
            or all(row[n] >= 0.3 for s, row in zip(signs, table, strict=True) if s.must),
        )
        for n, c in enumerate(pool)
    ]


def _outdated(c: Candidate) -> float:
    """How much less a figure of before is meant, where nothing is said of time."""
    return 0.6 if c.left_behind else 0.3 if THEN.search(c.own) or _BEGAN.search(c.own) else 0.0


def _surest(row: list[float]) -> list[float]:
    """What stands beside one figure is weaker evidence for those of which it is only known otherwise."""
    return [v if v >= 0.85 else 0.6 * v for v in row] if OWN in row else row


def _within(page: Page, phrase: Phrase, pool: Sequence[Candidate]) -> list[_Sign]:
    """A figure that the phrase itself states, near its end: *15MW in Rimouski, or eight per cent of …*."""
    told = [(at, end) for c in pool for at, end in _places(c) if phrase.start <= at < phrase.end]
    last = max(told, default=None)
    if last is None or not _STATED[page.language].fullmatch(page.folded, last[1], phrase.end):
        return []
    return [_Sign(lambda c: OWN if last in _places(c) else 0.0, must=True)]


_STATED = {
    "en": re.compile(r"[^,;.]{0,30}(?:,|\s(?:is|are|was|were)|\s[–—-])?(?:\s(?:or|i\.e\.|which is|that is|about|just|only|some|merely|a mere|roughly))*\s*", re.I),
    "ko": re.compile(r"[^.]{0,18}"), "ja": re.compile(r"[^。]{0,14}"),
}  # fmt: skip


def _places(c: Candidate) -> list[tuple[int, int]]:
    return [(c.claim.char_start, c.claim.char_end), *c.claim.also_at]


def _names(page: Page, phrase: Phrase) -> list[_Sign]:
    out = []
    for m in page.within(page.mentions, phrase.start, phrase.end):
        inside = any(x is not m and x.start <= m.start and m.end <= x.end for x in page.within(page.mentions, m.start - 30, m.end))
        if m.country and m.type not in ("index", "ambiguous") and not inside:
            near = page.within(page.mentions, m.start - 4000, m.end + 1000)
            called = {said for x in near if x.id == m.id and not _POINTING.search(said := page.folded[x.start : x.end].lower())}
            out.append(_Sign(_of_name(called, m.id, m.country, m.type), must=True))
    if page.language == "ko" and _OURS.search(page.folded, phrase.start, phrase.end):
        out.append(_Sign(_of_name({"한국"}, "KOR", "KOR", "country")))
    for s, e, name in page.chips_before(phrase.end, phrase.start):
        out.append(_Sign(_of_chip(page.folded[s:e].lower(), name)))
    return out


_POINTING = re.compile(r"회사|업체|기업|동사|同社|当社|同国|\b(?:company|firm|group|ministry|government|country|it|they)\b")
_OURS = re.compile(r"(?<![가-힣])우리(?:나라| 정부| 기업)?(?:[은는이가의도와를]|\s)(?!돈)")


def _of_name(called: set[str], who: str, country: str, sort: str) -> Callable[[Candidate], float]:
    def fits(c: Candidate) -> float:
        told = max(
            c.bears(lambda t: any(n in t.lower() for n in called)),
            0.85 if any(n in c.heir.lower() for n in called) else 0.0,
        )
        if c.claim.subject == who and sort != "country":
            return max(told, 0.8)
        return max(told, 0.6 if c.claim.subject_country_iso3 == country and sort == "country" else 0.0)

    return fits


def _of_chip(surface: str, name: str) -> Callable[[Candidate], float]:
    return lambda c: max(c.bears(lambda t: surface in t.lower()), 0.8 if c.claim.system == name else 0.0)


def _is(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


TOTAL = _is(
    r"전체|총|모두|합계|통틀어|합쳐|합친|全体|総|合計|合わせ|\b(?:total|whole|entire|overall|altogether|in all|all told|combined|between them|together)\b|計▪|계 ?▪|\d社で|[2-9두세네] ?(?:곳|개사|회사)(?:을|를|이)? ?(?:합|더)"
)
# A noun for a sum or a stock as a whole: *of the pot*, 사업비의, 調達額の.
_SUM = _is(
    r"사업비|예산|자금|지원금|보조금|투자액|투자금|공사비|건설비|돈|물량|확보량|보유량|한도|계약|약속|주문|발주|調達額|予算|資金|補助金|投資額|事業費|枠|契約|発注|約束|総額|全体|전체|총액|\b(?:money|budget|spending|fund(?:s|ing)?|pot|package|plan|programme|program|bill|cost|order|pledge|commitment|deal|pool|quota|cap|limit|envelope|round|stock|fleet|total|whole|lot|sum)\b"
)
NOW = _is(
    r"지금|현재|기존|보유|이미|現在|いま|今(?![回年月日後度春夏秋冬])|既存|現有|保有|\b(?:now|today|current(?:ly)?|existing|already|at present)\b"
)
_START = _is(
    r"처음|초기|최초|당초|우선|먼저|1단계|첫|1차|시작|개소|개장|열 때|열고|문을 [연열]|開業|当初|初期|まず|最初|第1期|第一期|第1段階|から始|\b(?:initial(?:ly)?|opening|opens|first|start(?:s|ing)?|begin(?:s|ning)?|began|at once|phase one)\b"
)
_BEGAN = _is(r"처음|초기|최초|당초|当初|初期|から始|\b(?:initial(?:ly)?|start(?:s|ing)?|begin(?:s|ning)?|began)\b")
_END = _is(
    r"최종|완공|완성|다 지[어으]|모두 지[어으]|목표|노린|노리|내세운|계획|장차|나중|궁극|끝|最終|完成|目標|将来|目指|いずれ|計画(?!の)|\b(?:final(?:ly)?|finished|full(?:y)?|goal|target|one day|may|could|aims?|wants?|hopes|eventual(?:ly)?|planned|complete[d]?)\b"
)
THEN = _is(
    r"지난해|작년|당시|앞서|이전|종전|전에|때는|昨年|前年|前の年|当時|以前|従来|前回|年前|\b(?:earlier|previous(?:ly)?|had|old|original(?:ly)?|last year|ago|before)\b"
)
_NEW = _is(r"추가|새로|신규|追加|新た|\b(?:new|add(?:s|ed|ing)?|another|further|extra)\b")
_FIRST = _is(
    r"(?<!\d)1위|선두|首位|(?<!\d)1位|トップ(?!500)|\b(?:first place|leader|winner|number one|No\. ?1|top spot|leading)\b"
)
_ENDS = _is(r"로 (?:늘|키|확대|올|끌어)|까지|\b(?:to|reach)\b|に(?:増|広げ|拡大|引き上げ|高め)|まで")
_THIS_YEAR, _NEXT_YEAR = _is(r"올해|今年|this year"), _is(r"내년|来年|next year")
_OUTSIDE = _is(
    r"수요|소비량|需要|消費量|세계|글로벌|시장|업계|국내|전국|인구|世界|市場|業界|国内|全国|人口|\b(?:demand|consumption|world|global|market|industry|nationwide|population)\b"
)
_YEAR = re.compile(r"(?<!\d)20[1-4]\d(?!\d)")
WORTH = _is(
    r"몸값|기업 ?가치|시가총액|시총|평가액|企業価値|評価額|時価総額|\b(?:valuations?|market (?:value|cap\w*)|worth)\b"
)
_PAID = _is(r"예산|보조금|지원금|나랏돈|予算|補助|助成|\b(?:budget|subsid\w+|grants?)\b")


def _roles(page: Page, phrase: Phrase, *, whole: bool) -> list[_Sign]:
    said = page.folded[phrase.start : phrase.end]
    out = [_Sign(_of_role(role)) for role in (NOW, _START, _END, THEN, _NEW, _FIRST) if role.search(said)]
    out += [_Sign(_of_whole)] if TOTAL.search(said) or (whole and _SUM.search(said)) else []
    out += [
        _Sign(_of_kind(kind))
        for pattern, kind in ((WORTH, "valuation"), (_PAID, "money_support"))
        if pattern.search(said)
    ]
    out += [_Sign(_of_year(int(page.date[:4]) + shift, words)) for words, shift in _RELATIVE if words.search(said)]
    out += [_Sign(_of_word(y), must=True) for y in dict.fromkeys(_YEAR.findall(said))]
    return out + [_Sign(_beside_word(w.lower()), must=True) for w in dict.fromkeys(_OUTSIDE.findall(said))]


def _of_role(role: re.Pattern[str]) -> Callable[[Candidate], float]:
    def fits(c: Candidate) -> float:
        if role.search(c.own):
            return OWN
        held = role is NOW and (c.claim.kind == "stock" or c.claim.status == "operational")
        first = role is _START and c.first
        year = role is THEN and _THIS_YEAR.search(c.own) and not _NEXT_YEAR.search(c.own)
        return 0.7 if held or first or year or (role is _END and _ENDS.search(c.own)) else 0.5 if role is _END and c.largest else 0.0

    return fits


def _of_whole(c: Candidate) -> float:
    return OWN if TOTAL.search(c.own) else 0.7 if c.largest else 0.0


def _of_kind(kind: str) -> Callable[[Candidate], float]:
    return lambda c: 0.6 if c.claim.kind == kind else 0.0


_RELATIVE = [(_is(r"내년|来年|next year"), 1), (_is(r"올해|今年|this year"), 0)]


def _of_year(year: int, words: re.Pattern[str]) -> Callable[[Candidate], float]:
    return lambda c: OWN if str(year) in c.own or words.search(c.own) else 0.0


def _beside_word(word: str) -> Callable[[Candidate], float]:
    return lambda c: OWN if word in c.own.lower() else 0.0


def _of_word(word: str) -> Callable[[Candidate], float]:
    return lambda c: c.bears(lambda t: word in t.lower())


_PARTICLES = re.compile(
    r"(?:으로서|으로는|으로|에서는|에서|에게|까지|부터|보다|처럼|만큼|이라는|라는|하는|하던|했던|이나|인|은|는|이|가|을|를|의|에|도|만|와|과|로|짜리|쯤|가량|당)$"
)
_VAGUE = _is(
    r"전체|규모|수준|해당|것|셈|물량|장수|숫자|금액|기준|무려|거의|불과|지금|현재|기존|목표|계획|한국|올해|우리|이번|하나|혼자|가운데|정도|사업비|자금|이는|이것|그것|그마저|있는|있던|計画|全体|規模|総額|水準|金額|最終|現有|目標|単独|一社|計算"
)
_STOP_EN = re.compile(
    "the|and|for|with|from|are|was|were|been|being|its|their|they|that|this|those|these|what|which|who|whom|will|would|can|could|may|has|have|had|does|did|"
    "thus|therefore|only|just|about|some|roughly|nearly|almost|more|than|over|under|less|most|much|many|half|one|two|three|times|time|size|amount|number|"
    "figure|alone|itself|whole|total|entire|sum|into|out|down|per|cent|percent|again|still|but|while|yet|not|such|same|other|another|own|all|each|every|"
    "both|between|equivalent|equal|worth|money|takes|take|took|makes|make|made|gets|get|got|gives|give|owns|holds|hold|comes|come|came|eats|uses|use|"
    "accounts|account|represents|amounts|whose|his|her|your|our|you|she|first|last|next|now|today|current|existing|already|final|finished|full|goal|target|"
    "eventual|planned|earlier|previous|former|new|old|mere|single|pot|lot|plan|spending|fund|funds"
)


def _nouns(page: Page, phrase: Phrase) -> list[_Sign]:
    """The nouns of a phrase by their stems, beside those that are names."""
    said = page.folded[phrase.start : phrase.end]
    for m in page.within(page.mentions, phrase.start, phrase.end):
        said = said[: m.start - phrase.start] + " " * (m.end - m.start) + said[m.end - phrase.start :]
    stems = {"en": _stems_en, "ko": _stems_ko, "ja": _stems_ja}[page.language](said)
    return [_Sign(_of_stem(s, phrase)) for s in dict.fromkeys(stems)]


def _of_stem(stem: str, phrase: Phrase) -> Callable[[Candidate], float]:
    """A noun that stands with a figure; not with one that the phrase itself states, which bears all its nouns."""
    return lambda c: 0.0 if phrase.start <= c.claim.char_start < phrase.end else 0.9 * c.bears(lambda t: stem in t.lower())


_ENDING_EN = re.compile(r"(?:ments?|ings?|ed|es|s|e)$")


def _stems_en(said: str) -> list[str]:
    words = [w.lower() for w in re.findall(r"[A-Za-z][A-Za-z-]{2,}", said)]
    return [_ENDING_EN.sub("", w) if len(w) > 4 else w for w in words if not _STOP_EN.fullmatch(w)]


def _stems_ko(said: str) -> list[str]:
    words = [_PARTICLES.sub("", w) for w in re.findall(r"[가-힣]{2,}", said)]
    return [w[:2] for w in words if len(w) > 1 and not _VAGUE.match(w)] + [w.lower() for w in re.findall(r"[A-Za-z]{2,}", said)]


def _stems_ja(said: str) -> list[str]:
    runs = [r for r in re.findall(r"[一-鿿]{2,}|[ァ-ヶー]{3,}|[A-Za-z]{2,}", said) if not _VAGUE.fullmatch(r)]
    return [r.lower() if not re.match(r"[一-鿿]", r) else r[:2] for r in runs]
