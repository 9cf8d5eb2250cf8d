"""What it takes to repeat a result: specification, inputs, version, seed, and the hashes of numbers and files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from podium.data.dataset import Array
from podium.errors import Fault, InputError
from podium.index.build import Built
from podium.index.panel import Panel
from podium.index.spec import BUNDLED, Spec, load_spec
from podium.version import VERSION

__all__ = ["build_digest", "changes", "digest", "load_receipt", "make_receipt", "output_changes", "spec_of"]

_BLOCK = 1 << 20
LIBRARIES = ("numpy", "scipy", "pandas")


def digest(*arrays: Array) -> str:
    """Return the SHA-256 of the numbers in arrays, shapes included.

    Equal numbers have equal hashes: they are taken as little-endian doubles in C order, every NaN is the same NaN, and
    -0.0 is 0.0.
    """
    whole = hashlib.sha256()
    for array in arrays:
        whole.update(str(array.shape).encode())
        flat = np.ascontiguousarray(array).reshape(-1)
        for start in range(0, len(flat), _BLOCK):
            part = flat[start : start + _BLOCK].astype("<f8") + 0.0
            whole.update(np.where(np.isnan(part), np.float64("nan"), part).astype("<f8").tobytes())
    return whole.hexdigest()


def build_digest(built: Built | Panel) -> str:
    """Return the hash of a build's numbers: the scores and ranks of every item, in a panel of every edition."""
    several = built.built.values() if isinstance(built, Panel) else (built,)
    return digest(*(table for b in several for table in (b.score_table, b.rank_table)))


def make_receipt(
    command: str, built: Built, numbers: str, *, beside: Path | None = None, **settings: Any
) -> dict[str, Any]:
    """Return the receipt of a result as plain JSON values.

    Parameters
    ----------
    command
        What made it: ``build``, ``stress``, ``brief``.
    numbers
        The hash of its numbers, see `digest`.
    beside
        The folder that the receipt will stand in: the specification is named relative to it, so that both can move
        together, and its content is kept, so that a change can be named.
    settings
        What else it depends on: seed, draws, the article's hash.
    """
    spec = built.spec
    content = {} if beside is None else {"content": _content(spec)}
    return {
        "podium": VERSION,
        "command": command,
        "index": spec.name,
        "specification": _address(spec, beside),
        "specification_path": None if _bundled(spec) else str(Path(spec.file).resolve()),
        "edition": spec.edition_name,
        **settings,
        "inputs": {_short(spec, name): sha for name, sha in sorted(built.dataset.files.items())},
        "specification_sha256": _spec_hash(spec),
        "numbers_sha256": numbers,
        "libraries": {name: _version(name) for name in LIBRARIES},
        **content,
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def _bundled(spec: Spec) -> bool:
    return Path(spec.file).resolve().is_relative_to(BUNDLED)


def _address(spec: Spec, beside: Path | None) -> str:
    """The name of a bundled index, else the path of the file, relative to the receipt's folder where that is known."""
    path = Path(spec.file)
    if _bundled(spec):
        return path.parent.name
    return Path(os.path.relpath(path.resolve(), beside.resolve())).as_posix() if beside is not None else path.as_posix()


def _short(spec: Spec, name: str) -> str:
    """An input's name relative to the specification's folder, where it stands below that."""
    path, folder = (spec.folder / name).resolve(), spec.folder.resolve()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else Path(name).as_posix()


def _content(spec: Spec) -> dict[str, Any]:
    """What a specification says beyond the defaults, which later versions of Podium may add to.

    The edition is a receipt's own entry: it may be chosen on the command line or be the latest.
    """
    return spec.model_dump(mode="json", exclude={"file", "edition"}, exclude_defaults=True)


def _spec_hash(spec: Spec) -> str:
    return hashlib.sha256(json.dumps(_content(spec), sort_keys=True).encode()).hexdigest()


def load_receipt(path: Path) -> dict[str, Any]:
    """Return a receipt from its file, from the folder of a result, or from a JSON result that holds one.

    Raises
    ------
    InputError
        If the file is missing or holds no receipt.
    """
    path = path / "receipt.json" if path.is_dir() else path
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        fault = Fault(f"cannot be read as a receipt: {error}", "Give receipt.json or a --json result", str(path))
        raise InputError(fault) from None
    found = values.get("receipt", values) if isinstance(values, Mapping) else {}
    if not isinstance(found, Mapping) or not {"command", "specification", "numbers_sha256"} <= set(found):
        raise InputError(Fault("holds no receipt", "Give receipt.json or a --json result", str(path)))
    return dict(found)


def spec_of(receipt: Mapping[str, Any], beside: Path, *, given: Path | None = None) -> tuple[Spec, list[str]]:
    """Return the specification a receipt names, and what has changed since: specification, inputs, version.

    Parameters
    ----------
    beside
        The folder of the receipt; a relative path is looked for from there first.
    given
        Where the specification stands now; None looks for it.

    Raises
    ------
    InputError
        If the specification is nowhere to be found.
    """
    spec = load_spec(given or _find(receipt, beside), edition=receipt.get("edition"))
    return spec, changes(receipt, spec)


def _find(receipt: Mapping[str, Any], beside: Path) -> str | Path:
    address = str(receipt["specification"])
    if (BUNDLED / address / "index.yaml").is_file():
        return address
    path = receipt.get("specification_path")
    places = [beside / address, Path(address), *([Path(str(path))] if path else []), beside / Path(address).name]
    for place in places:
        if place.is_file():
            return place
    raise InputError(Fault(f"the specification {address} is not there any more", "Say where it is with --spec",
                           str(places[0])))  # fmt: skip


def changes(receipt: Mapping[str, Any], spec: Spec) -> list[str]:
    """Return what has changed since a receipt was made: keys of the specification, inputs, Podium itself."""
    out = []
    if receipt.get("specification_sha256") not in (None, _spec_hash(spec)):
        keys = _differences(receipt["content"], _content(spec)) if "content" in receipt else []
        out.append("the specification" + (f" ({'; '.join(keys[:5])}{' …' if len(keys) > 5 else ''})" if keys else ""))
    for name, sha in receipt.get("inputs", {}).items():
        path = spec.folder / str(name)
        if not path.is_file():
            out.append(f"the input {name} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha:
            out.append(f"the input {name}")
    if receipt.get("podium") != VERSION:
        out.append(f"Podium itself ({receipt.get('podium')} → {VERSION})")
    return out


def _differences(old: Any, new: Any, path: str = "") -> list[str]:
    """The dotted paths at which two plain values differ, with both."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        keys = [*old, *(k for k in new if k not in old)]
        deep = [_differences(old.get(k), new.get(k), f"{path}.{k}" if path else str(k)) for k in keys]
        return [x for part in deep for x in part]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        deep = [_differences(a, b, f"{path}.{k}") for k, (a, b) in enumerate(zip(old, new, strict=True))]
        return [x for part in deep for x in part]
    return [] if old == new else [f"{path}: {_brief(old)} → {_brief(new)}"]


def _brief(value: Any) -> str:
    said = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return said if len(said) <= 40 else said[:39] + "…"


def output_changes(receipt: Mapping[str, Any], beside: Path) -> list[str]:
    """Return which of the result's files beside a receipt are no longer what was written.

    Where none of them stands there, the receipt was taken away alone and there is nothing to compare.
    """
    hashes: Mapping[str, str] = receipt.get("outputs", {})
    there = [name for name in hashes if (beside / name).is_file()]
    if not there:
        return []
    out = [f"{name} is missing" for name in hashes if name not in there]
    return out + [f"{name} is not what was written" for name in there
                  if hashlib.sha256((beside / name).read_bytes()).hexdigest() != hashes[name]]  # fmt: skip
