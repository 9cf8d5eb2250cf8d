"""Charts of rank moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from podium.compare.moves import Moves, moves
from podium.errors import InputError
from podium.index.build import Built, build
from podium.index.spec import load_spec
from podium.report.charts import svg
from podium.report.charts_moves import bar_chart, bump_chart, slope_chart, waterfall_chart
from podium.report.pictures import picture


@pytest.fixture(scope="module")
def editions() -> dict[str, Built]:
    """Three editions of the bundled index."""
    return {e: build(load_spec("ai-race", edition=e)) for e in ("2022", "2023", "2024")}


@pytest.fixture(scope="module")
def found(editions: dict[str, Built]) -> Moves:
    """The moves between two of them."""
    return moves(editions["2022"], editions["2023"])


def rows(chart: dict[str, Any]) -> list[dict[str, Any]]:
    """All rows of data of a chart."""
    return [r for data in chart["datasets"].values() for r in data]


def test_a_waterfall_ends_where_the_new_score_is(found: Moves) -> None:
    """Its steps lead from the old score to the new one, and its title is the finding."""
    chart = waterfall_chart(found, "ISR")
    steps = [r for r in rows(chart) if r["label"] not in ("2022", "2023")]
    k = found.units.index("ISR")
    total = {r["label"]: r["end"] - r["start"] for r in steps}
    assert sum(total.values()) == pytest.approx(found.new_scores[k] - found.old_scores[k])
    assert " ".join(chart["title"]["text"]).startswith("Israel rises from 4 to 2")
    assert "accelerators" in " ".join(chart["title"]["text"])


def test_slopes_have_both_ranks_and_one_on_top(found: Moves) -> None:
    """Every leading unit stands on both sides with its rank; the axis has 1 on top."""
    chart = slope_chart(found, units=["JPN"])
    sides = {(r["unit"], r["side"]): r["rank"] for r in rows(chart)}
    assert sides["Israel", "2022"] == 4 and sides["Israel", "2023"] == 2
    assert " ".join(chart["title"]["text"]).startswith("Japan stays at rank 15")
    assert "61 of 82 units changed rank" in " ".join(slope_chart(found)["title"]["text"])
    top, bottom = next(x["encoding"]["y"]["scale"]["domain"] for x in chart["layer"])[::-1]
    assert top < 1 < bottom


def test_bump_and_bars_are_drawn(found: Moves, editions: dict[str, Built]) -> None:
    """Ranks over editions and the parts as bars become static pictures without a browser."""
    bump = bump_chart(editions, units=["KOR"])
    assert {r["rank"] for r in rows(bump) if r["unit"] == "South Korea"} == {3}
    for chart in (bump, bar_chart(found, "KOR"), slope_chart(found), waterfall_chart(found, "KOR")):
        drawn = svg(chart, theme="light")
        assert drawn.startswith("<svg") and "@" not in drawn.split("font-family")[0]


def test_pictures_in_three_formats(found: Moves) -> None:
    """A page, SVG and PNG; another suffix is refused with those there are."""
    chart = waterfall_chart(found, "KOR")
    assert picture([chart, chart], Path("x.html")).count(b"<svg") == 2
    assert b"http" not in picture(chart, Path("x.html")).replace(b"http://www.w3.org", b"")
    assert picture(chart, Path("x.svg")).startswith(b"<svg") and picture(chart, Path("x.png")).startswith(b"\x89PNG")
    with pytest.raises(InputError, match=r"\.gif"):
        picture(chart, Path("x.gif"))
