"""Words for the codes in an audit's tables: methods, treatments, findings, assumptions, options."""

from __future__ import annotations

from podium.robustness.audit.run import Audit
from podium.robustness.audit.wording import choice_word

__all__ = ["labelled"]

_AT = {"en": 0, "ko": 1}
_LABELS: dict[str, tuple[str, str]] = {
    "arithmetic": ("arithmetic mean", "산술평균"), "geometric": ("geometric mean", "기하평균"),
    "harmonic": ("harmonic mean", "조화평균"), "median": ("median", "중앙값"), "minimum": ("least", "최솟값"),
    "sum": ("sum", "합계"), "power": ("power mean", "거듭제곱평균"), "difference": ("difference", "차"),
    "quotient": ("quotient", "비"), "product": ("product", "곱"), "first": ("first known", "첫 값"),
    "power mean, exponent 0.5": ("power mean, exponent 0.5", "거듭제곱평균(지수 0.5)"),
    "as specified": ("as specified", "명세대로"), "none": ("none", "없음"), "mean": ("mean", "평균"),
    "winhi": ("pulled down", "내림"), "winlo": ("pulled up", "올림"), "log": ("logarithm", "로그 변환"),
    "winsorise": ("winsorised", "극단값 조정"), "boxcox": ("Box–Cox", "박스–콕스 변환"),
    "clip": ("clipped", "범위 제한"),
    "part": ("part", "영역"), "benchmark": ("benchmark", "비교 기준"),
    "outlier": ("outlier", "이상값"), "skewed": ("lopsided", "치우침"),
    "nearly_constant": ("hardly differs", "차이 거의 없음"),
}  # fmt: skip


def labelled(a: Audit, key: str, value: str, language: str) -> str:
    """Return the text of a cell that holds codes, several of them apart by commas or dots.

    Parameters
    ----------
    key
        The column, as the audit's tables name it.
    """
    if key == "name":
        return choice_word(a.built.spec, value)[language]
    if key == "choices":
        return " · ".join(_label(a, v, language) for v in value.split(" · "))
    if key in ("method", "treated", "done", "kind", "flags"):
        return ", ".join(_label(a, v, language) for v in value.split(", ") if v)
    return value


def _label(a: Audit, code: str, language: str) -> str:
    said = a.built.spec.word(code, language)
    return said if said != code or code not in _LABELS else _LABELS[code][_AT[language]]
