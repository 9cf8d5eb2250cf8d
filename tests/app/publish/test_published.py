"""What a person does with the site on a disk: slide, choose, filter, switch language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from podium.app.web.desk import Desk
from podium.app.web.i18n import words
from podium.app.web.state import View

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]
DRAWS = 400
TALENT = "input[name='w.talent']"
DONE = "#standing:not(.stale)"


@pytest.fixture(scope="module")
def desk() -> Desk:
    """The engine behind the published numbers."""
    return Desk("ai-race", draws=DRAWS, seed=1)


def _table(page: Any) -> dict[str, tuple[int, float, str, str]]:
    """By unit: rank, score, interval and share of the first ten, as the page shows them."""
    rows = page.eval_on_selector_all("table.ranks tbody tr", "rows => rows.map(r => [r.dataset.unit, ...[0, 3, 4, 7].map(k => r.cells[k].textContent)])")
    return {u: (int(rank), float(score), interval, share) for u, rank, score, interval, share in rows}


def _engine(desk: Desk, view: View) -> dict[str, tuple[int, float, str, str]]:
    s, say = desk.standing(view), words("en")
    return {
        s.units[k]: (int(s.ranks[k]), round(float(s.scores[k]), 1), say.ranks(s.quantiles[0, k], s.quantiles[-1, k]),
                     say.share(s.share_at_most(s.units[k], 10)))
        for k in s.order
    }  # fmt: skip


def _same(shown: dict[str, tuple[int, float, str, str]], wanted: dict[str, tuple[int, float, str, str]]) -> None:
    assert list(shown) == list(wanted)
    for unit, (rank, score, *rest) in wanted.items():
        assert shown[unit][0] == rank and shown[unit][1] == pytest.approx(score, abs=0.1001) and list(shown[unit][2:]) == rest, unit


def test_a_slider_ranks_as_the_engine_does(page: Any, site: Path, desk: Desk) -> None:
    """By keyboard and by drag, ranks, scores, intervals and shares become those of the engine under the same weights."""
    page.goto((site / "index.html").as_uri())
    page.wait_for_selector("[data-drawn]")
    _same(_table(page), _engine(desk, View()))
    before = page.inner_html("table.ranks tbody")
    page.locator(TALENT).focus()
    page.keyboard.press("End")
    page.wait_for_selector(DONE)
    _same(_table(page), _engine(desk, View(weights=(("talent", 10.0),))))
    assert "w.talent=10" in page.url and page.locator("#changed").is_visible()
    box = page.locator(TALENT).bounding_box()
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.15 * box["width"], box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    weight = float(page.locator(TALENT).input_value())
    assert 0 <= weight < 3
    page.wait_for_selector(DONE)
    _same(_table(page), _engine(desk, View(weights=(("talent", weight),))))
    page.wait_for_selector("#standing [data-drawn]")
    page.click("text=Back to the specification")
    page.wait_for_selector(DONE)
    _same(_table(page), _engine(desk, View()))
    assert "#" not in page.url and page.locator("#changed").is_hidden() and before


def test_choices_and_several_weights_rank_as_the_engine_does(page: Any, site: Path, desk: Desk) -> None:
    """A link that names choices and weights, of indicators too and of 0, shows what the engine has for them."""
    view = View(options=(("aggregation", "geometric"), ("normalisation", "z-scores")), weights=(("government", 0.0), ("rd", 3.0)))
    page.goto((site / "index.html").as_uri() + "#o.aggregation=geometric&o.normalisation=z-scores&w.rd=3&w.government=0")
    page.wait_for_selector("#changed")
    page.wait_for_selector(DONE)
    _same(_table(page), _engine(desk, view))


def test_counts_of_ranks_are_those_of_the_engine(page: Any, site: Path, desk: Desk) -> None:
    """Draw for draw the browser's ranks are the engine's: the counts over all draws agree but for ties in the last bit."""
    page.goto((site / "index.html").as_uri())
    counts = page.evaluate("""() => {
        const index = podium.prepared(podiumIndex), n = index.units.length, places = new Uint32Array(n * n);
        for (const _ of podium.drawn(index, Float64Array.from(index.weights), (s) => podium.count(index, s, places)));
        return [...places];
    }""")
    held = desk.standing(View()).places
    assert held is not None
    assert np.abs(np.array(counts).reshape(held.shape) - held).sum() <= 4


def test_filters_and_language_work_from_a_disk(page: Any, site: Path) -> None:
    """A search narrows the table and keeps ranks; the other language takes the state along; a country opens."""
    page.goto((site / "index.html").as_uri() + "#w.talent=9")
    page.wait_for_selector(DONE)
    page.fill("input[name=search]", "korea")
    assert list(_table(page)) == ["KOR"]
    rank = _table(page)["KOR"][0]
    page.click(".langs a[lang=ko]")
    page.wait_for_selector("html[lang=ko]")
    page.wait_for_selector(DONE)
    assert "대한민국" not in page.input_value("input[name=search]") and "search=korea" in page.url
    page.fill("input[name=search]", "대한민국")
    assert _table(page)["KOR"][0] == rank
    page.click("table.ranks tbody a")
    page.wait_for_selector("h1:has-text('대한민국')")
    page.wait_for_selector("[data-drawn]")
    assert re.search(r"ko/country/kor\.html$", page.url)


def test_without_scripts_everything_is_there_to_read(browser: Any, site: Path) -> None:
    """With scripts off the ranking is a table, and the page says what needs scripts."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert page.locator("table.ranks tbody tr").count() == 82
    assert page.locator("#controls").is_hidden()
    assert "need scripts" in page.inner_text("aside")
    context.close()
