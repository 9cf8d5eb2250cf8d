"""Who stands on the podium, how sure can we be, and what would change it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from podium.version import VERSION

if TYPE_CHECKING:
    from podium.brief.tell import brief
    from podium.claims.check import check_article
    from podium.claims.extract import read_article
    from podium.compare.editions import compare
    from podium.evidence.ledger import bundled as evidence
    from podium.index.build import build, build_panel
    from podium.index.spec import load_spec
    from podium.robustness.engine import stress
    from podium.scenarios.whatif import whatif

__version__ = VERSION

__all__ = [
    "__version__",
    "brief",
    "build",
    "build_panel",
    "check_article",
    "compare",
    "evidence",
    "load_spec",
    "read_article",
    "stress",
    "whatif",
]

# Heavy rooms load when they are first used, so that `import podium` is quick.
_WHERE = {
    "brief": ("podium.brief.tell", "brief"),
    "build": ("podium.index.build", "build"),
    "build_panel": ("podium.index.build", "build_panel"),
    "check_article": ("podium.claims.check", "check_article"),
    "compare": ("podium.compare.editions", "compare"),
    "evidence": ("podium.evidence.ledger", "bundled"),
    "load_spec": ("podium.index.spec", "load_spec"),
    "read_article": ("podium.claims.extract", "read_article"),
    "stress": ("podium.robustness.engine", "stress"),
    "whatif": ("podium.scenarios.whatif", "whatif"),
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'podium' has no attribute {name!r}")
    module, attribute = _WHERE[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__
