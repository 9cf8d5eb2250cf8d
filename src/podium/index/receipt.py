"""What it takes to repeat a result: specification, inputs, version, seed, and the hash of the numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from podium.data.dataset import Array
from podium.errors import Fault, InputError
from podium.index.build import Built
from podium.index.spec import BUNDLED, Spec, load_spec
from podium.version import VERSION

__all__ = ["digest", "load_receipt", "make_receipt", "spec_of"]


def digest(*arrays: Array) -> str:
    """Return the SHA-256 of arrays, shapes included."""
    whole = hashlib.sha256()
    for array in arrays:
        whole.update(str(array.shape).encode())
        whole.update(array.tobytes())
    return whole.hexdigest()


def make_receipt(command: str, built: Built, numbers: str, **settings: Any) -> dict[str, Any]:
    """Return the receipt of a result as plain JSON values.

    Parameters
    ----------
    command
        What made it: ``build``, ``stress``, ``brief``.
    numbers
        The hash of its numbers, see `digest`.
    settings
        What else it depends on: seed, draws, the article's hash.
    """
    edition = built.spec.current()
    return {
        "podium": VERSION,
        "command": command,
        "index": built.spec.name,
        "specification": _address(built.spec),
        "edition": edition.name if edition else None,
        **settings,
        "inputs": dict(sorted(built.dataset.files.items())),
        "specification_sha256": _spec_hash(built.spec),
        "numbers_sha256": numbers,
    }


def _address(spec: Spec) -> str:
    """The name of a bundled index, else the path of the file."""
    path = Path(spec.file)
    return path.parent.name if path.is_relative_to(BUNDLED) else str(path)


def _spec_hash(spec: Spec) -> str:
    values = spec.model_dump(mode="json", exclude={"file"})
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def load_receipt(path: Path) -> dict[str, Any]:
    """Return a receipt from its file, or from a JSON result that holds one.

    Raises
    ------
    InputError
        If the file is missing or holds no receipt.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        fault = Fault(f"cannot be read as a receipt: {error}", "Give receipt.json or a --json result", str(path))
        raise InputError(fault) from None
    found = values.get("receipt", values) if isinstance(values, Mapping) else {}
    if not {"command", "specification", "numbers_sha256"} <= set(found):
        raise InputError(Fault("holds no receipt", "Give receipt.json or a --json result", str(path)))
    return dict(found)


def spec_of(receipt: Mapping[str, Any], beside: Path) -> tuple[Spec, list[str]]:
    """Return the specification a receipt names, and what has changed since: specification, inputs, version.

    Parameters
    ----------
    beside
        The folder of the receipt; a relative path is looked for there too.
    """
    address = str(receipt["specification"])
    local = beside / address
    spec = load_spec(local if local.is_file() else address, edition=receipt.get("edition"))
    changed = []
    if receipt.get("specification_sha256") not in (None, _spec_hash(spec)):
        changed.append("the specification")
    from podium.index.assemble import assemble

    files = assemble(spec)[0].files
    changed += [f"the input {name}" for name, sha in receipt.get("inputs", {}).items() if files.get(name) != sha]
    if receipt.get("podium") != VERSION:
        changed.append(f"Podium itself ({receipt.get('podium')} → {VERSION})")
    return spec, changed
