"""From which figure to which a rate of change runs: told by *than the*, *from*, 보다, 와 견주면, に比べ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.amounts import PLAIN, Amount, may_be_slip, sizes, window
from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["against_promise", "against_today", "measured_from", "newest", "once_and_now", "told_before"]

_THAN = re.compile(r"\s(?:faster|quicker|more|higher|larger|bigger|greater|better|less|lower|slower|fewer)(?: \w+)?\s(?:than|compared with)\s(?:the\s|its\s|about\s|last \w+[’']s\s|the previous\s|[A-Z][\w-]+(?:['’]s)?\s)*$|\s(?:up|down) (?:from|on)\s(?:the\s|its\s)?$", re.I)
# 올해 1조원, 내년에는 50% 많은 1조5000억원
_SO_MUCH_MORE = re.compile(r"\s?(?:더\s)?(?:많은|큰|높은|늘어난|늘린|증가한|적은|작은|줄어든|줄인|감소한)\s(?:약 )?|(?:多い|増の|高い|少ない|減の)約?")
_EXCEEDS = re.compile(r"\s?(?:上回|下回|웃도|웃돈|웃돌|밑도|밑돈|밑돌|상회|못 미[치쳤친])")
_FROM = re.compile(r"[’'”\"」』)）]?\s?(?:보다|에서|대비|에 비해|[과와] (?:견주면|견줘|비교하면|비교해|비교할 때)|より|に比べ(?:て|ると)?|と比べ(?:て|ると)?|から)[,、]?\s?[^\d.。\n]{0,24}$")


def measured_from(page: Page, claim: Claim, others: Sequence[Claim]) -> tuple[Amount, Amount] | None:
    """Return the new and the old figure of a rate that names the old one; None where the sentence names none, or the new one is not plain.

    The new one is the only other like figure of its kind before the rate, in its sentence or in the one before.
    """
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    text = page.folded
    near = [x for x in sizes(window(page, claim, others, 1)) if x.unit == x.claim.unit and (x.claim.kind != "other" or (x.unit in ("B", "B/s", "W") and x.claim.system))]
    if page.language == "en":
        old = next((x for x in near if claim.char_end <= x.claim.char_start < b and _THAN.fullmatch(text[claim.char_end : x.claim.char_start])), None)
    else:
        old = next((x for x in reversed(near) if a <= x.claim.char_start and x.claim.char_end <= claim.char_start and _FROM.fullmatch(text[x.claim.char_end : claim.char_start])), None)
    if old is None and page.language != "en":
        after = next((x for x in near if claim.char_end <= x.claim.char_start < b and _SO_MUCH_MORE.fullmatch(text[claim.char_end : x.claim.char_start])), None)
        like = [x for x in near if after is not None and x.unit == after.unit and x.claim.kind == after.claim.kind and a <= x.claim.char_start and x.claim.char_end <= claim.char_start]
        if after is not None:
            return (after, like[0]) if len(like) == 1 else None
    if old is None and page.language != "en" and _EXCEEDS.match(text, claim.char_end):
        old = next((x for x in reversed(near) if a <= x.claim.char_start and re.fullmatch(r"(?:[、,] ?\d{1,3}[位위])?[」』)）’”]*(?:[を을를]|에)\s?", text[x.claim.char_end : claim.char_start])), None)
    if old is None:
        return None
    like = [x for x in near if x.unit == old.unit and x.claim.kind == old.claim.kind and x.claim.id != old.claim.id and x.claim.char_end <= claim.char_start]
    own = [x for x in like if x.claim.char_start >= a] or like
    return (own[0], old) if len({x.value for x in own}) == 1 else None


_NOW = re.compile(r"지금|현재|現在|いま|今は|\b(?:now|today|currently|at present|already)\b", re.I)
_THEN = re.compile(r"지난해|작년|재작년|昨年|前年|前の|\blast (?:year|month|spring|summer|autumn|fall|winter)|\b(?:ago|earlier|previously|once)\b", re.I)


def against_today(page: Page, claim: Claim, others: Sequence[Claim]) -> tuple[Amount, Amount] | None:
    """Return the pair of a multiple of today's: the figure just before it, and the one like figure that is said to be of now."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    near = [x for x in sizes(window(page, claim, others, 4)) if x.unit == x.claim.unit and x.claim.kind != "other" and x.claim.char_end <= claim.char_start]
    own = [x for x in near if x.claim.char_start >= a]
    if not own:
        return None
    like = [x for x in near if x.unit == own[-1].unit and x.claim.id != own[-1].claim.id]
    now = [x for x in like if _said(page, x.claim, _NOW) and not _said(page, x.claim, _THEN)]
    return (own[-1], now[0]) if len(now) == 1 and len(like) > 1 else None


_ONCE = re.compile(r"\bhad\b|\b(?:earlier|previously|originally|initially|formerly|at first|used to)\b|당시|앞서|종전|이전|기존|애초|당초|처음(?!으로)|지난 ?\d{1,2}월|지난번|当時|以前|従来|当初|前回|これまで|先の|[1-9]月(?:の|時点|に?は)", re.I)
_DOWN = re.compile(r"감소|줄|낮|삭감|\b(?:fell|fall|less|lower|slower|fewer|smaller|cut|drop|down)|減|低|下", re.I)
_TURNS = re.compile(r"[가-힣][은는]\s|[一-鿿ァ-ヶー]は|;|, (?:and|but|while|whereas)\b|\bits\b")
_SPEED = re.compile(r"\s?(?:faster|quicker|빨라|빠르|速)")
_BASED = re.compile(r"\s[a-z]+ (?:than|compared|from|on)\b|\s(?:up|down) (?:on|from)\b", re.I)


def once_and_now(page: Page, claim: Claim, others: Sequence[Claim]) -> tuple[Amount, Amount] | None:
    """Return the new and the old figure of *it had managed 700, so the finished machine is 25 % faster*.

    They are the only two of their unit in three sentences, of one owner and one kind, and just one is told as of before; a rate that
    names what it is measured from is none.
    """
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    if _BASED.match(page.folded, claim.char_end) or re.search(r"(?:보다|대비|에 비해|より|に比べ|比)\s?[^\d]{0,8}$", page.folded[max(a, claim.char_start - 24) : claim.char_start]):
        return None
    near = [x for x in sizes(window(page, claim, others, 2)) if x.unit == x.claim.unit and x.claim.kind != "other" and x.claim.char_end <= claim.char_start]
    last = [x for x in near if x.claim.char_start >= a] or near[-1:]
    like = [x for x in near if last and x.unit == last[-1].unit]
    if len(like) != 2 or like[0].claim.kind != like[1].claim.kind or like[0].claim.subject != like[1].claim.subject:
        return None
    old = [x for x in like if _said(page, x.claim, _ONCE)]
    if len(old) != 1 or any(x.claim.hedge not in PLAIN for x in like):
        return None
    new = next(x for x in like if x is not old[0])
    between, right = page.folded[last[-1].claim.char_end : claim.char_start], page.folded[claim.char_end : claim.char_end + 12]
    if _TURNS.search(between) or (_SPEED.match(right) and new.unit != "FLOPS"):
        return None  # the rate is of something else
    rate, falls = new.value / old[0].value - 1, bool(_DOWN.search(page.folded[claim.char_end : claim.char_end + 18]))
    return (new, old[0]) if (rate < 0) == falls and may_be_slip(abs(rate), claim) else None


_OF_PROMISE = {
    "ko": re.compile(r"(?:약속|계획|목표|당초|애초|예정|공언|장담|발표|홍보)[가-힣]{0,5}(?:\s[가-힣]{1,4})?(?:의|보다)?\s?(?:약 |고작 |겨우 )?$"),
    "ja": re.compile(r"(?:約束|計画|目標|当初|予定|公約|発表)[^、。\d]{0,8}(?:の|より)\s?(?:約|わずか)?$"),
    "en": re.compile(r"\s(?:of |as much as )?(?:what|that which|the (?:figure|number|sum|amount) (?:that )?)\s?(?:was|were|had been|it|they|he|she|the \w+)\s(?:had |originally |first )?(?:promised|planned|announced|pledged|advertised|foreseen|budgeted)\b|\sof (?:the |its |their )?(?:original |initial )?(?:promise|plan|target|goal|pledge)\b", re.I),
}


def against_promise(page: Page, claim: Claim, others: Sequence[Claim]) -> tuple[Amount, Amount] | None:
    """Return what came and what was promised: *advertised at 88 petaflops, it uses 29 … a third of what was promised*.

    They are the only two of their unit in the sentence before, or its own, and just one is told as a promise.
    """
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    text, said = page.folded, _OF_PROMISE[page.language]
    if claim.kind != "share" or not (said.match(text, claim.char_end) if page.language == "en" else said.search(text, max(a, claim.char_start - 26), claim.char_start)):
        return None
    near = [x for x in sizes(window(page, claim, others, 1)) if x.unit == x.claim.unit and x.claim.kind != "other" and x.claim.char_end <= claim.char_start]
    last = near[-1:]
    like = [x for x in near if last and x.unit == last[-1].unit]
    promised = [x for x in like if _said(page, x.claim, _PROMISED)]
    if len(like) != 2 or len(promised) != 1 or any(x.claim.hedge not in PLAIN for x in like):
        return None
    return next(x for x in like if x is not promised[0]), promised[0]


_PROMISED = re.compile(r"약속|계획|목표|당초|애초|예정|홍보|공언|約束|計画|目標|当初|予定|公約|\b(?:promised|planned|plans?|target|pledged|advertised|foreseen|budgeted|originally|initially)\b", re.I)


def newest(page: Page, like: Sequence[Amount]) -> list[Amount]:
    """Of a machine's speeds those of now: 1000 in *지난 6월 793.4페타플롭스에서 이번에 1000페타플롭스로*; all where none, or all, are told as of before."""
    machine = {x.claim.subject for x in like}
    if len(like) < 2 or len(machine) != 1 or {x.unit for x in like} != {"FLOPS"}:
        return list(like)
    now = [x for x in like if not told_before(page, x.claim)]
    return now if now else list(like)


_BECOMES = re.compile(r"\s?(?:에서|이?었지만|이?었으나|이?던 것이|から|だったのが|だったが|\bto (?:about |some |roughly )?(?=\d))")


def told_before(page: Page, c: Claim) -> bool:
    """Whether a figure is told as of before: a word of time stands between it and the figure before it, or it changes into another."""
    a = page.sentences[page.sentence_of(c.char_start)][0]
    last = max((q.end for q in page.within(page.quantities, a, c.char_start) if q.end <= c.char_start), default=a)
    left = re.split(r"[,;、]\s?", page.folded[max(last, c.char_start - 50) : c.char_start])[-1]
    return bool(_ONCE.search(left) or _THEN.search(left) or _BECOMES.match(page.folded, c.char_end))


def _said(page: Page, c: Claim, when: re.Pattern[str]) -> bool:
    """Whether a word of time stands in the clause of a figure."""
    a, b = page.sentences[page.sentence_of(c.char_start)]
    left = re.split(r"[,;、]\s?", page.folded[max(a, c.char_start - 50) : c.char_start])[-1]
    return bool(when.search(left) or when.search(re.split(r"[,;、]", page.folded[c.char_end : min(b, c.char_end + 40)])[0]))
