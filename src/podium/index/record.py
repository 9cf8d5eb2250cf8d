"""What each step of a build did, with its parameters: a table for people, plain values for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.index.build import Built

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["imputed_cells", "items_table", "record", "steps_table", "units_table"]


def record(built: Built) -> list[dict[str, Any]]:
    """Return one entry a step, in the order they ran: step, what it did in words, parameters as plain values."""
    steps: dict[str, Any] = built.spec.steps.model_dump(mode="json", exclude_none=True)
    tellers = {
        "denominate": _denominated, "impute": _imputed, "screen": _screened, "treat": _treated,
        "normalise": _normalised, "aggregate": _aggregated,
    }  # fmt: skip
    years = built.dataset.years[-1]
    known = years[np.isfinite(years)]
    span = f", years {known.min():.0f} to {known.max():.0f}" if len(known) else ""
    span = f", year {known[0]:.0f}" if len(known) and known.min() == known.max() else span
    read = f"{len(built.dataset.units)} units, {len(built.pipeline.leaves)} indicators{span}"
    out = [{"step": "data", "did": read, "parameters": built.spec.data.model_dump(mode="json", exclude_defaults=True)}]
    changed = [f"{c} {t.method}" for c, t in zip(built.pipeline.leaves, built.pipeline.transforms, strict=True)
               if t.method != "none"]  # fmt: skip
    for name, given in steps.items():
        if name == "treat" and changed:
            out.append(_transformed(built, changed))
        if name == "normalise" and changed and "treat" not in steps:
            out.append(_transformed(built, changed))
        if given in ([], ()):
            continue
        plain = given[0] if isinstance(given, list) and len(given) == 1 else given
        out.append({"step": name, "did": tellers[name](built) if name in tellers else "", "parameters": plain})
    out[-1]["did"] = out[-1]["did"] or f"{int(np.isfinite(built.rank_table[:, -1]).sum())} units ranked"
    return out


def _transformed(built: Built, changed: list[str]) -> dict[str, Any]:
    rules = {c: r.transform.model_dump(mode="json", exclude_defaults=True) for c, r in built.spec.indicators.items()}
    return {"step": "transform", "did": ", ".join(changed), "parameters": {c: r for c, r in rules.items() if r}}


def _denominated(built: Built) -> str:
    divided = {c for _, d in built.pipeline.versions for c, x in zip(built.pipeline.leaves, d.T, strict=True)
               if np.isfinite(x).any()}  # fmt: skip
    named = [c for c in built.pipeline.leaves if c in divided]
    shares = [f"{share:g}" for share, _ in built.pipeline.versions]
    mixed = f"; mixed {' : '.join(shares)} of absolute and divided, after normalising" if len(shares) > 1 else ""
    return f"{len(named)} indicators divided: {', '.join(named)}{mixed}"


def _imputed(built: Built) -> str:
    before = built.arrays.get("Denominated", built.arrays["Raw"])
    after = built.arrays.get("Imputed", before)
    filled = int((np.isnan(before) & ~np.isnan(after)).sum())
    left = int(np.isnan(after).sum())
    return f"{filled} cells filled" + (f", {left} still missing" if left else "")


def _screened(built: Built) -> str:
    out = f"{len(built.units)} of {len(built.dataset.units)} units kept"
    return out + (f"; left out: {', '.join(built.excluded)}" if built.excluded else "")


def _treated(built: Built) -> str:
    done = built.treatments["done"]
    methods = dict.fromkeys(x for x in done if x)
    said = [f"{', '.join(map(str, done.index[done == m]))} by {m}" for m in methods]
    return "; ".join(said) or "no indicator needed treatment"


def _normalised(built: Built) -> str:
    names = [(s.method, len(s.columns)) for s in built.pipeline.scalings]
    return ", ".join(f"{n} indicators by {method}" for method, n in names)


def _aggregated(built: Built) -> str:
    methods: dict[str, list[str]] = {}
    for group in built.tree.groups:
        methods.setdefault(group.method, []).append(group.code)
    return "; ".join(f"{method}: {', '.join(codes)}" for method, codes in methods.items())


def steps_table(built: Built) -> pd.DataFrame:
    """Return the record as a table: step, did, parameters (as JSON)."""
    import pandas as pd

    rows = [{**r, "parameters": json.dumps(r["parameters"], ensure_ascii=False)} for r in record(built)]
    return pd.DataFrame(rows).set_index("step")


def imputed_cells(built: Built) -> pd.DataFrame:
    """Return every cell that was filled: unit, indicator, value, in the indicator's unit."""
    import pandas as pd

    before = built.arrays.get("Denominated", built.arrays["Raw"])
    after = built.arrays.get("Imputed", before)
    at = np.argwhere(np.isnan(before) & ~np.isnan(after))
    rows = [(built.units[u], built.pipeline.leaves[i], float(after[u, i])) for u, i in at]
    return pd.DataFrame(rows, columns=["unit", "indicator", "value"]).set_index("unit")


def items_table(built: Built) -> pd.DataFrame:
    """Return one row an item, the root first: name, unit, direction, parent, weights, method, source, licence."""
    import pandas as pd

    nodes = {n.code: n for n in built.root.walk()}
    methods = {g.code: g.method for g in built.tree.groups}
    weights = built.weights
    rows = []
    for code in nodes:
        info = built.dataset.codebook.get(code)
        rows.append(
            {
                "item": code, "name": info.label() if info and info.name else nodes[code].label(),
                "unit": info.unit if info else "", "direction": info.direction if info else np.nan,
                **weights.loc[code].to_dict(), "method": methods.get(code, ""),
                "source": info.source if info else "", "licence": info.licence if info else "",
            }
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("item")


def units_table(built: Built) -> pd.DataFrame:
    """Return every unit of the data: name, and whether it is scored."""
    import pandas as pd

    from podium.index.profile import unit_name

    kept = set(built.units)
    rows = [(u, unit_name(built, u), u in kept) for u in built.dataset.units]
    return pd.DataFrame(rows, columns=["unit", "name", "scored"]).set_index("unit")
