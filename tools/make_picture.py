"""Takes the pictures of the README in Debian's Chromium: the demo's report, and three pages of the web app.

Usage: python tools/make_picture.py FOLDER
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from podium.app.web.listen import beside
from podium.app.web.server import Settings, create_app
from podium.brief.tell import brief
from podium.index.spec import BUNDLED
from podium.report.documents import brief_html

WIDE = {"width": 1100, "height": 640}
DRAWS = 10_000


def main() -> None:
    folder = Path(sys.argv[1])
    app = create_app(Settings(draws=DRAWS), warm=False)
    with sync_playwright() as driver, beside(app) as address:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        report(browser, folder / "report.png")
        page = browser.new_page(viewport=WIDE, base_url=address, locale="en-GB", color_scheme="light")
        page.set_default_timeout(120_000)
        for take in (ranking, country, article):
            take(page, folder / f"{take.__name__}.png")
        browser.close()


def report(browser: Any, out: Path) -> None:
    """The first charts of the demo's report."""
    page_text = brief_html(brief(BUNDLED / "demo" / "brief_ko.txt", seed=1), language="en")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        path.write_text(page_text, encoding="utf-8")
        page = browser.new_page(viewport={"width": 860, "height": 900}, device_scale_factor=1)
        page.goto(path.as_uri())
        page.wait_for_selector("#chart-choices svg.marks")
        box = page.locator("section[aria-labelledby=standing]").bounding_box()
        end = page.locator("section[aria-labelledby=scenario] figure").bounding_box()
        if box is None or end is None:
            raise SystemExit("the report has no charts")
        clip = {"x": 40, "y": box["y"], "width": 780, "height": end["y"] + end["height"] - box["y"] + 24}
        page.screenshot(path=out, full_page=True, clip=clip)
        page.close()


def ranking(page: Any, out: Path) -> None:
    """The ranking, with one weight moved."""
    page.goto("/")
    page.wait_for_selector("[data-drawn]")
    page.locator("input[name='w.talent']").focus()
    page.keyboard.press("End")
    page.wait_for_selector(".flag")
    page.wait_for_selector("#standing [data-drawn]")
    page.evaluate("document.activeElement.blur(); document.querySelector('aside').scrollTop = 1e5")
    page.screenshot(path=out)


def country(page: Any, out: Path) -> None:
    """What a country's score is made of."""
    page.goto("/country/KOR")
    page.wait_for_selector("#chart-distribution [data-drawn]")
    page.evaluate("scrollTo(0, document.querySelector('#h-tree').getBoundingClientRect().top + scrollY - 20)")
    page.screenshot(path=out)


def article(page: Any, out: Path) -> None:
    """The Korean brief with its claims and their verdicts."""
    page.goto("/article?lang=ko")
    page.click("button[name=sample]")
    page.wait_for_selector(".cards li")
    page.screenshot(path=out)


if __name__ == "__main__":
    main()
