"""What a page shows, as values: charts with the table behind them, and how both become files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from podium.app.web.painter import Painter
from podium.app.web.security import csv_safe

__all__ = ["FORMATS", "Chart", "Column", "Table", "csv_text", "file_of", "plain"]

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
PICTURE_WIDTH, PICTURE_SCALE = 760, 2.0


@dataclass(frozen=True)
class Column:
    """One column: the key in the rows, its head, how many decimals its numbers show (None: text), whether grouped."""

    key: str
    head: str
    digits: int | None = None
    grouped: bool = True


@dataclass(frozen=True)
class Table:
    """Rows as they are downloaded and, with names and rounding, as they are shown."""

    columns: tuple[Column, ...]
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Chart:
    """A chart by name: its Vega-Lite specification (None where there is nothing to draw) and the table behind it.

    ``still`` is False for one too large to stand in the page as a drawing too.
    """

    name: str
    spec: Mapping[str, Any] | None
    table: Table
    source: str = ""
    still: bool = True

    @property
    def title(self) -> str:
        """The chart's finding in one line."""
        said = (self.spec or {}).get("title", {})
        text = said.get("text", "") if isinstance(said, dict) else said
        return " ".join(text) if isinstance(text, list) else str(text)


def plain(x: Any) -> Any:
    """Values fit for JSON: NumPy's become Python's, NaN and infinities null."""
    if isinstance(x, Mapping):
        return {str(k): plain(v) for k, v in x.items()}
    if isinstance(x, list | tuple | set | frozenset):
        return [plain(v) for v in x]
    if hasattr(x, "tolist"):
        return plain(x.tolist())
    if isinstance(x, float) and (x != x or x in (float("inf"), float("-inf"))):
        return None
    return x


def csv_text(table: Table) -> str:
    """A table as CSV with a byte-order mark, so that spreadsheets read Korean; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([csv_safe(c.key) for c in table.columns])
    for row in table.rows:
        cells = (plain(row.get(c.key)) for c in table.columns)
        writer.writerow(["" if c is None else csv_safe(c) for c in cells])
    return "\ufeff" + out.getvalue()


def file_of(chart: Chart, kind: str, *, painter: Painter | None = None) -> bytes:
    """A chart as a file of a kind in `FORMATS`; pictures in the light colours, drawn here where no painter is given.

    Raises
    ------
    KeyError
        If there is no such kind, or nothing to draw for a picture.
    """
    if kind == "csv":
        return csv_text(chart.table).encode("utf-8")
    if kind == "json":
        keys = [c.key for c in chart.table.columns]
        rows = [{k: row.get(k) for k in keys} for row in chart.table.rows]
        held = {"title": chart.title, "source": chart.source, "rows": rows, "chart": chart.spec}
        return json.dumps(plain(held), ensure_ascii=False, allow_nan=False).encode("utf-8")
    if kind not in FORMATS or chart.spec is None:
        raise KeyError(kind)
    from podium.report.pictures import on_paper

    held, brush = on_paper(chart.spec, width=PICTURE_WIDTH), painter or Painter(apart=False)
    return brush.svg(held).encode("utf-8") if kind == "svg" else brush.png(held, scale=PICTURE_SCALE)
