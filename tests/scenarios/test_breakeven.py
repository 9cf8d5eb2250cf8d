"""The number that would do, the mix and the weights at which two swap: against whole re-builds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from podium.errors import EventError
from podium.index.build import Built, build
from podium.robustness.draws import scores
from podium.scenarios.effects import bind
from podium.scenarios.events import from_text
from podium.scenarios.ground import lay_ground
from podium.scenarios.swap import mix_swap, weight_swaps
from podium.scenarios.whatif import WhatIf, whatif

World = Callable[..., Built]
HEADS = "unit,chips,talent,rd,people\nAAA,9000,60,4.0,300\nBBB,5000,70,3.0,120\nCCC,3000,65,3.0,12\nDDD,100,20,1.0,9\n"


def asked(built: Built, line: str, **more: object) -> WhatIf:
    """A scenario about BBB and CCC."""
    ground = lay_ground(built, draws=300, seed=2, error_draws=0)
    return whatif(ground, [from_text(line)], focal="BBB", rival="CCC", rank=2, date="2025-01-15", **more)  # type: ignore[arg-type]


def lead(built: Built, count: float) -> float:
    """CCC's lead over BBB with so many more chips, re-built."""
    change = bind(built, [from_text(f"accelerators CCC H100 {count}")], "2025-01-15").change(0)
    after = build(built.spec, dataset=built.dataset, values=change(built.dataset.values[-1]), fitted=built.fitted)
    return after.score_of("CCC") - after.score_of("BBB")


@pytest.mark.parametrize("method", ["arithmetic", "geometric"])
def test_number_suffices_and_one_less_does_not(world: World, method: str) -> None:
    """On each declared scale the number needed puts CCC ahead in a re-build, one machine fewer does not."""
    built = world(method=method)
    found = asked(built, "accelerators CCC H100 10").break_even
    assert {b.options["scale"] for b in found} == {"linear", "root"}
    for b in found:
        assert b.answer == "needs" and b.count is not None
        own = build(built.spec.with_({"indicators.chips.transform": {"method": "none" if b.options["scale"] == "linear" else "sqrt"}}))
        assert lead(own, b.count) > 0 >= lead(own, b.count - 1)
        assert b.deals == pytest.approx(b.count / 10)
        assert method == "geometric" or b.points * b.weight == pytest.approx(b.most)


def test_already_ahead_and_none_suffices_with_their_arithmetic(world: World) -> None:
    """AAA leads already; DDD would not pass AAA with the world's best chips."""
    ground = lay_ground(world(), draws=300, seed=2, error_draws=0)
    ahead = whatif(ground, [from_text("accelerators AAA H100 10")], focal="CCC", rival="AAA", rank=2, date="2025-01-15")
    assert {(b.answer, b.count) for b in ahead.break_even} == {("already ahead", None)}
    never = whatif(ground, [from_text("accelerators DDD H100 10")], focal="AAA", rival="DDD", rank=2, date="2025-01-15")
    assert all(b.answer == "none suffices" and b.most < b.gap for b in never.break_even)
    assert never.enough is not None and never.enough.answer == "none suffices"


def test_number_that_does_in_a_share_of_the_draws(world: World) -> None:
    """The least number with which CCC leads in 95 % of the draws does so, and one less does not."""
    built = world()
    found = asked(built, "accelerators CCC H100 10", wanted=0.95).enough
    assert found is not None and found.count is not None and found.answer == "needs"
    ground = lay_ground(built, draws=300, seed=2, error_draws=0)
    b, c = built.units.index("BBB"), built.units.index("CCC")

    def share(count: float) -> float:
        change = bind(built, [from_text(f"accelerators CCC H100 {count}")], "2025-01-15").change(0)
        drawn = scores(ground.sample, change)
        return float((drawn[:, c] > drawn[:, b]).mean())

    assert share(found.count) >= 0.95 > share(found.count - 1)


def test_any_indicator_in_its_own_unit(world: World) -> None:
    """How much research spending would do is told in the indicator's unit."""
    built = world()
    result = asked(built, "indicator CCC rd add 0.1", indicator="talent")
    b = result.break_even[0]
    assert result.indicator == "talent" and b.count is not None
    values = built.dataset.values[-1].copy()
    for factor, ahead in ((1 + 1e-6, True), (1 - 1e-6, False)):
        values[2, built.dataset.indicators.index("talent")] = 69 + factor * b.count
        after = build(built.spec, dataset=built.dataset, values=values, fitted=built.fitted)
        assert (after.score_of("CCC") > after.score_of("BBB")) is ahead
    with pytest.raises(EventError, match="no indicator 'rnd'"):
        asked(built, "indicator CCC rd add 0.1", indicator="rnd")


def test_swap_by_mix_and_by_weight_is_confirmed_by_builds(world: World) -> None:
    """A little to either side of the mix, and of each weight, the order of the two is the other way round."""
    built = world(HEADS, extra="").spec.with_({"steps.denominate": {"by": "people", "indicators": ["chips"], "mix": 0.5}})
    own = build(built)
    mix = mix_swap(own, "BBB", "CCC")
    assert mix is not None and len(mix.at) == 1
    orders = []
    for m in (mix.at[0] - 1e-4, mix.at[0] + 1e-4):
        b = build(built.with_({"steps.denominate.mix": m}))
        orders.append(b.score_of("BBB") > b.score_of("CCC"))
    assert orders[0] is not orders[1]
    swaps = [s for s in weight_swaps(own, "BBB", "CCC") if s.at is not None]
    assert swaps
    for s in swaps:
        told = []
        for share in (s.at - 1e-4, s.at + 1e-4):  # type: ignore[operator]
            weights = {c.code: c.weight for c in own.root.children}
            rest = sum(w for c, w in weights.items() if c != s.node)
            changed = {f"tree.children.{k}.weight": share * rest / (1 - share)
                       for k, c in enumerate(own.root.children) if c.code == s.node}  # fmt: skip
            b = build(built.with_(changed))
            told.append(b.score_of("BBB") > b.score_of("CCC"))
        assert told[0] is not told[1]
    assert np.all(np.diff([abs((s.at or 0) - s.nominal) for s in swaps]) >= 0)
