"""What an index owes to each of its parts: parts left out one at a time, indicators dropped and added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from podium.compare.editions import without_each
from podium.errors import DataError, Fault
from podium.index.build import Built, build
from podium.index.rank import ranks_within
from podium.index.selection import item_numbers, items_at, pruned, unit_groups
from podium.index.spec import Node
from podium.index.uncertainties import Choice

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["How", "Removal", "change_indicators", "leave_each_out"]

How = Literal["weight", "rebuild"]


@dataclass(frozen=True, eq=False)
class Removal:
    """Scores and ranks with each part left out, one column a part; the column ``nominal`` has all of them.

    ``changes`` are ranks without the part less nominal ranks (negative is a rise), ``mean_distance`` the mean of the
    changes without their sign. ``how`` says how parts were left out.
    """

    scores: pd.DataFrame
    ranks: pd.DataFrame
    changes: pd.DataFrame
    mean_distance: pd.Series
    how: How


def leave_each_out(
    built: Built, codes: Iterable[str] | None = None, *, level: int | None = None, how: How, node: str | None = None
) -> Removal:
    """Return the index with each part left out in turn.

    Parameters
    ----------
    codes
        Indicators or groups; None takes all of `level` (1 = indicators).
    how
        ``weight`` sets the part's weight to 0 in the index as built, as COINr's ``remove_elements``: imputation,
        screening and whatever else the steps learnt stay, and a missing part still counts for ``min_available``.
        ``rebuild`` takes it out of the tree and builds anew.
    node
        Where to look; None takes the root.

    Raises
    ------
    DataError
        If a part or node is not in the tree, there is neither `codes` nor `level`, or nothing would be left.
    """
    import pandas as pd

    if codes is None and level is None:
        raise DataError(Fault("nothing to leave out", "Give `codes` or a `level`"))
    tree = built.tree
    wanted = [tree.items[k] for k in items_at(tree, level or 1)] if codes is None else list(codes)
    item_numbers(tree, [*wanted, *([] if node is None else [node])])
    if how == "weight":
        scores = without_each(built, wanted, node=node)
    else:
        others = {c: change_indicators(built, drop=[c]) for c in wanted}
        units = list(built.units)
        columns = {c: _scores(b, node, c) for c, b in others.items()}
        scores = pd.DataFrame({"nominal": _scores(built, node, ""), **columns}).reindex(units)
    rule = built.spec.steps.rank
    sign = 1.0 if rule.best == "highest" else -1.0
    groups = [0] * len(scores) if rule.within is None else list(unit_groups(built, rule.within))
    placed = ranks_within(sign * scores.to_numpy().T, groups, ties=rule.ties, decimals=rule.decimals,
                          rounding=rule.rounding).T  # fmt: skip
    table = pd.DataFrame(placed, scores.index, scores.columns)
    changes = table.sub(table["nominal"], axis=0)
    return Removal(scores, table, changes, changes.abs().mean(), how)


def _scores(built: Built, node: str | None, left_out: str) -> pd.Series:
    import pandas as pd

    code = built.tree.items[-1] if node is None else node
    if code not in built.tree.items:
        raise DataError(Fault(f"without {left_out} there is no {code}", "Look at a node that stays"))
    return pd.Series(built.score_table[:, built.tree.items.index(code)], list(built.units))


def change_indicators(
    built: Built, *, drop: Iterable[str] = (), add: Mapping[str, str] | None = None, weight: float = 1.0
) -> Built:
    """Return the index built anew without some indicators or groups and with others.

    Rules, effects and uncertainties of what is dropped go with it.

    Parameters
    ----------
    drop
        Indicators or groups of the tree.
    add
        Series of the data with the group each goes to.
    weight
        The weight of each indicator added.

    Raises
    ------
    DataError
        If a code is not there, stands in the tree already, or nothing is left.
    SpecError, ComputationError
        As `build` has them.
    """
    tree, new = built.tree, dict(add or {})
    out = list(drop)
    item_numbers(tree, [*out, *new.values()])
    root = pruned(built.root, frozenset(out))
    if root is None or not root.children:
        raise DataError(Fault(f"leaving out {', '.join(out)} leaves nothing", "Keep one part of the index"))
    held = {n.code for n in root.walk()}
    faults = [Fault(f"{c} is in the tree already", "Drop it first") for c in new if c in held]
    faults += [Fault(f"there is no series {c} in the data", "Add its figures") for c in new
               if c not in built.dataset.indicators]  # fmt: skip
    groups = {n.code for n in root.walk() if n.children}
    faults += [Fault(f"{p} is no group of the index any more", "Name a group that stays") for p in new.values()
               if p not in groups]  # fmt: skip
    if faults:
        raise DataError(faults)
    root = _grown(root, new, weight)
    return build(built.spec.with_(_kept(built, root)), dataset=built.dataset)


def _grown(node: Node, add: Mapping[str, str], weight: float) -> Node:
    if not node.children:
        return node
    own = tuple(Node(code=c, weight=weight) for c, parent in add.items() if parent == node.code)
    return node.model_copy(update={"children": (*(_grown(c, add, weight) for c in node.children), *own)})


def _kept(built: Built, root: Node) -> dict[str, object]:
    """The parts of the specification that still speak of something in the tree."""
    spec, gone = built.spec, {n.code for n in built.root.walk()} - {n.code for n in root.walk()}
    unsure = spec.uncertainties

    def stays(choice: Choice) -> bool:
        parts = choice.at.split(".")
        return parts[0] != "indicators" or parts[1] not in gone

    return {
        "tree": root.model_dump(),
        "indicators": {c: r.model_dump() for c, r in spec.indicators.items() if c not in gone},
        "effects": tuple(e.model_dump() for e in spec.effects if e.indicator not in gone),
        "levers": tuple(x.model_dump() for x in spec.levers if x.indicator not in gone),
        "uncertainties.leave_out": tuple(c for c in unsure.leave_out if c not in gone),
        "uncertainties.choices": tuple(c.model_dump() for c in unsure.choices if stays(c)),
        "uncertainties.errors": tuple(e.model_dump() for e in unsure.errors if e.indicator not in gone),
        "uncertainties.coverage": tuple(e.model_dump() for e in unsure.coverage if e.indicator not in gone),
    }
