"""Steps of an index as spreadsheet formulas: texts without the leading ``=``, from the texts of the cells they read.

Only functions that every spreadsheet of the last fifteen years has. A cell without a figure holds ``""``. What has no
formula here returns None, and the workbook writes values instead.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from podium.index.normalise import Parameters
from podium.index.steps import Transform

__all__ = [
    "Formula", "Scale", "combined", "distance", "literal", "normalised", "placed", "range_of", "transformed", "treated",
]  # fmt: skip

RANKED = ("rank", "borda", "percentile_rank", "exponential")


@dataclass(frozen=True)
class Formula:
    """A formula; an ``array`` one works on whole ranges at once (Ctrl+Shift+Enter in a spreadsheet)."""

    text: str
    array: bool = False


@dataclass(frozen=True)
class Scale:
    """The cells that a normalisation reads: direction, ends of the scale, centre and spread, number of values."""

    direction: str
    low: str
    high: str
    centre: str
    spread: str
    number: str


def literal(x: float) -> str:
    """Return a number as a formula writes it."""
    return repr(int(x)) if float(x).is_integer() and abs(x) < 1e15 else repr(float(x))


def _settled(x: float | None) -> str:
    return '""' if x is None else literal(x)


def if_there(x: str, then: str) -> str:
    """Return `then` where a cell has a figure, else nothing."""
    return f'IF(ISNUMBER({x}),{then},"")'


def transformed(x: str, t: Transform, cells: Mapping[str, str]) -> str | None:
    """Return a transformation of ``scale x + offset``.

    Parameters
    ----------
    cells
        The cells with `scale`, `offset`, `exponent`, `lower` and `upper`; what is not there stands as a number.
    """
    given = {k: cells.get(k) or literal(getattr(t, k)) for k in ("scale", "offset", "exponent")}
    y = x if t.upper is None else f"MIN({cells.get('upper') or literal(t.upper)},{x})"
    y = y if t.lower is None else f"MAX({cells.get('lower') or literal(t.lower)},{y})"
    z = f"{given['scale']}*{y}+{given['offset']}"
    done = {
        "none": x, "cap": y, "linear": f"({z})", "log": f"LN({z})", "log10": f"LOG10({z})", "log2": f"LN({z})/LN(2)",
        "exp": f"EXP({z})", "sqrt": f"SQRT({z})", "power": f"({z})^{given['exponent']}", "abs": f"ABS({z})",
        "logit": f"LN(({z})/(1-({z})))",
    }.get(t.method)  # fmt: skip
    if done is None:
        return None
    if t.below is not None:
        done = f"IF({x}<{literal(t.below[0])},{_settled(t.below[1])},{done})"
    if t.above is not None:
        done = f"IF({x}>{literal(t.above[0])},{_settled(t.above[1])},{done})"
    return done if t.then is None else transformed(f"({done})", t.then, {})


def treated(
    x: str, change: str, lower: str, upper: str, least: str, greatest: str, positive: bool, exponent: float
) -> str | None:
    """Return a figure with caps and the change of a whole indicator, as `podium.index.treat` has them."""
    y = f"MIN({upper},{x})" if upper else x
    y = f"MAX({lower},{y})" if lower else y
    power = literal(exponent)
    span = f"0.01*({greatest}-{least})"
    log_ct = f"LN({y}-{least}+{span})"
    part = f"({y}-{least})" if positive else f"({greatest}-{y})"
    gii = f"LN(({greatest}-1)*{part}/({greatest}-{least})+1)"
    done = {
        "": y, "log": log_ct, "log_ct": log_ct, "log_ct_orig": f"LN({y}-{least}+1)",
        "log_ct_plus": log_ct if positive else f"-LN({greatest}+{span}-{y})", "log_gii": gii if positive else f"-{gii}",
        "boxcox": f"LN({y}-{least}+1)" if exponent == 0 else f"(({y}-{least}+1)^{power}-1)/{power}",
        "sqrt": f"SQRT({y}-{least})",
    }  # fmt: skip
    if change not in done:
        return None
    return if_there(x, f'IFERROR({done[change]},"")' if change else done[change])


def _within(text: str, ends: tuple[float, float]) -> str:
    """A formula kept between two ends, one of which may be infinite."""
    low, high = ends
    text = f"MIN({literal(high)},{text})" if math.isfinite(high) else text
    return f"MAX({literal(low)},{text})" if math.isfinite(low) else text


def placed(x: str, values: str, ties: str, up: str, number: str) -> str:
    """Return the rank of a cell among a range, 1 the lowest where the text `up` is 1, the highest where it is 0."""
    low, high = f"RANK({x},{values},{up})", f"({number}+1-RANK({x},{values},1-{up}))"
    return {"min": low, "max": high, "average": f"({low}+{high})/2"}[ties]


def distance(
    method: str, values: str, s: Scale, reference: str = "", lower: str = "", upper: str = ""
) -> tuple[str, str] | None:
    """Return centre and spread of a linear normalisation, learnt from a range of figures before their direction."""
    least = f"IF({s.direction}>0,MIN({values}),-MAX({values}))"
    span = f"MAX({values})-MIN({values})"
    return {
        "minmax": (least, span), "dist2max": (least, span),
        "zscore": (f"{s.direction}*AVERAGE({values})", f"STDEV({values})"),
        "ampi": (f"{s.direction}*AVERAGE({values})", f"({span})/60"),
        "fracmax": (f"IF({s.direction}>0,0,-MIN({values})-MAX({values}))", f"MAX({values})"),
        "dist2ref": (least, f"{reference}*{s.direction}-{s.centre}"), "dist2targ": (least, f"{lower}-{s.centre}"),
        "goalposts": (lower, f"{upper}-{lower}"), "scaled": (lower, f"{upper}-{lower}"),
    }.get(method)  # fmt: skip


def normalised(x: str, values: str, method: str, p: Parameters, s: Scale) -> str | None:
    """Return a normalised figure; `values` is the range of all units."""
    unit = f"({x}*{s.direction}-{s.centre})/{s.spread}"
    unit = f"MAX(0,MIN(1,{unit}))" if p.clip is True and method not in ("zscore", "ampi") else unit
    if method in RANKED:
        place = placed(x, values, p.ties, f"IF({s.direction}>0,1,0)", s.number)
        done = {
            "rank": place, "borda": f"{place}-1",
            "percentile_rank": f"{s.low}+({s.high}-{s.low})*({place}-1)/MAX({s.number}-1,1)",
            "exponential": f"-23*LN(1-{place}/{s.number}*(1-EXP(-100/23)))",
        }[method]  # fmt: skip
    elif method in ("minmax", "fracmax", "goalposts"):
        done = f"{s.low}+({s.high}-{s.low})*{unit}"
    elif method == "zscore":
        done = f"{s.low}+{s.high}*{unit}"
    elif method in ("dist2max", "dist2ref", "dist2targ", "scaled"):
        done = f"{s.low}*{unit}"
    elif method == "ampi":
        done = f"100+{unit}"
    elif method == "none":
        done = f"{x}*{s.direction}"
    else:
        return None
    done = _within(done, p.clip) if isinstance(p.clip, tuple) else done
    return if_there(x, done if p.decimals is None else f"ROUND({done},{p.decimals})")


def range_of(column: str, first: int, last: int, sheet: str = "") -> str:
    """Return the range of a column's rows, which stays where it is when the formula is copied down."""
    place = f"'{sheet}'!" if sheet else ""
    return f"{place}{column}${first}:{column}${last}"


def combined(
    method: str, row: tuple[str, str, int], first: int, last: int, there: str, option: str, order: int
) -> Formula | None:
    """Return the score of a group from its children in neighbouring columns.

    Parameters
    ----------
    row
        First and last column of the children, and the unit's row. Weights stand in row 3.
    first, last
        The rows of all units.
    there
        The cell with the weight of the children that are there; 0 where too few are. All units have it in its column.
    option
        The cell of the method's option.
    order
        The row of ordered weights.
    """
    left, right, k = row
    v, w = f"{left}{k}:{right}{k}", f"{left}$3:{right}$3"
    head, rest, rest_w = f"{left}{k}", f"{_next(left)}{k}:{right}{k}", f"{_next(left)}$3:{right}$3"
    used = f"ISNUMBER({v})*({w}>0)"
    mean = f"SUMPRODUCT({v},{w})/{there}"
    every, column = f"{left}${first}:{right}${last}", "".join(c for c in there if c.isalpha())
    logs = f"EXP(SUM(IF({used},LN({v})*{w},0))/{there})"
    both = f"ISNUMBER({every})*ISNUMBER({v})*({w}>0)*({column}${first}:{column}${last}>0)"
    plain = {
        "arithmetic": mean, "sum": f"SUMPRODUCT({v},{w})",
        "difference": f"N({head})*{left}$3" + ("" if left == right else f"-SUMPRODUCT({rest},{rest_w})"),
    }  # fmt: skip
    arrays = {
        "geometric": logs, "harmonic": f"{there}/SUM(IF({used},{w}/{v},0))",
        "power": f"IF({option}=0,{logs},(SUM(IF({used},{w}*{v}^{option},0))/{there})^(1/{option}))",
        "median": f'MEDIAN(IF({used},{v},""))', "minimum": f'MIN(IF({used},{v},""))',
        "maximum": f'MAX(IF({used},{v},""))',
        "product": f"PRODUCT(IF({used},{v}^{w},1))",
        "quotient": f"IF(ISNUMBER({head})*({left}$3>0),{head}^{left}$3,1)"
                    + ("" if left == right else f"/PRODUCT(IF(ISNUMBER({rest})*({rest_w}>0),{rest}^{rest_w},1))"),
        "inverted_geometric": f"({option}-EXP(SUM(IF({used},LN(({option}-{v})*0.9+{option}/10)*{w},0))/{there}))/0.9",
        "mpi": f"{mean}+{option}*(SUM(IF({used},{w}*({v}-{mean})^2,0))/{there})/({mean})",
        "displaced_ideal": f"{option}-(SUM(IF({used},{w}*({option}-{v})^2,0))/{there})^(1/2)",
        "ampi": f"{mean}+{option}*(SUM(IF({used},{w}*({v}-{mean})^2,0))/{there})/({mean})",
        "count": f"SUM({used}*({v}>{option})*{w})", "first": f"INDEX({v},MATCH(1,{used},0))",
        "copeland": f"SUM(SIGN(ROUND(MMULT(IF({both},SIGN({v}-{every}),0)*1,TRANSPOSE({w}))/{there},11)))",
    }  # fmt: skip
    if method in plain:
        return Formula(plain[method])
    if method in arrays:
        return Formula(arrays[method], array=True)
    columns = _columns(left, right)
    if method == "borda":
        parts = []
        for c in columns:
            all_ = range_of(c, first, last)
            behind = f"{placed(f'{c}{k}', all_, 'average', '1', f'COUNT({all_})')}-1"
            parts.append(f"IF(ISNUMBER({c}{k}),({behind})*{c}$3,0)")
        return Formula(f"({'+'.join(parts)})/{there}")
    if method == "owa":
        kept = f'IF({used},{v},"")'
        parts = [f"IF(SUM({used})>={n},LARGE({kept},{n})*{c}${order},0)" for n, c in enumerate(columns, start=1)]
        total = "+".join(f"IF(SUM({used})>={n},{c}${order},0)" for n, c in enumerate(columns, start=1))
        return Formula(f"({'+'.join(parts)})/({total})", array=True)
    return None


def _columns(left: str, right: str) -> list[str]:
    from openpyxl.utils import column_index_from_string, get_column_letter

    return [get_column_letter(k) for k in range(column_index_from_string(left), column_index_from_string(right) + 1)]


def _next(column: str) -> str:
    from openpyxl.utils import column_index_from_string, get_column_letter

    return get_column_letter(column_index_from_string(column) + 1)
