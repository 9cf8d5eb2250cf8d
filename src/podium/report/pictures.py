"""A chart as a file: a page that opens anywhere, SVG, or PNG."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

from podium.errors import Fault, InputError
from podium.report.charts import svg, themed
from podium.report.tokens import FONTS, css

__all__ = ["SUFFIXES", "picture"]

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
        return svg(several[0], theme="light", width=WIDTH).encode("utf-8")
    if kind == ".png":
        return _png(several[0])
    raise InputError(Fault(f"a chart cannot be written as {path.suffix or path.name!r}",
                           f"Use a file that ends in {', '.join(SUFFIXES)}"))  # fmt: skip


def _png(chart: dict[str, Any]) -> bytes:
    """A chart on paper colour at twice its size."""
    import vl_convert

    from podium.report.tokens import LIGHT

    wide = f'"width": {WIDTH - chart["usermeta"]["margin"]}'
    spec = json.loads(json.dumps(themed(chart, "light")).replace('"width": "container"', wide))
    spec["config"]["background"] = LIGHT["paper"]
    spec["padding"] = 16
    return bytes(vl_convert.vegalite_to_png(spec, scale=2))
