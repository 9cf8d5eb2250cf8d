"""The sheets above the indicators: weights, aggregation, scores, ranks, and the check against Podium's results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from podium.index import formulas
from podium.index.build import Built
from podium.index.formulas import Formula, Scale, literal, range_of
from podium.index.grid import FIRST, Cell, Frame, letter, put
from podium.index.normalise import Parameters
from podium.index.steps import Normalise
from podium.index.tree import Group

__all__ = ["write_scores"]

OPTIONS = {"power": ("exponent", 1.0), "displaced_ideal": ("top", 1.0), "inverted_geometric": ("top", 10.0),
           "mpi": ("penalty", -1.0), "ampi": ("penalty", -1.0), "count": ("above", 0.0)}  # fmt: skip
MOST_COMPARED = 400
"""Up to so many units Copeland's comparisons of all pairs are formulas."""
SIMPLE = ("minmax", "zscore", "dist2max", "fracmax", "goalposts", "scaled", "none", *formulas.RANKED)
SHADED = "numbers of Podium: no formula repeats this method"


@dataclass(frozen=True)
class Column:
    """One column of the sheet of aggregation: its head, its parameters by row, its cell for each unit."""

    head: str
    parameters: dict[int, Cell]
    cells: list[Cell]


def write_scores(frame: Frame, built: Built, normalised: str, *, ranked: bool) -> None:
    """Write everything from the normalised sheet up to the ranks."""
    weights = _weights(frame, built)
    places = _aggregation(frame, built, normalised, weights)
    codes, scores = _scores(frame, built, places)
    ranks = _ranks(frame, built, codes, scores, ranked)
    _check(frame, built, codes[0], scores, ranks)


def _weights(frame: Frame, built: Built) -> dict[str, str]:
    """Write the tree with its weights, and return the cell of each item's weight."""
    book = frame.book
    about = "the tree; weights within the parent may be changed, the effective ones follow"
    sheet: Any = book.sheet("Weights", about, widths=[24, 44, 20, 10, 12, 12], freeze="A5")
    name = book.listed[-1][0]
    sheet.append([book.text(sheet, "Weights", style="bold")])
    sheet.append([book.text(sheet, about, style="note")])
    sheet.append([])
    heads = ("item", "name", "parent", "weight", "share", "effective")
    sheet.append([book.text(sheet, h, style="head") for h in heads])
    nodes, parent = list(built.root.walk()), {c.code: n.code for n in built.root.walk() for c in n.children}
    rows = {n.code: 5 + k for k, n in enumerate(nodes)}
    last = 4 + len(nodes)
    depth = {built.root.code: 0}
    for node in nodes:
        depth[node.code] = depth[parent[node.code]] + 1 if node.code in parent else 0
        row, above = rows[node.code], rows.get(parent.get(node.code, ""))
        weight = float(built.tree.weights[built.tree.items.index(node.code)])
        info = built.dataset.codebook.get(node.code)
        label = info.label() if info is not None and not node.children and not node.name else node.label()
        same = f"SUMPRODUCT(EXACT($C$5:$C${last},$C{row})*$D$5:$D${last})"
        share = Formula(f"D{row}/{same}") if above else 1.0
        effective = Formula(f"E{row}*F{above}") if above else 1.0
        sheet.append([
            book.text(sheet, node.code), book.text(sheet, "  " * depth[node.code] + label),
            book.text(sheet, parent.get(node.code, "")), put(book, sheet, Cell(weight, "input"), f"D{row}"),
            put(book, sheet, Cell(share), f"E{row}"), put(book, sheet, Cell(effective), f"F{row}"),
        ])  # fmt: skip
    return {code: f"'{name}'!$D${row}" for code, row in rows.items()}


def _aggregation(frame: Frame, built: Built, normalised: str, weights: dict[str, str]) -> dict[str, str]:
    """Write the groups, each beside its children, and return where the score of each item stands: sheet and column."""
    title = "Aggregation"
    places = {code: f"'{normalised}'!{letter(k)}" for k, code in enumerate(built.pipeline.leaves)}
    columns: list[Column] = []
    for group in built.tree.groups:
        start = len(columns)
        columns += _block(frame, built, group, places, weights, start)
        places[group.code] = f"'{title}'!{letter(len(columns) - 1)}"
        columns.append(Column("", {}, []))
    rows = sorted({r for c in columns for r in c.parameters})
    labels = {3: "weight", 4: "ordered weight", 5: "least share of children", 6: "option", 7: "method", 8: "note"}
    empty = Cell(None)
    parameters = {r: (labels[r], [c.parameters.get(r, empty) for c in columns]) for r in rows}
    about = "each group beside its children, from the bottom up: their scores, the weight that is there, the result"
    frame.write(title, about, [c.head for c in columns], parameters,
                lambda u, k: columns[k].cells[u] if columns[k].cells else empty)  # fmt: skip
    return places


def _block(
    frame: Frame, built: Built, group: Group, places: dict[str, str], weights: dict[str, str], start: int
) -> list[Column]:
    """The columns of one group: children, weight that is there, the method's result, and what is done with it."""
    items, n = built.tree.items, frame.scored
    children = [items[c] for c in group.children]
    left, right, there = letter(start), letter(start + len(children) - 1), letter(start + len(children))
    order = list(group.options.get("order", ())) or [1.0] * len(children)
    columns = []
    for k, code in enumerate(children):
        own = {3: Cell(Formula(weights[code]))} | ({4: Cell(order[k], "input")} if group.method == "owa" else {})
        missing = literal(group.missing) if isinstance(group.missing, float) else '""'
        cells = [Cell(Formula(f"IF(ISNUMBER({places[code]}{r}),{places[code]}{r},{missing})")) for r in _rows(n)]
        columns.append(Column(code, own, cells))
    columns.append(Column("weight there", {5: Cell(group.min_available, "input")},
                          [Cell(Formula(_usable(group, left, right, there, r))) for r in _rows(n)]))  # fmt: skip
    option = OPTIONS.get(group.method)
    heading = {7: Cell(group.method)}
    if option is not None:
        heading[6] = Cell(float(group.options.get(option[0], option[1])), "input")
    values = built.score_table[:, group.item]
    if not _repeatable(frame, built, group):
        shown = built.score_table if group.shown is None else None
        held = values if shown is not None else _unshown(built, group)
        return [*columns, Column(f"= {group.code}", heading | {8: Cell(SHADED, "note")},
                                 [Cell(float(x), "value") for x in held])]  # fmt: skip
    at = letter(start + len(columns))
    cells = []
    for r in _rows(n):
        made = formulas.combined(group.method, (left, right, r), FIRST, frame.last, f"${there}{r}", f"{at}$6", 4)
        assert made is not None  # _repeatable has asked before
        cells.append(Cell(Formula(f'IF({there}{r}>0,{made.text},"")', made.array)))
    columns.append(Column(f"= {group.code}" if _bare(group) else "result", heading, cells))
    if not _bare(group):
        columns.append(Column(f"= {group.code}", {}, _finished(frame, group, at)))
    return columns


def _rows(n: int) -> range:
    return range(FIRST, FIRST + n)


def _usable(group: Group, left: str, right: str, there: str, r: int) -> str:
    """The weight of the children that are there, 0 where the group asks for more."""
    v, w = f"{left}{r}:{right}{r}", f"{left}$3:{right}$3"
    asked = [f"COUNT({v})/COLUMNS({v})>={there}$5"]
    if group.min_count > 1:
        asked.append(f"COUNT({v})>={group.min_count}")
    if group.missing == "parent":
        asked.append(f"COUNT({v})=COLUMNS({v})")
    total = f"SUMPRODUCT(ISNUMBER({v})*{w})"
    if group.min_weight > 0:
        asked.append(f"{total}>={literal(group.min_weight * (1 - 1e-12))}*SUM({w})")
    return f"IF(AND({','.join(asked)}),{total},0)"


def _repeatable(frame: Frame, built: Built, group: Group) -> bool:
    """Whether formulas give the group's score."""
    known = {"power": {"exponent"}, "inverted_geometric": {"top"}, "mpi": {"penalty"}, "ampi": {"penalty"},
             "count": {"above"}, "owa": {"order"}, "displaced_ideal": {"top"}}.get(group.method, set())  # fmt: skip
    standard = {("ddof", 0), ("orness", None)} | ({("exponent", 2)} if group.method == "displaced_ideal" else set())
    asked = {k for k, v in group.options.items() if isinstance(v, list | tuple) or (k, v) not in standard}
    number = isinstance(group.missing, float)
    least = group.min_available > 0 or group.min_count > 1 or group.min_weight > 0
    across = group.method in ("borda", "copeland")
    few = frame.scored <= (MOST_COMPARED if group.method == "copeland" else 10_000)
    kids = built.score_table[:, list(group.children)]
    lost = np.isnan(built.score_table[:, group.item]) & ~np.isnan(kids).all(axis=1)
    row = ("A", letter(len(group.children)), FIRST)
    steps = [s for s in (group.normalise, group.shown) if s is not None]
    return (
        asked <= known
        and group.item not in built.tree.factors
        and not (number and least)
        and (not across or (few and not lost.any()))
        and formulas.combined(group.method, row, FIRST, frame.last, "C1", "C1", 4) is not None
        and (group.decimals is None or group.rounding in ("half_up", "spreadsheet", "none"))
        and not (group.transform is not None and group.normalise is not None)
        and (group.transform is None or formulas.transformed("A1", group.transform, {}) is not None)
        and all(_plain_scale(s) for s in steps)
        and not (steps and frame.scored > 10_000 and any(s.method in formulas.RANKED for s in steps))
    )


def _plain_scale(step: Normalise) -> bool:
    return step.method in SIMPLE and step.ends is None and step.ties != "dense"


def _bare(group: Group) -> bool:
    return group.transform is None and group.normalise is None and group.clip is None and group.decimals is None


def _finished(frame: Frame, group: Group, at: str) -> list[Cell]:
    """The result transformed, normalised over units, kept within bounds and rounded, as the group asks."""
    out = []
    for r in _rows(frame.scored):
        x = f"{at}{r}"
        text, every = x, range_of(at, FIRST, frame.last)
        if group.transform is not None:
            text = formulas.transformed(x, group.transform, {}) or x
        if group.normalise is not None and group.transform is None:
            text = _over_units(x, every, group.normalise, group)
        if group.clip is not None:
            text = f"MAX({literal(group.clip[0])},MIN({literal(group.clip[1])},{text}))"
        if group.decimals is not None and group.rounding != "none":
            text = f"ROUND({text},{group.decimals})"
        out.append(Cell(Formula(formulas.if_there(x, text))))
    return out


def _over_units(x: str, every: str, step: Normalise, group: Group) -> str:
    """A node's score normalised over units, with its numbers in the formula."""
    low, high = step.range or (0.0, 1.0)
    lower, upper = group.goalposts or step.posts or (0.0, 1.0)
    if step.method == "zscore":
        low, high = step.mean or 0.0, 1.0 if step.sd is None else step.sd
    elif step.method in ("dist2max", "scaled"):
        low = 1.0 if step.factor is None else step.factor
    plain = Scale("1", literal(low), literal(high), "", "", f"COUNT({every})")
    centre, spread = formulas.distance(step.method, every, plain, "", literal(lower), literal(upper)) or ("0", "1")
    scale = Scale("1", literal(low), literal(high), f"({centre})", f"({spread})", f"COUNT({every})")
    p = Parameters(ties=step.ties, clip=step.clip, decimals=step.decimals)
    return formulas.normalised(x, every, step.method, p, scale) or x


def _unshown(built: Built, group: Group) -> Any:
    """The score of a group that goes up the tree, where another is shown."""
    from dataclasses import replace

    from podium.index.aggregate import tree_scores

    bare = tuple(replace(g, shown=None) for g in built.tree.groups)
    return tree_scores(replace(built.tree, groups=bare), built.arrays["Normalised"])[:, group.item]


def _scores(frame: Frame, built: Built, places: dict[str, str]) -> tuple[list[str], str]:
    """Write the scores of every item, the root first, and return the codes of the columns and the sheet."""
    codes = [n.code for n in built.root.walk()]
    groups = {g.code: g for g in built.tree.groups}
    root, rule = built.root.code, built.spec.steps.rescale
    parameters: dict[int, tuple[str, list[Cell]]] = {}
    ends = built.fitted.root
    if rule is not None and ends is not None:
        every = range_of(places[root].split("!")[1], FIRST, frame.last, places[root].split("!")[0].strip("'"))
        texts = {"minmax": (f"MIN({every})", f"MAX({every})"), "fracmax": ("0", f"MAX({every})"),
                 "zscore": (f"AVERAGE({every})", f"C$5+STDEV({every})")}.get(rule.method)  # fmt: skip
        first, last = rule.range if rule.method != "zscore" else (rule.mean, rule.mean + rule.sd)
        own = [Cell(first, "input"), Cell(last, "input"),
               *([Cell(Formula(t)) for t in texts] if texts else [Cell(e, "input") for e in ends])]  # fmt: skip
        names = ("new scale, from", "to", "old scale, from", "to")
        parameters = {3 + k: (name, [own[k]]) for k, name in enumerate(names)}

    def cell(u: int, k: int) -> Cell:
        code, row = codes[k], FIRST + u
        x, shown = f"{places[code]}{row}", groups[code].shown if code in groups else None
        text = x
        if shown is not None:
            if not _plain_scale(shown) or (code == root and rule is not None):
                return Cell(float(built.score_table[u, built.tree.items.index(code)]), "value")
            sheet, at = places[code].split("!")
            text = _over_units(x, range_of(at, FIRST, frame.last, sheet.strip("'")), shown, groups[code])
        if code == root and rule is not None:
            text = f"C$3+(C$4-C$3)*({x}-C$5)/(C$6-C$5)"
            text = f"MAX(MIN(C$3:C$4),MIN(MAX(C$3:C$4),{text}))" if rule.clip else text
        return Cell(Formula(formulas.if_there(x, text)))

    about = "the score of every item, the root first"
    return codes, frame.write("Scores", about, codes, dict(parameters), cell)


def _ranks(frame: Frame, built: Built, codes: list[str], scores: str, ranked: bool) -> str:
    rule = built.spec.steps.rank
    sheet = scores
    if rule.decimals is not None and rule.rounding in ("half_up", "spreadsheet"):
        sheet = frame.write("Rounded", "scores rounded before they are ranked", codes,
                            {3: ("decimals", [Cell(float(rule.decimals), "input") for _ in codes])},
                            lambda u, k: Cell(Formula(_rounded(scores, u, k))))  # fmt: skip
    plain = (ranked and rule.within is None and rule.ties in ("competition", "min", "max", "average")
             and (rule.decimals is None or rule.rounding != "half_even"))  # fmt: skip
    ties = {"competition": "min"}.get(rule.ties, rule.ties)
    up = "0" if rule.best == "highest" else "1"

    def cell(u: int, k: int) -> Cell:
        x = f"'{sheet}'!{letter(k)}{FIRST + u}"
        every = range_of(letter(k), FIRST, frame.last, sheet)
        if not plain:
            return Cell(float(built.rank_table[u, built.tree.items.index(codes[k])]), "value")
        return Cell(Formula(formulas.if_there(x, formulas.placed(x, every, ties, up, f"COUNT({every})"))))

    about = "ranks of every item, 1 the best" + ("" if plain else "; shaded: " + SHADED)
    return frame.write("Ranks", about, codes, {}, cell)


def _rounded(scores: str, u: int, k: int) -> str:
    x = f"'{scores}'!{letter(k)}{FIRST + u}"
    return formulas.if_there(x, f"ROUND({x},{letter(k)}$3)")


def _check(frame: Frame, built: Built, root: str, scores: str, ranks: str) -> None:
    """Set the root's scores and ranks beside those that Podium computed."""
    heads = ("score here", "score of Podium", "difference", "rank here", "rank of Podium")
    last = frame.last
    own, theirs = f"C{FIRST}:C{last}", f"D{FIRST}:D{last}"
    worst = Formula(f"MAX(IF(ISNUMBER({own})*ISNUMBER({theirs}),ABS({own}-{theirs}),0))", array=True)
    apart = Formula(f"SUMPRODUCT((F{FIRST}:F{last}<>G{FIRST}:G{last})*1)")
    parameters = {3: ("largest difference", [Cell(None), Cell(None), Cell(worst), Cell(None), Cell(None)]),
                  4: ("ranks that differ", [Cell(None), Cell(None), Cell(None), Cell(None), Cell(apart)])}  # fmt: skip

    def cell(u: int, k: int) -> Cell:
        row = FIRST + u
        if k in (1, 4):
            table = built.score_table if k == 1 else built.rank_table
            return Cell(float(table[u, -1]), "value")
        if k == 2:
            return Cell(Formula(f'IF(AND(ISNUMBER(C{row}),ISNUMBER(D{row})),C{row}-D{row},"")'))
        return Cell(Formula(f"'{scores if k == 0 else ranks}'!C{row}"))

    frame.write("Check", f"{root}: these formulas beside the results of Podium, equal until something is changed",
                heads, parameters, cell)  # fmt: skip


