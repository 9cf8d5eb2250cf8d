"""Normalised tables under random errors, column by column: variants share what their choices leave alike."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.build import Built
from podium.index.cut import cut_columns, cut_rows
from podium.index.pipeline import Fitted, Pipeline
from podium.robustness.remake import one_table, picked

__all__ = ["Columns"]

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Column:
    """One normalised column ``(draw, unit)`` with the cut pipeline that made it, and its place there."""

    values: Array
    pipeline: Pipeline
    fitted: Fitted
    place: int


class Columns:
    """Normalised tables of figures with random errors; the normalisation is learnt anew in each draw.

    Imputation and treatment stay as fitted to the published figures. An indicator whose series, denominator,
    transformation, treatment, estimates and normalisation are the same in two variants is worked out once.

    Parameters
    ----------
    figures
        ``(draw, unit, series)``: whole datasets.
    pick
        ``(draw,)``: the stored imputation that each draw takes.
    """

    def __init__(self, figures: Array, pick: Whole) -> None:
        self.figures, self.pick = figures, pick
        self._held: dict[Hashable, _Column] = {}
        self._known: dict[int, tuple[Array, list[_Column]]] = {}

    def table(self, built: Built) -> Array:
        """The normalised tables of an index, ``(draw, unit kept, indicator)``."""
        return np.stack([c.values for c in self._columns(built)], axis=-1)

    def changed(self, built: Built, table: Array, rows: Sequence[int], figures: Array) -> Array:
        """Return the normalised figures of some units after a change, normalised as learnt before it.

        Parameters
        ----------
        table
            What `table` returned.
        rows
            Rows of the dataset, of units that are kept.
        figures
            Their figures after the change, ``(draw, row, series)``.

        Returns
        -------
        ``(draw, row, indicator)``; columns whose series did not change are those before, to the bit.
        """
        keep = built.pipeline.keep
        out = table[:, [int(np.flatnonzero(keep == r)[0]) for r in rows]].copy()
        moved = (figures != self.figures[:, list(rows)]) & ~(np.isnan(figures) & np.isnan(self.figures[:, list(rows)]))
        series = set(np.flatnonzero(moved.any(axis=(0, 1))).tolist())
        for j, column in enumerate(self._columns(built)):
            if int(built.pipeline.columns[j]) in series:
                p, fitted = cut_rows(column.pipeline, column.fitted, rows)
                out[..., j] = p.normalised(figures, fitted)[0][..., column.place]
        return out

    def _columns(self, built: Built) -> list[_Column]:
        own = built.arrays["Normalised"]
        if (known := self._known.get(id(own))) is not None:  # variants that only combine differently share their tables
            return known[1]
        p, fitted = built.pipeline, one_table(built)
        keys = _keys(p, fitted)
        missing = [j for j, key in enumerate(keys) if key not in self._held]
        if missing:
            cut, start = cut_columns(p, picked(fitted, self.pick), missing)
            table, learnt = cut.normalised(self.figures, start, rescale=True)
            for n, j in enumerate(missing):
                self._held[keys[j]] = _Column(table[..., n], cut, learnt, n)
        found = [self._held[key] for key in keys]
        self._known[id(own)] = own, found
        return found


def _keys(p: Pipeline, fitted: Fitted) -> list[Hashable]:
    """What the normalised figures of each column depend on, beside the figures themselves."""
    out: list[Hashable] = [None] * len(p.leaves)
    for how in p.scalings:
        q = how.parameters
        scale = (how.method, how.over, q.low, q.high, q.mean, q.sd, q.factor, q.ties, q.clip, q.decimals, q.reference,
                 q.ends, q.edges, q.classes, q.by_share)  # fmt: skip
        posts = np.stack([np.broadcast_to(a, how.columns.shape) for a in (q.direction, q.lower, q.upper, q.target)])
        for n, j in enumerate(how.columns):
            figures = (int(p.columns[j]), float(p.per[j]), float(p.direction[j]), p.transforms[j].model_dump_json())
            versions = tuple((share, _bytes(d[:, j])) for share, d in p.versions)
            branches = tuple(
                (_part(b.estimates, j), _part(b.imputations, j), repr(b.treatments[j]) if b.treatments else "")
                for b in fitted.branches
            )
            others = tuple(_bytes(o[:, j]) for o in p.others)
            out[int(j)] = (*figures, versions, branches, scale, _bytes(posts[:, n]), others, _bytes(p.keep))
    return out


def _part(x: Array | None, j: int) -> bytes:
    return b"" if x is None else _bytes(x[..., j])


def _bytes(x: npt.NDArray[Any]) -> bytes:
    return np.ascontiguousarray(x).tobytes()
