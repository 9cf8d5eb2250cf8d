"""Events together: order, probability, paired draws, and what is refused."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from podium.errors import EventError, SpecError
from podium.index.aggregate import tree_scores
from podium.index.build import Built, build
from podium.index.rank import ranks
from podium.index.spec import load_spec
from podium.robustness.draws import scores
from podium.scenarios.effects import bind
from podium.scenarios.events import Event, from_text
from podium.scenarios.ground import Ground, lay_ground, root_scores
from podium.scenarios.plans import counted_already, known_plans
from podium.scenarios.whatif import BOUND, DEAL, whatif

TABLE = "unit,chips,talent,rd\nAAA,9000,60,4.0\nBBB,5000,70,3.0\nCCC,4950,69,3.0\nDDD,100,20,1.0\nEEE,2000,90,2.5\n"
DATE = "2025-01-15"
World = Callable[..., Built]


def laid(built: Built, draws: int = 400) -> Ground:
    """The draws of an index."""
    return lay_ground(built, draws=draws, seed=4, error_draws=0)


def test_order_of_events_is_irrelevant_to_the_bit(world: World) -> None:
    """Set, multiply and add on one figure, and vague sizes, give the same numbers in every order."""
    built = world()
    events = [
        from_text("indicator CCC rd add 0.3"), from_text("indicator CCC rd multiply 1.5"),
        from_text("indicator CCC rd set 3.1"), from_text('accelerators CCC "H100|H200" 300 low=100 high=500'),
    ]  # fmt: skip
    results = [whatif(laid(built), list(p), focal="BBB", rival="CCC", rank=2, date=DATE).to_dict()
               for p in itertools.islice(itertools.permutations(events), 0, 24, 7)]  # fmt: skip
    for other in results[1:]:
        np.testing.assert_equal(other["rows"][0]["lift"], results[0]["rows"][0]["lift"])
        assert other["rows"][0]["after"] == results[0]["rows"][0]["after"]
    changed = bind(built, events[:3], DATE).change(0)(built.dataset.values[-1])
    assert changed[2, built.dataset.indicators.index("rd")] == pytest.approx(3.1 * 1.5 + 0.3)


def test_two_events_that_set_one_figure_are_refused(world: World) -> None:
    """Which of two figures holds is not for the program to say."""
    with pytest.raises(EventError, match="two events set rd of CCC"):
        bind(world(), [from_text("indicator CCC rd set 3"), from_text("indicator CCC rd set 4")], DATE)


def test_nothing_added_changes_nothing_exactly(world: World) -> None:
    """Zero accelerators leave every score and rank in every draw as it was."""
    row = whatif(laid(world()), [from_text("accelerators CCC H100 0")], focal="BBB", rival="CCC", rank=2, date=DATE).row(DEAL)
    assert row is not None
    assert row.lift == {"BBB": (0.0, 0.0, 0.0), "CCC": (0.0, 0.0, 0.0)}
    assert row.after == row.before
    assert (row.goal.gained, row.goal.lost, row.goal.bound) == (0, 0, 3 / 400)


def test_paired_difference_agrees_with_brute_force_on_a_near_tie(world: World) -> None:
    """The share of changed orders is that of two whole runs of other draws, within three Monte-Carlo errors."""
    built, event = world(TABLE.replace("CCC,4950,69", "CCC,4950,71")), from_text("accelerators CCC H100 3")
    row = whatif(laid(built, 2000), [event], focal="BBB", rival="CCC", rank=2, date=DATE).row(DEAL)
    assert row is not None
    assert row.order is not None
    other = lay_ground(built, draws=20_000, seed=99, error_draws=0)
    b, c = built.units.index("BBB"), built.units.index("CCC")
    values = built.dataset.values[-1].copy()
    values[c, built.dataset.indicators.index("chips")] += 3
    after = scores(other.sample, lambda x: values)
    brute = float((after[:, b] > after[:, c]).mean() - (other.scores[:, b] > other.scores[:, c]).mean())
    assert row.order.gained + row.order.lost > 0
    assert abs(row.order.difference - brute) < 3 * np.hypot(row.order.error, np.sqrt(abs(brute) / 20_000))


def test_probability_is_integrated_not_drawn(world: World) -> None:
    """Three uncertain events in two units give the mean over all eight outcomes, each weighed by its probability."""
    built = world()
    events = [Event("accelerators", "CCC", 3000, ("H100",), probability=0.3),
              Event("accelerators", "CCC", 2000, ("H100",), probability=0.6),
              Event("indicator", "EEE", indicator="rd", amount=1.4, probability=0.5)]  # fmt: skip
    ground = laid(built)
    row = whatif(ground, events, focal="BBB", rival="CCC", rank=2, date=DATE).row(DEAL)
    assert row is not None
    at, ahead, f, r = 0.0, 0.0, built.units.index("BBB"), built.units.index("CCC")
    for happens in itertools.product((0, 1), repeat=3):
        chance = np.prod([e.probability if h else 1 - e.probability for e, h in zip(events, happens, strict=True)])
        chosen = [Event(**{**e.__dict__, "probability": 1.0}) for e, h in zip(events, happens, strict=True) if h]
        drawn = scores(ground.sample, bind(built, chosen, DATE).change(0))
        at += chance * (ranks(drawn, same=0.0)[:, f] <= 2).mean()
        ahead += chance * (drawn[:, f] > drawn[:, r]).mean()
    assert row.after["BBB"].expected == pytest.approx(at, abs=1e-12)
    assert row.ahead_expected == pytest.approx(ahead, abs=1e-12)


@pytest.mark.parametrize(("delay", "chance"), [("0-12", 0.5), ("0-0", 1.0), ("0-3-12", 1 - 36 / 108), ("7-9", 0.0)])
def test_delay_within_a_horizon_is_a_probability(world: World, delay: str, chance: float) -> None:
    """What may slip past the horizon counts with the probability that it does not: uniform, or triangular."""
    effects = bind(world(), [from_text(f"accelerators CCC H100 9 2025-06 delay={delay}")], DATE, horizon="2025-12")
    if chance:
        assert effects.moves[0].chance == pytest.approx(chance)
    else:
        assert "comes after 2025-12" in effects.outside[0][1]


def test_what_is_early_late_public_or_unknown_is_said() -> None:
    """Before the edition's end: refused, left out or forced; not yet public: outside, but for hindsight."""
    built = build(load_spec("ai-race", edition="2024"))
    ground = Ground(built, lay_ground(built, draws=144, seed=1, error_draws=0).sample, *(lambda g: (g.scores, g.ranks))(
        lay_ground(built, draws=144, seed=1, error_draws=0)), 1, (0,) * 144)  # fmt: skip
    early = from_text("accelerators JPN B200 100 2024-06")
    with pytest.raises(EventError, match="before the edition ends on 2024-12-31"):
        whatif(ground, [early], rank=3, date=DATE)
    assert whatif(ground, [early], rank=3, date=DATE, early="count").events == (early,)
    left = whatif(ground, [early], rank=3, date=DATE, early="leave out")
    assert left.events == () and "before the edition ends" in left.outside[0][1]
    secret = from_text("accelerators JPN B200 100 2025-06 public=2025-03-01")
    assert "not public before" in bind(built, [secret], DATE).outside[0][1]
    assert bind(built, [secret], DATE, hindsight=True).moves


def test_known_site_is_not_counted_twice() -> None:
    """An event of an owner whose plan is recorded takes that plan's place; one that the stock holds is left outside."""
    built = build(load_spec("ai-race", edition="2024"))
    told = Event("accelerators", "JPN", 4000, ("NVIDIA B200",), online="2025-07", label="Softbank")
    _, matched, _ = known_plans(built, [told], DATE, hindsight=False)
    assert "SoftBank Planned B200 Superpod" in [c.name for c in matched]
    with_, without = (sum(e.count or 0 for e in known_plans(built, t, DATE, hindsight=False)[0] if e.country == "JPN")
                      for t in ([], [told]))  # fmt: skip
    assert with_ > without
    standing = Event("accelerators", "JPN", 2040, ("H100",), online="2024-10", label="Softbank")
    assert counted_already(built, [standing])[standing].name.startswith("SoftBank CHIE")


def test_public_plans_only() -> None:
    """No plan enters whose source is later than the date."""
    built = build(load_spec("ai-race", edition="2023"))
    sums = [sum(e.count or 0 for e in known_plans(built, [], d, hindsight=False)[0]) for d in ("2024-03-01", "2025-06-01")]
    assert sums[0] < sums[1]


def test_headline_is_no_convention(world: World) -> None:
    """A specification that counts machines by a vendor's headline is refused."""
    with pytest.raises(SpecError, match="headline"):
        world(extra="").spec.with_({"effects": [{"kind": "accelerators", "indicator": "chips", "conventions": {"chips": "headline"}}]})


def test_money_counts_where_the_specification_says_in_which_currency(world: World) -> None:
    """Ten billion yen in a series in million dollars add what the reference rate of the day makes of them."""
    built = world()
    spec = built.spec.with_({"effects": [{"kind": "money", "indicator": "rd", "conventions": {"rd": "USD 1e6"}}]})
    changed = bind(build(spec), [from_text("money CCC 10000000000 JPY")], "2024-11-14").change(0)(built.dataset.values[-1])
    gained = changed[2, built.dataset.indicators.index("rd")] - 3.0
    assert gained == pytest.approx(64.2, rel=0.01)  # ECB, 2024-11-14: 1 EUR = 164.5 JPY = 1.0533 USD


def test_whom_it_is_about_where_nobody_says(world: World) -> None:
    """The unit on the wanted rank is asked about, the one that moves is its rival; a leader meets its neighbour."""
    built = world()
    order = sorted(built.units, key=built.rank_of)
    last = whatif(laid(built), [from_text("accelerators DDD H100 10")], rank=2, date=DATE)
    assert (last.focal, last.rival) == (order[1], "DDD")
    first = whatif(laid(built), [from_text(f"accelerators {order[0]} H100 10")], rank=2, date=DATE)
    assert (first.focal, first.rival) == (order[1], order[0])


def test_japan_rises_korea_loses_at_most_one_place() -> None:
    """Japan's infrastructure rises strictly with the number, its rank never falls, Korea yields one place at most."""
    built = build(load_spec("ai-race", edition="2024"))
    at = built.tree.items.index("infrastructure")
    last, place = -np.inf, np.inf
    for count in (0, 1, 100, 1600, 10_000, 100_000, 1_000_000, 10_000_000):
        change = bind(built, [from_text(f'accelerators JPN "NVIDIA B200" {count}')], DATE).change(0)
        after = build(built.spec, dataset=built.dataset, values=change(built.dataset.values[-1]), fitted=built.fitted)
        score = after.score_table[built.units.index("JPN"), at]
        assert score > last and after.rank_of("JPN") <= place
        crossed = built.rank_of("JPN") > built.rank_of("KOR") and after.rank_of("JPN") < after.rank_of("KOR")
        assert after.rank_of("KOR") - built.rank_of("KOR") == float(crossed)
        last, place = score, after.rank_of("JPN")


def test_bound_row_lies_above_every_row(world: World) -> None:
    """No event in the indicator that is below the world's best adds more than the bound."""
    result = whatif(laid(world()), [from_text("accelerators CCC H100 500")], focal="BBB", rival="CCC", rank=2, date=DATE)
    deal, bound = result.row(DEAL), result.row(BOUND)
    assert deal is not None and bound is not None
    assert 0 < deal.lift["CCC"][1] < bound.lift["CCC"][1]


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic"])
def test_short_cut_of_scores_equals_the_tree(world: World, method: str) -> None:
    """Scores by effective weights, with figures missing, are those of the tree itself."""
    built = world(TABLE.replace("DDD,100,20,1.0", "DDD,100,,1.0"), method=method)
    table = np.stack([built.arrays["Normalised"], built.arrays["Normalised"] * 0.9 + 1])
    slow = tree_scores(built.tree, table, units=built.units)[..., -1]
    np.testing.assert_allclose(root_scores(built, table), slow, rtol=1e-13)
