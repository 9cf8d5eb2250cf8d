"""The sentences in which a verdict gives its reason, in the language of the article."""

from __future__ import annotations

from typing import Literal

from podium.data.countries import country_name, iso3_codes

__all__ = ["Language", "amount", "money", "particle", "phrase", "who"]

Language = Literal["ko", "en", "ja"]
_LANGUAGES: tuple[Language, ...] = ("ko", "en", "ja")

# Korean, English, Japanese. Names in braces are filled in; a note in brackets stays as its source has it.
_PHRASES: dict[str, tuple[str, str, str]] = {
    "nothing": ("기사의 다른 수치나 보유한 사실 가운데 견줄 것이 없습니다", "no figure of the article and no fact held bears on it",
                "記事の他の数値にも手元の事実にも照らし合わせるものがありません"),
    "no rate": ("유럽중앙은행(ECB) 기준환율에 {day} 또는 그 전 한 달의 {a}·{b} 환율이 없습니다", "no ECB rate between {a} and {b} is held for {day} or the month before", "{day}とその前1カ月の{a}と{b}のECB参照レートが手元にありません"),
    "conversion": ("{x}{eun} {day} ECB 기준환율({rate})로 {y}이고, 기사는 {z}({off})입니다", "{x} is {y} at the ECB rate of {day} ({rate}); the article says {z}, {off}",
                   "{x}は{day}のECB参照レート（{rate}）で{y}、記事は{z}（{off}）です"),
    "rank unknown": ("{index} {wanted}판의 {subject} 순위는 없고, 마지막으로 보유한 것은 {value}위({period})입니다",
                     "no rank of {subject} is held for {index} {wanted}; the last one held is {value} ({period})",
                     "{index}{wanted}年版の{subject}の順位は手元になく、最後のものは{value}位（{period}）です"),
    "rank right": ("{name} {period}: {subject} {value}위", "{name} {period}: {subject} {value}", "{name} {period}：{subject} {value}位"),
    "rank wrong": ("{name} {period}: {subject}의 순위는 {stated}위가 아니라 {value}위입니다{other}", "{name} {period}: {subject} is {value}, not {stated}{other}",
                   "{name} {period}：{subject}は{stated}位ではなく{value}位です{other}"),
    "other edition": ("; {value}위는 {period}년판의 순위입니다{note}", "; {value} is the rank of the {period} edition{note}", "；{value}位は{period}年版の順位です{note}"),
    "no earlier": ("{reason}; 그 전 판은 보유하지 않습니다", "{reason}; no earlier edition is held", "{reason}；それ以前の版は手元にありません"),
    "rank change": ("{name}: {subject} {before}위({then}) → {value}위({period}){other}", "{name}: {subject} {before} ({then}) → {value} ({period}){other}",
                    "{name}：{subject} {before}位（{then}）→{value}位（{period}）{other}"),
    "coverage": ("지수의 조사 대상이 {old}년 {one}개국에서 {new}년 {two}개국으로 바뀌어 두 순위는 같은 조건이 아닙니다 [{ids}]",
                 "the index covered {one} countries in {old} and {two} in {new}, so the two ranks are not of one field [{ids}]",
                 "指数の対象は{old}年が{one}カ国、{new}年が{two}カ国で、二つの順位は同じ土俵のものではありません [{ids}]"),
    "score": ("{index} {period}: {value}점", "{index} {period}: {value}", "{index} {period}：{value}点"),
    "countries": ("{index} {period}: {value}개국", "{index} {period}: {value} countries", "{index} {period}：{value}カ国"),
    "linpack": ("TOP500 {period}: {value}페타플롭스", "TOP500 {period}: {value} PFLOPS", "TOP500 {period}：{value}ペタフロップス"),
    "memory": ("{name}의 메모리는 {held}{unit}입니다", "{name} has {held} {unit} of memory", "{name}のメモリーは{held}{unit}です"),
    "accelerators": ("{name}의 GPU는 {held}개입니다", "{name} has {held} accelerators", "{name}のGPUは{held}基です"),
    "cpus": ("{name}의 CPU는 {held}개입니다", "{name} has {held} CPUs", "{name}のCPUは{held}基です"),
    "bandwidth": ("{name}의 메모리 대역폭은 {held} {unit}입니다", "{name} has a memory bandwidth of {held} {unit}", "{name}のメモリー帯域幅は{held} {unit}です"),
    "power": ("{name}의 최대 소비전력은 {held} {unit}입니다", "{name} draws up to {held} {unit}", "{name}の最大消費電力は{held} {unit}です"),
    "flops": ("{name}의 {bits}비트 연산 성능은 {kind} {held} {unit}입니다", "{name} delivers {held} {unit} at {bits} bits, {kind}", "{name}の{bits}ビット演算性能は{kind}で{held} {unit}です"),
    "densely": ("밀집 연산 기준", "dense", "密行列"), "sparsely": ("희소 연산 기준", "with sparsity", "スパース"), "and": ("; ", "; ", "；"),
    "sparse": ("희소 연산을 쓸 때의 값이며, 밀집 연산으로는 그 절반입니다 [{ids}]", "This is with structured sparsity; dense operations give half [{ids}]", "構造的スパース性を使った値で、密な演算ではその半分です [{ids}]"),
    "tdp": ("{name}의 최대 소비전력은 {held}{unit}입니다", "{name} draws up to {held} {unit}", "{name}の最大消費電力は{held}{unit}です"),
    "to": ("~", " to ", "〜"),
    "vendor says": ("{publisher}가 밝힌 값은 {against} 대비 {value}배입니다", "{publisher} says {value} × {against}", "{publisher}の公表値は{against}比{value}倍です"),
    "vendor own": ("{against} 대비 특정 작업 하나에 대한 제조사 자체 수치이며 측정값이 아닙니다 [{ids}]",
                   "the vendor's own figure for one workload against {against}, not a measurement [{ids}]", "{against}比の一つの処理についてのメーカー自身の数値で、測定値ではありません [{ids}]"),
    "vendor held": ("보유한 제조사 수치는 {held}입니다", "the vendor's held figure is {held}", "手元にあるメーカーの数値は{held}です"),
    "vendor one": ("{against} 대비 {value}배", "{value} × {against}", "{against}比{value}倍"),
    "measured": ("MLPerf 측정({period})으로는 GPU당 {other}의 {low}~{high}배입니다{was}{later} [{ids}]", "measured in MLPerf ({period}): {low}–{high} × {other} per GPU{was}{later} [{ids}]",
                 "MLPerfの測定（{period}）ではGPU当たり{other}の{low}〜{high}倍です{was}{later} [{ids}]"),
    "measured before": (" ({period} 사전 공개 때는 {low}~{high}배)", " (preview of {period}: {low}–{high})", "（{period}の先行公開では{low}〜{high}倍）"),
    "published after": ("; 기사가 나온 뒤 공개됐습니다", "; published after the article", "；記事の後に公表されました"),
    "steps": ("{before}위에서 {value}위는 {moved}계단입니다", "from {before} to {value} is {moved} places", "{before}位から{value}位は{moved}つの変動です"),
    "equivalents": ("H100 환산(8비트 조밀 연산)으로 {chip} {part}개는 {worth}개, H100 {whole}개의 {share}입니다{named} [Epoch AI, ML hardware]",
                    "in H100 equivalents (dense 8-bit) {part} {chip} are {worth}, {share} of {whole} H100{named} [Epoch AI, ML hardware]",
                    "H100換算（8ビット密演算）では{chip} {part}基は{worth}基で、H100 {whole}基の{share}です{named} [Epoch AI, ML hardware]"),
    "likeliest": (" (기사에 칩 이름이 없어 그 무렵 가장 그럴듯한 {chip}로 보았습니다)", " (the article names no chip; {chip} is the likeliest of that date)", "（記事にチップ名がないため、当時最も有力な{chip}とみています）"),
    "other count": ("다른 집계: {period} {what} {value}개{note}{later} [{ids}]", "another count: {value} {what} in {period}{note}{later} [{ids}]", "別の集計：{period} {what} {value}基{note}{later} [{ids}]"),
    "known later": (" (기사가 나온 뒤 알려짐)", " (known only after the article)", "（記事の後に判明）"),
    "round": ("{subject}는 {period}에 {value}{eul} 따로 받았습니다{times} [{ids}]", "{subject} had another round of {value} in {period}{times} [{ids}]",
              "{subject}には{period}に別の{value}の助成がありました{times} [{ids}]"),
    "times as large": (", 이 금액의 {ratio}배입니다", ", {ratio} times as large", "（この金額の{ratio}倍）"),
}  # fmt: skip


def phrase(language: Language, key: str, **values: object) -> str:
    """Return a phrase in a language, its gaps filled."""
    return _PHRASES[key][_LANGUAGES.index(language)].format(**values)


def who(language: Language, subject: str | None) -> str:
    """Return a subject as one names it: a country by its name in the language, anything else as it is."""
    if subject is None:
        return {"ko": "대상", "en": "the subject", "ja": "対象"}[language]
    return country_name(subject, language) if subject in iso3_codes() else subject


_SCALES: dict[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e12, " tn"), (1e9, " bn"), (1e6, " m")),
    "ko": ((1e12, "조"), (1e8, "억"), (1e4, "만")),
    "ja": ((1e12, "兆"), (1e8, "億"), (1e4, "万")),
}


def particle(word: str, closed: str, open_: str) -> str:
    """Return the Korean particle after a word: 은 or 는, 이 or 가, 을 or 를."""
    last = word[-1:]
    return closed if "가" <= last <= "힣" and (ord(last) - 0xAC00) % 28 else open_


def money(language: Language, x: float, unit: str) -> str:
    """Return a sum to four digits as one says it in a language: 4.5 bn EUR, 45억유로, 45億ユーロ."""
    from podium.claims.corrections import money_word

    return f"{amount(language, x)} {unit}" if language == "en" else f"{amount(language, x)}{money_word(unit, language)}"


def amount(language: Language, x: float) -> str:
    """Return a sum to four digits with the language's word of scale: 4.5 bn, 45억, 45億."""
    for scale, sign in _SCALES[language]:
        if x >= scale:
            return f"{x / scale:,.4g}{sign}" if x / scale < 10000 else f"{x / scale:,.0f}{sign}"
    return f"{x:,.0f}"
