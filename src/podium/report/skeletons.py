"""Charts made once and filled often: building and checking a specification takes longer than all the rest of a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from podium.report.charts import _finished, _wrapped

__all__ = ["ROWS", "filled", "opened", "slot"]

ROWS = "@@rows@@"


def slot(name: str) -> str:
    """The text that stands in a skeleton where a value of that name goes; a list of it alone takes a list."""
    return f"@@{name}@@"


@cache
def _skeleton(make: Callable[[], Any], margin: int) -> dict[str, Any]:
    return _finished(make(), slot("title"), slot("subtitle"), margin=margin)


def filled(make: Callable[[], Any], values: Mapping[str, Any], *, margin: int) -> dict[str, Any]:
    """Return the finished chart that a function makes with slots in place of its data and words, the slots filled.

    ``values`` holds ``title`` and ``subtitle`` beside what the chart itself leaves open.
    """
    given = dict(values) | {k: _wrapped(str(values[k])) for k in ("title", "subtitle")}
    out: dict[str, Any] = _put(_skeleton(make, margin), given)
    return out


def opened(make: Callable[[], Any], words: Mapping[str, Any], *, margin: int) -> dict[str, Any]:
    """Return the finished chart with its fixed words in place and all else still slots, for a script to fill."""
    out: dict[str, Any] = _put(_skeleton(make, margin), words)
    return out


def _put(x: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(x, dict):
        return {k: _put(v, values) for k, v in x.items()}
    if isinstance(x, list):
        if len(x) == 1 and _named(x[0], values) and isinstance(values[x[0][2:-2]], list):
            return values[x[0][2:-2]]
        return [_put(v, values) for v in x]
    return values[x[2:-2]] if _named(x, values) else x


def _named(x: Any, values: Mapping[str, Any]) -> bool:
    return isinstance(x, str) and x.startswith("@@") and x.endswith("@@") and x[2:-2] in values
