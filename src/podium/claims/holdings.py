"""Whether a country itself holds what is counted: a national stock, not somebody's machines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from podium.claims.entities import nations
from podium.claims.quantities import Quantity

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["held_by_country", "is_goal_of_growth", "is_held_so_far"]

# 3000개를 확보하는 데 그친 보유량을 1만8000개로 늘린다; raise its stock from 3,000 to 18,000; 3000基にとどまる保有数を1万8000基に増やす
_SO_FAR = re.compile(
    r"(?:[을를]|에)?\s?(?:확보하는 데 그친|그친|불과한|머무른|머무는|못 미치는)\s(?:[가-힣]{1,6}\s){0,2}(?:보유|재고|물량|규모|용량)|(?:にとどまる|しかない|に過ぎない|にすぎない)[^。、\d]{0,8}(?:保有|台数|規模|容量|能力)"
)
_TO = re.compile(r"(?:으?로)\s(?:[^\s,.]{1,8}\s){0,2}(?:늘리|늘린|확대|키우|키운|확충|증설|끌어올)|(?:まで|に)(?:[^。、\d]{0,6})?(?:増や|拡大|引き上げ|拡充|広げ)")
_RAISE = r"\b(?:rais|increas|expand|grow|lift|boost|tak|scal)\w*\s[^.;]{0,40}\bfrom\s(?:about |some |around |just |only )?"
_FROM_EN, _TO_EN = re.compile(_RAISE + "$", re.I), re.compile(_RAISE + r"[\d.,]+[^.;]{0,24}?\sto\s(?:about |some |around |as many as |up to )?$", re.I)
_WILL = re.compile(r"\b(?:will|plans?|aims?|wants?|intends?|hopes?|to|by 20\d\d|by (?:mid|the end|next|late|early))\b", re.I)


def is_held_so_far(page: Page, q: Quantity, a: int) -> bool:
    """Whether a figure is what there is now, which the sentence is going to raise."""
    if page.language == "en":
        return _FROM_EN.search(page.folded, a, q.start) is not None
    return _SO_FAR.match(page.folded, q.end) is not None


def is_goal_of_growth(page: Page, q: Quantity, a: int) -> bool:
    """Whether a figure is what a holding is to be raised to: no stock yet."""
    if page.language == "en":
        m = _TO_EN.search(page.folded, a, q.start)
        return m is not None and _WILL.search(page.folded, a, m.start()) is not None
    return _TO.match(page.folded, q.end) is not None and any(is_held_so_far(page, o, a) for o in page.within(page.quantities, a, q.start) if o.end <= q.start)

_HELD = {
    "ko": re.compile(r"의\s(?:AI용?\s)?(?:GPU|가속기|AI ?칩)\s?(?:보유량|보유 대수|수)?(?:은|는|이|가)?\s?(?:약 |겨우 |고작 |모두 |총 )?$|\s?(?:정부|전체|안의|내)?\s?(?:(?:[가-힣]{0,4}\s)?(?:대학|기업|연구소|연구기관|기관|학교)[가-힣]{0,4}|)?(?:은|는|이|가|의|에는?|도)?\s[^.;]{0,24}?(?:보유|가진|갖고|갖춘|가지고)[^.;]{0,20}$"),
    "ja": re.compile(r"のGPU(?:保有数|保有量|の数)?[はが](?:約|わずか|計)?$|\s?(?:の)?(?:政府|全体|国内)?(?:大学|企業|研究機関)?(?:は|が|も|の|に)[^。;]{0,20}?(?:保有|持つ|もつ|備える|所有)[^。;]{0,18}$"),
    "en": re.compile(r"(?:'s|’s)?\s(?:(?:public |private |leading |top )?(?:universities|companies|firms|laboratories|labs|institutes)\s)?(?:across \w+\s)?(?:together\s|now\s|currently\s|already\s|as a whole\s|still\s|only\s)*(?:has|have|holds?|owns?|possess(?:es)?)\s(?:a (?:total|stock) of\s|in all\s|just\s|only\s|barely\s|some\s|about\s|around\s|fewer than\s|more than\s|no more than\s|nearly\s|over\s)*$", re.I),
}  # fmt: skip
_HAS_AFTER = {
    "ko": re.compile(r"[^,.;]{0,12}?(?:을|를)?\s?(?:보유하고|보유했|보유 중|갖고 있|가지고 있|갖췄|갖추고 있)"),
    "ja": re.compile(r"[^、。;]{0,8}?を?(?:保有し|持って|持つ(?:。|$)|備え(?:る|て)(?:いる)?(?:。|$)|所有し)"),
}  # fmt: skip
_HOLDER = {"ko": re.compile(r"\s?(?:정부|전체)?(?:은|는|이|가|도)\s[^.;,]{0,24}$"), "ja": re.compile(r"(?:は|が|も)[^。;、]{0,24}$")}
_OF_ALL = re.compile(r"(?:universities|companies|firms|laboratories|labs|institutes)\s(?:all )?(?:across|in|throughout)\s$", re.I)


def held_by_country(page: Page, q: Quantity, a: int) -> bool:
    """Whether a country itself, or its universities or firms together, hold what is counted: a national stock."""
    named = [m for m in page.within(page.mentions, a, q.start) if m.end <= q.start and m.type != "vendor"]
    if not named or named[-1].type != "country" or page.folded[named[-1].start : named[-1].end] not in nations():
        return False
    last, text = named[-1], page.folded
    if page.language == "en" and _OF_ALL.search(text[max(a, last.start - 40) : last.start]):
        return bool(re.search(r"\b(?:hold|own|have|possess)\b", text[last.end : q.start]))
    between = text[last.end : q.start]
    if _HELD[page.language].match(between):
        return True
    after = _HAS_AFTER.get(page.language)
    return after is not None and bool(_HOLDER[page.language].match(between) and after.match(text[q.end : q.end + 30]))
