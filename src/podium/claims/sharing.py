"""Figures shared out over a list of names: 각각, それぞれ, *respectively*, *the first … the second*."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims.entities import Mention

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["shared_out"]

_EACH = re.compile(r"각각|각기|차례로|나란히|それぞれ|順に|各々|\brespectively\b|\bin that order\b", re.I)
_LINK = re.compile(r"\s?(?:,|、|，|・|·|와|과|및|그리고|と|や|および|and)\s?|\s?,\s?and\s", re.I)


def shared_out(page: Page, names: Sequence[Mention], a: int, b: int, start: int) -> Mention | None:
    """Return whose the figure at `start` is, where its sentence shares as many figures out over as many names in order.

    Parameters
    ----------
    names
        The names that may own a figure, in order.
    a, b
        The bounds of the sentence.
    """
    text = page.folded
    mark = next((m for m in _EACH.finditer(text, a, b)), None)
    if mark is None:
        return None
    figures = _run(page, mark, start, a, b)
    if start not in figures:
        return None
    before = [m for m in names if a <= m.start and m.end <= min(figures[0], mark.start() if mark.end() <= figures[0] else figures[0])]
    chosen: list[Mention] = []
    for m in before:  # 日本の富岳: one owner, not two
        if chosen and m.start - chosen[-1].end <= 2 and not _LINK.fullmatch(text[chosen[-1].end : m.start]):
            chosen[-1] = m
        else:
            chosen.append(m)
    return chosen[-len(figures) :][figures.index(start)] if len(chosen) >= len(figures) > 1 else None


def _run(page: Page, mark: re.Match[str], start: int, a: int, b: int) -> list[int]:
    """The starts of the figures of one family that are linked to one another around a figure: 2위, 3위; 28.09점과 27.26점."""
    text = page.folded
    mine = next((q for q in page.within(page.quantities, start, start + 1)), None)
    if mine is None:
        return []
    row = [q for q in page.within(page.quantities, a, b) if q.family == mine.family and (q.start >= mark.end() or text[mark.start() : mark.start() + 1].isascii())]
    k = row.index(mine) if mine in row else -1
    if k < 0:
        return []
    first = last = k
    while first > 0 and _LINK.fullmatch(text[row[first - 1].end : row[first].start]):
        first -= 1
    while last + 1 < len(row) and _LINK.fullmatch(text[row[last].end : row[last + 1].start]):
        last += 1
    return [q.start for q in row[first : last + 1]]
