"""Break-even on every scale that a specification may declare: against a search through whole re-builds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from podium.index.build import Built, build
from podium.index.spec import load_spec
from podium.robustness.variants import Variant
from podium.scenarios.breakeven import BreakEven
from podium.scenarios.effects import bind
from podium.scenarios.events import from_text
from podium.scenarios.ground import Ground, lay_ground
from podium.scenarios.whatif import whatif

SPEC = """
name: scales
data: {{table: data.csv, layout: wide}}
indicators: {{chips: {{transform: {{method: none}}, treat: {{method: none}}}}}}
tree: {{code: all, children: [{{code: chips, weight: 2}}, {{code: talent, weight: 1}}, {{code: rd, weight: 1}}]}}
steps:
  normalise: {{method: {normalise}}}
  aggregate: {{method: {method}}}
  rank: {{ties: competition}}
uncertainties:
  weights: [{{level: 1, amount: 0.25}}]
  choices:
    - name: scale
      at: indicators.chips.transform
      options: {{linear: {{method: none}}, root: {{method: sqrt}}, log: {{method: log10, offset: 10}}}}
    - name: outliers
      at: indicators.chips.treat
      options: {{kept: {{method: none}}, winsorised: {{method: winsorise, max_points: 3, skew: 2, kurtosis: 3.5, force: true}}}}
effects: [{{kind: accelerators, indicator: chips, conventions: {{chips: dense8}}}}]
"""
WAYS = [("arithmetic", "minmax, range: [1, 100]"), ("geometric", "minmax, range: [1, 100]"),
        ("harmonic", "minmax, range: [1, 100]"), ("arithmetic", "zscore, mean: 50, sd: 10")]  # fmt: skip


@pytest.fixture(params=WAYS, ids=["arithmetic", "geometric", "harmonic", "z-scores"])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Ground:
    """Fourteen units with a very skewed number of chips."""
    rng = np.random.default_rng(3)
    chips = np.sort(np.exp(rng.normal(4, 1.6, 14)))[::-1]
    chips[0] *= 12
    rows = [f"{chr(65 + k) * 3},{c:.1f},{t:.1f},{r:.2f}" for k, (c, t, r) in enumerate(zip(
        chips, rng.uniform(20, 90, 14), rng.uniform(0.5, 4.5, 14), strict=True))]  # fmt: skip
    (tmp_path / "data.csv").write_text("\n".join(["unit,chips,talent,rd", *rows]))
    (tmp_path / "index.yaml").write_text(SPEC.format(method=request.param[0], normalise=request.param[1]))
    return lay_ground(build(load_spec(tmp_path / "index.yaml")), draws=60, seed=1, error_draws=0)


def variant_of(ground: Ground, e: BreakEven) -> Variant:
    """The variant that a break-even is about."""
    return next(v for v in ground.sample.variants if all(v.options[k] == o for k, o in e.options.items()))


def lead(own: Built, over: str, unit: str, count: float) -> float:
    """By how much a unit with so many more chips leads, re-built with every step as fitted before."""
    change = bind(own, [from_text(f"accelerators {unit} H100 {count:.0f}")], "2025-01-15").change(0)
    after = build(own.spec, dataset=own.dataset, values=change(own.dataset.values[-1]), fitted=own.fitted)
    return after.score_of(unit) - after.score_of(over)


def test_least_number_on_every_scale(ground: Ground) -> None:
    """Linear, root, logarithm with offset, winsorised: the number does it in a re-build, one less does not."""
    order = sorted(ground.built.units, key=ground.built.rank_of)
    seen = set()
    for a, b in ((3, 5), (5, 8), (1, 9), (0, 13), (8, 2)):
        over, unit = order[a], order[b]
        event = from_text(f"accelerators {unit} H100 10")
        found = whatif(ground, [event], focal=over, rival=unit, rank=2, date="2025-01-15").break_even
        assert len(found) == 6
        for e in found:
            own = variant_of(ground, e).built
            seen.add((e.answer, e.options["scale"], e.options["outliers"]))
            best = build(own.spec, dataset=own.dataset)
            room = float(np.nanmax(best.arrays["Normalised"][:, 0])) - float(best.arrays["Normalised"][best.units.index(unit), 0])
            assert e.points == pytest.approx(room)
            if e.answer == "needs":
                assert e.count is not None
                assert lead(own, over, unit, e.count) > 0 >= lead(own, over, unit, e.count - 1)
            elif e.answer == "already ahead":
                assert lead(own, over, unit, 0) > 0
            else:  # not even as many as the world's best has
                figures = own.dataset.values[-1][:, own.dataset.indicators.index("chips")]
                gap = float(figures.max() - figures[own.dataset.units.index(unit)])
                assert lead(own, over, unit, np.floor(gap)) <= 0
                assert e.most < e.gap
    assert {("needs", s, o) for s in ("linear", "root", "log") for o in ("kept", "winsorised")} <= seen
    assert {answer for answer, _, _ in seen} == {"needs", "already ahead", "none suffices"}


def test_nothing_goes_beyond_the_bound(ground: Ground) -> None:
    """However many chips: in no draw is the gain more than that of the world's best value, and with enough it is that."""
    unit = sorted(ground.built.units, key=ground.built.rank_of)[6]
    result = whatif(ground, [from_text(f"accelerators {unit} H100 1e9")], rank=2, date="2025-01-15")
    deal, bound = result.row("this deal"), result.row("the bound")
    assert deal is not None and bound is not None
    np.testing.assert_allclose(deal.lift[unit], bound.lift[unit], rtol=1e-9)
    assert deal.after[unit].score == pytest.approx(bound.after[unit].score)
    first = max(ground.built.units, key=lambda u: float(ground.built.arrays["Normalised"][ground.built.units.index(u), 0]))
    more = whatif(ground, [from_text(f"accelerators {first} H100 1000")], rank=2, date="2025-01-15")
    row = more.row("this deal")
    assert row is not None and row.lift[first] == (0.0, 0.0, 0.0)
    assert more.again is not None and any(high <= 0 for u, (_, _, high) in more.again.lift.items() if u != first)
