"""The best and the worst rank of a unit over all admissible weights, proved, with the weights that reach them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import DataError, Fault, InputError, SpecError
from podium.index.aggregate import tree_scores
from podium.index.build import Built, build
from podium.index.spec import Node, Spec
from podium.robustness.admissible import GroupSet, corners, weight_sets
from podium.robustness.draws import draw_weights
from podium.robustness.mixed import mixed_leads
from podium.robustness.preference import Scale, greatest_leads, linear_scale
from podium.robustness.program import GAP, Cut, Program, Rivals, Task, linear_program, quiet, tightenings

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RankRange", "RankRanges", "rank_ranges", "rebuilt"]

Progress = Callable[[float, str], None]
CLOSE = 1e-9
"""Differences below this part of the greatest are taken for ties where pairs are settled."""
MOST_PAIRS = 50_000_000
SAMPLED = 400
"""Draws of weights that give first ranks reached."""
CORNERS = 200
"""Corners of the weight set at which a conjecture about two rivals is tried before it is proved."""
MOST_CUT = 100
"""Rivals beyond which the 0-1 program gets no rows on pairs of them: they would be too many."""
MARGIN = 4e-6
"""The lead, in parts of the greatest, that the second program asks for where ties spoil the first one's weights."""
DIVE = 8
"""Rounds in which a linear program's z are rounded before the 0-1 program is called."""


@dataclass(frozen=True, eq=False)
class RankRange:
    """The range of a unit's competition rank (1 + the number of units with a higher score) over the weights.

    ``best`` and ``worst`` are reached by the weights within each parent given with them; no admissible weights give
    a rank below ``best_bound`` or above ``worst_bound``. The range is ``exact`` where both agree.
    """

    unit: str
    nominal: int
    best: int
    worst: int
    best_bound: int
    worst_bound: int
    best_weights: Mapping[str, float]
    worst_weights: Mapping[str, float]

    @property
    def exact(self) -> bool:
        """Whether both ends are proved."""
        return self.best == self.best_bound and self.worst == self.worst_bound


@dataclass(frozen=True, eq=False)
class RankRanges:
    """Rank ranges of some units of an index, and who can be ahead of whom.

    ``leads`` ``(unit, target)`` is the greatest difference of scores over the weights, unit less target, on the scale
    on which scores are linear; an upper bound where `linear` or `complete` fails.
    """

    built: Built
    ranges: Mapping[str, RankRange]
    leads: Array
    behinds: Array
    note: str

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a unit in nominal order: nominal rank, best and worst rank reached, their bounds, exact or not."""
        import pandas as pd

        rows = [(r.unit, r.nominal, r.best, r.worst, r.best_bound, r.worst_bound, r.exact)
                for r in sorted(self.ranges.values(), key=lambda r: r.nominal)]  # fmt: skip
        names = ["unit", "nominal", "best", "worst", "best_bound", "worst_bound", "exact"]
        return pd.DataFrame(rows, columns=names).set_index("unit")

    def can_lead(self, a: str, b: str) -> bool:
        """Whether some admissible weights put a ahead of b (where bounds are not exact: whether they leave it open)."""
        return self._lead(a, b) > 0

    def must_lead(self, a: str, b: str) -> bool:
        """Whether all admissible weights put a ahead of b."""
        return self._lead(b, a) < 0

    def always_ahead(self, unit: str) -> tuple[str, ...]:
        """The units that all admissible weights put ahead of a unit."""
        return self._settled(self.behinds, unit)

    def always_behind(self, unit: str) -> tuple[str, ...]:
        """The units that all admissible weights put behind a unit."""
        return self._settled(self.leads, unit)

    def _settled(self, leads: Array, unit: str) -> tuple[str, ...]:
        column = leads[:, list(self.ranges).index(unit)]
        return tuple(u for u, x in zip(self.built.units, column, strict=True) if x < 0)

    def _lead(self, a: str, b: str) -> float:
        places = {u: k for k, u in enumerate(self.built.units)}
        targets = list(self.ranges)
        if b in targets:
            return float(self.leads[places[a], targets.index(b)])
        return float(self.behinds[places[b], targets.index(a)])


def rank_ranges(
    spec: Spec | Built, *, units: Sequence[str] | None = None, seed: int = 0, time_limit: float = 600.0,
    executor: Executor | None = None, progress: Progress | None = None,
) -> RankRanges:  # fmt: skip
    """Return the best and worst rank of units over the whole admissible weight set.

    Where scores are linear in effective weights (one kind of mean up the tree, complete data) both ends are proved:
    pairs of units are settled by the extremes of their difference, the rest by a 0-1 program, and the weights found
    are scored anew. Elsewhere, or at the time limit, the bounds say so.

    Parameters
    ----------
    units
        The units asked for; None takes all.
    seed
        Seed of the sample of weights that gives first ranks reached; the result's bounds do not depend on it.
    time_limit
        Seconds after which the units left over get what is known by then.
    executor
        Where to solve the units' programs, by default here; threads serve.
    progress
        Called with the share done and what is being done.

    Raises
    ------
    SpecError
        If the specification declares no uncertain weights.
    DataError
        If a unit is not in the index, or has no score.
    InputError
        If the units asked for make more than 50 million pairs.
    """
    built = spec if isinstance(spec, Built) else build(spec)
    tell = progress or (lambda done, what: None)
    alternatives = weight_sets(built.spec, built.tree)
    if len(alternatives) == 1 and all(s.fixed for s in alternatives[0]):
        remedy = "Declare them under `uncertainties: weights`"
        raise SpecError(Fault("no weights are uncertain", remedy, built.spec.file))
    targets = _targets(built, units)
    if len(targets) * len(built.units) > MOST_PAIRS:
        asked = f"{len(targets)} units against {len(built.units)} are {len(targets) * len(built.units):,} pairs"
        raise InputError(Fault(asked, f"Ask for fewer `units`: at most {MOST_PAIRS // len(built.units)} here"))
    tell(0.0, "pairs")
    found = [_Search(built, sets, targets, seed).run(time_limit, executor, tell) for sets in alternatives]
    best = found[0] if len(found) == 1 else _joined(found)
    tell(1.0, "done")
    return best


def rebuilt(built: Built, weights: Mapping[str, float]) -> Built:
    """Return the index built anew from its data with other weights within each parent."""

    def changed(node: Node) -> Node:
        kids = tuple(changed(c) for c in node.children)
        return node.model_copy(update={"weight": weights.get(node.code, node.weight), "children": kids})

    return build(built.spec.model_copy(update={"tree": changed(built.root)}), dataset=built.dataset)


def _targets(built: Built, units: Sequence[str] | None) -> npt.NDArray[np.intp]:
    scored = ~np.isnan(built.score_table[:, -1])
    if units is None:
        return np.flatnonzero(scored)
    unknown = [u for u in units if u not in built.units]
    if unknown:
        known = f"Use one of {', '.join(built.units)}"
        raise DataError([Fault(f"unit {u} is not in the index", known) for u in unknown])
    at = np.array([built.units.index(u) for u in units], dtype=np.intp)
    empty = [built.units[k] for k in at if not scored[k]]
    if empty:
        raise DataError([Fault(f"unit {u} has no score", "It lacks too many figures") for u in empty])
    return at


@dataclass(eq=False)
class _Search:
    """What is known on the way: for each target the best and worst rank reached and proved so far."""

    built: Built
    sets: Sequence[GroupSet]
    targets: npt.NDArray[np.intp]
    seed: int
    reached: dict[int, Array] = field(default_factory=dict)
    bound: dict[int, Array] = field(default_factory=dict)
    weights: dict[int, Array] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    late: bool = False

    def run(self, time_limit: float, executor: Executor | None, tell: Progress) -> RankRanges:
        end = time.monotonic() + time_limit
        scale = linear_scale(self.built, self.sets)
        self.scored = np.flatnonzero(~np.isnan(self.built.score_table[:, -1]))
        leads, behinds = self._leads(scale)
        self._sample()
        if not scale.linear:
            self._prove(scale, leads, behinds, end, executor, tell)
        note = scale.linear or ("" if scale.complete else "units lack different indicators")
        note = note or ("the time limit was reached" if self.late else "")
        return RankRanges(self.built, self._ranges(), leads, behinds, note)

    def _leads(self, scale: Scale) -> tuple[Array, Array]:
        """Greatest leads of units over targets and of targets over units, with ties taken out; the first bounds."""
        if scale.linear:
            leads, behinds = mixed_leads(self.built, self.sets, self.targets)
        else:
            leads = greatest_leads(scale, self.sets, self.targets)
            mirrored = Scale(scale.tree, -scale.values, scale.groups, scale.indices, "", scale.complete)
            behinds = greatest_leads(mirrored, self.sets, self.targets)
            close = CLOSE * np.nanmax(np.abs(leads), initial=0.0)
            leads = np.where(np.abs(leads) <= close, 0.0, leads)
            behinds = np.where(np.abs(behinds) <= close, 0.0, behinds)
        leads[self.targets, np.arange(len(self.targets))] = 0.0
        behinds[self.targets, np.arange(len(self.targets))] = 0.0
        self.bound = {1: 1.0 + (behinds[self.scored] < 0).sum(axis=0), -1: 1.0 + (leads[self.scored] > 0).sum(axis=0)}
        return leads, behinds

    def _sample(self) -> None:
        """Ranks at sampled weights: the first ranks reached."""
        spec, tree = self.built.spec, self.built.tree
        drawn = draw_weights(spec, tree, SAMPLED, np.random.default_rng(self.seed))
        self.reached = {1: np.full(len(self.targets), np.inf), -1: np.full(len(self.targets), -np.inf)}
        self.weights = {s: np.tile(tree.weights, (len(self.targets), 1)) for s in (1, -1)}
        step = max(1, 4_000_000 // (len(self.built.units) * len(tree.items)))
        for start in range(0, SAMPLED, step):
            self.note(drawn[start : start + step])

    def note(self, weights: Array) -> None:
        """Take the ranks at some weights ``(draw, item)`` into account."""
        table = self.ranks(weights)
        for sign, extreme in ((1, table.argmin(axis=0)), (-1, table.argmax(axis=0))):
            ranks = table[extreme, np.arange(len(self.targets))]
            with self.lock:
                better = sign * ranks < sign * self.reached[sign]
                self.reached[sign][better] = ranks[better]
                self.weights[sign][better] = weights[extreme[better]]

    def ranks(self, weights: Array) -> Array:
        """Competition ranks of the targets at some weights ``(draw, item)``, as a build gives them."""
        built = self.built
        scores = tree_scores(built.tree, built.arrays["Normalised"], weights, units=built.units)[..., -1]
        if built.spec.steps.rank.best == "lowest":
            scores = -scores
        ordered = np.sort(scores[..., self.scored], axis=-1)
        own = scores[..., self.targets]
        return np.stack([1.0 + len(self.scored) - np.searchsorted(row, x, side="right")
                         for row, x in zip(ordered, own, strict=True)])  # fmt: skip

    def _prove(
        self, scale: Scale, leads: Array, behinds: Array, end: float, executor: Executor | None, tell: Progress
    ) -> None:
        self.tried = _at_corners(scale, self.sets, np.random.default_rng(self.seed))
        program = linear_program(scale.tree, self.sets, scale.values, [g.item for g in scale.groups])
        jobs = [(k, sign) for k in range(len(self.targets)) for sign in (1, -1)
                if sign * self.reached[sign][k] > sign * self.bound[sign][k]]  # fmt: skip
        over = {1: (leads, behinds), -1: (behinds, leads)}

        def work(job: tuple[int, int]) -> None:
            k, sign = job
            if time.monotonic() > end:
                self.late = True
            else:
                self._solve(scale, program, k, sign, over[sign][0][:, k], -over[sign][1][:, k], end)

        with quiet():
            done = map(work, jobs) if executor is None else executor.map(work, jobs)
            for number, _ in enumerate(done):
                tell((number + 1) / len(jobs), "0-1 programs")

    def _solve(
        self, scale: Scale, program: Program, k: int, sign: int, most: Array, least: Array, end: float
    ) -> None:
        """Prove one end for one target: sign 1 asks for the fewest rivals ahead, -1 for the fewest not ahead."""
        i, others = self.targets[k], self.scored[self.scored != self.targets[k]]
        open_ = (most[others] > 0) & (least[others] <= 0) if sign == 1 else (most[others] >= 0) & (least[others] < 0)
        rivals = others[open_]
        if not len(rivals):
            return
        constant = sign * (program.constant[rivals] - program.constant[i])
        coefficients = sign * (program.coefficients[rivals] - program.coefficients[i])
        task = Task(constant, coefficients, most[rivals], least[rivals])
        cuts: list[Cut] = []
        if scale.complete and len(rivals) <= MOST_CUT:
            lead = sign * (scale.values[rivals] - scale.values[i])
            tried = sign * (self.tried[rivals] - self.tried[i])
            cuts = tightenings(scale.groups, scale.chosen(self.sets), lead, task.reach, tried)
        self._search(Rivals(task, program, cuts), program, k, sign, end)

    def _search(self, rivals: Rivals, program: Program, k: int, sign: int, end: float) -> None:
        """Close the gap between the rank reached and the bound: by linear programs, then the 0-1 program."""
        settled = self.bound[sign][k]

        def closed(x: Array | None, bound: float) -> bool:
            if np.isfinite(bound):
                self.bound[sign][k] = settled + sign * max(int(np.ceil(bound - GAP)), 0)
            if x is not None:
                self._improve(rivals, program, x, k, sign, settled)
            return bool(sign * self.reached[sign][k] <= sign * self.bound[sign][k])

        x, z, bound, proved = rivals.least(time_limit=end - time.monotonic())
        self.late |= not proved
        if closed(x, bound) or x is None:
            return
        if self._dive(rivals, program, z, k, sign, settled):
            return
        for margin in (0.0, MARGIN):
            x, _, bound, proved = rivals.least(whole=True, time_limit=end - time.monotonic(), margin=margin)
            if closed(x, bound if margin == 0.0 else -np.inf) or not proved:
                self.late |= not proved
                return

    def _dive(self, rivals: Rivals, program: Program, z: Array, k: int, sign: int, settled: float) -> bool:
        """Round the linear program's z one after the other; say whether that reached the bound."""
        most = np.ones(rivals.rivals)
        allowed = abs(self.bound[sign][k] - settled)
        for _ in range(DIVE):
            broken = np.flatnonzero((z > GAP) & (z < 1 - GAP) & (most > 0))
            if not len(broken):
                break
            most[broken[z[broken] <= max(0.1, z[broken].min())]] = 0.0
            x, z, bound, _ = rivals.least(most=most)
            if x is None or bound > allowed + GAP:
                break
            self._improve(rivals, program, x, k, sign, settled)
            if sign * self.reached[sign][k] <= sign * self.bound[sign][k]:
                return True
        return False

    def _improve(self, rivals: Rivals, program: Program, x: Array, k: int, sign: int, settled: float) -> None:
        """Take the ranks at a point into account, and at the middle of the points that keep its rivals behind."""
        above = rivals.above(x)
        if sign * (settled + sign * (above > 4 * GAP).sum()) >= sign * self.reached[sign][k]:
            return
        wanted = settled + sign * (above > 4 * GAP).sum()
        if (above > 0).sum() == (above > -1e-9).sum():
            self._try(program, x)
        if self.reached[sign][k] != wanted:
            middle = rivals.centred(above <= 4 * GAP)
            if middle is not None:
                self._try(program, middle)

    def _try(self, program: Program, x: Array) -> None:
        self.note(program.weights(self.built.tree, self.sets, x)[None])

    def _ranges(self) -> dict[str, RankRange]:
        items, built = self.built.tree.items, self.built
        nominal = self.ranks(built.tree.weights[None])[0]
        out = {}
        for k, i in enumerate(self.targets):
            best, worst = (dict(zip(items[:-1], map(float, self.weights[s][k][:-1]), strict=True)) for s in (1, -1))
            out[built.units[i]] = RankRange(
                built.units[i], int(nominal[k]), int(self.reached[1][k]), int(self.reached[-1][k]),
                int(self.bound[1][k]), int(self.bound[-1][k]), best, worst,
            )  # fmt: skip
        return out


def _at_corners(scale: Scale, sets: Sequence[GroupSet], rng: np.random.Generator) -> Array:
    """Scores ``(unit, draw)`` at some admissible weights, most of them at corners of the boxes."""
    out = np.repeat(scale.values[..., None], CORNERS, axis=-1)
    for index, group in zip(scale.indices, scale.groups, strict=True):
        shares = corners(sets[index], CORNERS, rng)
        out[:, group.item] = (out[:, list(group.children)] * shares.T).sum(axis=1)
    return np.asarray(out[:, scale.groups[-1].item])


def _joined(found: Sequence[RankRanges]) -> RankRanges:
    """The ranges over alternatives: the extremes of those over each."""
    out = {}
    for unit, first in found[0].ranges.items():
        each = [f.ranges[unit] for f in found]
        low, high = min(each, key=lambda r: r.best), max(each, key=lambda r: r.worst)
        out[unit] = RankRange(unit, first.nominal, low.best, high.worst, min(r.best_bound for r in each),
                              max(r.worst_bound for r in each), low.best_weights, high.worst_weights)  # fmt: skip
    leads, behinds = (np.max([getattr(f, name) for f in found], axis=0) for name in ("leads", "behinds"))
    return RankRanges(found[0].built, out, leads, behinds, "; ".join(dict.fromkeys(f.note for f in found if f.note)))
