"""The ranking and two units as files: the served pages' values, and what their scripts need to fill them anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from podium.app.publish.texts import pair_texts, ranking_texts, told_of
from podium.app.web.ask import Ask
from podium.app.web.pages.pair import pair
from podium.app.web.pages.ranking import LEADING, interval_words, map_words, ranking, ranking_rows
from podium.compare.gap import NODES
from podium.report.charts_parts import gap_skeleton
from podium.report.charts_standing import rank_ticks, standing_skeleton
from podium.report.charts_world import CLASSES, world_skeleton

__all__ = ["ROW", "published_pair", "published_ranking"]

ROW = (
    "unit",
    "name",
    "rank",
    "score",
    "low",
    "q1",
    "median",
    "q3",
    "high",
    "first",
    "top3",
    "top10",
    "region",
    "income",
)


def published_ranking(ask: Ask, data: Mapping[str, Any] | None) -> dict[str, Any]:
    """The values of the ranking; ``page`` is for the script."""
    values = ranking(ask)
    rows = values["rows"]
    columns = [[c.key, c.head, c.digits] for c in values["charts"]["standing"].table.columns]
    page = {
        "units": [
            {k: r[k] for k in ROW} | {"subject": ask.words.josa(r["name"], "이/가"), "moved": 0, "before": r["before"]}
            for r in rows
        ],
        "own": {c.name: c.own for c in values["choices"]},
        "texts": ranking_texts(ask, len(rows)),
        "columns": columns,
        "source": ask.source,
        "leading": LEADING,
        "ticks": rank_ticks(len(rows) + 1),
        "classes": CLASSES,
        "standing": standing_skeleton(interval_words(ask)),
        "world": world_skeleton(map_words(ask)) if "world" in values["charts"] else None,
    }
    reranked = data is not None
    return {
        **values,
        "page": page,
        "reranked": reranked,
        "redrawn": data is not None and bool(data["choices"]),
        "told": told_of(ask, None if data is None else dict(data)),
    }


def published_pair(ask: Ask, data: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the page of two units, the first two of the ranking; ``page`` lets its script show any others."""
    values = pair(ask)
    charts = values["charts"]
    page = {
        "units": [{k: r[k] for k in ROW} | {"subject": ask.words.josa(r["name"], "이/가")} for r in ranking_rows(ask)],
        "items": [ask.item(c) for c in data["items"][: data["indicators"]]],
        "choices": [
            [ask.option(name).capitalize(), [ask.option(o) for o in options]] for name, options in data["choices"]
        ],
        "texts": pair_texts(ask),
        "columns": {k: [[c.key, c.head, c.digits] for c in charts[k].table.columns] for k in ("ranks", "gap")},
        "title": ask.desk.spec.label(ask.words.language),
        "source": ask.source,
        "ticks": rank_ticks(len(ask.standing.order) + 1),
        "nodes": np.stack(np.polynomial.legendre.leggauss(NODES), axis=1).tolist(),
        "standing": standing_skeleton(interval_words(ask)),
        "gap": gap_skeleton({"axis": ask.words("points of the gap")}),
    }
    return {**values, "page": page}
