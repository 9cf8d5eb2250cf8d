"""What a person does in a browser: drag, open, compare, paste, run, cancel, switch, tab, read without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]
PAGES = ("/", "/country/KOR", "/pair?a=KOR&b=JPN", "/scenario", "/article", "/evidence?subject=KOR", "/method")


@pytest.fixture
def page(browser: Any, server: str) -> Iterator[Any]:
    """A tab that fails the test where the console or the policy complains, or anything outside is asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", base_url=server)
    tab = context.new_page()
    problems: list[str] = []
    tab.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
    tab.on("pageerror", lambda e: problems.append(str(e)))
    tab.on("request", lambda r: None if r.url.startswith((server, "data:", "blob:")) else problems.append(r.url))
    tab.set_default_timeout(60_000)
    yield tab
    context.close()
    assert problems == []


def test_a_slider_moves_ranks(page: Any) -> None:
    """A weight changed with the keyboard changes scores and address without a new page; back leads to the nominal."""
    page.goto("/")
    page.wait_for_selector("[data-drawn]")
    before = page.inner_text("table.ranks tbody")
    slider = page.locator("input[name='w.talent']")
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_url(re.compile(r"w\.talent=10"))
    page.wait_for_function("document.querySelector('.flag') !== null")
    assert page.inner_text("table.ranks tbody") != before
    assert page.locator(".up").count() + page.locator(".down").count() > 0
    page.wait_for_selector("#standing [data-drawn]")
    page.click("text=Back to the specification")
    page.wait_for_function("document.querySelector('.flag') === null")
    assert page.inner_text("table.ranks tbody") == before


def test_country_then_two_head_to_head(page: Any) -> None:
    """A country opens from the ranking, its neighbour from there, and the work in depth ends in shares and ranges."""
    page.goto("/")
    page.click("table.ranks >> text=South Korea")
    page.wait_for_selector("h1:has-text('South Korea ranks')")
    page.click("text=head to head >> nth=0")
    page.wait_for_selector("h2:has-text('Where the gap comes from')")
    page.click("text=Work it out")
    page.wait_for_selector("#outcome li:has-text('of the admissible variants')")
    assert "Proved" in page.inner_text("#outcome") or "no admissible weights" in page.inner_text("#outcome")


def test_korean_brief_to_scenario(page: Any, brief: str) -> None:
    """A pasted Korean article shows verdicts beside its marked claims, and runs as a scenario with before and after."""
    page.goto("/article?lang=ko")
    page.fill("textarea[name=text]", brief)
    page.click("button:has-text('검증')")
    page.wait_for_selector(".cards li")
    assert page.locator("a.claim").count() >= 8
    assert page.locator(".cards .v-contradicted").count() == 2
    page.click("text=시나리오로 돌려 보기")
    page.wait_for_selector("#outcome .scroll table", state="attached")
    assert "일본" in page.inner_text("#outcome")


def test_a_scenario_is_cancelled(page: Any) -> None:
    """Work that runs can be cancelled, which the page then says."""
    page.goto("/scenario?events=accelerators+JPN+%22NVIDIA+B200%22+77777+2026-07&unit=KOR&rival=JPN&date=2026-01-01&run=1")
    page.wait_for_selector("progress")
    page.click("#job button")
    page.wait_for_load_state()
    assert page.locator("progress").count() == 0
    assert "Cancelled." in page.inner_text("#outcome")
    assert page.locator("textarea[name=events]").input_value().startswith("accelerators JPN")


def test_language_switches(page: Any) -> None:
    """The switch gives the same page in Korean, with Korean names of countries."""
    page.goto("/country/JPN")
    page.click(".langs a[lang=ko]")
    page.wait_for_selector("html[lang=ko]")
    assert "일본" in page.inner_text("h1")


def test_keyboard_alone(page: Any) -> None:
    """The first tab stop skips to the content; from there tab and enter reach a country."""
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('table.ranks a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/country/"))


def test_without_scripts(browser: Any, server: str) -> None:
    """With scripts off charts stand as drawings, and the form ranks again."""
    context = browser.new_context(java_script_enabled=False, base_url=server, locale="en-GB")
    page = context.new_page()
    page.goto("/")
    assert page.locator("#chart-standing svg").count() == 1
    page.select_option("select[name='o.aggregation']", "geometric")
    page.click("text=Rank again")
    assert "o.aggregation=geometric" in page.url
    assert page.locator(".flag").count() == 1
    context.close()


EVENTS = "accelerators+JPN+%22NVIDIA+B200%22+1600+2026-07"
ABOUT = "unit=KOR&rival=JPN&date=2026-01-01"
STATES = (*PAGES, "/?w.talent=9&region=South+Asia", "/pair?a=KOR&b=JPN&run=1", "/method?run=1", "/nowhere", "/country/XXX",
          f"/scenario?events={EVENTS}&{ABOUT}&run=1", f"/scenario?events={EVENTS}&{ABOUT}&stopped=1",
          "/scenario?events=nonsense&run=1", "/evidence/add")  # fmt: skip
"""Every page in every state that an address can bring about; a checked article comes with the form."""


def _settled(page: Any) -> None:
    """Wait until work has ended and charts are drawn."""
    page.wait_for_selector("#job progress", state="detached")
    if page.locator("[data-chart]:visible").count():
        page.wait_for_selector("[data-drawn]", state="attached")


def _faults(page: Any, width: int) -> list[tuple[str, ...]]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [
        (page.url, v["id"], v["nodes"][0]["html"][:160]) for v in found if v["impact"] in ("serious", "critical")
    ] + ([(page.url, "wider than the screen", str(wide))] if wide > width else [])


@pytest.mark.parametrize(
    ("width", "scheme", "lang"), [(1280, "light", "en-GB"), (1280, "dark", "ko-KR"), (360, "light", "ko-KR")]
)
def test_no_serious_fault_for_readers_with_disabilities(
    browser: Any, server: str, width: int, scheme: str, lang: str
) -> None:
    """axe-core finds nothing serious or critical on any page in any state; nothing is wider than the screen."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=server, locale=lang
    )
    page = context.new_page()
    page.set_default_timeout(90_000)
    found = []
    for path in STATES:
        page.goto(path)
        _settled(page)
        found += _faults(page, width)
    page.goto("/article")
    page.click("button[name=sample]")
    page.wait_for_selector(".cards li")
    found += _faults(page, width)
    context.close()
    assert found == []
