"""Ranks before and after events."""

from __future__ import annotations

import numpy as np
import pytest

from podium.errors import EventError
from podium.index.aggregate import tree_scores
from podium.index.build import build
from podium.index.spec import load_spec
from podium.robustness.engine import Stress, stress
from podium.scenarios.effects import bind
from podium.scenarios.events import Event, from_text
from podium.scenarios.ground import ground_of
from podium.scenarios.refit import refitted
from podium.scenarios.whatif import BOUND, DEAL, PLANS, WhatIf, whatif

DATE = "2024-11-14"


@pytest.fixture(scope="module")
def stressed() -> Stress:
    """The 2023 edition of ai-race on few draws."""
    return stress(load_spec("ai-race", edition="2023"), draws=288, seed=3, error_draws=50)


@pytest.fixture(scope="module")
def deal(stressed: Stress) -> WhatIf:
    """1,600 unnamed accelerators in Japan."""
    return whatif(stressed, [from_text("accelerators JPN ? 1600 2025-07")], focal="KOR", rival="JPN", rank=3, date=DATE)


def test_three_rows_with_deal_plans_and_bound(deal: WhatIf) -> None:
    """The scenario shows this deal, all known plans, and the bound."""
    assert [r.name for r in deal.rows] == [DEAL, PLANS, BOUND]


def test_deal_lifts_only_the_country_it_happens_in(deal: WhatIf) -> None:
    """With treatment and normalisation frozen, Korea's score does not move at all."""
    row = deal.row(DEAL)
    assert row is not None
    assert row.lift["KOR"] == (0.0, 0.0, 0.0)
    assert 0 < row.lift["JPN"][0] <= row.lift["JPN"][1] <= row.lift["JPN"][2]


def test_deal_lies_below_the_bound(deal: WhatIf) -> None:
    """No event in an indicator can add more than the world's best value in it."""
    small, most = deal.row(DEAL), deal.row(BOUND)
    assert small is not None
    assert most is not None
    assert small.after["JPN"].score < most.after["JPN"].score
    gain = most.after["JPN"].score - most.before["JPN"].score
    assert gain == pytest.approx(deal.headroom["product"], abs=1e-9)


def test_nominal_after_equals_a_build_from_changed_figures(stressed: Stress) -> None:
    """An event of one named chip gives what a build with the same figures and frozen steps gives."""
    event = from_text("accelerators JPN B200 1600 2025-07")
    result = whatif(stressed, [event], focal="KOR", rival="JPN", rank=3, date=DATE)
    built = stressed.built
    changed = bind(built, [event], DATE).change(0)(built.dataset.values[-1])
    slow = build(built.spec, dataset=built.dataset, values=changed, fitted=built.fitted)
    row = result.row(DEAL)
    assert row is not None
    assert row.after["JPN"].score == pytest.approx(slow.score_of("JPN"), abs=1e-10)
    assert row.after["JPN"].rank == slow.rank_of("JPN")


def test_machine_left_open_draws_every_candidate(deal: WhatIf) -> None:
    """An unnamed GPU is a set of candidate chips, and the result says so."""
    assert any("the machine is not named" in a and "B200" in a and "H200" in a for a in deal.assumptions)


def test_unsized_event_moves_nothing_and_is_listed(stressed: Stress) -> None:
    """A system of unknown size is listed as unsized."""
    result = whatif(stressed, [Event("accelerators", "JPN", None, ("NVIDIA B200",), label="SoftBank")],
                    focal="KOR", rival="JPN", rank=3, date=DATE)  # fmt: skip
    assert result.row(DEAL) is None
    assert "size not stated" in result.unsized[0].describe()


def test_money_is_outside_the_index(stressed: Stress) -> None:
    """What no effect covers is reported with its reason, never dropped."""
    event = Event("money", "JPN", amount=5.3e9, currency="JPY", label="subsidy")
    result = whatif(stressed, [event], focal="KOR", rival="JPN", rank=3, date=DATE)
    assert result.outside[0][1] == "no indicator of the index counts money"


def test_break_even_is_the_least_number_that_passes(stressed: Stress) -> None:
    """Where a number suffices, that number puts the rival ahead and one machine fewer does not."""
    result = whatif(stressed, [from_text("accelerators KOR B200 1600 2025-07")], focal="FIN", rival="KOR", rank=3,
                    date=DATE)  # fmt: skip
    answers = {b.answer for b in result.break_even}
    assert answers <= {"needs", "none suffices", "already ahead"}
    ahead = [b for b in result.break_even if b.answer == "already ahead"]
    assert all(b.count is None and b.gap > 0 for b in ahead)
    for b in result.break_even:
        if b.answer == "needs":
            assert b.count is not None
            assert b.deals == pytest.approx(b.count / 1600)


def test_same_seed_gives_the_same_numbers(stressed: Stress, deal: WhatIf) -> None:
    """A scenario repeats itself."""
    again = whatif(stressed, [from_text("accelerators JPN ? 1600 2025-07")], focal="KOR", rival="JPN", rank=3,
                   date=DATE)  # fmt: skip
    np.testing.assert_equal(again.to_dict(), deal.to_dict())


def test_unit_outside_the_index_is_named(stressed: Stress) -> None:
    """An unknown unit is one clear error."""
    with pytest.raises(EventError, match="XYZ is not in the index"):
        whatif(stressed, [], focal="XYZ", rank=3, date=DATE)


def test_refit_is_every_variant_built_anew_on_the_same_draws(stressed: Stress) -> None:
    """The second line is what whole builds from the changed figures give, at the weights of each draw."""
    event = from_text("accelerators JPN B200 200000 2025-07")
    result = whatif(stressed, [event], focal="KOR", rival="JPN", rank=3, date=DATE)
    assert result.again is not None
    built, sample = stressed.built, stressed.sample
    values = bind(built, [event], DATE).change(0)(built.dataset.values[-1])
    k, j = built.units.index("KOR"), built.units.index("JPN")
    lifts, swaps = [], 0
    for n in range(0, len(sample.variant), 9):
        own = sample.variants[sample.variant[n]].built
        again = build(own.spec, dataset=own.dataset, values=values)
        new = tree_scores(again.tree, again.arrays["Normalised"], sample.weights[n][None], units=again.units)[0, :, -1]
        old = stressed.score_draws[n]
        lifts.append((n, new[j] - old[j]))
        swaps += int((new[k] > new[j]) != (old[k] > old[j]))
    part = refitted(ground_of(stressed), bind(built, [event], DATE))
    assert part is not None
    np.testing.assert_allclose([part[1].scores[-1, n, j] - stressed.score_draws[n, j] for n, _ in lifts],
                               [x for _, x in lifts], atol=1e-9)  # fmt: skip
    assert result.again.lift["KOR"][0] < 0 < result.again.lift["JPN"][1]  # Korea loses by Japan's machines
    assert result.again.after["JPN"].score == pytest.approx(result.refit["JPN"][0])
    assert result.again.order_changed is not None and (result.again.order_changed.value > 0) >= (swaps > 0)


def test_number_is_told_of_whom_the_events_move(stressed: Stress) -> None:
    """Where the focal unit itself gets the machines, or nobody does, the number is its own, against who is ahead."""
    own = whatif(stressed, [from_text("accelerators KOR B200 1600 2025-07")], focal="KOR", rival="USA", rank=3, date=DATE)
    assert (own.chaser, own.over) == ("KOR", "USA")
    assert own.headroom["points"] > 0 and any(b.answer != "already ahead" for b in own.break_even)
    nobody = whatif(stressed, [Event("money", "JPN", amount=1e9, currency="JPY")], focal="JPN", rival="USA", rank=3, date=DATE)
    assert (nobody.chaser, nobody.over) == ("JPN", "USA")
    rival = whatif(stressed, [from_text("accelerators JPN B200 1600 2025-07")], focal="KOR", rival="JPN", rank=3, date=DATE)
    assert (rival.chaser, rival.over) == ("JPN", "KOR")


def test_none_and_unnamed_machines_long_after_the_last_chip_known(stressed: Stress) -> None:
    """No machine at all changes nothing, and one not named is of the newest known, whatever the date."""
    for line in ("accelerators JPN B200 0 2029-07", "accelerators JPN ? 1600 2029-07"):
        w = whatif(stressed, [from_text(line)], focal="KOR", rival="JPN", rank=3, date="2029-06-01")
        deal = w.row(DEAL)
        assert deal is not None and w.break_even and (deal.lift["JPN"] == (0.0, 0.0, 0.0)) == (" 0 " in line)
