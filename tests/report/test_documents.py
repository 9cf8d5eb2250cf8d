"""The report on one article."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from podium.brief.story import Brief
from podium.brief.tell import brief
from podium.report.documents import brief_html, highlighted
from podium.report.labels import _WORDS

DEMO = Path(__file__).resolve().parents[2] / "src" / "podium" / "data" / "bundled" / "demo" / "brief_ko.txt"


@pytest.fixture(scope="module")
def story() -> Brief:
    """The bundled brief on few draws."""
    return brief(DEMO, draws=144, seed=7)


@pytest.fixture(scope="module")
def page_file(story: Brief, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report as a file."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(brief_html(story), encoding="utf-8")
    return path


def test_every_claim_is_marked_once_with_sign_and_link(story: Brief) -> None:
    """Each span of each claim is marked with its verdict and leads to its row; the text is otherwise the same."""
    marked = highlighted(story)
    places = sum(1 + len(c.also_at) for c in story.checked.claims)
    assert marked.count('class="claim ') == places
    plain = re.sub(r"<sup[^>]*>.</sup>|<[^>]+>", "", marked)
    assert re.sub(r"\s", "", plain) == re.sub(r"\s", "", story.checked.text)


def test_markup_in_an_article_stays_text(tmp_path: Path) -> None:
    """A script inside an article cannot run in the report."""
    path = tmp_path / "a.txt"
    path.write_text("한국 G3 목표 <b>&</b> 일본 하이레소가 GPU 1600개를 도입한다고 밝혔다. </script><script>alert(1)</script>", encoding="utf-8")
    told = brief(path, date="2024-11-14", draws=144)
    assert "<script>alert(1)" not in brief_html(told)


def test_nothing_is_fetched(page_file: Path) -> None:
    """The page names no address that a browser would load by itself."""
    page = page_file.read_text(encoding="utf-8")
    assert not re.search(r"<(?:script|img|iframe)[^>]+src=|<link[^>]+href=|@import", page.split("<script>")[0])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_both_languages_have_all_words(story: Brief, language: str) -> None:
    """The page has a heading for every part in the language asked for."""
    page = brief_html(story, language=language)
    at = {"en": 0, "ko": 1}[language]
    for key in ("answer", "claims", "standing", "scenario", "choices", "published", "method"):
        assert _WORDS[key][at] in page


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("width", [1280, 360])
def test_page_opens_offline_and_draws_every_chart(browser: Any, page_file: Path, width: int) -> None:
    """At wide and narrow width all charts are drawn, nothing overflows, nothing is fetched, no error is logged."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    problems: list[str] = []
    fetched: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.on("request", lambda r: fetched.append(r.url))
    page.goto(page_file.as_uri())
    page.wait_for_selector("#chart-choices svg.marks", timeout=15_000)
    drawn = page.eval_on_selector_all(".chart svg", "xs => xs.map(x => x.getBoundingClientRect().width)")
    assert len(drawn) == 4
    assert all(100 < w <= width for w in drawn)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert problems == []
    assert fetched == [page_file.as_uri()]
    page.close()


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_page_reads_without_scripts(browser: Any, page_file: Path) -> None:
    """With scripts off the charts stand as static drawings."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.locator(".chart svg").count() == 4
    context.close()


def test_what_it_would_take_and_where_it_heads_stand_in_the_page(story: Brief) -> None:
    """The page has the levers of the plan, the forecast with its back-test, and how much would put the rival ahead."""
    from podium.report.charts_enough import enough_chart
    from podium.robustness.statistics import share
    from podium.scenarios.breakeven import Enough

    assert story.whatif is not None and story.outlook is not None
    page = brief_html(story, language="en")
    assert "In a back-test the whole" in page and "goes on as it did" in page
    assert story.outlook.probability and 0 <= story.outlook.drifting <= 1
    none = share(np.zeros(100))
    found = Enough("needs", "NVIDIA B200", 0.9, 800_000.0, none, none, ((0.0, 0.0), (400_000.0, 0.5), (800_000.0, 0.9)))
    chart = enough_chart(replace(story, whatif=replace(story.whatif, enough=found)), "en")
    assert chart is not None and "800,000 would put" in " ".join(chart["title"]["text"])
    short = replace(found, count=None, curve=((0.0, 0.0),))
    assert enough_chart(replace(story, whatif=replace(story.whatif, enough=short)), "en") is None
