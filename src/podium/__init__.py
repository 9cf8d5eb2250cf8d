"""Who stands on the podium, how sure can we be, and what would change it."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from podium.version import VERSION

if TYPE_CHECKING:
    from podium.brief.tell import brief
    from podium.claims.check import check_article
    from podium.claims.extract import read_article
    from podium.compare.editions import compare, compare_many, correlate
    from podium.compare.moves import moves
    from podium.compare.recover import recover
    from podium.compare.removal import change_indicators, leave_each_out
    from podium.evidence.ledger import bundled as evidence
    from podium.index.associations import (
        ancestor_correlations,
        correlations,
        denominator_correlations,
        flagged_correlations,
    )
    from podium.index.build import build, build_panel
    from podium.index.components import component_table
    from podium.index.reliability import reliability
    from podium.index.spec import load_spec
    from podium.index.standings import standings, unit_summary
    from podium.index.statistics import availability, statistics
    from podium.index.strengths import strengths
    from podium.index.trends import trends
    from podium.robustness.audit.run import audit
    from podium.robustness.engine import stress
    from podium.robustness.ranges import rank_ranges
    from podium.robustness.sensitivity import sensitivity
    from podium.scenarios.forecast import forecast
    from podium.scenarios.goals import reach
    from podium.scenarios.whatif import whatif

__version__ = VERSION

__all__ = [
    "__version__",
    "ancestor_correlations",
    "audit",
    "availability",
    "brief",
    "build",
    "build_panel",
    "change_indicators",
    "check_article",
    "compare",
    "compare_many",
    "component_table",
    "correlate",
    "correlations",
    "denominator_correlations",
    "evidence",
    "flagged_correlations",
    "forecast",
    "leave_each_out",
    "load_spec",
    "moves",
    "rank_ranges",
    "reach",
    "read_article",
    "recover",
    "reliability",
    "sensitivity",
    "standings",
    "statistics",
    "strengths",
    "stress",
    "trends",
    "unit_summary",
    "whatif",
]

# Heavy rooms load when they are first used, so that `import podium` is quick.
_WHERE = {
    "ancestor_correlations": ("podium.index.associations", "ancestor_correlations"),
    "audit": ("podium.robustness.audit.run", "audit"),
    "availability": ("podium.index.statistics", "availability"),
    "brief": ("podium.brief.tell", "brief"),
    "build": ("podium.index.build", "build"),
    "build_panel": ("podium.index.build", "build_panel"),
    "change_indicators": ("podium.compare.removal", "change_indicators"),
    "check_article": ("podium.claims.check", "check_article"),
    "compare": ("podium.compare.editions", "compare"),
    "compare_many": ("podium.compare.editions", "compare_many"),
    "component_table": ("podium.index.components", "component_table"),
    "correlate": ("podium.compare.editions", "correlate"),
    "correlations": ("podium.index.associations", "correlations"),
    "denominator_correlations": ("podium.index.associations", "denominator_correlations"),
    "evidence": ("podium.evidence.ledger", "bundled"),
    "flagged_correlations": ("podium.index.associations", "flagged_correlations"),
    "forecast": ("podium.scenarios.forecast", "forecast"),
    "leave_each_out": ("podium.compare.removal", "leave_each_out"),
    "load_spec": ("podium.index.spec", "load_spec"),
    "reach": ("podium.scenarios.goals", "reach"),
    "moves": ("podium.compare.moves", "moves"),
    "rank_ranges": ("podium.robustness.ranges", "rank_ranges"),
    "read_article": ("podium.claims.extract", "read_article"),
    "recover": ("podium.compare.recover", "recover"),
    "reliability": ("podium.index.reliability", "reliability"),
    "sensitivity": ("podium.robustness.sensitivity", "sensitivity"),
    "standings": ("podium.index.standings", "standings"),
    "statistics": ("podium.index.statistics", "statistics"),
    "strengths": ("podium.index.strengths", "strengths"),
    "stress": ("podium.robustness.engine", "stress"),
    "trends": ("podium.index.trends", "trends"),
    "unit_summary": ("podium.index.standings", "unit_summary"),
    "whatif": ("podium.scenarios.whatif", "whatif"),
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'podium' has no attribute {name!r}")
    module, attribute = _WHERE[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__


class _Doors(ModuleType):
    """The package: a door that shares its name with a room (``podium.compare``) stays once the room is loaded."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _WHERE or not isinstance(value, ModuleType):  # what importing a room would put here
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Doors
