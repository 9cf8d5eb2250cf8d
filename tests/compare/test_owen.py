"""Owen values, against games with known values and against every order gone through one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations, product

import numpy as np
import pytest

from podium.compare.owen import Player, coalitions, owen_values, sampled_values

Masks = np.ndarray
A, B, C, D, E, F = (Player(x) for x in "abcdef")


def game_of(worth: Callable[[frozenset[int]], float]) -> Callable[[Masks], np.ndarray]:
    """A game on coalitions as rows of bits."""
    return lambda masks: np.array([worth(frozenset(np.flatnonzero(m))) for m in masks])


def orders(group: Player) -> Iterator[tuple[Player, ...]]:
    """Every order in which the groups of a tree stay together."""
    if not group.children:
        yield (group,)
        return
    ranked = [tuple(group.children)] if group.ordered else permutations(group.children)
    for row in ranked:
        for parts in product(*(list(orders(c)) for c in row)):
            yield tuple(p for part in parts for p in part)


def slow(root: Player, game: Callable[[Masks], np.ndarray]) -> np.ndarray:
    """The mean step of each player over every order."""
    place = {p.name: k for k, p in enumerate(root.leaves())}
    total, count = np.zeros(len(place)), 0
    for order in orders(root):
        mask, count = np.zeros((1, len(place)), dtype=bool), count + 1
        for p in order:
            before = game(mask)[0]
            mask[0, place[p.name]] = True
            total[place[p.name]] += game(mask)[0] - before
    return total / count


def random_game(bits: int, seed: int) -> Callable[[Masks], np.ndarray]:
    """A game with an independent random value for every coalition."""
    table = np.random.default_rng(seed).normal(size=2**bits)
    return lambda masks: table[masks @ (1 << np.arange(bits))]


def test_glove_game() -> None:
    """One left glove and two right ones: 2/3, 1/6, 1/6 (Shapley 1953, the textbook case), without any group."""
    worth = game_of(lambda s: float(0 in s and (1 in s or 2 in s)))
    np.testing.assert_allclose(owen_values(Player("all", children=(A, B, C)), worth, ()), [2 / 3, 1 / 6, 1 / 6])


def test_a_union_gains_from_standing_together() -> None:
    """Majority of three with two of them united: 1/2, 1/2, 0 (Owen 1977); without the union a third each."""
    worth = game_of(lambda s: float(len(s) >= 2))
    united = Player("all", children=(Player("pair", children=(A, B)), C))
    np.testing.assert_allclose(owen_values(united, worth, ()), [0.5, 0.5, 0], atol=1e-15)
    np.testing.assert_allclose(owen_values(Player("all", children=(A, B, C)), worth, ()), [1 / 3] * 3)


TREES = [
    Player("all", children=(A, B, C, D)),
    Player("all", children=(Player("x", children=(A, B, C)), Player("y", children=(D, E)), F)),
    Player("all", children=(Player("x", children=(Player("z", children=(A, B)), C)), D, Player("y", children=(E, F)))),
    Player("all", children=(Player("x", children=(Player("r", children=(A, B), ordered=True), C)), D)),
    Player("all", children=(Player("x", children=(A,)), Player("y", children=(B, C)))),
]


@pytest.mark.parametrize("tree", TREES)
def test_every_order_one_by_one(tree: Player) -> None:
    """On random games the values are the means over every admissible order."""
    bits = len(list(tree.leaves()))
    game = random_game(bits, 7)
    np.testing.assert_allclose(owen_values(tree, game, ()), slow(tree, game), atol=1e-12)


def test_parts_of_a_group_sum_to_the_groups_own_value() -> None:
    """Owen's consistency: what a union's players get together is the Shapley value of the union."""
    tree, game = TREES[2], random_game(6, 3)
    found = owen_values(tree, game, ())
    groups = [[0, 1, 2], [3], [4, 5]]

    def between(masks: Masks) -> np.ndarray:
        full = np.zeros((len(masks), 6), dtype=bool)
        for k, g in enumerate(groups):
            full[np.ix_(masks[:, k], g)] = True
        return game(full)

    quotient = owen_values(Player("all", children=(A, B, C)), between, ())
    np.testing.assert_allclose([found[g].sum() for g in groups], quotient, atol=1e-12)


def test_the_number_of_mixes_is_counted() -> None:
    """Exact values of a flat game of four need 2^4 coalitions; those of groups need the products of their sizes."""
    assert coalitions(TREES[0]) == 16
    assert coalitions(TREES[1]) == 4 * 2**3 + 4 * 2**2 + 2**3
    assert coalitions(TREES[3]) == 2 * 2 * 3 + 2 * 4 + 4


def test_sampled_orders_add_up_and_close_in() -> None:
    """A sampled group's parts sum to the exact ones in any number of orders, and lie within their errors."""
    tree, game = TREES[1], random_game(6, 11)
    exact = owen_values(tree, game, ())
    rest = owen_values(tree, game, (), without=tree.children[0])
    assert (rest[:3] == 0).all() and rest[3:] == pytest.approx(exact[3:], abs=1e-12)
    few, _ = sampled_values(tree, tree.children[0], game, (), orders=3, rng=np.random.default_rng(1))
    assert few[:3].sum() == pytest.approx(exact[:3].sum(), abs=1e-12)
    many, error = sampled_values(tree, tree.children[0], game, (), orders=2000, rng=np.random.default_rng(2))
    assert (np.abs(many[:3] - exact[:3]) < 4 * error[:3]).all()
    assert (error[:3] > 0).all() and (error[3:] == 0).all()


def test_an_additive_game_needs_one_order() -> None:
    """Where the value is a sum over players, one sampled order gives each its own term."""
    own = np.array([3.0, -1.0, 0.5, 2.0, 7.0, 1.0])
    found, error = sampled_values(TREES[1], TREES[1].children[0], lambda m: m @ own, (), orders=2,
                                  rng=np.random.default_rng(0))  # fmt: skip
    np.testing.assert_allclose(found[:3], own[:3], atol=1e-12)
    np.testing.assert_allclose(error, 0, atol=1e-7)
