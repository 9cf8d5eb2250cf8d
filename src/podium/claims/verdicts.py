"""Claims against rates and cited facts: conversions, places in indices and lists."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.changes import told_before
from podium.claims.claim import Claim
from podium.claims.holders import holder_of, is_yardstick
from podium.claims.indices import LISTS, index_near, is_carried, month_near, title
from podium.claims.phrases import Language, amount, money, particle, phrase, who
from podium.claims.years import is_of_before, old_year
from podium.evidence.facts import Fact
from podium.evidence.ledger import Ledger
from podium.evidence.rates import rate_of

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["Check", "in_conversion", "in_evidence", "index_of"]

TOLERANCE = 0.05


@dataclass(frozen=True)
class Check:
    """One check of a claim: whether it holds, why, on which facts; ``holds`` None where it decides nothing."""

    holds: bool | None
    reason: str
    facts: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    right: float | None = None
    """What the figure should be by this check, in the claim's unit, or in its converted unit for a conversion."""


def in_conversion(claim: Claim, day: str, language: Language = "en") -> Check | None:
    """Return whether the amount in brackets is the amount before it at the day's rate, within 5 %."""
    if claim.converted_value is None or claim.converted_unit is None or claim.value is None or claim.unit is None:
        return None
    rate = rate_of(claim.unit, claim.converted_unit, day)
    if rate is None:
        return Check(None, phrase(language, "no rate", a=claim.unit, b=claim.converted_unit, day=day))
    value = claim.value * rate.value
    off = claim.converted_value / value - 1
    x, y = money(language, claim.value, claim.unit), money(language, value, claim.converted_unit)
    z = amount(language, claim.converted_value)
    reason = phrase(language, "conversion", x=x, eun=particle(x, "은", "는"), y=y, day=rate.day, rate=f"{rate.value:.6g}", z=z, off=f"{off:+.1%}")
    return Check(abs(off) <= TOLERANCE, reason, right=value)


_PARTS = {
    "government-strategy": r"정부 ?전략|government strategy|政府戦略", "operating-environment": r"운영 ?환경|operating environment|運[用営]環境",
    "talent": r"인재(?: (?:부문|분야|항목)|에서(?:는|도)?\s)|\btalent (?:pillar|score|rank)|\bfor (?:its )?talent|人材(?:部門|分野)", "infrastructure": r"인프라(?: (?:부문|분야|항목)|에서(?:는|도)?\s)|\binfrastructure (?:pillar|rank)|\bfor (?:its )?infrastructure",
    "research": r"연구(?: (?:부문|분야|항목)|에서(?:는|도)?\s)|\bresearch (?:pillar|rank)|\bfor (?:its )?research", "development": r"개발(?: (?:부문|분야|항목)|에서(?:는|도)?\s)|\bdevelopment (?:pillar|rank)|\bfor (?:its )?development",
    "commercial": r"상업(?:화|생태계)? ?(?:부문|분야|항목)|\bcommercial (?:pillar|rank)|\bfor (?:its )?commercial",
}  # fmt: skip


_PART_NAMES = {
    "government-strategy": ("정부 전략", "government strategy", "政府戦略"), "operating-environment": ("운영 환경", "operating environment", "運用環境"),
    "talent": ("인재", "talent", "人材"), "infrastructure": ("인프라", "infrastructure", "インフラ"), "research": ("연구", "research", "研究"),
    "development": ("개발", "development", "開発"), "commercial": ("상업화", "commercial", "商業化"),
}  # fmt: skip


def index_of(page: Page, claim: Claim) -> str | None:
    """Return the index or list in which a rank is held: named nearest before it, else by the headline and its kind."""
    return index_near(page, claim.char_start)


def in_evidence(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    """Return what cited facts say about a rank, a score or a list entry."""
    if claim.kind in ("rank", "rank_change"):
        return _rank(page, claim, ledger)
    if claim.kind == "other" and claim.unit in ("point", "country"):
        return _score(page, claim, ledger)
    if claim.kind == "compute_power":
        return _measured(page, claim, ledger)
    return None


def _editions(ledger: Ledger, index: str, subject: str, day: str, part: str = "") -> list[Fact]:
    """The facts on a subject's rank in an index known by a day, the latest last; states of a site before its edition."""
    attribute = f"rank:{index}/{part}" if part else f"rank:{index}"
    facts = [f for f in ledger.find(subject, attribute, as_of=day) if f.value is not None]
    return sorted(facts, key=lambda f: (f.period, f.public))


def _meant(facts: list[Fact], year: str | None) -> Fact | None:
    """The edition that *this year's* or *last year's* index means: the latest published in or before that year."""
    if not facts:
        return None
    if year is None:
        return facts[-1]
    named = [f for f in facts if f.period == year]
    if named:
        return named[-1]
    until = [f for f in facts if (f.public or f.period)[:4] <= year]
    return until[-1] if until else None


def _edition_meant(ledger: Ledger, index: str, day: str, year: str | None, month: str | None) -> str | None:
    """The edition that a text means, by all ranks held of an index: a subject missing from it is not contradicted by an older one."""
    if month is not None:
        return month
    known = [f for f in ledger.find(attribute=f"rank:{index}", as_of=day) if f.value is not None and "/" not in f.period]
    meant = _meant(sorted(known, key=lambda f: (f.period, f.public)), year)
    return None if meant is None else meant.period


def _rank(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    index, subject = index_of(page, claim), claim.subject
    if index is None or subject is None:
        return None
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    near, part = _part_near(page, claim, a)
    own = int(page.date[:4])
    tongue, named = page.language, who(page.language, subject)
    facts = _editions(ledger, index, subject, page.date, part)
    year = claim.year_or_date
    month = month_near(page, claim.char_start) if index in LISTS else None
    if index in LISTS and claim.kind == "rank" and is_of_before(page, claim.char_start, claim.char_end):
        month, year = _list_before(page, claim, ledger, index, month), None
    old_month = None
    if month is not None and claim.kind == "rank_change" and _MONTH_OF_OLD.search(page.folded[max(0, claim.char_start - 26) : claim.char_start]):
        old_month, month, year = month, None, None  # 昨年11月の6位から: the list of the old place
    wanted = _edition_meant(ledger, index, page.date, year, month)
    if claim.kind == "rank" and year and wanted and month is None and index not in LISTS and is_of_before(page, claim.char_start, claim.char_end) and wanted == _edition_meant(ledger, index, page.date, None, None):
        year = wanted = str(int(wanted[:4]) - 1)  # in spring the newest edition is last year's, and *a year earlier* the one before it
    now = next((f for f in facts if f.period == month), None) or _meant(facts, year)
    if now is None or now.value is None:
        return None
    if wanted is not None and now.period[: len(wanted)] != wanted:
        held = phrase(tongue, "rank unknown", subject=named, index=title(index, tongue), wanted=wanted, value=f"{now.value:g}", period=now.period)
        return Check(None, held, (now.id,))
    name = title(index, tongue) + (f" ({_PART_NAMES[part][('ko', 'en', 'ja').index(tongue)]})" if part else "")
    right = phrase(tongue, "rank right", name=name, period=now.period, subject=named, value=f"{now.value:g}")
    if claim.kind == "rank":
        if now.value == claim.value:
            return Check(True, right, (now.id,))
        if (state := next((f for f in facts if index not in LISTS and f.period[:4] == now.period[:4] and f.value == claim.value), None)) is not None:
            return Check(True, phrase(tongue, "rank right", name=name, period=state.period, subject=named, value=f"{state.value:g}"), (state.id,))  # as launched
        said = _match(facts, claim.value, now, tongue)
        far = not part and abs(now.value - (claim.value or 0.0)) > 15 and not said[0]
        if far or not is_carried(page, claim.char_start) or not _told_near(page, claim) or (not part and _PART_NEAR.search(near)):  # another table, a pillar, or nobody named
            return None
        if (other := _of_another(page, claim, ledger, index, part, now)) is not None:
            right = phrase(tongue, "rank right", name=name, period=other.period, subject=who(tongue, other.subject), value=f"{other.value:g}")
            return Check(True, right, (other.id,))
        wrong = phrase(tongue, "rank wrong", name=name, period=now.period, subject=named, value=f"{now.value:g}", stated=f"{claim.value:g}", other=said[0])
        return Check(False, wrong, (now.id, *said[1]), right=now.value)
    earlier = [f for f in facts if f.period < now.period and f.period != now.period and "-" not in f.period]
    then = old_year(page, claim.char_start, claim.char_end)
    before = _meant(earlier, then or (str(own - 1) if year in (None, str(own)) else None)) or (earlier[-1] if earlier else None)
    if then is not None and before is not None and not before.period.startswith(then):
        before = None  # the edition it names for the old place is not held
    if index in LISTS:
        lists = [f for f in facts if f.period < now.period]
        before = next((f for f in reversed(lists) if (f.value == claim.from_value if old_month is None else f.period == old_month)), lists[-1] if lists else None)
    if before is None:
        return Check(now.value == claim.value, phrase(tongue, "no earlier", reason=right), (now.id,))
    holds = now.value == claim.value and before.value == claim.from_value
    if not holds and index not in LISTS and (pair := _earlier_change(page, claim, facts)) is not None:
        before, now, holds = *pair, True
    said = ("", ()) if holds else _match(facts, claim.value, now, tongue)
    reason = phrase(tongue, "rank change", name=name, subject=named, before=f"{before.value:g}", then=before.period, value=f"{now.value:g}", period=now.period, other=said[0])
    return Check(holds, reason, (before.id, now.id, *said[1]), _coverage(ledger, index, before.period, now.period, tongue), now.value)


def _list_before(page: Page, claim: Claim, ledger: Ledger, index: str, month: str | None) -> str | None:
    """The list before the one told, or that of a year before: 6月のTOP500で7位と、前回の6位から."""
    periods = sorted({f.period for f in ledger.find(attribute=f"rank:{index}", as_of=page.date)})
    last = month if month in periods else periods[-1] if periods else None
    if last is None:
        return month
    if (ago := re.search(r"(?P<two>[2두이二]|two )?\s?(?:년 전|年前|years (?:earlier|ago|before))|前年|전년|\ba year\b|\byear before\b", page.folded[max(0, claim.char_start - 12) : claim.char_end + 24])) is not None:
        return f"{int(last[:4]) - (2 if ago['two'] else 1)}{last[4:]}"
    return next((p for p in reversed(periods) if p < last), month)


def _earlier_change(page: Page, claim: Claim, facts: list[Fact]) -> tuple[Fact, Fact] | None:
    """The change between two earlier editions that a sentence tells, where it names the year of the new one: 3위에서 밀려난 것은 2023년."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    for before, now in itertools.pairwise(facts):
        if before.value == claim.from_value and now.value == claim.value and re.search(rf"(?<!\d){now.period[:4]}(?!\d)", page.folded[a:b]):
            return before, now
    return None


_MONTH_OF_OLD = re.compile(r"(?:월|月|\b(?:June|November)(?: 20\d\d)?)(?:의|の|에|에는|には|(?: 명단| 순위| 발표)?에서|のリストで)?[\s、,]?(?:from )?$")


def _part_near(page: Page, claim: Claim, a: int) -> tuple[str, str]:
    """The words around a place that may name a pillar, and that pillar: after it in English (fourth for research), else the last before it."""
    text = page.folded
    last = max((q.end for q in page.within(page.quantities, a, claim.char_start) if q.family == "rank" and q.end <= claim.char_start), default=a)
    before = re.split(r"[;.]|\band\b|\bbut\b", text[max(a, last, claim.char_start - (44 if page.language == "en" else 24)) : claim.char_start])[-1]
    after = re.split(r"[;,.]|\band\b|\bbut\b", text[claim.char_end : claim.char_end + 34])[0] if page.language == "en" else ""
    for words in (after, before):
        found = [(m.end(), p) for p, pattern in _PARTS.items() for m in re.finditer(pattern, words, re.I)]
        if found:
            return before + text[claim.char_start : claim.char_end] + after, max(found)[1]
    return before + text[claim.char_start : claim.char_end] + after, ""


_PART_NEAR = re.compile(r"(?:전략|환경|인재|인력|인프라|연구|개발|상업화?|생태계|투자|논문|특허|정책|규제|교육|데이터|컴퓨팅|스타트업|윤리|혁신)(?: ?(?:수|건수|규모|역량))?(?:은|는|에서는|에선|에서|으로는|로는|로만|으로만)\s|(?:人材|人才|インフラ|研究|開発|投資|論文|特許|政策|規制|教育|データ|計算資源|環境|戦略|商業化|新興企業|倫理)[^、。\d]{0,4}(?:は|では|で)"
    r"|\b(?:for|on|in|by) (?:its |their |private |public )?(?:investment|talent|research|infrastructure|development|patents?|papers|policy|strategy|regulation|start-?ups|compute|computing|data|skills|education|innovation|adoption|readiness|funding)\b|부문|분야|항목|영역|세부|지표|pillar|categor|sub-?index|dimension|component|indicator|部門|分野|項目|指標|柱|[’'”」』][은는이가의も]?[はが]?\s?$", re.I)


def _told_near(page: Page, claim: Claim) -> bool:
    """Whether the holder of a rank is named in its sentence or one of the four before: else it is only supposed."""
    k = page.sentence_of(claim.char_start)
    a, b = page.sentences[max(0, k - 4)][0], page.sentences[k][1]
    return any(m.country == claim.subject_country_iso3 for m in page.within(page.mentions, a, b))


def _of_another(page: Page, claim: Claim, ledger: Ledger, index: str, part: str, now: Fact) -> Fact | None:
    """The fact of another name of the sentence that holds just the place told, where no marker ties the place to one of them."""
    found = holder_of(page, claim.char_start, claim.char_end, system=index in LISTS)
    if found is None or found.direct:
        return None
    k = page.sentence_of(claim.char_start)
    a, b = page.sentences[k - 1][0] if found.name.end <= page.sentences[k][0] and k else page.sentences[k][0], page.sentences[k][1]
    names = {m.id: m for m in page.within(page.mentions, a, b) if m.type in ("country", "system") and m.id != found.name.id and not is_yardstick(page, m)}
    facts = [f for name in names for f in _editions(ledger, index, name, page.date, part)]
    return next((f for f in facts if f.period == now.period and f.value == claim.value), None)


def _match(facts: list[Fact], value: float | None, now: Fact, language: Language) -> tuple[str, tuple[str, ...]]:
    """Which other edition has the stated rank, in words, with its fact."""
    other = [f for f in facts if f.value == value and f.id != now.id]
    if not other:
        return "", ()
    f = other[-1]
    note = f" ({f.note.rstrip('.')})" if f.note else ""
    return phrase(language, "other edition", value=f"{value:g}", period=f.period, note=note), (f.id,)


def _coverage(ledger: Ledger, index: str, old: str, new: str, language: Language) -> tuple[str, ...]:
    counts = {f.period: f for f in ledger.find(index, "countries-covered") if f.value is not None}
    if old in counts and new in counts and counts[old].value != counts[new].value:
        one, two = counts[old], counts[new]
        return (phrase(language, "coverage", one=f"{one.value:g}", old=old, two=f"{two.value:g}", new=new, ids=f"{one.id}, {two.id}"),)
    return ()


def _score(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    index = index_of(page, claim)
    subject = index if claim.unit == "country" else claim.subject
    attribute = "countries-covered" if claim.unit == "country" else f"score:{index}"
    if index is None or subject is None:
        return None
    facts = sorted(
        (f for f in ledger.find(subject, attribute, as_of=page.date) if f.value is not None), key=lambda f: f.period
    )
    now = _meant(facts, claim.year_or_date)
    if now is not None and claim.attribute in ("countries-covered-before", "countries-added"):
        earlier = next((f for f in reversed(facts) if f.period < now.period), None)
        if claim.attribute == "countries-added":
            return _grown(claim, earlier, now, page.language)
        now = earlier
    if now is None or now.value is None or claim.value is None:
        return None
    if claim.unit == "point":
        a, b = page.sentences[page.sentence_of(claim.char_start)]
        before = re.split(r"[,、，;]\s?", page.folded[max(a, claim.char_start - 24) : claim.char_start])[-1]
        apart = (_GAP.search(before) and not _AHEAD_OF.search(before)) or _GAP_AFTER.match(page.folded, claim.char_end, b)
        told = max((q.end for q in page.within(page.quantities, a, claim.char_start) if q.family == "point"), default=a)
        if told > a and abs(now.value - claim.value) > 1e-9 and not any(m.country for m in page.within(page.mentions, told, claim.char_end + 20)):
            return None  # a second figure of points after a score, of nobody: a gap, whatever it is called
        here = any(m.country == claim.subject_country_iso3 for m in page.within(page.mentions, a, claim.char_start))
        own = here or any(m.country == claim.subject_country_iso3 for m in page.within(page.mentions, max(0, a - 60), a))
        if apart or (abs(now.value - claim.value) > 1e-9 and not own):
            return None
        if abs(now.value - claim.value) > 1e-9 and not here:
            return _score_of_another(page, claim, ledger, index, now.period)
    digits = len(claim.span_text.partition(".")[2].rstrip("点점 points")) if "." in claim.span_text else 0
    holds = abs(round(now.value, digits) - claim.value) < 1e-9
    return Check(
        holds,
        phrase(page.language, "countries" if claim.unit == "country" else "score", index=title(index, page.language), period=now.period, value=f"{now.value:g}"),
        (now.id,),
        right=now.value,
    )


def _grown(claim: Claim, before: Fact | None, now: Fact, language: Language) -> Check | None:
    """By how many countries an index has grown from one edition to the next."""
    if before is None or before.value is None or now.value is None or claim.value is None:
        return None
    more = abs(now.value - before.value)
    words = f"{now.period}: {now.value:g}, {before.period}: {before.value:g}; {max(now.value, before.value):g} − {min(now.value, before.value):g} = {more:g}"
    return Check(more == claim.value, f"{title(now.subject, language)} {words}", (before.id, now.id), right=more)


def _score_of_another(page: Page, claim: Claim, ledger: Ledger, index: str, period: str) -> Check | None:
    """A score that its sentence gives to nobody, where it is that of another country of the article; nothing otherwise."""
    home = {"ko": "KOR", "ja": "JPN", "en": ""}[page.language]
    for f in ledger.find(attribute=f"score:{index}", as_of=page.date):
        if f.period == period and f.value == claim.value and (f.subject == home or any(m.country == f.subject for m in page.mentions)):
            return Check(True, phrase(page.language, "score", index=title(index, page.language), period=period, value=f"{f.value:g}"), (f.id,), right=f.value)
    return None


_GAP_AFTER = re.compile(r"\s?(?:의\s|の)?(?:short\b|shy\b|adrift|off\b|clear of|better|worse|차(?![례지])|격차|差|앞|뒤|리드|リード|高[いく]|低[いく]|上回|下回|higher|lower|more|ahead|behind|apart|clear|above|below)", re.I)
_AHEAD_OF = re.compile(r"\b(?:ahead|clear|short|above|below|behind)\s(?:of\s)?(?:the\s)?[A-Z]\w+['’]s\s$")  # ahead of France's 28.09
_GAP = re.compile(r"とは(?:わずか|ほぼ|約)?$|[와과]는\s(?:약 |불과 |겨우 )?$|격차|차이|차로|거리[는가도]|간격|(?:距離|隔たり|開き)[はが]|\bdistance\b|점수 ?차|득점 ?차|앞서|뒤지|差|\bgap\b|\bmargin\b|\bahead\b|\bbehind\b|\bapart\b|\bmore\b|\bpoints? (?:above|below|clear)", re.I)


_PEAK = re.compile(r"이론|최고 ?성능|최대 ?성능|\bpeak\b|theoretical|理論|ピーク|最大性能", re.I)
_OTHER_SPEED = re.compile(r"(?<![A-Za-z-])AI(?![A-Za-z])|인공지능|저정밀|低精度|FP\d|\d ?(?:비트|ビット|bits?\b)|HPL-MxP|다 돌리|완공|완성되면|[되하]면\s|목표|계획|예정|\b(?:would|will|could|expect\w*|eventual\w*|targets?|aims?|plan\w*)\b|見込|予定|計画|すれば|目標|完成", re.I)
_MORE_SPEED = re.compile(r"(?:\badd(?:s|ing)?|\banother|\ba further|\bextra|추가로|さらに|追加で)\s?(?:about |약 |約)?$", re.I)
_PER_WATT = re.compile(r"\s?(?:/ ?W\b|(?:per|a|an|each|from (?:each|every|a)|for (?:each|every|a)|to the|out of (?:each|every)) (?:single )?(?:watt|W\b|kilowatt|joule))", re.I)
_WATT = re.compile(r"\bwatt|와트|ワット|\bW당", re.I)
_WATT_EACH = re.compile(r"(?:와트|킬로와트|W|ワット|キロワット)\s?(?:당|마다|에|あたり|当たり|につき|ごとに)\s?(?:약 |約|최대 )?$")


def _measured(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    """A system's Linpack performance against the latest TOP500 list; other precisions are not comparable."""
    if claim.subject is None or claim.value is None or index_of(page, claim) != "top500":
        return None
    facts = sorted(
        (f for f in ledger.find(claim.subject, "rmax:top500", as_of=page.date) if f.value), key=lambda f: f.period
    )
    if not facts:
        return None
    month = month_near(page, claim.char_start)
    now = next((f for f in facts if f.period == month), facts[-1])
    held = (now.value or 0.0) * 1e15
    if claim.value > 5 * held:  # an AI figure in low precision
        return None
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    if claim.value < held / 1000 and _WATT.search(page.folded, a, b):
        return None
    if _PER_WATT.match(page.folded, claim.char_end) or _WATT_EACH.search(page.folded, max(0, claim.char_start - 18), claim.char_start):
        return None  # efficiency
    if cues.has(cues.TOTAL, re.split(r"[;:。]|, while\b", page.folded[max(a, claim.char_start - 40) : claim.char_start])[-1]):
        return None  # of several machines together
    if _GAP.search(page.folded[max(a, claim.char_start - 18) : claim.char_start]) or _GAP_AFTER.match(page.folded, claim.char_end, b):
        return None  # by how much one is ahead of another
    beside = page.folded[max(a, claim.char_start - 40) : min(b, claim.char_end + 24)]
    if abs(claim.value / held - 1) > 0.01 and (_OTHER_SPEED.search(beside) or _MORE_SPEED.search(page.folded[max(a, claim.char_start - 16) : claim.char_start])):
        return None  # at a low precision, once it is finished, or what is added
    if told_before(page, claim) and month is None:  # 1206페타플롭스에서 1353페타플롭스로: of an earlier list
        then = next((f for f in reversed(facts[:-1]) if abs(claim.value / ((f.value or 0.0) * 1e15) - 1) <= 0.01), None)
        return None if then is None else Check(True, phrase(page.language, "linpack", period=then.period, value=f"{then.value:g}"), (then.id,))
    own = page.folded[page.folded.rfind("\n", 0, a) + 1 : b]
    if 1.05 * held < claim.value < 2.5 * held and (_PEAK.search(own) or (claim.value > 1.5 * held and not cues.has(cues.RANKING, own))):
        return None  # the peak by its makers, which no list ranks
    return Check(abs(claim.value / held - 1) <= 0.01, phrase(page.language, "linpack", period=now.period, value=f"{now.value:g}"), (now.id,), right=held)
