"""Numbers as people read them, and the answers of the chapters in English and Korean."""

from __future__ import annotations

from podium.robustness.audit.phrases import LANGUAGES

__all__ = ["answer", "figure", "percent", "places", "r2"]


def percent(share: float) -> str:
    """A share as a whole percentage; one decimal below 1 %."""
    value = 100 * float(share)
    shown = f"{value:.1f} %" if 0 < abs(value) < 0.95 else f"{value:.0f} %"
    return shown.replace("-", "−")


def figure(x: float) -> str:
    """A figure with about four digits and thousands apart."""
    size = abs(x)
    if size >= 1e15 or 0 < size < 1e-4:
        return f"{x:.3g}"
    if size >= 1000:
        return f"{x:,.0f}"
    return f"{float(f'{x:.4g}'):g}"


def places(n: float) -> dict[str, str]:
    """A number of places in each language."""
    said = f"{abs(n):.0f}"
    return {"en": f"{said} place" if said == "1" else f"{said} places", "ko": f"{said}계단"}


def r2(x: float) -> str:
    """A correlation with two decimals; three near 1 and −1, so that 0.997 is not 1."""
    shown = f"{x:.3f}" if 0.995 <= abs(x) < 1 else f"{x:.2f}"
    return shown.replace("-", "−")


_ANSWERS: dict[str, tuple[str, str]] = {
    "framework": (
        "{items} indicators in {groups} groups on {levels} levels rank {units} units.",
        "지표 {items}개, 묶음 {groups}개, {levels}개 층으로 대상 {units}개의 순위를 매깁니다."),
    "framework lost": (
        "{items} indicators in {groups} groups on {levels} levels rank {units} units. {lost} more could not be used.",
        "지표 {items}개, 묶음 {groups}개, {levels}개 층으로 대상 {units}개의 순위를 매깁니다. 지표 {lost}개는 쓸 수 없었습니다."),
    "data": (
        "{share} of all figures are there; {low} of {n} units have less than {limit}.",
        "전체 값의 {share}가 있습니다. 대상 {n}개 중 {low}개가 {limit} 미만입니다."),
    "data aged": ("Indicators with old figures, counted to {latest}: {n}.", "{latest}년 기준으로 지표 {n}개가 오래되었습니다."),
    "data ageless": (
        "The tables do not say of which years the figures are, so their age is not known.",
        "표에 값의 연도가 없어 나이를 알 수 없습니다."),
    "distribution": (
        "Indicators with figures or scales to be checked: {grave} of {n}; lopsided: {skewed}.",
        "지표 {n}개 중 {grave}개의 값이나 척도를 확인해야 합니다. 한쪽으로 치우친 지표는 {skewed}개입니다."),
    "coherence": (
        "Counted twice: {twice} pairs or sets of indicators. Against the rest: {against}. Groups that hang together"
        " weakly: {weak}.",
        "같은 것을 두 번 세는 지표 묶음 {twice}개, 나머지와 반대로 움직이는 것 {against}개, 약하게 묶인 영역 {weak}개입니다."),
    "importance": (
        "The weights say what they do: no part makes a third of the differences that its weight promises, or less.",
        "가중치가 말하는 만큼 일합니다. 가중치의 3분의 1도 일하지 않는 부분은 없습니다."),
    "importance idle": (
        "Parts of the index that matter far less or far more than their weights say: {n}.",
        "지수의 {n}개 부분이 가중치보다 훨씬 덜 또는 더 중요합니다."),
    "compensation": (
        "If weaknesses could not be made up for, the middle unit would move {middle}, the most {most}.",
        "약점을 메울 수 없다면 가운데 대상은 {middle}, 가장 많이는 {most} 움직입니다."),
    "robustness": (
        "Under {draws} other choices of {what}, the middle unit's rank moves within {width} (of {all});"
        " {shift} of the units stay within {limit} places of their rank in the middle.",
        "{what}의 다른 선택 {draws}가지에서 가운데 대상의 순위는 {all}개 중 {width} 안에서 움직입니다. 대상의 {shift}는 가운데 순위가"
        " 발표 순위와 {limit}계단 안입니다."),
    "robustness open": ("{why}", "{why}"),
    "sensitivity": ("What moves the ranks most is {name} ({share} of the movement).",
                    "순위를 가장 많이 움직이는 것은 ‘{name}’입니다(움직임의 {share})."),
    "sensitivity open": ("{why}", "{why}"),
    "added": (
        "The part nearest to the index is {a} (rank correlation {r}).",
        "지수와 가장 가까운 부분은 {a}입니다(순위상관 {r})."),
    "added bench": (
        "The part nearest to the index is {a} (rank correlation {r}); with {by} it is {g}.",
        "지수와 가장 가까운 부분은 {a}입니다(순위상관 {r}). {by} 기준으로는 {g}입니다."),
    "added without": (
        "The part nearest to the index is {a} (rank correlation {r}). No column of GDP per head is at hand; name one"
        " under `audit: benchmarks`.",
        "지수와 가장 가까운 부분은 {a}입니다(순위상관 {r}). 1인당 GDP 열이 없습니다. `audit: benchmarks`에 적으면 비교합니다."),
    "doubt": (
        "Under its own best weights the middle unit would move {middle}; so many would be first: {n}.",
        "저마다 가장 좋은 가중치라면 가운데 대상은 {middle} 움직이고, {n}개 대상이 1위가 됩니다."),
    "doubt open": ("{why}", "{why}"),
}  # fmt: skip


def answer(key: str, **values: object) -> dict[str, str]:
    """Return a chapter's answer in each language; a value may differ between languages."""
    out = {}
    for k, lang in enumerate(LANGUAGES):
        held = {n: v[lang] if isinstance(v, dict) else v for n, v in values.items()}
        out[lang] = _ANSWERS[key][k].format_map(held)
    return out
