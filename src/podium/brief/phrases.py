"""The findings in words, in English, Korean and Japanese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podium.brief.words import event_text, figure_text, join, josa, name, percent, ranks_text, share_text

if TYPE_CHECKING:
    from podium.brief.answer import Findings
    from podium.robustness.statistics import Share

__all__ = ["hinge", "paragraph", "short", "takes", "unknown"]

_ORDINAL = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth",
            10: "tenth"}  # fmt: skip


def _ordinal(k: float) -> str:
    return _ORDINAL.get(int(k), f"{k:.0f}th")


def _place(k: int, lang: str) -> str:
    best = {"en": "first", "ko": "1위", "ja": "1位"}
    return best[lang] if k == 1 else {"en": f"{_ordinal(k)} or better", "ko": f"{k}위 안", "ja": f"{k}位以内"}[lang]


def short(f: Findings, lang: str) -> str:
    """One sentence: the verdict with its share."""
    return {"en": _short_en, "ko": _short_ko, "ja": _short_ja}[lang](f)


def _short_en(f: Findings) -> str:
    unit, rival = name(f.question.unit, "en"), name(f.question.rival or "", "en")
    goal = f"whether {unit} is {_place(f.question.rank, 'en')}"
    both = f"the order of {unit} and {rival}, or {goal}" if f.question.rival else goal
    if f.deal is None:
        return (f"The article announces nothing whose size this index could count: by it, {unit} is {_place(f.question.rank, 'en')} in "
                f"{share_text(f.reaches, 'en')} of the admissible variants, whatever is announced.")  # fmt: skip
    change = _worst(f)
    match f.brake:
        case "no":
            return f"No. What the article announces changes {both}, {share_text(change, 'en')}."
        case "hardly":
            return f"Hardly. What the article announces changes {both}, in {share_text(change, 'en')} of the admissible variants."
        case "possibly":
            return f"Possibly. What the article announces changes {both}, in {share_text(change, 'en')} of the admissible variants."
        case "already behind":
            return f"{rival} is already ahead of {unit} in most admissible variants; what the article announces widens a lead that exists."
        case _:
            return f"Yes. What the article announces changes {both}, in {share_text(change, 'en')} of the admissible variants."


def _short_ko(f: Findings) -> str:
    unit, rival = name(f.question.unit, "ko"), name(f.question.rival or "", "ko")
    goal = f"{josa(unit, '이/가')} {_place(f.question.rank, 'ko')}에 드는지"
    both = f"{josa(unit, '과/와')} {rival}의 순서나 {goal}가" if f.question.rival else f"{goal}가"
    if f.deal is None:
        return (f"기사에는 이 지수가 셈할 수 있는 크기의 발표가 없습니다. 지수로 보면 {josa(unit, '은/는')} 발표와 상관없이 허용된 방법의 "
                f"{share_text(f.reaches, 'ko')}에서 {_place(f.question.rank, 'ko')}에 듭니다.")  # fmt: skip
    worst = _worst(f)
    change = share_text(worst, "ko")
    match f.brake:
        case "no":
            limit = f"{100 * (worst.bound or 0):.2g} %"
            return f"아닙니다. 기사가 전한 발표로 {both} 바뀐 경우는 {worst.draws:,}번 가운데 한 번도 없었습니다({limit} 미만)."
        case "hardly":
            return f"거의 아닙니다. 기사가 전한 발표로 {both} 바뀌는 경우는 허용된 방법의 {change}입니다."
        case "possibly":
            return f"그럴 수도 있습니다. 기사가 전한 발표로 {both} 바뀌는 경우는 허용된 방법의 {change}입니다."
        case "already behind":
            return f"허용된 방법 대부분에서 {josa(rival, '이/가')} 이미 {josa(unit, '을/를')} 앞서 있습니다. 발표는 있던 격차를 벌릴 뿐입니다."
        case _:
            return f"그렇습니다. 기사가 전한 발표로 {both} 바뀌는 경우는 허용된 방법의 {change}입니다."


def _short_ja(f: Findings) -> str:
    unit, rival = name(f.question.unit, "ja"), name(f.question.rival or "", "ja")
    goal = f"{unit}が{_place(f.question.rank, 'ja')}に入るかどうか"
    both = f"{unit}と{rival}の順序、または{goal}" if f.question.rival else goal
    if f.deal is None:
        return (f"記事には、この指数で数えられる規模の発表がありません。指数では{unit}は発表の有無にかかわらず、認められる方法の"
                f"{share_text(f.reaches, 'ja')}で{_place(f.question.rank, 'ja')}に入ります。")  # fmt: skip
    worst = _worst(f)
    change = share_text(worst, "ja")
    match f.brake:
        case "no":
            limit = f"{100 * (worst.bound or 0):.2g} %"
            return f"いいえ。記事の発表によって{both}が変わったことは、{worst.draws:,}回のうち一度もありませんでした({limit}未満)。"
        case "hardly":
            return f"ほとんどありません。記事の発表によって{both}が変わるのは、認められる方法の{change}です。"
        case "possibly":
            return f"ありえます。記事の発表によって{both}が変わるのは、認められる方法の{change}です。"
        case "already behind":
            return f"認められる方法のほとんどで、{rival}はすでに{unit}の上にいます。発表は今ある差を広げるだけです。"
        case _:
            return f"はい。記事の発表によって{both}が変わるのは、認められる方法の{change}です。"


def _worst(f: Findings) -> Share:
    shares = [s for s in (f.deal.order_changed, f.deal.goal_changed) if s is not None] if f.deal else []
    return max(shares, key=lambda s: s.value)


def paragraph(f: Findings, lang: str) -> str:
    """The text to print, an empty line between its parts: verdict, standing, announcement, ways ahead, what decides."""
    blocks = (
        [short(f, lang)],
        [_standing(f, lang)],
        [_deal(f, lang), _bound(f, lang), _plans(f, lang)],
        [takes(f, lang), outlook(f, lang)],
        [hinge(f, lang), _published(f, lang)],
    )
    gap = " " if lang != "ja" else ""
    return "\n\n".join(gap.join(p for p in parts if p) for parts in blocks if any(parts))


def _standing(f: Findings, lang: str) -> str:
    u, k = f.question.unit, f.question.rank
    unit, rival = name(u, lang), name(f.question.rival or "", lang)
    interval = ranks_text(*f.interval, lang)
    title = f.built.spec.label(lang)
    p = f.probability
    reach, random = share_text(f.reaches, lang), ""
    if p is not None:
        random = {
            "en": f" Given the index's own choices, errors of the data leave it there with probability {p.nominal:.2f} "
                  f"({p.low:.2f} to {p.high:.2f} over the choices).",
            "ko": f" 지수가 택한 방법 그대로라면, 자료 오차를 감안한 확률은 {p.nominal:.2f}입니다(방법에 따라 {p.low:.2f}~{p.high:.2f}).",
            "ja": f"指数が選んだ方法のままなら、データの誤差を考えた確率は{p.nominal:.2f}です(方法により{p.low:.2f}~{p.high:.2f})。",
        }[lang]  # fmt: skip
    second = ""
    if f.ahead is not None and f.rival_rank is not None and f.rival_interval is not None:
        other, ahead = ranks_text(*f.rival_interval, lang), share_text(f.ahead, lang)
        second = {
            "en": f" {rival} is {_ordinal(f.rival_rank)} ({other}); {unit} is ahead of it {'' if f.ahead.bound is not None else 'in '}{ahead}.",
            "ko": f" {josa(rival, '은/는')} {f.rival_rank:.0f}위({other})이며, {josa(unit, '이/가')} 앞서는 경우는 {ahead}입니다.",
            "ja": f"{rival}は{f.rival_rank:.0f}位({other})で、{unit}が上にいるのは{ahead}です。",
        }[lang]  # fmt: skip
    first = {
        "en": f"In the {f.edition} edition of “{title}”, the latest to end before {f.date}, {unit} is {_ordinal(f.rank)} ({interval} in 90 % "
              f"of the admissible variants), and {_place(k, 'en')} {'' if f.reaches.bound is not None else 'in '}{reach}.",
        "ko": f"{f.date} 이전에 끝난 마지막 판인 「{title}」 {f.edition}년판에서 {josa(unit, '은/는')} {f.rank:.0f}위(허용된 방법의 90 %에서 {interval})이고, "
              f"{_place(k, 'ko')}에 드는 비율은 {reach}입니다.",
        "ja": f"{f.date}より前に終わる最新版である「{title}」{f.edition}年版で、{unit}は{f.rank:.0f}位(認められる方法の90%で{interval})、"
              f"{_place(k, 'ja')}に入る割合は{reach}です。",
    }[lang]  # fmt: skip
    return first + random + second


def _deal(f: Findings, lang: str) -> str:
    if f.deal is None or f.whatif is None:
        return ""
    movers = [u for u, (low, _, high) in f.deal.lift.items() if low or high]
    said = []
    for u in movers:
        low, middle, high = f.deal.lift[u]
        was, now = f.deal.before[u].rank, f.deal.after[u].rank
        place = {
            "en": f"and {'leaves it ' + _ordinal(was) if was == now else f'moves it from {_ordinal(was)} to {_ordinal(now)}'}",
            "ko": f"순위는 {f'{was}위 그대로' if was == now else f'{was}위에서 {now}위로 바뀝'}{'입' if was == now else ''}니다",
            "ja": f"順位は{f'{was}位のまま' if was == now else f'{was}位から{now}位に変わります'}{'です' if was == now else ''}",
        }[lang]  # fmt: skip
        said.append({
            "en": f"lifts {name(u, 'en')} by {middle:.2f} points ({low:.2f} to {high:.2f}) {place}",
            "ko": f"{name(u, 'ko')}의 점수를 {middle:.2f}점({low:.2f}~{high:.2f}) 올리고, {place}",
            "ja": f"{name(u, 'ja')}の点を{middle:.2f}点({low:.2f}~{high:.2f})上げ、{place}",
        }[lang])  # fmt: skip
    if not said:
        return ""
    events = "; ".join(event_text(e, lang) for e in f.whatif.events)
    gap = ""
    if f.deal.gap_before is not None:
        low, middle, high = f.deal.gap_before
        gap = {
            "en": f"; the gap between the two was {middle:.1f} points ({low:.1f} to {high:.1f})",
            "ko": f" 두 나라의 격차는 {middle:.1f}점({low:.1f}~{high:.1f})이었습니다.",
            "ja": f"両国の差は{middle:.1f}点({low:.1f}~{high:.1f})でした。",
        }[lang]  # fmt: skip
    return {
        "en": f"What is announced ({events}) {join(said, 'en')}{gap}.",
        "ko": f"발표된 것({events})은 {join(said, 'ko')}.{gap}",
        "ja": f"発表されたもの({events})は{join(said, 'ja')}。{gap}",
    }[lang]  # fmt: skip


def _bound(f: Findings, lang: str) -> str:
    if f.whatif is None or not f.whatif.headroom or f.bound is None:
        return ""
    h = f.whatif.headroom
    unit = (
        next(u for u in f.bound.lift if f.bound.lift[u][2] > 0)
        if any(x[2] > 0 for x in f.bound.lift.values())
        else (f.question.rival or "")
    )
    arithmetic = f"{h['points']:.1f} × {100 * h['weight']:.2f} % = {h['product']:.1f}"
    who = name(unit, lang)
    n = sum(f.needs.values())
    none, already = f.needs.get("none suffices", 0), f.needs.get("already ahead", 0)
    suffices = ""
    if n and f.question.rival:
        if none == n:
            suffices = {"en": f"no number of such machines would bring it past {name(f.question.unit, 'en')} (none suffices in all {n} combinations of scale, convention and size)",
                        "ko": f"그런 장비를 아무리 늘려도 {josa(name(f.question.unit, 'ko'), '을/를')} 넘지 못합니다(척도·환산·규모의 {n}가지 조합 모두)",
                        "ja": f"そうした機器をいくら増やしても{name(f.question.unit, 'ja')}を抜けません(尺度・換算・規模の{n}通りすべて)"}[lang]  # fmt: skip
        elif already == n:
            suffices = {"en": "it is already ahead", "ko": "이미 앞서 있습니다", "ja": "すでに上にいます"}[lang]
        else:
            counts = sorted(b.count for b in f.whatif.break_even if b.count is not None)
            least = f"{counts[0]:,.0f}" if counts else "–"
            suffices = {"en": f"in {none} of {n} combinations none suffices, in {already} it is already ahead, elsewhere the least that would do is {least} machines",
                        "ko": f"{n}가지 조합 가운데 {none}가지에서는 아무리 늘려도 모자라고, {already}가지에서는 이미 앞서며, 나머지에서는 적어도 {least}대가 필요합니다",
                        "ja": f"{n}通りのうち{none}通りではいくら増やしても足りず、{already}通りではすでに上におり、残りでは少なくとも{least}台が要ります"}[lang]  # fmt: skip
    first = {
        "en": f"Even with the world's best value in compute {who} would gain {h['product']:.1f} points ({arithmetic})",
        "ko": f"{josa(who, '이/가')} 연산량에서 세계 최고 값을 가져도 더해지는 점수는 {h['product']:.1f}점({arithmetic})입니다",
        "ja": f"{who}が計算量で世界最高の値を得ても、加わるのは{h['product']:.1f}点({arithmetic})です",
    }[lang]  # fmt: skip
    if not suffices:
        return first + {"en": ".", "ko": ".", "ja": "。"}[lang]
    return {"en": f"{first}; {suffices}.", "ko": f"{first}. {suffices}.", "ja": f"{first}。{suffices}。"}[lang]


def _plans(f: Findings, lang: str) -> str:
    if f.plans is None:
        return ""
    unit, k = name(f.question.unit, lang), _place(f.question.rank, lang)
    after = f.plans.after[f.question.unit].share
    reach = share_text(after, lang)
    return {
        "en": f"If every country's plans known on the date came true, {unit} would be {k} {'' if after.bound is not None else 'in '}{reach}.",
        "ko": f"그날까지 알려진 모든 나라의 계획이 이루어지면 {josa(unit, '이/가')} {k}에 드는 비율은 {reach}입니다.",
        "ja": f"その日までに知られた各国の計画がすべて実現すれば、{unit}が{k}に入る割合は{reach}です。",
    }[lang]  # fmt: skip


def takes(f: Findings, lang: str) -> str:
    """What it would take to have the rank in nine of ten variants, or that nothing within bounds does."""
    g = f.goal
    if g is None or g.status in ("already there", "not found"):
        return ""
    unit, place, share, years = name(f.question.unit, lang), _place(g.rank, lang), percent(g.wanted), f"{g.years:g}"
    if g.cheapest is None:
        c = g.certificate
        return {
            "en": f"Within {years} years {unit} cannot be {place} in {share} of the variants: with every lever at its bound it scores {c.score:.1f} where {c.needed:.1f} are needed, and is there in {percent(c.share)}.",
            "ko": f"{years}년 안에 {josa(unit, '이/가')} 변형의 {share}에서 {place}에 들 길은 없습니다. 모든 수단을 한도까지 써도 {c.score:.1f}점으로 필요한 점수는 {c.needed:.1f}점이고, {percent(c.share)}에서만 닿습니다.",
            "ja": f"{years}年以内に{unit}が変形の{share}で{place}に入る道はありません。すべての手段を限度まで使っても{c.score:.1f}点(必要なのは{c.needed:.1f}点)で、届くのは{percent(c.share)}です。",
        }[lang]  # fmt: skip
    said = join([f"{f.built.dataset.codebook[p.indicator].label(lang) if p.indicator in f.built.dataset.codebook else p.indicator} "
                 f"{figure_text(p.before)} → {figure_text(p.after)}" for p in g.cheapest.pulls], lang)  # fmt: skip
    return {
        "en": f"The least effort that would make {unit} {place} in {share} of the variants within {years} years, others standing still: {said}.",
        "ko": f"다른 나라가 그대로일 때 {years}년 안에 {josa(unit, '이/가')} 변형의 {share}에서 {place}에 드는 가장 적은 노력은 다음과 같습니다: {said}.",
        "ja": f"他国がそのままなら、{years}年以内に{unit}が変形の{share}で{place}に入る最小の努力は次のとおりです: {said}。",
    }[lang]  # fmt: skip


def outlook(f: Findings, lang: str) -> str:
    """What the forecast adds, and how little a back-test lets one trust it."""
    o = f.outlook
    if o is None:
        return ""
    unit, place, last = name(f.question.unit, lang), _place(f.question.rank, lang), o.names[-1]
    last += {"en": "", "ko": "년", "ja": "年"}[lang] if last.isdigit() else ""
    p, bound = o.probability[-1], 3 / o.draws
    ranks = f"{o.low:g}–{o.high:g}" if o.low < o.high else f"{o.low:g}"
    en = f"below {bound:.1g}" if p == 0 else f"above {1 - bound:.3g}" if p == 1 else f"{p:.2f}"
    ko = f"{bound:.1g} 미만" if p == 0 else f"{1 - bound:.3g} 초과" if p == 1 else f"{p:.2f}"
    ja = f"{bound:.1g}未満" if p == 0 else f"{1 - bound:.3g}超" if p == 1 else f"{p:.2f}"
    saved = {
        "en": f"saved {percent(o.skill)} of the error of “no change”" if o.skill > 0 else "did not beat “no change”",
        "ko": f"‘변화 없음’의 오차를 {percent(o.skill)} 줄였을 뿐입니다" if o.skill > 0 else "‘변화 없음’보다 낫지 않았습니다",
        "ja": f"「変化なし」の誤差を{percent(o.skill)}減らしただけでした" if o.skill > 0 else "「変化なし」に勝てませんでした",
    }[lang]
    return {
        "en": f"If every indicator goes on as it did, {unit} is {place} in {last} with probability {en} (rank {ranks}). Only {percent(o.drifting)} of the weight follows a trend that beat “no change” in the past; {percent(o.wandering)} moves around its last value, {percent(o.constant)} has too short a history and stands still. In a back-test the whole {saved}.",
        "ko": f"지표가 지금까지처럼 움직이면 {last}에 {josa(unit, '이/가')} {place}에 들 확률은 {ko}입니다({ranks}위). 과거에 ‘변화 없음’보다 나았던 추세를 따르는 것은 가중치의 {percent(o.drifting)}뿐이고, {percent(o.wandering)}는 마지막 값 둘레에서 움직이며, {percent(o.constant)}는 기록이 짧아 그대로 둡니다. 과거로 검증하면 이 예측은 {saved}.",
        "ja": f"指標がこれまでどおり動けば、{last}に{unit}が{place}に入る確率は{ja}です({ranks}位)。過去に「変化なし」に勝った傾向に従うのは重みの{percent(o.drifting)}だけで、{percent(o.wandering)}は最後の値のまわりを動き、{percent(o.constant)}は記録が短いため一定とします。過去での検証ではこの予測は{saved}。",
    }[lang]  # fmt: skip


def hinge(f: Findings, lang: str) -> str:
    """On which choice the goal turns, with the shares at its ends, and which indicator moves the unit most."""
    h, spec = f.hinge, f.built.spec
    unit, place = name(f.question.unit, lang), _place(f.question.rank, lang)
    out = ""
    if h.options and h.spread > 0.02:
        low, high = min(h.options, key=lambda o: o[1]), max(h.options, key=lambda o: o[1])
        choice, a, b = spec.word(h.choice, lang), spec.word(high[0], lang), spec.word(low[0], lang)
        out = {
            "en": f"It hinges on “{choice}”: {unit} is {place} in {percent(high[1])} of the variants with “{a}”, in {percent(low[1])} with “{b}”.",
            "ko": f"답이 갈리는 지점은 ‘{choice}’입니다. ‘{a}’이면 변형의 {percent(high[1])}에서, ‘{b}’이면 {percent(low[1])}에서 {place}에 듭니다.",
            "ja": f"答えを分けるのは「{choice}」です。「{a}」なら変形の{percent(high[1])}、「{b}」なら{percent(low[1])}で{place}に入ります。",
        }[lang]  # fmt: skip
    if h.indicator and h.rank_without != f.rank:
        label = (
            f.built.dataset.codebook[h.indicator].label(lang)
            if h.indicator in f.built.dataset.codebook
            else _node(f, h.indicator, lang)
        )
        said = {
            "en": f"Without “{label}” {unit} would be {_ordinal(h.rank_without)}.",
            "ko": f"‘{label}’ 항목을 빼면 {josa(unit, '은/는')} {h.rank_without:.0f}위가 됩니다.",
            "ja": f"「{label}」を除くと{unit}は{h.rank_without:.0f}位になります。",
        }[lang]  # fmt: skip
        out += (" " if out and lang != "ja" else "") + said
    return out


def _node(f: Findings, code: str, lang: str) -> str:
    return next((n.label(lang) for n in f.built.root.walk() if n.code == code), code)


def _published(f: Findings, lang: str) -> str:
    """The published editions, the latest of each index, with the ranks of the units in question."""
    seen: set[str] = set()
    said = []
    for e in f.published:
        held = [u for u in (f.question.unit, f.question.rival) if u in e.ranks]
        if e.index in seen or not held:
            continue
        seen.add(e.index)
        ranks = join([{"en": f"{name(u, 'en')} {_ordinal(e.ranks[u])}", "ko": f"{name(u, 'ko')} {e.ranks[u]}위",
                       "ja": f"{name(u, 'ja')}{e.ranks[u]}位"}[lang] for u in held if u is not None], lang)  # fmt: skip
        rho = "" if e.spearman is None else {"en": f", Spearman's ρ with this index {e.spearman:.2f} over {len(e.own)} countries",
                                             "ko": f", 이 지수와의 순위 상관 {e.spearman:.2f}({len(e.own)}개국)",
                                             "ja": f"、この指数との順位相関{e.spearman:.2f}({len(e.own)}カ国)"}[lang]  # fmt: skip
        said.append(f"{e.title} {e.edition} ({ranks}{rho})")
    if not said:
        return ""
    return {"en": f"Published elsewhere: {join(said, 'en')}.", "ko": f"다른 기관의 발표: {join(said, 'ko')}.",
            "ja": f"他の機関の発表: {join(said, 'ja')}。"}[lang]  # fmt: skip


def unknown(f: Findings, lang: str) -> tuple[str, ...]:
    """What the answer cannot know."""
    out = []
    w = f.whatif
    if any(c.indicator == e.indicator for c in f.built.spec.uncertainties.coverage for e in f.built.spec.effects):
        out.append({"en": "How much compute there is: public sources cover 10–20 % of the world's, unevenly by country.",
                    "ko": "실제 연산량. 공개 자료는 세계 전체의 10~20 %만, 그것도 나라마다 고르지 않게 담고 있습니다.",
                    "ja": "実際の計算量。公開資料は世界の10~20%しか、それも国ごとに偏って捉えていません。"}[lang])  # fmt: skip
    if w and w.rows and f.deal is not None:
        out.append({"en": "Whether what is announced will be installed, and when: a plan is not a machine.",
                    "ko": "발표된 것이 언제, 실제로 설치될지. 계획은 장비가 아닙니다.",
                    "ja": "発表されたものがいつ、本当に設置されるか。計画は機械ではありません。"}[lang])  # fmt: skip
    if w and w.unsized:
        listed = join([e.label or event_text(e, lang) for e in w.unsized], lang)
        out.append({"en": f"The size of {listed}: the article states none, so it moves nothing here.",
                    "ko": f"{listed}의 규모. 기사에 없어 여기서는 아무것도 움직이지 않습니다.",
                    "ja": f"{listed}の規模。記事にないため、ここでは何も動かしません。"}[lang])  # fmt: skip
    if any("not named" in a for a in (w.assumptions if w else ())):
        out.append({"en": "Which chip it is: every candidate of the date is drawn alike.", "ko": "어떤 칩인지. 그 시점의 후보를 모두 같은 비중으로 뽑았습니다.",
                    "ja": "どのチップか。当時の候補をすべて同じ重みで引きました。"}[lang])  # fmt: skip
    if w and w.outside:
        out.append({"en": f"What money does: {len(w.outside)} figures of the article are not in the index (see the scenario).",
                    "ko": f"돈의 효과. 기사의 수치 {len(w.outside)}개는 지수에 없습니다(시나리오 참조).",
                    "ja": f"資金の効果。記事の数値{len(w.outside)}件は指数にありません(シナリオ参照)。"}[lang])  # fmt: skip
    return tuple(out)
