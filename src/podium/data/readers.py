"""Tables read from files: CSV, Parquet, XLSX; long, wide, or COINr's iData and iMeta."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.data.codebook import Indicator
from podium.data.cube import from_wide, time_name
from podium.data.dataset import Array, Dataset
from podium.errors import DataError, Fault

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_codebook", "read_coinr", "read_long", "read_table", "read_wide", "sha256"]

_REMEDY = "Put a number there or leave the cell empty"


def sha256(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_table(
    path: Path, *, sheet: str | None = None, encoding: str = "utf-8-sig", header: int = 1
) -> pd.DataFrame:
    """Return a CSV, Parquet or XLSX file as a table of texts (CSV) or typed cells; `header` is the line of its heads.

    Raises
    ------
    DataError
        If the file is missing, empty or of another kind.
    """
    import pandas as pd

    if not path.is_file():
        raise DataError(Fault("there is no such file", "Check `data` in the specification", file=str(path)))
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        if path.suffix in (".xlsx", ".xlsm"):
            return pd.read_excel(path, sheet_name=sheet if sheet is not None else 0, header=header - 1)
        # keep_default_na=False: the country code NA (Namibia) and NO are texts, an empty cell is missing
        return pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=str, engine="c", encoding=encoding,
                           header=header - 1)  # fmt: skip
    except UnicodeDecodeError:
        raise DataError(Fault(f"is not text in {encoding}", "Name its encoding under `data: encoding`, such as latin-1",
                              file=str(path))) from None  # fmt: skip
    except (ValueError, OSError, LookupError, pd.errors.ParserError) as error:
        raise DataError(Fault(f"cannot be read as a table: {error}", "Give CSV (UTF-8), Parquet or XLSX",
                              file=str(path))) from None  # fmt: skip


def numbers(
    column: pd.Series[Any], path: Path, name: str, missing: Sequence[float | str], rows: Sequence[str] = ()
) -> Array:
    """Return a column as floats; every cell that is neither number nor missing is a fault with its line.

    ``rows`` names each row (its unit, or its unit and indicator) for the message.
    """
    import pandas as pd

    absent = {str(m) for m in missing}
    text = column.astype("string")
    cleaned = text.mask(text.isin(absent)) if absent else text
    values = pd.to_numeric(cleaned, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    for m in missing:
        if isinstance(m, int | float):
            values[values == float(m)] = np.nan
    bad = np.flatnonzero((np.isnan(values) & cleaned.notna().to_numpy()) | np.isinf(values))
    faults = [
        Fault(f"{name}{f' of {rows[k]}' if len(rows) else ''} is {text.iloc[k]!r}, not a finite number", _REMEDY,
              file=str(path), line=int(k) + 2) for k in bad[:20]
    ]  # fmt: skip
    if len(bad) > len(faults):
        faults.append(Fault(f"and {len(bad) - 20} more such cells", "", file=str(path)))
    if faults:
        raise DataError(faults)
    return values


def read_codebook(path: Path) -> dict[str, Indicator]:
    """Return the codebook in a table with a column `code` and any of the fields of `Indicator`.

    Names stand in columns ``name`` (English) and ``name_ko``, ``name_ja`` …
    """
    table = read_table(path)
    if "code" not in table.columns:
        raise DataError(Fault("has no column `code`", "Add it", file=str(path), line=1))
    return {str(row["code"]): _indicator(row, path, k + 2) for k, row in enumerate(table.to_dict("records"))}


def _indicator(row: Mapping[Any, Any], path: Path, line: int) -> Indicator:
    given = {k: v for k, v in row.items() if isinstance(v, str) and v != ""}
    names = {("en" if k == "name" else str(k)[5:]): v for k, v in given.items() if str(k).startswith("name")}
    try:
        direction = int(float(given.get("direction", "1")))
        if direction not in (1, -1):
            raise ValueError(f"direction is {direction}, not 1 or -1")
        return Indicator(
            code=given["code"], name=names, unit=given.get("unit", ""), direction=1 if direction == 1 else -1,
            denominator=given.get("denominator"), source=given.get("source", ""), licence=given.get("licence", ""),
            lag=int(given.get("lag", 0)), max_age=int(given["max_age"]) if "max_age" in given else None,
            backfilled=given.get("backfilled", "") in ("1", "yes", "true"),
            zero_censored=given.get("zero_censored", "") in ("1", "yes", "true"),
            target=_post(given, "target"), lower=_post(given, "lower"), upper=_post(given, "upper"),
        )  # fmt: skip
    except (ValueError, KeyError) as error:
        fault = Fault(f"indicator {given.get('code')!r}: {error}", "Mend the codebook", str(path), line)
        raise DataError(fault) from None


def _post(row: Mapping[Any, Any], key: str) -> float | None:
    """A figure of the codebook as a number; None where the cell is empty."""
    value = row.get(key)
    return float(value) if isinstance(value, str) and value else None


def read_long(
    path: Path, columns: Mapping[str, str], *, missing: Sequence[float | str] = (), **how: Any
) -> pd.DataFrame:
    """Return a long table with the columns unit, indicator, time, value, error, source; checked.

    Raises
    ------
    DataError
        For absent columns, cells that are not numbers, and rows given twice, each with file and line.
    """
    import pandas as pd

    table = read_table(path, **how)
    name = {k: columns.get(k, k) for k in ("unit", "indicator", "time", "value", "error", "source")}
    absent = [name[k] for k in ("unit", "indicator", "value") if name[k] not in table.columns]
    if absent:
        raise DataError(Fault(f"has no column {', '.join(absent)}", "Name the columns under `data: columns`",
                              str(path), 1))  # fmt: skip
    out = pd.DataFrame({k: table[name[k]] for k in ("unit", "indicator")})
    rows = [f"{i} for {u}" for u, i in zip(out["unit"], out["indicator"], strict=True)]
    for k in ("value", "error", "time"):
        out[k] = numbers(table[name[k]], path, name[k], missing, rows) if name[k] in table.columns else np.nan
    out["source"] = table[name["source"]] if name["source"] in table.columns else None
    twice = np.flatnonzero(out.duplicated(["unit", "indicator", "time"]))
    if len(twice):
        raise DataError([
            Fault(f"{out['indicator'].iloc[k]} for {out['unit'].iloc[k]} is given twice", "Keep one row",
                  str(path), int(k) + 2) for k in twice[:20]
        ])  # fmt: skip
    return out


def read_citations(path: Path) -> dict[str, str]:
    """Return how each source wants to be cited, from a table ``source, attribution, licence, url``."""
    table = read_table(path).fillna("")
    out = {}
    for row in table.to_dict("records"):
        said = row.get("attribution") or ", ".join(x for x in (row.get("publisher"), row.get("title")) if x)
        out[str(row["source"])] = ", ".join(str(x) for x in (said, row.get("url"), row.get("licence")) if x)
    return out


def read_wide(
    path: Path, unit: str, *, missing: Sequence[float | str] = (), time: str | None = None, **how: Any
) -> pd.DataFrame:
    """Return a wide table indexed by unit; columns whose cells are all numbers or empty become floats.

    Rows without a unit, and rows whose other cells are all empty, are headings and notes and are left out. With the
    name of a column of times a unit may have a row for each time. `how` is passed to `read_table`.
    """
    import pandas as pd

    table = read_table(path, **how)
    if unit not in table.columns:
        raise DataError(Fault(f"has no column {unit!r}", "Name it under `data: columns: unit`", str(path), 1))
    others = table.drop(columns=unit).replace(list(missing), np.nan) if missing else table.drop(columns=unit)
    if time is not None and time not in table.columns:
        raise DataError(Fault(f"has no column {time!r}", "Name it under `data: columns: time`", str(path), 1))
    table = table[table[unit].notna() & others.notna().any(axis=1)]
    key = [unit] if time is None else [unit, time]
    twice = np.flatnonzero(table.duplicated(key))
    if len(twice):
        raise DataError([
            Fault(f"unit {' in '.join(str(table[c].iloc[k]) for c in key)} occurs twice", "Keep one row", str(path),
                  int(table.index[k]) + 2) for k in twice[:20]
        ])  # fmt: skip
    out = table.set_index(unit)
    for column in out.columns:
        try:
            out[column] = numbers(out[column], path, str(column), missing, list(out.index))
        except DataError:
            continue  # a text column: a name or a group; an indicator is checked again by its reader
    out.index = pd.Index([str(u) for u in out.index])
    return out


def read_coinr(
    data: Path, meta: Path, *, missing: Sequence[float | str] = (), panel: bool = False
) -> tuple[Dataset, list[dict[str, Any]]]:
    """Return COINr's iData and iMeta as a dataset and the rows of the tree (Level, iCode, Parent, Weight).

    Units are sorted by code, as COINr does; columns keep iData's order. A panel has an edition for each Time.
    """
    table, rows = read_table(data), read_table(meta)
    need = {"iCode", "Type", "Parent", "Level", "Weight", "Direction"}
    if absent := sorted(need - set(rows.columns)):
        raise DataError(Fault(f"has no column {', '.join(absent)}", "Give COINr's iMeta", str(meta), 1))
    listed = set(rows.loc[rows["Type"] == "Indicator", "iCode"])
    if absent := sorted(listed - set(table.columns)):
        raise DataError(Fault(f"has no column {', '.join(absent)}, which iMeta lists", "Add it", str(data), 1))
    missing = ("NA", *missing)  # R writes its missing values so
    rows = rows.where(rows != "NA")
    table = table.sort_values(["uCode"], kind="stable").set_index("uCode")
    codes = [c for c in table.columns if c in listed]
    values = np.column_stack([numbers(table[c], data, c, missing) for c in codes])
    for k, kind in zip(rows["iCode"], rows["Type"], strict=True):
        if kind == "Denominator":
            table[k] = numbers(table[k], data, k, missing)
    book = {
        r["iCode"]: Indicator(
            code=r["iCode"], name={"en": str(r.get("iName", r["iCode"]))}, unit=str(r.get("Unit", "") or ""),
            direction=-1 if float(r["Direction"]) < 0 else 1,
            denominator=r["Denominator"] if isinstance(r.get("Denominator"), str) else None,
            target=_post(r, "Target"), lower=_post(r, "goalpost_lower"), upper=_post(r, "goalpost_upper"),
        )
        for r in rows.to_dict("records") if r["Type"] == "Indicator"
    }  # fmt: skip
    time = numbers(table["Time"], data, "Time", missing) if panel else np.full(len(table), np.nan)
    times = sorted(set(time)) if panel else [np.nan]
    dataset = from_wide(
        values, table.drop(columns=[*codes, *(["Time"] if panel else [])]).rename(columns={"uName": "name"}),
        editions=[time_name(t) for t in times] if panel else [""], years=time, indicators=codes, codebook=book,
        at=np.searchsorted(times, time) if panel else np.zeros(len(table), dtype=np.intp),
    )  # fmt: skip
    dataset = replace(dataset, files={str(data): sha256(data), str(meta): sha256(meta)})
    in_tree = rows[rows["Type"].isin(["Indicator", "Aggregate"])]
    tree = [{str(k): v for k, v in r.items()} for r in in_tree.to_dict("records")]
    return dataset, tree
