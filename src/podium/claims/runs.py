"""Totals of a run of like figures told over several sentences: *together that makes 12,600*, 세 곳을 합치면, 全てそろうと."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from podium.claims.amounts import PLAIN, Sum, addends, amount, family, fits, in_unit, is_currency, summed, total_of
from podium.claims.claim import Claim
from podium.claims.tallies import wholes
from podium.claims.totals import open_list

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_named", "check_run", "counts_more", "given_by_others"]

BACK = 4
_JOINED = {
    "ko": r"합치면|합하면|합산하면|합쳐|합해|합한|합친|더하면|더해|더한|보태면|보태|아우르면|통틀어|도합|합계|누계|총합|모두|\d ?년 ?[치간]|만 (?:따져|더해|합쳐)도"
    r"|(?:두|세|네|다섯|[2-6]) ?(?:곳|개? ?(?:도시|회사|사업|기관|나라|시설|센터|단지|거점|지역|단계|기업|업체|공장|건))(?:에|의|가|이|에서)?\s[^\d.]{0,20}[은는]\s$|더불어|아울러|년에 걸쳐|년 동안|전체로는?\s",
    "en": r"\bbetween the (?:two|three|four|pair)\b|\badd (?:the two|them|these|those|both)\b|\b(?:together|(?<!with a )(?<!a )combined|altogether|in all|in total|all told|between them|in sum|sum|adds? up|totals?|totall?ing|that makes|which makes|making|makes for|a total of|a grand total of"
    r"|(?:the (?:two|three|four|five|pair|trio|lot)|these|those|they) (?:\w+ )?(?:come|add up|amount|run|hold|have|make)s?(?: up)?(?: to)?"
    r"|both (?:sites|phases|halls|orders|batches|deals|projects|centres|centers|machines|campuses|rounds|tranches|locations))\b|,\s(?:for )?an? (?:\w+ ){0,2}(?:bill|total|outlay|sum|haul|tally|fleet|pot) of\b|\bfor a combined\b",
    "ja": r"合わせ|あわせ|合計|総計|累計|通算|都合|しめて|足すと|足せば|加えると|両(?:拠点|社|者|施設|事業|期|国|都市|県|案件|工場|校|機関)|[二三四五2-5](?:カ所|か所|拠点|社|施設|件|期|都市|回|つ|棟|地区|校|者)[でが]|[2-9二三四五]年間?で[^\d]{0,8}$|[二三四五2-5](?:カ所|か所|拠点|社|者|国|施設|件|期|都市|棟|校|機関)(?:の|に|へ|が)[^\d、。]{0,14}[はが]$|[二三四2-4]つの[^\d、。]{1,6}で$|(?<![設累統推時])計(?=[\d約]|$)|総額|総数|全体で",
}  # fmt: skip
_AFTER = {
    "ko": r"(?:이|가|으로|로)?\s?(?:합친|합한)",
    "en": r"(?:\s[A-Za-z]+){0,3}\s(?:in all|altogether|all told|in total|between them|combined|across (?:both|the (?:two|three|four))|over both|for the (?:pair|two|three|trio|four))\b",
    "ja": r"の合計",
}
# What a figure grows to, or comes out at: a condition or a turn before it, a verb of becoming after it.
_GROWN = {
    "ko": r"(?:^|\s)(?:이로써|이렇게|그러면|이 경우|결국|최종적으로|이제|계획대로|예정대로)|[가-힣](?:면|으니|이니|어서|아서|여서|므로)(?:서)?[,\s]|[가-힣](?:어|아|여|해) (?:모두 |총 |누적 )?[^\d]{0,12}$|(?:뒤|후)(?:에는|엔)?\s",
    "en": r"\b(?:if|when|once|fully|on completion|by then|so|thus|therefore|eventual(?:ly)?|ultimate(?:ly)?|final|giv(?:es|ing|e)|bring(?:s|ing)?|tak(?:es|e|ing)|lift(?:s|ing)?|push(?:es|ing)?|rais(?:es|ing)|swell(?:s|ing)?|leav(?:e|es|ing)|adding|with (?:that|this|these|those|the))\b[^.;]*$|\b(?:will|would|should) (?:then )?(?:have|own|hold|run|reach|total|number|operate|stand at|come to|be|draw|possess|command)\s(?:about |some |just over )?$",
    "ja": r"これで|これにより|この結果|今では|最終的に|計画通り|予定通り|(?:れば|えば|せば|けば|めば|ると|うと|くと|すと|たら|後に|後は)、?[^\d]{0,24}$|(?:ので|から|し|て|後)、[^\d]{0,24}$|(?:そろ|揃)(?:うと|えば|い)",
}  # fmt: skip
_GROWS = {
    "ko": r"(?:급|짜리|규모)?(?:이|가|으로|로|에|까지|를|을)?\s?(?:[가-힣]{1,3} 배[가로] )?(?:된다|되는|돼|됐|된|될|늘|불어|이르|이른|달하|달한|커진|커지|갖추|갖게|돌아간|굴리)",
    "ja": r"(?:体制|規模)?(?:に|と|が|を|へ)(?:なる|なった|する|した|達する|達した|増える|増えた|上る|膨らむ|広がる|届く|持つ)",
}
# Of two figures of its own sentence: which gives so much, …と…で、…だけで.
_GIVES = {"ko": r"(?:이|으)?(?:므로|니|니까),? [^\d]{0,16}$", "en": r"\b(?:giv(?:es|ing)|bring(?:s|ing)|mak(?:es|ing)|tak(?:es|ing))\b[^;]{0,40}$|,\sor\s$", "ja": r"^で、?[^\d、。]{0,12}(?:だけで)?$"}
_HENCE = re.compile(r"\s*(?:So|Thus|Hence|Therefore)\b,?|\s*(?:그래서|따라서|결국)|\s*(?:つまり|したがって|結局)")
_WIDER = re.compile(
    r"(?:유럽|아시아|중동|대륙) ?전체|欧州全体|アジア全体|국내|전국|업계|국내외|그룹 전체|세계|[가-힣]{2,} ?기업들|업체들|까지 (?:모두 )?(?:합|더|포함)|따로|공개하지|허가|추정|추산|事業者|国内の|国内で|各社|業界|他社|他の|グループ|世界|推計|許可|含め"
    r"|\b(?:other|others|smaller|firms|companies|nationwide|worldwide|group|region|regional|american|european|permits?|licen[cs]es?|estimates?|includ\w+|some of|backlog|countries|continent|industry|country's)\b", re.I
)
_BASE = re.compile(r"현재|이미|기존|지금까지|앞서|보유|가동 중|굴리|돌리|\b(?:already|now|currently|existing|today|to date|so far|has|had|have|runs?|holds?|operat\w+|opened|live|owns?)\b|既に|すでに|既存|現在|これまで|動かして|運用して|稼働して|持つ|持って|置い|入れ", re.I)
_MORE = re.compile(r"추가|더 |덧붙|새로|들여오|들여온|들인|도입|증설|사들|주문|얹|보태|차례|이어|확보|받으|2차|2단계|\b(?:another|more|extra|add(?:s|ed|ing|itional)?|further|new|plus|then|order(?:s|ed)?|follow(?:s|ed)?|second|under construction|building|buying|will be|would|next)\b|追加|積み増|新た|加え|加わ|増設|さらに|続|購入|確保|建設中|届く|発注|[23]期|[23]回目|整え", re.I)
_ROUGH = re.compile(r"\b(?:exceed|surpass|top|approach|near)(?:s|ed|ing)?\s$", re.I)
_LEVEL = re.compile(r"(?:으?로|까지)\s?(?:늘|넓|키우|확대|높|끌어올|확장|증)|(?:に|まで|へ)(?:増や|広げ|拡大|引き上げ|高め|拡張|増強|増え)")
_EACH = re.compile(r"각각|각 |씩|당\s|마다|それぞれ|ずつ|あたり|当たり|\beach\b|apiece|\bper\b", re.I)
_PART_OF = re.compile(r"이 가운데|이 중|이중|그중|그 가운데|이 중에|\bof (?:which|these|those|that|them)\b|うち|このうち", re.I)
_COUNTED = re.compile(
    r"(?P<n>두|세|네|다섯|[2-6]) ?(?:곳|개? ?회사|개사|사|개? ?기관|나라|개국|개? ?지역|개? ?도시|개? ?시설|개? ?거점|개? ?사업|개? ?단계|차례|해|건|개? ?동|개? ?센터|개? ?단지|개? ?공장|업체|년(?! ?(?:뒤|후|전|만|안))|번|시|도|개 시|개 도)(?=[\s의을를이가에은는치간만도로])|(?P<two>둘을|양사|양측|양국|두 번)"
    r"|\b(?:the|all|these|those|both) (?P<en>two|three|four|five)\b|\b(?P<both>both|pair|duo)\b|\b(?P<trio>trio|quartet)\b|(?P<ja>[二三四五六2-6])(?:カ所|か所|拠点|社|施設|件|期|都市|回|棟|つの|年(?!後|前|以))|(?P<jboth>両[拠社者施事期国都県案工校機])", re.I
)
_WORDS = {"두": 2, "세": 3, "네": 4, "다섯": 5, "two": 2, "three": 3, "four": 4, "five": 5, "trio": 3, "quartet": 4, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}


def check_run(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return whether the like figures told just before add up to a figure that the text calls their total."""
    if claim.unit in ("point", "country", "B", "rank") or claim.hedge in ("vague", "range") or claim.value is None:
        return None
    if (shared := _of_each(page, claim, others)) is not None:
        return shared
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
    least = 0.4 if cue == "joined" else 0.6
    plain = claim.hedge in (*PLAIN, "slightly_more", "nearly") and all(c.hedge in PLAIN for c in run) and least < (found.value or 0.0) / claim.value < 1 / least
    if not plain or not _told_as_parts(page, claim, run, others, cue):
        return None
    return None if given_by_others(claim, others, counted=_counted(page, claim) == len(run)) else total_of(False, run)


def _of_each(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """A total of as many as it says, of whom some have so much each: 둘이 각각 190억달러, 둘이 70억달러씩 … 네 회사의 출자금은 520억달러."""
    n, k = _counted(page, claim), page.sentence_of(claim.char_start)
    before = [c for c in addends(page, claim, others, 1) if page.sentence_of(c.char_start) == k - 1]
    if n is None or not 0 < len(before) < n or _cue(page, claim, before) != "joined" or any(c.hedge not in PLAIN for c in (claim, *before)):
        return None
    ends = [page.sentences[k - 1][0], *(c.char_end for c in before)]
    each = [_is_each(page.folded[max(done, c.char_start - 12) : c.char_start], page.folded[c.char_end : c.char_end + 8]) for c, done in zip(before, ends, strict=False)]
    shared = sum(each)
    if not shared or (n - len(before) + shared) % shared:
        return None
    times = [(n - len(before) + shared) // shared if e else 1 for e in each]
    value = sum((c.value or 0.0) * t for c, t in zip(before, times, strict=True))
    holds = fits(claim, value, 0.02)
    if not holds and (not 0.4 < value / (claim.value or 1.0) < 2.5 or given_by_others(claim, others)):
        return None
    return summed(holds, "sum_of", [amount(c) for c in before], value, times=times)


def _is_each(left: str, right: str) -> bool:
    """Whether a figure is for each of several, not one of as many figures as names: 각각 70억달러, but not 각각 4000개와 1만4000개."""
    if re.search(r"(?:각각|각|それぞれ|each)[^\d]*\d", left) or re.match(r"\s?(?:와|과|,|、|と|and)\s?\d", right):
        return bool(re.match(r"씩|ずつ|\s?(?:each|apiece)", right))
    return bool(_EACH.search(left + right))


_PAIR = {"ko": r"\s?(?:와|과|,|·|및|하고)\s?(?:[가-힣]{1,8} )?", "en": r"(?:['’]s)?,?\s(?:and|plus)\s(?:the )?|,\s", "ja": r"\s?(?:と|、|・|および)\s?"}
_SHARE_OUT = re.compile(r"각각|보다|대비|씩|each\b|\bthan\b|\bor\b|\bfrom\b|\brespectively|\bversus|\bcompared|それぞれ|より|ずつ|比べ", re.I)


def check_named(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return whether the figures of the two or three names that are joined as its subject add up to a total: *Microsoft and Meta thus account for $145bn*."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    if not (is_currency(claim.unit) or claim.unit in ("W", "gpu")) or claim.hedge in ("vague", "range"):
        return None
    names = [m for m in page.within(page.mentions, a, claim.char_start) if m.type in ("company", "vendor", "state", "institute", "country")]
    row = names[-1:]
    for m in reversed(names[:-1]):
        if not re.fullmatch(_PAIR[page.language], page.folded[m.end : row[0].start]):
            break
        row.insert(0, m)
    between = page.folded[row[-1].end : claim.char_start] if row else ""
    if not 2 <= len(row) <= 3 or len(between) > 50 or re.search(r"\d", between) or _SHARE_OUT.search(between):
        return None
    like = addends(page, claim, others, 5)
    parts = []
    for m in row:
        mine = [c for c in like if c.char_end <= a and (c.subject == m.id or (m.type == "country" and c.subject_country_iso3 == m.country)) and page.folded[m.start : m.end] in page.folded[max(0, c.char_start - 60) : c.char_end + 20]]
        if len({c.value for c in mine}) != 1:
            return None
        parts.append(mine[-1])
    found = total_of(True, parts)
    value = found.value or 0.0
    if len({c.id for c in parts}) < len(row):
        return None
    if fits(claim, value, 0.02):
        return found
    plain = all(c.hedge in PLAIN for c in (claim, *parts)) and 0.5 < value / (claim.value or 1.0) < 2 and (claim.value or 0.0) > max(c.value or 0.0 for c in parts)
    summed_up = re.search(_JOINED[page.language], page.folded[row[0].start : claim.char_start], re.I) or re.search(r"\baccount for\b|두 ?(?:곳|회사|나라)|[2二]社|両", page.folded[row[0].start : claim.char_start])
    return total_of(False, parts) if plain and summed_up else None


def _like(page: Page, claim: Claim, others: Sequence[Claim]) -> list[Claim]:
    """The figures before one that can be its parts: none for each of several, none that is a level reached later, no plan given up."""
    found = addends(page, claim, others, BACK)
    text = page.folded
    out = []
    for c in found:
        a, b = page.sentences[page.sentence_of(c.char_start)]
        if c.status != "cancelled" and not _is_each(text[max(a, c.char_start - 10) : c.char_start], text[c.char_end : min(b, c.char_end + 8)]):
            out.append(c)
    return out


def _cue(page: Page, claim: Claim, like: Sequence[Claim]) -> str | None:
    """How a figure is told as a total: joined of what was told, or what it grows to; None where no word says so."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    own = [c.char_end for c in like if c.char_start >= a]
    text, tongue = page.folded, page.language
    left = text[max([a, *own]) : claim.char_start]
    if len(own) > 1 and re.search(_GIVES[tongue], left, re.I):
        return "joined"
    if re.search(_JOINED[tongue], left, re.I) or re.match(_AFTER[tongue], text[claim.char_end : b], re.I):
        return "joined"
    k = page.sentence_of(a)
    if not own and _HENCE.match(text, a, b) and sum(page.sentence_of(c.char_start) == k - 1 for c in like) in (2, 3):
        return "joined"
    turned = re.search(_GROWN[tongue], text[a : claim.char_start], re.I)
    becomes = tongue == "en" or re.match(_GROWS[tongue], text[claim.char_end : b])
    return "grown" if turned and becomes else None


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
    if len(own) > 1:
        return own
    if grown and len(parts) > 1:
        last = page.sentence_of(parts[-1 - len(own)].char_start)
        together = [c for c in parts if page.sentence_of(c.char_start) in (last, k)]
        return together if len(together) > 1 else parts[-2:]
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
    word = (found[-1]["n"] or found[-1]["en"] or found[-1]["ja"] or found[-1]["trio"] or "").lower()
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
    close = len(run) == 2 and page.sentence_of(run[0].char_start) >= k - 1
    if len({c.subject_country_iso3 for c in (*run, claim)}) > 1 and not close and not (cue == "joined" and (near or _counted(page, claim) == len(run))):
        return False
    if (_counted(page, claim) or 0) > len(run):
        return False
    if any(_LEVEL.match(text, c.char_end) for c in run) or any(c.value == claim.value for c in run):
        return False
    if counts_more(page, claim, run) or _ROUGH.search(text, max(page.sentences[k][0], claim.char_start - 14), claim.char_start):
        return False
    if cue == "joined":
        return True
    own = [text[slice(*page.sentences[page.sentence_of(c.char_start)])] for c in run]
    more, base = (any(p.search(words) for words in own) for p in (_MORE, _BASE))
    return (claim.value or 0.0) > max(c.value or 0.0 for c in run) and ((more and base) or any(p.search(own[-1]) for p in (_MORE, _BASE)))


def counts_more(page: Page, claim: Claim, parts: Sequence[Claim]) -> bool:
    """Whether the words of a total tell that it counts others than the parts told: 민간이 따로 산 물량까지, *with smaller firms*, 国内の事業者."""
    end = page.sentences[page.sentence_of(claim.char_start)][1]
    between = page.folded[max(c.char_end for c in parts) : min(end, claim.char_end + 40)]
    return bool(_WIDER.search(between)) and _counted(page, claim) != len(parts)


def given_by_others(claim: Claim, others: Sequence[Claim], *, counted: bool = False) -> bool:
    """Whether like figures of the article, wherever they stand, give a figure: two or three before it, or more in a row; all but exactly where its parts are counted."""
    like = [in_unit(c, claim.unit) for c in others if c.id != claim.id and c.kind in family(claim)]
    like = [c for c in like if c.unit == claim.unit and c.value]
    if any(fits(claim, c.value or 0.0, 0.001) for c in like):
        return True
    before = [c for c in like if c.char_end <= claim.char_start][-8:]
    after = [c for c in like if c.char_start >= claim.char_end][:6]
    whole = wholes(before)
    least = [c for c in before if not any(c.value == sum(x.value or 0.0 for x in few) for n in (2, 3) for few in itertools.combinations(before, n))]
    rows: list[Sequence[Claim]] = [row[i:j] for row in (whole, least, after) for i in range(len(row)) for j in range(i + 2, len(row) + 1)]
    exact = claim.hedge is None and _digits(claim) > 2
    rows += [pair for row in (whole, least) for pair in itertools.combinations(row, 2)]
    if any(fits(claim, sum(c.value or 0.0 for c in row), 0.001 if counted else 0.005 if exact else 0.015) for row in rows):
        return True
    three = itertools.chain(itertools.combinations(whole, 3), itertools.combinations(least, 3))
    return any(fits(claim, sum(c.value or 0.0 for c in some), 0.001) for some in three)


def _digits(claim: Claim) -> int:
    """How many digits of a figure count: 3 of 31,100."""
    return len(f"{claim.value or 0.0:.12g}".replace(".", "").split("e")[0].strip("0"))
