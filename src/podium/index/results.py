"""A built index as files: scores, ranks, every intermediate table, the record of the steps and the receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podium.errors import Fault, InputError
from podium.index import record
from podium.index.build import Built
from podium.index.folder import RECEIPT, publish, write_text
from podium.index.panel import Panel
from podium.index.profile import unit_name
from podium.index.sheets import RISKY, write_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FORMATS", "panel_tables", "result_tables", "write_folder", "write_text"]

FORMATS = ("csv", "parquet", "xlsx")
ABOUT = {
    "scores": "scores of every node, the best unit on top",
    "ranks": "ranks of every node, the best unit on top",
    "weights": "parent, level, weight within the parent, effective weight in the root",
    "items": "every indicator and group: name, unit, direction, weights, method, source, licence",
    "units": "every unit of the data, and whether it is scored",
    "steps": "what each step did, with its parameters",
    "treatment": "what became of the outliers of each indicator, with skew and kurtosis",
    "treatment_log": "every point that the treatment changed, before and after",
    "imputed": "every cell that was filled",
}


def result_tables(built: Built) -> dict[str, pd.DataFrame]:
    """Return every table of a result by the name of its file.

    Whatever `Built.tables` holds, and a mapping `logs` of a built index, appears by itself.
    """
    tables = {"scores": built.scores, "ranks": built.ranks, "weights": built.weights.rename_axis("item"),
              "items": record.items_table(built), "units": record.units_table(built),
              "steps": record.steps_table(built)}  # fmt: skip
    tables |= {f"table_{k}_{name.lower()}": table for k, (name, table) in enumerate(built.tables.items(), start=1)}
    if "Imputed" in built.arrays:
        tables["imputed"] = record.imputed_cells(built)
    if built.spec.steps.treat is not None:
        tables["treatment"], tables["treatment_log"] = built.treatments, built.treatment_log
    logs = getattr(built, "logs", None) or {}
    tables |= {str(name): table for name, table in logs.items() if hasattr(table, "columns")}
    return {name: _indexed(table) for name, table in tables.items()}


def panel_tables(panel: Panel) -> dict[str, pd.DataFrame]:
    """Return every table of a panel by the name of its file: those of all editions below each other, by edition.

    A table that an edition lacks, because it had no cell to fill, has no rows of that edition.
    """
    import pandas as pd

    each = {edition: result_tables(built) for edition, built in panel.built.items()}
    names = dict.fromkeys(name for tables in each.values() for name in tables)
    out = {}
    for name in names:
        parts = [table.rename_axis(str(table.index.name or "unit")).reset_index().assign(edition=edition)
                 for edition, tables in each.items() if (table := tables.get(name)) is not None]  # fmt: skip
        filled = [part for part in parts if len(part)] or parts[:1]
        out[name] = pd.concat(filled, ignore_index=True).set_index("edition")
    return out


def _indexed(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose rows are only numbered, by its first column instead."""
    import pandas as pd

    numbered = isinstance(table.index, pd.RangeIndex) and table.index.name is None and len(table.columns) > 0
    return table.set_index(table.columns[0]) if numbered else table


def write_folder(
    built: Built, out: Path, *, formats: Sequence[str], receipt: Mapping[str, Any], live: bool = False,
    panel: Panel | None = None,
) -> list[str]:  # fmt: skip
    """Write all tables, `record.json` and the receipt into a folder, and return the names of the files.

    The folder appears at once when all is written, and takes the place of an earlier result (see `folder.publish`).
    The receipt gets the SHA-256 of each file.

    Parameters
    ----------
    live
        Write the index as working spreadsheet formulas too, in `live.xlsx`.
    panel
        The panel that `built` is an edition of: tables and record are then those of all its editions (`panel_tables`),
        and only `live.xlsx` is of `built` alone.

    Raises
    ------
    InputError
        If a format is unknown or the folder cannot be written.
    """
    unknown = [f for f in formats if f not in FORMATS]
    if unknown:
        raise InputError(Fault(f"there is no format {unknown[0]!r}", f"Use {', '.join(FORMATS)}"))

    def fill(folder: Path) -> None:
        tables = result_tables(built) if panel is None else panel_tables(panel)
        for kind in dict.fromkeys(formats):
            _write(built, tables, folder, kind, () if panel is None else panel.editions)
        if live:
            from podium.index.workbook import write_live

            write_live(built, folder / "live.xlsx")
        done = record.record(built) if panel is None else {e: record.record(b) for e, b in panel.built.items()}
        _json(folder / "record.json", done)
        hashes = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}
        _json(folder / RECEIPT, {**receipt, "outputs": hashes})

    return publish(out, fill)


def _json(path: Path, values: Any) -> None:
    path.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write(
    built: Built, tables: Mapping[str, pd.DataFrame], folder: Path, kind: str, editions: Sequence[str]
) -> None:  # fmt: skip
    if kind == "xlsx":
        edition = built.spec.edition_name
        which = f", {len(editions)} editions" if editions else f", edition {edition}" if edition else ""
        title = built.spec.label() + which
        count = len(built.dataset.units) if editions else len(built.units)
        lines = [f"{count} units, {len(built.pipeline.leaves)} indicators. Built by Podium; "
                 "receipt.json says from what, record.json how."]  # fmt: skip
        about = ABOUT | {k: f"after the step: {k.rsplit('_', 1)[-1]}" for k in tables if k.startswith("table_")}
        names = {u: unit_name(built, u) for u in built.dataset.units}
        write_tables(tables, folder / "results.xlsx", title=title, lines=lines, about=about, names=names)
        return
    for name, table in tables.items():
        index = str(table.index.name or "unit")
        if kind == "csv":
            _harmless(table).to_csv(folder / f"{name}.csv", index_label=index, lineterminator="\n")
        else:
            table.rename_axis(index).reset_index().to_parquet(folder / f"{name}.parquet")


def _harmless(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before every text that a spreadsheet would run as a formula."""
    import pandas as pd

    texts = [c for c in table.columns if table[c].dtype.kind not in "fiub"]
    labels = [*table.index, *table.columns]
    if not any(_risky(x) for x in labels) and not any(table[c].map(_risky).any() for c in texts):
        return table
    out: pd.DataFrame = table.copy()
    for column in texts:
        out[column] = out[column].map(_quoted)
    out.index = out.index.map(_quoted)
    out.columns = pd.Index([_quoted(c) for c in out.columns])
    out.index.name = table.index.name
    return out


def _risky(value: object) -> bool:
    return isinstance(value, str) and RISKY.match(value) is not None


def _quoted(value: Any) -> Any:
    return f"'{value}" if _risky(value) else value
