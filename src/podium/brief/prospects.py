"""What could happen and what it takes, in words: bound, break-even, all plans, the least effort, the forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podium.brief.words import chance_text, figure_text, join, josa, percent, share_in, share_is, spoken
from podium.robustness.statistics import Probability

if TYPE_CHECKING:
    from podium.brief.answer import Findings

__all__ = ["bound", "label_of", "ordinal", "outlook", "plans", "seat", "takes"]

_ORDINAL = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth",
            10: "tenth"}  # fmt: skip


def ordinal(k: float) -> str:
    """An English ordinal: third, 21st, 112th."""
    n = int(k)
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return _ORDINAL.get(n, f"{n}{ending}")


def seat(k: int, lang: str) -> str:
    """The wanted rank in words: third or better, 3위 안, 3位以内."""
    best = {"en": "first", "ko": "1위", "ja": "1位"}
    return best[lang] if k == 1 else {"en": f"{ordinal(k)} or better", "ko": f"{k}위 안", "ja": f"{k}位以内"}[lang]


def label_of(f: Findings, code: str, lang: str) -> str:
    """What an indicator or group is called."""
    book = f.built.dataset.codebook
    if code in book:
        return book[code].label(lang)
    return next((n.label(lang) for n in f.built.root.walk() if n.code == code), code)


def bound(f: Findings, lang: str) -> str:
    """The most that the indicator could do for the one that chases, and how much would bring it past the other."""
    w = f.whatif
    if w is None or w.chaser is None or not w.headroom or w.indicator is None:
        return ""
    who, what, h = spoken(w.chaser, lang), label_of(f, w.indicator, lang), w.headroom
    n, ahead = sum(f.needs.values()), f.needs.get("already ahead", 0)
    if n and ahead == n and not (f.deal is not None and h["points"] <= 0):
        return ""  # nothing is to be bridged
    arithmetic = f"{h['points']:.1f} × {100 * h['weight']:.2f} % = {h['product']:.1f}"
    first = {
        "en": f"Even with the world's best value in “{what}” {who} would gain {h['product']:.1f} points ({arithmetic})",
        "ko": f"{josa(who, '이/가')} ‘{what}’에서 세계 최고 값을 가져도 더해지는 점수는 {h['product']:.1f}점({arithmetic})입니다",
        "ja": f"{who}が「{what}」で世界最高の値を得ても、加わるのは{h['product']:.1f}点({arithmetic})です",
    }[lang]
    if h["points"] <= 0:
        first = {
            "en": f"{who} has the world's best value in “{what}” already, so more of it adds nothing there",
            "ko": f"{josa(who, '은/는')} ‘{what}’에서 이미 세계 최고 값을 가져 더 늘려도 더해질 점수가 없습니다",
            "ja": f"{who}は「{what}」ですでに世界最高の値を持ち、増やしても加わる点はありません",
        }[lang]
    if not n or w.over is None or ahead == n:
        return first + {"en": ".", "ko": ".", "ja": "。"}[lang]
    joint = {"en": "; ", "ko": ". ", "ja": "。"}[lang]
    return first + joint + _enough(f, lang) + {"en": ".", "ko": ".", "ja": "。"}[lang]


def _enough(f: Findings, lang: str) -> str:
    """How many machines, or how much of the indicator, would bring one past the other, over all combinations."""
    w = f.whatif
    assert w is not None and w.over is not None
    over, thing, n = spoken(w.over, lang), w.break_even[0].machine, len(w.break_even)
    none, ahead = f.needs.get("none suffices", 0), f.needs.get("already ahead", 0)
    if none == n:
        return {
            "en": f"no number of {thing} would bring it past {over} (none suffices in all {n} combinations of scale, measure and size)",
            "ko": f"{josa(thing, '을/를')} 아무리 늘려도 {josa(over, '을/를')} 넘지 못합니다(척도·환산·규모의 {n}가지 조합 모두)",
            "ja": f"{thing}をいくら増やしても{over}を抜けません(尺度・換算・規模の{n}通りすべて)",
        }[lang]
    counts = sorted(b.count for b in w.break_even if b.count is not None)
    least = figure_text(counts[0]) if counts else "–"
    some = n - none - ahead
    parts = {
        "en": [f"in {none} none suffices" if none else "", f"in {ahead} it is already ahead of {over}" if ahead else "",
               f"in {some} enough would, {least} × {thing} at the least" if some else ""],
        "ko": [f"{none}가지에서는 아무리 늘려도 모자라고" if none else "", f"{ahead}가지에서는 이미 {josa(over, '을/를')} 앞서며" if ahead else "",
               f"{some}가지에서는 적어도 {thing} {least}개가 있어야 {josa(over, '을/를')} 넘습니다" if some else "나머지 조합은 없습니다"],
        "ja": [f"{none}通りではいくら増やしても足りず" if none else "", f"{ahead}通りではすでに{over}の上におり" if ahead else "",
               f"{some}通りでは少なくとも{thing}が{least}あれば{over}を抜きます" if some else "ほかの組み合わせはありません"],
    }[lang]  # fmt: skip
    said = [p for p in parts if p]
    if lang == "en":
        return f"of {n} combinations of scale, measure and size: {join(said, 'en')}"
    return {"ko": f"척도·환산·규모의 {n}가지 조합 가운데 ", "ja": f"尺度・換算・規模の{n}通りのうち、"}[lang] + {
        "ko": ", ", "ja": "、"}[lang].join(said)  # fmt: skip


def plans(f: Findings, lang: str) -> str:
    """Where all countries' plans that were known would leave the unit."""
    if f.plans is None:
        return ""
    unit, k, after = spoken(f.question.unit, lang), seat(f.question.rank, lang), f.plans.after[f.question.unit].share
    return {
        "en": f"If every country's plans known on the date came true, {unit} would be {k} {share_in(after, 'en')}.",
        "ko": f"그날까지 알려진 모든 나라의 계획이 이루어지면 {josa(unit, '이/가')} {k}에 드는 비율은 {share_is(after, 'ko')}.",
        "ja": f"その日までに知られた各国の計画がすべて実現すれば、{unit}が{k}に入る割合は{share_is(after, 'ja')}。",
    }[lang]


def takes(f: Findings, lang: str) -> str:
    """What it would take to have the rank in nine of ten variants, or that nothing within bounds does."""
    g = f.goal
    if g is None or g.status in ("already there", "not found"):
        return ""
    unit, rank, share, years = spoken(f.question.unit, lang), seat(g.rank, lang), percent(g.wanted), f"{g.years:g}"
    if g.cheapest is None:
        c = g.certificate
        return {
            "en": f"Within {years} years {unit} cannot be {rank} in {share} of the variants: with every lever at its bound it scores {c.score:.1f} where {c.needed:.1f} are needed, and is there in {percent(c.share)}."
            if c.score < c.needed else
            f"Within {years} years {unit} cannot be {rank} in {share} of the variants: with every lever at its bound it is there in {percent(c.share)} of them.",
            "ko": f"{years}년 안에 {josa(unit, '이/가')} 허용된 방법의 {share}에서 {rank}에 들 길은 없습니다. 모든 수단을 한도까지 써도 {c.score:.1f}점으로 필요한 점수는 {c.needed:.1f}점이고, {percent(c.share)}에서만 닿습니다."
            if c.score < c.needed else
            f"{years}년 안에 {josa(unit, '이/가')} 허용된 방법의 {share}에서 {rank}에 들 길은 없습니다. 모든 수단을 한도까지 써도 {percent(c.share)}에서만 닿습니다.",
            "ja": f"{years}年以内に{unit}が認められる方法の{share}で{rank}に入る道はありません。すべての手段を限度まで使っても{c.score:.1f}点(必要なのは{c.needed:.1f}点)で、届くのは{percent(c.share)}です。"
            if c.score < c.needed else
            f"{years}年以内に{unit}が認められる方法の{share}で{rank}に入る道はありません。すべての手段を限度まで使っても届くのは{percent(c.share)}です。",
        }[lang]  # fmt: skip
    said = join([f"{label_of(f, p.indicator, lang)} {figure_text(p.before)} → {figure_text(p.after)}" for p in g.cheapest.pulls], lang)
    return {
        "en": f"The least effort found that would make {unit} {rank} in {share} of the variants within {years} years, others standing still: {said}.",
        "ko": f"다른 나라가 그대로일 때 {years}년 안에 {josa(unit, '이/가')} 허용된 방법의 {share}에서 {rank}에 드는 가장 적은 노력은 다음과 같습니다: {said}.",
        "ja": f"他国がそのままなら、{years}年以内に{unit}が認められる方法の{share}で{rank}に入る最小の努力は次のとおりです: {said}。",
    }[lang]


def outlook(f: Findings, lang: str) -> str:
    """What the forecast adds, and how little a back-test lets one trust it."""
    o = f.outlook
    if o is None:
        return ""
    unit, rank, last = spoken(f.question.unit, lang), seat(f.question.rank, lang), o.names[-1]
    last += {"en": "", "ko": "년", "ja": "年"}[lang] if last.isdigit() else ""
    p = o.probability[-1]
    chance = chance_text(Probability(p, p, p, 0.0, o.draws), lang)
    ranks = f"{o.low:g}–{o.high:g}" if o.low < o.high else f"{o.low:g}"
    saved = {
        "en": f"saved {percent(o.skill)} of the error of “no change”" if o.skill > 0 else "did not beat “no change”",
        "ko": f"‘변화 없음’의 오차를 {percent(o.skill)} 줄였을 뿐입니다" if o.skill > 0 else "‘변화 없음’보다 낫지 않았습니다",
        "ja": f"「変化なし」の誤差を{percent(o.skill)}減らしただけでした" if o.skill > 0 else "「変化なし」に勝てませんでした",
    }[lang]
    drift, wander, still = (percent(x) for x in (o.drifting, o.wandering, o.constant))
    return {
        "en": f"If every indicator goes on as it did, {unit} is {rank} in {last} with probability {chance} (rank {ranks}). Only {drift} of the weight follows a trend that beat “no change” in the past; {wander} moves around its last value, {still} has too short a history and stands still. In a back-test the whole {saved}.",
        "ko": f"지표가 지금까지처럼 움직이면 {last}에 {josa(unit, '이/가')} {rank}에 들 확률은 {chance}입니다({ranks}위). 과거에 ‘변화 없음’보다 나았던 추세를 따르는 것은 가중치의 {drift}뿐이고, {wander}는 마지막 값 둘레에서 움직이며, {still}는 기록이 짧아 그대로 둡니다. 과거로 검증하면 이 예측은 {saved}.",
        "ja": f"指標がこれまでどおり動けば、{last}に{unit}が{rank}に入る確率は{chance}です({ranks}位)。過去に「変化なし」に勝った傾向に従うのは重みの{drift}だけで、{wander}は最後の値のまわりを動き、{still}は記録が短いため一定とします。過去での検証ではこの予測は{saved}。",
    }[lang]
