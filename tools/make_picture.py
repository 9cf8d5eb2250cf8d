"""Takes the picture of the README: the first screen of the demo's report, in Debian's Chromium.

Usage: python tools/make_picture.py OUT.png
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from podium.brief.tell import brief
from podium.index.spec import BUNDLED
from podium.report.documents import brief_html


def main() -> None:
    out = Path(sys.argv[1])
    page_text = brief_html(brief(BUNDLED / "demo" / "brief_ko.txt", seed=1), language="en")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        path = Path(folder) / "report.html"
        path.write_text(page_text, encoding="utf-8")
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page(viewport={"width": 860, "height": 900}, device_scale_factor=1)
        page.goto(path.as_uri())
        page.wait_for_selector("#chart-choices svg.marks")
        box = page.locator("section[aria-labelledby=standing]").bounding_box()
        end = page.locator("section[aria-labelledby=scenario] figure").bounding_box()
        if box is None or end is None:
            raise SystemExit("the report has no charts")
        clip = {"x": 40, "y": box["y"], "width": 780, "height": end["y"] + end["height"] - box["y"] + 24}
        page.screenshot(path=out, full_page=True, clip=clip)
        browser.close()


if __name__ == "__main__":
    main()
