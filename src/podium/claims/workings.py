"""What the text works out a sentence or two after its factors: 250 racks … each combines 72 … the batch works out at 18,000."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from podium.claims.amounts import PLAIN, SIZES, Sum, amount, family, fits, is_currency, say, summed, window
from podium.claims.claim import Claim
from podium.claims.funds import A_MEGAWATT, OF_A_MEGAWATT
from podium.claims.products import held_by, is_each, multiplies
from podium.claims.runs import given_by_others

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["check_quotient", "check_split", "check_working"]

_WORKED = {
    "ko": r"계산|곱하면|환산|어림|셈|모두|합계|합쳐|통틀어|총|전체|만 해도|만으로도|[가-힣]만\s?(?:약 )?$|(?:이|니|니까|므로|려면|면)\s[^\d]{0,24}$",
    "en": r"\bworks? (?:out|that out)\b|\bmultipl|\bin all\b|\bin total\b|\btotals?\b|\baltogether\b|\ball told\b|\balone\b|\bmakes?\b|\bmaking\b|\bimpl(?:y|ies)\b|\barithmetic\b|\bcomes? to\b|\badds? up to\b|\bamounts? to\b|\bbill\b|\bthat is\b|\bso\b|\b(?:would|will) (?:cost|need|draw|consume|hold|house|contain)\b|\bworth\b|\brepresents?\b|\brepresents?\b|\bmeans?\b|\bfor\s(?:about |some )?$|\bgives?\b|\bgiving\b",
    "ja": r"計算|掛け|換算|全体で|全部で|合計|合わせて|総|計|だけで|ので|から|とみれば|とみると|となれば|とすれば|とすると|すれば|つまり|すべて|全て|収まる|収める|載る",
}  # fmt: skip
_ONLY = re.compile(r"계산|곱하면|셈|[가-힣]만\s?(?:약 )?$|만 해도|만으로도|\bworks? out\b|\bmultipl|\balone\b|\bimpl|\barithmetic\b|だけで|計算|掛け|필요|으니|치면|치면서|어치|とみれば|とみると|とすれば|\brepresents?\b|\baverage\b|\bworth\b|\bneeds?\b", re.I)
_FELL = re.compile(r"내렸|내려|떨어|싸졌|하락|下落|下がっ|値下|\b(?:fell|fallen|dropped|cheaper|discount|since risen|risen)\b", re.I)
_PROJECT = re.compile(r"사업비|프로젝트|총투자|事業費|総投資|総工費|\b(?:project|programme|plan|campus|site|scheme)\b", re.I)
_MORE = re.compile(r"냉각|부대|여유|손실|건물|공조|冷却|空調|建屋|\bcooling\b|\boverheads?\b|\bPUE\b|\bbuildings?\b|\bnetwork", re.I)


def check_working(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return whether a number of things told before, each of so much, gives a figure that the text works out from them."""
    unit = claim.unit or ""
    if claim.value is None or claim.hedge in ("vague", "range") or not (unit in ("gpu", "cpu", "W", "B", "rack", "system") or is_currency(unit)):
        return None
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    left = page.folded[a : claim.char_start]
    near = [c for c in window(page, claim, others, 3) if c.char_end <= claim.char_start and c.value]
    per = [c for c in near if is_each(page, c, claim)]
    found = list(_products(page, claim, per, near))
    if not found:
        return None
    if (right := next((x for x in found if x.holds), None)) is not None:
        return right
    if not re.search(_WORKED[page.language], left, re.I) and not re.match(r"[^.;\d]{0,24}\s(?:in all|altogether|all told|in total)\b", page.folded[claim.char_end : claim.char_end + 50]):
        return None
    several = len({round(x.value or 0.0, 6) for x in found}) > 1
    slip = [x for x in found if 0.4 < (x.value or 0.0) / claim.value < 2.5]
    tail = re.split(r"[;；]", left)[-1]
    if is_currency(unit) and (_FELL.search(left) or _PROJECT.search(tail)):
        return None
    if not slip or (several and not _ONLY.search(left)) or claim.hedge not in PLAIN or (unit == "W" and _MORE.search(page.sentence(page.sentence_of(claim.char_start)))):
        return None
    if _THERE.search(left[-34:]) or any(_is_told(claim, x, others) for x in slip):
        return None
    return None if given_by_others(claim, others) or _more_than_one(claim, found, others) else slip[0]


# What is there already is not what was worked out: 既存の約6000基, 현재 … 1천400개.
_THERE = re.compile(r"현재|기존|이미|지금|現在|既存|既に|すでに|現有|\b(?:existing|already|currently|today)\b", re.I)


def _is_told(claim: Claim, found: Sum, others: Sequence[Claim]) -> bool:
    """Whether another figure of the article is the product that was found: 1台あたり8基、計4000基."""
    return any(c.id != claim.id and c.hedge in PLAIN and c.unit == claim.unit and c.kind in family(claim) and fits(c, found.value or 0.0, 0.02) for c in others)


def _products(page: Page, claim: Claim, per: Sequence[Claim], near: Sequence[Claim]) -> Iterator[Sum]:
    """Every product of a number and a figure of each that has the unit wanted, the nearest factors first."""
    counts = [c for c in near if c.kind in ("hardware_count", "stock") and c.unit in ("gpu", "cpu", "system", "rack")]
    for count in reversed(counts):
        if claim.unit == "gpu" and (n := held_by(count.system)) and count.unit in ("rack", "system") and count.hedge in PLAIN and not any(c.unit == "gpu" for c in per):
            value = (count.value or 0.0) * n
            yield replace(summed(fits(claim, value, 0.02), "product_of", [amount(count)], value), words=f"{count.value:,.10g} × {n} ({count.system}) = {value:,.10g}", told=None)
    if is_currency(claim.unit):
        loads = [c for c in near if c.kind == "power_capacity" and c.value and c.hedge in PLAIN]
        for price in (c for c in reversed(near) if c.kind == "other" and c.unit == claim.unit and _megawatt(page, c)):
            for load in sorted(loads, key=lambda c: -(c.value or 0.0)):
                value = (load.value or 0.0) / 1e6 * (price.value or 0.0)
                if load.value != max(c.value or 0.0 for c in loads) and not fits(claim, value, 0.05):
                    continue  # the blocks of which the whole is made
                yield replace(summed(fits(claim, value, 0.05), "product_of", [amount(load), amount(price)], value), words=f"{say(load.value or 0.0, 'W')} × {say(price.value or 0.0, price.unit)} = {say(value, claim.unit)}", told=None)
    for each in reversed(per):
        for count in reversed(counts):
            if count.id == each.id or count.hedge not in (*PLAIN, "nearly", "slightly_more") or _item(page, each) not in ("", count.unit, claim.unit):
                continue
            if claim.unit in ("rack", "system"):
                if count.unit == each.unit == "gpu" and each.kind == "other" and each.value:
                    yield summed(fits(claim, (count.value or 0.0) / each.value, 0.02), "ratio_of", [amount(count), amount(each)], (count.value or 0.0) / each.value)
            elif multiplies(count, each, claim):
                yield _product(claim, count, each, 1)
            elif each.unit == claim.unit and (n := held_by(count.system)) and count.unit in ("rack", "system") and each.kind == "other":
                yield _product(claim, count, each, n)


def _megawatt(page: Page, c: Claim) -> bool:
    """Whether a sum is the price of one megawatt."""
    return bool(OF_A_MEGAWATT.match(page.folded, c.char_end) or A_MEGAWATT.search(page.folded[max(0, c.char_start - 14) : c.char_start]))


_ITEMS = {"rack": r"랙|ラック|\bracks?\b|\bcabinets?\b", "system": r"서버|노드|サーバ|ノード|\bservers?\b|\bnodes?\b|\bsystems?\b", "gpu": r"GPU|칩|[장기]당|한 [장기]|가속기|チップ|半導体|1[基枚]|\bchips?\b|\baccelerators?\b|\bcards?\b|\bprocessors?\b"}


def _item(page: Page, each: Claim) -> str:
    """Whether a figure is of one rack, one server or one chip, by the last such word before it, or the first after it; empty where none is."""
    a, b = page.sentences[page.sentence_of(each.char_start)]
    left = page.folded[max(a, each.char_start - 30) : each.char_start]
    found = [(m.end(), unit) for unit, words in _ITEMS.items() if unit != each.unit for m in re.finditer(words, left, re.I)]
    if found:
        return max(found)[1]
    right = page.folded[each.char_end : min(b, each.char_end + 16)]
    after = [(m.start(), unit) for unit, words in _ITEMS.items() if unit != each.unit for m in re.finditer(words, right, re.I)]
    return min(after)[1] if after else ""


def _product(claim: Claim, count: Claim, each: Claim, times: int) -> Sum:
    value = (count.value or 0.0) * (each.value or 0.0) * times
    rough = "approx" in (count.hedge, each.hedge) or any(h in ("nearly", "slightly_more") for h in (count.hedge, each.hedge))
    exact = claim.hedge is None and len(f"{claim.value:.12g}".rstrip("0").replace(".", "")) > 2
    tolerance = 0.12 if rough else 0.06 if is_currency(claim.unit) and not exact else 0.02
    holds = fits(claim, value, tolerance)
    if each.hedge in ("at_most", "less_than"):
        holds = 0.5 * value <= (claim.value or 0.0) <= 1.02 * value
    elif each.hedge in ("at_least", "more_than"):
        holds = 0.98 * value <= (claim.value or 0.0) <= 2 * value
    return summed(holds, "product_of", [amount(count), amount(each)], value, times=[times, 1])


def _more_than_one(claim: Claim, found: Sequence[Sum], others: Sequence[Claim]) -> bool:
    """Whether a product and another like figure of the article give the figure: the racks and what ran before."""
    like = [c for c in others if c.id != claim.id and c.unit == claim.unit and c.kind in family(claim) and c.value]
    values = [x.value or 0.0 for x in found]
    sums = [v + (c.value or 0.0) for v in values for c in like] + [v + w for i, v in enumerate(values) for w in values[i + 1 :]]
    return any(fits(claim, v, 0.02) for v in sums)


_PER_ONE = re.compile(r"꼴|셈|평균|계산|나누면|치면|직하면|直す|ならすと|\bworks? out\b|\baverag|\bimpl|\bor\s|割(?:る|れば|ると)|平均|計算|換算", re.I)
_OF_ONE = re.compile(r"(?:개|장|대|랙|칩|서버|기)당|한 [장개대기](?:에|당|의)?|(?:1|一)(?:基|枚|台|ラック)(?:あたり|当たり|につき|の)?|\b(?:a|per|each|every|one) (?:chip|GPU|rack|server|card|accelerator|system|node)\b|\bapiece\b", re.I)


def check_quotient(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return whether the figure of one item is the whole by the number: 1조4600억원 … 1만3136장 … 한 장에 1억1100만원꼴; wrong where no whole by any number gives it."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    around = page.folded[max(a, claim.char_start - 30) : min(b, claim.char_end + 24)]
    if claim.kind != "other" or claim.value is None or not (claim.unit == "W" or is_currency(claim.unit)) or not _OF_ONE.search(around) or not _PER_ONE.search(around):
        return None
    near = [c for c in window(page, claim, others, 6) if c.char_end <= claim.char_start and c.value]
    wholes = [c for c in near if c.unit == claim.unit and c.kind in SIZES and c.kind != "other" and (c.value or 0.0) > 20 * claim.value]
    counts = [c for c in near if c.kind in ("hardware_count", "stock") and c.unit in ("gpu", "system", "rack")]
    found = [summed(fits(claim, (w.value or 0.0) / (n.value or 1.0), 0.05), "ratio_of", [amount(w), amount(n)], (w.value or 0.0) / (n.value or 1.0)) for w in reversed(wholes) for n in reversed(counts)]
    if (right := next((x for x in found if x.holds), None)) is not None:
        return right
    hedged = any(c.hedge not in PLAIN for c in (claim, *wholes, *counts))
    slip = [x for x in found if 0.4 < (x.value or 0.0) / claim.value < 2.5]
    return slip[0] if slip and not hedged else None


_EVENLY = re.compile(r"절반씩|반반|똑같이|균등|반씩|折半|等分|半分ずつ|均等|\b(?:evenly|equally|in equal (?:parts|shares)|fifty-fifty|50-50|50:50|(?:two|three|four|five|six|\d) equal [a-z]+ of)\b", re.I)
# Half from Brussels, the other half split evenly: what is shared out is not the whole that was told.
_OF_THE_REST = re.compile(r"나머지|남은|残り|残額|あとの|\b(?:the (?:rest|remainder|balance|other half)|remaining|what is left)\b", re.I)
_AMONG = re.compile(r"\b(?P<lots>two|three|four|five|six|\d) equal\b|(?P<n>두|세|네|다섯|[2-9]) ?(?:곳|회사|기관|사|개사|나라|개국|대학|기업|업체|도시|지역)|\b(?:between|among|over|across) (?:the |its |their |all )?(?P<en>two|three|four|five|six)\b|(?P<ja>[二三四五六2-9])(?:社|者|国|カ国|大学|機関|都市|県|拠点)", re.I)
_WORDS = {"두": 2, "세": 3, "네": 4, "다섯": 5, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}


def check_split(page: Page, claim: Claim, others: Sequence[Claim]) -> Sum | None:
    """Return whether a figure is the equal share of the whole told just before: *split evenly between the two, so that each pays €500m*."""
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    even = _EVENLY.search(page.folded, a, b)
    if even is None or claim.value is None or _OF_THE_REST.search(page.folded, a, claim.char_start):
        return None
    whole = [c for c in window(page, claim, others, 1) if c.char_end <= claim.char_start and c.unit == claim.unit and c.kind in family(claim) and c.value]
    if not whole or whole[-1].hedge not in PLAIN or claim.hedge not in PLAIN:
        return None
    told = list(_AMONG.finditer(page.folded, page.sentences[max(0, page.sentence_of(a) - 1)][0], b))
    words = [(m["n"] or m["en"] or m["ja"] or m["lots"]).lower() for m in told]
    n = 2 if re.search(r"절반|반반|반씩|折半|半分|fifty|50", even[0]) or not words else int(words[-1]) if words[-1].isdigit() else _WORDS[words[-1]]
    value = (whole[-1].value or 0.0) / n
    holds = fits(claim, value, 0.02)
    if not holds and not 0.3 < value / claim.value < 3:
        return None
    found = summed(holds, "product_of", [amount(whole[-1])], value)
    return Sum(holds, found.relation, f"{found.words.split(' = ')[0]} / {n} = {found.words.split(' = ')[-1]}", value)
