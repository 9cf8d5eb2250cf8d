"""One unit of an index."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from podium.app.cli import app
from podium.errors import DataError
from podium.index.build import Built, build
from podium.index.profile import find_unit, neighbours, profile, sources, strengths
from podium.index.spec import Spec, load_spec


@pytest.fixture(scope="module")
def built() -> Built:
    """The bundled index."""
    return build(load_spec("ai-race", edition="2023"))


@pytest.mark.parametrize("asked", ["KOR", "kor", "South Korea", "한국", "韓国", "대한민국", "Republic of Korea", "KR"])
def test_unit_by_code_or_name(built: Built, asked: str) -> None:
    """A unit is found by its code, whatever the case, and by its name in three languages."""
    assert find_unit(built, asked) == "KOR"


def test_a_country_is_found_where_units_are_names() -> None:
    """An index whose units are names of countries knows the other spellings too."""
    frame = pd.DataFrame({"unit": ["Korea, Rep.", "Japan"], "roads": [1.0, 2.0]})
    spec = Spec.model_validate({"name": "links", "data": {"layout": "wide"}, "tree": {"code": "x", "children": ["roads"]},
                                "steps": {"normalise": {"method": "none"}, "aggregate": {"method": "arithmetic"}}})  # fmt: skip
    assert find_unit(build(spec, data=frame), "한국") == "Korea, Rep."


def test_typing_error_gets_the_nearest(built: Built) -> None:
    """A wrong name is answered with the unit that was meant; one that was screened out with why it is not there."""
    with pytest.raises(DataError, match=r"Did you mean KOR \(South Korea\)"):
        find_unit(built, "Suoth Korea")
    if built.excluded:
        with pytest.raises(DataError, match="too little data"):
            find_unit(built, built.excluded[0])


def test_profile_holds_the_figures_as_published(built: Built) -> None:
    """Figure, year, age and source of an indicator are those of the data; scores and ranks those of the build."""
    table = profile(built, "KOR")
    assert table.index[0] == "index"
    assert table.loc["index", "rank"] == built.rank_of("KOR")
    data = built.dataset
    row, column = data.units.index("KOR"), data.indicators.index("rd")
    assert table.loc["rd", "figure"] == data.values[-1, row, column]
    assert table.loc["rd", "age"] == 2023 - data.years[-1, row, column]
    assert table.loc[table["leaf"], "weight"].sum() == pytest.approx(1)
    assert {s["source"] for s in sources(built, table)} == set(table.loc[table["leaf"], "source"]) - {""}


def test_strengths_and_weaknesses_do_not_meet(built: Built) -> None:
    """The best and the worst ranks are told apart, and what has no figure is neither."""
    table = profile(built, "SGP")
    best, worst, without = strengths(table)
    assert not set(best) & set(worst)
    assert not set(without) & {*best, *worst}
    assert table.loc[best, "rank"].max() <= table.loc[worst, "rank"].min()


def test_neighbours_are_the_next_scores(built: Built) -> None:
    """The unit ahead and the one behind are those of the neighbouring ranks; the first has nobody ahead."""
    order = list(built.ranks["index"].dropna().sort_values().index)
    for k, unit in enumerate(order):
        found = neighbours(built, unit)
        assert (found["ahead"] is None) == (k == 0)
        if found["ahead"] is not None:
            assert found["ahead"][0] == order[k - 1]
            assert found["ahead"][1] == pytest.approx(built.score_of(order[k - 1]) - built.score_of(unit))
        if found["behind"] is not None:
            assert found["behind"][0] == order[k + 1]


def test_show_fits_80_columns_and_names_sources() -> None:
    """The page of one unit fits 80 columns (addresses apart), is plain, and its JSON holds everything."""
    result = CliRunner().invoke(app, ["show", "ai-race", "--unit", "한국", "--draws", "60"])
    assert result.exit_code == 0, result.output
    wide = [line for line in result.stdout.splitlines() if len(line) > 80 and "://" not in line]
    assert wide == []
    assert "\x1b" not in result.stdout
    for word in ("South Korea", "strengths:", "weaknesses:", "sources:", "CC BY 4.0", "ahead", "behind"):
        assert word in result.stdout
    values = json.loads(CliRunner().invoke(app, ["show", "ai-race", "--unit", "KOR", "--draws", "60", "--json"]).stdout)
    assert {"unit", "name", "interval", "items", "strengths", "weaknesses", "sources", "neighbours"} <= set(values)
    assert values["items"][0]["item"] == "index"
    assert np.isfinite(values["items"][0]["score"])
