"""An index of several times, without listed editions: its times are the editions, and the sentences on its method say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from podium.app.publish.site import Site, site_files
from podium.app.web.desk import Desk

SPEC = """name: regions
data: {table: panel.csv, layout: wide, columns: {unit: unit, time: year}, codebook: codebook.csv, panel: true}
tree: {code: index, children: [{code: one, children: [a, b]}, {code: two, children: [c]}]}
steps: {normalise: {method: minmax, range: [1, 100], over: panel}, aggregate: {method: arithmetic, min_available: 0.3}}
"""


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six regions in two years; two of them lack a figure of the later one."""
    folder = tmp_path_factory.mktemp("panel")
    (folder / "index.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "codebook.csv").write_text("code,direction\na,1\nb,1\nc,-1\n", encoding="utf-8")
    rows = ["unit,year,a,b,c"]
    for year in (2023, 2024):
        for k in range(6):
            b = "" if year == 2024 and k in (1, 4) else str(20 + 3 * k % 7)
            rows.append(f"R{k},{year},{10 + (k * (year - 2020)) % 11},{b},{5 + k % 4}")
    (folder / "panel.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder / "index.yaml"


def test_the_times_of_a_panel_are_its_editions(spec: Path) -> None:
    """Either year can be asked for; the latest is what is shown otherwise."""
    desk = Desk(str(spec), draws=200, seed=1)
    assert desk.editions == ("2023", "2024")
    assert desk.view([("edition", "2023")]).edition == "2023" and desk.view([("edition", "2024")]).edition is None
    assert desk.base("2023").rank_table.shape[0] == 6
    assert desk.base().spec.edition == "2024"


@pytest.mark.parametrize(("edition", "lacks"), [("2023", "Every figure is there"), ("2024", "2 units lack 1 of 3 figures, the most")])
def test_a_site_of_one_edition_says_what_is_true_of_it(spec: Path, edition: str, lacks: str) -> None:
    """Who lacks most, the year of the figures and the scale over all editions, in the page on the method."""
    files = {name: data for name, data in site_files(Site(str(spec), edition, 200, 1), lambda *_: None) if name.endswith("method.html")}
    page = next(v for k, v in files.items() if "/ko/" not in f"/{k}")
    text = page.decode() if isinstance(page, bytes) else page
    assert lacks in text
    assert f"of the year {edition}." in text
    assert "over all editions its worst figure is 1, its best 100" in text
