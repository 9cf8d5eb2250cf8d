"""A built index as files: scores, ranks and every intermediate table, whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podium.errors import Fault, InputError
from podium.index.build import Built

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FORMATS", "write_folder", "write_text"]

FORMATS = ("csv", "parquet", "xlsx")


def write_folder(built: Built, out: Path, *, formats: Sequence[str], receipt: Mapping[str, Any]) -> list[str]:
    """Write scores, ranks, weights, all tables and the receipt into a folder, and return the names of the files.

    The folder appears at once when all is written; files of an earlier run in it are replaced, others stay.

    Raises
    ------
    InputError
        If a format is unknown or the folder cannot be written.
    """
    unknown = [f for f in formats if f not in FORMATS]
    if unknown:
        raise InputError(Fault(f"there is no format {unknown[0]!r}", f"Use {', '.join(FORMATS)}"))
    tables = {"scores": built.scores, "ranks": built.ranks, "weights": built.weights}
    tables |= {f"table_{k}_{name.lower()}": table for k, (name, table) in enumerate(built.tables.items(), start=1)}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".podium-", dir=out.parent) as made:
            folder = Path(made) / "out"
            folder.mkdir()
            for kind in formats:
                _write(tables, folder, kind)
            said = json.dumps(receipt, indent=2, ensure_ascii=False) + "\n"
            (folder / "receipt.json").write_text(said, encoding="utf-8")
            names = sorted(p.name for p in folder.iterdir())
            if out.exists():
                for path in folder.iterdir():
                    path.replace(out / path.name)
            else:
                shutil.move(str(folder), out)
    except OSError as error:
        raise InputError(Fault(f"cannot write: {error.strerror or error}", "Give another --out", str(out))) from None
    return names


def _write(tables: Mapping[str, pd.DataFrame], folder: Path, kind: str) -> None:
    if kind == "xlsx":
        import pandas as pd

        with pd.ExcelWriter(folder / "results.xlsx") as book:
            for name, table in tables.items():
                table.to_excel(book, sheet_name=name[:31], index_label="unit")
        return
    for name, table in tables.items():
        index = "item" if name == "weights" else "unit"
        if kind == "csv":
            table.to_csv(folder / f"{name}.csv", index_label=index)
        else:
            table.rename_axis(index).reset_index().to_parquet(folder / f"{name}.parquet")


def write_text(path: Path, text: str) -> None:
    """Write a text file so that it appears whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, prefix=".podium-", delete=False) as made:
            made.write(text)
        Path(made.name).replace(path)
        path.chmod(0o644)
    except OSError as error:
        raise InputError(Fault(f"cannot write: {error.strerror or error}", "Give another --out", str(path))) from None
