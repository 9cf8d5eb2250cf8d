"""Charts as picture files, and the one script that draws them in a browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from podium.report.charts import themed
from podium.report.tokens import LIGHT

__all__ = ["bundle", "png", "svg_file"]


def _fixed(spec: Mapping[str, Any], width: int) -> dict[str, Any]:
    """A specification in light colours on paper, of a width in pixels."""
    margin = spec["usermeta"]["margin"]
    coloured = themed(dict(spec), "light")
    coloured["config"]["background"] = LIGHT["paper"]
    coloured["padding"] = 16
    held: dict[str, Any] = json.loads(
        json.dumps(coloured).replace('"width": "container"', f'"width": {width - margin}')
    )
    return held


def svg_file(spec: Mapping[str, Any], *, width: int) -> bytes:
    """Return a chart as an SVG file that stands alone, in the light colours."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(_fixed(spec, width))).encode("utf-8")


def png(spec: Mapping[str, Any], *, width: int, scale: float = 2.0) -> bytes:
    """Return a chart as a PNG picture in the light colours, `scale` pixels a point."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_fixed(spec, width), scale=scale))


@cache
def bundle() -> str:
    """Return the script with Vega, Vega-Lite, Vega-Embed and Vega's expression interpreter: `window.podiumEmbed`."""
    import vl_convert

    return str(vl_convert.javascript_bundle("window.podiumEmbed = vegaEmbed;"))
