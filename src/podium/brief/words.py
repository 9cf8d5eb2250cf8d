"""Small words of three languages: names with their particles, shares and ranks as a newspaper writes them."""

from __future__ import annotations

import re

from podium.data.countries import country_name
from podium.robustness.statistics import Probability, Share
from podium.scenarios.events import Event

__all__ = [
    "capital", "chance_text", "event_text", "figure_text", "join", "josa", "name", "percent", "ranks_text", "share_in",
    "share_is", "share_short", "share_text", "spoken",
]  # fmt: skip

LANGUAGES = ("en", "ko", "ja")


def name(code: str, language: str) -> str:
    """The name of a unit: a country's in the language, else its code."""
    return country_name(code, language)


_WITH_ARTICLE = frozenset({"ARE", "BHS", "COM", "DOM", "EUU", "GBR", "GMB", "MDV", "MHL", "NLD", "PHL", "SYC", "USA"})


def spoken(code: str, language: str) -> str:
    """The name of a unit as it stands within a sentence: English puts an article before some countries."""
    return f"the {name(code, language)}" if language == "en" and code in _WITH_ARTICLE else name(code, language)


def capital(text: str) -> str:
    """English sentences with a capital where one begins with a country's article."""
    return re.sub(r"(^|[.?!] |\n)the (?=[A-Z])", r"\1The ", text)


def josa(word: str, pair: str) -> str:
    """A Korean word with the particle of a pair such as 은/는 that fits its last sound."""
    with_final, without = pair.split("/")
    last = word[-1]
    if "가" <= last <= "힣":
        final = (ord(last) - 0xAC00) % 28
        if pair == "으로/로" and final == 8:
            return word + without
        return word + (with_final if final else without)
    return word + (with_final if last.lower() in "0136780lmnr" else without)


def percent(value: float) -> str:
    """A share in per cent with no more digits than it bears."""
    x = 100 * value
    return f"{x:.0f} %" if x >= 10 or x == 0 else f"{x:.1f} %"


def share_text(share: Share, language: str) -> str:
    """A share with its error, or with its bound where no draw or every draw counts."""
    if share.bound is not None:
        limit = f"{100 * share.bound:.2g} %"
        if share.value == 0:
            return {"en": f"in none of {share.draws:,} draws (below {limit})", "ko": f"{share.draws:,}번 가운데 한 번도 없음({limit} 미만)",
                    "ja": f"{share.draws:,}回のうち一度もない({limit}未満)"}[language]  # fmt: skip
        return {
            "en": f"in all of {share.draws:,} draws",
            "ko": f"{share.draws:,}번 모두",
            "ja": f"{share.draws:,}回すべて",
        }[language]
    return {"en": f"{percent(share.value)} ± {100 * share.error:.1f}", "ko": f"{percent(share.value)} ± {100 * share.error:.1f}",
            "ja": f"{percent(share.value)} ± {100 * share.error:.1f}"}[language]  # fmt: skip


def share_in(share: Share, language: str) -> str:
    """Where something holds, for a sentence: in so many of the variants, in none or in all of the draws."""
    said = share_text(share, language)
    if language == "en":
        return said if share.bound is not None else f"in {said} of the admissible variants"
    return {"ko": f"허용된 방법의 {said}", "ja": f"認められる方法の{said}"}[language] if share.bound is None else said


def share_is(share: Share, language: str) -> str:
    """The end of a Korean or Japanese sentence that says how often something is so."""
    said = share_text(share, language)
    if share.bound is None or share.value > 0:
        return f"{said}{'입니다' if language == 'ko' else 'です'}"
    limit = f"{100 * share.bound:.2g} %"
    return {"ko": f"{share.draws:,}번 가운데 한 번도 없습니다({limit} 미만)",
            "ja": f"{share.draws:,}回のうち一度もありません({limit}未満)"}[language]  # fmt: skip


def chance_text(p: Probability, language: str) -> str:
    """A probability out of so many draws; where all or none count, as a bound."""
    limit = min(3 / max(p.draws, 1), 1.0)
    if p.nominal == 0:
        return {"en": f"below {limit:.2g}", "ko": f"{limit:.2g} 미만", "ja": f"{limit:.2g}未満"}[language]
    if p.nominal == 1:
        least = f"{1 - limit:.3g}"
        return {"en": f"above {least}", "ko": f"{least} 초과", "ja": f"{least}超"}[language]
    return f"{p.nominal:.2f}" if 0.005 <= p.nominal < 0.995 else f"{p.nominal:.3f}"


def ranks_text(low: float, high: float, language: str) -> str:
    """A range of ranks."""
    one = low == high
    return {
        "en": f"{low:.0f}" if one else f"{low:.0f} to {high:.0f}", "ko": f"{low:.0f}위" if one else f"{low:.0f}~{high:.0f}위",
        "ja": f"{low:.0f}位" if one else f"{low:.0f}~{high:.0f}位",
    }[language]  # fmt: skip


def join(parts: list[str], language: str) -> str:
    """A list as the language writes it."""
    if len(parts) < 2:
        return "".join(parts)
    if language == "en":
        return ", ".join(parts[:-1]) + " and " + parts[-1]
    return {"ko": ", ", "ja": "、"}[language].join(parts)


_UNNAMED = {"en": "unnamed accelerators", "ko": "이름을 밝히지 않은 가속기", "ja": "名称不明のアクセラレータ"}
_MONEY = {
    "public money": {"en": "public money", "ko": "공적 자금", "ja": "公的資金"}, "investment": {"en": "investment", "ko": "투자", "ja": "投資"},
    "valuation": {"en": "valuation", "ko": "기업가치", "ja": "企業価値"},
}  # fmt: skip
_SIZES = ((1e12, {"en": " trillion", "ko": "조", "ja": "兆"}), (1e9, {"en": " billion", "ko": "", "ja": ""}),
          (1e8, {"en": "", "ko": "억", "ja": "億"}), (1e6, {"en": " million", "ko": "", "ja": ""}))  # fmt: skip


def amount_text(value: float, language: str) -> str:
    """A large amount as the language counts it: 5.3 billion, 53억, 53億."""
    for size, words in _SIZES:
        if value >= size and words[language]:
            return f"{value / size:,.4g}{words[language]}"
    return f"{value:,.0f}"


def event_text(event: Event, language: str) -> str:
    """An event in a few words: who, where, how much of what, when."""
    who = event.label.partition(", ")[2] if event.kind == "money" and ", " in event.label else event.label
    where = name(event.country, language)
    head = f"{where}, {who}" if who and who != event.country and event.kind != "money" else where
    if event.kind == "accelerators":
        chips = (
            event.systems[0]
            if len(event.systems) == 1
            else _UNNAMED[language]
            if not event.systems
            else "/".join(event.systems)
        )
        sizeless = {"en": f"{chips}, size not stated", "ko": f"{chips}, 규모 미상", "ja": f"{chips}、規模不明"}[
            language
        ]
        said = f"{event.count:,.0f} × {chips}" if event.count is not None else sizeless
    elif event.kind == "money":
        kind, _, whom = event.label.partition(", ")
        word = _MONEY.get(kind, {}).get(language, kind)
        total = "" if event.amount is None else f" {amount_text(event.amount, language)} {event.currency}"
        head = f"{where}, {whom}" if whom and whom != event.country else where
        said = f"{word}{total}"
    elif event.kind == "indicator":
        said = f"{event.indicator} {event.change} {event.amount:g}"
    else:
        sign = {"power": "W", "compute": "FLOPS"}[event.kind]
        said = f"{_si(event.amount or 0.0)}{sign}"
    when = f", {event.online}" if event.online else ""
    return f"{head}: {said}{when}"


def _si(value: float) -> str:
    for size, sign in ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M")):
        if value >= size:
            return f"{value / size:.4g} {sign}"
    return f"{value:g} "


def share_short(share: Share) -> str:
    """A share for a table: with its error, or as a bound."""
    if share.bound is None:
        return f"{percent(share.value)} ± {100 * share.error:.1f}"
    limit = 100 * share.bound
    return f"0 % (< {limit:.2g} %)" if share.value == 0 else f"100 % (> {100 - limit:.4g} %)"


def figure_text(x: float) -> str:
    """A figure in its unit: whole from 1,000 on, else four digits."""
    return f"{x:,.0f}" if abs(x) >= 1000 else f"{x:.4g}"
