"""Indices of other kinds: what the browser works out equals the engine, and what it cannot is left out and said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from podium.app.publish import recompute, site
from podium.app.publish.folder import write_folder
from podium.app.publish.site import Site, site_files
from podium.app.web.desk import Desk
from podium.app.web.state import View
from podium.index.spec import BUNDLED

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]
STARTER = str(BUNDLED / "starter" / "index.yaml")
RANK = Path(site.__file__).parent / "static" / "rank.js"
COUNTED = """([data, changed]) => {
    const index = podium.prepared(data), weights = Float64Array.from(data.weights), n = index.units.length;
    for (const [code, weight] of changed) weights[index.items.indexOf(code)] = weight;
    const scores = podium.scores(index, index.nominal, weights), places = new Uint32Array(n * n);
    for (const _ of podium.drawn(index, weights, (s) => podium.count(index, s, places)));
    const quantile = (u, q) => podium.quantile(places.subarray(u * n, (u + 1) * n), q);
    return {scores: [...scores], ranks: [...podium.ranks(index, scores)], places: [...places],
            low: index.units.map((_, u) => quantile(u, 0.05)), draws: index.draws};
}"""
NO_CHOICES: dict[str, Any] = {"uncertainties.choices": []}
KINDS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "geometric below, harmonic above": NO_CHOICES | {"steps.aggregate": {"method": "harmonic", "levels": {2: {"method": "geometric"}}}},
    "figures missing": NO_CHOICES | {"steps.impute": [], "steps.aggregate.min_available": 0.5},
    "the lowest first": {"steps.rank.best": "lowest"},
    "weights between two ends": {"uncertainties.weights": [{"kind": "intervals", "intervals": {"access": [0.2, 3.0], "rd": [0, 1]}}]},
    "weights fixed": {"uncertainties.weights": []},
    "both levels": {"uncertainties.weights": [{"level": 1, "amount": 0.5}, {"level": 2, "amount": 0.5}]},
}  # fmt: skip


@pytest.fixture(scope="module")
def tab(browser: Any) -> Any:
    """An empty page with the script that ranks."""
    page = browser.new_page()
    page.goto("about:blank")
    page.evaluate(RANK.read_text(encoding="utf-8"))
    yield page
    page.close()


def _desk(changes: dict[str, Any]) -> Desk:
    desk = Desk(STARTER, draws=600, seed=3)
    desk.spec = desk.spec.with_(changes)
    return desk


@pytest.mark.parametrize("kind", KINDS)
def test_other_indices_rank_as_the_engine_does(tab: Any, kind: str) -> None:
    """Under other weights scores, ranks and every count of ranks are the engine's, whatever the means and laws."""
    desk, weights = _desk(KINDS[kind]), {"skills": 2.5, "rd": 0.4}
    data = recompute.ranked_by_browser(desk, View())
    assert data is not None and data["draws"] == 600
    found = tab.evaluate(COUNTED, [data, list(weights.items())])
    wanted = desk.standing(View(weights=tuple(weights.items())))
    assert np.array(found["scores"], dtype=float) == pytest.approx(wanted.scores, rel=1e-12, nan_ok=True)
    assert np.array_equal(np.array(found["ranks"], dtype=float), wanted.ranks, equal_nan=True)
    assert wanted.places is not None
    assert np.abs(np.array(found["places"]).reshape(wanted.places.shape) - wanted.places).sum() <= 4
    assert np.array(found["low"], dtype=float) == pytest.approx(wanted.quantiles[0], nan_ok=True, abs=1)


def _published(tmp_path: Path, changes: tuple[tuple[str, str], ...]) -> Path:
    """The site of the starter index with some of its lines changed."""
    folder = tmp_path / "index"
    folder.mkdir()
    for file in (BUNDLED / "starter").iterdir():
        text = file.read_text(encoding="utf-8")
        for old, new in changes if file.name == "index.yaml" else ():
            assert old in text
            text = text.replace(old, new)
        (folder / file.name).write_text(text, encoding="utf-8")
    made = site_files(Site(str(folder / "index.yaml"), draws=200, sobol_rows=0), lambda share, what: None)
    write_folder(tmp_path / "site", made, about={})
    return tmp_path / "site"


def test_intervals_that_cannot_be_drawn_are_left_out(browser: Any, tmp_path: Path) -> None:
    """With Dirichlet weights a slider moves ranks, intervals of other weights are dashes, and the page says why."""
    folder = _published(tmp_path, (("{level: 2, amount: 0.25}", "{level: 2, kind: dirichlet, amount: 0.25}"),))
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    assert "Intervals and shares hold for the specification's own weights only" in page.inner_text("aside")
    assert page.locator("select[name^='o.']").count() == 0
    before = page.inner_text("table.ranks tbody tr:first-child td:nth-child(5)")
    page.locator("input[name='w.research']").focus()
    page.keyboard.press("End")
    page.wait_for_selector("#changed")
    cells = page.locator("table.ranks tbody td:nth-child(5)").all_inner_texts()
    assert before != "–" and set(cells) == {"–"}
    assert page.locator(".up").count() > 0
    page.keyboard.press("Home")
    page.click("[data-reset] >> nth=0")
    assert page.inner_text("table.ranks tbody tr:first-child td:nth-child(5)") == before
    page.goto((folder / "pair.html").as_uri())
    page.wait_for_selector("#chart-gap [data-drawn]")
    assert page.locator("#how-often").is_hidden()
    page.close()


def test_an_index_that_only_podium_ranks_stands_still_and_says_so(browser: Any, tmp_path: Path) -> None:
    """With medians there are no sliders and no page of two units, filters work, and no link leads nowhere."""
    folder = _published(tmp_path, (("method: arithmetic}                # or", "method: median}                # or"),
                                   ("{arithmetic: arithmetic, geometric: geometric}", "{median: median, geometric: geometric}")))  # fmt: skip
    assert not (folder / "pair.html").exists() and "pair.html" not in (folder / "index.html").read_text(encoding="utf-8")
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    assert page.locator("input[type=range]").count() == 0 and "stands still" in page.inner_text("aside")
    page.fill("input[name=search]", "kor")
    assert page.locator("table.ranks tbody tr").count() == 1
    page.close()
