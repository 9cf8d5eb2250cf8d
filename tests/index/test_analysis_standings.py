"""Result tables, unit summaries, strengths and weaknesses, against COINr 1.1.14 and by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from podium.errors import DataError
from podium.index.build import Built, build
from podium.index.spec import Spec
from podium.index.standings import standings, unit_summary
from podium.index.strengths import extremes, strengths


@pytest.mark.parametrize("parts", ["summary", "groups", "full"])
@pytest.mark.parametrize("values", ["scores", "ranks"])
def test_result_tables_equal_coinr(asem: Built, reference: Path, parts: Any, values: Any) -> None:
    """The index alone, all groups, and everything: scores with the rank and ranks are COINr's, in its order of units."""
    name = {"summary": "summ", "groups": "aggs", "full": "full"}[parts]
    theirs = pd.read_csv(reference / "09_results" / f"{name}_{values}.csv", index_col="uCode").rename(columns={"Rank": "rank"})
    ours = standings(asem, parts=parts, values=values)
    assert set(ours) == set(theirs) and list(ours.index) == list(theirs.index)
    np.testing.assert_allclose(ours[list(theirs)], theirs, rtol=1e-9, atol=1e-13)


def test_groups_stand_in_coinrs_order(asem: Built, reference: Path) -> None:
    """The columns of groups come from the root down."""
    theirs = list(pd.read_csv(reference / "09_results" / "aggs_ranks.csv", index_col="uCode"))
    assert list(standings(asem, parts="groups", values="ranks")) == theirs


def test_ranks_within_groups_equal_coinr(asem: Built, reference: Path) -> None:
    """Ranks within groups of GDP, of every group and indicator, sorted by group."""
    theirs = pd.read_csv(reference / "09_results" / "full_groupranks_GDP.csv", index_col="uCode")
    ours = standings(asem, parts="full", values="group_ranks", group="GDP_group")
    assert list(ours.index) == list(theirs.index) and list(ours["GDP_group"]) == list(theirs["GDP_group"])
    codes = [c for c in theirs if c != "GDP_group"]
    np.testing.assert_array_equal(ours[codes], theirs[codes])


def test_unit_summary_equals_coinr(asem: Built, reference: Path) -> None:
    """India's scores and ranks above the indicators, to two decimals, in COINr's order with its names."""
    theirs = pd.read_csv(reference / "09_results" / "unit_summary_IND.csv", index_col="Code")
    ours = unit_summary(asem, "IND", levels=(4, 3, 2), decimals=2)
    assert list(ours.index) == list(theirs.index) and list(ours["name"]) == list(theirs["Name"])
    np.testing.assert_allclose(ours[["score", "rank"]], theirs[["Score", "Rank"]], rtol=1e-9)
    pd.testing.assert_frame_equal(unit_summary(asem, "IND", decimals=2), ours)


def test_strengths_and_weaknesses_equal_coinr(asem: Built, reference: Path) -> None:
    """The five best and the five worst indicators of the United Kingdom, whole rows in order."""
    ours = strengths(asem, "GBR", step="Raw", figures=3)
    for name, side in (("strengths", "strength"), ("weaknesses", "weakness")):
        theirs = pd.read_csv(reference / "09_results" / f"{name}_GBR.csv")
        rows = ours[ours["side"] == side].drop(columns="side").reset_index(drop=True)
        for column, expected in zip(rows, theirs, strict=True):
            if theirs[expected].dtype == object or pd.api.types.is_string_dtype(theirs[expected]):
                assert list(rows[column]) == list(theirs[expected])
            else:
                np.testing.assert_allclose(rows[column], theirs[expected], rtol=1e-9)


def test_strengths_within_a_group_are_ranks_among_its_units(asem: Built) -> None:
    """Within its GDP group a unit has the rank that pandas gives it among those units."""
    ours = strengths(asem, "GBR", step="Denominated", group="GDP_group", best=3, worst=3)
    groups = asem.dataset.unit_table["GDP_group"]
    peers = [u for u in asem.units if groups[u] == groups["GBR"]]
    table = asem.tables["Denominated"].loc[peers] * asem.pipeline.direction
    slow = table.rank(ascending=False, method="min").loc["GBR"]
    np.testing.assert_array_equal(ours["rank"], slow[ours["item"]])
    assert len(ours) == 6


def test_discrete_indicators_can_be_left_out(asem: Built) -> None:
    """A yes-or-no indicator is no strength where a fifth of the values must differ."""
    assert "TIRcon" in list(strengths(asem, "GBR", step="Raw")["item"])
    assert "TIRcon" not in list(strengths(asem, "GBR", step="Raw", min_unique=0.2)["item"])


def test_extremes_by_hand() -> None:
    """Missing ranks never count, the lowest place can be dropped, and no column is a strength and a weakness."""
    places, lowest = np.array([2.0, np.nan, 9.0, 1.0, 5.0]), np.array([9.0, 9.0, 9.0, 9.0, 9.0])
    assert extremes(places, lowest, best=2, worst=2, drop_last=True) == ([3, 0], [4])
    assert extremes(places, lowest, best=2, worst=1, drop_last=False) == ([3, 0], [2])


def test_other_orders_and_columns(asem: Built) -> None:
    """Sorted by a pillar, with a name and a denominator beside it, rounded half up."""
    ours = standings(asem, parts="summary", values="scores", order_by="Social", also=["GDP", "GDP_group"], decimals=1)
    assert list(ours) == ["GDP", "GDP_group", "rank", "Social"] and ours["rank"].iloc[0] == 1
    assert ours["Social"].is_monotonic_decreasing and (ours["Social"] * 10 % 1 < 1e-9).sum() > 20


def test_lowest_is_best_where_the_index_says_so(asem_spec: Spec, asem: Built) -> None:
    """With `best: lowest` the least score stands on top with rank 1, also within groups."""
    built = build(asem_spec.with_({"steps.rank.best": "lowest"}), dataset=asem.dataset)
    ours = standings(built, parts="summary", values="scores")
    assert ours["rank"].iloc[0] == 1 and ours["Index"].is_monotonic_increasing
    within = standings(built, parts="summary", values="group_ranks", group="GDP_group")
    first = within[within["Index"] == 1].index
    assert ours.loc[first, "Index"].min() == ours["Index"].min()


def test_wrong_questions_are_refused(asem: Built) -> None:
    """Units, groups, items and levels that are not there are named."""
    for call, message in (
        (lambda: unit_summary(asem, "ZZZ"), "ZZZ"),
        (lambda: unit_summary(asem, "IND", levels=[9]), "no level 9"),
        (lambda: standings(asem, parts="full", values="group_ranks"), "need a group"),
        (lambda: standings(asem, parts="full", values="ranks", group="Fame"), "no column 'Fame'"),
        (lambda: standings(asem, parts="full", values="ranks", order_by="Fame"), "Fame not in the tree"),
        (lambda: strengths(asem, "GBR", step="Nothing"), "Nothing"),
    ):
        with pytest.raises(DataError, match=message):
            call()
