"""Why a scenario leaves an event out, and what it assumes, in Korean and Japanese."""

from __future__ import annotations

from podium.brief.words import name
from podium.scenarios.plans import PLANS_KNOWN
from podium.scenarios.reason import Reason

__all__ = ["FORMS", "reason_text"]

FORMS = {
    "cancelled": ("취소됨", "中止"),
    "no indicator of the index counts {kind}": ("{kind}: 이 지수에는 세는 지표가 없음", "この指数に{kind}を数える指標はない"),
    "{unit} is not in the index": ("이 지수에 없는 나라: {unit}", "{unit}はこの指数にない"),
    "not public before {day}": ("{day} 이전에는 공개되지 않음", "{day}より前は未公表"),
    "comes after {month}": ("{month} 이후에 시작함", "{month}より後に始まる"),
    "there is no rate for {currency}": ("{currency} 환율이 없음", "{currency}の換算率がない"),
    "the stock counts it already: {site}": ("이미 보유량에 들어 있음: {site}", "すでに保有量に数えている: {site}"),
    "before the edition ends on {end}": ("판의 기준일({end}) 이전", "版の基準日({end})より前"),
    "{whose}: the machine is not named; any of {chips}": (
        "{whose}: 장비 이름이 없어 다음 가운데 하나로 보았습니다: {chips}", "{whose}: 機種名がなく、次のいずれかとした: {chips}"),
    "{event}: counts with probability {chance:.3g}": ("{event}: 확률 {chance:.3g}로 반영", "{event}: 確率{chance:.3g}で数える"),
    PLANS_KNOWN: (
        "계획은 {end} 뒤에 가동되고 출처 날짜가 {date} 이전인 Epoch AI의 클러스터입니다. 그런 출처가 없는 {unknown}곳은 세지 않았고, 규모는 오늘 기록된 값입니다.",
        "計画は{end}より後に稼働し、出典の日付が{date}以前であるEpoch AIのクラスター。そうした出典のない{unknown}件は数えず、規模は今日の記録による。"),
}  # fmt: skip
_KINDS = {"money": ("돈", "資金"), "power": ("전력", "電力"), "compute": ("연산량", "計算量"), "accelerators": ("가속기", "アクセラレータ")}
_AT = {"ko": 0, "ja": 1}


def reason_text(told: str, language: str) -> str:
    """Return a reason or assumption in a language; as it stands where it has no form there."""
    if language not in _AT or not isinstance(told, Reason) or told.form not in FORMS:
        return told
    at, values = _AT[language], dict(told.values)
    if "kind" in values:
        values["kind"] = _KINDS.get(values["kind"], (values["kind"],) * 2)[at]
    if values.get("date") == "any day":
        values["date"] = ("어느 날이든 그", "いずれかの日")[at]
    for key in {"unit", "whose"} & set(values):
        values[key] = name(values[key], language)
    return FORMS[told.form][at].format(**values)
