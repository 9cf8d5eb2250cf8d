"""Which unit has which figure of which year: a grid, and the same as a table."""

from __future__ import annotations

from typing import Any

import numpy as np

from podium.app.web.ask import Ask
from podium.app.web.figures import Chart, Column, Table
from podium.data.dataset import Array
from podium.report.charts_availability import availability_chart

__all__ = ["availability_matrix"]

MOST_CELLS = 5_000
"""A grid of more is no longer drawn; its table can still be had."""


def availability_matrix(ask: Ask) -> Chart:
    """Units by indicators, the first of the ranking on top; blank where there is no figure."""
    built, _ = ask.built, ask.words
    leaves = built.tree.items[: built.tree.indicators]
    years, there = _held(ask)
    order = np.argsort(built.rank_table[:, -1], kind="stable")
    names, items = {int(k): ask.name(built.units[k]) for k in order}, [ask.item(c) for c in leaves]
    rows = [
        {"name": n, "unit": built.units[k]}
        | {c: float(years[k, j]) if there[k, j] else None for j, c in enumerate(leaves)}
        for k, n in names.items()
    ]
    cells = [
        {"unit": n, "item": i, "year": float(years[k, j])}
        for k, n in names.items()
        for j, i in enumerate(items)
        if there[k, j]
    ]
    told = {
        "title": _title(ask, there),
        "subtitle": _("The stronger the colour, the newer the figure; blank: no figure"),
        "year": _("Year"),
    }
    drawn = (
        availability_chart(cells, told, units=list(names.values()), items=items)
        if 0 < len(cells) <= MOST_CELLS
        else None
    )
    columns = (
        Column("name", _("Country")),
        *(Column(c, i, 0, grouped=False) for c, i in zip(leaves, items, strict=True)),
    )
    return Chart("matrix", drawn, Table(columns, rows), ask.source, still=False)


def _held(ask: Ask) -> tuple[Array, Array]:
    """The years ``(unit, indicator)`` of the figures of the index, and whether there is one."""
    built = ask.built
    at = [built.dataset.units.index(u) for u in built.units]
    columns = built.pipeline.columns
    return built.dataset.years[-1][at][:, columns], ~np.isnan(built.dataset.values[-1][at][:, columns])


def _title(ask: Ask, there: Any) -> str:
    _, built = ask.words, ask.built
    if there.all():
        return _("Every figure is there")
    missing = (~there).sum(axis=1)
    least = int(np.argmax(missing))
    if (several := int((missing == missing[least]).sum())) > 1:
        return _("{k} units lack {n} of {m} figures, the most", k=several, n=int(missing[least]), m=there.shape[1])
    return _(
        "{unit} lacks {n} of {m} figures, more than any other",
        unit=_.josa(ask.name(built.units[least]), "은/는"),
        n=int(missing[least]),
        m=there.shape[1],
    )
