"""The page on a country's machines."""

from __future__ import annotations

import re

from podium.hardware.timeline import timeline
from podium.report.charts_hardware import hardware_html, map_chart, stock_chart


def test_page_holds_charts_sites_and_sources_and_asks_nothing_of_the_network() -> None:
    """Two drawn charts, every site with a link to its source, and no script, image or style from elsewhere."""
    told = timeline(country="KOR", plans={"Likely": 0.5})
    page = hardware_html(told, name="South Korea", unit="dense 8-bit")
    assert page.count("<svg") == 2
    assert all(c.name.replace("&", "&amp;").replace("'", "&#x27;") in page for c in told.running)
    assert not re.search(r"<(?:script|img|link)|@import|url\(http", page)
    assert "@focal@" not in page and "6,286" in page


def test_titles_say_what_was_found() -> None:
    """The stock's title gives the last figure and what plans would add; without sites there is no chart."""
    told = timeline(country="KOR", plans={"Likely": 0.5})
    chart = stock_chart(told, "South Korea")
    assert chart is not None
    title = " ".join(chart["title"]["text"])
    assert "6,286 H100 equivalents recorded at the end of 2025" in title and "2,638,997" in title
    assert "in service" in " ".join((map_chart(told, "South Korea") or {})["title"]["text"])
    nothing = timeline(country="ATA")
    assert stock_chart(nothing, "x") is None and map_chart(nothing, "x") is None
