"""What a person does with the site on a disk: slide, choose, filter, switch language."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest

from podium.app.web.desk import Desk
from podium.app.web.i18n import words
from podium.app.web.state import View
from podium.compare.gap import split_gap
from podium.robustness.blocks import pieces
from podium.robustness.variants import variants

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


def test_any_two_are_compared_as_the_engine_does(page: Any, site: Path, desk: Desk) -> None:
    """The gap of two chosen countries is split as `split_gap` does, and its shares over draws and choices are counted."""
    page.goto((site / "pair.html").as_uri())
    page.wait_for_selector("#chart-gap [data-drawn]")
    page.select_option("select[name=a]", "GBR")
    page.select_option("select[name=b]", "HKG")
    gap = split_gap(desk.base(), "GBR", "HKG")
    page.wait_for_selector(f"h1:has-text('Hong Kong SAR China is {abs(gap.gap):,.2f} points')")
    page.click("#chart-gap summary")
    shown = page.eval_on_selector_all("#chart-gap tbody tr", "rows => rows.map(r => [r.cells[1].textContent, Number(r.cells[2].textContent)])")
    wanted = dict(zip(gap.indicators, gap.parts, strict=True))
    assert {code for code, _ in shown} == set(wanted)
    assert [code for code, part in shown if part != pytest.approx(wanted[code], abs=0.0051)] == []
    assert any("no figure" in t for t in page.locator("#stood-in p").all_inner_texts()) == any(gap.stood_in)
    page.wait_for_selector("[data-share]:not(.soft)")
    live = desk.live(View())
    rows = [live.built.units.index(u) for u in ("GBR", "HKG")]
    plan = replace(live.plan, draws=DRAWS, seed=np.random.SeedSequence(1), in_turn=True, size=256)
    lead = [p.scores[rows[0]] > p.scores[rows[1]] for k in range(plan.number) for p in pieces(plan, k)]
    assert f"in {words('en').share(float(np.concatenate(lead).mean()))} of" in page.inner_text("[data-share]")
    found = page.eval_on_selector_all("#how-often tbody tr", "rows => rows.map(r => [...r.cells].map(c => c.textContent))")
    made = variants(live.built)
    for choice, option, share in found:
        name = next(c.name for c in live.built.spec.uncertainties.choices if c.name.capitalize() == choice)
        held = [v.built.score_of("GBR") > v.built.score_of("HKG") for v in made if v.options[name] == option]
        assert share == words("en").share(sum(held) / len(held)), (choice, option)
    assert len(found) == 14 and "a=GBR&b=HKG" in page.url


def test_a_certain_lead_comes_with_its_bound(page: Any, site: Path) -> None:
    """Where every draw has the same one ahead, the page tells what three in so many draws allow."""
    page.goto((site / "pair.html").as_uri() + "#a=USA&b=VNM")
    page.wait_for_selector("[data-share]:not(.soft)")
    assert "in all of 400 draws, so in at least 99.25\u00a0% of" in page.inner_text("[data-share]")
    page.goto((site / "pair.html").as_uri() + "#a=VNM&b=USA")
    page.wait_for_selector("[data-share]:has-text('in none of 400 draws')")
    assert "so in at most 0.75\u00a0% of" in page.inner_text("[data-share]")


def test_a_country_leads_to_itself_and_its_neighbour(page: Any, site: Path) -> None:
    """The link from a country's page opens the comparison that it names."""
    page.goto((site / "ko" / "country" / "kor.html").as_uri())
    page.click("a[href*='pair.html#']")
    page.wait_for_selector("#chart-gap [data-drawn]")
    assert page.input_value("select[name=a]") == "KOR"
    assert "대한민국" in page.inner_text("h1")


def test_facts_are_searched_and_files_are_what_is_shown(page: Any, site: Path) -> None:
    """The table of facts narrows to a word; the ranking's CSV holds what stands there under other weights."""
    page.goto((site / "evidence.html").as_uri())
    page.fill("#search-facts input", "top500")
    rows = page.locator("tbody tr:visible")
    assert 0 < rows.count() < 165 and all("top500" in t.lower() for t in rows.all_inner_texts())
    page.goto((site / "index.html").as_uri() + "#w.talent=9")
    page.wait_for_selector("#changed")
    page.wait_for_selector(DONE)
    href = page.get_attribute("#chart-standing a[download]:has-text('CSV')", "href")
    held = list(csv.DictReader(io.StringIO(unquote(href.partition(",")[2]).lstrip("\ufeff"))))
    assert [r["unit"] for r in held] == list(_table(page)) and list(held[0])[:3] == ["rank", "name", "unit"]


def test_the_chart_stands_in_another_page(page: Any, site: Path, tmp_path: Path) -> None:
    """The snippet that is shown for copying draws the chart in a frame of a page elsewhere."""
    page.goto((site / "index.html").as_uri())
    snippet = page.input_value("#embed textarea").replace('src="', f'src="{site.as_uri()}/')
    other = tmp_path / "elsewhere.html"
    other.write_text(f"<!doctype html><title>x</title>{snippet}", encoding="utf-8")
    page.goto(other.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("[data-drawn] svg").wait_for()
    box = frame.locator("figure").bounding_box()
    assert box is not None and box["height"] <= page.locator("iframe").bounding_box()["height"]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_no_serious_fault_for_readers_with_disabilities(browser: Any, site: Path, width: int, scheme: str) -> None:
    """axe-core finds nothing serious or critical on any kind of page; nothing is wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    found = []
    for path in ("index.html#w.talent=9", "country/kor.html", "pair.html", "method.html", "evidence.html", "embed.html", "ko/index.html"):
        page.goto(site.as_uri() + "/" + path)
        page.wait_for_selector("[data-drawn]", state="attached")
        result = Axe().run(page)
        found += [
            (path, v["id"], v["nodes"][0]["html"][:120])
            for v in result.response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
    assert found == []
