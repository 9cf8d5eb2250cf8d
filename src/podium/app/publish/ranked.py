"""The ranking as a file: the served page's values, and what its script needs to fill them anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from podium.app.publish.texts import ranking_texts, told_of
from podium.app.web.ask import Ask
from podium.app.web.pages.ranking import LEADING, interval_words, map_words, ranking
from podium.report.charts_standing import rank_ticks, standing_skeleton
from podium.report.charts_world import CLASSES, world_skeleton

__all__ = ["ROW", "published_ranking"]

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
