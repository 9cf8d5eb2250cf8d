"""Charts as files (a page that opens anywhere, SVG, PNG), and the one script that draws them in a browser."""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from podium.errors import Fault, InputError
from podium.report.charts import fixed, svg
from podium.report.tokens import FONTS, LIGHT, css

__all__ = ["SUFFIXES", "bundle", "on_paper", "picture", "png", "svg_file"]

SUFFIXES = (".html", ".svg", ".png")
WIDTH = 720

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title><style>{css}
body{{font-family:{fonts};background:var(--paper);color:var(--ink);max-width:46rem;margin:2rem auto;padding:0 1rem}}
svg{{max-width:100%;height:auto}}</style></head><body>{charts}</body></html>
"""


def picture(charts: dict[str, Any] | list[dict[str, Any]], path: Path) -> bytes:
    """Return one or several charts in the format of a file's suffix; a picture holds one.

    Raises
    ------
    InputError
        If the suffix is none of `SUFFIXES`.
    """
    several = charts if isinstance(charts, list) else [charts]
    kind = path.suffix.lower()
    if kind == ".html":
        title = html.escape(" ".join(several[0]["title"]["text"]))
        text = _PAGE.format(title=title, css=css(), fonts=FONTS.replace('"', "'"), charts="\n".join(map(svg, several)))
        return text.encode("utf-8")
    if kind == ".svg":
        return svg_file(several[0])
    if kind == ".png":
        return png(several[0])
    raise InputError(Fault(f"a chart cannot be written as {path.suffix or path.name!r}",
                           f"Use a file that ends in {', '.join(SUFFIXES)}"))  # fmt: skip


def svg_file(spec: Mapping[str, Any], *, width: int = WIDTH) -> bytes:
    """Return a chart as an SVG file that stands alone, in the light colours."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(on_paper(spec, width=width))).encode("utf-8")


def png(spec: Mapping[str, Any], *, width: int = WIDTH, scale: float = 2.0) -> bytes:
    """Return a chart as a PNG picture in the light colours, `scale` pixels a point."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(on_paper(spec, width=width), scale=scale))


@cache
def bundle() -> str:
    """Return the script with Vega, Vega-Lite, Vega-Embed and Vega's expression interpreter: `window.podiumEmbed`."""
    import vl_convert

    return str(vl_convert.javascript_bundle("window.podiumEmbed = vegaEmbed;"))


def on_paper(spec: Mapping[str, Any], *, width: int) -> dict[str, Any]:
    """Return a specification in light colours on paper, of a width in pixels, ready to be drawn."""
    held = fixed(dict(spec), theme="light", width=width)
    held["config"]["background"] = LIGHT["paper"]
    held["padding"] = 16
    return held
