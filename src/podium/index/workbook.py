"""An index as working spreadsheet formulas, so that a reviewer can follow every number and change what is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from podium.data.dataset import Array
from podium.index import formulas
from podium.index.build import Built
from podium.index.formulas import Formula, Scale, range_of
from podium.index.grid import FIRST, Cell, Frame, letter
from podium.index.impute import fill
from podium.index.normalise import Learnt, Parameters
from podium.index.profile import unit_name
from podium.index.sheets import Book
from podium.index.treat import Treatment
from podium.index.worksheets import write_scores

__all__ = ["write_live"]

MOST_RANKED = 10_000
"""Up to so many units ranks are formulas; beyond, a spreadsheet would need minutes for them."""
NOTE = "Shaded: numbers that Podium computed and that no formula repeats."


@dataclass(frozen=True)
class Steps:
    """One version of the figures on its way through the steps: where its cells stand, and what they hold."""

    frame: Frame
    built: Built
    version: int
    suffix: str
    order: tuple[int, ...]
    sheet: str
    values: Array

    def at(self, sheet: str, values: Array) -> Steps:
        """The same a step further."""
        return Steps(self.frame, self.built, self.version, self.suffix, self.order, sheet, values)

    def cell(self, unit: int, column: int) -> str:
        """The address of a figure."""
        return f"'{self.sheet}'!{letter(column)}{FIRST + unit}"

    def column(self, column: int, *, every: bool = False, sheet: str = "") -> str:
        """The range of an indicator's figures, of the units that are scored or of all."""
        last = self.frame.last_of_all if every else self.frame.last
        return range_of(letter(column), FIRST, last, sheet or self.sheet)


def write_live(built: Built, path: Path) -> None:
    """Write a built index as a workbook of formulas.

    Data, denominators, weights and parameters are cells; every step reads the sheet before it, so that a change of any
    of them changes the scores and ranks. What has no formula (Copeland of many units, benefit of the doubt, imputation
    by EM or by neighbours, a method of a plug-in …) stands as shaded numbers with a note. The sheet `check` sets the
    results beside those that Podium computed.
    """
    pipeline, dataset = built.pipeline, built.dataset
    kept = [int(k) for k in pipeline.keep]
    order = (*kept, *sorted(set(range(len(dataset.units))) - set(kept)))
    units = [dataset.units[k] for k in order]
    book = Book()
    frame = Frame(book, units, [unit_name(built, u) for u in units], len(kept))
    raw = dataset.values[-1][list(order)][:, pipeline.columns]
    data = _data(frame, built, raw)
    normalised = []
    for k in range(len(pipeline.versions)):
        suffix = f" {k + 1}" if len(pipeline.versions) > 1 else ""
        normalised.append(_version(Steps(frame, built, k, suffix, order, data, raw)))
    table = normalised[0] if len(normalised) == 1 else _mixed(frame, built, normalised)
    write_scores(frame, built, table, ranked=len(kept) <= MOST_RANKED)
    edition = built.spec.edition_name
    book.contents(
        built.spec.label() + (f", edition {edition}" if edition else ""),
        [f"{len(kept)} units, {len(pipeline.leaves)} indicators. Every sheet has the same units in the same rows.",
         "Yellow: figures, weights and parameters that may be changed; all that follows is recalculated.", NOTE],
    )  # fmt: skip
    book.save(path)


def _data(frame: Frame, built: Built, raw: Array) -> str:
    codes = built.pipeline.leaves
    books = [built.dataset.codebook[built.dataset.indicators[c]] for c in built.pipeline.columns]
    parameters = {
        3: ("name", [Cell(b.label()) for b in books]), 4: ("unit", [Cell(b.unit) for b in books]),
        5: ("source", [Cell(b.source) for b in books]),
    }  # fmt: skip
    about = "the figures as they were read; units left out by the screen stand last, in grey"
    return frame.write("Data", about, codes, parameters, lambda u, k: Cell(float(raw[u, k]), "input"), every_unit=True)


def _version(s: Steps) -> str:
    """Write the sheets of one version of the figures and return the name of the normalised one."""
    s = _denominated(s)
    s = _imputed(s)
    s = _transformed(s)
    s = _treated(s)
    return _normalised(s)


def _denominated(s: Steps) -> Steps:
    pipeline = s.built.pipeline
    by = pipeline.versions[s.version][1][list(s.order)]
    divided = [bool(np.isfinite(x).any()) for x in by.T]
    if not any(divided):
        return s
    codes = pipeline.leaves
    about = "by what each figure is divided; empty columns are not"

    def number(u: int, k: int) -> Cell:
        return Cell(float(by[u, k]) if divided[k] else None, "input")

    of = s.frame.write(f"Denominators{s.suffix}", about, codes, {}, number, every_unit=True)
    times = [Cell(float(x) if d else None, "input") for x, d in zip(pipeline.per, divided, strict=True)]

    def cell(u: int, k: int) -> Cell:
        x, d = s.cell(u, k), f"'{of}'!{letter(k)}{FIRST + u}"
        if not divided[k]:
            return Cell(Formula(formulas.if_there(x, x)))
        return Cell(Formula(f'IF(AND(ISNUMBER({x}),ISNUMBER({d})),{x}/{d}*{letter(k)}$3,"")'))

    name = s.frame.write(f"Denominated{s.suffix}", "figures divided by their denominators", codes,
                         {3: ("times", times)}, cell, every_unit=True)  # fmt: skip
    return s.at(name, pipeline.denominated(s.built.dataset.values[-1], s.version)[list(s.order)])


def _imputed(s: Steps) -> Steps:
    steps, guess = s.built.spec.steps.impute, s.built.fitted.branches[s.version].estimates
    if guess is None:
        return s
    filled = fill(s.values, guess[list(s.order)])
    step, codes = steps[0] if len(steps) == 1 else None, s.built.pipeline.leaves
    screen = s.built.spec.steps.screen
    plain = step is not None and not s.built.spec.data.panel and (screen is None or screen.before is None)
    parameters: dict[int, tuple[str, Sequence[Cell]]] = {}
    columns = range(len(codes))
    if step is not None and plain and step.method in ("mean", "median"):
        how = "AVERAGE" if step.method == "mean" else "MEDIAN"
        found = [Cell(Formula(f"{how}({s.column(k, every=True)})")) for k in columns]
        parameters = {3: (f"{step.method} of the units", found)}
    groups = _groups(s, step.group) if step is not None and plain and step.method.startswith("group") else None

    def cell(u: int, k: int) -> Cell:
        x = s.cell(u, k)
        if 3 in parameters:
            return Cell(Formula(f"IF(ISNUMBER({x}),{x},{letter(k)}$3)"))
        if np.isfinite(s.values[u, k]):
            return Cell(Formula(formulas.if_there(x, x)))
        if groups is not None and step is not None:
            how = "AVERAGE" if step.method == "group_mean" else "MEDIAN"
            last, col = s.frame.last_of_all, s.column(k, every=True)
            own = f"EXACT('{groups}'!$C${FIRST}:$C${last},'{groups}'!$C{FIRST + u})"
            empty = f"'{groups}'!$C{FIRST + u}=\"\""
            middle = f'{how}(IF({own},IF(ISNUMBER({col}),{col},""),""))'
            return Cell(Formula(f'IF(ISNUMBER({x}),{x},IF({empty},"",IFERROR({middle},"")))', array=True))
        return Cell(float(filled[u, k]), "value")

    said = ", then ".join(i.method for i in steps)
    shaded = "" if parameters or groups else f" {NOTE}"
    name = s.frame.write(f"Imputed{s.suffix}", f"missing cells filled: {said}.{shaded}", codes, parameters, cell,
                         every_unit=True)  # fmt: skip
    return s.at(name, filled)


def _groups(s: Steps, column: str | None) -> str:
    labels = s.built.dataset.unit_table[column]
    held = [labels.iloc[k] for k in s.order]
    texts = ["" if x is None or x != x else str(x) for x in held]
    return s.frame.write(f"Groups{s.suffix}", "the group of each unit, within which missing cells are filled",
                         [str(column)], {}, lambda u, k: Cell(texts[u], "input"), every_unit=True)  # fmt: skip


def _transformed(s: Steps) -> Steps:
    transforms = s.built.pipeline.transforms
    if all(t.method == "none" for t in transforms):
        return s
    n = s.frame.scored
    changed = s.built.pipeline.transformed(s.values[:n])
    rows = (("scale", 4), ("offset", 5), ("exponent", 6), ("lower", 7), ("upper", 8))
    parameters: dict[int, tuple[str, Sequence[Cell]]] = {3: ("transformation", [Cell(t.method) for t in transforms])}
    for what, row in rows:
        cells = [Cell(None if t.method == "none" else getattr(t, what), "input") for t in transforms]
        parameters[row] = (f"{what} (as {what} x)" if what == "scale" else what, cells)

    def cell(u: int, k: int) -> Cell:
        places = {what: f"{letter(k)}${row}" for what, row in rows}
        text = formulas.transformed(s.cell(u, k), transforms[k], places)
        if text is None:
            return Cell(float(changed[u, k]), "value")
        return Cell(Formula(formulas.if_there(s.cell(u, k), text)))

    about = "each indicator's own transformation of scale × figure + offset, after its caps"
    return s.at(s.frame.write(f"Transformed{s.suffix}", about, s.built.pipeline.leaves, parameters, cell), changed)


def _treated(s: Steps) -> Steps:
    treatments = s.built.fitted.branches[s.version].treatments
    if not treatments:
        return s
    n, codes = s.frame.scored, s.built.pipeline.leaves
    after = s.built.pipeline.directed(s.built.dataset.values[-1], s.version, s.built.fitted.branches[s.version])
    after, before = after * s.built.pipeline.direction, s.values[:n]
    parameters = _treatment_rows(s, treatments, before)

    def cell(u: int, k: int) -> Cell:
        t, at = treatments[k], letter(k)
        cut = t.cut_low or t.cut_high
        name, learnt = t.change or ("", (0.0, 0.0, 0.0, 0.0))
        text = formulas.treated(
            s.cell(u, k), name, f"{at}$5" if cut and np.isfinite(t.low) else "",
            f"{at}$6" if cut and np.isfinite(t.high) else "", f"{at}$8", f"{at}$9", learnt[2] > 0, learnt[3],
        )  # fmt: skip
        return Cell(float(after[u, k]), "value") if text is None else Cell(Formula(text))

    about = "outliers pulled in to the next figure, or the whole indicator changed"
    return s.at(s.frame.write(f"Treated{s.suffix}", about, codes, parameters, cell), after)


def _treatment_rows(s: Steps, treatments: Sequence[Treatment], before: Array) -> dict[int, tuple[str, Sequence[Cell]]]:
    rows: dict[int, tuple[str, list[Cell]]] = {
        3: ("points pulled in, low", []), 4: ("points pulled in, high", []), 5: ("lower cap", []), 6: ("upper cap", []),
        7: ("change", []), 8: ("least figure", []), 9: ("greatest figure", []), 11: ("skew before", []),
        12: ("kurtosis before", []), 13: ("skew after", []), 14: ("kurtosis after", []),
    }  # fmt: skip
    own = f"{FIRST}:{{0}}${s.frame.last}"
    for k, t in enumerate(treatments):
        x, at, values = s.column(k), letter(k), before[:, k][~np.isnan(before[:, k])]
        for row, limit, how, beyond in ((3, t.low, "SMALL", values < t.low), (4, t.high, "LARGE", values > t.high)):
            used = bool(np.isfinite(limit) and (t.cut_low or t.cut_high))
            points = int(beyond.sum())
            ordered = np.sort(values) if how == "SMALL" else np.sort(values)[::-1]
            found = used and points < len(ordered) and ordered[points] == limit
            rows[row][1].append(Cell(float(points) if used else 0.0, "input" if found else ""))
            cap: Cell = Cell(None) if not used else Cell(float(limit), "input")
            rows[row + 2][1].append(Cell(Formula(f"{how}({x},{at}${row}+1)")) if found else cap)
        rows[7][1].append(Cell("" if t.change is None else t.change[0]))
        low, high = (f"{at}$5" if np.isfinite(t.low) else ""), (f"{at}$6" if np.isfinite(t.high) else "")
        rows[8][1].append(Cell(Formula(f"MAX({low + ',' if low else ''}MIN({x}))")))
        rows[9][1].append(Cell(Formula(f"MIN({high + ',' if high else ''}MAX({x}))")))
        for row, how, where in ((11, "SKEW", x), (12, "KURT", x), (13, "SKEW", f"{at}${own.format(at)}"),
                                (14, "KURT", f"{at}${own.format(at)}")):  # fmt: skip
            rows[row][1].append(Cell(Formula(f'IFERROR({how}({where}),"")')))
    return {row: (label, cells) for row, (label, cells) in rows.items()}


def _normalised(s: Steps) -> str:
    pipeline, branch = s.built.pipeline, s.built.fitted.branches[s.version]
    n = s.frame.scored
    directed = s.values[:n] * pipeline.direction
    result = pipeline.scaled(directed, branch)
    holders = {int(c): (how, place, held) for how, held in zip(pipeline.scalings, branch.learnt, strict=True)
               for place, c in enumerate(how.columns)}  # fmt: skip
    rows: dict[int, tuple[str, list[Cell]]] = {
        3: ("direction", []), 4: ("method", []), 5: ("low, mean or factor", []), 6: ("high or standard deviation", []),
        7: ("lower post or target", []), 8: ("upper post", []), 9: ("centre", []), 10: ("spread", []),
        11: ("number of figures", []), 12: ("note", []),
    }  # fmt: skip
    plain = []
    for k in range(len(pipeline.leaves)):
        how, place, held = holders[k]
        cells = _scale_cells(s, k, how.method, how.parameters, place, held)
        for row, made in cells.items():
            rows[row][1].append(made)
        ranked = how.method in formulas.RANKED
        fits = not (ranked and (n > MOST_RANKED or how.over == "panel" or how.parameters.ties == "dense"))
        text = _normal_formula(s, 0, k, how.method, how.parameters) if fits else None
        plain.append(text is not None)
        rows[12][1].append(Cell("" if text is not None else NOTE, "note"))

    def cell(u: int, k: int) -> Cell:
        how, _, _ = holders[k]
        text = _normal_formula(s, u, k, how.method, how.parameters) if plain[k] else None
        return Cell(float(result[u, k]), "value") if text is None else Cell(Formula(text))

    about = "every indicator on one scale, more is better"
    return s.frame.write(f"Normalised{s.suffix}", about, pipeline.leaves, dict(rows), cell)


def _scale_of(k: int) -> Scale:
    at = letter(k)
    return Scale(f"{at}$3", f"{at}$5", f"{at}$6", f"{at}$9", f"{at}$10", f"{at}$11")


def _normal_formula(s: Steps, u: int, k: int, method: str, p: Parameters) -> str | None:
    return formulas.normalised(s.cell(u, k), s.column(k), method, p, _scale_of(k))


def _scale_cells(s: Steps, k: int, method: str, p: Parameters, place: int, held: Learnt) -> dict[int, Cell]:
    """The parameters of one indicator; centre and spread as formulas where these give what was learnt."""
    at, x, scale = letter(k), s.column(k), _scale_of(k)
    direction = float(s.built.pipeline.direction[k])
    ends = {"zscore": (p.mean, p.sd), **dict.fromkeys(("ampi", "borda", "none", "rank"), (None, None))}
    one = method.startswith("dist2") or method == "scaled"
    low, high = ends.get(method, (p.factor, None) if one else (p.low, p.high))
    target = method == "dist2targ"
    posts = method in ("goalposts", "scaled") or target
    lower = float((p.target if target else p.lower)[place]) if posts else None
    upper = float(p.upper[place]) if posts and not target else None
    cells = {
        3: Cell(direction, "input"), 4: Cell(method), 5: Cell(low, "input"), 6: Cell(high, "input"),
        7: Cell(lower, "input"), 8: Cell(upper, "input"), 9: Cell(None), 10: Cell(None),
        11: Cell(Formula(f"COUNT({x})")),
    }  # fmt: skip
    row = "" if p.reference is None else f"'{s.sheet}'!{at}${FIRST + p.reference}"
    texts = formulas.distance(method, x, scale, row, f"{at}$7", f"{at}$8")
    if texts is None or len(held) != 2:
        return cells
    learnt = [float(np.broadcast_to(h, (1, len(p.direction)))[0, place]) for h in held]
    ours = _learnt_here(s.values[: s.frame.scored, k], direction, method, p, (lower, upper))
    for row_, text, found, mine in zip((9, 10), texts, learnt, ours, strict=True):
        same = mine is not None and np.isclose(mine, found, rtol=1e-12, atol=0)
        cells[row_] = Cell(Formula(text)) if same else Cell(found, "value")
    return cells


def _learnt_here(
    x: Array, direction: float, method: str, p: Parameters, posts: tuple[float | None, float | None]
) -> tuple[float | None, float | None]:
    """What the formulas of centre and spread give for one indicator; another result was learnt elsewhere."""
    y = x[~np.isnan(x)] * direction
    low, high = float(y.min()), float(y.max())
    if method in ("minmax", "dist2max"):
        return low, high - low
    if method == "ampi":
        return float(y.mean()), (high - low) / 60.0
    if method == "zscore":
        return float(y.mean()), float(y.std(ddof=1))
    if method == "fracmax":
        return (0.0, high) if direction > 0 else (high + low, -low)
    if method == "dist2ref" and p.reference is not None:
        return low, float(x[p.reference] * direction - low)
    if method == "dist2targ" and posts[0] is not None:
        return low, posts[0] - low
    if posts[0] is not None and posts[1] is not None:
        return posts[0], posts[1] - posts[0]
    return None, None


def _mixed(frame: Frame, built: Built, sheets: Sequence[str]) -> str:
    """The blend of the versions of the figures, after normalising."""
    codes = built.pipeline.leaves
    parameters: dict[int, tuple[str, Sequence[Cell]]] = {
        3 + k: (f"share of {sheets[k]}", [Cell(share, "input") for _ in codes])
        for k, (share, _) in enumerate(built.pipeline.versions)
    }

    def cell(u: int, k: int) -> Cell:
        places = [f"'{name}'!{letter(k)}{FIRST + u}" for name in sheets]
        there = ",".join(f"ISNUMBER({x})" for x in places)
        total = "+".join(f"{letter(k)}${3 + v}*{x}" for v, x in enumerate(places))
        return Cell(Formula(f'IF(AND({there}),{total},"")'))

    return frame.write("Normalised", "the versions of the figures blended by their shares", codes, parameters, cell)


