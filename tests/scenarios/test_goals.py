"""What it takes to reach a rank: against brute force, re-builds and analytic answers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from podium.errors import EventError
from podium.index.build import Built, build
from podium.index.spec import load_spec
from podium.robustness.draws import scores
from podium.scenarios.forecast import projected
from podium.scenarios.goals import Plan, Reach, reach
from podium.scenarios.ground import lay_ground

World = Callable[..., Built]


def built_with(built: Built, unit: str, plan: Plan, share: float = 1.0) -> Built:
    """The index re-built with a share of a plan's changes."""
    values = built.dataset.values[-1].copy()
    for p in plan.pulls:
        values[built.dataset.units.index(unit), built.dataset.indicators.index(p.indicator)] += share * p.change
    return build(built.spec, dataset=built.dataset, values=values, fitted=built.fitted)


def fixed(built: Built) -> Built:
    """The index without uncertainties."""
    return build(built.spec.with_({"uncertainties": {}}), dataset=built.dataset)


@pytest.mark.parametrize("method", ["arithmetic", "geometric"])
def test_cheapest_plan_against_brute_force(world: World, method: str) -> None:
    """With declared costs no plan on a fine grid of two levers is cheaper, and a full re-build confirms the plan."""
    levers = "levers: [{indicator: talent, cost: 1.0}, {indicator: rd, cost: 12.0}]"
    table = "unit,chips,talent,rd\nAAA,9000,60,4.0\nBBB,5000,70,3.0\nCCC,4950,45,2.0\nDDD,100,20,1.0\nEEE,2000,90,2.5\n"
    built = fixed(world(table, method=method, extra=levers))
    found = reach(built, unit="CCC", rank=2, share=1.0, draws=1)
    assert found.status == "reached" and found.cheapest is not None and found.cheapest.proved
    made = built_with(built, "CCC", found.cheapest)
    assert made.rank_of("CCC") == 2 == found.cheapest.rank
    assert built_with(built, "CCC", found.cheapest, 0.99).rank_of("CCC") > 2
    best = np.inf
    for t, r in itertools.product(np.linspace(45, 90, 91), np.linspace(2.0, 4.0, 51)):
        effort = (t - 45) + 12 * (r - 2)
        if effort < best:
            values = built.dataset.values[-1].copy()
            values[2, [built.dataset.indicators.index(c) for c in ("talent", "rd")]] = t, r
            if build(built.spec, dataset=built.dataset, values=values, fitted=built.fitted).rank_of("CCC") <= 2:
                best = effort
    assert found.cheapest.effort <= best + 1e-9
    assert found.cheapest.effort >= best - 1.0  # the grid's own step


WASTE = """
name: waste
data: {{table: data.csv, layout: wide, codebook: book.csv}}
indicators: {{chips: {{transform: {{method: none}}}}}}
tree:
  code: all
  children: [{{code: chips, weight: 2}}, {{code: talent, weight: 1}}, {{code: rd, weight: 1}}, {{code: waste, weight: 1}}]
steps:
  normalise: {{method: minmax, range: [1, 100]}}
  aggregate: {{method: {method}}}
  rank: {{ties: competition}}
uncertainties:
  weights: [{{level: 1, amount: 0.25}}]
  choices:
    - {{name: scale, at: indicators.chips.transform, options: {{linear: {{method: none}}, root: {{method: sqrt}}}}}}
levers: [{{indicator: talent, cost: 1.0}}, {{indicator: waste, cost: 6.0}}]
"""


@pytest.mark.parametrize(("method", "rank"), [("arithmetic", 2), ("geometric", 3), ("harmonic", 3)])
def test_plan_over_draws_against_brute_force(method: str, rank: int, tmp_path: Path) -> None:
    """Which draws a plan gives up is decided for the best: no plan on a grid that holds in 70 % of the draws is cheaper.

    One of the two levers is the better the less there is of it.
    """
    (tmp_path / "data.csv").write_text("unit,chips,talent,rd,waste\nAAA,9000,60,4.0,5\nBBB,5000,70,3.0,4\nCCC,4950,45,2.0,9\n"
                                       "DDD,100,20,1.0,10\nEEE,2000,90,2.5,2\n")  # fmt: skip
    (tmp_path / "book.csv").write_text("code,direction\nchips,1\ntalent,1\nrd,1\nwaste,-1\n")
    (tmp_path / "index.yaml").write_text(WASTE.format(method=method))
    built = build(load_spec(tmp_path / "index.yaml"))
    found = reach(built, unit="CCC", rank=rank, share=0.7, draws=40, seed=1)
    assert found.cheapest is not None and found.cheapest.proved and found.cheapest.tight
    ground = lay_ground(built, draws=40, seed=1, error_draws=0)
    at = [built.dataset.indicators.index(c) for c in ("talent", "waste")]

    def holds(talent: float, waste: float) -> bool:
        values = built.dataset.values[-1].copy()
        values[2, at] = talent, waste
        drawn = scores(ground.sample, lambda x: values)
        share = float((1 + (drawn > drawn[:, [2]]).sum(axis=1) <= rank).mean())
        after = build(built.spec, dataset=built.dataset, values=values, fitted=built.fitted)
        return share >= 0.7 - 1e-12 and after.rank_of("CCC") <= rank

    pulls = {p.indicator: p for p in found.cheapest.pulls}
    start = {"talent": 45.0, "waste": 9.0}
    end = {c: pulls[c].after if c in pulls else x for c, x in start.items()}
    assert holds(end["talent"], end["waste"])
    assert not holds(*(start[c] + 0.99 * (end[c] - start[c]) for c in ("talent", "waste")))
    best = np.inf
    for talent, waste in itertools.product(np.linspace(45, 90, 31), np.linspace(9, 2, 22)):
        effort = (talent - 45) + 6 * (9 - waste)
        if effort < best and holds(talent, waste):
            best = effort
    assert best - 3.6 <= found.cheapest.effort <= best + 1e-9  # 3.6 is the grid's own step


def test_sparsest_plan_has_the_fewest_levers(world: World) -> None:
    """No single lever does it where the sparsest plan takes two; where one does, it takes one."""
    built = fixed(world(extra="levers: [talent, rd, chips]"))
    found = reach(built, unit="CCC", rank=1, share=1.0, draws=1)
    assert found.sparsest is not None and found.cheapest is not None
    alone = [reach(built, unit="CCC", rank=1, share=1.0, draws=1, levers=[c]).status for c in ("talent", "rd", "chips")]
    assert len(found.sparsest.pulls) == (1 if "reached" in alone else 2)
    assert found.sparsest.effort >= found.cheapest.effort - 1e-9
    assert built_with(built, "CCC", found.sparsest).rank_of("CCC") == 1


def test_infeasible_is_proved_by_the_score_at_all_bounds(world: World) -> None:
    """What all levers at their bounds reach is what a re-build gives, and is less than the rank needs."""
    built = world(extra="levers: [talent]")
    found = reach(built, unit="DDD", rank=1, draws=50)
    assert (found.status, found.cheapest) == ("infeasible", None)
    c = found.certificate
    assert c.proved and c.score < c.needed and c.rival == "AAA" and "talent: best seen" in found.binding[0]
    values = built.dataset.values[-1].copy()
    values[3, built.dataset.indicators.index("talent")] = 90
    after = build(built.spec, dataset=built.dataset, values=values, fitted=built.fitted)
    assert c.score == pytest.approx(after.score_of("DDD"))


def test_plan_holds_in_the_share_of_draws_and_less_of_it_does_not(world: World) -> None:
    """90 % of the draws reach the rank; with 1 % less of every change fewer do."""
    built = world(extra="levers: [talent, rd, chips]")
    found = reach(built, unit="CCC", rank=1, share=0.9, draws=120)
    assert found.status == "reached" and found.cheapest is not None
    assert found.cheapest.share >= 0.9 > found.cheapest.less_share or found.cheapest.less_rank > 1
    assert built_with(built, "CCC", found.cheapest).rank_of("CCC") == 1


def test_yearly_change_is_bound_by_what_was_ever_seen(world: World) -> None:
    """With four years of figures the limit is start + years × the 90th percentile of all yearly improvements."""
    rows = ["unit,indicator,year,value"]
    rng = np.random.default_rng(5)
    history: dict[str, list[float]] = {}
    for u in ("AAA", "BBB", "CCC", "DDD", "EEE"):
        for c in ("chips", "talent", "rd"):
            x = list(50 + np.cumsum(rng.uniform(-1, 3, 4)))
            rows += [f"{u},{c},{2021 + k},{v!r}" for k, v in enumerate(map(float, x))]
            if c == "talent":
                history[u] = x
    built = fixed(world("\n".join(rows), layout="long", extra="levers: [talent]\neditions: [{name: a, year: 2024}]"))
    found = reach(built, unit="DDD", rank=1, share=1.0, draws=1, years=0.5)
    changes = np.concatenate([np.diff(x) for x in history.values()])
    expected = min(history["DDD"][-1] + 0.5 * np.quantile(changes, 0.9), max(map(max, history.values())))
    assert found.levers[0].end == pytest.approx(expected)
    assert found.levers[0].bound == "yearly change"


def test_already_there_needs_nothing(world: World) -> None:
    """A unit that has the rank in the share of draws is told so."""
    found = reach(world(), unit="AAA", rank=2, draws=20)
    assert (found.status, found.cheapest, found.least) == ("already there", None, 0.0)
    assert any("declares no `levers`" in n for n in found.notes)


def test_others_may_move_too(world: World) -> None:
    """Where the leader gains as well, the same goal takes more."""
    built = fixed(world(extra="levers: [talent, rd, chips]"))
    still = reach(built, unit="CCC", rank=2, share=1.0, draws=1)
    values = built.dataset.values[-1].copy()
    values[1, built.dataset.indicators.index("talent")] += 5
    moving = reach(built, unit="CCC", rank=2, share=1.0, draws=1, others=values)
    assert still.cheapest is not None and moving.cheapest is not None
    assert moving.cheapest.effort > still.cheapest.effort


def test_others_follow_the_forecast() -> None:
    """With the others where a forecast expects them, the score that the rank needs is that of their projected figures."""
    built = build(load_spec("ai-race", edition="2024"))
    ahead = projected(built, years=3).values[-1]
    assert not np.array_equal(ahead, built.dataset.values[-1], equal_nan=True)
    frozen, moving = (reach(built, unit="JPN", rank=3, draws=144, others=o) for o in (None, ahead))
    assert moving.certificate.needed != frozen.certificate.needed and "move as projected" in moving.notes[-1]
    values = ahead.copy()
    for column, sign in zip(built.pipeline.columns, built.pipeline.direction, strict=True):
        worst = np.nanmin(sign * built.dataset.values[-1][:, column])
        values[:, column] = np.where(np.isnan(values[:, column]), np.nan, sign * np.maximum(sign * values[:, column], worst))
    row = built.dataset.units.index("JPN")
    values[row] = built.dataset.values[-1][row]
    for h in moving.levers:
        values[row, built.dataset.indicators.index(h.leaf)] = h.end
    after = build(built.spec, dataset=built.dataset, values=values, fitted=built.fitted)
    assert moving.certificate.score == pytest.approx(after.score_of("JPN"))
    assert moving.certificate.needed == pytest.approx(after.score_of(moving.certificate.rival))


@pytest.mark.parametrize(
    ("change", "word"),
    [({"unit": "XXX"}, "XXX"), ({"rank": 9}, "rank 9"), ({"share": 0.0}, "share"), ({"years": 0.0}, "horizon"),
     ({"levers": ["talents"]}, "talents")],
)  # fmt: skip
def test_what_is_not_there_is_named(world: World, change: dict[str, object], word: str) -> None:
    """A unit, rank, share, horizon or lever that cannot be is one clear error."""
    with pytest.raises(EventError, match=word):
        reach(world(), **{"unit": "CCC", "rank": 1, "draws": 5, **change})  # type: ignore[arg-type]


def test_costs_for_some_levers_only_are_refused(world: World) -> None:
    """Money and standard deviations do not add up."""
    with pytest.raises(EventError, match="have no cost"):
        reach(world(extra="levers: [talent, {indicator: rd, cost: 2}]"), unit="CCC", rank=1, draws=5)


def test_bundled_index_gives_a_proof_for_japan() -> None:
    """Japan cannot be third within three years: the certificate of the 2024 edition is what a re-build gives."""
    built = build(load_spec("ai-race", edition="2024"))
    found: Reach = reach(built, unit="JPN", rank=3, draws=144)
    assert found.status == "infeasible" and found.certificate.proved
    values = built.dataset.values[-1].copy()
    row = built.dataset.units.index("JPN")
    for h in found.levers:
        values[row, built.dataset.indicators.index(h.leaf)] = h.end
    after = build(built.spec, dataset=built.dataset, values=values, fitted=built.fitted)
    assert found.certificate.score == pytest.approx(after.score_of("JPN"))


def test_rounded_geometric_index(shared: object) -> None:
    """On the Human Development Index, ranked by three decimals, a plan is confirmed by a re-build and 1 % less fails."""
    folder = Path(__file__).resolve().parents[2]
    table = next(iter((folder.parent / "shared" / "ref").rglob("HDR23-24_Composite_indices_complete_time_series.csv")), None)
    if table is None:
        pytest.skip("the UNDP's file is absent")
    spec = load_spec(folder / "examples" / "gallery" / "hdi2022.yaml").with_({"data.table": str(table)})
    built = build(spec)
    found = reach(built, unit="KOR", rank=10, share=1.0, draws=1)
    assert found.status == "reached" and found.cheapest is not None
    assert built_with(built, "KOR", found.cheapest).rank_of("KOR") <= 10
    assert built_with(built, "KOR", found.cheapest, 0.99).rank_of("KOR") > 10
