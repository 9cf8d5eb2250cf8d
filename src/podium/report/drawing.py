"""A finished specification drawn; light to import, so that a process that does nothing else starts quickly."""

from __future__ import annotations

import json

__all__ = ["draw_png", "draw_svg"]


def draw_svg(spec: str) -> str:
    """Return a Vega-Lite specification, given as JSON, drawn as SVG."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(json.loads(spec)))


def draw_png(spec: str, scale: float) -> bytes:
    """Return a Vega-Lite specification, given as JSON, drawn as PNG, so many pixels a point."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(json.loads(spec), scale=scale))
