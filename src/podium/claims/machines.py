"""Which chip, server or rack type a figure is about: the one named with it, before it, or set against another."""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.quantities import Quantity

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["built_of", "is_origin", "server_of", "specified", "sped", "system_of"]


def system_of(page: Page, start: int, end: int, sentence_start: int, *, after: bool = False, back: int = 0) -> str | None:
    """Return the chip or system meant with a figure.

    In order: directly after it (*for an H100*, or in a few words where `after`), the nearest before it in its
    sentence, the nearest in up to `back` sentences before.
    """
    low, high = bisect.bisect_left(page.chips, (sentence_start,)), bisect.bisect_left(page.chips, (start,))
    following = [c for c in page.chips[high : high + 3] if c[0] >= end]
    if following and _FOR.fullmatch(page.folded[end : following[0][0]]):
        return following[0][2]
    if following and _IS_OF.fullmatch(page.folded[end : following[0][0]]):
        return following[0][2]
    here = [c for c in page.chips[low:high] if c[1] <= start]
    if here and _older(page, start, end, sentence_start):
        return _forerunner(page, start, end, here[-1][2])
    if here and _compared(page, here[-1]) and (_OBLIQUE.match(page.folded, here[-1][1]) or page.within(page.quantities, here[-1][1], start)):
        return next((c[2] for c in reversed(here) if not _compared(page, c)), here[-1][2])  # H20은 … H100의 80GB를 웃돌지만, 성능은 296TF
    if here:
        return here[-1][2]
    if following and re.search(r"\b(?:With|At|Boasting|Carrying)\s(?:up to |its |a |as much as )?$", page.folded[max(0, start - 16) : start]) and following[0][0] - end < 50:
        return following[0][2]  # With 192GB, AMD's MI300X …
    if after:
        for s, _, name in following:
            if s <= start + 40 and "\n" not in page.folded[start:s] and page.sentence_of(s) == page.sentence_of(start):
                return name
    if back:
        k = page.sentence_of(start)
        from_ = page.sentences[max(0, k - back)][0]
        before = page.chips_before(start, from_)
        own = [c for c in before if not _compared(page, c)] or before  # not of the yardstick: H20은 … H100의 15%다. 대역폭은 4TB
        return own[-1][2] if own else None
    return None


_FOR = re.compile(r"\s(?:of (?:HBM\w* )?memory |of (?:GPU )?memory )?(?:for|in|on|of) (?:(?:an?|the|each|every|one)\s(?:older |newer )?(?:Nvidia(?:'s|’s)? |NVIDIA(?:'s|’s)? )?|(?:Nvidia|NVIDIA|AMD|Google|Intel|Huawei)(?:'s|’s)\s)")


# 700W인 H100, 80ギガバイトの「H100」: the figure is told of the chip right after it.
_IS_OF = re.compile(r"(?:인|짜리인?|의|の|を(?:持つ|備える|積む)|을 (?:갖춘|쓰는|단))\s?[‘'\"“「『]?(?:엔비디아의? |AMD의? |NVIDIA |(?:米国?の?)?(?:エヌビディア|AMD|NVIDIA)製?の?)?[‘「]?")
_KIN = r"(?:sibling|predecessor|forerunner|precursor|forebear|ancestor|generation|model|chip|part)"
_OLDER_AFTER = re.compile(rf"(?:\sof (?:HBM\w* |GPU )?memory)?\s(?:for|in|on|of|from) (?:its|the) (?:immediate |direct )?(?:(?:older|elder|previous|earlier|last|preceding|prior) (?:\w+ )?{_KIN}|sibling|predecessor|forerunner|precursor|forebear)\b")
_OLDER_BEFORE = re.compile(r"(?:전작|이전 ?세대|전 ?세대|구형|전임|선행 모델|前世代|前の世代|従来品|従来機種?|先代|旧型|旧世代|前モデル|predecessor(?:'s|’s)|(?:older|previous|last) generation(?:'s|’s))[^,、。.;\d]{0,12}$", re.I)


def _older(page: Page, start: int, end: int, a: int) -> bool:
    """Whether a figure is told of the older sibling of a chip, which need not be named: *against 80GB for its predecessor*, 前世代の80GB."""
    return bool(_OLDER_AFTER.match(page.folded, end) or _OLDER_BEFORE.search(page.folded[max(a, start - 30) : start]))


def _forerunner(page: Page, start: int, end: int, chip: str) -> str | None:
    """The older chip meant: named right after, else the only other one named in the three sentences up to it."""
    k = page.sentence_of(start)
    told = _OLDER_AFTER.match(page.folded, end)
    named = page.chips_before(told.end() + 12, told.end())[:1] if told else []
    if named:
        return named[0][2]
    near = {c[2] for c in page.chips_before(page.sentences[k][1], page.sentences[max(0, k - 3)][0])} - {chip}
    return near.pop() if len(near) == 1 else None


def server_of(page: Page, q: Quantity, a: int) -> str | None:
    """The server or rack type whose chips are counted: named in the sentence, just before it, or in the headline."""
    named = system_of(page, q.start, q.end, a)
    if named is not None and re.fullmatch(r"GB[23]00", named) and re.search(r"\brack|랙|ラック", page.folded[a : q.end]):
        return f"{named} NVL72"
    if named is not None and _SERVER.match(named):
        return named
    from_ = page.sentences[max(0, page.sentence_of(q.start) - 4)][0]
    before = [c for c in (*page.chips_before(min(from_, page.headline_ends), 0), *page.chips_before(q.start, from_)) if _SERVER.match(c[2])]
    if before and (named is None or built_of(before[-1][2], named)):
        return before[-1][2]
    following = page.chips_before(page.sentences[page.sentence_of(q.start)][1], q.end)[:1]
    if following and _SERVER.match(following[0][2]) and _HELD_IN.match(page.folded, q.end, following[0][0]):
        return following[0][2]
    return named


_HELD_IN = re.compile(r"(?:[은는이가をと와과]?[,、]?\s?(?:CPU|GPU|중앙처리장치)\s?\d{1,3}(?:개|장|기|個|基))?[^、。,.\n]{0,14}?(?:を?(?:積んだ|載せた|束ねる|束ねた|収めた|備えた)|を(?:積む|載せる|搭載する|搭載した|備える|収める)|[이가을를]?\s?(?:[가-힣]{1,4} ?[가-힣]{0,3}처럼 |하나로 |한데 )?(?:묶는|묶은|엮는|엮은|모은|품은|얹은|꽂은|실린|실리는|들어가는|들어간|탑재된|탑재한|꽂히는|꽂힌|담은|갖춘))[^。.\n]{0,24}$")


def built_of(server: str, chip: str) -> bool:
    """Whether a server or rack type is built of a chip that is named by itself: HGX B200 of B200, GB300 NVL72 of Blackwell."""
    base = re.sub(r"^(?:DGX|HGX)\s?|\s?NVL.*$", "", server).lstrip("G")
    family = {"B": r"blackwell|블랙웰|ブラックウェル", "H": r"hopper|호퍼|ホッパー"}.get(base[:1], r"(?!)")
    return chip.lstrip("G") == base or bool(re.match(family, chip, re.I))


_SERVER = re.compile(r"DGX|HGX|G?B\d00 ?NVL|VR\d00 ?NVL|NVL")


def specified(page: Page, q: Quantity, whole: str, a: int) -> str | None:
    """The machine whose memory a figure is: a whole server's where it is said to be combined."""
    near = whole[max(0, q.start - a - 34) : q.end - a + 18]
    named = system_of(page, q.start, q.end, a, back=3)
    own = re.split(r"[,、。]|이며|이고|으며", whole[max(0, q.start - a - 34) : q.start - a])[-1]
    if cues.has(cues.COMBINED, own) and not cues.has(cues.PER_CHIP, own) and (q.value or 0) > 4e12 and not re.match(r"DGX|HGX|GB\d00 ?NVL|NVL", named or ""):
        return None  # the memory of all of them together
    if named and cues.has(cues.PER_CHIP, near):
        return re.sub(r"^GB(\d00).*", r"B\1", re.sub(r"^(?:DGX|HGX) ?", "", named))
    if cues.has(cues.COMBINED, near) and not re.match(r"DGX|HGX|GB\d00 NVL|NVL", named or ""):
        servers = [c for c in page.chips_before(q.start, 0)[-200:] if re.match(r"DGX|HGX|GB\d00 ?NVL", c[2])]
        return servers[-1][2] if servers else None
    return named


def sped(page: Page, q: Quantity, whole: str, a: int) -> str | None:
    """The machine said to be so many times faster: not the one it is compared with."""
    here = [c for c in page.chips_before(q.start, a) if c[1] <= q.start and not _compared(page, c)]
    if here:
        return here[-1][2]
    for c in page.chips_before(q.end + 60, q.end)[:1]:  # the "15x" in Nvidia's DGX B200 pitch
        if _CLAIMED_FOR.fullmatch(page.folded, q.end, c[0]):
            return c[2]
    if not cues.has(cues.SPEED, whole):
        return None
    k = page.sentence_of(q.start)
    for c in page.chips_before(page.sentences[k][1], q.end):  # 30x the inference of an H100 for the GB200
        if re.search(r"\b(?:for|on|from|by) (?:the|its|a|an)\s$", page.folded[max(0, c[0] - 10) : c[0]]) and not _compared(page, c):
            return c[2]
    from_ = page.sentences[max(0, k - 3)][0]
    near = (*page.chips_before(min(from_, page.headline_ends), 0), *page.chips_before(q.start, from_))
    before = [c for c in near if not _compared(page, c)]
    servers = [c for c in before if re.match(r"DGX|HGX", c[2])]
    return (servers or before)[-1][2] if before else None


# Whose multiple it is, told right after it: the "15x" in Nvidia's DGX B200 leaflet, 15배라는 (엔비디아의) DGX B200 광고.
_CLAIMED_FOR = re.compile(r"[’'\"”]?\s(?:claim(?:ed)? |figure |speed-?up |number |promise[d]? )?(?:in|for|of|from|on|behind)\s(?:the\s)?(?:(?:Nvidia|NVIDIA|AMD|Google|Intel|Huawei)(?:'s|’s)\s)?(?:own\s)?|[’'\"”]?(?:라는|라고 하는|という)\s?(?:(?:엔비디아|エヌビディア|NVIDIA)(?:의|の)\s?)?[‘'“\"「]?")


# Of which another is made: H20은 H200에서 성능을 덜어낸 제품.
_OBLIQUE = re.compile(r"[’'”」』]?(?:에서|을 바탕|를 바탕|을 기반|를 기반|을 깎|를 깎|をもとに|を基に|から)")


def is_origin(page: Page, chip: tuple[int, int, str]) -> bool:
    """Whether a chip is only that of which another is made."""
    return _OBLIQUE.match(page.folded, chip[1]) is not None


def _compared(page: Page, chip: tuple[int, int, str]) -> bool:
    """Whether a chip is the yardstick: after *than*, *older*, *against*; before 보다, 대비, より."""
    head, tail = page.folded[max(0, chip[0] - 24) : chip[0]], page.folded[chip[1] : chip[1] + 28]
    return bool(
        re.match(r"[’'\"”」』]?(?:\([^)]{0,20}\))?(?:의|の)\s?(?:약 |約|무려 )?\d", tail) or
        re.search(r"(?:than(?: on)?|against|over|versus|vs\.?|older|compared (?:with|to)|of)\s(?:an?\s|the\s)?(?:older\s)?$", head, re.I)
        or _OBLIQUE.match(tail) or re.match(r"[’'\"”」』]?\s?(?:보다|대비|에 비해|と比べ|に比べ|より|比で)", tail)
    )
