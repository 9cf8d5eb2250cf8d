"""The steps up to the normalised table, as arithmetic on arrays with any leading axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.errors import ComputationError, DataError, Fault
from podium.index import normalise as norm
from podium.index.denominate import denominate
from podium.index.impute import fill
from podium.index.screen import screened
from podium.index.spec import Spec
from podium.index.steps import Impute, Screen, Transform
from podium.index.transform import transform
from podium.index.treat import Rule, Treatment, apply_treatment, learn_treatments

__all__ = ["Branch", "Estimates", "Filler", "Fitted", "Pipeline", "Scaling"]

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Branch:
    """What the steps learnt for one version of the figures (absolute, or per head).

    ``estimates`` ``(unit, indicator)`` fill missing cells; ``imputations`` ``(draw, unit, indicator)`` are the
    completed tables of multiple imputation, of which the estimates are the mean.
    """

    estimates: Array | None
    treatments: tuple[Treatment, ...]
    learnt: tuple[norm.Learnt, ...]
    imputations: Array | None = None


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a build has learnt from its data: one branch for each version of the figures, the root's range, weights."""

    branches: tuple[Branch, ...]
    root: tuple[float, float] | None = None
    weights: Array | None = None


@dataclass(frozen=True, eq=False)
class Scaling:
    """Columns that share one normalisation, with its parameters."""

    columns: Rows
    method: str
    parameters: norm.Parameters
    over: str | None = None


@dataclass(frozen=True, eq=False)
class Filler:
    """One imputation step bound to a dataset.

    ``estimate`` takes figures ``(unit, indicator)`` and their rows in the dataset, and returns estimates of that shape,
    or several completed tables. It is None for imputations over time, which need all editions.
    """

    step: Impute
    estimate: Callable[[Array, Rows], Array] | None


@dataclass(frozen=True, eq=False)
class Estimates:
    """What replaces missing cells, ``(unit, indicator)``, and the completed tables behind it where it is their mean."""

    values: Array
    imputations: Array | None = None


@dataclass(frozen=True, eq=False)
class Pipeline:
    """A specification's steps bound to the columns of its dataset.

    ``columns`` are the data columns of the leaves (through each one's measure), ``versions`` the shares of the
    versions of the figures with their denominators ``(unit, indicator)`` (NaN columns: not divided), ``keep``
    the rows of the units that pass the screen, ``treaters`` say how each column is treated, ``scalings``
    are the normalisations of the columns. ``units`` names the rows. ``others`` holds, for each version, the directed
    figures of a panel's other editions ``(row, indicator)``, from which a normalisation over the panel learns too.
    ``pillars`` has the columns below each child of the root.
    """

    spec: Spec
    units: tuple[str, ...]
    leaves: tuple[str, ...]
    columns: Rows
    versions: tuple[tuple[float, Array], ...]
    per: Array
    direction: Array
    transforms: tuple[Transform, ...]
    fillers: tuple[Filler, ...] = ()
    treaters: tuple[Rule, ...] = ()
    scale: Callable[[Rows], tuple[Scaling, ...]] = lambda keep: ()
    scalings: tuple[Scaling, ...] = ()
    keep: Rows = field(default_factory=lambda: np.empty(0, dtype=np.intp))
    pillars: tuple[tuple[int, ...], ...] = ()
    others: tuple[Array, ...] = ()

    def kept(self, keep: Rows) -> Pipeline:
        """The pipeline for the units in some rows only.

        Raises
        ------
        DataError
            If there is none.
        """
        if not len(keep):
            raise DataError(Fault("no unit passes the screen", "Lower `screen: min_available`",
                                  *self.spec.at("steps", "screen", "min_available")))  # fmt: skip
        return replace(self, keep=keep, scalings=self.scale(keep))

    def normalised(
        self, values: Array, fitted: Fitted | None = None, tables: dict[str, Array] | None = None,
        *, rescale: bool = False, estimates: tuple[Estimates | None, ...] | None = None,
    ) -> tuple[Array, Fitted]:  # fmt: skip
        """Return the normalised table and what the steps learnt.

        Parameters
        ----------
        values
            ``(..., unit, series)``: all units and series of the dataset.
        fitted
            What an earlier build learnt; None learns from these values.
        tables
            Receives the intermediate tables of the first version.
        rescale
            With `fitted`: learn the normalisation anew and keep imputation and treatment as they were.
        estimates
            What `estimates` returned for these values, where it is at hand.
        """
        total: Array | None = None
        branches = []
        guesses = (self.estimates(values) if estimates is None else estimates) if fitted is None else ()
        for k, (share, _) in enumerate(self.versions):
            own = tables if k == 0 else None
            if fitted is not None:
                branch = fitted.branches[k]
                directed = self.directed(values, k, branch, own)
                branch = replace(branch, learnt=self.learn(directed, k)) if rescale else branch
            else:
                branch = self.treated(values, k, guesses[k])
                directed = self.directed(values, k, branch, own)
                branch = replace(branch, learnt=self.learn(directed, k))
            part = self.scaled(directed, branch)
            total = share * part if total is None else total + share * part
            branches.append(branch)
        assert total is not None
        if tables is not None:
            tables["Normalised"] = total
        return total, Fitted(tuple(branches), *((None, None) if fitted is None else (fitted.root, fitted.weights)))

    def denominated(self, values: Array, version: int) -> Array:
        """Figures ``(..., unit, series)`` → one version of the leaves' figures ``(..., unit, indicator)``."""
        return denominate(values[..., self.columns], self.versions[version][1], self.per)

    def estimates(self, values: Array) -> tuple[Estimates | None, ...]:
        """Return what fills the missing cells of values ``(unit, series)``, for each version; None without a step.

        Raises
        ------
        DataError, ComputationError
            If an indicator has no figure, or an imputation has no result.
        """
        if not self.fillers:
            return (None,) * len(self.versions)
        first = self.screened_first(values)
        return tuple(self._filled(self.denominated(values, k), first) for k in range(len(self.versions)))

    def screened_first(self, values: Array) -> Rows:
        """The rows that take part in imputation: all, or those that pass a screen before it."""
        step = self.spec.steps.screen
        if step is None or step.before != "impute":
            return np.arange(len(values))
        return self._passing(self.denominated(values, 0), step)

    def screened(self, values: Array, estimates: Estimates | None) -> Rows:
        """Rows of the units with enough data, of values ``(unit, series)``; all where the step is not there."""
        step = self.spec.steps.screen
        if step is None or step.before == "impute":
            return self.screened_first(values)
        x = self.denominated(values, 0)
        return self._passing(x if estimates is None else fill(x, estimates.values), step)

    def _passing(self, x: Array, step: Screen) -> Rows:
        return np.flatnonzero(screened(x, step, self.units, self.pillars, file=self.spec.file).included)

    def filled(self, x: Array, rows: Rows, filler: Filler) -> Estimates:
        """Return one imputation step's result for figures ``(row, indicator)`` of some rows of the dataset.

        Raises
        ------
        ComputationError
            Naming the step where it has no result.
        """
        assert filler.estimate is not None
        try:
            out = filler.estimate(x, rows)
        except (ValueError, np.linalg.LinAlgError) as error:
            remedy = "Give `level`, so that fewer indicators share a law, or use another method"
            raise ComputationError(Fault(f"steps.impute ({filler.step.method}): {error}", remedy)) from None
        return Estimates(out.mean(axis=0), out) if out.ndim == 3 else Estimates(out)

    def _filled(self, x: Array, rows: Rows) -> Estimates:
        self.refuse_empty(x[rows])
        part, several = x[rows], None
        for filler in self.fillers:
            found = self.filled(part, rows, filler)
            part, several = fill(part, found.values), found.imputations if several is None else several
        out = np.full(x.shape, np.nan)
        out[rows] = part
        if several is None:
            return Estimates(out)
        tables = np.full((len(several), *x.shape), np.nan)
        tables[:, rows] = several
        return Estimates(out, fill(tables, out))

    def treated(self, values: Array, version: int, estimates: Estimates | None) -> Branch:
        """Return the branch of one version with its treatments learnt, its normalisation still empty."""
        guess = None if estimates is None else estimates.values
        branch = Branch(guess, (), (), None if estimates is None else estimates.imputations)
        if not self.treaters:
            return branch
        changed = self.transformed(self._kept(self.denominated(values, version), branch))
        if changed.ndim > 2:
            raise ComputationError("outlier treatment is learnt from one table at a time; freeze it for draws")
        return replace(branch, treatments=learn_treatments(changed, self.treaters))

    def directed(self, values: Array, version: int, branch: Branch, tables: dict[str, Array] | None = None) -> Array:
        """Figures ``(..., unit, series)`` → what is normalised, ``(..., unit kept, indicator)``, more is better."""
        x = self.denominated(values, version)
        kept = self._kept(x, branch)
        changed = self.transformed(kept)
        treated = apply_treatment(changed, branch.treatments) if branch.treatments else changed
        if tables is not None:
            steps = self.spec.steps
            tables["Raw"] = values[..., self.keep, :][..., self.columns]
            for name, on, table in (
                ("Denominated", steps.denominate, x[..., self.keep, :]), ("Imputed", steps.impute, kept),
                ("Screened", steps.screen, kept), ("Transformed", self._any_transform(), changed),
                ("Treated", steps.treat, treated),
            ):  # fmt: skip
                if on:
                    tables[name] = table
        self._refuse_lost(changed, treated, "the treatment")
        return treated * self.direction

    def learn(
        self, directed: Array, version: int, shared: Mapping[int, norm.Learnt] | None = None
    ) -> tuple[norm.Learnt, ...]:
        """Return what the normalisations learn from ``(..., unit, indicator)``, more is better.

        Parameters
        ----------
        shared
            What some of them, by their place, have learnt already.

        Raises
        ------
        DataError
            Naming an indicator that is empty, or constant where its method needs a spread.
        """
        self.refuse_empty(directed)
        pooled = self._pooled(directed, version) if shared is None else directed
        self.refuse_constant(directed, "edition")
        out = []
        for n, how in enumerate(self.scalings):
            x = pooled if how.over == "panel" else directed
            known = None if shared is None else shared.get(n)
            out.append(norm.learn(x[..., how.columns], how.method, how.parameters) if known is None else known)
        return tuple(out)

    def _pooled(self, directed: Array, version: int) -> Array:
        """The directed figures of all editions of the panel, ``(..., row, indicator)``."""
        if not self.others:
            return directed
        held = self.others[version]
        return np.concatenate([np.broadcast_to(held, (*directed.shape[:-2], *held.shape)), directed], axis=-2)

    def refuse_constant(self, directed: Array, over: str) -> None:
        """Raise `DataError` naming an indicator without spread whose method, learnt over that, needs one."""
        when = " of all editions" if over == "panel" else self._when()
        for how in self.scalings:
            if norm.METHODS[how.method].spread and (how.over == "panel") == (over == "panel"):
                part = directed[..., how.columns]
                constant = np.nanmax(part, axis=-2) == np.nanmin(part, axis=-2)
                if bool(constant.any()):
                    code = self.leaves[how.columns[int(np.argwhere(constant)[0][-1])]]
                    said = f"indicator {code} is constant over all units{when}, so {how.method} has no spread"
                    remedy = "Leave it out of the tree, or take a method that needs none, such as goalposts"
                    raise DataError(Fault(said, remedy, *self.spec.place(code)))

    def scaled(self, directed: Array, branch: Branch) -> Array:
        """Return the normalised table of one version, ``(..., unit, indicator)``.

        Raises
        ------
        ComputationError
            If a figure has no normalised value, naming unit, indicator and method.
        """
        out = np.empty(directed.shape)
        for how, held in zip(self.scalings, branch.learnt, strict=True):
            part = directed[..., how.columns]
            out[..., how.columns] = norm.normalise(part, held, method=how.method, parameters=how.parameters)
        self._refuse_lost(directed, out, "the normalisation")
        return out

    def transformed(self, x: Array) -> Array:
        """Return ``(..., unit, indicator)`` with each indicator's own transformation."""
        if not self._any_transform():
            return x
        out = x.copy()
        names = tuple(self.units[k] for k in self.keep) if x.shape[-2] == len(self.keep) else ()
        for k, t in enumerate(self.transforms):
            if t.method != "none":
                out[..., k] = transform(x[..., k], **t.model_dump(), label=self.leaves[k], units=names)
        return out

    def refuse_empty(self, x: Array) -> None:
        """Raise `DataError` naming an indicator of ``(..., unit, indicator)`` that has no value for any unit."""
        empty = np.isnan(x).all(axis=-2)
        if bool(empty.any()):
            code = self.leaves[int(np.argwhere(empty)[0][-1])]
            raise DataError(Fault(f"indicator {code} has no value for any unit{self._when()}",
                                  "Leave it out of the tree, or allow older figures (`max_age`)",
                                  *self.spec.place(code)))  # fmt: skip

    def _when(self) -> str:
        edition = self.spec.edition_name
        return f" in the edition {edition}" if edition else ""

    def _kept(self, x: Array, branch: Branch) -> Array:
        return (x if branch.estimates is None else fill(x, branch.estimates))[..., self.keep, :]

    def _any_transform(self) -> bool:
        return any(t.method != "none" for t in self.transforms)

    def _refuse_lost(self, before: Array, after: Array, what: str) -> None:
        lost = np.isnan(after) & ~np.isnan(before)
        if bool(lost.any()):
            *_, unit, column = np.argwhere(lost)[0]
            who, code = self.units[self.keep[unit]], self.leaves[column]
            said = f"{what} of {code} has no value for {who}, whose figure is {before[lost][0]:g}"
            raise ComputationError(Fault(said, "Use another method for it under `indicators`", *self.spec.place(code)))
