"""Laws of weights against what is known of them: moments, exact regions, other samplers."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from podium.errors import SpecError
from podium.index.uncertainties import WeightNoise
from podium.robustness.polytope import Polytope, effective_size, sample_polytope, split_r_hat
from podium.robustness.weights import compile_weights, sample_weights
from robustness.worlds import tree

T = tree(12, 4)
KIDS = list(T.groups[0].children)
CODES = [T.items[k] for k in KIDS]


def drawn(law: WeightNoise, draws: int = 20_000) -> np.ndarray:
    """Shares of the first pillar's three indicators ``(child, draw)``."""
    w = sample_weights((law,), T, draws, np.random.default_rng(7))[KIDS]
    return np.asarray(w / w.sum(axis=0))


def test_noise_is_uniform_around_the_weight() -> None:
    """Relative noise has mean 1, variance a²/3 and ends at 1 ± a; other levels stay as they are."""
    w = sample_weights((WeightNoise(level=2, amount=0.25),), T, 20_000, np.random.default_rng(1))
    level = np.array(T.level)
    factor = w[level == 2] / T.weights[level == 2, None]
    assert 0.75 <= factor.min() < 0.751
    assert factor.var() == pytest.approx(0.25**2 / 3, rel=0.03)
    np.testing.assert_array_equal(w[level == 1], np.broadcast_to(T.weights[level == 1, None], w[level == 1].shape))


def test_dirichlet_has_the_declared_deviation() -> None:
    """Shares have the nominal means; at equal weights the relative standard deviation is `amount`."""
    s = drawn(WeightNoise(level=1, kind="dirichlet", amount=0.3))
    nominal = T.weights[KIDS] / T.weights[KIDS].sum()
    np.testing.assert_allclose(s.mean(axis=1), nominal, atol=0.01)
    k, a = len(KIDS), 0.3
    theory = np.sqrt(nominal * (1 - nominal) / (k / a**2))
    np.testing.assert_allclose(s.std(axis=1), theory, rtol=0.05)


def test_simplex_is_uniform() -> None:
    """Uniform shares of three have mean 1/3, variance 1/18, covariance -1/36."""
    s = drawn(WeightNoise(kind="simplex", below="p0"), 60_000)
    np.testing.assert_allclose(np.cov(s), np.full((3, 3), -1 / 36) + np.eye(3) / 12, atol=0.001)


def test_complete_order_has_its_known_means() -> None:
    """Sorted uniform shares of three have the means 11/18, 5/18 and 2/18 (rank-order centroid weights)."""
    s = drawn(WeightNoise(kind="order", order=tuple(reversed(CODES))), 60_000)
    np.testing.assert_allclose(s.mean(axis=1), [2 / 18, 5 / 18, 11 / 18], atol=0.003)
    assert (np.diff(s, axis=0) >= 0).all()


def test_partial_order_agrees_with_rejection() -> None:
    """Hit-and-run under one inequality and a bound has the moments of plain rejection from the simplex."""
    law = WeightNoise(kind="order", order=(CODES[0], CODES[1]), bounds={CODES[2]: (0.1, 0.5)})
    s = drawn(law, 40_000)
    plain = np.random.default_rng(3).dirichlet(np.ones(3), 400_000).T
    kept = plain[:, (plain[0] >= plain[1]) & (plain[2] >= 0.1) & (plain[2] <= 0.5)]
    np.testing.assert_allclose(s.mean(axis=1), kept.mean(axis=1), atol=0.006)
    np.testing.assert_allclose(np.cov(s), np.cov(kept), atol=0.002)
    assert (s[0] >= s[1] - 1e-12).all()
    mixing = compile_weights((law,), T, np.random.SeedSequence(1)).mixing[0]
    assert mixing.r_hat < 1.01
    assert mixing.effective > 4000


def test_mean_of_a_longer_partial_order() -> None:
    """Eight shares of which four descend: the mean of each is that of all linear extensions, by symmetry and by rejection."""
    p = Polytope("x", np.zeros(8), np.ones(8), ((0, 1), (1, 2), (2, 3)))
    points, mixing = sample_polytope(p, np.random.default_rng(1))
    plain = np.random.default_rng(2).dirichlet(np.ones(8), 200_000)
    plain[:, :4] = -np.sort(-plain[:, :4], axis=1)  # exchangeable, so sorting four of them is exact
    np.testing.assert_allclose(points.mean(axis=0), plain.mean(axis=0), atol=4 / np.sqrt(mixing.effective) * 0.1)
    assert mixing.r_hat < 1.02


def test_intervals_experts_and_left_out() -> None:
    """Intervals are uniform between their ends; each expert is taken equally often; one indicator at a time has no weight."""
    a, b, c = CODES
    w = sample_weights((WeightNoise(kind="intervals", intervals={a: (2.0, 4.0)}),), T, 5000, np.random.default_rng(1))[KIDS]
    assert (w[0] >= 2).all()
    assert w[0].mean() == pytest.approx(3, abs=0.05)
    sets = ({a: 1.0, b: 5.0}, {a: 7.0, b: 1.0, c: 2.0})
    w = sample_weights((WeightNoise(kind="experts", sets=sets),), T, 5000, np.random.default_rng(1))[KIDS]
    rows = {tuple(col) for col in w.T}
    assert rows == {(1.0, 5.0, T.weights[KIDS[2]]), (7.0, 1.0, 2.0)}
    w = sample_weights((WeightNoise(kind="leave_out", codes=("each indicator",)),), T, 5000, np.random.default_rng(1))
    assert set((w[:12] == 0).sum(axis=0)) == {0, 1}
    np.testing.assert_allclose((w[:12] == 0).mean(axis=1), 1 / 13, atol=0.02)


def test_diagnostics_see_chains_that_have_not_mixed() -> None:
    """Independent points have R-hat 1 and as many effective as there are; stuck chains have neither."""
    rng = np.random.default_rng(1)
    good = rng.standard_normal((8, 500, 1))
    assert split_r_hat(good) < 1.01
    assert effective_size(good) == pytest.approx(4000, rel=0.15)
    slow = np.cumsum(rng.standard_normal((8, 500, 1)), axis=1)
    assert split_r_hat(slow) > 1.5
    x = np.zeros((40, 2000, 1))
    for t in range(1, 2000):
        x[:, t] = 0.8 * x[:, t - 1] + rng.standard_normal((40, 1))
    assert effective_size(x) == pytest.approx(80_000 * (1 - 0.8) / (1 + 0.8), rel=0.15)  # that of an AR(1) process


@pytest.mark.parametrize("law", [
    {"kind": "noise", "level": 1}, {"kind": "noise", "amount": 0.2}, {"kind": "order", "level": 1},
    {"kind": "simplex", "level": 1, "amount": 0.2}, {"kind": "intervals", "intervals": {"a": (2, 1)}},
])  # fmt: skip
def test_incomplete_laws_are_refused(law: dict[str, object]) -> None:
    """A law without what it needs, or with what means nothing to it, is refused."""
    with pytest.raises(ValidationError):
        WeightNoise(**law)  # type: ignore[arg-type]


@pytest.mark.parametrize(("law", "said"), [
    ({"kind": "order", "order": ("i0", "i11")}, "no parent in common"), ({"kind": "intervals", "intervals": {"zz": (1, 2)}}, "zz"),
    ({"kind": "order", "bounds": {"i0": (0.6, 0.7), "i1": (0.6, 0.7)}}, "no shares below p0"),
    ({"kind": "order", "order": ("i0", "i1"), "bounds": {"i0": (0.0, 1 / 3), "i1": (1 / 3, 1.0)}}, "no freedom"),
    ({"kind": "noise", "level": 7, "amount": 0.1}, "level 7"),
])  # fmt: skip
def test_impossible_laws_are_named(law: dict[str, object], said: str) -> None:
    """What is not in the tree, or leaves nothing, is named with the remedy."""
    with pytest.raises(SpecError, match=said):
        compile_weights((WeightNoise(**law),), T, np.random.SeedSequence(0))  # type: ignore[arg-type]
