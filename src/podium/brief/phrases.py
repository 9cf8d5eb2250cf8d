"""The findings in words, in English, Korean and Japanese."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from podium.brief.headline import so_often
from podium.brief.prospects import bound, label_of, ordinal, outlook, plans, seat, takes
from podium.brief.words import (
    capital,
    chance_text,
    event_text,
    join,
    josa,
    name,
    percent,
    ranks_text,
    share_in,
    share_is,
    share_text,
    spoken,
)

if TYPE_CHECKING:
    from podium.brief.answer import Findings
    from podium.robustness.statistics import Share

__all__ = ["hinge", "paragraph", "short", "unknown"]

def short(f: Findings, lang: str) -> str:
    """One sentence: the verdict with its share."""
    told = so_often(f.question, f.deal) if f.deal is not None else None
    if told is not None:
        return _asked(f, *told, lang)
    return {"en": _short_en, "ko": _short_ko, "ja": _short_ja}[lang](f)


_VERDICTS = {
    "en": {"no": "No", "hardly": "Hardly", "possibly": "Possibly", "yes": "Yes"},
    "ko": {"no": "아닙니다", "hardly": "거의 아닙니다", "possibly": "그럴 수도 있습니다", "yes": "그렇습니다"},
    "ja": {"no": "いいえ", "hardly": "ほとんどありません", "possibly": "ありえます", "yes": "はい"},
}


def _asked(f: Findings, before: Share, after: Share, lang: str) -> str:
    """How often what the headline asks is so after what is announced, and how often it was before."""
    q, verdict = f.question, _VERDICTS[lang][f.brake]
    rank = seat(q.rank, lang)
    if q.asks == "ahead":
        one, other = (q.unit, q.rival or "") if q.first == q.unit else (q.rival or "", q.unit)
        x, y = spoken(one, lang), spoken(other, lang)
        so = {"en": f"{x} is ahead of {y}", "ko": f"{josa(x, '이/가')} {josa(y, '을/를')} 앞서는", "ja": f"{x}が{y}の上にいる"}[lang]
    else:
        x = spoken(q.unit, lang)
        so = {"en": f"{x} is {rank}", "ko": f"{josa(x, '이/가')} {rank}에 드는", "ja": f"{x}が{rank}に入る"}[lang]
        if q.asks == "lose":
            so = {"en": f"{x} is not {rank}", "ko": f"{josa(x, '이/가')} {rank}에 들지 못하는", "ja": f"{x}が{rank}に入らない"}[lang]
    return {
        "en": f"{verdict}. After what the article announces, {so} {share_in(after, 'en')}; before it, {share_in(before, 'en')}.",
        "ko": f"{verdict}. 기사가 전한 발표 뒤에 {so} 경우는 {share_is(after, 'ko')}. 발표 전에는 {share_is(before, 'ko')}.",
        "ja": f"{verdict}。記事の発表の後で{so}のは{share_is(after, 'ja')}。発表の前は{share_is(before, 'ja')}。",
    }[lang]


def _short_en(f: Findings) -> str:
    unit, rival = spoken(f.question.unit, "en"), spoken(f.question.rival or "", "en")
    goal = f"whether {unit} is {seat(f.question.rank, 'en')}"
    both = f"the order of {unit} and {rival}, or {goal}" if f.question.rival else goal
    if f.deal is None:
        return (f"The article announces nothing whose size this index could count: by it, {unit} is {seat(f.question.rank, 'en')} "
                f"{share_in(f.reaches, 'en')}, whatever is announced.")  # fmt: skip
    if f.brake == "already behind":
        return capital(f"{rival} is already ahead of {unit} in most admissible variants; what the article announces widens a lead that exists.")
    verdict = _VERDICTS["en"].get(f.brake, "Yes")
    if f.brake in ("no", "hardly"):
        comma = "," if f.question.rival else ""
        return f"{verdict}. What the article announces changes {both}{comma} {share_in(_worst(f), 'en')}."
    order, reach = f.deal.order_changed, share_in(f.deal.goal_changed, "en")
    if order is None:
        return f"{verdict}. What the article announces changes {goal} {reach}."
    return (f"{verdict}. What the article announces changes the order of {unit} and {rival} {share_in(order, 'en')}, "
            f"and {goal} {reach}.")  # fmt: skip


def _short_ko(f: Findings) -> str:
    unit, rival, rank = spoken(f.question.unit, "ko"), spoken(f.question.rival or "", "ko"), seat(f.question.rank, "ko")
    goal = f"{josa(unit, '이/가')} {rank}에 드는지"
    both = f"{josa(unit, '과/와')} {rival}의 순서나 {goal}가" if f.question.rival else f"{goal}가"
    if f.deal is None:
        share = f.reaches
        held = (f"{share.draws:,}번 가운데 한 번도 {rank}에 들지 않습니다({100 * (share.bound or 0):.2g} % 미만)" if share.value == 0
                else f"{share_in(share, 'ko')}에서 {rank}에 듭니다")  # fmt: skip
        return f"기사에는 이 지수가 셈할 수 있는 크기의 발표가 없습니다. 지수로 보면 {josa(unit, '은/는')} 발표와 상관없이 {held}."
    if f.brake == "already behind":
        return f"허용된 방법 대부분에서 {josa(rival, '이/가')} 이미 {josa(unit, '을/를')} 앞서 있습니다. 발표는 있던 격차를 벌릴 뿐입니다."
    worst = _worst(f)
    if f.brake == "no":
        limit = f"{100 * (worst.bound or 0):.2g} %"
        return f"아닙니다. 기사가 전한 발표로 {both} 바뀐 경우는 {worst.draws:,}번 가운데 한 번도 없었습니다({limit} 미만)."
    verdict = _VERDICTS["ko"].get(f.brake, "그렇습니다")
    reach = share_is(f.deal.goal_changed, "ko")
    if f.deal.order_changed is None or f.brake == "hardly":
        return f"{verdict}. 기사가 전한 발표로 {both} 바뀌는 경우는 {share_is(worst, 'ko')}."
    return (f"{verdict}. 기사가 전한 발표로 {josa(unit, '과/와')} {rival}의 순서가 바뀌는 경우는 {share_is(f.deal.order_changed, 'ko')}. "
            f"{goal}가 바뀌는 경우는 {reach}.")  # fmt: skip


def _short_ja(f: Findings) -> str:
    unit, rival, rank = spoken(f.question.unit, "ja"), spoken(f.question.rival or "", "ja"), seat(f.question.rank, "ja")
    goal = f"{unit}が{rank}に入るかどうか"
    both = f"{unit}と{rival}の順序、または{goal}" if f.question.rival else goal
    if f.deal is None:
        share = f.reaches
        held = (f"{share.draws:,}回のうち一度も{rank}に入りません({100 * (share.bound or 0):.2g} %未満)" if share.value == 0
                else f"{share_in(share, 'ja')}で{rank}に入ります")  # fmt: skip
        return f"記事には、この指数で数えられる規模の発表がありません。指数では{unit}は発表の有無にかかわらず、{held}。"
    if f.brake == "already behind":
        return f"認められる方法のほとんどで、{rival}はすでに{unit}の上にいます。発表は今ある差を広げるだけです。"
    worst = _worst(f)
    if f.brake == "no":
        limit = f"{100 * (worst.bound or 0):.2g} %"
        return f"いいえ。記事の発表によって{both}が変わったことは、{worst.draws:,}回のうち一度もありませんでした({limit}未満)。"
    verdict = _VERDICTS["ja"].get(f.brake, "はい")
    if f.deal.order_changed is None or f.brake == "hardly":
        return f"{verdict}。記事の発表によって{both}が変わるのは、{share_is(worst, 'ja')}。"
    return (f"{verdict}。記事の発表によって{unit}と{rival}の順序が変わるのは{share_is(f.deal.order_changed, 'ja')}。"
            f"{goal}が変わるのは{share_is(f.deal.goal_changed, 'ja')}。")  # fmt: skip


def _worst(f: Findings) -> Share:
    shares = [s for s in (f.deal.order_changed, f.deal.goal_changed) if s is not None] if f.deal else []
    return max(shares, key=lambda s: s.value)


def paragraph(f: Findings, lang: str) -> str:
    """The text to print, an empty line between its parts: verdict, standing, announcement, ways ahead, what decides."""
    blocks = (
        [short(f, lang)],
        [_standing(f, lang)],
        [_deal(f, lang), bound(f, lang), plans(f, lang)],
        [takes(f, lang), outlook(f, lang)],
        [hinge(f, lang), _published(f, lang)],
    )
    gap = " " if lang != "ja" else ""
    said = "\n\n".join(gap.join(p for p in parts if p) for parts in blocks if any(parts))
    return capital(said) if lang == "en" else said


def _standing(f: Findings, lang: str) -> str:
    u, rank = f.question.unit, seat(f.question.rank, lang)
    unit, rival = spoken(u, lang), spoken(f.question.rival or "", lang)
    interval = ranks_text(*f.interval, lang)
    title = f.built.spec.label(lang)
    p, random = f.probability, ""
    if p is not None:
        chance = chance_text(p, lang)
        random = {
            "en": f" Given the index's own choices, errors of the data leave it there with probability {chance} "
                  f"({p.low:.2f} to {p.high:.2f} over the choices).",
            "ko": f" 지수가 택한 방법 그대로라면, 자료 오차를 감안한 확률은 {chance}입니다(방법에 따라 {p.low:.2f}~{p.high:.2f}).",
            "ja": f"指数が選んだ方法のままなら、データの誤差を考えた確率は{chance}です(方法により{p.low:.2f}~{p.high:.2f})。",
        }[lang]  # fmt: skip
    second = ""
    if f.ahead is not None and f.rival_rank is not None and f.rival_interval is not None:
        other = ranks_text(*f.rival_interval, lang)
        second = {
            "en": f" {rival} is {ordinal(f.rival_rank)} ({other}); {unit} is ahead of it {share_in(f.ahead, 'en')}.",
            "ko": f" {josa(rival, '은/는')} {f.rival_rank:.0f}위({other})이며, {josa(unit, '이/가')} 앞서는 경우는 {share_is(f.ahead, 'ko')}.",
            "ja": f"{rival}は{f.rival_rank:.0f}位({other})で、{unit}が上にいるのは{share_is(f.ahead, 'ja')}。",
        }[lang]  # fmt: skip
    edition = f.edition if f.edition.isdigit() else ""
    when = {
        "en": f"In the {edition} edition of “{title}”, the latest to end before {f.date}," if edition else f"In “{title}”",
        "ko": f"{f.date} 이전에 끝난 마지막 판인 「{title}」 {edition}년판에서" if edition else f"「{title}」에서",
        "ja": f"{f.date}より前に終わる最新版である「{title}」{edition}年版で、" if edition else f"「{title}」で、",
    }[lang]
    reach = f.reaches
    first = {
        "en": f"{when} {unit} is {ordinal(f.rank)} ({interval} in 90 % of the admissible variants), and {rank} "
              f"{share_text(reach, 'en') if reach.bound is not None else 'in ' + share_text(reach, 'en')}.",
        "ko": f"{when} {josa(unit, '은/는')} {f.rank:.0f}위(허용된 방법의 90 %에서 {interval})이고, {rank}에 드는 비율은 {share_is(reach, 'ko')}.",
        "ja": f"{when}{unit}は{f.rank:.0f}位(認められる方法の90%で{interval})、{rank}に入る割合は{share_is(reach, 'ja')}。",
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
            "en": f"and {'leaves it ' + ordinal(was) if was == now else f'moves it from {ordinal(was)} to {ordinal(now)}'}",
            "ko": f"순위는 {f'{was}위 그대로' if was == now else f'{was}위에서 {now}위로 바뀝'}{'입' if was == now else ''}니다",
            "ja": f"順位は{f'{was}位のまま' if was == now else f'{was}位から{now}位に変わります'}{'です' if was == now else ''}",
        }[lang]  # fmt: skip
        said.append({
            "en": f"lifts {spoken(u, 'en')} by {middle:.2f} points ({low:.2f} to {high:.2f}) {place}",
            "ko": f"{name(u, 'ko')}의 점수를 {middle:.2f}점({low:.2f}~{high:.2f}) 올리고, {place}",
            "ja": f"{name(u, 'ja')}の点を{middle:.2f}点({low:.2f}~{high:.2f})上げ、{place}",
        }[lang])  # fmt: skip
    if not said:
        return ""
    events = "; ".join(event_text(e, lang) for e in f.whatif.events)
    gap = _gap(f, lang)
    return {
        "en": f"What is announced ({events}) {join(said, 'en')}{gap}.{_anew(f, lang)}",
        "ko": f"발표된 것({events})은 {join(said, 'ko')}.{gap}{_anew(f, lang)}",
        "ja": f"発表されたもの({events})は{join(said, 'ja')}。{gap}{_anew(f, lang)}",
    }[lang]  # fmt: skip


def _anew(f: Findings, lang: str) -> str:
    """What fitting every step anew to the figures after the events changes, where that is more than one in a hundred."""
    again = f.whatif.again if f.whatif else None
    if again is None or f.deal is None:
        return ""
    pairs = [(again.order_changed, f.deal.order_changed), (again.goal_changed, f.deal.goal_changed)]
    apart = [abs(a.value - b.value) for a, b in pairs if a is not None and b is not None]
    if max(apart) <= 0.01:
        return ""
    order, goal = again.order_changed, again.goal_changed
    if order is None:
        return {"en": f" With all steps fitted anew to the figures after it, the goal changes {share_in(goal, 'en')}.",
                "ko": f" 발표 뒤의 수치에 모든 단계를 다시 맞추면 목표 달성 여부가 바뀌는 경우는 {share_is(goal, 'ko')}.",
                "ja": f"発表後の数値にすべての段階を合わせ直すと、目標の達成が変わるのは{share_is(goal, 'ja')}。"}[lang]  # fmt: skip
    return {
        "en": f" With all steps fitted anew to the figures after it, the order changes {share_in(order, 'en')}, the goal {share_in(goal, 'en')}.",
        "ko": f" 발표 뒤의 수치에 모든 단계를 다시 맞추면 순서가 바뀌는 경우는 {share_is(order, 'ko')}. 목표 달성 여부가 바뀌는 경우는 {share_is(goal, 'ko')}.",
        "ja": f"発表後の数値にすべての段階を合わせ直すと、順序が変わるのは{share_is(order, 'ja')}。目標の達成が変わるのは{share_is(goal, 'ja')}。",
    }[lang]


def _gap(f: Findings, lang: str) -> str:
    """By how much the two were apart, and who led."""
    if f.deal is None or f.deal.gap_before is None:
        return ""
    low, middle, high = f.deal.gap_before
    leader = f.question.unit
    if middle < 0:
        low, middle, high, leader = -high, -middle, -low, f.question.rival or ""
    who = spoken(leader, lang)
    return {
        "en": f"; {who} led by {middle:.1f} points ({low:.1f} to {high:.1f})",
        "ko": f" 발표 전에는 {josa(who, '이/가')} {middle:.1f}점({low:.1f}~{high:.1f}) 앞섰습니다.",
        "ja": f"発表前は{who}が{middle:.1f}点({low:.1f}~{high:.1f})上でした。",
    }[lang]


def hinge(f: Findings, lang: str) -> str:
    """On which choice the goal turns, with the shares at its ends, and which indicator moves the unit most."""
    h, spec = f.hinge, f.built.spec
    unit, rank = spoken(f.question.unit, lang), seat(f.question.rank, lang)
    out = ""
    if h.options and h.spread > 0.02:
        low, high = min(h.options, key=lambda o: o[1]), max(h.options, key=lambda o: o[1])
        choice, a, b = spec.word(h.choice, lang), spec.word(high[0], lang), spec.word(low[0], lang)
        out = {
            "en": f"It hinges on “{choice}”: {unit} is {rank} in {percent(high[1])} of the variants with “{a}”, in {percent(low[1])} with “{b}”.",
            "ko": f"답이 갈리는 지점은 ‘{choice}’입니다. ‘{a}’이면 허용된 방법의 {percent(high[1])}에서, ‘{b}’이면 {percent(low[1])}에서 {rank}에 듭니다.",
            "ja": f"答えを分けるのは「{choice}」です。「{a}」なら認められる方法の{percent(high[1])}、「{b}」なら{percent(low[1])}で{rank}に入ります。",
        }[lang]  # fmt: skip
    if h.indicator and h.rank_without != f.rank:
        label = label_of(f, h.indicator, lang)
        said = {
            "en": f"Without “{label}” {unit} would be {ordinal(h.rank_without)}.",
            "ko": f"‘{label}’ 항목을 빼면 {josa(unit, '은/는')} {h.rank_without:.0f}위가 됩니다.",
            "ja": f"「{label}」を除くと{unit}は{h.rank_without:.0f}位になります。",
        }[lang]  # fmt: skip
        out += (" " if out and lang != "ja" else "") + said
    return out


def _published(f: Findings, lang: str) -> str:
    """The published editions, the latest of each index, with the ranks of the units in question."""
    seen: set[str] = set()
    said = []
    for e in f.published:
        held = [u for u in (f.question.unit, f.question.rival) if u in e.ranks]
        if e.index in seen or not held:
            continue
        seen.add(e.index)
        ranks = join([{"en": f"{spoken(u, 'en')} {ordinal(e.ranks[u])}", "ko": f"{name(u, 'ko')} {e.ranks[u]}위",
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
    if "rank" in f.question.assumed:
        k = f.question.rank
        out.append({"en": f"Whose goal {seat(k, 'en')} is: the article names no place, so that of the podium is asked.",
                    "ko": f"목표 순위. 기사에 없어 {seat(k, 'ko')}으로 물었습니다.",
                    "ja": f"目標順位。記事にないため、{seat(k, 'ja')}で問いました。"}[lang])  # fmt: skip
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
    return (*out, *_left_out(f, lang))


def _left_out(f: Findings, lang: str) -> list[str]:
    """What the index does not see of what is announced: sums of money, power, and machines that come too early."""
    kinds = Counter(e.kind for e, _ in f.whatif.outside) if f.whatif else Counter[str]()
    money, power, machines = kinds["money"], kinds["power"] + kinds["compute"], kinds["accelerators"]
    out = []
    if money:
        out.append({"en": f"What money does: {money} {'sum' if money == 1 else 'sums'} of the article {'is' if money == 1 else 'are'} in no indicator (see the scenario).",
                    "ko": f"돈의 효과. 기사의 금액 {money}건은 지수에 없습니다(시나리오 참조).",
                    "ja": f"資金の効果。記事の金額{money}件は指数にありません(シナリオ参照)。"}[lang])  # fmt: skip
    if power:
        out.append({"en": f"What stands behind {power} {'figure' if power == 1 else 'figures'} of power or computing power: the index counts machines, not watts (see the scenario).",
                    "ko": f"전력·연산 능력 수치 {power}건이 뜻하는 장비. 지수는 와트가 아니라 장비를 셉니다(시나리오 참조).",
                    "ja": f"電力・計算能力の数値{power}件が意味する機器。指数はワットではなく機器を数えます(シナリオ参照)。"}[lang])  # fmt: skip
    if machines:
        out.append({"en": f"{machines} {'announcement' if machines == 1 else 'announcements'} of machines {'is' if machines == 1 else 'are'} left out, with the reason in the scenario.",
                    "ko": f"장비 발표 {machines}건은 세지 않았습니다. 까닭은 시나리오에 있습니다.",
                    "ja": f"機器の発表{machines}件は数えていません。理由はシナリオにあります。"}[lang])  # fmt: skip
    return out
