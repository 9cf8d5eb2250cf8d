"""What a headline asks: whether something gets in the way, who passes whom, who reaches or loses a place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from podium.claims.entities import Mention
from podium.robustness.statistics import Share

if TYPE_CHECKING:
    from podium.brief.story import Question
    from podium.scenarios.whatif import Row

__all__ = ["Asked", "asked", "passes", "so_often"]

Asked = Literal["brake", "ahead", "reach", "lose"]
"""Whether the order or the goal changes at all; who is ahead of whom afterwards; whether the place is reached; whether it is not."""

_QUESTION = re.compile(r"[?？]|(?:까|나|는가|은가|인가|을지|할지|될지|か)[\s…)」』’”]*$")
_BRAKE = re.compile(r"제동|발목|걸림돌|위협|흔들|가로막|막히|악재|足かせ|妨げ|阻[むま]|脅威|逆風|障害|\b(?:brak\w*|slow|block|derail|threat\w*|hinder|obstacle|stand in the way|hold back|spoil|thwart)\b", re.I)
_OVERTAKE = re.compile(r"추월|앞지르|앞질|제치|제칠|따라잡|역전|追い抜|追い越|追いつ|逆転|抜く|抜ける|抜かれ|\b(?:overtak\w*|surpass\w*|leapfrog\w*|catch(?:es|ing)? up|outpac\w*|pull ahead|overhaul\w*|beat)\b", re.I)
_KEEP = re.compile(r"따돌|앞설|앞서|우위|격차를 (?:지|유지|벌)|リードを|引き離|優位|\b(?:stay ahead|keep (?:its|their) lead|hold off|fend off|remain ahead|ahead of)\b", re.I)
_LOSE = re.compile(r"탈락|밀려나|밀릴|추락|내줄|내주|잃|늦었|늦은|뒤처|脱落|転落|外れ|失う|手遅れ|遅すぎ|遅れ|\b(?:fall(?:s|ing)? (?:out|behind|from)|drop(?:s|ping)? out|lose|too late|slip out|miss(?:es)?(?: out)?)\b", re.I)
_REACH = re.compile(r"진입|도약|오를|들 수|들까|될까|될 수|가능|이룰|달성|입성|届[くけ]|入れる|入る|なれる|実現|達成|可能|\b(?:make|enter|reach|break into|become|join|get into|climb|rise to|achieve|crack|win|secure)\b", re.I)
_PASSIVE = re.compile(r"당하|당할|[^가-힣]밀릴|抜かれ|追い越され|\bbe overtaken\b", re.I)
_OBJECT = re.compile(r"[’'”\"」』]?(?:을|를|を)|[’'”\"」』]?에(?:게)? (?:추월|밀)")


def asked(headline: str) -> Asked:
    """Return what a headline asks; *brake* where it asks for an obstacle, for nothing that is known, or nothing at all."""
    text = headline.strip()
    if _BRAKE.search(text) or not any(_QUESTION.search(line) for line in text.splitlines()):
        return "brake"
    if _OVERTAKE.search(text) or _KEEP.search(text):
        return "ahead"
    if _LOSE.search(text):
        return "lose"
    return "reach" if _REACH.search(text) else "brake"


def passes(headline: str, named: list[Mention], language: str) -> tuple[str, str] | None:
    """Return who is to be ahead of whom, by the words of a headline that names two; None where it names fewer.

    Parameters
    ----------
    named
        The units that the headline names, in order; offsets are those of the headline.
    """
    codes = list(dict.fromkeys(m.country for m in named if m.country))
    if len(codes) < 2:
        return None
    over = next((m.country for m in named if _OBJECT.match(headline, m.end)), None) if language != "en" else codes[1]
    first = next(c for c in codes if c != (over or codes[1]))
    pair = (first, over or codes[1])
    return (pair[1], pair[0]) if _PASSIVE.search(headline) and language == "en" else pair


def so_often(q: Question, deal: Row) -> tuple[Share, Share] | None:
    """Return the shares of variants, before and after what is announced, in which what a headline asks is so; None for an obstacle."""
    if q.asks == "ahead" and deal.ahead_before is not None and deal.ahead_after is not None:
        shares = deal.ahead_before, deal.ahead_after
        return shares if q.first == q.unit else (_other(shares[0]), _other(shares[1]))
    if q.asks in ("reach", "lose"):
        shares = deal.before[q.unit].share, deal.after[q.unit].share
        return shares if q.asks == "reach" else (_other(shares[0]), _other(shares[1]))
    return None


def _other(share: Share) -> Share:
    return replace(share, value=1 - share.value)
