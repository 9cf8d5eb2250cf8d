"""What each unit's move between two indices is made of: data, weights, method, newcomers, leavers; as accounting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.compare.agreement import Agreement, agreement
from podium.compare.game import Game, own_values, players
from podium.compare.owen import Player, coalitions, owen_values, sampled_values
from podium.data.dataset import Array
from podium.errors import ComputationError, DataError, Fault
from podium.index.build import Built, build
from podium.index.mixture import Mixture, mixture
from podium.index.rank import ranks

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KINDS", "Moves", "Overtaking", "Part", "known_revision", "moves"]

KINDS = ("data", "revision", "indicators", "weights", "method", "units")
"""What a move is split into, in the order shown."""

BUDGET = 60_000_000
"""Coalitions times units above which the split within the data is sampled."""
HEAVY = 1_500_000_000
"""The same times items, where scores are no sums of columns."""


@dataclass(frozen=True)
class Part:
    """One part of a move: an indicator's figures or their revision, a group's weights, a step, newcomers.

    ``group`` is the child of the root above an indicator, empty for the others.
    """

    name: str
    kind: str
    group: str = ""


@dataclass(frozen=True)
class Overtaking:
    """One unit that was behind another and is now ahead, with the part that changed their gap most, and by how much."""

    ahead: str
    behind: str
    gap_before: float
    gap_after: float
    part: Part
    points: float


@dataclass(frozen=True, eq=False)
class Moves:
    """The change of every shared unit's score and rank, split into parts that add up exactly.

    ``scores`` and ``ranks`` ``(part, unit)`` are contributions; a negative one to a rank is a rise. ``orders`` is the
    number of sampled orders within the data, 0 where the split is exact; ``errors`` ``(2, part, unit)`` then are the
    standard errors. A unit that some mix leaves without a score has NaN throughout, and is listed in ``unsplit``.
    """

    mixture: Mixture
    parts: tuple[Part, ...]
    old_scores: Array
    new_scores: Array
    old_ranks: Array
    new_ranks: Array
    scores: Array
    ranks: Array
    orders: int
    errors: Array | None

    @property
    def old(self) -> Built:
        """The old index."""
        return self.mixture.old

    @property
    def new(self) -> Built:
        """The new index."""
        return self.mixture.new

    @property
    def units(self) -> tuple[str, ...]:
        """The units with a score in both indices."""
        return self.mixture.shared

    @property
    def newcomers(self) -> tuple[str, ...]:
        """The units with a score in the new index only."""
        return self.mixture.newcomers

    @property
    def leavers(self) -> tuple[str, ...]:
        """The units with a score in the old index only."""
        return self.mixture.leavers

    @property
    def unsplit(self) -> tuple[str, ...]:
        """The shared units whose change cannot be split."""
        bad: Any = np.isnan(self.scores).any(axis=0) | np.isnan(self.ranks).any(axis=0)
        return tuple(u for u, b in zip(self.units, bad, strict=True) if b)

    def agreement(self, *, k: int = 10) -> Agreement:
        """How far the two rankings agree on the shared units, ranked among themselves."""
        sign = [1.0 if b.spec.steps.rank.best == "highest" else -1.0 for b in (self.old, self.new)]
        return agreement(ranks(sign[0] * self.old_scores), ranks(sign[1] * self.new_scores), k=k)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a unit, the best new rank first: ranks and scores, their change, and the change's parts by kind."""
        import pandas as pd

        columns = {"old_rank": self.old_ranks, "new_rank": self.new_ranks,
                   "rank_change": self.new_ranks - self.old_ranks, "old_score": self.old_scores,
                   "new_score": self.new_scores, "score_change": self.new_scores - self.old_scores}  # fmt: skip
        for what, values in (("score", self.scores), ("rank", self.ranks)):
            for kind in self.kinds:
                rows = [k for k, p in enumerate(self.parts) if p.kind == kind]
                columns[f"{what}_{kind}"] = values[rows].sum(axis=0)
        return pd.DataFrame(columns, index=list(self.units)).sort_values("new_rank", kind="stable")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that have a part."""
        held = {p.kind for p in self.parts}
        return tuple(k for k in KINDS if k in held)

    def of(self, unit: str) -> pd.DataFrame:
        """One row a part, the greatest contribution to the unit's score first: part, kind, group, score, rank."""
        import pandas as pd

        at = self._at(unit)
        table = pd.DataFrame({
            "part": [p.name for p in self.parts], "kind": [p.kind for p in self.parts],
            "group": [p.group for p in self.parts], "score": self.scores[:, at], "rank": self.ranks[:, at],
        })  # fmt: skip
        return table.sort_values("score", key=lambda s: -s.abs(), kind="stable").reset_index(drop=True)

    def contributions(self, by: str = "scores") -> pd.DataFrame:
        """Every contribution, unit × (kind, part), to the ``scores`` or the ``ranks``."""
        import pandas as pd

        columns = pd.MultiIndex.from_tuples([(p.kind, p.name) for p in self.parts], names=["kind", "part"])
        return pd.DataFrame((self.scores if by == "scores" else self.ranks).T, list(self.units), columns)

    def overtakings(self, unit: str | None = None) -> tuple[Overtaking, ...]:
        """Every pair whose order turned round, the largest swing first; of one unit only where it is given.

        Pairs that were or are level are left out. The part named is the one that moved the gap most towards the one
        that is ahead now, in points of the score.
        """
        sign = 1.0 if self.new.spec.steps.rank.best == "highest" else -1.0
        who = range(len(self.units)) if unit is None else [self._at(unit)]
        out: dict[tuple[int, int], Overtaking] = {}
        for a in who:
            for b in range(len(self.units)):
                for x, y in ((a, b), (b, a)):
                    if self.old_ranks[x] > self.old_ranks[y] and self.new_ranks[x] < self.new_ranks[y]:
                        swing = sign * (self.scores[:, x] - self.scores[:, y])
                        if np.isnan(swing).any() or not len(swing):
                            continue
                        k = int(np.argmax(swing))
                        before, after = (s[x] - s[y] for s in (self.old_scores, self.new_scores))
                        out[x, y] = Overtaking(self.units[x], self.units[y], float(before), float(after),
                                               self.parts[k], float(sign * swing[k]))  # fmt: skip
        return tuple(sorted(out.values(), key=lambda o: -abs(o.gap_after - o.gap_before)))

    def to_dict(self) -> dict[str, Any]:
        """Return the moves as plain JSON values."""
        return {
            "old": _said(self.old), "new": _said(self.new), "units": len(self.units), "newcomers": list(self.newcomers),
            "leavers": list(self.leavers), "unsplit": list(self.unsplit), "sampled_orders": self.orders,
            "agreement": self.agreement().to_dict(),
            "parts": [{"part": p.name, "kind": p.kind, "group": p.group} for p in self.parts],
            "moves": [
                {"unit": u, "old_rank": self.old_ranks[k], "new_rank": self.new_ranks[k],
                 "old_score": self.old_scores[k], "new_score": self.new_scores[k],
                 "score_parts": list(self.scores[:, k]), "rank_parts": list(self.ranks[:, k])}
                for k, u in enumerate(self.units)
            ],
        }  # fmt: skip

    def _at(self, unit: str) -> int:
        if unit not in self.units:
            only = "is only in one of the two indices" if unit in {*self.newcomers, *self.leavers} else "is in neither"
            raise DataError(Fault(f"{unit} {only}", f"Use one of {', '.join(self.units)}"))
        return self.units.index(unit)


def _said(built: Built) -> dict[str, Any]:
    return {"index": built.spec.name, "edition": built.spec.edition_name, "units": len(built.units)}


def moves(
    old: Built, new: Built, *, revised: Built | None = None, same: Mapping[str, str] | None = None, orders: int = 100,
    seed: int = 0,
) -> Moves:  # fmt: skip
    """Return the change of each unit's score and rank, split into parts that add up exactly.

    The parts are Owen values (Owen 1977, doi:10.1007/978-3-642-45494-3_7; nested groups: Winter 1989,
    doi:10.1007/BF01268158): old becomes new in steps, in every order in which data, indicators dropped and added,
    weights, method, and units each stay together, and within the data each group of the tree; a part is the mean of
    what its step changes. Accounting, not cause: a part says what the change is made of.

    Parameters
    ----------
    revised
        The old edition built from the new publication's figures: each indicator's part is then split into the
        publisher's revision and the change after it.
    same
        What the old index calls by another name, each code with the new index's.
    orders, seed
        Where the exact split within the data needs too many mixes, so many random orders of it are taken instead, from
        this seed; the parts still add up exactly.

    Raises
    ------
    DataError
        If the indices share no unit or no indicator.
    ComputationError
        If a mix of the two has no score, such as figures of one that the other's normalisation does not take.
    """
    m = mixture(old, new, revised=revised, same=same)
    try:
        return _split(m, players(m), orders, seed)
    except ComputationError:
        if len(m.method) < 2:
            raise
    return _split(m, players(m, whole=True), orders, seed)


def _split(m: Mixture, root: Player, orders: int, seed: int) -> Moves:
    shape = (2, len(m.shared))
    if not root.children:
        old, new = (own_values(m, late) for late in (False, True))
        return Moves(m, (), old[0], new[0], old[1], new[1], np.zeros((0, shape[1])), np.zeros((0, shape[1])), 0, None)
    game = Game(m, root)
    data = next((p for p in root.children if p.name == "data"), None)
    sampled = data is not None and _too_many(game, coalitions(root))
    with np.errstate(invalid="ignore"):
        values, errors = owen_values(root, game, shape, without=data if sampled else None), None
        if sampled and data is not None:
            more, spread = sampled_values(root, data, game, shape, orders=orders, rng=np.random.default_rng(seed))
            values, errors = values + more, spread.transpose(1, 0, 2)
    groups = {n.code: c.code for c in m.new.root.children for n in c.walk() if not n.children}
    parts = tuple(Part(p.name, p.kind, groups.get(p.name, "") if p.kind in ("data", "revision") else "")
                  for p in root.leaves())  # fmt: skip
    (old_scores, old_ranks), (new_scores, new_ranks) = game.ends
    return Moves(m, parts, old_scores, new_scores, old_ranks, new_ranks, values[:, 0], values[:, 1],
                 orders if sampled else 0, errors)  # fmt: skip


def _too_many(game: Game, mixes: float) -> bool:
    units = len(game.m.new.units)
    if mixes * units > BUDGET:
        return True
    additive = all(s.steps is not None for s in game.states.values())
    return not additive and mixes * units * len(game.m.new.tree.items) > HEAVY


def known_revision(old: Built, new: Built) -> Built | None:
    """Return the old edition built from the new publication's figures, where it holds them and they are another's.

    None where both indices come from the same files, or the new one has no edition of the old one's name.
    """
    name, spec = old.spec.edition_name, new.spec
    if name is None or name == spec.edition_name or old.dataset.files == new.dataset.files:
        return None
    whole = new.dataset.whole
    if whole is not None:
        if name not in whole.editions:
            return None
        return build(spec.model_copy(update={"edition": name}), dataset=whole)
    if name not in [e.name for e in spec.editions]:
        return None
    return build(spec.model_copy(update={"edition": name}))
