"""Which index or list a place in the text speaks of, and of which edition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["LISTS", "index_near", "month_near", "title"]

LISTS = frozenset({"top500", "green500"})
"""Lists of machines: who holds a place in them is a system, not a country."""
_INDEX_WORDS = re.compile(
    r"글로벌 ?AI ?지수|세계 ?AI ?지수|AI ?지수|Global AI Index|AI index|世界AI指数|AI指数|AIインデックス|토터스|Tortoise|トータス",
    re.I,
)
_MONTHS = {m: k for k, m in enumerate(["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"], start=1)}
_MONTH = re.compile(
    rf"(?:(?P<y>20\d\d)\s?[년年]\s?)?(?P<m>\d{{1,2}})\s?[월月]|\b(?P<name>{'|'.join(_MONTHS)})(?:\s(?P<y2>20\d\d))?", re.I
)


def index_near(page: Page, at: int) -> str | None:
    """Return the id of the index named nearest before a place in its sentence, else before it at all, else anywhere."""
    named = page.indices
    k = page.sentence_of(at)
    a, b = page.sentences[k]
    here = page.within(named, a, b)
    if here:
        return min(here, key=lambda m: abs(m.start - at)).id
    earlier = page.within(named, 0, at)[-1:]
    if earlier:
        return earlier[0].id
    if named:
        return named[0].id
    return "tortoise-gaii" if _INDEX_WORDS.search(page.folded) else None


def month_near(page: Page, at: int) -> str | None:
    """Return year and month (2025-06) said of a list in the sentence of a place or the one before; None where none is."""
    k = page.sentence_of(at)
    a = page.sentences[k][0]
    for j in (k, k - 1):
        found = list(_MONTH.finditer(page.sentence(j)))
        if j == k:  # a list named in another clause is of another figure
            found = [m for m in found if not re.search(r";|\sbut\s|[지는]만,?\s|、", page.folded[min(at, a + m.end()) : max(at, a + m.start())][:-1]) or len(found) > 1]
            found.sort(key=lambda m: -abs(a + m.start() - at))
        for m in reversed(found):
            month = int(m["m"]) if m["m"] else _MONTHS[m["name"].lower()]
            year = m["y"] or m["y2"]
            if month not in (6, 11) or (m["name"] and m["name"].islower()):
                continue
            if year is None:
                own, now = int(page.date[:4]), int(page.date[5:7])
                year = str(own if month <= now else own - 1)
            return f"{year}-{month:02d}"
    return None


_TITLES = {"tortoise-gaii": {"ko": "글로벌 AI 지수", "en": "Global AI Index", "ja": "世界AI指数"}}


def title(index: str, language: str = "en") -> str:
    """Return the name of an index as one writes it in a language."""
    if index in _TITLES:
        return _TITLES[index][language]
    return {"top500": "TOP500", "green500": "Green500"}.get(index, index)
