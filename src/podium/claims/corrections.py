"""What a newsroom prints: a sentence of correction in the article's language, and figures as it writes them."""

from __future__ import annotations

from typing import Literal

from podium.claims.claim import CheckedArticle, Claim
from podium.claims.numerals import spell

__all__ = ["correction", "corrections", "money_word", "write_figure"]

Language = Literal["ko", "en", "ja"]
_MONEY = {
    "KRW": ("원", "won", "ウォン"), "JPY": ("엔", "yen", "円"), "USD": ("달러", "dollars", "ドル"), "EUR": ("유로", "euros", "ユーロ"),
    "GBP": ("파운드", "pounds", "ポンド"), "CNY": ("위안", "yuan", "元"), "CAD": ("캐나다달러", "Canadian dollars", "カナダドル"),
    "INR": ("루피", "rupees", "ルピー"), "AUD": ("호주달러", "Australian dollars", "豪ドル"), "SGD": ("싱가포르달러", "Singapore dollars", "シンガポールドル"),
    "SEK": ("크로나", "Swedish kronor", "クローナ"), "NOK": ("노르웨이크로네", "Norwegian kroner", "ノルウェークローネ"), "DKK": ("덴마크크로네", "Danish kroner", "デンマーククローネ"),
    "SAR": ("리얄", "riyals", "リヤル"), "AED": ("디르함", "dirhams", "ディルハム"), "MYR": ("링깃", "ringgit", "リンギット"), "IDR": ("루피아", "rupiah", "ルピア"),
    "THB": ("바트", "baht", "バーツ"), "VND": ("동", "dong", "ドン"), "PLN": ("즈워티", "zlotys", "ズウォティ"), "BRL": ("헤알", "reais", "レアル"),
    "TRY": ("리라", "lira", "リラ"), "ILS": ("셰켈", "shekels", "シェケル"), "HKD": ("홍콩달러", "Hong Kong dollars", "香港ドル"),
    "NZD": ("뉴질랜드달러", "New Zealand dollars", "ニュージーランドドル"), "MXN": ("멕시코페소", "Mexican pesos", "メキシコペソ"), "PHP": ("필리핀페소", "Philippine pesos", "フィリピンペソ"), "ZAR": ("랜드", "rand", "ランド"),
    "TWD": ("대만달러", "Taiwan dollars", "台湾ドル"), "CHF": ("스위스프랑", "Swiss francs", "スイスフラン"),
}  # fmt: skip
_COUNTED = {"gpu": ("개", "", "基"), "cpu": ("개", "", "基"), "system": ("대", "", "台"), "rack": ("대", " racks", "台"),
            "country": ("개국", " countries", "カ国"), "point": ("점", " points", "点"), "patent": ("건", " patents", "件"),
            "model": ("개", " models", "件"), "building": ("기", " buildings", "棟")}  # fmt: skip
_PREFIXES = ((1e18, "E", "엑사", "エクサ"), (1e15, "P", "페타", "ペタ"), (1e12, "T", "테라", "テラ"), (1e9, "G", "기가", "ギガ"),
             (1e6, "M", "메가", "メガ"), (1e3, "k", "킬로", "キロ"))  # fmt: skip
_ENGLISH_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def correction(claim: Claim, language: Language) -> str | None:
    """Return one sentence that corrects a contradicted figure in the article's language; None for every other verdict.

    The sentence quotes the figure as printed, says what it should be where a check gives it, and on what that rests.
    """
    if claim.verdict != "contradicted":
        return None
    quoted, reason = claim.span_text.strip(), claim.reason
    right = None if claim.correct_value is None else write_figure(claim.correct_value, claim.correct_unit, language)
    if language == "ko":
        body = f"‘{quoted}’{_josa(quoted, '은', '는')} " + (f"{right}{_josa(right, '이', '가')} 맞습니다" if right else "맞지 않습니다")
        return f"{body}(근거: {reason})."
    if language == "ja":
        return f"「{quoted}」は" + (f"正しくは{right}です" if right else "誤りです") + f"（根拠：{reason}）。"
    return f"“{quoted}” should read {right} ({reason})." if right else f"“{quoted}” is wrong ({reason})."


def corrections(article: CheckedArticle) -> list[tuple[Claim, str]]:
    """Return every contradicted claim of an article with its correction, in order."""
    return [(c, text) for c in article.claims if (text := correction(c, article.language)) is not None]


def write_figure(value: float, unit: str | None, language: Language) -> str:
    """Return a value in base units as a newspaper of a language prints it: 4조5000억원, $3.3bn, 4億7000万ドル, 40MW."""
    k = ("ko", "en", "ja").index(language)
    if unit in _MONEY or (unit is not None and len(unit) == 3 and unit.isupper()):
        return _money(value, unit or "", k, language)
    if unit in ("W", "FLOPS", "B"):
        return _prefixed(value, unit, k)
    if unit == "ratio":
        return f"{100 * value:.3g}" + ("%", "%", "%")[k]
    if unit == "x":
        return f"{value:.3g}" + ("배", " times", "倍")[k]
    if unit == "rank":
        n = round(value)
        suffix = "th" if n % 100 in (11, 12, 13) else _ENGLISH_ORDINALS.get(n % 10, "th")
        return f"{n}" + ("위", suffix, "位")[k]
    return _number(value, language) + _COUNTED.get(unit or "", ("", "", ""))[k]


def money_word(unit: str, language: Language) -> str:
    """Return what a currency is called in a language; its code where that is not held."""
    return _MONEY[unit][("ko", "en", "ja").index(language)] if unit in _MONEY else f" {unit}"


def _number(value: float, language: Language) -> str:
    whole = round(value)
    if language == "en" or whole < 10_000 or whole != value:
        return f"{value:,.10g}"
    return spell(whole, "ko" if language == "ko" else "ja")


def _money(value: float, unit: str, k: int, language: Language) -> str:
    digits = 10 ** max(0, len(str(int(value))) - 3)
    whole = max(1, round(value / digits) * digits)
    if language == "en":
        amount = spell(whole, "en-scale") if whole < 10**16 else f"{whole:.3g}"
        return f"${amount}" if unit == "USD" else f"{amount} {_MONEY[unit][1] if unit in _MONEY else unit}"
    return (spell(whole, "ko" if language == "ko" else "ja") if whole < 10**16 else f"{whole:.3g}") + (_MONEY[unit][k] if unit in _MONEY else unit)


def _prefixed(value: float, unit: str, k: int) -> str:
    for scale, sign, ko, ja in _PREFIXES:
        if value >= scale:
            number = f"{value / scale:.4g}"
            if unit == "FLOPS" and k != 1:
                return number + (f"{ko}플롭스", "", f"{ja}フロップス")[k]
            return f"{number} {sign}{unit}" if unit == "FLOPS" else f"{number}{sign}{unit}"
    return f"{value:g}{unit}"


def _josa(word: str, closed: str, open_: str) -> str:
    """The particle after a word's last sound."""
    last = next((c for c in reversed(word) if c.isalnum()), "")
    if "가" <= last <= "힣":
        return closed if (ord(last) - 0xAC00) % 28 else open_
    return closed if last in "0136780LMNRlmnr" else open_
