"""Totals of a run of like figures told over several sentences: *together that makes 12,600*, 세 곳을 합치면, 全てそろうと."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from podium.claims.amounts import PLAIN, Sum, addends, family, fits, in_unit, total_of
from podium.claims.claim import Claim
from podium.claims.tallies import wholes
from podium.claims.totals import open_list

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_run", "given_by_others"]

BACK = 4
_JOINED = {
    "ko": r"합치면|합하면|합산하면|합쳐|합해|합한|합친|더하면|더해|더한|보태면|보태|아우르면|통틀어|도합|합계|누계|총합|모두|\d ?년 ?[치간]",
    "en": r"\b(?:together|(?<!with a )(?<!a )combined|altogether|in all|in total|all told|between them|in sum|sum|adds? up|totals?|totall?ing|that makes|which makes|making|makes for|a total of|a grand total of"
    r"|both (?:sites|phases|halls|orders|batches|deals|projects|centres|centers|machines|campuses|rounds|tranches|locations))\b|,\s(?:for )?an? (?:\w+ ){0,2}(?:bill|total|outlay|sum|haul|tally|fleet|pot) of\b",
    "ja": r"合わせ|あわせ|合計|総計|累計|通算|都合|足すと|足せば|加えると|両(?:拠点|社|者|施設|事業|期|国|都市|県|案件|工場|校|機関)|[二三四五2-5](?:カ所|か所|拠点|社|施設|件|期|都市|回)で|(?<![設累統推時])計(?=[\d約])|総額|総数|全体で",
}  # fmt: skip
_AFTER = {
    "ko": r"(?:이|가|으로|로)?\s?(?:합친|합한)",
    "en": r"(?:\s[A-Za-z]+){0,3}\s(?:in all|altogether|all told|in total|between them|combined|across (?:both|the (?:two|three|four))|over both)\b",
    "ja": r"の合計",
}
_GROWN = {
    "ko": r"이로써|이렇게 되면|이 경우|계획대로(?:라면| 되면| 진행되면| 추진되면)|예정대로(?:라면| 되면| 진행되면)?|(?:끝나|마치|마무리하|마무리되|완료되|완료하|완공되|들어오|들어서|들이|채우|갖춰지|갖추|지어지|짓|이뤄지|가동되|돌아가|합류하|설치되|설치하|도입되|도입하|도착하|확보하|늘리|추가되|확충되)면|(?:뒤|후)(?:에는|엔)?\s",
    "en": r"\b(?:that|which|this|it|they|these|those|the [a-z]+)\s(?:(?:would|will|should|could)\s)?(?:\w+ly\s)?(?:takes?|brings?|lifts?|push(?:es)?|raises?|swells?)\s(?:the|its|their|his|our)?\s?[\w'’ -]{0,40}\sto\b|\b(?:bringing|taking|lifting|pushing|raising|swelling)\s[\w'’ -]{2,50}\sto\b"
    r"|\bwill then\b|\bwould then\b|\bby then\b|\b[Oo]nce (?:they|both|all|everything|it|complete|the)\b|\b[Ww]hen (?:they|both|all|everything|it is)\b[^.]{0,40},|^\s*With the\b|\b[Aa]dding (?:those|these|that)\b",
    "ja": r"これで|これにより|この結果|計画通りなら|計画通りに進めば|予定通りなら|(?:そろ|揃)(?:うと|えば|い)|(?:完成|完了|稼働|導入|到着|設置|整備|実現|納入|増設)(?:する|すれ|され|が終わ|を終え)?(?:ると|ば|と|れば|後|後に)|増設後|導入後|納入後",
}
_BASE = re.compile(r"현재|이미|기존|지금까지|앞서|\b(?:already|now|currently|existing|today|to date|so far)\b|既に|すでに|既存|現在|これまで|動かして|運用して|稼働して", re.I)
_MORE = re.compile(r"추가|더 |새로|들여오|들여온|들인|도입|증설|사들|주문|얹|보태|차례|이어|확보|\b(?:another|more|extra|add(?:s|ed|ing|itional)?|further|new|plus|then|order(?:s|ed)?|follow(?:s|ed)?|second)\b|追加|積み増|新た|加え|増設|さらに|続|購入|確保|[23]期|[23]回目", re.I)
_LEVEL = re.compile(r"(?:으?로|까지)\s?(?:늘|넓|키우|확대|높|끌어올|확장|증)|(?:に|まで|へ)(?:増や|広げ|拡大|引き上げ|高め|拡張|増強|増え)")
_EACH = re.compile(r"각각|각 |씩|당\s|마다|それぞれ|ずつ|あたり|当たり|\beach\b|apiece|\bper\b", re.I)
_PART_OF = re.compile(r"이 가운데|이 중|이중|그중|그 가운데|이 중에|\bof (?:which|these|those|that|them)\b|うち|このうち", re.I)
_COUNTED = re.compile(
    r"(?P<n>두|세|네|다섯|[2-6]) ?(?:곳|개? ?회사|개사|사|개? ?기관|나라|개국|개? ?지역|개? ?도시|개? ?시설|개? ?거점|개? ?사업|개? ?단계|차례|해|건|개? ?동|개? ?센터|개? ?단지|개? ?공장|업체|년|번|시|도|개 시|개 도)(?=[\s의을를이가에은는치간])|(?P<two>둘을|양사|양측|양국|두 번)"
    r"|\b(?:the|all|these|those|both) (?P<en>two|three|four|five)\b|\b(?P<both>both|pair)\b|(?P<ja>[二三四五六2-6])(?:カ所|か所|拠点|社|施設|件|期|都市|回|年)|(?P<jboth>両[拠社者施事期国都県案工校機])", re.I
)
_WORDS = {"두": 2, "세": 3, "네": 4, "다섯": 5, "two": 2, "three": 3, "four": 4, "five": 5, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}


def check_run(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return whether the like figures told just before add up to a figure that the text calls their total."""
    if claim.unit in ("point", "country", "B", "rank") or claim.hedge in ("vague", "range") or claim.value is None:
        return None
    like = _like(page, claim, others)
    cue = _cue(page, claim, like)
    if cue is None or not like:
        return None
    run = _run(page, claim, like, grown=cue == "grown")
    if len(run) < 2:
        return None
    found = total_of(True, run)
    if fits(claim, found.value or 0.0, 0.02):
        return found
    if (other := _some_of(claim, like)) is not None:
        return other
    plain = claim.hedge in PLAIN and all(c.hedge in PLAIN for c in run) and 0.4 < (found.value or 0.0) / claim.value < 2.5
    if not plain or not _told_as_parts(page, claim, run, others, cue):
        return None
    return None if given_by_others(claim, others) else total_of(False, run)


def _like(page: Page, claim: Claim, others: Sequence[Claim]) -> list[Claim]:
    """The figures before one that can be its parts: none for each of several, none that is a level reached later, no plan given up."""
    found = addends(page, claim, others, BACK)
    text = page.folded
    out = []
    for c in found:
        a, b = page.sentences[page.sentence_of(c.char_start)]
        around = text[max(a, c.char_start - 10) : c.char_start] + text[c.char_end : min(b, c.char_end + 8)]
        if c.status != "cancelled" and not _EACH.search(around):
            out.append(c)
    return out


def _cue(page: Page, claim: Claim, like: Sequence[Claim]) -> str | None:
    """How a figure is told as a total: joined of what was told, or what it grows to; None where no word says so."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    own = [c.char_end for c in like if c.char_start >= a]
    text, tongue = page.folded, page.language
    left = text[max([a, *own]) : claim.char_start]
    if re.search(_JOINED[tongue], left, re.I) or re.match(_AFTER[tongue], text[claim.char_end : b], re.I):
        return "joined"
    return "grown" if re.search(_GROWN[tongue], text[a : claim.char_start], re.I) else None


def _run(page: Page, claim: Claim, like: Sequence[Claim], *, grown: bool) -> list[Claim]:
    """The like figures of a total's sentence, or those of the sentences just before; as many as the text counts."""
    k = page.sentence_of(claim.char_start)
    a = page.sentences[k][0]
    parts = [c for c in wholes(like) if not _is_part(page, c, like)]
    parts = parts if len(parts) > 1 else list(like)
    n = _counted(page, claim)
    if n is not None and len(parts) >= n:
        return parts[-n:]
    own = [c for c in parts if c.char_start >= a]
    if len(own) > 1 and not grown:
        return own
    run, last = list(own), k
    for c in reversed([c for c in parts if c.char_start < a]):
        s = page.sentence_of(c.char_start)
        if last - s > 2 or (len(run) > 1 and "\n" in page.folded[c.char_end : run[0].char_start]):
            break
        run.insert(0, c)
        last = s
    return run


def _is_part(page: Page, c: Claim, like: Sequence[Claim]) -> bool:
    """Whether a figure is told as a part of a larger one just before it: 이 가운데 3000장, うち3000基."""
    before = [x for x in like if x.char_end <= c.char_start]
    return bool(before) and (before[-1].value or 0.0) > (c.value or 0.0) and bool(_PART_OF.search(page.folded, before[-1].char_end, c.char_start))


def _counted(page: Page, claim: Claim) -> int | None:
    """How many parts the sentence of a total says it has: 세 곳을 합치면, both sites, 両拠点で."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    found = list(_COUNTED.finditer(page.folded, a, min(b, claim.char_end + 24)))
    if not found:
        return None
    word = (found[-1]["n"] or found[-1]["en"] or found[-1]["ja"] or "").lower()
    return (int(word) if word.isdigit() else _WORDS[word]) if word else 2


def _some_of(claim: Claim, like: Sequence[Claim]) -> Sum | None:
    """The last of the like figures that do add up to a total."""
    for some in _sets(like[-7:]):
        value = sum(c.value or 0.0 for c in some)
        if abs(value - (claim.value or 0.0)) <= 0.003 * value:
            return total_of(True, some)
    return None


def _sets(like: Sequence[Claim]) -> Iterator[tuple[Claim, ...]]:
    return itertools.chain.from_iterable(itertools.combinations(like, size) for size in (2, 3, 4, 5))


def _told_as_parts(page: Page, claim: Claim, run: Sequence[Claim], others: Sequence[Claim], cue: str) -> bool:
    """Whether a run is plainly all that a total counts: one country's, one after another, not levels of one thing."""
    text = page.folded
    k = page.sentence_of(claim.char_start)
    near = page.sentence_of(run[-1].char_start) >= k - 1 and page.sentence_of(run[0].char_start) == page.sentence_of(run[-1].char_start)
    if len(run) > 6 or page.sentence_of(run[-1].char_start) < k - 2 or open_list(page, claim, run, others):
        return False
    if len({c.subject_country_iso3 for c in (*run, claim)}) > 1 and not (near and cue == "joined"):
        return False
    if any(_LEVEL.match(text, c.char_end) for c in run) or len({c.value for c in run if c.value == claim.value}):
        return False
    if cue == "joined":
        return True
    own = [text[slice(*page.sentences[page.sentence_of(c.char_start)])] for c in run]
    return any(_BASE.search(words) and not _MORE.search(words) for words in own[1:]) or all(_MORE.search(words) for words in own[1:])


def given_by_others(claim: Claim, others: Sequence[Claim]) -> bool:
    """Whether like figures of the article, wherever they stand, give a figure: two or three before it, or more in a row."""
    like = [in_unit(c, claim.unit) for c in others if c.id != claim.id and c.kind in family(claim)]
    like = [c for c in like if c.unit == claim.unit and c.value]
    if any(fits(claim, c.value or 0.0, 0.001) for c in like):
        return True
    before = [c for c in like if c.char_end <= claim.char_start][-8:]
    after = [c for c in like if c.char_start >= claim.char_end][:6]
    rows = [row[i:j] for row in (before, after) for i in range(len(row)) for j in range(i + 2, len(row) + 1)]
    some = itertools.chain(rows, itertools.combinations(before, 2), itertools.combinations(before, 3))
    return any(fits(claim, sum(c.value or 0.0 for c in row), 0.015) for row in some)
