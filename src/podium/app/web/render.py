"""Pages as HTML: one environment, everything escaped, the words of the reader's language."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from podium.app.web.ask import Ask
from podium.app.web.figures import Chart, Column, plain
from podium.app.web.i18n import LANGUAGES
from podium.data.geography import world
from podium.report.charts import coloured, fixed
from podium.report.pictures import bundle
from podium.report.tokens import FONTS, VERDICTS, css
from podium.version import VERSION

__all__ = ["ASSETS", "asset", "asset_hash", "block", "page"]

HERE = Path(__file__).resolve().parent
NAV = (
    ("ranking", "Ranking"),
    ("pair", "Head to head"),
    ("scenario", "Scenario"),
    ("article", "Article"),
    ("evidence", "Evidence"),
    ("method", "Method"),
)
DRAWING_WIDTH = 700
LONG = 40
"""From so many rows on a chart's data stand packed in the page."""


def _style() -> str:
    own = (HERE / "static" / "web.css").read_text(encoding="utf-8")
    return f"{css()}\n:root{{--fonts:{FONTS}}}\n{own}"


def _file(name: str) -> Callable[[], str]:
    return lambda: (HERE / "static" / name).read_text(encoding="utf-8")


ASSETS: Mapping[str, tuple[str, Callable[[], str]]] = {
    "podium.css": ("text/css; charset=utf-8", _style),
    "app.js": ("text/javascript; charset=utf-8", _file("app.js")),
    "htmx.min.js": ("text/javascript; charset=utf-8", _file("htmx.min.js")),
    "htmx-sse.min.js": ("text/javascript; charset=utf-8", _file("htmx-sse.min.js")),
    "world.js": ("text/javascript; charset=utf-8", lambda: f"window.podiumWorld={json.dumps(world())};"),
    "vega.js": ("text/javascript; charset=utf-8", bundle),
    "icon.svg": ("image/svg+xml", _file("icon.svg")),
}


@cache
def asset(name: str) -> bytes:
    """Return a file that pages load, by its name in `ASSETS`."""
    return ASSETS[name][1]().encode("utf-8")


@cache
def asset_hash(name: str) -> str:
    """The beginning of an asset's hash, so that its address changes when it does."""
    return hashlib.sha256(asset(name)).hexdigest()[:12]


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def spec_json(chart: Chart) -> Markup:
    """A chart's specification as JSON that may stand inside a script element."""
    return _json(_packed(plain(_without_world(chart.spec or {}))))


def block(values: Mapping[str, Any]) -> Markup:
    """Values, charts among them, as JSON that may stand inside a script element."""
    return _json(plain(_without_world(values)))


def _json(values: Any) -> Markup:
    text = coloured(json.dumps(values, ensure_ascii=False, separators=(",", ":")), "css")
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _packed(x: Any) -> Any:
    """A specification whose long tables stand column by column, each text once: `app.js` unpacks them."""
    if isinstance(x, dict):
        return {k: _packed(v) for k, v in x.items()}
    if not isinstance(x, list):
        return x
    alike = (
        len(x) >= LONG and isinstance(x[0], dict) and all(isinstance(r, dict) and r.keys() == x[0].keys() for r in x)
    )
    if not alike or any(isinstance(v, dict | list) for r in x for v in r.values()):
        return [_packed(v) for v in x]
    return {"@columns@": {k: _column([r[k] for r in x]) for k in x[0]}}


def _column(values: list[Any]) -> Any:
    """Values as they are, or texts that recur once each with their places."""
    if not all(isinstance(v, str) for v in values) or 2 * len(set(values)) > len(values):
        return values
    of = {v: k for k, v in enumerate(dict.fromkeys(values))}
    return {"of": list(of), "at": [of[v] for v in values]}


def _without_world(x: Any) -> Any:
    """A specification whose outlines of countries, which the script of that name brings once, are named only."""
    if isinstance(x, Mapping):
        if x.get("type") == "Topology":
            return "@world@"
        return {k: _without_world(v) for k, v in x.items()}
    return [_without_world(v) for v in x] if isinstance(x, list) else x


def _drawing(ask: Ask, chart: Chart) -> Markup:
    """A chart as a static drawing; nothing where a script is sure to draw it."""
    if not ask.stills or chart.spec is None or not chart.still:
        return Markup("")
    drawn = ask.desk.painter.svg(fixed(dict(chart.spec), theme="css", width=DRAWING_WIDTH))
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))


def cell(ask: Ask, value: Any, column: Column) -> str:
    """A cell of a table: a number with its decimals in the reader's language, a year as it is, or a text."""
    if value is None or value != value:
        return "–"
    if column.digits is None:
        return str(value)
    return ask.words.number(float(value), column.digits) if column.grouped else f"{value:.{column.digits}f}"


def page(template: str, ask: Ask, values: Mapping[str, Any], *, linked: Callable[[str], str] | None = None) -> str:
    """Return a page as HTML.

    Parameters
    ----------
    linked
        The address of an asset by its name; None takes the server's.
    """
    words = ask.words
    base = ask.desk.base(ask.view.edition)
    return str(
        _environment()
        .get_template(template)
        .render(
            ask=ask,
            _=words,
            lang=words.language,
            languages=LANGUAGES,
            view=ask.view,
            href=ask.href,
            file=ask.file,
            action=ask.href(ask.page, type(ask.view)(), **ask.params).partition("?")[0],
            num=words.number,
            share=words.share,
            ranks=words.ranks,
            figure_=words.figure,
            option=ask.option,
            sign=VERDICTS,
            version=VERSION,
            cell=lambda value, column: cell(ask, value, column),
            drawing=lambda chart: _drawing(ask, chart),
            spec_json=spec_json,
            asset=linked or (lambda name: f"/static/{asset_hash(name)}/{name}"),
            nav=[(key, words(name)) for key, name in NAV if ask.has(key)],
            index_title=ask.desk.spec.label(words.language),
            editions=() if ask.static else ask.desk.editions,
            edition=base.spec.edition_name,
            **values,
        )
    )
