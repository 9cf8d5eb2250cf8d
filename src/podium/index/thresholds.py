"""The section `audit` of a specification: from where on an audit says that something is odd."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from podium.index.uncertainties import Part

__all__ = ["ORIGINS", "Thresholds"]

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Places = Annotated[float, Field(ge=0)]


class Thresholds(Part):
    """Thresholds of an audit, each a rule of practice or of the literature (`ORIGINS`), none a law.

    ``benchmarks`` names columns of the unit table or series beside which the index is set, such as GDP per head;
    empty finds them by their names. ``weights``, ``draws``, ``rows`` and ``seed`` say how robustness is tried where the
    specification declares no uncertainties of its own.
    """

    coverage_indicator: Share = 0.65
    coverage_unit: Share = 0.65
    coverage_pillar: Share = 0.5
    max_age: Places = 5.0
    same_value: Share = 0.8
    skew: Positive = 2.0
    kurtosis: Positive = 3.5
    outlier: Positive = 6.0
    within: tuple[float, float] = (0.3, 0.92)
    duplicate: Share = 0.995
    explained: Share = 0.95
    alpha: Share = 0.7
    eigenvalue: Positive = 1.0
    influence: Annotated[float, Field(gt=1)] = 3.0
    size: Share = 0.8
    clipped: Share = 0.5
    shift: Places = 2.0
    shift_share: Share = 0.95
    width: Places = 10.0
    redundancy: Share = 0.95
    doubt: tuple[Share, Positive] = (0.5, 1.5)
    benchmarks: tuple[str, ...] = ()
    weights: Annotated[float, Field(ge=0, lt=1)] = 0.25
    draws: Annotated[int, Field(ge=50)] = 2000
    rows: Annotated[int, Field(ge=16)] = 256
    seed: Annotated[int, Field(ge=0)] = 1

    @model_validator(mode="after")
    def _ascending(self) -> Thresholds:
        for name in ("within", "doubt"):
            low, high = getattr(self, name)
            if low >= high:
                raise ValueError(f"`{name}` must ascend")
        if self.rows & (self.rows - 1):
            raise ValueError("`rows` of the Sobol' design is a power of 2")
        return self


_OURS = ("practice of this program", "이 프로그램의 관행")
_PRACTICE = ("practice", "관행")
_COIN = ("rule of thumb of the JRC's COIN Tool", "JRC COIN Tool의 경험칙")
_COINR = ("practice of JRC audits, and the default of COINr (Becker et al. 2022)",
          "JRC 감사의 관행, COINr(Becker 외 2022)의 기본값")  # fmt: skip
ORIGINS: dict[str, tuple[str, str]] = {
    "coverage_indicator": _COIN,
    "coverage_unit": _COIN,
    "coverage_pillar": _PRACTICE,
    "max_age": ("practice; depends on how fast the thing changes", "관행. 대상이 얼마나 빨리 변하는지에 따라 다름"),
    "same_value": _OURS,
    "skew": _COINR,
    "kurtosis": _COINR,
    "outlier": ("practice of this program, in robust standard deviations", "이 프로그램의 관행(강건 표준편차의 배수)"),
    "within": _PRACTICE,
    "duplicate": _OURS,
    "explained": _OURS,
    "alpha": ("practice, commonly traced to Nunnally (1978)", "관행. 흔히 Nunnally(1978)에서 유래한다고 봄"),
    "eigenvalue": ("Kaiser (1960); counts too many things in small samples",
                   "Kaiser(1960). 표본이 작으면 지나치게 많이 셈"),
    "influence": _OURS,
    "size": _OURS,
    "clipped": _OURS,
    "shift": _PRACTICE,
    "shift_share": _PRACTICE,
    "width": ("practice; JRC audits count differences of ten places", "관행. JRC 감사는 10계단 이상의 차이를 셈"),
    "redundancy": _PRACTICE,
    "doubt": ("practice of this program; least and most weight of a part, in parts of its own",
              "이 프로그램의 관행. 영역 가중치의 하한과 상한(본래 가중치의 배수)"),
    "weights": ("practice of robustness analyses", "강건성 분석의 관행"),
}  # fmt: skip
"""Where each threshold comes from, in English and Korean; what could be attributed to nobody is called practice."""
