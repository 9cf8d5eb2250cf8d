"""The specification curve: every combination of choices in order of its result, and what flips two units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podium.robustness.variants import Variant

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Flip", "smallest_flip", "specification_curve"]


@dataclass(frozen=True)
class Flip:
    """The fewest choices whose change turns the order of two units round.

    ``ahead`` is the one that leads in the index itself; ``changes`` are all sets of so many changed options that flip
    them, as option label by choice. None of them: no combination does.
    """

    ahead: str
    behind: str
    number: int | None
    changes: tuple[Mapping[str, str], ...]

    @property
    def sentence(self) -> str:
        """What flips the two, fit to print."""
        if self.number is None:
            return f"{self.ahead} is ahead of {self.behind} under every combination of choices."
        ways = " or ".join(", ".join(f"{c}: {o}" for c, o in way.items()) for way in self.changes)
        many = "one choice" if self.number == 1 else f"{self.number} choices together"
        return f"{self.behind} passes {self.ahead} when {many} change: {ways}."


def specification_curve(every: Sequence[Variant], unit: str) -> pd.DataFrame:
    """Return one row a combination of choices, the unit's best rank first, then its highest score.

    Columns: each choice's option, ``rank``, ``score``, ``changed`` (the number of choices that differ from the index
    itself) and ``nominal``.
    """
    import pandas as pd

    own = next(v.options for v in every if v.nominal)
    rows = [
        {**v.options, "rank": v.built.rank_of(unit), "score": v.built.score_of(unit),
         "changed": len(_changed(v.options, own)), "nominal": v.nominal} for v in every
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    return table.sort_values(["rank", "score"], ascending=[True, False], kind="stable", ignore_index=True)


def smallest_flip(every: Sequence[Variant], a: str, b: str) -> Flip:
    """Return the fewest choices whose change turns the order of units a and b round; a tie turns nothing round."""
    own = next(v for v in every if v.nominal)
    ahead, behind = (a, b) if own.built.rank_of(a) <= own.built.rank_of(b) else (b, a)
    flips = [_changed(v.options, own.options) for v in every if v.built.rank_of(behind) < v.built.rank_of(ahead)]
    if not flips:
        return Flip(ahead, behind, None, ())
    fewest = min(map(len, flips))
    return Flip(ahead, behind, fewest, tuple(f for f in flips if len(f) == fewest))


def _changed(options: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    return {c: o for c, o in options.items() if own[c] != o}
