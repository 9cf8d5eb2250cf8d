"""Which place an article says somebody wants to reach, and where it says so."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from podium.claims.article import sentences

__all__ = ["GoalMention", "find_goals"]

_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "tenth": 10, "二": 2, "三": 3, "四": 4, "五": 5, "十": 10, "세": 3, "네": 4, "다섯": 5, "열": 10,
}  # fmt: skip
_NUMBER = r"(?P<n>\d{1,2}|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + ")"

# Phrases that name a place in a race by themselves, and phrases that do so only beside a word of aiming.
_PLACES = [
    (re.compile(r"(?<![A-Za-z])G" + r"(?P<n>\d{1,2})(?!\d)"), False),
    (re.compile(r"(?:AI\s*)?(?P<n>\d{1,2})\s*(?:대\s*)?(?:AI\s*)?강(?:국|(?![가-힣]))"), True),
    (re.compile(r"톱\s*(?P<n>\d{1,2})"), True),
    (re.compile(r"(?:세계|글로벌)\s*(?P<n>\d{1,2})\s*위(?:권)?"), False),
    (re.compile(r"상위\s*(?P<n>\d{1,2})\s*(?:위|개국|국)"), False),
    (re.compile(r"\btop[\s-]" + _NUMBER + r"\b", re.I), True),
    (re.compile(r"\b" + _NUMBER + r"\s+(?:leading|biggest|strongest)\s+AI\b", re.I), True),
    (re.compile(r"\b(?:No\.?|number)\s*" + r"(?P<n>\d{1,2}|two|three|four|five)\b", re.I), False),
    (re.compile(r"\b(?P<n>second|third|fourth|fifth|tenth)\s+(?:place|in the world|globally)\b", re.I), False),
    (re.compile(r"(?:トップ|上位)\s*(?P<n>\d{1,2})"), True),
    (re.compile(r"世界\s*" + r"(?P<n>\d{1,2}|二|三|四|五|十)\s*位(?:以内)?"), False),
    (re.compile(r"(?P<n>\d{1,2}|二|三|四|五|十)\s*(?:大|強)\s*(?:AI\s*)?(?:強?国|の一角)?"), False),
]
_AIM = re.compile(
    r"목표|도약|진입|비전|달성|노리|꿈|기치|반열|\b(?:aim|goal|target|ambition|bid|become|vision|race to|want|hope)"
    r"|目指|目標|掲げ|狙|入り",
    re.I,
)


@dataclass(frozen=True)
class GoalMention:
    """One place in the text that names a wanted rank; offsets in code points, end exclusive."""

    rank: int
    start: int
    end: int
    sentence: tuple[int, int]
    weight: float


def find_goals(text: str) -> list[GoalMention]:
    """Every mention of a wanted rank, the most telling first.

    A phrase such as *G3* or *third in the world* counts only where the same sentence speaks of an aim or of
    AI nations, so that a G7 summit or a rank in a table is not taken for a goal. The first line weighs double.
    """
    found: dict[tuple[int, int], GoalMention] = {}
    for k, (a, b) in enumerate(sentences(text)):
        part = unicodedata.normalize("NFKC", text[a:b])
        if len(part) != b - a:  # a compatibility character changed the length: read the original
            part = text[a:b]
        aims = bool(_AIM.search(part))
        for pattern, alone in _PLACES:
            for m in pattern.finditer(part):
                near_ai = bool(re.search(r"AI|인공지능|人工知能", part[max(0, m.start() - 12) : m.end() + 12]))
                if not (aims or (alone and near_ai)):
                    continue
                rank = _WORDS.get(m["n"].lower()) or int(m["n"])
                if 1 <= rank <= 20:
                    weight = (1.0 + aims + near_ai) * (2.0 if k == 0 else 1.0)
                    span = (a + m.start(), a + m.end())
                    found.setdefault(span, GoalMention(rank, *span, (a, b), weight))
    return sorted(found.values(), key=lambda g: (-g.weight, g.start))
