"""Numbers as people read them, and the answers of the chapters in English and Korean."""

from __future__ import annotations

import numpy as np

from podium.index.spec import Spec
from podium.robustness.audit.phrases import LANGUAGES

__all__ = ["answer", "choice_word", "figure", "percent", "places", "r2"]


def percent(share: float) -> str:
    """A share as a whole percentage; one decimal below 1 %."""
    value = 100 * float(share)
    shown = f"{value:.1f} %" if 0 < abs(value) < 0.95 else f"{value:.0f} %"
    return shown.replace("-", "−")


def figure(x: float) -> str:
    """A figure with about four digits and thousands apart."""
    size = abs(x)
    if size >= 1e15 or 0 < size < 1e-9:
        return f"{x:.3g}"
    if 0 < size < 1e-3:
        return np.format_float_positional(x, precision=3, fractional=False, trim="-")
    if size >= 1000:
        return f"{x:,.0f}"
    return f"{float(f'{x:.4g}'):g}"


def places(n: float) -> dict[str, str]:
    """A number of places in each language."""
    said = f"{abs(n):,.0f}"
    return {"en": f"{said} place" if said == "1" else f"{said} places", "ko": f"{said}계단"}


def r2(x: float) -> str:
    """A correlation with two decimals; three near 1 and −1, so that 0.997 is not 1."""
    shown = f"{x:.3f}" if 0.995 <= abs(x) < 1 else f"{x:.2f}"
    return shown.replace("-", "−")


_ANSWERS: dict[str, tuple[str, str]] = {
    "framework": (
        "{items} indicators in {groups} groups on {levels} levels rank {units} units.",
        "지표 {items}개, 영역 {groups}개, {levels}개 층위로 대상 {units}개의 순위를 산출합니다."),
    "framework lost": (
        "{items} indicators in {groups} groups on {levels} levels rank {units} units. {lost} more could not be used.",
        "지표 {items}개, 영역 {groups}개, {levels}개 층위로 대상 {units}개의 순위를 산출합니다. 지표 {lost}개는 사용할 수 없었습니다."),
    "data": (
        "{share} of all figures are there; units with less than {limit} of theirs: {low} of {n}.",
        "전체 값의 {share}가 있습니다. 값이 {limit} 미만인 대상은 {n}개 중 {low}개입니다."),
    "data aged": (
        "Indicators whose figures are typically more than {limit} years old in {latest}: {n}.",
        "{latest}년 기준으로 값이 대체로 {limit}년보다 오래된 지표는 {n}개입니다."),
    "data ageless": (
        "The tables do not say of which years the figures are, so their age is not known.",
        "표에 값의 연도가 없어 자료의 시점을 알 수 없습니다."),
    "distribution": (
        "Indicators with figures or scales to be checked: {grave} of {n}. Indicators in which a few units lie far from the"
        " many: {skewed}.",
        "지표 {n}개 가운데 값이나 척도를 확인해야 할 지표는 {grave}개, 소수의 대상이 크게 떨어져 있는 지표는 {skewed}개입니다."),
    "coherence": (
        "Counted twice: {twice} pairs or sets of indicators. Against the rest: {against}. Groups that hang together"
        " weakly: {weak}.",
        "두 번 반영되는 지표 쌍이나 묶음은 {twice}개, 나머지와 반대로 움직이는 항목은 {against}개, 내적 일관성이 낮은 영역은 {weak}개입니다."),
    "importance": (
        "The weights say what they do: no part makes a third of the differences that its weight promises, or less.",
        "가중치가 뜻하는 대로 작동합니다. 점수 차이에 대한 기여가 가중치의 3분의 1에 못 미치는 항목은 없습니다."),
    "importance idle": (
        "Parts that matter far less or far more than their weights say: {n}.",
        "가중치보다 훨씬 작거나 큰 영향을 미치는 항목이 {n}개입니다."),
    "compensation": (
        "If a strong part could not make up for a weak one, a typical unit would move {middle}, the most affected one"
        " {most}.",
        "강점으로 약점을 보완할 수 없게 하면 순위가 보통 {middle}, 가장 크게는 {most} 움직입니다."),
    "robustness": (
        "In {draws} trials with other choices of {what}, a typical rank stays within {width} (of {all}); {shift} of the"
        " units typically keep their published rank within {limit} places.",
        "{what} 등을 달리한 {draws}번의 시험에서 순위는 보통 {all}개 중 {width} 범위 안에서 움직입니다. 대상의 {shift}는 대체로 발표"
        " 순위와 {limit}계단 안에 머뭅니다."),
    "robustness open": ("{why}", "{why}"),
    "sensitivity": ("What moves the ranks most is “{name}” ({share} of the movement).",
                    "순위를 가장 많이 움직이는 요인은 ‘{name}’입니다(변동의 {share})."),
    "sensitivity open": ("{why}", "{why}"),
    "added": (
        "The part nearest to the index is {a} (rank correlation {r}).",
        "지수와 가장 가까운 영역은 {a}입니다(순위상관 {r})."),
    "added bench": (
        "The part nearest to the index is {a} (rank correlation {r}); with {by} it is {g}.",
        "지수와 가장 가까운 영역은 {a}입니다(순위상관 {r}). {by} 기준 순위상관은 {g}입니다."),
    "added without": (
        "The part nearest to the index is {a} (rank correlation {r}). No column of GDP per head is at hand; name one"
        " under `audit: benchmarks`.",
        "지수와 가장 가까운 영역은 {a}입니다(순위상관 {r}). 1인당 GDP 열이 없습니다. `audit: benchmarks`에 지정하면 비교합니다."),
    "doubt": (
        "Under its own best weights a typical unit would move {middle}; units that would then be first: {n}.",
        "대상마다 가장 유리한 가중치를 적용하면 순위가 보통 {middle} 움직이고, 대상 {n}개가 1위가 됩니다."),
    "doubt open": ("{why}", "{why}"),
}  # fmt: skip
_CHOICES = {"weights": "가중치", "aggregation": "합산 방법", "imputation": "결측 보완", "left out": "지표 제외",
            "errors of figures": "값의 오차"}  # fmt: skip


def choice_word(spec: Spec, name: str) -> dict[str, str]:
    """An assumption that was varied in each language: as the specification words it, else as the program does."""
    said = spec.word(name, "ko")
    if said == name:
        said = _CHOICES.get(name, name)
    if name.startswith("weights of level "):
        said = f"{name.rsplit(' ', 1)[1]}층위 가중치"
    return {"en": "indicators left out" if name == "left out" else name, "ko": said}


def answer(key: str, **values: object) -> dict[str, str]:
    """Return a chapter's answer in each language; a value may differ between languages."""
    out = {}
    for k, lang in enumerate(LANGUAGES):
        held = {n: v[lang] if isinstance(v, dict) else v for n, v in values.items()}
        out[lang] = _ANSWERS[key][k].format_map(held)
    return out
